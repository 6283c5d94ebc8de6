package analyzer

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

var encrypted = Check{
	ID: "aws-encrypted", Aliases: []Alias{{"CKV_1", Same}, {"CKV_2", Narrower}}, On: []string{"aws_db_instance"},
	Layer: ServerSideEncryption, Severity: High, Want: Attr("encrypted").True(), Message: "not encrypted",
	Fix: Safety{Kind: UnsafeFix, Effect: "replaces it"},
}

// places is a source in which attribute a of a block at line 10 is at line 11.
type places struct{ file string }

func (p places) at(line int) hcl.Range {
	return hcl.Range{Filename: p.file, Start: hcl.Pos{Line: line, Column: 3}, End: hcl.Pos{Line: line, Column: 9}}
}

func (p places) Range(at cty.Path) hcl.Range {
	if len(at) == 0 {
		return p.at(10)
	}
	return p.at(11)
}
func (p places) Written(cty.Path) bool { return true }
func (p places) Body() hcl.Range {
	return hcl.Range{Filename: p.file, Start: hcl.Pos{Line: 10, Column: 1}, End: hcl.Pos{Line: 14, Column: 2}}
}
func (p places) Via() []Call {
	return []Call{{Range: hcl.Range{Filename: "root.tf", Start: hcl.Pos{Line: 3}, End: hcl.Pos{Line: 3}}}}
}
func (p places) Inside([]cty.Path, []string) *Inside { return nil }
func (p places) Trace(cty.Path) []Step               { return nil }
func (p places) Setting(cty.Path) *Setting           { return nil }
func (p places) Edits([]Assign) []Edit               { return nil }

func database(encrypted cty.Value) *Resource {
	r := made("aws_db_instance.main", values{"encrypted": encrypted})
	r.Source = places{"main.tf"}
	return r
}

func TestFinding(t *testing.T) {
	rep := Run(context.Background(), setOf(database(cty.False)), []*Check{&encrypted}, Options{})
	if len(rep.Findings) != 1 {
		t.Fatalf("%d findings", len(rep.Findings))
	}
	f := rep.Findings[0]
	got := []any{f.Verdict, f.Severity, f.Attribute, f.Range.Start.Line, f.Message, f.Remedy, f.Unsafe, f.Value, f.Change, f.Gap()}
	want := []any{Fail, High, "encrypted", 11, "not encrypted", "set encrypted = true", "replaces it", "false", NotCompared, true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownNamesItsCause(t *testing.T) {
	r := database(unknownBool)
	r.Hidden = []Hidden{{At: cty.GetAttrPath("encrypted"), Cause: Cause{Kind: CauseVariable, Name: "var.encrypt"}}}
	rep := Run(context.Background(), setOf(r), []*Check{&encrypted}, Options{})
	if got, want := rep.Findings[0].Message, "cannot tell whether encrypted is true: depends on var.encrypt"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCauseThroughReference: what hides a bucket's name hides what reads it.
func TestCauseThroughReference(t *testing.T) {
	bucket := made("aws_s3_bucket.b", values{"bucket": unknownString})
	bucket.Hidden = []Hidden{{At: cty.GetAttrPath("bucket"), Cause: Cause{Kind: CauseVariable, Name: "var.name"}}}
	r := made("aws_db_instance.main", values{"encrypted": unknownBool},
		Ref{At: cty.GetAttrPath("encrypted"), To: "aws_s3_bucket.b", Attr: "bucket", Sole: true})
	rep := Run(context.Background(), setOf(bucket, r), []*Check{&encrypted}, Options{})
	if diff := cmp.Diff([]Cause{{Kind: CauseVariable, Name: "var.name"}}, rep.Findings[0].Because); diff != "" {
		t.Error(diff)
	}
}

// planned puts a resource and what it was into a plan's set.
func planned(is, was *Resource) *Set {
	root := &Root{Dir: ".", Plan: "plan.json", Resources: []*Resource{is}, Prior: &Root{Dir: "."}}
	if was != nil {
		root.Prior.Resources = []*Resource{was}
	}
	return NewSet([]*Root{root}, Coverage{}, nil)
}

func TestChange(t *testing.T) {
	tests := map[string]struct {
		set      *Set
		change   Change
		severity Severity
	}{
		"new":        {planned(database(cty.False), nil), New, High},
		"regression": {planned(database(cty.False), database(cty.True)), Regression, Critical},
		"existing":   {planned(database(cty.False), database(cty.False)), Existing, High},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := Run(context.Background(), tt.set, []*Check{&encrypted}, Options{}).Findings[0]
			if f.Change != tt.change || f.Severity != tt.severity {
				t.Errorf("%s %s, want %s %s", f.Change, f.Severity, tt.change, tt.severity)
			}
		})
	}
	t.Run("closed", func(t *testing.T) {
		rep := Run(context.Background(), planned(database(cty.True), database(cty.False)), []*Check{&encrypted}, Options{})
		if len(rep.Findings) != 0 || len(rep.Closed) != 1 {
			t.Errorf("%d findings, %d closed", len(rep.Findings), len(rep.Closed))
		}
	})
	t.Run("moved", func(t *testing.T) {
		is, was := database(cty.False), database(cty.True)
		is.Address, is.Previous = "aws_db_instance.renamed", "aws_db_instance.main"
		if f := Run(context.Background(), planned(is, was), []*Check{&encrypted}, Options{}).Findings[0]; f.Change != Regression {
			t.Errorf("%s, want a regression", f.Change)
		}
	})
}

// TestDestroyed: a state check does not judge what goes; one whose When asks
// for it does.
func TestDestroyed(t *testing.T) {
	gone := database(cty.False)
	gone.Action = Delete
	guard := &Check{ID: "guard", On: encrypted.On, Severity: Critical, When: ActionIs(Delete, Replace), Want: Was(Attr("encrypted").True()), Message: "m"}
	rep := Run(context.Background(), planned(gone, database(cty.False)), []*Check{&encrypted, guard}, Options{})
	if len(rep.Findings) != 1 || rep.Findings[0].Check != guard {
		t.Errorf("%d findings", len(rep.Findings))
	}
}

func TestSuppressions(t *testing.T) {
	at := func(from, to int) hcl.Range {
		return hcl.Range{Filename: "main.tf", Start: hcl.Pos{Line: from}, End: hcl.Pos{Line: to}}
	}
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	own := func(s Suppression) *Suppression {
		s.Dialect, s.Reason, s.Range.Filename = DialectDemarc, "known", "x"
		return &s
	}
	call := hcl.Range{Filename: "root.tf", Start: hcl.Pos{Line: 2}, End: hcl.Pos{Line: 5}}
	tests := map[string]struct {
		s          *Suppression
		suppressed bool
		also       string // the finding about the suppression
	}{
		"at the resource":       {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14)}), true, ""},
		"at the attribute":      {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: at(11, 11)}), true, ""},
		"at the module call":    {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: call}), true, ""},
		"at another attribute":  {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: at(12, 12)}), false, unusedSuppression.ID},
		"of another check":      {own(Suppression{Checks: []string{"aws-other"}, Scope: at(10, 14)}), false, unusedSuppression.ID},
		"until its last day":    {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14), Until: day("2026-11-22")}), true, ""},
		"expired":               {own(Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14), Until: day("2026-11-21")}), false, expiredSuppression.ID},
		"theirs, the same":      {&Suppression{Dialect: DialectCheckov, Checks: []string{"CKV_1"}, Scope: at(10, 14)}, true, ""},
		"theirs, narrower":      {&Suppression{Dialect: DialectCheckov, Checks: []string{"CKV_2"}, Scope: at(10, 14)}, false, ""},
		"theirs, unknown to us": {&Suppression{Dialect: DialectCheckov, Checks: []string{"CKV_9"}, Scope: at(10, 14)}, false, ""},
		"in the configuration":  {&Suppression{Dialect: DialectConfig, Reason: "known", Checks: []string{"aws-encrypted"}, Address: []string{"aws_db_*"}}, true, ""},
		"in it, of another":     {&Suppression{Dialect: DialectConfig, Reason: "known", Checks: []string{"aws-encrypted"}, Address: []string{"module.x.*"}}, false, unusedSuppression.ID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := setOf(database(cty.False))
			opt := Options{Today: day("2026-11-22")}
			if tt.s.Dialect == DialectConfig {
				opt.Suppressions = []*Suppression{tt.s}
			} else {
				set.Roots[0].Suppressions = []*Suppression{tt.s}
			}
			rep := Run(context.Background(), set, []*Check{&encrypted}, opt)
			var suppressed bool
			also := ""
			for _, f := range rep.Findings {
				if f.Check == &encrypted {
					suppressed = f.Suppressed != nil
				} else {
					also = f.Check.ID
				}
			}
			if suppressed != tt.suppressed || also != tt.also {
				t.Errorf("suppressed %t, %q; want %t, %q", suppressed, also, tt.suppressed, tt.also)
			}
		})
	}
}

// TestOwnership: a check on a layer that is the provider's does not apply; one
// whose model values hide is unknown rather than fail.
func TestOwnership(t *testing.T) {
	service := &Service{ID: "x", Model: Abstract, Principals: []string{"aws_x"}, Cases: []Case{{On: []string{"aws_x"}, When: Attr("on_hosts").True(), Model: Infrastructure}}}
	catalogue := Catalogue{
		Service: func(_ Mode, typ string) *Service {
			if typ == "aws_x" {
				return service
			}
			return nil
		},
		Cell: func(m Model, l Layer) Cell {
			if m == Abstract && l == OperatingSystem {
				return Cell{Today: ProviderOwned}
			}
			return Cell{Today: CustomerOwned}
		},
	}
	check := &Check{ID: "patched", On: []string{"aws_x"}, Layer: OperatingSystem, Want: Attr("patched").True(), Message: "m"}
	tests := map[string]struct {
		onHosts cty.Value
		want    Verdict
	}{
		"yours":     {cty.True, Fail},
		"theirs":    {cty.False, NotApplicable},
		"who knows": {unknownBool, Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := setOf(made("aws_x.x", values{"on_hosts": tt.onHosts}))
			rep := Run(context.Background(), set, []*Check{check}, Options{Catalogue: catalogue, All: true})
			if got := rep.Findings[0].Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestDuties: a principal has a duty in every layer that is the customer's; a
// companion gives its verdicts to the principal that it names.
func TestDuties(t *testing.T) {
	service := &Service{ID: "s3", Model: Abstract, Principals: []string{"aws_s3_bucket"}}
	catalogue := Catalogue{
		Service: func(Mode, string) *Service { return service },
		Cell: func(_ Model, l Layer) Cell {
			if l == IdentityAndAccess || l == CustomerData {
				return Cell{Today: CustomerOwned}
			}
			return Cell{Today: ProviderOwned}
		},
	}
	check := &Check{ID: "blocked", On: []string{"aws_s3_bucket_public_access_block"}, Layer: IdentityAndAccess, Want: Attr("on").True(), Message: "m"}
	block := made("aws_s3_bucket_public_access_block.p", values{"bucket": unknownString, "on": cty.False},
		Ref{At: cty.GetAttrPath("bucket"), To: "aws_s3_bucket.b", Attr: "id", Sole: true})
	rep := Run(context.Background(), setOf(made("aws_s3_bucket.b", nil), block), []*Check{check}, Options{Catalogue: catalogue})
	got := map[string]State{}
	for _, d := range rep.Duties {
		got[fmt.Sprintf("%s %s", d.Principal.Address, d.Layer)] = d.State
	}
	want := map[string]State{
		"aws_s3_bucket.b customer-data":       Unevidenced,
		"aws_s3_bucket.b identity-and-access": GapState,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSameAgain: the order of resources and the number of cores change nothing.
func TestSameAgain(t *testing.T) {
	build := func() *Set {
		var resources []*Resource
		for i := range 300 {
			r := made(fmt.Sprintf("aws_db_instance.db%03d", (i*7)%300), values{"encrypted": cty.BoolVal(i%3 == 0)})
			r.Source = places{fmt.Sprintf("f%d.tf", i%5)}
			resources = append(resources, r)
		}
		return setOf(resources...)
	}
	var first []string
	for range 20 {
		var got []string
		for _, f := range Run(context.Background(), build(), []*Check{&encrypted}, Options{}).Findings {
			got = append(got, f.Resource.Address+f.Fingerprint.String()+f.Range.String())
		}
		if first == nil {
			first = got
		}
		if !reflect.DeepEqual(first, got) {
			t.Fatal("the findings differ from run to run")
		}
	}
}

func BenchmarkRun(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var resources []*Resource
			for i := range n {
				resources = append(resources, made(fmt.Sprintf("aws_db_instance.db%d", i), values{"encrypted": cty.True}))
			}
			set := setOf(resources...)
			b.ReportAllocs()
			for b.Loop() {
				Run(context.Background(), set, []*Check{&encrypted}, Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/resource")
		})
	}
}

// TestEvidenceText: evidence names what shows it: an attribute, or a resource as
// a whole.
func TestEvidenceText(t *testing.T) {
	r := made("t.x", values{"a": cty.True})
	setOf(r)
	for want, w := range map[string]Witness{
		"t.x.a": {Of: r, At: cty.GetAttrPath("a")},
		"t.x":   {Of: r},
	} {
		if got := evidence(w, hcl.Range{}).Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
