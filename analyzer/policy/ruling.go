package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// A Ruling is a judgement of a document, with the deciding statement. Verdict
// is the verdict on the requirement: Fail where a statement violates it.
type Ruling struct {
	Verdict   analyzer.Verdict
	Statement int    // index of the deciding statement; -1: no single one
	Sid       string // its Sid; empty where it has none
	Says      string // the fault, for a Fail: `statement "All" allows every action on every resource`
}

// ruling is a ruling that no statement decided.
func ruling(v analyzer.Verdict) Ruling { return Ruling{Verdict: v, Statement: -1} }

// at is a ruling that a statement decided.
func (d *Document) at(i int, v analyzer.Verdict, does string) Ruling {
	r := Ruling{Verdict: v, Statement: i, Sid: d.Statements[i].Sid}
	if v == analyzer.Fail {
		r.Says = r.name() + " " + does
	}
	return r
}

// name is the name of the deciding statement in a message: its Sid, else its
// position, counted from 1.
func (r Ruling) name() string {
	if r.Sid != "" {
		return fmt.Sprintf("statement %q", analyzer.Brief(r.Sid))
	}
	return fmt.Sprintf("statement %d", r.Statement+1)
}

// forbid rules that no statement is bad. It fails at the first bad statement,
// and is unknown at the first that may be bad, or where statements may be
// missing.
func (d *Document) forbid(bad func(*Statement) analyzer.Verdict, does string) Ruling {
	unknown := -1
	for i := range d.Statements {
		switch bad(&d.Statements[i]) {
		case analyzer.Pass:
			return d.at(i, analyzer.Fail, does)
		case analyzer.Unknown:
			if unknown < 0 {
				unknown = i
			}
		}
	}
	switch {
	case unknown >= 0:
		return d.at(unknown, analyzer.Unknown, "")
	case d.Open:
		return ruling(analyzer.Unknown)
	}
	return ruling(analyzer.Pass)
}

// forbidGrant rules that no granting statement is bad.
func (d *Document) forbidGrant(bad func(*Statement) analyzer.Verdict, does string) Ruling {
	return d.forbid(func(s *Statement) analyzer.Verdict {
		has := s.has(Allow)
		if has == analyzer.Fail {
			return has
		}
		return min(has, bad(s))
	}, does)
}

// demand rules that some statement is good.
func (d *Document) demand(good func(*Statement) analyzer.Verdict, lacks string) Ruling {
	r := d.forbid(good, "")
	r.Verdict, r.Says = -r.Verdict, ""
	if r.Verdict == analyzer.Fail {
		r.Says = lacks
	}
	return r
}

// some is the best verdict over the statements, and the first statement with
// it.
func (d *Document) some(judge func(*Statement) analyzer.Verdict) (analyzer.Verdict, int) {
	best, at := analyzer.Fail, -1
	for i := range d.Statements {
		if v := judge(&d.Statements[i]); v > best {
			best, at = v, i
		}
		if best == analyzer.Pass {
			break
		}
	}
	if d.Open && best == analyzer.Fail {
		best = analyzer.Unknown
	}
	return best, at
}

// --- identity policies

// NoFullAccess rules that no statement allows every action on every resource. A
// condition makes no difference: the statement still grants administration.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1
func (d *Document) NoFullAccess() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return min(s.doesEverything(), s.Resources.Present, s.Resources.matches(anyResource))
	}, "allows every action on every resource")
}

// NoWildcardAction rules that no statement allows every action, on any
// resource.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
func (d *Document) NoWildcardAction() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.doesEverything()
	}, "allows every action")
}

// NoServiceWildcard rules that no statement allows every action of a service on
// every resource: "iam:*". Without services it covers any service that a
// statement names.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21
func (d *Document) NoServiceWildcard(services ...string) Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return min(s.wholeService(services), max(s.onEverything(), s.onAllOf(services)))
	}, "allows every action of "+serviceNames(services)+" on every resource")
}

// NoWholeService is NoServiceWildcard for any resource: for the policy of one
// resource, such as a queue.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
func (d *Document) NoWholeService(services ...string) Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.wholeService(services)
	}, "allows every action of "+serviceNames(services))
}

// onAllOf judges whether the statement applies to every resource of a service
// in an account: "arn:aws:iam::123456789012:*".
func (s *Statement) onAllOf(services []string) analyzer.Verdict {
	if s.Resources.Present == analyzer.Fail || len(services) == 0 {
		return analyzer.Fail
	}
	return min(s.Resources.Present, s.Resources.any(func(t Text) analyzer.Verdict { return t.isAllOf(services) }))
}

func (t Text) isAllOf(services []string) analyzer.Verdict {
	part := strings.SplitN(t.Value, ":", 6) // arn, partition, service, region, account, resource
	switch {
	case len(part) > 3 && !slices.Contains(services, part[2]):
		return analyzer.Fail
	case len(part) == 6 && strings.Trim(part[5], "*") != "":
		return analyzer.Fail
	case t.Partial:
		return claimUnless(strings.HasPrefix("arn:", t.Value) || part[0] == "arn")
	}
	return claim(len(part) == 6 && part[5] != "")
}

func serviceNames(services []string) string {
	if len(services) == 0 {
		return "a service"
	}
	return strings.Join(services, " or ")
}

func (s *Statement) wholeService(services []string) analyzer.Verdict {
	if len(services) == 0 {
		return min(s.Actions.Present, s.Actions.any(isWholeService))
	}
	verdict := analyzer.Fail
	for _, name := range services {
		verdict = max(verdict, s.does(name+":"+anything))
	}
	return verdict
}

// isWholeService recognises "s3:*" and "*".
func isWholeService(t Text) analyzer.Verdict {
	service, action, ok := strings.Cut(t.Value, ":")
	switch {
	case t.Partial && (!ok || strings.Trim(action, "*") == ""):
		return analyzer.Unknown
	case t.Partial:
		return analyzer.Fail
	case !ok:
		return claim(service != "" && strings.Trim(service, "*") == "")
	}
	return claim(action != "" && strings.Trim(action, "*") == "")
}

// NoAllowNotAction rules that no statement allows all but some actions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
func (d *Document) NoAllowNotAction() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.NotActions.Present
	}, "allows every action but those of NotAction")
}

// NoAllowNotResource rules that no statement allows its actions on all but
// some resources.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
func (d *Document) NoAllowNotResource() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.NotResources.Present
	}, "allows its actions on every resource but those of NotResource")
}

// NoAllowNotPrincipal rules that no statement allows its actions to everyone
// with exceptions.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (d *Document) NoAllowNotPrincipal() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return s.NotPrincipals.Present
	}, "allows everyone but the principals of NotPrincipal")
}

// PassRoleConfined rules that no statement allows passing every role, unless a
// condition confines it (iam:PassedToService).
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func (d *Document) PassRoleConfined() Ruling {
	return d.forbidGrant(func(s *Statement) analyzer.Verdict {
		return min(s.does("iam:PassRole"), s.onEveryRole(), -s.conditional())
	}, "allows iam:PassRole on every role")
}

// onEveryRole judges whether the statement applies to every role, in one
// account or in all.
func (s *Statement) onEveryRole() analyzer.Verdict {
	return pair(s.Resources, s.NotResources, func(l List) analyzer.Verdict { return l.any(isEveryRole) })
}

func isEveryRole(t Text) analyzer.Verdict {
	if arn := arnOf(t.Value); arn.account != "" && !loose(arn.account) {
		if !arn.whole {
			return claimUnless(t.Partial)
		}
		t.Value = t.Value[:len(t.Value)-len(arn.account)-len(arn.resource)-1] + "*:" + arn.resource
	}
	return t.matches("arn:aws:iam::" + anything + ":role/" + anything)
}

// ActionConfined rules that no statement allows an action on every resource
// without a condition: "kms:Decrypt".
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
func (d *Document) ActionConfined(action string) Ruling {
	return d.unconstrained([]string{action}, "allows %s on every resource")
}
