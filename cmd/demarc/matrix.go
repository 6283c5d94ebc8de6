package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// matrixFlags are those of matrix.
type matrixFlags struct {
	flags
	by        string
	rows      string
	framework string
}

func (p *place) matrixCommand() *cobra.Command {
	f := matrixFlags{by: string(analyzer.ByService), rows: "objectives"}
	cmd := &cobra.Command{
		Use:   "matrix [PATH...]",
		Short: "Show who answers for what, and how far that is so",
		Long: `Matrix shows the shared responsibility model of what the paths hold: for each
layer and service who answers for it, and whether your part is met, open,
unknown, attested or without evidence. With --framework it goes through the
controls of a standard instead: what is yours of each, what shows it, what is
open, and what Terraform cannot show. It reads what scan reads, and exits as
scan does.`,
		Example: `  demarc matrix .
  demarc matrix --by owner --format markdown envs/prod
  demarc matrix --framework pci-dss-4.0.1 --output csv=pci.csv .`,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range []string{"by", "rows"} {
				if f.framework != "" && cmd.Flags().Changed(name) {
					return usagef("--%s is about the matrix; --framework goes through controls in place of it", name)
				}
			}
			return p.matrix(cmd.Context(), &f, args)
		},
	}
	set := cmd.Flags()
	f.format, f.show = "text", "all"
	set.Var(choice{"format", matrixFormatNames(), &f.format}, "format", "how the matrix is written")
	set.Var(outputs{matrixFormatNames(), &f.outputs}, "output", "write the matrix to a file as well (repeatable)")
	var kinds []string
	for _, k := range analyzer.AllBy() {
		kinds = append(kinds, string(k))
	}
	set.Var(choice{"choice for --by", kinds, &f.by}, "by", "what stands side by side")
	set.Var(choice{"choice for --rows", []string{"objectives", "layers"}, &f.rows}, "rows", "layers with their objectives, or alone, in text and Markdown")
	set.Var(choice{"framework", frameworkIDs(), &f.framework}, "framework", "the controls of this framework, in place of the matrix")
	f.selecting(set)
	set.StringVar(&f.source, "source", "", "directory of the source that the plan was made of")
	return cmd
}

func (p *place) matrix(ctx context.Context, f *matrixFlags, paths []string) error {
	write, err := f.writer()
	if err != nil {
		return err
	}
	s, sets, err := p.read(ctx, &f.flags, paths)
	if s == nil || err != nil {
		return err
	}
	return s.conclude(ctx, sets, func(rep *analyzer.Report, opt report.Options) error {
		opt.LayersOnly = f.rows == "layers"
		m := analyzer.NewMatrix(rep, responsibility.Catalogue(), analyzer.By(f.by))
		if matrixFormatOf(f.format).mute {
			if err := report.Diagnostics(s.stderr, rep, opt); err != nil {
				return err
			}
		}
		return s.deliver(opt, func(w io.Writer, format string, opt report.Options) error { return write(w, format, m, opt) })
	})
}

// writer is what writes a format: of the matrix, or of a framework.
func (f *matrixFlags) writer() (func(io.Writer, string, *analyzer.Matrix, report.Options) error, error) {
	if f.framework == "" {
		return func(w io.Writer, format string, m *analyzer.Matrix, opt report.Options) error {
			return matrixFormatOf(format).write(w, m, opt)
		}, nil
	}
	f.serving = []string{f.framework}
	for _, format := range append([]string{f.format}, f.files()...) {
		if matrixFormatOf(format).audit == nil {
			return nil, usagef("%s does not show a framework; %s do", format, strings.Join(auditFormatNames(), ", "))
		}
	}
	framework, _ := responsibility.FrameworkOf(f.framework)
	return func(w io.Writer, format string, m *analyzer.Matrix, opt report.Options) error {
		return matrixFormatOf(format).audit(w, audit.Of(m, framework), opt)
	}, nil
}

// files are the formats that go to files.
func (f *flags) files() []string {
	formats := make([]string, len(f.outputs))
	for i, out := range f.outputs {
		formats[i] = out.format
	}
	return formats
}

// A matrixFormat is a way to write the matrix, and a framework; nil where it
// shows none.
type matrixFormat struct {
	name  string
	write func(io.Writer, *analyzer.Matrix, report.Options) error
	audit func(io.Writer, *audit.Audit, report.Options) error
	mute  bool // it has no place for mistakes in the files
}

var matrixFormats = []matrixFormat{
	{"text", report.MatrixText, report.AuditText, false},
	{"markdown", report.MatrixMarkdown, report.AuditMarkdown, false},
	{"csv", report.MatrixCSV, report.AuditCSV, true},
	{"json", report.MatrixJSON, report.AuditJSON, false},
	{"html", report.HTML, report.AuditHTML, false},
	{"badge", report.Badge, nil, true},
	{"oscal", report.MatrixOSCAL, report.AuditOSCAL, true},
	{"oscal-component", report.MatrixOSCALComponent, report.AuditOSCALComponent, true},
}

func matrixFormatOf(name string) *matrixFormat {
	return &matrixFormats[slices.IndexFunc(matrixFormats, func(f matrixFormat) bool { return f.name == name })]
}

func matrixFormatNames() []string {
	names := make([]string, len(matrixFormats))
	for i, f := range matrixFormats {
		names[i] = f.name
	}
	return names
}

func auditFormatNames() []string {
	return slices.DeleteFunc(matrixFormatNames(), func(name string) bool { return matrixFormatOf(name).audit == nil })
}
