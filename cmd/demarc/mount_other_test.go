//go:build !linux

package main

import "errors"

func mount(_, _, _, _ string) error { return errors.ErrUnsupported }

func unmount(string) {}
