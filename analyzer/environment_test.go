package analyzer

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// TestEnvironments: what several environments say of one resource is said once,
// the worst of it.
func TestEnvironments(t *testing.T) {
	check := &Check{ID: "t-on", On: []string{"t"}, Severity: High, Layer: CustomerData, Want: Attr("on").True(), Message: "off"}
	tests := map[string]struct {
		on       map[string]cty.Value // by environment
		accepted []string             // environments where the gap is accepted
		verdict  Verdict
		in       []string
	}{
		"fails in both":             {on: map[string]cty.Value{"prod": cty.False, "dev": cty.False}, verdict: Fail, in: []string{"dev", "prod"}},
		"fails in one":              {on: map[string]cty.Value{"prod": cty.True, "dev": cty.False}, verdict: Fail, in: []string{"dev"}},
		"a fail beats an unknown":   {on: map[string]cty.Value{"prod": cty.False, "dev": unknownBool}, verdict: Fail, in: []string{"prod"}},
		"an unknown beats a pass":   {on: map[string]cty.Value{"prod": cty.True, "dev": unknownBool}, verdict: Unknown, in: []string{"dev"}},
		"passes in both":            {on: map[string]cty.Value{"prod": cty.True, "dev": cty.True}, verdict: Pass, in: []string{"dev", "prod"}},
		"accepted in one":           {on: map[string]cty.Value{"prod": cty.False, "dev": cty.False}, accepted: []string{"dev"}, verdict: Fail, in: []string{"prod"}},
		"accepted beats an unknown": {on: map[string]cty.Value{"prod": unknownBool, "dev": cty.False}, accepted: []string{"dev"}, verdict: Fail, in: []string{"dev"}},
		"without an environment":    {on: map[string]cty.Value{"": cty.False}, verdict: Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var roots []*Root
			for env, on := range tt.on {
				roots = append(roots, &Root{Dir: "app", Environment: env, Resources: []*Resource{made("t.x", values{"on": on})}})
			}
			opt := Options{All: true, Catalogue: Catalogue{Service: func(Mode, string) *Service {
				return &Service{ID: "s", Model: Container, Principals: []string{"t"}}
			}}}
			if tt.accepted != nil {
				opt.Suppressions = []*Suppression{{Checks: []string{"t-on"}, Dialect: DialectConfig, Reason: "r", Address: []string{"*"}, Environments: tt.accepted}}
			}
			rep := Run(context.Background(), NewSet(roots, Coverage{}, nil), []*Check{check}, opt)
			found := slices.DeleteFunc(rep.Findings, func(f *Finding) bool { return f.Check != check })
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			if found[0].Verdict != tt.verdict {
				t.Errorf("verdict %s, want %s", found[0].Verdict, tt.verdict)
			}
			if diff := cmp.Diff(tt.in, found[0].Environments); diff != "" {
				t.Errorf("environments (-want +got)\n%s", diff)
			}
			if len(rep.Resources) != 1 || rep.Coverage.Resources != 1 {
				t.Errorf("%d resources, %d counted, want 1", len(rep.Resources), rep.Coverage.Resources)
			}
			duties := map[Layer]int{}
			for _, d := range rep.Duties {
				duties[d.Layer]++
			}
			if duties[CustomerData] != 1 {
				t.Errorf("%d duties of one layer", duties[CustomerData])
			}
		})
	}
}
