package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const readme = "../../README.md"

// A shown report stands between the command that makes it and an end mark.
var shownReport = regexp.MustCompile("(?s)<!-- demarc (.*?) -->\n```\n(.*?)```\n<!-- end -->")

// TestReadme compares the reports in the README with the output of the commands.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	found := shownReport.FindAllSubmatchIndex(text, -1)
	if len(found) == 0 {
		t.Fatal("the README shows no report")
	}
	var rewritten []byte
	last := 0
	for _, at := range found {
		args, shown := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
		got := shorten(printed(t, strings.Fields(args)))
		if diff := cmp.Diff(shown, got); diff != "" && !*update {
			t.Errorf("README, demarc %s (-shown +printed; go test ./cmd/demarc -run Readme -update rewrites it):\n%s", args, diff)
		}
		rewritten = append(append(rewritten, text[last:at[4]]...), got...)
		last = at[5]
	}
	if *update {
		if err := os.WriteFile(readme, append(rewritten, text[last:]...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

var hclBlock = regexp.MustCompile("(?s)```hcl\n(.*?)```")

// TestDocumentedConfig reads the configuration examples of the documents.
func TestDocumentedConfig(t *testing.T) {
	read := 0
	for _, name := range []string{readme, "../../docs/config.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range hclBlock.FindAllSubmatch(text, -1) {
			if bytes.Contains(block[1], []byte("demarc:ignore")) {
				continue // of Terraform source
			}
			known := builtin()
			r := configReader{shown: name, base: ".", table: known.every(), facts: known.facts}
			if _, err := r.read(block[1], configName); err != nil {
				t.Errorf("%s: %v in\n%s", name, err, block[1])
			}
			read++
		}
	}
	if read < 2 {
		t.Errorf("found %d configurations, want one in each document", read)
	}
}

// shorten omits the middle of a long report, as the README says: its first and last
// paragraphs stay.
func shorten(report string) string {
	const begins, ends, long = 14, 9, 20 // lines
	parts := strings.Split(report, "\n\n")
	head, tail := 1, len(parts)-1
	for head < len(parts) && lines(parts[:head]) < begins {
		head++
	}
	for tail > 0 && lines(parts[tail:]) < ends && lines(parts[tail-1:tail]) <= long {
		tail--
	}
	if tail-head < 2 {
		return report
	}
	return strings.Join(slices.Concat(parts[:head], []string{"..."}, parts[tail:]), "\n\n")
}

func lines(paragraphs []string) int { return strings.Count(strings.Join(paragraphs, "\n"), "\n") + 1 }

// printed returns the output of a command that finds gaps, or does not look for any.
func printed(t *testing.T, args []string) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: dir, environ: []string{"COLUMNS=80"}, today: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		rules: builtin, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	}
	want := exitGaps
	if args[0] == "explain" {
		want = exitClean
	}
	if code := p.run(args); code != want || stderr.Len() > 0 {
		t.Fatalf("demarc %s: exit code %d, want %d; standard error:\n%s", strings.Join(args, " "), code, want, &stderr)
	}
	return stdout.String()
}

// TestQuickstart compares the plan of the quickstart with its source: the plan does
// not reverse a verdict of the source.
func TestQuickstart(t *testing.T) {
	source := printed(t, []string{"scan", "--format", "line", "fixtures/quickstart"})
	plan := printed(t, []string{"scan", "--format", "line", "fixtures/quickstart/plan.json", "--source", "fixtures/quickstart"})
	for _, line := range strings.Split(source, "\n") {
		if !strings.Contains(plan, line) {
			t.Errorf("a gap of the source that its plan does not have:\n%s", line)
		}
	}
}
