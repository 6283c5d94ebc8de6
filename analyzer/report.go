package analyzer

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unique"

	"github.com/hashicorp/hcl/v2"
)

// A Report is what a run found, ready to be shown.
type Report struct {
	Coverage  Coverage
	Diags     hcl.Diagnostics
	Resources []Judged
	Findings  []*Finding // fail and unknown; with Options.All pass and n/a too
	Closed    []Closed   // gaps that a plan closes
	Duties    []*Duty
	// Organisation is how far what is the organisation's, of no resource, is
	// attested; in the catalogue's order.
	Organisation []OrganisationDuty

	making
}

// making is what is needed while a report is made.
type making struct {
	seen   []*Suppression // ours, in order
	used   map[hcl.Range]bool
	partly map[string]bool // environments that were not evaluated somewhere: see leftOut
	ledger ledger
}

// Judged is a resource with its place in the responsibility model.
type Judged struct {
	*Resource
	Service      *Service  // nil: not classified
	Model        Model     // empty: not known
	Because      []Cause   // what hides the model; nil: it is known
	Principal    *Resource // whose duties it gives gaps and evidence to; nil: the service's
	Team         string    // who sees to it, whatever the layer; empty: nobody is named
	Environments []string  // in which it is; empty: the root has none
	Range        hcl.Range
}

// Closed is a gap of before the plan that is none after it.
type Closed struct {
	Check    *Check
	Resource *Resource
}

// Change compares a gap with the state before the plan.
type Change uint8

const (
	NotCompared Change = iota // from source: there is no before
	New                       // of a resource that is new, or of which nothing was known
	Regression                // it passed before: one severity higher
	Existing                  // no worse than before
)

func (c Change) String() string {
	return [...]string{"", "new", "regression", "existing"}[c]
}

// A Responsibility is whose a layer of a resource is. Findings of the layer share
// it.
type Responsibility struct {
	Service   *Service  // nil: not classified
	Model     Model     // empty: not known
	Principal *Resource // whose duty it is; nil: the service's
	Cell      *Cell
	Owner     Owner  // of the layer, today
	Team      string // who sees to it; empty: nobody is named
}

// A Finding is one check's verdict on one resource at one place. A large tree has
// a million of them: what many share stands behind a pointer.
type Finding struct {
	Check    *Check
	Resource *Resource
	*Responsibility
	Environments []string   // in which it is so, sorted; empty: the root has none. The rest is of the first
	Each         []*Finding // it in every environment, where there are several

	Witness   Witness
	Attribute string     // path of the witness, as Terraform writes it; empty: the block
	Range     hcl.Range  // of the attribute, or of the block where it would be written
	Inside    *Inside    // the installed module that the witness lies in; nil: none
	Inner     *hcl.Range // the place within that module; nil: it lies in none
	Notes     []Note     // further places: callers, the subject of a companion's witness
	Trace     []Step
	Value     string // the witness's value in words; empty where it may not be shown
	Message   string
	Because   []Cause
	Evidence  *Evidence  // of a pass
	Remedy    string     // one line: how to close it
	RemedyAt  *hcl.Range // where to do so; nil: at the finding's own place
	Unsafe    string     // what doing so risks; empty: nothing
	Edits     []Edit

	Suppressed  *Suppression
	Fingerprint Digest // check, root, address, attribute; never the line
	Group       Digest // the same without instance keys

	Verdict  Verdict
	Severity Severity // with overrides, and one higher for a regression
	Change   Change
	Sealed   bool // no input of the module that it lies in closes it, or makes it known
	Secret   bool // neither the value nor its source line unmasked may be shown
	Held     bool // what exists stays as it is: ignore_changes
}

// A Note is a further place of a finding.
type Note struct {
	Range   hcl.Range
	Message string
}

// Evidence is what shows that a duty is met.
type Evidence struct {
	Kind   string // configuration, plan, provider-default, account-fact, attestation
	Range  hcl.Range
	Text   string
	Since  string // date of a provider default; empty: always so
	Source string // link
}

// Gap reports whether the finding is a gap that counts: failed and not
// suppressed.
func (f *Finding) Gap() bool { return f.Verdict == Fail && f.Suppressed == nil }

func (f *Finding) before(g *Finding) bool {
	switch {
	case f.Resource.RootDir() != g.Resource.RootDir():
		return f.Resource.RootDir() < g.Resource.RootDir()
	case f.Range.Filename != g.Range.Filename:
		return f.Range.Filename < g.Range.Filename
	case f.Range.Start != g.Range.Start:
		a, b := f.Range.Start, g.Range.Start
		return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
	case f.Check.ID != g.Check.ID:
		return f.Check.ID < g.Check.ID
	case f.Resource.Address != g.Resource.Address:
		return f.Resource.Address < g.Resource.Address
	}
	return f.Attribute < g.Attribute
}

// add takes what was judged of one resource into the report.
func (rep *Report) add(run *runner, root *Root, acceptors []*acceptor, j *judged) {
	r := j.res
	if r.Mode != Account {
		at := r.rangeAt(nil)
		rep.Resources = append(rep.Resources, Judged{
			Resource: r, Service: j.place.service, Model: j.place.model(), Because: j.place.because(), Principal: j.place.principal,
			Team: run.team("", j.place.service, r), Environments: root.environments(), Range: at,
		})
	}
	for _, res := range j.results {
		if res.prior == Fail && res.outcome.Verdict == Pass {
			rep.Closed = append(rep.Closed, Closed{res.check, r})
		}
		rep.ledger.note(j, res)
	}
	for _, f := range j.findings {
		rep.Findings = append(rep.Findings, f)
		rep.suppress(acceptors, run.opt.Today, f)
	}
}

// findings are what a result has to show: each failing place, else one.
func (run *runner) findings(j *judged, res result) []*Finding {
	if !run.opt.All && res.outcome.Verdict != Fail && res.outcome.Verdict != Unknown {
		return nil
	}
	var list []*Finding
	seen := map[Digest]int{}
	places := witnesses(j.res, res)
	more := len(places) - mostPlaces
	for _, w := range places[:min(len(places), mostPlaces)] {
		f := run.finding(j, res, w)
		seen[f.Fingerprint]++
		if n := seen[f.Fingerprint]; n > 1 {
			f.Fingerprint, f.Group = digest(f.Fingerprint.String(), fmt.Sprint(n)), digest(f.Group.String(), fmt.Sprint(n))
		}
		list = append(list, f)
	}
	if more > 0 {
		last := list[len(list)-1]
		last.Notes = append(last.Notes, Note{last.Range, fmt.Sprintf("and in %d more places of this resource", more)})
	}
	return list
}

// mostPlaces bounds the findings of one check in one resource. The last says how
// many more there are.
const mostPlaces = 1000

// witnesses are the places to report: each failing one, else the first.
func witnesses(r *Resource, res result) []Witness {
	w := res.outcome.Witnesses
	if len(w) == 0 {
		return []Witness{{Of: r}}
	}
	if res.outcome.Verdict == Fail {
		return w
	}
	first := w[0]
	if res.outcome.Verdict == Unknown {
		for _, other := range w[1:] {
			for _, c := range other.Because {
				first.Because = appendCause(first.Because[:len(first.Because):len(first.Because)], c)
			}
		}
	}
	return []Witness{first}
}

func (run *runner) finding(j *judged, res result, w Witness) *Finding {
	c, r := res.check, j.res
	f := &Finding{
		Check: c, Resource: r, Verdict: res.outcome.Verdict,
		Responsibility: run.responsibility(j, c.Layer), Witness: w,
		Attribute: FormatPath(w.shown()), Range: w.Of.rangeAt(w.At), Because: told(w.Because),
		Severity: run.severity(c),
	}
	f.Compared(res.change(r))
	f.Environments = r.Root.environments()
	f.place(run, w)
	f.Message = unique.Make(f.says(w)).Value()
	if f.Verdict == Pass {
		f.Evidence = evidence(w, w.Of.rangeAt(w.At))
	}
	if f.Verdict == Fail {
		f.remedy()
		f.ignored(w)
	}
	f.Fingerprint = digest(c.ID, r.RootDir(), r.Address, w.key())
	f.Group = digest(c.ID, r.RootDir(), r.Definition, w.groupKey())
	return f
}

// place adds the ways to a finding: callers, the subject of a companion's
// witness, where the value came from.
func (f *Finding) place(run *runner, w Witness) {
	if w.Of != f.Resource {
		f.Notes = append(f.Notes, Note{f.Resource.rangeAt(nil), "belongs to " + f.Resource.Address})
	}
	f.Secret = f.Check.Secret || w.secret()
	src := w.Of.Source
	if src == nil {
		return
	}
	via := src.Via()
	if slices.ContainsFunc(via, func(c Call) bool { return c.Installed }) {
		f.enter(w)
	}
	if f.Inside == nil {
		for _, call := range via {
			f.Notes = append(f.Notes, Note{call.Range, "called here"})
		}
	}
	if f.Verdict == NotApplicable || len(w.At) == 0 {
		return
	}
	f.Trace = src.Trace(w.At)
	if !f.Secret && src.Written(w.At) {
		f.Value = run.View(w.Of).shownAt(w.At)
	}
}

func (res result) change(r *Resource) Change {
	if res.outcome.Verdict != Fail || r.Root == nil || r.Root.Prior == nil {
		return NotCompared
	}
	return ChangeFrom(res.prior)
}

// changeFrom is what a gap is, by the verdict of before.
func ChangeFrom(before Verdict) Change {
	switch before {
	case Pass:
		return Regression
	case Fail:
		return Existing
	}
	return New
}

// compared is the change of a gap, with the severity that it has by it.
func (f *Finding) Compared(c Change) {
	f.Change = c
	if c == Regression && f.Severity < Critical {
		f.Severity++
	}
}

func (f *Finding) says(w Witness) string {
	switch f.Verdict {
	case Fail:
		if w.Says != "" && (w.Named || !w.secret()) {
			return w.Says
		}
		return f.Check.Message
	case Unknown:
		says := "cannot tell whether " + f.Check.Want.String()
		if len(f.Because) > 0 {
			says += ": depends on " + CauseNames(f.Because)
		}
		return says
	case NotApplicable:
		return "does not apply"
	}
	return f.Check.Want.String()
}

// CauseNames lists the names of causes in words.
func CauseNames(causes []Cause) string {
	words := make([]string, len(causes))
	for i, c := range causes {
		words[i] = c.Name
	}
	return strings.Join(words, ", ")
}

// remedy is the edit that closes the gap, in words and, where the source
// allows, as edits.
func (f *Finding) remedy() {
	assigns := f.Check.Repair()
	if f.Witness.Of != f.Resource {
		assigns = nil
	}
	if f.Remedy = f.Check.Close; assigns != nil {
		f.Remedy = sayAssigns(assigns)
		f.Unsafe = f.Check.risk()
	}
	if !f.passes(assigns) && f.Inside != nil {
		f.throughInputs(assigns)
	}
	if f.Inside == nil && assigns != nil && f.Check.Fix.Kind != NoFix && f.Resource.Source != nil {
		f.Edits = f.Resource.Source.Edits(assigns)
	}
}

// ignored says where setting an attribute changes nothing that exists.
func (f *Finding) ignored(w Witness) {
	for _, held := range w.Of.Ignored {
		if len(w.At) > 0 && covers(held, w.At) {
			f.Held = true
		}
	}
}

func evidence(w Witness, at hcl.Range) *Evidence {
	switch {
	case w.Fact != nil:
		return &Evidence{Kind: "account-fact", Text: w.Fact.ID + ": " + w.Fact.Evidence}
	case w.Default != nil:
		e := &Evidence{Kind: "provider-default", Range: at, Text: w.Default.Path + " is not set", Source: w.Default.Source}
		if !w.Default.Since.IsZero() {
			e.Since = w.Default.Since.Format("2006-01-02")
		}
		return e
	}
	kind := "configuration"
	if w.Of.Root != nil && w.Of.Root.Plan != "" {
		kind = "plan"
	}
	return &Evidence{Kind: kind, Range: at, Text: strings.Trim(w.Of.Address+"."+FormatPath(w.shown()), ".")}
}

// suppress marks a gap that a suppression accepts: the first of those in the
// source, else of those in the configuration file.
func (rep *Report) suppress(acceptors []*acceptor, today time.Time, f *Finding) {
	for _, a := range acceptors {
		var first *candidate
		a.covering(f, func(c candidate) {
			rep.use(c.Suppression)
			if c.accepts(today) && (first == nil || c.order < first.order) {
				first = &c
			}
		})
		if first != nil && f.Verdict == Fail && f.Suppressed == nil {
			f.Suppressed = first.Suppression
		}
	}
}

func (rep *Report) use(s *Suppression) {
	if rep.used == nil {
		rep.used = map[hcl.Range]bool{}
	}
	rep.used[s.Range] = true
}

// keep remembers our suppressions. Whether one is unused is known only when
// every root has been judged, as a module may be called by several.
func (rep *Report) keep(suppressions []*Suppression) {
	for _, s := range suppressions {
		if s.own() {
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
	rep.Duties = rep.ledger.close(run)
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
func (rep *Report) faultOf(s *Suppression, run *runner) *Check {
	switch {
	case s.Reason == "":
		return &reasonlessSuppression
	case rep.used[s.Range] && s.expired(run.opt.Today):
		return &expiredSuppression
	case !rep.used[s.Range] && !run.opt.Partial && !rep.leftOut(s.Environments):
		return &unusedSuppression
	}
	return nil
}

// countResources counts those that are managed, each once.
func (rep *Report) countResources() {
	for _, r := range rep.Resources {
		if r.Mode != Managed {
			continue
		}
		rep.Coverage.Resources++
		if r.Service == nil {
			rep.Coverage.Unclassified++
		}
	}
}

// remark is a finding about what the user wrote for demarc itself. The key
// tells those of one file apart, the words are what it is about.
func (run *runner) remark(c *Check, at hcl.Range, key, words string) *Finding {
	id := digest(c.ID, at.Filename, key)
	return &Finding{
		Check: c, Resource: &Resource{}, Responsibility: &Responsibility{}, Verdict: Fail, Severity: run.severity(c),
		Range: at, Message: c.Message + ": " + words, Remedy: c.Close, Fingerprint: id, Group: id,
	}
}

// SeveralRoots reports whether the resources are of more than one root.
func (rep *Report) SeveralRoots() bool {
	return slices.ContainsFunc(rep.Resources, func(r Judged) bool { return r.RootDir() != rep.Resources[0].RootDir() })
}
