package tfconfig

import (
	"bytes"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer"
)

// suppressions reads the comments that accept gaps: demarc's, and those of other
// tools. A file without one of their words is not examined further.
func (f *file) suppressions() []*analyzer.Suppression {
	for _, word := range []string{"demarc:", "checkov:", "trivy:", "tfsec:", "bridgecrew:"} {
		if bytes.Contains(f.src, []byte(word)) {
			return f.readSuppressions()
		}
	}
	return nil
}

// suppressionsOf returns the suppressions of a file, which may be a file of an
// installed module.
func (f *file) suppressionsOf(installed bool) []*analyzer.Suppression {
	if !installed {
		return f.comments
	}
	marked := make([]*analyzer.Suppression, len(f.comments))
	for i, s := range f.comments {
		c := *s
		c.Installed = true
		marked[i] = &c
	}
	return marked
}

func (f *file) readSuppressions() []*analyzer.Suppression {
	native, ok := f.body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(f.src, f.name, hcl.InitialPos)
	scopes := newScopes(native, tokens)
	var list []*analyzer.Suppression
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		for _, s := range parseComment(string(t.Bytes), t.Range) {
			s.Scope = scopes.of(i, s.Dialect)
			list = append(list, s)
		}
	}
	return list
}

// parseComment reads every directive of one comment.
func parseComment(text string, at hcl.Range) []*analyzer.Suppression {
	text = strings.Trim(text, "#/* \t\r\n")
	switch {
	case strings.HasPrefix(text, "demarc:ignore"):
		if s := parseOwn(strings.TrimPrefix(text, "demarc:ignore"), at); s != nil {
			return []*analyzer.Suppression{s}
		}
	case strings.HasPrefix(text, "checkov:skip="), strings.HasPrefix(text, "bridgecrew:skip="):
		_, rest, _ := strings.Cut(text, "=")
		ids, reason, _ := strings.Cut(rest, ":")
		return []*analyzer.Suppression{{
			Checks: splitList(ids), Dialect: analyzer.DialectCheckov, Reason: analyzer.Brief(strings.TrimSpace(reason)), Range: at,
		}}
	default:
		return parseForeign(text, at)
	}
	return nil
}

func splitList(s string) []string {
	var list []string
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// parseOwn reads: <check> reason="…" [until=2027-01-31] [owner=…].
func parseOwn(text string, at hcl.Range) *analyzer.Suppression {
	s := &analyzer.Suppression{Dialect: analyzer.DialectDemarc, Range: at}
	for _, word := range words(text) {
		key, value, isPair := strings.Cut(word, "=")
		switch {
		case !isPair:
			s.Checks = append(s.Checks, splitList(word)...)
		case key == "reason":
			s.Reason = analyzer.Brief(value)
		case key == "owner":
			s.Owner = analyzer.Brief(value)
		case key == "until":
			if day, err := time.Parse(time.DateOnly, value); err == nil {
				s.Until = day
			}
		}
	}
	if len(s.Checks) == 0 {
		return nil
	}
	return s
}

// words splits at spaces outside of quotes, and drops the quotes.
func words(text string) []string {
	var list []string
	var word strings.Builder
	quoted, any := false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case (r == ' ' || r == '\t') && !quoted:
			if any {
				list = append(list, word.String())
			}
			word.Reset()
			any = false
		default:
			word.WriteRune(r)
			any = true
		}
	}
	if any {
		list = append(list, word.String())
	}
	return list
}

// foreign reads the grammar that Trivy and tfsec share: trivy:ignore:ID:exp:date,
// several in one comment.
var foreign = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(trivy|tfsec):ignore:([A-Za-z0-9_.*-]+)(\[[^\]]*\])?(:exp:(\d{4}-\d{2}-\d{2}))?(:ws:([^\s:]+))?`)
})

func parseForeign(text string, at hcl.Range) []*analyzer.Suppression {
	var list []*analyzer.Suppression
	for _, m := range foreign().FindAllStringSubmatch(text, -1) {
		if m[3] != "" || m[7] != "" && m[7] != "default" {
			continue // limited to values or a workspace that demarc does not judge
		}
		s := &analyzer.Suppression{Checks: foreignIDs(m[2]), Dialect: analyzer.Dialect(m[1]), Range: at}
		if m[5] != "" {
			s.Until, _ = time.Parse(time.DateOnly, m[5])
		}
		list = append(list, s)
	}
	return list
}

// foreignIDs: Trivy takes AVD-AWS-0080 for AWS-0080.
func foreignIDs(id string) []string {
	upper := strings.ToUpper(id)
	if short, ok := strings.CutPrefix(upper, "AVD-"); ok {
		return []string{id, short}
	}
	return []string{id}
}

// scopes finds the code that comments cover. A file may be all comments, so it
// examines no place twice for them.
type scopes struct {
	tokens  hclsyntax.Tokens
	blocks  []hcl.Range       // at the top of the file, in its order
	onLine  map[int]hcl.Range // the first block or attribute that begins on a line
	atByte  map[int]hcl.Range // the block or attribute that begins at a byte
	begins  int               // the first token after the last run of comments examined
	looksAt int               // the position at which that run was entered
}

func newScopes(b *hclsyntax.Body, tokens hclsyntax.Tokens) *scopes {
	s := &scopes{tokens: tokens, onLine: map[int]hcl.Range{}, atByte: map[int]hcl.Range{}}
	s.collect(b, true)
	sort.Slice(s.blocks, func(i, j int) bool { return s.blocks[i].Start.Byte < s.blocks[j].Start.Byte })
	return s
}

func (s *scopes) collect(b *hclsyntax.Body, top bool) {
	for _, a := range b.Attributes {
		s.add(a.SrcRange)
	}
	for _, nested := range b.Blocks {
		r := hcl.RangeBetween(nested.TypeRange, nested.CloseBraceRange)
		s.add(r)
		if top {
			s.blocks = append(s.blocks, r)
		}
		s.collect(nested.Body, false)
	}
}

func (s *scopes) add(r hcl.Range) {
	s.atByte[r.Start.Byte] = r
	if first, known := s.onLine[r.Start.Line]; !known || r.Start.Byte < first.Start.Byte {
		s.onLine[r.Start.Line] = r
	}
}

// of returns what a comment covers. A Checkov comment covers the block that contains
// it. The others cover the block or attribute that begins on the same line, or next
// after the run of comments; at the end of a line inside a block, the attribute of
// the line.
func (s *scopes) of(comment int, dialect analyzer.Dialect) hcl.Range {
	at := s.tokens[comment].Range
	if dialect == analyzer.DialectCheckov {
		return s.outermost(at)
	}
	if r, ok := s.onLine[at.Start.Line]; ok && r.Start.Byte < at.Start.Byte {
		return r
	}
	next := s.behind(comment)
	if next == len(s.tokens) {
		return hcl.Range{}
	}
	if r, ok := s.atByte[s.tokens[next].Range.Start.Byte]; ok {
		return r
	}
	return s.outermost(at)
}

// behind returns the first token after the run of comments that contains a comment.
func (s *scopes) behind(comment int) int {
	if s.looksAt <= comment && comment < s.begins {
		return s.begins
	}
	next := comment + 1
	for next < len(s.tokens) && s.continues(next) {
		next++
	}
	s.looksAt, s.begins = comment, next
	return next
}

// continues reports whether a token belongs to the run of comments before it: it is
// a comment, or the end of the comment's line.
func (s *scopes) continues(i int) bool {
	t := s.tokens[i]
	return t.Type == hclsyntax.TokenComment ||
		t.Type == hclsyntax.TokenNewline && t.Range.Start.Line == s.tokens[i-1].Range.End.Line
}

// outermost returns the top-level block of the file that contains the place.
func (s *scopes) outermost(at hcl.Range) hcl.Range {
	i := sort.Search(len(s.blocks), func(i int) bool { return s.blocks[i].Start.Byte > at.Start.Byte })
	if i == 0 || s.blocks[i-1].End.Byte < at.End.Byte {
		return hcl.Range{}
	}
	return s.blocks[i-1]
}
