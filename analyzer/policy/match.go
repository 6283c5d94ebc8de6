package policy

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// anything is a text that no author writes: a pattern that matches it matches
// every text in its place.
const anything = "\x00\x00\x00\x00"

// matches tells whether the text, read as a pattern, matches a string.
// Patterns know * for any text and ? for one character; names of actions match
// without regard to case, and no two resources differ by case alone here.
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

// wildcard matches a pattern; an open pattern may go on with anything.
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

// is tells whether the text is a string, without regard to case.
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

// pair judges what an element and its Not form select together: what matches
// the one, or does not match the other. A statement that has neither is
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

// does tells whether the statement is about an action: "iam:PassRole". With
// anything in place of the name it is about every action of the service.
func (s *Statement) does(action string) analyzer.Verdict {
	return pair(s.Actions, s.NotActions, func(l List) analyzer.Verdict { return l.matches(action) })
}

// doesEverything tells whether the statement is about every action; one with
// NotAction leaves some out.
func (s *Statement) doesEverything() analyzer.Verdict {
	return min(s.Actions.Present, s.Actions.matches(anything+":"+anything))
}

// anyResource matches patterns for everything: *, arn:*, arn:aws:*.
const anyResource = "arn:aws:" + anything + ":" + anything + ":" + anything + ":" + anything

// onEverything tells whether the statement is about every resource.
func (s *Statement) onEverything() analyzer.Verdict {
	return pair(s.Resources, s.NotResources, func(l List) analyzer.Verdict { return l.any(Text.isEverything) })
}

// ARN is how every ARN of AWS begins, and all that is known of one that is yet
// to be given: an unknown text that is known so far and no further is the ARN of
// one resource, whatever is written behind it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const ARN = "arn:aws"

func (t Text) isEverything() analyzer.Verdict {
	if t.Partial && t.Value == ARN {
		return analyzer.Fail
	}
	return t.matches(anyResource)
}

// has tells whether the statement has an effect.
func (s *Statement) has(e Effect) analyzer.Verdict {
	if s.Effect == AnyEffect {
		return analyzer.Unknown
	}
	return claim(s.Effect == e)
}

// conditional tells whether the statement has a condition.
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
// to apply, so one that narrows it is enough.
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
// not whole where a part is not there, or it is no ARN.
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
