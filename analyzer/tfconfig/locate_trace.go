package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/budget"
)

// Trace follows the expressions again, from the attribute to where its value was
// written.
func (s *source) Trace(at cty.Path) []analyzer.Step { return s.trace(at).steps }

// Setting returns where the trace ends, if every step only passes the value on and a
// user writes at the end.
func (s *source) Setting(at cty.Path) *analyzer.Setting {
	t := s.trace(at)
	if t.end == nil || !t.plain || t.end.Name == "" || t.secret[t.end.Name] || t.end.sc != nil && t.end.sc.outermost() != nil {
		return nil
	}
	setting := t.end.Setting
	return &setting
}

// trace walks once for each path.
func (s *source) trace(at cty.Path) *tracer {
	ev := s.inst.sc.ev
	ev.tracing.Lock()
	defer ev.tracing.Unlock()
	key := analyzer.FormatPath(at)
	if t := s.traced[key]; t != nil {
		return t
	}
	defer func(whole budget.Budget) { *ev.budget = whole }(*ev.budget)
	*ev.budget = *budget.New(ev.trace)
	t := &tracer{plain: true}
	if in, a, rest := s.inst.placed.locate(canonical(at)); a != nil {
		t.concealBelow(at, s.secrets)
		where := spot{sc: s.inst.sc, it: in.iter}
		w := where.written(a, rest)
		t.last = ending{analyzer.Setting{Name: w.name, Range: w.rng}, s.inst.sc}
		if t.follow(where, w.expr, w.rest, longestTrace); ev.budget.Over() {
			t = &tracer{} // the origin is unknown, and not guessed
		}
	}
	if s.traced == nil {
		s.traced = map[string]*tracer{}
	}
	s.traced[key] = t
	return t
}

// longestTrace is the maximum number of expressions in a trace: expressions that
// refer to themselves have no end.
const longestTrace = 40

// A tracer follows a value to where it was written.
type tracer struct {
	steps  []analyzer.Step
	args   []argument      // the arguments through which the value came
	plain  bool            // every step only passed the value on
	secret map[string]bool // keys on the path that must not be shown
	last   ending          // the assignment that is being followed
	end    *ending         // the assignment of the literal; nil: none
}

// An argument is the part of a module call's argument that contains a value, for a
// variable through which the value came.
type argument struct {
	to   *scope
	name string
	rng  hcl.Range // zero: no argument, or null for the default
}

func (sc *scope) argument(name string, given bool, at cty.Path) argument {
	arg := argument{to: sc, name: name}
	if given {
		arg.rng = spot{sc: sc.parent, it: sc.iter}.written(sc.call.body.attr(name), at).rng
	}
	return arg
}

// An ending is an assignment, with the scope in which it is written; nil: it is in
// no module.
type ending struct {
	analyzer.Setting
	sc *scope
}

func (t *tracer) add(name string, at hcl.Range) {
	t.steps = append(t.steps, analyzer.Step{Name: name, Range: at})
}

// pass continues with the value of an attribute at a path.
func (t *tracer) pass(name string, s spot, a *attribute, at cty.Path, depth int) {
	w := s.written(a, at)
	t.add(name, w.rng)
	t.last = ending{analyzer.Setting{Name: w.name, Range: w.rng}, s.sc}
	t.follow(s, w.expr, w.rest, depth)
}

// follow goes to the origin of an expression's value at a path: through expressions
// that pass it on, and to the alternative that was taken. In any other expression it
// takes the first reference that leads somewhere.
func (t *tracer) follow(s spot, expr hcl.Expression, at cty.Path, depth int) {
	if depth == 0 {
		t.plain = false
		return
	}
	depth--
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		t.follow(s, e.Expression, at, depth)
	case *hclsyntax.TemplateWrapExpr:
		t.follow(s, e.Wrapped, at, depth)
	case *reference:
		if ref, ok := pathOf(e.Traversal[1:]); !ok || !t.step(s, e.Traversal.RootName(), append(ref, at...), e.SrcRange, depth) {
			t.plain = false
		}
	case *hclsyntax.RelativeTraversalExpr:
		if ref, ok := pathOf(e.Traversal); ok {
			t.follow(s, e.Source, append(ref, at...), depth)
			return
		}
		t.guess(s, expr, depth)
	case *hclsyntax.IndexExpr:
		t.index(s, e, at, depth)
	case *conditional:
		t.conditional(s, e, at, depth)
	case *hclsyntax.FunctionCallExpr:
		t.call(s, e, at, depth)
	case *loop:
		t.loop(s, e, at, depth)
	case *weighty:
		t.follow(s, e.Expression, at, depth)
	case *splat:
		t.splat(s, e, at, depth)
	case *hclsyntax.BinaryOpExpr:
		t.logic(s, e, depth)
	case *arithmetic:
		t.guess(s, expr, depth)
	case *operand:
		t.follow(s, e.Expression, at, depth)
	case *jsonExpr:
		t.json(s, e, at, depth)
	default:
		t.other(s, expr, at, depth)
	}
}

// other handles an expression that is written out, or of an unknown kind.
func (t *tracer) other(s spot, expr hcl.Expression, at cty.Path, depth int) {
	if w := s.narrow(piece{t.last.Name, expr.Range(), expr, at}); len(w.rest) < len(at) {
		t.narrow(w.rng)
		t.last.Name, t.last.Range = w.name, w.rng
		t.follow(s, w.expr, w.rest, depth)
		return
	}
	if len(at) == 0 && len(referencesIn(expr)) == 0 {
		end := t.last
		t.end = &end
		return
	}
	t.guess(s, expr, depth)
}

// json follows a path into a list or an object, and treats a text as the expression
// in it.
func (t *tracer) json(s spot, e *jsonExpr, at cty.Path, depth int) {
	native, diags := e.toNative()
	if e.ExprList() != nil || e.ExprMap() != nil || diags.HasErrors() {
		t.other(s, e, at, depth)
		return
	}
	t.follow(s, native, at, depth)
}

// narrow narrows the last step to a part of it.
func (t *tracer) narrow(to hcl.Range) {
	if n := len(t.steps) - 1; n >= 0 && holds(t.steps[n].Range, to) {
		t.steps[n].Range = to
	}
}

func holds(outer, inner hcl.Range) bool {
	return outer.Filename == inner.Filename && outer.Start.Byte <= inner.Start.Byte && inner.End.Byte <= outer.End.Byte
}

// guess takes the first reference that leads somewhere: the value may have other
// origins too.
func (t *tracer) guess(s spot, expr hcl.Expression, depth int) {
	t.plain = false
	for _, ref := range referencesIn(expr) {
		path, ok := pathOf(ref[1:])
		if ok && t.step(s, ref.RootName(), path, ref.SourceRange(), depth) {
			return
		}
	}
}

func (t *tracer) index(s spot, e *hclsyntax.IndexExpr, at cty.Path, depth int) {
	key, secret, ok := s.evalSecret(e.Key)
	step := keyStep(key)
	if !ok || step == nil {
		t.guess(s, e, depth)
		return
	}
	t.conceal(step, secret)
	t.follow(s, e.Collection, append(cty.Path{step}, at...), depth)
}

// conditional follows the branch that is taken, and the references of the condition
// if that branch is a literal.
func (t *tracer) conditional(s spot, e *conditional, at cty.Path, depth int) {
	if branch := e.Taken(s.vars.context(s.sc.context(s.it))); branch != nil {
		known := len(t.steps)
		if t.follow(s, branch, at, depth); len(t.steps) > known {
			return
		}
	}
	t.guess(s, e, depth) // the condition comes first in it
}

// logic follows the operand that decided.
func (t *tracer) logic(s spot, e *hclsyntax.BinaryOpExpr, depth int) {
	t.plain = false
	var decides cty.Value
	switch e.Op {
	case hclsyntax.OpLogicalAnd:
		decides = cty.False
	case hclsyntax.OpLogicalOr:
		decides = cty.True
	default:
		t.guess(s, e, depth)
		return
	}
	for _, operand := range []hclsyntax.Expression{e.LHS, e.RHS} {
		known := len(t.steps)
		if v, ok := s.eval(operand); ok && v.RawEquals(decides) {
			if t.follow(s, operand, nil, depth); len(t.steps) > known {
				return
			}
		}
	}
	t.guess(s, e, depth)
}

// loop follows the element of a "for" expression that the path names.
func (t *tracer) loop(s spot, e *loop, at cty.Path, depth int) {
	if inner, ok := s.element(e, at); ok {
		t.conceal(at[0], inner.vars.secret)
		t.conceal(inner.vars.at[0], inner.vars.secret)
		t.follow(inner, e.ValExpr, at[1:], depth)
		return
	}
	t.guess(s, e, depth)
}

func (t *tracer) splat(s spot, e *splat, at cty.Path, depth int) {
	if len(at) > 0 {
		switch each := e.Each.(type) {
		case *hclsyntax.AnonSymbolExpr:
			t.follow(s, e.Source, at, depth)
			return
		case *hclsyntax.RelativeTraversalExpr:
			if path, ok := pathOf(each.Traversal); ok {
				t.follow(s, e.Source, append(append(cty.Path{at[0]}, path...), at[1:]...), depth)
				return
			}
		}
	}
	t.guess(s, e, depth)
}

// --- references

// step continues with the value that a reference names. It reports whether the
// reference leads anywhere.
func (t *tracer) step(s spot, root string, at cty.Path, from hcl.Range, depth int) bool {
	if b := s.vars.named(root); b != nil {
		t.plain = t.plain && !b.key
		t.follow(b.in, b.expr, append(b.at[:len(b.at):len(b.at)], at...), depth)
		return true
	}
	if it := s.it.named(root); it != nil {
		return t.iterated(s, it, at, from, depth)
	}
	if root == "terraform" {
		t.plain = false
		t.add(t.dotted(root, at), hcl.Range{})
		return true
	}
	name, rest := head(at)
	switch root {
	case "var":
		return t.variable(s.sc, name, rest, depth)
	case "local":
		a := s.sc.mod.locals[name]
		if a != nil {
			t.pass(t.dotted(root, at), spot{sc: s.sc}, a, rest, depth)
		}
		return a != nil
	case "module":
		return t.module(s.sc, name, rest, depth)
	case "data":
		typ := name
		name, rest = head(rest)
		return t.resource(s.sc, "data."+typ+"."+name, rest, depth)
	}
	return t.resource(s.sc, root+"."+name, rest, depth)
}

// variable goes to the source of a variable's value: the caller, a file, the
// default, or the default in its type for an omitted part.
func (t *tracer) variable(sc *scope, name string, at cty.Path, depth int) bool {
	decl := sc.mod.variables[name]
	if decl == nil {
		return false
	}
	given := sc.gives(name, decl)
	if sc.parent != nil {
		t.args = append(t.args, sc.argument(name, given, at))
	}
	if rng, ok := sc.typeDefault(name, decl, given, at); ok {
		t.plain = false
		t.add("var."+name, decl.def)
		t.add("default of the type", rng)
		return true
	}
	switch {
	case !given:
		t.fallback(sc, name, decl, at, depth)
	case sc.parent != nil:
		t.pass("var."+name, spot{sc: sc.parent, it: sc.iter}, sc.call.body.attr(name), at, depth)
	default:
		t.add("var."+name, decl.def)
		t.input(sc, sc.ev.inputs[name], name, at, depth)
	}
	return true
}

// gives reports whether a variable's value comes from outside. Null counts as no
// value if the variable is not nullable.
func (sc *scope) gives(name string, decl *block) bool {
	if sc.parent == nil {
		if _, ok := sc.ev.inputs[name]; !ok {
			return false
		}
	} else if sc.call.body.attr(name) == nil {
		return false
	}
	if nullable(decl) {
		return true
	}
	v, _ := sc.given(name).Unmark()
	return !v.IsKnown() || !v.IsNull()
}

// input goes to the value in a file, or names its other source.
func (t *tracer) input(sc *scope, in input, name string, at cty.Path, depth int) {
	if in.expr == nil {
		t.add(in.name, in.rng)
		t.plain = t.plain && len(at) == 0 && in.plan == cty.NilVal
		t.end = &ending{Setting: analyzer.Setting{Name: in.name}}
		return
	}
	t.pass(in.name, spot{sc: sc}, &attribute{name: name, expr: in.expr, rng: in.rng}, at, depth)
}

// fallback goes to a variable's default. A module's default is replaced by its
// caller.
func (t *tracer) fallback(sc *scope, name string, decl *block, at cty.Path, depth int) {
	t.add("var."+name, decl.def)
	a := decl.body.attr("default")
	if a == nil {
		t.plain = false
		return
	}
	t.pass("default", spot{sc: sc}, a, at, depth)
	if sc.parent != nil && t.end != nil {
		t.plain = t.plain && len(at) == 0
		t.end = &ending{analyzer.Setting{Name: name, Range: sc.call.def}, sc.parent}
	}
}

func (t *tracer) module(sc *scope, name string, at cty.Path, depth int) bool {
	c := sc.calls[name]
	if c == nil || len(c.scopes) == 0 {
		return false
	}
	i, at := c.pickInstance(at)
	out, rest := head(at)
	inner := c.scopes[max(i, 0)]
	decl := inner.mod.outputs[out]
	if decl == nil || decl.body.attr("value") == nil {
		return false
	}
	t.plain = t.plain && i >= 0
	t.pass("module."+name+"."+out, spot{sc: inner}, decl.body.attr("value"), rest, depth)
	return true
}

// valueAt returns the instance whose key begins the path, and the rest of the path. -1:
// the instance cannot be determined.
func (e *expansion) pickInstance(at cty.Path) (int, cty.Path) {
	if e.kind == single {
		return 0, at
	}
	for i, key := range e.keys {
		if step := keyStep(key); step != nil && len(at) > 0 && cty.Path.Equals(cty.Path{step}, at[:1]) {
			return i, at[1:]
		}
	}
	if _, isIndex := firstIndex(at); isIndex {
		return -1, at[1:]
	}
	return -1, at
}

func firstIndex(at cty.Path) (cty.IndexStep, bool) {
	if len(at) == 0 {
		return cty.IndexStep{}, false
	}
	step, ok := at[0].(cty.IndexStep)
	return step, ok
}

// iterated goes to the for_each of an iteration, and to the position of its element
// if the element is written out.
func (t *tracer) iterated(s spot, it *iteration, at cty.Path, from hcl.Range, depth int) bool {
	part, rest := head(at)
	name := t.dotted(it.name, at)
	t.plain = t.plain && part == "value"
	if it.each == nil {
		t.add(name, from)
		return true
	}
	outer := spot{sc: s.sc, it: it.outer}
	step := keyStep(it.key)
	t.conceal(step, isSecret(it.key))
	if coll, ok := outer.eval(it.each.expr); !ok || coll.Type().IsSetType() || step == nil {
		t.plain = false
		t.pass(name, outer, it.each, nil, depth)
		return true
	}
	t.pass(name, outer, it.each, append(cty.Path{step}, rest...), depth)
	return true
}

// resource goes to the attribute of another resource or data source.
func (t *tracer) resource(sc *scope, key string, at cty.Path, depth int) bool {
	r := sc.mod.byName[key]
	if r == nil {
		return false
	}
	p := &placed{body: r.body, def: r.def}
	if e := sc.resources[key]; e != nil && len(e.instances) > 0 {
		var i int
		i, at = e.pickInstance(at)
		t.plain = t.plain && i >= 0
		if inst := e.instances[max(i, 0)]; inst.placed != nil {
			p = inst.placed
		}
	}
	in, a, rest := p.locate(at)
	if a == nil {
		t.plain = false
		t.add(t.dotted(key, at), in.def)
		return true
	}
	t.pass(t.dotted(key, at), spot{sc: sc, it: in.iter}, a, rest, depth)
	return true
}

// --- paths

// canonical writes keys as the names of attributes: maps and objects are accessed
// alike.
func canonical(at cty.Path) cty.Path {
	plain := make(cty.Path, len(at))
	for i, step := range at {
		plain[i] = step
		if index, ok := step.(cty.IndexStep); ok {
			if name := keyStep(index.Key); name != nil {
				plain[i] = name
			}
		}
	}
	return plain
}

// keyStep returns the step to the element of a key; nil if the key is unknown.
func keyStep(key cty.Value) cty.PathStep {
	if key == cty.NilVal {
		return nil
	}
	key, _ = key.Unmark()
	switch {
	case !key.IsKnown() || key.IsNull():
	case key.Type() == cty.String:
		return cty.GetAttrStep{Name: key.AsString()}
	case key.Type() == cty.Number:
		return cty.IndexStep{Key: key}
	}
	return nil
}

// pathOf returns the steps of a traversal; false if one is a splat.
func pathOf(steps hcl.Traversal) (cty.Path, bool) {
	at := make(cty.Path, 0, len(steps)+4)
	for _, s := range steps {
		switch s := s.(type) {
		case hcl.TraverseAttr:
			at = append(at, cty.GetAttrStep{Name: s.Name})
		case hcl.TraverseIndex:
			step := keyStep(s.Key)
			if step == nil {
				return nil, false
			}
			at = append(at, step)
		default:
			return nil, false
		}
	}
	return at, true
}

// head returns the first name of a path, and the rest of the path.
func head(at cty.Path) (string, cty.Path) {
	if len(at) == 0 {
		return "", nil
	}
	if s, ok := at[0].(cty.GetAttrStep); ok {
		return s.Name, at[1:]
	}
	return "", at[1:]
}

// dotted returns a name and a path without its numbers. Secret keys are not shown.
func (t *tracer) dotted(root string, at cty.Path) string {
	names := analyzer.Names(at)
	for i, name := range names {
		if t.secret[name] {
			names[i] = analyzer.Concealed
		}
	}
	return analyzer.Brief(strings.Join(append([]string{root}, names...), "."))
}

// concealBelow conceals the keys of a path below a secret.
func (t *tracer) concealBelow(at cty.Path, secrets []cty.Path) {
	if len(secrets) == 0 {
		return
	}
	shown := canonical(analyzer.Conceal(at, secrets))
	for i, step := range canonical(at) {
		t.conceal(step, shown[i] != step)
	}
}

// conceal keeps a key out of the names of the steps.
func (t *tracer) conceal(step cty.PathStep, secret bool) {
	named, ok := step.(cty.GetAttrStep)
	if !secret || !ok {
		return
	}
	if t.secret == nil {
		t.secret = map[string]bool{}
	}
	t.secret[named.Name] = true
}

// valueAt returns the value at a path; false if there is none.
func valueAt(v cty.Value, at cty.Path) (cty.Value, bool) {
	for _, step := range at {
		v, _ = v.Unmark()
		if !v.IsKnown() || v.IsNull() {
			return v, false
		}
		t := v.Type()
		switch s := step.(type) {
		case cty.GetAttrStep:
			switch {
			case t.IsObjectType() && t.HasAttribute(s.Name):
				v = v.GetAttr(s.Name)
			case t.IsMapType() && v.HasIndex(cty.StringVal(s.Name)).True():
				v = v.Index(cty.StringVal(s.Name))
			default:
				return cty.NilVal, false
			}
		case cty.IndexStep:
			if !t.IsTupleType() && !t.IsListType() || !v.HasIndex(s.Key).True() {
				return cty.NilVal, false
			}
			v = v.Index(s.Key)
		}
	}
	v, _ = v.Unmark()
	return v, true
}
