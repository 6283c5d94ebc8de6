package main

import (
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer/responsibility"
)

// testing writes what a customer may attack in tests.
func (p *page) testing(d drawing) {
	const indent = 11
	typ := d.name
	if d.isService() {
		typ = ""
	}
	t := responsibility.TestingOf(d.service, strings.TrimPrefix(typ, "data."))
	p.section("what you may try to break, under AWS's policy for penetration tests")
	asking := sayRules(t.Asking)
	if t.Permitted == "" {
		asking = "any test, because the policy does not name it; " + asking
	} else {
		p.para("  freely", indent, "of your own: "+t.Permitted)
	}
	p.para("  ask AWS", indent, asking)
	p.para("  never", indent, sayRules(t.Forbidden))
	p.links("  policy", indent, slices.Compact(append([]string{t.Source}, ruleSources(t.Asking)...)))
	p.para("", indent, "from an undated copy retrieved on "+t.Read+"; AWS changes it, so read it before a test")
}

func sayRules(rules []responsibility.TestRule) string {
	var says []string
	for _, r := range rules {
		says = append(says, r.Says)
	}
	return strings.Join(says, "; ")
}

func ruleSources(rules []responsibility.TestRule) []string {
	var links []string
	for _, r := range rules {
		links = append(links, r.Source)
	}
	return links
}

// inherited writes the part of AWS's compliance that the customer inherits.
func (p *page) inherited(d drawing) {
	const indent = 14
	var layers []string
	for _, l := range responsibility.ProviderLayers(d.service, d.models...) {
		layers = append(layers, lowerFirst(responsibility.LayerTitle(l)))
	}
	p.section("what you inherit from AWS")
	p.para("  layers", indent, strings.Join(layers, ", "))
	p.para("  objectives", indent, strings.Join(idsOfObjectives(responsibility.Objective.Inherited), ", "))
	p.frameworks("  asked by", indent, responsibility.InheritedRequirements())
	p.para("", indent, "for AWS's sites and hardware: your offices and devices are yours")
	p.para("  evidence", indent, "the reports of AWS's auditors, from AWS Artifact")
	p.para("  scope", indent, "which of them cover "+d.service.Name+" changes with each audit; SOC, PCI DSS, ISO, FedRAMP and others:")
	p.links("", indent, []string{responsibility.ServicesInScope})
	p.para("", indent, "eligible for health data, under AWS's addendum for HIPAA:")
	p.links("", indent, []string{responsibility.HIPAAEligible})
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
