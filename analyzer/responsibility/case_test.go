package responsibility

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/schema"
)

type object = map[string]cty.Value

func str(s string) cty.Value { return cty.StringVal(s) }

func list(vals ...cty.Value) cty.Value { return cty.TupleVal(vals) }

func block(attrs object) cty.Value { return list(cty.ObjectVal(attrs)) }

func managed(address string, attrs object) *analyzer.Resource {
	typ, _, _ := strings.Cut(address, ".")
	return &analyzer.Resource{
		Address: address, Definition: address, Type: typ, Mode: analyzer.Managed, Action: analyzer.Create,
		Provider: analyzer.Provider{Source: provider, Config: "provider.aws"},
		Build:    func() cty.Value { return cty.ObjectVal(attrs) },
	}
}

func model(t *testing.T, resources ...*analyzer.Resource) analyzer.Model {
	t.Helper()
	address := resources[0].Address
	set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: resources}}, analyzer.Coverage{}, nil)
	for _, j := range judge.Run(context.Background(), set, nil, judge.Options{Catalogue: Catalogue()}).Resources {
		if j.Address == address {
			if j.Service == nil {
				t.Fatalf("%s is not classified", address)
			}
			return j.Model
		}
	}
	t.Fatalf("%s is not in the report", address)
	return ""
}

func TestCases(t *testing.T) {
	const undecided = analyzer.UnknownModel
	hidden := cty.UnknownVal(cty.String)
	cluster := func() *analyzer.Resource { return managed("aws_ecs_cluster.c", object{"name": str("c")}) }
	byDefault := func(p string) *analyzer.Resource {
		return managed("aws_ecs_cluster_capacity_providers.c", object{"cluster_name": str("c"),
			"default_capacity_provider_strategy": block(object{"capacity_provider": str(p)})})
	}
	strategy := func(p cty.Value) object {
		return object{"cluster": str("c"), "capacity_provider_strategy": block(object{"capacity_provider": p})}
	}
	tests := []struct {
		name      string
		resources []*analyzer.Resource
		want      analyzer.Model
	}{
		{"ecs launch type Fargate", []*analyzer.Resource{managed("aws_ecs_service.s", object{"launch_type": str("FARGATE")})}, container},
		{"ecs launch type EC2", []*analyzer.Resource{managed("aws_ecs_service.s", object{"launch_type": str("EC2")})}, infrastructure},
		{"ecs launch type external", []*analyzer.Resource{managed("aws_ecs_service.s", object{"launch_type": str("EXTERNAL")})}, infrastructure},
		{"ecs launch type managed instances", []*analyzer.Resource{managed("aws_ecs_service.s", object{"launch_type": str("MANAGED_INSTANCES")})}, container},
		{"ecs launch type hidden", []*analyzer.Resource{managed("aws_ecs_service.s", object{"launch_type": hidden})}, undecided},
		{"ecs without launch type, default cluster", []*analyzer.Resource{managed("aws_ecs_service.s", nil)}, infrastructure},
		{"ecs without launch type, cluster without strategy", []*analyzer.Resource{managed("aws_ecs_service.s", object{"cluster": str("c")}), cluster()}, infrastructure},
		{"ecs without launch type, cluster elsewhere", []*analyzer.Resource{managed("aws_ecs_service.s", object{"cluster": str("c")})}, undecided},
		{"ecs without launch type, cluster on Fargate", []*analyzer.Resource{managed("aws_ecs_service.s", object{"cluster": str("c")}), cluster(), byDefault("FARGATE_SPOT")}, container},
		{"ecs without launch type, cluster on instances", []*analyzer.Resource{managed("aws_ecs_service.s", object{"cluster": str("c")}), cluster(), byDefault("mine")}, infrastructure},
		{"ecs strategy Fargate", []*analyzer.Resource{managed("aws_ecs_service.s", strategy(str("FARGATE")))}, container},
		{"ecs strategy Auto Scaling group", []*analyzer.Resource{managed("aws_ecs_service.s", strategy(str("mine"))),
			managed("aws_ecs_capacity_provider.p", object{"name": str("mine"), "auto_scaling_group_provider": block(object{"auto_scaling_group_arn": str("arn")})})}, infrastructure},
		{"ecs strategy managed instances", []*analyzer.Resource{managed("aws_ecs_service.s", strategy(str("mine"))),
			managed("aws_ecs_capacity_provider.p", object{"name": str("mine"), "managed_instances_provider": block(object{"infrastructure_role_arn": str("arn")})})}, container},
		{"ecs strategy elsewhere", []*analyzer.Resource{managed("aws_ecs_service.s", strategy(str("mine")))}, undecided},
		{"ecs strategy hidden", []*analyzer.Resource{managed("aws_ecs_service.s", strategy(hidden))}, undecided},
		{"ecs cluster", []*analyzer.Resource{cluster()}, container},
		{"ecs definition Fargate", []*analyzer.Resource{managed("aws_ecs_task_definition.d", object{"requires_compatibilities": list(str("FARGATE"))})}, container},
		{"ecs definition Fargate and EC2", []*analyzer.Resource{managed("aws_ecs_task_definition.d", object{"requires_compatibilities": list(str("FARGATE"), str("EC2"))})}, infrastructure},
		{"ecs definition EC2", []*analyzer.Resource{managed("aws_ecs_task_definition.d", object{"requires_compatibilities": list(str("EC2"))})}, infrastructure},
		{"ecs definition of anything", []*analyzer.Resource{managed("aws_ecs_task_definition.d", nil)}, infrastructure},
		{"ecs definition hidden", []*analyzer.Resource{managed("aws_ecs_task_definition.d", object{"requires_compatibilities": cty.DynamicVal})}, undecided},
		{"ecs provider of instances", []*analyzer.Resource{managed("aws_ecs_capacity_provider.p", object{"auto_scaling_group_provider": block(object{"auto_scaling_group_arn": str("arn")})})}, infrastructure},
		{"ecs provider of managed instances", []*analyzer.Resource{managed("aws_ecs_capacity_provider.p", object{"managed_instances_provider": block(object{"infrastructure_role_arn": str("arn")})})}, container},

		{"eks cluster", []*analyzer.Resource{managed("aws_eks_cluster.c", nil)}, container},
		{"eks node group", []*analyzer.Resource{managed("aws_eks_node_group.n", nil)}, infrastructure},
		{"eks Fargate profile", []*analyzer.Resource{managed("aws_eks_fargate_profile.f", nil)}, container},

		{"emr cluster", []*analyzer.Resource{managed("aws_emr_cluster.c", nil)}, container},
		{"emr serverless", []*analyzer.Resource{managed("aws_emrserverless_application.a", nil)}, abstract},

		{"rds", []*analyzer.Resource{managed("aws_db_instance.d", object{"engine": str("postgres")})}, container},
		{"rds custom", []*analyzer.Resource{managed("aws_db_instance.d", object{"engine": str("custom-oracle-ee")})}, infrastructure},
		{"rds custom version", []*analyzer.Resource{managed("aws_rds_custom_db_engine_version.v", nil)}, infrastructure},
		{"rds engine hidden", []*analyzer.Resource{managed("aws_db_instance.d", object{"engine": hidden})}, undecided},
		{"aurora", []*analyzer.Resource{managed("aws_rds_cluster.c", object{"engine": str("aurora-postgresql")})}, container},

		{"lambda archive", []*analyzer.Resource{managed("aws_lambda_function.f", object{"package_type": str("Zip")})}, abstract},
		{"lambda unset", []*analyzer.Resource{managed("aws_lambda_function.f", nil)}, abstract},
		{"lambda image", []*analyzer.Resource{managed("aws_lambda_function.f", object{"package_type": str("Image")})}, container},
		{"lambda hidden", []*analyzer.Resource{managed("aws_lambda_function.f", object{"package_type": hidden})}, undecided},

		{"batch Fargate", []*analyzer.Resource{managed("aws_batch_compute_environment.e", object{"type": str("MANAGED"), "compute_resources": block(object{"type": str("FARGATE_SPOT")})})}, container},
		{"batch EC2", []*analyzer.Resource{managed("aws_batch_compute_environment.e", object{"type": str("MANAGED"), "compute_resources": block(object{"type": str("EC2")})})}, infrastructure},
		{"batch unmanaged", []*analyzer.Resource{managed("aws_batch_compute_environment.e", object{"type": str("UNMANAGED")})}, infrastructure},
		{"batch hidden", []*analyzer.Resource{managed("aws_batch_compute_environment.e", object{"type": str("MANAGED"), "compute_resources": block(object{"type": hidden})})}, undecided},
		{"batch job Fargate", []*analyzer.Resource{managed("aws_batch_job_definition.j", object{"platform_capabilities": list(str("FARGATE"))})}, container},
		{"batch job unset", []*analyzer.Resource{managed("aws_batch_job_definition.j", nil)}, infrastructure},
		{"batch queue", []*analyzer.Resource{managed("aws_batch_job_queue.q", nil)}, container},

		{"opensearch domain", []*analyzer.Resource{managed("aws_opensearch_domain.d", nil)}, container},
		{"opensearch collection", []*analyzer.Resource{managed("aws_opensearchserverless_collection.c", nil)}, abstract},
		{"redshift", []*analyzer.Resource{managed("aws_redshift_cluster.c", nil)}, container},
		{"redshift serverless", []*analyzer.Resource{managed("aws_redshiftserverless_workgroup.w", nil)}, abstract},
		{"cache", []*analyzer.Resource{managed("aws_elasticache_replication_group.g", nil)}, container},
		{"cache serverless", []*analyzer.Resource{managed("aws_elasticache_serverless_cache.c", nil)}, abstract},
		{"kafka", []*analyzer.Resource{managed("aws_msk_cluster.c", nil)}, container},
		{"kafka serverless", []*analyzer.Resource{managed("aws_msk_serverless_cluster.c", nil)}, abstract},
		{"lightsail instance", []*analyzer.Resource{managed("aws_lightsail_instance.i", nil)}, infrastructure},
		{"lightsail database", []*analyzer.Resource{managed("aws_lightsail_database.d", nil)}, container},
		{"lightsail bucket", []*analyzer.Resource{managed("aws_lightsail_bucket.b", nil)}, abstract},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := model(t, test.resources...); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Every case has only types of its service and reads attributes in the
// provider's schema.
func TestCasesReadTheSchema(t *testing.T) {
	for _, s := range Services() {
		for _, c := range s.Cases {
			if c.Name == "" || c.Model == analyzer.UnknownModel || !isLink(c.Source) || len(c.On) == 0 {
				t.Errorf("%s: case %q: model %q, source %q, on %v", s.ID, c.Name, c.Model, c.Source, c.On)
			}
			for _, typ := range c.On {
				if ServiceOf(analyzer.Managed, typ) != s {
					t.Errorf("%s: case %q is on %s, which is not of it", s.ID, c.Name, typ)
				}
				for _, read := range (&analyzer.Check{When: c.When}).Reads() {
					if read.Type == "" {
						read.Type = typ
					}
					if !exists(schema.Resource(provider, read.Type), read.Path) {
						t.Errorf("%s: case %q reads %s of %s, which does not exist", s.ID, c.Name, read.Path, read.Type)
					}
				}
			}
		}
	}
}

func exists(b *schema.Block, path analyzer.Path) bool {
	if b == nil || len(path) == 0 {
		return b != nil
	}
	if n := b.Nested(path[0]); n != nil {
		return exists(&n.Block, path[1:])
	}
	return b.Attribute(path[0]) != nil && len(path) == 1
}

// A service whose model depends on unknown values shares a layer if its owners
// differ between the models.
func TestUndecided(t *testing.T) {
	rds := serviceByID(t, "rds")
	type owners struct{ today, published analyzer.Owner }
	tests := map[analyzer.Layer]owners{
		guest:                       {analyzer.SharedOwned, analyzer.NotStated},       // the provider's, or the customer's on RDS Custom
		customerData:                {analyzer.CustomerOwned, analyzer.CustomerOwned}, // always the customer's
		firewall:                    {analyzer.CustomerOwned, analyzer.CustomerOwned},
		platform:                    {analyzer.SharedOwned, analyzer.NotStated},
		analyzer.FoundationServices: {analyzer.ProviderOwned, analyzer.ProviderOwned},
	}
	for l, want := range tests {
		c := Catalogue().CellFor(rds, analyzer.UnknownModel, l)
		if got := (owners{c.Today, c.Published}); got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
		checkCell(t, "rds undecided "+string(l), c)
	}
}

func TestServiceOf(t *testing.T) {
	tests := []struct {
		mode analyzer.Mode
		typ  string
		want string // id; empty: not classified
	}{
		{analyzer.Managed, "aws_db_instance", "rds"},
		{analyzer.Managed, "aws_db_security_group", "rds"}, // retired
		{analyzer.Managed, "aws_elasticache_security_group", "elasticache"},
		{analyzer.Managed, "aws_redshift_security_group", "redshift"},
		{analyzer.Managed, "aws_opsworks_php_app_layer", "opsworks"},
		{analyzer.Managed, "aws_simpledb_domain", "simpledb"},
		{analyzer.Managed, "aws_worklink_fleet", "worklink"},
		{analyzer.Managed, "aws_macie_s3_bucket_association", "macie"},
		{analyzer.Managed, "aws_s3_bucket_object", "s3"},
		{analyzer.Data, "aws_subnet_ids", "vpc"}, // retired
		{analyzer.Managed, "aws_alb_listener", "elb"},
		{analyzer.Managed, "aws_ec2_transit_gateway_route", "transitgateway"},
		{analyzer.Managed, "aws_ec2_fleet", "ec2"},
		{analyzer.Managed, "aws_rds_newer_thing", "rds"},
		{analyzer.Data, "aws_iam_policy_document", "iam"},
		{analyzer.Data, "aws_caller_identity", "sts"},
		{analyzer.Data, "aws_availability_zones", "ec2"},
		{analyzer.Managed, "aws_unheard_of", ""},
		{analyzer.Managed, "aws_", ""},
		{analyzer.Managed, "aws", ""},
		{analyzer.Managed, "", ""},
		{analyzer.Managed, "google_storage_bucket", ""},
		{analyzer.Account, "aws", ""},
		{analyzer.Account, "aws_vpc", ""},
	}
	for _, test := range tests {
		got := ""
		if s := ServiceOf(test.mode, test.typ); s != nil {
			got = s.ID
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.typ, diff)
		}
	}
}

// The type words of a service are unique, and each is needed.
func TestTypeWords(t *testing.T) {
	owner, used := map[string]string{}, map[string]bool{}
	for _, r := range rows() {
		for _, w := range strings.Fields(r.types) {
			if owner[w] != "" {
				t.Errorf("%s is of %s and of %s", w, owner[w], r.id)
			}
			owner[w] = r.id
		}
	}
	for _, typ := range slices.Concat(schema.ResourceTypes(provider), schema.DataSourceTypes(provider), retired()) {
		name := strings.TrimPrefix(typ, "aws_")
		for owner[name] == "" && name != "" {
			name = name[:max(strings.LastIndexByte(name, '_'), 0)]
		}
		used[name] = true
	}
	for w, id := range owner {
		if !used[w] {
			t.Errorf("%s of %s stands for no type", w, id)
		}
	}
}

// A principal has the duties of the layers that its service has.
func TestDuties(t *testing.T) {
	tests := []struct {
		resource *analyzer.Resource
		want     []analyzer.Layer
	}{
		{managed("aws_iam_role.r", nil), []analyzer.Layer{identityAndAccess, logging}},
		{managed("aws_vpc.v", nil), []analyzer.Layer{identityAndAccess, traffic, firewall, network, continuity, logging}},
		{managed("aws_s3_bucket.b", nil), []analyzer.Layer{customerData, identityAndAccess, clientSideEncryption, serverSideEncryption, traffic, firewall, continuity, logging}},
		{managed("aws_db_instance.d", object{"engine": str("mysql")}), []analyzer.Layer{customerData, identityAndAccess, clientSideEncryption,
			serverSideEncryption, traffic, firewall, network, platform, continuity, logging}},
		{managed("aws_instance.i", nil), []analyzer.Layer{customerData, identityAndAccess, clientSideEncryption,
			serverSideEncryption, traffic, firewall, network, platform, guest, continuity, logging}},
		{managed("aws_security_group.g", nil), nil}, // gives its gaps to the network
	}
	for _, test := range tests {
		set := analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: []*analyzer.Resource{test.resource}}}, analyzer.Coverage{}, nil)
		var got []analyzer.Layer
		for _, d := range judge.Run(context.Background(), set, nil, judge.Options{Catalogue: Catalogue()}).Duties {
			got = append(got, d.Layer)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.resource.Address, diff)
		}
	}
}

func BenchmarkCell(b *testing.B) {
	catalogue := Catalogue()
	rds := ServiceOf(analyzer.Managed, "aws_db_instance")
	for b.Loop() {
		catalogue.CellFor(rds, container, logging)
	}
}

// BenchmarkBuild measures the cost of the first query.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		build()
	}
}

func BenchmarkServiceOf(b *testing.B) {
	for b.Loop() {
		ServiceOf(analyzer.Managed, "aws_s3_bucket_server_side_encryption_configuration")
	}
}
