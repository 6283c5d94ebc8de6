package funcs

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/demarc/demarc/analyzer/tfconfig/internal/pieces"
)

// A template is a parsed template. Its error is kept too.
type template struct {
	expr hclsyntax.Expression
	size int // length of its text
	err  error
}

// parsesAByte is the cost of parsing a byte of a template.
const parsesAByte = 3

func templatefileFunc(e *env) function.Function {
	name, vars := anyParam("path"), anyParam("vars")
	name.Type, name.AllowNull, vars.AllowNull = cty.String, false, false
	return function.New(&function.Spec{
		Params: []function.Parameter{name, vars},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			name, marks := args[0].Unmark()
			if !name.IsKnown() || !args[1].IsKnown() {
				return withMarksOf(cty.DynamicVal, args), nil
			}
			t, err := e.templateOf(name.AsString())
			if err != nil {
				return cty.NilVal, err
			}
			v, err := e.render(t, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			return withOwnMarksOf(v.WithMarks(marks), args[1:]), nil
		},
	})
}

// templatestringFunc takes its template from a reference, not a literal: it is for
// templates that come from elsewhere.
func templatestringFunc(e *env) function.Function {
	vars := anyParam("vars")
	vars.AllowNull = false
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "template", Type: customdecode.ExpressionClosureType}, vars},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			if !isReference(closure.Expression) {
				return cty.NilVal, function.NewArgErrorf(0, "must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax")
			}
			src, diags := closure.Value()
			if diags.HasErrors() {
				return cty.NilVal, function.NewArgErrorf(0, "invalid template expression: %w", diags)
			}
			src, marks := src.Unmark()
			switch {
			case !src.IsKnown() || !args[1].IsKnown():
				return withMarksOf(cty.UnknownVal(cty.String).RefineNotNull().WithMarks(marks), args[1:]), nil
			case src.IsNull():
				return cty.NilVal, function.NewArgErrorf(0, "template must not be null")
			case src.Type() != cty.String:
				return cty.NilVal, function.NewArgErrorf(0, "a string is required")
			}
			t := e.parse(src.AsString(), "template")
			if t.err != nil {
				return cty.NilVal, t.err
			}
			v, err := e.render(t, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			return withOwnMarksOf(v.WithMarks(marks), args[1:]), nil
		},
	})
}

// isReference reports whether an expression is a reference, with or without
// computed indexes.
func isReference(expr hcl.Expression) bool {
	switch x := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr, settler:
		return true
	case *hclsyntax.RelativeTraversalExpr:
		return isReference(x.Source)
	case *hclsyntax.IndexExpr:
		return isReference(x.Collection)
	}
	return false
}

// templateOf reads and parses a template file once.
func (e *env) templateOf(name string) (*template, error) {
	if t, ok := e.templates[name]; ok {
		return t, t.err
	}
	t := &template{}
	b, err := e.read(name)
	switch {
	case err != nil:
		t.err = err
	case !utf8.Valid(b):
		t.err = fmt.Errorf("contents of %q are not valid UTF-8", name)
	default:
		located, _ := e.locate(name) // the file was read
		t = e.parse(string(b), located)
	}
	if e.templates == nil {
		e.templates = make(map[string]*template)
	}
	e.templates[name] = t
	return t, t.err
}

func (e *env) parse(src, name string) *template {
	why := e.charge(parsesAByte * len(src))
	if why == "" {
		why = templateCost(src)
	}
	if why != "" {
		return &template{err: noAnswer{cause: gaveUp("template", why)}}
	}
	expr, diags := hclsyntax.ParseTemplate([]byte(src), name, hcl.InitialPos)
	if diags.HasErrors() {
		return &template{err: diagnostic(diags)}
	}
	return &template{expr: expr, size: len(src)}
}

// diagnostic returns the first of diags as the error of a function.
func diagnostic(diags hcl.Diagnostics) error {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if d.Subject != nil {
			return fmt.Errorf("%s: %s; %s", d.Subject, d.Summary, d.Detail)
		}
		return fmt.Errorf("%s; %s", d.Summary, d.Detail)
	}
	return errors.New("no error")
}

// shallow is the size of a template that is too small to nest deep enough to
// overflow the stack of the parser, which cannot be recovered from.
const shallow = 16 << 10

// templateCost returns why a template is not parsed, or "". The parser is recursive,
// and an expression is evaluated as deep as it was parsed, so tokens that open
// something, or continue a chain, count until their sequence ends.
func templateCost(src string) string {
	if len(src) <= shallow && pieces.Few([]byte(src), true) {
		return ""
	}
	if len(src) > maxTemplate {
		return "a template over 1 MiB"
	}
	tokens, _ := hclsyntax.LexTemplate([]byte(src), "", hcl.InitialPos)
	if cost := pieces.CostOf(tokens, len(src)); cost.TooMuch(len(src)) {
		return fmt.Sprintf("a template of %d lines, sequences and escapes", cost.Pieces)
	}
	open, chain, directives := 0, 0, 0
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			open++
			if t.Type == hclsyntax.TokenTemplateControl {
				directives += directive(tokens[i+1:])
			}
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenTemplateSeqEnd:
			open--
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash,
			hclsyntax.TokenPercent, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenQuestion, hclsyntax.TokenDot,
			hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenGreaterThan,
			hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThanEq:
			chain++
		case hclsyntax.TokenStringLit:
			if open == 0 {
				chain = 0
			}
		}
		if open > maxDepth || directives > maxDepth || chain > 20*maxDepth {
			return tooDeep
		}
	}
	return ""
}

// directive returns the change of depth by the control sequence that continues with
// these tokens: if and for open, endif and endfor close.
func directive(rest hclsyntax.Tokens) int {
	if len(rest) == 0 {
		return 0
	}
	switch string(rest[0].Bytes) {
	case "if", "for":
		return 1
	case "endif", "endfor":
		return -1
	}
	return 0
}

// render evaluates a template over an object or a map. The variables keep their
// marks, so a result is marked by what it uses; the sensitive mark of any of them
// covers it whole, as in Terraform.
func (e *env) render(t *template, vars cty.Value) (cty.Value, error) {
	vars, marks := vars.Unmark()
	if !vars.Type().IsObjectType() && !vars.Type().IsMapType() {
		return cty.NilVal, function.NewArgErrorf(1, "invalid vars value: must be a map")
	}
	ctx := (&hcl.EvalContext{Functions: e.table}).NewChild()
	ctx.Functions = notInTemplates()
	ctx.Variables = vars.AsValueMap()
	for name := range ctx.Variables {
		if !hclsyntax.ValidIdentifier(name) {
			return cty.NilVal, function.NewArgErrorf(1, "invalid template variable name %q: must start with a letter, followed by zero or more letters, digits, and underscores", name)
		}
	}
	if why := e.charge(t.size / bytesAUnit); why != "" {
		return cty.NilVal, noAnswer{cause: gaveUp("template", why)}
	}
	for _, ref := range t.expr.Variables() {
		if _, ok := ctx.Variables[ref.RootName()]; !ok {
			return cty.NilVal, function.NewArgErrorf(1, "vars map does not contain key %q, referenced at %s", ref.RootName(), ref[0].SourceRange())
		}
	}
	v, err := e.eval(t.expr, ctx, vars)
	if err != nil {
		return cty.NilVal, err
	}
	if !v.IsKnown() && len(v.Marks()) == 0 {
		v = withMarksOf(v, []cty.Value{vars}) // hcl's ! and - drop marks
	}
	return v.WithMarks(marks), nil
}

func (e *env) eval(expr hclsyntax.Expression, ctx *hcl.EvalContext, vars cty.Value) (cty.Value, error) {
	value := func(x hcl.Expression, c *hcl.EvalContext) (cty.Value, hcl.Diagnostics) { return x.Value(c) }
	if e.Eval != nil {
		value = e.Eval
	} else if loopCost(expr, vars) > maxLoops {
		return cty.NilVal, noAnswer{cause: gaveUp("template", "nested loops")}
	}
	v, diags := value(expr, ctx)
	if diags.HasErrors() {
		return cty.NilVal, diagnostic(diags)
	}
	return v, nil
}

// notInTemplates lists the functions that a template may not call.
func notInTemplates() map[string]function.Function {
	out := make(map[string]function.Function, 4)
	for _, name := range []string{"templatefile", "templatestring"} {
		vals := anyParam("args")
		f := function.New(&function.Spec{
			VarParam: &vals,
			Type: func([]cty.Value) (cty.Type, error) {
				return cty.NilType, fmt.Errorf("cannot recursively call %s from inside another template function", name)
			},
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
				return cty.NilVal, errors.New("cannot be called in a template")
			},
		})
		out[name], out["core::"+name] = f, f
	}
	return out
}

// loopCost estimates the steps of nested loops: the length of the longest
// collection that they could run over, to the power of their depth.
func loopCost(expr hclsyntax.Expression, vars cty.Value) int {
	w := &loops{}
	hclsyntax.Walk(expr, w)
	if w.deepest < 2 {
		return 0
	}
	longest := max(w.longest, 2)
	for _, v := range cty.DeepValues(vars) {
		if v.Type() != cty.String {
			longest = max(longest, size(v))
		}
	}
	cost := 1
	for range w.deepest {
		cost = times(cost, longest)
	}
	return cost
}

// loops finds the deepest nesting of loops and the collections that could make them
// long.
type loops struct {
	depth, deepest, longest int
}

func (w *loops) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch x := n.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
		w.depth++
		w.deepest = max(w.deepest, w.depth)
	case *hclsyntax.TupleConsExpr:
		w.longest = max(w.longest, len(x.Exprs))
	case *hclsyntax.ObjectConsExpr:
		w.longest = max(w.longest, len(x.Items))
	case *hclsyntax.FunctionCallExpr:
		switch x.Name {
		case "range", "setproduct", "split", "regexall", "core::range", "core::setproduct", "core::split", "core::regexall":
			w.longest = max(w.longest, 1024)
		}
	}
	return nil
}

func (w *loops) Exit(n hclsyntax.Node) hcl.Diagnostics {
	switch n.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
		w.depth--
	}
	return nil
}
