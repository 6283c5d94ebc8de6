package funcs

import (
	"flag"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

var update = flag.Bool("update", false, "record the answers in testdata anew with the terraform on the PATH")

// goldenFiles are the recorded answers. The first has cases that were chosen;
// the second completes it with every kind of argument in every place, see
// TestEveryKind.
var goldenFiles = []string{"testdata/console.golden", "testdata/arguments.golden"}

// cases are those of all files.
func cases(t testing.TB) []console.Case {
	t.Helper()
	var all []console.Case
	for _, file := range goldenFiles {
		all = append(all, console.Read(t, file, "testdata", false)...)
	}
	return all
}

// TestConsole compares every function with Terraform. Run it with -update to
// ask Terraform again, after adding an expression to a file.
func TestConsole(t *testing.T) {
	ctx, ours := consoleContext(), differences()
	for _, file := range goldenFiles {
		for _, c := range console.Read(t, file, "testdata", *update) {
			if c.Want == "" {
				t.Errorf("%s: no answer recorded: run go test -run TestConsole -update", c.Expr)
				continue
			}
			want := c.Outcome()
			if differs, ok := ours[c.Expr]; ok {
				if differs == want {
					t.Errorf("%s: Terraform says so too: no difference any more", c.Expr)
				}
				want = differs
			}
			got, detail := answer(c.Expr, ctx)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-terraform +ours)\n%s%s", c.Expr, diff, detail)
			}
		}
	}
}

// different has the answers that differ from Terraform's, by the reason.
var different = []struct {
	why  string
	ours map[string]string
}{
	{"a reference to something partly known cannot fail later, see certain", map[string]string{
		`can(local.any)`:          "true",
		`can(local.map)`:          "true",
		`can(local.text) != null`: "true",
		`can(local.map.unknown)`:  "true",
		`try(local.map, "x")`:     "{\n  \"known\" = \"k\"\n  \"unknown\" = (known after apply)\n}",
	}},
	{"never null, as newer versions of Terraform know too", map[string]string{
		`contains(local.lists, "a") == null`:     "false",
		`index(local.lists, "b") == null`:        "false",
		`issensitive(local.text) == null`:        "false",
		`reverse(local.lists) == null`:           "false",
		`setproduct(local.lists, ["c"]) == null`: "false",
		`slice(local.lists, 1, 2) == null`:       "false",
		`strcontains(local.text, "b") == null`:   "false",
	}},
	{"the list is known not to be null, and so is what it is converted to", map[string]string{
		`tolist(local.lists) == null`: "false",
		`toset(local.lists) == null`:  "false",
	}},
	{"Terraform says that nothing matches, before it can know", map[string]string{
		`matchkeys(["i-1", "i-2"], ["a", "b"], ["a", local.text])`: unknown,
	}},
	{"Terraform leaves or widens the prefix, which nobody means", map[string]string{
		`cidrsubnet("10.0.0.0/16", 8, -1)`: unknown,
		`cidrsubnet("10.0.0.0/16", -8, 0)`: unknown,
	}},
	{"Terraform answers with an address of the other family", map[string]string{
		`cidrsubnet("::ffff:10.0.0.0/104", 8, 1)`: unknown,
	}},
	{"differs from run to run, of which the length is not worth knowing", map[string]string{
		`length(uuid())`: unknown,
	}},
	{"Terraform looks for what is not declared before it evaluates", map[string]string{
		`can(local.missing)`:      "false",
		`try(local.missing, "x")`: `"x"`,
	}},
	{"the console makes no plan, whose time it could be", map[string]string{
		`core::plantimestamp() != null`: "true",
	}},
}

const unknown = "(known after apply)"

// differences are the answers of different by expression.
func differences() map[string]string {
	all := map[string]string{}
	for _, d := range different {
		maps.Copy(all, d.ours)
	}
	return all
}

// answer evaluates one expression as the console would print it, with the
// words of an error apart.
func answer(src string, ctx *hcl.EvalContext) (text, detail string) {
	expr, diags := hclsyntax.ParseExpression([]byte(src), "console", hcl.InitialPos)
	if diags.HasErrors() {
		return "error", diags.Error()
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return "error", diags.Error()
	}
	return console.Print(v, veiled), ""
}

// veiled is what the console shows in place of a value that it must not show.
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
