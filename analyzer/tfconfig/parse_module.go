package tfconfig

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// A module is the configuration of one directory, its files combined. It is
// immutable once made and shared between roots.
type module struct {
	dir       string
	files     []*file
	variables map[string]*block
	locals    map[string]*attribute
	outputs   map[string]*block
	resources []*resource // by type and name
	byName    map[string]*resource
	calls     []*block // module blocks, by name
	callNames map[string]*block
	providers []*block          // provider configurations
	sources   map[string]string // local provider name -> source, of required_providers
	moves     []analyzer.Move   // moved blocks, with addresses as written
	forgotten []string          // what removed blocks drop without destroying, as written
	state     bool              // has a backend or cloud block
	mayCall   bool              // functions
	lost      map[string]bool   // names of providers with a broken configuration
	diags     hcl.Diagnostics
}

// A resource is a resource or data block, not yet expanded.
type resource struct {
	*block
	data     bool
	typ      string
	name     string
	provider string // source: hashicorp/aws
	local    string // local name of the provider, with its alias: aws.west
	schema   *schema.Block
}

func (r *resource) key() string {
	if r.data {
		return "data." + r.typ + "." + r.name
	}
	return r.typ + "." + r.name
}

// build combines the files of a directory.
func build(dir string, files []*file) *module {
	m := &module{
		dir: dir, files: files,
		variables: map[string]*block{}, locals: map[string]*attribute{}, outputs: map[string]*block{},
		byName: map[string]*resource{}, callNames: map[string]*block{}, sources: map[string]string{},
		lost: map[string]bool{},
	}
	sort.SliceStable(files, func(i, j int) bool {
		a, b := isOverride(files[i].name), isOverride(files[j].name)
		if a != b {
			return b
		}
		return files[i].name < files[j].name
	})
	var later []*hcl.Block
	overrides := map[*hcl.Block]bool{}
	for _, f := range files {
		m.diags = append(m.diags, f.diags...)
		m.mayCall = m.mayCall || f.mayCall
		for _, name := range f.lost {
			m.lost[name] = true
		}
		blocks, diags := f.topBlocks()
		m.diags = append(m.diags, diags...)
		for _, b := range blocks {
			switch b.Type {
			case "resource", "data", "ephemeral", "provider":
				later = append(later, b)
				overrides[b] = isOverride(f.name)
			case "check":
				later = append(later, scopedData(b)...)
			default:
				m.add(b, isOverride(f.name))
			}
		}
	}
	// Blocks that belong to a provider come last: the sources are known by now.
	for _, b := range later {
		if b.Type == "provider" {
			m.add(b, overrides[b])
			continue
		}
		m.addResource(b, overrides[b])
	}
	sort.Slice(m.resources, func(i, j int) bool { return m.resources[i].key() < m.resources[j].key() })
	sort.Slice(m.calls, func(i, j int) bool { return m.calls[i].labels[0] < m.calls[j].labels[0] })
	return m
}

// scopedData returns the data sources that a check block reads for itself.
// https://developer.hashicorp.com/terraform/language/checks
func scopedData(check *hcl.Block) []*hcl.Block {
	content, _, _ := check.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "data", LabelNames: []string{"type", "name"}}}})
	if content == nil {
		return nil
	}
	return content.Blocks
}

// topBlocks returns the top-level blocks that demarc knows. Others are skipped: a newer
// Terraform may have more. A block with the wrong number of labels is a mistake.
func (f *file) topBlocks() ([]*hcl.Block, hcl.Diagnostics) {
	if f.body == nil {
		return nil, nil
	}
	if native, ok := f.body.(*hclsyntax.Body); ok {
		blocks := make([]*hcl.Block, 0, len(native.Blocks))
		var diags hcl.Diagnostics
		for _, b := range native.Blocks {
			switch want := labelsOf(b.Type); {
			case len(b.Labels) == want:
				blocks = append(blocks, b.AsHCLBlock())
			case want >= 0:
				diags = append(diags, mislabelled(b, want))
			}
		}
		return blocks, diags
	}
	content, _, diags := f.body.PartialContent(topSchema())
	if content == nil {
		return nil, diags
	}
	return content.Blocks, diags
}

func mislabelled(b *hclsyntax.Block, want int) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  fmt.Sprintf("This %s block is not read", b.Type),
		Detail:   fmt.Sprintf("It has %s where it must have %d.", labelCount(len(b.Labels)), want),
		Subject:  b.DefRange().Ptr(),
	}
}

func labelCount(n int) string {
	if n == 1 {
		return "1 label"
	}
	return fmt.Sprintf("%d labels", n)
}

// labelsOf returns the number of labels of a block type; -1: a type that demarc does
// not know.
func labelsOf(typ string) int {
	switch typ {
	case "resource", "data", "ephemeral":
		return 2
	case "variable", "output", "module", "provider", "check":
		return 1
	case "locals", "terraform", "moved", "removed":
		return 0
	}
	return -1
}

func topSchema() *hcl.BodySchema {
	return &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "resource", LabelNames: []string{"type", "name"}},
		{Type: "data", LabelNames: []string{"type", "name"}},
		{Type: "ephemeral", LabelNames: []string{"type", "name"}},
		{Type: "variable", LabelNames: []string{"name"}},
		{Type: "output", LabelNames: []string{"name"}},
		{Type: "module", LabelNames: []string{"name"}},
		{Type: "provider", LabelNames: []string{"name"}},
		{Type: "check", LabelNames: []string{"name"}},
		{Type: "locals"},
		{Type: "moved"},
		{Type: "removed"},
		{Type: "terraform"},
	}}
}

func (m *module) add(b *hcl.Block, override bool) {
	switch b.Type {
	case "variable":
		m.addNamed(m.variables, m.convert(b, variableShape()), override)
	case "output":
		m.addNamed(m.outputs, m.convert(b, looseShape()), override)
	case "locals":
		for _, a := range m.convert(b, looseShape()).body.attrs {
			m.locals[a.name] = &a
		}
	case "module":
		call := m.convert(b, looseShape())
		if m.addNamed(m.callNames, call, override) {
			m.calls = append(m.calls, call)
		}
	case "provider":
		m.addProvider(m.convert(b, providerShape(m.source(b.Labels[0], b.Labels[0]+"_"))), override)
	case "moved":
		m.addMove(m.convert(b, movedShape()).body)
	case "removed":
		m.addRemoved(m.convert(b, removedShape()).body)
	case "terraform":
		m.addTerraform(m.convert(b, terraformShape()))
	}
}

// addNamed adds a block under its name, or merges an override into it. It reports
// whether the block is new.
func (m *module) addNamed(blocks map[string]*block, b *block, override bool) bool {
	name := b.labels[0]
	known := blocks[name]
	switch {
	case known == nil:
		blocks[name] = b
		return true
	case override:
		known.body.merge(b.body)
	default:
		m.duplicate(b, known)
	}
	return false
}

func (m *module) duplicate(b, known *block) {
	m.diags = append(m.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  fmt.Sprintf("Duplicate %s %q", b.typ, strings.Join(b.labels, ".")),
		Detail:   fmt.Sprintf("It is declared already at %s:%d.", path.Base(known.def.Filename), known.def.Start.Line),
		Subject:  b.def.Ptr(),
	})
}

func (m *module) convert(b *hcl.Block, s shape) *block {
	converted := &block{typ: b.Type, labels: b.Labels, body: toBody(b.Body, s), def: b.DefRange, whole: b.DefRange}
	if native, ok := b.Body.(*hclsyntax.Body); ok {
		converted.def = hcl.RangeBetween(b.TypeRange, b.DefRange)
		converted.whole = hcl.RangeBetween(b.TypeRange, native.SrcRange)
	}
	return converted
}

func (m *module) addProvider(b *block, override bool) {
	if override {
		for _, known := range m.providers {
			if known.labels[0] == b.labels[0] && aliasOf(known) == aliasOf(b) {
				known.body.merge(b.body)
				return
			}
		}
	}
	m.providers = append(m.providers, b)
}

// aliasOf returns the alias of a provider configuration; empty: the default one.
func aliasOf(b *block) string {
	a := b.body.attr("alias")
	if a == nil {
		return ""
	}
	v, diags := a.expr.Value(nil)
	if s, ok := knownString(v); ok && !diags.HasErrors() {
		return s
	}
	return ""
}

func (m *module) addTerraform(b *block) {
	for _, nested := range b.body.blocks {
		switch nested.typ {
		case "backend", "cloud":
			m.state = true
		case "required_providers":
			for _, a := range nested.body.attrs {
				if source := providerSource(a.expr); source != "" {
					m.sources[a.name] = source
				}
			}
		}
	}
}

// providerSource reads an entry of required_providers: an object with a source. The
// host is omitted, because it is usually the registry's.
func providerSource(expr hcl.Expression) string {
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return ""
	}
	for _, pair := range pairs {
		if hcl.ExprAsKeyword(pair.Key) != "source" && constant(pair.Key) != "source" {
			continue
		}
		return withoutHost(constant(pair.Value))
	}
	return ""
}

func constant(expr hcl.Expression) string {
	v, diags := expr.Value(nil)
	s, ok := knownString(v)
	if !ok || diags.HasErrors() {
		return ""
	}
	return s
}

func withoutHost(source string) string {
	parts := strings.Split(strings.ToLower(source), "/")
	if len(parts) == 3 {
		parts = parts[1:]
	}
	if len(parts) == 1 && parts[0] != "" {
		return "hashicorp/" + parts[0]
	}
	return strings.Join(parts, "/")
}

func (m *module) addResource(b *hcl.Block, override bool) {
	if b.Type == "ephemeral" {
		return // never stored, so nothing is left to secure
	}
	r := &resource{data: b.Type == "data", typ: b.Labels[0], name: b.Labels[1]}
	r.local = m.localProvider(b)
	r.provider = m.source(r.local, r.typ)
	if r.data {
		r.schema = schema.DataSource(r.provider, r.typ)
	} else {
		r.schema = schema.Resource(r.provider, r.typ)
	}
	r.block = m.convert(b, resourceShape(r.schema))
	r.body.unescape()
	known := m.byName[r.key()]
	switch {
	case known == nil:
		m.byName[r.key()] = r
		m.resources = append(m.resources, r)
	case override:
		known.body.merge(r.body)
	default:
		m.duplicate(r.block, known.block)
	}
}

// localProvider returns the provider that the provider argument names, or the
// default for the type.
func (m *module) localProvider(b *hcl.Block) string {
	content, _, _ := b.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "provider"}}})
	if content != nil && content.Attributes["provider"] != nil {
		if ref := providerRef(content.Attributes["provider"].Expr); ref != "" {
			return ref
		}
	}
	prefix, _, _ := strings.Cut(b.Labels[0], "_")
	return prefix
}

// providerRef reads aws or aws.west, also quoted as in old code.
func providerRef(expr hcl.Expression) string {
	if s := constant(expr); s != "" {
		return s
	}
	traversal, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() {
		return ""
	}
	ref := traversal.RootName()
	if len(traversal) > 1 {
		if alias, ok := traversal[1].(hcl.TraverseAttr); ok {
			ref += "." + alias.Name
		}
	}
	return ref
}

// source returns the provider source for a local name.
func (m *module) source(local, typ string) string {
	name, _, _ := strings.Cut(local, ".")
	if source := m.sources[name]; source != "" {
		return source
	}
	if source := schema.ProviderOf(typ); source != "" && strings.HasPrefix(typ, name) {
		return source
	}
	return "hashicorp/" + name
}

func variableShape() shape {
	return shape{
		attrs:  []string{"type", "default", "description", "sensitive", "nullable", "ephemeral"},
		blocks: map[string]blockShape{"validation": {shape: looseShape}},
	}
}

func providerShape(source string) shape {
	s := schemaShape(schema.Provider(source))
	s.attrs = append(s.attrs, "alias", "version")
	return s
}

func removedShape() shape {
	return shape{loose: true, blocks: map[string]blockShape{"lifecycle": {shape: looseShape}}}
}

func movedShape() shape { return shape{attrs: []string{"from", "to"}} }

func terraformShape() shape {
	return shape{loose: true, blocks: map[string]blockShape{
		"required_providers": {shape: looseShape},
		"backend":            {labels: []string{"type"}, shape: looseShape},
		"cloud":              {shape: looseShape},
		"provider_meta":      {labels: []string{"name"}, shape: looseShape},
	}}
}

// callSource returns the source of a module call: a local path, or something that
// terraform init installs.
func callSource(call *block) string {
	if a := call.body.attr("source"); a != nil {
		return constant(a.expr)
	}
	return ""
}

func isLocal(source string) bool {
	return source == "." || source == ".." || strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}

// localDir returns the directory of a local source within the file system; false if
// it leads out of it.
func localDir(dir, source string) (string, bool) {
	to := path.Join(dir, source)
	return to, to != ".." && !strings.HasPrefix(to, "../") && !path.IsAbs(to)
}
