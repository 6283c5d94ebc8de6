package analyzer

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Set is what a loader read: roots with their resources. It is immutable
// after NewSet and safe for concurrent reading.
type Set struct {
	Roots    []*Root // sorted by directory and environment
	Coverage Coverage
	Diags    hcl.Diagnostics // mistakes in the user's files, by file and line
}

// NewSet puts the set in order and ties resources to their roots.
func NewSet(roots []*Root, coverage Coverage, diags hcl.Diagnostics) *Set {
	SortRoots(roots)
	for _, root := range roots {
		root.tie()
	}
	return &Set{Roots: roots, Coverage: coverage, Diags: diags}
}

// SortRoots puts roots in the order of a set: by directory, then environment.
func SortRoots(roots []*Root) {
	slices.SortStableFunc(roots, func(a, b *Root) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), strings.Compare(a.Environment, b.Environment))
	})
}

// A Root is one evaluation: a root module, a library module with unknown
// inputs, or a plan. Companions are looked for within it.
type Root struct {
	Dir         string // directory of the root, slash-separated, relative to the repository; "." is the repository itself
	Environment string // in which it was evaluated; empty: in none. A report tells once of roots that differ in nothing else
	Library     bool   // nobody calls it and it needs inputs: its callers decide what is missing
	Plan        string // name of the plan that it was read from; empty: source
	Resources   []*Resource
	Prior       *Root // the state before the plan; nil from source

	// Inputs are the values that a plan was made with, by variable. Null where
	// a plan does not say; nil from source.
	Inputs map[string]cty.Value

	// Elsewhere lists resources that are handed to where demarc cannot see:
	// exported by a library, passed to a module that is not installed. What is
	// missing beside them may be there.
	Elsewhere []Elsewhere

	Suppressions []*Suppression // comments in the source
	Moves        []Move         // moved blocks, those of its modules too
	Forgotten    []string       // definitions, and addresses of modules without keys, that removed blocks do not have destroyed

	byAddress    map[string]*Resource
	byType       map[string][]*Resource
	byDefinition map[string][]*Resource
	handed       map[string][]Cause // by address: see Elsewhere
	names        sync.Map           // of type to the resources by their known names
}

// A Move says that what had one address has another now: a resource, all of its
// instances, or all of a module.
type Move struct{ From, To string }

// Elsewhere says why companions of a resource may be out of sight.
type Elsewhere struct {
	To      string // address; empty: of any resource
	Because Cause
}

func (r *Root) tie() {
	sort.SliceStable(r.Resources, func(i, j int) bool { return r.Resources[i].Address < r.Resources[j].Address })
	r.byAddress = make(map[string]*Resource, len(r.Resources))
	r.byType = map[string][]*Resource{}
	r.byDefinition = map[string][]*Resource{}
	for _, res := range r.Resources {
		res.Root = r
		if !res.Deposed {
			r.byAddress[res.Address] = res
		}
		key := TypeKey(res.Mode, res.Type)
		r.byType[key] = append(r.byType[key], res)
		if res.Definition != res.Address {
			r.byDefinition[res.Definition] = append(r.byDefinition[res.Definition], res)
		}
	}
	r.handed = map[string][]Cause{}
	for _, e := range r.Elsewhere {
		r.handed[e.To] = AppendCause(r.handed[e.To], e.Because)
	}
	if r.Prior == nil {
		return
	}
	r.Prior.tie()
	for _, res := range r.Resources {
		res.Prior = r.before(res)
	}
}

func (r *Root) before(res *Resource) *Resource {
	if res.Deposed {
		return nil
	}
	if res.Previous != "" {
		return r.Prior.lookup(res.Previous)
	}
	return r.Prior.lookup(res.Address)
}

// lookup finds a resource by its address; nil where there is none.
func (r *Root) lookup(address string) *Resource {
	if r == nil {
		return nil
	}
	return r.byAddress[address]
}

// Lookup finds a resource by its address within the root; nil: there is none.
func (r *Root) Lookup(address string) *Resource { return r.lookup(address) }

// ofType lists the resources of a type, by address. The type is written as in
// rows: "aws_vpc", "data.aws_vpc", "provider.aws".
func (r *Root) ofType(typ string) []*Resource { return r.byType[typ] }

// elsewhere reports what may hide companions of the resource.
func (r *Root) elsewhere(res *Resource) []Cause {
	if len(r.handed) == 0 {
		return nil
	}
	return append(r.handed[""][:len(r.handed[""]):len(r.handed[""])], r.handed[res.Address]...)
}

// Coverage is what was and was not looked at. It is part of every report.
type Coverage struct {
	Files        int // read, of those found
	FilesFound   int
	Modules      int // module calls that were evaluated, by source directory
	Resources    int // instances judged or classified, data sources not counted
	Unclassified int // of them of providers without a responsibility model
	Unresolved   []Unresolved
	Broken       bool // a file that had to be read could not be: exit code 3
	// GivenUp is what demarc did not work out though it matters, as a bound was
	// reached: in words, with places. It makes the exit code 3.
	GivenUp []string

	// Work is what the evaluation of source cost, in units of about 100 ns. It
	// depends on the input alone.
	Work int64
}

// Incomplete reports whether there is less in the report than the input holds.
func (c Coverage) Incomplete() bool { return c.Broken || len(c.GivenUp) > 0 }

// Unresolved is one thing that narrows the view: a module that is not
// installed, a variable without a value, a function that is not known.
type Unresolved struct {
	Kind         string // module, variable, function, provider, file, budget, mismatch, environment
	Name         string // module.vpc, var.encrypt
	Range        hcl.Range
	Reason       string   // not installed: run terraform init
	Environments []string // in which it is so, sorted; empty: the root has none
}

// Environments is the root's as a list; empty: it has none.
func (r *Root) Environments() []string {
	if r == nil || r.Environment == "" {
		return nil
	}
	return []string{r.Environment}
}

// InEnvironment reports whether a list of environments, empty for every one,
// has the root's.
func (r *Root) InEnvironment(names []string) bool {
	return len(names) == 0 || r != nil && slices.Contains(names, r.Environment)
}

// Plus is the coverage of both.
func (c Coverage) Plus(other Coverage) Coverage {
	return Coverage{
		Files: c.Files + other.Files, FilesFound: c.FilesFound + other.FilesFound, Modules: c.Modules + other.Modules,
		Resources: c.Resources + other.Resources, Unclassified: c.Unclassified + other.Unclassified,
		Unresolved: slices.Concat(c.Unresolved, other.Unresolved), Broken: c.Broken || other.Broken,
		GivenUp: slices.Concat(c.GivenUp, other.GivenUp), Work: c.Work + other.Work,
	}
}
