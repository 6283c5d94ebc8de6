package policy

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

const everything = `{"Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}]}`

type finding struct{ Verdict, Attribute, Message, Because string }

// judged runs one condition on one resource.
func judged(mode analyzer.Mode, want analyzer.Cond, r *analyzer.Resource) []finding {
	r.Address, r.Type, r.Mode = "x.y", "x", mode
	on := "x"
	if mode == analyzer.Data {
		on = "data.x"
	}
	check := &analyzer.Check{ID: "c", On: []string{on}, Severity: analyzer.High, Want: want, Message: "the check's words", Title: "a title"}
	set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{r}}}, analyzer.Coverage{}, nil)
	report := judge.Run(context.Background(), set, []*analyzer.Check{check}, judge.Options{All: true})
	var found []finding
	for _, f := range report.Findings {
		because := ""
		for _, c := range f.Because {
			because += c.Name
		}
		got := finding{f.Verdict.String(), f.Attribute, "", because}
		if f.Verdict == analyzer.Fail {
			got.Message = f.Message
		}
		found = append(found, got)
	}
	return found
}

func values(attrs map[string]cty.Value) func() cty.Value {
	return func() cty.Value { return cty.ObjectVal(attrs) }
}

func TestCond(t *testing.T) {
	cause := analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.bucket"}
	at := cty.GetAttrPath("policy")
	inline := func(texts ...string) cty.Value {
		var blocks []cty.Value
		for _, text := range texts {
			blocks = append(blocks, cty.ObjectVal(map[string]cty.Value{"policy": cty.StringVal(text)}))
		}
		return cty.TupleVal(blocks)
	}
	const bucket = `{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}]}`
	const says = `statement "All" allows every action on every resource`
	tests := []struct {
		name string
		none analyzer.Verdict
		r    *analyzer.Resource
		want []finding
	}{
		{"fails", analyzer.Pass, &analyzer.Resource{Build: values(map[string]cty.Value{"policy": cty.StringVal(everything)})},
			[]finding{{"fail", "policy", says, ""}}},
		{"sensitive", analyzer.Pass, &analyzer.Resource{
			Build:     values(map[string]cty.Value{"policy": cty.StringVal(everything)}),
			Sensitive: []cty.Path{at},
		}, []finding{{"fail", "policy", "the check's words", ""}}},
		{"passes", analyzer.Pass, &analyzer.Resource{Build: values(map[string]cty.Value{"policy": cty.StringVal(bucket)})},
			[]finding{{"pass", "policy", "", ""}}},
		{"no document", analyzer.Pass, &analyzer.Resource{}, []finding{{"pass", "policy", "", ""}}},
		{"no document where one is needed", analyzer.Fail, &analyzer.Resource{}, []finding{{"fail", "policy", "the check's words", ""}}},
		{"no JSON", analyzer.Pass, &analyzer.Resource{Build: values(map[string]cty.Value{"policy": cty.StringVal("{")})},
			[]finding{{"unknown", "policy", "", "the document cannot be read"}}},
		{"malformed", analyzer.Pass, &analyzer.Resource{Build: values(map[string]cty.Value{"policy": cty.StringVal(`{"Statement": {"Action": "*", "Resource": "*"}}`)})},
			[]finding{{"unknown", "policy", "", "statement 1 cannot be judged"}}},
		{"hidden", analyzer.Pass, &analyzer.Resource{
			Build:  values(map[string]cty.Value{"policy": cty.UnknownVal(cty.String)}),
			Hidden: []analyzer.Hidden{{At: at, Cause: cause}},
		}, []finding{{"unknown", "policy", "", "var.bucket"}}},
		{"structure known", analyzer.Pass, &analyzer.Resource{
			Build:     values(map[string]cty.Value{"policy": cty.UnknownVal(cty.String)}),
			Hidden:    []analyzer.Hidden{{At: at, Cause: cause}},
			Documents: []analyzer.Document{{At: at, Value: doc(t, `{"Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": ["??", "*"]}]}`)}},
		}, []finding{{"fail", "policy", says, ""}}},
		{"each block", analyzer.Pass, &analyzer.Resource{Build: values(map[string]cty.Value{"inline_policy": inline(everything, bucket, everything)})},
			[]finding{{"fail", "inline_policy[0].policy", says, ""}, {"fail", "inline_policy[2].policy", says, ""}}},
		{"open blocks", analyzer.Pass, &analyzer.Resource{
			Build:  values(map[string]cty.Value{"inline_policy": cty.TupleVal([]cty.Value{inline(bucket).Index(cty.Zero), cty.DynamicVal})}),
			Hidden: []analyzer.Hidden{{At: cty.GetAttrPath("inline_policy"), Cause: cause}},
		}, []finding{{"unknown", "inline_policy", "", "var.bucket"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cond := Cond("no statement allows everything", tt.none, (*Document).NoFullAccess, "policy", "inline_policy.policy")
			if diff := cmp.Diff(tt.want, judged(analyzer.Managed, cond, tt.r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOfDataSource(t *testing.T) {
	blocks := cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
		"sid": cty.StringVal("All"), "actions": cty.TupleVal([]cty.Value{cty.StringVal("*")}),
		"resources": cty.TupleVal([]cty.Value{cty.StringVal("*"), cty.UnknownVal(cty.String)}),
	})})
	const says = `statement "All" allows every action on every resource`
	tests := []struct {
		name  string
		attrs map[string]cty.Value
		want  []finding
	}{
		{"rendered", map[string]cty.Value{"json": cty.StringVal(everything)}, []finding{{"fail", "json", says, ""}}},
		{"blocks", map[string]cty.Value{"statement": blocks, "json": cty.UnknownVal(cty.String)}, []finding{{"fail", "", says, ""}}},
		{"blocks without json", map[string]cty.Value{"statement": blocks}, []finding{{"fail", "", says, ""}}},
		{"nothing", map[string]cty.Value{}, []finding{{"pass", "", "", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cond := OfDataSource("no statement allows everything", (*Document).NoFullAccess)
			if diff := cmp.Diff(tt.want, judged(analyzer.Data, cond, &analyzer.Resource{Build: values(tt.attrs)})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCondReads(t *testing.T) {
	cond := Cond("says", analyzer.Pass, (*Document).NotPublic, "policy", "inline_policy.policy")
	want := []analyzer.Read{
		{Path: analyzer.Path{"policy"}, Want: analyzer.StringKind},
		{Path: analyzer.Path{"inline_policy"}, Want: analyzer.BlockKind, Repeated: true},
		{Path: analyzer.Path{"inline_policy", "policy"}, Want: analyzer.StringKind},
	}
	if diff := cmp.Diff(want, cond.Reads); diff != "" {
		t.Error(diff)
	}
}

// A name that AWS assigns is no wildcard, though it is known only after apply.
func TestNamesThatAWSGives(t *testing.T) {
	at := cty.GetAttrPath("policy")
	const policy = `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "??"}, "Action": "s3:GetObject", "Resource": "*"}]}`
	tests := []struct {
		name  string
		cause analyzer.Cause
		want  string
	}{
		{"the ARN of a role", analyzer.Cause{Kind: analyzer.CauseApply, Name: "aws_iam_role.r.arn"}, "pass"},
		{"the number of the account", analyzer.Cause{Kind: analyzer.CauseData, Name: "data.aws_caller_identity.me.account_id"}, "pass"},
		{"the value of a parameter", analyzer.Cause{Kind: analyzer.CauseData, Name: "data.aws_ssm_parameter.p.value"}, "unknown"},
		{"a variable", analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.arn"}, "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &analyzer.Resource{
				Build:     values(map[string]cty.Value{"policy": cty.UnknownVal(cty.String)}),
				Hidden:    []analyzer.Hidden{{At: at, Cause: tt.cause}},
				Documents: []analyzer.Document{{At: at, Value: doc(t, policy)}},
			}
			found := judged(analyzer.Managed, Cond("nobody else", analyzer.Pass, (*Document).NotPublic, "policy"), r)
			if found[0].Verdict != tt.want {
				t.Errorf("%s, want %s", found[0].Verdict, tt.want)
			}
		})
	}
}

// A variable elsewhere in the document does not make a principal's name
// unknown.
func TestNamesBesideVariables(t *testing.T) {
	at := cty.GetAttrPath("policy")
	principal := cty.GetAttrPath("Statement").IndexInt(0).GetAttr("Principal").GetAttr("AWS")
	resource := cty.GetAttrPath("Statement").IndexInt(0).GetAttr("Resource")
	name := analyzer.Cause{Kind: analyzer.CauseApply, Name: "aws_iam_role.r.arn"}
	variable := analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.bucket"}
	tests := []struct {
		name                string
		principal, resource analyzer.Cause
		want                string
	}{
		{"the variable is in the resource", name, variable, "pass"},
		{"the variable is the principal", variable, name, "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &analyzer.Resource{
				Build:  values(map[string]cty.Value{"policy": cty.UnknownVal(cty.String)}),
				Hidden: []analyzer.Hidden{{At: at, Cause: name}, {At: at, Cause: variable}},
				Documents: []analyzer.Document{{
					At:     at,
					Value:  doc(t, `{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "??"}, "Action": "s3:GetObject", "Resource": "??"}]}`),
					Hidden: []analyzer.Hidden{{At: principal, Cause: tt.principal}, {At: resource, Cause: tt.resource}},
				}},
			}
			found := judged(analyzer.Managed, Cond("nobody else", analyzer.Pass, (*Document).NotPublic, "policy"), r)
			if found[0].Verdict != tt.want {
				t.Errorf("%s, want %s", found[0].Verdict, tt.want)
			}
		})
	}
}
