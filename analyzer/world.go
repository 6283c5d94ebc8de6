package analyzer

import (
	"sync"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"
)

// A World holds a condition's inputs other than the resources: the day, the
// provider defaults for unset attributes, and the facts about the account. It
// caches results that several conditions share. A World may be used by several
// goroutines.
type World struct {
	Today time.Time
	Facts []Fact

	defaults  map[string][]*Default // by type
	documents sync.Map              // text to parsed document
	links     sync.Map              // linkKey to *linkIndex
	memos     sync.Map              // memoKey to the result of View.Memo
}

// NewWorld returns a World for a day, a table of defaults and account facts.
func NewWorld(today time.Time, defaults []*Default, facts []Fact) *World {
	w := &World{Today: today, Facts: facts, defaults: map[string][]*Default{}}
	for _, d := range defaults {
		w.defaults[d.Type] = append(w.defaults[d.Type], d)
	}
	return w
}

// View is the view of a whole resource.
func (w *World) View(r *Resource) *View {
	return &View{world: w, res: r, base: r.Values()}
}

// Today is the day of the run.
func (v *View) Today() time.Time { return v.world.Today }

// defaultOf finds the row of the defaults table.
func (w *World) defaultOf(typ string, path Path) *Default {
	name := path.String()
	for _, d := range w.defaults[typ] {
		if d.Path == name && !w.Today.Before(d.Since) {
			return d
		}
	}
	return nil
}

// applyDefault gives an unset leaf the default of the provider or the account.
func (v *View) applyDefault(l *Leaf, d *Default) {
	l.Default = d
	if d.Value != cty.NilVal {
		l.Value = d.Value
	} else {
		l.Value = cty.DynamicVal
	}
	if f := v.Fact(d.Fact); f != nil {
		l.Value, l.Fact = d.AccountValue, f
		return
	}
	if d.Account == nil {
		return
	}
	switch o := d.Account.judge(v); {
	case o.Verdict == Pass:
		l.Value = d.AccountValue
	case o.Verdict == Unknown && len(v.accountResources(d.Account)) > 0:
		l.Value = cty.DynamicVal
	}
}

// Fact finds the account fact with an id that applies to the view's resource;
// nil where the configuration file states none.
func (v *View) Fact(id string) *Fact {
	if id == "" {
		return nil
	}
	for i := range v.world.Facts {
		f := &v.world.Facts[i]
		if f.ID == id && f.holdsIn(v.res) {
			return f
		}
	}
	return nil
}

func (f *Fact) holdsIn(r *Resource) bool {
	return MatchesPath(f.Roots, r.Root.Dir) && MatchesAny(f.Regions, r.Provider.Region) && r.Root.InEnvironment(f.Environments)
}

// MatchesPath reports whether a glob matches a path with slashes, or there are no
// globs. Globs are those of doublestar: a star stays within a directory.
func MatchesPath(globs []string, name string) bool {
	for _, g := range globs {
		if doublestar.MatchUnvalidated(g, name) {
			return true
		}
	}
	return len(globs) == 0
}

// MatchesAny reports whether a pattern matches, or there are none.
func MatchesAny(globs []string, s string) bool {
	for _, g := range globs {
		if Glob(g, s) {
			return true
		}
	}
	return len(globs) == 0
}
