package tfconfig

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An InputError is a value of the command line that no root can take.
type InputError struct {
	Name     string   // the variable's
	Reason   string   // why its value does not fit; empty: no root declares it
	Declared []string // the variables that roots declare, sorted
}

func (e *InputError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("no variable is named %q", e.Name)
	}
	return fmt.Sprintf("--var %s: its value does not fit its type: %s", e.Name, e.Reason)
}

// checkInputs checks the values of the command line against the variables of the
// roots. A value goes to every root that declares the variable. A restricted
// evaluation does not have all roots, so a missing declaration is no error there.
func (l *loader) checkInputs(roots []rootDir) error {
	for _, in := range l.opt.Inputs {
		if in.File != "" {
			continue
		}
		declared, err := l.fits(in, roots)
		if err != nil {
			return err
		}
		if !declared && l.opt.Changed == nil {
			return &InputError{Name: in.Name, Declared: l.declared(roots)}
		}
	}
	return nil
}

// fits reports whether a root declares the variable; the error describes a value
// that does not have the variable's type.
func (l *loader) fits(in Input, roots []rootDir) (declared bool, err error) {
	for _, r := range roots {
		decl := l.module(r.dir).variables[in.Name]
		if decl == nil {
			continue
		}
		declared = true
		t, defaults := new(scope).typeOf(decl)
		v := input{text: in.Value, name: "--var " + in.Name}.value(decl)
		if defaults != nil && v.IsKnown() && !v.IsNull() {
			v = defaults.Apply(v)
		}
		if _, err := convert.Convert(v, t); err != nil {
			return true, &InputError{Name: in.Name, Reason: funcs.Misfit(v, t)}
		}
	}
	return declared, nil
}

func (l *loader) declared(roots []rootDir) []string {
	var names []string
	for _, r := range roots {
		names = append(names, sortedKeys(l.module(r.dir).variables)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
