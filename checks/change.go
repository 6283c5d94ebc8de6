package checks

import "github.com/demarc/demarc/analyzer"

// change lists the destructions in a plan. Source alone never fails these
// checks: it only describes the desired state.
func change() []row {
	return []row{
		{
			ID:        "aws-stateful-destroy-protected",
			On:        keptTypes(),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Plans do not destroy data without keeping a copy",
			Why:       "A renamed block, or an attribute that forces replacement, deletes a database just as a destroy does, and apply does not ask again. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html>",
			When:      analyzer.ActionIs(analyzer.Delete, analyzer.Replace),
			Want:      kept(),
			Message:   "this plan destroys data without keeping a copy",
			Close:     "apply a final snapshot or deletion protection first, or move or remove the resource from the state: moved, removed",
		},
	}
}

// A keeper describes what keeps the data of its types on destruction, or
// prevents the destruction. It is judged on the state before the plan, as
// Terraform destroys by that state.
type keeper struct {
	types []string
	kept  cond
	loses string // the message where it is not kept
}

func keepers() []keeper {
	finalSnapshot := all(not(attr("skip_final_snapshot").True()), attr("final_snapshot_identifier").Present())
	guarded := attr("deletion_protection").True()
	return []keeper{
		{on("aws_db_instance"), anyOf(guarded, finalSnapshot, isReplica(), attr("delete_automated_backups").False(), backedUp("rds", "db:", "identifier")),
			"this plan destroys the database without a final snapshot"},
		{on("aws_rds_cluster"), anyOf(guarded, finalSnapshot, attr("replication_source_identifier").Present(), attr("delete_automated_backups").False(), backedUp("rds", "cluster:", "cluster_identifier")),
			"this plan destroys the cluster without a final snapshot"},
		{on("aws_docdb_cluster", "aws_neptune_cluster"), anyOf(guarded, finalSnapshot, backedUp("rds", "cluster:", "cluster_identifier")),
			"this plan destroys the cluster without a final snapshot"},
		{on("aws_redshift_cluster"), finalSnapshot,
			"this plan destroys the cluster without a final snapshot"},
		{on("aws_memorydb_cluster"), attr("final_snapshot_name").Present(),
			"this plan destroys the cluster without a final snapshot"},
		{on("aws_lightsail_database"), all(not(attr("skip_final_snapshot").True()), attr("final_snapshot_name").Present()),
			"this plan destroys the database without a final snapshot"},
		// Automated snapshots go with the domain:
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html
		{on("aws_opensearch_domain", "aws_elasticsearch_domain"), not(always()),
			"this plan destroys the domain, and its automated snapshots with it"},
		// AWS refuses to delete a resource that is not empty, unless it is
		// emptied first.
		{on("aws_s3_bucket", "aws_backup_vault"), not(attr("force_destroy").True()),
			"this plan empties and destroys the resource, because force_destroy allows it"},
		{on("aws_ecr_repository"), not(attr("force_delete").True()),
			"this plan destroys the repository with the images in it"},
		{on("aws_ebs_volume"), anyOf(attr("final_snapshot").True(), backedUp("ec2", "volume/", "")),
			"this plan destroys the volume without a final snapshot"},
		{on("aws_efs_file_system"), anyOf(
			related("aws_efs_backup_policy", "file_system_id", attr("backup_policy.status").OneOf("ENABLED", "ENABLING")),
			backedUp("elasticfilesystem", "file-system/", "")),
			"this plan destroys the file system, which has no backup"},
		{on("aws_fsx_windows_file_system", "aws_fsx_openzfs_file_system", "aws_fsx_ontap_volume"), not(attr("skip_final_backup").True()),
			"this plan destroys the file system without a final backup"},
		{on("aws_fsx_lustre_file_system"), attr("skip_final_backup").False(), // skipped unless said otherwise
			"this plan destroys the file system without a final backup"},
		// DynamoDB keeps a backup of a table with point-in-time recovery:
		// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
		{on("aws_dynamodb_table"), anyOf(attr("deletion_protection_enabled").True(), attr("point_in_time_recovery.enabled").True(), backedUp("dynamodb", "table/", "name")),
			"this plan destroys the table, which has no backup"},
		// A key can be recovered until the window ends:
		// https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
		{on("aws_kms_key"), not(attr("deletion_window_in_days").AtMost(29)),
			"this plan destroys the key after less than 30 days, and with it whatever it encrypts"},
		{on("aws_secretsmanager_secret"), not(attr("recovery_window_in_days").AtMost(0)),
			"this plan destroys the secret at once, without a recovery window"},
		{on("aws_cognito_user_pool"), attr("deletion_protection").Equals("ACTIVE"),
			"this plan destroys the user pool, and its users with it"},
	}
}

func keptTypes() []string {
	var types []string
	for _, k := range keepers() {
		types = append(types, k.types...)
	}
	return types
}

// kept holds where the data that existed before the plan survives it.
func kept() cond {
	var cases []analyzer.TypeCase
	for _, k := range keepers() {
		cases = append(cases, of(k.survives(), k.types...))
	}
	return byType(cases...)
}

func (k keeper) survives() cond {
	was := analyzer.Was(k.kept)
	return analyzer.Func{
		Says:  was.String(),
		Reads: analyzer.ReadsOf(was),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(was)
			if out.Verdict == analyzer.Fail {
				return v.FailSaying(v.Here(), k.loses)
			}
			return out
		},
	}
}

// changeDefaults are AWS's values for unset attributes.
func changeDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_fsx_lustre_file_system", Path: "skip_final_backup", Value: isTrue, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/fsx_lustre_file_system#skip_final_backup-1"},
	}
}
