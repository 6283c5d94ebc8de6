package policy

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/jsontext"
)

// FromDataSource makes the document that aws_iam_policy_document renders, from
// the values of the data source: an object with statement, version, policy_id,
// source_policy_documents and override_policy_documents. An element of the last
// two is JSON text, or a document's structure where the text is unknown. The
// result is an object like the JSON, with unknown parts where the values are
// unknown; it is unknown as a whole where nothing is known.
//
// Where several blocks of one statement have the same type of principal, or the
// same test and variable, the provider joins their values in an order that
// depends on its hashes; here it is the order of the blocks.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_document_data_source.go
func FromDataSource(values cty.Value) cty.Value {
	values = plain(values)
	if !values.IsKnown() || values.IsNull() || !hasFields(values) {
		return cty.DynamicVal
	}
	var m merged
	m.documents(values, "source_json", "source_policy_documents")
	m.merge(ownDocument(values))
	m.documents(values, "override_json", "override_policy_documents")
	return m.value()
}

// merged is a document under construction. Unknown strings are unknown values;
// an empty string is not written.
type merged struct {
	version, id cty.Value
	statements  []keyed
	open        bool
}

// keyed is a statement with its ID, by which a later document overrides it.
type keyed struct {
	sid   Text
	value cty.Value
}

func ownDocument(values cty.Value) merged {
	version := orDefault(field(values, "version"), "2012-10-17")
	own := merged{version: version, id: field(values, "policy_id")}
	blocks := field(values, "statement")
	switch {
	case !blocks.IsKnown():
		own.open = true
	case blocks.IsNull():
	case isSequence(blocks):
		own.open = eachElement(blocks, func(b cty.Value) {
			own.statements = append(own.statements, ownStatement(b))
		})
	default:
		own.open = true
	}
	return own
}

func ownStatement(b cty.Value) keyed {
	if !b.IsKnown() || b.IsNull() || !hasFields(b) {
		return keyed{Text{Partial: true}, cty.DynamicVal}
	}
	attrs := map[string]cty.Value{"Effect": orDefault(field(b, "effect"), "Allow")}
	put(attrs, "Action", stringSet(field(b, "actions"), asWritten))
	put(attrs, "NotAction", stringSet(field(b, "not_actions"), asWritten))
	put(attrs, "Resource", stringSet(field(b, "resources"), variables))
	put(attrs, "NotResource", stringSet(field(b, "not_resources"), variables))
	put(attrs, "Principal", principalBlocks(field(b, "principals")))
	put(attrs, "NotPrincipal", principalBlocks(field(b, "not_principals")))
	put(attrs, "Condition", conditionBlocks(field(b, "condition")))
	return withSid(field(b, "sid"), attrs)
}

// withSid completes a statement with its ID, which is omitted where empty.
func withSid(v cty.Value, attrs map[string]cty.Value) keyed {
	sid, ok := text(v)
	if !ok {
		sid = Text{Partial: !v.IsKnown()}
	}
	if sid.Partial || sid.Value != "" {
		attrs["Sid"] = stringOf(v)
	}
	return keyed{sid, cty.ObjectVal(attrs)}
}

// put sets an attribute, unless it is omitted.
func put(attrs map[string]cty.Value, name string, v cty.Value) {
	if v != cty.NilVal {
		attrs[name] = v
	}
}

func orDefault(v cty.Value, text string) cty.Value {
	if v.IsKnown() && v.IsNull() {
		return cty.StringVal(text)
	}
	return stringOf(v)
}

// stringOf is a value as a string; unknown where it is not a string.
func stringOf(v cty.Value) cty.Value {
	if s, ok := analyzer.AsString(v); ok {
		return cty.StringVal(s)
	}
	if !v.IsKnown() && v.Type() == cty.String {
		return v
	}
	return cty.UnknownVal(cty.String)
}

// --- merging

// documents merges the texts of an attribute with one document and of an
// attribute with several.
func (m *merged) documents(values cty.Value, one, several string) {
	m.document(field(values, one))
	list := field(values, several)
	switch {
	case !list.IsKnown():
		m.document(cty.DynamicVal)
	case list.IsNull():
	case isSequence(list):
		if eachElement(list, m.document) {
			m.document(cty.DynamicVal)
		}
	default:
		m.document(cty.DynamicVal)
	}
}

func (m *merged) document(v cty.Value) {
	if v.IsKnown() && v.IsNull() {
		return
	}
	if s, ok := analyzer.AsString(v); ok {
		if s == "" {
			return
		}
		v = decode(s)
	}
	m.merge(sourceDocument(v))
}

// decode is unknown for a text that is not JSON, which the provider rejects, or
// is nested deeper than any policy.
func decode(text string) cty.Value {
	if doc, ok := jsontext.Decode(text); ok {
		return doc
	}
	return cty.DynamicVal
}

// merge adds a document. The later ID and the greater version win, and a
// statement replaces an earlier one with the same Sid. The statement that an
// unknown Sid replaces is unknown.
func (m *merged) merge(d merged) {
	if d.id != cty.NilVal && !(d.id.IsKnown() && isEmpty(d.id)) {
		m.id = d.id
	}
	m.version = later(m.version, d.version)
	if d.open {
		m.open = true
		m.blur(func(sid Text) bool { return sid.Partial || sid.Value != "" })
	}
	for _, s := range d.statements {
		m.put(s)
	}
}

func (m *merged) put(s keyed) {
	switch {
	case s.sid.Partial:
		m.blur(func(sid Text) bool { return sid.Partial || sid.Value != "" })
	case s.sid.Value != "":
		if i := slices.IndexFunc(m.statements, func(old keyed) bool { return old.sid == s.sid }); i >= 0 {
			m.statements[i] = s
			return
		}
		m.blur(func(sid Text) bool { return sid.Partial })
	}
	m.statements = append(m.statements, s)
}

// blur makes the statements unknown that may have been replaced.
func (m *merged) blur(maybe func(Text) bool) {
	for i := range m.statements {
		if maybe(m.statements[i].sid) {
			m.statements[i] = keyed{m.statements[i].sid, cty.DynamicVal}
		}
	}
}

func later(a, b cty.Value) cty.Value {
	switch {
	case b == cty.NilVal || b.IsKnown() && isEmpty(b):
		return a
	case a == cty.NilVal:
		return b
	case !a.IsKnown() || !b.IsKnown():
		return cty.UnknownVal(cty.String)
	case b.AsString() > a.AsString():
		return b
	}
	return a
}

func isEmpty(v cty.Value) bool {
	s, ok := analyzer.AsString(v)
	return !ok || s == ""
}

func (m *merged) value() cty.Value {
	attrs := map[string]cty.Value{}
	if m.version != cty.NilVal {
		attrs["Version"] = m.version
	}
	if m.id != cty.NilVal {
		attrs["Id"] = stringOf(m.id)
	}
	statements := make([]cty.Value, 0, len(m.statements)+1)
	for _, s := range m.statements {
		statements = append(statements, s.value)
	}
	if m.open {
		statements = append(statements, cty.DynamicVal)
	}
	if len(statements) > 0 {
		attrs["Statement"] = cty.TupleVal(statements)
	}
	return cty.ObjectVal(attrs)
}

// --- documents given as JSON

// sourceDocument normalises a document as the provider does when it decodes
// and encodes one: other elements are dropped, principals sorted, conditions
// flattened.
func sourceDocument(v cty.Value) merged {
	v = plain(v)
	switch {
	case !v.IsKnown():
		return merged{open: true}
	case v.IsNull():
		return merged{}
	case !hasFields(v):
		return merged{open: true}
	}
	d := merged{version: notNull(field(v, "Version")), id: notNull(field(v, "Id"))}
	statements := field(v, "Statement")
	switch {
	case !statements.IsKnown():
		d.open = true
	case statements.IsNull():
	case hasFields(statements):
		d.statements = []keyed{sourceStatement(statements)}
	case isSequence(statements):
		d.open = eachElement(statements, func(s cty.Value) {
			d.statements = append(d.statements, sourceStatement(s))
		})
	default:
		d.open = true
	}
	return d
}

func notNull(v cty.Value) cty.Value {
	if v.IsKnown() && v.IsNull() {
		return cty.NilVal
	}
	return stringOf(v)
}

func sourceStatement(v cty.Value) keyed {
	if !v.IsKnown() || v.IsNull() || !hasFields(v) {
		return keyed{Text{Partial: true}, cty.DynamicVal}
	}
	attrs := map[string]cty.Value{}
	for _, name := range [...]string{"Action", "NotAction", "Resource", "NotResource"} {
		if f := field(v, name); !f.IsKnown() || !f.IsNull() {
			attrs[name] = f
		}
	}
	if e := field(v, "Effect"); !e.IsKnown() || !isEmpty(e) {
		attrs["Effect"] = stringOf(e)
	}
	put(attrs, "Principal", sourcePrincipal(field(v, "Principal")))
	put(attrs, "NotPrincipal", sourcePrincipal(field(v, "NotPrincipal")))
	put(attrs, "Condition", sourceCondition(field(v, "Condition")))
	return withSid(field(v, "Sid"), attrs)
}

// sourcePrincipal reads any string as "*", as the provider does.
func sourcePrincipal(v cty.Value) cty.Value {
	switch {
	case !v.IsKnown() && v.Type() == cty.String:
		return cty.StringVal("*")
	case !v.IsKnown():
		return cty.DynamicVal
	case v.IsNull():
		return cty.NilVal
	case v.Type() == cty.String:
		return cty.StringVal("*")
	case !hasFields(v):
		return cty.DynamicVal
	}
	byKind := map[string]cty.Value{}
	eachField(v, func(kind string, ids cty.Value) {
		if ids.IsKnown() && !ids.IsNull() && isSequence(ids) {
			ids = stringList(ids, asWritten, true)
		}
		byKind[kind] = ids
	})
	if only, ok := byKind["*"]; ok && len(byKind) == 1 && isStar(only) {
		return cty.StringVal("*")
	}
	return objectOrNil(byKind)
}

// isStar recognises "*" and ["*"].
func isStar(v cty.Value) bool {
	if v.IsKnown() && !v.IsNull() && v.Type().IsTupleType() && v.LengthInt() == 1 {
		v = v.Index(cty.Zero)
	}
	s, ok := analyzer.AsString(v)
	return ok && s == "*"
}

// sourceCondition keeps strings, booleans and lists; the provider drops
// numbers.
func sourceCondition(v cty.Value) cty.Value {
	switch {
	case !v.IsKnown():
		return cty.DynamicVal
	case v.IsNull():
		return cty.NilVal
	case !hasFields(v):
		return cty.DynamicVal
	}
	unreadable := false
	byTest := map[string]cty.Value{}
	eachField(v, func(test string, keys cty.Value) {
		if !keys.IsKnown() || keys.IsNull() || !hasFields(keys) {
			unreadable = unreadable || !keys.IsKnown() || !keys.IsNull()
			return
		}
		byKey := map[string]cty.Value{}
		eachField(keys, func(key string, values cty.Value) { put(byKey, key, sourceValues(values)) })
		put(byTest, test, objectOrNil(byKey))
	})
	if unreadable {
		return cty.DynamicVal
	}
	return objectOrNil(byTest)
}

func sourceValues(v cty.Value) cty.Value {
	switch {
	case !v.IsKnown():
		return v
	case v.IsNull() || v.Type() == cty.Number:
		return cty.NilVal
	case isSequence(v):
		return collapse(stringList(v, asWritten, false))
	case v.Type() == cty.String || v.Type() == cty.Bool:
		return stringOf(v)
	}
	return cty.NilVal
}

func objectOrNil(attrs map[string]cty.Value) cty.Value {
	if len(attrs) == 0 {
		return cty.NilVal
	}
	return cty.ObjectVal(attrs)
}

// --- blocks

// principalBlocks groups principals by their type. A single "*" of type "*" is
// the string "*".
func principalBlocks(v cty.Value) cty.Value {
	blocks, open := blocksOf(v)
	if open {
		return cty.DynamicVal
	}
	byKind := map[string]cty.Value{}
	for _, b := range blocks {
		kind, ok := analyzer.AsString(field(b, "type"))
		if !ok {
			return cty.DynamicVal
		}
		ids := stringSet(field(b, "identifiers"), variables)
		if ids == cty.NilVal {
			ids = cty.EmptyTupleVal
		}
		if len(blocks) == 1 && kind == "*" && isStar(ids) {
			return cty.StringVal("*")
		}
		byKind[kind] = join(byKind[kind], ids)
	}
	return objectOrNil(byKind)
}

// conditionBlocks groups values by test and variable, in the given order.
func conditionBlocks(v cty.Value) cty.Value {
	blocks, open := blocksOf(v)
	if open {
		return cty.DynamicVal
	}
	byTest := map[string]map[string]cty.Value{}
	for _, b := range blocks {
		test, ok := analyzer.AsString(field(b, "test"))
		variable, ok2 := analyzer.AsString(field(b, "variable"))
		if !ok || !ok2 {
			return cty.DynamicVal
		}
		if byTest[test] == nil {
			byTest[test] = map[string]cty.Value{}
		}
		values := stringList(field(b, "values"), variables, false)
		byTest[test][variable] = join(byTest[test][variable], values)
	}
	tests := map[string]cty.Value{}
	for test, byVariable := range byTest {
		for variable, values := range byVariable {
			byVariable[variable] = collapse(values)
		}
		tests[test] = cty.ObjectVal(byVariable)
	}
	return objectOrNil(tests)
}

// blocksOf lists the blocks of a statement. Open means that there may be
// further blocks, or that one is unknown.
func blocksOf(v cty.Value) (blocks []cty.Value, open bool) {
	switch {
	case !v.IsKnown():
		return nil, true
	case v.IsNull():
		return nil, false
	case !isSequence(v):
		return nil, true
	}
	open = eachElement(v, func(b cty.Value) {
		if !b.IsKnown() || b.IsNull() || !hasFields(b) {
			open = true
			return
		}
		blocks = append(blocks, b)
	}) || open
	return blocks, open
}

// join puts the values of two blocks into one list. A wholly unknown value
// leaves the list open.
func join(a, b cty.Value) cty.Value {
	if a == cty.NilVal {
		return b
	}
	var all []cty.Value
	open := false
	for _, v := range [...]cty.Value{a, b} {
		switch {
		case v.IsKnown() && isSequence(v):
			open = eachElement(v, func(e cty.Value) { all = append(all, e) }) || open
		case v.Type() == cty.String:
			all = append(all, v)
		default:
			open = true
		}
	}
	if open {
		all = append(all, cty.DynamicVal)
	}
	return cty.TupleVal(all)
}

// stringSet is a set of strings as the provider writes it: omitted where empty,
// a string if there is only one, otherwise a list in descending order.
func stringSet(v cty.Value, edit func(cty.Value) cty.Value) cty.Value {
	if v.IsKnown() && v.IsNull() {
		return cty.NilVal
	}
	l := stringList(v, edit, true)
	if l.IsKnown() && l.LengthInt() == 0 {
		return cty.NilVal
	}
	return collapse(l)
}

// collapse replaces a list of one element by the element.
func collapse(l cty.Value) cty.Value {
	if !l.IsKnown() || !l.Type().IsTupleType() || l.LengthInt() != 1 {
		return l
	}
	if e := l.Index(cty.Zero); e.Type() != cty.DynamicPseudoType {
		return e
	}
	return cty.DynamicVal
}

// stringList is a tuple of strings; unknown where the list is. As a set it is
// sorted in descending order and has no duplicates, unknown ones at the end.
func stringList(v cty.Value, edit func(cty.Value) cty.Value, set bool) cty.Value {
	if !v.IsKnown() || !v.IsNull() && !isSequence(v) {
		return cty.DynamicVal
	}
	if v.IsNull() {
		return cty.EmptyTupleVal
	}
	var values []cty.Value
	open := eachElement(v, func(e cty.Value) {
		if !e.IsKnown() || !e.IsNull() {
			values = append(values, edit(stringOf(e)))
		}
	})
	if set {
		values = sortSet(values)
	}
	if open {
		values = append(values, cty.DynamicVal)
	}
	return cty.TupleVal(values)
}

func sortSet(values []cty.Value) []cty.Value {
	slices.SortStableFunc(values, func(a, b cty.Value) int {
		switch {
		case a.IsKnown() && b.IsKnown():
			return strings.Compare(b.AsString(), a.AsString())
		case a.IsKnown():
			return -1
		case b.IsKnown():
			return 1
		}
		return 0
	})
	return slices.CompactFunc(values, func(a, b cty.Value) bool {
		return a.IsKnown() && b.IsKnown() && a.AsString() == b.AsString()
	})
}

func asWritten(v cty.Value) cty.Value { return v }

// variables replaces &{, which represents the ${ of policy variables.
func variables(v cty.Value) cty.Value {
	if v.IsKnown() {
		return cty.StringVal(strings.ReplaceAll(v.AsString(), "&{", "${"))
	}
	known := v.Range().StringPrefix()
	prefix := strings.TrimSuffix(known, "&")
	if prefix == known && !strings.Contains(prefix, "&{") {
		return v
	}
	return cty.UnknownVal(cty.String).Refine().NotNull().
		StringPrefixFull(strings.ReplaceAll(prefix, "&{", "${")).NewValue()
}
