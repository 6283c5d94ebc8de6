package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A gitTree is a work tree of git. demarc finds the work tree itself, and names it
// to git: a directory that git would take for a separate repository, as a pull
// request may contain, is not one.
type gitTree struct {
	place *process
	dir   string // its top directory, links resolved
}

// gitTop finds the work tree around a directory.
func (p *process) gitTop(dir string) (*gitTree, error) {
	real, err := p.real(dir)
	if err != nil {
		return nil, err
	}
	top := gitAbove(real)
	if top == "" {
		return nil, fmt.Errorf("not in a git repository: there is no .git in %s or above it", real)
	}
	return &gitTree{p, top}, nil
}

// gitSettings override the settings of the repository, whose configuration may come
// from a stranger. The commands that demarc runs read only objects and the index, so
// that most programs that git can be configured to run are out of their reach; the
// remaining ones are disabled here. https://git-scm.com/docs/git-config
var gitSettings = []string{
	"safe.bareRepository=explicit",
	"core.fsmonitor=false", // a file-watching program
	"core.hooksPath=" + os.DevNull,
	"core.alternateRefsCommand=exit 1 #", // run by a shell
	"core.sshCommand=false",
	"core.gitProxy=false",
	"core.askPass=false",
	"core.editor=false",
	"core.pager=cat",
	"credential.helper=", // empties the list
	"diff.external=",
	"diff.ignoreSubmodules=all",
	"diff.orderFile=",
	"gpg.program=false",
	"protocol.allow=never",
	"fetch.recurseSubmodules=false",
	"submodule.recurse=false",
	"gc.auto=0",
	"maintenance.auto=false",
	"core.attributesFile=" + os.DevNull,
	"core.excludesFile=" + os.DevNull,
}

// gitEnvironment is fixed, and replaces existing variables of the same names.
// https://git-scm.com/docs/git#_environment_variables
var gitEnvironment = []string{
	"GIT_ALLOW_PROTOCOL=none", // also keeps git before 2.45 from fetching
	"GIT_NO_LAZY_FETCH=1",     // objects missing from a partial clone
	"GIT_OPTIONAL_LOCKS=0",
	"GIT_NO_REPLACE_OBJECTS=1",
	"GIT_GRAFT_FILE=" + os.DevNull,
	"GIT_CONFIG_NOSYSTEM=1",
	"GIT_CONFIG_GLOBAL=" + os.DevNull,
	"GIT_ATTR_NOSYSTEM=1",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_PROTOCOL_FROM_USER=0",
	"LC_ALL=C",
	"LANGUAGE=",
}

// gitEnv returns the environment of git: demarc's without the variables that control
// git, except for the index, which git passes to its hooks during a commit.
func gitEnv(environ []string) []string {
	env := slices.DeleteFunc(slices.Clone(environ), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		name = strings.ToUpper(name)
		return strings.HasPrefix(name, "GIT_") && name != "GIT_INDEX_FILE" || name == "LC_ALL" || name == "LANGUAGE"
	})
	return append(env, gitEnvironment...)
}

// command is the only way in which demarc runs git: it runs no program of the
// repository, and uses no network.
func (g *gitTree) command(ctx context.Context, args ...string) *exec.Cmd {
	var all []string
	for _, setting := range gitSettings {
		all = append(all, "-c", setting)
	}
	all = append(all, "--no-pager", "--no-replace-objects", "--git-dir="+filepath.Join(g.dir, ".git"), "--work-tree="+g.dir)
	cmd := exec.CommandContext(ctx, "git", append(all, args...)...)
	cmd.Dir, cmd.Env = g.dir, gitEnv(g.place.environ)
	return cmd
}

// git runs a git command, and returns its output.
func (g *gitTree) git(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := g.stream(ctx, func(r io.Reader) error {
		_, err := out.ReadFrom(r)
		return err
	}, args...)
	return out.Bytes(), err
}

// mostListed is the maximum output of git in bytes. Trees that share their subtrees
// name more files than any disk holds.
const mostListed = 128 << 20

// stream runs a git command, and reads its output while the command runs. If reading
// fails, git is stopped.
func (g *gitTree) stream(ctx context.Context, read func(io.Reader) error, args ...string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := g.command(ctx, args...)
	var said firstLine
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	bounded := &io.LimitedReader{R: out, N: mostListed}
	limitMemory(cmd.Process)
	failed := read(bounded)
	if bounded.N <= 0 {
		failed = fmt.Errorf("it lists more than %d MiB", mostListed>>20)
	}
	if failed != nil {
		stop()
	}
	err = cmd.Wait()
	switch {
	case failed != nil:
		return fmt.Errorf("git %s: %w", args[0], failed)
	case err != nil:
		return fmt.Errorf("git %s: %s", args[0], said.or(err))
	}
	return nil
}

// eachField reads the output of git with -z.
func eachField(r io.Reader, do func(string) error) error {
	fields := bufio.NewReader(r)
	for {
		field, err := fields.ReadString(0)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := do(field[:len(field)-1]); err != nil {
			return err
		}
	}
}

// explained adds to a failure that a partial clone may be the reason.
func (g *gitTree) explained(ctx context.Context, err error) error {
	if err != nil && g.partial(ctx) {
		return fmt.Errorf("%w: %s", err, ofPartial)
	}
	return err
}

const ofPartial = "the clone is partial, and demarc fetches nothing: git fetch --refetch --no-filter completes it"

// partial reports whether a clone was told to leave out objects.
func (g *gitTree) partial(ctx context.Context) bool {
	out, err := g.git(ctx, "config", "--local", "--get-regexp", `^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$`)
	return err == nil && len(out) > 0
}

// firstLine keeps the first line that is written to it.
type firstLine struct{ text []byte }

func (l *firstLine) Write(p []byte) (int, error) {
	const longest = 1 << 10
	l.text = append(l.text, p[:min(len(p), longest-len(l.text))]...)
	return len(p), nil
}

func (l *firstLine) or(err error) string {
	if line, _, _ := strings.Cut(strings.TrimSpace(string(l.text)), "\n"); line != "" {
		return line
	}
	return err.Error()
}

// head returns the commit that is checked out; empty: no commit yet.
func (g *gitTree) head(ctx context.Context) (string, error) {
	if commit := g.commit(ctx, "HEAD"); commit != "" {
		return commit, nil
	}
	_, err := g.git(ctx, "rev-parse", "--is-inside-work-tree") // fails outside a repository
	if err == nil {
		if out, _ := g.git(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); len(out) > 0 {
			err = fmt.Errorf("git does not have the commit %s", bytes.TrimSpace(out))
		}
	}
	return "", g.explained(ctx, err)
}

// commit finds the commit that a word names; empty: none.
func (g *gitTree) commit(ctx context.Context, word string) string {
	if word == "" || strings.HasPrefix(word, "-") {
		return ""
	}
	out, err := g.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", word+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// mergeBase returns the merge base of two commits.
func (g *gitTree) mergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := g.git(ctx, "merge-base", a, b)
	return strings.TrimSpace(string(out)), g.explained(ctx, err)
}
