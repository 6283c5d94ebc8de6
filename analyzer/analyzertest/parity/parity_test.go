package parity

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer/tfconfig"
)

// TestCompare compares small configurations with handwritten results: each way in
// which the two may differ, and equal values.
func TestCompare(t *testing.T) {
	const data = `resource "terraform_data" "x" { input = `
	for _, test := range []struct {
		name, config       string
		address            string // terraform_data.x where empty
		values, unknown    string // of Terraform, JSON
		written, data, set Row    // set: what nobody writes
		leaves             []string
	}{
		{
			name: "equal", config: data + `{ s = "a", n = 1.50, b = true, l = ["x"], none = null } }`,
			values:  `{"input": {"s": "a", "n": 1.5, "b": true, "l": ["x"], "none": null}}`,
			written: Row{Equal: 5},
		},
		{
			name: "values differ", config: data + `{ s = "a", n = 1, b = true } }`,
			values:  `{"input": {"s": "b", "n": 2, "b": false}}`,
			written: Row{Wrong: 3},
			leaves: []string{
				`wrong written input.b: ours cty.True, Terraform's false`,
				`wrong written input.n: ours cty.NumberIntVal(1), Terraform's 2`,
				`wrong written input.s: ours cty.StringVal("a"), Terraform's "b"`,
			},
		},
		{
			name: "types differ", config: data + `{ a = "1", b = "true", c = [] } }`,
			values:  `{"input": {"a": 1, "b": true, "c": {}}}`,
			written: Row{Wrong: 3},
			leaves: []string{
				`wrong written input.a: ours cty.StringVal("1"), Terraform's 1`,
				`wrong written input.b: ours cty.StringVal("true"), Terraform's true`,
				`wrong written input.c: ours cty.EmptyTupleVal, Terraform's {}`,
			},
		},
		{
			name: "a number as Terraform shortens it", config: data + `[pow(2, 100), 9007199254740993] }`,
			values:  `{"input": [1267650600228229400000000000000, 9007199254740993]}`,
			written: Row{Equal: 2},
		},
		{
			name: "a number that a float cannot hold", config: data + `9007199254740993 }`,
			values:  `{"input": 9007199254740992}`,
			written: Row{Wrong: 1},
			leaves:  []string{`wrong written input: ours cty.NumberIntVal(9.007199254740993e+15), Terraform's 9007199254740992`},
		},
		{
			name: "null, empty, missing", config: data + `{ a = null, b = [], c = {}, d = null, f = null } }`,
			values:  `{"input": {"a": [], "b": null, "c": null, "e": null, "f": "x"}}`,
			written: Row{Wrong: 6},
			leaves: []string{
				`wrong written input.a: ours null, Terraform's []`,
				`wrong written input.b: ours cty.EmptyTupleVal, Terraform's null`,
				`wrong written input.c: ours cty.EmptyObjectVal, Terraform's null`,
				`wrong written input.d: ours null, Terraform's one key more or less`,
				`wrong written input.e: ours null, Terraform's one key more or less`,
				`wrong written input.f: ours null, Terraform's "x"`,
			},
		},
		{
			name: "a list is in order", config: data + `["a", "b"] }`,
			values:  `{"input": ["b", "a", "c"]}`,
			written: Row{Wrong: 3},
			leaves: []string{
				`wrong written input[0]: ours cty.StringVal("a"), Terraform's "b"`,
				`wrong written input[1]: ours cty.StringVal("b"), Terraform's "a"`,
				`wrong written input[2]: ours null, Terraform's "c"`,
			},
		},
		{
			name: "a list is shorter", config: data + `["a", "b"] }`,
			values:  `{"input": ["a"]}`,
			written: Row{Equal: 1, Wrong: 1},
			leaves:  []string{`wrong written input[1]: ours cty.StringVal("b"), Terraform's null`},
		},
		{
			name: "unknown to both", config: data + `[terraform_data.later.id, "k"] }`,
			values: `{"input": [null, "k"]}`, unknown: `{"input": [true, false]}`,
			written: Row{Equal: 1, Unknown: 1},
		},
		{
			name: "blind", config: data + `{ a = terraform_data.later.id, b = terraform_data.later.id } }`,
			values:  `{"input": {"a": "x", "b": null}}`,
			written: Row{Blind: 2},
			leaves: []string{
				`blind written input.a: ours unknown, Terraform's "x" (terraform_data.later.id)`,
				`blind written input.b: ours unknown, Terraform's null (terraform_data.later.id)`,
			},
		},
		{
			name: "blind to a collection", config: data + `jsondecode(terraform_data.later.id) }`,
			values:  `{"input": {"a": ["x", "y"], "b": 1}}`,
			written: Row{Blind: 3},
			leaves:  []string{`blind written input: ours unknown, Terraform's {"a":["x","y"],"b":1} (terraform_data.later.id)`},
		},
		{
			name: "bold", config: data + `{ a = "x", b = null, c = [], d = ["y"] } }`,
			values: `{"input": {"d": [null]}}`, unknown: `{"input": {"a": true, "b": true, "c": true, "d": [true]}}`,
			written: Row{Bold: 4},
			leaves: []string{
				`bold written input.a: ours cty.StringVal("x"), Terraform's after apply`,
				`bold written input.b: ours null, Terraform's after apply`,
				`bold written input.c: ours cty.EmptyTupleVal, Terraform's after apply`,
				`bold written input.d[0]: ours cty.StringVal("y"), Terraform's after apply`,
			},
		},
		{
			name: "what the provider computes", config: `resource "aws_s3_bucket" "x" {}`, address: "aws_s3_bucket.x",
			values: `{"region": "us-east-1", "tags_all": {}, "cors_rule": []}`, unknown: `{"arn": true, "logging": true}`,
		},
		{
			name: "what nobody writes, and is there", config: `resource "aws_s3_bucket" "x" {}`, address: "aws_s3_bucket.x",
			values: `{"acl": "private", "tags_all": {"Env": "x"}}`,
			set:    Row{Wrong: 2},
			leaves: []string{
				`wrong unset acl: ours null, Terraform's "private"`,
				`wrong unset tags_all: ours null, Terraform's {"Env":"x"}`,
			},
		},
		{
			name: "keys of a map", config: `resource "aws_s3_bucket" "x" { tags = { a = 1, n = null } }`, address: "aws_s3_bucket.x",
			values:  `{"tags": {"a": "1", "b": "2"}, "tags_all": {"a": "1", "n": null}}`,
			written: Row{Equal: 1, Wrong: 2}, set: Row{Equal: 1},
			leaves: []string{
				`wrong written tags.b: ours null, Terraform's one key more or less`,
				`wrong written tags.n: ours null, Terraform's one key more or less`,
			},
		},
		{
			name: "a set is in any order, and has each once",
			config: `resource "aws_instance" "x" {
				vpc_security_group_ids = ["b", "a", "b"]
				ebs_block_device { device_name = "one" }
				ebs_block_device { device_name = "two" }
			}`, address: "aws_instance.x",
			values:  `{"vpc_security_group_ids": ["a", "b"], "ebs_block_device": [{"device_name": "two"}, {"device_name": "one"}]}`,
			written: Row{Equal: 4},
		},
		{
			name: "sets differ",
			config: `resource "aws_instance" "x" {
				vpc_security_group_ids = ["a", "b"]
				ebs_block_device { device_name = "one" }
			}`, address: "aws_instance.x",
			values:  `{"vpc_security_group_ids": ["c", "b"], "ebs_block_device": [{"device_name": "two"}, {"device_name": "one"}]}`,
			written: Row{Equal: 2, Wrong: 1}, set: Row{Wrong: 1},
			leaves: []string{
				`wrong unset ebs_block_device[1]: ours null, Terraform's {"device_name":"two"}`,
				`wrong written vpc_security_group_ids[0]: ours cty.StringVal("a"), Terraform's "c"`,
			},
		},
		{
			name: "what a block leaves out",
			config: `resource "aws_instance" "x" {
				root_block_device { encrypted = true }
			}`, address: "aws_instance.x",
			values:  `{"root_block_device": [{"encrypted": true, "tags": null, "iops": null}]}`,
			unknown: `{"root_block_device": [{"volume_id": true}]}`,
			written: Row{Equal: 1},
		},
		{
			name: "a dynamic block that is open",
			config: `resource "aws_security_group" "x" {
				dynamic "ingress" {
					for_each = split(",", terraform_data.later.id)
					content {
						from_port = 1
						to_port   = 1
						protocol  = "tcp"
					}
				}
			}`, address: "aws_security_group.x",
			values: `{}`, unknown: `{"ingress": true}`,
			written: Row{Unknown: 1},
		},
		{
			name: "a write-only argument is in no plan",
			config: `resource "aws_db_instance" "x" {
				password_wo = "secret"
			}`, address: "aws_db_instance.x",
			values: `{"password_wo": null}`,
		},
		{
			name: "a data source fills in what is not written",
			config: `provider "aws" { region = "eu-west-1" }
			data "aws_region" "x" {}`, address: "data.aws_region.x",
			values: `{"name": "eu-west-1", "id": "eu-west-2", "description": "Ireland"}`,
			data:   Row{Equal: 1, Wrong: 2},
			leaves: []string{
				`wrong data id: ours cty.StringVal("eu-west-1"), Terraform's "eu-west-2"`,
				`wrong data region: ours cty.StringVal("eu-west-1"), Terraform's null`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			address := test.address
			if address == "" {
				address = "terraform_data.x"
			}
			plan := &Plan{Managed: map[string]Answer{"terraform_data.later": {}}, Read: map[string]Answer{}}
			answers := plan.Managed
			if strings.HasPrefix(address, "data.") {
				answers = plan.Read
			}
			answers[address] = Answer{Values: decoded(t, test.values), Unknown: decoded(t, test.unknown)}
			table := compareText(t, test.config+"\nresource \"terraform_data\" \"later\" {}\n", plan)
			var leaves []string
			for _, l := range table.Leaves {
				leaves = append(leaves, strings.Replace(l.String(), " "+address+".", " ", 1))
			}
			got := []any{table.Written, table.Data, table.Unset, leaves, table.OnlyOurs, table.OnlyTheirs}
			want := []any{test.written, test.data, test.set, test.leaves, []string(nil), []string(nil)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestAddresses: an instance on only one side is reported, for either mode.
func TestAddresses(t *testing.T) {
	plan := &Plan{
		Managed: map[string]Answer{"terraform_data.both": {}, "terraform_data.x[1]": {}},
		Read:    map[string]Answer{"data.aws_region.theirs": {}},
	}
	table := compareText(t, `
		resource "terraform_data" "both" {}
		resource "terraform_data" "x" { count = 1 }
		data "aws_region" "ours" {}
	`, plan)
	got := &Table{Instances: table.Instances, OnlyOurs: table.OnlyOurs, OnlyTheirs: table.OnlyTheirs}
	want := &Table{
		Instances:  1,
		OnlyOurs:   []string{"data.aws_region.ours", "terraform_data.x[0]"},
		OnlyTheirs: []string{"data.aws_region.theirs", "terraform_data.x[1]"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if table.Agrees() {
		t.Error("they agree")
	}
}

func compareText(t *testing.T, config string, plan *Plan) *Table {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), tfconfig.Options{
		FS: fstest.MapFS{"main.tf": {Data: []byte(config)}}, Paths: []string{"."},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range set.Diags {
		t.Error(d)
	}
	return Compare(set.Roots[0], plan)
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	if text == "" {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
