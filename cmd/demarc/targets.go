package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// targets are the paths of a command, sorted by kind.
type targets struct {
	dirs  []string // directories of Terraform source, absolute
	files []string // single source files, absolute
	plans []string // plan files as given; "-" is standard input
	errs  []error  // errors of paths that cannot be read
}

// find classifies the paths. An unreadable path is an error, and the rest continues.
func (p *process) find(paths []string) targets {
	var t targets
	for _, path := range paths {
		t.add(p, path)
	}
	slices.Sort(t.dirs)
	t.dirs = slices.Compact(t.dirs)
	t.files = slices.DeleteFunc(t.files, func(file string) bool {
		return slices.ContainsFunc(t.dirs, func(dir string) bool { return inside(dir, file) })
	})
	return t
}

func (t *targets) add(p *process, path string) {
	if path == "-" {
		t.plans = append(t.plans, path)
		return
	}
	if info, err := os.Stat(p.abs(path)); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		t.plans = append(t.plans, path) // a shell's <(…), whose link has no target
		return
	}
	file, err := p.real(path)
	if err != nil {
		t.errs = append(t.errs, fmt.Errorf("%s: %w", path, reason(err)))
		return
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		t.errs = append(t.errs, fmt.Errorf("%s: %w", path, reason(err)))
	case info.IsDir():
		t.dirs = append(t.dirs, file)
	case sourceName(file) || valuesName(file):
		t.files = append(t.files, file)
	default:
		t.plans = append(t.plans, path)
	}
}

// reason returns the cause of an error of the file system, without the path, which
// the message already has.
func reason(err error) error {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// source lists the directories from which source is read.
func (t targets) source() []string {
	dirs := slices.Clone(t.dirs)
	for _, f := range t.files {
		dirs = append(dirs, filepath.Dir(f))
	}
	return dirs
}

func (t targets) empty() bool { return len(t.dirs)+len(t.files)+len(t.plans) == 0 }
