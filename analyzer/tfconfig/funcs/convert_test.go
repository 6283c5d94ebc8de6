package funcs

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// sample returns the i-th of many elements.
type sample func(i int) cty.Value

func tupleOf(n int, of sample) cty.Value {
	elems := make([]cty.Value, n)
	for i := range elems {
		elems[i] = of(i)
	}
	return cty.TupleVal(elems)
}

func objectOf(n int, of sample) cty.Value {
	attrs := make(map[string]cty.Value, n)
	for i := range n {
		attrs[fmt.Sprintf("k%05d", i)] = of(i)
	}
	return cty.ObjectVal(attrs)
}

var samples = map[string]sample{
	"numbers": func(i int) cty.Value { return cty.NumberIntVal(int64(i)) },
	"strings": func(i int) cty.Value { return cty.StringVal(fmt.Sprint(i)) },
	"one that is no number": func(i int) cty.Value {
		if i == 40 {
			return cty.StringVal("x")
		}
		return cty.NumberIntVal(int64(i))
	},
	"one null": func(i int) cty.Value {
		if i == 40 {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return cty.StringVal("x")
	},
	"one unknown": func(i int) cty.Value {
		if i == 40 {
			return cty.DynamicVal
		}
		return cty.StringVal("x")
	},
	"one marked": func(i int) cty.Value {
		if i == 40 {
			return cty.StringVal("x").Mark(Sensitive)
		}
		return cty.StringVal(fmt.Sprint(i))
	},
	"objects": func(i int) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(int64(i)), "b": cty.True})
	},
	"objects of two types": func(i int) cty.Value {
		v := cty.NumberIntVal(int64(i))
		if i%2 == 0 {
			v = cty.StringVal("x")
		}
		return cty.ObjectVal(map[string]cty.Value{"a": v})
	},
	"objects of other attributes": func(i int) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{fmt.Sprint("a", i%2): cty.True})
	},
	"objects and tuples": func(i int) cty.Value {
		if i%2 == 0 {
			return cty.EmptyTupleVal
		}
		return cty.EmptyObjectVal
	},
	"tuples": func(i int) cty.Value {
		return tupleOf(i%3, func(i int) cty.Value { return cty.NumberIntVal(int64(i)) })
	},
	"lists and tuples": func(i int) cty.Value {
		if i%2 == 0 {
			return cty.ListVal([]cty.Value{cty.StringVal("x")})
		}
		return cty.TupleVal([]cty.Value{cty.True})
	},
}

// TestConvertAgrees compares with the library, for sequences and objects that are
// long, short, or contain long ones.
func TestConvertAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	some := cty.DynamicPseudoType
	wants := []cty.Type{
		cty.List(some), cty.Set(some), cty.Map(some), cty.List(cty.String), cty.Set(cty.String), cty.Map(cty.String),
		cty.List(cty.Number), cty.List(cty.List(some)), cty.List(cty.Map(some)), cty.Map(cty.List(cty.String)),
		cty.List(cty.Object(map[string]cty.Type{"a": cty.String, "b": some})),
		cty.Object(map[string]cty.Type{"k00000": cty.List(some), "k00001": cty.Set(cty.String)}),
		cty.Object(map[string]cty.Type{"k00000": some, "k00001": some}),
	}
	for name, of := range samples {
		long := tupleOf(manyElements+20, of)
		for i, v := range []cty.Value{
			long, objectOf(manyElements+20, of), tupleOf(5, of),
			tupleOf(2, func(int) cty.Value { return long }),
			objectOf(2, func(int) cty.Value { return long }),
			objectOf(2, func(int) cty.Value { return long.Mark(Sensitive) }),
		} {
			for _, want := range wants {
				got, err := Convert(v, want)
				lib, libErr := convert.Convert(v, want)
				switch {
				case (err == nil) != (libErr == nil):
					t.Errorf("%s %d to %s: error %v, the library's %v", name, i, want.FriendlyNameForConstraint(), err, libErr)
				case err == nil && !got.RawEquals(lib):
					t.Errorf("%s %d to %s\n got %#v\nwant %#v", name, i, want.FriendlyNameForConstraint(), got, lib)
				}
			}
		}
	}
}

// TestUnifyAgrees compares with the library.
func TestUnifyAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	for a, one := range samples {
		for b, other := range samples {
			for _, pair := range [][2]cty.Value{
				{tupleOf(70, one), tupleOf(30, other)}, {objectOf(70, one), objectOf(30, other)},
				{tupleOf(70, one), cty.EmptyTupleVal}, {objectOf(70, one), cty.EmptyObjectVal},
			} {
				x, y, ok := Unify(pair[0], pair[1])
				lib, libOK := libraryUnify(pair)
				if ok != libOK || ok && !(x.RawEquals(lib[0]) && y.RawEquals(lib[1])) {
					t.Errorf("%s and %s: %v of %#v and %#v; the library's is %v", a, b, ok, x.Type(), y.Type(), libOK)
				}
			}
		}
	}
}

func libraryUnify(pair [2]cty.Value) ([2]cty.Value, bool) {
	t, convs := convert.UnifyUnsafe([]cty.Type{pair[0].Type(), pair[1].Type()})
	for i, conv := range convs {
		if conv == nil {
			continue
		}
		v, err := conv(pair[i])
		if err != nil {
			return pair, false
		}
		pair[i] = v
	}
	return pair, t != cty.NilType
}

// TestConvertIsLinear: twice as many elements allocate about twice as much at most.
func TestConvertIsLinear(t *testing.T) {
	for name, of := range samples {
		for _, want := range []cty.Type{cty.List(cty.DynamicPseudoType), cty.Set(cty.DynamicPseudoType)} {
			allocs := func(n int) float64 {
				v := tupleOf(n, of)
				return testing.AllocsPerRun(1, func() { _, _ = Convert(v, want) })
			}
			if small, large := allocs(2000), allocs(4000); large > 2.3*small+1000 {
				t.Errorf("%s to %s: %.0f allocations for 2000 elements, %.0f for 4000", name, want.FriendlyNameForConstraint(), small, large)
			}
		}
	}
}

// TestCrowded: a set whose values have one checksum would compare every pair.
func TestCrowded(t *testing.T) {
	vals := colliding(t, 80)
	if !crowded(vals) {
		t.Error("80 strings with one checksum are no crowd")
	}
	if _, err := Convert(cty.TupleVal(vals), cty.Set(cty.String)); err == nil {
		t.Error("they were made a set")
	}
	if crowded(make65(cty.StringVal("x"))) {
		t.Error("65 times one string is a crowd")
	}
	if !crowded(make65(cty.UnknownVal(cty.String))) {
		t.Error("65 unknown strings are no crowd")
	}
}

func make65(v cty.Value) []cty.Value {
	return tupleOf(65, func(int) cty.Value { return v }).AsValueSlice()
}

// colliding returns strings with the same go-cty hash: a checksum is linear, so that
// differences which cancel out in one place do so in all.
func colliding(t *testing.T, n int) []cty.Value {
	t.Helper()
	byHash := map[int][]cty.Value{}
	base := bytes.Repeat([]byte("a"), 48)
	basis := kernel(base)
	for mask := 0; mask < 1<<len(basis) && mask < 4*n; mask++ {
		text := append([]byte(nil), base...)
		for i, flips := range basis {
			if mask&(1<<i) == 0 {
				continue
			}
			for at, flip := range flips {
				text[at] ^= flip
			}
		}
		v := cty.StringVal(string(text))
		byHash[v.Hash()] = append(byHash[v.Hash()], v)
	}
	for _, vals := range byHash {
		if len(vals) >= n {
			return vals[:n]
		}
	}
	t.Fatal("no collisions were made")
	return nil
}

// kernel returns changes to a text, by byte, that leave its checksum unchanged.
func kernel(base []byte) [][]byte {
	type row struct {
		sum   uint32
		flips []byte
	}
	zero := crc32.ChecksumIEEE(base)
	var rows []row
	var free [][]byte
	for at := range base {
		flips := make([]byte, len(base))
		flips[at] = 1
		text := append([]byte(nil), base...)
		text[at] ^= 1
		r := row{crc32.ChecksumIEEE(text) ^ zero, flips}
		for _, known := range rows {
			if r.sum^known.sum < r.sum {
				r.sum ^= known.sum
				for i := range r.flips {
					r.flips[i] ^= known.flips[i]
				}
			}
		}
		if r.sum == 0 {
			free = append(free, r.flips)
			continue
		}
		rows = append(rows, r)
	}
	return free
}

// TestMisfit: of several attributes that do not fit, the first by name is reported,
// each time.
func TestMisfit(t *testing.T) {
	rule := cty.Object(map[string]cty.Type{"a": cty.Number, "b": cty.Number, "c": cty.String, "d": cty.String})
	typ := cty.Map(cty.Object(map[string]cty.Type{"rules": cty.List(rule)}))
	wrong := cty.ObjectVal(map[string]cty.Value{"x": cty.ObjectVal(map[string]cty.Value{"rules": cty.TupleVal([]cty.Value{
		cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("1"), "b": cty.StringVal("no")}),
	})})})
	for range 20 {
		if got, want := Misfit(wrong, typ), `element "x": attribute "rules": element 0: attribute "b": a number is required`; got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
	if got := Misfit(wrong.Mark(Sensitive), typ); strings.Contains(got, "rules") {
		t.Errorf("a sensitive value: %s", got)
	}
}

// TestMisfitOptional: an optional attribute that is not given is not what is wrong.
func TestMisfitOptional(t *testing.T) {
	typ := cty.ObjectWithOptionalAttrs(map[string]cty.Type{"a": cty.String, "b": cty.Number}, []string{"a"})
	for want, v := range map[string]cty.Value{
		`attribute "b": a number is required`: cty.ObjectVal(map[string]cty.Value{"b": cty.StringVal("no")}),
		`attribute "b" is required`:           cty.ObjectVal(map[string]cty.Value{"c": cty.StringVal("no")}),
		"object required, but have string":    cty.StringVal("no"),
	} {
		if got := Misfit(v, typ); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestMisfitBound: of a large value, and of one that is deep in another, no path is
// told.
func TestMisfitBound(t *testing.T) {
	deep, typ := cty.StringVal("no"), cty.Number
	for range 100 {
		deep, typ = cty.ObjectVal(map[string]cty.Value{"a": deep}), cty.Object(map[string]cty.Type{"a": typ})
	}
	if got := Misfit(deep, typ); strings.Count(got, "attribute") != MisfitLevels || !strings.HasSuffix(got, misfit) {
		t.Errorf("deep: %s", got)
	}
	large := tupleOf(misfitNodes, func(int) cty.Value { return cty.StringVal("no") })
	if got := Misfit(large, cty.List(cty.Number)); got != misfit {
		t.Errorf("large: %s", got)
	}
}
