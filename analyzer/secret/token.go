// Package secret recognises secrets by their names and by their forms. It does
// not handle marks of sensitive values: marks follow the value. It imports no
// other package of this module.
package secret

import (
	"strings"
	"sync"
)

// A Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Token reports whether a text contains a credential with a known form.
func Token(text string) bool {
	found := false
	tokens(text, func(Span) bool { found = true; return false })
	return found
}

// Tokens lists the credentials with a known form in a text, in order. The time
// is linear in the length of the text.
func Tokens(text string) []Span {
	var found []Span
	tokens(text, func(s Span) bool { found = append(found, s); return true })
	return found
}

// shortest is less than the length of any token.
const shortest = 16

func tokens(text string, yield func(Span) bool) {
	if len(text) < shortest {
		return
	}
	if privateKey(text) {
		yield(Span{0, len(text)})
		return
	}
	for i := 0; i < len(text); {
		n := 0
		switch {
		case text[i] == ':':
			n = login(text[i:])
		case i == 0 || !word.has(text[i-1]):
			n = tokenAt(text[i:], i > 0 && base64.has(text[i-1]))
		}
		if n == 0 {
			i++
			continue
		}
		if !yield(Span{i, i + n}) {
			return
		}
		i += n
	}
}

// privateKey reports whether a text has a PEM private key. An excerpt omits its
// lines.
// https://www.rfc-editor.org/rfc/rfc7468
func privateKey(text string) bool { return strings.Contains(text, "PRIVATE KEY") }

// tokenAt is the length of the token at the beginning of a text; 0: no token.
// Within means that a run of base64 continues from before.
func tokenAt(text string, within bool) int {
	for _, f := range byFirst()[text[0]] {
		if n := f.match(text); n > 0 {
			return n
		}
	}
	for _, form := range [...]func(string) int{jsonWebToken, terraformToken, azureSecret} {
		if n := form(text); n > 0 {
			return n
		}
	}
	if within {
		return 0
	}
	return awsSecret(text)
}

// byFirst lists the forms by their first byte.
var byFirst = sync.OnceValue(func() *[256][]*form {
	var by [256][]*form
	for i := range forms {
		first := forms[i].prefix[0]
		by[first] = append(by[first], &forms[i])
	}
	return &by
})

// match is the length of a token with this form at the beginning of a text.
func (f *form) match(text string) int {
	if !strings.HasPrefix(text, f.prefix) {
		return 0
	}
	n := run(text[len(f.prefix):], f.of, f.max+1)
	if end := len(f.prefix) + n; n < f.min || n > f.max || end < len(text) && isAlnum(text[end]) {
		return 0
	}
	n += len(f.prefix)
	return n + padding(text[n:])
}

// padding is the number of "=" after base64 text.
func padding(text string) int {
	n := 0
	for n < len(text) && n < 2 && text[n] == '=' {
		n++
	}
	return n
}

// run is the number of leading characters of a text that are in a set, up to a
// bound.
func run(text string, of set, most int) int {
	n := 0
	for n < len(text) && n < most && of.has(text[n]) {
		n++
	}
	return n
}

func (s set) has(c byte) bool {
	if s&dashes != 0 && (c == '-' || c == '_') {
		return true
	}
	switch s &^ dashes {
	case hex:
		return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case upper:
		return isDigit(c) || isUpper(c)
	case word:
		return isAlnum(c) || c == '-' || c == '_'
	case dotted:
		return isAlnum(c) || c == '-' || c == '_' || c == '.'
	case base64:
		return isAlnum(c) || c == '+' || c == '/'
	}
	return isAlnum(c)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isAlnum(c byte) bool { return isDigit(c) || isUpper(c) || isLower(c) }

// --- forms that have no beginning of their own

// jsonWebToken is three parts in base64url; the first two are JSON.
// https://www.rfc-editor.org/rfc/rfc7519
func jsonWebToken(text string) int {
	if !strings.HasPrefix(text, "eyJ") {
		return 0
	}
	head := run(text, word, len(text))
	if head < 17 || !strings.HasPrefix(text[head:], ".eyJ") {
		return 0
	}
	body := run(text[head+1:], word, len(text))
	n := head + 1 + body
	if body < 8 || n == len(text) || text[n] != '.' {
		return 0
	}
	return n + 1 + run(text[n+1:], word, len(text))
}

// terraformToken is a token of HCP Terraform.
// https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
func terraformToken(text string) int {
	const length, middle = 14, ".atlasv1."
	if run(text, alnum, length+1) != length || !strings.HasPrefix(text[length:], middle) {
		return 0
	}
	n := run(text[length+len(middle):], word, 128)
	if n < 60 {
		return 0
	}
	return length + len(middle) + n
}

// azureSecret is the secret of an Entra application: three characters, a digit,
// Q~ and the rest.
// https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml
func azureSecret(text string) int {
	const middle = 6
	if len(text) < middle+31 || text[4] != 'Q' || text[5] != '~' || !isDigit(text[3]) {
		return 0
	}
	n := middle
	for n < len(text) && n <= middle+34 && (dotted.has(text[n]) || text[n] == '~') {
		n++
	}
	if n < middle+31 || n > middle+34 {
		return 0
	}
	return n
}

// awsSecret is a secret access key, 40 characters of base64, or an Azure
// storage account key, 86 characters and "==". Both are random, so they include
// capitals, small letters and digits.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
// https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage
func awsSecret(text string) int {
	n := run(text, base64, 87)
	if n != 40 && !(n == 86 && strings.HasPrefix(text[n:], "==")) {
		return 0
	}
	upper, lower, digit := 0, 0, 0
	for i := range n {
		switch {
		case isUpper(text[i]):
			upper++
		case isLower(text[i]):
			lower++
		case isDigit(text[i]):
			digit++
		}
	}
	if upper < 5 || lower < 5 || digit < 1 {
		return 0
	}
	return n + padding(text[n:])
}

// login is the user and the password in a URL, with the separators around them.
// https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
func login(text string) int {
	const most = 512
	if !strings.HasPrefix(text, "://") {
		return 0
	}
	rest := text[3:min(len(text), most)]
	end := strings.IndexAny(rest, "@/?# \t\"'\\")
	if end < 0 || rest[end] != '@' || !strings.Contains(rest[:end], ":") {
		return 0
	}
	return len("://") + end + 1
}
