package report

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/apparentlymart/go-textseg/v15/textseg"
	"github.com/hashicorp/hcl/v2"
)

// sources reads each file once.
type sources struct {
	read  func(string) ([]byte, error)
	files map[string][]line
}

// A line is one line of a file, without its end.
type line struct {
	text  string
	blank bool
	ascii bool // each column is a byte

	// The fields below are filled for a line that is not ASCII, when a column is
	// first needed.
	raw   []byte
	marks []mark // positions of every columnsAMark-th column, if the line is long
}

// A mark is where a column begins.
type mark struct{ bytes, runes int }

// columnsAMark is the maximum number of columns counted from a mark.
const columnsAMark = 256

func newSources(read func(string) ([]byte, error)) *sources {
	return &sources{read, map[string][]line{}}
}

// line returns a line, counted from 1; false if it cannot be read.
func (s *sources) line(name string, n int) (*line, bool) {
	lines, ok := s.files[name]
	if !ok {
		lines = s.load(name)
		s.files[name] = lines
	}
	if n < 1 || n > len(lines) {
		return nil, false
	}
	return &lines[n-1], true
}

func (s *sources) load(name string) []line {
	if s.read == nil || name == "" {
		return nil
	}
	text, err := s.read(name)
	if err != nil {
		return nil
	}
	var lines []line
	for l := range strings.SplitSeq(string(bytes.TrimPrefix(text, []byte("\ufeff"))), "\n") {
		l = strings.TrimSuffix(l, "\r")
		lines = append(lines, line{
			text: l, blank: strings.TrimSpace(l) == "",
			ascii: !strings.ContainsFunc(l, func(r rune) bool { return r >= utf8.RuneSelf || r == '\r' }),
		})
	}
	return lines
}

// position is a place in code points, counted from 1, as editors and viewers
// count. A range counts graphemes: an "é" of two code points is one column in a
// range.
type position struct{ line, column int }

func (s *sources) position(name string, p hcl.Pos) position {
	l, ok := s.line(name, p.Line)
	if !ok {
		return position{p.Line, p.Column}
	}
	_, runes := l.offset(p.Column)
	return position{p.Line, runes + 1}
}

// offset returns the byte at which a column of a line begins, with the number of
// code points before it; the line's end if the line is shorter.
func (l *line) offset(column int) (bytes, runes int) {
	if l.ascii {
		at := max(0, min(column-1, len(l.text)))
		return at, at
	}
	if l.marks == nil {
		l.raw, l.marks = []byte(l.text), []mark{{}}
		if len(l.text) > longest {
			l.mark()
		}
	}
	known := max(0, min((column-1)/columnsAMark, len(l.marks)-1))
	from := l.marks[known]
	n := from.bytes + columns(l.raw[from.bytes:], column-1-known*columnsAMark)
	return n, from.runes + utf8.RuneCount(l.raw[from.bytes:n])
}

func (l *line) mark() {
	at := l.marks[0]
	for {
		n := columns(l.raw[at.bytes:], columnsAMark)
		if n == 0 {
			return
		}
		at = mark{at.bytes + n, at.runes + utf8.RuneCount(l.raw[at.bytes:at.bytes+n])}
		l.marks = append(l.marks, at)
	}
}

// columns returns the number of bytes of the first columns of a text.
func columns(text []byte, n int) int {
	at := 0
	for i := 0; i < n && at < len(text); i++ {
		size, _, err := textseg.ScanGraphemeClusters(text[at:], true)
		if err != nil || size == 0 {
			break
		}
		at += size
	}
	return at
}

// A cell is a character as it is shown.
type cell struct {
	text  string
	width int
	at    int // the byte in the line that the cell shows
}

const tab = 4

// cells lays a line out for a terminal: tabs expanded, secrets masked, hostile
// characters escaped.
func cells(line string, hidden []span) []cell {
	var row []cell
	column := 0
	for at := 0; at < len(line); {
		if len(hidden) > 0 && at >= hidden[0].start {
			if hidden[0].end > at {
				row, column = append(row, cell{"…", 1, at}), column+1
			}
			at, hidden = max(at, hidden[0].end), hidden[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(line[at:])
		c := cell{text: line[at : at+n], at: at}
		switch {
		case r == '\t':
			c.text = strings.Repeat(" ", tab-column%tab)
		case r == '[' && marked(line[:at]):
			c.text = `\[`
		default:
			c.text = cleanRune(r, c.text)
		}
		c.width = textWidth(c.text)
		row, column = append(row, c), column+c.width
		at += n
	}
	return row
}

// longest is the maximum number of laid-out columns of a line: of a longer,
// generated line only the range is laid out, because its beginning is far away.
const longest = 4096

// An excerpt is one line of source with the columns to point at.
type excerpt struct {
	number int
	text   string
	indent int // columns before the caret
	caret  int // columns under the range, at least 1
}

// excerpt returns the first line of a range within a number of columns.
func (s *sources) excerpt(r hcl.Range, secret bool, room int) (excerpt, bool) {
	l, ok := s.line(r.Filename, r.Start.Line)
	if !ok || l.blank {
		return excerpt{}, false
	}
	start, _ := l.offset(r.Start.Column)
	end := len(l.text)
	if r.End.Line == r.Start.Line {
		to, _ := l.offset(r.End.Column)
		end = max(start, to)
	}
	text := l.text
	if len(text) > longest {
		text = text[start:min(len(text), start+longest)]
		start, end = 0, min(end-start, len(text))
	}
	text = strings.TrimRight(text, " \t")
	start = min(start, len(text))
	hidden := masksAround(text, span{start, min(end, len(text))}, secret, strings.HasSuffix(r.Filename, ".json"))
	end = start + named(text[start:max(start, min(end, len(text)))])
	row := cells(text, hidden)
	indent, caret := 0, 0
	for _, c := range row {
		switch {
		case c.at < start:
			indent += c.width
		case c.at < end:
			caret += c.width
		}
	}
	e := excerpt{number: r.Start.Line, indent: indent, caret: max(caret, 1)}
	e.cut(row, max(room, 20))
	return e, true
}

// named returns the part of a range to point at: the name of an assignment, so that
// there is room beside it; otherwise the whole range.
func named(text string) int {
	name := strings.TrimPrefix(text, `"`)
	n := strings.IndexFunc(name, func(r rune) bool { return !identifier(string(r)) })
	if n < 1 {
		return len(text)
	}
	after := strings.TrimLeft(strings.TrimPrefix(name[n:], `"`), " \t")
	if assigns := strings.HasPrefix(after, "=") && !strings.HasPrefix(after, "=="); !assigns && !strings.HasPrefix(after, ":") {
		return len(text)
	}
	quotes := len(text) - len(name)
	return n + 2*quotes
}

// cut returns the columns around the caret that fit.
func (e *excerpt) cut(row []cell, room int) {
	total := 0
	for _, c := range row {
		total += c.width
	}
	from := 0
	if total > room && e.indent+min(e.caret, room/2) >= room {
		from = e.indent - room/4
	}
	var b strings.Builder
	column, used := 0, 0
	for _, c := range row {
		skipped := column < from
		column += c.width
		switch {
		case skipped && column >= from:
			b.WriteString("…")
			e.indent, used = e.indent-column+1, 1
		case skipped:
		case used+c.width > room, used+c.width == room && column < total:
			// The cell before left a column for the ellipsis.
			e.caret = max(1, min(e.caret, used-e.indent))
			e.text = b.String() + "…"
			return
		default:
			b.WriteString(c.text)
			used += c.width
		}
	}
	e.caret = max(1, min(e.caret, used-e.indent))
	e.text = b.String()
}
