package tfplan

import (
	"slices"
	"strings"
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// An instance is a module after expansion: module.a["x"].module.b.
type instance struct {
	address  string
	module   *module // nil: not in the configuration
	parent   *instance
	children map[string][]*instance // by the name of the call
	keys     map[string]*instance   // by name and key
}

// An origin is an attribute that a value comes from.
type origin struct {
	to   string // address of a resource, or a definition with [*]
	attr string
	many bool // one of several
	data bool
}

// A derivation lists the origins of an expression's values, as far as the
// configuration shows. Strict means that the expression reads one thing only, so
// that a known value comes from that origin too.
type derivation struct {
	origins []origin
	read    []origin // data sources that Terraform has read: known when the plan is made
	hidden  []analyzer.Cause
	strict  bool
}

// only returns the single thing that is read; nil if there are more.
func (d *derivation) only() *origin {
	switch {
	case !d.strict || len(d.hidden) > 0 || len(d.origins)+len(d.read) != 1:
		return nil
	case len(d.read) == 1:
		return &d.read[0]
	case d.origins[0].many:
		return nil
	}
	return &d.origins[0]
}

// sole reports whether an unknown value can come from one origin only: values known
// when the plan is made do not make a value unknown.
func (d *derivation) sole() bool {
	return len(d.origins) == 1 && len(d.hidden) == 0 && !d.origins[0].many
}

// known reports whether all values that are read are known when the plan is made.
func (d *derivation) known() bool { return len(d.origins) == 0 && len(d.hidden) == 0 }

// maxOrigins bounds the origins that are kept of one expression.
const maxOrigins = 64

func (d *derivation) add(o origin) {
	if slices.Contains(d.origins, o) {
		return
	}
	if len(d.origins) >= maxOrigins {
		d.hide(analyzer.CauseBudget, "more references than demarc follows")
		return
	}
	d.origins = append(d.origins, o)
}

func (d *derivation) hide(kind analyzer.CauseKind, name string) {
	c := analyzer.Cause{Kind: kind, Name: analyzer.Brief(name)}
	if len(d.hidden) < maxOrigins && !slices.Contains(d.hidden, c) {
		d.hidden = append(d.hidden, c)
	}
}

func (d *derivation) merge(other *derivation) {
	for _, o := range other.origins {
		d.add(o)
	}
	for _, o := range other.read {
		if len(d.read) < maxOrigins && !slices.Contains(d.read, o) {
			d.read = append(d.read, o)
		}
	}
	for _, h := range other.hidden {
		d.hide(h.Kind, h.Name)
	}
}

// A resolver follows references through the arguments of module calls and the
// outputs of modules. Each goroutine has its own, which share the instances.
type resolver struct {
	root    *instance
	byBlock map[string][]string // addresses of the instances of a block in one module instance
	exists  map[string]bool     // all of those addresses
	read    map[string]bool     // the data sources that Terraform has read
	modules map[string]*instance
	wrong   *sync.Map // names of outputs that are not expressions
	known   map[resolvedKey]*derivation
	depth   int
}

type resolvedKey struct {
	in   *instance
	text string
}

func newResolver(config *module) *resolver {
	root := &instance{module: config}
	return &resolver{root: root, byBlock: map[string][]string{}, exists: map[string]bool{}, read: map[string]bool{}, modules: map[string]*instance{"": root}, wrong: &sync.Map{},
		known: map[resolvedKey]*derivation{}}
}

// fork returns a resolver for another goroutine. No instance may be entered
// afterwards.
func (r *resolver) fork() *resolver {
	other := *r
	other.known, other.depth = map[resolvedKey]*derivation{}, 0
	return &other
}

// enter finds or adds the module instance of an address.
func (r *resolver) enter(a address) *instance {
	if found := r.modules[a.module]; found != nil {
		return found
	}
	in := r.root
	for _, c := range a.calls {
		in = in.child(c)
	}
	r.modules[a.module] = in
	return in
}

// child finds or adds the instance of a call.
func (in *instance) child(c segment) *instance {
	id := c.name + "[" + c.key
	if found := in.keys[id]; found != nil {
		return found
	}
	child := in.outline(c)
	if in.keys == nil {
		in.keys, in.children = map[string]*instance{}, map[string][]*instance{}
	}
	in.keys[id] = child
	in.children[c.name] = append(in.children[c.name], child)
	return child
}

// outline returns an instance of a call in which nothing is planned.
func (in *instance) outline(c segment) *instance {
	step := "module." + c.name
	if c.key != "" {
		step += "[" + c.key + "]"
	}
	child := &instance{address: within(in.address, step), parent: in}
	if in.module != nil {
		child.module = in.module.calls[c.name]
	}
	return child
}

// resource adds a resource that exists after the plan.
func (r *resolver) resource(a address, full string) {
	if !r.exists[full] {
		r.exists[full] = true
		r.byBlock[a.block] = append(r.byBlock[a.block], full)
	}
}

// expression derives the value of an expression in a module instance.
func (r *resolver) expression(e *expression, in *instance) *derivation {
	if len(e.texts) == 1 {
		return r.reference(e.texts[0], in)
	}
	d := &derivation{}
	switch {
	case e.wrong:
		d.hide(analyzer.CauseError, "mistakes in the plan")
	case len(e.texts) == 0 && e.constant == nil:
		d.hide(analyzer.CauseFunction, "a function without references")
	}
	for _, text := range e.texts {
		d.merge(r.reference(text, in))
	}
	return d
}

// all derives the union of the expressions.
func (r *resolver) all(exprs []*expression, in *instance) *derivation {
	if len(exprs) == 1 {
		return r.expression(exprs[0], in)
	}
	d := &derivation{}
	for _, e := range exprs {
		d.merge(r.expression(e, in))
	}
	return d
}

// maxResolve bounds the number of calls and outputs that one reference passes
// through.
const maxResolve = 4 * maxModules

func (r *resolver) reference(text string, in *instance) *derivation {
	if strings.HasPrefix(text, "count.") || text == "each.key" || strings.HasPrefix(text, "path.") {
		return &derivation{} // most counted resources read it
	}
	key := resolvedKey{in, text}
	if d := r.known[key]; d != nil {
		return d
	}
	d := &derivation{}
	r.known[key] = d // a cycle ends here
	if r.depth >= maxResolve {
		d.hide(analyzer.CauseBudget, text)
		return d
	}
	r.depth++
	r.resolve(d, parseReference(text), in)
	r.depth--
	return d
}

func (r *resolver) resolve(d *derivation, ref reference, in *instance) {
	switch ref.kind {
	case refKnown:
	case refHidden:
		d.hide(analyzer.CauseOther, ref.text)
	case refVariable:
		r.variable(d, ref, in)
	case refOutput:
		r.output(d, ref, in)
	case refResource:
		r.object(d, ref, in)
	}
}

func (r *resolver) object(d *derivation, ref reference, in *instance) {
	block := within(in.address, ref.name)
	found := r.byBlock[block]
	if one := block + "[" + ref.key + "]"; ref.key != "" {
		found = nil
		if r.exists[one] {
			found = []string{one}
		}
	}
	isData := strings.HasPrefix(ref.name, "data.")
	switch len(found) {
	case 0:
		if isData {
			d.hide(analyzer.CauseData, within(in.address, ref.text))
		}
	case 1:
		d.strict = true
		if o := (origin{to: found[0], attr: ref.attr, data: isData}); r.read[o.to] {
			d.read = append(d.read, o)
		} else {
			d.add(o)
		}
	default:
		if r.read[found[0]] {
			return
		}
		d.add(origin{to: parseAddress(found[0]).definition + "[*]", attr: ref.attr, many: true, data: isData})
	}
}

// variable follows an input to the argument of the module's call. The root's
// variables are known when a plan is made.
func (r *resolver) variable(d *derivation, ref reference, in *instance) {
	if in.parent == nil || in.module == nil {
		return
	}
	e := in.module.inputs.parsed().attribute(ref.name)
	if e == nil {
		return // the variable's default
	}
	d.through(r.expression(e, in.parent), ref)
}

// through adds the derivation of an argument or output.
func (d *derivation) through(from *derivation, ref reference) {
	d.merge(from)
	d.strict = from.strict
	if !ref.deep {
		return
	}
	if len(d.origins) == 1 && d.origins[0].attr == "" && from.strict {
		d.origins[0].attr = ref.rest
		return
	}
	d.strict = false
}

func (r *resolver) output(d *derivation, ref reference, in *instance) {
	if in.module == nil || in.module.calls[ref.name] == nil {
		d.hide(analyzer.CauseModule, ref.text)
		return
	}
	children := in.children[ref.name]
	if one := in.keys[ref.name+"["+ref.key]; ref.key != "" && one != nil {
		children = []*instance{one}
	} else if ref.key != "" || len(children) == 0 {
		children = []*instance{in.outline(segment{ref.name, ref.key})}
	}
	if len(children) > maxOrigins {
		d.hide(analyzer.CauseBudget, ref.text)
		return
	}
	for _, child := range children {
		raw, ok := child.module.outputs[ref.attr]
		if !ok {
			continue
		}
		e := raw.parsed()
		if e.wrong {
			r.wrong.Store(within(child.module.path, ref.attr), true)
		}
		d.through(r.expression(e, child), ref)
	}
	if len(children) > 1 {
		d.strict = false
		for i := range d.origins {
			d.origins[i].many = true
		}
	}
}
