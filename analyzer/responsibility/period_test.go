package responsibility

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
)

// TestMonths: an objective with a review interval shorter than a year can be
// attested.
func TestMonths(t *testing.T) {
	got := map[analyzer.Objective]int{}
	for _, o := range Objectives() {
		if m := o.Months(); o.Attestable() && m != 12 {
			got[o.ID] = m
		}
	}
	if diff := cmp.Diff(months, got); diff != "" {
		t.Errorf("months (-table +attestable):\n%s", diff)
	}
}
