package tfconfig

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// allocated is how many bytes a function allocates.
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

// TestOversized: a file that is larger than its bound, and holds nothing on the
// disk, costs nothing, is named, and keeps none of the others from being read.
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

// TestWithinBounds: what people write, or programs for them, is read.
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

// TestEndOfString: texts of JSON end where the library has them end.
func TestEndOfString(t *testing.T) {
	for text, want := range map[string]int{`"a"b`: 3, `"\""b`: 4, `"\\"b`: 4, "\"a\nb\"": 2, `"a`: 2, `"\`: 2} {
		if got := min(endOfString([]byte(text), 0), len(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
