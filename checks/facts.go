package checks

import "github.com/demarc/demarc/analyzer"

// Facts lists the statements about an account that checks and defaults
// understand: settings that another configuration manages, or nobody.
func Facts() []analyzer.FactDef {
	return []analyzer.FactDef{
		{ID: "ebs-encrypted-by-default", Title: "New EBS volumes and snapshot copies are encrypted by default"},
		{ID: "ebs-snapshots-not-shared", Title: "The account blocks public sharing of EBS snapshots"},
		{ID: "imdsv2-required-by-default", Title: "The account requires session tokens of the instance metadata service"},
		{ID: "ssm-default-host-management", Title: "Systems Manager manages every instance of the account by default"},
		{ID: "instances-patched", Title: "A Systems Manager patch policy covers every instance of the account"},
		{ID: "s3-public-access-blocked", Title: "The account blocks public access to all its S3 buckets"},
		{ID: "access-analyzer-enabled", Title: "IAM Access Analyzer looks for access from outside of the account"},
		{ID: "access-keys-rotated", Title: "Access keys are replaced within 90 days"},
		{ID: "root-user-protected", Title: "The root user has hardware MFA, or no credentials"},
		{ID: "support-role", Title: "A role may manage cases with AWS Support"},
		{ID: "cloudtrail-enabled", Title: "A trail records management events of every region"},
		{ID: "config-enabled", Title: "AWS Config records every resource"},
		{ID: "guardduty-enabled", Title: "GuardDuty is on"},
		{ID: "alarm-bucket-policy-changes", Title: "Changes to bucket policies raise an alarm"},
		{ID: "alarm-config-changes", Title: "Changes to AWS Config raise an alarm"},
		{ID: "alarm-gateway-changes", Title: "Changes to network gateways raise an alarm"},
		{ID: "alarm-iam-changes", Title: "Changes to IAM policies raise an alarm"},
		{ID: "alarm-key-removal", Title: "Disabling or deletion of KMS keys raises an alarm"},
		{ID: "alarm-network-acl-changes", Title: "Changes to network ACLs raise an alarm"},
		{ID: "alarm-organization-changes", Title: "Changes to the organization raise an alarm"},
		{ID: "alarm-root-use", Title: "Use of the root user raises an alarm"},
		{ID: "alarm-route-changes", Title: "Changes to route tables raise an alarm"},
		{ID: "alarm-security-group-changes", Title: "Changes to security groups raise an alarm"},
		{ID: "alarm-sign-in-failures", Title: "Failed sign-in to the console raises an alarm"},
		{ID: "alarm-sign-in-without-mfa", Title: "Sign-in to the console without MFA raises an alarm"},
		{ID: "alarm-trail-changes", Title: "Changes to CloudTrail raise an alarm"},
		{ID: "alarm-unauthorized-calls", Title: "Unauthorized calls raise an alarm"},
		{ID: "alarm-vpc-changes", Title: "Changes to VPCs raise an alarm"},
		{ID: "restores-tested", Title: "Backup restores are tested on a schedule"},
	}
}
