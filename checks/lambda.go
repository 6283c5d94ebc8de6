package checks

import (
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

const lambdaURLAuth = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"

func lambda() []row {
	return []row{
		{
			ID:        "aws-lambda-permission-source",
			Aliases:   join(same("CKV_AWS_364"), wider("AWS-0067", "aws-lambda-restrict-source-arn")),
			On:        on("aws_lambda_permission"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Services may invoke a Lambda function for one resource or account only",
			Why:       "Without a source, a service invokes the function for whoever asks it to, from any account: the confused deputy. <https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html>",
			When:      attr("principal").Matches("*.amazonaws.com", "*.amazonaws.com.cn"),
			Want:      anyOf(attr("source_arn").Present(), attr("source_account").Present()),
			Message:   "a service may invoke this function on behalf of any account",
			Close:     "set source_arn, or source_account where the ARN names none",
		},
		{
			ID:        "aws-lambda-permission-not-public",
			Aliases:   same("CKV_AWS_301"),
			Controls:  controls("FSBP Lambda.1"),
			On:        on("aws_lambda_permission"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Lambda functions cannot be invoked by everyone",
			Why:       "The principal \"*\" lets every AWS account invoke the function, or everybody through its URL. <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>",
			Want: anyOf(not(attr("principal").Equals("*")),
				attr("principal_org_id").Present(), attr("source_account").Present(), attr("source_arn").Present()),
			Message: "everyone may invoke this function",
			Close:   "name the principal, or set principal_org_id",
		},
		{
			ID:        "aws-lambda-url-auth",
			Aliases:   same("CKV_AWS_258"),
			On:        on("aws_lambda_function_url"),
			Layer:     identityAndAccess,
			Objective: preventExposure,
			Severity:  critical,
			Since:     "0.1.0",
			Title:     "Lambda function URLs require authentication",
			Why:       "With authorization type NONE everybody on the internet who knows the URL runs your code. <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>",
			Want:      attr("authorization_type").Equals("AWS_IAM"),
			Message:   "this URL requires no authentication",
			Fix:       unsafe("rejects callers that do not sign their requests", lambdaURLAuth),
		},
		{
			ID:        "aws-lambda-url-cors",
			Aliases:   same("CKV2_AWS_75"),
			On:        on("aws_lambda_function"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Lambda function URLs name the origins that may call them",
			Why:       "With the origin \"*\" scripts of any website can call the function from the browsers of its visitors and read the answers. <https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors>",
			Want:      unrelated("aws_lambda_function_url", "function_name", attr("cors.allow_origins").Contains("*")),
			Message:   "every website may call the URL of this function",
			Close:     "name the origins in allow_origins",
		},
		{
			ID:        "aws-lambda-tracing",
			Aliases:   join(same("AWS-0066", "aws-lambda-enable-tracing"), narrower("CKV_AWS_50")),
			On:        on("aws_lambda_function"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda functions trace their calls with X-Ray",
			Why:       "With PassThrough, the default, a function is traced only where its caller already was. <https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html>",
			Want:      attr("tracing_config.mode").Equals("Active"),
			Message:   "this function is traced only where its caller is",
			Fix:       unsafe("fails unless the role of the function may write to X-Ray", "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"),
		},
		{
			ID:        "aws-lambda-failures-kept",
			Aliases:   same("CKV_AWS_116"),
			On:        on("aws_lambda_function"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Events that a Lambda function cannot process are kept",
			Why:       "Lambda discards an asynchronous event after its retries unless there is a dead-letter queue or a destination for failures. <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>",
			Want: anyOf(attr("dead_letter_config.target_arn").Present(),
				related("aws_lambda_function_event_invoke_config", "function_name", attr("destination_config.on_failure.destination").Present())),
			Message: "events that this function cannot process are lost",
			Close:   "add a dead_letter_config, or a destination for failures",
		},
		{
			ID:        "aws-lambda-in-vpc",
			Aliases:   same("CKV_AWS_117"),
			On:        on("aws_lambda_function"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda functions run in a VPC",
			Why:       "Outside of a VPC no security group, route or flow log of yours sees what a function connects to. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>",
			Want:      attr("vpc_config.subnet_ids").Present(),
			Message:   "this function is not in a VPC",
			Close:     "add a vpc_config with subnets and security groups",
		},
		{
			ID:        "aws-lambda-vpc-multi-az",
			Controls:  controls("FSBP Lambda.5"),
			On:        on("aws_lambda_function"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda functions in a VPC use several subnets",
			Why:       "A function with one subnet cannot run while that subnet's Availability Zone has a failure. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>",
			When:      attr("vpc_config.subnet_ids").Present(),
			Want:      several("vpc_config.subnet_ids"),
			Message:   "this function uses one subnet only",
			Close:     "add a subnet of another Availability Zone",
		},
		{
			ID:        "aws-lambda-environment-key",
			Aliases:   same("CKV_AWS_173"),
			On:        on("aws_lambda_function"),
			Layer:     serverSideEncryption,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda environment variables are encrypted with your own key",
			Why:       "With the key that AWS manages, everyone who may read the function's configuration reads its variables; the policy of your own key decides who else does. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html>",
			When:      attr("environment.variables").Present(),
			Want:      ownKey("kms_key_arn"),
			Message:   "the variables of this function are encrypted with the key that AWS manages",
			Close:     "set kms_key_arn to your own key",
		},
		{
			ID:        "aws-lambda-environment-no-secrets",
			Aliases:   join(same("CKV_AWS_45"), wider("aws-lambda-no-hardcoded-secrets")),
			On:        on("aws_lambda_function"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Lambda environment variables hold no credentials",
			Why:       "Variables are shown in the console, in the API and in the state to everyone who may read the function. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>",
			Want:      noSecrets("environment.variables"),
			Message:   "a variable of this function holds a credential",
			Close:     "keep it in Secrets Manager, and give the function its ARN",
			Secret:    true,
		},
		{
			ID:        "aws-lambda-concurrency-limit",
			Aliases:   same("CKV_AWS_115"),
			On:        on("aws_lambda_function"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda functions have a concurrency limit",
			Why:       "A function without a limit can use up the concurrency of the account, so that the others stop. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html>",
			Want:      all(attr("reserved_concurrent_executions").Present(), not(attr("reserved_concurrent_executions").AtMost(-1))), // -1 is no limit
			Message:   "this function can use all concurrency of the account",
			Close:     "set reserved_concurrent_executions to what the function needs",
		},
		{
			ID:        "aws-lambda-runtime-supported",
			Aliases:   same("CKV_AWS_363"),
			Controls:  controls("FSBP Lambda.2"),
			On:        on("aws_lambda_function"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Lambda functions run on a supported runtime",
			Why:       "A deprecated runtime gets no security patches, and later its functions cannot be changed any more. <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>",
			When:      all(attr("runtime").Present(), not(attr("package_type").Equals("Image"))), // an image brings its own
			Want:      supportedRuntime(),
			Message:   "the runtime of this function is no longer supported",
			Close:     "move the function to a current runtime",
		},
		{
			ID:        "aws-lambda-code-signed",
			Aliases:   same("CKV_AWS_272"),
			On:        on("aws_lambda_function"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Lambda functions run signed code only",
			Why:       "With code signing Lambda refuses code that your trusted publishers did not sign, whoever uploads it. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html>",
			When:      not(attr("package_type").Equals("Image")), // images cannot be signed this way
			Want:      attr("code_signing_config_arn").Present(),
			Message:   "this function does not require signed code",
			Close:     "set code_signing_config_arn",
		},
	}
}

// several holds where a list has at least two elements.
func several(path string) cond {
	return analyzer.Func{
		Says:  path + " has at least two elements",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(path)}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			switch {
			case !l.Value.IsKnown():
				return v.Unknown(l)
			case l.Value.IsNull() || !l.Value.CanIterateElements():
				return v.Fail(l)
			}
			known, open := 0, false
			for it := l.Value.ElementIterator(); it.Next(); {
				if _, e := it.Element(); e.IsKnown() || e.Type() != cty.DynamicPseudoType {
					known++
					continue
				}
				open = true
			}
			switch {
			case known > 1:
				return v.Pass(l)
			case open:
				return v.Unknown(l)
			}
			return v.Fail(l)
		},
	}
}

// A lambdaRuntime is a runtime with the deprecation date announced by AWS; the
// zero time means that none is announced.
type lambdaRuntime struct {
	id         string
	deprecated time.Time
}

// lambdaRuntimes are the runtimes in AWS's tables.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (October 2026)
func lambdaRuntimes() []lambdaRuntime {
	return []lambdaRuntime{
		{"nodejs24.x", onDay(2028, 4, 30)},
		{"nodejs22.x", onDay(2027, 4, 30)},
		{"nodejs20.x", onDay(2026, 4, 30)},
		{"nodejs18.x", onDay(2025, 9, 1)},
		{"nodejs16.x", onDay(2024, 6, 12)},
		{"nodejs14.x", onDay(2023, 12, 4)},
		{"nodejs12.x", onDay(2023, 3, 31)},
		{"nodejs10.x", onDay(2021, 7, 30)},
		{"nodejs8.10", onDay(2020, 3, 6)},
		{"nodejs6.10", onDay(2019, 8, 12)},
		{"nodejs4.3-edge", onDay(2020, 3, 5)},
		{"nodejs4.3", onDay(2020, 3, 5)},
		{"nodejs", onDay(2016, 8, 30)},
		{"python3.14", onDay(2029, 6, 30)},
		{"python3.13", onDay(2029, 6, 30)},
		{"python3.12", onDay(2028, 10, 31)},
		{"python3.11", onDay(2027, 6, 30)},
		{"python3.10", onDay(2026, 10, 31)},
		{"python3.9", onDay(2025, 12, 15)},
		{"python3.8", onDay(2024, 10, 14)},
		{"python3.7", onDay(2023, 12, 4)},
		{"python3.6", onDay(2022, 7, 18)},
		{"python2.7", onDay(2021, 7, 15)},
		{"java25", time.Time{}},
		{"java21", onDay(2029, 6, 30)},
		{"java17", onDay(2027, 6, 30)},
		{"java11", onDay(2027, 6, 30)},
		{"java8.al2", onDay(2027, 6, 30)},
		{"java8", onDay(2024, 1, 8)},
		{"dotnet10", onDay(2028, 11, 14)},
		{"dotnet8", onDay(2026, 11, 10)},
		{"dotnet7", onDay(2024, 5, 14)},
		{"dotnet6", onDay(2024, 12, 20)},
		{"dotnet5.0", onDay(2022, 5, 10)},
		{"dotnetcore3.1", onDay(2023, 4, 3)},
		{"dotnetcore2.1", onDay(2022, 1, 5)},
		{"dotnetcore2.0", onDay(2019, 5, 30)},
		{"dotnetcore1.0", onDay(2019, 6, 27)},
		{"ruby3.4", onDay(2028, 3, 31)},
		{"ruby3.3", onDay(2027, 3, 31)},
		{"ruby3.2", onDay(2026, 3, 31)},
		{"ruby2.7", onDay(2023, 12, 7)},
		{"ruby2.5", onDay(2021, 7, 30)},
		{"provided.al2023", onDay(2029, 6, 30)},
		{"provided.al2", onDay(2026, 7, 31)},
		{"provided", onDay(2024, 1, 8)},
		{"go1.x", onDay(2024, 1, 8)},
	}
}

// supportedRuntime holds until a runtime's deprecation date.
func supportedRuntime() cond {
	return analyzer.Func{
		Says:  "runtime is supported today",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("runtime"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr("runtime")
			if !l.Value.IsKnown() || l.Value.IsNull() || l.Value.Type() != cty.String {
				return v.Unknown(l)
			}
			for _, r := range lambdaRuntimes() {
				if r.id != l.Value.AsString() {
					continue
				}
				if !r.deprecated.IsZero() && !v.Today().Before(r.deprecated) {
					return v.FailSaying(l, fmt.Sprintf("%s has not been supported since %s", r.id, r.deprecated.Format(time.DateOnly)))
				}
				return v.Pass(l)
			}
			return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "a runtime that this release does not know"})
		},
	}
}

// lambdaDefaults are AWS's values for unset attributes.
func lambdaDefaults() []analyzer.Default { return nil }
