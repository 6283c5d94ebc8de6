//go:build hostile

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/demarc/demarc/analyzer/report"
)

// A hostileRow is a repository that is made to harm its scanner, and demarc's
// expected result. A test builds it, runs demarc on it in a separate process, and
// checks the properties of every run: see TestHostile.
type hostileRow struct {
	name  string
	build func(*hostileRepo)
	alone bool // build makes everything: there is no other root with a gap to find

	args   []string        // of demarc, in the repository; nil: scan
	stdin  func(io.Writer) // content of standard input; nil: nothing
	env    []string        // besides the fixed one
	format bool            // every format is written, and checked

	exit  int      // the exit code; answered: 1 if everything was computed, 3 if a bound was reached
	says  []string // on standard output or standard error
	hides []string // in no output
	alloc int      // maximum allocation of the run in MiB; 0: 256
	work  int      // maximum work of reading source in million units; 0: 13
}

// answered is the exit code of a row that may or may not reach a bound.
const answered = -1

// The limits of every run. The machine's limits below them are a safeguard: they end
// a run that hangs, or fills the memory, and then the row fails.
const (
	mostAllocated = 256  // MiB in total, unless a row sets another limit
	mostWork      = 13   // million units, likewise: the work of a small load with one extra root
	mostResident  = 1024 // MiB at one time
	mostReport    = 128  // MiB of each format
	beltData      = 3 << 30
	beltSeconds   = 60
	heavy         = 256 << 20 // bytes allocated by a long run
)

// TestHostile runs every row. These properties hold for each row, in addition to its
// own expectations:
//
//   - the process ends by itself, with one of demarc's own exit codes;
//   - it stays below the limits of counted work, of bytes allocated and of bytes held;
//   - nothing of the repository ran, and only files that the command line names were
//     written;
//   - no output holds text from outside the repository, or from the environment;
//   - no line of an output is a command to a build system, and none holds a
//     control character;
//   - the gap of another root is still found;
//   - another run, on another number of processors, gives the same bytes; a
//     short test omits this run for heavy rows.
func TestHostile(t *testing.T) {
	names := map[string]bool{}
	for _, h := range slices.Concat(boundRows(), filesRows(), gitRows(), secretRows(), outputRows(), longRows(), planRows()) {
		if names[h.name] {
			t.Errorf("two rows are named %s", h.name)
		}
		names[h.name] = true
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			for _, wrong := range h.run(t) {
				t.Error(wrong)
			}
		})
	}
}

// run builds the repository, runs demarc twice and returns what is wrong.
func (h *hostileRow) run(t *testing.T) []string {
	r := newHostileRepo(t)
	if !h.alone {
		r.write("other/main.tf", withGap)
	}
	h.build(r)
	before := r.snapshot()
	two := r.demarc(h, 2)
	t.Logf("exit %d, %d MiB allocated, %d MiB resident, %.1f M units of work, %.2f s of a processor",
		two.exit, two.Allocated>>20, two.Resident>>20, float64(two.Work)/1e6, two.seconds)
	wrong := slices.Concat(h.wrong(two), r.harmed(before))
	if two.Allocated == 0 || testing.Short() && two.Allocated > heavy {
		return wrong // it did not end by itself, or it takes long
	}
	if one := r.demarc(h, 1); one.exit != two.exit || one.text() != two.text() {
		wrong = append(wrong, "another run gives other bytes:\n"+differing(two.text(), one.text()))
	}
	if h.format {
		wrong = append(wrong, r.formats(h)...)
	}
	return wrong
}

// otherGap is the place of the other root's gap.
const otherGap = "other/main.tf:2"

// wrong returns what is wrong with a run.
func (h *hostileRow) wrong(o outcome) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	text := o.text()
	switch {
	case h.exit == answered && o.exit != exitGaps && o.exit != exitIncomplete:
		say("exit code %d, want %d or %d; it ends with\n%s", o.exit, exitGaps, exitIncomplete, ending(text))
	case h.exit != answered && o.exit != h.exit:
		say("exit code %d, want %d; it ends with\n%s", o.exit, h.exit, ending(text))
	}
	if strings.Contains(text, "something broke inside demarc") {
		say("it broke: %s", ending(text))
	}
	if most := cmp.Or(h.alloc, mostAllocated); o.Allocated>>20 > uint64(most) {
		say("%d MiB allocated, at most %d", o.Allocated>>20, most)
	}
	if most := cmp.Or(h.work, mostWork); o.Work > int64(most)*1_000_000 {
		say("%d units of work, at most %d million", o.Work, most)
	}
	if o.Resident>>20 > mostResident {
		say("%d MiB resident, at most %d", o.Resident>>20, mostResident)
	}
	says := h.says
	if !h.alone && (len(h.args) == 0 || h.args[0] == "scan") {
		says = append(slices.Clip(says), otherGap)
	}
	for _, s := range says {
		if !strings.Contains(text, s) {
			say("nothing says %q; it ends with\n%s", s, ending(text))
		}
	}
	for _, s := range append(slices.Clip(h.hides), canaryText) {
		if strings.Contains(text, s) {
			say("an output holds %q: %s", s, nearby(text, s))
		}
	}
	return append(wrong, commands(text)...)
}

// ending returns the end of an output, and the beginning of a long one.
func ending(text string) string {
	const first, last = 120, 280
	text = strings.TrimSpace(text)
	if len(text) <= first+last {
		return text
	}
	return text[:first] + " … " + text[len(text)-last:]
}

func differing(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	part := func(s string) string { return fmt.Sprintf("%q", s[max(0, min(i, len(s))-80):min(len(s), i+160)]) }
	return part(a) + "\n" + part(b)
}

// --- the process

// A spent is the account that a process writes when it ends.
type spent struct {
	Allocated, Resident uint64 // bytes
	Work                int64  // used to read source
}

// An outcome is the result of a run.
type outcome struct {
	spent
	exit           int
	stdout, stderr string
	seconds        float64 // for readers of the log; nothing depends on them
}

func (o outcome) text() string { return o.stdout + "\n" + o.stderr }

// childEnv makes this test's binary a demarc that counts its allocations.
const childEnv = "DEMARC_HOSTILE_CHILD"

func TestMain(m *testing.M) {
	if belt := os.Getenv(childEnv); belt != "" {
		os.Unsetenv(childEnv)
		os.Exit(child(belt))
	}
	os.Exit(m.Run())
}

// child runs demarc under the safeguard, with its account on file 3.
func child(belt string) int {
	var seconds uint64
	fmt.Sscan(belt, &seconds)
	for limit, at := range map[int]uint64{syscall.RLIMIT_DATA: beltData, syscall.RLIMIT_CPU: seconds} {
		if err := syscall.Setrlimit(limit, &syscall.Rlimit{Cur: at, Max: at}); err != nil {
			panic(err)
		}
	}
	account := os.NewFile(3, "account")
	syscall.CloseOnExec(3)
	var doing stage // as in main
	watchMemory(&doing, os.Stderr)
	code := run(&doing, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	if err := json.NewEncoder(account).Encode(spent{mem.TotalAlloc, resident(), doing.work.Load()}); err != nil {
		panic(err)
	}
	return code
}

var residentPattern = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// resident returns the peak memory of this process.
func resident() uint64 {
	var kib uint64
	status, _ := os.ReadFile("/proc/self/status")
	if m := residentPattern.FindSubmatch(status); m != nil {
		fmt.Sscan(string(m[1]), &kib)
	}
	return kib << 10
}

// demarc runs it in the repository.
func (r *hostileRepo) demarc(h *hostileRow, processors int, args ...string) outcome {
	r.t.Helper()
	if args == nil {
		args = h.args
	}
	if args == nil {
		args = []string{"scan"}
	}
	self, err := os.Executable()
	r.must(err)
	ctx, cancel := context.WithTimeout(r.t.Context(), 3*beltSeconds*time.Second) // a wait costs nothing
	defer cancel()
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	cmd.Dir = r.dir
	cmd.Env = append(r.env(), fmt.Sprintf("%s=%d", childEnv, beltSeconds), fmt.Sprintf("GOMAXPROCS=%d", processors))
	cmd.Env = append(cmd.Env, h.env...)
	out, errs := bounded{most: 64 << 20}, bounded{most: 64 << 20}
	cmd.Stdout, cmd.Stderr = &out, &errs
	if h.stdin != nil {
		in, w, err := os.Pipe()
		r.must(err)
		cmd.Stdin = in
		defer in.Close()
		go func() { h.stdin(w); w.Close() }()
	}
	read, write, err := os.Pipe()
	r.must(err)
	cmd.ExtraFiles = []*os.File{write}
	r.must(cmd.Start())
	write.Close()
	var o outcome
	_ = json.NewDecoder(read).Decode(&o.spent) // a process that was killed gives none
	read.Close()
	_ = cmd.Wait() // the exit code is checked
	o.exit = cmd.ProcessState.ExitCode()
	o.stdout, o.stderr = out.String(), errs.String()
	o.seconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return o
}

// bounded keeps the first bytes.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// --- the repository

// A hostileRepo is a directory with a repository, a home and files that nobody may
// touch.
type hostileRepo struct {
	t    *testing.T
	top  string // all of it
	dir  string // the repository
	away string // outside it
}

func newHostileRepo(t *testing.T) *hostileRepo {
	top := t.TempDir()
	r := &hostileRepo{t: t, top: top, dir: filepath.Join(top, "repo"), away: filepath.Join(top, "away")}
	for _, dir := range []string{r.dir, r.away, r.home(), r.reports(), filepath.Join(r.dir, ".git")} {
		r.must(os.Mkdir(dir, 0o755))
	}
	r.must(os.WriteFile(filepath.Join(r.away, "secret.txt"), []byte(canaryText+"\n"), 0o644))
	r.must(os.WriteFile(filepath.Join(r.away, "secret.tf"), []byte("resource \"aws_db_instance\" \""+canaryText+"\" {\n  storage_encrypted = false\n}\n"), 0o644))
	trap := "#!/bin/sh\necho \"$0 $*\" >>" + filepath.Join(r.top, "tripped") + "\n"
	r.must(os.WriteFile(r.trap(), []byte(trap), 0o755))
	return r
}

func (r *hostileRepo) home() string    { return filepath.Join(r.top, "home") }
func (r *hostileRepo) reports() string { return filepath.Join(r.top, "reports") }

// trap writes a program that leaves a trace if it runs: something of the repository
// was executed.
func (r *hostileRepo) trap() string { return filepath.Join(r.away, "trap.sh") }

func (r *hostileRepo) env() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.home(), "COLUMNS=80", "GIT_CONFIG_NOSYSTEM=1",
		"AWS_SECRET_ACCESS_KEY=" + canaryText, "GITHUB_TOKEN=" + canaryText, "TF_TOKEN_example_org=" + canaryText, "GOTRACEBACK=none",
	}
}

func (r *hostileRepo) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *hostileRepo) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// write writes a file of the repository, and its directories.
func (r *hostileRepo) write(name, text string) {
	r.t.Helper()
	r.must(os.MkdirAll(filepath.Dir(r.path(name)), 0o755))
	r.must(os.WriteFile(r.path(name), []byte(longRange.ReplaceAllStringFunc(text, loops)), 0o644))
}

// longRange is a range that the language refuses: it makes 1024 elements at most.
// Rows write it out, and loops over it make as many.
var longRange = regexp.MustCompile(`range\((\d+)000\)`)

func loops(text string) string {
	var thousands int
	fmt.Sscan(longRange.FindStringSubmatch(text)[1], &thousands)
	if thousands == 1 {
		return text
	}
	return fmt.Sprintf("flatten([for x in range(%d) : [for y in range(1000) : x * 1000 + y]])", thousands)
}

// link makes a link, to a file outside the repository where target is "away/…".
func (r *hostileRepo) link(target, name string) {
	r.t.Helper()
	if rest, ok := strings.CutPrefix(target, "away/"); ok {
		target = filepath.Join(r.away, rest)
	}
	r.must(os.MkdirAll(filepath.Dir(r.path(name)), 0o755))
	r.must(os.Symlink(target, r.path(name)))
}

// sparse makes a file of zeros, or extends one, without using space.
func (r *hostileRepo) sparse(name string, size int64) {
	r.t.Helper()
	if _, err := os.Lstat(r.path(name)); err != nil {
		r.write(name, "")
	}
	r.must(os.Truncate(r.path(name), size))
}

func (r *hostileRepo) pipe(name string) {
	r.t.Helper()
	r.must(os.MkdirAll(filepath.Dir(r.path(name)), 0o755))
	r.must(syscall.Mkfifo(r.path(name), 0o644))
}

func (r *hostileRepo) mkdir(name string) {
	r.t.Helper()
	r.must(os.MkdirAll(r.path(name), 0o755))
}

// gitInit makes the repository one of git's.
func (r *hostileRepo) gitInit() {
	r.t.Helper()
	r.must(os.RemoveAll(r.path(".git")))
	r.git("init", "-q", "-b", "main")
	r.git("config", "user.name", "Ada")
	r.git("config", "user.email", "ada@example.org")
}

func (r *hostileRepo) commit(message string) {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "--no-verify", "-m", message)
}

func (r *hostileRepo) gitCommand(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = r.dir, append(os.Environ(), "HOME="+r.home(), "GIT_CONFIG_NOSYSTEM=1")
	return cmd
}

func (r *hostileRepo) git(args ...string) string {
	r.t.Helper()
	out, err := r.gitCommand(args...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// snapshot returns every file, with the properties that a write would change. It
// omits git's own files, and reports that the command line names.
func (r *hostileRepo) snapshot() map[string]string {
	files := map[string]string{}
	_ = filepath.WalkDir(r.top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // an unreadable directory
		}
		if name == r.reports() || name == r.path(".git") {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil || d.IsDir() {
			return nil
		}
		files[name] = fmt.Sprintf("%v %d %d", info.Mode(), info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return files
}

// harmed returns what a run did to files, and whether it ran any.
func (r *hostileRepo) harmed(before map[string]string) []string {
	var wrong []string
	after := r.snapshot()
	for name, was := range before {
		if is := after[name]; is != was {
			wrong = append(wrong, fmt.Sprintf("%s was %s and is %q", name, was, is))
		}
	}
	for name := range after {
		if _, was := before[name]; !was {
			text, _ := os.ReadFile(name)
			wrong = append(wrong, fmt.Sprintf("%s was made: %.300q", name, text))
		}
	}
	slices.Sort(wrong)
	return wrong[:min(len(wrong), 5)]
}

// formats writes every format of every kind, and returns what is wrong with them.
func (r *hostileRepo) formats(h *hostileRow) []string {
	commands := map[report.Kind][]string{
		report.OfScan:      {"scan", "--show", "all", "--fail-on", "low"},
		report.OfMatrix:    {"matrix", "--by", "owner"},
		report.OfFramework: {"matrix", "--framework", "soc2"},
	}
	var wrong []string
	for kind, args := range commands {
		for _, name := range report.FormatNames(kind) {
			args = append(args, "--output", name+"="+r.report(kind, name))
		}
		if len(h.args) > 0 && h.args[0] == "scan" {
			args = append(args, h.args[1:]...)
		}
		if o := r.demarc(h, 2, args...); o.exit < 0 || o.exit == exitUsage {
			wrong = append(wrong, fmt.Sprintf("%s: exit code %d: %s", kind, o.exit, ending(o.text())))
		}
	}
	for _, f := range report.Formats() {
		text, err := os.ReadFile(r.report(f.Kind, f.Name))
		if commands[f.Kind] == nil {
			continue
		}
		r.must(err)
		bad := wrongReport(f, string(text))
		if len(text)>>20 > mostReport {
			bad = append(bad, fmt.Sprintf("it has %d MiB, at most %d", len(text)>>20, mostReport))
		}
		for _, s := range h.hides {
			if strings.Contains(string(text), s) {
				bad = append(bad, fmt.Sprintf("holds %q: %s", s, nearby(string(text), s)))
			}
		}
		for _, w := range bad[:min(len(bad), 3)] {
			wrong = append(wrong, fmt.Sprintf("%s in %s: %s", f.Kind, f.Name, w))
		}
	}
	return wrong
}

func (r *hostileRepo) report(k report.Kind, format string) string {
	return filepath.Join(r.reports(), string(k)+"."+format)
}
