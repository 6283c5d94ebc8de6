package tfplan

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// A mistake is a part of the file that no Terraform plan contains there. The part is
// dropped, and the plan is not wholly read.
type mistake struct {
	at   string // JSON pointer
	byte int64  // start of its text; -1: unknown
	says string
}

// maxMistakes is the number of mistakes that are listed individually.
const maxMistakes = 20

// mistakes are the mistakes of a plan: the first of them, and their number.
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

// diagnostics returns the mistakes as diagnostics, each at the plan.
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
		add(-1, fmt.Sprintf("%d more places hold what no Terraform plan holds", more))
	}
	return diags
}

// cause returns the cause of a value that a plan with mistakes does not show.
func (m *mistakes) cause(file string) analyzer.Cause {
	return analyzer.Cause{Kind: analyzer.CauseError, Name: "mistakes in the plan", Range: start(file)}
}

// kindWords are the kinds of JSON in words.
var kindWords = map[jsontext.Kind]string{
	'n': "null", 't': "true", 'f': "false", '"': "a string", '0': "a number", '{': "an object", '[': "a list",
}

// offset returns the start of the next value's text. PeekKind has been called.
func (d *decoder) offset() int64 {
	rest := d.UnreadBuffer()
	return d.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// wrong records that the next value is of a kind that is invalid there, and skips
// it.
func (d *decoder) wrong(wants string) error {
	kind, at := d.PeekKind(), d.offset()
	if err := d.SkipValue(); err != nil {
		return err
	}
	d.mistakes.add(string(d.StackPointer()), at, "is %s: a plan has %s there", kindWords[kind], wants)
	return nil
}

// oneOf reports whether the next value is of one of the kinds; otherwise it records
// a mistake and skips the value.
func (d *decoder) oneOf(wants string, kinds ...jsontext.Kind) (bool, error) {
	next := d.PeekKind()
	for _, k := range kinds {
		if next == k {
			return true, nil
		}
	}
	return false, d.wrong(wants)
}

// whole records missing or contradictory fields of an object that was just read, and
// reports whether there are none.
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

// without returns the complaint that an object lacks a text that every plan has
// there.
func without(text, name string) string {
	if text == "" {
		return "has no " + name
	}
	return ""
}
