// Package tfplan reads a plan in JSON form, as terraform show -json prints it, into
// resources: planned resources and resources of the prior state. It decides nothing
// about them and reads no HCL: see package tfconfig. Join combines the two.
//
// The file is read once, in a stream, and strictly: a name that occurs twice in an
// object or text that is not valid Unicode is refused, because two programs would
// read two plans. Values stay text until they are needed.
package tfplan

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sort"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/crew"
	"github.com/demarc/demarc/analyzer/internal/jsontext"
	"github.com/demarc/demarc/analyzer/schema"
)

// Options are how a plan is shown.
type Options struct {
	Name string // the file's name, as reports show it
	Dir  string // directory of the root module, as reports show it; empty: "."
}

// Load reads a plan of format 1.x in UTF-8 or UTF-16. The set has one root, with
// every resource change, the data sources that Terraform has read, and the provider
// configurations that manage something; its Prior holds the prior state. An error is
// a sentence for the user, without the file's name, that says what to run instead.
func Load(ctx context.Context, r io.Reader, opt Options) (*analyzer.Set, error) {
	text := newText(r)
	prefix, err := text.Peek(PrefixSize)
	if err != nil && !errors.Is(err, io.EOF) && len(prefix) == 0 {
		return nil, err
	}
	if kind := Detect(prefix); kind == Binary || kind == Log || kind == State {
		return nil, kind.what()
	}
	if !beginsObject(prefix) {
		return nil, Other.what()
	}
	p, err := decode(ctx, text)
	if err != nil {
		return nil, err
	}
	if opt.Dir == "" {
		opt.Dir = "."
	}
	return p.set(opt), nil
}

func beginsObject(text []byte) bool {
	return strings.HasPrefix(strings.TrimLeft(string(text), " \t\r\n"), "{")
}

// set makes resources of the decoded plan.
func (p *plan) set(opt Options) *analyzer.Set {
	b := &builder{plan: p, file: opt.Name, from: newResolver(p.config), byAddress: map[string]*change{}}
	b.enter()
	planned := &analyzer.Root{Dir: opt.Dir, Plan: opt.Name, Resources: b.planned(), Inputs: p.given()}
	planned.Prior = &analyzer.Root{Dir: opt.Dir, Plan: opt.Name, Resources: b.prior()}
	p.wrongBodies(b.from.wrong)
	if p.mistakes.count > 0 { // the missing resources may be the mistaken entries
		elsewhere := []analyzer.Elsewhere{{Because: p.mistakes.cause(opt.Name)}}
		planned.Elsewhere, planned.Prior.Elsewhere = elsewhere, elsewhere
	}
	coverage := analyzer.Coverage{Files: 1, FilesFound: 1, Modules: p.config.count(), Unresolved: p.notes(opt.Name), Broken: p.errored || p.mistakes.count > 0}
	return analyzer.NewSet([]*analyzer.Root{planned}, coverage, p.mistakes.diagnostics(opt.Name))
}

// given returns the values of the root module's variables.
func (p *plan) given() map[string]cty.Value {
	given := make(map[string]cty.Value, len(p.inputs))
	for name, raw := range p.inputs {
		if v, ok := jsontext.Decode(string(raw)); ok {
			given[name] = v
		}
	}
	return given
}

// notes returns Terraform's own statements about the plan's completeness.
func (p *plan) notes(file string) []analyzer.Unresolved {
	var notes []analyzer.Unresolved
	note := func(reason string) {
		notes = append(notes, analyzer.Unresolved{Kind: "file", Name: file, Range: start(file), Reason: reason})
	}
	if p.errored {
		note("planning ended in an error, so the plan lacks resources: run terraform plan again")
	} else if p.partial {
		note("Terraform marks this plan as incomplete: with -target or deferred changes it lacks resources")
	}
	return notes
}

// builder turns changes into resources.
type builder struct {
	*plan
	file      string
	from      *resolver
	byAddress map[string]*change // data sources
	documents sync.Map           // data source address to structure
}

// enter adds all instances before references to them are followed.
func (b *builder) enter() {
	planned := map[string]bool{}
	for _, c := range b.changes {
		if c.mode == "data" {
			planned[c.address] = true
		}
	}
	read := b.data[:0]
	for _, c := range b.data {
		if !planned[c.address] {
			planned[c.address] = true
			read = append(read, c)
		}
	}
	b.data = read
	for _, list := range [][]*change{b.changes, b.data} {
		for _, c := range list {
			b.from.enter(c.at)
			if !c.exists() {
				continue
			}
			b.from.resource(c.at, c.address)
			if c.mode == "data" {
				b.byAddress[c.address] = c
				b.from.read[c.address] = c.action() == analyzer.NoOp
			}
		}
	}
}

func (c *change) exists() bool {
	action := c.action()
	return c.deposed == "" && action != analyzer.Delete && action != analyzer.Forget
}

func (b *builder) planned() []*analyzer.Resource {
	changes := append(b.changes[:len(b.changes):len(b.changes)], b.data...)
	all := make([]*analyzer.Resource, len(changes))
	b.each(len(changes), func(i int, from *resolver) { all[i] = b.resource(changes[i], from) })
	accounts := map[string]*analyzer.Resource{}
	for i, r := range all {
		if c := changes[i]; r.Mode == analyzer.Managed && c.exists() {
			b.manages(accounts, r, c)
		}
	}
	return append(all, values(accounts)...)
}

// each runs n pieces of work on all processors. Each processor takes a range of
// them, because neighbours share references.
func (b *builder) each(n int, work func(i int, from *resolver)) {
	workers := min(runtime.GOMAXPROCS(0), n/64+1)
	var wg crew.Group
	for w := range workers {
		wg.Go(func() {
			from := b.from.fork()
			for i := n * w / workers; i < n*(w+1)/workers; i++ {
				work(i, from)
			}
		})
	}
	wg.Wait()
}

// prior lists the managed resources of the prior state, at their prior addresses.
func (b *builder) prior() []*analyzer.Resource {
	var changes []*change
	for _, c := range b.changes {
		if c.mode != "data" && c.before != "" && c.deposed == "" {
			changes = append(changes, c)
		}
	}
	all := make([]*analyzer.Resource, len(changes))
	b.each(len(changes), func(i int, _ *resolver) { all[i] = b.before(changes[i]) })
	accounts := map[string]*analyzer.Resource{}
	for i, r := range all {
		b.manages(accounts, r, changes[i])
	}
	return append(all, values(accounts)...)
}

// manages adds the provider configuration of a managed resource.
func (b *builder) manages(accounts map[string]*analyzer.Resource, r *analyzer.Resource, c *change) {
	if accounts[r.Provider.Config] == nil {
		accounts[r.Provider.Config] = b.accountOf(c).resource(b.file)
	}
}

func values(accounts map[string]*analyzer.Resource) []*analyzer.Resource {
	all := make([]*analyzer.Resource, 0, len(accounts))
	for _, r := range accounts {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Address < all[j].Address })
	return all
}

// resource makes the planned resource of a change.
func (b *builder) resource(c *change, from *resolver) *analyzer.Resource {
	in := b.from.enter(c.at)
	conf := in.configured(c.at.local)
	r := b.identity(c)
	r.Action, r.Previous, r.Deposed = c.action(), c.previous, c.deposed != ""
	r.ReplacedBy = paths(c.replacedBy)
	r.Source = position{b.file, conf.body}
	if !c.exists() { // it shows the values to be deleted
		r.Build = c.build(r, &reading{literal: true}, c.before, "")
		r.Sensitive = c.secrets(r, parse(c.before))
		return r
	}
	reading := reading{data: r.Mode == analyzer.Data, literal: string(r.Action) == "no-op" && r.Mode == analyzer.Data}
	after := parse(c.after)
	b.region(r, after)
	look := reading
	look.unset = map[string]bool{}
	look.looks, look.from, look.in, look.name, look.body = true, from, in, c.address, conf.body.parsed()
	look.block, look.hazy = blockOf(r), b.hazy
	look.read(triple{after, parse(c.unknown), parse(c.afterSensitive)})
	r.Refs, r.Hidden, r.Sensitive = sorted(look.refs), look.hidden, look.secret
	look.concealKeys()
	r.Documents = b.documentsOf(look.document)
	reading.body, reading.unset, reading.hazy = look.body, look.unset, look.hazy
	r.Build = c.build(r, &reading, c.after, c.unknown)
	return r
}

// region returns the resource's own region, if the plan knows it: version 6 of the
// AWS provider shows it on every regional resource.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
func (b *builder) region(r *analyzer.Resource, values *node) {
	if region := values.child("region"); region.is('"') && region.text != "" {
		r.Provider.Region = region.text
	}
}

// before makes the resource of a change as it was in the prior state.
func (b *builder) before(c *change) *analyzer.Resource {
	r := b.identity(c)
	if c.previous != "" {
		a := parseAddress(c.previous)
		r.Address, r.Definition, r.Module = c.previous, a.definition, a.module
	}
	r.Action = analyzer.NoOp
	r.Source = position{file: b.file}
	r.Build = c.build(r, &reading{literal: true}, c.before, "")
	before := parse(c.before)
	b.region(r, before)
	r.Sensitive = c.secrets(r, before)
	return r
}

// secrets returns the secret paths of the values before.
func (c *change) secrets(r *analyzer.Resource, before *node) []cty.Path {
	look := reading{literal: true, block: blockOf(r), looks: true}
	look.read(triple{val: before, secret: parse(c.beforeSensitive)})
	return look.secret
}

// build returns the resource's Build.
func (c *change) build(r *analyzer.Resource, how *reading, val, unknown string) func() cty.Value {
	return func() cty.Value {
		once := *how
		once.block, once.name = blockOf(r), c.address
		return once.read(triple{val: parse(val), unknown: parse(unknown)})
	}
}

// identity returns the fields that before and after share.
func (b *builder) identity(c *change) *analyzer.Resource {
	account := b.accountOf(c)
	r := &analyzer.Resource{
		Address: c.address, Definition: c.at.definition, Module: c.at.module, Type: c.typ,
		Provider: analyzer.Provider{Source: withoutHost(c.provider), Config: account.address(), Region: account.region()},
	}
	if c.mode == "data" {
		r.Mode = analyzer.Data
	}
	return r
}

func (b *builder) accountOf(c *change) *account {
	return b.account(b.from.enter(c.at).configured(c.at.local).account, c.provider)
}

// configured returns the block of a resource; empty if the configuration has none,
// as for a resource to be deleted.
func (in *instance) configured(local string) *configured {
	if in.module != nil {
		if c := in.module.resources[local]; c != nil {
			return c
		}
	}
	return &configured{}
}

// action joins the two steps of a replacement.
// https://developer.hashicorp.com/terraform/internals/json-format#change-representation
func (c *change) action() analyzer.Action {
	if len(c.actions) == 2 {
		switch c.actions[0] + " " + c.actions[1] {
		case "delete create", "create delete":
			return analyzer.Replace
		case "create forget", "forget create":
			return analyzer.Replace
		}
	}
	if len(c.actions) != 1 {
		return analyzer.Update
	}
	return analyzer.Action(c.actions[0])
}

// blockOf finds the schema of a resource; nil if it is unknown.
func blockOf(r *analyzer.Resource) *schema.Block {
	if r.Mode == analyzer.Data {
		return schema.DataSource(r.Provider.Source, r.Type)
	}
	return schema.Resource(r.Provider.Source, r.Type)
}

// withoutHost returns a provider's source as namespace and name.
func withoutHost(source string) string {
	parts := strings.Split(source, "/")
	switch n := len(parts); {
	case source == "":
		return ""
	case n == 1:
		return "hashicorp/" + source
	default:
		return parts[n-2] + "/" + parts[n-1]
	}
}

func sorted(refs []analyzer.Ref) []analyzer.Ref {
	if len(refs) < 2 {
		return refs
	}
	keys := make(map[int]string, len(refs))
	order := make([]int, len(refs))
	for i, ref := range refs {
		order[i], keys[i] = i, analyzer.FormatPath(ref.At)
	}
	sort.SliceStable(order, func(i, j int) bool { return keys[order[i]] < keys[order[j]] })
	moved := make([]analyzer.Ref, len(refs))
	for i, from := range order {
		moved[i] = refs[from]
	}
	return moved
}

// paths reads replace_paths.
func paths(raw string) []cty.Path {
	n := parse(raw)
	if !n.is('[') {
		return nil
	}
	var found []cty.Path
	for i := range n.parts {
		var p cty.Path
		for j := range n.parts[i].parts {
			switch step := &n.parts[i].parts[j]; step.kind {
			case '"':
				p = attrStep(p, step.text)
			case '0':
				p = append(p, cty.IndexStep{Key: number(step.text)})
			}
		}
		found = append(found, p)
	}
	return found
}
