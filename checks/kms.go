package checks

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func kms() []row {
	return []row{
		{
			ID:        "aws-kms-key-rotated",
			Aliases:   same("CKV_AWS_7", "AWS-0065", "aws-kms-auto-rotate-keys"),
			Controls:  controls("CIS AWS 5.0 3.6", "CIS AWS 3.0 3.6", "CIS AWS 1.4 3.8"),
			On:        on("aws_kms_key"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Symmetric KMS keys rotate automatically",
			Why:       "One key for everything ever encrypted makes its loss total; AWS rotates the material only when asked. <https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html>",
			When: says("the key can rotate automatically", all( // not asymmetric or HMAC keys, nor keys in a custom key store
				attr("customer_master_key_spec").Equals("SYMMETRIC_DEFAULT"),
				attr("key_usage").Equals("ENCRYPT_DECRYPT"),
				not(attr("custom_key_store_id").Present()),
			)),
			Want:    attr("enable_key_rotation").True(),
			Message: "this key does not rotate",
			Fix:     safe(),
		},
		{
			ID:        "aws-kms-policy-not-public",
			Aliases:   same("CKV_AWS_33"),
			Controls:  controls("FSBP KMS.5"),
			On:        on("aws_kms_key", "aws_kms_key_policy", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "KMS key policies do not allow everyone",
			Why:       "A statement for every principal lets any AWS account use the key, and with it decrypt. <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>",
			Want:      policy.Cond("no statement of the key policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this key allows everyone",
			Close:     "name the principals, or add a condition such as kms:CallerAccount",
		},
		{
			ID:        "aws-kms-policy-defined",
			Aliases:   same("CKV2_AWS_64"),
			On:        on("aws_kms_key"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "KMS keys have their own key policy",
			Why:       "The policy that AWS gives a key leaves it to IAM policies, so whoever may use all keys may use this one. <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>",
			Want: says("the key has a policy", anyOf(
				related("aws_kms_key_policy", "key_id", nil),
				written("policy"),
			)),
			Message: "this key has no key policy of its own",
			Close:   "set policy, or add an aws_kms_key_policy",
		},
		{
			ID:        "aws-kms-key-enabled",
			Aliases:   same("CKV_AWS_227"),
			On:        on("aws_kms_key"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "KMS keys are enabled",
			Why:       "What is encrypted with a disabled key cannot be read. <https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html>",
			Want:      attr("is_enabled").True(),
			Message:   "this key is disabled",
			Fix:       safe(),
		},
		{
			ID:        "aws-kms-deletion-window",
			On:        on("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "KMS keys wait at least two weeks before they are deleted",
			Why:       "With a key all data that it encrypted is gone; AWS waits 30 days unless told otherwise, so that somebody can notice. <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html#deleting-keys-how-it-works>",
			Want:      attr("deletion_window_in_days").AtLeast(14),
			Message:   "this key is deleted after less than two weeks",
			Fix:       safe(),
		},
		{
			ID:        "aws-kms-policy-lockout-checked",
			On:        on("aws_kms_key", "aws_kms_key_policy", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The KMS key policy lockout check is on",
			Why:       "A policy that its author cannot change any more makes the key unmanageable; only AWS Support can help then. <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam>",
			Want:      not(attr("bypass_policy_lockout_safety_check").True()),
			Message:   "the lockout safety check of this key is off",
			Fix:       safe(),
		},
	}
}

// kmsDefaults are KMS's values for unset attributes.
func kmsDefaults() []analyzer.Default {
	const key = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key"
	const policies = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
	none := cty.NullVal(cty.String)
	rows := []analyzer.Default{
		{Type: "aws_kms_key", Path: "customer_master_key_spec", Value: isString("SYMMETRIC_DEFAULT"), Source: key + "#customer_master_key_spec-1"},
		{Type: "aws_kms_key", Path: "key_usage", Value: isString("ENCRYPT_DECRYPT"), Source: key + "#key_usage-1"},
		{Type: "aws_kms_alias", Path: "name", Value: none, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_alias#name-1"}, // made from name_prefix
		{Type: "aws_kms_key", Path: "is_enabled", Value: isTrue, Source: key + "#is_enabled-1"},
	}
	for _, typ := range [...]string{"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"} {
		rows = append(rows,
			analyzer.Default{Type: typ, Path: "policy", Value: none, Source: policies}, // the account's IAM policies decide
			analyzer.Default{Type: typ, Path: "deletion_window_in_days", Value: isNumber(30), Source: key + "#deletion_window_in_days-1"})
	}
	return rows
}
