package tfconfig

import "testing"

// TestInstalledForAnother: a call does not get a module that was installed for
// another source, version or revision.
func TestInstalledForAnother(t *testing.T) {
	tests := map[string]struct {
		is                 installedModule
		source, constraint string
		want               string
	}{
		"registry":                     {installedModule{source: "registry.terraform.io/a/vpc/aws", version: "5.1.0"}, "a/vpc/aws", "~> 5.0", ""},
		"registry of OpenTofu":         {installedModule{source: "registry.opentofu.org/a/vpc/aws", version: "5.1.0"}, "a/vpc/aws", "", ""},
		"a module below":               {installedModule{source: "registry.terraform.io/a/iam/aws//modules/role", version: "5.1.0"}, "a/iam/aws//modules/role", "5.1.0", ""},
		"another version":              {installedModule{source: "registry.terraform.io/a/vpc/aws", version: "5.1.0"}, "a/vpc/aws", "~> 6.0", "version 5.1.0"},
		"another module":               {installedModule{source: "registry.terraform.io/a/vpc/aws", version: "5.1.0"}, "b/vpc/aws", "", "registry.terraform.io/a/vpc/aws"},
		"a constraint of another kind": {installedModule{source: "registry.terraform.io/a/vpc/aws", version: "5.1.0"}, "a/vpc/aws", "five", ""},
		"git":                          {installedModule{source: "git::https://github.com/a/b.git?ref=v1"}, "github.com/a/b?ref=v1", "", ""},
		"another revision":             {installedModule{source: "git::https://github.com/a/b.git?ref=v1"}, "github.com/a/b?depth=1&ref=v2", "", "git::https://github.com/a/b.git?ref=v1"},
		"a manifest without sources":   {installedModule{}, "a/vpc/aws", "1.0.0", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.is.another(tt.source, tt.constraint); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
