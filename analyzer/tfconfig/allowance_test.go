package tfconfig_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest/parity"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// TestAllowance loads the real configurations of real.sh in the folder that
// PARITY_TREE names, each by itself, with and without the data sources of its plan,
// and each repository as a whole: the allowed work is enough, nothing is given up,
// and every trace equals the trace without a bound. It logs the loads that come
// closest to their limits.
func TestAllowance(t *testing.T) {
	tree := os.Getenv("PARITY_TREE")
	if tree == "" {
		t.Skip("PARITY_TREE names no folder made by real.sh")
	}
	var all []spent
	for _, c := range realLoads(t, tree) {
		all = append(all, allowance(t, tree, c)...)
	}
	slices.SortStableFunc(all, func(a, b spent) int { return cmp.Compare(b.share(), a.share()) })
	for _, s := range all[:min(10, len(all))] {
		t.Logf("%5.2f %% of %d units: %s, %d roots, most by %s: %d, again %v; %d a trace",
			100*s.share(), s.Allowed, s.name, s.Roots, s.Root, s.RootWork, s.Again, s.Trace)
	}
	t.Logf("%d loads", len(all))
}

// A realLoad is a load of a configuration that was planned, or of a whole
// repository.
type realLoad struct{ name, dir, plan string }

// realLoads lists the configurations, and their repositories.
func realLoads(t *testing.T, tree string) []realLoad {
	list, err := os.ReadFile(filepath.Join(tree, "configurations.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var loads []realLoad
	whole := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		dir, _, _ := strings.Cut(rest, "\t")
		loads = append(loads, realLoad{name, dir, filepath.Join(tree, "plans", name+".json")})
		repository, below, _ := strings.Cut(dir, "/")
		if repository == "written" || repository == "installed" {
			below, _, _ = strings.Cut(below, "/")
			repository += "/" + below
		}
		if !whole[repository] {
			whole[repository] = true
			loads = append(loads, realLoad{name: "all of " + repository, dir: repository})
		}
	}
	return loads
}

type spent struct {
	name string
	tfconfig.Spending
}

func (s spent) share() float64 { return float64(s.Work) / float64(s.Allowed) }

// allowance loads without a plan, and with its data sources.
func allowance(t *testing.T, tree string, c realLoad) []spent {
	opt := tfconfig.Options{FS: os.DirFS(tree), Dir: tree, Paths: []string{c.dir}}
	found := []spent{bounded(t, c.name, opt)}
	if c.plan != "" {
		opt.Read = answersOf(t, c.plan)
		found = append(found, bounded(t, c.name+" with its plan's answers", opt))
	}
	return found
}

func answersOf(t *testing.T, name string) map[string]cty.Value {
	t.Helper()
	raw, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	plan, err := parity.ReadPlan(raw)
	if err != nil {
		t.Fatal(err)
	}
	read, err := plan.Sources()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// bounded compares a load with a load whose traces have no bound.
func bounded(t *testing.T, name string, opt tfconfig.Options) spent {
	t.Helper()
	set, spending, err := tfconfig.LoadSpending(context.Background(), opt, 0)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	free, _, err := tfconfig.LoadSpending(context.Background(), opt, 1<<50)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, told := range givenUp(set) {
		t.Errorf("%s: %s", name, told)
	}
	wrong, traces := 0, 0
	for i, root := range set.Roots {
		for j, r := range root.Resources {
			for _, at := range leavesOf(r.Values()) {
				traces++
				if got, want := traceOf(r, at), traceOf(free.Roots[i].Resources[j], at); got != want {
					if wrong++; wrong == 1 {
						t.Errorf("%s: %s, %s %s comes by %s, and without a bound by %s", name, root.Dir, r.Address, analyzer.FormatPath(at), got, want)
					}
				}
			}
		}
	}
	if wrong > 1 {
		t.Errorf("%s: %d of %d traces differ, of %d units each", name, wrong, traces, spending.Trace)
	}
	return spent{name, spending}
}

// givenUp returns what a set lacks because the work was exhausted.
func givenUp(set *analyzer.Set) []string {
	var told []string
	tell := func(where string, c analyzer.Cause) {
		if c.Kind == analyzer.CauseBudget {
			told = append(told, fmt.Sprintf("%s is unknown: %s at %s", where, c.Name, c.Range))
		}
	}
	for _, u := range set.Coverage.Unresolved {
		if u.Kind == "budget" {
			told = append(told, fmt.Sprintf("%s %s at %s", u.Name, u.Reason, u.Range))
		}
	}
	told = append(told, set.Coverage.GivenUp...)
	for _, root := range set.Roots {
		for _, e := range root.Elsewhere {
			tell(root.Dir+", elsewhere", e.Because)
		}
		for _, r := range root.Resources {
			for _, c := range r.Number {
				tell(r.Address, c)
			}
			hidden := r.Hidden
			for _, d := range r.Documents {
				hidden = append(hidden[:len(hidden):len(hidden)], d.Hidden...)
			}
			for _, h := range hidden {
				tell(r.Address+" "+analyzer.FormatPath(h.At), h.Cause)
			}
		}
	}
	return told
}

// leavesOf lists all paths that can be traced.
func leavesOf(v cty.Value) []cty.Path {
	var leaves []cty.Path
	_ = cty.Walk(v, func(at cty.Path, part cty.Value) (bool, error) {
		if !part.IsNull() && (!part.IsKnown() || !part.CanIterateElements()) {
			leaves = append(leaves, at.Copy())
		}
		return true, nil
	})
	return leaves
}

func traceOf(r *analyzer.Resource, at cty.Path) string {
	if r.Source == nil {
		return ""
	}
	setting := ""
	if s := r.Source.Setting(at); s != nil {
		setting = fmt.Sprintf(", set as %s at %s", s.Name, s.Range)
	}
	return fmt.Sprint(r.Source.Trace(at), setting)
}
