package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// The verdicts of the page, in display order.
const (
	openEntry = iota
	unknownEntry
	acceptedEntry
	metEntry
)

// An entry is a group of findings shown as one.
type entry struct {
	group
	verdict int
	cause   int // number of the cause of an unknown, from 1
}

// group groups the findings as text does: gaps by their fix, unknown verdicts by
// their cause. Findings that do not apply are omitted.
func (p *pageMaker) group() []entry {
	var entries []entry
	key := textKey(p.Options)
	add := func(verdict int, findings []*judge.Finding, key func(*judge.Finding) string) {
		for _, g := range groupBy(findings, key) {
			entries = append(entries, entry{group: g, verdict: verdict})
		}
	}
	add(openEntry, bySeverity(with(p.rep.Findings, (*judge.Finding).Gap)), key)
	p.groupUnknown(&entries)
	add(acceptedEntry, bySeverity(with(p.rep.Findings, accepted)), func(f *judge.Finding) string {
		return key(f) + "\x00" + f.Suppressed.Range.String()
	})
	add(metEntry, bySeverity(with(p.rep.Findings, func(f *judge.Finding) bool { return f.Verdict == analyzer.Pass })),
		func(f *judge.Finding) string { return f.Group.String() + "\x00" + p.evidence(f) })
	for _, e := range entries {
		for _, f := range e.group {
			p.numbers[f] = len(p.numbers)
		}
	}
	return entries
}

// groupUnknown is group for the unknown verdicts, in the order of their causes.
func (p *pageMaker) groupUnknown(entries *[]entry) {
	order := map[string]int{}
	for i, h := range p.Options.hiders(p.rep) {
		order[causeKey(h.cause)] = i + 1
	}
	unknowns := bySeverity(with(p.rep.Findings, unknown))
	sort.SliceStable(unknowns, func(i, j int) bool {
		return order[causeKey(mainCause(unknowns[i].Because))] < order[causeKey(mainCause(unknowns[j].Because))]
	})
	for _, g := range groupBy(unknowns, func(f *judge.Finding) string {
		return causeKey(mainCause(f.Because)) + "\x00" + f.Group.String() + "\x00" + f.Message
	}) {
		*entries = append(*entries, entry{g, unknownEntry, order[causeKey(mainCause(g.first().Because))]})
	}
}

// interned keeps each text once: most texts belong to many findings.
type interned struct {
	list []string
	at   map[string]int
}

func newInterned() *interned { return &interned{[]string{""}, map[string]int{"": 0}} }

func (t *interned) of(s string) int {
	i, ok := t.at[s]
	if !ok {
		i = len(t.list)
		t.at[s] = i
		t.list = append(t.list, s)
	}
	return i
}

// row returns a list of numbers without trailing zeros: most lists are short.
func row(numbers ...int) []int {
	n := len(numbers)
	for n > 0 && numbers[n-1] == 0 {
		n--
	}
	return numbers[:n]
}

// The data of the script. Numbers named for a text are indexes of Texts; 0 is no
// text.
type (
	pageData struct {
		Texts     []string       `json:"texts"`
		FailOn    int            `json:"failOn"` // lowest severity that decides; 0: none
		Layers    []pageNamed    `json:"layers"`
		Services  []pageNamed    `json:"services"`
		Checks    []pageCheck    `json:"checks"`
		Causes    []string       `json:"causes"`
		Places    [][]int        `json:"places"` // lists of texts: environments
		Entries   []pageRow      `json:"entries"`
		Resources []pageResource `json:"resources"`
		Cells     []pageCell     `json:"cells"` // column by column
		Columns   []pageColumn   `json:"columns"`
	}
	pageNamed struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	pageCheck struct {
		ID        string `json:"id"`
		Title     string `json:"title"`
		Why       string `json:"why"`
		Source    string `json:"source"` // link; empty: none
		Layer     int    `json:"layer"`  // -1: none
		Objective string `json:"objective"`
		Serves    string `json:"serves"`
	}
	// A pageRow is an entry: see its fields. The second part is its findings: text
	// of the owner, index into Places, resource from 1, and, where they differ from
	// the first finding, texts of the place and, without a resource, of the address.
	pageRow [2]any
	// A pageResource is texts of address, type, file:line, action; service and model
	// from 0; text of the owner, index into Places; then the addresses to which it
	// refers.
	pageResource []int
	pageColumn   struct {
		Title     string `json:"title"`
		Model     string `json:"model"`
		Resources int    `json:"resources"`
	}
	pageCell struct {
		Owner     string          `json:"owner"`
		Published string          `json:"published"` // if it differs from today's
		State     string          `json:"state"`
		Yours     string          `json:"yours,omitempty"`
		Theirs    string          `json:"theirs,omitempty"`
		Source    string          `json:"source,omitempty"`
		Paper     string          `json:"paper,omitempty"` // source of the published model
		Tally     string          `json:"tally,omitempty"`
		Parts     []pagePart      `json:"objectives,omitempty"`
		Attested  []pageStatement `json:"attested,omitempty"`
		Open      []int           `json:"open,omitempty"` // numbers of findings
		Evidence  []int           `json:"evidence,omitempty"`
	}
	pagePart struct {
		Title string `json:"title"`
		State string `json:"state"`
		Tally string `json:"tally"`
		Half  string `json:"half,omitempty"` // the part that the evidence does not show
	}
	pageStatement struct {
		Name     string `json:"name"`
		By       string `json:"by"`
		Evidence string `json:"evidence"`
		Date     string `json:"date"`
		Expires  string `json:"expires"`
	}
)

// data returns the JSON of the script. It contains no <, > or &, so that nothing in
// it ends its element, and no characters that hide or reorder text.
func (p *pageMaker) data() string {
	places := newPlaces(p.text)
	d := pageData{FailOn: int(p.FailOn), Checks: []pageCheck{}, Causes: []string{}, Entries: []pageRow{}, Resources: []pageResource{}, Cells: []pageCell{}, Columns: []pageColumn{}}
	for _, l := range analyzer.Layers() {
		d.Layers = append(d.Layers, pageNamed{string(l), layerTitle(l)})
	}
	services := p.services()
	for _, s := range services {
		d.Services = append(d.Services, pageNamed{s.ID, s.Name})
	}
	for _, h := range p.Options.hiders(p.rep) {
		d.Causes = append(d.Causes, count(h.verdicts, "verdict")+p.hides(h))
	}
	resources := p.resourceNumbers()
	checks := map[*analyzer.Check]int{}
	for _, e := range p.entries {
		c := e.first().Check
		if _, ok := checks[c]; !ok {
			checks[c] = len(d.Checks)
			d.Checks = append(d.Checks, p.check(c))
		}
		d.Entries = append(d.Entries, pageRow{p.row(e, checks[c], slices.Index(services, e.first().Service)), p.instances(e, resources, places)})
	}
	for i := range p.rep.Resources {
		if r := &p.rep.Resources[i]; drawn(r) {
			d.Resources = append(d.Resources, p.resource(r, slices.Index(services, r.Service), places))
		}
	}
	p.cells(&d)
	d.Texts, d.Places = p.text.list, places.list
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // escapes HTML's special characters
	_ = enc.Encode(d)          // texts, numbers and lists of them
	return string(escapeHostile(bytes.TrimSpace(b.Bytes())))
}

// placeLists keeps each list of environments once.
type placeLists struct {
	text *interned
	list [][]int
	at   map[string]int
}

func newPlaces(text *interned) *placeLists {
	return &placeLists{text, [][]int{{}}, map[string]int{"": 0}}
}

func (p *placeLists) of(names []string) int {
	key := strings.Join(names, "\x00")
	i, ok := p.at[key]
	if !ok {
		i = len(p.list)
		p.at[key] = i
		numbers := make([]int, len(names))
		for j, name := range names {
			numbers[j] = p.text.of(clean(name))
		}
		p.list = append(p.list, numbers)
	}
	return i
}

// services returns the services of resources and findings, by name.
func (p *pageMaker) services() []*analyzer.Service {
	var list []*analyzer.Service
	seen := map[*analyzer.Service]bool{nil: true}
	add := func(s *analyzer.Service) {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	for i := range p.rep.Resources {
		add(p.rep.Resources[i].Service)
	}
	for _, f := range p.rep.Findings {
		add(f.Service)
	}
	slices.SortFunc(list, func(a, b *analyzer.Service) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (p *pageMaker) check(c *analyzer.Check) pageCheck {
	why, source := splitSource(c.Why)
	out := pageCheck{ID: c.ID, Title: c.Title, Why: why, Source: source, Layer: slices.Index(analyzer.Layers(), c.Layer), Objective: objectiveTitle(c.Objective)}
	var serves []string
	for framework, ids := range p.frameworks(c) {
		serves = append(serves, framework+" "+strings.Join(ids, ", "))
	}
	slices.Sort(serves)
	out.Serves = strings.Join(serves, "; ")
	return out
}

func objectiveTitle(id analyzer.Objective) string {
	if o, ok := responsibility.ObjectiveOf(id); ok {
		return o.Title
	}
	return string(id)
}

func layerTitle(l analyzer.Layer) string { return responsibility.LayerTitle(l) }

// row encodes an entry: check, verdict, severity, service from 1, texts of message,
// file and line, cause from 1, texts of the suppression or evidence and of its link;
// then, for gaps and unknown verdicts only: texts of yours, remedy, value, inside,
// plan action; line, text, indent and caret of the excerpt.
func (p *pageMaker) row(e entry, check, service int) []int {
	f, t := e.first(), p.text.of
	says, source := "", ""
	switch e.verdict {
	case acceptedEntry:
		says = clean(p.acceptance(f.Suppressed))
	case metEntry:
		says, source = p.shown(f)
	}
	numbers := []int{check, e.verdict, int(f.Severity), service + 1, t(clean(f.Message)), t(p.spot(place(f))), e.cause, t(says), t(source)}
	if e.verdict == metEntry {
		return row(numbers...)
	}
	numbers = append(numbers, t(yours(f)), t(p.remedy(f)), t(p.from(f)), t(p.inside(f)), t(strings.Join(parts(changed(f.Change), happens(f.Resource)), ", ")))
	if x, ok := p.shownLine(f); ok {
		numbers = append(numbers, x.number, t(x.text), x.indent, x.caret)
	}
	return row(numbers...)
}

// shown returns the evidence for a met duty, and its link; empty: the evidence is
// the configuration's own.
func (p pageWriter) shown(f *judge.Finding) (says, source string) {
	says = clean(strings.TrimPrefix(strings.TrimPrefix(p.evidence(f), f.Message), ": "))
	if f.Evidence != nil && strings.HasPrefix(f.Evidence.Source, "https://") {
		source = f.Evidence.Source
		says = strings.TrimSuffix(says, " "+clean(source))
	}
	return says, source
}

// shownLine returns the excerpt that text shows.
func (p pageWriter) shownLine(f *judge.Finding) (excerpt, bool) {
	at := place(f)
	return p.src.excerpt(at, f.Secret, p.width()-textWidth("  "+strconv.Itoa(at.Start.Line)+" │ "))
}

// parts returns the texts that are not empty.
func parts(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

func (p *pageMaker) instances(e entry, resources map[string]int, places *placeLists) [][]int {
	first, list := e.first(), make([][]int, len(e.group))
	for i, f := range e.group {
		at, address := "", ""
		if f.Range != first.Range {
			at = p.spot(place(f))
		}
		resource := resources[resourceKey(f.Resource)]
		if resource == 0 {
			address = p.address(f.Resource)
		}
		list[i] = row(p.text.of(clean(f.Team)), places.of(f.Environments), resource, p.text.of(at), p.text.of(address))
	}
	return list
}

// address returns a resource's address, with its root if there are several.
func (p pageWriter) address(r *analyzer.Resource) string {
	address := clean(r.Address)
	if dir := rootDir(r); p.roots && dir != "" && address != "" {
		return p.file(dir) + ": " + address
	}
	return address
}

// drawn reports whether a resource is counted in the report.
func drawn(r *judge.Classified) bool { return r.Mode == analyzer.Managed }

// resourceKey identifies a resource across environments.
func resourceKey(r *analyzer.Resource) string {
	return rootDir(r) + "\x00" + planOf(r) + "\x00" + r.Address
}

// resourceNumbers numbers the drawn resources from 1.
func (p *pageMaker) resourceNumbers() map[string]int {
	numbers, n := map[string]int{}, 0
	for i := range p.rep.Resources {
		if r := &p.rep.Resources[i]; drawn(r) {
			n++
			if key := resourceKey(r.Resource); numbers[key] == 0 {
				numbers[key] = n
			}
		}
	}
	return numbers
}

func (p *pageMaker) resource(r *judge.Classified, service int, places *placeLists) pageResource {
	action := ""
	if planOf(r.Resource) != "" {
		action = happens(r.Resource)
	}
	numbers := []int{
		p.text.of(p.address(r.Resource)), p.text.of(clean(r.Type)), p.text.of(p.Options.at(r.Range)), p.text.of(action),
		service + 1, slices.Index(analyzer.Models(), r.Model) + 1, p.text.of(clean(r.Team)), places.of(r.Environments),
	}
	var seen []string
	for _, ref := range r.Refs {
		if !slices.Contains(seen, ref.To) && ref.To != r.Address {
			seen = append(seen, ref.To)
			numbers = append(numbers, p.text.of(clean(ref.To)))
		}
	}
	return numbers
}

// cells adds the columns and their cells.
func (p *pageMaker) cells(d *pageData) {
	merged := map[analyzer.Digest]*judge.Finding{}
	for _, f := range p.rep.Findings {
		merged[f.Fingerprint] = f
	}
	of := func(findings []*judge.Finding) []int {
		var list []int
		for _, f := range findings {
			if all := merged[f.Fingerprint]; all != nil && (f.Verdict == analyzer.Pass) == (all.Verdict == analyzer.Pass) {
				list = append(list, p.number(f, all))
			}
		}
		return list
	}
	for _, c := range p.matrixColumns() {
		d.Columns = append(d.Columns, pageColumn{clean(c.Title), string(c.Model), c.Resources})
		for i := range c.Cells {
			cell := newPageCell(&c.Cells[i])
			cell.Open, cell.Evidence = of(c.Cells[i].Open), of(c.Cells[i].Evidence)
			d.Cells = append(d.Cells, cell)
		}
	}
}

// number returns the number of a finding; a finding of one environment has the
// number of the merged finding.
func (p *pageMaker) number(f, all *judge.Finding) int {
	if n, ok := p.numbers[f]; ok {
		return n
	}
	return p.numbers[all]
}

func newPageCell(c *matrix.Cell) pageCell {
	out := pageCell{
		Owner: ownerWords(c.Cell.Today), State: string(c.State), Yours: c.Cell.Yours, Theirs: c.Cell.Theirs,
		Source: c.Cell.TodaySource, Paper: c.Cell.PublishedSource,
	}
	if differs(c.Cell) {
		out.Published = ownerWords(c.Cell.Published)
	}
	if c.Tally.Duties > 0 {
		out.Tally = tallyLine(c.Tally)
	}
	for i := range c.Objectives {
		o := &c.Objectives[i]
		out.Parts = append(out.Parts, pagePart{objectiveTitle(o.Objective), string(o.State), tallyLine(o.Tally), half(o)})
	}
	out.Attested = pageStatements(c.Attested)
	return out
}

func pageStatements(list []*judge.Attestation) []pageStatement {
	var out []pageStatement
	for _, a := range list {
		out = append(out, pageStatement{clean(a.Name), clean(a.By), clean(a.Evidence), dayOrNone(a.Date), dayOrNone(a.Expires)})
	}
	return out
}
