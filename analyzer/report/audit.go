package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
)

// The columns of an audit in text, after the ids.
const (
	ownerWidth = 6
	stateWidth = 12
)

// AuditText writes a framework for a terminal: for each control, who is responsible
// and its state, and for controls that are not met, what is open or needs other
// evidence.
func AuditText(w io.Writer, a *audit.Audit, opt Options) error {
	p := &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(nil)}
	p.diagnostics(a.Matrix.Report)
	p.plain(frameworkName(a))
	fmt.Fprintln(p.w)
	indent := 0
	for _, r := range a.Requirements {
		indent = max(indent, textWidth(r.ID)+2)
	}
	for i := range a.Requirements {
		if r := &a.Requirements[i]; here(r) {
			p.requirement(r, indent)
		}
	}
	fmt.Fprintln(p.w)
	p.requirementList("nothing here asks for", a, func(r *audit.Requirement) bool { return !r.Outside && !here(r) })
	p.requirementList("not assessed from Terraform", a, func(r *audit.Requirement) bool { return r.Outside })
	p.lapsed(a.Matrix.Report)
	p.plain(countLine(a.Count()))
	p.read(a.Matrix.Report)
	return p.w.Flush()
}

func frameworkName(a *audit.Audit) string {
	return strings.TrimSpace(a.Framework.Name + " " + a.Framework.Version)
}

// here reports whether a requirement has a result here, or belongs to the provider.
func here(r *audit.Requirement) bool { return !r.Outside && r.State != judge.NoDuty }

// requirement writes one control, and its open work.
func (p *printer) requirement(r *audit.Requirement, indent int) {
	room := max(p.width()-indent-ownerWidth-stateWidth, 20)
	for i, line := range wrap(r.Title, room-2, room-2) {
		if i == 0 {
			line = pad(r.ID, indent) + pad(line, room) + pad(ownerWord(r.Owner), ownerWidth) + auditState(r)
		} else {
			line = pad("", indent) + line
		}
		fmt.Fprintln(p.w, line)
	}
	p.checkList("open", indent, with(r.Open(), func(f *judge.Finding) bool { return f.Verdict == analyzer.Fail }))
	p.checkList("unknown", indent, with(r.Open(), unknown))
	if missing := r.Missing(); r.State == judge.Unevidenced && len(missing) > 0 {
		var ids []string
		for _, o := range missing {
			ids = append(ids, string(o.ID))
		}
		p.labelled(pad("", indent)+"attest", indent+labelWidth, list(ids))
	}
}

const labelWidth = 9

func (p *printer) checkList(label string, indent int, findings []*judge.Finding) {
	if len(findings) > 0 {
		p.labelled(pad("", indent)+label, indent+labelWidth, few(checksOf(findings), 4))
	}
}

// checksOf names the checks of findings with the number of findings, the most severe
// first.
func checksOf(findings []*judge.Finding) []string {
	var words []string
	for _, g := range groupBy(bySeverity(findings), func(f *judge.Finding) string { return f.Check.ID }) {
		word := g.first().Check.ID
		if len(g) > 1 {
			word += fmt.Sprintf(" (%d)", len(g))
		}
		words = append(words, word)
	}
	return words
}

// ownerWord returns the owner in a word; "-": no owner.
func ownerWord(o analyzer.Owner) string {
	switch o {
	case analyzer.CustomerOwned:
		return "you"
	case analyzer.SharedOwned:
		return "both"
	case analyzer.ProviderOwned:
		return "AWS"
	}
	return "-"
}

// auditState returns the state of a requirement in the width of a column.
func auditState(r *audit.Requirement) string {
	if r.State == judge.NoDuty {
		return "-"
	}
	return narrow(auditSays(r.State, len(r.Missing()) > 0))
}

// auditSays returns the state of a requirement, or of one of its objectives, in
// words. The requirement is partly met if a part of it has no evidence.
func auditSays(s judge.State, half bool) string {
	switch {
	case s == judge.MetState && half:
		return metInPart
	case s == judge.GapState:
		return "open"
	case s == judge.OfProvider:
		return "AWS's"
	case s == judge.NoDuty:
		return "nothing here"
	}
	return stateSays(s, judge.Tally{})
}

// requirementList writes the ids of requirements in a paragraph.
func (p *printer) requirementList(title string, a *audit.Audit, in func(*audit.Requirement) bool) {
	var ids []string
	for i := range a.Requirements {
		if in(&a.Requirements[i]) {
			ids = append(ids, a.Requirements[i].ID)
		}
	}
	if len(ids) > 0 {
		p.plain(fmt.Sprintf("%s (%d):", title, len(ids)))
		p.labelled("  ", 2, strings.Join(ids, ", "))
		fmt.Fprintln(p.w)
	}
}

// countLine returns "120 requirements: 12 with evidence, 20 open, ...".
func countLine(n audit.Count) string {
	says := fmt.Sprintf("%d requirements", n.Requirements)
	if parts := stateParts(countParts(n)); len(parts) > 0 {
		says += ": " + strings.Join(parts, ", ")
	}
	return says + ". " + notCompliance
}

const notCompliance = "Evidence for a requirement is not compliance with it."

// outsideState is the machine-readable state of a requirement that is not assessed.
const outsideState judge.State = "not-assessed"

// countParts returns the parts of a count in report order.
func countParts(n audit.Count) []tallyPart {
	return []tallyPart{
		{n.Met, judge.MetState, "with evidence"}, {n.Attested, judge.Attested, "attested"}, {n.Gaps, judge.GapState, "open"},
		{n.Unknown, judge.UnknownState, "unknown"}, {n.Unevidenced, judge.Unevidenced, "without evidence"},
		{n.Provider, judge.OfProvider, "AWS's"}, {n.Nothing, judge.NoDuty, "that nothing here asks for"},
		{n.Outside, outsideState, "not assessed from Terraform"},
	}
}
