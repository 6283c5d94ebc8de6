package checks

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

func ecs() []row {
	return []row{
		{
			ID:        "aws-ecs-cluster-insights",
			Aliases:   same("CKV_AWS_65", "AWS-0034", "aws-ecs-enable-container-insight"),
			Controls:  controls("FSBP ECS.12"),
			On:        on("aws_ecs_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: monitor,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECS clusters collect container metrics",
			Why:       "Without Container Insights there are no task metrics, and no alarm when containers fail or restart. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html>",
			Want:      some("setting", all(attr("name").Equals("containerInsights"), attr("value").OneOf("enhanced", "enabled"))),
			Message:   "this cluster collects no container metrics",
			Close:     "add a setting with the name containerInsights and the value enhanced",
		},
		{
			ID:        "aws-ecs-cluster-exec-logged",
			Aliases:   same("CKV_AWS_223"),
			On:        on("aws_ecs_cluster"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS Exec sessions are logged",
			Why:       "ECS Exec opens a shell in a running container; with logging NONE nobody sees what was typed there. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html>",
			Want:      not(attr("configuration.execute_command_configuration.logging").Equals("NONE")), // the default uses the log of the task
			Message:   "ECS Exec sessions are not logged",
			Close:     "set logging to DEFAULT, or to OVERRIDE with a log_configuration",
		},
		{
			ID:        "aws-ecs-cluster-exec-encrypted",
			Aliases:   same("CKV_AWS_224"),
			On:        on("aws_ecs_cluster"),
			Layer:     networkTrafficProtection,
			Objective: controlKeys,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECS Exec sessions and logs are encrypted with your own key",
			Why:       "With your own key the session is encrypted end to end beyond TLS, and the key's policy decides who may open one or read its log. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html>",
			When:      all(some("configuration.execute_command_configuration", all()), not(attr("configuration.execute_command_configuration.logging").Equals("NONE"))),
			Want: all(attr("configuration.execute_command_configuration.kms_key_id").Present(), anyOf(
				attr("configuration.execute_command_configuration.log_configuration.cloud_watch_encryption_enabled").True(),
				attr("configuration.execute_command_configuration.log_configuration.s3_bucket_encryption_enabled").True())),
			Message: "ECS Exec sessions or their logs are not encrypted with your own key",
			Close:   "set kms_key_id, and encryption in the log_configuration",
		},
		{
			ID:        "aws-ecs-task-not-privileged",
			Aliases:   same("CKV_AWS_334"),
			Controls:  controls("FSBP ECS.4"),
			On:        on("aws_ecs_task_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ECS containers are not privileged",
			Why:       "A privileged container is root on its instance, and so in every other container there. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html>",
			Want: eachContainer("no container is privileged", func(c container) (analyzer.Verdict, string) {
				return -c.isTrue("privileged"), "is privileged"
			}),
			Message: "a container is privileged",
			Close:   "remove privileged from the container definition",
		},
		{
			ID:        "aws-ecs-task-read-only-root",
			Aliases:   same("CKV_AWS_336"),
			Controls:  controls("FSBP ECS.5"),
			On:        on("aws_ecs_task_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS containers cannot write to their root file system",
			Why:       "Whoever breaks into a container with a read-only root cannot change its programs or leave something behind. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html>",
			Want: eachContainer("every container has a read-only root file system", func(c container) (analyzer.Verdict, string) {
				return c.isTrue("readonlyRootFilesystem"), "can write to its root file system"
			}),
			Message: "a container can write to its root file system",
			Close:   "set readonlyRootFilesystem to true, and mount volumes for what is written",
		},
		{
			ID:        "aws-ecs-task-own-process-namespace",
			Aliases:   same("CKV_AWS_335"),
			Controls:  controls("FSBP ECS.3"),
			On:        on("aws_ecs_task_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ECS tasks do not share the process namespace of their host",
			Why:       "With pid_mode host a container sees the processes of the instance and of other tasks, and can signal them. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html>",
			Want:      not(attr("pid_mode").Equals("host")),
			Message:   "this task shares the process namespace of its host",
			Close:     "set pid_mode to task, or leave it out",
		},
		{
			ID:        "aws-ecs-task-own-ipc-namespace",
			On:        on("aws_ecs_task_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS tasks do not share the IPC namespace of their host",
			Why:       "With ipc_mode host a container can read and change the shared memory of processes of the instance. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html>",
			Want:      not(attr("ipc_mode").Equals("host")),
			Message:   "this task shares the IPC namespace of its host",
			Close:     "set ipc_mode to task or none, or leave it out",
		},
		{
			ID:        "aws-ecs-task-own-network",
			Controls:  controls("FSBP ECS.1"),
			On:        on("aws_ecs_task_definition"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS tasks have their own network",
			Why:       "With network_mode host a container listens on the ports of the instance, reaches what listens on its loopback address, and has no security group of its own. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html>",
			Want:      not(attr("network_mode").Equals("host")),
			Message:   "this task uses the network of its host",
			Close:     "set network_mode to awsvpc",
		},
		{
			ID:        "aws-ecs-task-logs",
			Controls:  controls("FSBP ECS.9"),
			On:        on("aws_ecs_task_definition"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS containers have a log configuration",
			Why:       "What a container writes is lost with it unless a log driver sends it on. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html>",
			Want: eachContainer("every container has a log driver", func(c container) (analyzer.Verdict, string) {
				return c.within("logConfiguration").isSet("logDriver"), "has no log configuration"
			}),
			Message: "a container has no log configuration",
			Close:   "add a logConfiguration with the driver awslogs or awsfirelens",
		},
		{
			ID:        "aws-ecs-task-no-secrets",
			Aliases:   same("AWS-0036", "aws-ecs-no-plaintext-secrets"),
			Controls:  controls("FSBP ECS.8"),
			On:        on("aws_ecs_task_definition"),
			Layer:     identityAndAccess,
			Objective: protectSecrets,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ECS container environment variables hold no credentials",
			Why:       "Task definitions are shown in the console, in the API and in the state to everyone who may read them, and old revisions stay. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html>",
			Want:      containerSecrets(),
			Message:   "a variable of a container holds a credential",
			Close:     "keep it in Secrets Manager, and name it in secrets with valueFrom",
			Secret:    true,
		},
		{
			ID:        "aws-ecs-task-efs-encrypted-in-transit",
			Aliases:   same("CKV_AWS_97", "AWS-0035", "aws-ecs-enable-in-transit-encryption"),
			On:        on("aws_ecs_task_definition"),
			Layer:     networkTrafficProtection,
			Objective: encryptInTransit,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ECS tasks encrypt EFS traffic",
			Why:       "Without transit encryption files cross the network in plain text. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html>",
			Want:      each("volume.efs_volume_configuration", attr("transit_encryption").Equals("ENABLED")),
			Message:   "this volume is not encrypted in transit",
			Close:     "set transit_encryption to ENABLED",
		},
		{
			ID:        "aws-ecs-task-efs-iam",
			On:        on("aws_ecs_task_definition"),
			Layer:     identityAndAccess,
			Objective: restrictPrincipals,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS tasks mount EFS with IAM authorization",
			Why:       "Without IAM authorization every host that reaches the file system may mount it; with it the file system's policy decides. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html>",
			Want:      each("volume.efs_volume_configuration", attr("authorization_config.iam").Equals("ENABLED")),
			Message:   "this volume is mounted without IAM authorization",
			Close:     "add an authorization_config with iam set to ENABLED",
		},
		{
			ID:        "aws-ecs-task-user-not-root",
			On:        on("aws_ecs_task_definition"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "ECS containers run as a user other than root",
			Why:       "A container runs as root unless its image or definition sets another user; root can escape a container more easily. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html>",
			When:      not(attr("runtime_platform.operating_system_family").Matches("WINDOWS*")), // Windows has no root
			Want: eachContainer("every container names a user other than root", func(c container) (analyzer.Verdict, string) {
				return min(c.isSet("user"), -c.isOneOf("user", "root", "0", "root:root", "0:0")), "sets no user other than root"
			}),
			Message: "a container definition sets no user other than root",
			Close:   "set user in the container definition",
		},
		{
			ID:        "aws-ecs-task-roles-differ",
			Aliases:   same("CKV_AWS_249"),
			On:        on("aws_ecs_task_definition"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "ECS tasks have a role other than the execution role",
			Why:       "The execution role may pull images and read secrets for the agent; as task role it gives your code these permissions. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html>",
			When:      all(referred("execution_role_arn"), referred("task_role_arn")),
			Want:      differ("execution_role_arn", "task_role_arn", "aws_iam_role"),
			Message:   "the task role is the execution role",
			Close:     "give the task a role of its own",
		},
		{
			ID:        "aws-ecs-service-no-public-ip",
			Aliases:   same("CKV_AWS_333"),
			Controls:  controls("FSBP ECS.2"),
			On:        on("aws_ecs_service"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "ECS services have no public addresses",
			Why:       "A public address makes tasks reachable from the internet wherever a security group allows it, bypassing load balancer and WAF. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html>",
			Want:      not(attr("network_configuration.assign_public_ip").True()), // default false
			Message:   "tasks of this service get public addresses",
			Fix:       unsafe("cuts tasks off the internet where their subnet has no NAT gateway or endpoints", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html"),
		},
		{
			ID:        "aws-ecs-service-platform-latest",
			Aliases:   same("CKV_AWS_332"),
			Controls:  controls("FSBP ECS.10"),
			On:        on("aws_ecs_service"),
			Layer:     platformAndApplication,
			Objective: patchSystems,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Fargate services run on the latest platform version",
			Why:       "A pinned platform version keeps an old kernel and runtime without later fixes. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html>",
			When:      anyOf(not(unset("platform_version")), not(attr("launch_type").OneOf("EC2", "EXTERNAL"))), // only Fargate has platform versions
			Want:      attr("platform_version").OneOf("LATEST", "1.4.0"),
			Message:   "this service runs on an old platform version",
			Fix:       safe(),
		},
	}
}

// A container is one container definition of a task.
type container struct{ value cty.Value }

// eachContainer judges every container of a task definition. The text describes
// the fault of a failing container.
func eachContainer(says string, judge func(container) (analyzer.Verdict, string)) cond {
	return analyzer.Func{
		Says:  says,
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("container_definitions"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			list, l, ok := containers(v)
			if !ok {
				return v.Unknown(l)
			}
			worst := analyzer.Pass
			for _, c := range list {
				verdict, does := judge(c)
				if verdict == analyzer.Fail {
					return v.FailSaying(l, fmt.Sprintf("container %s %s", c.name(), does))
				}
				worst = min(worst, verdict)
			}
			if worst == analyzer.Unknown {
				return v.Unknown(l)
			}
			return v.Pass(l)
		},
	}
}

// containers lists the containers of a task definition; not ok where the list
// is unknown.
func containers(v *analyzer.View) ([]container, analyzer.Leaf, bool) {
	doc, l := v.Document("container_definitions")
	if !doc.IsKnown() || !doc.IsNull() && !isList(doc) {
		return nil, l, false
	}
	return listOf(doc), l, true
}

func isList(val cty.Value) bool {
	t := val.Type()
	return t.IsTupleType() || t.IsListType() || t.IsSetType()
}

func listOf(val cty.Value) []container {
	if !val.IsKnown() || val.IsNull() || !isList(val) {
		return nil
	}
	var list []container
	for it := val.ElementIterator(); it.Next(); {
		_, e := it.Element()
		list = append(list, container{e})
	}
	return list
}

// field is a part of a definition; null where it is absent.
func (c container) field(name string) cty.Value {
	val := c.value
	switch {
	case !val.IsKnown():
		return cty.DynamicVal
	case val.IsNull():
	case val.Type().IsObjectType() && val.Type().HasAttribute(name):
		return val.GetAttr(name)
	case val.Type().IsMapType() && val.HasIndex(cty.StringVal(name)).True():
		return val.Index(cty.StringVal(name))
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func (c container) within(name string) container { return container{c.field(name)} }

// name is the container's name in a message.
func (c container) name() string {
	if s := c.field("name"); s.IsKnown() && !s.IsNull() && s.Type() == cty.String {
		return fmt.Sprintf("%q", analyzer.Brief(s.AsString()))
	}
	return "without a known name"
}

func (c container) isSet(name string) analyzer.Verdict {
	switch val := c.field(name); {
	case !val.IsKnown():
		return analyzer.Unknown
	case val.IsNull() || val.Type() == cty.String && val.AsString() == "":
		return analyzer.Fail
	}
	return analyzer.Pass
}

func (c container) isTrue(name string) analyzer.Verdict { return c.isOneOf(name, "true") }

// isOneOf compares a field, as text, with the values.
func (c container) isOneOf(name string, values ...string) analyzer.Verdict {
	val := c.field(name)
	if !val.IsKnown() {
		return analyzer.Unknown
	}
	text := plainText(val)
	for _, want := range values {
		if text == want {
			return analyzer.Pass
		}
	}
	return analyzer.Fail
}

func plainText(val cty.Value) string {
	switch {
	case val.IsNull():
	case val.Type() == cty.String:
		return val.AsString()
	case val.Type() == cty.Bool:
		return fmt.Sprint(val.True())
	case val.Type() == cty.Number:
		return val.AsBigFloat().Text('f', -1)
	}
	return ""
}

// containerSecrets is noSecrets for the variables of containers.
func containerSecrets() cond {
	return analyzer.Func{
		Says:  "no environment variable of a container holds a credential",
		Reads: []analyzer.Read{{Path: analyzer.ParsePath("container_definitions"), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			list, l, ok := containers(v)
			if !ok {
				return v.Unknown(l)
			}
			unknown, elsewhere := false, givenElsewhere(v.Unknown(l))
			for _, c := range list {
				for _, e := range listOf(c.field("environment")) {
					kind, open := environmentSecret(e, elsewhere)
					if kind != "" {
						return v.FailSaying(l, fmt.Sprintf("container %s: %s", c.name(), saySecret(plainText(e.field("name")), kind)))
					}
					unknown = unknown || open
				}
				unknown = unknown || !c.value.IsKnown() || !c.field("environment").IsKnown()
			}
			if unknown {
				return v.Unknown(l)
			}
			return v.Pass(l)
		},
	}
}

// environmentSecret names the credential in a variable; open: it may contain
// one. Elsewhere means that the unknown part comes from resources.
func environmentSecret(e container, elsewhere bool) (kind string, open bool) {
	name, value := e.field("name"), e.field("value")
	switch {
	case !name.IsKnown():
		return "", true
	case !value.IsKnown():
		return "", !elsewhere || isSecretName(plainText(name))
	}
	return secretIn(plainText(name), plainText(value)), false
}

// differ holds where two attributes do not name the same resource of a type.
func differ(a, b, typ string) cond {
	return analyzer.Func{
		Says:  a + " is not " + b,
		Reads: []analyzer.Read{{Path: analyzer.ParsePath(a), Want: analyzer.StringKind}, {Path: analyzer.ParsePath(b), Want: analyzer.StringKind}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			x, y := v.Attr(a), v.Attr(b)
			if x.Known() && y.Known() {
				if plainText(x.Value) == plainText(y.Value) {
					return v.Fail(y)
				}
				return v.Pass(y)
			}
			first, second := soleTarget(v, a, typ, "data."+typ), soleTarget(v, b, typ, "data."+typ)
			switch {
			case first != nil && first == second:
				return v.Fail(y)
			case first != nil && second != nil:
				return v.Pass(y)
			case sameRole(v.Unknown(x), v.Unknown(y)):
				return v.Fail(y)
			case x.Known():
				return v.Unknown(y)
			}
			return v.Unknown(x)
		},
	}
}

func soleTarget(v *analyzer.View, path string, types ...string) *analyzer.Resource {
	for _, typ := range types {
		if links := v.Targets(path, typ); len(links) == 1 && !links[0].Possible {
			return links[0].Resource
		}
	}
	return nil
}

// sameRole reports whether two values are unknown only because of the same ARN:
// the ARN of a role that is not declared here.
func sameRole(a, b analyzer.Outcome) bool {
	x, y := a.Witnesses[0].Because, b.Witnesses[0].Because
	return len(x) == 1 && len(y) == 1 && x[0].Kind == analyzer.CauseApply && x[0].Name == y[0].Name && strings.HasSuffix(x[0].Name, ".arn")
}

// ECS's values for omitted settings.
const (
	taskParameters    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"
	serviceParameters = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"
)

// ecsDefaults are AWS's values for unset attributes.
func ecsDefaults() []analyzer.Default {
	return []analyzer.Default{
		{Type: "aws_ecs_task_definition", Path: "network_mode", Value: isString("bridge"), Source: taskParameters},
		{Type: "aws_ecs_service", Path: "platform_version", Value: isString("LATEST"), Source: serviceParameters},
		{Type: "aws_ecs_service", Path: "launch_type", Value: cty.NilVal, Source: serviceParameters}, // EC2, or the cluster's capacity providers
	}
}
