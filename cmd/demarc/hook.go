package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/internal/regular"
)

func (p *process) hookCommand() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "hook [FLAG...] [-- FILE...]",
		Short: "Judge a change, as pre-commit passes it",
		Long: `Hook judges the files that it is given and the files that the change deletes:
those deleted in git's index, or between PRE_COMMIT_FROM_REF and
PRE_COMMIT_TO_REF. It evaluates the configurations that the change can affect
and shows what concerns the change. A change of the configuration file concerns
everything. Exit codes are those of scan.

Names of files stand after --, as whoever proposes a change chooses them: in
.pre-commit-config.yaml, args end with it. Hook writes no files.`,
		Example: `  demarc hook -- main.tf
  demarc hook --fail-on high -- main.tf modules/db/main.tf`,
		DisableFlagParsing: true, // names are separated from flags first
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := p.hookFiles(cmd, args)
			if err != nil {
				return err
			}
			return p.hook(cmd.Context(), &f, files)
		},
	}
	f.judging(cmd.Flags())
	return cmd
}

const hookUsage = "names of files stand after --, so args in .pre-commit-config.yaml end with it: args: [--fail-on, high, --]"

// hookFiles parses the command line of hook. The author of a change chooses the file
// names, so no name may be read as a flag.
func (p *process) hookFiles(cmd *cobra.Command, args []string) ([]string, error) {
	flags, files := args, []string(nil)
	if i := slices.Index(args, "--"); i >= 0 {
		flags, files = args[:i], args[i+1:]
	}
	for _, arg := range flags {
		if strings.HasPrefix(arg, "-") && p.exists(arg) {
			return nil, usagef("%s looks like a flag and is a file here: %s", arg, hookUsage)
		}
	}
	if err := cmd.Flags().Parse(flags); err != nil {
		return nil, flagError(cmd, err)
	}
	if help, _ := cmd.Flags().GetBool("help"); help {
		return nil, pflag.ErrHelp
	}
	if names := cmd.Flags().Args(); len(names) > 0 {
		return nil, usagef("%s does not stand after --: %s", names[0], hookUsage)
	}
	for _, name := range files {
		if strings.HasPrefix(name, "-") && !p.exists(name) {
			return nil, usagef("%s stands after --, and no file here has this name: flags stand before --", name)
		}
	}
	return files, nil
}

// exists reports whether a path names anything, including a dangling link.
func (p *process) exists(path string) bool {
	_, err := os.Lstat(p.abs(path))
	return err == nil
}

func (p *process) hook(ctx context.Context, f *flags, files []string) error {
	repo, err := p.gitChange(ctx)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool { return !concerns(name) })
	if len(files)+len(repo.deleted) == 0 {
		return nil
	}
	s, err := newSession(p, f, nil)
	if err != nil {
		return err
	}
	changed, err := s.changedNames(files, repo.deleted)
	if err != nil {
		return err
	}
	s.errs = s.unreadable(changed)
	set, err := s.affected(ctx, repo, changed)
	switch {
	case errors.Is(err, tfconfig.ErrNothing) && len(s.errs) > 0:
		return errors.Join(s.errs...)
	case errors.Is(err, tfconfig.ErrNothing): // the change deletes the last file
		return nil
	case err != nil:
		return err
	}
	return s.finish(ctx, []*analyzer.Set{set})
}

// concerns reports whether a file takes part in a scan, by its name.
func concerns(name string) bool {
	return sourceName(name) || valuesName(name) || filepath.Base(name) == configName
}

// changedNames returns the changed files as the repository names them.
func (s *session) changedNames(files, deleted []string) ([]string, error) {
	changed := slices.Clone(deleted)
	for _, file := range files {
		if !filepath.IsAbs(file) {
			file = filepath.Join(s.from, file)
		}
		name, err := s.repo.name(file)
		if err != nil {
			return nil, usagef("%s: %v", file, err)
		}
		changed = append(changed, name)
	}
	slices.Sort(changed)
	return slices.Compact(changed), nil
}

// unreadable lists the changed files that exist and cannot be read: a link that
// leads out of the repository, a device. They do not count as clean.
func (s *session) unreadable(changed []string) []error {
	var errs []error
	for _, name := range changed {
		info, err := fs.Stat(s.repo.fs, name)
		if err == nil {
			err = regular.Check(info, regular.MostConfiguration)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.shown(name), reason(regular.Escaped(err))))
		}
	}
	return errs
}

// affected loads the roots that the change can affect, and shows the findings that
// concern the change.
func (s *session) affected(ctx context.Context, repo *gitChange, changed []string) (*analyzer.Set, error) {
	if s.cfg.file != "" && slices.Contains(changed, s.cfg.file) || slices.Contains(changed, configName) {
		s.whole = []string{"."}
		return s.load(ctx, []string{"."}, nil)
	}
	set, err := s.load(ctx, []string{"."}, changed)
	if err != nil {
		return nil, err
	}
	old, errs, err := repo.before(ctx)
	if err != nil {
		return nil, err
	}
	s.errs = append(s.errs, errs...)
	show := changeScope{fileScope{}, old}
	for _, name := range changed {
		show.files[name] = true
	}
	for _, root := range set.Roots {
		s.roots[root] = show
	}
	return set, nil
}

// A changeScope shows the findings that concern a change: those in the changed
// files, and those about something that the old files contained and that is now
// missing.
type changeScope struct {
	files  fileScope
	before *held
}

func (c changeScope) shows(f *judge.Finding) bool {
	return c.files.shows(f) || c.before.missed(f)
}

// missed reports whether a finding is about something missing that the old versions
// of the changed files contained: a companion of the resource, or a variable's
// value.
func (h *held) missed(f *judge.Finding) bool {
	for _, step := range f.Trace {
		if name, ok := strings.CutPrefix(step.Name, "var."); ok && (h.values[name] || h.anything) {
			return true
		}
	}
	if len(f.Witness.At) > 0 || f.Check.Want == nil {
		return false
	}
	for _, read := range analyzer.ReadsOf(f.Check.Want) {
		if read.Type != "" && (h.types[read.Type] || h.lostModule || h.anything) {
			return true
		}
	}
	return false
}
