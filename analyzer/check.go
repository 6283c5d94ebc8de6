package analyzer

import (
	"time"

	"github.com/zclconf/go-cty/cty"
)

// A Check is one row: a statement that must hold for a duty of the customer
// to be met. When and Want are its logic; the rest is what people read.
type Check struct {
	ID        string    // "aws-rds-storage-encrypted": subject and what must hold; permanent
	Aliases   []Alias   // the same check in other tools
	Controls  []Control // ids in AWS Security Hub's and CIS's lists
	On        []string  // "aws_vpc", "data.aws_ami", "provider.aws"
	Scope     Scope
	Layer     Layer
	Objective Objective // control objective under the layer
	Severity  Severity
	Since     string // release that introduced it
	Title     string // the requirement as a statement
	Why       string // the consequence if Title does not hold; ends with its source in <>
	When      Cond   // nil: everywhere. Fail: not applicable; otherwise the verdict is max(-when, want)
	Want      Cond
	Message   string // shown at the attribute that decided, when Want fails
	Close     string // how to close the gap, where Want has no repair: "add a ..."
	Secret    bool   // the value it reads is never shown
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
	Narrower Relation = "narrower" // the other check demands less, or covers fewer resources
	Wider    Relation = "wider"    // the other check demands more, or covers more resources
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

// ParseSeverity reads a severity's name; false: no severity has that name.
func ParseSeverity(s string) (Severity, bool) {
	for sev := Low; sev <= Critical; sev++ {
		if sev.String() == s {
			return sev, true
		}
	}
	return 0, false
}

// Safety describes the effect of a check's repair. The zero value has no
// repair.
type Safety struct {
	Kind   FixKind
	Effect string // effect of an unsafe repair: "replaces the database"
	Source string // link that shows the effect
}

// FixKind orders repairs by their risk.
type FixKind int8

const (
	NoFix FixKind = iota
	SafeFix
	UnsafeFix // forces replacement, or changes behaviour
)

// A Default is the value that the provider gives an unset attribute.
type Default struct {
	Type   string
	Path   string
	Value  cty.Value // cty.NilVal: the provider chooses, so the value is unknown
	Since  time.Time // zero: no start date
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
	Title string // the statement
}
