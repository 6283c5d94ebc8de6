package main

import (
	"fmt"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

const objectiveIndent = 12

// objective writes what an objective requires, what shows it, and which requirements
// map to it.
func (p *page) objective(o responsibility.Objective, all table) {
	p.heading(string(o.ID), extentWords(o.Extent, o.Inherited()))
	p.para("", 0, o.Title)
	p.para("", 0, o.About)
	p.line("")
	var layers []string
	for _, l := range o.Layers {
		layers = append(layers, string(l))
	}
	p.para("layers", objectiveIndent, strings.Join(layers, ", "))
	p.para("control", objectiveIndent, strings.Join(controlsOf(o.ID), ", "))
	switch {
	case o.Inherited():
		p.para("AWS's", objectiveIndent, "AWS meets it for every customer, as its auditors report: "+o.Evidence)
		p.links("", objectiveIndent, []string{responsibility.Artifact, responsibility.InheritedControls})
	case o.Attestable():
		p.para("not shown", objectiveIndent, o.Missing)
		p.para("evidence", objectiveIndent, o.Evidence)
		p.para("attest", objectiveIndent, attestWords(o))
	}
	p.frameworks("frameworks", objectiveIndent, responsibility.RequirementsOf(o.ID))
	p.serving(o.ID, all)
	p.line("")
}

// attestWords returns how an objective is attested.
func attestWords(o responsibility.Objective) string {
	words := fmt.Sprintf("objectives = [%q] in an attest block, as demarc init offers it", o.ID)
	if o.Organisation() {
		words += "; it belongs to the organisation, so leave out resources and roots"
	}
	return words
}

// controlsOf returns the shared controls of an objective.
func controlsOf(id analyzer.Objective) []string {
	var ids []string
	for _, c := range responsibility.SharedControls() {
		for _, o := range c.Objectives {
			if o == id {
				ids = append(ids, c.ID)
			}
		}
	}
	return ids
}

// serving lists the checks that serve an objective.
func (p *page) serving(id analyzer.Objective, all table) {
	var rows [][]string
	for _, c := range all {
		if c.Objective == id {
			rows = append(rows, []string{"  " + c.Severity.String(), c.ID, c.Title})
		}
	}
	if len(rows) > 0 {
		p.section("shown by")
		p.text(columns(rows, p.width))
	}
}

// control writes a shared control of the model.
func (p *page) control(c responsibility.Control) {
	p.heading(c.ID, "shared control")
	p.para("", 0, c.Title)
	p.line("")
	p.para("you", objectiveIndent, c.Yours)
	p.para("AWS", objectiveIndent, c.Theirs)
	p.line("")
	for _, id := range c.Objectives {
		if o, ok := responsibility.ObjectiveOf(id); ok {
			p.heading(string(o.ID), extentWords(o.Extent, o.Inherited()))
			p.para("  ", 2, o.Title)
			if o.Attestable() {
				p.para("  attest", objectiveIndent, o.Missing)
			}
		}
	}
	p.line("")
	p.links("source", objectiveIndent, []string{c.Source})
}
