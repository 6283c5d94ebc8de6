package checks

import "github.com/demarc/demarc/analyzer"

// Facts are the statements about an account that checks and defaults
// understand: what another configuration, or nobody's, manages.
func Facts() []analyzer.FactDef {
	return []analyzer.FactDef{
		{ID: "ebs-encrypted-by-default", Title: "New EBS volumes and snapshot copies are encrypted by default"},
		{ID: "s3-public-access-blocked", Title: "The account blocks public access to all its S3 buckets"},
		{ID: "access-analyzer-enabled", Title: "IAM Access Analyzer looks for access from outside of the account"},
		{ID: "access-keys-rotated", Title: "Access keys are replaced within 90 days"},
		{ID: "root-user-protected", Title: "The root user has hardware MFA, or no credentials"},
		{ID: "support-role", Title: "A role may manage cases with AWS Support"},
		{ID: "cloudtrail-enabled", Title: "A trail records management events of every region"},
		{ID: "config-enabled", Title: "AWS Config records every resource"},
		{ID: "guardduty-enabled", Title: "GuardDuty is on"},
	}
}
