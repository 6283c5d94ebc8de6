package analyzer

import (
	"context"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"

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
	Attestations []*Attestation      // likewise
	Teams        Teams
	Partial      bool // checks were left out: unused suppressions cannot be told
	All          bool // keep passes and n/a as findings too

	// Keep picks the findings that are reported, before those of several
	// environments are put together; nil: all.
	Keep func(*Finding) bool
}

// Run judges each resource by each check on its type, and each provider
// configuration by the account checks. Findings come sorted by root, file,
// line, check and address: the same input gives the same report.
func Run(ctx context.Context, set *Set, checks []*Check, opt Options) *Report {
	run := newRunner(checks, opt)
	rep := &Report{Coverage: set.Coverage, Diags: set.Diags, making: making{ledger: newLedger()}}
	for _, root := range set.Roots {
		run.root(ctx, root, rep)
	}
	rep.finish(run)
	return rep
}

// runner holds what the judging of one run shares.
type runner struct {
	*World
	opt      Options
	checks   map[string][]*Check // by type key
	columns  sync.Map            // of columnKey to *[layers]Cell
	teams    sync.Map            // of *Resource, nil for a service, to the rules of teams that fit it
	accepted *acceptor           // of the configuration file
}

func newRunner(checks []*Check, opt Options) *runner {
	run := &runner{World: NewWorld(opt.Today, opt.Defaults, opt.Facts), opt: opt, checks: map[string][]*Check{}, accepted: newAcceptor(opt.Suppressions, opt.Today)}
	for _, c := range checks {
		for _, typ := range c.On {
			run.checks[typ] = append(run.checks[typ], c)
		}
	}
	return run
}

// A result is one check judged on one resource.
type result struct {
	check   *Check
	outcome Outcome
	prior   Verdict // NotApplicable where there was none
}

// judged is all that a run has to say of one resource.
type judged struct {
	res      *Resource
	place    placement
	results  []result
	findings []*Finding
	owed     [LayerCount]*Responsibility // of the layers with findings; nil: none yet
}

// root judges one root: resources in parallel, the report in order.
func (run *runner) root(ctx context.Context, root *Root, rep *Report) {
	all := make([]judged, len(root.Resources))
	const chunk = 64
	var next atomic.Int64
	var wg crew.Group
	for range min(runtime.GOMAXPROCS(0), len(all)/chunk+1) {
		wg.Go(func() {
			for ctx.Err() == nil {
				end := int(next.Add(chunk))
				for i := end - chunk; i < min(end, len(all)); i++ {
					all[i] = run.resource(root.Resources[i])
				}
				if end >= len(all) {
					return
				}
			}
		})
	}
	wg.Wait()
	rep.ledger.open(run, all)
	acceptors := []*acceptor{newAcceptor(root.Suppressions, run.opt.Today), run.accepted}
	for i := range all {
		rep.add(run, root, acceptors, &all[i])
	}
	rep.keep(root.Suppressions)
}

// resource judges one resource by its checks.
func (run *runner) resource(r *Resource) judged {
	v := run.View(r)
	j := judged{res: r, place: run.place(v)}
	if r.Deposed || r.Action == Forget {
		return j
	}
	for _, c := range run.checks[typeKey(r.Mode, r.Type)] {
		if r.Action == Delete && !c.judgesDeletes() {
			continue
		}
		res := result{check: c, outcome: run.judge(c, v, &j.place), prior: NotApplicable}
		if r.Prior != nil && r.Action != Delete {
			res.prior = run.before(c, r.Prior)
		}
		j.results = append(j.results, res)
		j.findings = append(j.findings, run.findings(&j, res)...)
	}
	return j
}

// before is the verdict on a resource as it was.
func (run *runner) before(c *Check, prior *Resource) Verdict {
	v := run.View(prior)
	place := run.place(v)
	return run.judge(c, v, &place).Verdict
}

// judge is max(-when, want), with the customer's ownership of the layer as a
// part of when.
func (run *runner) judge(c *Check, v *View, place *placement) Outcome {
	when := Outcome{Verdict: Pass}
	if len(place.models) > 0 {
		when = place.owned(run, c.Layer)
	}
	if c.When != nil && when.Verdict != Fail {
		when = when.and(v.Judge(c.When))
	}
	if when.Verdict == Fail {
		return Outcome{Verdict: NotApplicable, Witnesses: when.Witnesses}
	}
	want := v.Judge(c.Want)
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

func sortFindings(findings []*Finding) {
	sort.SliceStable(findings, func(i, j int) bool { return findings[i].before(findings[j]) })
}
