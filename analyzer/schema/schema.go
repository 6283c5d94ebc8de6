// Package schema has the schemas of Terraform providers: the attributes and nested
// blocks of resources, data sources and provider configurations. It knows nothing of
// values, of HCL or of safety, and it imports nothing of this module.
//
// Providers are named by their source without the host: "hashicorp/aws". Terraform's
// own types (terraform_data, terraform_remote_state) belong to "builtin/terraform".
//
// The facts are names, types and flags, extracted from the schema that each
// provider publishes (the output of "terraform providers schema -json"), in the
// version that [Version] returns. They hold no text of the providers, such as
// descriptions. The providers are those of
// https://github.com/hashicorp/terraform-provider-NAME, published under the Mozilla
// Public License 2.0; the few facts about Terraform itself are written by hand
// from its documentation.
//
// The facts are known to be incomplete, because the published schemas were available
// only through code generated from them:
//
//   - A limit on the number of blocks other than 1 is unknown. Newer blocks of
//     the AWS provider often take one block only and show no limit: the
//     provider's own schema has none there either.
//   - Sensitive is known for resources; in nested blocks and data sources only
//     for the best known secrets of AWS. Its absence there proves nothing.
//   - Some optional attributes are optional and computed here, such as description
//     of aws_security_group.
//   - definition of aws_quicksight_analysis, aws_quicksight_dashboard and
//     aws_quicksight_template is an attribute of any type here, and a block in the
//     provider; statement in rules of aws_wafv2_web_acl and aws_wafv2_rule_group is
//     three levels deep, and deeper in the provider.
//
// Everything is decoded on demand and kept. The results of the functions are shared
// and must not be changed; all functions are safe for concurrent use.
package schema

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

//go:generate go run generate.go

// Block is the content of a resource, a data source, a provider configuration
// or a nested block.
type Block struct {
	Attributes []Attribute   // sorted by name
	Blocks     []NestedBlock // sorted by name
}

// Attribute is one argument or exported attribute.
//
// Required, Optional and Computed are the provider's: an attribute that is only
// computed cannot be written; the provider chooses the value of an optional and
// computed attribute that is not written.
type Attribute struct {
	Name string
	Type cty.Type // dynamic if the provider takes any value

	// Nested describes the parts of a nested attribute, whose Type is an object or a
	// list, set or map of objects. It has no blocks. It is nil for all other
	// attributes, including those that are objects by their type alone.
	Nested *Block

	Required, Optional, Computed bool
	Sensitive                    bool
	WriteOnly                    bool // null in every plan and state
}

// NestedBlock is a kind of block inside another.
type NestedBlock struct {
	Name     string
	Nesting  Nesting
	MinItems int // 0: the block is optional
	MaxItems int // 0: no limit, or none that the schema shows

	// Computed reports that the provider fills in a block that is not written, such
	// as root_block_device of aws_instance: its absence from a configuration proves
	// nothing.
	Computed bool

	Block
}

// Nesting is how the blocks of one kind make a value.
type Nesting int8

// The nesting modes. Terraform's "group" is Single here.
const (
	Single Nesting = iota // at most one block, an object
	List
	Set
	Map // blocks with one label, their key
)

func (n Nesting) String() string {
	switch n {
	case Single:
		return "single"
	case List:
		return "list"
	case Set:
		return "set"
	case Map:
		return "map"
	}
	return "unknown"
}

// Repeated reports whether the schema lets the block occur more than once.
func (b *NestedBlock) Repeated() bool {
	return b.Nesting != Single && b.MaxItems != 1
}

// Attribute returns the attribute of that name, or nil if there is none.
func (b *Block) Attribute(name string) *Attribute {
	i, found := slices.BinarySearchFunc(b.Attributes, name, func(a Attribute, name string) int {
		return strings.Compare(a.Name, name)
	})
	if !found {
		return nil
	}
	return &b.Attributes[i]
}

// Nested returns the nested block of that name, or nil if there is none.
func (b *Block) Nested(name string) *NestedBlock {
	i, found := slices.BinarySearchFunc(b.Blocks, name, func(n NestedBlock, name string) int {
		return strings.Compare(n.Name, name)
	})
	if !found {
		return nil
	}
	return &b.Blocks[i]
}

// ConfigType returns the conversion type of a written value: Type, with the parts of
// a nested attribute that a configuration may omit marked optional.
// https://developer.hashicorp.com/terraform/plugin/framework/handling-data/attributes/single-nested
func (a *Attribute) ConfigType() cty.Type {
	if a.Nested == nil {
		return a.Type
	}
	types := make(map[string]cty.Type, len(a.Nested.Attributes))
	var optional []string
	for i := range a.Nested.Attributes {
		part := &a.Nested.Attributes[i]
		types[part.Name] = part.ConfigType()
		if !part.Required {
			optional = append(optional, part.Name)
		}
	}
	return likeCollection(a.Type, cty.ObjectWithOptionalAttrs(types, optional))
}

// Type returns the type of the block's content, which is an object.
// https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/configschema/implied_type.go
func (b *Block) Type() cty.Type {
	types := make(map[string]cty.Type, len(b.Attributes)+len(b.Blocks))
	for _, a := range b.Attributes {
		types[a.Name] = a.Type
	}
	for i := range b.Blocks {
		types[b.Blocks[i].Name] = b.Blocks[i].nested()
	}
	return cty.Object(types)
}

// nested returns the type of all blocks of the kind together.
func (b *NestedBlock) nested() cty.Type {
	t := b.Block.Type()
	switch {
	case b.Nesting == Single:
		return t
	case b.Nesting != Set && t.HasDynamicTypes():
		return cty.DynamicPseudoType
	case b.Nesting == List:
		return cty.List(t)
	case b.Nesting == Set:
		return cty.Set(t)
	}
	return cty.Map(t)
}

// likeCollection replaces the object in an object type or a collection of objects
// with element.
func likeCollection(typ, element cty.Type) cty.Type {
	switch {
	case typ.IsListType():
		return cty.List(element)
	case typ.IsSetType():
		return cty.Set(element)
	case typ.IsMapType():
		return cty.Map(element)
	}
	return element
}

// Resource returns the schema of a managed resource type, or nil if the provider or
// the type is unknown.
func Resource(provider, typ string) *Block {
	t := lookup(provider)
	if t == nil {
		return nil
	}
	return t.find(t.resources, typ)
}

// DataSource returns the schema of a data source, or nil if the provider or the type
// is unknown.
func DataSource(provider, typ string) *Block {
	t := lookup(provider)
	if t == nil {
		return nil
	}
	return t.find(t.dataSources, typ)
}

// Provider returns the schema of a provider configuration, or nil if the provider is
// unknown.
func Provider(provider string) *Block {
	t := lookup(provider)
	if t == nil {
		return nil
	}
	return t.block(t.configuration)
}

// Providers returns the sources of all known providers, sorted.
func Providers() []string {
	sources := make([]string, len(providers))
	for i := range providers {
		sources[i] = providers[i].source
	}
	return sources
}

// Version returns the provider version of the facts, or "" if the provider is
// unknown. For builtin/terraform it is Terraform's version.
func Version(provider string) string {
	if p := embedded(provider); p != nil {
		return p.version
	}
	return ""
}

// ResourceTypes returns the names of a provider's managed resource types, sorted;
// nil if the provider is unknown or has none.
func ResourceTypes(provider string) []string {
	t := lookup(provider)
	if t == nil {
		return nil
	}
	return t.typeNames(t.resources)
}

// DataSourceTypes returns the names of a provider's data sources, sorted; nil if the
// provider is unknown or has none.
func DataSourceTypes(provider string) []string {
	t := lookup(provider)
	if t == nil {
		return nil
	}
	return t.typeNames(t.dataSources)
}

// ProviderOf returns the source of the provider that Terraform uses by default for a
// resource type or data source: by the word before the first underscore,
// "hashicorp/aws" for "aws_instance". The provider may be unknown. It is "" for "".
// https://developer.hashicorp.com/terraform/language/providers/requirements
func ProviderOf(typ string) string {
	prefix, _, _ := strings.Cut(typ, "_")
	switch prefix {
	case "":
		return ""
	case "terraform":
		return "builtin/terraform"
	}
	return "hashicorp/" + prefix
}
