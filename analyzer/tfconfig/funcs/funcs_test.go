package funcs

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

// A signature is one function of testdata/functions.json, which comes from
// `terraform metadata functions -json` of Terraform 1.11.4, without its prose.
type signature struct {
	Return   json.RawMessage
	Params   [][2]json.RawMessage
	Variadic *[2]json.RawMessage
}

func signatures(t *testing.T) map[string]signature {
	t.Helper()
	raw, err := os.ReadFile("testdata/functions.json")
	if err != nil {
		t.Fatal(err)
	}
	var sigs map[string]signature
	if err := json.Unmarshal(raw, &sigs); err != nil {
		t.Fatal(err)
	}
	return sigs
}

var builtIn = []string{
	"provider::terraform::decode_tfvars", "provider::terraform::encode_expr", "provider::terraform::encode_tfvars",
}

// elsewhere are functions that not only Terraform has: see TestElsewhere.
var elsewhere = []string{
	"base64gunzip", "cidrcontains", "urldecode",
	"core::base64gunzip", "core::cidrcontains", "core::urldecode",
	"provider::aws::arn_build", "provider::aws::arn_parse", "provider::aws::trim_iam_role_path",
	"provider::time::rfc3339_parse",
}

func TestNames(t *testing.T) {
	want := slices.Concat(slices.Collect(maps.Keys(signatures(t))), builtIn, elsewhere)
	got := slices.Collect(maps.Keys(Table(Config{})))
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-terraform +ours)\n%s", diff)
	}
}

// declared returns the parameters of a function with the types to which its
// arguments are converted, which a table leaves to the call.
func declared(name string) (params []function.Parameter, rest *function.Parameter) {
	for _, r := range allRows() {
		if r.name != name && r.core != name {
			continue
		}
		params = slices.Clone(r.params)
		for i := range params {
			params[i].Type = r.takes[i]
		}
		if r.varargs != nil {
			p := *r.varargs
			p.Type = r.rest
			rest = &p
		}
	}
	return params, rest
}

func TestSignatures(t *testing.T) {
	for name, sig := range signatures(t) {
		var want, got []string
		for _, p := range sig.Params {
			want = append(want, wantParam(p))
		}
		params, rest := declared(name)
		for _, p := range params {
			got = append(got, gotParam(t, p))
		}
		if sig.Variadic != nil {
			want = append(want, "..."+wantParam(*sig.Variadic))
		}
		if rest != nil {
			got = append(got, "..."+gotParam(t, *rest))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-terraform +ours)\n%s", name, diff)
		}
	}
}

// wantParam returns the type of a parameter; names may differ from Terraform's.
func wantParam(p [2]json.RawMessage) string {
	return strings.ReplaceAll(string(p[1]), " ", "")
}

func gotParam(t *testing.T, p function.Parameter) string {
	t.Helper()
	if p.Type == customdecode.ExpressionClosureType {
		if p.Name == "template" {
			return `"string"` // of templatestring
		}
		return `"dynamic"`
	}
	b, err := ctyjson.MarshalType(p.Type)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestElsewhere has the examples of the pages that document the functions, and calls
// that they refuse.
func TestElsewhere(t *testing.T) {
	for expr, want := range map[string]string{
		`base64gunzip(base64gzip("hello"))`:                                                     `"hello"`,
		`base64gunzip("H4sIAAAAAAAA/ypJLS4BAAAA//8BAAD//wx+f9gEAAAA")`:                          `"test"`,
		`base64gunzip("aGVsbG8=")`:                                                              "error",
		`base64gunzip("!")`:                                                                     "error",
		`base64gunzip(unknown)`:                                                                 "(known after apply)",
		`cidrcontains("192.168.2.0/20", "192.168.2.1")`:                                         "true",
		`cidrcontains("192.168.2.0/20", "192.168.2.0/22")`:                                      "true",
		`cidrcontains("192.168.2.0/20", "192.126.2.1")`:                                         "false",
		`cidrcontains("192.168.2.0/20", "192.126.2.0/18")`:                                      "false",
		`cidrcontains("192.168.0.0/20", "192.168.0.0/19")`:                                      "false",
		`cidrcontains("fe80::/48", "fe80::1")`:                                                  "true",
		`cidrcontains("fe80::/48", "fe81::1")`:                                                  "false",
		`cidrcontains("10.0.0.0/8", "fe80::1")`:                                                 "error",
		`cidrcontains("10.0.0.0", "10.0.0.1")`:                                                  "error",
		`cidrcontains("10.0.0.0/8", "x")`:                                                       "error",
		`cidrcontains(unknown, "10.0.0.1") == null`:                                             "false",
		`core::urldecode("a%20b")`:                                                              `"a b"`,
		`urldecode("Hello+World%21")`:                                                           `"Hello World!"`,
		`urldecode("%E2%98%83")`:                                                                `"☃"`,
		`urldecode("foo%3Abar%40localhost%3Ffoo%3Dbar%26bar%3Dbaz")`:                            `"foo:bar@localhost?foo=bar&bar=baz"`,
		`urldecode("%zz")`:                                                                      "error",
		`urldecode("%ff")`:                                                                      "error",
		`provider::aws::arn_build("aws", "iam", "", "444455556666", "role/example")`:            `"arn:aws:iam::444455556666:role/example"`,
		`provider::aws::arn_build("aws", "iam", "", unknown, "role/example")`:                   "(known after apply)",
		`provider::aws::arn_parse("arn:aws:iam::444455556666:role/example").account_id`:         `"444455556666"`,
		`provider::aws::arn_parse("arn:aws:logs:eu-west-1:4:log-group:/a:*").resource`:          `"log-group:/a:*"`,
		`keys(provider::aws::arn_parse(unknown))`:                                               "[\n  \"account_id\",\n  \"partition\",\n  \"region\",\n  \"resource\",\n  \"service\",\n]",
		`provider::aws::arn_parse("aws:iam::444455556666:role/example")`:                        "error",
		`provider::aws::arn_parse("arn:aws:iam")`:                                               "error",
		`provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:role/with/path/example")`: `"arn:aws:iam::444455556666:role/example"`,
		`provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:role/example")`:           `"arn:aws:iam::444455556666:role/example"`,
		`provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:user/example")`:           "error",
		`provider::aws::trim_iam_role_path("arn:aws:s3:::role/example")`:                        "error",
		`provider::time::rfc3339_parse("2023-07-25T23:43:16Z").weekday_name`:                    `"Tuesday"`,
		`provider::time::rfc3339_parse("2023-07-25T23:43:16Z").unix`:                            "1690328596",
		`provider::time::rfc3339_parse("2023-07-25T23:43:16Z").iso_week`:                        "30",
		`provider::time::rfc3339_parse("2023-07-25")`:                                           "error",
	} {
		v, diags := evaluate(t, Config{}, expr, map[string]cty.Value{"unknown": cty.UnknownVal(cty.String)})
		got := console.Print(v, veiled)
		if diags.HasErrors() {
			got = "error"
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s%v", expr, diff, diags)
		}
	}
}

// cause is a mark that names why a value is unknown.
type cause string

func causes(why string, t cty.Type) cty.Value {
	return cty.UnknownVal(t).Mark(cause(why))
}

// evaluate runs an expression over variables.
func evaluate(t *testing.T, c Config, src string, vars map[string]cty.Value) (cty.Value, hcl.Diagnostics) {
	t.Helper()
	return parse(t, src).Value(&hcl.EvalContext{Functions: Table(c), Variables: vars})
}

// TestUnknown has functions that depend on the machine or on the time.
func TestUnknown(t *testing.T) {
	for expr, want := range map[string]string{
		`timestamp()`:           "timestamp(), which differs from run to run",
		`plantimestamp()`:       "plantimestamp(), which differs from run to run",
		`uuid()`:                "uuid(), which differs from run to run",
		`bcrypt("x")`:           "bcrypt(), which differs from run to run",
		`bcrypt("x", 5)`:        "bcrypt(), which differs from run to run",
		`abspath("x")`:          "abspath(), which depends on the machine",
		`pathexpand("~/x")`:     "pathexpand(), which depends on the machine",
		`file("x")`:             "no files to read",
		`fileexists("x")`:       "no files to read",
		`fileset(".", "*")`:     "no files to read",
		`templatefile("x", {})`: "no files to read",
	} {
		v, diags := evaluate(t, Config{Unknown: causes}, expr, nil)
		if diags.HasErrors() {
			t.Errorf("%s: %s", expr, diags)
			continue
		}
		if v.IsKnown() {
			t.Errorf("%s = %#v, want unknown", expr, v)
		}
		if diff := cmp.Diff([]string{want}, markNames(v)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", expr, diff)
		}
		plain, _ := evaluate(t, Config{}, expr, nil)
		if plain.IsKnown() || plain.IsMarked() {
			t.Errorf("%s without a hook = %#v", expr, plain)
		}
	}
}

// markNames returns the marks of a value and of all its parts, as words.
func markNames(v cty.Value) []string {
	var names []string
	for m := range deepMarks([]cty.Value{v}) {
		switch m := m.(type) {
		case cause:
			names = append(names, string(m))
		case valueMark:
			names = append(names, string(m))
		}
	}
	slices.Sort(names)
	return names
}

func TestJSONHooks(t *testing.T) {
	partial := cty.ObjectVal(map[string]cty.Value{
		"arn": cty.UnknownVal(cty.String).Mark(cause("aws_x.y")), "n": cty.NumberIntVal(1),
	})
	asked := 0
	c := Config{
		JSON: func(arg cty.Value) cty.Value {
			asked++
			if diff := cmp.Diff([]string{"aws_x.y"}, markNames(arg)); diff != "" {
				t.Errorf("marks that the hook sees (-want +got)\n%s", diff)
			}
			return cty.UnknownVal(cty.String).Refine().NotNull().StringPrefix(`{"arn":`).NewValue().Mark(cause("document"))
		},
		Decode: func(arg cty.Value) (cty.Value, bool) {
			return partial, arg.HasMark(cause("document"))
		},
	}
	vars := map[string]cty.Value{"v": partial, "s": cty.UnknownVal(cty.String)}
	encoded, diags := evaluate(t, c, `jsonencode(v)`, vars)
	if diags.HasErrors() || encoded.IsKnown() || asked != 1 {
		t.Fatalf("jsonencode = %#v, %v, asked %d times", encoded, diags, asked)
	}
	if diff := cmp.Diff([]string{"aws_x.y", "document"}, markNames(encoded)); diff != "" {
		t.Errorf("marks of jsonencode (-want +got)\n%s", diff)
	}
	decoded, diags := evaluate(t, c, `jsondecode(jsonencode(v)).n`, vars)
	if diags.HasErrors() || !decoded.RawEquals(cty.NumberIntVal(1)) {
		t.Errorf("jsondecode(jsonencode(v)).n = %#v, %v", decoded, diags)
	}
	if v, _ := evaluate(t, c, `jsondecode(s)`, vars); v.IsKnown() {
		t.Errorf("jsondecode of a string that the hook does not know = %#v", v)
	}
	asked = 0
	if v, _ := evaluate(t, c, `jsonencode({a = 1})`, nil); asked != 0 || v.AsString() != `{"a":1}` {
		t.Errorf("jsonencode of a known value = %#v, asked %d times", v, asked)
	}
}

// TestTryEvaluatesOnce: nested calls would otherwise double the work at each
// level.
func TestTryEvaluatesOnce(t *testing.T) {
	calls := 0
	table := Table(Config{})
	table["count"] = function.New(&function.Spec{
		Type: function.StaticReturnType(cty.Number),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
			calls++
			return cty.NumberIntVal(int64(calls)), nil
		},
	})
	src := "count()"
	for range 25 {
		src = "try(" + src + ", can(0))"
	}
	v, diags := parse(t, src).Value(&hcl.EvalContext{Functions: table})
	if diags.HasErrors() || calls != 1 || !v.RawEquals(cty.NumberIntVal(1)) {
		t.Errorf("25 nested try: %#v after %d evaluations, %v", v, calls, diags)
	}
}

func BenchmarkTable(b *testing.B) {
	c := Config{}
	Table(c)
	b.ReportAllocs()
	for b.Loop() {
		Table(c)
	}
}

func BenchmarkCall(b *testing.B) {
	table := Table(Config{})
	ctx := &hcl.EvalContext{Functions: table, Variables: map[string]cty.Value{
		"tags": cty.MapVal(map[string]cty.Value{"a": cty.StringVal("b")}),
	}}
	for _, src := range []string{`lower("ABC")`, `merge(tags, {Name = format("%s-x", "y")})`, `try(tags.b, lookup(tags, "a", ""))`} {
		expr := parse(b, src)
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := expr.Value(ctx); diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
	}
}
