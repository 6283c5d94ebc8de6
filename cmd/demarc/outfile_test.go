package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A desk is a repository below a user's directory.
type desk struct {
	t    *testing.T
	home string
	p    *process
}

func newDesk(t *testing.T) *desk {
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t, home, &process{dir: filepath.Join(home, "repo")}}
	d.write("mine", "mine")
	d.write("repo/.git/hooks/sample", "")
	d.write("repo/file", "of the repository")
	return d
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	file := filepath.Join(d.home, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) link(to, name string) {
	d.t.Helper()
	if err := os.Symlink(to, filepath.Join(d.home, "repo", name)); err != nil {
		d.t.Skip(err)
	}
}

// held returns everything below the directory, by name.
func (d *desk) held() map[string]string {
	d.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(d.home, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(d.home, name)
		switch e.Type() {
		case 0:
			text, err := os.ReadFile(name)
			all[rel] = string(text)
			return err
		case fs.ModeSymlink:
			all[rel], err = os.Readlink(name)
			return err
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// TestWriteFileLinks names paths to which links lead: only the named file changes,
// and if it is refused, nothing at all.
func TestWriteFileLinks(t *testing.T) {
	for _, tt := range []struct {
		name, file, to string // a link in the repository
		given          string // empty: the link
		want           string // the error; empty: the file is written
	}{
		{name: "no link", given: "report"},
		{name: "an old one", given: "file"},
		{name: "above the repository, by name", given: "../report"},
		{name: "out of the repository", file: "report", to: "../mine", want: "it is a link to ../mine"},
		{name: "by an absolute path", file: "report", to: "/etc/passwd", want: "it is a link to /etc/passwd"},
		{name: "to a file beside it", file: "report", to: "file", want: "it is a link to file"},
		{name: "that leads nowhere", file: "report", to: "../none", want: "it is a link to ../none"},
		{name: "to a directory", file: "report", to: "..", want: "it is a link to .."},
		{name: "to a device", file: "report", to: "/dev/null", want: "it is a link to /dev/null"},
		{name: "to itself", file: "report", to: "report", want: "it is a link to report"},
		{name: "a directory out of the repository", file: "reports", to: "..", given: "reports/mine", want: "out of"},
		{name: "a directory far out of it", file: "reports", to: "/", given: "reports/tmp/x", want: "out of"},
		{name: "a directory in git's own", file: "reports", to: ".git/hooks", given: "reports/sample", want: "out of"},
		{name: "a directory in the repository", file: "reports", to: "dir", given: "reports/report"},
		{name: "a directory of another repository", file: "reports", to: "../other", given: "reports/report", want: "out of"},
		{name: "a directory", given: "dir", want: "it is a directory"},
		{name: "in no directory", given: "none/report", want: "no such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.write("repo/dir/file", "")
			d.write("other/.git/config", "")
			if tt.file != "" {
				d.link(tt.to, tt.file)
			}
			before := d.held()
			given := tt.given
			if given == "" {
				given = tt.file
			}
			for _, given := range []string{given, d.p.abs(given)} {
				err := d.p.writeFile(given, text("report"))
				if tt.want == "" {
					if got, _ := os.ReadFile(d.p.abs(given)); err != nil || string(got) != "report" {
						t.Errorf("%s holds %q, %v", given, got, err)
					}
					continue
				}
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("write %s: %v, want %q", given, err, tt.want)
				}
				if after := d.held(); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Errorf("write %s: there is %v, was %v", given, after, before)
				}
			}
		})
	}
}

// TestWriteFileFails: the old file stays, and no other file.
func TestWriteFileFails(t *testing.T) {
	d := newDesk(t)
	before := d.held()
	for name, write := range map[string]func(io.Writer) error{
		"at once":       func(io.Writer) error { return syscall.ENOSPC },
		"in the middle": func(w io.Writer) error { return errors.Join(text(strings.Repeat("half", 1<<20))(w), syscall.ENOSPC) },
	} {
		for _, file := range []string{"file", "new"} {
			err := d.p.writeFile(file, write)
			if !errors.Is(err, syscall.ENOSPC) || strings.HasSuffix(err.Error(), "the file was not changed") != (file == "file") {
				t.Errorf("%s, of %s: %v", name, file, err)
			}
		}
	}
	func() {
		defer func() { recover() }()
		d.p.writeFile("file", func(io.Writer) error { panic("a writer that breaks") })
	}()
	if after := d.held(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("there is %v, was %v", after, before)
	}
}

// TestWriteFileFull fills a small disk.
func TestWriteFileFull(t *testing.T) {
	d := newDesk(t)
	disk := filepath.Join(d.home, "disk")
	if err := os.Mkdir(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := mountSmall(disk); err != nil {
		t.Skipf("a small disk: %v", err)
	}
	defer unmount(disk)
	d.write("disk/report", "old")
	err := d.p.writeFile("../disk/report", text(strings.Repeat("too long", 1<<20)))
	if err == nil || err.Error() != "no space left on device; the file was not changed" {
		t.Errorf("write: %v", err)
	}
	if err := d.p.writeFile("../disk/report", text("new")); err != nil {
		t.Errorf("a report that has room: %v", err)
	}
	if got := d.held(); got["disk/report"] != "new" || len(got) != 4 {
		t.Errorf("there is %v", got)
	}
}

// TestWriteFilePermissions: the permissions of an old report are kept, and a new one
// has those that the umask leaves.
func TestWriteFilePermissions(t *testing.T) {
	d := newDesk(t)
	mode := func(name string) fs.FileMode {
		info, err := os.Stat(d.p.abs(name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	for _, want := range []fs.FileMode{0o600, 0o666, 0o640, 0o444} {
		if err := os.Chmod(d.p.abs("file"), want); err != nil {
			t.Fatal(err)
		}
		if err := d.p.writeFile("file", text("report")); err != nil || mode("file") != want {
			t.Errorf("%v became %v, %v", want, mode("file"), err)
		}
	}
	d.write("repo/plain", "")
	if err := d.p.writeFile("new", text("report")); err != nil || mode("new") != mode("plain") {
		t.Errorf("a new one has %v, %v, want %v", mode("new"), err, mode("plain"))
	}
}

// TestWriteFileLocked names a directory that cannot be written: a file in it is not
// written in place either.
func TestWriteFileLocked(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	d := newDesk(t)
	if err := os.Chmod(d.p.dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(d.p.dir, 0o777)
	before := d.held()
	for _, name := range []string{"file", "new"} {
		if err := d.p.writeFile(name, text("report")); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := d.held(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("there is %v, was %v", after, before)
	}
}

// TestWriteFileAsIs writes to something other than a regular file.
func TestWriteFileAsIs(t *testing.T) {
	d := newDesk(t)
	if err := d.p.writeFile(os.DevNull, text("report")); err != nil {
		t.Error(err)
	}
	pipe := d.p.abs("pipe")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(pipe)
		read <- string(text)
	}()
	if err := d.p.writeFile("pipe", text("report")); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "report" {
		t.Errorf("a pipe got %q", got)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.p.writeFile(fmt.Sprintf("/dev/fd/%d", w.Fd()), text("report")); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if got, _ := io.ReadAll(r); string(got) != "report" {
		t.Errorf("the pipe of a shell got %q", got)
	}
}

// TestNewFile creates a file only where none exists.
func TestNewFile(t *testing.T) {
	d := newDesk(t)
	d.link("../none", "link")
	d.link("..", "up")
	before := d.held()
	for name, want := range map[string]string{"file": "file exists", "link": "file exists", "up/new": "out of"} {
		if err := d.p.newFile(name, []byte("text")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if after := d.held(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("there is %v, was %v", after, before)
	}
	if err := d.p.newFile("new", []byte("text")); err != nil || d.held()["repo/new"] != "text" {
		t.Errorf("new: %v", err)
	}
}

// mountSmall mounts a disk of 64 KiB, which only root may do.
func mountSmall(dir string) error { return mount("tmpfs", dir, "tmpfs", "size=64k") }
