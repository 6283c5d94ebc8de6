package analyzer

import "strings"

// A related condition is about companions: other resources in the root that
// name this one, or that it names.
type related struct {
	typ    string
	by     Path   // attribute of the companion, or of the subject
	name   string // by, as a row writes it
	cond   Cond   // nil: a companion exists
	target bool   // the subject names the companion
}

// Related holds where a resource of the type, whose attribute by names this
// one, meets the condition; a nil condition only requires that there is one. It
// is unknown where the link is uncertain, or where companions may be out of
// sight.
func Related(typ, by string, cond Cond) Cond {
	return related{typ: typ, by: ParsePath(by), name: by, cond: cond}
}

// Target holds where the attribute names a resource of the type that meets the
// condition. It fails where the attribute is unset and is unknown where it
// names something that this configuration does not manage.
func Target(path, typ string, cond Cond) Cond {
	return related{typ: typ, by: ParsePath(path), name: path, cond: cond, target: true}
}

// Unrelated holds where no resource of the type, whose attribute by names this
// one, meets the condition; a nil condition requires that there is none.
// Companions out of sight are ignored: unlike the negation of Related, it also
// holds in a library, whose callers may add companions.
func Unrelated(typ, by string, cond Cond) Cond {
	return unrelated{related{typ: typ, by: ParsePath(by), name: by, cond: cond}}
}

type unrelated struct{ related }

func (c unrelated) judge(v *View) Outcome {
	out, _ := c.judgeLinks(v, v.Companions(c.typ, c.name))
	return out.breach()
}

func (c unrelated) String() string { return "no " + strings.TrimPrefix(c.related.String(), "a ") }

func (c related) judge(v *View) Outcome {
	if c.target {
		return c.judgeTarget(v)
	}
	links := v.Companions(c.typ, c.name)
	out, definite := c.judgeLinks(v, links)
	if out.Verdict != Fail || definite {
		return out
	}
	if causes := v.res.Root.elsewhere(v.res); len(causes) > 0 {
		return v.UnknownBecause(causes...)
	}
	return out
}

func (c related) judgeTarget(v *View) Outcome {
	l := v.attr(c.by)
	if l.Null() || l.present() == Fail {
		return l.outcome(Fail)
	}
	links := v.Targets(c.name, c.typ)
	if len(links) == 0 {
		return unmanaged(l, c.typ)
	}
	out, _ := c.judgeLinks(v, links)
	return out
}

// unmanaged is the unknown outcome of a value that names nothing in this root.
func unmanaged(l Leaf, typ string) Outcome {
	w := l.witness(Unknown)
	if len(w.Because) == 0 {
		w.Because = []Cause{{Kind: CauseState, Name: "a " + typ + " that this configuration does not manage"}}
	}
	return Outcome{Verdict: Unknown, Witnesses: []Witness{w}}
}

// judgeLinks is the best outcome of the links. If no definite link fails, the
// witness is the subject's block, where a companion is missing.
func (c related) judgeLinks(v *View, links []Link) (out Outcome, definite bool) {
	out = Outcome{Verdict: Fail}
	for _, l := range links {
		if l.crowd {
			out = out.Or(l.unknown())
		}
		o := c.judgeOne(v, l)
		if l.Possible && o.Verdict == Pass {
			o = l.unknown()
		}
		if l.Possible && o.Verdict == Fail {
			continue
		}
		definite = definite || !l.Possible
		out = out.Or(o)
	}
	if out.Witnesses == nil {
		out.Witnesses = v.Fail(v.Here()).Witnesses
	}
	return out, definite
}

func (c related) judgeOne(v *View, l Link) Outcome {
	companion := v.on(l.Resource)
	if c.cond == nil {
		return companion.Pass(companion.Here())
	}
	return c.cond.judge(companion)
}

// unknown is the outcome of a companion that may belong to another resource.
func (l Link) unknown() Outcome {
	leaf := Leaf{Of: l.By, At: l.Via}
	w := Witness{Of: l.By, At: l.Via, Because: leaf.Of.CausesAt(l.Via)}
	if len(w.Because) == 0 {
		w.Because = []Cause{{Kind: CauseOther, Name: l.By.Address + " may belong to another"}}
	}
	return Outcome{Verdict: Unknown, Witnesses: []Witness{w}}
}

func (c related) reads(at Path) []Read {
	if c.target {
		reads := []Read{{Path: join(at, c.by)}}
		return append(reads, readsAs(c.typ, c.cond)...)
	}
	return append([]Read{{Type: c.typ, Path: c.by, Repeated: true}}, readsAs(c.typ, c.cond)...)
}

func readsAs(typ string, cond Cond) []Read {
	if cond == nil {
		return nil
	}
	reads := cond.reads(nil)
	for i := range reads {
		if reads[i].Type == "" {
			reads[i].Type = typ
		}
	}
	return reads
}

func (c related) repair(Path) []Assign { return nil }

func (c related) String() string {
	says := "a " + c.typ + " refers to it by " + c.name
	if c.target {
		says = c.name + " names a " + c.typ
	}
	if c.cond != nil {
		says += " in which " + c.cond.String()
	}
	return says
}

// --- the account

type exists struct {
	typ  string
	cond Cond
	fact string
}

// Exists is a condition on the account: it holds where the root manages a
// resource of the type that meets the condition, in the same provider
// configuration if the subject is one. It fails where all such resources fail.
// It is unknown where there is none, as another configuration may manage it. An
// account fact with this id makes it hold.
func Exists(typ string, cond Cond, fact string) Cond { return exists{typ, cond, fact} }

func (c exists) judge(v *View) Outcome {
	if f := v.Fact(c.fact); f != nil {
		return Outcome{Verdict: Pass, Witnesses: []Witness{{Of: v.res, At: v.at, Fact: f}}}
	}
	out, found := Outcome{Verdict: Fail}, false
	for _, r := range v.All(c.typ) {
		if v.res.Mode == Account && r.Provider.Config != v.res.Provider.Config {
			continue
		}
		found = true
		companion := v.on(r)
		if c.cond == nil {
			return companion.Pass(companion.Here())
		}
		out = out.Or(c.cond.judge(companion))
	}
	if found {
		return out
	}
	return v.UnknownBecause(Cause{Kind: CauseAccount, Name: "no " + c.typ + " in this configuration"})
}

func (c exists) reads(Path) []Read {
	return append([]Read{{Type: c.typ}}, readsAs(c.typ, c.cond)...)
}
func (c exists) repair(Path) []Assign { return nil }

func (c exists) String() string {
	says := "this configuration has a " + c.typ
	if c.cond != nil {
		says += " in which " + c.cond.String()
	}
	return says
}

// accountResources lists the resources that an Exists condition would judge.
func (v *View) accountResources(c Cond) []*Resource {
	if e, ok := c.(exists); ok {
		return v.All(e.typ)
	}
	return nil
}

// IsChoice reports whether there may be several ways to make a condition hold.
func IsChoice(c Cond) bool {
	switch c := c.(type) {
	case nil, attrCond:
		return false
	case quantifier:
		return IsChoice(c.cond)
	case related:
		return IsChoice(c.cond)
	case unrelated:
		return IsChoice(c.cond)
	case exists:
		return IsChoice(c.cond)
	case all:
		for _, cond := range c {
			if IsChoice(cond) {
				return true
			}
		}
		return false
	case negation:
		_, simple := c.cond.(attrCond)
		return !simple
	}
	return true
}
