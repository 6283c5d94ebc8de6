package analyzer

import (
	"strconv"
	"strings"

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

// FormatPath writes a path as Terraform does: ingress[0].cidr_blocks,
// tags["Name"].
func FormatPath(p cty.Path) string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case cty.GetAttrStep:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		case cty.IndexStep:
			b.WriteByte('[')
			b.WriteString(formatKey(s.Key))
			b.WriteByte(']')
		}
	}
	return b.String()
}

func formatKey(k cty.Value) string {
	switch {
	case !k.IsKnown() || k.IsNull():
		return "*"
	case k.Type() == cty.String:
		return strconv.Quote(k.AsString())
	case k.Type() == cty.Number:
		return k.AsBigFloat().Text('f', -1)
	}
	return "*"
}

// Names is the path without its indexes: what a row would write.
func Names(p cty.Path) Path {
	var names Path
	for _, step := range p {
		if s, ok := step.(cty.GetAttrStep); ok {
			names = append(names, s.Name)
		}
	}
	return names
}

// covers reports whether the path is at or below the prefix.
func covers(prefix, path cty.Path) bool {
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

func sameStep(a, b cty.PathStep) bool {
	switch a := a.(type) {
	case cty.GetAttrStep:
		b, ok := b.(cty.GetAttrStep)
		return ok && a.Name == b.Name
	case cty.IndexStep:
		b, ok := b.(cty.IndexStep)
		return ok && a.Key.RawEquals(b.Key)
	}
	return false
}

// attrStep and indexStep extend a path without sharing its backing array.
func attrStep(p cty.Path, name string) cty.Path {
	return append(p[:len(p):len(p)], cty.GetAttrStep{Name: name})
}

func indexStep(p cty.Path, i int) cty.Path {
	return append(p[:len(p):len(p)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
}
