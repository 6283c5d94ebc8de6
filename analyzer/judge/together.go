package judge

import (
	"slices"
	"strings"
)

// Together combines several reports, each with its own files and settings. An
// objective of the organisation is attested where every report attests it.
func Together(reports []*Report) *Report {
	if len(reports) == 1 {
		return reports[0]
	}
	all := &Report{}
	for _, rep := range reports {
		all.Coverage = all.Coverage.Plus(rep.Coverage)
		all.Diags = append(all.Diags, rep.Diags...)
		all.Resources = append(all.Resources, rep.Resources...)
		all.Findings = append(all.Findings, rep.Findings...)
		all.Closed = append(all.Closed, rep.Closed...)
		all.Duties = append(all.Duties, rep.Duties...)
		all.Organisation = bothOrganisations(all.Organisation, rep.Organisation)
	}
	slices.SortStableFunc(all.Resources, func(a, b Classified) int { return strings.Compare(a.Root.Dir, b.Root.Dir) })
	slices.SortStableFunc(all.Duties, func(a, b *Duty) int { return strings.Compare(a.Root, b.Root) })
	sortFindings(all.Findings)
	return all
}

// bothOrganisations combines duties of the same catalogue, in its order. Nil:
// there are none yet.
func bothOrganisations(a, b []OrganisationDuty) []OrganisationDuty {
	if a == nil {
		return b
	}
	both := slices.Clone(a)
	for i := range both {
		both[i].Attested = slices.Concat(a[i].Attested, b[i].Attested)
		if b[i].State != Attested {
			both[i].State = b[i].State
		}
	}
	return both
}
