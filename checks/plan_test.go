package checks_test

import (
	"compress/gzip"
	"context"
	"os"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/tfplan"
	"github.com/demarc/demarc/checks"
)

// TestPlan judges the plan that Terraform made of all fixtures, called from one
// root, beside their source.
func TestPlan(t *testing.T) {
	plan := recorded(t, "../fixtures/plan/plan.json.gz")
	analyzertest.Plan(t, analyzertest.LoadIn(t, "../fixtures", "plan"), plan, options(), checks.All()...)
	if t.Failed() {
		t.Log("where fixtures have changed since, fixtures/plan/make.sh makes the plan anew")
	}
}

func recorded(t *testing.T, name string) *analyzer.Set {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	set, err := tfplan.Load(context.Background(), text, tfplan.Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
