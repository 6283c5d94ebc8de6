package tfconfig

import (
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
	"github.com/zclconf/go-cty/cty"
)

// planInputs adds the values that a plan was made with: they win over all
// others. Where a file, or the default, gives the same one, that is where it
// came from, and it stays.
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

// same reports whether a value that is written is the one of a plan, whose
// types are those of JSON.
func same(written, planned cty.Value) bool {
	converted, err := funcs.Convert(written, planned.Type())
	return err == nil && converted.RawEquals(planned)
}
