package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/schema"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// The law about secrets: if a string of a configuration is secret, in any of the
// possible ways, no report contains it or depends on it. Every fixture is rewritten,
// leaf by leaf and all leaves at once, with a canary instead of a string, and
// written in every format of report.Formats. No report may contain the canary, and
// another canary must give the same bytes: this also finds a digest, a length or an
// order of secrets.

// A sample is the part of the law that runs: one fixture of so many, in each one
// leaf of so many up to a bound, and all leaves at once by one way of so many. The
// whole takes hours.
type sample struct{ fixtures, leaves, most, ways int }

var wholeLaw = flag.Bool("whole", false, "the law about secrets for every leaf of every fixture, by every way")

func sampled() sample {
	if *wholeLaw {
		return sample{1, 1, 1 << 20, 1}
	}
	return usualSample
}

// every returns n for a test of one leaf in n.
func (s sample) every(leaves int) int { return max(s.leaves, leaves/s.most) }

// --- canaries

// canary returns a text that no report contains by itself. The two canaries of a
// number differ at the end, where neither an order nor a length shows it.
func canary(n int, other bool) string {
	end := "Qa7"
	if other {
		end = "Qb9"
	}
	return fmt.Sprintf("zQ%04dxCanary%s", n, end)
}

// canaryPattern finds a canary, or most of one, in any format's encoding.
var canaryPattern = regexp.MustCompile(`(?i)zq\d{4}x`)

// shownCanary returns a canary that a text contains: as it is, over several lines,
// or encoded.
func shownCanary(text []byte) string {
	if found := canaryPattern.Find(text); found != nil {
		return string(found)
	}
	joined := spaces.ReplaceAll(colours.ReplaceAll(text, nil), nil)
	if found := canaryPattern.Find(joined); found != nil {
		return "over several lines: " + string(found)
	}
	for shift := range 3 { // base64 of "xCanary", for each position in a group of three
		encoded := base64.StdEncoding.EncodeToString([]byte("...xCanary..."[shift:]))
		if from := 4; bytes.Contains(joined, []byte(encoded[from:from+8])) {
			return "base64: " + encoded[from:from+8]
		}
	}
	return ""
}

var (
	spaces  = regexp.MustCompile(`[\s│]+|\\n`)
	colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)
)

// --- the strings of a fixture

// A leaf is a string that is written in a fixture, or the key of an object.
type leaf struct {
	file       string
	start, end int // of the expression
	text       string
	key        bool
	sensitive  bool // the provider declares the attribute sensitive
	body       int  // start of the body of its resource; 0: it has count or for_each, or belongs to none
}

// leavesOf returns the strings of a fixture that an expression could replace.
func leavesOf(t testing.TB, files fstest.MapFS) []leaf {
	t.Helper()
	var names []string
	for name := range files {
		if strings.HasSuffix(name, ".tf") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var found []leaf
	for _, name := range names {
		f, diags := hclsyntax.ParseConfig(files[name].Data, name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		w := &leafWalker{file: name}
		for _, b := range f.Body.(*hclsyntax.Body).Blocks {
			switch b.Type {
			case "resource", "data":
				w.spec, w.begin = schema.Resource("hashicorp/aws", b.Labels[0]), b.OpenBraceRange.End.Byte
				if b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil {
					w.begin = 0
				}
				w.body(b.Body)
				w.spec, w.begin = nil, 0
			case "locals", "module", "provider", "output":
				w.body(b.Body)
			}
		}
		found = append(found, w.found...)
	}
	return found
}

type leafWalker struct {
	file      string
	spec      *schema.Block // of the resource; nil: none
	begin     int           // of its body
	sensitive bool
	found     []leaf
}

func (w *leafWalker) body(b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		switch a.Name {
		case "provider", "depends_on", "providers", "version", "ignore_changes", "replace_triggered_by", "alias":
			continue
		}
		w.sensitive = w.spec != nil && w.spec.Attribute(a.Name) != nil && w.spec.Attribute(a.Name).Sensitive
		_ = hclsyntax.Walk(a.Expr, w)
	}
	w.sensitive = false
	for _, nested := range b.Blocks {
		if nested.Type != "lifecycle" && nested.Type != "provisioner" && nested.Type != "connection" {
			w.body(nested.Body)
		}
	}
}

func (w *leafWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.ObjectConsKeyExpr:
		if tmpl, ok := n.Wrapped.(*hclsyntax.TemplateExpr); ok && tmpl.IsStringLiteral() || hcl.ExprAsKeyword(n) != "" {
			v, _ := n.Value(nil)
			w.add(n.Range(), v.AsString(), true)
		}
	case *hclsyntax.TemplateExpr:
		if n.IsStringLiteral() {
			v, _ := n.Value(nil)
			w.add(n.Range(), v.AsString(), false)
		}
	}
	return nil
}

func (w *leafWalker) Exit(hclsyntax.Node) hcl.Diagnostics { return nil }

func (w *leafWalker) add(r hcl.Range, text string, key bool) {
	for _, known := range w.found {
		if known.start <= r.Start.Byte && r.End.Byte <= known.end {
			return // the key's own text
		}
	}
	w.found = append(w.found, leaf{w.file, r.Start.Byte, r.End.Byte, text, key, w.sensitive, w.begin})
}

// --- the ways in which a string is secret

// A hiding is a way in which a string becomes a secret.
type hiding struct {
	name    string
	expr    func(n int) string               // the replacement of the string
	declare func(n int, value string) string // in the module of the leaf
	environ bool                             // the value is in the environment
	tfvars  bool                             // or in a file of values
	fits    func(leaf) bool                  // nil: every leaf
	each    func(n int) string               // for_each of the leaf's resource; nil: none
	inPlace bool                             // the string stays where it is
}

func varOf(n int) string { return fmt.Sprintf("var.canary_%d", n) }

func sensitiveVariable(n int, value string) string {
	return fmt.Sprintf("variable \"canary_%d\" {\n  type = string\n  sensitive = true\n  default = %q\n}\n", n, value)
}

func atRoot(l leaf) bool { return path.Dir(l.file) == "." }

func value(l leaf) bool { return !l.key }

func expandable(l leaf) bool { return !l.key && l.body > 0 }

var hidings = []hiding{
	{name: "sensitive variable", expr: varOf, declare: sensitiveVariable},
	{name: "sensitive variable in a file", tfvars: true, expr: varOf, fits: atRoot, declare: func(n int, _ string) string {
		return fmt.Sprintf("variable \"canary_%d\" {\n  type = string\n  sensitive = true\n}\n", n)
	}},
	{name: "TF_VAR_", environ: true, expr: varOf, fits: atRoot, declare: func(n int, _ string) string {
		return fmt.Sprintf("variable \"canary_%d\" {\n  type = string\n}\n", n)
	}},
	{name: "sensitive by schema", expr: func(n int) string { return fmt.Sprintf("aws_ssm_parameter.canary_%d.value", n) }, declare: func(n int, value string) string {
		return fmt.Sprintf("resource \"aws_ssm_parameter\" \"canary_%d\" {\n  name = \"canary\"\n  type = \"SecureString\"\n  value = %q\n}\n", n, value)
	}},
	{name: "by name", expr: func(n int) string { return fmt.Sprintf("var.canary_%d_password", n) }, declare: func(n int, value string) string {
		return fmt.Sprintf("variable \"canary_%d_password\" {\n  type = string\n  default = %q\n}\n", n, value)
	}},
	{name: "index of a map", expr: func(n int) string { return fmt.Sprintf("{ (var.canary_%d) = var.canary_%d }[var.canary_%d]", n, n, n) }, declare: sensitiveVariable, fits: value},
	{name: "index of a local", expr: func(n int) string { return fmt.Sprintf("local.canary_%d[var.canary_%d]", n, n) }, fits: value, declare: func(n int, value string) string {
		return sensitiveVariable(n, value) + fmt.Sprintf("locals {\n  canary_%d = { (var.canary_%d) = var.canary_%d, other = \"x\" }\n}\n", n, n, n)
	}},
	{name: "element", expr: func(n int) string { return fmt.Sprintf("[for k, v in toset([var.canary_%d]) : k][0]", n) }, declare: sensitiveVariable, fits: value},
	{name: "sensitive by schema, in place", inPlace: true, fits: func(l leaf) bool { return l.sensitive && !l.key }},
	{name: "for_each over a set", expr: func(int) string { return "each.value" }, declare: sensitiveVariable, fits: expandable,
		each: func(n int) string { return fmt.Sprintf("toset([var.canary_%d, \"x\"])", n) }},
	{name: "for_each over a map", expr: func(int) string { return "each.key" }, declare: sensitiveVariable, fits: expandable,
		each: func(n int) string { return fmt.Sprintf("{ (var.canary_%d) = 1, x = 2 }", n) }},
	{name: "for_each over sensitive values", expr: func(int) string { return "each.value" }, declare: sensitiveVariable, fits: expandable,
		each: func(n int) string { return fmt.Sprintf("{ a = var.canary_%d, b = \"x\" }", n) }},
	{name: "for_each over TF_VAR_", environ: true, expr: func(int) string { return "each.value" }, fits: func(l leaf) bool { return expandable(l) && atRoot(l) },
		declare: func(n int, _ string) string { return fmt.Sprintf("variable \"canary_%d\" {\n  type = string\n}\n", n) },
		each:    func(n int) string { return fmt.Sprintf("toset([var.canary_%d, \"x\"])", n) }},
	{name: "output of a module", expr: func(n int) string { return fmt.Sprintf("module.canary_%d.out", n) }, fits: atRoot, declare: func(n int, value string) string {
		return sensitiveVariable(n, value) + fmt.Sprintf("module \"canary_%d\" {\n  source = \"./canary\"\n  in = var.canary_%d\n}\n", n, n)
	}},
}

// disguised returns a fixture in which canaries replace leaves, with the environment
// that gives their values.
func disguised(files fstest.MapFS, h hiding, leaves []leaf, embed, other bool) (fstest.MapFS, map[string]string) {
	changed := fstest.MapFS{}
	for name, f := range files {
		changed[name] = f
	}
	environ, tfvars := map[string]string{}, ""
	declared := map[string]string{}
	byFile := map[string][]int{}
	for n, l := range leaves {
		text := canary(n, other)
		if embed {
			text = l.text + text
		}
		dir := path.Dir(l.file)
		if h.declare != nil {
			declared[dir] += h.declare(n, text)
		}
		if h.environ {
			environ[fmt.Sprintf("TF_VAR_canary_%d", n)] = text
		}
		if h.tfvars {
			tfvars += fmt.Sprintf("canary_%d = %q\n", n, text)
		}
		byFile[l.file] = append(byFile[l.file], n)
	}
	for name, ns := range byFile {
		sort.Slice(ns, func(i, j int) bool { return leaves[ns[i]].start > leaves[ns[j]].start })
		src := string(files[name].Data)
		for _, n := range ns {
			l := leaves[n]
			src = src[:l.start] + h.standIn(n, l, embed, other) + src[l.end:]
			if last := n == 0 || leaves[n-1].body != l.body; h.each != nil && last {
				src = src[:l.body] + "\n  for_each = " + h.each(n) + src[l.body:]
			}
		}
		changed[name] = &fstest.MapFile{Data: []byte(src)}
	}
	for dir, text := range declared {
		changed[path.Join(dir, "zz_canary.tf")] = &fstest.MapFile{Data: []byte(text)}
	}
	if tfvars != "" {
		changed["zz_canary.auto.tfvars"] = &fstest.MapFile{Data: []byte(tfvars)}
	}
	changed["canary/main.tf"] = &fstest.MapFile{Data: []byte("variable \"in\" {}\noutput \"out\" {\n  value = var.in\n  sensitive = true\n}\n")}
	return changed, environ
}

// standIn returns the replacement of a leaf.
func (h hiding) standIn(n int, l leaf, embed, other bool) string {
	switch {
	case h.inPlace && embed:
		return fmt.Sprintf("%q", l.text+canary(n, other))
	case h.inPlace:
		return fmt.Sprintf("%q", canary(n, other))
	case l.key:
		return "(" + h.expr(n) + ")"
	}
	return h.expr(n)
}

// --- every format

// A written is the output of one format.
type written struct {
	format string
	text   []byte
}

// A judging is the data of one run for the law.
type judging struct {
	fsys   fs.FS
	set    *analyzer.Set
	report *judge.Report
}

func judgedIn(t testing.TB, files fs.FS, environ map[string]string) *judging {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: files, Paths: []string{"."}, Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	return &judging{files, set, judgedSet(set)}
}

func judgedSet(set *analyzer.Set) *judge.Report {
	known := builtin()
	return judge.Run(context.Background(), set, known.checks, judge.Options{
		Today: analyzertest.Today, Catalogue: responsibility.Catalogue(), Defaults: known.defaults, All: true,
	})
}

// everyFormat writes the judged configuration in every format; for few leaves only
// in JSON, which has most of the content, and two more in turn. Frameworks and
// matrix columns always take turns.
func (j *judging) everyFormat(t testing.TB, before *judging, turn int, few bool) []written {
	t.Helper()
	opt := report.Options{
		Read:    func(name string) ([]byte, error) { return fs.ReadFile(j.fsys, name) },
		ShowAll: true, Version: "0.0.0", Today: analyzertest.Today, Width: 72, Color: turn%2 == 1, FailOn: analyzer.Low,
		Frameworks: responsibility.RequirementsOf,
	}
	frameworks := responsibility.Frameworks()
	kinds := matrix.AllBy()
	m := matrix.New(j.report, responsibility.Catalogue(), kinds[turn%len(kinds)])
	byService := matrix.New(j.report, responsibility.Catalogue(), matrix.ByService)
	subject := report.Subject{
		Report: j.report, Matrix: m, Audit: audit.Of(byService, frameworks[turn%len(frameworks)]),
		Diff:  compare.Reports(compare.Side{Report: before.report, Dir: "."}, compare.Side{Report: j.report, Dir: "."}, responsibility.Catalogue()),
		Names: report.Names{Kind: "directories", Old: "a", New: "b"},
	}
	var all []written
	formats := report.Formats()
	for i, f := range formats {
		if first := turn % len(formats); few && i != first && i != (first+7)%len(formats) && (f.Kind != report.OfScan || f.Name != "json") {
			continue
		}
		var out bytes.Buffer
		if err := f.Write(&out, subject, opt); err != nil {
			t.Fatalf("%s %s: %v", f.Kind, f.Name, err)
		}
		all = append(all, written{string(f.Kind) + " " + f.Name, out.Bytes()})
	}
	return all
}

// --- the law

// fixturesOfLaw returns the directories that the law covers.
func fixturesOfLaw(t testing.TB) []string {
	t.Helper()
	dirs := []string{"quickstart"}
	for _, dir := range []string{"language", "checks"} {
		entries, err := os.ReadDir("../../fixtures/" + dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			dirs = append(dirs, dir+"/"+e.Name())
		}
	}
	return dirs
}

func filesOf(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("../../fixtures/" + dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "json") && !strings.HasSuffix(name, ".tf.json") || strings.HasSuffix(name, ".golden") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSecretsAreNotShown is the law for source.
func TestSecretsAreNotShown(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	began := time.Now()
	runs, of := 0, sampled()
	for i, dir := range fixturesOfLaw(t) {
		if i%of.fixtures != 0 {
			continue
		}
		t.Run(dir, func(t *testing.T) {
			files := filesOf(t, dir)
			plain := judgedIn(t, files, nil)
			leaves := leavesOf(t, files)
			for k, h := range hidings {
				fitting := fittingLeaves(leaves, h)
				if len(fitting) == 0 {
					continue
				}
				if (i+k)%of.ways == 0 {
					runs += holdsFor(t, files, plain, h, fitting, i+k, false, of.fixtures > 1 && k != i%len(hidings))
				}
				every := of.every(len(fitting))
				for n := range fitting {
					if (n+i+k)%every == 0 {
						runs += holdsFor(t, files, plain, h, fitting[n:n+1], i+k+n, n%2 == 0, true)
					}
				}
			}
		})
	}
	t.Logf("%d runs in %s", runs, time.Since(began).Round(time.Millisecond))
}

func fittingLeaves(leaves []leaf, h hiding) []leaf {
	var fitting []leaf
	for _, l := range leaves {
		if h.fits == nil || h.fits(l) {
			fitting = append(fitting, l)
		}
	}
	return fitting
}

// holdsFor checks the law for one rewritten fixture: no format contains the canary,
// and all are the same with another canary.
func holdsFor(t *testing.T, files fstest.MapFS, plain *judging, h hiding, leaves []leaf, turn int, embed, few bool) int {
	t.Helper()
	what := h.name
	if len(leaves) == 1 {
		what += fmt.Sprintf(" for %q of %s", leaves[0].text, leaves[0].file)
	}
	changed, environ := disguised(files, h, leaves, embed, false)
	all := judgedIn(t, changed, environ).everyFormat(t, plain, turn, few)
	for _, w := range all {
		if found := shownCanary(w.text); found != "" {
			t.Errorf("%s: %s has %s:\n%s", what, w.format, found, around(w.text))
			return 1
		}
	}
	changed, environ = disguised(files, h, leaves, embed, true)
	others := judgedIn(t, changed, environ).everyFormat(t, plain, turn, few)
	for i, w := range all {
		if !bytes.Equal(w.text, others[i].text) {
			t.Errorf("%s: %s depends on the secret:\n%s", what, w.format, firstDifference(w.text, others[i].text))
			return 2
		}
	}
	return 2
}

// around returns the text around a canary.
func around(text []byte) []byte {
	at := canaryPattern.FindIndex(text)
	if at == nil {
		return nil
	}
	return text[max(0, at[0]-160):min(len(text), at[1]+80)]
}
