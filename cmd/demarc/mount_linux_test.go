package main

import "syscall"

func mount(what, dir, kind, options string) error { return syscall.Mount(what, dir, kind, 0, options) }

func unmount(dir string) { _ = syscall.Unmount(dir, 0) }
