package checks

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func secretsmanager() []row {
	return []row{
		{
			ID:        "aws-secretsmanager-secret-rotated",
			Aliases:   same("CKV2_AWS_57"),
			Controls:  controls("FSBP SecretsManager.1"),
			On:        on("aws_secretsmanager_secret"),
			Layer:     identityAndAccess,
			Objective: rotateCredentials,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Secrets rotate automatically",
			Why:       "A secret that has leaked unnoticed is good for as long as nobody changes it. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html>",
			Want:      says("an aws_secretsmanager_secret_rotation is for this secret", related("aws_secretsmanager_secret_rotation", "secret_id", nil)),
			Message:   "this secret does not rotate",
			Close:     "add an aws_secretsmanager_secret_rotation",
		},
		{
			ID:        "aws-secretsmanager-rotation-within-90-days",
			Aliases:   same("CKV_AWS_304"),
			Controls:  controls("FSBP SecretsManager.4"),
			On:        on("aws_secretsmanager_secret_rotation"),
			Layer:     identityAndAccess,
			Objective: rotateCredentials,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Secrets rotate at least every 90 days",
			Why:       "The longer a secret lives, the more places know it. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>",
			Want: says("the secret rotates within 90 days", anyOf(
				all(attr("rotation_rules.automatically_after_days").AtLeast(1), attr("rotation_rules.automatically_after_days").AtMost(90)),
				rotatesWithin(90),
			)),
			Message: "this secret rotates less than every 90 days",
			Close:   "set automatically_after_days to 90 or less",
		},
		{
			ID:        "aws-secretsmanager-encrypted-with-own-key",
			Aliases:   same("CKV_AWS_149", "AWS-0098", "aws-ssm-secret-use-customer-key"),
			On:        on("aws_secretsmanager_secret"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Secrets are encrypted with your own key",
			Why:       "Only with your own key can you decide who may use it; a secret with the key of AWS cannot be shared with another account. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "this secret is not encrypted with your own key",
			Close:     "set kms_key_id to your own key",
		},
		{
			ID:        "aws-secretsmanager-recovery-window",
			On:        on("aws_secretsmanager_secret"),
			Layer:     customerData,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Secrets that are deleted can be recovered",
			Why:       "Without a recovery window a secret that is deleted is gone at once, with whatever needs it. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html>",
			Want:      attr("recovery_window_in_days").AtLeast(7),
			Message:   "this secret cannot be recovered after deletion",
			Fix:       safe(),
		},
		{
			ID:        "aws-secretsmanager-policy-not-public",
			On:        on("aws_secretsmanager_secret_policy", "aws_secretsmanager_secret"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Secret policies do not allow everyone",
			Why:       "A statement for every principal lets any AWS account read the secret. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html>",
			Want:      policy.Cond("no statement of the policy allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "the policy of this secret allows everyone",
			Close:     "name the principals, or add a condition on the source",
		},
		{
			ID:        "aws-secretsmanager-public-policy-blocked",
			On:        on("aws_secretsmanager_secret_policy"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Secrets Manager refuses public policies",
			Why:       "With the check on, Secrets Manager proves that a policy is not public before it takes it. <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html>",
			Want:      attr("block_public_policy").True(),
			Message:   "nothing checks whether this policy is public",
			Fix:       safe(),
		},
		{
			ID:        "aws-secretsmanager-replicated",
			On:        on("aws_secretsmanager_secret"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Secrets are replicated to another Region",
			Why:       "An application that moves to another Region needs its secrets there. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html>",
			Want:      says("a replica names a Region", some("replica", attr("region").Present())),
			Message:   "this secret is in one Region only",
			Close:     "add a replica block",
		},
		{
			ID:        "aws-ssm-parameter-not-sent",
			Aliases:   same("CKV2_AWS_36", "AWS-0134", "aws-ssm-avoid-leaks-via-http"),
			On:        on("data.http"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Terraform requests do not send parameters or secrets",
			Why:       "Whoever can change a module can add such a request, and each plan then hands the secret to a server and its logs. <https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html>",
			Want:      secretsStay(),
			Message:   "this request carries a parameter or secret",
			Close:     "let what needs the secret read it at run time",
			Secret:    true,
		},
	}
}

// rotatesWithin holds where the schedule expression rotates at least once in
// the given days: a rate, or a cron expression without named months.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
func rotatesWithin(days int) cond {
	const path = "rotation_rules.schedule_expression"
	return analyzer.Func{
		Says:  path + " rotates within " + strconv.Itoa(days) + " days",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case !l.Value.IsKnown():
				return v.Unknown(l)
			case l.Value.IsNull() || l.Value.Type() != cty.String:
				return v.Fail(l)
			}
			if between := daysBetween(l.Value.AsString()); 0 < between && between <= days {
				return v.Pass(l)
			}
			return v.Fail(l)
		},
	}
}

// daysBetween is the longest time between two rotations in days; 0 where it is
// unknown. In cron(minutes hours day-of-month month day-of-week year), named
// months may be far apart.
func daysBetween(schedule string) int {
	if rate, ok := inside(schedule, "rate("); ok {
		n, unit, _ := strings.Cut(rate, " ")
		count, err := strconv.Atoi(n)
		switch {
		case err != nil || count < 1:
			return 0
		case strings.HasPrefix(unit, "hour"):
			return (count + 23) / 24
		case strings.HasPrefix(unit, "day"):
			return count
		}
		return 0
	}
	cron, ok := inside(schedule, "cron(")
	fields := strings.Fields(cron)
	if !ok || len(fields) != 6 || fields[5] != "*" {
		return 0
	}
	switch fields[3] {
	case "*", "1/1", "*/1":
		return 31
	case "1/2", "*/2":
		return 62
	}
	return 0
}

func inside(s, prefix string) (string, bool) {
	s, ok := strings.CutPrefix(strings.TrimSpace(s), prefix)
	return strings.TrimSuffix(s, ")"), ok
}

// secretsStay holds for a Terraform request that contains no value of Parameter
// Store or Secrets Manager.
// https://registry.terraform.io/providers/hashicorp/http/latest/docs/data-sources/http
func secretsStay() cond {
	parts := []string{"url", "request_headers", "request_body"}
	return analyzer.Func{
		Says:  "it carries no value of Parameter Store or Secrets Manager",
		Reads: readsAll(parts...),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Pass(v.Here())
			for _, part := range parts {
				out = worst(out, secretStays(v, part))
			}
			return out
		},
	}
}

func secretStays(v *analyzer.View, part string) analyzer.Outcome {
	at := cty.GetAttrPath(part)
	for _, ref := range v.Resource().Refs {
		if ref.At.HasPrefix(at) && storedSecret(ref) {
			return v.Fail(v.Attr(part))
		}
	}
	for _, h := range v.Resource().Hidden {
		if h.At.HasPrefix(at) {
			return v.Unknown(v.Attr(part))
		}
	}
	return v.Pass(v.Attr(part))
}

// storedSecret reports whether a reference is to the value of a parameter or a
// secret.
func storedSecret(ref analyzer.Ref) bool {
	switch ref.Attr {
	case "value", "values", "insecure_value":
		return strings.Contains("."+ref.To, ".aws_ssm_parameter.") || strings.Contains("."+ref.To, ".aws_ssm_parameters_by_path.")
	case "secret_string", "secret_binary":
		return strings.Contains("."+ref.To, ".aws_secretsmanager_secret_version.")
	}
	return false
}

// secretsmanagerDefaults are Secrets Manager's values for unset attributes.
func secretsmanagerDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_secretsmanager_secret", Path: "policy", Value: cty.NullVal(cty.String), Source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"},
		{Type: "aws_secretsmanager_secret", Path: "recovery_window_in_days", Value: isNumber(30), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret#recovery_window_in_days-1"},
	}
}
