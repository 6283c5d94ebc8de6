package checks

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func sqs() []row {
	return []row{
		{
			ID:        "aws-sqs-encrypted",
			Aliases:   wider("CKV_AWS_27", "AWS-0096", "aws-sqs-enable-queue-encryption"),
			Controls:  controls("FSBP SQS.1"),
			On:        on("aws_sqs_queue"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "SQS queues are encrypted at rest",
			Why:       "SQS encrypts new queues with its own key unless that is turned off; then messages lie in plain text. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html>",
			Want:      anyOf(attr("sqs_managed_sse_enabled").True(), attr("kms_master_key_id").Present()),
			Message:   "messages in this queue are not encrypted",
			Fix:       safe(),
		},
		{
			ID:        "aws-sqs-encrypted-with-own-key",
			Aliases:   same("CKV2_AWS_73", "AWS-0135", "aws-sqs-queue-encryption-use-cmk"),
			On:        on("aws_sqs_queue"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SQS queues are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it, and see each use in CloudTrail. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>",
			Want:      ownKey("kms_master_key_id"),
			Message:   "this queue is not encrypted with your own key",
			Close:     "set kms_master_key_id to your own key",
		},
		{
			ID:        "aws-sqs-policy-not-public",
			Aliases:   same("CKV_AWS_168", "CKV_AWS_387"),
			Controls:  controls("FSBP SQS.3"),
			On:        on("aws_sqs_queue_policy", "aws_sqs_queue"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "SQS queue policies do not allow everyone",
			Why:       "A statement for every principal, without a condition on the source, lets anyone send, read or delete messages. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#ensure-queues-not-publicly-accessible>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this queue allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-sqs-policy-no-wildcard-action",
			Aliases:   same("CKV_AWS_72", "AWS-0097", "aws-sqs-no-wildcards-in-policy-documents"),
			On:        on("aws_sqs_queue_policy", "aws_sqs_queue"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "SQS queue policies do not allow every action",
			Why:       "Who only sends or receives could also purge the queue, delete it or change its policy. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#implement-least-privilege-access>",
			Want: policy.Cond("no statement of the policy allows every action", analyzer.Pass,
				func(d *policy.Document) policy.Ruling { return d.NoWholeService("sqs") }, "policy"),
			Message: "the policy of this queue allows every action",
			Close:   "list the actions",
		},
		{
			ID:        "aws-sqs-tls-required",
			On:        on("aws_sqs_queue"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SQS queue policies deny requests without TLS",
			Why:       "SQS answers plain HTTP too: who listens reads the messages. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html#enforce-encryption-data-in-transit>",
			Want: says("the policy denies requests without TLS", anyOf(
				related("aws_sqs_queue_policy", "queue_url", sqsRequiresTLS()),
				sqsRequiresTLS(),
			)),
			Message: "no policy denies requests to this queue without TLS",
			Close:   `add a Deny of sqs:* for every principal, on the condition Bool "aws:SecureTransport" = "false"`,
		},
		{
			ID:        "aws-sqs-dead-letter-queue",
			On:        on("aws_sqs_queue"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SQS queues have a dead-letter queue",
			Why:       "A message that always fails is tried until it expires, and is then lost. <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>",
			When: says("the queue is not itself a dead-letter queue", all(
				unset("redrive_allow_policy"),
				unrelated("aws_sqs_queue", "redrive_policy", nil),
				unrelated("aws_sqs_queue_redrive_policy", "redrive_policy", nil),
				unrelated("aws_sns_topic_subscription", "redrive_policy", nil),
				unrelated("aws_lambda_function", "dead_letter_config.target_arn", nil),
			)),
			Want: says("a redrive policy names a dead-letter queue", anyOf(
				related("aws_sqs_queue_redrive_policy", "queue_url", nil),
				written("redrive_policy"),
			)),
			Message: "this queue has no dead-letter queue",
			Close:   "set redrive_policy",
		},
	}
}

func sqsRequiresTLS() cond {
	return policy.Cond("a statement denies requests without TLS", analyzer.Fail,
		func(d *policy.Document) policy.Ruling { return d.RequiresTLS("sqs") }, "policy")
}

// written holds where a JSON document is set, even if its text is unknown.
func written(path string) cond {
	return analyzer.Func{
		Says:  path + " is set",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			switch doc, l := v.Document(path); {
			case !doc.IsKnown():
				return v.Judge(attr(path).Present())
			case doc.IsNull():
				return v.Fail(l)
			default:
				return v.Pass(l)
			}
		},
	}
}

// sqsDefaults are SQS's values for unset attributes.
func sqsDefaults() []analyzer.Default {
	const docs = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
	none := cty.NullVal(cty.String)
	return []analyzer.Default{
		{
			Type: "aws_sqs_queue", Path: "sqs_managed_sse_enabled", Value: isTrue, Since: time.Date(2022, time.October, 4, 0, 0, 0, 0, time.UTC),
			Source: "https://aws.amazon.com/about-aws/whats-new/2022/10/amazon-sqs-announces-server-side-encryption-ssq-managed-sse-sqs-default/",
		},
		{Type: "aws_sqs_queue", Path: "policy", Value: none, Source: docs + "sqs-creating-custom-policies.html"},
		{Type: "aws_sqs_queue", Path: "redrive_policy", Value: none, Source: docs + "sqs-dead-letter-queues.html"},
		{Type: "aws_sqs_queue", Path: "redrive_allow_policy", Value: none, Source: docs + "sqs-dead-letter-queues.html"},
	}
}
