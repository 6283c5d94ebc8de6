package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer/tfplan"
)

// A planText is the plan of fixtures, as decoded JSON.
type planText = map[string]any

// plannedFixtures returns the plan of all fixtures.
func plannedFixtures(t testing.TB) planText {
	t.Helper()
	f, err := os.Open("../../fixtures/plan/plan.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var plan planText
	d := json.NewDecoder(text)
	d.UseNumber()
	if err := d.Decode(&plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

// changesByFixture returns the changes of a plan by the module that calls a fixture.
func changesByFixture(plan planText) map[string][]planText {
	by := map[string][]planText{}
	for _, c := range plan["resource_changes"].([]any) {
		module, _ := c.(planText)["module_address"].(string)
		name, _, _ := strings.Cut(strings.TrimPrefix(module, "module."), ".")
		by[name] = append(by[name], c.(planText))
	}
	return by
}

// planOf returns the plan of one fixture.
func planOf(plan planText, name string, changes []planText) planText {
	configuration := maps.Clone(plan["configuration"].(planText))
	root := maps.Clone(configuration["root_module"].(planText))
	root["module_calls"] = planText{name: root["module_calls"].(planText)[name]}
	configuration["root_module"] = root
	one := maps.Clone(plan)
	delete(one, "prior_state")
	delete(one, "planned_values")
	one["configuration"], one["resource_changes"] = configuration, changes
	return one
}

// A planCanary replaces strings of values with canaries, and marks them as
// sensitive.
type planCanary struct {
	n     int // strings so far
	only  int // index of the string to replace; -1: all
	embed bool
	other bool
}

// hide returns a value with canaries, and its sensitive marks in a plan's form:
// true, or a list or object that leads to true.
func (c *planCanary) hide(v any) (hidden, sensitive any) {
	switch v := v.(type) {
	case string:
		n := c.n
		c.n++
		if c.only >= 0 && c.only != n {
			return v, false
		}
		if c.embed {
			return v + canary(n, c.other), true
		}
		return canary(n, c.other), true
	case []any:
		values, marks := make([]any, len(v)), make([]any, len(v))
		for i, e := range v {
			values[i], marks[i] = c.hide(e)
		}
		return values, marks
	case planText:
		values, marks := planText{}, planText{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if m, ok := v[name].(planText); ok && c.only < 0 && isMap(name) {
				values[name], marks[name] = c.keys(m), true
				continue
			}
			values[name], marks[name] = c.hide(v[name])
		}
		return values, marks
	}
	return v, false
}

// isMap reports whether an attribute has user-defined keys.
func isMap(name string) bool {
	switch name {
	case "tags", "tags_all", "variables", "dimensions", "triggers", "parameters", "labels":
		return true
	}
	return false
}

// keys returns a map whose keys are canaries as well.
func (c *planCanary) keys(m planText) planText {
	hidden := planText{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		value, _ := c.hide(m[name])
		hidden[canary(c.n, c.other)] = value
		c.n++
	}
	return hidden
}

// changes returns the changes with canaries in their values before and after.
func (c *planCanary) changes(all []planText) []planText {
	hidden := make([]planText, len(all))
	for i, resource := range all {
		change := maps.Clone(resource["change"].(planText))
		for _, when := range []string{"before", "after"} {
			if values, ok := change[when].(planText); ok {
				change[when], change[when+"_sensitive"] = c.hide(values)
			}
		}
		hidden[i] = maps.Clone(resource)
		hidden[i]["change"] = change
	}
	return hidden
}

// TestSecretsOfPlansAreNotShown is the law for sensitive values of a plan.
func TestSecretsOfPlansAreNotShown(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	plan := plannedFixtures(t)
	by := changesByFixture(plan)
	runs, of := 0, sampled()
	for i, name := range slices.Sorted(maps.Keys(by)) {
		if name == "" || i%of.fixtures != 1%of.fixtures {
			continue
		}
		t.Run(name, func(t *testing.T) {
			plain := judgedPlan(t, planOf(plan, name, by[name]))
			count := &planCanary{only: -1}
			count.changes(by[name])
			runs += planHolds(t, plan, name, by[name], plain, planCanary{only: -1}, i, of.fixtures > 1)
			every := of.every(count.n)
			for n := range count.n {
				if (n+i)%every == 0 {
					runs += planHolds(t, plan, name, by[name], plain, planCanary{only: n, embed: n%2 == 0}, i+n, true)
				}
			}
		})
	}
	t.Logf("%d runs", runs)
}

func planHolds(t *testing.T, plan planText, name string, changes []planText, plain *judging, c planCanary, turn int, few bool) int {
	t.Helper()
	one, another := c, c
	another.other = true
	all := judgedPlan(t, planOf(plan, name, one.changes(changes))).everyFormat(t, plain, turn, few)
	others := judgedPlan(t, planOf(plan, name, another.changes(changes))).everyFormat(t, plain, turn, few)
	for i, w := range all {
		if found := shownCanary(w.text); found != "" {
			t.Errorf("string %d: %s has %s:\n%s", c.only, w.format, found, around(w.text))
			return 2
		}
		if !bytes.Equal(w.text, others[i].text) {
			t.Errorf("string %d: %s depends on the secret:\n%s", c.only, w.format, firstDifference(w.text, others[i].text))
			return 2
		}
	}
	return 2
}

func judgedPlan(t testing.TB, plan planText) *judging {
	t.Helper()
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	set, err := tfplan.Load(context.Background(), bytes.NewReader(text), tfplan.Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(fmt.Errorf("the plan of the law is none: %w", err))
	}
	return &judging{os.DirFS(t.TempDir()), set, judgedSet(set)}
}
