package funcs

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/analyzertest/watch"
	"github.com/demarc/demarc/analyzer/internal/budget"
	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

// deepestExpression is the maximum number of brackets and operators in an expression
// here: package tfconfig refuses deeper nesting before parsing.
const deepestExpression = 500

// FuzzFunctions evaluates an expression over every function, twice, with the budget
// of a root module. Nothing panics, nothing costs more than its size allows, both
// evaluations give the same result, and no error quotes the secret.
func FuzzFunctions(f *testing.F) {
	all := cases(f)
	for i := 0; i < len(all); i += 25 {
		f.Add(all[i].Expr)
	}
	for name := range Table(Config{}) {
		if !strings.HasPrefix(name, "core::") {
			f.Add(name + "(local.secret, [1, null], {})")
		}
	}
	for _, expr := range []string{
		`[for a in range(10000) : [for b in range(10000) : a]]`, `setproduct(range(1000), range(1000), range(1000))`,
		`indent(1000000000, "a\nb")`, `format("%999999999d", 1)`, `tostring(1e100000000)`, `pow(9, 9999) * 1e9999`, `regexall("(a|aa)*b", join("", range(1000)))`,
		`templatestring("%{for a in range(9999)}${a}%{endfor}", {})`, `yamldecode("a: &a [x, x]\nb: [*a, *a]\n<<: *a")`, `replace("aaaa", "/a(a)/", "$1$1")`,
	} {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4<<10 || strings.Count(src, "[")+strings.Count(src, "(")+strings.Count(src, "{") > deepestExpression {
			t.Skip("refused before it is parsed")
		}
		expr, diags := hclsyntax.ParseExpression([]byte(src), "fuzz", hcl.InitialPos)
		if diags.HasErrors() {
			return
		}
		var one, two, errs string
		watch.Run(t, len(src), func() { one, errs = inFull(expr) })
		watch.Run(t, len(src), func() { two, _ = inFull(expr) })
		if one != two {
			t.Errorf("two answers: %.500s and %.500s", one, two)
		}
		// The remainder of an infinite number panics in go-cty 1.19, which recovers
		// the panic.
		if strings.Contains(errs, "panic") && strings.Contains(errs, "goroutine ") && !strings.Contains(errs, "cty.Value.Modulo(") {
			t.Errorf("it panics: %.2000s", errs)
		}
		if !strings.Contains(src, "nonsensitive") && strings.Contains(one+errs, "canary-3f9a1c") {
			t.Errorf("it says the secret: %.500s", one+errs)
		}
	})
}

// inFull returns the value of an expression with the reported part of its errors,
// and the errors with the unreported part: the parser's guess at the intended name.
func inFull(expr hclsyntax.Expression) (answer, errs string) {
	ctx := &hcl.EvalContext{
		Functions: Table(Config{FS: fstest.MapFS{"a.txt": {Data: []byte("a ${b}")}, "d/b.tpl": {Data: []byte("%{for x in xs}${x}%{endfor}")}}, Base: ".", Budget: budget.New(1 << 24), Unknown: causes}),
		Variables: map[string]cty.Value{"local": cty.ObjectVal(map[string]cty.Value{
			"secret": cty.StringVal("canary-3f9a1c").Mark(Sensitive), "list": cty.ListVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("known")}),
			"any": cty.DynamicVal, "none": cty.NullVal(cty.String), "text": cty.UnknownVal(cty.String), "map": cty.MapVal(map[string]cty.Value{"a": cty.UnknownVal(cty.Number)}),
			"big": numbers(300),
		})},
	}
	v, diags := expr.Value(ctx)
	for _, d := range diags {
		answer += d.Summary + "\n"
	}
	if _, why := Oversize(v); !diags.HasErrors() && why == "" {
		answer += console.Print(v, veiled)
	}
	return answer, diags.Error()
}
