package checks

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

// A ruling judges a policy document.
type ruling = func(*policy.Document) policy.Ruling

// identityPolicies lists the types in which identity policies are written. A
// document written by a data source is judged there, and not again where its
// text is used.
func identityPolicies() []string {
	return on("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy",
		"aws_iam_role", "aws_ssoadmin_permission_set_inline_policy", "data.aws_iam_policy_document")
}

// writtenHere holds where the statements of an identity policy are written, and
// not where an attribute takes them from a data source. A document with
// principals is the policy of a resource or the trust policy of a role, and not
// an identity policy.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
func writtenHere() cond {
	return says("its statements are written here", all(statementsHere(),
		byType(of(none("statement", anyOf(attr("principals").Present(), attr("not_principals").Present())), "data.aws_iam_policy_document"))))
}

// statementsHere is writtenHere, but includes documents with principals.
func statementsHere() cond {
	return says("its statements are written here", byType(
		of(not(fromDocument("policy")), "aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"),
		of(not(fromDocument("inline_policy")), "aws_ssoadmin_permission_set_inline_policy"),
		of(inlinePolicies(), "aws_iam_role"),
	))
}

// inlinePolicies holds where a role has inline policies. The provider plans an
// unknown list where none is written, so in a plan only known policies count.
func inlinePolicies() cond {
	return analyzer.Func{
		Says:  "inline_policy is written",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("inline_policy"), Want: analyzer.BlockKind, Repeated: true}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("inline_policy")
			seen, open := v.Elements("inline_policy")
			switch {
			case len(seen) > 0:
				return v.Pass(l)
			case open && v.Resource().Root.Plan == "":
				return v.Unknown(l)
			}
			return v.Fail(l)
		},
	}
}

// grants is a condition on the permissions of an identity policy.
func grants(sentence string, judge ruling) cond {
	return says(sentence, byType(
		of(policy.Cond(sentence, analyzer.Pass, judge, "policy"), "aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"),
		of(policy.Cond(sentence, analyzer.Pass, judge, "inline_policy"), "aws_ssoadmin_permission_set_inline_policy"),
		of(each("inline_policy", anyOf(policy.Cond(sentence, analyzer.Pass, judge, "policy"), fromDocument("policy"))), "aws_iam_role"),
		of(ownStatements(sentence, judge), "data.aws_iam_policy_document"),
	))
}

// fromDocument holds where a policy is only the text of an
// aws_iam_policy_document of this root. A plan does not show whether there is
// more; there, a reference to a single document counts as the whole text.
func fromDocument(path string) cond {
	return analyzer.Func{
		Says: path + " is the text of a data source",
		Reads: []analyzer.Read{
			{Path: analyzer.ParsePath(path), Want: analyzer.StringKind},
			{Type: "data.aws_iam_policy_document", Path: analyzer.ParsePath("statement"), Want: analyzer.BlockKind, Repeated: true},
		},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			links := v.Targets(path, "data.aws_iam_policy_document")
			if len(links) == 1 && (!links[0].Possible || v.Resource().Root.Plan != "") {
				return v.Pass(l)
			}
			return v.Fail(l)
		},
	}
}

// ownStatements judges the statements that an aws_iam_policy_document writes
// itself; its source documents are judged where they are written. Their Deny
// statements count: a statement violates the rule only where the whole document
// does too.
func ownStatements(says string, judge ruling) cond {
	return analyzer.Func{
		Says: says,
		Reads: []analyzer.Read{
			{Path: analyzer.ParsePath("statement"), Want: analyzer.BlockKind, Repeated: true},
			{Path: analyzer.ParsePath("json"), Want: analyzer.StringKind},
		},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			own := ownDocument(v)
			r := judge(own)
			if r.Verdict == analyzer.Fail {
				r.Verdict = max(r.Verdict, judge(wholeDocument(v)).Verdict)
			}
			l := statementAt(v, own, r)
			switch r.Verdict {
			case analyzer.Fail:
				return v.FailSaying(l, r.Says)
			case analyzer.Pass:
				return v.Pass(l)
			}
			return v.Unknown(l)
		},
	}
}

// documentKey is the key of the data cached for all checks on a data source.
type documentKey string

// ownDocument is the document with only the data source's own statements.
func ownDocument(v *analyzer.View) *policy.Document {
	return v.Memo(documentKey("own"), func() any {
		statements := v.Attr("statement").Value
		return policy.Parse(policy.FromDataSource(cty.ObjectVal(map[string]cty.Value{"statement": statements})))
	}).(*policy.Document)
}

// wholeDocument is the document with its source documents.
func wholeDocument(v *analyzer.View) *policy.Document {
	return v.Memo(documentKey("whole"), func() any {
		doc, _ := v.Document("json")
		if !doc.IsKnown() || doc.IsNull() {
			doc = policy.FromDataSource(v.Value())
		}
		return policy.Parse(doc)
	}).(*policy.Document)
}

// statementAt is the block of the deciding statement, where it is known.
func statementAt(v *analyzer.View, own *policy.Document, r policy.Ruling) analyzer.Leaf {
	blocks, open := v.Elements("statement")
	if !open && r.Statement >= 0 && r.Statement < len(blocks) && len(blocks) == len(own.Statements) {
		return blocks[r.Statement].Here()
	}
	return v.Here()
}

// worse is the deciding ruling where both must hold.
func worse(a, b policy.Ruling) policy.Ruling {
	if b.Verdict < a.Verdict {
		return b
	}
	return a
}

// noManagedPolicy holds where no identity has an AWS managed policy.
//
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html
func noManagedPolicy(name string) cond {
	return says("nobody is granted "+name, byType(
		of(unnamed("policy_arn", name), "aws_iam_policy_attachment", "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment"),
		of(unnamed("managed_policy_arns", name), "aws_iam_role"),
		of(unnamed("managed_policy_arn", name), "aws_ssoadmin_managed_policy_attachment"),
		of(not(isLookup(name)), "data.aws_iam_policy"),
	))
}

// managedPolicyUsers lists the types that attach managed policies.
func managedPolicyUsers() []string {
	return on("aws_iam_policy_attachment", "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment",
		"aws_iam_group_policy_attachment", "aws_iam_role", "aws_ssoadmin_managed_policy_attachment", "data.aws_iam_policy")
}

// unnamed holds where no ARN at the path is the ARN of the AWS managed policy
// with the name. An identity of a managed resource is never the ARN of an AWS
// managed policy.
func unnamed(path, name string) cond {
	return analyzer.Func{
		Says:  path + " does not name " + name,
		Reads: append([]analyzer.Read{{Path: analyzer.ParsePath(path)}}, lookupReads()...),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			arns, open := v.Strings(path)
			for _, arn := range arns {
				if arn.Value.Type() == cty.String && isManagedPolicy(arn.Value.AsString(), name) {
					return v.Fail(arn)
				}
			}
			l := v.Attr(path)
			if open && lookedUp(v, path, name) {
				return v.Fail(l)
			}
			if open && !givenByResources(v.Unknown(l)) {
				return v.Unknown(l)
			}
			return v.Pass(l)
		},
	}
}

// lookedUp reports whether the ARN at the path surely comes from a data source
// that looks up the AWS managed policy with the name.
func lookedUp(v *analyzer.View, path, name string) bool {
	for _, link := range v.Targets(path, "data.aws_iam_policy") {
		if !link.Possible && v.Of(link.Resource).Judge(isLookup(name)).Verdict == analyzer.Pass {
			return true
		}
	}
	return false
}

func lookupReads() []analyzer.Read {
	return []analyzer.Read{
		{Type: "data.aws_iam_policy", Path: analyzer.ParsePath("arn"), Want: analyzer.StringKind},
		{Type: "data.aws_iam_policy", Path: analyzer.ParsePath("name"), Want: analyzer.StringKind},
	}
}

// isLookup holds where a data source looks up the AWS managed policy with the
// name.
func isLookup(name string) cond {
	return anyOf(attr("arn").Matches("arn:aws*:iam::aws:policy/"+name), attr("name").Equals(name))
}

func isManagedPolicy(arn, name string) bool {
	return strings.HasPrefix(arn, "arn:") && strings.HasSuffix(arn, ":iam::aws:policy/"+name)
}

// givenByResources reports whether all causes of an unknown are identities that
// managed resources get on creation.
func givenByResources(o analyzer.Outcome) bool { return givenBy(o, analyzer.CauseApply) }

// givenBy reports whether an unknown has causes, and only causes of these
// kinds.
func givenBy(o analyzer.Outcome, kinds ...analyzer.CauseKind) bool {
	for _, w := range o.Witnesses {
		for _, c := range w.Because {
			if !slices.Contains(kinds, c.Kind) {
				return false
			}
		}
		if len(w.Because) == 0 {
			return false
		}
	}
	return true
}
