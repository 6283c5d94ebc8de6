// Package console holds expressions and what `terraform console` answers to
// them, for tests that compare an evaluator with Terraform. It asks Terraform
// and prints values as Terraform does; it evaluates nothing itself.
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
)

// A Case is one expression and what Terraform answers: its printed value, or
// "error: " and a summary. An empty answer is one that was never asked for.
type Case struct {
	Expr, Want string
}

// Outcome is the answer without the words of an error, which are Terraform's
// own.
func (c Case) Outcome() string {
	if strings.HasPrefix(c.Want, "error: ") {
		return "error"
	}
	return c.Want
}

// Parse reads a file of answers: an expression at the margin, its further lines
// behind a "|", and its answer behind a tab below it. Lines that start with "# "
// are for the reader.
func Parse(raw []byte) []Case {
	var cases []Case
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case isProse(line):
		case line[0] == '|':
			cases[len(cases)-1].Expr += "\n" + line[1:]
		case line[0] != '\t':
			cases = append(cases, Case{Expr: line})
		case cases[len(cases)-1].Want == "":
			cases[len(cases)-1].Want = line[1:]
		default:
			cases[len(cases)-1].Want += "\n" + line[1:]
		}
	}
	return cases
}

func isProse(line string) bool {
	return line == "" || line[0] == '#'
}

// Read returns the cases of a file. With update it asks Terraform each of them
// first and rewrites the file; the console then runs in a copy of the directory
// dir, which has a configuration in main.tf.
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

// rewrite puts the answers below their expressions, keeping all other lines.
func rewrite(raw []byte, cases []Case) []byte {
	var out bytes.Buffer
	answer := func() {
		if len(cases) > 0 && cases[0].Want != "" {
			out.WriteString("\t" + strings.ReplaceAll(cases[0].Want, "\n", "\n\t") + "\n")
			cases = cases[1:]
		}
	}
	open := false // an expression without its answer
	for line := range strings.Lines(string(raw)) {
		switch {
		case line[0] == '\t':
			continue
		case line[0] != '|' && open:
			answer()
			open = false
		}
		out.WriteString(line)
		open = open || !isProse(strings.TrimSuffix(line, "\n"))
	}
	if open {
		answer()
	}
	return out.Bytes()
}

// initialised is an initialised copy of a configuration: main.tf of dir beside
// what its directory fs has.
func initialised(t testing.TB, dir string) string {
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
	if out, err := terraform(at, "", "init").CombinedOutput(); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
	return at
}

// Files are those that lie beside main.tf.
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

// ask puts one expression to the console, which reads a line at a time: one of
// several lines goes by way of a local.
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

// summary is the headline and the first paragraph below the source of a
// diagnostic, on one line; of a panic, without its stack.
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
