//go:build client

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClientPreCommit commits in a scratch repository in which the real
// pre-commit runs the hook, built from the last commit of this one:
//
//	go test -tags client ./cmd/...
func TestClientPreCommit(t *testing.T) {
	c := newClient(t)
	c.write(".pre-commit-config.yaml", `
repos:
  - repo: `+c.hook+`
    rev: `+c.git(c.hook, "rev-parse", "HEAD")+`
    hooks:
      - id: demarc
        args: [--format, line, --check, "`+storageCheck+","+publicCheck+`", --]
`)
	c.write("bucket.tf", bucket)
	c.write("block.tf", block)
	c.run("pre-commit", "install")
	c.git(c.dir, "add", ".")
	c.commit("a protected bucket", "")

	c.write("db.tf", database("false"))
	c.git(c.dir, "add", ".")
	c.commit("a commit with a gap is stopped", "db.tf:3:3: high:")

	c.write("db.tf", database("true"))
	c.git(c.dir, "add", ".")
	c.commit("one that closes it passes", "")

	c.git(c.dir, "rm", "-q", "block.tf")
	c.commit("deleting a public access block is stopped", "bucket.tf:1:1:")
	c.git(c.dir, "commit", "-q", "--no-verify", "-m", "without the hook")

	c.write("readme.md", "")
	c.git(c.dir, "add", ".")
	c.commit("what does not concern it passes", "")

	c.write("db.tf", database("false"))
	c.git(c.dir, "add", ".")
	out, err := c.try("pre-commit", "run", "--all-files")
	if err == nil || !strings.Contains(out, "db.tf:3:3: high:") || !strings.Contains(out, "bucket.tf:1:1:") {
		t.Errorf("run --all-files does not report everything: %v\n%s", err, out)
	}
	c.git(c.dir, "commit", "-q", "--no-verify", "-m", "a gap")
	out, err = c.try("pre-commit", "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
	if err == nil || !strings.Contains(out, "db.tf:3:3: high:") || strings.Contains(out, "bucket.tf") {
		t.Errorf("run --from-ref reports something else than the change: %v\n%s", err, out)
	}
}

const (
	storageCheck = "aws-rds-storage-encrypted"
	publicCheck  = "CKV2_AWS_6"

	// a work tree may belong to another user, as in CI
	gitConfig = `[user]
	name = Ada
	email = ada@example.org
[safe]
	directory = *
`
	bucket = `resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
`
	block = `resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
`
)

func database(encrypted string) string {
	return `resource "aws_db_instance" "orders" {
  engine            = "postgres"
  storage_encrypted = ` + encrypted + `
}
`
}

// A client is a scratch repository with the hook's repository beside it.
type client struct {
	t    *testing.T
	dir  string
	hook string
	env  []string
}

func newClient(t *testing.T) *client {
	for _, tool := range []string{"git", "pre-commit"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("this test needs %s: %v", tool, err)
		}
	}
	tmp := t.TempDir()
	c := &client{t: t, dir: filepath.Join(tmp, "scratch"), hook: filepath.Join(tmp, "demarc")}
	c.env = append(os.Environ(), "HOME="+tmp, "PRE_COMMIT_HOME="+filepath.Join(tmp, "cache"), "GIT_CONFIG_NOSYSTEM=1")
	for _, name := range []string{"GOMODCACHE", "GOCACHE", "GOPROXY", "GOFLAGS"} {
		c.env = append(c.env, name+"="+goEnv(t, name)) // this machine's value, so that no network is needed
	}
	if err := os.WriteFile(filepath.Join(tmp, ".gitconfig"), []byte(gitConfig), 0o666); err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	c.git(tmp, "clone", "-q", here, c.hook)
	c.git(tmp, "init", "-q", c.dir)
	return c
}

func goEnv(t *testing.T, name string) string {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatalf("go env %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

func (c *client) write(name, text string) {
	c.t.Helper()
	file := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, c.env
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (c *client) try(name string, args ...string) (string, error) {
	return c.command(c.dir, name, args...)
}

func (c *client) run(name string, args ...string) {
	c.t.Helper()
	if out, err := c.try(name, args...); err != nil {
		c.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func (c *client) git(dir string, args ...string) string {
	c.t.Helper()
	out, err := c.command(dir, "git", args...)
	if err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// commit commits the staged files. The hook must stop the commit with the given
// texts, or let it pass if none is given.
func (c *client) commit(what, stopped string) {
	c.t.Helper()
	before, _ := c.try("git", "rev-parse", "-q", "--verify", "HEAD")
	out, err := c.try("git", "commit", "-q", "-m", what)
	after, _ := c.try("git", "rev-parse", "-q", "--verify", "HEAD")
	switch {
	case stopped == "" && (err != nil || before == after):
		c.t.Fatalf("%s: %v\n%s", what, err, out)
	case stopped != "" && (err == nil || before != after):
		c.t.Fatalf("%s: it was not\n%s", what, out)
	case !strings.Contains(out, stopped):
		c.t.Fatalf("%s: %q is not said in\n%s", what, stopped, out)
	}
}
