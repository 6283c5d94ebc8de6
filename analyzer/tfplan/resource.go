package tfplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// A reading is one pass over a resource's values. It makes the values and records
// their references, the causes of unknowns and the secrets.
type reading struct {
	block    *schema.Block // nil: unknown
	body     *body         // the written body; nil: none
	literal  bool          // a state: nothing is unknown, null is null
	data     bool          // a data source: nothing unknown is unset
	hazy     bool          // the configuration was not wholly read: it may write more than it shows
	name     string        // address, for causes
	looks    bool          // record secrets, and with from the rest
	from     *resolver
	in       *instance
	unset    map[string]bool // written, but null: by path; filled by the reading with looks
	refs     []analyzer.Ref
	hidden   []analyzer.Hidden
	secret   []cty.Path
	document []documentRef
}

// A documentRef is an unknown attribute that holds the JSON of one policy
// document.
type documentRef struct {
	at cty.Path
	to string
}

// A triple is a value in its three forms in a plan.
type triple struct{ val, unknown, secret *node }

func (t triple) child(name string) triple {
	return triple{t.val.child(name), below(t.unknown, t.unknown.child(name)), t.secret.child(name)}
}

func (t triple) at(i int) triple {
	return triple{t.val.at(i), below(t.unknown, t.unknown.at(i)), t.secret.at(i)}
}

// idle reports whether the plan marks nothing in the value.
func (t triple) idle() bool { return t.unknown == nil && t.secret == nil }

// below returns the unknown or secret marks of a part: all, if the whole is marked.
func below(whole, part *node) *node {
	if whole.is('t') {
		return whole
	}
	return part
}

// read makes the object of all values.
func (r *reading) read(t triple) cty.Value {
	if t.val.isNull() && !t.unknown.has() {
		return cty.EmptyObjectVal
	}
	conf := candidates{open: r.hazy && !r.literal}
	if r.body != nil {
		conf.bodies = []*body{r.body}
	}
	return r.object(r.block, conf, t, nil)
}

// candidates are the blocks of the configuration from which an element of a value
// may come. Open: it may also come from a dynamic block.
type candidates struct {
	bodies []*body
	open   bool
}

func (c candidates) sure() bool { return len(c.bodies) == 1 && !c.open }

// expressions returns the candidates' expressions for the attribute.
func (c candidates) expressions(name string) []*expression {
	var found []*expression
	for _, b := range c.bodies {
		if e := b.attribute(name); e != nil {
			found = append(found, e)
		}
	}
	return found
}

func (r *reading) object(block *schema.Block, conf candidates, t triple, at cty.Path) cty.Value {
	if t.secret.is('t') && block == nil {
		r.conceal(at)
	}
	if t.unknown.is('t') || t.val.is(tooDeep) {
		r.hide(at, analyzer.CauseApply, r.name+"."+analyzer.FormatPath(at))
		return cty.DynamicVal
	}
	names := memberNames(t.val, t.unknown)
	var vals map[string]cty.Value
	if !r.looks {
		vals = make(map[string]cty.Value, len(names))
	}
	for _, name := range names {
		part := t.child(name)
		if block != nil { // in a secret block the values are secret; the names are the schema's
			part.secret = below(t.secret, part.secret)
		}
		if r.looks && part.idle() && !part.val.is('[') && !part.val.is('{') && len(conf.expressions(name)) == 0 && !isSensitive(block, name) {
			continue // there is nothing to record
		}
		if nested, ok := blockType(block, conf, part.val, name); ok {
			val := r.blocks(nested, conf, part, attrStep(at, name), name)
			if !r.looks {
				vals[name] = val
			}
			continue
		}
		val := r.attribute(block, conf, part, at, name)
		if r.looks {
			r.secrets(block, part, at, name)
		} else {
			vals[name] = val
		}
	}
	if r.looks {
		return cty.DynamicVal
	}
	return cty.ObjectVal(vals)
}

// blockType returns the schema of a nested block, and reports whether the name
// belongs to one. Without a schema, the blocks of the configuration are blocks, and
// so are lists of objects that it does not set.
func blockType(block *schema.Block, conf candidates, val *node, name string) (*schema.NestedBlock, bool) {
	if block != nil {
		if n := block.Nested(name); n != nil {
			return n, true
		}
		if block.Attribute(name) != nil {
			return nil, false
		}
	}
	for _, b := range conf.bodies {
		if len(b.blocks[name]) > 0 {
			return nil, true
		}
	}
	return nil, val.is('[') && val.at(0).is('{') && len(conf.expressions(name)) == 0
}

// attribute makes the value of an attribute of the object at a path. An unknown
// attribute that is not written is unset, and so is "" or an empty collection: the
// defaults table judges it.
func (r *reading) attribute(block *schema.Block, conf candidates, t triple, in cty.Path, name string) cty.Value {
	typ := cty.DynamicPseudoType
	if !r.looks {
		typ = attributeType(block, name)
	}
	exprs := conf.expressions(name)
	if r.literal {
		if len(exprs) > 0 { // a data source that was read still shows its arguments
			r.derive(exprs, conf.sure(), computed(block, name), triple{val: t.val}, in, name)
		}
		return r.value(t.val, nil, typ)
	}
	if len(exprs) > 0 {
		r.derive(exprs, conf.sure(), computed(block, name), t, in, name)
		if t.unknown.is('t') && r.unset[analyzer.FormatPath(attrStep(in, name))] {
			return cty.NullVal(typ)
		}
		return r.value(t.val, t.unknown, typ)
	}
	switch {
	case t.unknown.is('t') && !r.data && computedOnly(block, name):
		return cty.NullVal(typ)
	case t.unknown.has() && r.data:
		r.hide(attrStep(in, name), analyzer.CauseData, r.named(in, name))
	case conf.open:
		r.dynamic(t, attrStep(in, name))
	case blockLike(block, name) && (t.unknown.is('t') || t.standsFor()):
		r.dynamic(triple{unknown: &node{kind: 't'}}, attrStep(in, name))
		return open()
	case t.unknown.is('t'), t.val != nil && t.val.empty():
		return cty.NullVal(typ)
	case t.unknown.has():
		r.hide(attrStep(in, name), analyzer.CauseApply, r.named(in, name))
	}
	return r.value(t.val, t.unknown, typ)
}

// named returns an attribute's name as causes show it.
func (r *reading) named(in cty.Path, name string) string {
	return r.name + "." + analyzer.FormatPath(attrStep(in, name))
}

func (r *reading) value(n, unknown *node, typ cty.Type) cty.Value {
	if r.looks {
		return cty.DynamicVal
	}
	return value(n, unknown, typ)
}

// open returns a list of unknown content.
func open() cty.Value { return cty.TupleVal([]cty.Value{cty.DynamicVal}) }

// standsFor reports whether a list shows its element in place of any number of
// elements, including none: Terraform plans blocks of unknown number this way for an
// attribute that may be written as blocks. The content is unknown.
func (t triple) standsFor() bool {
	return length(t.val) == 1 && length(t.unknown) == 1 && t.unknown.parts[0].has() && t.val.parts[0].blank()
}

// blockLike reports whether an attribute may be written as blocks: the configuration
// does not show such blocks.
// https://developer.hashicorp.com/terraform/language/attr-as-blocks
func blockLike(block *schema.Block, name string) bool {
	if block == nil {
		return false
	}
	a := block.Attribute(name)
	if a == nil || !a.Optional && !a.Required {
		return false
	}
	return (a.Type.IsListType() || a.Type.IsSetType()) && a.Type.ElementType().IsObjectType()
}

// blocks makes the value of a nested block: a sequence of objects, or an object of
// objects if the blocks have labels.
func (r *reading) blocks(nested *schema.NestedBlock, conf candidates, t triple, at cty.Path, name string) cty.Value {
	var block *schema.Block
	if nested != nil {
		block = &nested.Block
	}
	if nested != nil && nested.Nesting == schema.Map {
		return r.labelled(block, t, at)
	}
	if t.secret.is('t') && (block == nil || t.unknown.is('t')) {
		r.conceal(at)
	}
	written := conf.nested(name)
	if t.unknown.is('t') {
		r.unknownBlocks(written, conf.open, at)
		return open()
	}
	if t.val.is('{') || t.val.isNull() && t.unknown.is('{') {
		t = triple{list(t.val), list(t.unknown), list(t.secret)}
	}
	count := max(length(t.val), length(t.unknown))
	if count == 0 {
		if r.literal || len(written) > 0 {
			return r.value(t.val, nil, cty.DynamicPseudoType)
		}
		return cty.NullVal(cty.DynamicPseudoType)
	}
	of := r.pair(nested, conf.open, written, t, count)
	elems := make([]cty.Value, count)
	for i := range elems {
		element := t.at(i)
		element.secret = below(t.secret, element.secret)
		elems[i] = r.object(block, of[i], element, indexStep(at, i))
	}
	return cty.TupleVal(elems)
}

func (r *reading) labelled(block *schema.Block, t triple, at cty.Path) cty.Value {
	if t.unknown.is('t') {
		r.dynamic(t, at)
		return cty.DynamicVal
	}
	vals := map[string]cty.Value{}
	for _, label := range memberNames(t.val, t.unknown) {
		path := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(label)})
		vals[label] = r.object(block, candidates{open: true}, t.child(label), path)
	}
	return cty.ObjectVal(vals)
}

// list returns a list of one.
func list(n *node) *node {
	if n == nil {
		return nil
	}
	return &node{kind: '[', parts: []node{*n}}
}

func length(n *node) int {
	if !n.is('[') {
		return 0
	}
	return len(n.parts)
}

// nested lists the blocks of a type in all candidates.
func (c candidates) nested(name string) []*body {
	var found []*body
	for _, b := range c.bodies {
		found = append(found, b.nested(name)...)
	}
	return found
}

// maxPairs bounds the comparisons of elements with blocks.
const maxPairs = 10_000

// pair returns for each element of a repeated block the blocks of the configuration
// from which it may come. Lists are in written order, sets are not: their elements
// are identified by the constants in the blocks. If there are more elements than
// blocks, dynamic blocks made some of them.
func (r *reading) pair(nested *schema.NestedBlock, isOpen bool, written []*body, t triple, count int) []candidates {
	of := make([]candidates, count)
	inOrder := nested == nil || nested.Nesting != schema.Set
	switch {
	case r.literal:
		return of
	case len(written) == count && !isOpen && (inOrder || count == 1):
		for i := range of {
			of[i].bodies = written[i : i+1]
		}
		return of
	case len(written) == 0 || len(written)*count > maxPairs:
		for i := range of {
			of[i].open = true
		}
		return of
	}
	claims := make([]int, len(written)) // number of elements that may come from each block
	which := make([][]int, count)
	for i := range of {
		for j, b := range written {
			if b.agrees(t.at(i)) {
				which[i] = append(which[i], j)
				claims[j]++
			}
		}
	}
	for i := range of {
		for _, j := range which[i] {
			of[i].bodies = append(of[i].bodies, written[j])
		}
		unique := len(which[i]) == 1 && claims[which[i][0]] == 1
		of[i].open = len(which[i]) == 0 || !unique && (isOpen || count > len(written))
	}
	return of
}

// agrees reports whether an element may come from the block: no constant that
// the block writes differs.
func (b *body) agrees(t triple) bool {
	for name, e := range b.attributes {
		if part := t.child(name); e.constant != nil && !part.unknown.has() && !sameConstant(e.constant, part.val) {
			return false
		}
	}
	return true
}

// sameConstant compares a written value with a planned value. Providers rewrite
// lists, so only single values can differ.
func sameConstant(a, b *node) bool {
	if a.isNull() || b.isNull() {
		return a.isNull() == b.isNull() || b.isNull() && a.empty() || a.isNull() && b.empty()
	}
	if a.kind == '[' || a.kind == '{' || b.kind == '[' || b.kind == '{' {
		return true
	}
	if a.kind == 't' || a.kind == 'f' || b.kind == 't' || b.kind == 'f' {
		return a.kind == b.kind || a.is('"') || b.is('"')
	}
	return a.text == b.text || a.kind != b.kind || a.is('0') && number(a.text).RawEquals(number(b.text))
}

// --- origins of the values

// maxLeaves bounds the paths recorded for one expression.
const maxLeaves = 16

// derive records an attribute's references and the causes of its unknowns. If the
// provider computes a null attribute, an unknown value need not be the written one:
// the attribute is unset if all that is written is known, and has one origin only if
// nothing else is read.
func (r *reading) derive(exprs []*expression, sure, computed bool, t triple, in cty.Path, name string) {
	if r.from == nil {
		return
	}
	if !t.unknown.has() {
		if !sure || len(exprs[0].texts) != 1 {
			return
		}
		if o := r.from.expression(exprs[0], r.in).only(); o != nil {
			r.refs = append(r.refs, o.ref(attrStep(in, name), true))
		}
		return
	}
	at := attrStep(in, name)
	d := r.from.all(exprs, r.in)
	if computed && t.unknown.is('t') && !r.data && d.known() && mayBeNull(exprs) {
		r.unset[analyzer.FormatPath(at)] = true
		return
	}
	sole := sure && d.sole() && (d.strict || !computed)
	for _, leaf := range leaves(t.unknown, at) {
		r.explain(d, sole, leaf)
	}
}

// mayBeNull reports whether no expression is a constant other than null.
func mayBeNull(exprs []*expression) bool {
	for _, e := range exprs {
		if !e.constant.isNull() {
			return false
		}
	}
	return true
}

// computed reports whether the provider may choose a value for a written null; true
// for an unknown schema.
func computed(block *schema.Block, name string) bool {
	if block == nil {
		return true
	}
	a := block.Attribute(name)
	return a == nil || a.Computed
}

// computedOnly reports whether an attribute cannot be written.
func computedOnly(block *schema.Block, name string) bool {
	if block == nil {
		return false
	}
	a := block.Attribute(name)
	return a != nil && a.Computed && !a.Optional && !a.Required
}

func (o origin) ref(at cty.Path, sole bool) analyzer.Ref {
	return analyzer.Ref{At: at, To: o.to, Attr: o.attr, Sole: sole}
}

// explain records the origin of an unknown value.
func (r *reading) explain(d *derivation, sole bool, at cty.Path) {
	for _, o := range d.origins {
		r.refs = append(r.refs, o.ref(at, sole))
		if o.data {
			r.hide(at, analyzer.CauseData, strings.TrimSuffix(o.to+"."+o.attr, "."))
		}
	}
	for _, c := range d.hidden {
		r.hide(at, c.Kind, c.Name)
	}
	if len(d.origins) == 0 && len(d.hidden) == 0 {
		r.hide(at, analyzer.CauseApply, r.name+"."+analyzer.FormatPath(at))
	}
	if sole && d.origins[0].isDocument() {
		r.document = append(r.document, documentRef{at, d.origins[0].to})
	}
}

// leaves returns the paths of the unknown parts; only the whole if there are many.
func leaves(unknown *node, at cty.Path) []cty.Path {
	found := appendLeaves(nil, unknown, at)
	if len(found) > maxLeaves {
		return []cty.Path{at}
	}
	return found
}

func appendLeaves(found []cty.Path, n *node, at cty.Path) []cty.Path {
	if n == nil || len(found) > maxLeaves {
		return found
	}
	if n.kind == 't' {
		return append(found, at)
	}
	for i := range n.parts {
		step := indexStep(at, i)
		if n.kind == '{' {
			step = attrStep(at, n.names[i])
		}
		found = appendLeaves(found, &n.parts[i], step)
	}
	return found
}

// dynamic records that a dynamic block, which the configuration does not show, may
// decide an unknown value.
func (r *reading) dynamic(t triple, at cty.Path) {
	if r.from == nil || !t.unknown.has() {
		return
	}
	name := ""
	if len(at) > 0 {
		name, _ = first(at)
	}
	for _, leaf := range leaves(t.unknown, at) {
		r.hide(leaf, analyzer.CauseOther, "dynamic \""+name+"\" in "+r.name)
	}
}

// unknownBlocks explains a repeated block that is unknown as a whole.
func (r *reading) unknownBlocks(written []*body, isOpen bool, at cty.Path) {
	if r.from == nil {
		return
	}
	all := &node{kind: 't'}
	r.dynamic(triple{unknown: all}, at)
	for i, b := range written {
		r.unseen(b, !isOpen && len(written) == 1, indexStep(at, i))
	}
}

// unseen explains the expressions of a block without values.
func (r *reading) unseen(b *body, sure bool, at cty.Path) {
	for _, name := range slices.Sorted(maps.Keys(b.attributes)) {
		if e := b.attributes[name]; len(e.texts) > 0 {
			r.derive([]*expression{e}, sure, false, triple{unknown: &node{kind: 't'}}, at, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for i, inner := range b.blocks[name] {
			r.unseen(inner, sure, indexStep(attrStep(at, name), i))
		}
	}
}

func (r *reading) hide(at cty.Path, kind analyzer.CauseKind, name string) {
	if r.from != nil {
		r.hidden = append(r.hidden, analyzer.Hidden{At: at, Cause: analyzer.Cause{Kind: kind, Name: analyzer.Brief(name)}})
	}
}

// secrets records what the plan or the schema marks as secret in an attribute.
func (r *reading) secrets(block *schema.Block, t triple, in cty.Path, name string) {
	switch {
	case isSensitive(block, name) && (!t.val.isNull() || t.unknown.has()):
		r.conceal(attrStep(in, name))
	case t.secret.has():
		for _, leaf := range leaves(t.secret, attrStep(in, name)) {
			r.conceal(leaf)
		}
	}
}

func isSensitive(block *schema.Block, name string) bool {
	if block == nil {
		return false
	}
	a := block.Attribute(name)
	return a != nil && a.Sensitive
}

// concealKeys removes secret keys from the names of causes: the secrets are known
// once everything is read.
func (r *reading) concealKeys() {
	for i := range r.hidden {
		h := &r.hidden[i]
		if shown := analyzer.FormatPath(analyzer.Conceal(h.At, r.secret)); h.Cause.Name == r.name+"."+analyzer.FormatPath(h.At) {
			h.Cause.Name = r.name + "." + shown
		}
	}
}

func (r *reading) conceal(at cty.Path) {
	if r.looks {
		r.secret = append(r.secret, at)
	}
}
