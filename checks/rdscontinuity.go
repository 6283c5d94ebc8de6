package checks

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// rdsContinuity lists protection of the data and availability of the service.
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
			Title:     "Automated database backups are on",
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
			Title:     "Automated database backups are kept for more than a day",
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
			Title:     "Automated database backups are kept for a week",
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
			Title:     "Database snapshots carry the tags of the database",
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
			Title:     "Cluster snapshots carry the tags of the cluster",
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

// twoInstances holds where at least two instances belong to a cluster. A
// cluster without any here has its instances elsewhere.
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
