package report

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// auditPageOf renders a framework's page of a report.
func auditPageOf(t *testing.T, rep *analyzer.Report, f responsibility.Framework, opt Options) (*audit.Audit, string) {
	t.Helper()
	a := audit.Of(analyzer.NewMatrix(rep, responsibility.Catalogue(), analyzer.ByService), f)
	var b bytes.Buffer
	if err := AuditHTML(&b, a, opt); err != nil {
		t.Fatal(err)
	}
	return a, b.String()
}

// TestAuditHTML: whatever is in a report, the page of every framework is well
// made, counts what the audit counts, and has each control once.
func TestAuditHTML(t *testing.T) {
	for name, s := range scenarios(t) {
		rep, opt := s.report(true)
		for _, f := range responsibility.Frameworks() {
			t.Run(name+" "+f.ID, func(t *testing.T) {
				a, page := auditPageOf(t, rep, f, opt)
				if _, again := auditPageOf(t, rep, f, opt); again != page {
					t.Error("the same report gives another page")
				}
				list := elements(t, page)
				counts, controls, apart := map[string]int{}, map[string]int{}, 0
				for _, n := range list {
					harmless(t, n)
					labelled(t, n)
					if state, ok := attribute(n, "data-count"); ok {
						counts[state], _ = strconv.Atoi(inner(n))
					}
					if state, ok := attribute(n, "data-state"); ok {
						controls[state]++
					}
					if class, _ := attribute(n, "class"); n.Data == "ul" && class == "apart" {
						apart += strings.Count(inner(n), "\n")
					}
				}
				headings(t, list)
				references(t, list)
				want := map[string]int{}
				for _, part := range countParts(a.Count()) {
					if part.n > 0 {
						want[string(part.state)] = part.n
					}
				}
				if diff := cmp.Diff(want, counts); diff != "" {
					t.Errorf("counts (-audit +page):\n%s", diff)
				}
				aside := want["n/a"] + want["not-assessed"]
				delete(want, "n/a")
				delete(want, "not-assessed")
				if diff := cmp.Diff(want, controls); diff != "" {
					t.Errorf("controls (-audit +page):\n%s", diff)
				}
				if apart != aside {
					t.Errorf("%d controls stand apart, want %d", apart, aside)
				}
			})
		}
	}
}

// TestAuditHTMLHostile: names are text there, too.
func TestAuditHTMLHostile(t *testing.T) {
	s := hostileScenario(t)
	address := `x["</script><img src=x onerror=alert(2)>` + "\u202e" + `{{.}}"].aws_db_instance.x`
	for _, r := range s.set.Roots[0].Resources {
		r.Address = address
	}
	rep, opt := s.report(true)
	framework, _ := responsibility.FrameworkOf("pci-dss-4.0.1")
	for _, f := range rep.Findings {
		check := *f.Check
		check.Objective = "encrypt-at-rest" // one that the framework asks for
		f.Check = &check
	}
	_, page := auditPageOf(t, rep, framework, opt)
	if n := strings.Count(page, "</script"); n != 1 {
		t.Errorf("%d ends of scripts, want 1", n)
	}
	text := ""
	for _, n := range elements(t, page) {
		if n.Data == "img" {
			t.Error("a name became an element")
		}
		if n.Data == "code" {
			text += inner(n) + "\n"
		}
	}
	if want := `x["</script><img src=x onerror=alert(2)>\u202e{{.}}"].aws_db_instance.x`; !strings.Contains(text, want) {
		t.Errorf("the page does not say %s", want)
	}
}
