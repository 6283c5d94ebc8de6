package report

import (
	"regexp"
	"strings"
	"unicode"
)

// markdownCell neutralizes a name in a cell, in a line of its own, or in a comment.
// It escapes markup, and inserts an invisible space after the beginning of an
// automatic link: a name mentions nobody and links nowhere.
// https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
// https://docs.gitlab.com/user/markdown/#gitlab-specific-references
func markdownCell(s string) string {
	s = unlinkedWords(strings.TrimSpace(clean(s)))
	var b strings.Builder
	for i, part := range strings.Split(s, broken) {
		if i > 0 {
			b.WriteString("&#8203;")
		}
		b.WriteString(markdownEscape(part, i == 0))
	}
	return b.String()
}

// broken stands for the invisible space until the text is escaped. No clean
// text holds it.
const broken = "\ue000"

// unlinkedWords breaks what sites turn into links, mentions or pictures: a reference
// or mention after its sign, an address at www, :// or the colon, an emoji, a GitHub
// issue, and a possible commit.
func unlinkedWords(s string) string {
	s = words.ReplaceAllStringFunc(s, func(word string) string {
		if !commit(word) {
			return word
		}
		return sixes.ReplaceAllString(word, "$0"+broken)
	})
	var b strings.Builder
	for at := linked.FindStringIndex(s); at != nil; at = linked.FindStringIndex(s) {
		b.WriteString(s[:at[0]])
		what := s[at[0]:at[1]]
		n := 1
		if head := linkedHead.FindString(what); head != "" {
			n = len(head)
		}
		b.WriteString(what[:n] + broken)
		s = s[at[0]+n:]
	}
	b.WriteString(s)
	return b.String()
}

var (
	words      = regexp.MustCompile(`[0-9A-Za-z_]{7,}`)
	sixes      = regexp.MustCompile(`.{6}`)
	linked     = regexp.MustCompile(`[@#!$%~^&][\pL\pN_"\[{]|(?i:www)\.|://|(?i:mailto|xmpp):|:[a-z+-][\w+-]*:|:100:|:1234:|(?i:GH)-[0-9]`)
	linkedHead = regexp.MustCompile(`(?i)^(www|mailto|xmpp|gh-)`)
)

// commit reports whether a word may be the hash of a commit: a word of digits only
// is more often an account.
func commit(word string) bool {
	return strings.Trim(word, "0123456789abcdef") == "" &&
		strings.ContainsAny(word, "0123456789") && strings.ContainsAny(word, "abcdef")
}

// markdownEscape escapes the markup of Markdown and HTML; at the beginning of a line
// also the beginning of a list, a rule or a definition.
func markdownEscape(s string, begins bool) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\|`*_[]~#$^!{}", r), begins && i == 0 && strings.ContainsRune("-+=:", r), begins && itemNumber(s, i):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// itemNumber reports whether the character at a position makes the digits before it,
// at the beginning of the text, an item number.
func itemNumber(s string, at int) bool {
	return at > 0 && (s[at] == '.' || s[at] == ')') && strings.TrimFunc(s[:at], unicode.IsDigit) == ""
}
