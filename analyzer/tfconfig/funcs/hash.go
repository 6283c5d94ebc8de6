package funcs

import (
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

func hashRows() []row {
	str := cty.String
	ofText := func(sum func([]byte) string) function.Function {
		return textFunc(str, func(s ...string) (cty.Value, error) {
			return cty.StringVal(sum([]byte(s[0]))), nil
		}, "str")
	}
	return []row{
		{name: "base64sha256", ret: str, fn: ofText(sha256Base64)},
		{name: "base64sha512", ret: str, fn: ofText(sha512Base64)},
		{name: "bcrypt", ret: str, fn: bcryptFunc()},
		{name: "md5", ret: str, fn: ofText(md5Hex)},
		{name: "rsadecrypt", ret: str, fn: textFunc(str, rsadecrypt, "ciphertext", "privatekey"), price: keyPrice},
		{name: "sha1", ret: str, fn: ofText(sha1Hex)},
		{name: "sha256", ret: str, fn: ofText(sha256Hex)},
		{name: "sha512", ret: str, fn: ofText(sha512Hex)},
		{name: "uuid", ret: str, fn: unpredictable("uuid")},
		{name: "uuidv5", ret: str, fn: textFunc(str, uuidv5, "namespace", "name")},
	}
}

// unpredictable makes a function whose result differs from run to run: it is
// unknown, or findings would come and go.
func unpredictable(name string) function.Function {
	return function.New(&function.Spec{
		Type: function.StaticReturnType(cty.String),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
			return cty.NilVal, noAnswer{cause: name + "(), which differs from run to run"}
		},
	})
}

// bcryptFunc refuses what Terraform refuses:
// https://pkg.go.dev/golang.org/x/crypto/bcrypt accepts a cost of 31 at most, raises
// a cost below 4 to the default, and accepts 72 bytes.
func bcryptFunc() function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "str", Type: cty.String}},
		VarParam:     &function.Parameter{Name: "cost", Type: cty.Number},
		Type:         function.StaticReturnType(cty.String),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if len(args) > 2 {
				return cty.NilVal, errors.New("bcrypt() takes no more than two arguments")
			}
			if len(args) == 2 {
				var cost int
				if err := gocty.FromCtyValue(args[1], &cost); err != nil || cost > 31 {
					return cty.NilVal, function.NewArgErrorf(1, "cost must be a whole number, 31 at most")
				}
			}
			if len(args[0].AsString()) > 72 {
				return cty.NilVal, function.NewArgErrorf(0, "bcrypt takes 72 bytes at most")
			}
			return cty.NilVal, noAnswer{cause: "bcrypt(), which differs from run to run"}
		},
	})
}

func md5Hex(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func sha1Hex(b []byte) string {
	sum := sha1.Sum(b)
	return hex.EncodeToString(sum[:])
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func sha512Hex(b []byte) string {
	sum := sha512.Sum512(b)
	return hex.EncodeToString(sum[:])
}

func sha256Base64(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func sha512Base64(b []byte) string {
	sum := sha512.Sum512(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func rsadecrypt(s ...string) (cty.Value, error) {
	cipher, err := base64.StdEncoding.DecodeString(s[0])
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "cipher text must be base64-encoded")
	}
	key, err := rsaKey(s[1])
	if err != nil {
		return cty.NilVal, err
	}
	plain, err := rsa.DecryptPKCS1v15(nil, key, cipher)
	if err != nil {
		return cty.NilVal, errors.New("failed to decrypt: wrong key or cipher text")
	}
	return cty.StringVal(string(plain)), nil
}

// rsaKey reads a private key in PEM. Its errors do not quote it.
func rsaKey(text string) (*rsa.PrivateKey, error) {
	bad := function.NewArgErrorf(1, "invalid private key")
	if len(text) > maxKeyBits {
		return nil, noAnswer{cause: gaveUp("rsadecrypt", "a key over 16 KiB")}
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, bad
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, bad
		}
		return key, nil
	case "PRIVATE KEY":
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if key, ok := parsed.(*rsa.PrivateKey); ok && err == nil {
			return key, nil
		}
	case "OPENSSH PRIVATE KEY":
		return nil, noAnswer{cause: "rsadecrypt with a key in the format of OpenSSH"}
	}
	return nil, bad
}

// uuidv5 hashes a name within a namespace: RFC 9562, section 5.5.
func uuidv5(s ...string) (cty.Value, error) {
	space, ok := uuidNamespace(s[0])
	if !ok {
		return cty.NilVal, function.NewArgErrorf(0, "namespace %q is neither dns, url, oid, x500 nor a UUID", s[0])
	}
	sum := sha1.Sum(append(space, s[1]...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	h := hex.EncodeToString(id)
	return cty.StringVal(strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")), nil
}

// uuidNamespace returns the namespaces of RFC 9562, section 6.6.
func uuidNamespace(s string) ([]byte, bool) {
	switch s {
	case "dns":
		s = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	case "url":
		s = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
	case "oid":
		s = "6ba7b812-9dad-11d1-80b4-00c04fd430c8"
	case "x500":
		s = "6ba7b814-9dad-11d1-80b4-00c04fd430c8"
	}
	return parseUUID(s)
}

// parseUUID accepts the plain form, with urn:uuid: before it, in braces, and as 32
// digits.
func parseUUID(s string) ([]byte, bool) {
	switch {
	case len(s) == 45 && strings.EqualFold(s[:9], "urn:uuid:"):
		s = s[9:]
	case len(s) == 38 && s[0] == '{' && s[37] == '}':
		s = s[1:37]
	case len(s) != 36 && len(s) != 32:
		return nil, false
	}
	if len(s) == 36 {
		if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
			return nil, false
		}
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	id, err := hex.DecodeString(s)
	return id, err == nil
}
