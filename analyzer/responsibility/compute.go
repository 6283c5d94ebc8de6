package responsibility

import "github.com/demarc/demarc/analyzer"

// compute lists hosts, containers and functions.
func compute() []row {
	return []row{
		{id: "ec2", name: "Amazon EC2", model: infrastructure, source: "AWSEC2/latest/UserGuide/ec2-security.html",
			types: "instance instances ami ami_ids eip eips eip_association eip_domain_name key_pair launch_template network_interface network_interfaces " +
				"placement_group spot_datafeed_subscription spot_fleet_request spot_instance_request availability_zone availability_zones ec2",
			principals: "instance launch_template spot_instance_request spot_fleet_request ec2_fleet"},
		{id: "autoscaling", name: "Amazon EC2 Auto Scaling", model: infrastructure, source: "autoscaling/ec2/userguide/security.html",
			types: "autoscaling autoscalingplans launch_configuration", principals: "autoscaling_group launch_configuration"},
		{id: "appautoscaling", name: "Application Auto Scaling", model: abstract, source: "autoscaling/application/userguide/security.html",
			types: "appautoscaling", principals: "appautoscaling_target",
			overrides: lacks(customerData, clientSideEncryption, serverSideEncryption, traffic, firewall)},
		{id: "imagebuilder", name: "EC2 Image Builder", model: abstract, source: "imagebuilder/latest/userguide/security.html",
			types: "imagebuilder", principals: "imagebuilder_image_pipeline imagebuilder_image_recipe imagebuilder_container_recipe",
			overrides: join(inVPC(),
				all(platform, "what the recipes install, and where it comes from"),
				shared(guest, "run pipelines so that images have current patches, and roll the images out", "AWS publishes patched base images and tests"))},
		{id: "lambda", name: "AWS Lambda", model: abstract, source: "lambda/latest/dg/lambda-security.html",
			types: "lambda", principals: "lambda_function",
			cases: []analyzer.Case{{
				// A container image brings its own runtime and system libraries.
				Name: "container image", Model: container, On: words("lambda_function"),
				When: analyzer.Attr("package_type").Equals("Image"), Source: lambdaRuntimes,
			}},
			overrides: join(
				at("lambda/latest/dg/configuration-vpc.html", inVPC()),
				under(abstract, at(lambdaRuntimes, shared(platform,
					"your code and its dependencies, on a runtime that is still supported", "AWS patches the runtime of functions from archives"))),
				under(container, at(lambdaRuntimes, shared(platform,
					"the image: rebuild it from a current base image and deploy it again", "AWS publishes patched base images"))),
				under(container, at("lambda/latest/dg/lambda-urls.html", shared(traffic,
					"TLS of the connections that your code opens", "AWS serves function URLs and the API with TLS only"))),
				at("lambda/latest/dg/urls-auth.html", shared(firewall,
					"who may invoke it, function URLs without authentication, security groups of its connections", "AWS runs the endpoints and isolates functions")))},
		{id: "ecs", name: "Amazon ECS", model: container, source: ecsShared,
			types: "ecs", principals: "ecs_cluster ecs_service ecs_task_definition ecs_express_gateway_service", cases: ecsCases(),
			overrides: join(inVPC(),
				all(platform, "your images: what is in them, where they come from, and how containers are confined"),
				under(infrastructure, shared(guest, "the instances under the tasks: agent, patches and hardening", "AWS publishes patched images for ECS")))},
		{id: "eks", name: "Amazon EKS", model: container, source: "eks/latest/userguide/security.html",
			types: "eks", principals: "eks_cluster eks_node_group eks_fargate_profile",
			cases: []analyzer.Case{{
				// AWS publishes images for managed nodes; the customer rolls them out.
				Name: "managed nodes", Model: infrastructure, On: words("eks_node_group"),
				When: analyzer.All(), Source: "https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html",
			}},
			overrides: join(
				at("eks/latest/userguide/network-reqs.html", under(container, shared(network, "the subnets of the cluster, and whether its endpoint is public", "AWS runs the network of the control plane"))),
				at("eks/latest/userguide/kubernetes-versions.html", shared(platform,
					"the Kubernetes version, add-ons, and everything that you run in the cluster", "AWS runs and patches the control plane within the version")),
				at("eks/latest/userguide/managed-node-groups.html", under(infrastructure, shared(guest,
					"roll patched images out to the nodes; with an image of your own, all of it", "AWS publishes patched images and replaces nodes when you update the group"))))},
		{id: "ecr", name: "Amazon ECR", model: abstract, source: "AmazonECR/latest/userguide/security.html",
			types: "ecr", principals: "ecr_repository",
			overrides: at("AmazonECR/latest/userguide/image-scanning.html", shared(platform,
				"what is in the images: turn scanning on, fix what it finds, and make tags immutable", "AWS scans images for known vulnerabilities when asked"))},
		{id: "ecr-public", name: "Amazon ECR Public", model: abstract, source: "AmazonECR/latest/public/security.html",
			types: "ecrpublic", principals: "ecrpublic_repository",
			overrides: all(platform, "what is in the images that you publish")},
		{id: "apprunner", name: "AWS App Runner", model: container, source: "apprunner/latest/dg/security.html",
			types: "apprunner", principals: "apprunner_service", overrides: join(inVPC(), code())},
		{id: "batch", name: "AWS Batch", model: container, source: "batch/latest/userguide/security.html",
			types: "batch", principals: "batch_compute_environment batch_job_definition batch_job_queue", cases: batchCases(),
			overrides: join(inVPC(), all(platform, "your images, jobs and how containers are confined"))},
		{id: "elasticbeanstalk", name: "AWS Elastic Beanstalk", model: container, source: beanstalkShared,
			types: "elastic_beanstalk", principals: "elastic_beanstalk_environment",
			overrides: join(inVPC(),
				shared(platform, "your application bundle, a supported platform version, and managed updates that you opt in to", "AWS publishes platform versions and applies managed updates"),
				shared(guest, "opt in to managed updates, or patch the instances yourself", "AWS publishes patched platforms and applies managed updates"))},
		{id: "lightsail", name: "Amazon Lightsail", model: infrastructure, source: "lightsail/latest/userguide/security.html",
			types: "lightsail", principals: "lightsail_instance lightsail_database lightsail_bucket lightsail_container_service lightsail_lb lightsail_distribution", cases: lightsailCases(),
			overrides: under(container, join(engine(), shared(network, "whether it is public", "AWS runs the network")))},
		{id: "serverlessrepo", name: "AWS Serverless Application Repository", model: abstract, source: "serverlessrepo/latest/devguide/security.html",
			types: "serverlessapplicationrepository", principals: "serverlessapplicationrepository_cloudformation_stack",
			overrides: shared(platform, "which applications you deploy, and their updates", "AWS keeps the repository")},
		{id: "outposts", name: "AWS Outposts", model: infrastructure, source: "outposts/latest/userguide/security.html",
			types:     "outposts",
			overrides: shared(analyzer.GlobalInfrastructure, "the site: its physical security, power and network", "AWS delivers the rack, monitors it and takes it back")},
		{id: "odb", name: "Oracle Database@AWS", model: infrastructure, source: "odb/latest/UserGuide/security.html",
			types: "odb", principals: "odb_cloud_autonomous_vm_cluster odb_cloud_exadata_infrastructure odb_cloud_vm_cluster odb_network"},
		{id: "m2", name: "AWS Mainframe Modernization", model: container, source: "m2/latest/userguide/security.html",
			types: "m2", principals: "m2_environment m2_application", overrides: join(inVPC(), code())},
		{id: "gamelift", name: "Amazon GameLift Servers", model: container, source: "gameliftservers/latest/developerguide/security.html",
			types: "gamelift", principals: "gamelift_fleet gamelift_build gamelift_game_server_group",
			overrides: join(code(), shared(network, "the ports that fleets open", "AWS runs the network of the fleets"),
				shared(guest, "replace fleets so that they run current images", "AWS publishes patched images"))},
		{id: "opsworks", name: "AWS OpsWorks", model: infrastructure, source: "opsworks/latest/userguide/welcome.html",
			types: "opsworks", principals: "opsworks_stack opsworks_instance"},
	}
}

const (
	lambdaRuntimes  = "https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-shared.html"
	ecsShared       = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-shared-model.html"
	beanstalkShared = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-shared-responsibility.html"
)

// ecsCases decide who runs the hosts under tasks. A service without a launch
// type and without a strategy takes the strategy of its cluster, else EC2:
// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html>.
func ecsCases() []analyzer.Case {
	services := words("ecs_service ecs_task_set")
	launch, strategy := analyzer.Attr("launch_type"), analyzer.Attr("capacity_provider_strategy")
	managed := analyzer.Attr("managed_instances_provider").Present()
	return []analyzer.Case{
		{Name: "Fargate", Model: container, On: services, Source: ecsShared, When: analyzer.Any(
			launch.Equals("FARGATE"),
			analyzer.Some("capacity_provider_strategy", onFargate()),
			analyzer.All(unset(launch), unset(strategy), clusterDefault(onFargate())))},
		{Name: "Managed Instances", Model: container, On: services, Source: managedInstances, When: analyzer.Any(
			launch.Equals("MANAGED_INSTANCES"),
			analyzer.All(analyzer.Some("capacity_provider_strategy",
				analyzer.All(analyzer.Not(onFargate()), analyzer.Target("capacity_provider", "aws_ecs_capacity_provider", managed)))))},
		{Name: "EC2", Model: infrastructure, On: services, Source: ecsShared, When: analyzer.All()},
		// A definition that may run on instances is judged as one that does.
		{Name: "EC2", Model: infrastructure, On: words("ecs_task_definition"), Source: ecsShared, When: analyzer.Not(analyzer.All(
			analyzer.Any(
				analyzer.Attr("requires_compatibilities").Contains("FARGATE"),
				analyzer.Attr("requires_compatibilities").Contains("MANAGED_INSTANCES")),
			analyzer.Not(analyzer.Attr("requires_compatibilities").Contains("EC2")),
			analyzer.Not(analyzer.Attr("requires_compatibilities").Contains("EXTERNAL"))))},
		{Name: "Auto Scaling group", Model: infrastructure, On: words("ecs_capacity_provider"), Source: ecsShared, When: analyzer.Not(managed)},
	}
}

const managedInstances = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html"

func onFargate() analyzer.Cond {
	return analyzer.Attr("capacity_provider").OneOf("FARGATE", "FARGATE_SPOT")
}

func unset(a analyzer.Attribute) analyzer.Cond { return analyzer.Not(a.Present()) }

// clusterDefault judges the default strategy of a service's cluster.
func clusterDefault(provider analyzer.Cond) analyzer.Cond {
	return analyzer.Target("cluster", "aws_ecs_cluster",
		analyzer.Related("aws_ecs_cluster_capacity_providers", "cluster_name",
			analyzer.Some("default_capacity_provider_strategy", provider)))
}

// batchCases: instances of a compute environment are in the customer's
// account; the customer updates their image.
func batchCases() []analyzer.Case {
	const source = "https://docs.aws.amazon.com/batch/latest/userguide/compute_environments.html"
	return []analyzer.Case{
		{Name: "EC2", Model: infrastructure, On: words("batch_compute_environment"), Source: source, When: analyzer.Not(analyzer.All(
			analyzer.Attr("type").Equals("MANAGED"),
			analyzer.Attr("compute_resources.type").OneOf("FARGATE", "FARGATE_SPOT")))},
		// default EC2: <https://docs.aws.amazon.com/batch/latest/APIReference/API_RegisterJobDefinition.html>
		{Name: "EC2", Model: infrastructure, On: words("batch_job_definition"), Source: source,
			When: analyzer.Not(analyzer.Attr("platform_capabilities").Contains("FARGATE"))},
	}
}

// lightsailCases: the customer runs instances and disks, the rest is managed.
func lightsailCases() []analyzer.Case {
	const guide = "https://docs.aws.amazon.com/lightsail/latest/userguide/"
	return []analyzer.Case{
		{Name: "database", Model: container, On: words("lightsail_database"), When: analyzer.All(), Source: guide + "amazon-lightsail-databases.html"},
		{Name: "containers", Model: container, When: analyzer.All(), Source: guide + "amazon-lightsail-container-services.html",
			On: words("lightsail_container_service lightsail_container_service_deployment_version")},
		{Name: "load balancer", Model: container, When: analyzer.All(), Source: guide + "understanding-lightsail-load-balancers.html",
			On: words("lightsail_lb lightsail_lb_attachment lightsail_lb_certificate lightsail_lb_certificate_attachment " +
				"lightsail_lb_https_redirection_policy lightsail_lb_stickiness_policy")},
		{Name: "bucket", Model: abstract, When: analyzer.All(), Source: guide + "buckets-in-amazon-lightsail.html",
			On: words("lightsail_bucket lightsail_bucket_access_key lightsail_bucket_resource_access")},
		{Name: "distribution", Model: abstract, When: analyzer.All(), Source: guide + "amazon-lightsail-content-delivery-network-distributions.html",
			On: words("lightsail_distribution lightsail_certificate lightsail_domain lightsail_domain_entry")},
	}
}
