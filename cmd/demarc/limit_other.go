//go:build !linux

package main

import "os"

// limitMemory does nothing on systems without a limit for other processes.
func limitMemory(*os.Process) {}
