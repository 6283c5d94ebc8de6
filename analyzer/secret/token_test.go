package secret

import (
	"strings"
	"testing"
)

// filled is a random-looking text of the given length from a character set.
func filled(of set, n int) string {
	alphabet := map[set]string{hex: "0a9f4c7b", upper: "A7QX2KZ4", alnum: "aZ3kQ9xT", word: "aZ3-kQ9_", dotted: "aZ3-kQ9_", base64: "aZ3+kQ9/"}[of&^dashes]
	return strings.Repeat(alphabet, n/len(alphabet)+1)[:n]
}

// TestForms: a token of every form is found at every position, without the text
// around it; with one character less it is not found.
func TestForms(t *testing.T) {
	for _, f := range forms {
		token := f.prefix + filled(f.of, f.min)
		for before, after := range map[string]string{"": "", "key=": "\"", `"`: `"`, "x ": " y", "(": ")", "https://h/?k=": "&a"} {
			text := before + token + after
			found := Tokens(text)
			if len(found) != 1 || !strings.HasPrefix(text[found[0].Start:found[0].End], token) {
				t.Errorf("%s: in %q it finds %v", f.kind, text, found)
			}
		}
		if short := f.prefix + filled(f.of, f.min-1); Token(short) && !awsLike(short) {
			t.Errorf("%s: %q is one as well", f.kind, short)
		}
		if f.max < endless {
			if long := f.prefix + filled(f.of, f.max+1); Token(long) && !awsLike(long) {
				t.Errorf("%s: %q is one as well", f.kind, long)
			}
		}
		if !strings.HasPrefix(f.source, "https://") {
			t.Errorf("%s: no source", f.kind)
		}
	}
}

// awsLike reports whether a text begins with a token of 40 characters: a text
// that is too short for one form may match another.
func awsLike(text string) bool {
	for _, s := range Tokens(text) {
		if s.Start == 0 && s.End == 40 {
			return true
		}
	}
	return false
}

// The tokens of this test are made up, and are assembled here so that no
// scanner reports them as real.
func TestTokens(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0" + "." + "dozjgNryP4J3jVmNHl0w5N"
	for name, test := range map[string]struct{ text, hidden string }{
		"a key id":               {`access_key = "AKIA` + `IOSFODNN7EXAMPLE"`, "AKIA" + "IOSFODNN7EXAMPLE"},
		"a temporary one":        {"ASIA" + "IOSFODNN7EXAMPLE", "ASIA" + "IOSFODNN7EXAMPLE"},
		"a secret key":           {"export SECRET=wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"},
		"a web token":            {"Bearer " + jwt + " x", jwt},
		"one of Terraform":       {"abcdefghijklmn" + ".atlasv1." + filled(alnum, 64), "abcdefghijklmn" + ".atlasv1." + filled(alnum, 64)},
		"one of Entra":           {"abc8" + "Q~" + filled(alnum, 34), "abc8" + "Q~" + filled(alnum, 34)},
		"an account key":         {"AccountKey=" + filled(base64, 86) + "==;", filled(base64, 86) + "=="},
		"a login":                {"postgres://app:hunter2@db:5432/x", "://app:hunter2@"},
		"a private key":          {"-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"},
		"several":                {"ghp_" + filled(alnum, 36) + " AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + filled(alnum, 36) + "|AKIA" + "IOSFODNN7EXAMPLE"},
		"the shortest of Entra":  {"abc8" + "Q~" + filled(alnum, 31), "abc8" + "Q~" + filled(alnum, 31)},
		"a shorter one":          {"abc8" + "Q~" + filled(alnum, 30), ""},
		"a longer one":           {"abc8" + "Q~" + filled(alnum, 35), ""},
		"one without digit":      {"abcd" + "Q~" + filled(alnum, 34), ""},
		"the shortest web token": {"eyJ" + filled(word, 14) + ".eyJ" + filled(word, 5) + ".", "eyJ" + filled(word, 14) + ".eyJ" + filled(word, 5) + "."},
		"a shorter head":         {"eyJ" + filled(word, 13) + ".eyJ" + filled(word, 5) + ".", ""},
		"a shorter body":         {"eyJ" + filled(word, 14) + ".eyJ" + filled(word, 4) + ".", ""},
		"random as it can be":    {"ABCDE" + "abcde" + strings.Repeat("7", 30), "ABCDE" + "abcde" + strings.Repeat("7", 30)},
		"few capitals":           {"ABCD" + "abcde" + strings.Repeat("7", 31), ""},
		"few small letters":      {"ABCDE" + "abcd" + strings.Repeat("7", 31), ""},
		"no digits":              {"ABCDE" + "abcde" + strings.Repeat("+/", 15), ""},
		"an address alone":       {"see https://localhost", ""},
		"an address":             {"https://docs.example.com/a@b", ""},
		"an address's user":      {"https://git@github.com/a/b.git", ""},
		"an ARN":                 {"arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", ""},
		"a digest":               {"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ""},
		"a commit":               {"ref=da39a3ee5e6b4b0d3255bfef95601890afd80709", ""},
		"an id":                  {"AIDA" + "IOSFODNN7EXAMPLE", ""},
		"a path":                 {"modules/networking/TransitGateways2/main.tf", ""},
		"an UUID":                {"123e4567-e89b-12d3-a456-426614174000", ""},
		"a resource":             {"aws_secretsmanager_secret.database_credentials", ""},
		"a name in capitals":     {"AKIA_IS_WHAT_KEYS_BEGIN_WITH", ""},
		"an image":               {"123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:v1.0-rc1", ""},
		"base64 of a text":       {"SGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nZXIgdGV4dCBvZiBubyBpbXBvcnRhbmNl", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var hidden []string
			for _, s := range Tokens(test.text) {
				hidden = append(hidden, test.text[s.Start:s.End])
			}
			if got := strings.Join(hidden, "|"); got != test.hidden {
				t.Errorf("%q hides %q, want %q", test.text, got, test.hidden)
			}
			if Token(test.text) != (test.hidden != "") {
				t.Errorf("%q: Token disagrees with Tokens", test.text)
			}
		})
	}
}

func TestName(t *testing.T) {
	for name, want := range map[string]bool{
		"db_password": true, "SecretString": true, "apiKey": true, "API_KEY": true, "token": true, "DB_PWD": true, "private_key": true,
		"http_tokens": false, "master_password_rotation_schedule_expression": false, "secret_arn": false, "password_length": false, "kms_key_id": false, "key": false, "name": false, "": false,
		"secrets": false, "compass": false, "passthrough": false, "monkey": false, "access_key": true,
	} {
		if got := Name(name); got != want {
			t.Errorf("Name(%q) = %t", name, got)
		}
	}
}
