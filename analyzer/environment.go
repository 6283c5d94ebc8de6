package analyzer

import (
	"slices"
	"strings"
)

// Roots are evaluated once for each environment that names them, so that what
// is said of a resource is said several times. A report says it once, with the
// environments in which it is so: the worst of what was found stands.

// environments is a root's environment as a list; empty: it has none.
func (r *Root) environments() []string {
	if r == nil || r.Environment == "" {
		return nil
	}
	return []string{r.Environment}
}

// inEnvironment reports whether a list of environments, empty for every one,
// has the root's.
func (r *Root) inEnvironment(names []string) bool {
	return len(names) == 0 || r != nil && slices.Contains(names, r.Environment)
}

// mergeEnvironments puts together what several environments said of the same.
func (rep *Report) mergeEnvironments() {
	if !slices.ContainsFunc(rep.Resources, func(r Judged) bool { return len(r.Environments) > 0 }) {
		return
	}
	rep.Findings = mergeEqual(rep.Findings, func(f *Finding) string { return f.Fingerprint }, (*Finding).rank,
		func(f *Finding) *[]string { return &f.Environments })
	resources := mergeEqual(pointers(rep.Resources), func(r *Judged) string { return r.root() + "\x00" + r.Address },
		func(*Judged) int { return 0 }, func(r *Judged) *[]string { return &r.Environments })
	rep.Coverage.Resources, rep.Coverage.Unclassified = 0, 0
	for _, r := range resources {
		if r.Mode == Managed {
			rep.Coverage.Resources++
			if r.Service == nil {
				rep.Coverage.Unclassified++
			}
		}
	}
	duties := mergeEqual(pointers(rep.Duties), (*Duty).key, (*Duty).rank, func(d *Duty) *[]string { return &d.Environments })
	rep.Resources, rep.Duties = pointed(resources), pointed(duties)
}

func pointers[T any](list []T) []*T {
	to := make([]*T, len(list))
	for i := range list {
		to[i] = &list[i]
	}
	return to
}

func pointed[T any](list []*T) []T {
	all := make([]T, len(list))
	for i, v := range list {
		all[i] = *v
	}
	return all
}

// mergeEqual keeps of those with the same key one of the lowest rank, with the
// environments of all that have it.
func mergeEqual[T any](list []T, key func(T) string, rank func(T) int, environments func(T) *[]string) []T {
	at := map[string]int{}
	var kept []T
	for _, v := range list {
		k := key(v)
		i, seen := at[k]
		if !seen {
			at[k] = len(kept)
			kept = append(kept, v)
			continue
		}
		switch old := kept[i]; {
		case rank(v) < rank(old):
			kept[i] = v
		case rank(v) == rank(old):
			names := append(slices.Clone(*environments(old)), *environments(v)...)
			slices.Sort(names)
			*environments(old) = slices.Compact(names)
		}
	}
	return kept
}

// rank orders what may be said at one place, the worst first.
func (f *Finding) rank() int {
	switch {
	case f.Gap():
		return 0
	case f.Verdict == Fail:
		return 1 // accepted
	case f.Verdict == Unknown:
		return 2
	case f.Verdict == Pass:
		return 3
	}
	return 4
}

func (d *Duty) rank() int {
	return slices.Index([]State{GapState, UnknownState, Unevidenced, Attested, MetState}, d.State)
}

func (d *Duty) key() string {
	return strings.Join([]string{d.Root, d.Service.ID, d.address(), string(d.Model), string(d.Layer)}, "\x00")
}
