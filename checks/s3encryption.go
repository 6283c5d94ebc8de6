package checks

// s3Encryption lists encryption at rest.
func s3Encryption() []row {
	return []row{
		{
			ID:        "aws-s3-encrypted",
			Aliases:   wider("CKV_AWS_19", "AWS-0088", "aws-s3-enable-bucket-encryption"),
			On:        on("aws_s3_bucket"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "S3 buckets encrypt new objects by default",
			Why:       "Objects that are not encrypted can be read from the storage beneath; S3 encrypts new ones since 2023-01-05, with its own key where none is chosen. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html>",
			Want: says("the default encryption of the bucket is one that S3 has", anyOf(
				related("aws_s3_bucket_server_side_encryption_configuration", "bucket", some("rule", attr(sseAlgorithm).OneOf("AES256", "aws:kms", "aws:kms:dsse"))),
				attr(inlineSSE+sseAlgorithm).OneOf("AES256", "aws:kms", "aws:kms:dsse"),
			)),
			Message: "the default encryption of this bucket is not valid in S3",
			Close:   `set sse_algorithm to "aws:kms" or "AES256"`,
		},
		{
			ID:        "aws-s3-encrypted-with-kms",
			Aliases:   same("CKV_AWS_145"),
			On:        on("aws_s3_bucket"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets encrypt new objects with KMS",
			Why:       "With a key in KMS, who reads an object needs the key too, and each use is in CloudTrail; with S3's own key neither holds. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html>",
			When:      noLogTarget(), // server access logs can only be encrypted with S3's own key
			Want: says("the default encryption of the bucket uses KMS", anyOf(
				related("aws_s3_bucket_server_side_encryption_configuration", "bucket", some("rule", withKMS(""))),
				withKMS(inlineSSE),
			)),
			Message: "this bucket does not encrypt with KMS",
			Close:   `add an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = "aws:kms"`,
		},
		{
			ID:        "aws-s3-encrypted-with-own-key",
			Aliases:   same("AWS-0132", "aws-s3-encryption-customer-key"),
			On:        on("aws_s3_bucket"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 buckets encrypt new objects with your own key",
			Why:       "Only with your own key can you decide who may use it, and when it rotates or ends. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#aws-managed-customer-managed-keys>",
			When:      noLogTarget(),
			Want: says("the default encryption of the bucket uses your own key", anyOf(
				related("aws_s3_bucket_server_side_encryption_configuration", "bucket", some("rule", withOwnKey(""))),
				withOwnKey(inlineSSE),
			)),
			Message: "this bucket does not encrypt with your own key",
			Close:   `add an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = "aws:kms" and kms_master_key_id`,
		},
		{
			ID:        "aws-s3-object-encrypted-with-own-key",
			Aliases:   same("CKV_AWS_186", "CKV_AWS_181"),
			On:        on("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "S3 objects are encrypted with your own key",
			Why:       "An object without its own key uses the default of its bucket, which is an S3 key unless you choose one. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html>",
			Want: says("the object or its bucket has your own key", anyOf(
				ownKey("kms_key_id"),
				all(unset("server_side_encryption"), unset("kms_key_id"), inBucket(anyOf(
					related("aws_s3_bucket_server_side_encryption_configuration", "bucket", some("rule", withOwnKey(""))),
					withOwnKey(inlineSSE),
				))),
			)),
			Message: "this object is not encrypted with your own key",
			Close:   "set kms_key_id, or give the bucket a default key",
		},
	}
}

func withKMS(at string) cond {
	return attr(at+sseAlgorithm).OneOf("aws:kms", "aws:kms:dsse")
}

func withOwnKey(at string) cond {
	return all(withKMS(at), ownKey(at+sseKey))
}
