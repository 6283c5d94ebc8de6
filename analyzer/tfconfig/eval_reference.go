package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A reference asks the evaluator for exactly the value that it names, when it is
// evaluated.
type reference struct {
	*hclsyntax.ScopeTraversalExpr
	private bool // the name suggests a secret
}

// Value returns the named value: a variable of a surrounding "for", or a value of
// the scope.
func (e *reference) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.value(ctx, e.Traversal)
	if e.private {
		v = private(v)
	}
	return v, diags
}

func (e *reference) value(ctx *hcl.EvalContext, ref hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	if p := siteNaming(ctx, ref.RootName()); p != nil {
		if !p.sc.ev.budget.Spend(evalCost) {
			return p.sc.ev.usedUp(e.SrcRange), nil
		}
		return p.sc.refer(ref, p.it, e.SrcRange)
	}
	return ref.TraverseAbs(ctx)
}

// siteNaming returns the site whose scope defines a name; nil if the context defines
// it: a surrounding "for", or the variables of a template file.
func siteNaming(ctx *hcl.EvalContext, root string) *site {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[siteKey]; ok {
			if p := v.EncapsulatedValue().(*site); p.sc.mod != nil {
				return p
			}
			return nil
		}
		if _, ok := ctx.Variables[root]; ok {
			return nil
		}
	}
	return nil
}

// Settled reports, for try and can, whether the reference will still succeed when
// more is known: a reference fails only at a step into a value, so a step into a
// known value cannot fail later.
func (e *reference) Settled(ctx *hcl.EvalContext) bool {
	if len(e.Traversal) < 2 {
		return true
	}
	switch root := e.Traversal.RootName(); root {
	case "var", "local": // the first step is only the name
		if len(e.Traversal) == 2 && siteNaming(ctx, root) != nil {
			return true
		}
	}
	parent, diags := e.value(ctx, e.Traversal[:len(e.Traversal)-1])
	return !diags.HasErrors() && parent.IsKnown()
}

// refer finds the value that a traversal names and follows the rest of the
// traversal.
func (sc *scope) refer(ref hcl.Traversal, it *iteration, at hcl.Range) (cty.Value, hcl.Diagnostics) {
	root := ref.RootName()
	if it := it.named(root); it != nil {
		return it.refer(ref)
	}
	switch root {
	case "path", "terraform":
		return ref[1:].TraverseRel(sc.constants(root))
	case "self", "each", "count", "provider", "ephemeral":
		return sc.outOfScope(traversalName(ref), at), nil
	case "data":
		return sc.referResource(ref, 2, at)
	case "resource": // the long form of a managed resource's name
		if typ, ok := attrName(ref, 1); ok {
			short := append(hcl.Traversal{hcl.TraverseRoot{Name: typ, SrcRange: ref[0].SourceRange()}}, ref[2:]...)
			return sc.referResource(short, 1, at)
		}
		return sc.outOfScope(traversalName(ref), at), nil
	}
	name, ok := attrName(ref, 1)
	if !ok {
		return sc.wholeGroup(root, at), nil
	}
	switch root {
	case "var":
		return ref[2:].TraverseRel(sc.variable(name, at))
	case "local":
		return ref[2:].TraverseRel(sc.local(name, at))
	case "module":
		return sc.referModule(name, ref[2:], at)
	}
	return sc.referResource(ref, 1, at)
}

func (it *iteration) refer(ref hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	if name, ok := attrName(ref, 1); ok {
		if v := it.attr(name); v != cty.NilVal {
			return ref[2:].TraverseRel(v)
		}
	}
	return ref[1:].TraverseRel(it.object())
}

// referModule reads one output of one instance if the traversal says which.
func (sc *scope) referModule(name string, rest hcl.Traversal, at hcl.Range) (cty.Value, hcl.Diagnostics) {
	output, ok := attrName(rest, 0)
	call := sc.mod.callNames[name]
	if ok && call != nil {
		if c := sc.moduleCall(call, at); c.kind == single && !c.busy && c.cause == nil {
			return rest[1:].TraverseRel(c.scopes[0].output(output, at))
		}
	}
	var reads need
	if output, ok := readOf(rest, 0); ok {
		reads = need{output}
	}
	return rest.TraverseRel(sc.moduleValue(name, reads, at))
}

// referResource reads one attribute of one instance if the traversal says which. The
// name of the resource is at step i.
func (sc *scope) referResource(ref hcl.Traversal, i int, at hcl.Range) (cty.Value, hcl.Diagnostics) {
	typ, ok := attrName(ref, i-1)
	if i == 1 {
		typ, ok = ref.RootName(), true
	}
	name, named := attrName(ref, i)
	if !ok || !named {
		return sc.wholeGroup(traversalName(ref), at), nil
	}
	key := typ + "." + name
	if i == 2 {
		key = "data." + key
	}
	rest := ref[i+1:]
	attr, read := readOf(rest, 0)
	if read {
		if inst, after := sc.one(key, rest); inst != nil && !inst.busy {
			inst.evaluate()
			return after.TraverseRel(inst.readPart(attr))
		}
		return rest.TraverseRel(sc.resourceValue(key, need{attr}, at))
	}
	return rest.TraverseRel(sc.resourceValue(key, nil, at))
}

// one returns the instance that a traversal picks after a resource's name, with the
// steps after the attribute that it reads; nil if it picks no single instance.
func (sc *scope) one(key string, rest hcl.Traversal) (*instance, hcl.Traversal) {
	r := sc.mod.byName[key]
	if r == nil {
		return nil, nil
	}
	e := sc.expandResource(r)
	if e.busy || e.kind == hidden {
		return nil, nil
	}
	if e.kind == single {
		if _, isAttr := rest[0].(hcl.TraverseAttr); isAttr {
			return e.instances[0], rest[1:]
		}
		return nil, nil
	}
	index, ok := rest[0].(hcl.TraverseIndex)
	if !ok {
		return nil, nil
	}
	for i, k := range e.keys {
		if k.RawEquals(index.Key) {
			return e.instances[i], rest[2:]
		}
	}
	return nil, nil
}

// A need is the parts that are read of a module or resource. Nil is the whole.
type need []string

// key distinguishes needs: nil is everything.
func (n need) key() string {
	if n == nil {
		return "*"
	}
	return strings.Join(n, " ")
}

// readOf returns the attribute that a traversal reads at step i, or after an index
// at step i.
func readOf(ref hcl.Traversal, i int) (string, bool) {
	if len(ref) > i {
		if _, ok := ref[i].(hcl.TraverseIndex); ok {
			i++
		}
	}
	if len(ref) > i {
		if a, ok := ref[i].(hcl.TraverseAttr); ok {
			return a.Name, true
		}
	}
	return "", false
}

// --- finding references without evaluating

// referencesIn lists what an expression refers to in its scope, in written
// order.
func referencesIn(expr hcl.Expression) []hcl.Traversal {
	if e, ok := expr.(*jsonExpr); ok {
		expr, _ = e.toNative()
	}
	native, ok := expr.(hclsyntax.Expression)
	if !ok {
		return expr.Variables()
	}
	var w referenceWalker
	hclsyntax.Walk(native, &w)
	return w.found
}

type referenceWalker struct {
	found  []hcl.Traversal
	locals []map[string]struct{}
}

// Enter records a reference that no surrounding "for" brings into scope.
func (w *referenceWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *reference:
		w.add(n.Traversal)
	case *hclsyntax.ScopeTraversalExpr:
		w.add(n.Traversal)
	case hclsyntax.ChildScope:
		w.locals = append(w.locals, n.LocalNames)
	}
	return nil
}

func (w *referenceWalker) add(ref hcl.Traversal) {
	for _, names := range w.locals {
		if _, ok := names[ref.RootName()]; ok {
			return
		}
	}
	w.found = append(w.found, ref)
}

// Exit leaves the scope of a "for".
func (w *referenceWalker) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(hclsyntax.ChildScope); ok {
		w.locals = w.locals[:len(w.locals)-1]
	}
	return nil
}
