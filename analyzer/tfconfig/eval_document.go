package tfconfig

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc/demarc/analyzer/internal/jsontext"
)

// A JSON document whose text is unknown keeps its structure separately. The unknown
// string carries the document's number as a refinement, a prefix that no text has.
// The refinement follows the value through variables, outputs and collections, and
// disappears when anything is derived from the string.
const (
	documentOpen  = "\x00document "
	documentClose = "\x00"
)

// A jsonDocument is a structure and the known beginning of its text.
type jsonDocument struct {
	structure cty.Value
	beginning string
}

// documented returns an unknown string that stands for the structure.
func (ev *evaluator) documented(structure cty.Value) cty.Value {
	return ev.documentOf(structure, opening(unmarked(structure)))
}

// opening returns how the JSON of a value begins.
func opening(v cty.Value) string {
	switch t := v.Type(); {
	case !v.IsKnown() || v.IsNull() || !v.CanIterateElements():
		return ""
	case t.IsObjectType() || t.IsMapType():
		return "{"
	}
	return "["
}

func (ev *evaluator) documentOf(structure cty.Value, beginning string) cty.Value {
	ev.documents = append(ev.documents, jsonDocument{structure, beginning})
	prefix := documentOpen + strconv.Itoa(len(ev.documents)-1) + documentClose
	return cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull(prefix).NewValue()
}

// text returns a value for comparison: it replaces a document's number with the
// known part of the document's text.
func (ev *evaluator) text(v cty.Value) cty.Value {
	if ev == nil || len(ev.documents) == 0 || v.IsWhollyKnown() {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		plain, marks := v.Unmark()
		doc, ok := ev.document(plain)
		if !ok {
			return v, nil
		}
		text := cty.UnknownVal(cty.String).RefineNotNull()
		if doc.beginning != "" {
			text = text.Refine().StringPrefixFull(doc.beginning).NewValue()
		}
		return text.WithMarks(marks), nil
	})
	if err != nil {
		return v
	}
	return out
}

// structure finds the structure for which an unknown string stands. The structure
// has marks.
func (ev *evaluator) structure(v cty.Value) (cty.Value, bool) {
	v, _ = v.Unmark()
	doc, ok := ev.document(v)
	return doc.structure, ok
}

func (ev *evaluator) document(v cty.Value) (jsonDocument, bool) {
	if v.IsKnown() || v.Type() != cty.String {
		return jsonDocument{}, false
	}
	number, ok := strings.CutPrefix(v.Range().StringPrefix(), documentOpen)
	if !ok {
		return jsonDocument{}, false
	}
	number, ok = strings.CutSuffix(number, documentClose)
	i, err := strconv.Atoi(number)
	if !ok || err != nil || i >= len(ev.documents) {
		return jsonDocument{}, false
	}
	return ev.documents[i], true
}

// --- templates of JSON

// jsonBuilder assembles the text of a template, with a placeholder for each unknown
// part. The placeholders are numbered private-use characters.
type jsonBuilder struct {
	text     strings.Builder
	inString bool
	escaped  bool
	unknown  []cty.Value
}

const placeholder = '\uE000' // first of the private use area
const mostPlaceholders = 1000

func (b *jsonBuilder) add(v cty.Value) bool {
	plain, _ := v.Unmark()
	if !plain.IsKnown() {
		if len(b.unknown) == mostPlaceholders {
			return false
		}
		mark := string(rune(placeholder + len(b.unknown)))
		b.unknown = append(b.unknown, v)
		if !b.inString {
			mark = `"` + mark + `"`
		}
		b.text.WriteString(mark)
		return true
	}
	s, err := convert.Convert(plain, cty.String)
	if err != nil || s.IsNull() {
		return false
	}
	b.write(s.AsString())
	return true
}

func (b *jsonBuilder) write(s string) {
	for i := 0; i < len(s); i++ {
		switch {
		case b.escaped:
			b.escaped = false
		case s[i] == '\\':
			b.escaped = b.inString
		case s[i] == '"':
			b.inString = !b.inString
		}
	}
	b.text.WriteString(s)
}

func (b *jsonBuilder) parse() (cty.Value, bool) {
	v, ok := jsontext.Decode(b.text.String())
	if !ok {
		return cty.NilVal, false
	}
	return b.restore(v), true
}

// restore replaces the placeholders with the unknown values.
func (b *jsonBuilder) restore(v cty.Value) cty.Value {
	t := v.Type()
	switch {
	case v.IsNull():
		return v
	case t == cty.String:
		return b.restoreString(v)
	case t.IsObjectType():
		attrs := make(map[string]cty.Value, len(t.AttributeTypes()))
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			attrs[k.AsString()] = b.restore(e)
		}
		return cty.ObjectVal(attrs)
	case t.IsTupleType():
		var elems []cty.Value
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			elems = append(elems, b.restore(e))
		}
		return cty.TupleVal(elems)
	}
	return v
}

func (b *jsonBuilder) restoreString(v cty.Value) cty.Value {
	s := v.AsString()
	at := strings.IndexFunc(s, func(r rune) bool { return r >= placeholder && r < placeholder+rune(len(b.unknown)) })
	if at < 0 {
		return v
	}
	r := []rune(s[at:])
	if at == 0 && len(r) == 1 {
		return b.unknown[r[0]-placeholder]
	}
	unknown := cty.UnknownVal(cty.String).RefineNotNull()
	if prefix := s[:at] + beginning(unmarked(b.unknown[r[0]-placeholder])); prefix != "" {
		unknown = unknown.Refine().StringPrefixFull(prefix).NewValue()
	}
	for _, c := range r {
		if i := int(c - placeholder); i >= 0 && i < len(b.unknown) {
			unknown = unknown.WithSameMarks(b.unknown[i])
		}
	}
	return unknown
}

func startsJSON(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[")
}

func unmarked(v cty.Value) cty.Value {
	v, _ = v.Unmark()
	return v
}
