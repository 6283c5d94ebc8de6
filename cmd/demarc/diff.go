package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

func (p *process) diffCommand() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW] [PATH] | diff PLAN",
		Short: "Show how the line moves: what became yours, and what became the provider's",
		Long: `Diff compares two configurations: who is responsible for what, which duties are met,
and which gaps there are. OLD and NEW are two directories, or two revisions of
the repository around the current directory, of which PATH, or else the current
directory, is compared. One revision is compared with the files as they are. A
plan is compared with what was there before it.

A word that names both a directory, or a file, and a revision is refused, as a
change may add the one: ./WORD is the directory, and refs/heads/WORD a branch.
OLD...NEW compares from where NEW diverged from OLD.

It exits with 0 where no gap is new at or above --fail-on, 1 where one is, 2 on
a mistake in the command line or the configuration file, and 3 where something
that had to be read could not be.`,
		Example: `  demarc diff main HEAD
  demarc diff main envs/prod
  demarc diff envs/dev envs/prod
  terraform show -json tfplan | demarc diff - --source .`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 3 {
				return usagef("diff needs OLD and NEW, two directories or two revisions, or one plan; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.diff(cmd.Context(), &f, args) },
	}
	set := cmd.Flags()
	f.format, f.show = "text", "all"
	formats := report.FormatNames(report.OfDiff)
	set.Var(choice{"format", formats, &f.format}, "format", "format of the comparison")
	set.Var(outputs{formats, &f.outputs}, "output", "also write the comparison to a file (repeatable)")
	f.selecting(set)
	set.StringVar(&f.source, "source", "", "source directory of the plan")
	return cmd
}

func (p *process) diff(ctx context.Context, f *flags, args []string) error {
	ends, err := p.ends(ctx, args)
	if err != nil {
		return err
	}
	if ends.plan != "" {
		return p.diffPlan(ctx, f, ends.plan)
	}
	if f.source != "" {
		return usagef("--source needs a plan to compare")
	}
	return p.diffEnds(ctx, f, ends)
}

// diffPlan compares a plan with its prior state.
func (p *process) diffPlan(ctx context.Context, f *flags, plan string) error {
	s, sets, err := p.read(ctx, f, []string{plan})
	if s == nil || err != nil {
		return err
	}
	if len(sets) == 0 {
		return s.conclude(ctx, sets, nil)
	}
	root := sets[0].Roots[0]
	before := analyzer.NewSet([]*analyzer.Root{root.Prior}, analyzer.Coverage{}, nil)
	name := planName(plan)
	return s.finishDiff(ctx, compared{before, root.Dir, true}, compared{sets[0], root.Dir, false}, report.Names{
		Old: "before " + name, New: "after it", Kind: "plan",
	})
}

// diffEnds compares two directories.
func (p *process) diffEnds(ctx context.Context, f *flags, e *ends) error {
	defer e.close()
	s, err := newSessionIn(p, f, e.new.repo, e.new.dir)
	if err != nil {
		return err
	}
	old := *s
	old.repo = e.old.repo
	was, errOld := old.end(ctx, e.old)
	is, errNew := s.end(ctx, e.new)
	var nothing *nothingError
	switch {
	case errors.As(errOld, &nothing) && errors.As(errNew, &nothing):
		return errNew
	case errors.As(errOld, &nothing):
		e.names.Old, errOld = e.names.Old+" (nothing there)", nil
	case errors.As(errNew, &nothing):
		e.names.New, errNew = e.names.New+" (nothing there)", nil
	}
	if err := errors.Join(errOld, errNew); err != nil {
		return err
	}
	e.names.OldRel = old.shown
	for _, r := range e.open {
		s.errs = append(s.errs, r.refusals()...)
	}
	return s.finishDiff(ctx, was, is, e.names)
}

// end loads one side. A directory without configuration is an empty set, and a
// nothingError.
func (s *session) end(ctx context.Context, e end) (compared, error) {
	name, err := s.repo.name(e.dir)
	if err != nil {
		return compared{}, usagef("%s: %v", e.dir, err)
	}
	s.whole = append(s.whole, name)
	none := compared{analyzer.NewSet(nil, analyzer.Coverage{}, nil), name, false}
	if _, err := fs.Stat(s.repo.fs, name); errors.Is(err, fs.ErrNotExist) {
		return none, &nothingError{s.shown(name)}
	}
	set, err := s.load(ctx, []string{name}, nil)
	if errors.Is(err, tfconfig.ErrNothing) {
		return none, &nothingError{s.shown(name)}
	}
	return compared{set, name, false}, err
}

// compared is the judged part of a side.
type compared struct {
	set   *analyzer.Set
	dir   string
	prior bool
}

// finishDiff judges both sides with the configuration of the new one, writes the
// comparison and decides the exit code.
func (s *session) finishDiff(ctx context.Context, old, new compared, names report.Names) error {
	was, err := s.judgeSide(ctx, old)
	if err != nil {
		return err
	}
	is, err := s.judgeSide(ctx, new)
	if err != nil {
		return err
	}
	for _, err := range s.errs {
		fail(s.stderr, err)
	}
	d := compare.Reports(was, is, responsibility.Catalogue())
	opt := s.reportOptions()
	if err := s.deliver(opt, writing(report.OfDiff, report.Subject{Diff: d, Names: names})); err != nil {
		return err
	}
	unread := was.Report.Coverage.Incomplete() || is.Report.Coverage.Incomplete()
	unresolved := len(was.Report.Coverage.Unresolved)+len(is.Report.Coverage.Unresolved) > 0
	switch {
	case len(s.errs) > 0 || unread || s.strict && unresolved:
		return exit(exitIncomplete)
	case slices.ContainsFunc(d.Gaps, func(g *compare.GapChange) bool { return g.Sure() && opt.Decides(g.Finding) }):
		return exit(exitGaps)
	}
	return nil
}

// judgeSide judges a side. Findings about the configuration file are omitted on
// both: the command compares configurations, not settings.
func (s *session) judgeSide(ctx context.Context, c compared) (compare.Side, error) {
	rep, err := s.judge(ctx, c.set)
	if err != nil {
		return compare.Side{}, err
	}
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f *judge.Finding) bool {
		return f.Resource.Root == nil && f.Range.Filename == s.cfg.file
	})
	return compare.Side{Report: rep, Dir: c.dir, Prior: c.prior}, nil
}

// --- the meaning of the arguments

// ends are the two sides of a comparison: two directories, or a plan and its prior
// state.
type ends struct {
	plan     string
	old, new end
	names    report.Names
	open     []*commitTree
}

// An end is a directory of a repository in its current state, or at a revision.
type end struct {
	repo *repository
	dir  string // absolute
}

func (e *ends) close() {
	for _, r := range e.open {
		r.close()
	}
}

// A word is one argument, classified by what it names.
type word struct {
	text   string
	kind   string // directory, file, revision
	commit string
}

// ends resolves the arguments.
func (p *process) ends(ctx context.Context, args []string) (*ends, error) {
	words, tree, err := p.words(ctx, args)
	if err != nil {
		return nil, err
	}
	kinds := make([]string, len(words))
	for i, w := range words {
		kinds[i] = w.kind
	}
	switch strings.Join(kinds, " ") {
	case "file":
		if name := words[0].text; sourceName(name) || valuesName(name) {
			return nil, usagef("diff compares directories, revisions or a plan; %s is a file of a configuration", name)
		}
		return &ends{plan: words[0].text}, nil
	case "directory directory":
		return p.directories(words[0].text, words[1].text)
	case "revision":
		return p.revisions(ctx, tree, words[0], nil, ".")
	case "revision directory":
		return p.revisions(ctx, tree, words[0], nil, words[1].text)
	case "revision revision":
		return p.revisions(ctx, tree, words[0], &words[1], ".")
	case "revision revision directory":
		return p.revisions(ctx, tree, words[0], &words[1], words[2].text)
	}
	var given []string
	for _, w := range words {
		given = append(given, fmt.Sprintf("%s is a %s", w.text, w.kind))
	}
	return nil, usagef("diff compares two directories, two revisions, or one plan; %s", strings.Join(given, ", "))
}

// words classifies each argument. OLD...NEW stands for two.
func (p *process) words(ctx context.Context, args []string) ([]word, *gitTree, error) {
	tree, noGit := p.gitTop(p.gitDir(args))
	var words []word
	for _, arg := range args {
		w := word{text: arg, kind: p.kind(arg)}
		if tree != nil && !strings.HasPrefix(arg, ".") {
			w.commit = tree.commit(ctx, arg)
		}
		switch {
		case w.kind != "" && (w.commit != "" || tree.isRange(ctx, arg)):
			return nil, nil, usagef("%s is a %s here, and a revision as well: ./%s is the %s, refs/heads/%s a branch", arg, w.kind, arg, w.kind, arg)
		case w.kind != "":
		case w.commit != "":
			w.kind = "revision"
		case tree != nil && strings.Contains(arg, ".."):
			pair, err := tree.between(ctx, arg)
			if err != nil {
				return nil, nil, err
			}
			words = append(words, pair...)
			continue
		case noGit != nil:
			return nil, nil, usagef("%s is not a directory or a file, and there are no revisions here: %v", arg, noGit)
		default:
			return nil, nil, usagef("%s is not a directory, a file or a revision of %s", arg, tree.dir)
		}
		words = append(words, w)
	}
	return words, tree, nil
}

// gitDir returns the directory whose repository has the revisions: the last argument
// if it is a directory, else the current one.
func (p *process) gitDir(args []string) string {
	if last := args[len(args)-1]; p.kind(last) == "directory" {
		return p.abs(last)
	}
	return p.dir
}

// kind returns what a word names on the machine; empty: nothing.
func (p *process) kind(arg string) string {
	if arg == "-" {
		return "file"
	}
	info, err := os.Stat(p.abs(arg))
	switch {
	case err != nil:
		return ""
	case info.IsDir():
		return "directory"
	}
	return "file"
}

// cutRange cuts OLD..NEW, and OLD...NEW, which begins at their merge base.
func cutRange(arg string) (old, new string, base bool) {
	if old, new, base = strings.Cut(arg, "..."); !base {
		old, new, _ = strings.Cut(arg, "..")
	}
	return old, new, base
}

// isRange reports whether a word is two revisions.
func (g *gitTree) isRange(ctx context.Context, arg string) bool {
	if g == nil || !strings.Contains(arg, "..") || strings.HasPrefix(arg, ".") {
		return false
	}
	old, new, _ := cutRange(arg)
	return g.commit(ctx, cmp.Or(old, "HEAD")) != "" && g.commit(ctx, cmp.Or(new, "HEAD")) != ""
}

// between reads OLD..NEW, and OLD...NEW.
func (g *gitTree) between(ctx context.Context, arg string) ([]word, error) {
	old, new, base := cutRange(arg)
	pair := []word{{text: cmp.Or(old, "HEAD")}, {text: cmp.Or(new, "HEAD")}}
	for i, w := range pair {
		if w.kind, w.commit = "revision", g.commit(ctx, w.text); w.commit == "" {
			return nil, usagef("%s is not a revision of %s", w.text, g.dir)
		}
		pair[i] = w
	}
	if base {
		var err error
		if pair[0].commit, err = g.mergeBase(ctx, pair[0].commit, pair[1].commit); err != nil {
			return nil, err
		}
		pair[0].text = fmt.Sprintf("where %s diverged from %s", pair[1].text, pair[0].text)
	}
	return pair, nil
}

// directories returns two directories, each in its repository.
func (p *process) directories(old, new string) (*ends, error) {
	e := &ends{names: report.Names{Old: filepath.ToSlash(filepath.Clean(old)), New: filepath.ToSlash(filepath.Clean(new)), Kind: "directories"}}
	for _, side := range []struct {
		of   *end
		name string
	}{{&e.old, old}, {&e.new, new}} {
		dir, err := p.real(side.name)
		if err != nil {
			return nil, err
		}
		repo, err := openRepository(repositoriesOf([]string{dir})[0].top)
		if err != nil {
			return nil, err
		}
		*side.of = end{repo, dir}
	}
	return e, nil
}

// revisions returns a directory at two revisions; without a second, at one and in
// its current state.
func (p *process) revisions(ctx context.Context, tree *gitTree, old word, new *word, dir string) (*ends, error) {
	at, err := p.real(dir)
	if err != nil {
		return nil, usagef("%s: %v", dir, reason(err))
	}
	e := &ends{names: report.Names{Old: old.text, New: "the files as they are", Kind: "revisions"}}
	if e.old, err = e.at(ctx, tree, old, at); err != nil {
		return nil, err
	}
	if new == nil {
		repo, err := openRepository(tree.dir)
		if err != nil {
			return nil, err
		}
		e.new = end{repo, at}
	} else {
		e.names.New = new.text
		if e.new, err = e.at(ctx, tree, *new, at); err != nil {
			return nil, err
		}
	}
	if name, err := e.old.repo.name(at); err == nil && name != "." {
		e.names.In = name
	}
	return e, nil
}

// at opens a revision.
func (e *ends) at(ctx context.Context, tree *gitTree, w word, dir string) (end, error) {
	r, err := tree.tree(ctx, w.commit)
	if err != nil {
		return end{}, fmt.Errorf("%s: %w", w.text, err)
	}
	e.open = append(e.open, r)
	return end{&repository{dir: tree.dir, top: ".", fs: r}, dir}, nil
}
