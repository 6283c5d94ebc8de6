package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// matrixFlags are the flags of matrix.
type matrixFlags struct {
	flags
	by        string
	rows      string
	framework string
}

func (p *process) matrixCommand() *cobra.Command {
	f := matrixFlags{by: string(matrix.ByService), rows: "objectives"}
	cmd := &cobra.Command{
		Use:   "matrix [PATH...]",
		Short: "Show who is responsible for what, and how far each duty is met",
		Long: `Matrix shows the shared responsibility model for the resources in the paths: for each
layer and service, who is responsible, and whether your part is met, open,
unknown, attested or without evidence. With --framework it lists the controls
of a standard instead: for each, your part, its evidence, what is
open, and what Terraform cannot show. It reads what scan reads, and exits as
scan does.`,
		Example: `  demarc matrix .
  demarc matrix --by owner --format markdown envs/prod
  demarc matrix --framework pci-dss-4.0.1 --output csv=pci.csv .`,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range []string{"by", "rows"} {
				if f.framework != "" && cmd.Flags().Changed(name) {
					return usagef("--%s applies to the matrix; --framework lists controls instead", name)
				}
			}
			return p.matrix(cmd.Context(), &f, args)
		},
	}
	set := cmd.Flags()
	f.format, f.show = "text", "all"
	formats := report.FormatNames(report.OfMatrix)
	set.Var(choice{"format", formats, &f.format}, "format", "format of the matrix")
	set.Var(outputs{formats, &f.outputs}, "output", "also write the matrix to a file (repeatable)")
	var kinds []string
	for _, k := range matrix.AllBy() {
		kinds = append(kinds, string(k))
	}
	set.Var(choice{"choice for --by", kinds, &f.by}, "by", "what the columns are")
	set.Var(choice{"choice for --rows", []string{"objectives", "layers"}, &f.rows}, "rows", "layers with their objectives, or layers only, in text and Markdown")
	set.Var(choice{"framework", frameworkIDs(), &f.framework}, "framework", "show the controls of this framework instead of the matrix")
	f.selecting(set)
	set.StringVar(&f.source, "source", "", "source directory of the plan")
	return cmd
}

func (p *process) matrix(ctx context.Context, f *matrixFlags, paths []string) error {
	kind, err := f.kind()
	if err != nil {
		return err
	}
	s, sets, err := p.read(ctx, &f.flags, paths)
	if s == nil || err != nil {
		return err
	}
	return s.conclude(ctx, sets, func(rep *judge.Report, opt report.Options) error {
		opt.LayersOnly = f.rows == "layers"
		m := matrix.New(rep, responsibility.Catalogue(), matrix.By(f.by))
		if format, _ := report.FormatOf(kind, f.format); format.Mute {
			if err := report.Diagnostics(s.stderr, rep, opt); err != nil {
				return err
			}
		}
		return s.deliver(opt, writing(kind, f.subject(m)))
	})
}

// kind returns the kind of the report: the matrix, or a framework instead.
func (f *matrixFlags) kind() (report.Kind, error) {
	if f.framework == "" {
		return report.OfMatrix, nil
	}
	f.serving = []string{f.framework}
	for _, format := range append([]string{f.format}, f.files()...) {
		if names := report.FormatNames(report.OfFramework); !slices.Contains(names, format) {
			return "", usagef("%s cannot show a framework; use %s", format, strings.Join(names, ", "))
		}
	}
	return report.OfFramework, nil
}

// subject returns the matrix, and the audit for a framework.
func (f *matrixFlags) subject(m *matrix.Matrix) report.Subject {
	framework, ok := responsibility.FrameworkOf(f.framework)
	if !ok {
		return report.Subject{Matrix: m}
	}
	return report.Subject{Matrix: m, Audit: audit.Of(m, framework)}
}

// files returns the formats that go to files.
func (f *flags) files() []string {
	formats := make([]string, len(f.outputs))
	for i, out := range f.outputs {
		formats[i] = out.format
	}
	return formats
}
