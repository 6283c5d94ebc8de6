package checks

import (
	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

// filesystems lists EFS, FSx and the shares of Storage Gateway. The backup of
// EFS is in backup.go.
func filesystems() []row {
	return append(append(elasticFiles(), managedFiles()...), gatewayShares()...)
}

func elasticFiles() []row {
	return []row{
		{
			ID:        "aws-efs-encrypted",
			Aliases:   same("CKV_AWS_42", "AWS-0037", "aws-efs-enable-at-rest-encryption"),
			Controls:  controls("FSBP EFS.1", "FSBP EFS.8", "CIS AWS 5.0 2.3.1", "CIS AWS 3.0 2.4.1"),
			On:        on("aws_efs_file_system"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EFS file systems are encrypted at rest",
			Why:       "The API and the provider create a file system in plain text unless asked, and that cannot be changed later. <https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html>",
			Want:      attr("encrypted").True(),
			Message:   "this file system is not encrypted",
			Fix:       unsafe("replaces the file system", providerPages+"efs_file_system#encrypted-1"),
		},
		{
			ID:        "aws-efs-own-key",
			Aliases:   same("CKV_AWS_184"),
			On:        on("aws_efs_file_system"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EFS file systems are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it, and see each use in CloudTrail. <https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this file system is not encrypted with your own key",
			Close:     "set encrypted = true and kms_key_id to the ARN of your own KMS key: that replaces the file system",
		},
		{
			ID:        "aws-efs-access-point-root",
			Aliases:   same("CKV_AWS_329"),
			Controls:  controls("FSBP EFS.3"),
			On:        on("aws_efs_access_point"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EFS access points have their own root directory",
			Why:       "Through an access point at the root of the file system its clients see all of it. <https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html>",
			Want:      all(attr("root_directory.path").Present(), not(attr("root_directory.path").Equals("/"))),
			Message:   "this access point shows the whole file system",
			Close:     "set path in root_directory: that replaces the access point",
		},
		{
			ID:        "aws-efs-access-point-user",
			Aliases:   same("CKV_AWS_330"),
			Controls:  controls("FSBP EFS.4"),
			On:        on("aws_efs_access_point"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EFS access points set the user of their clients",
			Why:       "Otherwise a client is whichever user it says it is, root included. <https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html>",
			Want:      some("posix_user", always()),
			Message:   "clients of this access point choose their user",
			Close:     "add a posix_user block: that replaces the access point",
		},
		{
			ID:        "aws-efs-policy-not-public",
			On:        on("aws_efs_file_system_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EFS file system policies do not allow everyone",
			Why:       "A policy for everyone, not held to mount targets or principals, lets whoever reaches the network in without asking IAM. <https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this file system allows everyone",
			Close:     "name the principals, or add a condition such as elasticfilesystem:AccessedViaMountTarget",
		},
		{
			ID:        "aws-efs-tls-required",
			On:        on("aws_efs_file_system"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EFS file systems refuse clients without TLS",
			Why:       "Whoever mounts without TLS sends and reads files in clear text. <https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html>",
			Want:      says("a policy denies access without TLS", related("aws_efs_file_system_policy", "file_system_id", efsRequiresTLS())),
			Message:   "no policy denies access to this file system without TLS",
			Close:     "add a Deny of every action for every principal, on the condition Bool \"aws:SecureTransport\" = \"false\"",
		},
		{
			ID:        "aws-efs-mount-target-private",
			Controls:  controls("FSBP EFS.6"),
			On:        on("aws_efs_mount_target"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EFS mount targets are in subnets without public addresses",
			Why:       "Hosts with public addresses beside it reach the file system directly. <https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html#efs-6>",
			When:      namesManaged("subnet_id", "aws_subnet"),
			Want:      target("subnet_id", "aws_subnet", attr("map_public_ip_on_launch").False()),
			Message:   "this mount target is in a subnet that gives out public addresses",
			Close:     "move it to a private subnet: that replaces the mount target",
		},
	}
}

func efsRequiresTLS() cond {
	return policy.Cond("a statement denies access without TLS", analyzer.Fail,
		func(d *policy.Document) policy.Ruling { return d.RequiresTLS("elasticfilesystem") }, "policy")
}

// persistentLustre holds for persistent file systems: scratch file systems have
// no backups and no customer key.
//
// https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-fsx-lustre.html
func persistentLustre() cond { return attr("deployment_type").Matches("PERSISTENT_*") }

func managedFiles() []row {
	return []row{
		{
			ID:        "aws-fsx-ontap-own-key",
			Aliases:   same("CKV_AWS_178"),
			On:        on("aws_fsx_ontap_file_system"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx for ONTAP file systems are encrypted with your own key",
			Why:       "FSx encrypts file systems, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/fsx/latest/ONTAPGuide/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this file system is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the file system",
		},
		{
			ID:        "aws-fsx-windows-own-key",
			Aliases:   same("CKV_AWS_179"),
			On:        on("aws_fsx_windows_file_system"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx for Windows file systems are encrypted with your own key",
			Why:       "FSx encrypts file systems, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/fsx/latest/WindowsGuide/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this file system is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the file system",
		},
		{
			ID:        "aws-fsx-lustre-own-key",
			Aliases:   wider("CKV_AWS_190"),
			On:        on("aws_fsx_lustre_file_system"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Persistent FSx for Lustre file systems are encrypted with your own key",
			Why:       "FSx encrypts file systems, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/fsx/latest/LustreGuide/encryption-at-rest.html>",
			When:      persistentLustre(),
			Want:      ownKey("kms_key_id"),
			Message:   "this file system is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the file system",
		},
		{
			ID:        "aws-fsx-openzfs-own-key",
			Aliases:   same("CKV_AWS_203"),
			On:        on("aws_fsx_openzfs_file_system"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx for OpenZFS file systems are encrypted with your own key",
			Why:       "FSx encrypts file systems, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/fsx/latest/OpenZFSGuide/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this file system is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the file system",
		},
		{
			ID:        "aws-fsx-cache-own-key",
			On:        on("aws_fsx_file_cache"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Amazon File Cache caches are encrypted with your own key",
			Why:       "FSx encrypts file systems, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/fsx/latest/FileCacheGuide/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this cache is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the cache",
		},
		{
			ID:        "aws-fsx-backed-up",
			On:        on("aws_fsx_windows_file_system", "aws_fsx_ontap_file_system", "aws_fsx_lustre_file_system", "aws_fsx_openzfs_file_system"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "FSx file systems are backed up every day",
			Why:       "What is deleted or overwritten is gone: all but Windows file systems have no automatic backups unless told to. <https://docs.aws.amazon.com/fsx/latest/WindowsGuide/using-backups.html>",
			When:      byType(of(persistentLustre(), "aws_fsx_lustre_file_system")),
			Want:      attr("automatic_backup_retention_days").AtLeast(1),
			Message:   "this file system has no automatic backups",
			Fix:       safe(),
		},
		{
			ID:        "aws-fsx-several-zones",
			Controls:  controls("FSBP FSx.3", "FSBP FSx.4", "FSBP FSx.5"),
			On:        on("aws_fsx_windows_file_system", "aws_fsx_ontap_file_system", "aws_fsx_openzfs_file_system"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx file systems survive the failure of a zone",
			Why:       "A file system in one zone is down while its zone is. <https://docs.aws.amazon.com/fsx/latest/WindowsGuide/high-availability-multiAZ.html>",
			Want:      attr("deployment_type").Matches("MULTI_AZ_*"),
			Message:   "this file system is in one zone",
			Close:     "set deployment_type = \"MULTI_AZ_1\": that replaces the file system",
		},
		{
			ID:        "aws-fsx-tags-copied",
			Controls:  controls("FSBP FSx.1", "FSBP FSx.2"),
			On:        on("aws_fsx_openzfs_file_system", "aws_fsx_lustre_file_system"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx backups and volumes carry the tags of their file system",
			Why:       "Policies that decide by tag protect the file system, but not backups without its tags. <https://docs.aws.amazon.com/securityhub/latest/userguide/fsx-controls.html>",
			When:      byType(of(persistentLustre(), "aws_fsx_lustre_file_system")),
			Want: byType(
				of(all(attr("copy_tags_to_backups").True(), attr("copy_tags_to_volumes").True()), "aws_fsx_openzfs_file_system"),
				of(attr("copy_tags_to_backups").True(), "aws_fsx_lustre_file_system")),
			Message: "backups or volumes of this file system do not carry its tags",
			Close:   "set copy_tags_to_backups = true, and copy_tags_to_volumes = true where there is one",
		},
		{
			ID:        "aws-fsx-windows-audited",
			On:        on("aws_fsx_windows_file_system"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "FSx for Windows file systems record access to files",
			Why:       "Who opened, changed or deleted a file cannot be determined afterwards. <https://docs.aws.amazon.com/fsx/latest/WindowsGuide/file-access-auditing.html>",
			Want:      attr("audit_log_configuration.file_access_audit_log_level").OneOf("SUCCESS_AND_FAILURE", "SUCCESS_ONLY", "FAILURE_ONLY"),
			Message:   "this file system records no access to files",
			Fix:       safe(),
		},
	}
}

func gatewayShares() []row {
	return []row{
		{
			ID:        "aws-storage-gateway-own-key",
			On:        on("aws_storagegateway_smb_file_share", "aws_storagegateway_nfs_file_share"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Storage Gateway file shares are encrypted with your own key",
			Why:       "Only with your own key can you decide who may read the objects by it. <https://docs.aws.amazon.com/filegateway/latest/files3/encrypt-objects-stored-by-file-gateway-in-amazon-s3.html>",
			Want:      all(attr("kms_encrypted").True(), ownKey("kms_key_arn")),
			Message:   "objects of this share are not encrypted with your own key",
			Close:     "set kms_encrypted = true and kms_key_arn",
		},
		{
			ID:        "aws-storage-gateway-no-guests",
			On:        on("aws_storagegateway_smb_file_share"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Storage Gateway SMB shares authenticate users",
			Why:       "With guest access one password, or none, is for everyone: who did what cannot be told. <https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_CreateSMBFileShare.html>",
			Want:      not(attr("authentication").Equals("GuestAccess")),
			Message:   "guests have access to this share",
			Close:     "set authentication = \"ActiveDirectory\": that replaces the share",
		},
		{
			ID:        "aws-storage-gateway-clients-named",
			On:        on("aws_storagegateway_nfs_file_share"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Storage Gateway NFS shares name their clients",
			Why:       "NFS asks for no password: every host that reaches the gateway reads and changes the files. <https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_CreateNFSFileShare.html>",
			Want:      all(not(attr("client_list").Contains("0.0.0.0/0")), not(attr("client_list").Contains("::/0"))),
			Message:   "every host may mount this share",
			Close:     "list the networks of the clients in client_list",
		},
	}
}

// filesystemsDefaults are AWS's values for unset attributes.
func filesystemsDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_efs_file_system", Path: "encrypted", Value: isFalse, Source: "https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html"},
		{Type: "aws_efs_access_point", Path: "root_directory.path", Value: isString("/"), Source: "https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html"},
		{Type: "aws_fsx_windows_file_system", Path: "automatic_backup_retention_days", Value: isNumber(7), Source: providerPages + "fsx_windows_file_system#automatic_backup_retention_days-1"},
		{Type: "aws_fsx_ontap_file_system", Path: "automatic_backup_retention_days", Value: isNumber(0), Source: providerPages + "fsx_ontap_file_system#automatic_backup_retention_days-1"},
		{Type: "aws_fsx_lustre_file_system", Path: "automatic_backup_retention_days", Value: isNumber(0), Source: providerPages + "fsx_lustre_file_system#automatic_backup_retention_days-1"},
		{Type: "aws_fsx_openzfs_file_system", Path: "automatic_backup_retention_days", Value: isNumber(0), Source: providerPages + "fsx_openzfs_file_system#automatic_backup_retention_days-1"},
	}
}
