package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mitchellh/go-wordwrap"
)

// A page writes explanations in a width: headings, labelled paragraphs and
// columns. It remembers the first error of its writer.
type page struct {
	w     io.Writer
	width int
	err   error
}

// narrowest is the minimum width for wrapped text.
const narrowest = 24

func (p *page) line(s string) {
	if _, err := fmt.Fprintln(p.w, strings.TrimRight(s, " ")); p.err == nil {
		p.err = err
	}
}

// text writes finished lines.
func (p *page) text(s string) {
	for _, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
		p.line(line)
	}
}

// section begins a part of the page with its title.
func (p *page) section(title string) {
	p.line("")
	p.line(title)
}

// para writes a text after a label of a fixed width, its further lines indented to
// the beginning of the text; it writes nothing for an empty text.
func (p *page) para(label string, indent int, text string) {
	if text == "" {
		return
	}
	for _, line := range wrapped(text, p.width-indent) {
		p.line(padded(label, indent) + line)
		label = ""
	}
}

// heading writes a line with a note at its right end, or below it if both do not
// fit.
func (p *page) heading(left, right string) {
	if gap := p.width - utf8.RuneCountInString(left+right); gap >= 2 {
		p.line(left + strings.Repeat(" ", gap) + right)
		return
	}
	p.line(left)
	p.line(right)
}

// links writes links after a label, each whole on a line of its own: they are copied
// from here.
func (p *page) links(label string, indent int, links []string) {
	for _, link := range links {
		p.line(padded(label, indent) + link)
		label = ""
	}
}

func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

// wrapped breaks a text into lines, between words; it breaks a path of attributes
// that is wider than the whole line after a dot. Links stay whole.
func wrapped(text string, width int) []string {
	width = max(width, narrowest)
	words := strings.Fields(text)
	for i, word := range words {
		if !strings.Contains(word, "://") {
			words[i] = brokenPath(word, width)
		}
	}
	return strings.Split(wordwrap.WrapString(strings.Join(words, " "), uint(width)), "\n")
}

func brokenPath(word string, width int) string {
	if len(word) <= width {
		return word
	}
	dot := strings.LastIndexByte(word[:width], '.')
	if dot < 0 {
		return word
	}
	return word[:dot+1] + "\n" + brokenPath(word[dot+1:], width)
}

// columns writes rows with aligned cells, the last wrapped to the width; 0: nothing
// is wrapped. If the other cells leave too little room, the last stands below them.
func columns(rows [][]string, width int) string {
	const roomy = 30
	var widths []int
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell)+2)
		}
	}
	indent := 0
	for _, w := range widths {
		indent += w
	}
	var b strings.Builder
	for _, row := range rows {
		first := ""
		for i, cell := range row[:len(row)-1] {
			first += padded(cell, widths[i])
		}
		last := row[len(row)-1]
		switch room := width - indent; {
		case width == 0 || utf8.RuneCountInString(last) <= room:
			b.WriteString(first + last + "\n")
		case room >= roomy:
			writeHanging(&b, first, indent, wrapped(last, room))
		default:
			b.WriteString(strings.TrimRight(first, " ") + "\n")
			writeHanging(&b, padded("", widths[0]), widths[0], wrapped(last, width-widths[0]))
		}
	}
	return b.String()
}

// writeHanging writes lines after a prefix, the further lines indented.
func writeHanging(b *strings.Builder, first string, indent int, lines []string) {
	for _, line := range lines {
		b.WriteString(first + line + "\n")
		first = strings.Repeat(" ", indent)
	}
}
