package analyzer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// A View is the input of a condition: one resource, or one element of a
// repeated block in it, within its root. A Func uses nothing but its exported
// methods.
type View struct {
	world *World
	res   *Resource
	base  cty.Value
	at    cty.Path
}

// on is the view of another resource in the same world.
func (v *View) on(r *Resource) *View { return v.world.View(r) }

// Of is the view of a linked resource.
func (v *View) Of(r *Resource) *View { return v.on(r) }

// Resource is the resource of the view.
func (v *View) Resource() *Resource { return v.res }

// Prior is the view of the resource before the plan; nil from source and where
// there was none.
func (v *View) Prior() *View {
	if v.res.Prior == nil {
		return nil
	}
	return v.world.View(v.res.Prior)
}

// A Leaf is a value with its resource and path. Value is null where it is unset
// and no default is known.
type Leaf struct {
	Value   cty.Value
	Of      *Resource
	At      cty.Path
	Set     bool     // written, or known to be set
	Default *Default // the provider default that gave the value
	Fact    *Fact    // the account fact that gave it
}

// Known reports whether the whole value is known.
func (l Leaf) Known() bool { return l.Value.IsWhollyKnown() }

// Secret reports whether the value, or a part of it, must not be shown.
func (l Leaf) Secret() bool { return len(l.At) > 0 && l.Of.Secret(l.At) }

// Name is the last name on the path of the value, concealed where it must not
// be shown.
func (l Leaf) Name() string {
	at := Conceal(l.At, l.Of.Sensitive)
	for i := len(at) - 1; i >= 0; i-- {
		if name, named := nameOf(at[i]); named {
			return name
		}
	}
	return ""
}

// Null reports whether the value is known to be unset.
func (l Leaf) Null() bool { return l.Value.IsKnown() && l.Value.IsNull() }

// Attr finds the value at a path, given as a row writes it, relative to the
// view. Blocks on the path must occur at most once: the value is unknown if a
// block occurs several times, or may or may not exist. An unset value is
// completed from the defaults table.
func (v *View) Attr(path string) Leaf { return v.attr(ParsePath(path)) }

func (v *View) attr(path Path) Leaf {
	val, at := v.base, v.at
	for i, name := range path {
		val, at = single(val, at)
		if !val.IsKnown() {
			return v.leaf(cty.DynamicVal, Extend(at, path[i:]))
		}
		if val.IsNull() {
			return v.leaf(val, Extend(at, path[i:]))
		}
		if i == 0 && v.at == nil {
			val = v.res.Field(name)
		} else {
			val = step(val, name)
		}
		at = AttrStep(at, name)
	}
	return v.leaf(val, at)
}

// leaf completes an unset value from the defaults table.
func (v *View) leaf(val cty.Value, at cty.Path) Leaf {
	l := Leaf{Value: val, Of: v.res, At: at, Set: true}
	if !val.IsKnown() || !val.IsNull() {
		return l
	}
	l.Set = false
	if d := v.world.defaultOf(v.res.Type, Names(at)); d != nil && v.res.Mode == Managed {
		v.applyDefault(&l, d)
	}
	return l
}

// Extend is a path with names added.
func Extend(at cty.Path, path Path) cty.Path {
	for _, name := range path {
		at = AttrStep(at, name)
	}
	return at
}

// single steps into a sequence of one element. Several elements, or an open
// tail, give an unknown value.
func single(val cty.Value, at cty.Path) (cty.Value, cty.Path) {
	if !val.IsKnown() || val.IsNull() || !isSequence(val.Type()) {
		return val, at
	}
	switch val.LengthInt() {
	case 0:
		return cty.NullVal(cty.DynamicPseudoType), at
	case 1:
		return val.Index(cty.Zero), indexStep(at, 0)
	}
	return cty.DynamicVal, at
}

func step(val cty.Value, name string) cty.Value {
	t := val.Type()
	switch {
	case t.IsObjectType():
		if _, ok := t.AttributeTypes()[name]; ok { // HasAttribute would normalize the name each time
			return val.GetAttr(name)
		}
	case t.IsMapType():
		key := cty.StringVal(name)
		if val.HasIndex(key).True() {
			return val.Index(key)
		}
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func isSequence(t cty.Type) bool { return t.IsTupleType() || t.IsListType() || t.IsSetType() }

// Elements are the views of the elements of a repeated block, or of a list of
// objects, at a path. Open means that there may be more elements; an unknown
// list is open and has no elements. Paths may pass through further repeated
// blocks.
func (v *View) Elements(path string) (elements []*View, open bool) {
	return v.elements(ParsePath(path))
}

func (v *View) elements(path Path) (elements []*View, open bool) {
	if len(path) == 0 {
		return v.spread(v.base, v.at)
	}
	if !v.base.IsKnown() {
		return nil, true
	}
	if v.base.IsNull() {
		return nil, false
	}
	val, at := step(v.base, path[0]), AttrStep(v.at, path[0])
	if v.at == nil {
		val = v.res.Field(path[0])
	}
	if len(path) == 1 {
		return v.spread(val, at)
	}
	inner, open := v.spread(val, at)
	for _, e := range inner {
		deeper, more := e.elements(path[1:])
		elements, open = append(elements, deeper...), open || more
	}
	return elements, open
}

func (v *View) spread(val cty.Value, at cty.Path) (elements []*View, open bool) {
	switch {
	case !val.IsKnown():
		return nil, true
	case val.IsNull():
		return nil, false
	case !isSequence(val.Type()):
		return []*View{{v.world, v.res, val, at}}, false
	}
	i := 0
	for it := val.ElementIterator(); it.Next(); i++ {
		_, e := it.Element()
		if !e.IsKnown() && e.Type() == cty.DynamicPseudoType {
			open = true
			continue
		}
		elements = append(elements, &View{v.world, v.res, e, indexStep(at, i)})
	}
	return elements, open
}

// Memo keeps the result of build for the resource under a key for the life of
// the world, so that several checks share one computation on the same values.
// The key must be comparable, and of a type of the caller's own. Build must
// depend on nothing but the resource; it may be called twice.
func (v *View) Memo(key any, build func() any) any {
	k := memoKey{v.res, key}
	if made, ok := v.world.memos.Load(k); ok {
		return made
	}
	made, _ := v.world.memos.LoadOrStore(k, build())
	return made
}

type memoKey struct {
	res *Resource
	key any
}

// At is the path of the view in its resource; nil for the whole resource.
func (v *View) At() cty.Path { return v.at }

// Value is the value of the view: the whole resource, or the element.
func (v *View) Value() cty.Value { return v.base }

// Strings collects the strings at a path, which may pass through repeated
// blocks and end in a list. Open means that some strings are unknown or may be
// missing.
func (v *View) Strings(path string) (leaves []Leaf, open bool) {
	p := ParsePath(path)
	views, open := []*View{v}, false
	if len(p) > 1 {
		views, open = v.elements(p[:len(p)-1])
	}
	for _, e := range views {
		found, more := e.strings(p[len(p)-1])
		leaves, open = append(leaves, found...), open || more
	}
	return leaves, open
}

func (v *View) strings(name string) (leaves []Leaf, open bool) {
	l := v.attr(Path{name})
	switch {
	case !l.Value.IsKnown():
		return nil, true
	case l.Value.IsNull():
		return nil, false
	case !isSequence(l.Value.Type()):
		return []Leaf{l}, false
	}
	i := 0
	for it := l.Value.ElementIterator(); it.Next(); i++ {
		_, e := it.Element()
		if e.IsKnown() && e.IsNull() {
			continue
		}
		if !e.IsKnown() {
			open = true
			continue
		}
		leaves = append(leaves, Leaf{Value: e, Of: v.res, At: indexStep(l.At, i), Set: true})
	}
	return leaves, open
}

// All lists the resources of a type in the same root, except deleted ones.
func (v *View) All(typ string) []*Resource {
	var alive []*Resource
	for _, r := range v.res.Root.ofType(typ) {
		if r.Exists() {
			alive = append(alive, r)
		}
	}
	return alive
}

// Pass, Fail and Unknown make the outcome of a Func, with the leaf that
// decided as its witness.
func (v *View) Pass(l Leaf) Outcome { return l.outcome(Pass) }

// Fail is the outcome of a leaf that does not hold.
func (v *View) Fail(l Leaf) Outcome { return l.outcome(Fail) }

// FailSaying is Fail with its own sentence in place of the check's message.
func (v *View) FailSaying(l Leaf, says string) Outcome {
	o := l.outcome(Fail)
	o.Witnesses[0].Says = Brief(says)
	return o
}

// FailNaming is FailSaying with a sentence that does not contain the leaf's
// value, so that it is shown even for a secret value.
func (v *View) FailNaming(l Leaf, says string) Outcome {
	o := v.FailSaying(l, says)
	o.Witnesses[0].Named = true
	return o
}

// Unknown is the outcome of a leaf whose unknown value prevents a verdict.
func (v *View) Unknown(l Leaf) Outcome { return l.outcome(Unknown) }

// UnknownBecause is an unknown outcome with causes that belong to no value.
func (v *View) UnknownBecause(causes ...Cause) Outcome {
	return Outcome{Verdict: Unknown, Witnesses: []Witness{{Of: v.res, At: v.at, Because: causes}}}
}

// Here is the view itself as a leaf: the block, or the element.
func (v *View) Here() Leaf { return Leaf{Value: v.base, Of: v.res, At: v.at, Set: true} }

func (l Leaf) outcome(verdict Verdict) Outcome {
	return Outcome{Verdict: verdict, Witnesses: []Witness{l.witness(verdict)}}
}

func (l Leaf) witness(verdict Verdict) Witness {
	w := Witness{Of: l.Of, At: l.At, Default: l.Default, Fact: l.Fact}
	if verdict != Unknown {
		return w
	}
	w.Because = l.Of.CausesAt(l.At)
	if l.Default != nil && !l.Set {
		w.Because = append(w.Because, Cause{Kind: CauseProvider, Name: "the provider chooses " + Names(l.At).String()})
	}
	return w
}

func (v *View) valueAt(at cty.Path) cty.Value {
	val, err := at.Apply(v.base)
	if err != nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return val
}

// ShownAt is the value at a path in words. For an unknown value it lists the
// candidates.
func (v *View) ShownAt(at cty.Path) string {
	var words []string
	for _, val := range append([]cty.Value{v.valueAt(at)}, v.res.choices(at)...) {
		if s := shown(val); s != "" && !slices.Contains(words, s) {
			words = append(words, s)
		}
	}
	return strings.Join(words, " or ")
}

// shown is a value in words; empty where it is not a plain value.
func shown(v cty.Value) string {
	if v.IsKnown() && v.IsNull() {
		return "null"
	}
	if !v.IsKnown() || !v.Type().IsPrimitiveType() {
		return ""
	}
	const longest = 80
	if v.Type() == cty.String {
		if s := v.AsString(); len(s) > utf8.UTFMax*longest {
			v = cty.StringVal(s[:utf8.UTFMax*longest]) // quoting more would be wasted work
		}
	}
	s := say(v)
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest-1]) + "…"
	}
	return s
}
