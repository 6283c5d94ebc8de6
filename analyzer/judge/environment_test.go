package judge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
)

// TestEnvironments: several environments' results for one resource are reported
// once, with the worst result.
func TestEnvironments(t *testing.T) {
	check := &analyzer.Check{ID: "t-on", On: []string{"t"}, Severity: analyzer.High, Layer: analyzer.CustomerData, Want: analyzer.Attr("on").True(), Message: "off"}
	tests := map[string]struct {
		on       map[string]cty.Value // by environment
		accepted []string             // environments where the gap is accepted
		verdict  analyzer.Verdict
		in       []string
	}{
		"fails in both":             {on: map[string]cty.Value{"prod": cty.False, "dev": cty.False}, verdict: analyzer.Fail, in: []string{"dev", "prod"}},
		"fails in one":              {on: map[string]cty.Value{"prod": cty.True, "dev": cty.False}, verdict: analyzer.Fail, in: []string{"dev"}},
		"a fail beats an unknown":   {on: map[string]cty.Value{"prod": cty.False, "dev": made.UnknownBool}, verdict: analyzer.Fail, in: []string{"prod"}},
		"an unknown beats a pass":   {on: map[string]cty.Value{"prod": cty.True, "dev": made.UnknownBool}, verdict: analyzer.Unknown, in: []string{"dev"}},
		"passes in both":            {on: map[string]cty.Value{"prod": cty.True, "dev": cty.True}, verdict: analyzer.Pass, in: []string{"dev", "prod"}},
		"accepted in one":           {on: map[string]cty.Value{"prod": cty.False, "dev": cty.False}, accepted: []string{"dev"}, verdict: analyzer.Fail, in: []string{"prod"}},
		"accepted beats an unknown": {on: map[string]cty.Value{"prod": made.UnknownBool, "dev": cty.False}, accepted: []string{"dev"}, verdict: analyzer.Fail, in: []string{"dev"}},
		"without an environment":    {on: map[string]cty.Value{"": cty.False}, verdict: analyzer.Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var roots []*analyzer.Root
			for env, on := range tt.on {
				roots = append(roots, &analyzer.Root{Dir: "app", Environment: env, Resources: []*analyzer.Resource{made.Resource("t.x", made.Values{"on": on})}})
			}
			opt := Options{All: true, Catalogue: analyzer.Catalogue{Service: func(analyzer.Mode, string) *analyzer.Service {
				return &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"t"}}
			}}}
			if tt.accepted != nil {
				opt.Suppressions = []*analyzer.Suppression{{Checks: []string{"t-on"}, Dialect: analyzer.DialectConfig, Reason: "r", Address: []string{"*"}, Environments: tt.accepted}}
			}
			rep := Run(context.Background(), analyzer.NewSet(roots, analyzer.Coverage{}, nil), []*analyzer.Check{check}, opt)
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
			duties := map[analyzer.Layer]int{}
			for _, d := range rep.Duties {
				duties[d.Layer]++
			}
			if duties[analyzer.CustomerData] != 1 {
				t.Errorf("%d duties of one layer", duties[analyzer.CustomerData])
			}
		})
	}
}

// TestDutiesOfEnvironments: a duty has the worst state of all environments, and
// counts the worst verdict of each check on each resource once.
func TestDutiesOfEnvironments(t *testing.T) {
	checks := []*analyzer.Check{
		{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Objective: "o1", Want: analyzer.Attr("a").True(), Message: "m"},
		{ID: "b", On: []string{"t"}, Layer: analyzer.CustomerData, Objective: "o2", Want: analyzer.Attr("b").True(), Message: "m", When: analyzer.Attr("b").Present()},
	}
	none := cty.NullVal(cty.Bool)
	tests := map[string]struct {
		by   map[string]made.Values
		want string // the duty, and what it is in each environment
	}{
		"met in both": {
			map[string]made.Values{"dev": {"a": cty.True, "b": cty.True}, "prod": {"a": cty.True, "b": cty.True}},
			"met in dev prod: 0 gaps, 0 unknown, 2 met; o1 met, o2 met; dev met, prod met",
		},
		"open in one": {
			map[string]made.Values{"dev": {"a": cty.False, "b": cty.True}, "prod": {"a": cty.True, "b": cty.True}},
			"gap in dev: 1 gaps, 0 unknown, 1 met; o1 gap, o2 met; dev gap, prod met",
		},
		"open in each, for reasons of its own": {
			map[string]made.Values{"dev": {"a": cty.False, "b": cty.True}, "prod": {"a": cty.True, "b": cty.False}},
			"gap in dev prod: 2 gaps, 0 unknown, 0 met; o1 gap, o2 gap; dev gap, prod gap",
		},
		"unknown in one": {
			map[string]made.Values{"dev": {"a": cty.True, "b": none}, "prod": {"a": made.UnknownBool, "b": none}},
			"unknown in prod: 0 gaps, 1 unknown, 0 met; o1 unknown; dev met, prod unknown",
		},
		"open beats unknown": {
			map[string]made.Values{"dev": {"a": cty.False, "b": none}, "prod": {"a": made.UnknownBool, "b": none}},
			"gap in dev: 1 gaps, 0 unknown, 0 met; o1 gap; dev gap, prod unknown",
		},
		"under another model": {
			map[string]made.Values{"dev": {"a": cty.True, "b": none, "hosts": cty.True}, "prod": {"a": cty.True, "b": none, "hosts": cty.False}},
			"met in dev prod: 0 gaps, 0 unknown, 1 met; o1 met; dev met, prod met",
		},
		"in one environment alone": {
			map[string]made.Values{"prod": {"a": cty.False, "b": none}},
			"gap in prod: 1 gaps, 0 unknown, 0 met; o1 gap; ",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rep := Run(context.Background(), made.InEnvironments(tt.by), checks, Options{Catalogue: made.OneService(analyzer.CustomerData)})
			if len(rep.Duties) != 1 {
				t.Fatalf("%d duties, want 1", len(rep.Duties))
			}
			d := rep.Duties[0]
			var objectives, each []string
			for _, o := range d.Objectives {
				objectives = append(objectives, fmt.Sprintf("%s %s", o.Objective, o.State))
			}
			for _, e := range d.Each {
				each = append(each, fmt.Sprintf("%s %s", strings.Join(e.Environments, " "), e.State))
			}
			got := fmt.Sprintf("%s in %s: %d gaps, %d unknown, %d met; %s; %s", d.State, strings.Join(d.Environments, " "),
				d.Gaps, d.Unknowns, d.Met, strings.Join(objectives, ", "), strings.Join(each, ", "))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("duty (-want +got)\n%s", diff)
			}
		})
	}
}

// TestUnevidencedInOne: a duty without evidence in one environment is not met
// there because it is met in another.
func TestUnevidencedInOne(t *testing.T) {
	check := &analyzer.Check{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, When: analyzer.Attr("a").Present(), Want: analyzer.Attr("a").True(), Message: "m"}
	set := made.InEnvironments(map[string]made.Values{"dev": {"a": cty.True}, "prod": {"a": cty.NullVal(cty.Bool)}})
	d := Run(context.Background(), set, []*analyzer.Check{check}, Options{Catalogue: made.OneService(analyzer.CustomerData)}).Duties[0]
	if diff := cmp.Diff([]any{Unevidenced, []string{"prod"}}, []any{d.State, d.Environments}); diff != "" {
		t.Error(diff)
	}
}

// TestModelOfEnvironments: a resource has the model with the largest customer
// share; a model that is unknown in one environment is unknown.
func TestModelOfEnvironments(t *testing.T) {
	for name, tt := range map[string]struct {
		dev, prod cty.Value
		want      analyzer.Model
	}{
		"the same":  {cty.False, cty.False, analyzer.Container},
		"different": {cty.False, cty.True, analyzer.Infrastructure},
		"hidden":    {made.UnknownBool, cty.True, analyzer.UnknownModel},
	} {
		t.Run(name, func(t *testing.T) {
			set := made.InEnvironments(map[string]made.Values{"dev": {"hosts": tt.dev}, "prod": {"hosts": tt.prod}})
			rep := Run(context.Background(), set, nil, Options{Catalogue: made.OneService(analyzer.CustomerData)})
			if len(rep.Resources) != 1 || rep.Resources[0].Model != tt.want {
				t.Errorf("%d resources, the first of model %q, want one of %q", len(rep.Resources), rep.Resources[0].Model, tt.want)
			}
		})
	}
}

// TestOnlyEnvironmentsMerge: results without an environment stay separate even
// if they are equal: a plan beside its source, and suppressions with the same
// content.
func TestOnlyEnvironmentsMerge(t *testing.T) {
	check := &analyzer.Check{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Want: analyzer.Attr("a").True(), Message: "m"}
	off := made.Values{"a": cty.False}
	set := made.InEnvironments(map[string]made.Values{"dev": off, "prod": off})
	set.Roots = append(set.Roots, analyzer.NewSet([]*analyzer.Root{{Dir: "app", Plan: "plan.json", Resources: []*analyzer.Resource{made.Resource("t.x", off)}}}, analyzer.Coverage{}, nil).Roots...)
	unused := func(line int) *analyzer.Suppression {
		return &analyzer.Suppression{Checks: []string{"a"}, Dialect: analyzer.DialectConfig, Reason: "r", Address: []string{"no"}, Range: hcl.Range{Filename: "c", Start: hcl.Pos{Line: line}}}
	}
	rep := Run(context.Background(), set, []*analyzer.Check{check}, Options{Suppressions: []*analyzer.Suppression{unused(1), unused(2)}})
	got := map[string]int{}
	for _, f := range rep.Findings {
		got[f.Check.ID+" "+strings.Join(f.Environments, ",")]++
	}
	want := map[string]int{"a dev,prod": 1, "a ": 1, analyzer.UnusedSuppression.ID + " ": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

// TestKeep: an unreported finding does not win over a reported one.
func TestKeep(t *testing.T) {
	check := &analyzer.Check{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Want: analyzer.Attr("a").True(), Message: "m"}
	set := made.InEnvironments(map[string]made.Values{"dev": {"a": made.UnknownBool}, "prod": {"a": cty.False}})
	rep := Run(context.Background(), set, []*analyzer.Check{check}, Options{Keep: func(f *Finding) bool { return f.Resource.Root.Environment == "dev" }})
	if len(rep.Findings) != 1 || rep.Findings[0].Verdict != analyzer.Unknown {
		t.Errorf("%d findings, want the unknown one", len(rep.Findings))
	}
}

// TestLeftOut: a suppression of an environment is not unused where a root was
// not evaluated in the environment.
func TestLeftOut(t *testing.T) {
	for name, tt := range map[string]struct {
		in   []string
		want int
	}{
		"of the one that was left out": {[]string{"staging"}, 0},
		"of another":                   {[]string{"dev"}, 1},
		"of every one":                 {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			set := made.InEnvironments(map[string]made.Values{"dev": nil})
			set.Coverage.Unresolved = []analyzer.Unresolved{{Kind: "environment", Name: "environment staging", Environments: []string{"staging"}}}
			s := &analyzer.Suppression{Checks: []string{"a"}, Dialect: analyzer.DialectConfig, Reason: "r", Address: []string{"*"}, Environments: tt.in}
			rep := Run(context.Background(), set, nil, Options{Suppressions: []*analyzer.Suppression{s}})
			if len(rep.Findings) != tt.want {
				t.Errorf("%d findings, want %d", len(rep.Findings), tt.want)
			}
		})
	}
}

// TestFactOfEnvironment: a fact holds only in the environments that it names.
func TestFactOfEnvironment(t *testing.T) {
	rows := []*analyzer.Default{{Type: "t", Path: "a", Value: cty.False, Fact: "f", AccountValue: cty.True}}
	check := &analyzer.Check{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Want: analyzer.Attr("a").True(), Message: "m"}
	set := made.InEnvironments(map[string]made.Values{"": nil, "dev": nil, "prod": nil})
	rep := Run(context.Background(), set, []*analyzer.Check{check}, Options{Defaults: rows, Facts: []analyzer.Fact{{ID: "f", Environments: []string{"prod"}}}})
	var in []string
	for _, f := range rep.Findings {
		in = append(in, strings.Join(f.Environments, ","))
	}
	if diff := cmp.Diff([]string{"", "dev"}, in); diff != "" {
		t.Errorf("fails in (-want +got)\n%s", diff)
	}
}

// TestEnvironmentsAreDeterministic: the order of roots and of map keys does not
// change a report.
func TestEnvironmentsAreDeterministic(t *testing.T) {
	checks := []*analyzer.Check{
		{ID: "a", On: []string{"t"}, Layer: analyzer.CustomerData, Objective: "o2", Want: analyzer.Attr("a").True(), Message: "m"},
		{ID: "b", On: []string{"t"}, Layer: analyzer.CustomerData, Objective: "o1", Want: analyzer.Attr("b").True(), Message: "m"},
	}
	var first string
	for range 20 {
		by := map[string]made.Values{}
		for i := range 5 {
			by[fmt.Sprint("e", i)] = made.Values{"a": cty.BoolVal(i%2 == 0), "b": cty.BoolVal(i%3 == 0)}
		}
		rep := Run(context.Background(), made.InEnvironments(by), checks, Options{All: true, Catalogue: made.OneService(analyzer.CustomerData)})
		var got []string
		for _, f := range rep.Findings {
			got = append(got, fmt.Sprint(f.Check.ID, f.Verdict, f.Environments, f.Resource.Root.Environment))
		}
		for _, d := range rep.Duties {
			got = append(got, fmt.Sprint(d.State, d.Environments, d.Objectives, d.Principal.Root.Environment))
		}
		if all := strings.Join(got, "\n"); first == "" {
			first = all
		} else if diff := cmp.Diff(first, all); diff != "" {
			t.Fatal(diff)
		}
	}
}
