package report

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// count returns "1 gap" or "3 gaps".
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list returns "a", "a and b", or "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// few returns the first words, and the number of others.
func few(words []string, most int) string {
	if len(words) <= most {
		return list(words)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// layerWords returns a layer in words: "server-side encryption".
func layerWords(l analyzer.Layer) string {
	s := strings.ReplaceAll(string(l), "-", " ")
	for _, side := range []string{"client", "server"} {
		s = strings.Replace(s, side+" side", side+"-side", 1)
	}
	return s
}

// modelWords returns a model with its article: "an infrastructure service".
func modelWords(m analyzer.Model) string {
	switch m {
	case analyzer.UnknownModel:
		return ""
	case analyzer.Container:
		return "a container service"
	}
	return "an " + string(m) + " service"
}

// yours returns why a gap is the customer's; empty if the model gives no reason.
func yours(f *judge.Finding) string {
	if f.Check.Layer == "" {
		return ""
	}
	says, on := layerWords(f.Check.Layer), modelWords(f.Model)
	if f.Service != nil && on != "" {
		on += " (" + f.Service.Name + ")"
	}
	switch f.Owner {
	case analyzer.SharedOwned:
		if on != "" {
			on = " on " + on
		}
		half := f.Cell.Yours
		if half != "" && f.Cell.Theirs != "" {
			half = "yours: " + half
		}
		return clauses(says+" is shared"+on, f.Cell.Theirs, half)
	case analyzer.CustomerOwned:
		if on != "" {
			on = ", on " + on + ","
		}
		return clauses(says+on+" is all yours", f.Cell.Yours)
	}
	return ""
}

// clauses joins a statement and its explanation.
func clauses(says string, because ...string) string {
	var parts []string
	for _, b := range because {
		if b != "" {
			parts = append(parts, strings.TrimSuffix(b, "."))
		}
	}
	if len(parts) == 0 {
		return says
	}
	return says + ": " + strings.Join(parts, "; ")
}

// at returns a place: file:line.
func (o Options) at(r hcl.Range) string {
	if r.Filename == "" {
		return ""
	}
	if r.Start.Line == 0 {
		return o.file(r.Filename)
	}
	return fmt.Sprintf("%s:%d", o.file(r.Filename), r.Start.Line)
}

// from returns a value and its trace: "false, from var.encrypt ← main.tf:22 ←
// prod.tfvars:3"; empty if the value is written at the place itself or is not a
// plain value.
func (o Options) from(f *judge.Finding) string {
	way := o.way(steps(f))
	if len(way) == 0 {
		return ""
	}
	val := clean(value(f))
	switch {
	case f.Secret || hidesValue(f):
		val = analyzer.Concealed + ", "
	case val == "":
		return "" // a list or a document: the origin of one part explains little
	default:
		val += ", "
	}
	return val + "from " + strings.Join(way, " ← ")
}

// steps returns the places of a trace other than the finding's own. In an installed
// module they begin where the value leaves the user's files.
func steps(f *judge.Finding) []analyzer.Step {
	var other []analyzer.Step
	for _, s := range f.Trace {
		own := s.Range.Filename == f.Range.Filename && s.Range.Start.Line >= f.Range.Start.Line && s.Range.End.Line <= f.Range.End.Line
		switch {
		case s.Range.Filename == "" || !own:
			other = append(other, s)
		case f.Inside != nil:
			other = nil
		}
	}
	return other
}

// way returns the steps of a trace in words. A variable is named once: its
// declaration is omitted if something gives it a value.
func (o Options) way(steps []analyzer.Step) []string {
	var words []string
	variable := ""
	for i, s := range steps {
		name, at := clean(s.Name), o.at(s.Range)
		declared := i+1 < len(steps) && gives(steps[i+1])
		switch {
		case strings.HasPrefix(name, "var."):
			if name != variable {
				words = append(words, name)
			}
			if variable = name; at != "" && !declared {
				words = append(words, at)
			}
		case at == "":
			words = append(words, name)
		case name == "" || isFile(s):
			words = append(words, at)
		default:
			words = append(words, name+" at "+at)
		}
	}
	return words
}

// gives reports whether a root's variable gets its value at a step.
func gives(s analyzer.Step) bool {
	return strings.HasPrefix(s.Name, "default") || isFile(s) || outside(s)
}

func isFile(s analyzer.Step) bool { return s.Name == path.Base(s.Range.Filename) }

// outside reports whether a step is the environment or the command line.
func outside(s analyzer.Step) bool {
	return strings.HasPrefix(s.Name, "TF_VAR_") || strings.HasPrefix(s.Name, "--var ")
}

// inside returns where in an installed module a finding is.
func (o Options) inside(f *judge.Finding) string {
	if f.Inner == nil {
		return ""
	}
	return o.at(*f.Inner)
}

// remedy returns how to close a gap, and where: "set encrypt = true at prod.tfvars:3
// (unsafe: replaces the database)".
func (o Options) remedy(f *judge.Finding) string {
	return closing(f, o.remedyAt(f))
}

// closing returns how to close a gap at places, and what to know before.
func closing(f *judge.Finding, at []string) string {
	says := clean(f.Remedy)
	if len(at) > 0 {
		says += " at " + few(at, 3)
	}
	if f.Unsafe != "" {
		says += " (unsafe: " + f.Unsafe + ")"
	}
	if f.IgnoredByLifecycle {
		says += "; ignore_changes keeps what exists as it is"
	}
	return says
}

// remedyAt returns the places of the fix: each environment may have a file of its
// own.
func (o Options) remedyAt(f *judge.Finding) []string {
	var places []string
	for _, one := range f.SameVerdict() {
		if one.RemedyAt == nil || one.Remedy != f.Remedy {
			continue
		}
		if at := o.at(*one.RemedyAt); at != "" && !slices.Contains(places, at) {
			places = append(places, at)
		}
	}
	return places
}

// happens returns a plan's action on a resource: "replace, forced by engine".
func happens(r *analyzer.Resource) string {
	if r.Root == nil || r.Root.Plan == "" || r.Action == analyzer.NoOp || r.Action == analyzer.ReadData {
		return ""
	}
	says := string(r.Action)
	if len(r.ReplacedBy) == 0 || r.Action != analyzer.Replace {
		return says
	}
	paths := make([]string, len(r.ReplacedBy))
	for i, p := range r.ReplacedBy {
		paths[i] = clean(analyzer.FormatPath(p))
	}
	return says + ", forced by " + few(paths, 3)
}

// changed returns how a gap compares with the state before the plan.
func changed(c judge.Change) string {
	switch c {
	case judge.Regression:
		return "worse than before this plan"
	case judge.New:
		return "new in this plan"
	}
	return ""
}

// diagnostic returns a mistake in a user's file in one line: lower case, no full
// stop.
func diagnostic(d *hcl.Diagnostic) string {
	says := clean(lowerFirst(strings.TrimSuffix(d.Summary, ".")))
	if detail := strings.TrimSuffix(strings.Join(strings.Fields(d.Detail), " "), "."); detail != "" {
		says += ": " + clean(lowerFirst(detail))
	}
	return says
}

// lowerFirst lowers the first letter of a sentence, but not of an abbreviation.
func lowerFirst(s string) string {
	if len(s) < 2 || s[0] < 'A' || s[0] > 'Z' || s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func diagnosticRange(d *hcl.Diagnostic) hcl.Range {
	if d.Subject != nil {
		return *d.Subject
	}
	if d.Context != nil {
		return *d.Context
	}
	return hcl.Range{}
}

// incomplete returns the files that could not be read, or the evaluation that was
// given up; empty if nothing is missing.
func incomplete(c analyzer.Coverage) string {
	switch missing := c.FilesFound - c.Files; {
	case missing > 0:
		verb := "could not be read"
		return fmt.Sprintf("incomplete: %d of %s %s", missing, count(c.FilesFound, "file"), verb)
	case c.Broken:
		return "incomplete: not everything could be read"
	case len(c.GivenUp) > 0:
		return "incomplete: demarc gave up on " + clean(few(c.GivenUp, 3))
	}
	return ""
}
