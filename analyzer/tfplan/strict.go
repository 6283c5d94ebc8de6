package tfplan

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// A mistake is a place that says what no plan of Terraform says there. What is
// read of the plan does not hold it, and the plan is not wholly read.
type mistake struct {
	at   string // JSON pointer
	byte int64  // where its text begins; -1: not known
	says string
}

// maxMistakes is how many mistakes are told one by one.
const maxMistakes = 20

// mistakes are those of a plan: the first of them, and how many there are.
type mistakes struct {
	told  []mistake
	count int
}

func (m *mistakes) add(at string, offset int64, format string, args ...any) {
	m.count++
	if len(m.told) < maxMistakes {
		m.told = append(m.told, mistake{at, offset, fmt.Sprintf(format, args...)})
	}
}

// diagnostics say the mistakes, each at the plan.
func (m *mistakes) diagnostics(file string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	add := func(at int64, says string) {
		where := start(file)
		if at >= 0 {
			where.Start.Byte, where.End.Byte = int(at), int(at)
		}
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: says, Subject: &where})
	}
	for _, one := range m.told {
		place := one.at
		if one.byte >= 0 {
			place = fmt.Sprintf("%s (byte %d)", place, one.byte)
		}
		add(one.byte, place+" "+one.says)
	}
	if more := m.count - len(m.told); more > 0 {
		add(-1, fmt.Sprintf("%d more places say what no plan of Terraform says", more))
	}
	return diags
}

// cause is what hides what a plan with mistakes does not tell.
func (m *mistakes) cause(file string) analyzer.Cause {
	return analyzer.Cause{Kind: analyzer.CauseError, Name: "mistakes in the plan", Range: start(file)}
}

// kindWords are the kinds of JSON in words.
var kindWords = map[jsontext.Kind]string{
	'n': "null", 't': "true", 'f': "false", '"': "a text", '0': "a number", '{': "an object", '[': "a list",
}

// offset is where the text of the next value begins. PeekKind has been called.
func (d *decoder) offset() int64 {
	rest := d.UnreadBuffer()
	return d.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// wrong notes that the next value is of a kind that has no place there, and
// skips it.
func (d *decoder) wrong(wants string) error {
	kind, at := d.PeekKind(), d.offset()
	if err := d.SkipValue(); err != nil {
		return err
	}
	d.mistakes.add(string(d.StackPointer()), at, "is %s: a plan has %s there", kindWords[kind], wants)
	return nil
}

// oneOf reports whether the next value is of one of the kinds; of another it
// notes a mistake and skips it.
func (d *decoder) oneOf(wants string, kinds ...jsontext.Kind) (bool, error) {
	next := d.PeekKind()
	for _, k := range kinds {
		if next == k {
			return true, nil
		}
	}
	return false, d.wrong(wants)
}

// whole notes what is missing or contradicts itself in an object that was just
// read, and reports whether nothing is.
func (d *decoder) whole(at int64, complaints ...string) bool {
	ok := true
	for _, says := range complaints {
		if says != "" {
			d.mistakes.add(string(d.StackPointer()), at, "%s", says)
			ok = false
		}
	}
	return ok
}

// without says that an object lacks a text that every plan has there.
func without(text, name string) string {
	if text == "" {
		return "has no " + name
	}
	return ""
}
