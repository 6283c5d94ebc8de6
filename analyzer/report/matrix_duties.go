package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// objectivesIn returns the objectives that are duties under a layer of one of the
// columns, in the order of the model.
func objectivesIn(columns []*matrix.Column, layer int) []analyzer.Objective {
	found := map[analyzer.Objective]bool{}
	for _, c := range columns {
		for _, o := range c.Cells[layer].Objectives {
			found[o.Objective] = true
		}
	}
	var list []analyzer.Objective
	for _, o := range responsibility.Objectives() {
		if found[o.ID] {
			list = append(list, o.ID)
			delete(found, o.ID)
		}
	}
	for o := range found { // objectives that the model does not list
		list = append(list, o)
	}
	slices.Sort(list[len(list)-len(found):])
	return list
}

func objectiveIn(c *matrix.Cell, o analyzer.Objective) *matrix.ObjectiveTally {
	for i := range c.Objectives {
		if c.Objectives[i].Objective == o {
			return &c.Objectives[i]
		}
	}
	return nil
}

// objectiveCell returns the state of an objective, under its layer's.
func objectiveCell(c *matrix.Cell, o analyzer.Objective) string {
	t := objectiveIn(c, o)
	if t == nil {
		return ""
	}
	return pad("", ownerPart) + narrow(objectiveSays(t))
}

func objectiveSays(t *matrix.ObjectiveTally) string {
	if half(t) != "" {
		return metInPart
	}
	return stateSays(t.State, t.Tally)
}

const metInPart = "met in part"

// unshown reports whether a part of an objective has neither evidence nor
// attestation.
func unshown(t matrix.ObjectiveTally) bool {
	return t.Tally.Unevidenced > 0 || half(&t) != ""
}

// half returns the part of an objective that its evidence does not show and nobody
// attests; empty if the objective is not met, or fully met.
func half(t *matrix.ObjectiveTally) string {
	if t.State != judge.MetState {
		return ""
	}
	return notShown(t)
}

// notShown returns the part of an objective that neither the configuration nor an
// attestation shows.
func notShown(t *matrix.ObjectiveTally) string {
	if t.Stated == t.Tally.Duties {
		return ""
	}
	o, _ := responsibility.ObjectiveOf(t.Objective)
	return o.Missing
}

// halves writes the missing parts of the partly met objectives.
func (p *printer) halves(m *matrix.Matrix) {
	said := false
	for _, o := range inPart(m) {
		if !said {
			p.plain("met in part: a configuration shows only part of these. Attest the rest:")
			said = true
		}
		info, _ := responsibility.ObjectiveOf(o)
		p.labelled("  "+string(o), layerWidth, info.Missing)
	}
	if said {
		fmt.Fprintln(p.w)
	}
}

// inPart returns the objectives that are partly met somewhere, in the order of the
// model.
func inPart(m *matrix.Matrix) []analyzer.Objective {
	found := map[analyzer.Objective]bool{}
	all := []matrix.ObjectiveTallies{m.Account}
	for _, c := range m.Columns {
		for i := range c.Cells {
			all = append(all, c.Cells[i].Objectives)
		}
	}
	for _, t := range slices.Concat(all...) {
		if half(&t) != "" {
			found[t.Objective] = true
		}
	}
	var list []analyzer.Objective
	for _, o := range responsibility.Objectives() {
		if found[o.ID] {
			list = append(list, o.ID)
		}
	}
	return list
}

// labelled writes a text after a label, its further lines under the first.
func (p *printer) labelled(label string, indent int, text string) {
	room := max(p.width()-indent, 20)
	for i, line := range wrap(text, room, room) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintln(p.w, pad(label, indent)+line)
	}
}

// organisation writes the shared controls, and the duties without a resource.
func (p *printer) organisation(m *matrix.Matrix) {
	p.plain("shared controls: AWS's half is for its infrastructure, this one is yours")
	for _, c := range sharedControls(m) {
		p.labelled("  "+lowerFirst(c.Title), layerWidth, c.words()+": "+c.Yours)
	}
	p.account(m)
	p.plain("your organisation's, not tied to a resource:")
	var open []string
	for _, d := range m.Report.Organisation {
		if len(d.Attested) == 0 {
			open = append(open, string(d.Objective))
			continue
		}
		p.labelled("  "+string(d.Objective), layerWidth, organisationWords(&d))
	}
	if len(open) > 0 {
		p.labelled("  no evidence", layerWidth, list(open)+" (demarc init writes attestations to fill in)")
	}
	fmt.Fprintln(p.w)
}

// account writes the state of objectives of the account as a whole: objectives of
// the same state together, open ones first.
func (p *printer) account(m *matrix.Matrix) {
	if len(m.Account) == 0 {
		return
	}
	p.plain("your account's, not tied to a service:")
	for _, state := range []judge.State{judge.GapState, judge.UnknownState, judge.MetState} {
		var words []string
		objectives := map[string][]string{}
		for i := range m.Account {
			if t := &m.Account[i]; t.State == state {
				says := objectiveSays(t)
				if objectives[says] == nil {
					words = append(words, says)
				}
				objectives[says] = append(objectives[says], string(t.Objective))
			}
		}
		for _, says := range words {
			text := list(objectives[says])
			if state == judge.UnknownState {
				text += " (another configuration, or a fact in .demarc.hcl, may decide)"
			}
			p.labelled("  "+says, layerWidth, text)
		}
	}
}

// lapsed returns the findings about invalid attestations: expired ones, ones dated
// in the future, and ones that match nothing here.
func lapsed(rep *judge.Report) []*judge.Finding {
	return with(rep.Findings, func(f *judge.Finding) bool {
		return slices.ContainsFunc(judge.AttestationChecks(), func(c *analyzer.Check) bool { return c.ID == f.Check.ID })
	})
}

func (p *printer) lapsed(rep *judge.Report) {
	all := lapsed(rep)
	for _, f := range all {
		p.plain(clean(f.Message) + " (" + p.Options.where(f) + ")")
	}
	if len(all) > 0 {
		fmt.Fprintln(p.w)
	}
}

func organisationWords(d *judge.OrganisationDuty) string {
	words := ""
	for i, a := range d.Attested {
		if i > 0 {
			words += "; "
		}
		words += "attested by " + clean(a.By)
		if !a.Expires.IsZero() {
			words += " until " + a.Expires.Format(time.DateOnly)
		}
		if len(a.Resources)+len(a.Roots) > 0 {
			words += ", for a part"
		}
	}
	return words
}

// A sharedControl is a shared control of the model with the states of its
// objectives.
type sharedControl struct {
	responsibility.Control
	State judge.State
	Tally judge.Tally // of objectives, with the resources' results combined for each
	Part  bool        // it is met, and a part of an objective has neither evidence nor attestation
}

// sharedControls computes the state of the customer's half.
func sharedControls(m *matrix.Matrix) []sharedControl {
	tallies, part := map[analyzer.Objective]*judge.Tally{}, map[analyzer.Objective]bool{}
	for _, t := range slices.Concat(m.Objectives, m.Account) {
		if tallies[t.Objective] == nil {
			tallies[t.Objective] = &judge.Tally{}
		}
		tallies[t.Objective].Join(t.Tally)
		part[t.Objective] = part[t.Objective] || unshown(t)
	}
	for _, d := range m.Report.Organisation {
		tallies[d.Objective] = &judge.Tally{}
		tallies[d.Objective].Add(d.State)
	}
	var list []sharedControl
	for _, c := range responsibility.SharedControls() {
		s := sharedControl{Control: c}
		for _, o := range c.Objectives {
			if t := tallies[o]; t != nil {
				s.Tally.Add(t.State())
				s.Part = s.Part || part[o]
			}
		}
		s.State = s.Tally.State()
		s.Part = s.Part && s.State == judge.MetState
		list = append(list, s)
	}
	return list
}

// words returns "1 of 3 open".
func (c *sharedControl) words() string {
	if c.Part {
		return metInPart
	}
	switch c.State {
	case judge.MetState, judge.Attested:
		return stateSays(c.State, c.Tally)
	case judge.NoDuty:
		return "nothing here asks for it"
	case judge.Unevidenced:
		return fmt.Sprintf("%d of %d without evidence", c.Tally.Unevidenced, c.Tally.Duties)
	case judge.UnknownState:
		return fmt.Sprintf("%d of %d unknown", c.Tally.Unknown, c.Tally.Duties)
	}
	return fmt.Sprintf("%d of %d open", c.Tally.Gaps, c.Tally.Duties)
}
