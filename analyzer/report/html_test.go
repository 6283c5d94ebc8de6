package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// pages renders every scenario with every kind of matrix columns, and every
// framework.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, s := range scenarios(t) {
		rep, opt := s.report(true)
		for _, by := range matrix.AllBy() {
			var b bytes.Buffer
			if err := HTML(&b, matrix.New(rep, fixtureOptions().Catalogue, by), opt); err != nil {
				t.Fatal(err)
			}
			all[name+" by "+string(by)] = b.String()
		}
		for _, f := range responsibility.Frameworks() {
			var b bytes.Buffer
			if err := AuditHTML(&b, auditOf(rep, f.ID), opt); err != nil {
				t.Fatal(err)
			}
			all[name+" by "+f.ID] = b.String()
		}
	}
	return all
}

// elements returns the elements of a page in order.
func elements(t *testing.T, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			list = append(list, n)
		}
	}
	return list
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func inner(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// TestHTMLStructure: for any report the page is well-formed: it loads nothing, runs
// only its own script, and labels its parts.
func TestHTMLStructure(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name, func(t *testing.T) {
			list := elements(t, page)
			for _, n := range list {
				harmless(t, n)
				labelled(t, n)
			}
			headings(t, list)
			references(t, list)
		})
	}
}

// harmless: an element loads nothing, runs nothing, and links only to https.
func harmless(t *testing.T, n *html.Node) {
	t.Helper()
	if slices.Contains([]string{"img", "iframe", "object", "embed", "base", "video", "audio"}, n.Data) {
		t.Errorf("the page has <%s>", n.Data)
	}
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"style", "src", "srcset", "action"}, a.Key) {
			t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
		}
	}
	href, linked := attribute(n, "href")
	rel, _ := attribute(n, "rel")
	if linked && !strings.HasPrefix(href, "#") && href != "data:," &&
		!(n.Data == "a" && strings.HasPrefix(href, "https://") && rel == "noopener noreferrer") {
		t.Errorf("<%s> leads to %q, rel=%q", n.Data, href, rel)
	}
}

// labelled: a screen reader announces the purpose of each button and the subject of
// each header.
func labelled(t *testing.T, n *html.Node) {
	t.Helper()
	label, _ := attribute(n, "aria-label")
	if n.Data == "button" && strings.TrimSpace(inner(n)+label) == "" {
		t.Error("a button says nothing")
	}
	if scope, _ := attribute(n, "scope"); n.Data == "th" && scope != "col" && scope != "row" {
		t.Errorf("<th> %q is of no column and no row", inner(n))
	}
}

// headings: no level is skipped.
func headings(t *testing.T, list []*html.Node) {
	t.Helper()
	level := 0
	for _, n := range list {
		if len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		if next := int(n.Data[1] - '0'); next <= level+1 {
			level = next
		} else {
			t.Errorf("<h%d> %q below <h%d>", next, inner(n), level)
		}
	}
}

// references: ids are unique, and every reference to an id resolves.
func references(t *testing.T, list []*html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range list {
		if id, ok := attribute(n, "id"); ok {
			if ids[id] || id == "" {
				t.Errorf("id %q is there twice, or empty", id)
			}
			ids[id] = true
		}
	}
	for _, n := range list {
		for _, key := range []string{"href", "aria-labelledby", "form"} {
			v, ok := attribute(n, key)
			if ok && (key != "href" || strings.HasPrefix(v, "#")) && !ids[strings.TrimPrefix(v, "#")] {
				t.Errorf("<%s %s=%q> refers to nothing", n.Data, key, v)
			}
		}
	}
}

// TestHTMLPolicy: the policy allows the page's style and script, and nothing else.
func TestHTMLPolicy(t *testing.T) {
	for _, f := range htmlFormats() {
		var policy, style, script string
		for _, n := range elements(t, render(t, f, sourceScenario(t), true)) {
			switch v, _ := attribute(n, "http-equiv"); {
			case v == "Content-Security-Policy":
				policy, _ = attribute(n, "content")
			case n.Data == "style":
				style = inner(n)
			case n.Data == "script":
				script = inner(n)
			}
		}
		want := "default-src 'none'; script-src " + hashSource(script) + "; style-src " + hashSource(style) + "; img-src data:; base-uri 'none'; form-action 'none'"
		if diff := cmp.Diff(want, policy); diff != "" {
			t.Errorf("policy of %s (-want +got):\n%s", f.name, diff)
		}
	}
}

// TestHTMLHostile: names are text. The hostile page has the same elements as a
// harmless page, and its data ends where it should.
func TestHTMLHostile(t *testing.T) {
	s := hostilePage(t)
	page := render(t, format{"html", pageOf}, s, true)
	if n := strings.Count(page, "</script"); n != 2 {
		t.Errorf("%d ends of scripts, want 2", n)
	}
	text := ""
	for _, n := range elements(t, page) {
		if id, _ := attribute(n, "id"); id == "data" {
			text = inner(n)
		} else if n.Data == "img" {
			t.Error("a name became an element")
		}
	}
	var d pageData
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(d.Texts, hostileAddress) {
		t.Errorf("the address %s is not among the texts: %q", hostileAddress, d.Texts)
	}
}

// hostileAddress is the address of hostilePage as a page shows it.
const hostileAddress = `x["</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e-->{{.}}${x}"].aws_db_instance.x`

// hostilePage has a resource with an address that would be markup.
func hostilePage(t *testing.T) scenario {
	s := hostileScenario(t)
	s.set.Roots[0].Resources[0].Address = strings.ReplaceAll(hostileAddress, `\u202e`, "\u202e")
	return s
}

// pageDataOf returns the script's data in a scenario's page.
func pageDataOf(t *testing.T, rep *judge.Report, opt Options) pageData {
	t.Helper()
	var d pageData
	if err := json.Unmarshal([]byte(newPageMaker(matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService), opt).data()), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// numbers returns the numbers in a row's first or second part.
func numbers[T any](t *testing.T, part any) T {
	t.Helper()
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	var list T
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestHTMLCounts: the page has the findings, resources and cells of JSON.
func TestHTMLCounts(t *testing.T) {
	for name, s := range scenarios(t) {
		rep, opt := s.report(true)
		d := pageDataOf(t, rep, opt)
		doc := newDocument(rep, opt)
		got, want := map[string]int{}, map[string]int{}
		for _, e := range d.Entries {
			row := append(numbers[[]int](t, e[0]), make([]int, 3)...)
			verdict := []string{"gap", "unknown", "accepted", "pass"}[row[1]]
			got[verdict+" "+analyzer.Severity(row[2]).String()] += len(numbers[[][]int](t, e[1]))
		}
		for _, found := range doc.Findings.list {
			f := doc.Findings.element(found)
			verdict := f.Verdict
			if verdict == "fail" {
				verdict = "gap"
			}
			if f.Suppressed != nil {
				verdict = "accepted"
			}
			if verdict != "n/a" {
				want[verdict+" "+f.Severity]++
			}
		}
		got["resources"], want["resources"] = len(d.Resources), doc.Coverage.Resources
		m := matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService)
		for i, c := range m.Columns {
			for j := range c.Cells {
				cell, of := d.Cells[i*len(c.Cells)+j], matrixCell(&c.Cells[j])
				key := fmt.Sprintf("%s %s ", c.ID, of.Layer)
				got[key+"open"], want[key+"open"] = len(cell.Open), len(of.Findings)
				got[key+"evidence"], want[key+"evidence"] = len(cell.Evidence), len(of.Evidence)
				got[key+cell.State], want[key+of.State] = 1, 1
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-JSON +page):\n%s", name, diff)
		}
	}
}

// TestHTMLExcerpts: an excerpt is the line that text shows, with the same masks.
func TestHTMLExcerpts(t *testing.T) {
	seen := 0
	for name, s := range scenarios(t) {
		rep, opt := s.report(false)
		d := pageDataOf(t, rep, opt)
		opt.Width, opt.ShowAll = pageColumns, true
		var text bytes.Buffer
		if err := Text(&text, rep, opt); err != nil {
			t.Fatal(err)
		}
		for _, e := range d.Entries {
			row := append(numbers[[]int](t, e[0]), make([]int, 18)...)
			if row[1] != openEntry || row[14] == 0 {
				continue
			}
			seen++
			line := "  " + strconv.Itoa(row[14]) + " │ " + d.Texts[row[15]] + "\n"
			if !strings.Contains(text.String(), line) {
				t.Errorf("%s: text has no line\n%sin\n%s", name, line, &text)
			}
		}
	}
	if seen == 0 {
		t.Error("no page has an excerpt")
	}
}

// TestHTMLContrast: text has enough contrast in both themes.
// https://www.w3.org/TR/WCAG22/#contrast-minimum
func TestHTMLContrast(t *testing.T) {
	themes := regexp.MustCompile(`:root \{([^}]*--aws-tint[^}]*)\}`).FindAllStringSubmatch(pageStyle, -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes, want light and dark", len(themes))
	}
	for i, theme := range themes {
		colours := map[string]string{}
		for _, c := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+)`).FindAllStringSubmatch(theme[1], -1) {
			colours[c[1]] = c[2]
		}
		pairs := [][2]string{{"accent", "paper"}, {"accent", "sheet"}}
		for _, behind := range []string{"paper", "sheet", "hover"} {
			pairs = append(pairs, [2]string{"ink", behind}, [2]string{"soft", behind})
		}
		for _, state := range []string{"met", "attested", "gap", "unknown", "none", "aws"} {
			pairs = append(pairs, [2]string{state, state + "-tint"}, [2]string{state, "paper"}, [2]string{state, "sheet"})
		}
		for _, p := range pairs {
			if ratio := contrast(t, colours[p[0]], colours[p[1]]); ratio < 4.5 {
				t.Errorf("theme %d: %s (%s) on %s (%s) has a contrast of %.2f", i, p[0], colours[p[0]], p[1], colours[p[1]], ratio)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance returns the relative luminance of a colour:
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("%q is no colour", colour)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestHTMLPicture: references lead to resources, to each instance of several, and
// never to missing resources; if there are many resources, services are drawn.
func TestHTMLPicture(t *testing.T) {
	web := resource("aws_instance.web", nil, nil)
	web.Refs = []analyzer.Ref{{To: "aws_db_instance.one"}, {To: "aws_db_instance.many[*]"}, {To: "aws_vpc.gone"}, {To: "aws_instance.web"}}
	few := []*analyzer.Resource{web, resource("aws_db_instance.one", nil, nil), resource("aws_db_instance.many[0]", nil, nil), resource("aws_db_instance.many[1]", nil, nil)}
	many := slices.Clone(few)
	for i := range 200 {
		r := resource(fmt.Sprintf("aws_db_instance.d%03d", i), nil, nil)
		r.Refs = []analyzer.Ref{{To: "aws_instance.web"}}
		many = append(many, r)
	}
	for _, c := range []struct {
		name      string
		resources []*analyzer.Resource
		want      []pictureRow
	}{
		{"few", few, []pictureRow{
			{"aws_instance.web", "aws_db_instance.many[0]"}, {"aws_instance.web", "aws_db_instance.many[1]"}, {"aws_instance.web", "aws_db_instance.one"},
		}},
		{"many", many, []pictureRow{{"EC2", "RDS (3 references)"}, {"RDS", "EC2 (200 references)"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: c.resources}}, analyzer.Coverage{}, nil)
			rep, opt := scenario{set: set}.report(true)
			got := newPageMaker(matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService), opt).picture()
			if diff := cmp.Diff(c.want, got.Rows); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Edges) != len(got.Rows) || got.Resources != len(c.resources) || len(got.Lanes) != 2 {
				t.Errorf("%d edges, %d resources, %d lanes", len(got.Edges), got.Resources, len(got.Lanes))
			}
		})
	}
}
