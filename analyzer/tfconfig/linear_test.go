package tfconfig_test

import (
	"context"
	"testing"

	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// TestLinear: twice the modules, nested thirty deep, are twice the work, measured by
// allocations: everything is evaluated once, and not again for each reader.
func TestLinear(t *testing.T) {
	load := func(modules int) float64 {
		fsys := analyzertest.Nested(modules, 33)
		return testing.AllocsPerRun(1, func() {
			set, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: fsys, Paths: []string{"."}})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(set.Roots[0].Resources); n < modules*33 {
				t.Fatalf("%d resources of %d modules", n, modules)
			}
		})
	}
	few, many := load(60), load(300)
	if ratio := many / few; ratio > 5.5 {
		t.Errorf("five times the modules take %.1f times the allocations", ratio)
	}
}
