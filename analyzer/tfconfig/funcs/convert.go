package funcs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// go-cty compares the type of each element with every other when it converts a tuple
// to a list or an object to a map: 40,000 strings take half a minute. The
// conversions here compare each element with the few distinct types.

// manyElements is the length from which a sequence is converted here. Below it the
// library's conversion costs less than a check of the types.
const manyElements = 64

// mostTypes bounds the different types of the elements of one collection.
const mostTypes = 256

// Convert is convert.Convert with a cost in proportion to the value.
func Convert(v cty.Value, t cty.Type) (cty.Value, error) {
	if v.Type().Equals(t) || v.Type().IsPrimitiveType() {
		return convert.Convert(v, t)
	}
	v, err := convertLong(v, t)
	if err != nil {
		return cty.NilVal, err
	}
	return convert.Convert(v, t)
}

// convertLong converts the long sequences and maps in a value that become
// collections, and leaves the rest to the library.
func convertLong(v cty.Value, t cty.Type) (cty.Value, error) {
	plain, marks := v.Unmark()
	from := plain.Type()
	if !plain.IsKnown() || plain.IsNull() || from.IsPrimitiveType() || from.Equals(t) || t.IsPrimitiveType() || !plain.CanIterateElements() {
		return v, nil
	}
	switch {
	case (t.IsListType() || t.IsSetType()) && isSequence(from):
		elems, err := convertElements(plain.AsValueSlice(), t.ElementType())
		switch {
		case err != nil || elems == nil:
			return v, err
		case len(elems) < manyElements:
			return cty.TupleVal(elems).WithMarks(marks), nil
		case t.IsListType() && cty.CanListVal(elems):
			return cty.ListVal(elems).WithMarks(marks), nil
		case t.IsSetType() && cty.CanSetVal(elems):
			if setNodes(elems[0].Type(), len(elems)) > maxElements {
				return v, noAnswer{cause: gaveUp("conversion", tooMany)}
			}
			if crowded(elems) {
				return v, noAnswer{cause: gaveUp("conversion", tooCrowded)}
			}
			return cty.SetVal(elems).WithMarks(marks), nil
		}
	case t.IsMapType() && isMapping(from):
		names, elems := split(plain)
		elems, err := convertElements(elems, t.ElementType())
		switch {
		case err != nil || elems == nil:
			return v, err
		case len(elems) < manyElements:
			return cty.ObjectVal(together(names, elems)).WithMarks(marks), nil
		case cty.CanMapVal(together(names, elems)):
			return cty.MapVal(together(names, elems)).WithMarks(marks), nil
		}
	case t.IsObjectType() && isMapping(from):
		names, elems := split(plain)
		changed := false
		for i, name := range names {
			if !t.HasAttribute(name) {
				continue
			}
			e, err := convertLong(elems[i], t.AttributeType(name))
			if err != nil {
				return v, err
			}
			changed = changed || !e.Type().Equals(elems[i].Type())
			elems[i] = e
		}
		if changed {
			return cty.ObjectVal(together(names, elems)).WithMarks(marks), nil
		}
	}
	return v, nil
}

// convertElements gives elements one type if there are many. If there are few, it
// converts the elements that are long themselves; nil: none is.
func convertElements(elems []cty.Value, t cty.Type) ([]cty.Value, error) {
	changed := false
	for i, e := range elems {
		long, err := convertLong(e, t)
		if err != nil {
			return nil, err
		}
		changed = changed || !long.Type().Equals(e.Type())
		elems[i] = long
	}
	if len(elems) < manyElements {
		if changed {
			return elems, nil
		}
		return nil, nil
	}
	return oneType(elems, t)
}

// oneType converts elements to a type, or, if the type contains any, to their common
// type.
func oneType(elems []cty.Value, t cty.Type) ([]cty.Value, error) {
	if t != cty.DynamicPseudoType {
		if err := convertAll(elems, t); err != nil || !t.HasDynamicTypes() {
			return elems, err
		}
	}
	types, ok := typesOf(elems)
	if !ok {
		return nil, noAnswer{cause: gaveUp("conversion", "too many different types")}
	}
	common, _ := convert.UnifyUnsafe(types)
	if common == cty.NilType {
		return nil, errors.New("all elements must have the same type")
	}
	return elems, convertAll(elems, common)
}

func convertAll(elems []cty.Value, t cty.Type) error {
	for i, e := range elems {
		c, err := convert.Convert(e, t)
		if err != nil {
			return err
		}
		if plain, marks := c.Unmark(); plain.IsNull() {
			c = cty.NullVal(c.Type().WithoutOptionalAttributesDeep()).WithMarks(marks)
		}
		elems[i] = c
	}
	return nil
}

// typesOf returns the different types of values, in order of appearance; false:
// there are too many.
func typesOf(vals []cty.Value) ([]cty.Type, bool) {
	types := make([]cty.Type, len(vals))
	for i, v := range vals {
		types[i] = v.Type()
	}
	return distinctTypes(types)
}

func distinctTypes(all []cty.Type) ([]cty.Type, bool) {
	var types []cty.Type
	for _, t := range all {
		if slices.ContainsFunc(types, t.Equals) {
			continue
		}
		if len(types) == mostTypes {
			return nil, false
		}
		types = append(types, t)
	}
	return types, true
}

func isMapping(t cty.Type) bool { return t.IsObjectType() || t.IsMapType() }

// split splits an object or a map, in order of names.
func split(v cty.Value) (names []string, elems []cty.Value) {
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		names, elems = append(names, k.AsString()), append(elems, e)
	}
	return names, elems
}

func together(names []string, elems []cty.Value) map[string]cty.Value {
	m := make(map[string]cty.Value, len(names))
	for i, name := range names {
		m[name] = elems[i]
	}
	return m
}

// Unify converts two values to their common type; false: they have none.
func Unify(a, b cty.Value) (cty.Value, cty.Value, bool) {
	t := commonType(a.Type(), b.Type())
	if t == cty.NilType {
		return a, b, false
	}
	x, err := Convert(a, t)
	if err != nil {
		return a, b, false
	}
	y, err := Convert(b, t)
	if err != nil {
		return a, b, false
	}
	return x, y, true
}

// commonType returns the common type of two values. Two long tuples of different
// lengths make a list, two large objects with different attributes a map.
func commonType(a, b cty.Type) cty.Type {
	var parts []cty.Type
	of := cty.List
	switch {
	case a.IsTupleType() && b.IsTupleType() && a.Length() != b.Length():
		parts = append(append(parts, a.TupleElementTypes()...), b.TupleElementTypes()...)
	case a.IsObjectType() && b.IsObjectType() && !sameNames(a, b):
		of = cty.Map
		for _, t := range []cty.Type{a, b} {
			attrs := t.AttributeTypes()
			for _, name := range slices.Sorted(maps.Keys(attrs)) {
				parts = append(parts, attrs[name])
			}
		}
	}
	if len(parts) < manyElements {
		t, _ := convert.UnifyUnsafe([]cty.Type{a, b})
		return t
	}
	types, ok := distinctTypes(parts)
	if !ok {
		return cty.NilType
	}
	common, _ := convert.UnifyUnsafe(types)
	if common == cty.NilType {
		return common
	}
	return of(common)
}

func sameNames(a, b cty.Type) bool {
	if len(a.AttributeTypes()) != len(b.AttributeTypes()) {
		return false
	}
	for name := range a.AttributeTypes() {
		if !b.HasAttribute(name) {
			return false
		}
	}
	return true
}

// ApplyDefaults fills in optional attributes. It treats long lists as tuples and
// long maps as objects, whose types the library does not compare; the result must
// still be converted, like the library's.
func ApplyDefaults(d *typeexpr.Defaults, v cty.Value) cty.Value { return d.Apply(loosen(v)) }

// loosen makes tuples of long lists and sets, and objects of long maps.
func loosen(v cty.Value) cty.Value {
	plain, marks := v.Unmark()
	if !plain.IsKnown() || plain.IsNull() || plain.Type().IsPrimitiveType() || !plain.CanIterateElements() {
		return v
	}
	t := plain.Type()
	switch {
	case isSequence(t):
		elems, changed := loosenAll(plain.AsValueSlice())
		if changed || len(elems) >= manyElements && !t.IsTupleType() {
			return cty.TupleVal(elems).WithMarks(marks)
		}
	case isMapping(t):
		names, elems := split(plain)
		elems, changed := loosenAll(elems)
		if changed || len(elems) >= manyElements && !t.IsObjectType() {
			return cty.ObjectVal(together(names, elems)).WithMarks(marks)
		}
	}
	return v
}

func loosenAll(elems []cty.Value) ([]cty.Value, bool) {
	changed := false
	for i, e := range elems {
		elems[i] = loosen(e)
		changed = changed || !elems[i].Type().Equals(e.Type())
	}
	return elems, changed
}

// distinctFunc keeps the first of equal elements.
func distinctFunc() function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "list", Type: cty.List(cty.DynamicPseudoType)}},
		Type:         func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			seen := map[int][]cty.Value{}
			var kept []cty.Value
			for _, v := range args[0].AsValueSlice() {
				if known(seen, v) {
					continue
				}
				if len(seen[v.Hash()]) > mostOfOneHash {
					return cty.NilVal, noAnswer{cause: gaveUp("distinct", tooCrowded)}
				}
				kept = append(kept, v)
			}
			return listOf(t.ElementType(), kept), nil
		},
	})
}

// known reports whether a value was seen before, and records it. Values must be
// wholly known and without marks.
func known(seen map[int][]cty.Value, v cty.Value) bool {
	h := v.Hash()
	for _, other := range seen[h] {
		if v.RawEquals(other) {
			return true
		}
	}
	seen[h] = append(seen[h], v)
	return false
}

// mostOfOneHash bounds the values of a set that have the same hash, which go-cty
// compares with each other. Its hash is a checksum, for which anybody can construct
// any number of equal values.
const mostOfOneHash = 64

const tooCrowded = "too many values with one hash"

// crowded reports whether a set of the values would compare too many of them. An
// unknown value equals no other, as in the set.
func crowded(vals []cty.Value) bool {
	if len(vals) <= mostOfOneHash {
		return false
	}
	seen := make(map[int][]cty.Value, len(vals))
	for _, v := range vals {
		plain, _ := v.UnmarkDeep()
		h := plain.Hash()
		if !plain.IsWhollyKnown() {
			seen[h] = append(seen[h], plain)
		} else if known(seen, plain) {
			continue
		}
		if len(seen[h]) > mostOfOneHash {
			return true
		}
	}
	return false
}

// crowdGuard bounds functions that make one set of several.
func crowdGuard(args []cty.Value) string {
	var vals []cty.Value
	for _, a := range args {
		plain, _ := a.Unmark()
		if plain.IsKnown() && !plain.IsNull() && plain.CanIterateElements() {
			vals = append(vals, plain.AsValueSlice()...)
		}
	}
	if crowded(vals) {
		return tooCrowded
	}
	return ""
}

// What Misfit looks at: each level converts what is below it again.
const (
	MisfitLevels = 16
	misfitNodes  = 4096
)

const misfit = "it does not fit"

// Misfit returns why a value does not convert to a type: at the first path by name,
// where the library takes any. A large value, or one deep in it, is told without a
// path. Its cost is at most MisfitLevels times Price.
func Misfit(v cty.Value, t cty.Type) string {
	if m := measured(v); m.why != "" || m.nodes > misfitNodes {
		return misfit
	}
	return misfitBelow(v, t, MisfitLevels)
}

func misfitBelow(v cty.Value, t cty.Type, levels int) string {
	plain, marks := v.Unmark()
	switch from := plain.Type(); {
	case Secret(marks) != nil:
		return "what is wrong with it is sensitive"
	case levels == 0:
		return misfit
	case !plain.IsKnown() || plain.IsNull() || !plain.CanIterateElements():
	case t.IsObjectType() && isMapping(from):
		given := plain.AsValueMap()
		for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes())) {
			attr, ok := given[name]
			if !ok && t.AttributeOptional(name) {
				continue
			}
			if !ok {
				return fmt.Sprintf("attribute %q is required", name)
			}
			if _, err := Convert(attr, t.AttributeType(name)); err != nil {
				return fmt.Sprintf("attribute %q: %s", name, misfitBelow(attr, t.AttributeType(name), levels-1))
			}
		}
		return misfit
	case t.IsCollectionType() && t.ElementType() != cty.DynamicPseudoType && (isSequence(from) && !from.IsSetType() || isMapping(from)):
		for it := plain.ElementIterator(); it.Next(); {
			key, elem := it.Element()
			if _, err := Convert(elem, t.ElementType()); err != nil {
				return "element " + keyText(key) + ": " + misfitBelow(elem, t.ElementType(), levels-1)
			}
		}
	}
	if _, err := Convert(v, t); err != nil {
		return err.Error()
	}
	return misfit
}

func keyText(key cty.Value) string {
	if key.Type() == cty.String {
		return strconv.Quote(key.AsString())
	}
	return key.AsBigFloat().String() // of a list or a tuple
}
