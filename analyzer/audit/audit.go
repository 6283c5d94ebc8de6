// Package audit answers the requirements of a framework from a report: who is
// responsible for each, what evidence there is that it is met, what is open,
// and what Terraform cannot show. It reports evidence, and never compliance.
package audit

import (
	"cmp"
	"slices"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// An Audit is a framework, control by control.
type Audit struct {
	Framework    responsibility.Framework
	Matrix       *matrix.Matrix // by service
	Requirements []Requirement  // in the framework's order
}

// A Requirement is one control of the framework with its results here.
type Requirement struct {
	responsibility.Requirement
	Owner      analyzer.Owner // customer, shared or provider; none: no service here has such a layer; not stated: outside
	State      judge.State    // the worst state of its objectives; n/a where no service has such a layer, or it is outside
	Objectives []*Objective
}

// An Objective is a control objective over the whole report.
type Objective struct {
	responsibility.Objective
	Owner                 analyzer.Owner
	Yours, Shared, Theirs []string // names of services, by owner of the objective; sorted
	Tally                 matrix.ObjectiveTally
	Open                  []*judge.Finding // gaps, accepted ones too, and unknowns
	Evidence              []*judge.Finding
	Attested              []*judge.Attestation
	Teams                 []string // teams responsible for its duties, sorted; duties without a team are left out
}

// Missing is the part of an objective for which neither the configuration nor
// an attestation is evidence; empty: none, or it is not the customer's.
func (o *Objective) Missing() string {
	switch o.Tally.State {
	case judge.OfProvider, judge.NoDuty, judge.Attested:
		return ""
	}
	if o.Tally.Tally.Duties > 0 && o.Tally.Stated == o.Tally.Tally.Duties {
		return ""
	}
	return o.Objective.Missing
}

// Of answers a framework from a matrix by service.
func Of(m *matrix.Matrix, f responsibility.Framework) *Audit {
	a := &Audit{Framework: f, Matrix: m}
	objectives := objectivesOf(m)
	for _, r := range f.Requirements {
		one := Requirement{Requirement: r, State: judge.NoDuty}
		for _, id := range r.Objectives {
			if o := objectives[id]; o != nil {
				one.Objectives = append(one.Objectives, o)
			}
		}
		one.settle()
		a.Requirements = append(a.Requirements, one)
	}
	return a
}

// settle determines the owner, and the state: the worst state of the objectives
// that are a duty here.
func (r *Requirement) settle() {
	if r.Outside {
		return
	}
	var states judge.Tally
	r.Owner = analyzer.NoOwner
	for _, o := range r.Objectives {
		r.Owner = together(r.Owner, o.Owner)
		if o.Tally.State != judge.NoDuty && o.Tally.State != judge.OfProvider {
			states.Add(o.Tally.State)
		}
	}
	r.State = states.State()
	if r.State == judge.NoDuty && r.Owner == analyzer.ProviderOwned {
		r.State = judge.OfProvider
	}
}

// together combines the owners of two parts.
func together(a, b analyzer.Owner) analyzer.Owner {
	switch {
	case a == analyzer.NoOwner:
		return b
	case b == analyzer.NoOwner || a == b:
		return a
	}
	return analyzer.SharedOwned
}

// objectivesOf collects the results for each objective.
func objectivesOf(m *matrix.Matrix) map[analyzer.Objective]*Objective {
	all := map[analyzer.Objective]*Objective{}
	for _, o := range responsibility.Objectives() {
		all[o.ID] = &Objective{Objective: o, Owner: analyzer.NoOwner, Tally: matrix.ObjectiveTally{Objective: o.ID, State: judge.NoDuty}}
	}
	for _, t := range m.Objectives {
		if o := all[t.Objective]; o != nil {
			o.Tally = t
		}
	}
	for _, t := range m.Account {
		if o := all[t.Objective]; o != nil {
			o.Tally.Tally.Join(t.Tally)
			o.Tally.State = o.Tally.Tally.State()
		}
	}
	for _, f := range m.Report.Findings {
		o := all[f.Check.Objective]
		switch {
		case o == nil || f.Verdict == analyzer.NotApplicable:
		case f.Verdict == analyzer.Pass:
			o.Evidence = append(o.Evidence, f)
		default:
			o.Open = append(o.Open, f)
		}
	}
	for _, d := range m.Report.Duties {
		for _, s := range d.Objectives {
			if o := all[s.Objective]; o != nil {
				o.duty(d, s.Attested)
			}
		}
	}
	for _, o := range all {
		o.side(m)
	}
	for _, d := range m.Report.Organisation {
		if o := all[d.Objective]; o != nil {
			o.Owner, o.Attested, o.Tally.State = analyzer.CustomerOwned, d.Attested, d.State
			o.Yours, o.Shared, o.Theirs = nil, nil, nil // it belongs to no service
		}
	}
	return all
}

// duty records a duty that the objective is a part of.
func (o *Objective) duty(d *judge.Duty, stated *judge.Attestation) {
	if stated != nil && !slices.Contains(o.Attested, stated) {
		o.Attested = append(o.Attested, stated)
	}
	if at, known := slices.BinarySearch(o.Teams, d.Team); d.Team != "" && !known {
		o.Teams = slices.Insert(o.Teams, at, d.Team)
	}
}

// side determines the owner of an objective on each service: for its home
// layer, and for the other layers under which it is a duty there.
func (o *Objective) side(m *matrix.Matrix) {
	if o.Inherited() {
		o.Owner, o.Tally.State = analyzer.ProviderOwned, judge.OfProvider
		return
	}
	for _, c := range m.Columns {
		owner := analyzer.NoOwner
		for i := range c.Cells {
			if cell := &c.Cells[i]; cell.Layer == o.Layers[0] || o.dutyIn(cell) {
				owner = together(owner, cell.Cell.Today)
			}
		}
		o.enter(owner, c.Title)
		o.Owner = together(o.Owner, owner)
	}
	switch {
	case o.Tally.Tally.Duties > 0:
	case o.Owner == analyzer.ProviderOwned:
		o.Tally.State = judge.OfProvider
	case o.Owner.Customers() && o.Attestable():
		o.Tally.State = judge.Unevidenced // it has no results, and an attestation is possible
	}
}

func (o *Objective) dutyIn(cell *matrix.Cell) bool {
	return slices.ContainsFunc(cell.Objectives, func(t matrix.ObjectiveTally) bool { return t.Objective == o.ID })
}

func (o *Objective) enter(owner analyzer.Owner, service string) {
	into := map[analyzer.Owner]*[]string{
		analyzer.CustomerOwned: &o.Yours, analyzer.SharedOwned: &o.Shared, analyzer.ProviderOwned: &o.Theirs,
	}[owner]
	if into != nil && !slices.Contains(*into, service) {
		*into = append(*into, service)
		slices.SortFunc(*into, cmp.Compare)
	}
}

// A Count is the number of requirements in each state.
type Count struct {
	Requirements, Gaps, Unknown, Unevidenced, Met, Attested, Provider, Nothing, Outside int
}

// Count counts the requirements.
func (a *Audit) Count() Count {
	n := Count{Requirements: len(a.Requirements)}
	for i := range a.Requirements {
		*n.of(&a.Requirements[i])++
	}
	return n
}

func (n *Count) of(r *Requirement) *int {
	if r.Outside {
		return &n.Outside
	}
	switch r.State {
	case judge.GapState:
		return &n.Gaps
	case judge.UnknownState:
		return &n.Unknown
	case judge.Unevidenced:
		return &n.Unevidenced
	case judge.MetState:
		return &n.Met
	case judge.Attested:
		return &n.Attested
	case judge.OfProvider:
		return &n.Provider
	}
	return &n.Nothing
}

// Missing lists the objectives of a requirement for which neither the
// configuration nor an attestation is evidence.
func (r *Requirement) Missing() []*Objective {
	return slices.DeleteFunc(slices.Clone(r.Objectives), func(o *Objective) bool { return o.Missing() == "" })
}

// Open lists the open findings of all objectives.
func (r *Requirement) Open() []*judge.Finding {
	return r.findings(func(o *Objective) []*judge.Finding { return o.Open })
}

// Evidence lists the evidence for the objectives.
func (r *Requirement) Evidence() []*judge.Finding {
	return r.findings(func(o *Objective) []*judge.Finding { return o.Evidence })
}

func (r *Requirement) findings(of func(*Objective) []*judge.Finding) []*judge.Finding {
	var all []*judge.Finding
	for _, o := range r.Objectives {
		all = append(all, of(o)...)
	}
	return all
}

// Teams lists the teams responsible for the objectives, sorted.
func (r *Requirement) Teams() []string {
	var all []string
	for _, o := range r.Objectives {
		all = append(all, o.Teams...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Attested lists the attestations of the objectives, each once.
func (r *Requirement) Attested() []*judge.Attestation {
	var all []*judge.Attestation
	for _, o := range r.Objectives {
		for _, a := range o.Attested {
			if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	return all
}
