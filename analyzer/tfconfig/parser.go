package tfconfig

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"github.com/demarc/demarc/internal/regular"
)

// A Parser parses files and keeps them by name and content, so that an editor
// that scans on every change parses one file anew. The zero Parser is ready;
// it is safe for concurrent use.
type Parser struct {
	mu    sync.Mutex
	files map[string]*file
}

// A file is one parsed file. Its body is nil where it could not be read.
type file struct {
	name     string
	sum      [sha256.Size]byte
	src      []byte
	body     hcl.Body
	diags    hcl.Diagnostics
	unread   error    // it could not be read at all
	lost     []string // names of providers of which a configuration is broken
	comments commentsOnce
}

// The limits of what is parsed: larger or deeper input is refused, as the
// library's parsers overflow the stack, which cannot be recovered.
const (
	deepestInput = 500
)

// mostMistakes bounds the diagnostics of one file: of one that is no text there
// would be thousands, and the first few say so.
const mostMistakes = 10

// parse reads and parses one file of the file system.
func (p *Parser) parse(fsys fs.FS, name string) *file {
	src, err := regular.Read(fsys, name, regular.MostConfiguration)
	if err != nil {
		return &file{name: name, unread: err}
	}
	sum := sha256.Sum256(src)
	p.mu.Lock()
	known := p.files[name]
	p.mu.Unlock()
	if known != nil && known.sum == sum {
		return known
	}
	f := &file{name: name, sum: sum, src: src}
	f.parse()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		p.files = map[string]*file{}
	}
	p.files[name] = f
	return f
}

func (f *file) parse() {
	if deep, at := tooDeep(f.src, f.name); deep {
		f.diags = hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Too deeply nested",
			Detail:  fmt.Sprintf("demarc reads at most %d levels of brackets or operators.", deepestInput),
			Subject: &at,
		}}
		return
	}
	if strings.HasSuffix(f.name, ".json") {
		parsed, diags := json.Parse(f.src, f.name)
		f.diags = first(diags)
		if parsed != nil {
			f.body = parsed.Body
		}
		return
	}
	parsed, diags := hclsyntax.ParseConfig(f.src, f.name, hcl.InitialPos)
	f.diags = first(diags)
	if parsed == nil {
		return
	}
	f.body = parsed.Body
	if body, ok := parsed.Body.(*hclsyntax.Body); ok {
		if diags.HasErrors() {
			f.dropBroken(body)
		}
		rewrite(body)
	}
}

// broken reports whether some of the file is not known.
func (f *file) broken() bool { return f.unread != nil || f.diags.HasErrors() }

// dropBroken removes the resources and calls of a file with mistakes that do not
// parse by themselves: what is missing in them may stand behind a mistake. Of
// providers it keeps what there is, and their names. Not every mistake has a
// diagnostic: behind the first, the parser keeps quiet.
func (f *file) dropBroken(body *hclsyntax.Body) {
	body.Blocks = slices.DeleteFunc(body.Blocks, func(b *hclsyntax.Block) bool {
		switch b.Type {
		case "resource", "data", "module":
			return !f.parsesAlone(b)
		case "provider":
			if len(b.Labels) > 0 && !f.parsesAlone(b) {
				f.lost = append(f.lost, b.Labels[0])
			}
		}
		return false
	})
}

func (f *file) parsesAlone(b *hclsyntax.Block) bool {
	end := min(max(b.CloseBraceRange.End.Byte, b.Body.SrcRange.End.Byte), len(f.src))
	_, diags := hclsyntax.ParseConfig(f.src[b.TypeRange.Start.Byte:end], f.name, b.TypeRange.Start)
	return !diags.HasErrors()
}

// first are the diagnostics of a file as far as a reader wants them, in the
// order of the file, and a last one that counts the others.
func first(diags hcl.Diagnostics) hcl.Diagnostics {
	if len(diags) <= mostMistakes {
		return diags
	}
	sorted := append(hcl.Diagnostics(nil), diags...)
	sortDiags(sorted)
	rest := sorted[mostMistakes]
	return append(sorted[:mostMistakes:mostMistakes], &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: fmt.Sprintf("%d more mistakes in this file", len(diags)-mostMistakes), Subject: rest.Subject,
	})
}

// tooDeep reports input on which the parsers would recurse too deeply. The raw
// bytes are counted first, as that is nearly free; only where they could be
// too deep are tokens counted, which knows comments and strings.
func tooDeep(src []byte, name string) (bool, hcl.Range) {
	if rawDepth(src) <= deepestInput {
		return false, hcl.Range{}
	}
	if strings.HasSuffix(name, ".json") {
		return jsonDepth(src, name)
	}
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	return tokenDepth(tokens)
}

// mostOperators bounds what makes an expression deep without brackets: a chain
// of operators, conditionals or splats is a tree as deep as it is long.
const mostOperators = 5000

// rawDepth is an upper bound of the nesting: all openers without their closers,
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

// run counts the unary operators that end the text, no further than matters.
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

// jsonDepth counts brackets outside of strings.
func jsonDepth(src []byte, name string) (bool, hcl.Range) {
	depth, inString := 0, false
	pos := hcl.InitialPos
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == '\n':
			pos.Line++
		}
		if depth > deepestInput {
			pos.Byte = i
			return true, hcl.Range{Filename: name, Start: pos, End: pos}
		}
	}
	return false, hcl.Range{}
}

// isConfig tells whether Terraform or OpenTofu reads the file as configuration.
func isConfig(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "#") || strings.HasSuffix(base, "~") {
		return false
	}
	for _, ending := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(base, ending) {
			return true
		}
	}
	return false
}

// configFiles picks the files that are read of a directory's names: a .tofu
// file shadows the .tf of the same name.
func configFiles(names []string) []string {
	shadowed := map[string]bool{}
	for _, n := range names {
		if s, ok := strings.CutSuffix(n, ".tofu"); ok {
			shadowed[s+".tf"] = true
		}
		if s, ok := strings.CutSuffix(n, ".tofu.json"); ok {
			shadowed[s+".tf.json"] = true
		}
	}
	var files []string
	for _, n := range names {
		if isConfig(n) && !shadowed[n] {
			files = append(files, n)
		}
	}
	return files
}

// isOverride tells whether a file's blocks are merged over those of the
// others.
func isOverride(name string) bool {
	base := path.Base(name)
	base, _, _ = strings.Cut(base, ".")
	return base == "override" || strings.HasSuffix(base, "_override")
}
