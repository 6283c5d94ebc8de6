// Package tfconfig reads Terraform source as Terraform does: files, variables,
// modules, expansion and functions, into resources. It decides nothing about
// them, runs nothing, downloads nothing, and reads nothing outside the file
// system that it is given.
package tfconfig

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/budget"
	"github.com/demarc/demarc/analyzer/internal/crew"
	"github.com/demarc/demarc/internal/regular"
)

// Options are what to load. FS is required.
type Options struct {
	FS      fs.FS    // the repository; names in ranges are relative to it
	Paths   []string // directories to scan, slash-separated, within FS; "." is all of it
	Exclude []string // doublestar globs of directories and files to leave out
	// Changed restricts the evaluation to the roots that changes to these files can
	// affect: the roots in the files' directories and the roots that call those.
	// Nil: every root. Callers are looked for in Paths.
	Changed []string
	// Environments are evaluated for each root that they name. A root that none
	// names is evaluated without an environment, unless Only is set: then it may not
	// be evaluated at all.
	Environments []Environment
	Only         bool
	Inputs       []Input // --var and --var-file, in the order given: later wins
	// Planned are the values that a plan of the configuration was made with: they
	// override all others.
	Planned map[string]cty.Value
	// Read are the values of a plan's data sources, by address: objects with the
	// attributes that the plan shows.
	Read    map[string]cty.Value
	Secret  map[string][]string // attributes of data sources that must not be shown
	Environ map[string]string   // TF_VAR_*, TF_WORKSPACE; nil: none
	Dir     string              // the absolute path of FS on the machine, for path.cwd; empty: unknown
	Parser  *Parser             // shared between loads; nil: a new one
	Work    int64               // the limit of evaluation, in units of package budget; 0: derived from the size of the input

	// Size, if not nil, is called with the number of parsed bytes, before
	// evaluation.
	Size func(bytes int64)
	// Progress, if not nil, is called with the number of parsed files. It is called
	// from several goroutines.
	Progress func(done, total int)
}

// An Input is a value given on the command line.
type Input struct {
	Name  string // of --var
	Value string // of --var, as written
	File  string // of --var-file: a path within FS; Name and Value are empty
}

// ErrNothing says that no Terraform files were found.
var ErrNothing = errors.New("no Terraform files")

// Load reads and evaluates every root below the paths. Mistakes in the user's files
// are diagnostics of the set; the rest is still loaded. The error is ErrNothing if
// there is nothing to read, an *InputError, or an error that names the limit that
// the input exceeds.
func Load(ctx context.Context, opt Options) (*analyzer.Set, error) {
	l := newLoader(opt)
	results, err := l.load(ctx)
	if err != nil {
		return nil, err
	}
	return l.set(results), nil
}

func newLoader(opt Options) *loader {
	l := &loader{opt: opt, exclude: exclusions(opt.Exclude), parser: opt.Parser, modules: map[string]*lazyModule{}, files: map[string]*file{}, counted: map[string]bool{}, installed: map[string]map[string]installedModule{}}
	if l.parser == nil {
		l.parser = &Parser{}
	}
	return l
}

// load is Load up to the results of each root.
func (l *loader) load(ctx context.Context) ([]*evaluated, error) {
	if err := l.discover(); err != nil {
		return nil, err
	}
	if len(l.dirs) == 0 {
		return nil, ErrNothing
	}
	if err := l.parseAll(ctx); err != nil {
		return nil, err
	}
	if l.opt.Size != nil {
		l.opt.Size(l.bytes())
	}
	roots := l.inEnvironments(l.roots())
	if len(roots) > mostRoots {
		return nil, tooMuch("%d root modules and environments of them", mostRoots)
	}
	if err := l.checkInputs(roots); err != nil {
		return nil, err
	}
	results := l.evaluateAll(ctx, roots)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return results, nil
}

// parallel calls f for 0 to n-1, on every core.
func parallel(ctx context.Context, n int, f func(int)) {
	var next atomic.Int64
	var wg crew.Group
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// A loader is one Load.
type loader struct {
	opt    Options
	parser *Parser
	dirs   []string // directories with configuration, below the paths, sorted
	named  map[string]bool

	exclude []exclusion

	entries, configs int // entries and configuration files found

	installed map[string]map[string]installedModule // by directory: what terraform init installed for it

	mu      sync.Mutex
	modules map[string]*lazyModule
	files   map[string]*file
	counted map[string]bool // files
	links   []analyzer.Unresolved
	broken  bool  // a directory could not be read
	allowed int64 // units of the budget that evaluation may use
	worked  int64 // units that evaluation used
}

// A lazyModule is a module that is built on first use.
type lazyModule struct {
	once  sync.Once
	names []string
	mod   *module
}

// module returns the module in a directory; nil if there is no configuration.
func (l *loader) module(dir string) *module {
	l.mu.Lock()
	lazy := l.modules[dir]
	if lazy == nil {
		lazy = &lazyModule{names: l.list(dir)}
		l.modules[dir] = lazy
	}
	l.mu.Unlock()
	if len(lazy.names) == 0 {
		return nil
	}
	lazy.once.Do(func() {
		files := make([]*file, len(lazy.names))
		for i, name := range lazy.names {
			l.countFile(name)
			files[i] = l.file(name)
		}
		lazy.mod = build(dir, files)
	})
	return lazy.mod
}

// list names the configuration files of a directory.
func (l *loader) list(dir string) []string {
	entries, err := fs.ReadDir(l.opt.FS, dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && !l.excluded(path.Join(dir, e.Name())) {
			names = append(names, e.Name())
		}
	}
	files := configFiles(names)
	for i, f := range files {
		files[i] = path.Join(dir, f)
	}
	return files
}

func (l *loader) countFile(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counted[name] = true
}

// parseAll parses the files found and the files of installed modules, on every core.
func (l *loader) parseAll(ctx context.Context) error {
	var names []string
	dirs := append([]string(nil), l.dirs...)
	for _, dir := range l.dirs {
		l.installed[dir] = l.manifest(dir)
		for _, installed := range l.installed[dir] {
			dirs = append(dirs, installed.dir)
		}
	}
	seen := map[string]bool{}
	for _, dir := range dirs {
		if !seen[dir] {
			seen[dir] = true
			lazy := &lazyModule{names: l.list(dir)}
			l.modules[dir] = lazy
			names = append(names, lazy.names...)
		}
	}
	if err := l.readAll(ctx, names); err != nil {
		return err
	}
	var done atomic.Int64
	parallel(ctx, len(names), func(i int) {
		l.file(names[i])
		if l.opt.Progress != nil {
			l.opt.Progress(int(done.Add(1)), len(names))
		}
	})
	found := sortedKeys(seen)
	parallel(ctx, len(found), func(i int) { l.module(found[i]) })
	return nil
}

// file returns a file, which is read once for each load.
func (l *loader) file(name string) *file {
	f := l.text(name)
	f.parse()
	return f
}

// text returns a file that may not be parsed yet.
func (l *loader) text(name string) *file {
	l.mu.Lock()
	f := l.files[name]
	l.mu.Unlock()
	if f != nil {
		return f
	}
	f = l.parser.read(l.opt.FS, name)
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.files[name]; known != nil {
		return known
	}
	l.files[name] = f
	return f
}

// --- one root

// evaluated is the result of one root.
type evaluated struct {
	root       *analyzer.Root
	unresolved []analyzer.Unresolved
	diags      hcl.Diagnostics
	modules    map[string]bool
	ev         *evaluator
}

// A rootDir is a directory to evaluate.
type rootDir struct {
	dir         string
	library     bool
	environment *Environment // nil: none
}

func (l *loader) evaluate(ctx context.Context, r rootDir, work *budget.Budget) *evaluated {
	mod := l.module(r.dir)
	ev := newEvaluator(l, mod, r.library, work)
	ev.installed = l.installed[r.dir]
	var diags hcl.Diagnostics
	ev.inputs, diags = l.rootInputs(r)
	environment := ""
	if e := r.environment; e != nil {
		environment = e.Name
		ev.workspace = cmp.Or(e.Workspace, ev.workspace)
	}
	used := map[string]bool{}
	ev.walk(ctx, ev.root, used)
	ev.exported()
	// Evaluation has ended, so the rest runs on every core.
	resources := make([]*analyzer.Resource, len(ev.evaluated))
	parallel(ctx, len(resources), func(i int) { resources[i] = ev.evaluated[i].resource() })
	for _, address := range sortedKeys(ev.accounts) {
		resources = append(resources, ev.accounts[address])
	}
	root := &analyzer.Root{
		Dir: r.dir, Environment: environment, Library: r.library, Resources: resources, Elsewhere: ev.elsewhere,
		Moves: ev.moves, Forgotten: ev.forgotten,
	}
	for _, dir := range sortedKeys(used) {
		for _, f := range l.module(dir).files {
			if f.broken() {
				root.Elsewhere = append(root.Elsewhere, analyzer.Elsewhere{Because: analyzer.Cause{
					Kind: analyzer.CauseError, Name: path.Base(f.name) + ", which could not be read", Range: fileRange(f.name),
				}})
			}
			root.Suppressions = append(root.Suppressions, f.suppressionsOf(!used[dir])...)
		}
	}
	delete(used, r.dir)
	return &evaluated{root, ev.unresolved, diags, used, ev}
}

// walk evaluates every resource of a module instance and of the modules that it
// calls.
func (ev *evaluator) walk(ctx context.Context, sc *scope, used map[string]bool) {
	used[sc.mod.dir] = used[sc.mod.dir] || sc.outermost() == nil
	ev.moves = append(ev.moves, sc.moved()...)
	for _, name := range sc.forgotten() {
		if !slices.Contains(ev.forgotten, name) { // as in another instance
			ev.forgotten = append(ev.forgotten, name)
		}
	}
	ev.exposed(sc)
	for _, r := range sc.mod.resources {
		if ctx.Err() != nil {
			return
		}
		for _, inst := range sc.expandResource(r).instances {
			inst.evaluate()
			ev.evaluated = append(ev.evaluated, inst)
			ev.account(inst)
		}
	}
	for _, call := range sc.mod.calls {
		c := sc.moduleCall(call, call.def)
		if c.cause != nil {
			ev.handedTo(sc, call, *c.cause)
		}
		for _, child := range c.scopes {
			ev.walk(ctx, child, used)
		}
	}
}

// handedTo records the resources that a call passes to a module that cannot be read.
func (ev *evaluator) handedTo(sc *scope, call *block, cause analyzer.Cause) {
	for i := range call.body.attrs {
		a := &call.body.attrs[i]
		switch a.name {
		case "source", "version", "count", "for_each", "providers", "depends_on":
			continue
		}
		ev.noteOrigins(sc.eval(a.expr, unknownIteration(cause)), cause)
	}
}

// unknownIteration replaces each and count if their values are unknown.
func unknownIteration(cause analyzer.Cause) *iteration {
	hidden := cty.DynamicVal.Mark(cause)
	each := byEach(hidden, hidden)
	each.outer = byCount(hidden)
	return each
}

// exported records the values that a library exposes to its callers.
func (ev *evaluator) exported() {
	if !ev.library {
		return
	}
	for _, name := range sortedKeys(ev.root.mod.outputs) {
		at := ev.root.mod.outputs[name].def
		cause := analyzer.Cause{Kind: analyzer.CauseCaller, Name: "the callers of this module", Range: at}
		ev.noteOrigins(ev.root.output(name, at), cause)
	}
}

func (ev *evaluator) noteOrigins(v cty.Value, cause analyzer.Cause) {
	_, marks := v.UnmarkDeep()
	var found []string
	for m := range marks {
		if o, ok := m.(origin); ok {
			found = append(found, o.to)
		}
	}
	sort.Strings(found)
	for i, to := range found {
		if i == 0 || found[i-1] != to {
			ev.elsewhere = append(ev.elsewhere, analyzer.Elsewhere{To: to, Because: cause})
		}
	}
}

// --- the set

// set combines the roots with the lists of what was read and what was not.
func (l *loader) set(results []*evaluated) *analyzer.Set {
	var roots []*analyzer.Root
	var diags hcl.Diagnostics
	modules := map[string]bool{}
	coverage := analyzer.Coverage{Unresolved: l.links, Broken: l.broken, Work: l.worked}
	for _, r := range results {
		roots = append(roots, r.root)
		diags = append(diags, r.diags...)
		coverage.Unresolved = append(coverage.Unresolved, r.notes()...)
		for dir := range r.modules {
			modules[dir] = true
		}
	}
	coverage.Modules = len(modules)
	for _, dir := range sortedKeys(l.modules) {
		if mod := l.modules[dir].mod; mod != nil {
			diags = append(diags, mod.diags...)
			coverage.Broken = coverage.Broken || mod.diags.HasErrors()
		}
	}
	l.countFiles(&coverage, &diags)
	sortDiags(diags)
	sortUnresolved(coverage.Unresolved)
	coverage.Unresolved = onceUnresolved(coverage.Unresolved)
	return analyzer.NewSet(roots, coverage, dedupe(diags))
}

// countFiles separates the files that were read from the files that could not be
// read.
func (l *loader) countFiles(coverage *analyzer.Coverage, diags *hcl.Diagnostics) {
	for _, name := range sortedKeys(l.counted) {
		f := l.file(name)
		coverage.FilesFound++
		switch {
		case f.unread != nil:
			coverage.Broken = true
			*diags = append(*diags, &hcl.Diagnostic{
				Severity: hcl.DiagError, Summary: "File cannot be read", Detail: reason(f.unread) + ".",
				Subject: &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos},
			})
		case f.diags.HasErrors():
			coverage.Broken = true
		default:
			coverage.Files++
		}
	}
}

// reason returns an error of the file system without the repeated path.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	if strings.Contains(err.Error(), "escapes from parent") {
		err = regular.ErrOutside
	}
	if errors.Is(err, fs.ErrInvalid) {
		return "its name is not UTF-8"
	}
	return err.Error()
}

func sortDiags(diags hcl.Diagnostics) {
	sort.SliceStable(diags, func(i, j int) bool {
		a, b := diags[i].Subject, diags[j].Subject
		switch {
		case a == nil || b == nil:
			return a == nil && b != nil
		case a.Filename != b.Filename:
			return a.Filename < b.Filename
		case a.Start.Line != b.Start.Line:
			return a.Start.Line < b.Start.Line
		case a.Start.Byte != b.Start.Byte:
			return a.Start.Byte < b.Start.Byte
		}
		return diags[i].Summary < diags[j].Summary
	})
}

func dedupe(diags hcl.Diagnostics) hcl.Diagnostics {
	var kept hcl.Diagnostics
	for i, d := range diags {
		if i > 0 && d.Summary == diags[i-1].Summary && d.Detail == diags[i-1].Detail && fmt.Sprint(d.Subject) == fmt.Sprint(diags[i-1].Subject) {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

func sortUnresolved(list []analyzer.Unresolved) {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.Kind != b.Kind:
			return a.Kind < b.Kind
		case a.Name != b.Name:
			return a.Name < b.Name
		case a.Range.Filename != b.Range.Filename:
			return a.Range.Filename < b.Range.Filename
		}
		return a.Range.Start.Line < b.Range.Start.Line
	})
}
