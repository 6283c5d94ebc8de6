package jsontext

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestDecode(t *testing.T) {
	want := cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.TupleVal([]cty.Value{cty.StringVal("x")})})
	if v, ok := Decode(`{"a": 1, "b": ["x"]}`); !ok || !v.RawEquals(want) {
		t.Errorf("%#v, %t", v, ok)
	}
	for _, text := range []string{``, `{"a": `, `a`, `1 2`, `{"a": 1E33330330}`} {
		if v, ok := Decode(text); ok {
			t.Errorf("%s is decoded: %#v", text, v)
		}
	}
}

func TestRefused(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]bool{
		`{"a": 1, "b": -1.5e10, "c": "1e99999999"}`:  false,
		`{"a": 3E33330330}`:                          true,
		`3e33330330`:                                 true,
		`[-1e+9999]`:                                 true,
		`[1e999]`:                                    false,
		`[9e9999]`:                                   true,
		`[0e9999]`:                                   true,
		`[1e-9999]`:                                  true,
		`[1e0000000001]`:                             false,
		`{"\"1e99999": "\\"}`:                        false,
		`"\\", 1e99999`:                              true,
		strings.Repeat("1", longestNumber):           false,
		strings.Repeat("1", longestNumber+1):         true,
		deep(deepest):                                false,
		deep(deepest + 1):                            true,
		`"` + deep(1000) + `"`:                       false,
		strings.Repeat("[", 1000000):                 true,
		strings.Repeat(`{"a":`, 101):                 true,
		`["` + deep(1000) + `\"` + deep(1000) + `"]`: false,
		strings.Repeat("[]", 1000):                   false,
		`"unended 1e99999`:                           false,
		``:                                           false,
	} {
		if got := Refused(text); got != want {
			t.Errorf("%.40s: %v, want %v", text, got, want)
		}
		if v, ok := Decode(text); ok && want {
			t.Errorf("%.40s is decoded: %#v", text, v)
		}
	}
}
