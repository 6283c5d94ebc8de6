package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// memoryOfMachine returns the available memory of the machine, or the container;
// zero: unknown. Only Linux reports it, in files.
func memoryOfMachine() uint64 { return memoryIn(os.DirFS("/")) }

// memoryIn returns the least of the available memory and the limits of the process's
// control groups: its own and those above it.
// https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
func memoryIn(root fs.FS) uint64 {
	least := available(root)
	limit := func(name string) {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return
		}
		// "max", and the largest number, mean that there is no limit.
		if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil && n < 1<<60 && (least == 0 || n < least) {
			least = n
		}
	}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		for dir := path.Clean("/" + fields[2]); ; dir = path.Dir(dir) {
			switch {
			case fields[1] == "":
				limit(path.Join("sys/fs/cgroup", dir, "memory.max"))
			case strings.Contains(","+fields[1]+",", ",memory,"):
				limit(path.Join("sys/fs/cgroup/memory", dir, "memory.limit_in_bytes"))
			}
			if dir == "/" {
				break
			}
		}
	}
	return least
}

// available returns the memory that the kernel considers available without swapping;
// zero: unknown.
func available(root fs.FS) uint64 {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if name != "MemAvailable" {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0
		}
		return n << 10
	}
	return 0
}
