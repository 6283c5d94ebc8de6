package tfconfig

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
	"github.com/demarc/demarc/analyzer/schema"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// placed records where the blocks of an evaluated body are written: blocks[name][i]
// is element i of a block's sequence. A generated block is the content of its
// dynamic block, in the iteration that made it.
type placed struct {
	body   *body
	def    hcl.Range
	iter   *iteration
	blocks map[string][]*placed
}

// evaluate evaluates the instance's arguments, once.
func (inst *instance) evaluate() {
	if inst.done {
		return
	}
	inst.busy = true
	inst.attrs, inst.placed = inst.sc.evalBody(inst.res.body, inst.res.schema, inst.iter, inst.res.def, true)
	inst.provider = inst.sc.provider(inst.res.local)
	inst.provider.evaluate()
	if inst.res.data {
		inst.read()
	}
	inst.addTags(inst.provider)
	inst.busy, inst.done = false, true
}

// isMeta recognizes Terraform's own arguments of a resource.
func isMeta(name string) bool {
	switch name {
	case "count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection":
		return true
	}
	return false
}

// evalBody evaluates a body's arguments and blocks, and expands dynamic blocks.
func (sc *scope) evalBody(b *body, spec *schema.Block, it *iteration, def hcl.Range, top bool) (map[string]cty.Value, *placed) {
	sc.ev.budget.Spend(argumentCost * (1 + len(b.attrs)))
	values := make(map[string]cty.Value, len(b.attrs)+len(b.blocks))
	where := &placed{body: b, def: def, iter: it}
	for i := range b.attrs {
		a := &b.attrs[i]
		if top && isMeta(a.name) {
			continue
		}
		t := attrType(spec, a.name)
		v := conform(sc.eval(a.expr, it), t)
		sc.ev.values += 1 + int64(funcs.Length(v))
		values[a.name] = sc.choose(v, a.expr, it, t)
	}
	made := sequences{}
	for _, nested := range b.blocks {
		if top && isMeta(nested.typ) {
			continue
		}
		if nested.typ == "dynamic" && len(nested.labels) == 1 {
			sc.evalDynamic(nested, spec, it, made, where)
			continue
		}
		sc.addBlock(nested.typ, nested.body, nestedSpec(spec, nested.typ), it, nested.def, made, where)
	}
	for typ, elems := range made {
		values[typ] = conformBlocks(elems, attrType(spec, typ))
	}
	return values, where
}

// sequences are the blocks of a body by type, in written order. A type with an
// empty sequence has dynamic blocks that make no block.
type sequences map[string][]cty.Value

func attrType(spec *schema.Block, name string) cty.Type {
	if spec != nil {
		if a := spec.Attribute(name); a != nil {
			return a.ConfigType()
		}
	}
	return cty.DynamicPseudoType
}

func nestedSpec(spec *schema.Block, name string) *schema.Block {
	if spec == nil {
		return nil
	}
	if b := spec.Nested(name); b != nil {
		return &b.Block
	}
	if a := spec.Attribute(name); a != nil { // an attribute written as blocks
		return a.Nested
	}
	return nil
}

// addBlock appends an evaluated block to the sequence of its type.
func (sc *scope) addBlock(typ string, b *body, spec *schema.Block, it *iteration, def hcl.Range, made sequences, where *placed) {
	sc.addSecretBlock(typ, b, spec, it, def, nil, made, where)
}

// addSecretBlock is addBlock for a block in which every part carries the marks of a
// secret.
func (sc *scope) addSecretBlock(typ string, b *body, spec *schema.Block, it *iteration, def hcl.Range, secret cty.ValueMarks, made sequences, where *placed) {
	attrs, inner := sc.evalBody(b, spec, it, def, false)
	if secret != nil {
		for name, v := range attrs {
			attrs[name] = v.WithMarks(secret)
		}
	}
	made.add(typ, cty.ObjectVal(attrs), inner, where)
}

// add appends an element and the place where it is written.
func (s sequences) add(typ string, v cty.Value, inner, where *placed) {
	s[typ] = append(s[typ], v)
	if where.blocks == nil {
		where.blocks = map[string][]*placed{}
	}
	where.blocks[typ] = append(where.blocks[typ], inner)
}

// evalDynamic expands a dynamic block. If for_each is unknown there may be any
// number of elements: the sequence is open, and even the attributes of the content
// that are known without the iterator are lost.
func (sc *scope) evalDynamic(b *block, spec *schema.Block, it *iteration, made sequences, where *placed) {
	typ := b.labels[0]
	contents := b.body.blocksOf("content")
	each := b.body.attr("for_each")
	if each == nil || len(contents) != 1 {
		return
	}
	name := typ
	if a := b.body.attr("iterator"); a != nil {
		if n := hcl.ExprAsKeyword(a.expr); n != "" {
			name = n
		}
	}
	v, marks := sc.eval(each.expr, it).Unmark()
	if v.IsKnown() && (v.IsNull() || !v.CanIterateElements()) { // Terraform allows neither
		marks = cty.NewValueMarks(analyzer.Cause{Kind: analyzer.CauseError, Name: "an invalid for_each", Range: each.rng})
		v = cty.DynamicVal
	}
	if !v.IsKnown() {
		made.open(typ, b, marks, where)
		return
	}
	if !sc.ev.budget.Spend(argumentCost * v.LengthInt()) {
		_, marks := sc.ev.usedUp(b.def).Unmark()
		made.open(typ, b, marks, where)
		return
	}
	if v.LengthInt() == 0 {
		if _, ok := made[typ]; !ok {
			made[typ] = []cty.Value{}
		}
		return
	}
	inner := nestedSpec(spec, typ)
	t := v.Type()
	secret, whole := secretContent(marks)
	for elems := v.ElementIterator(); elems.Next(); {
		key, value := elems.Element()
		if t.IsSetType() {
			key = value
		}
		element := &iteration{name: name, key: key.WithMarks(secret), value: value.WithMarks(secret), each: each, outer: it}
		sc.addSecretBlock(typ, contents[0].body, inner, element, b.def, whole, made, where)
	}
}

// open marks a sequence to which a dynamic block may add elements.
func (s sequences) open(typ string, b *block, marks cty.ValueMarks, where *placed) {
	s.add(typ, cty.DynamicVal.WithMarks(marks), &placed{body: b.body, def: b.def}, where)
}

// conform converts primitives to the types in the provider's schema and leaves
// sequences in written order. A value that does not fit stays as it is.
func conform(v cty.Value, t cty.Type) cty.Value {
	if t == cty.DynamicPseudoType || t.Equals(v.Type()) {
		return v
	}
	switch {
	case t.IsPrimitiveType():
		if c, err := convert.Convert(v, t); err == nil {
			return c
		}
		return v
	case v.Type() == cty.DynamicPseudoType:
		if plain, marks := v.Unmark(); !plain.IsKnown() {
			return cty.UnknownVal(t.WithoutOptionalAttributesDeep()).WithMarks(marks)
		}
		return v
	}
	plain, marks := v.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.CanIterateElements() {
		return v
	}
	return conformElements(plain, t).WithMarks(marks)
}

// conformBlocks is conform for values written as blocks. The open end of a dynamic
// block has no type: it may add no block at all.
func conformBlocks(elems []cty.Value, t cty.Type) cty.Value {
	if t.IsListType() || t.IsSetType() {
		for i, e := range elems {
			if e.Type() != cty.DynamicPseudoType {
				elems[i] = conform(e, t.ElementType())
			}
		}
		return cty.TupleVal(elems)
	}
	return conform(cty.TupleVal(elems), t)
}

func conformElements(v cty.Value, t cty.Type) cty.Value {
	vt := v.Type()
	switch {
	case (t.IsListType() || t.IsSetType()) && (vt.IsTupleType() || vt.IsListType() || vt.IsSetType()):
		elems := make([]cty.Value, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			elems = append(elems, conform(e, t.ElementType()))
		}
		return cty.TupleVal(elems)
	case t.IsMapType() && (vt.IsObjectType() || vt.IsMapType()):
		return conformAttrs(v, func(string) cty.Type { return t.ElementType() })
	case t.IsObjectType() && (vt.IsObjectType() || vt.IsMapType()):
		return conformAttrs(v, func(name string) cty.Type {
			if t.HasAttribute(name) {
				return t.AttributeType(name)
			}
			return cty.DynamicPseudoType
		})
	}
	return v
}

func conformAttrs(v cty.Value, typeOf func(string) cty.Type) cty.Value {
	attrs := make(map[string]cty.Value, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		attrs[k.AsString()] = conform(e, typeOf(k.AsString()))
	}
	return cty.ObjectVal(attrs)
}

// --- references

// reference returns the instance as expressions see it. Every attribute is marked as
// coming from this resource: the resource itself records what the attribute derives
// from.
func (inst *instance) reference(reads need, at hcl.Range) cty.Value {
	if inst.busy {
		return inst.sc.cycle(inst.addr, at)
	}
	inst.evaluate()
	if inst.res.schema == nil {
		return inst.loose(reads)
	}
	if reads != nil {
		return inst.parts(reads)
	}
	if inst.complete == cty.NilVal {
		inst.complete = inst.parts(inst.everything())
	}
	return inst.complete
}

// everything lists all names in the schema and the configuration.
func (inst *instance) everything() need {
	spec := inst.res.schema
	reads := make(need, 0, len(spec.Attributes)+len(spec.Blocks))
	for i := range spec.Attributes {
		reads = append(reads, spec.Attributes[i].Name)
	}
	for i := range spec.Blocks {
		reads = append(reads, spec.Blocks[i].Name)
	}
	for name := range inst.attrs {
		if spec.Attribute(name) == nil && spec.Nested(name) == nil {
			reads = append(reads, name)
		}
	}
	return reads
}

// parts returns an object of the parts that are read of the instance. Each part is
// made once.
func (inst *instance) parts(reads need) cty.Value {
	inst.sc.ev.budget.Spend(len(reads))
	attrs := make(map[string]cty.Value, len(reads))
	for _, name := range reads {
		attrs[name] = inst.readPart(name)
	}
	return cty.ObjectVal(attrs)
}

// readPart returns one part of an evaluated instance, as references see it.
func (inst *instance) readPart(name string) cty.Value {
	v, ok := inst.known[name]
	if !ok {
		if inst.known == nil {
			inst.known = map[string]cty.Value{}
		}
		v = inst.from(name, inst.part(name))
		inst.known[name] = v
	}
	return v
}

// part returns one attribute or block as the provider completes it. A part that the
// schema does not know belongs to an older or newer provider.
func (inst *instance) part(name string) cty.Value {
	if inst.res.schema == nil {
		if v, ok := inst.attrs[name]; ok {
			return v
		}
		return cty.DynamicVal
	}
	if a := inst.res.schema.Attribute(name); a != nil {
		return bySchema(a, inst.planned(a))
	}
	if b := inst.res.schema.Nested(name); b != nil {
		return inst.completeBlock(b, inst.attrs)
	}
	if v, ok := inst.attrs[name]; ok {
		return v
	}
	return cty.DynamicVal
}

// loose returns the instance of a type without a schema: it has the parts that are
// read.
func (inst *instance) loose(reads need) cty.Value {
	if reads == nil {
		return cty.DynamicVal.Mark(origin{to: inst.addr})
	}
	attrs := make(map[string]cty.Value, len(inst.attrs)+len(reads))
	for name, v := range inst.attrs {
		attrs[name] = inst.from(name, v)
	}
	for _, name := range reads {
		if _, ok := attrs[name]; !ok {
			attrs[name] = inst.from(name, cty.DynamicVal)
		}
	}
	return cty.ObjectVal(attrs)
}

// completeBody adds the attributes and blocks that the schema has and the
// configuration omits: unknown if the provider computes them, null otherwise.
func (inst *instance) completeBody(spec *schema.Block, written map[string]cty.Value) map[string]cty.Value {
	attrs := make(map[string]cty.Value, len(spec.Attributes)+len(spec.Blocks))
	for i := range spec.Attributes {
		a := &spec.Attributes[i]
		attrs[a.Name] = bySchema(a, completeAttr(a, written))
	}
	for i := range spec.Blocks {
		b := &spec.Blocks[i]
		attrs[b.Name] = inst.completeBlock(b, written)
	}
	return attrs
}

// planned returns an attribute as its provider plans it.
func (inst *instance) planned(a *schema.Attribute) cty.Value {
	v := completeAttr(a, inst.attrs)
	if plain, _ := v.Unmark(); plain.IsKnown() {
		return v
	}
	switch {
	case inst.res.typ == "terraform_data" && a.Name == "output": // the type of the input, even if the input is null
		input, ok := inst.attrs["input"]
		if plain, _ := input.Unmark(); ok && !(plain.IsKnown() && plain.IsNull()) {
			return cty.UnknownVal(plain.Type())
		}
		return cty.NullVal(cty.DynamicPseudoType)
	case a.Name == "region" && a.Optional && inst.res.provider == "hashicorp/aws": // otherwise the provider's region
		// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
		if _, written := inst.attrs["region"]; !written && inst.provider.region() != "" {
			return cty.StringVal(inst.provider.region())
		}
	}
	return v
}

func completeAttr(a *schema.Attribute, written map[string]cty.Value) cty.Value {
	v, ok := written[a.Name]
	if a.WriteOnly {
		return cty.NullVal(a.Type) // whatever is written: no plan and no state keeps it
	}
	if ok {
		if isOpen(v) {
			return cty.UnknownVal(a.Type)
		}
		converted, err := funcs.Convert(v, ofBlocks(a.ConfigType()))
		if err != nil {
			return cty.UnknownVal(a.Type)
		}
		if plain, _ := converted.Unmark(); !a.Computed || !plain.IsKnown() || !plain.IsNull() {
			return converted
		}
	}
	if a.Computed {
		return computed(a)
	}
	return cty.NullVal(a.Type)
}

// ofBlocks returns the conversion type of an attribute that may be written as
// blocks: an attribute omitted in a block is null.
// https://developer.hashicorp.com/terraform/language/attr-as-blocks
func ofBlocks(t cty.Type) cty.Type {
	if !t.IsListType() && !t.IsSetType() || !t.ElementType().IsObjectType() {
		return t
	}
	types := t.ElementType().AttributeTypes()
	element := cty.ObjectWithOptionalAttrs(types, slices.Collect(maps.Keys(types)))
	if t.IsListType() {
		return cty.List(element)
	}
	return cty.Set(element)
}

// isOpen: a dynamic block may add elements to the value.
func isOpen(v cty.Value) bool {
	plain, _ := v.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.Type().IsTupleType() {
		return false
	}
	return slices.ContainsFunc(plain.AsValueSlice(), func(e cty.Value) bool {
		e, _ = e.Unmark()
		return e.Type() == cty.DynamicPseudoType && !e.IsKnown()
	})
}

// computed returns the value that the provider will compute. The names that a
// provider gives to its resources are never null, so that "var.key == null" is known
// if the variable is the ARN of a key that does not exist yet; and every AWS ARN
// begins alike.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func computed(a *schema.Attribute) cty.Value {
	v := cty.UnknownVal(a.Type)
	switch {
	case a.Type != cty.String:
		return v
	case a.Name == "arn":
		return v.Refine().NotNull().StringPrefixFull(policy.ARN).NewValue()
	case a.Name == "id":
		return v.RefineNotNull()
	}
	return v
}

func (inst *instance) completeBlock(b *schema.NestedBlock, written map[string]cty.Value) cty.Value {
	v, ok := written[b.Name]
	if !ok {
		v = cty.EmptyTupleVal
	}
	plain, _ := v.Unmark()
	if !plain.IsKnown() || !plain.Type().IsTupleType() {
		return cty.DynamicVal
	}
	if b.Computed && plain.LengthInt() == 0 { // a dynamic block without elements determines nothing either
		return cty.DynamicVal
	}
	var elems []cty.Value
	seen := map[int][]cty.Value{} // a set: a value written twice is in it once
	for _, e := range plain.AsValueSlice() {
		e, marks := e.Unmark()
		if !e.IsKnown() {
			return cty.DynamicVal.WithMarks(funcs.Secret(marks)) // an open sequence: the number is unknown
		}
		if b.Nesting == schema.Set && e.IsWhollyKnown() {
			bare, _ := e.UnmarkDeep()
			h := bare.Hash()
			if slices.ContainsFunc(seen[h], bare.RawEquals) {
				continue
			}
			seen[h] = append(seen[h], bare)
		}
		elems = append(elems, cty.ObjectVal(inst.completeBody(&b.Block, e.AsValueMap())).WithMarks(funcs.Secret(marks)))
	}
	if b.Nesting == schema.Single {
		if len(elems) == 0 {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return elems[0]
	}
	return inst.sc.ev.collection(b, elems)
}

// collection returns the value of blocks as references see it: a list or, in an
// order of its own, a set; a tuple if a part takes any type.
func (ev *evaluator) collection(b *schema.NestedBlock, elems []cty.Value) cty.Value {
	tuple := cty.TupleVal(elems)
	t := ev.blockType(&b.Block)
	if t.HasDynamicTypes() {
		return tuple
	}
	of := cty.List
	if b.Nesting == schema.Set {
		of = cty.Set
	}
	v, err := funcs.Convert(tuple, of(t))
	if err != nil {
		return cty.DynamicVal
	}
	return v
}

// blockType returns the type of a block's content, made once: some are large.
func (ev *evaluator) blockType(b *schema.Block) cty.Type {
	t, ok := ev.types[b]
	if !ok {
		t = b.Type()
		ev.types[b] = t
	}
	return t
}

// --- to the contract

// resource makes the analyzer's resource of an evaluated instance. It evaluates
// nothing, so that several resources can be made at once.
func (inst *instance) resource() *analyzer.Resource {
	r := &analyzer.Resource{
		Address:    inst.addr,
		Definition: inst.sc.definition(inst.res.key()),
		Module:     inst.sc.addr,
		Type:       inst.res.typ,
		Action:     analyzer.Create,
		Ignored:    inst.res.ignored(),
	}
	if inst.res.data {
		r.Mode, r.Action = analyzer.Data, analyzer.ReadData
	}
	r.Provider = analyzer.Provider{Source: inst.res.provider, Config: inst.provider.address(), Region: inst.provider.region()}
	f := flattener{r: r, inst: inst}
	values := f.object(inst.attrs)
	if region, ok := knownString(values["region"]); ok && region != "" {
		r.Provider.Region = region
	}
	f.schemaSecrets()
	r.Source = &source{inst: inst, secrets: r.Sensitive}
	r.Number = inst.number()
	object := cty.ObjectVal(values)
	r.Build = func() cty.Value { return object }
	sortHidden(r.Hidden)
	return r
}

// addTags merges the provider's default_tags into tags_all, as the AWS
// provider does.
func (inst *instance) addTags(p *providerConfig) {
	if inst.res.data || inst.res.schema == nil || inst.res.schema.Attribute("tags_all") == nil {
		return
	}
	tags, ok := inst.attrs["tags"]
	defaults := p.defaultTags()
	if !ok && defaults == cty.NilVal {
		return
	}
	if !inst.sc.ev.budget.Spend(argumentCost * (funcs.Length(defaults) + funcs.Length(tags))) {
		inst.attrs["tags_all"] = inst.sc.ev.usedUp(inst.res.def)
		return
	}
	all := mergeTags(defaults, tags)
	if plain, _ := all.Unmark(); plain.IsKnown() && plain.LengthInt() == 0 {
		return // unknown until the provider computes it, as without the argument
	}
	inst.attrs["tags_all"] = all
}

func mergeTags(defaults, tags cty.Value) cty.Value {
	merged := map[string]cty.Value{}
	var secret cty.ValueMarks
	for _, v := range []cty.Value{defaults, tags} {
		if v == cty.NilVal {
			continue
		}
		plain, marks := v.Unmark()
		if !plain.IsKnown() || !plain.IsNull() && !plain.CanIterateElements() {
			return cty.UnknownVal(cty.Map(cty.String)).WithMarks(marks)
		}
		if plain.IsNull() {
			continue
		}
		for it := plain.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if name, ok := knownString(k); ok {
				merged[name] = e
			}
		}
		if found := funcs.Secret(marks); found != nil {
			secret = joinMarks(secret, found)
		}
	}
	return cty.ObjectVal(merged).WithMarks(secret)
}
