package report

import (
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
)

// groups returns the gaps that are new, or those that may be new.
func (p *diffPrinter) groups(sure bool) []group {
	var findings []*judge.Finding
	for _, g := range p.d.Gaps {
		if g.Sure() == sure && p.open(g.Finding) {
			findings = append(findings, g.Finding)
		}
	}
	return groupBy(findings, func(f *judge.Finding) string {
		return strings.Join([]string{f.Check.ID, f.Severity.String(), f.Message, p.remedy(f), p.notes[f.Fingerprint]}, "\x00")
	})
}

func (p *diffPrinter) newGaps() {
	var below []group
	groups := p.groups(true)
	if len(groups) > 0 {
		p.line(p.bold("New gaps"))
	}
	for _, g := range groups {
		if g.first().Severity < p.FailOn {
			below = append(below, g)
		} else {
			p.newGap(g)
		}
	}
	p.below(below)
	if unsure := p.groups(false); len(unsure) > 0 {
		p.line(p.bold("Gaps that may be new"))
		p.below(unsure)
	}
}

// standingWords returns the state of the check before a gap was new; empty if there
// is nothing to add.
func standingWords(s compare.Standing) string {
	switch s {
	case compare.NotOpen:
		return "worse than before"
	case compare.CannotSay:
		return "was unknown before"
	case compare.Accepted:
		return "was accepted before"
	}
	return ""
}

// newGap writes a gap in a few lines: scan describes it in full.
func (p *diffPrinter) newGap(g group) {
	f := g.first()
	sev := f.Severity.String()
	p.aligned(sev+"  "+f.Check.ID, p.severe(sev, f.Severity)+"  "+p.bold(f.Check.ID), p.note(g))
	p.where(f)
	p.para("  ", p.faint, clean(f.Message))
	if close := p.remedy(f); close != "" {
		p.para("  close  ", p.faint, close)
	}
	p.also(g)
	p.line()
}

// note returns the number of resources with a new gap, its environments, and the
// previous state of the check.
func (p *diffPrinter) note(g group) string {
	noun := "instance"
	if slices.ContainsFunc(g, func(f *judge.Finding) bool { return f.Resource.Definition != g.first().Resource.Definition }) {
		noun = "resource"
	}
	var parts []string
	if len(g) > 1 {
		parts = append(parts, count(len(g), noun))
	}
	if in := g.environments(); len(in) > 0 {
		parts = append(parts, "in "+clean(few(in, 3)))
	}
	if note := p.notes[g.first().Fingerprint]; note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, ", ")
}

// closedGaps lists the gaps that are closed, one line for each check; for removed
// resources, one line for each resource.
func (p *diffPrinter) closedGaps() {
	for _, kind := range closedKinds {
		lines := closedLines(p.d, kind.of)
		if len(lines) == 0 {
			continue
		}
		p.line(p.bold(kind.title))
		for _, l := range lines {
			p.para("  ", p.faint, l.what+": "+few(l.says, 3))
		}
		p.line()
	}
}

type closedLine struct {
	what string
	says []string
}

func closedLines(d *compare.Diff, of []compare.Standing) []closedLine {
	var lines []closedLine
	at := map[string]int{}
	for _, g := range d.Closed {
		if !slices.Contains(of, g.Other) {
			continue
		}
		what, says := g.Check.ID, gapSubject(g)
		if g.Other == compare.Absent {
			what, says = clean(g.Resource.Definition), g.Check.ID
		}
		i, ok := at[what]
		if !ok {
			i = len(lines)
			at[what] = i
			lines = append(lines, closedLine{what: what})
		}
		if !slices.Contains(lines[i].says, says) {
			lines[i].says = append(lines[i].says, says)
		}
	}
	return lines
}

// gapSubject returns the subject of a gap: a resource, or demarc's own
// configuration.
func gapSubject(g *compare.GapChange) string {
	if g.Resource.Address == "" {
		return clean(g.Message)
	}
	return clean(g.Resource.Address)
}
