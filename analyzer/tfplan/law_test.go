package tfplan

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// TestRealPlans checks the contract of analyzer on plans that Terraform made of real
// configurations.
func TestRealPlans(t *testing.T) {
	tests := []struct {
		name                           string
		managed, data, accounts        int
		refs, sole, documents, secrets int
	}{
		{"vpc-flow-log", 36, 14, 1, 41, 26, 1, 3},
		{"s3-bucket-s3-replication", 12, 7, 3, 12, 10, 0, 7},
		{"rds-groups", 5, 10, 1, 0, 0, 0, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := Load(context.Background(), bytes.NewReader(real(t, test.name)), Options{Name: "plan.json"})
			if err != nil {
				t.Fatal(err)
			}
			got := test
			got.managed, got.data, got.accounts, got.refs, got.sole, got.documents, got.secrets = 0, 0, 0, 0, 0, 0, 0
			for _, r := range set.Roots[0].Resources {
				switch r.Mode {
				case analyzer.Managed:
					got.managed++
				case analyzer.Data:
					got.data++
				case analyzer.Account:
					got.accounts++
				}
				for _, ref := range r.Refs {
					got.refs++
					if ref.Sole {
						got.sole++
					}
				}
				got.documents += len(r.Documents)
				got.secrets += len(r.Sensitive)
				for _, complaint := range complaints(r) {
					t.Errorf("%s: %s", r.Address, complaint)
				}
			}
			if got != test {
				t.Errorf("got %+v, want %+v", got, test)
			}
		})
	}
}

// complaints returns breaches of the contract of analyzer.Resource.
func complaints(r *analyzer.Resource) []string {
	var found []string
	add := func(s string) { found = append(found, s) }
	if r.Values().ContainsMarked() {
		add("values are marked")
	}
	if !r.Values().Type().IsObjectType() || !r.Values().IsKnown() || r.Values().IsNull() {
		add("values are no object: " + r.Values().GoString())
		return found
	}
	err := cty.Walk(r.Values(), func(at cty.Path, v cty.Value) (bool, error) {
		if v.Type().IsSetType() {
			add("a set at " + analyzer.FormatPath(at))
		}
		return true, nil
	})
	if err != nil {
		add(err.Error())
	}
	for i, ref := range r.Refs {
		if len(ref.At) == 0 || ref.To == "" {
			add("a reference without a place or a target")
		}
		if !strings.HasSuffix(ref.To, "[*]") && r.Root.Lookup(ref.To) == nil {
			add("a reference to nothing: " + ref.To)
		}
		if i > 0 && analyzer.FormatPath(ref.At) < analyzer.FormatPath(r.Refs[i-1].At) {
			add("references are not sorted")
		}
	}
	for _, h := range r.Hidden {
		if v, err := h.At.Apply(r.Values()); err == nil && v.IsWhollyKnown() && r.Mode != analyzer.Account {
			add(analyzer.FormatPath(h.At) + " is known but hidden by " + h.Cause.Name)
		}
	}
	if !strings.HasPrefix(r.Address, r.Module) || strings.Contains(r.Definition, "[") {
		add("module " + r.Module + ", definition " + r.Definition)
	}
	return found
}

// FuzzLoad looks for input that panics or breaks the contract.
func FuzzLoad(f *testing.F) {
	key := created("aws_kms_key.k", `{"tags":{"a":null}}`, `{"arn":true,"tags":{"a":true}}`)
	f.Add([]byte(planOf(key, written1("aws_kms_key.k", `{"tags":{"references":["local.a","module.a[\"x\"].b","each.value"]}}`))))
	f.Add([]byte(planOf(created("aws_instance.i", `{"ebs_block_device":[{"device_name":"a"}]}`, `{"ebs_block_device":[{"encrypted":true},true]}`),
		written1("aws_instance.i", `{"ebs_block_device":[{"device_name":{"constant_value":"a"}},{}],"root_block_device":{}}`))))
	f.Add([]byte(planOf(created("aws_instance.i", `[1,"a"]`, `true`), written1("[", `[]`))))
	f.Add([]byte(`{"format_version":"1.0","resource_changes":[{"address":"module.[","change":{"after":{"a":[[[{}]]]},"after_unknown":{"a":[[[{"b":true}]]]}}}]}`))
	f.Add([]byte("\xFF\xFE{\x00"))
	f.Add([]byte(`{"prior_state":{"values":{"root_module":{"resources":[{"mode":"data","address":"data.a.b","values":{"x":1e9999999}}]}}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		Detect(src)
		set, err := Load(context.Background(), bytes.NewReader(src), Options{Name: "plan.json"})
		if err != nil {
			if set != nil || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("set %v, error %q", set, err)
			}
			return
		}
		for _, s := range []*analyzer.Set{set, Join(set, set)} {
			for _, r := range s.Roots[0].Resources {
				r.Values()
				if r.Prior != nil {
					r.Prior.Values()
				}
				r.Source.Trace(nil)
				for _, h := range r.Hidden {
					r.Source.Written(h.At)
				}
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		in   string
		want address
	}{
		{"aws_vpc.a", address{block: "aws_vpc.a", definition: "aws_vpc.a", local: "aws_vpc.a"}},
		{"data.aws_ami.a[0]", address{block: "data.aws_ami.a", definition: "data.aws_ami.a", local: "data.aws_ami.a"}},
		{`aws_vpc.a["x.y[0]"]`, address{block: "aws_vpc.a", definition: "aws_vpc.a", local: "aws_vpc.a"}},
		{`module.a["q\"]."].module.b[1].aws_vpc.c["module.d"]`, address{
			module: `module.a["q\"]."].module.b[1]`, calls: []segment{{"a", `"q\"]."`}, {"b", "1"}},
			block: `module.a["q\"]."].module.b[1].aws_vpc.c`, definition: "module.a.module.b.aws_vpc.c", local: "aws_vpc.c",
		}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, parseAddress(test.in), cmp.AllowUnexported(address{}, segment{})); diff != "" {
			t.Errorf("%s: %s", test.in, diff)
		}
	}
}

func TestHeads(t *testing.T) {
	texts := []string{"aws_x.a[0].id", "aws_x.a[0]", "aws_x.a", "aws_x.ab", "var.o.p", "var.o", "var.o", "aws_x.a[0].id", "aws_x.a[0]", "aws_x.a"}
	nodes := make([]node, len(texts))
	for i, text := range texts {
		nodes[i].text = text
	}
	if diff := cmp.Diff([]string{"aws_x.a[0].id", "aws_x.ab", "var.o.p", "var.o"}, heads(nodes)); diff != "" {
		t.Error(diff)
	}
}

// TestMerge pairs the values of a plan and of its source.
func TestMerge(t *testing.T) {
	str, null, unknown := cty.StringVal, cty.NullVal(cty.String), cty.UnknownVal(cty.String)
	tuple := func(vals ...cty.Value) cty.Value { return cty.TupleVal(vals) }
	obj := func(pairs ...any) cty.Value {
		vals := map[string]cty.Value{}
		for i := 0; i < len(pairs); i += 2 {
			vals[pairs[i].(string)] = pairs[i+1].(cty.Value)
		}
		return cty.ObjectVal(vals)
	}
	tests := []struct {
		name         string
		plan, source cty.Value
		want         cty.Value
		loose        bool
	}{
		{name: "the plan's value holds", plan: str("p"), source: str("s"), want: str("p")},
		{name: "what is null in the plan is null", plan: null, source: str("s"), want: null},
		{name: "the source fills what the plan does not know", plan: unknown, source: str("s"), want: str("s")},
		{name: "what neither knows", plan: unknown, source: cty.UnknownVal(cty.String).RefineNotNull(), want: cty.UnknownVal(cty.String).RefineNotNull()},
		{name: "what may be a dynamic block is none", plan: tuple(cty.DynamicVal), source: null, want: null},
		{name: "an empty text that nobody wrote", plan: str(""), source: null, want: null},
		{name: "an empty text that is written", plan: str(""), source: str(""), want: str("")},
		{name: "elements come in the order of the source",
			plan:   tuple(obj("a", str("1"), "b", unknown), obj("a", str("2"), "b", null)),
			source: tuple(obj("a", str("2")), obj("a", str("1"), "b", str("x"))),
			want:   tuple(obj("a", str("2"), "b", null), obj("a", str("1"), "b", str("x")))},
		{name: "numbers are texts to Terraform", plan: tuple(str("80"), str("443")), source: tuple(cty.NumberIntVal(443), cty.NumberIntVal(80)),
			want: tuple(str("443"), str("80"))},
		{name: "an element that the source knows to be there", plan: tuple(cty.DynamicVal), source: tuple(obj("a", str("1"))), want: tuple(obj("a", str("1")))},
		{name: "an open end takes the rest", plan: tuple(obj("a", str("z")), obj("a", str("1"))), source: tuple(obj("a", str("1")), cty.DynamicVal),
			want: tuple(obj("a", str("1")), obj("a", str("z")))},
		{name: "the source has an element that the plan has not", plan: tuple(str("b"), str("c")), source: tuple(str("a"), str("b"), str("c")),
			want: tuple(str("b"), str("c")), loose: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := merger{fill: true}
			got, moved := m.value(test.plan, test.source)
			if !got.RawEquals(test.want) {
				t.Errorf("got %s, want %s", got.GoString(), test.want.GoString())
			}
			if loose := moved != nil && moved.loose; loose != test.loose {
				t.Errorf("loose: %t", loose)
			}
		})
	}
}

// TestPaths moves paths together with the values.
func TestPaths(t *testing.T) {
	str := cty.StringVal
	block := func(name string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"name": str(name), "list": cty.TupleVal([]cty.Value{str("x"), str("y")})})
	}
	m := merger{}
	_, moved := m.value(
		cty.ObjectVal(map[string]cty.Value{"b": cty.TupleVal([]cty.Value{block("1"), block("2")}), "c": cty.TupleVal([]cty.Value{str("q")})}),
		cty.ObjectVal(map[string]cty.Value{"b": cty.TupleVal([]cty.Value{block("2"), block("1")}), "c": cty.TupleVal([]cty.Value{str("p"), str("q")})}))
	path := cty.GetAttrPath("b").IndexInt(0).GetAttr("name")
	if got := analyzer.FormatPath(moved.planned(path)); got != "b[1].name" {
		t.Errorf("the plan's %s is at %s", analyzer.FormatPath(path), got)
	}
	if got, exact := moved.written(path); analyzer.FormatPath(got) != "b[0].name" || !exact {
		t.Errorf("the source's %s is at %s, exactly: %t", analyzer.FormatPath(path), analyzer.FormatPath(got), exact)
	}
	path = cty.GetAttrPath("c").IndexInt(1)
	if got, exact := moved.written(path); analyzer.FormatPath(got) != "c" || exact {
		t.Errorf("the source's %s is at %s, exactly: %t", analyzer.FormatPath(path), analyzer.FormatPath(got), exact)
	}
}

// fakeSource is a Source of which only the file is used.
type fakeSource struct{ position }

// TestJoinPairs pairs resources whose instances the source does not know.
func TestJoinPairs(t *testing.T) {
	source := func(address string, refs ...analyzer.Ref) *analyzer.Resource {
		return &analyzer.Resource{Address: address, Definition: parseAddress(strings.TrimSuffix(address, "[*]")).definition, Type: "aws_x", Refs: refs,
			Hidden: []analyzer.Hidden{{At: cty.GetAttrPath("b"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.b"}}},
			Source: fakeSource{position{file: address}}, Build: func() cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("from " + address)}) }}
	}
	to := func(address string) analyzer.Ref {
		return analyzer.Ref{At: cty.GetAttrPath("b"), To: address, Attr: "id", Sole: true}
	}
	set := analyzer.NewSet([]*analyzer.Root{
		{Dir: "other", Resources: []*analyzer.Resource{source("aws_x.only_there")}},
		{Dir: "envs/prod", Resources: []*analyzer.Resource{
			source("aws_x.same", to("aws_x.keyed[*]")), source("aws_x.keyed[*]", to("aws_x.same")), source(`aws_x.other["b"]`), source("aws_x.gone"),
			source("module.m[*].aws_x.in", to("module.m[*].aws_x.y")), source("module.m[*].aws_x.y"),
		}},
	}, analyzer.Coverage{Files: 3}, nil)
	var changes []string
	for _, address := range []string{"aws_x.same", "aws_x.keyed[0]", "aws_x.keyed[1]", `aws_x.other["a"]`, "aws_x.new", "module.m[0].aws_x.in", "module.m[1].aws_x.in", "module.m[0].aws_x.y", "module.m[1].aws_x.y"} {
		changes = append(changes, created(address, `{}`, `{"a":true}`))
	}
	plan, err := Load(context.Background(), strings.NewReader(planOf(strings.Join(changes, ","), written1("aws_x.other", `{"a":{"references":["local.a"]}}`)+
		","+written1("aws_x.same", `{"a":{"references":["aws_x.new.id","aws_x.new"]},"b":{"references":["aws_x.new.id","aws_x.new"]}}`))), Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	joined := Join(plan, set)
	var got []string
	for _, r := range joined.Roots[0].Resources {
		if r.Mode == analyzer.Managed {
			got = append(got, r.Address+" at "+r.Source.Range(nil).Filename)
			got = append(got, told(r)...)
		}
	}
	for _, u := range joined.Coverage.Unresolved {
		got = append(got, u.Kind+" "+u.Name)
	}
	want := []string{
		"aws_x.keyed[0] at aws_x.keyed[*]", "b is aws_x.same id",
		"aws_x.keyed[1] at aws_x.keyed[*]", "b is aws_x.same id",
		"aws_x.new at plan.json",
		`aws_x.other["a"] at aws_x.other["b"]`, "a hidden by other local.a",
		"aws_x.same at aws_x.same", "b may be aws_x.keyed[*] id",
		"module.m[0].aws_x.in at module.m[*].aws_x.in", "b is module.m[0].aws_x.y id",
		"module.m[0].aws_x.y at module.m[*].aws_x.y",
		"module.m[1].aws_x.in at module.m[*].aws_x.in", "b is module.m[1].aws_x.y id",
		"module.m[1].aws_x.y at module.m[*].aws_x.y",
		"mismatch aws_x.new", "mismatch aws_x.gone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if dir := joined.Roots[0].Dir; dir != "envs/prod" {
		t.Errorf("root %s", dir)
	}
	if joined.Coverage.Files != 4 {
		t.Errorf("%d files", joined.Coverage.Files)
	}
}

// TestReadRefers: the arguments of a data source have references, although its
// values are known.
func TestReadRefers(t *testing.T) {
	root := load(t, `{"format_version":"1.2","resource_changes":[`+created("aws_x.a", `{}`, `{}`)+`],
		"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[
			{"address":"data.http.a","mode":"data","type":"http","name":"a","values":{"url":"https://example.com","request_headers":{"X":"secret"}}},
			{"address":"data.aws_ssm_parameter.p","mode":"data","type":"aws_ssm_parameter","name":"p","values":{"name":"p","value":"secret"}}]}}},
		"configuration":{"root_module":{"resources":[{"address":"data.http.a","expressions":{
			"url":{"constant_value":"https://example.com"},"request_headers":{"references":["data.aws_ssm_parameter.p.value","data.aws_ssm_parameter.p"]}}}]}}}`)
	if diff := cmp.Diff([]string{"request_headers is data.aws_ssm_parameter.p value"}, told(root.Lookup("data.http.a"))); diff != "" {
		t.Error(diff)
	}
}

// TestJoinHidden keeps the source's cause of an unknown value.
func TestJoinHidden(t *testing.T) {
	want := []analyzer.Hidden{{At: cty.GetAttrPath("b"), Decides: true, Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.b"}}}
	set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{{
		Address: "aws_x.a", Definition: "aws_x.a", Type: "aws_x", Hidden: want, Source: fakeSource{},
		Build: func() cty.Value { return cty.ObjectVal(map[string]cty.Value{"b": cty.UnknownVal(cty.String)}) },
	}}}}, analyzer.Coverage{}, nil)
	plan, err := Load(context.Background(), strings.NewReader(planOf(created("aws_x.a", `{}`, `{"b":true}`),
		written1("aws_x.a", `{"b":{"references":["local.b"]}}`))), Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	got := Join(plan, set).Roots[0].Lookup("aws_x.a").Hidden
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b cty.Path) bool { return a.Equals(b) })); diff != "" {
		t.Error(diff)
	}
}

// TestJoinPrior: what was before the plan is there after joining.
func TestJoinPrior(t *testing.T) {
	plan, err := Load(context.Background(), strings.NewReader(planOf(`{"address":"aws_x.a","mode":"managed","type":"aws_x","provider_name":"registry.terraform.io/hashicorp/aws",
		"change":{"actions":["update"],"before":{"b":"old"},"after":{"b":"new"}}}`, "")), Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{{
		Address: "aws_x.a", Definition: "aws_x.a", Type: "aws_x", Source: fakeSource{}, Build: func() cty.Value { return cty.EmptyObjectVal },
	}}}}, analyzer.Coverage{}, nil)
	root := Join(plan, set).Roots[0]
	if root.Prior == nil || root.Prior.Lookup("aws_x.a") == nil || root.Lookup("aws_x.a").Prior != root.Prior.Lookup("aws_x.a") {
		t.Error("it is gone")
	}
}

// TestJoinNothing joins a plan with a source that is not its own.
func TestJoinNothing(t *testing.T) {
	plan, err := Load(context.Background(), strings.NewReader(planOf(created("aws_vpc.a", `{}`, `{}`), "")), Options{Name: "plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	joined := Join(plan, analyzer.NewSet([]*analyzer.Root{{Dir: "."}}, analyzer.Coverage{}, nil))
	if len(joined.Roots) != 1 || joined.Roots[0].Lookup("aws_vpc.a") == nil {
		t.Fatal("the plan's resources are gone")
	}
	if n := len(joined.Coverage.Unresolved); n != 1 || joined.Coverage.Unresolved[0].Kind != "mismatch" {
		t.Errorf("unresolved: %+v", joined.Coverage.Unresolved)
	}
	if plan.Roots[0].Lookup("aws_vpc.a").Root != plan.Roots[0] {
		t.Error("joining changed the plan")
	}
}

func TestSource(t *testing.T) {
	root := load(t, planOf(created("aws_instance.i", `{"ebs_block_device":[{"device_name":"a"}]}`, `{}`),
		written1("aws_instance.i", `{"ami":{"references":["var.ami"]},"ebs_block_device":[{"device_name":{"references":["local.name"]}}]}`)))
	src := root.Lookup("aws_instance.i").Source
	device := cty.GetAttrPath("ebs_block_device").IndexInt(0)
	tests := []struct {
		at      cty.Path
		written bool
		trace   []string
	}{
		{nil, true, []string{"var.ami", "local.name"}},
		{cty.GetAttrPath("ami"), true, []string{"var.ami"}},
		{cty.GetAttrPath("tags"), false, nil},
		{device, true, []string{"local.name"}},
		{device.GetAttr("device_name"), true, []string{"local.name"}},
		{device.GetAttr("encrypted"), false, nil},
	}
	for _, test := range tests {
		var trace []string
		for _, s := range src.Trace(test.at) {
			trace = append(trace, s.Name)
		}
		if diff := cmp.Diff(test.trace, trace); diff != "" || src.Written(test.at) != test.written {
			t.Errorf("%s: written %t %s", analyzer.FormatPath(test.at), src.Written(test.at), diff)
		}
		if src.Range(test.at) != start("plan.json") {
			t.Errorf("%s is at %s", analyzer.FormatPath(test.at), src.Range(test.at))
		}
	}
}
