//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner and group of the file that it replaces, if the
// system permits it.
func keepOwner(f *os.File, old fs.FileInfo) {
	if of, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(of.Uid), int(of.Gid))
	}
}
