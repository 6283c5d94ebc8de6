package report

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// tally counts gaps by severity; the index is the severity.
type tally [analyzer.Critical + 1]int

func (t tally) total() int {
	n := 0
	for _, k := range t {
		n += k
	}
	return n
}

// String returns "1 high, 2 medium".
func (t tally) String() string {
	var parts []string
	for s := analyzer.Critical; s > 0; s-- {
		if t[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", t[s], s))
		}
	}
	return strings.Join(parts, ", ")
}

// gapCounts counts gaps by their effect on the exit code.
type gapCounts struct {
	decide   tally
	below    tally
	fresh    tally // from checks of this minor version, at or above FailOn
	accepted int
}

func (o Options) countGaps(rep *judge.Report) gapCounts {
	var c gapCounts
	for _, f := range rep.Findings {
		switch {
		case accepted(f):
			c.accepted++
		case !f.Gap() || f.NotFixableHere:
		case o.FailOn == 0 || o.Decides(f):
			c.decide[f.Severity]++
		case f.Severity >= o.FailOn:
			c.fresh[f.Severity]++
		default:
			c.below[f.Severity]++
		}
	}
	return c
}

func (o Options) gapsLine(rep *judge.Report) string {
	c := o.countGaps(rep)
	level := ""
	if o.FailOn > analyzer.Low {
		level = " at or above " + o.FailOn.String()
	}
	says := "no gaps" + level
	if incomplete(rep.Coverage) != "" {
		says += " in what could be read"
	}
	if n := c.decide.total(); n > 0 {
		says = fmt.Sprintf("%s%s (%s)", count(n, "gap"), level, c.decide)
	}
	if n := c.below.total(); n > 0 {
		says += fmt.Sprintf(", %d below", n)
		if !o.ShowAll {
			says += " (--show all explains them)"
		}
	}
	if n := c.fresh.total(); n > 0 {
		says += fmt.Sprintf(", %d from new checks that do not decide the exit code yet", n)
	}
	if c.accepted > 0 {
		says += fmt.Sprintf("; %d accepted by suppressions", c.accepted)
	}
	return says
}

// sealed counts the gaps and the unknown verdicts in installed modules that no input
// closes.
func sealed(rep *judge.Report) (gaps, unknowns int) {
	for _, f := range rep.Findings {
		switch {
		case !f.NotFixableHere:
		case f.Gap():
			gaps++
		case unknown(f):
			unknowns++
		}
	}
	return gaps, unknowns
}

// sealedLine returns the number of sealed gaps and unknowns; empty: none.
func (o Options) sealedLine(rep *judge.Report) string {
	gaps, unknowns := sealed(rep)
	var parts []string
	if gaps > 0 {
		parts = append(parts, count(gaps, "gap"))
	}
	if unknowns > 0 {
		parts = append(parts, count(unknowns, "unknown verdict"))
	}
	if len(parts) == 0 {
		return ""
	}
	says := list(parts) + " inside installed modules that no input closes"
	if !o.ShowAll {
		says += " (--show all explains)"
	}
	return says
}

func dutyStates(rep *judge.Report) map[judge.State]int {
	states := map[judge.State]int{}
	for _, d := range rep.Duties {
		states[d.State]++
	}
	return states
}

func dutiesLine(rep *judge.Report) string {
	if len(rep.Duties) == 0 && len(rep.Resources) == 0 {
		return "no duties: no resources here"
	}
	if len(rep.Duties) == 0 {
		return "no customer duties found: demarc knows no service for the resources here"
	}
	var t judge.Tally
	for _, d := range rep.Duties {
		t.Add(d.State)
	}
	verb := "duties are"
	if len(rep.Duties) == 1 {
		verb = "duty is"
	}
	return fmt.Sprintf("%d %s yours on %s: %s", len(rep.Duties), verb, holders(rep), tallyWords(t))
}

// holders counts the holders of the duties: "9 resources and 1 service".
func holders(rep *judge.Report) string {
	resources, services := map[string]bool{}, map[string]bool{}
	for _, d := range rep.Duties {
		switch {
		case d.Principal != nil:
			resources[d.Root+"\x00"+planOf(d.Principal)+"\x00"+d.Principal.Address] = true
		case d.Service != nil:
			services[d.Root+"\x00"+d.Service.ID] = true
		}
	}
	var parts []string
	if len(resources) > 0 {
		parts = append(parts, count(len(resources), "resource"))
	}
	if len(services) > 0 {
		parts = append(parts, count(len(services), "service"))
	}
	return list(parts)
}

func planOf(r *analyzer.Resource) string {
	if r.Root == nil {
		return ""
	}
	return r.Root.Plan
}

// coverageLines returns the inputs that were read, then what limits the view.
func (o Options) coverageLines(rep *judge.Report) []string {
	c := rep.Coverage
	says := "read "
	switch {
	case c.FilesFound > 0:
		says += fmt.Sprintf("%d of %s, ", c.Files, count(c.FilesFound, "file"))
	case len(plans(rep)) > 0:
		says += few(plans(rep), 3) + ", "
	}
	if c.Modules > 0 {
		says += count(c.Modules, "module") + ", "
	}
	says += count(c.Resources, "resource")
	if c.Unclassified > 0 {
		says += fmt.Sprintf(" (%d of types unknown to demarc)", c.Unclassified)
	}
	if in := environments(rep); len(in) > 0 {
		says += ", " + count(len(in), "environment") + " (" + clean(few(in, 4)) + ")"
	}
	if o.Judged < o.Known {
		says += fmt.Sprintf(", judged by %d of %s", o.Judged, count(o.Known, "check"))
	}
	lines := []string{says}
	for _, u := range unresolved(c.Unresolved) {
		names := few(u.names(o), 4)
		if u.reason != "" {
			names += ": " + u.reason
		}
		lines = append(lines, "  "+names)
	}
	if len(lines) == 2 && textWidth(lines[0]+lines[1]) < o.width() {
		return []string{lines[0] + "; " + strings.TrimSpace(lines[1])}
	}
	return lines
}

// environments returns the evaluated environments, sorted.
func environments(rep *judge.Report) []string {
	seen := map[string]bool{}
	for _, r := range rep.Resources {
		for _, name := range r.Environments {
			seen[name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// inEnvironments returns " in dev and prod"; empty: in none.
func inEnvironments(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " in " + few(names, 3)
}

func plans(rep *judge.Report) []string {
	var names []string
	for _, r := range rep.Resources {
		if r.Root != nil && r.Root.Plan != "" {
			if n := clean(r.Root.Plan); len(names) == 0 || names[len(names)-1] != n {
				names = append(names, n)
			}
		}
	}
	return names
}

// unresolvedGroup is the notes with one reason for a limited view.
type unresolvedGroup struct {
	kind, reason string
	all          []analyzer.Unresolved
}

func (g unresolvedGroup) names(o Options) []string {
	var names []string
	seen := map[string]bool{}
	for _, u := range g.all {
		name := clean(u.Name)
		switch u.Kind {
		case "file":
			name = o.file(u.Name)
		case "environment":
			if u.Range.Filename != "" {
				name += " of " + o.file(u.Range.Filename)
			}
		}
		if u.Kind != "environment" && len(g.all) == 1 && u.Range.Filename != "" && u.Range.Filename != u.Name {
			name += " (" + o.at(u.Range) + ")"
		}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func unresolved(all []analyzer.Unresolved) []unresolvedGroup {
	var groups []unresolvedGroup
	at := map[string]int{}
	for _, u := range all {
		reason := u.Reason
		if u.Kind != "environment" { // the name of the note contains it
			reason += inEnvironments(u.Environments)
		}
		key := u.Kind + "\x00" + reason
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, unresolvedGroup{kind: u.Kind, reason: clean(reason)})
		}
		groups[i].all = append(groups[i].all, u)
	}
	return groups
}

// A hidden is the number of verdicts that one cause hides.
type hidden struct {
	cause    analyzer.Cause
	verdicts int
	reason   string   // why a module is missing
	planned  bool     // the verdicts belong to a plan
	in       []string // environments of the verdicts
}

// hiders counts unknown verdicts by cause, the most frequent first. A verdict counts
// once, for the cause that a reader can do most about.
func (o Options) hiders(rep *judge.Report) []hidden {
	var all []hidden
	at := map[string]int{}
	for _, f := range with(rep.Findings, func(f *judge.Finding) bool { return unknown(f) && o.open(f) }) {
		c := mainCause(f.Because)
		key := causeKey(c)
		if summarised(c.Kind) {
			c = analyzer.Cause{Kind: c.Kind}
		}
		i, ok := at[key]
		if ok && all[i].cause.Range != c.Range {
			all[i].cause.Range = hcl.Range{}
		}
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, hidden{cause: c, reason: reasonOf(rep, c), planned: f.Resource.Root != nil && f.Resource.Root.Plan != ""})
		}
		all[i].verdicts++
		all[i].in = append(all[i].in, f.Environments...)
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		switch {
		case a.verdicts != b.verdicts:
			return a.verdicts > b.verdicts
		case actionable(a.cause.Kind) != actionable(b.cause.Kind):
			return actionable(a.cause.Kind) < actionable(b.cause.Kind)
		}
		return a.cause.Name < b.cause.Name
	})
	return all
}

// causeKey identifies a cause.
func causeKey(c analyzer.Cause) string {
	switch {
	case summarised(c.Kind):
		return string(c.Kind)
	case c.Kind == analyzer.CauseData: // several roots that read the same data share one cause
		return string(c.Kind) + "\x00" + c.Name
	}
	return string(c.Kind) + "\x00" + c.Name + "\x00" + c.Range.String()
}

// mainCause returns the cause that the reader can do most about.
func mainCause(causes []analyzer.Cause) analyzer.Cause {
	if len(causes) == 0 {
		return analyzer.Cause{Kind: analyzer.CauseOther}
	}
	best := causes[0]
	for _, c := range causes[1:] {
		if actionable(c.Kind) < actionable(best.Kind) {
			best = c
		}
	}
	return best
}

func actionable(k analyzer.CauseKind) int {
	switch k {
	case analyzer.CauseError:
		return 0
	case analyzer.CauseVariable:
		return 1
	case analyzer.CauseModule:
		return 2
	case analyzer.CauseFunction, analyzer.CauseBudget:
		return 3
	case analyzer.CauseData, analyzer.CauseState:
		return 4
	case analyzer.CauseApply:
		return 5
	}
	return 6
}

// summarised kinds have one line for all names of causes: the remedy is the same for
// all.
func summarised(k analyzer.CauseKind) bool {
	switch k {
	case analyzer.CauseApply, analyzer.CauseProvider, analyzer.CauseAccount, analyzer.CauseState, analyzer.CauseOther:
		return true
	}
	return false
}

// reasonOf returns the reason that the coverage gives for a cause.
func reasonOf(rep *judge.Report, c analyzer.Cause) string {
	for _, u := range rep.Coverage.Unresolved {
		if u.Kind == string(c.Kind) && u.Name == c.Name && u.Range == c.Range {
			return clean(u.Reason)
		}
	}
	return ""
}

// hides returns the number of verdicts that a cause hides, the cause with its place,
// and the remedy: "var.x (a.tf:9): set it with --var-file".
func (o Options) hides(h hidden) string {
	s := "s" // the verb's ending
	if h.verdicts != 1 {
		s = ""
	}
	at := h.cause.Range
	behind := " depend" + s + " on " + clean(h.cause.Name)
	switch h.cause.Kind {
	case analyzer.CauseApply:
		return " wait" + s + " for apply: known when the resources are created"
	case analyzer.CauseProvider:
		return " depend" + s + " on a value that the provider chooses: set it to decide"
	case analyzer.CauseAccount:
		return " depend" + s + " on the account: another configuration, or an account fact, may decide"
	case analyzer.CauseState:
		return " depend" + s + " on what other configurations manage"
	case analyzer.CauseOther:
		return " cannot be decided from this configuration: --show all explains why"
	case analyzer.CauseVariable:
		return behind + o.because(at, "") + ": " + givesValue(h.cause.Name, h.in)
	case analyzer.CauseModule:
		if h.reason == "" {
			h.reason = "not installed: run terraform init"
		}
		return behind + o.because(at, "") + ": " + h.reason
	case analyzer.CauseData:
		if h.planned {
			return behind + o.because(at, "read at apply")
		}
		return behind + o.because(at, "") + ": Terraform reads it, a plan may have the value"
	case analyzer.CauseCaller:
		return behind + o.because(at, "its callers decide")
	case analyzer.CauseError:
		return behind + o.because(at, "") + ": fix it"
	case analyzer.CauseBudget:
		return " " + be(h.verdicts) + " given up: " + strings.TrimPrefix(clean(h.cause.Name), "gave up: ") + o.because(at, "") + ": a plan may have the value"
	}
	if h.planned {
		return behind + o.because(at, "not evaluated")
	}
	return behind + o.because(at, "") + ": a plan may have the value"
}

// givesValue returns how a variable gets a value: a root's from its user, a module's
// from its call.
func givesValue(name string, environments []string) string {
	switch {
	case strings.HasPrefix(name, "module."):
		return "set it in the module call"
	case len(environments) > 0:
		slices.Sort(environments)
		return "set it in a variable file of " + clean(few(slices.Compact(environments), 3))
	}
	return "set it with --var-file"
}

func (o Options) because(r hcl.Range, why string) string {
	var parts []string
	for _, part := range []string{o.at(r), why} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
