package tfplan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxSize is the maximum size of a plan, in bytes of its file.
const MaxSize = 256 << 20

// The other bounds of a plan. A decoder holds the text of one value, the names of
// all open objects, and the kept entries; the costs are the memory of each kind of
// entry until it is judged and reported, in bytes and rounded up.
const (
	maxValue = 16 << 20  // the text of one value
	maxNames = 500_000   // in the objects that are open at one time
	maxKept  = 704 << 20 // memory of all kept entries

	changeCost   = 24 << 10 // a change, with its resource and findings
	usualAddress = 200      // bytes of an address included in changeCost
	addressCost  = 100      // a byte of the address beyond usualAddress: each finding repeats it several times
	writtenCost  = 1 << 10  // a block, a module call, an output or a provider of the configuration
	inputCost    = 1 << 10  // the value of a variable
	expectedCost = 256      // an address of planned_values
	partCost     = 90       // a part of a value, once parsed
)

// ErrTooLarge is the error for a plan of more than MaxSize bytes.
var ErrTooLarge = fmt.Errorf("the plan has more than %d MB: give demarc the plans of smaller root modules", MaxSize>>20)

var (
	errValue = fmt.Errorf("the plan has a value of more than %d MB, which demarc does not read", maxValue>>20)
	errNames = fmt.Errorf("the plan has an object with more than %d names, which demarc does not read", maxNames)
	errKept  = errors.New("the plan has more resources and values than demarc reads: give it the plans of smaller root modules")
)

// bounded counts the memory of the kept parts of a plan, in bytes.
type bounded struct{ size int64 }

// keep adds the cost of an entry.
func (b *bounded) keep(cost int64) error {
	if b.size += cost; b.size > maxKept {
		return errKept
	}
	return nil
}

var comma = []byte(",")

// text adds a value whose text is kept, and parsed on demand.
func (b *bounded) text(v jsontext.Value) error {
	return b.keep(int64(len(v)) + partCost*int64(bytes.Count(v, comma)))
}

// newDecoder decodes a text within the bounds.
func newDecoder(ctx context.Context, text io.Reader) *decoder {
	in := &boundedReader{in: text}
	d := &decoder{Decoder: jsontext.NewDecoder(in), ctx: ctx, texts: map[string]string{}, mistakes: &mistakes{}, changed: map[string]bool{}, state: map[string]bool{}}
	in.dec = d.Decoder
	return d
}

// boundedReader reads the text of a plan for its decoder, until the decoder would
// have to hold too much: the decoder holds a token, or a value that is read as a
// whole, until its end, and the names of open objects.
type boundedReader struct {
	in        io.Reader
	dec       *jsontext.Decoder
	delivered int64
	reads     int
}

func (r *boundedReader) Read(p []byte) (int, error) {
	if err := r.check(); err != nil {
		return 0, &readError{err}
	}
	n, err := r.in.Read(p)
	r.delivered += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &readError{err}
	}
	return n, err
}

// A readError is the reason for not reading more of a plan, even if the decoder
// wraps it.
type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }

func (r *boundedReader) check() error {
	switch r.reads++; {
	case r.delivered > MaxSize:
		return ErrTooLarge
	case r.delivered-r.dec.InputOffset() > maxValue:
		return errValue
	case r.reads%16 == 0: // the check costs more than the others
		return r.checkNames()
	}
	return nil
}

func (r *boundedReader) checkNames() error {
	names := int64(0)
	for i := 1; i <= r.dec.StackDepth(); i++ {
		if kind, length := r.dec.StackIndex(i); kind == '{' {
			names += length / 2
		}
	}
	if names > maxNames {
		return errNames
	}
	return nil
}
