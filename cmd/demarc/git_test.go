package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A scratch is a repository of a test.
type scratch struct {
	t   *testing.T
	tmp string
	dir string
	env []string

	rules func() rules // nil: testRules
}

func newScratch(t *testing.T) *scratch {
	t.Helper()
	tmp, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &scratch{t: t, tmp: tmp, dir: filepath.Join(tmp, "work"), env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + tmp, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org",
	}}
	// Background processes of git would write while the test ends.
	if err := os.WriteFile(filepath.Join(tmp, ".gitconfig"), []byte("[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s.git("init", "-q", "-b", "main", s.dir)
	return s
}

// git runs git as a user does.
func (s *scratch) git(args ...string) string {
	s.t.Helper()
	out, err := s.tryGit("", args...)
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

func (s *scratch) tryGit(stdin string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, strings.NewReader(stdin)
	if _, err := os.Stat(s.dir); err != nil {
		cmd.Dir = s.tmp
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s *scratch) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scratch) commit(what string) string {
	s.t.Helper()
	s.git("add", "-A")
	s.git("commit", "-q", "-m", what)
	return s.git("rev-parse", "HEAD")
}

// demarc runs in a directory of the repository.
func (s *scratch) demarc(in string, env []string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	judging := s.rules
	if judging == nil {
		judging = testRules
	}
	p := &process{
		dir: filepath.Join(s.dir, in), environ: append(append([]string{}, s.env...), env...), today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: judging, stdin: strings.NewReader(""), stdout: &out, stderr: &err,
	}
	code = p.run(args)
	return code, out.String(), err.String()
}

const openBucket = `resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
`

// programKeys are the git configuration keys whose values git runs, or that make it
// run other programs. https://git-scm.com/docs/git-config
var programKeys = []string{
	"core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.askPass", "core.editor", "core.pager", "core.alternateRefsCommand",
	"alias.rev-parse", "alias.ls-files", "alias.ls-tree", "alias.cat-file", "alias.merge-base", "alias.diff", "alias.config",
	"browser.x.cmd", "credential.helper", "credential.https://example.org.helper",
	"diff.external", "diff.tf.command", "diff.tf.textconv", "difftool.x.cmd",
	"filter.tf.clean", "filter.tf.smudge", "filter.tf.process", "merge.tf.driver", "mergetool.x.cmd",
	"gpg.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "gpg.x509.program", "init.templateDir", "interactive.diffFilter",
	"man.x.cmd", "pager.diff", "pager.ls-files", "pager.ls-tree", "pager.rev-parse", "pager.cat-file",
	"remote.origin.uploadpack", "remote.origin.receivepack", "remote.origin.vcs", "sendemail.sendmailCmd", "sequence.editor",
	"submodule.sub.update", "tar.x.command", "trailer.x.cmd", "trailer.x.command", "uploadpack.packObjectsHook", "trace2.normalTarget",
}

// trap makes a script that leaves a trace, and everything that runs it: every key,
// every hook, attributes for all files, and an index that names its watcher.
func (s *scratch) trap() (script string, sprung func() []string) {
	traces := filepath.Join(s.tmp, "traces")
	script = filepath.Join(s.tmp, "trap")
	if err := os.Mkdir(traces, 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\necho \"$0 $*\" >%s/$$\nexit 1\n", traces), 0o777); err != nil {
		s.t.Fatal(err)
	}
	return script, func() []string {
		found, err := filepath.Glob(traces + "/*")
		if err != nil {
			s.t.Fatal(err)
		}
		for i, file := range found {
			text, _ := os.ReadFile(file)
			found[i] = string(text)
			os.Remove(file)
		}
		return found
	}
}

// set sets the traps in the configuration of a repository.
func (s *scratch) set(gitDir, script string) {
	s.t.Helper()
	for _, key := range programKeys {
		value := script
		if strings.HasPrefix(key, "alias.") || key == "submodule.sub.update" || key == "credential.helper" {
			value = "!" + script
		}
		s.git("--git-dir", gitDir, "config", key, value)
	}
	for key, value := range map[string]string{
		"core.hooksPath": filepath.Join(gitDir, "traps"), "remote.origin.url": "ext::" + script, "remote.origin.promisor": "true",
		"protocol.allow": "always", "diff.ignoreSubmodules": "none", "submodule.recurse": "true", "fetch.recurseSubmodules": "true",
		"extensions.partialClone": "origin", "core.repositoryFormatVersion": "1", "core.untrackedCache": "true",
	} {
		s.git("--git-dir", gitDir, "config", key, value)
	}
	for _, dir := range []string{"traps", "hooks", "info"} {
		if err := os.MkdirAll(filepath.Join(gitDir, dir), 0o777); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, hook := range []string{"post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc", "post-checkout", "update"} {
		for _, dir := range []string{"traps", "hooks"} {
			file := filepath.Join(gitDir, dir, hook)
			os.Remove(file)
			if err := os.Symlink(script, file); err != nil {
				s.t.Skip(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(gitDir, "info", "attributes"), []byte("* filter=tf diff=tf merge=tf\n"), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// visits runs demarc in a trapped repository.
func (s *scratch) visits(in string, revisions ...string) {
	s.t.Helper()
	env := []string{"PRE_COMMIT_FROM_REF=" + revisions[0], "PRE_COMMIT_TO_REF=" + revisions[1]}
	for _, run := range []struct {
		env  []string
		args []string
	}{
		{nil, []string{"hook", "--", "main.tf"}},
		{env, []string{"hook", "--", "main.tf"}},
		{nil, []string{"scan", "."}},
		{nil, []string{"matrix", "."}},
		{nil, []string{"diff", revisions[0], revisions[1]}},
		{nil, []string{"diff", revisions[0] + "..." + revisions[1]}},
		{nil, []string{"diff", revisions[0]}},
		{nil, []string{"diff", revisions[0], "."}},
		{nil, []string{"diff", ".", "."}},
		{nil, []string{"diff", strings.Repeat("1", 40), "HEAD"}},
		{nil, []string{"init", "--stdout", "."}},
	} {
		s.demarc(in, run.env, run.args...)
	}
}

// TestGitRunsNothing visits a repository with a program in every git setting that
// runs one: none of them runs.
func TestGitRunsNothing(t *testing.T) {
	s := newScratch(t)
	script, sprung := s.trap()
	s.write("main.tf", openBucket)
	first := s.commit("start")
	s.write("db.tf", openDatabase)
	second := s.commit("a database")
	s.git("update-index", "--fsmonitor")
	s.git("rm", "-q", "--cached", "db.tf")

	// A bare repository of files that a pull request adds.
	s.write("sub/main.tf", openBucket)
	nested := filepath.Join(s.dir, "sub")
	s.git("clone", "-q", "--bare", s.dir, filepath.Join(s.tmp, "bare"))
	for _, name := range []string{"HEAD", "config", "objects", "refs", "packed-refs"} {
		if err := os.Rename(filepath.Join(s.tmp, "bare", name), filepath.Join(nested, name)); err != nil && name != "packed-refs" {
			t.Fatal(err)
		}
	}
	s.git("--git-dir", nested, "update-ref", "refs/heads/theirs", first)
	s.set(nested, script)
	if got, _ := s.tryGit("", "-C", nested, "rev-parse", "--absolute-git-dir"); strings.TrimSpace(got) != nested {
		t.Fatalf("git does not take %s for a repository, but says %s", nested, got)
	}
	s.set(filepath.Join(s.dir, ".git"), script)
	removed(t, s, first)

	for _, in := range []string{".", "sub"} {
		s.visits(in, first, second)
		s.visits(in, "main", "HEAD")
		if ran := sprung(); len(ran) > 0 {
			t.Errorf("in %s, git ran %q", in, ran)
		}
	}
	steering := []string{"GIT_DIR=" + nested, "GIT_WORK_TREE=" + nested, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=core.fsmonitor", "GIT_CONFIG_VALUE_0=" + script,
		"GIT_CONFIG_PARAMETERS='core.fsmonitor=" + script + "'", "GIT_ALLOW_PROTOCOL=ext", "GIT_NO_LAZY_FETCH=0", "GIT_TRACE=" + filepath.Join(s.tmp, "traces", "trace")}
	for _, name := range []string{"GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_PAGER", "GIT_EDITOR", "GIT_ASKPASS", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH"} {
		steering = append(steering, name+"="+script)
	}
	s.env = append(s.env, steering...)
	s.visits(".", first, second)
	s.env = s.env[:len(s.env)-len(steering)]
	if ran := sprung(); len(ran) > 0 {
		t.Errorf("by the environment, git ran %q", ran)
	}
	if code, _, stderr := s.demarc("sub", nil, "diff", "theirs", "."); code != exitUsage || !strings.Contains(stderr, "a revision of "+s.dir+"\n") {
		t.Errorf("a revision of the nested repository: exit code %d: %s", code, stderr)
	}

	// The traps work: git by itself triggers them.
	for _, dir := range []string{s.dir, nested} {
		s.tryGit("", "-C", dir, "diff")
		s.tryGit("", "-C", dir, "fetch")
		s.tryGit("", "-C", dir, "--work-tree", dir, "status")
		if len(sprung()) == 0 {
			t.Errorf("git by itself ran nothing in %s", dir)
		}
	}
}

const openDatabase = `resource "aws_db_instance" "orders" {
  storage_encrypted = false
}
`

// removed removes an object that a commit needs, as in a partial clone.
func removed(t *testing.T, s *scratch, commit string) {
	t.Helper()
	blob, err := s.tryGit("", "-c", "core.fsmonitor=false", "-c", "core.pager=cat", "rev-parse", commit+":main.tf")
	if err != nil {
		t.Fatal(blob)
	}
	id := strings.TrimSpace(blob)
	if err := os.Remove(filepath.Join(s.dir, ".git", "objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
}
