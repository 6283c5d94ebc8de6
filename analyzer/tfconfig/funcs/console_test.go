package funcs

import (
	"flag"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

var update = flag.Bool("update", false, "record the answers in testdata anew with the terraform on the PATH")

// goldenFiles are the recorded results. The first has selected cases; the second
// adds every kind of argument in every position, see TestEveryKind.
var goldenFiles = []string{"testdata/console.golden", "testdata/arguments.golden"}

// cases returns the cases of all files.
func cases(t testing.TB) []console.Case {
	t.Helper()
	var all []console.Case
	for _, file := range goldenFiles {
		all = append(all, console.Read(t, file, "testdata", false)...)
	}
	return all
}

// TestConsole compares every function with Terraform. Run it with -update to run
// Terraform again, after adding an expression to a file.
func TestConsole(t *testing.T) {
	ctx := consoleContext()
	for _, file := range goldenFiles {
		for _, c := range console.Read(t, file, "testdata", *update) {
			c.Check(t, answer(c.Expr, ctx))
		}
	}
}

// answer evaluates one expression and returns the text that the console would print.
func answer(src string, ctx *hcl.EvalContext) string {
	expr, diags := hclsyntax.ParseExpression([]byte(src), "console", hcl.InitialPos)
	if diags.HasErrors() {
		return "error"
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return "error"
	}
	return console.Print(v, veiled)
}

// veiled returns the console's replacement for a value that must not be shown.
func veiled(v cty.Value) string {
	switch {
	case !v.IsKnown():
		return ""
	case v.HasMark(Sensitive):
		return "(sensitive value)"
	case v.HasMark(Ephemeral):
		return "(ephemeral value)"
	}
	return ""
}

// consoleContext has the values of testdata/main.tf.
func consoleContext() *hcl.EvalContext {
	text := cty.UnknownVal(cty.String)
	return &hcl.EvalContext{
		Functions: Table(Config{FS: console.Files("testdata"), Base: "."}),
		Variables: map[string]cty.Value{
			"var": cty.ObjectVal(map[string]cty.Value{"token": cty.StringVal("ephemeral").Mark(Ephemeral)}),
			"local": cty.ObjectVal(map[string]cty.Value{
				"secret": cty.StringVal("secret").Mark(Sensitive),
				"secrets": cty.ObjectVal(map[string]cty.Value{
					"plain": cty.StringVal("p"), "secret": cty.StringVal("s").Mark(Sensitive),
				}),
				"any":     cty.DynamicVal,
				"text":    text,
				"number":  cty.UnknownVal(cty.Number),
				"list":    cty.ListVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("known")}),
				"lists":   cty.UnknownVal(cty.List(cty.String)).RefineNotNull(),
				"numbers": cty.UnknownVal(cty.List(cty.Number)).RefineNotNull(),
				"bools":   cty.UnknownVal(cty.List(cty.Bool)),
				"maps":    cty.UnknownVal(cty.Map(cty.String)),
				"lmaps":   cty.UnknownVal(cty.Map(cty.List(cty.String))).RefineNotNull(),
				"none":    cty.NullVal(cty.String),
				"map":     cty.ObjectVal(map[string]cty.Value{"known": cty.StringVal("k"), "unknown": text}),
				"tpl":     cty.StringVal("Hello, ${name}!"),
				"loop":    cty.StringVal("%{ for x in xs }<${x}>%{ endfor }"),
			}),
		},
	}
}
