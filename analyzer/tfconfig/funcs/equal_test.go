package funcs

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestEqual: what differs in one part differs, whatever the unknown parts are,
// and the answer is the same each time.
func TestEqual(t *testing.T) {
	unknown, one, two := cty.UnknownVal(cty.Number), cty.NumberIntVal(1), cty.NumberIntVal(2)
	object := func(a, b cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": a, "b": b}) }
	dict := func(a, b cty.Value) cty.Value { return cty.MapVal(map[string]cty.Value{"a": a, "b": b}) }
	null := cty.NullVal(cty.Number)
	tests := map[string]struct{ a, b, want cty.Value }{
		"equal":            {object(one, two), object(one, two), cty.True},
		"unknown":          {object(one, unknown), object(one, two), cty.UnknownVal(cty.Bool)},
		"differs":          {object(one, unknown), object(two, two), cty.False},
		"differs behind":   {object(unknown, one), object(two, two), cty.False},
		"maps differ":      {dict(one, unknown), dict(two, two), cty.False},
		"keys differ":      {dict(one, unknown), cty.MapVal(map[string]cty.Value{"a": one, "c": two}), cty.False},
		"longer":           {cty.ListVal([]cty.Value{unknown, one}), cty.ListVal([]cty.Value{one}), cty.False},
		"null and a value": {null, one, cty.False},
		"two nulls":        {null, null, cty.True},
		"null and unknown": {null, unknown, cty.UnknownVal(cty.Bool)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				got := Equal(tt.a, tt.b)
				if got.IsKnown() != tt.want.IsKnown() || got.IsKnown() && !got.RawEquals(tt.want) {
					t.Fatalf("%#v, want %#v", got, tt.want)
				}
			}
		})
	}
}
