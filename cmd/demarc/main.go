// Command demarc finds the line between what the cloud provider secures and what you
// must secure, in Terraform, before anything is created. It reads flags, files and
// streams and decides the exit code; other packages judge the resources and write
// the reports.
package main

import (
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/checks"
)

func main() {
	var doing stage
	watchMemory(&doing, os.Stderr)
	os.Exit(run(&doing, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Run runs demarc in the directory and with the environment of this process. It
// returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return run(&stage{}, args, stdin, stdout, stderr)
}

func run(doing *stage, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	dir, err := os.Getwd()
	if err != nil {
		return fail(stderr, err)
	}
	p := &process{
		stage: doing,
		dir:   dir, environ: os.Environ(), today: time.Now(), rules: builtin,
		stdin: stdin, stdout: stdout, stderr: stderr,
	}
	if p.env("GOGC") == "" {
		debug.SetGCPercent(400) // the run is short: memory is cheaper than collection
	}
	return p.run(args)
}

// A process is the environment of a command: everything that it takes from the
// machine.
type process struct {
	dir     string   // the current directory
	environ []string // NAME=value
	today   time.Time
	rules   func() rules
	stage   *stage // the current step; nil: not tracked

	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// doing records the current step.
func (p *process) doing(what string) {
	if p.stage != nil {
		p.stage.set(what)
	}
}

// rules are the checks, defaults and facts with which resources are judged.
type rules struct {
	checks   []*analyzer.Check
	defaults []*analyzer.Default
	facts    []analyzer.FactDef
}

func builtin() rules { return rules{checks.All(), checks.Defaults(), checks.Facts()} }

// every returns every check, including the checks of suppressions.
func (r rules) every() table {
	return slices.Concat(table(r.checks), analyzer.SuppressionChecks(), judge.AttestationChecks())
}

// env returns the value of an environment variable; empty: not set.
func (p *process) env(name string) string {
	for i := len(p.environ) - 1; i >= 0; i-- {
		if key, value, _ := strings.Cut(p.environ[i], "="); key == name {
			return value
		}
	}
	return ""
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
