package schema

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/zclconf/go-cty/cty"
)

// An embedded file allows looking up one type without reading the others. It is
// not compressed; equal names, types, attributes and blocks are stored once, and
// refer to each other by index. generate.go writes it:
//
//	names       list     every name, sorted, nameGroup to an item: for each the length of
//	                     the prefix shared with the previous name, the length of the rest, the rest
//	types       list     kind, then its parts: uvarints
//	attributes  records  name, type: 2 bytes each; flags: 1 byte
//	nested      list     name, flags, block, and min and max if limited: uvarints
//	blocks      list     number of attributes, attributes, nested blocks to the end: uvarints
//	resources   records  name, block: 2 bytes each; sorted by name
//	dataSources records  the same
//	configuration        block: 2 bytes
//
// Records begin with their number in 4 bytes. A list begins with the number of its
// items in 4 bytes and the end of each item in 3 bytes. Lengths in names are bytes.
// Numbers are little-endian. The attributes and nested blocks of a block are in order
// of names.
type table struct {
	names, types           list
	attributes             records
	nested, blocks         list
	resources, dataSources records
	configuration          int

	decodedNames  []atomic.Pointer[[nameGroup]string]
	decodedBlocks []atomic.Pointer[Block]
	decodedTypes  []atomic.Pointer[attributeType]
}

// The kinds of types. Lists, sets and maps name the type of their elements; an
// object has pairs of name and type; a tuple has types; kindNested* has the block of
// a nested attribute.
const (
	kindDynamic = iota
	kindString
	kindNumber
	kindBool
	kindList
	kindSet
	kindMap
	kindObject
	kindTuple
	kindNestedSingle
	kindNestedList
	kindNestedSet
	kindNestedMap
)

// The flags of an attribute.
const (
	flagRequired = 1 << iota
	flagOptional
	flagComputed
	flagSensitive
	flagWriteOnly
)

// The flags of a nested block; the lowest two bits are its Nesting.
const (
	flagNesting  = 3
	flagFilledIn = 4 // Computed
	flagLimited  = 8 // min and max follow
)

const (
	nameGroup      = 16
	attributeWidth = 5
	typeWidth      = 4
)

// provider is a row of the generated table of embedded files.
type provider struct {
	source, version string
	data            *string
	once            sync.Once
	table           *table
}

// embedded returns the provider's row, or nil.
func embedded(source string) *provider {
	for i := range providers {
		if providers[i].source == source {
			return &providers[i]
		}
	}
	return nil
}

// lookup returns the provider's table, or nil.
func lookup(source string) *table {
	p := embedded(source)
	if p == nil {
		return nil
	}
	p.once.Do(func() { p.table = open(*p.data) })
	return p.table
}

// open finds the sections of an embedded file and decodes none.
func open(data string) *table {
	r := reader(data)
	t := &table{
		names:         r.list(),
		types:         r.list(),
		attributes:    r.records(attributeWidth),
		nested:        r.list(),
		blocks:        r.list(),
		resources:     r.records(typeWidth),
		dataSources:   r.records(typeWidth),
		configuration: r.number(2),
	}
	t.decodedNames = make([]atomic.Pointer[[nameGroup]string], t.names.len())
	t.decodedBlocks = make([]atomic.Pointer[Block], t.blocks.len())
	t.decodedTypes = make([]atomic.Pointer[attributeType], t.types.len())
	return t
}

// find returns the block of the type of that name among types, or nil.
func (t *table) find(types records, name string) *Block {
	low, high := 0, types.len()
	for low < high {
		middle := int(uint(low+high) / 2)
		record := types.at(middle)
		switch c := strings.Compare(t.name(record.number(2)), name); {
		case c == 0:
			return t.block(record.number(2))
		case c < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return nil
}

// typeNames returns the names of types; nil for none.
func (t *table) typeNames(types records) []string {
	var names []string
	for i := range types.len() {
		record := types.at(i)
		names = append(slices.Grow(names, types.len()-i), t.name(record.number(2)))
	}
	return names
}

// name returns the name of that index.
func (t *table) name(index int) string {
	group := &t.decodedNames[index/nameGroup]
	if group.Load() == nil {
		group.CompareAndSwap(nil, decodeNames(t.names.at(index/nameGroup)))
	}
	return group.Load()[index%nameGroup]
}

func decodeNames(group string) *[nameGroup]string {
	var names [nameGroup]string
	var ends [nameGroup + 1]int
	text := make([]byte, 0, 1024) // one text for all names: each name is a part of it
	last := 0                     // start of the previous name
	r := reader(group)
	n := 0
	for ; len(r) > 0; n++ {
		shared, rest := r.number(1), r.number(1)
		start := len(text)
		text = append(text, text[last:last+shared]...)
		text = append(text, r.bytes(rest)...)
		ends[n+1], last = len(text), start
	}
	whole := string(text)
	for i := range n {
		names[i] = whole[ends[i]:ends[i+1]]
	}
	return &names
}

// block returns the block of that index: always the same block, though concurrent
// callers may decode it twice.
func (t *table) block(index int) *Block {
	if b := t.decodedBlocks[index].Load(); b != nil {
		return b
	}
	t.decodedBlocks[index].CompareAndSwap(nil, t.decodeBlock(index))
	return t.decodedBlocks[index].Load()
}

func (t *table) decodeBlock(index int) *Block {
	r := reader(t.blocks.at(index))
	b := &Block{}
	if n := r.uvarint(); n > 0 {
		b.Attributes = make([]Attribute, n)
	}
	for i := range b.Attributes {
		b.Attributes[i] = t.decodeAttribute(r.uvarint())
	}
	for len(r) > 0 {
		b.Blocks = append(b.Blocks, t.decodeNested(r.uvarint()))
	}
	return b
}

func (t *table) decodeAttribute(index int) Attribute {
	r := t.attributes.at(index)
	name, typ, flags := r.number(2), r.number(2), r.number(1)
	known := t.attributeType(typ)
	return Attribute{
		Name:      t.name(name),
		Type:      known.typ,
		Nested:    known.nested,
		Required:  flags&flagRequired != 0,
		Optional:  flags&flagOptional != 0,
		Computed:  flags&flagComputed != 0,
		Sensitive: flags&flagSensitive != 0,
		WriteOnly: flags&flagWriteOnly != 0,
	}
}

func (t *table) decodeNested(index int) NestedBlock {
	r := reader(t.nested.at(index))
	name, flags, block := r.uvarint(), r.uvarint(), r.uvarint()
	nested := NestedBlock{
		Name:     t.name(name),
		Nesting:  Nesting(flags & flagNesting),
		Computed: flags&flagFilledIn != 0,
		Block:    *t.block(block),
	}
	if flags&flagLimited != 0 {
		nested.MinItems, nested.MaxItems = r.uvarint(), r.uvarint()
	}
	return nested
}

// attributeType is a type, with the parts of a nested attribute.
type attributeType struct {
	typ    cty.Type
	nested *Block
}

// attributeType returns the type of that index, as block does.
func (t *table) attributeType(index int) *attributeType {
	if known := t.decodedTypes[index].Load(); known != nil {
		return known
	}
	t.decodedTypes[index].CompareAndSwap(nil, t.decodeType(index))
	return t.decodedTypes[index].Load()
}

func (t *table) decodeType(index int) *attributeType {
	r := reader(t.types.at(index))
	switch kind := r.uvarint(); kind {
	case kindNestedSingle, kindNestedList, kindNestedSet, kindNestedMap:
		parts := t.block(r.uvarint())
		return &attributeType{typ: nestedType(kind, parts), nested: parts}
	default:
		return &attributeType{typ: t.plainType(kind, r)}
	}
}

func (t *table) plainType(kind int, r reader) cty.Type {
	switch kind {
	case kindString:
		return cty.String
	case kindNumber:
		return cty.Number
	case kindBool:
		return cty.Bool
	case kindList:
		return cty.List(t.attributeType(r.uvarint()).typ)
	case kindSet:
		return cty.Set(t.attributeType(r.uvarint()).typ)
	case kindMap:
		return cty.Map(t.attributeType(r.uvarint()).typ)
	case kindObject:
		parts := make(map[string]cty.Type)
		for len(r) > 0 {
			name := t.name(r.uvarint())
			parts[name] = t.attributeType(r.uvarint()).typ
		}
		return cty.Object(parts)
	case kindTuple:
		var parts []cty.Type
		for len(r) > 0 {
			parts = append(parts, t.attributeType(r.uvarint()).typ)
		}
		return cty.Tuple(parts)
	}
	return cty.DynamicPseudoType
}

// nestedType returns the type of a nested attribute made of parts.
func nestedType(kind int, parts *Block) cty.Type {
	types := make(map[string]cty.Type, len(parts.Attributes))
	for _, part := range parts.Attributes {
		types[part.Name] = part.Type
	}
	object := cty.Object(types)
	switch kind {
	case kindNestedList:
		return cty.List(object)
	case kindNestedSet:
		return cty.Set(object)
	case kindNestedMap:
		return cty.Map(object)
	}
	return object
}

// list is a section of items of different lengths.
type list struct{ ends, items string }

func (l list) len() int { return len(l.ends) / 3 }

func (l list) at(i int) string {
	start := 0
	if i > 0 {
		start = l.end(i - 1)
	}
	return l.items[start:l.end(i)]
}

func (l list) end(i int) int {
	r := reader(l.ends[3*i:])
	return r.number(3)
}

// records is a section of items of equal length.
type records struct {
	items string
	width int
}

func (r records) len() int { return len(r.items) / r.width }

func (r records) at(i int) reader { return reader(r.items[i*r.width : (i+1)*r.width]) }

// reader is the unread rest of a section.
type reader string

// number reads a number of the given bytes.
func (r *reader) number(bytes int) int {
	n := 0
	for i := range bytes {
		n |= int((*r)[i]) << (8 * i)
	}
	*r = (*r)[bytes:]
	return n
}

func (r *reader) uvarint() int {
	n, shift := 0, 0
	for i := range len(*r) {
		c := (*r)[i]
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			*r = (*r)[i+1:]
			return n
		}
		shift += 7
	}
	panic("schema: an embedded file is cut short")
}

func (r *reader) bytes(n int) string {
	s := string((*r)[:n])
	*r = (*r)[n:]
	return s
}

func (r *reader) list() list {
	n := r.number(4)
	l := list{ends: r.bytes(3 * n)}
	if n > 0 {
		l.items = r.bytes(l.end(n - 1))
	}
	return l
}

func (r *reader) records(width int) records {
	n := r.number(4)
	return records{items: r.bytes(n * width), width: width}
}
