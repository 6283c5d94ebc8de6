package tfconfig

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An expansion lists the instances that count or for_each make of a block.
type expansion struct {
	kind    expansionKind
	keys    []cty.Value  // keys of the instances: NilVal for a single one, null for [*]
	iters   []*iteration // one for each key
	unknown cty.ValueMarks
	secret  cty.ValueMarks       // of keys that must not be shown
	seen    map[string]cty.Value // all instances as references see them, by need.key
}

type expansionKind int8

const (
	single expansionKind = iota
	counted
	keyed
	hidden // the keys are unknown: one instance stands for all
)

// suffix returns the instance key in an address.
func (e *expansion) suffix(i int) string {
	switch e.kind {
	case counted:
		return "[" + strconv.Itoa(i) + "]"
	case keyed:
		if e.secret != nil {
			return "[" + strconv.Quote(concealedKey(i)) + "]"
		}
		return "[" + quoteKey(analyzer.Brief(e.keys[i].AsString())) + "]"
	case hidden:
		return "[*]"
	}
	return ""
}

// quoteKey quotes an instance key as Terraform writes addresses: it doubles the
// character that would open a template.
func quoteKey(key string) string {
	return openers.Replace(strconv.Quote(key))
}

var openers = strings.NewReplacer("${", "$${", "%{", "%%{")

// expand evaluates count and for_each of a block. Each instance costs the given
// amount.
func (sc *scope) expand(b *body, each int) *expansion {
	if a := b.attr("count"); a != nil {
		return sc.expandCount(a, each)
	}
	if a := b.attr("for_each"); a != nil {
		e := sc.expandEach(a, each)
		for _, it := range e.iters {
			it.each = a
		}
		return e
	}
	sc.ev.budget.Spend(each)
	return &expansion{keys: []cty.Value{cty.NilVal}, iters: []*iteration{nil}}
}

func (sc *scope) expandCount(a *attribute, each int) *expansion {
	v, marks := sc.eval(a.expr, nil).UnmarkDeep()
	if !v.IsKnown() {
		return unknownCount(marks)
	}
	n, ok := asInt(v)
	if !ok {
		return unknownCount(cty.NewValueMarks(analyzer.Cause{Kind: analyzer.CauseError, Name: "an invalid count", Range: a.rng}))
	}
	if n > mostOfOne {
		_, marks := sc.ev.gaveUp("count", a.rng).Unmark()
		return unknownCount(marks)
	}
	if !sc.ev.budget.Spend(n * each) {
		_, marks := sc.ev.usedUp(a.rng).Unmark()
		return unknownCount(marks)
	}
	e := &expansion{kind: counted}
	for i := range n {
		index := cty.NumberIntVal(int64(i))
		e.keys = append(e.keys, index)
		e.iters = append(e.iters, byCount(index))
	}
	return e
}

// asInt converts a count: "2.0" and "1e1" are numbers too.
func asInt(v cty.Value) (int, bool) {
	v, err := convert.Convert(v, cty.Number)
	if err != nil || v.IsNull() {
		return 0, false
	}
	f := v.AsBigFloat()
	if !f.IsInt() || f.Sign() < 0 {
		return 0, false
	}
	n, _ := f.Int64()
	return int(n), true
}

func unknownCount(marks cty.ValueMarks) *expansion {
	index := cty.UnknownVal(cty.Number).RefineNotNull().WithMarks(marks)
	return &expansion{kind: hidden, unknown: marks, keys: []cty.Value{cty.NilVal}, iters: []*iteration{byCount(index)}}
}

func (sc *scope) expandEach(a *attribute, each int) *expansion {
	v, marks := sc.eval(a.expr, nil).Unmark()
	if funcs.Refused(marks) {
		return sc.refusedEach(a, marks)
	}
	if !v.IsKnown() {
		return unknownEach(marks, v)
	}
	t := v.Type()
	if v.IsNull() || !v.CanIterateElements() {
		return unknownEach(cty.NewValueMarks(analyzer.Cause{Kind: analyzer.CauseError, Name: "an invalid for_each", Range: a.rng}), cty.DynamicVal)
	}
	n := v.LengthInt()
	if n > mostOfOne {
		_, marks := sc.ev.gaveUp("for_each", a.rng).Unmark()
		return unknownEach(marks, cty.DynamicVal)
	}
	if !sc.ev.budget.Spend(n * each) {
		_, marks := sc.ev.usedUp(a.rng).Unmark()
		return unknownEach(marks, cty.DynamicVal)
	}
	e := &expansion{kind: keyed, secret: funcs.Secret(marks)}
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if !t.IsObjectType() && !t.IsMapType() {
			key = value
		}
		plain, keyMarks := key.Unmark()
		if !plain.IsKnown() || plain.IsNull() || plain.Type() != cty.String {
			_, deep := v.UnmarkDeep()
			return unknownEach(joinMarks(marks, keyMarks, deep), cty.DynamicVal)
		}
		if secret := funcs.Secret(keyMarks); secret != nil {
			if funcs.Refused(secret) {
				return sc.refusedEach(a, keyMarks)
			}
			e.secret = joinMarks(e.secret, secret)
		}
		sc.ev.budget.Spend(nameCost * min(len(plain.AsString()), mostKey))
		e.keys = append(e.keys, plain)
		if !t.IsObjectType() && !t.IsMapType() {
			value = plain
		}
		e.iters = append(e.iters, byEach(plain, value))
	}
	for _, it := range e.iters {
		it.key, it.value = it.key.WithMarks(e.secret), it.value.WithMarks(e.secret)
	}
	return e
}

func joinMarks(sets ...cty.ValueMarks) cty.ValueMarks {
	joined := cty.ValueMarks{}
	for _, set := range sets {
		for m := range set {
			joined[m] = struct{}{}
		}
	}
	return joined
}

// unknownEach returns the one instance that stands for all. All elements of a map of
// one type have that type.
func unknownEach(marks cty.ValueMarks, v cty.Value) *expansion {
	value := cty.DynamicVal
	if t := v.Type(); t.IsMapType() {
		value = cty.UnknownVal(t.ElementType())
	} else if t.IsSetType() {
		value = cty.UnknownVal(t.ElementType())
	}
	it := byEach(cty.UnknownVal(cty.String).RefineNotNull().WithMarks(marks), value.WithMarks(marks))
	return &expansion{kind: hidden, unknown: marks, keys: []cty.Value{cty.NilVal}, iters: []*iteration{it}}
}

// collect combines the values of instances as references see them.
func (e *expansion) collect(values []cty.Value, unknown cty.Value) cty.Value {
	switch e.kind {
	case single:
		return values[0]
	case counted:
		return cty.TupleVal(values)
	case keyed:
		attrs := make(map[string]cty.Value, len(values))
		for i, v := range values {
			attrs[e.keys[i].AsString()] = v
		}
		return cty.ObjectVal(attrs).WithMarks(e.secret)
	}
	return unknown
}

// together returns the value of all instances, made once for each part that is read:
// each instance of another block may pick one instance. An instance that is being
// evaluated is in a cycle, and each reference says where the cycle is.
func (e *expansion) together(reads need, n int, one func(i int) (v cty.Value, busy bool)) cty.Value {
	key := reads.key()
	if v, ok := e.seen[key]; ok {
		return v
	}
	values := make([]cty.Value, n)
	cycle := false
	for i := range values {
		v, busy := one(i)
		values[i], cycle = v, cycle || busy
	}
	v := e.collect(values, cty.DynamicVal)
	if cycle {
		return v
	}
	if e.seen == nil {
		e.seen = map[string]cty.Value{}
	}
	e.seen[key] = v
	return v
}

// --- modules

// called lists the instances of a module call.
type called struct {
	*expansion
	scopes []*scope
	cause  *analyzer.Cause // why there are none: not installed, too deep
	busy   bool
}

func (sc *scope) moduleCall(call *block, at hcl.Range) *called {
	name := call.labels[0]
	if c := sc.calls[name]; c != nil {
		return c
	}
	if sc.calls == nil {
		sc.calls = map[string]*called{}
	}
	c := &called{busy: true, expansion: &expansion{kind: hidden}}
	sc.calls[name] = c
	c.expansion = sc.expand(call.body, moduleCost)
	mod, cause := sc.resolve(call)
	c.cause = cause
	if mod != nil {
		passed := sc.passedProviders(call)
		for i := range c.keys {
			local := "module." + name
			c.scopes = append(c.scopes, &scope{
				ev: sc.ev, mod: mod, parent: sc, call: call, iter: c.iters[i],
				addr: sc.address(local + c.suffix(i)), def: sc.definition(local), depth: sc.depth + 1, passed: passed, own: isLocal(sc.source(call)),
			})
		}
	}
	c.busy = false
	return c
}

// resolve finds the module that a call names; without a module, the cause says why.
func (sc *scope) resolve(call *block) (*module, *analyzer.Cause) {
	name := sc.definition("module." + call.labels[0])
	miss := func(reason string) (*module, *analyzer.Cause) {
		sc.ev.note("module", name, call.def, reason)
		return nil, &analyzer.Cause{Kind: analyzer.CauseModule, Name: name, Range: call.def}
	}
	if sc.depth >= deepestModule {
		return miss("calls are nested too deeply")
	}
	if sc.ev.budget.Over() {
		sc.ev.usedUp(call.def)
		sc.ev.note("budget", name, call.def, "not evaluated")
		return nil, &analyzer.Cause{Kind: analyzer.CauseBudget, Name: name + ", at which demarc gave up", Range: call.def}
	}
	source := sc.source(call)
	dir, ok := "", true
	switch {
	case call.body.attr("source") == nil:
		return miss("it has no source")
	case source == "":
		return miss("its source is not known")
	case isLocal(source):
		if dir, ok = localDir(sc.mod.dir, source); !ok {
			return miss(leadsOut)
		}
	default:
		installed, ok := sc.ev.installedFor(sc, call.labels[0])
		if !ok {
			return miss("not installed: run terraform init")
		}
		if other := installed.another(source, sc.version(call)); other != "" {
			return miss(other + " is installed: run terraform init")
		}
		dir = installed.dir
	}
	for up := sc; up != nil; up = up.parent {
		if up.mod.dir == dir {
			return miss("it calls itself")
		}
	}
	mod := sc.ev.loader.module(dir)
	if mod == nil {
		if _, err := fs.Stat(sc.ev.fsys, dir); err != nil && strings.Contains(err.Error(), "escapes") {
			return miss(leadsOut)
		}
		return miss("no configuration is at its source" + sc.quotedSource(call))
	}
	sc.ev.modules++
	sc.ev.functionsFor(mod)
	return mod, nil
}

// source returns the source of a call. OpenTofu takes variables and locals in a
// source if they are known without a resource.
// https://opentofu.org/docs/language/modules/sources/
func (sc *scope) source(call *block) string {
	a := call.body.attr("source")
	if a == nil {
		return ""
	}
	if s := constant(a.expr); s != "" {
		return s
	}
	s, _ := knownString(unmarked(sc.eval(a.expr, nil)))
	return s
}

// moduleValue returns the value that references to a module call see: the outputs
// that are read.
func (sc *scope) moduleValue(name string, reads need, at hcl.Range) cty.Value {
	call := sc.mod.callNames[name]
	if call == nil {
		return sc.undeclared("module."+name, at)
	}
	c := sc.moduleCall(call, at)
	if c.busy {
		return sc.cycle("module."+name, at)
	}
	if c.cause != nil {
		return cty.DynamicVal.Mark(*c.cause)
	}
	if c.kind == hidden {
		return cty.DynamicVal.WithMarks(c.unknown)
	}
	return c.value(reads, at)
}

// value returns all instances as references see them.
func (c *called) value(reads need, at hcl.Range) cty.Value {
	return c.together(reads, len(c.scopes), func(i int) (cty.Value, bool) {
		busy := c.scopes[i].evaluates(reads)
		return c.scopes[i].outputs(reads, at), busy
	})
}

// evaluates reports whether one of the outputs is being evaluated; nil: any.
func (sc *scope) evaluates(reads need) bool {
	if reads == nil {
		reads = sortedKeys(sc.mod.outputs)
	}
	return slices.ContainsFunc(reads, func(name string) bool {
		c := sc.cells["output."+name]
		return c != nil && c.busy
	})
}

func (sc *scope) outputs(reads need, at hcl.Range) cty.Value {
	if reads == nil {
		reads = sortedKeys(sc.mod.outputs)
	}
	values := make(map[string]cty.Value, len(reads))
	for _, name := range reads {
		values[name] = sc.output(name, at)
	}
	return cty.ObjectVal(values)
}

// --- resources

// expanded lists the instances of a resource.
type expanded struct {
	*expansion
	instances []*instance
	busy      bool
}

// An instance is one evaluated resource instance.
type instance struct {
	sc       *scope
	res      *resource
	iter     *iteration
	addr     string
	provider *providerConfig
	attrs    map[string]cty.Value // as evaluated, marked, by attribute and block
	placed   *placed              // where the blocks are written
	known    map[string]cty.Value // parts as references see them
	complete cty.Value            // all parts; NilVal: not requested yet
	busy     bool
	done     bool
}

func (sc *scope) expandResource(r *resource) *expanded {
	if e := sc.resources[r.key()]; e != nil {
		return e
	}
	if sc.resources == nil {
		sc.resources = map[string]*expanded{}
	}
	e := &expanded{busy: true, expansion: &expansion{kind: hidden}}
	sc.resources[r.key()] = e
	e.expansion = sc.expand(r.body, instanceCost+depthCost*sc.depth+nameCost*max(len(sc.addr)+len(r.key())+len(r.def.Filename)-usualNames, 0))
	for i := range e.keys {
		e.instances = append(e.instances, &instance{
			sc: sc, res: r, iter: e.iters[i], addr: sc.address(r.key() + e.suffix(i)),
		})
	}
	e.busy = false
	return e
}

// resourceValue returns the value that references to a resource see.
func (sc *scope) resourceValue(key string, reads need, at hcl.Range) cty.Value {
	r := sc.mod.byName[key]
	if r == nil {
		return sc.missing(key, reads, at)
	}
	e := sc.expandResource(r)
	if e.busy {
		return sc.cycle(key, at)
	}
	if e.kind == hidden {
		return cty.DynamicVal.Mark(origin{to: e.instances[0].addr})
	}
	return e.value(reads, at)
}

// value returns all instances as references see them.
func (e *expanded) value(reads need, at hcl.Range) cty.Value {
	return e.together(reads, len(e.instances), func(i int) (cty.Value, bool) {
		busy := e.instances[i].busy
		return e.instances[i].reference(reads, at), busy
	})
}

// missing returns the value of a reference to a resource that is not declared: like
// an attribute of a declared resource, it is known after apply, and it belongs to no
// other resource.
func (sc *scope) missing(key string, reads need, at hcl.Range) cty.Value {
	v := sc.undeclared(key, at)
	if len(reads) != 1 || strings.HasPrefix(key, "data.") {
		return v
	}
	return cty.DynamicVal.Mark(origin{to: sc.address(key), attr: reads[0]})
}

// leadsOut explains that a module's source is outside the file system, and how to
// make it readable.
const leadsOut = "its source leads out of the repository: scan a directory that holds both"
