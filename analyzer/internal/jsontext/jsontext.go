// Package jsontext decodes JSON from untrusted text: a policy, a container
// definition, a variable of a plan. It does not read files.
package jsontext

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

const (
	// deepest is the maximum nesting depth of brackets: the decoder recurses. A
	// policy has six levels.
	deepest = 100
	// longestNumber and longestExponent bound a number by its text: writing it
	// out later needs time and memory for each digit, and 1E33333333 has 33
	// million digits.
	longestNumber   = 400
	longestExponent = 3
)

// Decode is the value of a text; false: it is not JSON, or exceeds the limits.
func Decode(text string) (cty.Value, bool) {
	if Refused(text) {
		return cty.NilVal, false
	}
	src := []byte(text)
	t, err := ctyjson.ImpliedType(src)
	if err != nil {
		return cty.NilVal, false
	}
	v, err := ctyjson.Unmarshal(src, t)
	if err != nil {
		return cty.NilVal, false
	}
	return v, true
}

// Refused reports whether a text is nested too deeply, or has a number that is
// too long.
func Refused(text string) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			i = endOfString(text, i)
		case c == '[' || c == '{':
			if depth++; depth > deepest {
				return true
			}
		case c == ']' || c == '}':
			depth--
		case '0' <= c && c <= '9':
			end := i + len(text[i:]) - len(strings.TrimLeft(text[i:], "0123456789.eE+-"))
			if wide(text[i:end]) {
				return true
			}
			i = end - 1
		}
	}
	return false
}

// endOfString is the index of the quote that ends the string begun at i, or the
// last index of the text.
func endOfString(text string, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// wide reports whether a number has more digits than the limit when written
// out.
func wide(number string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(number) > longestNumber || len(strings.TrimLeft(exponent, "+-0")) > longestExponent
}
