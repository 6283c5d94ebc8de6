package checks

import "github.com/demarc/demarc/analyzer"

const configRecorder = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/config_configuration_recorder#recording_group-block"

func config() []row {
	return []row{
		{
			ID:        "aws-config-recorder-all",
			Aliases:   same("CKV2_AWS_48"),
			Controls:  controls("FSBP Config.1"),
			On:        on("aws_config_configuration_recorder"),
			Layer:     loggingAndMonitoring,
			Objective: recordConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AWS Config records every resource type, including global ones",
			Why:       "Resources that are not recorded cannot be checked by rules, nor compared with their state before an incident; global resources such as those of IAM are left out by default. <https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html>",
			Want: says("every type of resource is recorded", anyOf(
				all(attr("recording_group.all_supported").True(), attr("recording_group.include_global_resource_types").True()),
				some("recording_group.recording_strategy", attr("use_only").Equals("ALL_SUPPORTED_RESOURCE_TYPES")))),
			Message: "this recorder leaves out resource types",
			Close:   "set all_supported and include_global_resource_types to true, without lists of types",
		},
		{
			ID:        "aws-config-recorder-enabled",
			Aliases:   same("CKV2_AWS_45"),
			Controls:  controls("FSBP Config.1", "CIS AWS 5.0 3.3"),
			On:        on("aws_config_configuration_recorder_status"),
			Layer:     loggingAndMonitoring,
			Objective: recordConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The AWS Config recorder is switched on for every resource type",
			Why:       "A recorder that is stopped, or records some types only, leaves permanent gaps in the history. <https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html>",
			Want:      all(attr("is_enabled").True(), target("name", "aws_config_configuration_recorder", attr("recording_group.all_supported").True())),
			Message:   "this recorder is off, or leaves out resource types",
			Close:     "set is_enabled to true, and all_supported in the recorder",
		},
		{
			ID:        "aws-config-recorder-started",
			Controls:  controls("FSBP Config.1", "CIS AWS 5.0 3.3"),
			On:        on("aws_config_configuration_recorder"),
			Layer:     loggingAndMonitoring,
			Objective: recordConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The AWS Config recorder is started",
			Why:       "The provider creates recorders that do not run; an aws_config_configuration_recorder_status starts them. <https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html>",
			Want:      related("aws_config_configuration_recorder_status", "name", nil),
			Message:   "nothing starts this recorder",
			Close:     "add an aws_config_configuration_recorder_status with is_enabled",
		},
		{
			ID:        "aws-config-aggregator-all-regions",
			Aliases:   same("CKV_AWS_121", "AWS-0019", "aws-config-aggregate-all-regions"),
			On:        on("aws_config_configuration_aggregator"),
			Layer:     loggingAndMonitoring,
			Objective: recordConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AWS Config aggregators collect from every Region",
			Why:       "Nobody sees what is created in a Region that is left out or that AWS opens later. <https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html>",
			Want: says("all_regions is true", anyOf(
				attr("account_aggregation_source.all_regions").True(),
				attr("organization_aggregation_source.all_regions").True())),
			Message: "this aggregator does not collect from every Region",
			Close:   "set all_regions to true in place of regions",
		},
		{
			ID:        "aws-config-delivery-encrypted",
			On:        on("aws_config_delivery_channel"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AWS Config snapshots are delivered encrypted with your own key",
			Why:       "The configuration history shows where an account is weak; with your own key, reading it needs permission for the key too. <https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html>",
			Want:      attr("s3_kms_key_arn").Present(),
			Message:   "snapshots of this delivery channel are not encrypted with your own key",
			Close:     "set s3_kms_key_arn",
		},
		{
			ID:        "aws-account-config-recorder",
			Controls:  controls("FSBP Config.1", "CIS AWS 5.0 3.3"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     loggingAndMonitoring,
			Objective: recordConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AWS Config records changes in every Region",
			Why:       "Without a recorder nobody can say how a resource was configured yesterday, or who changed it. <https://docs.aws.amazon.com/config/latest/developerguide/WhatIsConfig.html>",
			Want:      exists("aws_config_configuration_recorder_status", attr("is_enabled").True(), "config-enabled"),
			Message:   "the recorder here is switched off",
			Close:     "start a recorder, or state the fact config-enabled with its evidence",
		},
	}
}

// configDefaults are AWS's values for unset attributes.
func configDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_config_configuration_recorder", Path: "recording_group.all_supported", Value: isTrue, Source: configRecorder},
		{Type: "aws_config_configuration_recorder", Path: "recording_group.include_global_resource_types", Value: isFalse, Source: configRecorder},
	}
}
