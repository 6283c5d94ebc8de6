package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// An equality is "==" or "!=". The library compares the attributes of objects
// and maps in random order and stops at the first that is unknown or differs:
// of {a = 1, b = unknown} == {a = 2, b = 3} it says now false, now unknown. What
// is partly known is compared here.
type equality struct{ *hclsyntax.BinaryOpExpr }

// Value is false where anything known differs, whatever the rest may be.
func (e *equality) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	lhs, diags := e.LHS.Value(ctx)
	rhs, more := e.RHS.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	ev := evaluatorOf(ctx)
	lhs, rhs = ev.text(lhs), ev.text(rhs)
	if partial(lhs) || partial(rhs) {
		l, lMarks := lhs.UnmarkDeep()
		r, rMarks := rhs.UnmarkDeep()
		v := equal(l, r)
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

// equal compares two values, of which any part may be unknown.
func equal(a, b cty.Value) cty.Value {
	switch {
	case !a.IsKnown() || !b.IsKnown() || a.IsNull() || b.IsNull():
		return a.Equals(b)
	case !a.Type().Equals(b.Type()), !a.CanIterateElements():
		return a.Equals(b)
	case a.Type().IsSetType() || a.LengthInt() != b.LengthInt():
		return a.Equals(b)
	}
	result := cty.True
	for it := a.ElementIterator(); it.Next(); {
		key, x := it.Element()
		y, ok := at(b, key)
		if !ok {
			return cty.False
		}
		switch eq := equal(x, y); {
		case !eq.IsKnown():
			result = cty.UnknownVal(cty.Bool).RefineNotNull()
		case eq.False():
			return cty.False
		}
	}
	return result
}

// at is the element of a collection or object.
func at(v, key cty.Value) (cty.Value, bool) {
	if v.Type().IsObjectType() {
		return v.GetAttr(key.AsString()), true
	}
	if v.HasIndex(key).False() {
		return cty.NilVal, false
	}
	return v.Index(key), true
}
