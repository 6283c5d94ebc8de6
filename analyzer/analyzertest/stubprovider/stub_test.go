package main

import (
	"encoding/json"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// testBlock returns a schema with each kind of attribute that planned and read
// distinguish.
func testBlock(t *testing.T) *block {
	t.Helper()
	var b block
	err := json.Unmarshal([]byte(`{
		"attributes": {
			"name":   {"type": "string", "required": true},
			"zone":   {"type": "string", "optional": true, "computed": true},
			"arn":    {"type": "string", "computed": true},
			"secret": {"type": "string", "optional": true, "write_only": true},
			"note":   {"type": "string", "optional": true},
			"rules":  {"type": ["set", ["object", {"port": "number"}]], "optional": true, "computed": true}
		},
		"block_types": {
			"disk": {"nesting_mode": "list", "computed": true, "block": {"attributes": {
				"size": {"type": "number", "optional": true, "computed": true}}}},
			"tag": {"nesting_mode": "set", "block": {"attributes": {
				"key": {"type": "string", "required": true}}}}
		}
	}`), &b)
	if err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestPlanned(t *testing.T) {
	b := testBlock(t)
	config := empty(b)
	config["name"] = cty.StringVal("n")
	config["secret"] = cty.StringVal("s")
	config["tag"] = cty.SetVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal("k")})})

	got := planned(b, cty.ObjectVal(config), false).AsValueMap()
	for name, want := range map[string]cty.Value{
		"name": cty.StringVal("n"), "secret": cty.NullVal(cty.String), "note": cty.NullVal(cty.String), "tag": config["tag"],
	} {
		if !got[name].RawEquals(want) {
			t.Errorf("%s = %#v, want %#v", name, got[name], want)
		}
	}
	for _, name := range []string{"zone", "arn", "rules", "disk"} {
		if got[name].IsKnown() {
			t.Errorf("%s = %#v, want an unknown value", name, got[name])
		}
	}

	config["disk"] = cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"size": cty.NullVal(cty.Number)})})
	disk := planned(b, cty.ObjectVal(config), false).GetAttr("disk")
	if disk.LengthInt() != 1 || disk.AsValueSlice()[0].GetAttr("size").IsKnown() {
		t.Errorf("disk = %#v, want one of unknown size", disk)
	}
	config["disk"] = cty.ListValEmpty(disk.Type().ElementType())
	if disk := planned(b, cty.ObjectVal(config), true).GetAttr("disk"); !disk.IsKnown() {
		t.Errorf("disk of a resource that exists = %#v, want none", disk)
	}
	if v := known("aws_x", b, planned(b, cty.ObjectVal(config), false)); !v.IsWhollyKnown() {
		t.Errorf("known leaves unknown values: %#v", v)
	}
}

func TestRelax(t *testing.T) {
	b := testBlock(t)
	b.BlockTypes["tag"].MinItems = 1
	b.relax()
	tag := b.BlockTypes["tag"]
	if key := tag.Block.Attributes["key"]; key.Required || !key.Optional || tag.MinItems != 0 {
		t.Errorf("required: %+v, %d blocks", key, tag.MinItems)
	}
	if arn := b.Attributes["arn"]; arn.Optional {
		t.Errorf("optional: %+v", arn)
	}
}

func TestRead(t *testing.T) {
	b := testBlock(t)
	config := empty(b)
	config["name"] = cty.StringVal("n")
	v := read("aws_some_thing", b, cty.ObjectVal(config))
	if !v.IsWhollyKnown() {
		t.Errorf("unknown values: %#v", v)
	}
	if got := v.GetAttr("arn").AsString(); got != "arn:aws:stub:us-east-1:123456789012:some-thing/stub" {
		t.Errorf("arn = %s", got)
	}
}

func TestPolicyDocument(t *testing.T) {
	list := func(values ...string) cty.Value {
		if len(values) == 0 {
			return cty.NullVal(cty.Set(cty.String))
		}
		var out []cty.Value
		for _, v := range values {
			out = append(out, cty.StringVal(v))
		}
		return cty.SetVal(out)
	}
	none := cty.NullVal(cty.String)
	principal := func(kind string, ids ...string) cty.Value {
		return cty.SetVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"type": cty.StringVal(kind), "identifiers": list(ids...)})})
	}
	statement := func(fields map[string]cty.Value) cty.Value {
		all := map[string]cty.Value{
			"sid": none, "effect": none, "actions": list(), "not_actions": list(), "resources": list(), "not_resources": list(),
			"principals": cty.SetValEmpty(cty.EmptyObject), "not_principals": cty.SetValEmpty(cty.EmptyObject), "condition": cty.SetValEmpty(cty.EmptyObject),
		}
		for name, v := range fields {
			all[name] = v
		}
		return cty.ObjectVal(all)
	}
	document := func(source, override string, statements ...cty.Value) string {
		texts := func(s string) cty.Value {
			if s == "" {
				return cty.NullVal(cty.List(cty.String))
			}
			return cty.ListVal([]cty.Value{cty.StringVal(s)})
		}
		_, minified, err := policyDocument(cty.ObjectVal(map[string]cty.Value{
			"version": none, "policy_id": none, "source_json": none, "override_json": none,
			"source_policy_documents": texts(source), "override_policy_documents": texts(override),
			"statement": cty.TupleVal(statements),
		}))
		if err != nil {
			t.Fatal(err)
		}
		return minified
	}

	got := document("", "", statement(map[string]cty.Value{
		"sid": cty.StringVal("A"), "actions": list("s3:Get*", "s3:List*"), "resources": list("arn:aws:s3:::b/&{aws:username}"),
		"principals": principal("*", "*"),
		"condition": cty.SetVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
			"test": cty.StringVal("Bool"), "variable": cty.StringVal("aws:SecureTransport"), "values": cty.ListVal([]cty.Value{cty.StringVal("false")})})}),
	}))
	want := `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":["s3:List*","s3:Get*"],"Resource":"arn:aws:s3:::b/${aws:username}","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	got = document(
		`{"Version":"2012-10-17","Statement":{"Sid":"S","Effect":"Allow","Action":"a:b","Resource":"*"}}`,
		`{"Statement":[{"Sid":"S","Effect":"Deny","Action":"a:b","Resource":"*"}]}`,
		statement(map[string]cty.Value{"actions": list("c:d"), "principals": principal("AWS", "*")}))
	want = `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Deny","Action":"a:b","Resource":"*"},{"Effect":"Allow","Action":"c:d","Principal":{"AWS":"*"}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
