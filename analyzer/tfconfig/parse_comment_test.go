package tfconfig

import (
	"io/fs"
	"math/rand"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer"
)

// --- the expected scopes

// A place is a block or attribute that a comment can cover.
type place struct {
	rng   hcl.Range
	depth int
	block bool
}

func placesOf(b *hclsyntax.Body) []place {
	var places []place
	collectPlaces(b, 0, &places)
	sort.Slice(places, func(i, j int) bool { return places[i].rng.Start.Byte < places[j].rng.Start.Byte })
	return places
}

func collectPlaces(b *hclsyntax.Body, depth int, places *[]place) {
	for _, a := range b.Attributes {
		*places = append(*places, place{a.SrcRange, depth, false})
	}
	for _, nested := range b.Blocks {
		*places = append(*places, place{hcl.RangeBetween(nested.TypeRange, nested.CloseBraceRange), depth, true})
		collectPlaces(nested.Body, depth+1, places)
	}
}

// scopeOf returns what a comment covers. A Checkov comment covers the block that
// contains it. The others cover the block or attribute that begins on the same line,
// or next after the run of comments; at the end of a line inside a block, the
// attribute of the line.
func scopeOf(places []place, tokens hclsyntax.Tokens, i int, dialect analyzer.Dialect) hcl.Range {
	at := tokens[i].Range
	if dialect == analyzer.DialectCheckov {
		return outermost(places, at)
	}
	for _, p := range places {
		if p.rng.Start.Line == at.Start.Line && p.rng.Start.Byte < at.Start.Byte {
			return p.rng
		}
	}
	next := i + 1
	for next < len(tokens) && (tokens[next].Type == hclsyntax.TokenComment || tokens[next].Type == hclsyntax.TokenNewline && tokens[next].Range.Start.Line == tokens[next-1].Range.End.Line) {
		next++
	}
	if next == len(tokens) {
		return hcl.Range{}
	}
	for _, p := range places {
		if p.rng.Start.Byte == tokens[next].Range.Start.Byte {
			return p.rng
		}
	}
	return outermost(places, at)
}

// outermost returns the top-level block of the file that contains the place.
func outermost(places []place, at hcl.Range) hcl.Range {
	for _, p := range places {
		if p.depth == 0 && p.block && p.rng.Start.Byte <= at.Start.Byte && at.End.Byte <= p.rng.End.Byte {
			return p.rng
		}
	}
	return hcl.Range{}
}

// --- the comments

// commented puts comments of each kind at random places of a text, and sometimes
// truncates it.
func commented(c *rand.Rand, text string) string {
	var b strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		for c.Intn(4) == 0 {
			b.WriteString([]string{"# a\n", "  // b\n", "/* c */", "/* d\n e */\n", "\n", "/* f */ # g\n"}[c.Intn(6)])
		}
		if end := strings.TrimSuffix(line, "\n"); c.Intn(6) == 0 {
			line = end + " # h\n"
		}
		b.WriteString(line)
	}
	text = b.String()
	if c.Intn(3) == 0 {
		text = text[:c.Intn(len(text)+1)]
	}
	return text
}

// TestScopes: comments anywhere in written text, whole or broken, cover the same
// code as an exhaustive search finds.
func TestScopes(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	c := rand.New(rand.NewSource(1))
	comments, covered := 0, 0
	err := fs.WalkDir(os.DirFS("../../fixtures"), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".tf") {
			return err
		}
		src, err := fs.ReadFile(os.DirFS("../../fixtures"), name)
		if err != nil || len(src) > 20_000 {
			return err
		}
		text := []byte(commented(c, string(src)))
		parsed, _ := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
		body := parsed.Body.(*hclsyntax.Body)
		places, scopes := placesOf(body), newScopes(body, tokens)
		for i, token := range tokens {
			if token.Type != hclsyntax.TokenComment {
				continue
			}
			for _, dialect := range []analyzer.Dialect{analyzer.DialectDemarc, analyzer.DialectCheckov} {
				comments++
				got, want := scopes.of(i, dialect), scopeOf(places, tokens, i, dialect)
				if got != want {
					t.Fatalf("%s: %s at %s covers %s, want %s\n%s", name, token.Bytes, token.Range, got, want, text)
				}
				if want.Filename != "" {
					covered++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if covered < 1000 || covered == comments {
		t.Errorf("%d of %d comments cover something: too alike to tell", covered, comments)
	}
}
