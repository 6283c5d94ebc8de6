package analyzer

import (
	"context"
	"runtime"
	"sort"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/internal/crew"
)

// Options is what a run needs beside resources and checks.
type Options struct {
	Today        time.Time // dated rules, expiry
	Catalogue    Catalogue
	Defaults     []*Default
	Facts        []Fact
	Severities   map[string]Severity // by check id, in place of the row's
	Suppressions []*Suppression      // of the configuration file
	Partial      bool                // checks were left out: unused suppressions cannot be told
	All          bool                // keep passes and n/a as findings too
}

// Run judges each resource by each check on its type, and each provider
// configuration by the account checks. Findings come sorted by root, file,
// line, check and address: the same input gives the same report.
func Run(ctx context.Context, set *Set, checks []*Check, opt Options) *Report {
	run := newRunner(checks, opt)
	rep := &Report{Coverage: set.Coverage, Diags: set.Diags}
	for _, root := range set.Roots {
		run.root(ctx, root, rep)
	}
	rep.finish(run)
	return rep
}

// runner holds what the judging of one run shares.
type runner struct {
	opt       Options
	checks    map[string][]*Check // by type key
	documents sync.Map            // of text to parsed document
	defaults  map[string][]*Default
}

func newRunner(checks []*Check, opt Options) *runner {
	run := &runner{opt: opt, checks: map[string][]*Check{}, defaults: map[string][]*Default{}}
	for _, c := range checks {
		for _, typ := range c.On {
			run.checks[typ] = append(run.checks[typ], c)
		}
	}
	for _, d := range opt.Defaults {
		run.defaults[d.Type] = append(run.defaults[d.Type], d)
	}
	return run
}

// A result is one check judged on one resource.
type result struct {
	check   *Check
	res     *Resource
	model   Model
	outcome Outcome
	prior   Verdict // NotApplicable where there was none
}

// root judges one root: resources in parallel, results in order.
func (run *runner) root(ctx context.Context, root *Root, rep *Report) {
	results := make([][]result, len(root.Resources))
	var next sync.Mutex
	const chunk = 64
	from := 0
	take := func() (int, int) {
		next.Lock()
		defer next.Unlock()
		start := from
		from = min(from+chunk, len(root.Resources))
		return start, from
	}
	var wg crew.Group
	for range min(runtime.GOMAXPROCS(0), len(root.Resources)/chunk+1) {
		wg.Go(func() {
			for start, end := take(); start < end && ctx.Err() == nil; start, end = take() {
				for i := start; i < end; i++ {
					results[i] = run.resource(root.Resources[i])
				}
			}
		})
	}
	wg.Wait()
	for i, r := range root.Resources {
		rep.add(run, root, r, results[i])
	}
	rep.keep(root.Suppressions)
}

// resource judges one resource by its checks.
func (run *runner) resource(r *Resource) []result {
	checks := run.checks[typeKey(r.Mode, r.Type)]
	if len(checks) == 0 || r.Deposed || r.Action == Forget {
		return nil
	}
	v := run.view(r)
	model := run.model(v)
	var results []result
	for _, c := range checks {
		if r.Action == Delete && !c.judgesDeletes() {
			continue
		}
		res := result{check: c, res: r, model: model, outcome: run.judge(c, v), prior: NotApplicable}
		if r.Prior != nil && r.Action != Delete {
			res.prior = run.judge(c, run.view(r.Prior)).Verdict
		}
		results = append(results, res)
	}
	return results
}

// judgesDeletes reports whether the check is about what a plan destroys.
func (c *Check) judgesDeletes() bool { return mentionsDelete(c.When) }

func mentionsDelete(c Cond) bool {
	switch c := c.(type) {
	case actionCond:
		for _, a := range c {
			if a == Delete {
				return true
			}
		}
	case all:
		return anyMentionsDelete(c)
	case anyOf:
		return anyMentionsDelete(c)
	}
	return false
}

func anyMentionsDelete(conds []Cond) bool {
	for _, c := range conds {
		if mentionsDelete(c) {
			return true
		}
	}
	return false
}

// model is the service model of a resource; empty where its values hide it or
// it is not classified.
func (run *runner) model(v *View) Model {
	models, _ := run.opt.Catalogue.possible(v)
	if len(models) != 1 {
		return UnknownModel
	}
	return models[0]
}

// judge is max(-when, want), with the customer's ownership of the layer as a
// part of when.
func (run *runner) judge(c *Check, v *View) Outcome {
	when := run.opt.Catalogue.owned(v, c.Layer)
	if c.When != nil && when.Verdict != Fail {
		when = when.and(c.When.judge(v))
	}
	if when.Verdict == Fail {
		return Outcome{Verdict: NotApplicable, Witnesses: when.Witnesses}
	}
	want := c.Want.judge(v)
	if when.Verdict == Pass || want.Verdict == Pass {
		return want
	}
	if want.Verdict == Fail {
		return when
	}
	return Outcome{Verdict: Unknown, Witnesses: append(want.Witnesses[:len(want.Witnesses):len(want.Witnesses)], when.Witnesses...)}
}

func (run *runner) severity(c *Check) Severity {
	if s, ok := run.opt.Severities[c.ID]; ok {
		return s
	}
	return c.Severity
}

// defaultOf finds the row of the defaults table.
func (run *runner) defaultOf(typ string, path Path) *Default {
	name := path.String()
	for _, d := range run.defaults[typ] {
		if d.Path == name && !run.opt.Today.Before(d.Since) {
			return d
		}
	}
	return nil
}

// applyDefault gives an unset leaf what the provider, or the account, makes
// of it.
func (run *runner) applyDefault(v *View, l *Leaf, d *Default) {
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

// Fact finds the account fact of an id that holds for the view's resource; nil
// where the configuration file states none.
func (v *View) Fact(id string) *Fact {
	if id == "" {
		return nil
	}
	for i := range v.run.opt.Facts {
		f := &v.run.opt.Facts[i]
		if f.ID == id && f.holdsIn(v.res) {
			return f
		}
	}
	return nil
}

func (f *Fact) holdsIn(r *Resource) bool {
	return matchesAny(f.Roots, r.Root.Dir) && matchesAny(f.Regions, r.Provider.Region)
}

func matchesAny(globs []string, s string) bool {
	for _, g := range globs {
		if glob(g, s) {
			return true
		}
	}
	return len(globs) == 0
}

// accountResources lists the resources that an Exists condition would judge.
func (v *View) accountResources(c Cond) []*Resource {
	if e, ok := c.(exists); ok {
		return v.All(e.typ)
	}
	return nil
}

// Today is the day of the run.
func (v *View) Today() time.Time { return v.run.opt.Today }

func sortFindings(findings []*Finding) {
	sort.SliceStable(findings, func(i, j int) bool { return findings[i].before(findings[j]) })
}
