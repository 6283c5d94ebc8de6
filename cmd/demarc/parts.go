package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/internal/regular"
)

// A part is the session over one of several repositories. Its names are relative to
// the common directory, so that they are unique in the report; but it reads only its
// own repository, with its own settings.
type part struct {
	*session
	dirs   []string // the directories in it that the command names
	loaded []*analyzer.Set
}

// newParts opens several repositories.
func newParts(p *process, f *flags, all []grounds) (*session, error) {
	var tops []string
	for _, g := range all {
		tops = append(tops, g.top)
	}
	dir := commonParent(tops)
	var seen below
	front, err := bareSession(p, f, &repository{dir: dir, top: "."})
	if err != nil {
		return nil, err
	}
	given := &onlySome{passed: map[string]int{}}
	for _, g := range all {
		repo, err := openBelow(dir, g.top)
		if err != nil {
			return nil, err
		}
		seen = append(seen, repo.fs.(below)...)
		s, err := newSessionIn(p, f, repo, commonParent(g.dirs))
		if err != nil {
			return nil, err
		}
		s.planNames, s.parser, s.given = front.planNames, front.parser, given
		for _, other := range tops {
			if other != g.top && inside(g.top, other) {
				name, _ := repo.name(other) // below the top, so without an error
				s.apart = append(s.apart, literal(name))
			}
		}
		front.parts = append(front.parts, &part{session: s, dirs: g.dirs})
	}
	front.repo.fs = seen
	front.given = given
	front.cfg.failOn = front.strictest()
	for _, part := range front.parts {
		part.cfg.failOn = front.cfg.failOn
	}
	return front, front.lend()
}

// strictest returns the lowest deciding severity of all parts: no repository weakens
// the gate of another.
func (s *session) strictest() string {
	strictest := "none"
	for _, part := range s.parts {
		sev := part.severity()
		if low, some := analyzer.ParseSeverity(strictest); sev > 0 && (!some || sev < low) {
			strictest = sev.String()
		}
	}
	return strictest
}

// lend lets every part read the variable files of the command line, each of which is
// in one of the repositories.
func (s *session) lend() error {
	for _, in := range s.inputs {
		if in.file == "" {
			continue
		}
		file, err := s.real(in.file)
		if err != nil {
			return fmt.Errorf("--var-file %s: %w", in.file, reason(err))
		}
		name, err := s.repo.name(file)
		if err == nil {
			_, err = fs.Stat(s.repo.fs, name)
		}
		if err != nil {
			return usagef("--var-file %s: %v", in.file, regular.Escaped(err))
		}
		for _, part := range s.parts {
			if !inside(part.repo.top, name) {
				part.repo.fs = append(slices.Clone(part.repo.fs.(below)), mounted{name, oneFile{s.repo.fs, name}})
			}
		}
	}
	return nil
}

// oneFile is a file system of one file, named ".".
type oneFile struct {
	in   fs.FS
	name string
}

func (o oneFile) Open(string) (fs.File, error)     { return o.in.Open(o.name) }
func (o oneFile) Stat(string) (fs.FileInfo, error) { return fs.Stat(o.in, o.name) }

// loadParts loads what the paths name, each in its part. A plan belongs to the part
// that contains it, or its source; else to the first.
func (s *session) loadParts(ctx context.Context, t targets) ([]*analyzer.Set, error) {
	var all []*analyzer.Set
	for i, part := range s.parts {
		mine := targets{
			dirs:  slices.DeleteFunc(slices.Clone(t.dirs), func(dir string) bool { return !slices.Contains(part.dirs, dir) }),
			files: slices.DeleteFunc(slices.Clone(t.files), func(file string) bool { return !slices.Contains(part.dirs, filepath.Dir(file)) }),
		}
		for _, plan := range t.plans {
			if s.partOf(plan) == i {
				mine.plans = append(mine.plans, plan)
			}
		}
		sets, err := part.sets(ctx, mine)
		if err != nil {
			return nil, err
		}
		part.loaded = sets
		all = append(all, sets...)
		s.errs = append(s.errs, part.errs...)
	}
	return all, s.given.nowhere(s.inputs)
}

// partOf returns the part of a plan.
func (s *session) partOf(plan string) int {
	at := plan
	if s.source != "" {
		at = s.source
	}
	file, err := s.real(at)
	if at == "-" || err != nil {
		file = s.from
	}
	best := -1
	for i, part := range s.parts {
		if top := part.repo.home(); inside(top, file) && (best < 0 || inside(s.parts[best].repo.home(), top)) {
			best = i
		}
	}
	return max(best, 0)
}

// judgeParts judges each part, and merges the reports.
func (s *session) judgeParts(ctx context.Context) (*judge.Report, error) {
	var reports []*judge.Report
	s.picked = len(s.all)
	for _, part := range s.parts {
		if len(part.loaded) == 0 {
			continue
		}
		rep, err := part.judge(ctx, merge(part.loaded))
		if err != nil {
			return nil, err
		}
		reports = append(reports, rep)
		s.picked = min(s.picked, part.picked)
	}
	return judge.Together(reports), nil
}

// onlySome skips values of the command line whose variables a repository does not
// declare, because another repository may declare them. Nil: there is only one
// repository.
type onlySome struct {
	loads  int            // loads of source
	passed map[string]int // number of loads that did not declare it
	last   *tfconfig.InputError
}

func (o *onlySome) load() {
	if o != nil {
		o.loads++
	}
}

// passOver reports whether a load must be repeated without a value.
func (o *onlySome) passOver(input *tfconfig.InputError) bool {
	if o == nil || input.Reason != "" {
		return false
	}
	o.passed[input.Name]++
	o.last = input
	return true
}

// nowhere returns an error for a value whose variable no repository declares.
func (o *onlySome) nowhere(inputs []input) error {
	for _, in := range inputs {
		if times := o.passed[in.name]; times > 0 && times == o.loads {
			return noSuch("variable", in.name, o.last.Declared)
		}
	}
	return nil
}
