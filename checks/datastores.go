package checks

import "github.com/demarc/demarc/analyzer"

// providerPages is where the provider documents its resource types.
const providerPages = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"

// datastores lists every managed database and cache other than RDS and
// DynamoDB.
func datastores() []row {
	var rows []row
	for _, service := range [][]row{neptune(), documentDB(), elastiCache(), memoryDB(), redshift(), redshiftServerless(), migration(), otherDatabases()} {
		rows = append(rows, service...)
	}
	return rows
}

// copiedFrom holds for a replica, which takes its unset values from its source.
func copiedFrom(source string) cond { return attr(source).Present() }

func otherDatabases() []row {
	return []row{
		{
			ID:        "aws-timestream-own-key",
			Aliases:   same("CKV_AWS_160"),
			On:        on("aws_timestreamwrite_database"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Timestream databases are encrypted with your own key",
			Why:       "Timestream encrypts every database, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this database is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-influxdb-not-public",
			On:        on("aws_timestreaminfluxdb_db_instance"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "InfluxDB instances are not publicly accessible",
			Why:       "A public instance has an address on the internet, and only its security groups stand between it and everyone. <https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influxdb.html>",
			Want:      attr("publicly_accessible").False(),
			Message:   "this instance has a public address",
			Fix:       unsafe("replaces the instance", providerPages+"timestreaminfluxdb_db_instance#publicly_accessible-1"),
		},
		{
			ID:        "aws-qldb-permissions-standard",
			Aliases:   same("CKV_AWS_170"),
			On:        on("aws_qldb_ledger"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "QLDB ledgers authorize each command and table with IAM",
			Why:       "With ALLOW_ALL, whoever may send commands may send all of them to every table. <https://docs.aws.amazon.com/qldb/latest/developerguide/ledger-management.basics.html>",
			Want:      attr("permissions_mode").Equals("STANDARD"),
			Message:   "this ledger allows every command",
			Fix:       unsafe("callers without permissions for tables are refused", providerPages+"qldb_ledger#permissions_mode-1"),
		},
		{
			ID:        "aws-qldb-deletion-protected",
			Aliases:   same("CKV_AWS_172"),
			On:        on("aws_qldb_ledger"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "QLDB ledgers are protected from deletion",
			Why:       "A deleted ledger takes its record of what happened with it. <https://docs.aws.amazon.com/qldb/latest/developerguide/ledger-management.basics.html>",
			Want:      attr("deletion_protection").True(),
			Message:   "this ledger is not protected from deletion",
			Fix:       safe(),
		},
		{
			ID:        "aws-keyspaces-own-key",
			Aliases:   same("CKV_AWS_265"),
			On:        on("aws_keyspaces_table"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Keyspaces tables are encrypted with your own key",
			Why:       "Keyspaces encrypts every table, but only with your own key can you decide who may use it. <https://docs.aws.amazon.com/keyspaces/latest/devguide/EncryptionAtRest.html>",
			Want:      all(attr("encryption_specification.type").Equals("CUSTOMER_MANAGED_KMS_KEY"), ownKey("encryption_specification.kms_key_identifier")),
			Message:   "this table is not encrypted with your own key",
			Close:     "add an encryption_specification block with type = \"CUSTOMER_MANAGED_KMS_KEY\" and kms_key_identifier",
		},
		{
			ID:        "aws-keyspaces-point-in-time-recovery",
			On:        on("aws_keyspaces_table"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Keyspaces tables can be restored to any second",
			Why:       "Without point-in-time recovery, data that a faulty program overwrites is lost. <https://docs.aws.amazon.com/keyspaces/latest/devguide/PointInTimeRecovery.html>",
			Want:      attr("point_in_time_recovery.status").Equals("ENABLED"),
			Message:   "this table has no point-in-time recovery",
			Fix:       safe(),
		},
	}
}

// datastoresDefaults are AWS's values for unset attributes.
func datastoresDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_neptune_cluster", Path: "storage_encrypted", Value: isFalse, Source: providerPages + "neptune_cluster#storage_encrypted-1"},
		{Type: "aws_neptune_cluster", Path: "backup_retention_period", Value: isNumber(1), Source: providerPages + "neptune_cluster#backup_retention_period-1"},
		{Type: "aws_neptune_cluster", Path: "kms_key_arn", Value: isNothing, Source: "https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html"},
		{Type: "aws_neptune_cluster_instance", Path: "publicly_accessible", Value: isFalse, Source: providerPages + "neptune_cluster_instance#publicly_accessible-1"},
		{Type: "aws_neptune_cluster_instance", Path: "auto_minor_version_upgrade", Value: isTrue, Source: providerPages + "neptune_cluster_instance#auto_minor_version_upgrade-1"},
		{Type: "aws_neptune_global_cluster", Path: "storage_encrypted", Value: isFalse, Source: providerPages + "neptune_global_cluster#storage_encrypted-1"},
		{Type: "aws_neptune_global_cluster", Path: "source_db_cluster_identifier", Value: isString(""), Source: providerPages + "neptune_global_cluster#source_db_cluster_identifier-1"},
		{Type: "aws_docdb_cluster", Path: "storage_encrypted", Value: isFalse, Source: providerPages + "docdb_cluster#storage_encrypted-1"},
		{Type: "aws_docdb_cluster", Path: "backup_retention_period", Value: isNumber(1), Source: providerPages + "docdb_cluster#backup_retention_period-1"},
		{Type: "aws_docdb_global_cluster", Path: "storage_encrypted", Value: isFalse, Source: providerPages + "docdb_global_cluster#storage_encrypted-1"},
		{Type: "aws_docdb_global_cluster", Path: "source_db_cluster_identifier", Value: isString(""), Source: providerPages + "docdb_global_cluster#source_db_cluster_identifier-1"},
		{Type: "aws_elasticache_cluster", Path: "engine", Value: isNothing, Source: providerPages + "elasticache_cluster#engine-1"},
		{Type: "aws_elasticache_cluster", Path: "node_type", Value: isNothing, Source: providerPages + "elasticache_cluster#node_type-1"},
		{Type: "aws_elasticache_cluster", Path: "snapshot_retention_limit", Value: isNumber(0), Source: providerPages + "elasticache_cluster#snapshot_retention_limit-1"},
		{Type: "aws_elasticache_cluster", Path: "auto_minor_version_upgrade", Value: isTrue, Source: providerPages + "elasticache_cluster#auto_minor_version_upgrade-1"},
		{Type: "aws_elasticache_cluster", Path: "subnet_group_name", Value: isString("default"), Source: providerPages + "elasticache_cluster#subnet_group_name-1"},
		{Type: "aws_elasticache_replication_group", Path: "engine", Value: isString("redis"), Source: providerPages + "elasticache_replication_group#engine-1"},
		{Type: "aws_elasticache_replication_group", Path: "at_rest_encryption_enabled", Value: isFalse, Source: providerPages + "elasticache_replication_group#at_rest_encryption_enabled-1"},
		{Type: "aws_elasticache_replication_group", Path: "transit_encryption_enabled", Value: isFalse, Source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"},
		{Type: "aws_elasticache_replication_group", Path: "snapshot_retention_limit", Value: isNumber(0), Source: providerPages + "elasticache_replication_group#snapshot_retention_limit-1"},
		{Type: "aws_memorydb_cluster", Path: "tls_enabled", Value: isTrue, Source: providerPages + "memorydb_cluster#tls_enabled-1"},
		{Type: "aws_memorydb_cluster", Path: "auto_minor_version_upgrade", Value: isTrue, Source: providerPages + "memorydb_cluster#auto_minor_version_upgrade-1"},
		{Type: "aws_memorydb_cluster", Path: "snapshot_retention_limit", Value: isNumber(0), Source: providerPages + "memorydb_cluster#snapshot_retention_limit-1"},
		{Type: "aws_redshift_cluster", Path: "encrypted", Value: isTrue, Source: providerPages + "redshift_cluster#encrypted-1"},
		{Type: "aws_redshift_cluster", Path: "publicly_accessible", Value: isFalse, Source: providerPages + "redshift_cluster#publicly_accessible-1"},
		{Type: "aws_redshift_cluster", Path: "cluster_subnet_group_name", Value: isNothing, Source: providerPages + "redshift_cluster#cluster_subnet_group_name-1"},
		{Type: "aws_redshift_cluster", Path: "enhanced_vpc_routing", Value: isFalse, Source: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"},
		{Type: "aws_redshift_cluster", Path: "allow_version_upgrade", Value: isTrue, Source: providerPages + "redshift_cluster#allow_version_upgrade-1"},
		{Type: "aws_redshift_cluster", Path: "automated_snapshot_retention_period", Value: isNumber(1), Source: providerPages + "redshift_cluster#automated_snapshot_retention_period-1"},
		{Type: "aws_redshift_cluster", Path: "database_name", Value: isString("dev"), Source: providerPages + "redshift_cluster#database_name-1"},
		{Type: "aws_redshiftserverless_workgroup", Path: "publicly_accessible", Value: isFalse, Source: "https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html"},
		{Type: "aws_dms_replication_instance", Path: "publicly_accessible", Value: isFalse, Source: providerPages + "dms_replication_instance#publicly_accessible-1"},
		{Type: "aws_dms_replication_instance", Path: "auto_minor_version_upgrade", Value: isFalse, Source: providerPages + "dms_replication_instance#auto_minor_version_upgrade-1"},
		{Type: "aws_dms_replication_instance", Path: "multi_az", Value: isFalse, Source: providerPages + "dms_replication_instance#multi_az-1"},
		{Type: "aws_dms_endpoint", Path: "ssl_mode", Value: isString("none"), Source: providerPages + "dms_endpoint#ssl_mode-1"},
		{Type: "aws_qldb_ledger", Path: "deletion_protection", Value: isTrue, Source: providerPages + "qldb_ledger#deletion_protection-1"},
		{Type: "aws_keyspaces_table", Path: "encryption_specification.type", Value: isString("AWS_OWNED_KMS_KEY"), Source: providerPages + "keyspaces_table#type-1"},
		{Type: "aws_keyspaces_table", Path: "point_in_time_recovery.status", Value: isString("DISABLED"), Source: providerPages + "keyspaces_table#status-1"},
		{Type: "aws_timestreaminfluxdb_db_instance", Path: "publicly_accessible", Value: isFalse, Source: providerPages + "timestreaminfluxdb_db_instance#publicly_accessible-1"},
		{Type: "aws_redshiftserverless_namespace", Path: "admin_username", Source: providerPages + "redshiftserverless_namespace#admin_username-1"},
		{Type: "aws_redshift_cluster", Path: "multi_az", Value: isFalse, Source: providerPages + "redshift_cluster#multi_az-1"},
	}
}
