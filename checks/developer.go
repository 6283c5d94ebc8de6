package checks

import (
	"slices"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

func developer() []row {
	return slices.Concat(builds(), delivery(), images(), runtimes(), exchanges())
}

// builds lists CodeBuild projects and report groups.
func builds() []row {
	return []row{
		{
			ID:        "aws-codebuild-artifacts-encrypted",
			Aliases:   same("CKV_AWS_78", "AWS-0018", "aws-codebuild-enable-encryption"),
			On:        on("aws_codebuild_project"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CodeBuild artifacts are encrypted",
			Why:       "CodeBuild encrypts artifacts unless that is turned off; then whoever reaches the bucket can read them. <https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html>",
			Want: all(
				anyOf(not(attr("artifacts.encryption_disabled").True()), attr("artifacts.type").Equals("NO_ARTIFACTS")),
				none("secondary_artifacts", attr("encryption_disabled").True())),
			Message: "artifacts of this build are not encrypted",
			Close:   "remove encryption_disabled = true",
		},
		{
			ID:        "aws-codebuild-own-key",
			Aliases:   same("CKV_AWS_147"),
			On:        on("aws_codebuild_project"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodeBuild artifacts are encrypted with your own key",
			Why:       "The policy of the key that AWS manages for S3 cannot be changed, and artifacts under it cannot be shared with another account. <https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-kms.html>",
			Want:      ownKey("encryption_key"),
			Message:   "artifacts of this project are not encrypted with your own key",
			Close:     "set encryption_key to the ARN of your own KMS key",
		},
		{
			ID:        "aws-codebuild-not-privileged",
			Aliases:   same("CKV_AWS_316"),
			On:        on("aws_codebuild_project"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CodeBuild builds are not privileged",
			Why:       "A privileged build has access to every device of its host, and a malicious dependency can escape the container. <https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html>",
			Want:      not(attr("environment.privileged_mode").True()),
			Message:   "this build runs in privileged mode",
			Fix:       unsafe("builds that start containers fail", projectPage+"#privileged_mode-1"),
		},
		{
			ID:        "aws-codebuild-logged",
			Aliases:   wider("CKV_AWS_314"),
			Controls:  controls("FSBP CodeBuild.4"),
			On:        on("aws_codebuild_project"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CodeBuild builds are logged",
			Why:       "The log shows when a build was manipulated; it goes to CloudWatch Logs unless that is turned off. <https://docs.aws.amazon.com/codebuild/latest/APIReference/API_LogsConfig.html>",
			Want: anyOf(
				not(attr("logs_config.cloudwatch_logs.status").Equals("DISABLED")),
				attr("logs_config.s3_logs.status").Equals("ENABLED")),
			Message: "logs of this build are off",
			Close:   "set status = \"ENABLED\" in cloudwatch_logs or s3_logs",
		},
		{
			ID:        "aws-codebuild-s3-logs-encrypted",
			Aliases:   same("CKV_AWS_311"),
			Controls:  controls("FSBP CodeBuild.3"),
			On:        on("aws_codebuild_project"),
			Layer:     serverSideEncryption,
			Objective: protectLogs,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodeBuild logs in S3 are encrypted",
			Why:       "Build logs show host names, versions and sometimes secrets. <https://docs.aws.amazon.com/codebuild/latest/APIReference/API_S3LogsConfig.html>",
			When:      attr("logs_config.s3_logs.status").Equals("ENABLED"),
			Want:      not(attr("logs_config.s3_logs.encryption_disabled").True()),
			Message:   "logs of this build are not encrypted",
			Fix:       safe(),
		},
		{
			ID:        "aws-codebuild-variables-no-secrets",
			Controls:  controls("FSBP CodeBuild.2"),
			On:        on("aws_codebuild_project"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CodeBuild variables hold no credentials",
			Why:       "Whoever may describe the project sees its variables in clear text, and so does every command of the build. <https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html>",
			Want:      each("environment.environment_variable", noPlainSecret()),
			Message:   "this variable holds a credential in clear text",
			Close:     "set type = \"SECRETS_MANAGER\" or \"PARAMETER_STORE\", and the name of the secret as value",
			Secret:    true,
		},
		{
			ID:        "aws-codebuild-source-no-credentials",
			Controls:  controls("FSBP CodeBuild.1"),
			On:        on("aws_codebuild_project"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CodeBuild sources hold no credentials",
			Why:       "A password or token in the URL is shown with the project and in every log that names the source. <https://docs.aws.amazon.com/codebuild/latest/userguide/access-tokens.html>",
			Want: all(
				not(attr("source.location").Matches("http*://*@*")),
				none("secondary_sources", attr("location").Matches("http*://*@*"))),
			Message: "the source URL holds credentials",
			Close:   "remove them, and connect with an aws_codeconnections_connection",
			Secret:  true,
		},
		{
			ID:        "aws-codebuild-source-tls-checked",
			On:        on("aws_codebuild_project"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CodeBuild builds verify the TLS certificate of their source",
			Why:       "Without verification, an attacker between the build and the repository decides what is built. <https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html>",
			Want:      all(not(attr("source.insecure_ssl").True()), none("secondary_sources", attr("insecure_ssl").True())),
			Message:   "this build does not verify the TLS certificate of its source",
			Close:     "remove insecure_ssl = true; set environment.certificate if the certificate is your own",
		},
		{
			ID:        "aws-codebuild-not-public",
			On:        on("aws_codebuild_project"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CodeBuild builds are not public",
			Why:       "Everyone sees the results, logs and artifacts of a public build, and logs often show more than intended. <https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html>",
			Want:      not(attr("project_visibility").Equals("PUBLIC_READ")),
			Message:   "logs and artifacts of this build are public",
			Close:     "remove project_visibility = \"PUBLIC_READ\"",
		},
		{
			ID:        "aws-codebuild-reports-encrypted",
			Controls:  controls("FSBP CodeBuild.7"),
			On:        on("aws_codebuild_report_group"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Exported CodeBuild reports are encrypted",
			Why:       "Test reports show how the application works and which data it was tested with. <https://docs.aws.amazon.com/codebuild/latest/APIReference/API_S3ReportExportConfig.html>",
			Want:      not(attr("export_config.s3_destination.encryption_disabled").True()),
			Message:   "exported reports are not encrypted",
			Fix:       safe(),
		},
	}
}

// delivery lists repositories, pipelines, packages and stacks.
func delivery() []row {
	return []row{
		{
			ID:        "aws-codepipeline-own-key",
			Aliases:   same("CKV_AWS_219"),
			On:        on("aws_codepipeline"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodePipeline artifacts are encrypted with your own key",
			Why:       "The policy of the key that AWS manages for S3 cannot be changed, and artifacts under it cannot be shared with another account. <https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html>",
			Want:      each("artifact_store", ownKey("encryption_key.id")),
			Message:   "artifacts of this pipeline are not encrypted with your own key",
			Close:     "add an encryption_key block with type = \"KMS\" and the ARN of your own key as id",
		},
		{
			ID:        "aws-codecommit-approval-required",
			Aliases:   same("CKV2_AWS_37"),
			On:        on("aws_codecommit_repository"),
			Layer:     platformAndApplication,
			Objective: trustedImages,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodeCommit repositories require approval of changes",
			Why:       "Without a rule one person, or one stolen credential, decides what is built and deployed. <https://docs.aws.amazon.com/codecommit/latest/userguide/approval-rule-templates.html>",
			Want:      related("aws_codecommit_approval_rule_template_association", "repository_name", nil),
			Message:   "changes to this repository need no approval",
			Close:     "add an aws_codecommit_approval_rule_template_association with its name",
		},
		{
			ID:        "aws-codecommit-two-approvals",
			Aliases:   same("CKV_AWS_257"),
			On:        on("aws_codecommit_approval_rule_template"),
			Layer:     platformAndApplication,
			Objective: trustedImages,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodeCommit approval rules need two approvals",
			Why:       "With one approval, a single stolen approver credential is enough. <https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-create-template.html>",
			Want:      twoApprovals(),
			Message:   "this rule needs fewer than two approvals",
			Close:     "set NumberOfApprovalsNeeded to 2 in each statement",
		},
		{
			ID:        "aws-codeartifact-own-key",
			Aliases:   same("CKV_AWS_221"),
			On:        on("aws_codeartifact_domain"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CodeArtifact packages are encrypted with your own key",
			Why:       "The policy of the key that AWS manages for CodeArtifact cannot be changed; the choice is made once, at creation. <https://docs.aws.amazon.com/codeartifact/latest/ug/domain-create.html>",
			Want:      ownKey("encryption_key"),
			Message:   "packages of this domain are not encrypted with your own key",
			Close:     "set encryption_key to the ARN of your own KMS key: that replaces the domain",
		},
		{
			ID:        "aws-codeguru-reviewer-own-key",
			Aliases:   same("CKV_AWS_381"),
			On:        on("aws_codegurureviewer_repository_association"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Code reviewed by CodeGuru is encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads the copy of your code. <https://docs.aws.amazon.com/codeguru/latest/reviewer-ug/encrypt-repository-association.html>",
			Want:      all(attr("kms_key_details.encryption_option").Equals("CUSTOMER_MANAGED_CMK"), ownKey("kms_key_details.kms_key_id")),
			Message:   "this copy of your code is not encrypted with your own key",
			Close:     "add a kms_key_details block with encryption_option = \"CUSTOMER_MANAGED_CMK\" and kms_key_id",
		},
		{
			ID:        "aws-cloudformation-notifies",
			Aliases:   same("CKV_AWS_124"),
			On:        on("aws_cloudformation_stack"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFormation stacks send notifications of their events",
			Why:       "Without notifications nobody learns that a stack changed or failed to change. <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>",
			Want:      attr("notification_arns").Present(),
			Message:   "this stack sends no notifications of its events",
			Close:     "set notification_arns to an SNS topic",
		},
	}
}

// images lists the images that Image Builder distributes.
func images() []row {
	return []row{
		{
			ID:        "aws-imagebuilder-image-not-public",
			On:        on("aws_imagebuilder_distribution_configuration"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Image Builder does not distribute public images",
			Why:       "Everybody can launch a public image and read its disks. <https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-distribution-settings.html>",
			Want:      none("distribution.ami_distribution_configuration.launch_permission", attr("user_groups").Contains("all")),
			Message:   "everybody may launch this image",
			Close:     "remove \"all\" from user_groups, and name accounts in user_ids",
		},
	}
}

// runtimes lists App Runner, Batch and Managed Workflows for Apache Airflow.
func runtimes() []row {
	return []row{
		{
			ID:        "aws-apprunner-own-key",
			On:        on("aws_apprunner_service"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "App Runner services are encrypted with your own key",
			Why:       "The policy of a key that AWS manages cannot be changed; the choice is made once, at creation. <https://docs.aws.amazon.com/apprunner/latest/dg/security-data-protection-encryption.html>",
			Want:      ownKey("encryption_configuration.kms_key"),
			Message:   "the copy of your image or code is not encrypted with your own key",
			Close:     "add an encryption_configuration with kms_key: that replaces the service",
		},
		{
			ID:        "aws-apprunner-variables-no-secrets",
			On:        on("aws_apprunner_service"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "App Runner variables hold no credentials",
			Why:       "Whoever may describe the service sees its variables in clear text. <https://docs.aws.amazon.com/apprunner/latest/dg/env-variable.html>",
			Want: all(
				noSecrets("source_configuration.image_repository.image_configuration.runtime_environment_variables"),
				noSecrets("source_configuration.code_repository.code_configuration.code_configuration_values.runtime_environment_variables")),
			Message: "these variables hold a credential in clear text",
			Close:   "refer to it in runtime_environment_secrets",
			Secret:  true,
		},
		{
			ID:        "aws-batch-job-not-privileged",
			Aliases:   same("CKV_AWS_210"),
			On:        on("aws_batch_job_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "AWS Batch job containers are not privileged",
			Why:       "A privileged container has the rights of root on its host, and with them whatever other jobs run there. <https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html#containerProperties>",
			Want: all(
				containerUnprivileged(),
				none("eks_properties.pod_properties.containers", attr("security_context.privileged").True())),
			Message: "this container is privileged",
			Close:   "remove privileged",
		},
		{
			ID:        "aws-mwaa-scheduler-logged",
			Aliases:   same("CKV_AWS_242"),
			On:        on("aws_mwaa_environment"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MWAA environments log the scheduler",
			Why:       "Without these logs nobody can determine why a workflow did not run, or who changed it. <https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html>",
			Want:      attr("logging_configuration.scheduler_logs.enabled").True(),
			Message:   "the scheduler of this environment does not log",
			Fix:       safe(),
		},
		{
			ID:        "aws-mwaa-worker-logged",
			Aliases:   same("CKV_AWS_243"),
			On:        on("aws_mwaa_environment"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MWAA environments log the workers",
			Why:       "Without these logs nobody can determine why a workflow did not run, or who changed it. <https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html>",
			Want:      attr("logging_configuration.worker_logs.enabled").True(),
			Message:   "the worker of this environment does not log",
			Fix:       safe(),
		},
		{
			ID:        "aws-mwaa-webserver-logged",
			Aliases:   same("CKV_AWS_244"),
			On:        on("aws_mwaa_environment"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "MWAA environments log the web server",
			Why:       "Without these logs nobody can determine why a workflow did not run, or who changed it. <https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html>",
			Want:      attr("logging_configuration.webserver_logs.enabled").True(),
			Message:   "the webserver of this environment does not log",
			Fix:       safe(),
		},
		{
			ID:        "aws-mwaa-private",
			Aliases:   same("CKV2_AWS_66"),
			On:        on("aws_mwaa_environment"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "MWAA web servers are reached from their VPC only",
			Why:       "A public web server can be reached by everyone, and only the sign-in stands between them and your workflows. <https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html>",
			Want:      attr("webserver_access_mode").Equals("PRIVATE_ONLY"),
			Message:   "everyone can reach the web server of this environment",
			Fix:       unsafe("the web server can be reached from the VPC only", environmentPage+"#webserver_access_mode-1"),
		},
	}
}

// exchanges lists Transfer Family servers, and WorkSpaces desktops.
func exchanges() []row {
	return []row{
		{
			ID:        "aws-transfer-not-public",
			Aliases:   same("CKV_AWS_164"),
			On:        on("aws_transfer_server"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Transfer Family servers are in a VPC",
			Why:       "A public endpoint has no security group: everyone can try to sign in. <https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html>",
			Want:      attr("endpoint_type").Matches("VPC", "VPC_ENDPOINT"),
			Message:   "everyone can reach this server",
			Close:     "set endpoint_type = \"VPC\" with endpoint_details",
		},
		{
			ID:        "aws-transfer-no-ftp",
			Aliases:   same("CKV_AWS_357"),
			Controls:  controls("FSBP Transfer.2"),
			On:        on("aws_transfer_server"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Transfer Family servers do not use FTP",
			Why:       "Over FTP, passwords and files travel in clear text. <https://docs.aws.amazon.com/transfer/latest/userguide/create-server-ftp.html>",
			Want:      not(attr("protocols").Contains("FTP")),
			Message:   "passwords and files reach this server in clear text",
			Close:     "remove \"FTP\" from protocols",
		},
		{
			ID:        "aws-transfer-policy-current",
			Aliases:   same("CKV_AWS_380"),
			On:        on("aws_transfer_server"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Transfer Family servers have a current security policy",
			Why:       "The default policy of a server is from 2018 and accepts ciphers and key exchanges that are no longer considered safe. <https://docs.aws.amazon.com/transfer/latest/userguide/security-policies.html>",
			Want: anyOf(
				attr("security_policy_name").Equals("TransferSecurityPolicy-2024-01"),
				attr("security_policy_name").Matches("TransferSecurityPolicy-202[4-9]-*", "TransferSecurityPolicy-FIPS-202[4-9]-*",
					"TransferSecurityPolicy-Restricted-202[4-9]-*", "TransferSecurityPolicy-SshAuditCompliant-202[4-9]-*")),
			Message: "the security policy of this server accepts weak ciphers",
			Fix:     unsafe("clients with older ciphers are refused", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/transfer_server#security_policy_name-1"),
		},
		{
			ID:        "aws-transfer-logged",
			On:        on("aws_transfer_server"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Transfer Family servers log user activity",
			Why:       "Without logs nobody can determine who signed in, and which files they took. <https://docs.aws.amazon.com/transfer/latest/userguide/structured-logging.html>",
			Want:      anyOf(attr("structured_log_destinations").Present(), attr("logging_role").Present()),
			Message:   "user activity on this server is not logged",
			Close:     "set structured_log_destinations to the ARN of a log group",
		},
		{
			ID:        "aws-workspaces-user-volume-encrypted",
			Aliases:   join(same("CKV_AWS_155"), wider("AWS-0109", "aws-workspaces-enable-disk-encryption")),
			Controls:  controls("FSBP WorkSpaces.1"),
			On:        on("aws_workspaces_workspace"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "WorkSpaces user volumes are encrypted",
			Why:       "Encryption of WorkSpaces volumes can only be turned on at creation. <https://docs.aws.amazon.com/workspaces/latest/adminguide/encrypt-workspaces.html>",
			Want:      attr("user_volume_encryption_enabled").True(),
			Message:   "the user volume of this desktop is not encrypted",
			Fix:       unsafe("replaces the desktop", workspacePage+"#user_volume_encryption_enabled-1"),
		},
		{
			ID:        "aws-workspaces-root-volume-encrypted",
			Aliases:   join(same("CKV_AWS_156"), wider("AWS-0109", "aws-workspaces-enable-disk-encryption")),
			Controls:  controls("FSBP WorkSpaces.2"),
			On:        on("aws_workspaces_workspace"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "WorkSpaces root volumes are encrypted",
			Why:       "Encryption of WorkSpaces volumes can only be turned on at creation. <https://docs.aws.amazon.com/workspaces/latest/adminguide/encrypt-workspaces.html>",
			Want:      attr("root_volume_encryption_enabled").True(),
			Message:   "the root volume of this desktop is not encrypted",
			Fix:       unsafe("replaces the desktop", workspacePage+"#root_volume_encryption_enabled-1"),
		},
	}
}

// Provider pages that show the effect of changing an attribute.
const (
	projectPage     = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/codebuild_project"
	environmentPage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/mwaa_environment"
	workspacePage   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/workspaces_workspace"
)

// noPlainSecret holds where a build variable is not a credential, or names a
// credential stored elsewhere.
func noPlainSecret() cond {
	return analyzer.Func{
		Says:  "it holds no credential in clear text",
		Reads: readsAll("name", "type", "value"),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			plain, name := v.Judge(anyOf(unset("type"), attr("type").Equals("PLAINTEXT"))), v.Attr("name")
			shown := plainText(known(name))
			if name.Secret() {
				shown = analyzer.Concealed
			}
			out := judgeSecret(v, plainText(known(name)), shown, v.Attr("value"))
			switch {
			case plain.Verdict == analyzer.Fail:
				return v.Pass(v.Attr("type"))
			case out.Verdict == analyzer.Fail && plain.Verdict == analyzer.Unknown:
				return plain
			case out.Verdict == analyzer.Pass && !name.Known() && v.Attr("value").Known():
				return v.Unknown(name)
			}
			return out
		},
	}
}

// known is a known value, or null.
func known(l analyzer.Leaf) cty.Value {
	if l.Known() {
		return l.Value
	}
	return cty.NullVal(cty.String)
}

// twoApprovals holds where each statement of an approval rule requires two
// people.
//
// https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-create-template.html
func twoApprovals() cond {
	return analyzer.Func{
		Says:  "each statement needs two approvals or more",
		Reads: []analyzer.Read{{Path: analyzer.Path{"content"}, Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			doc, l := v.Document("content")
			statements := container{doc}.within("Statements")
			if !statements.value.IsKnown() {
				return v.Unknown(l)
			}
			verdict := verdictOf(len(listOf(statements.value)) > 0)
			for _, s := range listOf(statements.value) {
				verdict = min(verdict, atLeastTwo(s.field("NumberOfApprovalsNeeded")))
			}
			return outcomeOf(v, l, verdict)
		},
	}
}

func atLeastTwo(n cty.Value) analyzer.Verdict {
	if !n.IsKnown() {
		return analyzer.Unknown
	}
	count, err := strconv.Atoi(plainText(n))
	return verdictOf(err == nil && count >= 2)
}

// outcomeOf is the outcome of a verdict on a leaf.
func outcomeOf(v *analyzer.View, l analyzer.Leaf, verdict analyzer.Verdict) analyzer.Outcome {
	switch verdict {
	case analyzer.Pass:
		return v.Pass(l)
	case analyzer.Fail:
		return v.Fail(l)
	}
	return v.Unknown(l)
}

// containerUnprivileged holds where no container in a job definition's JSON is
// privileged: a single container, the containers of nodes, and the containers
// of tasks.
func containerUnprivileged() cond {
	return analyzer.Func{
		Says:  "no container is privileged",
		Reads: readsAll("container_properties", "node_properties", "ecs_properties"),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Pass(v.Here())
			for _, path := range [...]string{"container_properties", "node_properties", "ecs_properties"} {
				doc, l := v.Document(path)
				verdict := analyzer.Pass
				for _, c := range jobContainers(container{doc}) {
					verdict = min(verdict, -c.isTrue("privileged"))
				}
				out = worst(out, outcomeOf(v, l, verdict))
			}
			return out
		},
	}
}

// jobContainers lists the containers in a job's properties: the properties
// themselves, the containers of node ranges, and the containers of tasks.
func jobContainers(properties container) []container {
	list := []container{properties}
	for _, n := range properties.each("nodeRangeProperties") {
		list = append(list, n.within("container"))
	}
	for _, t := range properties.each("taskProperties") {
		list = append(list, t.each("containers")...)
	}
	return list
}

// each lists the objects of a list; one unknown object where the list is
// unknown.
func (c container) each(name string) []container {
	if list := c.field(name); !list.IsKnown() {
		return []container{{list}}
	}
	return listOf(c.field(name))
}

// developerDefaults are AWS's values for unset attributes.
func developerDefaults() []analyzer.Default {
	rows := []analyzer.Default{
		{Type: "aws_codebuild_project", Path: "encryption_key", Value: isString("alias/aws/s3"), Source: "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html"},
		{Type: "aws_codeartifact_domain", Path: "encryption_key", Value: isString("alias/aws/codeartifact"), Source: "https://docs.aws.amazon.com/codeartifact/latest/APIReference/API_CreateDomain.html"},
		{Type: "aws_transfer_server", Path: "protocols", Value: cty.TupleVal([]cty.Value{cty.StringVal("SFTP")}), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/transfer_server#protocols-1"},
		{Type: "aws_transfer_server", Path: "security_policy_name", Value: isString("TransferSecurityPolicy-2018-11"), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/transfer_server#security_policy_name-1"},
		{Type: "aws_mwaa_environment", Path: "webserver_access_mode", Value: isString("PRIVATE_ONLY"), Source: environmentPage + "#webserver_access_mode-1"},
	}
	for _, source := range [...]string{"scheduler", "worker", "webserver"} {
		rows = append(rows, analyzer.Default{Type: "aws_mwaa_environment", Path: "logging_configuration." + source + "_logs.enabled", Value: isFalse, Source: environmentPage + "#logging_configuration-1"})
	}
	return rows
}
