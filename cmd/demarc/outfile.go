package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// writeFile writes a file that the user names: under a temporary name beside it, and
// renamed when complete, so that a failure keeps the old file. Pipes and devices are
// written directly. It does not write through a link: a repository may hold a link
// that leads to another file of the user.
//
// The file is not synced to the disk: a report can be made again, and a power
// failure that keeps an old report does no harm.
func (p *process) writeFile(name string, write func(io.Writer) error) error {
	folder, base, err := p.folder(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	old, err := folder.Lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(folder, base, nil, write)
	case err != nil:
		return err
	case old.Mode().IsRegular():
		if err := replace(folder, base, old, write); err != nil {
			return fmt.Errorf("%w; the file was not changed", reason(err))
		}
		return nil
	case old.IsDir():
		return errors.New("it is a directory")
	case old.Mode()&fs.ModeSymlink != 0 && !ofSystem(p.abs(name)):
		to, _ := folder.Readlink(base)
		return fmt.Errorf("it is a link to %s, which demarc does not follow: name the file itself, or remove the link", to)
	}
	return writeAsIs(p.abs(name), write)
}

// ofSystem reports whether a path is a system path, whose links lead to the streams
// of processes: /dev/stdout, and a shell's >(…).
func ofSystem(path string) bool {
	return strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/")
}

func writeAsIs(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// replace writes a file under a temporary name, and renames it when it is complete.
// Nil: there is no old file.
func replace(folder *os.Root, base string, old fs.FileInfo, write func(io.Writer) error) (err error) {
	mode := fs.FileMode(0o666)
	if old != nil {
		mode = old.Mode().Perm()
	}
	temp := ".demarc-" + rand.Text()[:12] + ".tmp"
	var ending sync.Mutex // held once a signal has arrived: no file is created after that
	rest := onSignal(func() {
		ending.Lock()
		folder.Remove(temp)
	})
	defer rest()
	ending.Lock()
	f, err := folder.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	ending.Unlock()
	if err != nil {
		return err
	}
	whole := false
	defer func() {
		if !whole { // also if the writer panics
			f.Close()
			folder.Remove(temp)
		}
	}()
	if old != nil {
		keepOwner(f, old)
		if err := f.Chmod(mode); err != nil { // the umask applies to new files
			return err
		}
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	if err := write(buffer); err != nil {
		return err
	}
	if err := errors.Join(buffer.Flush(), f.Close()); err != nil {
		return err
	}
	if err := folder.Rename(temp, base); err != nil {
		return err
	}
	whole = true
	return nil
}

// newFile creates a file if there is none, not even a link.
func (p *process) newFile(name string, text []byte) error {
	folder, base, err := p.folder(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	f, err := folder.OpenFile(base, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		folder.Remove(base)
	}
	return err
}

// onSignal registers a function to run before a signal, or a lack of memory, ends
// the process; the returned function cancels it.
func onSignal(do func()) (rest func()) {
	keep := endings.add(do)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			do()
			signal.Reset(s)
			if self, err := os.FindProcess(os.Getpid()); err != nil || self.Signal(s) != nil {
				os.Exit(exitIncomplete)
			}
		case <-over:
		}
	}()
	return func() {
		keep()
		signal.Stop(signals)
		close(over)
	}
}

// folder opens the directory for a file. A link on the path must not lead out of the
// repository that contains the file's name, or into git's own directory; without a
// repository, not out of the current directory.
func (p *process) folder(name string) (*os.Root, string, error) {
	file, err := p.named(name)
	if err != nil {
		return nil, "", err
	}
	dir, base := filepath.Split(file)
	dir = filepath.Clean(dir)
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, "", err
	}
	if top := p.bound(dir); top != "" {
		if in, err := filepath.EvalSymlinks(top); err != nil || !inside(in, real) || inGit(in, real) && !inGit(top, dir) {
			return nil, "", fmt.Errorf("a link on the way leads to %s, out of %s: name that folder itself", real, top)
		}
	}
	root, err := os.OpenRoot(real)
	return root, base, err
}

// named returns the path that the user names, relative to the current directory's
// real path.
func (p *process) named(name string) (string, error) {
	if filepath.IsAbs(name) {
		return filepath.Clean(name), nil
	}
	from, err := p.real(".")
	return filepath.Join(from, name), err
}

// bound returns the directory that links must not leave; empty: none. A link to a
// repository may be in another repository, and the containing repository is the
// bound.
func (p *process) bound(dir string) string {
	top := ""
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			top = at
			if info, err := os.Lstat(at); err == nil && info.Mode()&fs.ModeSymlink == 0 {
				return top
			}
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if from, err := p.real("."); top == "" && err == nil && inside(from, dir) {
		return from
	}
	return top
}

// inGit reports whether a directory is within git's own directory.
func inGit(top, dir string) bool {
	rel, err := filepath.Rel(top, dir)
	return err == nil && slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), ".git")
}
