package tfconfig

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// allocated returns the number of bytes that a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// loadDir loads a directory of the machine.
func loadDir(t *testing.T, dir string) string {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	set, err := Load(context.Background(), Options{FS: root.FS(), Paths: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	if !set.Coverage.Broken {
		t.Error("all is said to be read")
	}
	text := describe(set, nil)
	for _, d := range set.Diags {
		text += d.Error() + "\n"
	}
	return text
}

// TestOversized: a sparse file that exceeds its bound costs nothing, is named, and
// does not keep other files from being read.
func TestOversized(t *testing.T) {
	for _, name := range []string{"bomb.tf", "bomb.tofu", "bomb.tf.json", "terraform.tfvars", "x.auto.tfvars.json", ".terraform/modules/modules.json"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "ok.tf"), `resource "aws_sqs_queue" "ok" {}`)
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			write(t, file, "")
			if err := os.Truncate(file, 3<<30); err != nil {
				t.Skip(err)
			}
			var got string
			if n := allocated(func() { got = loadDir(t, dir) }); n > 8<<20 {
				t.Errorf("%d bytes are allocated", n)
			}
			for _, want := range []string{name, "larger than 16 MiB", "aws_sqs_queue.ok"} {
				if !strings.Contains(got, want) {
					t.Errorf("nothing says %q:\n%s", want, got)
				}
			}
		})
	}
}

// TestWithinBounds: files of people, or of programs for them, are read.
func TestWithinBounds(t *testing.T) {
	line := strings.Repeat("x", 39)
	lines := strings.Repeat(line+"\n", 5000)
	for name, file := range map[string]struct{ name, text string }{
		"a long heredoc":            {"a.tf", "locals {\n  a = <<-EOT\n" + lines + "EOT\n}\n"},
		"a long script":             {"a.tf", "locals {\n  a = <<-EOT\n" + strings.Repeat("  echo ${1 + 1} - $${x}\n", 1500) + "EOT\n}\n"},
		"many names of resources":   {"a.tf", "locals {\n  a = [" + strings.Repeat("\"arn:aws:iam::111122223333:role/r\",", 20_000) + "]\n}\n"},
		"a long text in JSON":       {"a.tf.json", `{"locals": {"a": "` + strings.Repeat(line+`\n`, 5000) + `"}}`},
		"policies in JSON":          {"a.tf.json", `{"locals": {"a": "` + strings.Repeat(`{\"Resource\": [\"*\"], \u003c: \"${aws:x}\"}`, 400) + `"}}`},
		"a table of 200,000 values": {"a.tf", "locals {\n  a = {\n" + strings.Repeat("    \"k\" = [1, 2]\n", 40_000) + "  }\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if d := refused([]byte(file.text), file.name); d != nil {
				t.Error(d)
			}
		})
	}
}

// TestCountWords: the count without the lexer is at least the number of the lexer's
// tokens.
func TestCountWords(t *testing.T) {
	c := rand.New(rand.NewSource(1))
	parts := []string{"a", "1", ".", "-", " ", "\n", `"`, `"b c"`, "${", "}", "{", "%{", "# ", "//", "/*", "*/", "<<EOT\n", "EOT\n", "\\", ",", "[", "]", "é", "\xff", "::", "\t", "=", "$", "'", "..."}
	for range 20_000 {
		var b strings.Builder
		for range 1 + c.Intn(12) {
			b.WriteString(parts[c.Intn(len(parts))])
		}
		src := []byte(b.String())
		tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
		if got, want := countWords(src, false), len(tokens)-1; got < want { // without the end token
			t.Fatalf("%q: %d words, %d tokens", src, got, want)
		}
	}
	for text, want := range map[string]int{
		`{"a": ["10.0.0.0/8", "10.0.0.0/8"]}`:    1 + 3 + 1 + 1 + 3 + 1 + 3 + 2,
		"a = [\"10.0.0.0/8\", \"10.0.0.0/8\"]\n": 2 + 1 + 3 + 1 + 3 + 1 + 1,
	} {
		if got := countWords([]byte(text), strings.HasPrefix(text, "{")); got != want {
			t.Errorf("%s: %d words, want %d", text, got, want)
		}
	}
}

// TestEndOfString: JSON texts end where the library ends them.
func TestEndOfString(t *testing.T) {
	for text, want := range map[string]int{`"a"b`: 3, `"\""b`: 4, `"\\"b`: 4, "\"a\nb\"": 2, `"a`: 2, `"\`: 2} {
		if got := min(endOfString([]byte(text), 0), len(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// TestTooMuch: input beyond the limit of one load is an error that names the limit,
// and nothing is evaluated.
func TestTooMuch(t *testing.T) {
	many := func(n int, text string) fstest.MapFS {
		files := fstest.MapFS{}
		for i := range n {
			files[fmt.Sprintf("f%d.tf", i)] = &fstest.MapFile{Data: []byte(text)}
		}
		return files
	}
	tests := map[string]struct {
		files fstest.MapFS
		opt   Options
		want  string
	}{
		"files":        {many(mostFiles+1, ""), Options{}, "more than 50000 files of configuration"},
		"environments": {many(1, ""), Options{Environments: make([]Environment, mostRoots+1)}, "more than 10000 root modules and environments of them"},
		"words":        {many(5, "locals {\n  a = ["+strings.Repeat("1,", mostWords/2-10)+"]\n}\n"), Options{}, "more than 8000000 tokens of configuration"},
		"long texts":   {many(40, "locals {\n  a = <<EOT\n"+strings.Repeat("x\n", 9_800)+"EOT\n}\n"), Options{}, "more than 32 GiB of text to move"},
		"excluded":     {many(mostFiles+1, ""), Options{Exclude: []string{"f1*"}}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.opt.FS, tt.opt.Paths = tt.files, []string{"."}
			_, err := Load(context.Background(), tt.opt)
			if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
