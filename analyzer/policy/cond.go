package policy

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Cond is a condition on the policy documents of a resource: says is its
// requirement ("no statement allows everyone"), judge is one of this package's
// judgements, and paths are the attributes that hold documents, through
// repeated blocks too ("policy", "inline_policy.policy"). Each document that
// violates it is a separate failure, with the ruling's sentence or, as the
// sentence quotes the document, with the check's message where the document is
// sensitive. Where no document is set, the verdict is none: usually Pass, as
// nothing is granted.
func Cond(says string, none analyzer.Verdict, judge func(*Document) Ruling, paths ...string) analyzer.Func {
	return analyzer.Func{Says: says, Reads: reads(paths), Judge: func(v *analyzer.View) analyzer.Outcome {
		var t tally
		for _, path := range paths {
			t.path(v, path, judge)
		}
		if !t.found {
			return outcome(v, v.Attr(paths[0]), ruling(none))
		}
		return t.out
	}}
}

// OfDataSource is Cond for aws_iam_policy_document: it judges the rendered json
// or, where that is unknown, the blocks.
func OfDataSource(says string, judge func(*Document) Ruling) analyzer.Func {
	return analyzer.Func{Says: says, Reads: reads([]string{"json"}), Judge: func(v *analyzer.View) analyzer.Outcome {
		doc, l := v.Document("json")
		if !doc.IsKnown() || doc.IsNull() {
			doc, l = FromDataSource(v.Value()), v.Here()
		}
		return outcome(v, l, judge(documentOf(v, l, doc)))
	}}
}

func reads(paths []string) []analyzer.Read {
	var reads []analyzer.Read
	for _, p := range paths {
		path := analyzer.ParsePath(p)
		if len(path) > 1 {
			reads = append(reads, analyzer.Read{Path: path[:len(path)-1], Want: analyzer.BlockKind, Repeated: true})
		}
		reads = append(reads, analyzer.Read{Path: path, Want: analyzer.StringKind})
	}
	return reads
}

// A tally collects the outcomes of several documents.
type tally struct {
	found bool
	out   analyzer.Outcome
}

func (t *tally) path(v *analyzer.View, path string, judge func(*Document) Ruling) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		t.document(v, path, judge)
		return
	}
	elements, open := v.Elements(path[:i])
	for _, e := range elements {
		t.document(e, path[i+1:], judge)
	}
	if open {
		t.add(v.Unknown(analyzer.Leaf{Value: cty.DynamicVal, Of: v.Resource(), At: v.Attr(path[:i]).At, Set: true}))
	}
}

func (t *tally) document(v *analyzer.View, name string, judge func(*Document) Ruling) {
	doc, l := v.Document(name)
	if doc.IsKnown() && doc.IsNull() {
		return
	}
	t.add(outcome(v, l, judge(documentOf(v, l, doc))))
}

// add keeps the worst verdict with all its witnesses.
func (t *tally) add(o analyzer.Outcome) {
	switch {
	case !t.found || o.Verdict < t.out.Verdict:
		t.found, t.out = true, o
	case o.Verdict == t.out.Verdict:
		t.out.Witnesses = append(t.out.Witnesses, o.Witnesses...)
	}
}

func outcome(v *analyzer.View, l analyzer.Leaf, r Ruling) analyzer.Outcome {
	switch {
	case r.Verdict == analyzer.Pass:
		return v.Pass(l)
	case r.Verdict == analyzer.Fail && (r.Says == "" || l.Secret()):
		return v.Fail(l)
	case r.Verdict == analyzer.Fail:
		return v.FailSaying(l, r.Says)
	}
	return unknown(v, l, r)
}

// unknown adds its own cause where no value is hidden: the text is not JSON, or
// the verdict depends on something outside the policy.
func unknown(v *analyzer.View, l analyzer.Leaf, r Ruling) analyzer.Outcome {
	o := v.Unknown(l)
	if len(o.Witnesses[0].Because) > 0 || !l.Known() {
		return o
	}
	name := "the document cannot be read"
	if r.Statement >= 0 && !l.Secret() {
		name = r.name() + " cannot be judged"
	}
	o.Witnesses[0].Because = []analyzer.Cause{{Kind: analyzer.CauseOther, Name: name}}
	return o
}
