package tfplan

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// A node is a JSON value. Numbers keep their text.
type node struct {
	kind  jsontext.Kind // n t f " 0 { [, or tooDeep
	text  string        // for a string or number
	names []string      // for an object, sorted
	parts []node        // for an object, by its names, or for an array
}

// tooDeep is the kind of a value that is nested deeper than any value that Terraform
// writes. Its content is unknown.
const tooDeep jsontext.Kind = '?'

const maxDepth = 100

// is reports the kind; false for nil.
func (n *node) is(k jsontext.Kind) bool { return n != nil && n.kind == k }

func (n *node) isNull() bool { return n == nil || n.kind == 'n' }

// child returns the member of that name; nil if there is none.
func (n *node) child(name string) *node {
	if !n.is('{') {
		return nil
	}
	if i, ok := slices.BinarySearch(n.names, name); ok {
		return &n.parts[i]
	}
	return nil
}

// at returns the element of an array; nil if there is none.
func (n *node) at(i int) *node {
	if !n.is('[') || i >= len(n.parts) {
		return nil
	}
	return &n.parts[i]
}

// has reports whether the value contains a true.
func (n *node) has() bool {
	if n == nil {
		return false
	}
	if n.kind == 't' {
		return true
	}
	for i := range n.parts {
		if n.parts[i].has() {
			return true
		}
	}
	return false
}

// empty reports whether the value is "", [] or {}: plans show these for attributes
// that are not written.
func (n *node) empty() bool {
	switch n.kind {
	case '"':
		return n.text == ""
	case '[', '{':
		return len(n.parts) == 0
	}
	return false
}

// blank reports whether the value contains only unset values: null, false, and empty
// texts and collections.
func (n *node) blank() bool {
	switch n.kind {
	case 'n', 'f':
		return true
	case '"':
		return n.text == ""
	case '[', '{':
		for i := range n.parts {
			if !n.parts[i].blank() {
				return false
			}
		}
		return true
	}
	return false
}

// parser reads nodes from text that is known to be valid, so it checks only what it
// must. Strings without escapes are parts of the text.
type parser struct {
	text  string
	at    int
	names []string // names in the objects being read
	nodes []node   // parts of the values being read: each value takes its own at its end
}

// parse reads a value that Load has found valid; nil for no text.
func parse(text string) *node {
	if text == "" {
		return nil
	}
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.text, p.at = text, 0
	n := p.node(0)
	p.text = ""
	return &n
}

var parsers = sync.Pool{New: func() any { return &parser{} }}

// space skips the bytes between tokens: punctuation, which is known to be in its
// place, and white space.
func (p *parser) space() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			p.at++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) node(depth int) node {
	switch c := p.space(); c {
	case '"':
		return node{kind: '"', text: p.string()}
	case '{', '[':
		return p.parts(jsontext.Kind(c), depth)
	case 't', 'f', 'n':
		p.word()
		return node{kind: jsontext.Kind(c)}
	default:
		return node{kind: '0', text: p.word()}
	}
}

// word reads up to the next punctuation: a number, true, false or null.
func (p *parser) word() string {
	begin := p.at
	for p.at < len(p.text) && strings.IndexByte(",]} \t\r\n", p.text[p.at]) < 0 {
		p.at++
	}
	return p.text[begin:p.at]
}

func (p *parser) parts(kind jsontext.Kind, depth int) node {
	n := node{kind: kind}
	names, nodes := len(p.names), len(p.nodes)
	end := byte(kind) + 2 // } and ] follow { and [ by two
	p.at++
	for c := p.space(); c != end && c != 0; c = p.space() {
		if depth >= maxDepth {
			p.skip()
			return node{kind: tooDeep}
		}
		if kind == '{' {
			p.names = append(p.names, p.string())
		}
		part := p.node(depth + 1)
		p.nodes = append(p.nodes, part)
	}
	p.at++
	n.names, p.names = cut(p.names, names)
	n.parts, p.nodes = cut(p.nodes, nodes)
	if !slices.IsSorted(n.names) { // Terraform sorts them
		sort.Sort(&members{n.names, n.parts})
	}
	return n
}

// members sorts an object by its names.
type members struct {
	names []string
	parts []node
}

func (m *members) Len() int           { return len(m.names) }
func (m *members) Less(i, j int) bool { return m.names[i] < m.names[j] }
func (m *members) Swap(i, j int) {
	m.names[i], m.names[j] = m.names[j], m.names[i]
	m.parts[i], m.parts[j] = m.parts[j], m.parts[i]
}

// cut takes the items above a height off a stack.
func cut[T any](stack []T, height int) (top, rest []T) {
	if len(stack) > height {
		top = append(top, stack[height:]...)
	}
	return top, stack[:height]
}

// skip leaves the current object or array.
func (p *parser) skip() {
	for depth := 1; depth > 0 && p.at < len(p.text); {
		switch p.text[p.at] {
		case '"':
			p.string()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		p.at++
	}
}

func (p *parser) string() string {
	begin := p.at
	escaped := false
	for p.at++; p.at < len(p.text) && p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	p.at = min(p.at+1, len(p.text))
	quoted := p.text[begin:p.at]
	if len(quoted) < 2 {
		return ""
	}
	if !escaped {
		return quoted[1 : len(quoted)-1]
	}
	plain, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		return ""
	}
	return string(plain)
}
