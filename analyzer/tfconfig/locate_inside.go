package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// installed reports whether terraform init fetches the call's module: its source is
// no local path, so the user does not own its files.
func (sc *scope) installed() bool { return sc.call != nil && !sc.own }

// outermost returns the installed module that contains the scope, as its user calls
// it; nil if there is none.
func (sc *scope) outermost() *scope {
	var found *scope
	for ; sc != nil; sc = sc.parent {
		if sc.installed() {
			found = sc
		}
	}
	return found
}

// Inside finds what a caller can change about the values at the paths, and about
// companions of these types.
func (s *source) Inside(at []cty.Path, companions []string) *analyzer.Inside {
	outer := s.inst.sc.outermost()
	if outer == nil {
		return nil
	}
	in := s.depends(outer, at, companions)
	in.Module = outer.def
	in.Range = outer.call.def
	if arg := s.argument(outer, at); arg != nil {
		in.Inputs = []string{"var." + arg.name}
		if arg.rng.Filename != "" {
			in.Range = arg.rng
		}
		return &in
	}
	var written []*attribute
	for _, name := range in.Inputs {
		if a := outer.call.body.attr(strings.TrimPrefix(name, "var.")); a != nil {
			written = append(written, a)
		}
	}
	if len(written) == 1 {
		in.Range = written[0].rng
	}
	return &in
}

// argument returns the argument through which a value entered the module; nil: none.
func (s *source) argument(outer *scope, at []cty.Path) *argument {
	for _, path := range at {
		for _, arg := range s.trace(path).args {
			if arg.to == outer {
				return &arg
			}
		}
	}
	return nil
}

// depends computes once for each definition what its instances have in common.
func (s *source) depends(outer *scope, at []cty.Path, companions []string) analyzer.Inside {
	ev := s.inst.sc.ev
	ev.tracing.Lock()
	defer ev.tracing.Unlock()
	key := s.inst.sc.definition(s.inst.res.key()) + "\x00" + strings.Join(companions, " ")
	for _, path := range at {
		key += "\x00" + analyzer.FormatPath(path)
	}
	if in, ok := ev.inside[key]; ok {
		return in
	}
	d := dependence{outer: outer, seen: map[string]bool{}}
	there := false
	for _, path := range at {
		d.path(s.inst.sc, s.inst.placed, canonical(path))
		there = there || len(path) == 0
	}
	d.companions(outer, nil, companions)
	if there {
		d.existence(s.inst)
	} else {
		d.inputs = s.without(outer, d.inputs)
	}
	in := analyzer.Inside{Inputs: d.inputs, Exported: len(companions) > 0 && outer.exports(s.inst)}
	if ev.inside == nil {
		ev.inside = map[string]analyzer.Inside{}
	}
	ev.inside[key] = in
	return in
}

// without removes the inputs that decide whether the resource exists at all, unless
// there are no others.
func (s *source) without(outer *scope, inputs []string) []string {
	d := dependence{outer: outer, seen: map[string]bool{}}
	d.existence(s.inst)
	others := slices.DeleteFunc(slices.Clone(inputs), func(name string) bool { return slices.Contains(d.inputs, name) })
	if len(others) == 0 {
		return inputs
	}
	return others
}

// exports reports whether an output of the module leads to the instance, so that its
// caller can declare companions for it.
func (sc *scope) exports(inst *instance) bool {
	d := dependence{outer: sc, seen: map[string]bool{}, find: inst}
	for _, name := range sortedKeys(sc.mod.outputs) {
		d.attr(stand{sc: sc}, sc.mod.outputs[name].body.attr("value"))
	}
	return d.found
}

// A dependence follows what a value depends on, without evaluation, and collects the
// inputs of the outermost installed module. In doubt it includes an input: a missing
// input would hide a gap.
type dependence struct {
	outer  *scope
	seen   map[string]bool
	inputs []string
	depth  int

	find  *instance // the resource to find
	found bool
}

// A stand is the position of an expression: in a block with count or for_each, or in
// an iteration.
type stand struct {
	sc   *scope
	body *body // of the resource or call; nil: neither
	it   *iteration
}

// once reports whether a thing is met for the first time.
func (d *dependence) once(sc *scope, name string) bool {
	key := sc.def + "\x00" + name
	if d.seen[key] {
		return false
	}
	d.seen[key] = true
	return true
}

func (d *dependence) input(name string) {
	if name = "var." + name; !slices.Contains(d.inputs, name) {
		d.inputs = append(d.inputs, name)
	}
}

// path follows the value at a path of a resource: the written value, and the dynamic
// blocks on the path. A path without indexes means every block.
func (d *dependence) path(sc *scope, p *placed, at cty.Path) {
	name, rest := head(at)
	if p == nil || p.body == nil || name == "" {
		return
	}
	for _, b := range p.body.blocksOf("dynamic") {
		if len(b.labels) == 1 && b.labels[0] == name {
			d.attr(stand{sc: sc, it: p.iter}, b.body.attr("for_each"))
		}
	}
	blocks := p.blocks[name]
	if i, deeper := blockIndex(rest); deeper && i < len(blocks) {
		blocks = blocks[i : i+1]
	}
	if _, ok := firstIndex(rest); ok && len(blocks) > 0 {
		rest = rest[1:]
	}
	for _, b := range blocks {
		switch {
		case b.body != nil && b.body.attr("for_each") != nil: // an open dynamic block
			for _, content := range b.body.blocksOf("content") {
				d.path(sc, &placed{body: content.body, iter: b.iter}, rest)
			}
		case len(rest) == 0:
			d.body(stand{sc: sc, it: b.iter}, b.body)
		default:
			d.path(sc, b, rest)
		}
	}
	if a := p.body.attr(name); a != nil && len(blocks) == 0 {
		where := stand{sc: sc, it: p.iter}
		d.expr(where, spot{sc: sc, it: p.iter}.written(a, rest).expr)
	}
}

// body follows everything that a block holds.
func (d *dependence) body(where stand, b *body) {
	if b == nil {
		return
	}
	for i := range b.attrs {
		d.expr(where, b.attrs[i].expr)
	}
	for _, nested := range b.blocks {
		d.body(where, nested.body)
	}
}

func (d *dependence) attr(where stand, a *attribute) {
	if a != nil {
		d.expr(where, a.expr)
	}
}

// deepestDependence bounds how far values are followed.
const deepestDependence = 200

func (d *dependence) expr(where stand, expr hcl.Expression) {
	if d.depth == deepestDependence {
		return
	}
	d.depth++
	for _, ref := range referencesIn(expr) {
		d.reference(where, ref)
	}
	d.depth--
}

func (d *dependence) reference(where stand, ref hcl.Traversal) {
	sc := where.sc
	name, _ := attrName(ref, 1)
	root := ref.RootName()
	if it := where.it.named(root); it != nil {
		d.attr(stand{sc: sc, body: where.body, it: it.outer}, it.each)
		if it.each != nil {
			return
		}
	}
	switch root {
	case "var":
		d.variable(sc, name)
	case "local":
		if d.once(sc, "local."+name) {
			if a := sc.mod.locals[name]; a != nil {
				d.expr(stand{sc: sc}, a.expr)
			}
		}
	case "module":
		d.module(sc, name, ref)
	case "each", "count":
		if where.body != nil {
			d.repetition(stand{sc: sc}, where.body)
		}
	case "data":
		typ := name
		name, _ = attrName(ref, 2)
		d.resource(sc, "data."+typ+"."+name, ref, 3)
	case "path", "terraform", "self":
	default:
		d.resource(sc, root+"."+name, ref, 2)
	}
}

// existence follows whether the instance exists.
func (d *dependence) existence(inst *instance) {
	d.repetition(stand{sc: inst.sc}, inst.res.body)
	for sc := inst.sc; sc != d.outer; sc = sc.parent {
		d.repetition(stand{sc: sc.parent}, sc.call.body)
	}
}

// repetition follows how many instances there are.
func (d *dependence) repetition(where stand, b *body) {
	d.attr(where, b.attr("count"))
	d.attr(where, b.attr("for_each"))
}

func (d *dependence) variable(sc *scope, name string) {
	if sc == d.outer {
		d.input(name)
		return
	}
	if sc.call == nil || !d.once(sc, "var."+name) {
		return
	}
	d.attr(stand{sc: sc.parent, body: sc.call.body, it: sc.iter}, sc.call.body.attr(name))
}

func (d *dependence) module(sc *scope, name string, ref hcl.Traversal) {
	call := sc.mod.callNames[name]
	if call == nil {
		return
	}
	out, _ := readOf(ref, 2)
	if !d.once(sc, "module."+name+"."+out) {
		return
	}
	d.repetition(stand{sc: sc}, call.body)
	c := sc.calls[name]
	if c == nil || len(c.scopes) == 0 { // not available to follow
		d.body(stand{sc: sc, body: call.body}, call.body)
		return
	}
	inner := c.scopes[0]
	for _, output := range sortedKeys(inner.mod.outputs) {
		if out == "" || out == output {
			d.attr(stand{sc: inner}, inner.mod.outputs[output].body.attr("value"))
		}
	}
}

// resource follows what is read of another resource: an argument, or an attribute
// that derives from all arguments.
func (d *dependence) resource(sc *scope, key string, ref hcl.Traversal, i int) {
	r := sc.mod.byName[key]
	if r == nil {
		return
	}
	if d.find != nil && d.find.res == r && d.find.sc.def == sc.def {
		d.found = true
	}
	read, _ := readOf(ref, i)
	if !d.once(sc, key+"."+read) {
		return
	}
	where := stand{sc: sc, body: r.body}
	if a := r.body.attr(read); a != nil {
		d.expr(where, a.expr)
		return
	}
	d.repetition(stand{sc: sc}, r.body)
	for _, b := range r.body.blocks {
		if r.data || b.typ == read || b.typ == "dynamic" && slices.Contains(b.labels, read) {
			d.body(where, b.body)
		}
	}
	for i := range r.body.attrs {
		if r.data {
			d.expr(where, r.body.attrs[i].expr)
		}
	}
}

// companions follows whether the module has resources of these types: the resources
// whose existence count or for_each decides. The calls are those that lead to the
// scope.
func (d *dependence) companions(sc *scope, calls []stand, types []string) {
	if len(types) == 0 || len(calls) > deepestModule {
		return
	}
	for _, r := range sc.mod.resources {
		if r.data || !slices.Contains(types, r.typ) {
			continue
		}
		d.repetition(stand{sc: sc}, r.body)
		for _, call := range calls {
			d.repetition(stand{sc: call.sc}, call.body)
		}
	}
	for _, call := range sc.mod.calls {
		if inner := sc.instance(call); inner != nil {
			d.companions(inner, append(calls[:len(calls):len(calls)], stand{sc: sc, body: call.body}), types)
		}
	}
}

// instance returns an instance of a call's module; a possible instance if there is
// none. Nil: the module is not available.
func (sc *scope) instance(call *block) *scope {
	name := call.labels[0]
	c := sc.calls[name]
	if c == nil || c.cause != nil {
		return nil
	}
	if len(c.scopes) > 0 {
		return c.scopes[0]
	}
	mod, cause := sc.resolve(call)
	if cause != nil {
		return nil
	}
	return &scope{ev: sc.ev, mod: mod, parent: sc, call: call, def: sc.definition("module." + name), depth: sc.depth + 1}
}
