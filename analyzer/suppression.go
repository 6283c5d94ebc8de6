package analyzer

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Suppression accepts gaps: in a comment of the source, or in the
// configuration file.
type Suppression struct {
	Checks       []string // as written: ids of ours, or of the dialect
	Dialect      Dialect
	Reason       string
	Owner        string
	Until        time.Time // the last day; zero: for ever
	Range        hcl.Range // where it is written
	Scope        hcl.Range // what a comment covers: a resource, an attribute, a module call, or a whole file
	Address      []string  // globs, of a suppression in the configuration file
	Environments []string  // of one in the configuration file; empty: every one

	// Installed: it is written in a module that terraform init fetches, so what
	// is wrong with it is not for its user to mend.
	Installed bool
}

// Dialect is whose comment a suppression is.
type Dialect string

const (
	DialectDemarc  Dialect = "demarc"
	DialectConfig  Dialect = "config" // .demarc.hcl
	DialectCheckov Dialect = "checkov"
	DialectTrivy   Dialect = "trivy"
	DialectTfsec   Dialect = "tfsec"
)

// own reports whether the suppression speaks of demarc's checks: only then is
// it ours to call unused.
func (s *Suppression) IsOwn() bool { return s.Dialect == DialectDemarc || s.Dialect == DialectConfig }

// Expired reports whether its last day has passed.
func (s *Suppression) Expired(today time.Time) bool {
	return Past(s.Until, today)
}

// Accepts reports whether it holds today. Ours need a reason; other tools'
// comments have theirs, or none, as those tools take them.
func (s *Suppression) Accepts(today time.Time) bool {
	return !s.Expired(today) && (s.Reason != "" || !s.IsOwn())
}

// These are the findings about suppressions themselves.
var (
	ReasonlessSuppression = Check{
		ID: "demarc-suppression-reasoned", Severity: Medium, Since: "0.1.0",
		Title:   "Every suppression has a reason",
		Why:     "Without one nobody can tell later whether the gap may still be accepted.",
		Message: "this suppression has no reason, so it accepts nothing",
		Close:   "add reason=\"...\"",
	}
	UnusedSuppression = Check{
		ID: "demarc-suppression-used", Severity: Low, Since: "0.1.0",
		Title:   "Every suppression covers a gap",
		Why:     "A suppression that covers nothing hides the next gap at its place.",
		Message: "this suppression covers no gap",
		Close:   "remove it",
	}
	ExpiredSuppression = Check{
		ID: "demarc-suppression-current", Severity: Medium, Since: "0.1.0",
		Title:   "No suppression is past its date",
		Why:     "The gap was accepted until a date that has passed.",
		Message: "this suppression has expired",
		Close:   "close the gap, or accept it anew with a later date",
	}
)

// SuppressionChecks are the checks on suppressions, for lists and reports.
func SuppressionChecks() []*Check {
	return []*Check{&ReasonlessSuppression, &UnusedSuppression, &ExpiredSuppression}
}

// Past reports whether a last day, zero for none, lies before today.
func Past(last, today time.Time) bool {
	return !last.IsZero() && today.After(last.AddDate(0, 0, 1).Add(-time.Nanosecond))
}
