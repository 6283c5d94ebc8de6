package funcs

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func typeRows() []row {
	some := cty.DynamicPseudoType
	return []row{
		{name: "can", ret: cty.Bool, with: canFunc, keepsMarks: true},
		{name: "ephemeralasnull", fn: ephemeralasnullFunc(), keepsMarks: true, deep: true},
		{name: "issensitive", ret: cty.Bool, fn: issensitiveFunc(), keepsMarks: true},
		{name: "nonsensitive", fn: nonsensitiveFunc(), keepsMarks: true},
		{name: "sensitive", fn: sensitiveFunc(), keepsMarks: true},
		{name: "tobool", ret: cty.Bool, fn: toFunc(cty.Bool), nullable: true},
		{name: "tolist", fn: toFunc(cty.List(some)), deep: true, perNode: 10},
		{name: "tomap", fn: toFunc(cty.Map(some)), deep: true, perNode: 10},
		{name: "tonumber", ret: cty.Number, fn: toFunc(cty.Number), guard: digitsGuard, nullable: true},
		{name: "toset", fn: toFunc(cty.Set(some)), deep: true, perNode: 10},
		{name: "tostring", ret: cty.String, fn: toFunc(cty.String), nullable: true},
		{name: "try", with: tryFunc, keepsMarks: true},
	}
}

// toFunc converts a value, and keeps the marks of elements if the result can hold
// them: a set has the marks of all elements. Its errors do not quote the value,
// which may be secret.
func toFunc(want cty.Type) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anyParam("v")},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := Convert(args[0], want)
			var none noAnswer
			if errors.As(err, &none) {
				return cty.NilVal, none
			}
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(0, "cannot convert %s to %s",
					args[0].Type().FriendlyName(), want.FriendlyNameForConstraint())
			}
			return v, nil
		},
	})
}

// tryFunc returns the first expression that has no error. If a later value could
// bring an error, the result is unknown, with the marks of every candidate that may
// still be taken.
func tryFunc(e *env) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type:     dynamic, // the type is found by evaluating, which Impl does once
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if len(args) == 0 {
				return cty.NilVal, errors.New("at least one argument is required")
			}
			possible, sure, diags := candidates(args)
			switch {
			case len(possible) == 0:
				return cty.NilVal, noneSucceeded(diags)
			case len(possible) == 1 && sure:
				return possible[0], nil
			}
			v := e.unknown("try() of what is not known", cty.DynamicPseudoType)
			return withMarksOf(v, possible), nil
		},
	})
}

// candidates evaluates expressions up to the first that is sure to succeed, and
// returns those without an error.
func candidates(args []cty.Value) (possible []cty.Value, sure bool, all hcl.Diagnostics) {
	for _, a := range args {
		closure := customdecode.ExpressionClosureFromVal(a)
		v, diags := closure.Value()
		all = all.Extend(diags)
		if diags.HasErrors() {
			continue
		}
		possible = append(possible, v)
		if certain(closure, v) {
			return possible, true, all
		}
	}
	return possible, false, all
}

func canFunc(e *env) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			v, diags := closure.Value()
			switch {
			case diags.HasErrors():
				return cty.False, nil
			case certain(closure, v):
				return cty.True, nil
			}
			return withMarksOf(e.unknown("can() of what is not known", cty.Bool), []cty.Value{v}), nil
		},
	})
}

// certain reports whether an expression will still succeed when more is known.
// Terraform requires a wholly known value. But a reference fails only at a step into
// a value, so a step into a known value cannot fail later, whatever it finds there.
// This keeps try(aws_kms_key.k[0].arn, null) the ARN of that key, and the known
// parts of try(var.settings.rules, []).
func certain(c *customdecode.ExpressionClosure, v cty.Value) bool {
	if v.IsWhollyKnown() {
		return true
	}
	expr := taken(c.Expression, c.EvalContext)
	if own, ok := expr.(settler); ok {
		return v.IsKnown() || own.Settled(c.EvalContext)
	}
	ref, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return false
	}
	if v.IsKnown() || len(ref.Traversal) < 2 {
		return true
	}
	parent, diags := ref.Traversal[:len(ref.Traversal)-1].TraverseAbs(c.EvalContext)
	return !diags.HasErrors() && parent.IsKnown()
}

// A settler is a reference of the evaluator that reports whether it will still
// succeed when more is known.
type settler interface {
	Settled(*hcl.EvalContext) bool
}

// taken follows conditionals with a known condition to the branch that they take, if
// the evaluator's own expressions can determine it.
func taken(expr hcl.Expression, ctx *hcl.EvalContext) hcl.Expression {
	for range 16 {
		cond, ok := expr.(interface {
			Taken(*hcl.EvalContext) hcl.Expression
		})
		if !ok {
			return expr
		}
		branch := cond.Taken(ctx)
		if branch == nil {
			return expr
		}
		expr = branch
	}
	return expr
}

// noneSucceeded lists why each candidate failed.
func noneSucceeded(diags hcl.Diagnostics) error {
	var b strings.Builder
	b.WriteString("no expression succeeded")
	for i, d := range diags {
		if i == 10 || b.Len() > 4<<10 {
			break
		}
		fmt.Fprintf(&b, "; %s: %s", d.Summary, d.Detail)
	}
	return errors.New(b.String())
}
