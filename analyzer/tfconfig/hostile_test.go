package tfconfig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/demarc/demarc/analyzer"
)

// loadText loads one file. It must always end, and never panic.
func loadText(t *testing.T, name, text string) *analyzer.Set {
	t.Helper()
	set, err := Load(context.Background(), Options{
		FS: fstest.MapFS{name: {Data: []byte(text)}, "ok.tf": {Data: []byte(`resource "aws_sqs_queue" "ok" {}`)}}, Paths: []string{"."},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range set.Roots {
		if root.Lookup("aws_sqs_queue.ok") != nil {
			return set
		}
	}
	t.Error("what could be analysed was not")
	return set
}

// TestHostile loads input that is made to stop an analyzer. Each file gives a
// diagnostic or a coverage note, and the rest is still loaded.
func TestHostile(t *testing.T) {
	const deep = 100_000
	tests := map[string]struct{ name, text, says string }{
		"brackets":          {"a.tf", "locals {\n  a = " + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "\n}", "Too deeply nested"},
		"open brackets":     {"a.tf", "locals {\n  a = " + strings.Repeat("(", deep), "Too deeply nested"},
		"negations":         {"a.tf", "locals {\n  a = " + strings.Repeat("!", 10*deep) + "true\n}", "Too deeply nested"},
		"a negation more":   {"a.tf", "locals {\n  a = " + strings.Repeat("!", deepestInput+1) + "true\n}", "Too deeply nested"},
		"minus signs":       {"a.tf", "locals {\n  a = " + strings.Repeat("- ", deep) + "1\n}", "Too deeply nested"},
		"templates":         {"a.tf", "locals {\n  a = " + strings.Repeat(`"${`, deep) + "1" + strings.Repeat(`}"`, deep) + "\n}", "Too deeply nested"},
		"conditionals":      {"a.tf", "locals {\n  a = " + strings.Repeat("true ? 1 : ", deep) + "1\n}", "Too deeply nested"},
		"blocks":            {"a.tf", strings.Repeat("a {\n", deep) + strings.Repeat("}\n", deep), "Too deeply nested"},
		"traversal":         {"a.tf", "locals {\n  a = var" + strings.Repeat("[0]", deep) + "\n}", ""},
		"additions":         {"a.tf", "locals {\n  a = 1" + strings.Repeat(" + 1", deep) + "\n}", "Too deeply nested"},
		"directives":        {"a.tf", "locals {\n  a = \"" + strings.Repeat("%{ if true }", deep) + "\"\n}", "Too deeply nested"},
		"json brackets":     {"a.tf.json", `{"locals": {"a": ` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "}}", "Too deeply nested"},
		"json templates":    {"a.tf.json", `{"locals": {"a": "` + strings.Repeat("${[", deep) + `"}}`, "Too deeply nested"},
		"json text":         {"a.tf.json", `{"locals": {"a": "${` + strings.Repeat("[", deep) + `"}}`, "Too deeply nested"},
		"json escapes":      {"a.tf.json", `{"locals": {"a": "${` + strings.Repeat(`\u005b`, deep) + `"}}`, "Too deeply nested"},
		"json lines":        {"a.tf.json", `{"locals": {"a": "` + strings.Repeat(`x\n`, deep) + `"}}`, "Text too long"},
		"heredoc":           {"a.tf", "locals {\n  a = <<EOT\n" + strings.Repeat("x\n", deep) + "EOT\n}", "Text too long"},
		"heredoc of parts":  {"a.tf", "locals {\n  a = <<-EOT\n" + strings.Repeat("  ${1}\n", deep) + "EOT\n}", "Text too long"},
		"escapes":           {"a.tf", "locals {\n  a = \"" + strings.Repeat("$${", deep) + "\"\n}", "Text too long"},
		"name of parts":     {"a.tf", "locals {\n  a = " + strings.Repeat("a::", deep) + "a()\n}", "Too deeply nested"},
		"numbers":           {"a.tf", "locals {\n  a = [" + strings.Repeat("1,", mostWords/2+1) + "]\n}", "Too large"},
		"numbers in json":   {"a.tf.json", `{"locals": {"a": [` + strings.Repeat("1,", mostWords/2+1) + "1]}}", "Too large"},
		"count":             {"a.tf", `resource "aws_sqs_queue" "a" { count = 1000000000 }`, "too large"},
		"count in text":     {"a.tf", `resource "aws_sqs_queue" "a" { count = "1000000000" }`, "too large"},
		"huge exponent":     {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = tostring(1e100000000)\n}", ""},
		"for in for":        {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]])\n}", "is used up"},
		"setproduct":        {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = length(setproduct(range(1000), range(1000), range(1000)))\n}", ""},
		"indent":            {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = indent(1000000000, \"a\\nb\")\n}", ""},
		"doubling":          {"a.tf", doubling(60) + "resource \"aws_sqs_queue\" \"a\" {\n  name = local.a59\n}", ""},
		"cycle":             {"a.tf", "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"a\" {\n  name = local.a\n}", "depends on itself"},
		"own reference":     {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = aws_sqs_queue.a.arn\n}", "depends on itself"},
		"unknown function":  {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = bake(\"x\")\n}", "not known to demarc"},
		"provider function": {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = provider::aws::user_agent_of(\"x\")\n}", "not known to demarc"},
		"undeclared":        {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = var.none\n}", "not declared"},
		"calls itself":      {"a.tf", "module \"a\" {\n  source = \"./\"\n}", "calls itself"},
		"leads out":         {"a.tf", "module \"a\" {\n  source = \"../../elsewhere\"\n}", "leads out of the repository"},
		"not installed":     {"a.tf", "module \"a\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}", "terraform init"},
		"reads elsewhere":   {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = file(\"../../../etc/passwd\")\n}", ""},
		"reads absolutely":  {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  name = file(\"/etc/passwd\")\n}", ""},
		"syntax":            {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n", "Unclosed"},
		"bytes":             {"a.tf", "\xff\xfe\x00\x01", "Invalid"},
		"noise":             {"a.tf", strings.Repeat("\x01 \x02\n", 1000), "more mistakes in this file"},
		"no name":           {"a.tf", "resource \"aws_sqs_queue\" {}", "This resource block is not read"},
		"no source":         {"a.tf", "module \"a\" {}", "it has no source"},
		"odd resource":      {"a.tf", "resource {}\nresource \"a\" {}\nresource \"\" \"\" {}\nvariable {}\nmodule \"m\" {}\nprovider {}\noutput \"o\" {}", ""},
		"odd dynamic":       {"a.tf", "resource \"aws_security_group\" \"a\" {\n  dynamic \"ingress\" {}\n  dynamic {}\n  dynamic \"egress\" {\n    for_each = 1\n    content {}\n  }\n}", ""},
		"odd for_each":      {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  for_each = [1, 2]\n}\nresource \"aws_sqs_queue\" \"b\" {\n  for_each = null\n}\nresource \"aws_sqs_queue\" \"c\" {\n  count = -1\n}", ""},
		"odd types":         {"a.tf", "resource \"aws_sqs_queue\" \"a\" {\n  tags = [1]\n  name = {}\n}\nresource \"aws_s3_bucket\" \"b\" {\n  lifecycle_rule = 3\n}", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := describe(loadText(t, tt.name, tt.text), nil)
			if !strings.Contains(got, tt.says) {
				t.Errorf("nothing says %q:\n%.2000s", tt.says, got)
			}
		})
	}
}

// doubling returns a chain of locals, each twice as long as the previous one.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("locals {\n  a0 = \"xxxxxxxxxxxxxxxx\"\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "  a%d = \"${local.a%d}${local.a%d}\"\n", i, i-1, i-1)
	}
	b.WriteString("}\n")
	return b.String()
}

// TestNest: nested modules, ten levels and more.
func TestNest(t *testing.T) {
	for _, levels := range []int{10, 39, 60} {
		files := fstest.MapFS{}
		dir := "."
		for i := range levels {
			text := fmt.Sprintf("module \"m\" {\n  source = \"./m%d\"\n  name   = var.name\n}\nvariable \"name\" {\n  default = \"deep\"\n}\n", i)
			files[filepath.ToSlash(filepath.Join(dir, "main.tf"))] = &fstest.MapFile{Data: []byte(text)}
			dir = filepath.ToSlash(filepath.Join(dir, fmt.Sprintf("m%d", i)))
		}
		files[dir+"/main.tf"] = &fstest.MapFile{Data: []byte("variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n}\n")}
		set, err := Load(context.Background(), Options{FS: files, Paths: []string{"."}})
		if err != nil {
			t.Fatal(err)
		}
		got := describe(set, nil)
		if levels < deepestModule && !strings.Contains(got, `name = "deep"`) {
			t.Errorf("%d levels: the innermost resource is not known:\n%s", levels, got)
		}
		if levels > deepestModule && !strings.Contains(got, "nested too deeply") {
			t.Errorf("%d levels: nothing says so:\n%s", levels, got)
		}
	}
}

// TestLinkOut: a link that leads out of the repository is not followed, and is
// reported.
func TestLinkOut(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret.tf"), `resource "aws_sqs_queue" "secret" {}`)
	write(t, filepath.Join(dir, "main.tf"), `resource "aws_sqs_queue" "ok" {}`)
	if err := os.Symlink(filepath.Join(outside, "secret.tf"), filepath.Join(dir, "link.tf")); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	set, err := Load(context.Background(), Options{FS: root.FS(), Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	got := describe(set, nil)
	if strings.Contains(got, "secret {") || strings.Contains(got, "aws_sqs_queue.secret") || !strings.Contains(got, "leads out of the repository") {
		t.Error(got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestMostMistakes: a binary file has a few diagnostics, in order.
func TestMostMistakes(t *testing.T) {
	set := loadText(t, "a.tf", strings.Repeat("\x01 \x02\n", 1000))
	if got := len(set.Diags); got != mostMistakes+1 {
		t.Errorf("%d diagnostics, want %d", got, mostMistakes+1)
	}
	if last := set.Diags[len(set.Diags)-1]; !strings.Contains(last.Summary, "more mistakes") {
		t.Errorf("the last is %s", last)
	}
}
