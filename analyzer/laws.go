package analyzer

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Reads lists every type and path that the check consults; an empty type is
// replaced by each of those that the check is on.
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

// Remedy is how to close the check's gaps, whatever the configuration: the row's
// own words, or its repair.
func (c *Check) Remedy() string {
	switch {
	case c.Close != "":
		return c.Close
	case c.Want == nil || c.Repair() == nil:
		return ""
	case c.risk() != "":
		return sayAssigns(c.Repair()) + " (unsafe: " + c.risk() + ")"
	}
	return sayAssigns(c.Repair())
}

// risk is what its repair does besides; empty: nothing.
func (c *Check) risk() string {
	if c.Fix.Kind == UnsafeFix {
		return c.Fix.Effect
	}
	return ""
}

func sayAssigns(assigns []Assign) string {
	words := make([]string, len(assigns))
	for i, a := range assigns {
		words[i] = "set " + a.String()
	}
	return strings.Join(words, ", ")
}

// ReadsOf is what a condition consults, for tables of conditions that are not
// checks.
func ReadsOf(c Cond) []Read { return c.reads(nil) }

// TypeKey writes the type of a resource as rows do: "aws_vpc", "data.aws_vpc",
// "provider.aws".
func (r *Resource) TypeKey() string { return typeKey(r.Mode, r.Type) }

// With is a copy of the resource with other values: what-if questions, such as
// the test that hides one leaf at a time, ask them of copies. The copy belongs
// to no root until it is put into one.
func (r *Resource) With(v Values) *Resource {
	c := &Resource{
		Address: r.Address, Definition: r.Definition, Module: r.Module, Mode: r.Mode, Type: r.Type,
		Provider: r.Provider, Action: r.Action, Previous: r.Previous, ReplacedBy: r.ReplacedBy, Deposed: r.Deposed,
		Sensitive: r.Sensitive, Source: r.Source, Prior: r.Prior,
	}
	c.Refs, c.Hidden, c.Documents = v.Refs, v.Hidden, v.Documents
	c.Build = func() cty.Value { return v.Object }
	return c
}

// Values is a resource's values with what is known of them.
type Values struct {
	Object    cty.Value
	Refs      []Ref
	Hidden    []Hidden
	Documents []Document
}

// ModeOf splits a type as rows write it into its mode and name.
func ModeOf(typ string) (Mode, string) {
	if name, ok := strings.CutPrefix(typ, "data."); ok {
		return Data, name
	}
	if name, ok := strings.CutPrefix(typ, "provider."); ok {
		return Account, name
	}
	return Managed, typ
}
