package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// oscalCommand is a command of the scripts: it validates a file against the official
// OSCAL schema.
func oscalCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: oscal FILE")
	}
	if err := analyzertest.OSCAL([]byte(ts.ReadFile(args[0]))); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
}

// TestOSCALOfRealConfigurations: with every check, the documents are valid and have
// the counts of the other formats.
func TestOSCALOfRealConfigurations(t *testing.T) {
	for _, paths := range [][]string{{"."}, {"plan.json"}, {".", "plan.json"}} {
		of := func(command, format string) []byte {
			var out, errs bytes.Buffer
			p := &process{
				dir: "../../fixtures/quickstart", today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
				rules: builtin, stdin: &bytes.Buffer{}, stdout: &out, stderr: &errs,
			}
			args := []string{command, "--format", format}
			if command == "scan" {
				args = append(args, "--show", "all")
			}
			if code := p.run(append(args, paths...)); code > 1 {
				t.Fatalf("%s: exit code %d: %s", format, code, &errs)
			}
			return out.Bytes()
		}
		results, components := of("matrix", "oscal"), of("matrix", "oscal-component")
		for _, doc := range [][]byte{results, components} {
			if err := analyzertest.OSCAL(doc); err != nil {
				t.Errorf("%v: %v", paths, err)
			}
		}
		if again := of("matrix", "oscal"); !bytes.Equal(results, again) {
			t.Errorf("results of %v differ from run to run:\n%s", paths, firstDifference(results, again))
		}
		knownControls(t, components)
		supported(t, results)
		want := countsOfJSON(t, of("matrix", "json"), of("scan", "json"))
		if diff := cmp.Diff(want, countsOfResults(t, results), cmp.AllowUnexported(oscalCounts{})); diff != "" {
			t.Errorf("results of %v:\n%s", paths, diff)
		}
		want.total, want.verdicts = nil, nil
		if diff := cmp.Diff(want, countsOfComponents(t, components), cmp.AllowUnexported(oscalCounts{})); diff != "" {
			t.Errorf("components of %v:\n%s", paths, diff)
		}
	}
}

// supported: a satisfied objective has no verdict against it, and one that is not
// satisfied has one.
func supported(t *testing.T, doc []byte) {
	t.Helper()
	var d oscal.OscalCompleteSchema
	unmarshalOSCAL(t, doc, &d)
	r := d.AssessmentResults.Results[0]
	against := map[string]map[string]bool{}
	for _, o := range *r.Observations {
		objective := oscalProp(o.Props, "objective")
		if against[objective] == nil {
			against[objective] = map[string]bool{}
		}
		against[objective][oscalProp(o.Props, "verdict")] = true
	}
	said := map[string]bool{}
	for _, f := range *r.Findings {
		verdicts, state := against[oscalProp(f.Props, "objective")], f.Target.Status.State
		if said[state] = true; state == "satisfied" == (verdicts["fail"] || verdicts["unknown"]) || state == "not-satisfied" != verdicts["fail"] {
			t.Errorf("%s: %s, with %v", f.Title, state, verdicts)
		}
	}
	if diff := cmp.Diff(map[string]bool{"satisfied": true, "not-satisfied": true}, said); diff != "" {
		t.Error(diff)
	}
}

// knownControls: each implemented requirement belongs to its framework.
func knownControls(t *testing.T, doc []byte) {
	t.Helper()
	var d oscal.OscalCompleteSchema
	unmarshalOSCAL(t, doc, &d)
	for _, component := range *d.ComponentDefinition.Components {
		for _, set := range *component.ControlImplementations {
			f, ok := responsibility.FrameworkOf(oscalProp(set.Props, "framework"))
			if !ok || f.Catalog != "" && set.Source != f.Catalog {
				t.Errorf("%s implements controls of %s", component.Title, set.Source)
			}
			for _, r := range set.ImplementedRequirements {
				label := oscalProp(r.Props, "label")
				if !slices.ContainsFunc(f.Requirements, func(known responsibility.Requirement) bool { return known.ID == label && !known.Outside }) {
					t.Errorf("%s implements %s of %s, which is none", component.Title, label, f.ID)
				}
				if f.Catalog != "" && r.ControlId != strings.ToLower(label) {
					t.Errorf("%s is %s", label, r.ControlId)
				}
			}
		}
	}
}

// An oscalTally is counts by name.
type oscalTally map[string]int

type oscalCounts struct {
	total    oscalTally
	services map[string]oscalTally // by service and model
	verdicts oscalTally
}

func countsOfJSON(t *testing.T, matrix, scan []byte) oscalCounts {
	var m struct {
		Total   oscalTally
		Columns []struct {
			Service, Model string
			Resources      int
			Total          oscalTally
		}
	}
	var s struct{ Findings []struct{ Verdict string } }
	unmarshalOSCAL(t, matrix, &m)
	unmarshalOSCAL(t, scan, &s)
	c := oscalCounts{m.Total, map[string]oscalTally{}, oscalTally{}}
	for _, column := range m.Columns {
		column.Total["resources"] = column.Resources
		c.services[column.Service+" "+column.Model] = column.Total
	}
	for _, f := range s.Findings {
		if f.Verdict != "n/a" {
			c.verdicts[f.Verdict]++
		}
	}
	return c
}

func countsOfResults(t *testing.T, doc []byte) oscalCounts {
	var d struct {
		AssessmentResults struct {
			Results []struct {
				Props            *[]oscal.Property
				Observations     []oscal.Observation
				LocalDefinitions struct{ Components []oscal.SystemComponent } `json:"local-definitions"`
			}
		} `json:"assessment-results"`
	}
	unmarshalOSCAL(t, doc, &d)
	r := d.AssessmentResults.Results[0]
	c := oscalCounts{oscalTallyOf(r.Props), map[string]oscalTally{}, oscalTally{}}
	delete(c.total, "resources")
	for _, component := range r.LocalDefinitions.Components {
		c.services[oscalServiceOf(component.Props)] = oscalTallyOf(component.Props)
	}
	for _, o := range r.Observations {
		c.verdicts[oscalProp(o.Props, "verdict")] += len(*o.RelevantEvidence)
	}
	return c
}

func countsOfComponents(t *testing.T, doc []byte) oscalCounts {
	var d oscal.OscalCompleteSchema
	unmarshalOSCAL(t, doc, &d)
	c := oscalCounts{services: map[string]oscalTally{}}
	for _, component := range *d.ComponentDefinition.Components {
		if component.Props != nil {
			c.services[oscalServiceOf(component.Props)] = oscalTallyOf(component.Props)
		}
	}
	return c
}

func unmarshalOSCAL(t *testing.T, doc []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(doc, v); err != nil {
		t.Fatal(err)
	}
}

func oscalServiceOf(props *[]oscal.Property) string {
	return oscalProp(props, "service") + " " + oscalProp(props, "service-model")
}

// oscalProp returns the value of the prop of that name.
func oscalProp(props *[]oscal.Property, name string) string {
	for _, p := range *props {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// oscalTallyOf returns the props that the JSON of the matrix has as well.
func oscalTallyOf(props *[]oscal.Property) oscalTally {
	c := oscalTally{}
	for _, name := range []string{"duties", "met", "attested", "gap", "unknown", "unevidenced", "coverage", "resources"} {
		if n, err := strconv.Atoi(oscalProp(props, name)); err == nil {
			c[name] = n
		}
	}
	return c
}
