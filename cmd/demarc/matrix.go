package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

func (p *place) matrixCommand() *cobra.Command {
	var f flags
	by := string(analyzer.ByService)
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
			return p.matrix(cmd.Context(), &f, analyzer.By(by), args)
		},
	}
	set := cmd.Flags()
	f.format, f.show = "text", "all"
	set.Var(choice{"format", []string{"text", "markdown", "csv", "json"}, &f.format}, "format", "how the matrix is written")
	var kinds []string
	for _, k := range analyzer.AllBy() {
		kinds = append(kinds, string(k))
	}
	set.Var(choice{"choice", kinds, &by}, "by", "what stands side by side")
	f.selecting(set)
	set.StringVar(&f.source, "source", "", "directory of the source that the plan was made of")
	return cmd
}

func (p *place) matrix(ctx context.Context, f *flags, by analyzer.By, paths []string) error {
	s, sets, err := p.read(ctx, f, paths)
	if s == nil || err != nil {
		return err
	}
	return s.conclude(ctx, sets, func(rep *analyzer.Report, opt report.Options) error {
		opt.Width, opt.Color = s.width(), s.colour()
		return matrixWriter(f.format)(s.stdout, analyzer.NewMatrix(rep, responsibility.Catalogue(), by), opt)
	})
}

// matrixWriter is what writes a format of the matrix.
func matrixWriter(format string) func(io.Writer, *analyzer.Matrix, report.Options) error {
	switch format {
	case "markdown":
		return report.MatrixMarkdown
	case "csv":
		return report.MatrixCSV
	case "json":
		return report.MatrixJSON
	}
	return report.MatrixText
}
