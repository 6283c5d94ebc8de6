package main

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/pflag"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/report"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// flags are the flags of scan. hook has the same flags, except those that decide
// what is read.
type flags struct {
	format      string
	outputs     []output
	failOn      string
	strict      bool
	check       []string
	skip        []string
	serving     []string // frameworks
	exclude     []string
	show        string
	inputs      []input
	config      string
	environment []string
	owner       string
	noColor     bool

	source  string
	changed bool
}

// An input is a --var or --var-file, as given.
type input struct{ name, value, file string }

// An output is a report that goes to a file.
type output struct{ format, file string }

// keepsAll reports whether every verdict is kept: because it is requested, or
// because one of the formats contains all. The other formats show what is requested.
func (f *flags) keepsAll() bool {
	return f.show == "all" || f.format == "html" || slices.Contains(f.files(), "html")
}

func severities() []string {
	var names []string
	for s := analyzer.Low; s <= analyzer.Critical; s++ {
		names = append(names, s.String())
	}
	return names
}

func failOnChoice(value *string) choice {
	return choice{"severity", append([]string{"none"}, severities()...), value}
}

// judging adds the flags for judging and showing findings: all flags of hook. None
// of them writes a file.
func (f *flags) judging(set *pflag.FlagSet) {
	f.format, f.show = "text", "gaps"
	set.Var(choice{"format", report.FormatNames(report.OfScan), &f.format}, "format", "format of the report")
	set.Var(choice{"choice for --show", []string{"gaps", "all"}, &f.show}, "show", "gaps, or every verdict")
	set.StringVar(&f.owner, "owner", "", "only what this owner is responsible for")
	set.Var(frameworks{&f.serving}, "framework", "run only checks that map to these frameworks (repeatable)")
	f.selecting(set)
}

// selecting adds the flags that select what is read and judged.
func (f *flags) selecting(set *pflag.FlagSet) {
	set.Var(failOnChoice(&f.failOn), "fail-on", "exit with 1 from this severity on (default medium)")
	set.BoolVar(&f.strict, "strict", false, "exit with 3 where anything could not be resolved")
	set.StringSliceVar(&f.check, "check", nil, "run only these checks, by id or alias (repeatable)")
	set.StringSliceVar(&f.skip, "skip-check", nil, "skip these checks, by id or alias (repeatable)")
	f.reading(set)
	set.StringSliceVar(&f.environment, "environment", nil, "evaluate only these environments of the configuration file (repeatable)")
	set.StringVar(&f.config, "config", "", "configuration file to use instead of the nearest "+configName)
	set.BoolVar(&f.noColor, "no-color", false, "no colour, even on a terminal")
}

// reading adds the flags for reading source.
func (f *flags) reading(set *pflag.FlagSet) {
	set.Var(globs{&f.exclude}, "exclude", "skip directories and files that match (repeatable)")
	set.Var(inputs{&f.inputs, false}, "var", "value of an input variable (repeatable)")
	set.Var(inputs{&f.inputs, true}, "var-file", "file of values of input variables (repeatable)")
}

type outputs struct {
	formats []string
	list    *[]output
}

func (o outputs) String() string { return "" }
func (o outputs) Type() string   { return "format=file" }
func (o outputs) Set(s string) error {
	format, file, ok := strings.Cut(s, "=")
	if !ok || file == "" {
		return usagef("--output needs FORMAT=FILE, like json=demarc.json, not %q", s)
	}
	if file == "-" {
		return usagef("--output writes files; use --format for standard output")
	}
	if err := (choice{"format", o.formats, nil}).check(format); err != nil {
		return err
	}
	*o.list = append(*o.list, output{format, file})
	return nil
}

// inputs keeps --var and --var-file in one order: the later overrides.
type inputs struct {
	list *[]input
	file bool
}

func (i inputs) String() string { return "" }
func (i inputs) Type() string {
	if i.file {
		return "file"
	}
	return "name=value"
}

func (i inputs) Set(s string) error {
	if i.file {
		*i.list = append(*i.list, input{file: s})
		return nil
	}
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return usagef("--var needs NAME=VALUE, not %q", s)
	}
	*i.list = append(*i.list, input{name: name, value: value})
	return nil
}

// frameworks keeps the frameworks that --framework names.
type frameworks struct{ list *[]string }

func (f frameworks) String() string { return "" }
func (f frameworks) Type() string   { return "id" }
func (f frameworks) Set(s string) error {
	for _, id := range strings.Split(s, ",") {
		if err := (choice{"framework", frameworkIDs(), nil}).check(id); err != nil {
			return err
		}
		*f.list = append(*f.list, id)
	}
	return nil
}

func frameworkIDs() []string {
	var ids []string
	for _, f := range responsibility.Frameworks() {
		ids = append(ids, f.ID)
	}
	return ids
}

type globs struct{ list *[]string }

func (g globs) String() string { return "" }
func (g globs) Type() string   { return "glob" }
func (g globs) Set(s string) error {
	if !doublestar.ValidatePattern(s) {
		return usagef("--exclude %q is not a glob", s)
	}
	*g.list = append(*g.list, s)
	return nil
}

// pick returns the checks to judge, and whether any were omitted.
func (f *flags) pick(all table, cfg *config) (picked table, partial bool, err error) {
	picked = slices.DeleteFunc(slices.Clone(all), func(c *analyzer.Check) bool { return cfg.disabled[c.ID] })
	if len(f.check) > 0 {
		picked = nil
		for _, name := range f.check {
			found, err := all.named(name)
			if err != nil {
				return nil, false, err
			}
			picked = append(picked, found...)
		}
	}
	picked = picked.serving(f.serving)
	for _, name := range f.skip {
		found, err := all.accept(name)
		if err != nil {
			return nil, false, err
		}
		picked = slices.DeleteFunc(picked, func(c *analyzer.Check) bool { return slices.Contains(found, c) })
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(c *analyzer.Check) bool { return !slices.Contains(picked, c) })
	return kept, len(kept) < len(all), nil
}
