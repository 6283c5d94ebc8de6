package tfplan

import (
	"strings"
)

// present records which fields an entry of resource_changes has, even if they are
// empty.
type present uint8

const (
	theChange present = 1 << iota
	theBefore         // an object, not null
	theAfter          // an object, not null
)

func (s present) has(all present) bool { return s&all == all }

// ephemeral is the mode of resources that OpenTofu plans and no state keeps.
// https://opentofu.org/docs/language/ephemerality/ephemeral-resources/
const ephemeral = "ephemeral"

// actions are the possible actions of a change, and whether each shows before and
// after. The value after may be unknown as a whole. The last two are OpenTofu's, for
// ephemeral resources.
// https://developer.hashicorp.com/terraform/internals/json-format#change-representation
var actions = map[[2]string]present{
	{"no-op"}: theBefore | theAfter, {"create"}: theAfter, {"read"}: theAfter, {"update"}: theBefore | theAfter,
	{"delete"}: theBefore, {"forget"}: theBefore,
	{"delete", "create"}: theBefore | theAfter, {"create", "delete"}: theBefore | theAfter,
	{"create", "forget"}: theBefore | theAfter, {"forget", "create"}: theBefore | theAfter,
	{"open"}: 0, {"renew"}: 0,
}

// complaints returns the fields that a change lacks, and its contradictions.
func (c *change) complaints() []string {
	found := c.identified()
	switch {
	case c.provider == "":
		found = append(found, "has no provider_name")
	case !c.present.has(theChange):
		found = append(found, "has no change")
	default:
		if says := c.acts(); says != "" {
			found = append(found, says)
		}
	}
	return found
}

// identified returns the parts that a resource's name lacks, or that contradict its
// address.
func (c *change) identified() []string {
	var found []string
	for _, text := range [...]struct{ text, name string }{{c.address, "address"}, {c.mode, "mode"}, {c.typ, "type"}} {
		if text.text == "" {
			found = append(found, "has no "+text.name)
		}
	}
	if found != nil {
		return found
	}
	name := c.at.local
	switch c.mode {
	case "managed":
	case "data", ephemeral:
		kind, rest, _ := strings.Cut(name, ".")
		if name = rest; kind != c.mode {
			name = ""
		}
	default:
		return []string{"has a mode that is neither managed nor data"}
	}
	name, ok := strings.CutPrefix(name, c.typ)
	if name, dot := strings.CutPrefix(name, "."); !ok || !dot || name == "" || strings.Contains(name, ".") {
		return []string{"has an address that is not one of its mode and type"}
	}
	return nil
}

// acts returns what is wrong with the actions, or with the values shown with them.
func (c *change) acts() string {
	var did [2]string
	copy(did[:], c.actions)
	wants, ok := actions[did]
	switch {
	case len(c.actions) == 0:
		return "has no actions"
	case !ok || len(c.actions) > len(did):
		return "has actions that this demarc does not know"
	case c.mode == ephemeral:
		return ""
	case wants == 0:
		return "has actions of an ephemeral resource"
	case wants.has(theBefore) && !c.present.has(theBefore):
		return "has no values in before, which its actions change"
	case wants.has(theAfter) && !c.present.has(theAfter) && c.unknown != "true":
		return "has no values in after, which its actions bring about"
	}
	return ""
}

// changeKey returns a key that occurs once in resource_changes.
func changeKey(address, deposed string) string {
	if deposed == "" {
		return address
	}
	return address + "\x00" + deposed
}

// seen keeps the address of a change, including a change with mistakes.
func (d *decoder) seen(c *change) {
	if key := changeKey(c.address, c.deposed); !d.changed[key] {
		d.changed[key] = false
	}
}

// first reports whether no other change had the address and deposed key, and
// notes a mistake otherwise.
func (d *decoder) first(c *change, at int64) bool {
	key := changeKey(c.address, c.deposed)
	if d.changed[key] {
		return d.whole(at, "has the address of another change")
	}
	d.changed[key] = true
	return true
}

// An expected resource is a resource of planned_values, which a change creates,
// updates or leaves.
type expected struct {
	address string
	at      int64
}

// plannedModule reads the addresses of a module of planned_values: the values are in
// the changes too.
func (d *decoder) plannedModule(depth int) error {
	if depth > maxModules {
		return errTooDeep
	}
	return d.object(func(name string) error {
		switch name {
		case "resources":
			return d.array(d.plannedResource)
		case "child_modules":
			return d.array(func() error { return d.plannedModule(depth + 1) })
		}
		return d.SkipValue()
	})
}

func (d *decoder) plannedResource() error {
	if err := d.kept.keep(expectedCost); err != nil {
		return err
	}
	d.PeekKind()
	at, wrong, address := d.offset(), d.mistakes.count, ""
	err := d.object(func(name string) (err error) {
		if name != "address" {
			return d.SkipValue()
		}
		address, err = d.text()
		return err
	})
	if err != nil || d.mistakes.count > wrong || !d.whole(at, without(address, "address")) {
		return err
	}
	d.expected = append(d.expected, expected{address: address, at: at})
	return nil
}

// agree compares the changes with planned_values, which Terraform derives from them:
// a planned resource without a change was removed from the plan. If the plan has no
// changes, only planned_values show that there are none to make.
func (d *decoder) agree(planned bool) {
	if !planned && len(d.changed) == 0 {
		d.mistakes.add("/planned_values", -1, "is missing, and there are no resource_changes: that nothing changes is not shown")
	}
	for _, e := range d.expected {
		if _, ok := d.changed[changeKey(e.address, "")]; !ok {
			d.mistakes.add("/planned_values", e.at, "holds %.200s, which has no entry in resource_changes", e.address)
		}
	}
}
