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

// A ledger collects the results of every check by whose duty they speak to.
type ledger map[holder]*[layers]*Duty

// A holder is what has duties: a principal, or a service in a root where it
// has none.
type holder struct {
	root      *Root
	service   *Service
	principal *Resource
}

func (j *judged) holder() holder { return holder{j.res.Root, j.place.service, j.place.principal} }

// open enters every duty of the principals of a root, evidenced or not, and
// those of the services that have none there.
func (l ledger) open(run *runner, all []judged) {
	for i := range all {
		j := &all[i]
		if j.place.service != nil && j.place.principal == j.res && j.res.Mode == Managed && j.res.exists() {
			l.enter(run, j.holder(), j.place.model())
		}
	}
	for i := range all {
		if j := &all[i]; j.place.service != nil && len(j.results) > 0 && l[j.holder()] == nil {
			l.enter(run, j.holder(), j.place.model())
		}
	}
}

// enter makes the duties of a holder. Those of a service as a whole come into
// being with what speaks to them.
func (l ledger) enter(run *runner, h holder, model Model) {
	var duties [layers]*Duty
	for i, layer := range order() {
		if cell := run.cell(h.service, model, layer); cell.Today.Customers() {
			duties[i] = &Duty{Root: h.root.Dir, Service: h.service, Principal: h.principal, Model: model, Layer: layer, Cell: *cell}
		}
	}
	l[h] = &duties
}

// note enters one result.
func (l ledger) note(j *judged, res result) {
	duties, i := l[j.holder()], res.check.Layer.index()
	if duties == nil || i < 0 || duties[i] == nil || res.outcome.Verdict == NotApplicable || j.res.Action == Delete {
		return
	}
	switch res.outcome.Verdict {
	case Fail:
		duties[i].Gaps++
	case Unknown:
		duties[i].Unknowns++
	case Pass:
		duties[i].Met++
	}
}

// close lists the duties in order, with their states.
func (l ledger) close() []Duty {
	var list []Duty
	for h, duties := range l {
		for _, d := range duties {
			if d == nil || h.principal == nil && d.Gaps+d.Unknowns+d.Met == 0 {
				continue
			}
			d.State = d.state()
			list = append(list, *d)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		switch {
		case a.Root != b.Root:
			return a.Root < b.Root
		case a.Service.ID != b.Service.ID:
			return a.Service.ID < b.Service.ID
		case a.address() != b.address():
			return a.address() < b.address()
		}
		return a.Layer.index() < b.Layer.index()
	})
	return list
}

// principalOf is the principal resource that another of its service gives gaps
// and evidence to: itself, one that it refers to, or one whose name it holds;
// nil: the service.
func principalOf(v *View, s *Service) *Resource {
	r := v.res
	if on(s.Principals, r) {
		return r
	}
	for _, ref := range r.Refs {
		for _, to := range r.Root.resolve(ref) {
			if on(s.Principals, to.resource) && to.resource.exists() {
				return to.resource
			}
		}
	}
	for _, typ := range s.Principals {
		if p := v.mentions(typ); p != nil {
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
