package analyzer

import "github.com/zclconf/go-cty/cty"

type actionCond []Action

// ActionIs holds where the plan does one of these actions to the resource.
// Source alone always creates.
func ActionIs(actions ...Action) Cond { return actionCond(actions) }

func (c actionCond) judge(v *View) Outcome {
	for _, a := range c {
		if v.res.Action == a {
			return v.Pass(v.Here())
		}
	}
	return v.Fail(v.Here())
}

func (c actionCond) reads(Path) []Read { return nil }

func (c actionCond) repair(Path) []Assign { return nil }

func (c actionCond) String() string {
	words := make([]cty.Value, len(c))
	for i, a := range c {
		words[i] = cty.StringVal(string(a))
	}
	return "the plan's action is " + sayList(words, " or ")
}

type wasCond struct{ cond Cond }

// Was holds where the condition held before the plan. It does not hold where
// the resource has no prior state.
func Was(c Cond) Cond { return wasCond{c} }

func (c wasCond) judge(v *View) Outcome {
	prior := v.Prior()
	if prior == nil {
		return v.Fail(v.Here())
	}
	return c.cond.judge(prior)
}

func (c wasCond) reads(at Path) []Read { return c.cond.reads(at) }

func (c wasCond) repair(Path) []Assign { return nil }

func (c wasCond) String() string { return "before this plan, " + c.cond.String() }

type replacedByCond struct{ path Path }

// ReplacedBy holds where a change at the path forces the replacement.
func ReplacedBy(path string) Cond { return replacedByCond{ParsePath(path)} }

func (c replacedByCond) judge(v *View) Outcome {
	for _, p := range v.res.ReplacedBy {
		if Names(p).String() == c.path.String() {
			return v.Pass(Leaf{Of: v.res, At: p, Value: cty.DynamicVal, Set: true})
		}
	}
	return v.Fail(v.Here())
}

func (c replacedByCond) reads(at Path) []Read { return []Read{{Path: join(at, c.path)}} }

func (c replacedByCond) repair(Path) []Assign { return nil }

func (c replacedByCond) String() string { return c.path.String() + " forces the replacement" }

// JudgesDeletes reports whether the check is about what a plan destroys.
func (c *Check) JudgesDeletes() bool { return mentionsDelete(c.When) }

func mentionsDelete(c Cond) bool {
	switch c := c.(type) {
	case actionCond:
		for _, a := range c {
			if a == Delete {
				return true
			}
		}
	case all:
		return anyMentionsDelete(c)
	case anyOf:
		return anyMentionsDelete(c)
	}
	return false
}

func anyMentionsDelete(conds []Cond) bool {
	for _, c := range conds {
		if mentionsDelete(c) {
			return true
		}
	}
	return false
}
