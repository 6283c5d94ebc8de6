package tfconfig

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// TestConformity loads the configurations with which Terraform and OpenTofu test
// their own loading, in checkouts that TERRAFORM_SRC and OPENTOFU_SRC name: a valid
// configuration gives no error, and a syntax error gives the same error at the same
// place. Nothing may panic.
func TestConformity(t *testing.T) {
	for _, src := range []string{"TERRAFORM_SRC", "OPENTOFU_SRC"} {
		dir := os.Getenv(src)
		if dir == "" {
			t.Logf("%s names no checkout", src)
			continue
		}
		testdata := os.DirFS(path.Join(dir, "internal/configs/testdata"))
		for _, folder := range []string{"valid-files", "invalid-files"} {
			t.Run(src+"/"+folder, func(t *testing.T) { conformFiles(t, testdata, folder) })
		}
		for _, folder := range []string{"valid-modules", "invalid-modules"} {
			t.Run(src+"/"+folder, func(t *testing.T) { conformModules(t, testdata, folder) })
		}
		t.Run(src+"/all", func(t *testing.T) { conformAll(t, os.DirFS(path.Join(dir, "internal"))) })
	}
}

// conformFiles loads each file of a folder in a directory of its own.
func conformFiles(t *testing.T, testdata fs.FS, folder string) {
	entries, err := fs.ReadDir(testdata, folder)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.IsDir() || !isConfig(e.Name()) {
			continue
		}
		text, err := fs.ReadFile(testdata, path.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		n++
		t.Run(e.Name(), func(t *testing.T) {
			files := fstest.MapFS{e.Name(): {Data: text}}
			loadsAs(t, files, ".", strings.HasPrefix(folder, "valid"))
		})
	}
	t.Logf("%d files", n)
}

// conformModules loads each directory of a folder.
func conformModules(t *testing.T, testdata fs.FS, folder string) {
	entries, err := fs.ReadDir(testdata, folder)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		n++
		t.Run(e.Name(), func(t *testing.T) {
			loadsAs(t, testdata, path.Join(folder, e.Name()), strings.HasPrefix(folder, "valid"))
		})
	}
	t.Logf("%d modules", n)
}

func loadsAs(t *testing.T, files fs.FS, dir string, valid bool) {
	set, err := Load(context.Background(), Options{FS: files, Paths: []string{dir}})
	if err != nil {
		if valid && err != ErrNothing {
			t.Error(err)
		}
		return
	}
	if valid {
		for _, d := range set.Diags.Errs() {
			t.Error(d)
		}
		if set.Coverage.Broken {
			t.Error("a file was not read")
		}
	}
	for _, want := range syntaxErrors(t, files, dir) {
		if !slices.Contains(places(set.Diags), want) {
			t.Errorf("missing %s in %v", want, places(set.Diags))
		}
	}
	_ = judgeNothing(set)
}

// judgeNothing requests every value, which panics if a value is malformed.
func judgeNothing(set *analyzer.Set) *judge.Report {
	return judge.Run(context.Background(), set, nil, judge.Options{})
}

func places(diags hcl.Diagnostics) []string {
	var list []string
	for _, d := range diags {
		if d.Subject != nil {
			list = append(list, fmt.Sprintf("%s:%d:%d %s", d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column, d.Summary))
		}
	}
	return list
}

// syntaxErrors returns the errors of the library's parsers, which are Terraform's
// own.
func syntaxErrors(t *testing.T, files fs.FS, dir string) []string {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	var found hcl.Diagnostics
	for _, name := range configFiles(names) {
		file := path.Join(dir, name)
		text, err := fs.ReadFile(files, file)
		if err != nil {
			continue // a dangling link
		}
		var diags hcl.Diagnostics
		if strings.HasSuffix(name, ".json") {
			_, diags = json.Parse(text, file)
		} else {
			_, diags = hclsyntax.ParseConfig(text, file, hcl.InitialPos)
		}
		for _, d := range diags {
			if d.Severity == hcl.DiagError {
				found = append(found, d)
			}
		}
	}
	if len(found) > mostMistakes {
		found = found[:mostMistakes]
	}
	return places(found)
}

// conformAll loads every configuration below a checkout's internal folder, each as a
// root: none may panic.
func conformAll(t *testing.T, internal fs.FS) {
	dirs := map[string]bool{}
	err := fs.WalkDir(internal, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && isConfig(name) {
			dirs[path.Dir(name)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	broken := 0
	for _, dir := range sortedKeys(dirs) {
		set, err := Load(context.Background(), Options{FS: internal, Paths: []string{dir}})
		if err != nil {
			continue
		}
		judgeNothing(set)
		if set.Diags.HasErrors() {
			broken++
			t.Logf("%s: %v", dir, places(set.Diags))
		}
	}
	t.Logf("%d directories, %d with errors", len(dirs), broken)
}
