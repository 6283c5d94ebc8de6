package analyzer_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestLayers: a package imports only packages of the layers below its own, as
// docs/architecture.md lists them. Tests may import any package.
func TestLayers(t *testing.T) {
	const module = "github.com/demarc/demarc/"
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(string(page), "```")
	layer := map[string]int{}
	for i, row := range regexp.MustCompile("(?m)^\\| [a-z ]+ \\| (`[^|]*`) \\|").FindAllStringSubmatch(table, -1) {
		for _, name := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(row[1], -1) {
			layer[name[1]] = i + 1
		}
	}
	found := map[string]bool{}
	root := os.DirFS("..")
	err = fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || e.Name() == "analyzertest" || e.Name() == "fixtures" || strings.HasPrefix(e.Name(), ".") && name != "."):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		pkg := path.Dir(name)
		if onlyForTests[pkg] {
			return nil
		}
		found[pkg] = true
		if layer[pkg] == 0 {
			t.Errorf("%s is not in docs/architecture.md", pkg)
			return fs.SkipDir
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			to, ours := strings.CutPrefix(strings.Trim(imported.Path.Value, `"`), module)
			if ours && layer[to] <= layer[pkg] {
				t.Errorf("%s imports %s, which is not in a layer below", name, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range layer {
		if !found[pkg] {
			t.Errorf("docs/architecture.md lists %s, which there is not", pkg)
		}
	}
}

// onlyForTests are packages that only tests import, and commands of contributors.
var onlyForTests = map[string]bool{
	"analyzer/internal/made": true, "analyzer/tfconfig/internal/console": true, "internal/mutate": true,
}
