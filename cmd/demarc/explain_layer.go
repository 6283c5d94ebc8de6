package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// layer writes the owner of a layer under each model, the services that differ, and
// the objectives under the layer.
func (p *page) layer(l analyzer.Layer, all table) {
	p.heading(string(l), responsibility.LayerTitle(l))
	p.para("", 0, responsibility.LayerAbout(l))
	p.owners(l)
	p.differing(l)
	p.objectivesUnder(l, all)
	p.line("")
	p.links("published", 11, layerSources(l, func(c analyzer.Cell) string { return c.PublishedSource }))
	p.links("today", 11, layerSources(l, func(c analyzer.Cell) string { return c.TodaySource }))
}

// owners writes a layer's row of the model.
func (p *page) owners(l analyzer.Layer) {
	const indent = 37
	p.section(fmt.Sprintf("%-18s%-12s%s", "  model", "published", "today"))
	for _, m := range analyzer.Models() {
		c := responsibility.Catalogue().Cell(m, l)
		label := fmt.Sprintf("  %-16s%-12s", m, ownerWord(c.Published))
		for _, half := range halves(c) {
			p.para(label+fmt.Sprintf("%-7s", half[0]), indent, half[1])
			label = strings.Repeat(" ", 30)
		}
	}
}

func ownerWord(o analyzer.Owner) string {
	switch o {
	case analyzer.CustomerOwned:
		return "you"
	case analyzer.ProviderOwned:
		return "AWS"
	case analyzer.SharedOwned:
		return "both"
	case analyzer.NoOwner:
		return "nobody"
	}
	return "not stated"
}

// differing lists the services in which the owner of a layer differs from the
// service's model.
func (p *page) differing(l analyzer.Layer) {
	const indent = 12
	services := map[analyzer.Owner][]string{}
	for _, s := range responsibility.Services() {
		for _, o := range s.Overrides {
			if o.Layer == l && o.Cell.Today != responsibility.Catalogue().Cell(o.Model, l).Today {
				services[o.Cell.Today] = append(services[o.Cell.Today], differs(s, o.Model))
			}
		}
	}
	if len(services) == 0 {
		return
	}
	p.section("services that differ")
	for _, owner := range []analyzer.Owner{analyzer.CustomerOwned, analyzer.SharedOwned, analyzer.ProviderOwned, analyzer.NoOwner} {
		label := "  " + ownerWord(owner)
		if owner == analyzer.NoOwner {
			label = "  has none"
		}
		p.para(label, indent, strings.Join(services[owner], ", "))
	}
}

// differs names a service, and the model if the service can have several.
func differs(s *analyzer.Service, m analyzer.Model) string {
	if len(s.Cases) > 0 {
		return fmt.Sprintf("%s (%s)", s.ID, m)
	}
	return s.ID
}

// objectivesUnder lists the control objectives of a layer, each with the checks
// under the layer that serve it.
func (p *page) objectivesUnder(l analyzer.Layer, all table) {
	for _, o := range responsibility.Objectives() {
		if !o.Under(l) {
			continue
		}
		ids := idsOf(all, func(c *analyzer.Check) bool { return c.Layer == l && c.Objective == o.ID })
		if len(ids) == 0 && o.Layers[0] != l {
			continue // its home is another layer, and no check here serves it
		}
		p.line("")
		p.heading(string(o.ID), extentWords(o.Extent, o.Inherited()))
		p.para("  ", 2, o.Title)
		p.para("  checks", 11, strings.Join(ids, ", "))
		if o.Attestable() {
			p.para("  attest", 11, o.Missing)
		}
	}
}

func idsOf(all table, of func(*analyzer.Check) bool) []string {
	var ids []string
	for _, c := range all {
		if of(c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// layerSources lists the source pages for one kind of owner in a layer's row.
func layerSources(l analyzer.Layer, of func(analyzer.Cell) string) []string {
	var links []string
	for _, m := range analyzer.Models() {
		if link := of(responsibility.Catalogue().Cell(m, l)); link != "" && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}
