package analyzer

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// A Path names an attribute as a row writes it: attribute names and block
// types, without indexes. The empty Path is the value itself.
type Path []string

// ParsePath splits "root_block_device.encrypted" at its dots.
func ParsePath(s string) Path {
	if s == "" {
		return nil
	}
	return strings.Split(s, ".")
}

func (p Path) String() string { return strings.Join(p, ".") }

// Concealed replaces text that must not be shown.
const Concealed = "(sensitive)"

// longestName is the number of bytes of a name or a sentence that are shown.
// Each finding of each instance shows names, so a name of a megabyte would
// produce gigabytes.
const longestName = 1000

// Brief shortens a name or a sentence for output: a text that is too long
// becomes its beginning and a digest that identifies it.
func Brief(name string) string {
	if len(name) <= longestName {
		return name
	}
	end := longestName
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end] + "… (" + DigestOf(name).String() + ")"
}

// FormatPath writes a path as Terraform does: ingress[0].cidr_blocks,
// tags["Name"]. Long names are shortened by Brief.
func FormatPath(p cty.Path) string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case cty.GetAttrStep:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(Brief(s.Name))
		case cty.IndexStep:
			b.WriteByte('[')
			b.WriteString(formatKey(s.Key))
			b.WriteByte(']')
		}
	}
	return Brief(b.String())
}

// Conceal replaces the names below a secret by Concealed: they are keys of the
// secret value.
func Conceal(at cty.Path, secrets []cty.Path) cty.Path {
	from := len(at)
	for _, p := range secrets {
		if len(p) < from && Covers(p, at) {
			from = len(p)
		}
	}
	if from == len(at) {
		return at
	}
	hidden := at.Copy()
	for i, step := range hidden[from:] {
		if _, named := nameOf(step); named {
			hidden[from+i] = cty.GetAttrStep{Name: Concealed}
		}
	}
	return hidden
}

func formatKey(k cty.Value) string {
	switch {
	case !k.IsKnown() || k.IsNull():
		return "*"
	case k.Type() == cty.String:
		return strconv.Quote(Brief(k.AsString()))
	case k.Type() == cty.Number:
		return k.AsBigFloat().Text('f', -1)
	}
	return "*"
}

// Names is the path without its indexes, as a row would write it.
func Names(p cty.Path) Path {
	var names Path
	for _, step := range p {
		if s, ok := step.(cty.GetAttrStep); ok {
			names = append(names, s.Name)
		}
	}
	return names
}

// Covers reports whether the path is at or below the prefix.
func Covers(prefix, path cty.Path) bool {
	if len(prefix) > len(path) {
		return false
	}
	for i, step := range prefix {
		if !sameStep(step, path[i]) {
			return false
		}
	}
	return true
}

// sameStep treats x.k and x["k"] as equal, as Terraform does: an object in
// source is a map in a plan.
func sameStep(a, b cty.PathStep) bool {
	nameA, namedA := nameOf(a)
	nameB, namedB := nameOf(b)
	if namedA || namedB {
		return namedA && namedB && nameA == nameB
	}
	i, ok := a.(cty.IndexStep)
	j, also := b.(cty.IndexStep)
	return ok && also && i.Key.RawEquals(j.Key)
}

// nameOf is the attribute or map key that a step leads to.
func nameOf(s cty.PathStep) (string, bool) {
	switch s := s.(type) {
	case cty.GetAttrStep:
		return s.Name, true
	case cty.IndexStep:
		if k := s.Key; k.Type() == cty.String && k.IsKnown() && !k.IsNull() {
			return k.AsString(), true
		}
	}
	return "", false
}

// tops caches paths of one attribute, which are most of the paths in use. They
// are never changed.
var tops struct {
	sync.RWMutex
	paths map[string]cty.Path
}

// TopPath is the path of a top-level attribute or block. The caller must not
// change it.
func TopPath(name string) cty.Path {
	tops.RLock()
	p, ok := tops.paths[name]
	tops.RUnlock()
	if ok {
		return p
	}
	p = cty.GetAttrPath(name)
	p = p[:1:1] // so that appending copies
	tops.Lock()
	defer tops.Unlock()
	if tops.paths == nil {
		tops.paths = map[string]cty.Path{}
	}
	tops.paths[name] = p
	return p
}

// AttrStep and indexStep extend a path without sharing its backing array.
func AttrStep(p cty.Path, name string) cty.Path {
	if len(p) == 0 {
		return TopPath(name)
	}
	return append(p[:len(p):len(p)], cty.GetAttrStep{Name: name})
}

func indexStep(p cty.Path, i int) cty.Path {
	return append(p[:len(p):len(p)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
}
