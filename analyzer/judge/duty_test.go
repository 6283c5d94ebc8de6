package judge

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
)

// TestAttested: an attestation replaces an unknown or missing evidence, until
// its last day; never a gap.
func TestAttested(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	all := []analyzer.Subject{{Layer: analyzer.CustomerData}}
	one := []analyzer.Subject{{Layer: analyzer.CustomerData, Objective: "keep"}}
	tests := map[string]struct {
		on    cty.Value
		about Attestation
		early time.Duration // before the day
		want  State
		finds string // the finding about the attestation
	}{
		"unknown":                {on: made.UnknownBool, about: Attestation{Subjects: all}, want: Attested},
		"unknown, one objective": {on: made.UnknownBool, about: Attestation{Subjects: one}, want: Attested},
		"another objective":      {on: made.UnknownBool, about: Attestation{Subjects: []analyzer.Subject{{Layer: analyzer.CustomerData, Objective: "other"}}}, want: UnknownState},
		"met":                    {on: cty.True, about: Attestation{Subjects: all}, want: MetState},
		"a gap":                  {on: cty.False, about: Attestation{Subjects: all}, want: GapState},
		"this resource":          {on: made.UnknownBool, about: Attestation{Subjects: all, Resources: []string{"t.*"}}, want: Attested},
		"another resource":       {on: made.UnknownBool, about: Attestation{Subjects: all, Resources: []string{"u.*"}}, want: UnknownState, finds: "demarc-attestation-used"},
		"another root":           {on: made.UnknownBool, about: Attestation{Subjects: all, Roots: []string{"envs/*"}}, want: UnknownState, finds: "demarc-attestation-used"},
		"on its last day":        {on: made.UnknownBool, about: Attestation{Subjects: all, Expires: day("2026-11-22")}, want: Attested},
		"expired":                {on: made.UnknownBool, about: Attestation{Subjects: all, Expires: day("2026-11-21")}, want: UnknownState, finds: "demarc-attestation-current"},
		"on its first day":       {on: made.UnknownBool, about: Attestation{Subjects: all, Date: day("2026-11-22")}, want: Attested},
		"of a day to come":       {on: made.UnknownBool, about: Attestation{Subjects: all, Date: day("2026-11-23")}, want: UnknownState, finds: "demarc-attestation-begun"},
		"of a day that begins":   {on: made.UnknownBool, about: Attestation{Subjects: all, Date: day("2026-11-22")}, early: 14 * time.Hour, want: Attested},
		"a moment before":        {on: made.UnknownBool, about: Attestation{Subjects: all, Date: day("2026-11-22")}, early: 14*time.Hour + 1, want: UnknownState, finds: "demarc-attestation-begun"},
	}
	check := &analyzer.Check{ID: "t-on", On: []string{"t"}, Severity: analyzer.High, Layer: analyzer.CustomerData, Objective: "keep", Want: analyzer.Attr("on").True(), Message: "off"}
	service := &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"t"}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rep := Run(context.Background(), made.Set(made.Resource("t.x", made.Values{"on": tt.on})), []*analyzer.Check{check}, Options{
				Today: day("2026-11-22").Add(-tt.early), Attestations: []*Attestation{&tt.about},
				Catalogue: analyzer.Catalogue{Service: func(analyzer.Mode, string) *analyzer.Service { return service }},
			})
			for _, d := range rep.Duties {
				if d.Layer == analyzer.CustomerData && d.State != tt.want {
					t.Errorf("state %s, want %s", d.State, tt.want)
				}
			}
			finds := ""
			for _, f := range rep.Findings {
				if f.Check != check {
					finds = f.Check.ID
				}
			}
			if finds != tt.finds {
				t.Errorf("finding %q, want %q", finds, tt.finds)
			}
		})
	}
}

// TestStanding: an objective that only an attestation can cover is unevidenced
// under its layer, and does not affect the layer as a whole.
func TestStanding(t *testing.T) {
	service := &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"t"}}
	catalogue := analyzer.Catalogue{
		Service: func(analyzer.Mode, string) *analyzer.Service { return service },
		Standing: func(l analyzer.Layer) []analyzer.Objective {
			if l == analyzer.CustomerData {
				return []analyzer.Objective{"classify"}
			}
			return nil
		},
		Organisation: []analyzer.Subject{{Layer: analyzer.CustomerData, Objective: "review"}, {Layer: analyzer.IdentityAndAccess, Objective: "train"}},
	}
	check := &analyzer.Check{ID: "t-on", On: []string{"t"}, Severity: analyzer.High, Layer: analyzer.CustomerData, Objective: "keep", Want: analyzer.Attr("on").True(), Message: "off"}
	of := func(o analyzer.Objective, resources ...string) *Attestation {
		return &Attestation{Name: "a", Subjects: []analyzer.Subject{{Layer: analyzer.CustomerData, Objective: o}}, Resources: resources}
	}
	tests := map[string]struct {
		attested     []*Attestation
		objectives   []State // classify, keep
		organisation []State // review, train
	}{
		"nothing stated":             {nil, []State{Unevidenced, MetState}, []State{Unevidenced, Unevidenced}},
		"of a resource":              {[]*Attestation{of("classify")}, []State{Attested, MetState}, []State{Unevidenced, Unevidenced}},
		"of the organisation":        {[]*Attestation{of("review")}, []State{Unevidenced, MetState}, []State{Attested, Unevidenced}},
		"of a part of it":            {[]*Attestation{of("review", "t.*")}, []State{Unevidenced, MetState}, []State{Unevidenced, Unevidenced}},
		"of the layer":               {[]*Attestation{of("")}, []State{Attested, MetState}, []State{Unevidenced, Unevidenced}},
		"two, and one is of a part":  {[]*Attestation{of("review", "u.*"), of("review")}, []State{Unevidenced, MetState}, []State{Attested, Unevidenced}},
		"of the organisation's home": {[]*Attestation{{Name: "a", Subjects: []analyzer.Subject{{Layer: analyzer.IdentityAndAccess, Objective: "train"}}}}, []State{Unevidenced, MetState}, []State{Unevidenced, Attested}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rep := Run(context.Background(), made.Set(made.Resource("t.x", made.Values{"on": cty.True})), []*analyzer.Check{check}, Options{Attestations: tt.attested, Catalogue: catalogue})
			var objectives, organisation []State
			for _, d := range rep.Duties {
				if d.Layer != analyzer.CustomerData {
					continue
				}
				if d.State != MetState {
					t.Errorf("the duty is %s, want met", d.State)
				}
				for _, o := range d.Objectives {
					objectives = append(objectives, o.State)
				}
			}
			for _, d := range rep.Organisation {
				organisation = append(organisation, d.State)
			}
			if diff := cmp.Diff([][]State{tt.objectives, tt.organisation}, [][]State{objectives, organisation}); diff != "" {
				t.Error(diff)
			}
			if len(rep.Findings) > 0 {
				t.Errorf("it is said to be unused")
			}
		})
	}
}

// TestAllAttested: a layer without check results is attested when all
// objectives that only an attestation can cover are attested.
func TestAllAttested(t *testing.T) {
	service := &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"t"}}
	catalogue := analyzer.Catalogue{
		Service: func(analyzer.Mode, string) *analyzer.Service { return service },
		Standing: func(l analyzer.Layer) []analyzer.Objective {
			return map[analyzer.Layer][]analyzer.Objective{analyzer.CustomerData: {"a", "b"}}[l]
		},
		Attestable: func(l analyzer.Layer) []analyzer.Objective {
			return map[analyzer.Layer][]analyzer.Objective{analyzer.CustomerData: {"a", "b", "c"}, analyzer.FirewallConfiguration: {"d", "e"}}[l]
		},
	}
	of := func(l analyzer.Layer, objectives ...analyzer.Objective) *Attestation {
		a := &Attestation{Name: "a"}
		for _, o := range objectives {
			a.Subjects = append(a.Subjects, analyzer.Subject{Layer: l, Objective: o})
		}
		return a
	}
	for name, tt := range map[string]struct {
		attested *Attestation
		want     State
	}{
		"all":                       {of(analyzer.CustomerData, "a", "b"), Attested},
		"one of two":                {of(analyzer.CustomerData, "a"), Unevidenced},
		"another besides":           {of(analyzer.CustomerData, "c"), Unevidenced},
		"of a layer that has none":  {of(analyzer.OperatingSystem, "a"), Unevidenced},
		"of no objective but whole": {of(analyzer.CustomerData, ""), Attested},
		"all that can be":           {of(analyzer.FirewallConfiguration, "d", "e"), Attested},
		"a part of what can be":     {of(analyzer.FirewallConfiguration, "d"), Unevidenced},
	} {
		t.Run(name, func(t *testing.T) {
			rep := Run(context.Background(), made.Set(made.Resource("t.x", nil)), nil, Options{Attestations: []*Attestation{tt.attested}, Catalogue: catalogue})
			for _, d := range rep.Duties {
				if d.Layer == tt.attested.Subjects[0].Layer && d.State != tt.want {
					t.Errorf("state %s, want %s", d.State, tt.want)
				}
			}
		})
	}
}

// TestTeams: the first rule with all criteria matched decides, else the owner
// of the file.
func TestTeams(t *testing.T) {
	r := made.Resource("t.x", made.Values{"tags": block(made.Values{"team": str("web-1")})})
	r.Module, r.Definition = `module.a["k"].module.b`, "module.a.module.b.t.x"
	rds := &analyzer.Service{ID: "rds"}
	tests := map[string]struct {
		rules []Team
		want  string
	}{
		"none":             {nil, "file"},
		"all":              {[]Team{{Name: "a"}}, "a"},
		"layer":            {[]Team{{Name: "a", Layers: []analyzer.Layer{analyzer.CustomerData}}}, "a"},
		"another layer":    {[]Team{{Name: "a", Layers: []analyzer.Layer{analyzer.OperatingSystem}}}, "file"},
		"service":          {[]Team{{Name: "a", Services: []string{"s3"}}, {Name: "b", Services: []string{"rds"}}}, "b"},
		"module":           {[]Team{{Name: "a", Modules: []string{"module.a.module.b"}}}, "a"},
		"modules":          {[]Team{{Name: "a", Modules: []string{"module.a.*"}}}, "a"},
		"another module":   {[]Team{{Name: "a", Modules: []string{"module.a"}}}, "file"},
		"tag":              {[]Team{{Name: "a", Tags: map[string]string{"team": "web-*"}}}, "a"},
		"another tag":      {[]Team{{Name: "a", Tags: map[string]string{"team": "db"}}}, "file"},
		"all must fit":     {[]Team{{Name: "a", Services: []string{"rds"}, Tags: map[string]string{"team": "db"}}}, "file"},
		"the first counts": {[]Team{{Name: "a", Services: []string{"rds"}}, {Name: "b"}}, "a"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			made.Set(r)
			r.Source = places{"main.tf"}
			teams := Teams{Rules: tt.rules, Fallback: func(string) string { return "file" }}
			if got := newRunner(nil, Options{Teams: teams}).team(analyzer.CustomerData, rds, r); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestTally: the state of many duties, and their coverage.
func TestTally(t *testing.T) {
	tests := map[string]struct {
		states   []State
		want     State
		coverage int
	}{
		"nothing":                   {nil, NoDuty, 0},
		"all met":                   {[]State{MetState, MetState}, MetState, 100},
		"met and attested":          {[]State{MetState, Attested}, MetState, 100},
		"attested":                  {[]State{Attested}, Attested, 100},
		"one open":                  {[]State{MetState, GapState, UnknownState}, GapState, 33},
		"one unknown":               {[]State{MetState, UnknownState, Unevidenced}, UnknownState, 33},
		"one without evidence":      {[]State{MetState, Unevidenced}, Unevidenced, 50},
		"rounded down, never up to": {[]State{MetState, MetState, Unevidenced}, Unevidenced, 66},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var tally Tally
			for _, s := range tt.states {
				tally.Add(s)
			}
			percent, _ := tally.Coverage()
			if diff := cmp.Diff([]any{tt.want, tt.coverage}, []any{tally.State(), percent}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
