package analyzer

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
