package analyzer

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

var (
	unknownBool   = cty.UnknownVal(cty.Bool)
	unknownString = cty.UnknownVal(cty.String)
	null          = cty.NullVal(cty.DynamicPseudoType)
)

type values = map[string]cty.Value

// made makes a resource of hand-written values.
func made(address string, attrs values, refs ...Ref) *Resource {
	object := cty.ObjectVal(attrs)
	if attrs == nil {
		object = cty.EmptyObjectVal
	}
	typ := address[:indexByte(address, '.')]
	return &Resource{
		Address: address, Definition: address, Type: typ, Action: Create, Refs: refs,
		Build: func() cty.Value { return object },
	}
}

func indexByte(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return len(s)
}

func setOf(resources ...*Resource) *Set {
	return NewSet([]*Root{{Dir: ".", Resources: resources}}, Coverage{}, nil)
}

// verdictOf judges a condition on the first resource of a set.
func verdictOf(c Cond, set *Set, opt Options) Verdict {
	run := newRunner(nil, opt)
	return run.View(set.Roots[0].Resources[0]).Judge(c).Verdict
}

func block(attrs values) cty.Value { return cty.ObjectVal(attrs) }

func list(elems ...cty.Value) cty.Value { return cty.TupleVal(elems) }

func str(s string) cty.Value { return cty.StringVal(s) }

func num(n int64) cty.Value { return cty.NumberIntVal(n) }

func TestAttribute(t *testing.T) {
	prefixed := unknownString.Refine().NotNull().StringPrefixFull("arn:").NewValue()
	tests := map[string]struct {
		cond  Cond
		value cty.Value // of a; NilVal: absent
		want  Verdict
	}{
		"true is true":                      {Attr("a").True(), cty.True, Pass},
		"false is not true":                 {Attr("a").True(), cty.False, Fail},
		"the string true is true":           {Attr("a").True(), str("true"), Pass},
		"null is not true":                  {Attr("a").True(), null, Fail},
		"absent is not true":                {Attr("a").True(), cty.NilVal, Fail},
		"unknown may be true":               {Attr("a").True(), unknownBool, Unknown},
		"false is false":                    {Attr("a").False(), cty.False, Pass},
		"absent is not false":               {Attr("a").False(), cty.NilVal, Fail},
		"not turns fail":                    {Not(Attr("a").True()), cty.False, Pass},
		"not keeps unknown":                 {Not(Attr("a").True()), unknownBool, Unknown},
		"text is present":                   {Attr("a").Present(), str("x"), Pass},
		"empty text is not present":         {Attr("a").Present(), str(""), Fail},
		"an empty list is not present":      {Attr("a").Present(), cty.EmptyTupleVal, Fail},
		"an open list may be present":       {Attr("a").Present(), list(cty.DynamicVal), Unknown},
		"a list with an element is present": {Attr("a").Present(), list(str("x"), cty.DynamicVal), Pass},
		"unknown may be present":            {Attr("a").Present(), unknownString, Unknown},
		"unknown with a prefix is present":  {Attr("a").Present(), prefixed, Pass},
		"equal":                             {Attr("a").Equals("x"), str("x"), Pass},
		"equal numbers":                     {Attr("a").Equals(443), num(443), Pass},
		"equal after conversion":            {Attr("a").Equals(443), str("443"), Pass},
		"not equal":                         {Attr("a").Equals("x"), str("y"), Fail},
		"a prefix excludes":                 {Attr("a").Equals("x"), prefixed, Fail},
		"unknown may be equal":              {Attr("a").Equals("x"), unknownString, Unknown},
		"one of":                            {Attr("a").OneOf("x", "y"), str("y"), Pass},
		"none of":                           {Attr("a").OneOf("x", "y"), str("z"), Fail},
		"at least":                          {Attr("a").AtLeast(7), num(7), Pass},
		"less":                              {Attr("a").AtLeast(7), num(6), Fail},
		"at least in text":                  {Attr("a").AtLeast(7), str("30"), Pass},
		"at most":                           {Attr("a").AtMost(90), num(91), Fail},
		"matches":                           {Attr("a").Matches("TLS13-*", "FS-*"), str("FS-1-2"), Pass},
		"the star takes slashes":            {Attr("a").Matches("arn:*/x"), str("arn:a/b/x"), Pass},
		"begins as the pattern":             {Attr("a").Matches("FS-*"), begun("FS-1"), Pass},
		"may go on as the pattern":          {Attr("a").Matches("FS-*", "F*S"), begun("FS"), Unknown},
		"does not match":                    {Attr("a").Matches("TLS13-*"), str("TLS12"), Fail},
		"contains":                          {Attr("a").Contains("x"), list(str("y"), str("x")), Pass},
		"does not contain":                  {Attr("a").Contains("x"), list(str("y")), Fail},
		"may contain":                       {Attr("a").Contains("x"), list(str("y"), unknownString), Unknown},
		"through a block":                   {Attr("a.b").True(), list(block(values{"b": cty.True})), Pass},
		"through no block":                  {Attr("a.b").True(), cty.EmptyTupleVal, Fail},
		"through a block that may be":       {Attr("a.b").True(), list(cty.DynamicVal), Unknown},
		"through several blocks":            {Attr("a.b").True(), list(block(values{"b": cty.True}), block(values{"b": cty.True})), Unknown},
		"through an unknown block":          {Attr("a.b").True(), cty.DynamicVal, Unknown},
		"in a map":                          {Attr("a.b").Equals("x"), cty.MapVal(values{"b": str("x")}), Pass},
		"no boolean":                        {Attr("a").True(), str("maybe"), Unknown},
		"no number":                         {Attr("a").AtLeast(7), str("many"), Unknown},
		"several values":                    {Attr("a").True(), list(str("x"), str("y")), Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			attrs := values{}
			if tt.value != cty.NilVal {
				attrs["a"] = tt.value
			}
			if got := verdictOf(tt.cond, setOf(made("t.x", attrs)), Options{}); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
			}
		})
	}
}

// TestChoices: what holds of every candidate holds, whichever it will be.
func TestChoices(t *testing.T) {
	tests := map[string]struct {
		cond       Cond
		candidates []cty.Value
		want       Verdict
	}{
		"all hold":           {Attr("a").AtLeast(7), []cty.Value{num(30), num(7)}, Pass},
		"none holds":         {Attr("a").AtLeast(7), []cty.Value{num(3), num(6)}, Fail},
		"one holds":          {Attr("a").AtLeast(7), []cty.Value{num(3), num(7)}, Unknown},
		"set or unset":       {Attr("a").Present(), []cty.Value{str("k"), null}, Unknown},
		"set either way":     {Attr("a").Present(), []cty.Value{str("k"), str("l")}, Pass},
		"no candidate":       {Attr("a").True(), nil, Unknown},
		"a part of each":     {Attr("a.b").True(), []cty.Value{block(values{"b": cty.True}), block(values{"b": cty.True, "c": cty.False})}, Pass},
		"a part of only one": {Attr("a.b").True(), []cty.Value{block(values{"b": cty.True}), block(values{"c": cty.True})}, Unknown},
		"a list of each":     {Attr("a").Contains("x"), []cty.Value{list(str("x")), list(str("y"), str("x"))}, Pass},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := made("t.x", values{"a": cty.DynamicVal})
			if tt.candidates != nil {
				r.Choices = []Choice{{At: cty.GetAttrPath("a"), Values: tt.candidates}}
			}
			if got := verdictOf(tt.cond, setOf(r), Options{}); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
			}
		})
	}
}

func TestConnectives(t *testing.T) {
	attrs := values{"yes": cty.True, "no": cty.False, "maybe": unknownBool}
	yes, no, maybe := Attr("yes").True(), Attr("no").True(), Attr("maybe").True()
	tests := []struct {
		cond Cond
		want Verdict
	}{
		{All(yes, yes), Pass},
		{All(yes, maybe), Unknown},
		{All(maybe, no), Fail},
		{Any(no, maybe), Unknown},
		{Any(maybe, yes), Pass},
		{Any(no, no), Fail},
		{Not(All(yes, no)), Pass},
	}
	for _, tt := range tests {
		if got := verdictOf(tt.cond, setOf(made("t.x", attrs)), Options{}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.cond, got, tt.want)
		}
	}
}

func TestQuantifiers(t *testing.T) {
	open, closed := block(values{"cidr": str("0.0.0.0/0")}), block(values{"cidr": str("10.0.0.0/8")})
	hidden := block(values{"cidr": unknownString})
	world := Attr("cidr").Equals("0.0.0.0/0")
	tests := map[string]struct {
		cond Cond
		rule cty.Value
		want Verdict
	}{
		"none of two":              {None("rule", world), list(closed, closed), Pass},
		"one of two":               {None("rule", world), list(closed, open), Fail},
		"one may be":               {None("rule", world), list(closed, hidden), Unknown},
		"one is, another may be":   {None("rule", world), list(open, hidden), Fail},
		"none, and there are none": {None("rule", world), cty.EmptyTupleVal, Pass},
		"none, absent":             {None("rule", world), null, Pass},
		"none of an open list":     {None("rule", world), list(closed, cty.DynamicVal), Unknown},
		"one of an open list":      {None("rule", world), list(open, cty.DynamicVal), Fail},
		"none of an unknown":       {None("rule", world), cty.DynamicVal, Unknown},
		"each":                     {Each("rule", Not(world)), list(closed, closed), Pass},
		"not each":                 {Each("rule", Not(world)), list(closed, open), Fail},
		"some":                     {Some("rule", world), list(closed, open), Pass},
		"some of none":             {Some("rule", world), cty.EmptyTupleVal, Fail},
		"some of an open list":     {Some("rule", world), list(closed, cty.DynamicVal), Unknown},
		"some of an open one":      {Some("rule", world), list(open, cty.DynamicVal), Pass},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := verdictOf(tt.cond, setOf(made("t.x", values{"rule": tt.rule})), Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestEachElementIsAFinding: a second open rule does not hide behind the first.
func TestEachElementIsAFinding(t *testing.T) {
	rule := func(cidr string) cty.Value { return block(values{"cidr": str(cidr)}) }
	check := &Check{ID: "t", On: []string{"t"}, Severity: High, Want: None("rule", Attr("cidr").Matches("0.*")), Message: "open"}
	judge := func(rules ...cty.Value) map[Digest]string {
		rep := Run(context.Background(), setOf(made("t.x", values{"rule": list(rules...)})), []*Check{check}, Options{})
		found := map[Digest]string{}
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
	bucket := func(attrs values) *Resource { return made("aws_s3_bucket.b", attrs) }
	block := func(bucket, on cty.Value, refs ...Ref) *Resource {
		return made("aws_s3_bucket_public_access_block.p", values{"bucket": bucket, "on": on}, refs...)
	}
	to := func(address string, sole bool) Ref {
		return Ref{At: cty.GetAttrPath("bucket"), To: address, Attr: "id", Sole: sole}
	}
	cond := Related("aws_s3_bucket_public_access_block", "bucket", Attr("on").True())
	hiddenName := block(unknownString, cty.True)
	hiddenName.Hidden = []Hidden{{At: cty.GetAttrPath("bucket"), Cause: Cause{Kind: CauseVariable, Name: "var.b"}}}
	staged := func() *Resource {
		b := bucket(values{"bucket": begun("app-")})
		b.Hidden = []Hidden{{At: cty.GetAttrPath("bucket"), Cause: Cause{Kind: CauseVariable, Name: "var.stage"}}}
		return b
	}
	tests := map[string]struct {
		set  *Set
		want Verdict
	}{
		"by reference":               {setOf(bucket(nil), block(unknownString, cty.True, to("aws_s3_bucket.b", true))), Pass},
		"by reference, off":          {setOf(bucket(nil), block(unknownString, cty.False, to("aws_s3_bucket.b", true))), Fail},
		"by name":                    {setOf(bucket(values{"bucket": str("logs")}), block(str("logs"), cty.True)), Pass},
		"by another name":            {setOf(bucket(values{"bucket": str("logs")}), block(str("data"), cty.True)), Fail},
		"none":                       {setOf(bucket(nil)), Fail},
		"of another":                 {setOf(bucket(nil), made("aws_s3_bucket.c", nil), block(unknownString, cty.True, to("aws_s3_bucket.c", true))), Fail},
		"of this or another":         {setOf(bucket(nil), block(unknownString, cty.True, to("aws_s3_bucket.b", false))), Unknown},
		"possible, but it is off":    {setOf(bucket(nil), block(unknownString, cty.False, to("aws_s3_bucket.b", false))), Fail},
		"its name hides in variable": {setOf(bucket(nil), hiddenName), Unknown},
		"by what may be its name":    {setOf(staged(), block(str("app-logs"), cty.True)), Unknown},
		"by what cannot be its name": {setOf(staged(), block(str("logs"), cty.True)), Fail},
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
			if got := verdictOf(Unrelated("aws_s3_bucket_public_access_block", "bucket", Attr("on").True()), tt.set, Options{}); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	})
	t.Run("handed elsewhere", func(t *testing.T) {
		set := NewSet([]*Root{{Dir: ".", Resources: []*Resource{bucket(nil)}, Elsewhere: []Elsewhere{
			{To: "aws_s3_bucket.b", Because: Cause{Kind: CauseModule, Name: "module.m"}},
		}}}, Coverage{}, nil)
		if got := verdictOf(cond, set, Options{}); got != Unknown {
			t.Errorf("%s, want unknown", got)
		}
		if got := verdictOf(Unrelated("aws_s3_bucket_public_access_block", "bucket", nil), set, Options{}); got != Pass {
			t.Errorf("unrelated: %s, want pass", got)
		}
	})
}

// Of two alternatives that fail, the finding is at the one that is written.
func TestOrPointsAtWhatIsWritten(t *testing.T) {
	at := func(r *Resource, attr string) Outcome {
		return Outcome{Verdict: Fail, Witnesses: []Witness{{Of: r, At: cty.GetAttrPath(attr)}}}
	}
	r := made("aws_s3_bucket.b", nil)
	r.Source = writes{"written"}
	for _, out := range []Outcome{
		at(r, "absent").or(at(r, "written")),
		at(r, "written").or(at(r, "absent")),
	} {
		if got := FormatPath(out.Witnesses[0].At); got != "written" {
			t.Errorf("points at %s", got)
		}
	}
}

// writes is a source that writes one attribute.
type writes struct{ attr string }

func (w writes) Written(p cty.Path) bool           { return FormatPath(p) == w.attr }
func (writes) Range(cty.Path) (r hcl.Range)        { return r }
func (writes) Body() (r hcl.Range)                 { return r }
func (writes) Via() []Call                         { return nil }
func (writes) Setting(cty.Path) *Setting           { return nil }
func (writes) Inside([]cty.Path, []string) *Inside { return nil }
func (writes) Trace(cty.Path) []Step               { return nil }
func (writes) Edits([]Assign) []Edit               { return nil }

// TestLinkThroughAnother: the versioning names the block's bucket, which is
// the bucket's.
func TestLinkThroughAnother(t *testing.T) {
	ref := func(to, attr string) Ref { return Ref{At: cty.GetAttrPath("bucket"), To: to, Attr: attr, Sole: true} }
	set := setOf(
		made("aws_s3_bucket.b", nil),
		made("aws_s3_bucket_public_access_block.p", values{"bucket": unknownString}, ref("aws_s3_bucket.b", "id")),
		made("aws_s3_bucket_versioning.v", values{"bucket": unknownString}, ref("aws_s3_bucket_public_access_block.p", "bucket")),
	)
	if got := verdictOf(Related("aws_s3_bucket_versioning", "bucket", nil), set, Options{}); got != Pass {
		t.Errorf("%s, want pass", got)
	}
}

// TestIdentityOfItself: what is inside a block that derives from an identity
// may be unset.
func TestIdentityOfItself(t *testing.T) {
	ref := func(at cty.Path) Ref { return Ref{At: at, To: "aws_kms_key.k", Attr: "id", Sole: true} }
	tests := map[string]struct {
		at   cty.Path
		want Verdict
	}{
		"the attribute":   {cty.GetAttrPath("rule").GetAttr("key"), Pass},
		"the block of it": {cty.GetAttrPath("rule"), Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set := setOf(made("a.x", values{"rule": block(values{"key": unknownString})}, ref(tt.at)), made("aws_kms_key.k", nil))
			if got := verdictOf(Attr("rule.key").Present(), set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestIdentityOfAnother: an id is given on creation, also to what is not
// declared here; of several resources, and of data sources, there may be none.
func TestIdentityOfAnother(t *testing.T) {
	data := made("data.aws_kms_key.k", nil)
	data.Mode = Data
	tests := map[string]struct {
		to, attr string
		want     Verdict
	}{
		"declared":           {"aws_kms_key.k", "id", Pass},
		"not declared":       {"aws_kms_key.other", "arn", Pass},
		"of several":         {"aws_kms_key.many[*]", "id", Unknown},
		"of a data source":   {"data.aws_kms_key.k", "id", Unknown},
		"of another content": {"aws_kms_key.other", "description", Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ref := Ref{At: cty.GetAttrPath("key"), To: tt.to, Attr: tt.attr, Sole: true}
			set := setOf(made("a.x", values{"key": unknownString}, ref), made("aws_kms_key.k", nil), data)
			if got := verdictOf(Attr("key").Present(), set, Options{}); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestTarget(t *testing.T) {
	cond := Target("key", "aws_kms_key", Attr("rotation").True())
	ref := Ref{At: cty.GetAttrPath("key"), To: "aws_kms_key.k", Attr: "arn", Sole: true}
	tests := map[string]struct {
		set  *Set
		want Verdict
	}{
		"unset":         {setOf(made("a.x", nil)), Fail},
		"managed":       {setOf(made("a.x", values{"key": unknownString}, ref), made("aws_kms_key.k", values{"rotation": cty.True})), Pass},
		"managed, off":  {setOf(made("a.x", values{"key": unknownString}, ref), made("aws_kms_key.k", values{"rotation": cty.False})), Fail},
		"somebody's":    {setOf(made("a.x", values{"key": str("arn:aws:kms:1")})), Unknown},
		"by known name": {setOf(made("a.x", values{"key": str("k1")}), made("aws_kms_key.k", values{"key_id": str("k1"), "rotation": cty.True})), Pass},
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
	rows := []*Default{
		{Type: "aws_ebs_volume", Path: "encrypted", Value: cty.False, Fact: "ebs-encrypted-by-default",
			Account: Exists("aws_ebs_encryption_by_default", Not(Attr("enabled").False()), ""), AccountValue: cty.True},
		{Type: "aws_s3_bucket", Path: "sse", Value: cty.True, Since: day("2023-01-05")},
		{Type: "aws_x", Path: "chosen"},
	}
	byDefault := func(enabled cty.Value) *Resource {
		return made("aws_ebs_encryption_by_default.d", values{"enabled": enabled})
	}
	fact := []Fact{{ID: "ebs-encrypted-by-default", Roots: []string{"."}}}
	volume := made("aws_ebs_volume.v", nil)
	encrypted := Attr("encrypted").True()
	tests := map[string]struct {
		cond Cond
		set  *Set
		opt  Options
		want Verdict
	}{
		"the provider's":          {encrypted, setOf(volume), Options{}, Fail},
		"written wins":            {encrypted, setOf(made("aws_ebs_volume.v", values{"encrypted": cty.True})), Options{}, Pass},
		"the account's, managed":  {encrypted, &Set{Roots: setOf(volumeAgain(), byDefault(cty.True)).Roots}, Options{}, Pass},
		"the account's, off":      {encrypted, setOf(volumeAgain(), byDefault(cty.False)), Options{}, Fail},
		"the account's, unknown":  {encrypted, setOf(volumeAgain(), byDefault(unknownBool)), Options{}, Unknown},
		"a fact":                  {encrypted, setOf(volumeAgain()), Options{Facts: fact}, Pass},
		"a fact of another root":  {encrypted, setOf(volumeAgain()), Options{Facts: []Fact{{ID: "ebs-encrypted-by-default", Roots: []string{"envs/*"}}}}, Fail},
		"before its date":         {Attr("sse").True(), setOf(made("aws_s3_bucket.b", nil)), Options{Today: day("2022-12-31")}, Fail},
		"since its date":          {Attr("sse").True(), setOf(made("aws_s3_bucket.b", nil)), Options{Today: day("2026-01-01")}, Pass},
		"chosen by the provider":  {Attr("chosen").True(), setOf(made("aws_x.y", nil)), Options{}, Unknown},
		"not of another resource": {Attr("chosen").True(), setOf(made("aws_z.y", nil)), Options{}, Fail},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.opt.Defaults = rows
			if tt.opt.Today.IsZero() {
				tt.opt.Today = day("2026-01-01")
			}
			// The volume sorts after the account's setting.
			run := newRunner(nil, tt.opt)
			var subject *Resource
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

func volumeAgain() *Resource { return made("aws_ebs_volume.v", nil) }

// TestCheckVerdict: a verdict is max(-when, want), and n/a where when fails.
func TestCheckVerdict(t *testing.T) {
	verdicts := map[Verdict]cty.Value{Pass: cty.True, Fail: cty.False, Unknown: unknownBool}
	want := map[[2]Verdict]Verdict{
		{Pass, Pass}: Pass, {Pass, Fail}: Fail, {Pass, Unknown}: Unknown,
		{Unknown, Pass}: Pass, {Unknown, Fail}: Unknown, {Unknown, Unknown}: Unknown,
		{Fail, Pass}: NotApplicable, {Fail, Fail}: NotApplicable, {Fail, Unknown}: NotApplicable,
	}
	got := map[[2]Verdict]Verdict{}
	check := &Check{ID: "c", On: []string{"t"}, When: Attr("when").True(), Want: Attr("want").True()}
	for when, w := range verdicts {
		for verdict, v := range verdicts {
			set := setOf(made("t.x", values{"when": w, "want": v}))
			run := newRunner([]*Check{check}, Options{})
			got[[2]Verdict{when, verdict}] = run.judge(check, run.View(set.Roots[0].Resources[0]), &placement{}).Verdict
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCrowd: of many companions of which nothing is known a few are looked at,
// and the verdict is as if all were.
func TestCrowd(t *testing.T) {
	resources := []*Resource{made("aws_s3_bucket.a", nil)}
	for i := range 100 {
		p := made("aws_s3_bucket_public_access_block.p"+string(rune('A'+i)), values{"bucket": unknownString, "on": cty.BoolVal(i == 99)})
		p.Hidden = []Hidden{{At: cty.GetAttrPath("bucket"), Cause: Cause{Kind: CauseVariable, Name: "var.b"}}}
		resources = append(resources, p)
	}
	cond := Related("aws_s3_bucket_public_access_block", "bucket", Attr("on").True())
	if got := verdictOf(cond, setOf(resources...), Options{}); got != Unknown {
		t.Errorf("%s, want unknown: the last of them passes", got)
	}
	definite := made("aws_s3_bucket_public_access_block.pA", values{"bucket": unknownString, "on": cty.True},
		Ref{At: cty.GetAttrPath("bucket"), To: "aws_s3_bucket.a", Attr: "id", Sole: true})
	if got := verdictOf(cond, setOf(append(resources, definite)...), Options{}); got != Pass {
		t.Errorf("%s, want pass: one is surely its own", got)
	}
}
