package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

func lineMatcher() *regexp.Regexp {
	return regexp.MustCompile(`^(.+?):(\d+):(\d+): (critical|high|medium|low|unknown|error|warning): (.*?)(?:  (\S+))?$`)
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"naïve データ 👩\u200d💻", `naïve データ 👩\u200d💻`},
		{"\u26a0\ufe0f #\ufe0f", "\u26a0\ufe0f " + `#\ufe0f`},
		{"a\u00a0b\u3000c", `a\u00a0b` + "\u3000c"},
		{"a\nb\tc\r", `a\nb\tc\r`},
		{"\x1b[31m\x00\x7f", `\x1b[31m\x00\x7f`},
		{"\u009b31m", `\u009b31m`},
		{"a\u202eb\u2066\u200b\ufeff\u2028", `a\u202eb\u2066\u200b\ufeff\u2028`},
		{"\U000e0041", `\U000e0041`},
		{"bad\xff", `bad\xff`},
		{"##[error]x", `##\[error]x`},
		{"x ##vso[task.complete]", `x ##vso\[task.complete]`},
		{"### [link]", "### [link]"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		name, line string
		secret     bool
		want       string
	}{
		{"no secret", `engine = "mysql"`, false, `engine = "mysql"`},
		{"told", `value = "abc" # abc`, true, `value = "…" …`},
		{"by name", `  db_password = "abc"`, false, `  db_password = "…"`},
		{"reference", `password = var.db_password`, true, `password = var.db_password`},
		{"number", `password = 12345`, false, `password = …`},
		{"conditional", `password = var.x ? "abc" : "def"`, false, `password = var.x ? "…" : "…"`},
		{"template", `password = "${join("", ["abc"])}" + 1`, false, `password = "…`},
		{"unclosed", `password = "abc`, false, `password = "…`},
		{"escaped quote", `password = "a\"bc" == "x"`, false, `password = "…" == "…"`},
		{"JSON", `"password": "abc",`, false, `"password": "…",`},
		{"map key", `DB_PASSWORD = "abc", engine = "x"`, false, `DB_PASSWORD = "…", engine = "…"`},
		{"camel case", `SecretString = "abc"`, false, `SecretString = "…"`},
		{"about a token", `http_tokens = "optional"`, false, `http_tokens = "optional"`},
		{"about a secret", `secret_arn = "arn:x"`, false, `secret_arn = "arn:x"`},
		{"about passwords", `minimum_password_length = 8`, false, `minimum_password_length = 8`},
		{"header", `resource "aws_secretsmanager_secret" "x" {`, true, `resource "aws_secretsmanager_secret" "x" {`},
		{"header and body", `resource "x" "y" { password = "abc" }`, false, `resource "x" "y" { password = "…" }`},
		{"within a heredoc", `  abc-def`, true, `  …`},
		{"key id", `x = ["AKIAIOSFODNN7EXAMPLE"]`, false, `x = ["…"]`},
		{"private key", `x = "-----BEGIN RSA PRIVATE KEY-----\nabc"`, false, `x = "…"`},
		{"heredoc marker", `password = <<EOT`, true, `password = <<EOT`},
		{"empty", ``, true, ``},
	} {
		var b strings.Builder
		for _, cell := range cells(c.line, masks(c.line, c.secret)) {
			b.WriteString(cell.text)
		}
		if got := b.String(); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text        string
		first, rest int
		want        []string
	}{
		{"", 10, 10, []string{""}},
		{"one two three", 7, 9, []string{"one two", "three"}},
		{"データ ベース", 9, 9, []string{"データ", "ベース"}},
		{"a incredibly/long/path b", 5, 5, []string{"a", "incredibly/long/path", "b"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, c.first, c.rest)); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestTextWidth(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "データ": 6, "e\u0301": 1, "│ ^": 3, "…": 1, "한": 2, "👍": 2} {
		if got := textWidth(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

// TestPosition: graphemes, as ranges count them, become code points.
func TestPosition(t *testing.T) {
	src := newSources(files{"a.tf": "\ufeffe\u0301 = 1\r\n👩‍💻x\n"}.read)
	for _, c := range []struct {
		at   hcl.Pos
		want position
	}{
		{hcl.Pos{Line: 1, Column: 1}, position{1, 1}},
		{hcl.Pos{Line: 1, Column: 3}, position{1, 4}},
		{hcl.Pos{Line: 2, Column: 2}, position{2, 4}},
		{hcl.Pos{Line: 1, Column: 99}, position{1, 7}},
		{hcl.Pos{Line: 3, Column: 2}, position{3, 1}},
		{hcl.Pos{Line: 9, Column: 2}, position{9, 2}},
		{hcl.Pos{}, position{0, 0}},
	} {
		if got := src.position("a.tf", c.at); got != c.want {
			t.Errorf("%v: %v, want %v", c.at, got, c.want)
		}
	}
}

func TestFrom(t *testing.T) {
	at := func(file string, line int) hcl.Range {
		return hcl.Range{Filename: file, Start: hcl.Pos{Line: line, Column: 1}, End: hcl.Pos{Line: line, Column: 9}}
	}
	own := analyzer.Step{Name: "encrypt", Range: at("main.tf", 3)}
	for _, c := range []struct {
		name string
		f    judge.Finding
		want string
	}{
		{"a literal", judge.Finding{Value: "false", Trace: []analyzer.Step{own}}, ""},
		{"no trace", judge.Finding{Value: "false"}, ""},
		{"tfvars", judge.Finding{Value: "false", Trace: []analyzer.Step{
			own, {Name: "var.encrypt", Range: at("main.tf", 22)}, {Name: "var.encrypt", Range: at("variables.tf", 1)}, {Name: "prod.tfvars", Range: at("envs/prod.tfvars", 3)},
		}}, "false, from var.encrypt ← main.tf:22 ← envs/prod.tfvars:3"},
		{"default", judge.Finding{Value: "1", Trace: []analyzer.Step{{Name: "var.n", Range: at("v.tf", 1)}, {Name: "default", Range: at("v.tf", 2)}}},
			"1, from var.n ← default at v.tf:2"},
		{"local", judge.Finding{Value: "1", Trace: []analyzer.Step{{Name: "local.n", Range: at("v.tf", 1)}}}, "1, from local.n at v.tf:1"},
		{"null", judge.Finding{Value: "null", Trace: []analyzer.Step{{Name: "var.n", Range: at("v.tf", 1)}}}, "null, from var.n ← v.tf:1"},
		{"through a local and an output", judge.Finding{Value: "1", Trace: []analyzer.Step{
			{Name: "module.m.out", Range: at("m/o.tf", 4)}, {Name: "local.n", Range: at("m/l.tf", 1)}, {Name: "var.m", Range: at("main.tf", 9)},
		}}, "1, from module.m.out at m/o.tf:4 ← local.n at m/l.tf:1 ← var.m ← main.tf:9"},
		{"command line", judge.Finding{Value: "1", Trace: []analyzer.Step{{Name: "var.n", Range: at("v.tf", 1)}, {Name: "--var n"}}}, "(sensitive), from var.n ← --var n"},
		{"environment", judge.Finding{Value: "1", Trace: []analyzer.Step{{Name: "var.n"}, {Name: "TF_VAR_n"}}}, "(sensitive), from var.n ← TF_VAR_n"},
		{"secret", judge.Finding{Value: "1", Secret: true, Trace: []analyzer.Step{{Name: "var.n"}}}, "(sensitive), from var.n"},
		{"secret by name", judge.Finding{Value: "1", Attribute: "environment[0].variables[\"DB_PASSWORD\"]", Trace: []analyzer.Step{{Name: "var.n"}}}, "(sensitive), from var.n"},
		{"no plain value", judge.Finding{Trace: []analyzer.Step{{Name: "var.n"}}}, ""},
	} {
		c.f.Range = at("main.tf", 3)
		if got := (Options{}).from(&c.f); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestYours(t *testing.T) {
	check := &analyzer.Check{Layer: analyzer.ServerSideEncryption}
	rds := &analyzer.Service{Name: "Amazon RDS"}
	for _, c := range []struct {
		check *analyzer.Check
		of    judge.Responsibility
		want  string
	}{
		{check, judge.Responsibility{Model: analyzer.Container, Service: rds, Owner: analyzer.SharedOwned, Cell: &analyzer.Cell{Theirs: "AWS encrypts", Yours: "you ask."}},
			"server-side encryption is shared on a container service (Amazon RDS): AWS encrypts; yours: you ask"},
		{check, judge.Responsibility{Model: analyzer.Infrastructure, Cell: &analyzer.Cell{}, Owner: analyzer.CustomerOwned}, "server-side encryption, on an infrastructure service, is all yours"},
		{check, judge.Responsibility{Cell: &analyzer.Cell{}, Owner: analyzer.CustomerOwned}, "server-side encryption is all yours"},
		{check, judge.Responsibility{Model: analyzer.Abstract, Owner: analyzer.CustomerOwned, Cell: &analyzer.Cell{Yours: "choose the key"}},
			"server-side encryption, on an abstract service, is all yours: choose the key"},
		{check, judge.Responsibility{Cell: &analyzer.Cell{}, Owner: analyzer.NoOwner}, ""},
		{check, judge.Responsibility{Cell: &analyzer.Cell{}, Owner: analyzer.SharedOwned}, "server-side encryption is shared"},
		{check, judge.Responsibility{}, ""},
		{&analyzer.Check{}, judge.Responsibility{Owner: analyzer.CustomerOwned}, ""},
	} {
		if got := yours(&judge.Finding{Check: c.check, Responsibility: &c.of}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestDecides(t *testing.T) {
	gap := func(since string, s analyzer.Severity) *judge.Finding {
		return &judge.Finding{Check: &analyzer.Check{Since: since}, Verdict: analyzer.Fail, Severity: s}
	}
	opt := Options{FailOn: analyzer.Medium, Version: "0.5.2"}
	for _, c := range []struct {
		name string
		opt  Options
		f    *judge.Finding
		want bool
	}{
		{"at the threshold", opt, gap("0.1.0", analyzer.Medium), true},
		{"below", opt, gap("0.1.0", analyzer.Low), false},
		{"a new check", opt, gap("0.5.0", analyzer.High), false},
		{"the next minor version", Options{FailOn: analyzer.Medium, Version: "v0.6.0"}, gap("0.5.0", analyzer.High), true},
		{"the first release", Options{FailOn: analyzer.Medium, Version: "0.1.3"}, gap("0.1.0", analyzer.High), true},
		{"a development build", Options{FailOn: analyzer.Medium, Version: "(devel)"}, gap("0.5.0", analyzer.High), true},
		{"no threshold", Options{}, gap("0.1.0", analyzer.Critical), false},
		{"unknown", opt, &judge.Finding{Check: &analyzer.Check{}, Severity: analyzer.High}, false},
	} {
		if got := c.opt.Decides(c.f); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestLongLine: in a file of one line, the range is shown.
func TestLongLine(t *testing.T) {
	text := "{" + strings.Repeat(`"a": "b", `, 1e5) + `"encrypted": false, "password": "hunter2"}`
	src := newSources(files{"a.tf.json": text}.read)
	column := strings.Index(text, `"encrypted"`) + 1
	rng := hcl.Range{Filename: "a.tf.json", Start: hcl.Pos{Line: 1, Column: column}, End: hcl.Pos{Line: 1, Column: column + 18}}
	got, ok := src.excerpt(rng, false, 60)
	want := excerpt{number: 1, text: `"encrypted": false…`, caret: len(`"encrypted"`)}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(excerpt{})); !ok || diff != "" {
		t.Error(diff)
	}
}

// FuzzExcerpt: for any line and range, the excerpt fits, is harmless, and its caret
// is under it.
func FuzzExcerpt(f *testing.F) {
	f.Add("\tpassword = \"e\u0301データ\" # x", 1, 9, 20, false)
	f.Add(strings.Repeat("##[x \x1b\u202e\xff", 40), 100, 120, 30, true)
	f.Add("", 0, 0, 0, false)
	f.Add("{\"a\": \"b\"}", 9, 2, 76, true)
	f.Fuzz(func(t *testing.T, line string, from, to, room int, secret bool) {
		src := newSources(func(string) ([]byte, error) { return []byte(line), nil })
		rng := hcl.Range{Filename: "a", Start: hcl.Pos{Line: 1, Column: from}, End: hcl.Pos{Line: 1, Column: to}}
		room = max(room, 20) % 500
		e, ok := src.excerpt(rng, secret, room)
		if !ok {
			return
		}
		room = max(room, 20)
		if w := textWidth(e.text); w > room {
			t.Errorf("%q takes %d columns of %d", e.text, w, room)
		}
		if e.indent < 0 || e.caret < 1 || e.indent > room {
			t.Errorf("%q: indent %d, caret %d", e.text, e.indent, e.caret)
		}
		for _, r := range e.text {
			if hostile(r) {
				t.Errorf("%q holds %U", e.text, r)
			}
		}
		if strings.Contains(e.text, "##[") {
			t.Errorf("%q holds a marker", e.text)
		}
	})
}

func TestText(t *testing.T) {
	for value, want := range map[string]bool{
		`"0.0.0.0/0"`: false,
		`"arn:aws:kms:eu-west-1:111122223333:key/a@b"`: false,
		`"https://example.org/"`:                       false,
		`"*"`:                                          false,
		`false`:                                        false,
		``:                                             false,
		`"[{\"name\":\"DB_PASSWORD\",\"value\":\"x…`:   true,
		`"\n  {\"Version\":\"2012-10-17\"…`:            true,
		`"#!/bin/sh\nexport TOKEN=x"`:                  true,
		`"postgres://app:hunter2@db.example.org/shop"`: true,
		`"AKIAIOSFODNN7EXAMPLE"`:                       true,
	} {
		if got := text(value); got != want {
			t.Errorf("text(%s) = %v, want %v", value, got, want)
		}
	}
}

// TestBelowOnce: a place is named once, however many findings it has.
func TestBelowOnce(t *testing.T) {
	check := &analyzer.Check{ID: "aws-s3-versioning", Severity: analyzer.Low}
	at := hcl.Range{Filename: "m/main.tf", Start: hcl.Pos{Line: 7, Column: 3}, End: hcl.Pos{Line: 7, Column: 9}}
	rep := &judge.Report{}
	for _, root := range []string{"a", "b", "c"} {
		rep.Findings = append(rep.Findings, &judge.Finding{
			Check: check, Verdict: analyzer.Fail, Severity: analyzer.Low, Range: at, Group: analyzer.Digest{root[0]}, Value: "false",
			Responsibility: &judge.Responsibility{},
			Resource:       &analyzer.Resource{Address: "aws_s3_bucket.b", Root: &analyzer.Root{Dir: root}},
			Trace:          []analyzer.Step{{Name: "var.on", Range: hcl.Range{Filename: root + "/main.tf", Start: hcl.Pos{Line: 1}}}},
		})
	}
	var b bytes.Buffer
	if err := Text(&b, rep, Options{FailOn: analyzer.Medium}); err != nil {
		t.Fatal(err)
	}
	if want := "low  aws-s3-versioning  m/main.tf:7:3 (3)\n"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in:\n%s", want, &b)
	}
}

// TestUnresolvedFile: an unread file is named like other files.
func TestUnresolvedFile(t *testing.T) {
	rep := &judge.Report{Coverage: analyzer.Coverage{Unresolved: []analyzer.Unresolved{
		{Kind: "file", Name: "sub", Reason: "permission denied", Range: hcl.Range{Filename: "sub"}},
	}}}
	opt := Options{Rel: func(name string) string { return "envs/" + name }}
	if got := strings.Join(opt.coverageLines(rep), ""); !strings.HasSuffix(got, "envs/sub: permission denied") {
		t.Error(got)
	}
}
