package checks_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/checks"
)

var update = flag.Bool("update", false, "rewrite the golden files of the fixtures")

const fixtures = "../fixtures/checks"

func options() judge.Options {
	return judge.Options{Defaults: checks.Defaults(), Catalogue: responsibility.Catalogue()}
}

func TestRows(t *testing.T) { analyzertest.Rows(t, checks.All()) }

func TestSchema(t *testing.T) { analyzertest.Schema(t, checks.All(), checks.Defaults()) }

// TestFixtures judges the fixture of every check. A directory is named for
// its check.
func TestFixtures(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			analyzertest.Fixture(t, filepath.Join(fixtures, c.ID), options(), c)
		})
	}
}

func TestNoFixtureWithoutCheck(t *testing.T) {
	known := map[string]bool{}
	for _, c := range checks.All() {
		known[c.ID] = true
	}
	dirs, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !known[d.Name()] {
			t.Errorf("%s is the fixture of no check", d.Name())
		}
	}
}

func TestHide(t *testing.T) {
	if testing.Short() {
		t.Skip("the law is about verdicts; -short is for the race detector")
	}
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			load := func() *analyzer.Set { return analyzertest.Load(t, filepath.Join(fixtures, c.ID)) }
			analyzertest.Hide(t, load, options(), c)
		})
	}
}

func TestRepair(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			analyzertest.Repair(t, filepath.Join(fixtures, c.ID), options(), *update, c)
		})
	}
}

// TestLayers: a check on a layer that the provider owns of every resource that
// it is on would never apply.
func TestLayers(t *testing.T) {
	catalogue := responsibility.Catalogue()
	for _, c := range checks.All() {
		for _, typ := range c.On {
			if !customerHasPart(catalogue, typ, c.Layer) {
				t.Errorf("%s: %s of %s is the provider's under every model", c.ID, c.Layer, typ)
			}
		}
	}
}

func customerHasPart(catalogue analyzer.Catalogue, typ string, layer analyzer.Layer) bool {
	mode, name := analyzer.ModeOf(typ)
	if mode == analyzer.Account {
		return true
	}
	service := catalogue.Service(mode, name)
	if service == nil {
		return mode == analyzer.Data // of no service of AWS: judged all the same
	}
	models := []analyzer.Model{service.Model}
	for _, k := range service.Cases {
		models = append(models, k.Model)
	}
	for _, m := range models {
		if catalogue.CellFor(service, m, layer).Today != analyzer.ProviderOwned {
			return true
		}
	}
	return false
}
