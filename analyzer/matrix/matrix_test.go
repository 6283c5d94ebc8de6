package matrix

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
	"github.com/demarc/demarc/analyzer/judge"
)

// TestMatrixOfRoots: resources with the same address in two roots are two
// resources.
func TestMatrixOfRoots(t *testing.T) {
	service := &analyzer.Service{ID: "s", Name: "S", Model: analyzer.Container, Principals: []string{"t"}}
	catalogue := analyzer.Catalogue{Service: func(analyzer.Mode, string) *analyzer.Service { return service }}
	check := &analyzer.Check{ID: "t-on", On: []string{"t"}, Severity: analyzer.High, Layer: analyzer.CustomerData, Want: analyzer.Attr("on").True(), Message: "off"}
	report := func(dirs ...string) *judge.Report {
		var roots []*analyzer.Root
		for i, dir := range dirs {
			r := made.Resource("t.x", made.Values{"on": cty.BoolVal(i == 0)})
			r.Module, r.Address, r.Definition = "module.db", "module.db.t.x", "module.db.t.x"
			roots = append(roots, &analyzer.Root{Dir: dir, Resources: []*analyzer.Resource{r}})
		}
		return judge.Run(context.Background(), analyzer.NewSet(roots, analyzer.Coverage{}, nil), []*analyzer.Check{check}, judge.Options{Catalogue: catalogue})
	}
	tests := map[string]struct {
		rep  *judge.Report
		by   By
		want map[string]int // gaps, by title
	}{
		"modules of one root":    {report("a"), ByModule, map[string]int{"module.db": 0}},
		"modules of two roots":   {report("a", "b"), ByModule, map[string]int{"a: module.db": 0, "b: module.db": 1}},
		"resources of two roots": {report("a", "b"), ByResource, map[string]int{"a: module.db.t.x": 0, "b: module.db.t.x": 1}},
		"services of two roots":  {report("a", "b"), ByService, map[string]int{"S": 1}},
		"nobody's":               {report("a", "b"), ByTeam, map[string]int{"nobody": 1}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[string]int{}
			for _, c := range New(tt.rep, catalogue, tt.by).Columns {
				got[c.Title] = c.Tally.Gaps
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMatrixByEnvironment: a duty that is met in one environment and open in
// another has these states in the columns of the environments.
func TestMatrixByEnvironment(t *testing.T) {
	check := &analyzer.Check{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Want: analyzer.Attr("a").True(), Message: "m"}
	set := made.InEnvironments(map[string]made.Values{"dev": {"a": cty.False}, "prod": {"a": cty.True}})
	catalogue := made.OneService(analyzer.CustomerData)
	rep := judge.Run(context.Background(), set, []*analyzer.Check{check}, judge.Options{Catalogue: catalogue, All: true})
	for by, want := range map[By]map[string]string{
		ByEnvironment: {"dev": "gap, 1 open, 0 shown", "prod": "met, 0 open, 1 shown"},
		ByResource:    {"t.x": "gap, 1 open, 0 shown"},
	} {
		got := map[string]string{}
		m := New(rep, catalogue, by)
		for _, c := range m.Columns {
			cell := c.Cells[analyzer.CustomerData.Index()]
			got[c.Title] = fmt.Sprintf("%s, %d open, %d shown", cell.State, len(cell.Open), len(cell.Evidence))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %s (-want +got)\n%s", by, diff)
		}
		if m.Tally != (judge.Tally{Duties: 1, Gaps: 1}) {
			t.Errorf("by %s: %+v, want one duty, open", by, m.Tally)
		}
	}
}
