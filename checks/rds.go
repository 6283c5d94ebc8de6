package checks

import "github.com/demarc/demarc/analyzer"

// databaseReplaced is what becomes of a database whose encryption changes.
const databaseReplaced = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#storage_encrypted-1"

func rds() []row {
	return []row{
		{
			ID:        "aws-rds-storage-encrypted",
			Aliases:   same("CKV_AWS_16", "AWS-0080"),
			Controls:  controls("FSBP RDS.3", "CIS AWS 5.0 2.2.1"),
			On:        on("aws_db_instance"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Database storage is encrypted at rest",
			Why:       "RDS encrypts storage only when asked, and only at creation; its snapshots and backups are encrypted or not as it is. <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>",
			When:      not(attr("replicate_source_db").Present()), // a replica inherits the choice of its source
			Want:      attr("storage_encrypted").True(),
			Message:   "storage of this database is not encrypted",
			Fix:       unsafe("replaces the database", databaseReplaced),
		},
	}
}

// rdsDefaults are what RDS makes of attributes that are not set.
func rdsDefaults() []analyzer.Default { return nil }
