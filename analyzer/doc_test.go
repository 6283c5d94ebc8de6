package analyzer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// TestExportedNamesAreDocumented: every exported name of every package has a
// comment. Constants and fields may share the comment of their group or line.
func TestExportedNamesAreDocumented(t *testing.T) {
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, src, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			for _, missing := range undocumented(d) {
				t.Errorf("%s: %s has no comment", files.Position(d.Pos()), missing)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func undocumented(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !satisfies(d.Name.Name) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var missing []string
		for _, s := range d.Specs {
			missing = append(missing, undocumentedSpec(d, s)...)
		}
		return missing
	}
	return nil
}

func undocumentedSpec(d *ast.GenDecl, s ast.Spec) []string {
	var missing []string
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
			missing = append(missing, s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil && len(d.Specs) == 1 {
				missing = append(missing, n.Name)
			}
		}
	}
	return missing
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, ok := typ.(*ast.Ident)
	return ok && name.IsExported()
}

// satisfies lists the methods that every Go reader knows.
func satisfies(name string) bool {
	switch name {
	case "String", "Error", "Unwrap", "Len", "Less", "Swap", "MarshalJSON":
		return true
	}
	return false
}
