package analyzer

import "strings"

// A TypeCase is a condition for resources of some types, written as rows write
// types: "aws_security_group", "data.aws_ami".
type TypeCase struct {
	Types []string
	Cond  Cond
}

type byType []TypeCase

// ByType is the condition of the first case that names the resource's type,
// for what several types express by different attributes. It holds on a type
// that no case names.
func ByType(cases ...TypeCase) Cond { return byType(cases) }

func (c byType) judge(v *View) Outcome {
	for _, k := range c {
		if k.names(v.res.TypeKey()) {
			return k.Cond.judge(v)
		}
	}
	return v.Pass(v.Here())
}

func (k TypeCase) names(typ string) bool {
	for _, t := range k.Types {
		if t == typ {
			return true
		}
	}
	return false
}

func (c byType) reads(at Path) []Read {
	var reads []Read
	for _, k := range c {
		for _, r := range k.Cond.reads(at) {
			if r.Type != "" {
				reads = append(reads, r)
				continue
			}
			for _, typ := range k.Types {
				r.Type = typ
				reads = append(reads, r)
			}
		}
	}
	return reads
}

// An edit names no type, so only edits common to all types are offered.
func (c byType) repair(Path) []Assign { return nil }

func (c byType) String() string {
	words := make([]string, len(c))
	for i, k := range c {
		words[i] = "on " + strings.Join(k.Types, " and ") + ", " + k.Cond.String()
	}
	return strings.Join(words, "; ")
}
