package checks

import (
	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

// streams lists Kinesis, Firehose, Kafka and message brokers.
func streams() []row {
	return append(append(kinesis(), firehose()...), append(kafka(), brokers()...)...)
}

func kinesis() []row {
	return []row{
		{
			ID:        "aws-kinesis-encrypted",
			Aliases:   join(same("CKV_AWS_43"), wider("AWS-0064", "aws-kinesis-enable-in-transit-encryption")),
			Controls:  controls("FSBP Kinesis.1"),
			On:        on("aws_kinesis_stream"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Kinesis streams are encrypted",
			Why:       "Records lie in plain text in the stream, for up to a year, unless a key is named. <https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html>",
			Want:      says("encryption_type is \"KMS\"", attr("encryption_type").Equals("KMS")),
			Message:   "records of this stream are not encrypted",
			Close:     "set encryption_type = \"KMS\" and kms_key_id",
		},
		{
			ID:        "aws-kinesis-own-key",
			Aliases:   same("CKV_AWS_185"),
			On:        on("aws_kinesis_stream"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Kinesis streams are encrypted with your own key",
			Why:       "Only with your own key can you decide who may read the stream by it, in other accounts too. <https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html>",
			Want:      all(attr("encryption_type").Equals("KMS"), ownKey("kms_key_id")),
			Message:   "this stream is not encrypted with your own key",
			Close:     "set encryption_type = \"KMS\" and kms_key_id to your own key",
		},
		{
			ID:        "aws-kinesis-retention",
			Controls:  controls("FSBP Kinesis.3"),
			On:        on("aws_kinesis_stream"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Kinesis streams keep records for a week or longer",
			Why:       "What no consumer has read after 24 hours is lost: a weekend is longer. <https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html>",
			Want:      attr("retention_period").AtLeast(168),
			Message:   "this stream keeps records for less than a week",
			Fix:       safe(),
		},
		{
			ID:        "aws-kinesis-policy-not-public",
			On:        on("aws_kinesis_resource_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Kinesis stream policies do not allow everyone",
			Why:       "Any AWS account could read or write records. <https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this stream allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-kinesis-video-own-key",
			Aliases:   same("CKV_AWS_177"),
			On:        on("aws_kinesis_video_stream"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Kinesis video streams are encrypted with your own key",
			Why:       "Video is always encrypted, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/how-kms.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this video stream is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the stream",
		},
	}
}

// directPut holds for a delivery stream without a source stream. A source
// stream determines the encryption; the delivery stream itself must then not be
// encrypted.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kinesis_firehose_delivery_stream#server_side_encryption-1
func directPut() cond {
	return all(not(some("kinesis_source_configuration", always())), not(some("msk_source_configuration", always())))
}

func firehose() []row {
	return []row{
		{
			ID:        "aws-firehose-encrypted",
			Aliases:   same("CKV_AWS_240"),
			Controls:  controls("FSBP DataFirehose.1"),
			On:        on("aws_kinesis_firehose_delivery_stream"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Firehose delivery streams are encrypted",
			Why:       "Records that wait for delivery are not under a key of KMS unless that is asked for. <https://docs.aws.amazon.com/firehose/latest/dev/encryption.html>",
			When:      directPut(),
			Want:      attr("server_side_encryption.enabled").True(),
			Message:   "this delivery stream is not encrypted",
			Fix:       safe(),
		},
		{
			ID:        "aws-firehose-own-key",
			Aliases:   same("CKV_AWS_241"),
			On:        on("aws_kinesis_firehose_delivery_stream"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Firehose delivery streams are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it, and see each use in CloudTrail. <https://docs.aws.amazon.com/firehose/latest/dev/encryption.html>",
			When:      directPut(),
			Want: all(
				attr("server_side_encryption.enabled").True(),
				attr("server_side_encryption.key_type").Equals("CUSTOMER_MANAGED_CMK"),
				ownKey("server_side_encryption.key_arn")),
			Message: "this delivery stream is not encrypted with your own key",
			Close:   "set key_type = \"CUSTOMER_MANAGED_CMK\" and key_arn in server_side_encryption",
		},
	}
}

func kafka() []row {
	return []row{
		{
			ID:        "aws-msk-tls-required",
			Aliases:   wider("CKV_AWS_81", "AWS-0073", "aws-msk-enable-in-transit-encryption"),
			On:        on("aws_msk_cluster"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK brokers require TLS of clients",
			Why:       "A listener in plain text, even next to one with TLS, carries whatever clients send to it. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html>",
			Want:      attr("encryption_info.encryption_in_transit.client_broker").Equals("TLS"),
			Message:   "brokers of this cluster also accept plain text",
			Fix:       unsafe("clients without TLS are refused", providerPages+"msk_cluster#client_broker-1"),
		},
		{
			ID:        "aws-msk-brokers-tls",
			Controls:  controls("FSBP MSK.1"),
			On:        on("aws_msk_cluster"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK brokers use TLS between each other",
			Why:       "Replication between brokers crosses the network, and zones, in plain text. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html>",
			Want:      attr("encryption_info.encryption_in_transit.in_cluster").True(),
			Message:   "brokers of this cluster exchange data in plain text",
			Fix:       unsafe("replaces the cluster", providerPages+"msk_cluster#in_cluster-1"),
		},
		{
			ID:        "aws-msk-own-key",
			Aliases:   same("AWS-0179", "aws-msk-enable-at-rest-encryption"),
			On:        on("aws_msk_cluster"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MSK clusters are encrypted with your own key",
			Why:       "Amazon MQ brokers are always encrypted, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html>",
			Want:      ownKey("encryption_info.encryption_at_rest_kms_key_arn"),
			Message:   "this cluster is not encrypted with your own key",
			Close:     "set encryption_at_rest_kms_key_arn in encryption_info: that replaces the cluster",
		},
		{
			ID:        "aws-msk-logged",
			Aliases:   same("CKV_AWS_80", "AWS-0074", "aws-msk-enable-logging"),
			On:        on("aws_msk_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "MSK brokers deliver their logs",
			Why:       "Logs on the brokers cannot be read: refused clients and failures stay unnoticed. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html>",
			Want: says("a log of the brokers is delivered", anyOf(
				attr("logging_info.broker_logs.cloudwatch_logs.enabled").True(),
				attr("logging_info.broker_logs.s3.enabled").True(),
				attr("logging_info.broker_logs.firehose.enabled").True())),
			Message: "brokers of this cluster deliver no log",
			Close:   "enable cloudwatch_logs, s3 or firehose in broker_logs",
		},
		{
			ID:        "aws-msk-not-public",
			Aliases:   same("CKV_AWS_291"),
			Controls:  controls("FSBP MSK.4"),
			On:        on("aws_msk_cluster"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK brokers have no public address",
			Why:       "With public addresses only security groups and client authentication stand between the topics and everyone. <https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html>",
			Want:      attr("broker_node_group_info.connectivity_info.public_access.type").Equals("DISABLED"),
			Message:   "brokers of this cluster have public addresses",
			Fix:       unsafe("clients outside of the VPC lose their connection", providerPages+"msk_cluster#public_access-1"),
		},
		{
			ID:        "aws-msk-authenticated",
			Controls:  controls("FSBP MSK.6"),
			On:        on("aws_msk_cluster"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK brokers authenticate clients",
			Why:       "Whoever reaches a broker reads, writes and deletes topics. <https://docs.aws.amazon.com/msk/latest/developerguide/kafka_apis_iam.html>",
			Want: says("clients authenticate, and nobody comes in without", all(
				not(attr("client_authentication.unauthenticated").True()),
				anyOf(
					attr("client_authentication.sasl.iam").True(),
					attr("client_authentication.sasl.scram").True(),
					attr("client_authentication.tls.certificate_authority_arns").Present()))),
			Message: "this cluster accepts unauthenticated clients",
			Close:   "enable sasl or tls in client_authentication, and leave unauthenticated out",
		},
		{
			ID:        "aws-msk-monitored",
			On:        on("aws_msk_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MSK clusters are monitored per topic and broker",
			Why:       "Metrics of the cluster or its brokers alone do not tell which topic is flooded or falls behind. <https://docs.aws.amazon.com/msk/latest/developerguide/monitoring.html>",
			Want:      attr("enhanced_monitoring").OneOf("PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
			Message:   "this cluster is not monitored per topic",
			Fix:       safe(),
		},
		{
			ID:        "aws-msk-policy-not-public",
			On:        on("aws_msk_cluster_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK cluster policies do not allow everyone",
			Why:       "Any AWS account could connect to the brokers. <https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this cluster allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-msk-connector-tls",
			Controls:  controls("FSBP MSK.3"),
			On:        on("aws_mskconnect_connector"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "MSK connectors use TLS to Kafka",
			Why:       "Connectors move whole topics, in plain text unless told otherwise. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html>",
			Want:      attr("kafka_cluster_encryption_in_transit.encryption_type").Equals("TLS"),
			Message:   "this connector uses plain text to Kafka",
			Fix:       unsafe("replaces the connector", providerPages+"mskconnect_connector#encryption_type-1"),
		},
		{
			ID:        "aws-msk-connector-logged",
			Controls:  controls("FSBP MSK.5"),
			On:        on("aws_mskconnect_connector"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MSK connectors deliver their logs",
			Why:       "Without a log nobody sees why records stay behind. <https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-logging.html>",
			Want: says("a log of the workers is delivered", anyOf(
				attr("log_delivery.worker_log_delivery.cloudwatch_logs.enabled").True(),
				attr("log_delivery.worker_log_delivery.s3.enabled").True(),
				attr("log_delivery.worker_log_delivery.firehose.enabled").True())),
			Message: "this connector delivers no log",
			Close:   "enable cloudwatch_logs, s3 or firehose in worker_log_delivery: that replaces the connector",
		},
	}
}

func brokers() []row {
	return []row{
		{
			ID:        "aws-mq-not-public",
			Aliases:   same("CKV_AWS_69", "AWS-0072", "aws-mq-no-public-access"),
			On:        on("aws_mq_broker"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers are not publicly accessible",
			Why:       "A public broker and its console have an address on the internet; of RabbitMQ no security group limits it. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html>",
			Want:      attr("publicly_accessible").False(),
			Message:   "this broker has a public address",
			Fix:       unsafe("replaces the broker", providerPages+"mq_broker#publicly_accessible-1"),
		},
		{
			ID:        "aws-mq-own-key",
			Aliases:   same("CKV_AWS_209"),
			On:        on("aws_mq_broker"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers are encrypted with your own key",
			Why:       "Amazon MQ brokers are always encrypted, but unless told otherwise with a key of AWS that none of your policies and logs covers. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/data-protection.html>",
			Want:      all(attr("encryption_options.use_aws_owned_key").False(), ownKey("encryption_options.kms_key_id")),
			Message:   "this broker is not encrypted with your own key",
			Close:     "set use_aws_owned_key = false and kms_key_id in encryption_options: that replaces the broker",
		},
		{
			ID:        "aws-mq-general-logged",
			Aliases:   same("CKV_AWS_48", "AWS-0071", "aws-mq-enable-general-logging"),
			On:        on("aws_mq_broker"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers write a general log",
			Why:       "Failures and refused connections stay unnoticed. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html>",
			Want:      attr("logs.general").True(),
			Message:   "this broker writes no general log",
			Fix:       unsafe("takes a reboot", "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html"),
		},
		{
			ID:        "aws-mq-audit-logged",
			Aliases:   same("CKV_AWS_197", "AWS-0070", "aws-mq-enable-audit-logging"),
			Controls:  controls("FSBP MQ.2"),
			On:        on("aws_mq_broker"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ActiveMQ brokers write an audit log",
			Why:       "Who changed queues and users by the console or JMX cannot be determined afterwards. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html>",
			When:      not(rabbitMQ()),
			Want:      attr("logs.audit").True(),
			Message:   "this broker writes no audit log",
			Fix:       unsafe("takes a reboot", "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html"),
		},
		{
			ID:        "aws-mq-minor-upgrades",
			Aliases:   same("CKV_AWS_207"),
			Controls:  controls("FSBP MQ.3"),
			On:        on("aws_mq_broker"),
			Layer:     platformAndApplication,
			Objective: patchSystems,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers take minor upgrades",
			Why:       "Patches bring security fixes; without automatic upgrades somebody has to install them. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/upgrading-brokers.html>",
			Want:      attr("auto_minor_version_upgrade").True(),
			Message:   "this broker does not take minor upgrades",
			Fix:       safe(),
		},
		{
			ID:        "aws-mq-version-supported",
			Aliases:   narrower("CKV_AWS_208"),
			On:        on("aws_mq_broker", "aws_mq_configuration"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers run a version in support",
			Why:       "A version that is out of support has no fixes, until AWS upgrades it at a time of its own. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-version-management.html>",
			Want:      supported("engine_version", brokerVersions),
			Message:   "support of this version has ended",
			Close:     "set engine_version to one in support",
		},
		{
			ID:        "aws-mq-stands-by",
			On:        on("aws_mq_broker"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Amazon MQ brokers survive the failure of a zone",
			Why:       "A single broker is down while its host or its zone is. <https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-broker-architecture.html>",
			Want:      attr("deployment_mode").Matches("*_MULTI_AZ"),
			Message:   "this broker is a single instance",
			Close:     "set deployment_mode to ACTIVE_STANDBY_MULTI_AZ (ActiveMQ) or CLUSTER_MULTI_AZ (RabbitMQ): that replaces the broker",
		},
	}
}

// rabbitMQ has no audit log; the case of the name does not matter.
func rabbitMQ() cond { return attr("engine_type").OneOf("RabbitMQ", "RABBITMQ", "rabbitmq") }

// brokerVersions are the last days of support on Amazon MQ. The version numbers
// of ActiveMQ and RabbitMQ do not overlap.
//
// https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-version-management.html
// https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
func brokerVersions() []ending {
	return []ending{
		{onDay(2024, 9, 16), []string{"5.15", "5.15.*"}},
		{onDay(2024, 11, 15), []string{"5.16", "5.16.*"}},
		{onDay(2025, 6, 16), []string{"5.17", "5.17.*"}},
		{onDay(2024, 9, 16), []string{"3.8", "3.8.*", "3.9", "3.9.*"}},
		{onDay(2024, 10, 15), []string{"3.10", "3.10.*"}},
		{onDay(2025, 2, 17), []string{"3.11", "3.11.*"}},
		{onDay(2025, 3, 17), []string{"3.12", "3.12.*"}},
	}
}

// streamsDefaults are AWS's values for unset attributes.
func streamsDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_kinesis_stream", Path: "retention_period", Value: isNumber(24), Source: providerPages + "kinesis_stream#retention_period-1"},
		{Type: "aws_msk_cluster", Path: "encryption_info.encryption_in_transit.in_cluster", Value: isTrue, Source: providerPages + "msk_cluster#in_cluster-1"},
		{Type: "aws_msk_cluster", Path: "encryption_info.encryption_in_transit.client_broker", Value: isString("TLS"), Source: providerPages + "msk_cluster#client_broker-1"},
		{Type: "aws_msk_cluster", Path: "encryption_info.encryption_at_rest_kms_key_arn", Value: isNothing, Source: providerPages + "msk_cluster#encryption_at_rest_kms_key_arn-1"},
		{Type: "aws_msk_cluster", Path: "broker_node_group_info.connectivity_info.public_access.type", Value: isString("DISABLED"), Source: providerPages + "msk_cluster#public_access-1"},
		{Type: "aws_mq_broker", Path: "publicly_accessible", Value: isFalse, Source: providerPages + "mq_broker#publicly_accessible-1"},
		{Type: "aws_mq_broker", Path: "logs.audit", Value: isFalse, Source: providerPages + "mq_broker#audit-1"},
	}
}
