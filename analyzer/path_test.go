package analyzer

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestSameStep: what source writes as an object is a map in a plan.
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
