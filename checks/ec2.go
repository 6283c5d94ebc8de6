package checks

import "github.com/demarc/demarc/analyzer"

// launchers lists the types that configure the launch of an instance.
func launchers() []string {
	return on("aws_instance", "aws_launch_template", "aws_launch_configuration")
}

func ec2() []row {
	return []row{
		{
			ID:        "aws-ec2-imdsv2-required",
			Aliases:   join(same("CKV_AWS_79"), narrower("AWS-0028", "AWS-0130", "aws-ec2-enforce-http-token-imds", "aws-ec2-enforce-launch-config-http-token-imds", "aws-autoscaling-enforce-http-token-imds")),
			Controls:  controls("FSBP EC2.8", "FSBP EC2.170", "FSBP AutoScaling.3", "CIS AWS 3.0 5.6"),
			On:        launchers(),
			Layer:     identityAndAccess,
			Objective: hardenConfiguration,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "The instance metadata service requires session tokens (IMDSv2)",
			Why:       "Without tokens, one forged request through a web application reads the credentials of the instance's role. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>",
			Want: anyOf(
				attr("metadata_options.http_tokens").Equals("required"),
				attr("metadata_options.http_endpoint").Equals("disabled"),
				fromTemplate("metadata_options", anyOf(
					attr("metadata_options.http_tokens").Equals("required"),
					attr("metadata_options.http_endpoint").Equals("disabled"))),
			),
			Message: "the metadata service answers without a session token",
			Fix:     unsafe("software that knows only IMDSv1 loses its credentials", "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-transition-to-version-2.html"),
		},
		{
			ID:        "aws-ec2-metadata-hop-limit",
			Aliases:   same("CKV_AWS_341"),
			On:        on("aws_launch_template", "aws_launch_configuration"),
			Layer:     networkConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Instance metadata responses do not leave the instance (hop limit 1)",
			Why:       "With more than one hop, containers and proxies on the host reach the credentials of its role. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>",
			When:      not(attr("metadata_options.http_endpoint").Equals("disabled")),
			Want:      attr("metadata_options.http_put_response_hop_limit").AtMost(1),
			Message:   "instance metadata responses may pass more than one hop",
			Fix:       unsafe("containers on the host no longer reach the metadata service", "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"),
		},
		{
			ID:        "aws-ec2-no-public-ip",
			Aliases:   same("CKV_AWS_88"),
			Controls:  controls("FSBP EC2.9", "FSBP EC2.25"),
			On:        on("aws_instance", "aws_launch_template"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EC2 instances have no public IP address",
			Why:       "An instance with a public address is one security group away from the internet; load balancers and NAT gateways take its place. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html>",
			Want: says("it gets no public address", byType(
				of(privateInstance(), "aws_instance"),
				of(none("network_interfaces", attr("associate_public_ip_address").True()), "aws_launch_template"),
			)),
			Message: "this instance gets a public IP address",
			Close:   "set associate_public_ip_address = false and launch it in a private subnet",
		},
		{
			ID:        "aws-launch-configuration-no-public-ip",
			Aliases:   same("CKV_AWS_389", "AWS-0009", "aws-autoscaling-no-public-ip", "aws-ec2-no-public-ip"),
			Controls:  controls("FSBP AutoScaling.5"),
			On:        on("aws_launch_configuration"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Launch configurations give no public IP address",
			Why:       "Every instance of the group can then be reached from the internet. <https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html>",
			Want:      not(attr("associate_public_ip_address").True()),
			Message:   "instances of this launch configuration get a public IP address",
			Fix:       unsafe("replaces the launch configuration", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_configuration"),
		},
		{
			ID:        "aws-ec2-user-data-no-secrets",
			Aliases:   join(same("CKV_AWS_46"), narrower("AWS-0029", "AWS-0129", "aws-ec2-no-secrets-in-user-data", "aws-ec2-no-secrets-in-launch-template-user-data", "aws-autoscaling-no-sensitive-info")),
			On:        launchers(),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "User data holds no secrets",
			Why:       "Whoever may describe the instance, or run code on it, can read its user data; it is not encrypted. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>",
			Want: says("its user data holds no key, token or password", byType(
				of(all(noSecrets("user_data"), noSecrets("user_data_base64")), "aws_instance", "aws_launch_configuration"),
				of(noSecrets("user_data"), "aws_launch_template"),
			)),
			Message: "user data holds a key, a token or a password",
			Close:   "keep it in Secrets Manager or Parameter Store, and let the instance's role read it; replace the one that was published",
			Secret:  true,
		},
		{
			ID:        "aws-ec2-instance-profile-attached",
			Aliases:   same("CKV2_AWS_41"),
			Controls:  controls("CIS AWS 3.0 1.18"),
			On:        on("aws_instance"),
			Layer:     identityAndAccess,
			Objective: manageIdentities,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EC2 instances have an IAM role",
			Why:       "Software on an instance without a role is given access keys, which do not expire and leak. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html>",
			Want:      anyOf(attr("iam_instance_profile").Present(), fromTemplate("iam_instance_profile", attr("iam_instance_profile").Present())),
			Message:   "this instance has no IAM role",
			Close:     "give it an instance profile with a role",
		},
		{
			ID:        "aws-ec2-detailed-monitoring",
			Aliases:   same("CKV_AWS_126"),
			On:        on("aws_instance"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EC2 instances are monitored every minute",
			Why:       "Basic monitoring has one value in five minutes, so alarms come late. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html>",
			Want:      anyOf(attr("monitoring").True(), fromTemplate("monitoring", attr("monitoring.enabled").True())),
			Message:   "this instance has basic monitoring only",
			Fix:       unsafe("costs more", "https://aws.amazon.com/cloudwatch/pricing/"),
		},
		{
			ID:        "aws-ec2-termination-protected",
			On:        on("aws_instance"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EC2 instances are protected from accidental termination",
			Why:       "Terminating an instance deletes its root volume by default. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html>",
			Want:      anyOf(attr("disable_api_termination").True(), fromTemplate("disable_api_termination", attr("disable_api_termination").True())),
			Message:   "this instance can be terminated by accident",
			Fix:       unsafe("the instance cannot be destroyed until it is taken back", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#disable_api_termination-1"),
		},
		{
			ID:        "aws-ami-owner-specified",
			Aliases:   same("CKV_AWS_386"),
			On:        on("data.aws_ami"),
			Layer:     operatingSystem,
			Objective: trustedImages,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Lookups of the newest AMI name owners",
			Why:       "Anybody can publish an image whose name matches; without an owner the newest one wins and runs with your role. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html>",
			Want: says("it names the owner or the image", anyOf(
				not(attr("most_recent").True()),
				attr("owners").Present(),
				some("filter", attr("name").OneOf("owner-id", "owner-alias", "image-id")),
			)),
			Message: "the newest image of any owner matches",
			Close:   "add owners, such as [\"amazon\"], [\"self\"] or account ids",
		},
		{
			ID:        "aws-ami-owners-named",
			Aliases:   same("AWS-0344"),
			On:        on("data.aws_ami"),
			Layer:     operatingSystem,
			Objective: trustedImages,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AMI lookups name owners",
			Why:       "If the intended image does not exist, a stranger's image may be the only match. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-ami.html>",
			Want: says("it names the owner or the image", anyOf(
				attr("owners").Present(),
				some("filter", attr("name").OneOf("owner-id", "owner-alias", "image-id")),
			)),
			Message: "images of any owner match",
			Close:   "add owners, such as [\"amazon\"], [\"self\"] or account ids",
		},
		{
			ID:        "aws-ami-encrypted",
			Aliases:   same("CKV_AWS_204"),
			On:        on("aws_ami"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AMI volumes are encrypted",
			Why:       "Instances launched from it have unencrypted volumes unless each launch asks for encryption. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html>",
			Want:      each("ebs_block_device", anyOf(attr("encrypted").True(), snapshotEncrypted())),
			Message:   "this device of the image is not encrypted",
			Close:     "make the image from an encrypted snapshot, or set encrypted = true",
		},
		{
			ID:        "aws-ami-copy-encrypted",
			Aliases:   same("CKV_AWS_235"),
			On:        on("aws_ami_copy"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AMI copies are encrypted",
			Why:       "A copy is encrypted only if its source is, or if the copy asks for it. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html>",
			Want:      attr("encrypted").True(),
			Message:   "this image copy is not encrypted",
			Fix:       unsafe("replaces the image", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ami_copy"),
		},
		{
			ID:        "aws-ami-copy-own-key",
			Aliases:   same("CKV_AWS_236"),
			On:        on("aws_ami_copy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AMI copies are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key, and images under it cannot be shared. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this image copy is not encrypted with your own key",
			Close:     "set kms_key_id to a key that you manage",
		},
		{
			ID:        "aws-imagebuilder-component-own-key",
			Aliases:   same("CKV_AWS_180"),
			On:        on("aws_imagebuilder_component"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Image Builder components are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key, and components show how your hosts are built. <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Component.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this component is not encrypted with your own key",
			Close:     "set kms_key_id to a key that you manage; this replaces the component",
		},
		{
			ID:        "aws-imagebuilder-distribution-own-key",
			Aliases:   same("CKV_AWS_199"),
			On:        on("aws_imagebuilder_distribution_configuration"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Images that Image Builder distributes are encrypted with your own key",
			Why:       "Without a key here the copy in another region is encrypted only if the image is, and with AWS's own key. <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_AmiDistributionConfiguration.html>",
			When:      some("distribution.ami_distribution_configuration", always()),
			Want:      each("distribution.ami_distribution_configuration", ownKey("kms_key_id")),
			Message:   "images distributed here are not encrypted with your own key",
			Close:     "set kms_key_id in ami_distribution_configuration",
		},
		{
			ID:        "aws-imagebuilder-recipe-volumes-own-key",
			Aliases:   same("CKV_AWS_200"),
			On:        on("aws_imagebuilder_image_recipe"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Image Builder image volumes are encrypted with your own key",
			Why:       "Instances launched from the image get the volumes that the recipe defines. <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EbsInstanceBlockDeviceSpecification.html>",
			When:      some("block_device_mapping.ebs", always()),
			Want:      each("block_device_mapping.ebs", all(attr("encrypted").True(), ownKey("kms_key_id"))),
			Message:   "this volume is not encrypted with your own key",
			Close:     "set encrypted = true and kms_key_id in ebs; this replaces the recipe",
		},
		{
			ID:        "aws-ami-not-public",
			Aliases:   wider("CKV_AWS_205"),
			On:        on("aws_ami_launch_permission"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "AMIs are not public",
			Why:       "Everybody can launch a public image and read its disks. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html>",
			Want:      not(attr("group").Equals("all")),
			Message:   "everybody may launch this image",
			Close:     "share it with account_id, organization_arn or organizational_unit_arn",
		},
		{
			ID:        "aws-ami-public-sharing-blocked",
			On:        on("aws_ec2_image_block_public_access"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Public sharing of AMIs is blocked in the Region",
			Why:       "Everybody can launch a public image and read its disks. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html>",
			Want:      attr("state").Equals("block-new-sharing"),
			Message:   "images may be shared with everybody",
			Fix:       safe(),
		},
	}
}

// fromTemplate holds for an instance that leaves the attribute to its launch
// template, where the template meets the condition.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html
func fromTemplate(path string, c cond) cond {
	return says("its launch template does that", byType(
		of(all(attr("launch_template").Present(), unset(path), anyOf(
			target("launch_template.id", "aws_launch_template", c),
			target("launch_template.name", "aws_launch_template", c),
		)), "aws_instance"),
		of(not(always()), "aws_launch_template", "aws_launch_configuration"),
	))
}

// privateInstance holds for an instance without a public address. Where the
// instance has no setting, its subnet decides; its subnet may be the account's
// default.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
func privateInstance() cond {
	const public = "associate_public_ip_address"
	return anyOf(
		all(not(unset(public)), attr(public).False()),
		all(unset(public), anyOf(
			attr("network_interface").Present(),
			all(unset("subnet_id"), attr(public).False()),
			target("subnet_id", "aws_subnet", attr("map_public_ip_on_launch").False()),
		)),
	)
}

// snapshotEncrypted holds for a device made from an encrypted snapshot: the
// device is then encrypted too.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
func snapshotEncrypted() cond {
	ofVolume := target("snapshot_id", "aws_ebs_snapshot", target("volume_id", "aws_ebs_volume", attr("encrypted").True()))
	ofCopy := target("snapshot_id", "aws_ebs_snapshot_copy", attr("encrypted").True())
	return analyzer.Func{
		Says:  "its snapshot is encrypted",
		Reads: append(analyzer.ReadsOf(ofVolume), analyzer.ReadsOf(ofCopy)...),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			source := ofVolume
			if len(v.Targets("snapshot_id", "aws_ebs_snapshot_copy")) > 0 {
				source = ofCopy
			}
			out := v.Judge(source)
			if out.Verdict == analyzer.Fail {
				return v.Fail(v.Attr("snapshot_id"))
			}
			return out
		},
	}
}

// ec2Defaults are EC2's values for unset attributes.
func ec2Defaults() []analyzer.Default {
	const (
		instance = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance"
		template = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template"

		metadata  = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html"
		addresses = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html"
	)
	rows := []analyzer.Default{
		{Type: "aws_instance", Path: "associate_public_ip_address", Source: addresses},
		{Type: "aws_instance", Path: "iam_instance_profile", Value: isNothing, Source: instance},
		{Type: "aws_instance", Path: "monitoring", Value: isFalse, Source: instance},
		{Type: "aws_instance", Path: "disable_api_termination", Value: isFalse, Source: instance},
		{Type: "aws_instance", Path: "user_data_base64", Value: isNothing, Source: instance},
		{Type: "aws_launch_template", Path: "disable_api_termination", Value: isFalse, Source: template},
		{Type: "aws_ec2_instance_metadata_defaults", Path: "http_tokens", Value: isString("no-preference"), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_instance_metadata_defaults"},
	}
	for _, typ := range launchers() {
		rows = append(rows,
			analyzer.Default{Type: typ, Path: "metadata_options.http_endpoint", Value: isString("enabled"), Source: metadata},
			analyzer.Default{Type: typ, Path: "metadata_options.http_put_response_hop_limit", Value: isNumber(1), Source: metadata},
			analyzer.Default{
				Type: typ, Path: "metadata_options.http_tokens", Value: isString("optional"), Source: metadata,
				Fact:         "imdsv2-required-by-default",
				Account:      exists("aws_ec2_instance_metadata_defaults", attr("http_tokens").Equals("required"), ""),
				AccountValue: isString("required"),
			})
	}
	return rows
}
