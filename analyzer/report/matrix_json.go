package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/demarc/demarc/analyzer"
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
		Owners  []jsonShare  `json:"owners"` // who sees to it; the empty name is nobody
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
		Findings        []string            `json:"findings"` // fingerprints of what is open
		Evidence        []jsonCellEvidence  `json:"evidence"`
		Attestations    []jsonCellStatement `json:"attestations"`
	}
	jsonObjective struct {
		ID    string    `json:"id"`
		State string    `json:"state"`
		Tally jsonTally `json:"tally"`
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
		Date     string `json:"date"`    // since when; empty: not said
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

// MatrixJSON writes the responsibility matrix with all that it knows.
func MatrixJSON(w io.Writer, m *analyzer.Matrix, opt Options) error {
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
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func matrixCell(c *analyzer.MatrixCell) jsonCell {
	cell := jsonCell{
		Layer: string(c.Layer), Owner: string(c.Cell.Today), Published: string(c.Cell.Published),
		Yours: c.Cell.Yours, Theirs: c.Cell.Theirs, Source: c.Cell.TodaySource, PublishedSource: c.Cell.PublishedSource,
		State: string(c.State), Tally: tallyOf(c.Tally),
		Objectives: []jsonObjective{}, Findings: []string{}, Evidence: []jsonCellEvidence{}, Attestations: []jsonCellStatement{},
	}
	for _, o := range c.Objectives {
		cell.Objectives = append(cell.Objectives, jsonObjective{string(o.Objective), string(o.State), tallyOf(o.Tally)})
	}
	for _, f := range c.Open {
		cell.Findings = append(cell.Findings, f.Fingerprint)
	}
	for _, f := range c.Evidence {
		if e := jsonEvidenceOf(f.Evidence); e != nil {
			cell.Evidence = append(cell.Evidence, jsonCellEvidence{f.Check.ID, f.Resource.Address, *e})
		}
	}
	for _, a := range c.Attested {
		cell.Attestations = append(cell.Attestations, jsonCellStatement{a.Name, a.By, a.Evidence, dayOrNone(a.Date), dayOrNone(a.Expires)})
	}
	return cell
}

// dayOrNone is a date; empty: there is none.
func dayOrNone(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

func shares(list []analyzer.Share) []jsonShare {
	all := make([]jsonShare, len(list))
	for i, s := range list {
		all[i] = jsonShare{s.Name, tallyOf(s.Tally)}
	}
	return all
}

func tallyOf(t analyzer.Tally) jsonTally {
	j := jsonTally{Duties: t.Duties, Met: t.Met, Attested: t.Attested, Gaps: t.Gaps, Unknown: t.Unknown, Unevidenced: t.Unevidenced}
	if percent, ok := t.Coverage(); ok {
		j.Coverage = &percent
	}
	return j
}
