package main

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// attest reads an attestation of duties that no configuration shows.
func (r *configReader) attest(block *hclsyntax.Block) {
	name, ok := r.label(block, "a name")
	if !ok {
		return
	}
	a := &judge.Attestation{Name: name, Range: hcl.RangeBetween(block.TypeRange, block.CloseBraceRange)}
	var layerNames, objectiveNames []string
	r.settings(block.Body, "attest", []setting{
		{name: "layers", into: &layerNames},
		{name: "objectives", into: &objectiveNames},
		{name: "resources", into: &a.Resources},
		{name: "roots", into: &a.Roots},
		{name: "by", into: &a.By, required: true},
		{name: "evidence", into: &a.Evidence, required: true},
		{name: "date", into: &a.Date},
		{name: "expires", into: &a.Expires, required: true},
	})
	if !a.Expires.IsZero() && a.Date.After(a.Expires) {
		r.errorf(block.Body.Attributes["date"].Expr.Range(), "date is after expires")
	}
	for _, l := range r.layers(block, layerNames) {
		a.Subjects = append(a.Subjects, analyzer.Subject{Layer: l})
	}
	for _, name := range objectiveNames {
		o, ok := responsibility.ObjectiveOf(analyzer.Objective(name))
		if !ok {
			r.at(block.Body.Attributes["objectives"].Expr.Range(), noSuch("objective", name, objectives()))
		}
		for _, l := range o.Layers {
			a.Subjects = append(a.Subjects, analyzer.Subject{Layer: l, Objective: o.ID})
		}
	}
	if len(layerNames)+len(objectiveNames) == 0 {
		r.errorf(block.TypeRange, "attest needs layers or objectives")
	}
	for i, address := range a.Resources {
		a.Resources[i] = literalKeys(address)
	}
	for i, glob := range a.Roots {
		a.Roots[i] = r.within(block.Body.Attributes["roots"].Expr.Range(), glob)
	}
	r.cfg.attestations = append(r.cfg.attestations, a)
}

// owner reads an assignment of owners.
func (r *configReader) owner(block *hclsyntax.Block) {
	name, ok := r.label(block, "a name")
	if !ok {
		return
	}
	team := judge.Team{Name: name}
	var layerNames []string
	r.settings(block.Body, "owner", []setting{
		{name: "layers", into: &layerNames},
		{name: "services", into: &team.Services},
		{name: "paths", into: &team.Paths},
		{name: "modules", into: &team.Modules},
		{name: "tags", into: &team.Tags},
	})
	team.Layers = r.layers(block, layerNames)
	var services []string
	for _, s := range responsibility.Services() {
		services = append(services, s.ID)
	}
	for _, s := range team.Services {
		if !slices.Contains(services, s) {
			r.at(block.Body.Attributes["services"].Expr.Range(), noSuch("service", s, services))
		}
	}
	for i, glob := range team.Paths {
		team.Paths[i] = r.within(block.Body.Attributes["paths"].Expr.Range(), glob)
	}
	r.cfg.teams = append(r.cfg.teams, team)
}

// layers returns the layers that a block names.
func (r *configReader) layers(block *hclsyntax.Block, names []string) []analyzer.Layer {
	var known []string
	for _, l := range analyzer.Layers() {
		known = append(known, string(l))
	}
	var layers []analyzer.Layer
	for _, name := range names {
		if !slices.Contains(known, name) {
			r.at(block.Body.Attributes["layers"].Expr.Range(), noSuch("layer", name, known))
			continue
		}
		layers = append(layers, analyzer.Layer(name))
	}
	return layers
}

func objectives() []string {
	return idsOfObjectives(func(responsibility.Objective) bool { return true })
}
