package tfplan

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Join combines a plan and the source that it was made from: values, actions and the
// prior state from the plan; lines, references, documents, causes and suppressions
// from the source. Values that are unknown only because the plan does not show what
// is written come from the source. The root takes the source's directory. Neither
// set is changed.
//
// Resources are paired by address, else by definition. A resource in only one of the
// two is a coverage note of the kind "mismatch".
func Join(plan, source *analyzer.Set) *analyzer.Set {
	coverage := source.Coverage
	coverage.Files += plan.Coverage.Files
	coverage.FilesFound += plan.Coverage.FilesFound
	coverage.Broken = coverage.Broken || plan.Coverage.Broken
	coverage.Unresolved = append([]analyzer.Unresolved(nil), plan.Coverage.Unresolved...)
	for _, u := range source.Coverage.Unresolved {
		if u.Kind != "variable" { // the plan has its value
			coverage.Unresolved = append(coverage.Unresolved, u)
		}
	}
	roots := make([]*analyzer.Root, len(plan.Roots))
	for i, root := range plan.Roots {
		j := &joiner{plan: root, source: closest(root, source.Roots)}
		roots[i] = j.root()
		coverage.Unresolved = append(coverage.Unresolved, j.mismatches()...)
	}
	return analyzer.NewSet(roots, coverage, source.Diags)
}

// closest returns the root that shares most definitions with the plan's root; nil if
// none shares any.
func closest(plan *analyzer.Root, roots []*analyzer.Root) *analyzer.Root {
	defined := map[string]bool{}
	for _, r := range plan.Resources {
		if r.Mode != analyzer.Account {
			defined[r.Definition] = true
		}
	}
	var best *analyzer.Root
	most := 0
	for _, root := range roots {
		shared := map[string]bool{}
		for _, r := range root.Resources {
			if defined[r.Definition] {
				shared[r.Definition] = true
			}
		}
		if len(shared) > most {
			best, most = root, len(shared)
		}
	}
	return best
}

// joiner joins one root.
type joiner struct {
	plan, source *analyzer.Root
	byAddress    map[string]*analyzer.Resource   // resources of the source
	byDefinition map[string][]*analyzer.Resource // resources of the source
	planned      map[string][]string             // addresses in the plan, by definition
}

func (j *joiner) root() *analyzer.Root {
	joined := &analyzer.Root{Dir: j.plan.Dir, Plan: j.plan.Plan}
	j.index()
	if j.source != nil {
		joined.Dir, joined.Suppressions = j.source.Dir, j.source.Suppressions
	}
	for _, p := range j.plan.Resources {
		joined.Resources = append(joined.Resources, j.resource(p))
	}
	if j.plan.Prior != nil {
		joined.Prior = &analyzer.Root{Dir: joined.Dir, Plan: joined.Plan}
		for _, p := range j.plan.Prior.Resources {
			joined.Prior.Resources = append(joined.Prior.Resources, j.before(p))
		}
	}
	return joined
}

func (j *joiner) index() {
	j.byAddress, j.byDefinition = map[string]*analyzer.Resource{}, map[string][]*analyzer.Resource{}
	j.planned = map[string][]string{}
	if j.source != nil {
		for _, s := range j.source.Resources {
			j.byAddress[s.Address] = s
			j.byDefinition[s.Definition] = append(j.byDefinition[s.Definition], s)
		}
	}
	for _, p := range j.plan.Resources {
		if !gone(p) {
			j.planned[p.Definition] = append(j.planned[p.Definition], p.Address)
		}
	}
}

func gone(r *analyzer.Resource) bool {
	return r.Deposed || r.Action == analyzer.Delete || r.Action == analyzer.Forget
}

// match finds the source of a resource. Same reports whether the source's values
// belong to this instance: it has the address, or stands for all instances.
func (j *joiner) match(address, definition string) (s *analyzer.Resource, same bool) {
	if s := j.byAddress[address]; s != nil {
		return s, true
	}
	candidates := j.byDefinition[definition]
	for _, s := range candidates {
		if standsFor(s.Address, address) {
			return s, true
		}
	}
	if len(candidates) == 0 {
		return nil, false
	}
	return candidates[0], false
}

// standsFor reports whether an address with [*] covers one with keys.
func standsFor(general, address string) bool {
	g, a := segments(general), segments(address)
	if len(g) != len(a) {
		return false
	}
	for i := range g {
		if g[i].name != a[i].name || g[i].key != a[i].key && g[i].key != "*" {
			return false
		}
	}
	return true
}

// copyOf returns the resource outside its set: NewSet ties it to another root.
func copyOf(p *analyzer.Resource) *analyzer.Resource {
	return &analyzer.Resource{
		Address: p.Address, Definition: p.Definition, Module: p.Module, Mode: p.Mode, Type: p.Type,
		Provider: p.Provider, Action: p.Action, Previous: p.Previous, ReplacedBy: p.ReplacedBy, Deposed: p.Deposed,
		Refs: p.Refs, Hidden: p.Hidden, Documents: p.Documents, Sensitive: p.Sensitive,
		Source: p.Source, Build: p.Values,
	}
}

func (j *joiner) before(p *analyzer.Resource) *analyzer.Resource {
	r := copyOf(p)
	if s, _ := j.match(p.Address, p.Definition); s != nil && s.Source != nil {
		r.Source = s.Source
	}
	return r
}

func (j *joiner) resource(p *analyzer.Resource) *analyzer.Resource {
	r := copyOf(p)
	s, same := j.match(p.Address, p.Definition)
	if s == nil {
		return r
	}
	if s.Source != nil {
		r.Source = s.Source
	}
	if gone(p) {
		return r
	}
	if r.Provider.Region == "" {
		r.Provider.Region = s.Provider.Region
	}
	var moved *order
	if repeats(s.Values()) {
		m := merger{fill: same}
		var merged cty.Value
		merged, moved = m.value(p.Values(), s.Values())
		r.Build = func() cty.Value { return merged }
	} else if same {
		r.Build = func() cty.Value {
			m := merger{fill: true, keep: true}
			merged, _ := m.value(p.Values(), s.Values())
			return merged
		}
	}
	j.combine(r, p, s, moved, same)
	return r
}

// combine takes the source's facts about a resource, at the positions that its
// values have in the joined resource.
func (j *joiner) combine(r, p, s *analyzer.Resource, moved *order, same bool) {
	r.Refs, r.Hidden, r.Documents, r.Sensitive, r.ReplacedBy = nil, nil, nil, nil, nil
	r.Ignored = s.Ignored
	for _, at := range p.ReplacedBy {
		r.ReplacedBy = append(r.ReplacedBy, moved.planned(at))
	}
	for _, at := range p.Sensitive {
		r.Sensitive = append(r.Sensitive, moved.planned(at))
	}
	for _, at := range s.Sensitive {
		at, _ = moved.written(at)
		r.Sensitive = append(r.Sensitive, at)
	}
	unknown := unknownOf(p, moved)
	for _, h := range s.Hidden {
		h.At, _ = moved.written(h.At)
		if overlapsAny(h.At, unknown) {
			r.Hidden = append(r.Hidden, h)
		}
	}
	for _, ref := range s.Refs {
		at, exact := moved.written(ref.At)
		ref.At, ref.Sole = at, ref.Sole && exact
		r.Refs = append(r.Refs, j.translate(ref, p, same))
	}
	for _, d := range s.Documents {
		at, exact := moved.written(d.At)
		if exact && same {
			r.Documents = append(r.Documents, analyzer.Document{At: at, Value: d.Value})
		}
	}
	for _, c := range s.Choices {
		if at, exact := moved.written(c.At); exact && same {
			r.Choices = append(r.Choices, analyzer.Choice{At: at, Values: c.Values})
		}
	}
	j.complete(r, p, s, moved, same)
	r.Refs = sorted(r.Refs)
}

// complete adds the plan's facts where the source has none, such as facts about
// values that the source cannot know.
func (j *joiner) complete(r, p, s *analyzer.Resource, moved *order, same bool) {
	var explained, hidden []cty.Path
	for _, ref := range r.Refs {
		explained = append(explained, ref.At)
	}
	for _, h := range s.Hidden {
		at, _ := moved.written(h.At)
		hidden = append(hidden, at)
	}
	for _, ref := range p.Refs {
		ref.At = moved.planned(ref.At)
		if !overlapsAny(ref.At, explained) && (!same || overlapsAny(ref.At, hidden)) {
			r.Refs = append(r.Refs, ref)
		}
	}
	for _, h := range p.Hidden {
		h.At = moved.planned(h.At)
		if !same && !overlapsAny(h.At, hidden) && !overlapsAny(h.At, explained) {
			r.Hidden = append(r.Hidden, h)
		}
	}
	var structured []cty.Path
	for _, d := range r.Documents {
		structured = append(structured, d.At)
	}
	for _, d := range p.Documents {
		d.At = moved.planned(d.At)
		if !overlapsAny(d.At, structured) {
			r.Documents = append(r.Documents, d)
		}
	}
}

// unknownOf returns the paths that the plan leaves unknown.
func unknownOf(p *analyzer.Resource, moved *order) []cty.Path {
	var paths []cty.Path
	for _, h := range p.Hidden {
		paths = append(paths, moved.planned(h.At))
	}
	for _, ref := range p.Refs {
		paths = append(paths, moved.planned(ref.At))
	}
	return paths
}

func overlapsAny(at cty.Path, paths []cty.Path) bool {
	for _, p := range paths {
		n := min(len(at), len(p))
		if at[:n].Equals(p[:n]) {
			return true
		}
	}
	return false
}

// translate names the target of a source reference as the plan does: the source may
// not know the keys of instances.
func (j *joiner) translate(ref analyzer.Ref, p *analyzer.Resource, same bool) analyzer.Ref {
	if same && j.plan.Lookup(ref.To) != nil {
		return ref
	}
	definition, _ := strings.CutSuffix(ref.To, "[*]")
	definition = parseAddress(definition).definition
	targets := j.planned[definition]
	if len(targets) > 1 {
		targets = inModule(targets, p.Module)
	}
	switch len(targets) {
	case 0:
	case 1:
		ref.To = targets[0]
	default:
		ref.To, ref.Sole = definition+"[*]", false
	}
	return ref
}

// inModule keeps the addresses within a module instance, if there are any.
func inModule(addresses []string, module string) []string {
	var inside []string
	for _, a := range addresses {
		if parseAddress(a).module == module {
			inside = append(inside, a)
		}
	}
	if len(inside) == 0 {
		return addresses
	}
	return inside
}

// maxMismatches bounds the notes on resources without a partner.
const maxMismatches = 20

func (j *joiner) mismatches() []analyzer.Unresolved {
	if j.source == nil {
		return []analyzer.Unresolved{{Kind: "mismatch", Name: j.plan.Plan, Range: start(j.plan.Plan),
			Reason: "no resource of the plan is in the source: give --source the directory that it was made in"}}
	}
	var notes []analyzer.Unresolved
	seen := map[string]bool{}
	add := func(r *analyzer.Resource, reason string) {
		if r.Mode != analyzer.Managed || seen[r.Definition] {
			return
		}
		seen[r.Definition] = true
		u := analyzer.Unresolved{Kind: "mismatch", Name: r.Definition, Reason: reason}
		if r.Source != nil {
			u.Range = r.Source.Range(nil)
		}
		notes = append(notes, u)
	}
	for _, p := range j.plan.Resources {
		if !gone(p) && len(j.byDefinition[p.Definition]) == 0 {
			add(p, "it is in the plan but not in the source: create the plan again")
		}
	}
	for _, s := range j.source.Resources {
		if len(j.planned[s.Definition]) == 0 {
			add(s, "it is in the source but not in the plan: create the plan again")
		}
	}
	if more := len(notes) - maxMismatches; more > 0 {
		notes = notes[:maxMismatches]
		notes = append(notes, analyzer.Unresolved{Kind: "mismatch", Name: j.plan.Plan, Range: start(j.plan.Plan),
			Reason: fmt.Sprintf("and %d more resources are in the plan only or in the source only", more)})
	}
	return notes
}
