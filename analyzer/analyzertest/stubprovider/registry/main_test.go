package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mirror makes a repository with a commit for each of two releases, and returns the
// first.
func mirror(t *testing.T) (dir, first string) {
	t.Helper()
	dir = t.TempDir()
	git := func(arguments ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", filepath.Join(dir, "me+terraform-aws-x", "repo"),
			"-c", "user.name=t", "-c", "user.email=t@example.com"}, arguments...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if out, err := exec.Command("git", "init", "-q", filepath.Join(dir, "me+terraform-aws-x", "repo")).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "me+terraform-aws-x", "repo", "main.tf"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	git("add", "main.tf")
	git("commit", "-q", "-m", "1")
	git("tag", "v1.0.0")
	git("tag", "latest")
	first = git("rev-parse", "HEAD")
	git("commit", "-q", "--allow-empty", "-m", "2")
	git("tag", "v2.0.0")
	return dir, first
}

func TestRegistry(t *testing.T) {
	dir, first := mirror(t)
	// The clone of me has a work tree; the registry reads its .git like a bare
	// repository.
	r := registry{"http://registry", map[string]repository{
		"me/terraform-aws-x": {filepath.Join(dir, "me+terraform-aws-x", "repo", ".git"), first},
	}}
	server := httptest.NewServer(r.handler())
	defer server.Close()
	for _, c := range []struct{ path, want string }{
		{"/me/x/aws/versions", `200 "" {"modules":[{"versions":[{"version":"1.0.0"}]}]}`}, // 2.0.0 is later than the commit
		{"/me/y/aws/versions", `404 "" 404 page not found`},
		{"/me/x/aws/1.0.0/download", `204 "http://registry/me/x/aws/1.0.0/module.tar.gz" `},
		{"/me/x/aws/1.0.0/module.tar.gz", `200 "" gzip`},
		{"/me/x/aws/2.0.0/module.tar.gz", `404 "" 404 page not found`},
	} {
		resp, err := http.Get(server.URL + c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			body = []byte("gzip")
		}
		got := fmt.Sprintf("%d %q %s", resp.StatusCode, resp.Header.Get("X-Terraform-Get"), strings.TrimSuffix(string(body), "\n"))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	got, err := read("/m", strings.NewReader("\nme/terraform-aws-x abc\n"))
	if want := (repository{"/m/me+terraform-aws-x/repo", "abc"}); err != nil || len(got) != 1 || got["me/terraform-aws-x"] != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}
