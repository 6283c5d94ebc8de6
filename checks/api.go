package checks

import (
	"slices"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func api() []row {
	return slices.Concat(gateways(), gatewayCaches(), graphs(), workflows(), applications())
}

// gateways lists API Gateway stages, methods and domain names.
func gateways() []row {
	return []row{
		{
			ID:        "aws-api-gateway-access-logged",
			Aliases:   same("CKV_AWS_76", "AWS-0001", "aws-api-gateway-enable-access-logging"),
			Controls:  controls("FSBP APIGateway.9"),
			On:        on("aws_api_gateway_stage", "aws_apigatewayv2_stage"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "API Gateway stages log requests",
			Why:       "Without access logs nobody can determine who called the API, and what an attack did before it was seen. <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>",
			Want:      some("access_log_settings", attr("destination_arn").Present()),
			Message:   "requests to this stage are not logged",
			Close:     "add an access_log_settings block with destination_arn and format",
		},
		{
			ID:        "aws-api-gateway-execution-logged",
			Aliases:   same("CKV2_AWS_4"),
			Controls:  controls("FSBP APIGateway.1"),
			On:        on("aws_api_gateway_stage"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "API Gateway stages log executions",
			Why:       "Access logs say that a request failed; only execution logs say where, in authorization, integration or mapping. <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>",
			Want:      stageSettings(attr("settings.logging_level").OneOf("ERROR", "INFO")),
			Message:   "no method settings make this stage log executions",
			Close:     "add an aws_api_gateway_method_settings for \"*/*\" with logging_level = \"ERROR\"",
		},
		{
			ID:        "aws-api-gateway-data-trace-off",
			Aliases:   same("CKV_AWS_276"),
			On:        on("aws_api_gateway_method_settings"),
			Layer:     loggingAndMonitoring,
			Objective: protectLogs,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "API Gateway execution logs hold no full requests and responses",
			Why:       "Data tracing writes whole bodies to the log, with the passwords and personal data in them. <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>",
			Want:      not(attr("settings.data_trace_enabled").True()),
			Message:   "whole requests and responses are logged",
			Fix:       safe(),
		},
		{
			ID:        "aws-api-gateway-traced",
			Aliases:   same("CKV_AWS_73", "AWS-0003", "aws-api-gateway-enable-tracing"),
			Controls:  controls("FSBP APIGateway.3"),
			On:        on("aws_api_gateway_stage"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "API Gateway stages trace requests",
			Why:       "A trace shows which of the services behind an API a request failed in, or was slow. <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html>",
			Want:      attr("xray_tracing_enabled").True(),
			Message:   "requests to this stage are not traced",
			Fix:       unsafe("traces are charged", stagePage+"#xray_tracing_enabled-1"),
		},
		{
			ID:        "aws-api-gateway-authorized",
			Aliases:   same("CKV_AWS_59", "CKV2_AWS_70", "AWS-0004", "aws-api-gateway-no-public-access"),
			On:        on("aws_api_gateway_method"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "API Gateway methods require authorization or an API key",
			Why:       "A method without authorization or an API key passes every request on to its backend. <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html>",
			When:      not(attr("http_method").Equals("OPTIONS")), // browsers ask it before they send credentials
			Want:      blame("authorization", anyOf(attr("authorization").OneOf("AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM"), attr("api_key_required").True())),
			Message:   "anybody may call this method",
			Close:     "set authorization to AWS_IAM, COGNITO_USER_POOLS or CUSTOM",
		},
		{
			ID:        "aws-api-gateway-route-authorized",
			Aliases:   same("CKV_AWS_309"),
			Controls:  controls("FSBP APIGateway.8"),
			On:        on("aws_apigatewayv2_route"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "API Gateway routes require authorization",
			Why:       "A route without authorization passes every request on to its backend. <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html>",
			When: anyOf(
				attr("route_key").Equals("$connect"), // where a WebSocket API asks, for all its routes
				unlessTarget("api_id", "aws_apigatewayv2_api", attr("protocol_type").Equals("WEBSOCKET"))),
			Want:    attr("authorization_type").Matches("AWS_IAM", "CUSTOM", "JWT"),
			Message: "anybody may call this route",
			Close:   "set authorization_type to AWS_IAM, JWT or CUSTOM",
		},
		{
			ID:        "aws-api-gateway-request-validated",
			Aliases:   same("CKV2_AWS_53"),
			On:        on("aws_api_gateway_method"),
			Layer:     firewallConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "API Gateway methods validate requests",
			Why:       "Without a validator, malformed and malicious requests reach the backend. <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>",
			When:      not(attr("http_method").Equals("OPTIONS")),
			Want:      attr("request_validator_id").Present(),
			Message:   "requests to this method are not validated",
			Close:     "set request_validator_id to an aws_api_gateway_request_validator",
		},
		{
			ID:        "aws-api-gateway-domain-tls-version",
			Aliases:   same("CKV_AWS_206", "AWS-0005", "aws-api-gateway-use-secure-tls-policy"),
			On:        on("aws_api_gateway_domain_name"),
			Layer:     networkTrafficProtection,
			Objective: strongProtocols,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "API Gateway domain names negotiate TLS 1.2 or newer",
			Why:       "TLS 1.0 and 1.1 have known attacks and are deprecated. <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html>",
			Want:      anyOf(attr("security_policy").Equals("TLS_1_2"), attr("security_policy").Matches("SecurityPolicy_TLS13_*")),
			Message:   "this domain name accepts TLS versions before 1.2",
			Fix:       unsafe("clients without TLS 1.2 are refused", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_domain_name#security_policy-1"),
		},
		{
			ID:        "aws-api-gateway-client-certificate",
			Aliases:   same("CKV2_AWS_51"),
			Controls:  controls("FSBP APIGateway.2"),
			On:        on("aws_api_gateway_stage", "aws_apigatewayv2_stage"),
			Layer:     networkTrafficProtection,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "API Gateway stages present a client certificate to backends",
			Why:       "A backend on the internet cannot otherwise tell requests from API Gateway from other requests. <https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html>",
			When:      byType(of(unlessTarget("api_id", "aws_apigatewayv2_api", attr("protocol_type").Equals("HTTP")), "aws_apigatewayv2_stage")), // HTTP APIs have none
			Want:      attr("client_certificate_id").Present(),
			Message:   "this stage presents no client certificate to its backends",
			Close:     "set client_certificate_id to an aws_api_gateway_client_certificate, and check it in the backend",
		},
	}
}

// gatewayCaches lists API Gateway caches: their content, and their existence.
func gatewayCaches() []row {
	return []row{
		{
			ID:        "aws-api-gateway-cache-encrypted",
			Aliases:   join(same("AWS-0002", "aws-api-gateway-enable-cache-encryption"), wider("CKV_AWS_308")),
			Controls:  controls("FSBP APIGateway.5"),
			On:        on("aws_api_gateway_method_settings"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "API Gateway stage caches are encrypted",
			Why:       "A cache holds whole responses, in clear text unless encryption is turned on. <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>",
			When:      attr("settings.caching_enabled").True(),
			Want:      attr("settings.cache_data_encrypted").True(),
			Message:   "responses are cached in clear text",
			Fix:       safe(),
		},
		{
			ID:        "aws-api-gateway-cached",
			Aliases:   same("CKV_AWS_120"),
			On:        on("aws_api_gateway_stage"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "API Gateway stages have a cache",
			Why:       "A cache answers while the backend is slow or down, and shields it from bursts of identical requests. <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>",
			Want:      says("cache_cluster_enabled is true", attr("cache_cluster_enabled").True()), // it needs a size, too
			Message:   "each request to this stage reaches the backend",
			Close:     "set cache_cluster_enabled = true with a cache_cluster_size: caches are charged by the hour",
		},
		{
			ID:        "aws-api-gateway-methods-cached",
			Aliases:   same("CKV_AWS_225", "AWS-0190", "aws-api-gateway-enable-cache"),
			On:        on("aws_api_gateway_method_settings"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "API Gateway methods use the cache of their stage",
			Why:       "A stage's cache serves nothing unless the settings of methods turn it on. <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>",
			Want:      attr("settings.caching_enabled").True(),
			Message:   "responses of these methods are not cached",
			Fix:       unsafe("responses may be as old as the cache keeps them", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_method_settings#caching_enabled-1"),
		},
	}
}

// graphs lists AppSync GraphQL APIs and their caches.
func graphs() []row {
	return []row{
		{
			ID:        "aws-appsync-logged",
			Aliases:   same("CKV_AWS_193"),
			On:        on("aws_appsync_graphql_api"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AppSync GraphQL APIs log requests",
			Why:       "Without logs nobody can determine who asked what, and what an attack did before it was seen. <https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html>",
			Want:      some("log_config", always()),
			Message:   "requests to this API are not logged",
			Close:     "add a log_config block with cloudwatch_logs_role_arn and field_log_level",
		},
		{
			ID:        "aws-appsync-fields-logged",
			Aliases:   same("CKV_AWS_194"),
			Controls:  controls("FSBP AppSync.2"),
			On:        on("aws_appsync_graphql_api"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "AppSync GraphQL APIs log fields",
			Why:       "One request asks for many fields: without their logs nobody can determine which resolver failed, and for whom. <https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html>",
			Want:      attr("log_config.field_log_level").Matches("ALL", "ERROR", "INFO", "DEBUG"),
			Message:   "field resolution of this API is not logged",
			Close:     "set field_log_level = \"ERROR\" in a log_config block",
		},
		{
			ID:        "aws-appsync-no-api-key",
			Controls:  controls("FSBP AppSync.5"),
			On:        on("aws_appsync_graphql_api"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "AppSync GraphQL APIs authenticate callers without an API key",
			Why:       "Every client holds the same API key: whoever extracts it may do all that it allows, and callers cannot be told apart. <https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#api-key-authorization>",
			Want: all(
				not(attr("authentication_type").Equals("API_KEY")),
				none("additional_authentication_provider", attr("authentication_type").Equals("API_KEY"))),
			Message: "whoever has the key may call this API",
			Close:   "set authentication_type to AWS_IAM, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT or AWS_LAMBDA",
		},
		{
			ID:        "aws-appsync-cache-encrypted",
			Aliases:   same("CKV_AWS_214"),
			Controls:  controls("FSBP AppSync.1"),
			On:        on("aws_appsync_api_cache"),
			Layer:     serverSideEncryption,
			Objective: encryptAtRest,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "AppSync caches are encrypted at rest",
			Why:       "A cache holds whole responses; encryption can only be turned on at creation. <https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html#caching-encryption>",
			Want:      attr("at_rest_encryption_enabled").True(),
			Message:   "this cache is not encrypted at rest",
			Fix:       unsafe("replaces the cache", cachePage+"#at_rest_encryption_enabled-1"),
		},
		{
			ID:        "aws-appsync-cache-encrypted-in-transit",
			Aliases:   same("CKV_AWS_215"),
			Controls:  controls("FSBP AppSync.6"),
			On:        on("aws_appsync_api_cache"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "AppSync caches are encrypted in transit",
			Why:       "Responses travel between AppSync and the cache in clear text unless encryption is turned on at creation. <https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html#caching-encryption>",
			Want:      attr("transit_encryption_enabled").True(),
			Message:   "connections to this cache are not encrypted",
			Fix:       unsafe("replaces the cache", cachePage+"#transit_encryption_enabled-1"),
		},
	}
}

// workflows lists Step Functions state machines, and EventBridge schedules and
// event buses.
func workflows() []row {
	return []row{
		{
			ID:        "aws-sfn-logged",
			Controls:  controls("FSBP StepFunctions.1"),
			On:        on("aws_sfn_state_machine"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Step Functions state machines log their executions",
			Why:       "Without logs nobody can determine what an express workflow did, nor a standard one after 90 days. <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>",
			Want:      attr("logging_configuration.level").Matches("ALL", "ERROR", "FATAL"),
			Message:   "executions of this state machine are not logged",
			Close:     "add a logging_configuration block with level = \"ALL\" and log_destination",
		},
		{
			ID:        "aws-sfn-execution-data-logged",
			Aliases:   same("CKV_AWS_285"),
			On:        on("aws_sfn_state_machine"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Step Functions state machines log the input and output of states",
			Why:       "Without it logs show which state failed, but not on which input. <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>",
			Want:      attr("logging_configuration.include_execution_data").True(),
			Message:   "input and output of this state machine are not logged",
			Fix:       unsafe("what goes in and out of states is in the log, secrets included", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine#include_execution_data-1"),
		},
		{
			ID:        "aws-sfn-traced",
			Aliases:   same("CKV_AWS_284"),
			On:        on("aws_sfn_state_machine"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Step Functions state machines trace their executions",
			Why:       "A trace shows which of the services that a workflow calls failed, or was slow. <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html>",
			Want:      attr("tracing_configuration.enabled").True(),
			Message:   "executions of this state machine are not traced",
			Fix:       unsafe("traces are charged", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine#tracing_configuration-configuration-block"),
		},
		{
			ID:        "aws-sfn-own-key",
			On:        on("aws_sfn_state_machine"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Step Functions state machines are encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads definitions and the data of executions. <https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html>",
			Want:      ownKey("encryption_configuration.kms_key_id"),
			Message:   "this state machine is not encrypted with your own key",
			Close:     "add an encryption_configuration with type = \"CUSTOMER_MANAGED_KMS_KEY\" and kms_key_id",
		},
		{
			ID:        "aws-scheduler-own-key",
			Aliases:   same("CKV_AWS_297"),
			On:        on("aws_scheduler_schedule"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EventBridge schedules are encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads what a schedule sends to its target. <https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html>",
			Want:      ownKey("kms_key_arn"),
			Message:   "this schedule is not encrypted with your own key",
			Close:     "set kms_key_arn to the ARN of your own KMS key",
		},
		{
			ID:        "aws-eventbridge-bus-own-key",
			On:        on("aws_cloudwatch_event_bus"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "EventBridge event buses are encrypted with your own key",
			Why:       "With a key that AWS owns, no policy and no log of yours covers who reads events and their archives. <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-at-rest-key-options.html>",
			When:      not(attr("event_source_name").Present()), // a partner's
			Want:      ownKey("kms_key_identifier"),
			Message:   "this event bus is not encrypted with your own key",
			Close:     "set kms_key_identifier to the ARN of your own KMS key",
		},
		{
			ID:        "aws-eventbridge-bus-policy-attached",
			Controls:  controls("FSBP EventBridge.3"),
			On:        on("aws_cloudwatch_event_bus"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Custom EventBridge event buses have a policy",
			Why:       "A policy on the bus says who may send events, whatever the identities of the account are allowed. <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>",
			When:      not(attr("event_source_name").Present()),
			Want:      anyOf(related("aws_cloudwatch_event_bus_policy", "event_bus_name", nil), related("aws_cloudwatch_event_permission", "event_bus_name", nil)),
			Message:   "no policy says who may send events to this bus",
			Close:     "add an aws_cloudwatch_event_bus_policy with its name",
		},
		{
			ID:        "aws-eventbridge-bus-not-public",
			On:        on("aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_permission"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "EventBridge event buses do not allow everyone",
			Why:       "Whoever may send events to a bus can trigger its rules. <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>",
			Want: byType(
				of(policy.Cond("no statement allows everyone", analyzer.Pass, (*policy.Document).NotPublic, "policy"), "aws_cloudwatch_event_bus_policy"),
				of(anyOf(not(attr("principal").Equals("*")), some("condition", always())), "aws_cloudwatch_event_permission")),
			Message: "any account may send events to this bus",
			Close:   "name the principals, or add a condition on aws:PrincipalOrgID",
		},
	}
}

// applications lists SES mail and Cognito identities.
func applications() []row {
	return []row{
		{
			ID:        "aws-ses-tls-required",
			Aliases:   same("CKV_AWS_365"),
			On:        on("aws_ses_configuration_set", "aws_sesv2_configuration_set"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "SES delivers mail over TLS only",
			Why:       "SES otherwise delivers in clear text when the receiving server, or an attacker in between, offers no TLS. <https://docs.aws.amazon.com/ses/latest/dg/security-protocols.html>",
			Want:      attr("delivery_options.tls_policy").Matches("Require", "REQUIRE"),
			Message:   "mail of this configuration set may be delivered in clear text",
			Close:     "set tls_policy in delivery_options to \"Require\" (\"REQUIRE\" in version 2): servers without TLS then receive nothing",
		},
		{
			ID:        "aws-cognito-no-guests",
			Aliases:   same("CKV_AWS_366"),
			On:        on("aws_cognito_identity_pool"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Cognito identity pools give credentials to authenticated users only",
			Why:       "With guests allowed, everybody gets AWS credentials and the permissions of the guest role. <https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html>",
			Want:      not(attr("allow_unauthenticated_identities").True()),
			Message:   "unauthenticated guests get credentials from this pool",
			Fix:       unsafe("guests are turned away", "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cognito_identity_pool#allow_unauthenticated_identities-1"),
		},
	}
}

// Provider pages that show the effect of changing an attribute.
const (
	stagePage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_stage"
	cachePage = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appsync_api_cache"
)

// stageSettings holds where method settings of the stage meet the condition.
// The settings name the stage by its stage name, which several APIs may share:
// a literal name counts where both resources name the same API.
func stageSettings(c cond) cond {
	const typ = "aws_api_gateway_method_settings"
	named := related(typ, "stage_name", c)
	return analyzer.Func{
		Says: named.String(),
		Reads: append(analyzer.ReadsOf(named),
			analyzer.Read{Path: analyzer.Path{"stage_name"}}, analyzer.Read{Path: analyzer.Path{"rest_api_id"}}, analyzer.Read{Type: typ, Path: analyzer.Path{"rest_api_id"}}),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(named)
			for _, r := range v.All(typ) {
				settings := v.Of(r)
				out = best(out, settingsOf(v, settings, c))
			}
			return out
		},
	}
}

// settingsOf judges method settings that may belong to the stage by their
// written values.
func settingsOf(v, settings *analyzer.View, c cond) analyzer.Outcome {
	theirs := min(sameText(settings.Attr("stage_name"), v.Attr("stage_name")), sameAPI(v, settings))
	out := settings.Judge(c)
	switch {
	case theirs == analyzer.Fail, theirs == analyzer.Unknown && out.Verdict == analyzer.Fail:
		return v.Fail(v.Here())
	case theirs == analyzer.Unknown && !v.Attr("stage_name").Known():
		return v.Unknown(v.Attr("stage_name"))
	case theirs == analyzer.Unknown:
		return v.Unknown(v.Attr("rest_api_id"))
	}
	return out
}

// sameText compares two texts.
func sameText(a, b analyzer.Leaf) analyzer.Verdict {
	if !a.Known() || !b.Known() {
		return analyzer.Unknown
	}
	return verdictOf(!a.Null() && plainText(a.Value) == plainText(b.Value))
}

// sameAPI judges whether two resources name the same REST API.
func sameAPI(a, b *analyzer.View) analyzer.Verdict {
	x, y := a.Attr("rest_api_id"), b.Attr("rest_api_id")
	if x.Known() && y.Known() {
		return sameText(x, y)
	}
	p, q := soleTarget(a, "rest_api_id", "aws_api_gateway_rest_api"), soleTarget(b, "rest_api_id", "aws_api_gateway_rest_api")
	if p == nil || q == nil {
		return analyzer.Unknown
	}
	return verdictOf(p == q)
}

// apiDefaults are AWS's values for unset attributes.
func apiDefaults() []analyzer.Default {
	const settings = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_method_settings#"
	return []analyzer.Default{
		{Type: "aws_api_gateway_method_settings", Path: "settings.logging_level", Value: isString("OFF"), Source: settings + "logging_level-1"},
		{Type: "aws_api_gateway_method_settings", Path: "settings.data_trace_enabled", Value: isFalse, Source: settings + "data_trace_enabled-1"},
		{Type: "aws_api_gateway_method_settings", Path: "settings.caching_enabled", Value: isFalse, Source: settings + "caching_enabled-1"},
		{Type: "aws_api_gateway_method_settings", Path: "settings.cache_data_encrypted", Value: isFalse, Source: settings + "cache_data_encrypted-1"},
		{Type: "aws_api_gateway_domain_name", Path: "security_policy", Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_domain_name#security_policy-1"},
		{Type: "aws_appsync_api_cache", Path: "at_rest_encryption_enabled", Value: isFalse, Source: cachePage + "#at_rest_encryption_enabled-1"},
		{Type: "aws_appsync_api_cache", Path: "transit_encryption_enabled", Value: isFalse, Source: cachePage + "#transit_encryption_enabled-1"},
	}
}
