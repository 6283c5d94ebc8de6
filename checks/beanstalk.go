package checks

import "github.com/demarc/demarc/analyzer"

func beanstalk() []row {
	return []row{
		{
			ID:        "aws-beanstalk-managed-updates",
			Aliases:   same("CKV_AWS_340"),
			Controls:  controls("FSBP ElasticBeanstalk.2"),
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     operatingSystem,
			Objective: patchSystems,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments take managed platform updates",
			Why:       "AWS publishes patched platforms, and an environment stays on its own until somebody updates it. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html>",
			Want:      option("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", anyOf(attr("value").True(), attr("value").Equals("True"))),
			Message:   "this environment takes no platform updates",
			Close:     "set ManagedActionsEnabled to true in aws:elasticbeanstalk:managedactions, with a PreferredStartTime and an UpdateLevel",
		},
		{
			ID:        "aws-beanstalk-enhanced-health",
			Aliases:   wider("CKV_AWS_312"), // theirs asks for HealthStreamingEnabled
			Controls:  controls("FSBP ElasticBeanstalk.1"),
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments report enhanced health",
			Why:       "Basic health knows the checks of the load balancer only; the agent of enhanced health sees failing requests and processes. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced.html>",
			Want:      option("aws:elasticbeanstalk:healthreporting:system", "SystemType", attr("value").Equals("enhanced")),
			Message:   "this environment does not report enhanced health",
			Close:     "set SystemType to enhanced in aws:elasticbeanstalk:healthreporting:system",
		},
		{
			ID:        "aws-beanstalk-logs-streamed",
			Controls:  controls("FSBP ElasticBeanstalk.3"),
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments stream their logs to CloudWatch",
			Why:       "Logs on an instance are lost when it is replaced, which happens with every update. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html>",
			Want:      option("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs", attr("value").True()),
			Message:   "logs of this environment stay on its instances",
			Close:     "set StreamLogs to true in aws:elasticbeanstalk:cloudwatch:logs, with RetentionInDays",
		},
		{
			ID:        "aws-beanstalk-listener-encrypted",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk load balancers have a TLS listener",
			Why:       "By default the load balancer of an environment serves HTTP on port 80 and nothing else. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/configuring-https-elb.html>",
			When: all(
				not(attr("tier").Equals("Worker")),
				not(option("aws:elasticbeanstalk:environment", "EnvironmentType", attr("value").Equals("SingleInstance"))),
				not(option("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", attr("value").True()))), // its listeners are elsewhere
			Want: anyOf(
				option("aws:elbv2:listener:*", "Protocol", attr("value").OneOf("HTTPS", "TLS")),
				option("aws:elb:listener:*", "ListenerProtocol", attr("value").OneOf("HTTPS", "SSL"))),
			Message: "the load balancer of this environment has no TLS listener",
			Close:   "add Protocol = HTTPS and SSLCertificateArns in aws:elbv2:listener:443",
		},
		{
			ID:        "aws-beanstalk-imdsv1-disabled",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     operatingSystem,
			Objective: hardenConfiguration,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk instances require metadata session tokens (IMDSv2)",
			Why:       "Version 1 gives the credentials of the instance to any request that an application is tricked into sending. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-ec2-imds.html>",
			Want: blame("", anyOf(
				option("aws:autoscaling:launchconfiguration", "DisableIMDSv1", attr("value").True()),
				all(attr("solution_stack_name").Matches("*Amazon Linux 2023*"), // off unless said otherwise
					not(option("aws:autoscaling:launchconfiguration", "DisableIMDSv1", attr("value").False()))))),
			Message: "instances of this environment answer version 1 of the metadata service",
			Close:   "set DisableIMDSv1 to true in aws:autoscaling:launchconfiguration",
		},
		{
			ID:        "aws-beanstalk-instances-private",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk instances have no public addresses",
			Why:       "Behind a load balancer nobody needs to reach an instance directly, past its listeners and web ACL. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.vpc.html>",
			When:      not(option("aws:elasticbeanstalk:environment", "EnvironmentType", attr("value").Equals("SingleInstance"))),
			Want:      not(option("aws:ec2:vpc", "AssociatePublicIpAddress", attr("value").True())),
			Message:   "instances of this environment have public addresses",
			Close:     "set AssociatePublicIpAddress to false in aws:ec2:vpc, with private subnets",
		},
		{
			ID:        "aws-beanstalk-platform-supported",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     platformAndApplication,
			Objective: currentVersions,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments run a platform that is not retired",
			Why:       "A retired platform gets no updates, not even security updates, and managed updates stay within its branch. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-support-policy.html>",
			When:      attr("solution_stack_name").Present(),
			Want:      supported("solution_stack_name", beanstalkPlatforms),
			Message:   "the platform of this environment is retired",
			Close:     "move to an environment on a current branch of Amazon Linux 2023",
		},
		{
			ID:        "aws-beanstalk-several-instances",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments have two instances or more",
			Why:       "By default an environment has one instance: it is down while the instance is replaced or its zone fails. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.as.html>",
			Want:      option("aws:autoscaling:asg", "MinSize", attr("value").AtLeast(2)),
			Message:   "this environment has a single instance",
			Close:     "set MinSize to 2 or more in aws:autoscaling:asg",
		},
		{
			ID:        "aws-beanstalk-own-vpc",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk environments are in subnets that you chose",
			Why:       "Without subnets an environment is in the default VPC, whose subnets are all public. <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/vpc.html>",
			Want:      option("aws:ec2:vpc", "Subnets", attr("value").Present()),
			Message:   "this environment is in the default VPC",
			Close:     "set VPCId and Subnets in aws:ec2:vpc",
		},
		{
			ID:        "aws-beanstalk-no-ssh-key",
			On:        on("aws_elastic_beanstalk_environment"),
			Layer:     identityAndAccess,
			Objective: strongAuthentication,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Elastic Beanstalk instances accept no SSH key pair",
			Why:       "A key pair is shared, does not expire, and its use is not recorded; Session Manager uses IAM and logs sessions. <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html>",
			Want:      not(option("aws:autoscaling:launchconfiguration", "EC2KeyName", attr("value").Present())),
			Message:   "instances of this environment accept a key pair",
			Close:     "remove EC2KeyName, and use Session Manager",
		},
	}
}

// beanstalkPlatforms lists platform branches with a known retirement date, past
// or future, by the prefixes and suffixes of their version names.
//
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.migration-al.FAQ.html
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-schedule.html
func beanstalkPlatforms() []ending {
	return []ending{
		{onDay(2022, 7, 18), []string{"64bit Amazon Linux 20[01][0-9].* v*", "32bit Amazon Linux*"}},
		{onDay(2026, 6, 30), []string{"64bit Amazon Linux 2 v*"}},
		{onDay(2026, 3, 31), []string{"64bit Amazon Linux 2023 v* running PHP 8.1"}},
		{onDay(2026, 7, 31), []string{"64bit Amazon Linux 2023 v* running Node.js 20", "64bit Amazon Linux 2023 v* running Python 3.9", "64bit Amazon Linux 2023 v* running Ruby 3.2"}},
	}
}

// option holds where a setting of the environment, or of the saved
// configuration that it starts from, meets the condition. The namespace may be
// a pattern.
//
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
func option(namespace, name string, value cond) cond {
	set := some("setting", blame("value", all(attr("namespace").Matches(namespace), attr("name").Equals(name), value)))
	either := anyOf(set, target("template_name", "aws_elastic_beanstalk_configuration_template", set))
	return analyzer.Func{
		Says:  name + " in " + namespace + " is such that " + value.String(),
		Reads: analyzer.ReadsOf(either),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(either)
			if out.Verdict == analyzer.Fail {
				return v.Fail(v.Here())
			}
			return out
		},
	}
}

// beanstalkDefaults are Elastic Beanstalk's values for unset attributes.
func beanstalkDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_elastic_beanstalk_environment", Path: "solution_stack_name", Value: isNothing, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elastic_beanstalk_environment#solution_stack_name-1"},
	}
}
