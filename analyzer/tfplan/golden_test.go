package tfplan

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

var update = flag.Bool("update", false, "write the golden files anew")

// loadFile reads a plan that Terraform made.
func loadFile(t *testing.T, name string) *analyzer.Set {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	set, err := Load(context.Background(), bytes.NewReader(src), Options{Name: filepath.Base(name)})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// golden compares text with a file beside the test.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is stale: go test ./analyzer/tfplan -update\n%s", name, diff)
	}
}

// shown writes everything about a resource except nulls.
func shown(r *analyzer.Resource) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Address, r.Action)
	if r.Previous != "" {
		fmt.Fprintf(&b, ", was at %s", r.Previous)
	}
	b.WriteByte('\n')
	eachLeaf(r.Values(), func(at cty.Path, v cty.Value) {
		place := r.Source.Range(at)
		fmt.Fprintf(&b, "  %s:%d %s = %s\n", place.Filename, place.Start.Line, analyzer.FormatPath(at), plain(v))
	})
	for _, line := range told(r) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}

func plain(v cty.Value) string {
	switch {
	case !v.IsKnown() && v.Type() == cty.DynamicPseudoType:
		return "..."
	case !v.IsKnown():
		return "?"
	}
	return strings.TrimPrefix(v.GoString(), "cty.")
}

// eachLeaf visits the leaves that are not null, in order of names.
func eachLeaf(v cty.Value, visit func(cty.Path, cty.Value)) { leavesAt(nil, v, visit) }

func leavesAt(at cty.Path, v cty.Value, visit func(cty.Path, cty.Value)) {
	switch {
	case v.IsKnown() && v.IsNull():
	case !v.IsKnown(), v.Type().IsPrimitiveType():
		visit(at, v)
	default:
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			step := cty.PathStep(cty.IndexStep{Key: k})
			if v.Type().IsObjectType() {
				step = cty.GetAttrStep{Name: k.AsString()}
			}
			leavesAt(append(at[:len(at):len(at)], step), e, visit)
		}
	}
}

// TestUpdate reads a plan that updates, moves, replaces, deletes and forgets.
func TestUpdate(t *testing.T) {
	root := loadFile(t, "testdata/update.json").Roots[0]
	var got strings.Builder
	for _, r := range root.Resources {
		got.WriteString(shown(r))
		if r.Prior != nil {
			got.WriteString("  before the plan:\n  " + strings.ReplaceAll(strings.TrimSpace(shown(r.Prior)), "\n", "\n  ") + "\n")
		}
	}
	golden(t, "testdata/update.golden", got.String())
}

// TestJoin reads a plan alone, and joined with its source.
func TestJoin(t *testing.T) {
	plan := loadFile(t, "testdata/join/plan.json")
	source, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: os.DirFS("testdata"), Paths: []string{"join"}})
	if err != nil {
		t.Fatal(err)
	}
	joined := Join(plan, source)
	var got strings.Builder
	for _, set := range []*analyzer.Set{plan, joined} {
		fmt.Fprintf(&got, "# %s of %s\n", set.Roots[0].Plan, set.Roots[0].Dir)
		for _, r := range set.Roots[0].Resources {
			got.WriteString(shown(r))
		}
		for _, u := range set.Coverage.Unresolved {
			fmt.Fprintf(&got, "%s %s: %s\n", u.Kind, u.Name, u.Reason)
		}
	}
	golden(t, "testdata/join.golden", got.String())
}
