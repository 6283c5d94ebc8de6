package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
)

// directions are the directions in which a layer can move, in report order.
var directions = []struct {
	words string
	of    []compare.Direction
}{
	{"now yours", []compare.Direction{compare.Gained, compare.Grew}},
	{"now AWS's", []compare.Direction{compare.Handed}},
	{"now shared", []compare.Direction{compare.Shrank}},
	{"no more", []compare.Direction{compare.Ended}},
}

func (p *diffPrinter) moved() {
	p.line(p.bold(heading(p.d)))
	for _, s := range p.d.Shifts {
		if s.Old != nil && s.New != nil {
			p.shift(s)
		}
	}
	p.over()
	p.line()
}

func (p *diffPrinter) shift(s *compare.Shift) {
	p.para("  ", p.faint, p.shiftTitle(s))
	for _, kind := range directions {
		p.transfers(kind.words, going(s.Transfers, kind.of))
	}
	if len(s.Kept) > 0 {
		p.para("    still yours  ", p.faint, layerList(s.Kept))
	}
	if n := s.Tally.Duties; n > 0 {
		p.para("    open         ", p.faint, openWords(s.Tally))
	}
	if s.Why != "" {
		p.para("    paired, as   ", p.faint, clean(s.Why))
	}
}

// going returns the layers that moved in one direction.
func going(transfers []compare.Transfer, of []compare.Direction) []compare.Transfer {
	return slices.DeleteFunc(slices.Clone(transfers), func(t compare.Transfer) bool { return !slices.Contains(of, t.Direction()) })
}

// transfers writes one paragraph for each layer, the first after the label.
func (p *diffPrinter) transfers(label string, transfers []compare.Transfer) {
	label = pad("    "+label, 17)
	for _, t := range transfers {
		p.para(label, p.faint, transferWords(t))
		label = strings.Repeat(" ", 17)
	}
}

// transferWords returns "operating system: patch, harden and watch the guest".
func transferWords(t compare.Transfer) string {
	says, now := layerWords(t.Layer), t.To
	switch t.Direction() {
	case compare.Gained:
		if now.Today == analyzer.SharedOwned {
			says += ", shared with AWS"
		}
		return clauses(says, now.Yours)
	case compare.Grew:
		return clauses(says+", all of it", now.Yours)
	case compare.Shrank:
		return clauses(says, now.Theirs, yoursHalf(now))
	case compare.Handed:
		return clauses(says, now.Theirs)
	}
	return says
}

func yoursHalf(c analyzer.Cell) string {
	if c.Yours == "" {
		return ""
	}
	return "yours: " + c.Yours
}

func layerList(layers []analyzer.Layer) string {
	words := make([]string, len(layers))
	for i, l := range layers {
		words[i] = layerWords(l)
	}
	return strings.Join(words, ", ")
}

// openWords returns "3 of the 4 duties; 1 met".
func openWords(t judge.Tally) string {
	says := fmt.Sprintf("%d of the %s", t.Gaps, dutyCount(t.Duties))
	if t.Gaps == 0 {
		says = "none of the " + dutyCount(t.Duties)
	}
	if rest := tallyWords(judge.Tally{Met: t.Met, Attested: t.Attested, Unknown: t.Unknown, Unevidenced: t.Unevidenced}); rest != "" {
		says += "; " + rest
	}
	return says
}

// shiftTitle names both sides: what replaces what, or the same resource under
// another model.
func (p *diffPrinter) shiftTitle(s *compare.Shift) string {
	old, new := s.Old, s.New
	if old.Definition != new.Definition || old.Service != new.Service {
		return p.holder(old) + " → " + p.holder(new)
	}
	return fmt.Sprintf("%s, %s → %s", p.holder(new), old.Model, new.Model)
}

// holder returns "aws_db_instance.main (RDS), 3 instances".
func (p *diffPrinter) holder(h *compare.Holder) string {
	service := short(h.Service.Name)
	if len(h.Resources) == 0 {
		return p.inRoot(h, service+" as a whole")
	}
	if h.Count() == 1 {
		return p.inRoot(h, clean(h.Resources[0].Address)+" ("+service+")")
	}
	return p.inRoot(h, clean(h.Definition)+" ("+service+"), "+count(h.Count(), "instance"))
}

func (p *diffPrinter) inRoot(h *compare.Holder, says string) string {
	if p.roots {
		return cleanPath(h.Root) + ": " + says
	}
	return says
}

// over writes the layers that moved as a whole and that no single resource shows:
// with the first guest, its operating system.
func (p *diffPrinter) over() {
	rest := p.rest()
	if len(rest) == 0 {
		return
	}
	p.line("  over everything here")
	for _, kind := range directions {
		p.transfers(kind.words, going(rest, kind.of))
	}
}

// rest returns the layers that moved as a whole, and with no single resource.
func (p *diffPrinter) rest() []compare.Transfer {
	type way struct {
		layer analyzer.Layer
		of    compare.Direction
	}
	said := map[way]bool{}
	for _, s := range p.d.Shifts {
		if s.Old != nil && s.New != nil {
			for _, t := range s.Transfers {
				said[way{t.Layer, t.Direction()}] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(p.d.Line), func(t compare.Transfer) bool { return said[way{t.Layer, t.Direction()}] })
}
