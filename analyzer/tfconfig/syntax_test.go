package tfconfig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// sources returns the fixtures of checks and of the language, by name.
func sources(t *testing.T) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	for _, dir := range []string{"../../fixtures/checks", "../../fixtures/language", "../../fixtures/quickstart"} {
		err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(name) != ".tf" {
				return err
			}
			text, err := os.ReadFile(name)
			texts[name] = text
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// odd are expressions with every kind of replaced node.
const odd = `
a = var.a + 1
b = -var.a * (local.b - var.c) % 2
c = !var.a && var.b == local.c || var.d > 3
d = var.a ? [for x in var.b : x + var.c if x > local.d] : { for k, v in var.e : k => v - local.f }
e = "${var.a + 1}-${upper(local.b)}%{ if var.c }x%{ endif }"
f = aws_x.a[*].b + [for x in aws_x.c : aws_x.d[var.i + 1].e]
g = unknown_function(var.a, -local.b)
h = {(var.k + 1) = var.v, "${var.l}" = 3}[var.m].n
`

// TestRewriteKeepsReferences: the nodes that replace the library's have the same
// references, for any walk: a trace, the inputs on which a value depends.
func TestRewriteKeepsReferences(t *testing.T) {
	texts := sources(t)
	texts["odd"] = []byte(odd)
	for name, text := range texts {
		before, after := parsed(t, name, text), parsed(t, name, text)
		rewrite(after)
		eachExpression(before, after, func(library, ours hclsyntax.Expression) {
			want, got := names(library.Variables()), names(referencesIn(ours))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s (-library +ours)\n%s", name, library.Range(), diff)
			}
		})
	}
}

func parsed(t *testing.T, name string, text []byte) *hclsyntax.Body {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return f.Body.(*hclsyntax.Body)
}

func eachExpression(a, b *hclsyntax.Body, do func(a, b hclsyntax.Expression)) {
	for name, attr := range a.Attributes {
		do(attr.Expr, b.Attributes[name].Expr)
	}
	for i, nested := range a.Blocks {
		eachExpression(nested.Body, b.Blocks[i].Body, do)
	}
}

func names(refs []hcl.Traversal) []string {
	var all []string
	for _, ref := range refs {
		all = append(all, traversalName(ref))
	}
	slices.Sort(all)
	return all
}

// TestJSONSyntaxAgrees writes fixtures in the JSON syntax, each expression as a
// text: the resources, their references and the causes of their unknowns are the
// same.
func TestJSONSyntaxAgrees(t *testing.T) {
	compared := 0
	for name, text := range sources(t) {
		if strings.HasSuffix(filepath.Dir(name), "quickstart") || bytes.Contains(text, []byte("<<")) || strings.Contains(name, "language") {
			continue // several files, or a heredoc, which has lines
		}
		written, err := json.Marshal(jsonOf(parsed(t, name, text), text, nil))
		if err != nil {
			t.Fatal(err)
		}
		want, got := values(t, "main.tf", text), values(t, "main.tf.json", written)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-native +JSON)\n%s", name, diff)
		}
		compared++
	}
	if compared < 500 {
		t.Errorf("%d files were compared", compared)
	}
}

// jsonOf returns a body in the JSON syntax. The path is the types of the blocks
// around it.
func jsonOf(b *hclsyntax.Body, src []byte, path []string) map[string]any {
	object := map[string]any{}
	for name, a := range b.Attributes {
		object[name] = jsonExpression(a.Expr, src, append(path[:len(path):len(path)], name))
	}
	for _, nested := range b.Blocks {
		at, key := object, nested.Type
		for _, label := range nested.Labels {
			inner, _ := at[key].(map[string]any)
			if inner == nil {
				inner = map[string]any{}
				at[key] = inner
			}
			at, key = inner, label
		}
		list, _ := at[key].([]any)
		at[key] = append(list, jsonOf(nested.Body, src, append(path[:len(path):len(path)], nested.Type)))
	}
	return object
}

// jsonExpression returns a text with the expression, or, where Terraform takes names
// and not values, the names.
func jsonExpression(e hclsyntax.Expression, src []byte, path []string) any {
	text := string(e.Range().SliceBytes(src))
	plain, diags := e.Value(nil)
	constant := !diags.HasErrors() && plain.Type() == cty.String && plain.IsKnown() && !plain.IsNull()
	switch strings.Join(path, ".") {
	case "variable.type", "resource.provider", "data.provider", "moved.from", "moved.to", "removed.from":
		return text
	case "variable.default", "module.source", "module.version", "terraform.required_version", "provider.alias":
		if constant {
			return plain.AsString()
		}
	}
	last := path[len(path)-1]
	if list, ok := e.(*hclsyntax.TupleConsExpr); ok {
		all := []any{}
		for _, element := range list.Exprs {
			if last == "depends_on" || last == "ignore_changes" || last == "replace_triggered_by" || last == "configuration_aliases" {
				all = append(all, string(element.Range().SliceBytes(src)))
				continue
			}
			all = append(all, jsonExpression(element, src, path))
		}
		return all
	}
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok && (slices.Contains(path, "required_providers") || slices.Equal(path, []string{"module", "providers"}) || slices.Equal(path, []string{"variable", "default"})) {
		all := map[string]any{}
		for _, item := range object.Items {
			key := strings.Trim(string(item.KeyExpr.Range().SliceBytes(src)), `"`)
			value := string(item.ValueExpr.Range().SliceBytes(src))
			if path[len(path)-1] == "providers" {
				all[key] = value
				continue
			}
			all[key] = jsonExpression(item.ValueExpr, src, append(path[:len(path):len(path)], key))
		}
		return all
	}
	if last == "ignore_changes" || last == "iterator" {
		return text
	}
	if slices.Contains(path, "required_providers") && constant {
		return plain.AsString()
	}
	if v, diags := e.Value(nil); !diags.HasErrors() && v.Type() != cty.String && v.Type().IsPrimitiveType() && v.IsKnown() && !v.IsNull() {
		if v.Type() == cty.Bool {
			return v.True()
		}
		return json.Number(v.AsBigFloat().Text('f', -1))
	}
	return "${" + text + "}"
}

// values returns the evaluated values of a file, without positions.
func values(t *testing.T, name string, text []byte) []string {
	t.Helper()
	set, err := Load(context.Background(), Options{FS: fstest.MapFS{name: {Data: text}}, Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range set.Diags {
		lines = append(lines, "mistake: "+d.Summary)
	}
	for _, root := range set.Roots {
		for _, r := range root.Resources {
			lines = append(lines, fmt.Sprintf("%s %#v", r.Address, r.Values()))
			var about []string
			for _, ref := range r.Refs {
				about = append(about, fmt.Sprintf("%s refers by %s to %s %s, %v", r.Address, analyzer.FormatPath(ref.At), ref.To, ref.Attr, ref.Sole))
			}
			for _, h := range r.Hidden {
				about = append(about, fmt.Sprintf("%s hides %s: %s %s, %v", r.Address, analyzer.FormatPath(h.At), h.Cause.Kind, h.Cause.Name, h.Decides))
			}
			for _, at := range r.Sensitive {
				about = append(about, fmt.Sprintf("%s has a secret at %s", r.Address, analyzer.FormatPath(at)))
			}
			slices.Sort(about)
			lines = append(lines, about...)
		}
	}
	return lines
}
