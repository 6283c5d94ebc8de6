package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// uncommented removes a # from every line of a form that is not text, and fills in
// the person and the evidence.
func uncommented(form string) string {
	offered := regexp.MustCompile(`(?m)^# ?([^#].*|$)`).ReplaceAllString(form, "$1")
	return regexp.MustCompile(`(by|evidence)( +)= ""`).ReplaceAllString(offered, `$1$2= "ada"`)
}

// formOf returns the form that init prints for a directory.
func formOf(t *testing.T, dir string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := testPlace(dir, &stdout, &stderr)
	if code := p.run([]string{"init", "--stdout"}); code != exitClean || stderr.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	return stdout.String()
}

func testPlace(dir string, stdout, stderr *bytes.Buffer) *process {
	return &process{
		dir: dir, environ: []string{"COLUMNS=80"}, today: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		rules: builtin, stdin: strings.NewReader(""), stdout: stdout, stderr: stderr,
	}
}

// copied returns a copy of a fixture's source without its configuration file.
func copied(t *testing.T, fixture string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(fixture)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, configName)); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return dir
}

// TestFormAttests: the unchanged form of the quickstart attests nothing; with every
// block filled in, each attests its objective, and each matches something.
func TestFormAttests(t *testing.T) {
	dir := copied(t, "../../fixtures/quickstart")
	form := formOf(t, dir)
	if _, cfg := judged(t, dir, form); cfg.failOn != "" || len(cfg.attestations) > 0 || len(cfg.teams) > 0 {
		t.Errorf("the form states something before anybody has: %+v", cfg)
	}
	rep, cfg := judged(t, dir, uncommented(form))
	if cfg.failOn != "medium" || len(cfg.teams) != 1 {
		t.Errorf("fail_on is %q, and there are %d owners", cfg.failOn, len(cfg.teams))
	}
	for _, f := range rep.Findings {
		if strings.HasPrefix(f.Check.ID, "demarc-") {
			t.Errorf("%s: %s", f.Check.ID, f.Message)
		}
	}
	got := map[string]bool{}
	for _, d := range rep.Duties {
		for _, o := range d.Objectives {
			if o.Attested != nil {
				got[string(o.Objective)] = true
			} else if known, _ := responsibility.ObjectiveOf(o.Objective); known.Attestable() {
				t.Errorf("%s stays open under %s of %s", o.Objective, d.Layer, d.Service.Name)
			}
		}
	}
	for _, d := range rep.Organisation {
		got[string(d.Objective)] = d.State == judge.Attested
	}
	for _, a := range cfg.attestations {
		if !got[a.Name] {
			t.Errorf("%s attests nothing", a.Name)
		}
		if !a.Expires.After(a.Date) {
			t.Errorf("%s expires on %s", a.Name, a.Expires)
		}
	}
	for _, o := range responsibility.Objectives() {
		if offered := strings.Contains(form, `# attest "`+string(o.ID)+`" {`); offered && !o.Attestable() {
			t.Errorf("%s is offered, and cannot be attested", o.ID)
		}
	}
	if n := strings.Count(form, "\n"); n > 600 {
		t.Errorf("the form has %d lines: nobody reads it", n)
	}
}

// judged returns the report of a directory under a configuration file.
func judged(t *testing.T, dir, src string) (*judge.Report, *config) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "filled.hcl")
	if err := os.WriteFile(file, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	p := testPlace(dir, &stdout, &stderr)
	s, sets, err := p.read(context.Background(), &flags{config: file, show: "gaps"}, []string{"."})
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	rep, err := s.judge(context.Background(), merge(sets))
	if err != nil {
		t.Fatal(err)
	}
	return rep, s.cfg
}

// TestNamedOffers: the model's shared duties, and duties that no configuration can
// show, are offered where they apply and nowhere else.
func TestNamedOffers(t *testing.T) {
	const (
		identity = `resource "aws_iam_user" "u" { name = "u" }`
		host     = `resource "aws_instance" "i" { ami = "ami-1" }`
		store    = `resource "aws_s3_bucket" "b" { bucket = "b" }`
		database = `resource "aws_db_instance" "d" { engine = "postgres" }`
	)
	for objective, test := range map[string]struct{ what, applies, not string }{
		"patch-systems":         {"patch management", host, store},
		"harden-configuration":  {"configuration management", host, ""},
		"train-people":          {"awareness and training", identity, ""},
		"strong-authentication": {"MFA on root", identity, ""},
		"stop-malware":          {"antivirus inside hosts", host, database},
		"synchronize-clocks":    {"clocks of hosts", host, database},
		"classify-data":         {"data classification", store, identity},
		"test-recovery":         {"restore tests", database, ""},
		"keep-key-custody":      {"key custody", store, ""},
		"test-security":         {"penetration tests", host, ""},
		"restore-identities":    {"backup of the IAM configuration", identity, ""},
	} {
		offers := func(source string) bool {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(source), 0o666); err != nil {
				t.Fatal(err)
			}
			return strings.Contains(formOf(t, dir), `objectives = ["`+objective+`"]`)
		}
		if !offers(test.applies) {
			t.Errorf("%s: %s is not offered for %s", test.what, objective, test.applies)
		}
		if test.not != "" && offers(test.not) {
			t.Errorf("%s: %s is offered for %s", test.what, objective, test.not)
		}
	}
}

// TestFormOrder: shared controls come first, then other duties of the organisation,
// then layers in the order of the model.
func TestFormOrder(t *testing.T) {
	var got []string
	for _, line := range strings.Split(formOf(t, copied(t, "../../fixtures/quickstart")), "\n") {
		if title, ok := strings.CutPrefix(line, "### "); ok {
			got = append(got, title)
		}
	}
	want := []string{
		"Patch management, a shared control", "Configuration management, a shared control", "Awareness and training, a shared control",
		"People and procedures",
	}
	for _, l := range analyzer.Layers() {
		if len(attestable(l, true)) > 0 && l != analyzer.ServerSideEncryption { // if only key custody is left
			want = append(want, responsibility.LayerTitle(l))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chapters (-want +got):\n%s", diff)
	}
}

// TestResources: an attestation about some principals names them, or their types, if
// they are few.
func TestResources(t *testing.T) {
	duty := func(layer analyzer.Layer, address string) *judge.Duty {
		typ, _, _ := strings.Cut(address[strings.Index(address, "aws_"):], ".")
		return &judge.Duty{Layer: layer, Principal: &analyzer.Resource{Definition: address, Type: typ}}
	}
	const guest = analyzer.OperatingSystem
	malware, _ := responsibility.ObjectiveOf("stop-malware")
	bucket := duty(analyzer.CustomerData, "aws_s3_bucket.b")
	hosts := func(names ...string) []*judge.Duty {
		duties := []*judge.Duty{bucket}
		for _, n := range names {
			duties = append(duties, duty(guest, n))
		}
		return duties
	}
	for name, test := range map[string]struct {
		duties []*judge.Duty
		want   []string
	}{
		"none":  {nil, nil},
		"all":   {hosts("aws_instance.a")[1:], nil},
		"few":   {hosts("module.m.aws_instance.b", "aws_instance.a", "aws_instance.a"), []string{"aws_instance.a", "module.m.aws_instance.b"}},
		"types": {hosts("aws_instance.a", "aws_instance.b", "aws_instance.c", "aws_instance.d"), []string{"*aws_instance.*"}},
		"many":  {hosts("aws_instance.a", "aws_eks_node_group.b", "aws_emr_cluster.c", "aws_workspaces_workspace.d"), nil},
		"whole": {append(hosts("aws_instance.a"), &judge.Duty{Layer: guest}), nil},
		"elsewhere": {append(hosts("aws_instance.a"), &judge.Duty{
			Layer: analyzer.LoggingAndMonitoring, Objectives: []judge.ObjectiveState{{Objective: malware.ID}},
		}), nil},
	} {
		if diff := cmp.Diff(test.want, (&form{duties: test.duties}).resources(malware)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
