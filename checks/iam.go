package checks

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func iam() []row {
	return []row{
		{
			ID:        "aws-iam-policy-no-full-access",
			Aliases:   join(same("CKV_AWS_62", "CKV_AWS_1"), wider("AWS-0057", "aws-iam-no-policy-wildcards")),
			Controls:  controls("FSBP IAM.1", "CIS AWS 5.0 1.15"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No policy allows every action on every resource",
			Why:       "Whoever has such a policy administers the whole account: one leaked credential gives everything away. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      writtenHere(),
			Want:      grants("no statement allows every action on every resource", (*policy.Document).NoFullAccess),
			Message:   "this policy allows every action on every resource",
			Close:     "name the actions and resources that are needed",
		},
		{
			ID:        "aws-iam-policy-no-wildcard-action",
			Aliases:   join(same("CKV_AWS_63", "CKV_AWS_49"), wider("AWS-0057", "aws-iam-no-policy-wildcards")),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No policy allows every action",
			Why:       "The action \"*\" includes every service and every action that AWS adds later, on whatever resources the statement names. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      statementsHere(), // the policies of resources too
			Want:      grants("no statement allows every action", (*policy.Document).NoWildcardAction),
			Message:   "this policy allows every action",
			Close:     "name the actions that are needed",
		},
		{
			ID:        "aws-iam-policy-no-full-iam",
			Aliases:   same("CKV2_AWS_40"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No policy allows every action of IAM",
			Why:       "Who may do everything in IAM can give itself every other permission: it is administration by another name. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      writtenHere(),
			Want: grants("no statement allows every action of IAM on every resource", func(d *policy.Document) policy.Ruling {
				return d.NoServiceWildcard("iam")
			}),
			Message: "this policy allows every action of IAM",
			Close:   "name the actions of IAM that are needed",
		},
		{
			ID:        "aws-iam-policy-no-service-wildcard",
			Aliases:   join(narrower("AWS-0345"), wider("AWS-0057", "aws-iam-no-policy-wildcards")),
			Controls:  controls("FSBP IAM.21"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No policy allows every action of a service on every resource",
			Why:       "Such a grant includes deleting, exposing and administering everything of that service, now and in what AWS adds to it. <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21>",
			When:      writtenHere(),
			Want: grants("no statement allows every action of a service on every resource", func(d *policy.Document) policy.Ruling {
				return d.NoServiceWildcard()
			}),
			Message: "this policy allows every action of a service on every resource",
			Close:   "name the actions that are needed, or the resources",
		},
		{
			ID:        "aws-iam-policy-no-privilege-escalation",
			Aliases:   same("CKV_AWS_286", "CKV_AWS_110"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No policy lets its holder gain further permissions",
			Why:       "Some actions, alone or together, let their holder act with permissions that nobody gave it. <https://docs.aws.amazon.com/prescriptive-guidance/latest/privileged-access-aws/welcome.html>",
			When:      writtenHere(),
			Want:      grants("no actions by which its holder gains permissions are allowed on every resource", (*policy.Document).NoPrivilegeEscalation),
			Message:   "this policy allows an escalation of privileges",
			Close:     "hold these actions to named resources, or to a condition",
		},
		{
			ID:        "aws-iam-policy-no-credentials-exposure",
			Aliases:   same("CKV_AWS_287", "CKV_AWS_107"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No policy lets its holder fetch credentials without limit",
			Why:       "Credentials that an action returns can be used elsewhere and by others, and outlive the session that fetched them. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      writtenHere(),
			Want:      grants("no action that returns credentials is allowed on every resource", (*policy.Document).NoCredentialsExposure),
			Message:   "this policy allows an action that returns credentials on every resource",
			Close:     "hold the action to named resources, or to a condition",
		},
		{
			ID:        "aws-iam-policy-no-data-exfiltration",
			Aliases:   join(same("CKV_AWS_288", "CKV_AWS_108"), narrower("AWS-0346")),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No policy lets its holder read the data of every resource",
			Why:       "Who may read every bucket, parameter or secret can carry all of them off. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      writtenHere(),
			Want:      grants("no action that returns data is allowed on every resource", (*policy.Document).NoDataExfiltration),
			Message:   "this policy allows to read the data of every resource",
			Close:     "name the buckets, parameters or secrets that may be read",
		},
		{
			ID:        "aws-iam-policy-no-permissions-management",
			Aliases:   same("CKV_AWS_289", "CKV_AWS_109"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No policy lets its holder change who has access without limit",
			Why:       "Who may write the policies of every resource can open any of them to strangers. <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>",
			When:      writtenHere(),
			Want:      grants("no action that changes permissions is allowed on every resource", (*policy.Document).NoPermissionsManagement),
			Message:   "this policy allows to change who has access on every resource",
			Close:     "hold the action to named resources, or to a condition",
		},
		{
			ID:        "aws-iam-policy-no-unconstrained-writes",
			Aliases:   same("CKV_AWS_290", "CKV_AWS_111"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No policy lets its holder change every resource",
			Why:       "A mistake or a stolen credential then changes or deletes far more than the task needs. <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>",
			When:      writtenHere(),
			Want:      grants("no action that changes things is allowed on every resource", (*policy.Document).NoUnconstrainedWrites),
			Message:   "this policy allows to change every resource",
			Close:     "name the resources that may be changed, or add a condition",
		},
		{
			ID:        "aws-iam-policy-resources-named",
			Aliases:   same("CKV_AWS_355", "CKV_AWS_356"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Policies name resources where actions can be held to some",
			Why:       "\"*\" as resource includes what other teams own and what is made later; most actions that write or read data can be held to named resources. <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>",
			When:      writtenHere(),
			Want:      grants("no action that could be held to some resources is allowed on all", (*policy.Document).NoUnrestrictedResource),
			Message:   "this policy allows actions on every resource that could be held to some",
			Close:     "name the resources",
		},
		{
			ID:        "aws-iam-policy-pass-role-confined",
			Aliases:   same("AWS-0342", "aws-iam-no-pass-role-wildcard"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Policies allow to pass named roles only",
			Why:       "Who may pass any role to a service can have that service act with the most powerful role of the account. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>",
			When:      writtenHere(),
			Want:      grants("no statement allows to pass every role", (*policy.Document).PassRoleConfined),
			Message:   "this policy allows to pass every role",
			Close:     "name the roles, or add a condition on iam:PassedToService",
		},
		{
			ID:        "aws-iam-policy-decrypt-confined",
			Controls:  controls("FSBP KMS.1", "FSBP KMS.2"),
			On:        identityPolicies(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Policies allow to decrypt with named keys only",
			Why:       "Who may use every key reads everything that the account encrypts, in whichever service it is. <https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html>",
			When:      writtenHere(),
			Want: grants("no statement allows to decrypt with every key", func(d *policy.Document) policy.Ruling {
				return worse(d.ActionConfined("kms:Decrypt"), d.ActionConfined("kms:ReEncryptFrom"))
			}),
			Message: "this policy allows to decrypt with every key",
			Close:   "name the keys, or add a condition such as kms:ViaService",
		},
		{
			ID:        "aws-iam-document-not-public",
			Aliases:   same("CKV_AWS_283"),
			On:        on("data.aws_iam_policy_document"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Policy documents do not allow everyone",
			Why:       "The principal \"*\" is everybody with an AWS account, and for many services everybody without one. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous>",
			When:      judgedNowhereElse(), // a bucket's policy is judged as a bucket's policy
			Want:      ownStatements("no statement allows everyone", (*policy.Document).NotPublic),
			Message:   "this document allows everyone",
			Close:     "name the principals, or add a condition that narrows them",
		},
		{
			ID:        "aws-iam-role-trust-not-public",
			Aliases:   same("CKV_AWS_60"),
			On:        on("aws_iam_role"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Roles can be assumed by named principals only",
			Why:       "A role that trusts \"*\" can be assumed from any AWS account in the world. <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-iam-role>",
			Want:      policy.Cond("the trust policy names who may assume the role", analyzer.Pass, (*policy.Document).TrustsNamed, "assume_role_policy"),
			Message:   "everyone can assume this role",
			Close:     "name the principals that may assume it",
		},
		{
			ID:        "aws-iam-role-trusts-no-account",
			Aliases:   same("CKV_AWS_61"),
			On:        on("aws_iam_role"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Roles trust roles, users and services, not whole accounts",
			Why:       "An account as principal hands the decision who may assume the role to every administrator of that account. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts>",
			Want:      policy.Cond("the trust policy names no whole account", analyzer.Pass, (*policy.Document).NoAccountTrust, "assume_role_policy"),
			Message:   "every principal of an account may be allowed to assume this role",
			Close:     "name roles or users, or add a condition on aws:PrincipalArn",
		},
		{
			ID:        "aws-iam-trust-subject-confined",
			Aliases:   same("CKV_AWS_393", "CKV_AWS_358"),
			On:        on("aws_iam_role", "data.aws_iam_policy_document"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Trust in a shared identity provider names the subjects",
			Why:       "Everyone can get a token from GitHub Actions and the like: without a condition on the subject, anybody's workflow assumes the role. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html>",
			When: says("it is written here, and for federated principals", byType(
				of(not(fromDocument("assume_role_policy")), "aws_iam_role"),
				of(some("statement.principals", attr("type").Equals("Federated")), "data.aws_iam_policy_document"))),
			Want: says("the trust policy says which subjects may assume the role", byType(
				of(policy.Cond("the trust policy says which subjects may assume the role", analyzer.Pass, (*policy.Document).FederationConfined, "assume_role_policy"), "aws_iam_role"),
				of(ownStatements("the document says which subjects may assume the role", (*policy.Document).FederationConfined), "data.aws_iam_policy_document"))),
			Message: "any subject of a shared identity provider can assume the role",
			Close:   "add a condition on the provider's sub claim that names an organization or repository",
		},
		{
			ID:        "aws-iam-no-administrator-access",
			Aliases:   same("CKV_AWS_274", "CKV_AWS_275"),
			Controls:  controls("CIS AWS 5.0 1.15"),
			On:        managedPolicyUsers(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Nobody is given AdministratorAccess",
			Why:       "AWS's policy AdministratorAccess allows every action on every resource. <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html>",
			Want:      noManagedPolicy("AdministratorAccess"),
			Message:   "this gives AdministratorAccess",
			Close:     "give a policy that allows what is needed",
		},
		{
			ID:        "aws-iam-no-iam-full-access",
			Aliases:   same("CKV2_AWS_56"),
			On:        managedPolicyUsers(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Nobody is given IAMFullAccess",
			Why:       "AWS's policy IAMFullAccess lets its holder give itself every other permission. <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html>",
			Want:      noManagedPolicy("IAMFullAccess"),
			Message:   "this gives IAMFullAccess",
			Close:     "give a policy that allows what is needed",
		},
		{
			ID:        "aws-iam-no-cloudshell-full-access",
			Controls:  controls("CIS AWS 5.0 1.21"),
			On:        managedPolicyUsers(),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Nobody is given AWSCloudShellFullAccess",
			Why:       "AWSCloudShellFullAccess lets its holder move files between CloudShell and anywhere, past the controls of the account. <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloudShellFullAccess.html>",
			Want:      noManagedPolicy("AWSCloudShellFullAccess"),
			Message:   "this gives AWSCloudShellFullAccess",
			Close:     "give a policy that denies file transfer",
		},
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
			Title:     "Users are members of a group",
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
			Title:     "Groups have members",
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
			Want:      never("", "it is a user of IAM"),
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
			Title:     "Users of IAM have no password for the console",
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
			Title:     "Users with a password need MFA for what they do",
			Why:       "A password alone is guessed, phished or reused; Terraform cannot enrol a device, but a policy can allow nothing without one. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html>",
			When:      related("aws_iam_user_login_profile", "user", nil),
			Want: says("a policy of the user or its groups asks for MFA", anyOf(
				related("aws_iam_user_policy", "user", requiresMFA()),
				related("aws_iam_user_policy_attachment", "user", attachedRequiresMFA()),
				related("aws_iam_user_group_membership", "user", target("groups", "aws_iam_group", groupRequiresMFA())),
				related("aws_iam_group_membership", "users", target("group", "aws_iam_group", groupRequiresMFA())))),
			Message: "this user signs in with a password, and no policy here asks for MFA",
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
			Title:     "Groups need MFA for what they allow",
			Why:       "Members whose password or key is stolen lose nothing where the group's policy asks for a second factor. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html>",
			Want:      groupRequiresMFA(),
			Message:   "no policy of this group asks for MFA",
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
			Title:     "Users have one active access key at most",
			Why:       "Each active key is a credential to guard; a second one is for the hours of a replacement. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html>",
			Want:      oneAccessKey(),
			Message:   "this user has two active access keys",
			Close:     "remove one of the keys, or set its status to Inactive",
		},
		{
			ID:        "aws-iam-password-length",
			Aliases:   same("CKV_AWS_10", "AWS-0063", "aws-iam-set-minimum-password-length"),
			Controls:  controls("FSBP IAM.7", "CIS AWS 5.0 1.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Passwords have at least 14 characters",
			Why:       "Length is what keeps a password from being guessed; without a policy of your own 8 characters are enough, with one 6. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("minimum_password_length").AtLeast(14),
			Message:   "passwords may be shorter than 14 characters",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-lowercase",
			Aliases:   same("CKV_AWS_11", "AWS-0058", "aws-iam-require-lowercase-in-passwords"),
			Controls:  controls("FSBP IAM.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Passwords need a lowercase letter",
			Why:       "Passwords of fewer kinds of characters are guessed sooner. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("require_lowercase_characters").True(),
			Message:   "passwords need no lowercase letter",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-uppercase",
			Aliases:   same("CKV_AWS_15", "AWS-0061", "aws-iam-require-uppercase-in-passwords"),
			Controls:  controls("FSBP IAM.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Passwords need an uppercase letter",
			Why:       "Passwords of fewer kinds of characters are guessed sooner. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("require_uppercase_characters").True(),
			Message:   "passwords need no uppercase letter",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-number",
			Aliases:   same("CKV_AWS_12", "AWS-0059", "aws-iam-require-numbers-in-passwords"),
			Controls:  controls("FSBP IAM.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Passwords need a number",
			Why:       "Passwords of fewer kinds of characters are guessed sooner. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("require_numbers").True(),
			Message:   "passwords need no number",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-symbol",
			Aliases:   same("CKV_AWS_14", "AWS-0060", "aws-iam-require-symbols-in-passwords"),
			Controls:  controls("FSBP IAM.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Passwords need a symbol",
			Why:       "Passwords of fewer kinds of characters are guessed sooner. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("require_symbols").True(),
			Message:   "passwords need no symbol",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-reuse",
			Aliases:   same("CKV_AWS_13", "AWS-0056", "aws-iam-no-password-reuse"),
			Controls:  controls("CIS AWS 5.0 1.8"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "The last 24 passwords cannot be used again",
			Why:       "A password that leaked once works again when its owner returns to it. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      attr("password_reuse_prevention").AtLeast(24),
			Message:   "passwords can be used again before 24 others",
			Fix:       safe(),
		},
		{
			ID:        "aws-iam-password-expires",
			Aliases:   same("CKV_AWS_9", "AWS-0062", "aws-iam-set-max-password-age"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: rotateCredentials,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Passwords expire within 90 days",
			Why:       "A password that never expires works for whoever found it as long as the user exists. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>",
			Want:      all(not(attr("max_password_age").Equals(0)), attr("max_password_age").AtMost(90)), // 0 is never
			Message:   "passwords do not expire within 90 days",
			Close:     "set max_password_age to 90 or less",
		},
		{
			ID:        "aws-account-no-credentials",
			Aliases:   same("CKV_AWS_41"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No access key is written in the configuration of the provider",
			Why:       "Who can read the repository, now or in its history, can use the key; the provider takes credentials from a role or the environment. <https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html>",
			Want:      all(noSecrets("access_key"), noSecretKey("secret_key")),
			Message:   "an access key is written here",
			Close:     "remove it, make it inactive, and let the provider take credentials from a role",
			Secret:    true,
		},
		{
			ID:        "aws-account-access-analyzer",
			Aliases:   same("AWS-0175"),
			Controls:  controls("CIS AWS 5.0 1.19"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     identityAndAccess,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "IAM Access Analyzer looks for access from outside in every region",
			Why:       "The analyzer names each bucket, role, key and queue that somebody outside of the account can use. <https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html>",
			Want:      exists("aws_accessanalyzer_analyzer", not(attr("type").Matches("*_ACCESS")), "access-analyzer-enabled"),
			Message:   "the analyzers here do not look for access from outside",
			Close:     "add an aws_accessanalyzer_analyzer of type ACCOUNT or ORGANIZATION",
		},
		{
			ID:        "aws-account-root-credentials-managed",
			Aliases:   wider("AWS-0140", "AWS-0142", "AWS-0165"),
			Controls:  controls("CIS AWS 5.0 1.4", "CIS AWS 5.0 1.5", "FSBP IAM.6"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "The root user has MFA, or no credentials at all",
			Why:       "The root user may do everything. Organizations can remove its credentials from member accounts; elsewhere it needs a second factor, which Terraform cannot enrol. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management>",
			Want:      exists("aws_iam_organizations_features", attr("enabled_features").Contains("RootCredentialsManagement"), "root-user-protected"),
			Message:   "root credentials of member accounts are not managed centrally",
			Close:     "enable RootCredentialsManagement, or state the fact root-user-protected with its evidence",
		},
		{
			ID:        "aws-account-support-role",
			Aliases:   same("AWS-0169"),
			Controls:  controls("CIS AWS 5.0 1.16"),
			On:        on("provider.aws"),
			Scope:     analyzer.AccountScope,
			Layer:     identityAndAccess,
			Objective: manageIdentities,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "A role may manage incidents with AWS Support",
			Why:       "In an incident somebody must be able to open a case without being an administrator. <https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html>",
			Want:      supportRole(),
			Message:   "no role here may manage cases with AWS Support",
			Close:     "attach AWSSupportAccess to a role",
		},
	}
}

// judgedNowhereElse holds where no resource of this root uses the document as
// its own policy, which is then judged with the resource.
func judgedNowhereElse() cond {
	var conds []cond
	for _, use := range [...]struct{ typ, by string }{
		{"aws_iam_role", "assume_role_policy"},
		{"aws_s3_bucket_policy", "policy"},
		{"aws_s3_bucket", "policy"},
		{"aws_sqs_queue", "policy"},
		{"aws_sqs_queue_policy", "policy"},
		{"aws_sns_topic", "policy"},
		{"aws_sns_topic_policy", "policy"},
		{"aws_kms_key", "policy"},
		{"aws_kms_key_policy", "policy"},
		{"aws_ecr_repository_policy", "policy"},
		{"aws_secretsmanager_secret", "policy"},
		{"aws_secretsmanager_secret_policy", "policy"},
		{"aws_glacier_vault", "access_policy"},
		{"aws_vpc_endpoint", "policy"},
		{"aws_backup_vault_policy", "policy"},
	} {
		conds = append(conds, unrelated(use.typ, use.by, nil))
	}
	return says("no resource here has it as its policy", all(conds...))
}

func requiresMFA() cond {
	return policy.Cond("the policy asks for MFA", analyzer.Fail, (*policy.Document).RequiresMFA, "policy")
}

// attachedRequiresMFA is about the policy of an attachment. None that AWS
// manages asks for MFA.
func attachedRequiresMFA() cond {
	ofAWS, ours := attr("policy_arn").Matches("arn:aws*:iam::aws:policy/*"), target("policy_arn", "aws_iam_policy", requiresMFA())
	return analyzer.Func{
		Says:  "the attached policy asks for MFA",
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
	return says("a policy of the group asks for MFA", anyOf(
		related("aws_iam_group_policy", "group", requiresMFA()),
		related("aws_iam_group_policy_attachment", "group", attachedRequiresMFA()),
		related("aws_iam_policy_attachment", "groups", attachedRequiresMFA())))
}

// never fails wherever there is such a resource, at the path.
func never(path, why string) cond {
	f := analyzer.Func{Says: "there is none: " + why, Judge: func(v *analyzer.View) analyzer.Outcome { return v.Fail(v.Here()) }}
	if path != "" {
		f.Reads = []analyzer.Read{{Path: analyzer.ParsePath(path)}}
		f.Judge = func(v *analyzer.View) analyzer.Outcome { return v.Fail(v.Attr(path)) }
	}
	return f
}

// youngKey holds where the key was created within 90 days, as only a plan of
// an existing key shows.
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

// supportRole holds where AWSSupportAccess is attached to a role. Another
// configuration may do it, so that it never fails.
func supportRole() cond {
	return analyzer.Func{
		Says:  "AWSSupportAccess is attached to a role",
		Reads: []analyzer.Read{{Type: "aws_iam_role_policy_attachment", Path: analyzer.ParsePath("policy_arn"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			here := v.Here()
			if here.Fact = v.Fact("support-role"); here.Fact != nil {
				return v.Pass(here)
			}
			for _, r := range v.All("aws_iam_role_policy_attachment") {
				a := v.Of(r)
				if r.Provider.Config == v.Resource().Provider.Config && a.Judge(unnamed("policy_arn", "AWSSupportAccess")).Verdict == analyzer.Fail {
					return a.Pass(a.Attr("policy_arn"))
				}
			}
			return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseAccount, Name: "no role with AWSSupportAccess in this configuration"})
		},
	}
}

// What AWS makes of settings that are left out.
const (
	passwordPolicyDefaults = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html"
	roleAttachments        = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#managed_policy_arns-1"
)

// iamDefaults are what AWS makes of attributes that are not set.
func iamDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_iam_account_password_policy", Path: "require_lowercase_characters", Value: isFalse, Source: passwordPolicyDefaults},
		{Type: "aws_iam_account_password_policy", Path: "require_uppercase_characters", Value: isFalse, Source: passwordPolicyDefaults},
		{Type: "aws_iam_account_password_policy", Path: "require_numbers", Value: isFalse, Source: passwordPolicyDefaults},
		{Type: "aws_iam_account_password_policy", Path: "require_symbols", Value: isFalse, Source: passwordPolicyDefaults},
		{Type: "aws_iam_account_password_policy", Path: "password_reuse_prevention", Value: isNumber(0), Source: passwordPolicyDefaults},
		{Type: "aws_iam_account_password_policy", Path: "max_password_age", Value: isNumber(0), Source: passwordPolicyDefaults},
		{Type: "aws_iam_role", Path: "managed_policy_arns", Value: cty.ListValEmpty(cty.String), Source: roleAttachments},
	}
}
