package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

func (p *process) scanCommand() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Judge Terraform source or plans",
		Long: `Scan judges directories of Terraform source, single files, and plans as
terraform show -json writes them; - reads a plan from standard input. Without a
path it judges the current directory.

It exits with 0 where no gap is at or above --fail-on, 1 where there are gaps,
2 on a mistake in the command line or the configuration file, and 3 where
something that had to be read could not be.`,
		Example: `  demarc scan .
  terraform show -json tfplan | demarc scan - --source .
  demarc scan . --output sarif=demarc.sarif --fail-on high`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.scan(cmd.Context(), &f, args) },
	}
	f.judging(cmd.Flags())
	cmd.Flags().Var(outputs{report.FormatNames(report.OfScan), &f.outputs}, "output", "also write a report to a file (repeatable)")
	cmd.Flags().StringVar(&f.source, "source", "", "source directory of the plan")
	cmd.Flags().BoolVar(&f.changed, "changed", false, "show only what a plan changes or makes worse")
	return cmd
}

func (p *process) scan(ctx context.Context, f *flags, paths []string) error {
	s, sets, err := p.read(ctx, f, paths)
	if s == nil || err != nil {
		return err
	}
	return s.finish(ctx, sets)
}

// read opens a session for the paths, and loads them. Without a session there is
// nothing to judge.
func (p *process) read(ctx context.Context, f *flags, paths []string) (*session, []*analyzer.Set, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	t := p.find(paths)
	dirs := t.source()
	switch {
	case f.source != "" && len(t.plans) != 1 && len(t.errs) == 0:
		return nil, nil, usagef("--source needs one plan; the paths have %d", len(t.plans))
	case f.changed && len(t.plans) == 0 && len(t.errs) == 0:
		return nil, nil, usagef("--changed needs a plan; the paths have none")
	case len(f.environment) > 0 && len(dirs) == 0 && len(t.errs) == 0:
		return nil, nil, usagef("--environment needs source; a plan has its own values")
	case f.source != "":
		source, err := p.real(f.source)
		if err != nil {
			return nil, nil, usagef("--source %s: %v", f.source, reason(err))
		}
		if info, err := os.Stat(source); err == nil && !info.IsDir() {
			return nil, nil, usagef("--source %s: not a directory", f.source)
		}
		dirs = append(dirs, source)
	}
	if t.empty() {
		return nil, nil, errors.Join(t.errs...)
	}
	s, err := newSession(p, f, dirs)
	if err != nil {
		return nil, nil, err
	}
	s.errs = t.errs
	load := s.sets
	if len(s.parts) > 0 {
		load = s.loadParts
	}
	sets, err := load(ctx, t)
	return s, sets, err
}

// sets loads everything that the paths name.
func (s *session) sets(ctx context.Context, t targets) ([]*analyzer.Set, error) {
	var sets []*analyzer.Set
	for _, load := range []func(context.Context, targets) ([]*analyzer.Set, error){s.directories, s.singles, s.plans} {
		some, err := load(ctx, t)
		switch {
		case errors.Is(err, tfconfig.ErrNothing):
			s.errs = append(s.errs, err)
		case err != nil:
			return nil, err
		}
		sets = append(sets, some...)
	}
	return sets, nil
}

func (s *session) directories(ctx context.Context, t targets) ([]*analyzer.Set, error) {
	if len(t.dirs) == 0 {
		return nil, nil
	}
	dirs, err := s.names(t.dirs)
	if err != nil {
		return nil, err
	}
	set, err := s.load(ctx, dirs, nil)
	if err != nil {
		return nil, s.nothing(err, t.dirs)
	}
	s.inNone(set, t.dirs)
	s.whole = append(s.whole, dirs...)
	return []*analyzer.Set{set}, nil
}

// nothing returns an error that names where nothing was found.
func (s *session) nothing(err error, dirs []string) error {
	if !errors.Is(err, tfconfig.ErrNothing) {
		return err
	}
	return &nothingError{s.where(dirs)}
}

func (s *session) where(dirs []string) string {
	names, _ := s.names(dirs)
	for i := range names {
		names[i] = s.shown(names[i])
	}
	return strings.Join(names, ", ")
}

// inNone returns an error if no root has the environments of the command line: an
// empty result is then not a clean report.
func (s *session) inNone(set *analyzer.Set, dirs []string) {
	if len(s.environment) > 0 && len(set.Roots) == 0 {
		s.errs = append(s.errs, fmt.Errorf("no root module in %s is evaluated in %s", s.where(dirs), strings.Join(s.environment, ", ")))
	}
}

// A nothingError is tfconfig.ErrNothing with the paths that were searched.
type nothingError struct{ where string }

func (e *nothingError) Error() string { return tfconfig.ErrNothing.Error() + " in " + e.where }
func (e *nothingError) Unwrap() error { return tfconfig.ErrNothing }

// singles evaluates the directories of single files, and shows the findings that
// concern the files.
func (s *session) singles(ctx context.Context, t targets) ([]*analyzer.Set, error) {
	if len(t.files) == 0 {
		return nil, nil
	}
	files, err := s.names(t.files)
	if err != nil {
		return nil, err
	}
	show := fileScope{}
	var dirs []string
	for i, name := range files {
		show[name] = true
		dirs = append(dirs, filepath.Dir(t.files[i]))
	}
	paths, err := s.names(dirs)
	if err != nil {
		return nil, err
	}
	set, err := s.load(ctx, paths, files)
	if err != nil {
		return nil, s.nothing(err, dirs)
	}
	s.inNone(set, dirs)
	for _, root := range set.Roots {
		s.roots[root] = show
	}
	return []*analyzer.Set{set}, nil
}

func (s *session) names(files []string) ([]string, error) {
	names := make([]string, len(files))
	for i, f := range files {
		name, err := s.repo.name(f)
		if err != nil {
			return nil, usagef("%s: %v", f, err)
		}
		names[i] = name
	}
	return names, nil
}
