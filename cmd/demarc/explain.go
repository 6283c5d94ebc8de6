package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mitchellh/go-wordwrap"
	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/schema"
)

func (p *place) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID|TYPE",
		Short: "Explain a check, or where the line runs for a resource type",
		Long: `Explain says what a check demands and why, by its id or another tool's; or who
answers for what on a resource type, data source or service.`,
		Example: `  demarc explain aws-rds-storage-encrypted
  demarc explain CKV_AWS_16
  demarc explain aws_ecs_service`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("explain wants one check, resource type or service")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.explain(args[0]) },
	}
}

func (p *place) explain(name string) error {
	w := &page{w: p.stdout, width: min(max(p.width(), 40), 100)}
	if p.width() == 0 {
		w.width = 80
	}
	all := p.rules().every().sorted()
	if found := all.find(name); len(found) > 0 {
		for _, c := range found {
			w.check(c)
		}
		return nil
	}
	if s := serviceNamed(name); s != nil {
		w.service(s, name, all)
		return nil
	}
	return noSuch("check, type or service", name, append(all.names(), typesAndServices()...))
}

// serviceNamed is the service of that id, or of that resource type or data
// source; nil: there is none.
func serviceNamed(name string) *analyzer.Service {
	for _, s := range responsibility.Services() {
		if s.ID == name {
			return s
		}
	}
	const provider = "hashicorp/aws"
	if data, ok := strings.CutPrefix(name, "data."); ok {
		if slices.Contains(schema.DataSourceTypes(provider), data) {
			return responsibility.ServiceOf(analyzer.Data, data)
		}
		return nil
	}
	if slices.Contains(schema.ResourceTypes(provider), name) {
		return responsibility.ServiceOf(analyzer.Managed, name)
	}
	return nil
}

func typesAndServices() []string {
	names := slices.Clone(schema.ResourceTypes("hashicorp/aws"))
	for _, s := range responsibility.Services() {
		names = append(names, s.ID)
	}
	return names
}

// A page writes labelled paragraphs.
type page struct {
	w     io.Writer
	width int
}

// para writes a text behind a label of a fixed width, its further lines
// indented to where it began; an empty text writes nothing.
func (p *page) para(label string, indent int, text string) {
	if text == "" {
		return
	}
	for i, line := range strings.Split(wordwrap.WrapString(text, uint(max(p.width-indent, 24))), "\n") {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(p.w, "%-*s%s\n", indent, label, line)
	}
}

// heading writes a line with a note at its right end.
func (p *page) heading(left, right string) {
	gap := max(p.width-len(left)-len(right), 2)
	fmt.Fprintf(p.w, "%s%s%s\n", left, strings.Repeat(" ", gap), right)
}

func (p *page) check(c *analyzer.Check) {
	const indent = 11
	p.heading(c.ID, c.Severity.String())
	p.para("", 0, c.Title)
	fmt.Fprintln(p.w)
	p.para("why", indent, c.Why)
	if c.Want != nil {
		p.para("holds if", indent, c.Want.String())
	}
	if c.When != nil {
		p.para("judged if", indent, c.When.String())
	}
	p.para("close", indent, c.Close)
	p.para("repair", indent, repairWords(c.Fix))
	if c.Layer != "" {
		p.para("layer", indent, responsibility.LayerTitle(c.Layer))
	}
	p.para("objective", indent, objectiveWords(c.Objective))
	p.para("judged on", indent, strings.Join(c.On, ", "))
	p.para("elsewhere", indent, aliasWords(c.Aliases))
	p.para("controls", indent, controlWords(c.Controls))
	p.frameworks(indent, c.Objective)
	p.para("since", indent, c.Since)
	p.para("accept", indent, fmt.Sprintf("# demarc:ignore %s reason=\"...\"", c.ID))
	fmt.Fprintln(p.w)
}

// objectiveWords names an objective and says what it is; empty where there is
// none.
func objectiveWords(id analyzer.Objective) string {
	o, ok := responsibility.ObjectiveOf(id)
	if !ok {
		return string(id)
	}
	words := fmt.Sprintf("%s: %s", id, o.Title)
	if o.Missing != "" {
		words += "; not shown: " + o.Missing
	}
	return words
}

// frameworks writes the requirements that an objective speaks to, a line a
// framework.
func (p *page) frameworks(indent int, o analyzer.Objective) {
	label := "frameworks"
	ids := responsibility.RequirementsOf(o)
	for _, f := range responsibility.Frameworks() {
		if len(ids[f.ID]) > 0 {
			p.para(label, indent, f.ID+" "+strings.Join(ids[f.ID], ", "))
			label = ""
		}
	}
}

func repairWords(s analyzer.Safety) string {
	switch s.Kind {
	case analyzer.SafeFix:
		return "safe"
	case analyzer.UnsafeFix:
		return strings.TrimSpace("unsafe: " + s.Effect + " " + s.Source)
	}
	return ""
}

func aliasWords(aliases []analyzer.Alias) string {
	words := make([]string, len(aliases))
	for i, a := range aliases {
		words[i] = a.ID
		if a.Relation != analyzer.Same {
			words[i] += " (" + string(a.Relation) + ")"
		}
	}
	return strings.Join(words, ", ")
}

func controlWords(controls []analyzer.Control) string {
	words := make([]string, len(controls))
	for i, c := range controls {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

// service writes where the line runs: under its model, or under each that its
// values can give it.
func (p *page) service(s *analyzer.Service, name string, all table) {
	p.heading(name, s.Name)
	if name != s.ID && !slices.Contains(s.Principals, name) && len(s.Principals) > 0 {
		p.para("", 0, "gives gaps and evidence to "+strings.Join(s.Principals, ", "))
	}
	catalogue := responsibility.Catalogue()
	for _, m := range analyzer.Models() {
		says := modelCase(s, name, m)
		if says == "" {
			continue
		}
		fmt.Fprintln(p.w)
		p.para("", 0, says)
		for _, l := range analyzer.Layers() {
			p.cell(l, catalogue.CellFor(s, m, l))
		}
	}
	p.checksOn(s, name, all)
	fmt.Fprintln(p.w)
	p.para("source", 8, s.Source)
}

// modelCase says when a type of the service, or the service itself, has the
// model; empty: never.
func modelCase(s *analyzer.Service, name string, m analyzer.Model) string {
	var when []string
	decided := false
	for _, c := range s.Cases {
		if name != s.ID && !slices.Contains(c.On, name) {
			continue
		}
		decided = true
		if c.Model == m {
			when = append(when, caseWords(c, name))
		}
	}
	says := string(m) + " service"
	switch {
	case s.Model == m && decided:
		return says + ", where nothing else decides"
	case s.Model == m:
		return says
	case len(when) > 0:
		return says + ": " + strings.Join(when, "; ")
	}
	return ""
}

func caseWords(c analyzer.Case, name string) string {
	words := c.Name
	if says := c.When.String(); says != "" {
		words += ", where " + says
	}
	if !slices.Contains(c.On, name) {
		words += " (" + strings.Join(c.On, ", ") + ")"
	}
	return words
}

// cell writes one layer: who answers for it, and for which half.
func (p *page) cell(l analyzer.Layer, c analyzer.Cell) {
	const title, owner = 30, 6
	head := fmt.Sprintf("  %-*s", title, responsibility.LayerTitle(l))
	halves := [][2]string{{"you", c.Yours}, {"AWS", c.Theirs}}
	switch c.Today {
	case analyzer.NoOwner:
		halves = [][2]string{{"-", "nothing of this layer here"}}
	case analyzer.ProviderOwned:
		halves = halves[1:]
	case analyzer.CustomerOwned:
		halves = halves[:1]
	}
	for _, half := range halves {
		text := half[1]
		if text == "" {
			text = "all of it"
		}
		p.para(head+fmt.Sprintf("%-*s", owner, half[0]), 2+title+owner, text)
		head = strings.Repeat(" ", 2+title)
	}
}

// checksOn lists the checks on a type, or on all types of a service.
func (p *page) checksOn(s *analyzer.Service, name string, all table) {
	var rows [][]string
	for _, c := range all {
		if slices.Contains(c.On, name) || name == s.ID && slices.ContainsFunc(c.On, func(t string) bool { return onService(t, s) }) {
			rows = append(rows, []string{"  " + c.Severity.String(), c.ID, c.Title})
		}
	}
	if len(rows) > 0 {
		fmt.Fprintf(p.w, "\nshown by\n%s", aligned(rows))
	}
}

func onService(typ string, s *analyzer.Service) bool {
	if data, ok := strings.CutPrefix(typ, "data."); ok {
		return responsibility.ServiceOf(analyzer.Data, data) == s
	}
	return responsibility.ServiceOf(analyzer.Managed, typ) == s
}
