// Package analyzertest runs fixtures: Terraform that a user could have
// written, with the verdict expected at a line as a comment on it,
//
//	storage_encrypted = false # want fail aws-rds-storage-encrypted "not encrypted"
//
// and no finding expected anywhere else. It also has the laws that hold for every
// check, for the tests of packages with a table of checks.
package analyzertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// Today is the day on which fixtures are judged.
var Today = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// Load loads a fixture's directory.
func Load(t testing.TB, dir string) *analyzer.Set {
	t.Helper()
	return LoadIn(t, dir, ".")
}

// LoadIn loads a directory of a repository, which may call modules in other
// directories.
func LoadIn(t testing.TB, repository, dir string) *analyzer.Set {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), tfconfig.Options{FS: os.DirFS(repository), Paths: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range set.Diags {
		if d.Severity == hcl.DiagError {
			t.Fatal(d)
		}
	}
	return set
}

// Judge runs checks on a fixture, passes included.
func Judge(set *analyzer.Set, opt judge.Options, checks ...*analyzer.Check) *judge.Report {
	opt.Today, opt.All, opt.Partial = Today, true, true
	return judge.Run(context.Background(), set, checks, opt)
}

// Fixture judges a directory by the checks and compares the findings with its want
// comments. It requires a pass, a fail and an unknown for every check.
func Fixture(t *testing.T, dir string, opt judge.Options, checks ...*analyzer.Check) {
	t.Helper()
	set := Load(t, dir)
	rep := Judge(set, opt, checks...)
	want := wants(t, dir)
	var got []string
	verdicts := map[analyzer.Verdict]bool{}
	for _, f := range rep.Findings {
		verdicts[f.Verdict] = true
		if f.Verdict != analyzer.Fail && f.Verdict != analyzer.Unknown {
			continue
		}
		got = append(got, want.match(f))
	}
	if diff := cmp.Diff(want.lines(), unique(got)); diff != "" {
		t.Errorf("%s: -want +got\n%s", dir, diff)
	}
	for _, v := range []analyzer.Verdict{analyzer.Pass, analyzer.Fail, analyzer.Unknown} {
		if !verdicts[v] && !want.exempt[v.String()] {
			t.Errorf("%s has no %s", dir, v)
		}
	}
}

type expectation struct {
	place, verdict, check, text string
}

type expectations struct {
	list   []expectation
	exempt map[string]bool
}

var (
	wantPattern   = regexp.MustCompile(`(?:#|//) want (.*)$`)
	clausePattern = regexp.MustCompile(`(fail|unknown) ([a-z0-9-]+)(?: "([^"]*)")?`)
	exemptPattern = regexp.MustCompile(`(?:#|//) cannot (pass|fail|unknown): \S+`)
)

func wants(t testing.TB, dir string) *expectations {
	t.Helper()
	e := &expectations{exempt: map[string]bool{}}
	err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.HasSuffix(name, ".tf") && !strings.HasSuffix(name, ".tofu") {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		for i, line := range strings.Split(string(src), "\n") {
			e.add(fmt.Sprintf("%s:%d", filepath.ToSlash(rel), i+1), line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *expectations) add(place, line string) {
	if m := exemptPattern.FindStringSubmatch(line); m != nil {
		e.exempt[m[1]] = true
	}
	m := wantPattern.FindStringSubmatch(line)
	if m == nil {
		return
	}
	for _, c := range clausePattern.FindAllStringSubmatch(m[1], -1) {
		e.list = append(e.list, expectation{place, c[1], c[2], c[3]})
	}
}

// match returns a finding as the expectation that it meets, or as its own text.
func (e *expectations) match(f *judge.Finding) string {
	place := fmt.Sprintf("%s:%d", f.Range.Filename, f.Range.Start.Line)
	for _, w := range e.list {
		if w.place == place && w.verdict == f.Verdict.String() && w.check == f.Check.ID && strings.Contains(f.Message, w.text) {
			return w.String()
		}
	}
	return expectation{place, f.Verdict.String(), f.Check.ID, f.Message}.String()
}

func (w expectation) String() string {
	return fmt.Sprintf("%s %s %s %q", w.place, w.verdict, w.check, w.text)
}

func (e *expectations) lines() []string {
	var lines []string
	for _, w := range e.list {
		lines = append(lines, w.String())
	}
	return unique(lines)
}

func unique(lines []string) []string {
	sort.Strings(lines)
	var kept []string
	for i, l := range lines {
		if i == 0 || lines[i-1] != l {
			kept = append(kept, l)
		}
	}
	return kept
}
