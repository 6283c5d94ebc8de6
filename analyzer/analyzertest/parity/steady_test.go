package parity

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// TestSteady loads each fixture of the language again and again: what comes out
// is the same to the byte, with every unknown, its cause and its order. The
// library walks maps and sets in random order in places.
func TestSteady(t *testing.T) {
	entries, err := os.ReadDir(language)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			opt := arguments(t, filepath.Join(language, e.Name())).options()
			opt.FS, opt.Paths, opt.Parser = os.DirFS(language), []string{e.Name()}, &tfconfig.Parser{}
			first := dump(t, opt)
			for range 20 {
				if diff := cmp.Diff(first, dump(t, opt)); diff != "" {
					t.Fatalf("(-first +later)\n%s", diff)
				}
			}
		})
	}
}

// dump is all that a load gives, as lines.
func dump(t *testing.T, opt tfconfig.Options) []string {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range set.Diags {
		lines = append(lines, d.Error())
	}
	lines = append(lines, strings.Split(fmt.Sprintf("%+v", set.Coverage), "} {")...)
	for _, root := range set.Roots {
		for _, r := range root.Resources {
			lines = append(lines, r.Address, fmt.Sprintf("%#v", r.Values()))
			for _, h := range r.Hidden {
				lines = append(lines, fmt.Sprint("hidden ", analyzer.FormatPath(h.At), h.Cause, h.Decides))
			}
			for _, ref := range r.Refs {
				lines = append(lines, fmt.Sprint("ref ", analyzer.FormatPath(ref.At), ref.To, ref.Attr, ref.Sole))
			}
		}
	}
	return lines
}
