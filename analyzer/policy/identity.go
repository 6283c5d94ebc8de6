package policy

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// documentOf parses the document of a leaf. Unknown identifiers that AWS
// assigns, such as the ARN of a role that does not exist yet, are fixed.
func documentOf(v *analyzer.View, l analyzer.Leaf, doc cty.Value) *Document {
	return v.Memo(documentKey(analyzer.FormatPath(l.At)), func() any { return read(v, l, doc) }).(*Document)
}

// documentKey is the path of a document. The document is read once for all
// checks.
type documentKey string

func read(v *analyzer.View, l analyzer.Leaf, doc cty.Value) *Document {
	if l.Known() {
		return Parse(doc)
	}
	d := Parse(markNames(v, l, doc))
	if namesOnly(v.Unknown(l).Witnesses[0].Because) {
		d.fix()
	}
	return d
}

func namesOnly(causes []analyzer.Cause) bool {
	return len(causes) > 0 && !slices.ContainsFunc(causes, mayBeAnything)
}

// fixedMark marks an unknown leaf that is a name assigned by AWS.
type fixedMark struct{}

// markNames marks the leaves that the loader identifies as names. Only
// principals and conditions depend on whether a text is fixed.
func markNames(v *analyzer.View, l analyzer.Leaf, doc cty.Value) cty.Value {
	marked, err := cty.Transform(doc, func(p cty.Path, part cty.Value) (cty.Value, error) {
		if part.IsKnown() || !identifies(p) || !namesOnly(v.DocumentCauses(l, p)) {
			return part, nil
		}
		return part.Mark(fixedMark{}), nil
	})
	if err != nil {
		return doc
	}
	return marked
}

// identifies reports whether a path leads into a principal or a condition.
func identifies(p cty.Path) bool {
	for _, step := range p {
		if attr, ok := step.(cty.GetAttrStep); ok {
			switch elementOf(attr.Name) {
			case principalElement, notPrincipalElement, conditionElement:
				return true
			}
		}
	}
	return false
}

func unfix(v cty.Value) (plain cty.Value, fixed bool) {
	plain, marks := v.Unmark()
	_, fixed = marks[fixedMark{}]
	return plain, fixed
}

// mayBeAnything reports whether a cause is not a name that AWS assigns: ids,
// ARNs and account numbers have no wildcards.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func mayBeAnything(c analyzer.Cause) bool {
	if c.Kind != analyzer.CauseApply && c.Kind != analyzer.CauseData {
		return true
	}
	attr := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	switch attr {
	case "arn", "id", "account_id", "unique_id", "url":
		return false
	}
	return !strings.HasSuffix(attr, "_arn") && !strings.HasPrefix(c.Name, "data.aws_partition.") && !strings.HasPrefix(c.Name, "data.aws_region.")
}

// fix marks the principals and the values of conditions as fixed. An unknown
// list of them is a list of such names.
func (d *Document) fix() {
	for i := range d.Statements {
		s := &d.Statements[i]
		s.Principals.fix()
		s.NotPrincipals.fix()
		for j := range s.Conditions.Items {
			s.Conditions.Items[j].Values.fix()
		}
	}
}

func (p *Principals) fix() {
	p.Present = definite(p.Present, p.Open || len(p.Values) > 0)
	if p.Open {
		p.Open = false
		p.Values = append(p.Values, Principal{AWS, Text{Partial: true}})
	}
	for i := range p.Values {
		p.Values[i].ID.Fixed = true
	}
}

func (l *List) fix() {
	l.Present = definite(l.Present, l.Open || len(l.Values) > 0)
	if l.Open {
		l.Open = false
		l.Values = append(l.Values, Text{Partial: true})
	}
	for i := range l.Values {
		l.Values[i].Fixed = true
	}
}

// definite is Pass for an element that was seen and may be written: a name that
// AWS assigns is never null. An element of an unknown statement stays as it is.
func definite(present analyzer.Verdict, seen bool) analyzer.Verdict {
	if present == analyzer.Unknown && seen {
		return analyzer.Pass
	}
	return present
}
