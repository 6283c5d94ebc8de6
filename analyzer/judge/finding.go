package judge

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unique"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// Change compares a gap with the state before the plan.
type Change uint8

const (
	NotCompared Change = iota // from source: there is no prior state
	New                       // the resource is new, or its prior verdict was unknown
	Regression                // it passed before: one severity higher
	Existing                  // no worse than in the prior state
)

func (c Change) String() string {
	return [...]string{"", "new", "regression", "existing"}[c]
}

// A Responsibility is the ownership of a layer of a resource. Findings of the
// layer share it.
type Responsibility struct {
	Service   *analyzer.Service  // nil: not classified
	Model     analyzer.Model     // empty: not known
	Principal *analyzer.Resource // the principal that has the duty; nil: the service
	Cell      *analyzer.Cell
	Owner     analyzer.Owner // of the layer, today
	Team      string         // the team responsible; empty: nobody is named
}

// A Finding is one check's verdict on one resource at one path. A large tree
// has a million findings: shared data is behind a pointer.
type Finding struct {
	Check    *analyzer.Check
	Resource *analyzer.Resource
	*Responsibility
	Environments []string   // environments with this verdict, sorted; empty: the root has none. The other fields are of the first
	Each         []*Finding // the finding in every environment, where there are several

	Witness   analyzer.Witness
	Attribute string           // path of the witness, as Terraform writes it; empty: the block
	Range     hcl.Range        // of the attribute, or of the block where it would be written
	Inside    *analyzer.Inside // the installed module that the witness lies in; nil: none
	Inner     *hcl.Range       // the range within that module; nil: in no module
	Notes     []Note           // further positions: callers, the subject of a companion's witness
	Trace     []analyzer.Step
	Value     string // the witness's value in words; empty where it may not be shown
	Message   string
	Because   []analyzer.Cause
	Evidence  *Evidence  // for a pass
	Remedy    string     // one line: how to close the gap
	RemedyAt  *hcl.Range // where to apply the remedy; nil: at the finding's own range
	Unsafe    string     // the risk of the remedy; empty: none
	Edits     []analyzer.Edit

	Suppressed  *analyzer.Suppression
	Fingerprint analyzer.Digest // check, root, address, attribute; never the line
	Group       analyzer.Digest // the same without instance keys

	Verdict            analyzer.Verdict
	Severity           analyzer.Severity // with overrides, and one higher for a regression
	Change             Change
	NotFixableHere     bool // no input of its installed module closes the gap, or makes the verdict known
	Secret             bool // neither the value nor its unmasked source line may be shown
	IgnoredByLifecycle bool // existing resources do not change: ignore_changes
}

// A Note is a further position of a finding.
type Note struct {
	Range   hcl.Range
	Message string
}

// Evidence shows that a duty is met.
type Evidence struct {
	Kind   string // configuration, plan, provider-default, account-fact, attestation
	Range  hcl.Range
	Text   string
	Since  string // date of a provider default; empty: always so
	Source string // link
}

// Gap reports whether the finding is a gap that counts: failed and not
// suppressed.
func (f *Finding) Gap() bool { return f.Verdict == analyzer.Fail && f.Suppressed == nil }

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

// findings lists the findings of a result: one for each failing path, else one.
func (run *runner) findings(j *judgement, res result) []*Finding {
	if !run.opt.All && res.outcome.Verdict != analyzer.Fail && res.outcome.Verdict != analyzer.Unknown {
		return nil
	}
	var list []*Finding
	seen := map[analyzer.Digest]int{}
	places := witnesses(j.res, res)
	more := len(places) - mostPlaces
	for _, w := range places[:min(len(places), mostPlaces)] {
		f := run.finding(j, res, w)
		seen[f.Fingerprint]++
		if n := seen[f.Fingerprint]; n > 1 {
			f.Fingerprint, f.Group = analyzer.DigestOf(f.Fingerprint.String(), fmt.Sprint(n)), analyzer.DigestOf(f.Group.String(), fmt.Sprint(n))
		}
		list = append(list, f)
	}
	if more > 0 {
		last := list[len(list)-1]
		last.Notes = append(last.Notes, Note{last.Range, fmt.Sprintf("and in %d more places in this resource", more)})
	}
	return list
}

// mostPlaces bounds the findings of one check on one resource. The last finding
// gives the number of the remaining ones.
const mostPlaces = 1000

// witnesses lists the witnesses to report: each failing one, else the first.
func witnesses(r *analyzer.Resource, res result) []analyzer.Witness {
	w := res.outcome.Witnesses
	if len(w) == 0 {
		return []analyzer.Witness{{Of: r}}
	}
	if res.outcome.Verdict == analyzer.Fail {
		return w
	}
	first := w[0]
	if res.outcome.Verdict == analyzer.Unknown {
		for _, other := range w[1:] {
			for _, c := range other.Because {
				first.Because = analyzer.AppendCause(first.Because[:len(first.Because):len(first.Because)], c)
			}
		}
	}
	return []analyzer.Witness{first}
}

func (run *runner) finding(j *judgement, res result, w analyzer.Witness) *Finding {
	c, r := res.check, j.res
	f := &Finding{
		Check: c, Resource: r, Verdict: res.outcome.Verdict,
		Responsibility: run.responsibility(j, c.Layer), Witness: w,
		Attribute: analyzer.FormatPath(w.Shown()), Range: w.Of.RangeAt(w.At), Because: analyzer.PrimaryCauses(w.Because),
		Severity: run.severity(c),
	}
	f.Compared(res.change(r))
	f.Environments = r.Root.Environments()
	f.locate(run, w)
	f.Message = unique.Make(f.says(w)).Value()
	if f.Verdict == analyzer.Pass {
		f.Evidence = evidence(w, w.Of.RangeAt(w.At))
	}
	if f.Verdict == analyzer.Fail {
		f.remedy()
		f.ignored(w)
	}
	f.Fingerprint = analyzer.DigestOf(c.ID, r.RootDir(), r.Address, w.Key())
	f.Group = analyzer.DigestOf(c.ID, r.RootDir(), r.Definition, w.GroupKey())
	return f
}

// locate adds the further positions of a finding: callers, the subject of a
// companion's witness, the origin of the value.
func (f *Finding) locate(run *runner, w analyzer.Witness) {
	if w.Of != f.Resource {
		f.Notes = append(f.Notes, Note{f.Resource.RangeAt(nil), "belongs to " + f.Resource.Address})
	}
	f.Secret = f.Check.Secret || w.Secret()
	src := w.Of.Source
	if src == nil {
		return
	}
	via := src.Via()
	if slices.ContainsFunc(via, func(c analyzer.Call) bool { return c.Installed }) {
		f.enter(w)
	}
	if f.Inside == nil {
		for _, call := range via {
			f.Notes = append(f.Notes, Note{call.Range, "called here"})
		}
	}
	if f.Verdict == analyzer.NotApplicable || len(w.At) == 0 {
		return
	}
	f.Trace = src.Trace(w.At)
	if !f.Secret && src.Written(w.At) {
		f.Value = run.View(w.Of).ShownAt(w.At)
	}
}

func (res result) change(r *analyzer.Resource) Change {
	if res.outcome.Verdict != analyzer.Fail || r.Root == nil || r.Root.Prior == nil {
		return NotCompared
	}
	return ChangeFrom(res.prior)
}

// ChangeFrom is the change of a gap, given its prior verdict.
func ChangeFrom(before analyzer.Verdict) Change {
	switch before {
	case analyzer.Pass:
		return Regression
	case analyzer.Fail:
		return Existing
	}
	return New
}

// Compared sets the change of a gap, and the severity that results from it.
func (f *Finding) Compared(c Change) {
	f.Change = c
	if c == Regression && f.Severity < analyzer.Critical {
		f.Severity++
	}
}

func (f *Finding) says(w analyzer.Witness) string {
	switch f.Verdict {
	case analyzer.Fail:
		if w.Says != "" && (w.Named || !w.Secret()) {
			return w.Says
		}
		return f.Check.Message
	case analyzer.Unknown:
		says := "cannot tell whether " + f.Check.Want.String()
		if len(f.Because) > 0 {
			says += ": depends on " + CauseNames(f.Because)
		}
		return says
	case analyzer.NotApplicable:
		return "does not apply"
	}
	return f.Check.Want.String()
}

// CauseNames lists the names of causes in words.
func CauseNames(causes []analyzer.Cause) string {
	words := make([]string, len(causes))
	for i, c := range causes {
		words[i] = c.Name
	}
	return strings.Join(words, ", ")
}

func evidence(w analyzer.Witness, at hcl.Range) *Evidence {
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
	return &Evidence{Kind: kind, Range: at, Text: strings.Trim(w.Of.Address+"."+analyzer.FormatPath(w.Shown()), ".")}
}

func sortFindings(findings []*Finding) {
	sort.SliceStable(findings, func(i, j int) bool { return findings[i].before(findings[j]) })
}
