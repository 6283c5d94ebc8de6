package report

import (
	"io"
	"time"

	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// The JSON form of the matrix, version 1: additions only.
type (
	jsonMatrix struct {
		Version int          `json:"version"`
		Tool    jsonTool     `json:"tool"`
		By      string       `json:"by"`
		Columns []jsonColumn `json:"columns"`
		Total   jsonTally    `json:"total"`
		Layers  []jsonShare  `json:"layers"`
		Owners  []jsonShare  `json:"owners"` // by owner; the empty name is nobody

		Controls     []jsonControl      `json:"shared_controls"`
		Account      []jsonObjective    `json:"account"`      // account objectives, which belong to no service; counted by account
		Organisation []jsonOrganisation `json:"organisation"` // objectives without a resource

		Lapsed      []jsonLapsed     `json:"lapsed"`   // attestations that are no longer valid
		Coverage    jsonCoverage     `json:"coverage"` // the inputs that were read
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
	}
	jsonColumn struct {
		Title     string     `json:"title"`
		Service   string     `json:"service"`
		Model     string     `json:"model"`
		Resources int        `json:"resources"`
		Cells     []jsonCell `json:"cells"`
		Total     jsonTally  `json:"total"`
	}
	jsonCell struct {
		Layer           string              `json:"layer"`
		Owner           string              `json:"owner"` // today: customer, provider, shared, none
		Published       string              `json:"published_owner"`
		Yours           string              `json:"yours"`
		Theirs          string              `json:"theirs"`
		Source          string              `json:"source"`
		PublishedSource string              `json:"published_source"`
		State           string              `json:"state"`
		Tally           jsonTally           `json:"tally"`
		Objectives      []jsonObjective     `json:"objectives"`
		Findings        []string            `json:"findings"` // fingerprints of open findings
		Evidence        []jsonCellEvidence  `json:"evidence"`
		Attestations    []jsonCellStatement `json:"attestations"`
		Teams           []string            `json:"teams"` // responsible teams
	}
	jsonObjective struct {
		ID      string    `json:"id"`
		Title   string    `json:"title"`
		State   string    `json:"state"`
		Tally   jsonTally `json:"tally"`
		Missing string    `json:"missing"` // the part that its evidence does not show and nobody attests; empty: none, or it is not met
	}
	jsonControl struct {
		ID         string   `json:"id"`
		Title      string   `json:"title"`
		Yours      string   `json:"yours"`
		Theirs     string   `json:"theirs"`
		Source     string   `json:"source"`
		State      string   `json:"state"`
		Objectives []string `json:"objectives"`
	}
	jsonLapsed struct {
		Check   string `json:"check"` // demarc-attestation-current: expired; -begun: dated in the future; -used: matches nothing here
		Message string `json:"message"`
		File    string `json:"file"`
		Line    int    `json:"line"`
	}
	jsonOrganisation struct {
		Objective    string              `json:"objective"`
		Title        string              `json:"title"`
		Layer        string              `json:"layer"`
		State        string              `json:"state"`
		Missing      string              `json:"missing"`       // the part that a configuration does not show
		GoodEvidence string              `json:"good_evidence"` // evidence that would show it
		Attestations []jsonCellStatement `json:"attestations"`
	}
	jsonCellEvidence struct {
		Check   string `json:"check"`
		Address string `json:"address"`
		jsonEvidence
	}
	jsonCellStatement struct {
		Name     string `json:"name"`
		By       string `json:"by"`
		Evidence string `json:"evidence"`
		Date     string `json:"date"`    // first day; empty: not stated
		Expires  string `json:"expires"` // the last day; empty: none
	}
	jsonTally struct {
		Duties      int  `json:"duties"`
		Met         int  `json:"met"`
		Attested    int  `json:"attested"`
		Gaps        int  `json:"gap"`
		Unknown     int  `json:"unknown"`
		Unevidenced int  `json:"unevidenced"`
		Coverage    *int `json:"coverage"` // percent met or attested; null without a duty
	}
	jsonShare struct {
		Name  string    `json:"name"`
		Tally jsonTally `json:"tally"`
	}
)

// MatrixJSON writes everything known about the responsibility matrix.
func MatrixJSON(w io.Writer, m *matrix.Matrix, opt Options) error {
	doc := jsonMatrix{
		Version: 1, Tool: jsonTool{"demarc", opt.Version}, By: string(m.By),
		Columns: []jsonColumn{}, Total: tallyOf(m.Tally), Layers: shares(m.Layers), Owners: shares(m.Teams),
	}
	for _, c := range m.Columns {
		column := jsonColumn{Title: c.Title, Service: serviceID(c.Service), Model: string(c.Model), Resources: c.Resources, Total: tallyOf(c.Tally)}
		for i := range c.Cells {
			column.Cells = append(column.Cells, matrixCell(&c.Cells[i]))
		}
		doc.Columns = append(doc.Columns, column)
	}
	doc.Controls, doc.Account, doc.Organisation = jsonControls(m), []jsonObjective{}, jsonOrganisations(m.Report)
	for i := range m.Account {
		doc.Account = append(doc.Account, jsonObjectiveOf(&m.Account[i]))
	}
	doc.Coverage, doc.Diagnostics = reading(m.Report, opt)
	doc.Lapsed = jsonLapses(m.Report)
	return writeJSON(w, doc)
}

func jsonControls(m *matrix.Matrix) []jsonControl {
	all := []jsonControl{}
	for _, c := range sharedControls(m) {
		control := jsonControl{ID: c.ID, Title: c.Title, Yours: c.Yours, Theirs: c.Theirs, Source: c.Source, State: string(c.State), Objectives: []string{}}
		for _, o := range c.Objectives {
			control.Objectives = append(control.Objectives, string(o))
		}
		all = append(all, control)
	}
	return all
}

func jsonLapses(rep *judge.Report) []jsonLapsed {
	all := []jsonLapsed{}
	for _, f := range lapsed(rep) {
		all = append(all, jsonLapsed{f.Check.ID, f.Message, f.Range.Filename, f.Range.Start.Line})
	}
	return all
}

func jsonOrganisations(rep *judge.Report) []jsonOrganisation {
	all := []jsonOrganisation{}
	for _, d := range rep.Organisation {
		o, _ := responsibility.ObjectiveOf(d.Objective)
		all = append(all, jsonOrganisation{string(d.Objective), o.Title, string(d.Layer), string(d.State), o.Missing, o.Evidence, statements(d.Attested)})
	}
	return all
}

func statements(list []*judge.Attestation) []jsonCellStatement {
	all := []jsonCellStatement{}
	for _, a := range list {
		all = append(all, jsonCellStatement{a.Name, a.By, a.Evidence, dayOrNone(a.Date), dayOrNone(a.Expires)})
	}
	return all
}

func matrixCell(c *matrix.Cell) jsonCell {
	cell := jsonCell{
		Layer: string(c.Layer), Owner: string(c.Cell.Today), Published: string(c.Cell.Published),
		Yours: c.Cell.Yours, Theirs: c.Cell.Theirs, Source: c.Cell.TodaySource, PublishedSource: c.Cell.PublishedSource,
		State: string(c.State), Tally: tallyOf(c.Tally),
		Objectives: []jsonObjective{}, Findings: fingerprints(c.Open), Evidence: cellEvidence(c.Evidence), Attestations: statements(c.Attested),
		Teams: orEmpty(c.Teams),
	}
	for i := range c.Objectives {
		cell.Objectives = append(cell.Objectives, jsonObjectiveOf(&c.Objectives[i]))
	}
	return cell
}

func cellEvidence(findings []*judge.Finding) []jsonCellEvidence {
	all := []jsonCellEvidence{}
	for _, f := range findings {
		if e := jsonEvidenceOf(f.Evidence); e != nil {
			all = append(all, jsonCellEvidence{f.Check.ID, f.Resource.Address, *e})
		}
	}
	return all
}

func jsonObjectiveOf(t *matrix.ObjectiveTally) jsonObjective {
	o, _ := responsibility.ObjectiveOf(t.Objective)
	return jsonObjective{string(t.Objective), o.Title, string(t.State), tallyOf(t.Tally), half(t)}
}

// dayOrNone returns a date; empty: none.
func dayOrNone(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

func shares(list []matrix.Share) []jsonShare {
	all := make([]jsonShare, len(list))
	for i, s := range list {
		all[i] = jsonShare{s.Name, tallyOf(s.Tally)}
	}
	return all
}

func tallyOf(t judge.Tally) jsonTally {
	j := jsonTally{Duties: t.Duties, Met: t.Met, Attested: t.Attested, Gaps: t.Gaps, Unknown: t.Unknown, Unevidenced: t.Unevidenced}
	if percent, ok := t.Coverage(); ok {
		j.Coverage = &percent
	}
	return j
}
