package tfconfig

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// addMove reads a moved block. A block that does not name addresses is ignored.
// https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
func (m *module) addMove(b *body) {
	from, to := addressOf(b.attr("from")), addressOf(b.attr("to"))
	if from != "" && to != "" {
		m.moves = append(m.moves, analyzer.Move{From: from, To: to})
	}
}

// addRemoved reads a removed block. A resource that the block does not destroy may
// continue without Terraform: by default OpenTofu forgets it, and Terraform destroys
// it. https://developer.hashicorp.com/terraform/language/block/removed
// https://opentofu.org/docs/language/resources/syntax/#removing-resources
func (m *module) addRemoved(b *body) {
	from := addressOf(b.attr("from"))
	if from == "" {
		return
	}
	for _, lifecycle := range b.blocksOf("lifecycle") {
		if a := lifecycle.body.attr("destroy"); a != nil && isTrue(a.expr) {
			return
		}
	}
	m.forgotten = append(m.forgotten, from)
}

// isTrue reports whether an expression is the constant.
func isTrue(expr hcl.Expression) bool {
	v, diags := expr.Value(nil)
	return !diags.HasErrors() && v.IsWhollyKnown() && !v.IsNull() && v.Type() == cty.Bool && v.True()
}

// forgotten returns what the removed blocks of a module drop without destroying, in
// all instances of the module.
func (sc *scope) forgotten() []string {
	names := make([]string, len(sc.mod.forgotten))
	for i, name := range sc.mod.forgotten {
		names[i] = sc.definition(name)
	}
	return names
}

// addressOf returns the address that an argument names, as Terraform writes it;
// empty if it names none. In JSON the address is a text.
func addressOf(a *attribute) string {
	if a == nil {
		return ""
	}
	traversal, diags := hcl.AbsTraversalForExpr(a.expr)
	if diags.HasErrors() {
		return ""
	}
	var b strings.Builder
	for _, step := range traversal {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			key, ok := instanceKey(s)
			if !ok {
				return ""
			}
			b.WriteString("[" + key + "]")
		default:
			return ""
		}
	}
	return b.String()
}

func instanceKey(s hcl.TraverseIndex) (string, bool) {
	if s.Key.Type() == cty.Number {
		n, ok := asInt(s.Key)
		return strconv.Itoa(n), ok
	}
	text, ok := knownString(s.Key)
	return quoteKey(text), ok
}

// moved returns the moves that the modules of a root declare, with whole addresses.
func (sc *scope) moved() []analyzer.Move {
	moves := make([]analyzer.Move, len(sc.mod.moves))
	for i, m := range sc.mod.moves {
		moves[i] = analyzer.Move{From: sc.address(m.From), To: sc.address(m.To)}
	}
	return moves
}
