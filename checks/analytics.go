package checks

import (
	"slices"

	"github.com/demarc/demarc/analyzer"
)

func analytics() []row {
	return slices.Concat(queries(), lakes(), transfers(), notebooks(), models(), assistants())
}

// queries lists workgroups and databases of Athena.
func queries() []row {
	return []row{
		{
			ID:        "aws-athena-database-encrypted",
			Aliases:   join(same("CKV_AWS_77"), wider("AWS-0006", "aws-athena-enable-at-rest-encryption")),
			On:        on("aws_athena_database"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Athena databases encrypt query results",
			Why:       "Query results stay in a bucket and are as sensitive as the data that they came from. <https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html>",
			Want:      some("encryption_configuration", attr("encryption_option").Present()),
			Message:   "this database does not set encryption for its query results",
			Close:     "add an encryption_configuration with encryption_option = \"SSE_KMS\" and kms_key: that replaces the database",
		},
		{
			ID:        "aws-athena-workgroup-encrypted",
			Aliases:   join(same("CKV_AWS_159"), wider("AWS-0006", "aws-athena-enable-at-rest-encryption")),
			On:        on("aws_athena_workgroup"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Athena workgroups encrypt query results",
			Why:       "Query results stay in a bucket and are as sensitive as the data that they came from. <https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html>",
			Want: anyOf(
				attr("configuration.result_configuration.encryption_configuration.encryption_option").Present(),
				attr("configuration.managed_query_results_configuration.enabled").True()), // Athena keeps and encrypts them
			Message: "this workgroup does not set encryption for its query results",
			Close:   "add an encryption_configuration to result_configuration",
		},
		{
			ID:        "aws-athena-workgroup-enforced",
			Aliases:   same("CKV_AWS_82", "AWS-0007", "aws-athena-no-encryption-override"),
			On:        on("aws_athena_workgroup"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Clients cannot override Athena workgroup settings",
			Why:       "A client that names its own settings writes results where it likes, without encryption. <https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html>",
			Want:      attr("configuration.enforce_workgroup_configuration").True(),
			Message:   "clients can override the settings of this workgroup",
			Fix:       unsafe("settings of clients are ignored", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/athena_workgroup#enforce_workgroup_configuration-1"),
		},
		{
			ID:        "aws-athena-workgroup-monitored",
			Controls:  controls("FSBP Athena.4"),
			On:        on("aws_athena_workgroup"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Athena workgroups publish metrics",
			Why:       "Without metrics no alarm sees queries that fail, or that read far more than they did. <https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html>",
			Want:      attr("configuration.publish_cloudwatch_metrics_enabled").True(),
			Message:   "nothing shows what queries in this workgroup cost and read",
			Fix:       safe(),
		},
	}
}

// lakes lists the sources, targets and catalogs of Glue.
func lakes() []row {
	return []row{
		{
			ID:        "aws-glue-security-configuration-encrypted",
			Aliases:   same("CKV_AWS_99"),
			On:        on("aws_glue_security_configuration"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Glue security configurations encrypt data, logs and bookmarks",
			Why:       "Jobs write whatever the configuration leaves out in clear text, or under a key that is not yours. <https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html>",
			Want: all(
				attr("encryption_configuration.s3_encryption.s3_encryption_mode").Matches("SSE-KMS", "SSE-S3"),
				attr("encryption_configuration.cloudwatch_encryption.cloudwatch_encryption_mode").Matches("SSE-KMS"),
				attr("encryption_configuration.job_bookmarks_encryption.job_bookmarks_encryption_mode").Matches("CSE-KMS")),
			Message: "this security configuration leaves data, logs or bookmarks unencrypted",
			Close:   "set s3_encryption_mode and cloudwatch_encryption_mode to \"SSE-KMS\" and job_bookmarks_encryption_mode to \"CSE-KMS\", each with kms_key_arn",
		},
		{
			ID:        "aws-glue-catalog-encrypted",
			Aliases:   same("CKV_AWS_94"),
			On:        on("aws_glue_data_catalog_encryption_settings"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "The Glue Data Catalog is encrypted, including connection passwords",
			Why:       "The catalog shows what data there is and where; its connections hold passwords of databases. <https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html>",
			Want: all(
				attr("data_catalog_encryption_settings.connection_password_encryption.return_connection_password_encrypted").True(),
				attr("data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_mode").Matches("SSE-KMS*")),
			Message: "the catalog or its connection passwords are not encrypted",
			Close:   "set catalog_encryption_mode = \"SSE-KMS\" and return_connection_password_encrypted = true, each with a key",
		},
		{
			ID:        "aws-glue-security-configured",
			Aliases:   same("CKV_AWS_195"),
			On:        on("aws_glue_job", "aws_glue_crawler", "aws_glue_dev_endpoint"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Glue jobs, crawlers and endpoints have a security configuration",
			Why:       "Without one, what they write to S3, logs and bookmarks is not encrypted with a key that you chose. <https://docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html>",
			Want:      attr("security_configuration").Present(),
			Message:   "this has no security configuration",
			Close:     "set security_configuration to an aws_glue_security_configuration",
		},
	}
}

// transfers lists DataSync and AppFlow, which move data.
func transfers() []row {
	return []row{
		{
			ID:        "aws-datasync-secret-not-written",
			Aliases:   same("CKV_AWS_295"),
			On:        on("aws_datasync_location_object_storage"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "DataSync object storage keys are not written in the configuration",
			Why:       "Whoever reads the repository has the key. <https://docs.aws.amazon.com/datasync/latest/userguide/create-object-location.html>",
			Want:      notWritten("secret_key"),
			Message:   "the key of this location is written out",
			Close:     "read it from Secrets Manager or Parameter Store",
			Secret:    true,
		},
		{
			ID:        "aws-datasync-task-logged",
			Controls:  controls("FSBP DataSync.1"),
			On:        on("aws_datasync_task"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "DataSync tasks are logged",
			Why:       "Without logs nobody can determine which files were not copied. <https://docs.aws.amazon.com/datasync/latest/userguide/configure-logging.html>",
			Want:      all(attr("cloudwatch_log_group_arn").Present(), not(attr("options.log_level").Equals("OFF"))),
			Message:   "this task does not log",
			Close:     "set cloudwatch_log_group_arn, and log_level in options",
		},
		{
			ID:        "aws-appflow-flow-own-key",
			Aliases:   same("CKV_AWS_263"),
			On:        on("aws_appflow_flow"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AppFlow flows are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/appflow/latest/userguide/data-protection.html>",
			Want:      ownKey("kms_arn"),
			Message:   "what this flow stores is not encrypted with your own key",
			Close:     "set kms_arn to the ARN of your own KMS key",
		},
		{
			ID:        "aws-appflow-profile-own-key",
			Aliases:   same("CKV_AWS_264"),
			On:        on("aws_appflow_connector_profile"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AppFlow connector profiles are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/appflow/latest/userguide/data-protection.html>",
			Want:      ownKey("kms_arn"),
			Message:   "the credential of this profile is not encrypted with your own key",
			Close:     "set kms_arn to the ARN of your own KMS key",
		},
	}
}

// notebooks lists SageMaker notebook instances and domains.
func notebooks() []row {
	return []row{
		{
			ID:        "aws-sagemaker-own-key",
			Aliases:   join(same("CKV_AWS_187"), narrower("CKV_AWS_22")),
			On:        on("aws_sagemaker_notebook_instance", "aws_sagemaker_domain"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker domains and notebooks are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html>",
			Want:      ownKey("kms_key_id"),
			Message:   "what is stored here is not encrypted with your own key",
			Close:     "set kms_key_id to the ARN of your own KMS key: that replaces the domain or notebook",
		},
		{
			ID:        "aws-sagemaker-notebook-no-internet",
			Aliases:   same("CKV_AWS_122"),
			Controls:  controls("FSBP SageMaker.1"),
			On:        on("aws_sagemaker_notebook_instance"),
			Layer:     firewallConfiguration,
			Objective: restrictEgress,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "SageMaker notebooks have no direct access to the internet",
			Why:       "What runs in a notebook can otherwise send its data anywhere, past every control of your network. <https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html>",
			Want:      attr("direct_internet_access").Equals("Disabled"),
			Message:   "this notebook reaches the internet directly",
			Fix:       unsafe("replaces the notebook, which needs a subnet", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_notebook_instance#direct_internet_access-1"),
		},
		{
			ID:        "aws-sagemaker-notebook-in-vpc",
			Aliases:   same("CKV_AWS_306"),
			Controls:  controls("FSBP SageMaker.2"),
			On:        on("aws_sagemaker_notebook_instance"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SageMaker notebooks are in your own VPC",
			Why:       "Outside of one, no security group, endpoint or flow log of yours sees what the notebook does. <https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html>",
			Want:      attr("subnet_id").Present(),
			Message:   "this notebook is not in your VPC",
			Close:     "set subnet_id and security_groups: that replaces the notebook",
		},
		{
			ID:        "aws-sagemaker-notebook-not-root",
			Aliases:   same("CKV_AWS_307"),
			Controls:  controls("FSBP SageMaker.3"),
			On:        on("aws_sagemaker_notebook_instance"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SageMaker notebook users have no root access",
			Why:       "With root a user reads all files on the notebook, and may change its controls. <https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html>",
			Want:      attr("root_access").Equals("Disabled"),
			Message:   "users of this notebook have root access",
			Fix:       unsafe("commands that need root fail", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_notebook_instance#root_access-1"),
		},
		{
			ID:        "aws-sagemaker-notebook-imdsv2",
			Aliases:   same("CKV_AWS_371"),
			On:        on("aws_sagemaker_notebook_instance"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SageMaker notebooks require metadata session tokens (IMDSv2)",
			Why:       "Version 1 gives the credentials of the role to any request that a program is tricked into sending. <https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstanceMetadataServiceConfiguration.html>",
			Want:      attr("instance_metadata_service_configuration.minimum_instance_metadata_service_version").Equals("2"),
			Message:   "the metadata service of this notebook gives out credentials without a session token",
			Fix:       unsafe("programs that use version 1 fail", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_notebook_instance#instance_metadata_service_configuration"),
		},
		{
			ID:        "aws-sagemaker-domain-vpc-only",
			On:        on("aws_sagemaker_domain"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker domains use your VPC only",
			Why:       "Other traffic goes through a VPC of SageMaker, which none of your controls see. <https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html>",
			Want:      attr("app_network_access_type").Equals("VpcOnly"),
			Message:   "applications of this domain reach the internet without passing through your VPC",
			Fix:       unsafe("what has no endpoint or route in the VPC is out of reach", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_domain#app_network_access_type-1"),
		},
	}
}

// models lists SageMaker models, endpoints and monitoring.
func models() []row {
	return []row{
		{
			ID:        "aws-sagemaker-endpoint-own-key",
			Aliases:   same("CKV_AWS_98"),
			On:        on("aws_sagemaker_endpoint_configuration"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker endpoint volumes are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html>",
			When:      none("production_variants", some("serverless_config", always())), // it has no volumes
			Want:      ownKey("kms_key_arn"),
			Message:   "the storage of this endpoint is not encrypted with your own key",
			Close:     "set kms_key_arn to the ARN of your own KMS key",
		},
		{
			ID:        "aws-sagemaker-endpoint-several-instances",
			Controls:  controls("FSBP SageMaker.4"),
			On:        on("aws_sagemaker_endpoint_configuration"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker endpoints have several instances",
			Why:       "With one instance the endpoint fails with its zone. <https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html>",
			Want:      each("production_variants", anyOf(attr("initial_instance_count").AtLeast(2), some("serverless_config", always()))),
			Message:   "this variant has a single instance",
			Close:     "set initial_instance_count to 2 or more",
		},
		{
			ID:        "aws-sagemaker-model-isolated",
			Aliases:   same("CKV_AWS_370"),
			Controls:  controls("FSBP SageMaker.5"),
			On:        on("aws_sagemaker_model"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SageMaker models run in network isolation",
			Why:       "A third-party model can otherwise send its input to whoever made it. <https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html>",
			Want:      attr("enable_network_isolation").True(),
			Message:   "this model reaches the network",
			Fix:       unsafe("replaces the model, which can fetch nothing by itself", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_model#enable_network_isolation-1"),
		},
		{
			ID:        "aws-sagemaker-quality-results-own-key",
			Aliases:   same("CKV_AWS_367"),
			On:        on("aws_sagemaker_data_quality_job_definition"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker data quality job results are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-quality.html>",
			Want:      ownKey("data_quality_job_output_config.kms_key_id"),
			Message:   "what this job writes is not encrypted with your own key",
			Close:     "set data_quality_job_output_config.kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-sagemaker-quality-volume-own-key",
			Aliases:   same("CKV_AWS_368"),
			On:        on("aws_sagemaker_data_quality_job_definition"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker data quality job volumes are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-quality.html>",
			Want:      ownKey("job_resources.cluster_config.volume_kms_key_id"),
			Message:   "the volume of this job is not encrypted with your own key",
			Close:     "set job_resources.cluster_config.volume_kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-sagemaker-quality-traffic-encrypted",
			Aliases:   same("CKV_AWS_369"),
			On:        on("aws_sagemaker_data_quality_job_definition"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker data quality jobs encrypt traffic between instances",
			Why:       "Samples of your data travel between the instances of a job. <https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html>",
			Want:      attr("network_config.enable_inter_container_traffic_encryption").True(),
			Message:   "instances of this job exchange data in clear text",
			Fix:       unsafe("replaces the job definition, and jobs take longer", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_data_quality_job_definition#enable_inter_container_traffic_encryption-1"),
		},
		{
			ID:        "aws-sagemaker-flow-output-own-key",
			Aliases:   same("CKV_AWS_372"),
			On:        on("aws_sagemaker_flow_definition"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "SageMaker human review output is encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-create-flow-definition.html>",
			Want:      ownKey("output_config.kms_key_id"),
			Message:   "the answers of reviewers are not encrypted with your own key",
			Close:     "set output_config.kms_key_id to the ARN of your own KMS key",
		},
	}
}

// assistants lists language services and contact centers.
func assistants() []row {
	return []row{
		{
			ID:        "aws-bedrock-agent-own-key",
			Aliases:   same("CKV_AWS_373"),
			On:        on("aws_bedrockagent_agent"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Bedrock agents are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-agents.html>",
			Want:      ownKey("customer_encryption_key_arn"),
			Message:   "this agent is not encrypted with your own key",
			Close:     "set customer_encryption_key_arn to the ARN of your own KMS key",
		},
		{
			ID:        "aws-bedrock-agent-guarded",
			Aliases:   same("CKV_AWS_383"),
			On:        on("aws_bedrockagent_agent"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Bedrock agents have a guardrail",
			Why:       "Without one nothing stops instructions hidden in what the agent reads, nor answers that it must not give. <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html>",
			Want:      attr("guardrail_configuration").Present(),
			Message:   "this agent has no guardrail",
			Close:     "set guardrail_configuration to an aws_bedrock_guardrail",
		},
		{
			ID:        "aws-kendra-own-key",
			Aliases:   same("CKV_AWS_262"),
			On:        on("aws_kendra_index"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Kendra indexes are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/kendra/latest/dg/encryption-at-rest.html>",
			Want:      ownKey("server_side_encryption_configuration.kms_key_id"),
			Message:   "this index is not encrypted with your own key",
			Close:     "set server_side_encryption_configuration.kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-comprehend-model-own-key",
			Aliases:   same("CKV_AWS_267"),
			On:        on("aws_comprehend_entity_recognizer"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Comprehend entity recognizer models are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/comprehend/latest/dg/kms-in-comprehend.html>",
			Want:      ownKey("model_kms_key_id"),
			Message:   "the model of this recognizer is not encrypted with your own key",
			Close:     "set model_kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-comprehend-volume-own-key",
			Aliases:   same("CKV_AWS_268"),
			On:        on("aws_comprehend_entity_recognizer"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Comprehend entity recognizer volumes are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/comprehend/latest/dg/kms-in-comprehend.html>",
			Want:      ownKey("volume_kms_key_id"),
			Message:   "the volume of this recognizer is not encrypted with your own key",
			Close:     "set volume_kms_key_id to the ARN of your own KMS key",
		},
		{
			ID:        "aws-connect-video-own-key",
			Aliases:   same("CKV_AWS_269"),
			On:        on("aws_connect_instance_storage_config"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Connect media streams are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/connect/latest/adminguide/encryption-at-rest.html>",
			Want:      each("storage_config.kinesis_video_stream_config", ownKey("encryption_config.key_id")),
			Message:   "what callers say here is not encrypted with your own key",
			Close:     "add an encryption_config with encryption_type = \"KMS\" and key_id",
		},
		{
			ID:        "aws-connect-s3-own-key",
			Aliases:   same("CKV_AWS_270"),
			On:        on("aws_connect_instance_storage_config"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Connect recordings are encrypted with your own key",
			Why:       "With a key that AWS owns or manages, you cannot say who may use it. <https://docs.aws.amazon.com/connect/latest/adminguide/encryption-at-rest.html>",
			Want:      each("storage_config.s3_config", ownKey("encryption_config.key_id")),
			Message:   "what is recorded here is not encrypted with your own key",
			Close:     "add an encryption_config with encryption_type = \"KMS\" and key_id",
		},
	}
}

// notWritten holds where an attribute has no literal value: it is unset, or set
// from a resource or data source.
func notWritten(path string) cond {
	return analyzer.Func{
		Says:  path + " is not written out",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case l.Known() && readElsewhere(l):
				return v.Pass(l)
			case l.Known():
				return v.Judge(not(attr(path).Present()))
			}
			o := v.Unknown(l)
			if givenElsewhere(o) {
				return v.Pass(l)
			}
			return o
		},
	}
}

// readElsewhere reports whether a data source gives the value: in a plan, the
// value it read is known.
func readElsewhere(l analyzer.Leaf) bool {
	for _, ref := range refsAt(l) {
		if to := l.Of.Root.Lookup(ref.To); ref.Sole && to != nil && to.Mode == analyzer.Data {
			return true
		}
	}
	return false
}

// analyticsDefaults are AWS's values for unset attributes.
func analyticsDefaults() []analyzer.Default {
	const workgroup = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/athena_workgroup#"
	return []analyzer.Default{
		{Type: "aws_athena_workgroup", Path: "configuration.enforce_workgroup_configuration", Value: isTrue, Source: workgroup + "enforce_workgroup_configuration-1"},
		{Type: "aws_athena_workgroup", Path: "configuration.publish_cloudwatch_metrics_enabled", Value: isTrue, Source: workgroup + "publish_cloudwatch_metrics_enabled-1"},
		{Type: "aws_appflow_flow", Path: "kms_arn", Value: isNothing, Source: "https://docs.aws.amazon.com/appflow/1.0/APIReference/API_CreateFlow.html"},
		{Type: "aws_appflow_connector_profile", Path: "kms_arn", Value: isNothing, Source: "https://docs.aws.amazon.com/appflow/1.0/APIReference/API_CreateConnectorProfile.html"},
		{Type: "aws_sagemaker_notebook_instance", Path: "instance_metadata_service_configuration.minimum_instance_metadata_service_version", Value: isString("1"), Source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstanceMetadataServiceConfiguration.html"},
	}
}
