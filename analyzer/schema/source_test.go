package schema

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// TestSource compares every embedded fact with the schemas that generate.go reads.
// It skips if SCHEMAS does not name their folder, because they are not in this
// repository.
func TestSource(t *testing.T) {
	files := []string{"terraform-schema.json"}
	if folder := os.Getenv("SCHEMAS"); folder != "" {
		more, err := filepath.Glob(filepath.Join(folder, "*.json*"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	type schemas struct {
		Provider    sourceType            `json:"provider"`
		Resources   map[string]sourceType `json:"resource_schemas"`
		DataSources map[string]sourceType `json:"data_source_schemas"`
	}
	compared := map[string]bool{}
	for _, name := range files {
		var read struct {
			Providers map[string]schemas `json:"provider_schemas"`
		}
		if err := json.Unmarshal(readSource(t, name), &read); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for address, from := range read.Providers {
			_, source, _ := strings.Cut(address, "/")
			compared[source] = true
			compare(t, source, from.Provider, Provider(source))
			compareTypes(t, from.Resources, ResourceTypes(source), func(typ string) *Block { return Resource(source, typ) })
			compareTypes(t, from.DataSources, DataSourceTypes(source), func(typ string) *Block { return DataSource(source, typ) })
		}
	}
	if len(compared) < len(Providers()) {
		t.Skipf("compared %d of %d providers: set SCHEMAS to the folder that generate.go reads to compare all", len(compared), len(Providers()))
	}
}

func readSource(t *testing.T, name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return text
}

func compareTypes(t *testing.T, from map[string]sourceType, names []string, get func(string) *Block) {
	if len(from) != len(names) {
		t.Errorf("%d types, want %d", len(names), len(from))
	}
	for name, source := range from {
		compare(t, name, source, get(name))
	}
}

func compare(t *testing.T, name string, from sourceType, got *Block) {
	if got == nil {
		t.Errorf("%s is not found", name)
		return
	}
	if diff := cmp.Diff(describe("", from.Block.block()), describe("", got)); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

type (
	sourceType struct {
		Block sourceBlock `json:"block"`
	}
	sourceBlock struct {
		Attributes map[string]sourceAttribute `json:"attributes"`
		Blocks     map[string]sourceNested    `json:"block_types"`
	}
	sourceAttribute struct {
		Attribute
		Type   cty.Type      `json:"type"`
		Nested *sourceNested `json:"nested_type"`
		Write  bool          `json:"write_only"`
	}
	sourceNested struct {
		sourceBlock // attributes of a nested type
		Block       sourceBlock
		Nesting     string `json:"nesting_mode"`
		MinItems    int    `json:"min_items"`
		MaxItems    int    `json:"max_items"`
		Computed    bool
	}
)

// block returns the Block for the source.
func (b sourceBlock) block() *Block {
	made := &Block{}
	for name, a := range b.Attributes {
		made.Attributes = append(made.Attributes, a.attribute(name))
	}
	for name, n := range b.Blocks {
		made.Blocks = append(made.Blocks, NestedBlock{
			Name:     name,
			Nesting:  map[string]Nesting{"single": Single, "group": Single, "list": List, "set": Set, "map": Map}[n.Nesting],
			MinItems: n.MinItems,
			MaxItems: n.MaxItems,
			Computed: n.Computed,
			Block:    *n.Block.block(),
		})
	}
	slices.SortFunc(made.Attributes, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(made.Blocks, func(a, b NestedBlock) int { return strings.Compare(a.Name, b.Name) })
	return made
}

func (a sourceAttribute) attribute(name string) Attribute {
	made := a.Attribute
	made.Name, made.Type, made.WriteOnly = name, a.Type, a.Write
	if a.Nested == nil {
		return made
	}
	made.Nested = a.Nested.block()
	parts := map[string]cty.Type{}
	for _, part := range made.Nested.Attributes {
		parts[part.Name] = part.Type
	}
	made.Type = cty.Object(parts)
	switch a.Nested.Nesting {
	case "list":
		made.Type = cty.List(made.Type)
	case "set":
		made.Type = cty.Set(made.Type)
	case "map":
		made.Type = cty.Map(made.Type)
	}
	return made
}
