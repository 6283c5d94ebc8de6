package tfplan

import (
	"slices"
	"strings"
)

// A segment is one name of an address with the key that follows it, as
// written: module, a["x"], aws_vpc, this[0].
type segment struct {
	name string
	key  string // text between the brackets; empty: none
}

// segments splits an address or a reference. Keys may hold anything inside their
// quotes. If the text is no address, it returns the segments before the error.
func segments(s string) []segment {
	found := make([]segment, 0, 6)
	for s != "" {
		end := strings.IndexAny(s, ".[")
		if end < 0 {
			return append(found, segment{name: s})
		}
		seg := segment{name: s[:end]}
		s = s[end:]
		for strings.HasPrefix(s, "[") {
			n := keyEnd(s)
			if n < 0 {
				return found
			}
			if seg.key == "" {
				seg.key = s[1:n]
			}
			s = s[n+1:]
		}
		found = append(found, seg)
		s = strings.TrimPrefix(s, ".")
	}
	return found
}

// keyEnd returns the position at which the bracket that opens s closes; -1: nowhere.
func keyEnd(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case ']':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

// An address is the address of a resource instance.
type address struct {
	module     string    // of its module instance; empty: the root
	calls      []segment // module, one segment for each module call
	block      string    // address without its own key
	definition string    // address without any key
	local      string    // data.aws_ami.x: type and name within the module
}

func parseAddress(s string) address {
	segs := segments(s)
	var a address
	for len(segs) >= 4 && segs[0].name == "module" {
		a.calls = append(a.calls, segs[1])
		segs = segs[2:]
	}
	names := make([]string, len(segs))
	for i, seg := range segs {
		names[i] = seg.name
	}
	a.local = strings.Join(names, ".")
	var module, definition strings.Builder
	for _, c := range a.calls {
		definition.WriteString("module." + c.name + ".")
		writeCall(&module, c)
	}
	a.module = module.String()
	a.definition = definition.String() + a.local
	a.block = within(a.module, a.local)
	return a
}

func writeCall(b *strings.Builder, c segment) {
	if b.Len() > 0 {
		b.WriteByte('.')
	}
	b.WriteString("module." + c.name)
	if c.key != "" {
		b.WriteString("[" + c.key + "]")
	}
}

// within prefixes a name with a module.
func within(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}

// refKind is the kind of object that a reference names.
type refKind int8

const (
	refResource refKind = iota
	refVariable
	refOutput
	refKnown  // known in every plan: count.index, each.key, path.module
	refHidden // the plan does not show the value: a local, each.value
)

// A reference is one traversal of an expression.
type reference struct {
	kind refKind
	text string
	name string // name of the variable or the module call, or data.aws_ami.x
	key  string // key of the instance or the module instance
	attr string // first attribute read; for a module, its output
	rest string // for a variable or output: the first attribute read of it
	deep bool   // for a variable or output: only a part is read
}

// parseReference reads a reference as the configuration of a plan writes it.
func parseReference(text string) reference {
	segs := segments(text)
	r := reference{kind: refHidden, text: text}
	if len(segs) < 2 {
		return r
	}
	switch segs[0].name {
	case "var":
		r.kind, r.name = refVariable, segs[1].name
		r.part(segs[1:])
	case "module":
		if len(segs) < 3 {
			return r
		}
		r.kind, r.name, r.key, r.attr = refOutput, segs[1].name, segs[1].key, segs[2].name
		r.part(segs[2:])
	case "each":
		if segs[1].name == "key" {
			r.kind = refKnown
		}
	case "count", "path", "terraform":
		r.kind = refKnown
	case "local", "self", "ephemeral":
	case "data":
		if len(segs) >= 3 {
			r.object("data."+segs[1].name, segs[2:])
		}
	default:
		r.object(segs[0].name, segs[1:])
	}
	if r.key == "..." { // Terraform's text for a key that it cannot write
		r.key = ""
	}
	return r
}

func (r *reference) object(typ string, segs []segment) {
	r.kind, r.name, r.key = refResource, typ+"."+segs[0].name, segs[0].key
	if len(segs) > 1 {
		r.attr = segs[1].name
	}
}

func (r *reference) part(segs []segment) {
	r.deep = len(segs) > 1 || segs[0].key != ""
	if len(segs) > 1 && segs[0].key == "" {
		r.rest = segs[1].name
	}
}

// heads returns the references of an expression, each once. Terraform writes each
// followed by all its prefixes: a.b.c, a.b, and so on.
func heads(texts []node) []string {
	var found []string
	last := ""
	for i := range texts {
		text := texts[i].text
		beginning := len(text) < len(last) && strings.HasPrefix(last, text) && strings.IndexByte(".[", last[len(text)]) >= 0
		last = text
		if !beginning && (len(found) > maxHeads || !slices.Contains(found, text)) {
			found = append(found, text)
		}
	}
	return found
}

// maxHeads bounds the search for duplicate references.
const maxHeads = 1000
