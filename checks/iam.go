package checks

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

func iam() []row { return slices.Concat(iamPolicies(), iamUsers(), iamAccount()) }

// AWS's values for omitted settings.
const (
	passwordPolicyDefaults = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html"
	roleAttachments        = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#managed_policy_arns-1"
)

// iamDefaults are AWS's values for unset attributes.
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
