package judge

import (
	"slices"

	"github.com/demarc/demarc/analyzer"
)

// A Team is who in the customer's organisation sees to what is the customer's.
// The rule says of what: everything that it names must fit, and what it does
// not name is everything.
type Team struct {
	Name     string
	Layers   []analyzer.Layer
	Services []string          // ids
	Paths    []string          // globs of files
	Modules  []string          // globs of module addresses, without instance keys: module.db, module.*.module.db
	Tags     map[string]string // of the resource, or of its principal: name to a glob of the value
}

// Teams says who sees to what: the first rule that fits, else whom the
// repository names for the file.
type Teams struct {
	Rules []Team
	// Fallback is who a file belongs to, as CODEOWNERS says it; empty: nobody.
	// Nil: there is no such file.
	Fallback func(file string) string
}

// team is the team of a layer of a resource, nil for a service as a whole; empty:
// nobody is named.
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

// teamsOf are the rules that fit a resource, whatever the layer. It is asked for
// each of its findings, and goes through the rules once.
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

// takes reports whether the team sees to a layer of a service.
func (t *Team) takes(layer analyzer.Layer, s *analyzer.Service) bool {
	return (len(t.Layers) == 0 || slices.Contains(t.Layers, layer)) &&
		(len(t.Services) == 0 || s != nil && slices.Contains(t.Services, s.ID))
}

// fits reports whether what the rule says of resources is so of one.
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
