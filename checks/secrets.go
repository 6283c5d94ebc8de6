package checks

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// noSecrets holds where no credential is written at a path: in a text such as
// user data, plain or in base64, or in the values of a map such as environment
// variables. What a resource or data source gives is not written there; where
// its name calls it a secret, it cannot be told.
func noSecrets(path string) cond {
	return analyzer.Func{
		Says:  path + " holds no credentials",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case !l.Value.IsKnown():
				return judgeSecret(v, "", l)
			case l.Value.IsNull():
				return v.Pass(l)
			case l.Value.CanIterateElements():
				return judgeSecrets(v, l)
			}
			return judgeSecret(v, "", l)
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
		switch o := judgeSecret(v, name, e); {
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

// judgeSecret judges one value by its name, which may be empty.
func judgeSecret(v *analyzer.View, name string, l analyzer.Leaf) analyzer.Outcome {
	switch {
	case !l.Value.IsKnown():
		o := v.Unknown(l)
		if givenElsewhere(o) && !isSecretName(name) {
			return v.Pass(l)
		}
		return o
	case l.Value.IsNull() || l.Value.Type() != cty.String:
		return v.Pass(l)
	}
	if kind := secretIn(name, l.Value.AsString()); kind != "" {
		return v.FailSaying(l, saySecret(name, kind))
	}
	return v.Pass(l)
}

// givenElsewhere reports whether what is unknown comes from resources and data
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
	if plain, ok := decoded(value); ok {
		return secretText(plain)
	}
	return ""
}

// decoded is a text in base64 as plain text.
func decoded(text string) (string, bool) {
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return string(plain), err == nil && len(plain) > 0 && utf8.Valid(plain)
}

// secretText finds credentials that are known by their form.
func secretText(text string) string {
	switch {
	case hasAccessKeyID(text):
		return "the id of an access key"
	case strings.Contains(text, "-----BEGIN ") && strings.Contains(text, "PRIVATE KEY-----"):
		return "a private key"
	case assignsSecretKey(text):
		return "a secret access key"
	}
	return ""
}

// hasAccessKeyID finds AKIA or ASIA with 16 letters or digits, on their own.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func hasAccessKeyID(text string) bool {
	const length = 20
	for i := 0; i+length <= len(text); i++ {
		if p := text[i : i+4]; p != "AKIA" && p != "ASIA" {
			continue
		}
		before := i > 0 && isWord(text[i-1])
		after := i+length < len(text) && isWord(text[i+length])
		if !before && !after && only(text[i:i+length], isKeyID) {
			return true
		}
	}
	return false
}

func isKeyID(b byte) bool { return 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' }
func isWord(b byte) bool  { return isKeyID(b) || 'a' <= b && b <= 'z' || b == '_' }
func isBase64(b byte) bool {
	return isWord(b) && b != '_' || b == '+' || b == '/'
}

func only(s string, is func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

// assignsSecretKey finds aws_secret_access_key with a value of 40 characters,
// as a shell or a credentials file writes it.
func assignsSecretKey(text string) bool {
	const name, length = "aws_secret_access_key", 40
	rest := strings.ToLower(text)
	for at := 0; ; {
		i := strings.Index(rest[at:], name)
		if i < 0 {
			return false
		}
		at += i + len(name)
		value := strings.TrimLeft(text[at:], " \t\"':=")
		if len(value) >= length && only(value[:length], isBase64) && (len(value) == length || !isBase64(value[length])) {
			return true
		}
	}
}

// noSecretKey holds where an attribute is not a secret access key: 40
// characters, as nothing else there has.
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
			if key := plainText(l.Value); len(key) == 40 && only(key, isBase64) {
				return v.FailSaying(l, "this is a secret access key")
			}
			return v.Pass(l)
		},
	}
}

// secretNames end the names of variables that hold a secret and nothing else,
// in order. The first and last are those of Security Hub.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8
var secretNames = [...]string{
	"ACCESS_TOKEN", "API_KEY", "API_SECRET", "API_TOKEN", "APIKEY", "AUTH_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
	"CLIENT_SECRET", "ECS_ENGINE_AUTH_DATA", "PASSWD", "PASSWORD", "PRIVATE_KEY", "SECRET_ACCESS_KEY", "SECRET_KEY",
}

// isSecretName tells by the words at the end of a name that it is a secret's.
func isSecretName(name string) bool {
	name = strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
	for _, secret := range secretNames {
		if name == secret || strings.HasSuffix(name, "_"+secret) {
			return true
		}
	}
	return false
}

// isLiteralSecret tells a secret from what only says where one is.
func isLiteralSecret(value string) bool {
	for _, pointer := range [...]string{"arn:", "/", "{{", "$", "ssm:", "http://", "https://", "vault:"} {
		if strings.HasPrefix(value, pointer) {
			return false
		}
	}
	return value != "" && value != "true" && value != "false"
}
