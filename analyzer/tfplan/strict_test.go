package tfplan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// complained lists the complaints about a plan: the error, or the diagnostics. A
// plan has diagnostics exactly if its coverage is broken.
func complained(t *testing.T, src string) (*analyzer.Set, []string) {
	t.Helper()
	set, err := Load(context.Background(), strings.NewReader(src), Options{Name: "plan.json"})
	if err != nil {
		return nil, []string{err.Error()}
	}
	var says []string
	for _, d := range set.Diags {
		says = append(says, d.Summary)
	}
	if set.Coverage.Broken != (len(says) > 0) {
		t.Errorf("broken is %t with %d diagnostics", set.Coverage.Broken, len(says))
	}
	return set, says
}

// TestStrict: content that no plan has is an error with its place, and the rest is
// still read.
func TestStrict(t *testing.T) {
	const provider = `"provider_name":"registry.terraform.io/hashicorp/aws"`
	entry := func(members string) string {
		return `{"address":"aws_vpc.x","mode":"managed","type":"aws_vpc",` + provider + `,` + members + `}`
	}
	change := func(members string) string { return entry(`"change":{` + members + `}`) }
	fine := created("aws_vpc.fine", `{}`, `{}`)
	tests := []struct{ name, changes, want string }{
		{"a number for an entry", `7`, "/resource_changes/1 (byte 238) is a number: a plan has an object there"},
		{"null for an entry", `null`, "/resource_changes/1 (byte 238) is null: a plan has an object there"},
		{"nothing", `{}`, "/resource_changes/1 (byte 238) has no address"},
		{"no mode", `{"address":"aws_vpc.x","type":"aws_vpc",` + provider + `,"change":{"actions":["create"],"after":{}}}`, "has no mode"},
		{"no change", `{"address":"aws_vpc.x","mode":"managed","type":"aws_vpc",` + provider + `}`, "has no change"},
		{"no provider", `{"address":"aws_vpc.x","mode":"managed","type":"aws_vpc","change":{"actions":["create"],"after":{}}}`, "has no provider_name"},
		{"a number for an address", `{"address":7}`, "/resource_changes/1/address (byte 249) is a number: a plan has a string there"},
		{"another mode", strings.Replace(change(`"actions":["create"],"after":{}`), "managed", "maintained", 1), "has a mode that is neither managed nor data"},
		{"an address of another type", strings.Replace(change(`"actions":["create"],"after":{}`), `"type":"aws_vpc"`, `"type":"aws_s3_bucket"`, 1), "not one of its mode and type"},
		{"an address of another mode", strings.Replace(change(`"actions":["read"],"after":{}`), "managed", "data", 1), "not one of its mode and type"},
		{"an address that is none", strings.Replace(change(`"actions":["create"],"after":{}`), "aws_vpc.x", "module.[aws_vpc.x", 1), "not one of its mode and type"},
		{"the same address", created("aws_vpc.fine", `{}`, `{}`), "has the address of another change"},
		{"no actions", change(`"after":{}`), "has no actions"},
		{"an empty list of actions", change(`"actions":[],"after":{}`), "has no actions"},
		{"an unknown action", change(`"actions":["inspect"],"after":{}`), "has actions that this demarc does not know"},
		{"an unknown combination", change(`"actions":["create","update"],"before":{},"after":{}`), "has actions that this demarc does not know"},
		{"three actions", change(`"actions":["delete","create","update"],"before":{},"after":{}`), "has actions that this demarc does not know"},
		{"a text for actions", change(`"actions":"create","after":{}`), "/resource_changes/1/change/actions (byte "},
		{"a number among actions", change(`"actions":[7],"after":{}`), "/resource_changes/1/change/actions/0 (byte "},
		{"nothing after a create", change(`"actions":["create"],"after":null,"after_unknown":{}`), "has no values in after"},
		{"nothing before a delete", change(`"actions":["delete"],"before":null,"after":null`), "has no values in before"},
		{"a list for after", change(`"actions":["create"],"after":[]`), "/change/after (byte 388) is a list: a plan has an object, or null there"},
		{"a number for a mark", change(`"actions":["create"],"after":{},"after_unknown":{"a":{"b":[true,7]}}`), "holds a number: a plan has true and false there"},
		{"null for a mark", change(`"actions":["create"],"after":{},"after_sensitive":{"a":null}`), "holds null: a plan has true and false there"},
		{"null for marks", change(`"actions":["create"],"after":{},"after_unknown":null`), "is null: a plan has an object of marks, or one mark there"},
		{"a name for a path", change(`"actions":["create"],"after":{},"replace_paths":["a"]`), "holds a path that is not made of names and indexes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, says := complained(t, planOf(fine+","+test.changes, ""))
			if set == nil || set.Roots[0].Lookup("aws_vpc.fine") == nil {
				t.Fatalf("what is fine is not there: %q", says)
			}
			if len(says) == 0 || !strings.Contains(says[0], test.want) {
				t.Errorf("got %q, want %q", says, test.want)
			}
		})
	}
}

// TestStrictSections is TestStrict for the other sections.
func TestStrictSections(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a number for all changes", `{"format_version":"1.2","resource_changes":7}`, "/resource_changes (byte 43) is a number: a plan has a list there"},
		{"null for all changes", `{"format_version":"1.2","resource_changes":null}`, "/resource_changes (byte 43) is null"},
		{"a number for the version", `{"format_version":7,"resource_changes":[]}`, "/format_version is a number: a plan has a string there"},
		{"a version that is none", `{"format_version":"1.x","resource_changes":[]}`, `has format "1.x"`},
		{"no planned values and no changes", `{"format_version":"1.2","resource_changes":[]}`, "/planned_values is missing"},
		{"planned and not changed", `{"format_version":"1.2","resource_changes":[],"planned_values":{"root_module":{"child_modules":[{"resources":[{"address":"module.a.aws_vpc.x"}]}]}}}`,
			"/planned_values (byte 110) holds module.a.aws_vpc.x, which has no entry in resource_changes"},
		{"a text for errored", `{"format_version":"1.2","errored":"no","planned_values":{},"resource_changes":[]}`, "/errored (byte 34) is a string: a plan has true or false there"},
		{"a list for the configuration", `{"format_version":"1.2","configuration":[],"planned_values":{}}`, "/configuration (byte 40) is a list"},
		{"a list for module calls", `{"format_version":"1.2","configuration":{"root_module":{"module_calls":[]}},"planned_values":{}}`, "/configuration/root_module/module_calls (byte 71) is a list"},
		{"a block twice", `{"format_version":"1.2","configuration":{"root_module":{"resources":[{"address":"a.b"},{"address":"a.b"}]}},"planned_values":{}}`, "/configuration/root_module/resources/1 (byte 87) has the address of another block"},
		{"a data source twice", `{"format_version":"1.2","planned_values":{},"resource_changes":[],"prior_state":{"values":{"root_module":{"resources":[` +
			`{"address":"data.a_b.c","mode":"data","type":"a_b"},{"address":"data.a_b.c","mode":"data","type":"a_b"}]}}}}`, "has the address of another data source"},
		{"a variable that is its value", `{"format_version":"1.2","planned_values":{},"resource_changes":[],"variables":{"a":7}}`, "/variables/a (byte "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, says := complained(t, test.src); len(says) == 0 || !strings.Contains(says[0], test.want) {
				t.Errorf("got %q, want %q", says, test.want)
			}
		})
	}
}

// TestAllowed: output of Terraform and OpenTofu is no mistake, even if it is newer
// than demarc.
func TestAllowed(t *testing.T) {
	for _, actions := range []string{`["no-op"]`, `["create"]`, `["read"]`, `["update"]`, `["delete"]`, `["forget"]`,
		`["delete","create"]`, `["create","delete"]`, `["create","forget"]`, `["forget","create"]`} {
		src := planOf(`{"address":"aws_vpc.x","mode":"managed","type":"aws_vpc","provider_name":"a/b","change":{"actions":`+actions+`,"before":{},"after":{},"after_identity":{}},"index_unknown":true}`, "")
		if _, says := complained(t, src); len(says) > 0 {
			t.Errorf("%s: %q", actions, says)
		}
	}
	src := strings.TrimSuffix(planOf(created("aws_vpc.x", `null`, `true`)+`,{"address":"ephemeral.aws_x.y","mode":"ephemeral","type":"aws_x","provider_name":"a/b","change":{"actions":["open"]}}`, ""), "}") +
		`,"deferred_changes":[{"reason":"unknown","resource_change":{"address":"aws_vpc.y[*]"}}],"action_invocations":null,"deferred_action_invocations":[7],"of_tomorrow":{}}`
	set, says := complained(t, src)
	if len(says) > 0 {
		t.Fatal(says)
	}
	if set.Roots[0].Lookup("ephemeral.aws_x.y") != nil {
		t.Error("what is ephemeral is a resource")
	}
}

// TestMistakesHide: a missing resource may be at a mistake, and the configuration
// may write more than it shows.
func TestMistakesHide(t *testing.T) {
	set, says := complained(t, planOf(created("aws_ebs_volume.v", `{}`, `{"encrypted":true}`)+`,7`, written1("aws_ebs_volume.v", `{"size":{"references":7}}`)))
	want := []string{
		"/resource_changes/1 (byte 265) is a number: a plan has an object there",
		"/configuration has size of aws_ebs_volume.v as neither an expression nor a block",
	}
	if diff := cmp.Diff(want, says); diff != "" {
		t.Error(diff)
	}
	if len(set.Roots[0].Elsewhere) != 1 || set.Roots[0].Elsewhere[0].To != "" {
		t.Errorf("elsewhere: %v", set.Roots[0].Elsewhere)
	}
	hazy := `{"format_version":"1.2","resource_changes":[` + created("aws_ebs_volume.v", `{}`, `{"encrypted":true}`) + `],"configuration":7}`
	set, _ = complained(t, hazy)
	if v := set.Roots[0].Lookup("aws_ebs_volume.v").Values().GetAttr("encrypted"); v.IsKnown() || !v.Type().Equals(cty.Bool) {
		t.Errorf("encrypted is %s, and nothing shows that it is not written", v.GoString())
	}
}

// TestMistakesBounded: the first of many mistakes are listed, with the number of the
// others.
func TestMistakesBounded(t *testing.T) {
	_, says := complained(t, planOf(strings.TrimSuffix(strings.Repeat("7,", 1000), ","), ""))
	if len(says) != maxMistakes+1 || says[maxMistakes] != "980 more places hold what no Terraform plan holds" {
		t.Errorf("%d lines, the last %q", len(says), says[len(says)-1])
	}
}

// TestBounds: a plan that would fill the memory is refused, by sizes and counts,
// before it does.
func TestBounds(t *testing.T) {
	const head = `{"format_version":"1.2","planned_values":{},"resource_changes":[`
	const entry = `{"address":"aws_vpc.x","mode":"managed","type":"aws_vpc","provider_name":"a/b","change":{"actions":["create"],"after":{"a":`
	tests := []struct {
		name               string
		head, again, after string
		times              int64
		want               error
	}{
		{"a text of 3 GB", head + entry + `"`, "x", `"}}}]}`, 3 << 30, errValue},
		{"a text of 3 GB that is not read", `{"format_version":"1.2","x":"`, "x", `"}`, 3 << 30, errValue},
		{"white space", `{"format_version":"1.2",`, " ", `}`, 3 << 30, errValue},
		{"10 million changes", head + `{}`, `,{}`, `]}`, 10_000_000, errKept},
		{"10 million numbers in one value", head + entry + `[1`, `,1`, `]}}}]}`, 10_000_000, errValue},
		{"numbers in many values", head + entry + `0}}}`, `,` + entry + `[` + strings.Repeat("1,", 10_000) + `1]}}}`, `]}`, 10_000, errKept},
		{"10 million module calls", `{"format_version":"1.2","configuration":{"root_module":{"resources":[{}`, `,{"address":"a.b"}`, `]}}}`, 10_000_000, errKept},
		{"brackets that are not read", `{"format_version":"1.2","x":`, `[`, ``, 100 << 20, errors.New("exceeded max depth")},
		{"names that are not read", `{"format_version":"1.2","x":{`, ``, ``, 10_000_000, errNames},
		{"1 GB that is not read", `{"format_version":"1.2","x":["` + strings.Repeat("x", 1<<20) + `"`, `,"` + strings.Repeat("x", 1<<20) + `"`, `]}`, 1 << 10, ErrTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := &long{left: []byte(test.head), again: test.again, times: test.times, after: test.after}
			if test.again == "" {
				in.name = `"%d":1,`
			}
			_, err := Load(context.Background(), in, Options{Name: "plan.json"})
			if err == nil || !strings.Contains(err.Error(), test.want.Error()) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if in.read > MaxSize+1<<20 {
				t.Errorf("%d bytes were read", in.read)
			}
		})
	}
}

// long is a text that exceeds the limit.
type long struct {
	left         []byte
	again, after string
	name         string // format of the repeated part, with a number
	times, done  int64
	read         int64
}

func (l *long) Read(p []byte) (int, error) {
	for len(l.left) == 0 {
		switch {
		case l.done >= l.times && l.after == "":
			return 0, io.EOF
		case l.done >= l.times:
			l.left, l.after = []byte(l.after), ""
		case l.name != "":
			l.left = fmt.Appendf(nil, l.name, l.done)
			l.done++
		default:
			n := min(l.times-l.done, int64(1+(64<<10)/len(l.again)))
			l.left, l.done = []byte(strings.Repeat(l.again, int(n))), l.done+n
		}
	}
	n := copy(p, l.left)
	l.left, l.read = l.left[n:], l.read+int64(n)
	return n, nil
}

// --- the law

// plans returns real plans, and plans of tests that cover everything that demarc reads.
func plans(tb testing.TB) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{"rds-groups": real(tb, "rds-groups"), "s3-replication": real(tb, "s3-bucket-s3-replication"), "vpc-flow-log": real(tb, "vpc-flow-log")}
	for name, file := range map[string]string{"quickstart": "../../fixtures/quickstart/plan.json", "join": "testdata/join/plan.json", "update": "testdata/update.json"} {
		src, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		all[name] = src
	}
	return all
}

// TestRealPlansAreRight: no mistake is found in a plan that Terraform made.
func TestRealPlansAreRight(t *testing.T) {
	for name, src := range plans(t) {
		if _, says := complained(t, string(src)); len(says) > 0 {
			t.Errorf("%s: %q", name, says)
		}
	}
}

// A spot is a node of a plan: the names and indexes that lead to it.
type spot []any

func (s spot) String() string { return fmt.Sprint([]any(s)...) }

// TestKinds replaces each node of each plan, in turn, with each other kind of JSON.
// Nothing panics, and if demarc reads the node it reports an error, or reads
// everything the same as before.
func TestKinds(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	others := []string{`null`, `7`, `"x"`, `[]`, `{}`, `true`}
	for name, src := range plans(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := thin(t, src)
			want := readingOf(t, marshal(t, tree))
			n := 0
			walk(tree, nil, func(at spot, node any, set func(any)) {
				for _, other := range others {
					raw := json.RawMessage(other)
					if kindName(node) == kindName(decoded(raw)) {
						continue
					}
					n++
					set(raw)
					got := readingOf(t, marshal(t, tree))
					set(node)
					if got == want || strings.HasPrefix(got, "wrong: ") || at.means(other) {
						continue
					}
					t.Errorf("%v as %s says nothing is wrong, and something else:\n%s", at, other, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
				}
			})
			t.Logf("%d plans of %d bytes", n, len(marshal(t, tree)))
			if n < 500 {
				t.Error("the plan was thinned to nothing")
			}
		})
	}
}

// means reports whether a plan may have the other kind there, with another meaning:
// values may be anything, and much may be empty.
func (s spot) means(other string) bool {
	for i, step := range s {
		inside := i < len(s)-1
		switch step {
		case "constant_value", "value":
			return true
		case "before", "after", "values":
			if inside && s[0] != "configuration" && s[i+1] != "root_module" {
				return true
			}
		case "after_unknown", "before_sensitive", "after_sensitive", "sensitive_values":
			return other == "true" || other == "{}" || inside && other == "[]"
		}
	}
	switch other {
	case "true":
		return slices.Contains([]any{"errored", "complete"}, s[len(s)-1])
	case "[]":
		return slices.Contains([]any{"resources", "child_modules", "replace_paths"}, s[len(s)-1])
	case "{}":
		return s.mayBeEmpty()
	}
	return false
}

// mayBeEmpty reports whether the node is an object that may be empty.
func (s spot) mayBeEmpty() bool {
	last, over := s[len(s)-1], any(nil)
	if len(s) > 1 {
		over = s[len(s)-2]
	}
	return slices.Contains(s, "expressions") || slices.Contains(s, "expression") ||
		slices.Contains([]any{"before", "after", "values", "planned_values", "prior_state", "configuration",
			"root_module", "module", "module_calls", "outputs", "provider_config", "variables"}, last) ||
		slices.Contains([]any{"module_calls", "outputs", "provider_config", "variables", "child_modules"}, over)
}

// thin returns a plan with few entries of each kind, so that each node can be
// replaced: two changes of each mode and action, and of other lists and objects the
// entries that name those, or the first parts.
func thin(t *testing.T, src []byte) map[string]any {
	t.Helper()
	var tree map[string]any
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	kept, kinds := map[string]bool{}, map[string]int{}
	changes, _ := tree["resource_changes"].([]any)
	tree["resource_changes"] = slices.DeleteFunc(changes, func(c any) bool {
		entry := c.(map[string]any)
		kind := fmt.Sprint(entry["mode"], entry["change"].(map[string]any)["actions"])
		kinds[kind]++
		if address := entry["address"].(string); kinds[kind] < 3 {
			kept[address], kept[parseAddress(address).local] = true, true
		}
		return kinds[kind] >= 3
	})
	for _, unread := range []string{"output_changes", "relevant_attributes", "resource_drift", "checks"} {
		delete(tree, unread)
	}
	return thinner(tree, kept).(map[string]any)
}

func thinner(node any, kept map[string]bool) any {
	const most = 3
	switch parts := node.(type) {
	case map[string]any:
		for i, name := range slices.Sorted(maps.Keys(parts)) {
			if i >= most && (len(parts) > 12 || named(parts)) { // more entries than usual
				delete(parts, name)
				continue
			}
			parts[name] = thinner(parts[name], kept)
		}
	case []any:
		entries := false
		parts = slices.DeleteFunc(parts, func(part any) bool {
			entry, _ := part.(map[string]any)
			address, ok := entry["address"].(string)
			entries = entries || ok
			return ok && !kept[address]
		})
		if !entries {
			parts = parts[:min(len(parts), most)]
		}
		for i := range parts {
			parts[i] = thinner(parts[i], kept)
		}
		return parts
	}
	return node
}

// named reports whether an object is keyed by names: outputs, calls, arguments.
func named(parts map[string]any) bool {
	for _, part := range parts {
		if _, ok := part.(map[string]any); !ok {
			return false
		}
	}
	return true
}

func marshal(t *testing.T, tree any) string {
	t.Helper()
	out, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func decoded(raw json.RawMessage) any {
	var v any
	_ = json.Unmarshal(raw, &v)
	return v
}

func kindName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number, float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "list"
	}
	return "object"
}

// walk visits each node of a tree, with its replacements.
func walk(node any, at spot, visit func(spot, any, func(any))) {
	switch parts := node.(type) {
	case map[string]any:
		for name, part := range parts {
			here := append(at[:len(at):len(at)], name)
			visit(here, part, func(v any) { parts[name] = v })
			walk(part, here, visit)
		}
	case []any:
		for i, part := range parts {
			here := append(at[:len(at):len(at)], i)
			visit(here, part, func(v any) { parts[i] = v })
			walk(part, here, visit)
		}
	}
}

// readingOf returns everything that is read of a plan, or its mistakes.
func readingOf(t *testing.T, src string) string {
	t.Helper()
	set, says := complained(t, src)
	if len(says) > 0 {
		return "wrong: " + says[0]
	}
	var b strings.Builder
	for _, r := range set.Roots[0].Resources {
		fmt.Fprintf(&b, "%s %s %s %s\n", r.Address, r.Action, r.Previous, r.Provider)
		fmt.Fprintln(&b, r.Values().GoString(), told(r))
		for _, at := range r.ReplacedBy {
			fmt.Fprintln(&b, "replaced by", analyzer.FormatPath(at))
		}
		if r.Prior != nil {
			fmt.Fprintln(&b, r.Prior.Values().GoString(), told(r.Prior))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set.Roots[0].Inputs)) {
		fmt.Fprintln(&b, name, set.Roots[0].Inputs[name].GoString())
	}
	fmt.Fprintln(&b, set.Coverage)
	return b.String()
}
