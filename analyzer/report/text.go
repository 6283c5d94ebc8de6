package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/fatih/color"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// Text writes the report for people: the mistakes in their files, each gap that
// decides with its line and its fix, lower gaps in one line for each check, the
// causes of unknown verdicts, then duties, gaps and coverage in three lines. It
// returns the error of the writer.
func Text(w io.Writer, rep *judge.Report, opt Options) error {
	p := &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(opt.Read)}
	p.diagnostics(rep)
	var below []group
	roots := rep.SeveralRoots()
	for _, g := range groupBy(bySeverity(opt.gaps(rep)), textKey(opt)) {
		if g.first().Severity < opt.FailOn && !opt.ShowAll {
			below = append(below, g)
			continue
		}
		p.gap(g, roots)
	}
	p.below(below)
	p.hiders(rep)
	if opt.ShowAll {
		p.everything(rep)
	}
	p.closed(rep)
	p.closing(rep)
	return p.w.Flush()
}

// A printer writes lines of limited width. The first error of its writer is kept and
// returned by Flush.
type printer struct {
	Options
	w   *bufio.Writer
	src *sources
}

// textKey groups findings that a reader closes in one place: the instances of a
// definition, and the findings at the same line of a module if their values came the
// same way.
func textKey(opt Options) func(*judge.Finding) string {
	merged := map[string]string{}
	return func(f *judge.Finding) string {
		id := f.Group.String() + "\x00" + f.Severity.String() + f.Change.String()
		if !hasLine(f) {
			return id
		}
		if _, ok := merged[id]; !ok {
			merged[id] = strings.Join([]string{
				f.Check.ID, f.Range.String(), f.Message, f.Severity.String(), f.Change.String(), opt.remedy(f), opt.from(f), opt.inside(f), happens(f.Resource),
			}, "\x00")
		}
		return merged[id]
	}
}

// --- colours: without them the report reads the same

func (p *printer) paint(s string, attributes ...color.Attribute) string {
	if !p.Color || s == "" {
		return s
	}
	c := color.New(attributes...)
	c.EnableColor()
	return c.Sprint(s)
}

func (p *printer) bold(s string) string  { return p.paint(s, color.Bold) }
func (p *printer) faint(s string) string { return p.paint(s, color.Faint) }

func (p *printer) severe(s string, sev analyzer.Severity) string {
	switch sev {
	case analyzer.Critical:
		return p.paint(s, color.FgRed, color.Bold)
	case analyzer.High:
		return p.paint(s, color.FgRed)
	case analyzer.Medium:
		return p.paint(s, color.FgYellow)
	}
	return p.paint(s, color.FgCyan)
}

// --- lines

// line writes one line as it is. The writer keeps a write error.
func (p *printer) line(parts ...string) {
	p.w.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.w.WriteByte('\n')
}

// para writes a text after a label, wrapped, its further lines indented to the
// beginning of the text.
func (p *printer) para(label string, painted func(string) string, text string) {
	indent := textWidth(label)
	room := p.width() - indent
	for i, l := range wrap(text, room, room) {
		if i == 0 {
			p.line(painted(label), l)
			continue
		}
		p.line(strings.Repeat(" ", indent), l)
	}
}

// aligned writes a left part and a note at the right margin, or below if it does not
// fit.
func (p *printer) aligned(left, painted, note string) {
	gap := p.width() - textWidth(left) - textWidth(note)
	switch {
	case note == "":
		p.line(painted)
	case gap >= 2:
		p.line(painted, strings.Repeat(" ", gap), note)
	default:
		p.line(painted)
		p.para("  ", p.faint, note)
	}
}

// --- mistakes in the files

func (p *printer) diagnostics(rep *judge.Report) {
	for _, d := range rep.Diags {
		for i, l := range wrap(p.textDiagnostic(d), p.width(), p.width()-2) {
			p.line(strings.Repeat(" ", min(i, 1)*2), l)
		}
	}
	if len(rep.Diags) > 0 {
		p.line()
	}
}

// textDiagnostic returns file:line:col: message.
func (p *printer) textDiagnostic(d *hcl.Diagnostic) string {
	says := diagnostic(d)
	if d.Severity == hcl.DiagWarning {
		says = "warning: " + says
	}
	if at := diagnosticRange(d); at.Filename != "" {
		return p.spot(at) + ": " + says
	}
	return says
}

// --- a gap

func (p *printer) gap(g group, roots bool) {
	f := g.first()
	sev := f.Severity.String()
	p.aligned(sev+"  "+f.Check.ID, p.severe(sev, f.Severity)+"  "+p.bold(f.Check.ID), headNote(g, roots))
	p.where(f)
	p.excerpt(f)
	if in := p.inside(f); in != "" {
		p.para("  inside ", p.faint, in)
	}
	if from := p.from(f); from != "" {
		p.para("  value  ", p.faint, from)
	}
	if says := yours(f); says != "" {
		p.para("  yours  ", p.faint, says)
	}
	if f.Team != "" {
		p.para("  owner  ", p.faint, clean(f.Team))
	}
	if close := p.remedy(f); close != "" {
		p.para("  close  ", p.faint, close)
	}
	if says := p.serves(f.Check); says != "" && p.ShowAll {
		p.para("  serves ", p.faint, says)
	}
	p.also(g)
	p.line()
}

// serves returns a check's objective, and the first mapped requirement of each
// framework, with the number of others; empty if there is none.
func (p *printer) serves(c *analyzer.Check) string {
	var says []string
	for framework, ids := range p.frameworks(c) {
		first := framework + " " + ids[0]
		if len(ids) > 1 {
			first += fmt.Sprintf(" +%d", len(ids)-1)
		}
		says = append(says, first)
	}
	if len(says) == 0 {
		return ""
	}
	sort.Strings(says)
	return string(c.Objective) + ": " + strings.Join(says, ", ")
}

// below lists the gaps below the threshold, one line for each check: they should not
// push the deciding gaps off the screen.
func (p *printer) below(groups []group) {
	const most = 3
	for _, ofCheck := range groupBy(flat(groups), func(f *judge.Finding) string { return f.Check.ID + f.Severity.String() }) {
		f, at := ofCheck.first(), p.spots(ofCheck)
		says := strings.Join(at[:min(most, len(at))], " ")
		if len(at) > most {
			says += fmt.Sprintf(" and %d more", len(at)-most)
		}
		sev := f.Severity.String()
		label := sev + "  " + f.Check.ID + "  "
		painted := func(string) string { return p.severe(sev, f.Severity) + "  " + f.Check.ID + "  " }
		if textWidth(label)+textWidth(at[0]) > p.width() {
			p.line(painted(label))
			label, painted = "     ", p.faint
		}
		p.para(label, painted, says)
	}
	if len(groups) > 0 {
		p.line()
	}
}

func flat(groups []group) []*judge.Finding {
	var all []*judge.Finding
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// spots returns the places of findings, each once, with the number of findings
// there.
func (p *printer) spots(findings group) []string {
	var says []string
	for _, here := range groupBy(findings, func(f *judge.Finding) string { return p.spot(place(f)) }) {
		at := p.spot(place(here.first()))
		if len(here) > 1 {
			at += fmt.Sprintf(" (%d)", len(here))
		}
		says = append(says, at)
	}
	return says
}

// headNote returns what a reader needs first: how many, where, and whether a plan
// caused it.
func headNote(g group, roots bool) string {
	var parts []string
	if len(g) > 1 {
		parts = append(parts, count(len(g), "instance"))
	}
	if in := rootsOf(g); roots && len(in) > 0 {
		parts = append(parts, "in "+few(in, 3))
	}
	if in := g.environments(); len(in) > 0 {
		if says := clean(few(in, 3)); roots && len(rootsOf(g)) > 0 {
			parts[len(parts)-1] += " (" + says + ")"
		} else {
			parts = append(parts, "in "+says)
		}
	}
	if note := changed(g.first().Change); note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, ", ")
}

func rootsOf(g group) []string {
	var dirs []string
	seen := map[string]bool{}
	for _, f := range g {
		if dir := rootDir(f.Resource); dir != "" && !seen[dir] {
			seen[dir] = true
			dirs = append(dirs, cleanPath(dir))
		}
	}
	return dirs
}

// where writes the place and the address.
func (p *printer) where(f *judge.Finding) {
	const gap = "  "
	line := gap + p.spot(place(f))
	if address := clean(f.Resource.Address); address != "" && textWidth(line+gap+address) > p.width() {
		p.line(line)
		line = gap + address
	} else {
		line = strings.TrimRight(line+gap+address, " ")
	}
	does := happens(f.Resource)
	if textWidth(line+gap+does) <= p.width() {
		p.line(line, gap, does)
		return
	}
	p.line(line)
	if does != "" {
		p.para(gap, p.faint, does)
	}
}

// spot returns file:line:col, as far as it is known.
func (p *printer) spot(r hcl.Range) string {
	if r.Start.Line == 0 {
		return p.file(r.Filename)
	}
	at := p.src.position(r.Filename, r.Start)
	return fmt.Sprintf("%s:%d:%d", p.file(r.Filename), at.line, at.column)
}

// excerpt writes the source line with the message under the caret.
func (p *printer) excerpt(f *judge.Finding) {
	at := place(f)
	number := strconv.Itoa(at.Start.Line)
	gutter := "  " + number + " │ "
	e, ok := p.src.excerpt(at, f.Secret, p.width()-textWidth(gutter))
	if !ok {
		p.para("     ", p.faint, clean(f.Message))
		return
	}
	p.line(p.faint(gutter), e.text)
	blank := strings.Repeat(" ", len(number)+3) + "│ "
	p.caret(f, e, blank)
}

// caret writes the caret line, with the message beside it if it fits, else below.
func (p *printer) caret(f *judge.Finding, e excerpt, blank string) {
	message := clean(f.Message)
	indent, caret := strings.Repeat(" ", e.indent), p.severe(strings.Repeat("^", e.caret), f.Severity)
	room := p.width() - textWidth(blank)
	if e.indent+e.caret+1+textWidth(message) <= room {
		p.line(p.faint(blank), indent, caret, " ", message)
		return
	}
	p.line(p.faint(blank), indent, caret)
	if room-e.indent < min(textWidth(message), 40) {
		indent = ""
	}
	for _, l := range wrap(message, room-len(indent), room-len(indent)) {
		p.line(p.faint(blank), indent, l)
	}
}

// also lists the further instances.
func (p *printer) also(g group) {
	const most = 4
	seen := map[string]bool{p.instance(g[0], g[0]): true}
	label := "  also   "
	for _, f := range g[1:] {
		says := p.instance(f, g[0])
		if seen[says] {
			continue
		}
		if len(seen) > most {
			p.line("         ", fmt.Sprintf("and %d more", len(g)-len(seen)))
			return
		}
		seen[says] = true
		p.para(label, p.faint, says)
		label = "         "
	}
}

// instance names another instance, with its root if the root differs.
func (p *printer) instance(f, first *judge.Finding) string {
	says := clean(f.Resource.Address)
	if says == "" || f.Range != first.Range {
		says = strings.TrimSpace(says + "  " + p.spot(place(f)))
	}
	if dir := rootDir(f.Resource); dir != rootDir(first.Resource) {
		says += " in " + cleanPath(dir)
	}
	if !slices.Equal(f.Environments, first.Environments) {
		says += " in " + clean(few(f.Environments, 3))
	}
	return says
}

// --- unknown verdicts

// hiders writes the unknown verdicts by cause.
func (p *printer) hiders(rep *judge.Report) {
	const most = 8
	all := p.Options.hiders(rep)
	digits := 0
	for _, h := range all {
		digits = max(digits, len(strconv.Itoa(h.verdicts)))
	}
	for i, h := range all {
		if i == most && len(all) > most+1 {
			p.para("unknown  ", p.faint, p.more(all[most:]))
			break
		}
		label := fmt.Sprintf("unknown  %*d ", digits, h.verdicts)
		noun := "verdicts"
		if h.verdicts == 1 {
			noun = "verdict"
		}
		p.para(label, p.faint, noun+p.hides(h))
	}
	if len(all) > 0 {
		p.line()
	}
}

func (p *printer) more(rest []hidden) string {
	verdicts := 0
	for _, h := range rest {
		verdicts += h.verdicts
	}
	says := fmt.Sprintf("and %s for %s", count(verdicts, "verdict"), count(len(rest), "more cause"))
	if !p.ShowAll {
		says += ": --show all lists them"
	}
	return says
}

// everything lists the findings other than gaps, each in a few lines.
func (p *printer) everything(rep *judge.Report) {
	for _, kind := range []struct {
		label string
		keep  func(*judge.Finding) bool
		says  func(*judge.Finding) string
	}{
		{"unknown", unknown, func(f *judge.Finding) string { return f.Message }},
		{"accepted", accepted, func(f *judge.Finding) string { return f.Message + "; " + p.acceptance(f.Suppressed) }},
		{"pass", func(f *judge.Finding) bool { return f.Verdict == analyzer.Pass }, p.evidence},
		{"n/a", func(f *judge.Finding) bool { return f.Verdict == analyzer.NotApplicable }, nil},
	} {
		kept := with(rep.Findings, kind.keep)
		for _, f := range kept {
			p.listed(kind.label, f, kind.says)
		}
		if len(kept) > 0 {
			p.line()
		}
	}
}

// listed writes one finding of the list: its id, place and address, then the reason.
func (p *printer) listed(label string, f *judge.Finding, says func(*judge.Finding) string) {
	label = fmt.Sprintf("%-8s  ", label)
	p.para(label, p.faint, strings.Join([]string{f.Check.ID, p.spot(place(f)), clean(f.Resource.Address)}, " "))
	if says != nil {
		p.para(strings.Repeat(" ", len(label)+2), p.faint, clean(says(f)))
	}
}

func (p *printer) evidence(f *judge.Finding) string {
	e := f.Evidence
	if e == nil {
		return f.Message
	}
	says := f.Message + ": " + strings.ReplaceAll(e.Kind, "-", " ")
	if e.Since != "" {
		says += " since " + e.Since
	}
	if e.Kind == "account-fact" || e.Kind == "attestation" {
		says += ", " + e.Text
	}
	if e.Source != "" {
		says += " " + e.Source
	}
	return says
}

func (p *printer) acceptance(s *analyzer.Suppression) string {
	says := "accepted at " + p.at(s.Range)
	if s.Reason != "" {
		says += ": " + s.Reason
	}
	if s.Owner != "" {
		says += ", by " + s.Owner
	}
	if u := until(s); u != "" {
		says += ", until " + u
	}
	return says
}

// --- the end

// closed lists the gaps that the plan closes.
func (p *printer) closed(rep *judge.Report) {
	const most = 5
	all := rep.Closed
	if len(all) == 0 {
		return
	}
	p.line("closes ", count(len(all), "gap"))
	for i, c := range all {
		if i == most && len(all) > most+1 && !p.ShowAll {
			p.line("  ", fmt.Sprintf("and %d more: --show all lists them", len(all)-most))
			break
		}
		p.para("  ", p.faint, c.Check.ID+" "+clean(c.Resource.Address))
	}
	p.line()
}

func (p *printer) closing(rep *judge.Report) {
	p.para("", p.bold, dutiesLine(rep))
	p.para("", p.bold, p.gapsLine(rep))
	if says := p.sealedLine(rep); says != "" {
		p.para("", p.faint, says)
	}
	p.read(rep)
}

// read writes the inputs that were read, and those that could not be read.
func (p *printer) read(rep *judge.Report) {
	for _, l := range p.coverageLines(rep) {
		indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
		p.para(indent, p.faint, l)
	}
	if says := incomplete(rep.Coverage); says != "" {
		p.para("", p.bold, says)
	}
}
