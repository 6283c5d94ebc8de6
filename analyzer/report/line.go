package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// Line writes one line for each finding, for editors and for grep:
//
//	main.tf:12:3: high: storage of this database is not encrypted: set storage_encrypted = true  aws-rds-storage-encrypted
//
// A problem matcher reads a line with
//
//	^(.+?):(\d+):(\d+): (critical|high|medium|low|unknown|error|warning): (.*?)(?:  (\S+))?$
//
// as file, line, column, severity, message and check. Columns count code
// points from 1. Mistakes in the user's files are error and warning, without a
// check; a mistake without a place begins with that word. Findings with the same
// text and place are one line; a finding without a file is at 1:1 of the plan, after
// the address. Unknowns are included with ShowAll only, accepted gaps never. It
// returns the error of the writer.
func Line(w io.Writer, rep *judge.Report, opt Options) error {
	p := &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(opt.Read)}
	for _, d := range rep.Diags {
		p.line(p.lineDiagnostic(d))
	}
	said := map[string]bool{}
	for _, f := range rep.Findings {
		if !opt.open(f) || !f.Gap() && !(opt.ShowAll && unknown(f)) {
			continue
		}
		if l := p.finding(f); !said[l] {
			p.line(l)
			said[l] = true
		}
	}
	for _, u := range rep.Coverage.Unresolved {
		if u.Kind == "file" && u.Range.Filename != "" {
			p.line(p.head(u.Range), "error: ", clean(u.Name), ": ", clean(u.Reason))
		}
	}
	return p.w.Flush()
}

func (p *printer) finding(f *judge.Finding) string {
	word := "unknown"
	if f.Verdict == analyzer.Fail {
		word = f.Severity.String()
	}
	says := clean(f.Message)
	switch {
	case f.Inside != nil && hasLine(f):
		says = clean(f.Resource.Definition) + ": " + says
	case !hasLine(f) && f.Resource.Address != "":
		says = clean(f.Resource.Address) + ": " + says
	}
	if close := p.remedy(f); close != "" {
		says += ": " + close
	}
	return p.head(place(f)) + word + ": " + says + "  " + f.Check.ID
}

// head returns file:line:col: of a range; 1:1 if no line is known.
func (p *printer) head(r hcl.Range) string {
	at := position{1, 1}
	if r.Start.Line > 0 {
		at = p.src.position(r.Filename, r.Start)
	}
	return fmt.Sprintf("%s:%d:%d: ", p.file(r.Filename), at.line, max(at.column, 1))
}

func (p *printer) lineDiagnostic(d *hcl.Diagnostic) string {
	word, at := "error: ", diagnosticRange(d)
	if d.Severity == hcl.DiagWarning {
		word = "warning: "
	}
	if at.Filename == "" {
		return word + diagnostic(d)
	}
	return p.head(at) + word + diagnostic(d)
}
