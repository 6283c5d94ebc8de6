package funcs

import (
	"bytes"
	"flag"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var update = flag.Bool("update", false, "record testdata/console.golden anew with the terraform on the PATH")

const goldenFile = "testdata/console.golden"

// A consoleCase is one expression and what `terraform console` answers: its
// printed value, or "error: " and a summary, of which only "error" is compared.
type consoleCase struct {
	expr, want string
}

// TestConsole compares every function with Terraform. Run it with -update to
// ask Terraform again, after adding an expression to the file.
func TestConsole(t *testing.T) {
	raw, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		raw = record(t, raw)
	}
	ctx := consoleContext()
	for _, c := range parseGolden(raw) {
		if c.want == "" {
			t.Errorf("%s: no answer recorded: run go test -run TestConsole -update", c.expr)
			continue
		}
		want := c.want
		if strings.HasPrefix(want, "error: ") {
			want = "error"
		}
		if ours, ok := sharper[c.expr]; ok {
			want = ours
		}
		got, detail := answer(c.expr, ctx)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-terraform +ours)\n%s%s", c.expr, diff, detail)
		}
	}
}

// sharper has the answers that differ from Terraform's because we say more: a
// reference to something partly known cannot fail later, see certain.
var sharper = map[string]string{
	`can(local.any)`:         "true",
	`can(local.map)`:         "true",
	`can(local.map.unknown)`: "true",
	`try(local.map, "x")`:    "{\n  \"known\" = \"k\"\n  \"unknown\" = (known after apply)\n}",
}

// answer evaluates one expression as the console would print it, with the
// words of an error apart.
func answer(src string, ctx *hcl.EvalContext) (text, detail string) {
	expr, diags := hclsyntax.ParseExpression([]byte(src), "console", hcl.InitialPos)
	if diags.HasErrors() {
		return "error", diags.Error()
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return "error", diags.Error()
	}
	var b strings.Builder
	printValue(&b, v, 0)
	return b.String(), ""
}

// consoleContext has the values of testdata/main.tf.
func consoleContext() *hcl.EvalContext {
	text := cty.UnknownVal(cty.String)
	return &hcl.EvalContext{
		Functions: Table(Config{FS: os.DirFS("testdata/fs"), Base: "."}),
		Variables: map[string]cty.Value{
			"var": cty.ObjectVal(map[string]cty.Value{"token": cty.StringVal("ephemeral").Mark(Ephemeral)}),
			"local": cty.ObjectVal(map[string]cty.Value{
				"secret": cty.StringVal("secret").Mark(Sensitive),
				"secrets": cty.ObjectVal(map[string]cty.Value{
					"plain": cty.StringVal("p"), "secret": cty.StringVal("s").Mark(Sensitive),
				}),
				"any":    cty.DynamicVal,
				"text":   text,
				"number": cty.UnknownVal(cty.Number),
				"list":   cty.ListVal([]cty.Value{cty.UnknownVal(cty.String), cty.StringVal("known")}),
				"lists":  cty.UnknownVal(cty.List(cty.String)).RefineNotNull(),
				"map":    cty.ObjectVal(map[string]cty.Value{"known": cty.StringVal("k"), "unknown": text}),
				"tpl":    cty.StringVal("Hello, ${name}!"),
				"loop":   cty.StringVal("%{ for x in xs }<${x}>%{ endfor }"),
			}),
		},
	}
}

// printValue writes a value in the notation of the console.
func printValue(b *strings.Builder, v cty.Value, depth int) {
	switch {
	case v.HasMark(Ephemeral):
		b.WriteString("(ephemeral value)")
		return
	case v.HasMark(Sensitive):
		b.WriteString("(sensitive value)")
		return
	}
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case !v.IsKnown():
		b.WriteString("(known after apply)")
	case v.IsNull():
		printNull(b, ty)
	case ty == cty.String:
		printString(b, v.AsString(), depth)
	case ty == cty.Number:
		b.WriteString(numberText(v.AsBigFloat()))
	case ty == cty.Bool:
		fmt.Fprint(b, v.True())
	case ty.IsObjectType(), ty.IsTupleType():
		printElements(b, v, depth)
	case ty.IsMapType():
		wrapElements(b, "tomap", v, depth)
	case ty.IsListType():
		wrapElements(b, "tolist", v, depth)
	case ty.IsSetType():
		wrapElements(b, "toset", v, depth)
	}
}

func printNull(b *strings.Builder, ty cty.Type) {
	switch ty {
	case cty.String:
		b.WriteString("tostring(null)")
	case cty.Number:
		b.WriteString("tonumber(null)")
	case cty.Bool:
		b.WriteString("tobool(null)")
	case cty.DynamicPseudoType:
		b.WriteString("null")
	default:
		printTypedNull(b, ty)
	}
}

func printTypedNull(b *strings.Builder, ty cty.Type) {
	switch {
	case ty.IsListType():
		fmt.Fprintf(b, "tolist(null) /* of %s */", ty.ElementType().FriendlyName())
	case ty.IsMapType():
		fmt.Fprintf(b, "tomap(null) /* of %s */", ty.ElementType().FriendlyName())
	case ty.IsSetType():
		fmt.Fprintf(b, "toset(null) /* of %s */", ty.ElementType().FriendlyName())
	default:
		b.WriteString("null /* " + ty.FriendlyName() + " */")
	}
}

func printString(b *strings.Builder, s string, depth int) {
	if !strings.Contains(s, "\n") {
		fmt.Fprintf(b, "%s", quoted(s))
		return
	}
	pad := strings.Repeat(" ", depth)
	open := "<<EOT"
	if depth > 0 {
		open = "<<-EOT"
	}
	fmt.Fprintf(b, "%s\n%s", open, pad)
	b.WriteString(strings.ReplaceAll(s, "\n", "\n"+pad))
	fmt.Fprintf(b, "\n%sEOT", pad)
}

// quoted is how the console quotes: as Go does.
func quoted(s string) string {
	return fmt.Sprintf("%q", s)
}

func numberText(f *big.Float) string {
	return f.Text('f', -1)
}

func wrapElements(b *strings.Builder, name string, v cty.Value, depth int) {
	b.WriteString(name + "(")
	printElements(b, v, depth)
	b.WriteString(")")
}

func printElements(b *strings.Builder, v cty.Value, depth int) {
	keyed := v.Type().IsObjectType() || v.Type().IsMapType()
	left, right := "[", "]"
	if keyed {
		left, right = "{", "}"
	}
	b.WriteString(left)
	pad := strings.Repeat(" ", depth+2)
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		b.WriteString("\n" + pad)
		if keyed {
			b.WriteString(quoted(k.AsString()) + " = ")
		}
		printValue(b, e, depth+2)
		if !keyed {
			b.WriteString(",")
		}
	}
	if v.LengthInt() > 0 {
		b.WriteString("\n" + strings.Repeat(" ", depth))
	}
	b.WriteString(right)
}

// parseGolden reads lines: an expression at the margin, its answer indented by
// a tab below it. Lines that start with # are for the reader.
func parseGolden(raw []byte) []consoleCase {
	var cases []consoleCase
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != '\t':
			cases = append(cases, consoleCase{expr: line})
		case cases[len(cases)-1].want == "":
			cases[len(cases)-1].want = line[1:]
		default:
			cases[len(cases)-1].want += "\n" + line[1:]
		}
	}
	return cases
}

// record asks Terraform every expression of the file and rewrites it.
func record(t *testing.T, raw []byte) []byte {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Fatal(err)
	}
	cases := parseGolden(raw)
	next := make(chan *consoleCase)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		dir := consoleDir(t) // each console locks its state
		wg.Go(func() {
			for c := range next {
				c.want = ask(dir, c.expr)
			}
		})
	}
	for i := range cases {
		next <- &cases[i]
	}
	close(next)
	wg.Wait()
	out := rewrite(raw, cases)
	if err := os.WriteFile(goldenFile, out, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

// rewrite puts the answers below their expressions, keeping all other lines.
func rewrite(raw []byte, cases []consoleCase) []byte {
	var out bytes.Buffer
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		out.WriteString(line)
		if line == "\n" || line[0] == '#' {
			continue
		}
		out.WriteString("\t" + strings.ReplaceAll(cases[0].want, "\n", "\n\t") + "\n")
		cases = cases[1:]
	}
	return out.Bytes()
}

// consoleDir is an initialised copy of testdata/main.tf beside testdata/fs.
func consoleDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/fs")); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("testdata/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), src, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := terraform(dir, "", "init").CombinedOutput(); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
	return dir
}

func terraform(dir, stdin string, args ...string) *exec.Cmd {
	cmd := exec.Command("terraform", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE=", "NO_COLOR=1")
	return cmd
}

func ask(dir, expr string) string {
	cmd := terraform(dir, expr+"\n", "console")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "error: " + summary(stderr.String())
	}
	return strings.TrimSuffix(stdout.String(), "\n")
}

// summary is the headline and the first paragraph below the source of a
// diagnostic, on one line.
func summary(stderr string) string {
	plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(stderr, "")
	var words []string
	for line := range strings.Lines(plain) {
		line = strings.Trim(line, "╷│╵ \n")
		if line == "" || strings.HasPrefix(line, "on <console") || strings.HasPrefix(line, "(source code") {
			continue
		}
		words = append(words, line)
	}
	return strings.TrimPrefix(strings.Join(words, " "), "Error: ")
}
