package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"golang.org/x/term"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/internal/regular"
)

// finish judges the loaded resources, writes the reports and decides the exit code.
func (s *session) finish(ctx context.Context, sets []*analyzer.Set) error {
	return s.conclude(ctx, sets, s.write)
}

// conclude is finish with a given report.
func (s *session) conclude(ctx context.Context, sets []*analyzer.Set, write func(*judge.Report, report.Options) error) error {
	for _, err := range s.errs {
		fail(s.stderr, err)
	}
	if len(sets) == 0 {
		return exit(exitIncomplete)
	}
	rep, err := s.judgeAll(ctx, sets)
	if err != nil {
		return err
	}
	opt := s.reportOptions()
	if err := write(rep, opt); err != nil {
		return err
	}
	switch {
	case len(s.errs) > 0 || rep.Coverage.Incomplete():
		return exit(exitIncomplete)
	case s.strict && len(rep.Coverage.Unresolved) > 0:
		return exit(exitIncomplete)
	case slices.ContainsFunc(rep.Findings, opt.Decides):
		return exit(exitGaps)
	}
	return nil
}

func (s *session) reportOptions() report.Options {
	return report.Options{
		Read:    s.read,
		Rel:     s.shown,
		ShowAll: s.show == "all",
		FailOn:  s.severity(),
		Version: version,
		Judged:  s.picked,
		Known:   len(s.all),
		Today:   s.today,

		Frameworks: responsibility.RequirementsOf,
	}
}

// read returns the text of a file, for excerpts. A plan has none: it may hold
// secrets, and be large.
func (s *session) read(name string) ([]byte, error) {
	if s.planNames[name] {
		return nil, fs.ErrPermission
	}
	return regular.Read(s.repo.fs, name, regular.MostConfiguration)
}

// severity returns the lowest deciding severity: from the command line, from the
// configuration file, or medium; 0 for none.
func (s *session) severity() analyzer.Severity {
	for _, name := range []string{s.failOn, s.cfg.failOn, "medium"} {
		if name != "" {
			sev, _ := analyzer.ParseSeverity(name)
			return sev
		}
	}
	return 0
}

// write writes the reports of the findings.
func (s *session) write(rep *judge.Report, opt report.Options) error {
	return s.deliver(opt, writing(report.OfScan, report.Subject{Report: rep}))
}

// deliver writes one format to standard output and others to files. A file that
// cannot be written does not affect the others.
func (s *session) deliver(opt report.Options, write func(io.Writer, string, report.Options) error) error {
	s.doing("writing the report")
	var errs []error
	for _, out := range s.outputs {
		if err := s.writeFile(out.file, func(w io.Writer) error { return write(w, out.format, opt) }); err != nil {
			errs = append(errs, fmt.Errorf("write %s: %w", out.file, reason(err)))
		}
	}
	opt.Width, opt.Color = s.width(), s.colour()
	if err := write(s.stdout, s.format, opt); err != nil {
		errs = append(errs, fmt.Errorf("write the report: %w", err))
	}
	return errors.Join(errs...)
}

// writing returns a function that writes a subject in the formats of its kind.
func writing(k report.Kind, of report.Subject) func(io.Writer, string, report.Options) error {
	return func(w io.Writer, format string, opt report.Options) error { return report.Write(w, k, format, of, opt) }
}

// width returns the width of the terminal, or the value of COLUMNS; 0: unknown.
func (p *process) width() int {
	if n, err := strconv.Atoi(p.env("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := p.stdout.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return n
		}
	}
	return 0
}

func (s *session) colour() bool {
	return !s.noColor && s.env("NO_COLOR") == "" && s.env("TERM") != "dumb" && isTerminal(s.stdout)
}
