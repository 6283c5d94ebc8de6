package responsibility

import "github.com/demarc/demarc/analyzer"

// databases lists every kind of database and cache.
func databases() []row {
	const custom = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-custom.html"
	return []row{
		{id: "rds", name: "Amazon RDS", model: container, source: "AmazonRDS/latest/UserGuide/UsingWithRDS.html",
			types: "rds db", principals: "db_instance rds_cluster rds_cluster_instance rds_global_cluster db_proxy",
			cases: []analyzer.Case{
				// The customer has access to the host and patches it.
				{Name: "RDS Custom", Model: infrastructure, On: words("db_instance rds_cluster_instance rds_cluster"),
					When: analyzer.Attr("engine").Matches("custom-*"), Source: custom},
				{Name: "RDS Custom", Model: infrastructure, On: words("rds_custom_db_engine_version"), When: analyzer.All(), Source: custom},
			},
			overrides: join(
				at("AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html", under(container, inVPC())),
				at("AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html", under(container, engine())),
				at(custom, under(infrastructure, shared(platform, "the database software, its patches and its parameters", "AWS monitors and automates what you leave to it"))),
				at(custom, under(infrastructure, shared(continuity, "backup retention, standbys, restore tests, and a host that automation supports", "AWS takes snapshots and replaces a failed host"))))},
		{id: "dsql", name: "Amazon Aurora DSQL", model: abstract, source: "aurora-dsql/latest/userguide/security.html",
			types: "dsql", principals: "dsql_cluster"},
		{id: "dynamodb", name: "Amazon DynamoDB", model: abstract, source: "amazondynamodb/latest/developerguide/security.html",
			types: "dynamodb", principals: "dynamodb_table dynamodb_global_table"},
		{id: "dax", name: "Amazon DynamoDB Accelerator", model: container, source: "amazondynamodb/latest/developerguide/DAX.html",
			types: "dax", principals: "dax_cluster", overrides: join(inVPC(), engine())},
		{id: "elasticache", name: "Amazon ElastiCache", model: container, source: "AmazonElastiCache/latest/dg/WhatIs.deployment.html",
			types: "elasticache", principals: "elasticache_cluster elasticache_replication_group elasticache_serverless_cache elasticache_global_replication_group",
			cases: []analyzer.Case{{Name: "serverless", Model: abstract, On: words("elasticache_serverless_cache"), When: analyzer.All(),
				Source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.deployment.html"}},
			overrides: join(inVPC(), engine(), under(abstract, all(firewall, "security groups of the cache")))},
		{id: "memorydb", name: "Amazon MemoryDB", model: container, source: "memorydb/latest/devguide/memorydb-security.html",
			types: "memorydb", principals: "memorydb_cluster memorydb_multi_region_cluster", overrides: join(inVPC(), engine())},
		{id: "docdb", name: "Amazon DocumentDB", model: container, source: "documentdb/latest/developerguide/security.html",
			types: "docdb", principals: "docdb_cluster docdb_cluster_instance docdb_global_cluster", overrides: join(inVPC(), engine())},
		{id: "docdb-elastic", name: "Amazon DocumentDB elastic clusters", model: container, source: "documentdb/latest/developerguide/docdb-using-elastic-clusters.html",
			types: "docdbelastic", principals: "docdbelastic_cluster", overrides: inVPC()},
		{id: "neptune", name: "Amazon Neptune", model: container, source: "neptune/latest/userguide/security.html",
			types: "neptune", principals: "neptune_cluster neptune_cluster_instance neptune_global_cluster", overrides: join(inVPC(), engine())},
		{id: "neptune-graph", name: "Amazon Neptune Analytics", model: abstract, source: "neptune-analytics/latest/userguide/security.html",
			types: "neptunegraph", principals: "neptunegraph_graph"},
		{id: "redshift", name: "Amazon Redshift", model: container, source: "redshift/latest/mgmt/iam-redshift-user-mgmt.html",
			types: "redshift redshiftdata", principals: "redshift_cluster", overrides: join(inVPC(), engine())},
		{id: "redshift-serverless", name: "Amazon Redshift Serverless", model: abstract, source: "redshift/latest/mgmt/serverless-security.html",
			types: "redshiftserverless", principals: "redshiftserverless_namespace redshiftserverless_workgroup",
			overrides: join(inVPC(), all(firewall, "security groups of the workgroup, and whether it is public"),
				shared(platform, "the parameters of the workgroup", "AWS runs and upgrades the engine"),
				shared(traffic, "require TLS of clients", "AWS offers TLS on the endpoint"))},
		{id: "keyspaces", name: "Amazon Keyspaces", model: abstract, source: "keyspaces/latest/devguide/security.html",
			types: "keyspaces", principals: "keyspaces_table"},
		{id: "timestream", name: "Amazon Timestream for LiveAnalytics", model: abstract, source: "timestream/latest/developerguide/security.html",
			types: "timestreamwrite timestreamquery", principals: "timestreamwrite_database timestreamwrite_table"},
		{id: "timestream-influxdb", name: "Amazon Timestream for InfluxDB", model: container, source: "timestream/latest/developerguide/timestream-for-influxdb.html",
			types: "timestreaminfluxdb", principals: "timestreaminfluxdb_db_instance timestreaminfluxdb_db_cluster", overrides: join(inVPC(), engine())},
		{id: "qldb", name: "Amazon QLDB", model: abstract, source: "qldb/latest/developerguide/security.html",
			types: "qldb", principals: "qldb_ledger"},
		{id: "simpledb", name: "Amazon SimpleDB", model: abstract, source: "AmazonSimpleDB/latest/DeveloperGuide/Welcome.html",
			types: "simpledb", principals: "simpledb_domain"},
		{id: "dms", name: "AWS Database Migration Service", model: container, source: "dms/latest/userguide/CHAP_Security.html",
			types: "dms", principals: "dms_replication_instance dms_replication_config dms_endpoint", overrides: join(inVPC(), engine())},
	}
}
