package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
	"github.com/demarc/demarc/analyzer/judge"
)

// The catalogue of these tests: a managed database, a host, a service with a
// model that depends on a value, and a service without data.
var (
	managedService = &analyzer.Service{ID: "managed", Model: analyzer.Container, Principals: []string{"db"}}
	hostService    = &analyzer.Service{ID: "host", Model: analyzer.Infrastructure, Principals: []string{"host", "disk"}, Overrides: []analyzer.Override{}}
	eitherService  = &analyzer.Service{ID: "either", Model: analyzer.Container, Principals: []string{"task"}, Cases: []analyzer.Case{
		{On: []string{"task"}, When: analyzer.Attr("on").Equals("host"), Model: analyzer.Infrastructure},
	}}
	netService = &analyzer.Service{ID: "net", Model: analyzer.Infrastructure, Principals: []string{"net"}, Overrides: []analyzer.Override{
		{Layer: analyzer.CustomerData, Cell: analyzer.Cell{Today: analyzer.NoOwner}}, {Layer: analyzer.OperatingSystem, Cell: analyzer.Cell{Today: analyzer.NoOwner}},
	}}
	testCatalogue = analyzer.Catalogue{
		Service: func(_ analyzer.Mode, typ string) *analyzer.Service {
			return map[string]*analyzer.Service{"db": managedService, "host": hostService, "disk": hostService, "task": eitherService, "net": netService, "rule": netService}[typ]
		},
		Cell: func(m analyzer.Model, l analyzer.Layer) analyzer.Cell {
			switch {
			case l == analyzer.OperatingSystem && m != analyzer.Infrastructure, l == analyzer.FoundationServices, l == analyzer.GlobalInfrastructure:
				return analyzer.Cell{Today: analyzer.ProviderOwned}
			case l == analyzer.BusinessContinuity && m != analyzer.Infrastructure:
				return analyzer.Cell{Today: analyzer.SharedOwned}
			}
			return analyzer.Cell{Today: analyzer.CustomerOwned}
		},
	}
	ruleCheck = &analyzer.Check{ID: "rule", On: []string{"rule"}, Severity: analyzer.Low, Layer: analyzer.FirewallConfiguration, Want: analyzer.Attr("on").True(), Message: "off"}
	onCheck   = &analyzer.Check{ID: "on", On: []string{"db", "host", "task", "net"}, Severity: analyzer.Medium, Layer: analyzer.CustomerData, Want: analyzer.Attr("on").True(), Message: "off"}
)

// sideOf judges a set.
func sideOf(set *analyzer.Set, opt judge.Options) Side {
	opt.All, opt.Catalogue = true, testCatalogue
	return Side{Report: judge.Run(context.Background(), set, []*analyzer.Check{onCheck, ruleCheck}, opt), Dir: "."}
}

func compareSets(old, new *analyzer.Set) *Diff {
	return Reports(sideOf(old, judge.Options{}), sideOf(new, judge.Options{}), testCatalogue)
}

// story summarizes a comparison in a few lines.
func story(d *Diff) []string {
	lines := []string{}
	for _, s := range d.Shifts {
		switch {
		case s.Old == nil:
			lines = append(lines, fmt.Sprintf("came %s with %d", s.New.named(), s.Tally.Duties))
		case s.New == nil:
			lines = append(lines, fmt.Sprintf("went %s with %d", s.Old.named(), s.Tally.Duties))
		default:
			for _, t := range s.Transfers {
				lines = append(lines, fmt.Sprintf("%s -> %s: %s %s", s.Old.named(), s.New.named(), t.Layer, t.Direction()))
			}
			if s.Why != "" {
				lines = append(lines, "because "+s.Why)
			}
		}
	}
	for _, u := range d.Undetermined {
		var names []string
		for _, h := range u.Holders {
			names = append(names, h.named())
		}
		lines = append(lines, fmt.Sprintf("untold %s: %s, old %t", strings.Join(names, " "), u.Causes[0].Name, u.Old))
	}
	for _, c := range d.Duties {
		lines = append(lines, fmt.Sprintf("duty %s %s: %s -> %s, %d findings", c.New.Address(), c.New.Layer, c.Old.State, c.New.State, len(c.Findings)))
	}
	for _, g := range d.Gaps {
		lines = append(lines, fmt.Sprintf("new gap %s, %s before, %s %s", g.Resource.Address, g.Other, g.Change, g.Severity))
	}
	for _, g := range d.Closed {
		lines = append(lines, fmt.Sprintf("gap no more %s, %s now", g.Resource.Address, g.Other))
	}
	if d.Existing > 0 {
		lines = append(lines, fmt.Sprintf("%d as before", d.Existing))
	}
	return lines
}

func (h *Holder) named() string {
	name := h.Definition
	if name == "" {
		name = h.Service.ID + " as a whole"
	}
	if h.Count() > 1 {
		name += fmt.Sprintf(" (%d)", h.Count())
	}
	return name
}

var hiddenOn = analyzer.Hidden{At: cty.GetAttrPath("on"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.on"}}

func TestCompareHolders(t *testing.T) {
	on := func(address string, refs ...analyzer.Ref) *analyzer.Resource {
		return made.Resource(address, made.Values{"on": cty.True}, refs...)
	}
	task := func(on cty.Value) *analyzer.Resource {
		r := made.Resource("task.a", made.Values{"on": on})
		if !on.IsKnown() {
			r.Hidden = []analyzer.Hidden{hiddenOn}
		}
		return r
	}
	instance := func(definition, key string) *analyzer.Resource {
		r := on(definition + "[" + key + "]")
		r.Definition = definition
		return r
	}
	unknownNumber := func(definition string) *analyzer.Resource {
		r := instance(definition, "*")
		r.Number = []analyzer.Cause{{Kind: analyzer.CauseVariable, Name: "var.many"}}
		return r
	}
	pointer := func(to string) *analyzer.Resource {
		return made.Resource("rule.a", made.Values{"on": cty.True, "to": made.UnknownString}, analyzer.Ref{At: cty.GetAttrPath("to"), To: to, Attr: "id", Sole: true})
	}
	named := func(address, name string) *analyzer.Resource {
		return made.Resource(address, made.Values{"on": cty.True, "name": cty.StringVal(name)})
	}
	tests := map[string]struct {
		old, new []*analyzer.Resource
		want     []string
	}{
		"the same":    {[]*analyzer.Resource{on("db.a")}, []*analyzer.Resource{on("db.a")}, []string{}},
		"one is new":  {[]*analyzer.Resource{on("db.a")}, []*analyzer.Resource{on("db.a"), on("host.z")}, []string{"came host.z with 11"}},
		"one is gone": {[]*analyzer.Resource{on("db.a"), on("host.z")}, []*analyzer.Resource{on("db.a")}, []string{"went host.z with 11"}},
		"another model": {[]*analyzer.Resource{task(cty.StringVal("fargate"))}, []*analyzer.Resource{task(cty.StringVal("host"))}, []string{
			"task.a -> task.a: operating-system gained", "task.a -> task.a: business-continuity grew",
		}},
		"and back": {[]*analyzer.Resource{task(cty.StringVal("host"))}, []*analyzer.Resource{task(cty.StringVal("fargate"))}, []string{
			"task.a -> task.a: operating-system handed", "task.a -> task.a: business-continuity shrank",
		}},
		"a model that is not known now":    {[]*analyzer.Resource{task(cty.StringVal("host"))}, []*analyzer.Resource{task(made.UnknownString)}, []string{"untold task.a: var.on, old false"}},
		"a model that was not known":       {[]*analyzer.Resource{task(made.UnknownString)}, []*analyzer.Resource{task(cty.StringVal("host"))}, []string{"untold task.a: var.on, old true"}},
		"a model that is not known at all": {[]*analyzer.Resource{task(made.UnknownString)}, []*analyzer.Resource{task(made.UnknownString)}, []string{}},
		"an instance more": {
			[]*analyzer.Resource{instance("db.a", "0")}, []*analyzer.Resource{instance("db.a", "0"), instance("db.a", "1")}, []string{"came db.a with 10"},
		},
		"instances are one": {
			[]*analyzer.Resource{instance("host.a", "0"), instance("host.a", "1"), on("db.b")}, []*analyzer.Resource{on("db.b")}, []string{"went host.a (2) with 22"},
		},
		"count comes":        {[]*analyzer.Resource{on("db.a")}, []*analyzer.Resource{instance("db.a", "0")}, []string{}},
		"count goes":         {[]*analyzer.Resource{instance("db.a", "0")}, []*analyzer.Resource{on("db.a")}, []string{}},
		"for_each comes":     {[]*analyzer.Resource{on("db.a")}, []*analyzer.Resource{instance("db.a", `"x"`)}, []string{"came db.a with 10", "went db.a with 10"}},
		"how many is hidden": {[]*analyzer.Resource{instance("db.a", "0")}, []*analyzer.Resource{unknownNumber("db.a")}, []string{"untold db.a: var.many, old false"}},
		"how many was hidden": {
			[]*analyzer.Resource{unknownNumber("db.a")}, []*analyzer.Resource{instance("db.a", "0"), instance("db.a", "1")}, []string{"untold db.a (2): var.many, old true"},
		},
		"how many is hidden by its module": {
			[]*analyzer.Resource{instance("db.a", "0")}, []*analyzer.Resource{instance("db.a", "*")}, []string{"untold db.a: how many there are, old false"},
		},
		"in the place of another, by its reference": {
			[]*analyzer.Resource{on("db.a"), pointer("db.a")}, []*analyzer.Resource{on("host.z"), pointer("host.z")}, []string{
				"db.a -> host.z: operating-system gained", "db.a -> host.z: business-continuity grew",
				"because to of rule.a refers to it now",
			},
		},
		"in the place of another, by its name": {
			[]*analyzer.Resource{on("db.orders")}, []*analyzer.Resource{named("host.a", "shop-orders")}, []string{
				"db.orders -> host.a: operating-system gained", "db.orders -> host.a: business-continuity grew",
				`because both are named "orders"`,
			},
		},
		"a name alone, without a host": {[]*analyzer.Resource{on("db.orders")}, []*analyzer.Resource{made.Resource("task.orders", made.Values{"on": cty.StringVal("fargate")})}, []string{
			"went db.orders with 10", "came task.orders with 10",
		}},
		"a common name is none":        {[]*analyzer.Resource{on("db.main")}, []*analyzer.Resource{on("host.main")}, []string{"went db.main with 10", "came host.main with 11"}},
		"a name that others have":      {[]*analyzer.Resource{named("db.a", "shop-x"), named("db.b", "shop")}, []*analyzer.Resource{named("host.z", "shop-y"), named("db.b", "shop")}, []string{"came host.z with 11", "went db.a with 10"}},
		"two that would do":            {[]*analyzer.Resource{on("db.orders")}, []*analyzer.Resource{on("host.orders"), on("disk.orders")}, []string{"went db.orders with 10", "came disk.orders with 11", "came host.orders with 11"}},
		"what holds no data is none":   {[]*analyzer.Resource{on("net.orders")}, []*analyzer.Resource{on("host.orders")}, []string{"came host.orders with 11", "went net.orders with 9"}},
		"another one of the same":      {[]*analyzer.Resource{on("db.orders")}, []*analyzer.Resource{named("db.a", "orders")}, []string{"came db.a with 10", "went db.orders with 10"}},
		"the service as a whole came":  {[]*analyzer.Resource{on("db.a")}, []*analyzer.Resource{on("db.a"), on("rule.a")}, []string{"came net as a whole with 1"}},
		"the service as a whole stays": {[]*analyzer.Resource{on("net.a"), on("rule.a")}, []*analyzer.Resource{on("rule.a")}, []string{"went net.a with 9"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := story(compareSets(made.Set(tt.old...), made.Set(tt.new...)))
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestCompareLine: the line shows the change of each layer over all holders,
// such as a new guest, even where no replacement can be determined.
func TestCompareLine(t *testing.T) {
	on := func(address string) *analyzer.Resource { return made.Resource(address, made.Values{"on": cty.True}) }
	say := func(old, new *analyzer.Resource) (lines []string) {
		for _, t := range compareSets(made.Set(old), made.Set(new)).Line {
			lines = append(lines, fmt.Sprintf("%s %s", t.Layer, t.Direction()))
		}
		return lines
	}
	if diff := cmp.Diff([]string{"operating-system gained", "business-continuity grew"}, say(on("db.a"), on("host.b"))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff([]string{"operating-system handed", "business-continuity shrank"}, say(on("host.b"), on("db.a"))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	hidden := made.Resource("task.a", made.Values{"on": made.UnknownString})
	hidden.Hidden = []analyzer.Hidden{hiddenOn}
	if got := say(on("db.a"), hidden); got != nil {
		t.Errorf("%v of a model that is not known", got)
	}
}

func TestCompareMoved(t *testing.T) {
	root := func(moves []analyzer.Move, addresses ...string) *analyzer.Set {
		r := &analyzer.Root{Dir: ".", Moves: moves}
		for _, a := range addresses {
			res := made.Resource("db.a", made.Values{"on": cty.False})
			res.Address = a
			res.Definition, _, _ = strings.Cut(a, "[")
			r.Resources = append(r.Resources, res)
		}
		return analyzer.NewSet([]*analyzer.Root{r}, analyzer.Coverage{}, nil)
	}
	tests := map[string]struct {
		old   []string
		moves []analyzer.Move
		new   []string
		want  []string
	}{
		"no move":       {[]string{"db.a"}, nil, []string{"db.b"}, []string{"came db.b with 10", "went db.a with 10", "new gap db.b, absent before, new medium", "gap no more db.a, absent now"}},
		"a resource":    {[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: "db.b"}}, []string{"db.b"}, []string{"1 as before"}},
		"a chain":       {[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: "db.b"}, {From: "db.b", To: "db.c"}}, []string{"db.c"}, []string{"1 as before"}},
		"a circle":      {[]string{"db.x"}, []analyzer.Move{{From: "db.a", To: "db.b"}, {From: "db.b", To: "db.a"}}, []string{"db.x"}, []string{"1 as before"}},
		"into a module": {[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: "module.m.db.b"}}, []string{"module.m.db.b"}, []string{"1 as before"}},
		"a module":      {[]string{"module.m.db.a"}, []analyzer.Move{{From: "module.m", To: "module.n"}}, []string{"module.n.db.a"}, []string{"1 as before"}},
		"all instances": {[]string{"db.a[0]", "db.a[1]"}, []analyzer.Move{{From: "db.a", To: "db.b"}}, []string{"db.b[0]", "db.b[1]"}, []string{"2 as before"}},
		"one to a key":  {[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: `db.a["x"]`}}, []string{`db.a["x"]`}, []string{"1 as before"}},
		"no prefix":     {[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: "db.b"}}, []string{"db.bb"}, []string{"came db.bb with 10", "went db.a with 10", "new gap db.bb, absent before, new medium", "gap no more db.a, absent now"}},
		"a new one at the old address": {
			[]string{"db.a"}, []analyzer.Move{{From: "db.a", To: "db.b"}}, []string{"db.a", "db.b"},
			[]string{"came db.a with 10", "new gap db.a, absent before, new medium", "1 as before"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := story(compareSets(root(nil, tt.old...), root(tt.moves, tt.new...)))
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestCompareGaps(t *testing.T) {
	of := func(v cty.Value) []*analyzer.Resource {
		r := made.Resource("db.a", made.Values{"on": v})
		if !v.IsKnown() {
			r.Hidden = []analyzer.Hidden{hiddenOn}
		}
		return []*analyzer.Resource{r}
	}
	accept := []*analyzer.Suppression{{Checks: []string{"on"}, Dialect: analyzer.DialectConfig, Reason: "r", Address: []string{"db.a"}}}
	tests := map[string]struct {
		old, new                []*analyzer.Resource
		wasAccepted, isAccepted bool
		want                    []string
	}{
		"as before":           {old: of(cty.False), new: of(cty.False), want: []string{"1 as before"}},
		"worse":               {old: of(cty.True), new: of(cty.False), want: []string{"duty db.a customer-data: met -> gap, 1 findings", "new gap db.a, pass before, regression high"}},
		"closed":              {old: of(cty.False), new: of(cty.True), want: []string{"duty db.a customer-data: gap -> met, 0 findings", "gap no more db.a, pass now"}},
		"could not be told":   {old: of(made.UnknownBool), new: of(cty.False), want: []string{"new gap db.a, unknown before, new medium"}},
		"cannot be told":      {old: of(cty.False), new: of(made.UnknownBool), want: []string{"gap no more db.a, unknown now"}},
		"met, not known":      {old: of(cty.True), new: of(made.UnknownBool), want: []string{"duty db.a customer-data: met -> unknown, 1 findings"}},
		"accepted now":        {old: of(cty.False), new: of(cty.False), isAccepted: true, want: []string{"gap no more db.a, accepted now"}},
		"accepted no more":    {old: of(cty.False), new: of(cty.False), wasAccepted: true, want: []string{"new gap db.a, accepted before, new medium"}},
		"accepted both times": {old: of(cty.False), new: of(cty.False), wasAccepted: true, isAccepted: true, want: []string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var was, is judge.Options
			if tt.wasAccepted {
				was.Suppressions = accept
			}
			if tt.isAccepted {
				is.Suppressions = accept
			}
			d := Reports(sideOf(made.Set(tt.old...), was), sideOf(made.Set(tt.new...), is), testCatalogue)
			if diff := cmp.Diff(tt.want, story(d)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestCompareRules: a path within a resource is the same by its values, and a
// changed word in it is not a new gap.
func TestCompareRules(t *testing.T) {
	check := &analyzer.Check{ID: "ports", On: []string{"net"}, Severity: analyzer.Medium, Layer: analyzer.FirewallConfiguration,
		Want: analyzer.None("rule", analyzer.Attr("port").Equals("22")), Message: "open"}
	judge := func(rules ...cty.Value) Side {
		rep := judge.Run(context.Background(), made.Set(made.Resource("net.a", made.Values{"rule": cty.TupleVal(rules)})), []*analyzer.Check{check}, judge.Options{All: true, Catalogue: testCatalogue})
		return Side{Report: rep, Dir: "."}
	}
	rule := func(port, words string) cty.Value {
		return cty.ObjectVal(made.Values{"port": cty.StringVal(port), "words": cty.StringVal(words)})
	}
	tests := map[string]struct {
		old, new []cty.Value
		want     []string
	}{
		"another place in the list": {[]cty.Value{rule("22", "a"), rule("80", "b")}, []cty.Value{rule("80", "b"), rule("22", "a")}, []string{"1 as before"}},
		"other words":               {[]cty.Value{rule("22", "a")}, []cty.Value{rule("22", "b")}, []string{"1 as before"}},
		"one more":                  {[]cty.Value{rule("22", "a")}, []cty.Value{rule("22", "a"), rule("22", "b")}, []string{"new gap net.a, fail before, new medium", "1 as before"}},
		"one less":                  {[]cty.Value{rule("22", "a"), rule("22", "b")}, []cty.Value{rule("22", "b")}, []string{"gap no more net.a, fail now", "1 as before"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, story(Reports(judge(tt.old...), judge(tt.new...), testCatalogue))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestCompareOutOfSight: a resource in a module that one side does not show is
// not added, and its gaps are not certain to be new.
func TestCompareOutOfSight(t *testing.T) {
	inside := made.Resource("db.a", made.Values{"on": cty.False})
	inside.Address, inside.Definition, inside.Module = "module.m.db.a", "module.m.db.a", "module.m"
	seen := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{inside}}}, analyzer.Coverage{}, nil)
	missing := analyzer.NewSet([]*analyzer.Root{{Dir: "."}}, analyzer.Coverage{Unresolved: []analyzer.Unresolved{{Kind: "module", Name: "module.m", Range: hcl.Range{Filename: "main.tf"}}}}, nil)
	d := compareSets(missing, seen)
	want := []string{"untold module.m.db.a: module.m, old true", "new gap module.m.db.a, not seen before, new medium"}
	if diff := cmp.Diff(want, story(d)); diff != "" || d.Gaps[0].Sure() {
		t.Errorf("-want +got\n%s\nsure: %t", diff, d.Gaps[0].Sure())
	}
	elsewhere := analyzer.NewSet([]*analyzer.Root{{Dir: "."}}, analyzer.Coverage{Unresolved: []analyzer.Unresolved{{Kind: "module", Name: "module.m", Range: hcl.Range{Filename: "other/main.tf"}}}}, nil)
	want = []string{"came module.m.db.a with 10", "new gap module.m.db.a, absent before, new medium"}
	if diff := cmp.Diff(want, story(compareSets(elsewhere, seen))); diff != "" {
		t.Errorf("in another root, -want +got\n%s", diff)
	}
	want = []string{"untold module.m.db.a: module.m, old false", "gap no more module.m.db.a, not seen now"}
	if diff := cmp.Diff(want, story(compareSets(seen, missing))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestCompareEnvironments: a gap that is new in one environment is new only
// there.
func TestCompareEnvironments(t *testing.T) {
	set := func(dev, prod cty.Value) *analyzer.Set {
		return analyzer.NewSet([]*analyzer.Root{
			{Dir: ".", Environment: "dev", Resources: []*analyzer.Resource{made.Resource("db.a", made.Values{"on": dev})}},
			{Dir: ".", Environment: "prod", Resources: []*analyzer.Resource{made.Resource("db.a", made.Values{"on": prod})}},
		}, analyzer.Coverage{}, nil)
	}
	d := compareSets(set(cty.False, cty.True), set(cty.False, cty.False))
	if len(d.Gaps) != 1 || d.Existing != 1 || !slices.Equal(d.Gaps[0].Environments, []string{"prod"}) {
		t.Errorf("%v", story(d))
	}
	d = compareSets(set(cty.True, cty.True), set(cty.False, cty.False))
	if len(d.Gaps) != 1 || !slices.Equal(d.Gaps[0].Environments, []string{"dev", "prod"}) {
		t.Errorf("%v", story(d))
	}
}

// TestComparePlan: a gap that a plan's source accepts was accepted before the
// plan, too.
func TestComparePlan(t *testing.T) {
	set := made.Planned(made.Resource("db.a", made.Values{"on": cty.False}), made.Resource("db.a", made.Values{"on": cty.False}))
	accept := judge.Options{Suppressions: []*analyzer.Suppression{{Checks: []string{"on"}, Dialect: analyzer.DialectConfig, Reason: "r", Address: []string{"db.a"}}}}
	before := sideOf(analyzer.NewSet([]*analyzer.Root{set.Roots[0].Prior}, analyzer.Coverage{}, nil), judge.Options{})
	before.Prior = true
	if got := story(Reports(before, sideOf(set, accept), testCatalogue)); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// TestCompareForgotten: a resource that a plan only forgets still exists, with
// its gaps.
func TestCompareForgotten(t *testing.T) {
	is := made.Resource("db.a", made.Values{"on": cty.False})
	is.Action = analyzer.Forget
	set := made.Planned(is, made.Resource("db.a", made.Values{"on": cty.False}))
	before := sideOf(analyzer.NewSet([]*analyzer.Root{set.Roots[0].Prior}, analyzer.Coverage{}, nil), judge.Options{})
	before.Prior = true
	want := []string{
		"untold db.a: what manages it from now on, because it is forgotten and not destroyed, old false",
		"gap no more db.a, not seen now",
	}
	if diff := cmp.Diff(want, story(Reports(before, sideOf(set, judge.Options{}), testCatalogue))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestCompareRemoved: a resource that a removed block forgets is not reported
// as removed.
func TestCompareRemoved(t *testing.T) {
	tests := map[string]struct {
		forgotten []string
		want      []string
	}{
		"destroyed":          {nil, []string{"went db.a with 10"}},
		"the resource":       {[]string{"db.a"}, []string{"untold db.a: what manages it from now on, because it is forgotten and not destroyed, old false"}},
		"another of its kin": {[]string{"db.b"}, []string{"went db.a with 10"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			kept := func() *analyzer.Resource { return made.Resource("host.h", made.Values{"on": cty.True}) }
			old := sideOf(analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{made.Resource("db.a", made.Values{"on": cty.True}), kept()}}}, analyzer.Coverage{}, nil), judge.Options{})
			new := sideOf(analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{kept()}, Forgotten: tt.forgotten}}, analyzer.Coverage{}, nil), judge.Options{})
			if diff := cmp.Diff(tt.want, story(Reports(old, new, testCatalogue))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestCompareRoots: roots are compared by their names relative to the
// directories, and a moved root by its content.
func TestCompareRoots(t *testing.T) {
	set := func(dir string, addresses ...string) *analyzer.Set {
		root := &analyzer.Root{Dir: dir}
		for _, a := range addresses {
			root.Resources = append(root.Resources, made.Resource(a, made.Values{"on": cty.True}))
		}
		return analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{}, nil)
	}
	tests := map[string]struct {
		old, new       *analyzer.Set
		oldDir, newDir string
		moved          []analyzer.Move
		want           []string
	}{
		"by their names below": {set("dev/app", "db.a"), set("prod/app", "db.a"), "dev", "prod", nil, []string{}},
		"the directories":      {set("dev", "db.a"), set("prod", "db.a"), "dev", "prod", nil, []string{}},
		"one that moved":       {set("a", "db.a", "db.b", "db.c"), set("b/c", "db.a", "db.b"), ".", ".", []analyzer.Move{{From: "a", To: "b/c"}}, []string{"went db.c with 10"}},
		"another":              {set("a", "db.a", "db.b"), set("b", "db.a", "db.c"), ".", ".", nil, []string{"came db.a with 10", "came db.c with 10", "went db.a with 10", "went db.b with 10"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			old, new := sideOf(tt.old, judge.Options{}), sideOf(tt.new, judge.Options{})
			old.Dir, new.Dir = tt.oldDir, tt.newDir
			d := Reports(old, new, testCatalogue)
			got := story(d)
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if diff := cmp.Diff(tt.moved, d.Roots); diff != "" {
				t.Errorf("roots, -want +got\n%s", diff)
			}
		})
	}
}
