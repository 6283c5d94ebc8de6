package checks

import (
	"strings"

	"github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

func ssm() []row {
	return []row{
		{
			ID:        "aws-ec2-guest-patched",
			Controls:  controls("FSBP SSM.2"),
			On:        on("aws_instance"),
			Layer:     operatingSystem,
			Objective: patchSystems,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "A Systems Manager patch operation covers the instance",
			Why:       "The operating system of an instance is yours alone: AWS patches the host, never the guest. <https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html>",
			Want:      patched(),
			Message:   "nothing in this configuration patches its operating system",
			Close:     "target it, or its Patch Group tag, with an association or maintenance window task of AWS-RunPatchBaseline that installs, or attest how it is patched",
		},
		{
			ID:        "aws-ec2-managed-by-systems-manager",
			Controls:  controls("FSBP SSM.1"),
			On:        on("aws_instance"),
			Layer:     operatingSystem,
			Objective: patchSystems,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Systems Manager can reach the instance",
			Why:       "What Systems Manager cannot reach it can neither patch nor take stock of, and needs open ports to be managed. <https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html>",
			Want:      says("its role, or the account by default, lets Systems Manager manage it", reachable()),
			Message:   "its role does not let Systems Manager manage it",
			Close:     "attach AmazonSSMManagedInstanceCore to the role of its instance profile, or turn on default host management",
		},
		{
			ID:        "aws-ssm-patch-baseline-prompt",
			On:        on("aws_ssm_patch_baseline"),
			Layer:     operatingSystem,
			Objective: patchSystems,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Patch baselines approve patches within 30 days",
			Why:       "Known flaws are used within days; a rule that waits longer, or ends at a date, leaves hosts open to them. <https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-approval-rules.html>",
			When:      some("approval_rule", always()),
			Want:      each("approval_rule", attr("approve_after_days").AtMost(30)),
			Message:   "this rule approves patches late, or none after its date",
			Close:     "set approve_after_days to 30 or less",
		},
		{
			ID:        "aws-ssm-parameter-encrypted",
			Aliases:   same("CKV2_AWS_34"),
			On:        on("aws_ssm_parameter"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SSM parameters are of type SecureString",
			Why:       "Other types are readable by everybody who may read parameters, and are shown in the console and in logs. <https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html>",
			When:      not(attr("data_type").Equals("aws:ec2:image")), // an image id is a String or nothing
			Want:      attr("type").Equals("SecureString"),
			Message:   "this parameter is not encrypted",
			Fix:       unsafe("readers must ask for decryption and be allowed to use the key", "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html"),
		},
		{
			ID:        "aws-ssm-parameter-own-key",
			Aliases:   same("CKV_AWS_337"),
			On:        on("aws_ssm_parameter"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SSM SecureString parameters are encrypted with your own key",
			Why:       "Everybody in the account may use the AWS key, so only the parameter's policy protects it. <https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html>",
			When:      attr("type").Equals("SecureString"),
			Want:      ownKey("key_id"),
			Message:   "this parameter is not encrypted with your own key",
			Close:     "set key_id to a key that you manage",
		},
		{
			ID:        "aws-ssm-document-not-public",
			Aliases:   same("CKV_AWS_303"),
			Controls:  controls("FSBP SSM.4"),
			On:        on("aws_ssm_document"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Systems Manager documents are not public",
			Why:       "A public document shows everybody how your hosts are run. <https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html>",
			Want:      not(attr("permissions.account_ids").OneOf("All", "all")),
			Message:   "this document is shared with everybody",
			Close:     "list the accounts in account_ids",
		},
		{
			ID:        "aws-ssm-session-encrypted",
			Aliases:   same("CKV_AWS_112"),
			On:        on("aws_ssm_document"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Session Manager sessions are encrypted with a KMS key",
			Why:       "TLS ends at the service; with a key, only the client and the host can read the session. <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-enable-encryption.html>",
			When:      attr("document_type").Equals("Session"),
			Want:      session("sessions are encrypted with a key", sessionKey),
			Message:   "sessions of this document are not encrypted with a key",
			Close:     "set kmsKeyId in the inputs of the document",
		},
		{
			ID:        "aws-ssm-session-logs-encrypted",
			Aliases:   same("CKV_AWS_113"),
			On:        on("aws_ssm_document"),
			Layer:     loggingAndMonitoring,
			Objective: protectLogs,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Session Manager sessions are logged to encrypted destinations only",
			Why:       "Without a log nobody knows what was done on a host, and logs hold what was typed and shown. <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html>",
			When:      attr("document_type").Equals("Session"),
			Want:      session("sessions are logged to encrypted places", sessionLogs),
			Message:   "sessions of this document are not logged, or the destination may be unencrypted",
			Close:     "set s3BucketName with s3EncryptionEnabled, or cloudWatchLogGroupName with cloudWatchEncryptionEnabled, in the inputs of the document",
		},
	}
}

// An input is a setting of a Session document, judged as far as it is known.
type input func(name string) (set, isTrue analyzer.Verdict)

// session judges the inputs of a Session document, in JSON or plain YAML.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
func session(sentence string, judge func(input) analyzer.Verdict) cond {
	return analyzer.Func{
		Says:  sentence,
		Reads: []analyzer.Read{{Path: analyzer.Path{"content"}, Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			doc, l := v.Document("content")
			if !doc.IsKnown() && l.Known() && !l.Null() {
				doc = plainYAML(l.Value)
			}
			inputs := member(doc, "inputs")
			computed := computedOnly(l)
			switch judge(func(name string) (set, isTrue analyzer.Verdict) { return setting(member(inputs, name), computed) }) {
			case analyzer.Pass:
				return v.Pass(l)
			case analyzer.Fail:
				return v.Fail(l)
			}
			return v.Unknown(l)
		},
	}
}

// plainYAML reads YAML without anchors, tags, flow collections other than empty
// ones, and numbers with exponents, which is sufficient for a Session document:
// with those features, a small text could expand without bounds. Other texts
// are unknown.
func plainYAML(text cty.Value) cty.Value {
	const longest, deepest = 1 << 14, 40
	if text.Type() != cty.String || len(text.AsString()) > longest || strings.ContainsAny(strings.ReplaceAll(text.AsString(), "{}", ""), "&*!{[") {
		return cty.DynamicVal
	}
	src := []byte(text.AsString())
	for _, line := range strings.Split(text.AsString(), "\n") {
		if strings.HasPrefix(line, strings.Repeat(" ", deepest)) || exponent(line) {
			return cty.DynamicVal
		}
	}
	t, err := yaml.ImpliedType(src)
	if err != nil {
		return cty.DynamicVal
	}
	doc, err := yaml.Unmarshal(src, t)
	if err != nil {
		return cty.DynamicVal
	}
	return doc
}

// exponent reports whether a value in a line is a number with an exponent.
func exponent(line string) bool {
	for _, word := range strings.Fields(line) {
		if word = strings.TrimLeft(word, "+-."); word != "" && word[0] >= '0' && word[0] <= '9' && strings.ContainsAny(word, "eE") {
			return true
		}
	}
	return false
}

func sessionKey(in input) analyzer.Verdict {
	set, _ := in("kmsKeyId")
	return set
}

// sessionLogs holds where there is a log destination and each one is encrypted.
func sessionLogs(in input) analyzer.Verdict {
	toBucket, _ := in("s3BucketName")
	toGroup, _ := in("cloudWatchLogGroupName")
	_, bucketEncrypted := in("s3EncryptionEnabled")
	_, groupEncrypted := in("cloudWatchEncryptionEnabled")
	logged := max(min(toBucket, bucketEncrypted), min(toGroup, groupEncrypted))
	return min(logged, max(-toBucket, bucketEncrypted), max(-toGroup, groupEncrypted))
}

// member is a part of a document; null where it is absent.
func member(doc cty.Value, name string) cty.Value {
	switch {
	case !doc.IsKnown():
		return cty.DynamicVal
	case doc.IsNull() || !doc.Type().IsObjectType() || !doc.Type().HasAttribute(name):
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return doc.GetAttr(name)
}

// setting judges whether a value is set and whether it is true. A value that
// comes only from a resource is set, though it is known only after apply.
func setting(val cty.Value, computed bool) (set, isTrue analyzer.Verdict) {
	switch {
	case !val.IsKnown() && computed && val.Type() == cty.String:
		return analyzer.Pass, analyzer.Unknown
	case !val.IsKnown():
		return analyzer.Unknown, analyzer.Unknown
	case val.IsNull():
		return analyzer.Fail, analyzer.Fail
	case val.Type() == cty.String:
		return verdictOf(val.AsString() != ""), verdictOf(val.AsString() == "true")
	case val.Type() == cty.Bool:
		return analyzer.Pass, verdictOf(val.True())
	}
	return analyzer.Pass, analyzer.Fail
}

// computedOnly reports whether all causes of an unknown value are identities of
// managed resources, which are never empty.
func computedOnly(l analyzer.Leaf) bool {
	for _, h := range l.Of.Hidden {
		if h.Cause.Kind != analyzer.CauseApply && len(h.At) > 0 && h.At[0] == l.At[0] {
			return false
		}
	}
	found := false
	for _, ref := range l.Of.Refs {
		if len(ref.At) == 0 || ref.At[0] != l.At[0] {
			continue
		}
		switch ref.Attr {
		case "id", "arn", "key_id", "name", "bucket":
			found = true
		default:
			return false
		}
	}
	return found
}

// ssmDefaults are Systems Manager's values for unset attributes.
func ssmDefaults() []analyzer.Default {
	const (
		parameter = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter"
	)
	return []analyzer.Default{
		{Type: "aws_ssm_parameter", Path: "data_type", Value: isString("text"), Source: parameter},
		{Type: "aws_ssm_association", Path: "parameters", Value: isNothing, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_association"},
	}
}
