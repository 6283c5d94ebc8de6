package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/demarc/demarc/analyzer/compare"
)

// DiffMarkdown writes a comparison as a comment on a pull request: the sums, the new
// gaps that decide, and the rest collapsed.
func DiffMarkdown(w io.Writer, d *compare.Diff, names Names, opt Options) error {
	p := newDiffPrinter(w, d, names, opt)
	fmt.Fprintf(p.w, "**demarc: %s**\n\n", p.headline())
	decide, below := p.split()
	p.table(decide)
	p.fold("duties that moved", p.movedItems())
	p.fold("duties whose state changed", p.stateItems())
	p.fold("new gaps below the threshold", p.gapItems(below))
	p.fold("gaps that may be new", p.gapItems(p.groups(false)))
	for _, kind := range closedKinds {
		var items []string
		for _, l := range closedLines(d, kind.of) {
			items = append(items, markdownText(l.what+": "+few(l.says, 6)))
		}
		p.fold(lowerFirst(kind.title), items)
	}
	p.fold("unknown by cause", p.unknownItems())
	p.fold("coverage", p.coverageItems(names))
	return p.w.Flush()
}

// headline returns "5 duties came to you, 2 gaps are new, 1 is closed".
func (p *diffPrinter) headline() string {
	c := p.counts
	parts := []string{}
	for _, part := range []struct {
		n     int
		words string
	}{{c.gained + c.grew, "came to you"}, {c.handed + c.shrank, "went to AWS"}, {c.came, "came with new resources"}, {c.lost, "not met any more"}} {
		switch {
		case part.n == 0:
		case len(parts) == 0:
			parts = append(parts, dutyCount(part.n)+" "+part.words)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "no duty moved")
	}
	switch n := c.fresh.decide.total(); n {
	case 0:
		parts = append(parts, "no gap is new")
	case 1:
		parts = append(parts, "1 gap is new")
	default:
		parts = append(parts, fmt.Sprintf("%d gaps are new", n))
	}
	switch n := c.closed; n {
	case 0:
	case 1:
		parts = append(parts, "1 is closed")
	default:
		parts = append(parts, fmt.Sprintf("%d are closed", n))
	}
	return strings.Join(parts, ", ")
}

// split returns the new gaps that decide the exit code, and the others.
func (p *diffPrinter) split() (decide, below []group) {
	for _, g := range p.groups(true) {
		if p.FailOn == 0 || p.Decides(g.first()) {
			decide = append(decide, g)
		} else {
			below = append(below, g)
		}
	}
	return decide, below
}

// mostRows keeps a comment below GitHub's length limit.
const mostRows = 40

func (p *diffPrinter) table(groups []group) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprint(p.w, "| | new gap | where | close |\n|---|---|---|---|\n")
	for i, g := range groups {
		if i == mostRows {
			fmt.Fprintf(p.w, "| | and %d more | | |\n", len(groups)-i)
			break
		}
		f := g.first()
		fmt.Fprintf(p.w, "| %s | %s | %s | %s |\n", f.Severity, markdownText(f.Message), p.whereCell(g), markdownText(p.remedy(f)))
	}
	fmt.Fprintln(p.w)
}

// whereCell returns a place, or an address if only a plan is known.
func (p *diffPrinter) whereCell(g group) string {
	f := g.first()
	at := p.at(f.Range)
	if !hasLine(f) {
		at = f.Resource.Address
	}
	cell := codeSpan(at)
	if len(g) > 1 {
		cell += fmt.Sprintf(" and %d more", len(g)-1)
	}
	return cell
}

func (p *diffPrinter) fold(title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(p.w, "<details><summary>%s</summary>\n\n", title)
	for i, item := range items {
		if i == mostRows {
			fmt.Fprintf(p.w, "- and %d more\n", len(items)-i)
			break
		}
		fmt.Fprintf(p.w, "- %s\n", item)
	}
	fmt.Fprint(p.w, "\n</details>\n")
}

// movedItems returns an item for each resource, with its layers below.
func (p *diffPrinter) movedItems() []string {
	var items []string
	for _, s := range p.d.Shifts {
		if s.Old != nil && s.New != nil {
			items = append(items, p.movedItem(p.shiftTitle(s), s.Transfers))
		}
	}
	if rest := p.rest(); len(rest) > 0 {
		items = append(items, p.movedItem("over everything here", rest))
	}
	for _, side := range []struct {
		words string
		pick  func(*compare.Shift) *compare.Holder
	}{{"came with", newHolder}, {"ended with", goneHolder}} {
		for _, g := range holderGroups(p.d, side.pick) {
			items = append(items, markdownText(fmt.Sprintf("%s %s %s of %s: %s",
				dutyCount(g.tally.Duties), side.words, strings.Join(g.names(p), "; "), g.service, tallyWords(g.tally))))
		}
	}
	return items
}

func (p *diffPrinter) movedItem(title string, transfers []compare.Transfer) string {
	item := markdownText(title)
	for _, t := range transfers {
		item += fmt.Sprintf("\n  - %s: %s", directionWords(t.Direction()), markdownText(transferWords(t)))
	}
	return item
}

func directionWords(d compare.Direction) string {
	for _, kind := range directions {
		for _, of := range kind.of {
			if of == d {
				return kind.words
			}
		}
	}
	return ""
}

func (p *diffPrinter) stateItems() []string {
	var items []string
	for _, kind := range dutyKinds {
		for _, l := range dutyLines(p.d, p.roots, kind.keep) {
			items = append(items, markdownText(lowerFirst(kind.title)+": "+l.what+": "+l.says))
		}
	}
	return items
}

func (p *diffPrinter) gapItems(groups []group) []string {
	var items []string
	for _, g := range groups {
		items = append(items, fmt.Sprintf("%s: %s %s", g.severity(), markdownText(g.first().Message), p.whereCell(g)))
	}
	return items
}

func (p *diffPrinter) unknownItems() []string {
	var items []string
	for _, u := range p.d.Undetermined {
		items = append(items, markdownText(p.untoldWords(u)))
	}
	for _, h := range p.Options.hiders(p.d.New.Report) {
		noun := "verdicts"
		if h.verdicts == 1 {
			noun = "verdict"
		}
		items = append(items, markdownText(fmt.Sprintf("%d %s%s", h.verdicts, noun, p.hides(h))))
	}
	return items
}

func (p *diffPrinter) coverageItems(names Names) []string {
	items := []string{markdownText(names.String()), markdownText(p.counts.gaps(p.Options, p.d))}
	for _, m := range p.d.Roots {
		items = append(items, markdownText(rootWords(m)))
	}
	for _, side := range p.sides() {
		for _, l := range side.coverage() {
			items = append(items, markdownText(l))
		}
	}
	return items
}

// markdownText neutralizes a text, and cuts a very long one.
func markdownText(s string) string {
	const longest = 500
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest-1]) + "…"
	}
	return markdownCell(s)
}

// codeSpan shows a name as it is. Code spans contain no markup or links; only the
// end of the span and of its cell must be escaped.
func codeSpan(s string) string {
	if s = strings.TrimSpace(clean(s)); s == "" {
		return ""
	}
	return "`" + strings.NewReplacer("`", "'", "|", `\|`).Replace(s) + "`"
}
