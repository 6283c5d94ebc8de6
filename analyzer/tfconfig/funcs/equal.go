package funcs

import "github.com/zclconf/go-cty/cty"

// Equal compares two values without marks, in which any part may be unknown. The
// library compares the attributes of objects and the elements of maps in random
// order and stops at the first that is unknown or differs: for {a = 1, b = unknown}
// and {a = 2, b = 3} its result varies between false and unknown. They are not
// equal, whatever the rest may be.
func Equal(a, b cty.Value) cty.Value {
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
		switch eq := Equal(x, y); {
		case !eq.IsKnown():
			result = cty.UnknownVal(cty.Bool).RefineNotNull()
		case eq.False():
			return cty.False
		}
	}
	return result
}

// at returns the element of a collection or object.
func at(v, key cty.Value) (cty.Value, bool) {
	if v.Type().IsObjectType() {
		return v.GetAttr(key.AsString()), true
	}
	if v.HasIndex(key).False() {
		return cty.NilVal, false
	}
	return v.Index(key), true
}
