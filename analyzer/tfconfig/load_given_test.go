package tfconfig

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestInputErrors(t *testing.T) {
	fsys := fstest.MapFS{
		"prod/main.tf": {Data: []byte(`
variable "encrypt" { type = bool }
variable "sizes" { type = map(object({ disk = number, fast = optional(bool, true) })) }
variable "any" {}
`)},
		"dev/main.tf": {Data: []byte(`variable "region" { default = "eu-west-1" }`)},
	}
	all := []string{"any", "encrypt", "region", "sizes"}
	for name, test := range map[string]struct {
		in      Input
		changed []string
		want    *InputError
	}{
		"bool":          {in: Input{Name: "encrypt", Value: "true"}},
		"object":        {in: Input{Name: "sizes", Value: `{a = {disk = 10}}`}},
		"any":           {in: Input{Name: "any", Value: "["}},
		"in one root":   {in: Input{Name: "region", Value: "us-east-1"}},
		"no bool":       {in: Input{Name: "encrypt", Value: "maybe"}, want: &InputError{Name: "encrypt", Reason: "a bool is required"}},
		"no object":     {in: Input{Name: "sizes", Value: `{a = {}}`}, want: &InputError{Name: "sizes", Reason: `element "a": attribute "disk" is required`}},
		"no expression": {in: Input{Name: "sizes", Value: `{`}, want: &InputError{Name: "sizes", Reason: "map of object required, but have string"}},
		"not declared":  {in: Input{Name: "encrpyt", Value: "true"}, want: &InputError{Name: "encrpyt", Declared: all}},
		"restricted":    {in: Input{Name: "region", Value: "us-east-1"}, changed: []string{"prod/main.tf"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(context.Background(), Options{FS: fsys, Paths: []string{"."}, Inputs: []Input{test.in}, Changed: test.changed})
			var got *InputError
			if err != nil && !errors.As(err, &got) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}
