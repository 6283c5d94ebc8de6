package tfconfig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer/tfconfig/internal/pieces"
)

// The limits of parsing. Beyond the first limit the library's parsers overflow the
// stack, which cannot be recovered. Each word, sign and line becomes a token, and
// most tokens a part of the syntax tree, of 400 bytes together at worst; a file of
// two million is 10 MB and more. The parser makes a new text for each part of a
// function's name.
const (
	deepestInput = 500
	mostWords    = 2_000_000
	mostParts    = 1000
	longestName  = 1000 // bytes of an identifier or a label, which stand in addresses
)

// The limits of one load. No known Terraform repository comes near them; a larger
// repository is scanned in parts. The limits bound memory: a file of a resource
// takes some 10 KB until the report is written, a root 40 KB more, a word of source
// up to 400 bytes while it is parsed and 160 from then on. They are counts, and the
// same everywhere; a shortage of memory on the machine is handled when it occurs:
// see the command's memory.go.
const (
	mostEntries  = 2_000_000 // files and directories of any kind: see steps
	mostFiles    = 50_000
	mostRoots    = 10_000 // counted in each of their environments
	mostBytes    = 256 << 20
	mostAllWords = 8_000_000
	mostMoving   = 32 << 30 // bytes that the parser copies for long templates
)

// A tooMuchError names the limit that the input exceeds.
type tooMuchError string

func (e tooMuchError) Error() string {
	return "more than " + string(e) + ": scan fewer directories at a time, or exclude some"
}

func tooMuch(format string, args ...any) error { return tooMuchError(fmt.Sprintf(format, args...)) }

// readAll reads files on every core before any is parsed: whether their total
// exceeds a limit does not depend on the order.
func (l *loader) readAll(ctx context.Context, names []string) error {
	if len(names) > mostFiles {
		return tooMuch("%d files of configuration", mostFiles)
	}
	var size, words, moving atomic.Int64
	parallel(ctx, len(names), func(i int) {
		if size.Load() > mostBytes {
			return // the limit is exceeded
		}
		f := l.text(names[i])
		size.Add(int64(f.size))
		words.Add(int64(f.words))
		moving.Add(int64(f.moving))
	})
	switch {
	case size.Load() > mostBytes:
		return tooMuch("%d MiB of configuration", mostBytes>>20)
	case words.Load() > mostAllWords:
		return tooMuch("%d tokens of configuration", mostAllWords)
	case moving.Load() > mostMoving:
		return tooMuch("%d GiB of text to move, to put long texts together", mostMoving>>30)
	}
	return nil
}

// moving returns the parser's cost of a source's long templates.
func moving(src []byte) float64 {
	if pieces.Few(src, false) {
		return 0
	}
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	cost := pieces.CostOf(tokens, len(src))
	if cost.TooMuch(len(src)) {
		return 0 // the file is refused
	}
	return cost.Work
}

// refused returns why a file is not parsed; nil: it is parsed.
func refused(src []byte, name string) *hcl.Diagnostic {
	if len(src) > mostWords && countWords(src, strings.HasSuffix(name, ".json")) > mostWords {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Too large", Subject: fileRange(name).Ptr(),
			Detail: fmt.Sprintf("demarc reads at most %d tokens of a file.", mostWords),
		}
	}
	if strings.HasSuffix(name, ".json") {
		return refusedJSON(src, name)
	}
	deep, long, named := rawDepth(src) > deepestInput, !pieces.Few(src, false), bytes.Count(src, []byte("::")) > mostParts
	if !deep && !long && !named && !longExponent(src) && !longRun(src, '\n') {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	if at, is := wideNumberIn(tokens); is {
		return tooWideNumber(at)
	}
	return refusedTokens(tokens, len(src), deep)
}

// refusedTokens returns why tokens are not parsed. Their depth is computed only if
// it can matter.
func refusedTokens(tokens hclsyntax.Tokens, size int, mayBeDeep bool) *hcl.Diagnostic {
	if deep, at := tokenDepth(tokens); mayBeDeep && deep {
		return tooDeep(at)
	}
	if cost := pieces.CostOf(tokens, size); cost.TooMuch(size) {
		return tooManyPieces(cost)
	}
	if at, is := manyParts(tokens); is {
		return tooDeep(at)
	}
	if at, is := longName(tokens); is {
		return tooLongName(at)
	}
	return nil
}

// longRun reports whether more than longestName bytes stand between two of the
// separators.
func longRun(src []byte, separator byte) bool {
	for len(src) > longestName {
		next := bytes.LastIndexByte(src[:longestName+1], separator)
		if next < 0 {
			return true
		}
		src = src[next+1:]
	}
	return false
}

// longName finds an identifier or a label that is too long. A label is a quoted text
// after an identifier or another label.
func longName(tokens hclsyntax.Tokens) (hcl.Range, bool) {
	label, named := 0, false // bytes of the label so far; whether the next text may be a label
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenIdent:
			label, named = len(t.Bytes), true
		case hclsyntax.TokenOQuote:
			label = 0
		case hclsyntax.TokenQuotedLit:
			label += len(t.Bytes)
		case hclsyntax.TokenCQuote:
		default:
			named = false
		}
		if named && label > longestName {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}

func tooLongName(at hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Name too long", Subject: &at,
		Detail: fmt.Sprintf("demarc reads names of at most %d bytes.", longestName),
	}
}

// manyParts finds a function name that has too many parts.
func manyParts(tokens hclsyntax.Tokens) (hcl.Range, bool) {
	parts := 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenDoubleColon:
			if parts++; parts > mostParts {
				return t.Range, true
			}
		case hclsyntax.TokenIdent:
		default:
			parts = 0
		}
	}
	return hcl.Range{}, false
}

func tooDeep(at hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Too deeply nested", Subject: &at,
		Detail: fmt.Sprintf("demarc reads at most %d levels of brackets or operators.", deepestInput),
	}
}

func tooManyPieces(cost pieces.Cost) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Text too long", Subject: &cost.At,
		Detail: fmt.Sprintf("It has %d lines, sequences and escapes, and the time to read it grows with the square of that number.", cost.Pieces),
	}
}

// countWords returns an upper bound of the number of tokens of a source: its words,
// signs and lines. A quoted text counts as one token if texts are only values, as in
// JSON and in long tables.
func countWords(src []byte, isJSON bool) int {
	end := plainEnd
	if isJSON {
		end = endOfString
	}
	plain := isJSON || utf8.Valid(src) && !slices.ContainsFunc([]string{"$", "%", "<<", "/*"}, func(s string) bool { return bytes.Contains(src, []byte(s)) })
	const outside, number, name = 0, 1, 2
	n, within := 0, outside
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '"':
			n, within = n+2, outside // only white space may be in between
			if plain {
				if to := end(src, i); to > i {
					n, i = n+1, to-1
				}
			}
		case c == ' ' || c == '\t' || c == '\r':
			within = outside
		case '0' <= c && c <= '9':
			if within == outside {
				n, within = n+1, number
			}
		case c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			if within != name {
				n, within = n+1, name
			}
		default:
			n, within = n+1, outside
		}
	}
	return n
}

// plainEnd returns the end of a text that begins at i and has no escapes; i
// otherwise.
func plainEnd(src []byte, i int) int {
	n := bytes.IndexFunc(src[i+1:], func(r rune) bool { return r == '"' || r == '\\' || r < ' ' })
	if n < 0 || src[i+1+n] != '"' {
		return i
	}
	return i + 1 + n + 1
}

// mostOperators bounds the depth that an expression has without brackets: a chain of
// operators, conditionals or splats is a tree as deep as the chain is long.
const mostOperators = 5000

// rawDepth returns an upper bound of the nesting: all openers without their closers,
// and the operators and directives of one line or one bracket.
func rawDepth(src []byte) int {
	depth, deepest, chain, inner := 0, 0, 0, 0
	for i, c := range src {
		switch c {
		case '(', '[':
			inner++
			depth++
		case '{':
			depth++
			if i > 0 && src[i-1] == '%' {
				chain++
			}
		case ')', ']':
			inner--
			depth--
		case '}':
			depth--
		case '!', '-', '?', '+', '*', '/', '|', '&', '<', '>':
			chain++
		case '\n':
			if inner <= 0 {
				chain = 0
			}
		}
		deepest = max(deepest, depth, chain*deepestInput/mostOperators)
		if c == '!' || c == '-' {
			deepest = max(deepest, run(src[:i+1]))
		}
	}
	return deepest
}

// run counts the unary operators that end the text, up to the limit.
func run(src []byte) int {
	n := 0
	for i := len(src) - 1; i >= 0 && n <= deepestInput; i-- {
		switch src[i] {
		case '!', '-':
			n++
		case ' ', '\t':
		default:
			return n
		}
	}
	return n
}

func tokenDepth(tokens hclsyntax.Tokens) (bool, hcl.Range) {
	depth, run, chain, inner := 0, 0, 0, 0
	for _, t := range tokens {
		unary := false
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack:
			depth, inner = depth+1, inner+1
		case hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenTemplateControl:
			depth, chain = depth+1, chain+1
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack:
			depth, inner = depth-1, inner-1
		case hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenBang, hclsyntax.TokenMinus:
			run, chain, unary = run+1, chain+1, true
		case hclsyntax.TokenQuestion, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
			hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenLessThan, hclsyntax.TokenGreaterThan,
			hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual:
			chain++
		case hclsyntax.TokenNewline:
			if inner <= 0 {
				chain = 0
			}
		}
		if !unary {
			run = 0
		}
		if depth > deepestInput || run > deepestInput || chain > mostOperators {
			return true, t.Range
		}
	}
	return false, hcl.Range{}
}

// refusedJSON checks the brackets outside of texts, and each text, which is a
// template when it is evaluated.
func refusedJSON(src []byte, name string) *hcl.Diagnostic {
	signs := bytes.Count(src, []byte(`\n`)) + bytes.Count(src, []byte("$")) + bytes.Count(src, []byte("%")) + bytes.Count(src, []byte("::"))
	if rawDepth(src) <= deepestInput && signs <= deepestInput && !bytes.Contains(src, []byte(`\u`)) && !mayBeWide(src) && !longRun(src, '"') {
		return nil
	}
	depth, line, lineStart := 0, 1, 0
	at := func(i int) hcl.Range {
		pos := hcl.Pos{Line: line, Column: i - lineStart + 1, Byte: i}
		return hcl.Range{Filename: name, Start: pos, End: pos}
	}
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			end := endOfString(src, i)
			if d := refusedText(src[i:end], at(i)); d != nil {
				return d
			}
			if end-i > longestName && bytes.HasPrefix(bytes.TrimLeft(src[end:], " \t\r\n"), []byte(":")) {
				return tooLongName(at(i))
			}
			i = end - 1
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '\n':
			line, lineStart = line+1, i+1
		}
		if depth > deepestInput {
			return tooDeep(at(i))
		}
	}
	return nil
}

// mayBeWide reports whether a text of JSON, or a file of them, has a long exponent,
// or something like one, where a template may be.
func mayBeWide(src []byte) bool {
	return bytes.IndexByte(src, '{') >= 0 && longExponent(src)
}

// longExponent reports whether a source has a number with an exponent of four digits
// or more, or a text that looks like one: such numbers are written out in names and
// texts, and 1e99999999 has a hundred million digits.
func longExponent(src []byte) bool {
	for i := 1; i < len(src); i++ {
		if src[i]|' ' != 'e' || !isDigit(src[i-1]) {
			continue
		}
		digits := src[i+1:]
		if len(digits) > 0 && (digits[0] == '+' || digits[0] == '-') {
			digits = digits[1:]
		}
		if len(digits) >= 4 && isDigit(digits[0]) && isDigit(digits[1]) && isDigit(digits[2]) && isDigit(digits[3]) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// wideNumberIn finds a number with a long exponent.
func wideNumberIn(tokens hclsyntax.Tokens) (hcl.Range, bool) {
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenNumberLit && longExponent(t.Bytes) {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}

func tooWideNumber(at hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Number too large", Subject: &at,
		Detail: "demarc reads exponents of three digits.",
	}
}

// endOfString returns the end of a JSON text that begins at i, as the library sees
// it: at its quote, at a control character, or at the end.
func endOfString(src []byte, i int) int {
	for i++; i < len(src); i++ {
		switch c := src[i]; {
		case c == '\\':
			i++
		case c == '"':
			return i + 1
		case c < ' ':
			return i
		}
	}
	return len(src)
}

// refusedText returns why a text of JSON is not passed to the template parser.
func refusedText(quoted []byte, at hcl.Range) *hcl.Diagnostic {
	wide := mayBeWide(quoted)
	if len(quoted) <= deepestInput && !wide {
		return nil
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return nil // the library reports the error
	}
	src := []byte(text)
	deep, long, named := rawDepth(src) > deepestInput, !pieces.Few(src, true), bytes.Count(src, []byte("::")) > mostParts
	if !deep && !long && !named && !wide && !(longRun(src, ' ') && bytes.IndexByte(src, '{') >= 0) {
		return nil
	}
	tokens, _ := hclsyntax.LexTemplate(src, at.Filename, hcl.InitialPos)
	d := refusedTokens(tokens, len(src), deep)
	if _, wide := wideNumberIn(tokens); d == nil && wide {
		d = tooWideNumber(at)
	}
	if d != nil {
		d.Subject = &at
	}
	return d
}
