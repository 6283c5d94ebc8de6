package tfconfig

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// TestEditsOfOneBlock: two assignments to one missing block are added together;
// blocks that share only their outermost part are not.
func TestEditsOfOneBlock(t *testing.T) {
	files := fstest.MapFS{"main.tf": {Data: []byte("resource \"aws_x\" \"a\" {\n  name = \"a\"\n}\n")}}
	set, err := Load(context.Background(), Options{FS: files, Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	var source analyzer.Source
	for _, r := range set.Roots[0].Resources {
		if r.Mode == analyzer.Managed {
			source = r.Source
		}
	}
	assign := func(path string) analyzer.Assign {
		return analyzer.Assign{Path: analyzer.ParsePath(path), Value: cty.True}
	}
	for _, tt := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"one", []string{"b.x"}, []string{"  b {\n    x = true\n  }\n"}},
		{"siblings", []string{"b.x", "b.y"}, []string{"  b {\n    x = true\n    y = true\n  }\n"}},
		{"deep siblings", []string{"b.c.x", "b.c.y"}, []string{"  b {\n    c {\n      x = true\n      y = true\n    }\n  }\n"}},
		{"two blocks", []string{"b.x", "c.x"}, []string{"  b {\n    x = true\n  }\n", "  c {\n    x = true\n  }\n"}},
		{"cousins", []string{"b.x", "b.c.y"}, nil},
	} {
		var assigns []analyzer.Assign
		for _, p := range tt.paths {
			assigns = append(assigns, assign(p))
		}
		var got []string
		for _, e := range source.Edits(assigns) {
			got = append(got, e.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}
