package report

import (
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// The page of a framework has all its content in its HTML, so that it can be read
// without a script: the script only hides what filters do not pick.
var (
	//go:embed html/audit.html
	auditSource string
	//go:embed html/audit.css
	auditStyle string
	//go:embed html/audit.js
	auditScript string

	auditTemplate = pageTemplateOf(&auditSource)
)

// AuditHTML writes a framework, control by control, as one self-contained page. The
// same audit on the same day gives the same bytes.
func AuditHTML(w io.Writer, a *audit.Audit, opt Options) error {
	p := &auditMaker{newPageWriter(a.Matrix.Report, opt), a, map[*audit.Objective]*objectivePart{}}
	return writePage(w, auditTemplate(), p.page())
}

// The limits of one objective's list: most controls have several objectives, and
// most objectives several controls. JSON has all.
const (
	checksShown = 12 // of open checks, and of evidence
	placesShown = 3  // for each check
)

// An auditPage is the data of the template.
type auditPage struct {
	Policy  string
	Style   template.CSS
	Script  template.JS
	Version string

	Framework   responsibility.Framework
	Title       string
	Of          []string // roots and plans
	Day         string   // of the assessment
	Incomplete  string
	Read        []string // inputs read
	Diagnostics []pageDiagnostic
	Lapsed      []string // attestations that are no longer valid

	Count    auditCount
	Chapters []auditChapter
	Nothing  []auditControl // controls without resources here
	Outside  []auditControl
	States   []auditPart // to filter by
	Checks   int         // checksShown
	Places   int         // placesShown
}

// An auditCount counts the controls in each state.
type auditCount struct {
	All   int
	Bar   bar
	Parts []auditPart
}

type auditPart struct {
	State judge.State
	Words string
	N     int
	Half  int // partly met controls among those met
}

type auditChapter struct {
	responsibility.Chapter
	Count    auditCount
	Controls []auditControl // assessed controls with an owner
}

// An auditControl is a requirement: its owner, its state, and its evidence.
type auditControl struct {
	ID, Title          string
	Owner              analyzer.Owner
	Who                string
	State              judge.State
	Says               string
	Yours, Shared, AWS string // services
	Teams              string // responsible teams
	Objectives         []*objectivePart
	Sources            []auditLink
}

type auditLink struct{ URL, Says string }

type objectivePart struct {
	Title          string
	State          judge.State
	Says           string
	Tally          string
	Open, Evidence auditList
	Attested       []pageStatement
	Missing        string // parts without evidence
	Good           string // good evidence for the control
	Inherited      string // evidence for the provider's part
}

// An auditList is the first findings, by check.
type auditList struct {
	All    int // findings
	Checks []auditCheck
	More   int // omitted checks
}

type auditCheck struct {
	ID, Title string
	Kind      string // gap, unknown, accepted, met
	Severity  string // of a gap
	Says      string // for all its places, as is the source
	Source    string
	Close     string
	Line      string
	Excerpt   string
	Caret     string
	Places    []auditPlace
	More      int // omitted places
}

type auditPlace struct{ Address, At, Says, Source string }

// An auditMaker turns an audit into a page.
type auditMaker struct {
	pageWriter
	a    *audit.Audit
	made map[*audit.Objective]*objectivePart
}

func (p *auditMaker) page() auditPage {
	style, script := pageStyle+auditStyle, pageFilters+auditScript
	out := auditPage{
		Policy: policy(style, script), Style: template.CSS(style), Script: template.JS(script), Version: p.Version,
		Framework: p.a.Framework, Title: frameworkName(p.a), Of: p.of(), Incomplete: incomplete(p.rep.Coverage),
		Read: p.coverageLines(p.rep), Diagnostics: p.pageDiagnostics(),
		Count: countOf(p.a.Requirements), States: auditParts(audit.Count{}), Checks: checksShown, Places: placesShown,
	}
	for _, f := range lapsed(p.rep) {
		out.Lapsed = append(out.Lapsed, clean(f.Message)+" ("+p.Options.where(f)+")")
	}
	if !p.Today.IsZero() {
		out.Day = p.Today.Format(time.DateOnly)
	}
	for _, c := range p.chapters() {
		chapter := auditChapter{Chapter: c.Chapter, Count: countOf(c.of)}
		for i := range c.of {
			r := &c.of[i]
			switch {
			case r.Outside:
				out.Outside = append(out.Outside, p.control(r))
			case !here(r):
				out.Nothing = append(out.Nothing, p.control(r))
			default:
				chapter.Controls = append(chapter.Controls, p.control(r))
			}
		}
		out.Chapters = append(out.Chapters, chapter)
	}
	return out
}

// A part is the requirements of a chapter.
type part struct {
	responsibility.Chapter
	of []audit.Requirement
}

// chapters groups the requirements by chapter.
func (p *auditMaker) chapters() []part {
	var parts []part
	chapters := p.a.Framework.Chapters()
	for _, r := range p.a.Requirements {
		switch {
		case len(chapters) > 0 && chapters[0].First == r.ID:
			parts = append(parts, part{Chapter: chapters[0]})
			chapters = chapters[1:]
		case len(parts) == 0: // a part of a framework, or one without chapters
			parts = append(parts, part{Chapter: responsibility.Chapter{Title: "Controls"}})
		}
		last := &parts[len(parts)-1]
		last.of = append(last.of, r)
	}
	return parts
}

// countOf counts requirements by state.
func countOf(list []audit.Requirement) auditCount {
	n := (&audit.Audit{Requirements: list}).Count()
	out := auditCount{All: n.Requirements, Bar: newBar(countParts(n)), Parts: auditParts(n)}
	for i := range list {
		if r := &list[i]; r.State == judge.MetState && len(r.Missing()) > 0 {
			out.Parts[0].Half++
		}
	}
	return out
}

// auditParts returns the states of controls in the words of the page.
func auditParts(n audit.Count) []auditPart {
	words := map[judge.State]string{
		judge.Unevidenced: "no evidence", judge.MetState: "met", judge.NoDuty: "nothing here asks for it", outsideState: "not assessed",
	}
	var parts []auditPart
	for _, c := range countParts(n) {
		says := words[c.state]
		if says == "" {
			says = c.words
		}
		parts = append(parts, auditPart{State: c.state, Words: says, N: c.n})
	}
	return parts
}

func (p *auditMaker) control(r *audit.Requirement) auditControl {
	yours, shared, theirs := sides(r)
	out := auditControl{
		ID: r.ID, Title: r.Title, Owner: r.Owner, Who: ownerWord(r.Owner), State: judge.State(auditStateID(r)), Says: auditSays(r.State, len(r.Missing()) > 0),
		Yours: services(yours), Shared: services(shared), AWS: services(theirs), Teams: clean(list(r.Teams())),
	}
	for _, o := range r.Objectives {
		out.Objectives = append(out.Objectives, p.objective(o))
	}
	for _, url := range r.Sources {
		out.Sources = append(out.Sources, auditLink{url, strings.TrimPrefix(url, "https://")})
	}
	return out
}

// services names services without the company's name, with which most begin.
func services(titles []string) string {
	names := make([]string, len(titles))
	for i, title := range titles {
		names[i] = short(title)
	}
	return strings.Join(names, ", ")
}

// objective returns the content of an objective, made once for all controls.
func (p *auditMaker) objective(o *audit.Objective) *objectivePart {
	if made := p.made[o]; made != nil {
		return made
	}
	out := &objectivePart{
		Title: o.Title, State: o.Tally.State, Says: auditSays(o.Tally.State, o.Missing() != ""), Missing: o.Missing(),
		Open: p.openList(o.Open), Evidence: p.list(o.Evidence), Attested: pageStatements(o.Attested),
	}
	if o.Tally.Tally.Duties > 0 {
		out.Tally = tallyLine(o.Tally.Tally)
	}
	if out.Missing != "" {
		out.Good = o.Objective.Evidence
	}
	if o.Inherited() {
		out.Inherited = o.Objective.Evidence
	}
	p.made[o] = out
	return out
}

// openList lists gaps first, then unknowns, then accepted gaps.
func (p *auditMaker) openList(findings []*judge.Finding) auditList {
	worst := bySeverity(findings)
	return p.list(append(append(with(worst, (*judge.Finding).Gap), with(worst, unknown)...), with(worst, accepted)...))
}

// list groups findings by check and verdict.
func (p *auditMaker) list(findings []*judge.Finding) auditList {
	groups := groupBy(findings, func(f *judge.Finding) string { return kindOf(f) + " " + f.Check.ID })
	out := auditList{All: len(findings), More: max(len(groups)-checksShown, 0)}
	for _, g := range groups[:len(groups)-out.More] {
		out.Checks = append(out.Checks, p.check(g))
	}
	return out
}

func kindOf(f *judge.Finding) string {
	switch {
	case f.Verdict == analyzer.Pass:
		return "met"
	case unknown(f):
		return "unknown"
	case accepted(f):
		return "accepted"
	}
	return "gap"
}

func (p *auditMaker) check(g group) auditCheck {
	f := g.first()
	out := auditCheck{ID: f.Check.ID, Title: f.Check.Title, Kind: kindOf(f)}
	if out.Kind == "gap" {
		out.Severity, out.Close = g.severity().String(), p.remedy(f)
		if x, ok := p.shownLine(f); ok {
			out.Line, out.Excerpt, out.Caret = strconv.Itoa(x.number), x.text, caretLine(x)
		}
	}
	for _, f := range g {
		out.Places = append(out.Places, p.place(f))
	}
	out.agree()
	out.More = max(len(g)-placesShown, 0)
	out.Places = out.Places[:len(g)-out.More]
	return out
}

// agree writes once the text that every place shares.
func (c *auditCheck) agree() {
	first := c.Places[0]
	for _, at := range c.Places {
		if at.Says != first.Says || at.Source != first.Source {
			return
		}
	}
	c.Says, c.Source = first.Says, first.Source
	for i := range c.Places {
		c.Places[i].Says, c.Places[i].Source = "", ""
	}
}

// place returns the place of a finding, and the text to show there.
func (p *auditMaker) place(f *judge.Finding) auditPlace {
	out := auditPlace{Address: p.address(f.Resource), At: p.Options.where(f)}
	switch kindOf(f) {
	case "met":
		out.Says, out.Source = p.shown(f)
	case "accepted":
		out.Says = clean(p.acceptance(f.Suppressed))
	default:
		out.Says = clean(f.Message)
	}
	if within := inEnvironments(f.Environments); within != "" {
		out.Says += " ·" + clean(within)
	}
	return out
}
