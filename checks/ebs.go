package checks

import "github.com/demarc/demarc/analyzer"

func ebs() []row {
	return []row{
		{
			ID:        "aws-ebs-volume-encrypted",
			Aliases:   join(same("CKV_AWS_3", "AWS-0026", "aws-ebs-enable-volume-encryption"), narrower("CKV2_AWS_2")),
			Controls:  controls("FSBP EC2.3"),
			On:        on("aws_ebs_volume"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EBS volumes are encrypted at rest",
			Why:       "A volume can only be encrypted at creation, and its snapshots carry its data wherever they are shared or copied. <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html>",
			Want:      anyOf(attr("encrypted").True(), all(unset("encrypted"), snapshotEncrypted())),
			Message:   "this volume is not encrypted",
			Fix:       unsafe("replaces the volume", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume#encrypted-1"),
		},
		{
			ID:        "aws-ebs-volume-own-key",
			Aliases:   same("CKV_AWS_189", "AWS-0027", "aws-ebs-encryption-customer-key"),
			On:        on("aws_ebs_volume"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EBS volumes are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key, nor revoke it. <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this volume is not encrypted with your own key",
			Close:     "set kms_key_id to a key that you manage; this replaces the volume",
		},
		{
			ID:        "aws-ebs-block-devices-encrypted",
			Aliases:   join(same("CKV_AWS_8"), narrower("AWS-0131", "AWS-0008", "AWS-0122", "aws-ec2-enable-at-rest-encryption", "aws-ec2-enable-launch-config-at-rest-encryption", "aws-autoscaling-enable-at-rest-encryption")),
			Controls:  controls("FSBP EC2.3"),
			On:        on("aws_instance", "aws_launch_configuration"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EC2 root and data volumes are encrypted at rest",
			Why:       "Public images are not encrypted, so a root volume is encrypted only if the launch or the account asks for it. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html>",
			Want:      says("its root and data volumes are encrypted", all(rootEncrypted(), each("ebs_block_device", deviceEncrypted()))),
			Message:   "this volume is not encrypted",
			Close:     "set encrypted = true in root_block_device and each ebs_block_device (this replaces the instance), or encrypt by default for the account",
		},
		{
			ID:        "aws-launch-template-volumes-encrypted",
			Controls:  controls("FSBP EC2.181"),
			On:        on("aws_launch_template"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Launch template volumes are encrypted at rest",
			Why:       "Each instance of the template has unencrypted volumes unless the template, its image or the account asks for encryption. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-181>",
			Want:      says("the volumes of its instances are encrypted", templateEncrypted()),
			Message:   "volumes of this launch template are not encrypted",
			Close:     "add block_device_mappings with encrypted = true in ebs, or encrypt by default for the account",
		},
		{
			ID:        "aws-ebs-snapshot-copy-encrypted",
			On:        on("aws_ebs_snapshot_copy"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EBS snapshot copies are encrypted",
			Why:       "A copy is encrypted only if its source is, or if the copy or the account asks for it. <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html>",
			Want:      attr("encrypted").True(),
			Message:   "this snapshot copy is not encrypted",
			Fix:       unsafe("replaces the copy", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_snapshot_copy"),
		},
		{
			ID:        "aws-ebs-snapshot-copy-own-key",
			Aliases:   same("CKV_AWS_183"),
			On:        on("aws_ebs_snapshot_copy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EBS snapshot copies are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key, and snapshots under it cannot be shared. <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this snapshot copy is not encrypted with your own key",
			Close:     "set kms_key_id to a key that you manage; this replaces the copy",
		},
		{
			ID:        "aws-ebs-encryption-by-default-on",
			Aliases:   same("CKV_AWS_106"),
			Controls:  controls("FSBP EC2.7", "CIS AWS 3.0 2.2.1"),
			On:        on("aws_ebs_encryption_by_default"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EBS encryption by default is not turned off",
			Why:       "With it off, each volume that does not ask for encryption is stored unencrypted. <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>",
			Want:      attr("enabled").True(),
			Message:   "EBS encryption by default is turned off",
			Fix:       safe(),
		},
		{
			ID:        "aws-account-ebs-encryption-by-default",
			Controls:  controls("FSBP EC2.7", "CIS AWS 3.0 2.2.1"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The account sets EBS encryption by default",
			Why:       "The setting is off in a new account and applies to one Region. <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>",
			When:      managesAny("aws_ebs_volume", "aws_instance", "aws_launch_template", "aws_launch_configuration"),
			Want:      exists("aws_ebs_encryption_by_default", nil, "ebs-encrypted-by-default"),
			Message:   "nothing here sets EBS encryption by default",
			Close:     "add an aws_ebs_encryption_by_default for each region in use, or state the account fact ebs-encrypted-by-default",
		},
		{
			ID:        "aws-ebs-snapshots-not-shared",
			Controls:  controls("FSBP EC2.182"),
			On:        on("aws_ebs_snapshot_block_public_access"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Public sharing of EBS snapshots is blocked in the Region",
			Why:       "A public snapshot can be restored and read by everybody. <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>",
			Want:      attr("state").OneOf("block-all-sharing", "block-new-sharing"),
			Message:   "EBS snapshots may be shared with everybody",
			Fix:       unsafe("public snapshots are no longer public", "https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html"),
		},
		{
			ID:        "aws-ebs-volume-backed-up",
			Aliases:   same("CKV2_AWS_9"),
			Controls:  controls("FSBP EC2.28"),
			On:        on("aws_ebs_volume"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EBS volumes are in a backup plan",
			Why:       "A volume exists in one zone, and data deleted on it is lost. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-28>",
			Want:      says("AWS Backup or Data Lifecycle Manager backs it up", anyOf(backedUp("ec2", "volume/", ""), snapshotScheduled())),
			Message:   "nothing in this configuration backs this volume up",
			Close:     "name it, or a tag of it, in an aws_backup_selection or an aws_dlm_lifecycle_policy",
		},
		{
			ID:        "aws-dlm-event-copies-encrypted",
			Aliases:   same("CKV_AWS_253"),
			On:        on("aws_dlm_lifecycle_policy"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Cross-Region copies of shared EBS snapshots are encrypted",
			Why:       "A copy of an unencrypted snapshot is unencrypted unless the policy asks otherwise. <https://docs.aws.amazon.com/ebs/latest/userguide/event-policy.html>",
			When:      some("policy_details.action.cross_region_copy", always()),
			Want:      each("policy_details.action.cross_region_copy", attr("encryption_configuration.encrypted").True()),
			Message:   "these snapshot copies are not encrypted",
			Close:     "set encrypted = true in encryption_configuration",
		},
		{
			ID:        "aws-dlm-event-copies-own-key",
			Aliases:   same("CKV_AWS_254"),
			On:        on("aws_dlm_lifecycle_policy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Cross-Region copies of shared EBS snapshots are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key. <https://docs.aws.amazon.com/ebs/latest/userguide/event-policy.html>",
			When:      some("policy_details.action.cross_region_copy", always()),
			Want:      each("policy_details.action.cross_region_copy", all(attr("encryption_configuration.encrypted").True(), ownKey("encryption_configuration.cmk_arn"))),
			Message:   "these snapshot copies are not encrypted with your own key",
			Close:     "set encrypted = true and cmk_arn in encryption_configuration",
		},
		{
			ID:        "aws-dlm-schedule-copies-encrypted",
			Aliases:   same("CKV_AWS_255"),
			On:        on("aws_dlm_lifecycle_policy"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Scheduled cross-Region copies of EBS snapshots are encrypted",
			Why:       "A copy of an unencrypted snapshot is unencrypted unless the schedule asks otherwise. <https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html>",
			When:      some("policy_details.schedule.cross_region_copy_rule", always()),
			Want:      each("policy_details.schedule.cross_region_copy_rule", attr("encrypted").True()),
			Message:   "these snapshot copies are not encrypted",
			Close:     "set encrypted = true in cross_region_copy_rule",
		},
		{
			ID:        "aws-dlm-schedule-copies-own-key",
			Aliases:   same("CKV_AWS_256"),
			On:        on("aws_dlm_lifecycle_policy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Scheduled cross-Region copies of EBS snapshots are encrypted with your own key",
			Why:       "You cannot limit who may use the AWS key. <https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html>",
			When:      some("policy_details.schedule.cross_region_copy_rule", always()),
			Want:      each("policy_details.schedule.cross_region_copy_rule", all(attr("encrypted").True(), ownKey("cmk_arn"))),
			Message:   "these snapshot copies are not encrypted with your own key",
			Close:     "set encrypted = true and cmk_arn in cross_region_copy_rule",
		},
	}
}

// rootEncrypted holds where the root volume of an instance is encrypted by its
// own setting, by the account or by its launch template.
func rootEncrypted() cond {
	return anyOf(attr("root_block_device.encrypted").True(), fromTemplate("root_block_device", templateEncrypted()))
}

// deviceEncrypted holds for a further volume, also where its setting is unset.
func deviceEncrypted() cond {
	encrypted := anyOf(attr("encrypted").True(), all(unset("encrypted"), snapshotEncrypted()))
	return byType(
		of(encrypted, "aws_instance"),
		of(anyOf(encrypted, attr("no_device").True()), "aws_launch_configuration"),
	)
}

// templateEncrypted holds where every volume in a template's mappings is
// encrypted, and the account encrypts the volumes that only the image defines.
func templateEncrypted() cond {
	const ebs = "block_device_mappings.ebs"
	return all(
		each(ebs, anyOf(attr("encrypted").True(), all(unset("encrypted"), snapshotEncrypted()))),
		anyOf(some(ebs, always()), byImage(attr(ebs+".encrypted").True())),
	)
}

// byImage is a condition that depends on the image where it does not hold.
func byImage(c cond) cond {
	return analyzer.Func{
		Says:  "its image is encrypted",
		Reads: analyzer.ReadsOf(c),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if out := v.Judge(c); out.Verdict == analyzer.Pass {
				return out
			}
			return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseState, Name: "the volumes of its image"})
		},
	}
}

// managesAny holds where this configuration manages a resource of one of the
// types, and fails where it does not: for account checks.
func managesAny(types ...string) cond {
	f := analyzer.Func{Says: "this configuration manages volumes or instances"}
	for _, typ := range types {
		f.Reads = append(f.Reads, analyzer.Read{Type: typ})
	}
	f.Judge = func(v *analyzer.View) analyzer.Outcome {
		for _, typ := range types {
			if len(v.All(typ)) > 0 {
				return v.Pass(v.Here())
			}
		}
		return v.Fail(v.Here())
	}
	return f
}

// snapshotScheduled holds where Data Lifecycle Manager makes snapshots of the
// volume: by one of its tags, or for all volumes.
// https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html
func snapshotScheduled() cond {
	return analyzer.Func{
		Says: "a lifecycle policy makes snapshots of it",
		Reads: []analyzer.Read{
			{Path: analyzer.Path{"tags"}},
			{Type: "aws_dlm_lifecycle_policy", Path: analyzer.Path{"policy_details", "target_tags"}},
			{Type: "aws_dlm_lifecycle_policy", Path: analyzer.Path{"default_policy"}},
		},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Fail(v.Here())
			for _, r := range v.All("aws_dlm_lifecycle_policy") {
				p := v.Of(r)
				verdict := max(p.Judge(attr("default_policy").Equals("VOLUME")).Verdict, targets(p, v))
				if verdict == analyzer.Pass {
					return p.Pass(p.Here())
				}
				if verdict == analyzer.Unknown {
					out = v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "what " + r.Address + " targets"})
				}
			}
			return out
		},
	}
}

// targets judges whether a lifecycle policy targets a tag of the resource.
func targets(p, v *analyzer.View) analyzer.Verdict {
	tags := p.Attr("policy_details.target_tags").Value
	switch {
	case !tags.IsKnown():
		return analyzer.Unknown
	case tags.IsNull() || !tags.CanIterateElements():
		return analyzer.Fail
	}
	verdict := analyzer.Fail
	for it := tags.ElementIterator(); it.Next(); {
		key, value := it.Element()
		verdict = max(verdict, carries(v, key, value, false))
	}
	return verdict
}

// ebsDefaults are EBS's values for unset attributes.
func ebsDefaults() []analyzer.Default {
	const (
		volume   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume"
		ofImages = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html"
		setting  = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_encryption_by_default#enabled-1"
		defaults = "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html"
	)
	rows := []analyzer.Default{
		{Type: "aws_ebs_encryption_by_default", Path: "enabled", Value: isTrue, Source: setting},
		{
			Type: "aws_ebs_volume", Path: "kms_key_id", Value: isNothing, Source: volume,
			Account:      exists("aws_ebs_default_kms_key", attr("key_arn").Present(), ""),
			AccountValue: isString("the account's default key"),
		},
		{Type: "aws_ami_copy", Path: "kms_key_id", Value: isNothing, Source: ofImages},
	}
	for _, place := range []struct{ typ, path, source string }{
		{"aws_ebs_volume", "encrypted", volume},
		{"aws_ebs_snapshot_copy", "encrypted", defaults},
		{"aws_ami_copy", "encrypted", ofImages},
		{"aws_instance", "root_block_device.encrypted", ofImages},
		{"aws_instance", "ebs_block_device.encrypted", ofImages},
		{"aws_launch_configuration", "root_block_device.encrypted", ofImages},
		{"aws_launch_configuration", "ebs_block_device.encrypted", ofImages},
		{"aws_launch_template", "block_device_mappings.ebs.encrypted", ofImages},
	} {
		rows = append(rows, analyzer.Default{
			Type: place.typ, Path: place.path, Value: isFalse, Source: place.source,
			Fact:         "ebs-encrypted-by-default",
			Account:      exists("aws_ebs_encryption_by_default", attr("enabled").True(), ""),
			AccountValue: isTrue,
		})
	}
	return rows
}
