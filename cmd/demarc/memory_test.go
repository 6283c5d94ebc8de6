package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMemoryOfMachine reads Linux's files about available memory.
func TestMemoryOfMachine(t *testing.T) {
	const gib = 1 << 30
	meminfo := "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n"
	tests := map[string]struct {
		files map[string]string
		want  uint64
	}{
		"another system": {nil, 0},
		"no group":       {map[string]string{"proc/meminfo": meminfo}, 8 * gib},
		"no limit": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "max\n",
		}, 8 * gib},
		"its own group": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "2147483648\n",
		}, 2 * gib},
		"a group above": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "1073741824\n",
		}, gib},
		"a container": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824\n",
		}, gib},
		"version 1": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu,memory:/a\n4:pids:/b\n0::/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "3221225472\n",
			"sys/fs/cgroup/memory/b/memory.limit_in_bytes": "1\n",
		}, 3 * gib},
		"version 1 without a limit": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "5:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712\n",
		}, 8 * gib},
		"a limit that is larger": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "34359738368\n",
		}, 8 * gib},
		"nonsense": {map[string]string{
			"proc/meminfo": "MemAvailable: many kB\n", "proc/self/cgroup": "x\n0::/../..\n", "sys/fs/cgroup/memory.max": "-1\n",
		}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{}
			for file, text := range tt.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if got := memoryIn(root); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

func TestCeiling(t *testing.T) {
	for _, tt := range []struct {
		machine uint64
		given   int64
		want    uint64
	}{{0, math.MaxInt64, 0}, {400, math.MaxInt64, 300}, {400, 100, 100}, {400, 350, 300}, {0, 100, 100}} {
		if got := ceiling(tt.machine, tt.given); got != tt.want {
			t.Errorf("of %d, with GOMEMLIMIT=%d: %d, want %d", tt.machine, tt.given, got, tt.want)
		}
	}
}

// TestLook: a run continues until its memory in use exceeds its limit.
func TestLook(t *testing.T) {
	var doing stage
	doing.set("judging")
	for _, tt := range []struct {
		ceiling uint64
		usage   usage
		want    string
	}{
		{1 << 30, usage{live: 1 << 29, all: 1 << 30, stacks: 1 << 20}, ""},
		{1 << 30, usage{live: 1 << 29, all: 1<<30 + 1}, "judging needs more than 1.0 GiB of memory"},
		{64 << 20, usage{live: 65 << 20, all: 1 << 20}, "judging needs more than 64 MiB of memory"},
		{0, usage{live: 1 << 40, all: 1 << 40}, ""},
		{0, usage{stacks: mostStack + 1}, "judging needs too deep a recursion"},
	} {
		w := &memoryWatch{ceiling: tt.ceiling, given: true, stage: &doing}
		if got := w.look(tt.usage); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%+v of %d: %q, want %q", tt.usage, tt.ceiling, got, tt.want)
		}
	}
	if got := usageNow(); got.all == 0 || got.stacks == 0 || got.all < got.stacks {
		t.Errorf("this process uses %+v", got)
	}
}

func TestCleanups(t *testing.T) {
	var c cleanups
	done := ""
	c.add(func() { done += "a" })
	rest := c.add(func() { done += "b" })
	rest()
	c.run()
	if done != "a" {
		t.Errorf("%q is done", done)
	}
}

// TestOutOfMemory runs demarc as a separate process, with less memory than it needs:
// it ends with a sentence, like a run with unreadable input, and leaves no part of a
// report.
func TestOutOfMemory(t *testing.T) {
	if dir := os.Getenv("DEMARC_TEST_SCAN"); dir != "" {
		os.Args = []string{"demarc", "scan", "--output", "json=report.json", dir}
		main()
	}
	dir := t.TempDir()
	var text strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&text, "resource \"aws_db_instance\" \"b%d\" {\n  storage_encrypted = false\n}\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestOutOfMemory$")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DEMARC_TEST_SCAN="+dir, "GOMEMLIMIT=64MiB")
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &stderr
	err = cmd.Run()
	var exited *exec.ExitError
	if !errors.As(err, &exited) || exited.ExitCode() != exitIncomplete {
		t.Errorf("%v, want exit code %d", err, exitIncomplete)
	}
	if want := regexp.MustCompile(`^demarc: [a-z ]+ needs more than 64 MiB of memory, .*\n$`); !want.MatchString(stderr.String()) {
		t.Errorf("it says %.2000q", stderr.String())
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v are left", left, err)
	}
}
