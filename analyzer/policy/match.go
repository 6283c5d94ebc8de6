package policy

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// anything is a text that no author writes: a pattern that matches it matches
// every text in its position.
const anything = "\x00\x00\x00\x00"

// matches judges whether the text, as a pattern, matches a string. In patterns,
// * stands for any text and ? for one character; action names match
// case-insensitively, and no two resources here differ only in case.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (t Text) matches(s string) analyzer.Verdict {
	switch {
	case !wildcard(t.Value, s, t.Partial):
		return analyzer.Fail
	case t.Partial:
		return analyzer.Unknown
	}
	return analyzer.Pass
}

// wildcard matches a pattern; an open pattern may continue with any text.
func wildcard(pattern, s string, open bool) bool {
	p, i := 0, 0
	star, retry := -1, 0
	for {
		switch {
		case p == len(pattern) && (open || i == len(s)):
			return true
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, i
			p++
		case p < len(pattern) && i < len(s) && (pattern[p] == '?' || fold(pattern[p]) == fold(s[i])):
			p, i = p+1, i+1
		case star >= 0 && retry < len(s):
			retry++
			p, i = star+1, retry
		default:
			return false
		}
	}
}

func fold(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// any is the best verdict over the values; more values may follow.
func (l List) any(judge func(Text) analyzer.Verdict) analyzer.Verdict {
	verdict := analyzer.Fail
	for _, t := range l.Values {
		if verdict = max(verdict, judge(t)); verdict == analyzer.Pass {
			return verdict
		}
	}
	if l.Open || l.Present == analyzer.Unknown {
		verdict = max(verdict, analyzer.Unknown)
	}
	return verdict
}

// all is the worst verdict over the values.
func (l List) all(judge func(Text) analyzer.Verdict) analyzer.Verdict {
	return -l.any(func(t Text) analyzer.Verdict { return -judge(t) })
}

func (l List) matches(s string) analyzer.Verdict {
	verdict := analyzer.Fail
	for _, t := range l.Values {
		if verdict = max(verdict, t.matches(s)); verdict == analyzer.Pass {
			return verdict
		}
	}
	if l.Open || l.Present == analyzer.Unknown {
		verdict = max(verdict, analyzer.Unknown)
	}
	return verdict
}

// is judges whether the text equals a string, case-insensitively.
func (t Text) is(s string) analyzer.Verdict {
	if t.Partial {
		if len(t.Value) <= len(s) && strings.EqualFold(t.Value, s[:len(t.Value)]) {
			return analyzer.Unknown
		}
		return analyzer.Fail
	}
	return claim(strings.EqualFold(t.Value, s))
}

func claim(b bool) analyzer.Verdict {
	if b {
		return analyzer.Pass
	}
	return analyzer.Fail
}

// pair judges the selection of an element and its Not form: values that match
// the one, or do not match the other. A statement that has neither is
// malformed, and unknown.
func pair(in, notIn List, match func(List) analyzer.Verdict) analyzer.Verdict {
	if in.Present == analyzer.Fail && notIn.Present == analyzer.Fail {
		return analyzer.Unknown
	}
	verdict := analyzer.Fail
	if in.Present != analyzer.Fail {
		verdict = min(in.Present, match(in))
	}
	if notIn.Present != analyzer.Fail {
		verdict = max(verdict, min(notIn.Present, -match(notIn)))
	}
	return verdict
}

// does judges whether the statement covers an action: "iam:PassRole". With
// anything as the name, it judges every action of the service.
func (s *Statement) does(action string) analyzer.Verdict {
	return pair(s.Actions, s.NotActions, func(l List) analyzer.Verdict { return l.matches(action) })
}

// doesEverything judges whether the statement covers every action; a statement
// with NotAction does not.
func (s *Statement) doesEverything() analyzer.Verdict {
	return min(s.Actions.Present, s.Actions.matches(anything+":"+anything))
}

// anyResource matches patterns for every resource: *, arn:*, arn:aws:*.
const anyResource = "arn:aws:" + anything + ":" + anything + ":" + anything + ":" + anything

// onEverything judges whether the statement applies to every resource.
func (s *Statement) onEverything() analyzer.Verdict {
	return pair(s.Resources, s.NotResources, func(l List) analyzer.Verdict { return l.any(Text.isEverything) })
}

// ARN is the prefix of every AWS ARN, and the only known part of an ARN that is
// not assigned yet: an unknown text with exactly this known prefix is the ARN
// of one resource, whatever is appended to it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const ARN = "arn:aws"

func (t Text) isEverything() analyzer.Verdict {
	if t.Partial && t.Value == ARN {
		return analyzer.Fail
	}
	return t.matches(anyResource)
}

// has judges whether the statement has an effect.
func (s *Statement) has(e Effect) analyzer.Verdict {
	if s.Effect == AnyEffect {
		return analyzer.Unknown
	}
	return claim(s.Effect == e)
}

// conditional judges whether the statement has a condition.
func (s *Statement) conditional() analyzer.Verdict {
	switch {
	case len(s.Conditions.Items) > 0:
		return analyzer.Pass
	case s.Conditions.Open:
		return analyzer.Unknown
	}
	return analyzer.Fail
}

// any is the best verdict over the conditions; all must hold for the statement
// to apply, so one narrowing condition is enough.
func (cs Conditions) any(judge func(*Condition) analyzer.Verdict) analyzer.Verdict {
	verdict := analyzer.Fail
	for i := range cs.Items {
		verdict = max(verdict, judge(&cs.Items[i]))
	}
	if cs.Open {
		verdict = max(verdict, analyzer.Unknown)
	}
	return verdict
}

func (cs Conditions) all(judge func(*Condition) analyzer.Verdict) analyzer.Verdict {
	return -cs.any(func(c *Condition) analyzer.Verdict { return -judge(c) })
}

// An arn is the parts of arn:partition:service:region:account:resource. It is
// incomplete where a part is missing, or the text is not an ARN.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type arn struct {
	service, account, resource string
	whole                      bool
}

func arnOf(s string) arn {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return arn{}
	}
	var a arn
	_, rest, _ = strings.Cut(rest, ":")
	a.service, rest, _ = strings.Cut(rest, ":")
	_, rest, _ = strings.Cut(rest, ":")
	a.account, a.resource, a.whole = strings.Cut(rest, ":")
	return a
}
