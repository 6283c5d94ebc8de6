package report

import (
	"io"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// MatrixOSCALComponent writes the matrix as an OSCAL component definition: a
// component for each service, with the owner of each control that applies to it. The
// output is the same on the same day.
func MatrixOSCALComponent(out io.Writer, m *matrix.Matrix, opt Options) error {
	return oscalComponents(out, m, responsibility.Frameworks(), opt)
}

// AuditOSCALComponent is MatrixOSCALComponent with the controls of one framework.
func AuditOSCALComponent(out io.Writer, a *audit.Audit, opt Options) error {
	return oscalComponents(out, a.Matrix, []responsibility.Framework{a.Framework}, opt)
}

func oscalComponents(out io.Writer, m *matrix.Matrix, frameworks []responsibility.Framework, opt Options) error {
	w, err := newOSCAL(m, frameworks, opt)
	if err != nil {
		return err
	}
	doc := &oscal.ComponentDefinition{
		UUID:       oscalID("component-definition", w.roots...),
		Metadata:   w.metadata("Shared responsibility: who is responsible for which control"),
		Components: orNil(w.components()),
	}
	if doc.Components != nil {
		doc.BackMatter = &oscal.BackMatter{Resources: orNil(w.catalogs())}
	}
	return writeJSON(out, oscal.OscalCompleteSchema{ComponentDefinition: doc})
}

func (w *oscalWriter) components() []oscal.DefinedComponent {
	var all []oscal.DefinedComponent
	whole := w.wholly()
	for _, c := range w.matrix.Columns {
		all = append(all, oscal.DefinedComponent{
			UUID: columnID(c), Type: "service", Title: oscalMarkup(c.Title), Description: columnWords(c), Props: columnProps(c),
			ResponsibleRoles:       answering(analyzer.SharedOwned),
			ControlImplementations: orNil(w.implementations(columnID(c), columnParts(c, whole))),
		})
	}
	if len(all) > 0 {
		all = append(all, w.organisation(), w.infrastructure())
	}
	return all
}

// organisation returns the component for the work of people and procedures, which no
// resource shows.
func (w *oscalWriter) organisation() oscal.DefinedComponent {
	id := oscalID("component", "organisation")
	parts := map[analyzer.Objective][]oscalPart{}
	for _, d := range w.rep.Organisation {
		if o, ok := responsibility.ObjectiveOf(d.Objective); ok {
			parts[o.ID] = []oscalPart{{objective: o, layer: d.Layer, cell: analyzer.Cell{Today: analyzer.CustomerOwned}, state: d.State}}
		}
	}
	return oscal.DefinedComponent{
		UUID: id, Type: "process-procedure", Title: "The customer's organisation",
		Description:            "People and procedures, which belong to no resource and which no configuration shows.",
		ResponsibleRoles:       answering(analyzer.CustomerOwned),
		ControlImplementations: orNil(w.implementations(id, parts)),
	}
}

// infrastructure returns the component for what the provider does for every service
// alike: its sites, its hardware, the isolation of its customers.
func (w *oscalWriter) infrastructure() oscal.DefinedComponent {
	id := oscalID("component", "aws-infrastructure")
	parts := map[analyzer.Objective][]oscalPart{}
	for _, o := range responsibility.Objectives() {
		if o.Inherited() {
			cell := responsibility.Catalogue().Cell(analyzer.Abstract, o.Layers[0])
			parts[o.ID] = []oscalPart{{objective: o, layer: o.Layers[0], cell: cell, state: judge.OfProvider}}
		}
	}
	return oscal.DefinedComponent{
		UUID: id, Type: "service", Title: "AWS infrastructure",
		Description:            "The cloud itself, which AWS secures for every service alike. demarc assesses none of it: the provider's audit reports do.",
		ResponsibleRoles:       answering(analyzer.ProviderOwned),
		ControlImplementations: orNil(w.implementations(id, parts)),
	}
}

// An oscalPart is a control objective under one layer of a component.
type oscalPart struct {
	objective responsibility.Objective
	layer     analyzer.Layer
	cell      analyzer.Cell
	state     judge.State
	tally     judge.Tally
}

// A serviceLayer is one layer of a service under a model.
type serviceLayer struct {
	service *analyzer.Service
	model   analyzer.Model
	layer   analyzer.Layer
}

// wholly returns the layers in which all duties are attested as a whole: objectives
// without another result are attested there, too.
func (w *oscalWriter) wholly() map[serviceLayer]bool {
	whole := map[serviceLayer]bool{}
	for _, d := range w.rep.Duties {
		k := serviceLayer{d.Service, d.Model, d.Layer}
		before, seen := whole[k]
		whole[k] = d.Attested != nil && (before || !seen)
	}
	return whole
}

// columnParts returns the objectives of a service: those of its duties, and those
// without a result here. Objectives of the provider for every service alike, and of
// the organisation for all, are not included.
func columnParts(c *matrix.Column, whole map[serviceLayer]bool) map[analyzer.Objective][]oscalPart {
	parts := map[analyzer.Objective][]oscalPart{}
	home := map[analyzer.Layer]analyzer.Cell{}
	for i := range c.Cells {
		cell := &c.Cells[i]
		home[cell.Layer] = cell.Cell
		for _, t := range cell.Objectives {
			if o, ok := responsibility.ObjectiveOf(t.Objective); ok && t.Tally.Duties > 0 {
				parts[o.ID] = append(parts[o.ID], oscalPart{o, cell.Layer, cell.Cell, t.State, t.Tally})
			}
		}
	}
	for _, o := range responsibility.Objectives() {
		if len(parts[o.ID]) > 0 || o.Inherited() || o.Organisation() {
			continue
		}
		layer := o.Layers[0]
		p := oscalPart{objective: o, layer: layer, cell: home[layer]}
		switch {
		case p.cell.Today == analyzer.ProviderOwned:
			p.state = judge.OfProvider
		case p.cell.Today == analyzer.NoOwner || !o.Attestable():
			continue // the layer has no duty here, or no check covers it
		case whole[serviceLayer{c.Service, c.Model, layer}]:
			p.state = judge.Attested
		default:
			p.state = judge.Unevidenced
		}
		parts[o.ID] = []oscalPart{p}
	}
	return parts
}

// implementations returns a component's implementations, one for each framework.
func (w *oscalWriter) implementations(component string, parts map[analyzer.Objective][]oscalPart) []oscal.ControlImplementationSet {
	var all []oscal.ControlImplementationSet
	for _, group := range byFramework(w.controls) {
		var requirements []oscal.ImplementedRequirementControlImplementation
		for _, c := range group {
			var mine []oscalPart
			for _, o := range c.Objectives {
				mine = append(mine, parts[o.ID]...)
			}
			if len(mine) > 0 {
				requirements = append(requirements, implemented(component, c, mine))
			}
		}
		if len(requirements) == 0 {
			continue
		}
		f := group[0].framework
		var props oscalProps
		props.add("framework", "", f.ID)
		all = append(all, oscal.ControlImplementationSet{
			UUID: oscalID("control-implementation", component, f.ID), Source: group[0].source(), Props: props.list(),
			Description:             oscalFramework(f) + ": the controls that the component contributes to. A met contribution is partial evidence for a control.",
			ImplementedRequirements: requirements,
		})
	}
	return all
}

func implemented(component string, c oscalControl, parts []oscalPart) oscal.ImplementedRequirementControlImplementation {
	owner := jointOwner(parts)
	var props oscalProps
	props.add("label", "", c.ID)
	props.add("responsibility", "", answerer(owner))
	if owner.Customers() {
		props.add("state", "", string(wholeState(parts)))
		props.add("implementation-status", "", implementationStatus(parts))
	}
	for _, p := range parts {
		props.add("objective", string(p.state), string(p.objective.ID))
	}
	return oscal.ImplementedRequirementControlImplementation{
		UUID: oscalID("implemented-requirement", component, c.framework.ID, c.ID), ControlId: c.id,
		Description: partWords(c, parts), Props: props.list(), ResponsibleRoles: answering(owner),
	}
}

// jointOwner returns the owner of all parts: shared if the owners differ.
func jointOwner(parts []oscalPart) analyzer.Owner {
	owner := answerer(parts[0].cell.Today)
	for _, p := range parts[1:] {
		if answerer(p.cell.Today) != owner {
			return analyzer.SharedOwned
		}
	}
	return analyzer.Owner(owner)
}

// wholeState returns the combined state of the customer's parts, as a cell's state
// follows from its duties.
func wholeState(parts []oscalPart) judge.State {
	var t judge.Tally
	for _, p := range parts {
		if p.state != judge.OfProvider {
			t.Add(p.state)
		}
	}
	return t.State()
}

// implementationStatus returns OSCAL's word for the state of the customer's parts:
// implemented if each is met and a configuration shows all of it, partial if some
// part is met. Otherwise it claims nothing: neither what an attestation states, nor
// a plan, which demarc does not know.
func implementationStatus(parts []oscalPart) string {
	all, some := true, false
	for _, p := range parts {
		if p.state == judge.OfProvider {
			continue
		}
		all = all && p.state == judge.MetState && p.tally.Met == p.tally.Duties && p.objective.Extent == responsibility.Shown
		some = some || p.tally.Met > 0
	}
	switch {
	case some && all:
		return "implemented"
	case some:
		return "partial"
	}
	return ""
}

// partWords returns, for each layer with a part, its owner, both halves, and the
// state of the objectives under it.
func partWords(c oscalControl, parts []oscalPart) string {
	lines := []string{oscalMarkup(c.Title) + "."}
	var layers []analyzer.Layer
	says := map[analyzer.Layer][]string{}
	cells := map[analyzer.Layer]analyzer.Cell{}
	for _, p := range parts {
		if says[p.layer] == nil {
			layers = append(layers, p.layer)
			cells[p.layer] = p.cell
		}
		objective := oscalMarkup(p.objective.Title)
		if p.state != judge.OfProvider {
			objective += " (" + string(p.state) + ")"
		}
		says[p.layer] = append(says[p.layer], objective)
	}
	for _, l := range layers {
		lines = append(lines, strings.TrimSpace("- "+responsibility.LayerTitle(l)+", "+ownedWords(cells[l].Today)+". "+oscalHalves(cells[l]))+
			" Objectives: "+strings.Join(says[l], "; ")+".")
	}
	return strings.Join(lines, "\n")
}

// ownedWords returns the owner of a layer, for a reader who is neither.
func ownedWords(o analyzer.Owner) string {
	switch answerer(o) {
	case "provider":
		return "AWS's"
	case "shared":
		return "shared"
	}
	return "the customer's"
}
