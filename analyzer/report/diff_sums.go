package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
)

// diffCounts are the counts of a comparison.
type diffCounts struct {
	gained, grew, shrank, handed, ended int // duties of holders that are on both sides, or replaced
	came, went                          int // duties of new and of removed holders
	lost, won                           int
	fresh                               gapCounts // new gaps
	unsure                              int       // gaps that may be new
	closed, gone, accepted, hidden      int       // old gaps that are no longer open
}

func newDiffCounts(d *compare.Diff, opt Options) diffCounts {
	var c diffCounts
	for _, s := range d.Shifts {
		for _, t := range s.Transfers {
			c.transfer(s, t.Direction())
		}
	}
	for _, change := range d.Duties {
		switch {
		case !change.Lost():
			c.won++
		case change.New.State != judge.UnknownState:
			c.lost++
		}
	}
	var fresh []*judge.Finding
	for _, g := range d.Gaps {
		if g.Sure() {
			fresh = append(fresh, g.Finding)
		} else {
			c.unsure++
		}
	}
	c.fresh = opt.countGaps(&judge.Report{Findings: fresh})
	for _, g := range d.Closed {
		switch g.Other {
		case compare.Absent:
			c.gone++
		case compare.Accepted:
			c.accepted++
		case compare.CannotSay, compare.NotSeen:
			c.hidden++
		default:
			c.closed++
		}
	}
	return c
}

func (c *diffCounts) transfer(s *compare.Shift, d compare.Direction) {
	switch {
	case s.Old == nil:
		c.came += s.New.Count()
	case s.New == nil:
		c.went += s.Old.Count()
	default:
		*map[compare.Direction]*int{
			compare.Gained: &c.gained, compare.Grew: &c.grew, compare.Shrank: &c.shrank,
			compare.Handed: &c.handed, compare.Ended: &c.ended,
		}[d] += s.New.Count()
	}
}

func (p *diffPrinter) sums() {
	p.para("", p.bold, p.counts.duties())
	p.para("", p.bold, p.counts.gaps(p.Options, p.d))
	for _, side := range p.sides() {
		for _, l := range side.coverage() {
			p.para("", p.faint, l)
		}
	}
}

// A coverageSide lists what was not read on one side, or on both.
type coverageSide struct {
	Options
	name       string
	unresolved []analyzer.Unresolved
	incomplete string
}

// sides returns the two sides; a single one if both have the same coverage.
func (p *diffPrinter) sides() []coverageSide {
	old, new := p.d.Old.Report.Coverage, p.d.New.Report.Coverage
	sides := []coverageSide{
		{p.before, "before: ", old.Unresolved, incomplete(old)},
		{p.Options, "now: ", new.Unresolved, incomplete(new)},
	}
	if was, is := sides[0].words(), sides[1].words(); slices.Equal(was, is) {
		sides[1].name = ""
		return sides[1:]
	}
	return sides
}

func (s coverageSide) words() []string {
	var words []string
	if s.incomplete != "" {
		words = append(words, s.incomplete)
	}
	for _, u := range unresolved(s.unresolved) {
		says := few(u.names(s.Options), 4)
		if u.reason != "" {
			says += ": " + u.reason
		}
		words = append(words, says)
	}
	return words
}

func (s coverageSide) coverage() []string {
	words := s.words()
	for i := range words {
		words[i] = s.name + words[i]
	}
	return words
}

// duties returns "4 duties came to you, none went to AWS; 11 came with new
// resources".
func (c diffCounts) duties() string {
	says := ""
	switch you, provider := c.gained+c.grew, c.handed+c.shrank; {
	case you > 0 && provider > 0:
		says = fmt.Sprintf("%s came to you, %d went to AWS", dutyCount(you), provider)
	case you > 0:
		says = dutyCount(you) + " came to you, none went to AWS"
	case provider > 0:
		says = dutyCount(provider) + " went to AWS"
	case c.came+c.went+c.ended == 0:
		says = "No duty came to you or went to AWS"
	}
	if c.shrank > 0 {
		says += fmt.Sprintf(", %d of them in part", c.shrank)
	}
	var rest []string
	for _, part := range []struct {
		n     int
		words string
	}{{c.ended, "ended"}, {c.came, "came with new resources"}, {c.went, "ended with resources that are gone"},
		{c.lost, "not met any more"}, {c.won, "met now"}} {
		switch {
		case part.n == 0:
		case says == "" && len(rest) == 0:
			rest = append(rest, dutyCount(part.n)+" "+part.words)
		default:
			rest = append(rest, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	if says != "" && len(rest) > 0 {
		says += "; "
	}
	return says + strings.Join(rest, ", ")
}

// gaps returns "Gaps: 3 new (1 high, 2 medium), 1 closed, 12 as before".
func (c diffCounts) gaps(opt Options, d *compare.Diff) string {
	var parts []string
	level := ""
	if opt.FailOn > analyzer.Low {
		level = " at or above " + opt.FailOn.String()
	}
	if n := c.fresh.decide.total(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d new%s (%s)", n, level, c.fresh.decide))
	} else {
		parts = append(parts, "none new"+level)
	}
	sealed := 0
	for _, g := range d.Gaps {
		if g.NotFixableHere && g.Sure() {
			sealed++
		}
	}
	for _, part := range []struct {
		n     int
		words string
	}{
		{c.fresh.below.total(), "new below"}, {c.unsure, "that may be new"}, {c.fresh.fresh.total(), "from new checks"}, {sealed, "new inside installed modules"},
		{c.closed, "closed"}, {c.gone, "gone with resources"},
		{c.accepted, "accepted now"}, {c.hidden, "unknown now"}, {d.Existing, "as before"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	return "Gaps: " + strings.Join(parts, ", ")
}
