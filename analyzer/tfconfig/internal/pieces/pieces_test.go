package pieces

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func config(text string) string { return "locals {\n  a = " + text + "\n}\n" }

func TestTooMuch(t *testing.T) {
	line := strings.Repeat("x", 39) + "\n"
	tests := map[string]struct {
		text string
		want int // pieces; 0: not too many
	}{
		"a usual heredoc":              {config("<<-EOT\n" + strings.Repeat(line, 5000) + "EOT"), 0},
		"many heredocs":                {strings.Repeat("a {\n  b = <<EOT\n"+strings.Repeat(line, 500)+"EOT\n}\n", 300), 0},
		"few pieces of a byte":         {config("<<EOT\n" + strings.Repeat("x\n", few-1) + "EOT"), 0},
		"many attributes":              {strings.Repeat("a = \"$${b}\"\n", 100_000), 0},
		"short lines":                  {config("<<EOT\n" + strings.Repeat("x\n", 300_000) + "EOT"), 300_000},
		"escapes":                      {config(`"` + strings.Repeat("$${", 50_000) + `"`), 50_000},
		"sequences":                    {config("<<-EOT\n" + strings.Repeat("  ${a}\n", 30_000) + "EOT"), 90_000},
		"within a sequence":            {config("\"${<<EOT\n" + strings.Repeat("x\n", 100_000) + "EOT\n}\""), 100_000},
		"without an end":               {config("<<EOT\n" + strings.Repeat("x\n", 100_000)), 100_002},
		"the largest of many heredocs": {strings.Repeat("a {\n  b = <<EOT\n"+strings.Repeat("x\n", 20_000)+"EOT\n}\n", 20) + config("<<EOT\n"+strings.Repeat("x\n", 20_001)+"EOT"), 20_001},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			src := []byte(tt.text)
			tokens, _ := hclsyntax.LexConfig(src, "a.tf", hcl.InitialPos)
			cost := CostOf(tokens, len(src))
			is := cost.TooMuch(len(src))
			if is != (tt.want > 0) || is && cost.Pieces != tt.want {
				t.Errorf("%d pieces, too many: %t; want %d", cost.Pieces, is, tt.want)
			}
			if is && Few(src, false) {
				t.Error("it is not looked at")
			}
		})
	}
}

// TestTemplateFile: the lines of a template file are pieces.
func TestTemplateFile(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("x\n", 300_000):  true,
		strings.Repeat("$${", 300_000):  true,
		strings.Repeat("${a}", 300_000): true,
		strings.Repeat("x ", 300_000):   false,
	} {
		tokens, _ := hclsyntax.LexTemplate([]byte(text), "", hcl.InitialPos)
		cost := CostOf(tokens, len(text))
		if is := cost.TooMuch(len(text)); is != want || is && Few([]byte(text), true) {
			t.Errorf("%.8q: %d pieces, too many: %t", text, cost.Pieces, is)
		}
	}
}
