// Package pieces finds templates that the HCL parser would take too long to parse.
// It parses nothing itself.
//
// The lexer makes a piece of each line of a heredoc, and of each sequence and each
// escaped dollar or percent sign of any template. The parser joins literal pieces
// one by one, and moves all following pieces each time: its cost grows with the
// square of their number. A heredoc of 300,000 lines takes half a minute.
package pieces

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// The limits of the parser's work on templates, in bytes moved; the parser moves
// some ten bytes in a nanosecond. One limit is for the file, the other for each byte
// of it. A script of 3,000 lines with a sequence in each is within the limits.
const (
	freeWork    = 256 << 20
	workPerByte = 32 << 10
)

// few is a number of pieces within the limits of any file.
const few = 2800

// Few reports whether a source has so few lines, sequences and escapes that its
// templates need no check. Lines are pieces of heredocs and of templates in separate
// files.
func Few(src []byte, file bool) bool {
	n := bytes.Count(src, []byte("$")) + bytes.Count(src, []byte("%"))
	if file || bytes.Contains(src, []byte("<<")) {
		n += bytes.Count(src, []byte("\n"))
	}
	return n < few
}

// A frame is a template whose end has not been reached.
type frame struct {
	template bool // false: a sequence within a template
	start    int  // byte offset
	at       hcl.Range
	pieces   int
}

// A Cost is the parser's cost of a source's templates.
type Cost struct {
	Work   float64 // bytes moved
	At     hcl.Range
	Pieces int // pieces of the costliest template, which is at At
}

// TooMuch reports whether the cost exceeds the limit for a source of the size.
func (c Cost) TooMuch(size int) bool { return c.Work > freeWork+workPerByte*float64(size) }

// CostOf returns the cost of a source of the given size.
func CostOf(tokens hclsyntax.Tokens, size int) Cost {
	var cost Cost
	most := 0.0
	open := []frame{{template: true}} // the source as a template of its own
	closed := func(end int) {
		f := open[len(open)-1]
		open = open[:len(open)-1]
		if !f.template {
			return
		}
		w := work(f.pieces, end-f.start)
		cost.Work += w
		if w > most {
			most, cost.At, cost.Pieces = w, f.at, f.pieces
		}
	}
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit:
			open[len(open)-1].pieces++
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			open = append(open, frame{true, t.Range.Start.Byte, t.Range, 0})
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			open[len(open)-1].pieces++
			open = append(open, frame{false, t.Range.Start.Byte, t.Range, 0})
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if len(open) > 1 {
				closed(t.Range.End.Byte)
			}
		}
	}
	for len(open) > 0 {
		closed(size)
	}
	return cost
}

// work returns the cost of a template, in bytes moved: for each piece the 16 bytes
// of each following piece, and half of the text on average.
func work(pieces, size int) float64 {
	n := float64(pieces)
	return 8*n*n + n*float64(size)/2
}
