package funcs

import (
	"errors"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"github.com/zclconf/go-cty/cty/gocty"
)

func collectionRows() []row {
	strs := cty.List(cty.String)
	return []row{
		{name: "alltrue", ret: cty.Bool, fn: boolsFunc(false)},
		{name: "anytrue", ret: cty.Bool, fn: boolsFunc(true)},
		{name: "chunklist", fn: stdlib.ChunklistFunc},
		{name: "coalesce", fn: coalesceFunc(), keepsMarks: true, deep: true},
		{name: "coalescelist", fn: stdlib.CoalesceListFunc},
		{name: "compact", fn: compactFunc()},
		{name: "concat", fn: stdlib.ConcatFunc},
		{name: "contains", ret: cty.Bool, fn: containsFunc(), compares: true},
		{name: "distinct", fn: distinctFunc(), deep: true, perNode: 10},
		{name: "element", fn: elementFunc(), keepsMarks: true},
		{name: "flatten", fn: flattenFunc(), deep: true},
		{name: "index", ret: cty.Number, fn: indexFunc(), compares: true},
		{name: "keys", fn: stdlib.KeysFunc},
		{name: "length", ret: cty.Number, fn: lengthFunc()},
		{name: "lookup", fn: lookupFunc(), keepsMarks: true},
		{name: "matchkeys", fn: matchkeysFunc(), price: pairsPrice},
		{name: "merge", fn: stdlib.MergeFunc},
		{name: "one", fn: oneFunc(), keepsMarks: true},
		{name: "reverse", fn: stdlib.ReverseListFunc},
		{name: "setintersection", fn: stdlib.SetIntersectionFunc, deep: true, guard: crowdGuard, perNode: 20},
		{name: "setproduct", fn: stdlib.SetProductFunc, price: productPrice},
		{name: "setsubtract", fn: stdlib.SetSubtractFunc, deep: true, guard: crowdGuard, perNode: 20},
		{name: "setunion", fn: stdlib.SetUnionFunc, deep: true, guard: crowdGuard, perNode: 20},
		{name: "slice", fn: stdlib.SliceFunc},
		{name: "sort", ret: strs, fn: stdlib.SortFunc, perNode: 10},
		{name: "transpose", ret: cty.Map(strs), fn: transposeFunc(), deep: true, perNode: 10},
		{name: "values", fn: stdlib.ValuesFunc},
		{name: "zipmap", fn: stdlib.ZipmapFunc},
	}
}

// boolsFunc looks for an element that decides: true for anytrue, false for alltrue.
// Null counts as false. Like Terraform, alltrue stops at an unknown element while
// anytrue continues.
func boolsFunc(decisive bool) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := cty.BoolVal(!decisive)
			for _, v := range args[0].AsValueSlice() {
				switch {
				case !v.IsKnown():
					result = cty.UnknownVal(cty.Bool)
					if !decisive {
						return result, nil
					}
				case isTrue(v) == decisive:
					return cty.BoolVal(decisive), nil
				}
			}
			return result, nil
		},
	})
}

func isTrue(v cty.Value) bool {
	return !v.IsNull() && v.True()
}

// coalesceFunc returns the first argument that is neither null nor "". All arguments
// decide its type; it keeps the marks of the arguments that were examined, and all
// of Terraform's own marks.
func coalesceFunc() function.Function {
	vals := anyParam("vals")
	return function.New(&function.Spec{
		VarParam:     &vals,
		Type:         unified,
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			for i, a := range args {
				v, err := convert.Convert(a, t)
				if err != nil || isAbsent(v) {
					continue // Terraform skips values that cannot be converted
				}
				if mayBeAbsent(v) && !allAbsent(args[i+1:]) {
					return cty.NilVal, noAnswer{cause: "coalesce() of what is not known", t: t}
				}
				v, _ = v.UnmarkDeep()
				return withOwnMarksOf(withMarksOf(v, args[:i+1]), args), nil
			}
			return cty.NilVal, errors.New("no non-null, non-empty-string arguments")
		},
	})
}

// unified returns the type to which all arguments can be converted.
func unified(args []cty.Value) (cty.Type, error) {
	types := make([]cty.Type, len(args))
	for i, a := range args {
		types[i] = a.Type()
	}
	t, _ := convert.UnifyUnsafe(types)
	if t == cty.NilType {
		return t, errors.New("all arguments must have the same type")
	}
	return t, nil
}

// isAbsent reports whether a value is null or "".
func isAbsent(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsNull() || v.IsKnown() && v.Type() == cty.String && v.AsString() == ""
}

// mayBeAbsent reports whether an unknown value could turn out to be null or "".
func mayBeAbsent(v cty.Value) bool {
	v, _ = v.Unmark()
	if v.IsKnown() {
		return false
	}
	r := v.Range()
	return !r.DefinitelyNotNull() || v.Type() == cty.String && r.StringPrefix() == "" || v.Type() == cty.DynamicPseudoType
}

func allAbsent(vals []cty.Value) bool {
	return !slices.ContainsFunc(vals, func(v cty.Value) bool { return !isAbsent(v) })
}

// withOwnMarksOf adds the marks that Terraform knows.
func withOwnMarksOf(v cty.Value, args []cty.Value) cty.Value {
	for m := range deepMarks(args) {
		if _, ok := m.(valueMark); ok {
			v = v.Mark(m)
		}
	}
	return v
}

// containsFunc refuses null as the value to find, as Terraform 1.11 does.
func containsFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "list", Type: cty.DynamicPseudoType},
			{Name: "value", Type: cty.DynamicPseudoType},
		},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			list := args[0]
			if !isSequence(list.Type()) || list.LengthInt() == 0 {
				return stdlib.Contains(list, args[1])
			}
			found := cty.False
			for it := list.ElementIterator(); it.Next(); {
				_, v := it.Element()
				switch eq := Equal(v, args[1]); {
				case !eq.IsKnown():
					found = cty.UnknownVal(cty.Bool)
				case eq.True():
					return cty.True, nil
				}
			}
			return found, nil
		},
	})
}

// elementFunc wraps around. Terraform 1.11 accepts a negative index for a list, and
// for a tuple only if it selects the first element.
func elementFunc() function.Function {
	list, index := anyParam("list"), anyParam("index")
	list.AllowNull, index.AllowNull, index.Type = false, false, cty.Number
	return function.New(&function.Spec{
		Params: []function.Parameter{list, index},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			index, marks := args[1].Unmark()
			if !args[0].IsKnown() || !index.IsKnown() {
				v, err := stdlib.Element(args[0], index)
				return withMarksOf(v, args), err
			}
			v, err := element(args[0], index)
			return v.WithMarks(marks), err
		},
	})
}

func element(list, index cty.Value) (cty.Value, error) {
	var i int
	if err := gocty.FromCtyValue(index, &i); err != nil {
		return cty.DynamicVal, function.NewArgError(1, err)
	}
	if t := list.Type(); t.IsTupleType() && t.Length() > 0 && i%t.Length() < 0 {
		return cty.DynamicVal, function.NewArgErrorf(1, "index must not be negative")
	}
	v, err := stdlib.Element(list, index)
	if err != nil {
		return cty.DynamicVal, err
	}
	return v, nil
}

// flattenFunc splices nested sequences. If an element may turn out to be a sequence,
// the result is unknown; a mark on the element must not hide that.
func flattenFunc() function.Function {
	list := anyParam("list")
	list.AllowNull, list.AllowUnknown, list.AllowDynamicType = false, false, false
	return function.New(&function.Spec{
		Params: []function.Parameter{list},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if v, _ := args[0].Unmark(); !isSequence(v.Type()) {
				return cty.NilVal, function.NewArgErrorf(0, "can only flatten lists, sets and tuples")
			}
			f := &flattened{known: true}
			f.add(args[0])
			if !f.known {
				return cty.DynamicVal, nil
			}
			return cty.TupleVal(f.vals).WithMarks(f.marks...), nil
		},
	})
}

func isSequence(t cty.Type) bool {
	return t.IsListType() || t.IsSetType() || t.IsTupleType()
}

type flattened struct {
	vals  []cty.Value
	marks []cty.ValueMarks
	known bool
}

func (f *flattened) add(list cty.Value) {
	list, marks := list.Unmark()
	f.marks = append(f.marks, marks)
	if !list.IsKnown() || !list.Length().IsKnown() {
		f.known = false
		return
	}
	for it := list.ElementIterator(); it.Next(); {
		_, e := it.Element()
		switch {
		case isSequence(e.Type()) && !e.IsNull():
			f.add(e)
		case e.Type() == cty.DynamicPseudoType && !e.IsKnown():
			f.known = false
		default:
			f.vals = append(f.vals, e)
		}
	}
}

func indexFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "list", Type: cty.DynamicPseudoType},
			{Name: "value", Type: cty.DynamicPseudoType},
		},
		Type:         function.StaticReturnType(cty.Number),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			t := args[0].Type()
			if !t.IsListType() && !t.IsTupleType() {
				return cty.NilVal, function.NewArgErrorf(0, "argument must be a list or tuple")
			}
			for i, v := range args[0].AsValueSlice() {
				eq := Equal(v, args[1])
				switch {
				case !eq.IsKnown():
					return cty.UnknownVal(cty.Number), nil
				case eq.True():
					return cty.NumberIntVal(int64(i)), nil
				}
			}
			return cty.NilVal, errors.New("item not found")
		},
	})
}

// lengthFunc counts elements, or grapheme clusters of a string. The elements' values
// do not matter, so only the marks of the whole remain.
func lengthFunc() function.Function {
	value := anyParam("value")
	value.AllowNull = false
	return function.New(&function.Spec{
		Params:       []function.Parameter{value},
		Type:         function.StaticReturnType(cty.Number),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, marks := args[0].Unmark()
			n, err := length(v)
			return n.WithMarks(marks), err
		},
	})
}

func length(v cty.Value) (cty.Value, error) {
	switch t := v.Type(); {
	case t == cty.DynamicPseudoType:
		return cty.UnknownVal(cty.Number), nil
	case t == cty.String:
		return stdlib.Strlen(v)
	case t.IsTupleType():
		return cty.NumberIntVal(int64(t.Length())), nil
	case t.IsObjectType():
		return cty.NumberIntVal(int64(len(t.AttributeTypes()))), nil
	case t.IsCollectionType():
		return v.Length(), nil
	}
	return cty.UnknownVal(cty.Number), function.NewArgErrorf(0, "argument must be a string, a collection type, or a structural type")
}

// lookupFunc keeps the marks of the map, of the key and of the result.
func lookupFunc() function.Function {
	m, key, def := anyParam("inputMap"), anyParam("key"), anyParam("default")
	m.AllowNull, key.AllowNull, key.Type = false, false, cty.String
	return function.New(&function.Spec{
		Params:   []function.Parameter{m, key},
		VarParam: &def,
		Type:     dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if len(args) > 3 {
				return cty.NilVal, errors.New("lookup takes two or three arguments")
			}
			m, marks := args[0].Unmark()
			key, keyMarks := args[1].Unmark()
			if !m.IsKnown() || !key.IsKnown() {
				marks = deepMarks(args) // any of them could be it
			}
			v, err := lookup(m, key, args[2:])
			if err != nil {
				return cty.NilVal, err
			}
			return v.WithMarks(marks, keyMarks), nil
		},
	})
}

// lookup returns the element of key in m, or the default; there is at most one
// default.
func lookup(m, key cty.Value, def []cty.Value) (cty.Value, error) {
	switch t := m.Type(); {
	case t == cty.DynamicPseudoType:
		return cty.DynamicVal, nil
	case t.IsObjectType():
		return lookupAttribute(m, key, def)
	case t.IsMapType():
		return lookupElement(m, key, def)
	}
	return cty.NilVal, function.NewArgErrorf(0, "lookup requires a map as the first argument")
}

func lookupAttribute(m, key cty.Value, def []cty.Value) (cty.Value, error) {
	switch {
	case !key.IsKnown():
		return cty.DynamicVal, nil
	case m.Type().HasAttribute(key.AsString()):
		return m.GetAttr(key.AsString()), nil
	case len(def) == 1:
		return def[0], nil
	}
	return cty.NilVal, function.NewArgErrorf(0, "the given object has no attribute %q", key.AsString())
}

func lookupElement(m, key cty.Value, def []cty.Value) (cty.Value, error) {
	ety := m.Type().ElementType()
	fallback := cty.NilVal
	if len(def) == 1 {
		v, err := convert.Convert(def[0], ety)
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(2, "the default value must have the same type as the map elements")
		}
		fallback = v
	}
	if !m.IsKnown() || !key.IsKnown() {
		return cty.UnknownVal(ety), nil
	}
	switch {
	case m.HasIndex(key).True():
		return m.Index(key), nil
	case fallback != cty.NilVal:
		return fallback, nil
	}
	return cty.NilVal, function.NewArgErrorf(1, "there is no element %q", key.AsString())
}

func matchkeysFunc() function.Function {
	list := cty.List(cty.DynamicPseudoType)
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "values", Type: list}, {Name: "keys", Type: list}, {Name: "searchset", Type: list},
		},
		Type: func(args []cty.Value) (cty.Type, error) {
			if t, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); t == cty.NilType {
				return t, errors.New("keys and searchset must be of the same type")
			}
			return args[0].Type(), nil
		},
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			if args[0].LengthInt() != args[1].LengthInt() {
				return cty.NilVal, errors.New("length of keys and values should be equal")
			}
			found, err := matchKeys(args[0].AsValueSlice(), args[1], args[2])
			return listOf(t.ElementType(), found), err
		},
	})
}

func matchKeys(values []cty.Value, keys, search cty.Value) ([]cty.Value, error) {
	t, _ := convert.UnifyUnsafe([]cty.Type{keys.Type(), search.Type()})
	keys, err := convert.Convert(keys, t)
	if err != nil {
		return nil, err
	}
	search, err = convert.Convert(search, t)
	if err != nil {
		return nil, err
	}
	wanted := search.AsValueSlice()
	var found []cty.Value
	for i, key := range keys.AsValueSlice() {
		if slices.ContainsFunc(wanted, func(w cty.Value) bool { return w.RawEquals(key) }) {
			found = append(found, values[i])
		}
	}
	return found, nil
}

func listOf(ety cty.Type, vals []cty.Value) cty.Value {
	if len(vals) == 0 {
		return cty.ListValEmpty(ety)
	}
	return cty.ListVal(vals)
}

// oneFunc returns the only element, or null. The element of a list keeps its marks,
// and the marks of the list are added.
func oneFunc() function.Function {
	list := anyParam("list")
	list.AllowNull = false
	return function.New(&function.Spec{
		Params: []function.Parameter{list},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			list, marks := args[0].Unmark()
			v, err := one(list)
			if err != nil {
				return cty.NilVal, err
			}
			return v.WithMarks(marks), nil
		},
	})
}

func one(list cty.Value) (cty.Value, error) {
	bad := function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
	t := list.Type()
	var ety cty.Type
	switch {
	case t == cty.DynamicPseudoType:
		return cty.DynamicVal, nil
	case t.IsListType() || t.IsSetType():
		ety = t.ElementType()
	case t.IsTupleType() && t.Length() == 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case t.IsTupleType() && t.Length() == 1:
		ety = t.TupleElementType(0)
	default:
		return cty.NilVal, bad
	}
	switch {
	case !list.IsKnown():
		return cty.UnknownVal(ety), nil
	case list.LengthInt() == 0:
		return cty.NullVal(ety), nil
	case list.LengthInt() > 1 && list.Length().IsKnown():
		return cty.NilVal, bad
	case list.LengthInt() > 1: // a set whose elements may turn out to be equal
		return cty.UnknownVal(ety), nil
	}
	return list.AsValueSlice()[0], nil
}

func sumFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			t := args[0].Type()
			if !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
				return cty.NilType, function.NewArgErrorf(0, "argument must be list, set, or tuple. Received %s", t.FriendlyName())
			}
			return cty.Number, nil
		},
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			vals := args[0].AsValueSlice()
			if len(vals) == 0 {
				return cty.NilVal, function.NewArgErrorf(0, "cannot sum an empty list")
			}
			sum, known := cty.Zero, true
			for _, v := range vals {
				n, err := convert.Convert(v, cty.Number)
				if err != nil || n.IsNull() {
					return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple of number values")
				}
				if isWide(n) {
					return cty.NilVal, noAnswer{cause: gaveUp("sum", tooWide)}
				}
				if known = known && n.IsKnown(); known {
					sum = sum.Add(n)
				}
			}
			if !known {
				return cty.UnknownVal(cty.Number), nil
			}
			return sum, nil
		},
	})
}

func transposeFunc() function.Function {
	t := cty.Map(cty.List(cty.String))
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "values", Type: t}},
		Type:         function.StaticReturnType(t),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			return transpose(args[0].AsValueMap())
		},
	})
}

func transpose(in map[string]cty.Value) (cty.Value, error) {
	out := make(map[string][]cty.Value)
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if in[key].IsNull() {
			return cty.NilVal, function.NewArgErrorf(0, "the list of %q is null", key)
		}
		for _, v := range in[key].AsValueSlice() {
			if v.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "a string of %q is null", key)
			}
			out[v.AsString()] = append(out[v.AsString()], cty.StringVal(key))
		}
	}
	if len(out) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	lists := make(map[string]cty.Value, len(out))
	for k, keys := range out {
		lists[k] = cty.ListVal(keys)
	}
	return cty.MapVal(lists), nil
}

// compactFunc drops null and empty elements. Terraform gives up on a list with an
// unknown string; here an element with a known beginning stays, because it cannot be
// empty: this keeps the documents of a policy separate.
func compactFunc() function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "list", Type: cty.List(cty.String), AllowUnknown: true, AllowMarked: true}},
		Type:         function.StaticReturnType(cty.List(cty.String)),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			list, marks := args[0].Unmark()
			if !list.IsKnown() {
				return cty.UnknownVal(t).WithMarks(marks), nil
			}
			var kept []cty.Value
			for it := list.ElementIterator(); it.Next(); {
				_, v := it.Element()
				marks = withSecrets(marks, v)
				switch plain, _ := v.Unmark(); {
				case !plain.IsKnown() && plain.Range().StringPrefix() == "":
					return withMarksOf(cty.UnknownVal(t), []cty.Value{args[0]}), nil
				case plain.IsKnown() && (plain.IsNull() || plain.AsString() == ""):
				default:
					kept = append(kept, v)
				}
			}
			if len(kept) == 0 {
				return cty.ListValEmpty(cty.String).WithMarks(marks), nil
			}
			return cty.ListVal(kept).WithMarks(marks), nil
		},
	})
}

// withSecrets adds the marks of a secret element to the collection's: even its
// presence reveals something.
func withSecrets(marks cty.ValueMarks, element cty.Value) cty.ValueMarks {
	for _, secret := range secrets {
		if element.HasMark(secret) {
			joined := cty.NewValueMarks(secret)
			for m := range marks {
				joined[m] = struct{}{}
			}
			marks = joined
		}
	}
	return marks
}
