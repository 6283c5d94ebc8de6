package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

func (p *process) listCommand() *cobra.Command {
	subjects := []string{"checks", "services", "layers", "objectives", "frameworks", "facts"}
	format := "text"
	cmd := &cobra.Command{
		Use:       "list " + strings.Join(subjects, "|"),
		Short:     "List what demarc knows",
		ValidArgs: subjects,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("list needs one of %s", strings.Join(subjects, ", "))
			}
			return choice{"list", subjects, nil}.check(args[0])
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if format == "json" {
				return p.listJSON(args[0])
			}
			return p.listText(args[0])
		},
	}
	cmd.Flags().Var(choice{"format", []string{"text", "json"}, &format}, "format", "format of the list")
	return cmd
}

func (p *process) listText(subject string) error {
	var rows [][]string
	switch subject {
	case "checks":
		for _, c := range p.rules().every().sorted() {
			rows = append(rows, []string{c.Severity.String(), c.ID, c.Title})
		}
	case "services":
		for _, s := range responsibility.Services() {
			rows = append(rows, []string{s.ID, modelWords(s), s.Name})
		}
	case "layers":
		for _, l := range analyzer.Layers() {
			rows = append(rows, []string{string(l), responsibility.LayerAbout(l)})
		}
	case "objectives":
		for _, o := range responsibility.Objectives() {
			rows = append(rows, []string{string(o.ID), extentWords(o.Extent, o.Inherited()), o.Title})
		}
	case "frameworks":
		for _, f := range responsibility.Frameworks() {
			rows = append(rows, []string{f.ID, fmt.Sprintf("%3d requirements", len(f.Requirements)), f.Name + ", " + f.Version})
		}
	case "facts":
		for _, f := range p.rules().facts {
			rows = append(rows, []string{f.ID, f.Title})
		}
	}
	_, err := io.WriteString(p.stdout, columns(rows, p.width()))
	return err
}

// extentWords returns how far a configuration can show an objective or a
// requirement.
func extentWords(e responsibility.Extent, inherited bool) string {
	switch {
	case inherited:
		return "AWS"
	case e == responsibility.Shown:
		return "shown"
	case e == responsibility.PartShown:
		return "in part"
	}
	return "attest"
}

// modelWords returns a service's model, or that values decide it.
func modelWords(s *analyzer.Service) string {
	words := string(s.Model)
	for _, c := range s.Cases {
		if !strings.Contains(words, string(c.Model)) {
			words += " or " + string(c.Model)
		}
	}
	return words
}

func (p *process) listJSON(subject string) error {
	var list any
	switch subject {
	case "checks":
		list = checkList(p.rules().every().sorted())
	case "services":
		list = serviceList()
	case "layers":
		list = layerList()
	case "objectives":
		list = objectiveList(p.rules().every())
	case "frameworks":
		list = frameworkList()
	case "facts":
		list = factList(p.rules().facts)
	}
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{subject: list})
}

type aliasJSON struct {
	ID       string            `json:"id"`
	Relation analyzer.Relation `json:"relation"`
}

type fixJSON struct {
	Kind   string `json:"kind"` // none, safe or unsafe
	Effect string `json:"effect,omitempty"`
	Source string `json:"source,omitempty"`
}

type checkJSON struct {
	ID        string             `json:"id"`
	Aliases   []aliasJSON        `json:"aliases"`
	Controls  []analyzer.Control `json:"controls"`
	Title     string             `json:"title"`
	Severity  string             `json:"severity"`
	Layer     analyzer.Layer     `json:"layer"`
	Objective analyzer.Objective `json:"objective"`
	Types     []string           `json:"types"`
	Scope     string             `json:"scope"`
	Since     string             `json:"since"`
	Why       string             `json:"why"`
	Fix       fixJSON            `json:"fix"`
}

func checkList(all table) []checkJSON {
	list := []checkJSON{}
	for _, c := range all {
		row := checkJSON{
			ID: c.ID, Aliases: []aliasJSON{}, Controls: c.Controls, Title: c.Title, Severity: c.Severity.String(),
			Layer: c.Layer, Objective: c.Objective, Types: c.On, Scope: scopeName(c.Scope), Since: c.Since, Why: c.Why,
			Fix: fixJSON{fixName(c.Fix.Kind), c.Fix.Effect, c.Fix.Source},
		}
		for _, a := range c.Aliases {
			row.Aliases = append(row.Aliases, aliasJSON{a.ID, a.Relation})
		}
		if row.Controls == nil {
			row.Controls = []analyzer.Control{}
		}
		if row.Types == nil {
			row.Types = []string{}
		}
		list = append(list, row)
	}
	return list
}

func scopeName(s analyzer.Scope) string {
	if s == analyzer.AccountScope {
		return "account"
	}
	return "resource"
}

func fixName(k analyzer.FixKind) string {
	switch k {
	case analyzer.SafeFix:
		return "safe"
	case analyzer.UnsafeFix:
		return "unsafe"
	}
	return "none"
}

type caseJSON struct {
	Name   string         `json:"name"`
	Model  analyzer.Model `json:"model"`
	Types  []string       `json:"types"`
	When   string         `json:"when"`
	Source string         `json:"source,omitempty"`
}

type serviceJSON struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Model      analyzer.Model `json:"model"`
	Cases      []caseJSON     `json:"cases"`
	Principals []string       `json:"principals"`
	Source     string         `json:"source"`
}

func serviceList() []serviceJSON {
	list := []serviceJSON{}
	for _, s := range responsibility.Services() {
		row := serviceJSON{ID: s.ID, Name: s.Name, Model: s.Model, Cases: []caseJSON{}, Principals: s.Principals, Source: s.Source}
		for _, c := range s.Cases {
			row.Cases = append(row.Cases, caseJSON{c.Name, c.Model, c.On, c.When.String(), c.Source})
		}
		if row.Principals == nil {
			row.Principals = []string{}
		}
		list = append(list, row)
	}
	return list
}

type factJSON struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func factList(facts []analyzer.FactDef) []factJSON {
	list := []factJSON{}
	for _, f := range facts {
		list = append(list, factJSON(f))
	}
	return list
}

type cellJSON struct {
	Published       analyzer.Owner `json:"published"`
	Today           analyzer.Owner `json:"today"`
	Yours           string         `json:"yours,omitempty"`
	Theirs          string         `json:"theirs,omitempty"`
	PublishedSource string         `json:"published_source,omitempty"`
	TodaySource     string         `json:"today_source,omitempty"`
}

type layerJSON struct {
	ID     analyzer.Layer              `json:"id"`
	Title  string                      `json:"title"`
	About  string                      `json:"about"`
	Models map[analyzer.Model]cellJSON `json:"models"`
}

func layerList() []layerJSON {
	var list []layerJSON
	catalogue := responsibility.Catalogue()
	for _, l := range analyzer.Layers() {
		row := layerJSON{l, responsibility.LayerTitle(l), responsibility.LayerAbout(l), map[analyzer.Model]cellJSON{}}
		for _, m := range analyzer.Models() {
			row.Models[m] = cellJSON(catalogue.Cell(m, l))
		}
		list = append(list, row)
	}
	return list
}

type objectiveJSON struct {
	ID         analyzer.Objective    `json:"id"`
	Layers     []analyzer.Layer      `json:"layers"` // the first is its home layer
	Title      string                `json:"title"`
	About      string                `json:"about"`
	Extent     responsibility.Extent `json:"extent"`
	Missing    string                `json:"missing"`
	Evidence   string                `json:"evidence"`
	Inherited  bool                  `json:"inherited"` // AWS meets it
	Checks     []string              `json:"checks"`
	Frameworks map[string][]string   `json:"frameworks"`
}

func objectiveList(all table) []objectiveJSON {
	var list []objectiveJSON
	for _, o := range responsibility.Objectives() {
		row := objectiveJSON{
			o.ID, o.Layers, o.Title, o.About, o.Extent, o.Missing, o.Evidence, o.Inherited(),
			[]string{}, responsibility.RequirementsOf(o.ID),
		}
		for _, c := range all.sorted() {
			if c.Objective == o.ID {
				row.Checks = append(row.Checks, c.ID)
			}
		}
		list = append(list, row)
	}
	return list
}

type requirementJSON struct {
	ID         string                `json:"id"`
	Title      string                `json:"title"` // demarc's
	Objectives []analyzer.Objective  `json:"objectives"`
	Sources    []string              `json:"sources"` // sources of the mapping
	Extent     responsibility.Extent `json:"extent"`
	Inherited  bool                  `json:"inherited"`
	Outside    bool                  `json:"outside"` // cannot be assessed from Terraform
}

type frameworkJSON struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Version      string            `json:"version"`
	Publisher    string            `json:"publisher"`
	About        string            `json:"about"`
	Requirements []requirementJSON `json:"requirements"`
}

func frameworkList() []frameworkJSON {
	var list []frameworkJSON
	for _, f := range responsibility.Frameworks() {
		row := frameworkJSON{f.ID, f.Name, f.Version, f.Publisher, f.About, []requirementJSON{}}
		for _, r := range f.Requirements {
			row.Requirements = append(row.Requirements, requirementJSON{
				r.ID, r.Title, append([]analyzer.Objective{}, r.Objectives...), append([]string{}, r.Sources...),
				r.Extent(), r.Inherited(), r.Outside,
			})
		}
		list = append(list, row)
	}
	return list
}
