package tfplan

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/schema"
)

// value makes a value of JSON. A part that unknown marks is unknown, and so is a
// part that is nested too deep. The type determines nulls and unknowns, and which
// objects are maps; dynamic: nothing is known of the type.
func value(n, unknown *node, typ cty.Type) cty.Value {
	switch {
	case unknown.is('t'), n.is(tooDeep):
		return cty.UnknownVal(typ)
	case n.is('['), n.isNull() && unknown.is('['):
		return sequence(n, unknown, typ)
	case n.is('{'), n.isNull() && unknown.is('{') && unknown.has():
		return mapping(n, unknown, typ)
	case n.isNull():
		return cty.NullVal(typ)
	}
	return scalar(n, typ)
}

func scalar(n *node, typ cty.Type) cty.Value {
	switch n.kind {
	case 't':
		return cty.True
	case 'f':
		return cty.False
	case '0':
		return number(n.text)
	case '"':
		return cty.StringVal(n.text)
	}
	return cty.NullVal(typ)
}

// maxDigits bounds the numbers that are read: numbers with hostile exponents would
// fill the memory when they are written out.
const maxDigits = 400

func number(text string) cty.Value {
	if e := strings.IndexAny(text, "eE"); len(text) > maxDigits || e >= 0 && len(text)-e > 4 {
		return cty.UnknownVal(cty.Number)
	}
	val, err := cty.ParseNumberVal(text)
	if err != nil {
		return cty.UnknownVal(cty.Number)
	}
	return val
}

func sequence(n, unknown *node, typ cty.Type) cty.Value {
	count := 0
	for _, part := range []*node{n, unknown} {
		if part.is('[') {
			count = max(count, len(part.parts))
		}
	}
	elems := make([]cty.Value, count)
	for i := range elems {
		elems[i] = value(n.at(i), unknown.at(i), elementType(typ, i))
	}
	return cty.TupleVal(elems)
}

func mapping(n, unknown *node, typ cty.Type) cty.Value {
	vals := map[string]cty.Value{}
	for _, name := range memberNames(n, unknown) {
		vals[name] = value(n.child(name), unknown.child(name), memberType(typ, name))
	}
	if typ.IsMapType() && typ.ElementType().IsPrimitiveType() {
		return mapOf(vals, typ.ElementType())
	}
	return cty.ObjectVal(vals)
}

// mapOf makes a map if all elements have its type, else an object.
func mapOf(vals map[string]cty.Value, element cty.Type) cty.Value {
	if len(vals) == 0 {
		return cty.MapValEmpty(element)
	}
	for _, v := range vals {
		if !v.Type().Equals(element) {
			return cty.ObjectVal(vals)
		}
	}
	return cty.MapVal(vals)
}

// memberNames returns the names of an object and of its unknown members.
func memberNames(n, unknown *node) []string {
	var names []string
	if n.is('{') {
		names = n.names
	}
	if !unknown.is('{') {
		return names
	}
	names = append(make([]string, 0, len(names)+len(unknown.names)), names...)
	for _, name := range unknown.names {
		if n.child(name) == nil {
			names = append(names, name)
		}
	}
	return names
}

func elementType(typ cty.Type, i int) cty.Type {
	switch {
	case typ.IsListType(), typ.IsSetType():
		return typ.ElementType()
	case typ.IsTupleType() && i < typ.Length():
		return typ.TupleElementType(i)
	}
	return cty.DynamicPseudoType
}

func memberType(typ cty.Type, name string) cty.Type {
	switch {
	case typ.IsMapType():
		return typ.ElementType()
	case typ.IsObjectType() && typ.HasAttribute(name):
		return typ.AttributeType(name)
	}
	return cty.DynamicPseudoType
}

// attributeType returns the type of an attribute in a schema; dynamic if it is
// unknown. There are no sets in values.
func attributeType(block *schema.Block, name string) cty.Type {
	if block != nil {
		if a := block.Attribute(name); a != nil {
			return withoutSets(a.Type)
		}
	}
	return cty.DynamicPseudoType
}

func withoutSets(t cty.Type) cty.Type {
	switch {
	case t.IsSetType(), t.IsListType():
		return cty.List(withoutSets(t.ElementType()))
	case t.IsMapType():
		return cty.Map(withoutSets(t.ElementType()))
	case t.IsObjectType():
		types := map[string]cty.Type{}
		for name, part := range t.AttributeTypes() {
			types[name] = withoutSets(part)
		}
		return cty.Object(types)
	}
	return t
}
