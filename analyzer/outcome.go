package analyzer

import "github.com/zclconf/go-cty/cty"

// A Verdict is the result of judging a condition before anything is created.
// Fail < Unknown < Pass: "and" is the minimum, "or" the maximum, "not" the
// negation. The zero value is Unknown: nothing has been shown.
type Verdict int8

const (
	Fail    Verdict = -1
	Unknown Verdict = 0
	Pass    Verdict = 1

	// NotApplicable is a verdict on a check, never on a condition: the check's
	// When does not hold, or the provider owns its layer. It is neither
	// evidence nor a duty met.
	NotApplicable Verdict = 2
)

func (v Verdict) String() string {
	switch v {
	case Fail:
		return "fail"
	case Pass:
		return "pass"
	case NotApplicable:
		return "n/a"
	}
	return "unknown"
}

// An Outcome is a verdict with its witnesses. Fail has one witness for each
// path that fails (each failing element of a repeated block is a separate
// finding), Unknown has the unknown values, Pass the evidence.
type Outcome struct {
	Verdict   Verdict
	Witnesses []Witness
}

// not negates an outcome. Unknown stays unknown.
func (o Outcome) not() Outcome {
	o.Verdict = -o.Verdict
	return o
}

// And keeps the smaller verdict and its witnesses. Two passes keep the last
// witness as evidence, two failures the first as the gap; unknown witnesses
// accumulate.
func (o Outcome) And(p Outcome) Outcome {
	if p.Verdict < o.Verdict || o.Witnesses == nil && p.Verdict == o.Verdict {
		return p
	}
	switch {
	case p.Verdict != o.Verdict:
	case p.Verdict == Unknown:
		o.Witnesses = append(o.Witnesses[:len(o.Witnesses):len(o.Witnesses)], p.Witnesses...)
	case p.Verdict == Pass && p.Witnesses != nil:
		return p // rows name the deciding attribute last
	}
	return o
}

// Or keeps the larger verdict. Among failing alternatives, the first written
// one is the witness: the suspended versioning, not the missing block.
func (o Outcome) Or(p Outcome) Outcome {
	if p.Verdict > o.Verdict || o.Witnesses == nil && p.Verdict == o.Verdict {
		return p
	}
	switch {
	case p.Verdict < o.Verdict:
	case p.Verdict == Unknown:
		o.Witnesses = append(o.Witnesses[:len(o.Witnesses):len(o.Witnesses)], p.Witnesses...)
	case p.Verdict == Fail && !o.written() && p.written():
		return p
	}
	return o
}

// written reports whether a witness is an attribute that the source shows.
func (o Outcome) written() bool {
	for _, w := range o.Witnesses {
		if len(w.At) > 0 && w.Of != nil && w.Of.Source != nil && w.Of.Source.Written(w.At) {
			return true
		}
	}
	return false
}

// breach is the outcome of a condition that must not hold. If several of its
// parts hold, the last one is the witness.
func (o Outcome) breach() Outcome {
	o = o.not()
	if len(o.Witnesses) > 1 && o.Verdict != Unknown {
		o.Witnesses = o.Witnesses[len(o.Witnesses)-1:]
	}
	return o
}

// A Witness is a path that decided an outcome.
type Witness struct {
	Of      *Resource // whose attribute decided: the subject, or a related resource
	At      cty.Path  // which attribute; nil: the block
	Because []Cause   // for an unknown: its causes
	Default *Default  // the provider default that decided
	Fact    *Fact     // the account fact that decided
	Says    string    // replaces the check's message
	Named   bool      // the message does not contain the value, so it is shown even for a secret value
}

// Secret reports whether the value at the witness's path must not be shown.
func (w Witness) Secret() bool { return len(w.At) > 0 && w.Of.Secret(w.At) }

// Shown is the witness's path with secret parts concealed.
func (w Witness) Shown() cty.Path { return Conceal(w.At, w.Of.Sensitive) }

func claim(b bool) Verdict {
	if b {
		return Pass
	}
	return Fail
}
