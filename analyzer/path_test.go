package analyzer

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestSameStep: an object in source is a map in a plan.
func TestSameStep(t *testing.T) {
	name, key := cty.GetAttrStep{Name: "a"}, cty.IndexStep{Key: cty.StringVal("a")}
	first := cty.IndexStep{Key: cty.Zero}
	tests := []struct {
		a, b cty.PathStep
		want bool
	}{
		{name, name, true},
		{name, key, true},
		{key, name, true},
		{key, cty.IndexStep{Key: cty.StringVal("b")}, false},
		{first, first, true},
		{first, cty.IndexStep{Key: cty.NumberIntVal(1)}, false},
		{first, cty.IndexStep{Key: cty.StringVal("0")}, false},
		{name, first, false},
		{cty.IndexStep{Key: cty.UnknownVal(cty.String)}, name, false},
	}
	for _, test := range tests {
		if got := sameStep(test.a, test.b); got != test.want {
			t.Errorf("%s and %s: %t", FormatPath(cty.Path{test.a}), FormatPath(cty.Path{test.b}), got)
		}
	}
}

// TestLeafName: a map key names a value, but the key of a secret value does
// not.
func TestLeafName(t *testing.T) {
	key := cty.IndexStep{Key: cty.StringVal("db_password")}
	at := cty.GetAttrPath("environment").IndexInt(0).GetAttr("variables")
	at = append(at, key)
	l := Leaf{Of: &Resource{}, At: at}
	if got := l.Name(); got != "db_password" {
		t.Errorf("named %q", got)
	}
	l.Of.Sensitive = []cty.Path{cty.GetAttrPath("environment").IndexInt(0).GetAttr("variables")}
	if got := l.Name(); got != Concealed {
		t.Errorf("below a secret, named %q", got)
	}
	if got := (Leaf{Of: &Resource{}}).Name(); got != "" {
		t.Errorf("the whole resource is named %q", got)
	}
}
