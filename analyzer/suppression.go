package analyzer

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Suppression accepts gaps: in a comment of the source, or in the
// configuration file.
type Suppression struct {
	Checks       []string // as written: ids of demarc, or of the dialect's tool
	Dialect      Dialect
	Reason       string
	Owner        string
	Until        time.Time // the last day; zero: for ever
	Range        hcl.Range // where it is written
	Scope        hcl.Range // the extent of a comment: a resource, an attribute, a module call, or a whole file
	Address      []string  // globs, of a suppression in the configuration file
	Environments []string  // of a suppression in the configuration file; empty: every one

	// Installed: the suppression is in a module that terraform init fetches, so
	// the user cannot correct it.
	Installed bool
}

// Dialect is the tool whose comment syntax a suppression uses.
type Dialect string

const (
	DialectDemarc  Dialect = "demarc"
	DialectConfig  Dialect = "config" // .demarc.hcl
	DialectCheckov Dialect = "checkov"
	DialectTrivy   Dialect = "trivy"
	DialectTfsec   Dialect = "tfsec"
)

// IsOwn reports whether the suppression concerns demarc's checks: only then can
// demarc report it as unused.
func (s *Suppression) IsOwn() bool { return s.Dialect == DialectDemarc || s.Dialect == DialectConfig }

// Expired reports whether its last day has passed.
func (s *Suppression) Expired(today time.Time) bool {
	return Past(s.Until, today)
}

// Accepts reports whether the suppression is in force today. demarc's own need
// a reason; other tools' comments need none, as in those tools.
func (s *Suppression) Accepts(today time.Time) bool {
	return !s.Expired(today) && (s.Reason != "" || !s.IsOwn())
}

// These are the findings about suppressions themselves.
var (
	ReasonlessSuppression = Check{
		ID: "demarc-suppression-reasoned", Severity: Medium, Since: "0.1.0",
		Title:   "Every suppression has a reason",
		Why:     "Without a reason nobody can decide later whether the gap is still acceptable.",
		Message: "this suppression has no reason, so it accepts nothing",
		Close:   "add reason=\"...\"",
	}
	UnusedSuppression = Check{
		ID: "demarc-suppression-used", Severity: Low, Since: "0.1.0",
		Title:   "Every suppression covers a gap",
		Why:     "A suppression that covers no gap hides the next gap at the same place.",
		Message: "this suppression covers no gap",
		Close:   "remove it",
	}
	ExpiredSuppression = Check{
		ID: "demarc-suppression-current", Severity: Medium, Since: "0.1.0",
		Title:   "No suppression has expired",
		Why:     "The gap was accepted until a date that has passed.",
		Message: "this suppression has expired",
		Close:   "close the gap, or accept it again with a later date",
	}
)

// SuppressionChecks are the checks on suppressions, for lists and reports.
func SuppressionChecks() []*Check {
	return []*Check{&ReasonlessSuppression, &UnusedSuppression, &ExpiredSuppression}
}

// Past reports whether a last day lies before today. A zero last day never
// does.
func Past(last, today time.Time) bool {
	return !last.IsZero() && today.After(last.AddDate(0, 0, 1).Add(-time.Nanosecond))
}
