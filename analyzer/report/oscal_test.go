package report

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

type oscalFormat struct {
	name  string
	write func(io.Writer, *matrix.Matrix, Options) error
}

func oscalFormats() []oscalFormat {
	return []oscalFormat{{"oscal", MatrixOSCAL}, {"oscal-component", MatrixOSCALComponent}}
}

var oscalToday = time.Date(2026, 11, 22, 12, 30, 0, 0, time.FixedZone("", 3600))

func renderOSCAL(t *testing.T, f oscalFormat, s scenario, by matrix.By) string {
	t.Helper()
	rep, opt := s.report(true)
	opt.Today = oscalToday
	var b bytes.Buffer
	if err := f.write(&b, matrix.New(rep, fixtureOptions().Catalogue, by), opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// twiceScenario returns a resource in a plan and in its source: with the same
// fingerprints.
func twiceScenario(*testing.T) scenario {
	var roots []*analyzer.Root
	for _, plan := range []string{"", "a.json", "b.json"} {
		roots = append(roots, &analyzer.Root{Dir: ".", Plan: plan, Resources: []*analyzer.Resource{
			resource("aws_db_instance.x", map[string]cty.Value{"storage_encrypted": cty.False, "backup_retention_period": cty.NumberIntVal(7)}, nil),
		}})
	}
	return scenario{set: analyzer.NewSet(roots, analyzer.Coverage{}, nil)}
}

// TestOSCAL validates the documents of every scenario against the official schema.
func TestOSCAL(t *testing.T) {
	all := scenarios(t)
	all["twice"], all["nothing"] = twiceScenario(t), scenario{set: analyzer.NewSet(nil, analyzer.Coverage{}, nil)}
	for name, s := range all {
		for _, f := range oscalFormats() {
			doc := renderOSCAL(t, f, s, matrix.ByService)
			if err := analyzertest.OSCAL([]byte(doc)); err != nil {
				t.Errorf("%s of %s: %v", f.name, name, err)
			}
			if again := renderOSCAL(t, f, s, matrix.ByService); again != doc {
				t.Errorf("%s of %s differs from run to run:\n%s", f.name, name, cmp.Diff(doc, again))
			}
		}
	}
}

// TestOSCALGolden compares the documents of one framework with golden files.
func TestOSCALGolden(t *testing.T) {
	rep, opt := planScenario(t).report(true)
	opt.Today = oscalToday
	f, _ := responsibility.FrameworkOf("nist-800-53-r5")
	f.Requirements = slices.DeleteFunc(slices.Clone(f.Requirements), func(r responsibility.Requirement) bool { return r.ID != "SC-28" && r.ID != "PE-3" && r.ID != "AT-2" })
	a := audit.Of(matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService), f)
	for name, write := range map[string]func(io.Writer, *audit.Audit, Options) error{"oscal": AuditOSCAL, "oscal-component": AuditOSCALComponent} {
		var b bytes.Buffer
		if err := write(&b, a, opt); err != nil {
			t.Fatal(err)
		}
		if err := analyzertest.OSCAL(b.Bytes()); err != nil {
			t.Error(err)
		}
		golden(t, "plan."+name+".golden", b.String())
	}
}

// TestOSCALRefused: the schema and the references are checked.
func TestOSCALRefused(t *testing.T) {
	doc := renderOSCAL(t, oscalFormats()[0], sourceScenario(t), matrix.ByService)
	for name, change := range map[string][2]string{
		"token":     {`"type": "tool"`, `"type": "a tool"`},
		"string":    {`"value": "pass"`, `"value": " pass"`},
		"reference": {`"actor-uuid": "`, `"actor-uuid": "00000000-0000-4000-8000-000000000000", "was": "`},
		"dangling":  {`"actor-uuid": "` + toolID(), `"actor-uuid": "00000000-0000-4000-8000-000000000000`},
		"twice":     {`"uuid": "` + planID(), `"uuid": "` + toolID()},
		"time":      {`"start": "2026-11-22T00:00:00Z"`, `"start": "2026-11-22"`},
		"name":      {`"methods": [`, `"method": [`},
		"href":      {`"href": "https://github.com`, `"href": "%zz`},
	} {
		changed := strings.ReplaceAll(doc, change[0], change[1])
		if changed == doc {
			t.Fatalf("%s: the document does not hold %s", name, change[0])
		}
		if err := analyzertest.OSCAL([]byte(changed)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestOSCALSafe: no secret is written, and no name acts on a terminal, a log or a
// viewer.
func TestOSCALSafe(t *testing.T) {
	for _, f := range oscalFormats() {
		if doc := renderOSCAL(t, f, sourceScenario(t), matrix.ByService); strings.Contains(doc, "hunter") {
			t.Errorf("%s shows a secret", f.name)
		}
		doc := renderOSCAL(t, f, hostileScenario(t), matrix.ByService)
		for _, r := range doc {
			if hostile(r) && r != '\n' {
				t.Errorf("%s holds %U", f.name, r)
			}
		}
		for _, line := range strings.Split(doc, "\n") {
			if strings.Contains(line, "##[") || strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%s: a build log would act on %s", f.name, line)
			}
			for _, field := range []string{`"title": `, `"description": `, `"text": `, `"remarks": `, `"prose": `} {
				if markup, ok := strings.CutPrefix(strings.TrimSpace(line), field); ok && active(markup) {
					t.Errorf("%s: a viewer would act on %s", f.name, line)
				}
			}
		}
	}
}

// active reports whether markup from a user holds HTML or a link, outside of
// code.
func active(markup string) bool {
	for i, part := range strings.Split(markup, "`") {
		if i%2 == 0 && (strings.Contains(part, "<img") || strings.Contains(part, "](")) {
			return true
		}
	}
	return false
}

// TestOSCALBy: components are services, whatever the columns of the matrix.
func TestOSCALBy(t *testing.T) {
	rep, opt := sourceScenario(t).report(true)
	opt.Today = oscalToday
	for _, f := range oscalFormats() {
		var want string
		for _, by := range matrix.AllBy() {
			var b bytes.Buffer
			m := matrix.New(rep, responsibility.Catalogue(), by)
			if err := f.write(&b, m, opt); err != nil {
				t.Fatal(err)
			}
			if want == "" {
				want = b.String()
			}
			if diff := cmp.Diff(want, b.String()); diff != "" {
				t.Errorf("%s by %s:\n%s", f.name, by, diff)
			}
		}
	}
}

// TestOSCALDay: the document has a date, which must be known.
func TestOSCALDay(t *testing.T) {
	rep, opt := cleanScenario(t).report(true)
	m := matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService)
	for _, f := range oscalFormats() {
		if err := f.write(io.Discard, m, opt); err == nil {
			t.Errorf("%s is written without a date", f.name)
		}
		var first, later bytes.Buffer
		for out, hour := range map[*bytes.Buffer]int{&first: 0, &later: 23} {
			at := opt
			at.Today = time.Date(2026, 11, 22, hour, 59, 0, 0, time.FixedZone("", 14*3600))
			if err := f.write(out, m, at); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(first.String(), later.String()); diff != "" {
			t.Errorf("%s differs on one day:\n%s", f.name, diff)
		}
	}
}

// TestControlIDs: each requirement has a unique token.
func TestControlIDs(t *testing.T) {
	token := regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
	nist := regexp.MustCompile(`^[a-z]{2}-[1-9][0-9]*(\.[1-9][0-9]*)?$`)
	seen := map[string]string{}
	for _, f := range responsibility.Frameworks() {
		for _, r := range f.Requirements {
			id := controlID(f, r.ID)
			if !token.MatchString(id) || f.Catalog != "" && !nist.MatchString(id) {
				t.Errorf("%s %s: %s", f.ID, r.ID, id)
			}
			if other := seen[id]; other != "" {
				t.Errorf("%s is %s and %s", id, other, r.ID)
			}
			seen[id] = r.ID
		}
	}
	catalog := responsibility.Framework{ID: "x", Catalog: "https://example.org"}
	got := []string{controlID(catalog, "AC-2"), controlID(catalog, "AC-2(1)"), controlID(responsibility.Framework{ID: "hipaa"}, "164.308(a)(1)(ii)(D)")}
	if diff := cmp.Diff([]string{"ac-2", "ac-2.1", "hipaa_164.308.a.1.ii.D"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestConclusion: only a gap is not satisfied, and only an objective that a
// configuration fully shows, with evidence everywhere, is satisfied.
func TestConclusion(t *testing.T) {
	shown, part := responsibility.Objective{ID: "x", Extent: responsibility.Shown}, responsibility.Objective{ID: "x", Extent: responsibility.PartShown}
	for name, test := range map[string]struct {
		objective responsibility.Objective
		tally     judge.Tally
		want      string
	}{
		"met":            {shown, judge.Tally{Duties: 2, Met: 2}, "satisfied"},
		"met in part":    {part, judge.Tally{Duties: 2, Met: 2}, ""},
		"gap":            {shown, judge.Tally{Duties: 2, Met: 1, Gaps: 1}, "not-satisfied"},
		"gap of a part":  {part, judge.Tally{Duties: 2, Unknown: 1, Gaps: 1}, "not-satisfied"},
		"unknown":        {shown, judge.Tally{Duties: 2, Met: 1, Unknown: 1}, ""},
		"attested":       {shown, judge.Tally{Duties: 2, Met: 1, Attested: 1}, ""},
		"unevidenced":    {shown, judge.Tally{Duties: 2, Met: 1, Unevidenced: 1}, ""},
		"only attested":  {part, judge.Tally{Duties: 2, Attested: 2}, ""},
		"nothing":        {shown, judge.Tally{}, ""},
		"only a mystery": {part, judge.Tally{Duties: 1, Unknown: 1}, ""},
	} {
		r := &resultsMaker{oscalWriter: &oscalWriter{}, evidence: map[analyzer.Objective]*objectiveEvidence{}}
		f, ok := r.conclusion(oscalControl{}, &audit.Objective{Objective: test.objective, Tally: matrix.ObjectiveTally{Tally: test.tally}})
		if got := f.Target.Status.State; got != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestImplementationStatus: nothing is implemented unless it is known to be.
func TestImplementationStatus(t *testing.T) {
	met := oscalPart{state: judge.MetState, tally: judge.Tally{Duties: 1, Met: 1}, objective: responsibility.Objective{Extent: responsibility.Shown}}
	half := oscalPart{state: judge.MetState, tally: judge.Tally{Duties: 1, Met: 1}, objective: responsibility.Objective{Extent: responsibility.PartShown}}
	some := oscalPart{state: judge.GapState, tally: judge.Tally{Duties: 2, Met: 1, Gaps: 1}}
	of := func(s judge.State) oscalPart { return oscalPart{state: s} }
	for name, test := range map[string]struct {
		parts []oscalPart
		want  string
	}{
		"met":                  {[]oscalPart{met, met}, "implemented"},
		"met, or the provider": {[]oscalPart{met, of(judge.OfProvider)}, "implemented"},
		"shown in part":        {[]oscalPart{met, half}, "partial"},
		"met and gap":          {[]oscalPart{met, of(judge.GapState)}, "partial"},
		"met and unknown":      {[]oscalPart{met, of(judge.UnknownState)}, "partial"},
		"met and nothing":      {[]oscalPart{met, of(judge.Unevidenced)}, "partial"},
		"met and attested":     {[]oscalPart{met, of(judge.Attested)}, "partial"},
		"met here, open there": {[]oscalPart{some}, "partial"},
		"gap":                  {[]oscalPart{of(judge.GapState)}, ""},
		"unknown":              {[]oscalPart{of(judge.UnknownState)}, ""},
		"unevidenced":          {[]oscalPart{of(judge.Unevidenced)}, ""},
		"attested":             {[]oscalPart{of(judge.Attested)}, ""},
	} {
		if got := implementationStatus(test.parts); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestWholeState: the worst of the parts, and never met without a duty.
func TestWholeState(t *testing.T) {
	for _, test := range []struct {
		states []judge.State
		want   judge.State
	}{
		{[]judge.State{judge.MetState, judge.GapState, judge.UnknownState}, judge.GapState},
		{[]judge.State{judge.MetState, judge.UnknownState, judge.Unevidenced}, judge.UnknownState},
		{[]judge.State{judge.MetState, judge.Unevidenced}, judge.Unevidenced},
		{[]judge.State{judge.Attested, judge.MetState, judge.OfProvider}, judge.MetState},
		{[]judge.State{judge.Attested}, judge.Attested},
		{[]judge.State{judge.OfProvider}, judge.NoDuty},
	} {
		var parts []oscalPart
		for _, s := range test.states {
			parts = append(parts, oscalPart{state: s})
		}
		if got := wholeState(parts); got != test.want {
			t.Errorf("%v: %s, want %s", test.states, got, test.want)
		}
	}
}

// TestTogether: the owner of several parts.
func TestTogether(t *testing.T) {
	for _, test := range []struct {
		owners []analyzer.Owner
		want   analyzer.Owner
	}{
		{[]analyzer.Owner{analyzer.CustomerOwned, analyzer.NotStated}, analyzer.CustomerOwned},
		{[]analyzer.Owner{analyzer.ProviderOwned, analyzer.ProviderOwned}, analyzer.ProviderOwned},
		{[]analyzer.Owner{analyzer.ProviderOwned, analyzer.CustomerOwned}, analyzer.SharedOwned},
		{[]analyzer.Owner{analyzer.SharedOwned, analyzer.CustomerOwned}, analyzer.SharedOwned},
	} {
		var parts []oscalPart
		for _, o := range test.owners {
			parts = append(parts, oscalPart{cell: analyzer.Cell{Today: o}})
		}
		if got := jointOwner(parts); got != test.want {
			t.Errorf("%v: %s, want %s", test.owners, got, test.want)
		}
	}
}

// TestOSCALTexts: texts of users fit the types of OSCAL.
func TestOSCALTexts(t *testing.T) {
	for in, want := range map[string]string{
		" a ":            "a",
		"\u00a0a\u3000":  `\u00a0a`,
		"\t":             `\t`,
		"   ":            "",
		"a\nb":           `a\nb`,
		"\u202ea":        `\u202ea`,
		"a\xffb":         `a\xffb`,
		"データ":            "データ",
		"x##[error] y":   `x##\[error] y`,
		"aws_x.y[\"a\"]": `aws_x.y["a"]`,
	} {
		if got := oscalString(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"": "", "a`b": "`a'b`", "<img>": "`<img>`"} {
		if got := oscalCode(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	at := func(name string, line int) hcl.Range {
		return hcl.Range{Filename: name, Start: hcl.Pos{Line: line}}
	}
	for want, r := range map[string]hcl.Range{
		"":                    at("stdin", 0),
		"main.tf#L3":          at("main.tf", 3),
		"a%20b/%23%3F.tf":     at("a b/#?.tf", 0),
		"./::error::x.tf#L1":  at("::error::x.tf", 1),
		"%E3%83%87.tf":        at("デ.tf", 0),
		"/tmp/plan%5B1%5D.js": at("/tmp/plan[1].js", 0),
	} {
		if got := oscalHref(r); got != want {
			t.Errorf("%v: %q, want %q", r, got, want)
		}
	}
}

// TestAttestationObservation: an attestation is an observation, with dates outside
// OSCAL's range as text.
func TestAttestationObservation(t *testing.T) {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	r := &resultsMaker{oscalWriter: &oscalWriter{day: day, used: map[string]int{}}}
	a := &judge.Attestation{
		Name: "guests\nare patched", By: "ada <ada@example.org>", Evidence: "https://wiki.example.org/p?x=1",
		Date: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), Expires: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC),
		Subjects: []analyzer.Subject{{Layer: analyzer.OperatingSystem}, {Layer: analyzer.CustomerData, Objective: "classify-data"}},
		Range:    hcl.Range{Filename: ".demarc.hcl", Start: hcl.Pos{Line: 4}},
	}
	o := r.statement(a, nil)
	var props []string
	for _, p := range *o.Props {
		props = append(props, p.Name+"/"+p.Class+"="+p.Value)
	}
	got := []any{o.Title, o.Description, o.Collected, *o.Expires, props, *o.RelevantEvidence}
	want := []any{
		`Attested: guests\\nare patched`, "ada &lt;ada@example.org> states it. demarc has read the statement and has not verified it.",
		a.Date, time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC),
		[]string{
			"verdict/=attested", `attestation/=guests\nare patched`, "by/=ada <ada@example.org>", "date/=2026-06-30", "expires/=2027-06-30",
			"layer/=operating-system", "objective/customer-data=classify-data",
		},
		[]oscal.RelevantEvidence{{Description: "https://wiki.example.org/p?x=1", Href: "https://wiki.example.org/p?x=1"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	a.Date, a.Expires, a.Evidence = time.Date(1066, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), "minutes of the board"
	o = r.statement(a, nil)
	if o.Collected != day || o.Expires != nil || (*o.RelevantEvidence)[0].Href != ".demarc.hcl#L4" {
		t.Errorf("%v %v %v", o.Collected, o.Expires, *o.RelevantEvidence)
	}
}
