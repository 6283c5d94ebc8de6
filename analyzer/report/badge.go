package report

import (
	"fmt"
	"io"

	"github.com/demarc/demarc/analyzer/matrix"
)

// A jsonBadge is the shields.io schema for badges read from a file:
// <https://shields.io/badges/endpoint-badge>.
type jsonBadge struct {
	SchemaVersion int    `json:"schemaVersion"`
	Label         string `json:"label"`
	Message       string `json:"message"`
	Color         string `json:"color"`
}

// Badge writes the coverage as a badge: the percentage of duties that are met or
// attested, and whether any is open.
func Badge(w io.Writer, m *matrix.Matrix, _ Options) error {
	b := jsonBadge{SchemaVersion: 1, Label: "duties covered", Message: "none here", Color: "lightgrey"}
	if m.Report.Coverage.Incomplete() {
		b.Message = "incomplete" // unread files may hide more
	} else if percent, ok := m.Tally.Coverage(); ok {
		b.Message, b.Color = fmt.Sprintf("%d%%", percent), badgeColor(percent)
		if m.Tally.Gaps > 0 {
			b.Message += fmt.Sprintf(", %d open", m.Tally.Gaps)
		}
	}
	return writeJSON(w, b)
}

func badgeColor(percent int) string {
	switch {
	case percent == 100:
		return "brightgreen"
	case percent >= 80:
		return "green"
	case percent >= 50:
		return "yellow"
	}
	return "orange"
}
