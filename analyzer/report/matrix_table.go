package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// MatrixMarkdown writes the responsibility matrix as a table that GitHub and
// GitLab render.
func MatrixMarkdown(w io.Writer, m *matrix.Matrix, opt Options) error {
	out := bufio.NewWriter(w)
	opt.markdownMistakes(out, m.Report)
	head, rule := "| layer |", "|---|"
	for _, c := range m.Columns {
		name := markdownCell(c.Title)
		if words := columnModel(m, c); words != "" {
			name += "<br>" + words
		}
		head, rule = head+" "+name+" |", rule+"---|"
	}
	fmt.Fprintf(out, "%s\n%s\n", head, rule)
	for i, l := range analyzer.Layers() {
		markdownRow(out, "**"+layerWords(l)+"**", m.Columns, func(c *matrix.Column) string { return cellWords(&c.Cells[i]) })
		if opt.LayersOnly {
			continue
		}
		for _, o := range objectivesIn(m.Columns, i) {
			markdownRow(out, string(o), m.Columns, func(c *matrix.Column) string { return objectiveCell(&c.Cells[i], o) })
		}
	}
	fmt.Fprintln(out)
	notes := moves(m, func(c *matrix.Column) string { return markdownCell(c.Title) })
	for _, n := range notes {
		fmt.Fprintf(out, "- \\* %s\n", n)
	}
	if len(notes) > 0 {
		fmt.Fprintln(out)
	}
	if !opt.LayersOnly {
		markdownDuties(out, m)
	}
	opt.markdownLapsed(out, m.Report)
	for _, line := range shareLines(m) {
		fmt.Fprintf(out, "%s\n\n", markdownCell(line))
	}
	opt.markdownRead(out, m.Report)
	return out.Flush()
}

// markdownMistakes quotes the mistakes in the files that were read.
func (o Options) markdownMistakes(w io.Writer, rep *judge.Report) {
	p := &printer{Options: o, src: newSources(nil)}
	for _, d := range rep.Diags {
		fmt.Fprintf(w, "> %s\n>\n", markdownCell(p.textDiagnostic(d)))
	}
	if len(rep.Diags) > 0 {
		fmt.Fprintln(w)
	}
}

// markdownLapsed lists the attestations that are no longer valid.
func (o Options) markdownLapsed(w io.Writer, rep *judge.Report) {
	for _, f := range lapsed(rep) {
		fmt.Fprintf(w, "> %s (%s)\n>\n", markdownCell(f.Message), markdownCell(o.where(f)))
	}
	if len(lapsed(rep)) > 0 {
		fmt.Fprintln(w)
	}
}

// markdownRead writes the inputs that were read, and what limits the view.
func (o Options) markdownRead(w io.Writer, rep *judge.Report) {
	fmt.Fprintln(w)
	for _, line := range o.coverageLines(rep) {
		fmt.Fprintf(w, "- %s\n", markdownCell(strings.TrimSpace(line)))
	}
	if says := incomplete(rep.Coverage); says != "" {
		fmt.Fprintf(w, "\n**%s**\n", markdownCell(says))
	}
}

func markdownRow(w io.Writer, head string, columns []*matrix.Column, says func(*matrix.Column) string) {
	fmt.Fprintf(w, "| %s |", head)
	for _, c := range columns {
		fmt.Fprintf(w, " %s |", strings.Join(strings.Fields(strings.ReplaceAll(says(c), "*", `\*`)), " "))
	}
	fmt.Fprintln(w)
}

// markdownDuties writes the partly met objectives, and the duties without a
// resource.
func markdownDuties(w io.Writer, m *matrix.Matrix) {
	if part := inPart(m); len(part) > 0 {
		fmt.Fprint(w, "| met in part | what the configuration does not show |\n|---|---|\n")
		for _, id := range part {
			o, _ := responsibility.ObjectiveOf(id)
			fmt.Fprintf(w, "| %s | %s |\n", id, markdownCell(o.Missing))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "| shared control | yours | state |\n|---|---|---|\n")
	for _, c := range sharedControls(m) {
		fmt.Fprintf(w, "| %s | %s | %s |\n", lowerFirst(c.Title), markdownCell(c.Yours), c.words())
	}
	if len(m.Account) > 0 {
		fmt.Fprint(w, "\n| your account's, not tied to a service | state |\n|---|---|\n")
	}
	for i := range m.Account {
		fmt.Fprintf(w, "| %s | %s |\n", m.Account[i].Objective, narrow(objectiveSays(&m.Account[i])))
	}
	fmt.Fprint(w, "\n| your organisation's | state |\n|---|---|\n")
	for _, d := range m.Report.Organisation {
		state := "no evid."
		if len(d.Attested) > 0 {
			state = markdownCell(organisationWords(&d))
		}
		fmt.Fprintf(w, "| %s | %s |\n", d.Objective, state)
	}
	fmt.Fprintln(w)
}

// Diagnostics writes the mistakes in the files that were read, for formats without a
// section for them.
func Diagnostics(w io.Writer, rep *judge.Report, opt Options) error {
	p := &printer{Options: opt, w: bufio.NewWriter(w), src: newSources(nil)}
	for _, d := range rep.Diags {
		fmt.Fprintf(p.w, "demarc: %s\n", p.textDiagnostic(d))
	}
	return p.w.Flush()
}

// MatrixCSV writes a row for each layer of each column, followed by one for each
// of its objectives, and at the end the account's and the organisation's.
func MatrixCSV(w io.Writer, m *matrix.Matrix, opt Options) error {
	rows := [][]string{{
		string(m.By), "model", "layer", "objective", "owner", "published owner", "state", "duties", "met", "attested", "open", "unknown", "without evidence",
		"yours", "the provider's", "source", "not shown", "open findings", "evidence", "attestations", "seen to by",
	}}
	for _, c := range m.Columns {
		for i := range c.Cells {
			rows = append(rows, csvRows(c, &c.Cells[i], opt)...)
		}
	}
	for i := range m.Account {
		rows = append(rows, accountRow(m, &m.Account[i], opt))
	}
	for _, d := range m.Report.Organisation {
		o, _ := responsibility.ObjectiveOf(d.Objective)
		rows = append(rows, slices.Concat(
			[]string{"organisation", "", string(d.Layer), string(d.Objective), string(analyzer.CustomerOwned), "", string(d.State)},
			make([]string, 6), []string{o.Title, "", "", o.Missing, "", "", attestedBy(d.Attested), ""}))
	}
	return writeCSV(w, rows)
}

// accountRow returns the row of an account objective, which belongs to no service.
func accountRow(m *matrix.Matrix, t *matrix.ObjectiveTally, opt Options) []string {
	o, _ := responsibility.ObjectiveOf(t.Objective)
	layer := ""
	if len(o.Layers) > 0 {
		layer = string(o.Layers[0])
	}
	var open, evidence []*judge.Finding
	for _, f := range m.Report.Findings {
		switch {
		case f.Service != nil || f.Check.Objective != t.Objective || f.Verdict == analyzer.NotApplicable:
		case f.Verdict == analyzer.Pass:
			evidence = append(evidence, f)
		default:
			open = append(open, f)
		}
	}
	return slices.Concat(
		[]string{"account", "", layer, string(t.Objective), string(analyzer.CustomerOwned), "", string(t.State)}, counts(t.Tally),
		[]string{o.Title, "", "", notShown(t), opt.places(open, ""), opt.places(evidence, ""), "", ""})
}

// csvRows returns a layer's row and the rows of its objectives.
func csvRows(c *matrix.Column, cell *matrix.Cell, opt Options) [][]string {
	owners := []string{string(cell.Cell.Today), string(cell.Cell.Published)}
	rows := [][]string{slices.Concat(
		[]string{c.Title, string(c.Model), string(cell.Layer), ""}, owners, []string{string(cell.State)}, counts(cell.Tally),
		[]string{cell.Cell.Yours, cell.Cell.Theirs, cell.Cell.TodaySource, "", opt.places(cell.Open, ""), opt.places(cell.Evidence, ""), attestedBy(cell.Attested), strings.Join(cell.Teams, "; ")})}
	for _, t := range cell.Objectives {
		o, _ := responsibility.ObjectiveOf(t.Objective)
		rows = append(rows, slices.Concat(
			[]string{c.Title, string(c.Model), string(cell.Layer), string(t.Objective)}, owners, []string{string(t.State)}, counts(t.Tally),
			[]string{o.Title, "", "", notShown(&t), opt.places(cell.Open, t.Objective), opt.places(cell.Evidence, t.Objective), attestedBy(about(cell, t.Objective)), ""}))
	}
	return rows
}

// about returns the attestations of a cell that name an objective.
func about(cell *matrix.Cell, o analyzer.Objective) []*judge.Attestation {
	var list []*judge.Attestation
	for _, a := range cell.Attested {
		if slices.Contains(a.Subjects, analyzer.Subject{Layer: cell.Layer}) || slices.Contains(a.Subjects, analyzer.Subject{Layer: cell.Layer, Objective: o}) {
			list = append(list, a)
		}
	}
	return list
}

func counts(t judge.Tally) []string {
	var words []string
	for _, n := range []int{t.Duties, t.Met, t.Attested, t.Gaps, t.Unknown, t.Unevidenced} {
		words = append(words, strconv.Itoa(n))
	}
	return words
}

// places names findings and their places, only the findings of an objective if one
// is given: the first few, because a spreadsheet's cell is small.
func (o Options) places(findings []*judge.Finding, objective analyzer.Objective) string {
	var words []string
	for _, f := range findings {
		if objective == "" || f.Check.Objective == objective {
			words = append(words, strings.TrimSpace(f.Check.ID+" "+f.Resource.Address)+" ("+o.where(f)+")")
		}
	}
	const most = 5
	if len(words) > most {
		words = append(words[:most], fmt.Sprintf("and %d more", len(words)-most))
	}
	return strings.Join(words, "; ")
}

// where returns a finding's file, with its line if it is known.
func (o Options) where(f *judge.Finding) string {
	at := place(f)
	if at.Start.Line == 0 {
		return o.file(at.Filename)
	}
	return fmt.Sprintf("%s:%d", o.file(at.Filename), at.Start.Line)
}

// attestedBy returns who attests what, and until when.
func attestedBy(list []*judge.Attestation) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = a.Name + ", by " + a.By
		if !a.Expires.IsZero() {
			words[i] += " until " + a.Expires.Format(time.DateOnly)
		}
	}
	return strings.Join(words, "; ")
}

// writeCSV writes rows of equal length, without a cell that a spreadsheet would
// compute.
func writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
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

// csvCell keeps a spreadsheet from reading a text, or a part of a text, as a
// formula: some split a cell at separators of their own. A number stays a number.
// https://owasp.org/www-community/attacks/CSV_Injection
func csvCell(s string) string {
	s = clean(s)
	if strings.HasPrefix(strings.TrimLeft(s, " \u3000"), "::") {
		return "'" + s // not a formula, but a command in a log
	}
	if !strings.ContainsAny(s, "=+-@\uff1d\uff0b\uff0d\uff20\u2212") || number.MatchString(s) {
		return s
	}
	return formula.ReplaceAllString(s, "$1'$2")
}

var (
	number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

	// formula matches the beginning of a formula, at the beginning of a text or
	// after a separator and the characters that spreadsheets skip. The signs have
	// full-width variants.
	formula = regexp.MustCompile(`((?:^|[;,|\t])[\s\x{3000}"']*)([=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}\x{2212}])`)
)
