package funcs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

const outside = "a file outside the repository"

func fileRows() []row {
	str := cty.String
	sum := func(name string, sum func([]byte) string) row {
		return row{name: name, ret: str, with: fileFunc(func(_ string, b []byte) (cty.Value, error) {
			return cty.StringVal(sum(b)), nil
		})}
	}
	return []row{
		{name: "abspath", ret: str, fn: textFunc(str, func(...string) (cty.Value, error) {
			return cty.NilVal, noAnswer{cause: "abspath(), which depends on the machine"}
		}, "path")},
		{name: "basename", ret: str, fn: textFunc(str, func(s ...string) (cty.Value, error) {
			return cty.StringVal(path.Base(s[0])), nil
		}, "path")},
		{name: "dirname", ret: str, fn: textFunc(str, func(s ...string) (cty.Value, error) {
			return cty.StringVal(path.Dir(s[0])), nil
		}, "path")},
		{name: "file", ret: str, with: fileFunc(fileText)},
		{name: "filebase64", ret: str, with: fileFunc(func(_ string, b []byte) (cty.Value, error) {
			return encode64(b), nil
		})},
		sum("filebase64sha256", sha256Base64),
		sum("filebase64sha512", sha512Base64),
		{name: "fileexists", ret: cty.Bool, with: fileexistsFunc},
		sum("filemd5", md5Hex),
		{name: "fileset", ret: cty.Set(str), with: filesetFunc},
		sum("filesha1", sha1Hex),
		sum("filesha256", sha256Hex),
		sum("filesha512", sha512Hex),
		{name: "pathexpand", ret: str, fn: textFunc(str, pathexpand, "path")},
		{name: "templatefile", with: templatefileFunc, keepsMarks: true, passes: true},
		{name: "templatestring", with: templatestringFunc, keepsMarks: true, passes: true},
	}
}

func pathexpand(s ...string) (cty.Value, error) {
	if strings.HasPrefix(s[0], "~") {
		return cty.NilVal, noAnswer{cause: "pathexpand(), which depends on the machine"}
	}
	return cty.StringVal(s[0]), nil
}

// fileFunc makes a function of the content of a file.
func fileFunc(do func(name string, content []byte) (cty.Value, error)) func(*env) function.Function {
	return func(e *env) function.Function {
		return textFunc(cty.String, func(s ...string) (cty.Value, error) {
			b, err := e.read(s[0])
			if err != nil {
				return cty.NilVal, err
			}
			return do(s[0], b)
		}, "path")
	}
}

func fileText(name string, b []byte) (cty.Value, error) {
	if !utf8.Valid(b) {
		return cty.NilVal, fmt.Errorf("contents of %q are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents", name)
	}
	return cty.StringVal(string(b)), nil
}

func fileexistsFunc(e *env) function.Function {
	return textFunc(cty.Bool, func(s ...string) (cty.Value, error) {
		_, _, err := e.stat(s[0])
		if errors.Is(err, fs.ErrNotExist) {
			return cty.False, nil
		}
		return cty.True, err
	}, "path")
}

// locate returns the name in FS of a path, which is relative to the root module, or
// absolute and below the directory of FS, as with path.cwd.
func (e *env) locate(p string) (string, error) {
	if e.FS == nil {
		return "", noAnswer{cause: "no files to read"}
	}
	name := path.Join(e.Base, p)
	if below, ok := strings.CutPrefix(path.Clean(p), e.Dir+"/"); ok && e.Dir != "" {
		name, p = below, below
	}
	if path.IsAbs(p) || strings.HasPrefix(p, "~") || !fs.ValidPath(name) {
		return "", noAnswer{cause: outside}
	}
	return name, nil
}

// stat finds a regular file. Its error is fs.ErrNotExist for a missing file, and
// noAnswer for a file that FS refuses.
func (e *env) stat(p string) (name string, size int64, err error) {
	if name, err = e.locate(p); err != nil {
		return "", 0, err
	}
	if why := e.charge(fileCost + stepCost*strings.Count(name, "/")); why != "" {
		return "", 0, noAnswer{cause: gaveUp("file", why)}
	}
	info, err := fs.Stat(e.FS, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, fmt.Errorf("no file exists at %q: %w", p, fs.ErrNotExist)
	case err != nil:
		return "", 0, noAnswer{cause: outside + " or not readable"}
	case info.IsDir():
		return "", 0, function.NewArgErrorf(0, "%q is a directory, not a file", p)
	case !info.Mode().IsRegular():
		return "", 0, noAnswer{cause: "a file that is not a regular one"}
	}
	return name, info.Size(), nil
}

// The cost of files, in addition to their bytes.
const (
	fileCost  = 100 // finding and opening a file
	stepCost  = 40  // each directory above it: all are opened, one after the other
	entryCost = 20  // examining a directory entry
)

func (e *env) read(p string) ([]byte, error) {
	name, size, err := e.stat(p)
	if err != nil {
		return nil, err
	}
	if size > maxText {
		return nil, noAnswer{cause: gaveUp("file", tooLong)}
	}
	if why := e.charge(int(size) / bytesAUnit); why != "" {
		return nil, noAnswer{cause: gaveUp("file", why)}
	}
	f, err := e.FS.Open(name)
	if err != nil {
		return nil, noAnswer{cause: outside + " or not readable"}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxText+1))
	switch {
	case err != nil:
		return nil, noAnswer{cause: "a file that cannot be read"}
	case len(b) > maxText:
		return nil, noAnswer{cause: gaveUp("file", tooLong)}
	}
	return b, nil
}

// A globResult is kept, because loops ask for the same files repeatedly.
type globResult struct {
	files cty.Value
	err   error
}

func filesetFunc(e *env) function.Function {
	return textFunc(cty.Set(cty.String), func(s ...string) (cty.Value, error) {
		key := s[0] + "\x00" + s[1]
		if r, ok := e.globs[key]; ok {
			return r.files, r.err
		}
		var r globResult
		r.files, r.err = e.glob(s[0], s[1])
		if e.globs == nil {
			e.globs = make(map[string]globResult)
		}
		e.globs[key] = r
		return r.files, r.err
	}, "path", "pattern")
}

// glob finds regular files, named relative to dir.
func (e *env) glob(dir, pattern string) (cty.Value, error) {
	base, err := e.locate(dir)
	if err != nil {
		return cty.NilVal, err
	}
	joined := path.Join(base, pattern)
	if !fs.ValidPath(joined) || len(pattern) > maxPattern {
		return cty.NilVal, noAnswer{cause: outside}
	}
	if !doublestar.ValidatePattern(joined) {
		return cty.NilVal, function.NewArgErrorf(1, "failed to glob pattern %q", pattern)
	}
	if braces(joined) > maxBraces {
		return cty.NilVal, noAnswer{cause: gaveUp("fileset", "too many braces")}
	}
	look := &countFS{FS: e.FS}
	defer func() { e.Budget.Spend(entryCost * look.entries) }()
	var files []cty.Value
	err = doublestar.GlobWalk(look, joined, func(name string, d fs.DirEntry) error {
		info, err := fs.Stat(look, name)
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		files = append(files, cty.StringVal(relative(base, name)))
		return nil
	})
	switch {
	case look.refused != nil:
		return cty.NilVal, noAnswer{cause: look.refused.Error()}
	case err != nil:
		return cty.NilVal, function.NewArgErrorf(1, "failed to glob pattern %q", pattern)
	case len(files) == 0:
		return cty.SetValEmpty(cty.String), nil
	}
	return cty.SetVal(files), nil
}

// braces returns an upper estimate of the number of patterns that {a,b} groups stand
// for.
func braces(pattern string) int {
	total := 1
	for _, group := range strings.Split(pattern, "{")[1:] {
		total = times(total, 1+strings.Count(group, ","))
	}
	return times(total, 1)
}

// relative returns the path from one clean path to another below the same root.
func relative(from, to string) string {
	if from == "." {
		return to
	}
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)) + strings.Join(b, "/")
}

// countFS records what a walk could not read, and ends the walk after maxGlob
// entries.
type countFS struct {
	fs.FS
	entries int
	refused error
}

func (c *countFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if c.entries > maxGlob {
		return nil, fs.SkipAll
	}
	list, err := fs.ReadDir(c.FS, name)
	c.note(err)
	steps := 1 + strings.Count(name, "/")/8 // deep paths take longer to examine
	if c.entries += (len(list) + 1) * steps; c.entries > maxGlob {
		c.refused = noAnswer{cause: gaveUp("fileset", "too many files")}
		return nil, fs.SkipAll
	}
	return list, err
}

func (c *countFS) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(c.FS, name)
	c.note(err)
	return info, err
}

// note keeps a refusal: a link that leaves the repository, an unreadable directory.
// A missing file is simply not found.
func (c *countFS) note(err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return
	}
	if c.refused == nil {
		c.refused = noAnswer{cause: outside + " or not readable"}
	}
}
