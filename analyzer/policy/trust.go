package policy

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// TrustsNamed rules that a role's trust policy allows only named principals to
// assume the role. The conditions that narrow a resource policy also narrow it;
// an external ID does not, as it only distinguishes the customers of one
// principal. FederationConfined covers federated users.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-iam-role
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
func (d *Document) TrustsNamed() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return d.opens(s, max(s.Principals.any(isAnyone), s.NotPrincipals.Present))
	}, "lets everyone assume the role")
}

func isAnyone(p Principal) analyzer.Verdict {
	if p.Kind == Federated {
		return analyzer.Fail
	}
	return isEveryone(p)
}

// NoAccountTrust rules that no statement allows all principals of an account:
// its number, or its root ARN. A condition on the principal confines it. The
// account itself must still allow its users and roles.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func (d *Document) NoAccountTrust() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return min(s.Principals.any(isAccount), -s.Conditions.any(namesPrincipal))
	}, "allows every principal of an account")
}

func isAccount(p Principal) analyzer.Verdict {
	if p.Kind != AWS {
		return analyzer.Fail
	}
	return max(isNumber(p.ID), isRoot(p.ID))
}

func isNumber(t Text) analyzer.Verdict {
	if strings.Trim(t.Value, "0123456789") != "" || len(t.Value) > 12 {
		return analyzer.Fail
	}
	if t.Partial {
		return analyzer.Unknown
	}
	return claim(len(t.Value) == 12)
}

func isRoot(t Text) analyzer.Verdict {
	if arn := arnOf(t.Value); arn.whole {
		return Text{Value: arn.resource, Partial: t.Partial}.is("root")
	}
	if t.Partial {
		return analyzer.Unknown
	}
	return analyzer.Fail
}

func namesPrincipal(c *Condition) analyzer.Verdict {
	for _, key := range [...]string{"aws:PrincipalArn", "aws:userid", "aws:PrincipalTag/"} {
		if len(c.Key) >= len(key) && strings.EqualFold(c.Key[:len(key)], key) {
			return claim(!c.IfExists && compares(c.Operator, anyWildcard, false))
		}
	}
	return analyzer.Fail
}

// NoCrossAccount rules that no statement allows an account other than the given
// one, by number or ARN, nor everyone. Without an account, the owner of an
// account number is unknown.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
func (d *Document) NoCrossAccount(own string) Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		foreign := s.Principals.any(func(p Principal) analyzer.Verdict { return p.foreign(own) })
		return max(foreign, d.opens(s, s.forEveryone()))
	}, "allows another account")
}

func (p Principal) foreign(own string) analyzer.Verdict {
	if p.Kind != AWS {
		return analyzer.Fail
	}
	account, whole := p.account()
	switch {
	case !whole:
		return claimUnless(p.ID.Partial)
	case own == "":
		return analyzer.Unknown
	}
	return claim(account != own)
}

// claimUnless is Fail, or Unknown where the text may continue.
func claimUnless(partial bool) analyzer.Verdict {
	if partial {
		return analyzer.Unknown
	}
	return analyzer.Fail
}

// account is the account number of an AWS principal, where it is fully known.
func (p Principal) account() (number string, whole bool) {
	if arn := arnOf(p.ID.Value); arn.whole {
		return arn.account, arn.account != "" && !loose(arn.account)
	}
	return p.ID.Value, !p.ID.Partial && isNumber(p.ID) == analyzer.Pass
}

// ServicesConfined rules that every statement of a resource policy that allows
// an AWS service names an account, organization or resource: otherwise the
// service could act for another customer.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (d *Document) ServicesConfined() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		service := s.Principals.any(func(p Principal) analyzer.Verdict { return claim(p.Kind == Service) })
		return min(service, -s.Conditions.any(namesSource))
	}, "allows a service on behalf of any account")
}

func namesSource(c *Condition) analyzer.Verdict {
	for _, key := range [...]string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"} {
		if strings.EqualFold(c.Key, key) {
			return narrows(c)
		}
	}
	return analyzer.Fail
}

// --- federation

// FederationConfined rules that a trust policy names the subjects of an OIDC
// provider that may assume the role, where everyone can have a subject at the
// provider. For GitHub that is a claim that begins with an owner or a
// repository: anybody can choose the other claims freely in a repository of
// their own.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
// https://docs.github.com/en/actions/reference/security/oidc
func (d *Document) FederationConfined() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		open := s.Principals.any(func(p Principal) analyzer.Verdict { return s.admits(p) })
		return open
	}, "lets any subject of a shared identity provider assume the role")
}

// FederatesGitHub judges whether a statement allows GitHub Actions.
func (d *Document) FederatesGitHub() analyzer.Verdict {
	verdict, _ := d.some(func(s *Statement) analyzer.Verdict {
		github := s.Principals.any(func(p Principal) analyzer.Verdict {
			return min(claim(p.Kind == Federated), p.ID.ofProvider(sharedProviders[0].host))
		})
		return min(s.has(Allow), github)
	})
	return verdict
}

// A provider is shared by many tenants. It has the claims that identify a
// tenant, and the required prefixes of their values.
type provider struct {
	host   string
	claims []claimForm
}

type claimForm struct{ name, prefix string } // in the prefix, + is a name without a wildcard

var sharedProviders = [...]provider{
	{"token.actions.githubusercontent.com", []claimForm{ // https://docs.github.com/en/actions/reference/security/oidc
		{"sub", "repo:+/"}, {"sub", "repository:+/"}, {"sub", "repository_id:+"}, {"sub", "repository_owner:+"},
		{"sub", "repository_owner_id:+"}, {"sub", "job_workflow_ref:+/"}, {"sub", "enterprise:+"}, {"sub", "enterprise_id:+"},
		{"repository", "+/"}, {"repository_id", "+"}, {"repository_owner", "+"}, {"repository_owner_id", "+"},
		{"job_workflow_ref", "+/"}, {"enterprise", "+"}, {"enterprise_id", "+"},
	}},
	{"gitlab.com", []claimForm{{"sub", "project_path:+/"}}},                         // https://docs.gitlab.com/ci/cloud_services/aws/
	{"app.terraform.io", []claimForm{{"sub", "organization:+:"}}},                   // https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
	{"accounts.google.com", []claimForm{{"aud", "+"}, {"sub", "+"}, {"oaud", "+"}}}, // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
	{"cognito-identity.amazonaws.com", []claimForm{{"aud", "+"}, {"sub", "+"}}},     // the same
	{"graph.facebook.com", []claimForm{{"app_id", "+"}, {"id", "+"}}},               // the same
	{"www.amazon.com", []claimForm{{"app_id", "+"}, {"user_id", "+"}}},              // the same
}

// ofProvider judges whether a federated principal is a provider, by name or by
// the ARN of the provider in the account.
func (t Text) ofProvider(host string) analyzer.Verdict {
	name := t
	if _, after, ok := strings.Cut(t.Value, ":oidc-provider/"); ok {
		name.Value = after
	} else if t.Partial && (t.Value == "" || strings.HasPrefix("arn:", t.Value) || strings.HasPrefix(t.Value, "arn:")) {
		return analyzer.Unknown
	}
	return name.is(host)
}

// admits judges whether the statement accepts any subject of a shared provider.
func (s *Statement) admits(p Principal) analyzer.Verdict {
	if p.Kind != Federated {
		return analyzer.Fail
	}
	verdict := analyzer.Fail
	for i := range sharedProviders {
		of := &sharedProviders[i]
		is := p.ID.ofProvider(of.host)
		if is == analyzer.Unknown && s.Conditions.any(of.named) == analyzer.Pass {
			is = analyzer.Pass // no other provider sets these keys
		}
		if is == analyzer.Fail {
			continue
		}
		confined := s.Conditions.any(func(c *Condition) analyzer.Verdict { return of.confines(c) })
		verdict = max(verdict, min(is, -confined))
	}
	return verdict
}

// named judges whether a condition is on a claim of the provider.
func (p *provider) named(c *Condition) analyzer.Verdict {
	host, _, ok := cutLast(c.Key, ":")
	return claim(ok && strings.EqualFold(host, p.host))
}

func (p *provider) confines(c *Condition) analyzer.Verdict {
	host, name, ok := cutLast(c.Key, ":")
	if !ok || !strings.EqualFold(host, p.host) || c.IfExists || strings.EqualFold(c.Set, "ForAllValues") ||
		!compares(c.Operator, anyWildcard, false) {
		return analyzer.Fail
	}
	return min(c.Values.Present, c.Values.all(func(t Text) analyzer.Verdict { return p.tenant(name, t) }))
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// tenant judges whether the value of a claim identifies a tenant.
func (p *provider) tenant(name string, t Text) analyzer.Verdict {
	verdict := analyzer.Fail
	for _, form := range p.claims {
		if strings.EqualFold(form.name, name) {
			verdict = max(verdict, form.begins(t))
		}
	}
	return verdict
}

func (f claimForm) begins(t Text) analyzer.Verdict {
	before, after, _ := strings.Cut(f.prefix, "+")
	rest, ok := strings.CutPrefix(t.Value, before)
	if !ok {
		return claimUnless(t.Partial && strings.HasPrefix(before, t.Value))
	}
	if after == "" {
		switch {
		case strings.HasPrefix(rest, "*") || strings.HasPrefix(rest, "?"), rest == "" && !t.Partial:
			return analyzer.Fail
		case t.Partial:
			return analyzer.Unknown
		}
		return claim(!loose(rest))
	}
	name, _, ok := strings.Cut(rest, after)
	switch {
	case ok:
		return claim(name != "" && !loose(name))
	case loose(rest):
		return analyzer.Fail
	}
	return claimUnless(t.Partial)
}
