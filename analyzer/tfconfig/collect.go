package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer/secret"
)

// A collector gathers what an expression of the JSON syntax refers to, so that
// each thing is asked for once and nothing else is evaluated. References of the
// native syntax ask for themselves: see reference.
type collector struct {
	sc    *scope
	it    *iteration
	plain map[string]cty.Value                  // each, count, iterators
	named map[string]map[string]need            // var, local, module, resource types
	typed map[string]map[string]map[string]need // behind data and resource: type, name
}

// A need is what is read of a module or resource. Nil is the whole.
type need []string

// key tells needs apart: nil is everything.
func (n need) key() string {
	if n == nil {
		return "*"
	}
	return strings.Join(n, " ")
}

func (c *collector) add(ref hcl.Traversal) {
	root := ref.RootName()
	if it := c.it.named(root); it != nil {
		c.given(root, it.object())
		return
	}
	switch root {
	case "path", "terraform":
		c.given(root, c.sc.constants(root))
		return
	case "data", "resource":
		typ, _ := attrName(ref, 1)
		if c.typed == nil {
			c.typed = map[string]map[string]map[string]need{}
		}
		c.typed[root] = addNeed(c.typed[root], typ, ref, 2)
		return
	}
	c.named = addNeed(c.named, root, ref, 1)
}

func (c *collector) given(root string, v cty.Value) {
	if c.plain == nil {
		c.plain = map[string]cty.Value{}
	}
	c.plain[root] = v
}

// addNeed notes the thing that the traversal names at step i, and what is read
// of it behind an index.
func addNeed(groups map[string]map[string]need, group string, ref hcl.Traversal, i int) map[string]map[string]need {
	if groups == nil {
		groups = map[string]map[string]need{}
	}
	if groups[group] == nil {
		groups[group] = map[string]need{}
	}
	name, ok := attrName(ref, i)
	if !ok {
		return groups
	}
	known, seen := groups[group][name]
	attr, ok := readOf(ref, i+1)
	switch {
	case !ok || seen && known == nil:
		groups[group][name] = nil
	default:
		groups[group][name] = append(known, attr)
	}
	return groups
}

// readOf is the attribute that a traversal reads at step i, or behind an index
// there.
func readOf(ref hcl.Traversal, i int) (string, bool) {
	if len(ref) > i {
		if _, ok := ref[i].(hcl.TraverseIndex); ok {
			i++
		}
	}
	if len(ref) > i {
		if a, ok := ref[i].(hcl.TraverseAttr); ok {
			return a.Name, true
		}
	}
	return "", false
}

func (c *collector) variables(at hcl.Range) map[string]cty.Value {
	vars := make(map[string]cty.Value, len(c.named)+len(c.plain)+1)
	for group, names := range c.named {
		if len(names) == 0 {
			vars[group] = c.sc.wholeGroup(group, at)
			continue
		}
		values := make(map[string]cty.Value, len(names))
		for name, reads := range names {
			values[name] = c.sc.named(group, name, reads, at)
		}
		vars[group] = cty.ObjectVal(values)
	}
	for root, groups := range c.typed {
		prefix := ""
		if root == "data" {
			prefix = "data."
		}
		types := make(map[string]cty.Value, len(groups))
		for typ, names := range groups {
			values := make(map[string]cty.Value, len(names))
			for name, reads := range names {
				values[name] = c.sc.resourceValue(prefix+typ+"."+name, reads, at)
			}
			types[typ] = cty.ObjectVal(values)
		}
		vars[root] = cty.ObjectVal(types)
	}
	for name, v := range c.plain {
		vars[name] = v
	}
	return vars
}

func (sc *scope) named(group, name string, reads need, at hcl.Range) cty.Value {
	switch group {
	case "var", "local":
		v := sc.local
		if group == "var" {
			v = sc.variable
		}
		if secret.Name(name) {
			return private(v(name, at))
		}
		return v(name, at)
	case "module":
		return sc.moduleValue(name, reads, at)
	case "self", "each", "count", "provider", "ephemeral":
		return sc.outOfScope(group+"."+name, at)
	}
	return sc.resourceValue(group+"."+name, reads, at)
}
