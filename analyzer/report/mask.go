package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarc/demarc/analyzer/secret"
)

// A span is a range of bytes in a line.
type span struct{ start, end int }

// masks returns the parts of a source line that may not be shown. In a secret line
// it masks everything that could be a value: strings, numbers and comments; code
// stays, so that a reader sees where the value comes from. A line that assigns to a
// name such as db_password is always secret. In other lines it masks only text that
// looks like a credential.
func masks(line string, hides bool) []span {
	from := bodyStart(line)
	tokens := scan(line, from)
	key := false
	for i, t := range tokens {
		if t.key = isKey(line, t); t.key {
			key = true
			hides = hides || secret.Name(strings.Trim(line[t.start:t.end], `"`))
		}
		tokens[i] = t
	}
	if hides && !key && from == 0 {
		return []span{{len(line) - len(strings.TrimLeft(line, " \t")), len(line)}}
	}
	var hidden []span
	for _, t := range tokens {
		in := t.inner(line)
		if t.masked(hides) {
			hidden = append(hidden, in)
			continue
		}
		for _, found := range secret.Tokens(line[in.start:in.end]) {
			hidden = append(hidden, span{in.start + found.Start, in.start + found.End})
		}
	}
	return hidden
}

// masksAround returns the masks of a line that is shown for one of its parts. The
// rest of the line belongs to other values, which may be secret: nothing here knows
// them. Generated JSON may have a whole configuration on the line, of which only the
// part is shown.
func masksAround(line string, part span, hides, json bool) []span {
	part.end = max(part.start, part.end)
	if json && severalKeys(line) {
		hidden := masks(line[part.start:part.end], hides)
		for i := range hidden {
			hidden[i].start, hidden[i].end = hidden[i].start+part.start, hidden[i].end+part.start
		}
		hidden = append([]span{{0, part.start}}, hidden...)
		return append(hidden, span{part.end, len(line)})
	}
	hidden := masks(line, hides)
	for _, t := range scan(line, bodyStart(line)) {
		if t.kind == stringToken && !isKey(line, t) && (t.end <= part.start || part.end <= t.start) {
			hidden = append(hidden, t.inner(line))
		}
	}
	slices.SortFunc(hidden, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	return hidden
}

// severalKeys reports whether a line of JSON assigns more than once.
func severalKeys(line string) bool {
	keys := 0
	for _, t := range scan(line, 0) {
		if isKey(line, t) {
			keys++
		}
	}
	return keys > 1
}

// bodyStart returns where a line's own values begin: after the brace of a block's
// header, whose labels are not values.
func bodyStart(line string) int {
	brace := strings.IndexByte(line, '{')
	if brace < 0 || strings.ContainsAny(line[:brace], "=:") {
		return 0
	}
	words := strings.Fields(line[:brace])
	if len(words) == 0 {
		return 0
	}
	for i, w := range words {
		label := strings.Trim(w, `"`)
		if i == 0 && label != w || !identifier(label) {
			return 0
		}
	}
	return brace + 1
}

func identifier(s string) bool {
	for _, r := range s {
		if r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

type tokenKind int8

const (
	nameToken tokenKind = iota
	stringToken
	numberToken
	commentToken
)

// A token is a part of a line that could be a name or a value.
type token struct {
	span
	kind tokenKind
	key  bool // a value is assigned to it
}

// scan finds the tokens of one line, which may be HCL or JSON. In doubt it finds
// strings: the rest of a line from a template on is one string.
func scan(line string, from int) []token {
	var tokens []token
	for i := from; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		t := token{span: span{i, i + n}}
		switch {
		case r == '"':
			t.kind, t.end = stringToken, stringEnd(line, i)
		case r == '#' || strings.HasPrefix(line[i:], "//") || strings.HasPrefix(line[i:], "/*"):
			t.kind, t.end = commentToken, len(line)
		case unicode.IsDigit(r):
			t.kind, t.end = numberToken, wordEnd(line, i)
		case r == '_' || unicode.IsLetter(r):
			t.kind, t.end = nameToken, wordEnd(line, i)
		default:
			i += n
			continue
		}
		tokens = append(tokens, t)
		i = t.end
	}
	return tokens
}

// stringEnd returns the position after the closing quote; the end of the line if the
// string holds a template, in which quotes nest.
func stringEnd(line string, start int) int {
	for i := start + 1; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '"':
			return i + 1
		case (line[i] == '$' || line[i] == '%') && strings.HasPrefix(line[i+1:], "{"):
			return len(line)
		}
	}
	return len(line)
}

func wordEnd(line string, start int) int {
	end := strings.IndexFunc(line[start:], func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		return len(line)
	}
	return start + end
}

// isKey reports whether a value is assigned to the token: "=" but not "==", or the
// colon of JSON. The token begins a line or an element: the strings of a conditional
// stand before a colon too.
func isKey(line string, t token) bool {
	before := strings.TrimRight(line[:t.start], " \t")
	if t.kind != nameToken && t.kind != stringToken || before != "" && !strings.ContainsRune("{,(", rune(before[len(before)-1])) {
		return false
	}
	rest := strings.TrimLeft(line[t.end:], " \t")
	return strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") || strings.HasPrefix(rest, ":")
}

// masked reports whether a token is masked in a line that hides its values.
func (t token) masked(hides bool) bool {
	return hides && !t.key && t.kind != nameToken
}

// inner returns the masked part of a token: a string keeps its quotes.
func (t token) inner(line string) span {
	if t.kind != stringToken {
		return t.span
	}
	s := span{t.start + 1, t.end}
	if t.end-t.start > 1 && line[t.end-1] == '"' {
		s.end--
	}
	return s
}

// secretPath reports whether the last name of an attribute's path, or a map key at
// its end, is the name of a secret.
func secretPath(path string) bool {
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(`.[]"`, r) }) {
		if secret.Name(name) {
			return true
		}
	}
	return false
}
