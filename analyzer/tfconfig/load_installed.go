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

// An installedModule is what terraform init has put somewhere for a call.
type installedModule struct {
	source  string // normalised, as init writes it; empty: it does not say
	version string // of a registry
	dir     string
}

// manifest reads what terraform init installed for a root, by the names of the
// calls that lead there.
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

// version is the constraint of a call; empty: there is none.
func (sc *scope) version(call *block) string {
	a := call.body.attr("version")
	if a == nil {
		return ""
	}
	s, _ := knownString(unmarked(sc.eval(a.expr, nil)))
	return s
}

// another names what is installed where a call asks for something else: Terraform
// stops there, and wants to be initialised anew. Empty: it is what is asked for,
// as far as that can be told.
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

// registryName is namespace/name/system of a module of a registry; empty for any
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

// allows reports whether a version is within a constraint; what cannot be read
// as such is.
func allows(constraint, installed string) bool {
	v, err := version.NewVersion(installed)
	if constraint == "" || err != nil {
		return true
	}
	c, err := version.NewConstraint(constraint)
	return err != nil || c.Check(v)
}

// gitRef is the revision that a source of git asks for; empty: the default one.
func gitRef(source string) string {
	_, query, _ := strings.Cut(source, "?")
	for _, part := range strings.Split(query, "&") {
		if ref, ok := strings.CutPrefix(part, "ref="); ok {
			return ref
		}
	}
	return ""
}
