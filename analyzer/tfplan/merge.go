package tfplan

import (
	"sort"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// merger combines the values of a plan and of its source. Elements of repeated
// blocks and lists come in the source's order, so that its paths remain valid: a
// plan has sets in an order of its own.
type merger struct {
	fill bool // the source's values belong to this instance
	keep bool // no element is moved
}

// order maps the parts of a plan's value to their positions in the joined value.
// Nil: unchanged.
type order struct {
	names map[string]*order
	to    []int    // for a sequence: index in the plan to index in the joined value
	parts []*order // for a sequence: by the joined index
	loose bool     // for a sequence: the source's indexes are not valid
}

// planned moves a path of the plan to the joined value.
func (o *order) planned(at cty.Path) cty.Path {
	moved := make(cty.Path, len(at))
	copy(moved, at)
	for i := range moved {
		if o == nil {
			return moved
		}
		if name, ok := moved[i].(cty.GetAttrStep); ok {
			o = o.names[name.Name]
			continue
		}
		n, ok := indexOf(moved[i])
		if !ok || n >= len(o.to) {
			return moved
		}
		moved[i] = cty.IndexStep{Key: cty.NumberIntVal(int64(o.to[n]))}
		o = o.part(o.to[n])
	}
	return moved
}

// written returns the path in the joined value for a path of the source: exact, or
// only the sequence that contains it.
func (o *order) written(at cty.Path) (path cty.Path, exact bool) {
	for i := range at {
		if o == nil {
			return at, true
		}
		if name, ok := at[i].(cty.GetAttrStep); ok {
			o = o.names[name.Name]
			continue
		}
		if o.loose {
			return at[:i:i], false
		}
		n, _ := indexOf(at[i])
		o = o.part(n)
	}
	return at, true
}

func (o *order) part(i int) *order {
	if i < 0 || i >= len(o.parts) {
		return nil
	}
	return o.parts[i]
}

func indexOf(step cty.PathStep) (int, bool) {
	s, ok := step.(cty.IndexStep)
	if !ok || s.Key.Type() != cty.Number {
		return 0, false
	}
	i, _ := s.Key.AsBigFloat().Int64()
	return int(i), i >= 0
}

// repeats reports whether the value has a sequence whose order may differ.
func repeats(v cty.Value) bool {
	if !v.IsKnown() || v.IsNull() {
		return false
	}
	switch t := v.Type(); {
	case isSequence(v):
		if v.LengthInt() > 1 {
			return true
		}
	case !t.IsObjectType():
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); repeats(e) {
			return true
		}
	}
	return false
}

func isSequence(v cty.Value) bool { return v.Type().IsTupleType() || v.Type().IsListType() }

// absent returns the source's value for an attribute that it does not write.
func absent() cty.Value { return cty.NullVal(cty.DynamicPseudoType) }

func (m *merger) value(p, s cty.Value) (cty.Value, *order) {
	switch {
	case !p.IsKnown() || isOpen(p):
		if m.fill {
			return s, nil
		}
	case p.IsNull():
	case m.fill && unset(p) && s.IsKnown() && s.IsNull():
		return cty.NullVal(p.Type()), nil
	case !s.IsKnown() || s.IsNull():
	case p.Type().IsObjectType():
		return m.object(p, s)
	case isSequence(p) && isSequence(s):
		return m.sequence(p, s)
	}
	return p, nil
}

// isOpen reports whether a sequence has no known element.
func isOpen(v cty.Value) bool {
	if v.IsNull() || !v.Type().IsTupleType() || v.LengthInt() != 1 {
		return false
	}
	return hidden(v.Index(cty.Zero))
}

// hidden reports whether an element stands for any number of them.
func hidden(e cty.Value) bool { return !e.IsKnown() && e.Type() == cty.DynamicPseudoType }

// unset reports whether plans show this value for an attribute that is not written.
func unset(v cty.Value) bool {
	switch {
	case v.Type() == cty.String:
		return v.AsString() == ""
	case v.Type().IsPrimitiveType(), v.Type().IsObjectType() && len(v.Type().AttributeTypes()) > 0:
		return false
	}
	return v.LengthInt() == 0
}

func (m *merger) object(p, s cty.Value) (cty.Value, *order) {
	vals := map[string]cty.Value{}
	o := &order{names: map[string]*order{}}
	for name := range p.Type().AttributeTypes() {
		merged, inner := m.value(p.GetAttr(name), member(s, name))
		vals[name] = merged
		if inner != nil {
			o.names[name] = inner
		}
	}
	return cty.ObjectVal(vals), o
}

func member(s cty.Value, name string) cty.Value {
	switch t := s.Type(); {
	case t.IsObjectType() && t.HasAttribute(name):
		return s.GetAttr(name)
	case t.IsMapType() && s.HasIndex(cty.StringVal(name)).True():
		return s.Index(cty.StringVal(name))
	}
	return absent()
}

func (m *merger) sequence(p, s cty.Value) (cty.Value, *order) {
	elems, written := p.AsValueSlice(), s.AsValueSlice()
	if m.keep && (len(elems) > 1 || len(written) > 1) || len(elems)*len(written) > maxPairs {
		return p, &order{to: ascending(len(elems)), loose: true}
	}
	partner := partners(elems, written)
	o := place(partner, written)
	merged := make([]cty.Value, len(elems))
	for i, e := range elems {
		at := o.to[i]
		merged[at] = e
		if n := partner[i]; n >= 0 {
			merged[at], o.parts[at] = m.value(e, written[n])
		}
	}
	return cty.TupleVal(merged), o
}

func ascending(n int) []int {
	to := make([]int, n)
	for i := range to {
		to[i] = i
	}
	return to
}

// place puts each element at its partner's position, and the others last. If the
// source has an element that the plan lacks, the source's indexes are not valid.
func place(partner []int, written []cty.Value) *order {
	o := &order{to: ascending(len(partner)), parts: make([]*order, len(partner))}
	paired := 0
	for _, n := range partner {
		if n >= 0 {
			paired++
		}
	}
	for _, e := range written {
		if !hidden(e) {
			paired--
		}
	}
	if paired != 0 {
		o.loose = true
		return o
	}
	taken := make([]bool, len(partner))
	for _, n := range partner {
		if n >= len(partner) {
			o.loose = true
			return o
		}
		if n >= 0 {
			taken[n] = true
		}
	}
	free := 0
	for i, n := range partner {
		if n < 0 {
			for taken[free] {
				free++
			}
			n, taken[free] = free, true
		}
		o.to[i] = n
	}
	return o
}

// A likeness is the number of leaves that an element of the plan shares with an
// element of the source.
type likeness struct{ elem, written, score int }

// partners pairs elements by their known leaves, the most similar first. For each
// element it returns the index in the source; -1: none.
func partners(elems, written []cty.Value) []int {
	var fits []likeness
	for i, e := range elems {
		for j, w := range written {
			if hidden(w) || hidden(e) {
				continue
			}
			if score, ok := alike(e, w); ok {
				fits = append(fits, likeness{i, j, score})
			}
		}
	}
	sort.SliceStable(fits, func(a, b int) bool {
		if fits[a].score != fits[b].score {
			return fits[a].score > fits[b].score
		}
		return fits[a].elem == fits[a].written && fits[b].elem != fits[b].written
	})
	partner, taken := make([]int, len(elems)), make([]bool, len(written))
	for i := range partner {
		partner[i] = -1
	}
	for _, f := range fits {
		if partner[f.elem] < 0 && !taken[f.written] {
			partner[f.elem], taken[f.written] = f.written, true
		}
	}
	return partner
}

// alike counts the leaves that agree; not ok: one differs.
func alike(p, s cty.Value) (score int, ok bool) {
	switch {
	case !p.IsKnown() || !s.IsKnown() || s.IsNull():
		return 0, true
	case p.IsNull():
		return 0, unset(s)
	case p.Type().IsPrimitiveType() && s.Type().IsPrimitiveType():
		if sameText(p, s) {
			return 1, true
		}
		return 0, false
	case p.Type().IsObjectType():
		return alikeObjects(p, s)
	case isSequence(p) && isSequence(s):
		return alikeSequences(p, s)
	}
	return 0, true
}

func alikeObjects(p, s cty.Value) (score int, ok bool) {
	for name := range p.Type().AttributeTypes() {
		more, ok := alike(p.GetAttr(name), member(s, name))
		if !ok {
			return 0, false
		}
		score += more
	}
	return score, true
}

// alikeSequences requires each known single value of the source in the plan.
func alikeSequences(p, s cty.Value) (score int, ok bool) {
	if p.LengthInt()*s.LengthInt() > maxPairs {
		return 0, true
	}
	for _, w := range s.AsValueSlice() {
		best := -1
		for _, e := range p.AsValueSlice() {
			if n, ok := alike(e, w); ok {
				best = max(best, n)
			}
		}
		if best < 0 {
			return 0, false
		}
		score += best
	}
	return score, true
}

// sameText compares as Terraform's conversions do: "443" is 443.
func sameText(a, b cty.Value) bool {
	x, err := convert.Convert(a, cty.String)
	y, err2 := convert.Convert(b, cty.String)
	return err == nil && err2 == nil && x.RawEquals(y)
}
