package funcs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func parse(t testing.TB, src string) hclsyntax.Expression {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(src), "test", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", src, diags)
	}
	return expr
}

// TestMarks checks the marks of results: those of the whole result first, then those
// of all its parts.
func TestMarks(t *testing.T) {
	vars := map[string]cty.Value{
		"s":    cty.StringVal("x").Mark(cause("s")),
		"u":    cty.UnknownVal(cty.String).Mark(cause("u")),
		"d":    cty.DynamicVal.Mark(cause("d")),
		"n":    cty.NumberIntVal(1).Mark(cause("n")),
		"un":   cty.UnknownVal(cty.Number).Mark(cause("un")),
		"o":    cty.ObjectVal(map[string]cty.Value{"u": cty.UnknownVal(cty.String).Mark(cause("u"))}),
		"none": cty.NullVal(cty.String).Mark(cause("none")),
		"secret": cty.StringVal("y").WithMarks(
			cty.NewValueMarks(cause("secret"), Sensitive)),
		"token": cty.UnknownVal(cty.String).WithMarks(
			cty.NewValueMarks(cause("token"), Ephemeral)),
	}
	for _, c := range []struct{ expr, whole, deep string }{
		// known results
		{`upper(s)`, "s", "s"},
		{`[s, upper("a")]`, "", "s"},
		{`tolist([s, "b"])`, "", "s"},
		{`tolist([s, "b"])[1]`, "", ""},
		{`toset([s, "b"])`, "s", "s"},
		{`tomap({a = s, b = "c"})`, "", "s"},
		{`tomap({a = s, b = "c"}).b`, "", ""},
		{`tostring(n)`, "n", "n"},
		{`tonumber(s)`, "error", ""},
		{`length([s, u])`, "", ""},
		{`length(s)`, "s", "s"},
		{`lookup({a = s, b = "c"}, "b", u)`, "", ""},
		{`lookup({a = s, b = "c"}, "a", u)`, "s", "s"},
		{`lookup({a = s}, "z", u)`, "u", "u"},
		{`lookup({a = s}, u, "z")`, "s u", "s u"},
		{`lookup(tomap({a = s}), u, "z")`, "s u", "s u"},
		{`lookup(d, "a", "z")`, "d", "d"},
		{`lookup(d, "a", s)`, "d s", "d s"},
		{`coalesce("a", s)`, "", ""},
		{`coalesce(s, "a")`, "s", "s"},
		{`coalesce(none, s, u)`, "none s", "none s"},
		{`coalesce(u, s)`, "coalesce? s u", "coalesce? s u"},
		{`coalesce(none, u)`, "none u", "none u"},
		{`coalesce(u, none)`, "u", "u"},
		{`coalesce(format("abc%s", u), s)`, "u", "u"},
		{`coalesce("a", secret)`, "sensitive", "sensitive"},
		{`element([s, "b"], 1)`, "", ""},
		{`element([s, "b"], n)`, "n", "n"},
		{`element([s, "b"], un)`, "un s", "un s"},
		{`one([s])`, "s", "s"},
		{`merge({a = s}, {b = "c"}).b`, "", ""},
		{`merge(d, {b = s})`, "d s", "d s"},
		{`flatten([[s], ["b"]])[1]`, "", ""},
		{`flatten([d, [s]])`, "d s", "d s"},
		{`flatten([u, [s]])`, "", "s u"},
		{`element([u, s], 0)`, "u", "u"},
		{`element(d, 0)`, "d", "d"},
		{`one([u])`, "u", "u"},
		{`one(d)`, "d", "d"},
		{`lookup({a = u, b = s}, "a")`, "u", "u"},
		{`keys({a = s})`, "", ""},
		{`values({a = s, b = "c"})[1]`, "", ""},
		{`zipmap([s], ["v"])`, "s", "s"},
		{`concat([s], ["b"])[1]`, "", ""},
		{`jsonencode({a = s})`, "s", "s"},
		{`jsonencode({a = u, b = s})`, "s u", "s u"},
		{`join(",", [s, u])`, "s u", "s u"},
		{`format("%s-%s", s, u)`, "s u", "s u"},
		{`replace(u, "a", s)`, "s u", "s u"},
		{`contains([s, "b"], u)`, "s u", "s u"},
		{`setunion([s], [u])`, "s u", "s u"},
		{`cidrsubnet("10.0.0.0/8", un, n)`, "n un", "n un"},
		{`sum([n, un])`, "n un", "n un"},
		{`alltrue([d])`, "d", "d"},
		{`transpose({a = [u]})`, "u", "u"},
		{`matchkeys([s], [u], ["a"])`, "s u", "s u"},
		{`timecmp(u, "2017-11-22T00:00:00Z")`, "u", "u"},
		{`bcrypt(s)`, "bcrypt? s", "bcrypt? s"},
		// try and can
		{`try(s, "b")`, "s", "s"},
		{`try(u, "b")`, "u", "u"},
		{`try(o.u, s)`, "u", "u"},
		{`try(o.none, u)`, "u", "u"},
		{`try(o, s)`, "", "u"},
		{`try(d.a.b, s)`, "d s try?", "d s try?"},
		{`try(d.a.b, u, s)`, "d try? u", "d try? u"},
		{`try(tonumber("x"), u)`, "u", "u"},
		{`try({a = u, b = s}, "x")`, "s try? u", "s try? u"},
		{`try(upper(u), s)`, "s try? u", "s try? u"},
		{`can(u)`, "", ""},
		{`can(upper(u))`, "can? u", "can? u"},
		{`can(s)`, "", ""},
		{`can(d.a)`, "can? d", "can? d"},
		// Terraform's own marks, in addition to a value's origin
		{`sensitive(s)`, "s sensitive", "s sensitive"},
		{`nonsensitive(secret)`, "secret", "secret"},
		{`nonsensitive(sensitive(u))`, "u", "u"},
		{`nonsensitive([secret])`, "", "secret sensitive"},
		{`issensitive(secret)`, "", ""},
		{`issensitive(u)`, "u", "u"},
		{`issensitive(sensitive(u))`, "", ""},
		{`ephemeralasnull(token)`, "token", "token"},
		{`ephemeralasnull(u)`, "u", "u"},
		{`ephemeralasnull({a = token, b = s}).b`, "s", "s"},
		{`upper(secret)`, "secret sensitive", "secret sensitive"},
		{`upper(token)`, "ephemeral token", "ephemeral token"},
		{`tostring(sensitive(d))`, "d sensitive", "d sensitive"},
		// templates
		{`templatestring(s, {a = u})`, "s", "s"},
		{`templatestring(text, {name = s, other = u})`, "s", "s"},
		{`templatestring(text, {name = u})`, "u", "u"},
		{`templatestring(text, {name = "a", other = secret})`, "sensitive", "sensitive"},
		{`templatestring(minus, {n = un, s = s})`, "s un", "s un"},
		{`templatestring(two, {a = s, b = u, c = n})`, "s u", "s u"},
		{`templatestring(u, {name = s})`, "s u", "s u"},
		{`templatestring(text, d)`, "d", "d"},
	} {
		vars["minus"] = cty.StringVal("${-n}")
		vars["two"] = cty.StringVal("${a}${b}")
		vars["text"] = cty.StringVal("Hello, ${name}")
		v, diags := evaluate(t, Config{Unknown: causedBy}, c.expr, vars)
		if c.whole == "error" {
			if !diags.HasErrors() {
				t.Errorf("%s = %#v, want an error", c.expr, v)
			}
			continue
		}
		if diags.HasErrors() {
			t.Errorf("%s: %s", c.expr, diags)
			continue
		}
		_, whole := v.Unmark()
		got := [2]string{names(whole), names(deepMarks([]cty.Value{v}))}
		if diff := cmp.Diff([2]string{sorted(c.whole), sorted(c.deep)}, got); diff != "" {
			t.Errorf("%s = %#v (-want +got)\n%s", c.expr, v, diff)
		}
	}
}

// causedBy marks a value without an answer with only the name of the function.
func causedBy(why string, t cty.Type) cty.Value {
	name, _, _ := strings.Cut(why, "()")
	return cty.UnknownVal(t).Mark(cause(name + "?"))
}

func names(marks cty.ValueMarks) string {
	var list []string
	for m := range marks {
		list = append(list, fmt.Sprint(m))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func sorted(words string) string {
	list := strings.Fields(words)
	slices.Sort(list)
	return strings.Join(list, " ")
}

// TestNoMarkIsLost calls every function with marked arguments. A mark may be dropped
// only if the result is known and does not depend on the marked value.
func TestNoMarkIsLost(t *testing.T) {
	free := []string{ // functions that may drop marks, with the reason
		"length", "keys", // count or name elements, whatever they are
		"can", "issensitive", // return whether, not what
		"coalesce", "coalescelist", "element", "lookup", "one", "slice", "try", // choose
		"contains", // an empty list contains nothing
	}
	table := Table(Config{Unknown: causes})
	for name, f := range table {
		if strings.HasPrefix(name, "core::") || slices.Contains(free, name) {
			continue
		}
		for _, args := range matrix(name, 3) {
			for i := range args {
				args[i] = args[i].Mark(cause(fmt.Sprint("arg", i)))
			}
			v, err := f.Call(args)
			if err != nil {
				continue
			}
			got := deepMarks([]cty.Value{v})
			for i := range args {
				if _, ok := got[cause(fmt.Sprint("arg", i))]; !ok {
					t.Errorf("%s(%#v) = %#v has lost a mark", name, args, v)
				}
			}
		}
	}
}
