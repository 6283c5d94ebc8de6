package analyzer

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// A Check is one row: a statement that must hold for a duty of the customer
// to be met. When and Want are its logic; the rest is what people read.
type Check struct {
	ID        string    // "aws-rds-storage-encrypted": subject and what must hold; permanent
	Aliases   []Alias   // the check elsewhere
	Controls  []Control // ids in AWS Security Hub's and CIS's lists
	On        []string  // "aws_vpc", "data.aws_ami", "provider.aws"
	Scope     Scope
	Layer     Layer
	Objective Objective // control objective under the layer
	Severity  Severity
	Since     string // release that brought it
	Title     string // the requirement as a statement
	Why       string // what follows if it is not so; ends with its source in <>
	When      Cond   // nil: everywhere. Fail: not applicable; otherwise the verdict is max(-when, want)
	Want      Cond
	Message   string // said at the attribute that decided, when Want fails
	Close     string // how to close the gap, where no repair of Want says it: "add a ..."
	Secret    bool   // what it reads is never shown
	Fix       Safety
}

// An Alias is the check's name in another tool.
type Alias struct {
	ID       string // CKV_AWS_16, AWS-0080
	Relation Relation
}

// Relation says how the other tool's check relates to this one.
type Relation string

const (
	Same     Relation = "same"
	Narrower Relation = "narrower" // theirs demands less, or of fewer resources
	Wider    Relation = "wider"    // theirs demands more, or of more resources
)

// A Control is an id in a benchmark: "FSBP RDS.3", "CIS AWS 5.0 2.2.1".
type Control string

// Objective is a control objective: encrypt-at-rest, least-privilege.
type Objective string

// Scope is what a check is judged on.
type Scope int8

const (
	ResourceScope Scope = iota
	AccountScope        // On names provider configurations
)

// Severity orders gaps. The zero value is not a severity.
type Severity int8

const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

func (s Severity) String() string {
	switch s {
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	case Critical:
		return "critical"
	}
	return "none"
}

// ParseSeverity reads a severity's name; false: there is none of that name.
func ParseSeverity(s string) (Severity, bool) {
	for sev := Low; sev <= Critical; sev++ {
		if sev.String() == s {
			return sev, true
		}
	}
	return 0, false
}

// Safety says what making a check's repair does. The zero value has no repair.
type Safety struct {
	Kind   FixKind
	Effect string // of an unsafe one: "replaces the database"
	Source string // link that shows the effect
}

// FixKind orders repairs by what they risk.
type FixKind int8

const (
	NoFix FixKind = iota
	SafeFix
	UnsafeFix // forces replacement, or changes behaviour
)

// A Default is what the provider makes of an attribute that is not set.
type Default struct {
	Type   string
	Path   string
	Value  cty.Value // cty.NilVal: the provider chooses, so the value is unknown
	Since  time.Time // zero: always so
	Source string    // link

	// Where the account decides: an account fact with this id, or a resource
	// that sets it in the same root, makes the value AccountValue.
	Fact         string
	Account      Cond // judged on the root, as an account check's Want is
	AccountValue cty.Value
}

// A Fact is a statement of the user about the account: "ebs-encrypted-by-default".
type Fact struct {
	ID           string
	Evidence     string   // link or sentence
	Roots        []string // globs of root directories; empty: every root
	Regions      []string // empty: every region
	Environments []string // empty: every one
	Range        string   // file:line in the configuration file
}

// FactDef is a fact that checks and defaults understand.
type FactDef struct {
	ID    string
	Title string // what it states
}
