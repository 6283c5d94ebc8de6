package tfplan

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// position is the Source of a resource for which only the plan is available: every
// position is the beginning of the plan's file. It has no edits.
type position struct {
	file string
	body *lazyBody
}

func (p position) Range(cty.Path) hcl.Range { return start(p.file) }

func start(file string) hcl.Range {
	return hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos}
}

// Written reports whether the configuration in the plan shows an expression
// at, above or below the path. A dynamic block is not shown.
func (p position) Written(at cty.Path) bool {
	return len(at) == 0 || len(p.body.parsed().find(at)) > 0
}

func (p position) Body() hcl.Range      { return start(p.file) }
func (p position) Via() []analyzer.Call { return nil }

// Inside is unknown: a plan shows no lines to point at.
func (p position) Inside([]cty.Path, []string) *analyzer.Inside { return nil }
func (p position) Setting(cty.Path) *analyzer.Setting           { return nil }

// Trace names the references of the expressions at the path.
func (p position) Trace(at cty.Path) []analyzer.Step {
	var steps []analyzer.Step
	for _, e := range p.body.parsed().find(at) {
		for _, text := range e.texts {
			steps = append(steps, analyzer.Step{Name: analyzer.Brief(text), Range: start(p.file)})
		}
	}
	return steps
}

func (p position) Edits([]analyzer.Assign) []analyzer.Edit { return nil }

// find lists the expressions at or above the path, or those below it. It takes all
// of repeated blocks: sets are not in written order.
func (b *body) find(at cty.Path) []*expression {
	name, rest := first(at)
	if name == "" {
		return b.all()
	}
	if e := b.attributes[name]; e != nil {
		return []*expression{e}
	}
	var found []*expression
	for _, inner := range b.blocks[name] {
		found = append(found, inner.find(rest)...)
	}
	return found
}

func (b *body) all() []*expression {
	var found []*expression
	for _, name := range slices.Sorted(maps.Keys(b.attributes)) {
		found = append(found, b.attributes[name])
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for _, inner := range b.blocks[name] {
			found = append(found, inner.all()...)
		}
	}
	return found
}

// first returns the first name of a path, and the rest of the path.
func first(at cty.Path) (string, cty.Path) {
	for i, step := range at {
		if s, ok := step.(cty.GetAttrStep); ok {
			return s.Name, at[i+1:]
		}
	}
	return "", nil
}

func attrStep(p cty.Path, name string) cty.Path {
	return append(p[:len(p):len(p)], cty.GetAttrStep{Name: name})
}

func indexStep(p cty.Path, i int) cty.Path {
	return append(p[:len(p):len(p)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
}
