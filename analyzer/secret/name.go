package secret

import (
	"slices"
	"strings"
	"unicode"
)

// Name reports whether a name is the name of a secret value: db_password,
// SecretString, but not http_tokens, secret_arn, password_length or
// password_rotation_schedule.
func Name(name string) bool {
	if !mayBe(name) {
		return false
	}
	all := words(name)
	if len(all) == 0 || about(all[len(all)-1]) || slices.Contains(all[1:], "rotation") {
		return false
	}
	for i, w := range all {
		switch w {
		case "password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "credentials", "authkey", "apikey":
			return true
		case "key":
			if i > 0 && keyOf(all[i-1]) {
				return true
			}
		}
	}
	return false
}

// mayBe is a cheap filter that excludes most names: many names are tested, and
// few are names of secrets.
func mayBe(name string) bool {
	const stems = "pas sec tok cre key pwd"
	for i := 0; i+3 <= len(name); i++ {
		a, b, c := name[i]|' ', name[i+1]|' ', name[i+2]|' ' // letters in lower case
		for s := 0; s < len(stems); s += 4 {
			if stems[s] == a && stems[s+1] == b && stems[s+2] == c {
				return true
			}
		}
	}
	return false
}

func keyOf(before string) bool {
	switch before {
	case "private", "access", "secret", "api", "auth", "account", "shared":
		return true
	}
	return false
}

// about reports whether a name's last word shows that the value only describes
// a secret.
func about(last string) bool {
	switch last {
	case "arn", "arns", "id", "ids", "name", "names", "version", "enabled", "length", "age", "policy", "days",
		"period", "rotation", "ttl", "type", "required", "reuse", "prevention", "status", "characters", "count", "endpoint":
		return true
	}
	return false
}

// words splits snake_case, kebab-case, dotted and CamelCase names into
// words in lower case.
func words(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}
