package tfconfig

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// TestProviderSource: what else an entry says stands before or behind the source.
func TestProviderSource(t *testing.T) {
	for text, want := range map[string]string{
		`{ source = "acme/acme" }`:                                "acme/acme",
		`{ version = "~> 1.0", source = "acme/acme" }`:            "acme/acme",
		`{ "source" = "registry.terraform.io/acme/acme", a = 1 }`: "acme/acme",
		`{ version = "~> 1.0" }`:                                  "",
		`"~> 1.0"`:                                                "",
	} {
		expr, diags := hclsyntax.ParseExpression([]byte(text), "main.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if got := providerSource(expr); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
