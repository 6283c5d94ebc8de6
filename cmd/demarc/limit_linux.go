package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// limitMemory limits the memory that a git process may fill with data of a
// repository: trees that name billions of files, or objects that unpack to
// gigabytes. Packs are mapped, and do not count. If the limit cannot be set, git
// runs without.
func limitMemory(git *os.Process) {
	const most = 1 << 30
	_ = unix.Prlimit(git.Pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}, nil)
}
