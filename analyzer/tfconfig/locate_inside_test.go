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

// TestInside: what a caller of an installed module can change about values in it,
// and about companions.
func TestInside(t *testing.T) {
	const name = "testdata/trace/inside.txtar"
	ar, set, want := loadArchive(t, name)
	var b bytes.Buffer
	for _, f := range ar.Files {
		if f.Name == "ask" {
			for _, line := range strings.Split(strings.TrimSpace(string(f.Data)), "\n") {
				answer(t, &b, set.Roots[0], strings.Fields(line))
			}
		}
	}
	if *update {
		writeWant(t, name, ar, b.String())
		return
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got; go test ./analyzer/tfconfig -run TestInside -update rewrites it\n%s", diff)
	}
}

// answer asks a resource about the value at a path, about companions, or about its
// existence.
func answer(t *testing.T, b *bytes.Buffer, root *analyzer.Root, words []string) {
	r := root.Lookup(words[0])
	if r == nil {
		t.Fatalf("no %s", words[0])
	}
	var at []cty.Path
	var companions []string
	switch words[1] {
	case "companion":
		companions = words[2:]
	case "there":
		at = append(at, nil)
	default:
		var path cty.Path
		for _, n := range strings.Split(words[1], ".") {
			path = path.GetAttr(n)
		}
		at = append(at, path)
	}
	in := r.Source.Inside(at, companions)
	fmt.Fprintf(b, "%s: %s at %s:%d-%d, by %s", strings.Join(words[1:], " "), in.Module,
		in.Range.Filename, in.Range.Start.Line, in.Range.End.Line, strings.Join(in.Inputs, " "))
	if in.Exported {
		b.WriteString(" and by its output")
	}
	b.WriteByte('\n')
}
