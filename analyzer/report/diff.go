package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// Names say what was compared.
type Names struct {
	Kind     string // directories, revisions, plan
	Old, New string
	In       string // the directory that revisions are compared in; empty: all of the repository
}

func (n Names) String() string {
	says := clean(n.Old) + " → " + clean(n.New)
	if n.In != "" {
		says += ", in " + cleanPath(n.In)
	}
	return says
}

// rootWords says which directory is taken for which.
func rootWords(m analyzer.Move) string {
	return fmt.Sprintf("%s is now %s: most of what it holds has the same addresses there", cleanPath(m.From), cleanPath(m.To))
}

// DiffText writes a comparison for a terminal: which way the line moved, of what;
// what came and went with its duties; which duties are met no more; and the gaps
// that one side alone has.
func DiffText(w io.Writer, d *analyzer.Diff, names Names, opt Options) error {
	p := newDiffPrinter(w, d, opt)
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
	d      *analyzer.Diff
	counts diffCounts
	roots  bool              // there are several
	notes  map[string]string // how the check of a new gap stood before, by fingerprint
}

func newDiffPrinter(w io.Writer, d *analyzer.Diff, opt Options) *diffPrinter {
	p := &diffPrinter{
		&printer{Options: opt, w: bufio.NewWriter(w), src: newSources(opt.Read)}, d, newDiffCounts(d, opt), severalRoots(d), map[string]string{},
	}
	for _, g := range d.Gaps {
		p.notes[g.Fingerprint] = standingWords(g.Other)
	}
	return p
}

func severalRoots(d *analyzer.Diff) bool {
	if d.Old.Report.SeveralRoots() || d.New.Report.SeveralRoots() {
		return true
	}
	roots := map[string]bool{}
	for _, s := range d.Shifts {
		for _, h := range []*analyzer.Holder{s.Old, s.New} {
			if h != nil {
				roots[h.Root] = true
			}
		}
	}
	return len(roots) > 1
}

// diffCounts are the numbers of a comparison.
type diffCounts struct {
	gained, grew, shrank, handed, ended int // duties of what is on both sides, or in the place of another
	came, went                          int // duties of what is new, and of what is gone
	lost, won                           int
	fresh                               gapCounts // new gaps
	unsure                              int       // gaps that may be new
	closed, gone, accepted, hidden      int       // of the old gaps that are none
}

func newDiffCounts(d *analyzer.Diff, opt Options) diffCounts {
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
		case change.New.State != analyzer.UnknownState:
			c.lost++
		}
	}
	var fresh []*analyzer.Finding
	for _, g := range d.Gaps {
		if g.Sure() {
			fresh = append(fresh, g.Finding)
		} else {
			c.unsure++
		}
	}
	c.fresh = opt.countGaps(&analyzer.Report{Findings: fresh})
	for _, g := range d.Closed {
		switch g.Other {
		case analyzer.Absent:
			c.gone++
		case analyzer.Accepted:
			c.accepted++
		case analyzer.CannotSay, analyzer.NotSeen:
			c.hidden++
		default:
			c.closed++
		}
	}
	return c
}

func (c *diffCounts) transfer(s *analyzer.Shift, d analyzer.Direction) {
	switch {
	case s.Old == nil:
		c.came += s.New.Count()
	case s.New == nil:
		c.went += s.Old.Count()
	default:
		*map[analyzer.Direction]*int{
			analyzer.Gained: &c.gained, analyzer.Grew: &c.grew, analyzer.Shrank: &c.shrank,
			analyzer.Handed: &c.handed, analyzer.Ended: &c.ended,
		}[d] += s.New.Count()
	}
}

// mistakes are those in the files of the new side, and those that only the old
// one has.
func (p *diffPrinter) mistakes() {
	p.diagnostics(p.d.New.Report)
	now := map[string]bool{}
	for _, diag := range p.d.New.Report.Diags {
		now[p.textDiagnostic(diag)] = true
	}
	before := &printer{Options: p.Options, w: p.w, src: newSources(nil)} // what Read returns is of the new side
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

// --- the line

// heading says which way the line moved.
func heading(d *analyzer.Diff) string {
	you, provider := false, false
	look := func(transfers []analyzer.Transfer) {
		for _, t := range transfers {
			switch dir := t.Direction(); {
			case dir.Towards():
				you = true
			case dir == analyzer.Handed || dir == analyzer.Shrank:
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
		return "All of it is new"
	case len(d.Old.Report.Duties) > 0 && len(d.New.Report.Duties) == 0:
		return "All of it is gone"
	case len(d.Untold) > 0:
		return "The line did not move, as far as it can be told"
	}
	return "The line did not move"
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

func (p *diffPrinter) shift(s *analyzer.Shift) {
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

// directions are the ways that a layer can go, in the order in which they are
// said.
var directions = []struct {
	words string
	of    []analyzer.Direction
}{
	{"now yours", []analyzer.Direction{analyzer.Gained, analyzer.Grew}},
	{"now AWS's", []analyzer.Direction{analyzer.Handed}},
	{"now shared", []analyzer.Direction{analyzer.Shrank}},
	{"no more", []analyzer.Direction{analyzer.Ended}},
}

// going are the layers that went in one of the ways.
func going(transfers []analyzer.Transfer, of []analyzer.Direction) []analyzer.Transfer {
	return slices.DeleteFunc(slices.Clone(transfers), func(t analyzer.Transfer) bool { return !slices.Contains(of, t.Direction()) })
}

// transfers writes a layer a paragraph, the first behind the label.
func (p *diffPrinter) transfers(label string, transfers []analyzer.Transfer) {
	label = pad("    "+label, 17)
	for _, t := range transfers {
		p.para(label, p.faint, transferWords(t))
		label = strings.Repeat(" ", 17)
	}
}

// transferWords is "operating system: patch, harden and watch the guest".
func transferWords(t analyzer.Transfer) string {
	says, now := layerWords(t.Layer), t.To
	switch t.Direction() {
	case analyzer.Gained:
		if now.Today == analyzer.SharedOwned {
			says += ", shared with AWS"
		}
		return clauses(says, now.Yours)
	case analyzer.Grew:
		return clauses(says+", all of it", now.Yours)
	case analyzer.Shrank:
		return clauses(says, now.Theirs, yoursHalf(now))
	case analyzer.Handed:
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

// openWords is "3 of the 4 duties; 1 met".
func openWords(t analyzer.Tally) string {
	says := fmt.Sprintf("%d of the %s", t.Gaps, dutyCount(t.Duties))
	if t.Gaps == 0 {
		says = "none of the " + dutyCount(t.Duties)
	}
	if rest := tallyWords(analyzer.Tally{Met: t.Met, Attested: t.Attested, Unknown: t.Unknown, Unevidenced: t.Unevidenced}); rest != "" {
		says += "; " + rest
	}
	return says
}

// tallyWords is "2 met, 3 open, 17 without evidence".
func tallyWords(t analyzer.Tally) string {
	var says []string
	for _, part := range tallyParts(t) {
		if part.n > 0 {
			says = append(says, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	return strings.Join(says, ", ")
}

// shiftTitle names both sides: what is in the place of what, or the same under
// another model.
func (p *diffPrinter) shiftTitle(s *analyzer.Shift) string {
	old, new := s.Old, s.New
	if old.Definition != new.Definition || old.Service != new.Service {
		return p.holder(old) + " → " + p.holder(new)
	}
	return fmt.Sprintf("%s, %s → %s", p.holder(new), old.Model, new.Model)
}

// holder is "aws_db_instance.main (RDS), 3 instances".
func (p *diffPrinter) holder(h *analyzer.Holder) string {
	service := short(h.Service.Name)
	if len(h.Resources) == 0 {
		return p.inRoot(h, service+" as a whole")
	}
	if h.Count() == 1 {
		return p.inRoot(h, clean(h.Resources[0].Address)+" ("+service+")")
	}
	return p.inRoot(h, clean(h.Definition)+" ("+service+"), "+count(h.Count(), "instance"))
}

func (p *diffPrinter) inRoot(h *analyzer.Holder, says string) string {
	if p.roots {
		return cleanPath(h.Root) + ": " + says
	}
	return says
}

// over says what of the whole moved that no single resource shows: with the
// first guest, its operating system.
func (p *diffPrinter) over() {
	rest := p.rest()
	if len(rest) == 0 {
		return
	}
	p.line("  over everything that is here")
	for _, kind := range directions {
		p.transfers(kind.words, going(rest, kind.of))
	}
}

// rest is what moved over everything, and with no single resource.
func (p *diffPrinter) rest() []analyzer.Transfer {
	type way struct {
		layer analyzer.Layer
		of    analyzer.Direction
	}
	said := map[way]bool{}
	for _, s := range p.d.Shifts {
		if s.Old != nil && s.New != nil {
			for _, t := range s.Transfers {
				said[way{t.Layer, t.Direction()}] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(p.d.Line), func(t analyzer.Transfer) bool { return said[way{t.Layer, t.Direction()}] })
}

// --- what came, and what went

func (p *diffPrinter) came() { p.holders("Came with new resources", newHolder) }

func (p *diffPrinter) went() { p.holders("Ended with resources that are gone", goneHolder) }

// newHolder is a holder that came; nil: it did not.
func newHolder(s *analyzer.Shift) *analyzer.Holder {
	if s.Old == nil {
		return s.New
	}
	return nil
}

// goneHolder is a holder that went; nil: it did not.
func goneHolder(s *analyzer.Shift) *analyzer.Holder {
	if s.New == nil {
		return s.Old
	}
	return nil
}

// holders writes the holders that are on one side, by service: true whether or
// not one took the place of another.
func (p *diffPrinter) holders(title string, pick func(*analyzer.Shift) *analyzer.Holder) {
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
	all     []*analyzer.Holder
	tally   analyzer.Tally
}

// names lists the holders, a text a root.
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

func holderGroups(d *analyzer.Diff, pick func(*analyzer.Shift) *analyzer.Holder) []*holderGroup {
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
		g.tally = sumTallies(g.tally, s.Tally)
	}
	slices.SortStableFunc(groups, func(a, b *holderGroup) int { return strings.Compare(a.service, b.service) })
	return groups
}

func sumTallies(a, b analyzer.Tally) analyzer.Tally {
	return analyzer.Tally{
		Duties: a.Duties + b.Duties, Met: a.Met + b.Met, Attested: a.Attested + b.Attested, Gaps: a.Gaps + b.Gaps,
		Unknown: a.Unknown + b.Unknown, Unevidenced: a.Unevidenced + b.Unevidenced,
	}
}

// --- duties

// dutyKinds are what a changed duty may be.
var dutyKinds = []struct {
	title string
	keep  func(*analyzer.DutyChange) bool
}{
	{"Met before, and not any more", func(c *analyzer.DutyChange) bool { return c.Lost() && c.New.State != analyzer.UnknownState }},
	{"Met before, and now it cannot be told", func(c *analyzer.DutyChange) bool { return c.Lost() && c.New.State == analyzer.UnknownState }},
	{"Met now", func(c *analyzer.DutyChange) bool { return !c.Lost() }},
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

func dutyLines(d *analyzer.Diff, roots bool, keep func(*analyzer.DutyChange) bool) []dutyLine {
	type group struct {
		first     *analyzer.DutyChange
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

func definition(d *analyzer.Duty) string {
	if d.Principal == nil {
		return ""
	}
	return d.Principal.Definition
}

func dutyHolder(d *analyzer.Duty, instances int) string {
	switch {
	case d.Principal == nil:
		return short(d.Service.Name) + " as a whole"
	case instances > 1:
		return fmt.Sprintf("%s (%s)", clean(d.Principal.Definition), count(instances, "instance"))
	}
	return clean(d.Principal.Address)
}

// dutyWords is "firewall configuration, open: any address can reach port 22".
func dutyWords(c *analyzer.DutyChange) string {
	says := layerWords(c.New.Layer)
	switch c.New.State {
	case analyzer.GapState:
		says += ", open"
	case analyzer.Unevidenced:
		return says + ", nothing shows it any more"
	case analyzer.Attested:
		return says + ", attested"
	case analyzer.MetState:
		return says
	}
	var because []string
	for _, f := range c.Findings {
		if m := clean(f.Message); (f.Verdict == analyzer.Fail) == (c.New.State == analyzer.GapState) && !slices.Contains(because, m) {
			because = append(because, m)
		}
	}
	if len(because) == 0 {
		return says
	}
	return says + ": " + few(because, 2)
}

// --- what cannot be told

func (p *diffPrinter) untold() {
	for _, u := range p.d.Untold {
		p.para("cannot tell  ", p.faint, p.untoldWords(u))
	}
	if len(p.d.Untold) > 0 {
		p.line()
	}
}

func (p *diffPrinter) untoldWords(u *analyzer.Untold) string {
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

// --- gaps

// groups are the gaps that are new, or those that may be.
func (p *diffPrinter) groups(sure bool) []group {
	var findings []*analyzer.Finding
	for _, g := range p.d.Gaps {
		if g.Sure() == sure && p.open(g.Finding) {
			findings = append(findings, g.Finding)
		}
	}
	return groupBy(findings, func(f *analyzer.Finding) string {
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

// standingWords says how the check stood before a gap was new; empty where there
// is nothing to say.
func standingWords(s analyzer.Standing) string {
	switch s {
	case analyzer.NotOpen:
		return "worse than before"
	case analyzer.CannotSay:
		return "could not be told before"
	case analyzer.Accepted:
		return "was accepted before"
	}
	return ""
}

// newGap is a gap in a few lines: what scan says of it at length.
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

// note is of how many resources a new gap is, in which environments, and how the
// check stood before.
func (p *diffPrinter) note(g group) string {
	noun := "instance"
	if slices.ContainsFunc(g, func(f *analyzer.Finding) bool { return f.Resource.Definition != g.first().Resource.Definition }) {
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

// closedGaps lists the gaps that are none any more, a check a line; of those that
// went with their resources, a resource a line.
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

var closedKinds = []struct {
	title string
	of    []analyzer.Standing
}{
	{"Closed gaps", []analyzer.Standing{analyzer.NotOpen, analyzer.NotAsked, analyzer.OpenToo}},
	{"Gaps that went with their resources", []analyzer.Standing{analyzer.Absent}},
	{"Gaps that are accepted now", []analyzer.Standing{analyzer.Accepted}},
	{"Gaps of which it cannot be told whether they are closed", []analyzer.Standing{analyzer.CannotSay, analyzer.NotSeen}},
}

type closedLine struct {
	what string
	says []string
}

func closedLines(d *analyzer.Diff, of []analyzer.Standing) []closedLine {
	var lines []closedLine
	at := map[string]int{}
	for _, g := range d.Closed {
		if !slices.Contains(of, g.Other) {
			continue
		}
		what, says := g.Check.ID, gapSubject(g)
		if g.Other == analyzer.Absent {
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

// gapSubject is what a gap is of: a resource, or what is written for demarc.
func gapSubject(g *analyzer.GapChange) string {
	if g.Resource.Address == "" {
		return clean(g.Message)
	}
	return clean(g.Resource.Address)
}

// --- the sums

func (p *diffPrinter) sums() {
	p.para("", p.bold, p.counts.duties())
	p.para("", p.bold, p.counts.gaps(p.Options, p.d))
	for _, side := range p.sides() {
		for _, l := range side.coverage() {
			p.para("", p.faint, l)
		}
	}
}

// A coverageSide is what was not looked at on one side, or on both.
type coverageSide struct {
	Options
	name       string
	unresolved []analyzer.Unresolved
	incomplete string
}

// sides are the two sides; where as much was looked at, they are one.
func (p *diffPrinter) sides() []coverageSide {
	old, new := p.d.Old.Report.Coverage, p.d.New.Report.Coverage
	sides := []coverageSide{
		{p.Options, "before: ", old.Unresolved, incomplete(old)},
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

// duties is "4 duties came to you, none went to AWS; 11 came with new resources".
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

// gaps is "Gaps: 3 new (1 high, 2 medium), 1 closed, 12 as before".
func (c diffCounts) gaps(opt Options, d *analyzer.Diff) string {
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
		if g.Sealed && g.Sure() {
			sealed++
		}
	}
	for _, part := range []struct {
		n     int
		words string
	}{
		{c.fresh.below.total(), "new below"}, {c.unsure, "that may be new"}, {c.fresh.fresh.total(), "of checks that are new"}, {sealed, "new inside installed modules"},
		{c.closed, "closed"}, {c.gone, "gone with resources"},
		{c.accepted, "accepted now"}, {c.hidden, "that cannot be told any more"}, {d.Existing, "as before"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	return "Gaps: " + strings.Join(parts, ", ")
}
