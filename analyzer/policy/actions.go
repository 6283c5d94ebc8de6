package policy

// escalations are sets of actions by which a principal gains permissions. The
// first part is the published list of Rhino Security Labs, the second adds
// later findings. A set that contains another one is left out.
//
// https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
// https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation
// https://pathfinding.cloud
var escalations = [...][]string{
	{"iam:CreatePolicyVersion"},
	{"iam:SetDefaultPolicyVersion"},
	{"iam:CreateAccessKey"},
	{"iam:CreateLoginProfile"},
	{"iam:UpdateLoginProfile"},
	{"iam:AttachUserPolicy"},
	{"iam:AttachGroupPolicy"},
	{"iam:AttachRolePolicy"},
	{"iam:PutUserPolicy"},
	{"iam:PutGroupPolicy"},
	{"iam:PutRolePolicy"},
	{"iam:AddUserToGroup"},
	{"iam:UpdateAssumeRolePolicy"},
	{"iam:PassRole", "ec2:RunInstances"},
	{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"},
	{"iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"},
	{"iam:PassRole", "glue:CreateDevEndpoint"},
	{"iam:PassRole", "cloudformation:CreateStack"},
	{"iam:PassRole", "datapipeline:CreatePipeline"},
	{"glue:UpdateDevEndpoint"},
	{"lambda:UpdateFunctionCode"},

	{"iam:PassRole", "apprunner:CreateService"},
	{"iam:PassRole", "cloudformation:UpdateStackSet"},
	{"iam:PassRole", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"},
	{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"},
	{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"},
	{"iam:PassRole", "ec2:RequestSpotInstances"},
	{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"},
	{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"},
	{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:StartTask"},
	{"iam:PassRole", "glue:CreateJob", "glue:StartJobRun"},
	{"iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"},
	{"iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"},
	{"iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"},
	{"iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"},
	{"iam:PassRole", "sagemaker:CreateNotebookInstance"},
	{"iam:PassRole", "sagemaker:CreateTrainingJob"},
	{"iam:PassRole", "sagemaker:CreateProcessingJob"},
	{"cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"},
	{"ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"},
	{"ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"},
	{"ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"},
	{"ecs:ExecuteCommand", "ecs:DescribeTasks"},
	{"sagemaker:CreatePresignedNotebookInstanceUrl"},
}

// credentialActions return credentials in their answer, or set them. Those that
// know no resources, such as ecr:GetAuthorizationToken, are left out: nothing
// but "*" can be written for them.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/credentials-exposure/
// https://gist.github.com/kmcquade/33860a617e651104d243c324ddf7992a
var credentialActions = [...]string{
	"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential",
	"iam:ResetServiceSpecificCredential", "iam:UpdateAccessKey",
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"airflow:CreateCliToken", "airflow:CreateWebLoginToken",
	"appsync:CreateApiKey",
	"chime:CreateApiKey",
	"codeartifact:GetAuthorizationToken",
	"codepipeline:PollForJobs",
	"cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetOpenIdToken",
	"cognito-identity:GetOpenIdTokenForDeveloperIdentity", "cognito-idp:GetSigningCertificate",
	"connect:GetFederationToken",
	"ec2:GetPasswordData",
	"emr-containers:GetManagedEndpointSessionCredentials",
	"gamelift:GetInstanceAccess", "gamelift:RequestUploadCredentials",
	"grafana:CreateWorkspaceApiKey",
	"license-manager:GetAccessToken",
	"lightsail:CreateBucketAccessKey", "lightsail:DownloadDefaultKeyPair", "lightsail:GetInstanceAccessDetails",
	"lightsail:GetRelationalDatabaseMasterUserPassword",
	"mediapackage:RotateChannelCredentials", "mediapackage:RotateIngestEndpointCredentials",
	"rds-db:connect",
	"redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM", "redshift-serverless:GetCredentials",
	"sso:GetRoleCredentials",
	"sts:GetFederationToken",
}

// dataActions return the data that a service keeps for its customer.
//
// https://cloudsplaining.readthedocs.io/en/latest/glossary/data-exfiltration/
var dataActions = [...]string{
	"s3:GetObject",
	"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath",
	"secretsmanager:GetSecretValue",
}

// readActions are reads of data that can be held to some resources, by the
// resource types of the Service Authorization Reference.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var readActions = [...]string{
	"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:GetBucketPolicy",
	"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory",
	"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret",
	"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:GetRecords", "dynamodb:DescribeTable",
	"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream",
	"logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery",
	"sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl",
	"sns:GetTopicAttributes",
	"lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:GetPolicy",
	"kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "kms:GetPublicKey",
	"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability", "ecr:DescribeImages", "ecr:DescribeRepositories",
	"iam:GetRole", "iam:GetUser", "iam:GetPolicy", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies",
	"acm:DescribeCertificate", "acm:ExportCertificate", "acm:GetCertificate",
	"elasticfilesystem:ClientMount", "elasticfilesystem:DescribeMountTargets",
	"athena:GetQueryResults", "athena:GetQueryExecution",
	"glue:GetTable", "glue:GetTables", "glue:GetDatabase", "glue:GetPartitions",
	"route53:ListResourceRecordSets", "route53:GetHostedZone",
}

// permissionActions change who has access, or expose a resource, and can be
// held to some resources: the access level Permissions management of the
// Service Authorization Reference, for the services in common use.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
// https://cloudsplaining.readthedocs.io/en/latest/glossary/resource-exposure/
var permissionActions = [...]string{
	"iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:CreatePolicy", "iam:CreatePolicyVersion",
	"iam:DeleteGroupPolicy", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:DeleteRolePermissionsBoundary",
	"iam:DeleteRolePolicy", "iam:DeleteUserPermissionsBoundary", "iam:DeleteUserPolicy", "iam:DetachGroupPolicy",
	"iam:DetachRolePolicy", "iam:DetachUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePermissionsBoundary",
	"iam:PutRolePolicy", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion",
	"iam:UpdateAssumeRolePolicy", "iam:AddUserToGroup", "iam:AddRoleToInstanceProfile", "iam:ChangePassword",
	"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateRole", "iam:CreateUser", "iam:CreateServiceLinkedRole",
	"iam:CreateOpenIDConnectProvider", "iam:CreateSAMLProvider", "iam:DeactivateMFADevice", "iam:DeleteRole", "iam:DeleteUser",
	"iam:PassRole", "iam:UpdateAccessKey", "iam:UpdateLoginProfile", "iam:UpdateRole", "iam:UpdateUser",
	"acm-pca:CreatePermission", "acm-pca:DeletePermission", "acm-pca:DeletePolicy", "acm-pca:PutPolicy",
	"apigateway:UpdateRestApiPolicy",
	"backup:DeleteBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy",
	"cloudformation:SetStackPolicy",
	"cloudsearch:UpdateServiceAccessPolicies",
	"codeartifact:DeleteDomainPermissionsPolicy", "codeartifact:DeleteRepositoryPermissionsPolicy",
	"codeartifact:PutDomainPermissionsPolicy", "codeartifact:PutRepositoryPermissionsPolicy",
	"codebuild:DeleteResourcePolicy", "codebuild:PutResourcePolicy",
	"dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy",
	"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission", "ec2:ModifySnapshotAttribute",
	"ec2:ModifyVpcEndpointServicePermissions", "ec2:ResetSnapshotAttribute",
	"ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy",
	"elasticfilesystem:DeleteFileSystemPolicy", "elasticfilesystem:PutFileSystemPolicy",
	"es:UpdateElasticsearchDomainConfig",
	"glacier:AbortVaultLock", "glacier:CompleteVaultLock", "glacier:DeleteVaultAccessPolicy",
	"glacier:InitiateVaultLock", "glacier:SetVaultAccessPolicy",
	"glue:DeleteResourcePolicy", "glue:PutResourcePolicy",
	"iot:AttachPolicy", "iot:AttachPrincipalPolicy", "iot:DetachPolicy", "iot:DetachPrincipalPolicy", "iot:SetDefaultPolicyVersion",
	"kinesis:DeleteResourcePolicy", "kinesis:PutResourcePolicy",
	"kms:CreateGrant", "kms:PutKeyPolicy", "kms:RetireGrant", "kms:RevokeGrant",
	"lambda:AddLayerVersionPermission", "lambda:AddPermission", "lambda:RemoveLayerVersionPermission", "lambda:RemovePermission",
	"mediastore:DeleteContainerPolicy", "mediastore:PutContainerPolicy",
	"ram:AcceptResourceShareInvitation", "ram:AssociateResourceShare", "ram:CreateResourceShare", "ram:DeleteResourceShare",
	"ram:DisassociateResourceShare", "ram:UpdateResourceShare",
	"rds:AuthorizeDBSecurityGroupIngress", "rds-db:connect",
	"redshift:AuthorizeSnapshotAccess", "redshift:CreateClusterUser", "redshift:GetClusterCredentials", "redshift:JoinGroup",
	"redshift:ModifyClusterIamRoles", "redshift:RevokeSnapshotAccess",
	"s3:BypassGovernanceRetention", "s3:DeleteAccessPointPolicy", "s3:DeleteBucketPolicy", "s3:ObjectOwnerOverrideToBucketOwner",
	"s3:PutAccessPointPolicy", "s3:PutBucketAcl", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy",
	"s3:PutBucketPublicAccessBlock", "s3:PutObjectAcl", "s3:PutObjectVersionAcl",
	"secretsmanager:DeleteResourcePolicy", "secretsmanager:PutResourcePolicy", "secretsmanager:ValidateResourcePolicy",
	"servicecatalog:CreatePortfolioShare", "servicecatalog:DeletePortfolioShare",
	"sns:AddPermission", "sns:RemovePermission",
	"sqs:AddPermission", "sqs:RemovePermission",
	"ssm:ModifyDocumentPermission",
	"sso:CreatePermissionSet", "sso:DeletePermissionSet", "sso:DeletePermissionsPolicy", "sso:PutPermissionsPolicy", "sso:UpdatePermissionSet",
	"states:DeleteResourcePolicy", "states:PutResourcePolicy",
}

// readVerbs begin the names of actions that read or list.
var readVerbs = [...]string{
	"Get", "List", "Describe", "BatchGet", "BatchDescribe", "BatchCheck", "Check", "Download", "Estimate", "Filter", "Lookup",
	"Preview", "Query", "Read", "Receive", "Resolve", "Scan", "Search", "Select", "Simulate", "Test", "Validate", "View",
	"Discover", "GenerateCredentialReport", "GenerateServiceLastAccessedDetails", "StartQuery", "StopQuery",
}

// boundless are actions in common use that change something and know no
// resources, so that nothing but "*" can be written.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var boundless = [...]string{
	"acm:PutAccountConfiguration", "acm:RequestCertificate",
	"athena:RunQuery",
	"cloudtrail:StartImport", "cloudtrail:StopImport",
	"cloudwatch:DeleteAnomalyDetector", "cloudwatch:PutAnomalyDetector", "cloudwatch:PutMetricData",
	"config:DeleteDeliveryChannel", "config:DeleteRetentionConfiguration", "config:PutDeliveryChannel", "config:PutEvaluations",
	"config:PutRetentionConfiguration", "config:StartRemediationExecution",
	"ec2:CreateDefaultSubnet", "ec2:CreateDefaultVpc", "ec2:DisableEbsEncryptionByDefault", "ec2:EnableEbsEncryptionByDefault",
	"ec2:ModifyEbsDefaultKmsKeyId", "ec2:PurchaseReservedInstancesOffering",
	"ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:SendReply",
	"ecr:CreatePullThroughCacheRule", "ecr:DeleteRegistryPolicy", "ecr:PutRegistryPolicy", "ecr:PutRegistryScanningConfiguration",
	"ecr:PutReplicationConfiguration",
	"elasticfilesystem:CreateFileSystem",
	"elasticloadbalancing:SetWebAcl",
	"glue:CreateClassifier", "glue:CreateCrawler", "glue:CreateDevEndpoint", "glue:CreateScript", "glue:CreateSecurityConfiguration",
	"iam:CreateAccountAlias", "iam:DeleteAccountAlias", "iam:DeleteAccountPasswordPolicy", "iam:SetSecurityTokenServicePreferences",
	"iam:UpdateAccountPasswordPolicy",
	"kinesis:DisableEnhancedMonitoring", "kinesis:EnableEnhancedMonitoring", "kinesis:UpdateShardCount",
	"kms:ConnectCustomKeyStore", "kms:CreateCustomKeyStore", "kms:CreateKey", "kms:DeleteCustomKeyStore",
	"kms:DisconnectCustomKeyStore", "kms:GenerateRandom", "kms:UpdateCustomKeyStore",
	"lambda:CreateCodeSigningConfig", "lambda:CreateEventSourceMapping",
	"logs:CancelExportTask", "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteResourcePolicy",
	"logs:PutQueryDefinition", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
	"route53:CreateHealthCheck", "route53:CreateHostedZone", "route53:CreateReusableDelegationSet", "route53:CreateTrafficPolicy",
	"s3:CreateJob", "s3:PutAccountPublicAccessBlock", "s3:PutStorageLensConfiguration",
	"sns:CreatePlatformApplication", "sns:CreatePlatformEndpoint", "sns:SetSMSAttributes", "sns:Unsubscribe",
	"ssm:CancelCommand", "ssm:CreateActivation", "ssm:CreateMaintenanceWindow", "ssm:CreateOpsItem", "ssm:CreatePatchBaseline",
	"ssm:DeleteActivation", "ssm:PutInventory",
	"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
	"sts:DecodeAuthorizationMessage",
	"xray:PutEncryptionConfig", "xray:PutSpans", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}
