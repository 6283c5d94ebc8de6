package judge

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// State is the degree to which a duty is met.
type State string

const (
	GapState     State = "gap"
	UnknownState State = "unknown"
	MetState     State = "met"
	Unevidenced  State = "unevidenced" // yours, and the code has no evidence
	Attested     State = "attested"
	OfProvider   State = "provider" // not yours
	NoDuty       State = "n/a"      // the service has no such layer
)

// StateOf is the state of a duty that has a single verdict.
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

// A Duty is a layer that the customer owns, wholly or in part, of one principal
// resource; or of a service in a root, where its resources have no principal
// there.
type Duty struct {
	Root         string
	Service      *analyzer.Service
	Principal    *analyzer.Resource // nil: of the service
	Model        analyzer.Model
	Layer        analyzer.Layer
	Cell         *analyzer.Cell
	Team         string   // the team responsible; empty: nobody is named
	Environments []string // environments in which the duty has this state, sorted; empty: the root has none
	Each         []*Duty  // the duty in every environment, where there are several
	State        State
	Objectives   []ObjectiveState // objectives with results, or that only an attestation can cover; sorted
	Gaps         int              // failures, accepted ones too
	Unknowns     int
	Met          int          // checks that passed
	Attested     *Attestation // attestation of the whole duty; nil: none

	standing   []analyzer.Objective           // objectives that only an attestation can cover
	attestable []analyzer.Objective           // objectives of the layer that an attestation can cover
	verdicts   map[resultKey]analyzer.Verdict // the counted verdicts, where there are environments
}

// resultKey keys a verdict by check and address.
type resultKey struct {
	check   *analyzer.Check
	address string
}

// An ObjectiveState is the degree to which one control objective of a duty is
// met.
type ObjectiveState struct {
	Objective           analyzer.Objective
	State               State
	Gaps, Unknowns, Met int
	Attested            *Attestation // attestation of the objective; nil: none
}

// A ledger collects the results of every check by duty.
type ledger struct {
	duties map[dutyOwner]*[analyzer.LayerCount]*Duty
	spoken map[*Attestation]bool // attestations that apply to a holder here
}

func newLedger() ledger {
	return ledger{map[dutyOwner]*[analyzer.LayerCount]*Duty{}, map[*Attestation]bool{}}
}

// A dutyOwner is the owner of duties: a principal, or a service in a root where it
// has no principal.
type dutyOwner struct {
	root      *analyzer.Root
	service   *analyzer.Service
	principal *analyzer.Resource
}

// subject is the resource whose team is responsible for the findings: the
// principal, so that a duty and its gaps have one team, else the resource
// itself.
func (j *judgement) subject() *analyzer.Resource {
	if j.placement.principal != nil {
		return j.placement.principal
	}
	return j.res
}

func (j *judgement) owner() dutyOwner {
	return dutyOwner{j.res.Root, j.placement.service, j.placement.principal}
}

// addPrincipals adds every duty of the principals of a root, with or without evidence,
// and the duties of the services that have no principal there.
func (l ledger) addPrincipals(run *runner, all []judgement) {
	for i := range all {
		j := &all[i]
		if j.placement.service != nil && j.placement.principal == j.res && j.res.Mode == analyzer.Managed && j.res.Exists() {
			l.addOwner(run, j.owner(), j.placement.model())
		}
	}
	for i := range all {
		if j := &all[i]; j.placement.service != nil && len(j.results) > 0 && l.duties[j.owner()] == nil {
			l.addOwner(run, j.owner(), j.placement.model())
		}
	}
}

// addOwner adds the duties of a holder. The duties of a service as a whole are
// added with their first result.
func (l ledger) addOwner(run *runner, h dutyOwner, model analyzer.Model) {
	var duties [analyzer.LayerCount]*Duty
	for i, layer := range analyzer.Layers() {
		if cell := run.cell(h.service, model, layer); cell.Today.Customers() {
			duties[i] = &Duty{Root: h.root.Dir, Service: h.service, Principal: h.principal, Model: model, Layer: layer, Cell: cell, Environments: h.root.Environments()}
		}
	}
	l.duties[h] = &duties
}

// addResult adds one result.
func (l ledger) addResult(j *judgement, res result) {
	duties, i := l.duties[j.owner()], res.check.Layer.Index()
	if duties == nil || i < 0 || duties[i] == nil || res.outcome.Verdict == analyzer.NotApplicable || j.res.Action == analyzer.Delete {
		return
	}
	duties[i].count(res.check.Objective, res.outcome.Verdict)
	if j.res.Root.Environment != "" {
		duties[i].remember(resultKey{res.check, j.res.Address}, res.outcome.Verdict)
	}
}

// count adds a verdict to the duty and to the objective under it.
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

// statedOf lists the attestations that apply to a holder.
func (run *runner) statedOf(h dutyOwner) []*Attestation {
	var stated []*Attestation
	for _, a := range run.opt.Attestations {
		if a.speaksOf(h) {
			stated = append(stated, a)
		}
	}
	return stated
}

// attest adds the attestations of a duty: of the whole duty, or of single
// objectives. An attestation that is not in force today is ignored.
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
			case run.opt.Catalogue.Organisations(s.Objective): // belongs to no resource
			default:
				d.objective(s.Objective).Attested = a
			}
		}
	}
}

// settled lists the duties in order, with their states.
func (l ledger) settled(run *runner) []*Duty {
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

// Address is the address of the principal; empty: the duty belongs to the
// service as a whole.
func (d *Duty) Address() string {
	if d.Principal == nil {
		return ""
	}
	return d.Principal.Address
}

// settle computes the states of the objectives and, from them, the state of the
// duty. Any gap makes the duty a gap; otherwise an unattested unknown makes it
// unknown; otherwise a met check makes it met. With no check results, the duty
// is attested if it is attested as a whole or if each attestable objective is.
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
		if o.Gaps+o.Unknowns+o.Met > 0 { // an attested objective is no evidence for the others
			d.State = worse(d.State, o.State)
		}
	}
	if d.State == Unevidenced && d.allAttested() {
		d.State = Attested
	}
}

// allAttested reports whether all standing objectives are attested or, if there
// are none, all attestable objectives. It is false where there are neither.
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

// state is the state of the objective: an attestation replaces an unknown and
// missing evidence, but never a gap.
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

// worse combines the states of two parts; an unevidenced part does not lower
// the other.
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

// Join adds the counts of another tally.
func (t *Tally) Join(o Tally) {
	t.Duties += o.Duties
	t.Met += o.Met
	t.Attested += o.Attested
	t.Gaps += o.Gaps
	t.Unknown += o.Unknown
	t.Unevidenced += o.Unevidenced
}

// Coverage is the percentage of duties that are met or attested, rounded down:
// 100 means all of them. ok is false if there is no duty.
func (t Tally) Coverage() (percent int, ok bool) {
	if t.Duties == 0 {
		return 0, false
	}
	return (t.Met + t.Attested) * 100 / t.Duties, true
}

// State is the combined state of the duties: a gap where one is open, met only
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
