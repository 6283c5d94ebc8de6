package tfconfig

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Edits makes the assignments if they affect nothing else: it replaces a literal, or
// adds a missing attribute or block to a block that is written once. If a variable
// or a dynamic block decides, there is no safe edit.
func (s *source) Edits(assigns []analyzer.Assign) []analyzer.Edit {
	var edits []analyzer.Edit
	var missing []*missingBlock
	for _, a := range assigns {
		e, m, ok := s.edit(a)
		if !ok {
			return nil
		}
		if m == nil {
			edits = append(edits, e)
			continue
		}
		if missing, ok = addMissing(missing, m); !ok {
			return nil
		}
	}
	for _, m := range missing {
		edits = append(edits, m.edit())
	}
	return edits
}

// A missingBlock is a block to add, with the lines of its innermost body.
type missingBlock struct {
	in    *placed
	path  analyzer.Path // block types, from the outermost missing block
	lines []string
}

// addMissing combines lines of one block. Blocks that share only their outermost
// part are not combined: then there is no edit.
func addMissing(list []*missingBlock, m *missingBlock) ([]*missingBlock, bool) {
	for _, known := range list {
		if known.in != m.in || known.path[0] != m.path[0] {
			continue
		}
		known.lines = append(known.lines, m.lines...)
		return list, known.path.String() == m.path.String()
	}
	return append(list, m), true
}

func (s *source) edit(assign analyzer.Assign) (analyzer.Edit, *missingBlock, bool) {
	p := s.inst.placed
	for i, name := range assign.Path {
		last := i == len(assign.Path)-1
		if p.body == nil || p.body.native == nil {
			return analyzer.Edit{}, nil, false
		}
		if last {
			e, ok := p.assign(name, assign.Value)
			return e, nil, ok
		}
		blocks := p.blocks[name]
		switch {
		case len(blocks) == 0 && len(p.body.blocksOf("dynamic")) == 0:
			inner := len(assign.Path) - 1
			line := assign.Path[inner] + " = " + literalText(assign.Value)
			return analyzer.Edit{}, &missingBlock{p, assign.Path[i:inner], []string{line}}, true
		case len(blocks) != 1 || blocks[0].iter != s.inst.iter:
			return analyzer.Edit{}, nil, false
		}
		p = blocks[0]
	}
	return analyzer.Edit{}, nil, false
}

func (p *placed) assign(name string, v cty.Value) (analyzer.Edit, bool) {
	a := p.body.attr(name)
	if a == nil {
		return p.insert(name + " = " + literalText(v)), true
	}
	if !isLiteralExpr(a.expr) {
		return analyzer.Edit{}, false
	}
	return analyzer.Edit{Range: a.expr.Range(), Text: literalText(v)}, true
}

// isLiteralExpr: a value that is written out at this place.
func isLiteralExpr(expr hcl.Expression) bool {
	if _, ok := literal(expr); ok {
		return true
	}
	tuple, ok := expr.(*hclsyntax.TupleConsExpr)
	return ok && len(tuple.Exprs) == 0
}

func (m *missingBlock) edit() analyzer.Edit {
	text := strings.Join(m.lines, "\n")
	for i := len(m.path) - 1; i >= 0; i-- {
		text = m.path[i] + " {\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n}"
	}
	return m.in.insert("\n" + text)
}

// insert adds lines before the closing brace of the body.
func (p *placed) insert(text string) analyzer.Edit {
	body := p.body.native
	brace := hcl.Range{Filename: body.SrcRange.Filename, Start: body.SrcRange.End, End: body.SrcRange.End}
	brace.Start.Byte--
	brace.Start.Column--
	brace.End = brace.Start
	outer := strings.Repeat(" ", max(p.def.Start.Column-1, 0))
	inner := outer + "  "
	text = inner + strings.ReplaceAll(text, "\n", "\n"+inner)
	text = strings.ReplaceAll(text, "\n"+inner+"\n", "\n\n")
	text = strings.TrimPrefix(text, inner+"\n")
	if body.SrcRange.Start.Line == body.SrcRange.End.Line {
		return analyzer.Edit{Range: brace, Text: "\n" + text + "\n" + outer}
	}
	brace.Start.Byte -= brace.Start.Column - 1
	brace.Start.Column = 1
	brace.End = brace.Start
	return analyzer.Edit{Range: brace, Text: text + "\n"}
}

// literalText writes a plain value. Package hclwrite would do it too, with
// initialization that every process would pay for.
func literalText(v cty.Value) string {
	switch v.Type() {
	case cty.Bool:
		return strconv.FormatBool(v.True())
	case cty.Number:
		return v.AsBigFloat().Text('f', -1)
	}
	return quoteKey(v.AsString())
}
