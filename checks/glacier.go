package checks

import (
	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func glacier() []row {
	return []row{
		{
			ID:        "aws-glacier-policy-not-public",
			Aliases:   same("CKV_AWS_167"),
			On:        on("aws_glacier_vault"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "S3 Glacier vault access policies do not allow everyone",
			Why:       "A statement for every principal lets any AWS account retrieve or delete the archives. <https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html>",
			Want:      policy.Cond("no statement of the access policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "access_policy"),
			Message:   "the access policy of this vault allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-glacier-vault-locked",
			On:        on("aws_glacier_vault"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 Glacier vaults have a completed vault lock",
			Why:       "Without a lock whoever administers the vault can delete archives before their time, and a lock that is not completed ends after 24 hours. <https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html>",
			Want:      says("an aws_glacier_vault_lock completes the lock of this vault", related("aws_glacier_vault_lock", "vault_name", attr("complete_lock").True())),
			Message:   "no completed lock protects the archives of this vault",
			Close:     "add an aws_glacier_vault_lock with complete_lock = true; it can never be undone",
		},
		{
			ID:        "aws-glacier-vault-notifies",
			On:        on("aws_glacier_vault"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 Glacier vaults send notifications of retrievals",
			Why:       "A retrieval that nobody asked for is otherwise noticed late, if at all. <https://docs.aws.amazon.com/amazonglacier/latest/dev/configuring-notifications.html>",
			Want:      says("a notification names an SNS topic", some("notification", attr("sns_topic").Present())),
			Message:   "this vault sends no notifications of retrievals",
			Close:     "add a notification block",
		},
	}
}

// glacierDefaults are AWS's values for unset attributes.
func glacierDefaults() []analyzer.Default { return nil }
