package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	goversion "github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// configName is the name of the configuration file.
const configName = ".demarc.hcl"

// A config is the content of a configuration file. The zero config is an empty file.
type config struct {
	file         string // its name in the repository; empty: none
	failOn       string
	exclude      []string // globs, relative to the repository
	severities   map[string]analyzer.Severity
	disabled     map[string]bool // by id
	suppressions []*analyzer.Suppression
	facts        []analyzer.Fact
	environments []tfconfig.Environment
	attestations []*judge.Attestation
	teams        []judge.Team
}

// findConfig returns the name of the nearest configuration file in the directory or
// above it, up to the top; empty: none. It also finds an unreadable file: the
// settings of a repository are not skipped.
func findConfig(repo fs.FS, dir, top string) string {
	for ; ; dir = path.Dir(dir) {
		name := path.Join(dir, configName)
		if _, err := fs.Stat(repo, name); !errors.Is(err, fs.ErrNotExist) {
			return name
		}
		if dir == top || dir == "." {
			return ""
		}
	}
}

// A configReader turns the text of a configuration file into a config. It
// collects every mistake, each with its position.
type configReader struct {
	shown string // the file's name in messages
	base  string // the directory of the repository to which its paths are relative
	above string // the name of the repository's own directory; empty or ".": names are relative to it
	table table
	facts []analyzer.FactDef

	cfg  *config
	errs []error

	inEnvironments map[*hclsyntax.Block][]string // the environments to which blocks are restricted
	patterns       int                           // with wildcards
}

// The limits of entries that are tried on each resource, file or root. Suppressions
// by resource address, which a program may write, are looked up.
const (
	mostBlocks         = 1000 // of one kind
	mostConfigPatterns = 1000
)

// read reads the file. Its paths are relative to the base directory.
func (r *configReader) read(src []byte, name string) (*config, error) {
	r.inEnvironments = map[*hclsyntax.Block][]string{}
	r.cfg = &config{file: name, severities: map[string]analyzer.Severity{}, disabled: map[string]bool{}}
	if err := r.plain(src, name); err != nil {
		return nil, err
	}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		for _, d := range diags {
			r.errorf(*d.Subject, "%s", strings.ToLower(d.Summary[:1])+d.Summary[1:])
		}
		return nil, errors.Join(r.errs...)
	}
	body := file.Body.(*hclsyntax.Body)
	r.requireVersion(body)
	if len(r.errs) == 0 {
		r.top(body)
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return r.cfg, nil
}

// plain refuses expressions, deep nesting and long texts, which a configuration file
// does not need, before the parser sees them: its recursion has no bound of its own,
// and the file may come from a stranger.
func (r *configReader) plain(src []byte, name string) error {
	const deepest, mostLines, longest = 16, 1000, 4096
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	depth, lines, size := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit:
			lines, size = lines+1, size+len(t.Bytes)
		case hclsyntax.TokenIdent:
			lines, size = 0, len(t.Bytes)
		default:
			lines, size = 0, 0
		}
		switch {
		case lines > mostLines: // the parser takes time in the square of their number
			r.errorf(t.Range, "a text of more than %d lines or escapes", mostLines)
			return r.errs[0]
		case size > longest: // reports repeat it
			r.errorf(t.Range, "a text of more than %d bytes", longest)
			return r.errs[0]
		}
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack:
			depth--
		case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenEqual, hclsyntax.TokenComma,
			hclsyntax.TokenOQuote, hclsyntax.TokenCQuote, hclsyntax.TokenQuotedLit,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenCHeredoc, hclsyntax.TokenStringLit,
			hclsyntax.TokenNewline, hclsyntax.TokenComment, hclsyntax.TokenEOF:
		default:
			r.errorf(t.Range, "%q is not allowed here: this file holds plain values only", t.Bytes)
			return r.errs[0]
		}
		if depth > deepest {
			r.errorf(t.Range, "nested too deep")
			return r.errs[0]
		}
	}
	return nil
}

func (r *configReader) errorf(at hcl.Range, format string, args ...any) {
	r.errs = append(r.errs, usagef("%s:%d:%d: %s", r.shown, at.Start.Line, at.Start.Column, fmt.Sprintf(format, args...)))
}

// at adds a position to an error.
func (r *configReader) at(at hcl.Range, err error) { r.errorf(at, "%v", err) }

// requireVersion runs first: a file for a later release may have settings that this
// release does not know.
func (r *configReader) requireVersion(body *hclsyntax.Body) {
	attr := body.Attributes["required_version"]
	if attr == nil {
		return
	}
	var want string
	if !r.value(attr, &want) {
		return
	}
	constraint, err := goversion.NewConstraint(want)
	if err != nil {
		r.errorf(attr.Expr.Range(), "required_version %q is not a version constraint, like \">= 0.1\"", want)
		return
	}
	if !constraint.Check(goversion.Must(goversion.NewVersion(version))) {
		r.errorf(attr.Expr.Range(), "this configuration needs demarc %s; this is %s", want, version)
	}
}

// A setting is an attribute that a body may have, and the destination of its value.
type setting struct {
	name     string
	into     any // *string, *[]string, *map[string]string, *bool or *time.Time
	required bool
}

func (r *configReader) top(body *hclsyntax.Body) {
	var required string
	r.settings(body, "the file", []setting{
		{name: "required_version", into: &required},
		{name: "fail_on", into: &r.cfg.failOn},
		{name: "exclude", into: &r.cfg.exclude},
	})
	if attr := body.Attributes["fail_on"]; attr != nil && r.cfg.failOn != "" {
		if err := failOnChoice(&r.cfg.failOn).check(r.cfg.failOn); err != nil {
			r.at(attr.Expr.Range(), err)
		}
	}
	if r.patterns > mostConfigPatterns {
		r.errorf(body.Attributes["exclude"].NameRange, "more than %d patterns with wildcards", mostConfigPatterns)
		return
	}
	if attr := body.Attributes["exclude"]; attr != nil {
		for i, glob := range r.cfg.exclude {
			r.cfg.exclude[i] = r.within(attr.Expr.Range(), glob)
		}
	}
	count := map[string]int{}
	for _, block := range body.Blocks {
		if count[block.Type]++; block.Type != "suppress" && count[block.Type] > mostBlocks {
			r.errorf(block.TypeRange, "more than %d blocks of %s", mostBlocks, block.Type)
			return
		}
		if r.block(block); r.patterns > mostConfigPatterns {
			r.errorf(block.TypeRange, "more than %d patterns with wildcards", mostConfigPatterns)
			return
		}
	}
	r.checkEnvironments(body)
}

func (r *configReader) block(block *hclsyntax.Block) {
	kinds := []string{"check", "suppress", "fact", "environment", "attest", "owner"}
	switch block.Type {
	case "check":
		r.check(block)
	case "suppress":
		r.suppress(block)
	case "fact":
		r.fact(block)
	case "environment":
		r.environment(block)
	case "attest":
		r.attest(block)
	case "owner":
		r.owner(block)
	default:
		r.at(block.TypeRange, noSuch("block", block.Type, kinds))
		return
	}
	for _, inner := range block.Body.Blocks {
		r.errorf(inner.TypeRange, "%s has no blocks", block.Type)
	}
}

func (r *configReader) check(block *hclsyntax.Block) {
	name, ok := r.label(block, "a check's name")
	if !ok {
		return
	}
	enabled := true
	var severity, reason string
	r.settings(block.Body, "check", []setting{
		{name: "severity", into: &severity},
		{name: "enabled", into: &enabled},
		{name: "reason", into: &reason},
	})
	found, err := r.table.accept(name)
	if err != nil {
		r.at(block.LabelRanges[0], err)
		return
	}
	sev, ok := analyzer.ParseSeverity(severity)
	if severity != "" && !ok {
		r.at(block.Body.Attributes["severity"].Expr.Range(), choice{"severity", severities(), nil}.check(severity))
	}
	if !enabled && strings.TrimSpace(reason) == "" {
		r.errorf(block.TypeRange, "a check that is off needs a reason")
	}
	for _, c := range found {
		if _, again := r.cfg.severities[c.ID]; again || r.cfg.disabled[c.ID] {
			r.errorf(block.TypeRange, "check %s is set twice", c.ID)
		}
		if severity != "" {
			r.cfg.severities[c.ID] = sev
		}
		if !enabled {
			r.cfg.disabled[c.ID] = true
		}
	}
}

func (r *configReader) suppress(block *hclsyntax.Block) {
	if len(block.Labels) == 0 {
		r.errorf(block.TypeRange, "suppress needs the name of a check: suppress \"aws-...\" {")
		return
	}
	s := &analyzer.Suppression{
		Checks: block.Labels, Dialect: analyzer.DialectConfig,
		Range: hcl.RangeBetween(block.TypeRange, block.CloseBraceRange),
	}
	r.settings(block.Body, "suppress", []setting{
		{name: "resources", into: &s.Address, required: true},
		{name: "reason", into: &s.Reason, required: true},
		{name: "owner", into: &s.Owner},
		{name: "environments", into: &s.Environments},
		{name: "until", into: &s.Until},
	})
	for i, address := range s.Address {
		s.Address[i] = literalKeys(address)
	}
	for i, name := range block.Labels {
		if _, err := r.table.accept(name); err != nil {
			r.at(block.LabelRanges[i], err)
		}
	}
	r.inEnvironments[block] = s.Environments
	r.cfg.suppressions = append(r.cfg.suppressions, s)
}

// literalKeys keeps the brackets of an address from being read as a glob.
func literalKeys(address string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(address)
}

func (r *configReader) fact(block *hclsyntax.Block) {
	id, ok := r.label(block, "a fact's name")
	if !ok {
		return
	}
	at := block.LabelRanges[0]
	f := analyzer.Fact{ID: id, Range: fmt.Sprintf("%s:%d", r.cfg.file, block.TypeRange.Start.Line)}
	r.settings(block.Body, "fact", []setting{
		{name: "evidence", into: &f.Evidence, required: true},
		{name: "roots", into: &f.Roots},
		{name: "regions", into: &f.Regions},
		{name: "environments", into: &f.Environments},
	})
	var ids []string
	for _, def := range r.facts {
		ids = append(ids, def.ID)
	}
	if !slices.Contains(ids, id) {
		r.at(at, noSuch("fact", id, ids))
	}
	for i, glob := range f.Roots {
		f.Roots[i] = r.within(at, glob)
	}
	r.inEnvironments[block] = f.Environments
	r.cfg.facts = append(r.cfg.facts, f)
}

// environment reads the values with which roots are evaluated. Its files are
// relative to each root.
func (r *configReader) environment(block *hclsyntax.Block) {
	name, ok := r.label(block, "a name")
	if !ok {
		return
	}
	if strings.TrimSpace(name) == "" || strings.Contains(name, ",") {
		r.errorf(block.LabelRanges[0], "%q is not a name for an environment: it is empty, or has a comma", name)
	}
	if slices.Contains(r.cfg.environmentNames(), name) {
		r.errorf(block.TypeRange, "environment %s is described twice", name)
	}
	e := tfconfig.Environment{Name: name}
	r.settings(block.Body, "environment", []setting{
		{name: "roots", into: &e.Roots},
		{name: "var_files", into: &e.VarFiles},
		{name: "workspace", into: &e.Workspace},
	})
	for i, glob := range e.Roots {
		e.Roots[i] = r.within(block.Body.Attributes["roots"].Expr.Range(), glob)
	}
	for _, file := range e.VarFiles {
		r.valuesFile(block.Body.Attributes["var_files"].Expr.Range(), file, e.Roots)
	}
	r.cfg.environments = append(r.cfg.environments, e)
}

// valuesFile refuses a file that no root can have. The loader reports it for a root
// of unknown depth.
func (r *configReader) valuesFile(at hcl.Range, file string, roots []string) {
	if drive := len(file) > 1 && file[1] == ':'; drive || path.IsAbs(file) || strings.TrimSpace(file) == "" {
		r.errorf(at, "%q is not relative to a root", file)
	}
	for _, glob := range roots {
		if !strings.Contains(glob, "**") && outside(path.Join(glob, file)) {
			r.errorf(at, "%q leads out of the repository from %s", file, glob)
		}
	}
}

// environmentNames returns the environments that the file describes, in its order.
func (c *config) environmentNames() []string {
	var names []string
	for _, e := range c.environments {
		names = append(names, e.Name)
	}
	return names
}

// checkEnvironments checks the environment names in other blocks against those that
// the file describes, which may follow later.
func (r *configReader) checkEnvironments(body *hclsyntax.Body) {
	known := r.cfg.environmentNames()
	for _, block := range body.Blocks {
		for _, name := range r.inEnvironments[block] {
			if !slices.Contains(known, name) {
				r.at(block.Body.Attributes["environments"].Expr.Range(), noSuch("environment", name, known))
			}
		}
	}
}

func (r *configReader) label(block *hclsyntax.Block, what string) (string, bool) {
	if len(block.Labels) != 1 {
		r.errorf(block.TypeRange, "%s needs %s: %s \"...\" {", block.Type, what, block.Type)
		return "", false
	}
	return block.Labels[0], true
}

// within converts a glob of the file to one of the repository.
func (r *configReader) within(at hcl.Range, glob string) string {
	joined := path.Join(r.base, glob)
	if outside(joined) {
		r.errorf(at, "%q leads out of the repository", glob)
	}
	if !doublestar.ValidatePattern(joined) {
		r.errorf(at, "%q is not a glob", glob)
	}
	return path.Join(literal(r.above), joined)
}

// outside reports whether a path from the repository's root leads out of it.
func outside(joined string) bool { return joined == ".." || strings.HasPrefix(joined, "../") }

// settings reads the attributes of a body.
func (r *configReader) settings(body *hclsyntax.Body, where string, settings []setting) {
	var names []string
	for _, s := range settings {
		names = append(names, s.name)
		attr := body.Attributes[s.name]
		switch {
		case attr != nil && r.value(attr, s.into) && s.required && empty(s.into):
			r.errorf(attr.Expr.Range(), "%s is empty", s.name)
		case attr == nil && s.required:
			r.errorf(body.MissingItemRange(), "%s needs %s", where, s.name)
		}
	}
	for _, attr := range attributesInOrder(body) {
		if !slices.Contains(names, attr.Name) {
			r.at(attr.NameRange, noSuch("setting", attr.Name, names))
		}
	}
}

// value reads a plain value of the destination's type.
func (r *configReader) value(attr *hclsyntax.Attribute, into any) bool {
	val, diags := attr.Expr.Value(nil)
	ok := !diags.HasErrors() && val.IsWhollyKnown() && !val.IsNull()
	var want string
	switch into := into.(type) {
	case *string:
		want = "a quoted string"
		if ok = ok && val.Type() == cty.String; ok {
			*into = val.AsString()
		}
	case *bool:
		want = "true or false"
		if ok = ok && val.Type() == cty.Bool; ok {
			*into = val.True()
		}
	case *map[string]string:
		want = "a map of strings"
		if ok = ok && (val.Type().IsObjectType() || val.Type().IsMapType()); ok {
			*into, ok = textsByName(val)
			for _, text := range *into {
				r.pattern(text)
			}
		}
	case *[]string:
		want = "a list of strings"
		if ok = ok && val.Type().IsTupleType(); ok {
			*into, ok = texts(val)
			for _, text := range *into {
				r.pattern(text)
			}
		}
	case *time.Time:
		want = "a date like \"2027-01-31\""
		if ok = ok && val.Type() == cty.String; ok {
			day, err := time.Parse(time.DateOnly, val.AsString())
			*into, ok = day, err == nil
		}
	}
	if !ok {
		r.errorf(attr.Expr.Range(), "%s needs %s", attr.Name, want)
	}
	return ok
}

// pattern counts a text with wildcards.
func (r *configReader) pattern(text string) {
	if strings.ContainsAny(text, "*?[{") {
		r.patterns++
	}
}

// empty reports whether a required value is missing.
func empty(into any) bool {
	switch into := into.(type) {
	case *string:
		return strings.TrimSpace(*into) == ""
	case *[]string:
		return len(*into) == 0
	}
	return false
}

// attributesInOrder lists the attributes of a body in written order.
func attributesInOrder(body *hclsyntax.Body) []*hclsyntax.Attribute {
	return slices.SortedFunc(maps.Values(body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte
	})
}

func textsByName(object cty.Value) (map[string]string, bool) {
	all := map[string]string{}
	for it := object.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if e.IsNull() || e.Type() != cty.String {
			return nil, false
		}
		all[k.AsString()] = e.AsString()
	}
	return all, true
}

func texts(list cty.Value) ([]string, bool) {
	var all []string
	for it := list.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() || e.Type() != cty.String {
			return nil, false
		}
		all = append(all, e.AsString())
	}
	return all, true
}
