// Package matrix shows who is responsible for each layer, and the state of the
// duties: it arranges the duties of a report in rows of layers and in columns
// that the caller chooses.
package matrix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// A Matrix is a report as the shared responsibility model shows it: rows are
// layers, columns are chosen by By. A cell has the owner of the layer, the
// state of its duties, and the evidence.
type Matrix struct {
	Report  *judge.Report // the source report
	By      By
	Columns []*Column   // by service: by model, then by name; else sorted by title
	Tally   judge.Tally // of every duty
	Layers  []Share     // in the order of the model; layers without a duty are left out
	Teams   []Share     // by responsible team, sorted; empty: nobody is named

	// Account gives the results of account checks by objective and account,
	// sorted by id. They belong to no service: they are in no column, and are
	// no duties.
	Account ObjectiveTallies

	Objectives ObjectiveTallies // of all duties
}

// ObjectiveTallies counts objectives, once for each duty that includes them.
// They are sorted by id when counting is complete.
type ObjectiveTallies []ObjectiveTally

func (t *ObjectiveTallies) enter(d *judge.Duty) {
	for i := range d.Objectives {
		if o := &d.Objectives[i]; o.Objective != "" {
			t.of(o.Objective).add(o)
		}
	}
}

func (t *ObjectiveTallies) of(o analyzer.Objective) *ObjectiveTally {
	for i := range *t {
		if (*t)[i].Objective == o {
			return &(*t)[i]
		}
	}
	*t = append(*t, ObjectiveTally{Objective: o})
	return &(*t)[len(*t)-1]
}

func (t ObjectiveTallies) settle() {
	slices.SortFunc(t, func(a, b ObjectiveTally) int { return strings.Compare(string(a.Objective), string(b.Objective)) })
	for i := range t {
		t[i].State = t[i].Tally.State()
	}
}

// accountTallies counts the results for each account, as settle does for a
// duty.
func accountTallies(rep *judge.Report) ObjectiveTallies {
	type part struct {
		account   *analyzer.Resource
		objective analyzer.Objective
	}
	accounts := map[part]*judge.Tally{}
	for _, f := range rep.Findings {
		if f.Service == nil && f.Check.Objective != "" && f.Verdict != analyzer.NotApplicable {
			tallyOf(accounts, part{f.Resource, f.Check.Objective}).Add(judge.StateOf(f.Verdict))
		}
	}
	var all ObjectiveTallies
	for p, t := range accounts {
		all.of(p.objective).Tally.Add(t.State())
	}
	all.settle()
	return all
}

// By is the kind of columns of a matrix.
type By string

// The kinds of columns.
const (
	ByService     By = "service" // each service under one model
	ByResource    By = "resource"
	ByModule      By = "module"
	ByTeam        By = "owner"
	ByEnvironment By = "environment"
)

// AllBy lists the kinds of columns.
func AllBy() []By { return []By{ByService, ByResource, ByModule, ByTeam, ByEnvironment} }

// A Column is one column of the matrix.
type Column struct {
	ID        string            // rds/container, an address, a module's address
	Title     string            // Amazon RDS
	Service   *analyzer.Service // nil where the column has several, or none
	Model     analyzer.Model    // empty where the column has several, or it is unknown
	Resources int
	Cells     [analyzer.LayerCount]Cell // in the order of Layers
	Tally     judge.Tally
}

// A Cell is one layer of one column.
type Cell struct {
	Layer      analyzer.Layer
	Cell       analyzer.Cell // the owner; for several services, the largest customer share
	State      judge.State
	Tally      judge.Tally // of its duties
	Objectives ObjectiveTallies
	Open       []*judge.Finding     // failures, accepted or not, and unknowns
	Evidence   []*judge.Finding     // passes; only in a report with all findings
	Attested   []*judge.Attestation // attestations of the layer
	Teams      []string             // teams responsible for its duties, sorted; duties without a team are left out
}

// An ObjectiveTally is one control objective of a cell.
type ObjectiveTally struct {
	Objective analyzer.Objective
	State     judge.State
	Tally     judge.Tally
	Stated    int // duties with an attestation, whatever their state
}

func (o *ObjectiveTally) add(s *judge.ObjectiveState) {
	o.Tally.Add(s.State)
	if s.Attested != nil {
		o.Stated++
	}
}

// A Share is the tally of the duties of one layer or one team.
type Share struct {
	Name string
	judge.Tally
}

// New arranges a report in the given kind of columns.
func New(rep *judge.Report, c analyzer.Catalogue, by By) *Matrix {
	m := &matrixMaker{by: by, catalogue: c, columns: map[string]*Column{}, roots: rep.SeveralRoots()}
	for i := range rep.Resources {
		m.resource(&rep.Resources[i])
	}
	byLayer, byTeam := map[analyzer.Layer]*judge.Tally{}, map[string]*judge.Tally{}
	out := &Matrix{Report: rep, By: by}
	for _, d := range rep.Duties {
		out.Objectives.enter(d)
		for _, one := range split(m, d, d.Each) {
			m.duty(one)
		}
		out.Tally.Add(d.State)
		tallyOf(byLayer, d.Layer).Add(d.State)
		tallyOf(byTeam, d.Team).Add(d.State)
	}
	for _, f := range rep.Findings {
		for _, one := range split(m, f, f.Each) {
			m.finding(one)
		}
	}
	out.Objectives.settle()
	out.Account = accountTallies(rep)
	for _, column := range m.columns {
		column.settle()
		out.Columns = append(out.Columns, column)
	}
	slices.SortFunc(out.Columns, func(a, b *Column) int {
		return cmp.Or(a.place(by)-b.place(by), strings.Compare(ShortName(a.Title), ShortName(b.Title)), strings.Compare(a.ID, b.ID))
	})
	for _, l := range analyzer.Layers() {
		if t := byLayer[l]; t != nil {
			out.Layers = append(out.Layers, Share{string(l), *t})
		}
	}
	for team, t := range byTeam {
		out.Teams = append(out.Teams, Share{team, *t})
	}
	slices.SortFunc(out.Teams, func(a, b Share) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// split returns one duty per environment when columns are environments: a duty
// may be met in one and open in another.
func split[T any](m *matrixMaker, whole *T, each []*T) []*T {
	if m.by != ByEnvironment || len(each) == 0 {
		return []*T{whole}
	}
	return each
}

// place orders services from the model with the largest customer share to the
// smallest; a service with an unknown model comes first.
func (c *Column) place(by By) int {
	if by != ByService {
		return 0
	}
	return slices.Index(analyzer.Models(), c.Model)
}

// ShortName is a service's name without the company's name, which most begin
// with.
func ShortName(service string) string {
	return strings.TrimPrefix(strings.TrimPrefix(service, "Amazon "), "AWS ")
}

func tallyOf[K comparable](tallies map[K]*judge.Tally, key K) *judge.Tally {
	if tallies[key] == nil {
		tallies[key] = &judge.Tally{}
	}
	return tallies[key]
}

// matrixMaker puts the parts of a report into columns.
type matrixMaker struct {
	by        By
	catalogue analyzer.Catalogue
	columns   map[string]*Column
	roots     bool // there are several roots: addresses include theirs
}

// A seat is the column key of a part of a report.
type seat struct {
	service      *analyzer.Service
	model        analyzer.Model
	resource     *analyzer.Resource // the principal; nil: the service as a whole
	team         string
	environments []string
}

// of finds the columns of a seat, and creates missing ones. A part in several
// environments is in the column of each environment.
func (m *matrixMaker) of(s seat) []*Column {
	if m.by != ByEnvironment {
		id, title := m.name(s)
		return []*Column{m.column(id, title, s)}
	}
	if len(s.environments) == 0 {
		return []*Column{m.column("", "no environment", s)}
	}
	var found []*Column
	for _, e := range s.environments {
		found = append(found, m.column(e, e, s))
	}
	return found
}

func (m *matrixMaker) name(s seat) (id, title string) {
	switch {
	case m.by == ByTeam:
		return s.team, cmp.Or(s.team, "nobody")
	case m.by == ByResource && s.resource != nil:
		return m.within(s.resource, s.resource.Address)
	case m.by == ByModule && s.resource != nil:
		return m.within(s.resource, cmp.Or(s.resource.Module, "root module"))
	}
	return s.service.ID + "/" + string(s.model), s.service.Name
}

// within is a name qualified by a resource's root.
func (m *matrixMaker) within(r *analyzer.Resource, name string) (id, title string) {
	if title = name; m.roots {
		title = r.RootDir() + ": " + name
	}
	return analyzer.JoinKey(r.RootDir(), name), title
}

// column is the column with an id; each of its cells has the owner with the
// largest customer share among its services.
func (m *matrixMaker) column(id, title string, s seat) *Column {
	c := m.columns[id]
	if c == nil {
		c = &Column{ID: id, Title: title, Service: s.service, Model: s.model}
		for i, l := range analyzer.Layers() {
			c.Cells[i] = Cell{Layer: l, Cell: m.catalogue.CellFor(s.service, s.model, l)}
		}
		m.columns[id] = c
		return c
	}
	if c.Service == s.service && c.Model == s.model {
		return c
	}
	if c.Service != s.service {
		c.Service = nil
	}
	if c.Model != s.model {
		c.Model = analyzer.UnknownModel
	}
	for i, l := range analyzer.Layers() {
		if cell := m.catalogue.CellFor(s.service, s.model, l); cell.Today.Weight() > c.Cells[i].Cell.Today.Weight() {
			c.Cells[i].Cell = cell
		}
	}
	return c
}

func (m *matrixMaker) resource(r *judge.Classified) {
	if r.Mode != analyzer.Managed || r.Service == nil || !r.Exists() {
		return
	}
	principal := r.Principal
	if m.by == ByResource && principal != r.Resource {
		return // it is shown under its principal
	}
	for _, c := range m.of(seat{r.Service, r.Model, principal, r.Team, r.Environments}) {
		c.Resources++
	}
}

func (m *matrixMaker) duty(d *judge.Duty) {
	i := d.Layer.Index()
	for _, c := range m.of(seat{d.Service, d.Model, d.Principal, d.Team, d.Environments}) {
		cell := &c.Cells[i]
		cell.Tally.Add(d.State)
		c.Tally.Add(d.State)
		cell.Objectives.enter(d)
		for _, o := range d.Objectives {
			cell.attested(o.Attested)
		}
		cell.attested(d.Attested)
		cell.seenTo(d.Team)
	}
}

func (c *Cell) seenTo(team string) {
	if at, known := slices.BinarySearch(c.Teams, team); team != "" && !known {
		c.Teams = slices.Insert(c.Teams, at, team)
	}
}

func (c *Cell) attested(a *judge.Attestation) {
	if a != nil && !slices.Contains(c.Attested, a) {
		c.Attested = append(c.Attested, a)
	}
}

func (m *matrixMaker) finding(f *judge.Finding) {
	i := f.Check.Layer.Index()
	if f.Service == nil || i < 0 || f.Verdict == analyzer.NotApplicable {
		return
	}
	for _, c := range m.of(seat{f.Service, f.Model, f.Principal, f.Team, f.Environments}) {
		if f.Verdict == analyzer.Pass {
			c.Cells[i].Evidence = append(c.Cells[i].Evidence, f)
		} else {
			c.Cells[i].Open = append(c.Cells[i].Open, f)
		}
	}
}

// settle computes the states of a column's cells.
func (c *Column) settle() {
	for i := range c.Cells {
		cell := &c.Cells[i]
		switch {
		case cell.Cell.Today == analyzer.ProviderOwned:
			cell.State = judge.OfProvider
		case cell.Cell.Today == analyzer.NoOwner:
			cell.State = judge.NoDuty
		case cell.Tally.Duties == 0:
			cell.State = judge.Unevidenced
		default:
			cell.State = cell.Tally.State()
		}
		cell.Objectives.settle()
	}
}
