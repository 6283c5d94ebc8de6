package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/demarc/demarc/internal/regular"
)

// A commitTree is the tree of a commit as a file system, read from git's objects:
// nothing is checked out. A link is followed within the tree; a submodule is an
// empty directory, as in a clone without its submodules. Modules that terraform init
// installed are not part of a commit: they are read from the work tree. Safe for
// concurrent use.
type commitTree struct {
	entries   map[string]*treeEntry
	installed fs.FS // the work tree
	objects   *gitObjects
	refused   []string // names of files that are not read
}

// A treeEntry is a file, a link or a directory of a tree.
type treeEntry struct {
	name     string // without the directory
	mode     fs.FileMode
	object   string
	children []fs.DirEntry
}

// The limits of reading a commit.
const (
	mostEntries = 1 << 20
	mostLinks   = 40
	longestLink = 4 << 10
)

// tree opens the tree of a commit.
func (g *gitTree) tree(ctx context.Context, commit string) (*commitTree, error) {
	top, err := os.OpenRoot(g.dir)
	if err != nil {
		return nil, err
	}
	r := &commitTree{installed: top.FS(), entries: map[string]*treeEntry{".": {name: ".", mode: fs.ModeDir | 0o555}}}
	err = g.stream(ctx, func(lines io.Reader) error { return eachField(lines, r.add) }, "ls-tree", "-r", "-t", "-z", "--full-tree", commit)
	if err != nil {
		return nil, g.explained(ctx, err)
	}
	for _, e := range r.entries {
		slices.SortFunc(e.children, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	}
	r.objects = g.objects(ctx)
	return r, nil
}

// add adds a line of git ls-tree: "mode type object<tab>path".
func (r *commitTree) add(line string) error {
	head, name, ok := strings.Cut(line, "\t")
	fields := strings.Fields(head)
	switch {
	case !ok || len(fields) != 3:
		return fmt.Errorf("an unknown line: %q", line)
	case len(r.entries) >= mostEntries:
		return fmt.Errorf("the commit has more than %d files", mostEntries)
	}
	if !utf8.ValidString(path.Dir(name)) || fields[1] == "tree" && !utf8.ValidString(name) {
		if concerns(name) {
			r.refused = append(r.refused, name)
		}
		return nil
	}
	parent := r.entries[path.Dir(name)]
	if parent == nil || r.entries[name] != nil || !checkedOut(name) {
		r.refused = append(r.refused, name)
		return nil
	}
	e := &treeEntry{name: path.Base(name), object: fields[2]}
	switch fields[0] {
	case "040000", "160000": // a submodule has no content here
		e.mode = fs.ModeDir | 0o555
	case "120000":
		e.mode = fs.ModeSymlink | 0o444
	default:
		e.mode = 0o444
	}
	parent.children = append(parent.children, fs.FileInfoToDirEntry(r.info(e)))
	r.entries[name] = e
	return nil
}

// checkedOut reports whether git would create a file of a name: not if it leads
// elsewhere, or into git's own directory. git does not make such trees.
func checkedOut(name string) bool {
	if path.Clean(name) != name || path.IsAbs(name) {
		return false
	}
	base := path.Base(name)
	return base != "." && base != ".." && !strings.EqualFold(base, ".git")
}

// refusals describes the names of files that are not read.
func (r *commitTree) refusals() []error {
	const most = 10
	var errs []error
	for _, name := range r.refused[:min(len(r.refused), most)] {
		why := "a work tree cannot have this name"
		if !utf8.ValidString(name) {
			why = "the name is not UTF-8"
		}
		errs = append(errs, fmt.Errorf("%s was not read: %s", name, why))
	}
	if more := len(r.refused) - most; more > 0 {
		errs = append(errs, fmt.Errorf("the same for %d more names", more))
	}
	return errs
}

func (r *commitTree) close() { r.objects.close() }

// find returns the entry of a name, with links followed.
func (r *commitTree) find(name string) (*treeEntry, error) {
	at := "."
	parts := strings.Split(name, "/")
	for links := 0; len(parts) > 0; {
		next := path.Join(at, parts[0])
		if parts = parts[1:]; next == ".." || strings.HasPrefix(next, "../") {
			return nil, regular.ErrOutside
		}
		e := r.entries[next]
		if e == nil {
			return nil, fs.ErrNotExist
		}
		if e.mode&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > mostLinks {
			return nil, errors.New("too many links")
		}
		to, err := r.objects.blob(e.object, longestLink)
		switch {
		case err != nil:
			return nil, err
		case path.IsAbs(string(to)):
			return nil, regular.ErrOutside
		}
		parts = append(strings.Split(string(to), "/"), parts...)
	}
	return r.entries[at], nil
}

// isInstalled reports whether a file is in a directory that terraform init makes,
// and the commit does not contain it.
func (r *commitTree) isInstalled(name string) bool {
	return r.entries[name] == nil && slices.Contains(strings.Split(name, "/"), ".terraform")
}

func validName(name string) error {
	switch {
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case !fs.ValidPath(name):
		return fs.ErrInvalid
	}
	return nil
}

// Open makes the tree an fs.FS.
func (r *commitTree) Open(name string) (fs.File, error) {
	f, err := r.open(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

func (r *commitTree) open(name string) (fs.File, error) {
	if err := validName(name); err != nil {
		return nil, err
	}
	if r.isInstalled(name) {
		return r.installed.Open(name)
	}
	e, err := r.find(name)
	if err != nil {
		return nil, err
	}
	if e.mode.IsDir() {
		return &treeDir{info: r.info(e)}, nil
	}
	text, err := r.objects.blob(e.object, regular.MostConfiguration)
	if err != nil {
		return nil, err
	}
	return &treeFile{info: r.info(e), Reader: bytes.NewReader(text)}, nil
}

// Stat avoids reading a file to learn its size.
func (r *commitTree) Stat(name string) (fs.FileInfo, error) {
	if err := validName(name); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if r.isInstalled(name) {
		return fs.Stat(r.installed, name)
	}
	e, err := r.find(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return r.info(e), nil
}

type treeFile struct {
	info entryInfo
	*bytes.Reader
}

func (f *treeFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *treeFile) Close() error               { return nil }

type treeDir struct {
	info entryInfo
	read int
}

func (d *treeDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *treeDir) Close() error               { return nil }
func (d *treeDir) Read([]byte) (int, error)   { return 0, errors.New("it is a directory") }

// ReadDir makes it an fs.ReadDirFile.
func (d *treeDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.info.children[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	d.read += len(rest)
	return slices.Clone(rest), nil
}

type entryInfo struct {
	*treeEntry
	tree *commitTree
}

func (r *commitTree) info(e *treeEntry) entryInfo { return entryInfo{e, r} }

// Size asks git, and returns 0 for an object that git does not have: reading it
// gives the error.
func (i entryInfo) Size() int64 {
	if i.mode.IsDir() {
		return 0
	}
	size, _ := i.tree.objects.size(i.object, regular.MostConfiguration)
	return size
}

func (i entryInfo) Name() string       { return i.name }
func (i entryInfo) Mode() fs.FileMode  { return i.mode }
func (i entryInfo) ModTime() time.Time { return time.Time{} }
func (i entryInfo) IsDir() bool        { return i.mode.IsDir() }
func (i entryInfo) Sys() any           { return nil }
