package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// An unknownCall is a call of a function that demarc does not know: a provider's
// function, or a function of a later language version. Its value is unknown and not
// in error, or try would treat it as a failing call.
type unknownCall struct{ *hclsyntax.FunctionCallExpr }

// Value derives from every argument.
func (e *unknownCall) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	name, at := e.Name+"()", e.Range()
	v := cty.DynamicVal.Mark(analyzer.Cause{Kind: analyzer.CauseFunction, Name: name, Range: at})
	for _, arg := range e.Args {
		given, diags := arg.Value(ctx)
		if diags.HasErrors() {
			return cty.DynamicVal.WithSameMarks(given), diags
		}
		_, marks := given.UnmarkDeep()
		v = v.WithMarks(surrounded(marks))
	}
	if ev := evaluatorOf(ctx); ev != nil {
		ev.note("function", name, at, "not known to demarc")
	}
	return v, nil
}
