package main

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/hmarr/codeowners"
)

// TestOwners: for any rules, the rule found for a file is the last that the library
// matches.
func TestOwners(t *testing.T) {
	c := rand.New(rand.NewSource(1))
	names := []string{"a", "b", "c.tf", "ab"}
	name := func(wild bool) string {
		if wild && c.Intn(3) == 0 {
			return []string{"*", "**", "*.tf", "a*", "?", `\a`, `a\ b`, ""}[c.Intn(8)]
		}
		return names[c.Intn(len(names))]
	}
	path := func(wild bool) string {
		parts := []string{name(wild)}
		for c.Intn(2) == 0 {
			parts = append(parts, name(wild))
		}
		return strings.Join(parts, "/")
	}
	owned, tried := 0, 0
	for range 3000 {
		var text strings.Builder
		for i := range 1 + c.Intn(8) {
			pattern := []string{"", "/"}[c.Intn(2)] + path(true) + []string{"", "", "/"}[c.Intn(3)]
			if pattern == "/" || pattern == "" || strings.Contains(pattern, "***") {
				continue // an empty pattern, or none
			}
			fmt.Fprintf(&text, "%s @o%d\n", pattern, i)
		}
		rules, err := codeowners.ParseFile(strings.NewReader(text.String()))
		if err != nil {
			t.Fatalf("%s: %v", &text, err)
		}
		owners, err := parseOwners([]byte(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			file := path(false)
			want := ""
			if rule, err := rules.Match(file); err != nil {
				t.Fatal(err)
			} else if rule != nil {
				want = rule.Owners[0].String()
				owned++
			}
			tried++
			if got := owners.of(file); got != want {
				t.Fatalf("%s is of %q, want %q, by\n%s", file, got, want, &text)
			}
		}
	}
	if owned < tried/10 || owned > tried*9/10 {
		t.Errorf("%d of %d files have an owner: too alike to tell", owned, tried)
	}
}

// TestOwnersOfNothing: a rule of "/" matches nothing, and breaks nothing.
func TestOwnersOfNothing(t *testing.T) {
	owners, err := parseOwners([]byte("/ @a\n"))
	if err != nil || owners.of("a.tf") != "" {
		t.Errorf("%q, %v", owners.of("a.tf"), err)
	}
}

// TestTooManyOwners: rules that cost too much are refused, and so are lines at which
// the library stops.
func TestTooManyOwners(t *testing.T) {
	for want, text := range map[string]string{
		"":                               strings.Repeat("/some/folder/ @a\n", 50_000) + strings.Repeat("some/*.tf @a\n", mostPatterns),
		"more than 10000 rules":          strings.Repeat("/some/*.tf @a\n", mostPatterns+1),
		"more than 1000 rules":           strings.Repeat("*.tf @a\n", mostWild+1),
		"line 2: it is too long":         "* @a\n/a " + strings.Repeat("@a ", 30_000) + "\n",
		"line 2: unexpected character '": "* @a\n\x00 @a\n",
	} {
		if _, err := parseOwners([]byte(text)); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
