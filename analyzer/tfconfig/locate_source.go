package tfconfig

import (
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// source locates where an instance's values are written.
type source struct {
	inst    *instance
	secrets []cty.Path         // of its resource
	traced  map[string]*tracer // by path; guarded by the evaluator's tracing
}

func (s *source) Range(at cty.Path) hcl.Range {
	if len(at) == 0 {
		return s.inst.res.def
	}
	a, where := s.inst.placed.find(at)
	if a != nil {
		return a.rng
	}
	return where
}

func (s *source) Written(at cty.Path) bool {
	if a, _ := s.inst.placed.find(at); a != nil {
		return true
	}
	return s.inst.placed.block(at) != nil
}

func (s *source) Body() hcl.Range { return s.inst.res.whole }

func (s *source) Via() []analyzer.Call {
	var calls []analyzer.Call
	for sc := s.inst.sc; sc.call != nil; sc = sc.parent {
		calls = append(calls, analyzer.Call{Range: sc.call.def, Installed: sc.installed()})
	}
	slices.Reverse(calls)
	return calls
}

// find returns the attribute that a path leads to, with the range of the value
// within it if the value is written as a list or an object. Without an attribute,
// the result is nil and the range of the innermost block.
func (p *placed) find(at cty.Path) (*attribute, hcl.Range) {
	in, a, rest := p.locate(at)
	if a == nil {
		return nil, in.def
	}
	w := written(a, rest)
	inner := *a
	inner.rng, inner.expr = w.rng, w.expr
	return &inner, inner.rng
}

// locate returns the attribute that a path leads to, nil if there is none, with the
// body that holds it, or would hold it, and the path within the attribute's value.
func (p *placed) locate(at cty.Path) (*placed, *attribute, cty.Path) {
	for len(at) > 0 {
		name, ok := at[0].(cty.GetAttrStep)
		if !ok || p.body == nil {
			return p, nil, nil
		}
		if blocks := p.blocks[name.Name]; len(blocks) > 0 {
			i, deeper := blockIndex(at[1:])
			if !deeper || i >= len(blocks) {
				return blocks[0], nil, nil
			}
			p, at = blocks[i], at[2:]
			continue
		}
		return p, p.body.attr(name.Name), at[1:]
	}
	return p, nil, nil
}

// block returns the block that a path leads to; nil if it leads elsewhere.
func (p *placed) block(at cty.Path) *placed {
	for len(at) > 0 {
		name, ok := at[0].(cty.GetAttrStep)
		if !ok {
			return nil
		}
		blocks := p.blocks[name.Name]
		i, deeper := blockIndex(at[1:])
		if len(blocks) == 0 || i >= len(blocks) {
			return nil
		}
		p = blocks[i]
		if !deeper {
			return p
		}
		at = at[2:]
	}
	return p
}

func blockIndex(at cty.Path) (int, bool) {
	if len(at) == 0 {
		return 0, false
	}
	step, ok := at[0].(cty.IndexStep)
	if !ok || step.Key.Type() != cty.Number {
		return 0, false
	}
	i, _ := step.Key.AsBigFloat().Int64()
	return int(i), true
}

// traversalName writes a reference as the user did, without its indexes.
func traversalName(ref hcl.Traversal) string {
	var parts []string
	for _, s := range ref {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			parts = append(parts, s.Name)
		case hcl.TraverseAttr:
			parts = append(parts, s.Name)
		}
	}
	return analyzer.Brief(strings.Join(parts, "."))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func sortRefs(refs []analyzer.Ref) {
	sort.SliceStable(refs, func(i, j int) bool {
		if refs[i].To != refs[j].To {
			return refs[i].To < refs[j].To
		}
		return refs[i].Attr < refs[j].Attr
	})
}

func sortHidden(hidden []analyzer.Hidden) {
	sort.SliceStable(hidden, func(i, j int) bool {
		a, b := analyzer.FormatPath(hidden[i].At), analyzer.FormatPath(hidden[j].At)
		if a != b {
			return a < b
		}
		return hidden[i].Cause.Name < hidden[j].Cause.Name
	})
}
