package tfplan

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// newText reads text as UTF-8 without a byte order mark. It takes UTF-8 and
// UTF-16 with or without one: PowerShell before 7 writes redirected output as
// UTF-16.
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
func newText(r io.Reader) *bufio.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4)
	switch {
	case len(head) >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF:
		_, _ = in.Discard(3)
		return in
	case len(head) >= 2 && head[0] == 0xFF && head[1] == 0xFE:
		_, _ = in.Discard(2)
		return wide(in, false)
	case len(head) >= 2 && head[0] == 0xFE && head[1] == 0xFF:
		_, _ = in.Discard(2)
		return wide(in, true)
	case len(head) == 4 && head[0] != 0 && head[1] == 0 && head[3] == 0:
		return wide(in, false)
	case len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0:
		return wide(in, true)
	}
	return in
}

func wide(in *bufio.Reader, bigEndian bool) *bufio.Reader {
	return bufio.NewReaderSize(&utf16Reader{in: in, bigEndian: bigEndian}, 64<<10)
}

var errUTF16 = errors.New("the plan is not valid UTF-16: run terraform show -json again")

// utf16Reader turns UTF-16 into UTF-8. A unit without its partner is an error.
type utf16Reader struct {
	in        *bufio.Reader
	bigEndian bool
	err       error // sticky
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	n := 0
	for r.err == nil && n+utf8.UTFMax <= len(p) {
		c, err := r.rune()
		if err != nil {
			r.err = err
			break
		}
		n += utf8.EncodeRune(p[n:], c)
	}
	if r.err != nil {
		return n, r.err
	}
	if n == 0 && len(p) > 0 {
		return 0, io.ErrShortBuffer
	}
	return n, nil
}

func (r *utf16Reader) rune() (rune, error) {
	first, err := r.unit()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	second, err := r.unit()
	if errors.Is(err, io.EOF) {
		return 0, io.ErrUnexpectedEOF
	}
	if err != nil {
		return 0, err
	}
	c := utf16.DecodeRune(first, second)
	if c == utf8.RuneError {
		return 0, errUTF16
	}
	return c, nil
}

func (r *utf16Reader) unit() (rune, error) {
	a, err := r.in.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := r.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, io.ErrUnexpectedEOF
	}
	if r.bigEndian {
		a, b = b, a
	}
	return rune(b)<<8 | rune(a), err
}
