package tfconfig

import (
	"fmt"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A jsonExpr is an expression of the JSON syntax. The library parses its texts
// each time that it evaluates them, and evaluates what it has parsed by itself;
// here they become native expressions once, so that whatever is true of those is
// true of these: what they cost, the marks that they carry, what they refer to.
// It is shared between roots.
//
// Without a context its texts are what they are, as in the default of a variable.
type jsonExpr struct {
	hcl.Expression // the library's

	taken    sync.Once
	elements []hcl.Expression   // of a list; nil: it is none
	items    []hcl.KeyValuePair // of an object; nil: it is none

	made   sync.Once
	native hclsyntax.Expression
	diags  hcl.Diagnostics
}

// UnwrapExpression gives static analysis the library's expression.
func (e *jsonExpr) UnwrapExpression() hcl.Expression { return e.Expression }

// ExprList are the elements of a list, the same each time.
func (e *jsonExpr) ExprList() []hcl.Expression {
	e.take()
	return e.elements
}

// ExprMap are the items of an object, the same each time.
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

// Value is that of the native expression; without a context, what is written.
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

// toNative is the native expression that means the same.
func (e *jsonExpr) toNative() (hclsyntax.Expression, hcl.Diagnostics) {
	e.made.Do(func() {
		e.native, e.diags = e.translate()
		if !e.diags.HasErrors() {
			e.native = rewriteExpr(e.native)
		}
	})
	return e.native, e.diags
}

// translate makes one that is not rewritten yet.
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
	// The positions are near: what the escapes of JSON stood for is gone.
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
