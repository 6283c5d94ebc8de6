package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/demarc/demarc/internal/regular"
)

// A repository is the directory tree that a scan may read: nothing outside it is
// opened, whatever the configuration or a link in it names.
type repository struct {
	dir string // to which names are relative: absolute, links resolved
	top string // the name of the repository's own directory: "." unless it is one of several
	fs  fs.FS
}

// openRepository opens a repository whose names are relative to its own directory.
func openRepository(dir string) (*repository, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &repository{dir: dir, top: ".", fs: root.FS()}, nil
}

// openBelow opens a repository whose names are relative to a directory above it, of
// which it shows nothing else.
func openBelow(dir, top string) (*repository, error) {
	own, err := openRepository(top)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(dir, top)
	if err != nil {
		return nil, err
	}
	at := filepath.ToSlash(rel)
	return &repository{dir: dir, top: at, fs: below{{at, own.fs}}}, nil
}

// A grounds is a repository with the directories in it that a command names.
type grounds struct {
	top  string
	dirs []string
}

// repositoriesOf finds the repository of each directory: the nearest with a .git
// above it, else the outermost of the directories that contain it.
func repositoriesOf(dirs []string) []grounds {
	var all []grounds
	for _, dir := range dirs {
		top := gitAbove(dir)
		if top == "" {
			top = outermost(dirs, dir)
		}
		i := slices.IndexFunc(all, func(g grounds) bool { return g.top == top })
		if i < 0 {
			i, all = len(all), append(all, grounds{top: top})
		}
		all[i].dirs = append(all[i].dirs, dir)
	}
	slices.SortFunc(all, func(a, b grounds) int { return strings.Compare(a.top, b.top) })
	return all
}

func outermost(dirs []string, dir string) string {
	top := dir
	for _, d := range dirs {
		if inside(d, top) {
			top = d
		}
	}
	return top
}

// below is a file system of others, each at a name, and of nothing else.
type below []mounted

type mounted struct {
	at string
	fs fs.FS
}

// in finds the innermost file system that contains a name, and the name in it.
func (b below) in(op, name string) (fs.FS, string, error) {
	best, rest := -1, ""
	for i, m := range b {
		if best >= 0 && len(m.at) < len(b[best].at) {
			continue
		}
		switch inner, under := strings.CutPrefix(name, m.at+"/"); {
		case m.at == ".":
			best, rest = i, name
		case name == m.at:
			best, rest = i, "."
		case under:
			best, rest = i, inner
		}
	}
	if best < 0 {
		return nil, "", &fs.PathError{Op: op, Path: name, Err: errors.New("path escapes from parent")} // as os.Root reports it
	}
	return b[best].fs, rest, nil
}

func (b below) Open(name string) (fs.File, error) {
	in, rest, err := b.in("open", name)
	if err != nil {
		return nil, err
	}
	return in.Open(rest)
}

// Stat opens nothing: opening a pipe waits for its writer.
func (b below) Stat(name string) (fs.FileInfo, error) {
	in, rest, err := b.in("stat", name)
	if err != nil {
		return nil, err
	}
	return fs.Stat(in, rest)
}

func (b below) ReadDir(name string) ([]fs.DirEntry, error) {
	in, rest, err := b.in("readdir", name)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(in, rest)
}

// gitAbove returns the nearest directory with a .git, a directory or the file of a
// work tree, at or above the given one; empty: none.
func gitAbove(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func commonParent(dirs []string) string {
	common := dirs[0]
	for _, d := range dirs[1:] {
		for !inside(common, d) && common != filepath.Dir(common) {
			common = filepath.Dir(common)
		}
	}
	return common
}

// inside reports whether a file is the directory or is in it.
func inside(dir, file string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}

// name returns the name of a file in the repository, with slashes.
func (r *repository) name(file string) (string, error) {
	rel, err := filepath.Rel(r.dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", regular.ErrOutside
	}
	return filepath.ToSlash(rel), nil
}

// home returns the repository's own directory on the machine.
func (r *repository) home() string { return filepath.Join(r.dir, filepath.FromSlash(r.top)) }

// inside returns a name relative to the repository's own directory.
func (r *repository) inside(name string) string {
	if r.top == "." {
		return name
	}
	if name == r.top {
		return "."
	}
	return strings.TrimPrefix(name, r.top+"/")
}

// shown returns how a name in the repository is shown to a person: relative to the
// current directory, or absolute if that is shorter.
func (r *repository) shown(from, name string) string {
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	rel, err := filepath.Rel(from, file)
	if err != nil || len(file) < len(rel) {
		return file
	}
	return rel
}

// abs returns the absolute path, from the current directory.
func (p *process) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.dir, path)
}

// real returns abs with links resolved: a user may name a link, and means its
// target.
func (p *process) real(path string) (string, error) {
	return filepath.EvalSymlinks(p.abs(path))
}

// sourceName reports whether a file is Terraform source by its name.
func sourceName(name string) bool {
	for _, ext := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}

// valuesName reports whether a file gives values to variables by its name.
func valuesName(name string) bool {
	return strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
}
