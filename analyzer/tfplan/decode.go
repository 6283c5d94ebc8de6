package tfplan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A plan is what is kept of the file: the changes, the data sources of the
// prior state and the configuration. Values stay text until they are asked for.
type plan struct {
	version  string
	errored  bool
	partial  bool // Terraform says that a further plan will be needed
	changes  []*change
	data     []*change // of the prior state
	config   *module
	accounts map[string]*account // by provider_config_key
	inputs   map[string]string   // JSON of the values given to variables
}

// A change is an entry of resource_changes, or a data source of prior_state.
type change struct {
	address, previous, deposed string
	at                         address // the address in parts
	mode, typ, provider        string
	actions                    []string

	before, after, unknown          string // JSON; empty: nothing
	beforeSensitive, afterSensitive string
	replacedBy                      string
}

// decoder streams the file. Names that occur in many objects are kept once.
type decoder struct {
	*jsontext.Decoder
	ctx     context.Context
	texts   map[string]string
	planned map[string]bool // definitions with a change; nil: not known yet
}

// decode reads the whole file, whatever the order of its sections.
func decode(ctx context.Context, dec *jsontext.Decoder) (*plan, error) {
	d := &decoder{Decoder: dec, ctx: ctx, texts: map[string]string{}}
	p := &plan{config: newModule(""), accounts: map[string]*account{}}
	var names []string
	err := d.object(func(name string) error {
		names = append(names, name)
		return d.section(p, name)
	})
	if err != nil {
		return nil, broken(err)
	}
	if kind := kindOf(names); kind != Plan {
		return nil, kind.what()
	}
	if len(names) == 1 && p.version != "" {
		return nil, State.what() // how an empty state is shown
	}
	if p.version == "" || !slices.Contains(names, "configuration") && !slices.Contains(names, "resource_changes") {
		return nil, Other.what() // nothing to judge is not a clean plan
	}
	if end := d.PeekKind(); end != jsontext.KindInvalid {
		return nil, errors.New("there is more after the plan: give demarc one plan a file")
	}
	return p, nil
}

func (d *decoder) section(p *plan, name string) (err error) {
	switch name {
	case "format_version":
		p.version, err = d.text()
		if err == nil && !strings.HasPrefix(p.version, "1.") {
			return unsupported(p.version)
		}
		return err
	case "errored":
		p.errored, err = d.boolean()
		return err
	case "complete":
		complete, err := d.boolean()
		p.partial = !complete
		return err
	case "resource_changes":
		return d.array(func() error { return d.change(p) })
	case "prior_state":
		return d.only("values", func() error {
			return d.only("root_module", func() error { return d.stateModule(p, 0) })
		})
	case "configuration":
		return d.configuration(p)
	case "variables":
		return d.object(func(name string) error { return d.variable(p, name) })
	}
	return d.SkipValue()
}

// variable keeps the value that a variable of the root module was given.
func (d *decoder) variable(p *plan, name string) error {
	return d.only("value", func() error {
		raw, err := d.ReadValue()
		if err != nil {
			return err
		}
		if p.inputs == nil {
			p.inputs = map[string]string{}
		}
		p.inputs[name] = string(raw)
		return nil
	})
}

func (d *decoder) change(p *plan) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	c := &change{}
	if err := d.object(func(name string) error { return d.changeField(c, name) }); err != nil {
		return err
	}
	if c.address == "" {
		return errors.New("a resource change has no address: this is not a plan of Terraform")
	}
	if c.before == c.after {
		c.before = c.after // kept once
	}
	p.changes = append(p.changes, c)
	return nil
}

func (d *decoder) changeField(c *change, name string) (err error) {
	switch name {
	case "address":
		c.address, err = d.text()
		c.at = parseAddress(c.address)
	case "previous_address":
		c.previous, err = d.text()
	case "deposed":
		c.deposed, err = d.text()
	case "mode":
		c.mode, err = d.shared()
	case "type":
		c.typ, err = d.shared()
	case "provider_name":
		c.provider, err = d.shared()
	case "change":
		return d.object(func(name string) error { return d.valuesField(c, name) })
	default:
		return d.SkipValue()
	}
	return err
}

func (d *decoder) valuesField(c *change, name string) (err error) {
	switch name {
	case "actions":
		return d.array(func() error {
			action, err := d.shared()
			c.actions = append(c.actions, action)
			return err
		})
	case "before":
		c.before, err = d.raw()
	case "after":
		c.after, err = d.raw()
	case "after_unknown":
		c.unknown, err = d.marks()
	case "before_sensitive":
		c.beforeSensitive, err = d.marks()
	case "after_sensitive":
		c.afterSensitive, err = d.marks()
	case "replace_paths":
		c.replacedBy, err = d.raw()
	default:
		return d.SkipValue()
	}
	return err
}

// stateModule keeps the data sources of a module of the prior state. What it
// manages is in the changes too.
func (d *decoder) stateModule(p *plan, depth int) error {
	if depth > maxModules {
		return errTooDeep
	}
	return d.object(func(name string) error {
		switch name {
		case "resources":
			return d.array(func() error { return d.stateResource(p) })
		case "child_modules":
			return d.array(func() error { return d.stateModule(p, depth+1) })
		}
		return d.SkipValue()
	})
}

func (d *decoder) stateResource(p *plan) error {
	c := &change{actions: []string{"no-op"}}
	err := d.object(func(name string) (err error) {
		switch {
		case c.mode == "managed":
			return d.SkipValue()
		case name == "values":
			c.after, err = d.raw()
		case name == "sensitive_values":
			c.afterSensitive, err = d.marks()
		default:
			return d.changeField(c, name)
		}
		return err
	})
	if err == nil && c.mode == "data" && c.address != "" {
		p.data = append(p.data, c)
	}
	return err
}

// maxModules is how deep modules may be nested.
const maxModules = 200

var errTooDeep = fmt.Errorf("the plan nests modules more than %d deep", maxModules)

// --- JSON

// object calls member for each member of the object that follows, with its
// name. Null has none.
func (d *decoder) object(member func(name string) error) error {
	return d.each('{', func() error {
		name, err := d.shared()
		if err != nil {
			return err
		}
		return member(name)
	})
}

func (d *decoder) array(element func() error) error { return d.each('[', element) }

// each reads what is between a bracket and its end. Another kind of value is
// skipped: it has no parts.
func (d *decoder) each(open jsontext.Kind, part func() error) error {
	if d.PeekKind() != open {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != open+2 {
		if err := part(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// only reads one member of the object that follows and skips the others.
func (d *decoder) only(wanted string, member func() error) error {
	return d.object(func(name string) error {
		if name != wanted {
			return d.SkipValue()
		}
		return member()
	})
}

// text reads a string; of another kind of value nothing.
func (d *decoder) text() (string, error) {
	if d.PeekKind() != '"' {
		return "", d.SkipValue()
	}
	t, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

// maxTexts is how many names a decoder keeps, and maxText how long they are.
const (
	maxTexts = 100_000
	maxText  = 64
)

// shared reads a string that is likely to come again.
func (d *decoder) shared() (string, error) {
	if d.PeekKind() != '"' {
		return "", d.SkipValue()
	}
	raw, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	if known, ok := d.texts[string(raw)]; ok {
		return known, nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return "", err
	}
	if len(raw) <= maxText && len(d.texts) < maxTexts {
		d.texts[string(raw)] = string(text)
	}
	return string(text), nil
}

func (d *decoder) boolean() (bool, error) {
	if k := d.PeekKind(); k != 't' && k != 'f' {
		return false, d.SkipValue()
	}
	t, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	return t.Bool(), nil
}

// raw keeps the text of a value. What says nothing is empty: null, false, {}
// and [].
func (d *decoder) raw() (string, error) {
	v, err := d.ReadValue()
	if err != nil {
		return "", err
	}
	switch string(v) {
	case "null", "false", "{}", "[]":
		return "", nil
	}
	return string(v), nil
}

// marks keeps the text of a value of which only what is true counts.
func (d *decoder) marks() (string, error) {
	v, err := d.ReadValue()
	if err != nil || !bytes.Contains(v, []byte("true")) {
		return "", err
	}
	return string(v), nil
}
