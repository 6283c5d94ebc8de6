package analyzer

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/internal/jsontext"
)

// Document is the structure of the JSON document at a path. It is parsed from a
// known string; where the text depends on unknown values, it is the structure
// that the loader found, with unknown leaves. An unknown value means that the
// document cannot be read, null that there is no document. A string that is not
// JSON is unknown too.
func (v *View) Document(path string) (cty.Value, Leaf) {
	l := v.Attr(path)
	if l.Value.IsKnown() {
		return v.world.document(l), l
	}
	for _, d := range v.res.Documents {
		if Covers(d.At, l.At) {
			return d.Value, l
		}
	}
	return cty.DynamicVal, l
}

// DocumentCauses lists the causes that hide the part at the path within the
// document that Document finds for the leaf. It is empty where the loader does
// not record causes for each part.
func (v *View) DocumentCauses(l Leaf, within cty.Path) []Cause {
	for _, d := range v.res.Documents {
		if Covers(d.At, l.At) {
			part := &Resource{Refs: d.Refs, Hidden: d.Hidden, Root: v.res.Root}
			return part.CausesAt(within)
		}
	}
	return nil
}

// document parses a known text once.
func (w *World) document(l Leaf) cty.Value {
	if l.Value.IsNull() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	text, ok := AsString(l.Value)
	if !ok {
		return cty.DynamicVal
	}
	if strings.TrimSpace(text) == "" {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	if doc, ok := w.documents.Load(text); ok {
		return doc.(cty.Value)
	}
	doc := parseJSON(text)
	w.documents.Store(text, doc)
	return doc
}

func parseJSON(text string) cty.Value {
	if doc, ok := jsontext.Decode(text); ok {
		return doc
	}
	return cty.DynamicVal
}
