package analyzer

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestShown: a value in words is a line, and of a long one the beginning.
func TestShown(t *testing.T) {
	for want, v := range map[string]cty.Value{
		`"x"`: cty.StringVal("x"), "7": cty.NumberIntVal(7), "null": cty.NullVal(cty.DynamicPseudoType), "": cty.TupleVal([]cty.Value{cty.StringVal("x")}),
		`"` + strings.Repeat("é", 78) + "…": cty.StringVal(strings.Repeat("é", 79)),
		`"` + strings.Repeat("a", 78) + "…": cty.StringVal(strings.Repeat("a", 1000)),
		`"` + strings.Repeat("a", 78) + `"`: cty.StringVal(strings.Repeat("a", 78)),
	} {
		if got := shown(v); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
