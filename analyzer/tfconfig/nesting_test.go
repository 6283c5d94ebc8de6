package tfconfig

import (
	"strings"
	"testing"
)

// TestNesting: an expression evaluates its operands once. If it evaluated them
// twice, for the text of an error or for marks, none of these would end.
func TestNesting(t *testing.T) {
	const depth = 60
	for _, c := range []struct{ left, inner, right, want string }{
		{"(-", "local.number", ")", "(known after apply)"},
		{"(!", "local.bools[0]", ")", "(known after apply)"},
		{"(-", `"x"`, ")", "error"},
		{"[for x in ", "[1]", " : x]", "[\n  1,\n]"},
		{"[for x in ", "local.any", " : x]", "(known after apply)"},
		{"[for x in ", "[][0]", " : x]", "error"},
		{"{for k, v in ", "{}", " : k => v}", "{}"},
		{"(", "[][0]", " ? 1 : 2)", "error"},
		{"(", `"x"`, " ? 1 : 2)", "error"},
		{"(", "local.any", " ? true : true)", "true"},
		{"(", "local.any", " ? true : false)", "(known after apply)"},
		{"(true ? ", "[][0]", " : 2)", "error"},
		{"(local.bools[0] ? ", "[][0]", " : 2)", "(known after apply)"},
		{"(local.any ? ", "local.any", " : 1)", "(known after apply)"},
		{"(", "local.text", " == local.any)", "(known after apply)"},
		{"(", "[][0]", " == local.any)", "error"},
		{`"a${`, "[]", `}"`, "error"},
		{`"a${`, "null", `}"`, "error"},
		{`"%{ if local.bools[0] }a${`, "local.text", `}%{ endif }"`, "(known after apply)"},
		{"try(", "local.any.x", ", 1)", "(known after apply)"},
		{"can(", "local.any.x", ")", "(known after apply)"},
		{"try(true ? ", "local.any.x", " : 1, 1)", "(known after apply)"},
		{"try(", "tolist([local.any])", "[0], 1)", "(known after apply)"},
	} {
		src := strings.Repeat(c.left, depth) + c.inner + strings.Repeat(c.right, depth)
		if got := consoleAnswer(consoleScope(t, "funcs/testdata"), src); got != c.want {
			t.Errorf("%s%s%s, %d deep: %s, want %s", c.left, c.inner, c.right, depth, got, c.want)
		}
	}
}
