// Package compare compares two reports: which layers moved to the customer and
// which to the provider, which duties are met on one side only, and which gaps
// are new or closed.
package compare

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// A Side is one of the two configurations to compare.
type Side struct {
	Report *judge.Report // of a run with Options.All
	Dir    string        // its directory: roots and files are named relative to it
	Prior  bool          // it is the prior state of the other side, which is a plan
}

// A Diff is the difference between two configurations: in owners, in duties
// met, and in gaps.
type Diff struct {
	Old, New     Side
	Roots        []analyzer.Move // roots whose directory changed
	Shifts       []*Shift        // holders that were added or removed, or with a changed owner; by root and definition
	Line         []Transfer      // layers of which your share grew or shrank over all holders; nil where that cannot be determined
	Duties       []*DutyChange   // duties met on one side only
	Undetermined []*Undetermined // holders whose change cannot be determined
	Gaps         []*GapChange    // new gaps, the most severe first
	Closed       []*GapChange    // closed gaps, likewise, of the old side
	Existing     int             // number of gaps on both sides
}

// A Holder is the principals of one definition that have the same kind of
// duties, or a service as a whole.
type Holder struct {
	Root       string // relative to the side's directory
	Definition string // empty: the service as a whole
	Service    *analyzer.Service
	Model      analyzer.Model
	Resources  []*judge.Classified // sorted by address; none: the service as a whole
}

// Count is the number of resources; 1 for a service as a whole.
func (h *Holder) Count() int { return max(len(h.Resources), 1) }

// A Shift is the change of a holder.
type Shift struct {
	Old, New  *Holder // nil: the holder was added, or removed
	Why       string  // why New is taken as the replacement of Old; empty: it is the same holder
	Transfers []Transfer
	Kept      []analyzer.Layer // yours before and after
	Tally     judge.Tally      // duties that were added or grew; for a removed holder, the duties that it had
}

// A Transfer is a layer whose owner changed. A missing side has NoOwner.
type Transfer struct {
	Layer    analyzer.Layer
	From, To analyzer.Cell
}

// Direction is the direction in which a layer moved.
type Direction string

const (
	Gained Direction = "gained" // it was not yours, and now is, wholly or in part
	Grew   Direction = "grew"   // it was shared, and is now all yours
	Shrank Direction = "shrank" // it was all yours, and is now shared
	Handed Direction = "handed" // it is now the provider's
	Ended  Direction = "ended"  // the layer no longer exists
)

// Direction is empty where the customer's part has not changed.
func (t Transfer) Direction() Direction {
	was, is := t.From.Today, t.To.Today
	switch {
	case was.Customers() && is == analyzer.ProviderOwned:
		return Handed
	case was.Customers() && is == analyzer.NoOwner:
		return Ended
	case !was.Customers() && is.Customers():
		return Gained
	case was.Weight() < is.Weight() && was.Customers():
		return Grew
	case was.Weight() > is.Weight() && is.Customers():
		return Shrank
	}
	return ""
}

// Gains reports whether a direction moves the layer towards the customer.
func (d Direction) Gains() bool { return d == Gained || d == Grew }

// A DutyChange is a duty of a holder on both sides that is met, or attested, on
// only one of them.
type DutyChange struct {
	Old, New *judge.Duty
	Findings []*judge.Finding // open and unknown findings of the new side
}

// Lost reports whether the duty was met before and is not met now.
func (d *DutyChange) Lost() bool { return isMet(d.Old) }

func isMet(d *judge.Duty) bool {
	return d.State == judge.MetState || d.State == judge.Attested
}

// An Undetermined lists holders whose change cannot be determined, and why.
type Undetermined struct {
	Old     bool // the cause is on the old side
	Causes  []analyzer.Cause
	Holders []*Holder // holders of the other side where only it has them
}

// A comparer compares two sides.
type comparer struct {
	old, new  *sideIndex
	catalogue analyzer.Catalogue
	partners  map[*judge.Classified]*judge.Classified // resource of the new side to its partner on the old side
	claimed   map[*judge.Classified]*judge.Classified // resource of the old side to its partner on the new side
	moves     map[*analyzer.Root]map[string][]string
	diff      *Diff
}

// Reports compares two reports. Resources are the same where they have the same
// address in the same root relative to the sides' directories, or were moved.
func Reports(old, new Side, c analyzer.Catalogue) *Diff {
	roots := movedRoots(old, new)
	x := &comparer{
		old: newSide(old, roots), new: newSide(new, nil), catalogue: c,
		partners: map[*judge.Classified]*judge.Classified{}, claimed: map[*judge.Classified]*judge.Classified{}, moves: map[*analyzer.Root]map[string][]string{},
		diff: &Diff{Old: old, New: new, Roots: roots},
	}
	x.match()
	x.shifts()
	x.line()
	x.gaps()
	return x.diff
}

// A sideIndex is one side, indexed.
type sideIndex struct {
	Side
	moved    []analyzer.Move // roots with another directory on the other side
	at       map[addressKey]*judge.Classified
	order    []*judge.Classified
	duties   map[dutyKey]*judge.Duty
	services map[serviceKey]*Holder          // services as a whole, and the others nil
	defined  map[addressKey]bool             // definitions of existing resources
	hidden   map[addressKey][]analyzer.Cause // definitions with an unknown number of instances, and why
	open     map[dutyKey][]*judge.Finding    // open and unknown findings, by duty
	modules  []analyzer.Unresolved           // calls that were not followed
	left     map[addressKey][]analyzer.Cause // forgotten and not destroyed resources, and why their future is unknown
}

// An addressKey is an address, or a definition, in a root relative to a side's
// directory.
type addressKey struct{ root, address string }

type dutyKey struct {
	addressKey
	service string
	layer   analyzer.Layer
}

type serviceKey struct{ root, service string }

func (p serviceKey) compare(q serviceKey) int {
	return cmp.Or(strings.Compare(p.root, q.root), strings.Compare(p.service, q.service))
}

func newSide(s Side, moved []analyzer.Move) *sideIndex {
	x := &sideIndex{
		Side: s, moved: moved, at: map[addressKey]*judge.Classified{}, duties: map[dutyKey]*judge.Duty{}, services: map[serviceKey]*Holder{},
		defined: map[addressKey]bool{}, hidden: map[addressKey][]analyzer.Cause{}, open: map[dutyKey][]*judge.Finding{}, left: map[addressKey][]analyzer.Cause{},
	}
	seen := map[*analyzer.Root]bool{}
	for i := range s.Report.Resources {
		j := &s.Report.Resources[i]
		if j.Action == analyzer.Forget {
			x.left[x.key(j)] = forgotten
		}
		if r := j.Root; r != nil && !seen[r] {
			seen[r] = true
			for _, name := range r.Forgotten {
				x.left[addressKey{x.below(r.Dir), name}] = forgotten
			}
		}
		if !j.Exists() {
			continue
		}
		x.at[x.key(j)] = j
		x.order = append(x.order, j)
		x.defined[x.definition(j)] = true
		if causes := countCauses(j); causes != nil {
			x.hidden[x.definition(j)] = causes
		}
	}
	for _, d := range s.Report.Duties {
		x.duty(d)
	}
	for _, f := range s.Report.Findings {
		if f.Service != nil && (f.Verdict == analyzer.Fail || f.Verdict == analyzer.Unknown) {
			of := dutyKey{addressKey{x.below(f.Resource.RootDir()), holderOf(f)}, f.Service.ID, f.Check.Layer}
			x.open[of] = append(x.open[of], f)
		}
	}
	for _, u := range s.Report.Coverage.Unresolved {
		if u.Kind == "module" {
			x.modules = append(x.modules, u)
		}
	}
	return x
}

// countCauses returns why the instance count is unknown, or nil if the resource
// is a single instance.
func countCauses(j *judge.Classified) []analyzer.Cause {
	if len(j.Number) == 0 && strings.Contains(j.Address, "[*]") { // of its module, or for no reason that is known
		return []analyzer.Cause{{Kind: analyzer.CauseOther, Name: "how many there are"}}
	}
	return j.Number
}

// duty records a duty. A duty of a service as a whole makes the service a
// holder.
func (x *sideIndex) duty(d *judge.Duty) {
	root := x.below(d.Root)
	x.duties[dutyKey{addressKey{root, d.Address()}, d.Service.ID, d.Layer}] = d
	of := serviceKey{root, d.Service.ID}
	switch _, known := x.services[of]; {
	case d.Principal != nil:
		x.services[of] = nil
	case !known:
		x.services[of] = &Holder{Root: root, Service: d.Service, Model: d.Model}
	}
}

// below is the name of a root or a file relative to the side's directory. A
// moved root has its name on the new side.
func (x *sideIndex) below(name string) string {
	name = x.Side.Below(name)
	for _, m := range x.moved {
		if m.From == name {
			return m.To
		}
	}
	return name
}

// Below is the name of a root or a file relative to the side's directory.
func (s Side) Below(name string) string {
	switch {
	case s.Dir == "" || s.Dir == ".":
		return name
	case name == s.Dir:
		return "."
	}
	return strings.TrimPrefix(name, s.Dir+"/")
}

func (x *sideIndex) key(j *judge.Classified) addressKey {
	return addressKey{x.below(j.RootDir()), j.Address}
}
func (x *sideIndex) definition(j *judge.Classified) addressKey {
	return addressKey{x.below(j.RootDir()), j.Definition}
}

// isPrincipal reports whether a resource has duties.
func isPrincipal(j *judge.Classified) bool {
	return j.Mode == analyzer.Managed && j.Service != nil && j.Principal == j.Resource
}

// hides is why a side does not show whether it has a resource of the other
// side, at a place: the call that contains it was not followed, or it is
// forgotten. Nil: the side shows it.
func (x *sideIndex) hides(j *judge.Classified, at addressKey) []analyzer.Cause {
	in := analyzer.ModuleOf(j.Resource)
	for _, u := range x.modules {
		if in != u.Name && !strings.HasPrefix(in, u.Name+".") {
			continue
		}
		// Calls of the root module are in its directory.
		if strings.Contains(u.Name, ".module.") || u.Range.Filename == "" || x.below(path.Dir(u.Range.Filename)) == at.root {
			return []analyzer.Cause{{Kind: analyzer.CauseModule, Name: u.Name, Range: u.Range}}
		}
	}
	if causes := x.left[at]; causes != nil {
		return causes
	}
	for _, name := range enclosing(j.Definition) {
		if causes := x.left[addressKey{at.root, name}]; causes != nil {
			return causes
		}
	}
	return nil
}

// forgotten is the cause for a resource that Terraform forgets without
// destroying it: its next manager is unknown.
var forgotten = []analyzer.Cause{{Kind: analyzer.CauseState, Name: "what manages it from now on, because it is forgotten and not destroyed"}}

// --- shifts

// shifts determines the change of each holder.
func (c *comparer) shifts() {
	kept, came, went := map[string]*pairing{}, holders{}, holders{}
	for _, j := range c.new.order {
		if !isPrincipal(j) {
			continue
		}
		if old := c.partners[j]; old != nil && isPrincipal(old) {
			c.pair(kept, old, j)
		} else if !c.hide(c.old, c.new, j) {
			came.add(c.new, j)
		}
	}
	for _, j := range c.old.order {
		if !isPrincipal(j) {
			continue
		}
		if new := c.claimed[j]; (new == nil || !isPrincipal(new)) && !c.hide(c.new, c.old, j) {
			went.add(c.old, j)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kept)) {
		c.compare(kept[k].old, kept[k].new, "")
	}
	for _, r := range c.replacements(went.sorted(), came.sorted()) {
		c.compare(r.old, r.new, r.why)
		delete(went, r.old.key())
		delete(came, r.new.key())
	}
	for _, h := range came.sorted() {
		c.compare(nil, h, "")
	}
	for _, h := range went.sorted() {
		c.compare(h, nil, "")
	}
	c.services()
	slices.SortFunc(c.diff.Shifts, byShift)
	slices.SortStableFunc(c.diff.Duties, byDuty)
	slices.SortFunc(c.diff.Undetermined, func(a, b *Undetermined) int { return strings.Compare(a.key(), b.key()) })
}

// A pairing is a holder on both sides, instance by instance.
type pairing struct{ old, new *Holder }

func (c *comparer) pair(kept map[string]*pairing, old, new *judge.Classified) {
	o, n := c.old.holder(old), c.new.holder(new)
	k := analyzer.JoinKey(o.key(), n.key())
	if kept[k] == nil {
		kept[k] = &pairing{o, n}
	}
	kept[k].old.Resources = append(kept[k].old.Resources, old)
	kept[k].new.Resources = append(kept[k].new.Resources, new)
}

// holder returns a holder for a resource, without the resource in it.
func (x *sideIndex) holder(j *judge.Classified) *Holder {
	return &Holder{Root: x.below(j.RootDir()), Definition: j.Definition, Service: j.Service, Model: j.Model}
}

// key identifies a holder; nil: empty.
func (h *Holder) key() string {
	if h == nil {
		return ""
	}
	return analyzer.JoinKey(h.Root, h.Definition, h.Service.ID, string(h.Model))
}

type holders map[string]*Holder

func (hs holders) add(x *sideIndex, j *judge.Classified) {
	h := x.holder(j)
	if hs[h.key()] == nil {
		hs[h.key()] = h
	}
	hs[h.key()].Resources = append(hs[h.key()].Resources, j)
}

func (hs holders) sorted() []*Holder {
	list := make([]*Holder, 0, len(hs))
	for _, h := range hs {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b *Holder) int { return strings.Compare(a.key(), b.key()) })
	return list
}

// hide records a resource that only one side has, where the other side does not
// show whether it has it too.
func (c *comparer) hide(hider, shower *sideIndex, j *judge.Classified) bool {
	at, causes := shower.definition(j), hider.hides(j, shower.key(j))
	if causes == nil {
		causes = hider.hidden[at]
	}
	if causes == nil {
		// It may represent any number of instances: those of the other side, if
		// it has any, are recorded as hidden by this side.
		return shower.hidden[at] != nil && hider.defined[at]
	}
	h := shower.holder(j)
	h.Resources = []*judge.Classified{j}
	c.undetermined(hider == c.old, causes, h)
	return true
}

func (c *comparer) undetermined(old bool, causes []analyzer.Cause, h *Holder) {
	u := &Undetermined{Old: old, Causes: causes}
	if i := slices.IndexFunc(c.diff.Undetermined, func(known *Undetermined) bool { return known.key() == u.key() }); i >= 0 {
		u = c.diff.Undetermined[i]
	} else {
		c.diff.Undetermined = append(c.diff.Undetermined, u)
	}
	for _, known := range u.Holders {
		if known.key() == h.key() {
			known.Resources = append(known.Resources, h.Resources...)
			return
		}
	}
	u.Holders = append(u.Holders, h)
}

func (u *Undetermined) key() string {
	if u.Old {
		return analyzer.JoinKey("old", judge.CauseNames(u.Causes))
	}
	return analyzer.JoinKey("new", judge.CauseNames(u.Causes))
}

// compare records the change of a holder, and of its duties.
func (c *comparer) compare(old, new *Holder, why string) {
	if old != nil && new != nil {
		c.duties(old, new)
		if c.modelHidden(old, new) {
			return
		}
	}
	s := &Shift{Old: old, New: new, Why: why}
	for _, l := range analyzer.Layers() {
		t := Transfer{l, c.cell(c.old, old, l), c.cell(c.new, new, l)}
		switch d := t.Direction(); {
		case d != "":
			s.Transfers = append(s.Transfers, t)
			c.tally(s, t)
		case t.From.Today.Customers() && t.To.Today.Customers():
			s.Kept = append(s.Kept, l)
		}
	}
	if len(s.Transfers) > 0 {
		c.diff.Shifts = append(c.diff.Shifts, s)
	}
}

// modelHidden records a holder whose model is unknown on one side, or unknown
// for another reason than before.
func (c *comparer) modelHidden(old, new *Holder) bool {
	was, is := old.because(), new.because()
	if len(was)+len(is) == 0 {
		return false
	}
	if judge.CauseNames(was) != judge.CauseNames(is) {
		if len(is) > 0 {
			c.undetermined(false, is, new)
		} else {
			c.undetermined(true, was, new)
		}
	}
	return true
}

// because is why the model is unknown.
func (h *Holder) because() []analyzer.Cause {
	if len(h.Resources) == 0 {
		return nil
	}
	return h.Resources[0].Because
}

// cell is the ownership of a layer of a holder; NoOwner where there is no such
// holder. A service as a whole has only the layers with results.
func (c *comparer) cell(x *sideIndex, h *Holder, l analyzer.Layer) analyzer.Cell {
	switch {
	case h == nil, h.Definition == "" && x.duties[h.duty("", l)] == nil:
		return analyzer.Cell{Today: analyzer.NoOwner}
	}
	return c.catalogue.CellFor(h.Service, h.Model, l)
}

func (h *Holder) duty(address string, l analyzer.Layer) dutyKey {
	return dutyKey{addressKey{h.Root, address}, h.Service.ID, l}
}

// each lists the duties of a layer, one per instance; nil where there are none.
func (x *sideIndex) each(h *Holder, l analyzer.Layer) []*judge.Duty {
	if len(h.Resources) == 0 {
		return []*judge.Duty{x.duties[h.duty("", l)]}
	}
	duties := make([]*judge.Duty, len(h.Resources))
	for i, j := range h.Resources {
		duties[i] = x.duties[h.duty(j.Address, l)]
	}
	return duties
}

func (c *comparer) tally(s *Shift, t Transfer) {
	x, h := c.new, s.New
	switch {
	case s.New == nil:
		x, h = c.old, s.Old
	case !t.Direction().Gains():
		return
	}
	for _, d := range x.each(h, t.Layer) {
		if d != nil {
			s.Tally.Add(d.State)
		}
	}
}

// duties records duties that are met on exactly one side. For a replacement,
// instances are paired by position.
func (c *comparer) duties(old, new *Holder) {
	if old.Count() != new.Count() {
		return
	}
	for _, l := range analyzer.Layers() {
		was, is := c.old.each(old, l), c.new.each(new, l)
		for i := range was {
			if was[i] == nil || is[i] == nil || isMet(was[i]) == isMet(is[i]) {
				continue
			}
			d := &DutyChange{Old: was[i], New: is[i]}
			if !isMet(d.New) {
				d.Findings = c.new.open[dutyKey{addressKey{new.Root, d.New.Address()}, d.New.Service.ID, l}]
			}
			c.diff.Duties = append(c.diff.Duties, d)
		}
	}
}

// holderOf is the address of the principal whose duty a finding concerns;
// empty: the service's duty.
func holderOf(f *judge.Finding) string {
	if f.Principal == nil {
		return ""
	}
	return f.Principal.Address
}

// services records the services as a whole that were added or removed. Where the
// other side has a principal of the service, its duties only have another
// holder.
func (c *comparer) services() {
	for at, h := range c.new.services {
		if h == nil {
			continue
		}
		if old, known := c.old.services[at]; !known {
			c.compare(nil, h, "")
		} else if old != nil {
			c.duties(old, h)
		}
	}
	for at, h := range c.old.services {
		if _, known := c.new.services[at]; h != nil && !known {
			c.compare(h, nil, "")
		}
	}
}

// line determines the layers of which the customer's share grew or shrank over
// all holders. It records none while a model is unknown.
func (c *comparer) line() {
	if len(c.old.services) == 0 || len(c.new.services) == 0 || c.old.undecided() || c.new.undecided() {
		return
	}
	for _, l := range analyzer.Layers() {
		t := Transfer{l, c.most(c.old, l), c.most(c.new, l)}
		if t.Direction() != "" {
			c.diff.Line = append(c.diff.Line, t)
		}
	}
}

func (x *sideIndex) undecided() bool {
	return len(x.modules) > 0 || slices.ContainsFunc(x.order, func(j *judge.Classified) bool { return len(j.Because) > 0 })
}

// most is the cell of the holder with the largest customer share of a layer.
func (c *comparer) most(x *sideIndex, l analyzer.Layer) analyzer.Cell {
	most := analyzer.Cell{Today: analyzer.NoOwner}
	consider := func(h *Holder) {
		if cell := c.cell(x, h, l); cell.Today.Weight() > most.Today.Weight() {
			most = cell
		}
	}
	for _, j := range x.order {
		if isPrincipal(j) {
			consider(x.holder(j))
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(x.services), serviceKey.compare) {
		if h := x.services[at]; h != nil {
			consider(h)
		}
	}
	return most
}

// --- order

func byShift(a, b *Shift) int {
	return cmp.Or(strings.Compare(a.New.key(), b.New.key()), strings.Compare(a.Old.key(), b.Old.key()))
}

func byDuty(a, b *DutyChange) int {
	return cmp.Or(
		strings.Compare(a.New.Root, b.New.Root), strings.Compare(a.New.Service.ID, b.New.Service.ID),
		strings.Compare(a.New.Address(), b.New.Address()), a.New.Layer.Index()-b.New.Layer.Index(),
	)
}
