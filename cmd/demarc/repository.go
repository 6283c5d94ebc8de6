package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A repository is the directory tree that a scan may read: nothing outside it
// is opened, whatever the configuration or a link in it says.
type repository struct {
	dir string // absolute, links resolved
	fs  fs.FS
}

// openRepository opens the repository that the directories lie in: the nearest
// with a .git above each of them, else the parent that they have in common.
func openRepository(dirs []string) (*repository, error) {
	dir := ""
	for _, d := range dirs {
		above := gitAbove(d)
		if above == "" || dir != "" && above != dir {
			dir = ""
			break
		}
		dir = above
	}
	if dir == "" {
		dir = commonParent(dirs)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &repository{dir: dir, fs: root.FS()}, nil
}

// gitAbove is the nearest directory with a .git, a directory or the file of a
// work tree, at or above the given one; empty: there is none.
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
		for !inside(common, d) {
			common = filepath.Dir(common)
		}
	}
	return common
}

// inside reports whether a file is the directory or lies in it.
func inside(dir, file string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}

var errOutside = errors.New("leads out of the repository")

// name is the name of a file in the repository, with slashes.
func (r *repository) name(file string) (string, error) {
	rel, err := filepath.Rel(r.dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", errOutside
	}
	return filepath.ToSlash(rel), nil
}

// shown is how a name in the repository is shown to a person: relative to the
// current directory, or absolute where that is shorter.
func (r *repository) shown(from, name string) string {
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	rel, err := filepath.Rel(from, file)
	if err != nil || len(file) < len(rel) {
		return file
	}
	return rel
}

// abs is a path as the machine knows it, from the current directory.
func (p *place) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.dir, path)
}

// real is abs with links resolved: a person may name a link, and means what it
// leads to.
func (p *place) real(path string) (string, error) {
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
