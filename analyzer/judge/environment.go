package judge

import (
	"cmp"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// Roots are evaluated once for each environment that names them, so a resource
// has several results. A report shows each result once, with its environments,
// and the worst result wins.

// leftOut reports whether one of the environments was not evaluated in some
// root, so that its results are unknown.
func (rep *Report) leftOut(environments []string) bool {
	if rep.partly == nil {
		rep.partly = map[string]bool{}
		for _, u := range rep.Coverage.Unresolved {
			for _, name := range u.Environments {
				rep.partly[name] = rep.partly[name] || u.Kind == "environment"
			}
		}
	}
	return slices.ContainsFunc(environments, func(name string) bool { return rep.partly[name] })
}

// mergeEnvironments merges the findings and the resources of several
// environments. The ledger merges the duties.
func (rep *Report) mergeEnvironments() {
	rep.Findings = together(rep.Findings, func(f *Finding) []string { return f.Environments },
		func(f *Finding) analyzer.Digest { return f.Fingerprint }, mergeFindings)
	resources := make([]*Classified, len(rep.Resources))
	for i := range rep.Resources {
		resources[i] = &rep.Resources[i]
	}
	merged := together(resources, func(r *Classified) []string { return r.Environments },
		func(r *Classified) string { return analyzer.JoinKey(r.RootDir(), r.Address) }, mergeResources)
	if len(merged) == len(resources) {
		return
	}
	slices.SortStableFunc(merged, func(a, b *Classified) int {
		return cmp.Or(strings.Compare(a.RootDir(), b.RootDir()), strings.Compare(a.Address, b.Address))
	})
	all := make([]Classified, len(merged))
	for i, r := range merged {
		all[i] = *r
	}
	rep.Resources = all
}

// together merges items with the same key in several environments, at the
// position of the first one. Items without an environment stay as they are.
func together[T any, K comparable](list []*T, environments func(*T) []string, key func(*T) K, merge func(each []*T) *T) []*T {
	groups := map[K][]*T{}
	for _, v := range list {
		if len(environments(v)) > 0 {
			k := key(v)
			groups[k] = append(groups[k], v)
		}
	}
	if len(groups) == 0 {
		return list
	}
	var merged []*T
	for _, v := range list {
		if len(environments(v)) == 0 {
			merged = append(merged, v)
			continue
		}
		switch each := groups[key(v)]; {
		case len(each) == 1:
			merged = append(merged, v)
		case each[0] == v:
			merged = append(merged, merge(each))
		}
	}
	return merged
}

// mergeFindings keeps the worst verdict. A gap that is not accepted is worse
// than an accepted one.
func mergeFindings(each []*Finding) *Finding {
	merged := *slices.MinFunc(each, func(a, b *Finding) int { return a.rank() - b.rank() })
	merged.Environments, merged.Each = nil, each
	for _, f := range merged.SameVerdict() {
		merged.Environments = append(merged.Environments, f.Environments...)
	}
	return &merged
}

// SameVerdict lists the finding in each environment that has the same verdict; only the
// finding itself where there are not several environments.
func (f *Finding) SameVerdict() []*Finding {
	if len(f.Each) == 0 {
		return []*Finding{f}
	}
	return slices.DeleteFunc(slices.Clone(f.Each), func(one *Finding) bool { return one.rank() != f.rank() })
}

// rank orders the findings for one position, the worst first.
func (f *Finding) rank() int {
	switch {
	case f.Gap():
		return 0
	case f.Verdict == analyzer.Fail:
		return 1 // accepted
	case f.Verdict == analyzer.Unknown:
		return 2
	case f.Verdict == analyzer.Pass:
		return 3
	}
	return 4
}

// mergeResources takes the model with the largest customer share, where values
// give a different model in each environment; an unknown model comes before all
// others.
func mergeResources(each []*Classified) *Classified {
	merged := *slices.MinFunc(each, func(a, b *Classified) int {
		return slices.Index(analyzer.Models(), a.Model) - slices.Index(analyzer.Models(), b.Model)
	})
	merged.Environments = nil
	for _, r := range each {
		merged.Environments = append(merged.Environments, r.Environments...)
	}
	return &merged
}

// mergeDuties merges the duties of several environments.
func mergeDuties(list []*Duty) []*Duty {
	slices.SortFunc(list, func(a, b *Duty) int { return slices.Compare(a.Environments, b.Environments) })
	return together(list, func(d *Duty) []string { return d.Environments },
		func(d *Duty) string { return analyzer.JoinKey(d.Root, d.Service.ID, d.Address(), string(d.Layer)) }, mergeDuty)
}

// mergeDuty keeps the worst state.
func mergeDuty(each []*Duty) *Duty {
	merged := *slices.MinFunc(each, func(a, b *Duty) int { return a.rank() - b.rank() })
	merged.Environments, merged.Each = nil, each
	merged.Objectives, merged.Gaps, merged.Unknowns, merged.Met = nil, 0, 0, 0
	verdicts := map[resultKey]analyzer.Verdict{}
	for _, d := range each {
		if d.State == merged.State {
			merged.Environments = append(merged.Environments, d.Environments...)
		}
		for _, o := range d.Objectives {
			merged.objective(o.Objective).Attested = o.Attested
		}
		for what, v := range d.verdicts {
			worst(verdicts, what, v)
		}
	}
	for what, v := range verdicts {
		merged.count(what.check.Objective, v)
	}
	state := merged.State // settle cannot derive it without results
	merged.settle()
	merged.State = state
	return &merged
}

// rank orders states as a tally does, the worst first.
func (d *Duty) rank() int {
	return slices.Index([]State{GapState, UnknownState, Unevidenced, Attested, MetState}, d.State)
}

// remember keeps the verdict of a check, for the verdict over all environments.
func (d *Duty) remember(what resultKey, v analyzer.Verdict) {
	if d.verdicts == nil {
		d.verdicts = map[resultKey]analyzer.Verdict{}
	}
	worst(d.verdicts, what, v)
}

func worst(verdicts map[resultKey]analyzer.Verdict, of resultKey, v analyzer.Verdict) {
	if old, ok := verdicts[of]; !ok || v < old {
		verdicts[of] = v
	}
}
