package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A choice marks the unknown value of an attribute whose candidates are all known,
// such as a conditional with an unknown condition. The mark is added when the
// attribute is evaluated and removed when another expression reads it, so that no
// derived value carries it.
type choice struct{ values *[]cty.Value }

// Bounds on the search for the candidates of one attribute.
const (
	mostChoices   = 16
	deepestChoice = 12
)

// choose marks an attribute's value with its candidates, if it has any.
func (sc *scope) choose(v cty.Value, expr hcl.Expression, it *iteration, t cty.Type) cty.Value {
	if v.IsKnown() || !isDecided(v) {
		return v
	}
	values, ok := sc.candidates(expr, it, deepestChoice)
	if !ok || len(values) > mostChoices {
		return v
	}
	for i := range values {
		values[i] = conform(values[i], t)
	}
	return v.Mark(choice{&values})
}

// isDecided: a condition chooses the value among several.
func isDecided(v cty.Value) bool {
	_, marks := v.Unmark()
	for m := range marks {
		if _, ok := m.(decider); ok {
			return true
		}
	}
	return false
}

// candidates returns the values that an expression may have; false if one of them is
// unknown. It follows expressions that pass a value on unchanged.
func (sc *scope) candidates(expr hcl.Expression, it *iteration, depth int) ([]cty.Value, bool) {
	if depth == 0 {
		return nil, false
	}
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return sc.candidates(e.Expression, it, depth-1)
	case *weighty:
		return sc.candidates(e.Expression, it, depth-1)
	case *jsonExpr:
		if native, diags := e.toNative(); !diags.HasErrors() {
			return sc.candidates(native, it, depth-1)
		}
	case *conditional:
		if taken := e.Taken(sc.context(it)); taken != nil {
			return sc.candidates(taken, it, depth-1)
		}
		yes, ok := sc.candidates(e.TrueResult, it, depth-1)
		if !ok {
			return nil, false
		}
		no, ok := sc.candidates(e.FalseResult, it, depth-1)
		return append(yes, no...), ok && len(yes)+len(no) <= mostChoices
	case *reference:
		if it.named(e.Traversal.RootName()) == nil {
			if values, ok := sc.passedOn(e.Traversal, depth-1); ok {
				return values, true
			}
		}
	}
	v, _ := sc.eval(expr, it).UnmarkDeep()
	return []cty.Value{v}, v.IsWhollyKnown()
}

// passedOn returns the candidates of the variable, local or output that a reference
// names.
func (sc *scope) passedOn(ref hcl.Traversal, depth int) ([]cty.Value, bool) {
	name, ok := attrName(ref, 1)
	if !ok {
		return nil, false
	}
	var values []cty.Value
	rest := ref[2:]
	switch ref.RootName() {
	case "local":
		a := sc.mod.locals[name]
		if a == nil {
			return nil, false
		}
		values, ok = sc.candidates(a.expr, nil, depth)
	case "var":
		values, ok = sc.inputCandidates(name, depth)
	case "module":
		values, ok = sc.outputCandidates(name, ref, depth)
		rest = rest[min(1, len(rest)):]
	default:
		return nil, false
	}
	if !ok {
		return nil, false
	}
	read := make([]cty.Value, len(values))
	for i, v := range values {
		part, diags := rest.TraverseRel(v)
		if diags.HasErrors() || !part.IsWhollyKnown() {
			return nil, false
		}
		read[i] = part
	}
	return read, true
}

// inputCandidates returns the candidates of the caller's value for a variable.
func (sc *scope) inputCandidates(name string, depth int) ([]cty.Value, bool) {
	decl := sc.mod.variables[name]
	if decl == nil || sc.parent == nil {
		return nil, false
	}
	a := sc.call.body.attr(name)
	if a == nil {
		return nil, false
	}
	values, ok := sc.parent.candidates(a.expr, sc.iter, depth)
	if !ok {
		return nil, false
	}
	for i, v := range values {
		values[i], _ = sc.fit(name, decl, v).UnmarkDeep()
	}
	return values, true
}

// outputCandidates returns the candidates of an output of a module that is called
// once.
func (sc *scope) outputCandidates(name string, ref hcl.Traversal, depth int) ([]cty.Value, bool) {
	c, output := sc.calls[name], ""
	if len(ref) > 2 {
		output, _ = attrName(ref, 2)
	}
	if c == nil || c.busy || c.cause != nil || c.kind != single {
		return nil, false
	}
	decl := c.scopes[0].mod.outputs[output]
	if decl == nil || decl.body.attr("value") == nil {
		return nil, false
	}
	return c.scopes[0].candidates(decl.body.attr("value").expr, nil, depth)
}
