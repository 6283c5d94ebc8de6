package funcs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/demarc/demarc/analyzer/internal/budget"
	"github.com/demarc/demarc/analyzer/tfconfig/internal/console"
)

// TestGiveUp has calls that would take minutes or gigabytes.
func TestGiveUp(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	vars := map[string]cty.Value{
		"long":   cty.StringVal(long),
		"double": cty.StringVal(long + long),
		"crowd":  numbers(maxElements + 1),
		"huge":   cty.StringVal(strings.Repeat("x", maxText+1)),
		"many":   numbers(1024),
		"lines":  cty.StringVal(strings.Repeat("\n", 1<<20)),
		"big":    cty.MustParseNumberVal("1e100000000"),
		"small":  cty.MustParseNumberVal("1e-100000000"),
		"digits": cty.StringVal(strings.Repeat("9", 1<<20)),
		"json":   cty.StringVal(strings.Repeat("[", 100_000)),
		"flow":   cty.StringVal(strings.Repeat("[", 100_000)),
		"block":  cty.StringVal(strings.Repeat("- ", 100_000)),
		"bomb":   cty.StringVal(aliasBomb(9, 9)),
		"braces": cty.StringVal(strings.Repeat("{a,b}", 1000)),
		"parens": cty.StringVal("${" + strings.Repeat("(", 100_000)),
		"ifs":    cty.StringVal(strings.Repeat("%{ if true }", 20_000)),
		"bangs":  cty.StringVal("${" + strings.Repeat("!", 200_000) + "true}"),
		"chain":  cty.StringVal("${1" + strings.Repeat("+1", 200_000) + "}"),
		"loops":  cty.StringVal("%{for a in xs}%{for b in xs}%{for c in xs}x%{endfor}%{endfor}%{endfor}"),
		"tfvars": cty.StringVal("a = " + strings.Repeat("[", 100_000)),
	}
	for expr, want := range map[string]string{
		`upper(huge)`:                                tooLong,
		`indent(1000000000, lines)`:                  tooLong,
		`join(long, many)`:                           tooLong,
		`replace(long, "a", long)`:                   tooLong,
		`replace(double, "/a/", "$0$0")`:             tooMany,
		`replace(long, "/[a-z]+0/", "")`:             "a costly regular expression",
		`split("", double)`:                          tooMany,
		`length(crowd)`:                              tooMany,
		`jsondecode(double)`:                         "a document over 1 MiB",
		`regex("(a{1,500}){1,2}b", long)`:            "a costly regular expression",
		`regexall("(a*b|a)", long)`:                  "a costly regular expression",
		`regex(long, "a")`:                           "a regular expression over 16 KiB",
		`format("%1000000000d", 1)`:                  "a format verb wider than 65536",
		`format("%.1000000000f", 1)`:                 "a format verb wider than 65536",
		`format("%[1]s%[1]s%[1]s", [long, long])`:    "",
		`formatlist("%60000d", many)`:                tooLong,
		`tostring(big)`:                              tooWide,
		`tostring(small)`:                            tooWide,
		`jsonencode([big])`:                          tooWide,
		`tonumber("1e100000000")`:                    tooWide,
		`jsondecode("[1e100000000]")`:                tooWide,
		`yamldecode("a: 1e100000000")`:               tooWide,
		`parseint(digits, 10)`:                       tooWide,
		`tonumber(digits)`:                           tooWide,
		`setproduct(many, many, many)`:               tooMany,
		`jsondecode(json)`:                           tooDeep,
		`yamldecode(flow)`:                           tooDeep,
		`yamldecode(block)`:                          tooDeep,
		`yamldecode(bomb)`:                           "too many aliases",
		`fileset(".", braces)`:                       "too many braces",
		`templatestring(parens, {})`:                 tooDeep,
		`templatestring(ifs, {})`:                    tooDeep,
		`templatestring(bangs, {})`:                  tooDeep,
		`templatestring(chain, {})`:                  tooDeep,
		`templatestring(loops, {xs = many})`:         "nested loops",
		`provider::terraform::decode_tfvars(tfvars)`: tooDeep,
	} {
		v, diags := evaluate(t, Config{Unknown: causes, FS: fstest.MapFS{}}, expr, vars)
		if want == "" {
			continue // it only has to end
		}
		if diags.HasErrors() {
			t.Errorf("%s: %s", expr, diags)
			continue
		}
		got := strings.Join(markNames(v), "; ")
		if v.IsKnown() || !strings.HasPrefix(got, "gave up: ") || !strings.HasSuffix(got, want) {
			t.Errorf("%s is marked %q, want %q", expr, got, want)
		}
	}
}

func numbers(n int) cty.Value {
	vals := make([]cty.Value, n)
	for i := range vals {
		vals[i] = cty.NumberIntVal(int64(i))
	}
	return cty.ListVal(vals)
}

// aliasBomb returns a document whose last line has width to the power of depth
// nodes.
func aliasBomb(depth, width int) string {
	var b strings.Builder
	b.WriteString("l0: &l0 x\n")
	for i := 1; i <= depth; i++ {
		fmt.Fprintf(&b, "l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d,", i-1), width), ","))
	}
	return b.String()
}

// TestWithinLimits has ordinary calls that must not be given up.
func TestWithinLimits(t *testing.T) {
	vars := map[string]cty.Value{
		"lines":  cty.StringVal(strings.Repeat("some line of a script\n", 200)),
		"yaml":   cty.StringVal("base: &b {x: 1, y: [1, 2]}\n" + "one:\n  <<: *b\ntwo:\n  <<: *b\nthree: *b\n"),
		"policy": cty.StringVal("x: &x 1\n" + "s:\n" + strings.Repeat("  - {Action: \"*\", Resource: s3:*, Also: '*'}\n", 100)),
		"deep":   cty.StringVal(strings.Repeat(`[{"a":`, 200) + "1" + strings.Repeat("}]", 200)),
		"loops":  cty.StringVal("%{for a in xs}%{for b in a}${b},%{endfor}%{endfor}"),
		"script": cty.StringVal(strings.Repeat("some line of a script\n", 10_000)),
		"many":   numbers(200),
		"large":  cty.StringVal(strings.Repeat("port ${p}\n", 3000)),
	}
	for _, expr := range []string{
		`indent(8, lines)`,
		`replace(lines, "/\\r?\\n/", "\\n")`,
		`regexall("[a-z]+ of", lines)`,
		`jsonencode([for i in range(1000) : {id = i, text = lines}])`,
		`yamldecode(yaml).two.x`,
		`templatestring(loops, {xs = [[1, 2], [3]]})`,
		`templatestring(large, {p = 80})`,
		`setproduct(many, many)`,
		`length(yamldecode(policy).s)`,
		`jsonencode(jsondecode(deep))`,
		`yamlencode(yamldecode(deep))`,
		`replace(script, "/\\n/", " ")`,
		`distinct(concat(many, many))`,
		`tostring(1e300)`,
	} {
		if v, diags := evaluate(t, Config{Unknown: causes}, expr, vars); diags.HasErrors() || !v.IsWhollyKnown() {
			t.Errorf("%s = %s, %v", expr, markNames(v), diags)
		}
	}
}

func TestBudget(t *testing.T) {
	table := Table(Config{Budget: budget.New(600), Unknown: causes})
	ctx := &hcl.EvalContext{Functions: table}
	spent := 0
	for range 100 {
		v, diags := parse(t, `upper("a string of some thirty bytes")`).Value(ctx)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if !v.IsKnown() {
			spent++
			if diff := cmp.Diff([]string{"gave up: upper: " + BudgetSpent}, markNames(v)); diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
		}
	}
	if spent != 67 {
		t.Errorf("%d of 100 calls gave up, want 67", spent)
	}
}

// TestFiles has files that may be read and files that may not.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.txt", "outside")
	write("repo/root.txt", "root")
	write("repo/envs/prod/main.txt", "prod")
	write("repo/modules/x/t.tftpl", "module ${v}")
	for _, link := range [][2]string{
		{"../../../secret.txt", "repo/envs/prod/leak.txt"},
		{"../../root.txt", "repo/envs/prod/inside.txt"},
		{"../../..", "repo/envs/prod/up"},
		{"nowhere", "repo/envs/prod/dangling"},
	} {
		if err := os.Symlink(link[0], filepath.Join(dir, link[1])); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	root, err := os.OpenRoot(filepath.Join(dir, "repo"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	c := Config{FS: root.FS(), Base: "envs/prod", Unknown: causes}
	for expr, want := range map[string]string{
		`file("main.txt")`:                               `"prod"`,
		`file("../../root.txt")`:                         `"root"`,
		`file("./../prod/main.txt")`:                     `"prod"`,
		`file("inside.txt")`:                             `"root"`,
		`templatefile("../../modules/x/t.tftpl", {v=1})`: `"module 1"`,
		`fileset("../../modules", "**/*.tftpl")`:         "toset([\n  \"x/t.tftpl\",\n])",
		`fileset("../../modules/x", "../x/*")`:           "toset([\n  \"t.tftpl\",\n])",
		`fileexists("nope")`:                             "false",
		`fileexists("dangling")`:                         "false",
		`file("nope")`:                                   "error",
		`file("dangling")`:                               "error",
		`file("..")`:                                     "error",
		`file("leak.txt")`:                               "unknown: a file outside the repository or not readable",
		`fileexists("leak.txt")`:                         "unknown: a file outside the repository or not readable",
		`filesha256("leak.txt")`:                         "unknown: a file outside the repository or not readable",
		`file("up/secret.txt")`:                          "unknown: a file outside the repository or not readable",
		`file("../../../secret.txt")`:                    "unknown: a file outside the repository",
		`fileset("../../..", "*")`:                       "unknown: a file outside the repository",
		`fileset(".", "../../../*")`:                     "unknown: a file outside the repository",
		`fileset(".", "up/*")`:                           "unknown: a file outside the repository or not readable",
		`file("/etc/passwd")`:                            "unknown: a file outside the repository",
		`file("~/.ssh/id_rsa")`:                          "unknown: a file outside the repository",
		`fileset("/etc", "*")`:                           "unknown: a file outside the repository",
		`templatefile("/etc/passwd", {})`:                "unknown: a file outside the repository",
	} {
		v, diags := evaluate(t, c, expr, nil)
		got := console.Print(v, veiled)
		switch {
		case diags.HasErrors():
			got = "error"
		case !v.IsKnown():
			got = "unknown: " + strings.Join(markNames(v), "; ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s%v", expr, diff, diags)
		}
	}
}

func TestLargeFile(t *testing.T) {
	files := fstest.MapFS{"big": {Data: make([]byte, maxText+1)}}
	v, diags := evaluate(t, Config{FS: files, Unknown: causes}, `filemd5("big")`, nil)
	if diags.HasErrors() || v.IsKnown() {
		t.Errorf("filemd5 of a large file = %#v, %v", v, diags)
	}
}

// TestEval: the evaluator can apply its own limits to a template.
func TestEval(t *testing.T) {
	files := fstest.MapFS{"t": {Data: []byte("${v}!")}}
	asked := 0
	c := Config{FS: files, Eval: func(x hcl.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
		asked++
		return x.Value(ctx)
	}}
	v, diags := evaluate(t, c, `templatefile("t", {v = 1})`, nil)
	if diags.HasErrors() || asked != 1 || v.AsString() != "1!" {
		t.Errorf("= %#v, %v, asked %d times", v, diags, asked)
	}
}

// odd returns arguments that a function might not expect.
func odd() []cty.Value {
	deep := cty.StringVal("x")
	for range 50 {
		deep = cty.TupleVal([]cty.Value{deep})
	}
	return []cty.Value{
		cty.StringVal("a"), cty.NumberIntVal(1), cty.True,
		cty.ListVal([]cty.Value{cty.StringVal("a"), cty.NullVal(cty.String)}),
		cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(1)}),
		cty.NullVal(cty.String), cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.List(cty.String)),
		cty.DynamicVal, cty.UnknownVal(cty.String), cty.UnknownVal(cty.Number), cty.UnknownVal(cty.List(cty.String)),
		cty.UnknownVal(cty.Map(cty.Number)), cty.UnknownVal(cty.EmptyObject), cty.UnknownVal(cty.Tuple([]cty.Type{cty.String})),
		cty.StringVal(""), cty.StringVal("\x00%[*{${((("), cty.StringVal("10.0.0.0/8"), cty.StringVal("2017-11-22T00:00:00Z"),
		cty.Zero, cty.NumberIntVal(-1), cty.NumberFloatVal(0.5), cty.PositiveInfinity, cty.NegativeInfinity, cty.MustParseNumberVal("1e400"),
		cty.MustParseNumberVal("1e99999999"), cty.MustParseNumberVal("9223372036854775808"),
		cty.ListValEmpty(cty.String), cty.EmptyTupleVal, cty.EmptyObjectVal, cty.MapValEmpty(cty.String), cty.SetValEmpty(cty.Number),
		cty.ListValEmpty(cty.DynamicPseudoType),
		cty.SetVal([]cty.Value{cty.StringVal("a"), cty.UnknownVal(cty.String)}),
		cty.TupleVal([]cty.Value{cty.DynamicVal, cty.NullVal(cty.DynamicPseudoType), cty.True}),
		cty.MapVal(map[string]cty.Value{"a": cty.UnknownVal(cty.String), "b": cty.NullVal(cty.String)}),
		cty.MapVal(map[string]cty.Value{"a": cty.ListVal([]cty.Value{cty.StringVal("b")})}),
		cty.ListVal([]cty.Value{cty.StringVal("a").Mark(Sensitive), cty.StringVal("b")}).Mark(cause("m")),
		cty.StringVal("a").Mark(Ephemeral),
		deep,
		numbers(300),
	}
}

// matrix returns lists of up to n odd arguments for a function: each in every
// position, with plain arguments around it, unconverted and converted as the
// language converts them.
func matrix(name string, n int) [][]cty.Value {
	params, rest := declared(name)
	if rest != nil {
		for len(params) < n {
			params = append(params, *rest)
		}
	}
	plain := make([]cty.Value, len(params))
	for i, p := range params {
		plain[i] = plainFor(p)
	}
	out := [][]cty.Value{append([]cty.Value(nil), plain...)}
	for i, p := range params {
		for _, v := range odd() {
			args := append([]cty.Value(nil), plain...)
			if p.Type == customdecode.ExpressionClosureType {
				v = closure(v)
			}
			args[i] = v
			out = append(out, args)
		}
	}
	if len(params) == 1 || len(params) == 2 {
		for _, v := range odd() {
			args := make([]cty.Value, len(params))
			for i, p := range params {
				args[i] = v
				if p.Type == customdecode.ExpressionClosureType {
					args[i] = closure(v)
				}
			}
			out = append(out, args)
		}
	}
	return out
}

func closure(v cty.Value) cty.Value {
	return customdecode.ExpressionClosureVal(&customdecode.ExpressionClosure{
		Expression: &hclsyntax.LiteralValueExpr{Val: v}, EvalContext: &hcl.EvalContext{},
	})
}

func plainFor(p function.Parameter) cty.Value {
	switch t := p.Type; {
	case t == customdecode.ExpressionClosureType:
		return closure(cty.StringVal("a"))
	case t == cty.Number:
		return cty.NumberIntVal(2)
	case t == cty.Bool:
		return cty.True
	case t == cty.String:
		return cty.StringVal("a")
	case t.IsListType() && t.ElementType() == cty.Bool:
		return cty.ListVal([]cty.Value{cty.True})
	case t.IsSetType():
		return cty.SetVal([]cty.Value{cty.StringVal("a")})
	case t.IsMapType():
		return cty.MapVal(map[string]cty.Value{"a": cty.ListVal([]cty.Value{cty.StringVal("b")})})
	}
	return cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")})
}

// TestNothingPanics calls every function with odd arguments. go-cty turns a panic
// into an error, with the stack in its text, which must not reach users.
func TestNothingPanics(t *testing.T) {
	table := Table(Config{FS: os.DirFS("testdata/fs"), Budget: budget.New(1 << 40), Unknown: causes})
	for name, f := range table {
		if strings.HasPrefix(name, "core::") {
			continue
		}
		for _, args := range matrix(name, 3) {
			func() {
				defer func() {
					if r := recover(); r != nil {
						t.Errorf("%s(%#v) panics: %v", name, args, r)
					}
				}()
				v, err := f.Call(args)
				if err != nil && strings.Contains(err.Error(), "panic") {
					t.Errorf("%s(%#v): %.300s", name, args, err)
				}
				if err == nil && v == cty.NilVal {
					t.Errorf("%s(%#v) has no value", name, args)
				}
			}()
		}
	}
}

func TestOversize(t *testing.T) {
	v := cty.StringVal("x")
	for range 40 {
		v = cty.TupleVal([]cty.Value{v, v})
	}
	if _, got := Oversize(v); got != tooMany {
		t.Errorf("a value of 2^40 nodes: %q, want %q", got, tooMany)
	}
	if _, got := Oversize(numbers(1000)); got != "" {
		t.Errorf("a list of 1000 numbers: %q", got)
	}
}

// TestDiscreet: an error does not quote a secret.
func TestDiscreet(t *testing.T) {
	vars := map[string]cty.Value{"secret": cty.StringVal("hunter2").Mark(Sensitive)}
	for _, expr := range []string{
		`cidrhost(secret, 1)`, `tonumber(secret)`, `uuidv5(secret, "a")`, `file("${secret}")`,
		`jsondecode(secret)`, `format(secret, 1)`, `timecmp(secret, "x")`, `lookup({}, secret)`,
	} {
		_, diags := evaluate(t, Config{FS: fstest.MapFS{}}, expr, vars)
		if !diags.HasErrors() || strings.Contains(diags.Error(), "hunter2") {
			t.Errorf("%s: %v", expr, diags)
		}
	}
}

// TestMoreIsSharper: the result of a function for an unknown argument still holds
// when the argument is known, whether it is an error or a value.
func TestMoreIsSharper(t *testing.T) {
	table := Table(Config{FS: os.DirFS("testdata/fs")})
	for name, f := range table {
		if strings.HasPrefix(name, "core::") || name == "coalesce" {
			continue // the type of coalesce's unknown argument may still convert its result
		}
		for _, args := range matrix(name, 3) {
			if slices.ContainsFunc(args, isWide) {
				continue // given up; and printing the number takes hours
			}
			known, knownErr := f.Call(args)
			for i, a := range args {
				if a.Type().IsCapsuleType() || !a.IsKnown() {
					continue
				}
				for _, hidden := range []cty.Value{cty.UnknownVal(a.Type()), cty.DynamicVal} {
					less := append([]cty.Value(nil), args...)
					less[i] = hidden
					v, err := f.Call(less)
					switch {
					case err != nil && knownErr == nil:
						t.Errorf("%s(%#v): %v, but with %#v = %#v", name, less, err, a, known)
					case err == nil && knownErr == nil && contradicts(v, known):
						t.Errorf("%s(%#v) = %#v, but with %#v = %#v", name, less, v, a, known)
					}
				}
			}
		}
	}
}

// contradicts reports whether a value cannot become another when more is known.
func contradicts(less, more cty.Value) bool {
	less, _ = less.UnmarkDeep()
	more, _ = more.UnmarkDeep()
	switch t := less.Type(); {
	case !less.IsKnown():
		return false
	case less.IsNull() || more.IsNull():
		return less.IsNull() != more.IsNull()
	case !more.IsKnown():
		return false // given up
	case less.IsWhollyKnown() && more.IsWhollyKnown():
		return !less.RawEquals(more)
	case t.IsSetType():
		return more.LengthInt() > less.LengthInt()
	case t.IsObjectType() || t.IsMapType() || t.IsTupleType() || t.IsListType():
		if less.LengthInt() != more.LengthInt() {
			return true
		}
		a, b := less.ElementIterator(), more.ElementIterator()
		for a.Next() && b.Next() {
			ka, va := a.Element()
			kb, vb := b.Element()
			if !ka.RawEquals(kb) || contradicts(va, vb) {
				return true
			}
		}
	}
	return false
}
