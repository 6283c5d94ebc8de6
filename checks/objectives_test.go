package checks_test

import (
	"slices"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/checks"
)

// TestObjectives: every check serves an objective that there is, under a layer
// of it; and what an objective says about how far a configuration shows it is
// so.
func TestObjectives(t *testing.T) {
	served, atHome := map[analyzer.Objective]int{}, map[analyzer.Objective]int{}
	for _, c := range checks.All() {
		o, ok := responsibility.ObjectiveOf(c.Objective)
		switch {
		case !ok:
			t.Errorf("%s: there is no objective %s", c.ID, c.Objective)
		case !o.Under(c.Layer):
			t.Errorf("%s: %s does not stand under %s", c.ID, o.ID, c.Layer)
		}
		served[c.Objective]++
		if ok && c.Layer == o.Layers[0] {
			atHome[c.Objective]++
		}
	}
	for _, o := range responsibility.Objectives() {
		switch {
		case o.Extent == responsibility.Shown && served[o.ID] == 0:
			t.Errorf("%s: a configuration is said to show it, and no check does", o.ID)
		case o.Extent == responsibility.NotShown && served[o.ID] > 0:
			t.Errorf("%s: no configuration is said to show it, and %d checks do", o.ID, served[o.ID])
		}
		if stands := standing(o); stands != (atHome[o.ID] == 0 && !o.Inherited()) {
			t.Errorf("%s: stands without a check: %t, and %d checks serve it under %s", o.ID, stands, atHome[o.ID], o.Layers[0])
		}
	}
}

// standing reports whether the catalogue has an objective stand as a duty
// without a check.
func standing(o responsibility.Objective) bool {
	c := responsibility.Catalogue()
	return slices.Contains(c.Standing(o.Layers[0]), o.ID) ||
		slices.Contains(c.Organisation, analyzer.Subject{Layer: o.Layers[0], Objective: o.ID})
}

// TestObjectiveLayers: every layer of an objective but its home has a check
// that stands there.
func TestObjectiveLayers(t *testing.T) {
	type place struct {
		objective analyzer.Objective
		layer     analyzer.Layer
	}
	stands := map[place]bool{}
	for _, c := range checks.All() {
		stands[place{c.Objective, c.Layer}] = true
	}
	for _, o := range responsibility.Objectives() {
		for _, l := range o.Layers[1:] {
			if o.Extent != responsibility.NotShown && !stands[place{o.ID, l}] {
				t.Errorf("%s: no check stands under %s", o.ID, l)
			}
		}
	}
}
