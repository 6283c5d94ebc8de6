package responsibility

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

// TestTestingPolicy: every sentence of the policy has its page, and every
// permit names an existing service and existing types.
func TestTestingPolicy(t *testing.T) {
	for _, s := range Services() {
		p := TestingOf(s, "")
		if _, err := time.Parse(time.DateOnly, p.Read); err != nil || !isLink(p.Source) || len(p.Asking) == 0 || len(p.Forbidden) == 0 {
			t.Errorf("%s: the policy is not complete: %+v", s.ID, p)
		}
		for _, r := range slices.Concat(p.Asking, p.Forbidden) {
			if r.Says == "" || !isLink(r.Source) {
				t.Errorf("%s: %q comes from %q", s.ID, r.Says, r.Source)
			}
		}
	}
	for _, p := range permits() {
		i := slices.IndexFunc(Services(), func(s *analyzer.Service) bool { return s.ID == p.service })
		if i < 0 || p.what == "" {
			t.Errorf("%+v is of no service, or permits nothing", p)
			continue
		}
		for _, typ := range p.types {
			if schema.Resource(provider, typ) == nil && schema.DataSource(provider, typ) == nil || ServiceOf(analyzer.Managed, typ) != Services()[i] {
				t.Errorf("%s: %s is no type of it", p.service, typ)
			}
		}
	}
}

func TestTestingOf(t *testing.T) {
	service := func(typ string) *analyzer.Service { return ServiceOf(analyzer.Managed, typ) }
	got := map[string]string{}
	for _, typ := range []string{"aws_db_instance", "aws_nat_gateway", "aws_subnet", "aws_s3_bucket", "aws_sqs_queue", "aws_docdb_cluster"} {
		got[typ] = TestingOf(service(typ), typ).Permitted
	}
	want := map[string]string{
		"aws_db_instance": "RDS and Aurora", "aws_nat_gateway": "NAT gateways", "aws_subnet": "",
		"aws_s3_bucket": "applications that S3 hosts; buckets must not be the target", "aws_sqs_queue": "", "aws_docdb_cluster": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permitted (-want +got):\n%s", diff)
	}
	zone := TestingOf(service("aws_route53_zone"), "").Forbidden
	if len(zone) != len(forbidden())+2 {
		t.Errorf("of Route 53 is forbidden: %+v", zone)
	}
}

// TestInheritedRequirements: the inherited requirements are about sites and
// hardware.
func TestInheritedRequirements(t *testing.T) {
	want := map[string][]string{
		"hipaa": {
			"164.310(a)(1)", "164.310(a)(2)(i)", "164.310(a)(2)(ii)", "164.310(a)(2)(iii)", "164.310(a)(2)(iv)",
			"164.310(d)(1)", "164.310(d)(2)(i)", "164.310(d)(2)(ii)", "164.310(d)(2)(iii)",
		},
		"soc2": {"CC6.4", "CC6.5"},
	}
	got := map[string][]string{"hipaa": InheritedRequirements()["hipaa"], "soc2": InheritedRequirements()["soc2"]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("inherited (-want +got):\n%s", diff)
	}
	if got := InheritedRequirements()["gdpr"]; got != nil {
		t.Errorf("of the GDPR, %v is inherited", got)
	}
}

func TestProviderLayers(t *testing.T) {
	ecs := ServiceOf(analyzer.Managed, "aws_ecs_service")
	want := []analyzer.Layer{guest, analyzer.FoundationServices, analyzer.GlobalInfrastructure}
	if diff := cmp.Diff(want, ProviderLayers(ecs, container)); diff != "" {
		t.Errorf("on Fargate (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:], ProviderLayers(ecs, container, infrastructure)); diff != "" {
		t.Errorf("wherever it runs (-want +got):\n%s", diff)
	}
}
