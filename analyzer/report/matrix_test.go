package report

import "testing"

// TestCSVCell: no name is a formula to a spreadsheet.
func TestCSVCell(t *testing.T) {
	for in, want := range map[string]string{
		"Amazon RDS":    "Amazon RDS",
		"":              "",
		"=1+1":          "'=1+1",
		"+1":            "'+1",
		"-1":            "'-1",
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
		"Amazon RDS":        "Amazon RDS",
		"a|b":               `a\|b`,
		"`x`":               "\\`x\\`",
		"<img src=x>":       "&lt;img src=x&gt;",
		"[a](b)":            `\[a\](b)`,
		"@shop/web":         "@&#8203;shop/web",
		"https://a.example": "https:&#8203;//a.example",
		"aws_s3_bucket.b":   `aws\_s3\_bucket.b`,
		"*bold* ~~gone~~ #": `\*bold\* \~\~gone\~\~ \#`,
	} {
		if got := markdownCell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestCut: what is too long for its column ends there.
func TestCut(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"RDS", "RDS"}, {"exact", "exact"}, {"longer", "long…"}, {"日本語", "日本…"}, {"日本", "日本"},
	} {
		if got := cut(tt.in, 5); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
