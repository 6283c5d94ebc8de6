package judge

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
)

var encrypted = analyzer.Check{
	ID: "aws-encrypted", Aliases: []analyzer.Alias{{ID: "CKV_1", Relation: analyzer.Same}, {ID: "CKV_2", Relation: analyzer.Narrower}}, On: []string{"aws_db_instance"},
	Layer: analyzer.ServerSideEncryption, Severity: analyzer.High, Want: analyzer.Attr("encrypted").True(), Message: "not encrypted",
	Fix: analyzer.Safety{Kind: analyzer.UnsafeFix, Effect: "replaces it"},
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
func (p places) Via() []analyzer.Call {
	return []analyzer.Call{{Range: hcl.Range{Filename: "root.tf", Start: hcl.Pos{Line: 3}, End: hcl.Pos{Line: 3}}}}
}
func (p places) Inside([]cty.Path, []string) *analyzer.Inside { return nil }
func (p places) Trace(cty.Path) []analyzer.Step               { return nil }
func (p places) Setting(cty.Path) *analyzer.Setting           { return nil }
func (p places) Edits([]analyzer.Assign) []analyzer.Edit      { return nil }

func database(encrypted cty.Value) *analyzer.Resource {
	r := made.Resource("aws_db_instance.main", made.Values{"encrypted": encrypted})
	r.Source = places{"main.tf"}
	return r
}

func TestFinding(t *testing.T) {
	rep := Run(context.Background(), made.Set(database(cty.False)), []*analyzer.Check{&encrypted}, Options{})
	if len(rep.Findings) != 1 {
		t.Fatalf("%d findings", len(rep.Findings))
	}
	f := rep.Findings[0]
	got := []any{f.Verdict, f.Severity, f.Attribute, f.Range.Start.Line, f.Message, f.Remedy, f.Unsafe, f.Value, f.Change, f.Gap()}
	want := []any{analyzer.Fail, analyzer.High, "encrypted", 11, "not encrypted", "set encrypted = true", "replaces it", "false", NotCompared, true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownNamesItsCause(t *testing.T) {
	r := database(made.UnknownBool)
	r.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("encrypted"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.encrypt"}}}
	rep := Run(context.Background(), made.Set(r), []*analyzer.Check{&encrypted}, Options{})
	if got, want := rep.Findings[0].Message, "cannot tell whether encrypted is true: depends on var.encrypt"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCauseThroughReference: the cause of a bucket's unknown name is the cause
// of a value that reads it.
func TestCauseThroughReference(t *testing.T) {
	bucket := made.Resource("aws_s3_bucket.b", made.Values{"bucket": made.UnknownString})
	bucket.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("bucket"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.name"}}}
	r := made.Resource("aws_db_instance.main", made.Values{"encrypted": made.UnknownBool},
		analyzer.Ref{At: cty.GetAttrPath("encrypted"), To: "aws_s3_bucket.b", Attr: "bucket", Sole: true})
	rep := Run(context.Background(), made.Set(bucket, r), []*analyzer.Check{&encrypted}, Options{})
	if diff := cmp.Diff([]analyzer.Cause{{Kind: analyzer.CauseVariable, Name: "var.name"}}, rep.Findings[0].Because); diff != "" {
		t.Error(diff)
	}
}

func TestChange(t *testing.T) {
	tests := map[string]struct {
		set      *analyzer.Set
		change   Change
		severity analyzer.Severity
	}{
		"new":        {made.Planned(database(cty.False), nil), New, analyzer.High},
		"regression": {made.Planned(database(cty.False), database(cty.True)), Regression, analyzer.Critical},
		"existing":   {made.Planned(database(cty.False), database(cty.False)), Existing, analyzer.High},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := Run(context.Background(), tt.set, []*analyzer.Check{&encrypted}, Options{}).Findings[0]
			if f.Change != tt.change || f.Severity != tt.severity {
				t.Errorf("%s %s, want %s %s", f.Change, f.Severity, tt.change, tt.severity)
			}
		})
	}
	t.Run("closed", func(t *testing.T) {
		rep := Run(context.Background(), made.Planned(database(cty.True), database(cty.False)), []*analyzer.Check{&encrypted}, Options{})
		if len(rep.Findings) != 0 || len(rep.Closed) != 1 {
			t.Errorf("%d findings, %d closed", len(rep.Findings), len(rep.Closed))
		}
	})
	t.Run("closed, which nobody asked for", func(t *testing.T) {
		none := Options{Keep: func(*Finding) bool { return false }}
		if rep := Run(context.Background(), made.Planned(database(cty.True), database(cty.False)), []*analyzer.Check{&encrypted}, none); len(rep.Closed) != 0 {
			t.Errorf("%d closed", len(rep.Closed))
		}
	})
	t.Run("moved", func(t *testing.T) {
		is, was := database(cty.False), database(cty.True)
		is.Address, is.Previous = "aws_db_instance.renamed", "aws_db_instance.main"
		if f := Run(context.Background(), made.Planned(is, was), []*analyzer.Check{&encrypted}, Options{}).Findings[0]; f.Change != Regression {
			t.Errorf("%s, want a regression", f.Change)
		}
	})
}

// TestDestroyed: a state check does not judge destroyed resources; a check
// whose When requires deletion does.
func TestDestroyed(t *testing.T) {
	gone := database(cty.False)
	gone.Action = analyzer.Delete
	guard := &analyzer.Check{ID: "guard", On: encrypted.On, Severity: analyzer.Critical, When: analyzer.ActionIs(analyzer.Delete, analyzer.Replace), Want: analyzer.Was(analyzer.Attr("encrypted").True()), Message: "m"}
	rep := Run(context.Background(), made.Planned(gone, database(cty.False)), []*analyzer.Check{&encrypted, guard}, Options{})
	if len(rep.Findings) != 1 || rep.Findings[0].Check != guard {
		t.Errorf("%d findings", len(rep.Findings))
	}
}

func TestSuppressions(t *testing.T) {
	at := func(from, to int) hcl.Range {
		return hcl.Range{Filename: "main.tf", Start: hcl.Pos{Line: from}, End: hcl.Pos{Line: to}}
	}
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	own := func(s analyzer.Suppression) *analyzer.Suppression {
		s.Dialect, s.Reason, s.Range.Filename = analyzer.DialectDemarc, "known", "x"
		return &s
	}
	call := hcl.Range{Filename: "root.tf", Start: hcl.Pos{Line: 2}, End: hcl.Pos{Line: 5}}
	tests := map[string]struct {
		s          *analyzer.Suppression
		suppressed bool
		also       string // the finding about the suppression
	}{
		"at the resource":       {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14)}), true, ""},
		"at the attribute":      {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: at(11, 11)}), true, ""},
		"at the module call":    {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: call}), true, ""},
		"at another attribute":  {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: at(12, 12)}), false, analyzer.UnusedSuppression.ID},
		"of another check":      {own(analyzer.Suppression{Checks: []string{"aws-other"}, Scope: at(10, 14)}), false, analyzer.UnusedSuppression.ID},
		"until its last day":    {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14), Until: day("2026-11-22")}), true, ""},
		"expired":               {own(analyzer.Suppression{Checks: []string{"aws-encrypted"}, Scope: at(10, 14), Until: day("2026-11-21")}), false, analyzer.ExpiredSuppression.ID},
		"theirs, the same":      {&analyzer.Suppression{Dialect: analyzer.DialectCheckov, Checks: []string{"CKV_1"}, Scope: at(10, 14)}, true, ""},
		"theirs, narrower":      {&analyzer.Suppression{Dialect: analyzer.DialectCheckov, Checks: []string{"CKV_2"}, Scope: at(10, 14)}, false, ""},
		"theirs, unknown to us": {&analyzer.Suppression{Dialect: analyzer.DialectCheckov, Checks: []string{"CKV_9"}, Scope: at(10, 14)}, false, ""},
		"in the configuration":  {&analyzer.Suppression{Dialect: analyzer.DialectConfig, Reason: "known", Checks: []string{"aws-encrypted"}, Address: []string{"aws_db_*"}}, true, ""},
		"in it, of another":     {&analyzer.Suppression{Dialect: analyzer.DialectConfig, Reason: "known", Checks: []string{"aws-encrypted"}, Address: []string{"module.x.*"}}, false, analyzer.UnusedSuppression.ID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := made.Set(database(cty.False))
			opt := Options{Today: day("2026-11-22")}
			if tt.s.Dialect == analyzer.DialectConfig {
				opt.Suppressions = []*analyzer.Suppression{tt.s}
			} else {
				set.Roots[0].Suppressions = []*analyzer.Suppression{tt.s}
			}
			rep := Run(context.Background(), set, []*analyzer.Check{&encrypted}, opt)
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

// TestOwnership: a check on a provider-owned layer does not apply; a check
// whose model depends on unknown values is unknown rather than fail.
func TestOwnership(t *testing.T) {
	service := &analyzer.Service{ID: "x", Model: analyzer.Abstract, Principals: []string{"aws_x"}, Cases: []analyzer.Case{{On: []string{"aws_x"}, When: analyzer.Attr("on_hosts").True(), Model: analyzer.Infrastructure}}}
	catalogue := analyzer.Catalogue{
		Service: func(_ analyzer.Mode, typ string) *analyzer.Service {
			if typ == "aws_x" {
				return service
			}
			return nil
		},
		Cell: func(m analyzer.Model, l analyzer.Layer) analyzer.Cell {
			if m == analyzer.Abstract && l == analyzer.OperatingSystem {
				return analyzer.Cell{Today: analyzer.ProviderOwned}
			}
			return analyzer.Cell{Today: analyzer.CustomerOwned}
		},
	}
	check := &analyzer.Check{ID: "patched", On: []string{"aws_x"}, Layer: analyzer.OperatingSystem, Want: analyzer.Attr("patched").True(), Message: "m"}
	tests := map[string]struct {
		onHosts cty.Value
		want    analyzer.Verdict
	}{
		"yours":     {cty.True, analyzer.Fail},
		"theirs":    {cty.False, analyzer.NotApplicable},
		"who knows": {made.UnknownBool, analyzer.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := made.Set(made.Resource("aws_x.x", made.Values{"on_hosts": tt.onHosts}))
			rep := Run(context.Background(), set, []*analyzer.Check{check}, Options{Catalogue: catalogue, All: true})
			if got := rep.Findings[0].Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestDuties: a principal has a duty in every customer-owned layer; a companion
// contributes its verdicts to the principal that it names.
func TestDuties(t *testing.T) {
	service := &analyzer.Service{ID: "s3", Model: analyzer.Abstract, Principals: []string{"aws_s3_bucket"}}
	catalogue := analyzer.Catalogue{
		Service: func(analyzer.Mode, string) *analyzer.Service { return service },
		Cell: func(_ analyzer.Model, l analyzer.Layer) analyzer.Cell {
			if l == analyzer.IdentityAndAccess || l == analyzer.CustomerData {
				return analyzer.Cell{Today: analyzer.CustomerOwned}
			}
			return analyzer.Cell{Today: analyzer.ProviderOwned}
		},
	}
	check := &analyzer.Check{ID: "blocked", On: []string{"aws_s3_bucket_public_access_block"}, Layer: analyzer.IdentityAndAccess, Want: analyzer.Attr("on").True(), Message: "m"}
	block := made.Resource("aws_s3_bucket_public_access_block.p", made.Values{"bucket": made.UnknownString, "on": cty.False},
		analyzer.Ref{At: cty.GetAttrPath("bucket"), To: "aws_s3_bucket.b", Attr: "id", Sole: true})
	rep := Run(context.Background(), made.Set(made.Resource("aws_s3_bucket.b", nil), block), []*analyzer.Check{check}, Options{Catalogue: catalogue})
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

// TestSameAgain: the order of resources and the number of cores do not change
// the report.
func TestSameAgain(t *testing.T) {
	build := func() *analyzer.Set {
		var resources []*analyzer.Resource
		for i := range 300 {
			r := made.Resource(fmt.Sprintf("aws_db_instance.db%03d", (i*7)%300), made.Values{"encrypted": cty.BoolVal(i%3 == 0)})
			r.Source = places{fmt.Sprintf("f%d.tf", i%5)}
			resources = append(resources, r)
		}
		return made.Set(resources...)
	}
	var first []string
	for range 20 {
		var got []string
		for _, f := range Run(context.Background(), build(), []*analyzer.Check{&encrypted}, Options{}).Findings {
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
			var resources []*analyzer.Resource
			for i := range n {
				resources = append(resources, made.Resource(fmt.Sprintf("aws_db_instance.db%d", i), made.Values{"encrypted": cty.True}))
			}
			set := made.Set(resources...)
			b.ReportAllocs()
			for b.Loop() {
				Run(context.Background(), set, []*analyzer.Check{&encrypted}, Options{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/resource")
		})
	}
}

// TestEvidenceText: evidence names its source: an attribute, or a resource as a
// whole.
func TestEvidenceText(t *testing.T) {
	r := made.Resource("t.x", made.Values{"a": cty.True})
	made.Set(r)
	for want, w := range map[string]analyzer.Witness{
		"t.x.a": {Of: r, At: cty.GetAttrPath("a")},
		"t.x":   {Of: r},
	} {
		if got := evidence(w, hcl.Range{}).Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestOrder: findings at one place are in the order of their addresses.
func TestOrder(t *testing.T) {
	var found []*Finding
	for _, address := range []string{"aws_db_instance.b", "aws_db_instance.a", "aws_db_instance.c"} {
		found = append(found, &Finding{Check: &encrypted, Resource: made.Resource(address, nil)})
	}
	sortFindings(found)
	var got []string
	for _, f := range found {
		got = append(got, f.Resource.Address)
	}
	if diff := cmp.Diff([]string{"aws_db_instance.a", "aws_db_instance.b", "aws_db_instance.c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseSeverity(t *testing.T) {
	for _, want := range []analyzer.Severity{analyzer.Low, analyzer.Medium, analyzer.High, analyzer.Critical} {
		if got, ok := analyzer.ParseSeverity(want.String()); got != want || !ok {
			t.Errorf("%s: %s, %t", want, got, ok)
		}
	}
	if _, ok := analyzer.ParseSeverity("none"); ok {
		t.Error("none is one")
	}
}

// TestTogether: what is broken in one of several reports is broken, and findings,
// duties and resources are in the order of their roots.
func TestTogether(t *testing.T) {
	report := func(dir string, broken bool) *Report {
		root := &analyzer.Root{Dir: dir, Resources: []*analyzer.Resource{database(cty.False)}}
		catalogue := analyzer.Catalogue{Service: func(analyzer.Mode, string) *analyzer.Service {
			return &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"aws_db_instance"}}
		}}
		return Run(context.Background(), analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{Broken: broken}, nil), []*analyzer.Check{&encrypted}, Options{Catalogue: catalogue})
	}
	for _, broken := range []bool{false, true} {
		all := Together([]*Report{report("b", broken), report("a", false)})
		if all.Coverage.Broken != broken {
			t.Errorf("broken is %t, want %t", all.Coverage.Broken, broken)
		}
		got := []string{all.Resources[0].Root.Dir, all.Duties[0].Root, all.Findings[0].Resource.Root.Dir}
		if diff := cmp.Diff([]string{"a", "a", "a"}, got); diff != "" {
			t.Error(diff)
		}
	}
}
