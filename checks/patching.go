package checks

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// patchDocuments holds for the AWS documents that install patches.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-ssm-documents.html
func patchDocuments(path string) cond {
	return attr(path).Matches(
		"AWS-RunPatchBaseline", "AWS-RunPatchBaselineAssociation", "AWS-RunPatchBaselineWithHooks", "AWS-PatchInstanceWithRollback",
		"arn:aws*:ssm:*:*:document/AWS-RunPatchBaseline*", "arn:aws*:ssm:*:*:document/AWS-PatchInstanceWithRollback",
		"arn:aws*:ssm:*:*:automation-definition/AWS-PatchInstanceWithRollback*")
}

// patched holds where an association or a task of a maintenance window installs
// patches on the instance, or an account fact states that all instances are
// patched. It is evidence that patches are requested, not that they are
// installed.
func patched() cond {
	return analyzer.Func{
		Says: "an association or a maintenance window installs patches on it",
		Reads: []analyzer.Read{
			{Path: analyzer.Path{"tags"}},
			{Type: "aws_ssm_association", Path: analyzer.Path{"name"}},
			{Type: "aws_ssm_association", Path: analyzer.Path{"parameters"}},
			{Type: "aws_ssm_association", Path: analyzer.Path{"targets", "values"}, Repeated: true},
			{Type: "aws_ssm_maintenance_window_task", Path: analyzer.Path{"task_arn"}},
			{Type: "aws_ssm_maintenance_window_task", Path: analyzer.Path{"targets", "values"}, Repeated: true},
			{Type: "aws_ssm_maintenance_window_task", Path: analyzer.Path{"task_invocation_parameters", "run_command_parameters", "parameter", "values"}, Repeated: true},
			{Type: "aws_ssm_maintenance_window", Path: analyzer.Path{"enabled"}},
			{Type: "aws_ssm_maintenance_window_target", Path: analyzer.Path{"targets", "values"}, Repeated: true},
		},
		Judge: judgePatched,
	}
}

func judgePatched(v *analyzer.View) analyzer.Outcome {
	if f := v.Fact("instances-patched"); f != nil {
		l := v.Here()
		l.Fact = f
		return v.Pass(l)
	}
	out := v.Fail(v.Here())
	for _, r := range append(v.All("aws_ssm_association"), v.All("aws_ssm_maintenance_window_task")...) {
		operation := v.Of(r)
		switch min(installs(operation), aims(operation, v)) {
		case analyzer.Pass:
			return operation.Pass(operation.Here())
		case analyzer.Unknown:
			out = v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "what " + r.Address + " does, and to which instances"})
		}
	}
	return out
}

// installs judges whether an operation installs patches, and does not only scan
// for missing ones.
func installs(operation *analyzer.View) analyzer.Verdict {
	if operation.Resource().Type == "aws_ssm_association" {
		return operation.Judge(all(patchDocuments("name"), anyOf(
			attr("parameters.Operation").Equals("Install"),
			attr("name").Matches("AWS-PatchInstanceWithRollback")))).Verdict
	}
	return operation.Judge(all(
		patchDocuments("task_arn"),
		anyOf(
			some("task_invocation_parameters.run_command_parameters.parameter", all(attr("name").Equals("Operation"), attr("values").Contains("Install"))),
			attr("task_arn").Matches("*AWS-PatchInstanceWithRollback*")),
		not(target("window_id", "aws_ssm_maintenance_window", attr("enabled").False())),
	)).Verdict
}

// aims judges whether the targets of an operation, which must all match,
// include the instance.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Target.html
func aims(operation, v *analyzer.View) analyzer.Verdict {
	targets, open := operation.Elements("targets")
	if len(targets) == 0 {
		return min(analyzer.Unknown, verdictOf(open))
	}
	verdict := analyzer.Pass
	if open {
		verdict = analyzer.Unknown
	}
	for _, t := range targets {
		verdict = min(verdict, fits(t, v))
	}
	return verdict
}

// fits judges whether one target is the instance, or a tag of it.
func fits(t, v *analyzer.View) analyzer.Verdict {
	key := t.Attr("key").Value
	if !key.IsKnown() || key.IsNull() || key.Type() != cty.String {
		return analyzer.Unknown
	}
	tag, byTag := strings.CutPrefix(key.AsString(), "tag:")
	switch {
	case byTag:
		return fitsTag(t, v, tag)
	case key.AsString() == "InstanceIds":
		return fitsID(t, v)
	case key.AsString() == "WindowTargetIds":
		return fitsWindow(t, v)
	}
	return analyzer.Unknown // a resource group
}

func fitsTag(t, v *analyzer.View, key string) analyzer.Verdict {
	values, open := t.Strings("values")
	verdict := analyzer.Fail
	if open {
		verdict = analyzer.Unknown
	}
	for _, value := range values {
		if value.Value.Type() == cty.String && value.Value.AsString() == "*" {
			return analyzer.Unknown // any value of the tag
		}
		verdict = max(verdict, carries(v, cty.StringVal(key), value.Value, false))
	}
	return verdict
}

// fitsID judges whether a list of instance ids contains the instance, or the
// asterisk for all instances of the account.
func fitsID(t, v *analyzer.View) analyzer.Verdict {
	instances := t.Targets("values", "aws_instance")
	literals, _ := t.Strings("values")
	verdict := analyzer.Fail
	if n := count(t, "values"); n != len(literals) && n != len(literals)+len(instances) {
		verdict = analyzer.Unknown
	}
	for _, l := range literals {
		verdict = max(verdict, verdictOf(l.Value.Type() == cty.String && l.Value.AsString() == "*"))
	}
	for _, link := range instances {
		verdict = max(verdict, possibly(link, verdictOf(link.Resource == v.Resource())))
	}
	return verdict
}

func fitsWindow(t, v *analyzer.View) analyzer.Verdict {
	links := t.Targets("values", "aws_ssm_maintenance_window_target")
	if len(links) == 0 {
		return analyzer.Unknown
	}
	verdict := analyzer.Fail
	for _, link := range links {
		verdict = max(verdict, possibly(link, aims(t.Of(link.Resource), v)))
	}
	return verdict
}

// reachable holds where the role of an instance may communicate with Systems
// Manager, or the account allows every instance by default.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
// https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
func reachable() cond {
	role := target("role", "aws_iam_role", managedRole())
	return anyOf(
		target("iam_instance_profile", "aws_iam_instance_profile", role),
		fromTemplate("iam_instance_profile", anyOf(
			target("iam_instance_profile.name", "aws_iam_instance_profile", role),
			target("iam_instance_profile.arn", "aws_iam_instance_profile", role))),
		hostsManagedByDefault(),
	)
}

// managedRole holds for a role with a policy that lets Systems Manager manage
// its instances. A customer managed policy may do so too.
func managedRole() cond {
	return anyOf(
		related("aws_iam_role_policy_attachment", "role", managesInstances()),
		related("aws_iam_policy_attachment", "roles", managesInstances()),
		attr("managed_policy_arns").Contains("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
		perhaps(anyOf(related("aws_iam_role_policy", "role", nil), attr("inline_policy").Present())),
	)
}

// managesInstances judges the policy that an attachment names, by its ARN or
// by the data source that looks it up.
func managesInstances() cond {
	byARN := attr("policy_arn").Matches(
		"arn:aws*:iam::aws:policy/AmazonSSMManagedInstanceCore",
		"arn:aws*:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy",
		"arn:aws*:iam::aws:policy/service-role/AmazonEC2RoleforSSM")
	byName := target("policy_arn", "data.aws_iam_policy", attr("name").OneOf("AmazonSSMManagedInstanceCore", "AmazonSSMManagedEC2InstanceDefaultPolicy"))
	return analyzer.Func{
		Says:  "its policy lets Systems Manager manage instances",
		Reads: append(analyzer.ReadsOf(byARN), analyzer.ReadsOf(byName)...),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(byARN)
			if len(v.Targets("policy_arn", "data.aws_iam_policy")) > 0 {
				out = best(out, v.Judge(byName))
			}
			return out
		},
	}
}

// perhaps is unknown where the condition holds, and fails otherwise.
func perhaps(c cond) cond {
	return analyzer.Func{
		Says:  "perhaps " + c.String(),
		Reads: analyzer.ReadsOf(c),
		Judge: func(v *analyzer.View) analyzer.Outcome {
			out := v.Judge(c)
			if out.Verdict == analyzer.Fail {
				return out
			}
			return v.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "the policies of " + v.Resource().Address})
		},
	}
}

// hostsManagedByDefault holds where this configuration or a fact enables it;
// otherwise it does not hold.
func hostsManagedByDefault() cond {
	setting := attr("setting_id").Matches("*/ssm/managed-instance/default-ec2-instance-management-role")
	return analyzer.Func{
		Says:  "the account manages instances by default",
		Reads: []analyzer.Read{{Type: "aws_ssm_service_setting", Path: analyzer.Path{"setting_id"}}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			if len(v.All("aws_ssm_service_setting")) == 0 && v.Fact("ssm-default-host-management") == nil {
				return v.Fail(v.Here())
			}
			return v.Judge(exists("aws_ssm_service_setting", setting, "ssm-default-host-management"))
		},
	}
}
