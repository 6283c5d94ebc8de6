package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
)

// The page of a framework has a template, a script and some style of its own.
var (
	//go:embed html/audit.html
	auditSource string
	//go:embed html/audit.css
	auditStyle string
	//go:embed html/audit.js
	auditScript string

	auditTemplate = pageTemplateOf(&auditSource)
)

// AuditHTML writes a framework as one page that needs nothing else, for an
// auditor: control by control who is responsible, what is open, what shows it,
// what nothing shows, and what good evidence of that is. The same matrix gives
// the same bytes.
func AuditHTML(w io.Writer, a *audit.Audit, opt Options) error {
	p := &auditMaker{newPageWriter(a.Matrix.Report, opt), a}
	return writePage(w, auditTemplate(), p.page())
}

// mostListed is how many gaps, and how many pieces of evidence, a control of
// the page lists: JSON has all of them.
const mostListed = 12

type (
	auditPage struct {
		Policy string
		Style  template.CSS
		Script template.JS

		Version        string
		Name, About    string
		Publisher      string // link
		ID             string
		Of             []string
		Incomplete     string
		Says           []string // what was read
		Diagnostics    []pageDiagnostic
		Lapsed         []string // attestations that say nothing any more
		Requirements   int
		Bar            bar
		Legend         []auditLegend
		States         []pageOption // that there are
		Chapters       []auditChapter
		Nothing        []auditControl // that nothing here asks for
		Outside        []auditControl // that cannot be assessed from Terraform
		NotCompliance  string
		MostOfEachList int
	}
	auditLegend struct {
		State, Says string
		N           int
	}
	auditChapter struct {
		ID, Title string
		Controls  []auditControl
	}
	auditControl struct {
		ID, Title    string
		Owner, Who   string // customer, shared, provider; you, both, AWS
		State, Says  string
		Objectives   []auditObjectiveOf
		Yours        string // services
		Shared       string
		Theirs       string
		Open         []auditPlace
		OpenLeft     int
		Evidence     []auditEvidence
		EvidenceLeft int // checks
		Attested     []pageStatement
		Missing      []auditMissing
		Inherited    string // where the provider's part is shown
		Sources      []string
		Teams        string
	}
	auditObjectiveOf struct{ ID, Title, State, Says string }
	auditPlace       struct {
		State   string // gap, unknown, accepted; empty: evidence
		Check   string
		Says    string
		Address string
		At      string
	}
	auditEvidence struct {
		Check, Title string
		Kind         string // what shows it, where it is not the configuration alone
		Source       string // link
		Places       []auditPlace
		Left         int
	}
	auditMissing struct{ Objective, What, Good string }
)

// Asks reports whether the control is one that an auditor asks about: print
// shows its details.
func (c auditControl) Asks() bool {
	switch analyzer.State(c.State) {
	case analyzer.GapState, analyzer.UnknownState, analyzer.Unevidenced:
		return true
	}
	return false
}

// Sides reports whether there is something to say of who answers where.
func (c auditControl) Sides() bool { return c.Yours+c.Shared+c.Theirs+c.Inherited+c.Teams != "" }

type auditMaker struct {
	pageWriter
	a *audit.Audit
}

func (p *auditMaker) page() auditPage {
	f, n := p.a.Framework, p.a.Count()
	style := pageStyle + auditStyle
	out := auditPage{
		Policy: policy(style, auditScript), Style: template.CSS(style), Script: template.JS(auditScript),
		Version: p.Version, Name: frameworkName(p.a), About: f.About, Publisher: f.Publisher, ID: f.ID,
		Of: p.of(), Incomplete: incomplete(p.rep.Coverage), Says: p.coverageLines(p.rep), Diagnostics: p.pageDiagnostics(),
		Requirements: n.Requirements, Bar: newBar(countParts(n)), NotCompliance: notCompliance, MostOfEachList: mostListed,
	}
	for _, part := range countParts(n) {
		out.Legend = append(out.Legend, auditLegend{string(part.state), part.words, part.n})
	}
	for _, f := range lapsed(p.rep) {
		out.Lapsed = append(out.Lapsed, clean(f.Message)+" ("+p.Options.where(f)+")")
	}
	p.controls(&out)
	return out
}

// controls puts those that are assessed into the framework's chapters, and the
// others apart.
func (p *auditMaker) controls(out *auditPage) {
	chapters := p.a.Framework.Chapters()
	seen := map[string]bool{}
	for i := range p.a.Requirements {
		r := &p.a.Requirements[i]
		for _, c := range chapters {
			if c.First == r.ID {
				out.Chapters = append(out.Chapters, auditChapter{ID: c.ID, Title: c.Title})
			}
		}
		switch control := p.control(r); {
		case r.Outside:
			out.Outside = append(out.Outside, control)
		case !here(r):
			out.Nothing = append(out.Nothing, control)
		default:
			last := &out.Chapters[len(out.Chapters)-1]
			last.Controls = append(last.Controls, control)
			seen[control.State] = true
		}
	}
	for _, part := range countParts(audit.Count{}) {
		if seen[string(part.state)] {
			out.States = append(out.States, pageOption{string(part.state), part.words})
		}
	}
}

func (p *auditMaker) control(r *audit.Requirement) auditControl {
	yours, shared, theirs := sides(r)
	c := auditControl{
		ID: r.ID, Title: r.Title, Owner: string(r.Owner), Who: ownerWord(r.Owner), State: string(r.State), Says: pageState(r),
		Yours: list(yours), Shared: list(shared), Theirs: list(theirs), Inherited: inheritedWords(r), Attested: pageStatements(r.Attested()),
		Teams: clean(list(r.Teams())),
	}
	for _, o := range r.Objectives {
		c.Objectives = append(c.Objectives, auditObjectiveOf{string(o.ID), o.Title, string(o.Tally.State), auditObjectiveSays(o)})
	}
	c.Open, c.OpenLeft = p.places(bySeverity(r.Open()))
	c.Evidence, c.EvidenceLeft = p.evidenceOf(r.Evidence())
	for _, o := range r.Missing() {
		c.Missing = append(c.Missing, auditMissing{o.Title, o.Missing(), o.Objective.Evidence})
	}
	for _, s := range r.Sources {
		if strings.HasPrefix(s, "https://") {
			c.Sources = append(c.Sources, s)
		}
	}
	return c
}

// pageState is auditState without its abbreviation.
func pageState(r *audit.Requirement) string {
	if r.State == analyzer.Unevidenced {
		return stateSays(r.State, analyzer.Tally{})
	}
	return auditState(r)
}

// auditObjectiveSays is the state of an objective over everything that is here.
func auditObjectiveSays(o *audit.Objective) string {
	switch o.Tally.State {
	case analyzer.OfProvider:
		return "AWS's"
	case analyzer.NoDuty:
		return "nothing here asks for it"
	case analyzer.MetState:
		if o.Missing() != "" {
			return "met in part"
		}
	}
	if t := o.Tally.Tally; t.Duties > 0 {
		return tallyWords(t)
	}
	return stateSays(o.Tally.State, o.Tally.Tally)
}

// places are the first of some findings, with how many are left.
func (p *auditMaker) places(findings []*analyzer.Finding) (places []auditPlace, left int) {
	for _, f := range findings {
		if len(places) == mostListed {
			return places, len(findings) - mostListed
		}
		places = append(places, p.place(f))
	}
	return places, 0
}

func (p *auditMaker) place(f *analyzer.Finding) auditPlace {
	at := auditPlace{Check: f.Check.ID, Says: clean(f.Message), Address: p.address(f.Resource), At: p.spot(place(f))}
	switch {
	case accepted(f):
		at.State, at.Says = "accepted", at.Says+"; "+clean(p.acceptance(f.Suppressed))
	case f.Verdict == analyzer.Fail:
		at.State = string(analyzer.GapState)
	case f.Verdict == analyzer.Unknown:
		at.State = string(analyzer.UnknownState)
	}
	return at
}

// evidenceOf is what shows a control, by the check that it passes.
func (p *auditMaker) evidenceOf(findings []*analyzer.Finding) (list []auditEvidence, left int) {
	groups := groupBy(findings, func(f *analyzer.Finding) string { return f.Check.ID + " " + p.kind(f) })
	for _, g := range groups {
		if len(list) == mostListed {
			return list, len(groups) - mostListed
		}
		first := g.first()
		one := auditEvidence{Check: first.Check.ID, Title: first.Check.Title, Kind: p.kind(first)}
		if one.Kind != "" {
			one.Kind, one.Source = p.shown(first)
		}
		one.Places, one.Left = p.places(g)
		list = append(list, one)
	}
	return list, 0
}

// kind is what shows that a duty is met, where it is not the configuration alone.
func (p *auditMaker) kind(f *analyzer.Finding) string {
	if f.Evidence == nil || f.Evidence.Kind == "configuration" || f.Evidence.Kind == "plan" {
		return ""
	}
	return f.Evidence.Kind
}
