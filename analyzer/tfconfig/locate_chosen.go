package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// Of several places that could have given a value, these find the one that did.

// A piece is what is left of an expression when a path has been followed into
// it, as far as it is written out.
type piece struct {
	name string    // that the piece is assigned to; empty: it is an element of a list
	rng  hcl.Range // name = expression
	expr hcl.Expression
	rest cty.Path
}

// written is the piece of an attribute's value that stands at a path.
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
		for i := len(pairs) - 1; i >= 0 && !diags.HasErrors(); i-- { // the last of a name wins
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

// key is the key of an item of an object; empty where it is not known.
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

// call goes on with the argument whose value a function gave. Another function
// than these is taken as any expression.
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

// chosen is the argument that gave the value at a path, with the path in it.
// Plain says that another value in its place would have been given just so.
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

// firstOf is the first argument that is taken. One that cannot be judged ends
// the search.
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

// lookup takes the element, or the default where the map has none.
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
	if _, has := pick(m, cty.Path{step}); has {
		return piece{expr: args[0], rest: append(cty.Path{step}, at...)}, true, true
	}
	if len(args) == 2 {
		return piece{}, false, false
	}
	return piece{expr: args[2], rest: at}, false, true
}

// merged is the last of the maps that has the key.
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
		if _, has := pick(values[i], at[:1]); has {
			return maps[i], true, true
		}
	}
	return piece{}, false, false
}

// joined is the list that has the element.
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

// wrapped is the element of a list whose index wraps around.
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

// typeDefault is where the type of a variable gives the part of its value that
// is left out, or null: "optional(bool, false)". False: it does not.
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
	has := 0 // how much of the path the value has
	for ; has < len(at); has++ {
		part, ok := pick(v, at[:has+1])
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

// optional is the default in a type for the end of a path, of which the value
// has so many steps.
func optional(typ hcl.Expression, at cty.Path, has int) (hcl.Range, bool) {
	if known, ok := typ.(*unknownCall); ok { // the words of types are no functions
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
