//go:build client

package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestClientKill ends demarc while it writes a report, in several ways: the old
// report is intact, and if demarc is asked to end, no other file is left.
func TestClientKill(t *testing.T) {
	dir := t.TempDir()
	demarc := filepath.Join(dir, "demarc")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", demarc, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	reports := filepath.Join(dir, "reports")
	report := filepath.Join(reports, "demarc.json")
	if err := os.Mkdir(reports, 0o777); err != nil {
		t.Fatal(err)
	}
	fixtures, err := filepath.Abs("../../fixtures/quickstart")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT} {
		const times = 25
		met := 0
		for met < times {
			if err := os.WriteFile(report, []byte("old"), 0o666); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(demarc, "scan", "--show", "all", "--format", "line", "--output", "json="+report, fixtures)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			var err error
			for over := false; !over; {
				select {
				case err = <-ended:
					over = true
				default:
					if temps, _ := filepath.Glob(filepath.Join(reports, ".demarc-*.tmp")); len(temps) > 0 {
						_ = cmd.Process.Signal(s)
						err, over = <-ended, true
					}
				}
			}
			var failed *exec.ExitError
			if !errors.As(err, &failed) || !failed.Sys().(syscall.WaitStatus).Signaled() {
				t.Logf("%v came too late", s)
				continue
			}
			text, err := os.ReadFile(report)
			if err == nil && json.Valid(text) { // it was already renamed, and is complete
				t.Logf("%v came too late", s)
				continue
			}
			met++
			if err != nil || string(text) != "old" {
				t.Fatalf("%v: the report holds %d bytes, %v", s, len(text), err)
			}
			temps, _ := filepath.Glob(filepath.Join(reports, ".demarc-*.tmp"))
			if len(temps) > 0 && s != syscall.SIGKILL {
				t.Fatalf("%v leaves %q", s, temps)
			}
			for _, temp := range temps {
				os.Remove(temp)
			}
		}
	}
}
