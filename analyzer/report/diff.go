package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
)

// Names are the names of the two sides of a comparison.
type Names struct {
	Kind     string // directories, revisions, plan
	Old, New string
	In       string // the directory in which revisions are compared; empty: the whole repository

	// OldRel returns how a file of the old side is shown; nil: like a file of the
	// new side.
	OldRel func(name string) string
}

func (n Names) String() string {
	says := clean(n.Old) + " → " + clean(n.New)
	if n.In != "" {
		says += ", in " + cleanPath(n.In)
	}
	return says
}

// rootWords returns which directory is paired with which.
func rootWords(m analyzer.Move) string {
	return fmt.Sprintf("%s is now %s: most of its addresses are the same there", cleanPath(m.From), cleanPath(m.To))
}

// DiffText writes a comparison for a terminal: in which direction each layer's line
// moved; the new and removed resources with their duties; the duties that are no
// longer met; and the gaps of only one side.
func DiffText(w io.Writer, d *compare.Diff, names Names, opt Options) error {
	p := newDiffPrinter(w, d, names, opt)
	p.mistakes()
	p.para("", p.faint, names.String())
	for _, m := range d.Roots {
		p.para("", p.faint, rootWords(m))
	}
	p.moved()
	p.came()
	p.went()
	p.duties()
	p.untold()
	p.newGaps()
	p.closedGaps()
	p.sums()
	return p.w.Flush()
}

type diffPrinter struct {
	*printer
	d      *compare.Diff
	counts diffCounts
	before Options                    // options of the old side
	roots  bool                       // there are several
	notes  map[analyzer.Digest]string // the previous state of a new gap's check, by fingerprint
}

func newDiffPrinter(w io.Writer, d *compare.Diff, names Names, opt Options) *diffPrinter {
	p := &diffPrinter{
		printer: &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(opt.Read)}, d: d,
		counts: newDiffCounts(d, opt), before: opt, roots: severalRoots(d), notes: map[analyzer.Digest]string{},
	}
	p.before.Read = nil // Read reads the new side
	if names.OldRel != nil {
		p.before.Rel = names.OldRel
	}
	for _, g := range d.Gaps {
		p.notes[g.Fingerprint] = standingWords(g.Other)
	}
	return p
}

func severalRoots(d *compare.Diff) bool {
	if d.Old.Report.SeveralRoots() || d.New.Report.SeveralRoots() {
		return true
	}
	roots := map[string]bool{}
	for _, s := range d.Shifts {
		for _, h := range []*compare.Holder{s.Old, s.New} {
			if h != nil {
				roots[h.Root] = true
			}
		}
	}
	return len(roots) > 1
}

// mistakes returns the mistakes in the files of the new side, and those only in the
// old side.
func (p *diffPrinter) mistakes() {
	p.diagnostics(p.d.New.Report)
	now := map[string]bool{}
	for _, diag := range p.d.New.Report.Diags {
		now[p.textDiagnostic(diag)] = true
	}
	before := &printer{Options: p.before, w: p.w, src: newSources(nil)}
	said := false
	for _, diag := range p.d.Old.Report.Diags {
		if says := before.textDiagnostic(diag); !now[says] {
			said = true
			p.para("", p.faint, "before: "+says)
		}
	}
	if said {
		p.line()
	}
}

// heading returns the direction in which the line moved.
func heading(d *compare.Diff) string {
	you, provider := false, false
	look := func(transfers []compare.Transfer) {
		for _, t := range transfers {
			switch dir := t.Direction(); {
			case dir.Gains():
				you = true
			case dir == compare.Handed || dir == compare.Shrank:
				provider = true
			}
		}
	}
	for _, s := range d.Shifts {
		if s.Old != nil && s.New != nil {
			look(s.Transfers)
		}
	}
	look(d.Line)
	switch {
	case you && provider:
		return "The line moved both ways"
	case you:
		return "The line moved towards you"
	case provider:
		return "The line moved towards AWS"
	}
	switch {
	case len(d.Old.Report.Duties) == 0 && len(d.New.Report.Duties) > 0:
		return "Everything is new"
	case len(d.Old.Report.Duties) > 0 && len(d.New.Report.Duties) == 0:
		return "Everything is gone"
	case len(d.Undetermined) > 0:
		return "The line did not move, as far as demarc can tell"
	}
	return "The line did not move"
}

var closedKinds = []struct {
	title string
	of    []compare.Standing
}{
	{"Closed gaps", []compare.Standing{compare.NotOpen, compare.NotAsked, compare.OpenToo}},
	{"Gaps gone with their resources", []compare.Standing{compare.Absent}},
	{"Gaps accepted now", []compare.Standing{compare.Accepted}},
	{"Gaps that may or may not be closed", []compare.Standing{compare.CannotSay, compare.NotSeen}},
}
