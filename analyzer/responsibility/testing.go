package responsibility

import (
	"slices"

	"github.com/demarc/demarc/analyzer"
)

// Testing is the provider's policy for penetration tests of a customer's
// workload on a service.
type Testing struct {
	Permitted string     // tests permitted without approval; empty: the policy does not name the service
	Asking    []TestRule // tests that need the provider's approval
	Forbidden []TestRule // forbidden tests
	Source    string     // link to the policy, which changes
	Read      string     // date on which an undated copy of the policy was read: 2026-11-25
}

// A TestRule is one sentence of the policy.
type TestRule struct {
	Says   string
	Source string // link
}

// AWS's pages have no date. The text here is from copies read on that day; if
// copies differ, from the one with the longest list, which begins with "EC2
// instances, WAF, NAT Gateways, and Elastic Load Balancers".
const (
	testPolicyRead = "2026-11-25"

	testPolicy = "https://aws.amazon.com/security/penetration-testing/"
	floodTerms = "https://aws.amazon.com/security/ddos-simulation-testing/"
)

// TestingOf is the policy for a service, or for one of its types where typ is
// not empty.
func TestingOf(s *analyzer.Service, typ string) Testing {
	t := Testing{Source: testPolicy, Read: testPolicyRead, Asking: asking(), Forbidden: forbidden()}
	for _, p := range permits() {
		if p.service == s.ID && (typ == "" || len(p.types) == 0 || slices.Contains(p.types, typ)) {
			t.Permitted = p.what
		}
	}
	if s.ID == "route53" {
		t.Forbidden = append(t.Forbidden, names()...)
	}
	return t
}

// A permit is a line of the policy's list of permitted services.
type permit struct {
	service string   // id
	types   []string // if only these types of the service are permitted
	what    string
}

func permits() []permit {
	return []permit{
		{"ec2", nil, "EC2 instances"},
		{"autoscaling", nil, "the EC2 instances that it launches"},
		{"eks", nil, "the EC2 instances of your nodes, and what runs on Fargate; the policy does not name EKS itself"},
		{"vpc", words("nat_gateway nat_gateways"), "NAT gateways"},
		{"elb", nil, "load balancers"},
		{"waf", nil, "WAF"},
		{"wafv2", nil, "WAF"},
		{"rds", nil, "RDS and Aurora"},
		{"cloudfront", nil, "distributions of CloudFront, and functions of Lambda@Edge"},
		{"apigateway", nil, "API Gateway"},
		{"apigatewayv2", nil, "API Gateway"},
		{"appsync", nil, "AppSync"},
		{"lambda", nil, "functions"},
		{"lightsail", nil, "resources of Lightsail"},
		{"elasticbeanstalk", nil, "environments of Elastic Beanstalk"},
		{"ecs", nil, "ECS and Fargate"},
		{"opensearch", nil, "OpenSearch Service, which the policy calls by its old name, \"Amazon Elasticsearch\""},
		{"fsx", nil, "FSx"},
		{"transitgateway", nil, "Transit Gateway"},
		{"s3", nil, "applications that S3 hosts; buckets must not be the target"},
	}
}

func asking() []TestRule {
	return []TestRule{
		{"tests with command and control (C2)", testPolicy},
		{"simulations of DDoS, by a partner that AWS approved and within its terms", floodTerms},
	}
}

func forbidden() []TestRule {
	return []TestRule{
		{"tests of AWS's own infrastructure and services", testPolicy},
		{"DoS and DDoS, and simulations of them outside of those terms", testPolicy},
		{"floods of ports, protocols or requests", testPolicy},
	}
}

// names lists the forbidden tests of Route 53.
func names() []TestRule {
	return []TestRule{
		{"zone walking of hosted zones", testPolicy},
		{"DNS hijacking and pharming", testPolicy},
	}
}
