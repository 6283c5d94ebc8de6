package tfconfig

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// An input is a value for a root's variable, with its source.
type input struct {
	expr hcl.Expression // from a file
	text string         // from the command line or the environment
	plan cty.Value      // from a plan; NilVal: not from one
	rng  hcl.Range      // zero: not from a file
	name string         // prod.tfvars, --var, TF_VAR_encrypt
	mask bool           // never shown
}

// value returns the input's value. As in Terraform, text is an expression unless the
// variable's type is string.
func (in input) value(decl *block) cty.Value {
	v := in.read(decl)
	if _, why := funcs.Oversize(v); why != "" {
		return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseBudget, Name: "gave up: a value is too large", Range: in.rng})
	}
	return v
}

func (in input) read(decl *block) cty.Value {
	if in.plan != cty.NilVal {
		return in.plan
	}
	if in.expr != nil {
		v, diags := in.expr.Value(nil)
		if diags.HasErrors() {
			return cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseError, Name: "an expression in error", Range: in.rng})
		}
		return v
	}
	if decl != nil && isLiteralType(decl) {
		return cty.StringVal(in.text)
	}
	expr, diags := hclsyntax.ParseExpression([]byte(in.text), in.name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.StringVal(in.text)
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.StringVal(in.text)
	}
	return v
}

// isLiteralType reports whether text for the variable is literal: the type is
// primitive, or not declared.
func isLiteralType(decl *block) bool {
	a := decl.body.attr("type")
	if a == nil {
		return true
	}
	t, _, diags := typeexpr.TypeConstraintWithDefaults(a.expr)
	return !diags.HasErrors() && t.IsPrimitiveType()
}

// typeOf returns the declared type with the defaults of its optional attributes.
func (sc *scope) typeOf(decl *block) (cty.Type, *typeexpr.Defaults) {
	a := decl.body.attr("type")
	if a == nil {
		return cty.DynamicPseudoType, nil
	}
	switch constant(a.expr) { // quoted, as in Terraform 0.11
	case "string":
		return cty.String, nil
	case "list":
		return cty.List(cty.DynamicPseudoType), nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil
	}
	t, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.expr)
	if diags.HasErrors() {
		return cty.DynamicPseudoType, nil
	}
	return t, defaults
}

// rootInputs collects the values of a root's variables, in Terraform's order of
// precedence: TF_VAR_, terraform.tfvars, *.auto.tfvars, the files of the
// environment, command line.
func (l *loader) rootInputs(r rootDir) (map[string]input, hcl.Diagnostics) {
	inputs := map[string]input{}
	for key, value := range l.opt.Environ {
		if name, ok := strings.CutPrefix(key, "TF_VAR_"); ok {
			inputs[name] = input{text: value, name: key, mask: true}
		}
	}
	var diags hcl.Diagnostics
	for _, name := range autoFiles(l.opt.FS, r.dir) {
		diags = append(diags, l.addFile(inputs, name)...)
	}
	if r.environment != nil {
		for _, name := range r.environment.VarFiles {
			diags = append(diags, l.addFile(inputs, path.Join(r.dir, name))...)
		}
	}
	for _, in := range l.opt.Inputs {
		if in.File != "" {
			diags = append(diags, l.addFile(inputs, in.File)...)
			continue
		}
		inputs[in.Name] = input{text: in.Value, name: "--var " + in.Name, mask: true}
	}
	l.planInputs(r.dir, inputs)
	return inputs, diags
}

// autoFiles returns the variable files that Terraform loads by itself.
func autoFiles(fsys fs.FS, dir string) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var first, auto []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "terraform.tfvars" || name == "terraform.tfvars.json":
			first = append(first, path.Join(dir, name))
		case strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json"):
			auto = append(auto, path.Join(dir, name))
		}
	}
	sort.Strings(first) // .json after the other
	sort.Strings(auto)
	return append(first, auto...)
}

func (l *loader) addFile(inputs map[string]input, name string) hcl.Diagnostics {
	l.countFile(name) // an unreadable file is reported when the files are counted
	f := l.file(name)
	diags := f.diags
	if f.body == nil {
		return diags
	}
	attrs, more := f.body.JustAttributes()
	for n, a := range attrs {
		inputs[n] = input{expr: a.Expr, rng: a.Range, name: path.Base(name)}
	}
	return append(diags, more...)
}
