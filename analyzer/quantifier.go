package analyzer

import (
	"slices"
)

// A quantifier scopes a condition to one element of a repeated block, so that
// a port and a range are asked of the same rule.
type quantifier struct {
	kind quantity
	path Path
	cond Cond
}

type quantity int8

const (
	each quantity = iota
	some
	none
)

// Each holds where every element of the block meets the condition. Without an
// element it holds. Over an open list it fails where a known element fails and
// is unknown otherwise.
func Each(block string, cond Cond) Cond { return quantifier{each, ParsePath(block), cond} }

// Some holds where an element of the block meets the condition. Without an
// element it fails.
func Some(block string, cond Cond) Cond { return quantifier{some, ParsePath(block), cond} }

// None holds where no element of the block meets the condition. Without an
// element it holds. Each element that does is a failure of its own.
func None(block string, cond Cond) Cond { return quantifier{none, ParsePath(block), cond} }

func (q quantifier) judge(v *View) Outcome {
	elements, open := v.elements(q.path)
	sum := gathered{Outcome: q.empty(v)}
	for _, e := range elements {
		q.add(&sum, q.cond.judge(e))
	}
	out := sum.Outcome
	if !open || q.decided(out) {
		return out
	}
	at := Extend(v.at, q.path)
	hidden := Witness{Of: v.res, At: at, Because: v.res.causesBelow(at)}
	if out.Verdict != Unknown {
		out.Witnesses = nil
	}
	return Outcome{Verdict: Unknown, Witnesses: append(out.Witnesses, hidden)}
}

// empty is the outcome without an element, at the block or where it would be.
func (q quantifier) empty(v *View) Outcome {
	out := Outcome{Verdict: Pass, Witnesses: []Witness{{Of: v.res, At: Extend(v.at, q.path)}}}
	if q.kind == some {
		out.Verdict = Fail
	}
	return out
}

// decided reports whether no further element could change the outcome.
func (q quantifier) decided(out Outcome) bool {
	if q.kind == some {
		return out.Verdict == Pass
	}
	return out.Verdict == Fail
}

// gathered is an outcome of elements so far. Its witnesses are copied once, not
// for each element, when it owns them.
type gathered struct {
	Outcome
	own bool
}

func (g *gathered) take(more []Witness) {
	if !g.own {
		g.Witnesses, g.own = slices.Clone(g.Witnesses), true
	}
	g.Witnesses = append(g.Witnesses, more...)
}

// replace leaves the outcome as it is where the other has the same witnesses.
func (g *gathered) replace(o Outcome) {
	same := len(o.Witnesses) > 0 && len(o.Witnesses) == len(g.Witnesses) && &o.Witnesses[0] == &g.Witnesses[0]
	g.Outcome, g.own = o, g.own && same
}

// add joins the outcome of an element. Each that fails is a failure of its own,
// and each that is unknown hides the outcome.
func (q quantifier) add(sum *gathered, o Outcome) {
	if q.kind == none {
		o = o.breach()
	}
	alike := o.Verdict == sum.Verdict && sum.Witnesses != nil
	switch {
	case alike && (o.Verdict == Unknown || o.Verdict == Fail && q.kind != some):
		sum.take(o.Witnesses)
	case q.kind == some:
		sum.replace(sum.Or(o))
	default:
		sum.replace(sum.And(o))
	}
}

func (q quantifier) reads(at Path) []Read {
	path := join(at, q.path)
	return append([]Read{{Path: path, Want: BlockKind, Repeated: true}}, q.cond.reads(path)...)
}

// An element has no path that a row could name, so only a block that occurs
// once can be repaired; the row then uses no quantifier.
func (q quantifier) repair(Path) []Assign { return nil }

func (q quantifier) String() string {
	switch q.kind {
	case each:
		return "in each " + q.path.String() + ", " + q.cond.String()
	case some:
		return "in some " + q.path.String() + ", " + q.cond.String()
	}
	return "in no " + q.path.String() + ", " + q.cond.String()
}

// Func is the open door of the closed set: a condition in Go, for what is a
// language (policy documents), arithmetic (address ranges) or a walk over
// several resources. It declares what it reads and returns an Outcome with the
// place that decided, so that everything but repair is as for a row.
type Func struct {
	Says  string // "no statement allows every action on every resource"
	Reads []Read
	Judge func(*View) Outcome
}

func (f Func) judge(v *View) Outcome { return f.Judge(v) }

func (f Func) reads(at Path) []Read {
	reads := make([]Read, len(f.Reads))
	for i, r := range f.Reads {
		if r.Type == "" {
			r.Path = join(at, r.Path)
		}
		reads[i] = r
	}
	return reads
}

func (f Func) repair(Path) []Assign { return nil }
func (f Func) String() string       { return f.Says }

// --- changes
