package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// nasty are parts of names that would act on the viewer of a report, by kind.
var nasty = map[string]string{
	"a workflow command":                "::error::boom",
	"one behind a space":                " \t::error::boom",
	"one behind a no-break space":       "\u00a0::stop-commands::x",
	"one behind spaces of all kinds":    "\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u0085::stop-commands::x",
	"one behind what is not drawn":      "\u200b\u200d\ufeff\u00ad\u034f\u180b\ufe0f\U000e0001::warning::x",
	"one within":                        ":\u200d:error::x",
	"one on a line of its own":          "a\n::error::x\r::error::x\v::error::x\u2028::error::x",
	"one after wrapping":                strings.Repeat("long ", 30) + "::error::x " + strings.Repeat("y", 90) + " ::error::z",
	"a marker":                          "##[set-env name=x]y",
	"a marker of Azure":                 "x ##vso[task.setvariable variable=x]y",
	"a marker with what is not drawn":   "#\u200d#\ufe0fvso\u2060[task.complete]",
	"a marker of TeamCity":              "##teamcity[testStarted name='x']",
	"a section of GitLab":               "\x1b[0Ksection_start:1560896352:x\r\x1b[0K",
	"a fold of Travis":                  "travis_fold:start:x\r\x1b[0K",
	"a group of Buildkite":              "--- x\n+++ x\n~~~ x",
	"colours":                           "\x1b[31;1mred\x1b[0m\x9b31m\u009b31m",
	"a link of a terminal":              "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
	"a title of a terminal":             "\x1b]0;x\x1b\\\x07\x08\x7f\x00",
	"turned text":                       "\u202egpj\u202c\u2066x\u2069\u200e\u061c",
	"tags":                              "\U000e0041\U000e0042\U000e007f",
	"what is no UTF-8":                  "\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80",
	"what nothing draws":                "\u115f\u1160\u3164\uffa0\u17b4\u2061",
	"private characters":                "\ue000\U000f0000\ufdd0\uffff",
	"a formula":                         "=HYPERLINK(\"https://evil.example\")",
	"a formula behind white space":      " \t\u00a0=1+1",
	"a formula behind a quote":          "\"=1+1",
	"a formula behind a separator":      "a;=cmd|'/c calc'!A1,+1+1|@SUM(A1)",
	"a full-width formula":              "\uff1d1\uff0b1;\uff20x",
	"formulas of other signs":           "+1+cmd|x;-1+cmd|x;@SUM(1)",
	"quotes of CSV":                     "\",\"=1\"\"\r\n\"=2",
	"a link":                            "[click](https://evil.example)",
	"a link by reference":               "[click][x]\n\n[x]: https://evil.example",
	"a definition":                      "[x]: https://evil.example",
	"a picture":                         "![x](https://evil.example/x.png)",
	"addresses":                         "https://evil.example http://evil.example ftp://evil.example www.evil.example WWW.evil.example",
	"a mail":                            "evil@example.com mailto:evil@example.com xmpp:evil@example.com",
	"mentions":                          "@octocat x@octocat @org/team (@a) @\u00fcber",
	"references of GitHub":              "#1 GH-1 gh-23 octo/hello#1 octocat@0123abcd",
	"references of GitLab":              "!1 $1 ~1 &1 %1 ^1 ~\"bug\" %\"1.0\" group/project!1",
	"a commit":                          "0123abcd 0123456789abcdef0123456789abcdef01234567",
	"an emoji":                          ":tada: :+1: x:100:3",
	"HTML":                              "<img src=x onerror=alert(1)><script>alert(1)</script></script><!-- x --><b>",
	"HTML of an attribute":              "\" onmouseover=\"alert(1)\" x='y' `z`",
	"the end of a script":               "</script><script>alert(1)//]]>--></style>",
	"entities":                          "&lt;b&gt; &#60;b&#62; &copy; &amp;",
	"cells":                             "a | b || c \\| d",
	"code":                              "`x` ``y`` ```z```",
	"the end of code":                   "x` <b>y</b> `z",
	"emphasis":                          "*a* **b** _c_ __d__ ~~e~~ ~f~",
	"a heading":                         "# x",
	"a rule":                            "===\n---\n***",
	"a list":                            "- x",
	"a list of numbers":                 "1. x",
	"a quote":                           "> x",
	"code by space":                     "    x",
	"a fence":                           "```sh\nx\n```",
	"a footnote":                        "[^1] and\n[^1]: x",
	"a task":                            "[x] x",
	"formulas of mathematics":           "$x$ $$y$$ $`z`$ \\(a\\) \\[b\\]",
	"an alert":                          "[!CAUTION] x",
	"backslashes":                       `\ \\ \[ \| \` + "`",
	"placeholders":                      "{0} {{1}} {x} %s %d {{.Name}} ${x} %{x}",
	"a link of SARIF":                   "[here](1) \\[x](0) ](2)",
	"a name that climbs":                "../../etc/passwd",
	"a name with what URIs are made of": "a?b#c%2f d:e//f\\g",
}

// hurt puts a text into every place of a report that input may reach: before and
// after the existing text, and, if all is set, instead of an empty text. Texts from
// demarc's own tables stay.
type hurt struct {
	text  string
	all   bool
	value bool // also values that a report may hide because they look like a document
	seen  map[any]bool
	n     int
}

// ours are types without input, and fields without input.
var (
	ourTypes = []reflect.Type{
		reflect.TypeFor[analyzer.Check](), reflect.TypeFor[analyzer.Service](), reflect.TypeFor[analyzer.Cell](),
		reflect.TypeFor[time.Time](), reflect.TypeFor[judge.Evidence](),
	}
	ourFields = []string{"Fingerprint", "Group", "Unsafe", "Dialect", "Plan", "Kind", "Action"}
)

func (h *hurt) into(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Kind() == reflect.Pointer && h.seen[v.Interface()] {
			return
		}
		if v.Kind() == reflect.Pointer {
			h.seen[v.Interface()] = true
		}
		h.into(v.Elem())
	case reflect.Struct:
		if slices.Contains(ourTypes, v.Type()) {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !slices.Contains(ourFields, f.Name) && (h.value || f.Name != "Value") {
				h.into(v.Field(i))
			}
		}
	case reflect.Slice:
		if h.all && v.Type() == reflect.TypeFor[[]string]() && v.Len() == 0 && v.CanSet() {
			v.Set(reflect.ValueOf([]string{h.text}))
			return
		}
		for i := range v.Len() {
			h.into(v.Index(i))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.CanSet() && (h.all || v.Len() > 0) {
			v.SetString(h.text + v.String() + h.text)
			h.n++
		}
	}
}

// subjects returns the subjects of every kind, with a text in every place.
func subjects(t *testing.T, text string, all, value bool) (map[Kind][]Subject, Options) {
	t.Helper()
	found := map[Kind][]Subject{}
	var opt Options
	framework, _ := responsibility.FrameworkOf("pci-dss-4.0.1")
	scenarios := []scenario{sourceScenario(t)}
	if all {
		scenarios = append(scenarios, planScenario(t), brokenScenario(t))
	}
	for _, s := range scenarios {
		rep, o := s.reportWith(true, func(run *judge.Options) {
			run.Attestations = []*judge.Attestation{{
				Name: "guests", By: "ops", Evidence: "a ticket", Resources: []string{"*"},
				Subjects: []analyzer.Subject{{Layer: analyzer.OperatingSystem}},
			}}
			run.Teams = judge.Teams{Fallback: func(string) string { return "a team" }}
		})
		h := &hurt{text: text, all: all, value: value, seen: map[any]bool{}}
		h.into(reflect.ValueOf(rep))
		if h.n < 10 {
			t.Fatalf("%d places only", h.n)
		}
		opt = o
		opt.Today = oscalToday
		opt.Read = func(string) ([]byte, error) {
			line := strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
			return []byte(strings.Repeat("  storage_encrypted = \""+line+"\" # "+line+"\n", 40)), nil
		}
		m := matrix.New(rep, fixtureOptions().Catalogue, matrix.ByResource)
		none := compare.Side{Report: judge.Run(context.Background(), analyzer.NewSet(nil, analyzer.Coverage{}, nil), nil, fixtureOptions())}
		is := compare.Side{Report: rep, Dir: text}
		names := Names{Kind: "revisions", Old: text, New: "x" + text, In: text}
		found[OfScan] = append(found[OfScan], Subject{Report: rep})
		found[OfMatrix] = append(found[OfMatrix], Subject{Matrix: m})
		if all && len(found[OfFramework]) == 0 { // it takes long
			found[OfFramework] = append(found[OfFramework], Subject{Audit: audit.Of(m, framework)})
		}
		for _, d := range []*compare.Diff{compare.Reports(none, is, fixtureOptions().Catalogue), compare.Reports(is, none, fixtureOptions().Catalogue)} {
			found[OfDiff] = append(found[OfDiff], Subject{Diff: d, Names: names})
		}
	}
	return found, opt
}

// written returns the reports of a format.
func written(t *testing.T, f Format, subjects []Subject, opt Options) []string {
	t.Helper()
	var all []string
	for _, s := range subjects {
		var b bytes.Buffer
		if err := f.Write(&b, s, opt); err != nil {
			t.Fatalf("%s of %s: %v", f.Name, f.Kind, err)
		}
		all = append(all, b.String())
	}
	return all
}

// TestNeutral: no format of any kind lets a text act, in any place of a report:
// every report has the invariants of its syntax.
func TestNeutral(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	for _, all := range []bool{false, true} {
		for what, hostile := range nasty {
			t.Run(fmt.Sprintf("%s/%t", what, all), func(t *testing.T) {
				neutral(t, hostile, all)
			})
		}
	}
}

// neutral compares the reports of a hostile text with the reports of a harmless text
// of equal width.
func neutral(t *testing.T, hostile string, all bool) {
	value := !text(`"` + hostile + hostile + `"`)
	calm, opt := subjects(t, strings.Repeat("x", textWidth(clean(hostile))), all, value)
	wild, wildOpt := subjects(t, hostile, all, value)
	for _, f := range Formats() {
		laws, ok := syntaxLaws[f.Syntax]
		if !ok {
			t.Fatalf("nothing holds of %s", f.Syntax)
		}
		want := written(t, f, calm[f.Kind], opt)
		for i, out := range written(t, f, wild[f.Kind], wildOpt) {
			for _, law := range laws {
				if says := law(out, want[i]); says != "" {
					t.Errorf("%s of %s: %s", f.Name, f.Kind, says)
					break
				}
			}
		}
	}
}

// A syntaxLaw returns what is wrong in a report, compared with the same report of a
// harmless text.
type syntaxLaw func(out, calm string) string

var syntaxLaws = map[Syntax][]syntaxLaw{
	SyntaxText:     {visible, noCommand},
	SyntaxMarkdown: {visible, noCommand, sameMarkdown},
	SyntaxCSV:      {visible, noCommand, noFormula},
	SyntaxJSON:     {visible, noCommand, plainJSON},
	SyntaxHTML:     {visible, noCommand, sameHTML},
}

// visible: all text is visible, and is where it appears to be.
func visible(out, _ string) string {
	if !utf8.ValidString(out) {
		return "no UTF-8"
	}
	last := ' '
	for _, r := range out {
		if r >= ' ' && r < 0x7f || r == '\n' {
			last = r
			continue
		}
		unseen := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Noncharacter_Code_Point, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
			unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u3000'
		if unseen && !(selects(r) && unicode.Is(unicode.So, last)) {
			return fmt.Sprintf("%U is written", r)
		}
		last = r
	}
	return ""
}

var (
	unseen = `[\s\p{C}\p{Z}\x{85}]*`
	begins = regexp.MustCompile(`^` + unseen + `::.*`)
	folds  = regexp.MustCompile(`^(---|\+\+\+|~~~|\^\^\^).*`)
	marker = regexp.MustCompile(`##[a-zA-Z]*\[.*`)
)

// noCommand: the log of a build gets no command.
func noCommand(out, _ string) string {
	for line := range strings.Lines(out) {
		var found string
		switch {
		case strings.Contains(line, "##") && marker.MatchString(line):
			found = marker.FindString(line)
		case strings.Contains(line, "::") && begins.MatchString(line) && !ownRule(line), folds.MatchString(line):
			found = line
		}
		if found != "" {
			return fmt.Sprintf("a command: %.80q", found)
		}
	}
	return ""
}

// ownRule reports whether a line is a selector of the page's style.
func ownRule(line string) bool { return regexp.MustCompile(`^\s*::[a-z-]+ *\{`).MatchString(line) }

var formulaCell = regexp.MustCompile(`(^|[;,|\t])[\s\x{3000}"]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]`)

// noFormula: the rows equal those of a harmless report, and no cell or part of a
// cell is a formula.
func noFormula(out, calm string) string {
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		return err.Error()
	}
	if want, _ := csv.NewReader(strings.NewReader(calm)).ReadAll(); len(want) != len(rows) || len(want[0]) != len(rows[0]) {
		return fmt.Sprintf("%d rows, and %d with nothing hostile", len(rows), len(want))
	}
	for _, row := range rows {
		for _, cell := range row {
			if formulaCell.MatchString(cell) && !regexp.MustCompile(`^[+-]?[0-9.]+$`).MatchString(cell) {
				return fmt.Sprintf("a formula: %.100q", cell)
			}
		}
	}
	return ""
}

// plainJSON: the report is JSON, and nothing in it ends a surrounding script.
func plainJSON(out, _ string) string {
	if !json.Valid([]byte(out)) {
		return "no JSON"
	}
	if at := strings.IndexAny(out, "<>&"); at >= 0 {
		return fmt.Sprintf("it holds %.40q", out[at:])
	}
	if strings.Contains(out, `"$schema": "https://docs.oasis-open.org/sarif`) {
		return plainSARIF(out)
	}
	return ""
}

// plainSARIF: a message has no link and no placeholder, and a URI is one.
func plainSARIF(out string) string {
	var doc any
	_ = json.Unmarshal([]byte(out), &doc)
	says := ""
	var look func(name string, v any)
	look = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for n, part := range v {
				look(n, part)
			}
		case []any:
			for _, part := range v {
				look(name, part)
			}
		case string:
			switch {
			case name == "text" && strings.Contains(v, "]("):
				says = "a message has a link: " + v
			case name == "text" && regexp.MustCompile(`(^|[^{])(\{\{)*\{[0-9]+\}`).MatchString(v):
				says = "a message has a placeholder: " + v
			case name == "uri" && regexp.MustCompile(`[^A-Za-z0-9\-._~:/@!$&'()*+,;=%]|^[^/]*:`).MatchString(v):
				says = "no relative URI: " + v
			}
		}
	}
	look("", doc)
	return says
}

// sameHTML: names add no element, no attribute and no script.
func sameHTML(out, calm string) string {
	return sameShape(shape(calm), shape(out))
}

func sameShape(want, is []string) string {
	if slices.Equal(want, is) {
		return ""
	}
	return "other markup: " + cmp.Diff(want, is)
}

// shape returns the elements of a page with the names of their attributes.
func shape(page string) []string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var list []string
	for n := range root.Descendants() {
		switch n.Type {
		case html.CommentNode:
			list = append(list, "a comment")
		case html.ElementNode:
			says := n.Data
			for _, a := range n.Attr {
				says += " " + a.Key
			}
			list = append(list, says)
		}
	}
	return list
}

var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(goldmarkhtml.WithUnsafe()))

// sameMarkdown: names add nothing to the rendered Markdown, and its text outside
// code contains nothing that sites turn into a link or a mention.
func sameMarkdown(out, calm string) string {
	var is, want bytes.Buffer
	if err := gfm.Convert([]byte(out), &is); err != nil {
		return err.Error()
	}
	if err := gfm.Convert([]byte(calm), &want); err != nil {
		return err.Error()
	}
	if says := sameShape(uncoded(shape(want.String())), uncoded(shape(is.String()))); says != "" {
		return says
	}
	if found := mathematics.FindString(code.ReplaceAllString(out, "")); found != "" {
		return fmt.Sprintf("mathematics: %q", found)
	}
	root, _ := html.Parse(&is)
	for n := range root.Descendants() {
		if n.Type != html.TextNode || n.Parent.Data == "code" {
			continue
		}
		for _, site := range siteLinks {
			if found := site.FindString(n.Data); found != "" {
				return fmt.Sprintf("a link of a site: %q in %.120q", found, n.Data)
			}
		}
	}
	return ""
}

var (
	mathematics = regexp.MustCompile(`[^\\]\$\S`)
	code        = regexp.MustCompile("`[^`]*`")
)

// uncoded removes code spans, which are absent if their content is empty.
func uncoded(shape []string) []string {
	return slices.DeleteFunc(shape, func(s string) bool { return s == "code" })
}

// siteLinks are the patterns that sites search in rendered text.
var siteLinks = []*regexp.Regexp{
	regexp.MustCompile(`(^|[^\pL\pN_])@[\pL\pN]`),
	regexp.MustCompile(`[\pL\pN]@[\pL\pN]`),
	regexp.MustCompile(`#[0-9]`),
	regexp.MustCompile(`(?i)\bgh-[0-9]`),
	regexp.MustCompile(`(?i)\bwww\.`),
	regexp.MustCompile(`[a-z]://`),
	regexp.MustCompile(`[!$~%&^]["0-9]`),
	regexp.MustCompile(`:([a-z+-][\w+-]*|100|1234):`),
	regexp.MustCompile(`\b([0-9]+[a-f][0-9a-f]{6,38}|[a-f]+[0-9][0-9a-f]{6,38})\b`),
}
