package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/demarc/demarc/analyzer"
)

var update = flag.Bool("update", false, "rewrite what the tests expect")

// TestScripts runs the command as users do: each file of testdata is a directory and
// the commands that run in it. The scripts have an additional command,
//
//	exits CODE [ARG...] [<FILE]
//
// which runs demarc in this process, with a small table of checks, and requires
// the exit code; "oscal FILE" requires a valid document.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition:           func(cond string) (bool, error) { return cond == "root" && os.Getuid() == 0, nil },
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "oscal": oscalCommand},
		Setup: func(env *testscript.Env) error {
			env.Setenv("COLUMNS", "80")
			for _, name := range []string{"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"} {
				env.Setenv(name, "Ada")
			}
			for _, name := range []string{"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"} {
				env.Setenv(name, "ada@example.org")
			}
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return nil
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE [ARG...] [<FILE]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	p := &process{
		dir: ts.MkAbs("."), environ: environ(ts), today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: testRules, stdin: strings.NewReader(""), stdout: ts.Stdout(), stderr: ts.Stderr(),
	}
	args = args[1:]
	if n := len(args) - 1; n >= 0 && strings.HasPrefix(args[n], "<") {
		p.stdin, args = strings.NewReader(ts.ReadFile(args[n][1:])), args[:n]
	}
	if got := p.run(args); got != want {
		ts.Fatalf("demarc %s: exit code %d, want %d", strings.Join(args, " "), got, want)
	}
}

// environ returns the part of the script's environment that demarc reads.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"COLUMNS", "NO_COLOR", "TF_VAR_encrypt", "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF",
		"PATH", "HOME", "GIT_CONFIG_NOSYSTEM",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// testRules returns a few checks that do not change with the table of checks.
func testRules() rules {
	return rules{
		facts: []analyzer.FactDef{{ID: "ebs-encrypted-by-default", Title: "EBS volumes are encrypted by default"}},
		checks: []*analyzer.Check{
			{
				ID: "aws-rds-storage-encrypted", On: []string{"aws_db_instance"},
				Aliases:   []analyzer.Alias{{ID: "CKV_AWS_16", Relation: analyzer.Same}, {ID: "AWS-0001", Relation: analyzer.Narrower}},
				Controls:  []analyzer.Control{"FSBP RDS.3"},
				Layer:     analyzer.ServerSideEncryption,
				Objective: "encrypt-at-rest",
				Severity:  analyzer.High,
				Since:     "0.1.0",
				Title:     "Database storage is encrypted at rest",
				Why:       "RDS encrypts storage only when asked, and only at creation.",
				Want:      analyzer.Attr("storage_encrypted").True(),
				Message:   "storage of this database is not encrypted",
				Fix:       analyzer.Safety{Kind: analyzer.UnsafeFix, Effect: "replaces the database"},
			},
			{
				ID: "aws-rds-backup-kept", On: []string{"aws_db_instance"},
				Layer: analyzer.BusinessContinuity, Severity: analyzer.Low, Since: "0.1.0",
				Title:   "Backups of databases are kept for a week",
				Want:    analyzer.Attr("backup_retention_period").AtLeast(7),
				Message: "backups of this database are kept for less than a week",
			},
			{
				ID: "aws-s3-public-access-blocked", On: []string{"aws_s3_bucket"},
				Layer: analyzer.FirewallConfiguration, Severity: analyzer.Medium, Since: "0.1.0",
				Title:   "Buckets block public access",
				Want:    analyzer.Related("aws_s3_bucket_public_access_block", "bucket", analyzer.Attr("block_public_policy").True()),
				Message: "nothing blocks public access to this bucket",
				Close:   "add an aws_s3_bucket_public_access_block",
			},
		},
	}
}

func TestPanicIsOneLine(t *testing.T) {
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: t.TempDir(), rules: func() rules { panic("a bad row\nin the table") },
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	}
	if got := p.run([]string{"list", "checks"}); got != exitIncomplete {
		t.Errorf("exit code %d, want %d", got, exitIncomplete)
	}
	want := "demarc: something broke inside demarc: a bad row in the table; please report it at " + issues + "\n"
	if stdout.Len() > 0 || stderr.String() != want {
		t.Errorf("stdout %q, stderr %q, want %q", &stdout, &stderr, want)
	}
}

// TestPanicOfCheck scans with a check that panics, in a separate goroutine.
func TestPanicOfCheck(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(`resource "aws_s3_bucket" "b" {}`), 0o666); err != nil {
		t.Fatal(err)
	}
	broken := &analyzer.Check{
		ID: "aws-s3-broken", On: []string{"aws_s3_bucket"}, Severity: analyzer.High,
		Want: analyzer.Func{Says: "it breaks", Judge: func(*analyzer.View) analyzer.Outcome { panic("a bad row") }},
	}
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: dir, rules: func() rules { return rules{checks: []*analyzer.Check{broken}} },
		stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	}
	if got := p.run([]string{"scan"}); got != exitIncomplete || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("exit code %d, want %d; standard error:\n%s", got, exitIncomplete, &stderr)
	}
}

func TestBar(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	b := &bar{out: &out, label: "reading", now: func() time.Time { return now }, next: now.Add(time.Second)}
	b.step(1, 4) // too early
	now = now.Add(time.Second)
	b.step(2, 4)
	b.step(3, 4) // too soon after the last
	b.done()
	b.step(4, 4) // finished
	want := "\rreading " + strings.Repeat("█", 12) + strings.Repeat("░", 12) + " 2 of 4 files\r\x1b[2K"
	if out.String() != want {
		t.Errorf("drew %q, want %q", out.String(), want)
	}
	silent := (&process{stderr: io.Discard}).progress("reading")
	silent.step(1, 1)
	silent.done()
}

func TestNearest(t *testing.T) {
	names := []string{"scan", "hook", "explain", "list", "aws-rds-storage-encrypted", "aws-rds-cluster-storage-encrypted", "aws-s3-encrypted", "aws-s3-public-access-blocked"}
	for written, want := range map[string]string{
		"scna": "scan", "rds-encrypted": "aws-rds-storage-encrypted", "s3-public": "aws-s3-public-access-blocked",
		"explian": "explain", "zzz": "", "": "",
	} {
		t.Run(fmt.Sprintf("%q", written), func(t *testing.T) {
			if got := nearest(written, names); got != want {
				t.Errorf("nearest %q, want %q", got, want)
			}
		})
	}
}

// TestPipedPlan reads a plan from a shell's <(…).
func TestPipedPlan(t *testing.T) {
	if _, err := os.Stat("/dev/fd"); err != nil {
		t.Skip(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	io.WriteString(w, `{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}, "resource_changes": []}`)
	w.Close()
	var stdout, stderr bytes.Buffer
	p := &process{dir: t.TempDir(), rules: testRules, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	if got := p.run([]string{"scan", fmt.Sprintf("/dev/fd/%d", r.Fd())}); got != exitClean {
		t.Errorf("exit code %d, want %d: %s", got, exitClean, &stderr)
	}
}
