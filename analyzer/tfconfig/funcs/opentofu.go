package funcs

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// openTofuRows has the functions of OpenTofu that Terraform does not have.
// https://opentofu.org/docs/language/functions/
func openTofuRows() []row {
	str := cty.String
	return []row{
		{name: "base64gunzip", ret: str, fn: textFunc(str, base64gunzip, "str")},
		{name: "cidrcontains", ret: cty.Bool, fn: textFunc(cty.Bool, cidrcontains, "containing_prefix", "contained_ip_or_prefix")},
		{name: "urldecode", ret: str, fn: textFunc(str, urldecode, "str")},
	}
}

func base64gunzip(s ...string) (cty.Value, error) {
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(s[0])))
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "not gzip in base64: %w", err)
	}
	var b bytes.Buffer
	switch n, err := io.Copy(&b, io.LimitReader(r, maxText+1)); {
	case err != nil:
		return cty.NilVal, function.NewArgErrorf(0, "not gzip in base64: %w", err)
	case n > maxText:
		return cty.NilVal, noAnswer{cause: gaveUp("base64gunzip", tooLong)}
	case !utf8.Valid(b.Bytes()):
		return cty.NilVal, function.NewArgErrorf(0, "the result is not valid UTF-8")
	}
	return cty.StringVal(b.String()), nil
}

// cidrcontains takes an address or a whole prefix, of the same family.
func cidrcontains(s ...string) (cty.Value, error) {
	outer, err := parsePrefix(s[0])
	if err != nil {
		return cty.NilVal, err
	}
	var inner netip.Prefix
	if strings.Contains(s[1], "/") {
		if inner, err = parsePrefix(s[1]); err != nil {
			return cty.NilVal, err
		}
	} else {
		addr, err := netip.ParseAddr(trimZeros(s[1]))
		if err != nil || addr.Zone() != "" {
			return cty.NilVal, function.NewArgErrorf(1, "neither an address nor a prefix: %s", s[1])
		}
		inner = netip.PrefixFrom(addr, addr.BitLen())
	}
	if outer.Addr().BitLen() != inner.Addr().BitLen() {
		return cty.NilVal, function.NewArgErrorf(1, "both must be of IPv4, or both of IPv6")
	}
	return cty.BoolVal(inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())), nil
}

func urldecode(s ...string) (cty.Value, error) {
	text, err := url.QueryUnescape(s[0])
	if err != nil || !utf8.ValidString(text) {
		return cty.NilVal, function.NewArgErrorf(0, "not a URL-encoded text")
	}
	return cty.StringVal(text), nil
}
