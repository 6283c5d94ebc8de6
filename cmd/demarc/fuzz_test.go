package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/analyzertest/watch"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// The fuzz targets run the whole of a command on a repository in memory, with every
// check, and write reports: findings as text and as JSON, and some of the other
// formats, different ones for each input. Each input is judged twice, on one
// processor and on two. These properties hold for every input:
//
//   - nothing panics, and nothing hangs;
//   - it allocates no more than its size allows: see package watch;
//   - both runs give the same bytes;
//   - the canary, which the environment gives as var.canary, is in no report;
//   - every report is well-formed, and no line is a command: see wrongReport.

// longest is the maximum size of an input: longer inputs find the same, and slowly.
const longest = 16 << 10

// work is the evaluation limit in a fuzz target: low, because the fuzzer treats ten
// seconds as a deadlock, and makes all code several times slower.
const work = 500_000

// everyRule is the real table, made once.
var everyRule = sync.OnceValue(builtin)

// FuzzScan reads a repository from a txtar archive.
func FuzzScan(f *testing.F) {
	for _, archive := range archives(f) {
		f.Add(archive)
	}
	f.Fuzz(func(t *testing.T, archive string) {
		tree := fstest.MapFS{}
		for _, file := range txtar.Parse([]byte(archive)).Files {
			put(tree, file.Name, string(file.Data))
		}
		hold(t, len(archive), loadAll, tree)
	})
}

// FuzzJSONSyntax reads a file of the JSON syntax, and a file of values.
func FuzzJSONSyntax(f *testing.F) {
	for _, text := range []string{
		`{"resource":{"aws_db_instance":{"a":{"storage_encrypted":"${var.x}","tags":{"${var.x}":1}}}},"variable":{"x":{"default":false}}}`,
		`{"//":"x","resource":[{"aws_s3_bucket":[{"b":[{"count":2,"bucket":"${count.index}-%{if true}a%{endif}"}]}]}],"locals":{"a":["${[for x in local.b: x...]}"],"b":{"c":null}}}`,
		`{"resource":{"aws_security_group":{"g":{"dynamic":{"ingress":{"for_each":[22],"content":{"from_port":"${ingress.value}","to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"]}}}}}}}`,
		`{"module":{"m":{"source":"./m","for_each":{"a":1}}},"output":{"o":{"value":"${module.m[\"a\"].x}"}},"provider":{"aws":[{"region":"eu-west-1"},{"alias":"b"}]},"terraform":{"required_version":">= 1"}}`,
		`{"data":{"aws_iam_policy_document":{"d":{"statement":[{"actions":["*"],"resources":["*"]}]}}},"resource":{"aws_iam_policy":{"p":{"policy":"${data.aws_iam_policy_document.d.json}"}}}}`,
		`{"resource":{"aws_db_instance":{"a":{"password":"${var.canary}","engine":"${var.canary}","storage_encrypted":false}}},"variable":{"canary":{}}}`,
		`[{"resource":7},{"resource":{"a":{"b":[[],null,{}]}}},{"moved":{"from":"a.b","to":"a.c"}}]`,
	} {
		f.Add(text, `{"x": true}`)
	}
	f.Fuzz(func(t *testing.T, text, values string) {
		tree := fstest.MapFS{}
		put(tree, "main.tf.json", text)
		put(tree, "terraform.tfvars.json", values)
		hold(t, len(text)+len(values), loadAll, tree)
	})
}

// FuzzPlan reads a plan.
func FuzzPlan(f *testing.F) {
	update, err := os.ReadFile("../../analyzer/tfplan/testdata/update.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(update))
	const head = `{"format_version":"1.2","terraform_version":"1.11.4",`
	f.Add(head + `"planned_values":{},"resource_changes":[{"address":"module.m[\"a\"].aws_db_instance.a[0]","module_address":"module.m[\"a\"]","mode":"managed","type":"aws_db_instance","name":"a","index":0,"provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["delete","create"],"before":{"storage_encrypted":true},"after":{"storage_encrypted":false,"engine":"` + canaryText + `"},"after_unknown":{"arn":true},"after_sensitive":{"engine":true}}}],"configuration":{"root_module":{"module_calls":{"m":{"source":"./m","module":{"resources":[{"address":"aws_db_instance.a","mode":"managed","type":"aws_db_instance","name":"a","expressions":{"engine":{"references":["var.x"]}}}]}}}}}}`)
	f.Add(head + `"variables":{"x":{"value":[1,null,{"a":1e400}]}},"prior_state":{"values":{"root_module":{"resources":[{"address":"data.aws_iam_policy_document.d","mode":"data","type":"aws_iam_policy_document","name":"d","values":{"statement":[{"actions":["*"]}]}}]}}},"resource_changes":[]}`)
	f.Add(head + `"resource_changes":[{"address":"aws_security_group.g","mode":"managed","type":"aws_security_group","name":"g","change":{"actions":["create"],"before":null,"after":{"ingress":[{"from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"]}]},"after_unknown":{"ingress":[{"description":true}]},"after_sensitive":false}}]}`)
	f.Fuzz(func(t *testing.T, plan string) {
		load := func(s *session) (*analyzer.Set, error) {
			s.stdin = strings.NewReader(plan)
			return s.plan(t.Context(), "-")
		}
		if strings.Contains(plan, canaryText) && !strings.Contains(plan, `"after_sensitive":{"engine":true}`) {
			return // it is no longer secret
		}
		hold(t, len(plan), load, fstest.MapFS{})
	})
}

// FuzzConfiguration reads a configuration file, with source to which much of it can
// apply.
func FuzzConfiguration(f *testing.F) {
	for _, text := range []string{
		"required_version = \"~> 0.1\"\nfail_on = \"high\"\nexclude = [\"*/examples\", \"m/**\"]\ncheck \"CKV_AWS_16\" {\n  severity = \"critical\"\n}\ncheck \"aws-rds-multi-az\" {\n  enabled = false\n  reason = \"r\"\n}\n",
		"suppress \"aws-rds-storage-encrypted\" {\n  resources = [\"module.*.aws_db_instance.?\", \"aws_db_instance.b[\\\"x\\\"]\"]\n  paths = [\"m/**\"]\n  reason = <<-E\n    r\n  E\n  until = \"2027-01-31\"\n  owner = \"o\"\n}\n",
		"environment \"prod\" {\n  roots = [\".\"]\n  var_files = [\"prod.tfvars\"]\n  vars = { x = \"true\" }\n  workspace = \"prod\"\n}\nenvironment \"dev\" {\n  roots = [\"*\"]\n}\n",
		"owner \"team\" {\n  paths = [\"**/*.tf\"]\n  services = [\"rds\"]\n  layers = [\"customer-data\"]\n  resources = [\"*\"]\n  tags = { team = \"*\" }\n}\nfact \"ebs-encrypted-by-default\" {\n  evidence = \"https://example.org\"\n}\n",
		"attest \"patch-systems\" {\n  objectives = [\"patch-systems\"]\n  resources = [\"*\"]\n  by = \"b\"\n  evidence = \"e\"\n  date = \"2026-01-01\"\n  expires = \"2027-01-01\"\n}\n",
		"fail_on = file(\"x\")\nexclude = [1, null, [\"a\"]]\ncheck {}\nsuppress \"*\" \"b\" {}\nodd \"x\" {\n  a = {}\n}\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := fstest.MapFS{}
		put(tree, "main.tf", "variable \"x\" {\n  default = false\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n"+withGap)
		put(tree, "m/main.tf", strings.ReplaceAll(withGap, "open", "b"))
		put(tree, "prod.tfvars", "x = true\n")
		put(tree, configName, text)
		hold(t, len(text), loadAll, tree)
	})
}

// FuzzComments inserts a comment everywhere in source, and reads owners.
func FuzzComments(f *testing.F) {
	for _, text := range []string{
		"demarc:ignore aws-rds-storage-encrypted reason=\"r \\\" x\" until=2027-06-30 owner=web",
		"demarc:ignore aws-rds-storage-encrypted,aws-rds-multi-az reason=r until=2020-01-01",
		"demarc:ignore * reason=", "checkov:skip=CKV_AWS_16:r", "checkov:skip=CKV_AWS_16, CKV_AWS_17 : r", "tfsec:ignore:aws-rds-encrypt-instance-storage-data:exp:2027-01-01",
		"trivy:ignore:AVD-AWS-0080:ws:prod", "trivy:ignore:AWS-0080[engine=mysql]", "#tfsec:ignore:*", "kics-scan ignore-line", "nosemgrep: x",
	} {
		f.Add(text, "* @team\n/m/ @org/a b@example.org # c\n!x\n[sec][2] @d\n\\#x *.tf\n")
	}
	f.Add("x", "/**/ @a\n**/*.tf @b\n/[a-z]?*/ @c\n@d\n\\")
	f.Fuzz(func(t *testing.T, comment, owners string) {
		line := strings.NewReplacer("\n", " ", "\r", " ").Replace(comment)
		tree := fstest.MapFS{}
		put(tree, "main.tf", fmt.Sprintf("#%s\nresource \"aws_db_instance\" \"a\" { //%[1]s\n  #%[1]s\n  storage_encrypted = false #%[1]s\n  tags = { # %[1]s\n    a = 1 //%[1]s\n  }\n}\n/*%[2]s*/\n", line, strings.ReplaceAll(comment, "*/", "")))
		put(tree, "m/main.tf.json", `{"//":`+quoteJSON(strings.ToValidUTF8(line, "?"))+`,"resource":{"aws_db_instance":{"b":{"//":`+quoteJSON(strings.ToValidUTF8(comment, "?"))+`}}}}`)
		put(tree, "CODEOWNERS", owners)
		hold(t, len(comment)+len(owners), loadAll, tree)
	})
}

// FuzzNames puts a name into every place where input enters a report.
func FuzzNames(f *testing.F) {
	for _, name := range []string{
		"a", "::error::x", "\u00a0::stop-commands::x", ";@SUM(1)", "x;=1", "##[group]x", "##vso[task.complete]x", "\x1b]0;x\x07", "\u009b2J", "\u202ex", "=1+1", "-2",
		"<script>alert(1)</script>", "\" onclick=\"x", "javascript:x", "[a](http://b) www.example.org `c` |", "a\n::x::\r\n##[y]", "\ufeff\u200b", "${x}%{y}", "e\u0301\u200d", "\xff\xfe", " ", "",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		tree := fstest.MapFS{}
		for file, text := range namedTree(name) {
			put(tree, file, text)
		}
		hold(t, len(name), loadAll, tree)
	})
}

// archives are the seed repositories: every twenty-fifth fixture of a check, and the
// test data of the loader and of the command.
func archives(f *testing.F) []string {
	f.Helper()
	var all []string
	fixtures, err := filepath.Glob("../../fixtures/checks/*")
	if err != nil || len(fixtures) < 100 {
		f.Fatalf("%d fixtures: %v", len(fixtures), err)
	}
	for i := 0; i < len(fixtures); i += 25 {
		all = append(all, archive(f, fixtures[i]))
	}
	for _, glob := range []string{"testdata/*.txtar", "../../analyzer/tfconfig/testdata/*.txtar"} {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			f.Fatalf("%s: %v", glob, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if len(text) <= longest/2 {
				all = append(all, string(text))
			}
		}
	}
	return append(all,
		"-- main.tf --\nvariable \"canary\" {\n  sensitive = true\n}\nresource \"aws_db_instance\" \"a\" {\n  password = var.canary\n  engine = \"x-${var.canary}\"\n  tags = { a = var.canary }\n  storage_encrypted = var.canary == \"x\"\n}\nresource \"aws_instance\" \"b\" {\n  user_data = base64encode(\"export A=${var.canary}\")\n}\n",
		"-- main.tf --\nvariable \"canary\" {}\nmodule \"m\" {\n  source = \"./m\"\n  v = var.canary\n}\n-- m/main.tf --\nvariable \"v\" {}\nresource \"aws_lambda_function\" \"f\" {\n  environment {\n    variables = { A = var.v }\n  }\n}\noutput \"o\" {\n  value = var.v\n}\n",
	)
}

// archive returns a directory as one text.
func archive(f *testing.F, dir string) string {
	f.Helper()
	var a txtar.Archive
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		a.Files = append(a.Files, txtar.File{Name: name, Data: text})
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return string(txtar.Format(&a))
}

// put adds a file whose name is valid in a file system.
func put(tree fstest.MapFS, name, text string) {
	if fs.ValidPath(name) && name != "." && !strings.Contains(name, "\x00") {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
}

// loadAll loads all of a repository.
func loadAll(s *session) (*analyzer.Set, error) {
	opt, err := s.options()
	if err != nil {
		return nil, err
	}
	opt.Paths, opt.Environments, opt.Work = []string{"."}, s.cfg.environments, work
	return s.loadWith(context.Background(), opt)
}

// formatsFor returns the formats for an input: two always, and every sixth of the
// others.
func formatsFor(size int) []report.Format {
	var some []report.Format
	for i, f := range report.Formats() {
		if f.Kind == report.OfScan && (f.Name == "json" || f.Name == "text") || (i+size)%6 == 0 {
			some = append(some, f)
		}
	}
	return some
}

// hold judges a repository twice and fails the test if a promise is broken.
func hold(t *testing.T, size int, load func(*session) (*analyzer.Set, error), tree fstest.MapFS) {
	t.Helper()
	formats := formatsFor(size)
	if size > longest {
		t.Skip("longer than it needs to be")
	}
	var one, two map[string]string
	watch.Run(t, size, func() { one = everything(t, 1, formats, load, tree) })
	watch.Run(t, size, func() { two = everything(t, 2, formats, load, tree) })
	for name, text := range two {
		if one[name] != text {
			t.Errorf("two runs give other bytes for %s:\n%s", name, firstDifference([]byte(one[name]), []byte(text)))
		}
	}
	if revealed(tree) {
		return
	}
	for _, f := range formats {
		text, written := two[kindName(f)]
		if !written {
			continue // the run ended with an error
		}
		for _, wrong := range wrongReport(f, text) {
			t.Errorf("%s: %s", kindName(f), wrong)
		}
	}
	for _, wrong := range wrongReport(report.Format{Syntax: report.SyntaxText}, two["errors"]) {
		t.Errorf("errors: %s", wrong)
	}
}

// revealed reports whether a configuration declares a secret nonsensitive.
func revealed(tree fstest.MapFS) bool {
	for _, file := range tree {
		if bytes.Contains(file.Data, []byte("nonsensitive")) {
			return true
		}
	}
	return false
}

func kindName(f report.Format) string { return string(f.Kind) + " " + f.Name }

// everything returns the reports on a repository, by kind and format.
func everything(t *testing.T, processors int, formats []report.Format, load func(*session) (*analyzer.Set, error), tree fstest.MapFS) map[string]string {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	defer func() {
		if broke := recover(); broke != nil {
			if elsewhere, ok := broke.(interface{ Trace() []byte }); ok {
				panic(fmt.Sprintf("%v\n%s", broke, elsewhere.Trace()))
			}
			panic(broke)
		}
	}()
	var errs bytes.Buffer
	out := map[string]string{}
	if err := writeReports(t.Context(), out, formats, &errs, load, tree); err != nil {
		fail(&errs, err)
	}
	out["errors"] = errs.String()
	return out
}

// writeReports judges a repository and writes the formats.
func writeReports(ctx context.Context, out map[string]string, formats []report.Format, errs io.Writer, load func(*session) (*analyzer.Set, error), tree fstest.MapFS) error {
	p := &process{
		dir: "/", environ: []string{"TF_VAR_canary=" + canaryText, "COLUMNS=80"}, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: everyRule, stdin: strings.NewReader(""), stdout: io.Discard, stderr: errs,
	}
	s, err := newSessionIn(p, &flags{format: "text", show: "all"}, &repository{dir: "/", fs: tree}, "/")
	if err != nil {
		return err
	}
	set, err := load(s)
	if err != nil {
		return err
	}
	rep, err := s.judge(ctx, set)
	if err != nil {
		return err
	}
	framework, _ := responsibility.FrameworkOf("soc2")
	m := matrix.New(rep, responsibility.Catalogue(), matrix.ByTeam)
	side := compare.Side{Report: rep, Dir: "."}
	subject := report.Subject{
		Report: rep, Matrix: m, Audit: audit.Of(m, framework),
		Diff: compare.Reports(side, side, responsibility.Catalogue()), Names: report.Names{Old: "a", New: "b", Kind: "directories"},
	}
	for _, f := range formats {
		var text bytes.Buffer
		if err := f.Write(&text, subject, s.reportOptions()); err != nil {
			return fmt.Errorf("%s: %w", kindName(f), err)
		}
		out[kindName(f)] = text.String()
	}
	return nil
}
