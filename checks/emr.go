package checks

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

const emrPage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/emr_cluster"

func emr() []row { return append(emrClusters(), emrSecurityConfigurations()...) }

func emrClusters() []row {
	return []row{
		{
			ID:        "aws-emr-security-configured",
			Aliases:   same("CKV2_AWS_55"),
			On:        on("aws_emr_cluster"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EMR clusters have a security configuration",
			Why:       "Encryption of local disks and between nodes, authentication and authorization are all in the security configuration: without one there is none. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-specify-security-configuration.html>",
			Want:      attr("security_configuration").Present(),
			Message:   "this cluster has no security configuration",
			Close:     "set security_configuration to the name of an aws_emr_security_configuration",
		},
		{
			ID:        "aws-emr-kerberos-realm",
			Aliases:   same("CKV_AWS_114"),
			On:        on("aws_emr_cluster"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EMR clusters with Kerberos have a realm",
			Why:       "The realm is the domain whose principals the cluster trusts; without its name they cannot authenticate. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-kerberos.html>",
			When:      some("kerberos_attributes", always()),
			Want:      attr("kerberos_attributes.realm").Present(),
			Message:   "this cluster has Kerberos attributes without a realm",
			Close:     "set realm in kerberos_attributes",
		},
		{
			ID:        "aws-emr-logged",
			On:        on("aws_emr_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EMR clusters keep their logs",
			Why:       "Logs of steps, applications and nodes are deleted with the cluster unless they are archived in S3. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html>",
			Want:      attr("log_uri").Present(),
			Message:   "logs of this cluster are lost with it",
			Close:     "set log_uri to a place in S3",
		},
		{
			ID:        "aws-emr-security-groups-closed",
			Aliases:   same("CKV2_AWS_7"),
			On:        on("aws_emr_cluster"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "EMR cluster security groups are not open to the internet",
			Why:       "The web interfaces and job services of a cluster run code for whoever reaches them. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-security-groups.html>",
			Want: all(
				closedGroup("ec2_attributes.emr_managed_master_security_group"),
				closedGroup("ec2_attributes.emr_managed_slave_security_group"),
				closedGroup("ec2_attributes.additional_master_security_groups"),
				closedGroup("ec2_attributes.additional_slave_security_groups"),
				closedGroup("ec2_attributes.service_access_security_group")),
			Message: "a security group of this cluster is open to the internet",
			Close:   "name the addresses, or the security group, that may reach the cluster",
		},
		{
			ID:        "aws-emr-public-access-blocked",
			Aliases:   same("CKV_AWS_390"),
			Controls:  controls("FSBP EMR.2"),
			On:        on("aws_emr_block_public_access_configuration"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EMR blocks public access to clusters",
			Why:       "The block is on by default, and the last guard of every cluster of the account and region. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-block-public-access.html>",
			Want:      attr("block_public_security_group_rules").True(),
			Message:   "EMR starts clusters whose security groups are open to the internet",
			Fix:       unsafe("clusters with open security groups no longer start", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/emr_block_public_access_configuration"),
		},
		{
			ID:        "aws-emr-termination-protected",
			On:        on("aws_emr_cluster"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Long-running EMR clusters are protected from termination",
			Why:       "What is in HDFS is lost when the cluster is terminated, by mistake or by a step that fails. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html>",
			When: all(
				not(attr("keep_job_flow_alive_when_no_steps").False()),                                              // it ends by itself
				not(all(unset("termination_protection"), attr("master_instance_group.instance_count").AtLeast(2)))), // on by default with several primary nodes
			Want:    attr("termination_protection").True(),
			Message: "this cluster can be terminated by one call",
			Fix:     safe(),
		},
		{
			ID:        "aws-emr-release-supported",
			On:        on("aws_emr_cluster"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EMR clusters run a release in support",
			Why:       "After the end of support a release gets no fixes and AWS answers no questions about it. <https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html>",
			Want:      supported("release_label", emrReleases),
			Message:   "support of this release has ended",
			Close:     "set release_label to a supported release",
		},
		{
			ID:        "aws-emr-subnet-private",
			On:        on("aws_emr_cluster"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EMR clusters run in private subnets",
			Why:       "Nodes in a subnet that gives out public addresses can be reached from the internet as soon as a security group lets them be. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-clusters-in-a-vpc.html>",
			Want: all(
				blame("ec2_attributes.subnet_id", not(target("ec2_attributes.subnet_id", "aws_subnet", publicSubnet()))),
				blame("ec2_attributes.subnet_ids", not(target("ec2_attributes.subnet_ids", "aws_subnet", publicSubnet())))),
			Message: "this cluster is in a public subnet",
			Close:   "choose a subnet without map_public_ip_on_launch and without a route to an internet gateway",
		},
		{
			ID:        "aws-emr-several-primary-nodes",
			On:        on("aws_emr_cluster"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Long-running EMR clusters have three primary nodes",
			Why:       "With a single primary node, the cluster and what is in HDFS end when that node fails. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha.html>",
			When:      not(attr("keep_job_flow_alive_when_no_steps").False()),
			Want:      anyOf(attr("master_instance_group.instance_count").AtLeast(3), some("master_instance_fleet", attr("target_on_demand_capacity").AtLeast(3))),
			Message:   "this cluster has a single primary node",
			Fix:       unsafe("replaces the cluster", emrPage+"#master_instance_group-1"),
		},
		{
			ID:        "aws-emr-release-updated",
			On:        on("aws_emr_cluster"),
			Layer:     operatingSystem,
			Objective: patchSystems,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EMR clusters run a release that takes Amazon Linux updates",
			Why:       "Before 5.36 and 6.6 a cluster starts with the image of the day of its release, without the fixes since then. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-default-ami.html>",
			When:      unset("custom_ami_id"), // the image, and its patches, are yours
			Want: anyOf(
				attr("os_release_label").Present(),
				attr("release_label").Matches("emr-5.3[6-9]*", "emr-6.[6-9]*", "emr-6.1[0-9]*", "emr-[7-9].*", "emr-[1-9][0-9].*")),
			Message: "this release starts with an image that takes no updates",
			Close:   "set release_label to a release of 7.x",
		},
	}
}

// emrReleases are the releases with a known end of support.
//
// https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html
func emrReleases() []ending {
	return []ending{
		{onDay(2026, 8, 31), []string{"emr-[2-4].*", "emr-5.[0-9].*", "emr-5.[12][0-9].*", "emr-5.3[0-5].*", "emr-6.[0-5].*"}},
		{onDay(2027, 6, 30), []string{"emr-5.36.*", "emr-6.[6-9].*", "emr-6.1[0-5].*"}},
		{onDay(2027, 8, 31), []string{"emr-7.[0-9].*", "emr-7.10.*"}},
		{onDay(2027, 11, 3), []string{"emr-7.11.*"}},
		{onDay(2027, 11, 21), []string{"emr-7.12.*"}},
		{onDay(2028, 4, 20), []string{"emr-7.13.*"}},
		{onDay(2028, 5, 20), []string{"emr-spark-8.0*"}},
	}
}

// closedGroup holds where the attribute names no security group with a rule
// that is open to any address.
func closedGroup(path string) cond {
	return not(target(path, "aws_security_group", anyOf(
		some("ingress", inlineRule.anywhere()),
		not(unrelated("aws_security_group_rule", "security_group_id", all(attr("type").Equals("ingress"), inlineRule.anywhere()))),
		not(unrelated("aws_vpc_security_group_ingress_rule", "security_group_id", separateRule.anywhere())))))
}

// emrSecurityConfigurations are JSON documents.
func emrSecurityConfigurations() []row {
	return []row{
		{
			ID:        "aws-emr-encrypted-at-rest",
			Aliases:   same("AWS-0137", "aws-emr-enable-at-rest-encryption"),
			Controls:  controls("FSBP EMR.3"),
			On:        on("aws_emr_security_configuration"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EMR security configurations encrypt at rest",
			Why:       "Local disks of the nodes hold input, output and intermediate data in the clear unless the configuration says otherwise. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html>",
			Want:      inConfiguration("EnableAtRestEncryption is true", isTruth, "EnableAtRestEncryption"),
			Message:   "this security configuration does not encrypt at rest",
			Close:     "set EnableAtRestEncryption to true, with an AtRestEncryptionConfiguration",
		},
		{
			ID:        "aws-emr-encrypted-in-transit",
			Aliases:   same("CKV_AWS_351", "AWS-0138", "aws-emr-enable-in-transit-encryption"),
			Controls:  controls("FSBP EMR.4"),
			On:        on("aws_emr_security_configuration"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EMR security configurations encrypt between nodes",
			Why:       "Nodes exchange blocks and shuffle data in the clear unless the configuration says otherwise. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html>",
			Want:      inConfiguration("EnableInTransitEncryption is true", isTruth, "EnableInTransitEncryption"),
			Message:   "this security configuration does not encrypt between nodes",
			Close:     "set EnableInTransitEncryption to true, with an InTransitEncryptionConfiguration",
		},
		{
			ID:        "aws-emr-local-disk-encrypted",
			Aliases:   same("CKV_AWS_349", "AWS-0139", "aws-emr-enable-local-disk-encryption"),
			On:        on("aws_emr_security_configuration"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EMR security configurations encrypt local disks",
			Why:       "Encryption at rest of S3 alone leaves what the nodes spill to their disks in the clear. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html>",
			Want: all(
				inConfiguration("EnableAtRestEncryption is true", isTruth, "EnableAtRestEncryption"),
				inConfiguration("there is a LocalDiskEncryptionConfiguration", isThere, "AtRestEncryptionConfiguration", "LocalDiskEncryptionConfiguration", "EncryptionKeyProviderType")),
			Message: "this security configuration does not encrypt local disks",
			Close:   "add a LocalDiskEncryptionConfiguration with a key provider",
		},
		{
			ID:        "aws-emr-volumes-encrypted",
			Aliases:   same("CKV_AWS_350"),
			On:        on("aws_emr_security_configuration"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EMR security configurations encrypt EBS volumes",
			Why:       "Without EBS encryption the root volume, and logs on it, stay in the clear. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html>",
			Want:      inConfiguration("EnableEbsEncryption is true", isTruth, "AtRestEncryptionConfiguration", "LocalDiskEncryptionConfiguration", "EnableEbsEncryption"),
			Message:   "this security configuration does not encrypt EBS volumes",
			Close:     "set EnableEbsEncryption to true in LocalDiskEncryptionConfiguration, with a KMS key",
		},
		{
			ID:        "aws-emr-s3-own-key",
			Aliases:   same("CKV_AWS_171"),
			On:        on("aws_emr_security_configuration"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EMR security configurations encrypt in S3 with KMS",
			Why:       "With SSE-S3 nobody but S3 decides on the key; one in KMS has a policy and a log of its use. <https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-data-encryption-options.html>",
			Want:      inConfiguration("EncryptionMode is SSE-KMS or CSE-KMS", isKMSMode, "AtRestEncryptionConfiguration", "S3EncryptionConfiguration", "EncryptionMode"),
			Message:   "this security configuration does not encrypt in S3 with KMS",
			Close:     "set EncryptionMode to SSE-KMS in S3EncryptionConfiguration, with AwsKmsKey",
		},
	}
}

// inConfiguration is a condition on a value below EncryptionConfiguration of a
// security configuration.
//
// https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
func inConfiguration(says string, judge func(cty.Value) analyzer.Verdict, keys ...string) cond {
	return analyzer.Func{
		Says:  "in the configuration " + says,
		Reads: []analyzer.Read{{Path: analyzer.Path{"configuration"}, Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			val, l := v.Document("configuration")
			for _, key := range append([]string{"EncryptionConfiguration"}, keys...) {
				val = member(val, key)
			}
			switch judge(val) {
			case analyzer.Pass:
				return v.Pass(l)
			case analyzer.Fail:
				return v.Fail(l)
			}
			return v.Unknown(l)
		},
	}
}

func isTruth(val cty.Value) analyzer.Verdict {
	switch {
	case !val.IsKnown():
		return analyzer.Unknown
	case !val.IsNull() && val.Type() == cty.Bool && val.True():
		return analyzer.Pass
	}
	return analyzer.Fail
}

func isThere(val cty.Value) analyzer.Verdict {
	switch {
	case !val.IsKnown():
		return analyzer.Unknown
	case val.IsNull(), val.Type() == cty.String && val.AsString() == "":
		return analyzer.Fail
	}
	return analyzer.Pass
}

func isKMSMode(val cty.Value) analyzer.Verdict {
	switch {
	case !val.IsKnown():
		return analyzer.Unknown
	case !val.IsNull() && val.Type() == cty.String && (val.AsString() == "SSE-KMS" || val.AsString() == "CSE-KMS"):
		return analyzer.Pass
	}
	return analyzer.Fail
}

// emrDefaults are EMR's values for unset attributes.
func emrDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_emr_cluster", Path: "termination_protection", Value: isFalse, Source: emrPage + "#termination_protection-1"},
		{Type: "aws_emr_cluster", Path: "keep_job_flow_alive_when_no_steps", Value: isTrue, Source: emrPage + "#keep_job_flow_alive_when_no_steps-1"},
		{Type: "aws_emr_cluster", Path: "ec2_attributes.subnet_ids", Value: isNothing, Source: emrPage + "#subnet_ids-1"},
		{Type: "aws_emr_cluster", Path: "ec2_attributes.emr_managed_master_security_group", Value: isNothing, Source: emrPage + "#emr_managed_master_security_group-1"},
		{Type: "aws_emr_cluster", Path: "ec2_attributes.emr_managed_slave_security_group", Value: isNothing, Source: emrPage + "#emr_managed_slave_security_group-1"},
		{Type: "aws_emr_cluster", Path: "ec2_attributes.service_access_security_group", Value: isNothing, Source: emrPage + "#service_access_security_group-1"},
	}
}
