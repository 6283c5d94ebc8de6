package tfconfig

import (
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
	"github.com/zclconf/go-cty/cty"
)

// planInputs adds the values that a plan was made with: they override all others. An
// equal value from a file, or from the default, stays, because it is the source of
// the plan's value.
func (l *loader) planInputs(dir string, inputs map[string]input) {
	for name, v := range l.opt.Planned {
		in, given := inputs[name]
		if given && in.expr != nil && same(in.value(nil), v) || !given && l.defaults(dir, name, v) {
			continue
		}
		inputs[name] = input{plan: v, name: "the plan"}
	}
}

// defaults reports whether the default of a variable is the value.
func (l *loader) defaults(dir, name string, v cty.Value) bool {
	mod := l.module(dir)
	if mod == nil || mod.variables[name] == nil {
		return false
	}
	a := mod.variables[name].body.attr("default")
	if a == nil {
		return false
	}
	written, diags := a.expr.Value(nil)
	return !diags.HasErrors() && same(written, v)
}

// same reports whether a written value equals a plan's value, whose types are JSON
// types.
func same(written, planned cty.Value) bool {
	converted, err := funcs.Convert(written, planned.Type())
	return err == nil && converted.RawEquals(planned)
}
