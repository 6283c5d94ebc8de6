package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hmarr/codeowners"

	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/internal/regular"
)

// fileOwners are the owners of a repository's files. The last rule that matches a
// file applies; rules are indexed by the beginnings of their patterns, because there
// may be many. Nil: the repository names no owners.
type fileOwners struct {
	rules codeowners.Ruleset
	exact map[string]int   // path to the last rule of that path without wildcards
	below map[string][]int // rules by the path prefix of their patterns
	named map[string][]int // rules for one name in any directory
	wild  []int            // all others
	known sync.Map         // file to owners
}

// The limits of rules that need more than a lookup: rules to compile, and rules to
// try for each file.
const (
	mostPatterns = 10_000
	mostWild     = 1_000
)

// readOwners reads the rules. The locations are GitHub's, in its order.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
func (s *session) readOwners() (*fileOwners, error) {
	for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		name = path.Join(s.repo.top, name)
		if _, err := fs.Stat(s.repo.fs, name); err != nil {
			continue
		}
		text, err := regular.Read(s.repo.fs, name, regular.MostOwners)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), reason(err))
		}
		owners, err := parseOwners(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), err)
		}
		return owners, nil
	}
	return nil, nil
}

func parseOwners(text []byte) (*fileOwners, error) {
	patterns, n := 0, 0
	for line := range bytes.Lines(text) {
		n++
		if len(line) >= bufio.MaxScanTokenSize { // the library would stop reading
			return nil, fmt.Errorf("line %d: it is too long", n)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && !anchored(string(bytes.Fields(line)[0])) {
			patterns++
		}
	}
	if patterns > mostPatterns {
		return nil, fmt.Errorf("more than %d rules with wildcards, or without a slash before them", mostPatterns)
	}
	rules, err := codeowners.ParseFile(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	o := &fileOwners{rules: rules, exact: map[string]int{}, below: map[string][]int{}, named: map[string][]int{}}
	for i := range rules {
		o.enter(i)
	}
	if len(o.wild) > mostWild {
		return nil, fmt.Errorf("more than %d rules that begin with a wildcard", mostWild)
	}
	return o, nil
}

// anchored reports whether a pattern is a path from the root, without wildcards.
func anchored(pattern string) bool {
	return strings.HasPrefix(pattern, "/") && !strings.ContainsAny(pattern, `*?\`)
}

// enter indexes a rule by the beginning of its pattern.
func (o *fileOwners) enter(i int) {
	pattern := o.rules[i].RawPattern()
	if pattern == "/" {
		return // matches nothing: https://git-scm.com/docs/gitignore
	}
	if anchored(pattern) {
		o.exact[pattern[1:]] = i
		return
	}
	segments := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	literal := slices.IndexFunc(segments, func(s string) bool { return s == "" || strings.ContainsAny(s, `*?\`) })
	if literal < 0 {
		literal = len(segments)
	}
	alone := len(segments) == 1 || len(segments) == 2 && segments[1] == ""
	switch {
	case literal == 0:
		o.wild = append(o.wild, i)
	case alone:
		o.named[segments[0]] = append(o.named[segments[0]], i)
	default:
		begins := strings.Join(segments[:literal], "/")
		o.below[begins] = append(o.below[begins], i)
	}
}

// of returns the owners of a file: all owners in its rule, as written there.
func (o *fileOwners) of(file string) string {
	if known, ok := o.known.Load(file); ok {
		return known.(string)
	}
	owners := ""
	if i := o.rule(file); i >= 0 {
		owners = strings.Join(ownerNames(&o.rules[i]), " ")
	}
	o.known.Store(file, owners)
	return owners
}

// rule returns the last rule that matches a file; -1: none.
func (o *fileOwners) rule(file string) int {
	last := o.last(-1, file, o.wild)
	for segment := range strings.SplitSeq(file, "/") {
		last = o.last(last, file, o.named[segment])
	}
	for end := 0; end < len(file); end++ {
		if next := strings.IndexByte(file[end:], '/'); next >= 0 {
			end += next
		} else {
			end = len(file)
		}
		// The file or a directory, and a directory with only its direct content.
		for _, name := range []string{file[:end], file[:min(end+1, len(file))]} {
			if i, ok := o.exact[name]; ok {
				last = max(last, i)
			}
		}
		last = o.last(last, file, o.below[file[:end]])
	}
	return last
}

// last returns the last of the rules that matches a file, or the given one if it is
// later.
func (o *fileOwners) last(last int, file string, rules []int) int {
	for _, i := range slices.Backward(rules) {
		if i <= last {
			return last
		}
		if fits, err := o.rules[i].Match(file); fits && err == nil {
			return i
		}
	}
	return last
}

// names returns the owners of files, each by itself.
func (o *fileOwners) names() []string {
	if o == nil {
		return nil
	}
	var names []string
	for i := range o.rules {
		names = append(names, ownerNames(&o.rules[i])...)
	}
	return names
}

func ownerNames(rule *codeowners.Rule) []string {
	var names []string
	for _, o := range rule.Owners {
		names = append(names, o.String())
	}
	return names
}

// seenTo reports whether a team is the owner that the command line names, or one of
// several owners of the files. Each owner is responsible.
func (s *session) seenTo(team string) bool {
	block := slices.ContainsFunc(s.cfg.teams, func(t judge.Team) bool { return t.Name == team })
	return team == s.owner || !block && slices.Contains(strings.Fields(team), s.owner)
}
