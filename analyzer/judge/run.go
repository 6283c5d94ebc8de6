// Package judge judges resources by checks. A Report has the findings, the
// duties of the customer with their states, and the suppressions and
// attestations in use.
package judge

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/crew"
)

// Options are the inputs of a run other than resources and checks.
type Options struct {
	Today        time.Time // dated rules, expiry
	Catalogue    analyzer.Catalogue
	Defaults     []*analyzer.Default
	Facts        []analyzer.Fact
	Severities   map[string]analyzer.Severity // by check id; replaces the row's
	Suppressions []*analyzer.Suppression      // of the configuration file
	Attestations []*Attestation               // likewise
	Teams        Teams
	Partial      bool // checks were left out: unused suppressions cannot be determined
	All          bool // keep passes and n/a as findings too

	// Keep selects the findings to report, before the findings of several
	// environments are merged; nil: all.
	Keep func(*Finding) bool
}

// Run judges each resource by each check on its type, and each provider
// configuration by the account checks. Findings come sorted by root, file,
// line, check and address: the same input gives the same report.
func Run(ctx context.Context, set *analyzer.Set, checks []*analyzer.Check, opt Options) *Report {
	run := newRunner(checks, opt)
	rep := &Report{Coverage: set.Coverage, Diags: set.Diags, making: making{ledger: newLedger()}}
	for _, root := range set.Roots {
		run.root(ctx, root, rep)
	}
	rep.finish(run)
	return rep
}

// runner holds the state shared within one run.
type runner struct {
	*analyzer.World
	opt      Options
	checks   map[string][]*analyzer.Check // by type key
	columns  sync.Map                     // columnKey to *[layers]Cell
	teams    sync.Map                     // *Resource, nil for a service, to the matching rules of teams
	accepted *acceptor                    // suppressions of the configuration file
}

func newRunner(checks []*analyzer.Check, opt Options) *runner {
	run := &runner{World: analyzer.NewWorld(opt.Today, opt.Defaults, opt.Facts), opt: opt, checks: map[string][]*analyzer.Check{}, accepted: newAcceptor(opt.Suppressions, opt.Today)}
	for _, c := range checks {
		for _, typ := range c.On {
			run.checks[typ] = append(run.checks[typ], c)
		}
	}
	return run
}

// A result is one check judged on one resource.
type result struct {
	check   *analyzer.Check
	outcome analyzer.Outcome
	prior   analyzer.Verdict // NotApplicable where there is no prior state
}

// A judgement is the result of a run for one resource.
type judgement struct {
	res       *analyzer.Resource
	placement placement
	results   []result
	findings  []*Finding
	owed      [analyzer.LayerCount]*Responsibility // responsibility for the layers with findings; nil: none yet
}

// root judges one root: resources in parallel, the report in order.
func (run *runner) root(ctx context.Context, root *analyzer.Root, rep *Report) {
	all := make([]judgement, len(root.Resources))
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
	rep.ledger.addPrincipals(run, all)
	acceptors := []*acceptor{newAcceptor(root.Suppressions, run.opt.Today), run.accepted}
	for i := range all {
		rep.add(run, root, acceptors, &all[i])
	}
	rep.keep(root.Suppressions)
}

// resource judges one resource by its checks.
func (run *runner) resource(r *analyzer.Resource) judgement {
	v := run.View(r)
	j := judgement{res: r, placement: run.classify(v)}
	if r.Deposed || r.Action == analyzer.Forget {
		return j
	}
	for _, c := range run.checks[analyzer.TypeKey(r.Mode, r.Type)] {
		if r.Action == analyzer.Delete && !c.JudgesDeletes() {
			continue
		}
		res := result{check: c, outcome: run.judge(c, v, &j.placement), prior: analyzer.NotApplicable}
		if r.Prior != nil && r.Action != analyzer.Delete {
			res.prior = run.before(c, r.Prior)
		}
		j.results = append(j.results, res)
		j.findings = append(j.findings, run.findings(&j, res)...)
	}
	return j
}

// before is the verdict on the prior state of a resource.
func (run *runner) before(c *analyzer.Check, prior *analyzer.Resource) analyzer.Verdict {
	v := run.View(prior)
	place := run.classify(v)
	return run.judge(c, v, &place).Verdict
}

// judge is max(-when, want), where when includes the customer's ownership of
// the layer.
func (run *runner) judge(c *analyzer.Check, v *analyzer.View, place *placement) analyzer.Outcome {
	when := analyzer.Outcome{Verdict: analyzer.Pass}
	if len(place.models) > 0 {
		when = place.owned(run, c.Layer)
	}
	if c.When != nil && when.Verdict != analyzer.Fail {
		when = when.And(v.Judge(c.When))
	}
	if when.Verdict == analyzer.Fail {
		return analyzer.Outcome{Verdict: analyzer.NotApplicable, Witnesses: when.Witnesses}
	}
	want := v.Judge(c.Want)
	if when.Verdict == analyzer.Pass || want.Verdict == analyzer.Pass {
		return want
	}
	if want.Verdict == analyzer.Fail {
		return when
	}
	return analyzer.Outcome{Verdict: analyzer.Unknown, Witnesses: append(want.Witnesses[:len(want.Witnesses):len(want.Witnesses)], when.Witnesses...)}
}

func (run *runner) severity(c *analyzer.Check) analyzer.Severity {
	if s, ok := run.opt.Severities[c.ID]; ok {
		return s
	}
	return c.Severity
}
