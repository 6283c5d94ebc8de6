package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
)

// MatrixText writes the responsibility matrix for a terminal: rows are layers,
// columns are services, as many as fit side by side. With other columns, each column
// has a line.
func MatrixText(w io.Writer, m *matrix.Matrix, opt Options) error {
	p := &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(nil)}
	p.diagnostics(m.Report)
	switch {
	case len(m.Columns) == 0: // the last line reports it
	case m.By == matrix.ByService:
		p.grid(m)
	default:
		p.lines(m)
	}
	p.lapsed(m.Report)
	for _, line := range shareLines(m) {
		p.plain(line)
	}
	p.read(m.Report)
	return p.w.Flush()
}

func (p *printer) plain(s string) {
	for _, line := range wrap(s, p.width(), p.width()) {
		fmt.Fprintln(p.w, line)
	}
}

// The widths of the grid.
const (
	layerWidth = 27
	cellWidth  = 18
	ownerPart  = 6 // width of the owner in a cell
)

// grid writes the columns in blocks that fit the width.
func (p *printer) grid(m *matrix.Matrix) {
	each := max((p.width()-layerWidth+1)/cellWidth, 1) // no space after the last
	for from := 0; from < len(m.Columns); from += each {
		block := m.Columns[from:min(from+each, len(m.Columns))]
		p.titles(block)
		p.row("", block, func(c *matrix.Column) string { return columnModel(m, c) })
		for i, l := range analyzer.Layers() {
			p.row(layerWords(l), block, func(c *matrix.Column) string { return cellWords(&c.Cells[i]) })
			for _, o := range p.objectivesOf(block, i) {
				p.row("  "+string(o), block, func(c *matrix.Column) string { return objectiveCell(&c.Cells[i], o) })
			}
		}
		fmt.Fprintln(p.w)
	}
	p.moved(m)
	if !p.LayersOnly {
		p.halves(m)
		p.organisation(m)
	}
}

// columnModel returns the model of a column; empty if it may have several.
func columnModel(m *matrix.Matrix, c *matrix.Column) string {
	if c.Model == analyzer.UnknownModel && (m.By == matrix.ByService || m.By == matrix.ByResource) {
		return "unknown model"
	}
	return string(c.Model)
}

// objectivesOf returns the objectives of a layer that are a duty in one of the
// columns.
func (p *printer) objectivesOf(block []*matrix.Column, layer int) []analyzer.Objective {
	if p.LayersOnly {
		return nil
	}
	return objectivesIn(block, layer)
}

// titles writes the names of services, the longer ones on several lines.
func (p *printer) titles(block []*matrix.Column) {
	lines := 0
	names := map[*matrix.Column][]string{}
	for _, c := range block {
		names[c] = wrap(short(c.Title), cellWidth-1, cellWidth-1)
		lines = max(lines, len(names[c]))
	}
	for i := range lines {
		p.row("", block, func(c *matrix.Column) string {
			if missing := lines - len(names[c]); i >= missing {
				return names[c][i-missing]
			}
			return ""
		})
	}
}

func (p *printer) row(label string, block []*matrix.Column, says func(*matrix.Column) string) {
	line := pad(label, layerWidth)
	for _, c := range block {
		line += pad(cut(says(c), cellWidth-1), cellWidth)
	}
	fmt.Fprintln(p.w, strings.TrimRight(line, " "))
}

// short returns a service's name without the company's.
func short(title string) string {
	return matrix.ShortName(clean(title))
}

func pad(s string, width int) string { return s + strings.Repeat(" ", max(width-textWidth(s), 0)) }

// cut returns the part of a text that fits a width, with an ellipsis if it was
// longer.
func cut(s string, width int) string {
	if textWidth(s) <= width {
		return s
	}
	used := 0
	for i, r := range s {
		if used += runeWidth(r); used >= width {
			return s[:i] + "…"
		}
	}
	return s
}

// cellWords returns "you 2 gaps": the owner, and the state.
func cellWords(c *matrix.Cell) string {
	owner := ownerWord(c.Cell.Today)
	if differs(c.Cell) {
		owner += "*"
	}
	return strings.TrimRight(pad(owner, ownerPart)+cellState(c), " ")
}

// cellState returns the state of a layer in the width of a column. It is partly met
// if there is evidence for it, and an objective under it has neither evidence nor
// attestation.
func cellState(c *matrix.Cell) string { return narrow(cellSays(c)) }

func cellSays(c *matrix.Cell) string {
	if c.State == judge.MetState && slices.ContainsFunc(c.Objectives, unshown) {
		return metInPart
	}
	return stateSays(c.State, c.Tally)
}

// stateSays returns the state of duties in words.
func stateSays(s judge.State, t judge.Tally) string {
	switch s {
	case judge.MetState:
		return "met"
	case judge.Attested:
		return "attested"
	case judge.UnknownState:
		return "unknown"
	case judge.GapState:
		return fmt.Sprintf("%d open", t.Gaps)
	case judge.Unevidenced:
		return noEvidence
	}
	return ""
}

const noEvidence = "no evidence"

// narrow abbreviates a state that is wider than a column.
func narrow(says string) string {
	if says == noEvidence {
		return "no evid."
	}
	return says
}

// differs: the owner today is not the published owner. A service without the layer
// has not moved the line.
func differs(c analyzer.Cell) bool {
	return c.Published != analyzer.NotStated && c.Today != analyzer.NoOwner && c.Published != c.Today
}

// moved explains where the line has moved since the model was published.
func (p *printer) moved(m *matrix.Matrix) {
	notes := moves(m, func(c *matrix.Column) string { return short(c.Title) })
	for _, n := range notes {
		p.plain("* " + n)
	}
	if len(notes) > 0 {
		fmt.Fprintln(p.w)
	}
}

// moves lists the layers whose owner differs from the published one, with the
// columns in which the difference is the same.
func moves(m *matrix.Matrix, name func(*matrix.Column) string) []string {
	type move struct {
		layer            analyzer.Layer
		published, today analyzer.Owner
		yours, evidence  string
	}
	columns := map[move][]string{}
	var order []move
	for _, c := range m.Columns {
		for i := range c.Cells {
			cell := c.Cells[i].Cell
			if !differs(cell) {
				continue
			}
			n := move{c.Cells[i].Layer, cell.Published, cell.Today, cell.Yours, cell.TodaySource}
			if columns[n] == nil {
				order = append(order, n)
			}
			columns[n] = append(columns[n], name(c))
		}
	}
	var notes []string
	for _, n := range order {
		notes = append(notes, fmt.Sprintf("%s of %s: published as %s, today %s. Yours: %s <%s>",
			layerWords(n.layer), few(columns[n], 4), ownerWords(n.published), ownerWords(n.today), n.yours, n.evidence))
	}
	return notes
}

func ownerWords(o analyzer.Owner) string {
	switch o {
	case analyzer.CustomerOwned:
		return "yours"
	case analyzer.ProviderOwned:
		return "AWS's"
	case analyzer.SharedOwned:
		return "shared"
	}
	return "nobody's"
}

// lines writes a line for each column, with its name below if it is too long.
func (p *printer) lines(m *matrix.Matrix) {
	fmt.Fprintf(p.w, "%7s  %5s  %8s  %5s  %7s  %8s  %7s\n", "duties", "met", "attested", "open", "unknown", "no evid.", "covered")
	for _, c := range m.Columns {
		t := c.Tally
		percent, ok := t.Coverage()
		if !ok {
			continue
		}
		line := fmt.Sprintf("%7d  %5d  %8d  %5d  %7d  %8d  %5d %%", t.Duties, t.Met, t.Attested, t.Gaps, t.Unknown, t.Unevidenced, percent)
		if name := clean(c.Title); textWidth(line)+2+textWidth(name) <= p.width() {
			fmt.Fprintf(p.w, "%s  %s\n", line, name)
		} else {
			fmt.Fprintln(p.w, line)
			p.labelled("    ", 4, name)
		}
	}
	fmt.Fprintln(p.w)
}

// shareLines returns the coverage by layer, by owner if any is named, and in total.
func shareLines(m *matrix.Matrix) []string {
	var layers, teams []string
	for _, s := range m.Layers {
		layers = append(layers, shareWords(layerWords(analyzer.Layer(s.Name)), s.Tally))
	}
	for _, s := range m.Teams {
		teams = append(teams, shareWords(cmp.Or(clean(s.Name), "nobody"), s.Tally))
	}
	var lines []string
	if len(layers) > 1 {
		lines = append(lines, "covered by layer: "+strings.Join(layers, ", "))
	}
	if len(teams) > 1 || len(teams) == 1 && m.Teams[0].Name != "" {
		lines = append(lines, "covered by owner: "+strings.Join(teams, ", "))
	}
	if len(m.Columns) == 0 {
		return append(lines, dutiesLine(m.Report))
	}
	return append(lines, tallyLine(m.Tally))
}

func shareWords(name string, t judge.Tally) string {
	percent, _ := t.Coverage()
	return fmt.Sprintf("%s %d %%", name, percent)
}

// tallyLine returns "21 of 27 duties met, 3 attested, ...: 88 % covered".
func tallyLine(t judge.Tally) string {
	percent, ok := t.Coverage()
	if !ok {
		return "no duty is yours here"
	}
	says := append([]string{fmt.Sprintf("%d of %s met", t.Met, dutyCount(t.Duties))}, stateParts(tallyParts(t)[1:])...)
	return fmt.Sprintf("%s: %d %% covered", strings.Join(says, ", "), percent)
}

// A tallyPart is the number of duties in one state.
type tallyPart struct {
	n     int
	state judge.State
	words string
}

// tallyParts returns the parts of a tally in report order: met first.
func tallyParts(t judge.Tally) []tallyPart {
	return []tallyPart{
		{t.Met, judge.MetState, "met"}, {t.Attested, judge.Attested, "attested"}, {t.Gaps, judge.GapState, "open"},
		{t.Unknown, judge.UnknownState, "unknown"}, {t.Unevidenced, judge.Unevidenced, "without evidence"},
	}
}

// stateParts returns "3 attested" for each part that is not zero.
func stateParts(parts []tallyPart) []string {
	var words []string
	for _, part := range parts {
		if part.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	return words
}

// tallyWords returns "2 met, 3 open, 17 without evidence".
func tallyWords(t judge.Tally) string {
	return strings.Join(stateParts(tallyParts(t)), ", ")
}

func dutyCount(n int) string {
	if n == 1 {
		return "1 duty"
	}
	return fmt.Sprintf("%d duties", n)
}
