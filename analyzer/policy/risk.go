package policy

import (
	"fmt"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// The judgements in this file cover the actions that an identity policy allows
// on every resource and without a condition, minus the actions that it denies
// in the same way. The classes are from Cloudsplaining:
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/privilege-escalation/

// NoPrivilegeEscalation rules that the statements together do not allow a set
// of actions by which a principal can extend its own permissions.
//
// https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
// https://pathfinding.cloud
func (d *Document) NoPrivilegeEscalation() Ruling {
	return d.forbidSets(escalations[:], "allows an escalation of privileges: %s on every resource")
}

// NoCredentialsExposure rules that no statement allows an action that returns
// credentials.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/credentials-exposure/
func (d *Document) NoCredentialsExposure() Ruling {
	return d.unconstrained(credentialActions[:], "allows %s, which returns credentials, on every resource")
}

// NoDataExfiltration rules that no statement allows reading the data of every
// bucket, parameter or secret.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/data-exfiltration/
func (d *Document) NoDataExfiltration() Ruling {
	return d.unconstrained(dataActions[:], "allows %s, which returns data, on every resource")
}

// NoPermissionsManagement rules that no statement allows changing who may use
// the resources of a service, or exposing them.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/resource-exposure/
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
func (d *Document) NoPermissionsManagement() Ruling {
	return d.unconstrained(permissionActions[:], "allows %s, which changes who has access, on every resource")
}

// NoUnconstrainedWrites rules that no statement allows changes or deletions on
// every resource where the action supports resource-level permissions. The kind
// of an action follows from its verb and, for services in common use, from
// AWS's reference, which also lists the actions without resource types.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/infrastructure-modification/
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func (d *Document) NoUnconstrainedWrites() Ruling {
	return d.forbidPatterns(writes, "allows writes on every resource: ")
}

// NoUnrestrictedResource rules that no statement allows actions on "*" that
// support resource-level permissions: the actions of NoUnconstrainedWrites, and
// reads.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
func (d *Document) NoUnrestrictedResource() Ruling {
	return d.forbidPatterns(func(t Text) analyzer.Verdict { return max(writes(t), readsData(t)) },
		"allows on every resource actions that could be limited to some: ")
}

// free judges whether the statement allows its actions on every resource and
// without a condition.
func (s *Statement) free() analyzer.Verdict {
	return s.unbound(Allow)
}

func (s *Statement) unbound(e Effect) analyzer.Verdict {
	has := s.has(e)
	if has == analyzer.Fail {
		return has
	}
	return min(has, -s.conditional(), s.onEverything())
}

// granted judges whether an action is allowed freely, and returns the statement
// that allows it.
func (d *Document) granted(action string, free, denied []analyzer.Verdict) (analyzer.Verdict, int) {
	best, at := analyzer.Fail, -1
	for i := range d.Statements {
		if free[i] == analyzer.Fail {
			continue
		}
		if v := min(free[i], d.Statements[i].does(action)); v > best {
			best, at = v, i
		}
	}
	if d.Open {
		return analyzer.Unknown, at // an unseen statement may allow or deny it
	}
	for i := range d.Statements {
		if denied[i] != analyzer.Fail {
			best = min(best, -min(denied[i], d.Statements[i].does(action)))
		}
	}
	return best, at
}

func (d *Document) unboundBy(e Effect) []analyzer.Verdict {
	verdicts := make([]analyzer.Verdict, len(d.Statements))
	for i := range d.Statements {
		verdicts[i] = d.Statements[i].unbound(e)
	}
	return verdicts
}

// unconstrained rules that none of the actions is granted freely.
func (d *Document) unconstrained(actions []string, does string) Ruling {
	free, denied := d.unboundBy(Allow), d.unboundBy(Deny)
	unknown := ruling(analyzer.Pass)
	if d.Open {
		unknown = ruling(analyzer.Unknown)
	}
	for _, action := range actions {
		v, at := d.granted(action, free, denied)
		switch {
		case v == analyzer.Pass:
			return d.at(at, analyzer.Fail, fmt.Sprintf(does, action))
		case v == analyzer.Unknown && at >= 0 && unknown.Statement < 0:
			unknown = d.at(at, analyzer.Unknown, "")
		}
	}
	return unknown
}

// forbidSets rules that no set of actions is granted freely as a whole. It
// names the statement that grants the set's first action.
func (d *Document) forbidSets(sets [][]string, does string) Ruling {
	free, denied := d.unboundBy(Allow), d.unboundBy(Deny)
	unknown := ruling(analyzer.Pass)
	if d.Open {
		unknown = ruling(analyzer.Unknown)
	}
	for _, set := range sets {
		v, at := d.grantedSet(set, free, denied)
		switch {
		case v == analyzer.Pass:
			return d.at(at, analyzer.Fail, fmt.Sprintf(does, strings.Join(set, " and ")))
		case v == analyzer.Unknown && unknown.Verdict == analyzer.Pass:
			if unknown = ruling(analyzer.Unknown); at >= 0 {
				unknown = d.at(at, analyzer.Unknown, "")
			}
		}
	}
	return unknown
}

func (d *Document) grantedSet(set []string, free, denied []analyzer.Verdict) (analyzer.Verdict, int) {
	all, first := analyzer.Pass, -1
	for _, action := range set {
		v, at := d.granted(action, free, denied)
		if v == analyzer.Fail {
			return v, -1
		}
		if first < 0 {
			first = at
		}
		all = min(all, v)
	}
	return all, first
}

// forbidPatterns rules that no statement freely allows a pattern of a kind.
// NotAction allows every kind.
func (d *Document) forbidPatterns(kind func(Text) analyzer.Verdict, does string) Ruling {
	named := ""
	r := d.forbid(func(s *Statement) analyzer.Verdict {
		free := s.free()
		if free == analyzer.Fail {
			return free
		}
		some := min(s.Actions.Present, s.Actions.any(kind))
		if some == analyzer.Pass {
			named = s.firstAction(kind)
		}
		if v := max(some, s.NotActions.Present); v != analyzer.Fail || s.Actions.Present == analyzer.Pass {
			return min(free, v)
		}
		return min(free, analyzer.Unknown) // neither Action nor NotAction
	}, "")
	if r.Verdict != analyzer.Fail {
		return r
	}
	if s := &d.Statements[r.Statement]; s.NotActions.Present == analyzer.Pass {
		named = "all but those of NotAction"
	}
	r.Says = r.name() + " " + does + named
	return r
}

func (s *Statement) firstAction(kind func(Text) analyzer.Verdict) string {
	for _, t := range s.Actions.Values {
		if kind(t) == analyzer.Pass {
			return t.Value
		}
	}
	return ""
}

// --- what an action does

// writes judges whether a pattern includes actions that change something and
// support resource-level permissions.
func writes(t Text) analyzer.Verdict {
	name, exact, ok := actionName(t)
	service, _, _ := strings.Cut(t.Value, ":")
	switch {
	case !ok:
		return analyzer.Unknown
	case exact:
		return claim(isWrite(service, name) && !include(boundless[:], service, name, true))
	case t.Partial && isRead(name) && t.touches(silentWrites[:]) == analyzer.Fail:
		return analyzer.Fail
	case t.Partial:
		return analyzer.Unknown
	}
	return claim(!isRead(name) && !boundlessService(t.Value) &&
		!include(boundless[:], service, name, false) && !include(silentReads[:], service, name, false))
}

// isWrite reports whether an action changes something.
func isWrite(service, name string) bool {
	if isRead(name) {
		return include(silentWrites[:], service, name, true)
	}
	return !include(silentReads[:], service, name, true)
}

// readsData judges whether a pattern includes an action that reads and supports
// resource-level permissions. ec2:Describe* counts as not supporting them, as
// only a few of its actions, about single attributes, do.
func readsData(t Text) analyzer.Verdict {
	if strings.EqualFold(t.Value, "ec2:Describe*") && !t.Partial {
		return analyzer.Fail
	}
	return t.touches(readActions[:])
}

// actionName is the literal part of an action's name, without its service. ok
// is false where the service is unknown or missing.
func actionName(t Text) (name string, exact, ok bool) {
	if strings.Trim(t.Value, "*") == "" {
		return "", false, !t.Partial
	}
	_, name, found := strings.Cut(t.Value, ":")
	if !found {
		return "", false, !t.Partial && strings.Contains(t.Value, "*")
	}
	if i := strings.IndexAny(name, "*?"); i >= 0 {
		return name[:i], false, true
	}
	return name, !t.Partial, true
}

// isRead reports whether the verb shows that an action only reads or lists.
func isRead(name string) bool {
	for _, verb := range readVerbs {
		if len(name) >= len(verb) && strings.EqualFold(name[:len(verb)], verb) {
			return true
		}
	}
	return false
}

// boundlessService reports whether no writing action of a pattern's service has
// resource types.
func boundlessService(pattern string) bool {
	service, _, _ := strings.Cut(pattern, ":")
	return strings.EqualFold(service, "ec2messages") || strings.EqualFold(service, "ssmmessages")
}
