package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
)

var update = flag.Bool("update", false, "write the golden files anew")

type format struct {
	name  string
	write func(io.Writer, *judge.Report, Options) error
}

func goldenFormats() []format {
	return []format{{"text", Text}, {"line", Line}, {"json", JSON}, {"sarif", SARIF}}
}

// every returns the formats, and the pages, which have no golden file: their content is
// tested.
func every() []format { return append(goldenFormats(), htmlFormats()...) }

func htmlFormats() []format { return []format{{"html", pageOf}, {"audit-html", auditPageOf}} }

func pageOf(w io.Writer, rep *judge.Report, opt Options) error {
	return HTML(w, matrix.New(rep, fixtureOptions().Catalogue, matrix.ByService), opt)
}

func render(t *testing.T, f format, s scenario, all bool) string {
	t.Helper()
	rep, opt := s.report(all)
	var b bytes.Buffer
	if err := f.write(&b, rep, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares every format on every scenario with reviewed files. go test
// ./analyzer/report -update rewrites them.
func TestGolden(t *testing.T) {
	for name, s := range scenarios(t) {
		for _, f := range goldenFormats() {
			for _, all := range []bool{false, true} {
				if all && name != "source" && name != "installed" {
					continue
				}
				file := name + "." + f.name
				if all {
					file = name + "-all." + f.name
				}
				t.Run(file, func(t *testing.T) { golden(t, file+".golden", render(t, f, s, all)) })
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale (-want +got); if the change is meant: go test ./analyzer/report -update\n%s", file, diff)
	}
}

// TestDeterministic runs everything twice.
func TestDeterministic(t *testing.T) {
	for _, f := range every() {
		first, second := render(t, f, sourceScenario(t), true), render(t, f, sourceScenario(t), true)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s differs from run to run:\n%s", f.name, diff)
		}
	}
}

// TestWidth: no line of text exceeds the width, except for words that are copied
// whole.
func TestWidth(t *testing.T) {
	for name, s := range scenarios(t) {
		for _, width := range []int{0, 40, 60, 80, 120} {
			for _, all := range []bool{false, true} {
				rep, opt := s.report(all)
				opt.Width = width
				var b bytes.Buffer
				if err := Text(&b, rep, opt); err != nil {
					t.Fatal(err)
				}
				for _, line := range strings.Split(b.String(), "\n") {
					if w := textWidth(line); w > opt.width() && !unbreakable(line, opt.width()) {
						t.Errorf("%s at %d columns: a line takes %d:\n%s", name, width, w, line)
					}
				}
			}
		}
	}
}

// unbreakable reports whether a single word makes a line too wide.
func unbreakable(line string, width int) bool {
	for _, word := range strings.Fields(line) {
		if textWidth(word) > width-16 {
			return true
		}
	}
	return false
}

// TestSecrets: no format contains a secret, with any options.
func TestSecrets(t *testing.T) {
	for _, f := range every() {
		for _, all := range []bool{false, true} {
			if out := render(t, f, sourceScenario(t), all); strings.Contains(out, "hunter") {
				t.Errorf("%s shows a secret:\n%s", f.name, out)
			}
		}
	}
}

// TestHostile: no name, key or line reaches a terminal or a log as a command.
func TestHostile(t *testing.T) {
	for _, f := range every() {
		for _, all := range []bool{false, true} {
			out := render(t, f, hostileScenario(t), all)
			for i, line := range strings.Split(out, "\n") {
				if strings.HasPrefix(strings.TrimSpace(line), "::") {
					t.Errorf("%s line %d is a workflow command: %q", f.name, i+1, line)
				}
				if f.name != "json" && f.name != "sarif" && strings.Contains(line, "##[") {
					t.Errorf("%s line %d holds a marker of build logs: %q", f.name, i+1, line)
				}
				for _, r := range line {
					if hostile(r) {
						t.Errorf("%s line %d holds %U: %q", f.name, i+1, r, line)
					}
				}
			}
			if f.name == "sarif" {
				noLinks(t, out)
			}
		}
	}
}

// noLinks: names do not become links in messages.
func noLinks(t *testing.T, out string) {
	t.Helper()
	for _, line := range strings.Split(out, "\n") {
		if strings.Contains(line, `"text": `) && strings.Contains(line, "](") {
			t.Errorf("a message holds a link: %s", line)
		}
	}
}

// TestColor: colour adds escape sequences and nothing else.
func TestColor(t *testing.T) {
	rep, opt := sourceScenario(t).report(true)
	var without, with bytes.Buffer
	if err := Text(&without, rep, opt); err != nil {
		t.Fatal(err)
	}
	opt.Color = true
	if err := Text(&with, rep, opt); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(with.String(), "\x1b[31mhigh\x1b[0m") {
		t.Errorf("high is not red:\n%q", with.String())
	}
	if diff := cmp.Diff(without.String(), uncolored(with.String())); diff != "" {
		t.Error(diff)
	}
}

// uncolored removes the SGR sequences.
func uncolored(s string) string {
	var b strings.Builder
	for {
		start := strings.Index(s, "\x1b[")
		if start < 0 {
			break
		}
		b.WriteString(s[:start])
		s = s[start+strings.IndexByte(s[start:], 'm')+1:]
	}
	lines := strings.Split(b.String()+s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// TestLineMatches: the regular expression in Line's doc comment matches every line.
func TestLineMatches(t *testing.T) {
	matcher := lineMatcher()
	for name, s := range scenarios(t) {
		for _, line := range strings.Split(strings.TrimSpace(render(t, goldenFormats()[1], s, true)), "\n") {
			if line == "" || strings.HasPrefix(line, "error: no place") {
				continue
			}
			if !matcher.MatchString(line) {
				t.Errorf("%s: no matcher reads %q", name, line)
			}
		}
	}
}

// TestJSONRoundTrip: the document contains the report, and decodes into the same
// document.
func TestJSONRoundTrip(t *testing.T) {
	for name, s := range scenarios(t) {
		rep, opt := s.report(true)
		var b bytes.Buffer
		if err := JSON(&b, rep, opt); err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(&b)
		dec.DisallowUnknownFields()
		var got plainReport
		if err := dec.Decode(&got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := plainly(newDocument(rep, opt))
		for i := range want.Findings { // invalid UTF-8 does not round-trip
			want.Findings[i].File = strings.ToValidUTF8(want.Findings[i].File, "\ufffd")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A plainReport is a jsonReport with all elements in memory.
type plainReport struct {
	Version     int              `json:"version"`
	Tool        jsonTool         `json:"tool"`
	Coverage    jsonCoverage     `json:"coverage"`
	Resources   []jsonResource   `json:"resources"`
	Findings    []jsonFinding    `json:"findings"`
	Closed      []jsonClosed     `json:"closed"`
	Duties      []jsonDuty       `json:"duties"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
	Summary     jsonSummary      `json:"summary"`
}

func plainly(doc jsonReport) plainReport {
	return plainReport{
		doc.Version, doc.Tool, doc.Coverage, all(doc.Resources), all(doc.Findings), doc.Closed, all(doc.Duties), doc.Diagnostics, doc.Summary,
	}
}

func all[T, E any](e each[T, E]) []E {
	made := make([]E, len(e.list))
	for i, x := range e.list {
		made[i] = e.element(x)
	}
	return made
}

// TestJSONNull: lists are never null, evidence and suppressed may be.
func TestJSONNull(t *testing.T) {
	for name, s := range scenarios(t) {
		for _, line := range strings.Split(render(t, goldenFormats()[2], s, true), "\n") {
			key := strings.TrimSpace(strings.SplitN(line, ":", 2)[0])
			if strings.HasSuffix(strings.TrimRight(line, ","), ": null") && key != `"evidence"` && key != `"suppressed"` {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestWriteError: a writer's error is returned.
func TestWriteError(t *testing.T) {
	rep, opt := sourceScenario(t).report(false)
	for _, f := range every() {
		if err := f.write(failingWriter{}, rep, opt); err != io.ErrClosedPipe {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// TestEmpty: an empty report and zero options work.
func TestEmpty(t *testing.T) {
	for _, f := range every() {
		var b bytes.Buffer
		if err := f.write(&b, &judge.Report{}, Options{}); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}
