package checks

import "github.com/demarc/demarc/analyzer"

// Provider pages, and AWS's tables of security policies.
const (
	lbPage          = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb"
	listenerPage    = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener"
	targetGroupPage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group"
	classicPage     = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elb"
	sslPolicies     = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"
)

func elb() []row { return append(loadBalancers(), classicLoadBalancers()...) }

// isApplication holds for an application load balancer, which is the default
// type.
func isApplication() cond { return not(attr("load_balancer_type").OneOf("network", "gateway")) }

// redirectsToTLS holds where plain-text requests are redirected to HTTPS. An
// unset protocol of a redirect is the protocol of the request.
func redirectsToTLS() cond {
	return some("default_action", all(attr("type").Equals("redirect"), attr("redirect.protocol").Equals("HTTPS")))
}

// servesHTTP holds where a listener serves HTTP other than redirects.
func servesHTTP() cond { return all(attr("protocol").Equals("HTTP"), not(redirectsToTLS())) }

// behindTLS holds where a listener that does not serve HTTP, or a rule of one,
// forwards to the target group.
func behindTLS() cond {
	encrypts := not(attr("protocol").Equals("HTTP"))
	return says("a listener that encrypts forwards to it", anyOf(
		related("aws_lb_listener", "default_action.target_group_arn", encrypts),
		related("aws_alb_listener", "default_action.target_group_arn", encrypts),
		related("aws_lb_listener", "default_action.forward.target_group.arn", encrypts),
		related("aws_alb_listener", "default_action.forward.target_group.arn", encrypts),
		related("aws_lb_listener_rule", "action.target_group_arn", target("listener_arn", "aws_lb_listener", encrypts)),
		related("aws_alb_listener_rule", "action.target_group_arn", target("listener_arn", "aws_alb_listener", encrypts))))
}

// loadBalancers are application, network and gateway load balancers with their
// listeners and target groups.
func loadBalancers() []row {
	return []row{
		{
			ID:        "aws-elb-listener-encrypted",
			Aliases:   same("CKV_AWS_2", "AWS-0054", "aws-elb-http-not-used"),
			On:        on("aws_lb_listener", "aws_alb_listener"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Load balancer listeners serve HTTPS or redirect to it",
			Why:       "Over HTTP, passwords, cookies and content can be read and changed on the way. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html>",
			When:      not(all(unset("protocol"), unset("port"))), // a listener of a gateway load balancer has neither
			Want:      blame("protocol", not(servesHTTP())),
			Message:   "this listener serves plain HTTP",
			Close:     "set protocol = \"HTTPS\" with a certificate, or redirect: default_action of type \"redirect\" with protocol = \"HTTPS\"",
		},
		{
			ID:        "aws-elb-http-redirected",
			Aliases:   same("CKV2_AWS_20"),
			Controls:  controls("FSBP ELB.1"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Application load balancers redirect HTTP to HTTPS",
			Why:       "Who types an address without a scheme, or follows an old link, comes by HTTP, and stays there unless redirected. <https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1>",
			When:      isApplication(),
			Want: blame("", all(
				unrelated("aws_lb_listener", "load_balancer_arn", servesHTTP()),
				unrelated("aws_alb_listener", "load_balancer_arn", servesHTTP()))),
			Message: "this load balancer has a listener that serves HTTP and does not redirect",
			Close:   "give the listener a default_action of type \"redirect\" with protocol = \"HTTPS\"",
		},
		{
			ID:        "aws-elb-tls-version",
			Aliases:   join(same("AWS-0047", "aws-elb-use-secure-tls-policy"), wider("CKV_AWS_103")),
			On:        on("aws_lb_listener", "aws_alb_listener"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Load balancers negotiate TLS 1.2 or newer",
			Why:       "TLS 1.0 and 1.1 have known attacks and are deprecated; the policy that listeners have by default still accepts them. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>",
			When:      attr("protocol").OneOf("HTTPS", "TLS"),
			Want: anyOf(
				attr("ssl_policy").Equals("ELBSecurityPolicy-TLS13-1-2-2021-06"),
				attr("ssl_policy").Matches("ELBSecurityPolicy-TLS13-1-[23]-*", "ELBSecurityPolicy-TLS-1-2-*", "ELBSecurityPolicy-FS-1-2-*")),
			Message: "the security policy of this listener accepts versions before TLS 1.2",
			Fix:     unsafe("clients without TLS 1.2 are refused", listenerPage+"#ssl_policy-1"),
		},
		{
			ID:        "aws-elb-strong-ciphers",
			Aliases:   same("CKV2_AWS_74"),
			On:        on("aws_lb_listener", "aws_alb_listener"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Load balancers negotiate ciphers with forward secrecy only",
			Why:       "Without forward secrecy, who gets hold of the private key later reads what was recorded before. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>",
			When:      attr("protocol").OneOf("HTTPS", "TLS"),
			Want: anyOf(
				attr("ssl_policy").Equals("ELBSecurityPolicy-TLS13-1-2-2021-06"),
				attr("ssl_policy").Matches("ELBSecurityPolicy-TLS13-1-3-*", "ELBSecurityPolicy-TLS13-1-2-Res-*",
					"ELBSecurityPolicy-TLS13-1-2-FIPS-*", "ELBSecurityPolicy-TLS13-1-2-PQ-*", "ELBSecurityPolicy-FS-1-2-Res-*")),
			Message: "the security policy of this listener accepts weak ciphers",
			Fix:     unsafe("clients with older ciphers are refused", listenerPage+"#ssl_policy-1"),
		},
		{
			ID:        "aws-elb-invalid-headers-dropped",
			Aliases:   same("CKV_AWS_131", "AWS-0052", "aws-elb-drop-invalid-headers"),
			Controls:  controls("FSBP ELB.4"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     networkTrafficProtection,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Application load balancers drop invalid headers",
			Why:       "Headers that the load balancer and the target read differently let one request hide another. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html>",
			When:      isApplication(),
			Want:      attr("drop_invalid_header_fields").True(),
			Message:   "this load balancer passes invalid headers on",
			Fix:       unsafe("headers with other than letters, digits and hyphens no longer reach the targets", lbPage+"#drop_invalid_header_fields-1"),
		},
		{
			ID:        "aws-elb-desync-mitigated",
			Aliases:   same("CKV_AWS_328"),
			Controls:  controls("FSBP ELB.12", "FSBP ELB.14"),
			On:        on("aws_lb", "aws_alb", "aws_elb"),
			Layer:     networkTrafficProtection,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Load balancers block requests that could desynchronize",
			Why:       "In monitor mode ambiguous requests are passed on, and one may be smuggled inside another. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode>",
			When:      byType(of(always(), "aws_elb"), of(isApplication(), "aws_lb", "aws_alb")), // the others do not read requests
			Want:      attr("desync_mitigation_mode").OneOf("defensive", "strictest"),
			Message:   "this load balancer passes on requests that could desynchronize",
			Fix:       safe(),
		},
		{
			ID:        "aws-elb-access-logged",
			Aliases:   same("CKV_AWS_91"),
			Controls:  controls("FSBP ELB.5"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Load balancers log requests",
			Why:       "Without access logs nobody can determine who requested what, and from where. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html>",
			When:      not(attr("load_balancer_type").Equals("gateway")), // it has no access logs
			Want:      some("access_logs", attr("enabled").True()),
			Message:   "requests to this load balancer are not logged",
			Close:     "add an access_logs block with a bucket and enabled = true",
		},
		{
			ID:        "aws-elb-deletion-protected",
			Aliases:   same("CKV_AWS_150"),
			Controls:  controls("FSBP ELB.6"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     businessContinuity,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Load balancers are protected from deletion",
			Why:       "A deleted load balancer takes its name and addresses with it, and with them the service. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#deletion-protection>",
			Want:      attr("enable_deletion_protection").True(),
			Message:   "this load balancer can be deleted by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-elb-cross-zone",
			Aliases:   same("CKV_AWS_152"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network and gateway load balancers distribute across zones",
			Why:       "Each node otherwise serves the targets of its own zone only: with few of them there, or none, its share of the traffic suffers. <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html>",
			When:      attr("load_balancer_type").OneOf("network", "gateway"), // the others always do
			Want:      attr("enable_cross_zone_load_balancing").True(),
			Message:   "this load balancer stays within each zone",
			Fix:       unsafe("traffic between zones is charged", lbPage+"#enable_cross_zone_load_balancing-1"),
		},
		{
			ID:        "aws-elb-several-zones",
			Controls:  controls("FSBP ELB.13"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Load balancers are in several zones",
			Why:       "In a single zone the load balancer fails with it. <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#availability-zones>",
			Want:      anyOf(several("subnets"), twoOf("subnet_mapping")),
			Message:   "this load balancer is in a single zone",
			Close:     "give it subnets of two zones or more",
		},
		{
			ID:        "aws-elb-internal",
			Aliases:   same("AWS-0053", "aws-elb-alb-not-public"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Load balancers are internal",
			Why:       "An internet-facing load balancer can be reached by everyone whom its security groups let through; many are meant to be, none should be by oversight. <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#load-balancer-scheme>",
			When:      not(attr("load_balancer_type").Equals("gateway")), // it has no addresses of its own
			Want:      attr("internal").True(),
			Message:   "this load balancer faces the internet",
			Fix:       unsafe("replaces the load balancer", lbPage+"#internal-1"),
		},
		{
			ID:        "aws-elb-health-checked",
			Aliases:   same("CKV_AWS_261"),
			On:        on("aws_lb_target_group", "aws_alb_target_group"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Target groups define a health check",
			Why:       "The default asks for / every half minute, which seldom tells whether the application works. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>",
			When:      attr("protocol").OneOf("HTTP", "HTTPS"),
			Want:      some("health_check", not(attr("enabled").False())),
			Message:   "this target group defines no health check",
			Close:     "add a health_check block with the path of your application's own check",
		},
		{
			ID:        "aws-elb-targets-not-clear-throughout",
			Aliases:   same("CKV_AWS_378"),
			On:        on("aws_lb_target_group", "aws_alb_target_group"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Requests to load balancer targets are encrypted in front of the load balancer or behind it",
			Why:       "Where neither the listener nor the targets speak TLS, passwords, cookies and content cross every network on the way in clear text. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration>",
			Want:      blame("protocol", anyOf(not(attr("protocol").Equals("HTTP")), behindTLS())),
			Message:   "no listener of these targets encrypts, and neither do they",
			Close:     "forward from a listener with protocol = \"HTTPS\" and a certificate",
		},
		{
			ID:        "aws-elb-targets-encrypted",
			On:        on("aws_lb_target_group", "aws_alb_target_group"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Load balancers use TLS to their targets",
			Why:       "Behind the load balancer requests cross the network in clear text, where other workloads of the VPC may be. <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration>",
			Want:      not(attr("protocol").Equals("HTTP")),
			Message:   "requests reach these targets in clear text",
			Close:     "set protocol = \"HTTPS\" and serve TLS on the targets: that replaces the target group",
		},
	}
}

// secure holds for the listener protocols that encrypt.
func secure(protocol analyzer.Attribute) cond { return protocol.OneOf("https", "ssl", "HTTPS", "SSL") }

func classicLoadBalancers() []row {
	return []row{
		{
			ID:        "aws-elb-classic-listener-encrypted",
			Aliases:   same("CKV_AWS_376"),
			Controls:  controls("FSBP ELB.3"),
			On:        on("aws_elb"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Classic load balancer listeners use TLS",
			Why:       "Over HTTP and TCP, passwords, cookies and content can be read and changed on the way. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-https-load-balancers.html>",
			Want:      each("listener", secure(attr("lb_protocol"))),
			Message:   "this listener does not encrypt",
			Close:     "set lb_protocol to \"https\" or \"ssl\", with ssl_certificate_id",
		},
		{
			ID:        "aws-elb-classic-certificate-managed",
			Aliases:   wider("CKV_AWS_127"),
			Controls:  controls("FSBP ELB.2"),
			On:        on("aws_elb"),
			Layer:     networkTrafficProtection,
			Objective: rotateCredentials,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Classic load balancer certificates are from ACM",
			Why:       "Certificate Manager renews its certificates; one that was uploaded to IAM expires unless somebody remembers. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html>",
			When:      some("listener", secure(attr("lb_protocol"))),
			Want:      each("listener", blame("ssl_certificate_id", anyOf(not(secure(attr("lb_protocol"))), managedCertificate()))),
			Message:   "the certificate of this listener is not from ACM",
			Close:     "set ssl_certificate_id to the ARN of an aws_acm_certificate",
		},
		{
			ID:        "aws-elb-classic-policy-strong",
			Aliases:   same("CKV_AWS_213"),
			Controls:  controls("FSBP ELB.8"),
			On:        on("aws_load_balancer_policy"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Classic load balancer policies negotiate TLS 1.2 only",
			Why:       "SSL and TLS before 1.2 have known attacks and are deprecated. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html>",
			When:      attr("policy_type_name").Equals("SSLNegotiationPolicyType"),
			Want: none("policy_attribute", anyOf(
				all(attr("name").OneOf("Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1"), attr("value").True()),
				all(attr("name").Equals("Reference-Security-Policy"), not(attr("value").Equals("ELBSecurityPolicy-TLS-1-2-2017-01"))))),
			Message: "this policy accepts versions before TLS 1.2",
			Close:   "refer to ELBSecurityPolicy-TLS-1-2-2017-01, or enable Protocol-TLSv1.2 alone",
		},
		{
			ID:        "aws-elb-classic-access-logged",
			Aliases:   same("CKV_AWS_92"),
			Controls:  controls("FSBP ELB.5"),
			On:        on("aws_elb"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Classic load balancers log requests",
			Why:       "Without access logs nobody can determine who requested what, and from where. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html>",
			Want:      some("access_logs", not(attr("enabled").False())), // on where nothing is said
			Message:   "requests to this load balancer are not logged",
			Close:     "add an access_logs block with a bucket",
		},
		{
			ID:        "aws-elb-classic-cross-zone",
			Aliases:   same("CKV_AWS_138"),
			Controls:  controls("FSBP ELB.9"),
			On:        on("aws_elb"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Classic load balancers distribute across zones",
			Why:       "Each node otherwise serves the instances of its own zone only: with few of them there, or none, its share of the traffic suffers. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-crosszone-lb.html>",
			Want:      attr("cross_zone_load_balancing").True(),
			Message:   "this load balancer stays within each zone",
			Fix:       safe(),
		},
		{
			ID:        "aws-elb-classic-draining",
			Controls:  controls("FSBP ELB.7"),
			On:        on("aws_elb"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Classic load balancers drain connections",
			Why:       "Requests in flight are cut off when an instance leaves or fails its health check. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-conn-drain.html>",
			Want:      attr("connection_draining").True(),
			Message:   "this load balancer cuts requests off when an instance leaves",
			Fix:       safe(),
		},
		{
			ID:        "aws-elb-classic-several-zones",
			Controls:  controls("FSBP ELB.10"),
			On:        on("aws_elb"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Classic load balancers are in several zones",
			Why:       "In a single zone the load balancer fails with it. <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-az.html>",
			Want:      anyOf(all(not(unset("subnets")), several("subnets")), all(not(unset("availability_zones")), several("availability_zones"))),
			Message:   "this load balancer is in a single zone",
			Close:     "give it subnets, or availability_zones, of two zones or more",
		},
	}
}

// twoOf holds where a block occurs twice or more.
func twoOf(block string) cond {
	return analyzer.Func{
		Says:  "there are two blocks " + block + " or more",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(block), Want: analyzer.BlockKind, Repeated: true}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(block)
			switch found, open := v.Elements(block); {
			case len(found) > 1:
				return v.Pass(l)
			case open:
				return v.Unknown(l)
			}
			return v.Fail(l)
		},
	}
}

// managedCertificate holds where a listener's certificate is from Certificate
// Manager.
func managedCertificate() cond {
	const path = "ssl_certificate_id"
	return analyzer.Func{
		Says: path + " is a certificate of Certificate Manager",
		Reads: []analyzer.Read{
			{Path: analyzer.Path{path}, Want: analyzer.StringKind},
			{Type: "aws_acm_certificate"}, {Type: "aws_acm_certificate_validation"}, {Type: "data.aws_acm_certificate"},
			{Type: "aws_iam_server_certificate"}, {Type: "data.aws_iam_server_certificate"},
		},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			if l.Known() {
				return v.Judge(attr(path).Matches("arn:aws*:acm:*"))
			}
			for _, typ := range [...]string{"aws_acm_certificate", "aws_acm_certificate_validation", "data.aws_acm_certificate"} {
				if sureTarget(v, path, typ) {
					return v.Pass(l)
				}
			}
			if sureTarget(v, path, "aws_iam_server_certificate") || sureTarget(v, path, "data.aws_iam_server_certificate") {
				return v.Fail(l)
			}
			return v.Unknown(l)
		},
	}
}

// sureTarget reports whether the attribute can only mean a resource of the
// type.
func sureTarget(v *analyzer.View, path, typ string) bool {
	for _, link := range v.Targets(path, typ) {
		if !link.Possible {
			return true
		}
	}
	return false
}

// elbDefaults are Elastic Load Balancing's values for unset attributes.
func elbDefaults() []analyzer.Default {
	rows := []analyzer.Default{
		{Type: "aws_elb", Path: "desync_mitigation_mode", Value: isString("defensive"), Source: classicPage + "#desync_mitigation_mode-1"},
		{Type: "aws_elb", Path: "cross_zone_load_balancing", Value: isTrue, Source: classicPage + "#cross_zone_load_balancing-1"},
		{Type: "aws_elb", Path: "availability_zones", Source: classicPage + "#availability_zones-1"},
		{Type: "aws_elb", Path: "subnets", Source: classicPage + "#subnets-1"},
	}
	for _, typ := range [...]string{"aws_lb", "aws_alb"} {
		rows = append(rows,
			analyzer.Default{Type: typ, Path: "desync_mitigation_mode", Value: isString("defensive"), Source: lbPage + "#desync_mitigation_mode-1"},
			analyzer.Default{Type: typ, Path: "internal", Value: isFalse, Source: lbPage + "#internal-1"},
			analyzer.Default{Type: typ, Path: "subnets", Value: isNothing, Source: lbPage + "#subnets-1"})
	}
	for _, typ := range [...]string{"aws_lb_listener", "aws_alb_listener"} {
		rows = append(rows,
			analyzer.Default{Type: typ, Path: "protocol", Value: isString("HTTP"), Source: listenerPage + "#protocol-1"},
			analyzer.Default{Type: typ, Path: "ssl_policy", Value: isString("ELBSecurityPolicy-2016-08"), Source: sslPolicies})
	}
	return rows
}
