package analyzer

import "sort"

// State is how far a duty is met.
type State string

const (
	GapState     State = "gap"
	UnknownState State = "unknown"
	MetState     State = "met"
	Unevidenced  State = "unevidenced" // yours, and nothing in the code speaks for it
	Attested     State = "attested"
)

// A Duty is a layer that the customer owns, wholly or in part, of one
// principal resource; or of a service in a root, where resources of it have
// no principal there.
type Duty struct {
	Root      string
	Service   *Service
	Principal *Resource // nil: of the service
	Model     Model
	Layer     Layer
	Cell      Cell
	State     State
	Gaps      int // failures, accepted ones too
	Unknowns  int
	Met       int // checks that passed
}

// ledger collects the results of every check by the duty that they speak to.
type ledger struct {
	duties map[dutyKey]*Duty
	owners map[*Resource]*Resource
}

type dutyKey struct {
	root, service, principal string
	layer                    Layer
}

// note enters one result. A principal's duties are opened by open.
func (rep *Report) note(run *runner, judged Judged, res result) {
	if judged.Service == nil || res.outcome.Verdict == NotApplicable || res.res.Action == Delete {
		return
	}
	d := rep.duty(run, judged, res.check.Layer)
	if d == nil {
		return
	}
	switch res.outcome.Verdict {
	case Fail:
		d.Gaps++
	case Unknown:
		d.Unknowns++
	case Pass:
		d.Met++
	}
}

// duty finds the duty that a resource's layer speaks to.
func (rep *Report) duty(run *runner, judged Judged, layer Layer) *Duty {
	if rep.ledger == nil {
		rep.ledger = &ledger{map[dutyKey]*Duty{}, map[*Resource]*Resource{}}
	}
	principal, known := rep.ledger.owners[judged.Resource]
	if !known {
		principal = principalOf(run, judged)
		rep.ledger.owners[judged.Resource] = principal
	}
	key := dutyKey{root: judged.root(), service: judged.Service.ID, layer: layer}
	model := judged.Model
	if principal != nil {
		key.principal = principal.Address
		model = run.model(run.view(principal))
	}
	if d := rep.ledger.duties[key]; d != nil {
		return d
	}
	cell := run.opt.Catalogue.CellFor(judged.Service, model, layer)
	if !cell.Today.Customers() {
		return nil
	}
	d := &Duty{Root: key.root, Service: judged.Service, Principal: principal, Model: model, Layer: layer, Cell: cell}
	rep.ledger.duties[key] = d
	return d
}

// open enters every duty of a principal, evidenced or not.
func (rep *Report) open(run *runner, judged Judged) {
	if judged.Service == nil || judged.Mode != Managed || !judged.exists() || !on(judged.Service.Principals, judged.Resource) {
		return
	}
	for _, layer := range Layers() {
		rep.duty(run, judged, layer)
	}
}

// principalOf is the principal resource that another of its service gives gaps
// and evidence to: itself, one that it refers to, or one that refers to it;
// nil: the service.
func principalOf(run *runner, judged Judged) *Resource {
	r := judged.Resource
	if on(judged.Service.Principals, r) {
		return r
	}
	for _, ref := range r.Refs {
		for _, to := range r.Root.resolve(ref) {
			if on(judged.Service.Principals, to.resource) && to.resource.exists() {
				return to.resource
			}
		}
	}
	for _, typ := range judged.Service.Principals {
		if p := run.view(r).mentions(typ); p != nil {
			return p
		}
	}
	return nil
}

// mentions finds a resource of the type whose known name is the value of a
// top-level attribute.
func (v *View) mentions(typ string) *Resource {
	names := v.res.Root.namesOf(typ)
	if len(names) == 0 || !v.base.Type().IsObjectType() {
		return nil
	}
	for it := v.base.ElementIterator(); it.Next(); {
		_, val := it.Element()
		if !val.IsKnown() {
			continue
		}
		if name, ok := identity(val); ok && len(names[name]) == 1 {
			return names[name][0]
		}
	}
	return nil
}

func (rep *Report) finishDuties() {
	if rep.ledger == nil {
		return
	}
	for _, d := range rep.ledger.duties {
		d.State = d.state()
		rep.Duties = append(rep.Duties, *d)
	}
	order := map[Layer]int{}
	for i, l := range Layers() {
		order[l] = i
	}
	sort.Slice(rep.Duties, func(i, j int) bool {
		a, b := rep.Duties[i], rep.Duties[j]
		switch {
		case a.Root != b.Root:
			return a.Root < b.Root
		case a.Service.ID != b.Service.ID:
			return a.Service.ID < b.Service.ID
		case a.address() != b.address():
			return a.address() < b.address()
		}
		return order[a.Layer] < order[b.Layer]
	})
}

func (d *Duty) address() string {
	if d.Principal == nil {
		return ""
	}
	return d.Principal.Address
}

// state: any fail is a gap; else any unknown is unknown; else any pass is met.
func (d *Duty) state() State {
	switch {
	case d.Gaps > 0:
		return GapState
	case d.Unknowns > 0:
		return UnknownState
	case d.Met > 0:
		return MetState
	}
	return Unevidenced
}
