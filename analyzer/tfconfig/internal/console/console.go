// Package console holds expressions and the results of `terraform console` for them,
// for tests that compare an evaluator with Terraform. It runs Terraform and prints
// values as Terraform does; it evaluates nothing itself.
package console

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A Case is one expression and Terraform's result: its printed value, or "error: "
// and a summary. An empty result means that the expression was never run. If
// demarc's result should differ, the case has demarc's result, and the reason.
type Case struct {
	Expr, Want, Ours, Why string
}

// Outcome returns Terraform's result without the text of an error.
func (c Case) Outcome() string {
	if strings.HasPrefix(c.Want, "error: ") {
		return "error"
	}
	return c.Want
}

// Check compares an evaluator's results.
func (c Case) Check(t testing.TB, got string) {
	t.Helper()
	want := c.Outcome()
	switch {
	case want == "":
		t.Errorf("%s: no answer recorded: run go test -run %s -update", c.Expr, t.Name())
		return
	case c.Ours == "":
	case c.Ours == want:
		t.Errorf("%s: Terraform says so too: no difference any more", c.Expr)
	case c.Why == "":
		t.Errorf("%s: differs from Terraform without a reason", c.Expr)
	default:
		want = c.Ours
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-terraform +ours)\n%s", c.Expr, diff)
	}
}

// Parse reads a file of results: an expression at the margin, its further lines
// after a "|", and its result after a tab below it. A different result of demarc
// stands after "~" and a tab, below the reason, which stands after "~". Lines that
// start with "#" are comments.
func Parse(raw []byte) []Case {
	var cases []Case
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		if isProse(line) {
			continue
		}
		if strings.IndexByte("|\t~", line[0]) < 0 {
			cases = append(cases, Case{Expr: line})
			continue
		}
		c := &cases[len(cases)-1]
		switch {
		case line[0] == '|':
			c.Expr += "\n" + line[1:]
		case line[0] == '\t':
			c.Want = joined(c.Want, line[1:])
		case strings.HasPrefix(line, "~\t"):
			c.Ours = joined(c.Ours, line[2:])
		default:
			c.Why = line[1:]
		}
	}
	return cases
}

func joined(text, line string) string {
	if text == "" {
		return line
	}
	return text + "\n" + line
}

func isProse(line string) bool {
	return line == "" || line[0] == '#'
}

// Read returns the cases of a file. With update it first runs each in Terraform and
// rewrites the file; the console then runs in a copy of the directory dir, which has
// a configuration in main.tf.
func Read(t testing.TB, file, dir string, update bool) []Case {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cases := Parse(raw)
	if !update {
		return cases
	}
	askAll(t, cases, dir)
	if err := os.WriteFile(file, rewrite(raw, cases), 0o644); err != nil {
		t.Fatal(err)
	}
	return cases
}

func askAll(t testing.TB, cases []Case, dir string) {
	t.Helper()
	next := make(chan *Case)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		at := initialised(t, dir) // each console locks its state
		wg.Go(func() {
			for c := range next {
				c.Want = ask(at, c.Expr)
			}
		})
	}
	for i := range cases {
		next <- &cases[i]
	}
	close(next)
	wg.Wait()
}

// rewrite writes the results below their expressions, and keeps all other lines.
func rewrite(raw []byte, cases []Case) []byte {
	var out bytes.Buffer
	asked := false // the result of the last expression is not written yet
	answer := func() {
		if asked {
			out.WriteString("\t" + strings.ReplaceAll(cases[0].Want, "\n", "\n\t") + "\n")
			cases, asked = cases[1:], false
		}
	}
	for line := range strings.Lines(string(raw)) {
		if line[0] == '\t' {
			continue
		}
		if line[0] != '|' {
			answer()
		}
		out.WriteString(line)
		asked = asked || !isProse(strings.TrimSuffix(line, "\n")) && line[0] != '~'
	}
	answer()
	return out.Bytes()
}

// initialised returns an initialized copy of a configuration.
func initialised(t testing.TB, dir string) string {
	t.Helper()
	at := Copy(t, dir)
	if out, err := terraform(at, "", "init").CombinedOutput(); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
	return at
}

// Copy puts main.tf of dir beside the files of its directory fs, in a temporary
// directory of the test.
func Copy(t testing.TB, dir string) string {
	t.Helper()
	at := t.TempDir()
	if err := os.CopyFS(at, Files(dir)); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(at, "main.tf"), src, 0o644); err != nil {
		t.Fatal(err)
	}
	return at
}

// Files returns the files beside main.tf.
func Files(dir string) fs.FS {
	return os.DirFS(filepath.Join(dir, "fs"))
}

func terraform(dir, stdin string, args ...string) *exec.Cmd {
	cmd := exec.Command("terraform", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE=", "CHECKPOINT_DISABLE=1", "NO_COLOR=1")
	return cmd
}

// ask runs one expression in the console, which reads a line at a time: an
// expression of several lines is put in a local.
func ask(dir, expr string) string {
	if strings.Contains(expr, "\n") {
		file := filepath.Join(dir, "asked.tf")
		if err := os.WriteFile(file, []byte("locals {\n  asked = "+expr+"\n}\n"), 0o644); err != nil {
			return ""
		}
		defer os.Remove(file)
		expr = "local.asked"
	}
	cmd := terraform(dir, expr+"\n", "console")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "error: " + summary(stderr.String())
	}
	return strings.TrimSuffix(stdout.String(), "\n")
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// summary returns the headline and the first paragraph below the source of a
// diagnostic, on one line; for a panic, without its stack.
func summary(stderr string) string {
	var words []string
	for line := range strings.Lines(colour.ReplaceAllString(stderr, "")) {
		line = strings.Trim(line, "╷│╵ \n")
		if line == "" || strings.HasPrefix(line, "on ") || strings.HasPrefix(line, "(source code") {
			continue
		}
		if strings.HasPrefix(line, "goroutine ") {
			break
		}
		words = append(words, line)
	}
	return strings.TrimPrefix(strings.Join(words, " "), "Error: ")
}
