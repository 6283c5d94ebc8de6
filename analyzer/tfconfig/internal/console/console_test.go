package console

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

const file = `# for the reader
a
	1
	2
b
|  c
~because
~	3
~	4

## d
d
	5
`

func TestParse(t *testing.T) {
	want := []Case{
		{Expr: "a", Want: "1\n2"},
		{Expr: "b\n  c", Ours: "3\n4", Why: "because"},
		{Expr: "d", Want: "5"},
	}
	if diff := cmp.Diff(want, Parse([]byte(file))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestRewrite(t *testing.T) {
	const want = `# for the reader
a
	6
b
|  c
	7
	8
~because
~	3
~	4

## d
d
	9
`
	got := string(rewrite([]byte(file), []Case{{Want: "6"}, {Want: "7\n8"}, {Want: "9"}}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSummary(t *testing.T) {
	const words = "╷\n│ \x1b[1mError: \x1b[0mNo such thing\n│ \n│   on <console-input> line 1:\n│   (source code not available)\n│ \n│ It is not there.\n╵\n"
	if diff := cmp.Diff("No such thing It is not there.", summary(words)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestPrint(t *testing.T) {
	veiled := func(v cty.Value) string {
		if v.HasMark("secret") {
			return "(secret)"
		}
		return ""
	}
	v := cty.TupleVal([]cty.Value{
		cty.MapVal(map[string]cty.Value{"a": cty.StringVal("x\ny"), "b": cty.UnknownVal(cty.String)}),
		cty.NullVal(cty.List(cty.Bool)),
		cty.MustParseNumberVal("1.50"), cty.True.Mark("secret"), cty.EmptyObjectVal,
	})
	const want = `[
  tomap({
    "a" = <<-EOT
    x
    y
    EOT
    "b" = (known after apply)
  }),
  tolist(null) /* of bool */,
  1.5,
  (secret),
  {},
]`
	if diff := cmp.Diff(want, Print(v, veiled)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
