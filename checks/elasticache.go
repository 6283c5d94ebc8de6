package checks

import "github.com/demarc/demarc/analyzer"

// joinsGlobal holds for a member of a global datastore, which has the settings
// of its primary.
func joinsGlobal() cond { return attr("global_replication_group_id").Present() }

// standsAlone holds for a cluster outside replication groups; a member has the
// settings of its group.
func standsAlone() cond { return not(attr("replication_group_id").Present()) }

// turnedOff holds for a user without permissions, whose access string begins
// with off.
//
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string
func turnedOff() cond { return attr("access_string").Matches("off", "off *") }

func elastiCache() []row {
	return []row{
		{
			ID:        "aws-elasticache-encrypted",
			Aliases:   same("CKV_AWS_29", "AWS-0045", "aws-elasticache-enable-at-rest-encryption"),
			Controls:  controls("FSBP ElastiCache.4"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups are encrypted at rest",
			Why:       "Redis replication groups keep backups and what they swap to disk in plain text unless encryption is chosen at creation. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html>",
			When:      not(joinsGlobal()),
			Want: anyOf(
				attr("at_rest_encryption_enabled").True(),
				all(unset("at_rest_encryption_enabled"), attr("engine").Equals("valkey"))),
			Message: "this replication group is not encrypted at rest",
			Fix:     unsafe("replaces the replication group", providerPages+"elasticache_replication_group#at_rest_encryption_enabled-1"),
		},
		{
			ID:        "aws-elasticache-own-key",
			Aliases:   same("CKV_AWS_191"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it, and see each use in CloudTrail. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this replication group is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the replication group",
		},
		{
			ID:        "aws-elasticache-encrypted-in-transit",
			Aliases:   same("CKV_AWS_30", "AWS-0051", "aws-elasticache-enable-in-transit-encryption"),
			Controls:  controls("FSBP ElastiCache.5"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups require TLS",
			Why:       "Without it the cache speaks plain text, to clients and between nodes. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html>",
			When:      not(joinsGlobal()),
			Want:      attr("transit_encryption_enabled").True(),
			Message:   "this replication group uses plain text",
			Fix:       unsafe("clients without TLS are refused; before engine version 7.0.5 it replaces the replication group", providerPages+"elasticache_replication_group#transit_encryption_enabled-1"),
		},
		{
			ID:        "aws-elasticache-authenticated",
			Aliases:   same("CKV_AWS_31"),
			Controls:  controls("FSBP ElastiCache.6"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups authenticate clients",
			Why:       "Without a token or users, whoever reaches the port reads and changes the cache; both need encryption in transit. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html>",
			When:      not(joinsGlobal()),
			Want: all(
				attr("transit_encryption_enabled").True(),
				anyOf(attr("auth_token").Present(), attr("user_group_ids").Present())),
			Message: "this replication group does not authenticate clients",
			Close:   "set transit_encryption_enabled = true and user_group_ids, or auth_token",
			Secret:  true,
		},
		{
			ID:        "aws-elasticache-fails-over",
			Aliases:   same("CKV2_AWS_50"),
			Controls:  controls("FSBP ElastiCache.3"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups fail over automatically",
			Why:       "When the primary node fails, the cache takes no writes until somebody promotes a replica. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html>",
			Want:      attr("automatic_failover_enabled").True(),
			Message:   "this replication group does not fail over automatically",
			Fix:       safe(),
		},
		{
			ID:        "aws-elasticache-several-zones",
			On:        on("aws_elasticache_replication_group"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups span several zones",
			Why:       "With all nodes in one zone the cache is lost with it. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html>",
			Want:      attr("multi_az_enabled").True(),
			Message:   "nodes of this replication group may all be in one zone",
			Fix:       safe(),
		},
		{
			ID:        "aws-elasticache-replication-group-backed-up",
			Controls:  controls("FSBP ElastiCache.1"),
			On:        on("aws_elasticache_replication_group"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ElastiCache replication groups are backed up every day",
			Why:       "Data in memory is gone with the nodes, and backups are not taken unless they are kept. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html>",
			Want:      attr("snapshot_retention_limit").AtLeast(1),
			Message:   "this replication group has no automatic backups",
			Fix:       safe(),
		},
		{
			ID:        "aws-elasticache-cluster-backed-up",
			Aliases:   same("CKV_AWS_134", "AWS-0050", "aws-elasticache-enable-backup-retention"),
			Controls:  controls("FSBP ElastiCache.1"),
			On:        on("aws_elasticache_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ElastiCache Redis clusters are backed up every day",
			Why:       "Data in memory is gone with the node, and backups are not taken unless they are kept. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html>",
			When:      all(standsAlone(), not(attr("engine").Equals("memcached")), not(attr("node_type").Equals("cache.t1.micro"))), // neither has backups
			Want:      attr("snapshot_retention_limit").AtLeast(1),
			Message:   "this cluster has no automatic backups",
			Fix:       safe(),
		},
		{
			ID:        "aws-elasticache-minor-upgrades",
			Aliases:   same("CKV_AWS_322"),
			Controls:  controls("FSBP ElastiCache.2"),
			On:        on("aws_elasticache_cluster"),
			Layer:     platformAndApplication,
			Objective: patchSystems,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ElastiCache caches take minor upgrades",
			Why:       "Minor versions bring security fixes; without automatic upgrades somebody has to install them. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html>",
			Want:      attr("auto_minor_version_upgrade").True(),
			Message:   "this cache does not take minor upgrades",
			Fix:       safe(),
		},
		{
			ID:        "aws-elasticache-own-subnets",
			Aliases:   same("CKV_AWS_323"),
			Controls:  controls("FSBP ElastiCache.7"),
			On:        on("aws_elasticache_cluster"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ElastiCache caches are in subnets that you chose",
			Why:       "The default subnet group holds every subnet of the default VPC, public ones included. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html>",
			When:      standsAlone(),
			Want:      all(attr("subnet_group_name").Present(), not(attr("subnet_group_name").Equals("default"))),
			Message:   "this cache is in the default subnet group",
			Close:     "name an aws_elasticache_subnet_group in subnet_group_name: that replaces the cluster",
		},
		{
			ID:        "aws-elasticache-user-authenticated",
			On:        on("aws_elasticache_user"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ElastiCache users authenticate",
			Why:       "Whoever reaches the port can act as this user with the name alone. <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html>",
			When:      not(turnedOff()),
			Want:      all(not(attr("no_password_required").True()), not(attr("authentication_mode.type").Equals("no-password-required"))),
			Message:   "this user does not authenticate",
			Close:     "set passwords, or authentication_mode with type = \"iam\"",
		},
	}
}

// namesManaged holds where the attribute names a resource of the type that this
// configuration manages, whatever its name.
func namesManaged(path, typ string) cond {
	return analyzer.Func{
		Says:  path + " names a " + typ,
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}, {Type: typ}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			for _, link := range v.Targets(path, typ) {
				if !link.Possible {
					return v.Pass(v.Attr(path))
				}
			}
			return v.Fail(v.Attr(path))
		},
	}
}
