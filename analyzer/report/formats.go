package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/compare"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// A Kind is the content of a report: one of the four results that commands show.
type Kind string

const (
	OfScan      Kind = "scan"      // findings
	OfMatrix    Kind = "matrix"    // who answers for what
	OfFramework Kind = "framework" // the controls of a framework
	OfDiff      Kind = "diff"      // a comparison of two configurations
)

// A Subject is the content that a format writes. A kind reads only its own field:
// Report for a scan, Matrix, Audit for a framework, Diff and Names for a comparison.
type Subject struct {
	Report *judge.Report
	Matrix *matrix.Matrix
	Audit  *audit.Audit
	Diff   *compare.Diff
	Names  Names
}

// A Syntax is the language of a format. It determines which texts from the input
// would act as markup or commands, and how they are escaped.
type Syntax string

const (
	SyntaxText     Syntax = "text" // lines, for a terminal or the log of a build
	SyntaxMarkdown Syntax = "markdown"
	SyntaxCSV      Syntax = "csv"
	SyntaxJSON     Syntax = "json"
	SyntaxHTML     Syntax = "html"
)

// A Format is a way to write a subject.
type Format struct {
	Kind   Kind
	Name   string // as --format and --output name it
	Syntax Syntax
	Mute   bool // without a section for mistakes in the user's files
	Write  func(io.Writer, Subject, Options) error
}

// formats lists all formats of demarc. The commands offer exactly these, and the
// report laws test all of them.
var formats = []Format{
	{OfScan, "text", SyntaxText, false, guarded(ofReport(Text))},
	{OfScan, "line", SyntaxText, false, guarded(ofReport(Line))},
	{OfScan, "json", SyntaxJSON, false, ofReport(JSON)},
	{OfScan, "sarif", SyntaxJSON, false, ofReport(SARIF)},
	{OfScan, "html", SyntaxHTML, false, ofReport(withMatrix)},

	{OfMatrix, "text", SyntaxText, false, guarded(ofMatrix(MatrixText))},
	{OfMatrix, "markdown", SyntaxMarkdown, false, guarded(ofMatrix(MatrixMarkdown))},
	{OfMatrix, "csv", SyntaxCSV, true, ofMatrix(MatrixCSV)},
	{OfMatrix, "json", SyntaxJSON, false, ofMatrix(MatrixJSON)},
	{OfMatrix, "html", SyntaxHTML, false, ofMatrix(HTML)},
	{OfMatrix, "badge", SyntaxJSON, true, ofMatrix(Badge)},
	{OfMatrix, "oscal", SyntaxJSON, true, ofMatrix(MatrixOSCAL)},
	{OfMatrix, "oscal-component", SyntaxJSON, true, ofMatrix(MatrixOSCALComponent)},

	{OfFramework, "text", SyntaxText, false, guarded(ofFramework(AuditText))},
	{OfFramework, "markdown", SyntaxMarkdown, false, guarded(ofFramework(AuditMarkdown))},
	{OfFramework, "csv", SyntaxCSV, true, ofFramework(AuditCSV)},
	{OfFramework, "json", SyntaxJSON, false, ofFramework(AuditJSON)},
	{OfFramework, "html", SyntaxHTML, false, ofFramework(AuditHTML)},
	{OfFramework, "oscal", SyntaxJSON, true, ofFramework(AuditOSCAL)},
	{OfFramework, "oscal-component", SyntaxJSON, true, ofFramework(AuditOSCALComponent)},

	{OfDiff, "text", SyntaxText, false, guarded(ofDiff(DiffText))},
	{OfDiff, "markdown", SyntaxMarkdown, false, guarded(ofDiff(DiffMarkdown))},
	{OfDiff, "json", SyntaxJSON, false, ofDiff(DiffJSON)},
}

// Formats returns every format of every kind.
func Formats() []Format { return slices.Clone(formats) }

// FormatNames returns the names of a kind's formats, the default first.
func FormatNames(k Kind) []string {
	var names []string
	for _, f := range formats {
		if f.Kind == k {
			names = append(names, f.Name)
		}
	}
	return names
}

// FormatOf returns a kind's format of a name; false: no such format.
func FormatOf(k Kind, name string) (Format, bool) {
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Kind == k && f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

// Write writes a subject in a kind's format.
func Write(w io.Writer, k Kind, name string, s Subject, opt Options) error {
	f, ok := FormatOf(k, name)
	if !ok {
		return fmt.Errorf("%s has no format %s", k, name)
	}
	return f.Write(w, s, opt)
}

func ofReport(write func(io.Writer, *judge.Report, Options) error) func(io.Writer, Subject, Options) error {
	return func(w io.Writer, s Subject, opt Options) error { return write(w, s.Report, opt) }
}

func ofMatrix(write func(io.Writer, *matrix.Matrix, Options) error) func(io.Writer, Subject, Options) error {
	return func(w io.Writer, s Subject, opt Options) error { return write(w, s.Matrix, opt) }
}

func ofFramework(write func(io.Writer, *audit.Audit, Options) error) func(io.Writer, Subject, Options) error {
	return func(w io.Writer, s Subject, opt Options) error { return write(w, s.Audit, opt) }
}

func ofDiff(write func(io.Writer, *compare.Diff, Names, Options) error) func(io.Writer, Subject, Options) error {
	return func(w io.Writer, s Subject, opt Options) error { return write(w, s.Diff, s.Names, opt) }
}

// withMatrix writes the page of a scan, which shows the matrix beside the findings.
func withMatrix(w io.Writer, rep *judge.Report, opt Options) error {
	return HTML(w, matrix.New(rep, responsibility.Catalogue(), matrix.ByService), opt)
}
