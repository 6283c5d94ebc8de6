package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// The functions here find which of several possible sources gave a value.

// A piece is the rest of an expression after a path is followed into it, as far as
// the expression is written out.
type piece struct {
	name string    // the name to which the piece is assigned; empty: it is an element of a list
	rng  hcl.Range // name = expression
	expr hcl.Expression
	rest cty.Path
}

// written returns the piece of an attribute's value at a path.
func written(a *attribute, at cty.Path) piece { return spot{}.written(a, at) }

func (s spot) written(a *attribute, at cty.Path) piece {
	return s.narrow(piece{a.name, a.rng, a.expr, at})
}

// narrow follows the path through lists and objects that are written out.
func (s spot) narrow(p piece) piece {
	for len(p.rest) > 0 {
		inner, ok := s.part(p.expr, p.rest[0])
		if !ok {
			break
		}
		inner.rest = p.rest[1:]
		p = inner
	}
	return p
}

func (s spot) part(expr hcl.Expression, step cty.PathStep) (piece, bool) {
	switch step := step.(type) {
	case cty.IndexStep:
		i, isNumber := blockIndex(cty.Path{step})
		if elems, diags := hcl.ExprList(expr); isNumber && !diags.HasErrors() && i < len(elems) {
			return piece{rng: elems[i].Range(), expr: elems[i]}, true
		}
		if key := keyStep(step.Key); !isNumber && key != nil && key != cty.PathStep(step) {
			return s.part(expr, key)
		}
	case cty.GetAttrStep:
		pairs, diags := hcl.ExprMap(expr)
		for i := len(pairs) - 1; i >= 0 && !diags.HasErrors(); i-- { // the last of equal names wins
			key := pairs[i].Key
			if at := key.Range(); at.End.Byte-at.Start.Byte > funcs.MaxKey {
				break // no value has such a key
			}
			if s.key(key) == step.Name {
				return piece{name: analyzer.Brief(step.Name), rng: hcl.RangeBetween(key.Range(), pairs[i].Value.Range()), expr: pairs[i].Value}, true
			}
		}
	}
	return piece{}, false
}

// key returns the key of an item of an object; empty if it is unknown.
func (s spot) key(expr hcl.Expression) string {
	if word := hcl.ExprAsKeyword(expr); word != "" {
		return word
	}
	if text := constant(expr); text != "" || s.sc == nil {
		return text
	}
	v, _ := s.eval(expr)
	text, _ := knownString(v)
	return text
}

// call continues with the argument whose value a function returned. A function not
// listed here is treated as any other expression.
func (t *tracer) call(s spot, e *hclsyntax.FunctionCallExpr, at cty.Path, depth int) {
	p, plain, ok := s.chosen(e, at)
	if !ok {
		t.guess(s, e, depth)
		return
	}
	t.plain = t.plain && plain
	if len(p.rest) > len(at) && len(e.Args) > 1 { // by a key, as with lookup
		_, secret, _ := s.evalSecret(e.Args[1])
		t.conceal(p.rest[0], secret)
	}
	known := len(t.steps)
	if t.follow(s, p.expr, p.rest, depth); len(t.steps) == known && !plain {
		t.narrow(p.expr.Range())
	}
}

// chosen returns the argument that gave the value at a path, with the path in the
// argument. Plain reports whether the function would have returned another value in
// the argument's place in the same way.
func (s spot) chosen(e *hclsyntax.FunctionCallExpr, at cty.Path) (p piece, plain, ok bool) {
	args := e.Args
	if len(args) == 0 || e.ExpandFinal && e.Name != "merge" {
		return piece{}, false, false
	}
	switch strings.TrimPrefix(e.Name, "core::") {
	case "try":
		return s.firstOf(args, at, func(v cty.Value, ok bool) (bool, bool) { return ok, true })
	case "coalesce":
		return s.firstOf(args, at, func(v cty.Value, ok bool) (bool, bool) {
			return !v.IsNull() && !v.RawEquals(cty.StringVal("")), ok && v.IsKnown()
		})
	case "coalescelist":
		return s.firstOf(args, at, func(v cty.Value, ok bool) (bool, bool) {
			known := ok && v.IsKnown() && !v.IsNull() && v.CanIterateElements()
			return known && v.LengthInt() > 0, known
		})
	case "lookup":
		return s.lookup(args, at)
	case "merge":
		return s.merged(e, at)
	case "concat":
		return s.joined(args, at)
	case "element":
		return s.wrapped(args, at)
	case "one":
		return piece{expr: args[0], rest: append(cty.Path{cty.IndexStep{Key: cty.Zero}}, at...)}, true, len(args) == 1
	case "tobool", "tonumber", "tostring", "tolist", "tomap", "sensitive", "nonsensitive":
		return piece{expr: args[0], rest: at}, true, true
	}
	return piece{}, false, false
}

// firstOf returns the first argument that is taken. An argument that cannot be
// judged ends the search.
func (s spot) firstOf(args []hclsyntax.Expression, at cty.Path, takes func(cty.Value, bool) (taken, known bool)) (piece, bool, bool) {
	for i, arg := range args {
		v, ok := s.eval(arg)
		switch taken, known := takes(v, ok); {
		case !known:
			return piece{}, false, false
		case taken:
			return piece{expr: arg, rest: at}, i == 0, true
		}
	}
	return piece{}, false, false
}

// lookup returns the element, or the default if the map has no such key.
func (s spot) lookup(args []hclsyntax.Expression, at cty.Path) (piece, bool, bool) {
	if len(args) < 2 {
		return piece{}, false, false
	}
	m, ok := s.eval(args[0])
	key, keyOK := s.eval(args[1])
	step := keyStep(key)
	if !ok || !keyOK || step == nil || !m.IsKnown() {
		return piece{}, false, false
	}
	if _, has := valueAt(m, cty.Path{step}); has {
		return piece{expr: args[0], rest: append(cty.Path{step}, at...)}, true, true
	}
	if len(args) == 2 {
		return piece{}, false, false
	}
	return piece{expr: args[2], rest: at}, false, true
}

// merged returns the last of the maps that has the key.
func (s spot) merged(e *hclsyntax.FunctionCallExpr, at cty.Path) (piece, bool, bool) {
	if len(at) == 0 {
		return piece{}, false, false
	}
	var maps []piece
	var values []cty.Value
	for i, arg := range e.Args {
		v, ok := s.eval(arg)
		if !ok || !v.IsKnown() {
			maps, values = nil, nil
			if i == len(e.Args)-1 {
				return piece{}, false, false
			}
			continue // a later one may have it
		}
		if i < len(e.Args)-1 || !e.ExpandFinal {
			maps, values = append(maps, piece{expr: arg, rest: at}), append(values, v)
			continue
		}
		if !v.CanIterateElements() {
			return piece{}, false, false
		}
		for it := v.ElementIterator(); it.Next(); {
			key, elem := it.Element()
			step := keyStep(key)
			if step == nil {
				return piece{}, false, false
			}
			maps, values = append(maps, piece{expr: arg, rest: append(cty.Path{step}, at...)}), append(values, elem)
		}
	}
	for i := len(maps) - 1; i >= 0; i-- {
		if plain, _ := values[i].Unmark(); !plain.IsKnown() {
			break
		}
		if _, has := valueAt(values[i], at[:1]); has {
			return maps[i], true, true
		}
	}
	return piece{}, false, false
}

// joined returns the list that has the element.
func (s spot) joined(args []hclsyntax.Expression, at cty.Path) (piece, bool, bool) {
	i, isNumber := blockIndex(at)
	for _, arg := range args {
		v, ok := s.eval(arg)
		if !isNumber || !ok || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
			break
		}
		if n := v.LengthInt(); i >= n {
			i -= n
			continue
		}
		return piece{expr: arg, rest: append(cty.Path{cty.IndexStep{Key: cty.NumberIntVal(int64(i))}}, at[1:]...)}, true, true
	}
	return piece{}, false, false
}

// wrapped returns the element of a list whose index wraps around.
func (s spot) wrapped(args []hclsyntax.Expression, at cty.Path) (piece, bool, bool) {
	if len(args) != 2 {
		return piece{}, false, false
	}
	list, ok := s.eval(args[0])
	key, _ := s.eval(args[1])
	i, isNumber := blockIndex(cty.Path{keyStep(key)})
	if !ok || !isNumber || i < 0 || !list.IsKnown() || list.IsNull() || !list.CanIterateElements() || list.LengthInt() == 0 {
		return piece{}, false, false
	}
	index := cty.IndexStep{Key: cty.NumberIntVal(int64(i % list.LengthInt()))}
	return piece{expr: args[0], rest: append(cty.Path{index}, at...)}, true, true
}

// --- defaults of types

// typeDefault returns where the type of a variable gives the omitted or null part of
// its value: "optional(bool, false)". False: the type gives none.
func (sc *scope) typeDefault(name string, decl *block, given bool, at cty.Path) (hcl.Range, bool) {
	typ := decl.body.attr("type")
	if typ == nil || len(at) == 0 {
		return hcl.Range{}, false
	}
	if _, defaults := sc.typeOf(decl); defaults == nil {
		return hcl.Range{}, false
	}
	v := cty.NilVal
	if given {
		v = sc.given(name)
	} else if a := decl.body.attr("default"); a != nil {
		v = sc.evalDefault(a.expr)
	}
	if v == cty.NilVal {
		return hcl.Range{}, false
	}
	has := 0 // the steps of the path that the value has
	for ; has < len(at); has++ {
		part, ok := valueAt(v, at[:has+1])
		if part != cty.NilVal && !part.IsKnown() {
			return hcl.Range{}, false
		}
		if !ok || part.IsNull() {
			break
		}
	}
	if has == len(at) {
		return hcl.Range{}, false
	}
	return optional(typ.expr, at, has)
}

// optional returns the default that the type gives for the end of a path, of which
// the value has the given number of steps.
func optional(typ hcl.Expression, at cty.Path, has int) (hcl.Range, bool) {
	if known, ok := typ.(*unknownCall); ok { // the words of types are not functions
		typ = known.FunctionCallExpr
	}
	call, ok := typ.(*hclsyntax.FunctionCallExpr)
	if !ok || len(call.Args) == 0 {
		return hcl.Range{}, false
	}
	switch call.Name {
	case "optional":
		rng, found := hcl.Range{}, false
		if len(call.Args) == 2 && has < 0 {
			p := spot{}.narrow(piece{expr: call.Args[1], rng: call.Args[1].Range(), rest: at})
			if rng, found = p.rng, true; len(at) > 0 && len(p.rest) == 0 {
				return rng, true
			}
		}
		if inner, ok := optional(call.Args[0], at, has); ok {
			return inner, true
		}
		return rng, found
	case "object":
		if p, ok := (spot{}).part(call.Args[0], firstStep(at)); ok {
			return optional(p.expr, at[1:], has-1)
		}
	case "map", "list", "set":
		if len(at) > 0 {
			return optional(call.Args[0], at[1:], has-1)
		}
	}
	return hcl.Range{}, false
}

func firstStep(at cty.Path) cty.PathStep {
	if len(at) == 0 {
		return nil
	}
	return at[0]
}
