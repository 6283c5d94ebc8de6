package tfconfig

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// A providerConfig is one provider configuration as a module instance sees it.
type providerConfig struct {
	sc    *scope // where it is written
	name  string // aws
	alias string
	block *block // nil: no block, the default configuration is used
	attrs map[string]cty.Value
	where *placed
	ready bool
}

func (p *providerConfig) address() string {
	if p == nil {
		return ""
	}
	local := "provider." + p.name
	if p.alias != "" {
		local += "." + p.alias
	}
	return p.sc.address(local)
}

// provider finds the configuration of a local name, aws or aws.west: passed by
// the caller, written here, or inherited.
func (sc *scope) provider(local string) *providerConfig {
	if p := sc.providers[local]; p != nil {
		return p
	}
	name := sc.mod.localName(local)
	p := cmp.Or(sc.passed[name], sc.providers[name])
	if p == nil {
		p = sc.findProvider(name)
	}
	if sc.providers == nil {
		sc.providers = map[string]*providerConfig{}
	}
	sc.providers[local], sc.providers[name] = p, p
	return p
}

// localName returns the module's name for the provider with the given default name:
// aws if nothing else is required, amazon if amazon is required as hashicorp/aws.
// Terraform looks up the provider itself.
// https://developer.hashicorp.com/terraform/language/providers/requirements#local-names
func (m *module) localName(local string) string {
	name, alias, aliased := strings.Cut(local, ".")
	if m.sources[name] != "" {
		return local
	}
	if name = m.nameOf(m.source(name, name+"_")); aliased {
		return name + "." + alias
	}
	return name
}

// nameOf returns the module's name for a provider.
func (m *module) nameOf(source string) string {
	usual := source[strings.LastIndex(source, "/")+1:]
	if m.sources[usual] == source {
		return usual
	}
	for _, name := range slices.Sorted(maps.Keys(m.sources)) {
		if m.sources[name] == source {
			return name
		}
	}
	return usual
}

func (sc *scope) findProvider(local string) *providerConfig {
	name, alias, _ := strings.Cut(local, ".")
	for _, b := range sc.mod.providers {
		if b.labels[0] == name && aliasOf(b) == alias {
			return &providerConfig{sc: sc, name: name, alias: alias, block: b}
		}
	}
	if sc.parent != nil && alias == "" {
		return sc.parent.provider(sc.parent.mod.nameOf(sc.mod.source(name, name+"_")))
	}
	return &providerConfig{sc: sc, name: name, alias: alias}
}

// passedProviders reads the providers argument of a call.
func (sc *scope) passedProviders(call *block) map[string]*providerConfig {
	a := call.body.attr("providers")
	if a == nil {
		return nil
	}
	pairs, diags := hcl.ExprMap(a.expr)
	if diags.HasErrors() {
		return nil
	}
	passed := map[string]*providerConfig{}
	for _, pair := range pairs {
		inner, outer := providerRef(pair.Key), providerRef(pair.Value)
		if inner != "" && outer != "" {
			passed[inner] = sc.provider(outer)
		}
	}
	return passed
}

// evaluate evaluates the configuration's arguments, once.
func (p *providerConfig) evaluate() {
	if p == nil || p.ready || p.block == nil {
		return
	}
	p.ready = true
	spec := schema.Provider(p.sc.mod.source(p.name, p.name+"_"))
	p.attrs, p.where = p.sc.evalBody(p.block.body, spec, nil, p.block.def, false)
}

// region returns the configured region; empty: unknown.
func (p *providerConfig) region() string {
	if p == nil {
		return ""
	}
	region, _ := knownString(p.attrs["region"])
	return region
}

// defaultTags returns the tags of the default_tags block; NilVal: no such block.
func (p *providerConfig) defaultTags() cty.Value {
	if p == nil || p.block == nil {
		return cty.NilVal
	}
	blocks, ok := p.attrs["default_tags"]
	if !ok {
		return cty.NilVal
	}
	plain, _ := blocks.Unmark()
	if !plain.Type().IsTupleType() || plain.LengthInt() != 1 {
		return cty.NilVal
	}
	first, _ := plain.Index(cty.Zero).Unmark()
	if !first.IsKnown() {
		return cty.DynamicVal
	}
	if tags, ok := first.AsValueMap()["tags"]; ok {
		return tags
	}
	return cty.NilVal
}

// account records the provider configuration of a managed resource as a subject of
// account checks.
func (ev *evaluator) account(managed *instance) {
	if !managed.res.data && !managed.provider.lost() {
		ev.enter(managed.provider, managed.res.provider)
	}
}

// exposed records the provider configurations that contain credentials: the
// credentials are readable whether or not the configuration manages anything.
func (ev *evaluator) exposed(sc *scope) {
	for _, b := range sc.mod.providers {
		if b.body.attr("access_key") == nil && b.body.attr("secret_key") == nil && b.body.attr("token") == nil {
			continue
		}
		local := b.labels[0]
		if alias := aliasOf(b); alias != "" {
			local += "." + alias
		}
		p := sc.provider(local)
		p.evaluate()
		ev.enter(p, sc.mod.source(local, local+"_"))
	}
}

// lost reports whether a configuration of the provider is only partly read: the
// unread part may set what is missing, so only what was read is judged.
func (p *providerConfig) lost() bool {
	return p != nil && p.sc.mod.lost[p.name]
}

func (ev *evaluator) enter(p *providerConfig, providerSource string) {
	address := p.address()
	if ev.accounts[address] != nil {
		return
	}
	account := &analyzer.Resource{
		Address: address, Definition: address, Module: p.sc.addr, Mode: analyzer.Account, Type: p.name,
		Provider: analyzer.Provider{Source: providerSource, Config: address, Region: p.region()},
		Action:   analyzer.NoOp,
	}
	inst := &instance{sc: p.sc, res: &resource{block: p.place(), typ: p.name}, addr: address, attrs: p.attrs, placed: p.where, done: true}
	if inst.placed == nil {
		inst.placed = &placed{body: inst.res.body, def: inst.res.def}
	}
	f := flattener{r: account, inst: inst}
	values := cty.ObjectVal(f.object(p.attrs))
	account.Build = func() cty.Value { return values }
	sortHidden(account.Hidden)
	account.Source = &source{inst: inst, secrets: account.Sensitive}
	ev.accounts[address] = account
}

// place returns where a provider configuration is shown: at its block, else at
// required_providers, else at the root's first file.
func (p *providerConfig) place() *block {
	if p.block != nil {
		return p.block
	}
	for _, f := range p.sc.mod.files {
		blocks, _ := f.topBlocks()
		for _, b := range blocks {
			if b.Type == "terraform" {
				return &block{body: &body{}, def: b.DefRange, whole: b.DefRange}
			}
		}
	}
	at := hcl.Range{Start: hcl.InitialPos, End: hcl.InitialPos}
	if len(p.sc.mod.files) > 0 {
		at.Filename = p.sc.mod.files[0].name
	}
	return &block{body: &body{}, def: at, whole: at}
}
