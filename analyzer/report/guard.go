package report

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guarded returns a writer that keeps each line from being a command to the log,
// wherever the words of the line come from and however it was wrapped.
func guarded(write func(io.Writer, Subject, Options) error) func(io.Writer, Subject, Options) error {
	return func(w io.Writer, s Subject, opt Options) error {
		g := &lineGuard{w: w}
		if err := write(g, s, opt); err != nil {
			return err
		}
		return g.flush()
	}
}

// lineGuard passes on whole lines. flush passes on the rest without a line break.
type lineGuard struct {
	w    io.Writer
	line []byte // the unfinished line
}

func (g *lineGuard) Write(p []byte) (int, error) {
	g.line = append(g.line, p...)
	end := bytes.LastIndexByte(g.line, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out strings.Builder
	out.Grow(end)
	for line := range strings.Lines(string(g.line[:end])) {
		out.WriteString(guard(line))
	}
	g.line = append(g.line[:0], g.line[end:]...)
	if _, err := io.WriteString(g.w, out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (g *lineGuard) flush() error {
	if len(g.line) == 0 {
		return nil
	}
	_, err := io.WriteString(g.w, guard(string(g.line)))
	g.line = nil
	return err
}

// guard keeps a line of output from being a command. The runner of GitHub recognizes
// a line that begins with :: after any white space, and it skips characters drawn as
// nothing; Buildkite folds the log at three of a few signs at the very beginning.
// The commands of GitLab and Travis contain escape sequences, which clean has
// escaped, and Jenkins has no commands.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// https://buildkite.com/docs/pipelines/configure/managing-log-output
func guard(line string) string {
	line = breakMarkers(line)
	rest := strings.TrimLeftFunc(line, drawnAsNothing)
	for n := paint(rest); n > 0; n = paint(rest) { // what colours the line
		rest = strings.TrimLeftFunc(rest[n:], drawnAsNothing)
	}
	if strings.HasPrefix(rest, "::") {
		return strings.TrimSuffix(line, rest) + `\` + rest
	}
	for _, fold := range []string{"---", "+++", "~~~", "^^^"} {
		if strings.HasPrefix(line, fold) {
			return `\` + line
		}
	}
	return line
}

// drawnAsNothing reports whether a program may skip a character at the beginning of
// a line. The escape character of colours is not included.
func drawnAsNothing(r rune) bool {
	return r != '\x1b' && (unicode.IsSpace(r) || hostile(r) || r == utf8.RuneError)
}

// paint returns the length of the escape sequence at the beginning of a text.
func paint(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	if end := strings.IndexByte(s, 'm'); end > 0 && strings.Trim(s[2:end], "0123456789;") == "" {
		return end + 1
	}
	return 0
}
