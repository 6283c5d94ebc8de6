package judge

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// A finding in an installed module is shown where its user can close it: at the
// call, if an input of the module contributes to it.

// enter moves the finding to the call of the installed module that contains the
// witness; the finding stays where there is no such module.
func (f *Finding) enter(w analyzer.Witness) {
	at, companions := f.asks(w)
	f.Inside = w.Of.Source.Inside(at, companions)
	if f.Inside == nil {
		return
	}
	f.NotFixableHere = !f.opens(w)
	inner := f.Range
	f.Inner, f.Range = &inner, f.Inside.Range
	outside := true
	for _, call := range w.Of.Source.Via() {
		switch {
		case call.Installed && outside:
			outside = false // the finding's own range
		case outside:
			f.Notes = append(f.Notes, Note{call.Range, "called here"})
		default:
			f.Notes = append(f.Notes, Note{call.Range, "inside, called here"})
		}
	}
	f.Notes = append(f.Notes, Note{inner, "inside, " + w.Of.Definition + " is here"})
}

// asks lists the values that would have to change: the value that decided and,
// where there are several ways to meet the condition, all paths that the check
// consults. Where neither a value nor a companion is missing, it lists the nil
// path: whether the resource exists at all.
func (f *Finding) asks(w analyzer.Witness) (at []cty.Path, companions []string) {
	if len(w.At) > 0 {
		at = append(at, w.At)
	}
	want := f.Check.Want
	if want == nil || len(w.At) > 0 && !analyzer.IsChoice(want) {
		return at, nil
	}
	own := analyzer.TypeKey(w.Of.Mode, w.Of.Type)
	for _, read := range analyzer.ReadsOf(want) {
		switch {
		case read.Type == own, read.Type == "" && w.Of == f.Resource:
			if len(read.Path) > 0 {
				at = append(at, analyzer.Extend(nil, read.Path))
			}
		case read.Type != "":
			companions = append(companions, read.Type)
		}
	}
	if len(w.At) == 0 && (w.Of != f.Resource || len(companions) == 0) {
		at = append(at, nil)
	}
	return at, companions
}

// opens reports whether the caller of the module can resolve the finding: by an
// input, by a companion of an output's resource, in the account or, for an
// unknown, by giving the value that hides it.
func (f *Finding) opens(w analyzer.Witness) bool {
	in := f.Inside
	if len(in.Inputs) > 0 || in.Exported {
		return true
	}
	if d := w.Default; d != nil && (d.Fact != "" || d.Account != nil) {
		return true
	}
	for _, c := range f.Because {
		switch c.Kind {
		case analyzer.CauseVariable, analyzer.CauseModule, analyzer.CauseAccount, analyzer.CauseCaller, analyzer.CauseError:
			return true
		}
	}
	return false
}

// passes states the remedy at the origin of the value, if that assignment alone
// decides.
func (f *Finding) passes(assigns []analyzer.Assign) bool {
	w := f.Witness
	if len(assigns) != 1 || w.Of.Source == nil || analyzer.Names(w.At).String() != assigns[0].Path.String() {
		return false
	}
	s := w.Of.Source.Setting(w.At)
	if s == nil {
		return false
	}
	value := assigns[0].Value
	name, option := strings.CutPrefix(s.Name, "--var ")
	switch {
	case s.Range.Filename != "":
		f.Remedy = "set " + analyzer.Assign{Path: analyzer.Path{s.Name}, Value: value}.String()
	case option:
		f.Remedy = "pass --var " + name + "=" + plain(value)
	default:
		f.Remedy = "set " + s.Name + "=" + plain(value)
	}
	switch {
	case f.Inside != nil && f.called(s):
		f.Remedy += " at this module call"
	case s.Range != f.Range:
		f.RemedyAt = &s.Range
	}
	return true
}

// called reports whether an assignment would be the first of its name in the
// call at which the finding is shown.
func (f *Finding) called(s *analyzer.Setting) bool {
	for _, call := range f.Witness.Of.Source.Via() {
		if call.Installed {
			return call.Range == s.Range
		}
	}
	return false
}

func plain(v cty.Value) string {
	s, _ := analyzer.AsString(v)
	return s
}

// throughInputs names the inputs of an installed module that decide: its user
// makes no assignments in it.
func (f *Finding) throughInputs(assigns []analyzer.Assign) {
	const most = 4
	in := f.Inside
	if assigns != nil {
		f.Remedy = strings.Replace(f.Remedy, "set ", "make ", 1)
	}
	switch n := len(in.Inputs); {
	case f.NotFixableHere:
		f.Remedy += "; no input of " + in.Module + " does, another version of it may"
	case n == 0 && in.Exported:
		f.Remedy += "; an output of " + in.Module + " leads to it"
	case n > most:
		f.Remedy += fmt.Sprintf("; an input of %s decides: %s and %d more", in.Module, strings.Join(in.Inputs[:most], ", "), n-most)
	case n > 0:
		f.Remedy += "; an input of " + in.Module + " decides: " + strings.Join(in.Inputs, ", ")
	}
	f.Remedy = strings.TrimPrefix(f.Remedy, "; ")
}

// remedy is the edit that closes the gap, in words and, where the source
// allows, as edits.
func (f *Finding) remedy() {
	assigns := f.Check.Repair()
	if f.Witness.Of != f.Resource {
		assigns = nil
	}
	if f.Remedy = f.Check.Close; assigns != nil {
		f.Remedy = analyzer.SayAssigns(assigns)
		f.Unsafe = f.Check.Risk()
	}
	if !f.passes(assigns) && f.Inside != nil {
		f.throughInputs(assigns)
	}
	if f.Inside == nil && assigns != nil && f.Check.Fix.Kind != analyzer.NoFix && f.Resource.Source != nil {
		f.Edits = f.Resource.Source.Edits(assigns)
	}
}

// ignored notes where setting an attribute has no effect on existing resources.
func (f *Finding) ignored(w analyzer.Witness) {
	for _, held := range w.Of.Ignored {
		if len(w.At) > 0 && analyzer.Covers(held, w.At) {
			f.IgnoredByLifecycle = true
		}
	}
}
