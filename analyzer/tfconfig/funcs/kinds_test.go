package funcs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// TestEveryKind requires recorded results of every function for every kind of
// argument in every position. The kind of an argument is determined by evaluation;
// it counts only if nothing else about the call is unusual, so that the result
// depends on the argument.
func TestEveryKind(t *testing.T) {
	seen := seenKinds(t)
	table := Table(Config{})
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if slices.Contains(elsewhere, name) {
			continue
		}
		for _, kind := range wantedKinds(name) {
			call := name + ": " + kind
			if _, impossible := impossibleKinds[call]; impossible {
				if seen[call] {
					t.Errorf("%s is in the recorded answers: it is no exception any more", call)
				}
				continue
			}
			if !seen[call] {
				t.Errorf("%s: is not in the recorded answers", call)
			}
		}
	}
}

// impossibleKinds are kinds that cannot be recorded, each with a reason.
var impossibleKinds = map[string]string{
	"abspath: success":       "names a directory of the machine",
	"bcrypt: success":        "differs from run to run",
	"plantimestamp: success": "differs from run to run",
	"timestamp: success":     "differs from run to run",
	"uuid: success":          "differs from run to run",
}

// wantedKinds returns the kinds of calls in which a function must be compared.
func wantedKinds(name string) []string {
	if strings.HasPrefix(name, "core::") {
		return []string{"called"} // it is the same function
	}
	kinds := []string{"success", "error"}
	params, rest := declared(name)
	if len(params) > 0 || rest != nil {
		kinds = append(kinds, "ephemeral", "unknown result against null")
	}
	for i, p := range params {
		kinds = append(kinds, inPlace(place(i), p.Type)...)
	}
	if rest != nil {
		first := len(params)
		kinds = append(kinds, inPlace(place(first), rest.Type)...)
		kinds = append(kinds, inPlace(place(first+1), rest.Type)...)
	}
	return kinds
}

func place(i int) string { return fmt.Sprint("argument ", i+1) }

func inPlace(place string, t cty.Type) []string {
	var kinds []string
	for _, kind := range argumentKinds(t) {
		kinds = append(kinds, place+": "+kind)
	}
	return kinds
}

// argumentKinds returns the kinds of arguments for a parameter of a type: its own type,
// types that convert to it, types that do not, and the states of any value.
func argumentKinds(t cty.Type) []string {
	states := []string{"unknown", "unknown of unknown type", "null", "sensitive"}
	inside := []string{"empty", "unknown inside", "null inside", "sensitive inside"}
	switch {
	case t == customdecode.ExpressionClosureType:
		return slices.Concat(states, []string{"string", "in error"})
	case t == cty.DynamicPseudoType:
		return slices.Concat(states, inside, []string{"string", "number", "bool", "list", "set", "tuple", "map", "object"})
	case t.IsMapType():
		return slices.Concat(states, inside, []string{"map", "object", "tuple"})
	case t.IsCollectionType():
		return slices.Concat(states, inside, []string{"list", "set", "tuple", "string"})
	}
	return append(states, "string", "number", "bool", "tuple")
}

// seenKinds returns the kinds of calls in the recorded results.
func seenKinds(t *testing.T) map[string]bool {
	seen := map[string]bool{}
	ctx := consoleContext()
	for _, c := range cases(t) {
		expr, diags := hclsyntax.ParseExpression([]byte(c.Expr), "console", hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		w := &outerCalls{}
		hclsyntax.Walk(expr, w)
		for _, call := range w.found {
			for _, kind := range kindsOf(call, ctx) {
				seen[call.Name+": "+kind] = true
			}
		}
		for _, call := range comparedWithNull(expr) {
			if v, diags := call.Value(ctx); !diags.HasErrors() && !v.IsKnown() {
				seen[call.Name+": unknown result against null"] = true
			}
		}
	}
	return seen
}

// outerCalls are the calls of an expression that are not arguments of another
// call, which would hide their results.
type outerCalls struct {
	found []*hclsyntax.FunctionCallExpr
	depth int
}

func (w *outerCalls) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
		if w.depth == 0 {
			w.found = append(w.found, call)
		}
		w.depth++
	}
	return nil
}

func (w *outerCalls) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(*hclsyntax.FunctionCallExpr); ok {
		w.depth--
	}
	return nil
}

// comparedWithNull returns the call that an expression compares with null: the
// comparison shows what is known of an unknown result.
func comparedWithNull(expr hclsyntax.Expression) []*hclsyntax.FunctionCallExpr {
	cmp, ok := expr.(*hclsyntax.BinaryOpExpr)
	if !ok {
		return nil
	}
	null, diags := cmp.RHS.Value(nil)
	call, isCall := cmp.LHS.(*hclsyntax.FunctionCallExpr)
	if diags.HasErrors() || !null.IsNull() || !isCall {
		return nil
	}
	return []*hclsyntax.FunctionCallExpr{call}
}

// kindsOf returns the kinds of one call, which may have one unusual argument.
func kindsOf(call *hclsyntax.FunctionCallExpr, ctx *hcl.EvalContext) []string {
	args, ok := arguments(call, ctx)
	if !ok {
		return nil
	}
	kinds := []string{"called"}
	switch v, diags := call.Value(ctx); {
	case diags.HasErrors():
		kinds = append(kinds, "error")
	case v.IsWhollyKnown():
		kinds = append(kinds, "success")
	}
	odd, at := 0, 0
	for i, arg := range args {
		if arg.HasMarkDeep(Ephemeral) {
			kinds = append(kinds, "ephemeral")
		}
		if !isPlain(arg) {
			odd, at = odd+1, i
		}
	}
	for i, arg := range args {
		if odd == 0 || odd == 1 && i == at {
			kinds = append(kinds, inPlaces(i, kindsOfValue(arg))...)
		}
	}
	return kinds
}

func inPlaces(i int, kinds []string) []string {
	var out []string
	for _, kind := range kinds {
		out = append(out, place(i)+": "+kind)
	}
	return out
}

// inError stands for an argument that cannot be evaluated.
var inError = cty.StringVal("in error")

// arguments evaluates the arguments of a call. Only try and can accept an argument
// in error.
func arguments(call *hclsyntax.FunctionCallExpr, ctx *hcl.EvalContext) ([]cty.Value, bool) {
	var args []cty.Value
	takes := strings.HasSuffix(call.Name, "try") || strings.HasSuffix(call.Name, "can") || strings.HasSuffix(call.Name, "templatestring")
	for i, arg := range call.Args {
		v, diags := arg.Value(ctx)
		switch {
		case diags.HasErrors() && !takes:
			return nil, false
		case diags.HasErrors():
			args = append(args, inError)
		case call.ExpandFinal && i == len(call.Args)-1:
			plain, _ := v.Unmark()
			if !plain.IsKnown() || plain.IsNull() || !plain.CanIterateElements() {
				return nil, false
			}
			args = append(args, plain.AsValueSlice()...)
		default:
			args = append(args, v)
		}
	}
	return args, true
}

func isPlain(v cty.Value) bool {
	return v.IsWhollyKnown() && !v.ContainsMarked() && !v.IsNull() && v != inError
}

// kindsOfValue returns the names of the argumentKinds that match a value.
func kindsOfValue(v cty.Value) []string {
	if v == inError {
		return []string{"in error"}
	}
	plain, _ := v.Unmark()
	switch {
	case v.HasMark(Sensitive):
		return []string{"sensitive"}
	case v.IsMarked():
		return nil
	case plain.Type() == cty.DynamicPseudoType && !plain.IsKnown():
		return []string{"unknown of unknown type"}
	case !plain.IsKnown():
		return []string{"unknown"}
	case plain.IsNull():
		return []string{"null"}
	}
	return append(kindsInside(plain), shape(plain.Type()))
}

func kindsInside(v cty.Value) []string {
	switch {
	case !v.CanIterateElements():
		return nil
	case v.LengthInt() == 0:
		return []string{"empty"}
	}
	var kinds []string
	for it := v.ElementIterator(); it.Next(); {
		switch _, e := it.Element(); {
		case e.HasMark(Sensitive):
			kinds = append(kinds, "sensitive inside")
		case !e.IsWhollyKnown():
			kinds = append(kinds, "unknown inside")
		case e.IsNull():
			kinds = append(kinds, "null inside")
		}
	}
	return kinds
}

func shape(t cty.Type) string {
	switch {
	case t.IsListType():
		return "list"
	case t.IsSetType():
		return "set"
	case t.IsMapType():
		return "map"
	case t.IsTupleType():
		return "tuple"
	case t.IsObjectType():
		return "object"
	}
	return t.FriendlyName()
}
