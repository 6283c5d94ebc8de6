//go:build ignore

// Generate writes data/*.schema and embedded.go from provider schemas in the
// format of "terraform providers schema -json". "go generate" runs it:
//
//	SCHEMAS=/path/to/folder go generate ./analyzer/schema
//
// The folder is not part of this repository. It holds any number of files *.json
// or *.json.gz, each with one provider or several; the providers in providers.txt
// are taken from it, and each must occur exactly once. Terraform's own provider may
// be missing: it is in terraform-schema.json, beside this file. Without SCHEMAS,
// nothing is written.
//
// One addition to the format is supported: "computed": true on a nested block,
// beside "nesting_mode", for a block that the provider fills in if it is not written
// (optional and computed in the provider, which Terraform's output does not show for
// blocks).
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"go/format"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

func main() {
	folder := os.Getenv("SCHEMAS")
	if folder == "" {
		fmt.Fprintln(os.Stderr, "schema: SCHEMAS names no folder of provider schemas: embedded files left as they are")
		return
	}
	if err := generate(folder); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func generate(folder string) error {
	sources, err := readSchemas(folder)
	if err != nil {
		return err
	}
	wanted, err := readProviders("providers.txt")
	if err != nil {
		return err
	}
	for _, p := range wanted {
		source, found := sources[p.source]
		if !found {
			return fmt.Errorf("%s of providers.txt is not in %s", p.source, folder)
		}
		data, err := encode(source)
		if err != nil {
			return fmt.Errorf("encode %s: %w", p.source, err)
		}
		if err := os.WriteFile(p.file(), data, 0o666); err != nil {
			return err
		}
	}
	return writeTable(wanted)
}

// The parts of the format of "terraform providers schema -json" that are kept.
type (
	document struct {
		Providers map[string]providerSource `json:"provider_schemas"`
	}
	providerSource struct {
		Configuration typeSource            `json:"provider"`
		Resources     map[string]typeSource `json:"resource_schemas"`
		DataSources   map[string]typeSource `json:"data_source_schemas"`
	}
	typeSource struct {
		Block blockSource `json:"block"`
	}
	blockSource struct {
		Attributes map[string]attributeSource `json:"attributes"`
		Blocks     map[string]nestedSource    `json:"block_types"`
	}
	attributeSource struct {
		Type       *cty.Type        `json:"type"`
		NestedType *nestedAttribute `json:"nested_type"`
		Required   bool             `json:"required"`
		Optional   bool             `json:"optional"`
		Computed   bool             `json:"computed"`
		Sensitive  bool             `json:"sensitive"`
		WriteOnly  bool             `json:"write_only"`
	}
	nestedAttribute struct {
		Attributes map[string]attributeSource `json:"attributes"`
		Nesting    string                     `json:"nesting_mode"`
	}
	nestedSource struct {
		Nesting  string      `json:"nesting_mode"`
		MinItems int         `json:"min_items"`
		MaxItems int         `json:"max_items"`
		Computed bool        `json:"computed"`
		Block    blockSource `json:"block"`
	}
)

// readSchemas reads all providers of the folder, by source, and adds Terraform's own
// schema if the folder does not have it.
func readSchemas(folder string) (map[string]providerSource, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.json*"))
	if err != nil {
		return nil, err
	}
	sources, err := readSchema("terraform-schema.json")
	if err != nil {
		return nil, err
	}
	from := map[string]string{}
	for _, name := range names {
		if !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".json.gz") {
			continue
		}
		read, err := readSchema(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for source, provider := range read {
			if first, twice := from[source]; twice {
				return nil, fmt.Errorf("%s has %s, and so has %s", name, source, first)
			}
			from[source], sources[source] = name, provider
		}
	}
	return sources, nil
}

// readSchema reads the providers of a file, by source.
func readSchema(name string) (map[string]providerSource, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var read document
	if err := json.NewDecoder(r).Decode(&read); err != nil {
		return nil, err
	}
	sources := map[string]providerSource{}
	for address, provider := range read.Providers {
		sources[withoutHost(address)] = provider
	}
	return sources, nil
}

// withoutHost drops the host of "host/namespace/name".
func withoutHost(address string) string {
	if strings.Count(address, "/") < 2 {
		return address
	}
	_, source, _ := strings.Cut(address, "/")
	return source
}

// wantedProvider is a line of providers.txt.
type wantedProvider struct{ source, version string }

func readProviders(name string) ([]wantedProvider, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var wanted []wantedProvider
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s: %q is not a source and a version", name, line)
		}
		wanted = append(wanted, wantedProvider{source: fields[0], version: fields[1]})
	}
	slices.SortFunc(wanted, func(a, b wantedProvider) int { return cmp.Compare(a.source, b.source) })
	return wanted, nil
}

// file returns the path of the provider's facts: "data/hashicorp-aws.schema".
func (p wantedProvider) file() string {
	return "data/" + strings.ReplaceAll(p.source, "/", "-") + ".schema"
}

// variable returns the name of the variable that holds the facts: "hashicorpAws".
func (p wantedProvider) variable() string {
	words := strings.FieldsFunc(p.source, func(r rune) bool { return r == '/' || r == '-' })
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// writeTable writes embedded.go.
func writeTable(wanted []wantedProvider) error {
	var b bytes.Buffer
	b.WriteString("// Code generated by generate.go from providers.txt. DO NOT EDIT.\n\npackage schema\n\nimport _ \"embed\"\n\n")
	b.WriteString("// providers is sorted by source.\nvar providers = [...]provider{\n")
	for _, p := range wanted {
		fmt.Fprintf(&b, "{source: %q, version: %q, data: &%s},\n", p.source, p.version, p.variable())
	}
	b.WriteString("}\n\nvar (\n")
	for _, p := range wanted {
		fmt.Fprintf(&b, "//go:embed %s\n%s string\n", p.file(), p.variable())
	}
	b.WriteString(")\n")
	text, err := format.Source(b.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile("embedded.go", text, 0o666)
}

// The kinds of types and the flags, as in format.go.
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

const (
	flagRequired = 1 << iota
	flagOptional
	flagComputed
	flagSensitive
	flagWriteOnly
)

const (
	flagFilledIn = 4
	flagLimited  = 8
)

// nestings has the nesting modes in the order of Nesting's values.
var nestings = []string{"single", "list", "set", "map"}

func nesting(mode string) (int, error) {
	if mode == "group" {
		mode = "single"
	}
	i := slices.Index(nestings, mode)
	if i < 0 {
		return 0, fmt.Errorf("unknown nesting mode %q", mode)
	}
	return i, nil
}

// encoder collects the items that an embedded file stores once.
type encoder struct {
	names                           map[string]int
	sorted                          []string
	types, attributes, nested, body interner
}

// encode makes the embedded file of a provider; format.go describes it.
func encode(p providerSource) ([]byte, error) {
	e := &encoder{names: map[string]int{}}
	e.collectNames(p)
	configuration, err := e.block(p.Configuration.Block)
	if err != nil {
		return nil, err
	}
	resources, err := e.typeRecords(p.Resources)
	if err != nil {
		return nil, err
	}
	dataSources, err := e.typeRecords(p.DataSources)
	if err != nil {
		return nil, err
	}
	for _, n := range []int{len(e.sorted), len(e.types.items), len(e.body.items)} {
		if n > 1<<16 {
			return nil, fmt.Errorf("%d names, types or blocks are too many for 2 bytes", n)
		}
	}
	names, err := nameGroups(e.sorted)
	if err != nil {
		return nil, err
	}
	out := appendList(nil, names)
	out = appendList(out, e.types.items)
	out = appendRecords(out, e.attributes.items)
	out = appendList(out, e.nested.items)
	out = appendList(out, e.body.items)
	out = appendRecords(out, resources)
	out = appendRecords(out, dataSources)
	return binary.LittleEndian.AppendUint16(out, uint16(configuration)), nil
}

// collectNames numbers every name in order.
func (e *encoder) collectNames(p providerSource) {
	e.blockNames(p.Configuration.Block)
	for _, types := range []map[string]typeSource{p.Resources, p.DataSources} {
		for name, t := range types {
			e.names[name] = 0
			e.blockNames(t.Block)
		}
	}
	e.sorted = slices.Sorted(maps.Keys(e.names))
	for i, name := range e.sorted {
		e.names[name] = i
	}
}

func (e *encoder) blockNames(b blockSource) {
	for name, a := range b.Attributes {
		e.names[name] = 0
		if a.Type != nil {
			e.typeNames(*a.Type)
		}
		if a.NestedType != nil {
			e.blockNames(blockSource{Attributes: a.NestedType.Attributes})
		}
	}
	for name, n := range b.Blocks {
		e.names[name] = 0
		e.blockNames(n.Block)
	}
}

func (e *encoder) typeNames(t cty.Type) {
	switch {
	case t.IsCollectionType():
		e.typeNames(t.ElementType())
	case t.IsTupleType():
		for _, part := range t.TupleElementTypes() {
			e.typeNames(part)
		}
	case t.IsObjectType():
		for name, part := range t.AttributeTypes() {
			e.names[name] = 0
			e.typeNames(part)
		}
	}
}

func (e *encoder) typeRecords(types map[string]typeSource) ([]string, error) {
	var records []string
	for _, name := range slices.Sorted(maps.Keys(types)) {
		block, err := e.block(types[name].Block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		record := binary.LittleEndian.AppendUint16(nil, uint16(e.names[name]))
		records = append(records, string(binary.LittleEndian.AppendUint16(record, uint16(block))))
	}
	return records, nil
}

// block returns the index of a block.
func (e *encoder) block(b blockSource) (int, error) {
	item := binary.AppendUvarint(nil, uint64(len(b.Attributes)))
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		attribute, err := e.attribute(name, b.Attributes[name])
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		item = binary.AppendUvarint(item, uint64(attribute))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nested, err := e.nestedBlock(name, b.Blocks[name])
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		item = binary.AppendUvarint(item, uint64(nested))
	}
	return e.body.index(item), nil
}

func (e *encoder) attribute(name string, a attributeSource) (int, error) {
	typ, err := e.attributeType(a)
	if err != nil {
		return 0, err
	}
	item := binary.LittleEndian.AppendUint16(nil, uint16(e.names[name]))
	item = binary.LittleEndian.AppendUint16(item, uint16(typ))
	return e.attributes.index(append(item, attributeFlags(a))), nil
}

func attributeFlags(a attributeSource) byte {
	var flags byte
	for _, f := range []struct {
		set  bool
		flag byte
	}{
		{a.Required, flagRequired},
		{a.Optional, flagOptional},
		{a.Computed, flagComputed},
		{a.Sensitive, flagSensitive},
		{a.WriteOnly, flagWriteOnly},
	} {
		if f.set {
			flags |= f.flag
		}
	}
	return flags
}

// attributeType returns the index of the type of an attribute.
func (e *encoder) attributeType(a attributeSource) (int, error) {
	if a.NestedType == nil {
		if a.Type == nil {
			return 0, fmt.Errorf("no type")
		}
		return e.plainType(*a.Type)
	}
	mode, err := nesting(a.NestedType.Nesting)
	if err != nil {
		return 0, err
	}
	block, err := e.block(blockSource{Attributes: a.NestedType.Attributes})
	if err != nil {
		return 0, err
	}
	item := binary.AppendUvarint(nil, uint64(kindNestedSingle+mode))
	return e.types.index(binary.AppendUvarint(item, uint64(block))), nil
}

func (e *encoder) plainType(t cty.Type) (int, error) {
	kind, err := kindOf(t)
	if err != nil {
		return 0, err
	}
	item := binary.AppendUvarint(nil, uint64(kind))
	var parts []cty.Type
	switch kind {
	case kindList, kindSet, kindMap:
		parts = []cty.Type{t.ElementType()}
	case kindTuple:
		parts = t.TupleElementTypes()
	case kindObject:
		return e.objectType(item, t)
	}
	for _, part := range parts {
		typ, err := e.plainType(part)
		if err != nil {
			return 0, err
		}
		item = binary.AppendUvarint(item, uint64(typ))
	}
	return e.types.index(item), nil
}

func (e *encoder) objectType(item []byte, t cty.Type) (int, error) {
	if len(t.OptionalAttributes()) > 0 {
		return 0, fmt.Errorf("a type with optional parts")
	}
	parts := t.AttributeTypes()
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		typ, err := e.plainType(parts[name])
		if err != nil {
			return 0, err
		}
		item = binary.AppendUvarint(item, uint64(e.names[name]))
		item = binary.AppendUvarint(item, uint64(typ))
	}
	return e.types.index(item), nil
}

func kindOf(t cty.Type) (int, error) {
	switch {
	case t == cty.DynamicPseudoType:
		return kindDynamic, nil
	case t == cty.String:
		return kindString, nil
	case t == cty.Number:
		return kindNumber, nil
	case t == cty.Bool:
		return kindBool, nil
	case t.IsListType():
		return kindList, nil
	case t.IsSetType():
		return kindSet, nil
	case t.IsMapType():
		return kindMap, nil
	case t.IsObjectType():
		return kindObject, nil
	case t.IsTupleType():
		return kindTuple, nil
	}
	return 0, fmt.Errorf("unknown type %s", t.FriendlyName())
}

// nestedBlock returns the index of a nested block.
func (e *encoder) nestedBlock(name string, n nestedSource) (int, error) {
	flags, err := nesting(n.Nesting)
	if err != nil {
		return 0, err
	}
	block, err := e.block(n.Block)
	if err != nil {
		return 0, err
	}
	limited := n.MinItems > 0 || n.MaxItems > 0
	if n.Computed {
		flags |= flagFilledIn
	}
	if limited {
		flags |= flagLimited
	}
	item := binary.AppendUvarint(nil, uint64(e.names[name]))
	item = binary.AppendUvarint(item, uint64(flags))
	item = binary.AppendUvarint(item, uint64(block))
	if limited {
		item = binary.AppendUvarint(item, uint64(n.MinItems))
		item = binary.AppendUvarint(item, uint64(n.MaxItems))
	}
	return e.nested.index(item), nil
}

// nameGroup is the number of names that are stored together.
const nameGroup = 16

// nameGroups stores the part of each name that differs from the previous name.
func nameGroups(sorted []string) ([]string, error) {
	var groups []string
	for names := range slices.Chunk(sorted, nameGroup) {
		var group []byte
		previous := ""
		for _, name := range names {
			shared := sharedLength(previous, name)
			if len(name) > 255 {
				return nil, fmt.Errorf("%q is too long a name", name)
			}
			group = append(group, byte(shared), byte(len(name)-shared))
			group = append(group, name[shared:]...)
			previous = name
		}
		groups = append(groups, string(group))
	}
	return groups, nil
}

// sharedLength returns the length of the longest common prefix.
func sharedLength(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// interner numbers equal items once, in the order of their first use.
type interner struct {
	indexes map[string]int
	items   []string
}

func (n *interner) index(item []byte) int {
	i, known := n.indexes[string(item)]
	if known {
		return i
	}
	if n.indexes == nil {
		n.indexes = map[string]int{}
	}
	n.indexes[string(item)] = len(n.items)
	n.items = append(n.items, string(item))
	return len(n.items) - 1
}

func appendList(out []byte, items []string) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(items)))
	end := 0
	for _, item := range items {
		end += len(item)
		out = append(out, byte(end), byte(end>>8), byte(end>>16))
	}
	return append(out, strings.Join(items, "")...)
}

func appendRecords(out []byte, items []string) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(items)))
	return append(out, strings.Join(items, "")...)
}
