package judge

import (
	"slices"

	"github.com/demarc/demarc/analyzer"
)

// A Team is a group in the customer's organisation that is responsible for a
// part of the customer's duties. Every criterion that the rule names must
// match, and a criterion that it does not name matches everything.
type Team struct {
	Name     string
	Layers   []analyzer.Layer
	Services []string          // ids
	Paths    []string          // globs of files
	Modules  []string          // globs of module addresses, without instance keys: module.db, module.*.module.db
	Tags     map[string]string // of the resource, or of its principal: name to a glob of the value
}

// Teams assigns duties to teams: the first matching rule decides, else the
// repository's owner of the file.
type Teams struct {
	Rules []Team
	// Fallback is the owner of a file according to CODEOWNERS; empty: nobody.
	// Nil: there is no such file.
	Fallback func(file string) string
}

// team is the team of a layer of a resource, nil for a service as a whole;
// empty: nobody is named.
func (run *runner) team(layer analyzer.Layer, s *analyzer.Service, r *analyzer.Resource) string {
	t := &run.opt.Teams
	if len(t.Rules) == 0 && t.Fallback == nil {
		return ""
	}
	file := ""
	if r != nil {
		file = r.File()
	}
	for _, rule := range run.teamsOf(r, file) {
		if rule.takes(layer, s) {
			return rule.Name
		}
	}
	if t.Fallback != nil && file != "" {
		return t.Fallback(file)
	}
	return ""
}

// teamsOf lists the rules that match a resource, regardless of layer. It is
// called for each finding of the resource, and evaluates the rules once.
func (run *runner) teamsOf(r *analyzer.Resource, file string) []*Team {
	if len(run.opt.Teams.Rules) == 0 {
		return nil
	}
	if known, ok := run.teams.Load(r); ok {
		return known.([]*Team)
	}
	var fitting []*Team
	for i := range run.opt.Teams.Rules {
		if t := &run.opt.Teams.Rules[i]; t.fits(r, file) {
			fitting = append(fitting, t)
		}
	}
	run.teams.Store(r, fitting)
	return fitting
}

// takes reports whether the team is responsible for a layer of a service.
func (t *Team) takes(layer analyzer.Layer, s *analyzer.Service) bool {
	return (len(t.Layers) == 0 || slices.Contains(t.Layers, layer)) &&
		(len(t.Services) == 0 || s != nil && slices.Contains(t.Services, s.ID))
}

// fits reports whether the rule's criteria for resources match a resource.
func (t *Team) fits(r *analyzer.Resource, file string) bool {
	switch {
	case len(t.Paths) > 0 && (file == "" || !analyzer.MatchesPath(t.Paths, file)):
	case len(t.Modules) > 0 && (r == nil || !analyzer.MatchesAny(t.Modules, analyzer.ModuleOf(r))):
	case len(t.Tags) > 0 && (r == nil || !r.HasTags(t.Tags)):
	default:
		return true
	}
	return false
}
