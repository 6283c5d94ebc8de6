package report

import (
	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// assessed returns the objectives of a control that have a result here.
func assessed(c oscalControl) []*audit.Objective {
	var all []*audit.Objective
	for _, o := range c.Objectives {
		if t := o.Tally.Tally; t.Duties > t.Unevidenced || o.Tally.State == judge.Attested {
			all = append(all, o)
		}
	}
	return all
}

// localObjective returns the id of an objective under a control.
func localObjective(c oscalControl, o *audit.Objective) string {
	return c.id + "_demarc." + string(o.ID)
}

// reviewed returns the controls and objectives that have a result.
func (r *resultsMaker) reviewed() oscal.ReviewedControls {
	out := oscal.ReviewedControls{Description: "The controls that demarc's objectives map to here. No control was assessed as a whole."}
	var objectives []oscal.SelectObjectiveById
	for _, group := range byFramework(r.controls) {
		var include []oscal.AssessedControlsSelectControlById
		for _, c := range group {
			some := assessed(c)
			if len(some) > 0 {
				include = append(include, oscal.AssessedControlsSelectControlById{ControlId: c.id})
			}
			for _, o := range some {
				objectives = append(objectives, oscal.SelectObjectiveById{ObjectiveId: localObjective(c, o)})
			}
		}
		if len(include) > 0 {
			out.ControlSelections = append(out.ControlSelections, oscal.AssessedControls{
				Description: oscalFramework(group[0].framework), IncludeControls: &include,
				Links: &[]oscal.Link{{Href: group[0].source(), Rel: "reference"}},
			})
		}
	}
	if out.ControlSelections == nil {
		out.ControlSelections = []oscal.AssessedControls{{Description: "None: nothing here maps to a control."}}
	}
	if len(objectives) > 0 {
		out.ControlObjectiveSelections = &[]oscal.ReferencedControlObjectives{{IncludeObjectives: &objectives}}
	}
	return out
}

// findings returns conclusions on the objectives under each control. OSCAL knows
// satisfied and not satisfied: an objective with a gap is not satisfied; it is
// satisfied if a configuration shows all of it and every duty is met by evidence; an
// objective that is unknown, attested, without evidence or partly shown has no
// finding. The objectives are local, and described as such: the control's own
// objectives and statements get no status.
func (r *resultsMaker) findings() ([]oscal.LocalObjective, []oscal.Finding) {
	var objectives []oscal.LocalObjective
	var findings []oscal.Finding
	for _, c := range r.controls {
		for _, o := range assessed(c) {
			objectives = append(objectives, objectiveUnder(c, o))
			if f, ok := r.conclusion(c, o); ok {
				findings = append(findings, f)
			}
		}
	}
	return objectives, findings
}

func objectiveUnder(c oscalControl, o *audit.Objective) oscal.LocalObjective {
	var props oscalProps
	props.add("framework", "", c.framework.ID)
	props.add("label", "", c.ID)
	props.add("objective", "", string(o.ID))
	props.add("extent", "", string(o.Extent))
	prose := "For the resources that demarc checks: " + oscalMarkup(o.Title) + "."
	out := oscal.LocalObjective{
		ControlId: c.id, Description: oscalMarkup(c.Title), Props: props.list(),
		Parts: []oscal.Part{{ID: localObjective(c, o), Name: "assessment-objective", Ns: oscalNS, Title: oscalMarkup(o.Title), Prose: prose}},
	}
	if missing := o.Objective.Missing; missing != "" {
		out.Remarks = "A configuration does not show: " + oscalMarkup(missing) + "."
	}
	return out
}

func (r *resultsMaker) conclusion(c oscalControl, o *audit.Objective) (oscal.Finding, bool) {
	e, t := r.of(o.ID), o.Tally.Tally
	status, observations, risks := oscal.ObjectiveStatus{State: "not-satisfied", Reason: "fail"}, e.fail, e.risks
	if t.Gaps == 0 {
		if t.Duties == 0 || t.Met < t.Duties || o.Extent != responsibility.Shown {
			return oscal.Finding{}, false
		}
		status, observations, risks = oscal.ObjectiveStatus{State: "satisfied", Reason: "pass"}, e.pass, nil
	}
	var props oscalProps
	props.add("framework", "", c.framework.ID)
	props.add("control-id", "", c.id)
	props.add("label", "", c.ID)
	props.add("objective", "", string(o.ID))
	return oscal.Finding{
		UUID:        oscalID("finding", append([]string{c.framework.ID, c.ID, string(o.ID)}, r.roots...)...),
		Title:       oscalMarkup(c.ID) + ": " + oscalMarkup(o.Title),
		Description: tallyLine(t) + ". This is partial evidence for the control.", Origins: origins(), Props: props.list(),
		Target:              oscal.FindingTarget{Type: "objective-id", TargetId: localObjective(c, o), Status: status},
		RelatedObservations: orNil(observations), RelatedRisks: orNil(risks),
	}, true
}
