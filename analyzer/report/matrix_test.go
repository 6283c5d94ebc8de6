package report

import (
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
)

// TestCellState: a layer is met if all its objectives are met.
func TestCellState(t *testing.T) {
	objective := func(o analyzer.Objective, stated int, states ...judge.State) matrix.ObjectiveTally {
		t := matrix.ObjectiveTally{Objective: o, Stated: stated}
		for _, s := range states {
			t.Tally.Add(s)
		}
		t.State = t.Tally.State()
		return t
	}
	const met, attested, none = judge.MetState, judge.Attested, judge.Unevidenced
	whole := objective("encrypt-at-rest", 0, met, met) // a configuration shows all of it
	for name, tt := range map[string]struct {
		state      judge.State
		objectives []matrix.ObjectiveTally
		want       string
	}{
		"no objective":                   {met, nil, "met"},
		"all of it":                      {met, []matrix.ObjectiveTally{whole}, "met"},
		"the rest is attested":           {met, []matrix.ObjectiveTally{whole, objective("classify-data", 1, attested), objective("back-up", 1, met)}, "met"},
		"another has no evidence":        {met, []matrix.ObjectiveTally{whole, objective("classify-data", 0, none)}, "met in part"},
		"another has none on one of two": {met, []matrix.ObjectiveTally{whole, objective("classify-data", 1, attested, none)}, "met in part"},
		"a half of it":                   {met, []matrix.ObjectiveTally{objective("back-up", 0, met)}, "met in part"},
		"nothing":                        {none, []matrix.ObjectiveTally{objective("classify-data", 0, none)}, "no evid."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cellState(&matrix.Cell{State: tt.state, Objectives: tt.objectives}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestCSVCell: a spreadsheet reads no name as a formula.
func TestCSVCell(t *testing.T) {
	for in, want := range map[string]string{
		"Amazon RDS":    "Amazon RDS",
		"":              "",
		"=1+1":          "'=1+1",
		"+1":            "+1",
		"-1.5":          "-1.5",
		"-1+cmd|x":      "'-1+cmd|x",
		"a; =1":         "a; '=1",
		" \"=1":         " \"'=1",
		"\uff1d1":       "'\uff1d1",
		"::error::x":    "'::error::x",
		"@SUM(A1)":      "'@SUM(A1)",
		"\t=1":          `\t=1`,
		"a\nb":          `a\nb`,
		"\u202ereverse": `\u202ereverse`,
	} {
		if got := csvCell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestMarkdownCell: no name ends a cell or is markup in it.
func TestMarkdownCell(t *testing.T) {
	for in, want := range map[string]string{
		"Amazon RDS":            "Amazon RDS",
		"a|b":                   `a\|b`,
		"`x`":                   "\\`x\\`",
		"<img src=x>":           "&lt;img src=x&gt;",
		"[a](b)":                `\[a\](b)`,
		"@shop/web":             "@&#8203;shop/web",
		"https://a.example":     "https:&#8203;//a.example",
		"aws_s3_bucket.b":       `aws\_s3\_bucket.b`,
		"*bold* ~~gone~~ #":     `\*bold\* \~\~&#8203;gone\~\~ \#`,
		"www.a.example":         "www&#8203;.a.example",
		"a#12 GH-3 !4 $5":       `a\#&#8203;12 GH-&#8203;3 \!&#8203;4 \$&#8203;5`,
		"0123abcd 123456789012": "0123ab&#8203;cd 123456789012",
		"main.tf:12:3 :+1:":     "main.tf:12:3 :&#8203;+1:",
		"- a":                   `\- a`,
		"1. a":                  `1\. a`,
	} {
		if got := markdownCell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestCut: a text that is too long for its column is cut.
func TestCut(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"RDS", "RDS"}, {"exact", "exact"}, {"longer", "long…"}, {"日本語", "日本…"}, {"日本", "日本"},
	} {
		if got := cut(tt.in, 5); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
