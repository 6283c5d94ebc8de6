package tfconfig

import (
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// source answers where an instance's values are written.
type source struct{ inst *instance }

func (s *source) Range(at cty.Path) hcl.Range {
	if len(at) == 0 {
		return s.inst.res.def
	}
	a, where := s.inst.placed.find(at)
	if a != nil {
		return a.rng
	}
	return where
}

func (s *source) Written(at cty.Path) bool {
	if a, _ := s.inst.placed.find(at); a != nil {
		return true
	}
	return s.inst.placed.block(at) != nil
}

func (s *source) Body() hcl.Range { return s.inst.res.whole }

func (s *source) Via() []hcl.Range {
	var calls []hcl.Range
	for sc := s.inst.sc; sc.call != nil; sc = sc.parent {
		calls = append([]hcl.Range{sc.call.def}, calls...)
	}
	return calls
}

// find is the attribute that a path leads to, with the range of the value
// within it where that is written as a list or an object; without one it is
// nil and the range that of the innermost block.
func (p *placed) find(at cty.Path) (*attribute, hcl.Range) {
	for len(at) > 0 {
		name, ok := at[0].(cty.GetAttrStep)
		if !ok || p.body == nil {
			return nil, p.def
		}
		if blocks := p.blocks[name.Name]; len(blocks) > 0 {
			i, deeper := blockIndex(at[1:])
			if !deeper || i >= len(blocks) {
				return nil, blocks[0].def
			}
			p, at = blocks[i], at[2:]
			continue
		}
		a := p.body.attr(name.Name)
		if a == nil {
			return nil, p.def
		}
		inner := *a
		inner.rng, inner.expr = within(a, at[1:])
		return &inner, inner.rng
	}
	return nil, p.def
}

// block is the block that a path leads to; nil where it leads elsewhere.
func (p *placed) block(at cty.Path) *placed {
	for len(at) > 0 {
		name, ok := at[0].(cty.GetAttrStep)
		if !ok {
			return nil
		}
		blocks := p.blocks[name.Name]
		i, deeper := blockIndex(at[1:])
		if len(blocks) == 0 || i >= len(blocks) {
			return nil
		}
		p = blocks[i]
		if !deeper {
			return p
		}
		at = at[2:]
	}
	return p
}

func blockIndex(at cty.Path) (int, bool) {
	if len(at) == 0 {
		return 0, false
	}
	step, ok := at[0].(cty.IndexStep)
	if !ok || step.Key.Type() != cty.Number {
		return 0, false
	}
	i, _ := step.Key.AsBigFloat().Int64()
	return int(i), true
}

// within narrows an attribute to the element or key that a path names, as far
// as it is written out.
func within(a *attribute, at cty.Path) (hcl.Range, hcl.Expression) {
	rng, expr := a.rng, a.expr
	for _, s := range at {
		inner, at := element(expr, s)
		if inner == nil {
			break
		}
		rng, expr = at, inner
	}
	return rng, expr
}

func element(expr hcl.Expression, s cty.PathStep) (hcl.Expression, hcl.Range) {
	switch s := s.(type) {
	case cty.IndexStep:
		tuple, ok := expr.(*hclsyntax.TupleConsExpr)
		i, isNumber := blockIndex(cty.Path{s})
		if ok && isNumber && i < len(tuple.Exprs) {
			return tuple.Exprs[i], tuple.Exprs[i].Range()
		}
	case cty.GetAttrStep:
		object, ok := expr.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return nil, hcl.Range{}
		}
		for _, item := range object.Items {
			if objectKey(item) == s.Name {
				return item.ValueExpr, hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())
			}
		}
	}
	return nil, hcl.Range{}
}

// Trace walks the expressions again, from the attribute to where its value was
// written.
func (s *source) Trace(at cty.Path) []analyzer.Step {
	a, _ := s.inst.placed.find(at)
	if a == nil {
		return nil
	}
	ev := s.inst.sc.ev
	ev.tracing.Lock()
	defer ev.tracing.Unlock()
	defer func(steps int, bytes int64) { ev.steps, ev.bytes = steps, bytes }(ev.steps, ev.bytes)
	t := tracer{}
	t.follow(s.inst.sc, a.expr, turn{s.inst.placed.iterationOf(at, s.inst.iter), s.inst.res.body}, 12)
	return t.steps
}

// iterationOf is the iteration that the block at the path was made in.
func (p *placed) iterationOf(at cty.Path, it *iteration) *iteration {
	for n := len(at); n > 0; n-- {
		if b := p.block(at[:n]); b != nil {
			return b.iter
		}
	}
	return it
}

type tracer struct{ steps []analyzer.Step }

// A turn is what each stands for: the iteration, and the block that has the
// for_each.
type turn struct {
	it   *iteration
	body *body
}

func (t *tracer) add(name string, at hcl.Range) {
	t.steps = append(t.steps, analyzer.Step{Name: name, Range: at})
}

// follow takes the first reference of an expression that leads somewhere: of a
// conditional one of the branch that is taken, before those of its condition.
func (t *tracer) follow(sc *scope, expr hcl.Expression, in turn, depth int) {
	if depth == 0 {
		return
	}
	if branch := sc.branch(expr, in.it); branch != nil {
		known := len(t.steps)
		if t.follow(sc, branch, in, depth-1); len(t.steps) > known {
			return
		}
	}
	for _, ref := range referencesIn(expr) {
		if t.step(sc, ref, in, depth-1) {
			return
		}
	}
}

// branch is what a conditional with a known condition comes to; nil for other
// expressions. What it reads was evaluated for the value itself.
func (sc *scope) branch(expr hcl.Expression, it *iteration) hcl.Expression {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return e.Expression
	case *conditional:
		return e.Taken(sc.contextFor(e, it))
	}
	return nil
}

func (t *tracer) step(sc *scope, ref hcl.Traversal, in turn, depth int) bool {
	name, _ := attrName(ref, 1)
	switch ref.RootName() {
	case "var":
		return t.variable(sc, name, depth)
	case "local":
		a := sc.mod.locals[name]
		if a == nil {
			return false
		}
		t.add("local."+name, a.rng)
		t.follow(sc, a.expr, turn{}, depth)
		return true
	case "module":
		return t.module(sc, name, ref, depth)
	case "each", "count":
		return t.iterated(sc, ref, in, depth)
	case "path", "terraform", "data", "self":
		return false
	}
	return t.resource(sc, ref.RootName()+"."+name, ref, depth)
}

func (t *tracer) variable(sc *scope, name string, depth int) bool {
	decl := sc.mod.variables[name]
	if decl == nil {
		return false
	}
	if sc.parent != nil {
		if a := sc.call.body.attr(name); a != nil {
			t.add("var."+name, a.rng)
			t.follow(sc.parent, a.expr, turn{sc.iter, sc.call.body}, depth)
			return true
		}
	} else if in, ok := sc.ev.inputs[name]; ok {
		t.add("var."+name, decl.def)
		t.add(in.name, in.rng)
		return true
	}
	if a := decl.body.attr("default"); a != nil {
		t.add("var."+name, decl.def)
		t.add("default", a.rng)
		return true
	}
	t.add("var."+name, decl.def)
	return true
}

func (t *tracer) module(sc *scope, name string, ref hcl.Traversal, depth int) bool {
	c := sc.calls[name]
	out, ok := readOf(ref, 2)
	if c == nil || len(c.scopes) == 0 || !ok {
		return false
	}
	decl := c.scopes[0].mod.outputs[out]
	if decl == nil || decl.body.attr("value") == nil {
		return false
	}
	t.add("module."+name+"."+out, decl.def)
	t.follow(c.scopes[0], decl.body.attr("value").expr, turn{}, depth)
	return true
}

// iterated: each.value comes from the for_each of the block, and from this
// key's place in it where that is written out.
func (t *tracer) iterated(sc *scope, ref hcl.Traversal, in turn, depth int) bool {
	var each *attribute
	if in.body != nil && ref.RootName() == "each" {
		each = in.body.attr("for_each")
	}
	if each == nil {
		t.add(traversalName(ref), ref.SourceRange())
		return true
	}
	at := cty.Path{}
	if it := in.it.named("each"); it != nil {
		if key, ok := knownString(it.key); ok {
			at = cty.GetAttrPath(key)
		}
	}
	for i := 2; i < len(ref) && len(at) > 0; i++ {
		if name, ok := attrName(ref, i); ok {
			at = at.GetAttr(name)
		}
	}
	rng, expr := within(each, at)
	t.add(traversalName(ref), rng)
	t.follow(sc, expr, turn{}, depth)
	return true
}

func (t *tracer) resource(sc *scope, key string, ref hcl.Traversal, depth int) bool {
	r := sc.mod.byName[key]
	attr, ok := readOf(ref, 2)
	if r == nil || !ok {
		return false
	}
	a := r.body.attr(attr)
	if a == nil {
		t.add(key+"."+attr, r.def)
		return true
	}
	t.add(key+"."+attr, a.rng)
	t.follow(sc, a.expr, turn{}, depth)
	return true
}

// traversalName writes a reference as the user did, without its indexes.
func traversalName(ref hcl.Traversal) string {
	var parts []string
	for _, s := range ref {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			parts = append(parts, s.Name)
		case hcl.TraverseAttr:
			parts = append(parts, s.Name)
		}
	}
	return strings.Join(parts, ".")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func sortRefs(refs []analyzer.Ref) {
	sort.SliceStable(refs, func(i, j int) bool {
		if refs[i].To != refs[j].To {
			return refs[i].To < refs[j].To
		}
		return refs[i].Attr < refs[j].Attr
	})
}

func sortHidden(hidden []analyzer.Hidden) {
	sort.SliceStable(hidden, func(i, j int) bool {
		a, b := analyzer.FormatPath(hidden[i].At), analyzer.FormatPath(hidden[j].At)
		if a != b {
			return a < b
		}
		return hidden[i].Cause.Name < hidden[j].Cause.Name
	})
}
