package judge

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// State is how far a duty is met.
type State string

const (
	GapState     State = "gap"
	UnknownState State = "unknown"
	MetState     State = "met"
	Unevidenced  State = "unevidenced" // yours, and nothing in the code speaks for it
	Attested     State = "attested"
	OfProvider   State = "provider" // not yours
	NoDuty       State = "n/a"      // there is nothing of the layer
)

// StateOf is that of a duty of which nothing but the verdict is known.
func StateOf(v analyzer.Verdict) State {
	switch v {
	case analyzer.Fail:
		return GapState
	case analyzer.Unknown:
		return UnknownState
	case analyzer.Pass:
		return MetState
	}
	return NoDuty
}

// A Duty is a layer that the customer owns, wholly or in part, of one
// principal resource; or of a service in a root, where resources of it have
// no principal there.
type Duty struct {
	Root         string
	Service      *analyzer.Service
	Principal    *analyzer.Resource // nil: of the service
	Model        analyzer.Model
	Layer        analyzer.Layer
	Cell         *analyzer.Cell
	Team         string   // who sees to it; empty: nobody is named
	Environments []string // in which it is in this state, sorted; empty: the root has none
	Each         []*Duty  // it in every environment, where there are several
	State        State
	Objectives   []ObjectiveState // those that something speaks to, or only an attestation can; sorted
	Gaps         int              // failures, accepted ones too
	Unknowns     int
	Met          int          // checks that passed
	Attested     *Attestation // that speaks of all of it; nil: none

	standing   []analyzer.Objective      // those that only an attestation can speak of
	attestable []analyzer.Objective      // those of the layer that an attestation can speak of
	verdicts   map[said]analyzer.Verdict // what is counted, where there are environments
}

// said is what a verdict is of.
type said struct {
	check   *analyzer.Check
	address string
}

// An ObjectiveState is how far one control objective of a duty is met.
type ObjectiveState struct {
	Objective           analyzer.Objective
	State               State
	Gaps, Unknowns, Met int
	Attested            *Attestation // that speaks of it; nil: none
}

// A ledger collects the results of every check by whose duty they speak to.
type ledger struct {
	duties map[holder]*[analyzer.LayerCount]*Duty
	spoken map[*Attestation]bool // those that speak of something here
}

func newLedger() ledger {
	return ledger{map[holder]*[analyzer.LayerCount]*Duty{}, map[*Attestation]bool{}}
}

// A holder is what has duties: a principal, or a service in a root where it
// has none.
type holder struct {
	root      *analyzer.Root
	service   *analyzer.Service
	principal *analyzer.Resource
}

// subject is whose team sees to what is found: the principal, so that a duty
// and its gaps have one, else the resource itself.
func (j *judgement) subject() *analyzer.Resource {
	if j.placement.principal != nil {
		return j.placement.principal
	}
	return j.res
}

func (j *judgement) holder() holder {
	return holder{j.res.Root, j.placement.service, j.placement.principal}
}

// open enters every duty of the principals of a root, evidenced or not, and
// those of the services that have none there.
func (l ledger) open(run *runner, all []judgement) {
	for i := range all {
		j := &all[i]
		if j.placement.service != nil && j.placement.principal == j.res && j.res.Mode == analyzer.Managed && j.res.Exists() {
			l.enter(run, j.holder(), j.placement.model())
		}
	}
	for i := range all {
		if j := &all[i]; j.placement.service != nil && len(j.results) > 0 && l.duties[j.holder()] == nil {
			l.enter(run, j.holder(), j.placement.model())
		}
	}
}

// enter makes the duties of a holder. Those of a service as a whole come into
// being with what speaks to them.
func (l ledger) enter(run *runner, h holder, model analyzer.Model) {
	var duties [analyzer.LayerCount]*Duty
	for i, layer := range analyzer.Layers() {
		if cell := run.cell(h.service, model, layer); cell.Today.Customers() {
			duties[i] = &Duty{Root: h.root.Dir, Service: h.service, Principal: h.principal, Model: model, Layer: layer, Cell: cell, Environments: h.root.Environments()}
		}
	}
	l.duties[h] = &duties
}

// note enters one result.
func (l ledger) note(j *judgement, res result) {
	duties, i := l.duties[j.holder()], res.check.Layer.Index()
	if duties == nil || i < 0 || duties[i] == nil || res.outcome.Verdict == analyzer.NotApplicable || j.res.Action == analyzer.Delete {
		return
	}
	duties[i].count(res.check.Objective, res.outcome.Verdict)
	if j.res.Root.Environment != "" {
		duties[i].remember(said{res.check, j.res.Address}, res.outcome.Verdict)
	}
}

// count enters a verdict for the duty and for the objective under it.
func (d *Duty) count(o analyzer.Objective, v analyzer.Verdict) {
	tally := d.objective(o)
	switch v {
	case analyzer.Fail:
		d.Gaps++
		tally.Gaps++
	case analyzer.Unknown:
		d.Unknowns++
		tally.Unknowns++
	case analyzer.Pass:
		d.Met++
		tally.Met++
	}
}

func (d *Duty) objective(o analyzer.Objective) *ObjectiveState {
	for i := range d.Objectives {
		if d.Objectives[i].Objective == o {
			return &d.Objectives[i]
		}
	}
	d.Objectives = append(d.Objectives, ObjectiveState{Objective: o})
	return &d.Objectives[len(d.Objectives)-1]
}

// statedOf are the attestations that speak of a holder.
func (run *runner) statedOf(h holder) []*Attestation {
	var stated []*Attestation
	for _, a := range run.opt.Attestations {
		if a.speaksOf(h) {
			stated = append(stated, a)
		}
	}
	return stated
}

// attest enters what is stated of a duty: of all of it, or of single
// objectives. One that does not hold today says nothing.
func (l ledger) attest(run *runner, stated []*Attestation, d *Duty) {
	for _, a := range stated {
		for _, s := range a.Subjects {
			if s.Layer != d.Layer {
				continue
			}
			l.spoken[a] = true
			switch {
			case !a.holds(run.opt.Today):
			case s.Objective == "":
				d.Attested = a
			case run.opt.Catalogue.Organisations(s.Objective): // is none of the resource's
			default:
				d.objective(s.Objective).Attested = a
			}
		}
	}
}

// close lists the duties in order, with their states.
func (l ledger) close(run *runner) []*Duty {
	var list []*Duty
	for h, duties := range l.duties {
		stated := run.statedOf(h)
		for _, d := range duties {
			if d == nil {
				continue
			}
			l.attest(run, stated, d)
			d.Team = run.team(d.Layer, d.Service, d.Principal)
			if h.principal == nil && d.Gaps+d.Unknowns+d.Met == 0 {
				continue
			}
			if h.principal != nil || len(h.service.Principals) == 0 {
				d.standing = run.opt.Catalogue.StandingOf(d.Layer)
			}
			d.attestable = run.opt.Catalogue.AttestableOf(d.Layer)
			d.settle()
			list = append(list, d)
		}
	}
	list = mergeDuties(list)
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.Root != b.Root:
			return a.Root < b.Root
		case a.Service.ID != b.Service.ID:
			return a.Service.ID < b.Service.ID
		case a.Address() != b.Address():
			return a.Address() < b.Address()
		}
		return a.Layer.Index() < b.Layer.Index()
	})
	return list
}

// Address is the address of the principal; empty: the duty is of the service as a
// whole.
func (d *Duty) Address() string {
	if d.Principal == nil {
		return ""
	}
	return d.Principal.Address
}

// settle works out the states: of each objective, and of the duty from them.
// Any gap is a gap; else what is unknown and nobody attests is unknown; else
// what is met is met. Where no check speaks, it is attested as a whole, or when
// all is of it that an attestation can speak of.
func (d *Duty) settle() {
	for _, o := range d.standing {
		d.objective(o)
	}
	slices.SortFunc(d.Objectives, func(a, b ObjectiveState) int { return strings.Compare(string(a.Objective), string(b.Objective)) })
	d.State = Unevidenced
	if d.Attested != nil {
		d.State = Attested
	}
	for i := range d.Objectives {
		o := &d.Objectives[i]
		if o.Attested == nil {
			o.Attested = d.Attested
		}
		o.State = o.state()
		if o.Gaps+o.Unknowns+o.Met > 0 { // what is stated of one objective says nothing of the others
			d.State = worse(d.State, o.State)
		}
	}
	if d.State == Unevidenced && d.allAttested() {
		d.State = Attested
	}
}

// allAttested reports whether there is something that only an attestation can
// speak of, else something that one can, and one does of all of it.
func (d *Duty) allAttested() bool {
	all := d.standing
	if len(all) == 0 {
		all = d.attestable
	}
	return len(all) > 0 && !slices.ContainsFunc(all, func(o analyzer.Objective) bool { return !d.attests(o) })
}

func (d *Duty) attests(o analyzer.Objective) bool {
	return slices.ContainsFunc(d.Objectives, func(s ObjectiveState) bool { return s.Objective == o && s.Attested != nil })
}

// state: an attestation stands in for what is unknown, and for what nothing
// speaks of; never for a gap.
func (o *ObjectiveState) state() State {
	switch {
	case o.Gaps > 0:
		return GapState
	case o.Unknowns > 0 && o.Attested == nil:
		return UnknownState
	case o.Met > 0 && o.Unknowns == 0:
		return MetState
	case o.Attested != nil:
		return Attested
	}
	return Unevidenced
}

// worse is the state that two parts give the whole: of which nothing speaks
// says nothing against the other.
func worse(a, b State) State {
	for _, s := range []State{GapState, UnknownState, MetState, Attested} {
		if a == s || b == s {
			return s
		}
	}
	return Unevidenced
}

// A Tally counts duties by their state.
type Tally struct {
	Duties, Met, Attested, Gaps, Unknown, Unevidenced int
}

// Add counts one more duty.
func (t *Tally) Add(s State) {
	t.Duties++
	switch s {
	case MetState:
		t.Met++
	case Attested:
		t.Attested++
	case GapState:
		t.Gaps++
	case UnknownState:
		t.Unknown++
	default:
		t.Unevidenced++
	}
}

// Join counts what another has counted.
func (t *Tally) Join(o Tally) {
	t.Duties += o.Duties
	t.Met += o.Met
	t.Attested += o.Attested
	t.Gaps += o.Gaps
	t.Unknown += o.Unknown
	t.Unevidenced += o.Unevidenced
}

// Coverage is the percentage of duties that are met or attested, rounded down:
// 100 is all of them. Without a duty there is none.
func (t Tally) Coverage() (percent int, ok bool) {
	if t.Duties == 0 {
		return 0, false
	}
	return (t.Met + t.Attested) * 100 / t.Duties, true
}

// State is what the duties are as a whole: a gap where one is open, met only
// where all are met or attested.
func (t Tally) State() State {
	switch {
	case t.Gaps > 0:
		return GapState
	case t.Unknown > 0:
		return UnknownState
	case t.Unevidenced > 0:
		return Unevidenced
	case t.Met > 0:
		return MetState
	case t.Attested > 0:
		return Attested
	}
	return NoDuty
}
