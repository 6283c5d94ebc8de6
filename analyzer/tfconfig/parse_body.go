package tfconfig

import (
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer/schema"
)

// A body is the content between the braces of a block, in either syntax.
type body struct {
	attrs  []attribute // in written order
	blocks []*block
	rng    hcl.Range // native syntax: with the braces
	end    hcl.Range // the position for a missing item
	native *hclsyntax.Body
}

type attribute struct {
	name      string
	expr      hcl.Expression
	rng       hcl.Range // name = expression
	nameRange hcl.Range
}

type block struct {
	typ    string
	labels []string
	body   *body
	def    hcl.Range // the header
	whole  hcl.Range // header to closing brace
}

func (b *body) attr(name string) *attribute {
	for i := range b.attrs {
		if b.attrs[i].name == name {
			return &b.attrs[i]
		}
	}
	return nil
}

func (b *body) blocksOf(typ string) []*block {
	var found []*block
	for _, nested := range b.blocks {
		if nested.typ == typ {
			found = append(found, nested)
		}
	}
	return found
}

// nativeBody converts a whole body of the native syntax.
func nativeBody(b *hclsyntax.Body) *body {
	converted := &body{native: b, rng: b.SrcRange, end: b.EndRange}
	if len(b.Attributes) > 0 {
		converted.attrs = make([]attribute, 0, len(b.Attributes))
	}
	for _, a := range b.Attributes {
		converted.attrs = append(converted.attrs, attribute{a.Name, a.Expr, a.SrcRange, a.NameRange})
	}
	sort.Slice(converted.attrs, func(i, j int) bool {
		return converted.attrs[i].rng.Start.Byte < converted.attrs[j].rng.Start.Byte
	})
	for _, nested := range b.Blocks {
		converted.blocks = append(converted.blocks, &block{
			typ: nested.Type, labels: nested.Labels, body: nativeBody(nested.Body),
			def:   headerRange(nested),
			whole: hcl.RangeBetween(nested.TypeRange, nested.CloseBraceRange),
		})
	}
	return converted
}

// headerRange returns the range of the type and labels of a block, to which a caret
// points.
func headerRange(b *hclsyntax.Block) hcl.Range {
	last := b.TypeRange
	if n := len(b.LabelRanges); n > 0 {
		last = b.LabelRanges[n-1]
	}
	return hcl.RangeBetween(b.TypeRange, last)
}

// A shape distinguishes the attributes and blocks among the names of a JSON body:
// the JSON syntax does not.
type shape struct {
	attrs  []string
	blocks map[string]blockShape
	loose  bool // every other name is an attribute
}

type blockShape struct {
	labels []string
	shape  func() shape
	of     func(label string) shape // used instead if the label decides
}

func (b blockShape) body(labels []string) shape {
	if b.of != nil && len(labels) > 0 {
		return b.of(labels[0])
	}
	return b.shape()
}

// toBody converts a block's body in either syntax.
func toBody(b hcl.Body, s shape) *body {
	if native, ok := b.(*hclsyntax.Body); ok {
		return nativeBody(native)
	}
	return jsonBody(b, s)
}

func jsonBody(b hcl.Body, s shape) *body {
	converted := &body{end: b.MissingItemRange()}
	converted.rng = converted.end
	spec := &hcl.BodySchema{}
	for _, name := range s.attrs {
		spec.Attributes = append(spec.Attributes, hcl.AttributeSchema{Name: name})
	}
	for name, nested := range s.blocks {
		spec.Blocks = append(spec.Blocks, hcl.BlockHeaderSchema{Type: name, LabelNames: nested.labels})
	}
	content, rest, _ := b.PartialContent(spec)
	if content != nil {
		for _, a := range content.Attributes {
			converted.attrs = append(converted.attrs, attribute{a.Name, &jsonExpr{Expression: a.Expr}, a.Range, a.NameRange})
		}
		for _, nested := range content.Blocks {
			converted.blocks = append(converted.blocks, &block{
				typ: nested.Type, labels: nested.Labels, body: jsonBody(nested.Body, s.blocks[nested.Type].body(nested.Labels)),
				def: nested.DefRange, whole: nested.DefRange,
			})
		}
	}
	if s.loose && rest != nil {
		attrs, _ := rest.JustAttributes()
		for _, a := range attrs {
			if _, known := s.blocks[a.Name]; !known && (content == nil || content.Attributes[a.Name] == nil) {
				converted.attrs = append(converted.attrs, attribute{a.Name, &jsonExpr{Expression: a.Expr}, a.Range, a.NameRange})
			}
		}
	}
	sort.Slice(converted.attrs, func(i, j int) bool {
		a, b := converted.attrs[i].rng.Start, converted.attrs[j].rng.Start
		return a.Byte < b.Byte
	})
	return converted
}

// looseShape has attributes only.
func looseShape() shape { return shape{loose: true} }

// schemaShape returns the shape of a provider's block.
func schemaShape(b *schema.Block) shape {
	if b == nil {
		return looseShape()
	}
	// A name that the schema lacks belongs to an older or newer provider; a block of
	// such a name looks like an attribute here.
	s := shape{loose: true, blocks: map[string]blockShape{}}
	for i := range b.Attributes {
		s.attrs = append(s.attrs, b.Attributes[i].Name)
	}
	for i := range b.Blocks {
		nested := &b.Blocks[i]
		s.blocks[nested.Name] = blockShape{shape: func() shape { return schemaShape(&nested.Block) }}
	}
	s.blocks["dynamic"] = blockShape{
		labels: []string{"type"}, shape: looseShape, of: func(typ string) shape { return dynamicShape(b, typ) },
	}
	return s
}

// dynamicShape returns the shape of a dynamic block in JSON, by the type of the
// blocks that it makes. Names in its content that the schema lacks are attributes.
func dynamicShape(b *schema.Block, typ string) shape {
	content := looseShape()
	if nested := b.Nested(typ); nested != nil {
		content = schemaShape(&nested.Block)
	}
	return shape{
		attrs:  []string{"for_each", "iterator", "labels"},
		blocks: map[string]blockShape{"content": {shape: func() shape { return content }}},
	}
}

// resourceShape adds Terraform's own arguments to a provider's block.
func resourceShape(b *schema.Block) shape {
	s := schemaShape(b)
	s.attrs = append(s.attrs, "count", "for_each", "provider", "depends_on")
	if s.blocks == nil {
		s.blocks = map[string]blockShape{}
	}
	for _, name := range []string{"lifecycle", "connection"} {
		s.blocks[name] = blockShape{shape: looseShape}
	}
	s.blocks["provisioner"] = blockShape{labels: []string{"type"}, shape: looseShape}
	return s
}

// merge merges an override into a body: its attributes replace attributes of the
// same name, its blocks replace all blocks of the same type.
func (b *body) merge(over *body) {
	at := make(map[string]int, len(b.attrs))
	for i := range slices.Backward(b.attrs) { // the first of equal names
		at[b.attrs[i].name] = i
	}
	for _, a := range over.attrs {
		if i, known := at[a.name]; known {
			b.attrs[i] = a
			continue
		}
		at[a.name] = len(b.attrs)
		b.attrs = append(b.attrs, a)
	}
	replaced := map[string]bool{}
	for _, nested := range over.blocks {
		replaced[overrideKey(nested)] = true
	}
	var kept []*block
	for _, nested := range b.blocks {
		if !replaced[overrideKey(nested)] {
			kept = append(kept, nested)
		}
	}
	b.blocks = append(kept, over.blocks...)
}

// unescape adds the arguments of a "_" block, which belong to the provider whatever
// their names. It omits arguments named like Terraform's own, because the two cannot
// be distinguished later.
// https://developer.hashicorp.com/terraform/language/syntax/configuration
func (b *body) unescape() {
	var kept []*block
	for _, nested := range b.blocks {
		if nested.typ != "_" || len(nested.labels) > 0 {
			kept = append(kept, nested)
			continue
		}
		for _, a := range nested.body.attrs {
			if !isMeta(a.name) {
				b.attrs = append(b.attrs, a)
			}
		}
		for _, inner := range nested.body.blocks {
			if !isMeta(inner.typ) {
				kept = append(kept, inner)
			}
		}
	}
	b.blocks = kept
}

// overrideKey: a dynamic block is overridden as a block of its type.
func overrideKey(b *block) string {
	if b.typ == "dynamic" && len(b.labels) > 0 {
		return b.labels[0]
	}
	return b.typ
}
