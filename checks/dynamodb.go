package checks

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

const (
	daxReplaced     = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dax_cluster"
	replicaReplaced = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table_replica#kms_key_arn-1"
)

func dynamodb() []row {
	return []row{
		{
			ID:        "aws-dynamodb-point-in-time-recovery",
			Aliases:   same("CKV_AWS_28", "AWS-0024", "aws-dynamodb-enable-recovery"),
			Controls:  controls("FSBP DynamoDB.2"),
			On:        on("aws_dynamodb_table"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "DynamoDB tables can be restored to any second",
			Why:       "Without point-in-time recovery, data that a faulty program overwrites is lost or as old as the last on-demand backup. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html>",
			Want:      attr("point_in_time_recovery.enabled").True(),
			Message:   "this table has no point-in-time recovery",
			Fix:       safe(),
		},
		{
			ID:        "aws-dynamodb-replica-point-in-time-recovery",
			On:        on("aws_dynamodb_table_replica"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DynamoDB replicas can be restored to any second",
			Why:       "The setting of the table does not apply to its replicas: each Region needs its own. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html>",
			Want:      attr("point_in_time_recovery").True(),
			Message:   "this replica has no point-in-time recovery",
			Fix:       safe(),
		},
		{
			ID:        "aws-dynamodb-encrypted-with-own-key",
			Aliases:   same("CKV_AWS_119", "AWS-0025", "aws-dynamodb-table-customer-key"),
			On:        on("aws_dynamodb_table"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DynamoDB tables are encrypted with your own key",
			Why:       "DynamoDB encrypts every table, but only with your own key can you decide who may use it, and see each use in CloudTrail. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html>",
			Want:      all(attr("server_side_encryption.enabled").True(), ownKey("server_side_encryption.kms_key_arn")),
			Message:   "this table is not encrypted with your own key",
			Close:     "add a server_side_encryption block with enabled = true and kms_key_arn",
		},
		{
			ID:        "aws-dynamodb-replica-encrypted-with-own-key",
			Aliases:   same("CKV_AWS_271"),
			On:        on("aws_dynamodb_table_replica"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DynamoDB replicas are encrypted with your own key",
			Why:       "A replica uses a key of its own Region, by default an AWS key. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html>",
			Want:      ownKey("kms_key_arn"),
			Message:   "this replica is not encrypted with your own key",
			Close:     "set kms_key_arn (unsafe: replaces the replica)",
		},
		{
			ID:        "aws-dynamodb-deletion-protected",
			Controls:  controls("FSBP DynamoDB.6"),
			On:        on("aws_dynamodb_table"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "DynamoDB tables are protected from deletion",
			Why:       "A table that is deleted by mistake, or replaced by a change, loses its data. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection>",
			Want:      attr("deletion_protection_enabled").True(),
			Message:   "this table is not protected from deletion",
			Fix:       safe(),
		},
		{
			ID:        "aws-dynamodb-scales",
			Aliases:   same("CKV2_AWS_16"),
			Controls:  controls("FSBP DynamoDB.1"),
			On:        on("aws_dynamodb_table"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DynamoDB tables scale with demand",
			Why:       "DynamoDB refuses requests beyond a fixed capacity. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html>",
			Want: says("the table is billed by request, or has a scaling target and policy", anyOf(
				attr("billing_mode").Equals("PAY_PER_REQUEST"),
				all(
					related("aws_appautoscaling_target", "resource_id", nil),
					related("aws_appautoscaling_policy", "resource_id", nil),
				),
			)),
			Message: "the capacity of this table is fixed",
			Close:   `set billing_mode = "PAY_PER_REQUEST", or add an aws_appautoscaling_target with a policy`,
		},
		{
			ID:        "aws-dynamodb-policy-not-public",
			On:        on("aws_dynamodb_resource_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "DynamoDB table and stream policies do not allow everyone",
			Why:       "DynamoDB refuses a policy that lets everyone in, so the apply fails, and whoever wrote it meant to open the table. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-dax-encrypted",
			Aliases:   same("CKV_AWS_47", "AWS-0023", "aws-dynamodb-enable-at-rest-encryption"),
			Controls:  controls("FSBP DynamoDB.3"),
			On:        on("aws_dax_cluster"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "DAX clusters are encrypted at rest",
			Why:       "Encryption of the DAX cache can only be turned on at creation. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html>",
			Want:      attr("server_side_encryption.enabled").True(),
			Message:   "this DAX cluster is not encrypted",
			Fix:       unsafe("replaces the cluster", daxReplaced),
		},
		{
			ID:        "aws-dax-tls-required",
			Aliases:   same("CKV_AWS_239"),
			Controls:  controls("FSBP DynamoDB.7"),
			On:        on("aws_dax_cluster"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "DAX clusters require TLS",
			Why:       "DAX uses plain text unless TLS is turned on at creation. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionInTransit.html>",
			Want:      attr("cluster_endpoint_encryption_type").Equals("TLS"),
			Message:   "this DAX cluster answers without TLS",
			Fix:       unsafe("replaces the cluster", daxReplaced),
		},
	}
}

// dynamodbDefaults are DynamoDB's values for unset attributes.
func dynamodbDefaults() []analyzer.Default {
	none := cty.NullVal(cty.String)
	return []analyzer.Default{
		{Type: "aws_dynamodb_table", Path: "server_side_encryption.kms_key_arn", Value: isString("alias/aws/dynamodb"), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table#server_side_encryption"},
		{Type: "aws_dynamodb_table_replica", Path: "kms_key_arn", Value: none, Source: replicaReplaced},
	}
}
