package checks

import "github.com/demarc/demarc/analyzer"

// iamAccount lists requirements for the whole account: its passwords, and its
// retained data.
func iamAccount() []row {
	return []row{
		{
			ID:        "aws-iam-password-length",
			Aliases:   same("CKV_AWS_10", "AWS-0063", "aws-iam-set-minimum-password-length"),
			Controls:  controls("FSBP IAM.7", "CIS AWS 5.0 1.7"),
			On:        on("aws_iam_account_password_policy"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "IAM passwords have at least 14 characters",
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
			Title:     "IAM passwords need a lowercase letter",
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
			Title:     "IAM passwords need an uppercase letter",
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
			Title:     "IAM passwords need a number",
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
			Title:     "IAM passwords need a symbol",
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
			Title:     "The last 24 IAM passwords cannot be used again",
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
			Title:     "IAM passwords expire within 90 days",
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

// supportRole holds where AWSSupportAccess is attached to a role. It never
// fails, as another configuration may attach it.
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
