package policy

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// serviceActions are actions of a service, in order of their names and
// separated by spaces. A trailing star stands for all actions with this prefix.
type serviceActions struct{ service, names string }

// include reports whether a table contains an action, or an action that matches
// a pattern. The name is literal.
func include(table []serviceActions, service, name string, exact bool) bool {
	for _, s := range table {
		if !strings.EqualFold(s.service, service) {
			continue
		}
		for one := range strings.FieldsSeq(s.names) {
			before, open := strings.CutSuffix(one, "*")
			if open && hasPrefixFold(name, before) || exact && strings.EqualFold(name, one) {
				return true
			}
		}
	}
	return false
}

// touches judges whether a pattern includes an action of a table.
func (t Text) touches(table []serviceActions) analyzer.Verdict {
	service, name, found := strings.Cut(t.Value, ":")
	if !found {
		if strings.Contains(service, "*") {
			return claim(strings.Trim(service, "*") == "")
		}
		return claimUnless(t.Partial)
	}
	for _, s := range table {
		if !wildcard(service, s.service, false) {
			continue
		}
		for one := range strings.FieldsSeq(s.names) {
			if before, open := strings.CutSuffix(one, "*"); overlap(name, before, open, t.Partial) {
				return claimOpen(t.Partial)
			}
		}
	}
	return analyzer.Fail
}

// claimOpen is Pass, or Unknown where the text may continue.
func claimOpen(partial bool) analyzer.Verdict {
	if partial {
		return analyzer.Unknown
	}
	return analyzer.Pass
}

// overlap reports whether a pattern matches a name, or a name with this prefix.
func overlap(pattern, name string, begins, partial bool) bool {
	if !begins {
		return wildcard(pattern, name, partial)
	}
	for i := range len(name) {
		switch {
		case i == len(pattern):
			return partial
		case pattern[i] == '*':
			return true
		case pattern[i] != '?' && fold(pattern[i]) != fold(name[i]):
			return false
		}
	}
	return true
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// The tables below are from the Service Authorization Reference, for the
// services in common use: the access level of each action, and whether it has
// resource types, so that it supports resource-level permissions.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html (June 2026)

// readActions read or list, and support resource-level permissions.
var readActions = [...]serviceActions{
	{"access-analyzer", "GetAccessPreview GetAnalyzedResource GetAnalyzer GetArchiveRule GetFinding* ListAccess* ListAnalyzedResources ListArchiveRules " +
		"ListFindings ListTagsForResource"},
	{"acm", "DescribeCertificate ExportCertificate GetCertificate ListTagsForCertificate"},
	{"acm-pca", "Describe* Get* ListPermissions ListTags"},
	{"airflow", "GetEnvironment ListTagsForResource"},
	{"amplify", "Get* ListArtifacts ListBackendEnvironments ListBranches ListDomainAssociations ListJobs ListTagsForResource ListWebHooks"},
	{"apigateway", "GET Get* List*"},
	{"appconfig", "GetApplication GetConfiguration* GetDeployment* GetEnvironment GetExtension* GetHostedConfigurationVersion " +
		"GetLatestConfiguration ListConfigurationProfiles ListDeployments ListEnvironments ListHostedConfigurationVersions " +
		"ListTagsForResource"},
	{"application-autoscaling", "ListTagsForResource"},
	{"appmesh", "Describe* GetMeshPolicy ListGatewayRoutes ListRoutes ListTagsForResource ListVirtual* StreamAggregatedResources"},
	{"apprunner", "Describe* ListAssociatedServicesForWebAcl ListOperations ListServicesForAutoScalingConfiguration ListTagsForResource"},
	{"appstream", "DescribeEntitlements DescribeImagePermissions DescribeSessions DescribeSoftwareAssociations DescribeThemeForStack " +
		"ListAssociated* ListEntitledApplications"},
	{"appsync", "GetApi GetApiAssociation GetChannelNamespace GetDomainName GetGraphqlApi GetSourceApiAssociation GetWebACLForResource " +
		"ListChannelNamespaces ListTagsForResource"},
	{"aps", "Describe* GetAlert* GetLabels GetMetricMetadata GetSeries ListAlert* ListAnomalyDetectors ListRule* ListTagsForResource " +
		"PreviewAnomalyDetector QueryMetrics"},
	{"athena", "Batch* GetCalculation* GetCapacity* GetData* GetNamedQuery GetNotebookMetadata GetPreparedStatement GetQueryExecution " +
		"GetQueryResults* GetQueryRuntimeStatistics GetResourceDashboard GetSession* GetTableMetadata GetWorkGroup " +
		"ListCalculationExecutions ListDatabases ListNamedQueries ListNotebook* ListPreparedStatements ListQueryExecutions ListSessions " +
		"ListTableMetadata ListTagsForResource"},
	{"backup", "DescribeBackupVault DescribeFramework DescribeRecoveryPoint DescribeReportPlan GetBackupPlan GetBackupSelection GetBackupVault* " +
		"GetLegalHold GetPITRMalwareScanResults GetRecovery* GetRestoreTestingPlan GetRestoreTestingSelection GetTieringConfiguration " +
		"ListBackupPlanVersions ListBackupSelections ListProtectedResourcesByBackupVault ListRecoveryPointsByBackupVault " +
		"ListRecoveryPointsByLegalHold ListRestoreAccessBackupVaults ListRestoreTestingSelections ListTags"},
	{"batch", "DescribeConsumableResource DescribeQuotaShare GetJobQueueSnapshot ListJobsByConsumableResource ListQuotaShares " +
		"ListTagsForResource"},
	{"bedrock", "ApplyGuardrail CountTokens DetectGeneratedContent ExportAutomatedReasoningPolicyVersion GetAgent* GetAsyncInvoke GetAutomated* " +
		"GetBlueprint GetBlueprintOptimizationStatus GetCustom* GetData* GetEvaluationJob GetExecutionFlowSnapshot GetFlow* " +
		"GetFoundationModel GetGuardrail GetImportedModel GetInferenceProfile GetIngestionJob GetInvocationStep GetKnowledge* " +
		"GetMarketplaceModelEndpoint GetModelCopyJob GetModelCustomizationJob GetModelEvaluationJob GetModelImportJob " +
		"GetModelInvocationJob GetPrompt* GetProvisionedModelThroughput GetResourcePolicy GetSession InvokeAgent " +
		"InvokeAutomatedReasoningPolicy InvokeFlow InvokeModel* InvokeTool ListAgentActionGroups ListAgentAliases ListAgentCollaborators " +
		"ListAgentKnowledgeBases ListAgentVersions ListAutomated* ListBlueprints ListData* ListFlowAliases ListFlowExecution* " +
		"ListFlowVersions ListGuardrails ListIngestionJobs ListInvocation* ListKnowledgeBaseDocuments ListPrompts ListTagsForResource " +
		"RenderPrompt Retrieve"},
	{"budgets", "DescribeBudgetAction DescribeBudgetActionHistories DescribeBudgetActionsForBudget ListTagsForResource ViewBudget"},
	{"cassandra", "Get* Select*"},
	{"ce", "DescribeCostCategoryDefinition GetAnomalies GetAnomaly* GetCost* GetDimensionValues GetTags GetUsageForecast ListTagsForResource"},
	{"cloud9", "CreateEnvironmentToken Describe* GetEnvironment* GetMembershipSettings ListTagsForResource"},
	{"cloudformation", "DescribeChange* DescribeEvents DescribeStackEvents DescribeStackInstance DescribeStackRefactor DescribeStackResource* " +
		"DescribeStackSet* DescribeStacks Detect* GetStackPolicy GetTemplate* ListChangeSets ListHookResults ListStackInstance* " +
		"ListStackRefactor* ListStackResources ListStackSetAutoDeploymentTargets ListStackSetOperation*"},
	{"cloudfront", "Describe* GetAnycastIpList GetCache* GetCloud* GetConnection* GetContinuous* GetDistribution* GetField* GetFunction " +
		"GetInvalidation* GetManagedCertificateDetails GetOrigin* GetRealtimeLogConfig GetResourcePolicy GetResponse* GetStreaming* " +
		"GetTrustStore GetVpcOrigin ListConflictingAliases ListDistributionsByConnectionFunction ListDistributionsByTrustStore " +
		"ListDomainConflicts ListInvalidations* ListTagsForResource VerifyDnsConfiguration"},
	{"cloudtrail", "DescribeQuery GenerateQueryResultsSummary GetChannel GetDashboard GetEvent* GetInsightSelectors GetQueryResults " +
		"GetResourcePolicy GetServiceLinkedChannel GetTrail* ListInsightsData ListQueries ListTags"},
	{"cloudwatch", "BatchGetServiceLevelObjectiveBudgetReport DescribeAlarmHistory DescribeAlarms GetAlarmMuteRule GetDashboard GetInsightRuleReport " +
		"GetMetricStream GetService* ListAlarmMuteRules ListTagsForResource"},
	{"codeartifact", "Describe* Get* ListAllowedRepositoriesForGroup ListAssociatedPackages ListPackage* ListRepositoriesInDomain ListSubPackageGroups " +
		"ListTagsForResource ReadFromRepository"},
	{"codebuild", "Batch* Describe* Get* ListBuildBatchesForProject ListBuildsForProject ListCommandExecutionsForSandbox ListReportsForReportGroup " +
		"ListSandboxesForProject"},
	{"codecommit", "Batch* CancelUploadArchive Describe* EvaluatePullRequestApprovalRules GetBlob GetBranch GetComment* GetCommit* GetDifferences " +
		"GetFile GetFolder GetMerge* GetObjectIdentifier GetPull* GetReferences GetRepository* GetTree GetUploadArchiveStatus GitPull " +
		"ListAssociatedApprovalRuleTemplatesForRepository ListBranches ListFileCommitHistory ListPullRequests ListTagsForResource"},
	{"codedeploy", "BatchGetApplication* BatchGetDeploymentGroups BatchGetDeploymentInstances BatchGetDeployments BatchGetOnPremisesInstances " +
		"GetApplication* GetDeployment GetDeploymentConfig GetDeploymentGroup GetDeploymentInstance GetOnPremisesInstance " +
		"ListApplicationRevisions ListDeploymentGroups ListDeploymentInstances ListDeployments ListTagsForResource"},
	{"codepipeline", "GetPipeline* ListActionExecutions ListDeployActionExecutionTargets ListPipelineExecutions ListRuleExecutions ListTagsForResource " +
		"ListWebhooks"},
	{"cognito-identity", "DescribeIdentityPool GetIdentity* GetOpenIdTokenForDeveloperIdentity GetPrincipalTagAttributeMap ListIdentities " +
		"ListTagsForResource LookupDeveloperIdentity"},
	{"cognito-idp", "Admin* DescribeIdentityProvider DescribeManaged* DescribeResourceServer DescribeRiskConfiguration DescribeTerms " +
		"DescribeUserImportJob DescribeUserPool DescribeUserPoolClient GetCSVHeader GetGroup GetIdentityProviderByIdentifier " +
		"GetLogDeliveryConfiguration GetSigningCertificate GetUICustomization GetUserPoolMfaConfig GetWebACLForResource ListGroups " +
		"ListIdentityProviders ListResource* ListTagsForResource ListTerms ListUserImportJobs ListUserPoolClient* ListUsers*"},
	{"comprehend", "ClassifyDocument Describe* DetectEntities ListDatasets ListFlywheelIterationHistory ListTagsForResource"},
	{"config", "BatchGetAggregateResourceConfig DescribeAggregate* DescribeConfigurationAggregatorSourcesStatus DescribeConfigurationRecorder* " +
		"DescribeConformancePackCompliance DescribeRemediationConfigurations DescribeRemediationExecutionStatus GetAggregate* " +
		"GetComplianceDetailsByConfigRule GetConformance* GetCustomRulePolicy GetOrganization* GetStoredQuery " +
		"ListAggregateDiscoveredResources ListTagsForResource SelectAggregateResourceConfig"},
	{"cur", "ListTagsForResource"},
	{"datasync", "Describe* ListTagsForResource"},
	{"dax", "BatchGetItem ConditionCheckItem DescribeClusters GetItem ListTags Query Scan"},
	{"detective", "BatchGetGraphMemberDatasources DescribeOrganizationConfiguration GetFreeTrialEligibility GetGraphIngestState GetInvestigation " +
		"GetMembers GetUsageInformation InvokeAssistant ListDatasourcePackages ListHighDegreeEntities ListIndicators ListInvestigations " +
		"ListMembers ListTagsForResource SearchGraph"},
	{"dms", "DescribeApplicableIndividualAssessments DescribeConversionConfiguration DescribeMetadata* DescribeRefreshSchemasStatus " +
		"DescribeReplicationInstanceTaskLogs DescribeReplicationTableStatistics DescribeReplicationTaskAssessment* " +
		"DescribeReplicationTaskIndividualAssessments DescribeSchemas DescribeTableStatistics GetTargetSelectionRules ListExtensionPacks " +
		"ListInstanceProfiles ListMetadata* ListMigrationProjects ListTagsForResource TestConnection"},
	{"ds", "DescribeCAEnrollmentPolicy DescribeCertificate DescribeClientAuthenticationSettings DescribeConditionalForwarders " +
		"DescribeDirectoryDataAccess DescribeDomainControllers DescribeEventTopics DescribeHybridADUpdate DescribeLDAPSSettings " +
		"DescribeRegions DescribeSettings DescribeSharedDirectories DescribeUpdateDirectory GetAuthorizedApplicationDetails " +
		"GetSnapshotLimits ListAuthorizedApplications ListCertificates ListIpRoutes ListSchemaExtensions ListTagsForResource VerifyTrust"},
	{"dynamodb", "BatchGetItem ConditionCheckItem DescribeBackup DescribeContinuousBackups DescribeContributorInsights DescribeExport " +
		"DescribeGlobal* DescribeImport DescribeKinesisStreamingDestination DescribeStream DescribeTable* DescribeTimeToLive GetItem " +
		"GetRecords GetResourcePolicy GetShardIterator ListTagsOfResource PartiQLSelect Query ReadDataForReplication Scan"},
	{"ec2", "DescribeCapacityBlockExtensionOfferings DescribeClientVpnAuthorizationRules DescribeClientVpnConnections DescribeClientVpnRoutes " +
		"DescribeClientVpnTargetNetworks DescribeFleetHistory DescribeFleetInstances DescribeFpgaImageAttribute DescribeImageAttribute " +
		"DescribeInstanceAttribute DescribeSecurityGroupReferences DescribeSnapshotAttribute DescribeSpotFleetInstances " +
		"DescribeSpotFleetRequestHistory DescribeVolumeAttribute DescribeVpcAttribute DescribeVpcEndpointServicePermissions ExportClient* " +
		"ExportVerifiedAccessInstanceClientConfiguration GetActiveVpnTunnelStatus GetAssociated* GetCapacityReservationUsage " +
		"GetCoipPoolUsage GetConsole* GetDeclarativePoliciesReportSummary GetFlowLogsIntegrationTemplate GetGroupsForCapacityReservation " +
		"GetImageAncestry GetInstanceTpmEkPub GetInstanceUefiData GetIpam* GetLaunchTemplateData GetManaged* GetNetwork* GetPasswordData " +
		"GetReservedInstancesExchangeQuote GetResourcePolicy GetRoute* GetSecurityGroupsForVpc GetTransitGatewayMeteringPolicyEntries " +
		"GetTransitGatewayMulticastDomainAssociations GetTransitGatewayPolicy* GetVerified* GetVpcResourcesBlockingEncryptionEnforcement " +
		"GetVpnConnectionDeviceSampleConfiguration GetVpnTunnelReplacementStatus Search*"},
	{"ecr", "Batch* DescribeImage* DescribeRepositories GetDownloadUrlForLayer GetImageCopyStatus GetLifecycle* GetRepositoryPolicy " +
		"ListImages ListTagsForResource"},
	{"ecr-public", "BatchCheckLayerAvailability Describe* GetRegistryCatalogData GetRepository* ListTagsForResource"},
	{"ecs", "DescribeCapacityProviders DescribeClusters DescribeContainerInstances DescribeDaemon* DescribeExpressGatewayService " +
		"DescribeService* DescribeTaskSets DescribeTasks GetTaskProtection ListAttributes ListContainerInstances ListDaemonDeployments " +
		"ListServiceDeployments ListTagsForResource ListTasks"},
	{"eks", "AccessKubernetesApi DescribeAccessEntry DescribeAddon DescribeCapability DescribeCluster DescribeEksAnywhereSubscription " +
		"DescribeFargateProfile DescribeIdentityProviderConfig DescribeInsight* DescribeNodegroup DescribePodIdentityAssociation " +
		"DescribeUpdate ListAccessEntries ListAddons ListAssociatedAccessPolicies ListCapabilities ListDashboard* ListFargateProfiles " +
		"ListIdentityProviderConfigs ListInsights ListNodegroups ListPodIdentityAssociations ListTagsForResource ListUpdates"},
	{"elasticache", "DescribeCacheClusters DescribeCacheParameter* DescribeCacheSecurityGroups DescribeCacheSubnetGroups " +
		"DescribeGlobalReplicationGroups DescribeReplicationGroups DescribeReservedCacheNodes DescribeServerless* DescribeSnapshots " +
		"DescribeUpdateActions DescribeUser* List*"},
	{"elasticbeanstalk", "DescribeApplication* DescribeConfiguration* DescribeEnvironment* DescribeEvents DescribeInstancesHealth DescribePlatformVersion " +
		"ListAvailableSolutionStacks ListPlatformVersions ListTagsForResource RequestEnvironmentInfo RetrieveEnvironmentInfo " +
		"ValidateConfigurationSettings"},
	{"elasticfilesystem", "ClientMount DescribeAccessPoints DescribeBackupPolicy DescribeFile* DescribeLifecycleConfiguration DescribeMount* " +
		"DescribeReplicationConfigurations DescribeTags ListTagsForResource ReplicationRead"},
	{"elasticloadbalancing", "Get*"},
	{"elasticmapreduce", "DescribeCluster DescribeEditor DescribeJobFlows DescribeNotebookExecution DescribePersistentAppUI DescribeStep DescribeStudio " +
		"GetAutoTerminationPolicy GetManagedScalingPolicy GetStudioSessionMapping ListBootstrapActions ListInstance* ListSteps " +
		"ListWorkspaceAccessIdentities"},
	{"es", "DescribeDomain* DescribeDryRunProgress DescribeElasticsearchDomain* DescribeInsightDetails ES* GetApplication GetCapability " +
		"GetCompatible* GetDataSource GetDefaultApplicationSetting GetDirectQueryDataSource GetDomainMaintenanceStatus GetIndex " +
		"GetUpgrade* ListApplications ListDataSources ListDirectQueryDataSources ListDomainMaintenances ListInsights " +
		"ListPackagesForDomain ListScheduledActions ListTags"},
	{"events", "Describe* ListPartnerEventSourceAccounts ListTagsForResource ListTargetsByRule"},
	{"firehose", "DescribeDeliveryStream ListTagsForDeliveryStream"},
	{"fsx", "DescribeAssociatedFileGateways DescribeFileSystemAliases ListTagsForResource"},
	{"globalaccelerator", "Describe* ListCustomRoutingEndpointGroups ListCustomRoutingListeners ListCustomRoutingPortMappings ListEndpointGroups " +
		"ListListeners ListTagsForResource"},
	{"glue", "BatchGetBlueprints BatchGetCrawlers BatchGetDevEndpoints BatchGetJobs BatchGetPartition BatchGetTableOptimizer BatchGetTriggers " +
		"BatchGetWorkflows DescribeIntegrations GetBlueprint* GetCatalog* GetColumnStatisticsFor* GetCompletion GetConnection* GetCrawler " +
		"GetDashboardUrl GetDataCatalogEncryptionSettings GetDataQuality* GetDatabase* GetDevEndpoint GetEntityRecords GetIntegration* " +
		"GetJob GetJobRun* GetJobUpgradeAnalysis GetML* GetPartition* GetRegistry GetResource* GetSchema* GetSession GetStatement " +
		"GetTable* GetTags GetTrigger GetUsageProfile GetUser* GetWorkflow* ListCrawls ListData* ListIntegrationResourceProperties " +
		"ListJobUpgradeAnalyses ListMLTransforms ListSchema* ListStatements ListTableOptimizerRuns QuerySchemaVersionMetadata " +
		"SearchTables"},
	{"grafana", "Describe* ListPermissions ListTagsForResource ListVersions ListWorkspaceService*"},
	{"guardduty", "DescribePublishingDestination GetCoverageStatistics GetDetector GetFilter GetIPSet GetMalwareProtectionPlan GetThreat* " +
		"GetTrustedEntitySet ListCoverage ListTagsForResource"},
	{"health", "DescribeAffectedEntities DescribeEventDetails"},
	{"iam", "GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails GetAccessKeyLastUsed GetContextKeysForPrincipalPolicy " +
		"GetDelegationRequest GetGroup* GetHumanReadableSummary GetInstanceProfile GetLoginProfile GetMFADevice GetOpenIDConnectProvider " +
		"GetPolicy* GetRole* GetSAMLProvider GetSSHPublicKey GetServerCertificate GetServiceLinkedRoleDeletionStatus GetUser* " +
		"ListAccessKeys ListAttached* ListEntitiesForPolicy ListGroupPolicies ListGroupsForUser ListInstance* ListMFA* " +
		"ListOpenIDConnectProviderTags ListPoliciesGrantingServiceAccess ListPolicy* ListRolePolicies ListRoleTags ListSAMLProviderTags " +
		"ListSSHPublicKeys ListServerCertificateTags ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUserTags " +
		"SimulatePrincipalPolicy"},
	{"imagebuilder", "Get* ListComponentBuildVersions ListImageBuildVersions ListImagePackages ListImagePipelineImages ListImageScan* " +
		"ListLifecycleExecution* ListTagsForResource ListWorkflowBuildVersions ListWorkflowExecutions ListWorkflowStepExecutions"},
	{"iot", "DescribeAuthorizer DescribeBillingGroup DescribeCACertificate DescribeCertificate* DescribeCustomMetric DescribeDimension " +
		"DescribeDomainConfiguration DescribeFleetMetric DescribeIndex DescribeJob* DescribeManagedJobTemplate DescribeMitigationAction " +
		"DescribeProvisioning* DescribeRoleAlias DescribeScheduledAudit DescribeSecurityProfile DescribeStream DescribeThing " +
		"DescribeThingGroup DescribeThingType DescribeTunnel GetBehaviorModelTrainingSummaries GetBucketsAggregation GetCardinality " +
		"GetCommand* GetEffectivePolicies GetJobDocument GetOTAUpdate GetPackage GetPackageVersion GetPercentiles GetPolicy* " +
		"GetRetainedMessage GetStatistics GetThing* GetTopic* ListActiveViolations ListCommandExecutions " +
		"ListDetectMitigationActionsExecutions ListJobExecutions* ListMetricValues ListNamedShadowsForThing ListPolicyVersions " +
		"ListPrincipalThings* ListProvisioningTemplateVersions ListSbomValidationResults ListSecurity* ListTagsForResource ListTargets* " +
		"ListThingGroupsForThing ListThingPrincipals* ListThingsIn* ListViolationEvents SearchIndex Test*"},
	{"kafka", "DescribeCluster DescribeClusterV2 DescribeConfiguration* DescribeReplicator DescribeTopic* DescribeVpcConnection " +
		"GetClusterPolicy ListClientVpcConnections ListClusterOperations* ListConfigurationRevisions ListNodes ListScramSecrets " +
		"ListTagsForResource ListTopics"},
	{"kafka-cluster", "Describe* ReadData"},
	{"kinesis", "DescribeStream* Get* ListShards ListStreamConsumers ListTags* SubscribeToShard"},
	{"kinesisanalytics", "CreateApplicationPresignedUrl Describe* GetApplicationState ListApplicationOperations ListApplicationSnapshots " +
		"ListApplicationVersions ListTagsForResource"},
	{"kinesisvideo", "Describe* Get* ListFragments ListTags*"},
	{"kms", "DescribeKey Get* ListGrants ListKeyPolicies ListKeyRotations ListResourceTags"},
	{"lambda", "GetAlias GetCapacityProvider GetCodeSigningConfig GetDurable* GetEventSourceMapping GetFunction* GetLayer* GetPolicy " +
		"GetProvisionedConcurrencyConfig GetRuntimeManagementConfig ListAliases ListDurableExecutionsByFunction " +
		"ListFunctionEventInvokeConfigs ListFunctionUrlConfigs ListFunctionVersionsByCapacityProvider ListFunctionsByCodeSigningConfig " +
		"ListProvisionedConcurrencyConfigs ListTags ListVersionsByFunction"},
	{"license-manager", "GetGrant GetLicense GetLicenseAsset* GetLicenseConfiguration GetLicenseManagerReportGenerator GetLicenseUsage " +
		"ListAssetsForLicenseAssetGroup ListAssociationsForLicenseConfiguration ListFailuresForLicenseConfigurationOperations " +
		"ListLicenseAsset* ListLicenseManagerReportGenerators ListLicenseVersions ListTagsForResource ListUsageForLicenseConfiguration"},
	{"lightsail", "GetCostEstimate GetSetupHistory"},
	{"logs", "DescribeLogStreams DescribeMetricFilters DescribeSubscriptionFilters FilterLogEvents GetDataProtectionPolicy GetDelivery* " +
		"GetLogAnomalyDetector GetLogEvents GetLogGroupFields GetLogRecord GetLookupTable GetQueryResults GetScheduled* GetTransformer " +
		"ListAnomalies ListLogAnomalyDetectors ListTags* Start* Unmask"},
	{"macie2", "BatchGetCustomDataIdentifiers DescribeClassificationJob GetAllowList GetCustomDataIdentifier GetFindingsFilter GetMember " +
		"ListTagsForResource"},
	{"memorydb", "DescribeAcls DescribeClusters DescribeMulti* DescribeParameter* DescribeReservedNodes DescribeSnapshots DescribeSubnetGroups " +
		"DescribeUsers List*"},
	{"mq", "DescribeBroker DescribeConfiguration* DescribeUser ListConfigurationRevisions ListTags ListUsers"},
	{"neptune-db", "Get* List* ReadDataViaQuery"},
	{"network-firewall", "Describe* GetAnalysisReportResults ListAnalysisReports ListFirewall* ListFlow* ListProxies ListProxy* " +
		"ListTLSInspectionConfigurations ListTagsForResource ListVpcEndpointAssociations"},
	{"organizations", "DescribeAccount DescribeEffectivePolicy DescribeHandshake DescribeOrganizationalUnit DescribePolicy " +
		"DescribeResponsibilityTransfer ListAccountsForParent ListChildren ListDelegatedServicesForAccount " +
		"ListEffectivePolicyValidationErrors ListOrganizationalUnitsForParent ListParents ListPoliciesForTarget ListTagsForResource " +
		"ListTargetsForPolicy"},
	{"pipes", "DescribePipe ListTagsForResource"},
	{"polly", "GetLexicon StartSpeechSynthesisStream SynthesizeSpeech"},
	{"ram", "GetPermission ListPendingInvitationResources ListPermissionAssociations ListResourceSharePermissions"},
	{"rds", "DescribeBlueGreenDeployments DescribeDBCluster* DescribeDBInstance* DescribeDBLogFiles DescribeDBParameter* DescribeDBProxies " +
		"DescribeDBProxy* DescribeDBSecurityGroups DescribeDBShardGroups DescribeDBSnapshot* DescribeDBSubnetGroups " +
		"DescribeEventSubscriptions DescribeExportTasks DescribeGlobalClusters DescribeIntegrations DescribeOptionGroups " +
		"DescribePendingMaintenanceActions DescribeReservedDBInstances DescribeTenantDatabases DescribeValidDBInstanceModifications " +
		"Download* ListTagsForResource"},
	{"redshift", "DescribeAutonomicsDenylist DescribeClusterParameters DescribeClusters DescribeIntegrations DescribeLoggingStatus DescribeResize " +
		"DescribeSnapshotSchedules DescribeTags DescribeUsageLimits GetIdentityCenterAuthToken GetResourcePolicy"},
	{"redshift-data", "DescribeTable GetStagingBucketLocation ListDatabases ListSchemas ListTables"},
	{"rekognition", "DescribeCollection DescribeDataset DescribeProjectVersions DescribeStreamProcessor DetectCustomLabels DetectModerationLabels " +
		"ListDataset* ListFaces ListProjectPolicies ListTagsForResource ListUsers Search*"},
	{"resource-groups", "GetGroup* GetTag* ListGroupResources ListGroupingStatuses ListTagSyncTasks"},
	{"rolesanywhere", "Get*"},
	{"route53", "GetChange GetDNSSEC GetHealthCheck GetHealthCheckLastFailureReason GetHealthCheckStatus GetHostedZone GetHostedZoneLimit " +
		"GetQueryLoggingConfig GetReusable* GetTrafficPolicy GetTrafficPolicyInstance ListCidrBlocks ListCidrLocations " +
		"ListQueryLoggingConfigs ListResourceRecordSets ListTags* ListTrafficPolicyInstancesBy* ListTrafficPolicyVersions " +
		"ListVPCAssociationAuthorizations"},
	{"route53resolver", "GetFirewall* GetOutpostResolver GetResolverConfig GetResolverDnssecConfig GetResolverEndpoint GetResolverQueryLogConfig " +
		"GetResolverQueryLogConfigPolicy GetResolverRule* ListFirewallDomains ListFirewallRules ListResolverConfigs " +
		"ListResolverDnssecConfigs ListResolverEndpointIpAddresses ListTagsForResource"},
	{"s3", "Describe* GetAccelerateConfiguration GetAccessGrant* GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda " +
		"GetAccessPointPolicy* GetAnalyticsConfiguration GetBucket* GetDataAccess GetEncryptionConfiguration " +
		"GetIntelligentTieringConfiguration GetInventoryConfiguration GetJobTagging GetLifecycleConfiguration GetMetricsConfiguration " +
		"GetMulti* GetObject* GetReplicationConfiguration GetStorage* ListAccessGrants ListAccessGrantsLocations ListBucket* " +
		"ListCallerAccessGrants ListMultipartUploadParts ListTagsForResource"},
	{"sagemaker", "AccessModelPackage Batch* CreateHubContentPresignedUrls DescribeAI* DescribeAction DescribeAlgorithm DescribeApp* " +
		"DescribeArtifact DescribeAuto* DescribeCluster* DescribeCodeRepository DescribeCompilationJob DescribeComputeQuota " +
		"DescribeContext DescribeDataQualityJobDefinition DescribeDevice* DescribeDomain DescribeEdge* DescribeEndpoint* " +
		"DescribeExperiment DescribeFeature* DescribeFlowDefinition DescribeHub* DescribeHuman* DescribeHyperParameterTuningJob " +
		"DescribeImage* DescribeInference* DescribeLabelingJob DescribeMlflow* DescribeModel* DescribeMonitoringSchedule " +
		"DescribeNotebook* DescribeOptimizationJob DescribePartnerApp DescribePipeline* DescribeProcessingJob DescribeProject " +
		"DescribeReservedCapacity DescribeSharedModel DescribeSpace DescribeStudioLifecycleConfig DescribeSubscribedWorkteam " +
		"DescribeTraining* DescribeTransformJob DescribeTrial* DescribeUserProfile DescribeWorkforce DescribeWorkteam GetDeployments " +
		"GetDevice* GetModelPackageGroupPolicy GetRecord GetScalingConfigurationRecommendation Invoke* ListAliases ListClusterEvents " +
		"ListClusterNodes ListHubContent* ListImageVersions ListLabelingJobsForWorkteam ListModelCardExportJobs ListModelCardVersions " +
		"ListModelPackages ListPipelineExecution* ListPipelineParametersForExecution ListPipelineVersions ListSharedModelVersions " +
		"ListTags ListTrainingJobsForHyperParameterTuningJob ListUltraServersByReservedCapacity"},
	{"savingsplans", "DescribeSavingsPlanRates DescribeSavingsPlans ListTagsForResource"},
	{"scheduler", "Get* ListTagsForResource"},
	{"schemas", "Describe* ExportSchema GetCodeBindingSource GetResourcePolicy List* SearchSchemas"},
	{"secretsmanager", "DescribeSecret GetResourcePolicy GetSecretValue ListSecretVersionIds"},
	{"securityhub", "BatchGetAutomationRules BatchGetControlEvaluations DescribeActionTargets DescribeHub DescribeOrganizationConfiguration " +
		"DescribeProducts* DescribeStandards* GetAdhocInsightResults GetAdministratorAccount GetAggregatorV2 GetAutomationRuleV2 " +
		"GetConfigurationPolicy GetConnectorV2 GetControlFindingSummary GetEnabledStandards GetFinding* GetFree* GetInsight* " +
		"GetInvitationsCount GetMasterAccount GetMembers GetRecommendedPolicyV2 GetResources* GetUsage* ListAccountUsageV2 " +
		"ListControlEvaluationSummaries ListEnabledProductsForImport ListInvitations ListMembers ListOrganizationAdminAccounts " +
		"ListTagsForResource Send*"},
	{"serverlessrepo", "Get* ListApplicationDependencies ListApplicationVersions"},
	{"servicecatalog", "DescribePortfolio DescribePortfolioShares DescribeProduct DescribeProductAsAdmin DescribeProvisioning* GetApplication " +
		"GetAssociatedResource GetAttributeGroup GetResourcePolicy ListAssociated* ListAttributeGroupsForApplication ListLaunchPaths " +
		"ListPortfolioAccess ListPortfoliosForProduct ListPrincipalsForPortfolio ListProvisioningArtifacts " +
		"ListServiceActionsForProvisioningArtifact ListTagsForResource"},
	{"servicediscovery", "Discover* Get* ListInstances"},
	{"servicequotas", "GetService* ListRequestedServiceQuotaChangeHistoryByQuota"},
	{"ses", "BatchGetMetricData GetAddon* GetAddress* GetArchive* GetConfiguration* GetContact* GetCustomVerificationEmailTemplate " +
		"GetDedicatedIpPool GetDedicatedIps GetDeliverabilityTestReport GetDomainStatisticsReport GetEmailIdentity* GetEmailTemplate " +
		"GetExportJob GetImportJob GetIngressPoint GetMemberOfAddressList GetMultiRegionEndpoint GetRelay GetReputationEntity GetRuleSet " +
		"GetSuppressedDestination GetTenant GetTrafficPolicy ListAddressListImportJobs ListContacts ListMembersOfAddressList " +
		"ListRecommendations ListReputationEntities ListResourceTenants ListSuppressedDestinations ListTagsForResource " +
		"ListTenantResources"},
	{"shield", "DescribeAttack DescribeAttackContributors DescribeProtection* ListMitigations ListResourcesInProtectionGroup ListTagsForResource"},
	{"signer", "DescribeSigningJob GetRevocationStatus GetSigningProfile ListProfilePermissions ListTagsForResource"},
	{"sns", "GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource"},
	{"sqs", "Get* ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags ReceiveMessage"},
	{"ssm", "DescribeAssociation* DescribeAutomationStepExecutions DescribeDocument* DescribeEffective* DescribeInstanceAssociationsStatus " +
		"DescribeInstancePatchStates DescribeInstancePatches DescribeMaintenanceWindowExecutions DescribeMaintenanceWindowTargets " +
		"DescribeMaintenanceWindowTasks GetAccessToken GetAutomationExecution GetCalendar* GetConnectionStatus GetDefaultPatchBaseline " +
		"GetDocument GetMaintenanceWindow GetMaintenanceWindowTask GetOps* GetParameter* GetPatchBaseline GetResourcePolicies " +
		"GetServiceSetting ListAssociationVersions ListDocumentMetadataHistory ListDocumentVersions ListInstanceAssociations ListNodes* " +
		"ListTagsForResource"},
	{"sso", "DescribeAccount* DescribeApplication* DescribeInstance* DescribePermissionSet* DescribeRegion DescribeTrustedTokenIssuer " +
		"GetApplicationAccessScope GetApplicationAssignmentConfiguration GetApplicationAuthenticationMethod GetApplicationGrant " +
		"GetApplicationSessionConfiguration GetInlinePolicyForPermissionSet GetPermissionsBoundaryForPermissionSet ListAccount* " +
		"ListApplicationAccessScopes ListApplicationAssignments* ListApplicationAuthenticationMethods ListApplicationGrants " +
		"ListApplicationProviders ListCustomerManagedPolicyReferencesInPermissionSet ListManagedPoliciesInPermissionSet ListPermission* " +
		"ListRegions ListTagsForResource ListTrustedTokenIssuers"},
	{"states", "Describe* GetExecutionHistory ListExecutions ListMapRuns ListStateMachineAliases ListStateMachineVersions ListTagsForResource"},
	{"storagegateway", "DescribeAvailabilityMonitorTest DescribeBandwidth* DescribeCache* DescribeChapCredentials DescribeFileSystemAssociations " +
		"DescribeGatewayInformation DescribeMaintenanceStartTime DescribeNFSFileShares DescribeSMB* DescribeSnapshotSchedule " +
		"DescribeStorediSCSIVolumes DescribeTapeRecoveryPoints DescribeTapes DescribeUploadBuffer DescribeVTLDevices " +
		"DescribeWorkingStorage ListAutomaticTapeCreationPolicies ListFile* ListLocalDisks ListTagsForResource ListTape* ListVolume*"},
	{"sts", "GetFederationToken"},
	{"synthetics", "Get* ListAssociatedGroups ListGroupResources ListTagsForResource"},
	{"textract", "GetAdapter* ListTagsForResource"},
	{"timestream", "DescribeDatabase DescribeScheduledQuery DescribeTable ListMeasures ListTables ListTagsForResource PrepareQuery Select"},
	{"transcribe", "DescribeLanguageModel GetCall* GetMedicalScribeJob GetMedicalTranscriptionJob GetMedicalVocabulary GetTranscriptionJob " +
		"GetVocabulary*"},
	{"transfer", "DescribeAccess DescribeAgreement DescribeCertificate DescribeConnector DescribeExecution DescribeHostKey DescribeProfile " +
		"DescribeServer DescribeUser DescribeWeb* DescribeWorkflow ListAccesses ListAgreements ListExecutions ListFileTransferResults " +
		"ListHostKeys ListTagsForResource ListUsers TestIdentityProvider"},
	{"translate", "Get* ListTagsForResource Translate*"},
	{"vpc-lattice", "Get* ListTargets"},
	{"waf-regional", "GetByteMatchSet GetGeoMatchSet GetIPSet GetLoggingConfiguration GetPermissionPolicy GetRate* GetRegex* GetRule* " +
		"GetSampledRequests GetSizeConstraintSet GetSqlInjectionMatchSet GetWeb* GetXssMatchSet ListResourcesForWebACL " +
		"ListTagsForResource"},
	{"wafv2", "GetIPSet GetLoggingConfiguration GetManagedRuleSet GetPermissionPolicy GetRateBasedStatementManagedKeys GetRegexPatternSet " +
		"GetRuleGroup GetSampledRequests GetTopPathStatisticsByTraffic GetWeb* ListResourcesForWebACL ListTagsForResource"},
	{"workspaces", "DescribeApplicationAssociations DescribeBundleAssociations DescribeClient* DescribeConnectClientAddIns " +
		"DescribeConnectionAliasPermissions DescribeImageAssociations DescribeIpGroups DescribeWorkspaceAssociations " +
		"DescribeWorkspaceImagePermissions DescribeWorkspaceSnapshots DescribeWorkspacesPoolSessions DirectoryAccessManagement " +
		"GetTroubleshootingRecommendation InvokeTroubleshootingInvestigation ListTroubleshootingRecommendations"},
	{"xray", "GetGroup ListTagsForResource"},
}

// boundless actions change something and have no resource types, so that a
// policy can only write "*".
var boundless = [...]serviceActions{
	{"access-analyzer", "CancelPolicyGeneration StartPolicyGeneration"},
	{"acm", "PutAccountConfiguration RequestCertificate"},
	{"acm-pca", "CreateCertificateAuthority"},
	{"amplify", "CreateApp"},
	{"aoss", "Create* DeleteAccessPolicy DeleteIndex DeleteLifecyclePolicy DeleteSecurity* DeleteVpcEndpoint TagResource UntagResource " +
		"UpdateAccessPolicy UpdateAccountSettings UpdateIndex UpdateLifecyclePolicy UpdateSecurity* UpdateVpcEndpoint"},
	{"appconfig", "CreateApplication CreateDeploymentStrategy CreateExtension* UpdateAccountSettings"},
	{"appstream", "CreateAppBlock CreateDirectoryConfig CreateExportImageTask CreateImportedImage CreateUsageReportSubscription CreateUser " +
		"DeleteDirectoryConfig DeleteUsageReportSubscription DeleteUser DisableUser EnableUser ExpireSession UpdateDirectoryConfig"},
	{"appsync", "CreateApi* CreateDataSource CreateFunction CreateGraphqlApi CreateResolver CreateType DeleteApiCache DeleteApiKey " +
		"DeleteDataSource DeleteFunction DeleteResolver DeleteResourcePolicy DeleteType FlushApiCache Put* SetWebACL " +
		"StartDataSourceIntrospection StartSchemaCreation UpdateApiCache UpdateApiKey UpdateDataSource UpdateFunction UpdateResolver " +
		"UpdateType"},
	{"aps", "CreateWorkspace"},
	{"athena", "RunQuery"},
	{"autoscaling", "PutAccountSetting"},
	{"backup", "DeleteBackupAccessPoint PutRestoreValidationResult StopBackupJob UpdateGlobalSettings UpdateRegionSettings"},
	{"bedrock", "AssociateThirdPartyKnowledgeBase CreateAgent CreateAutomatedReasoningPolicy CreateBlueprint CreateCustomModel " +
		"CreateDataAutomationLibrary CreateFlow CreateFoundationModelAgreement CreateKnowledgeBase CreateMarketplaceModelEndpoint " +
		"CreateModelImportJob CreatePrompt CreateSession DeleteEnforcedGuardrailConfiguration DeleteFoundationModelAgreement " +
		"DeleteMarketplaceModelAgreement DeleteModelInvocationLoggingConfiguration InvokeBuilder PutEnforcedGuardrailConfiguration " +
		"PutFoundationModelEntitlement PutModelInvocationLoggingConfiguration PutUseCaseForModelAccess Rerank RetrieveAndGenerate"},
	{"ce", "Create* DeleteNotificationSubscription DeleteReport ProvideAnomalyFeedback Start* UpdateConsoleActionSetEnforced " +
		"UpdateCostAllocationTagsStatus UpdateNotificationSubscription UpdatePreferences UpdateReport"},
	{"cloud9", "CreateEnvironmentEC2 CreateEnvironmentSSH UpdateUserSettings"},
	{"cloudformation", "Activate* CancelResourceRequest CreateGeneratedTemplate CreateResource CreateStackSet CreateUploadBucket Deactivate* " +
		"DeleteGeneratedTemplate DeleteResource DeregisterType PublishType Register* SetType* StartResourceScan UpdateGeneratedTemplate " +
		"UpdateResource"},
	{"cloudfront", "CreateAnycastIpList CreateCachePolicy CreateCloudFrontOriginAccessIdentity CreateConnection* CreateContinuousDeploymentPolicy " +
		"CreateDistribution* CreateField* CreateFunction CreateKey* CreateMonitoringSubscription CreateOrigin* CreatePublicKey " +
		"CreateRealtimeLogConfig CreateResponseHeadersPolicy CreateSavingsPlan CreateStreaming* CreateTrustStore CreateVpcOrigin " +
		"DeleteKeyGroup DeleteMonitoringSubscription DeletePublicKey UpdateFieldLevelEncryptionConfig UpdateKeyGroup UpdatePublicKey " +
		"UpdateSavingsPlan"},
	{"cloudtrail", "DeregisterOrganizationDelegatedAdmin RegisterOrganizationDelegatedAdmin StartImport StopImport"},
	{"cloudwatch", "CallWithBearerToken CreateServiceLevelObjective DeleteAnomalyDetector EnableTopologyDiscovery Link PutAnomalyDetector " +
		"PutManagedInsightRules PutMetricData StartOTelEnrichment StopOTelEnrichment"},
	{"codeartifact", "Create*"},
	{"codebuild", "DeleteOAuthToken DeleteSourceCredentials ImportSourceCredentials PersistOAuthToken"},
	{"codecommit", "CreateApprovalRuleTemplate DeleteApprovalRuleTemplate UpdateApproval*"},
	{"codedeploy", "ContinueDeployment CreateCloudFormationDeployment DeleteGitHubAccountToken DeleteResourcesByExternalId " +
		"PutLifecycleEventHookExecutionStatus SkipWaitTimeForInstanceTermination StopDeployment"},
	{"codepipeline", "Acknowledge* PollForThirdPartyJobs PutJob* PutThird*"},
	{"cognito-identity", "CreateIdentityPool DeleteIdentities Set* UnlinkIdentity"},
	{"cognito-idp", "AssociateSoftwareToken ChangePassword Confirm* CreateUserPool DeleteUser DeleteUserAttributes ForgetDevice ForgotPassword " +
		"GlobalSignOut InitiateAuth ResendConfirmationCode RespondToAuthChallenge RevokeToken SetUserMFAPreference SetUserSettings SignUp " +
		"UpdateDeviceStatus UpdateUserAttributes Verify*"},
	{"config", "DeleteDeliveryChannel DeletePendingAggregationRequest DeleteRemediationExceptions DeleteResourceConfig " +
		"DeleteRetentionConfiguration PutDeliveryChannel PutEvaluations PutRemediationExceptions PutResourceConfig " +
		"PutRetentionConfiguration PutServiceLinkedConfigurationRecorder StartRemediationExecution StartResourceEvaluation"},
	{"cur", "PutClassicReportPreferences"},
	{"datasync", "CreateAgent CreateLocation*"},
	{"dax", "CreateParameterGroup CreateSubnetGroup DeleteParameterGroup DeleteSubnetGroup UpdateParameterGroup UpdateSubnetGroup"},
	{"detective", "CreateGraph DisableOrganizationAdminAccount EnableOrganizationAdminAccount"},
	{"dms", "BatchStartRecommendations CreateDataProvider CreateEndpoint CreateEventSubscription CreateFleetAdvisorCollector " +
		"CreateInstanceProfile CreateOutboundIntegration CreateReplicationInstance CreateReplicationSubnetGroup DeleteFleet* " +
		"ImportCertificate ModifyEventSubscription ModifyFleet* ModifyOutboundIntegration ModifyReplicationSubnetGroup " +
		"RunFleetAdvisorLsaAnalysis StartRecommendations UpdateSubscriptionsToEventBridge UploadFileMetadataList"},
	{"ds", "ConnectDirectory CreateDirectory CreateHybridAD CreateIdentityPoolDirectory CreateMicrosoftAD DeleteADAssessment " +
		"StartADAssessment"},
	{"dynamodb", "InjectError PurchaseReservedCapacityOfferings UpdateAbacStatus"},
	{"ec2", "AdvertiseByoipCidr AssociateIpamByoasn AssociateTrunkInterface BundleInstance CancelBundleTask CancelConversionTask " +
		"CancelReservedInstancesListing ConfirmProductInstance CreateDefault* CreateReservedInstancesListing " +
		"CreateSpotDatafeedSubscription DeleteSpotDatafeedSubscription DeleteSubnetCidrReservation DeprovisionByoipCidr " +
		"DeregisterInstanceEventNotificationAttributes DisableAllowedImagesSettings DisableAwsNetworkPerformanceMetricSubscription " +
		"DisableCapacityManager DisableEbsEncryptionByDefault DisableImageBlockPublicAccess DisableIpamOrganizationAdminAccount " +
		"DisableSerialConsoleAccess DisableSnapshotBlockPublicAccess DisassociateIpamByoasn DisassociateTrunkInterface " +
		"EnableAllowedImagesSettings EnableAwsNetworkPerformanceMetricSubscription EnableCapacityManager EnableEbsEncryptionByDefault " +
		"EnableImageBlockPublicAccess EnableIpamOrganizationAdminAccount EnableReachabilityAnalyzerOrganizationSharing " +
		"EnableSerialConsoleAccess EnableSnapshotBlockPublicAccess ExportTransitGatewayRoutes InjectApiError ModifyAvailabilityZoneGroup " +
		"ModifyDefaultCreditSpecification ModifyEbsDefaultKmsKeyId ModifyId* ModifyInstanceMetadataDefaults " +
		"ModifyVpcBlockPublicAccessOptions MoveAddressToVpc ProvisionByoipCidr PurchaseReservedInstancesOffering " +
		"PurchaseScheduledInstances RegisterInstanceEventNotificationAttributes ReplaceImageCriteriaInAllowedImagesSettings " +
		"ResetEbsDefaultKmsKeyId RestoreAddressToClassic RunScheduledInstances UpdateCapacityManagerOrganizationsAccess WithdrawByoipCidr"},
	{"ec2messages", "AcknowledgeMessage DeleteMessage FailMessage SendReply"},
	{"ecr", "CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule DeleteRegistryPolicy " +
		"DeleteRepositoryCreationTemplate DeleteSigningConfiguration DeregisterPullTimeUpdateExclusion PutAccountSetting PutRegistry* " +
		"PutReplicationConfiguration PutSigningConfiguration RegisterPullTimeUpdateExclusion UpdatePullThroughCacheRule " +
		"UpdateRepositoryCreationTemplate"},
	{"ecs", "DeleteAccountSetting DeregisterTaskDefinition PutAccount*"},
	{"eks", "CreateCluster CreateEksAnywhereSubscription RegisterCluster"},
	{"elasticbeanstalk", "CreateStorageLocation"},
	{"elasticfilesystem", "CreateFileSystem PutAccountPreferences"},
	{"elasticloadbalancing", "AllowVendedLogDeliveryForResource SetWebAcl"},
	{"elasticmapreduce", "CreateRepository CreateSecurityConfiguration CreateStudio DeleteRepository DeleteSecurityConfiguration LinkRepository " +
		"PutBlockPublicAccessConfiguration RunJobFlow UnlinkRepository UpdateRepository"},
	{"es", "Accept* AuthorizeVpcEndpointAccess CreateApplication CreateElasticsearchServiceRole CreatePackage CreateServiceRole " +
		"CreateVpcEndpoint DeleteElasticsearchServiceRole DeleteInbound* DeleteOutbound* DeletePackage DeleteVpcEndpoint Purchase* " +
		"Reject* RevokeVpcEndpointAccess UpdatePackage* UpdateVpcEndpoint"},
	{"events", "PutPartnerEvents PutPermission RemovePermission"},
	{"fsx", "UpdateSharedVpcConfiguration"},
	{"globalaccelerator", "AdvertiseByoipCidr CreateAccelerator CreateCrossAccountAttachment CreateCustomRoutingAccelerator DeprovisionByoipCidr " +
		"ProvisionByoipCidr WithdrawByoipCidr"},
	{"glue", "CreateClassifier CreateCrawler CreateCustomEntityType CreateDataQualityRuleset CreateDevEndpoint " +
		"CreateGlueIdentityCenterConfiguration CreateInboundIntegration CreateMLTransform CreateScript CreateSecurityConfiguration " +
		"DeleteClassifier DeleteCustomEntityType DeleteGlueIdentityCenterConfiguration DeleteSecurityConfiguration DeregisterDataPreview " +
		"Glue* ManagedConnector RequestLogParsing ResetJobBookmark RunDataPreviewStatement Send* StartCompletion StartCrawlerSchedule " +
		"StartNotebook StopCrawlerSchedule TerminateNotebook UpdateClassifier UpdateCrawlerSchedule UpdateGlueIdentityCenterConfiguration " +
		"UseGlueStudio"},
	{"grafana", "CreateWorkspace"},
	{"guardduty", "Accept* ArchiveFindings CreateDetector CreateIPSet CreateMalwareProtectionPlan CreateMembers CreatePublishingDestination " +
		"CreateSampleFindings CreateThreat* CreateTrustedEntitySet DeclineInvitations DeleteInvitations DeleteMembers " +
		"DisableOrganizationAdminAccount Disassociate* EnableOrganizationAdminAccount InviteMembers Send* Start* StopMonitoringMembers " +
		"UnarchiveFindings UpdateFindingsFeedback UpdateMalwareScanSettings UpdateMemberDetectors UpdateOrganizationConfiguration"},
	{"health", "DisableHealthServiceAccessForOrganization EnableHealthServiceAccessForOrganization"},
	{"iam", "CreateAccountAlias DeleteAccount* DeleteCloudFrontPublicKey Disable* EnableOrganizations* EnableOutboundWebIdentityFederation " +
		"SetSTSRegionalEndpointStatus SetSecurityTokenServicePreferences UpdateAccount* UpdateCloudFrontPublicKey " +
		"UploadCloudFrontPublicKey"},
	{"inspector", "AddAttributesToFindings Create* Delete* RegisterCrossAccountAccessRole RemoveAttributesFromFindings SetTagsForResource " +
		"StartAssessmentRun StopAssessmentRun SubscribeToEvent UnsubscribeFromEvent UpdateAssessmentTarget"},
	{"inspector2", "AssociateMember Batch* Cancel* CreateFindingsReport CreateSbomExport Disable* DisassociateMember Enable* ResetEncryptionKey " +
		"Send* Start* StopCisSession UpdateConfiguration UpdateEc2DeepInspectionConfiguration UpdateEncryptionKey UpdateOrg*"},
	{"iot", "CancelAudit* CancelDetectMitigationActionsTask ClearDefaultAuthorizer CreateAuditSuppression CreateCertificateFromCsr " +
		"CreateKeysAndCertificate CreateTopicRuleDestination DeleteAccountAuditConfiguration DeleteAuditSuppression " +
		"DeleteRegistrationCode DeleteV2LoggingLevel OpenTunnel PutVerificationStateOnViolation Register* SetLoggingOptions SetV* " +
		"StartAuditMitigationActionsTask StartOnDemandAuditTask StartThingRegistrationTask StopThingRegistrationTask " +
		"UpdateAccountAuditConfiguration UpdateAuditSuppression UpdateEncryptionConfiguration UpdateEventConfigurations " +
		"UpdateIndexingConfiguration UpdatePackageConfiguration"},
	{"kinesis", "DisableEnhancedMonitoring EnableEnhancedMonitoring InjectApiError UpdateAccountSettings UpdateShardCount UpdateStreamMode"},
	{"kinesisanalytics", "CreateApplication"},
	{"kms", "ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DisconnectCustomKeyStore GenerateRandom " +
		"UpdateCustomKeyStore"},
	{"lakeformation", "AddLFTagsToResource Batch* CancelTransaction CommitTransaction Create* Delete* DeregisterResource ExtendTransaction " +
		"GrantPermissions PutDataLakeSettings Register* RemoveLFTagsFromResource RevokePermissions Start* Update*"},
	{"lambda", "CreateCodeSigningConfig CreateEventSourceMapping"},
	{"license-manager", "CreateLicense CreateLicenseAssetRuleset CreateLicenseConfiguration CreateLicenseConversionTaskForResource " +
		"CreateLicenseManagerReportGenerator DeleteToken ExtendLicenseConsumption UpdateServiceSettings"},
	{"lightsail", "AllocateStaticIp CopySnapshot CreateBucket CreateCertificate CreateCloudFormationStack CreateContactMethod " +
		"CreateContainerService CreateContainerServiceRegistryLogin CreateDisk CreateDistribution CreateDomain CreateInstances " +
		"CreateKeyPair CreateLoadBalancer CreateRelationalDatabase CreateRelationalDatabaseSnapshot DeleteAutoSnapshot " +
		"DeleteContactMethod DisableAddOn EnableAddOn ImportKeyPair PeerVpc SendContactMethodVerification UnpeerVpc"},
	{"logs", "AssociateSourceToS3TableIntegration CallWithBearerToken Cancel* CreateImportTask CreateLogDelivery DeleteAccountPolicy " +
		"DeleteIndexPolicy DeleteIntegration DeleteLogDelivery DeletePipelineRule DeleteQueryDefinition DeleteResourcePolicy " +
		"DisassociateSourceFromS3TableIntegration Link PutAccountPolicy PutIndexPolicy PutIntegration PutPipelineRule PutQueryDefinition " +
		"PutResourcePolicy UpdateLogDelivery"},
	{"macie2", "AcceptInvitation BatchUpdateAutomatedDiscoveryAccounts CreateAllowList CreateInvitations CreateSampleFindings DeclineInvitations " +
		"DeleteInvitations Disable* DisassociateFrom* Enable* Put* UpdateAutomatedDiscoveryConfiguration UpdateClassificationScope " +
		"UpdateMacieSession UpdateMemberSession UpdateOrganizationConfiguration UpdateResource* UpdateRevealConfiguration " +
		"UpdateSensitivityInspectionTemplate"},
	{"memorydb", "CreateParameterGroup CreateSubnetGroup CreateUser"},
	{"mq", "CreateBroker CreateConfiguration"},
	{"organizations", "CreateAccount CreateGovCloudAccount CreateOrganization CreatePolicy DeleteOrganization DeleteResourcePolicy " +
		"DisableAWSServiceAccess EnableAWSServiceAccess EnableAllFeatures LeaveOrganization"},
	{"ram", "CreatePermission CreateResourceShare EnableSharingWithAwsOrganization"},
	{"rds", "CancelExportTask CreateDBProxy CrossRegionCommunication ModifyCertificates ModifyDBRecommendation ModifyRecommendation"},
	{"redshift", "AcceptReservedNodeExchange AddPartner AuthorizeEndpointAccess CancelQuery* CreateAuthenticationProfile CreateEndpointAccess " +
		"CreateQev2IdcApplication CreateRedshiftIdcApplication CreateSavedQuery CreateScheduledAction DeleteAuthenticationProfile " +
		"DeleteEndpointAccess DeletePartner DeleteSavedQueries DeleteScheduledAction DeregisterNamespace ExecuteQuery " +
		"ModifyAuthenticationProfile ModifyEndpointAccess ModifySavedQuery ModifyScheduledAction PurchaseReservedNodeOffering " +
		"RegisterNamespace RevokeEndpointAccess UpdatePartnerStatus"},
	{"redshift-data", "CancelStatement"},
	{"rekognition", "CreateCollection CreateFaceLivenessSession CreateProject StartCelebrityRecognition StartContentModeration StartFaceDetection " +
		"StartFaceLivenessSession StartLabelDetection StartPersonTracking StartSegmentDetection StartTextDetection"},
	{"resource-groups", "CreateGroup UpdateAccountSettings"},
	{"rolesanywhere", "Create* ImportCrl"},
	{"route53", "CreateCidrCollection CreateHealthCheck CreateHostedZone CreateReusableDelegationSet CreateTrafficPolicy"},
	{"s3", "CreateJob CreateStorageLensGroup PutAccessPointPublicAccessBlock PutAccountPublicAccessBlock PutStorageLensConfiguration"},
	{"sagemaker", "CreateLineageGroupPolicy DeleteLineageGroupPolicy DeleteResourcePolicy DisableSagemakerServicecatalogPortfolio " +
		"EnableSagemakerServicecatalogPortfolio PutLineageGroupPolicy PutResourcePolicy"},
	{"savingsplans", "CreateSavingsPlan"},
	{"schemas", "CreateDiscoverer"},
	{"securityhub", "BatchUpdateStandardsControlAssociations ConnectorRegistrationsV2 CreateAggregatorV2 CreateAutomation* CreateConfigurationPolicy " +
		"CreateConnectorV2 CreateFindingAggregator DisableSecurityHubV2 EnableSecurityHubV2 UpdateSecurityControl"},
	{"serverlessrepo", "CreateApplication"},
	{"servicecatalog", "AssociateBudgetWithResource AssociateProductWithPortfolio Batch* CopyProduct CreateProvisionedProductPlan CreateServiceAction " +
		"CreateTagOption DeleteConstraint DeleteProvisionedProductPlan DeleteServiceAction DeleteTagOption DisableAWSOrganizationsAccess " +
		"DisassociateBudgetFromResource DisassociateProductFromPortfolio EnableAWSOrganizationsAccess Execute* Notify* PutConfiguration " +
		"SyncResource TerminateProvisionedProduct UpdateConstraint UpdateProvisioned* UpdateServiceAction UpdateTagOption"},
	{"servicediscovery", "CreateHttpNamespace CreatePrivateDnsNamespace CreatePublicDnsNamespace TagResource UntagResource"},
	{"servicequotas", "AssociateServiceQuotaTemplate CreateSupportCase DeleteServiceQuotaIncreaseRequestFromTemplate DisassociateServiceQuotaTemplate " +
		"StartAutoManagement StopAutoManagement TagResource UntagResource UpdateAutoManagement"},
	{"ses", "CloneReceiptRuleSet CreateConfigurationSetTrackingOptions CreateExportJob CreateImportJob CreateMultiRegionEndpoint " +
		"CreateReceipt* CreateTemplate DeleteConfigurationSetTrackingOptions DeleteIdentity* DeleteReceipt* DeleteTemplate " +
		"DeleteVerifiedEmailAddress PutAccount* PutDedicatedIpWarmupAttributes PutDeliverabilityDashboardOption PutIdentityPolicy " +
		"ReorderReceiptRuleSet Set* UpdateAccountSendingEnabled UpdateConfigurationSetReputationMetricsEnabled " +
		"UpdateConfigurationSetSendingEnabled UpdateConfigurationSetTrackingOptions UpdateReceiptRule UpdateTemplate Verify*"},
	{"shield", "AssociateDRT* AssociateProactiveEngagementDetails Create* DeleteSubscription Disable* DisassociateDRT* Enable* " +
		"UpdateApplicationLayerAutomaticResponse UpdateEmergencyContactSettings UpdateSubscription"},
	{"signer", "PutSigningProfile"},
	{"sns", "CreatePlatform* CreateSMSSandboxPhoneNumber DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber " +
		"OptInPhoneNumber SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes SetSubscriptionAttributes Unsubscribe " +
		"VerifySMSSandboxPhoneNumber"},
	{"ssm", "CancelCommand CreateActivation CreateMaintenanceWindow CreateOps* CreatePatchBaseline DeleteActivation DeleteInventory " +
		"PutInventory RegisterManagedInstance"},
	{"ssmmessages", "Create* Open*"},
	{"sso", "Associate* CreateApplicationInstance* CreateManagedApplicationInstance CreateProfile CreateTrust DeleteApplicationInstance* " +
		"DeleteManagedApplicationInstance DeletePermissionsPolicy DeleteProfile Disassociate* " +
		"ImportApplicationInstanceServiceProviderMetadata PutMfaDeviceManagementForDirectory PutPermissionsPolicy StartSSO " +
		"UpdateApplicationInstance* UpdateDirectoryAssociation UpdateManagedApplicationInstanceStatus UpdateProfile " +
		"UpdateSSOConfiguration UpdateTrust"},
	{"states", "InvokeHTTPEndpoint Send*"},
	{"storagegateway", "ActivateGateway CreateTapePool DeleteTapeArchive"},
	{"sts", "DecodeAuthorizationMessage TagGetWebIdentityToken"},
	{"support", "Add* CreateCase Initiate* PutCaseAttributes RateCaseCommunication RefreshTrustedAdvisorCheck StartInteraction Update*"},
	{"synthetics", "Create*"},
	{"tag", "StartReportCreation TagResources UntagResources"},
	{"textract", "CreateAdapter Start*"},
	{"timestream", "CancelQuery CreateScheduledQuery ResumeBatchLoadTask UpdateAccountSettings"},
	{"transcribe", "Create* Start* TagResource UntagResource"},
	{"transfer", "CreateProfile CreateServer CreateWebApp CreateWorkflow ImportCertificate UpdateAccess"},
	{"translate", "StopTextTranslationJob"},
	{"vpc-lattice", "Associate* CreateServiceNetworkVpcEndpointAssociation"},
	{"wafv2", "CreateAPIKey DeleteAPIKey"},
	{"workspaces", "AcceptAccountLinkInvitation CreateAccountLinkInvitation CreateConnectionAlias CreateIpGroup CreateTags " +
		"DeleteAccountLinkInvitation DeleteTags ImportCustomWorkspaceImage ImportWorkspaceImage ModifyAccount RejectAccountLinkInvitation " +
		"TerminateWorkspacesPoolSession UpdateConsent"},
	{"xray", "DeleteResourcePolicy Link Put* UpdateIndexingRule UpdateTraceSegmentDestination"},
}

// silentReads only read, though their verbs do not show it.
var silentReads = [...]serviceActions{
	{"acm", "ExportCertificate"},
	{"appmesh", "StreamAggregatedResources"},
	{"appsync", "Evaluate*"},
	{"backup", "ExportBackupPlanTemplate"},
	{"bedrock", "ApplyGuardrail CallWithBearerToken CountTokens DetectGeneratedContent ExportAutomatedReasoningPolicyVersion GenerateQuery " +
		"InvokeAgent InvokeAutomatedReasoningPolicy InvokeFlow InvokeInlineAgent InvokeModel* InvokeTool OptimizePrompt RenderPrompt " +
		"Retrieve"},
	{"cloud9", "CreateEnvironmentToken"},
	{"cloudformation", "Detect*"},
	{"cloudfront", "VerifyDnsConfiguration"},
	{"cloudtrail", "GenerateQueryResultsSummary"},
	{"cloudwatch", "Generate*"},
	{"codecommit", "CancelUploadArchive EvaluatePullRequestApprovalRules GitPull"},
	{"cognito-idp", "AdminGet* AdminList*"},
	{"comprehend", "Batch* ClassifyDocument ContainsPiiEntities Detect*"},
	{"config", "DeliverConfigSnapshot"},
	{"dax", "ConditionCheckItem"},
	{"detective", "InvokeAssistant"},
	{"ds", "VerifyTrust"},
	{"dynamodb", "ConditionCheckItem PartiQLSelect"},
	{"ec2", "ExportClient* ExportVerifiedAccessInstanceClientConfiguration StartDeclarativePoliciesReport"},
	{"eks", "AccessKubernetesApi"},
	{"elasticbeanstalk", "RequestEnvironmentInfo RetrieveEnvironmentInfo"},
	{"elasticfilesystem", "ClientMount ReplicationRead"},
	{"es", "ESCrossClusterGet ESHttpGet ESHttpHead"},
	{"iam", "GenerateOrganizationsAccessReport"},
	{"kinesis", "SubscribeToShard"},
	{"kinesisanalytics", "CreateApplicationPresignedUrl"},
	{"lightsail", "IsVpcPeered"},
	{"logs", "Start* Stop* Unmask"},
	{"polly", "StartSpeechSynthesisStream SynthesizeSpeech"},
	{"redshift", "FetchResults"},
	{"rekognition", "CompareFaces Detect* RecognizeCelebrities"},
	{"sagemaker", "AccessModelPackage CreateHubContentPresignedUrls Invoke* RenderUiTemplate"},
	{"schemas", "ExportSchema"},
	{"securityhub", "Send*"},
	{"servicequotas", "StartQuotaUtilizationReport"},
	{"ssm", "ExecuteAPI PutConfigurePackageResult StartExecutionPreview"},
	{"states", "RevealSecrets"},
	{"textract", "Analyze* DetectDocumentText"},
	{"timestream", "PrepareQuery"},
	{"translate", "Translate*"},
	{"wafv2", "GenerateMobileSdkReleaseUrl"},
	{"workspaces", "DirectoryAccessManagement InvokeTroubleshootingInvestigation"},
	{"xray", "CancelTraceRetrieval StartTraceRetrieval"},
}

// silentWrites change something, or create credentials, though their verbs are
// verbs of reading.
var silentWrites = [...]serviceActions{
	{"apigateway", "PreviewPortal"},
	{"appconfig", "ValidateConfiguration"},
	{"athena", "GetSessionEndpoint"},
	{"backup", "SearchRecoveryPoint"},
	{"cloudfront", "Test*"},
	{"codecommit", "TestRepositoryTriggers"},
	{"elasticache", "Test*"},
	{"elasticmapreduce", "GetClusterSessionCredentials GetOnClusterAppUIPresignedURL GetPersistentAppUIPresignedURL"},
	{"fsx", "GetResourcePolicy"},
	{"glue", "DescribeConnectionType DescribeEntity ListEntities TestConnection"},
	{"iot", "GetConnection ListSubscriptions Receive"},
	{"lambda", "CheckpointDurableExecution"},
	{"license-manager", "CheckoutBorrowLicense"},
	{"lightsail", "GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword TestAlarm"},
	{"redshift", "GetCluster*"},
	{"secretsmanager", "ValidateResourcePolicy"},
	{"ses", "TestRenderEmailTemplate"},
	{"states", "GetActivityTask"},
	{"transfer", "TestConnection"},
}
