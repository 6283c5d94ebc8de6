package report

import (
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// GivenUp returns what a bound of the evaluation hides from the verdicts that decide
// the exit code: checks at or above FailOn whose verdict is therefore unknown, and
// modules that were not evaluated. An incomplete evaluation is not clean.
func (o Options) GivenUp(rep *judge.Report) []string {
	if o.FailOn == 0 {
		return nil
	}
	var all []string
	add := func(what string) {
		if !slices.Contains(all, what) && len(all) < mostGivenUp {
			all = append(all, what)
		}
	}
	for _, f := range rep.Findings {
		if f.Verdict != analyzer.Unknown || f.NotFixableHere || f.Severity < o.FailOn || o.newCheck(f.Check) {
			continue
		}
		if i := slices.IndexFunc(f.Because, isBound); i >= 0 {
			add(f.Check.ID + o.because(f.Because[i].Range, ""))
		}
	}
	for _, u := range rep.Coverage.Unresolved {
		if u.Kind == string(analyzer.CauseBudget) && strings.HasPrefix(u.Name, "module.") {
			call := u.Name[strings.LastIndex(u.Name, "module."):] // the place shows the module
			add(clean(call) + o.because(u.Range, ""))
		}
	}
	return all
}

// mostGivenUp bounds the list: the first few are enough.
const mostGivenUp = 100

func isBound(c analyzer.Cause) bool { return c.Kind == analyzer.CauseBudget }
