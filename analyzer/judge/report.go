package judge

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// A Report is the result of a run, ready for output.
type Report struct {
	Coverage  analyzer.Coverage
	Diags     hcl.Diagnostics
	Resources []Classified
	Findings  []*Finding // fail and unknown; with Options.All pass and n/a too
	Closed    []Closed   // gaps that a plan closes
	Duties    []*Duty
	// Organisation gives the state of the organisation's objectives, which
	// belong to no resource; in the catalogue's order.
	Organisation []OrganisationDuty

	making
}

// making is the working state while a report is built.
type making struct {
	seen   []*analyzer.Suppression // demarc's own, in order
	used   map[hcl.Range]bool
	partly map[string]bool // environments that were not evaluated in some root: see leftOut
	ledger ledger
}

// Classified is a resource with its position in the responsibility model.
type Classified struct {
	*analyzer.Resource
	Service      *analyzer.Service  // nil: not classified
	Model        analyzer.Model     // empty: not known
	Because      []analyzer.Cause   // why the model is unknown; nil: it is known
	Principal    *analyzer.Resource // the principal to which it contributes gaps and evidence; nil: the service
	Team         string             // the team responsible, regardless of layer; empty: nobody is named
	Environments []string           // environments that contain it; empty: the root has none
	Range        hcl.Range
}

// Closed is a gap in the prior state that the plan closes.
type Closed struct {
	Check    *analyzer.Check
	Resource *analyzer.Resource
}

// add adds the judgement of one resource to the report.
func (rep *Report) add(run *runner, root *analyzer.Root, acceptors []*acceptor, j *judgement) {
	r := j.res
	if r.Mode != analyzer.Account {
		at := r.RangeAt(nil)
		rep.Resources = append(rep.Resources, Classified{
			Resource: r, Service: j.placement.service, Model: j.placement.model(), Because: j.placement.because(), Principal: j.placement.principal,
			Team: run.team("", j.placement.service, r), Environments: root.Environments(), Range: at,
		})
	}
	for _, res := range j.results {
		if res.prior == analyzer.Fail && res.outcome.Verdict == analyzer.Pass && run.keeps(j, res) {
			rep.Closed = append(rep.Closed, Closed{res.check, r})
		}
		rep.ledger.addResult(j, res)
	}
	for _, f := range j.findings {
		rep.Findings = append(rep.Findings, f)
		rep.suppress(acceptors, run.opt.Today, f)
	}
}

// keeps reports whether the caller picks the finding of a pass.
func (run *runner) keeps(j *judgement, res result) bool {
	return run.opt.Keep == nil || run.opt.Keep(run.finding(j, res, witnesses(j.res, res)[0]))
}

// suppress marks a gap that a suppression accepts: the first suppression in the
// source, else in the configuration file.
func (rep *Report) suppress(acceptors []*acceptor, today time.Time, f *Finding) {
	for _, a := range acceptors {
		var first *candidate
		a.covering(f, func(c candidate) {
			rep.use(c.Suppression)
			if c.Accepts(today) && (first == nil || c.order < first.order) {
				first = &c
			}
		})
		if first != nil && f.Verdict == analyzer.Fail && f.Suppressed == nil {
			f.Suppressed = first.Suppression
		}
	}
}

func (rep *Report) use(s *analyzer.Suppression) {
	if rep.used == nil {
		rep.used = map[hcl.Range]bool{}
	}
	rep.used[s.Range] = true
}

// keep records demarc's own suppressions. Whether one is unused is known only
// when every root has been judged, as several roots may call a module.
func (rep *Report) keep(suppressions []*analyzer.Suppression) {
	for _, s := range suppressions {
		if s.IsOwn() {
			rep.seen = append(rep.seen, s)
		}
	}
}

// finish adds the findings about suppressions and sorts.
func (rep *Report) finish(run *runner) {
	rep.keep(run.opt.Suppressions)
	done := map[hcl.Range]bool{}
	for _, s := range rep.seen {
		if done[s.Range] || s.Installed {
			continue
		}
		if c := rep.faultOf(s, run); c != nil {
			rep.Findings = append(rep.Findings, run.remark(c, s.Range, strings.Join(s.Checks, ","), strings.Join(s.Checks, ", ")))
		}
		done[s.Range] = true
	}
	rep.Duties = rep.ledger.settled(run)
	rep.organisation(run)
	rep.attest(run)
	if keep := run.opt.Keep; keep != nil {
		rep.Findings = slices.DeleteFunc(rep.Findings, func(f *Finding) bool { return !keep(f) })
	}
	rep.mergeEnvironments()
	rep.countResources()
	sortFindings(rep.Findings)
	rep.making = making{}
}

// faultOf is the check that a suppression fails; nil: none.
func (rep *Report) faultOf(s *analyzer.Suppression, run *runner) *analyzer.Check {
	switch {
	case s.Reason == "":
		return &analyzer.ReasonlessSuppression
	case rep.used[s.Range] && s.Expired(run.opt.Today):
		return &analyzer.ExpiredSuppression
	case !rep.used[s.Range] && !run.opt.Partial && !rep.leftOut(s.Environments):
		return &analyzer.UnusedSuppression
	}
	return nil
}

// countResources counts the managed resources, each once.
func (rep *Report) countResources() {
	for _, r := range rep.Resources {
		if r.Mode != analyzer.Managed {
			continue
		}
		rep.Coverage.Resources++
		if r.Service == nil {
			rep.Coverage.Unclassified++
		}
	}
}

// remark is a finding about the user's input to demarc itself. The key
// distinguishes the findings of one file, the words name the subject.
func (run *runner) remark(c *analyzer.Check, at hcl.Range, key, words string) *Finding {
	id := analyzer.DigestOf(c.ID, at.Filename, key)
	return &Finding{
		Check: c, Resource: &analyzer.Resource{}, Responsibility: &Responsibility{}, Verdict: analyzer.Fail, Severity: run.severity(c),
		Range: at, Message: c.Message + ": " + words, Remedy: c.Close, Fingerprint: id, Group: id,
	}
}

// SeveralRoots reports whether the resources belong to more than one root.
func (rep *Report) SeveralRoots() bool {
	return slices.ContainsFunc(rep.Resources, func(r Classified) bool { return r.RootDir() != rep.Resources[0].RootDir() })
}
