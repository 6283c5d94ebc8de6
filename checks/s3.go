package checks

import (
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func s3() []row {
	return append(append(append(s3Access(), s3PublicAccessBlock()...), s3Encryption()...), s3Operations()...)
}

// s3Access lists access to a bucket.
func s3Access() []row {
	const everyone, anyAccount = "*/global/AllUsers", "*/global/AuthenticatedUsers"
	return []row{
		{
			ID:        "aws-s3-acl-no-public-read",
			Aliases:   join(same("CKV_AWS_20"), wider("AWS-0092", "aws-s3-no-public-access-with-acl")),
			Controls:  controls("FSBP S3.2"),
			On:        on("aws_s3_bucket", "aws_s3_bucket_acl"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No bucket ACL lets everyone read",
			Why:       "Everyone on the internet can list the bucket, without credentials. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl>",
			When:      byType(of(unmanaged(), "aws_s3_bucket_acl")),
			Want:      aclGrantsNo("everyone to read", everyone, []any{"public-read", "public-read-write"}, "READ"),
			Message:   "the ACL of this bucket lets everyone read",
			Close:     `set acl = "private", or leave it out`,
		},
		{
			ID:        "aws-s3-acl-no-public-write",
			Aliases:   join(same("CKV_AWS_57"), wider("AWS-0092", "aws-s3-no-public-access-with-acl")),
			Controls:  controls("FSBP S3.3"),
			On:        on("aws_s3_bucket", "aws_s3_bucket_acl"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No bucket ACL lets everyone write",
			Why:       "Everyone on the internet can create, overwrite and delete objects, without credentials. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl>",
			When:      byType(of(unmanaged(), "aws_s3_bucket_acl")),
			Want:      aclGrantsNo("everyone to write", everyone, []any{"public-read-write"}, "WRITE"),
			Message:   "the ACL of this bucket lets everyone write",
			Close:     `set acl = "private", or leave it out`,
		},
		{
			ID:        "aws-s3-acl-no-authenticated-users",
			Aliases:   join(same("CKV2_AWS_43"), wider("AWS-0092", "aws-s3-no-public-access-with-acl")),
			Controls:  controls("FSBP S3.2"),
			On:        on("aws_s3_bucket", "aws_s3_bucket_acl"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No bucket ACL lets in the users of every AWS account",
			Why:       "The group of authenticated users is everyone who has an AWS account, not those of yours. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups>",
			Want: says("the ACL names no authenticated users", byType(
				of(all(not(attr("acl").Equals("authenticated-read")), none("grant", attr("uri").Matches(anyAccount))), "aws_s3_bucket"),
				of(all(not(attr("acl").Equals("authenticated-read")), none("access_control_policy.grant", attr("grantee.uri").Matches(anyAccount))), "aws_s3_bucket_acl"),
			)),
			Message: "the ACL of this bucket lets in everyone who has an AWS account",
			Close:   `set acl = "private", or leave it out`,
		},
		{
			ID:        "aws-s3-acl-permissions-not-public",
			Aliases:   same("CKV_AWS_375"),
			Controls:  controls("FSBP S3.12"),
			On:        on("aws_s3_bucket_acl"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No grant lets everyone see or change the ACL of a bucket",
			Why:       "Who may read the ACL learns whom to attack, and who may write it gives himself the rest. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions>",
			Want: says("no grant is for everyone's view of the ACL", none("access_control_policy.grant", all(
				attr("grantee.uri").Matches(everyone),
				attr("permission").OneOf("READ_ACP", "WRITE_ACP", "FULL_CONTROL"),
			))),
			Message: "this grant lets everyone see or change the ACL",
			Close:   "remove the grant",
		},
		{
			ID:        "aws-s3-policy-not-public",
			Aliases:   same("CKV_AWS_70"),
			Controls:  controls("FSBP S3.2", "FSBP S3.3"),
			On:        on("aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_access_point", "aws_s3control_access_point_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "S3 bucket and access point policies do not allow everyone",
			Why:       "A statement for every principal, without a condition that holds it to known ones, opens the bucket to the internet. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-s3-policy-no-lockout",
			Aliases:   same("CKV_AWS_93"),
			On:        on("aws_s3_bucket", "aws_s3_bucket_policy"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No bucket policy locks out everyone but the root user",
			Why:       "A Deny for everyone that covers the bucket's own policy can be undone by the root user only. <https://repost.aws/knowledge-center/s3-accidentally-denied-access> <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>",
			Want:      policy.Cond("no statement denies everyone permission to change the policy", analyzer.Pass, (*policy.Document).NoLockout, "policy"),
			Message:   "the policy locks everyone out",
			Close:     "except the administrators by a condition, or leave s3:PutBucketPolicy and s3:DeleteBucketPolicy out",
		},
		{
			ID:        "aws-s3-acl-disabled",
			Aliases:   same("CKV2_AWS_65"),
			Controls:  controls("FSBP S3.12"),
			On:        on("aws_s3_bucket_ownership_controls"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "S3 bucket ACLs are disabled",
			Why:       "With ACLs each object can be opened on its own, past the policies of the bucket. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html>",
			Want:      attr("rule.object_ownership").Equals("BucketOwnerEnforced"),
			Message:   "these ownership controls leave access control lists enabled",
			Fix:       unsafe("grants by ACL stop working", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html"),
		},
		{
			ID:        "aws-s3-tls-required",
			Controls:  controls("FSBP S3.5", "CIS AWS 5.0 2.1.1", "CIS AWS 3.0 2.1.1"),
			On:        on("aws_s3_bucket"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Bucket policies deny requests without TLS",
			Why:       "S3 answers plain HTTP too: who listens reads the objects and can alter them. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit>",
			Want: says("the policy denies requests without TLS", anyOf(
				related("aws_s3_bucket_policy", "bucket", s3RequiresTLS()),
				s3RequiresTLS(),
			)),
			Message: "no policy denies requests to this bucket without TLS",
			Close:   `add a Deny of s3:* for every principal on the bucket and its objects, on the condition Bool "aws:SecureTransport" = "false"`,
		},
		{
			ID:        "aws-s3-bucket-name-without-dots",
			Aliases:   same("AWS-0320"),
			On:        on("aws_s3_bucket"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Bucket names work with TLS",
			Why:       "A name with dots, capitals or underscores does not fit the S3 certificate, so clients turn its check off or fail. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>",
			Want: says("the name has no dots, capitals and underscores", all(
				not(attr("bucket").Matches("*.*", "*[A-Z]*", "*_*")),
				not(attr("bucket_prefix").Matches("*.*", "*[A-Z]*", "*_*")),
			)),
			Message: "the name of this bucket does not fit the S3 certificate",
			Close:   "use lower-case letters, digits and hyphens",
		},
	}
}

// s3PublicAccessBlock lists S3's block on public ACLs and policies.
func s3PublicAccessBlock() []row {
	const page = "<https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-options>"
	flag := func(id string, aliases []analyzer.Alias, attribute, title, why, message string) row {
		return row{
			ID:        id,
			Aliases:   aliases,
			Controls:  controls("FSBP S3.8", "CIS AWS 5.0 2.1.4", "CIS AWS 3.0 2.1.4"),
			On:        on("aws_s3_bucket_public_access_block"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     title,
			Why:       why + " " + page,
			Want:      attr(attribute).True(),
			Message:   message,
			Fix:       unsafe("ends public access", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"),
		}
	}
	const everyFlag = "block_public_acls and block_public_policy are true"
	bars := all(attr("block_public_acls").True(), attr("block_public_policy").True())
	return []row{
		flag("aws-s3-public-acls-blocked", join(same("CKV_AWS_53"), wider("AWS-0086", "aws-s3-block-public-acls")), "block_public_acls",
			"The public access block refuses public ACLs",
			"Without it a request can give a bucket or an object a public ACL.",
			"this public access block lets public ACLs be set"),
		flag("aws-s3-public-policies-blocked", join(same("CKV_AWS_54"), wider("AWS-0087", "aws-s3-block-public-policy")), "block_public_policy",
			"The public access block refuses public policies",
			"Without it a request can give the bucket a policy that allows everyone.",
			"this public access block lets public policies be set"),
		flag("aws-s3-public-acls-ignored", join(same("CKV_AWS_55"), wider("AWS-0091", "aws-s3-ignore-public-acls")), "ignore_public_acls",
			"The public access block ignores public ACLs",
			"Without it the public ACLs that are there already stay in force.",
			"this public access block leaves public ACLs in force"),
		flag("aws-s3-public-buckets-restricted", join(same("CKV_AWS_56"), wider("AWS-0093", "aws-s3-no-public-buckets")), "restrict_public_buckets",
			"The public access block restricts buckets with a public policy",
			"Without it a public policy that is there already stays in force.",
			"this public access block leaves public policies in force"),
		{
			ID:        "aws-s3-public-access-block-defined",
			Aliases:   join(same("AWS-0094", "aws-s3-specify-public-access-block"), wider("AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093")),
			Controls:  controls("FSBP S3.8"),
			On:        on("aws_s3_bucket"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Each S3 bucket has a public access block in Terraform",
			Why:       "AWS blocks public access to buckets made since April 2023, but nothing here keeps it so, and older buckets may have no block. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html>",
			Want:      says("an aws_s3_bucket_public_access_block names this bucket", related("aws_s3_bucket_public_access_block", "bucket", nil)),
			Message:   "no public access block here is for this bucket",
			Close:     "add an aws_s3_bucket_public_access_block with all four settings true",
		},
		{
			ID:        "aws-s3-public-access-blocked",
			Aliases:   same("CKV2_AWS_6"),
			Controls:  controls("FSBP S3.8", "CIS AWS 5.0 2.1.4", "CIS AWS 3.0 2.1.4"),
			On:        on("aws_s3_bucket"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "A public access block keeps each bucket from becoming public",
			Why:       "One ACL or policy, now or later, is then not enough to open the bucket to everyone. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>",
			Want: says("a public access block refuses public ACLs and policies", anyOf(
				related("aws_s3_bucket_public_access_block", "bucket", bars),
				seen("aws_s3_account_public_access_block", bars, "s3-public-access-blocked"),
			)),
			Message: "nothing in this configuration keeps this bucket from becoming public",
			Close:   "add an aws_s3_bucket_public_access_block in which " + everyFlag,
		},
		{
			ID:        "aws-s3-account-public-access-blocked",
			Controls:  controls("FSBP S3.1", "CIS AWS 5.0 2.1.4", "CIS AWS 3.0 2.1.4"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The account blocks public access to all its buckets",
			Why:       "A block of the account holds for every bucket, also for those that nobody thought of. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html>",
			Want: says("an aws_s3_account_public_access_block has all settings true", exists("aws_s3_account_public_access_block", all(
				attr("block_public_acls").True(), attr("block_public_policy").True(),
				attr("ignore_public_acls").True(), attr("restrict_public_buckets").True(),
			), "s3-public-access-blocked")),
			Message: "the public access block of the account leaves something open",
			Close:   "set all four settings of aws_s3_account_public_access_block to true",
		},
		{
			ID:        "aws-s3-access-point-public-access-blocked",
			Aliases:   same("CKV_AWS_392"),
			Controls:  controls("FSBP S3.19", "FSBP S3.24"),
			On:        on("aws_s3_access_point", "aws_s3control_multi_region_access_point"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Access points block public access",
			Why:       "An access point is a second way into its bucket, and its settings cannot be changed later. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html>",
			Want: says("the access point has all settings of its public access block true", byType(
				of(allSettings("public_access_block_configuration"), "aws_s3_access_point"),
				of(allSettings("details.public_access_block"), "aws_s3control_multi_region_access_point"),
			)),
			Message: "this access point leaves public access open",
			Close:   "leave the settings out, or set them to true (unsafe: replaces the access point)",
		},
	}
}

const (
	inlineSSE    = "server_side_encryption_configuration.rule."
	sseAlgorithm = "apply_server_side_encryption_by_default.sse_algorithm"
	sseKey       = "apply_server_side_encryption_by_default.kms_master_key_id"
)

func s3RequiresTLS() cond {
	return policy.Cond("a statement denies requests without TLS", analyzer.Fail,
		func(d *policy.Document) policy.Ruling { return d.RequiresTLS("s3") }, "policy")
}

// aclGrantsNo holds where neither a canned ACL nor a grant to the group gives
// the permission, on the bucket or on its separate ACL.
func aclGrantsNo(what, group string, canned []any, permission string) cond {
	granted := all(attr("grantee.uri").Matches(group), attr("permission").OneOf(permission, "FULL_CONTROL"))
	inline := all(attr("uri").Matches(group), anyOf(attr("permissions").Contains(permission), attr("permissions").Contains("FULL_CONTROL")))
	return says("no ACL allows "+what, byType(
		of(all(
			unrelated("aws_s3_bucket_acl", "bucket", anyOf(attr("acl").OneOf(canned...), some("access_control_policy.grant", granted))),
			not(attr("acl").OneOf(canned...)),
			none("grant", inline),
		), "aws_s3_bucket"),
		of(all(not(attr("acl").OneOf(canned...)), none("access_control_policy.grant", granted)), "aws_s3_bucket_acl"),
	))
}

// allSettings holds where all four settings of a public access block are on.
func allSettings(block string) cond {
	return all(
		attr(block+".block_public_acls").True(), attr(block+".block_public_policy").True(),
		attr(block+".ignore_public_acls").True(), attr(block+".restrict_public_buckets").True(),
	)
}

// unmanaged holds where the bucket attribute names no visible bucket: for a
// visible one, the finding is reported on the bucket.
func unmanaged() cond {
	return analyzer.Func{
		Says:  "bucket names no aws_s3_bucket of this configuration",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("bucket")}, {Type: "aws_s3_bucket", Path: analyzer.ParsePath("bucket")}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.Targets("bucket", "aws_s3_bucket")) > 0 {
				return v.Fail(v.Attr("bucket"))
			}
			return noBucket(v, analyzer.Pass)
		},
	}
}

// inBucket holds where the bucket of an object is visible and meets the
// condition. No assumption is made about any other bucket.
func inBucket(c cond) cond {
	return analyzer.Func{
		Says:  "in its bucket, " + c.String(),
		Reads: analyzer.ReadsOf(target("bucket", "aws_s3_bucket", c)),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.Targets("bucket", "aws_s3_bucket")) > 0 {
				return v.Judge(target("bucket", "aws_s3_bucket", c))
			}
			out := noBucket(v, analyzer.Fail)
			for _, r := range v.All("aws_s3_bucket") {
				if v.Of(r).Judge(c).Verdict != analyzer.Fail {
					return out
				}
			}
			return v.Fail(v.Here()) // whichever it is
		},
	}
}

// noBucket is the verdict where the bucket attribute names no visible bucket,
// and Unknown where it may name one: because its value or a bucket's name is
// unknown.
func noBucket(v *analyzer.View, verdict analyzer.Verdict) analyzer.Outcome {
	l := v.Attr("bucket")
	buckets := v.All("aws_s3_bucket")
	if namesAnother(l) {
		buckets = nil
	}
	if !l.Known() && len(buckets) > 0 {
		return v.Unknown(l)
	}
	for _, r := range buckets {
		if name := v.Of(r).Attr("bucket"); !name.Known() {
			return v.Unknown(name)
		}
	}
	if verdict == analyzer.Pass {
		return v.Pass(l)
	}
	return v.Fail(v.Here())
}

// namesAnother reports whether a value that leads to no visible bucket still
// refers to a bucket: one that is not declared here.
func namesAnother(l analyzer.Leaf) bool {
	for _, ref := range l.Of.Refs {
		if ref.Sole && analyzer.FormatPath(ref.At) == analyzer.FormatPath(l.At) && strings.Contains("."+ref.To, ".aws_s3_bucket.") {
			return true
		}
	}
	return false
}

// seen is exists, but fails where there is no such resource: the fact covers
// resources of the account outside this configuration.
func seen(typ string, c cond, fact string) cond {
	e := exists(typ, c, fact)
	return analyzer.Func{
		Says:  e.String(),
		Reads: analyzer.ReadsOf(e),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.All(typ)) == 0 && v.Fact(fact) == nil {
				return v.Fail(v.Here())
			}
			return v.Judge(e)
		},
	}
}

// s3Defaults are S3's values for unset attributes.
func s3Defaults() []analyzer.Default {
	const (
		docs    = "https://docs.aws.amazon.com/AmazonS3/latest/"
		bucket  = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket"
		rule    = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_lifecycle_configuration#rule"
		point   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_access_point#public_access_block_configuration-configuration-block"
		regions = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3control_multi_region_access_point#public_access_block"
	)
	none := cty.NullVal(cty.String)
	encrypted := time.Date(2023, time.January, 5, 0, 0, 0, 0, time.UTC)
	rows := []analyzer.Default{
		{Type: "aws_s3_bucket", Path: "bucket_prefix", Value: none, Source: bucket + "#bucket_prefix-1"},
		{Type: "aws_s3_bucket", Path: "acl", Value: isString("private"), Source: docs + "userguide/acl-overview.html"},
		{Type: "aws_s3_bucket", Path: "policy", Value: none, Source: docs + "userguide/bucket-policies.html"},
		{Type: "aws_s3_bucket", Path: "object_lock_enabled", Value: isFalse, Source: bucket + "#object_lock_enabled-1"},
		{Type: "aws_s3_bucket", Path: inlineSSE + sseAlgorithm, Value: isString("AES256"), Since: encrypted, Source: docs + "userguide/default-encryption-faq.html"},
		{Type: "aws_s3_bucket_versioning", Path: "versioning_configuration.mfa_delete", Value: isString("Disabled"), Source: docs + "userguide/MultiFactorAuthenticationDelete.html"},
		{Type: "aws_s3_bucket_object_lock_configuration", Path: "object_lock_enabled", Value: isString("Enabled"), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_object_lock_configuration#object_lock_enabled-1"},
		{Type: "aws_s3_bucket_lifecycle_configuration", Path: "rule.prefix", Value: isString(""), Source: rule},
		{Type: "aws_s3_bucket_lifecycle_configuration", Path: "rule.filter.prefix", Value: isString(""), Source: rule},
		{Type: "aws_s3_access_point", Path: "policy", Value: none, Source: docs + "userguide/access-points-policies.html"},
	}
	for _, typ := range [...]string{"aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy"} {
		rows = append(rows,
			analyzer.Default{Type: typ, Path: "kms_key_id", Value: none, Source: docs + "userguide/specifying-kms-encryption.html"},
			analyzer.Default{Type: typ, Path: "server_side_encryption", Value: isString("AES256"), Since: encrypted, Source: docs + "userguide/default-encryption-faq.html"})
	}
	for _, setting := range [...]string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
		rows = append(rows,
			analyzer.Default{Type: "aws_s3_access_point", Path: "public_access_block_configuration." + setting, Value: isTrue, Source: point},
			analyzer.Default{Type: "aws_s3control_multi_region_access_point", Path: "details.public_access_block." + setting, Value: isTrue, Source: regions})
	}
	return rows
}
