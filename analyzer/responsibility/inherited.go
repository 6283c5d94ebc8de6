package responsibility

import (
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// Pages on inherited controls. The services in scope of a program change from
// audit to audit: AWS maintains the list.
const (
	// Reports of AWS's auditors, for customers:
	Artifact = "https://docs.aws.amazon.com/artifact/latest/ug/what-is-aws-artifact.html"
	// By program: SOC, PCI DSS, ISO, FedRAMP and others.
	ServicesInScope = "https://aws.amazon.com/compliance/services-in-scope/"
	// Services that the business associate addendum covers.
	HIPAAEligible = "https://aws.amazon.com/compliance/hipaa-eligible-services-reference/"
	// "Inherited controls: controls which a customer fully inherits from AWS."
	InheritedControls = page
)

// InheritedRequirements lists the ids of the requirements that have only the
// provider's objectives, in order, by framework; a framework without any is
// left out.
func InheritedRequirements() map[string][]string { return inheritedRequirements() }

var inheritedRequirements = sync.OnceValue(func() map[string][]string {
	ids := map[string][]string{}
	for _, f := range frameworks() {
		for _, r := range f.Requirements {
			if r.Inherited() {
				ids[f.ID] = append(ids[f.ID], r.ID)
			}
		}
	}
	return ids
})

// ProviderLayers lists the layers that the provider owns wherever a service has
// one of the models.
func ProviderLayers(s *analyzer.Service, models ...analyzer.Model) []analyzer.Layer {
	var list []analyzer.Layer
	for _, l := range analyzer.Layers() {
		of := true
		for _, m := range models {
			of = of && Catalogue().CellFor(s, m, l).Today == analyzer.ProviderOwned
		}
		if of {
			list = append(list, l)
		}
	}
	return list
}
