package analyzer

import (
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Mode is the kind of object that a Resource is.
type Mode int8

const (
	Managed Mode = iota // a resource block
	Data                // a data block
	Account             // a provider configuration: the account and region that it names
)

// Action is what a plan does with a resource. Source alone always creates.
type Action string

const (
	Create   Action = "create"
	Update   Action = "update"
	Replace  Action = "replace"
	Delete   Action = "delete"
	Forget   Action = "forget"
	ReadData Action = "read" // a data source
	NoOp     Action = "no-op"
)

// A Resource is one instance of a resource, data source or provider
// configuration, from source or from a plan: one model for both. Loaders make
// it; afterwards it is immutable and safe for concurrent reading.
type Resource struct {
	Address    string // module.db.aws_db_instance.main["a"]; unique within its root
	Definition string // the address without instance keys
	Module     string // address of its module instance; empty in the root module
	Mode       Mode
	Type       string // aws_db_instance; for Account the provider's name, aws
	Provider   Provider
	Action     Action
	Previous   string // address before this plan, where it moved
	ReplacedBy []cty.Path
	Deposed    bool

	Refs      []Ref      // references of its attributes; sorted by path
	Hidden    []Hidden   // causes of its unknown values
	Number    []Cause    // why the number of instances is unknown, where this one represents all of them
	Documents []Document // JSON documents whose text is unknown but whose structure is known
	Choices   []Choice   // unknown values that are one of several known ones
	Sensitive []cty.Path // never shown
	Ignored   []cty.Path // ignore_changes: attributes left as they are once the resource exists; the empty path is the whole resource

	Source Source    // nil: no position is known
	Prior  *Resource // the same resource before the plan; nil where there was none or from source
	Root   *Root     // set by NewSet

	// Build makes the values when they are first asked for. It returns one
	// unmarked object; nested blocks are sequences of objects in written
	// order; there are no sets. An attribute that is unset is null or absent.
	// A sequence whose last element is unknown as a whole is open: a dynamic
	// block may add elements.
	Build func() cty.Value

	once   sync.Once
	values cty.Value
	fields map[string]cty.Value // of values

	digests  sync.Map // path text to the digest of the element there: see Witness.FingerprintPath
	named    sync.Once
	names    []string // see identities
	nameless bool
	stems    []string // known prefixes of an unknown name; empty: none
}

// Values is the resource's attributes and blocks as one object. It never
// contains marks or sets; see Build for its shape.
func (r *Resource) Values() cty.Value {
	r.once.Do(func() {
		r.values = cty.EmptyObjectVal
		if r.Build != nil {
			r.values = r.Build()
		}
		if r.values.Type().IsObjectType() && r.values.IsKnown() && !r.values.IsNull() {
			r.fields = r.values.AsValueMap()
		}
	})
	return r.values
}

// Field is one attribute or block; null where it is absent.
func (r *Resource) Field(name string) cty.Value {
	r.Values()
	if v, ok := r.fields[name]; ok {
		return v
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// Provider is the provider configuration that a resource belongs to.
type Provider struct {
	Source string // hashicorp/aws, without the host
	Config string // provider.aws, provider.aws.west; outside the root module with the module's address first
	Region string // empty: not known
}

// A Ref says that a value derives from an attribute of another resource.
type Ref struct {
	At   cty.Path // the leaf, or the value that holds it
	To   string   // address; for one of several instances the definition with [*]
	Attr string   // the attribute or block of To that was read; empty: the whole object
	Sole bool     // nothing else decides the value: no condition, no second candidate
}

// Hidden gives the cause of an unknown value.
type Hidden struct {
	At    cty.Path
	Cause Cause
	// Decides: the cause only selects one of several candidates, and is not a
	// candidate itself.
	Decides bool
}

// CauseKind is the kind of a Cause.
type CauseKind string

const (
	CauseVariable CauseKind = "variable" // an input without a value
	CauseApply    CauseKind = "apply"    // known only after apply
	CauseModule   CauseKind = "module"   // a module that is not installed
	CauseData     CauseKind = "data"     // a data source, read only by Terraform
	CauseFunction CauseKind = "function" // impure, or not known to demarc
	CauseBudget   CauseKind = "budget"   // too large or too deep to evaluate
	CauseProvider CauseKind = "provider" // unset, and the provider chooses
	CauseAccount  CauseKind = "account"  // in the account, and not managed by this configuration
	CauseCaller   CauseKind = "caller"   // a library: its callers decide
	CauseError    CauseKind = "error"    // the expression is in error
	CauseState    CauseKind = "state"    // depends on the state, or on another configuration's
	CauseDerived  CauseKind = "derived"  // a function of another unknown value
	CauseOther    CauseKind = "other"
)

// A Cause is why a value is unknown: "var.encrypt", "aws_kms_key.k.arn",
// "module.vpc". It is comparable, so that a loader can carry it as a mark.
type Cause struct {
	Kind  CauseKind
	Name  string
	Range hcl.Range // of the declaration; zero if there is none
}

// A Document is the structure of a JSON document that an attribute holds.
type Document struct {
	At     cty.Path
	Value  cty.Value // unmarked; leaves may be unknown
	Refs   []Ref     // references of its leaves, with paths within the document; nil where they are not recorded separately
	Hidden []Hidden  // causes of its unknown leaves, likewise
}

// A Choice is an unknown value with known candidates: the value of a
// conditional expression whose condition is unknown.
type Choice struct {
	At     cty.Path
	Values []cty.Value // known and unmarked, like Values; null: unset
}

// choices are the candidates for the value at the path; none where they are not
// known.
func (r *Resource) choices(at cty.Path) []cty.Value {
	for _, c := range r.Choices {
		if !Covers(c.At, at) {
			continue
		}
		values := make([]cty.Value, len(c.Values))
		for i, v := range c.Values {
			for _, s := range at[len(c.At):] {
				v = StepInto(v, s)
			}
			values[i] = v
		}
		return values
	}
	return nil
}

// StepInto is a part of a known value; null where it has no part of that name.
func StepInto(v cty.Value, s cty.PathStep) cty.Value {
	if next, err := (cty.Path{s}).Apply(v); err == nil {
		return next
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// Source turns paths into positions in files. A configuration and a plan
// implement it.
type Source interface {
	// Range is where the value at the path is written, or where it would be
	// if it is not: the innermost block on the way. The nil path is the header
	// of the resource's block. Several ranges of a chain of modules: see Via.
	Range(cty.Path) hcl.Range
	// Written reports whether the configuration writes the value at the path.
	Written(cty.Path) bool
	// Body is the whole block, from its header to its closing brace.
	Body() hcl.Range
	// Via are the module calls that lead to the resource, outermost first.
	Via() []Call
	// Inside describes the resource from the point of view of the caller of its
	// installed module, as far as the values at the paths and companions of
	// these types are concerned; the nil path is whether the resource exists at
	// all. Nil where the resource is in no installed module, or that is
	// unknown.
	Inside(at []cty.Path, companions []string) *Inside
	// Trace is the derivation of the value at the path: the attribute, the
	// local or variable that it reads, up to the literal or the variable's
	// file.
	Trace(cty.Path) []Step
	// Setting is the only assignment that determines the value at the path; nil
	// where other expressions contribute, or a user does not write it.
	Setting(cty.Path) *Setting
	// Edits are the edits of the source that make the assignments; nil where
	// they cannot be made safely.
	Edits([]Assign) []Edit
}

// A Step is one position that a value passed on its way to an attribute.
type Step struct {
	Name  string // var.encrypt, local.tags, module.db, default
	Range hcl.Range
}

// A Call is a module call.
type Call struct {
	Range     hcl.Range // the header of its block
	Installed bool      // of a module that terraform init fetches: not a local path
}

// Inside locates a resource in an installed module, whose files its user does
// not write. The module is the outermost one.
type Inside struct {
	Module   string    // module.vpc, without instance keys
	Range    hcl.Range // the argument of its call that decides; else the call's header
	Inputs   []string  // inputs of the module that contribute: var.encrypt
	Exported bool      // an output leads to the resource, so that its caller can name it
}

// A Setting is the origin of a value: an assignment in a file or, without a
// range, a command-line option or environment variable.
type Setting struct {
	Name  string    // encrypt, --var encrypt, TF_VAR_encrypt
	Range hcl.Range // the assignment; where it would be the first of its name, the call's header
}

// An Edit replaces a range of a file by text.
type Edit struct {
	Range hcl.Range
	Text  string
}

// An Assign sets the attribute at the path, in the configuration's terms.
type Assign struct {
	Path  Path
	Value cty.Value
}

// String is the assignment as one would write it: storage_encrypted = true.
func (a Assign) String() string { return a.Path.String() + " = " + say(a.Value) }

// refs finds the references of the value at the path.
func (r *Resource) refs(at cty.Path) []Ref {
	var found []Ref
	for _, ref := range r.Refs {
		if Covers(at, ref.At) || Covers(ref.At, at) {
			found = append(found, ref)
		}
	}
	return found
}

// CausesAt lists why the value at the path is unknown. It follows references to
// the resources that they name, so that an unknown bucket name is explained by
// the variable that sets it.
func (r *Resource) CausesAt(at cty.Path) []Cause {
	return r.collectCauses(at, nil, 8)
}

// causesBelow is causes for a path without the indexes of its blocks, as
// quantifiers have them.
func (r *Resource) causesBelow(at cty.Path) []Cause {
	found := r.CausesAt(at)
	if len(found) > 0 {
		return found
	}
	for _, h := range r.Hidden {
		if coversNames(at, h.At) {
			found = AppendCause(found, h.Cause)
		}
	}
	return found
}

func (r *Resource) collectCauses(at cty.Path, found []Cause, depth int) []Cause {
	for _, h := range r.Hidden {
		if Covers(at, h.At) || Covers(h.At, at) {
			found = AppendCause(found, h.Cause)
		}
	}
	for _, ref := range r.refs(at) {
		found = r.causeOf(ref, found, depth)
	}
	return found
}

func (r *Resource) causeOf(ref Ref, found []Cause, depth int) []Cause {
	to := r.Root.lookup(ref.To)
	if to != nil && ref.Attr == "" && len(to.Number) > 0 {
		for _, c := range to.Number {
			found = AppendCause(found, c)
		}
		return found
	}
	if to != nil && depth > 0 && ref.Attr != "" {
		before := len(found)
		path := cty.GetAttrPath(ref.Attr)
		if found = to.collectCauses(path, found, depth-1); len(found) > before {
			return found
		}
	}
	name := ref.To
	if ref.Attr != "" {
		name += "." + ref.Attr
	}
	kind, at := CauseApply, hcl.Range{}
	if to != nil && to.Mode == Data {
		kind, at = CauseData, to.RangeAt(nil)
	}
	return AppendCause(found, Cause{Kind: kind, Name: name, Range: at})
}

// PrimaryCauses are the causes to report: the causes that are not derived from
// others, or all if there are no such causes.
func PrimaryCauses(causes []Cause) []Cause {
	var first []Cause
	for _, c := range causes {
		if c.Kind != CauseDerived {
			first = append(first, c)
		}
	}
	if len(first) == 0 {
		return causes
	}
	return first
}

// AppendCause adds a cause, unless the list has one with its kind and name.
func AppendCause(causes []Cause, c Cause) []Cause {
	for _, known := range causes {
		if known.Kind == c.Kind && known.Name == c.Name {
			return causes
		}
	}
	return append(causes, c)
}

// Exists reports whether the resource exists after the plan.
func (r *Resource) Exists() bool {
	return r.Action != Delete && r.Action != Forget && !r.Deposed
}

// hiddenAt lists the causes, other than creation, that hide a top-level
// attribute.
func (r *Resource) hiddenAt(attr string) []Cause {
	var causes []Cause
	for _, h := range r.Hidden {
		if Covers(cty.GetAttrPath(attr), h.At) && h.Cause.Kind != CauseApply {
			causes = append(causes, h.Cause)
		}
	}
	return causes
}

// RangeAt is where the value at a path is written; for a nil path, where the
// block is.
func (r *Resource) RangeAt(at cty.Path) hcl.Range {
	if r.Source == nil {
		return hcl.Range{}
	}
	return r.Source.Range(at)
}

// RootDir is the directory of the root module that the resource is in.
func (r *Resource) RootDir() string {
	if r.Root == nil {
		return ""
	}
	return r.Root.Dir
}

// Secret reports whether the value at a path, or a part of it, must not be shown.
func (r *Resource) Secret(at cty.Path) bool {
	for _, p := range r.Sensitive {
		if Covers(p, at) || Covers(at, p) {
			return true
		}
	}
	return false
}

// File is the file in which the user configures the resource: for a resource in
// an installed module, the file of the module call.
func (r *Resource) File() string {
	if r.Source != nil {
		for _, call := range r.Source.Via() {
			if call.Installed {
				return call.Range.Filename
			}
		}
	}
	return r.RangeAt(nil).Filename
}

// HasTags reports whether the resource has all the tags, with known values that
// match.
func (r *Resource) HasTags(want map[string]string) bool {
	tags := r.Field("tags_all")
	if !tags.IsKnown() || tags.IsNull() {
		tags = r.Field("tags")
	}
	for name, pattern := range want {
		value, ok := AsKnownString(StepInto(tags, cty.GetAttrStep{Name: name}))
		if !ok || !Glob(pattern, value) {
			return false
		}
	}
	return true
}

// TypeKey writes the type of a resource as rows do: "aws_vpc", "data.aws_vpc",
// "provider.aws".
func (r *Resource) TypeKey() string { return TypeKey(r.Mode, r.Type) }

// With is a copy of the resource with other values, for what-if questions such
// as the test that hides one leaf at a time. The copy belongs to no root until
// it is put into one.
func (r *Resource) With(v Values) *Resource {
	c := &Resource{
		Address: r.Address, Definition: r.Definition, Module: r.Module, Mode: r.Mode, Type: r.Type,
		Provider: r.Provider, Action: r.Action, Previous: r.Previous, ReplacedBy: r.ReplacedBy, Deposed: r.Deposed,
		Sensitive: r.Sensitive, Source: r.Source, Prior: r.Prior,
	}
	c.Refs, c.Hidden, c.Documents = v.Refs, v.Hidden, v.Documents
	c.Build = func() cty.Value { return v.Object }
	return c
}

// Values is a resource's values with their references and causes.
type Values struct {
	Object    cty.Value
	Refs      []Ref
	Hidden    []Hidden
	Documents []Document
}

// ModeOf splits a type as rows write it into its mode and name.
func ModeOf(typ string) (Mode, string) {
	if name, ok := strings.CutPrefix(typ, "data."); ok {
		return Data, name
	}
	if name, ok := strings.CutPrefix(typ, "provider."); ok {
		return Account, name
	}
	return Managed, typ
}

// TypeKey writes managed types, data sources and accounts as rows do:
// "aws_vpc", "data.aws_vpc", "provider.aws".
func TypeKey(m Mode, typ string) string {
	switch m {
	case Data:
		return "data." + typ
	case Account:
		return "provider." + typ
	}
	return typ
}

// AsKnownString returns a known string that is not null.
func AsKnownString(v cty.Value) (string, bool) {
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return AsString(v)
}

// ModuleOf is the address of a resource's module without instance keys.
func ModuleOf(r *Resource) string {
	if r.Module == "" {
		return ""
	}
	parts := strings.Split(r.Definition, ".")
	own := 2 // type and name
	if r.Mode == Data {
		own++
	}
	return strings.Join(parts[:max(len(parts)-own, 0)], ".")
}
