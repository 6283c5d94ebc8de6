// Package policy reads AWS IAM policy documents and judges them with three
// verdicts. It covers resource and identity policies, trust policies and the
// aws_iam_policy_document data source. It does not decide which resources have
// a policy, nor how severe a finding is: see package checks.
//
// A document may be partly known: an unknown string, statement or list of
// statements is kept as such, and every judgement is built from minimum,
// maximum and negation of verdicts, so that learning more sharpens a verdict
// and never reverses it.
package policy

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// A Document is a policy document. The zero value is a document without
// statements; Parse makes one. It is immutable and safe for concurrent reading.
type Document struct {
	Statements []Statement
	Open       bool // there may be further statements
}

// Effect is the effect of a statement; the zero value is unknown.
type Effect int8

const (
	AnyEffect Effect = iota // unknown, or neither Allow nor Deny
	Allow
	Deny
)

// A Statement is one statement of a document. The zero value is unknown, but
// has no condition.
type Statement struct {
	Sid           string // empty: none, or unknown
	Effect        Effect
	Actions       List
	NotActions    List
	Resources     List
	NotResources  List
	Principals    Principals
	NotPrincipals Principals
	Conditions    Conditions
}

// A Text is a string that may be partly known.
type Text struct {
	Value   string // the string, or its known prefix
	Partial bool   // only the prefix is known
	Fixed   bool   // the unknown part is a name that AWS assigns: it has no wildcard
}

// A List is the values of an element: a string or a list of strings. The zero
// value is unknown.
type List struct {
	Present analyzer.Verdict // whether the element is written; Unknown: it may be null
	Values  []Text
	Open    bool // there may be further values
}

// Principals is a Principal or NotPrincipal element. The zero value is unknown.
type Principals struct {
	Present analyzer.Verdict
	Values  []Principal
	Open    bool // there may be further principals
}

// A Principal is one identifier with its kind. The principal "*" has the kind
// Everyone.
type Principal struct {
	Kind PrincipalKind
	ID   Text
}

// PrincipalKind is the key under which a principal is written.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type PrincipalKind int8

const (
	OtherPrincipal PrincipalKind = iota // a key that IAM does not define
	Everyone                            // "Principal": "*"
	AWS
	Service
	Federated
	CanonicalUser
)

// Conditions is a Condition element: all its items must hold.
type Conditions struct {
	Items []Condition
	Open  bool // there may be further conditions
}

// A Condition compares a key of the request with values. One value must match
// or, for a negated operator, none may.
type Condition struct {
	Set      string // ForAnyValue, ForAllValues, or empty
	Operator string // in lower case, without Set and IfExists: stringequals
	IfExists bool
	Key      string // as written; keys are case-insensitive
	Values   List
}

// Parse reads the structure of a JSON policy, in the form of
// analyzer.View.Document. It accepts any value: an unknown or malformed part
// becomes an unknown part, and null a document without statements. Element
// names match case-insensitively, as they do where the provider decodes a
// document.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Parse(v cty.Value) *Document {
	v = plain(v)
	d := &Document{}
	switch {
	case !v.IsKnown() || !v.IsNull() && !hasFields(v):
		d.Open = true
	case !v.IsNull():
		d.statements(field(v, "Statement"))
	}
	return d
}

func (d *Document) statements(v cty.Value) {
	switch {
	case !v.IsKnown():
		d.Open = true
	case v.IsNull():
	case hasFields(v):
		d.Statements = []Statement{statement(v)}
	case isSequence(v):
		d.Statements = make([]Statement, 0, v.LengthInt())
		d.Open = eachElement(v, func(e cty.Value) {
			d.Statements = append(d.Statements, statement(e))
		})
	default:
		d.Open = true
	}
}

func statement(v cty.Value) Statement {
	if !v.IsKnown() || v.IsNull() || !hasFields(v) {
		return Statement{Conditions: Conditions{Open: true}}
	}
	var s Statement
	s.absent()
	eachField(v, func(name string, v cty.Value) {
		switch elementOf(name) {
		case sidElement:
			if t, ok := text(v); ok && !t.Partial {
				s.Sid = t.Value
			}
		case effectElement:
			s.Effect = effect(v)
		case actionElement:
			s.Actions = list(v)
		case notActionElement:
			s.NotActions = list(v)
		case resourceElement:
			s.Resources = list(v)
		case notResourceElement:
			s.NotResources = list(v)
		case principalElement:
			s.Principals = principals(v)
		case notPrincipalElement:
			s.NotPrincipals = principals(v)
		case conditionElement:
			s.Conditions = conditions(v)
		}
	})
	return s
}

// absent marks the elements of a statement as not written.
func (s *Statement) absent() {
	for _, l := range []*List{&s.Actions, &s.NotActions, &s.Resources, &s.NotResources} {
		l.Present = analyzer.Fail
	}
	s.Principals.Present, s.NotPrincipals.Present = analyzer.Fail, analyzer.Fail
}

type element int8

const (
	otherElement element = iota
	sidElement
	effectElement
	actionElement
	notActionElement
	resourceElement
	notResourceElement
	principalElement
	notPrincipalElement
	conditionElement
)

var elementNames = [...]string{"", "Sid", "Effect", "Action", "NotAction", "Resource",
	"NotResource", "Principal", "NotPrincipal", "Condition"}

func elementOf(name string) element {
	for i := sidElement; i <= conditionElement; i++ {
		if name == elementNames[i] {
			return i
		}
	}
	for i := sidElement; i <= conditionElement; i++ {
		if strings.EqualFold(name, elementNames[i]) {
			return i
		}
	}
	return otherElement
}

// effect reads Allow or Deny: "The Effect value is case sensitive".
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
func effect(v cty.Value) Effect {
	t, ok := text(v)
	switch {
	case !ok || t.Partial:
		return AnyEffect
	case t.Value == "Allow":
		return Allow
	case t.Value == "Deny":
		return Deny
	}
	return AnyEffect
}

// list reads a string or a list of strings. Any other value is unknown.
func list(v cty.Value) List {
	if v.IsKnown() && v.IsNull() {
		return List{Present: analyzer.Fail}
	}
	l := List{Present: written(v)}
	if v.IsKnown() && isSequence(v) {
		l.Values = make([]Text, 0, v.LengthInt())
		l.Open = eachElement(v, l.add)
		return l
	}
	if v.Type() == cty.DynamicPseudoType || isSequence(v) {
		l.Open = true // the number of values is unknown
		return l
	}
	l.add(v)
	return l
}

func (l *List) add(v cty.Value) {
	if v.IsKnown() && v.IsNull() {
		return
	}
	if t, ok := text(v); ok {
		l.Values = append(l.Values, t)
		return
	}
	l.Open = true
}

// written judges whether a non-null element exists.
func written(v cty.Value) analyzer.Verdict {
	v, fixed := unfix(v)
	if fixed || v.IsKnown() || v.Type() != cty.DynamicPseudoType && v.Range().DefinitelyNotNull() {
		return analyzer.Pass
	}
	return analyzer.Unknown
}

func principals(v cty.Value) Principals {
	if v.IsKnown() && v.IsNull() {
		return Principals{Present: analyzer.Fail}
	}
	p := Principals{Present: written(v)}
	if v.IsKnown() && hasFields(v) {
		eachField(v, func(kind string, ids cty.Value) { p.add(kindOf(kind), ids) })
		return p
	}
	t, ok := text(v)
	switch {
	case !ok || t.Partial:
		p.Open = true
	case t.Value == "*":
		p.Values = []Principal{{Everyone, t}}
	default: // not in the grammar; an identifier without its kind
		p.Values = []Principal{{AWS, t}}
	}
	return p
}

func (p *Principals) add(kind PrincipalKind, ids cty.Value) {
	l := list(ids)
	for _, id := range l.Values {
		p.Values = append(p.Values, Principal{kind, id})
	}
	p.Open = p.Open || l.Open || l.Present == analyzer.Unknown
}

func kindOf(key string) PrincipalKind {
	switch strings.ToLower(key) {
	case "*":
		return Everyone
	case "aws":
		return AWS
	case "service":
		return Service
	case "federated":
		return Federated
	case "canonicaluser":
		return CanonicalUser
	}
	return OtherPrincipal
}

func conditions(v cty.Value) Conditions {
	var cs Conditions
	switch {
	case !v.IsKnown():
		cs.Open = true
	case v.IsNull():
	case !hasFields(v):
		cs.Open = true
	default:
		eachField(v, cs.addOperator)
	}
	return cs
}

func (cs *Conditions) addOperator(operator string, keys cty.Value) {
	switch {
	case keys.IsKnown() && keys.IsNull():
	case !keys.IsKnown() || !hasFields(keys):
		cs.Open = true
	default:
		c := condition(operator)
		eachField(keys, func(key string, values cty.Value) {
			c.Key, c.Values = key, list(values)
			cs.Items = append(cs.Items, c)
		})
	}
}

// condition parses an operator such as ForAnyValue:StringLikeIfExists.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func condition(operator string) Condition {
	var c Condition
	if set, rest, ok := strings.Cut(operator, ":"); ok {
		c.Set, operator = set, rest
	}
	operator = strings.ToLower(operator)
	c.Operator, c.IfExists = strings.CutSuffix(operator, "ifexists")
	return c
}

// --- reading values

// text reads a string, number or boolean as a string; ok is false for other
// values and for null.
func text(v cty.Value) (t Text, ok bool) {
	if !v.IsKnown() {
		v, fixed := unfix(v)
		switch v.Type() {
		case cty.String:
			return Text{Value: v.Range().StringPrefix(), Partial: true, Fixed: fixed}, true
		case cty.Bool, cty.Number, cty.DynamicPseudoType:
			return Text{Partial: true, Fixed: fixed}, true
		}
		return Text{}, false
	}
	s, ok := analyzer.AsString(v)
	return Text{Value: s}, ok
}

// plain drops the marks of a value except the mark of a name, which text reads;
// nested values are unmarked on the way down.
func plain(v cty.Value) cty.Value {
	if v == cty.NilVal {
		return cty.DynamicVal
	}
	v, fixed := unfix(v)
	if fixed && !v.IsKnown() {
		return v.Mark(fixedMark{})
	}
	return v
}

func hasFields(v cty.Value) bool {
	t := v.Type()
	return t.IsObjectType() || t.IsMapType()
}

func isSequence(v cty.Value) bool {
	t := v.Type()
	return t.IsTupleType() || t.IsListType() || t.IsSetType()
}

// field finds a field by its name; an exact match wins over a case-insensitive
// one. It is null where there is none.
func field(v cty.Value, name string) cty.Value {
	if v.Type().IsObjectType() && v.Type().HasAttribute(name) {
		return plain(v.GetAttr(name))
	}
	found := cty.NullVal(cty.DynamicPseudoType)
	eachField(v, func(n string, f cty.Value) {
		if n == name || found.IsKnown() && found.IsNull() && strings.EqualFold(n, name) {
			found = f
		}
	})
	return found
}

// eachField visits the fields of a known object or map in order of their names.
func eachField(v cty.Value, visit func(string, cty.Value)) {
	if !v.Type().IsObjectType() {
		for it := v.ElementIterator(); it.Next(); {
			key, f := it.Element()
			visit(plain(key).AsString(), plain(f))
		}
		return
	}
	// The library's iterator makes a value for each name.
	types := v.Type().AttributeTypes()
	var few [16]string
	names := few[:0]
	for name := range types {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		visit(name, plain(v.GetAttr(name)))
	}
}

// eachElement visits the elements of a known sequence. It is open if the last
// one is unknown as a whole, which in an analyzer.Resource means that there may
// be more.
func eachElement(v cty.Value, visit func(cty.Value)) (open bool) {
	n := v.LengthInt()
	i := 0
	for it := v.ElementIterator(); it.Next(); i++ {
		_, e := it.Element()
		e = plain(e)
		if i == n-1 && e.Type() == cty.DynamicPseudoType && !e.IsKnown() {
			return true
		}
		visit(e)
	}
	return false
}
