package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
)

func (p *diffPrinter) came() { p.holders("Came with new resources", newHolder) }

func (p *diffPrinter) went() { p.holders("Ended with resources that are gone", goneHolder) }

// newHolder returns the holder that was added; nil: none.
func newHolder(s *compare.Shift) *compare.Holder {
	if s.Old == nil {
		return s.New
	}
	return nil
}

// goneHolder returns the holder that was removed; nil: none.
func goneHolder(s *compare.Shift) *compare.Holder {
	if s.New == nil {
		return s.Old
	}
	return nil
}

// holders writes the holders on one side, by service: true if at least one was
// written, or one replaced another.
func (p *diffPrinter) holders(title string, pick func(*compare.Shift) *compare.Holder) {
	groups := holderGroups(p.d, pick)
	if len(groups) == 0 {
		return
	}
	p.line(p.bold(title))
	for _, g := range groups {
		p.para("  ", p.faint, fmt.Sprintf("%s, %s: %s", g.service, dutyCount(g.tally.Duties), tallyWords(g.tally)))
		for _, l := range g.names(p) {
			p.para("    ", p.faint, l)
		}
	}
	p.line()
}

// A holderGroup is the holders of one service.
type holderGroup struct {
	service string
	all     []*compare.Holder
	tally   judge.Tally
}

// names lists the holders, one text for each root.
func (g *holderGroup) names(p *diffPrinter) []string {
	var roots []string
	of := map[string][]string{}
	for _, h := range g.all {
		if of[h.Root] == nil {
			roots = append(roots, h.Root)
		}
		says := "the service as a whole"
		switch {
		case len(h.Resources) > 1:
			says = fmt.Sprintf("%s (%s)", clean(h.Definition), count(h.Count(), "instance"))
		case len(h.Resources) == 1:
			says = clean(h.Resources[0].Address)
		}
		of[h.Root] = append(of[h.Root], says)
	}
	for i, root := range roots {
		says := few(of[root], 6)
		if p.roots {
			says = cleanPath(root) + ": " + says
		}
		roots[i] = says
	}
	return roots
}

func holderGroups(d *compare.Diff, pick func(*compare.Shift) *compare.Holder) []*holderGroup {
	var groups []*holderGroup
	at := map[*analyzer.Service]*holderGroup{}
	for _, s := range d.Shifts {
		h := pick(s)
		if h == nil {
			continue
		}
		g := at[h.Service]
		if g == nil {
			g = &holderGroup{service: short(h.Service.Name)}
			at[h.Service] = g
			groups = append(groups, g)
		}
		g.all = append(g.all, h)
		g.tally.Join(s.Tally)
	}
	slices.SortStableFunc(groups, func(a, b *holderGroup) int { return strings.Compare(a.service, b.service) })
	return groups
}

// dutyKinds are the kinds of changed duties.
var dutyKinds = []struct {
	title string
	keep  func(*compare.DutyChange) bool
}{
	{"Met before, not met now", func(c *compare.DutyChange) bool { return c.Lost() && c.New.State != judge.UnknownState }},
	{"Met before, unknown now", func(c *compare.DutyChange) bool { return c.Lost() && c.New.State == judge.UnknownState }},
	{"Met now", func(c *compare.DutyChange) bool { return !c.Lost() }},
}

func (p *diffPrinter) duties() {
	for _, kind := range dutyKinds {
		list := dutyLines(p.d, p.roots, kind.keep)
		if len(list) == 0 {
			continue
		}
		p.line(p.bold(kind.title))
		for _, l := range list {
			p.para("  ", p.faint, l.what+": "+l.says)
		}
		p.line()
	}
}

// A dutyLine is the changes of the instances of one definition that read the
// same.
type dutyLine struct{ what, says string }

func dutyLines(d *compare.Diff, roots bool, keep func(*compare.DutyChange) bool) []dutyLine {
	type group struct {
		first     *compare.DutyChange
		says      string
		instances int
	}
	var groups []*group
	at := map[string]*group{}
	for _, c := range d.Duties {
		if !keep(c) {
			continue
		}
		says := dutyWords(c)
		k := strings.Join([]string{c.New.Root, c.New.Service.ID, definition(c.New), string(c.New.Layer), says}, "\x00")
		if at[k] == nil {
			at[k] = &group{first: c, says: says}
			groups = append(groups, at[k])
		}
		at[k].instances++
	}
	lines := make([]dutyLine, len(groups))
	for i, g := range groups {
		what := dutyHolder(g.first.New, g.instances)
		if g.first.Old.Service != g.first.New.Service {
			what = dutyHolder(g.first.Old, g.instances) + " → " + what
		}
		if roots {
			what = cleanPath(d.New.Below(g.first.New.Root)) + ": " + what
		}
		lines[i] = dutyLine{what, g.says}
	}
	return lines
}

func definition(d *judge.Duty) string {
	if d.Principal == nil {
		return ""
	}
	return d.Principal.Definition
}

func dutyHolder(d *judge.Duty, instances int) string {
	switch {
	case d.Principal == nil:
		return short(d.Service.Name) + " as a whole"
	case instances > 1:
		return fmt.Sprintf("%s (%s)", clean(d.Principal.Definition), count(instances, "instance"))
	}
	return clean(d.Principal.Address)
}

// dutyWords returns "firewall configuration, open: any address can reach port 22".
func dutyWords(c *compare.DutyChange) string {
	says := layerWords(c.New.Layer)
	switch c.New.State {
	case judge.GapState:
		says += ", open"
	case judge.Unevidenced:
		return says + ", no evidence any more"
	case judge.Attested:
		return says + ", attested"
	case judge.MetState:
		return says
	}
	var because []string
	for _, f := range c.Findings {
		if m := clean(f.Message); (f.Verdict == analyzer.Fail) == (c.New.State == judge.GapState) && !slices.Contains(because, m) {
			because = append(because, m)
		}
	}
	if len(because) == 0 {
		return says
	}
	return says + ": " + few(because, 2)
}

func (p *diffPrinter) untold() {
	for _, u := range p.d.Undetermined {
		p.para("cannot tell  ", p.faint, p.untoldWords(u))
	}
	if len(p.d.Undetermined) > 0 {
		p.line()
	}
}

func (p *diffPrinter) untoldWords(u *compare.Undetermined) string {
	var names []string
	for _, h := range u.Holders {
		names = append(names, p.holder(h))
	}
	causes := make([]string, len(u.Causes))
	for i, c := range u.Causes {
		causes[i] = clean(c.Name)
	}
	side := "now"
	if u.Old {
		side = "before"
	}
	return fmt.Sprintf("whether the line moved for %s: that depends on %s, not known %s", few(names, 4), few(causes, 3), side)
}
