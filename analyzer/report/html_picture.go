package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/demarc/demarc/analyzer"
)

// A picture shows the resources by model and service, and how they refer to
// each other: each by itself where there are few, else services. Its positions
// are worked out here, so that it needs no JavaScript and is the same each time.
type picture struct {
	Wide, High int
	Single     bool // every resource is drawn
	Lanes      []pictureLane
	Edges      []pictureEdge
	Rows       []pictureRow // the same in words
	Resources  int
	Refs       int // references between what is drawn
}

type pictureLane struct {
	X, Y, Wide, High int
	Title            string
	Boxes            []pictureBox
}

type pictureBox struct {
	X, Y, Wide, High int
	Number           int // what edges call it
	Title, Says      string
	Nodes            []pictureNode
	State            analyzer.State
}

type pictureNode struct {
	X, Y   int
	Number int
	Title  string // shortened
	Full   string
	State  analyzer.State
}

type pictureEdge struct {
	From, To int
	Path     string
	Wide     string
	Count    int
	X, Y     int // of the count
	Says     string
}

// A pictureRow is what one of the drawn refers to.
type pictureRow struct{ From, To string }

// Sizes of the picture, in units of it.
const (
	mostSingle = 90 // resources that are drawn by themselves
	mostEdges  = 240

	laneWide, laneGap = 268, 84
	boxGap, boxHead   = 12, 34
	nodeHigh          = 19
	headHigh          = 30
	nodeLetters       = 34
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

// A drawing is a picture in the making.
type drawing struct {
	*pageMaker
	resources []*analyzer.Judged
	boxes     []*drawnBox
	boxOf     []int // by resource
	states    []analyzer.State
	refs      [][2]int // between resources
	single    bool

	spots map[int]spot // of nodes, or of boxes
	names map[int]string
}

type drawnBox struct {
	lane    int
	service *analyzer.Service
	members []int
}

// A spot is where an edge may begin or end: the middle of two sides.
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

// lane is the model's place from left to right; the last has what has none.
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
		return "of no service that demarc knows"
	}
	return short(b.service.Name)
}

// judge gives each resource the worst of what was found on it.
func (d *drawing) judge() {
	numbers := d.resourceNumbers()
	d.states = make([]analyzer.State, len(d.resources))
	for _, f := range d.rep.Findings {
		n := numbers[resourceKey(f.Resource)] - 1
		if s := verdictStates[f.Verdict]; n >= 0 && s != "" {
			d.states[n] = worseOf(d.states[n], s)
		}
	}
}

// verdictStates are the states that findings give a resource: an accepted gap
// is one, as it is of a duty.
var verdictStates = map[analyzer.Verdict]analyzer.State{
	analyzer.Fail: analyzer.GapState, analyzer.Unknown: analyzer.UnknownState, analyzer.Pass: analyzer.MetState,
}

// worseOf is the worse of two states; the empty one is nothing.
func worseOf(a, b analyzer.State) analyzer.State {
	for _, s := range []analyzer.State{analyzer.GapState, analyzer.UnknownState, analyzer.MetState} {
		if a == s || b == s {
			return s
		}
	}
	return ""
}

// refer resolves the references between resources. One to some instance of
// several leads to each where they are few, else to the first.
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

// links are the edges: between resources, or counted between services.
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

// layOut gives every box and node its place: lanes side by side, boxes below
// each other. Lanes without a resource are left out.
func (d *drawing) layOut(out *picture) {
	titles := []string{"infrastructure", "container", "abstract", "model not known"}
	x, number := 0, -1
	for l, title := range titles {
		y := headHigh
		lane := pictureLane{X: x, Wide: laneWide, Title: title}
		for i, b := range d.boxes {
			if b.lane != l {
				continue
			}
			number = i
			lane.Boxes = append(lane.Boxes, d.box(b, number, x, y, len(out.Lanes)))
			y += lane.Boxes[len(lane.Boxes)-1].High + boxGap
		}
		if len(lane.Boxes) == 0 {
			continue
		}
		out.Lanes = append(out.Lanes, lane)
		out.High = max(out.High, y)
		x += laneWide + laneGap
	}
	for i := range out.Lanes {
		out.Lanes[i].High = out.High
	}
	out.Wide = max(x-laneGap, 0) + laneGap/2
}

func (d *drawing) box(b *drawnBox, number, x, y, lane int) pictureBox {
	box := pictureBox{X: x, Y: y, Wide: laneWide, High: boxHead, Number: number, Title: b.title(), Says: d.boxSays(b), State: d.worst(b)}
	if !d.single {
		box.High = boxHead + nodeHigh
		d.spots[number] = spot{x, x + laneWide, y + box.High/2, lane}
		d.names[number] = b.title()
		return box
	}
	for i, m := range b.members {
		r := d.resources[m]
		n := pictureNode{X: x + 12, Y: y + boxHead + i*nodeHigh, Number: m, Full: d.address(r.Resource), State: d.states[m]}
		n.Title = tail(n.Full, nodeLetters)
		box.Nodes = append(box.Nodes, n)
		d.spots[m] = spot{x, x + laneWide, n.Y + nodeHigh/2 - 2, lane}
		d.names[m] = n.Full
	}
	box.High = boxHead + len(b.members)*nodeHigh + 8
	return box
}

func (d *drawing) worst(b *drawnBox) analyzer.State {
	worst := analyzer.State("")
	for _, m := range b.members {
		worst = worseOf(worst, d.states[m])
	}
	return worst
}

// boxSays is "12 resources, 3 with gaps".
func (d *drawing) boxSays(b *drawnBox) string {
	open := 0
	for _, m := range b.members {
		if d.states[m] == analyzer.GapState {
			open++
		}
	}
	says := count(len(b.members), "resource")
	if open > 0 {
		says += fmt.Sprintf(", %d with gaps", open)
	}
	return says
}

// tail is the end of an address, where its name is.
func tail(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return "…" + string(r[len(r)-letters+1:])
	}
	return s
}

// edge is a curve from one side to the other, or a bow where both are in one
// lane.
func (d *drawing) edge(l link) pictureEdge {
	a, b := d.spots[l.from], d.spots[l.to]
	e := pictureEdge{From: l.from, To: l.to, Count: l.count, Wide: fmt.Sprintf("%.1f", min(1+math.Log2(float64(l.count))/2, 6))}
	e.Says = fmt.Sprintf("%s refers to %s", d.names[l.from], d.names[l.to])
	switch {
	case a.lane == b.lane:
		bow := a.right + 16 + min(abs(a.y-b.y)/8, 30)
		e.Path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", a.right, a.y, bow, a.y, bow, b.y, b.right+3, b.y)
		e.X, e.Y = a.right+12+min(abs(a.y-b.y)/11, 22), (a.y+b.y)/2
	case a.lane < b.lane:
		e.Path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", a.right, a.y, a.right+40, a.y, b.left-43, b.y, b.left-3, b.y)
		e.X, e.Y = (a.right+b.left)/2, (a.y+b.y)/2
	default:
		e.Path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", a.left, a.y, a.left-40, a.y, b.right+43, b.y, b.right+3, b.y)
		e.X, e.Y = (a.left+b.right)/2, (a.y+b.y)/2
	}
	return e
}

func abs(n int) int { return max(n, -n) }
