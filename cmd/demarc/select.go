package main

import (
	"path"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// A scope decides which findings of a root are shown.
type scope interface {
	shows(*judge.Finding) bool
}

// A fileScope shows the findings that concern some of the files, named as in the
// repository.
type fileScope map[string]bool

// shows reports whether a finding is in the files, or its value comes through them,
// or a module call in them leads to it.
func (files fileScope) shows(f *judge.Finding) bool {
	if files[f.Range.Filename] {
		return true
	}
	for _, step := range f.Trace {
		if files[step.Range.Filename] {
			return true
		}
	}
	for _, note := range f.Notes {
		if files[note.Range.Filename] {
			return true
		}
	}
	for _, cause := range f.Because {
		if files[cause.Range.Filename] {
			return true
		}
	}
	return false
}

// shows reports whether the command requests a finding.
func (s *session) shows(f *judge.Finding) bool {
	root := f.Resource.Root
	switch {
	case s.owner != "" && !s.seenTo(f.Team):
		return false
	case root == nil:
		return s.showsSuppression(f)
	case s.changed && !byPlan(f):
		return false
	}
	scope, part := s.roots[root]
	return !part || scope.shows(f)
}

// byPlan reports whether a plan's changes concern a finding: changes to its
// resource, or to another that made it worse.
func byPlan(f *judge.Finding) bool {
	switch f.Resource.Action {
	case analyzer.Create, analyzer.Update, analyzer.Replace, analyzer.Delete, analyzer.Forget:
		return f.Resource.Mode == analyzer.Managed
	}
	return f.Change == judge.Regression
}

// showsSuppression reports whether to show a finding about a suppression: whether a
// suppression covers nothing is known only if everything that it can cover was
// judged.
func (s *session) showsSuppression(f *judge.Finding) bool {
	file := f.Range.Filename
	if f.Check.ID != "demarc-suppression-used" && f.Check.ID != "demarc-attestation-used" {
		return true
	}
	if file == s.cfg.file {
		return len(s.exclude) == 0 && s.judged(path.Dir(file))
	}
	return s.judged(path.Dir(file)) || s.inScope(file)
}

// judged reports whether every root in a directory was judged.
func (s *session) judged(dir string) bool {
	for _, whole := range s.whole {
		if whole == "." || dir == whole || strings.HasPrefix(dir, whole+"/") {
			return true
		}
	}
	return false
}

func (s *session) inScope(file string) bool {
	for _, sc := range s.roots {
		if files, ok := sc.(fileScope); ok && files[file] {
			return true
		}
	}
	return false
}
