package checks_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

const frameworkIntro = `# Control objectives and frameworks

Every check serves a control objective: what must be so under a layer of the responsibility model. The requirements of
frameworks are mapped to objectives. A mapping says that the objective *speaks to* the requirement: that it is met is
evidence, and never the whole of what an auditor asks for. Ids are those of the framework; titles are ours and no substitute
for its text. A requirement that no objective speaks to cannot be assessed from Terraform. Ids of CIS AWS Foundations and of
AWS Security Hub are on the checks: [checks.md](checks.md).

` + "`demarc scan --framework pci-dss-4.0.1`" + ` judges only checks that speak to a framework. JSON and SARIF carry the ids as
` + "`frameworks`" + `; ` + "`demarc explain CHECK`" + ` and ` + "`demarc list objectives|frameworks --format json`" + ` show them.
`

// frameworkDocs is docs/frameworks.md.
func frameworkDocs(all []*analyzer.Check) string {
	var b strings.Builder
	b.WriteString(frameworkIntro)
	b.WriteString("\n## Objectives\n\nHow far a configuration can show an objective: wholly, in part, or not. What it does not show is attested; what AWS\nmeets, its audit reports show.\n")
	for _, l := range analyzer.Layers() {
		objectiveDocs(&b, l, all)
	}
	for _, f := range responsibility.Frameworks() {
		requirementDocs(&b, f)
	}
	return b.String()
}

func objectiveDocs(b *strings.Builder, l analyzer.Layer, all []*analyzer.Check) {
	fmt.Fprintf(b, "\n### %s\n\n| objective | | checks | not shown | good evidence of that |\n|---|---|---|---|---|\n", responsibility.LayerTitle(l))
	for _, o := range responsibility.Objectives() {
		if o.Layers[0] != l {
			continue
		}
		serving := 0
		for _, c := range all {
			if c.Objective == o.ID {
				serving++
			}
		}
		fmt.Fprintf(b, "| `%s` | **%s.** %s | %d | %s | %s |\n", o.ID, o.Title, o.About, serving, o.Missing, o.Evidence)
	}
}

// requirementDocs writes a framework's table, its sources as numbers of the
// list above it.
func requirementDocs(b *strings.Builder, f responsibility.Framework) {
	var sources []string
	for _, r := range f.Requirements {
		for _, s := range r.Sources {
			if !slices.Contains(sources, s) {
				sources = append(sources, s)
			}
		}
	}
	slices.Sort(sources)
	fmt.Fprintf(b, "\n## %s, %s\n\n`%s`, published at <%s>. %s\n\n", f.Name, f.Version, f.ID, f.Publisher, f.About)
	for i, s := range sources {
		fmt.Fprintf(b, "%d. <%s>\n", i+1, s)
	}
	b.WriteString("\n| id | | objectives | source |\n|---|---|---|---|\n")
	for _, r := range f.Requirements {
		var from []string
		for _, s := range r.Sources {
			from = append(from, fmt.Sprint(slices.Index(sources, s)+1))
		}
		slices.Sort(from)
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", r.ID, r.Title, speaking(r), strings.Join(from, ", "))
	}
}

func speaking(r responsibility.Requirement) string {
	if r.Outside {
		return "*cannot be assessed from Terraform*"
	}
	words := make([]string, len(r.Objectives))
	for i, o := range r.Objectives {
		words[i] = "`" + string(o) + "`"
	}
	return strings.Join(words, ", ")
}
