package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
)

// AuditMarkdown writes a framework as tables: assessed requirements with evidence
// and gaps, the provider's requirements, and requirements that Terraform cannot
// show.
func AuditMarkdown(w io.Writer, a *audit.Audit, opt Options) error {
	out := bufio.NewWriter(w)
	opt.markdownMistakes(out, a.Matrix.Report)
	opt.markdownLapsed(out, a.Matrix.Report)
	fmt.Fprintf(out, "# %s\n\n%s\n\n%s\n\n", frameworkName(a), markdownCell(a.Framework.About), countLine(a.Count()))
	fmt.Fprint(out, "| control | what | who | state | open | evidence | not shown |\n|---|---|---|---|---|---|---|\n")
	for i := range a.Requirements {
		if r := &a.Requirements[i]; here(r) {
			fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n", r.ID, markdownCell(r.Title), ownerWord(r.Owner), auditState(r),
				markdownCell(opt.openPlaces(r)), markdownCell(opt.shownBy(r)), markdownCell(missingWords(r)))
		}
	}
	markdownRequirements(out, a, "Nothing here asks for", func(r *audit.Requirement) bool { return !r.Outside && !here(r) })
	markdownRequirements(out, a, "Not assessed from Terraform", func(r *audit.Requirement) bool { return r.Outside })
	opt.markdownRead(out, a.Matrix.Report)
	return out.Flush()
}

func markdownRequirements(w io.Writer, a *audit.Audit, title string, in func(*audit.Requirement) bool) {
	rows := slices.DeleteFunc(slices.Clone(a.Requirements), func(r audit.Requirement) bool { return !in(&r) })
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n| control | what |\n|---|---|\n", title)
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s |\n", r.ID, markdownCell(r.Title))
	}
}

// openPlaces returns a requirement's gaps and unknowns with their places.
func (o Options) openPlaces(r *audit.Requirement) string { return o.places(r.Open(), "") }

// shownBy returns the evidence for a requirement: evidence, attestations, and the
// owners if it is the provider's.
func (o Options) shownBy(r *audit.Requirement) string {
	var words []string
	for _, s := range []string{o.places(r.Evidence(), ""), attestedBy(r.Attested()), inheritedWords(r)} {
		if s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, "; ")
}

// inheritedWords returns where the provider's part is documented.
func inheritedWords(r *audit.Requirement) string {
	for _, o := range r.Objectives {
		if o.Inherited() {
			return o.Objective.Evidence
		}
	}
	return ""
}

// missingWords returns, for each objective, the part without evidence.
func missingWords(r *audit.Requirement) string {
	var words []string
	for _, o := range r.Missing() {
		words = append(words, string(o.ID)+": "+o.Missing())
	}
	return strings.Join(words, "; ")
}

// AuditCSV writes a row for each requirement.
func AuditCSV(w io.Writer, a *audit.Audit, opt Options) error {
	rows := [][]string{{
		"framework", "control", "what", "responsible", "state", "objectives", "yours on", "shared on", "the provider's on",
		"gaps and unknowns", "pieces of evidence", "open", "evidence", "not shown", "good evidence", "sources", "seen to by",
	}}
	for i := range a.Requirements {
		r := &a.Requirements[i]
		yours, shared, theirs := sides(r)
		rows = append(rows, []string{
			a.Framework.ID, r.ID, r.Title, string(r.Owner), auditStateID(r), strings.Join(objectiveIDs(r), "; "),
			strings.Join(yours, "; "), strings.Join(shared, "; "), strings.Join(theirs, "; "),
			fmt.Sprint(len(r.Open())), fmt.Sprint(len(r.Evidence())),
			opt.openPlaces(r), opt.shownBy(r), missingWords(r), goodEvidence(r), strings.Join(r.Sources, " "), strings.Join(r.Teams(), "; "),
		})
	}
	return writeCSV(w, rows)
}

// auditStateID returns the machine-readable state.
func auditStateID(r *audit.Requirement) string {
	if r.Outside {
		return string(outsideState)
	}
	return string(r.State)
}

func objectiveIDs(r *audit.Requirement) []string {
	ids := make([]string, len(r.Objectives))
	for i, o := range r.Objectives {
		ids[i] = string(o.ID)
	}
	return ids
}

// sides returns the services by the owner of any of the objectives there.
func sides(r *audit.Requirement) (yours, shared, theirs []string) {
	owners := map[string]analyzer.Owner{}
	for _, o := range r.Objectives {
		for owner, services := range map[analyzer.Owner][]string{
			analyzer.CustomerOwned: o.Yours, analyzer.SharedOwned: o.Shared, analyzer.ProviderOwned: o.Theirs,
		} {
			for _, s := range services {
				if old, ok := owners[s]; ok && old != owner {
					owners[s] = analyzer.SharedOwned
				} else {
					owners[s] = owner
				}
			}
		}
	}
	for s, owner := range owners {
		switch owner {
		case analyzer.CustomerOwned:
			yours = append(yours, s)
		case analyzer.SharedOwned:
			shared = append(shared, s)
		case analyzer.ProviderOwned:
			theirs = append(theirs, s)
		}
	}
	slices.Sort(yours)
	slices.Sort(shared)
	slices.Sort(theirs)
	return yours, shared, theirs
}

// goodEvidence returns the evidence that would show the missing parts.
func goodEvidence(r *audit.Requirement) string {
	var words []string
	for _, o := range r.Missing() {
		words = append(words, string(o.ID)+": "+o.Objective.Evidence)
	}
	return strings.Join(words, "; ")
}
