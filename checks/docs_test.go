package checks_test

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/checks"
)

// TestDocs holds what is generated in docs against the tables.
func TestDocs(t *testing.T) {
	for name, got := range map[string]string{
		"../docs/checks.md":     docs(checks.All()),
		"../docs/frameworks.md": frameworkDocs(checks.All()),
	} {
		t.Run(name, func(t *testing.T) { generated(t, name, got) })
	}
}

func generated(t *testing.T, name, got string) {
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if known, err := os.ReadFile(name); err != nil || string(known) != got {
		t.Errorf("%s is not what the table says; go test ./checks -run TestDocs -update rewrites it", name)
	}
}

func docs(all []*analyzer.Check) string {
	services := map[string][]*analyzer.Check{}
	for _, c := range all {
		name := serviceName(c)
		services[name] = append(services[name], c)
	}
	names := make([]string, 0, len(services))
	for name := range services {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	fmt.Fprintf(&b, "# Checks\n\n%d checks, by service. `demarc explain ID` shows one in the terminal, with the line it\ndraws and its source. A check applies where its layer is yours for the service model at hand.\n", len(all))
	for _, name := range names {
		fmt.Fprintf(&b, "\n## %s\n", name)
		for _, c := range services[name] {
			describe(&b, c)
		}
	}
	return b.String()
}

func serviceName(c *analyzer.Check) string {
	mode, typ := analyzer.ModeOf(c.On[0])
	if mode == analyzer.Account {
		return "Account"
	}
	if s := responsibility.ServiceOf(mode, typ); s != nil {
		return s.Name
	}
	return "Others"
}

func describe(b *strings.Builder, c *analyzer.Check) {
	fmt.Fprintf(b, "\n### %s\n\n%s. *%s, %s*\n\n%s\n\n", c.ID, c.Title, c.Severity, c.Layer, c.Why)
	fmt.Fprintf(b, "- Judged on: `%s`\n", strings.Join(c.On, "`, `"))
	fmt.Fprintf(b, "- Close it: %s\n", remedy(c))
	if len(c.Aliases) > 0 {
		fmt.Fprintf(b, "- Elsewhere: %s\n", aliases(c.Aliases))
	}
	if len(c.Controls) > 0 {
		ids := make([]string, len(c.Controls))
		for i, id := range c.Controls {
			ids[i] = string(id)
		}
		fmt.Fprintf(b, "- Controls: %s\n", strings.Join(ids, ", "))
	}
}

func remedy(c *analyzer.Check) string {
	assigns := c.Repair()
	if assigns == nil {
		return c.Close
	}
	words := make([]string, len(assigns))
	for i, a := range assigns {
		words[i] = fmt.Sprintf("set `%s`", a)
	}
	says := strings.Join(words, ", ")
	if c.Fix.Kind == analyzer.UnsafeFix {
		says += fmt.Sprintf(" (unsafe: %s)", c.Fix.Effect)
	}
	return says
}

func aliases(list []analyzer.Alias) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = a.ID
		if a.Relation != analyzer.Same {
			words[i] += " (" + string(a.Relation) + ")"
		}
	}
	return strings.Join(words, ", ")
}
