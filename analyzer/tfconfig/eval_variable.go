package tfconfig

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

func (sc *scope) local(name string, at hcl.Range) cty.Value {
	a := sc.mod.locals[name]
	if a == nil {
		return sc.undeclared("local."+name, at)
	}
	return sc.once("local."+name, at, func() cty.Value { return sc.eval(a.expr, nil) })
}

func (sc *scope) undeclared(name string, at hcl.Range) cty.Value {
	reason := "not declared"
	if slices.ContainsFunc(sc.mod.files, (*file).broken) {
		reason = "not declared in what could be read"
	}
	sc.ev.note("reference", sc.address(name), at, reason)
	return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseError, Name: name + ", which is " + reason, Range: at})
}

func (sc *scope) variable(name string, at hcl.Range) cty.Value {
	decl := sc.mod.variables[name]
	if decl == nil {
		return sc.undeclared("var."+name, at)
	}
	return sc.once("var."+name, at, func() cty.Value { return sc.inputValue(name, decl) })
}

// inputValue returns the value from the caller, the command line or the default.
func (sc *scope) inputValue(name string, decl *block) cty.Value {
	return sc.fit(name, decl, sc.given(name))
}

// fit converts a given value, NilVal for none, to the variable's: it takes the
// default for a missing value, fills in optional attributes and converts to the
// variable's type.
func (sc *scope) fit(name string, decl *block, v cty.Value) cty.Value {
	t, defaults := sc.typeOf(decl)
	if v != cty.NilVal {
		if plain, _ := v.Unmark(); plain.IsKnown() && plain.IsNull() && !nullable(decl) {
			v = cty.NilVal
		}
	}
	if v == cty.NilVal {
		if a := decl.body.attr("default"); a != nil {
			v = sc.evalDefault(a.expr)
		}
	}
	if v == cty.NilVal {
		v = cty.UnknownVal(t.WithoutOptionalAttributesDeep()).Mark(sc.noValue(name, decl))
		return markSensitive(v, decl)
	}
	if defaults != nil {
		if plain, _ := v.Unmark(); !plain.IsNull() && plain.IsKnown() {
			v = funcs.ApplyDefaults(defaults, v)
		}
	}
	converted, err := funcs.Convert(v, t)
	if err != nil {
		cause := analyzer.Cause{Kind: analyzer.CauseError, Name: "var." + name + ", whose value is not of its type", Range: decl.def}
		sc.ev.budget.Spend(funcs.MisfitLevels * funcs.Price(v))
		sc.ev.note("variable", sc.address("var."+name), decl.def, "its value does not fit its type: "+funcs.Misfit(v, t))
		return cty.UnknownVal(t.WithoutOptionalAttributesDeep()).Mark(cause)
	}
	return markSensitive(converted, decl)
}

// evalDefault evaluates a default, which is a constant: in JSON, text is literal,
// including "${".
func (sc *scope) evalDefault(expr hcl.Expression) cty.Value {
	if _, native := expr.(hclsyntax.Expression); !native {
		if v, diags := expr.Value(nil); !diags.HasErrors() {
			return v
		}
	}
	return sc.eval(expr, nil)
}

func markSensitive(v cty.Value, decl *block) cty.Value {
	if isTrueConstant(decl.body.attr("sensitive")) {
		v = v.Mark(funcs.Sensitive)
	}
	if isTrueConstant(decl.body.attr("ephemeral")) {
		v = v.Mark(funcs.Ephemeral)
	}
	return v
}

func isTrueConstant(a *attribute) bool {
	if a == nil {
		return false
	}
	v, diags := a.expr.Value(nil)
	return !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.True()
}

func nullable(decl *block) bool {
	a := decl.body.attr("nullable")
	if a == nil {
		return true
	}
	v, diags := a.expr.Value(nil)
	return diags.HasErrors() || v.Type() != cty.Bool || v.IsNull() || v.True()
}

// noValue returns the cause of a variable without a value. In a library the callers
// decide.
func (sc *scope) noValue(name string, decl *block) analyzer.Cause {
	if !sc.ev.library {
		sc.ev.note("variable", sc.address("var."+name), decl.def, "no value")
	}
	return analyzer.Cause{Kind: analyzer.CauseVariable, Name: sc.address("var." + name), Range: decl.def}
}

// given returns the value from outside; NilVal: none.
func (sc *scope) given(name string) cty.Value {
	if sc.parent == nil {
		in, ok := sc.ev.inputs[name]
		if !ok {
			return cty.NilVal
		}
		v := in.value(sc.mod.variables[name])
		if in.mask {
			v = v.Mark(funcs.Private)
		}
		return v
	}
	a := sc.call.body.attr(name)
	if a == nil {
		return cty.NilVal
	}
	return sc.parent.eval(a.expr, sc.iter)
}

func (sc *scope) output(name string, at hcl.Range) cty.Value {
	decl := sc.mod.outputs[name]
	if decl == nil {
		return sc.undeclared("output "+name, at)
	}
	return sc.once("output."+name, at, func() cty.Value {
		a := decl.body.attr("value")
		if a == nil {
			return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseError, Name: "output " + name + ", which has no value", Range: decl.def})
		}
		v := sc.eval(a.expr, nil)
		if isTrueConstant(decl.body.attr("sensitive")) {
			v = v.Mark(funcs.Sensitive)
		}
		return v
	})
}
