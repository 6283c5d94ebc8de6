package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// A picture shows the resources by model and service, and the references between
// them: each resource if there are few, else the services. Its positions are
// computed here, so that it needs no JavaScript and is the same each time.
type picture struct {
	Wide, High int
	Single     bool // every resource is drawn
	Lanes      []pictureLane
	Edges      []pictureEdge
	Rows       []pictureRow // the content in words
	Resources  int
	Refs       int // references between drawn boxes
}

type pictureLane struct {
	X     int
	Title string // empty: another column of the previous model
	Boxes []pictureBox
}

type pictureBox struct {
	X, Y, Wide, High int
	Number           int // the number in edges
	Title, Says      string
	Nodes            []pictureNode
}

type pictureNode struct {
	X, Y   int
	Number int
	Title  string // shortened
	Full   string
	State  judge.State
}

type pictureEdge struct {
	From, To int
	Path     string
	Wide     string
	Count    int
	X, Y     int // of the count
	Says     string
}

// A pictureRow lists the targets of one drawn box.
type pictureRow struct{ From, To string }

// Sizes in the picture, in its own units.
const (
	mostSingle = 90 // resources that are drawn individually
	mostEdges  = 240

	laneWide, laneGap = 240, 56
	boxGap, boxHead   = 12, 34
	nodeHigh          = 19
	headHigh          = 30
	nodeLetters       = 33
	titleLetters      = 21
	mostLanes         = 4   // lanes side by side
	lowLane           = 420 // height up to which a lane needs no second column
)

// picture draws the managed resources.
func (p *pageMaker) picture() picture {
	d := newDrawing(p)
	d.single = len(d.resources) <= mostSingle && len(d.links(true)) <= mostEdges
	out := picture{Single: d.single, Resources: len(d.resources)}
	d.layOut(&out)
	for _, l := range d.links(d.single) {
		out.Refs += l.count
		if l.from == l.to {
			continue
		}
		out.Edges = append(out.Edges, d.edge(l))
		row := pictureRow{From: d.names[l.from], To: d.names[l.to]}
		if !d.single {
			row.To = fmt.Sprintf("%s (%s)", row.To, count(l.count, "reference"))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// A drawing is a picture under construction.
type drawing struct {
	*pageMaker
	resources []*judge.Classified
	boxes     []*drawnBox
	boxOf     []int // by resource
	states    []judge.State
	refs      [][2]int // between resources
	single    bool

	spots map[int]spot // of nodes, or of boxes
	names map[int]string
}

type drawnBox struct {
	lane    int // of its model
	service *analyzer.Service
	members []int
}

// A spot is where an edge may begin or end: the middle of the two sides.
type spot struct{ left, right, y, lane int }

type link struct{ from, to, count int }

func newDrawing(p *pageMaker) *drawing {
	d := &drawing{pageMaker: p, spots: map[int]spot{}, names: map[int]string{}}
	for i := range p.rep.Resources {
		if r := &p.rep.Resources[i]; drawn(r) {
			d.resources = append(d.resources, r)
		}
	}
	d.place()
	d.judge()
	d.refer()
	return d
}

// lane returns the model's position from left to right; the last lane holds
// resources without a model.
func lane(m analyzer.Model) int {
	if i := slices.Index(analyzer.Models(), m); i >= 0 {
		return i
	}
	return len(analyzer.Models())
}

// place puts each resource in the box of its service.
func (d *drawing) place() {
	type key struct {
		lane    int
		service *analyzer.Service
	}
	at := map[key]*drawnBox{}
	for i, r := range d.resources {
		k := key{lane(r.Model), r.Service}
		if at[k] == nil {
			at[k] = &drawnBox{lane: k.lane, service: r.Service}
			d.boxes = append(d.boxes, at[k])
		}
		at[k].members = append(at[k].members, i)
	}
	slices.SortFunc(d.boxes, func(a, b *drawnBox) int {
		return cmp.Or(a.lane-b.lane, cmp.Compare(a.title(), b.title()))
	})
	d.boxOf = make([]int, len(d.resources))
	for i, b := range d.boxes {
		for _, m := range b.members {
			d.boxOf[m] = i
		}
	}
}

func (b *drawnBox) title() string {
	if b.service == nil {
		return "no service known"
	}
	return short(b.service.Name)
}

// judge gives each resource its worst state.
func (d *drawing) judge() {
	numbers := d.resourceNumbers()
	d.states = make([]judge.State, len(d.resources))
	for _, f := range d.rep.Findings {
		n := numbers[resourceKey(f.Resource)] - 1
		if s := verdictStates[f.Verdict]; n >= 0 && s != "" {
			d.states[n] = worseOf(d.states[n], s)
		}
	}
}

// verdictStates are the states that findings give a resource: an accepted gap is a
// state too, as for a duty.
var verdictStates = map[analyzer.Verdict]judge.State{
	analyzer.Fail: judge.GapState, analyzer.Unknown: judge.UnknownState, analyzer.Pass: judge.MetState,
}

// worseOf returns the worse of two states; the empty state is ignored.
func worseOf(a, b judge.State) judge.State {
	for _, s := range []judge.State{judge.GapState, judge.UnknownState, judge.MetState} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}

// refer resolves the references between resources. A reference to an undetermined
// instance leads to each instance if there are few, else to the first.
func (d *drawing) refer() {
	numbers := map[string]int{}
	instances := map[string][]int{}
	for i, r := range d.resources {
		numbers[resourceKey(r.Resource)] = i
		key := rootDir(r.Resource) + "\x00" + planOf(r.Resource) + "\x00" + r.Definition + "[*]"
		instances[key] = append(instances[key], i)
	}
	seen := map[[2]int]bool{}
	for i, r := range d.resources {
		for _, ref := range r.Refs {
			key := rootDir(r.Resource) + "\x00" + planOf(r.Resource) + "\x00" + ref.To
			to := instances[key]
			if n, ok := numbers[key]; ok {
				to = []int{n}
			}
			for _, n := range to[:min(len(to), 8)] {
				if pair := [2]int{i, n}; n != i && !seen[pair] {
					seen[pair] = true
					d.refs = append(d.refs, pair)
				}
			}
		}
	}
}

// links returns the edges: between resources, or counted between services.
func (d *drawing) links(single bool) []link {
	var links []link
	at := map[[2]int]int{}
	for _, r := range d.refs {
		pair := r
		if !single {
			pair = [2]int{d.boxOf[r[0]], d.boxOf[r[1]]}
		}
		i, ok := at[pair]
		if !ok {
			i = len(links)
			at[pair] = i
			links = append(links, link{from: pair[0], to: pair[1]})
		}
		links[i].count++
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	return links
}

// layOut positions every box and node: models side by side, boxes below each other,
// in several columns if they are needed and fit. Models without a resource are
// omitted.
func (d *drawing) layOut(out *picture) {
	titles := []string{"infrastructure", "container", "abstract", "model not known"}
	for model, columns := range d.columns() {
		for i, boxes := range columns {
			lane := pictureLane{X: len(out.Lanes) * (laneWide + laneGap)}
			if i == 0 {
				lane.Title = titles[model]
			}
			y := headHigh
			for _, number := range boxes {
				box := d.box(number, lane.X, y, len(out.Lanes))
				lane.Boxes = append(lane.Boxes, box)
				y += box.High + boxGap
			}
			out.Lanes = append(out.Lanes, lane)
			out.High = max(out.High, y)
		}
	}
	out.Wide = len(out.Lanes)*(laneWide+laneGap) - laneGap/3
}

// columns returns the numbers of the boxes of each model, column by column.
func (d *drawing) columns() [][][]int {
	models := make([][]int, len(analyzer.Models())+1)
	for i, b := range d.boxes {
		models[b.lane] = append(models[b.lane], i)
	}
	high, wide, all := make([]int, len(models)), make([]int, len(models)), 0
	for i, boxes := range models {
		for _, b := range boxes {
			high[i] += d.high(d.boxes[b]) + boxGap
		}
		wide[i] = min(len(boxes), 1)
		all += wide[i]
	}
	for ; all < mostLanes; all++ {
		tallest := 0
		for i := range models {
			if high[i]*max(wide[tallest], 1) > high[tallest]*max(wide[i], 1) {
				tallest = i
			}
		}
		if high[tallest] < lowLane*wide[tallest] || wide[tallest] == 0 {
			break
		}
		wide[tallest]++
	}
	columns := make([][][]int, len(models))
	for i, boxes := range models {
		columns[i] = d.split(boxes, high[i], wide[i])
	}
	return columns
}

// split splits boxes into columns of about the same height, in their order.
func (d *drawing) split(boxes []int, high, columns int) [][]int {
	var split [][]int
	used := 0
	for i, b := range boxes {
		h := d.high(d.boxes[b]) + boxGap
		if i == 0 || len(split) < columns && used+h/2 > high*len(split)/columns {
			split = append(split, nil)
		}
		split[len(split)-1] = append(split[len(split)-1], b)
		used += h
	}
	return split
}

func (d *drawing) high(b *drawnBox) int {
	if d.single {
		return boxHead + len(b.members)*nodeHigh + 8
	}
	return boxHead + nodeHigh
}

func (d *drawing) box(number, x, y, lane int) pictureBox {
	b := d.boxes[number]
	box := pictureBox{X: x, Y: y, Wide: laneWide, High: d.high(b), Number: number, Title: b.title(), Says: d.boxSays(b)}
	if !d.single {
		d.spots[number] = spot{x, x + laneWide, y + box.High/2, lane}
		d.names[number] = b.title()
		return box
	}
	box.Title = cut(box.Title, titleLetters) // there is less room beside it
	for i, m := range b.members {
		r := d.resources[m]
		n := pictureNode{X: x + 12, Y: y + boxHead + i*nodeHigh, Number: m, Full: d.address(r.Resource), State: d.states[m]}
		n.Title = tail(n.Full, nodeLetters)
		box.Nodes = append(box.Nodes, n)
		d.spots[m] = spot{x, x + laneWide, n.Y + nodeHigh/2 - 2, lane}
		d.names[m] = n.Full
	}
	return box
}

// boxSays returns "3 of 12 open": resources with a gap.
func (d *drawing) boxSays(b *drawnBox) string {
	open := 0
	for _, m := range b.members {
		if d.states[m] == judge.GapState {
			open++
		}
	}
	if open > 0 {
		return fmt.Sprintf("%d of %d open", open, len(b.members))
	}
	return count(len(b.members), "resource")
}

// tail returns the end of an address, which contains its name.
func tail(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return "…" + string(r[len(r)-letters+1:])
	}
	return s
}

// edge returns a curve between the facing sides, or a bow if both ends are in one
// column. Its count stands near its beginning, clear of the boxes.
func (d *drawing) edge(l link) pictureEdge {
	a, b := d.spots[l.from], d.spots[l.to]
	c := curve{a.right, a.y, a.right + 40, b.left - 43, b.left - 3, b.y}
	switch {
	case a.lane == b.lane:
		bow := a.right + 14 + min(abs(a.y-b.y)/8, 22)
		c = curve{a.right, a.y, bow, bow, b.right + 3, b.y}
	case a.lane > b.lane:
		c = curve{a.left, a.y, a.left - 40, b.right + 43, b.right + 3, b.y}
	}
	e := pictureEdge{From: l.from, To: l.to, Count: l.count, Path: c.path(), Wide: fmt.Sprintf("%.1f", min(1+math.Log2(float64(l.count))/5, 3))}
	e.Says = fmt.Sprintf("%s refers to %s", d.names[l.from], d.names[l.to])
	e.X, e.Y = c.at(0.5)
	for t := 0.05; abs(e.X-c.x1) > laneGap*2/3; t += 0.05 {
		e.X, e.Y = c.at(0.5 - t)
	}
	return e
}

// A curve is a cubic curve between two points, with two control points at the height
// of the ends.
type curve struct{ x1, y1, by1, by2, x2, y2 int }

func (c curve) path() string {
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", c.x1, c.y1, c.by1, c.y1, c.by2, c.y2, c.x2, c.y2)
}

// at returns a point of the curve: 0 is its beginning, 1 its end.
func (c curve) at(t float64) (x, y int) {
	u := 1 - t
	mix := func(a, b, c, d int) int {
		return int(u*u*u*float64(a) + 3*u*u*t*float64(b) + 3*u*t*t*float64(c) + t*t*t*float64(d))
	}
	return mix(c.x1, c.by1, c.by2, c.x2), mix(c.y1, c.y1, c.y2, c.y2)
}

func abs(n int) int { return max(n, -n) }
