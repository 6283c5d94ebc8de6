package checks

import "github.com/demarc/demarc/analyzer"

func waf() []row { return append(webACLs(), protectedEndpoints()...) }

// webACLs lists web ACLs, rule groups and rules, of AWS WAF and of WAF Classic.
func webACLs() []row {
	return []row{
		{
			ID:        "aws-waf-web-acl-has-rules",
			Aliases:   same("CKV_AWS_175"),
			Controls:  controls("FSBP WAF.4", "FSBP WAF.8", "FSBP WAF.10"),
			On:        on("aws_wafv2_web_acl", "aws_wafregional_web_acl", "aws_waf_web_acl"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF web ACLs have rules",
			Why:       "Without a rule the default action decides every request, and nothing is inspected. <https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html>",
			Want: byType(
				of(anyOf(some("rule", always()), attr("rule_json").Present()), "aws_wafv2_web_acl"),
				of(some("rule", always()), "aws_wafregional_web_acl"),
				of(some("rules", always()), "aws_waf_web_acl")),
			Message: "this web ACL has no rules",
			Close:   "add a rule, such as the managed rule group AWSManagedRulesCommonRuleSet",
		},
		{
			ID:        "aws-waf-rule-group-has-rules",
			Controls:  controls("FSBP WAF.3", "FSBP WAF.7"),
			On:        on("aws_wafv2_rule_group", "aws_wafregional_rule_group", "aws_waf_rule_group"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF rule groups have rules",
			Why:       "A rule group without a rule looks like protection in the web ACL that uses it, and inspects nothing. <https://docs.aws.amazon.com/securityhub/latest/userguide/waf-controls.html#waf-3>",
			Want: byType(
				of(anyOf(some("rule", always()), attr("rules_json").Present()), "aws_wafv2_rule_group"),
				of(some("activated_rule", always()), "aws_wafregional_rule_group", "aws_waf_rule_group")),
			Message: "this rule group has no rules",
			Close:   "add a rule",
		},
		{
			ID:        "aws-waf-rule-has-conditions",
			Controls:  controls("FSBP WAF.2", "FSBP WAF.6"),
			On:        on("aws_wafregional_rule", "aws_waf_rule"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF Classic rules have conditions",
			Why:       "A rule without a condition matches nothing, so that its action never happens. <https://docs.aws.amazon.com/securityhub/latest/userguide/waf-controls.html#waf-2>",
			Want: byType(
				of(some("predicate", always()), "aws_wafregional_rule"),
				of(some("predicates", always()), "aws_waf_rule")),
			Message: "this rule has no conditions",
			Close:   "add a predicate",
		},
		{
			ID:        "aws-waf-rules-have-actions",
			Aliases:   same("CKV_AWS_342"),
			On:        on("aws_wafv2_web_acl", "aws_wafv2_rule_group", "aws_wafregional_web_acl", "aws_wafregional_rule_group", "aws_waf_web_acl", "aws_waf_rule_group"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "WAF web ACL and rule group rules have an action",
			Why:       "The action is what makes a match count, blocked or passed on. <https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html>",
			Want: byType(
				of(each("rule", blame("", anyOf(acts(), some("override_action", anyOf(some("none", always()), some("count", always())))))), "aws_wafv2_web_acl"),
				of(each("rule", blame("", acts())), "aws_wafv2_rule_group"),
				of(each("rule", classicAction()), "aws_wafregional_web_acl"),
				of(each("rules", classicAction()), "aws_waf_web_acl"),
				of(each("activated_rule", attr("action.type").Present()), "aws_wafregional_rule_group", "aws_waf_rule_group")),
			Message: "this rule has no action",
			Close:   "add an action block, or override_action for a rule group",
		},
		{
			ID:        "aws-waf-logged",
			Aliases:   same("CKV2_AWS_31"),
			On:        on("aws_wafv2_web_acl"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF web ACLs log requests",
			Why:       "Without logs nobody sees attacks, nor which legitimate requests were blocked. <https://docs.aws.amazon.com/waf/latest/developerguide/logging.html>",
			Want:      related("aws_wafv2_web_acl_logging_configuration", "resource_arn", nil),
			Message:   "this web ACL does not log",
			Close:     "add an aws_wafv2_web_acl_logging_configuration with its ARN",
		},
		{
			ID:        "aws-waf-classic-logged",
			Aliases:   same("CKV_AWS_176"),
			Controls:  controls("FSBP WAF.1"),
			On:        on("aws_waf_web_acl", "aws_wafregional_web_acl"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF Classic web ACLs log requests",
			Why:       "Without logs nobody sees attacks, nor which legitimate requests were blocked. <https://docs.aws.amazon.com/waf/latest/developerguide/classic-logging.html>",
			Want:      some("logging_configuration", attr("log_destination").Present()),
			Message:   "this web ACL does not log",
			Close:     "add a logging_configuration block",
		},
		{
			ID:        "aws-waf-metrics",
			Controls:  controls("FSBP WAF.12"),
			On:        on("aws_wafv2_web_acl", "aws_wafv2_rule_group"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "WAF rules have metrics",
			Why:       "Alarms on attacks, and on rules that suddenly block much, are raised by metrics. <https://docs.aws.amazon.com/waf/latest/developerguide/monitoring-cloudwatch.html>",
			Want: all(
				attr("visibility_config.cloudwatch_metrics_enabled").True(),
				each("rule", attr("visibility_config.cloudwatch_metrics_enabled").True())),
			Message: "this rule has no metrics",
			Close:   "set cloudwatch_metrics_enabled = true in visibility_config",
		},
		{
			ID:        "aws-waf-log4j-blocked",
			Aliases:   same("CKV_AWS_192"),
			On:        on("aws_wafv2_web_acl"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "WAF web ACLs block Log4j lookups",
			Why:       "A single header runs code on an application with an old Log4j; the managed group of known bad inputs recognizes it. <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html#aws-managed-rule-groups-baseline-known-bad-inputs>",
			Want:      blocksLog4j(),
			Message:   "this web ACL does not block Log4j lookups",
			Close:     "add the managed rule group " + badInputs + " and leave its action",
		},
	}
}

// acts holds where an AWS WAF rule has an action: an empty action block has
// none.
func acts() cond {
	return some("action", anyOf(some("allow", always()), some("block", always()), some("count", always()), some("captcha", always()), some("challenge", always())))
}

func classicAction() cond {
	return anyOf(attr("action.type").Present(), attr("override_action.type").Present())
}

const webACL = "aws_wafv2_web_acl"

// badInputs is the managed rule group that blocks lookups of Log4j
// (CVE-2021-44228).
//
// https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
const badInputs = "AWSManagedRulesKnownBadInputsRuleSet"

// blocksLog4j holds where a web ACL blocks lookups of Log4j: it applies
// badInputs without excluding or overriding its Log4J rules.
func blocksLog4j() cond {
	const group = "statement.managed_rule_group_statement"
	rule := all(
		attr(group+".name").Equals(badInputs),
		not(some("override_action.count", always())),
		none(group+".excluded_rule", attr("name").Matches("Log4JRCE*")), // until release 5 of the provider; it counts
		none(group+".rule_action_override", all(attr("name").Matches("Log4JRCE*"),
			anyOf(some("action_to_use.count", always()), some("action_to_use.allow", always())))))
	return says("a rule blocks lookups of Log4j", anyOf(some("rule", rule), attr("rule_json").Matches("*"+badInputs+"*")))
}

// protectedEndpoints lists public endpoints that a web ACL or Shield Advanced
// protects.
func protectedEndpoints() []row {
	return []row{
		{
			ID:        "aws-elb-waf",
			Aliases:   same("CKV2_AWS_28"),
			On:        on("aws_lb", "aws_alb"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Public application load balancers have a web ACL",
			Why:       "Security groups let requests through by address and port; only a web ACL looks into them. <https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html>",
			When:      all(isApplication(), not(attr("internal").True())),
			Want:      hasWebACL(),
			Message:   "no web ACL protects this public load balancer",
			Close:     "associate one: aws_wafv2_web_acl_association",
		},
		{
			ID:        "aws-api-gateway-waf",
			Aliases:   same("CKV2_AWS_29"),
			Controls:  controls("FSBP APIGateway.4"),
			On:        on("aws_api_gateway_stage"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Public API stages have a web ACL",
			Why:       "API Gateway passes every request that is authorized on to its integration; only a web ACL looks into it. <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html>",
			When:      unlessTarget("rest_api_id", "aws_api_gateway_rest_api", attr("endpoint_configuration.types").Contains("PRIVATE")),
			Want:      hasWebACL(),
			Message:   "no web ACL protects this public API",
			Close:     "associate one: aws_wafv2_web_acl_association",
		},
		{
			ID:        "aws-appsync-waf",
			Aliases:   same("CKV2_AWS_33"),
			On:        on("aws_appsync_graphql_api"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Public GraphQL APIs have a web ACL",
			Why:       "AppSync passes every query that is authorized on to its resolvers; only a web ACL looks into it. <https://docs.aws.amazon.com/appsync/latest/devguide/WAF-Integration.html>",
			When:      not(attr("visibility").Equals("PRIVATE")),
			Want:      related("aws_wafv2_web_acl_association", "resource_arn", nil),
			Message:   "no web ACL protects this public API",
			Close:     "associate one: aws_wafv2_web_acl_association",
		},
		{
			ID:        "aws-cloudfront-waf",
			Aliases:   same("CKV_AWS_68", "AWS-0011", "aws-cloudfront-enable-waf"),
			Controls:  controls("FSBP CloudFront.6"),
			On:        on("aws_cloudfront_distribution"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "CloudFront distributions have a web ACL",
			Why:       "A distribution serves everyone; only a web ACL looks into the requests before they reach the origin. <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html>",
			Want:      attr("web_acl_id").Present(),
			Message:   "no web ACL protects this distribution",
			Close:     "set web_acl_id to the ARN of an aws_wafv2_web_acl of scope CLOUDFRONT",
		},
		{
			ID:        "aws-waf-endpoint-log4j-blocked",
			Aliases:   narrower("CKV2_AWS_47", "CKV2_AWS_76", "CKV2_AWS_77", "CKV2_AWS_78"), // theirs take AWSManagedRulesAnonymousIpList for it as well
			On:        on("aws_lb", "aws_alb", "aws_api_gateway_stage", "aws_appsync_graphql_api", "aws_cloudfront_distribution"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "The web ACL of an endpoint blocks Log4j lookups",
			Why:       "Whatever runs behind the endpoint may log what a request says with an old Log4j, which then runs code of the sender's. <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html>",
			When: byType(
				of(target("web_acl_id", webACL, always()), "aws_cloudfront_distribution"),
				of(not(unrelated(webACL+"_association", "resource_arn", target("web_acl_arn", webACL, always()))),
					"aws_lb", "aws_alb", "aws_api_gateway_stage", "aws_appsync_graphql_api")),
			Want: says("its web ACL blocks lookups of Log4j", blame("", byType(
				of(target("web_acl_id", webACL, blocksLog4j()), "aws_cloudfront_distribution"),
				of(unrelated(webACL+"_association", "resource_arn", target("web_acl_arn", webACL, not(blocksLog4j()))),
					"aws_lb", "aws_alb", "aws_api_gateway_stage", "aws_appsync_graphql_api")))),
			Message: "the web ACL of this endpoint does not block Log4j lookups",
			Close:   "add the managed rule group " + badInputs + " to the web ACL and leave its action",
		},
		{
			ID:        "aws-shield-protected",
			On:        on("aws_lb", "aws_alb", "aws_cloudfront_distribution", "aws_globalaccelerator_accelerator", "aws_route53_zone"),
			Layer:     firewallConfiguration,
			Objective: protectEndpoints,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Public endpoints are protected by Shield Advanced where it is used",
			Why:       "A subscription protects only what is named: the endpoint that is left out has no response team and no cost protection. <https://docs.aws.amazon.com/waf/latest/developerguide/configure-new-protection.html>",
			When: all(hasShieldAdvanced(), byType(
				of(all(not(attr("load_balancer_type").Equals("gateway")), not(attr("internal").True())), "aws_lb", "aws_alb"),
				of(not(some("vpc", always())), "aws_route53_zone"), // a private zone
				of(always(), "aws_cloudfront_distribution", "aws_globalaccelerator_accelerator"))),
			Want:    related("aws_shield_protection", "resource_arn", nil),
			Message: "this endpoint is not protected by Shield Advanced, which is used here",
			Close:   "add an aws_shield_protection with its ARN",
		},
	}
}

// hasWebACL holds where there is an association with a web ACL of AWS WAF, or
// of WAF Classic.
func hasWebACL() cond {
	return anyOf(
		related("aws_wafv2_web_acl_association", "resource_arn", nil),
		related("aws_wafregional_web_acl_association", "resource_arn", nil))
}

// unlessTarget fails where the attribute names a resource that meets the
// condition. A resource outside this configuration counts as not meeting it.
func unlessTarget(path, typ string, c cond) cond {
	t := target(path, typ, c)
	return analyzer.Func{
		Says:  "not (" + t.String() + ")",
		Reads: analyzer.ReadsOf(t),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.Targets(path, typ)) == 0 && v.Judge(attr(path).Present()).Verdict == analyzer.Pass {
				return v.Pass(v.Attr(path))
			}
			return v.Judge(not(t))
		},
	}
}

// hasShieldAdvanced holds where this configuration uses Shield Advanced. It
// fails elsewhere: the account may use it, but nothing here requires it.
func hasShieldAdvanced() cond {
	return analyzer.Func{
		Says:  "this configuration uses Shield Advanced",
		Reads: []analyzer.Read{{Type: "aws_shield_subscription"}, {Type: "aws_shield_protection"}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.All("aws_shield_subscription"))+len(v.All("aws_shield_protection")) > 0 {
				return v.Pass(v.Here())
			}
			return v.Fail(v.Here())
		},
	}
}

// wafDefaults are AWS's values for unset attributes.
func wafDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_api_gateway_rest_api", Path: "endpoint_configuration.types", Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_rest_api#types-1"},
	}
}
