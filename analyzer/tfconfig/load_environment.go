package tfconfig

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// An Environment is a set of values that roots are evaluated with.
type Environment struct {
	Name      string
	Roots     []string // doublestar globs of root directories; empty: every root
	VarFiles  []string // relative to the root; the later wins
	Workspace string   // terraform.workspace; empty: as without an environment
}

// inEnvironments assigns to each root the environments that name it. A root that
// lacks a file of an environment is not evaluated there, and a note says so; a root
// without any environment left is evaluated without one, so that every root is read.
func (l *loader) inEnvironments(roots []rootDir) []rootDir {
	var all []rootDir
	for _, r := range roots {
		in := l.environmentsOf(r)
		if len(in) == 0 && !l.opt.Only {
			in = []rootDir{r}
		}
		all = append(all, in...)
	}
	l.nameless(roots)
	return all
}

// nameless adds a note for each environment that names no root, if everything that
// it can name was scanned.
func (l *loader) nameless(roots []rootDir) {
	for i := range l.opt.Environments {
		e := &l.opt.Environments[i]
		named := slices.ContainsFunc(roots, func(r rootDir) bool { return e.names(r.dir) })
		if !named && l.opt.Changed == nil && !slices.ContainsFunc(e.Roots, l.looksPast) {
			l.leaveOut(e, "", "it names no root module")
		}
	}
}

// looksPast reports whether a glob may match directories outside of the paths.
func (l *loader) looksPast(glob string) bool {
	base, _ := doublestar.SplitPattern(glob)
	return !slices.ContainsFunc(l.opt.Paths, func(p string) bool {
		p = path.Clean(p)
		return p == "." || base == p || strings.HasPrefix(base, p+"/")
	})
}

func (l *loader) leaveOut(e *Environment, dir, why string) {
	l.links = append(l.links, analyzer.Unresolved{
		Kind: "environment", Name: "environment " + e.Name, Range: hcl.Range{Filename: dir}, Reason: why,
		Environments: []string{e.Name},
	})
}

func (l *loader) environmentsOf(r rootDir) []rootDir {
	root := !r.library || l.given(r.dir)
	var in []rootDir
	for i := range l.opt.Environments {
		e := &l.opt.Environments[i]
		if !e.names(r.dir) {
			continue
		}
		switch why := l.lacks(r.dir, e); {
		case why == "" && root:
			in = append(in, rootDir{dir: r.dir, environment: e})
		case why != "" && (root || len(e.Roots) > 0):
			l.leaveOut(e, r.dir, why)
		}
	}
	return in
}

// given reports whether an environment appears to have values for this directory
// alone: it names the directory, or looks for its files in it. A module that looks
// like a library, because it needs values, is then a root.
func (l *loader) given(dir string) bool {
	within := func(file string) bool { return !outside(path.Clean(file)) }
	return slices.ContainsFunc(l.opt.Environments, func(e Environment) bool {
		return len(e.VarFiles) > 0 && (len(e.Roots) > 0 || slices.ContainsFunc(e.VarFiles, within)) &&
			e.names(dir) && l.lacks(dir, &e) == ""
	})
}

// names reports whether the environment has the directory among its roots.
func (e *Environment) names(dir string) bool {
	for _, g := range e.Roots {
		if ok, _ := doublestar.Match(g, dir); ok {
			return true
		}
	}
	return len(e.Roots) == 0
}

// lacks returns the file of the environment that the root does not have; empty: it
// has all files. A file that exists and cannot be read is reported when it is read.
func (l *loader) lacks(dir string, e *Environment) string {
	for _, name := range e.VarFiles {
		file := path.Join(dir, name)
		if outside(file) {
			return "outside of the repository: " + name
		}
		if _, err := fs.Stat(l.opt.FS, file); errors.Is(err, fs.ErrNotExist) {
			return "no file " + name
		}
	}
	return ""
}

// outside reports whether a clean path leads out of its starting directory.
func outside(file string) bool { return file == ".." || strings.HasPrefix(file, "../") }

// takesChanged reports whether an environment gives the root values from a
// file that changed.
func (l *loader) takesChanged(dir string) bool {
	for i := range l.opt.Environments {
		e := &l.opt.Environments[i]
		for _, name := range e.VarFiles {
			if e.names(dir) && slices.Contains(l.opt.Changed, path.Join(dir, name)) {
				return true
			}
		}
	}
	return false
}

// notes returns what limits the view of the root.
func (r *evaluated) notes() []analyzer.Unresolved {
	if r.root.Environment != "" {
		for i := range r.unresolved {
			r.unresolved[i].Environments = []string{r.root.Environment}
		}
	}
	return r.unresolved
}

// onceUnresolved merges notes that several roots and environments share.
func onceUnresolved(list []analyzer.Unresolved) []analyzer.Unresolved {
	type what struct {
		kind, name, reason string
		at                 hcl.Range
		somewhere          bool // in an environment
	}
	var kept []analyzer.Unresolved
	at := map[what]int{}
	for _, u := range list {
		key := what{u.Kind, u.Name, u.Reason, u.Range, len(u.Environments) > 0}
		i, known := at[key]
		if !known {
			at[key] = len(kept)
			kept = append(kept, u)
			continue
		}
		names := slices.Concat(kept[i].Environments, u.Environments)
		slices.Sort(names)
		kept[i].Environments = slices.Compact(names)
	}
	return kept
}
