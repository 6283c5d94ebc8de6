package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An equality is "==" or "!=". funcs.Equal compares partly known values.
type equality struct{ *hclsyntax.BinaryOpExpr }

// Value is false if any known part differs, whatever the rest may be.
func (e *equality) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	lhs, diags := e.LHS.Value(ctx)
	rhs, more := e.RHS.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	ev := evaluatorOf(ctx)
	if ev != nil && !ev.budget.Spend(funcs.Price(lhs)+funcs.Price(rhs)) {
		return ev.usedUp(e.Range()).WithSameMarks(lhs, rhs), diags
	}
	lhs, rhs = ev.text(lhs), ev.text(rhs)
	if partial(lhs) || partial(rhs) {
		l, lMarks := lhs.UnmarkDeep()
		r, rMarks := rhs.UnmarkDeep()
		v := funcs.Equal(l, r)
		if e.Op == hclsyntax.OpNotEqual {
			v = v.Not()
		}
		return v.WithMarks(lMarks, rMarks), diags
	}
	v, err := e.Op.Impl.Call([]cty.Value{lhs, rhs})
	if err != nil { // no equality fails; otherwise the library reports the error in its own words
		return e.BinaryOpExpr.Value(ctx)
	}
	return v, diags
}

// partial: a known object, map or sequence that contains unknown values.
func partial(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.CanIterateElements() && !v.IsWhollyKnown()
}
