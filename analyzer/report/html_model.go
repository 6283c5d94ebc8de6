package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// pageStacks are the services of one model, each in the familiar diagram of the
// model: your layers above the line, the provider's below, and shared layers across
// it.
type pageStacks struct {
	Title, About string
	Stacks       []pageStack
}

type pageStack struct {
	ID, Title string
	About     string // resources, coverage
	Service   string // to filter by; empty: several
	Yours     []pageLayer
	Shared    []pageLayer
	Theirs    []pageLayer
	Nothing   string // layers that the service does not have
}

type pageLayer struct {
	Title string
	State judge.State
	Says  string
	Moved bool // the owner differs from the published model's
}

// modelTitles are the headings of the stacks, in their order.
var modelTitles = []struct {
	model        analyzer.Model
	title, about string
}{
	{analyzer.Infrastructure, "Infrastructure services", "you run the guest and everything on it"},
	{analyzer.Container, "Container services", "AWS runs the guest and the platform; you set them up"},
	{analyzer.Abstract, "Abstract services", "AWS runs all of it; data and access stay yours"},
	{analyzer.UnknownModel, "Model not known", "where the line runs depends on unknown values"},
}

func (p *pageMaker) stacks() []pageStacks {
	columns := p.matrixColumns()
	if p.m.By != matrix.ByService {
		all := pageStacks{Title: "A layer is shown as yours if it is yours for any service"}
		for i, c := range columns {
			all.Stacks = append(all.Stacks, newStack(i, c))
		}
		return []pageStacks{all}
	}
	var groups []pageStacks
	for _, m := range modelTitles {
		group := pageStacks{Title: m.title, About: m.about}
		for i, c := range columns {
			if c.Model == m.model {
				group.Stacks = append(group.Stacks, newStack(i, c))
			}
		}
		if len(group.Stacks) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func newStack(number int, c *matrix.Column) pageStack {
	s := pageStack{ID: "stack-" + strconv.Itoa(number), Title: clean(c.Title), Service: serviceID(c.Service), About: count(c.Resources, "resource")}
	if percent, ok := c.Tally.Coverage(); ok {
		s.About += ", " + strconv.Itoa(percent) + " % covered"
	}
	var nothing []string
	for i := range c.Cells {
		cell := &c.Cells[i]
		l := pageLayer{layerTitle(cell.Layer), cell.State, cellSays(cell), differs(cell.Cell)}
		switch cell.Cell.Today {
		case analyzer.ProviderOwned:
			s.Theirs = append(s.Theirs, l)
		case analyzer.SharedOwned:
			s.Shared = append(s.Shared, l)
		case analyzer.NoOwner:
			nothing = append(nothing, layerWords(cell.Layer))
		default:
			s.Yours = append(s.Yours, l)
		}
	}
	s.Nothing = list(nothing)
	return s
}

// mostColumns is the maximum number of columns on a page: no reader compares more,
// and the other formats have all.
const mostColumns = 60

// matrixColumns returns the columns of the page: if there are too many, those with
// the most open duties.
func (p *pageMaker) matrixColumns() []*matrix.Column {
	if len(p.m.Columns) <= mostColumns {
		return p.m.Columns
	}
	worst := slices.Clone(p.m.Columns)
	slices.SortStableFunc(worst, func(a, b *matrix.Column) int {
		return cmp.Or(b.Tally.Gaps-a.Tally.Gaps, b.Tally.Unknown-a.Tally.Unknown)
	})
	worst = worst[:mostColumns]
	return slices.DeleteFunc(slices.Clone(p.m.Columns), func(c *matrix.Column) bool { return !slices.Contains(worst, c) })
}

// A pageMatrix is the table: rows are layers, each followed by its control
// objectives that have a result, and columns as in the matrix.
type pageMatrix struct {
	By      string
	Columns []pageHead
	Rows    []pageLayerRow
	Left    int // omitted columns
	Moves   []pageMove
}

type pageHead struct{ Title, Model string }

type pageLayerRow struct {
	Number     int
	ID         string
	Title      string
	About      string
	Cells      []pageMatrixCell
	Objectives []pageObjectiveRow
}

type pageMatrixCell struct {
	Number int // index in the data
	Owner  string
	State  judge.State
	Says   string
	Moved  bool
	Label  string // for readers who cannot see the row and the column
}

type pageObjectiveRow struct {
	Title string
	Cells []pageLayer
}

type pageMove struct{ Says, Source string }

func (p *pageMaker) matrix() pageMatrix {
	columns := p.matrixColumns()
	out := pageMatrix{By: string(p.m.By), Left: len(p.m.Columns) - len(columns)}
	for _, c := range columns {
		out.Columns = append(out.Columns, pageHead{short(c.Title), string(c.Model)})
	}
	for i, l := range analyzer.Layers() {
		r := pageLayerRow{Number: i, ID: string(l), Title: layerTitle(l), About: responsibility.LayerAbout(l)}
		for j, c := range columns {
			r.Cells = append(r.Cells, newMatrixCell(j, i, c))
		}
		r.Objectives = objectiveRows(columns, i)
		out.Rows = append(out.Rows, r)
	}
	for _, says := range moves(p.m, func(c *matrix.Column) string { return short(c.Title) }) {
		text, source := splitSource(says)
		out.Moves = append(out.Moves, pageMove{text, source})
	}
	return out
}

func newMatrixCell(column, layer int, c *matrix.Column) pageMatrixCell {
	cell := &c.Cells[layer]
	out := pageMatrixCell{
		Number: column*len(c.Cells) + layer, Owner: ownerWord(cell.Cell.Today), State: cell.State, Says: cellSays(cell), Moved: differs(cell.Cell),
	}
	out.Label = layerTitle(cell.Layer) + " of " + short(c.Title) + ": " + ownerWords(cell.Cell.Today)
	if out.Says != "" {
		out.Label += ", " + out.Says
	}
	return out
}

// objectiveRows returns the control objectives that are duties in a layer.
func objectiveRows(columns []*matrix.Column, layer int) []pageObjectiveRow {
	var rows []pageObjectiveRow
	for _, o := range objectivesIn(columns, layer) {
		r := pageObjectiveRow{Title: objectiveTitle(o)}
		for _, c := range columns {
			l := pageLayer{}
			if t := objectiveIn(&c.Cells[layer], o); t != nil {
				l = pageLayer{State: t.State, Says: objectiveSays(t)}
			}
			r.Cells = append(r.Cells, l)
		}
		rows = append(rows, r)
	}
	return rows
}

// A pageDuty belongs to no resource: a shared control, or an objective of the
// organisation.
type pageDuty struct {
	Title  string
	State  judge.State
	Says   string
	Yours  string // your part, or the evidence for it
	Source string
}

func (p *pageMaker) controls() []pageDuty {
	var list []pageDuty
	for _, c := range sharedControls(p.m) {
		list = append(list, pageDuty{c.Title, c.State, c.words(), c.Yours, c.Source})
	}
	return list
}

func (p *pageMaker) organisation() []pageDuty {
	var list []pageDuty
	for _, d := range p.rep.Organisation {
		duty := pageDuty{Title: objectiveTitle(d.Objective), State: d.State, Says: stateSays(d.State, judge.Tally{})}
		if len(d.Attested) > 0 {
			duty.Says = organisationWords(&d)
		} else if o, ok := responsibility.ObjectiveOf(d.Objective); ok {
			duty.Yours = o.Evidence
		}
		list = append(list, duty)
	}
	return list
}

// A pageEntry is an entry as shown without JavaScript.
type pageEntry struct {
	Severity, Check, Title    string
	Place, Address, Message   string
	Line, Excerpt, Caret      string
	Value, Yours, Team, Close string
	More                      int
}

// mostFirst is the number of entries in the page itself.
const mostFirst = 25

// first returns the first gaps, and the number of other entries.
func (p *pageMaker) first() ([]pageEntry, int) {
	var list []pageEntry
	for _, e := range p.entries {
		if e.verdict != openEntry || len(list) == mostFirst {
			break
		}
		list = append(list, p.pageEntry(e))
	}
	return list, len(p.entries) - len(list)
}

func (p *pageMaker) pageEntry(e entry) pageEntry {
	f := e.first()
	out := pageEntry{
		Severity: f.Severity.String(), Check: f.Check.ID, Title: f.Check.Title, Place: p.spot(place(f)), Address: p.address(f.Resource),
		Message: clean(f.Message), Value: p.from(f), Yours: yours(f), Team: clean(f.Team), Close: p.remedy(f), More: len(e.group) - 1,
	}
	if x, ok := p.shownLine(f); ok {
		out.Line, out.Excerpt, out.Caret = strconv.Itoa(x.number), x.text, caretLine(x)
	}
	return out
}

// caretLine returns a line with carets under the columns of an excerpt.
func caretLine(x excerpt) string {
	return pad("", x.indent) + string(slices.Repeat([]byte("^"), x.caret))
}
