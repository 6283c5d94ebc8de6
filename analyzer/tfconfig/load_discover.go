package tfconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// discover finds the directories with configuration below the paths. It skips
// directories that terraform init installs and hidden directories, unless they are
// named.
func (l *loader) discover() error {
	found := map[string]bool{}
	l.named = map[string]bool{}
	for _, p := range l.opt.Paths {
		p = path.Clean(p)
		l.named[p] = true
		err := fs.WalkDir(l.opt.FS, p, func(name string, e fs.DirEntry, err error) error {
			return l.visit(found, p, name, e, err)
		})
		var much tooMuchError
		if errors.As(err, &much) {
			return much
		}
		if err != nil {
			return fmt.Errorf("read %s: %s", p, reason(err))
		}
	}
	l.dirs = sortedKeys(found)
	return nil
}

func (l *loader) visit(found map[string]bool, start, name string, e fs.DirEntry, err error) error {
	if l.entries += steps(name, e); l.entries > mostEntries {
		return tooMuch("%d files and directories, each counted once for every directory scanned that contains it", mostEntries)
	}
	if err != nil {
		if name == start {
			return err
		}
		l.unreadable(name, err)
		return nil
	}
	if e.IsDir() {
		hidden := strings.HasPrefix(e.Name(), ".") && e.Name() != "."
		if name != start && (hidden || l.excluded(name)) {
			return fs.SkipDir
		}
		return nil
	}
	if e.Type()&fs.ModeSymlink != 0 {
		l.link(found, name)
		return nil
	}
	if isConfig(name) && !l.excluded(name) {
		found[path.Dir(name)] = true
		if l.configs++; l.configs > mostFiles {
			return tooMuch("%d files of configuration", mostFiles)
		}
	}
	return nil
}

// steps returns the cost of examining a name: a file is opened from the root of the
// file system, one directory after the other, so that no link in between leads out
// of it.
func steps(name string, e fs.DirEntry) int {
	if e == nil || e.IsDir() || isConfig(name) {
		return 1 + strings.Count(name, "/")
	}
	return 1
}

// link examines a symbolic link. A file in the repository is read as any other; a
// directory is not followed, because it is found at its own path.
func (l *loader) link(found map[string]bool, name string) {
	if l.excluded(name) {
		return
	}
	info, err := fs.Stat(l.opt.FS, name)
	switch {
	case err != nil && (isConfig(name) || strings.Contains(err.Error(), "escapes")):
		l.links = append(l.links, analyzer.Unresolved{
			Kind: "file", Name: name, Reason: reason(err), Range: fileRange(name),
		})
	case err == nil && !info.IsDir() && isConfig(name):
		found[path.Dir(name)] = true
	}
}

func (l *loader) unreadable(name string, err error) {
	l.broken = true
	l.links = append(l.links, analyzer.Unresolved{Kind: "file", Name: name, Reason: reason(err), Range: fileRange(name)})
}

func fileRange(name string) hcl.Range {
	return hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
}

// An exclusion is a glob of excluded names, with its literal prefix.
type exclusion struct{ glob, base string }

func exclusions(globs []string) []exclusion {
	var all []exclusion
	for _, glob := range globs {
		glob = strings.TrimSuffix(path.Clean(glob), "/")
		base, _ := doublestar.SplitPattern(glob)
		all = append(all, exclusion{glob, base})
	}
	return all
}

func (l *loader) excluded(name string) bool {
	for _, e := range l.exclude {
		if e.base != "." && !strings.HasPrefix(name, e.base) {
			continue
		}
		if ok, _ := doublestar.Match(e.glob, name); ok {
			return true
		}
		if ok, _ := doublestar.Match(e.glob+"/**", name); ok {
			return true
		}
	}
	return false
}

// roots picks the directories to evaluate: those named, and those that no module
// calls.
func (l *loader) roots() []rootDir {
	callers := l.callers()
	affected := l.affected(callers)
	var roots []rootDir
	for _, dir := range l.dirs {
		if affected != nil && !affected[dir] && !l.takesChanged(dir) {
			continue
		}
		if len(callers[dir]) > 0 && !l.named[dir] {
			continue
		}
		if mod := l.module(dir); mod != nil {
			roots = append(roots, rootDir{dir: dir, library: l.isLibrary(mod)})
		}
	}
	sort.Slice(roots, func(i, j int) bool { return roots[i].dir < roots[j].dir })
	return roots
}

// callers maps a directory to the directories whose modules call it by a local path.
func (l *loader) callers() map[string][]string {
	callers := map[string][]string{}
	for _, dir := range l.dirs {
		mod := l.module(dir)
		if mod == nil {
			continue
		}
		for _, call := range mod.calls {
			if source := callSource(call); isLocal(source) {
				if to, inside := localDir(dir, source); inside && to != dir {
					callers[to] = append(callers[to], dir)
				}
			}
		}
	}
	return callers
}

// affected returns the directories that changed files can affect: the files' own,
// and their callers' transitively. Nil: all.
func (l *loader) affected(callers map[string][]string) map[string]bool {
	if l.opt.Changed == nil {
		return nil
	}
	affected := map[string]bool{}
	var up func(dir string)
	up = func(dir string) {
		if affected[dir] {
			return
		}
		affected[dir] = true
		for _, caller := range callers[dir] {
			up(caller)
		}
	}
	for _, name := range l.opt.Changed {
		// A file other than configuration (a policy, a template) belongs to the
		// nearest module above it.
		dir := path.Dir(name)
		for dir != "." && !l.has(dir) {
			dir = path.Dir(dir)
		}
		up(dir)
	}
	return affected
}

func (l *loader) has(dir string) bool {
	i := sort.SearchStrings(l.dirs, dir)
	return i < len(l.dirs) && l.dirs[i] == dir
}

// isLibrary distinguishes a module that needs its callers' inputs from a module that
// can be applied: a backend, a lock file, variable files, a configured provider, or
// the absence of required variables makes it a root.
func (l *loader) isLibrary(mod *module) bool {
	if mod.state || len(mod.providers) > 0 || len(autoFiles(l.opt.FS, mod.dir)) > 0 {
		return false
	}
	if _, err := fs.Stat(l.opt.FS, path.Join(mod.dir, ".terraform.lock.hcl")); err == nil {
		return false
	}
	for _, v := range mod.variables {
		if v.body.attr("default") == nil {
			return true
		}
	}
	return false
}
