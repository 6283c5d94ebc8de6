package checks

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func sns() []row {
	return []row{
		{
			ID:        "aws-sns-encrypted",
			Aliases:   same("CKV_AWS_26", "AWS-0095", "aws-sns-enable-topic-encryption"),
			On:        on("aws_sns_topic"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SNS topics are encrypted with KMS",
			Why:       "Without it messages are protected by the encryption of the disks only, which asks nobody for a permission to decrypt. <https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html>",
			Want:      attr("kms_master_key_id").Present(),
			Message:   "messages of this topic are not encrypted with KMS",
			Close:     "set kms_master_key_id",
		},
		{
			ID:        "aws-sns-encrypted-with-own-key",
			Aliases:   same("AWS-0136", "aws-sns-topic-encryption-use-cmk"),
			On:        on("aws_sns_topic"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SNS topics are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it; services such as S3 and CloudWatch cannot publish to a topic with the key of AWS. <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>",
			Want:      ownKey("kms_master_key_id"),
			Message:   "this topic is not encrypted with your own key",
			Close:     "set kms_master_key_id to your own key",
		},
		{
			ID:        "aws-sns-policy-not-public",
			Aliases:   join(same("CKV_AWS_169"), wider("CKV_AWS_385")), // which asks it of other accounts too
			Controls:  controls("FSBP SNS.4"),
			On:        on("aws_sns_topic_policy", "aws_sns_topic"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "SNS topic policies do not allow everyone",
			Why:       "A statement for every principal, without a condition on the source, lets anyone publish or subscribe. <https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#ensure-topics-not-publicly-accessible>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this topic allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-sns-tls-required",
			On:        on("aws_sns_topic"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SNS topic policies deny publishing without TLS",
			Why:       "SNS answers plain HTTP too: who listens reads the messages. <https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit>",
			Want: says("the policy denies publishing without TLS", anyOf(
				related("aws_sns_topic_policy", "arn", snsRequiresTLS()),
				snsRequiresTLS(),
			)),
			Message: "no policy denies publishing to this topic without TLS",
			Close:   `add a Deny of sns:Publish for every principal, on the condition Bool "aws:SecureTransport" = "false"`,
		},
		{
			ID:        "aws-sns-subscription-encrypted-in-transit",
			On:        on("aws_sns_topic_subscription"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SNS subscriptions deliver over HTTPS, not HTTP",
			Why:       "Over plain HTTP who listens reads the messages, and can send false ones. <https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html>",
			Want:      says("the protocol is not http", not(attr("protocol").Equals("http"))),
			Message:   "this subscription delivers over plain HTTP",
			Close:     `set protocol = "https", with such an endpoint`,
		},
		{
			ID:        "aws-sns-subscription-dead-letter-queue",
			On:        on("aws_sns_topic_subscription"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SNS subscriptions have a dead-letter queue",
			Why:       "A message that cannot be delivered is dropped after the last attempt. <https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html>",
			When:      says("messages go to a program", attr("protocol").OneOf("sqs", "lambda", "https", "http", "firehose")),
			Want:      written("redrive_policy"),
			Message:   "this subscription drops messages that cannot be delivered",
			Close:     "set redrive_policy",
		},
		{
			ID:        "aws-sns-delivery-logged",
			On:        on("aws_sns_topic"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SNS topics log failed deliveries",
			Why:       "Nobody learns that messages do not arrive. <https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html>",
			Want: says("a role may log failed deliveries", anyOf(
				attr("lambda_failure_feedback_role_arn").Present(),
				attr("sqs_failure_feedback_role_arn").Present(),
				attr("http_failure_feedback_role_arn").Present(),
				attr("firehose_failure_feedback_role_arn").Present(),
				attr("application_failure_feedback_role_arn").Present(),
			)),
			Message: "failed deliveries of this topic are not logged",
			Close:   "set the failure feedback role of the protocols that you use",
		},
	}
}

func snsRequiresTLS() cond {
	return policy.Cond("a statement denies publishing without TLS", analyzer.Fail,
		func(d *policy.Document) policy.Ruling { return d.RequiresTLS("sns") }, "policy")
}

// snsDefaults are SNS's values for unset attributes.
func snsDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_sns_topic", Path: "policy", Value: cty.NullVal(cty.String), Source: "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"}, // only the owner
	}
}
