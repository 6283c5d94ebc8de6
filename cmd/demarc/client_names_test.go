//go:build client

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClientHostileNames commits files whose names look like flags of hook: real
// pre-commit passes them on, and none is read as a flag.
func TestClientHostileNames(t *testing.T) {
	c := newClient(t)
	home := filepath.Join(filepath.Dir(c.dir), "profile")
	if err := os.WriteFile(home, []byte("of the person who reviews"), 0o666); err != nil {
		t.Fatal(err)
	}
	configure := func(args string) {
		c.write(".pre-commit-config.yaml", `
repos:
  - repo: `+c.hook+`
    rev: `+c.git(c.hook, "rev-parse", "HEAD")+`
    hooks:
      - id: demarc
`+args)
		c.git(c.dir, "add", ".pre-commit-config.yaml")
	}
	configure("")
	c.run("pre-commit", "install")
	c.commit("the hook", "")

	c.write("infra/readme.md", "")
	if err := os.Symlink(home, filepath.Join(c.dir, "infra", "prod.tf")); err != nil {
		t.Fatal(err)
	}
	names := []string{
		"--output=line=infra/prod.tf", "--exclude=**/main.tf", "--fail-on=none/main.tf", "--config=x.tf", "--var-file=x.tf",
		"--check=none/main.tf", "-h.tf", "-/main.tf", "a\nb/main.tf", "--help/main.tf", "--/main.tf", "--environment=a.tf",
	}
	for i, name := range names {
		c.write(name, strings.ReplaceAll(bucket, "logs", "logs"+string(rune('a'+i))))
	}
	c.git(c.dir, "add", ".")
	for _, args := range []string{"", "        args: [--]\n", "        args: [--format, line, --]\n"} {
		configure(args)
		c.commit("names that look like flags, with "+args, "aws-s3-public-access-blocked")
		out, _ := c.try("pre-commit", "run")
		for _, name := range names {
			if !strings.Contains(out, strings.ReplaceAll(name, "\n", `\n`)) {
				t.Errorf("with %q, %q is not in\n%s", args, name, out)
			}
		}
	}
	configure("        args: [--format, line]\n")
	c.commit("the same without --", "names of files stand after --")

	text, err := os.ReadFile(home)
	if err != nil || string(text) != "of the person who reviews" {
		t.Errorf("the file in the home directory holds %q, %v", text, err)
	}
	for _, name := range names {
		c.git(c.dir, "rm", "-q", "--cached", "--", name)
	}
	for _, name := range names {
		c.git(c.dir, "add", "--", name)
		c.commit("each by itself, without --: "+name, "names of files stand after --")
		c.git(c.dir, "rm", "-q", "--cached", "--", name)
	}
}
