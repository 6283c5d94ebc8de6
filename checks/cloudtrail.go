package checks

import (
	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func cloudtrail() []row {
	return []row{
		{
			ID:        "aws-cloudtrail-multi-region",
			Aliases:   same("CKV_AWS_67", "AWS-0014", "aws-cloudtrail-enable-all-regions"),
			Controls:  controls("FSBP CloudTrail.1", "CIS AWS 5.0 3.1"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudTrail trails record every Region",
			Why:       "A trail for one Region misses what an attacker does in a Region that you do not use. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html>",
			Want:      attr("is_multi_region_trail").True(),
			Message:   "this trail records one Region only",
			Fix:       safe(),
		},
		{
			ID:        "aws-cloudtrail-log-validation",
			Aliases:   same("CKV_AWS_36", "AWS-0016", "aws-cloudtrail-enable-log-validation"),
			Controls:  controls("FSBP CloudTrail.4", "CIS AWS 5.0 3.2"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: protectLogs,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudTrail log files are signed",
			Why:       "Without digest files nobody can show that a log file was not changed or deleted after it was delivered. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html>",
			Want:      attr("enable_log_file_validation").True(),
			Message:   "log files of this trail are not signed",
			Fix:       safe(),
		},
		{
			ID:        "aws-cloudtrail-cmk",
			Aliases:   same("CKV_AWS_35", "AWS-0015", "aws-cloudtrail-enable-at-rest-encryption", "aws-cloudtrail-encryption-customer-managed-key"),
			Controls:  controls("FSBP CloudTrail.2", "CIS AWS 5.0 3.5"),
			On:        on("aws_cloudtrail"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudTrail log files are encrypted with your own key",
			Why:       "Reading the log then needs permission for the key too, and each use of the key is recorded. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html>",
			Want:      attr("kms_key_id").Present(),
			Message:   "log files of this trail are not encrypted with your own key",
			Close:     "set kms_key_id",
		},
		{
			ID:        "aws-cloudtrail-cloudwatch",
			Aliases:   same("CKV2_AWS_10", "AWS-0162", "aws-cloudtrail-ensure-cloudwatch-integration"),
			Controls:  controls("FSBP CloudTrail.5"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudTrail trails send their events to CloudWatch Logs",
			Why:       "Files in a bucket are read after the fact; metric filters and alarms need the events in CloudWatch Logs. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html>",
			Want:      attr("cloud_watch_logs_group_arn").Present(),
			Message:   "events of this trail are not sent to CloudWatch Logs",
			Close:     "set cloud_watch_logs_group_arn and cloud_watch_logs_role_arn",
		},
		{
			ID:        "aws-cloudtrail-logging",
			Aliases:   same("CKV_AWS_251"),
			Controls:  controls("FSBP CloudTrail.1"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CloudTrail trails are switched on",
			Why:       "Attackers switch a trail off to hide what they do. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html>",
			Want:      not(attr("enable_logging").False()), // default true
			Message:   "this trail is switched off",
			Fix:       safe(),
		},
		{
			ID:        "aws-cloudtrail-notifies",
			Aliases:   same("CKV_AWS_252"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudTrail trails send notifications of new log files",
			Why:       "A topic tells the tools that read the logs when there is a new file, and that the files still come. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html>",
			Want:      attr("sns_topic_name").Present(),
			Message:   "this trail sends no notifications of new log files",
			Close:     "set sns_topic_name",
		},
		{
			ID:        "aws-cloudtrail-bucket-logged",
			Aliases:   same("AWS-0163", "aws-cloudtrail-require-bucket-access-logging"),
			Controls:  controls("CIS AWS 5.0 3.4"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: protectLogs,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Access to the CloudTrail bucket is logged",
			Why:       "The access log shows who read, changed or removed the log of everything else. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html>",
			Want: target("s3_bucket_name", "aws_s3_bucket", anyOf(
				related("aws_s3_bucket_logging", "bucket", nil), some("logging", attr("target_bucket").Present()))),
			Message: "access to the bucket of this trail is not logged",
			Close:   "add an aws_s3_bucket_logging for the bucket",
		},
		{
			ID:        "aws-cloudtrail-bucket-private",
			Aliases:   same("AWS-0161", "aws-cloudtrail-no-public-log-access"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: protectLogs,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "The CloudTrail bucket is not public",
			Why:       "The log of an account shows its users, roles, addresses and habits to strangers. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html>",
			Want: target("s3_bucket_name", "aws_s3_bucket", all(
				not(attr("acl").OneOf(openACLs...)), none("grant", attr("uri").Matches(openGroups...)),
				unrelated("aws_s3_bucket_acl", "bucket", anyOf(attr("acl").OneOf(openACLs...),
					some("access_control_policy.grant", attr("grantee.uri").Matches(openGroups...)))),
				unrelated("aws_s3_bucket_policy", "bucket", not(policy.Cond("no statement allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"))))),
			Message: "the bucket of this trail is public",
			Close:   "make the bucket private, and block public access to it",
		},
		{
			ID:        "aws-cloudtrail-s3-data-events",
			Controls:  controls("CIS AWS 5.0 3.8", "CIS AWS 5.0 3.9"),
			On:        on("aws_cloudtrail"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudTrail trails record who reads and writes S3 objects",
			Why:       "By default a trail records operations on buckets, not on the objects in them. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>",
			Want: anyOf(
				some("event_selector", some("data_resource", attr("type").Equals("AWS::S3::Object"))),
				some("advanced_event_selector", some("field_selector", all(attr("field").Equals("resources.type"), attr("equals").Contains("AWS::S3::Object"))))),
			Message: "this trail does not record who reads and writes objects",
			Close:   "add an event_selector with a data_resource of type AWS::S3::Object",
		},
		{
			ID:        "aws-cloudtrail-event-store-cmk",
			Aliases:   same("CKV_AWS_294"),
			On:        on("aws_cloudtrail_event_data_store"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudTrail event data stores are encrypted with your own key",
			Why:       "CloudTrail encrypts the store with its own key; with yours, reading events needs permission for the key too. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html>",
			Want:      attr("kms_key_id").Present(),
			Message:   "this event data store is not encrypted with your own key",
			Close:     "set kms_key_id; it cannot be changed afterwards",
		},
		{
			ID:        "aws-account-trail",
			Controls:  controls("FSBP CloudTrail.1", "CIS AWS 5.0 3.1"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "A CloudTrail trail records every Region of the account",
			Why:       "Without a trail CloudTrail keeps management events for 90 days only. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html>",
			Want:      exists("aws_cloudtrail", all(attr("is_multi_region_trail").True(), not(attr("enable_logging").False())), "cloudtrail-enabled"),
			Message:   "no trail here records every Region",
			Close:     "add an aws_cloudtrail with is_multi_region_trail, or state the fact cloudtrail-enabled with its evidence",
		},
	}
}

// openACLs are the canned ACLs that allow access from outside the owner's
// account.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
var openACLs = []any{"public-read", "public-read-write", "authenticated-read", "website"}

// openGroups are the grantees that include more than one account.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups
var openGroups = []string{"*/global/AllUsers", "*/global/AuthenticatedUsers"}

// cloudtrailDefaults are AWS's values for unset attributes.
func cloudtrailDefaults() []analyzer.Default { return nil }
