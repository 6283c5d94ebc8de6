package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// MatrixMarkdown writes the responsibility matrix as a table that GitHub and
// GitLab render.
func MatrixMarkdown(w io.Writer, m *analyzer.Matrix, _ Options) error {
	out := bufio.NewWriter(w)
	head, rule := "| layer |", "|---|"
	for _, c := range m.Columns {
		name := markdownCell(c.Title)
		if c.Model != "" {
			name += "<br>" + string(c.Model)
		}
		head, rule = head+" "+name+" |", rule+"---|"
	}
	fmt.Fprintf(out, "%s\n%s\n", head, rule)
	for i, l := range analyzer.Layers() {
		fmt.Fprintf(out, "| %s |", layerWords(l))
		for _, c := range m.Columns {
			fmt.Fprintf(out, " %s |", strings.Join(strings.Fields(strings.ReplaceAll(cellWords(&c.Cells[i]), "*", `\*`)), " "))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
	notes := moves(m, func(c *analyzer.Column) string { return markdownCell(c.Title) })
	for _, n := range notes {
		fmt.Fprintf(out, "- \\* %s\n", n)
	}
	if len(notes) > 0 {
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, tallyLine(m.Tally))
	return out.Flush()
}

// markdownCell neutralises what a name could do in a table.
func markdownCell(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "#", `\#`,
	).Replace(clean(s))
}

// MatrixCSV writes a row for each layer of each column.
func MatrixCSV(w io.Writer, m *analyzer.Matrix, _ Options) error {
	out := csv.NewWriter(w)
	rows := [][]string{{
		string(m.By), "model", "layer", "owner", "published owner", "state", "duties", "met", "attested", "open", "unknown", "without evidence",
		"yours", "the provider's", "source",
	}}
	for _, c := range m.Columns {
		for i := range c.Cells {
			cell, t := &c.Cells[i], c.Cells[i].Tally
			row := []string{c.Title, string(c.Model), string(cell.Layer), string(cell.Cell.Today), string(cell.Cell.Published), string(cell.State)}
			for _, n := range []int{t.Duties, t.Met, t.Attested, t.Gaps, t.Unknown, t.Unevidenced} {
				row = append(row, strconv.Itoa(n))
			}
			rows = append(rows, append(row, cell.Cell.Yours, cell.Cell.Theirs, cell.Cell.TodaySource))
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = csvCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// csvCell keeps a spreadsheet from taking a text for a formula.
// https://owasp.org/www-community/attacks/CSV_Injection
func csvCell(s string) string {
	s = clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
