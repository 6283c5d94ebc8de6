// Command mutate tells what the tests of a package would not notice. It changes
// the package's code in one place, runs the package's own tests, and does so for
// many places; a change that they let pass is a hole in them, or one that nobody
// can see. It never writes to the work tree, and decides nothing: see mutant.go
// for the changes that there are.
//
//	go run ./internal/mutate -n 40 ./analyzer/policy
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() { os.Exit(Run(os.Args[1:], os.Stdout, os.Stderr)) }

// Run is the command: 0 is returned where the tests ran, whatever they noticed.
func Run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: go run ./internal/mutate [flags] package...")
		flags.PrintDefaults()
	}
	var opt options
	flags.IntVar(&opt.n, "n", 0, "try so many mutants of each package, the same every time; 0: all")
	flags.StringVar(&opt.at, "at", "", "try those of a file.go, or of its line: file.go:12")
	flags.StringVar(&opt.run, "run", "", "run the tests that this matches, as go test does")
	if flags.Parse(args) != nil || flags.NArg() == 0 {
		flags.Usage()
		return 2
	}
	if err := mutate(flags.Args(), opt, stdout); err != nil {
		fmt.Fprintln(stderr, "mutate:", err)
		return 1
	}
	return 0
}

type options struct {
	n       int
	at, run string
}

// A target is a package, as go list tells of it.
type target struct {
	Dir, ImportPath                    string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

func mutate(patterns []string, opt options, out io.Writer) error {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	targets, err := list(patterns)
	if err != nil {
		return err
	}
	for _, of := range targets {
		if len(of.TestGoFiles)+len(of.XTestGoFiles) == 0 {
			fmt.Fprintf(out, "%s\n\nno tests\n\n", of.ImportPath)
			continue
		}
		b := &bench{target: of, dir: dir, run: opt.run}
		if err := b.score(opt, out); err != nil {
			return fmt.Errorf("%s: %w", of.ImportPath, err)
		}
	}
	return nil
}

func list(patterns []string) ([]target, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,GoFiles,TestGoFiles,XTestGoFiles", "--"}, patterns...)...)
	cmd.Stderr = os.Stderr
	listed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var targets []target
	for dec := json.NewDecoder(bytes.NewReader(listed)); dec.More(); {
		var t target
		if err := dec.Decode(&t); err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// score tries mutants in an order that chance gave once, until there are enough.
// Those that do not compile are none.
func (b *bench) score(opt options, out io.Writer) error {
	mutants, err := b.mutants(opt.at)
	if err != nil {
		return err
	}
	if err := b.measure(); err != nil {
		return err
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	count := map[fate]int{}
	fmt.Fprintln(out, b.target.ImportPath)
	for _, m := range mutants {
		if opt.n > 0 && tried(count) == opt.n {
			break
		}
		f, err := b.try(m)
		if err != nil {
			return err
		}
		if count[f]++; f == survives {
			fmt.Fprintf(out, "\n%s\n%s", m.place, m.diff())
		}
	}
	fmt.Fprintf(out, "\n%s\n\n", summary(count))
	return nil
}

func tried(count map[fate]int) int { return count[survives] + count[killed] + count[late] }

func summary(count map[fate]int) string {
	all, noticed := tried(count), count[killed]+count[late]
	if all == 0 {
		return "nothing to change"
	}
	said := fmt.Sprintf("%d of %d noticed: %d %%", noticed, all, 100*noticed/all)
	if count[late] > 0 {
		said += fmt.Sprintf(" (%d in that the tests did not end)", count[late])
	}
	return said
}

func (b *bench) mutants(at string) ([]mutant, error) {
	var all []mutant
	for _, name := range b.target.GoFiles {
		src, err := os.ReadFile(filepath.Join(b.target.Dir, name))
		if err != nil {
			return nil, err
		}
		found, err := mutantsOf(name, src)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return slices.DeleteFunc(all, func(m mutant) bool { return at != "" && at != m.file && at != m.place }), nil
}

// A fate is what became of a mutant.
type fate int

const (
	survives fate = iota
	killed
	late  // the tests did not end, which is noticed as well
	stale // it does not compile
)

// A bench is where a package's tests are built and run.
type bench struct {
	target target
	dir    string // temporary
	run    string
	limit  time.Duration
}

func (b *bench) binary() string { return filepath.Join(b.dir, "mutant.test") }

// measure runs the tests of what is not changed: they must pass, and mutants have
// five times as long.
func (b *bench) measure() error {
	if told, err := b.build(); err != nil {
		return fmt.Errorf("%w\n%s", err, told)
	}
	b.limit = 30 * time.Minute
	start := time.Now()
	if f, told := b.test(); f != survives {
		return fmt.Errorf("the tests fail as they are\n%s", told)
	}
	b.limit = 5*time.Since(start) + 5*time.Second
	return nil
}

func (b *bench) try(m mutant) (fate, error) {
	changed := filepath.Join(b.dir, "mutant.go")
	overlay := filepath.Join(b.dir, "overlay.json")
	replace := map[string]map[string]string{"Replace": {filepath.Join(b.target.Dir, m.file): changed}}
	told, err := json.Marshal(replace)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(os.WriteFile(changed, m.text(), 0o600), os.WriteFile(overlay, told, 0o600)); err != nil {
		return 0, err
	}
	if _, err := b.build("-overlay", overlay); err != nil {
		return stale, nil
	}
	f, _ := b.test()
	return f, nil
}

func (b *bench) build(flags ...string) ([]byte, error) {
	args := append([]string{"test", "-c", "-vet=off", "-o", b.binary()}, flags...)
	cmd := exec.Command("go", append(args, b.target.ImportPath)...)
	return cmd.CombinedOutput()
}

// test runs the tests where they stand. What grows without end is stopped by a
// limit of memory where there is a shell to set it.
func (b *bench) test() (fate, []byte) {
	args := []string{b.binary(), "-test.failfast", "-test.timeout=" + b.limit.String(), "-test.run=" + b.run}
	if shell, err := exec.LookPath("sh"); err == nil {
		args = append([]string{shell, "-c", `ulimit -v 8000000; exec "$0" "$@"`}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = b.target.Dir
	cmd.WaitDelay = time.Second // for what the tests have started
	told, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return survives, told
	case strings.Contains(string(told), "panic: test timed out"):
		return late, told
	}
	return killed, told
}
