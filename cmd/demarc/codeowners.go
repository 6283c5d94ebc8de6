package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hmarr/codeowners"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/internal/regular"
)

// fileOwners are who a repository's files belong to. Nil: it does not say.
type fileOwners codeowners.Ruleset

// readOwners reads them. The places are those that GitHub looks at, in its order.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
func (s *session) readOwners() (fileOwners, error) {
	for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		name = path.Join(s.repo.top, name)
		if _, err := fs.Stat(s.repo.fs, name); err != nil {
			continue
		}
		text, err := regular.Read(s.repo.fs, name, regular.MostOwners)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), reason(err))
		}
		rules, err := codeowners.ParseFile(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), err)
		}
		return fileOwners(rules), nil
	}
	return nil, nil
}

// of is who a file belongs to: all that its rule names, as written there.
func (o fileOwners) of(file string) string {
	rule, err := codeowners.Ruleset(o).Match(file)
	if err != nil || rule == nil {
		return ""
	}
	return strings.Join(ownerNames(rule), " ")
}

// names are those that own files, each by itself.
func (o fileOwners) names() []string {
	var names []string
	for i := range o {
		names = append(names, ownerNames(&o[i])...)
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

// seenTo reports whether what a team sees to is the owner's that the command
// line names. Files may belong to several owners, each of whom sees to them.
func (s *session) seenTo(team string) bool {
	block := slices.ContainsFunc(s.cfg.teams, func(t analyzer.Team) bool { return t.Name == team })
	return team == s.owner || !block && slices.Contains(strings.Fields(team), s.owner)
}
