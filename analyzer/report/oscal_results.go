package report

import (
	"cmp"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// MatrixOSCAL writes the matrix as OSCAL assessment results: what was looked
// at, what was observed of it, and what that says of control objectives. It is
// the same on the same day.
func MatrixOSCAL(out io.Writer, m *analyzer.Matrix, opt Options) error {
	return oscalAssessment(out, m, responsibility.Frameworks(), opt)
}

// AuditOSCAL is MatrixOSCAL with the controls of one framework.
func AuditOSCAL(out io.Writer, a *audit.Audit, opt Options) error {
	return oscalAssessment(out, a.Matrix, []responsibility.Framework{a.Framework}, opt)
}

func oscalAssessment(out io.Writer, m *analyzer.Matrix, frameworks []responsibility.Framework, opt Options) error {
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

// The module's types know one kind of local definitions; that of a result is
// another, and holds the tool that the origins name.
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
	checks       map[*analyzer.Check]bool // that are activities
	evidence     map[analyzer.Objective]*objectiveEvidence
}

// An itemKey names a resource: a plan of a root holds others than its source.
type itemKey struct{ dir, plan, address string }

// An observedKey is what resources of a root have in common that one observation
// is of.
type observedKey struct {
	check          *analyzer.Check
	dir, plan      string
	verdict        analyzer.Verdict
	message, close string
	team           string
	severity       analyzer.Severity
	accepted       *analyzer.Suppression
}

// An observedItem is a resource of an observation.
type observedItem struct {
	observation int
	item        string
}

// objectiveEvidence is what was observed of a control objective.
type objectiveEvidence struct {
	pass, fail []oscal.RelatedObservation
	risks      []oscal.AssociatedRisk
}

func (r *resultsMaker) of(o analyzer.Objective) *objectiveEvidence {
	if r.evidence[o] == nil {
		r.evidence[o] = &objectiveEvidence{}
	}
	return r.evidence[o]
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
	doc.ImportAp = oscal.ImportAp{Href: "#" + planID(), Remarks: "There is no assessment plan: the checks of demarc stand for one, and are listed as activities."}
	if len(objectives)+len(r.activities) > 0 {
		doc.LocalDefinitions = &oscal.LocalDefinitions{ObjectivesAndMethods: orNil(objectives), Activities: orNil(r.activities)}
	}
	doc.BackMatter = &oscal.BackMatter{Resources: orNil(append([]oscal.Resource{{
		UUID: planID(), Title: "The checks of demarc",
		Description: "No OSCAL assessment plan. Each check is a statement that must hold for a duty of the customer to be met; `demarc list checks` shows all of them.",
		Rlinks:      &[]oscal.ResourceLink{{Href: "https://github.com/demarc/demarc"}},
	}}, r.catalogs()...))}
	return doc
}

func planID() string { return oscalID("assessment-plan") }
func toolID() string { return oscalID("tool") }

// origins say that demarc found it.
func origins() *[]oscal.Origin { return &[]oscal.Origin{origin()} }

func origin() oscal.Origin {
	return oscal.Origin{Actors: []oscal.OriginActor{{Type: "tool", ActorUuid: toolID()}}}
}

func (r *resultsMaker) assets() oscal.AssessmentAssets {
	tool := oscal.SystemComponent{
		UUID: toolID(), Type: "software", Title: "demarc",
		Description: "Reads Terraform source and plans, and judges who answers for what under the AWS shared responsibility model. It runs nothing and calls nothing.",
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

// coverageWords say what was not looked at.
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

// services are the components that the inventory implements: the uuids are those
// of the component definition.
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

// observe enters all that was looked at, and all that was seen.
func (r *resultsMaker) observe() {
	known := map[string]bool{}
	for _, c := range r.matrix.Columns {
		known[columnID(c)] = true
	}
	for i := range r.rep.Resources {
		if j := &r.rep.Resources[i]; j.Mode == analyzer.Managed {
			component := ""
			if j.Service != nil {
				component = serviceComponent(j.Service, j.Model)
			}
			if !known[component] {
				component = ""
			}
			r.item(j, component)
		}
	}
	for _, f := range r.rep.Findings {
		r.finding(f)
	}
	r.counted()
	r.attestations()
}

func keyOf(res *analyzer.Resource) itemKey {
	k := itemKey{address: res.Address}
	if res.Root != nil {
		k.dir, k.plan = res.Root.Dir, res.Root.Plan
	}
	return k
}

// item enters a resource into the inventory.
func (r *resultsMaker) item(j *analyzer.Judged, component string) string {
	k := keyOf(j.Resource)
	id := r.newID("inventory-item", k.dir, k.address)
	var props oscalProps
	props.add("root", "", k.dir)
	props.add("plan", "", k.plan)
	props.add("address", "", j.Address)
	props.add("type", "", j.Type)
	props.add("action", "", string(j.Action))
	props.add("service", "", serviceID(j.Service))
	props.add("service-model", "", string(j.Model))
	props.add("team", "", j.Team)
	props.each("environment", j.Environments)
	item := oscal.InventoryItem{UUID: id, Description: oscalCode(j.Address), Props: props.list()}
	if component != "" {
		item.ImplementedComponents = &[]oscal.ImplementedComponent{{ComponentUuid: component}}
	}
	r.items[k] = id
	r.inventory = append(r.inventory, item)
	return id
}

// subject is a resource in the inventory. Of an account or a data source it is
// entered when something is seen of it; what is said of demarc's own
// configuration has none.
func (r *resultsMaker) subject(f *analyzer.Finding) string {
	if f.Resource.Address == "" {
		return ""
	}
	if id, ok := r.items[keyOf(f.Resource)]; ok {
		return id
	}
	return r.item(&analyzer.Judged{Resource: f.Resource, Service: f.Service, Model: f.Model, Team: f.Team, Environments: f.Environments}, "")
}

// finding enters one verdict. The same verdict for the same reason is one
// observation of all the resources of a root, with a piece of evidence for each:
// many controls refer to it, and so would have to each of thousands.
func (r *resultsMaker) finding(f *analyzer.Finding) {
	if f.Verdict == analyzer.NotApplicable {
		return
	}
	k := seenAs(f)
	at, ok := r.observed[k]
	if !ok {
		r.activity(f.Check)
		at = r.open(k)
		r.observed[k] = at
	}
	o := &r.observations[at]
	if id := r.subject(f); id != "" && !r.subjects[observedItem{at, id}] {
		r.subjects[observedItem{at, id}] = true
		*o.Subjects = append(*o.Subjects, oscal.SubjectReference{SubjectUuid: id, Type: "inventory-item"})
	}
	*o.RelevantEvidence = append(*o.RelevantEvidence, r.evidenceOf(f))
}

func seenAs(f *analyzer.Finding) observedKey {
	at := keyOf(f.Resource)
	k := observedKey{check: f.Check, dir: at.dir, plan: at.plan, verdict: f.Verdict, message: f.Message}
	if f.Verdict != analyzer.Pass {
		k.team, k.severity, k.accepted, k.close = f.Team, f.Severity, f.Suppressed, closing(f, nil)
	}
	return k
}

// open begins an observation, and for a gap the risk that it is.
func (r *resultsMaker) open(k observedKey) int {
	var props oscalProps
	props.add("verdict", "", k.verdict.String())
	props.add("check", "", k.check.ID)
	props.add("layer", "", string(k.check.Layer))
	props.add("objective", "", string(k.check.Objective))
	props.add("root", "", k.dir)
	props.add("plan", "", k.plan)
	props.add("team", "", k.team)
	reason := ""
	if k.accepted != nil {
		reason = k.accepted.Reason
		props.add("accepted", "", cmp.Or(oscalString(reason), "without a reason"))
	}
	id := r.newID("observation", k.verdict.String(), k.check.ID, k.dir, k.team, k.message, reason)
	r.observations = append(r.observations, oscal.Observation{
		UUID: id, Title: oscalTitle(k.check), Description: oscalMarkup(k.message), Methods: []string{"EXAMINE"}, Types: &[]string{"finding"},
		Collected: r.day, Origins: origins(), Props: props.list(), Subjects: &[]oscal.SubjectReference{}, RelevantEvidence: &[]oscal.RelevantEvidence{},
	})
	e, related := r.of(k.check.Objective), oscal.RelatedObservation{ObservationUuid: id}
	switch {
	case k.verdict == analyzer.Pass:
		e.pass = append(e.pass, related)
	case k.verdict == analyzer.Fail && k.check.Layer != "":
		e.fail = append(e.fail, related)
		e.risks = append(e.risks, oscal.AssociatedRisk{RiskUuid: r.risk(k, id)})
	}
	return len(r.observations) - 1
}

// counted says at the end of how many resources something was observed.
func (r *resultsMaker) counted() {
	for i := range r.observations {
		o := &r.observations[i]
		if o.Subjects = orNil(*o.Subjects); o.Subjects != nil {
			o.Description = "Of " + count(len(*o.Subjects), "resource") + ": " + o.Description
		}
	}
}

func oscalTitle(c *analyzer.Check) string { return oscalMarkup(sentence(c.Title, c.ID)) }

// oscalWhy says why a check is one, with a link to who says so.
func oscalWhy(c *analyzer.Check) string { return cmp.Or(c.Why, sentence(c.Title, c.ID)+".") }

// evidenceOf is what shows a verdict: the place, and never a value.
func (r *resultsMaker) evidenceOf(f *analyzer.Finding) oscal.RelevantEvidence {
	says := cmp.Or(oscalCode(f.Resource.Address), "here")
	if f.Attribute != "" {
		says += ", " + oscalCode(f.Attribute)
	}
	out := oscal.RelevantEvidence{Href: oscalHref(place(f)), Description: says}
	var props oscalProps
	var links []oscal.Link
	if e := f.Evidence; e != nil {
		if e.Kind == "account-fact" || e.Kind == "provider-default" {
			out.Description += ": " + oscalMarkup(e.Text)
		}
		props.add("kind", "", e.Kind)
		props.add("since", "", e.Since)
		if e.Source != "" {
			links = append(links, oscal.Link{Href: e.Source, Rel: "reference"})
		}
	}
	for _, n := range f.Notes {
		if href := oscalHref(n.Range); href != "" {
			links = append(links, oscal.Link{Href: href, Text: oscalMarkup(n.Message)})
		}
	}
	props.add("fingerprint", "", f.Fingerprint)
	props.add("change", "", string(f.Change))
	props.each("environment", f.Environments)
	if f.Sealed {
		props.add("closable", "", "no") // in an installed module, and no input of it closes it
	}
	if at := r.remedyAt(f); len(at) > 0 && f.Verdict == analyzer.Fail {
		out.Remarks = "Close it at " + oscalMarkup(few(at, 3)) + "."
	}
	out.Props, out.Links = props.list(), orNil(links)
	return out
}

// activity lists a check once; it says why the check is one.
func (r *resultsMaker) activity(c *analyzer.Check) {
	if r.checks[c] {
		return
	}
	r.checks[c] = true
	var props oscalProps
	props.add("check", "", c.ID)
	props.add("severity", "", c.Severity.String())
	props.add("layer", "", string(c.Layer))
	props.add("objective", "", string(c.Objective))
	r.activities = append(r.activities, oscal.Activity{
		UUID: oscalID("activity", c.ID), Title: oscalTitle(c), Description: oscalWhy(c), Props: props.list(),
	})
}

// risk is a gap as a risk. One that a suppression accepts stays open, with who
// accepts it and why: no authorizing official is known to have done so.
func (r *resultsMaker) risk(k observedKey, observation string) string {
	risk := oscal.Risk{
		UUID: oscalID("risk", observation), Title: oscalMarkup(k.message), Status: "open", Origins: origins(),
		Description: oscalMarkup(k.message), Statement: oscalWhy(k.check),
		Characterizations:   &[]oscal.Characterization{{Origin: origin(), Facets: []oscal.Facet{{Name: "severity", System: oscalSystem, Value: k.severity.String()}}}},
		RelatedObservations: &[]oscal.RelatedObservation{{ObservationUuid: observation}},
	}
	var props oscalProps
	props.add("check", "", k.check.ID)
	props.add("team", "", k.team)
	if s := k.accepted; s != nil {
		props.add("accepted", "", cmp.Or(oscalString(s.Reason), "without a reason"))
		props.add("accepted-by", "", s.Owner)
		props.add("accepted-until", "", until(s))
		if !s.Until.IsZero() {
			risk.Deadline = oscalTime(s.Until.AddDate(0, 0, 1))
		}
	}
	risk.Props = props.list()
	if k.close != "" {
		risk.Remediations = &[]oscal.Response{{
			UUID: oscalID("response", risk.UUID), Lifecycle: "recommendation", Title: "Close the gap", Description: oscalMarkup(k.close), Origins: origins(),
		}}
	}
	r.risks = append(r.risks, risk)
	return risk.UUID
}

// attestations enter what people state, with what it is stated of: resources,
// and for what is the organisation's nothing.
func (r *resultsMaker) attestations() {
	subjects := map[*analyzer.Attestation][]oscal.SubjectReference{}
	seen := map[*analyzer.Attestation]map[string]bool{}
	var order []*analyzer.Attestation
	enter := func(a *analyzer.Attestation) {
		if seen[a] == nil {
			seen[a] = map[string]bool{}
			order = append(order, a)
		}
	}
	for i := range r.rep.Duties {
		d := &r.rep.Duties[i]
		for _, a := range statedOf(d) {
			enter(a)
			if s, ok := r.holder(d); ok && !seen[a][s.SubjectUuid] {
				seen[a][s.SubjectUuid] = true
				subjects[a] = append(subjects[a], s)
			}
		}
	}
	for _, d := range r.rep.Organisation {
		for _, a := range d.Attested {
			enter(a)
		}
	}
	for _, a := range order {
		r.observations = append(r.observations, r.statement(a, subjects[a]))
	}
}

// statedOf are the attestations that speak of a duty or of parts of it.
func statedOf(d *analyzer.Duty) []*analyzer.Attestation {
	var all []*analyzer.Attestation
	if d.Attested != nil {
		all = append(all, d.Attested)
	}
	for _, o := range d.Objectives {
		if o.Attested != nil && !slices.Contains(all, o.Attested) {
			all = append(all, o.Attested)
		}
	}
	return all
}

// holder is whose duty it is: a resource, or a service as a whole.
func (r *resultsMaker) holder(d *analyzer.Duty) (oscal.SubjectReference, bool) {
	if d.Principal == nil {
		return oscal.SubjectReference{SubjectUuid: serviceComponent(d.Service, d.Model), Type: "component"}, true
	}
	id, ok := r.items[keyOf(d.Principal)]
	return oscal.SubjectReference{SubjectUuid: id, Type: "inventory-item"}, ok
}

func (r *resultsMaker) statement(a *analyzer.Attestation, subjects []oscal.SubjectReference) oscal.Observation {
	var props oscalProps
	props.add("verdict", "", "attested")
	props.add("attestation", "", a.Name)
	props.add("by", "", a.By)
	props.add("date", "", dayOrNone(a.Date))
	props.add("expires", "", dayOrNone(a.Expires))
	for _, s := range a.Subjects {
		if s.Objective == "" {
			props.add("layer", "", string(s.Layer))
		} else {
			props.add("objective", string(s.Layer), string(s.Objective))
		}
	}
	o := oscal.Observation{
		UUID: r.newID("attestation", a.Range.Filename, a.Name), Title: "Attested: " + cmp.Or(oscalMarkup(a.Name), "without a name"),
		Description: cmp.Or(oscalMarkup(a.By), "Somebody") + " states it. demarc has read the statement and verified nothing of it.",
		Methods:     []string{"EXAMINE"}, Types: &[]string{"control-objective"}, Props: props.list(), Collected: r.day, Origins: origins(), Subjects: orNil(subjects),
		RelevantEvidence: &[]oscal.RelevantEvidence{statedEvidence(a)},
	}
	if date := oscalTime(a.Date); date != nil {
		o.Collected = *date
	}
	if !a.Expires.IsZero() {
		o.Expires = oscalTime(a.Expires.AddDate(0, 0, 1))
	}
	return o
}

// statedEvidence is the evidence that an attestation names, else its own place.
func statedEvidence(a *analyzer.Attestation) oscal.RelevantEvidence {
	e := oscal.RelevantEvidence{Description: cmp.Or(oscalMarkup(a.Evidence), "the attestation itself"), Href: oscalHref(a.Range)}
	if u, err := url.Parse(a.Evidence); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		e.Href = u.String()
	}
	return e
}

// assessed are the objectives of a control that something speaks to here.
func assessed(c oscalControl) []*audit.Objective {
	var all []*audit.Objective
	for _, o := range c.Objectives {
		if t := o.Tally.Tally; t.Duties > t.Unevidenced || o.Tally.State == analyzer.Attested {
			all = append(all, o)
		}
	}
	return all
}

// localObjective is the id of an objective under a control.
func localObjective(c oscalControl, o *audit.Objective) string {
	return c.id + "_demarc." + string(o.ID)
}

// reviewed are the controls and objectives that something speaks to.
func (r *resultsMaker) reviewed() oscal.ReviewedControls {
	out := oscal.ReviewedControls{Description: "The controls that demarc's objectives speak to here. No control was assessed as a whole."}
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
		out.ControlSelections = []oscal.AssessedControls{{Description: "None: nothing here speaks to a control."}}
	}
	if len(objectives) > 0 {
		out.ControlObjectiveSelections = &[]oscal.ReferencedControlObjectives{{IncludeObjectives: &objectives}}
	}
	return out
}

// findings are conclusions on the objectives under each control. OSCAL knows
// satisfied and not satisfied: where there is a gap it is not; where a
// configuration shows all of an objective, and every duty is met by evidence, it
// is; what is unknown, attested, without evidence or shown in part has no
// finding. The objectives are local, and say what they are: the control's own
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
	prose := "Of the resources that demarc's checks are about: " + oscalMarkup(o.Title) + "."
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
		Description: tallyLine(t) + ". It is evidence for the control, and never the whole of it.", Origins: origins(), Props: props.list(),
		Target:              oscal.FindingTarget{Type: "objective-id", TargetId: localObjective(c, o), Status: status},
		RelatedObservations: orNil(observations), RelatedRisks: orNil(risks),
	}, true
}
