package analyzer

import "testing"

// TestMatchesPath: paths are matched as the globs of exclude and of environments
// are.
func TestMatchesPath(t *testing.T) {
	for _, tt := range []struct {
		glob, name string
		want       bool
	}{
		{"envs/{prod,dev}", "envs/dev", true},
		{"envs/*", "envs/dev", true},
		{"envs/*", "envs/deep/x", false},
		{"envs/**", "envs/deep/x", true},
		{"**/x.tf", "x.tf", true},
		{"envs/[", "envs/[", false},
	} {
		if got := MatchesPath([]string{tt.glob}, tt.name); got != tt.want {
			t.Errorf("%s matches %s: %v", tt.glob, tt.name, got)
		}
	}
	if !MatchesPath(nil, "x") {
		t.Error("no globs match nothing")
	}
}
