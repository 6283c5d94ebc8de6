package analyzer

import (
	"fmt"
	"math/big"
	"path"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

func asBool(v cty.Value) (value, ok bool) {
	switch v.Type() {
	case cty.Bool:
		return v.True(), true
	case cty.String:
		switch v.AsString() {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
	}
	return false, false
}

func asNumber(v cty.Value) (*big.Float, bool) {
	switch v.Type() {
	case cty.Number:
		return v.AsBigFloat(), true
	case cty.String:
		n, ok := new(big.Float).SetString(v.AsString())
		return n, ok
	}
	return nil, false
}

// AsString is a known primitive value, other than null, as Terraform converts it
// to a string.
func AsString(v cty.Value) (string, bool) {
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Number:
		return v.AsBigFloat().Text('f', -1), true
	case cty.Bool:
		if v.True() {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// sameValue compares two values after Terraform's conversions: "443" is 443.
func sameValue(a, b cty.Value) bool {
	if !a.IsKnown() || !b.IsKnown() || a.IsNull() || b.IsNull() {
		return false
	}
	if a.Type() == cty.Number && b.Type() == cty.Number {
		return a.AsBigFloat().Cmp(b.AsBigFloat()) == 0
	}
	x, ok := AsString(a)
	y, ok2 := AsString(b)
	return ok && ok2 && x == y
}

func ctyOf(v any) cty.Value {
	switch v := v.(type) {
	case bool:
		return cty.BoolVal(v)
	case int:
		return cty.NumberIntVal(int64(v))
	case string:
		return cty.StringVal(v)
	}
	panic(fmt.Sprintf("analyzer: a condition compares with %T; want bool, int or string", v))
}

// Glob matches a shell pattern; * and ? do not stop at slashes.
func Glob(pattern, s string) bool {
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(s, "/", "\x00"))
	return err == nil && ok
}

func say(v cty.Value) string {
	s, _ := AsString(v)
	if v.Type() == cty.String {
		return fmt.Sprintf("%q", s)
	}
	return s
}

func sayList(vals []cty.Value, last string) string {
	words := make([]string, len(vals))
	for i, v := range vals {
		words[i] = say(v)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

func refinedPresent(val cty.Value) bool {
	if val.Type() == cty.DynamicPseudoType {
		return false
	}
	rng := val.Range()
	switch {
	case !rng.DefinitelyNotNull():
		return false
	case val.Type() == cty.String:
		return rng.StringPrefix() != ""
	case val.Type().IsCollectionType():
		return rng.LengthLowerBound() > 0
	}
	return true
}

func presentElements(val cty.Value) Verdict {
	if val.LengthInt() == 0 {
		return Fail
	}
	if val.Type().IsObjectType() {
		return Pass
	}
	for it := val.ElementIterator(); it.Next(); {
		if _, e := it.Element(); e.IsKnown() || e.Type() != cty.DynamicPseudoType {
			return Pass
		}
	}
	return Unknown // an open list that may be empty
}
