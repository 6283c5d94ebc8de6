package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/budget"
)

// Traces evaluate expressions again, in their own scope, within a budget of their
// own.

// A spot is the position of an expression: its scope, the iteration, and the
// variables of "for" expressions around it.
type spot struct {
	sc   *scope
	it   *iteration
	vars *binding
}

// A binding is a variable of a "for" expression.
type binding struct {
	name   string
	value  cty.Value
	expr   hcl.Expression // the collection
	at     cty.Path       // the element
	key    bool           // the element's key
	secret bool           // keys of the collection must not be shown
	in     spot
	outer  *binding
}

func (b *binding) named(name string) *binding {
	for ; b != nil; b = b.outer {
		if b.name == name {
			return b
		}
	}
	return nil
}

// eval evaluates an expression again; false: it is in error.
func (s spot) eval(expr hcl.Expression) (cty.Value, bool) {
	v, ok := s.value(expr)
	v, _ = v.Unmark()
	return v, ok
}

// An evaluation is the result of an expression in a trace, and its cost.
type evaluation struct {
	value cty.Value
	ok    bool
	price int
}

type evaluationKey struct {
	expr hcl.Expression
	s    spot
}

// mostEvaluations is the number of evaluations that traces keep: many traces share a
// condition.
const mostEvaluations = 256

// value evaluates an expression, or returns the result of an earlier trace. The cost
// is the same, so that a trace does not depend on earlier traces.
func (s spot) value(expr hcl.Expression) (cty.Value, bool) {
	ev, key := s.sc.ev, evaluationKey{expr, s}
	if known, ok := ev.again[key]; ok {
		ev.budget.Spend(known.price)
		return known.value, known.ok
	}
	before := ev.budget.Left()
	v, diags := expr.Value(s.vars.context(s.sc.context(s.it)))
	if ev.budget.Over() {
		return v, !diags.HasErrors()
	}
	if ev.again == nil || len(ev.again) == mostEvaluations {
		ev.again = map[evaluationKey]evaluation{}
	}
	ev.again[key] = evaluation{v, !diags.HasErrors(), int(before - ev.budget.Left())}
	return v, !diags.HasErrors()
}

// evalSecret is eval; secret: the value must not be shown.
func (s spot) evalSecret(expr hcl.Expression) (v cty.Value, secret, ok bool) {
	v, ok = s.value(expr)
	secret = isSecret(v)
	v, _ = v.Unmark()
	return v, secret, ok
}

func (b *binding) context(ctx *hcl.EvalContext) *hcl.EvalContext {
	if b == nil {
		return ctx
	}
	ctx = b.outer.context(ctx).NewChild()
	ctx.Variables = map[string]cty.Value{b.name: b.value}
	return ctx
}

// mostElements bounds the number of elements that the search for one examines.
const mostElements = 1000

// element returns the spot of a "for" expression's body in the iteration that made
// the element at the path.
func (s spot) element(e *loop, at cty.Path) (spot, bool) {
	if len(at) == 0 || e.Group {
		return spot{}, false
	}
	inner, ok := s.sc.ev.turnsOf(e, s)[analyzer.FormatPath(at[:1])]
	return inner, ok
}

// turns are the spots of the iterations of a "for" expression, by the step to the
// element that each made. Nil: they cannot be determined.
type turns map[string]spot

// A turnsKey is a "for" expression at its position.
type turnsKey struct {
	e *loop
	s spot
}

// mostTurns is the number of "for" expressions whose turns are kept: each finding in
// an element of one asks for the same turns.
const mostTurns = 8

// turnsOf computes the turns of a "for" expression within the bounds of a trace of
// their own, so that they do not depend on which trace asks first.
func (ev *evaluator) turnsOf(e *loop, s spot) turns {
	key := turnsKey{e, s}
	if known, ok := ev.turns[key]; ok {
		return known
	}
	defer func(whole budget.Budget) { *ev.budget = whole }(*ev.budget)
	*ev.budget = *budget.New(ev.trace)
	found := s.turns(e)
	if ev.budget.Over() {
		found = nil
	}
	if ev.turns == nil || len(ev.turns) == mostTurns {
		ev.turns = map[turnsKey]turns{}
	}
	ev.turns[key] = found
	return found
}

func (s spot) turns(e *loop) turns {
	coll, secret, ok := s.evalSecret(e.CollExpr)
	if !ok || !coll.IsKnown() || coll.IsNull() || !coll.CanIterateElements() || coll.Type().IsSetType() || coll.LengthInt() > mostElements {
		return nil
	}
	found := turns{}
	for n, it := 0, coll.ElementIterator(); it.Next(); {
		key, val := it.Element()
		inner := s.turn(e, key, val)
		inner.vars.secret = secret
		if e.CondExpr != nil {
			if keep, ok := inner.eval(e.CondExpr); !ok || !keep.RawEquals(cty.True) {
				continue
			}
		}
		made := cty.NumberIntVal(int64(n))
		if e.KeyExpr != nil {
			made, _ = inner.eval(e.KeyExpr)
		}
		if step := keyStep(made); step != nil {
			name := analyzer.FormatPath(cty.Path{step})
			if _, twice := found[name]; !twice {
				found[name] = inner
			}
		}
		n++
	}
	return found
}

func (s spot) turn(e *loop, key, val cty.Value) spot {
	inner, at := s, cty.Path{keyStep(key)}
	if e.KeyVar != "" {
		inner.vars = &binding{name: e.KeyVar, value: key, expr: e.CollExpr, at: at, key: true, in: s, outer: inner.vars}
	}
	inner.vars = &binding{name: e.ValVar, value: val, expr: e.CollExpr, at: at, in: s, outer: inner.vars}
	return inner
}
