package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPartsAreAsAlone is a law over the fixtures: scanned in one run, two
// repositories have the findings of separate runs, in their own files.
func TestPartsAreAsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	dirs, err := filepath.Glob("../../fixtures/checks/aws-s3-*")
	if err != nil || len(dirs) < 10 {
		t.Fatalf("%d fixtures, %v", len(dirs), err)
	}
	dirs = append(dirs, "../../fixtures/quickstart", "../../fixtures/language/modules")
	tmp, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &scratch{t: t, tmp: tmp, dir: tmp, rules: builtin}
	names := make([]string, 0, len(dirs))
	for _, dir := range dirs {
		name := filepath.Base(dir)
		if err := os.CopyFS(filepath.Join(tmp, name), os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		s.write(name+"/.git/config", "")
		names = append(names, name)
	}
	for i, a := range names {
		b := names[(i+1)%len(names)]
		want := slices.Sorted(slices.Values(append(s.findings("", a), s.findings("", b)...)))
		got := slices.Sorted(slices.Values(s.findings(".", a, b)))
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s and %s: %q, each alone %q", a, b, got, want)
		}
	}
}

// findings returns the findings of directories, by file, line, check and verdict.
// Names are relative to the scratch directory; names in the report are relative to a
// repository.
func (s *scratch) findings(relative string, dirs ...string) []string {
	s.t.Helper()
	_, stdout, stderr := s.demarc(".", nil, append([]string{"scan", "--show", "all", "--format", "json"}, dirs...)...)
	var rep struct {
		Findings []struct {
			Check, Verdict, File, Address string
			Line                          int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &rep); err != nil || strings.Contains(stderr, "broke") {
		s.t.Fatalf("scan %q: %v %s", dirs, err, stderr)
	}
	var all []string
	for _, f := range rep.Findings {
		if relative == "" {
			f.File = dirs[0] + "/" + f.File
		}
		text, _ := json.Marshal(f)
		all = append(all, string(text))
	}
	return all
}

func TestRepositoriesOf(t *testing.T) {
	s := &scratch{t: t, dir: t.TempDir()}
	for _, name := range []string{"git/.git/x", "git/sub/.git", "git/dir/x", "one/in/x", "two/x"} {
		s.write(name, "")
	}
	for _, tt := range []struct {
		dirs string
		want string // repository: its directories
	}{
		{"git", "git: git"},
		{"git/dir git", "git: git/dir git"},
		{"git git/sub", "git: git; git/sub: git/sub"},
		{"one two", "one: one; two: two"},
		{"one/in one", "one: one/in one"},
		{"one/in two one git/dir", "git: git/dir; one: one/in one; two: two"},
	} {
		var dirs, got []string
		for _, dir := range strings.Fields(tt.dirs) {
			dirs = append(dirs, filepath.Join(s.dir, dir))
		}
		for _, g := range repositoriesOf(dirs) {
			one := g.top + ":"
			for _, dir := range g.dirs {
				one += " " + dir
			}
			got = append(got, strings.ReplaceAll(one, s.dir+string(filepath.Separator), ""))
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.dirs, got, tt.want)
		}
	}
}
