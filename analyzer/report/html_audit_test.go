package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/net/html"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

func auditOf(rep *judge.Report, framework string) *audit.Audit {
	f, _ := responsibility.FrameworkOf(framework)
	return audit.Of(matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService), f)
}

func auditPageOf(w io.Writer, rep *judge.Report, opt Options) error {
	return AuditHTML(w, auditOf(rep, "pci-dss-4.0.1"), opt)
}

// find returns the elements below an element that have an attribute.
func find(below *html.Node, name string) []*html.Node {
	var list []*html.Node
	for n := range below.Descendants() {
		if _, ok := attribute(n, name); ok && n.Type == html.ElementNode {
			list = append(list, n)
		}
	}
	return list
}

// TestAuditHTMLCounts: the page has the controls of JSON, with the same states, and
// as many findings and attestations for each objective.
func TestAuditHTMLCounts(t *testing.T) {
	for name, s := range scenarios(t) {
		rep, opt := s.report(true)
		for _, f := range responsibility.Frameworks() {
			a := auditOf(rep, f.ID)
			want, got := auditJSONRows(t, a, opt), auditPageRows(t, a, opt)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s by %s (-JSON +page):\n%s", name, f.ID, diff)
			}
		}
	}
}

func auditJSONRows(t *testing.T, a *audit.Audit, opt Options) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := AuditJSON(&b, a, opt); err != nil {
		t.Fatal(err)
	}
	var doc jsonAudit
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	objectives := map[string]string{}
	for _, o := range doc.Objectives {
		objectives[o.ID] = fmt.Sprintf(" [%s: %d open, %d shown, %d stated]", o.Title, len(o.Findings), len(o.Evidence), len(o.Attestations))
	}
	rows := map[string]string{}
	for _, r := range doc.Requirements {
		says := r.Title + ", " + r.Owner + ", " + r.State
		for _, o := range r.Objectives {
			says += objectives[o]
		}
		rows[r.ID] = says
	}
	for state, n := range map[string]int{
		"met": doc.Count.Met, "attested": doc.Count.Attested, "gap": doc.Count.Gaps, "unknown": doc.Count.Unknown, "unevidenced": doc.Count.Unevidenced,
		"provider": doc.Count.Provider, "n/a": doc.Count.Nothing, "not-assessed": doc.Count.Outside,
	} {
		rows["all that are "+state] = strconv.Itoa(n)
	}
	return rows
}

func auditPageRows(t *testing.T, a *audit.Audit, opt Options) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := AuditHTML(&b, a, opt); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, n := range find(root, "data-control") {
		id, _ := attribute(n, "data-control")
		owner, _ := attribute(n, "data-who")
		state, _ := attribute(n, "data-state")
		says := ""
		for d := range n.Descendants() {
			switch class, _ := attribute(d, "class"); {
			case class == "objective":
				says += objectiveOfPage(d)
			case class == "what", says == "" && d.Data == "span" && state == "not-assessed":
				says = inner(d) + ", " + owner + ", " + state
			}
		}
		rows[id] = says
	}
	for _, n := range find(root, "data-total") {
		state, _ := attribute(n, "data-total")
		rows["all that are "+state] = inner(n)
	}
	return rows
}

func objectiveOfPage(n *html.Node) string {
	number := func(name string) int {
		all := 0
		for _, d := range find(n, name) {
			v, _ := attribute(d, name)
			i, _ := strconv.Atoi(v)
			all += i
		}
		return all
	}
	title := ""
	for d := range n.Descendants() {
		if d.Data == "strong" && title == "" {
			title = inner(d)
		}
	}
	return fmt.Sprintf(" [%s: %d open, %d shown, %d stated]", title, number("data-open"), number("data-evidence"), len(find(n, "data-attested")))
}

// TestAuditHTMLChapters: each chapter counts its own controls, and together they
// count all.
func TestAuditHTMLChapters(t *testing.T) {
	rep, opt := sourceScenario(t).report(true)
	for _, f := range responsibility.Frameworks() {
		p := (&auditMaker{newPageWriter(rep, opt), auditOf(rep, f.ID), map[*audit.Objective]*objectivePart{}}).page()
		got := make([]int, len(p.Count.Parts))
		for _, c := range p.Chapters {
			sum := 0
			for i, part := range c.Count.Parts {
				got[i] += part.N
				sum += part.N
			}
			if sum != c.Count.All || sum == 0 || c.ID == "" {
				t.Errorf("%s %s: %d counted of %d", f.ID, c.ID, sum, c.Count.All)
			}
		}
		var want []int
		for _, part := range p.Count.Parts {
			want = append(want, part.N)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-all +chapters):\n%s", f.ID, diff)
		}
	}
}

// TestAuditHTMLBound: for any number of resources, the page lists the first ones,
// and the number of all.
func TestAuditHTMLBound(t *testing.T) {
	sizes := map[int]int{}
	for _, n := range []int{100, 1000} {
		var resources []*analyzer.Resource
		for i := range n {
			resources = append(resources, resource(fmt.Sprintf("aws_db_instance.d[%d]", i), map[string]cty.Value{"storage_encrypted": cty.BoolVal(i%2 == 0)}, nil))
		}
		set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: resources}}, analyzer.Coverage{}, nil)
		page := render(t, format{"audit-html", auditPageOf}, scenario{set: set}, true)
		for _, want := range []string{fmt.Sprintf(`data-open="%d"`, n/2), fmt.Sprintf(`data-evidence="%d"`, n/2), fmt.Sprintf("and %d more</li>", n/2-placesShown)} {
			if !strings.Contains(page, want) {
				t.Errorf("of %d resources the page does not say %s", n, want)
			}
		}
		sizes[n] = len(page)
	}
	if sizes[1000]-sizes[100] > 5000 {
		t.Errorf("the page grows with its resources: %v", sizes)
	}
}

// TestAuditList: gaps come first, then unknowns, then accepted gaps; of many checks
// the first are shown.
func TestAuditList(t *testing.T) {
	rep, opt := sourceScenario(t).report(true)
	p := &auditMaker{newPageWriter(rep, opt), auditOf(rep, "soc2"), map[*audit.Objective]*objectivePart{}}
	var got []string
	for _, c := range p.openList(with(rep.Findings, func(f *judge.Finding) bool { return f.Verdict == analyzer.Fail || unknown(f) })).Checks {
		if len(got) == 0 || got[len(got)-1] != c.Kind {
			got = append(got, c.Kind)
		}
	}
	if diff := cmp.Diff([]string{"gap", "unknown", "accepted"}, got); diff != "" {
		t.Error(diff)
	}
	var many []*judge.Finding
	for i := range checksShown + 5 {
		f := *rep.Findings[0]
		f.Check = &analyzer.Check{ID: fmt.Sprintf("aws-%d", i)}
		many = append(many, &f)
	}
	if l := p.list(many); len(l.Checks) != checksShown || l.More != 5 || l.All != checksShown+5 {
		t.Errorf("%d checks are shown, %d left out of %d", len(l.Checks), l.More, l.All)
	}
}

// TestAuditCheck: a text that holds for every place, including omitted places, is
// written once.
func TestAuditCheck(t *testing.T) {
	same, other := auditPlace{Says: "configuration"}, auditPlace{Says: "provider default"}
	for name, c := range map[string]struct {
		check auditCheck
		want  string
	}{
		"same":            {auditCheck{Kind: "met", Places: []auditPlace{same, same}}, "configuration"},
		"other":           {auditCheck{Kind: "met", Places: []auditPlace{same, other}}, ""},
		"another source":  {auditCheck{Kind: "met", Places: []auditPlace{same, {Says: "configuration", Source: "https://x"}}}, ""},
		"the same source": {auditCheck{Kind: "met", Places: []auditPlace{{Says: "a", Source: "https://x"}, {Says: "a", Source: "https://x"}}}, "a"},
	} {
		c.check.agree()
		if diff := cmp.Diff(c.want, c.check.Says); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, at := range c.check.Places {
			if (at.Says == "") != (c.want != "") {
				t.Errorf("%s: a place says %q as well", name, at.Says)
			}
		}
	}
}

// TestAuditHTMLDay: the page shows the day of the assessment, and none if it is
// unknown.
func TestAuditHTMLDay(t *testing.T) {
	rep, opt := cleanScenario(t).report(true)
	for _, day := range []time.Time{{}, oscalToday} {
		opt.Today = day
		var b bytes.Buffer
		if err := auditPageOf(&b, rep, opt); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(b.String(), "on "+day.Format(time.DateOnly)+", by demarc"); said == day.IsZero() {
			t.Errorf("%v: the day is said: %t", day, said)
		}
	}
}

// TestAuditHTMLHostile: names are text.
func TestAuditHTMLHostile(t *testing.T) {
	page := render(t, format{"audit-html", auditPageOf}, hostilePage(t), true)
	if n := strings.Count(page, "</script"); n != 1 {
		t.Errorf("%d ends of scripts, want 1", n)
	}
	shown := false
	for _, n := range elements(t, page) {
		shown = shown || n.Data == "code" && inner(n) == hostileAddress
	}
	if !shown {
		t.Errorf("the page does not show %s", hostileAddress)
	}
}
