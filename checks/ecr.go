package checks

import (
	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func ecr() []row {
	return []row{
		{
			ID:        "aws-ecr-tags-immutable",
			Aliases:   same("CKV_AWS_51", "AWS-0031", "aws-ecr-enforce-immutable-repository"),
			Controls:  controls("FSBP ECR.2"),
			On:        on("aws_ecr_repository"),
			Layer:     platformAndApplication,
			Objective: trustedImages,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECR image tags are immutable",
			Why:       "With mutable tags, whoever may push can move the deployed tag to another image. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html>",
			Want:      attr("image_tag_mutability").OneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
			Message:   "tags of this repository can be moved to another image",
			Fix:       unsafe("rejects a push to a tag that exists", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"),
		},
		{
			ID:        "aws-ecr-scan-on-push",
			Aliases:   same("CKV_AWS_163", "AWS-0030", "aws-ecr-enable-image-scans"),
			Controls:  controls("FSBP ECR.1"),
			On:        on("aws_ecr_repository"),
			Layer:     platformAndApplication,
			Objective: trustedImages,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECR images are scanned when they are pushed",
			Why:       "Without a scan nobody learns which images have known vulnerabilities until one is used against you. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html>",
			Want:      anyOf(attr("image_scanning_configuration.scan_on_push").True(), registryScans()),
			Message:   "images are not scanned when they are pushed",
			Fix:       safe(),
		},
		{
			ID:        "aws-ecr-kms",
			Aliases:   join(same("CKV_AWS_136"), wider("AWS-0033", "aws-ecr-repository-customer-key")),
			On:        on("aws_ecr_repository"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECR images are encrypted with KMS",
			Why:       "ECR encrypts every image; with KMS each use of the key is recorded, and with your own key its policy decides who may read. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html>",
			Want:      some("encryption_configuration", attr("encryption_type").OneOf("KMS", "KMS_DSSE")),
			Message:   "images are encrypted with an S3 key, not with a KMS key",
			Close:     "add an encryption_configuration of type KMS; this replaces the repository",
		},
		{
			ID:        "aws-ecr-cmk",
			Aliases:   wider("AWS-0033", "aws-ecr-repository-customer-key"),
			On:        on("aws_ecr_repository"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECR images under KMS are encrypted with your own key",
			Why:       "Without kms_key ECR uses a KMS key that AWS manages, whose policy you cannot change. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html>",
			When:      some("encryption_configuration", attr("encryption_type").OneOf("KMS", "KMS_DSSE")),
			Want:      each("encryption_configuration", ownKey("kms_key")),
			Message:   "images are encrypted with a KMS key that AWS manages",
			Close:     "set kms_key to your own key; that replaces the repository",
		},
		{
			ID:        "aws-ecr-policy-not-public",
			Aliases:   same("CKV_AWS_32", "AWS-0032", "aws-ecr-no-public-access"),
			On:        on("aws_ecr_repository_policy"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "ECR repositories are not open to everyone",
			Why:       "The principal \"*\" lets every AWS account pull your images, or push to them. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html>",
			Want:      policy.Cond("no statement allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"),
			Message:   "everyone has access to this repository",
			Close:     "name the principals, or add a condition on aws:PrincipalOrgID",
		},
		{
			ID:        "aws-ecr-lifecycle",
			Controls:  controls("FSBP ECR.3"),
			On:        on("aws_ecr_repository"),
			Layer:     customerData,
			Objective: retainAndDispose,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECR repositories remove old images",
			Why:       "Unpatched images stay deployable and cost money until a lifecycle policy removes them. <https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html>",
			Want:      related("aws_ecr_lifecycle_policy", "repository", nil),
			Message:   "old images of this repository are never removed",
			Close:     "add an aws_ecr_lifecycle_policy",
		},
	}
}

// registryScans holds where the registry scans all repositories, whatever their
// own settings.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
func registryScans() cond {
	scansAll := some("rule", all(
		attr("scan_frequency").OneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN"),
		some("repository_filter", attr("filter").Equals("*"))))
	return analyzer.Func{
		Says:  "the registry scans all repositories",
		Reads: []analyzer.Read{{Type: "aws_ecr_registry_scanning_configuration", Path: analyzer.ParsePath("rule.scan_frequency")}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Fail(v.Attr("image_scanning_configuration.scan_on_push"))
			for _, r := range v.All("aws_ecr_registry_scanning_configuration") {
				if r.Provider.Config != v.Resource().Provider.Config {
					continue
				}
				if o := v.Of(r).Judge(scansAll); o.Verdict > out.Verdict {
					out = o
				}
			}
			return out
		},
	}
}

// ecrDefaults are AWS's values for unset attributes.
func ecrDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_ecr_repository", Path: "encryption_configuration.kms_key", Value: isString("alias/aws/ecr"), Source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html"},
	}
}
