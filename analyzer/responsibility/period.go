package responsibility

import "github.com/demarc/demarc/analyzer"

// Months is the validity of an attestation of the objective: the review
// interval of PCI DSS, or a year where PCI DSS has none.
func (o Objective) Months() int {
	if m, ok := months[o.ID]; ok {
		return m
	}
	return 12
}

// Requirements of PCI DSS 4.0.1:
// <https://www.pcisecuritystandards.org/document_library/>.
var months = map[analyzer.Objective]int{
	reviewAccess:       6, // 7.2.4: access is reviewed every six months
	leastPrivilege:     6, // 7.2.4
	restrictIngress:    6, // 1.2.7: rules are reviewed every six months
	restrictEgress:     6, // 1.2.7
	patchSystems:       3, // 11.3.1: scans every three months show the patches
	fixVulnerabilities: 3, // 11.3.1
}
