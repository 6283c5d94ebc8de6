package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// nearest returns the candidate most similar to a text, or the shortest that
// contains it; empty if none is close enough to suggest.
func nearest(written string, candidates []string) string {
	const longest = 100
	if len(written) > longest {
		return ""
	}
	best, score := "", 0.5
	for _, c := range candidates {
		if s := likeness(written, c); s > score {
			best, score = c, s
		}
	}
	if score < 0.9 && strings.Contains(written, "-") {
		if c := withWords(strings.Split(written, "-"), candidates); c != "" {
			return c
		}
	}
	if best != "" || len(written) < 4 {
		return best
	}
	for _, c := range candidates {
		if strings.Contains(c, written) && (best == "" || len(c) < len(best)) {
			best = c
		}
	}
	return best
}

// withWords returns the shortest candidate that has every word of an id; empty if
// there is none.
func withWords(words, candidates []string) string {
	best := ""
	for _, c := range candidates {
		has := strings.Split(c, "-")
		missing := slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(has, w) })
		if !missing && (best == "" || len(c) < len(best)) {
			best = c
		}
	}
	return best
}

// likeness returns 1 for equal texts and 0 for texts with nothing in common. A
// common prefix counts more, as in Winkler's method. The library's own Match panics
// on some texts when it is given a bound.
func likeness(a, b string) float64 {
	longer := max(len(a), len(b))
	if longer == 0 {
		return 1
	}
	same := max(0, 1-float64(levenshtein.Distance(a, b, nil))/float64(longer))
	prefix := 0
	for prefix < min(len(a), len(b), 4) && a[prefix] == b[prefix] {
		prefix++
	}
	if same <= 0.4 {
		return same
	}
	return same + float64(prefix)/10*(1-same)
}

// noSuch returns the error for an unknown name, with the nearest known name.
func noSuch(kind, written string, candidates []string) error {
	if near := nearest(written, candidates); near != "" {
		return usagef("no %s is named %q; did you mean %s?", kind, written, near)
	}
	return usagef("no %s is named %q", kind, written)
}

// A usageError is a mistake in the command line or the configuration file:
// exit code 2.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }
