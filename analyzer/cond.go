package analyzer

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Cond is a closed set of conditions on a resource, so that each can be
// judged, located, validated, repaired and said. Func is its one open door.
type Cond interface {
	judge(*View) Outcome
	// reads lists the types and paths that the condition consults, with paths
	// from the resource: at is the condition's own path. A test compares them
	// with the provider's schema.
	reads(at Path) []Read
	// repair is the edit that makes the condition hold; nil where no single
	// edit does.
	repair(at Path) []Assign
	String() string
}

// A Read is a type and path that a condition consults.
type Read struct {
	Type     string // empty: the types that the check is on
	Path     Path
	Want     Kind // what the condition can judge there
	Repeated bool // read by a quantifier: may be a repeated block
}

// Kind is the kind of value that a condition expects.
type Kind int8

const (
	AnyKind Kind = iota
	BoolKind
	NumberKind
	StringKind
	BlockKind
)

// Judge judges a condition on a view, for Funcs that build on other conditions.
func (v *View) Judge(c Cond) Outcome { return c.judge(v) }

// --- attributes

// An Attribute is a path whose value a condition is about.
type Attribute struct{ path Path }

// Attr names an attribute by its path from the resource, or inside a
// quantifier from the element: "storage_encrypted",
// "metadata_options.http_tokens". The empty path is the element itself.
func Attr(path string) Attribute { return Attribute{ParsePath(path)} }

// True holds where the value is true.
func (a Attribute) True() Cond { return attrCond{a.path, predTrue, nil} }

// False holds where the value is false. An unset value without a row in the
// defaults table is not false.
func (a Attribute) False() Cond { return attrCond{a.path, predFalse, nil} }

// Present holds where a value is set: not null, not "", not an empty
// collection. An unknown value that is only the id or arn of a managed resource
// is present.
func (a Attribute) Present() Cond { return attrCond{a.path, predPresent, nil} }

// Equals holds where the value is the given one: a string, an int or a bool.
func (a Attribute) Equals(want any) Cond {
	return attrCond{a.path, predEqual, []cty.Value{ctyOf(want)}}
}

// OneOf holds where the value is one of the given values.
func (a Attribute) OneOf(want ...any) Cond {
	vals := make([]cty.Value, len(want))
	for i, w := range want {
		vals[i] = ctyOf(w)
	}
	return attrCond{a.path, predOneOf, vals}
}

// AtLeast holds where the number is not smaller.
func (a Attribute) AtLeast(min int) Cond {
	return attrCond{a.path, predAtLeast, []cty.Value{ctyOf(min)}}
}

// AtMost holds where the number is not larger.
func (a Attribute) AtMost(max int) Cond { return attrCond{a.path, predAtMost, []cty.Value{ctyOf(max)}} }

// Matches holds where the string matches one of the shell patterns, in which
// * stands for any text: "ELBSecurityPolicy-TLS13-*".
func (a Attribute) Matches(patterns ...string) Cond {
	vals := make([]cty.Value, len(patterns))
	for i, p := range patterns {
		vals[i] = cty.StringVal(p)
	}
	return attrCond{a.path, predMatch, vals}
}

// Contains holds where the list contains all the given values.
func (a Attribute) Contains(want ...any) Cond {
	vals := make([]cty.Value, len(want))
	for i, w := range want {
		vals[i] = ctyOf(w)
	}
	return attrCond{a.path, predContains, vals}
}

type predicate int8

const (
	predTrue predicate = iota
	predFalse
	predPresent
	predEqual
	predOneOf
	predAtLeast
	predAtMost
	predMatch
	predContains
)

type attrCond struct {
	path Path
	is   predicate
	args []cty.Value
}

func (c attrCond) judge(v *View) Outcome {
	l := v.attr(c.path)
	verdict := c.verdict(l)
	if verdict == Unknown && len(v.res.Choices) > 0 {
		verdict = c.either(v, l)
	}
	return l.outcome(verdict)
}

// either judges an unknown value by its candidates: if all give the same
// verdict, so will the value.
func (c attrCond) either(v *View, l Leaf) Verdict {
	values := v.res.choices(l.At)
	if len(values) == 0 {
		return Unknown
	}
	verdict := c.verdict(v.leaf(values[0], l.At))
	for _, val := range values[1:] {
		if c.verdict(v.leaf(val, l.At)) != verdict {
			return Unknown
		}
	}
	return verdict
}

func (c attrCond) verdict(l Leaf) Verdict {
	if c.is == predPresent {
		return l.present()
	}
	val := l.Value
	if val.IsKnown() && !val.IsNull() && val.Type() != cty.DynamicPseudoType && isSequence(val.Type()) && c.is != predContains {
		val, _ = single(val, l.At)
	}
	if c.is == predContains {
		return containsVerdict(val, c.args)
	}
	if !val.IsKnown() {
		return c.hidden(val)
	}
	if val.IsNull() {
		return Fail
	}
	if !c.fits(val) {
		return Unknown // Terraform would refuse it
	}
	return claim(c.holds(val))
}

// fits reports whether the value is of the kind that the condition judges.
func (c attrCond) fits(val cty.Value) bool {
	ok := true
	switch c.is {
	case predTrue, predFalse:
		_, ok = asBool(val)
	case predAtLeast, predAtMost:
		_, ok = asNumber(val)
	}
	return ok
}

// hidden judges an unknown value by its refinements, which may already exclude
// it.
func (c attrCond) hidden(val cty.Value) Verdict {
	if c.is == predMatch {
		return c.begins(val)
	}
	if c.is != predEqual && c.is != predOneOf {
		return Unknown
	}
	for _, arg := range c.args {
		if val.Type() != arg.Type() {
			return Unknown
		}
		if eq := val.Equals(arg); !eq.IsKnown() || eq.True() {
			return Unknown
		}
	}
	return Fail
}

// begins holds where the known prefix of an unknown string matches a pattern
// for any suffix.
func (c attrCond) begins(val cty.Value) Verdict {
	if val.Type() != cty.String {
		return Unknown
	}
	prefix := val.Range().StringPrefix()
	for _, arg := range c.args {
		if pattern := arg.AsString(); strings.HasSuffix(pattern, "*") && Glob(pattern, prefix) {
			return Pass
		}
	}
	return Unknown
}

func (c attrCond) holds(val cty.Value) bool {
	switch c.is {
	case predTrue:
		b, ok := asBool(val)
		return ok && b
	case predFalse:
		b, ok := asBool(val)
		return ok && !b
	case predEqual, predOneOf:
		for _, arg := range c.args {
			if sameValue(val, arg) {
				return true
			}
		}
	case predAtLeast:
		n, ok := asNumber(val)
		return ok && n.Cmp(c.args[0].AsBigFloat()) >= 0
	case predAtMost:
		n, ok := asNumber(val)
		return ok && n.Cmp(c.args[0].AsBigFloat()) <= 0
	case predMatch:
		s, ok := AsString(val)
		for _, arg := range c.args {
			if ok && Glob(arg.AsString(), s) {
				return true
			}
		}
	}
	return false
}

func containsVerdict(val cty.Value, want []cty.Value) Verdict {
	if !val.IsKnown() {
		return Unknown
	}
	if val.IsNull() || !val.CanIterateElements() {
		return Fail
	}
	verdict := Pass
	for _, w := range want {
		verdict = min(verdict, containsOne(val, w))
	}
	return verdict
}

func containsOne(val, want cty.Value) Verdict {
	verdict := Fail
	for it := val.ElementIterator(); it.Next(); {
		_, e := it.Element()
		switch {
		case !e.IsKnown():
			verdict = max(verdict, Unknown)
		case sameValue(e, want):
			return Pass
		}
	}
	return verdict
}

// present judges whether the value is set.
func (l Leaf) present() Verdict {
	val := l.Value
	if !val.IsKnown() {
		if l.identity() || refinedPresent(val) {
			return Pass
		}
		return Unknown
	}
	if val.IsNull() {
		return Fail
	}
	if val.Type() == cty.String {
		return claim(val.AsString() != "")
	}
	if val.CanIterateElements() {
		return presentElements(val)
	}
	return Pass
}

// identity reports whether an unknown value is only the identity of a managed
// resource: the provider sets it on creation, and it is never empty.
func (l Leaf) identity() bool {
	refs := l.Of.refs(l.At)
	if len(refs) != 1 || !refs[0].Sole || len(refs[0].At) != len(l.At) || !Covers(refs[0].At, l.At) {
		return false // a block that derives from an identity may lack the attribute
	}
	to := l.Of.Root.lookup(refs[0].To)
	if to == nil && strings.HasSuffix(refs[0].To, "]") || to != nil && to.Mode != Managed {
		return false // one of several instances, or the result of a data source
	}
	switch refs[0].Attr {
	case "id", "arn", "key_id", "key_arn", "bucket", "name", "identifier", "cluster_identifier", "function_name", "primary_network_interface_id":
		return to == nil || len(to.hiddenAt(refs[0].Attr)) == 0
	}
	return false
}

func (c attrCond) reads(at Path) []Read {
	kind := AnyKind
	switch c.is {
	case predTrue, predFalse:
		kind = BoolKind
	case predAtLeast, predAtMost:
		kind = NumberKind
	case predMatch:
		kind = StringKind
	}
	return []Read{{Path: join(at, c.path), Want: kind}}
}

func (c attrCond) repair(at Path) []Assign {
	p := join(at, c.path)
	switch c.is {
	case predTrue:
		return []Assign{{p, cty.True}}
	case predFalse:
		return []Assign{{p, cty.False}}
	case predEqual, predAtLeast, predAtMost:
		return []Assign{{p, c.args[0]}}
	case predOneOf:
		return []Assign{{p, c.args[0]}} // rows list the best value first
	}
	return nil
}

func (c attrCond) String() string {
	name := c.path.String()
	if name == "" {
		name = "it"
	}
	switch c.is {
	case predTrue:
		return name + " is true"
	case predFalse:
		return name + " is false"
	case predPresent:
		return name + " is set"
	case predEqual:
		return name + " is " + say(c.args[0])
	case predOneOf:
		return name + " is " + sayList(c.args, " or ")
	case predAtLeast:
		return name + " is at least " + say(c.args[0])
	case predAtMost:
		return name + " is at most " + say(c.args[0])
	case predMatch:
		return name + " matches " + sayList(c.args, " or ")
	}
	return name + " contains " + sayList(c.args, " and ")
}

func join(at, path Path) Path { return append(at[:len(at):len(at)], path...) }

// --- connectives

type all []Cond
type anyOf []Cond
type negation struct{ cond Cond }

// All holds where every condition holds.
func All(conds ...Cond) Cond { return all(conds) }

// Any holds where at least one condition holds.
func Any(conds ...Cond) Cond { return anyOf(conds) }

// Not negates a condition; unknown stays unknown.
func Not(c Cond) Cond { return negation{c} }

func (c all) judge(v *View) Outcome {
	out := Outcome{Verdict: Pass}
	for _, cond := range c {
		out = out.And(cond.judge(v))
		if out.Verdict == Fail {
			break
		}
	}
	return out
}

func (c anyOf) judge(v *View) Outcome {
	out := Outcome{Verdict: Fail}
	for _, cond := range c {
		out = out.Or(cond.judge(v))
		if out.Verdict == Pass {
			break
		}
	}
	return out
}

func (c negation) judge(v *View) Outcome { return c.cond.judge(v).not() }

func (c all) reads(at Path) []Read      { return readsOf(c, at) }
func (c anyOf) reads(at Path) []Read    { return readsOf(c, at) }
func (c negation) reads(at Path) []Read { return c.cond.reads(at) }

func readsOf(conds []Cond, at Path) []Read {
	var reads []Read
	for _, c := range conds {
		reads = append(reads, c.reads(at)...)
	}
	return reads
}

func (c all) repair(at Path) []Assign {
	var edits []Assign
	for _, cond := range c {
		r := cond.repair(at)
		if r == nil {
			return nil
		}
		edits = append(edits, r...)
	}
	return edits
}

// repair is the repair of the first alternative, which is the one that a row
// recommends.
func (c anyOf) repair(at Path) []Assign { return c[0].repair(at) }

func (c negation) repair(at Path) []Assign {
	if a, ok := c.cond.(attrCond); ok {
		switch a.is {
		case predTrue:
			return []Assign{{join(at, a.path), cty.False}}
		case predFalse:
			return []Assign{{join(at, a.path), cty.True}}
		}
	}
	return nil
}

func (c all) String() string      { return sayConds(c, " and ") }
func (c anyOf) String() string    { return sayConds(c, " or ") }
func (c negation) String() string { return "not (" + c.cond.String() + ")" }

func sayConds(conds []Cond, word string) string {
	words := make([]string, len(conds))
	for i, c := range conds {
		words[i] = c.String()
	}
	return strings.Join(words, word)
}
