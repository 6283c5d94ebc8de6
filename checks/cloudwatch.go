package checks

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

func cloudwatch() []row {
	return append(cloudwatchLogs(), cloudwatchAlarms()...)
}

func cloudwatchLogs() []row {
	return []row{
		{
			ID:        "aws-cloudwatch-log-group-retention",
			Aliases:   same("CKV_AWS_66"),
			On:        on("aws_cloudwatch_log_group"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudWatch log groups set how long they keep events",
			Why:       "Without a retention period logs stay forever: they cost money and may hold personal data that should be deleted. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>",
			Want:      all(attr("retention_in_days").Present(), not(attr("retention_in_days").Equals(0))), // 0 is for ever
			Message:   "this log group keeps events forever",
			Close:     "set retention_in_days to as long as the events are needed",
		},
		{
			ID:        "aws-cloudwatch-log-group-one-year",
			Aliases:   wider("CKV_AWS_338"),
			On:        on("aws_cloudwatch_log_group"),
			Layer:     customerData,
			Objective: protectLogs,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudWatch log groups keep events for at least a year",
			Why:       "Break-ins are often found months later; then the events must still be there. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>",
			Want:      anyOf(attr("retention_in_days").AtLeast(365), attr("retention_in_days").Equals(0), unset("retention_in_days")), // kept for ever
			Message:   "this log group keeps events for less than a year",
			Fix:       safe(),
		},
		{
			ID:        "aws-cloudwatch-log-group-cmk",
			Aliases:   same("CKV_AWS_158", "AWS-0017", "aws-cloudwatch-log-group-customer-key"),
			On:        on("aws_cloudwatch_log_group"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudWatch log groups are encrypted with your own key",
			Why:       "CloudWatch Logs encrypts every group; with your own key, reading needs permission for the key too, and disabling the key ends it. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html>",
			Want:      attr("kms_key_id").Present(),
			Message:   "this log group is not encrypted with your own key",
			Close:     "set kms_key_id",
		},
	}
}

func cloudwatchAlarms() []row {
	rows := []row{
		{
			ID:        "aws-cloudwatch-alarm-actions-enabled",
			Aliases:   same("CKV_AWS_319"),
			On:        on("aws_cloudwatch_metric_alarm"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudWatch alarm actions are enabled",
			Why:       "An alarm whose actions are disabled changes its state and tells nobody. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html>",
			Want:      not(attr("actions_enabled").False()), // default true
			Message:   "actions of this alarm are disabled",
			Fix:       safe(),
		},
		{
			ID:        "aws-cloudwatch-alarm-has-action",
			On:        on("aws_cloudwatch_metric_alarm"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudWatch alarms have an action",
			Why:       "An alarm without an action is seen only by people who look at the console. <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html>",
			Want:      attr("alarm_actions").Present(),
			Message:   "this alarm has no action",
			Close:     "set alarm_actions, for example to an SNS topic",
		},
	}
	for _, a := range trailAlarms() {
		rows = append(rows, a.row())
	}
	return rows
}

// A trailAlarm is an event that must raise an alarm according to the CIS
// benchmark.
type trailAlarm struct {
	id, cis, trivy string
	title          string
	why            string
	words          []string // required words of its filter pattern
}

// trailAlarms are the alarms of the benchmark. The alarms that show an attack
// most directly come first.
//
// https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
func trailAlarms() []trailAlarm {
	return []trailAlarm{
		{"root-use", "4.3", "AWS-0149", "Use of the root user raises an alarm",
			"Nobody should need the root user; whoever uses it may do everything.", []string{"userIdentity.type", "Root"}},
		{"unauthorized-calls", "4.1", "AWS-0147", "Unauthorized calls raise an alarm",
			"A stolen key shows itself by what it tries and may not do.", []string{"UnauthorizedOperation", "AccessDenied"}},
		{"sign-in-without-mfa", "4.2", "AWS-0148", "Sign-in to the console without MFA raises an alarm",
			"A password alone is how most accounts are lost.", []string{"ConsoleLogin", "MFAUsed"}},
		{"iam-changes", "4.4", "AWS-0150", "Changes to IAM policies raise an alarm",
			"An intruder who wants to stay gives itself permissions.", []string{"PutRolePolicy", "AttachRolePolicy"}},
		{"trail-changes", "4.5", "AWS-0151", "Changes to CloudTrail raise an alarm",
			"Switching the log off is how an intruder hides.", []string{"UpdateTrail", "StopLogging"}},
		{"sign-in-failures", "4.6", "AWS-0152", "Failed sign-in to the console raises an alarm",
			"Many failures in a row are somebody who guesses passwords.", []string{"ConsoleLogin", "Failed authentication"}},
		{"key-removal", "4.7", "AWS-0153", "Disabling or deletion of KMS keys raises an alarm",
			"Data whose key is gone cannot be read any more, and an intruder may hold it to ransom.", []string{"DisableKey", "ScheduleKeyDeletion"}},
		{"bucket-policy-changes", "4.8", "AWS-0154", "Changes to bucket policies raise an alarm",
			"One call opens a bucket to the world.", []string{"PutBucketPolicy", "DeleteBucketPolicy"}},
		{"config-changes", "4.9", "AWS-0155", "Changes to AWS Config raise an alarm",
			"Stopping the recorder hides what is changed afterwards.", []string{"StopConfigurationRecorder", "PutConfigurationRecorder"}},
		{"security-group-changes", "4.10", "AWS-0156", "Changes to security groups raise an alarm",
			"A new rule can open a port to the internet within seconds.", []string{"AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"}},
		{"network-acl-changes", "4.11", "AWS-0157", "Changes to network ACLs raise an alarm",
			"An entry can admit whom the list kept out.", []string{"CreateNetworkAcl", "ReplaceNetworkAclEntry"}},
		{"gateway-changes", "4.12", "AWS-0158", "Changes to network gateways raise an alarm",
			"A gateway gives a private network a way to the internet.", []string{"AttachInternetGateway", "CreateCustomerGateway"}},
		{"route-changes", "4.13", "AWS-0159", "Changes to route tables raise an alarm",
			"A route can lead traffic past what watches it.", []string{"CreateRoute", "ReplaceRoute"}},
		{"vpc-changes", "4.14", "AWS-0160", "Changes to VPCs raise an alarm",
			"A peering or a new VPC joins networks that were apart.", []string{"CreateVpc", "DeleteVpc"}},
		{"organization-changes", "4.15", "AWS-0174", "Changes to the organization raise an alarm",
			"An account that leaves the organization leaves its policies and its trail behind.", []string{"organizations.amazonaws.com", "LeaveOrganization"}},
	}
}

func (a trailAlarm) row() row {
	return row{
		ID:        "aws-account-alarm-" + a.id,
		Aliases:   same(a.trivy),
		Controls:  controls(analyzer.Control("CIS AWS 5.0 " + a.cis)),
		On:        on("provider.aws"),
		Scope:     analyzer.AccountScope,
		Layer:     loggingAndMonitoring,
		Objective: monitor,
		Severity:  low,
		Since:     "0.1.0",
		Title:     a.title,
		Why:       a.why + " <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html>",
		Want:      a.raised(),
		Message:   "this metric filter raises no alarm",
		Close:     "add an aws_cloudwatch_metric_alarm for its metric, or state the fact alarm-" + a.id + " with its evidence",
	}
}

// raised holds where a metric filter has the words and an alarm watches its
// metric. Where no filter has them, the verdict is unknown: another
// configuration may have it.
func (a trailAlarm) raised() cond {
	return analyzer.Func{
		Says: "a metric filter with " + strings.Join(a.words, " and ") + " has an alarm",
		Reads: []analyzer.Read{
			{Type: "aws_cloudwatch_log_metric_filter", Path: analyzer.ParsePath("pattern"), Want: analyzer.StringKind},
			{Type: "aws_cloudwatch_log_metric_filter", Path: analyzer.ParsePath("metric_transformation.name"), Want: analyzer.StringKind},
			{Type: "aws_cloudwatch_metric_alarm", Path: analyzer.ParsePath("metric_name"), Want: analyzer.StringKind},
		},
		Judge: a.judge,
	}
}

func (a trailAlarm) judge(v *analyzer.View) analyzer.Outcome {
	here := v.Here()
	if here.Fact = v.Fact("alarm-" + a.id); here.Fact != nil {
		return v.Pass(here)
	}
	out, found := analyzer.Outcome{}, false
	for _, r := range v.All("aws_cloudwatch_log_metric_filter") {
		if r.Provider.Config != v.Resource().Provider.Config {
			continue
		}
		o := a.judgeFilter(v.Of(r))
		if o.Verdict == analyzer.Unknown || o.Witnesses != nil {
			if !found || o.Verdict > out.Verdict {
				out, found = o, true
			}
		}
	}
	if found {
		return out
	}
	return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseAccount, Name: "no aws_cloudwatch_log_metric_filter for it in this configuration"})
}

// judgeFilter judges one metric filter; an outcome without witnesses means that
// the filter is for other events.
func (a trailAlarm) judgeFilter(filter *analyzer.View) analyzer.Outcome {
	pattern := filter.Attr("pattern")
	if !pattern.Value.IsKnown() {
		return filter.Unknown(pattern)
	}
	text := plainText(pattern.Value)
	for _, word := range a.words {
		if !strings.Contains(text, word) {
			return analyzer.Outcome{Verdict: analyzer.Fail}
		}
	}
	name := filter.Attr("metric_transformation.name")
	if !name.Value.IsKnown() || name.Value.IsNull() {
		return filter.Unknown(name)
	}
	best := filter.Fail(pattern)
	for _, r := range filter.All("aws_cloudwatch_metric_alarm") {
		if o := filter.Of(r).Judge(attr("metric_name").Equals(plainText(name.Value))); o.Verdict > best.Verdict {
			best = o
		}
	}
	return best
}

// cloudwatchDefaults are AWS's values for unset attributes.
func cloudwatchDefaults() []analyzer.Default { return nil }
