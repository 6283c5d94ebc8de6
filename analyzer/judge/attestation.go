package judge

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// An Attestation is a signed-off statement for duties that no configuration can
// show: that guests are patched, that restores are tested. It makes a duty
// attested where it has no evidence; it never covers a gap, which only a
// suppression can accept.
type Attestation struct {
	Name      string // its name in the configuration file
	Subjects  []analyzer.Subject
	Resources []string  // globs of addresses; empty: every resource, and the services as a whole
	Roots     []string  // globs of root directories; empty: every root
	By        string    // who states it
	Evidence  string    // link or sentence
	Date      time.Time // since when; zero: not stated
	Expires   time.Time // the last day; zero: never
	Range     hcl.Range
}

// expired reports whether its last day has passed.
func (a *Attestation) expired(today time.Time) bool { return analyzer.Past(a.Expires, today) }

// early reports whether its first day is still in the future in every time
// zone: days begin up to 14 hours earlier than in UTC.
func (a *Attestation) early(today time.Time) bool { return a.Date.After(today.Add(14 * time.Hour)) }

// holds reports whether the attestation is in force today.
func (a *Attestation) holds(today time.Time) bool { return !a.expired(today) && !a.early(today) }

// speaksOf reports whether the attestation applies to a holder of duties.
func (a *Attestation) speaksOf(h dutyOwner) bool {
	if !analyzer.MatchesPath(a.Roots, h.root.Dir) {
		return false
	}
	if len(a.Resources) == 0 {
		return true
	}
	return h.principal != nil && slices.ContainsFunc(a.Resources, func(g string) bool {
		return analyzer.Glob(g, h.principal.Address) || analyzer.Glob(g, h.principal.Definition)
	})
}

// These are the findings about attestations themselves.
var (
	expiredAttestation = analyzer.Check{
		ID: "demarc-attestation-current", Severity: analyzer.Medium, Since: "0.1.0",
		Title:   "No attestation has expired",
		Why:     "The statement held until a date that has passed and may no longer be true: the duty is open again.",
		Message: "this attestation has expired",
		Close:   "review it, and attest it again with a later date",
	}
	earlyAttestation = analyzer.Check{
		ID: "demarc-attestation-begun", Severity: analyzer.Low, Since: "0.1.0",
		Title:   "No attestation is dated in the future",
		Why:     "A statement about the future is not evidence: the attestation counts from its date.",
		Message: "this attestation is dated in the future",
		Close:   "correct its date",
	}
	unusedAttestation = analyzer.Check{
		ID: "demarc-attestation-used", Severity: analyzer.Low, Since: "0.1.0",
		Title:   "Every attestation matches resources that exist",
		Why:     "An attestation that matches no resource is not evidence, although somebody may still rely on it.",
		Message: "this attestation matches no resource here",
		Close:   "remove it, or name the resources that replaced the ones it names",
	}
)

// AttestationChecks are the checks on attestations, for lists and reports.
func AttestationChecks() []*analyzer.Check {
	return []*analyzer.Check{&expiredAttestation, &earlyAttestation, &unusedAttestation}
}

// attest adds the findings about attestations, after the duties are complete.
func (rep *Report) attest(run *runner) {
	for _, a := range run.opt.Attestations {
		if c := rep.lapse(a, run); c != nil {
			rep.Findings = append(rep.Findings, run.remark(c, a.Range, a.Name, a.words()))
		}
	}
}

// lapse is the check that an attestation fails; nil: none.
func (rep *Report) lapse(a *Attestation, run *runner) *analyzer.Check {
	switch {
	case a.expired(run.opt.Today):
		return &expiredAttestation
	case a.early(run.opt.Today):
		return &earlyAttestation
	case !rep.ledger.spoken[a] && !run.opt.Partial:
		return &unusedAttestation
	}
	return nil
}

// words describes the attestation by name, author, date and last day.
func (a *Attestation) words() string {
	days := ""
	if !a.Date.IsZero() {
		days += ", since " + a.Date.Format(time.DateOnly)
	}
	if !a.Expires.IsZero() {
		days += ", until " + a.Expires.Format(time.DateOnly)
	}
	return fmt.Sprintf("%s (%s%s)", a.Name, a.By, days)
}
