package judge

import "github.com/demarc/demarc/analyzer"

// An OrganisationDuty is a control objective of the organisation: that people
// are trained, that restores are tested. No resource has it, and only
// attestations speak of it.
type OrganisationDuty struct {
	analyzer.Subject
	State    State          // attested: one speaks of all; else unevidenced
	Attested []*Attestation // also those of some resources or roots only
}

// organisation works out how far the organisation's objectives are attested.
func (rep *Report) organisation(run *runner) {
	for _, s := range run.opt.Catalogue.Organisation {
		d := OrganisationDuty{Subject: s, State: Unevidenced}
		for _, a := range run.opt.Attestations {
			if !a.about(s) {
				continue
			}
			rep.ledger.spoken[a] = true
			if !a.holds(run.opt.Today) {
				continue
			}
			d.Attested = append(d.Attested, a)
			if len(a.Resources) == 0 && len(a.Roots) == 0 {
				d.State = Attested
			}
		}
		rep.Organisation = append(rep.Organisation, d)
	}
}

// about reports whether an attestation names an objective. One of a whole layer
// is of its resources.
func (a *Attestation) about(s analyzer.Subject) bool {
	for _, named := range a.Subjects {
		if named.Objective == s.Objective {
			return true
		}
	}
	return false
}
