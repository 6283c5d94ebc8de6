package tfconfig

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/internal/budget"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

// TestConsole compares the evaluator with Terraform: the operators and expressions
// of the language, and the calls that package funcs compares without it. With
// -update it runs Terraform again for the former.
func TestConsole(t *testing.T) {
	const dir = "funcs/testdata"
	sc := consoleScope(t, dir)
	for _, file := range []string{"testdata/expressions.golden", dir + "/console.golden", dir + "/arguments.golden"} {
		for _, c := range console.Read(t, file, dir, *update && strings.HasPrefix(file, "testdata/")) {
			c.Check(t, consoleAnswer(sc, c.Expr))
		}
	}
}

// consoleScope returns the root module of the tested configuration.
func consoleScope(t *testing.T, dir string) *scope {
	t.Helper()
	l := &loader{opt: Options{FS: os.DirFS(console.Copy(t, dir))}, parser: &Parser{}, modules: map[string]*lazyModule{}, files: map[string]*file{}, counted: map[string]bool{}}
	return newEvaluator(l, l.module("."), false, budget.New(leastWork)).root
}

// consoleAnswer evaluates an expression of the scope and returns the text that the
// console would print.
func consoleAnswer(sc *scope, src string) string {
	expr, diags := hclsyntax.ParseExpression([]byte(src+"\n"), "console", hcl.InitialPos)
	if diags.HasErrors() {
		return "error"
	}
	v, diags := rewriteExpr(expr).Value(sc.context(nil))
	if diags.HasErrors() {
		return "error"
	}
	return console.Print(v, func(v cty.Value) string {
		switch {
		case !v.IsKnown():
			return ""
		case v.HasMark(funcs.Sensitive):
			return "(sensitive value)"
		case v.HasMark(funcs.Ephemeral):
			return "(ephemeral value)"
		}
		return ""
	})
}
