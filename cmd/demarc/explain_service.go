package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// service writes the responsibility line of a service, or of one of its types.
func (p *page) service(s *analyzer.Service, name string, all table) {
	p.heading(name, s.Name)
	if name != s.ID && !slices.Contains(s.Principals, name) && len(s.Principals) > 0 {
		p.para("", 0, "gives gaps and evidence to "+strings.Join(s.Principals, ", "))
	}
	d := drawingOf(s, name)
	p.decides(d)
	p.line("")
	for _, l := range analyzer.Layers() {
		p.cells(d, l)
	}
	p.shownBy(d, all)
	p.testing(d)
	p.inherited(d)
	p.line("")
	p.links("sources", 9, d.sources())
}

// A drawing is the data for the responsibility line of a type or service.
type drawing struct {
	service  *analyzer.Service
	name     string // the type, or the service's id
	branches []branch
	models   []analyzer.Model // possible models, in the order of the branches
}

// A branch is one condition for a model.
type branch struct {
	model  analyzer.Model
	when   string // empty: always
	source string
}

func drawingOf(s *analyzer.Service, name string) drawing {
	d := drawing{service: s, name: name, branches: branchesOf(s, name)}
	for _, b := range d.branches {
		if !slices.Contains(d.models, b.model) {
			d.models = append(d.models, b.model)
		}
	}
	return d
}

func (d drawing) isService() bool { return d.name == d.service.ID }

// branchesOf lists how the model of a type, or of the types of a service, is
// decided: the first condition that holds decides.
func branchesOf(s *analyzer.Service, name string) []branch {
	var list []branch
	for _, c := range s.Cases {
		says := c.When.String()
		switch {
		case name == s.ID:
			list = append(list, branch{c.Model, caseWords(c) + " (" + strings.Join(c.On, ", ") + ")", c.Source})
		case !slices.Contains(c.On, name):
		case says != "":
			list = append(list, branch{c.Model, caseWords(c), c.Source})
		case len(list) == 0:
			return []branch{{model: c.Model, source: c.Source}}
		default:
			return append(list, branch{c.Model, c.Name + ", everywhere else", c.Source})
		}
	}
	if len(list) == 0 {
		return []branch{{model: s.Model}}
	}
	return append(list, branch{model: s.Model, when: "everywhere else"})
}

func caseWords(c analyzer.Case) string {
	if says := c.When.String(); says != "" {
		return c.Name + ", where " + says
	}
	return c.Name
}

// letter returns the letter for one of several models.
func (d drawing) letter(m analyzer.Model) string {
	return string(rune('A' + slices.Index(d.models, m)))
}

// decides returns the model, or what decides the model.
func (p *page) decides(d drawing) {
	if len(d.models) == 1 {
		p.section(string(d.models[0]) + " service")
		return
	}
	p.section("the first of these that holds decides the model")
	for _, m := range d.models {
		label := fmt.Sprintf("  %s  %s service", d.letter(m), m)
		for _, b := range d.branches {
			if b.model == m {
				p.para(label, 2+3+24, b.when)
				label = ""
			}
		}
	}
}

// cells writes one layer: its owner, and the owner of each half. If the models
// differ, each is marked with its letter.
func (p *page) cells(d drawing, l analyzer.Layer) {
	const title = 28
	label := "  " + padded(responsibility.LayerTitle(l), title)
	for _, c := range d.cellsOf(l) {
		if len(d.models) > 1 {
			label += padded(c.letters, len(d.models)+1)
		}
		for _, half := range halves(c.Cell) {
			indent := len(label) + len("AWS  ")
			p.para(label+padded(half[0], len("AWS  ")), indent, half[1])
			label = strings.Repeat(" ", len(label))
		}
		label = strings.Repeat(" ", 2+title)
	}
}

// A lettered cell applies to the models with its letters; none: to all.
type lettered struct {
	analyzer.Cell
	letters string
}

// cellsOf lists the distinct cells of a layer.
func (d drawing) cellsOf(l analyzer.Layer) []lettered {
	var list []lettered
	for _, m := range d.models {
		cell := responsibility.Catalogue().CellFor(d.service, m, l)
		i := slices.IndexFunc(list, func(c lettered) bool {
			return c.Today == cell.Today && c.Yours == cell.Yours && c.Theirs == cell.Theirs
		})
		if i < 0 {
			i = len(list)
			list = append(list, lettered{Cell: cell})
		}
		list[i].letters += d.letter(m)
	}
	if len(list) == 1 {
		list[0].letters = ""
	}
	return list
}

// halves returns the owners of a cell, each with its part.
func halves(c analyzer.Cell) [][2]string {
	list := [][2]string{{"you", c.Yours}, {"AWS", c.Theirs}}
	switch c.Today {
	case analyzer.NoOwner:
		return [][2]string{{"-", "nothing in this layer"}}
	case analyzer.ProviderOwned:
		list = list[1:]
	case analyzer.CustomerOwned:
		list = list[:1]
	}
	for i := range list {
		if list[i][1] == "" {
			list[i][1] = "all of it"
		}
	}
	return list
}

// shownBy lists, for each layer of the customer, the checks that show it, and the
// part that no configuration shows.
func (p *page) shownBy(d drawing, all table) {
	p.section("evidence for your part: checks, and what to attest")
	for _, l := range analyzer.Layers() {
		p.shown(d, l, all)
	}
	p.line("  Your organisation")
	p.attest(organisations())
}

func (p *page) shown(d drawing, l analyzer.Layer, all table) {
	var checks table
	for _, c := range all {
		if c.Layer == l && d.judged(c) {
			checks = append(checks, c)
		}
	}
	letters := d.customers(l)
	if len(checks) == 0 && letters == "" {
		return
	}
	title := "  " + responsibility.LayerTitle(l)
	if 0 < len(letters) && len(letters) < len(d.models) {
		title += " (" + letters + ")"
	}
	if len(checks) == 0 {
		title += ": no check"
	}
	p.line(title)
	for _, c := range checks {
		p.line(padded("    "+c.Severity.String(), shownIndent) + c.ID)
	}
	p.attest(attestable(l, len(checks) == 0))
}

const shownIndent = 14

func (p *page) attest(objectives []string) {
	p.para("    attest", shownIndent, strings.Join(objectives, ", "))
}

// judged reports whether a check applies to the type, or to a type of the service.
func (d drawing) judged(c *analyzer.Check) bool {
	return slices.Contains(c.On, d.name) ||
		d.isService() && slices.ContainsFunc(c.On, func(t string) bool { return onService(t, d.service) })
}

func onService(typ string, s *analyzer.Service) bool {
	if data, ok := strings.CutPrefix(typ, "data."); ok {
		return responsibility.ServiceOf(analyzer.Data, data) == s
	}
	return responsibility.ServiceOf(analyzer.Managed, typ) == s
}

// customers returns the letters of the models under which the customer has a part in
// a layer.
func (d drawing) customers(l analyzer.Layer) string {
	letters := ""
	for _, m := range d.models {
		if responsibility.Catalogue().CellFor(d.service, m, l).Today.Customers() {
			letters += d.letter(m)
		}
	}
	return letters
}

// attestable lists the objectives at home in a layer that only an attestation can
// show; if nothing shows the partly shown ones, those too. Objectives of the
// organisation belong to no layer of a resource.
func attestable(l analyzer.Layer, inPart bool) []string {
	of := responsibility.Catalogue().Standing(l)
	if inPart {
		of = responsibility.Catalogue().Attestable(l)
	}
	ids := make([]string, len(of))
	for i, o := range of {
		ids[i] = string(o)
	}
	return ids
}

func organisations() []string { return idsOfObjectives(responsibility.Objective.Organisation) }

func idsOfObjectives(of func(responsibility.Objective) bool) []string {
	var ids []string
	for _, o := range responsibility.Objectives() {
		if of(o) {
			ids = append(ids, string(o.ID))
		}
	}
	return ids
}

// sources lists the source pages of the drawing.
func (d drawing) sources() []string {
	links := []string{d.service.Source}
	add := func(link string) {
		if link != "" && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	for _, b := range d.branches {
		add(b.source)
	}
	for _, l := range analyzer.Layers() {
		for _, c := range d.cellsOf(l) {
			add(c.TodaySource)
		}
	}
	return links
}
