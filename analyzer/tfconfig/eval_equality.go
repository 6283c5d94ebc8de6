package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An equality is "==" or "!=". What is partly known is compared by funcs.Equal.
type equality struct{ *hclsyntax.BinaryOpExpr }

// Value is false where anything known differs, whatever the rest may be.
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
	if err != nil { // no equality fails; the library would say so in its words
		return e.BinaryOpExpr.Value(ctx)
	}
	return v, diags
}

// partial: an object, map or sequence that is known and holds what is not.
func partial(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.CanIterateElements() && !v.IsWhollyKnown()
}
