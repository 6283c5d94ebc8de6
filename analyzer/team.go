package analyzer

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A Team is who in the customer's organisation sees to what is the customer's.
// The rule says of what: everything that it names must fit, and what it does
// not name is everything.
type Team struct {
	Name     string
	Layers   []Layer
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

// of is the team of a layer of a resource, nil for a service as a whole; empty:
// nobody is named.
func (t *Teams) of(layer Layer, s *Service, r *Resource) string {
	if len(t.Rules) == 0 && t.Fallback == nil {
		return ""
	}
	file := ""
	if r != nil {
		file = r.file()
	}
	for i := range t.Rules {
		if t.Rules[i].fits(layer, s, r, file) {
			return t.Rules[i].Name
		}
	}
	if t.Fallback != nil && file != "" {
		return t.Fallback(file)
	}
	return ""
}

func (t *Team) fits(layer Layer, s *Service, r *Resource, file string) bool {
	switch {
	case len(t.Layers) > 0 && !slices.Contains(t.Layers, layer):
	case len(t.Services) > 0 && (s == nil || !slices.Contains(t.Services, s.ID)):
	case len(t.Paths) > 0 && (file == "" || !matchesAny(t.Paths, file)):
	case len(t.Modules) > 0 && (r == nil || !matchesAny(t.Modules, moduleOf(r))):
	case len(t.Tags) > 0 && (r == nil || !r.tagged(t.Tags)):
	default:
		return true
	}
	return false
}

// moduleOf is the address of a resource's module without instance keys.
func moduleOf(r *Resource) string {
	if r.Module == "" {
		return ""
	}
	parts := strings.Split(r.Definition, ".")
	own := 2 // type and name
	if r.Mode == Data {
		own++
	}
	return strings.Join(parts[:max(len(parts)-own, 0)], ".")
}

// tagged reports whether the resource has all the tags, with values that are
// known and fit.
func (r *Resource) tagged(want map[string]string) bool {
	tags := r.field("tags_all")
	if !tags.IsKnown() || tags.IsNull() {
		tags = r.field("tags")
	}
	for name, pattern := range want {
		value, ok := asKnownString(stepInto(tags, cty.GetAttrStep{Name: name}))
		if !ok || !glob(pattern, value) {
			return false
		}
	}
	return true
}

func asKnownString(v cty.Value) (string, bool) {
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return asString(v)
}
