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

// A Set is the result of a loader: roots with their resources. It is immutable
// after NewSet and safe for concurrent reading.
type Set struct {
	Roots    []*Root // sorted by directory and environment
	Coverage Coverage
	Diags    hcl.Diagnostics // mistakes in the user's files, by file and line
}

// NewSet sorts the set and ties resources to their roots.
func NewSet(roots []*Root, coverage Coverage, diags hcl.Diagnostics) *Set {
	SortRoots(roots)
	for _, root := range roots {
		root.tie()
	}
	return &Set{Roots: roots, Coverage: coverage, Diags: diags}
}

// SortRoots sorts roots as a set does: by directory, then environment.
func SortRoots(roots []*Root) {
	slices.SortStableFunc(roots, func(a, b *Root) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), strings.Compare(a.Environment, b.Environment))
	})
}

// A Root is one evaluation: a root module, a library module with unknown
// inputs, or a plan. Companions are looked for within it.
type Root struct {
	Dir         string // directory of the root, slash-separated, relative to the repository; "." is the repository itself
	Environment string // in which it was evaluated; empty: in none. A report shows roots that differ only in their environment once
	Library     bool   // nobody calls it and it needs inputs: its callers decide the missing ones
	Plan        string // name of the plan file; empty: source
	Resources   []*Resource
	Prior       *Root // the state before the plan; nil from source

	// Inputs are the values of the variables when the plan was made. Null where
	// the plan does not record a value; nil from source.
	Inputs map[string]cty.Value

	// Elsewhere lists resources that are passed out of demarc's sight: exported
	// by a library, or passed to a module that is not installed. Their missing
	// companions may exist there.
	Elsewhere []Elsewhere

	Suppressions []*Suppression // comments in the source
	Moves        []Move         // moved blocks of the root and its modules
	Forgotten    []string       // definitions and module addresses that removed blocks drop without destroying

	byAddress    map[string]*Resource
	byType       map[string][]*Resource
	byDefinition map[string][]*Resource
	handed       map[string][]Cause // by address: see Elsewhere
	names        sync.Map           // type to the resources by their known names
}

// A Move is a change of address: of a resource, all of its instances, or all of
// a module.
type Move struct{ From, To string }

// Elsewhere gives the cause why companions of a resource may be out of sight.
type Elsewhere struct {
	To      string // address; empty: any resource
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

// elsewhere returns the causes that may hide companions of the resource.
func (r *Root) elsewhere(res *Resource) []Cause {
	if len(r.handed) == 0 {
		return nil
	}
	return append(r.handed[""][:len(r.handed[""]):len(r.handed[""])], r.handed[res.Address]...)
}

// Coverage counts what was and was not analyzed. It is part of every report.
type Coverage struct {
	Files        int // files read, out of FilesFound
	FilesFound   int
	Modules      int // module calls that were evaluated, by source directory
	Resources    int // instances judged or classified, data sources not counted
	Unclassified int // resources whose provider has no responsibility model
	Unresolved   []Unresolved
	Broken       bool // a file that had to be read could not be: exit code 3
	// GivenUp lists, in words and with positions, the relevant results that
	// demarc did not compute because a limit was reached. It makes the exit
	// code 3.
	GivenUp []string

	// Work is the cost of evaluating the source, in units of about 100 ns. It
	// depends on the input alone.
	Work int64
}

// Incomplete reports whether the report omits part of the input.
func (c Coverage) Incomplete() bool { return c.Broken || len(c.GivenUp) > 0 }

// Unresolved is one limit on the view: a module that is not installed, a
// variable without a value, an unknown function.
type Unresolved struct {
	Kind         string // module, variable, function, provider, file, budget, mismatch, environment
	Name         string // module.vpc, var.encrypt
	Range        hcl.Range
	Reason       string   // not installed: run terraform init
	Environments []string // environments concerned, sorted; empty: the root has none
}

// Environments is the root's environment as a list; empty: it has none.
func (r *Root) Environments() []string {
	if r == nil || r.Environment == "" {
		return nil
	}
	return []string{r.Environment}
}

// InEnvironment reports whether a list of environments includes the root's
// environment. An empty list includes every one.
func (r *Root) InEnvironment(names []string) bool {
	return len(names) == 0 || r != nil && slices.Contains(names, r.Environment)
}

// Plus adds two coverages.
func (c Coverage) Plus(other Coverage) Coverage {
	return Coverage{
		Files: c.Files + other.Files, FilesFound: c.FilesFound + other.FilesFound, Modules: c.Modules + other.Modules,
		Resources: c.Resources + other.Resources, Unclassified: c.Unclassified + other.Unclassified,
		Unresolved: slices.Concat(c.Unresolved, other.Unresolved), Broken: c.Broken || other.Broken,
		GivenUp: slices.Concat(c.GivenUp, other.GivenUp), Work: c.Work + other.Work,
	}
}
