package checks

import "github.com/demarc/demarc/analyzer"

func autoscaling() []row {
	return []row{
		{
			ID:        "aws-autoscaling-load-balancer-health-check",
			Aliases:   same("CKV2_AWS_15"),
			Controls:  controls("FSBP AutoScaling.1"),
			On:        on("aws_autoscaling_group", "aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Auto Scaling groups behind a load balancer use its health checks",
			Why:       "By default only a failed host is replaced: an instance whose application hangs stays and takes no traffic. <https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html#autoscaling-1>",
			When:      byType(of(says("it is behind a load balancer", balanced()), "aws_autoscaling_group")),
			Want: byType(
				of(balancerChecked(), "aws_autoscaling_group"),
				of(target("autoscaling_group_name", "aws_autoscaling_group", balancerChecked()), "aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"),
			),
			Message: "this group does not use the health checks of its load balancer",
			Close:   "set health_check_type = \"ELB\" in the group; instances that fail the load balancer's check are then replaced",
		},
		{
			ID:        "aws-autoscaling-several-zones",
			Controls:  controls("FSBP AutoScaling.2"),
			On:        on("aws_autoscaling_group"),
			Layer:     businessContinuity,
			Objective: resilience,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Auto Scaling groups span several Availability Zones",
			Why:       "A group in one zone is down when the zone is. <https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html#autoscaling-2>",
			Want:      anyOf(severalOf("vpc_zone_identifier"), severalOf("availability_zones")),
			Message:   "this group is in one Availability Zone only",
			Close:     "list subnets of at least two zones in vpc_zone_identifier",
		},
		{
			ID:        "aws-autoscaling-launch-template",
			Aliases:   same("CKV_AWS_315"),
			Controls:  controls("FSBP AutoScaling.9"),
			On:        on("aws_autoscaling_group"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Auto Scaling groups use launch templates",
			Why:       "Launch configurations get no new features and no new instance types, and have no versions. <https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html>",
			Want:      anyOf(attr("launch_template").Present(), attr("mixed_instances_policy.launch_template").Present()),
			Message:   "this group does not use a launch template",
			Close:     "create an aws_launch_template and name it in a launch_template block",
		},
		{
			ID:        "aws-autoscaling-tagged",
			Aliases:   same("CKV_AWS_153"),
			Controls:  controls("FSBP AutoScaling.10"),
			On:        on("aws_autoscaling_group"),
			Layer:     platformAndApplication,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Auto Scaling groups tag their instances",
			Why:       "Owners, costs, patch groups and policies are found by tags, and short-lived instances have no other stable name. <https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html>",
			Want:      anyOf(attr("tag").Present(), olderTags()),
			Message:   "instances of this group have no tags",
			Close:     "add tag blocks with propagate_at_launch = true",
		},
	}
}

// olderTags holds for a group with the tags list of provider versions before 5.
// Later versions do not have the attribute.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade#resourceaws_autoscaling_group
func olderTags() cond {
	return analyzer.Func{Says: "tags is set", Judge: func(v *analyzer.View) analyzer.Outcome { return v.Judge(attr("tags").Present()) }}
}

// balanced holds for a group that names a source of its traffic. Attachments
// are judged separately.
func balanced() cond {
	return anyOf(attr("load_balancers").Present(), attr("target_group_arns").Present(), attr("traffic_source").Present())
}

// balancerChecked holds for a group that uses the health checks of the load
// balancer.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
func balancerChecked() cond {
	return anyOf(attr("health_check_type").Equals("ELB"), attr("health_check_type").Matches("*ELB*", "*VPC_LATTICE*"))
}

// severalOf holds where a list has at least two different values.
func severalOf(path string) cond {
	return analyzer.Func{
		Says:  path + " has several values",
		Reads: []analyzer.Read{{Path: analyzer.Path{path}, Want: analyzer.BlockKind, Repeated: true}},
		Judge: func(v *analyzer.View) analyzer.Outcome {
			l := v.Attr(path)
			elements, open := v.Elements(path)
			different, hidden := map[string]bool{}, 0
			for _, e := range elements {
				if val := e.Value(); val.IsKnown() {
					different[val.GoString()] = true
				} else if name, ok := identityOf(e.Here()); ok {
					different[name] = true
				} else {
					hidden++
				}
			}
			switch {
			case len(different) > 1:
				return v.Pass(l)
			case open || hidden > 0 && len(different)+hidden > 1:
				return v.Unknown(l)
			}
			return v.Fail(l)
		},
	}
}

// identityOf is the identity of one resource, where an unknown value is such an
// identity: two of them differ.
func identityOf(l analyzer.Leaf) (string, bool) {
	refs := refsAt(l)
	if len(refs) != 1 || !refs[0].Sole {
		return "", false
	}
	return refs[0].To + "." + refs[0].Attr, true
}

// autoscalingDefaults are Auto Scaling's values for unset attributes.
func autoscalingDefaults() []analyzer.Default {
	const group = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_group"
	return []analyzer.Default{
		{Type: "aws_autoscaling_group", Path: "health_check_type", Value: isString("EC2"), Source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html"},
		{Type: "aws_autoscaling_group", Path: "load_balancers", Value: isNothing, Source: group},
		{Type: "aws_autoscaling_group", Path: "target_group_arns", Value: isNothing, Source: group},
		{Type: "aws_autoscaling_group", Path: "vpc_zone_identifier", Value: isNothing, Source: group},
		{Type: "aws_autoscaling_group", Path: "availability_zones", Value: isNothing, Source: group},
	}
}
