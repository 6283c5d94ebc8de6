package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/analyzer/tfplan"
)

// plans loads the plans, joined with their source if it is given. An unreadable plan
// is an error, and the rest continues.
func (s *session) plans(ctx context.Context, t targets) ([]*analyzer.Set, error) {
	var sets []*analyzer.Set
	for _, given := range t.plans {
		set, err := s.plan(ctx, given)
		if err != nil {
			s.errs = append(s.errs, fmt.Errorf("%s: %w", planName(given), reason(err)))
			continue
		}
		if s.source != "" {
			if set, err = s.joined(ctx, set); err != nil {
				return nil, err
			}
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func planName(given string) string {
	if given == "-" {
		return "standard input"
	}
	return given
}

func (s *session) plan(ctx context.Context, given string) (*analyzer.Set, error) {
	s.doing("reading the plan")
	in, name, err := s.open(given)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	s.planNames[name] = true
	return tfplan.Load(ctx, in, tfplan.Options{Name: name, Dir: s.planDir(name)})
}

// open opens a plan, and returns its name for reports.
func (s *session) open(given string) (io.ReadCloser, string, error) {
	if given == "-" {
		return io.NopCloser(s.stdin), given, nil
	}
	in, err := os.Open(s.abs(given))
	if err != nil {
		return nil, "", err
	}
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > tfplan.MaxSize {
		in.Close()
		return nil, "", tfplan.ErrTooLarge
	}
	file, err := s.real(given)
	if err != nil { // a pipe
		return in, "-", nil
	}
	if name, err := s.repo.name(file); err == nil {
		return in, name, nil
	}
	return in, file, nil
}

// planDir returns the assumed directory of a plan: its source's, or else the
// directory of its file, or where a pipe was started.
func (s *session) planDir(name string) string {
	dir := s.from
	if s.source != "" {
		dir, _ = s.real(s.source)
	} else if name != "-" {
		dir = path.Dir(name)
		if !path.IsAbs(dir) {
			return dir
		}
	}
	in, err := s.repo.name(dir)
	if err != nil {
		return s.repo.top
	}
	return in
}

// joined returns the plan with the lines and references of its source.
func (s *session) joined(ctx context.Context, plan *analyzer.Set) (*analyzer.Set, error) {
	dir := s.planDir("-")
	source, err := s.loadPlanned(ctx, dir, plan.Roots[0])
	switch {
	case errors.Is(err, tfconfig.ErrNothing):
		s.errs = append(s.errs, s.nothing(err, []string{s.abs(s.source)}))
		return plan, nil
	case err != nil:
		return nil, err
	}
	return tfplan.Join(plan, source), nil
}
