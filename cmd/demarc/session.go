package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/tfconfig"
	"github.com/demarc/demarc/internal/regular"
)

// A session is one run over one repository: a scan's or a hook's. A session over
// several repositories has a part for each, which reads and judges by itself, and
// merges their reports.
type session struct {
	*process
	*flags
	repo   *repository
	from   string // the current directory, links resolved
	cfg    *config
	known  rules
	all    table // every check, including the checks of suppressions
	parser *tfconfig.Parser
	errs   []error // errors of unreadable input; the rest continues

	planNames map[string]bool
	picked    int // number of checks that judge
	owners    *fileOwners

	roots map[*analyzer.Root]scope // scopes of the roots that are only partly shown
	whole []string                 // directories in which every root was judged, as named in the repository

	parts []*part
	apart []string  // globs of nested repositories that are separate parts
	given *onlySome // for a part
}

// newSession opens the repositories of the directories and reads their
// configurations.
func newSession(p *process, f *flags, dirs []string) (*session, error) {
	if len(dirs) == 0 {
		from, err := p.real(".")
		if err != nil {
			return nil, err
		}
		dirs = []string{from}
	}
	all := repositoriesOf(dirs)
	if len(all) > 1 {
		return newParts(p, f, all)
	}
	repo, err := openRepository(all[0].top)
	if err != nil {
		return nil, err
	}
	return newSessionIn(p, f, repo, commonParent(dirs))
}

// newSessionIn reads the configuration of a repository: the nearest to the
// directory.
func newSessionIn(p *process, f *flags, repo *repository, dir string) (*session, error) {
	s, err := bareSession(p, f, repo)
	if err != nil {
		return nil, err
	}
	if err := s.configure(dir); err != nil {
		return nil, err
	}
	return s, s.pickEnvironments()
}

// bareSession returns a session without a configuration file.
func bareSession(p *process, f *flags, repo *repository) (*session, error) {
	from, err := p.real(".")
	if err != nil {
		return nil, err
	}
	s := &session{
		process: p, flags: f, repo: repo, from: from, parser: &tfconfig.Parser{}, cfg: &config{},
		known: p.rules(), roots: map[*analyzer.Root]scope{}, planNames: map[string]bool{},
	}
	s.all = s.known.every()
	return s, nil
}

// configure reads the configuration file: the given one, or else the nearest to the
// directory.
func (s *session) configure(dir string) error {
	name, err := s.repo.name(dir)
	if err != nil {
		return err
	}
	read := func() ([]byte, error) { return s.readGiven(s.config) }
	base, shown := ".", s.config
	if s.config == "" {
		if name = findConfig(s.repo.fs, name, s.repo.top); name == "" {
			return nil
		}
		read = func() ([]byte, error) { return regular.Read(s.repo.fs, name, regular.MostSettings) }
		base, shown = s.repo.inside(path.Dir(name)), s.shown(name)
	} else if name, err = s.repo.name(s.abs(s.config)); err != nil {
		name = s.config
	}
	src, err := read()
	if err != nil {
		return usagef("%s: %v", shown, reason(err))
	}
	r := configReader{shown: shown, base: base, above: s.repo.top, table: s.all, facts: s.known.facts}
	cfg, err := r.read(src, name)
	if err != nil {
		return err
	}
	s.cfg = cfg
	return nil
}

// readGiven reads a file that the command line names, including a shell's <(…).
func (p *process) readGiven(name string) ([]byte, error) {
	f, err := os.Open(p.abs(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return regular.ReadAtMost(f, 0, regular.MostSettings)
}

// shown returns how a file of the repository is shown.
func (s *session) shown(name string) string {
	switch {
	case name == "stdin":
		return name
	case filepath.IsAbs(name):
		return name
	}
	return s.repo.shown(s.from, name)
}

// options returns the options that every load of source needs.
func (s *session) options() (tfconfig.Options, error) {
	inputs, err := s.values()
	return tfconfig.Options{
		FS: s.repo.fs, Dir: filepath.ToSlash(s.repo.dir), Parser: s.parser, Exclude: s.excluded(), Inputs: inputs, Environ: s.terraformEnv(),
	}, err
}

// values returns the inputs of the command line, in their order.
func (s *session) values() ([]tfconfig.Input, error) {
	var values []tfconfig.Input
	for _, in := range s.inputs {
		if in.file == "" {
			values = append(values, tfconfig.Input{Name: in.name, Value: in.value})
			continue
		}
		file, err := s.real(in.file)
		if err != nil {
			return nil, fmt.Errorf("--var-file %s: %w", in.file, reason(err))
		}
		name, err := s.repo.name(file)
		if err != nil {
			return nil, usagef("--var-file %s: %v", in.file, err)
		}
		values = append(values, tfconfig.Input{File: name})
	}
	return values, nil
}

// excluded returns the globs of the configuration file and of the command line,
// which are relative to the current directory.
func (s *session) excluded() []string {
	globs := slices.Concat(s.cfg.exclude, s.apart)
	for _, g := range s.exclude {
		g = filepath.ToSlash(g)
		if !path.IsAbs(g) {
			g = path.Join(literal(filepath.ToSlash(s.from)), g)
		}
		globs = append(globs, globsBelow(segments(g), segments(filepath.ToSlash(s.repo.dir)))...)
	}
	return globs
}

// segments returns the names in a path.
func segments(p string) []string {
	return slices.DeleteFunc(strings.Split(p, "/"), func(s string) bool { return s == "" })
}

// literal returns a glob that matches only the path.
func literal(p string) string {
	return strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`, `\`, `\\`).Replace(p)
}

// globsBelow returns the rest of a glob in a directory: none if it can match nothing
// there, ** if it matches the directory.
func globsBelow(glob, dir []string) []string {
	switch {
	case len(glob) == 0:
		return []string{"**"}
	case len(dir) == 0:
		return []string{path.Join(glob...)}
	case glob[0] == "**":
		return append(globsBelow(glob[1:], dir), globsBelow(glob, dir[1:])...)
	}
	if ok, _ := doublestar.Match(glob[0], dir[0]); !ok {
		return nil
	}
	return globsBelow(glob[1:], dir[1:])
}

// terraformEnv returns the environment variables that Terraform would read.
func (s *session) terraformEnv() map[string]string {
	env := map[string]string{}
	for _, e := range s.environ {
		name, value, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "TF_VAR_") || name == "TF_WORKSPACE" {
			env[name] = value
		}
	}
	return env
}

// load reads source from directories of the repository, in the environments of
// the configuration file.
func (s *session) load(ctx context.Context, dirs, changed []string) (*analyzer.Set, error) {
	opt, err := s.options()
	if err != nil {
		return nil, err
	}
	opt.Paths, opt.Changed = dirs, changed
	opt.Environments, opt.Only = s.cfg.environments, len(s.environment) > 0
	return s.loadWith(ctx, opt)
}

// loadPlanned reads the source of a plan with the plan's values of variables and
// data sources: it is in no environment.
func (s *session) loadPlanned(ctx context.Context, dir string, plan *analyzer.Root) (*analyzer.Set, error) {
	opt, err := s.options()
	if err != nil {
		return nil, err
	}
	opt.Paths, opt.Planned = []string{dir}, plan.Inputs
	opt.Read, opt.Secret = answers(plan)
	return s.loadWith(ctx, opt)
}

func (s *session) loadWith(ctx context.Context, opt tfconfig.Options) (*analyzer.Set, error) {
	s.doing("reading the source")
	bar := s.progress("reading")
	defer bar.done()
	opt.Progress = bar.step
	opt.Size = func(bytes int64) { sourceRead.Add(bytes) }
	var input *tfconfig.InputError
	s.given.load()
	set, err := tfconfig.Load(ctx, opt)
	for errors.As(err, &input) && s.given.passOver(input) {
		opt.Inputs = slices.DeleteFunc(opt.Inputs, func(in tfconfig.Input) bool { return in.Name == input.Name })
		set, err = tfconfig.Load(ctx, opt)
	}
	if set != nil && s.stage != nil {
		s.stage.work.Add(set.Coverage.Work)
	}
	switch {
	case !errors.As(err, &input):
		return set, err
	case input.Reason == "":
		return nil, noSuch("variable", input.Name, input.Declared)
	}
	return nil, usageError{err.Error()}
}

// answers returns the values of a plan's data sources, and their attributes that
// must not be shown.
func answers(plan *analyzer.Root) (read map[string]cty.Value, secret map[string][]string) {
	read, secret = map[string]cty.Value{}, map[string][]string{}
	for _, r := range plan.Resources {
		if r.Mode != analyzer.Data {
			continue
		}
		read[r.Address] = r.Values()
		for _, at := range r.Sensitive {
			if names := analyzer.Names(at); len(names) > 0 {
				secret[r.Address] = append(secret[r.Address], names[0])
			}
		}
	}
	return read, secret
}

// pickEnvironments keeps the configuration file's environments that the command line
// names, if it names any.
func (s *session) pickEnvironments() error {
	if len(s.environment) == 0 {
		return nil
	}
	known := s.cfg.environmentNames()
	if len(known) == 0 {
		return usagef("no environment is named %q: the configuration has none", s.environment[0])
	}
	for _, name := range s.environment {
		if !slices.Contains(known, name) {
			return noSuch("environment", name, known)
		}
	}
	s.cfg.environments = slices.DeleteFunc(s.cfg.environments, func(e tfconfig.Environment) bool {
		return !slices.Contains(s.environment, e.Name)
	})
	return nil
}

// judge runs the checks and keeps the findings that the command requests.
func (s *session) judge(ctx context.Context, set *analyzer.Set) (*judge.Report, error) {
	picked, partial, err := s.pick(s.all, s.cfg)
	if err != nil {
		return nil, err
	}
	s.picked = len(picked)
	teams := judge.Teams{Rules: s.cfg.teams}
	if s.owners, err = s.readOwners(); err != nil {
		fail(s.stderr, err) // owners are unknown, and everything else is known
	}
	if s.owners != nil {
		teams.Fallback = func(file string) string { return s.owners.of(s.repo.inside(file)) }
	}
	s.doing("judging the resources")
	rep := judge.Run(ctx, set, picked, judge.Options{
		Today: s.today, Catalogue: responsibility.Catalogue(), Defaults: s.known.defaults, Facts: s.cfg.facts,
		Severities: s.cfg.severities, Suppressions: s.cfg.suppressions, Attestations: s.cfg.attestations, Teams: teams, All: s.keepsAll(),
		Partial: partial || len(s.environment) > 0,
		Keep:    func(f *judge.Finding) bool { return slices.Contains(picked, f.Check) && s.shows(f) },
	})
	rep.Coverage.GivenUp = s.reportOptions().GivenUp(rep)
	return rep, nil
}

// judgeAll judges the loaded resources, each part by itself.
func (s *session) judgeAll(ctx context.Context, sets []*analyzer.Set) (*judge.Report, error) {
	var rep *judge.Report
	var err error
	if len(s.parts) > 0 {
		rep, err = s.judgeParts(ctx)
	} else {
		rep, err = s.judge(ctx, merge(sets))
	}
	if err != nil {
		return nil, err
	}
	return rep, s.knowsOwner(rep)
}

// ownerNames returns the owners that the repository names.
func (s *session) ownerNames() []string {
	known := s.owners.names()
	for _, t := range s.cfg.teams {
		known = append(known, t.Name)
	}
	for _, part := range s.parts {
		known = append(known, part.ownerNames()...)
	}
	return known
}

// knowsOwner refuses an owner that no file names.
func (s *session) knowsOwner(rep *judge.Report) error {
	if s.owner == "" {
		return nil
	}
	known := s.ownerNames()
	for _, d := range rep.Duties {
		known = append(known, d.Team)
	}
	slices.Sort(known)
	if known = slices.DeleteFunc(slices.Compact(known), func(name string) bool { return name == "" }); !slices.Contains(known, s.owner) {
		return noSuch("owner", s.owner, known)
	}
	return nil
}

// merge merges sets into one report.
func merge(sets []*analyzer.Set) *analyzer.Set {
	if len(sets) == 1 {
		return sets[0]
	}
	all := &analyzer.Set{}
	for _, set := range sets {
		all.Roots = append(all.Roots, set.Roots...)
		all.Diags = append(all.Diags, set.Diags...)
		all.Coverage = all.Coverage.Plus(set.Coverage)
	}
	analyzer.SortRoots(all.Roots)
	return all
}
