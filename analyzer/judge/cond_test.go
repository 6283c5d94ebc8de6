package judge

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
)

var (
	null = cty.NullVal(cty.DynamicPseudoType)
)

// verdictOf judges a condition on the first resource of a set.
func verdictOf(c analyzer.Cond, set *analyzer.Set, opt Options) analyzer.Verdict {
	run := newRunner(nil, opt)
	return run.View(set.Roots[0].Resources[0]).Judge(c).Verdict
}

func block(attrs made.Values) cty.Value { return cty.ObjectVal(attrs) }

func list(elems ...cty.Value) cty.Value { return cty.TupleVal(elems) }

func str(s string) cty.Value { return cty.StringVal(s) }

func num(n int64) cty.Value { return cty.NumberIntVal(n) }

func TestAttribute(t *testing.T) {
	prefixed := made.UnknownString.Refine().NotNull().StringPrefixFull("arn:").NewValue()
	tests := map[string]struct {
		cond  analyzer.Cond
		value cty.Value // of a; NilVal: absent
		want  analyzer.Verdict
	}{
		"true is true":                      {analyzer.Attr("a").True(), cty.True, analyzer.Pass},
		"false is not true":                 {analyzer.Attr("a").True(), cty.False, analyzer.Fail},
		"the string true is true":           {analyzer.Attr("a").True(), str("true"), analyzer.Pass},
		"null is not true":                  {analyzer.Attr("a").True(), null, analyzer.Fail},
		"absent is not true":                {analyzer.Attr("a").True(), cty.NilVal, analyzer.Fail},
		"unknown may be true":               {analyzer.Attr("a").True(), made.UnknownBool, analyzer.Unknown},
		"false is false":                    {analyzer.Attr("a").False(), cty.False, analyzer.Pass},
		"absent is not false":               {analyzer.Attr("a").False(), cty.NilVal, analyzer.Fail},
		"not turns fail":                    {analyzer.Not(analyzer.Attr("a").True()), cty.False, analyzer.Pass},
		"not keeps unknown":                 {analyzer.Not(analyzer.Attr("a").True()), made.UnknownBool, analyzer.Unknown},
		"text is present":                   {analyzer.Attr("a").Present(), str("x"), analyzer.Pass},
		"empty text is not present":         {analyzer.Attr("a").Present(), str(""), analyzer.Fail},
		"an empty list is not present":      {analyzer.Attr("a").Present(), cty.EmptyTupleVal, analyzer.Fail},
		"an open list may be present":       {analyzer.Attr("a").Present(), list(cty.DynamicVal), analyzer.Unknown},
		"a list with an element is present": {analyzer.Attr("a").Present(), list(str("x"), cty.DynamicVal), analyzer.Pass},
		"unknown may be present":            {analyzer.Attr("a").Present(), made.UnknownString, analyzer.Unknown},
		"unknown with a prefix is present":  {analyzer.Attr("a").Present(), prefixed, analyzer.Pass},
		"equal":                             {analyzer.Attr("a").Equals("x"), str("x"), analyzer.Pass},
		"equal numbers":                     {analyzer.Attr("a").Equals(443), num(443), analyzer.Pass},
		"equal after conversion":            {analyzer.Attr("a").Equals(443), str("443"), analyzer.Pass},
		"not equal":                         {analyzer.Attr("a").Equals("x"), str("y"), analyzer.Fail},
		"a prefix excludes":                 {analyzer.Attr("a").Equals("x"), prefixed, analyzer.Fail},
		"unknown may be equal":              {analyzer.Attr("a").Equals("x"), made.UnknownString, analyzer.Unknown},
		"one of":                            {analyzer.Attr("a").OneOf("x", "y"), str("y"), analyzer.Pass},
		"none of":                           {analyzer.Attr("a").OneOf("x", "y"), str("z"), analyzer.Fail},
		"at least":                          {analyzer.Attr("a").AtLeast(7), num(7), analyzer.Pass},
		"less":                              {analyzer.Attr("a").AtLeast(7), num(6), analyzer.Fail},
		"at least in text":                  {analyzer.Attr("a").AtLeast(7), str("30"), analyzer.Pass},
		"at most":                           {analyzer.Attr("a").AtMost(90), num(91), analyzer.Fail},
		"matches":                           {analyzer.Attr("a").Matches("TLS13-*", "FS-*"), str("FS-1-2"), analyzer.Pass},
		"the star takes slashes":            {analyzer.Attr("a").Matches("arn:*/x"), str("arn:a/b/x"), analyzer.Pass},
		"begins as the pattern":             {analyzer.Attr("a").Matches("FS-*"), begun("FS-1"), analyzer.Pass},
		"may go on as the pattern":          {analyzer.Attr("a").Matches("FS-*", "F*S"), begun("FS"), analyzer.Unknown},
		"does not match":                    {analyzer.Attr("a").Matches("TLS13-*"), str("TLS12"), analyzer.Fail},
		"contains":                          {analyzer.Attr("a").Contains("x"), list(str("y"), str("x")), analyzer.Pass},
		"does not contain":                  {analyzer.Attr("a").Contains("x"), list(str("y")), analyzer.Fail},
		"may contain":                       {analyzer.Attr("a").Contains("x"), list(str("y"), made.UnknownString), analyzer.Unknown},
		"null contains nothing":             {analyzer.Attr("a").Contains("x"), cty.NullVal(cty.List(cty.String)), analyzer.Fail},
		"through a block":                   {analyzer.Attr("a.b").True(), list(block(made.Values{"b": cty.True})), analyzer.Pass},
		"through no block":                  {analyzer.Attr("a.b").True(), cty.EmptyTupleVal, analyzer.Fail},
		"through a block that may be":       {analyzer.Attr("a.b").True(), list(cty.DynamicVal), analyzer.Unknown},
		"through several blocks":            {analyzer.Attr("a.b").True(), list(block(made.Values{"b": cty.True}), block(made.Values{"b": cty.True})), analyzer.Unknown},
		"through an unknown block":          {analyzer.Attr("a.b").True(), cty.DynamicVal, analyzer.Unknown},
		"through unknown blocks":            {analyzer.Attr("a.b").True(), cty.UnknownVal(cty.List(cty.Object(map[string]cty.Type{"b": cty.Bool}))), analyzer.Unknown},
		"through null blocks":               {analyzer.Attr("a.b").True(), cty.NullVal(cty.List(cty.Object(map[string]cty.Type{"b": cty.Bool}))), analyzer.Fail},
		"in a map":                          {analyzer.Attr("a.b").Equals("x"), cty.MapVal(made.Values{"b": str("x")}), analyzer.Pass},
		"no boolean":                        {analyzer.Attr("a").True(), str("maybe"), analyzer.Unknown},
		"no number":                         {analyzer.Attr("a").AtLeast(7), str("many"), analyzer.Unknown},
		"several values":                    {analyzer.Attr("a").True(), list(str("x"), str("y")), analyzer.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			attrs := made.Values{}
			if tt.value != cty.NilVal {
				attrs["a"] = tt.value
			}
			if got := verdictOf(tt.cond, made.Set(made.Resource("t.x", attrs)), Options{}); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
			}
		})
	}
}

// TestSay: a condition says its values as a sentence does.
func TestSay(t *testing.T) {
	for want, c := range map[string]analyzer.Cond{
		`a is "x"`:             analyzer.Attr("a").OneOf("x"),
		`a is "x" or "y"`:      analyzer.Attr("a").OneOf("x", "y"),
		`a is "x", "y" or "z"`: analyzer.Attr("a").OneOf("x", "y", "z"),
	} {
		if got := c.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestChoices: if all candidates give the same verdict, so does the value.
func TestChoices(t *testing.T) {
	tests := map[string]struct {
		cond       analyzer.Cond
		candidates []cty.Value
		want       analyzer.Verdict
	}{
		"all hold":           {analyzer.Attr("a").AtLeast(7), []cty.Value{num(30), num(7)}, analyzer.Pass},
		"none holds":         {analyzer.Attr("a").AtLeast(7), []cty.Value{num(3), num(6)}, analyzer.Fail},
		"one holds":          {analyzer.Attr("a").AtLeast(7), []cty.Value{num(3), num(7)}, analyzer.Unknown},
		"set or unset":       {analyzer.Attr("a").Present(), []cty.Value{str("k"), null}, analyzer.Unknown},
		"set either way":     {analyzer.Attr("a").Present(), []cty.Value{str("k"), str("l")}, analyzer.Pass},
		"no candidate":       {analyzer.Attr("a").True(), nil, analyzer.Unknown},
		"a part of each":     {analyzer.Attr("a.b").True(), []cty.Value{block(made.Values{"b": cty.True}), block(made.Values{"b": cty.True, "c": cty.False})}, analyzer.Pass},
		"a part of only one": {analyzer.Attr("a.b").True(), []cty.Value{block(made.Values{"b": cty.True}), block(made.Values{"c": cty.True})}, analyzer.Unknown},
		"a list of each":     {analyzer.Attr("a").Contains("x"), []cty.Value{list(str("x")), list(str("y"), str("x"))}, analyzer.Pass},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := made.Resource("t.x", made.Values{"a": cty.DynamicVal})
			if tt.candidates != nil {
				r.Choices = []analyzer.Choice{{At: cty.GetAttrPath("a"), Values: tt.candidates}}
			}
			if got := verdictOf(tt.cond, made.Set(r), Options{}); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
			}
		})
	}
}

func TestConnectives(t *testing.T) {
	attrs := made.Values{"yes": cty.True, "no": cty.False, "maybe": made.UnknownBool}
	yes, no, maybe := analyzer.Attr("yes").True(), analyzer.Attr("no").True(), analyzer.Attr("maybe").True()
	tests := []struct {
		cond analyzer.Cond
		want analyzer.Verdict
	}{
		{analyzer.All(yes, yes), analyzer.Pass},
		{analyzer.All(yes, maybe), analyzer.Unknown},
		{analyzer.All(maybe, no), analyzer.Fail},
		{analyzer.Any(no, maybe), analyzer.Unknown},
		{analyzer.Any(maybe, yes), analyzer.Pass},
		{analyzer.Any(no, no), analyzer.Fail},
		{analyzer.Not(analyzer.All(yes, no)), analyzer.Pass},
	}
	for _, tt := range tests {
		if got := verdictOf(tt.cond, made.Set(made.Resource("t.x", attrs)), Options{}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
		}
	}
}

func TestQuantifiers(t *testing.T) {
	open, closed := block(made.Values{"cidr": str("0.0.0.0/0")}), block(made.Values{"cidr": str("10.0.0.0/8")})
	hidden := block(made.Values{"cidr": made.UnknownString})
	world := analyzer.Attr("cidr").Equals("0.0.0.0/0")
	tests := map[string]struct {
		cond analyzer.Cond
		rule cty.Value
		want analyzer.Verdict
	}{
		"none of two":              {analyzer.None("rule", world), list(closed, closed), analyzer.Pass},
		"one of two":               {analyzer.None("rule", world), list(closed, open), analyzer.Fail},
		"one may be":               {analyzer.None("rule", world), list(closed, hidden), analyzer.Unknown},
		"one is, another may be":   {analyzer.None("rule", world), list(open, hidden), analyzer.Fail},
		"none, and there are none": {analyzer.None("rule", world), cty.EmptyTupleVal, analyzer.Pass},
		"none, absent":             {analyzer.None("rule", world), null, analyzer.Pass},
		"none of an open list":     {analyzer.None("rule", world), list(closed, cty.DynamicVal), analyzer.Unknown},
		"one of an open list":      {analyzer.None("rule", world), list(open, cty.DynamicVal), analyzer.Fail},
		"none of an unknown":       {analyzer.None("rule", world), cty.DynamicVal, analyzer.Unknown},
		"each":                     {analyzer.Each("rule", analyzer.Not(world)), list(closed, closed), analyzer.Pass},
		"not each":                 {analyzer.Each("rule", analyzer.Not(world)), list(closed, open), analyzer.Fail},
		"some":                     {analyzer.Some("rule", world), list(closed, open), analyzer.Pass},
		"some of none":             {analyzer.Some("rule", world), cty.EmptyTupleVal, analyzer.Fail},
		"some of an open list":     {analyzer.Some("rule", world), list(closed, cty.DynamicVal), analyzer.Unknown},
		"some of an open one":      {analyzer.Some("rule", world), list(open, cty.DynamicVal), analyzer.Pass},
		"none in blocks of blocks": {analyzer.None("rule.from", world), list(block(made.Values{"from": list(closed)}), block(made.Values{"from": list(closed)})), analyzer.Pass},
		"one in blocks of blocks":  {analyzer.None("rule.from", world), list(block(made.Values{"from": list(closed)}), block(made.Values{"from": list(open)})), analyzer.Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := verdictOf(tt.cond, made.Set(made.Resource("t.x", made.Values{"rule": tt.rule})), Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestEachElementIsAFinding: a second open rule is a finding of its own.
func TestEachElementIsAFinding(t *testing.T) {
	rule := func(cidr string) cty.Value { return block(made.Values{"cidr": str(cidr)}) }
	check := &analyzer.Check{ID: "t", On: []string{"t"}, Severity: analyzer.High, Want: analyzer.None("rule", analyzer.Attr("cidr").Matches("0.*")), Message: "open"}
	judge := func(rules ...cty.Value) map[analyzer.Digest]string {
		rep := Run(context.Background(), made.Set(made.Resource("t.x", made.Values{"rule": list(rules...)})), []*analyzer.Check{check}, Options{})
		found := map[analyzer.Digest]string{}
		for _, f := range rep.Findings {
			found[f.Fingerprint] = f.Attribute
		}
		return found
	}
	first, both := judge(rule("10.0.0.0/8"), rule("0.0.0.0/0")), judge(rule("0.0.0.0/1"), rule("0.0.0.0/0"))
	if len(first) != 1 || len(both) != 2 {
		t.Fatalf("%d and %d findings, want 1 and 2", len(first), len(both))
	}
	for fingerprint := range first {
		if both[fingerprint] != "rule[1].cidr" {
			t.Errorf("the finding's fingerprint changed with another rule: %v, then %v", first, both)
		}
	}
}

func begun(prefix string) cty.Value {
	return cty.UnknownVal(cty.String).Refine().StringPrefixFull(prefix).NewValue()
}

func TestRelated(t *testing.T) {
	bucket := func(attrs made.Values) *analyzer.Resource { return made.Resource("aws_s3_bucket.b", attrs) }
	block := func(bucket, on cty.Value, refs ...analyzer.Ref) *analyzer.Resource {
		return made.Resource("aws_s3_bucket_public_access_block.p", made.Values{"bucket": bucket, "on": on}, refs...)
	}
	to := func(address string, sole bool) analyzer.Ref {
		return analyzer.Ref{At: cty.GetAttrPath("bucket"), To: address, Attr: "id", Sole: sole}
	}
	cond := analyzer.Related("aws_s3_bucket_public_access_block", "bucket", analyzer.Attr("on").True())
	hiddenName := block(made.UnknownString, cty.True)
	hiddenName.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("bucket"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.b"}}}
	eitherName := block(made.UnknownString, cty.True, to("aws_s3_bucket.c", true))
	eitherName.Hidden = hiddenName.Hidden
	loop := func(address, id string) *analyzer.Resource {
		return made.Resource(address, nil, analyzer.Ref{At: cty.GetAttrPath("id"), To: id, Attr: "id", Sole: true})
	}
	staged := func() *analyzer.Resource {
		b := bucket(made.Values{"bucket": begun("app-")})
		b.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("bucket"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.stage"}}}
		return b
	}
	tests := map[string]struct {
		set  *analyzer.Set
		want analyzer.Verdict
	}{
		"by reference":               {made.Set(bucket(nil), block(made.UnknownString, cty.True, to("aws_s3_bucket.b", true))), analyzer.Pass},
		"by reference, off":          {made.Set(bucket(nil), block(made.UnknownString, cty.False, to("aws_s3_bucket.b", true))), analyzer.Fail},
		"by name":                    {made.Set(bucket(made.Values{"bucket": str("logs")}), block(str("logs"), cty.True)), analyzer.Pass},
		"by another name":            {made.Set(bucket(made.Values{"bucket": str("logs")}), block(str("data"), cty.True)), analyzer.Fail},
		"by ARN":                     {made.Set(bucket(made.Values{"bucket": str("logs")}), block(str("arn:aws:s3:::logs"), cty.True)), analyzer.Pass},
		"none":                       {made.Set(bucket(nil)), analyzer.Fail},
		"of another":                 {made.Set(bucket(nil), made.Resource("aws_s3_bucket.c", nil), block(made.UnknownString, cty.True, to("aws_s3_bucket.c", true))), analyzer.Fail},
		"of this or another":         {made.Set(bucket(nil), block(made.UnknownString, cty.True, to("aws_s3_bucket.b", false))), analyzer.Unknown},
		"possible, but it is off":    {made.Set(bucket(nil), block(made.UnknownString, cty.False, to("aws_s3_bucket.b", false))), analyzer.Fail},
		"its name hides in variable": {made.Set(bucket(nil), hiddenName), analyzer.Unknown},
		"its name may be a variable": {made.Set(bucket(nil), eitherName), analyzer.Unknown},
		"its name is never set":      {made.Set(bucket(nil), block(cty.NullVal(cty.List(cty.String)), cty.True)), analyzer.Fail},
		"of each other":              {made.Set(bucket(nil), block(made.UnknownString, cty.True, to("aws_s3_bucket.c", true)), loop("aws_s3_bucket.c", "aws_s3_bucket.d"), loop("aws_s3_bucket.d", "aws_s3_bucket.c")), analyzer.Fail},
		"by what may be its name":    {made.Set(staged(), block(str("app-logs"), cty.True)), analyzer.Unknown},
		"by what cannot be its name": {made.Set(staged(), block(str("logs"), cty.True)), analyzer.Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := verdictOf(cond, tt.set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	t.Run("unrelated", func(t *testing.T) {
		for name, tt := range tests {
			want := -tt.want
			if got := verdictOf(analyzer.Unrelated("aws_s3_bucket_public_access_block", "bucket", analyzer.Attr("on").True()), tt.set, Options{}); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	})
	t.Run("handed elsewhere", func(t *testing.T) {
		set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{bucket(nil)}, Elsewhere: []analyzer.Elsewhere{
			{To: "aws_s3_bucket.b", Because: analyzer.Cause{Kind: analyzer.CauseModule, Name: "module.m"}},
		}}}, analyzer.Coverage{}, nil)
		if got := verdictOf(cond, set, Options{}); got != analyzer.Unknown {
			t.Errorf("%s, want unknown", got)
		}
		if got := verdictOf(analyzer.Unrelated("aws_s3_bucket_public_access_block", "bucket", nil), set, Options{}); got != analyzer.Pass {
			t.Errorf("unrelated: %s, want pass", got)
		}
	})
}

// Of two alternatives that fail, the finding is at the one that is written.
func TestOrPointsAtWhatIsWritten(t *testing.T) {
	at := func(r *analyzer.Resource, attr string) analyzer.Outcome {
		return analyzer.Outcome{Verdict: analyzer.Fail, Witnesses: []analyzer.Witness{{Of: r, At: cty.GetAttrPath(attr)}}}
	}
	r := made.Resource("aws_s3_bucket.b", nil)
	r.Source = writes{"written"}
	for _, out := range []analyzer.Outcome{
		at(r, "absent").Or(at(r, "written")),
		at(r, "written").Or(at(r, "absent")),
	} {
		if got := analyzer.FormatPath(out.Witnesses[0].At); got != "written" {
			t.Errorf("points at %s", got)
		}
	}
}

// TestAndPointsAtTheFirst: of two conditions that fail the first is the gap, of
// two that pass the last is the evidence.
func TestAndPointsAtTheFirst(t *testing.T) {
	r := made.Resource("aws_s3_bucket.b", nil)
	for verdict, want := range map[analyzer.Verdict]string{analyzer.Fail: "a", analyzer.Pass: "b"} {
		at := func(attr string) analyzer.Outcome {
			return analyzer.Outcome{Verdict: verdict, Witnesses: []analyzer.Witness{{Of: r, At: cty.GetAttrPath(attr)}}}
		}
		if got := analyzer.FormatPath(at("a").And(at("b")).Witnesses[0].At); got != want {
			t.Errorf("%s points at %s, want %s", verdict, got, want)
		}
	}
}

// writes is a source that writes one attribute.
type writes struct{ attr string }

func (w writes) Written(p cty.Path) bool                    { return analyzer.FormatPath(p) == w.attr }
func (writes) Range(cty.Path) (r hcl.Range)                 { return r }
func (writes) Body() (r hcl.Range)                          { return r }
func (writes) Via() []analyzer.Call                         { return nil }
func (writes) Setting(cty.Path) *analyzer.Setting           { return nil }
func (writes) Inside([]cty.Path, []string) *analyzer.Inside { return nil }
func (writes) Trace(cty.Path) []analyzer.Step               { return nil }
func (writes) Edits([]analyzer.Assign) []analyzer.Edit      { return nil }

// TestLinkThroughAnother: the versioning names the bucket of the public access
// block, which is the bucket itself.
func TestLinkThroughAnother(t *testing.T) {
	ref := func(to, attr string) analyzer.Ref {
		return analyzer.Ref{At: cty.GetAttrPath("bucket"), To: to, Attr: attr, Sole: true}
	}
	set := made.Set(
		made.Resource("aws_s3_bucket.b", nil),
		made.Resource("aws_s3_bucket_public_access_block.p", made.Values{"bucket": made.UnknownString}, ref("aws_s3_bucket.b", "id")),
		made.Resource("aws_s3_bucket_versioning.v", made.Values{"bucket": made.UnknownString}, ref("aws_s3_bucket_public_access_block.p", "bucket")),
	)
	if got := verdictOf(analyzer.Related("aws_s3_bucket_versioning", "bucket", nil), set, Options{}); got != analyzer.Pass {
		t.Errorf("%s, want pass", got)
	}
}

// TestIdentityOfItself: an attribute in a block that derives from an identity
// may be unset.
func TestIdentityOfItself(t *testing.T) {
	ref := func(at cty.Path) analyzer.Ref {
		return analyzer.Ref{At: at, To: "aws_kms_key.k", Attr: "id", Sole: true}
	}
	tests := map[string]struct {
		at   cty.Path
		want analyzer.Verdict
	}{
		"the attribute":   {cty.GetAttrPath("rule").GetAttr("key"), analyzer.Pass},
		"the block of it": {cty.GetAttrPath("rule"), analyzer.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := made.Set(made.Resource("a.x", made.Values{"rule": block(made.Values{"key": made.UnknownString})}, ref(tt.at)), made.Resource("aws_kms_key.k", nil))
			if got := verdictOf(analyzer.Attr("rule.key").Present(), set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestIdentityOfAnother: an id is set on creation, also for a resource that is
// not declared here; several resources, and data sources, may have none.
func TestIdentityOfAnother(t *testing.T) {
	data := made.Resource("data.aws_kms_key.k", nil)
	data.Mode = analyzer.Data
	tests := map[string]struct {
		to, attr string
		want     analyzer.Verdict
	}{
		"declared":           {"aws_kms_key.k", "id", analyzer.Pass},
		"not declared":       {"aws_kms_key.other", "arn", analyzer.Pass},
		"of several":         {"aws_kms_key.many[*]", "id", analyzer.Unknown},
		"of a data source":   {"data.aws_kms_key.k", "id", analyzer.Unknown},
		"of another content": {"aws_kms_key.other", "description", analyzer.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ref := analyzer.Ref{At: cty.GetAttrPath("key"), To: tt.to, Attr: tt.attr, Sole: true}
			set := made.Set(made.Resource("a.x", made.Values{"key": made.UnknownString}, ref), made.Resource("aws_kms_key.k", nil), data)
			if got := verdictOf(analyzer.Attr("key").Present(), set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestTarget(t *testing.T) {
	cond := analyzer.Target("key", "aws_kms_key", analyzer.Attr("rotation").True())
	ref := analyzer.Ref{At: cty.GetAttrPath("key"), To: "aws_kms_key.k", Attr: "arn", Sole: true}
	tests := map[string]struct {
		set  *analyzer.Set
		want analyzer.Verdict
	}{
		"unset":         {made.Set(made.Resource("a.x", nil)), analyzer.Fail},
		"managed":       {made.Set(made.Resource("a.x", made.Values{"key": made.UnknownString}, ref), made.Resource("aws_kms_key.k", made.Values{"rotation": cty.True})), analyzer.Pass},
		"managed, off":  {made.Set(made.Resource("a.x", made.Values{"key": made.UnknownString}, ref), made.Resource("aws_kms_key.k", made.Values{"rotation": cty.False})), analyzer.Fail},
		"somebody's":    {made.Set(made.Resource("a.x", made.Values{"key": str("arn:aws:kms:1")})), analyzer.Unknown},
		"by known name": {made.Set(made.Resource("a.x", made.Values{"key": str("k1")}), made.Resource("aws_kms_key.k", made.Values{"key_id": str("k1"), "rotation": cty.True})), analyzer.Pass},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := verdictOf(cond, tt.set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	rows := []*analyzer.Default{
		{Type: "aws_ebs_volume", Path: "encrypted", Value: cty.False, Fact: "ebs-encrypted-by-default",
			Account: analyzer.Exists("aws_ebs_encryption_by_default", analyzer.Not(analyzer.Attr("enabled").False()), ""), AccountValue: cty.True},
		{Type: "aws_s3_bucket", Path: "sse", Value: cty.True, Since: day("2023-01-05")},
		{Type: "aws_x", Path: "chosen"},
	}
	byDefault := func(enabled cty.Value) *analyzer.Resource {
		return made.Resource("aws_ebs_encryption_by_default.d", made.Values{"enabled": enabled})
	}
	fact := []analyzer.Fact{{ID: "ebs-encrypted-by-default", Roots: []string{"."}}}
	volume := made.Resource("aws_ebs_volume.v", nil)
	encrypted := analyzer.Attr("encrypted").True()
	tests := map[string]struct {
		cond analyzer.Cond
		set  *analyzer.Set
		opt  Options
		want analyzer.Verdict
	}{
		"the provider's":          {encrypted, made.Set(volume), Options{}, analyzer.Fail},
		"written wins":            {encrypted, made.Set(made.Resource("aws_ebs_volume.v", made.Values{"encrypted": cty.True})), Options{}, analyzer.Pass},
		"the account's, managed":  {encrypted, &analyzer.Set{Roots: made.Set(volumeAgain(), byDefault(cty.True)).Roots}, Options{}, analyzer.Pass},
		"the account's, off":      {encrypted, made.Set(volumeAgain(), byDefault(cty.False)), Options{}, analyzer.Fail},
		"the account's, unknown":  {encrypted, made.Set(volumeAgain(), byDefault(made.UnknownBool)), Options{}, analyzer.Unknown},
		"a fact":                  {encrypted, made.Set(volumeAgain()), Options{Facts: fact}, analyzer.Pass},
		"a fact of another root":  {encrypted, made.Set(volumeAgain()), Options{Facts: []analyzer.Fact{{ID: "ebs-encrypted-by-default", Roots: []string{"envs/*"}}}}, analyzer.Fail},
		"before its date":         {analyzer.Attr("sse").True(), made.Set(made.Resource("aws_s3_bucket.b", nil)), Options{Today: day("2022-12-31")}, analyzer.Fail},
		"since its date":          {analyzer.Attr("sse").True(), made.Set(made.Resource("aws_s3_bucket.b", nil)), Options{Today: day("2026-01-01")}, analyzer.Pass},
		"chosen by the provider":  {analyzer.Attr("chosen").True(), made.Set(made.Resource("aws_x.y", nil)), Options{}, analyzer.Unknown},
		"not of another resource": {analyzer.Attr("chosen").True(), made.Set(made.Resource("aws_z.y", nil)), Options{}, analyzer.Fail},
		"not of what is read":     {encrypted, made.Set(read("aws_ebs_volume.v")), Options{Facts: fact}, analyzer.Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.opt.Defaults = rows
			if tt.opt.Today.IsZero() {
				tt.opt.Today = day("2026-01-01")
			}
			// The volume sorts after the account's setting.
			run := newRunner(nil, tt.opt)
			var subject *analyzer.Resource
			for _, r := range tt.set.Roots[0].Resources {
				if r.Type != "aws_ebs_encryption_by_default" {
					subject = r
				}
			}
			if got := run.View(subject).Judge(tt.cond).Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func volumeAgain() *analyzer.Resource { return made.Resource("aws_ebs_volume.v", nil) }

func read(address string) *analyzer.Resource {
	r := made.Resource(address, nil)
	r.Mode = analyzer.Data
	return r
}

// TestCheckVerdict: a verdict is max(-when, want), and n/a where When fails.
func TestCheckVerdict(t *testing.T) {
	verdicts := map[analyzer.Verdict]cty.Value{analyzer.Pass: cty.True, analyzer.Fail: cty.False, analyzer.Unknown: made.UnknownBool}
	want := map[[2]analyzer.Verdict]analyzer.Verdict{
		{analyzer.Pass, analyzer.Pass}: analyzer.Pass, {analyzer.Pass, analyzer.Fail}: analyzer.Fail, {analyzer.Pass, analyzer.Unknown}: analyzer.Unknown,
		{analyzer.Unknown, analyzer.Pass}: analyzer.Pass, {analyzer.Unknown, analyzer.Fail}: analyzer.Unknown, {analyzer.Unknown, analyzer.Unknown}: analyzer.Unknown,
		{analyzer.Fail, analyzer.Pass}: analyzer.NotApplicable, {analyzer.Fail, analyzer.Fail}: analyzer.NotApplicable, {analyzer.Fail, analyzer.Unknown}: analyzer.NotApplicable,
	}
	got := map[[2]analyzer.Verdict]analyzer.Verdict{}
	check := &analyzer.Check{ID: "c", On: []string{"t"}, When: analyzer.Attr("when").True(), Want: analyzer.Attr("want").True()}
	for when, w := range verdicts {
		for verdict, v := range verdicts {
			set := made.Set(made.Resource("t.x", made.Values{"when": w, "want": v}))
			run := newRunner([]*analyzer.Check{check}, Options{})
			got[[2]analyzer.Verdict{when, verdict}] = run.judge(check, run.View(set.Roots[0].Resources[0]), &placement{}).Verdict
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCrowd: only a few of many unidentified companions are considered, and the
// verdict is the same as for all of them.
func TestCrowd(t *testing.T) {
	resources := []*analyzer.Resource{made.Resource("aws_s3_bucket.a", nil)}
	for i := range 100 {
		p := made.Resource("aws_s3_bucket_public_access_block.p"+string(rune('A'+i)), made.Values{"bucket": made.UnknownString, "on": cty.BoolVal(i == 99)})
		p.Hidden = []analyzer.Hidden{{At: cty.GetAttrPath("bucket"), Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.b"}}}
		resources = append(resources, p)
	}
	cond := analyzer.Related("aws_s3_bucket_public_access_block", "bucket", analyzer.Attr("on").True())
	if got := verdictOf(cond, made.Set(resources...), Options{}); got != analyzer.Unknown {
		t.Errorf("%s, want unknown: the last of them passes", got)
	}
	definite := made.Resource("aws_s3_bucket_public_access_block.pA", made.Values{"bucket": made.UnknownString, "on": cty.True},
		analyzer.Ref{At: cty.GetAttrPath("bucket"), To: "aws_s3_bucket.a", Attr: "id", Sole: true})
	if got := verdictOf(cond, made.Set(append(resources, definite)...), Options{}); got != analyzer.Pass {
		t.Errorf("%s, want pass: one is surely its own", got)
	}
}
