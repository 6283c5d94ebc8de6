package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// A flattener takes the marks off an instance's values and records them as
// references, causes, documents and secrets.
type flattener struct {
	r        *analyzer.Resource
	inst     *instance
	document bool         // a document is being flattened: its paths are not paths of the configuration
	noted    map[any]bool // references and causes of documents, once for each attribute
}

func (f *flattener) object(attrs map[string]cty.Value) map[string]cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for _, name := range sortedKeys(attrs) {
		values[name] = f.value(attrs[name], cty.GetAttrPath(name))
	}
	return values
}

// value removes marks and sets from a value.
func (f *flattener) value(v cty.Value, at cty.Path) cty.Value {
	if v.Type().IsPrimitiveType() && !v.IsMarked() && v.IsKnown() {
		return v
	}
	v, marks := v.Unmark()
	f.note(v, marks, at)
	if !v.IsKnown() {
		return f.unknown(v, marks, at)
	}
	if v.IsNull() || !v.CanIterateElements() {
		return v
	}
	t := v.Type()
	if t.IsObjectType() || t.IsMapType() {
		attrs := make(map[string]cty.Value, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			attrs[k.AsString()] = f.value(e, step(at, k, t))
		}
		return cty.ObjectVal(attrs)
	}
	elems := make([]cty.Value, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		index := cty.IndexStep{Key: cty.NumberIntVal(int64(len(elems)))}
		elems = append(elems, f.value(e, append(at[:len(at):len(at)], index)))
	}
	return cty.TupleVal(elems)
}

// step steps to an element of an object or map: both are objects when flat.
func step(at cty.Path, key cty.Value, _ cty.Type) cty.Path {
	return append(at[:len(at):len(at)], cty.GetAttrStep{Name: key.AsString()})
}

// note records the marks of a value at a path.
func (f *flattener) note(v cty.Value, marks cty.ValueMarks, at cty.Path) {
	var refs []analyzer.Ref
	causes, other, secret := 0, false, false
	for m := range marks {
		switch m := m.(type) {
		case origin:
			refs = append(refs, analyzer.Ref{At: at, To: m.to, Attr: m.attr})
			other = other || m.part && !isARN(m.attr)
		case analyzer.Cause:
			if !v.IsKnown() {
				f.r.Hidden = append(f.r.Hidden, analyzer.Hidden{At: at, Cause: m})
			}
			causes++
		case decider:
			if !v.IsKnown() {
				f.r.Hidden = append(f.r.Hidden, analyzer.Hidden{At: at, Cause: m.Cause, Decides: true})
			}
			causes++
		case choice:
			f.r.Choices = append(f.r.Choices, analyzer.Choice{At: at, Values: *m.values})
		default:
			if m == funcs.Sensitive || m == funcs.Ephemeral || m == funcs.Private {
				secret = true
			}
		}
	}
	if secret && !f.hasNothing(v) {
		f.r.Sensitive = append(f.r.Sensitive, at)
	}
	if len(refs) == 1 && (causes == 0 || v.IsKnown()) && !other {
		refs[0].Sole = true
	}
	sortRefs(refs)
	f.r.Refs = append(f.r.Refs, refs...)
}

// hasNothing reports whether a secret value has nothing to show: a value in an
// unknown document, or the document itself, whose parts are each examined.
func (f *flattener) hasNothing(v cty.Value) bool {
	if v.IsKnown() {
		return false
	}
	_, isDocument := f.inst.sc.ev.structure(v)
	return f.document || isDocument
}

// isARN: text after an ARN still names the resource of the ARN:
// "${log_group.arn}:*".
func isARN(attr string) bool { return attr == "arn" || strings.HasSuffix(attr, "_arn") }

// unknown keeps the known facts about an unknown value, and the structure of a
// document.
func (f *flattener) unknown(v cty.Value, marks cty.ValueMarks, at cty.Path) cty.Value {
	if structure, ok := f.inst.sc.ev.structure(v); ok {
		doc := flattener{r: &analyzer.Resource{}, inst: f.inst, document: true}
		value := doc.value(structure, nil)
		f.r.Documents = append(f.r.Documents, analyzer.Document{At: at, Value: value, Refs: doc.r.Refs, Hidden: doc.r.Hidden})
		f.documentRefs(doc.r, at)
		if len(doc.r.Sensitive) > 0 {
			f.r.Sensitive = append(f.r.Sensitive, at)
		}
		return cty.UnknownVal(cty.String).RefineNotNull()
	}
	if len(marks) == 0 && !f.document {
		f.r.Hidden = append(f.r.Hidden, analyzer.Hidden{At: at, Cause: f.inst.explain(at, analyzer.Conceal(at, f.r.Sensitive))})
	}
	return v
}

// documentRefs copies the references of a document to its attribute.
func (f *flattener) documentRefs(doc *analyzer.Resource, at cty.Path) {
	where := analyzer.FormatPath(at)
	for _, ref := range f.r.Refs {
		if ref.At.Equals(at) {
			f.first(referred{where, ref.To, ref.Attr})
		}
	}
	for _, ref := range doc.Refs {
		if f.first(referred{where, ref.To, ref.Attr}) {
			ref.At, ref.Sole = at, false
			f.r.Refs = append(f.r.Refs, ref)
		}
	}
	for _, h := range f.r.Hidden {
		if h.At.Equals(at) {
			f.first(hides{where, h.Cause})
		}
	}
	for _, h := range doc.Hidden {
		if f.first(hides{where, h.Cause}) {
			h.At = at
			f.r.Hidden = append(f.r.Hidden, h)
		}
	}
}

// The references of an attribute with a document, and the causes that hide a part of
// the document.
type (
	referred struct{ at, to, attr string }
	hides    struct {
		at    string
		cause analyzer.Cause
	}
)

// first reports whether something is met for the first time.
func (f *flattener) first(key any) bool {
	if f.noted[key] {
		return false
	}
	if f.noted == nil {
		f.noted = map[any]bool{}
	}
	f.noted[key] = true
	return true
}

// explain finds the causes of an unknown that lost its marks on the way: the causes
// of a value that the expression at the path refers to, or else of a function that
// it calls.
func (inst *instance) explain(at, shown cty.Path) analyzer.Cause {
	a, _ := inst.placed.find(at)
	switch {
	case a == nil && inst.res.data:
		return analyzer.Cause{Kind: analyzer.CauseData, Name: inst.addr + "." + analyzer.FormatPath(shown), Range: inst.res.def}
	case a == nil:
		return analyzer.Cause{Kind: analyzer.CauseApply, Name: inst.addr + "." + analyzer.FormatPath(shown), Range: inst.res.def}
	}
	for _, ref := range referencesIn(a.expr) {
		if cause, ok := inst.causeOf(ref, at); ok {
			return cause
		}
	}
	return analyzer.Cause{Kind: analyzer.CauseFunction, Name: "a function with an unknown result", Range: a.expr.Range()}
}

// causeOf returns the cause of a reference's unknown value, as far as the value was
// evaluated; false: nothing hides it.
func (inst *instance) causeOf(ref hcl.Traversal, at cty.Path) (analyzer.Cause, bool) {
	in, _, _ := inst.placed.locate(at)
	name, _ := attrName(ref, 1)
	v := cty.NilVal
	switch it := in.iter.named(ref.RootName()); {
	case it != nil:
		v = it.attr(name)
	case ref.RootName() == "var" || ref.RootName() == "local":
		if c := inst.sc.cells[ref.RootName()+"."+name]; c != nil {
			v = c.value
		}
	}
	if v != cty.NilVal && v.IsWhollyKnown() {
		return analyzer.Cause{}, false
	}
	if v != cty.NilVal {
		_, marks := v.UnmarkDeep()
		if causes := causesOf(marks); len(causes) > 0 {
			return causes[0], true
		}
	}
	return analyzer.Cause{Kind: analyzer.CauseOther, Name: traversalName(ref), Range: ref.SourceRange()}, true
}

// number returns the cause of an unknown number of instances of the resource.
func (inst *instance) number() []analyzer.Cause {
	e := inst.sc.resources[inst.res.key()]
	if e == nil || e.kind != hidden {
		return nil
	}
	return causesOf(e.unknown)
}

// causesOf returns the causes among the marks of a value, in order.
func causesOf(marks cty.ValueMarks) []analyzer.Cause {
	var causes []analyzer.Cause
	for m := range marks {
		switch m := m.(type) {
		case analyzer.Cause:
			causes = append(causes, m)
		case decider:
			causes = append(causes, m.Cause)
		case origin:
			causes = append(causes, analyzer.Cause{Kind: analyzer.CauseApply, Name: strings.TrimSuffix(m.to+"."+m.attr, ".")})
		}
	}
	slices.SortFunc(causes, func(a, b analyzer.Cause) int { return strings.Compare(a.Name, b.Name) })
	return causes
}

// schemaSecrets adds the attributes that the provider marks as sensitive.
func (f *flattener) schemaSecrets() {
	spec := f.inst.res.schema
	if spec == nil {
		return
	}
	for name := range f.inst.attrs {
		if a := spec.Attribute(name); a != nil && a.Sensitive {
			f.r.Sensitive = append(f.r.Sensitive, cty.GetAttrPath(name))
		}
	}
}
