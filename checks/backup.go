package checks

import (
	"path"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func backup() []row { return append(backupPlans(), backedUpResources()...) }

// backupPlans lists vaults and plans.
func backupPlans() []row {
	return []row{
		{
			ID:        "aws-backup-vault-own-key",
			Aliases:   same("CKV_AWS_166"),
			On:        on("aws_backup_vault"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backup vaults are encrypted with your own key",
			Why:       "The policy of the key that AWS manages for backups cannot be changed, and most backups under it cannot be copied to another account. <https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html>",
			Want:      ownKey("kms_key_arn"),
			Message:   "this vault is not encrypted with your own key",
			Close:     "set kms_key_arn to the ARN of your own KMS key: that replaces the vault",
		},
		{
			ID:        "aws-backup-vault-locked",
			On:        on("aws_backup_vault"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backup vaults are locked",
			Why:       "An attacker with administrator access deletes the backups first; a lock keeps each until its retention ends. <https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html>",
			Want:      related("aws_backup_vault_lock_configuration", "backup_vault_name", nil),
			Message:   "backups in this vault can be deleted before their retention ends",
			Close:     "add an aws_backup_vault_lock_configuration with its name and min_retention_days",
		},
		{
			ID:        "aws-backup-vault-kept",
			On:        on("aws_backup_vault"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Backup vaults are not destroyed with their backups",
			Why:       "With force_destroy, a destroy deletes every backup of the vault; without it AWS refuses to delete a vault that is not empty. <https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html>",
			Want:      not(attr("force_destroy").True()),
			Message:   "a destroy deletes the backups in this vault",
			Fix:       safe(),
		},
		{
			ID:        "aws-backup-retention-set",
			On:        on("aws_backup_plan"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backup plans set how long backups are kept",
			Why:       "Without a lifecycle, backups are kept and charged forever, and personal data longer than the law allows. <https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html>",
			Want:      each("rule", attr("lifecycle.delete_after").AtLeast(1)),
			Message:   "backups of this rule are never deleted",
			Close:     "add a lifecycle block with delete_after, in days",
		},
		{
			ID:        "aws-backup-copied",
			On:        on("aws_backup_plan"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backups are copied to a second vault",
			Why:       "A backup next to the data is lost with the Region, and with the account if that is compromised. <https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html>",
			Want:      some("rule", some("copy_action", attr("destination_vault_arn").Present())),
			Message:   "no rule of this plan copies its backups",
			Close:     "add a copy_action block with the ARN of a vault in another region or account",
		},
		{
			ID:        "aws-backup-vault-not-public",
			On:        on("aws_backup_vault_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Backup vault policies do not allow everyone",
			Why:       "Whoever may copy from a vault has the data, and whoever may delete in it can destroy the backups. <https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this vault allows everyone",
			Close:     "name accounts or an organization in the statement's principals or conditions",
		},
		{
			ID:        "aws-backup-failures-notified",
			On:        on("aws_backup_vault"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backup failures send notifications",
			Why:       "A failed backup is otherwise noticed only when it is needed. <https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html>",
			Want:      related("aws_backup_vault_notifications", "backup_vault_name", nil),
			Message:   "no notification is sent when backups to this vault fail",
			Close:     "add an aws_backup_vault_notifications with BACKUP_JOB_COMPLETED or BACKUP_JOB_FAILED events",
		},
		{
			ID:        "aws-backup-restore-tested",
			On:        on("aws_backup_plan"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Backup restores are tested",
			Why:       "A backup that was never restored may not hold what is needed, nor be restored in time. <https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html>",
			Want:      exists("aws_backup_restore_testing_plan", some("recovery_point_selection", always()), "restores-tested"),
			Message:   "the restore testing plan selects no backups",
			Close:     "add an aws_backup_restore_testing_plan, or state the fact restores-tested",
		},
	}
}

// backedUpResources lists types whose services have no file of their own here,
// and the types of RDS.
func backedUpResources() []row {
	return []row{
		{
			ID:        "aws-rds-cluster-backed-up",
			Aliases:   same("CKV2_AWS_8"),
			On:        on("aws_rds_cluster"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Aurora and RDS clusters are in a backup plan",
			Why:       "Automated backups are deleted with the cluster by default, and reach back 35 days at most. <https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html>",
			When:      not(attr("replication_source_identifier").Present()),
			Want:      backedUp("rds", "cluster:", "cluster_identifier"),
			Message:   "no backup plan of this configuration selects this cluster",
			Close:     "name it, or a tag of it, in an aws_backup_selection",
		},
		{
			ID:        "aws-rds-backed-up",
			On:        on("aws_db_instance"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "RDS databases are in a backup plan",
			Why:       "Automated backups are deleted with the database by default, and reach back 35 days at most. <https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-26>",
			When:      not(isReplica()),
			Want:      backedUp("rds", "db:", "identifier"),
			Message:   "no backup plan of this configuration selects this database",
			Close:     "name it, or a tag of it, in an aws_backup_selection",
		},
		{
			ID:        "aws-efs-backed-up",
			Aliases:   same("CKV2_AWS_18"),
			Controls:  controls("FSBP EFS.2"),
			On:        on("aws_efs_file_system"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "EFS file systems are in a backup plan",
			Why:       "EFS keeps no versions: a file that is deleted or overwritten is lost. <https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html>",
			Want: anyOf(
				related("aws_efs_backup_policy", "file_system_id", attr("backup_policy.status").OneOf("ENABLED", "ENABLING")),
				backedUp("elasticfilesystem", "file-system/", "")),
			Message: "neither a backup policy nor a backup plan of this configuration covers this file system",
			Close:   "add an aws_efs_backup_policy with status = \"ENABLED\", or name it in an aws_backup_selection",
		},
		{
			ID:        "aws-dynamodb-backed-up",
			On:        on("aws_dynamodb_table"),
			Layer:     businessContinuity,
			Objective: backUp,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DynamoDB tables are in a backup plan",
			Why:       "Point-in-time recovery reaches back 35 days at most, and stays in the account. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorksAWS.html>",
			Want:      backedUp("dynamodb", "table/", "name"),
			Message:   "no backup plan of this configuration selects this table",
			Close:     "name it, or a tag of it, in an aws_backup_selection",
		},
	}
}

// A kind is the ARN pattern of a resource type:
// arn:aws:<service>:<region>:<account>:<prefix><name>.
type kind struct {
	service string // "rds"
	prefix  string // "cluster:"
	name    string // attribute with the name; empty: AWS chooses it
}

// backedUp holds where an AWS Backup selection in this configuration covers the
// resource: by its ARN, a pattern of ARNs, or its tags, including the
// provider's default tags. Service, prefix and name describe its ARN:
// backedUp("ec2", "volume/", "").
//
// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
func backedUp(service, prefix, name string) cond {
	k := kind{service, prefix, name}
	uncovered := related("aws_backup_selection", "resources", not(always())) // unknown where selections may be out of sight
	reads := append(analyzer.ReadsOf(uncovered), analyzer.Read{Path: analyzer.Path{"tags_all"}})
	if name != "" {
		reads = append(reads, analyzer.Read{Path: analyzer.Path{name}})
	}
	for _, p := range [...]string{"not_resources", "selection_tag.key", "selection_tag.value", "condition.string_equals.key", "condition.string_equals.value",
		"condition.string_like.key", "condition.string_not_equals.key", "condition.string_not_like.key"} {
		reads = append(reads, analyzer.Read{Type: "aws_backup_selection", Path: analyzer.ParsePath(p), Repeated: true})
	}
	return analyzer.Func{
		Says:  "an aws_backup_selection covers it",
		Reads: reads,
		Judge: func(v *analyzer.View) analyzer.Outcome { return k.judge(v, v.Judge(uncovered)) },
	}
}

// judge is the best verdict of the selections, and out where none covers the
// resource.
func (k kind) judge(v *analyzer.View, out analyzer.Outcome) analyzer.Outcome {
	for _, r := range v.All("aws_backup_selection") {
		selection := v.Of(r)
		switch k.selected(v, selection) {
		case analyzer.Pass:
			return selection.Pass(selection.Here())
		case analyzer.Unknown:
			if out.Verdict == analyzer.Fail {
				out = v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "what " + r.Address + " selects"})
			}
		}
	}
	return out
}

// selected judges whether one selection covers the resource. ARNs are
// alternatives, as are selection tags; conditions are combined with "and", and
// exceptions win. The combination of ARNs and selection tags is not documented,
// so both must agree.
func (k kind) selected(v, selection *analyzer.View) analyzer.Verdict {
	arns, hasARNs := k.listed(v, selection, "resources")
	tags, hasTags := selectedByTag(v, selection)
	verdict := arns
	switch {
	case !hasARNs && hasTags:
		verdict = tags
	case !hasARNs:
		verdict = analyzer.Pass // all resources that the conditions let through
	case hasTags && tags != arns:
		verdict = analyzer.Unknown
	}
	except, _ := k.listed(v, selection, "not_resources")
	return min(verdict, -except, conditioned(v, selection))
}

// listed judges whether a list of ARNs and patterns contains the resource, and
// reports whether there is a list.
func (k kind) listed(v, selection *analyzer.View, list string) (verdict analyzer.Verdict, set bool) {
	l := selection.Attr(list)
	if !l.Set || l.Null() {
		return analyzer.Fail, false
	}
	verdict = analyzer.Fail
	for _, link := range v.Companions("aws_backup_selection", list) {
		if link.Resource == selection.Resource() {
			verdict = max(verdict, possibly(link, analyzer.Pass))
		}
	}
	patterns, open := selection.Strings(list)
	for _, p := range patterns {
		if p.Value.Type() == cty.String {
			verdict = max(verdict, k.matches(v, p.Value.AsString()))
		}
	}
	return verdict, len(patterns) > 0 || open
}

// matches compares a pattern with the known parts of the resource's ARN:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func (k kind) matches(v *analyzer.View, pattern string) analyzer.Verdict {
	if pattern == "*" {
		return analyzer.Pass
	}
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) < 6 && !strings.HasSuffix(pattern, "*") {
		return analyzer.Fail
	}
	verdict := analyzer.Pass
	for i, part := range parts {
		verdict = min(verdict, k.part(v, i, part))
	}
	return verdict
}

func (k kind) part(v *analyzer.View, i int, pattern string) analyzer.Verdict {
	switch i {
	case 0:
		return wildcard(pattern, "arn")
	case 1:
		return analyzer.Pass // a configuration has no resources of several partitions
	case 2:
		return wildcard(pattern, k.service)
	case 3:
		return wildcard(pattern, v.Resource().Provider.Region)
	case 5:
		return k.resource(v, pattern)
	}
	return wildcard(pattern, "") // the account is not known here
}

// resource compares the last part: a prefix and a name.
func (k kind) resource(v *analyzer.View, pattern string) analyzer.Verdict {
	if pattern == "*" {
		return analyzer.Pass
	}
	rest, ok := strings.CutPrefix(pattern, k.prefix)
	if !ok {
		if strings.ContainsAny(strings.SplitN(pattern, k.prefix[len(k.prefix)-1:], 2)[0], "*?") {
			return analyzer.Unknown
		}
		return analyzer.Fail
	}
	name := ""
	if k.name != "" {
		if l := v.Attr(k.name); l.Known() && !l.Null() && l.Value.Type() == cty.String {
			name = l.Value.AsString()
		}
	}
	return wildcard(rest, name)
}

// wildcard matches a text. An empty text is unknown.
func wildcard(pattern, text string) analyzer.Verdict {
	switch {
	case pattern == "*":
		return analyzer.Pass
	case text == "":
		return analyzer.Unknown
	}
	if ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(text, "/", "\x00")); err == nil && ok {
		return analyzer.Pass
	}
	return analyzer.Fail
}

// selectedByTag judges whether the resource has one of the selection tags.
func selectedByTag(v, selection *analyzer.View) (verdict analyzer.Verdict, set bool) {
	tags, open := selection.Elements("selection_tag")
	verdict = analyzer.Fail
	if open {
		verdict = analyzer.Unknown
	}
	for _, tag := range tags {
		verdict = max(verdict, carries(v, tag.Attr("key").Value, tag.Attr("value").Value, false))
	}
	return verdict, open || len(tags) > 0
}

// conditioned judges whether the resource meets every condition of a selection.
func conditioned(v, selection *analyzer.View) analyzer.Verdict {
	verdict := analyzer.Pass
	for _, op := range [...]struct {
		block     string
		like, not bool
	}{{"string_equals", false, false}, {"string_like", true, false}, {"string_not_equals", false, true}, {"string_not_like", true, true}} {
		conditions, open := selection.Elements("condition." + op.block)
		if open {
			verdict = min(verdict, analyzer.Unknown)
		}
		for _, c := range conditions {
			holds := carries(v, c.Attr("key").Value, c.Attr("value").Value, op.like)
			if op.not {
				holds = -holds
			}
			verdict = min(verdict, holds)
		}
	}
	return verdict
}

// carries judges whether the resource has a tag with the key and value. Keys
// may be written as condition keys: aws:ResourceTag/backup.
func carries(v *analyzer.View, key, value cty.Value, like bool) analyzer.Verdict {
	tags := v.Attr("tags_all").Value
	if tags.IsKnown() && tags.IsNull() {
		tags = v.Attr("tags").Value
	}
	if !key.IsKnown() || !value.IsKnown() || !tags.IsKnown() {
		return analyzer.Unknown
	}
	if key.IsNull() || value.IsNull() || tags.IsNull() || key.Type() != cty.String || value.Type() != cty.String || !tags.CanIterateElements() {
		return analyzer.Fail
	}
	name := strings.TrimPrefix(key.AsString(), "aws:ResourceTag/")
	for it := tags.ElementIterator(); it.Next(); {
		k, have := it.Element()
		switch {
		case !k.IsKnown():
			return analyzer.Unknown
		case k.Type() != cty.String || k.AsString() != name:
			continue
		case !have.IsKnown():
			return analyzer.Unknown
		case have.IsNull() || have.Type() != cty.String:
			return analyzer.Fail
		case like:
			return wildcard(value.AsString(), have.AsString())
		case have.AsString() == value.AsString():
			return analyzer.Pass
		}
		return analyzer.Fail
	}
	return analyzer.Fail
}

// backupDefaults are AWS Backup's values for unset attributes.
func backupDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_backup_selection", Path: "not_resources", Value: isNothing, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_selection#not_resources-1"},
	}
}
