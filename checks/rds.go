package checks

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// Pages of the provider that show what a change of an attribute does.
const (
	instancePage        = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance"
	clusterPage         = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster"
	clusterInstancePage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_instance"
	globalClusterPage   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_global_cluster"

	// databaseReplaced is what becomes of a database whose encryption changes.
	databaseReplaced = instancePage + "#storage_encrypted-1"
)

func rds() []row {
	return append(append(rdsStorage(), rdsAccess()...), append(rdsContinuity(), rdsLogging()...)...)
}

// blame points at one attribute where a condition on several decides; the empty
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

// given holds where an argument has a value, or that of a resource or data source
// that always has one.
func given(path string) cond {
	sources := []cond{attr(path).Present()}
	for _, typ := range [...]string{"random_password", "random_string", "data.aws_secretsmanager_secret_version", "data.aws_ssm_parameter"} {
		sources = append(sources, target(path, typ, always()))
	}
	return blame(path, anyOf(sources...))
}

// isReplica: what it does not say itself, it has from its source.
func isReplica() cond { return attr("replicate_source_db").Present() }

// isCopy: users, engine and version come from a replica's source, a snapshot or
// a point in time.
func isCopy() cond {
	return byType(
		of(anyOf(isReplica(), attr("snapshot_identifier").Present(), some("restore_to_point_in_time", always())), "aws_db_instance"),
		of(anyOf(attr("replication_source_identifier").Present(), attr("snapshot_identifier").Present(), attr("global_cluster_identifier").Present(),
			some("restore_to_point_in_time", always())), "aws_rds_cluster"),
	)
}

// publicSubnet holds where a subnet gives out public addresses, or has a route to
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

// newestVersion: no version is asked for, and AWS gives a new database its
// default, which is in support.
//
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
func newestVersion() cond { return all(unset("engine_version"), not(isCopy())) }

// noEngine holds where the engine is none of those. A copy that says none is
// taken to be another.
func noEngine(patterns ...string) cond {
	return anyOf(unset("engine"), not(attr("engine").Matches(patterns...)))
}

// isAuroraMySQL: where a cluster names no engine, that of releases of the
// provider before 5, in which engine could be left out, is Aurora MySQL.
//
// https://registry.terraform.io/providers/hashicorp/aws/4.67.0/docs/resources/rds_cluster#engine
func isAuroraMySQL() cond {
	return anyOf(attr("engine").OneOf("aurora-mysql", "aurora"), unset("engine"))
}

// rdsStorage is what is stored, and with which key.
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
			Title:     "Cluster storage is encrypted with a key of your own",
			Why:       "The policy of the key that AWS manages for RDS cannot be changed, and a snapshot under it cannot be shared with another account. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.Keys.html>",
			When:      not(attr("replication_source_identifier").Present()),
			Want:      ownKey("kms_key_id"),
			Message:   "this cluster is not encrypted with a key of your own",
			Close:     "set kms_key_id to the ARN of a KMS key of yours: that replaces the cluster",
		},
		{
			ID:        "aws-rds-own-key",
			On:        on("aws_db_instance"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Database storage is encrypted with a key of your own",
			Why:       "The policy of the key that AWS manages for RDS cannot be changed, and a snapshot under it cannot be shared with another account. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html>",
			When:      all(not(isReplica()), attr("storage_encrypted").True()),
			Want:      ownKey("kms_key_id"),
			Message:   "this database is not encrypted with a key of your own",
			Close:     "set kms_key_id to the ARN of a KMS key of yours: that replaces the database",
		},
		{
			ID:        "aws-rds-replicated-backups-own-key",
			Aliases:   same("CKV_AWS_245"),
			On:        on("aws_db_instance_automated_backups_replication"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Replicated backups are encrypted with a key of your own",
			Why:       "The key of the source region does not reach the other one: without one of yours the copies are under a key whose policy you cannot set. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "replicated backups are not encrypted with a key of your own",
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
			Title:     "Copies of snapshots are encrypted with a key of your own",
			Why:       "A copy under the key that AWS manages cannot be shared with another account, and a copy without a key of an unencrypted snapshot is not encrypted. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this copy is not encrypted with a key of your own",
			Close:     "set kms_key_id to the ARN of a KMS key of yours",
		},
		{
			ID:        "aws-rds-activity-stream-own-key",
			Aliases:   same("CKV_AWS_246"),
			On:        on("aws_rds_cluster_activity_stream"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Database activity streams are encrypted with a key of your own",
			Why:       "Consumers of the stream need permission to decrypt it, which the policy of a key that AWS manages cannot grant. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/DBActivityStreams.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this activity stream is not encrypted with a key of your own",
			Close:     "set kms_key_id to the ARN of a KMS key of yours",
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
			Title:     "Snapshots of clusters are encrypted",
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
			Title:     "Snapshots of databases are encrypted",
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
			Title:     "Snapshots are not shared with everyone",
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
			Title:     "Performance Insights data is encrypted with a key of your own",
			Why:       "Performance Insights keeps the text of queries; without a key of your own it is under one whose policy you cannot set, and the key cannot be changed later. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.html>",
			When:      attr("performance_insights_enabled").True(),
			Want:      ownKey("performance_insights_kms_key_id"),
			Message:   "data of Performance Insights is not encrypted with a key of your own",
			Close:     "set performance_insights_kms_key_id to the ARN of a KMS key of yours",
		},
	}
}

// rdsAccess is who reaches the databases, and how.
func rdsAccess() []row {
	return []row{
		{
			ID:        "aws-rds-not-public",
			Aliases:   same("CKV_AWS_17", "AWS-0180", "aws-rds-no-public-db-access"),
			Controls:  controls("FSBP RDS.2", "CIS AWS 5.0 2.2.3", "CIS AWS 3.0 2.3.3"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Databases are not publicly accessible",
			Why:       "A publicly accessible database has an address on the internet, and only its security groups stand between it and everyone. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding>",
			Want:      attr("publicly_accessible").False(),
			Message:   "this database has a public address",
			Fix:       unsafe("clients outside of the VPC lose their connection", instancePage+"#publicly_accessible-1"),
		},
		{
			ID:        "aws-rds-classic-security-group",
			Aliases:   join(same("CKV_AWS_196", "CKV_AWS_198"), narrower("AWS-0085", "aws-redshift-no-classic-resources")),
			On:        on("aws_db_security_group", "aws_elasticache_security_group", "aws_redshift_security_group"),
			Layer:     firewallConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Databases and caches have security groups of a VPC",
			Why:       "Groups of RDS, ElastiCache and Redshift themselves were for networks outside of a VPC, which are retired: they protect nothing. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html>",
			Want:      not(always()),
			Message:   "this security group is of EC2-Classic, which is retired",
			Close:     "use aws_security_group, named in vpc_security_group_ids or security_group_ids",
		},
		{
			ID:        "aws-rds-subnets-private",
			Controls:  controls("FSBP RDS.46"),
			On:        on("aws_db_subnet_group"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases are in private subnets",
			Why:       "In a subnet with a route to an internet gateway one wrong attribute or rule puts a database on the internet. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html>",
			Want:      blame("subnet_ids", not(target("subnet_ids", "aws_subnet", publicSubnet()))),
			Message:   "databases of this group are in a public subnet",
			Close:     "choose subnets without map_public_ip_on_launch and without a route to an internet gateway",
		},
		{
			ID:        "aws-rds-iam-authentication",
			Aliases:   same("CKV_AWS_161", "AWS-0176"),
			Controls:  controls("FSBP RDS.10"),
			On:        on("aws_db_instance"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Database users can authenticate with IAM",
			Why:       "Passwords are stored and shared; tokens of IAM expire after 15 minutes and follow the policies of the account. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html>",
			When:      noEngine("oracle-*", "sqlserver-*", "db2-*", "custom-*"), // only MariaDB, MySQL and PostgreSQL have it
			Want:      attr("iam_database_authentication_enabled").True(),
			Message:   "this database accepts passwords only",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-cluster-iam-authentication",
			Aliases:   same("CKV_AWS_162"),
			Controls:  controls("FSBP RDS.12"),
			On:        on("aws_rds_cluster"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Users of clusters can authenticate with IAM",
			Why:       "Passwords are stored and shared; tokens of IAM expire after 15 minutes and follow the policies of the account. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html>",
			Want:      attr("iam_database_authentication_enabled").True(),
			Message:   "this cluster accepts passwords only",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-password-managed",
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Master passwords are kept out of the state",
			Why:       "A password that is given as an argument is in the state and in plans in plain text, and nothing changes it; Secrets Manager generates and rotates one that RDS manages. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html>",
			Want: byType(
				of(anyOf(attr("manage_master_user_password").True(), not(given("password"))), "aws_db_instance"),
				of(anyOf(attr("manage_master_user_password").True(), not(given("master_password"))), "aws_rds_cluster"),
			),
			Message: "the master password of this database is in the state",
			Close:   "set manage_master_user_password = true in place of the password, or give it write-only",
			Secret:  true,
		},
		{
			ID:        "aws-rds-admin-name",
			Controls:  controls("FSBP RDS.24", "FSBP RDS.25"),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     identityAndAccess,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "The administrator of a database has a name of its own",
			Why:       "Names that everybody knows are the first that are tried. <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-25>",
			When:      not(isCopy()),
			Want: byType(
				of(not(attr("username").OneOf("admin", "postgres", "root", "sa")), "aws_db_instance"),
				of(not(attr("master_username").OneOf("admin", "postgres", "root", "sa")), "aws_rds_cluster"),
			),
			Message: "the administrator of this database has a well-known name",
			Close:   "choose another name: that replaces the database",
		},
		{
			ID:        "aws-rds-port",
			Controls:  controls("FSBP RDS.23"),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     firewallConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Databases do not listen on the default port of their engine",
			Why:       "The default port tells the engine to whoever scans for it. <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-23>",
			When:      not(isCopy()),
			Want:      ownPort(),
			Message:   "this database listens on the default port of its engine",
			Close:     "set port to another one",
		},
		{
			ID:        "aws-rds-tls-required",
			Aliases:   same("CKV2_AWS_69"),
			Controls:  controls("FSBP RDS.41", "FSBP RDS.44"),
			On:        on("aws_db_instance"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases refuse connections without TLS",
			Why:       "Unless its parameter group requires TLS, the database also answers in clear text, passwords and results included. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html>",
			When:      noEngine("oracle-*", "db2-*", "custom-*"), // by option groups and other means
			Want:      requiresTLS("parameter_group_name", "aws_db_parameter_group"),
			Message:   "this database accepts connections without TLS",
			Close:     "set rds.force_ssl (PostgreSQL, SQL Server) or require_secure_transport (MySQL, MariaDB) to 1 in a parameter group of the database",
		},
		{
			ID:        "aws-rds-cluster-tls-required",
			On:        on("aws_rds_cluster"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Clusters refuse connections without TLS",
			Why:       "Unless its parameter group requires TLS, the cluster also answers in clear text, passwords and results included. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html>",
			Want:      requiresTLS("db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group"),
			Message:   "this cluster accepts connections without TLS",
			Close:     "set rds.force_ssl (PostgreSQL) to 1 or require_secure_transport (MySQL) to ON in a parameter group of the cluster",
		},
		{
			ID:        "aws-rds-proxy-tls-required",
			Controls:  controls("FSBP RDS.43"),
			On:        on("aws_db_proxy"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Database proxies require TLS",
			Why:       "Unless required, clients may connect to the proxy in clear text, whatever the database behind it demands. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html>",
			Want:      attr("require_tls").True(),
			Message:   "this proxy accepts connections without TLS",
			Fix:       unsafe("clients without TLS are refused", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_proxy#require_tls-1"),
		},
		{
			ID:        "aws-rds-ca-current",
			Aliases:   same("CKV_AWS_211"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases present a certificate of a current authority",
			Why:       "The authorities of 2015 and 2019 have expired: clients that verify the server refuse it, and others learn not to verify. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html>",
			Want:      attr("ca_cert_identifier").OneOf("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"),
			Message:   "the certificate of this database is of an authority that has expired or is not known",
			Fix:       unsafe("clients must trust the new authority, and some engines restart", instancePage+"#ca_cert_identifier-1"),
		},
		{
			ID:        "aws-rds-log-fdw-fixed",
			Aliases:   join(same("CKV_AWS_250"), narrower("CKV_AWS_388")),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     platformAndApplication,
			Objective: patchSystems,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "PostgreSQL does not run a version whose log_fdw reads local files",
			Why:       "In those versions an administrator of the database could read files of the host, credentials of the service among them. <https://aws.amazon.com/security/security-bulletins/AWS-2022-004/>",
			When:      attr("engine").OneOf("postgres", "aurora-postgresql"),
			Want:      anyOf(blame("engine_version", not(brokenLogReader())), newestVersion()),
			Message:   "this version of PostgreSQL lets administrators read files of the host",
			Close:     "set engine_version to a supported one",
		},
		{
			ID:        "aws-rds-version-supported",
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases run an engine version in standard support",
			Why:       "After the end of standard support fixes come late and at a charge, or not at all, and AWS upgrades at a time of its choice. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html>",
			When:      attr("engine").OneOf("postgres", "aurora-postgresql", "mysql", "aurora-mysql", "aurora", "mariadb"),
			Want:      anyOf(supportedVersion(), newestVersion()),
			Message:   "standard support of this engine version has ended",
			Close:     "upgrade to a supported major version",
		},
		{
			ID:        "aws-rds-minor-upgrades",
			Aliases:   same("CKV_AWS_226"),
			Controls:  controls("FSBP RDS.13", "CIS AWS 5.0 2.2.2", "CIS AWS 3.0 2.3.2"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     platformAndApplication,
			Objective: patchSystems,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases take minor upgrades automatically",
			Why:       "Minor versions carry the security fixes of the engine; turned off, each waits for somebody. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html>",
			Want:      attr("auto_minor_version_upgrade").True(),
			Message:   "this database does not take minor upgrades",
			Fix:       safe(),
		},
	}
}

// rdsContinuity is what keeps the data and the service.
func rdsContinuity() []row {
	return []row{
		{
			ID:        "aws-rds-backups-on",
			Aliases:   same("CKV_AWS_133"),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Automated backups of databases are on",
			Why:       "Without them there is no point in time to go back to, and a mistake or a failed disk is final. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html>",
			When:      byType(of(not(isReplica()), "aws_db_instance"), of(always(), "aws_rds_cluster")), // a replica's source is backed up
			Want:      attr("backup_retention_period").AtLeast(1),
			Message:   "automated backups of this database are off",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-backups-beyond-a-day",
			Aliases:   same("AWS-0077", "aws-rds-specify-backup-retention"),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Automated backups of databases are kept for more than a day",
			Why:       "What is damaged on Friday and noticed on Monday is in no backup of a day. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html>",
			When:      byType(of(not(isReplica()), "aws_db_instance"), of(always(), "aws_rds_cluster")),
			Want:      attr("backup_retention_period").AtLeast(2),
			Message:   "backups of this database are kept for a day at most",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-backups-kept",
			Controls:  controls("FSBP RDS.11"),
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Automated backups of databases are kept for a week",
			Why:       "Damage is often noticed days later, when shorter backups already hold it. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html>",
			When:      byType(of(not(isReplica()), "aws_db_instance"), of(always(), "aws_rds_cluster")),
			Want:      attr("backup_retention_period").AtLeast(7),
			Message:   "backups of this database are kept for less than 7 days",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-multi-az",
			Aliases:   same("CKV_AWS_157"),
			Controls:  controls("FSBP RDS.5", "CIS AWS 5.0 2.2.4"),
			On:        on("aws_db_instance"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases have a standby in another zone",
			Why:       "A database in one zone is down, and may lose its last minutes, when its host or zone fails. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html>",
			When:      noEngine("aurora*"), // its cluster places the instances
			Want:      attr("multi_az").True(),
			Message:   "this database has no standby in another zone",
			Fix:       unsafe("adds a standby, which is charged", instancePage+"#multi_az-1"),
		},
		{
			ID:        "aws-rds-cluster-several-zones",
			Controls:  controls("FSBP RDS.15"),
			On:        on("aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Clusters have an instance to fail over to",
			Why:       "Aurora keeps the data in three zones, and yet a cluster with one instance is down until that is created anew. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html>",
			When:      not(attr("engine_mode").Equals("serverless")), // it fails over by itself
			Want:      anyOf(attr("db_cluster_instance_class").Present(), twoInstances()),
			Message:   "this cluster has one instance and none to fail over to",
			Close:     "add a second aws_rds_cluster_instance",
		},
		{
			ID:        "aws-rds-deletion-protected",
			Aliases:   same("CKV_AWS_293", "AWS-0177"),
			Controls:  controls("FSBP RDS.8"),
			On:        on("aws_db_instance"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases are protected from deletion",
			Why:       "One call, or one destroy too many, deletes the database; with protection on it is refused. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html#USER_DeleteInstance.DeletionProtection>",
			Want:      attr("deletion_protection").True(),
			Message:   "this database can be deleted by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-cluster-deletion-protected",
			Aliases:   same("CKV_AWS_139", "AWS-0343"),
			Controls:  controls("FSBP RDS.7"),
			On:        on("aws_rds_cluster"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Clusters are protected from deletion",
			Why:       "One call, or one destroy too many, deletes the cluster; with protection on it is refused. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html>",
			Want:      attr("deletion_protection").True(),
			Message:   "this cluster can be deleted by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-global-cluster-deletion-protected",
			On:        on("aws_rds_global_cluster"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Global clusters are protected from deletion",
			Why:       "Without the global cluster its regions no longer replicate, and nothing is left to fail over to. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-managing.html>",
			Want:      attr("deletion_protection").True(),
			Message:   "this global cluster can be deleted by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-final-snapshot",
			On:        on("aws_db_instance", "aws_rds_cluster"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "A final snapshot is taken when a database is deleted",
			Why:       "Automated backups go with the database by default: without the snapshot nothing is left of it. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html>",
			When: byType(of(not(isReplica()), "aws_db_instance"),
				of(not(attr("replication_source_identifier").Present()), "aws_rds_cluster")),
			Want:    not(attr("skip_final_snapshot").True()),
			Message: "no snapshot is taken when this database is deleted",
			Fix:     unsafe("a destroy then needs final_snapshot_identifier", instancePage+"#skip_final_snapshot-1"),
		},
		{
			ID:        "aws-rds-tags-copied",
			Aliases:   same("CKV2_AWS_60"),
			Controls:  controls("FSBP RDS.17"),
			On:        on("aws_db_instance"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Snapshots of databases carry the tags of the database",
			Why:       "Policies of access, retention and cost go by tags, and do not find a snapshot without them. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html#USER_Tagging.CopyTags>",
			When:      noEngine("aurora*"), // its cluster copies them
			Want:      attr("copy_tags_to_snapshot").True(),
			Message:   "snapshots of this database have no tags",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-cluster-tags-copied",
			Aliases:   same("CKV_AWS_313"),
			Controls:  controls("FSBP RDS.16", "FSBP RDS.47", "FSBP RDS.48"),
			On:        on("aws_rds_cluster"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Snapshots of clusters carry the tags of the cluster",
			Why:       "Policies of access, retention and cost go by tags, and do not find a snapshot without them. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>",
			Want:      attr("copy_tags_to_snapshot").True(),
			Message:   "snapshots of this cluster have no tags",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-backtrack",
			Aliases:   same("CKV_AWS_326"),
			Controls:  controls("FSBP RDS.14"),
			On:        on("aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Aurora MySQL clusters can be rewound",
			Why:       "Backtracking undoes a bad statement in minutes, where a restore makes a new cluster. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html>",
			When:      isAuroraMySQL(),
			Want:      not(attr("backtrack_window").AtMost(0)),
			Message:   "this cluster cannot be rewound",
			Close:     "set backtrack_window, in seconds: it can only be turned on at creation or by a restore",
		},
	}
}

// rdsLogging is what the databases record.
func rdsLogging() []row {
	return []row{
		{
			ID:        "aws-rds-enhanced-monitoring",
			Aliases:   same("CKV_AWS_118"),
			Controls:  controls("FSBP RDS.6"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Enhanced monitoring of databases is on",
			Why:       "The metrics of the hypervisor do not show which process of the host uses its memory, disk and processors. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html>",
			Want:      not(attr("monitoring_interval").AtMost(0)),
			Message:   "enhanced monitoring of this database is off",
			Close:     "set monitoring_interval to 60 and monitoring_role_arn to a role with AmazonRDSEnhancedMonitoringRole",
		},
		{
			ID:        "aws-rds-performance-insights",
			Aliases:   same("CKV_AWS_353", "AWS-0133", "aws-rds-enable-performance-insights"),
			On:        on("aws_db_instance", "aws_rds_cluster_instance"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Performance Insights of databases is on",
			Why:       "Without it nothing shows afterwards which statements and users loaded the database. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.html>",
			Want:      attr("performance_insights_enabled").True(),
			Message:   "the load of this database is not recorded: Performance Insights is off",
			Fix:       safe(),
		},
		{
			ID:        "aws-rds-logs-exported",
			Aliases:   same("CKV_AWS_129"),
			Controls:  controls("FSBP RDS.9", "FSBP RDS.36", "FSBP RDS.40", "FSBP RDS.42"),
			On:        on("aws_db_instance"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Databases export their logs to CloudWatch",
			Why:       "Logs on the host are gone after days, and with the database. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html>",
			Want:      attr("enabled_cloudwatch_logs_exports").Present(),
			Message:   "this database exports no log",
			Close:     "list its logs in enabled_cloudwatch_logs_exports: [\"postgresql\", \"upgrade\"] or [\"audit\", \"error\"], by engine",
		},
		{
			ID:        "aws-rds-cluster-logs-exported",
			Aliases:   same("CKV_AWS_324"),
			Controls:  controls("FSBP RDS.37"),
			On:        on("aws_rds_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Clusters export their logs to CloudWatch",
			Why:       "Logs on the hosts are gone after days, and with the cluster. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html>",
			Want:      attr("enabled_cloudwatch_logs_exports").Present(),
			Message:   "this cluster exports no log",
			Close:     "list its logs in enabled_cloudwatch_logs_exports: [\"postgresql\"] or [\"audit\", \"error\"], by engine",
		},
		{
			ID:        "aws-rds-cluster-audit-log-exported",
			Aliases:   same("CKV_AWS_325"),
			Controls:  controls("FSBP RDS.34"),
			On:        on("aws_rds_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Aurora MySQL clusters export their audit log",
			Why:       "The audit log tells who connected and what was queried; on the hosts it is soon overwritten. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.CloudWatch.html>",
			When:      isAuroraMySQL(),
			Want:      attr("enabled_cloudwatch_logs_exports").Contains("audit"),
			Message:   "this cluster does not export its audit log",
			Close:     "add \"audit\" to enabled_cloudwatch_logs_exports, and set server_audit_logging = 1 in its parameter group",
		},
		{
			ID:        "aws-rds-queries-logged",
			Aliases:   wider("CKV2_AWS_30"),
			On:        on("aws_db_instance"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "PostgreSQL databases log queries",
			Why:       "By default PostgreSQL logs no statement: what was read and changed cannot be told afterwards. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html>",
			When:      attr("engine").Equals("postgres"),
			Want:      inParameterGroup("parameter_group_name", "aws_db_parameter_group", logsQueries()),
			Message:   "this database logs no queries",
			Close:     "set log_statement to ddl, mod or all in a parameter group of the database",
		},
		{
			ID:        "aws-rds-cluster-queries-logged",
			Aliases:   wider("CKV2_AWS_27"),
			On:        on("aws_rds_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "PostgreSQL clusters log queries",
			Why:       "By default PostgreSQL logs no statement: what was read and changed cannot be told afterwards. <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html>",
			When:      attr("engine").OneOf("aurora-postgresql", "postgres"),
			Want:      inParameterGroup("db_cluster_parameter_group_name", "aws_rds_cluster_parameter_group", logsQueries()),
			Message:   "this cluster logs no queries",
			Close:     "set log_statement to ddl, mod or all in a parameter group of the cluster",
		},
	}
}

// twoInstances holds where two instances or more belong to a cluster. One
// without any here has them elsewhere.
func twoInstances() cond {
	const instance = "aws_rds_cluster_instance"
	outOfSight := related(instance, "cluster_identifier", not(always()))
	return analyzer.Func{
		Says:  "two instances or more belong to it",
		Reads: analyzer.ReadsOf(outOfSight),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			sure, possible := 0, 0
			for _, link := range v.Companions(instance, "cluster_identifier") {
				if link.Possible || strings.Contains(link.Resource.Address, "[*]") {
					possible++
					continue
				}
				sure++
			}
			switch {
			case sure > 1:
				return v.Pass(v.Here())
			case possible > 0 || sure == 0:
				return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "how many instances the cluster has"})
			}
			return v.Judge(outOfSight)
		},
	}
}

// inParameterGroup holds where the attribute names a parameter group that meets
// the condition. The groups of AWS, which cannot be changed, do not.
func inParameterGroup(path, typ string, c cond) cond {
	return all(not(attr(path).Matches("default.*")), target(path, typ, c))
}

func logsQueries() cond {
	return anyOf(
		some("parameter", all(attr("name").Equals("log_statement"), attr("value").OneOf("all", "mod", "ddl"))),
		some("parameter", all(attr("name").Equals("log_min_duration_statement"), attr("value").AtLeast(0))))
}

// rdsDefaults are what RDS makes of attributes that are not set.
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
