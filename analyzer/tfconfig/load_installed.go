package tfconfig

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"github.com/hashicorp/go-version"

	"github.com/demarc/demarc/internal/regular"
)

// An installedModule is a module that terraform init installed for a call.
type installedModule struct {
	source  string // normalized, as terraform init writes it; empty: not recorded
	version string // version of a registry module
	dir     string
}

// manifest reads the modules that terraform init installed for a root, keyed by the
// path of call names.
func (l *loader) manifest(root string) map[string]installedModule {
	name := path.Join(root, ".terraform/modules/modules.json")
	src, err := regular.Read(l.opt.FS, name, regular.MostConfiguration)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			l.unreadable(name, err)
		}
		return nil
	}
	var m struct {
		Modules []struct{ Key, Source, Version, Dir string }
	}
	if json.Unmarshal(src, &m) != nil {
		return nil
	}
	modules := make(map[string]installedModule, len(m.Modules))
	for _, entry := range m.Modules {
		dir, inside := localDir(root, entry.Dir)
		if entry.Key != "" && inside {
			modules[entry.Key] = installedModule{entry.Source, entry.Version, dir}
		}
	}
	return modules
}

func (ev *evaluator) installedFor(sc *scope, name string) (installedModule, bool) {
	key := name
	for up := sc; up.call != nil; up = up.parent {
		key = up.call.labels[0] + "." + key
	}
	m, ok := ev.installed[key]
	return m, ok
}

// version returns the version constraint of a call; empty: none.
func (sc *scope) version(call *block) string {
	a := call.body.attr("version")
	if a == nil {
		return ""
	}
	s, _ := knownString(unmarked(sc.eval(a.expr, nil)))
	return s
}

// another describes an installed module that is not the version or source the call
// asks for; empty if it matches, as far as this can be determined. Terraform stops
// at such a module and requires a new terraform init.
func (m installedModule) another(source, constraint string) string {
	if m.source == "" {
		return ""
	}
	asked, there := registryName(source), registryName(m.source)
	switch {
	case asked != "" && there != "" && asked != there:
		return m.source
	case asked != "" && !allows(constraint, m.version):
		return "version " + m.version
	case asked == "" && gitRef(source) != gitRef(m.source):
		return m.source
	}
	return ""
}

// registryName returns namespace/name/system of a registry module; empty for any
// other source.
// https://developer.hashicorp.com/terraform/language/modules/sources#terraform-registry
func registryName(source string) string {
	source, _, _ = strings.Cut(source, "//")
	parts := strings.Split(source, "/")
	if len(parts) == 4 && strings.Contains(parts[0], ".") {
		parts = parts[1:]
	}
	if len(parts) != 3 || strings.ContainsAny(source, ":?") || strings.Contains(parts[0], ".") {
		return ""
	}
	return strings.ToLower(strings.Join(parts, "/"))
}

// allows reports whether a version satisfies a constraint; a version or constraint
// that cannot be parsed counts as satisfied.
func allows(constraint, installed string) bool {
	v, err := version.NewVersion(installed)
	if constraint == "" || err != nil {
		return true
	}
	c, err := version.NewConstraint(constraint)
	return err != nil || c.Check(v)
}

// gitRef returns the revision that a git source asks for; empty: the default one.
func gitRef(source string) string {
	_, query, _ := strings.Cut(source, "?")
	for _, part := range strings.Split(query, "&") {
		if ref, ok := strings.CutPrefix(part, "ref="); ok {
			return ref
		}
	}
	return ""
}
