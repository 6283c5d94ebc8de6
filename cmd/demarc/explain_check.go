package main

import (
	"fmt"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

func (p *page) check(c *analyzer.Check) {
	const indent = 11
	p.heading(c.ID, c.Severity.String())
	p.para("", 0, c.Title)
	p.line("")
	p.para("why", indent, c.Why)
	if c.Want != nil {
		p.para("holds if", indent, c.Want.String())
	}
	if c.When != nil {
		p.para("judged if", indent, c.When.String())
	}
	p.para("close", indent, c.Close)
	p.para("repair", indent, repairWords(c.Fix))
	if c.Layer != "" {
		p.para("layer", indent, responsibility.LayerTitle(c.Layer))
	}
	p.para("objective", indent, objectiveWords(c.Objective))
	p.para("judged on", indent, strings.Join(c.On, ", "))
	p.para("elsewhere", indent, aliasWords(c.Aliases))
	p.para("controls", indent, controlWords(c.Controls))
	p.frameworks("frameworks", indent, responsibility.RequirementsOf(c.Objective))
	p.para("since", indent, c.Since)
	p.para("accept", indent, fmt.Sprintf("# demarc:ignore %s reason=\"...\"", c.ID))
	p.line("")
}

// objectiveWords names and describes an objective; empty if there is none.
func objectiveWords(id analyzer.Objective) string {
	o, ok := responsibility.ObjectiveOf(id)
	if !ok {
		return string(id)
	}
	words := fmt.Sprintf("%s: %s", id, o.Title)
	if o.Missing != "" {
		words += "; not shown: " + o.Missing
	}
	return words
}

// frameworks writes the ids of requirements, one paragraph for each framework.
func (p *page) frameworks(label string, indent int, ids map[string][]string) {
	for _, f := range responsibility.Frameworks() {
		if len(ids[f.ID]) > 0 {
			p.para(label, indent, f.ID+" "+strings.Join(ids[f.ID], ", "))
			label = ""
		}
	}
}

func repairWords(s analyzer.Safety) string {
	switch s.Kind {
	case analyzer.SafeFix:
		return "safe"
	case analyzer.UnsafeFix:
		return strings.TrimSpace("unsafe: " + s.Effect + " " + s.Source)
	}
	return ""
}

func aliasWords(aliases []analyzer.Alias) string {
	words := make([]string, len(aliases))
	for i, a := range aliases {
		words[i] = a.ID
		if a.Relation != analyzer.Same {
			words[i] += " (" + string(a.Relation) + ")"
		}
	}
	return strings.Join(words, ", ")
}

func controlWords(controls []analyzer.Control) string {
	words := make([]string, len(controls))
	for i, c := range controls {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}
