package analyzertest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
)

var update = flag.Bool("update", false, "rewrite the calls of the fixtures")

// TestCalls: the root module of the recorded plan calls the current fixtures.
func TestCalls(t *testing.T) {
	const fixtures, plan = "../../fixtures/checks", "../../fixtures/plan"
	want := Calls(t, fixtures, LeftOut(t, filepath.Join(plan, "left-out.txt")))
	name := filepath.Join(plan, "main.tf")
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s does not call every fixture as it is: run fixtures/plan/make.sh (-want +got)\n%s", name, diff)
	}
}

func TestAgree(t *testing.T) {
	const fail, unknown, pass, na = analyzer.Fail, analyzer.Unknown, analyzer.Pass, analyzer.NotApplicable
	tests := []struct {
		source, plan, both analyzer.Verdict
		want               bool
	}{
		{fail, fail, fail, true},
		{fail, unknown, fail, true},
		{unknown, pass, pass, true},
		{unknown, fail, unknown, true},
		{pass, na, na, true},
		{unknown, unknown, unknown, true},
		{fail, unknown, unknown, false},
		{na, unknown, unknown, false},
		{fail, pass, fail, false},
		{pass, fail, pass, false},
		{na, fail, na, false},
		{unknown, fail, pass, false},
		{unknown, unknown, pass, true},
	}
	for _, test := range tests {
		if got := agree(test.source, test.plan, test.both); got != test.want {
			t.Errorf("%s, %s, %s: %t", test.source, test.plan, test.both, got)
		}
	}
}
