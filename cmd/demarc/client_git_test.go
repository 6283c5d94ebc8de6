//go:build client

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestClientGitKeys sets every configuration key of this git to a program, one at a
// time: no key makes demarc run it.
func TestClientGitKeys(t *testing.T) {
	s := newScratch(t)
	script, sprung := s.trap()
	s.write("main.tf", openBucket)
	first := s.commit("start")
	s.write("db.tf", openDatabase)
	second := s.commit("a database")
	s.git("update-index", "--fsmonitor")
	s.git("rm", "-q", "--cached", "db.tf")
	config := filepath.Join(s.dir, ".git", "config")
	plain, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	keys := strings.Fields(s.git("help", "--config-for-completion"))
	if len(keys) < 300 {
		t.Fatalf("git knows %d keys", len(keys))
	}
	for _, key := range keys {
		key = regexp.MustCompile(`<[^>]*>|\*`).ReplaceAllString(strings.TrimSuffix(key, "."), "origin")
		if strings.Count(key, ".") == 0 {
			key += ".origin"
		}
		if out, err := s.tryGit("", "config", "--file", config, key, script); err != nil {
			t.Logf("%s cannot be set: %s", key, out)
			continue
		}
		for _, args := range [][]string{{"hook", "--", "main.tf"}, {"diff", first + "..." + second}, {"diff", strings.Repeat("1", 40), "HEAD"}} {
			s.demarc(".", nil, args...)
		}
		if ran := sprung(); len(ran) > 0 {
			t.Errorf("with %s, git ran %q", key, ran)
		}
		if err := os.WriteFile(config, plain, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
