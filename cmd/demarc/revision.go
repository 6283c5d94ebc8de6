package main

import (
	"bufio"
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
	"strconv"
	"strings"
	"sync"
	"time"
)

// A commitTree is the tree of a commit as a file system, read from git's
// objects: nothing is checked out. A link is followed within the tree; a
// submodule is an empty directory, as in a clone without its submodules. What
// terraform init has installed is no part of a commit: it is that of the work
// tree. Safe for concurrent use.
type commitTree struct {
	entries   map[string]*treeEntry
	installed fs.FS // the work tree

	mu   sync.Mutex
	in   io.WriteCloser // of git cat-file
	out  *bufio.Reader
	stop func()
}

// A treeEntry is a file, a link or a directory of a tree.
type treeEntry struct {
	name     string // without its directory
	mode     fs.FileMode
	object   string
	size     int64
	children []fs.DirEntry
}

// The limits of what is read of a commit.
const (
	mostEntries = 1 << 20
	mostLinks   = 40
	longestLink = 4 << 10
	largestBlob = 64 << 20
)

// commit finds the commit that a word names; empty: there is none.
func (g *gitTree) commit(ctx context.Context, word string) string {
	if word == "" || strings.HasPrefix(word, "-") {
		return ""
	}
	out, err := g.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", word+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// tree opens that of a commit.
func (g *gitTree) tree(ctx context.Context, commit string) (*commitTree, error) {
	list, err := g.git(ctx, nil, "ls-tree", "-r", "-t", "-z", "-l", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	top, err := os.OpenRoot(g.dir)
	if err != nil {
		return nil, err
	}
	r := &commitTree{installed: top.FS(), entries: map[string]*treeEntry{".": {name: ".", mode: fs.ModeDir | 0o555}}}
	for _, line := range bytes.Split(list, []byte{0}) {
		if err := r.add(string(line)); err != nil {
			return nil, fmt.Errorf("git ls-tree: %w", err)
		}
	}
	for _, e := range r.entries {
		slices.SortFunc(e.children, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	}
	return r, r.start(ctx, g)
}

// add enters a line of git ls-tree: "mode type object size<tab>path".
func (r *commitTree) add(line string) error {
	head, name, ok := strings.Cut(line, "\t")
	fields := strings.Fields(head)
	switch {
	case line == "":
		return nil
	case !ok || len(fields) != 4 || !fs.ValidPath(name):
		return fmt.Errorf("a line that is not understood: %q", line)
	case len(r.entries) >= mostEntries:
		return fmt.Errorf("the commit has more than %d files", mostEntries)
	}
	e := &treeEntry{name: path.Base(name), object: fields[2]}
	e.size, _ = strconv.ParseInt(fields[3], 10, 64)
	switch fields[0] {
	case "040000", "160000": // a submodule has no content here
		e.mode = fs.ModeDir | 0o555
	case "120000":
		e.mode = fs.ModeSymlink | 0o444
	default:
		e.mode = 0o444
	}
	parent := r.entries[path.Dir(name)]
	if parent == nil {
		return fmt.Errorf("%s comes before its directory", name)
	}
	parent.children = append(parent.children, fs.FileInfoToDirEntry(entryInfo{e}))
	r.entries[name] = e
	return nil
}

// start starts the git that reads objects.
func (r *commitTree) start(ctx context.Context, g *gitTree) error {
	ctx, cancel := context.WithCancel(ctx)
	cmd := g.command(ctx, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		cancel()
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		cancel()
		return err
	}
	if err := cmd.Start(); err != nil {
		cancel()
		return fmt.Errorf("git cat-file: %w", err)
	}
	r.in, r.out = in, bufio.NewReader(out)
	r.stop = func() {
		in.Close()
		cancel()
		_ = cmd.Wait() // it was told to end
	}
	return nil
}

func (r *commitTree) close() { r.stop() }

// blob reads an object.
func (r *commitTree) blob(e *treeEntry) ([]byte, error) {
	if e.size > largestBlob {
		return nil, fmt.Errorf("it is larger than %d MiB", largestBlob>>20)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := fmt.Fprintln(r.in, e.object); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	blob, err := nextBlob(r.out)
	switch {
	case err != nil:
		return nil, fmt.Errorf("git cat-file: %w", err)
	case blob == nil:
		return nil, errors.New("git does not have it: the clone is partial")
	}
	return blob, nil
}

// find is the entry of a name, links followed.
func (r *commitTree) find(name string) (*treeEntry, error) {
	at := "."
	parts := strings.Split(name, "/")
	for links := 0; len(parts) > 0; {
		next := path.Join(at, parts[0])
		if parts = parts[1:]; next == ".." || strings.HasPrefix(next, "../") {
			return nil, errOutside
		}
		e := r.entries[next]
		if e == nil {
			return nil, fs.ErrNotExist
		}
		if e.mode&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > mostLinks || e.size > longestLink {
			return nil, errors.New("too many links, or too long ones")
		}
		to, err := r.blob(e)
		switch {
		case err != nil:
			return nil, err
		case path.IsAbs(string(to)):
			return nil, errOutside
		}
		parts = append(strings.Split(string(to), "/"), parts...)
	}
	return r.entries[at], nil
}

// isInstalled reports whether a file lies in what terraform init makes, and the
// commit does not hold it.
func (r *commitTree) isInstalled(name string) bool {
	return r.entries[name] == nil && slices.Contains(strings.Split(name, "/"), ".terraform")
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
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	if r.isInstalled(name) {
		return r.installed.Open(name)
	}
	e, err := r.find(name)
	if err != nil {
		return nil, err
	}
	if e.mode.IsDir() {
		return &treeDir{entry: e}, nil
	}
	text, err := r.blob(e)
	if err != nil {
		return nil, err
	}
	return &treeFile{entry: e, Reader: bytes.NewReader(text)}, nil
}

// Stat saves reading a file to learn its size.
func (r *commitTree) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	if r.isInstalled(name) {
		return fs.Stat(r.installed, name)
	}
	e, err := r.find(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return entryInfo{e}, nil
}

type treeFile struct {
	entry *treeEntry
	*bytes.Reader
}

func (f *treeFile) Stat() (fs.FileInfo, error) { return entryInfo{f.entry}, nil }
func (f *treeFile) Close() error               { return nil }

type treeDir struct {
	entry *treeEntry
	read  int
}

func (d *treeDir) Stat() (fs.FileInfo, error) { return entryInfo{d.entry}, nil }
func (d *treeDir) Close() error               { return nil }
func (d *treeDir) Read([]byte) (int, error)   { return 0, errors.New("it is a directory") }

// ReadDir makes it an fs.ReadDirFile.
func (d *treeDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.entry.children[d.read:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 {
		rest = rest[:min(n, len(rest))]
	}
	d.read += len(rest)
	return slices.Clone(rest), nil
}

type entryInfo struct{ *treeEntry }

func (i entryInfo) Name() string       { return i.name }
func (i entryInfo) Size() int64        { return i.size }
func (i entryInfo) Mode() fs.FileMode  { return i.mode }
func (i entryInfo) ModTime() time.Time { return time.Time{} }
func (i entryInfo) IsDir() bool        { return i.mode.IsDir() }
func (i entryInfo) Sys() any           { return nil }
