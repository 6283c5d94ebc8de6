package judge

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
)

// installed is a source in an installed module that is called at line 20, with
// an argument at line 21.
type installed struct {
	places
	inputs   []string
	exported bool
	argument bool
	setting  *analyzer.Setting
	asked    *[]string
}

func (i installed) call() hcl.Range { return rangeOf("app.tf", 20) }

func rangeOf(file string, line int) hcl.Range {
	return hcl.Range{Filename: file, Start: hcl.Pos{Line: line}, End: hcl.Pos{Line: line}}
}

func (i installed) Via() []analyzer.Call {
	return []analyzer.Call{{Range: rangeOf("root.tf", 3)}, {Range: i.call(), Installed: true}, {Range: rangeOf("in.tf", 4)}}
}

func (i installed) Setting(cty.Path) *analyzer.Setting { return i.setting }

func (i installed) Inside(at []cty.Path, companions []string) *analyzer.Inside {
	for _, p := range at {
		*i.asked = append(*i.asked, analyzer.FormatPath(p))
	}
	*i.asked = append(*i.asked, companions...)
	in := &analyzer.Inside{Module: "module.m", Range: i.call(), Inputs: i.inputs, Exported: i.exported}
	if i.argument {
		in.Range = rangeOf("app.tf", 21)
	}
	return in
}

// TestInside: the position of a finding in an installed module, and whether and
// how its caller can close it.
func TestInside(t *testing.T) {
	encrypt := analyzer.Check{ID: "x", On: []string{"aws_db_instance"}, Severity: analyzer.High, Want: analyzer.Attr("encrypted").True(), Message: "no"}
	either := analyzer.Check{ID: "x", On: []string{"aws_db_instance"}, Severity: analyzer.High, Want: analyzer.Any(analyzer.Attr("encrypted").True(), analyzer.Attr("key").Present()), Message: "no", Close: "encrypt it"}
	beside := analyzer.Check{ID: "x", On: []string{"aws_db_instance"}, Severity: analyzer.High, Want: analyzer.Related("aws_thing", "db", analyzer.Attr("on").True()), Message: "no", Close: "add a thing"}
	never := analyzer.Check{ID: "x", On: []string{"aws_db_instance"}, Severity: analyzer.High, Message: "no", Close: "remove it",
		Want: analyzer.Func{Judge: func(v *analyzer.View) analyzer.Outcome { return v.Fail(v.Here()) }}}
	type got struct {
		Asked  []string
		Line   int
		Sealed bool
		Remedy string
		At     int // line of RemedyAt
	}
	for _, test := range []struct {
		name  string
		check analyzer.Check
		src   installed
		want  got
	}{
		{"argument", encrypt, installed{argument: true, inputs: []string{"var.e"}, setting: &analyzer.Setting{Name: "e", Range: rangeOf("app.tf", 21)}},
			got{[]string{"encrypted"}, 21, false, "set e = true", 0}},
		{"default", encrypt, installed{inputs: []string{"var.e"}, setting: &analyzer.Setting{Name: "e", Range: rangeOf("app.tf", 20)}},
			got{[]string{"encrypted"}, 20, false, "set e = true at this module call", 0}},
		{"file", encrypt, installed{argument: true, inputs: []string{"var.e"}, setting: &analyzer.Setting{Name: "e", Range: rangeOf("prod.tfvars", 2)}},
			got{[]string{"encrypted"}, 21, false, "set e = true", 2}},
		{"command line", encrypt, installed{argument: true, inputs: []string{"var.e"}, setting: &analyzer.Setting{Name: "--var e"}},
			got{[]string{"encrypted"}, 21, false, "pass --var e=true", 0}},
		{"environment", encrypt, installed{argument: true, inputs: []string{"var.e"}, setting: &analyzer.Setting{Name: "TF_VAR_e"}},
			got{[]string{"encrypted"}, 21, false, "set TF_VAR_e=true", 0}},
		{"inputs", encrypt, installed{inputs: []string{"var.a", "var.b"}},
			got{[]string{"encrypted"}, 20, false, "make encrypted = true; an input of module.m decides: var.a, var.b", 0}},
		{"none", encrypt, installed{},
			got{[]string{"encrypted"}, 20, true, "make encrypted = true; no input of module.m does, another version of it may", 0}},
		{"choice", either, installed{inputs: []string{"var.k"}},
			got{[]string{"encrypted", "encrypted", "key"}, 20, false, "make encrypted = true; an input of module.m decides: var.k", 0}},
		{"not to be there", never, installed{inputs: []string{"var.create"}},
			got{[]string{""}, 20, false, "remove it; an input of module.m decides: var.create", 0}},
		{"companion", beside, installed{exported: true},
			got{[]string{"aws_thing", "aws_thing"}, 20, false, "add a thing; an output of module.m leads to it", 0}},
		{"no companion", beside, installed{},
			got{[]string{"aws_thing", "aws_thing"}, 20, true, "add a thing; no input of module.m does, another version of it may", 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := made.Resource("aws_db_instance.main", made.Values{"encrypted": cty.False})
			test.src.places, test.src.asked = places{"in.tf"}, &[]string{}
			r.Source = test.src
			rep := Run(context.Background(), made.Set(r), []*analyzer.Check{&test.check}, Options{})
			if len(rep.Findings) != 1 {
				t.Fatalf("%d findings", len(rep.Findings))
			}
			f := rep.Findings[0]
			line := 0
			if f.RemedyAt != nil {
				line = f.RemedyAt.Start.Line
			}
			have := got{*test.src.asked, f.Range.Start.Line, f.NotFixableHere, f.Remedy, line}
			if diff := cmp.Diff(test.want, have); diff != "" {
				t.Error(diff)
			}
			notes := []string{"called here", "inside, called here", "inside, aws_db_instance.main is here"}
			var says []string
			for _, n := range f.Notes {
				says = append(says, n.Message)
			}
			if diff := cmp.Diff(notes, says); diff != "" {
				t.Error(diff)
			}
			if r.File() != "app.tf" {
				t.Errorf("its user writes it in %s", r.File())
			}
			if f.Edits != nil {
				t.Error("it edits an installed module")
			}
		})
	}
}

// TestUnknownInside: an unknown in an installed module concerns its caller
// where the caller can give the missing value.
func TestUnknownInside(t *testing.T) {
	for kind, sealed := range map[analyzer.CauseKind]bool{analyzer.CauseApply: true, analyzer.CauseProvider: true, analyzer.CauseVariable: false, analyzer.CauseModule: false} {
		r := made.Resource("aws_db_instance.main", made.Values{"encrypted": cty.UnknownVal(cty.Bool)})
		r.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("encrypted"), Cause: analyzer.Cause{Kind: kind, Name: "x"}}}
		r.Source = installed{places: places{"in.tf"}, asked: &[]string{}}
		rep := Run(context.Background(), made.Set(r), []*analyzer.Check{&encrypted}, Options{})
		if f := rep.Findings[0]; f.NotFixableHere != sealed {
			t.Errorf("%s: sealed is %t", kind, f.NotFixableHere)
		}
	}
}

// TestTold: a derived cause is reported only if there is no other cause, and
// the cause of an unknown instance count replaces the address.
func TestTold(t *testing.T) {
	derived, variable := analyzer.Cause{Kind: analyzer.CauseDerived, Name: "try() of what is not known"}, analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.names"}
	if diff := cmp.Diff([]analyzer.Cause{variable}, analyzer.PrimaryCauses([]analyzer.Cause{derived, variable})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]analyzer.Cause{derived}, analyzer.PrimaryCauses([]analyzer.Cause{derived})); diff != "" {
		t.Error(diff)
	}
	many := made.Resource("aws_kms_key.k[*]", nil)
	many.Number = []analyzer.Cause{variable}
	r := made.Resource("aws_db_instance.main", made.Values{"encrypted": cty.UnknownVal(cty.Bool)}, analyzer.Ref{At: cty.GetAttrPath("encrypted"), To: "aws_kms_key.k[*]"})
	made.Set(r, many)
	if diff := cmp.Diff([]analyzer.Cause{variable}, r.CausesAt(cty.GetAttrPath("encrypted"))); diff != "" {
		t.Error(diff)
	}
}
