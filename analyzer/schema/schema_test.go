package schema

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

const aws = "hashicorp/aws"

// describe returns the content of a block, a line for each attribute and nested
// block at every depth.
func describe(prefix string, b *Block) []string {
	var lines []string
	for i := range b.Attributes {
		a := &b.Attributes[i]
		lines = append(lines, prefix+a.Name+": "+describeAttribute(a))
		if a.Nested != nil {
			lines = append(lines, describe(prefix+a.Name+".", a.Nested)...)
		}
	}
	for i := range b.Blocks {
		n := &b.Blocks[i]
		lines = append(lines, prefix+n.Name+": "+describeNested(n))
		lines = append(lines, describe(prefix+n.Name+".", &n.Block)...)
	}
	return lines
}

func describeAttribute(a *Attribute) string {
	text := strings.ReplaceAll(a.Type.GoString(), "cty.", "")
	for _, flag := range []struct {
		set  bool
		name string
	}{
		{a.Required, "required"},
		{a.Optional, "optional"},
		{a.Computed, "computed"},
		{a.Sensitive, "sensitive"},
		{a.WriteOnly, "write-only"},
	} {
		if flag.set {
			text += " " + flag.name
		}
	}
	return text
}

func describeNested(n *NestedBlock) string {
	text := fmt.Sprintf("%s block %d-%d", n.Nesting, n.MinItems, n.MaxItems)
	if n.Computed {
		text += " computed"
	}
	return text
}

func TestBlock(t *testing.T) {
	tests := []struct {
		name  string
		block *Block
		want  []string
	}{
		{
			// https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/website/docs/d/iam_policy_document.html.markdown
			name:  "blocks in repeated blocks",
			block: DataSource(aws, "aws_iam_policy_document"),
			want: []string{
				"id: String optional computed",
				"json: String computed",
				"minified_json: String computed",
				"override_json: String optional",
				"override_policy_documents: List(String) optional",
				"policy_id: String optional",
				"source_json: String optional",
				"source_policy_documents: List(String) optional",
				"version: String optional",
				"statement: list block 0-0",
				"statement.actions: Set(String) optional",
				"statement.effect: String optional",
				"statement.not_actions: Set(String) optional",
				"statement.not_resources: Set(String) optional",
				"statement.resources: Set(String) optional",
				"statement.sid: String optional",
				"statement.condition: set block 0-0",
				"statement.condition.test: String required",
				"statement.condition.values: List(String) required",
				"statement.condition.variable: String required",
				"statement.not_principals: set block 0-0",
				"statement.not_principals.identifiers: Set(String) required",
				"statement.not_principals.type: String required",
				"statement.principals: set block 0-0",
				"statement.principals.identifiers: Set(String) required",
				"statement.principals.type: String required",
			},
		},
		{
			// https://github.com/hashicorp/terraform-provider-http/blob/v3.5.0/docs/data-sources/http.md
			name:  "nested attribute",
			block: &Block{Attributes: []Attribute{*DataSource("hashicorp/http", "http").Attribute("retry")}},
			want: []string{
				`retry: Object(map[string]Type{"attempts":Number, "max_delay_ms":Number, "min_delay_ms":Number}) optional`,
				"retry.attempts: Number optional",
				"retry.max_delay_ms: Number optional",
				"retry.min_delay_ms: Number optional",
			},
		},
		{
			// https://developer.hashicorp.com/terraform/language/resources/terraform-data
			name:  "any type",
			block: Resource("builtin/terraform", "terraform_data"),
			want: []string{
				"id: String computed",
				"input: DynamicPseudoType optional",
				"output: DynamicPseudoType computed",
				"triggers_replace: DynamicPseudoType optional",
			},
		},
		{
			name:  "no settings",
			block: Provider("hashicorp/random"),
			want:  nil,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, describe("", test.block)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAttribute(t *testing.T) {
	tests := []struct{ typ, attribute, want string }{
		{"aws_instance", "ami", "String optional computed"},
		{"aws_instance", "arn", "String computed"},
		{"aws_instance", "vpc_security_group_ids", "Set(String) optional computed"},
		{"aws_instance", "user_data_replace_on_change", "Bool optional"},
		{"aws_db_instance", "instance_class", "String required"},
		{"aws_db_instance", "password", "String optional sensitive"},
		{"aws_db_instance", "password_wo", "String optional sensitive write-only"},
		{"aws_security_group", "ingress", `Set(Object(map[string]Type{"cidr_blocks":List(String), "description":String, ` +
			`"from_port":Number, "ipv6_cidr_blocks":List(String), "prefix_list_ids":List(String), "protocol":String, ` +
			`"security_groups":Set(String), "self":Bool, "to_port":Number})) optional computed`},
	}
	for _, test := range tests {
		t.Run(test.typ+"."+test.attribute, func(t *testing.T) {
			a := Resource(aws, test.typ).Attribute(test.attribute)
			if a == nil {
				t.Fatal("not found")
			}
			if diff := cmp.Diff(test.want, describeAttribute(a)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNested(t *testing.T) {
	tests := []struct {
		typ, block, want string
		repeated         bool
	}{
		{"aws_instance", "root_block_device", "list block 0-1 computed", false},
		{"aws_instance", "ebs_block_device", "set block 0-0 computed", true},
		{"aws_instance", "credit_specification", "list block 0-1", false},
		{"aws_instance", "timeouts", "single block 0-0", false},
		{"aws_s3_bucket", "versioning", "list block 0-1 computed", false},
		{"aws_s3_bucket", "grant", "set block 0-0 computed", true},
		{"aws_s3_bucket", "cors_rule", "list block 0-0 computed", true},
		{"aws_cloudfront_distribution", "origin", "set block 1-0", true},
		{"aws_cloudfront_distribution", "viewer_certificate", "list block 1-1", false},
	}
	for _, test := range tests {
		t.Run(test.typ+"."+test.block, func(t *testing.T) {
			n := Resource(aws, test.typ).Nested(test.block)
			if n == nil {
				t.Fatal("not found")
			}
			if diff := cmp.Diff(test.want, describeNested(n)); diff != "" {
				t.Error(diff)
			}
			if n.Repeated() != test.repeated {
				t.Errorf("Repeated() = %t", n.Repeated())
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	for name, block := range map[string]*Block{
		"resource of an unknown provider":    Resource("hashicorp/nothing", "aws_instance"),
		"data source of an unknown provider": DataSource("hashicorp/nothing", "http"),
		"unknown provider":                   Provider("hashicorp/nothing"),
		"provider with a host":               Provider("example.com/hashicorp/aws"),
		"no provider":                        Provider(""),
		"unknown resource":                   Resource(aws, "aws_instanc"),
		"unknown data source":                DataSource(aws, "zzz"),
		"no type":                            Resource(aws, ""),
		"data source as a resource":          Resource(aws, "aws_iam_policy_document"),
		"attribute's name as a type":         Resource(aws, "kms_key_id"),
		"type of a provider without any":     DataSource("hashicorp/random", "random_id"),
	} {
		if block != nil {
			t.Errorf("%s is known", name)
		}
	}
	instance := Resource(aws, "aws_instance")
	if a := instance.Attribute("root_block_device"); a != nil {
		t.Errorf("a block is an attribute: %v", a)
	}
	if n := instance.Nested("ami"); n != nil {
		t.Errorf("an attribute is a block: %v", n)
	}
	if got := Version("hashicorp/nothing"); got != "" {
		t.Errorf("version %q of an unknown provider", got)
	}
	if got := ResourceTypes("hashicorp/nothing"); got != nil {
		t.Errorf("types of an unknown provider: %v", got)
	}
	if got := DataSourceTypes("hashicorp/random"); got != nil {
		t.Errorf("data sources of a provider without any: %v", got)
	}
}

// TestProviders decodes everything that is embedded.
func TestProviders(t *testing.T) {
	type counts struct {
		Version                string
		Resources, DataSources int
	}
	want := map[string]counts{
		"builtin/terraform":    {"1.11.4", 1, 1},
		"hashicorp/archive":    {"2.7.1", 1, 1},
		"hashicorp/aws":        {"6.25.0", 1581, 630},
		"hashicorp/azurerm":    {"4.55.0", 1127, 399},
		"hashicorp/cloudinit":  {"2.3.7", 1, 1},
		"hashicorp/external":   {"2.3.5", 0, 1},
		"hashicorp/google":     {"6.50.0", 1096, 373},
		"hashicorp/helm":       {"3.1.1", 1, 1},
		"hashicorp/http":       {"3.5.0", 0, 1},
		"hashicorp/kubernetes": {"2.38.0", 82, 26},
		"hashicorp/local":      {"2.6.1", 2, 3},
		"hashicorp/null":       {"3.2.4", 1, 1},
		"hashicorp/random":     {"3.7.2", 8, 0},
		"hashicorp/time":       {"0.13.1", 4, 0},
		"hashicorp/tls":        {"4.1.0", 4, 2},
	}
	got := map[string]counts{}
	for _, source := range Providers() {
		got[source] = counts{Version(source), len(ResourceTypes(source)), len(DataSourceTypes(source))}
		checkBlock(t, source, Provider(source))
		for _, typ := range ResourceTypes(source) {
			checkBlock(t, typ, Resource(source, typ))
		}
		for _, typ := range DataSourceTypes(source) {
			checkBlock(t, "data."+typ, DataSource(source, typ))
		}
		if !slices.IsSorted(ResourceTypes(source)) || !slices.IsSorted(DataSourceTypes(source)) {
			t.Errorf("types of %s are not sorted", source)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSorted(Providers()) {
		t.Error("providers are not sorted")
	}
}

// checkBlock reports invalid schemas, at every depth.
func checkBlock(t *testing.T, path string, b *Block) {
	if b == nil {
		t.Errorf("%s is listed and not found", path)
		return
	}
	for i := range b.Attributes {
		a := &b.Attributes[i]
		where := path + "." + a.Name
		if b.Attribute(a.Name) != a || b.Nested(a.Name) != nil {
			t.Errorf("%s is not found by its name", where)
		}
		if a.Type == cty.NilType || a.Name == "" {
			t.Errorf("%s has no type or no name", where)
		}
		if a.Required == (a.Optional || a.Computed) {
			t.Errorf("%s: %s", where, describeAttribute(a))
		}
		if a.Nested != nil {
			checkBlock(t, where, a.Nested)
		}
	}
	for i := range b.Blocks {
		n := &b.Blocks[i]
		where := path + "." + n.Name
		if b.Nested(n.Name) != n {
			t.Errorf("%s is not found by its name", where)
		}
		if n.Nesting.String() == "unknown" || n.MaxItems != 0 && n.MinItems > n.MaxItems {
			t.Errorf("%s: %s", where, describeNested(n))
		}
		checkBlock(t, where, &n.Block)
	}
}

func TestConfigType(t *testing.T) {
	retry := cty.ObjectWithOptionalAttrs(
		map[string]cty.Type{"attempts": cty.Number, "max_delay_ms": cty.Number, "min_delay_ms": cty.Number},
		[]string{"attempts", "max_delay_ms", "min_delay_ms"})
	set := cty.ObjectWithOptionalAttrs(
		map[string]cty.Type{"name": cty.String, "type": cty.String, "value": cty.String}, []string{"type"})
	tests := []struct {
		name      string
		attribute *Attribute
		want      cty.Type
	}{
		{"plain", Resource(aws, "aws_instance").Attribute("ami"), cty.String},
		{"object", DataSource("hashicorp/http", "http").Attribute("retry"), retry},
		{"list of objects", Resource("hashicorp/helm", "helm_release").Attribute("set_sensitive"), cty.List(set)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := test.attribute.ConfigType()
			if !got.Equals(test.want) {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
			if plain := got.WithoutOptionalAttributesDeep(); !plain.Equals(test.attribute.Type) {
				t.Errorf("%#v is another type than %#v", plain, test.attribute.Type)
			}
		})
	}
}

func TestProviderOf(t *testing.T) {
	for typ, want := range map[string]string{
		"aws_instance":           "hashicorp/aws",
		"null_resource":          "hashicorp/null",
		"http":                   "hashicorp/http",
		"datadog_monitor":        "hashicorp/datadog",
		"terraform_data":         "builtin/terraform",
		"terraform_remote_state": "builtin/terraform",
		"":                       "",
	} {
		if got := ProviderOf(typ); got != want {
			t.Errorf("ProviderOf(%q) = %q, want %q", typ, got, want)
		}
	}
	for _, source := range Providers() {
		for _, typ := range slices.Concat(ResourceTypes(source), DataSourceTypes(source)) {
			if got := ProviderOf(typ); got != source {
				t.Errorf("ProviderOf(%q) = %q, and it belongs to %q", typ, got, source)
			}
		}
	}
}

// TestConcurrent asks for the same types from many goroutines while none is
// decoded: all get the same blocks.
func TestConcurrent(t *testing.T) {
	fresh := open(hashicorpAws)
	names := fresh.typeNames(fresh.resources)
	blocks := make([][]*Block, 8)
	var group sync.WaitGroup
	for i := range blocks {
		group.Go(func() {
			for _, name := range names {
				blocks[i] = append(blocks[i], fresh.find(fresh.resources, name))
			}
		})
	}
	group.Wait()
	for i := range blocks {
		if !slices.Equal(blocks[i], blocks[0]) {
			t.Errorf("goroutine %d got other blocks", i)
		}
	}
}

// TestPlainType covers the kinds that no embedded provider has at present.
func TestPlainType(t *testing.T) {
	object := cty.Object(map[string]cty.Type{"a": cty.String})
	types := list{}
	for _, item := range []string{
		string([]byte{kindString}),
		string([]byte{kindNestedMap, 0}),
		string([]byte{kindNestedSet, 0}),
		string([]byte{kindTuple, 0, 1}),
	} {
		types.items += item
		types.ends += string(binary.LittleEndian.AppendUint32(nil, uint32(len(types.items)))[:3])
	}
	made := string([]byte{0, 0, 0, 0, flagOptional})
	data := section(1, "\x03\x00\x00", "\x00\x01a") + // names
		section(4, types.ends, types.items) +
		section(1, made) + // attributes
		section(0) + // nested
		section(1, "\x02\x00\x00", "\x01\x00") + // blocks
		section(0) + section(0) + "\x00\x00"
	fresh := open(data)
	for i, want := range []cty.Type{
		cty.String,
		cty.Map(object),
		cty.Set(object),
		cty.Tuple([]cty.Type{cty.String, cty.Map(object)}),
	} {
		if got := fresh.attributeType(i).typ; !got.Equals(want) {
			t.Errorf("type %d: got %#v, want %#v", i, got, want)
		}
	}
}

func section(n uint32, parts ...string) string {
	return string(binary.LittleEndian.AppendUint32(nil, n)) + strings.Join(parts, "")
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(hashicorpAws)
	}
}

// BenchmarkFirst measures the first look-up of one type, including opening the file.
func BenchmarkFirst(b *testing.B) {
	for _, typ := range []string{"aws_s3_bucket_policy", "aws_instance", "aws_wafv2_web_acl", "aws_quicksight_data_set"} {
		b.Run(typ, func(b *testing.B) {
			for b.Loop() {
				fresh := open(hashicorpAws)
				if fresh.find(fresh.resources, typ) == nil {
					b.Fatal("not found")
				}
			}
		})
	}
}

// BenchmarkHundred measures the first look-up of a hundred types.
func BenchmarkHundred(b *testing.B) {
	var names []string
	for i, name := range ResourceTypes(aws) {
		if i%15 == 0 && len(names) < 100 {
			names = append(names, name)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		fresh := open(hashicorpAws)
		for _, name := range names {
			fresh.find(fresh.resources, name)
		}
	}
}

func BenchmarkAgain(b *testing.B) {
	for b.Loop() {
		Resource(aws, "aws_instance")
	}
}

func BenchmarkAttribute(b *testing.B) {
	instance := Resource(aws, "aws_instance")
	for b.Loop() {
		instance.Attribute("monitoring")
	}
}

func BenchmarkEverything(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		fresh := open(hashicorpAws)
		for _, types := range []records{fresh.resources, fresh.dataSources} {
			for _, name := range fresh.typeNames(types) {
				fresh.find(types, name)
			}
		}
	}
}
