package checks

import "github.com/demarc/demarc/analyzer"

// Facts are the statements about an account that checks and defaults
// understand: what another configuration, or nobody's, manages.
func Facts() []analyzer.FactDef {
	return []analyzer.FactDef{
		{ID: "ebs-encrypted-by-default", Title: "New EBS volumes and snapshot copies are encrypted by default"},
	}
}
