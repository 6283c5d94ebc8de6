package report

import (
	"io"

	"github.com/demarc/demarc/analyzer/compare"
)

// The JSON form of a comparison, version 1: additions only. Roots are named relative
// to the compared directories.
type (
	jsonDiff struct {
		Version  int              `json:"version"`
		Tool     jsonTool         `json:"tool"`
		Kind     string           `json:"kind"` // directories, revisions, plan
		Old      jsonDiffSide     `json:"old"`
		New      jsonDiffSide     `json:"new"`
		Roots    []jsonMove       `json:"moved_roots"`
		Line     []jsonTransfer   `json:"line"`   // over all resources
		Shifts   []jsonShift      `json:"shifts"` // holders that were added, removed, or changed an owner
		Duties   []jsonDutyChange `json:"duties"` // met, or attested, on only one side
		Untold   []jsonUntold     `json:"cannot_tell"`
		Gaps     []jsonNewGap     `json:"new_gaps"`
		Closed   []jsonClosedGap  `json:"closed_gaps"`
		Existing int              `json:"existing_gaps"`
		Summary  jsonDiffSummary  `json:"summary"`
	}
	jsonMove struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	jsonDiffSide struct {
		Name     string       `json:"name"`
		Dir      string       `json:"dir"`
		Coverage jsonCoverage `json:"coverage"`
	}
	jsonShift struct {
		Old       *jsonHolder    `json:"old"` // null: added
		New       *jsonHolder    `json:"new"` // null: removed
		Why       string         `json:"why"` // why the new holder replaces the old; empty: it is the same
		Transfers []jsonTransfer `json:"transfers"`
		Kept      []string       `json:"kept"`
		Tally     jsonTally      `json:"tally"` // duties that were added or grew; for a removed holder, the duties that it had
	}
	jsonHolder struct {
		Root       string   `json:"root"`
		Service    string   `json:"service"`
		Model      string   `json:"model"`
		Definition string   `json:"definition"` // empty: the service as a whole
		Addresses  []string `json:"addresses"`
	}
	jsonTransfer struct {
		Layer     string `json:"layer"`
		Direction string `json:"direction"` // gained, grew, shrank, handed, ended
		From      string `json:"from"`      // customer, provider, shared, none
		To        string `json:"to"`
		Yours     string `json:"yours"`
		Theirs    string `json:"theirs"`
		Source    string `json:"source"`
	}
	jsonDutyChange struct {
		Root     string   `json:"root"`
		Service  string   `json:"service"`
		Address  string   `json:"address"`
		Layer    string   `json:"layer"`
		Old      string   `json:"old_state"`
		New      string   `json:"new_state"`
		Findings []string `json:"findings"` // fingerprints
	}
	jsonUntold struct {
		Side    string       `json:"side"` // the side that hides it: old or new
		Because []string     `json:"because"`
		Holders []jsonHolder `json:"holders"`
	}
	jsonNewGap struct {
		jsonFinding
		Before string `json:"before"` // absent, not seen, pass, n/a, unknown, accepted, fail: elsewhere on the resource
	}
	jsonClosedGap struct {
		Check       string `json:"check"`
		Severity    string `json:"severity"`
		Root        string `json:"root"`
		Address     string `json:"address"`
		Definition  string `json:"definition"`
		Attribute   string `json:"attribute"`
		Message     string `json:"message"`
		File        string `json:"file"` // file of the old side
		Line        int    `json:"line"`
		Fingerprint string `json:"fingerprint"`
		Now         string `json:"now"`
	}
	jsonDiffSummary struct {
		FailOn   string         `json:"fail_on"`
		Deciding int            `json:"deciding"`
		Duties   map[string]int `json:"duties"`
		Gaps     map[string]int `json:"gaps"`
	}
)

// DiffJSON writes everything known about a comparison.
func DiffJSON(w io.Writer, d *compare.Diff, names Names, opt Options) error {
	j := &jsonWriter{opt, newSources(opt.Read)}
	doc := jsonDiff{
		Version: 1, Tool: jsonTool{"demarc", opt.Version}, Kind: names.Kind,
		Old:   jsonDiffSide{names.Old, d.Old.Dir, j.coverage(d.Old.Report.Coverage)},
		New:   jsonDiffSide{names.New, d.New.Dir, j.coverage(d.New.Report.Coverage)},
		Roots: []jsonMove{}, Line: jsonTransfers(d.Line), Shifts: []jsonShift{}, Duties: []jsonDutyChange{}, Untold: []jsonUntold{},
		Gaps: []jsonNewGap{}, Closed: []jsonClosedGap{}, Existing: d.Existing, Summary: diffSummary(d, opt),
	}
	for _, m := range d.Roots {
		doc.Roots = append(doc.Roots, jsonMove(m))
	}
	for _, s := range d.Shifts {
		doc.Shifts = append(doc.Shifts, jsonShiftOf(s))
	}
	for _, c := range d.Duties {
		doc.Duties = append(doc.Duties, jsonDutyChangeOf(c))
	}
	for _, u := range d.Undetermined {
		doc.Untold = append(doc.Untold, jsonUntoldOf(u))
	}
	for _, g := range d.Gaps {
		gap := jsonNewGap{j.finding(g.Finding), string(g.Other)}
		gap.Decides = gap.Decides && g.Sure()
		doc.Gaps = append(doc.Gaps, gap)
	}
	for _, g := range d.Closed {
		doc.Closed = append(doc.Closed, jsonClosedGap{
			g.Check.ID, g.Severity.String(), rootDir(g.Resource), g.Resource.Address, g.Resource.Definition, g.Attribute, g.Message,
			g.Range.Filename, g.Range.Start.Line, g.Fingerprint.String(), string(g.Other),
		})
	}
	return writeJSON(w, doc)
}

func jsonTransfers(list []compare.Transfer) []jsonTransfer {
	all := make([]jsonTransfer, len(list))
	for i, t := range list {
		all[i] = jsonTransfer{
			string(t.Layer), string(t.Direction()), string(t.From.Today), string(t.To.Today), t.To.Yours, t.To.Theirs, t.To.TodaySource,
		}
	}
	return all
}

func jsonShiftOf(s *compare.Shift) jsonShift {
	out := jsonShift{Why: s.Why, Transfers: jsonTransfers(s.Transfers), Kept: []string{}, Tally: tallyOf(s.Tally)}
	for _, l := range s.Kept {
		out.Kept = append(out.Kept, string(l))
	}
	if s.Old != nil {
		out.Old = jsonHolderOf(s.Old)
	}
	if s.New != nil {
		out.New = jsonHolderOf(s.New)
	}
	return out
}

func jsonHolderOf(h *compare.Holder) *jsonHolder {
	out := &jsonHolder{h.Root, serviceID(h.Service), string(h.Model), h.Definition, []string{}}
	for _, r := range h.Resources {
		out.Addresses = append(out.Addresses, r.Address)
	}
	return out
}

func jsonDutyChangeOf(c *compare.DutyChange) jsonDutyChange {
	out := jsonDutyChange{
		Root: c.New.Root, Service: serviceID(c.New.Service), Layer: string(c.New.Layer),
		Old: string(c.Old.State), New: string(c.New.State), Findings: []string{},
	}
	if c.New.Principal != nil {
		out.Address = c.New.Principal.Address
	}
	for _, f := range c.Findings {
		out.Findings = append(out.Findings, f.Fingerprint.String())
	}
	return out
}

func jsonUntoldOf(u *compare.Undetermined) jsonUntold {
	out := jsonUntold{Side: "new", Because: []string{}, Holders: []jsonHolder{}}
	if u.Old {
		out.Side = "old"
	}
	for _, c := range u.Causes {
		out.Because = append(out.Because, c.Name)
	}
	for _, h := range u.Holders {
		out.Holders = append(out.Holders, *jsonHolderOf(h))
	}
	return out
}

func diffSummary(d *compare.Diff, opt Options) jsonDiffSummary {
	c := newDiffCounts(d, opt)
	s := jsonDiffSummary{
		FailOn: opt.FailOn.String(),
		Duties: map[string]int{
			"gained": c.gained, "grew": c.grew, "shrank": c.shrank, "handed": c.handed, "ended": c.ended,
			"came_with_resources": c.came, "went_with_resources": c.went, "not_met_any_more": c.lost, "met_now": c.won,
		},
		Gaps: map[string]int{
			"new": len(d.Gaps) - c.unsure, "may_be_new": c.unsure, "closed": c.closed, "gone": c.gone, "accepted": c.accepted, "unknown": c.hidden, "existing": d.Existing,
		},
	}
	for _, g := range d.Gaps {
		if g.Sure() && opt.Decides(g.Finding) {
			s.Deciding++
		}
	}
	return s
}
