package checks

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// noSecrets holds where no credential is written at a path: in a text such as
// user data, plain or in base64, or in the values of a map such as environment
// variables. A value from a resource or data source is not written there; if
// its name is the name of a secret, the verdict is unknown.
func noSecrets(path string) cond {
	return analyzer.Func{
		Says:  path + " holds no credentials",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case !l.Value.IsKnown():
				return judgeSecret(v, "", "", l)
			case l.Value.IsNull():
				return v.Pass(l)
			case l.Value.CanIterateElements():
				return judgeSecrets(v, l)
			}
			return judgeSecret(v, "", "", l)
		},
	}
}

// judgeSecrets judges the elements of a map: the worst, with each failure.
func judgeSecrets(v *analyzer.View, l analyzer.Leaf) analyzer.Outcome {
	out := v.Pass(l)
	for it := l.Value.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if key.Type() != cty.String {
			continue
		}
		name := key.AsString()
		e := analyzer.Leaf{Value: value, Of: l.Of, At: elementPath(l, key), Set: true}
		switch o := judgeSecret(v, name, e.Name(), e); {
		case o.Verdict < out.Verdict:
			out = o
		case o.Verdict == out.Verdict && o.Verdict != analyzer.Pass:
			out.Witnesses = append(out.Witnesses, o.Witnesses...)
		}
	}
	return out
}

func elementPath(l analyzer.Leaf, key cty.Value) cty.Path {
	var step cty.PathStep = cty.IndexStep{Key: key}
	if l.Value.Type().IsObjectType() {
		step = cty.GetAttrStep{Name: key.AsString()}
	}
	return append(l.At[:len(l.At):len(l.At)], step)
}

// judgeSecret judges one value by its name, which may be empty; shown is the
// name in a message.
func judgeSecret(v *analyzer.View, name, shown string, l analyzer.Leaf) analyzer.Outcome {
	switch {
	case !l.Value.IsKnown():
		if kind := secretText(knownPart(l.Value)); kind != "" {
			return v.FailNaming(l, saySecret(shown, kind))
		}
		o := v.Unknown(l)
		if givenElsewhere(o) && !isSecretName(name) {
			return v.Pass(l)
		}
		return o
	case l.Value.IsNull() || l.Value.Type() != cty.String:
		return v.Pass(l)
	}
	if kind := secretIn(name, l.Value.AsString()); kind != "" {
		return v.FailNaming(l, saySecret(shown, kind))
	}
	return v.Pass(l)
}

// knownPart is the known prefix of an unknown text.
func knownPart(val cty.Value) string {
	if val.Type() != cty.String {
		return ""
	}
	return val.Range().StringPrefix()
}

// givenElsewhere reports whether an unknown value comes from resources and data
// sources: it is not written in the configuration.
func givenElsewhere(o analyzer.Outcome) bool {
	return givenBy(o, analyzer.CauseApply, analyzer.CauseData)
}

func saySecret(name, kind string) string {
	if name == "" {
		return "this text holds " + kind
	}
	return fmt.Sprintf("%s holds %s", name, kind)
}

// secretIn names the kind of credential that a value is or contains; empty for
// none.
func secretIn(name, value string) string {
	if kind := secretText(value); kind != "" {
		return kind
	}
	if name != "" && isSecretName(name) && isLiteralSecret(value) {
		return "a secret as plain text"
	}
	if isSecretKey(value) && isMixed(value) {
		return "a secret access key"
	}
	if plain, ok := decoded(value); ok {
		return secretText(plain)
	}
	return ""
}

// isMixed distinguishes random text from a path or a hexadecimal hash: random
// text has capitals, small letters and digits.
func isMixed(text string) bool {
	upper, lower, digit := 0, 0, 0
	for _, r := range text {
		switch {
		case 'A' <= r && r <= 'Z':
			upper++
		case 'a' <= r && r <= 'z':
			lower++
		case '0' <= r && r <= '9':
			digit++
		}
	}
	return upper > 3 && lower > 3 && digit > 0
}

// decoded is a base64 text as plain text.
func decoded(text string) (string, bool) {
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return string(plain), err == nil && len(plain) > 0 && utf8.Valid(plain)
}

// secretText finds credentials with a known form.
func secretText(text string) string {
	for _, form := range secretForms() {
		if form.pattern.MatchString(text) {
			return form.kind
		}
	}
	return ""
}

// A secretForm is the syntax of a kind of credential.
type secretForm struct {
	kind    string
	pattern *regexp.Regexp
}

// secretForms are the AWS forms, and assignments in a script or a credentials
// file to a name that only secrets have; a reference to a variable is not a
// secret.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
var secretForms = sync.OnceValue(func() []secretForm {
	return []secretForm{
		{"the id of an access key", regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)},
		{"a secret access key", regexp.MustCompile(`(?i:secret_?(?:access_?)?key)["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}(?:[^A-Za-z0-9/+]|$)`)},
		{"a private key", regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----`)},
		{"a token", regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abposr]-[A-Za-z0-9-]{10,}`)},
		{"a password", regexp.MustCompile(`(?i:password|passwd)["']?\s*[:=]\s*(?:"[^"$\s{(]{6,}"|'[^'$\s{(]{6,}')`)},
	}
})

// noSecretKey holds where an attribute is not a secret access key, the only
// value there with 40 characters.
func noSecretKey(path string) cond {
	return analyzer.Func{
		Says:  path + " is not written out",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case !l.Value.IsKnown():
				return v.Unknown(l)
			case l.Value.IsNull():
				return v.Pass(l)
			}
			if key := plainText(l.Value); isSecretKey(key) {
				return v.FailSaying(l, "this is a secret access key")
			}
			return v.Pass(l)
		},
	}
}

func isSecretKey(text string) bool {
	return len(text) == 40 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == ""
}

// secretNames are suffixes of variable names that only hold secrets, in order.
// The AWS and ECS names are from Security Hub.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8
var secretNames = [...]string{
	"API_KEY", "API_SECRET", "APIKEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
	"CLIENT_SECRET", "ECS_ENGINE_AUTH_DATA", "PASS", "PASSPHRASE", "PASSWD", "PASSWORD", "PRIVATE_KEY", "SECRET_ACCESS_KEY", "SECRET_KEY", "TOKEN",
}

// isSecretName reports whether a name ends with the words of a secret's name.
func isSecretName(name string) bool {
	name = strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
	for _, secret := range secretNames {
		if name == secret || strings.HasSuffix(name, "_"+secret) {
			return true
		}
	}
	return false
}

// isLiteralSecret distinguishes a secret from a reference to its location.
func isLiteralSecret(value string) bool {
	for _, pointer := range [...]string{"arn:", "/", "{{", "$", "ssm:", "http://", "https://", "vault:"} {
		if strings.HasPrefix(value, pointer) {
			return false
		}
	}
	return value != "" && value != "true" && value != "false"
}
