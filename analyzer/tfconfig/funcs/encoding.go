package funcs

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func encodingRows() []row {
	str := cty.String
	return []row{
		{name: "base64decode", ret: str, fn: textFunc(str, base64decode, "str")},
		{name: "base64encode", ret: str, fn: textFunc(str, func(s ...string) (cty.Value, error) {
			return encode64([]byte(s[0])), nil
		}, "str")},
		{name: "base64gzip", ret: str, fn: textFunc(str, base64gzip, "str"), perByte: 1},
		{name: "csvdecode", fn: stdlib.CSVDecodeFunc, guard: documentGuard, perByte: 5},
		{name: "jsondecode", with: jsondecodeFunc, guard: jsonGuard, perByte: 2},
		{name: "jsonencode", ret: str, with: jsonencodeFunc, deep: true, perNode: 5},
		{name: "textdecodebase64", ret: str, fn: textFunc(str, textdecodebase64, "source", "encoding")},
		{name: "textencodebase64", ret: str, fn: textFunc(str, textencodebase64, "string", "encoding")},
		{name: "yamldecode", fn: yamldecodeFunc(), guard: yamlGuard, perByte: 20},
		{name: "yamlencode", ret: str, fn: yaml.YAMLEncodeFunc, deep: true, perNode: 60},
	}
}

func encode64(b []byte) cty.Value {
	return cty.StringVal(base64.StdEncoding.EncodeToString(b))
}

func base64decode(s ...string) (cty.Value, error) {
	b, err := base64.StdEncoding.DecodeString(s[0])
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "not base64: %w", err)
	}
	if !utf8.Valid(b) {
		return cty.NilVal, function.NewArgErrorf(0, "the result of decoding the provided string is not valid UTF-8")
	}
	return cty.StringVal(string(b)), nil
}

// base64gzip flushes before it closes, which is visible in the result.
func base64gzip(s ...string) (cty.Value, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s[0])); err != nil {
		return cty.NilVal, err
	}
	if err := w.Flush(); err != nil {
		return cty.NilVal, err
	}
	if err := w.Close(); err != nil {
		return cty.NilVal, err
	}
	return encode64(b.Bytes()), nil
}

// jsonencodeFunc calls the evaluator for a value that is not wholly known, so that a
// document with one unknown leaf can still be judged.
func jsonencodeFunc(e *env) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{anyParam("val")},
		Type:         function.StaticReturnType(cty.String),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if e.JSON != nil && !args[0].IsWhollyKnown() {
				return e.JSON(args[0]), nil
			}
			return stdlib.JSONEncodeFunc.Call(args)
		},
	})
}

func jsondecodeFunc(e *env) function.Function {
	str := anyParam("str")
	str.Type, str.AllowNull = cty.String, false
	return function.New(&function.Spec{
		Params: []function.Parameter{str},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if e.Decode != nil && !args[0].IsKnown() {
				if v, ok := e.Decode(args[0]); ok {
					return v, nil
				}
			}
			v, err := stdlib.JSONDecodeFunc.Call(args)
			if err != nil {
				return cty.NilVal, err
			}
			return v, refuseDeepNumbers(v)
		},
	})
}

func yamldecodeFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "src", Type: cty.String}},
		Type:   dynamic,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := yaml.YAMLDecodeFunc.Call(args)
			if err != nil {
				return cty.NilVal, err
			}
			return v, refuseDeepNumbers(v)
		},
	})
}

func textencodebase64(s ...string) (cty.Value, error) {
	enc, err := textEncoding(s[1])
	if err != nil {
		return cty.NilVal, err
	}
	if strings.EqualFold(enc.name, "us-ascii") && !isASCII(s[0]) {
		return cty.NilVal, function.NewArgErrorf(0, "the given string contains characters that cannot be represented in US-ASCII")
	}
	b, err := enc.NewEncoder().Bytes([]byte(s[0]))
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "the given string contains characters that cannot be represented in %s", s[1])
	}
	return encode64(b), nil
}

func textdecodebase64(s ...string) (cty.Value, error) {
	enc, err := textEncoding(s[1])
	if err != nil {
		return cty.NilVal, err
	}
	b, err := base64.StdEncoding.DecodeString(s[0])
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "not base64: %w", err)
	}
	if enc.name == "us-ascii" && !isASCII(string(b)) || enc.name == "utf-8" && !utf8.Valid(b) {
		return cty.NilVal, function.NewArgErrorf(0, "the given string contains symbols that are not defined for %s", s[1])
	}
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return cty.NilVal, function.NewArgErrorf(0, "the given string contains symbols that are not defined for %s", s[1])
	}
	return cty.StringVal(string(text)), nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// A namedEncoding is one of the IANA character sets.
type namedEncoding struct {
	encoding.Encoding
	name string
}

// textEncoding finds a character set by the names of the IANA registry that
// Terraform accepts. It gives no answer for the East Asian sets, whose tables would
// make up a tenth of the program.
// https://www.iana.org/assignments/character-sets/character-sets.xhtml
func textEncoding(name string) (namedEncoding, error) {
	lower := strings.ToLower(name)
	switch lower {
	case "utf-8", "csutf8":
		return namedEncoding{encoding.Nop, "utf-8"}, nil
	case "us-ascii", "iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso_646.irv:1991", "iso646-us", "us", "ibm367", "cp367", "csascii":
		return namedEncoding{encoding.Nop, "us-ascii"}, nil
	case "utf-16", "csutf16":
		return namedEncoding{unicode.UTF16(unicode.BigEndian, unicode.UseBOM), lower}, nil
	case "utf-16be", "csutf16be":
		return namedEncoding{unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), lower}, nil
	case "utf-16le", "csutf16le":
		return namedEncoding{unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), lower}, nil
	case "big5", "csbig5", "gbk", "cp936", "ms936", "windows-936", "csgbk", "gb18030", "csgb18030", "hz-gb-2312",
		"euc-jp", "cseucpkdfmtjapanese", "extended_unix_code_packed_format_for_japanese", "iso-2022-jp", "csiso2022jp",
		"shift_jis", "ms_kanji", "csshiftjis", "euc-kr", "cseuckr":
		return namedEncoding{}, noAnswer{cause: "a character set that demarc does not know"}
	}
	if c := singleByte(lower); c != nil {
		return namedEncoding{c, lower}, nil
	}
	return namedEncoding{}, function.NewArgErrorf(1, "%q is not a supported IANA encoding name or alias", name)
}

// singleByte lists the character sets with one byte for each character.
func singleByte(name string) *charmap.Charmap {
	switch name {
	case "iso-8859-1", "iso_8859-1", "iso_8859-1:1987", "iso-ir-100", "latin1", "l1", "ibm819", "cp819", "csisolatin1":
		return charmap.ISO8859_1
	case "iso-8859-2", "iso_8859-2", "iso_8859-2:1987", "iso-ir-101", "latin2", "l2", "csisolatin2":
		return charmap.ISO8859_2
	case "iso-8859-3", "iso_8859-3", "iso_8859-3:1988", "iso-ir-109", "latin3", "l3", "csisolatin3":
		return charmap.ISO8859_3
	case "iso-8859-4", "iso_8859-4", "iso_8859-4:1988", "iso-ir-110", "latin4", "l4", "csisolatin4":
		return charmap.ISO8859_4
	case "iso-8859-5", "iso_8859-5", "iso_8859-5:1988", "iso-ir-144", "cyrillic", "csisolatincyrillic":
		return charmap.ISO8859_5
	case "iso-8859-6", "iso_8859-6", "iso_8859-6:1987", "iso-ir-127", "ecma-114", "asmo-708", "arabic", "csisolatinarabic":
		return charmap.ISO8859_6
	case "iso-8859-7", "iso_8859-7", "iso_8859-7:1987", "iso-ir-126", "elot_928", "ecma-118", "greek", "greek8", "csisolatingreek":
		return charmap.ISO8859_7
	case "iso-8859-8", "iso_8859-8", "iso_8859-8:1988", "iso-ir-138", "hebrew", "csisolatinhebrew":
		return charmap.ISO8859_8
	case "iso-8859-9", "iso_8859-9", "iso_8859-9:1989", "iso-ir-148", "latin5", "l5", "csisolatin5":
		return charmap.ISO8859_9
	case "iso-8859-10", "iso_8859-10:1992", "iso-ir-157", "latin6", "l6", "csisolatin6":
		return charmap.ISO8859_10
	case "iso-8859-13", "csiso885913":
		return charmap.ISO8859_13
	case "iso-8859-14", "iso_8859-14", "iso_8859-14:1998", "iso-ir-199", "iso-celtic", "latin8", "l8", "csiso885914":
		return charmap.ISO8859_14
	case "iso-8859-15", "iso_8859-15", "latin-9", "csiso885915":
		return charmap.ISO8859_15
	case "iso-8859-16", "iso_8859-16", "iso_8859-16:2001", "iso-ir-226", "latin10", "l10", "csiso885916":
		return charmap.ISO8859_16
	case "koi8-r", "cskoi8r":
		return charmap.KOI8R
	case "koi8-u", "cskoi8u":
		return charmap.KOI8U
	case "macintosh", "mac", "csmacintosh":
		return charmap.Macintosh
	}
	return codePage(name)
}

// codePage lists the character sets of IBM and of Windows.
func codePage(name string) *charmap.Charmap {
	switch name {
	case "ibm037", "cp037", "ebcdic-cp-us", "ebcdic-cp-ca", "ebcdic-cp-wt", "ebcdic-cp-nl", "csibm037":
		return charmap.CodePage037
	case "ibm437", "cp437", "437", "cspc8codepage437":
		return charmap.CodePage437
	case "ibm850", "cp850", "850", "cspc850multilingual":
		return charmap.CodePage850
	case "ibm852", "cp852", "852", "cspcp852":
		return charmap.CodePage852
	case "ibm855", "cp855", "855", "csibm855":
		return charmap.CodePage855
	case "ibm00858", "ccsid00858", "cp00858", "pc-multilingual-850+euro", "csibm00858":
		return charmap.CodePage858
	case "ibm860", "cp860", "860", "csibm860":
		return charmap.CodePage860
	case "ibm862", "cp862", "862", "cspc862latinhebrew":
		return charmap.CodePage862
	case "ibm863", "cp863", "863", "csibm863":
		return charmap.CodePage863
	case "ibm865", "cp865", "865", "csibm865":
		return charmap.CodePage865
	case "ibm866", "cp866", "866", "csibm866":
		return charmap.CodePage866
	case "ibm1047", "ibm-1047", "csibm1047":
		return charmap.CodePage1047
	case "windows-874", "cswindows874":
		return charmap.Windows874
	case "windows-1250", "cswindows1250":
		return charmap.Windows1250
	case "windows-1251", "cswindows1251":
		return charmap.Windows1251
	case "windows-1252", "cswindows1252":
		return charmap.Windows1252
	case "windows-1253", "cswindows1253":
		return charmap.Windows1253
	case "windows-1254", "cswindows1254":
		return charmap.Windows1254
	case "windows-1255", "cswindows1255":
		return charmap.Windows1255
	case "windows-1256", "cswindows1256":
		return charmap.Windows1256
	case "windows-1257", "cswindows1257":
		return charmap.Windows1257
	case "windows-1258", "cswindows1258":
		return charmap.Windows1258
	}
	return nil
}
