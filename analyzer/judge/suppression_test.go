package judge

import (
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// --- what an acceptor has to answer as

// suppresses reports whether a suppression names the check: by our id, or by
// another tool's id where that check is the same or wider.
func suppresses(s *analyzer.Suppression, c *analyzer.Check) bool {
	for _, id := range s.Checks {
		if id == "*" || id == c.ID && s.IsOwn() {
			return true
		}
		for _, a := range c.Aliases {
			if a.Relation != analyzer.Narrower && strings.EqualFold(a.ID, id) {
				return true
			}
		}
	}
	return false
}

// coversFinding reports whether a finding lies within a suppression.
func coversFinding(s *analyzer.Suppression, f *Finding) bool {
	if s.Dialect == analyzer.DialectConfig {
		if !f.Resource.Root.InEnvironment(s.Environments) {
			return false
		}
		for _, g := range s.Address {
			if analyzer.Glob(g, f.Resource.Address) || analyzer.Glob(g, f.Resource.Definition) {
				return true
			}
		}
		return false
	}
	if within(s.Scope, f.Range) {
		return true
	}
	src := f.Resource.Source
	if src == nil {
		return false
	}
	if within(s.Scope, src.Body()) {
		return true
	}
	for _, call := range src.Via() {
		if within(s.Scope, call.Range) {
			return true
		}
	}
	return false
}

func within(outer, inner hcl.Range) bool {
	return outer.Filename != "" && outer.Filename == inner.Filename &&
		outer.Start.Line <= inner.Start.Line && inner.End.Line <= outer.End.Line
}

// accepted checks every suppression for a finding.
func accepted(lists [][]*analyzer.Suppression, today time.Time, f *Finding, use func(*analyzer.Suppression)) *analyzer.Suppression {
	var first *analyzer.Suppression
	for _, list := range lists {
		for _, s := range list {
			if !suppresses(s, f.Check) || !coversFinding(s, f) {
				continue
			}
			use(s)
			if f.Verdict == analyzer.Fail && first == nil && s.Accepts(today) {
				first = s
			}
		}
	}
	return first
}

// --- what it is asked of

// somewhere is where a resource is written.
type somewhere struct {
	analyzer.Source
	body hcl.Range
	via  []analyzer.Call
}

func (s somewhere) Body() hcl.Range      { return s.body }
func (s somewhere) Via() []analyzer.Call { return s.via }

// A chooser makes random suppressions and findings that often match.
type chooser struct{ *rand.Rand }

func (c chooser) of(all ...string) string { return all[c.Intn(len(all))] }

func (c chooser) some(all ...string) []string {
	var list []string
	for range 1 + c.Intn(2) {
		list = append(list, c.of(all...))
	}
	return list
}

// lines is a random range in a few files. Ranges may overlap.
func (c chooser) lines() hcl.Range {
	start := 1 + c.Intn(12)
	return hcl.Range{
		Filename: c.of("a.tf", "a.tf", "b.tf", ""),
		Start:    hcl.Pos{Line: start}, End: hcl.Pos{Line: start + c.Intn(6)},
	}
}

func (c chooser) suppression(n int) *analyzer.Suppression {
	s := &analyzer.Suppression{
		Checks: c.some("*", "a-id", "b-id", "CKV_1", "ckv_1", "CKV_2", "KV_3", "\u212aV_3", "none"),
		Reason: c.of("", "because", "because"), Range: hcl.Range{Filename: "x", Start: hcl.Pos{Byte: n}},
	}
	if c.Intn(5) == 0 {
		s.Until = time.Date(2020, 1, 1+c.Intn(3), 0, 0, 0, 0, time.UTC)
	}
	switch c.Intn(4) {
	case 0:
		s.Dialect = analyzer.Dialect(c.of(string(analyzer.DialectCheckov), string(analyzer.DialectTrivy)))
		s.Scope = c.lines()
	case 1, 2:
		s.Dialect = analyzer.DialectDemarc
		s.Scope = c.lines()
	default:
		s.Dialect = analyzer.DialectConfig
		s.Address = c.some("t.a", "t.*", "*", "m.t.a", `m\[0].t.a`, `m\["k/x"].t.a`, "m*", "[", `t.a\`, "?.a", "m.*.a", "t.[ab]", "")
		if c.Intn(3) == 0 {
			s.Environments = c.some("dev", "prod")
		}
	}
	return s
}

func (c chooser) resource() *analyzer.Resource {
	r := &analyzer.Resource{
		Address: c.of("t.a", "t.b", "m[0].t.a", `m["k/x"].t.a`, "m.t.a"),
		Root:    &analyzer.Root{Environment: c.of("", "dev", "prod")},
	}
	r.Definition = c.of(r.Address, "m.t.a")
	if c.Intn(5) > 0 {
		at := somewhere{body: c.lines()}
		for range c.Intn(3) {
			at.via = append(at.via, analyzer.Call{Range: c.lines()})
		}
		r.Source = at
	}
	return r
}

// TestAcceptor: for any findings, in any order, an acceptor gives the same
// result as checking every suppression: which one accepts the gap, and which
// were used.
func TestAcceptor(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	checks := []*analyzer.Check{
		{ID: "a-id", Aliases: []analyzer.Alias{{ID: "CKV_1"}, {ID: "kV_3", Relation: analyzer.Narrower}}},
		{ID: "b-id", Aliases: []analyzer.Alias{{ID: "Ckv_2", Relation: analyzer.Wider}, {ID: "kV_3"}}},
		{ID: "none-of-them"},
	}
	covered := 0
	for seed := range 3000 {
		c := chooser{rand.New(rand.NewSource(int64(seed)))}
		lists := make([][]*analyzer.Suppression, 2)
		for i := range c.Intn(20) {
			l := c.Intn(2)
			lists[l] = append(lists[l], c.suppression(i))
		}
		today := time.Date(2020, 1, 2, 12, 0, 0, 0, time.UTC)
		acceptors := []*acceptor{newAcceptor(lists[0], today), newAcceptor(lists[1], today)}
		rep, want := &Report{}, &Report{}
		for range 8 {
			r := c.resource()
			for range 1 + c.Intn(3) {
				f := &Finding{Check: checks[c.Intn(len(checks))], Resource: r, Range: c.lines()}
				f.Verdict = []analyzer.Verdict{analyzer.Fail, analyzer.Fail, analyzer.Unknown}[c.Intn(3)]
				by := accepted(lists, today, f, want.use)
				rep.suppress(acceptors, today, f)
				if f.Suppressed != by {
					t.Fatalf("seed %d: %s of %s is accepted by %v, want %v", seed, f.Check.ID, r.Address, f.Suppressed, by)
				}
				if by != nil {
					covered++
				}
			}
		}
		if diff := cmp.Diff(want.used, rep.used); diff != "" {
			t.Fatalf("seed %d: used (-want +got):\n%s", seed, diff)
		}
	}
	if covered < 1000 {
		t.Errorf("%d findings are accepted: too few to tell", covered)
	}
}

// TestFold: names are equal as under strings.EqualFold.
func TestFold(t *testing.T) {
	names := []string{"CKV_AWS_1", "ckv_aws_1", "c\u212av_aws_1", "CKV_AW\u017f_1", "\u1e9e", "ß", "ss", "\xff", "\ufffd", "İ", "i", "ı", "I"}
	for _, a := range names {
		for _, b := range names {
			if got, want := fold(a) == fold(b), strings.EqualFold(a, b); got != want {
				t.Errorf("%q and %q: %t, want %t", a, b, got, want)
			}
		}
	}
}

// TestAcceptorCost: twice the suppressions and twice the findings cost twice as
// much, whatever they cover. The cost is the number of uses of suppressions.
func TestAcceptorCost(t *testing.T) {
	check := &analyzer.Check{ID: "a-id"}
	for name, suppression := range map[string]func(i int) *analyzer.Suppression{
		"one scope": func(i int) *analyzer.Suppression {
			return &analyzer.Suppression{Dialect: analyzer.DialectDemarc, Scope: lines(1, 10)}
		},
		"each its own": func(i int) *analyzer.Suppression {
			return &analyzer.Suppression{Dialect: analyzer.DialectDemarc, Scope: lines(i, i)}
		},
		"addresses": func(i int) *analyzer.Suppression {
			return &analyzer.Suppression{Dialect: analyzer.DialectConfig, Address: []string{"t.a"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			uses := func(n int) int {
				var list []*analyzer.Suppression
				for i := range n {
					s := suppression(i)
					s.Checks, s.Reason = []string{"a-id"}, "r"
					list = append(list, s)
				}
				a, count := newAcceptor(list, time.Time{}), 0
				r := &analyzer.Resource{Address: "t.a", Definition: "t.a", Root: &analyzer.Root{}}
				for i := range n {
					a.covering(&Finding{Check: check, Resource: r, Range: lines(n-i, n-i)}, func(candidate) { count++ })
				}
				return count
			}
			if few, many := uses(500), uses(1000); many > 2*few+few/5 {
				t.Errorf("twice the suppressions are used %d times instead of %d", many, few)
			}
		})
	}
}

func lines(start, end int) hcl.Range {
	return hcl.Range{Filename: "a.tf", Start: hcl.Pos{Line: start}, End: hcl.Pos{Line: end}}
}
