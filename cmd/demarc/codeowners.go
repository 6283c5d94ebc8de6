package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"github.com/hmarr/codeowners"
)

// codeowners reads who a repository's files belong to. Nil: it does not say.
// The places are those that GitHub looks at, in its order.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
func (s *session) codeowners() (func(file string) string, error) {
	for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		if _, err := fs.Stat(s.repo.fs, name); err != nil {
			continue
		}
		text, err := readRegular(s.repo.fs, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), reason(err))
		}
		rules, err := codeowners.ParseFile(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.shown(name), err)
		}
		return func(file string) string {
			rule, err := rules.Match(file)
			if err != nil || rule == nil {
				return ""
			}
			var owners []string
			for _, o := range rule.Owners {
				owners = append(owners, o.String())
			}
			return strings.Join(owners, " ")
		}, nil
	}
	return nil, nil
}
