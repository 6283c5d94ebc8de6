package tfconfig

import (
	"fmt"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A jsonExpr is an expression of the JSON syntax. The library parses its texts on
// each evaluation, and evaluates the result by itself; here the texts become native
// expressions once, so that cost, marks and references work as in native
// expressions. It is shared between roots.
//
// Without a context its texts are literal, as in the default of a variable.
type jsonExpr struct {
	hcl.Expression // the library's expression

	taken    sync.Once
	elements []hcl.Expression   // of a list; nil: not a list
	items    []hcl.KeyValuePair // of an object; nil: not an object

	made   sync.Once
	native hclsyntax.Expression
	diags  hcl.Diagnostics
}

// UnwrapExpression returns the library's expression for static analysis.
func (e *jsonExpr) UnwrapExpression() hcl.Expression { return e.Expression }

// ExprList returns the elements of a list, the same each time.
func (e *jsonExpr) ExprList() []hcl.Expression {
	e.take()
	return e.elements
}

// ExprMap returns the items of an object, the same each time.
func (e *jsonExpr) ExprMap() []hcl.KeyValuePair {
	e.take()
	return e.items
}

func (e *jsonExpr) take() {
	e.taken.Do(func() {
		if elements, diags := hcl.ExprList(e.Expression); !diags.HasErrors() {
			e.elements = make([]hcl.Expression, len(elements))
			for i, element := range elements {
				e.elements[i] = &jsonExpr{Expression: element}
			}
		}
		if items, diags := hcl.ExprMap(e.Expression); !diags.HasErrors() {
			e.items = make([]hcl.KeyValuePair, len(items))
			for i, item := range items {
				e.items[i] = hcl.KeyValuePair{Key: &jsonExpr{Expression: item.Key}, Value: &jsonExpr{Expression: item.Value}}
			}
		}
	})
}

// Value returns the value of the native expression; without a context, the literal
// text.
func (e *jsonExpr) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if ctx == nil {
		return e.Expression.Value(nil)
	}
	native, diags := e.toNative()
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return native.Value(ctx)
}

// toNative returns the equivalent native expression.
func (e *jsonExpr) toNative() (hclsyntax.Expression, hcl.Diagnostics) {
	e.made.Do(func() {
		e.native, e.diags = e.translate()
		if !e.diags.HasErrors() {
			e.native = rewriteExpr(e.native)
		}
	})
	return e.native, e.diags
}

// translate makes a native expression that is not rewritten yet.
func (e *jsonExpr) translate() (hclsyntax.Expression, hcl.Diagnostics) {
	rng := e.Range()
	switch {
	case e.ExprList() != nil:
		list := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: e.StartRange()}
		var diags hcl.Diagnostics
		for _, element := range e.elements {
			native, more := element.(*jsonExpr).translate()
			list.Exprs, diags = append(list.Exprs, native), append(diags, more...)
		}
		return list, diags
	case e.ExprMap() != nil:
		return e.translateObject()
	}
	v, diags := e.Expression.Value(nil)
	text, isText := knownString(v)
	if diags.HasErrors() || !isText {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}, diags
	}
	// The positions are approximate: the escapes of JSON are already replaced.
	inside := hcl.Pos{Line: rng.Start.Line, Column: rng.Start.Column + 1, Byte: rng.Start.Byte + 1}
	native, diags := hclsyntax.ParseTemplate([]byte(text), rng.Filename, inside)
	if diags.HasErrors() {
		native = &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: rng}
	}
	return native, diags
}

// translateObject also refuses a key that is written twice, as the library does.
func (e *jsonExpr) translateObject() (hclsyntax.Expression, hcl.Diagnostics) {
	object := &hclsyntax.ObjectConsExpr{SrcRange: e.Range(), OpenRange: e.StartRange()}
	var diags hcl.Diagnostics
	seen := map[string]bool{}
	for _, item := range e.items {
		key, more := item.Key.(*jsonExpr).translate()
		diags = append(diags, more...)
		value, more := item.Value.(*jsonExpr).translate()
		diags = append(diags, more...)
		if text := constant(item.Key); text != "" {
			if seen[text] {
				diags = append(diags, &hcl.Diagnostic{
					Severity: hcl.DiagError, Summary: "Duplicate object attribute", Subject: item.Key.Range().Ptr(),
					Detail: fmt.Sprintf("The object has %q already.", text),
				})
			}
			seen[text] = true
		}
		object.Items = append(object.Items, hclsyntax.ObjectConsItem{
			KeyExpr: &hclsyntax.ObjectConsKeyExpr{Wrapped: key, ForceNonLiteral: true}, ValueExpr: value,
		})
	}
	return object, diags
}
