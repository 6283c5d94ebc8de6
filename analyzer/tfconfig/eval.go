package tfconfig

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/budget"
	"github.com/demarc/demarc/analyzer/schema"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An evaluator evaluates one root. It is used by one goroutine.
type evaluator struct {
	fsys      fs.FS
	loader    *loader
	rootDir   string
	library   bool
	inputs    map[string]input
	workspace string
	installed map[string]installedModule // by key of modules.json
	context   *hcl.EvalContext           // functions, and the evaluator itself
	documents []jsonDocument
	budget    *budget.Budget // the budget of the evaluation, or of a trace while one runs
	trace     int64          // the budget of one trace
	values    int64          // arguments evaluated, with their elements
	root      *scope

	evaluated  []*instance
	accounts   map[string]*analyzer.Resource
	elsewhere  []analyzer.Elsewhere
	moves      []analyzer.Move
	forgotten  []string
	unresolved []analyzer.Unresolved
	noted      map[string]bool
	modules    int
	tracing    sync.Mutex // values that are evaluated after the rest
	inside     map[string]analyzer.Inside
	turns      map[turnsKey]turns
	again      map[evaluationKey]evaluation // evaluations repeated by traces
	types      map[*schema.Block]cty.Type
}

// The cost of evaluation in units of the budget: see package budget.
const (
	evalCost     = 3    // an expression, or a part of an expression rewritten here
	loopCost     = 10   // a turn of a "for", without its body
	argumentCost = 10   // an argument or a block: to evaluate, keep, judge
	instanceCost = 1000 // a resource instance, with its judgement and its findings
	depthCost    = 50   // a module call that contains a resource instance; each finding lists it
	nameCost     = 3    // a byte of the instance's address and file name, which each finding repeats several times
	usualNames   = 500  // bytes of address and file name included in instanceCost and depthCost
	mostKey      = 1000 // bytes of an instance key kept in an address: see analyzer.Brief
	moduleCost   = 500  // a module instance
)

// Bounds that no amount of work lifts.
const (
	mostOfOne     = 10_000 // instances of one block
	deepestModule = 40     // depth of nested calls
)

// A site is where an expression is evaluated. A context carries the site as a
// variable that no configuration can name.
type site struct {
	sc *scope
	it *iteration
}

const siteKey = "\x00site"

var siteType = cty.Capsule("site", reflect.TypeFor[site]())

func newEvaluator(l *loader, m *module, library bool, work *budget.Budget) *evaluator {
	ev := &evaluator{
		fsys: l.opt.FS, loader: l, rootDir: m.dir, library: library,
		workspace: "default", budget: work,
		accounts: map[string]*analyzer.Resource{}, noted: map[string]bool{}, types: map[*schema.Block]cty.Type{},
	}
	if w := l.opt.Environ["TF_WORKSPACE"]; w != "" {
		ev.workspace = w
	}
	ev.context = &hcl.EvalContext{}
	ev.functionsFor(m)
	ev.root = &scope{ev: ev, mod: m}
	return ev
}

// functionsFor makes the functions if a module may call one: a table takes 30 KB,
// and there may be thousands of roots.
func (ev *evaluator) functionsFor(m *module) {
	if !m.mayCall || ev.context.Functions != nil {
		return
	}
	ev.context.Functions = funcs.Table(funcs.Config{
		FS: ev.loader.opt.FS, Base: ev.rootDir, Dir: ev.loader.opt.Dir,
		Unknown: func(name string, t cty.Type) cty.Value {
			return cty.UnknownVal(t).Mark(analyzer.Cause{Kind: functionCause(name), Name: name})
		},
		JSON:   ev.documented,
		Decode: ev.structure,
		Text:   ev.text,
		Made:   surrounded,
		Budget: ev.budget,
		Eval:   ev.template,
	})
}

// template evaluates the body of a template file within the budget of the root. The
// context holds the variables of the template.
func (ev *evaluator) template(expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if native, ok := expr.(hclsyntax.Expression); ok {
		expr = rewriteExpr(native)
	}
	ctx = ctx.NewChild()
	ctx.Variables = map[string]cty.Value{siteKey: cty.CapsuleVal(siteType, &site{sc: &scope{ev: ev}})}
	return expr.Value(ctx)
}

func functionCause(name string) analyzer.CauseKind {
	switch {
	case strings.HasPrefix(name, "gave up"):
		return analyzer.CauseBudget
	case strings.HasSuffix(name, " of what is not known"):
		return analyzer.CauseDerived
	}
	return analyzer.CauseFunction
}

// usedUp returns the value of an expression that is not evaluated because the budget
// is exhausted.
func (ev *evaluator) usedUp(at hcl.Range) cty.Value {
	ev.note("budget", funcs.BudgetSpent, at, "the rest is not evaluated")
	return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseBudget, Name: "gave up: " + funcs.BudgetSpent, Range: at})
}

func (ev *evaluator) gaveUp(what string, at hcl.Range) cty.Value {
	cause := analyzer.Cause{Kind: analyzer.CauseBudget, Name: "gave up: " + what + " is too large", Range: at}
	ev.note("budget", what, at, "too large to evaluate")
	return cty.DynamicVal.Mark(cause)
}

// note adds a coverage note, once for each name.
func (ev *evaluator) note(kind, name string, at hcl.Range, reason string) {
	key := kind + "\x00" + name
	if ev.noted[key] {
		return
	}
	ev.noted[key] = true
	ev.unresolved = append(ev.unresolved, analyzer.Unresolved{Kind: kind, Name: name, Range: at, Reason: reason})
}

// origin marks a value that derives from an attribute of a resource. The resource
// itself records where the attribute's own value came from.
type origin struct {
	to, attr string
	part     bool // the value contains more than the attribute: "${aws_s3_bucket.b.id}-logs" names another bucket
}

// --- scopes

// A scope is one module instance.
type scope struct {
	ev     *evaluator
	mod    *module
	parent *scope
	call   *block // in the parent's module
	iter   *iteration
	addr   string // module.a[0].module.b; empty in the root
	def    string // the address without keys
	depth  int
	own    bool // the module is called by a local path, not installed by terraform init

	ctx       *hcl.EvalContext
	cells     map[string]*cell
	resources map[string]*expanded
	calls     map[string]*called
	providers map[string]*providerConfig
	passed    map[string]*providerConfig // by the call's providers argument
}

// A cell is a variable, local or output, evaluated once.
type cell struct {
	value cty.Value
	busy  bool
}

// An iteration holds the names that count, for_each or a dynamic block bring into
// scope.
type iteration struct {
	name  string     // count, each, or the iterator of a dynamic block
	key   cty.Value  // the index of count; the key of each or of an iterator
	value cty.Value  // NilVal for count
	each  *attribute // the for_each that the iteration comes from; nil for count
	outer *iteration
	ctx   *hcl.EvalContext
}

func byCount(index cty.Value) *iteration { return &iteration{name: "count", key: index} }

func byEach(key, value cty.Value) *iteration { return &iteration{name: "each", key: key, value: value} }

// named finds the iteration that brings a name into scope; nil: none.
func (it *iteration) named(name string) *iteration {
	for ; it != nil; it = it.outer {
		if it.name == name {
			return it
		}
	}
	return nil
}

// object returns the value of the iteration's name.
func (it *iteration) object() cty.Value {
	if it.value == cty.NilVal {
		return cty.ObjectVal(map[string]cty.Value{"index": it.key})
	}
	return cty.ObjectVal(map[string]cty.Value{"key": it.key, "value": it.value})
}

// attr returns one attribute of the iteration; NilVal: it has no attribute of that
// name.
func (it *iteration) attr(name string) cty.Value {
	switch {
	case name == "value":
		return it.value
	case name == "key" && it.value != cty.NilVal, name == "index" && it.value == cty.NilVal:
		return it.key
	}
	return cty.NilVal
}

func (sc *scope) address(local string) string {
	if sc.addr == "" {
		return local
	}
	return sc.addr + "." + local
}

func (sc *scope) definition(local string) string {
	if sc.def == "" {
		return local
	}
	return sc.def + "." + local
}

// once evaluates a named value on first use.
func (sc *scope) once(name string, at hcl.Range, eval func() cty.Value) cty.Value {
	if sc.cells == nil {
		sc.cells = map[string]*cell{}
	}
	c := sc.cells[name]
	if c == nil {
		c = &cell{busy: true}
		sc.cells[name] = c
		c.value = eval()
		c.busy = false
		return c.value
	}
	if c.busy {
		return sc.cycle(name, at)
	}
	return c.value
}

func (sc *scope) cycle(name string, at hcl.Range) cty.Value {
	sc.ev.note("cycle", sc.address(name), at, "depends on itself")
	return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseError, Name: "the cycle of " + sc.address(name), Range: at})
}

// eval evaluates an expression in the scope. An error gives an unknown with the
// error as its cause.
func (sc *scope) eval(expr hcl.Expression, it *iteration) cty.Value {
	if v, ok := literal(expr); ok {
		return v
	}
	if !sc.ev.budget.Spend(evalCost) {
		return sc.ev.usedUp(expr.Range())
	}
	v, diags := expr.Value(sc.context(it))
	if !v.Type().IsPrimitiveType() || v.Type() == cty.Number {
		price, why := funcs.Oversize(v)
		enough := sc.ev.budget.Spend(price)
		if why != "" {
			return sc.ev.gaveUp("a value", expr.Range())
		}
		if !enough {
			return sc.ev.usedUp(expr.Range())
		}
	}
	if !diags.HasErrors() {
		return v
	}
	return sc.inError(expr, diags).WithSameMarks(v)
}

// inError returns the unknown for an expression in error. An error caused by what
// demarc cannot know is a coverage note; Terraform itself reports the errors that it
// would refuse as well.
func (sc *scope) inError(expr hcl.Expression, diags hcl.Diagnostics) cty.Value {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		at := expr.Range()
		if d.Summary == "Call to unknown function" {
			name := functionName(d)
			sc.ev.note("function", name, at, "not known to demarc")
			return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseFunction, Name: name, Range: at})
		}
		return cty.DynamicVal.Mark(analyzer.Cause{
			Kind: analyzer.CauseError, Name: fmt.Sprintf("an expression in error (%s)", lowerFirst(d.Summary)), Range: at,
		})
	}
	return cty.DynamicVal
}

func functionName(d *hcl.Diagnostic) string {
	if extra, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallUnknownDiagExtra](d); ok {
		return extra.CalledFunctionNamespace() + extra.CalledFunctionName() + "()"
	}
	return "function"
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// literal returns the value of a literal without a full evaluation.
func literal(expr hcl.Expression) (cty.Value, bool) {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val, true
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 0 {
			return cty.StringVal(""), true
		}
		if len(e.Parts) == 1 {
			if l, ok := e.Parts[0].(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String {
				return l.Val, true
			}
		}
	}
	return cty.NilVal, false
}

// context returns the context in which expressions of the scope, or of one iteration
// in it, are evaluated. References ask the evaluator themselves, so the context
// carries no variable except the site.
func (sc *scope) context(it *iteration) *hcl.EvalContext {
	if it != nil && it.ctx != nil {
		return it.ctx
	}
	if it == nil && sc.ctx != nil {
		return sc.ctx
	}
	ctx := sc.ev.context.NewChild()
	ctx.Variables = map[string]cty.Value{siteKey: cty.CapsuleVal(siteType, &site{sc, it})}
	if it == nil {
		sc.ctx = ctx
	} else {
		it.ctx = ctx
	}
	return ctx
}

// constants returns the values that the scope itself provides.
func (sc *scope) constants(root string) cty.Value {
	if root == "terraform" {
		return cty.ObjectVal(map[string]cty.Value{
			"workspace": cty.StringVal(sc.ev.workspace),
			"applying":  cty.False,
		})
	}
	return cty.ObjectVal(map[string]cty.Value{
		"module": cty.StringVal(relative(sc.ev.rootDir, sc.mod.dir)),
		"root":   cty.StringVal("."),
		"cwd":    sc.ev.workingDir(),
	})
}

// workingDir returns path.cwd: Terraform runs in the root's directory.
func (ev *evaluator) workingDir() cty.Value {
	if dir := ev.loader.opt.Dir; dir != "" {
		return cty.StringVal(path.Join(dir, ev.rootDir))
	}
	return cty.UnknownVal(cty.String).RefineNotNull().Mark(analyzer.Cause{Kind: analyzer.CauseFunction, Name: "path.cwd"})
}

// relative returns the path from the root's directory to the module's, as Terraform
// writes path.module.
func relative(from, to string) string {
	if from == to {
		return "."
	}
	if from == "." {
		return to
	}
	if rest, ok := strings.CutPrefix(to, from+"/"); ok {
		return rest
	}
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if to == "." {
		b = nil
	}
	return strings.TrimSuffix(strings.Repeat("../", len(a))+strings.Join(b, "/"), "/")
}

// wholeGroup returns the value of a bare var, local or module: Terraform refuses it.
func (sc *scope) wholeGroup(group string, at hcl.Range) cty.Value {
	return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseError, Name: group + ", which is not a value", Range: at})
}

// outOfScope returns the value of a name that Terraform defines only elsewhere: each
// without a for_each, self outside a provisioner, ephemeral values.
func (sc *scope) outOfScope(name string, at hcl.Range) cty.Value {
	cause := analyzer.Cause{Kind: analyzer.CauseError, Name: name + ", which is not available here", Range: at}
	if strings.HasPrefix(name, "ephemeral") {
		cause = analyzer.Cause{Kind: analyzer.CauseData, Name: name, Range: at}
	}
	return cty.DynamicVal.Mark(cause)
}

func attrName(ref hcl.Traversal, i int) (string, bool) {
	if len(ref) <= i {
		return "", false
	}
	switch s := ref[i].(type) {
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		return knownString(s.Key)
	}
	return "", false
}

func knownString(v cty.Value) (string, bool) {
	if v == cty.NilVal {
		return "", false
	}
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
