package report

import (
	"io"

	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
)

// The JSON form of an audit, version 1: additions only.
type (
	jsonAudit struct {
		Version      int                    `json:"version"`
		Tool         jsonTool               `json:"tool"`
		Framework    jsonAuditFramework     `json:"framework"`
		Requirements []jsonAuditRequirement `json:"requirements"`
		Objectives   []jsonAuditObjective   `json:"objectives"` // objectives of the requirements, each once
		Count        jsonAuditCount         `json:"count"`
		Lapsed       []jsonLapsed           `json:"lapsed"`   // attestations that are no longer valid
		Coverage     jsonCoverage           `json:"coverage"` // the inputs that were read
		Diagnostics  []jsonDiagnostic       `json:"diagnostics"`
	}
	jsonAuditFramework struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Version   string `json:"version"`
		Publisher string `json:"publisher"`
		About     string `json:"about"`
	}
	jsonAuditRequirement struct {
		ID         string   `json:"id"`
		Title      string   `json:"title"` // demarc's title: no substitute for the framework's text
		Owner      string   `json:"owner"` // customer, shared, provider, none; empty: not assessed
		State      string   `json:"state"` // a state of the matrix, or not-assessed
		Objectives []string `json:"objectives"`
		Yours      []string `json:"yours"` // services, by owner
		Shared     []string `json:"shared"`
		Theirs     []string `json:"theirs"`
		Sources    []string `json:"sources"`
		Teams      []string `json:"teams"` // responsible teams
	}
	jsonAuditObjective struct {
		ID           string              `json:"id"`
		Title        string              `json:"title"`
		Owner        string              `json:"owner"`
		State        string              `json:"state"`
		Tally        jsonTally           `json:"tally"`
		Missing      string              `json:"missing"`       // parts without evidence
		GoodEvidence string              `json:"good_evidence"` // evidence that would show them
		Findings     []string            `json:"findings"`      // fingerprints of open findings
		Evidence     []jsonCellEvidence  `json:"evidence"`
		Attestations []jsonCellStatement `json:"attestations"`
	}
	jsonAuditCount struct {
		Requirements int `json:"requirements"`
		Met          int `json:"met"`
		Attested     int `json:"attested"`
		Gaps         int `json:"gap"`
		Unknown      int `json:"unknown"`
		Unevidenced  int `json:"unevidenced"`
		Provider     int `json:"provider"`
		Nothing      int `json:"n/a"`
		Outside      int `json:"not-assessed"`
	}
)

// AuditJSON writes a framework with everything known about its requirements.
func AuditJSON(w io.Writer, a *audit.Audit, opt Options) error {
	f, n := a.Framework, a.Count()
	doc := jsonAudit{
		Version: 1, Tool: jsonTool{"demarc", opt.Version},
		Framework:    jsonAuditFramework{f.ID, f.Name, f.Version, f.Publisher, f.About},
		Requirements: []jsonAuditRequirement{}, Objectives: []jsonAuditObjective{},
		Count: jsonAuditCount{n.Requirements, n.Met, n.Attested, n.Gaps, n.Unknown, n.Unevidenced, n.Provider, n.Nothing, n.Outside},
	}
	doc.Coverage, doc.Diagnostics = reading(a.Matrix.Report, opt)
	doc.Lapsed = jsonLapses(a.Matrix.Report)
	seen := map[*audit.Objective]bool{}
	for i := range a.Requirements {
		r := &a.Requirements[i]
		yours, shared, theirs := sides(r)
		doc.Requirements = append(doc.Requirements, jsonAuditRequirement{
			r.ID, r.Title, string(r.Owner), auditStateID(r), objectiveIDs(r), orEmpty(yours), orEmpty(shared), orEmpty(theirs), orEmpty(r.Sources), orEmpty(r.Teams()),
		})
		for _, o := range r.Objectives {
			if !seen[o] {
				seen[o] = true
				doc.Objectives = append(doc.Objectives, auditObjective(o))
			}
		}
	}
	return writeJSON(w, doc)
}

func auditObjective(o *audit.Objective) jsonAuditObjective {
	one := jsonAuditObjective{
		ID: string(o.ID), Title: o.Title, Owner: string(o.Owner), State: string(o.Tally.State), Tally: tallyOf(o.Tally.Tally),
		Missing: o.Missing(), GoodEvidence: o.Objective.Evidence, Findings: fingerprints(o.Open),
		Evidence: cellEvidence(o.Evidence), Attestations: statements(o.Attested),
	}
	return one
}

func fingerprints(findings []*judge.Finding) []string {
	ids := make([]string, len(findings))
	for i, f := range findings {
		ids[i] = f.Fingerprint.String()
	}
	return ids
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
