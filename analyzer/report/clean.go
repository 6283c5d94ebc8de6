package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string from a user's files safe to print on one line: it escapes
// invisible characters and characters that change the direction of text, and breaks
// markers that build logs act on.
func clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	var last rune
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if selects(r) && unicode.Is(unicode.So, last) {
			b.WriteRune(r)
		} else {
			b.WriteString(cleanRune(r, s[i:i+n]))
		}
		last = r
		i += n
	}
	return breakMarkers(b.String())
}

// Clean is clean, for text printed beside reports.
func Clean(s string) string { return clean(s) }

// plain reports whether there is nothing to clean: the common case.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '#' {
			return false
		}
	}
	return true
}

// cleanRune returns a character, or its escape. The text is the character's bytes,
// for bytes that are not UTF-8.
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

// hostile reports whether a character could hide or reorder text, or make two names
// look the same: controls, line separators, spaces of other widths except the
// ideographic one, and all characters drawn as nothing. Programs that compare text
// as people read it skip the last kind: to the runner of GitHub, ":" and a joiner
// and ":" are "::". https://www.unicode.org/reports/tr36/
func hostile(r rune) bool {
	const ideographicSpace = '\u3000'
	switch {
	case r == ' ' || r == ideographicSpace:
		return false
	case r > ' ' && r < 0x7f:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Co,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point)
}

// selects reports whether a character makes the symbol before it a text symbol or an
// emoji: a warning sign usually has one.
func selects(r rune) bool { return r == '\ufe0e' || r == '\ufe0f' }

// breakMarkers breaks the commands that build logs recognize anywhere in a line:
// "##[error]" (GitHub, Azure) and "##vso[" (Azure), "##teamcity[".
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
// https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs
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

// marked reports whether a text ends with the beginning of a marker: ## and letters.
func marked(before string) bool {
	return strings.HasSuffix(strings.TrimRightFunc(before, func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}), "##")
}

// cleanPath cleans a file's name. A name with an unusual beginning ("::error::x.tf",
// "--- x.tf") is shown as a file of this directory, ./: a line that begins with it
// does not begin with a command.
func cleanPath(name string) string {
	name = clean(name)
	r, _ := utf8.DecodeRuneInString(name)
	if name == "" || strings.ContainsRune("./_", r) || unicode.IsLetter(r) || unicode.IsDigit(r) ||
		r == '-' && !strings.HasPrefix(name, "---") {
		return name
	}
	return "./" + name
}
