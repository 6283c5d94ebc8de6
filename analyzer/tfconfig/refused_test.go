package tfconfig

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// TestRefused loads configurations that Terraform refuses to plan: nothing panics or
// hangs, and impossible values are unknown. Therefore no language fixture can hold
// them.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		name, config string
		want         map[string]string // by address of terraform_data: its input; "?" is unknown
	}{
		{
			name: "cycle of locals",
			config: `locals {
				a = local.b
				b = "${local.a}x"
			}
			resource "terraform_data" "x" { input = local.a }`,
			want: map[string]string{"terraform_data.x": "?"},
		},
		{
			name:   "itself",
			config: `resource "terraform_data" "x" { input = terraform_data.x.id }`,
			want:   map[string]string{"terraform_data.x": "?"},
		},
		{
			name: "its other instance",
			config: `resource "terraform_data" "x" {
				count = 2
				input = count.index == 0 ? "a" : terraform_data.x[0].input
			}`,
			want: map[string]string{"terraform_data.x[0]": `cty.StringVal("a")`, "terraform_data.x[1]": "?"},
		},
		{
			name: "each other",
			config: `resource "terraform_data" "x" { input = terraform_data.y.input }
			resource "terraform_data" "y" { input = terraform_data.x.output }`,
			want: map[string]string{"terraform_data.x": "?", "terraform_data.y": "?"},
		},
		{
			name: "counted by itself",
			config: `resource "terraform_data" "x" {
				count = length(terraform_data.x)
				input = count.index
			}`,
			want: map[string]string{"terraform_data.x[*]": "?"},
		},
		{
			name: "counts that are none",
			config: `resource "terraform_data" "negative" { count = -1 }
			resource "terraform_data" "half" { count = 1.5 }
			resource "terraform_data" "text" { count = " 2" }
			resource "terraform_data" "bool" { count = true }
			resource "terraform_data" "null" { count = null }`,
			want: map[string]string{
				"terraform_data.negative[*]": "none", "terraform_data.half[*]": "none", "terraform_data.text[*]": "none",
				"terraform_data.bool[*]": "none", "terraform_data.null[*]": "none",
			},
		},
		{
			name: "for_each of what has no keys",
			config: `resource "terraform_data" "null" {
				for_each = null
				input    = each.key
			}
			resource "terraform_data" "numbers" {
				for_each = toset([1, 2])
				input    = each.key
			}
			resource "terraform_data" "holes" {
				for_each = toset(["a", null])
				input    = each.key
			}
			resource "terraform_data" "objects" {
				for_each = toset([{ a = 1 }])
				input    = each.key
			}`,
			want: map[string]string{
				"terraform_data.null[*]": "?", "terraform_data.numbers[*]": "?", "terraform_data.holes[*]": "?", "terraform_data.objects[*]": "?",
			},
		},
		{
			name: "dynamic blocks for what has no elements",
			config: `resource "aws_instance" "null" {
				dynamic "ebs_block_device" {
					for_each = null
					content { device_name = "x" }
				}
			}
			resource "aws_instance" "text" {
				dynamic "ebs_block_device" {
					for_each = "text"
					content { device_name = "x" }
				}
			}
			resource "terraform_data" "x" {
				input = [aws_instance.null.ebs_block_device, aws_instance.text.ebs_block_device]
			}`,
			want: map[string]string{"terraform_data.x": "?", "aws_instance.null": "?", "aws_instance.text": "?"},
		},
		{
			name: "the wrong type",
			config: `variable "list" {
				type    = list(string)
				default = { a = 1 }
			}
			variable "map" {
				type    = map(any)
				default = { a = [1], b = { c = 1 } }
			}
			variable "object" {
				type    = object({ a = string, b = number })
				default = { a = 1 }
			}
			resource "terraform_data" "x" { input = [var.list, var.map, var.object] }`,
			want: map[string]string{"terraform_data.x": "?"},
		},
		{
			name: "each without for_each",
			config: `resource "terraform_data" "x" { input = each.key }
			resource "terraform_data" "y" {
				count = 1
				input = each.value
			}`,
			want: map[string]string{"terraform_data.x": "?", "terraform_data.y[0]": "?"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, err := Load(context.Background(), Options{FS: fstest.MapFS{"main.tf": {Data: []byte(test.config)}}, Paths: []string{"."}})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range set.Diags {
				t.Error(d)
			}
			got := map[string]string{}
			for _, r := range set.Roots[0].Resources {
				for _, name := range []string{"input", "ebs_block_device"} {
					if v := r.Values(); v.Type().HasAttribute(name) {
						got[r.Address] = claim(v.GetAttr(name))
					}
				}
				if r.Type == "terraform_data" && got[r.Address] == "" {
					got[r.Address] = "none"
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// claim returns a value as text: "?" if nothing in it is known.
func claim(v cty.Value) string {
	if !v.IsKnown() {
		return "?"
	}
	if !v.Type().IsTupleType() {
		return v.GoString()
	}
	for _, e := range v.AsValueSlice() {
		if e.IsKnown() {
			return v.GoString()
		}
	}
	return "?"
}
