package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/demarc/demarc/analyzer/report"
)

// The exit codes. Incomplete overrides gaps: unread files may hide more gaps.
const (
	exitClean      = 0
	exitGaps       = 1
	exitUsage      = 2 // a mistake in the command line or the configuration file
	exitIncomplete = 3 // required input could not be read, or demarc failed
)

// An exit carries the code of a command that has already reported everything.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run runs the command line. A panic is a bug in demarc and is reported in one line.
func (p *process) run(args []string) (code int) {
	defer func() {
		if broke := recover(); broke != nil {
			code = p.crashed(broke)
		}
	}()
	root := p.rootCommand()
	root.SetArgs(args)
	return p.exitCode(root.Execute())
}

func (p *process) crashed(broke any) int {
	fmt.Fprintf(p.stderr, "demarc: something broke inside demarc: %s; please report it at %s\n", oneLine(fmt.Sprint(broke)), issues)
	if p.env("DEMARC_TRACE") != "" { // for developers
		trace := debug.Stack()
		if elsewhere, ok := broke.(interface{ Trace() []byte }); ok {
			trace = elsewhere.Trace()
		}
		p.stderr.Write(trace)
	}
	return exitIncomplete
}

const issues = "https://github.com/demarc/demarc/issues"

func (p *process) exitCode(err error) int {
	var code exit
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &code):
		return int(code)
	}
	return fail(p.stderr, err)
}

// fail writes the errors, one line each, and returns the exit code.
func fail(stderr io.Writer, err error) int {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		code := exitUsage
		for _, e := range many.Unwrap() {
			code = max(code, fail(stderr, e))
		}
		return code
	}
	fmt.Fprintf(stderr, "demarc: %s\n", oneLine(err.Error()))
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitIncomplete
}

// oneLine keeps names from files and arguments from writing lines, escape sequences,
// or build log commands.
func oneLine(s string) string {
	return report.Clean(strings.NewReplacer("\n", " ", "\t", " ").Replace(s))
}

func (p *process) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "demarc",
		Short:         "Find what you must secure in your Terraform, and what is still open",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Args = func(cmd *cobra.Command, args []string) error { return p.noCommand(cmd, args) }
	root.SetVersionTemplate(release())
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(p.scanCommand(), p.matrixCommand(), p.diffCommand(), p.hookCommand(), p.explainCommand(), p.listCommand(), p.initCommand(), p.versionCommand())
	return root
}

// noCommand suggests the intended command.
func (p *process) noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(p.abs(args[0])); err == nil {
		return usagef("no command is named %q; did you mean demarc scan %s?", args[0], args[0])
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return noSuch("command", args[0], names)
}

// flagError describes in one line what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		if unknown.GetSpecifiedShortnames() != "" {
			return usagef("no flag is named \"-%s\"", unknown.GetSpecifiedName())
		}
		return noSuch("flag", "--"+unknown.GetSpecifiedName(), names)
	case errors.As(err, &invalid):
		var usage usageError
		if errors.As(err, &usage) {
			return usage
		}
		return usagef("--%s needs a %s, not %q", invalid.GetFlag().Name, invalid.GetFlag().Value.Type(), invalid.GetValue())
	}
	return usagef("%v", err)
}

// A choice is a flag whose value is one of a few words.
type choice struct {
	kind  string // the kind of the words: "format"
	words []string
	value *string
}

func (c choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

func (c choice) Set(s string) error {
	if err := c.check(s); err != nil {
		return err
	}
	*c.value = s
	return nil
}

func (c choice) check(s string) error {
	for _, w := range c.words {
		if s == w {
			return nil
		}
	}
	err := noSuch(c.kind, s, c.words)
	if nearest(s, c.words) == "" {
		err = usagef("%v; there are %s", err, strings.Join(c.words, ", "))
	}
	return err
}

func (c choice) Type() string { return strings.Join(c.words, "|") }
