// Package report writes the result of a run: one file for each format. It knows
// findings and never rules, and it decides only their presentation.
//
// Everything that comes from a user's files passes through clean before it reaches a
// terminal or a build log, and secrets are never written.
package report

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/secret"
)

// Options are how a report is shown. The zero Options show every gap at 80 columns,
// without colour and without excerpts.
type Options struct {
	// Read returns the text of a file, named as in ranges: slash-separated and
	// relative to the repository. If it is nil or returns an error, the excerpt is
	// omitted, and the file's columns count graphemes, as in ranges.
	Read func(name string) ([]byte, error)
	// Rel returns how the file of a range is shown, for example relative to the
	// current directory; nil: unchanged. JSON and SARIF do not use it.
	Rel func(name string) string
	// Frameworks returns the ids of the requirements to which an objective maps, by
	// framework, without empty lists; nil: none are known.
	Frameworks func(analyzer.Objective) map[string][]string

	Width      int               // columns of text; 0: 80; at least 40
	LayersOnly bool              // for the matrix in text and Markdown: no rows of objectives
	Color      bool              // for text
	ShowAll    bool              // unknowns, passes and n/a individually
	Judged     int               // number of checks that judged,
	Known      int               // of all checks; 0: not stated
	FailOn     analyzer.Severity // lowest severity of gaps that decide the exit code; 0: none do
	Version    string            // demarc's version
	Today      time.Time         // OSCAL's date of the assessment; zero: OSCAL cannot be written
}

// Decides reports whether a finding makes the exit code 1: a gap at or above FailOn,
// which its user can close. Gaps of a check that is new in this minor version do not
// decide yet, except in the first release, which has no predecessor.
func (o Options) Decides(f *judge.Finding) bool {
	return f.Gap() && !f.NotFixableHere && o.FailOn > 0 && f.Severity >= o.FailOn && !o.newCheck(f.Check)
}

func (o Options) newCheck(c *analyzer.Check) bool {
	since := minor(c.Since)
	return since != "" && since != "0.1" && since == minor(o.Version)
}

// minor returns "1.2" for "v1.2.3"; empty for a version that is not a release.
func minor(version string) string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[0] + "." + parts[1]
}

func (o Options) width() int {
	if o.Width == 0 {
		return 80
	}
	return max(o.Width, 40)
}

// file returns how a file is shown in text and line.
func (o Options) file(name string) string {
	if name == "-" { // a plan that was piped
		return "stdin"
	}
	if o.Rel != nil {
		name = o.Rel(name)
	}
	return cleanPath(name)
}

// frameworks returns the requirements to which a check's objective maps, by
// framework; never nil.
func (o Options) frameworks(c *analyzer.Check) map[string][]string {
	if o.Frameworks == nil || c.Objective == "" {
		return map[string][]string{}
	}
	if ids := o.Frameworks(c.Objective); ids != nil {
		return ids
	}
	return map[string][]string{}
}

// A group is findings that are shown as one.
type group []*judge.Finding

func (g group) first() *judge.Finding { return g[0] }

// severity returns the highest severity of the group.
func (g group) severity() analyzer.Severity {
	highest := g[0].Severity
	for _, f := range g {
		highest = max(highest, f.Severity)
	}
	return highest
}

// environments returns the environments of all findings of the group, sorted.
func (g group) environments() []string {
	var all []string
	for _, f := range g {
		all = append(all, f.Environments...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// groupBy groups findings by key, in the order in which the keys first occur.
func groupBy(findings []*judge.Finding, key func(*judge.Finding) string) []group {
	var groups []group
	at := map[string]int{}
	for _, f := range findings {
		k := key(f)
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// with returns the findings that satisfy the condition, in their order.
func with(findings []*judge.Finding, keep func(*judge.Finding) bool) []*judge.Finding {
	var kept []*judge.Finding
	for _, f := range findings {
		if keep(f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// gaps returns the gaps to show: with ShowAll, also those that no input of an
// installed module closes.
func (o Options) gaps(rep *judge.Report) []*judge.Finding {
	return with(rep.Findings, func(f *judge.Finding) bool { return f.Gap() && o.open(f) })
}

// open reports whether a finding is shown, as far as its module is concerned.
func (o Options) open(f *judge.Finding) bool { return !f.NotFixableHere || o.ShowAll }

func accepted(f *judge.Finding) bool { return f.Verdict == analyzer.Fail && f.Suppressed != nil }

func unknown(f *judge.Finding) bool { return f.Verdict == analyzer.Unknown }

// bySeverity sorts a copy of findings: critical first, then file and line.
func bySeverity(findings []*judge.Finding) []*judge.Finding {
	sorted := append([]*judge.Finding(nil), findings...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		if a.Severity != b.Severity {
			return a.Severity > b.Severity
		}
		return before(a.Range, b.Range)
	})
	return sorted
}

func before(a, b hcl.Range) bool {
	switch {
	case a.Filename != b.Filename:
		return a.Filename < b.Filename
	case a.Start.Line != b.Start.Line:
		return a.Start.Line < b.Start.Line
	}
	return a.Start.Column < b.Start.Column
}

// place returns the place of a finding: its range, or, if only the plan or the root
// is known, a range without a line.
func place(f *judge.Finding) hcl.Range {
	if hasLine(f) {
		return f.Range
	}
	root := f.Resource.Root
	switch {
	case root != nil && root.Plan != "" && root.Plan != "-":
		return hcl.Range{Filename: root.Plan}
	case root != nil && root.Plan == "-":
		return hcl.Range{Filename: "stdin"}
	case root != nil && root.Dir != "":
		return hcl.Range{Filename: root.Dir}
	}
	return hcl.Range{Filename: "."}
}

// hasLine reports whether a finding is at a line of a file that people write: the
// lines of a plan show nothing useful, and may hold secrets.
func hasLine(f *judge.Finding) bool {
	root := f.Resource.Root
	return f.Range.Filename != "" && (root == nil || root.Plan != f.Range.Filename)
}

func rootDir(r *analyzer.Resource) string {
	if r == nil || r.Root == nil {
		return ""
	}
	return r.Root.Dir
}

// value returns a finding's value in words; empty if it may not be shown. An
// attribute with the name of a secret is treated as one, and so is a value from the
// environment or the command line: it may come from a vault.
func value(f *judge.Finding) string {
	if f.Secret || hidesValue(f) {
		return ""
	}
	return f.Value
}

// text reports whether a value is a document, a script or the address of a login:
// its content may be secret, whatever the name of the attribute. A text in words is
// quoted.
func text(value string) bool {
	inside, quoted := strings.CutPrefix(value, `"`)
	if !quoted {
		return false
	}
	inside = strings.TrimLeft(inside, ` \nrt`)
	_, after, _ := strings.Cut(inside, "://")
	return strings.HasPrefix(inside, "{") || strings.HasPrefix(inside, "[") || strings.Contains(inside, `\n`) ||
		strings.Contains(after, "@") || secret.Token(strings.TrimSuffix(inside, `"`))
}

func hidesValue(f *judge.Finding) bool {
	if secretPath(f.Attribute) || text(f.Value) {
		return true
	}
	for _, s := range f.Trace {
		if outside(s) {
			return true
		}
	}
	return false
}
