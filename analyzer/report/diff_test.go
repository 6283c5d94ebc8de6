package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
)

var diffFormats = map[string]func(io.Writer, *compare.Diff, Names, Options) error{
	"text": DiffText, "markdown": DiffMarkdown, "json": DiffJSON,
}

// diffs returns comparisons of a scenario with nothing, in both directions.
func diffs(s scenario) ([]*compare.Diff, Options) {
	rep, opt := s.report(true)
	none := judge.Run(context.Background(), analyzer.NewSet(nil, analyzer.Coverage{}, nil), nil, fixtureOptions())
	is, is0 := compare.Side{Report: rep, Dir: "."}, compare.Side{Report: none, Dir: "."}
	c := fixtureOptions().Catalogue
	return []*compare.Diff{compare.Reports(is0, is, c), compare.Reports(is, is0, c)}, opt
}

func renderDiffs(t *testing.T, s scenario, format string) string {
	t.Helper()
	var b bytes.Buffer
	all, opt := diffs(s)
	for _, d := range all {
		if err := diffFormats[format](&b, d, Names{Kind: "revisions", Old: "\x1b[1m::error::@a/b", New: "main", In: "::x"}, opt); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestDiffHostile: no name reaches a terminal, a log or a comment as a command, a
// link, markup or a mention.
func TestDiffHostile(t *testing.T) {
	for format := range diffFormats {
		out := renderDiffs(t, hostileScenario(t), format)
		if !strings.Contains(out, "aws-rds-storage-encrypted") && format != "markdown" {
			t.Errorf("%s shows no gap:\n%s", format, out)
		}
		for i, line := range strings.Split(out, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%s line %d is a workflow command: %q", format, i+1, line)
			}
			for _, r := range line {
				if hostile(r) {
					t.Errorf("%s line %d holds %U: %q", format, i+1, r, line)
				}
			}
			if format == "markdown" && (strings.Contains(line, "<img") || strings.Contains(strings.ReplaceAll(line, `\]`, ""), "](") ||
				strings.Contains(line, "@a") || strings.Contains(line, "://")) {
				t.Errorf("markdown line %d holds markup: %q", i+1, line)
			}
		}
	}
}

// TestDiffSecrets: no format contains a secret.
func TestDiffSecrets(t *testing.T) {
	for format := range diffFormats {
		if out := renderDiffs(t, sourceScenario(t), format); strings.Contains(out, "hunter") {
			t.Errorf("%s shows a secret:\n%s", format, out)
		}
	}
}

// TestDiffMarkdownFits: a comment with every detail of a large change would be
// refused.
func TestDiffMarkdownFits(t *testing.T) {
	const longest = 65536 // limit of a comment on GitHub
	root := &analyzer.Root{Dir: "."}
	for i := range 2000 {
		r := resource(fmt.Sprintf("module.service%d.aws_db_instance.%s", i, strings.Repeat("x", 40)), nil, &places{})
		r.Type = "aws_db_instance"
		root.Resources = append(root.Resources, r)
	}
	all, opt := diffs(scenario{set: analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{}, nil)})
	for _, d := range all {
		var b bytes.Buffer
		if err := DiffMarkdown(&b, d, Names{}, opt); err != nil || b.Len() == 0 || b.Len() > longest {
			t.Errorf("%d bytes, %v", b.Len(), err)
		}
	}
}
