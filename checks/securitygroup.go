package checks

import "github.com/demarc/demarc/analyzer"

func securitygroup() []row {
	return []row{
		{
			ID:        "aws-security-group-ssh-not-public",
			Aliases:   join(same("CKV_AWS_24"), wider("AWS-0107", "aws-ec2-no-public-ingress-sgr")),
			Controls:  controls("FSBP EC2.13", "CIS AWS 3.0 5.2", "CIS AWS 3.0 5.3"),
			On:        ingressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No security group lets the internet reach SSH (port 22)",
			Why:       "Every host with an open SSH port is found and its logins are tried within minutes; Session Manager and bastions need no open port. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-13>",
			When:      direction("ingress"),
			Want:      closed("ingress", "no rule lets any address reach port 22", port(22)),
			Message:   "any address on the internet can reach port 22 (SSH)",
			Close:     "name the networks that may log on, or use Session Manager and remove the rule",
		},
		{
			ID:        "aws-security-group-rdp-not-public",
			Aliases:   join(same("CKV_AWS_25"), wider("AWS-0107")),
			Controls:  controls("FSBP EC2.14", "CIS AWS 3.0 5.2", "CIS AWS 3.0 5.3"),
			On:        ingressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No security group lets the internet reach RDP (port 3389)",
			Why:       "Open remote desktops are a common way in for ransomware; Fleet Manager and bastions need no open port. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-14>",
			When:      direction("ingress"),
			Want:      closed("ingress", "no rule lets any address reach port 3389", port(3389)),
			Message:   "any address on the internet can reach port 3389 (RDP)",
			Close:     "name the networks that may log on, or use Fleet Manager and remove the rule",
		},
		{
			ID:        "aws-security-group-http-not-public",
			Aliases:   same("CKV_AWS_260"),
			On:        ingressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "No security group lets the internet reach plain HTTP (port 80)",
			Why:       "What is served on port 80 is not encrypted, and hosts behind it are better reached through a load balancer. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html>",
			When:      direction("ingress"),
			Want:      closed("ingress", "no rule lets any address reach port 80", port(80)),
			Message:   "any address on the internet can reach port 80 (HTTP)",
			Close:     "serve HTTPS from a load balancer, and let only the load balancer's security group in",
		},
		{
			ID:        "aws-security-group-all-ports-not-public",
			Aliases:   same("CKV_AWS_277"),
			Controls:  controls("FSBP EC2.18"),
			On:        ingressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "No security group lets the internet reach every port",
			Why:       "A rule for all traffic exposes whatever listens on the host, today and later. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18>",
			When:      direction("ingress"),
			Want:      closed("ingress", "no rule lets any address reach all ports", allPorts),
			Message:   "any address on the internet can reach every port",
			Close:     "list the ports that are served, and the networks that may reach them",
		},
		{
			ID:        "aws-security-group-sensitive-ports-not-public",
			Controls:  controls("FSBP EC2.19"),
			On:        ingressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "No security group lets the internet reach databases, file shares and other internal services",
			Why:       "Databases, caches, file shares and admin consoles are made for private networks, and many ask for no password. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19>",
			When:      direction("ingress"),
			Want:      closed("ingress", "no rule lets any address reach a port of an internal service", sensitivePorts),
			Message:   "any address on the internet can reach the port of a database, file share or other internal service",
			Close:     "let only the security groups of its clients in",
		},
		{
			ID:        "aws-security-group-egress-restricted",
			Aliases:   same("CKV_AWS_382"),
			On:        egressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictEgress,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "No security group lets all traffic out to the internet",
			Why:       "A host that was taken over can send data and fetch tools anywhere. <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>",
			When:      direction("egress"),
			Want:      closed("egress", "no rule lets all ports out to any address", allPorts),
			Message:   "all traffic may leave to any address on the internet",
			Close:     "list the ports and networks that it must reach",
		},
		{
			ID:        "aws-security-group-egress-addresses-named",
			Aliases:   same("AWS-0104", "aws-ec2-no-public-egress-sgr"),
			On:        egressTypes(),
			Layer:     firewallConfiguration,
			Objective: restrictEgress,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Security groups name the addresses that traffic may leave to",
			Why:       "One open port is enough to carry data out, or to fetch tools, where the address does not matter. <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>",
			When:      direction("egress"),
			Want:      closed("egress", "no rule lets traffic out to any address", func(ruleStyle) cond { return always() }),
			Message:   "traffic may leave to any address on the internet",
			Close:     "name the networks, prefix lists or security groups that it must reach",
		},
		{
			ID:        "aws-security-group-described",
			Aliases:   join(same("AWS-0099", "aws-ec2-add-description-to-security-group"), narrower("AWS-0049", "AWS-0083", "aws-elasticache-add-description-for-security-group", "aws-redshift-add-description-to-security-group"), wider("CKV_AWS_23")),
			On:        on("aws_security_group", "aws_db_security_group", "aws_elasticache_security_group", "aws_redshift_security_group"),
			Layer:     firewallConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Security groups have a description of their purpose",
			Why:       "Without a purpose nobody dares to close a group, and groups grow. <https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html>",
			Want:      all(attr("description").Present(), not(attr("description").Equals("Managed by Terraform"))),
			Message:   "this security group has no description of its purpose",
			Close:     "write a description; changing it later replaces the group",
		},
		{
			ID:        "aws-security-group-rule-described",
			Aliases:   join(same("AWS-0124", "aws-ec2-add-description-to-security-group-rule"), wider("CKV_AWS_23")),
			On:        on("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"),
			Layer:     firewallConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Security group rules have a description",
			Why:       "A rule without a purpose is never removed. <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>",
			Want: says("each rule has a description", byType(
				of(all(each("ingress", attr("description").Present()), each("egress", attr("description").Present())), "aws_security_group"),
				of(attr("description").Present(), "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"),
			)),
			Message: "this rule has no description",
			Close:   "add a description to the rule",
		},
		{
			ID:        "aws-security-group-attached",
			Aliases:   same("CKV2_AWS_5"),
			Controls:  controls("FSBP EC2.22"),
			On:        on("aws_security_group"),
			Layer:     firewallConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Security groups are in use",
			Why:       "A group that nothing has is a rule set that nobody reviews, ready to be attached by mistake. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-22>",
			Want:      says("something has this group", attachedToSomething()),
			Message:   "nothing in this configuration has this security group",
			Close:     "attach it, or remove it",
		},
		{
			ID:        "aws-default-security-group-empty",
			Aliases:   same("AWS-0173", "aws-ec2-no-default-sg-rules"),
			Controls:  controls("FSBP EC2.2", "CIS AWS 3.0 5.4"),
			On:        on("aws_default_security_group"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The default security group has no rules",
			Why:       "What is launched without a group lands in the default one, and its rules then apply unseen. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2>",
			Want:      says("it has no rule", ruleless()),
			Message:   "the default security group has rules",
			Close:     "remove its ingress and egress blocks, and give resources groups of their own",
		},
		{
			ID:        "aws-vpc-default-security-group-restricted",
			Aliases:   same("CKV2_AWS_12"),
			Controls:  controls("FSBP EC2.2", "CIS AWS 3.0 5.4"),
			On:        on("aws_vpc", "aws_default_vpc"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "The default security group of the VPC is managed and lets nothing through",
			Why:       "AWS gives each VPC a default group that lets its members talk and everything out; only a managed one without rules takes that away. <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>",
			Want: says("an aws_default_security_group without rules belongs to it", all(
				related("aws_default_security_group", "vpc_id", ruleless()),
				unrelated("aws_security_group_rule", "security_group_id", nil),
				unrelated("aws_vpc_security_group_ingress_rule", "security_group_id", nil),
				unrelated("aws_vpc_security_group_egress_rule", "security_group_id", nil),
			)),
			Message: "the default security group of this VPC lets traffic through",
			Close:   "add an aws_default_security_group for the VPC without ingress and egress blocks",
		},
	}
}

// attachedToSomething holds for a group of an interface, or of a service that
// creates interfaces.
func attachedToSomething() cond {
	var uses []cond
	for _, use := range []struct{ typ, path string }{
		{"aws_instance", "vpc_security_group_ids"},
		{"aws_instance", "security_groups"},
		{"aws_launch_template", "vpc_security_group_ids"},
		{"aws_launch_template", "security_group_names"},
		{"aws_launch_template", "network_interfaces.security_groups"},
		{"aws_launch_configuration", "security_groups"},
		{"aws_spot_instance_request", "vpc_security_group_ids"},
		{"aws_spot_fleet_request", "launch_specification.vpc_security_group_ids"},
		{"aws_network_interface", "security_groups"},
		{"aws_network_interface_sg_attachment", "security_group_id"},
		{"aws_vpc_endpoint", "security_group_ids"},
		{"aws_vpc_endpoint_security_group_association", "security_group_id"},
		{"aws_ec2_client_vpn_endpoint", "security_group_ids"},
		{"aws_ec2_instance_connect_endpoint", "security_group_ids"},
		{"aws_lb", "security_groups"},
		{"aws_alb", "security_groups"},
		{"aws_elb", "security_groups"},
		{"aws_apigatewayv2_vpc_link", "security_group_ids"},
		{"aws_apprunner_vpc_connector", "security_groups"},
		{"aws_appstream_fleet", "vpc_config.security_group_ids"},
		{"aws_appstream_image_builder", "vpc_config.security_group_ids"},
		{"aws_batch_compute_environment", "compute_resources.security_group_ids"},
		{"aws_bedrock_custom_model", "vpc_config.security_group_ids"},
		{"aws_bedrockagentcore_agent_runtime", "network_configuration.network_mode_config.security_groups"},
		{"aws_bedrockagentcore_browser", "network_configuration.vpc_config.security_groups"},
		{"aws_bedrockagentcore_code_interpreter", "network_configuration.vpc_config.security_groups"},
		{"aws_cloudwatch_event_target", "ecs_target.network_configuration.security_groups"},
		{"aws_codebuild_fleet", "vpc_config.security_group_ids"},
		{"aws_codebuild_project", "environment.docker_server.security_group_ids"},
		{"aws_codebuild_project", "vpc_config.security_group_ids"},
		{"aws_codeconnections_host", "vpc_configuration.security_group_ids"},
		{"aws_codestarconnections_host", "vpc_configuration.security_group_ids"},
		{"aws_comprehend_document_classifier", "vpc_config.security_group_ids"},
		{"aws_comprehend_entity_recognizer", "vpc_config.security_group_ids"},
		{"aws_datasync_agent", "security_group_arns"},
		{"aws_datasync_location_efs", "ec2_config.security_group_arns"},
		{"aws_datasync_location_fsx_lustre_file_system", "security_group_arns"},
		{"aws_datasync_location_fsx_ontap_file_system", "security_group_arns"},
		{"aws_datasync_location_fsx_openzfs_file_system", "security_group_arns"},
		{"aws_datasync_location_fsx_windows_file_system", "security_group_arns"},
		{"aws_dax_cluster", "security_group_ids"},
		{"aws_db_instance", "vpc_security_group_ids"},
		{"aws_db_option_group", "option.vpc_security_group_memberships"},
		{"aws_db_proxy", "vpc_security_group_ids"},
		{"aws_db_proxy_endpoint", "vpc_security_group_ids"},
		{"aws_devicefarm_test_grid_project", "vpc_config.security_group_ids"},
		{"aws_directory_service_directory", "security_group_id"},
		{"aws_dms_replication_config", "compute_config.vpc_security_group_ids"},
		{"aws_dms_replication_instance", "vpc_security_group_ids"},
		{"aws_docdb_cluster", "vpc_security_group_ids"},
		{"aws_docdbelastic_cluster", "vpc_security_group_ids"},
		{"aws_drs_replication_configuration_template", "replication_servers_security_groups_ids"},
		{"aws_ecs_capacity_provider", "managed_instances_provider.instance_launch_template.network_configuration.security_groups"},
		{"aws_ecs_service", "network_configuration.security_groups"},
		{"aws_ecs_task_set", "network_configuration.security_groups"},
		{"aws_efs_mount_target", "security_groups"},
		{"aws_eks_cluster", "vpc_config.security_group_ids"},
		{"aws_eks_node_group", "remote_access.source_security_group_ids"},
		{"aws_elastic_beanstalk_environment", "setting.value"},
		{"aws_elasticache_cluster", "security_group_ids"},
		{"aws_elasticache_replication_group", "security_group_ids"},
		{"aws_elasticache_serverless_cache", "security_group_ids"},
		{"aws_elasticsearch_domain", "vpc_options.security_group_ids"},
		{"aws_elasticsearch_vpc_endpoint", "vpc_options.security_group_ids"},
		{"aws_emr_cluster", "ec2_attributes.additional_master_security_groups"},
		{"aws_emr_cluster", "ec2_attributes.additional_slave_security_groups"},
		{"aws_emr_cluster", "ec2_attributes.emr_managed_master_security_group"},
		{"aws_emr_cluster", "ec2_attributes.emr_managed_slave_security_group"},
		{"aws_emr_cluster", "ec2_attributes.service_access_security_group"},
		{"aws_emr_studio", "engine_security_group_id"},
		{"aws_emr_studio", "workspace_security_group_id"},
		{"aws_emrserverless_application", "network_configuration.security_group_ids"},
		{"aws_finspace_kx_cluster", "vpc_configuration.security_group_ids"},
		{"aws_fsx_file_cache", "security_group_ids"},
		{"aws_fsx_lustre_file_system", "security_group_ids"},
		{"aws_fsx_ontap_file_system", "security_group_ids"},
		{"aws_fsx_openzfs_file_system", "security_group_ids"},
		{"aws_fsx_windows_file_system", "security_group_ids"},
		{"aws_glue_connection", "physical_connection_requirements.security_group_id_list"},
		{"aws_glue_dev_endpoint", "security_group_ids"},
		{"aws_grafana_workspace", "vpc_configuration.security_group_ids"},
		{"aws_imagebuilder_infrastructure_configuration", "security_group_ids"},
		{"aws_iot_topic_rule_destination", "vpc_configuration.security_groups"},
		{"aws_kinesis_firehose_delivery_stream", "elasticsearch_configuration.vpc_config.security_group_ids"},
		{"aws_kinesis_firehose_delivery_stream", "opensearch_configuration.vpc_config.security_group_ids"},
		{"aws_kinesis_firehose_delivery_stream", "opensearchserverless_configuration.vpc_config.security_group_ids"},
		{"aws_kinesisanalyticsv2_application", "application_configuration.vpc_configuration.security_group_ids"},
		{"aws_lambda_capacity_provider", "vpc_config.security_group_ids"},
		{"aws_lambda_function", "replacement_security_group_ids"},
		{"aws_lambda_function", "vpc_config.security_group_ids"},
		{"aws_m2_environment", "security_group_ids"},
		{"aws_medialive_channel", "vpc.security_group_ids"},
		{"aws_medialive_input", "vpc.security_group_ids"},
		{"aws_memorydb_cluster", "security_group_ids"},
		{"aws_mq_broker", "security_groups"},
		{"aws_msk_cluster", "broker_node_group_info.security_groups"},
		{"aws_msk_replicator", "kafka_cluster.vpc_config.security_groups_ids"},
		{"aws_msk_serverless_cluster", "vpc_config.security_group_ids"},
		{"aws_msk_vpc_connection", "security_groups"},
		{"aws_mskconnect_connector", "kafka_cluster.apache_kafka_cluster.vpc.security_groups"},
		{"aws_mwaa_environment", "network_configuration.security_group_ids"},
		{"aws_neptune_cluster", "vpc_security_group_ids"},
		{"aws_opensearch_domain", "vpc_options.security_group_ids"},
		{"aws_opensearch_vpc_endpoint", "vpc_options.security_group_ids"},
		{"aws_opensearchserverless_vpc_endpoint", "security_group_ids"},
		{"aws_osis_pipeline", "vpc_options.security_group_ids"},
		{"aws_pipes_pipe", "source_parameters.self_managed_kafka_parameters.vpc.security_groups"},
		{"aws_pipes_pipe", "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration.security_groups"},
		{"aws_prometheus_scraper", "source.eks.security_group_ids"},
		{"aws_quicksight_vpc_connection", "security_group_ids"},
		{"aws_rds_cluster", "vpc_security_group_ids"},
		{"aws_redshift_cluster", "vpc_security_group_ids"},
		{"aws_redshift_endpoint_access", "vpc_security_group_ids"},
		{"aws_redshiftserverless_endpoint_access", "vpc_security_group_ids"},
		{"aws_redshiftserverless_workgroup", "security_group_ids"},
		{"aws_route53_resolver_endpoint", "security_group_ids"},
		{"aws_s3outposts_endpoint", "security_group_id"},
		{"aws_sagemaker_data_quality_job_definition", "network_config.vpc_config.security_group_ids"},
		{"aws_sagemaker_domain", "default_space_settings.security_groups"},
		{"aws_sagemaker_domain", "default_user_settings.security_groups"},
		{"aws_sagemaker_domain", "domain_settings.security_group_ids"},
		{"aws_sagemaker_model", "vpc_config.security_group_ids"},
		{"aws_sagemaker_notebook_instance", "security_groups"},
		{"aws_sagemaker_user_profile", "user_settings.security_groups"},
		{"aws_sagemaker_workforce", "workforce_vpc_config.security_group_ids"},
		{"aws_scheduler_schedule", "target.ecs_parameters.network_configuration.security_groups"},
		{"aws_spot_instance_request", "security_groups"},
		{"aws_synthetics_canary", "vpc_config.security_group_ids"},
		{"aws_timestreaminfluxdb_db_cluster", "vpc_security_group_ids"},
		{"aws_timestreaminfluxdb_db_instance", "vpc_security_group_ids"},
		{"aws_transfer_server", "endpoint_details.security_group_ids"},
		{"aws_verifiedaccess_endpoint", "security_group_ids"},
		{"aws_vpclattice_resource_gateway", "security_group_ids"},
		{"aws_vpclattice_service_network_vpc_association", "security_group_ids"},
		{"aws_workspaces_directory", "workspace_creation_properties.custom_security_group_id"},
		{"aws_workspacesweb_network_settings", "security_group_ids"},
	} {
		uses = append(uses, related(use.typ, use.path, nil))
	}
	return anyOf(uses...)
}

// port is open where a rule reaches one port.
func port(n int) func(ruleStyle) cond {
	return func(s ruleStyle) cond { return s.carries(portRange{n, n}) }
}

// allPorts is open where a rule reaches every port.
func allPorts(s ruleStyle) cond { return s.carries(everyPort) }

// sensitivePorts is open where a rule reaches a high-risk port of FSBP EC2.19
// without a check of its own, or a port of another data store.
// https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19
func sensitivePorts(s ruleStyle) cond {
	return s.touches([]portRange{
		{20, 21},       // FTP
		{23, 23},       // Telnet
		{25, 25},       // SMTP
		{110, 110},     // POP3
		{135, 135},     // RPC
		{137, 139},     // NetBIOS
		{143, 143},     // IMAP
		{389, 389},     // LDAP
		{445, 445},     // CIFS
		{1433, 1434},   // SQL Server
		{1521, 1521},   // Oracle
		{2049, 2049},   // NFS
		{2379, 2380},   // etcd
		{3000, 3000},   // development servers
		{3306, 3306},   // MySQL
		{4333, 4333},   // ahsp
		{5000, 5000},   // development servers
		{5432, 5432},   // PostgreSQL
		{5500, 5500},   // fcp-addr-srvr1
		{5601, 5601},   // OpenSearch Dashboards
		{6379, 6379},   // Redis
		{8080, 8080},   // proxies
		{8088, 8088},   // legacy HTTP
		{8888, 8888},   // alternative HTTP
		{9042, 9042},   // Cassandra
		{9200, 9300},   // OpenSearch
		{11211, 11211}, // Memcached
		{27017, 27019}, // MongoDB
	})
}

// ruleless holds for a default security group without rules. Terraform removes
// AWS's rules as soon as it manages the group.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group
func ruleless() cond {
	return all(
		not(some("ingress", always())), not(some("egress", always())),
		unrelated("aws_security_group_rule", "security_group_id", nil),
		unrelated("aws_vpc_security_group_ingress_rule", "security_group_id", nil),
		unrelated("aws_vpc_security_group_egress_rule", "security_group_id", nil),
	)
}

// always holds: for a quantifier that only requires an element.
func always() cond {
	return analyzer.Func{Says: "it is there", Judge: func(v *analyzer.View) analyzer.Outcome { return v.Pass(v.Here()) }}
}

// securitygroupDefaults are EC2's values for unset attributes.
func securitygroupDefaults() []analyzer.Default {
	const group = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group"
	rows := []analyzer.Default{
		{Type: "aws_security_group", Path: "description", Value: isString("Managed by Terraform"), Source: group},
	}
	// An interface without a group has the default group of its VPC.
	for _, use := range []struct{ typ, path string }{
		{"aws_instance", "security_groups"}, {"aws_spot_instance_request", "security_groups"}, {"aws_network_interface", "security_groups"}, {"aws_lb", "security_groups"},
		{"aws_alb", "security_groups"}, {"aws_elb", "security_groups"}, {"aws_efs_mount_target", "security_groups"},
		{"aws_sagemaker_notebook_instance", "security_groups"},
		{"aws_emr_cluster", "ec2_attributes.emr_managed_master_security_group"},
		{"aws_emr_cluster", "ec2_attributes.emr_managed_slave_security_group"},
		{"aws_emr_cluster", "ec2_attributes.service_access_security_group"},
	} {
		rows = append(rows, analyzer.Default{Type: use.typ, Path: use.path, Value: isNothing, Source: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"})
	}
	return rows
}
