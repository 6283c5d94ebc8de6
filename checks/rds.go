package checks

import "github.com/demarc/demarc/analyzer"

// Provider pages that show the effect of changing an attribute.
const (
	instancePage        = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance"
	clusterPage         = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster"
	clusterInstancePage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_instance"
	globalClusterPage   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_global_cluster"

	// databaseReplaced is the effect of changing a database's encryption.
	databaseReplaced = instancePage + "#storage_encrypted-1"
)

func rds() []row {
	return append(append(rdsStorage(), rdsAccess()...), append(rdsContinuity(), rdsLogging()...)...)
}

// blame reports a condition on several attributes at one attribute; the empty
// path is the whole block.
func blame(path string, c cond) cond {
	return analyzer.Func{
		Says:  c.String(),
		Reads: append(analyzer.ReadsOf(c), analyzer.Read{Path: analyzer.ParsePath(path)}),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(c)
			switch out.Verdict {
			case analyzer.Pass:
				return v.Pass(v.Attr(path))
			case analyzer.Fail:
				return v.Fail(v.Attr(path))
			}
			return out
		},
	}
}

// given holds where an argument has a value, or refers to an attribute of a
// resource or data source that always has a value.
func given(path string) cond {
	sources := []cond{attr(path).Present()}
	for _, typ := range [...]string{"random_password", "random_string", "data.aws_secretsmanager_secret_version", "data.aws_ssm_parameter"} {
		sources = append(sources, target(path, typ, always()))
	}
	return blame(path, anyOf(sources...))
}

// isReplica holds for a replica, which takes its unset values from its source.
func isReplica() cond { return attr("replicate_source_db").Present() }

// isCopy holds for a copy: its users, engine and version come from a replica's
// source, a snapshot or a point in time.
func isCopy() cond {
	return byType(
		of(anyOf(isReplica(), attr("snapshot_identifier").Present(), some("restore_to_point_in_time", always())), "aws_db_instance"),
		of(anyOf(attr("replication_source_identifier").Present(), attr("snapshot_identifier").Present(), attr("global_cluster_identifier").Present(),
			some("restore_to_point_in_time", always())), "aws_rds_cluster"),
	)
}

// publicSubnet holds where a subnet assigns public addresses, or has a route to
// an internet gateway.
//
// https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types
func publicSubnet() cond {
	toInternet := anyOf(attr("gateway_id").Matches("igw-*"), target("gateway_id", "aws_internet_gateway", always()))
	return anyOf(
		attr("map_public_ip_on_launch").True(),
		not(unrelated("aws_route_table_association", "subnet_id", target("route_table_id", "aws_route_table", anyOf(
			some("route", toInternet),
			not(unrelated("aws_route", "route_table_id", toInternet)))))))
}

// newestVersion holds where no version is set: AWS gives a new database its
// default version, which is in support.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
func newestVersion() cond { return all(unset("engine_version"), not(isCopy())) }

// noEngine holds where the engine is none of the given ones. A copy without an
// engine counts as another engine.
func noEngine(patterns ...string) cond {
	return anyOf(unset("engine"), not(attr("engine").Matches(patterns...)))
}

// isAuroraMySQL holds for Aurora MySQL. It is also the engine of a cluster
// without one, which provider releases before 5 allow.
//
// https://registry.terraform.io/providers/hashicorp/aws/4.67.0/docs/resources/rds_cluster#engine
func isAuroraMySQL() cond {
	return anyOf(attr("engine").OneOf("aurora-mysql", "aurora"), unset("engine"))
}

// rdsStorage lists stored data, and its keys.
func rdsStorage() []row {
	return []row{
		{
			ID:        "aws-rds-storage-encrypted",
			Aliases:   same("CKV_AWS_16", "AWS-0080", "aws-rds-encrypt-instance-storage-data"),
			Controls:  controls("FSBP RDS.3", "CIS AWS 5.0 2.2.1", "CIS AWS 3.0 2.3.1"),
			On:        on("aws_db_instance"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Database storage is encrypted at rest",
			Why:       "RDS encrypts storage only when asked, and only at creation; its snapshots and backups are encrypted or not as it is. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>",
			When:      not(isReplica()), // a replica inherits the choice of its source
			Want:      attr("storage_encrypted").True(),
			Message:   "storage of this database is not encrypted",
			Fix:       unsafe("replaces the database", databaseReplaced),
		},
		{
			ID:        "aws-rds-cluster-storage-encrypted",
			Aliases:   same("CKV_AWS_96", "AWS-0079", "aws-rds-encrypt-cluster-storage-data"),
			Controls:  controls("FSBP RDS.27"),
			On:        on("aws_rds_cluster"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Cluster storage is encrypted with a KMS key",
			Why:       "Multi-AZ clusters, and Aurora clusters created before February 18, 2026, are not encrypted unless asked at creation; newer Aurora clusters then have a key of AWS that none of your policies and logs covers. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html>",
			When:      not(attr("replication_source_identifier").Present()), // a replica inherits the choice of its source
			Want:      anyOf(attr("storage_encrypted").True(), attr("engine_mode").Equals("serverless")),
			Message:   "storage of this cluster is not encrypted with a KMS key",
			Fix:       unsafe("replaces the cluster", clusterPage+"#storage_encrypted-1"),
		},
		{
			ID:        "aws-rds-global-cluster-storage-encrypted",
			Aliases:   same("CKV_AWS_140"),
			On:        on("aws_rds_global_cluster"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Global clusters are encrypted at rest",
			Why:       "The choice is made once, when the global cluster is created, and each regional cluster that joins must make the same. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-getting-started.html>",
			Want: anyOf(
				attr("storage_encrypted").True(),
				target("source_db_cluster_identifier", "aws_rds_cluster", attr("storage_encrypted").True())), // inherited
			Message: "storage of this global cluster is not encrypted",
			Fix:     unsafe("replaces the global cluster", globalClusterPage+"#storage_encrypted-1"),
		},
		{
			ID:        "aws-rds-cluster-own-key",
			Aliases:   same("CKV_AWS_327"),
			On:        on("aws_rds_cluster"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Cluster storage is encrypted with your own key",
			Why:       "The policy of the key that AWS manages for RDS cannot be changed, and a snapshot under it cannot be shared with another account. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.Keys.html>",
			When:      not(attr("replication_source_identifier").Present()),
			Want:      ownKey("kms_key_id"),
			Message:   "this cluster is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the cluster",
		},
		{
			ID:        "aws-rds-own-key",
			On:        on("aws_db_instance"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Database storage is encrypted with your own key",
			Why:       "The policy of the key that AWS manages for RDS cannot be changed, and a snapshot under it cannot be shared with another account. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html>",
			When:      all(not(isReplica()), attr("storage_encrypted").True()),
			Want:      ownKey("kms_key_id"),
			Message:   "this database is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the database",
		},
		{
			ID:        "aws-rds-replicated-backups-own-key",
			Aliases:   same("CKV_AWS_245"),
			On:        on("aws_db_instance_automated_backups_replication"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Replicated backups are encrypted with your own key",
			Why:       "The key of the source region does not reach the other one: without one of yours the copies are under a key whose policy you cannot set. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "replicated backups are not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of a KMS key in the destination region",
		},
		{
			ID:        "aws-rds-snapshot-copy-own-key",
			Aliases:   same("CKV_AWS_266"),
			On:        on("aws_db_snapshot_copy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Database snapshot copies are encrypted with your own key",
			Why:       "A copy under the key that AWS manages cannot be shared with another account, and a copy without a key of an unencrypted snapshot is not encrypted. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this copy is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-rds-activity-stream-own-key",
			Aliases:   same("CKV_AWS_246"),
			On:        on("aws_rds_cluster_activity_stream"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Database activity streams are encrypted with your own key",
			Why:       "Consumers of the stream need permission to decrypt it, which the policy of a key that AWS manages cannot grant. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/DBActivityStreams.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this activity stream is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-rds-cluster-snapshot-encrypted",
			Aliases:   same("CKV_AWS_146"),
			Controls:  controls("FSBP RDS.4"),
			On:        on("aws_db_cluster_snapshot"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Cluster snapshots are encrypted",
			Why:       "A snapshot is encrypted or not as the cluster that it is taken of, and whoever it is shared with reads it. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html>",
			Want: anyOf(
				all(anyOf(unset("storage_encrypted"), attr("storage_encrypted").True()), // a plan of an existing snapshot knows
					target("db_cluster_identifier", "aws_rds_cluster", attr("storage_encrypted").True())),
				attr("storage_encrypted").True()),
			Message: "this snapshot is of a cluster whose storage is not encrypted",
			Close:   "encrypt the cluster: storage_encrypted = true",
		},
		{
			ID:        "aws-rds-snapshot-encrypted",
			Controls:  controls("FSBP RDS.4"),
			On:        on("aws_db_snapshot"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Database snapshots are encrypted",
			Why:       "A snapshot is encrypted or not as the database that it is taken of, and whoever it is shared with reads it. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>",
			Want: anyOf(
				all(anyOf(unset("encrypted"), attr("encrypted").True()),
					target("db_instance_identifier", "aws_db_instance", attr("storage_encrypted").True())),
				attr("encrypted").True()),
			Message: "this snapshot is of a database whose storage is not encrypted",
			Close:   "encrypt the database: storage_encrypted = true",
		},
		{
			ID:        "aws-rds-snapshot-not-public",
			Aliases:   same("CKV_AWS_302"),
			Controls:  controls("FSBP RDS.1"),
			On:        on("aws_db_snapshot", "aws_db_cluster_snapshot", "aws_db_snapshot_copy", "aws_rds_cluster_snapshot_copy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Database snapshots are not shared with everyone",
			Why:       "Any AWS account can restore a public snapshot and read all of its data. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html>",
			Want:      not(attr("shared_accounts").Contains("all")),
			Message:   "this snapshot is shared with every AWS account",
			Close:     "name the accounts in shared_accounts in place of \"all\"",
		},
		{
			ID:        "aws-rds-performance-insights-own-key",
			Aliases:   same("CKV_AWS_354", "AWS-0078", "aws-rds-enable-performance-insights-encryption"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Performance Insights data is encrypted with your own key",
			Why:       "Performance Insights keeps the text of queries; without a key of your own it is under one whose policy you cannot set, and the key cannot be changed later. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.html>",
			When:      attr("performance_insights_enabled").True(),
			Want:      ownKey("performance_insights_kms_key_id"),
			Message:   "data of Performance Insights is not encrypted with your own key",
			Close:     "set performance_insights_kms_key_id to the ARN of your own KMS key",
		},
	}
}

// inParameterGroup holds where the attribute names a parameter group that meets
// the condition. AWS's own groups, which cannot be changed, do not.
func inParameterGroup(path, typ string, c cond) cond {
	return all(not(attr(path).Matches("default.*")), target(path, typ, c))
}

// rdsDefaults are RDS's values for unset attributes.
func rdsDefaults() []analyzer.Default {
	authority := onDay(2024, 1, 26) // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
	return []analyzer.Default{
		{Type: "aws_db_instance", Path: "publicly_accessible", Value: isFalse, Source: instancePage + "#publicly_accessible-1"},
		{Type: "aws_db_instance", Path: "auto_minor_version_upgrade", Value: isTrue, Source: instancePage + "#auto_minor_version_upgrade-1"},
		{Type: "aws_db_instance", Path: "backup_retention_period", Value: isNumber(0), Source: instancePage + "#backup_retention_period-1"},
		{Type: "aws_db_instance", Path: "ca_cert_identifier", Value: isString("rds-ca-rsa2048-g1"), Since: authority, Source: instancePage + "#ca_cert_identifier-1"},
		{Type: "aws_db_instance", Path: "engine", Source: instancePage + "#engine-1"},
		{Type: "aws_db_instance", Path: "engine_version", Source: instancePage + "#engine_version-1"},
		{Type: "aws_db_instance", Path: "monitoring_interval", Value: isNumber(0), Source: instancePage + "#monitoring_interval-1"},
		{Type: "aws_db_instance", Path: "multi_az", Value: isFalse, Source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"},
		{Type: "aws_db_instance", Path: "port", Source: instancePage + "#port-1"},
		{Type: "aws_db_instance", Path: "username", Source: instancePage + "#username-1"},
		{Type: "aws_db_instance", Path: "snapshot_identifier", Value: isString(""), Source: instancePage + "#snapshot_identifier-1"},
		{Type: "aws_rds_cluster", Path: "backup_retention_period", Value: isNumber(1), Source: clusterPage + "#backup_retention_period-1"},
		{Type: "aws_rds_cluster", Path: "backtrack_window", Value: isNumber(0), Source: clusterPage + "#backtrack_window-1"},
		{Type: "aws_rds_cluster", Path: "engine_version", Source: clusterPage + "#engine_version-1"},
		{Type: "aws_rds_cluster", Path: "master_username", Source: clusterPage + "#master_username-1"},
		{Type: "aws_rds_cluster", Path: "port", Source: clusterPage + "#port-1"},
		{Type: "aws_rds_cluster", Path: "storage_encrypted", Value: isFalse, Source: clusterPage + "#storage_encrypted-1"},
		{Type: "aws_rds_cluster_instance", Path: "auto_minor_version_upgrade", Value: isTrue, Source: clusterInstancePage + "#auto_minor_version_upgrade-1"},
		{Type: "aws_rds_cluster_instance", Path: "ca_cert_identifier", Value: isString("rds-ca-rsa2048-g1"), Since: authority, Source: clusterInstancePage + "#ca_cert_identifier-1"},
		{Type: "aws_rds_cluster_instance", Path: "monitoring_interval", Value: isNumber(0), Source: clusterInstancePage + "#monitoring_interval-1"},
		{Type: "aws_rds_cluster_instance", Path: "performance_insights_enabled", Value: isFalse, Source: clusterInstancePage + "#performance_insights_enabled-1"},
		{Type: "aws_rds_cluster_instance", Path: "publicly_accessible", Value: isFalse, Source: clusterInstancePage + "#publicly_accessible-1"},
		{Type: "aws_rds_global_cluster", Path: "storage_encrypted", Value: isFalse, Source: globalClusterPage + "#storage_encrypted-1"},
		{Type: "aws_rds_global_cluster", Path: "source_db_cluster_identifier", Value: isString(""), Source: globalClusterPage + "#source_db_cluster_identifier-1"},
	}
}
