package checks

import (
	"slices"
	"strings"

	"github.com/demarc/demarc/analyzer"
)

func edge() []row {
	return slices.Concat(distributions(), edgeOrigins(), zonesAndDomains(), certificatesOfACM(), edgeNetworks())
}

// distributions lists the viewer settings of CloudFront distributions.
func distributions() []row {
	return []row{
		{
			ID:        "aws-cloudfront-https-only",
			Aliases:   same("CKV_AWS_34", "AWS-0012", "aws-cloudfront-enforce-https"),
			Controls:  controls("FSBP CloudFront.3"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CloudFront distributions require HTTPS of viewers",
			Why:       "Over HTTP, cookies, passwords and content can be read and changed between viewers and the edge. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html>",
			Want:      all(httpsOnly("default_cache_behavior.viewer_protocol_policy"), each("ordered_cache_behavior", httpsOnly("viewer_protocol_policy"))),
			Message:   "viewers may use plain HTTP here",
			Close:     "set viewer_protocol_policy to \"redirect-to-https\" or \"https-only\"",
		},
		{
			ID:        "aws-cloudfront-tls-version",
			Aliases:   join(same("CKV_AWS_174"), narrower("AWS-0013", "aws-cloudfront-use-secure-tls-policy")),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "CloudFront distributions negotiate TLS 1.2 or newer with viewers",
			Why:       "TLS 1.0 and 1.1 have known attacks and are deprecated; with the default CloudFront certificate the oldest version is always TLS 1.0. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html>",
			Want: all(
				not(attr("viewer_certificate.cloudfront_default_certificate").True()),
				attr("viewer_certificate.minimum_protocol_version").Matches("TLSv1.2_*", "TLSv1.3_*")),
			Message: "viewers may negotiate a version before TLS 1.2",
			Close:   "set minimum_protocol_version = \"TLSv1.2_2021\", with your own certificate",
		},
		{
			ID:        "aws-cloudfront-own-certificate",
			Aliases:   same("CKV2_AWS_42"),
			Controls:  controls("FSBP CloudFront.7"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions have their own certificate",
			Why:       "With the default CloudFront certificate viewers use a name under cloudfront.net, and the oldest TLS version cannot be chosen. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-alternate-domain-names.html>",
			Want: all(
				not(attr("viewer_certificate.cloudfront_default_certificate").True()),
				hasCertificate()),
			Message: "this distribution uses the default CloudFront certificate",
			Close:   "set acm_certificate_arn to a certificate in us-east-1",
		},
		{
			ID:        "aws-cloudfront-sni",
			Controls:  controls("FSBP CloudFront.8"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions serve HTTPS with SNI",
			Why:       "Dedicated IP addresses are for old clients without SNI, and are charged each month. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-https-dedicated-ip-or-sni.html>",
			When:      hasCertificate(),
			Want:      attr("viewer_certificate.ssl_support_method").Equals("sni-only"),
			Message:   "this distribution serves HTTPS on dedicated IP addresses",
			Fix:       unsafe("clients that do not send a server name are refused", distributionPage+"#ssl_support_method-1"),
		},
		{
			ID:        "aws-cloudfront-response-headers",
			Aliases:   same("CKV2_AWS_32"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions add security headers to responses",
			Why:       "Headers such as Strict-Transport-Security and X-Content-Type-Options tell browsers to refuse what attacks need; a policy adds them whatever the origin does. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html>",
			Want:      attr("default_cache_behavior.response_headers_policy_id").Present(),
			Message:   "no response headers policy is attached to the default behavior",
			Close:     "set response_headers_policy_id to an aws_cloudfront_response_headers_policy, or to the managed policy SecurityHeadersPolicy",
		},
		{
			ID:        "aws-cloudfront-hsts",
			Aliases:   wider("CKV_AWS_259"),
			On:        on("aws_cloudfront_response_headers_policy"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront response headers policies tell browsers to use HTTPS for a year",
			Why:       "Such a browser never sends the first request over HTTP, which an attacker could otherwise answer. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#understanding-response-headers-policies-security>",
			When:      some("security_headers_config", always()),
			Want: all(
				attr("security_headers_config.strict_transport_security.access_control_max_age_sec").AtLeast(31536000),
				attr("security_headers_config.strict_transport_security.include_subdomains").True(),
				attr("security_headers_config.strict_transport_security.override").True()),
			Message: "this policy does not hold browsers to HTTPS for a year, subdomains included",
			Fix:     unsafe("browsers refuse HTTP on the domain and its subdomains for a year", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_response_headers_policy#strict-transport-security"),
		},
		{
			ID:        "aws-cloudfront-logged",
			Aliases:   same("CKV_AWS_86", "AWS-0010", "aws-cloudfront-enable-logging"),
			Controls:  controls("FSBP CloudFront.5"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront distributions log requests",
			Why:       "Without logs nobody can determine who requested what, and what an attack did before it was noticed. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html>",
			Want: anyOf(
				some("logging_config", attr("bucket").Present()),
				related("aws_cloudwatch_log_delivery_source", "resource_arn", nil)), // standard logging, version 2
			Message: "requests to this distribution are not logged",
			Close:   "add a logging_config block with a bucket, or an aws_cloudwatch_log_delivery_source with its ARN",
		},
		{
			ID:        "aws-cloudfront-default-root-object",
			Aliases:   same("CKV_AWS_305"),
			Controls:  controls("FSBP CloudFront.1"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     platformAndApplication,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront distributions have a default root object",
			Why:       "Without it a request for the root reaches the origin as it is, and a bucket may answer with the list of its objects. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html>",
			Want:      attr("default_root_object").Present(),
			Message:   "this distribution has no default root object",
			Close:     "set default_root_object = \"index.html\", or what your root is",
		},
		{
			ID:        "aws-cloudfront-geo-restricted",
			Aliases:   same("CKV_AWS_374"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions restrict the countries that they serve",
			Why:       "Content for some countries only is otherwise served to all countries. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html>",
			Want:      attr("restrictions.geo_restriction.restriction_type").Matches("whitelist", "blacklist"),
			Message:   "this distribution serves every country",
			Close:     "set restriction_type = \"whitelist\" with the countries as locations",
		},
		{
			ID:        "aws-cloudfront-enabled",
			Aliases:   same("CKV_AWS_216"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions are enabled",
			Why:       "A distribution that is off serves nothing, but keeps its names, certificate and access to its origins. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToDeleteDistribution.html>",
			Want:      attr("enabled").True(),
			Message:   "this distribution is off: turn it on, or delete it",
			Fix:       unsafe("the distribution serves requests", distributionPage+"#enabled-1"),
		},
	}
}

// edgeOrigins lists the origins of CloudFront.
func edgeOrigins() []row {
	return []row{
		{
			ID:        "aws-cloudfront-s3-origin-access",
			Aliases:   same("CKV2_AWS_46"),
			Controls:  controls("FSBP CloudFront.13"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront reads S3 origins with an origin access control",
			Why:       "Without one the bucket must be public for CloudFront to read it, and anybody can read it directly. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>",
			Want: each("origin", anyOf(
				attr("origin_access_control_id").Present(),
				attr("s3_origin_config.origin_access_identity").Present(),
				some("custom_origin_config", always()), // not a bucket, or its website
				some("vpc_origin_config", always()))),
			Message: "this origin is a bucket that CloudFront reads without an origin access control",
			Close:   "set origin_access_control_id to an aws_cloudfront_origin_access_control, and allow it in the bucket policy",
		},
		{
			ID:        "aws-cloudfront-origin-access-signed",
			On:        on("aws_cloudfront_origin_access_control"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront origin access controls sign every request",
			Why:       "Requests that are not signed, or that pass on the viewer's own signature, reach only origins that are open to others than CloudFront. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#oac-advanced-settings>",
			Want:      attr("signing_behavior").Equals("always"),
			Message:   "requests to this origin are not all signed",
			Fix:       unsafe("signatures of viewers no longer reach the origin", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_origin_access_control#signing_behavior-1"),
		},
		{
			ID:        "aws-cloudfront-origin-https-only",
			Aliases:   same("CKV2_AWS_72"),
			Controls:  controls("FSBP CloudFront.9"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront fetches from origins by HTTPS only",
			Why:       "Between the edge and the origin requests cross the internet, where HTTP can be read and changed. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html>",
			Want:      each("origin.custom_origin_config", attr("origin_protocol_policy").Equals("https-only")),
			Message:   "requests to this origin may use plain HTTP",
			Close:     "set origin_protocol_policy = \"https-only\"",
		},
		{
			ID:        "aws-cloudfront-origin-no-sslv3",
			Aliases:   same("CKV2_AWS_54"),
			Controls:  controls("FSBP CloudFront.10"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront does not offer SSL 3.0 to origins",
			Why:       "SSL 3.0 is broken: what it encrypts can be read. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html>",
			Want:      none("origin.custom_origin_config", attr("origin_ssl_protocols").Contains("SSLv3")),
			Message:   "connections to this origin may use SSL 3.0",
			Close:     "set origin_ssl_protocols = [\"TLSv1.2\"]",
		},
		{
			ID:        "aws-cloudfront-origin-tls-version",
			On:        on("aws_cloudfront_distribution"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront uses TLS 1.2 with origins",
			Why:       "TLS 1.0 and 1.1 have known attacks and are deprecated; CloudFront uses them where the origin agrees to no better one. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html>",
			Want:      none("origin.custom_origin_config", anyOf(attr("origin_ssl_protocols").Contains("TLSv1"), attr("origin_ssl_protocols").Contains("TLSv1.1"))),
			Message:   "connections to this origin may use a version before TLS 1.2",
			Close:     "set origin_ssl_protocols = [\"TLSv1.2\"]",
		},
		{
			ID:        "aws-cloudfront-origin-failover",
			Aliases:   same("CKV_AWS_310"),
			Controls:  controls("FSBP CloudFront.4"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "CloudFront distributions have a second origin to fail over to",
			Why:       "When its only origin fails, the distribution fails for everything that is not cached. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html>",
			Want:      some("origin_group", all(some("failover_criteria", always()), twoOf("member"))),
			Message:   "this distribution has no origin to fail over to",
			Close:     "add an origin_group with two members",
		},
	}
}

// zonesAndDomains lists Route 53 zones, domains and records.
func zonesAndDomains() []row {
	return []row{
		{
			ID:        "aws-route53-dnssec",
			Aliases:   same("CKV2_AWS_38"),
			On:        on("aws_route53_zone"),
			Layer:     networkTrafficProtection,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Public Route 53 zones are signed with DNSSEC",
			Why:       "Answers that are not signed can be forged on the way, and send users to another server. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html>",
			When:      not(some("vpc", always())), // private zones cannot be signed
			Want:      related("aws_route53_hosted_zone_dnssec", "hosted_zone_id", attr("signing_status").Equals("SIGNING")),
			Message:   "this public zone is not signed with DNSSEC",
			Close:     "add an aws_route53_key_signing_key and an aws_route53_hosted_zone_dnssec with its id",
		},
		{
			ID:        "aws-route53-query-logged",
			Aliases:   same("CKV2_AWS_39"),
			Controls:  controls("FSBP Route53.2"),
			On:        on("aws_route53_zone"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Public Route 53 zones log queries",
			Why:       "Without query logs nobody sees which names are asked for, nor by whom, when one is abused. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html>",
			When:      not(some("vpc", always())), // Resolver logs the queries of private zones
			Want:      related("aws_route53_query_log", "zone_id", nil),
			Message:   "queries to this public zone are not logged",
			Close:     "add an aws_route53_query_log with its id",
		},
		{
			ID:        "aws-route53-domain-transfer-locked",
			Aliases:   same("CKV_AWS_377"),
			On:        on("aws_route53domains_registered_domain", "aws_route53domains_domain"),
			Layer:     identityAndAccess,
			Objective: preventDeletion,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Route 53 domains are locked against transfer",
			Why:       "A domain that is transferred away takes its websites, its mail and the resets of passwords with it. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-lock.html>",
			Want:      attr("transfer_lock").True(),
			Message:   "this domain can be transferred to another registrar",
			Fix:       safe(),
		},
		{
			ID:        "aws-route53-domain-renewed",
			On:        on("aws_route53domains_registered_domain", "aws_route53domains_domain"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Route 53 domains are renewed automatically",
			Why:       "A domain that expires is anybody's to register, with the trust that users have in its name. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-enable-disable-auto-renewal.html>",
			Want:      attr("auto_renew").True(),
			Message:   "this domain expires unless somebody renews it",
			Fix:       unsafe("each renewal is charged", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53domains_registered_domain#auto_renew-1"),
		},
		{
			ID:        "aws-route53-domain-private",
			On:        on("aws_route53domains_registered_domain", "aws_route53domains_domain"),
			Layer:     customerData,
			Objective: preventExposure,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Route 53 domain contacts are not published",
			Why:       "Names, addresses and phone numbers in WHOIS are what phishing and fraudulent transfers begin with. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-privacy-protection.html>",
			Want:      all(attr("registrant_privacy").True(), attr("admin_privacy").True(), attr("tech_privacy").True()),
			Message:   "WHOIS shows the contacts of this domain",
			Fix:       safe(),
		},
		{
			ID:        "aws-route53-record-target-managed",
			Aliases:   same("CKV2_AWS_23"),
			On:        on("aws_route53_record"),
			Layer:     networkTrafficProtection,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Route 53 address records point at resources of this configuration",
			Why:       "An address that is written out outlives what it stood for: whoever gets it next receives the traffic, and certificates, of your name. <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/protection-from-dangling-dns.html>",
			When:      attr("type").Equals("A"),
			Want:      pointsAtResource(),
			Message:   "this record names an address that nothing here owns",
			Close:     "refer to the resource that has the address",
		},
	}
}

// certificatesOfACM lists Certificate Manager certificates.
func certificatesOfACM() []row {
	return []row{
		{
			ID:        "aws-acm-no-wildcard",
			Aliases:   same("CKV2_AWS_71"),
			On:        on("aws_acm_certificate"),
			Layer:     networkTrafficProtection,
			Objective: leastPrivilege,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ACM certificates name their hosts",
			Why:       "With a wildcard, whoever holds the private key of one host can impersonate all of them. <https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html>",
			Want: all(
				noneOf("domain_name", "*"),
				noneOf("subject_alternative_names", "*")),
			Message: "this certificate is valid for every host of a domain",
			Close:   "name the hosts in domain_name and subject_alternative_names",
		},
		{
			ID:        "aws-acm-transparency-logged",
			Aliases:   wider("CKV_AWS_234"),
			On:        on("aws_acm_certificate"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ACM certificates are in the transparency logs",
			Why:       "Browsers distrust a public certificate that is in no log, and nobody notices one that was issued by mistake. <https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html#best-practices-transparency>",
			When:      all(not(attr("private_key").Present()), not(attr("certificate_authority_arn").Present())), // imported, or of a private CA
			Want:      attr("options.certificate_transparency_logging_preference").Equals("ENABLED"),
			Message:   "this certificate is kept out of the transparency logs",
			Fix:       safe(),
		},
		{
			ID:        "aws-acm-key-strong",
			Controls:  controls("FSBP ACM.2"),
			On:        on("aws_acm_certificate"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ACM certificate keys are RSA of 2048 bits or more, or elliptic curve",
			Why:       "Attackers can break RSA keys of 1024 bits and then impersonate the host. <https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html#algorithms>",
			When:      not(attr("private_key").Present()), // an imported key shows its size nowhere
			Want:      not(attr("key_algorithm").Equals("RSA_1024")),
			Message:   "the key of this certificate is too short",
			Close:     "set key_algorithm = \"EC_prime256v1\", or leave it at RSA_2048: that replaces the certificate",
		},
		{
			ID:        "aws-acm-dns-validated",
			On:        on("aws_acm_certificate"),
			Layer:     networkTrafficProtection,
			Objective: rotateCredentials,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ACM certificates are validated by DNS",
			Why:       "With the record in place Certificate Manager renews by itself; by email somebody must answer each time, or the certificate expires. <https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html>",
			When:      all(not(attr("private_key").Present()), not(attr("certificate_authority_arn").Present())),
			Want:      attr("validation_method").Equals("DNS"),
			Message:   "this certificate is not renewed automatically",
			Fix:       unsafe("replaces the certificate", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate#validation_method-1"),
		},
	}
}

// edgeNetworks lists accelerators and network firewalls.
func edgeNetworks() []row {
	return []row{
		{
			ID:        "aws-globalaccelerator-flow-logged",
			Aliases:   same("CKV_AWS_75"),
			On:        on("aws_globalaccelerator_accelerator"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Global Accelerator accelerators log flows",
			Why:       "Without flow logs nobody can determine who connected through the accelerator, and to what. <https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html>",
			Want:      some("attributes", attr("flow_logs_enabled").True()),
			Message:   "flows through this accelerator are not logged",
			Close:     "add an attributes block with flow_logs_enabled = true, flow_logs_s3_bucket and flow_logs_s3_prefix",
		},
		{
			ID:        "aws-network-firewall-logged",
			Aliases:   same("CKV2_AWS_63"),
			Controls:  controls("FSBP NetworkFirewall.2"),
			On:        on("aws_networkfirewall_firewall"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls log what they decide",
			Why:       "Without logs nobody sees what the firewall dropped, nor what it let through. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging.html>",
			Want:      related("aws_networkfirewall_logging_configuration", "firewall_arn", nil),
			Message:   "this firewall does not log",
			Close:     "add an aws_networkfirewall_logging_configuration with its ARN",
		},
		{
			ID:        "aws-network-firewall-deletion-protected",
			Aliases:   same("CKV_AWS_344"),
			Controls:  controls("FSBP NetworkFirewall.9"),
			On:        on("aws_networkfirewall_firewall"),
			Layer:     businessContinuity,
			Objective: preventDeletion,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls are protected from deletion",
			Why:       "A firewall that is deleted by accident cuts the network off, or leaves it open. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-settings.html>",
			Want:      attr("delete_protection").True(),
			Message:   "this firewall can be deleted by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-network-firewall-subnets-protected",
			Controls:  controls("FSBP NetworkFirewall.10"),
			On:        on("aws_networkfirewall_firewall"),
			Layer:     networkConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls keep their subnets",
			Why:       "Without an endpoint in its subnet, traffic that is routed through the firewall is lost, or goes round it. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-settings.html>",
			When:      not(attr("transit_gateway_id").Present()),
			Want:      attr("subnet_change_protection").True(),
			Message:   "the subnets of this firewall can be taken away by one call",
			Fix:       safe(),
		},
		{
			ID:        "aws-network-firewall-several-zones",
			Controls:  controls("FSBP NetworkFirewall.1"),
			On:        on("aws_networkfirewall_firewall"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls are in several zones",
			Why:       "A firewall with one endpoint fails with its zone, and with it every network that is routed through it. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-two-zone-igw.html>",
			When:      not(attr("transit_gateway_id").Present()),
			Want:      twoOf("subnet_mapping"),
			Message:   "this firewall is in a single zone",
			Close:     "add a subnet_mapping with a subnet of another zone",
		},
		{
			ID:        "aws-network-firewall-own-key",
			Aliases:   same("CKV_AWS_345"),
			On:        on("aws_networkfirewall_firewall", "aws_networkfirewall_rule_group"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls and rule groups are encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads the rules. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html>",
			Want:      all(attr("encryption_configuration.type").Equals("CUSTOMER_KMS"), ownKey("encryption_configuration.key_id")),
			Message:   "this is not encrypted with your own key",
			Close:     "add an encryption_configuration with type = \"CUSTOMER_KMS\" and key_id",
		},
		{
			ID:        "aws-network-firewall-policy-own-key",
			Aliases:   same("CKV_AWS_346"),
			On:        on("aws_networkfirewall_firewall_policy"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network Firewall policies are encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads the rules. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html>",
			Want:      all(attr("encryption_configuration.type").Equals("CUSTOMER_KMS"), ownKey("encryption_configuration.key_id")),
			Message:   "this policy is not encrypted with your own key",
			Close:     "add an encryption_configuration with type = \"CUSTOMER_KMS\" and key_id",
		},
		{
			ID:        "aws-network-firewall-policy-has-rules",
			Controls:  controls("FSBP NetworkFirewall.3"),
			On:        on("aws_networkfirewall_firewall_policy"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Network Firewall policies have rule groups",
			Why:       "Without a rule group the default action decides every packet, and nothing is inspected. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policies.html>",
			Want: anyOf(
				some("firewall_policy.stateful_rule_group_reference", always()),
				some("firewall_policy.stateless_rule_group_reference", always())),
			Message: "this policy has no rule groups",
			Close:   "add a stateful_rule_group_reference",
		},
		{
			ID:        "aws-network-firewall-policy-default-drop",
			Controls:  controls("FSBP NetworkFirewall.4", "FSBP NetworkFirewall.5"),
			On:        on("aws_networkfirewall_firewall_policy"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Network Firewall firewalls drop or inspect packets that no stateless rule names",
			Why:       "With aws:pass, whatever no rule was written for goes through without inspection. <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html>",
			Want: all(
				not(attr("firewall_policy.stateless_default_actions").Contains("aws:pass")),
				not(attr("firewall_policy.stateless_fragment_default_actions").Contains("aws:pass"))),
			Message: "packets that no rule names pass without inspection",
			Close:   "set \"aws:forward_to_sfe\" or \"aws:drop\" in place of \"aws:pass\"",
		},
	}
}

const distributionPage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_distribution"

// httpsOnly holds where a behavior refuses plain HTTP, or redirects from it.
func httpsOnly(path string) cond { return attr(path).OneOf("redirect-to-https", "https-only") }

// hasCertificate holds where the distribution uses a certificate of the
// customer.
func hasCertificate() cond {
	return anyOf(attr("viewer_certificate.acm_certificate_arn").Present(), attr("viewer_certificate.iam_certificate_id").Present())
}

// noneOf holds where no string at a path, a string or a list, contains a part.
func noneOf(path, part string) cond {
	return analyzer.Func{
		Says:  "nothing in " + path + " contains " + part,
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			leaves, open := v.Strings(path)
			for _, l := range leaves {
				if strings.Contains(plainText(l.Value), part) {
					return v.Fail(l)
				}
			}
			if open {
				return v.Unknown(v.Attr(path))
			}
			return v.Pass(v.Attr(path))
		},
	}
}

// pointsAtResource holds where a record's target is an attribute of a resource
// or data source: it changes with the resource.
func pointsAtResource() cond {
	return analyzer.Func{
		Says:  "it points at a resource of this configuration",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("records")}, {Path: analyzer.ParsePath("alias.name"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("alias.name")
			if l.Null() {
				l = v.Attr("records")
			}
			switch {
			case refersWithin(l):
				return v.Pass(l)
			case l.Known():
				return v.Fail(l)
			}
			return v.Unknown(l)
		},
	}
}

// refersWithin reports whether a value, or a part of it, is an attribute of a
// resource or data source.
func refersWithin(l analyzer.Leaf) bool {
	for _, ref := range l.Of.Refs {
		if ref.Sole && len(ref.At) >= len(l.At) && ref.At[:len(l.At)].Equals(l.At) {
			return true
		}
	}
	return false
}

// edgeDefaults are AWS's values for unset attributes.
func edgeDefaults() []analyzer.Default {
	const (
		certificate = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate"
		domains     = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53domains_"
	)
	rows := []analyzer.Default{
		{Type: "aws_route53_hosted_zone_dnssec", Path: "signing_status", Value: isString("SIGNING"), Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_hosted_zone_dnssec#signing_status-1"},
		{Type: "aws_acm_certificate", Path: "domain_name", Value: isNothing, Source: certificate + "#domain_name-1"}, // an imported one
		{Type: "aws_acm_certificate", Path: "subject_alternative_names", Value: isNothing, Source: certificate + "#subject_alternative_names-1"},
		{Type: "aws_acm_certificate", Path: "key_algorithm", Value: isString("RSA_2048"), Source: "https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"},
		{Type: "aws_acm_certificate", Path: "validation_method", Source: certificate + "#validation_method-1"},
		{Type: "aws_acm_certificate", Path: "options.certificate_transparency_logging_preference", Value: isString("ENABLED"), Source: "https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html#best-practices-transparency"},
	}
	for _, typ := range [...]string{"registered_domain", "domain"} {
		for _, path := range [...]string{"transfer_lock", "auto_renew", "registrant_privacy", "admin_privacy", "tech_privacy"} {
			rows = append(rows, analyzer.Default{Type: "aws_route53domains_" + typ, Path: path, Value: isTrue, Source: domains + typ + "#" + path + "-1"})
		}
	}
	return rows
}
