package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// The types below mirror the part of `terraform providers schema -json` that
// the stub needs.

type providerSchemas struct {
	Provider    schema                 `json:"provider"`
	Resources   map[string]*lazySchema `json:"resource_schemas"`
	DataSources map[string]*lazySchema `json:"data_source_schemas"`
	Ephemeral   map[string]*lazySchema `json:"ephemeral_resource_schemas"`
}

// A lazySchema is decoded on first use: most processes of the stub serve few of the
// types.
type lazySchema struct {
	text    json.RawMessage
	lenient bool
	once    sync.Once
	schema  schema
	object  cty.Type // of the block
}

func (l *lazySchema) UnmarshalJSON(text []byte) error {
	l.text = slices.Clone(text)
	return nil
}

// get panics if the schema file is at fault; Terraform shows the message.
func (l *lazySchema) get() *schema {
	l.once.Do(func() {
		if err := json.Unmarshal(l.text, &l.schema); err != nil {
			panic(fmt.Sprintf("the schema file: %v", err))
		}
		if l.lenient {
			l.schema.Block.relax()
		}
		l.object = l.schema.Block.ctyType()
	})
	return &l.schema
}

// block returns the block of a type, and the type of its object.
func (l *lazySchema) block() (*block, cty.Type) { return &l.get().Block, l.object }

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type block struct {
	Attributes map[string]*attribute   `json:"attributes"`
	BlockTypes map[string]*nestedBlock `json:"block_types"`
}

type attribute struct {
	Type       cty.Type    `json:"type"`
	NestedType *nestedType `json:"nested_type"` // instead of Type
	Required   bool        `json:"required"`
	Optional   bool        `json:"optional"`
	Computed   bool        `json:"computed"`
	Sensitive  bool        `json:"sensitive"`
	Deprecated bool        `json:"deprecated"`
	WriteOnly  bool        `json:"write_only"`
}

type nestedType struct {
	Attributes  map[string]*attribute `json:"attributes"`
	NestingMode string                `json:"nesting_mode"`
}

type nestedBlock struct {
	NestingMode string `json:"nesting_mode"`
	Block       block  `json:"block"`
	MinItems    int64  `json:"min_items"`
	MaxItems    int64  `json:"max_items"`

	// Computed is an addition to Terraform's format: if the configuration has no
	// such block, the provider decides.
	Computed bool `json:"computed"`
}

// loadSchemas reads the only provider of a schema file, plain or gzipped.
func loadSchemas(file string) (address string, _ *providerSchemas, _ error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return "", nil, err
		}
		if data, err = io.ReadAll(z); err != nil {
			return "", nil, err
		}
	}
	var doc struct {
		Schemas map[string]*providerSchemas `json:"provider_schemas"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return "", nil, err
	}
	if len(doc.Schemas) != 1 {
		return "", nil, fmt.Errorf("%s has %d providers, want 1", file, len(doc.Schemas))
	}
	for address, s := range doc.Schemas {
		s.addPassword()
		return address, s, nil
	}
	panic("unreachable")
}

// addPassword adds an ephemeral random_password, if the schema file has none: it has
// the arguments of the resource, except keepers.
// https://registry.terraform.io/providers/hashicorp/random/latest/docs/ephemeral-resources/password
func (s *providerSchemas) addPassword() {
	if password := s.Resources["random_password"]; password != nil && s.Ephemeral == nil {
		s.Ephemeral = map[string]*lazySchema{"random_password": password}
	}
}

// relax makes required attributes optional: examples omit what is irrelevant to
// them.
func (s *providerSchemas) relax() {
	for _, schemas := range []map[string]*lazySchema{s.Resources, s.DataSources, s.Ephemeral} {
		for _, r := range schemas {
			r.lenient = true
		}
	}
}

func (b *block) relax() {
	relaxAttributes(b.Attributes)
	for _, n := range b.BlockTypes {
		n.MinItems = 0
		n.Block.relax()
	}
}

func relaxAttributes(attributes map[string]*attribute) {
	for _, a := range attributes {
		a.Optional = a.Optional || a.Required
		a.Required = false
		if a.NestedType != nil {
			relaxAttributes(a.NestedType.Attributes)
		}
	}
}

// nest wraps an object type according to a nesting mode.
func nest(mode string, object cty.Type) cty.Type {
	switch mode {
	case "list":
		return cty.List(object)
	case "set":
		return cty.Set(object)
	case "map":
		return cty.Map(object)
	default: // single, group
		return object
	}
}

// ctyType returns the type of a value of a.
func (a *attribute) ctyType() cty.Type {
	if a.NestedType == nil {
		return a.Type
	}
	fields := map[string]cty.Type{}
	for name, f := range a.NestedType.Attributes {
		fields[name] = f.ctyType()
	}
	return nest(a.NestedType.NestingMode, cty.Object(fields))
}

// ctyType returns the type of the object of one block b.
func (b *block) ctyType() cty.Type {
	fields := map[string]cty.Type{}
	for name, a := range b.Attributes {
		fields[name] = a.ctyType()
	}
	for name, n := range b.BlockTypes {
		fields[name] = nest(n.NestingMode, n.Block.ctyType())
	}
	return cty.Object(fields)
}

// The wire forms. A schema that cannot be sent is a fault of the schema file, so
// they panic, and Terraform shows the message.

func (s *schema) wire() *tfprotov6.Schema {
	return &tfprotov6.Schema{Version: s.Version, Block: s.Block.wire()}
}

func wireAll(schemas map[string]*lazySchema) map[string]*tfprotov6.Schema {
	out := map[string]*tfprotov6.Schema{}
	for name, s := range schemas {
		out[name] = s.get().wire()
	}
	return out
}

func (b *block) wire() *tfprotov6.SchemaBlock {
	out := &tfprotov6.SchemaBlock{Attributes: wireAttributes(b.Attributes)}
	modes := map[string]tfprotov6.SchemaNestedBlockNestingMode{
		"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
		"group":  tfprotov6.SchemaNestedBlockNestingModeGroup,
		"list":   tfprotov6.SchemaNestedBlockNestingModeList,
		"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
		"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
	}
	for _, name := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		n := b.BlockTypes[name]
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: n.Block.wire(), Nesting: modes[n.NestingMode],
			MinItems: n.MinItems, MaxItems: n.MaxItems,
		})
	}
	return out
}

func wireAttributes(attributes map[string]*attribute) []*tfprotov6.SchemaAttribute {
	modes := map[string]tfprotov6.SchemaObjectNestingMode{
		"single": tfprotov6.SchemaObjectNestingModeSingle,
		"list":   tfprotov6.SchemaObjectNestingModeList,
		"set":    tfprotov6.SchemaObjectNestingModeSet,
		"map":    tfprotov6.SchemaObjectNestingModeMap,
	}
	var out []*tfprotov6.SchemaAttribute
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		w := &tfprotov6.SchemaAttribute{
			Name: name, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Sensitive: a.Sensitive, Deprecated: a.Deprecated, WriteOnly: a.WriteOnly,
		}
		if n := a.NestedType; n != nil {
			w.NestedType = &tfprotov6.SchemaObject{Attributes: wireAttributes(n.Attributes), Nesting: modes[n.NestingMode]}
		} else {
			w.Type = wireType(a.Type)
		}
		out = append(out, w)
	}
	return out
}

func wireType(t cty.Type) tftypes.Type {
	switch {
	case t == cty.String:
		return tftypes.String
	case t == cty.Number:
		return tftypes.Number
	case t == cty.Bool:
		return tftypes.Bool
	case t == cty.DynamicPseudoType:
		return tftypes.DynamicPseudoType
	case t.IsListType():
		return tftypes.List{ElementType: wireType(t.ElementType())}
	case t.IsSetType():
		return tftypes.Set{ElementType: wireType(t.ElementType())}
	case t.IsMapType():
		return tftypes.Map{ElementType: wireType(t.ElementType())}
	case t.IsObjectType():
		fields := map[string]tftypes.Type{}
		for name, f := range t.AttributeTypes() {
			fields[name] = wireType(f)
		}
		return tftypes.Object{AttributeTypes: fields}
	}
	panic(fmt.Sprintf("the schema file has an attribute of type %#v, which is not supported", t))
}
