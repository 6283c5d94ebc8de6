package checks

import "github.com/demarc/demarc/analyzer"

func guardduty() []row {
	return []row{
		{
			ID:        "aws-guardduty-enabled",
			Aliases:   join(same("CKV_AWS_238"), wider("CKV2_AWS_3")),
			Controls:  controls("FSBP GuardDuty.1"),
			On:        on("aws_guardduty_detector"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "GuardDuty detectors are switched on",
			Why:       "A detector that is suspended reads no logs and finds nothing. <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html>",
			Want:      not(attr("enable").False()), // default true
			Message:   "this detector is switched off",
			Fix:       safe(),
		},
		{
			ID:        "aws-guardduty-organization-members",
			Aliases:   wider("CKV2_AWS_3"),
			On:        on("aws_guardduty_organization_configuration"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "GuardDuty is enabled automatically for organization accounts",
			Why:       "With NONE each new account is unwatched until somebody remembers it. <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html>",
			Want:      attr("auto_enable_organization_members").OneOf("ALL", "NEW"),
			Message:   "accounts of the organization do not get GuardDuty automatically",
			Fix:       safe(),
		},
		{
			ID:        "aws-guardduty-s3-protection",
			Controls:  controls("FSBP GuardDuty.10"),
			On:        on("aws_guardduty_detector"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "GuardDuty watches who reads and writes S3 objects",
			Why:       "Without S3 Protection it sees what is done to buckets, not that their objects are carried off. <https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html>",
			Want:      protectionOn("S3_DATA_EVENTS", "datasources.s3_logs.enable"),
			Message:   "this detector does not watch S3 objects",
			Close:     "set the status of the feature S3_DATA_EVENTS to ENABLED",
		},
		{
			ID:        "aws-guardduty-eks-protection",
			Controls:  controls("FSBP GuardDuty.5"),
			On:        on("aws_guardduty_detector"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "GuardDuty watches EKS audit logs",
			Why:       "Without EKS Protection nobody notices what an intruder does with the Kubernetes API. <https://docs.aws.amazon.com/guardduty/latest/ug/kubernetes-protection.html>",
			Want:      protectionOn("EKS_AUDIT_LOGS", "datasources.kubernetes.audit_logs.enable"),
			Message:   "this detector does not watch EKS audit logs",
			Close:     "set the status of the feature EKS_AUDIT_LOGS to ENABLED",
		},
		{
			ID:        "aws-guardduty-malware-protection",
			Controls:  controls("FSBP GuardDuty.8"),
			On:        on("aws_guardduty_detector"),
			Layer:     loggingAndMonitoring,
			Objective: stopMalware,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "GuardDuty looks for malware on volumes of suspicious instances",
			Why:       "Malware Protection scans the volumes of an instance as soon as it behaves as if it were infected. <https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection.html>",
			Want:      protectionOn("EBS_MALWARE_PROTECTION", "datasources.malware_protection.scan_ec2_instance_with_findings.ebs_volumes.enable"),
			Message:   "this detector does not look for malware on volumes",
			Close:     "set the status of the feature EBS_MALWARE_PROTECTION to ENABLED",
		},
		{
			ID:        "aws-guardduty-runtime-monitoring",
			On:        on("aws_guardduty_detector"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "GuardDuty watches what runs on instances and in containers",
			Why:       "Runtime Monitoring sees processes, files and connections that no log of AWS has; it is off until it is switched on. <https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html>",
			When:      not(attr("enable").False()),
			Want: related("aws_guardduty_detector_feature", "detector_id",
				all(attr("name").OneOf("RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"), attr("status").Equals("ENABLED"))),
			Message: "this detector does not watch what runs on instances and in containers",
			Close:   "add an aws_guardduty_detector_feature RUNTIME_MONITORING with the status ENABLED",
		},
		{
			ID:        "aws-account-guardduty",
			Controls:  controls("FSBP GuardDuty.1"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "GuardDuty watches every region of the account",
			Why:       "GuardDuty finds stolen keys, miners and scans in logs that nobody reads otherwise, region by region. <https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html>",
			Want:      exists("aws_guardduty_detector", not(attr("enable").False()), "guardduty-enabled"),
			Message:   "the detector here is switched off",
			Close:     "switch a detector on, or state the fact guardduty-enabled with its evidence",
		},
	}
}

// protectionOn holds where nothing disables a protection. GuardDuty enables all
// of them by default except Runtime Monitoring.
//
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
func protectionOn(feature, datasource string) cond {
	return all(
		not(attr(datasource).False()),
		unrelated("aws_guardduty_detector_feature", "detector_id", all(attr("name").Equals(feature), attr("status").Equals("DISABLED"))))
}

// guarddutyDefaults are AWS's values for unset attributes.
func guarddutyDefaults() []analyzer.Default { return nil }
