package tfplan

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// A module is a module of the configuration, before expansion. The bodies of its
// resources stay text until an instance of them is planned.
//
// The configuration of a plan shows neither locals nor dynamic blocks, and only the
// references of an expression, unless the expression is constant.
// https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
type module struct {
	path      string // module.a.module.b, without keys; empty: the root
	resources map[string]*configured
	calls     map[string]*module
	inputs    *lazyBody // the arguments of its call
	outputs   map[string]lazyExpression
}

func newModule(path string) *module {
	return &module{path: path, resources: map[string]*configured{},
		calls: map[string]*module{}, outputs: map[string]lazyExpression{}}
}

// configured is a resource block or data block.
type configured struct {
	account string // provider_config_key
	body    *lazyBody
}

// An account is a provider configuration.
type account struct {
	name, alias, module, source string
	body                        *lazyBody
}

// A body is the written content of a block.
type body struct {
	attributes map[string]*expression
	blocks     map[string][]*body
	wrong      string // a part that no valid plan contains; empty: nothing
}

// An expression is the written value of an attribute. With neither references nor a
// constant it only calls functions.
type expression struct {
	texts    []string // references, without their prefixes
	constant *node    // nil: not constant
	wrong    bool     // not an expression: its references are unknown
}

// refs returns the parsed references.
func (e *expression) refs() []reference {
	refs := make([]reference, len(e.texts))
	for i, text := range e.texts {
		refs[i] = parseReference(text)
	}
	return refs
}

// lazyBody is the text of a body, parsed on first use. Nil is an empty body.
type lazyBody struct {
	raw  string
	once sync.Once
	body *body
}

// parsed returns the body; empty if there is none.
func (l *lazyBody) parsed() *body {
	if l == nil {
		return &body{}
	}
	l.once.Do(func() { l.body = parseBody(parse(l.raw), 0) })
	return l.body
}

// A lazyExpression is the text of an expression.
type lazyExpression string

func (l lazyExpression) parsed() *expression {
	if n := parse(string(l)); n == nil || isExpression(n) {
		return parseExpression(n)
	}
	return &expression{wrong: true}
}

// parseBody reads a body. A part that can be neither an attribute nor a block
// becomes an attribute with an unknown value.
func parseBody(n *node, depth int) *body {
	b := &body{attributes: map[string]*expression{}, blocks: map[string][]*body{}}
	if !n.is('{') || depth > maxDepth {
		return b
	}
	for i, name := range n.names {
		part := &n.parts[i]
		switch {
		case isExpression(part):
			b.attributes[name] = parseExpression(part)
		case part.is('{') && part.child("references") == nil:
			b.add(name, parseBody(part, depth+1))
		case part.is('[') && areBlocks(part):
			for j := range part.parts {
				b.add(name, parseBody(&part.parts[j], depth+1))
			}
		default:
			b.attributes[name] = &expression{wrong: true}
			b.wrong = name
		}
	}
	return b
}

// add adds a nested block.
func (b *body) add(name string, inner *body) {
	b.blocks[name] = append(b.blocks[name], inner)
	if inner.wrong != "" {
		b.wrong = name + "." + inner.wrong
	}
}

// areBlocks reports whether a list is a list of blocks: plans do not show an empty
// list of blocks.
func areBlocks(n *node) bool {
	for i := range n.parts {
		if !n.parts[i].is('{') {
			return false
		}
	}
	return len(n.parts) > 0
}

// isExpression distinguishes an attribute from a block that occurs once. No provider
// argument is named references.
func isExpression(n *node) bool {
	if !n.is('{') {
		return false
	}
	for i, name := range n.names {
		if name != "constant_value" && (name != "references" || !areTexts(&n.parts[i])) {
			return false
		}
	}
	return true
}

func areTexts(n *node) bool {
	if !n.is('[') {
		return false
	}
	for i := range n.parts {
		if !n.parts[i].is('"') {
			return false
		}
	}
	return len(n.parts) > 0
}

func parseExpression(n *node) *expression {
	e := &expression{constant: n.child("constant_value")}
	refs := n.child("references")
	if !refs.is('[') {
		return e
	}
	e.texts = heads(refs.parts)
	return e
}

// attribute returns the expression of an attribute; nil: the body does not set it.
func (b *body) attribute(name string) *expression { return b.attributes[name] }

// nested lists the blocks of a type, in order. An empty block that occurs once
// looks like an attribute.
func (b *body) nested(name string) []*body {
	if blocks, ok := b.blocks[name]; ok {
		return blocks
	}
	if e := b.attributes[name]; e != nil && e.texts == nil && e.constant == nil && !e.wrong {
		return []*body{{}}
	}
	return nil
}

// --- reading it

func (d *decoder) configuration(p *plan) error {
	d.planned = definitions(p.changes)
	return d.object(func(name string) error {
		switch name {
		case "provider_config":
			return d.object(func(key string) error { return d.account(p, key) })
		case "root_module":
			return d.module(p.config, 0)
		}
		return d.SkipValue()
	})
}

// definitions returns the resources with a change: the bodies of others are not
// kept, except for data sources, which may be read without a change. Nil: the
// changes come later in the file.
func definitions(changes []*change) map[string]bool {
	if len(changes) == 0 {
		return nil
	}
	defined := make(map[string]bool, len(changes))
	for _, c := range changes {
		defined[c.at.definition] = true
	}
	return defined
}

func (d *decoder) account(p *plan, key string) error {
	if err := d.kept.keep(writtenCost); err != nil {
		return err
	}
	a := &account{}
	p.accounts[key] = a
	return d.object(func(name string) (err error) {
		switch name {
		case "name":
			a.name, err = d.shared()
		case "alias":
			a.alias, err = d.text()
		case "module_address":
			a.module, err = d.text()
		case "full_name":
			a.source, err = d.shared()
		case "expressions":
			a.body, err = d.body()
		default:
			return d.SkipValue()
		}
		return err
	})
}

func (d *decoder) body() (*lazyBody, error) {
	if ok, err := d.oneOf("an object of arguments", '{'); !ok {
		return nil, err
	}
	raw, err := d.raw()
	if raw == "" {
		return nil, err
	}
	return &lazyBody{raw: raw}, err
}

func (d *decoder) module(m *module, depth int) error {
	if depth > maxModules {
		return errTooDeep
	}
	return d.object(func(name string) error {
		switch name {
		case "resources":
			return d.array(func() error { return d.configured(m) })
		case "module_calls":
			return d.object(func(call string) error { return d.call(m, call, depth) })
		case "outputs":
			return d.object(func(output string) error {
				return d.only("expression", func() error { return d.output(m, output) })
			})
		}
		return d.SkipValue()
	})
}

func (d *decoder) output(m *module, name string) error {
	if ok, err := d.oneOf("an expression", '{'); !ok {
		return err
	}
	raw, err := d.raw()
	if err != nil {
		return err
	}
	m.outputs[name] = lazyExpression(raw)
	return d.kept.keep(writtenCost)
}

func (d *decoder) call(m *module, name string, depth int) error {
	if err := d.kept.keep(writtenCost); err != nil {
		return err
	}
	child := newModule(within(m.path, "module."+name))
	m.calls[name] = child
	return d.object(func(field string) (err error) {
		switch field {
		case "expressions":
			child.inputs, err = d.body()
			return err
		case "module":
			return d.module(child, depth+1)
		}
		return d.SkipValue()
	})
}

func (d *decoder) configured(m *module) error {
	d.PeekKind()
	c, address, at, wrong := &configured{}, "", d.offset(), d.mistakes.count
	err := d.object(func(name string) (err error) {
		switch name {
		case "address":
			address, err = d.text()
		case "provider_config_key":
			c.account, err = d.shared()
		case "expressions":
			if d.planned != nil && address != "" && !strings.HasPrefix(address, "data.") && !d.planned[within(m.path, address)] {
				return d.SkipValue()
			}
			c.body, err = d.body()
		default:
			return d.SkipValue()
		}
		return err
	})
	if err != nil || d.mistakes.count > wrong && address == "" || !d.whole(at, without(address, "address")) {
		return err
	}
	if m.resources[address] != nil {
		d.whole(at, "has the address of another block")
	}
	m.resources[address] = c // within the module, without keys
	return d.kept.keep(writtenCost)
}

// wrongBodies records the invalid parts of the bodies that were parsed, and of the
// outputs that were followed.
func (p *plan) wrongBodies(outputs *sync.Map) {
	complain := func(l *lazyBody, module, name string) {
		if l != nil && l.body != nil && l.body.wrong != "" {
			p.mistakes.add("/configuration", -1, "has %s of %s as neither an expression nor a block", l.body.wrong, within(module, name))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.accounts)) {
		complain(p.accounts[key].body, "", "provider "+key)
	}
	p.config.each(func(m *module) {
		complain(m.inputs, "", m.path)
		for _, address := range slices.Sorted(maps.Keys(m.resources)) {
			complain(m.resources[address].body, m.path, address)
		}
	})
	var names []string
	outputs.Range(func(name, _ any) bool { names = append(names, name.(string)); return true })
	slices.Sort(names)
	for _, name := range names {
		p.mistakes.add("/configuration", -1, "has output %s without an expression", name)
	}
}

// each calls a function with the module and all modules that it calls, in order.
func (m *module) each(do func(*module)) {
	do(m)
	for _, name := range slices.Sorted(maps.Keys(m.calls)) {
		m.calls[name].each(do)
	}
}

// count returns the number of module calls.
func (m *module) count() int {
	n := len(m.calls)
	for _, c := range m.calls {
		n += c.count()
	}
	return n
}

// --- provider configurations

// account finds the provider configuration of a key: aws.west, module.a:aws. A
// configuration that is not written has only its name.
func (p *plan) account(key, provider string) *account {
	if a := p.accounts[key]; a != nil && a.implied() {
		outer, _ := cutLast(a.module)
		if outer != "" {
			outer += ":"
		}
		return p.account(outer+a.name, provider)
	} else if a != nil {
		return a
	}
	_, name, ok := strings.Cut(key, ":")
	if !ok {
		name = key
	}
	if a := p.accounts[name]; a != nil {
		return a
	}
	if name == "" {
		name = provider[strings.LastIndexByte(provider, '/')+1:]
	}
	local, alias, _ := strings.Cut(name, ".")
	return &account{name: local, alias: alias, source: provider}
}

// implied reports whether a module has its caller's provider configuration: no
// module up to the root passes or writes one, so Terraform names the configuration
// after the module.
// https://developer.hashicorp.com/terraform/language/modules/develop/providers#implicit-provider-inheritance
func (a *account) implied() bool { return a.module != "" && a.alias == "" && a.body == nil }

// cutLast removes the innermost call from a module's path.
func cutLast(module string) (outer, call string) {
	i := strings.LastIndex(module, "module.")
	return strings.TrimSuffix(module[:max(i, 0)], "."), module[max(i, 0):]
}

// address returns the account's address: provider.aws, module.db.provider.aws.west.
func (a *account) address() string {
	s := "provider." + a.name
	if a.alias != "" {
		s += "." + a.alias
	}
	return within(a.module, s)
}

// region returns the region of the configuration; empty if it is not constant.
func (a *account) region() string {
	if e := a.body.parsed().attribute("region"); e != nil && e.constant.is('"') {
		return e.constant.text
	}
	return ""
}

// resource returns the account as a resource, to be judged by account checks.
func (a *account) resource(file string) *analyzer.Resource {
	source := withoutHost(a.source)
	block := schema.Provider(source)
	r := &analyzer.Resource{
		Address: a.address(), Definition: a.address(), Module: a.module,
		Mode: analyzer.Account, Type: a.name, Action: analyzer.NoOp,
		Provider: analyzer.Provider{Source: source, Config: a.address(), Region: a.region()},
		Source:   position{file, a.body},
	}
	r.Build = func() cty.Value { return written(a.body.parsed(), block) }
	r.Sensitive = secrets(block)
	r.Hidden = variables(a.body.parsed(), nil, nil)
	return r
}

// written returns the value of a body by itself: constants are known, the rest is
// unknown.
func written(b *body, block *schema.Block) cty.Value {
	vals := map[string]cty.Value{}
	for name, e := range b.attributes {
		vals[name] = value(e.constant, nil, cty.DynamicPseudoType)
		if e.constant == nil {
			vals[name] = cty.UnknownVal(attributeType(block, name))
		}
	}
	for name, blocks := range b.blocks {
		elems := make([]cty.Value, len(blocks))
		for i, inner := range blocks {
			elems[i] = written(inner, nestedBlock(block, name))
		}
		vals[name] = cty.TupleVal(elems)
	}
	return cty.ObjectVal(vals)
}

func nestedBlock(block *schema.Block, name string) *schema.Block {
	if block == nil {
		return nil
	}
	if n := block.Nested(name); n != nil {
		return &n.Block
	}
	if a := block.Attribute(name); a != nil {
		return a.Nested
	}
	return nil
}

// secrets lists the sensitive attributes of a provider configuration.
func secrets(block *schema.Block) []cty.Path {
	if block == nil {
		return nil
	}
	var paths []cty.Path
	for i := range block.Attributes {
		if a := &block.Attributes[i]; a.Sensitive || secretArgument(a.Name) {
			paths = append(paths, cty.GetAttrPath(a.Name))
		}
	}
	return paths
}

// secretArgument recognizes arguments of provider configurations that hold
// credentials: schemas do not mark them sensitive.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs#aws-configuration-reference
func secretArgument(name string) bool {
	switch name {
	case "access_key", "secret_key", "token", "password", "client_secret", "credentials", "access_token", "client_key":
		return true
	}
	return false
}

// variables records which expressions hide the values of a body.
func variables(b *body, at cty.Path, found []analyzer.Hidden) []analyzer.Hidden {
	for _, name := range slices.Sorted(maps.Keys(b.attributes)) {
		path := attrStep(at, name)
		for _, ref := range b.attributes[name].refs() {
			kind := analyzer.CauseOther
			if ref.kind == refVariable {
				kind = analyzer.CauseVariable
			}
			found = append(found, analyzer.Hidden{At: path, Cause: analyzer.Cause{Kind: kind, Name: analyzer.Brief(ref.text)}})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for i, inner := range b.blocks[name] {
			found = variables(inner, indexStep(attrStep(at, name), i), found)
		}
	}
	return found
}
