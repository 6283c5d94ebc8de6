// Package parity compares tfconfig's evaluation of a configuration with Terraform's
// plan for it: instance by instance, leaf by leaf. It judges no check; it tests
// whether checks are given the right values.
package parity

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// A Table is the outcome of one comparison.
type Table struct {
	Instances  int      // managed, in both
	OnlyOurs   []string // addresses that Terraform does not plan
	OnlyTheirs []string // addresses that tfconfig does not give

	Written Row // leaves that the configuration writes
	Data    Row // leaves of data sources that are computed offline
	Unset   Row // leaves that are not written, and only one side has: default tags

	Leaves []Leaf // each disagreement
}

// A Row counts leaves by how the two sides agree.
type Row struct {
	Equal   int // the same value
	Unknown int // unknown to both
	Wrong   int // tfconfig has a value that differs from Terraform's
	Blind   int // Terraform knows it, tfconfig does not
	Bold    int // tfconfig knows it, Terraform only after apply
}

// Total returns the number of leaves.
func (r Row) Total() int { return r.Equal + r.Unknown + r.Wrong + r.Blind + r.Bold }

func (r *Row) add(o Row) {
	r.Equal += o.Equal
	r.Unknown += o.Unknown
	r.Wrong += o.Wrong
	r.Blind += o.Blind
	r.Bold += o.Bold
}

// A Leaf is one disagreement.
type Leaf struct {
	Kind    string // wrong, blind, bold
	Row     string // written, data, unset
	Address string
	Path    string
	Ours    string
	Theirs  string
	Cause   string // the cause of tfconfig's unknown; for a bold leaf, a data source that Terraform defers
	Count   int    // leaves of Terraform's that one unknown of tfconfig hides
}

func (l Leaf) String() string {
	s := fmt.Sprintf("%s %s %s.%s: ours %s, Terraform's %s", l.Kind, l.Row, l.Address, l.Path, l.Ours, l.Theirs)
	if l.Cause != "" {
		s += " (" + l.Cause + ")"
	}
	return s
}

// Agrees reports whether the two sides agree on everything.
func (t *Table) Agrees() bool {
	return len(t.OnlyOurs) == 0 && len(t.OnlyTheirs) == 0 && len(t.Leaves) == 0
}

// Compare compares a root that tfconfig read with Terraform's plan of it.
func Compare(root *analyzer.Root, plan *Plan) *Table {
	t := &Table{}
	seen := map[string]bool{}
	for _, r := range root.Resources {
		switch r.Mode {
		case analyzer.Managed:
			seen[r.Address] = true
			if answer, ok := plan.Managed[r.Address]; ok {
				t.Instances++
				t.compare(r, answer, plan)
			} else {
				t.OnlyOurs = append(t.OnlyOurs, r.Address)
			}
		case analyzer.Data:
			seen[r.Address] = true
			if answer, ok := plan.Read[r.Address]; !ok {
				t.OnlyOurs = append(t.OnlyOurs, r.Address)
			} else if offline(r.Type) {
				t.compare(r, answer, plan)
			}
		}
	}
	for _, answers := range []map[string]Answer{plan.Managed, plan.Read} {
		for address := range answers {
			if !seen[address] {
				t.OnlyTheirs = append(t.OnlyTheirs, address)
			}
		}
	}
	sort.Strings(t.OnlyTheirs)
	return t
}

// putOff names a data source of the module, or of a surrounding one, that the plan
// defers until apply although tfconfig computes it; empty: none.
func (p *Plan) putOff(module string) string {
	var found string
	for address, a := range p.Read {
		in, _, _ := strings.Cut("."+address, ".data.")
		in = strings.TrimPrefix(in, ".")
		if a.Unknown != nil && offline(a.Type) && (in == module || in == "" || strings.HasPrefix(module, in+".")) && (found == "" || address < found) {
			found = address
		}
	}
	return found
}

// offline recognizes the data sources that tfconfig computes by itself. For the
// others it has the values that the plan read.
func offline(typ string) bool {
	switch typ {
	case "aws_iam_policy_document", "aws_partition", "aws_region":
		return true
	}
	return false
}

// A comparison compares one instance.
type comparison struct {
	r      *analyzer.Resource
	spec   *schema.Block
	leaves []Leaf
	rows   map[string]*Row
}

func (t *Table) compare(r *analyzer.Resource, answer Answer, plan *Plan) {
	values, _ := answer.Values.(map[string]any)
	unknown, _ := answer.Unknown.(map[string]any)
	var spec *schema.Block
	if r.Mode == analyzer.Data {
		spec = schema.DataSource(r.Provider.Source, r.Type)
	} else {
		spec = schema.Resource(r.Provider.Source, r.Type)
	}
	c := comparison{r: r, spec: spec, rows: map[string]*Row{"written": {}, "data": {}, "unset": {}}}
	c.block(spec, r.Values(), values, unknown, nil)
	t.Written.add(*c.rows["written"])
	t.Data.add(*c.rows["data"])
	t.Unset.add(*c.rows["unset"])
	for i := range c.leaves {
		if l := &c.leaves[i]; l.Kind == "bold" && l.Cause == "" {
			l.Cause = plan.putOff(r.Module)
		}
	}
	t.Leaves = append(t.Leaves, c.leaves...)
}

// row returns the row in which a leaf counts.
func (c *comparison) row(at cty.Path) string {
	switch {
	case c.r.Mode == analyzer.Data:
		return "data"
	case len(at) > 0 && c.r.Source.Written(at):
		return "written"
	}
	return "unset"
}

// inValue recognizes a path within the value of an attribute. Within a value, null
// is not the same as nothing: an argument of null is not written, but {a = null} has
// a key.
func (c *comparison) inValue(at cty.Path) bool {
	spec := c.spec
	for i, step := range at {
		name, ok := step.(cty.GetAttrStep)
		if !ok {
			continue // one block of several
		}
		nested := (*schema.NestedBlock)(nil)
		if spec != nil {
			nested = spec.Nested(name.Name)
		}
		if nested == nil {
			return i < len(at)-1
		}
		spec = &nested.Block
	}
	return false
}

func (c *comparison) block(spec *schema.Block, ours cty.Value, theirs, unknown map[string]any, at cty.Path) {
	for _, name := range namesOf(ours, theirs, unknown) {
		path := append(at[:len(at):len(at)], cty.GetAttrStep{Name: name})
		o := cty.NullVal(cty.DynamicPseudoType)
		if ours.Type().IsObjectType() && ours.Type().HasAttribute(name) {
			o = ours.GetAttr(name)
		}
		if spec != nil && spec.Attribute(name) != nil && spec.Attribute(name).WriteOnly {
			continue // null in every plan, whatever is written
		}
		kind, inner := shapeOf(spec, name)
		c.value(kind, inner, o, theirs[name], unknown[name], path)
	}
}

func namesOf(ours cty.Value, theirs, unknown map[string]any) []string {
	seen := map[string]bool{}
	if ours.Type().IsObjectType() {
		for name := range ours.Type().AttributeTypes() {
			seen[name] = true
		}
	}
	for name := range theirs {
		seen[name] = true
	}
	for name := range unknown {
		seen[name] = true
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// A shape is how a value is compared: sets in any order, a single block with the one
// element of tfconfig.
type shape int

const (
	plain shape = iota
	set
	one
)

// shapeOf returns the shape of an attribute or block, with the schema of its
// elements; nil if they have only a type.
func shapeOf(spec *schema.Block, name string) (shape, any) {
	if spec == nil {
		return plain, nil
	}
	if b := spec.Nested(name); b != nil {
		switch b.Nesting {
		case schema.Set:
			return set, &b.Block
		case schema.Single:
			return one, &b.Block
		}
		return plain, &b.Block
	}
	a := spec.Attribute(name)
	if a == nil {
		return plain, nil
	}
	return shapeOfType(a.Type)
}

func shapeOfType(t cty.Type) (shape, any) {
	if t.IsSetType() {
		return set, t.ElementType()
	}
	return plain, t
}

// inner returns the shape of the parts of a value of the shape.
func inner(within any, name string) (shape, any) {
	switch w := within.(type) {
	case *schema.Block:
		return shapeOf(w, name)
	case cty.Type:
		switch {
		case w.IsObjectType() && w.HasAttribute(name):
			return shapeOfType(w.AttributeType(name))
		case w.IsMapType():
			return shapeOfType(w.ElementType())
		}
	}
	return plain, nil
}

// value compares one value with all its parts.
func (c *comparison) value(kind shape, within any, ours cty.Value, theirs, unknown any, at cty.Path) {
	if kind == one && ours.IsKnown() && !ours.IsNull() && ours.Type().IsTupleType() {
		if ours.LengthInt() == 0 {
			ours = cty.NullVal(cty.DynamicPseudoType)
		} else {
			ours = ours.Index(cty.Zero)
			at = append(at[:len(at):len(at)], cty.IndexStep{Key: cty.Zero})
		}
	}
	switch {
	case unknown == true:
		c.unknown(ours, at)
	case !ours.IsKnown():
		c.hidden(ours, theirs, unknown, at)
	case ours.IsNull():
		c.absent(theirs, unknown, at)
	case ours.Type().IsObjectType():
		c.object(within, ours, theirs, unknown, at)
	case ours.Type().IsTupleType():
		c.sequence(kind, within, ours, theirs, unknown, at)
	default:
		c.leaf(ours, theirs, at)
	}
}

// unknown compares a value that Terraform does not know.
func (c *comparison) unknown(ours cty.Value, at cty.Path) {
	row := c.row(at)
	switch {
	case !ours.IsWhollyKnown():
		c.rows[row].Unknown++
	case !c.inValue(at) && (ours.IsNull() || isEmpty(ours)):
		// It is not written, and the provider computes it later.
		if row == "written" && !ours.IsNull() {
			c.note(Leaf{Kind: "bold", Row: row, Path: analyzer.FormatPath(at), Ours: show(ours), Theirs: "after apply", Count: 1})
		}
	default:
		c.note(Leaf{Kind: "bold", Row: row, Path: analyzer.FormatPath(at), Ours: show(ours), Theirs: "after apply", Count: 1})
	}
}

// hidden compares a value that tfconfig does not know.
func (c *comparison) hidden(_ cty.Value, theirs, unknown any, at cty.Path) {
	row := c.row(at)
	n := leaves(theirs)
	if holdsUnknown(unknown) && n == 0 {
		c.rows[row].Unknown++
		return
	}
	c.note(Leaf{
		Kind: "blind", Row: row, Path: analyzer.FormatPath(at), Ours: "unknown", Theirs: showJSON(theirs), Cause: c.cause(at), Count: max(n, 1),
	})
}

// absent compares a value that is null or missing in tfconfig.
func (c *comparison) absent(theirs, unknown any, at cty.Path) {
	row := c.row(at)
	switch {
	case (theirs == nil || isBlank(theirs) && !c.inValue(at)) && !holdsUnknown(unknown):
		if row == "written" {
			c.rows[row].Equal++
		}
	case c.r.Mode == analyzer.Data && madeByData(at), len(at) == 1 && madeByProvider(at, theirs):
	case isBlank(theirs) && holdsUnknown(unknown):
		if row == "written" {
			c.note(Leaf{Kind: "bold", Row: row, Path: analyzer.FormatPath(at), Ours: "null", Theirs: "after apply", Count: 1})
		}
	default:
		c.note(Leaf{Kind: "wrong", Row: row, Path: analyzer.FormatPath(at), Ours: "null", Theirs: showJSON(theirs), Count: max(leaves(theirs), 1)})
	}
}

// madeByData recognizes what a data source fills in: an attribute or a kind of block
// that is not written, and elements only if none is written.
func madeByData(at cty.Path) bool {
	_, ok := at[len(at)-1].(cty.GetAttrStep)
	return ok
}

// madeByProvider recognizes what the provider fills in during planning, without the
// configuration: its region, and that it knows of no tags yet.
func madeByProvider(at cty.Path, theirs any) bool {
	name, _ := at[0].(cty.GetAttrStep)
	return name.Name == "region" || name.Name == "tags_all" && isBlank(theirs)
}

func (c *comparison) object(within any, ours cty.Value, theirs, unknown any, at cty.Path) {
	t, ok := theirs.(map[string]any)
	u, _ := unknown.(map[string]any)
	if !ok && u == nil {
		c.wrong(ours, theirs, at)
		return
	}
	for _, name := range namesOf(ours, t, u) {
		path := append(at[:len(at):len(at)], cty.GetAttrStep{Name: name})
		o := cty.NullVal(cty.DynamicPseudoType)
		has := ours.Type().HasAttribute(name)
		if has {
			o = ours.GetAttr(name)
		}
		if anyKeys(within) && has != hasKey(t, u, name) {
			c.note(Leaf{Kind: "wrong", Row: c.row(path), Path: analyzer.FormatPath(path), Ours: show(o), Theirs: "one key more or less", Count: 1})
			continue
		}
		kind, deeper := inner(within, name)
		c.value(kind, deeper, o, t[name], u[name], path)
	}
}

// anyKeys distinguishes values of any type and maps, whose keys come from the
// configuration, from objects and blocks, which omit parts that are not written.
func anyKeys(within any) bool {
	switch w := within.(type) {
	case nil:
		return true
	case cty.Type:
		return w == cty.DynamicPseudoType || w.IsMapType()
	}
	return false
}

func hasKey(theirs, unknown map[string]any, name string) bool {
	if _, ok := theirs[name]; ok {
		return true
	}
	return holdsUnknown(unknown[name])
}

func (c *comparison) sequence(kind shape, within any, ours cty.Value, theirs, unknown any, at cty.Path) {
	t, ok := theirs.([]any)
	u, _ := unknown.([]any)
	elems := ours.AsValueSlice()
	if !ok && u == nil {
		if len(elems) == 0 && theirs == nil && !c.inValue(at) {
			return
		}
		c.wrong(ours, theirs, at)
		return
	}
	open := len(elems) > 0 && !elems[len(elems)-1].IsKnown() && elems[len(elems)-1].Type() == cty.DynamicPseudoType && isBlock(within)
	if open {
		elems = elems[:len(elems)-1]
	}
	element := elementShape(within)
	if kind == set {
		elems = distinct(elems)
		t, u = c.pair(element, within, elems, t, u, at)
	}
	for i := range max(len(elems), len(t)) {
		path := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
		var o cty.Value
		switch {
		case i < len(elems):
			o = elems[i]
		case open:
			o = cty.DynamicVal
		default:
			o = cty.NullVal(cty.DynamicPseudoType)
		}
		if i >= len(t) {
			c.wrong(o, nil, path)
			continue
		}
		c.value(element, elementOf(within), o, t[i], elementAt(u, i), path)
	}
	if len(elems) == 0 && len(t) == 0 {
		c.rows[c.row(at)].Equal++
	}
}

func isBlock(within any) bool { _, ok := within.(*schema.Block); return ok }

func elementShape(within any) shape {
	if t, ok := within.(cty.Type); ok && (t.IsListType() || t.IsSetType()) && t.ElementType().IsSetType() {
		return set
	}
	return plain
}

// elementOf: for a list's type, the type of its elements; for a set and for nested
// blocks, within is already the type of the elements.
func elementOf(within any) any {
	if t, ok := within.(cty.Type); ok && t.IsListType() {
		return t.ElementType()
	}
	return within
}

func elementAt(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// distinct: a set has each known element once.
func distinct(elems []cty.Value) []cty.Value {
	var kept []cty.Value
	for _, e := range elems {
		double := false
		for _, k := range kept {
			double = double || e.IsWhollyKnown() && k.RawEquals(e)
		}
		if !double {
			kept = append(kept, e)
		}
	}
	return kept
}

// pair puts the elements of Terraform's set in the order of the most similar
// elements of tfconfig. Unpaired elements come last.
func (c *comparison) pair(element shape, within any, ours []cty.Value, theirs, unknown []any, at cty.Path) (t, u []any) {
	used := make([]bool, len(theirs))
	for i, o := range ours {
		best, least := -1, 0
		for j := range theirs {
			if used[j] {
				continue
			}
			trial := comparison{r: c.r, spec: c.spec, rows: map[string]*Row{"written": {}, "data": {}, "unset": {}}}
			path := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
			trial.value(element, elementOf(within), o, theirs[j], elementAt(unknown, j), path)
			if bad := trial.bad(); best < 0 || bad < least {
				best, least = j, bad
			}
		}
		if best >= 0 {
			used[best] = true
			t, u = append(t, theirs[best]), append(u, elementAt(unknown, best))
		}
	}
	for j := range theirs {
		if !used[j] {
			t, u = append(t, theirs[j]), append(u, elementAt(unknown, j))
		}
	}
	return t, u
}

func (c *comparison) bad() int {
	n := 0
	for _, r := range c.rows {
		n += 4*r.Wrong + 2*r.Bold + r.Blind
	}
	return n
}

// leaf compares a primitive.
func (c *comparison) leaf(ours cty.Value, theirs any, at cty.Path) {
	if same(ours, theirs) {
		c.rows[c.row(at)].Equal++
		return
	}
	c.wrong(ours, theirs, at)
}

func (c *comparison) wrong(ours cty.Value, theirs any, at cty.Path) {
	c.note(Leaf{Kind: "wrong", Row: c.row(at), Path: analyzer.FormatPath(at), Ours: show(ours), Theirs: showJSON(theirs), Count: 1})
}

func (c *comparison) note(l Leaf) {
	l.Address = c.r.Address
	c.leaves = append(c.leaves, l)
	row := c.rows[l.Row]
	switch l.Kind {
	case "wrong":
		row.Wrong += l.Count
	case "blind":
		row.Blind += l.Count
	default:
		row.Bold += l.Count
	}
}

func (c *comparison) cause(at cty.Path) string {
	var causes []string
	for _, h := range c.r.Hidden {
		if a, b := analyzer.FormatPath(h.At), analyzer.FormatPath(at); strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
			causes = append(causes, string(h.Cause.Kind)+" "+h.Cause.Name)
		}
	}
	for _, ref := range c.r.Refs {
		if a, b := analyzer.FormatPath(ref.At), analyzer.FormatPath(at); strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
			causes = append(causes, ref.To+"."+ref.Attr)
		}
	}
	return strings.Join(causes, ", ")
}

// --- values

func same(ours cty.Value, theirs any) bool {
	switch v := theirs.(type) {
	case string:
		return ours.Type() == cty.String && ours.AsString() == v
	case bool:
		return ours.Type() == cty.Bool && ours.True() == v
	case json.Number:
		if ours.Type() != cty.Number {
			return false
		}
		// As Terraform writes it: shorter than all digits of a number that is not a
		// decimal fraction. 2 to the 100th is 1267650600228229400000000000000.
		text, err := ctyjson.Marshal(ours, cty.Number)
		if err != nil {
			return false
		}
		n, err := cty.ParseNumberVal(v.String())
		m, other := cty.ParseNumberVal(string(text))
		return err == nil && other == nil && n.RawEquals(m)
	}
	return false
}

func isEmpty(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.CanIterateElements() && v.LengthInt() == 0
}

// isBlank: null, or a collection or object that contains only blanks.
func isBlank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, e := range v {
			if !isBlank(e) {
				return false
			}
		}
		return true
	}
	return false
}

func holdsUnknown(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case []any:
		for _, e := range v {
			if holdsUnknown(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if holdsUnknown(e) {
				return true
			}
		}
	}
	return false
}

// leaves counts the known leaves of a value.
func leaves(v any) int {
	n := 0
	switch v := v.(type) {
	case nil:
	case []any:
		for _, e := range v {
			n += leaves(e)
		}
	case map[string]any:
		for _, e := range v {
			n += leaves(e)
		}
	default:
		n = 1
	}
	return n
}

func show(v cty.Value) string {
	switch {
	case v == cty.NilVal:
		return "nothing"
	case !v.IsKnown():
		return "unknown"
	case v.IsNull():
		return "null"
	}
	return shorten(strings.TrimSpace(fmt.Sprintf("%#v", v)))
}

func showJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return shorten(string(text))
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:117]) + "..."
	}
	return s
}
