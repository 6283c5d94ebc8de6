package judge

import "github.com/demarc/demarc/analyzer"

// An OrganisationDuty is a control objective of the organisation: that people
// are trained, that restores are tested. It belongs to no resource, and only
// attestations are evidence for it.
type OrganisationDuty struct {
	analyzer.Subject
	State    State          // attested: an attestation covers all of it; else unevidenced
	Attested []*Attestation // including attestations limited to some resources or roots
}

// organisation computes which of the organisation's objectives are attested.
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

// about reports whether an attestation names an objective. An attestation of a
// whole layer applies to the layer's resources.
func (a *Attestation) about(s analyzer.Subject) bool {
	for _, named := range a.Subjects {
		if named.Objective == s.Objective {
			return true
		}
	}
	return false
}
