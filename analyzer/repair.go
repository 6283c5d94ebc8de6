package analyzer

import (
	"strings"
)

// Reads lists every type and path that the check consults; an empty type is
// replaced by each type in On.
func (c *Check) Reads() []Read {
	var reads []Read
	for _, cond := range []Cond{c.When, c.Want} {
		if cond == nil {
			continue
		}
		for _, r := range cond.reads(nil) {
			if r.Type != "" {
				reads = append(reads, r)
				continue
			}
			for _, typ := range c.On {
				r.Type = typ
				reads = append(reads, r)
			}
		}
	}
	return reads
}

// Repair is the edit that makes the check's condition hold; nil where no
// single edit does.
func (c *Check) Repair() []Assign { return c.Want.repair(nil) }

// Remedy describes how to close the check's gaps in any configuration: the
// row's Close, or its repair.
func (c *Check) Remedy() string {
	switch {
	case c.Close != "":
		return c.Close
	case c.Want == nil || c.Repair() == nil:
		return ""
	case c.Risk() != "":
		return SayAssigns(c.Repair()) + " (unsafe: " + c.Risk() + ")"
	}
	return SayAssigns(c.Repair())
}

// Risk is the side effect of the check's repair; empty: none.
func (c *Check) Risk() string {
	if c.Fix.Kind == UnsafeFix {
		return c.Fix.Effect
	}
	return ""
}

// SayAssigns writes assignments as the text of a remedy.
func SayAssigns(assigns []Assign) string {
	words := make([]string, len(assigns))
	for i, a := range assigns {
		words[i] = "set " + a.String()
	}
	return strings.Join(words, ", ")
}

// ReadsOf lists the types and paths that a condition consults, for tables of
// conditions that are not checks.
func ReadsOf(c Cond) []Read { return c.reads(nil) }
