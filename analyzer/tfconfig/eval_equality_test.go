package tfconfig

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"
)

// TestEquality: in partly known values a differing part decides, in whatever order
// the parts are compared. Terraform's own result varies, so no fixture can hold it.
func TestEquality(t *testing.T) {
	for expr, want := range map[string]cty.Value{
		`{ a = 1, b = local.u } == { a = 2, b = "x" }`:                   cty.False,
		`{ a = 1, b = local.u } != { a = 2, b = "x" }`:                   cty.True,
		`{ a = 1, b = local.u } == { a = 1, b = "x" }`:                   cty.UnknownVal(cty.Bool),
		`[local.u, 1] == ["x", 2]`:                                       cty.False,
		`{ a = { b = local.u, c = 1 } } == { a = { b = "x", c = 2 } }`:   cty.False,
		`{ a = 1 } == { a = 1 }`:                                         cty.True,
		`tomap({ a = local.u, b = "1" }) == tomap({ a = "x", c = "1" })`: cty.False,
	} {
		files := fstest.MapFS{"main.tf": {Data: []byte("resource \"terraform_data\" \"later\" {}\nlocals {\n  u = terraform_data.later.id\n}\nresource \"terraform_data\" \"r\" {\n  input = " + expr + "\n}\n")}}
		for range 20 {
			set, err := Load(context.Background(), Options{FS: files, Paths: []string{"."}})
			if err != nil {
				t.Fatal(err)
			}
			got := set.Roots[0].Lookup("terraform_data.r").Values().GetAttr("input")
			if got.IsKnown() != want.IsKnown() || got.IsKnown() && !got.RawEquals(want) {
				t.Fatalf("%s is %#v, want %#v", expr, got, want)
			}
		}
	}
}
