package tfconfig

import (
	"bytes"
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

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/internal/regular"
)

// A Parser parses files and keeps them by name and content, so that an editor
// that scans on every change parses one file anew. The zero Parser is ready;
// it is safe for concurrent use.
type Parser struct {
	mu    sync.Mutex
	files map[string]*file
}

// A file is one file, parsed once. Its body is nil if the file could not be read.
type file struct {
	name     string
	sum      [sha256.Size]byte
	size     int
	words    int     // number of words and signs
	moving   float64 // the parser's cost to assemble long templates
	src      []byte  // nil once parsed
	parsing  sync.Once
	body     hcl.Body
	diags    hcl.Diagnostics
	unread   error    // the error if the file could not be read at all
	lost     []string // names of providers with a broken configuration
	mayCall  bool     // functions
	comments []*analyzer.Suppression
}

// mostMistakes bounds the diagnostics of one file: a binary file would have
// thousands, and the first few are enough.
const mostMistakes = 10

// read reads one file of the file system. The file is parsed when more than its text
// is first needed.
func (p *Parser) read(fsys fs.FS, name string) *file {
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
	f := &file{name: name, sum: sum, size: len(src), src: src, words: countWords(src, strings.HasSuffix(name, ".json")), moving: moving(src)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		p.files = map[string]*file{}
	}
	p.files[name] = f
	return f
}

// parse parses the file and drops its text, which is no longer needed.
func (f *file) parse() {
	f.parsing.Do(func() {
		if f.unread != nil {
			return
		}
		f.parseText()
		f.comments = f.suppressions()
		f.mayCall = bytes.IndexByte(f.src, '(') >= 0 || strings.HasSuffix(f.name, ".json")
		f.src = nil
	})
}

func (f *file) parseText() {
	if d := refused(f.src, f.name); d != nil {
		f.diags = hcl.Diagnostics{d}
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

// broken reports whether some of the file is unknown.
func (f *file) broken() bool { return f.unread != nil || f.diags.HasErrors() }

// dropBroken removes the resources and calls of a file with mistakes that do not
// parse by themselves: their missing parts may follow a mistake. It keeps the
// readable part of provider blocks, and their names. Not every mistake has a
// diagnostic: after the first, the parser suppresses others.
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

// first returns the first diagnostics of a file, in the order of the file, and a
// last diagnostic that counts the others.
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

// isConfig reports whether Terraform or OpenTofu reads the file as configuration.
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

// configFiles picks the files to read from a directory's names: a .tofu file shadows
// the .tf file of the same name.
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

// isOverride reports whether a file's blocks are merged over the blocks of other
// files.
func isOverride(name string) bool {
	base := path.Base(name)
	base, _, _ = strings.Cut(base, ".")
	return base == "override" || strings.HasSuffix(base, "_override")
}
