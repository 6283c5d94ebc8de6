package report

import (
	"math/rand"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apparentlymart/go-textseg/v15/textseg"
)

// TestOffset: the offset of a column in a long line equals the count from the line's
// beginning.
func TestOffset(t *testing.T) {
	c := rand.New(rand.NewSource(1))
	parts := []string{"a", " ", "é", "e\u0301", "e\u0301\u0302", "🇩🇪", "👩‍👩‍👧", "漢", "\xff", "한", "\r"}
	for _, size := range []int{10, longest - 1, longest + 1, 3 * longest} {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(parts[c.Intn(len(parts))])
		}
		text := b.String()
		src := newSources(func(string) ([]byte, error) { return []byte(text), nil })
		l, ok := src.line("a.tf", 1)
		if !ok {
			t.Fatal("no line")
		}
		raw, at, column := []byte(l.text), 0, 1
		for ; at < len(raw); column++ {
			check(t, l, column, at)
			n, _, err := textseg.ScanGraphemeClusters(raw[at:], true)
			if err != nil {
				t.Fatal(err)
			}
			at += n
		}
		for _, beyond := range []int{column, column + 1, column + columnsAMark, 1 << 40} {
			check(t, l, beyond, len(raw))
		}
		check(t, l, 0, 0)
	}
}

func check(t *testing.T, l *line, column, want int) {
	t.Helper()
	bytes, runes := l.offset(column)
	if bytes != want || runes != utf8.RuneCountInString(l.text[:want]) {
		t.Fatalf("column %d of %d bytes is at %d, %d, want %d", column, len(l.text), bytes, runes, want)
	}
}
