package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string from a user's files safe to print on one line: control
// characters, invisible ones, and those that turn the direction of text are
// written as escapes, and markers that build logs act on are broken.
func clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(cleanRune(r, s[i:i+n]))
		i += n
	}
	return breakMarkers(b.String())
}

// plain reports whether there is nothing to clean: the common case.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '#' {
			return false
		}
	}
	return true
}

// cleanRune is a character, or its escape. The text is its bytes, for those
// that are no UTF-8.
func cleanRune(r rune, text string) string {
	switch {
	case r == utf8.RuneError && len(text) == 1:
		return fmt.Sprintf(`\x%02x`, text[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80 && unicode.IsControl(r):
		return fmt.Sprintf(`\x%02x`, r)
	case hostile(r) && r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	case hostile(r):
		return fmt.Sprintf(`\u%04x`, r)
	}
	return text
}

// hostile reports whether a character could hide or reorder text: controls,
// line separators, and format characters other than the two joiners, which
// scripts and emoji need. https://www.unicode.org/reports/tr36/
func hostile(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// breakMarkers breaks what build logs take for a command wherever it stands in
// a line: "##[error]" (GitHub, Azure) and "##vso[" (Azure), "##teamcity[".
func breakMarkers(s string) string {
	if !strings.Contains(s, "##") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '[' && marked(s[:i]) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// marked reports whether a text ends as a marker begins: ## and letters.
func marked(before string) bool {
	return strings.HasSuffix(strings.TrimRightFunc(before, func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}), "##")
}

// cleanPath cleans a file's name. One that would begin a workflow command
// ("::error::x.tf") is shown as what it is, a file of this directory.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func cleanPath(name string) string {
	name = clean(name)
	if strings.HasPrefix(strings.TrimLeft(name, " "), "::") {
		return "./" + name
	}
	return name
}

// guard keeps a whole line of output from being a workflow command.
func guard(line string) string {
	if trimmed := strings.TrimLeft(line, " \t"); strings.HasPrefix(trimmed, "::") {
		return line[:len(line)-len(trimmed)] + `\` + trimmed
	}
	return line
}
