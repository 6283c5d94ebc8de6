package analyzer

import "github.com/zclconf/go-cty/cty"

// A Verdict is what can be said of a condition before anything is created.
// Fail < Unknown < Pass: "and" is the minimum, "or" the maximum, "not" the
// negation. The zero value is Unknown: nothing has been shown.
type Verdict int8

const (
	Fail    Verdict = -1
	Unknown Verdict = 0
	Pass    Verdict = 1

	// NotApplicable is said of a check, never of a condition: its When does
	// not hold, or the provider owns its layer. It is neither evidence nor a
	// duty met.
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
// place that fails (each failing element of a repeated block is a finding of
// its own), Unknown those whose values are hidden, Pass the evidence.
type Outcome struct {
	Verdict   Verdict
	Witnesses []Witness
}

// not turns an outcome around. An unknown stays what it is.
func (o Outcome) not() Outcome {
	o.Verdict = -o.Verdict
	return o
}

// And keeps the smaller verdict and its witnesses. Of two passes the last is
// the evidence, of two failures the first is the gap; what hides adds up.
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

// Or keeps the larger verdict. Of alternatives that fail, the first one that is
// written is pointed at: the versioning that is suspended, not the block that
// could have been there in its place.
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

// breach is the outcome of what must not be there. Where several parts of it
// hold, the last one stands for them.
func (o Outcome) breach() Outcome {
	o = o.not()
	if len(o.Witnesses) > 1 && o.Verdict != Unknown {
		o.Witnesses = o.Witnesses[len(o.Witnesses)-1:]
	}
	return o
}

// A Witness is a place that decided an outcome.
type Witness struct {
	Of      *Resource // whose attribute decided: the subject, or a related resource
	At      cty.Path  // which attribute; nil: the block
	Because []Cause   // of an unknown: what hides it
	Default *Default  // the provider default that decided
	Fact    *Fact     // the account fact that decided
	Says    string    // in place of the check's message
	Named   bool      // what it says has nothing of the value: also of a secret one it is said
}

// Secret reports whether the value at the witness's place must not be shown.
func (w Witness) Secret() bool { return len(w.At) > 0 && w.Of.Secret(w.At) }

// Shown is the witness's place as it may be shown.
func (w Witness) Shown() cty.Path { return Conceal(w.At, w.Of.Sensitive) }

func claim(b bool) Verdict {
	if b {
		return Pass
	}
	return Fail
}
