package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// JSON writes the report, version 1: additions are possible, nothing else changes.
// Files are slash-separated and relative to the repository, lines and columns count
// from 1 (columns in Unicode code points, the end after the last); line 0 is
// unknown. Lists are never null. The same report gives the same bytes. It returns
// the error of the writer.
func JSON(w io.Writer, rep *judge.Report, opt Options) error {
	return writeJSON(w, newDocument(rep, opt))
}

// writeJSON writes an indented document while it is encoded: a large document is not
// held in memory. Characters that a terminal, a build log or an embedding page would
// act on are written as \u escapes, which mean the same in JSON.
func writeJSON(w io.Writer, doc any) error {
	out := bufio.NewWriter(w)
	in := &escapingWriter{w: out}
	err := json.MarshalWrite(in, doc, jsonv1.DefaultOptionsV1(), jsontext.WithIndent("  "))
	switch {
	case in.err != nil:
		return in.err
	case err != nil:
		return fmt.Errorf("encode report: %w", err)
	}
	if _, err := in.w.Write(append(escapeHostile(in.rest), '\n')); err != nil {
		return err
	}
	return out.Flush()
}

// escapingWriter passes on whole lines after escapeHostile: none of the characters
// that it escapes stands at the end of a line.
type escapingWriter struct {
	w    io.Writer
	rest []byte // the unfinished line
	err  error  // the error of w
}

func (e *escapingWriter) Write(p []byte) (int, error) {
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 {
		e.rest = append(e.rest, p...)
		return len(p), nil
	}
	_, e.err = e.w.Write(escapeHostile(append(e.rest, p[:end]...)))
	e.rest = append(e.rest[:0], p[end:]...)
	return len(p), e.err
}

// each is an array whose elements are made when they are written, so that a large
// report does not hold all of them at once.
type each[T, E any] struct {
	list    []T
	element func(T) E
}

// MarshalJSONTo writes one element after the other.
func (e each[T, E]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, x := range e.list {
		if err := json.MarshalEncode(enc, e.element(x)); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// escapeHostile escapes characters that encoding/json leaves: they occur only inside
// strings. It escapes the second of two #, of which markers of build logs consist.
func escapeHostile(text []byte) []byte {
	var out []byte
	from := 0
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRune(text[at:])
		if r >= 0x7f && hostile(r) || r == '#' && at > 0 && text[at-1] == '#' {
			out = append(out, text[from:at]...)
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			from = at + n
		}
		at += n
	}
	if from == 0 {
		return text // a large report is not copied
	}
	return append(out, text[from:]...)
}

// The document's types list its fields in order.
type (
	jsonReport struct {
		Version  int          `json:"version"`
		Tool     jsonTool     `json:"tool"`
		Coverage jsonCoverage `json:"coverage"`

		Resources each[judge.Classified, jsonResource] `json:"resources"`
		Findings  each[*judge.Finding, jsonFinding]    `json:"findings"`
		Closed    []jsonClosed                         `json:"closed"`
		Duties    each[*judge.Duty, jsonDuty]          `json:"duties"`

		Diagnostics []jsonDiagnostic `json:"diagnostics"`
		Summary     jsonSummary      `json:"summary"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonCoverage struct {
		Files        int              `json:"files"`
		Modules      int              `json:"modules"`
		Resources    int              `json:"resources"`
		Unresolved   []jsonUnresolved `json:"unresolved"`
		FilesFound   int              `json:"files_found"`
		Unclassified int              `json:"unclassified"`
		Complete     bool             `json:"complete"` // false: exit code 3
		GivenUp      []string         `json:"given_up"` // in words; not empty: exit code 3
	}
	jsonUnresolved struct {
		Kind   string `json:"kind"`
		Name   string `json:"name"`
		File   string `json:"file"`
		Line   int    `json:"line"`
		Reason string `json:"reason"`

		Environments []string `json:"environments"`
	}
	jsonResource struct {
		Root         string   `json:"root"`
		Address      string   `json:"address"`
		Definition   string   `json:"definition"`
		Type         string   `json:"type"`
		Service      string   `json:"service"`
		Model        string   `json:"model"`
		File         string   `json:"file"`
		Line         int      `json:"line"`
		Action       string   `json:"action"`
		Mode         string   `json:"mode"` // managed, data
		Environments []string `json:"environments"`
		Team         string   `json:"team"` // the owner; empty: nobody is named
	}
	jsonFinding struct {
		Check        string              `json:"check"`
		Aliases      []jsonAlias         `json:"aliases"`
		Controls     []analyzer.Control  `json:"controls"`
		Verdict      string              `json:"verdict"`
		Change       string              `json:"change"` // new, regression, existing; empty: not compared
		Severity     string              `json:"severity"`
		Layer        string              `json:"layer"`
		Model        string              `json:"model"`
		Root         string              `json:"root"`
		Environments []string            `json:"environments"`
		Address      string              `json:"address"`
		Definition   string              `json:"definition"`
		Attribute    string              `json:"attribute"`
		File         string              `json:"file"`
		Line         int                 `json:"line"`
		Column       int                 `json:"column"`
		EndLine      int                 `json:"end_line"`
		EndColumn    int                 `json:"end_column"`
		Related      []jsonNote          `json:"related"`
		Message      string              `json:"message"`
		Because      []string            `json:"because"`
		Evidence     *jsonEvidence       `json:"evidence"`
		Why          string              `json:"why"`
		Remediation  string              `json:"remediation"`
		Edits        []jsonEdit          `json:"edits"`
		Frameworks   map[string][]string `json:"frameworks"`
		Fingerprint  string              `json:"fingerprint"`
		Suppressed   *jsonSuppressed     `json:"suppressed"`
		Group        string              `json:"group"`
		Service      string              `json:"service"`
		Owner        string              `json:"owner"`
		Objective    string              `json:"objective"`
		Value        string              `json:"value"` // empty: unset, unknown, or hidden
		Trace        []jsonStep          `json:"trace"`
		Decides      bool                `json:"decides"`  // makes the exit code 1
		Team         string              `json:"team"`     // the owner; empty: nobody is named
		Closable     bool                `json:"closable"` // false: in an installed module without an input that closes it
	}
	jsonAlias struct {
		ID       string `json:"id"`
		Relation string `json:"relation"`
	}
	jsonNote struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Message string `json:"message"`
	}
	jsonEvidence struct {
		Kind   string `json:"kind"`
		Text   string `json:"text"`
		File   string `json:"file"`
		Line   int    `json:"line"`
		Since  string `json:"since"`
		Source string `json:"source"`
	}
	jsonEdit struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"end_line"`
		EndColumn int    `json:"end_column"`
		Text      string `json:"text"`
	}
	jsonStep struct {
		Name string `json:"name"`
		File string `json:"file"`
		Line int    `json:"line"`
	}
	jsonSuppressed struct {
		Reason  string `json:"reason"`
		Owner   string `json:"owner"`
		Until   string `json:"until"` // the last day; empty: for ever
		File    string `json:"file"`
		Line    int    `json:"line"`
		Dialect string `json:"dialect"`
	}
	jsonClosed struct {
		Check      string `json:"check"`
		Root       string `json:"root"`
		Address    string `json:"address"`
		Definition string `json:"definition"`
	}
	jsonDuty struct {
		Root     string `json:"root"`
		Service  string `json:"service"`
		Address  string `json:"address"` // address of the principal; empty: of the service
		Model    string `json:"model"`
		Layer    string `json:"layer"`
		Owner    string `json:"owner"`
		State    string `json:"state"`
		Gaps     int    `json:"gaps"`
		Unknowns int    `json:"unknowns"`
		Met      int    `json:"met"`
		Team     string `json:"team"` // the owner; empty: nobody is named

		Environments []string `json:"environments"` // environments in which it has this state
	}
	jsonDiagnostic struct {
		Severity string `json:"severity"` // error, warning
		Message  string `json:"message"`
		File     string `json:"file"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
	}
	jsonSealed struct {
		Gaps    int `json:"gaps"` // counted among the gaps, too
		Unknown int `json:"unknown"`
	}
	jsonSummary struct {
		FailOn   string         `json:"fail_on"` // none: no gap decides
		Deciding int            `json:"deciding"`
		Gaps     map[string]int `json:"gaps"` // by severity, without accepted gaps
		Accepted int            `json:"accepted"`
		Unknown  int            `json:"unknown"`
		Duties   map[string]int `json:"duties"` // by state
		Sealed   jsonSealed     `json:"not_closable"`
	}
)

// jsonWriter makes the document of a report.
type jsonWriter struct {
	Options
	src *sources
}

func newDocument(rep *judge.Report, opt Options) jsonReport {
	w := &jsonWriter{opt, newSources(opt.Read)}
	doc := jsonReport{
		Version: 1, Tool: jsonTool{"demarc", opt.Version},
		Summary:   w.summary(rep),
		Resources: each[judge.Classified, jsonResource]{rep.Resources, w.resource},
		Findings:  each[*judge.Finding, jsonFinding]{opt.listed(rep), w.finding},
		Closed:    []jsonClosed{},
		Duties:    each[*judge.Duty, jsonDuty]{rep.Duties, w.duty},
	}
	doc.Coverage, doc.Diagnostics = reading(rep, opt)
	for _, c := range rep.Closed {
		doc.Closed = append(doc.Closed, jsonClosed{c.Check.ID, rootDir(c.Resource), c.Resource.Address, c.Resource.Definition})
	}
	return doc
}

// listed returns the findings in JSON.
func (o Options) listed(rep *judge.Report) []*judge.Finding {
	if o.ShowAll {
		return rep.Findings
	}
	var list []*judge.Finding
	for _, f := range rep.Findings {
		if f.Verdict == analyzer.Fail || f.Verdict == analyzer.Unknown {
			list = append(list, f)
		}
	}
	return list
}

// reading returns the inputs that were read, and their mistakes.
func reading(rep *judge.Report, opt Options) (jsonCoverage, []jsonDiagnostic) {
	w := &jsonWriter{opt, newSources(opt.Read)}
	diagnostics := []jsonDiagnostic{}
	for _, d := range rep.Diags {
		diagnostics = append(diagnostics, w.diagnostic(d))
	}
	return w.coverage(rep.Coverage), diagnostics
}

func (w *jsonWriter) coverage(c analyzer.Coverage) jsonCoverage {
	out := jsonCoverage{
		Files: c.Files, FilesFound: c.FilesFound, Modules: c.Modules, Resources: c.Resources,
		Unclassified: c.Unclassified, Complete: incomplete(c) == "", GivenUp: orNone(c.GivenUp), Unresolved: []jsonUnresolved{},
	}
	for _, u := range c.Unresolved {
		out.Unresolved = append(out.Unresolved, jsonUnresolved{u.Kind, u.Name, u.Range.Filename, u.Range.Start.Line, u.Reason, orNone(u.Environments)})
	}
	return out
}

func (w *jsonWriter) summary(rep *judge.Report) jsonSummary {
	s := jsonSummary{FailOn: w.FailOn.String(), Gaps: map[string]int{}, Duties: map[string]int{}}
	for sev := analyzer.Low; sev <= analyzer.Critical; sev++ {
		s.Gaps[sev.String()] = 0
	}
	for _, f := range rep.Findings {
		switch {
		case f.Gap():
			s.Gaps[f.Severity.String()]++
		case accepted(f):
			s.Accepted++
		case unknown(f):
			s.Unknown++
		}
		if w.Decides(f) {
			s.Deciding++
		}
	}
	s.Sealed.Gaps, s.Sealed.Unknown = sealed(rep)
	return w.duties(s, rep)
}

func (w *jsonWriter) duties(s jsonSummary, rep *judge.Report) jsonSummary {
	for _, state := range []judge.State{judge.MetState, judge.Attested, judge.GapState, judge.UnknownState, judge.Unevidenced} {
		s.Duties[string(state)] = 0
	}
	for state, n := range dutyStates(rep) {
		s.Duties[string(state)] = n
	}
	return s
}

func (w *jsonWriter) resource(r judge.Classified) jsonResource {
	mode := "managed"
	if r.Mode == analyzer.Data {
		mode = "data"
	}
	return jsonResource{
		Root: rootDir(r.Resource), Address: r.Address, Definition: r.Definition, Type: r.Type,
		Service: serviceID(r.Service), Model: string(r.Model), File: r.Range.Filename, Line: r.Range.Start.Line,
		Action: string(r.Action), Mode: mode, Environments: orNone(r.Environments), Team: r.Team,
	}
}

// orNone returns a list that JSON writes as [] if it is empty.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func serviceID(s *analyzer.Service) string {
	if s == nil {
		return ""
	}
	return s.ID
}

func (w *jsonWriter) finding(f *judge.Finding) jsonFinding {
	start, end := w.src.position(f.Range.Filename, f.Range.Start), w.src.position(f.Range.Filename, f.Range.End)
	out := jsonFinding{
		Check: f.Check.ID, Aliases: []jsonAlias{}, Controls: append([]analyzer.Control{}, f.Check.Controls...),
		Verdict: f.Verdict.String(), Change: f.Change.String(), Severity: f.Severity.String(),
		Layer: string(f.Check.Layer), Model: string(f.Model), Root: rootDir(f.Resource), Environments: orNone(f.Environments), Team: f.Team,
		Address: f.Resource.Address, Definition: f.Resource.Definition, Attribute: f.Attribute,
		File: f.Range.Filename, Line: start.line, Column: start.column, EndLine: end.line, EndColumn: end.column,
		Related: []jsonNote{}, Message: f.Message, Because: []string{}, Evidence: jsonEvidenceOf(f.Evidence),
		Why: f.Check.Why, Remediation: w.remedy(f), Edits: []jsonEdit{}, Frameworks: w.frameworks(f.Check),
		Fingerprint: f.Fingerprint.String(), Suppressed: jsonSuppressedOf(f.Suppressed), Group: f.Group.String(),
		Service: serviceID(f.Service), Owner: string(f.Owner), Objective: string(f.Check.Objective),
		Value: value(f), Trace: []jsonStep{}, Decides: w.Decides(f), Closable: !f.NotFixableHere,
	}
	for _, a := range f.Check.Aliases {
		out.Aliases = append(out.Aliases, jsonAlias{a.ID, string(a.Relation)})
	}
	for _, n := range f.Notes {
		out.Related = append(out.Related, jsonNote{n.Range.Filename, n.Range.Start.Line, n.Message})
	}
	for _, c := range f.Because {
		out.Because = append(out.Because, c.Name)
	}
	for _, e := range f.Edits {
		out.Edits = append(out.Edits, w.edit(e))
	}
	for _, s := range f.Trace {
		out.Trace = append(out.Trace, jsonStep{s.Name, s.Range.Filename, s.Range.Start.Line})
	}
	return out
}

func (w *jsonWriter) edit(e analyzer.Edit) jsonEdit {
	start, end := w.src.position(e.Range.Filename, e.Range.Start), w.src.position(e.Range.Filename, e.Range.End)
	return jsonEdit{e.Range.Filename, start.line, start.column, end.line, end.column, e.Text}
}

func jsonEvidenceOf(e *judge.Evidence) *jsonEvidence {
	if e == nil {
		return nil
	}
	return &jsonEvidence{e.Kind, e.Text, e.Range.Filename, e.Range.Start.Line, e.Since, e.Source}
}

func jsonSuppressedOf(s *analyzer.Suppression) *jsonSuppressed {
	if s == nil {
		return nil
	}
	return &jsonSuppressed{s.Reason, s.Owner, until(s), s.Range.Filename, s.Range.Start.Line, string(s.Dialect)}
}

// until returns a suppression's last day; empty: none.
func until(s *analyzer.Suppression) string {
	if s.Until.IsZero() {
		return ""
	}
	return s.Until.Format("2006-01-02")
}

func (w *jsonWriter) duty(d *judge.Duty) jsonDuty {
	address := ""
	if d.Principal != nil {
		address = d.Principal.Address
	}
	return jsonDuty{
		d.Root, serviceID(d.Service), address, string(d.Model), string(d.Layer), string(d.Cell.Today),
		string(d.State), d.Gaps, d.Unknowns, d.Met, d.Team, orNone(d.Environments),
	}
}

func (w *jsonWriter) diagnostic(d *hcl.Diagnostic) jsonDiagnostic {
	word, at := "error", diagnosticRange(d)
	if d.Severity == hcl.DiagWarning {
		word = "warning"
	}
	start := w.src.position(at.Filename, at.Start)
	return jsonDiagnostic{word, diagnostic(d), at.Filename, start.line, start.column}
}
