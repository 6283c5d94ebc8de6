package checks

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

// iamUsers lists IAM users, their groups and their access keys.
func iamUsers() []row {
	return []row{
		{
			ID:        "aws-iam-user-no-policies",
			Aliases:   same("CKV_AWS_40", "AWS-0143", "aws-iam-no-user-attached-policies"),
			Controls:  controls("FSBP IAM.2", "CIS AWS 5.0 1.14"),
			On:        on("aws_iam_user_policy_attachment", "aws_iam_user_policy", "aws_iam_policy_attachment"),
			Layer:     identityAndAccess,
			Objective: manageIdentities,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Policies are attached to groups and roles, not to users",
			Why:       "Permissions of single users are hard to review and stay when people change their tasks. <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-2>",
			Want: says("no user is named", byType(
				of(never("user", "it is attached to a user"), "aws_iam_user_policy_attachment", "aws_iam_user_policy"),
				of(not(attr("users").Present()), "aws_iam_policy_attachment"))),
			Message: "this policy is attached to a user",
			Close:   "attach the policy to a group or a role",
		},
		{
			ID:        "aws-iam-user-in-group",
			Aliases:   same("CKV2_AWS_21"),
			Controls:  controls("CIS AWS 5.0 1.14"),
			On:        on("aws_iam_user"),
			Layer:     identityAndAccess,
			Objective: manageIdentities,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "IAM users are members of a group",
			Why:       "A user outside of every group has no permissions, or has its own, which nobody reviews with the others. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html>",
			Want:      says("it is in a group", anyOf(related("aws_iam_user_group_membership", "user", nil), related("aws_iam_group_membership", "users", nil))),
			Message:   "this user is in no group",
			Close:     "add an aws_iam_user_group_membership for it",
		},
		{
			ID:        "aws-iam-group-has-users",
			Aliases:   same("CKV2_AWS_14"),
			On:        on("aws_iam_group"),
			Layer:     identityAndAccess,
			Objective: manageIdentities,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "IAM groups have members",
			Why:       "A group without members holds permissions that nobody uses and that are forgotten until somebody joins it. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html>",
			Want:      says("it has members", anyOf(related("aws_iam_group_membership", "group", attr("users").Present()), related("aws_iam_user_group_membership", "groups", nil))),
			Message:   "this group has no members",
			Close:     "add an aws_iam_group_membership, or remove the group",
		},
		{
			ID:        "aws-iam-user-federated",
			Aliases:   same("CKV_AWS_273"),
			Controls:  controls("CIS AWS 5.0 1.20"),
			On:        on("aws_iam_user"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "People and programs sign in with temporary credentials, not as IAM users",
			Why:       "A user of IAM has credentials that do not expire; an identity provider or a role gives ones that do. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp>",
			Want:      never("", "it is an IAM user"),
			Message:   "this user has long-term credentials of its own",
			Close:     "use IAM Identity Center for people and roles for programs",
		},
		{
			ID:        "aws-iam-user-no-console",
			Aliases:   same("CKV2_AWS_22"),
			On:        on("aws_iam_user"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "IAM users have no console password",
			Why:       "A password of IAM bypasses the identity provider: its rules, its MFA, and the removal of people who leave. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp>",
			Want:      unrelated("aws_iam_user_login_profile", "user", nil),
			Message:   "this user can sign in to the console with a password",
			Close:     "remove the login profile, and let people sign in through IAM Identity Center",
		},
		{
			ID:        "aws-iam-user-console-mfa",
			Aliases:   wider("AWS-0145", "aws-iam-enforce-user-mfa"),
			Controls:  controls("FSBP IAM.5", "CIS AWS 5.0 1.9"),
			On:        on("aws_iam_user"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "IAM users with a password need MFA",
			Why:       "A password alone is guessed, phished or reused; Terraform cannot enrol a device, but a policy can allow nothing without one. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html>",
			When:      related("aws_iam_user_login_profile", "user", nil),
			Want: says("a policy of the user or its groups requires MFA", anyOf(
				related("aws_iam_user_policy", "user", requiresMFA()),
				related("aws_iam_user_policy_attachment", "user", attachedRequiresMFA()),
				related("aws_iam_user_group_membership", "user", target("groups", "aws_iam_group", groupRequiresMFA())),
				related("aws_iam_group_membership", "users", target("group", "aws_iam_group", groupRequiresMFA())))),
			Message: "this user signs in with a password, and no policy here requires MFA",
			Close:   "put the user in a group whose policy denies what is done without MFA",
		},
		{
			ID:        "aws-iam-group-mfa",
			Aliases:   same("AWS-0123", "aws-iam-enforce-group-mfa"),
			On:        on("aws_iam_group"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "IAM groups require MFA",
			Why:       "Members whose password or key is stolen lose nothing where the group's policy asks for a second factor. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html>",
			Want:      groupRequiresMFA(),
			Message:   "no policy of this group requires MFA",
			Close:     "add an aws_iam_group_policy that denies what is done without MFA",
		},
		{
			ID:        "aws-iam-access-key-not-root",
			Aliases:   same("CKV_AWS_348", "AWS-0141", "aws-iam-no-root-access-keys"),
			Controls:  controls("FSBP IAM.4", "CIS AWS 5.0 1.3"),
			On:        on("aws_iam_access_key"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "The root user has no access key",
			Why:       "An access key of the root user may do everything, and no policy of the account can hold it back. <https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html#ru-bp-access-keys>",
			Want:      not(attr("user").OneOf("root", "<root_account>")),
			Message:   "this is an access key of the root user",
			Close:     "remove it, and use a role",
		},
		{
			ID:        "aws-iam-access-key-rotated",
			Aliases:   wider("AWS-0146"),
			Controls:  controls("FSBP IAM.3", "CIS AWS 5.0 1.13"),
			On:        on("aws_iam_access_key"),
			Layer:     identityAndAccess,
			Objective: rotateCredentials,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Access keys are replaced within 90 days",
			Why:       "The longer a key lives, the more copies of it there are, and the longer a stolen one works. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html>",
			When:      not(attr("status").Equals("Inactive")),
			Want:      youngKey(),
			Message:   "this access key is older than 90 days",
			Close:     "replace the key, or use a role, which needs none",
		},
		{
			ID:        "aws-iam-access-key-encrypted",
			On:        on("aws_iam_access_key"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The secret of an access key is not in the state as plain text",
			Why:       "Without pgp_key the provider writes the secret access key to the state, where everyone who can read it can use it. <https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html>",
			When:      not(attr("status").Equals("Inactive")),
			Want:      attr("pgp_key").Present(),
			Message:   "the secret of this access key is in the state as plain text",
			Close:     "set pgp_key, or use a role, which needs no key",
		},
		{
			ID:        "aws-iam-user-one-access-key",
			Aliases:   same("AWS-0167"),
			Controls:  controls("CIS AWS 5.0 1.12"),
			On:        on("aws_iam_user"),
			Layer:     identityAndAccess,
			Objective: rotateCredentials,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "IAM users have at most one active access key",
			Why:       "Each active key is a credential to guard; a second one is for the hours of a replacement. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html>",
			Want:      oneAccessKey(),
			Message:   "this user has two active access keys",
			Close:     "remove one of the keys, or set its status to Inactive",
		},
	}
}

func requiresMFA() cond {
	return policy.Cond("the policy requires MFA", analyzer.Fail, (*policy.Document).RequiresMFA, "policy")
}

// attachedRequiresMFA judges the policy of an attachment. No AWS managed policy
// requires MFA.
func attachedRequiresMFA() cond {
	ofAWS, ours := attr("policy_arn").Matches("arn:aws*:iam::aws:policy/*"), target("policy_arn", "aws_iam_policy", requiresMFA())
	return analyzer.Func{
		Says:  "the attached policy requires MFA",
		Reads: analyzer.ReadsOf(ours),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if v.Judge(ofAWS).Verdict == analyzer.Pass {
				return v.Fail(v.Attr("policy_arn"))
			}
			return v.Judge(ours)
		},
	}
}

func groupRequiresMFA() cond {
	return says("a policy of the group requires MFA", anyOf(
		related("aws_iam_group_policy", "group", requiresMFA()),
		related("aws_iam_group_policy_attachment", "group", attachedRequiresMFA()),
		related("aws_iam_policy_attachment", "groups", attachedRequiresMFA())))
}

// never fails wherever such a resource exists, at the path.
func never(path, why string) cond {
	f := analyzer.Func{Says: "there is none: " + why, Judge: func(v *analyzer.View) analyzer.Outcome { return v.Fail(v.Here()) }}
	if path != "" {
		f.Reads = []analyzer.Read{{Path: analyzer.ParsePath(path)}}
		f.Judge = func(v *analyzer.View) analyzer.Outcome { return v.Fail(v.Attr(path)) }
	}
	return f
}

// youngKey holds where the key was created within the last 90 days. Only a plan
// of an existing key has the date.
func youngKey() cond {
	return analyzer.Func{
		Says:  "create_date is within 90 days",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("create_date"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("create_date")
			if l.Value.IsKnown() && !l.Value.IsNull() && l.Value.Type() == cty.String {
				if made, err := time.Parse(time.RFC3339, l.Value.AsString()); err == nil {
					if v.Today().Sub(made) > 90*24*time.Hour {
						return v.Fail(l)
					}
					return v.Pass(l)
				}
			}
			if f := v.Fact("access-keys-rotated"); f != nil {
				l.Fact = f
				return v.Pass(l)
			}
			return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseState, Name: "when the key was made, and what replaces it"})
		},
	}
}

// oneAccessKey counts the active keys that belong to a user.
func oneAccessKey() cond {
	active := not(attr("status").Equals("Inactive"))
	return analyzer.Func{
		Says:  "one aws_iam_access_key at most is active",
		Reads: []analyzer.Read{{Type: "aws_iam_access_key", Path: analyzer.ParsePath("user")}, {Type: "aws_iam_access_key", Path: analyzer.ParsePath("status")}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			sure, possible := 0, 0
			for _, link := range v.Companions("aws_iam_access_key", "user") {
				is := v.Of(link.Resource).Judge(active).Verdict
				switch {
				case is == analyzer.Pass && !link.Possible:
					sure++
				case is != analyzer.Fail:
					possible++
				}
			}
			switch {
			case sure > 1:
				return v.Fail(v.Here())
			case sure+possible > 1:
				return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "whose the access keys are, and which are active"})
			}
			return v.Pass(v.Here())
		},
	}
}
