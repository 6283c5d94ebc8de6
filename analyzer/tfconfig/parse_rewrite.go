package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/jsontext"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// The library's expressions lose what demarc must keep: a conditional gives its
// result the marks of the branch that was not taken, "!" and "-" drop the marks of
// an unknown, a "for" cannot be stopped, and a template of a policy with unknown
// parts is one unknown string. And they need every variable in advance. After
// parsing, those nodes are replaced by the nodes below and by reference, which embed
// them.

// rewrite replaces the expressions of a body, in place and once per parse.
func rewrite(b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		a.Expr = rewriteExpr(a.Expr)
	}
	for _, block := range b.Blocks {
		rewrite(block.Body)
	}
}

func rewriteExpr(expr hclsyntax.Expression) hclsyntax.Expression { return new(rewriter).expr(expr) }

// A rewriter counts the nodes that it has met.
type rewriter struct{ nodes int }

func (r *rewriter) all(exprs []hclsyntax.Expression) {
	for i, e := range exprs {
		exprs[i] = r.expr(e)
	}
}

// part rewrites an expression that its parent takes a part of.
func (r *rewriter) part(expr hclsyntax.Expression) hclsyntax.Expression {
	before := r.nodes
	expr = r.expr(expr)
	if n := r.nodes - before; n > heavy {
		return &weighty{&hclsyntax.ParenthesesExpr{Expression: expr, SrcRange: expr.Range()}, n}
	}
	return expr
}

func (r *rewriter) expr(expr hclsyntax.Expression) hclsyntax.Expression {
	r.nodes++
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		if _, why := funcs.Oversize(e.Val); why != "" {
			return &tooWide{e}
		}
	case *hclsyntax.ConditionalExpr:
		e.Condition, e.TrueResult, e.FalseResult = r.part(e.Condition), r.part(e.TrueResult), r.part(e.FalseResult)
		return &conditional{e}
	case *hclsyntax.UnaryOpExpr:
		e.Val = r.expr(e.Val)
		if e.Op.Type == cty.Number {
			e.Val = operandOf(e.Val)
		}
		return &unary{e}
	case *hclsyntax.ForExpr:
		return r.loop(e)
	case *hclsyntax.TemplateExpr:
		if _, plain := literal(e); plain {
			return e
		}
		r.all(e.Parts)
		return &template{e}
	case *hclsyntax.ScopeTraversalExpr:
		return &reference{e, privateName(e.Traversal)}
	case *hclsyntax.TemplateWrapExpr:
		e.Wrapped = r.expr(e.Wrapped)
	case *hclsyntax.TemplateJoinExpr:
		e.Tuple = r.expr(e.Tuple)
	case *hclsyntax.FunctionCallExpr:
		r.all(e.Args)
		if !funcs.Known(e.Name) {
			return &unknownCall{e}
		}
	case *hclsyntax.BinaryOpExpr:
		e.LHS, e.RHS = r.expr(e.LHS), r.expr(e.RHS)
		if e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual {
			return &equality{e}
		}
		if e.Op.Type == cty.Number {
			e.LHS, e.RHS = operandOf(e.LHS), operandOf(e.RHS)
			return &arithmetic{e}
		}
	case *hclsyntax.ParenthesesExpr:
		e.Expression = r.expr(e.Expression)
	case *hclsyntax.IndexExpr:
		e.Collection, e.Key = r.part(e.Collection), r.part(e.Key)
	case *hclsyntax.RelativeTraversalExpr:
		e.Source = r.part(e.Source)
	case *hclsyntax.SplatExpr:
		e.Source = r.expr(e.Source)
		before := r.nodes
		e.Each = r.expr(e.Each)
		return &splat{e, loopCost + r.nodes - before}
	case *hclsyntax.TupleConsExpr:
		r.all(e.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for i := range e.Items {
			e.Items[i].KeyExpr = r.expr(e.Items[i].KeyExpr)
			e.Items[i].ValueExpr = r.expr(e.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if _, isName := e.Wrapped.(*hclsyntax.ScopeTraversalExpr); isName && !e.ForceNonLiteral {
			return e // a word, or an error that the library recognizes by its type
		}
		e.Wrapped = r.expr(e.Wrapped)
	}
	return expr
}

func (r *rewriter) loop(e *hclsyntax.ForExpr) *loop {
	e.CollExpr = r.expr(e.CollExpr)
	before := r.nodes
	e.ValExpr = r.expr(e.ValExpr)
	if e.KeyExpr != nil {
		e.KeyExpr = r.expr(e.KeyExpr)
	}
	if e.CondExpr != nil {
		e.CondExpr = r.expr(e.CondExpr)
	}
	return &loop{e, loopCost + r.nodes - before}
}

// --- conditional

type conditional struct{ *hclsyntax.ConditionalExpr }

// Value gives the result of a known condition only the marks of the branch taken.
func (e *conditional) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	cond, diags := e.Condition.Value(ctx)
	cond, condMarks := cond.Unmark()
	if diags.HasErrors() {
		return cty.DynamicVal.WithMarks(condMarks), diags
	}
	givenYes, yesDiags := e.TrueResult.Value(ctx)
	givenNo, noDiags := e.FalseResult.Value(ctx)
	if ev := evaluatorOf(ctx); ev != nil && !ev.budget.Spend(unifyPrice(givenYes, givenNo)) {
		return ev.usedUp(e.Range()).WithMarks(condMarks), diags
	}
	yes, no, ok := unify(givenYes, givenNo)
	if !ok {
		return e.refused(ctx, cond, givenYes, givenNo)
	}
	if cond.IsKnown() {
		b, err := convert.Convert(cond, cty.Bool)
		if err != nil || b.IsNull() {
			return e.refused(ctx, cond, yes, no)
		}
		if b.True() {
			return yes.WithMarks(sensitivity(condMarks)), append(diags, yesDiags...)
		}
		return no.WithMarks(sensitivity(condMarks)), append(diags, noDiags...)
	}
	_, yesMarks := yes.Unmark()
	_, noMarks := no.Unmark()
	return either(yes, no).WithMarks(deciders(condMarks), yesMarks, noMarks), diags
}

// refused returns the library's error, in the library's words.
func (e *conditional) refused(ctx *hcl.EvalContext, cond, yes, no cty.Value) (cty.Value, hcl.Diagnostics) {
	lib := *e.ConditionalExpr
	lib.Condition = given(cond, e.Condition)
	lib.TrueResult, lib.FalseResult = given(yes, e.TrueResult), given(no, e.FalseResult)
	return lib.Value(ctx)
}

// given stands for an expression whose value is known already. If a node evaluated
// its operands twice, nesting would double the work each time.
func given(v cty.Value, expr hclsyntax.Expression) hclsyntax.Expression {
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: expr.Range()}
}

// A decider marks a value whose choice among candidates depends on the cause.
type decider struct{ analyzer.Cause }

// deciders returns the marks of a condition as its result carries them.
func deciders(marks cty.ValueMarks) cty.ValueMarks {
	kept := sensitivity(marks)
	for m := range marks {
		switch m := m.(type) {
		case decider:
			kept[m] = struct{}{}
		case analyzer.Cause:
			kept[decider{m}] = struct{}{}
		case origin:
			kept[decider{analyzer.Cause{Kind: analyzer.CauseApply, Name: m.to + "." + m.attr}}] = struct{}{}
		}
	}
	return kept
}

// Taken returns the branch that a known condition takes; nil if it is unknown. It
// evaluates the condition again, which costs a step.
func (e *conditional) Taken(ctx *hcl.EvalContext) hcl.Expression {
	if ev := evaluatorOf(ctx); ev != nil && !ev.budget.Spend(evalCost) {
		return nil
	}
	cond, diags := e.Condition.Value(ctx)
	cond, _ = cond.Unmark()
	if diags.HasErrors() || !cond.IsKnown() || cond.IsNull() {
		return nil
	}
	switch b, err := convert.Convert(cond, cty.Bool); {
	case err != nil:
		return nil
	case b.True():
		return e.TrueResult
	}
	return e.FalseResult
}

// unifyPrice returns the cost of converting two results to one type.
func unifyPrice(yes, no cty.Value) int {
	if yes.Type().Equals(no.Type()) {
		return evalCost
	}
	return evalCost + writeCost + funcs.Price(yes) + funcs.Price(no)
}

// unify converts both results to one type, as the library does.
func unify(yes, no cty.Value) (cty.Value, cty.Value, bool) {
	null := cty.NullVal(cty.DynamicPseudoType)
	y, _ := yes.Unmark()
	n, _ := no.Unmark()
	switch {
	case y.RawEquals(null):
		return cty.NullVal(no.Type()).WithSameMarks(yes), no, true
	case n.RawEquals(null):
		return yes, cty.NullVal(yes.Type()).WithSameMarks(no), true
	case yes.Type() == cty.DynamicPseudoType || no.Type() == cty.DynamicPseudoType:
		return yes, no, true
	}
	return funcs.Unify(yes, no)
}

// either returns the facts that hold for both of two possible values.
func either(yes, no cty.Value) cty.Value {
	yes, _ = yes.Unmark()
	no, _ = no.Unmark()
	t := yes.Type()
	switch {
	case !t.Equals(no.Type()):
		return cty.DynamicVal
	case yes.IsWhollyKnown() && yes.RawEquals(no):
		return yes
	case t == cty.DynamicPseudoType:
		return cty.DynamicVal
	}
	refine := cty.UnknownVal(t).Refine()
	a, b := yes.Range(), no.Range()
	if !a.DefinitelyNotNull() || !b.DefinitelyNotNull() {
		return refine.NewValue()
	}
	refine = refine.NotNull()
	switch {
	case t.IsCollectionType():
		refine = refine.CollectionLengthLowerBound(min(a.LengthLowerBound(), b.LengthLowerBound())).
			CollectionLengthUpperBound(max(a.LengthUpperBound(), b.LengthUpperBound()))
	case t == cty.Number:
		refine = between(refine, a, b)
	case t == cty.String:
		if prefix := common(beginning(yes), beginning(no)); prefix != "" {
			refine = refine.StringPrefixFull(prefix)
		}
	}
	return refine.NewValue()
}

// between returns the bounds of a number that is one of two.
func between(refine *cty.RefinementBuilder, a, b cty.ValueRange) *cty.RefinementBuilder {
	low, lowIn := a.NumberLowerBound()
	if l, in := b.NumberLowerBound(); !l.IsKnown() || low.IsKnown() && l.LessThan(low).True() {
		low, lowIn = l, in
	}
	if low.IsKnown() {
		refine = refine.NumberRangeLowerBound(low, lowIn)
	}
	high, highIn := a.NumberUpperBound()
	if h, in := b.NumberUpperBound(); !h.IsKnown() || high.IsKnown() && h.GreaterThan(high).True() {
		high, highIn = h, in
	}
	if high.IsKnown() {
		refine = refine.NumberRangeUpperBound(high, highIn)
	}
	return refine
}

// common returns the common beginning of two texts.
func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return strings.ToValidUTF8(a[:n], "") // the cut may be within a character
}

// sensitivity keeps the marks of a secret: unlike an origin, the marks of a secret
// spread from a condition to the result.
func sensitivity(marks cty.ValueMarks) cty.ValueMarks {
	if kept := funcs.Secret(marks); kept != nil {
		return kept
	}
	return cty.ValueMarks{}
}

// --- unary

type unary struct{ *hclsyntax.UnaryOpExpr }

// Value keeps the marks of an unknown operand.
func (e *unary) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	operand, diags := e.Val.Value(ctx)
	if diags.HasErrors() {
		return cty.UnknownVal(e.Op.Type).WithSameMarks(operand), diags
	}
	lib := *e.UnaryOpExpr
	lib.Val = given(operand, e.Val)
	v, more := lib.Value(ctx)
	return v.WithSameMarks(operand), append(diags, more...)
}

// --- for

type loop struct {
	*hclsyntax.ForExpr
	turn int // the cost of an iteration
}

// Value charges the cost of each iteration; if the budget is exhausted, the result
// is unknown.
func (e *loop) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	ev := evaluatorOf(ctx)
	if ev != nil && ev.budget.Over() {
		return ev.usedUp(e.Range()), nil
	}
	coll, diags := e.CollExpr.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal.WithSameMarks(coll), diags
	}
	plain, marks := coll.Unmark()
	if ev != nil && plain.IsKnown() && !plain.IsNull() && plain.CanIterateElements() {
		if !ev.budget.Spend(e.turn * plain.LengthInt()) {
			return ev.usedUp(e.Range()).WithMarks(marks), nil
		}
	}
	lib := *e.ForExpr
	lib.CollExpr = given(coll, e.CollExpr)
	v, more := lib.Value(ctx)
	diags = append(diags, more...)
	if !v.IsKnown() && !v.IsMarked() {
		v = v.WithMarks(marks)
	}
	return v, diags
}

// --- splat

type splat struct {
	*hclsyntax.SplatExpr
	turn int // the cost of an iteration
}

// Value charges the cost of each iteration; if the budget is exhausted, the result
// is unknown.
func (e *splat) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	source, diags := e.Source.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal.WithSameMarks(source), diags
	}
	plain, marks := source.Unmark()
	if ev := evaluatorOf(ctx); ev != nil && plain.IsKnown() && !plain.IsNull() && isSequence(plain.Type()) {
		if !ev.budget.Spend(e.turn * plain.LengthInt()) {
			return ev.usedUp(e.Range()).WithMarks(marks), nil
		}
	}
	lib := *e.SplatExpr
	lib.Source = given(source, e.Source)
	v, more := lib.Value(ctx)
	return v, append(diags, more...)
}

func isSequence(t cty.Type) bool { return t.IsListType() || t.IsSetType() || t.IsTupleType() }

// --- nodes that an evaluation may skip

// heavy is the number of nodes from which an expression is charged for each
// evaluation. Its parent may take a small part of its value.
const heavy = 64

// A weighty expression has many nodes, and its parent takes a part of its value.
type weighty struct {
	*hclsyntax.ParenthesesExpr
	nodes int
}

// Value charges the cost of the nodes.
func (e *weighty) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if ev := evaluatorOf(ctx); ev != nil && !ev.budget.Spend(e.nodes) {
		return ev.usedUp(e.Range()), nil
	}
	return e.Expression.Value(ctx)
}

// --- numbers

// A tooWide number takes long to write out: 1e99999999 has a hundred million digits.
type tooWide struct{ *hclsyntax.LiteralValueExpr }

func (e *tooWide) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return wideNumber(ctx, e.Range()), nil
}

// arithmetic may make a number that is wider than any written number.
type arithmetic struct{ *hclsyntax.BinaryOpExpr }

func (e *arithmetic) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.BinaryOpExpr.Value(ctx)
	plain, marks := v.Unmark()
	if _, why := funcs.Oversize(plain); why != "" {
		return wideNumber(ctx, e.Range()).WithMarks(marks), diags
	}
	return v, diags
}

// An operand of arithmetic is a number, or a text that is converted to a number. It
// is a node with a child, because code that walks expressions must visit the child.
type operand struct{ *hclsyntax.ParenthesesExpr }

func operandOf(e hclsyntax.Expression) *operand {
	return &operand{&hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}}
}

func (e *operand) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.Expression.Value(ctx)
	plain, marks := v.Unmark()
	if plain.Type() == cty.String && plain.IsKnown() && !plain.IsNull() && jsontext.Refused(strings.TrimLeft(plain.AsString(), "+-")) {
		return wideNumber(ctx, e.Range()).WithMarks(marks), diags
	}
	return v, diags
}

func wideNumber(ctx *hcl.EvalContext, at hcl.Range) cty.Value {
	if ev := evaluatorOf(ctx); ev != nil {
		return ev.gaveUp("a number", at)
	}
	return cty.UnknownVal(cty.Number)
}

// --- templates

type template struct{ *hclsyntax.TemplateExpr }

// longestText is the maximum length of a template's result: a chain of locals, each
// with two copies of the one before, would fill the memory.
const longestText = 4 << 20

const (
	textAUnit = 8   // bytes of assembled text for one unit
	partCost  = 3   // a part of a template
	writeCost = 100 // a number, written
)

// Value renders as the library does, with a limit, and keeps the structure of a
// JSON document whose text is unknown.
func (e *template) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	parts := make([]cty.Value, len(e.Parts))
	var marks []cty.ValueMarks
	size, work, known := 0, 0, true
	for i, part := range e.Parts {
		v, diags := part.Value(ctx)
		plain, partMarks := v.Unmark()
		if diags.HasErrors() {
			return cty.UnknownVal(cty.String).WithMarks(append(marks, partMarks)...), diags
		}
		work += partCost
		if plain.IsKnown() {
			if plain.Type() == cty.Number {
				work += writeCost
			}
			if _, why := funcs.Oversize(plain); why != "" {
				return wideNumber(ctx, part.Range()).WithMarks(append(marks, partMarks)...), nil
			}
			text, err := convert.Convert(plain, cty.String)
			if err != nil || text.IsNull() {
				return e.TemplateExpr.Value(ctx) // for the diagnostics of the template
			}
			plain = text
			size += len(text.AsString())
		}
		known = known && plain.IsKnown()
		parts[i] = plain.WithMarks(partMarks)
		if len(partMarks) > 0 {
			marks = append(marks, partMarks)
		}
	}
	if size > longestText {
		return e.tooLong(ctx).WithMarks(marks...), nil
	}
	if ev := evaluatorOf(ctx); ev != nil && !ev.budget.Spend(work+size/textAUnit) {
		return ev.usedUp(e.Range()).WithMarks(marks...), nil
	}
	for i := range marks {
		marks[i] = surrounded(marks[i])
	}
	return e.join(ctx, parts, known).WithMarks(marks...), nil
}

// surrounded returns the marks of a part as the whole text carries them.
func surrounded(marks cty.ValueMarks) cty.ValueMarks {
	kept := make(cty.ValueMarks, len(marks))
	for m := range marks {
		if o, ok := m.(origin); ok {
			o.part = true
			m = o
		}
		kept[m] = struct{}{}
	}
	return kept
}

func (e *template) tooLong(ctx *hcl.EvalContext) cty.Value {
	if ev := evaluatorOf(ctx); ev != nil {
		return ev.gaveUp("a text", e.Range())
	}
	return cty.UnknownVal(cty.String)
}

// join concatenates the parts. It keeps the known beginning of an unknown text.
func (e *template) join(ctx *hcl.EvalContext, parts []cty.Value, known bool) cty.Value {
	var b strings.Builder
	for _, v := range parts {
		plain, _ := v.Unmark()
		if !plain.IsKnown() {
			b.WriteString(beginning(plain))
			break
		}
		b.WriteString(plain.AsString())
	}
	if known {
		return cty.StringVal(b.String())
	}
	prefix := b.String()
	if len(prefix) > 128 { // the cut may be within a character
		prefix = strings.ToValidUTF8(prefix[:128], "")
	}
	if ev := evaluatorOf(ctx); ev != nil && e.opensJSON() {
		if doc, ok := document(parts); ok {
			return ev.documentOf(doc, prefix)
		}
	}
	unknown := cty.UnknownVal(cty.String).Refine().NotNull()
	if prefix != "" {
		unknown = unknown.StringPrefixFull(prefix)
	}
	return unknown.NewValue()
}

// beginning returns the known beginning of a text; for a document, see
// evaluator.text.
func beginning(v cty.Value) string {
	if v.Type() != cty.String || strings.HasPrefix(v.Range().StringPrefix(), documentOpen) {
		return ""
	}
	return v.Range().StringPrefix()
}

func (e *template) opensJSON() bool {
	first, ok := e.Parts[0].(*hclsyntax.LiteralValueExpr)
	if !ok || first.Val.Type() != cty.String {
		return false
	}
	return startsJSON(first.Val.AsString())
}

// document parses the text with placeholders in place of unknown parts.
func document(parts []cty.Value) (cty.Value, bool) {
	var b jsonBuilder
	var secret cty.ValueMarks
	for _, v := range parts {
		if found := secretIn(v); found != nil {
			secret = joinMarks(secret, found)
		}
		if !b.add(v) {
			return cty.NilVal, false
		}
	}
	doc, ok := b.parse()
	return doc.WithMarks(secret), ok
}

// siteOf finds the site in which a context evaluates; nil: the context has no site.
func siteOf(ctx *hcl.EvalContext) *site {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[siteKey]; ok {
			return v.EncapsulatedValue().(*site)
		}
	}
	return nil
}

func evaluatorOf(ctx *hcl.EvalContext) *evaluator {
	if p := siteOf(ctx); p != nil {
		return p.sc.ev
	}
	return nil
}
