package tfconfig

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// TestTrace: the origin of each value, step by step, and the assignment that alone
// decides it.
func TestTrace(t *testing.T) {
	const name = "testdata/trace/values.txtar"
	ar, set, want := loadArchive(t, name)
	var b bytes.Buffer
	for _, r := range set.Roots[0].Resources {
		traceResource(&b, r)
	}
	if *update {
		writeWant(t, name, ar, b.String())
		return
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got; go test ./analyzer/tfconfig -run TestTrace -update rewrites it\n%s", diff)
	}
}

func traceResource(b *bytes.Buffer, r *analyzer.Resource) {
	if r.Mode == analyzer.Account {
		return
	}
	fmt.Fprintln(b, r.Address)
	_ = cty.Walk(r.Values(), func(p cty.Path, v cty.Value) (bool, error) {
		if len(p) == 0 || v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
			return true, nil
		}
		var way []string
		for _, s := range r.Source.Trace(p) {
			way = append(way, fmt.Sprintf("%s %s:%d", s.Name, s.Range.Filename, s.Range.Start.Line))
		}
		fmt.Fprintf(b, "  %s: %s", analyzer.FormatPath(p), strings.Join(way, " < "))
		if s := r.Source.Setting(p); s != nil {
			fmt.Fprintf(b, " = set %s %s:%d", s.Name, s.Range.Filename, s.Range.Start.Line)
		}
		fmt.Fprintln(b)
		return true, nil
	})
}
