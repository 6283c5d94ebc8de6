package responsibility

import (
	"strings"
	"sync"

	"github.com/demarc/demarc/analyzer"
)

// A Framework is a standard, law or set of criteria that auditors judge by.
type Framework struct {
	ID           string // pci-dss-4.0.1
	Name         string // PCI DSS
	Version      string // empty: it has none
	Publisher    string // link
	Catalog      string // link to the publisher's OSCAL catalog; empty: there is none
	About        string // the scope of the list, and the origin of the mapping
	Requirements []Requirement
}

// A Requirement is a framework's requirement, control, criterion, standard or
// article. The id is the framework's; the title is ours, and no substitute for
// its text.
type Requirement struct {
	ID    string
	Title string

	// Objectives are evidence for the requirement when they are met, and never
	// the whole of it. None: no objective applies, as with policies and
	// personnel, and Outside is set.
	Objectives []analyzer.Objective
	Sources    []string // links to the mapping, or to the text from which it follows
	Outside    bool     // cannot be assessed from Terraform
}

// Extent is the greatest extent to which a configuration can show any of the
// requirement's objectives.
func (r Requirement) Extent() Extent {
	extent := NotShown
	for _, id := range r.Objectives {
		switch o, _ := ObjectiveOf(id); o.Extent {
		case Shown:
			return Shown
		case PartShown:
			extent = PartShown
		}
	}
	return extent
}

// Inherited reports whether the requirement has only the provider's objectives.
func (r Requirement) Inherited() bool {
	for _, id := range r.Objectives {
		if o, ok := ObjectiveOf(id); !ok || !o.Inherited() {
			return false
		}
	}
	return len(r.Objectives) > 0
}

// Frameworks lists the frameworks by id.
func Frameworks() []Framework { return frameworks() }

var frameworks = sync.OnceValue(func() []Framework {
	return []Framework{gdpr(), hipaa(), iso27001(), nist80053(), pciDSS(), soc2()}
})

// FrameworkOf is the framework with an id; false: there is none.
func FrameworkOf(id string) (Framework, bool) {
	for _, f := range frameworks() {
		if f.ID == id {
			return f, true
		}
	}
	return Framework{}, false
}

// RequirementsOf lists the ids of the requirements that an objective supports,
// in order, by framework; a framework without any is left out.
func RequirementsOf(o analyzer.Objective) map[string][]string { return requirements()[o] }

var requirements = sync.OnceValue(func() map[analyzer.Objective]map[string][]string {
	ids := map[analyzer.Objective]map[string][]string{}
	for _, f := range frameworks() {
		for _, r := range f.Requirements {
			for _, o := range r.Objectives {
				if ids[o] == nil {
					ids[o] = map[string][]string{}
				}
				ids[o][f.ID] = append(ids[o][f.ID], r.ID)
			}
		}
	}
	return ids
})

// asks is a requirement with objectives. The sources are links separated by a
// space.
func asks(id, title, sources string, objectives ...analyzer.Objective) Requirement {
	return Requirement{ID: id, Title: title, Objectives: objectives, Sources: strings.Fields(sources)}
}

// outside is a requirement that cannot be assessed from Terraform.
func outside(id, title string) Requirement {
	return Requirement{ID: id, Title: title, Outside: true}
}
