package policy

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Render is the JSON text of a document made by FromDataSource, in the form of
// the json attribute of aws_iam_policy_document: elements in the provider's
// order, two spaces of indentation, <, > and & escaped. ok is false where the
// document is not wholly known.
//
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_model.go
func Render(doc cty.Value) (text string, ok bool) {
	small, ok := Minify(doc)
	if !ok {
		return "", false
	}
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(small), "", "  "); err != nil {
		return "", false
	}
	return b.String(), true
}

// Minify is Render without white space, in the form of the attribute
// minified_json.
func Minify(doc cty.Value) (text string, ok bool) {
	doc = plain(doc)
	if !doc.IsWhollyKnown() || doc.IsNull() || !hasFields(doc) {
		return "", false
	}
	return string(appendValue(nil, doc)), true
}

func appendValue(b []byte, v cty.Value) []byte {
	if s, ok := analyzer.AsString(v); ok {
		if v.Type() != cty.String {
			return append(b, s...)
		}
		return appendString(b, s)
	}
	switch {
	case v.IsNull():
		return append(b, "null"...)
	case hasFields(v):
		return appendObject(b, v)
	case isSequence(v):
		return appendList(b, v)
	}
	return append(b, "null"...)
}

func appendString(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // never: strings are always encoded
	}
	return append(b, quoted...)
}

func appendObject(b []byte, v cty.Value) []byte {
	type named struct {
		name  string
		value cty.Value
	}
	var fields []named
	eachField(v, func(name string, f cty.Value) { fields = append(fields, named{name, f}) })
	slices.SortStableFunc(fields, func(a, b named) int { return rank(a.name) - rank(b.name) })
	b = append(b, '{')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, f.name)
		b = append(b, ':')
		b = appendValue(b, f.value)
	}
	return append(b, '}')
}

func appendList(b []byte, v cty.Value) []byte {
	b = append(b, '[')
	first := true
	for it := v.ElementIterator(); it.Next(); first = false {
		if !first {
			b = append(b, ',')
		}
		_, e := it.Element()
		b = appendValue(b, e)
	}
	return append(b, ']')
}

// rank is the position of an element in the provider's order; other names
// follow in order of their names.
func rank(name string) int {
	switch name {
	case "Version":
		return 1
	case "Id":
		return 2
	case "Statement":
		return 3
	}
	if e := elementOf(name); e != otherElement && elementNames[e] == name {
		return 3 + int(e)
	}
	return 100
}
