package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var testLink = regexp.MustCompile(`\[((?:Test|Fuzz)\w+)\]\(\.\./([^)]+)\)`)

// TestSecurityPage: every test that the page names exists in the named place, and
// every promise names one.
func TestSecurityPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, promises, ok := strings.Cut(string(page), "## Promises")
	promises, _, _ = strings.Cut(promises, "\n## ")
	if !ok {
		t.Fatal("there are no promises")
	}
	rows := 0
	for line := range strings.Lines(promises) {
		if !strings.HasPrefix(line, "| **") {
			continue
		}
		rows++
		tests := testLink.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test holds %s", line)
		}
		for _, test := range tests {
			code, err := os.ReadFile(filepath.Join("../..", test[2]))
			if err != nil || !strings.Contains(string(code), "\nfunc "+test[1]+"(") {
				t.Errorf("%s is not in %s: %v", test[1], test[2], err)
			}
		}
	}
	if rows < 10 {
		t.Errorf("%d promises", rows)
	}
}

// TestReach: the packages linked into the binary can neither use a network nor start
// programs, except those listed here.
func TestReach(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	allowed := map[string][]string{
		"net/http": nil, "crypto/tls": nil, "plugin": nil, "net/rpc": nil, "net/smtp": nil, "log/syslog": nil,
		"net": {
			"crypto/x509",            // addresses in certificates
			"github.com/google/uuid", // the node of a kind of UUID that demarc does not make
			"github.com/spf13/pflag", // flags with addresses
		},
		"os/exec": {
			"github.com/demarc/demarc/cmd/demarc", // git, of hook and diff
			"github.com/hmarr/codeowners",         // git, to find a file; demarc passes it the text
		},
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, name := range words[1:] {
			if by, watched := allowed[name]; watched && !slices.Contains(by, words[0]) {
				t.Errorf("%s imports %s", words[0], name)
			}
		}
	}
}
