package report

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaOf compiles the official schema.
func schemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const name = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSARIFSchema validates every scenario against the official schema.
func TestSARIFSchema(t *testing.T) {
	schema := schemaOf(t)
	for name, s := range scenarios(t) {
		for _, all := range []bool{false, true} {
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, goldenFormats()[3], s, all)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: %#v", name, err)
			}
		}
	}
	if err := schema.Validate(map[string]any{"version": "2.1.0"}); err == nil {
		t.Error("the schema accepts a log without runs")
	}
}

func logOf(t *testing.T, s scenario, all bool) sarifLog {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(render(t, goldenFormats()[3], s, all)), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// TestSARIFUnknowns: unknowns are included only on request.
func TestSARIFUnknowns(t *testing.T) {
	kinds := func(all bool) map[string]int {
		n := map[string]int{}
		for _, r := range logOf(t, sourceScenario(t), all).Runs[0].Results {
			n[r.Kind+" "+r.Level]++
		}
		return n
	}
	if n := kinds(false)["open none"]; n != 0 {
		t.Errorf("%d unknowns without being asked for", n)
	}
	if n := kinds(true)["open none"]; n == 0 {
		t.Error("no unknowns with ShowAll")
	}
}

// TestSARIFPlaces: every result has a file, and results that share a definition are
// one.
func TestSARIFPlaces(t *testing.T) {
	for name, s := range scenarios(t) {
		seen := map[string]bool{}
		for _, r := range logOf(t, s, true).Runs[0].Results {
			if r.Locations[0].Physical.Artifact.URI == "" {
				t.Errorf("%s: %s has no uri", name, r.RuleID)
			}
			if print := r.Fingerprints["demarc/v1"] + r.Kind; seen[print] {
				t.Errorf("%s: %s: two results with one fingerprint", name, r.RuleID)
			} else {
				seen[print] = true
			}
		}
	}
	var got []string
	for _, r := range logOf(t, sourceScenario(t), false).Runs[0].Results {
		if r.RuleID == "aws-rds-storage-encrypted" {
			for _, l := range r.Locations[0].Logical {
				got = append(got, r.Locations[0].Physical.Artifact.URI+" "+l.Name)
			}
		}
	}
	want := []string{
		"modules/db/main.tf module.db.aws_db_instance.main",
		`modules/db/main.tf module.db["orders"].aws_db_instance.main`,
		`modules/db/main.tf module.db["users"].aws_db_instance.main`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSARIFBaseline: all results have states, or none.
func TestSARIFBaseline(t *testing.T) {
	states := map[string]string{}
	for _, r := range logOf(t, planScenario(t), false).Runs[0].Results {
		states[r.Locations[0].Logical[0].Name] = r.Baseline
	}
	want := map[string]string{"aws_db_instance.worse": "new", "aws_db_instance.same": "unchanged", "aws_db_instance.new": "new"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	for _, r := range logOf(t, sourceScenario(t), false).Runs[0].Results {
		if r.Baseline != "" {
			t.Errorf("%s: state %q without a plan", r.RuleID, r.Baseline)
		}
	}
}

func TestFileURI(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"main.tf", "main.tf"},
		{"a b/ü#?.tf", "a%20b/%C3%BC%23%3F.tf"},
		{"c:/x.tf", "./c:/x.tf"},
		{"javascript:alert(1)", "./javascript:alert%281%29"},
		{"//evil.example/x", "evil.example/x"},
		{"bad\xff\x1b.tf", "bad%FF%1B.tf"},
	} {
		if got := fileURI(c.name); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSplitSource(t *testing.T) {
	for _, c := range []struct{ why, text, source string }{
		{"Because. <https://x.example/a>", "Because.", "https://x.example/a"},
		{"Because (<https://x.example/a>).", "Because (<https://x.example/a>).", ""},
		{"Because.", "Because.", ""},
		{"a <b>", "a <b>", ""},
		{"", "", ""},
	} {
		text, source := splitSource(c.why)
		if text != c.text || source != c.source {
			t.Errorf("%q: %q, %q", c.why, text, source)
		}
	}
}
