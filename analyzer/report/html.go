package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
)

// The page, its style and its script are separate files. The script is plain, and
// reads its data from one JSON element.
var (
	//go:embed html/parts.html
	pageParts string // parts that the pages share
	//go:embed html/filters.js
	pageFilters string // the script that they share
	//go:embed html/page.html
	pageSource string
	//go:embed html/page.css
	pageStyle string
	//go:embed html/page.js
	pageScript string

	pageTemplate = pageTemplateOf(&pageSource)
)

// pageTemplateOf parses a template on first use: most runs write no page.
func pageTemplateOf(source *string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		t := template.New("page").Funcs(template.FuncMap{
			"bar": func(t judge.Tally) bar { return newBar(tallyParts(t)) }, "count": count, "percent": percent,
		})
		return template.Must(template.Must(t.Parse(pageParts)).Parse(*source))
	})
}

// HTML writes the report as one self-contained page: no network, no server. It holds
// every finding of the report except those that do not apply, and masks the same
// values as text. The same matrix gives the same bytes.
func HTML(w io.Writer, m *matrix.Matrix, opt Options) error {
	return writePage(w, pageTemplate(), newPageMaker(m, opt).page())
}

// writePage writes the whole page, or nothing.
func writePage(w io.Writer, t *template.Template, of any) error {
	var b bytes.Buffer
	if err := t.Execute(&b, of); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// pageColumns is the width of an excerpt on a page.
const pageColumns = 110

// A page is the data of the template; the script shows the rest, from Data.
type page struct {
	Policy string
	Style  template.CSS
	Script template.JS
	Data   template.JS

	Version     string
	Of          []string // roots and plans
	Incomplete  string
	Says        []string // duties, gaps, inputs read
	Diagnostics []pageDiagnostic
	Closed      []string

	Percent  string // "47 %"; empty: no duties
	Total    judge.Tally
	Coverage []pageShares
	Stacks   []pageStacks
	Matrix   pageMatrix
	Controls []pageDuty
	Own      []pageDuty // duties of the organisation
	Picture  picture
	Filters  []pageFilter
	First    []pageEntry
	Rest     int // entries that only the script shows
}

type pageDiagnostic struct{ Word, Says string }

// pageShares is the coverage by layer, or by owner.
type pageShares struct {
	ID, Title string
	Shares    []matrix.Share
}

// A pageFilter is a list from which a reader picks one.
type pageFilter struct {
	Name, Label, All string
	Options          []pageOption

	seen map[string]bool // values
}

type pageOption struct{ Value, Says string }

// A pageWriter formats the content of a report for pages.
type pageWriter struct {
	*printer
	rep   *judge.Report
	roots bool
}

func newPageWriter(rep *judge.Report, opt Options) pageWriter {
	opt.ShowAll, opt.Width = true, pageColumns
	return pageWriter{&printer{Options: opt, src: newSources(opt.Read)}, rep, rep.SeveralRoots()}
}

// A pageMaker turns a report into a page.
type pageMaker struct {
	pageWriter
	m       *matrix.Matrix
	text    *interned
	entries []entry
	numbers map[*judge.Finding]int // in the order of the page
}

func newPageMaker(m *matrix.Matrix, opt Options) *pageMaker {
	p := &pageMaker{pageWriter: newPageWriter(m.Report, opt), m: m, text: newInterned(), numbers: map[*judge.Finding]int{}}
	p.entries = p.group()
	return p
}

func (p *pageMaker) page() page {
	script := pageFilters + pageScript
	out := page{
		Policy: policy(pageStyle, script), Style: template.CSS(pageStyle), Script: template.JS(script),
		Version: p.Version, Of: p.of(), Incomplete: incomplete(p.rep.Coverage),
		Says: p.says(), Diagnostics: p.pageDiagnostics(), Closed: p.pageClosed(),
		Total: p.m.Tally, Percent: percent(p.m.Tally), Coverage: p.shares(), Stacks: p.stacks(),
		Matrix: p.matrix(), Controls: p.controls(), Own: p.organisation(), Picture: p.picture(), Filters: p.filters(),
	}
	out.First, out.Rest = p.first()
	out.Data = template.JS(p.data())
	return out
}

// policy lets the page run its own style and script and load nothing.
// https://www.w3.org/TR/CSP3/#directive-script-src
func policy(style, script string) string {
	return "default-src 'none'; script-src " + hashSource(script) + "; style-src " + hashSource(style) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// of returns the roots and plans that were judged.
func (p pageWriter) of() []string {
	var names []string
	for i := range p.rep.Resources {
		root := p.rep.Resources[i].Root
		if root == nil {
			continue
		}
		name := p.file(root.Dir)
		switch {
		case root.Plan == "-":
			name = "a plan from standard input"
		case root.Plan != "":
			name = "plan " + p.file(root.Plan)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// says returns the last lines of the text report.
func (p *pageMaker) says() []string {
	lines := []string{dutiesLine(p.rep), p.gapsLine(p.rep)}
	if says := p.sealedLine(p.rep); says != "" {
		lines = append(lines, says)
	}
	return append(lines, p.coverageLines(p.rep)...)
}

func (p pageWriter) pageDiagnostics() []pageDiagnostic {
	var list []pageDiagnostic
	for _, d := range p.rep.Diags {
		word := "error"
		if d.Severity == hcl.DiagWarning {
			word = "warning"
		}
		list = append(list, pageDiagnostic{word, strings.TrimPrefix(p.textDiagnostic(d), "warning: ")})
	}
	return list
}

func (p *pageMaker) pageClosed() []string {
	var list []string
	for _, c := range p.rep.Closed {
		list = append(list, c.Check.ID+" "+clean(c.Resource.Address))
	}
	return list
}

func (p *pageMaker) shares() []pageShares {
	layers := make([]matrix.Share, len(p.m.Layers))
	for i, s := range p.m.Layers {
		layers[i] = matrix.Share{Name: layerTitle(analyzer.Layer(s.Name)), Tally: s.Tally}
	}
	teams := make([]matrix.Share, len(p.m.Teams))
	named := false
	for i, s := range p.m.Teams {
		teams[i] = matrix.Share{Name: owner(s.Name), Tally: s.Tally}
		named = named || s.Name != ""
	}
	list := []pageShares{{"layer", "By layer", layers}}
	if named {
		list = append(list, pageShares{"owner", "By owner", teams})
	}
	return list
}

// owner returns the responsible team or person in words.
func owner(team string) string {
	if team == "" {
		return "nobody is named"
	}
	return clean(team)
}

// filters returns the filters that offer a choice.
func (p *pageMaker) filters() []pageFilter {
	layers := newFilter("layer", "Layer", "every layer")
	owners := newFilter("owner", "Owner", "every owner")
	services := newFilter("service", "Service", "every service")
	within := newFilter("environment", "Environment", "every environment")
	for _, l := range analyzer.Layers() {
		layers.add(string(l), layerTitle(l))
	}
	for _, e := range environments(p.rep) {
		within.add(clean(e), clean(e))
	}
	for _, s := range p.services() {
		services.add(s.ID, s.Name)
	}
	for _, f := range p.rep.Findings {
		owners.add(ownerValue(f.Team), owner(f.Team))
	}
	for i := range p.rep.Resources {
		owners.add(ownerValue(p.rep.Resources[i].Team), owner(p.rep.Resources[i].Team))
	}
	slices.SortFunc(owners.Options, func(a, b pageOption) int { return strings.Compare(a.Says, b.Says) })
	var list []pageFilter
	for _, f := range []*pageFilter{layers, owners, services, within} {
		if len(f.Options) > 1 || len(f.Options) == 1 && f.Options[0].Value != nobody {
			list = append(list, *f)
		}
	}
	return list
}

func newFilter(name, label, all string) *pageFilter {
	return &pageFilter{Name: name, Label: label, All: all, seen: map[string]bool{}}
}

// add adds an option once.
func (f *pageFilter) add(value, says string) {
	if !f.seen[value] {
		f.seen[value] = true
		f.Options = append(f.Options, pageOption{value, says})
	}
}

// nobody is the filter's value for entries without a named owner.
const nobody = "-"

func ownerValue(team string) string {
	if team == "" {
		return nobody
	}
	return clean(team)
}

// A bar is a count by state, drawn as a line of parts.
type bar struct {
	Parts []barPart
	Says  string
}

type barPart struct {
	State      judge.State
	From, Wide string // percent
}

func newBar(parts []tallyPart) bar {
	all := 0
	for _, part := range parts {
		all += part.n
	}
	b := bar{Says: strings.Join(stateParts(parts), ", ")}
	from := 0.0
	for _, part := range parts {
		if part.n == 0 {
			continue
		}
		wide := float64(part.n) * 100 / float64(all)
		b.Parts = append(b.Parts, barPart{part.state, fmt.Sprintf("%.2f%%", from), fmt.Sprintf("%.2f%%", wide)})
		from += wide
	}
	return b
}

// percent returns a tally's coverage in words; empty: no duties.
func percent(t judge.Tally) string {
	if n, ok := t.Coverage(); ok {
		return fmt.Sprintf("%d %%", n)
	}
	return ""
}
