package checks

import "github.com/demarc/demarc/analyzer"

// s3Operations lists data retention and logging.
func s3Operations() []row {
	return []row{
		{
			ID:        "aws-s3-versioning",
			Aliases:   same("CKV_AWS_21", "AWS-0090", "aws-s3-enable-versioning"),
			On:        on("aws_s3_bucket"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "S3 buckets keep versions of objects",
			Why:       "Without versions an object that is overwritten or deleted, by mistake or by an attacker, is gone. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html>",
			Want: says("versioning of the bucket is enabled", anyOf(
				related("aws_s3_bucket_versioning", "bucket", attr("versioning_configuration.status").Equals("Enabled")),
				attr("versioning.enabled").True(),
			)),
			Message: "this bucket keeps no versions of objects",
			Close:   `add an aws_s3_bucket_versioning with status = "Enabled"`,
		},
		{
			ID:        "aws-s3-mfa-delete",
			Aliases:   same("AWS-0170", "aws-s3-require-mfa-delete"),
			Controls:  controls("CIS AWS 5.0 2.1.2", "CIS AWS 3.0 2.1.2"),
			On:        on("aws_s3_bucket"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 object versions are deleted only with MFA",
			Why:       "Who has stolen a key can otherwise delete every version for good. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html>",
			Want: says("MFA delete of the bucket is enabled", anyOf(
				related("aws_s3_bucket_versioning", "bucket", attr("versioning_configuration.mfa_delete").Equals("Enabled")),
				attr("versioning.mfa_delete").True(),
			)),
			Message: "versions of objects in this bucket can be deleted without MFA",
			Close:   `set mfa_delete = "Enabled" in its aws_s3_bucket_versioning; only the root user can apply that`,
		},
		{
			ID:        "aws-s3-access-logging",
			Aliases:   same("CKV_AWS_18", "AWS-0089", "aws-s3-enable-bucket-logging"),
			Controls:  controls("FSBP S3.9"),
			On:        on("aws_s3_bucket"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "S3 bucket access is logged",
			Why:       "After an incident nobody can determine which objects were read. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html>",
			When:      noLogTarget(), // logging the bucket that takes the logs makes logs of logs
			Want: says("an aws_s3_bucket_logging is for this bucket", anyOf(
				related("aws_s3_bucket_logging", "bucket", attr("target_bucket").Present()),
				attr("logging.target_bucket").Present(),
			)),
			Message: "access to this bucket is not logged",
			Close:   "add an aws_s3_bucket_logging",
		},
		{
			ID:        "aws-s3-lifecycle",
			Aliases:   same("CKV2_AWS_61"),
			Controls:  controls("FSBP S3.13"),
			On:        on("aws_s3_bucket"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets have lifecycle rules",
			Why:       "Data that nobody needs any more stays, costs, and can still leak. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html>",
			Want: says("a lifecycle rule of the bucket is enabled", anyOf(
				related("aws_s3_bucket_lifecycle_configuration", "bucket", some("rule", not(attr("status").Equals("Disabled")))),
				some("lifecycle_rule", not(attr("enabled").False())),
			)),
			Message: "no lifecycle rule says how long this bucket keeps objects",
			Close:   "add an aws_s3_bucket_lifecycle_configuration",
		},
		{
			ID:        "aws-s3-incomplete-uploads-aborted",
			Aliases:   same("CKV_AWS_300"),
			On:        on("aws_s3_bucket_lifecycle_configuration"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 lifecycle rules abort incomplete uploads",
			Why:       "The parts of an upload that failed are not listed as objects, but are kept and paid for until it is aborted. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html>",
			Want: says("an enabled rule aborts incomplete uploads in the whole bucket", some("rule", all(
				not(attr("status").Equals("Disabled")),
				attr("abort_incomplete_multipart_upload.days_after_initiation").AtLeast(1),
				not(attr("prefix").Present()),
				not(attr("filter.prefix").Present()),
				not(attr("filter.tag").Present()),
				not(attr("filter.and").Present()),
			))),
			Message: "no rule aborts incomplete uploads in the whole bucket",
			Close:   "add a rule with an empty filter and abort_incomplete_multipart_upload",
		},
		{
			ID:        "aws-s3-replication",
			Aliases:   wider("CKV_AWS_144"), // of replicas too
			On:        on("aws_s3_bucket"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets are replicated",
			Why:       "A copy in another Region or account survives the loss of the first. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html>",
			When: says("the bucket is not itself a replica", all( // a copy needs no copy
				unrelated("aws_s3_bucket_replication_configuration", "rule.destination.bucket", nil),
				unrelated("aws_s3_bucket", "replication_configuration.rules.destination.bucket", nil),
			)),
			Want: says("a replication rule of the bucket is enabled", anyOf(
				related("aws_s3_bucket_replication_configuration", "bucket", some("rule", attr("status").Equals("Enabled"))),
				some("replication_configuration.rules", attr("status").Equals("Enabled")),
			)),
			Message: "this bucket is not replicated",
			Close:   "add an aws_s3_bucket_replication_configuration",
		},
		{
			ID:        "aws-s3-object-lock",
			Aliases:   same("CKV_AWS_143"),
			On:        on("aws_s3_bucket"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets have Object Lock",
			Why:       "Objects that are locked cannot be overwritten or deleted until the time is over, by ransomware neither. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>",
			Want: says("Object Lock of the bucket is enabled", anyOf(
				related("aws_s3_bucket_object_lock_configuration", "bucket", attr("object_lock_enabled").Equals("Enabled")),
				attr("object_lock_enabled").True(),
				attr("object_lock_configuration.object_lock_enabled").Equals("Enabled"),
			)),
			Message: "this bucket has no Object Lock",
			Close:   "set object_lock_enabled = true when the bucket is made, or add an aws_s3_bucket_object_lock_configuration",
		},
		{
			ID:        "aws-s3-event-notifications",
			Aliases:   same("CKV2_AWS_62"),
			On:        on("aws_s3_bucket"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets send event notifications",
			Why:       "What nobody is told of, such as an object deleted, is noticed late. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html>",
			Want: says("an aws_s3_bucket_notification is for this bucket", related("aws_s3_bucket_notification", "bucket", anyOf(
				attr("eventbridge").True(), some("queue", all()), some("topic", all()), some("lambda_function", all()),
			))),
			Message: "this bucket sends no event notifications",
			Close:   "add an aws_s3_bucket_notification",
		},
	}
}

// --- conditions

// noLogTarget holds where the bucket is no target for other buckets' server
// access logs.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
func noLogTarget() cond {
	return says("the bucket takes no access logs", all(
		not(attr("acl").Equals("log-delivery-write")),
		unrelated("aws_s3_bucket_acl", "bucket", attr("acl").Equals("log-delivery-write")),
		noLogsOfOthers(),
		unrelated("aws_s3_bucket", "logging.target_bucket", nil),
	))
}

// noLogsOfOthers ignores the bucket's own logging: its target, as long as it is
// unknown, is another bucket.
func noLogsOfOthers() cond {
	const typ = "aws_s3_bucket_logging"
	return analyzer.Func{
		Says:  "no " + typ + " names it as the target",
		Reads: append(analyzer.ReadsOf(related(typ, "target_bucket", nil)), analyzer.ReadsOf(related(typ, "bucket", nil))...),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			own := map[*analyzer.Resource]bool{}
			for _, l := range v.Companions(typ, "bucket") {
				own[l.Resource] = own[l.Resource] || !l.Possible
			}
			out := v.Pass(v.Here())
			for _, l := range v.Companions(typ, "target_bucket") {
				if own[l.Resource] {
					continue
				}
				by := v.Of(l.By)
				if !l.Possible {
					return by.Fail(by.Attr("target_bucket"))
				}
				out = by.Unknown(by.Attr("target_bucket"))
			}
			return out
		},
	}
}
