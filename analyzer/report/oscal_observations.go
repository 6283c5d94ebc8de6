package report

import (
	"cmp"
	"net/url"
	"slices"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// An itemKey names a resource: a plan of a root holds other resources than its
// source.
type itemKey struct{ dir, plan, address string }

// An observedKey is what the resources of a root in one observation have in common.
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

// objectiveEvidence is the observations of a control objective.
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

// observe adds all resources that were assessed, and all verdicts.
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

// item adds a resource to the inventory.
func (r *resultsMaker) item(j *judge.Classified, component string) string {
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

// subject returns a resource in the inventory. An account or a data source is added
// with its first observation; demarc's own configuration has no inventory item.
func (r *resultsMaker) subject(f *judge.Finding) string {
	if f.Resource.Address == "" {
		return ""
	}
	if id, ok := r.items[keyOf(f.Resource)]; ok {
		return id
	}
	return r.item(&judge.Classified{Resource: f.Resource, Service: f.Service, Model: f.Model, Team: f.Team, Environments: f.Environments}, "")
}

// finding adds one verdict. Equal verdicts with the same reason are one observation
// of all the resources of a root, with a piece of evidence for each: many controls
// refer to the observation, and would otherwise refer to thousands.
func (r *resultsMaker) finding(f *judge.Finding) {
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

func seenAs(f *judge.Finding) observedKey {
	at := keyOf(f.Resource)
	k := observedKey{check: f.Check, dir: at.dir, plan: at.plan, verdict: f.Verdict, message: f.Message}
	if f.Verdict != analyzer.Pass {
		k.team, k.severity, k.accepted, k.close = f.Team, f.Severity, f.Suppressed, closing(f, nil)
	}
	return k
}

// open begins an observation, and the risk of a gap.
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

// counted adds at the end the number of resources in each observation.
func (r *resultsMaker) counted() {
	for i := range r.observations {
		o := &r.observations[i]
		if o.Subjects = orNil(*o.Subjects); o.Subjects != nil {
			o.Description = "Of " + count(len(*o.Subjects), "resource") + ": " + o.Description
		}
	}
}

func oscalTitle(c *analyzer.Check) string { return oscalMarkup(sentence(c.Title, c.ID)) }

// oscalWhy returns the reason for a check, with a link to its source.
func oscalWhy(c *analyzer.Check) string { return cmp.Or(c.Why, sentence(c.Title, c.ID)+".") }

// evidenceOf returns the evidence for a verdict: the place, and never a value.
func (r *resultsMaker) evidenceOf(f *judge.Finding) oscal.RelevantEvidence {
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
	props.add("fingerprint", "", f.Fingerprint.String())
	props.add("change", "", f.Change.String())
	props.each("environment", f.Environments)
	if f.NotFixableHere {
		props.add("closable", "", "no") // in an installed module without an input that closes it
	}
	if at := r.remedyAt(f); len(at) > 0 && f.Verdict == analyzer.Fail {
		out.Remarks = "Close it at " + oscalMarkup(few(at, 3)) + "."
	}
	out.Props, out.Links = props.list(), orNil(links)
	return out
}

// activity lists a check once, with the reason for the check.
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

// risk returns a gap as a risk. An accepted gap stays open, with the person who
// accepts it and the reason: no authorizing official is known to have done so.
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

// attestations adds people's attestations, with their subjects: resources, or
// nothing for the organisation's.
func (r *resultsMaker) attestations() {
	subjects := map[*judge.Attestation][]oscal.SubjectReference{}
	seen := map[*judge.Attestation]map[string]bool{}
	var order []*judge.Attestation
	enter := func(a *judge.Attestation) {
		if seen[a] == nil {
			seen[a] = map[string]bool{}
			order = append(order, a)
		}
	}
	for _, d := range r.rep.Duties {
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

// statedOf returns the attestations of a duty or of its parts.
func statedOf(d *judge.Duty) []*judge.Attestation {
	var all []*judge.Attestation
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

// holder returns the holder of a duty: a resource, or a service as a whole.
func (r *resultsMaker) holder(d *judge.Duty) (oscal.SubjectReference, bool) {
	if d.Principal == nil {
		return oscal.SubjectReference{SubjectUuid: serviceComponent(d.Service, d.Model), Type: "component"}, true
	}
	id, ok := r.items[keyOf(d.Principal)]
	return oscal.SubjectReference{SubjectUuid: id, Type: "inventory-item"}, ok
}

func (r *resultsMaker) statement(a *judge.Attestation, subjects []oscal.SubjectReference) oscal.Observation {
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
		Description: cmp.Or(oscalMarkup(a.By), "Somebody") + " states it. demarc has read the statement and has not verified it.",
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

// statedEvidence returns the evidence that an attestation names, else the
// attestation's own place.
func statedEvidence(a *judge.Attestation) oscal.RelevantEvidence {
	e := oscal.RelevantEvidence{Description: cmp.Or(oscalMarkup(a.Evidence), "the attestation itself"), Href: oscalHref(a.Range)}
	if u, err := url.Parse(a.Evidence); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		e.Href = u.String()
	}
	return e
}
