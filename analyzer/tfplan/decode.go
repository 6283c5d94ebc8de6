package tfplan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A plan is the kept part of the file: the changes, the data sources of the prior
// state and the configuration. Values stay text until they are needed.
type plan struct {
	version  string
	errored  bool
	partial  bool // Terraform reports that a further plan will be needed
	changes  []*change
	data     []*change // data sources of the prior state
	config   *module
	accounts map[string]*account // by provider_config_key
	inputs   map[string]string   // JSON of the values given to variables
	mistakes mistakes
	hazy     bool // the configuration has mistakes: it may write more than it shows
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
	present                         present
}

// decoder streams the file. It keeps names that occur in many objects once.
type decoder struct {
	*jsontext.Decoder
	ctx     context.Context
	texts   map[string]string
	planned map[string]bool // definitions with a change; nil: not known yet

	mistakes *mistakes
	kept     bounded
	changed  map[string]bool // resource_changes by address and deposed key; true: read without a mistake
	state    map[string]bool // data sources of prior_state
	expected []expected      // resources of planned_values
}

// decode reads the whole file, whatever the order of its sections. A mistake drops
// the value around it; an error drops the plan.
func decode(ctx context.Context, text io.Reader) (*plan, error) {
	p := &plan{config: newModule(""), accounts: map[string]*account{}}
	d := newDecoder(ctx, text)
	d.mistakes = &p.mistakes
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
		return nil, State.what() // an empty state is shown like this
	}
	if p.version == "" || !slices.Contains(names, "configuration") && !slices.Contains(names, "resource_changes") {
		return nil, Other.what() // a file with nothing to judge is not a clean plan
	}
	if end := d.PeekKind(); end != jsontext.KindInvalid {
		return nil, errors.New("there is more after the plan: give demarc one plan a file")
	}
	d.agree(slices.Contains(names, "planned_values"))
	return p, nil
}

func (d *decoder) section(p *plan, name string) (err error) {
	switch name {
	case "format_version":
		p.version, err = d.version()
		return err
	case "errored":
		p.errored, err = d.boolean()
		return err
	case "complete":
		complete, err := d.boolean()
		p.partial = !complete
		return err
	case "planned_values":
		return d.only("root_module", func() error { return d.plannedModule(0) })
	case "resource_changes":
		return d.array(func() error { return d.change(p) })
	case "prior_state":
		return d.only("values", func() error {
			return d.only("root_module", func() error { return d.stateModule(p, 0) })
		})
	case "configuration":
		before := d.mistakes.count
		err := d.configuration(p)
		p.hazy = d.mistakes.count > before
		return err
	case "variables":
		return d.object(func(name string) error { return d.variable(p, name) })
	}
	return d.SkipValue()
}

// version reads format_version. Without it the rest of the file has no meaning.
func (d *decoder) version() (string, error) {
	if kind := d.PeekKind(); kind != '"' && kindWords[kind] != "" {
		return "", fmt.Errorf("/format_version is %s: a plan has a string there", kindWords[kind])
	}
	version, err := d.text()
	if err == nil && !version1.MatchString(version) {
		err = unsupported(version)
	}
	return version, err
}

// version1 matches the format versions that this decoder reads: additions of later
// minor versions may be ignored.
// https://developer.hashicorp.com/terraform/internals/json-format#format-summary
var version1 = regexp.MustCompile(`^1\.[0-9]{1,9}$`)

// variable keeps the given value of a variable of the root module.
func (d *decoder) variable(p *plan, name string) error {
	return d.only("value", func() error {
		raw, err := d.value()
		if err != nil {
			return err
		}
		if p.inputs == nil {
			p.inputs = map[string]string{}
		}
		p.inputs[name] = string(raw)
		return d.kept.keep(inputCost)
	})
}

// change reads an entry of resource_changes. An entry with a mistake is omitted: the
// plan is then not wholly read.
func (d *decoder) change(p *plan) error {
	if err := d.ctx.Err(); err != nil {
		return err
	}
	if err := d.kept.keep(changeCost); err != nil {
		return err
	}
	d.PeekKind()
	c, at, wrong := &change{}, d.offset(), d.mistakes.count
	if err := d.object(func(name string) error { return d.changeField(c, name) }); err != nil {
		return err
	}
	if err := d.kept.keep(addressCost * int64(max(len(c.address)-usualAddress, 0))); err != nil {
		return err
	}
	d.seen(c)
	if d.mistakes.count > wrong || !d.whole(at, c.complaints()...) || !d.first(c, at) {
		return nil
	}
	if c.mode == ephemeral {
		return nil // Terraform keeps no state of it
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
		c.present |= theChange
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
			if len(c.actions) < 3 { // a change has no more than two
				c.actions = append(c.actions, action)
			}
			return err
		})
	case "before":
		c.before, err = d.object1(c, theBefore)
	case "after":
		c.after, err = d.object1(c, theAfter)
	case "after_unknown":
		c.unknown, err = d.marks()
	case "before_sensitive":
		c.beforeSensitive, err = d.marks()
	case "after_sensitive":
		c.afterSensitive, err = d.marks()
	case "replace_paths":
		c.replacedBy, err = d.paths()
	default:
		return d.SkipValue()
	}
	return err
}

// object1 keeps the values of a resource: an object, or null for none.
func (d *decoder) object1(c *change, what present) (string, error) {
	switch d.PeekKind() {
	case '{':
		c.present |= what
	case 'n':
	default:
		return "", d.wrong("an object, or null")
	}
	return d.raw()
}

// stateModule keeps the data sources of a module of the prior state. Its managed
// resources are in the changes too.
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
	d.PeekKind()
	c, at, wrong := &change{actions: []string{"no-op"}}, d.offset(), d.mistakes.count
	err := d.object(func(name string) (err error) {
		switch {
		case c.mode == "managed":
			return d.SkipValue()
		case name == "values":
			c.after, err = d.object1(c, theAfter)
		case name == "sensitive_values":
			c.afterSensitive, err = d.marks()
		default:
			return d.changeField(c, name)
		}
		return err
	})
	if err != nil || d.mistakes.count > wrong || !d.whole(at, c.identified()...) || c.mode != "data" {
		return err
	}
	if d.state[c.address] {
		d.whole(at, "has the address of another data source")
		return nil
	}
	d.state[c.address] = true
	p.data = append(p.data, c)
	return d.kept.keep(changeCost)
}

// maxModules is the maximum nesting of modules.
const maxModules = 200

var errTooDeep = fmt.Errorf("the plan nests modules more than %d deep", maxModules)

// --- JSON

// object calls member for each member of the object that follows, with the member's
// name.
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

// each reads the elements between a bracket and its end. Another kind of value is a
// mistake, and skipped.
func (d *decoder) each(open jsontext.Kind, part func() error) error {
	if d.PeekKind() != open {
		return d.wrong(kindWords[open])
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

// text reads a string; another kind of value gives the empty string.
func (d *decoder) text() (string, error) {
	if ok, err := d.oneOf("a string", '"'); !ok {
		return "", err
	}
	t, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	return t.String(), nil
}

// maxTexts is the number of names that a decoder keeps, and maxText their maximum
// length.
const (
	maxTexts = 100_000
	maxText  = 64
)

// shared reads a string that is likely to occur again.
func (d *decoder) shared() (string, error) {
	if ok, err := d.oneOf("a string", '"'); !ok {
		return "", err
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
	if ok, err := d.oneOf("true or false", 't', 'f'); !ok {
		return false, err
	}
	t, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	return t.Bool(), nil
}

// value reads a value whose text is kept, with its memory cost once parsed.
func (d *decoder) value() (jsontext.Value, error) {
	v, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	return v, d.kept.text(v)
}

// raw keeps the text of a value. A value without content is empty: null, false, {}
// and [].
func (d *decoder) raw() (string, error) {
	v, err := d.value()
	if err != nil {
		return "", err
	}
	switch string(v) {
	case "null", "false", "{}", "[]":
		return "", nil
	}
	return string(v), nil
}

// marks keeps the text of a value in which only true counts: an object of marks, or
// one mark for the whole.
func (d *decoder) marks() (string, error) {
	if ok, err := d.oneOf("an object of marks, or one mark", '{', 't', 'f'); !ok {
		return "", err
	}
	at := d.offset()
	v, err := d.value()
	if err != nil {
		return "", err
	}
	if leaf := wrongMark(v); leaf != "" {
		d.mistakes.add(string(d.StackPointer()), at, "holds %.40s: a plan has true and false there", leaf)
		return "", nil
	}
	if !bytes.Contains(v, []byte("true")) {
		return "", nil
	}
	return string(v), nil
}

// wrongMark returns the first value in an object of marks that is not a mark; empty:
// none. The text is valid JSON.
func wrongMark(v jsontext.Value) string {
	named := true // the next text is a name
	open := make([]byte, 0, maxDepth)
	for i := 0; i < len(v); i++ {
		switch c := v[i]; c {
		case '{', '[':
			open = append(open, c)
			named = c == '{'
		case '}', ']':
			open = open[:len(open)-1]
			named = false
		case ',':
			named = open[len(open)-1] == '{'
		case ':':
			named = false
		case '"':
			if !named {
				return "a string"
			}
			for i++; v[i] != '"'; i++ {
				if v[i] == '\\' {
					i++
				}
			}
		case 't', 'f':
			i += len("rue")
			if c == 'f' {
				i++
			}
		case ' ', '\t', '\r', '\n':
		case 'n':
			return "null"
		default:
			return "a number"
		}
	}
	return ""
}

// paths keeps the text of replace_paths: a list of paths, each a list of names
// and indexes.
func (d *decoder) paths() (string, error) {
	const wants = "a list of paths"
	if ok, err := d.oneOf(wants, '['); !ok {
		return "", err
	}
	at := d.offset()
	raw, err := d.raw()
	if err != nil || raw == "" {
		return "", err
	}
	for _, path := range parse(raw).parts {
		ok := path.is('[') && len(path.parts) > 0
		for i := range path.parts {
			step := &path.parts[i]
			ok = ok && (step.is('"') || step.is('0'))
		}
		if !ok {
			d.mistakes.add(string(d.StackPointer()), at, "holds a path that is not made of names and indexes")
			return "", nil
		}
	}
	return raw, nil
}
