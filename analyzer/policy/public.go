package policy

import (
	"net/netip"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// NotPublic rules that no statement of a resource policy allows everyone: the
// principal "*", {"AWS": "*"} or all but some, unless a condition, or a Deny
// statement for everyone, restricts it to fixed principals, networks or
// sources. A value with a wildcard is not fixed, but an ARN with a fixed
// account is: in this, the rule is milder than S3's block of public policies.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
// https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html#what-is-a-public-policy
func (d *Document) NotPublic() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return d.opens(s, s.forEveryone())
	}, "allows everyone")
}

// opens judges whether a statement that may apply to everyone allows everyone.
func (d *Document) opens(s *Statement, everyone analyzer.Verdict) analyzer.Verdict {
	allowed := min(s.has(Allow), everyone)
	if allowed == analyzer.Fail {
		return allowed
	}
	if allowed = min(allowed, -s.Conditions.any(narrows)); allowed == analyzer.Fail {
		return allowed
	}
	return min(allowed, -d.guards(s))
}

// NoWildcardPrincipal rules that no statement allows the principal "*" or
// {"AWS": "*"}, whatever its conditions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
func (d *Document) NoWildcardPrincipal() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.Principals.any(isEveryone)
	}, "allows any principal")
}

func (p Principals) any(judge func(Principal) analyzer.Verdict) analyzer.Verdict {
	verdict := analyzer.Fail
	for _, one := range p.Values {
		verdict = max(verdict, judge(one))
	}
	if p.Open || p.Present == analyzer.Unknown {
		verdict = max(verdict, analyzer.Unknown)
	}
	return min(p.Present, verdict)
}

// forEveryone judges whether the statement applies to everyone; NotPrincipal
// applies to everyone with exceptions.
func (s *Statement) forEveryone() analyzer.Verdict {
	return max(s.Principals.any(isEveryone), s.NotPrincipals.Present)
}

// isEveryone judges one principal. Part of an ARN cannot be a wildcard in a
// valid policy; a wildcard account means everyone.
func isEveryone(p Principal) analyzer.Verdict {
	switch p.Kind {
	case Everyone, AWS:
		return -fixed(p.ID, accountArn)
	case Service:
		return startsWithStar(p.ID)
	case Federated:
		return isPublicProvider(p.ID)
	case OtherPrincipal:
		return min(analyzer.Unknown, -fixed(p.ID, anyWildcard))
	}
	return analyzer.Fail // canonical users are single accounts
}

func startsWithStar(t Text) analyzer.Verdict {
	if t.Partial && t.Value == "" {
		return analyzer.Unknown
	}
	return claim(strings.HasPrefix(t.Value, "*"))
}

// isPublicProvider recognises the identity providers at which everyone can sign
// up. S3 calls one of them public.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
func isPublicProvider(t Text) analyzer.Verdict {
	verdict := startsWithStar(t)
	for _, name := range [...]string{"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"} {
		verdict = max(verdict, t.is(name))
	}
	return verdict
}

// --- narrowing conditions

// A comparison is the form of a condition value that narrows a statement.
type comparison int8

const (
	anyWildcard comparison = iota // no wildcard at all
	accountArn                    // an ARN may have wildcards outside its account, or its bucket
	orgPath                       // o-1/r-2/*: the organization is fixed
	roleID                        // AROAID:*: the role is fixed
	network                       // an address range that is not very broad
	truth                         // true
)

// A narrowing key restricts a statement to fixed principals, networks or
// sources.
type narrowing struct {
	key  string
	form comparison
}

// narrowingKeys are the keys of the two pages at NotPublic, later AWS keys with
// the same meaning, and equivalent keys of single services.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
// https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
var narrowingKeys = [...]narrowing{ // in the order of their names
	{"aws:ec2instancesourcevpc", anyWildcard},
	{"aws:principalaccount", anyWildcard},
	{"aws:principalarn", accountArn},
	{"aws:principalisawsservice", truth},
	{"aws:principalorgid", anyWildcard},
	{"aws:principalorgpaths", orgPath},
	{"aws:principalservicename", anyWildcard},
	{"aws:sourceaccount", anyWildcard},
	{"aws:sourcearn", accountArn},
	{"aws:sourceip", network},
	{"aws:sourceorgid", anyWildcard},
	{"aws:sourceorgpaths", orgPath},
	{"aws:sourceowner", anyWildcard},
	{"aws:sourcevpc", anyWildcard},
	{"aws:sourcevpcarn", accountArn},
	{"aws:sourcevpce", anyWildcard},
	{"aws:userid", roleID},
	{"aws:vpceaccount", anyWildcard},
	{"aws:vpceorgid", anyWildcard},
	{"aws:vpceorgpaths", orgPath},
	{"ec2:sourceinstancearn", accountArn},
	{"elasticfilesystem:accessedviamounttarget", truth},
	{"kms:calleraccount", anyWildcard},
	{"lambda:eventsourcetoken", anyWildcard},
	{"lambda:sourcefunctionarn", accountArn},
	{"s3:dataaccesspointaccount", anyWildcard},
	{"s3:dataaccesspointarn", accountArn},
	{"s3:x-amz-server-side-encryption-aws-kms-key-id", anyWildcard},
	{"sns:endpoint", anyWildcard},
}

func narrowingOf(key string) (comparison, bool) {
	for _, n := range narrowingKeys {
		if strings.EqualFold(n.key, key) {
			return n.form, true
		}
	}
	return 0, false
}

// narrows judges whether a condition of an Allow statement restricts it to
// fixed values. With IfExists or ForAllValues the condition also holds where
// the key is missing, as it is for strangers.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func narrows(c *Condition) analyzer.Verdict {
	form, ok := narrowingOf(c.Key)
	if !ok || c.IfExists || strings.EqualFold(c.Set, "ForAllValues") || !compares(c.Operator, form, false) {
		return analyzer.Fail
	}
	return min(c.Values.Present, c.fixedValues(form))
}

func (c *Condition) fixedValues(form comparison) analyzer.Verdict {
	return c.Values.all(func(t Text) analyzer.Verdict {
		if c.literal() {
			return fixedLiteral(t, form)
		}
		return fixed(t, form)
	})
}

// literal reports whether wildcards in the values have no meaning, so that only
// variables make the values loose.
func (c *Condition) literal() bool {
	return strings.HasPrefix(c.Operator, "string") && !strings.HasSuffix(c.Operator, "like")
}

// compares reports whether an operator compares keys of a form.
func compares(operator string, form comparison, negated bool) bool {
	positive := strings.Replace(operator, "not", "", 1)
	if (positive != operator) != negated {
		return false
	}
	switch form {
	case network:
		return positive == "ipaddress"
	case truth:
		return positive == "bool" || positive == "stringequals"
	}
	switch positive {
	case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike":
		return true
	}
	return false
}

// fixedLiteral judges a value in which * is a plain character. AWS's own check
// treats wildcards as loose even there, and no real value contains one.
func fixedLiteral(t Text, form comparison) analyzer.Verdict {
	if form == accountArn || form == orgPath || form == roleID {
		form = anyWildcard
	}
	return fixed(t, form)
}

// fixed judges whether a value matches one thing, or a narrow range.
func fixed(t Text, form comparison) analyzer.Verdict {
	switch form {
	case network:
		return narrowNetwork(t)
	case truth:
		return t.is("true")
	case accountArn:
		if fixedAccount(t) {
			return analyzer.Pass
		}
	case orgPath:
		if org, _, ok := strings.Cut(t.Value, "/"); ok && !loose(org) {
			return analyzer.Pass
		}
	case roleID:
		if id, _, ok := strings.Cut(t.Value, ":"); ok && !loose(id) {
			return analyzer.Pass
		}
	}
	switch {
	case t.Partial && t.Fixed && !loose(t.Value):
		return analyzer.Pass
	case t.Partial && (form != anyWildcard || !loose(t.Value)):
		return analyzer.Unknown // the rest may make it fixed or loose
	case loose(t.Value):
		return analyzer.Fail
	}
	return analyzer.Pass
}

// loose reports whether a value has a wildcard or a policy variable.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func loose(s string) bool { return strings.ContainsAny(s, "*?") || strings.Contains(s, "${") }

// fixedAccount reports whether an ARN has a fixed account or, for S3, whose
// ARNs have no account, a fixed bucket.
func fixedAccount(t Text) bool {
	arn := arnOf(t.Value)
	if !arn.whole {
		return false
	}
	if arn.account != "" && !loose(arn.account) {
		return true
	}
	bucket, _, whole := strings.Cut(arn.resource, "/")
	return arn.service == "s3" && (whole || !t.Partial) && bucket != "" && !loose(bucket)
}

// narrowNetwork judges an address range: a range broader than /8, or /32 for
// IPv6, is everyone.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func narrowNetwork(t Text) analyzer.Verdict {
	if t.Partial {
		return analyzer.Unknown
	}
	if addr, err := netip.ParseAddr(t.Value); err == nil {
		return claim(addr.IsValid())
	}
	prefix, err := netip.ParsePrefix(t.Value)
	switch {
	case err != nil:
		return analyzer.Unknown
	case prefix.Addr().Is4():
		return claim(prefix.Bits() >= 8)
	}
	return claim(prefix.Bits() >= 32)
}

// --- guards

// guards judges whether a Deny statement denies strangers what a statement
// allows: it applies to everyone, covers the same actions and resources, and
// its only conditions exempt fixed principals, networks or sources.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func (d *Document) guards(s *Statement) analyzer.Verdict {
	verdict, _ := d.some(func(deny *Statement) analyzer.Verdict {
		has := deny.has(Deny)
		if has == analyzer.Fail {
			return has
		}
		return min(has, deny.deniesStrangers(), covers(deny.Actions, s.Actions),
			covers(deny.Resources, s.Resources), deny.Conditions.all(spares))
	})
	return verdict
}

func (s *Statement) deniesStrangers() analyzer.Verdict {
	all := s.Principals.any(func(p Principal) analyzer.Verdict {
		if p.Kind != Everyone && p.Kind != AWS {
			return analyzer.Fail
		}
		return p.ID.is("*")
	})
	return max(all, min(s.NotPrincipals.Present, -s.NotPrincipals.any(isEveryone)))
}

// covers judges whether each pattern of a list is within a pattern of another
// list. Where neither is written, both are the policy's own resource.
func covers(wide, narrow List) analyzer.Verdict {
	if wide.Present == analyzer.Fail {
		return -narrow.Present
	}
	whole := wide.matches(anything + ":" + anything)
	if narrow.Present == analyzer.Fail {
		return min(wide.Present, max(whole, analyzer.Unknown))
	}
	each := narrow.all(func(n Text) analyzer.Verdict {
		return wide.any(func(w Text) analyzer.Verdict { return within(n, w) })
	})
	return min(wide.Present, max(whole, min(each, narrow.Present)))
}

func within(narrow, wide Text) analyzer.Verdict {
	if !narrow.Partial {
		return wide.matches(narrow.Value)
	}
	return max(analyzer.Unknown, wide.matches(narrow.Value+anything))
}

// spares judges whether a condition of a Deny statement exempts only fixed
// principals, networks or sources, or AWS services.
func spares(c *Condition) analyzer.Verdict {
	if strings.EqualFold(c.Key, "aws:PrincipalIsAWSService") || strings.EqualFold(c.Key, "aws:ViaAWSService") {
		return min(claim(c.Operator == "bool"), c.Values.all(func(t Text) analyzer.Verdict { return t.is("false") }))
	}
	form, ok := narrowingOf(c.Key)
	if !ok || c.Set != "" || !compares(c.Operator, form, true) {
		return analyzer.Fail
	}
	return min(c.Values.Present, c.fixedValues(form))
}
