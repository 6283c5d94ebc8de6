package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/schema"
)

func (p *process) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain NAME",
		Short: "Explain where the line runs, and what a check requires",
		Long: `Explain draws the line for a resource type, data source or service: what is
yours, what is AWS's, what is shared, what decides it, which checks show it,
what you may test and what you inherit.

It also explains a layer of the model across services, a control objective or
shared control, and a check, by its id or another tool's: what it requires
and why.`,
		Example: `  demarc explain aws_ecs_service
  demarc explain rds
  demarc explain operating-system
  demarc explain patch-systems
  demarc explain aws-rds-storage-encrypted
  demarc explain CKV_AWS_16`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("explain needs one name: a check, resource type, service, layer or objective")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.explain(args[0]) },
	}
}

func (p *process) explain(name string) error {
	w := &page{w: p.stdout, width: min(max(p.width(), 40), 100)}
	if p.width() == 0 {
		w.width = 80
	}
	all := p.rules().every().sorted()
	if !w.explain(name, all) {
		return noSuch("check, type, service, layer or objective", name, explainable(all))
	}
	return w.err
}

// explain writes the explanation of a name; false: the name is unknown.
func (p *page) explain(name string, all table) bool {
	if found := all.find(name); len(found) > 0 {
		for _, c := range found {
			p.check(c)
		}
		return true
	}
	if s := serviceNamed(name); s != nil {
		p.service(s, name, all)
		return true
	}
	if l := analyzer.Layer(name); slices.Contains(analyzer.Layers(), l) {
		p.layer(l, all)
		return true
	}
	if o, ok := responsibility.ObjectiveOf(analyzer.Objective(name)); ok {
		p.objective(o, all)
		return true
	}
	for _, c := range responsibility.SharedControls() {
		if c.ID == name {
			p.control(c)
			return true
		}
	}
	return false
}

// explainable lists every name that explain knows, except data sources.
func explainable(all table) []string {
	names := slices.Concat(all.names(), schema.ResourceTypes(awsProvider))
	for _, s := range responsibility.Services() {
		names = append(names, s.ID)
	}
	for _, l := range analyzer.Layers() {
		names = append(names, string(l))
	}
	names = append(names, objectives()...)
	for _, c := range responsibility.SharedControls() {
		names = append(names, c.ID)
	}
	return names
}

const awsProvider = "hashicorp/aws"

// serviceNamed returns the service of that id, or of that resource type or data
// source; nil: none.
func serviceNamed(name string) *analyzer.Service {
	for _, s := range responsibility.Services() {
		if s.ID == name {
			return s
		}
	}
	if data, ok := strings.CutPrefix(name, "data."); ok {
		if slices.Contains(schema.DataSourceTypes(awsProvider), data) {
			return responsibility.ServiceOf(analyzer.Data, data)
		}
		return nil
	}
	if slices.Contains(schema.ResourceTypes(awsProvider), name) {
		return responsibility.ServiceOf(analyzer.Managed, name)
	}
	return nil
}
