package compare

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// A Standing is the state of a check on the side that does not have a gap.
type Standing string

const (
	Absent    Standing = "absent" // the resource does not exist
	NotOpen   Standing = "pass"
	NotAsked  Standing = "n/a"
	CannotSay Standing = "unknown"
	NotSeen   Standing = "not seen" // the existence of the resource is unknown
	Accepted  Standing = "accepted" // by a suppression
	OpenToo   Standing = "fail"     // at other paths of the resource, fewer than on this side
)

// A GapChange is a gap that only one side has. The finding belongs to that
// side; in a new gap it has its Change, and the resulting severity.
type GapChange struct {
	*judge.Finding
	Other Standing
}

// Sure reports whether it is certain that the other side does not have the gap.
func (g *GapChange) Sure() bool { return g.Other != NotSeen }

// A gapCell is the findings of both sides for one check on one resource.
type gapCell struct {
	old, new []*judge.Finding
}

type gapKey struct {
	check       *analyzer.Check
	place       addressKey
	environment string
}

// gaps compares the findings of both sides.
func (c *comparer) gaps() {
	cells := map[gapKey]*gapCell{}
	cell := func(at gapKey) *gapCell {
		if cells[at] == nil {
			cells[at] = &gapCell{}
		}
		return cells[at]
	}
	for _, f := range apart(c.old.Report.Findings) {
		at := cell(c.gapKeyOf(c.old, f, c.oldName(f)))
		at.old = append(at.old, f)
	}
	for _, f := range apart(c.new.Report.Findings) {
		at := cell(c.gapKeyOf(c.new, f, c.newName(f)))
		at.new = append(at.new, f)
	}
	for at, both := range cells {
		c.gapsAt(at, both)
	}
	c.diff.Gaps, c.diff.Closed = inOrder(c.diff.Gaps), inOrder(c.diff.Closed)
}

// apart separates findings into one per environment.
func apart(findings []*judge.Finding) []*judge.Finding {
	var all []*judge.Finding
	for _, f := range findings {
		if len(f.Each) == 0 {
			all = append(all, f)
		}
		all = append(all, f.Each...)
	}
	return all
}

// gapKeyOf is the key by which a finding is compared, with the name of its
// resource. A finding about demarc's own input is keyed by its file and its
// words.
func (c *comparer) gapKeyOf(x *sideIndex, f *judge.Finding, name string) gapKey {
	if f.Resource.Root == nil {
		return gapKey{check: f.Check, place: addressKey{x.below(f.Range.Filename), f.Message}}
	}
	return gapKey{f.Check, addressKey{x.below(f.Resource.RootDir()), name}, f.Resource.Root.Environment}
}

// Names of compared resources: the old address of a resource on both sides; the
// definition where the number of instances is unknown.

const definitionOf = "definition "

func (c *comparer) oldName(f *judge.Finding) string {
	at := addressKey{c.old.below(f.Resource.RootDir()), f.Resource.Address}
	j := c.old.at[at]
	switch {
	case j == nil || c.claimed[j] != nil:
		return at.address
	case c.countUnknown(c.old.definition(j)):
		return definitionOf + j.Definition
	}
	return "old " + at.address
}

func (c *comparer) newName(f *judge.Finding) string {
	at := addressKey{c.new.below(f.Resource.RootDir()), f.Resource.Address}
	j := c.new.at[at]
	switch {
	case j == nil: // an account, or what a plan destroys
		return at.address
	case c.partners[j] != nil:
		return c.partners[j].Address
	case c.countUnknown(c.new.definition(j)):
		return definitionOf + j.Definition
	}
	return "new " + at.address
}

func (c *comparer) countUnknown(definition addressKey) bool {
	return c.old.hidden[definition] != nil || c.new.hidden[definition] != nil
}

// gapsAt records the gaps that only one side has. Paths within the resource are
// the same where their known values are; the remaining findings are matched by
// number, so that a changed description is not a new gap.
func (c *comparer) gapsAt(at gapKey, both *gapCell) {
	old, new := slices.DeleteFunc(slices.Clone(both.old), notOpen), slices.DeleteFunc(slices.Clone(both.new), notOpen)
	was, is := c.standing(c.old, c.new, both.old, both.new), c.standing(c.new, c.old, both.new, both.old)
	if c.old.Prior { // there is one source: what it accepts now it accepted before
		accepted := slices.DeleteFunc(slices.Clone(both.new), func(f *judge.Finding) bool { return f.Verdict != analyzer.Fail || f.Suppressed == nil })
		old = old[min(len(old), len(accepted)):]
	}
	same := len(new)
	old, new = unlike(old, new)
	rest := min(len(old), len(new))
	same -= len(new) - rest
	c.diff.Existing += same
	if strings.HasPrefix(at.place.address, definitionOf) && same > 0 {
		return // one represents all instances: the difference in their number is unknown
	}
	for _, f := range new[rest:] {
		g := *f
		if g.Change == judge.NotCompared {
			g.Compared(was.change())
		}
		c.diff.Gaps = append(c.diff.Gaps, &GapChange{&g, was})
	}
	for _, f := range old[rest:] {
		c.diff.Closed = append(c.diff.Closed, &GapChange{f, is})
	}
}

// unlike drops pairs of findings of both sides at the same path.
func unlike(old, new []*judge.Finding) (onlyOld, onlyNew []*judge.Finding) {
	at := map[string]int{}
	for _, f := range old {
		at[spotOf(f)]++
	}
	same := map[string]int{}
	for _, f := range new {
		if k := spotOf(f); at[k] > 0 {
			at[k]--
			same[k]++
		} else {
			onlyNew = append(onlyNew, f)
		}
	}
	for _, f := range old {
		if k := spotOf(f); same[k] > 0 {
			same[k]--
		} else {
			onlyOld = append(onlyOld, f)
		}
	}
	return onlyOld, onlyNew
}

func notOpen(f *judge.Finding) bool { return !f.Gap() }

func (s Standing) change() judge.Change {
	if s == NotOpen {
		return judge.ChangeFrom(analyzer.Pass)
	}
	return judge.ChangeFrom(analyzer.Unknown)
}

// standing is the state of a check at a place on a side, apart from open
// findings. The findings of the other side show where to look if this side has
// none.
func (c *comparer) standing(x, other *sideIndex, here, there []*judge.Finding) Standing {
	s := Absent
	for _, f := range here {
		switch {
		case f.Verdict == analyzer.Unknown:
			return CannotSay
		case f.Verdict == analyzer.Fail && f.Suppressed != nil:
			s = Accepted
		case f.Verdict == analyzer.Pass:
			s = NotOpen
		case f.Verdict == analyzer.NotApplicable:
			s = NotAsked
		case s == Absent:
			s = OpenToo
		}
	}
	if s == Absent && c.outOfSight(x, other, there) {
		return NotSeen
	}
	return s
}

// outOfSight reports whether a side hides whether it has the other side's
// resources.
func (c *comparer) outOfSight(x, other *sideIndex, found []*judge.Finding) bool {
	return slices.ContainsFunc(found, func(f *judge.Finding) bool {
		at := addressKey{other.below(f.Resource.RootDir()), f.Resource.Address}
		j := other.at[at]
		return j != nil && (x.hides(j, at) != nil || x.hidden[other.definition(j)] != nil)
	})
}

// spotOf names a path within a resource by its known values.
func spotOf(f *judge.Finding) string {
	if f.Witness.Of == nil {
		return ""
	}
	return f.Witness.FingerprintPath(f.Witness.Of)
}

// inOrder merges the gaps of several environments, the most severe first.
func inOrder(gaps []*GapChange) []*GapChange {
	slices.SortFunc(gaps, func(a, b *GapChange) int {
		return cmp.Or(
			int(b.Severity)-int(a.Severity), strings.Compare(a.Resource.RootDir(), b.Resource.RootDir()),
			strings.Compare(a.Range.Filename, b.Range.Filename), a.Range.Start.Line-b.Range.Start.Line,
			strings.Compare(a.Check.ID, b.Check.ID), strings.Compare(a.Resource.Address, b.Resource.Address),
			bytes.Compare(a.Fingerprint[:], b.Fingerprint[:]), slices.Compare(a.Environments, b.Environments),
		)
	})
	var merged []*GapChange
	at := map[string]*GapChange{}
	for _, g := range gaps {
		k := analyzer.JoinKey(g.Fingerprint.String(), string(g.Other), g.Severity.String())
		if first := at[k]; first != nil && len(g.Environments) > 0 {
			one := *first.Finding
			one.Environments = append(slices.Clone(one.Environments), g.Environments...)
			first.Finding = &one
			continue
		}
		at[k] = g
		merged = append(merged, g)
	}
	return merged
}
