package main

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// A table is the checks of this release, found by any of their names.
type table []*analyzer.Check

// find lists the checks that a name means: one check by its id, or all checks with
// another tool's alias.
func (t table) find(name string) []*analyzer.Check {
	for _, c := range t {
		if c.ID == name {
			return []*analyzer.Check{c}
		}
	}
	var found []*analyzer.Check
	for _, c := range t {
		if _, ok := alias(c, name); ok {
			found = append(found, c)
		}
	}
	return found
}

// accept lists the checks that a name means in an exclusion, a suppression or a
// change: if another tool's check requires less than demarc's, its name does not
// stand for the whole check.
func (t table) accept(name string) ([]*analyzer.Check, error) {
	found := t.find(name)
	var whole []*analyzer.Check
	for _, c := range found {
		if a, ok := alias(c, name); c.ID == name || ok && a.Relation != analyzer.Narrower {
			whole = append(whole, c)
		}
	}
	switch {
	case len(found) == 0:
		return nil, t.none(name)
	case len(whole) == 0:
		return nil, usagef("%s requires less than %s: use that name instead", name, found[0].ID)
	}
	return whole, nil
}

// named is find, with an error for an unknown name.
func (t table) named(name string) ([]*analyzer.Check, error) {
	if found := t.find(name); len(found) > 0 {
		return found, nil
	}
	return nil, t.none(name)
}

// serving returns the checks that map to any of the frameworks: all checks if none
// is named. Checks of attestations are always included, as evidence for all
// frameworks.
func (t table) serving(frameworks []string) table {
	if len(frameworks) == 0 {
		return t
	}
	return slices.DeleteFunc(t, func(c *analyzer.Check) bool {
		if slices.Contains(judge.AttestationChecks(), c) {
			return false
		}
		ids := responsibility.RequirementsOf(c.Objective)
		return !slices.ContainsFunc(frameworks, func(id string) bool { return len(ids[id]) > 0 })
	})
}

func (t table) none(name string) error { return noSuch("check", name, t.names()) }

// names lists every name that find knows.
func (t table) names() []string {
	var names []string
	for _, c := range t {
		names = append(names, c.ID)
	}
	for _, c := range t {
		for _, a := range c.Aliases {
			names = append(names, a.ID)
		}
	}
	return names
}

func (t table) sorted() table {
	byID := append(table(nil), t...)
	sort.Slice(byID, func(i, j int) bool { return byID[i].ID < byID[j].ID })
	return byID
}

func alias(c *analyzer.Check, name string) (analyzer.Alias, bool) {
	for _, a := range c.Aliases {
		if strings.EqualFold(a.ID, name) {
			return a, true
		}
	}
	return analyzer.Alias{}, false
}
