package tfplan

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// load reads a plan that must be valid.
func load(tb testing.TB, src string) *analyzer.Root {
	tb.Helper()
	set, err := Load(context.Background(), strings.NewReader(src), Options{Name: "plan.json"})
	if err != nil {
		tb.Fatal(err)
	}
	return set.Roots[0]
}

// planOf wraps resource changes and the resources of the configuration.
func planOf(changes, resources string) string {
	return fmt.Sprintf(`{"format_version":"1.2","resource_changes":[%s],"configuration":{
		"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},
		"root_module":{"resources":[%s]}}}`, changes, resources)
}

// created returns the change that creates a resource.
func created(address, after, unknown string) string {
	typ := parseAddress(address).local
	return fmt.Sprintf(`{"address":%q,"mode":"managed","type":%q,"provider_name":"registry.terraform.io/hashicorp/aws",
		"change":{"actions":["create"],"before":null,"after":%s,"after_unknown":%s}}`, address, typ[:strings.IndexByte(typ, '.')], after, unknown)
}

func written1(address, expressions string) string {
	return fmt.Sprintf(`{"address":%q,"provider_config_key":"aws","expressions":%s}`, address, expressions)
}

// told returns lines with a resource's references, the causes of its unknowns and
// its secrets.
func told(r *analyzer.Resource) []string {
	var lines []string
	for _, ref := range r.Refs {
		certain := "may be"
		if ref.Sole {
			certain = "is"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", analyzer.FormatPath(ref.At), certain, ref.To, ref.Attr)))
	}
	for _, h := range r.Hidden {
		lines = append(lines, fmt.Sprintf("%s hidden by %s %s", analyzer.FormatPath(h.At), h.Cause.Kind, h.Cause.Name))
	}
	for _, d := range r.Documents {
		lines = append(lines, analyzer.FormatPath(d.At)+" has a document")
	}
	for _, at := range r.Sensitive {
		lines = append(lines, strings.TrimSpace(analyzer.FormatPath(at)+" is secret"))
	}
	return lines
}

func TestValues(t *testing.T) {
	null := func(typ cty.Type) cty.Value { return cty.NullVal(typ) }
	obj := func(vals map[string]cty.Value) cty.Value { return cty.ObjectVal(vals) }
	tests := []struct {
		name           string
		address        string
		after, unknown string
		expressions    string
		want           map[string]cty.Value
		told           []string
	}{
		{
			name: "what is unknown but not written is unset", address: "aws_ebs_volume.v",
			after: `{"availability_zone":"a"}`, unknown: `{"encrypted":true,"arn":true}`,
			expressions: `{"availability_zone":{"constant_value":"a"}}`,
			want:        map[string]cty.Value{"availability_zone": cty.StringVal("a"), "encrypted": null(cty.Bool), "arn": null(cty.String)},
		},
		{
			name: "what is unknown and written is unknown", address: "aws_ebs_volume.v",
			after: `{}`, unknown: `{"encrypted":true}`,
			expressions: `{"encrypted":{"references":["local.encrypt"]}}`,
			want:        map[string]cty.Value{"encrypted": cty.UnknownVal(cty.Bool)},
			told:        []string{"encrypted hidden by other local.encrypt"},
		},
		{
			name: "null is written where the provider computes", address: "aws_ebs_volume.v",
			after: `{}`, unknown: `{"kms_key_id":true,"encrypted":true}`,
			expressions: `{"kms_key_id":{"references":["var.key"]},"encrypted":{"constant_value":null}}`,
			want:        map[string]cty.Value{"kms_key_id": null(cty.String), "encrypted": null(cty.Bool)},
		},
		{
			name: "a function without references stays unknown", address: "aws_ebs_volume.v",
			after: `{}`, unknown: `{"snapshot_id":true}`, expressions: `{"snapshot_id":{}}`,
			want: map[string]cty.Value{"snapshot_id": cty.UnknownVal(cty.String)},
			told: []string{"snapshot_id hidden by function a function without references"},
		},
		{
			name: "a known value is a value, and empty ones are unset only where nothing is written", address: "aws_lb.l",
			after: `{"name":"","internal":false,"idle_timeout":60,"security_groups":[],"subnets":["s"],"tags_all":{}}`, unknown: `{"subnets":[false]}`,
			expressions: `{"name":{"constant_value":""}}`,
			want: map[string]cty.Value{"name": cty.StringVal(""), "internal": cty.False, "idle_timeout": cty.NumberIntVal(60),
				"security_groups": null(cty.List(cty.String)), "subnets": cty.TupleVal([]cty.Value{cty.StringVal("s")}), "tags_all": null(cty.Map(cty.String))},
		},
		{
			name: "numbers keep their text", address: "aws_sqs_queue.q",
			after: `{"delay_seconds":123456789012345678901234567890.5,"max_message_size":1e99999}`, unknown: `{}`, expressions: `{}`,
			want: map[string]cty.Value{"delay_seconds": cty.MustParseNumberVal("123456789012345678901234567890.5"), "max_message_size": cty.UnknownVal(cty.Number)},
		},
		{
			name: "maps are maps", address: "aws_sqs_queue.q",
			after: `{"tags":{"a":"b","c":null}}`, unknown: `{"tags":{"d":true}}`, expressions: `{"tags":{"references":["local.tags"]}}`,
			want: map[string]cty.Value{"tags": cty.MapVal(map[string]cty.Value{"a": cty.StringVal("b"), "c": null(cty.String), "d": cty.UnknownVal(cty.String)})},
			told: []string{`tags.d hidden by other local.tags`},
		},
		{
			name: "a block that is not shown may be dynamic", address: "aws_instance.i",
			after: `{"ebs_block_device":[{"device_name":"a","tags":null}]}`, unknown: `{"root_block_device":true,"ebs_block_device":[{"encrypted":true,"volume_id":true}]}`, expressions: `{}`,
			want: map[string]cty.Value{
				"root_block_device": cty.TupleVal([]cty.Value{cty.DynamicVal}),
				"ebs_block_device": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"device_name": cty.StringVal("a"), "tags": null(cty.Map(cty.String)),
					"encrypted": cty.UnknownVal(cty.Bool), "volume_id": null(cty.String)})}),
			},
			told: []string{
				`ebs_block_device[0].encrypted hidden by other dynamic "ebs_block_device" in aws_instance.i`,
				`root_block_device hidden by other dynamic "root_block_device" in aws_instance.i`,
			},
		},
		{
			name: "elements of sets are told by their constants", address: "aws_instance.i",
			after:       `{"ebs_block_device":[{"device_name":"b","encrypted":true},{"device_name":"a"}]}`,
			unknown:     `{"ebs_block_device":[{"kms_key_id":true},{"encrypted":true,"kms_key_id":true}]}`,
			expressions: `{"ebs_block_device":[{"device_name":{"constant_value":"a"},"kms_key_id":{"references":["local.key"]}},{"device_name":{"constant_value":"b"},"encrypted":{"constant_value":true}}]}`,
			want: map[string]cty.Value{"ebs_block_device": cty.TupleVal([]cty.Value{
				obj(map[string]cty.Value{"device_name": cty.StringVal("b"), "encrypted": cty.True, "kms_key_id": null(cty.String)}),
				obj(map[string]cty.Value{"device_name": cty.StringVal("a"), "encrypted": null(cty.Bool), "kms_key_id": cty.UnknownVal(cty.String)}),
			})},
			told: []string{"ebs_block_device[1].kms_key_id hidden by other local.key"},
		},
		{
			name: "more elements than blocks: what no block explains may be dynamic", address: "aws_instance.i",
			after:       `{"ebs_block_device":[{"device_name":"a"},{"device_name":"z"}]}`,
			unknown:     `{"ebs_block_device":[{"encrypted":true},{"encrypted":true}]}`,
			expressions: `{"ebs_block_device":[{"device_name":{"constant_value":"a"}}]}`,
			want: map[string]cty.Value{"ebs_block_device": cty.TupleVal([]cty.Value{
				obj(map[string]cty.Value{"device_name": cty.StringVal("a"), "encrypted": null(cty.Bool)}),
				obj(map[string]cty.Value{"device_name": cty.StringVal("z"), "encrypted": cty.UnknownVal(cty.Bool)}),
			})},
			told: []string{`ebs_block_device[1].encrypted hidden by other dynamic "ebs_block_device" in aws_instance.i`},
		},
		{
			name: "a single block is a sequence too", address: "aws_s3_bucket.b",
			after: `{"timeouts":{"create":"5m","read":null}}`, unknown: `{}`, expressions: `{"timeouts":{"create":{"constant_value":"5m"}}}`,
			want: map[string]cty.Value{"timeouts": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"create": cty.StringVal("5m"), "read": null(cty.String)})})},
		},
		{
			name: "an attribute that may be written as blocks", address: "aws_security_group.g",
			after: `{"ingress":[{"from_port":22,"security_groups":[null]}]}`, unknown: `{"egress":true,"ingress":[{"security_groups":[true]}]}`,
			expressions: `{"ingress":{"references":["local.group"]}}`,
			want: map[string]cty.Value{"egress": cty.TupleVal([]cty.Value{cty.DynamicVal}),
				"ingress": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"from_port": cty.NumberIntVal(22), "security_groups": cty.TupleVal([]cty.Value{cty.UnknownVal(cty.String)})})})},
			told: []string{"ingress[0].security_groups[0] hidden by other local.group", `egress hidden by other dynamic "egress" in aws_security_group.g`},
		},
		{
			name: "an element in place of blocks whose number is not known", address: "aws_security_group.g",
			after:   `{"ingress":[{"description":null,"self":false,"cidr_blocks":[null]}],"egress":[{"description":"out","self":false}]}`,
			unknown: `{"ingress":[{"from_port":true,"cidr_blocks":[true]}],"egress":[{"from_port":true}]}`, expressions: `{}`,
			want: map[string]cty.Value{"ingress": cty.TupleVal([]cty.Value{cty.DynamicVal}),
				"egress": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"description": cty.StringVal("out"), "from_port": cty.UnknownVal(cty.Number), "self": cty.False})})},
			told: []string{"egress hidden by apply aws_security_group.g.egress", `ingress hidden by other dynamic "ingress" in aws_security_group.g`},
		},
		{
			name: "without a schema, JSON tells the shape", address: "aws_of_tomorrow.x",
			after: `{"a":[{"b":null}],"c":{"d":1}}`, unknown: `{"e":true}`, expressions: `{"a":[{"b":{"references":["local.b"]}}]}`,
			want: map[string]cty.Value{"a": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"b": null(cty.DynamicPseudoType)})}),
				"c": obj(map[string]cty.Value{"d": cty.NumberIntVal(1)}), "e": null(cty.DynamicPseudoType)},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := load(t, planOf(created(test.address, test.after, test.unknown), written1(test.address, test.expressions)))
			r := root.Lookup(test.address)
			if got, want := r.Values().GoString(), cty.ObjectVal(test.want).GoString(); got != want {
				t.Errorf("values (-got +want)\n%s", cmp.Diff(strings.Split(got, ", "), strings.Split(want, ", ")))
			}
			if diff := cmp.Diff(test.told, told(r)); diff != "" {
				t.Errorf("told (-want +got)\n%s", diff)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	key := created("aws_kms_key.k", `{}`, `{"arn":true}`)
	tests := []struct {
		name          string
		changes       []string
		configuration string // of the root module
		address       string
		want          []string
	}{
		{
			name: "alone", changes: []string{key, created("aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"kms_master_key_id is aws_kms_key.k arn"},
		},
		{
			name: "the provider computes what may be null", changes: []string{key, created("aws_ebs_volume.v", `{}`, `{"kms_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_ebs_volume.v","expressions":{"kms_key_id":{"references":["var.own","aws_kms_key.k.arn","aws_kms_key.k"]}}}]}`,
			address:       "aws_ebs_volume.v", want: []string{"kms_key_id may be aws_kms_key.k arn"},
		},
		{
			name: "with a known condition", changes: []string{key, created("aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["var.encrypt","aws_kms_key.k.arn","aws_kms_key.k"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"kms_master_key_id is aws_kms_key.k arn"},
		},
		{
			name:          "two candidates",
			changes:       []string{key, created("aws_kms_key.l", `{}`, `{"arn":true}`), created("aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k","aws_kms_key.l.arn","aws_kms_key.l"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"kms_master_key_id may be aws_kms_key.k arn", "kms_master_key_id may be aws_kms_key.l arn"},
		},
		{
			name:          "one of several instances",
			changes:       []string{created(`aws_kms_key.k["a.b"]`, `{}`, `{}`), created(`aws_kms_key.k["]"]`, `{}`, `{}`), created("aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`), created("aws_sqs_queue.r", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["aws_kms_key.k","each.key"]}}},{"address":"aws_sqs_queue.r","expressions":{"kms_master_key_id":{"references":["aws_kms_key.k[\"]\"].arn","aws_kms_key.k[\"]\"]","aws_kms_key.k"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"kms_master_key_id may be aws_kms_key.k[*]"},
		},
		{
			name:          "through a variable and an output",
			changes:       []string{created(`module.keys[0].aws_kms_key.k`, `{}`, `{}`), created("module.queue.aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"module_calls":{"keys":{"module":{"outputs":{"arn":{"expression":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}}}},"queue":{"expressions":{"key":{"references":["module.keys[0].arn","module.keys[0]","module.keys"]}},"module":{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["var.key"]}}}]}}}}`,
			address:       "module.queue.aws_sqs_queue.q", want: []string{"kms_master_key_id is module.keys[0].aws_kms_key.k arn"},
		},
		{
			name:          "a part of an object that is passed on",
			changes:       []string{key, created("module.queue.aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"module_calls":{"queue":{"expressions":{"key":{"references":["aws_kms_key.k"]}},"module":{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["var.key.arn","var.key"]}}}]}}}}`,
			address:       "module.queue.aws_sqs_queue.q", want: []string{"kms_master_key_id is aws_kms_key.k arn"},
		},
		{
			name:          "a cycle, as no Terraform writes it",
			changes:       []string{created("module.a.aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"module_calls":{"a":{"expressions":{"x":{"references":["module.a.y","module.a"]}},"module":{"outputs":{"y":{"expression":{"references":["var.x"]}}},"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["var.x"]}}}]}}}}`,
			address:       "module.a.aws_sqs_queue.q", want: []string{"kms_master_key_id hidden by apply module.a.aws_sqs_queue.q.kms_master_key_id"},
		},
		{
			name:          "a local is not shown, and a template has parts",
			changes:       []string{key, created("aws_sqs_queue.q", `{}`, `{"name":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"name":{"references":["aws_kms_key.k.key_id","aws_kms_key.k","local.suffix"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"name may be aws_kms_key.k key_id", "name hidden by other local.suffix"},
		},
		{
			name:          "a known value of one origin",
			changes:       []string{created("aws_s3_bucket.b", `{"bucket":"x"}`, `{}`), created("aws_s3_bucket_policy.p", `{"bucket":"x","policy":"{}"}`, `{}`)},
			configuration: `{"resources":[{"address":"aws_s3_bucket_policy.p","expressions":{"bucket":{"references":["aws_s3_bucket.b.bucket","aws_s3_bucket.b"]},"policy":{"references":["var.policy","aws_s3_bucket.b.arn","aws_s3_bucket.b"]}}}]}`,
			address:       "aws_s3_bucket_policy.p", want: []string{"bucket is aws_s3_bucket.b bucket"},
		},
		{
			name: "what goes is no target",
			changes: []string{`{"address":"aws_kms_key.k","mode":"managed","type":"aws_kms_key","provider_name":"aws","change":{"actions":["delete"],"before":{"arn":"a"},"after":null}}`,
				created("aws_sqs_queue.q", `{}`, `{"kms_master_key_id":true}`)},
			configuration: `{"resources":[{"address":"aws_sqs_queue.q","expressions":{"kms_master_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k","local.x"]}}}]}`,
			address:       "aws_sqs_queue.q", want: []string{"kms_master_key_id hidden by other local.x"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := fmt.Sprintf(`{"format_version":"1.0","configuration":{"root_module":%s},"resource_changes":[%s]}`, test.configuration, strings.Join(test.changes, ","))
			if diff := cmp.Diff(test.want, told(load(t, src).Lookup(test.address))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestActions reads Terraform's actions on a resource, and its prior values.
func TestActions(t *testing.T) {
	change := func(address, more, actions, before, after string) string {
		return fmt.Sprintf(`{"address":%q,"mode":"managed","type":"aws_db_instance","provider_name":"registry.terraform.io/hashicorp/aws",%s
			"change":{"actions":%s,"before":%s,"after":%s,"replace_paths":[["storage_encrypted"],["restore",0,"x"]]}}`, address, more, actions, before, after)
	}
	on, off := `{"storage_encrypted":true}`, `{"storage_encrypted":false}`
	root := load(t, planOf(strings.Join([]string{
		change("aws_db_instance.update", ``, `["update"]`, off, on),
		change("aws_db_instance.replace", ``, `["delete","create"]`, off, on),
		change("aws_db_instance.replace_first", ``, `["create","delete"]`, off, on),
		change("aws_db_instance.delete", ``, `["delete"]`, on, `null`),
		change("aws_db_instance.forget", ``, `["forget"]`, on, `null`),
		change("aws_db_instance.same", ``, `["no-op"]`, on, on),
		change(`aws_db_instance.moved["x"]`, `"previous_address":"module.old[0].aws_db_instance.was",`, `["no-op"]`, on, on),
		change("aws_db_instance.deposed", `"deposed":"abcd",`, `["delete"]`, off, `null`),
		change("aws_db_instance.deposed", ``, `["create"]`, `null`, on),
	}, ","), ""))
	var got []string
	for _, r := range root.Resources {
		line := fmt.Sprintf("%s %s", r.Address, r.Action)
		if r.Deposed {
			line += " deposed"
		}
		if r.Mode == analyzer.Managed {
			line += " " + r.Values().GetAttr("storage_encrypted").GoString()
		}
		if r.Prior != nil && r.Mode == analyzer.Managed {
			line += " was " + r.Prior.Address + " " + r.Prior.Values().GetAttr("storage_encrypted").GoString()
		}
		got = append(got, line)
	}
	want := []string{
		"aws_db_instance.delete delete cty.True was aws_db_instance.delete cty.True",
		"aws_db_instance.deposed delete deposed cty.False",
		"aws_db_instance.deposed create cty.True",
		"aws_db_instance.forget forget cty.True was aws_db_instance.forget cty.True",
		`aws_db_instance.moved["x"] no-op cty.True was module.old[0].aws_db_instance.was cty.True`,
		"aws_db_instance.replace replace cty.True was aws_db_instance.replace cty.False",
		"aws_db_instance.replace_first replace cty.True was aws_db_instance.replace_first cty.False",
		"aws_db_instance.same no-op cty.True was aws_db_instance.same cty.True",
		"aws_db_instance.update update cty.True was aws_db_instance.update cty.False",
		"provider.aws no-op",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var paths []string
	for _, p := range root.Lookup("aws_db_instance.replace").ReplacedBy {
		paths = append(paths, analyzer.FormatPath(p))
	}
	if diff := cmp.Diff([]string{"storage_encrypted", "restore[0].x"}, paths); diff != "" {
		t.Error(diff)
	}
	if got := root.Prior.Lookup("module.old[0].aws_db_instance.was").Definition; got != "module.old.aws_db_instance.was" {
		t.Errorf("definition of before: %s", got)
	}
}

func TestSecrets(t *testing.T) {
	src := planOf(`{"address":"aws_db_instance.d","mode":"managed","type":"aws_db_instance","provider_name":"registry.terraform.io/hashicorp/aws",
		"change":{"actions":["update"],"before":{"password":"old","username":"u","tags":{"k":"v"}},"after":{"password":"new","username":"u","tags":{"k":"w"}},
		"before_sensitive":{"username":true},"after_sensitive":{"tags":{"k":true}}}}`, "")
	root := load(t, src)
	r := root.Lookup("aws_db_instance.d")
	if diff := cmp.Diff([]string{"password is secret", "tags.k is secret"}, told(r)); diff != "" {
		t.Errorf("after: %s", diff)
	}
	if diff := cmp.Diff([]string{"password is secret", "username is secret"}, told(r.Prior)); diff != "" {
		t.Errorf("before: %s", diff)
	}
	if got := r.Values().GetAttr("password").GoString(); got != `cty.StringVal("new")` {
		t.Errorf("a secret value is kept for checks: %s", got)
	}
}

// TestSecretBlock: if a plan marks a whole block, its values are secret. Its names
// are the schema's.
func TestSecretBlock(t *testing.T) {
	root := load(t, planOf(`{"address":"aws_s3_bucket_server_side_encryption_configuration.b","mode":"managed",
		"type":"aws_s3_bucket_server_side_encryption_configuration","provider_name":"registry.terraform.io/hashicorp/aws",
		"change":{"actions":["create"],"before":null,"after":{"bucket":"b","rule":[{"bucket_key_enabled":null,
		"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms","kms_master_key_id":"k"}]}]},"after_sensitive":{"rule":true}}}`, ""))
	want := []string{
		"rule[0].apply_server_side_encryption_by_default[0].kms_master_key_id is secret",
		"rule[0].apply_server_side_encryption_by_default[0].sse_algorithm is secret",
		"rule[0].bucket_key_enabled is secret",
	}
	if diff := cmp.Diff(want, told(root.Lookup("aws_s3_bucket_server_side_encryption_configuration.b"))); diff != "" {
		t.Error(diff)
	}
}

// TestAccounts lists the provider configurations that manage something.
func TestAccounts(t *testing.T) {
	src := `{"format_version":"1.2","resource_changes":[` + strings.Join([]string{
		created("aws_vpc.a", `{}`, `{}`), created("aws_vpc.b", `{"region":"us-east-1"}`, `{}`), created("module.m[0].aws_vpc.c", `{}`, `{}`),
		created("module.n.module.o.aws_vpc.d", `{}`, `{}`), created("aws_vpc.gone", `{}`, `{}`),
	}, ",") + `],"configuration":{"provider_config":{
		"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"references":["var.region"]},"access_key":{"constant_value":"AKIAEXAMPLE"}}},
		"aws.west":{"name":"aws","alias":"west","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"constant_value":"us-west-1"},"default_tags":[{"tags":{"constant_value":{"a":"b"}}}]}},
		"aws.unused":{"name":"aws","alias":"unused"},
		"module.m:aws":{"name":"aws","module_address":"module.m","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"profile":{"references":["var.p"]}}},
		"module.n.module.o:aws":{"name":"aws","module_address":"module.n.module.o","full_name":"registry.terraform.io/hashicorp/aws"}},
		"root_module":{"resources":[{"address":"aws_vpc.a","provider_config_key":"aws"},{"address":"aws_vpc.b","provider_config_key":"aws.west"}],
		"module_calls":{"m":{"module":{"resources":[{"address":"aws_vpc.c","provider_config_key":"module.m:aws"}]}},
		"n":{"module":{"module_calls":{"o":{"module":{"resources":[{"address":"aws_vpc.d","provider_config_key":"module.n.module.o:aws"}]}}}}}}}}}`
	root := load(t, src)
	var got []string
	for _, r := range root.Resources {
		got = append(got, fmt.Sprintf("%s in %s at %q", r.Address, r.Provider.Config, r.Provider.Region))
		if r.Mode == analyzer.Account {
			got = append(got, told(r)...)
		}
	}
	want := []string{
		`aws_vpc.a in provider.aws at ""`,
		`aws_vpc.b in provider.aws.west at "us-east-1"`,
		`aws_vpc.gone in provider.aws at ""`,
		`module.m.provider.aws in module.m.provider.aws at ""`,
		"profile hidden by variable var.p",
		"access_key is secret", "secret_key is secret", "token is secret",
		`module.m[0].aws_vpc.c in module.m.provider.aws at ""`,
		`module.n.module.o.aws_vpc.d in provider.aws at ""`,
		`provider.aws in provider.aws at ""`,
		"region hidden by variable var.region",
		"access_key is secret", "secret_key is secret", "token is secret",
		`provider.aws.west in provider.aws.west at "us-west-1"`,
		"access_key is secret", "secret_key is secret", "token is secret",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	tags := root.Lookup("provider.aws.west").Values().GetAttr("default_tags").GoString()
	if want := `cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"tags":cty.ObjectVal(map[string]cty.Value{"a":cty.StringVal("b")})})})`; tags != want {
		t.Errorf("default_tags: %s", tags)
	}
}

func TestEncodings(t *testing.T) {
	src := planOf(created("aws_sqs_queue.q", `{"name":"Grüße 🎈"}`, `{}`), "")
	wide := func(order binary.ByteOrder, mark bool) []byte {
		units := utf16.Encode([]rune(src))
		if mark {
			units = append([]uint16{0xFEFF}, units...)
		}
		var out bytes.Buffer
		if err := binary.Write(&out, order, units); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	tests := []struct {
		name string
		src  []byte
	}{
		{"UTF-8", []byte(src)},
		{"UTF-8 with a mark", append([]byte("\xEF\xBB\xBF"), src...)},
		{"UTF-16LE with a mark", wide(binary.LittleEndian, true)},
		{"UTF-16BE with a mark", wide(binary.BigEndian, true)},
		{"UTF-16LE", wide(binary.LittleEndian, false)},
		{"UTF-16BE", wide(binary.BigEndian, false)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Detect(test.src[:100]); got != Plan {
				t.Errorf("detected kind %d", got)
			}
			name := load(t, string(test.src)).Lookup("aws_sqs_queue.q").Values().GetAttr("name")
			if name.AsString() != "Grüße 🎈" {
				t.Errorf("read %s", name.GoString())
			}
		})
	}
}

func TestErrors(t *testing.T) {
	const show = "run terraform plan -out=tfplan, then terraform show -json tfplan > plan.json"
	nested := strings.Repeat(`{"module_calls":{"a":{"module":`, 300) + `{}` + strings.Repeat(`}}}`, 300)
	tests := []struct {
		name, src string
		kind      Kind
		want      string // part of the error
	}{
		{"state file", `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","outputs":{}}`, State, "this is a state, not a plan: " + show},
		{"shown state", `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}`, State, "this is a state, not a plan: " + show},
		{"empty state", `{"format_version":"1.0"}`, Plan, "this is a state, not a plan: " + show},
		{"log", `{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, Log, "this is the log of terraform plan -json, not a plan: " + show},
		{"binary", "PK\x03\x04\x14\x00", Binary, "run terraform show -json on it"},
		{"empty", ``, Other, "this is not a plan in JSON: " + show},
		{"text", `resource "aws_vpc" "a" {}`, Other, "this is not a plan in JSON: " + show},
		{"array", `[]`, Other, "this is not a plan in JSON: " + show},
		{"Terraform in JSON", `{"resource":{"aws_vpc":{}}}`, Other, "this is not a plan in JSON: " + show},
		{"no version", `{"resource_changes":[]}`, Plan, "this is not a plan in JSON: " + show},
		{"old format", `{"format_version":"0.2","planned_values":{}}`, Plan, `has format "0.2", of Terraform before 1.1: create it again`},
		{"new format", `{"format_version":"2.0","planned_values":{}}`, Plan, `has format "2.0", and this demarc reads 1.x`},
		{"truncated", `{"format_version":"1.2","resource_changes":[{"address":"aws_vp`, Plan, "the plan ends too early: it was not written whole; run terraform show -json again"},
		{"twice", `{"format_version":"1.2","resource_changes":[],"resource_changes":[]}`, Plan, "a name twice in one object"},
		{"twice in a value", planOf(created("aws_vpc.a", `{"a":{"b":1,"b":2}}`, `{}`), ""), Plan, "a name twice in one object"},
		{"not Unicode", "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"\xff\"}]}", Plan, "not valid JSON at byte"},
		{"broken", `{"format_version":"1.2","resource_changes":[}`, Plan, "not valid JSON at byte"},
		{"two plans", `{"format_version":"1.2","resource_changes":[]}{}`, Plan, "one plan a file"},
		{"deep modules", `{"format_version":"1.2","configuration":{"root_module":` + nested + `}}`, Plan, "more than 200 deep"},
		{"deep JSON", `{"format_version":"1.2","configuration":{"x":` + strings.Repeat("[", 100_000), Plan, "not valid JSON"},
		{"half a UTF-16 character", "{\x00\"\x00\x00\xD8a\x00", Other, "not valid UTF-16"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Detect([]byte(test.src)); got != test.kind {
				t.Errorf("detected kind %d, want %d", got, test.kind)
			}
			_, err := Load(context.Background(), strings.NewReader(test.src), Options{Name: "plan.json"})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestCoverage(t *testing.T) {
	set, err := Load(context.Background(), strings.NewReader(`{"errored":true,"complete":false,"format_version":"1.2","resource_changes":[]}`), Options{Name: "p.json", Dir: "envs/prod"})
	if err != nil {
		t.Fatal(err)
	}
	if set.Roots[0].Dir != "envs/prod" || set.Roots[0].Plan != "p.json" {
		t.Errorf("root %q, plan %q", set.Roots[0].Dir, set.Roots[0].Plan)
	}
	want := analyzer.Coverage{Files: 1, FilesFound: 1, Broken: true, Unresolved: []analyzer.Unresolved{{Kind: "file", Name: "p.json", Range: start("p.json"),
		Reason: "planning ended in an error, so the plan lacks resources: run terraform plan again"}}}
	if diff := cmp.Diff(want, set.Coverage); diff != "" {
		t.Error(diff)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, bytes.NewReader(real(t, "rds-groups")), Options{}); err == nil {
		t.Error("a cancelled load gives no error")
	}
}

// TestNoPlan: an object that only looks like a plan is refused.
func TestNoPlan(t *testing.T) {
	_, err := Load(context.Background(), strings.NewReader(`{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}`), Options{Name: "p.json"})
	if err == nil || !strings.Contains(err.Error(), "not a plan") {
		t.Errorf("%v", err)
	}
}
