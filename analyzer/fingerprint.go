package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A Digest represents parts of text that are too many to compare.
type Digest [12]byte

// String is the digest in hexadecimal digits.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// DigestOf is the digest of parts.
func DigestOf(parts ...string) Digest {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return Digest(sum[:])
}

// JoinKey joins parts to a map key, with a zero byte between them.
func JoinKey(parts ...string) string { return strings.Join(parts, "\x00") }

// Key identifies the witness's address and path without its position in the
// file: for an element of a repeated block, its known leaves replace its index.
func (w Witness) Key() string { return w.Of.Address + "\x00" + w.FingerprintPath(w.Of) }

// GroupKey is Key without instance keys.
func (w Witness) GroupKey() string { return w.Of.Definition + "\x00" + w.FingerprintPath(w.Of) }

// FingerprintPath is the path of the witness in a resource, with each index
// replaced by a digest of the element's known values.
func (w Witness) FingerprintPath(r *Resource) string {
	var b strings.Builder
	val := r.Values()
	names := w.Shown()
	for i, step := range w.At {
		next, err := cty.Path{step}.Apply(val)
		if err != nil {
			next = cty.DynamicVal
		}
		if s, ok := names[i].(cty.GetAttrStep); ok {
			b.WriteString("." + Brief(s.Name))
		} else if !r.Secret(w.At[:i+1]) {
			b.WriteString("[" + r.digest(w.At[:i+1], next).String() + "]")
		}
		val = next
		if !val.IsKnown() || val.IsNull() {
			for _, name := range Names(names[i+1:]) {
				b.WriteString("." + name)
			}
			break
		}
	}
	return b.String()
}

// digest is the digest of the element at a path. It is computed once, because
// each finding in the element needs it.
func (r *Resource) digest(at cty.Path, element cty.Value) Digest {
	name := FormatPath(at)
	if known, ok := r.digests.Load(name); ok {
		return known.(Digest)
	}
	made := leaves(element)
	r.digests.Store(name, made)
	return made
}

// leaves is a digest of the known leaves of an element.
func leaves(v cty.Value) Digest {
	var parts []string
	_ = cty.Walk(v, func(p cty.Path, leaf cty.Value) (bool, error) {
		if leaf.IsKnown() && !leaf.IsNull() && leaf.Type().IsPrimitiveType() {
			s, _ := AsString(leaf)
			parts = append(parts, FormatPath(p)+"="+s)
		}
		return true, nil
	})
	return DigestOf(parts...)
}
