package report

import (
	"io"
	"strconv"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// MatrixOSCAL writes the matrix as OSCAL assessment results: the assessed resources,
// the observations, and the conclusions on control objectives. The output is the
// same on the same day.
func MatrixOSCAL(out io.Writer, m *matrix.Matrix, opt Options) error {
	return oscalAssessment(out, m, responsibility.Frameworks(), opt)
}

// AuditOSCAL is MatrixOSCAL with the controls of one framework.
func AuditOSCAL(out io.Writer, a *audit.Audit, opt Options) error {
	return oscalAssessment(out, a.Matrix, []responsibility.Framework{a.Framework}, opt)
}

func oscalAssessment(out io.Writer, m *matrix.Matrix, frameworks []responsibility.Framework, opt Options) error {
	w, err := newOSCAL(m, frameworks, opt)
	if err != nil {
		return err
	}
	r := &resultsMaker{
		oscalWriter: w, items: map[itemKey]string{}, observed: map[observedKey]int{}, subjects: map[observedItem]bool{},
		checks: map[*analyzer.Check]bool{}, evidence: map[analyzer.Objective]*objectiveEvidence{},
	}
	return writeJSON(out, oscalResults{r.document()})
}

// The module's types have one kind of local definitions; a result has another kind,
// which holds the tool that the origins name.
type (
	oscalResults struct {
		AssessmentResults assessmentResults `json:"assessment-results"`
	}
	assessmentResults struct {
		oscal.AssessmentResults
		Results []assessmentResult `json:"results"`
	}
	assessmentResult struct {
		oscal.Result
		LocalDefinitions resultDefinitions `json:"local-definitions"`
	}
	resultDefinitions struct {
		AssessmentAssets oscal.AssessmentAssets   `json:"assessment-assets"`
		Components       *[]oscal.SystemComponent `json:"components,omitempty"`
		InventoryItems   *[]oscal.InventoryItem   `json:"inventory-items,omitempty"`
	}
)

// A resultsMaker collects the parts of assessment results.
type resultsMaker struct {
	*oscalWriter
	inventory    []oscal.InventoryItem
	items        map[itemKey]string // uuids of the inventory
	observations []oscal.Observation
	observed     map[observedKey]int // places among the observations
	subjects     map[observedItem]bool
	risks        []oscal.Risk
	activities   []oscal.Activity
	checks       map[*analyzer.Check]bool // checks that are listed as activities
	evidence     map[analyzer.Objective]*objectiveEvidence
}

func (r *resultsMaker) document() assessmentResults {
	r.observe()
	objectives, findings := r.findings()
	result := assessmentResult{Result: oscal.Result{
		UUID: oscalID("result", append([]string{r.day.String()}, r.roots...)...), Title: "Terraform configuration",
		Description: "What demarc finds in the configuration or the plan, before anything is created: " + tallyLine(r.matrix.Tally) + ".",
		Start:       r.day, End: &r.day, Props: r.totals(), Remarks: r.coverageWords(),
		ReviewedControls: r.reviewed(), Observations: orNil(r.observations), Risks: orNil(r.risks), Findings: orNil(findings),
	}}
	result.LocalDefinitions = resultDefinitions{r.assets(), orNil(r.services()), orNil(r.inventory)}
	doc := assessmentResults{Results: []assessmentResult{result}}
	doc.UUID = oscalID("assessment-results", r.roots...)
	doc.Metadata = r.metadata("Shared responsibility: how far the customer's duties are met")
	doc.ImportAp = oscal.ImportAp{Href: "#" + planID(), Remarks: "There is no assessment plan: demarc's checks take its place and are listed as activities."}
	if len(objectives)+len(r.activities) > 0 {
		doc.LocalDefinitions = &oscal.LocalDefinitions{ObjectivesAndMethods: orNil(objectives), Activities: orNil(r.activities)}
	}
	doc.BackMatter = &oscal.BackMatter{Resources: orNil(append([]oscal.Resource{{
		UUID: planID(), Title: "demarc's checks",
		Description: "No OSCAL assessment plan. Each check is a statement that must hold for a duty of the customer to be met; `demarc list checks` shows all of them.",
		Rlinks:      &[]oscal.ResourceLink{{Href: "https://github.com/demarc/demarc"}},
	}}, r.catalogs()...))}
	return doc
}

func planID() string { return oscalID("assessment-plan") }
func toolID() string { return oscalID("tool") }

// origins name demarc as the tool.
func origins() *[]oscal.Origin { return &[]oscal.Origin{origin()} }

func origin() oscal.Origin {
	return oscal.Origin{Actors: []oscal.OriginActor{{Type: "tool", ActorUuid: toolID()}}}
}

func (r *resultsMaker) assets() oscal.AssessmentAssets {
	tool := oscal.SystemComponent{
		UUID: toolID(), Type: "software", Title: "demarc",
		Description: "Reads Terraform source and plans, and judges who is responsible for what under the AWS shared responsibility model. It runs nothing and calls nothing.",
		Status:      oscal.SystemComponentStatus{State: "operational"},
	}
	if version := oscalString(r.Version); version != "" {
		tool.Props = &[]oscal.Property{{Name: "version", Value: version}}
	}
	return oscal.AssessmentAssets{
		Components: &[]oscal.SystemComponent{tool},
		AssessmentPlatforms: []oscal.AssessmentPlatform{{
			UUID: oscalID("platform"), Title: "demarc", UsesComponents: &[]oscal.UsesComponent{{ComponentUuid: toolID()}},
		}},
	}
}

func (r *resultsMaker) totals() *[]oscal.Property {
	c := r.rep.Coverage
	var props oscalProps
	props.tally(r.matrix.Tally)
	for _, n := range []struct {
		name string
		n    int
	}{{"resources", c.Resources}, {"unclassified-resources", c.Unclassified}, {"files-read", c.Files}, {"files-found", c.FilesFound}, {"modules", c.Modules}, {"unresolved", len(c.Unresolved)}} {
		props.add(n.name, "", strconv.Itoa(n.n))
	}
	complete := "yes"
	if incomplete(c) != "" {
		complete = "no"
	}
	props.add("complete", "", complete)
	return props.list()
}

// coverageWords returns what was not read.
func (r *resultsMaker) coverageWords() string {
	var lines []string
	if says := incomplete(r.rep.Coverage); says != "" {
		lines = append(lines, oscalMarkup(says)+".")
	}
	for _, u := range r.rep.Coverage.Unresolved {
		lines = append(lines, "- not resolved: "+oscalString(u.Kind)+" "+oscalCode(u.Name)+": "+oscalMarkup(u.Reason))
	}
	return strings.Join(lines, "\n")
}

// services returns the components that the inventory implements, with the uuids of
// the component definition.
func (r *resultsMaker) services() []oscal.SystemComponent {
	var all []oscal.SystemComponent
	for _, c := range r.matrix.Columns {
		all = append(all, oscal.SystemComponent{
			UUID: columnID(c), Type: "service", Title: oscalMarkup(c.Title), Description: columnWords(c), Props: columnProps(c),
			Status: oscal.SystemComponentStatus{State: "operational"}, ResponsibleRoles: answering(analyzer.SharedOwned),
		})
	}
	return all
}
