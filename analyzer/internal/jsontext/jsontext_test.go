package jsontext

import (
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]bool{
		`{"a": 1, "b": -1.5e10, "c": "1e99999999"}`:  false,
		`{"a": 3E33330330}`:                          true,
		`3e33330330`:                                 true,
		`[-1e+9999]`:                                 true,
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
