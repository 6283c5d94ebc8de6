package regular

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
)

// TestRead reads files that a stranger may commit, or that a person may have.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	write("short", "text")
	write("long", "more text")
	link("short", "link")
	link("/dev/zero", "device")
	link("self", "self")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	const most = 4
	for name, want := range map[string]string{
		"short": "", "link": "", "long": "larger than 0 MiB", "pipe": "not a regular file", ".": "not a regular file",
		"device": "leads out of the repository", "self": "too many levels of symbolic links", "none": "no such file or directory",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := Read(root.FS(), name, most)
			switch {
			case want == "" && (err != nil || string(text) != "text"):
				t.Errorf("read %q, %v", text, err)
			case want != "" && (err == nil || !strings.HasSuffix(err.Error(), want) || text != nil):
				t.Errorf("read %q, %v, want %s", text, err, want)
			}
		})
	}
	t.Run("longer than its size says", func(t *testing.T) {
		if text, err := ReadAtMost(&endless{}, 1, most); err == nil {
			t.Errorf("read %d bytes", len(text))
		}
	})
	t.Run("of another file system", func(t *testing.T) {
		if text, err := Read(fstest.MapFS{"a": {Data: []byte("text")}}, "a", most); err != nil || string(text) != "text" {
			t.Errorf("read %q, %v", text, err)
		}
	})
}

func TestTooLong(t *testing.T) {
	for most, want := range map[TooLong]string{
		MostSettings: "larger than 1 MiB", MostOwners: "larger than 3 MiB", MostConfiguration: "larger than 16 MiB",
	} {
		if got := most.Error(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
