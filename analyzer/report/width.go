package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// runeWidth returns the number of terminal columns of a character.
// https://www.unicode.org/reports/tr11/
func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// wrap breaks a text at spaces into lines of at most first columns, then rest. A
// longer word has a line of its own, whole: ids, addresses and paths are copied from
// here.
func wrap(text string, first, rest int) []string {
	var lines []string
	line, used, room := "", 0, first
	for _, word := range strings.Fields(text) {
		w := textWidth(word)
		if line != "" && used+1+w > room {
			lines = append(lines, line)
			line, used, room = "", 0, rest
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	return append(lines, line)
}
