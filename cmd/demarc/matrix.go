package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

func (p *place) matrixCommand() *cobra.Command {
	var f flags
	by, rows := string(analyzer.ByService), "objectives"
	cmd := &cobra.Command{
		Use:   "matrix [PATH...]",
		Short: "Show who answers for what, and how far that is so",
		Long: `Matrix shows the shared responsibility model of what the paths hold: for each
layer and service who answers for it, and whether your part is met, open,
unknown, attested or without evidence. It reads what scan reads, and exits as
scan does.`,
		Example: `  demarc matrix .
  demarc matrix --by owner --format markdown envs/prod`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.matrix(cmd.Context(), &f, analyzer.By(by), rows == "layers", args)
		},
	}
	set := cmd.Flags()
	f.format, f.show = "text", "all"
	set.Var(choice{"format", matrixFormatNames(), &f.format}, "format", "how the matrix is written")
	var kinds []string
	for _, k := range analyzer.AllBy() {
		kinds = append(kinds, string(k))
	}
	set.Var(choice{"choice", kinds, &by}, "by", "what stands side by side")
	set.Var(outputs{matrixFormatNames(), &f.outputs}, "output", "write the matrix to a file as well (repeatable)")
	set.Var(choice{"choice", []string{"objectives", "layers"}, &rows}, "rows", "layers with their objectives, or alone, in text and Markdown")
	f.selecting(set)
	set.StringVar(&f.source, "source", "", "directory of the source that the plan was made of")
	return cmd
}

func (p *place) matrix(ctx context.Context, f *flags, by analyzer.By, layersOnly bool, paths []string) error {
	s, sets, err := p.read(ctx, f, paths)
	if s == nil || err != nil {
		return err
	}
	return s.conclude(ctx, sets, func(rep *analyzer.Report, opt report.Options) error {
		opt.LayersOnly = layersOnly
		return s.writeMatrix(analyzer.NewMatrix(rep, responsibility.Catalogue(), by), opt)
	})
}

// writeMatrix writes the formats that go to files, and the one of standard
// output.
func (s *session) writeMatrix(m *analyzer.Matrix, opt report.Options) error {
	return s.deliver(opt, func(w io.Writer, format string, opt report.Options) error { return writeMatrix(w, format, m, opt) })
}

// A matrixFormat is a way to write the matrix.
type matrixFormat struct {
	name  string
	write func(io.Writer, *analyzer.Matrix, report.Options) error
}

var matrixFormats = []matrixFormat{
	{"text", report.MatrixText},
	{"markdown", report.MatrixMarkdown},
	{"csv", report.MatrixCSV},
	{"json", report.MatrixJSON},
	{"badge", report.Badge},
}

func matrixFormatNames() []string {
	names := make([]string, len(matrixFormats))
	for i, f := range matrixFormats {
		names[i] = f.name
	}
	return names
}

func writeMatrix(w io.Writer, format string, m *analyzer.Matrix, opt report.Options) error {
	i := slices.IndexFunc(matrixFormats, func(f matrixFormat) bool { return f.name == format })
	return matrixFormats[i].write(w, m, opt)
}
