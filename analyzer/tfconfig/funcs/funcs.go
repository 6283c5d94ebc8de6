// Package funcs has the functions of the Terraform language as go-cty functions, for
// an evaluator that reads configuration it does not trust. It differs from Terraform
// in four ways: a function whose result changes from run to run or depends on the
// machine gives an unknown value; files are read in one file system only; calls that
// would cost too much are given up, which also gives an unknown value; and marks,
// which carry a value's origin, survive every function.
//
// It does not evaluate expressions, and it knows nothing of modules.
package funcs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer/internal/budget"
)

// Config is the environment of the functions of one root module. Its zero value
// gives every function; those that read files have unknown results.
//
// A table is for one goroutine at a time, because its Budget and its cache of
// templates are not locked.
type Config struct {
	// FS is the repository. It must refuse paths outside it, including links
	// (os.Root does); such a refusal makes a result unknown. Nil: nothing can be
	// read.
	FS fs.FS
	// Base is the slash path within FS of the root module, against which
	// Terraform resolves relative paths. "" is ".".
	Base string
	// Dir is the absolute path of FS on the machine: absolute paths below it are
	// read. "": none are read.
	Dir string
	// Budget is charged for each call: for its arguments and its result, for the
	// files that it reads, and for the work of the function. With an exhausted
	// budget every function gives up. Nil: no limit.
	Budget *budget.Budget
	// Unknown makes the unknown value of a function without an answer; cause is a
	// short sentence for people. The type may be cty.DynamicPseudoType. Nil: an
	// unknown value without a mark.
	Unknown func(cause string, t cty.Type) cty.Value
	// JSON is called for jsonencode of a value that is not wholly known, with its
	// marks, and returns an unknown string. Nil: Terraform's result.
	JSON func(arg cty.Value) cty.Value
	// Decode is called first for jsondecode of an unknown string; false: it has no
	// result. Nil: never called.
	Decode func(arg cty.Value) (cty.Value, bool)
	// Text returns a value for functions that compare: for an unknown string that
	// stands for something else, only the known facts about its text. Nil: the value
	// itself.
	Text func(arg cty.Value) cty.Value
	// Made returns the marks for the result of a function that derives a new value
	// from its arguments, as upper or split does and element does not. Nil: the same
	// marks.
	Made func(cty.ValueMarks) cty.ValueMarks
	// Eval evaluates the body of a template in place of its Value method, for an
	// evaluator with limits of its own. Nil: Value, after a check of nested loops.
	Eval func(hcl.Expression, *hcl.EvalContext) (cty.Value, hcl.Diagnostics)
}

// A row is one function of the table.
type row struct {
	name string
	// ret is the type of an unknown result if the call itself cannot determine it.
	ret cty.Type
	// fn is the function, if it is the same for every Config.
	fn function.Function
	// with makes the function otherwise. It must not use the env before a call.
	with func(*env) function.Function
	// deep is set if the function writes or converts its whole arguments, which must
	// not be too large for that.
	deep bool
	// perNode and perByte are the cost of the function for each element of its
	// arguments, and for each byte of the first, in units of the budget.
	perNode, perByte int
	// guard returns why a call would cost too much, or "".
	guard func(args []cty.Value) string
	// price returns the additional cost of a call, or why it would cost too much.
	price func(args []cty.Value) (units int, why string)
	// keepsMarks is set if the function itself marks an unknown result, with only
	// the marks that decide it.
	keepsMarks bool
	// compares is set if the function compares unknown strings.
	compares bool
	// passes is set if the result is an argument, or consists of arguments.
	passes bool
	// nullable is set if the result can be null although ret is a type.
	nullable bool

	core    string // name in the namespace core::
	params  []function.Parameter
	varargs *function.Parameter
	takes   []cty.Type // types of the parameters, as the function has them
	rest    cty.Type   // type of varargs
}

// env is the state that the functions of one table share.
type env struct {
	Config
	table     map[string]function.Function
	templates map[string]*template
	globs     map[string]globResult
}

// Table returns all functions by the names that Terraform accepts: upper,
// core::upper, provider::terraform::encode_expr.
func Table(c Config) map[string]function.Function {
	if c.Base == "" {
		c.Base = "."
	}
	rows := allRows()
	e := &env{Config: c, table: make(map[string]function.Function, 2*len(rows))}
	calls := make([]call, len(rows))
	specs := make([]function.Spec, len(rows)) // in one allocation: a table is made for each root
	for i := range rows {
		calls[i] = call{row: &rows[i], env: e, inner: rows[i].fn}
		specs[i] = function.Spec{
			Params:   rows[i].params,
			VarParam: rows[i].varargs,
			Type:     dynamic, // the inner call determines it; asking twice would evaluate try twice
			Impl:     calls[i].do,
		}
		f := function.New(&specs[i])
		e.table[rows[i].name] = f
		if rows[i].core != "" {
			e.table[rows[i].core] = f
		}
	}
	return e.table
}

// allRows is built with the first table, not at program start.
var allRows = sync.OnceValue(func() []row {
	var rows []row
	for _, some := range [][]row{
		numberRows(), textRows(), encodingRows(), timeRows(),
		hashRows(), networkRows(), fileRows(), openTofuRows(),
		passing(collectionRows()), passing(typeRows()),
	} {
		for _, r := range some {
			r.core = "core::" + r.name
			rows = append(rows, r)
		}
	}
	rows = append(rows, providerRows()...)
	for i := range rows {
		rows[i].shape()
	}
	return rows
})

// Known reports whether tables have a function of that name.
func Known(name string) bool {
	_, ok := allNames()[name]
	return ok
}

var allNames = sync.OnceValue(func() map[string]struct{} {
	names := map[string]struct{}{}
	for _, r := range allRows() {
		names[r.name] = struct{}{}
		if r.core != "" {
			names[r.core] = struct{}{}
		}
	}
	return names
})

func passing(rows []row) []row {
	for i := range rows {
		rows[i].passes = true
	}
	return rows
}

// shape copies the parameters of a function, changed to pass everything to the one
// place that handles nulls, unknown values and marks.
func (r *row) shape() {
	if r.with != nil {
		r.fn = r.with(nil)
	}
	if r.ret == cty.NilType {
		r.ret = cty.DynamicPseudoType
	}
	r.params = r.fn.Params()
	for i := range r.params {
		r.takes = append(r.takes, open(&r.params[i]))
	}
	if r.varargs = r.fn.VarParam(); r.varargs != nil {
		r.rest = open(r.varargs)
	}
}

// open accepts every argument and returns the type of the parameter. It leaves
// collections to convert, because the library's callers would convert them at a cost
// that grows with the square of their length.
func open(p *function.Parameter) cty.Type {
	t := p.Type
	if t.IsCollectionType() {
		p.Type = cty.DynamicPseudoType
	}
	p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
	return t
}

// convert converts arguments to the types of their parameters. It returns the
// caller's slice if nothing changes.
func (r *row) convert(args []cty.Value) ([]cty.Value, error) {
	own := false
	for i, a := range args {
		t := r.rest
		if i < len(r.takes) {
			t = r.takes[i]
		}
		if !t.IsCollectionType() || a.Type().Equals(t) {
			continue
		}
		c, err := Convert(a, t)
		var none noAnswer
		switch {
		case errors.As(err, &none):
			return nil, none
		case err != nil:
			return nil, function.NewArgError(i, err)
		}
		if !own {
			args, own = slices.Clone(args), true
		}
		args[i] = c
	}
	return args, nil
}

// A call is one function of one table: the limits, the budget and the marks around
// the function of the row.
type call struct {
	row   *row
	env   *env
	inner function.Function
	bound bool
}

func dynamic([]cty.Value) (cty.Type, error) {
	return cty.DynamicPseudoType, nil
}

func (c *call) do(args []cty.Value, _ cty.Type) (cty.Value, error) {
	v, err := c.answer(args)
	if err != nil || c.row.passes || c.env.Made == nil || !v.IsMarked() {
		return v, err
	}
	v, marks := v.Unmark()
	return v.WithMarks(c.env.Made(marks)), nil
}

func (c *call) answer(args []cty.Value) (cty.Value, error) {
	if why := c.refusal(args); why != "" {
		return c.unknown(gaveUp(c.row.name, why), args), nil
	}
	if c.row.with != nil && !c.bound {
		c.inner, c.bound = c.row.with(c.env), true
	}
	if c.row.compares && c.env.Text != nil {
		args = slices.Clone(args)
		for i := range args {
			args[i] = c.env.Text(args[i])
		}
	}
	converted, err := c.row.convert(args)
	v := cty.NilVal
	if err == nil {
		v, err = c.inner.Call(converted)
	}
	if u, ok := err.(noAnswer); ok {
		return c.unknownOf(u, args), nil
	}
	if err != nil {
		return c.failed(err, args)
	}
	if why := c.env.spend(v); why != "" {
		return c.unknown(gaveUp(c.row.name, why), args), nil
	}
	if c.row.keepsMarks || v.IsKnown() {
		return v, nil
	}
	return withMarksOf(v, args), nil
}

// failed returns the result of a call with an error. go-cty turns a panic within a
// function into an error, with a stack in its text: it considers those arguments
// impossible, which they may not be among unknown arguments.
func (c *call) failed(err error, args []cty.Value) (cty.Value, error) {
	var panicked function.PanicError
	if !errors.As(err, &panicked) {
		return cty.NilVal, c.discreet(err, args)
	}
	for _, a := range args {
		if !a.IsWhollyKnown() {
			return c.unknown(c.row.name+"() does not take an unknown argument here", args), nil
		}
	}
	return cty.NilVal, fmt.Errorf("%s does not take these arguments", c.row.name)
}

// discreet returns an error without its text if the text might quote a secret.
func (c *call) discreet(err error, args []cty.Value) error {
	for i, a := range args {
		if Secret(deepMarks([]cty.Value{a})) != nil {
			return function.NewArgErrorf(i, "%s refuses a sensitive value, so the reason is not shown", c.row.name)
		}
	}
	return err
}

// refusal returns why the call is not made at all, or "".
func (c *call) refusal(args []cty.Value) string {
	if c.env.Budget.Over() {
		return BudgetSpent
	}
	for _, a := range args {
		if why := refuseValue(a); why != "" {
			return why
		}
	}
	units, why := c.row.cost(args)
	if why != "" {
		return why
	}
	return c.env.charge(units)
}

// cost returns the cost of a call, or why it would cost too much. The arguments are
// visited whole, at least for their marks.
func (r *row) cost(args []cty.Value) (units int, why string) {
	m := measured(args...)
	if r.deep && m.why != "" {
		return 0, m.why
	}
	if r.guard != nil {
		if why := r.guard(args); why != "" {
			return 0, why
		}
	}
	units = callCost + m.price(len(args)) + r.perNode*m.nodes
	if r.perByte > 0 {
		s, _ := text(args, 0)
		units += r.perByte * len(s)
	}
	if r.price != nil {
		more, why := r.price(args)
		return units + more, why
	}
	return units, ""
}

// unknown returns the result of a call without an answer, marked as derived from its
// arguments.
func (c *call) unknown(cause string, args []cty.Value) cty.Value {
	return c.unknownOf(noAnswer{cause: cause}, args)
}

func (c *call) unknownOf(u noAnswer, args []cty.Value) cty.Value {
	if u.t == cty.NilType {
		u.t = c.row.ret
	}
	v := c.env.unknown(u.cause, u.t)
	if u.t != cty.DynamicPseudoType && !c.row.nullable {
		v = v.RefineNotNull()
	}
	return withMarksOf(v, args)
}

func (e *env) unknown(cause string, t cty.Type) cty.Value {
	if e.Unknown != nil {
		return e.Unknown(cause, t)
	}
	return cty.UnknownVal(t)
}

// noAnswer is the error of a function whose result should be unknown instead.
type noAnswer struct {
	cause string
	t     cty.Type // nil: the type of the row
}

func (n noAnswer) Error() string { return n.cause }

func gaveUp(name, why string) string {
	return "gave up: " + name + ": " + why
}

// refineNonNull declares that a function never returns null, so that a comparison of
// its unknown result with null is known.
func refineNonNull(b *cty.RefinementBuilder) *cty.RefinementBuilder {
	return b.NotNull()
}
