package analyzer

import (
	"slices"
)

// A quantifier applies a condition to one element of a repeated block, so that
// a port and a range are judged on the same rule.
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

// Each holds where every element of the block meets the condition, and where
// there is no element. For an open list it fails where a known element fails
// and is unknown otherwise.
func Each(block string, cond Cond) Cond { return quantifier{each, ParsePath(block), cond} }

// Some holds where an element of the block meets the condition. It fails where
// there is no element.
func Some(block string, cond Cond) Cond { return quantifier{some, ParsePath(block), cond} }

// None holds where no element of the block meets the condition, and where there
// is no element. Each element that meets it is a separate failure.
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

// empty is the outcome where there is no element, at the block or where the
// block would be.
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

// gathered is the outcome of the elements so far. Its witnesses are copied
// once, not for each element, when it owns them.
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

// replace keeps the outcome where the other outcome has the same witnesses.
func (g *gathered) replace(o Outcome) {
	same := len(o.Witnesses) > 0 && len(o.Witnesses) == len(g.Witnesses) && &o.Witnesses[0] == &g.Witnesses[0]
	g.Outcome, g.own = o, g.own && same
}

// add joins the outcome of an element. Each failing element is a separate
// failure, and each unknown element makes the outcome unknown.
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

// repair is nil: a row cannot name the path of an element, so only a block that
// occurs once can be repaired, and its row uses no quantifier.
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

// Func is the open door of the closed set: a condition in Go, for languages
// (policy documents), arithmetic (address ranges) and walks over several
// resources. It declares what it reads and returns an Outcome with the path
// that decided, so that everything but repair works as for a row.
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
