package checks

import (
	"net/netip"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
)

func vpc() []row {
	return []row{
		{
			ID:        "aws-network-acl-ssh-not-public",
			Aliases:   join(same("CKV_AWS_232"), wider("AWS-0105", "aws-ec2-no-public-ingress-acl")),
			Controls:  controls("FSBP EC2.21", "CIS AWS 3.0 5.1"),
			On:        on("aws_network_acl", "aws_network_acl_rule"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No network ACL lets the internet reach SSH (port 22)",
			Why:       "The ACL is the second line: where it is open, one wrong security group exposes the logins of a subnet. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21>",
			When:      allowsIngress(),
			Want:      aclClosed("no rule lets any address reach port 22", portRange{22, 22}),
			Message:   "any address on the internet can reach port 22 (SSH) of the subnets",
			Close:     "name the networks that may log on, or deny port 22 in a rule with a lower number",
		},
		{
			ID:        "aws-network-acl-rdp-not-public",
			Aliases:   join(same("CKV_AWS_231"), wider("AWS-0105")),
			Controls:  controls("FSBP EC2.21", "CIS AWS 3.0 5.1"),
			On:        on("aws_network_acl", "aws_network_acl_rule"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No network ACL lets the internet reach RDP (port 3389)",
			Why:       "The ACL is the second line: where it is open, one wrong security group exposes the desktops of a subnet. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21>",
			When:      allowsIngress(),
			Want:      aclClosed("no rule lets any address reach port 3389", portRange{3389, 3389}),
			Message:   "any address on the internet can reach port 3389 (RDP) of the subnets",
			Close:     "name the networks that may log on, or deny port 3389 in a rule with a lower number",
		},
		{
			ID:        "aws-network-acl-ftp-not-public",
			Aliases:   same("CKV_AWS_229"),
			On:        on("aws_network_acl", "aws_network_acl_rule"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No network ACL lets the internet reach FTP (port 21)",
			Why:       "FTP sends passwords and files in the clear. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>",
			When:      allowsIngress(),
			Want:      aclClosed("no rule lets any address reach port 21", portRange{21, 21}),
			Message:   "any address on the internet can reach port 21 (FTP) of the subnets",
			Close:     "name the networks that may connect, or deny port 21 in a rule with a lower number",
		},
		{
			ID:        "aws-network-acl-ftp-data-not-public",
			Aliases:   same("CKV_AWS_230"),
			On:        on("aws_network_acl", "aws_network_acl_rule"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "No network ACL lets the internet reach FTP data (port 20)",
			Why:       "FTP sends files in the clear. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>",
			When:      allowsIngress(),
			Want:      aclClosed("no rule lets any address reach port 20", portRange{20, 20}),
			Message:   "any address on the internet can reach port 20 (FTP data) of the subnets",
			Close:     "name the networks that may connect, or deny port 20 in a rule with a lower number",
		},
		{
			ID:        "aws-network-acl-ports-limited",
			Aliases:   join(same("AWS-0102", "aws-ec2-no-excessive-port-access"), narrower("CKV_AWS_352")),
			On:        on("aws_network_acl", "aws_network_acl_rule"),
			Layer:     firewallConfiguration,
			Objective: restrictIngress,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "No inbound rule of a network ACL allows every port",
			Why:       "An ACL that allows every port is none: security groups are then the only line. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>",
			When:      allowsIngress(),
			Want: says("no inbound rule allows every port", byType(
				of(none("ingress", all(attr("action").Equals("allow"), aclRule.carries(everyPort))), "aws_network_acl"),
				of(none("", aclRule.carries(everyPort)), "aws_network_acl_rule"),
			)),
			Message: "this rule lets every port in",
			Close:   "list the ports that the subnet serves, and the ephemeral ports of replies",
		},
		{
			ID:        "aws-network-acl-attached",
			Aliases:   same("CKV2_AWS_1"),
			Controls:  controls("FSBP EC2.16"),
			On:        on("aws_network_acl"),
			Layer:     firewallConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Network ACLs are attached to a subnet",
			Why:       "An ACL without subnets protects nothing, while the subnets have the default one, which allows all. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-16>",
			Want:      anyOf(attr("subnet_ids").Present(), related("aws_network_acl_association", "network_acl_id", nil)),
			Message:   "this network ACL is attached to no subnet",
			Close:     "list the subnets in subnet_ids, or remove the ACL",
		},
		{
			ID:        "aws-vpc-flow-logs-enabled",
			Aliases:   same("CKV2_AWS_11", "AWS-0178", "aws-ec2-require-vpc-flow-logs-for-all-vpcs"),
			Controls:  controls("FSBP EC2.6", "CIS AWS 3.0 3.7"),
			On:        on("aws_vpc", "aws_default_vpc"),
			Layer:     loggingAndMonitoring,
			Objective: logAccess,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "VPCs have flow logs",
			Why:       "Without flow logs nobody can determine what talked to whom, neither during an attack nor after it. <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html>",
			Want:      related("aws_flow_log", "vpc_id", nil),
			Message:   "this VPC has no flow log",
			Close:     "add an aws_flow_log with the VPC's id, to CloudWatch Logs or S3",
		},
		{
			ID:        "aws-subnet-no-public-ip-by-default",
			Aliases:   same("CKV_AWS_130", "AWS-0164", "aws-ec2-no-public-ip-subnet"),
			Controls:  controls("FSBP EC2.15"),
			On:        on("aws_subnet"),
			Layer:     networkConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Subnets give instances no public address by default",
			Why:       "Each instance of such a subnet can be reached from the internet, whether it is meant to or not. <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html>",
			Want:      attr("map_public_ip_on_launch").False(),
			Message:   "instances in this subnet get a public address",
			Fix:       unsafe("new instances get no public address", "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html"),
		},
		{
			ID:        "aws-default-vpc-not-used",
			Aliases:   same("CKV_AWS_148", "AWS-0101", "aws-ec2-no-default-vpc"),
			On:        on("aws_default_vpc"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "The default VPC is not used",
			Why:       "Every subnet of the default VPC is public, and every account's is alike. <https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html>",
			Want:      says("there is no default VPC", not(always())),
			Message:   "this manages, and where there is none creates, the default VPC",
			Close:     "make an aws_vpc with public and private subnets",
		},
		{
			ID:        "aws-vpc-block-public-access-on",
			Controls:  controls("FSBP EC2.172"),
			On:        on("aws_vpc_block_public_access_options"),
			Layer:     firewallConfiguration,
			Objective: preventExposure,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "VPC Block Public Access is not turned off",
			Why:       "It stops traffic of internet gateways for a whole region, whatever routes and security groups say. <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html>",
			Want:      attr("internet_gateway_block_mode").OneOf("block-bidirectional", "block-ingress"),
			Message:   "VPC Block Public Access is turned off",
			Fix:       unsafe("traffic of internet gateways stops where no exclusion is made", "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html"),
		},
		{
			ID:        "aws-vpc-endpoint-service-manual-acceptance",
			Aliases:   same("CKV_AWS_123"),
			On:        on("aws_vpc_endpoint_service"),
			Layer:     firewallConfiguration,
			Objective: restrictPrincipals,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "VPC endpoint service connections are accepted manually",
			Why:       "Every principal that is allowed can otherwise connect unnoticed. <https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html>",
			Want:      attr("acceptance_required").True(),
			Message:   "connections to this endpoint service are accepted automatically",
			Fix:       unsafe("new connections wait until somebody accepts them", "https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#accept-reject-connection-requests"),
		},
		{
			ID:        "aws-vpc-endpoint-policy-limited",
			On:        on("aws_vpc_endpoint"),
			Layer:     identityAndAccess,
			Objective: leastPrivilege,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "VPC endpoint policies do not allow everything",
			Why:       "The default policy lets anybody in the network use the service for any account, which is a way to carry data out. <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>",
			When:      attr("vpc_endpoint_type").OneOf("Gateway", "Interface"),
			Want: says("its policy does not allow everything", anyOf(
				limitedPolicy(), related("aws_vpc_endpoint_policy", "vpc_endpoint_id", limitedPolicy()))),
			Message: "the policy of this endpoint allows every action on every resource",
			Close:   "write a policy that names the actions, the resources or the accounts",
		},
		{
			ID:        "aws-transit-gateway-manual-acceptance",
			Aliases:   same("CKV_AWS_331"),
			Controls:  controls("FSBP EC2.23"),
			On:        on("aws_ec2_transit_gateway"),
			Layer:     firewallConfiguration,
			Objective: restrictPrincipals,
			Severity:  high,
			Since:     "0.1.0",
			Title:     "Transit gateways do not accept attachments from other accounts automatically",
			Why:       "Every account that the gateway is shared with can otherwise join its network unseen. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-23>",
			Want:      attr("auto_accept_shared_attachments").Equals("disable"),
			Message:   "attachments from other accounts are accepted automatically",
			Fix:       unsafe("new attachments wait until somebody accepts them", "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"),
		},
		{
			ID:        "aws-eip-attached",
			Aliases:   same("CKV2_AWS_19"),
			Controls:  controls("FSBP EC2.12"),
			On:        on("aws_eip"),
			Layer:     networkConfiguration,
			Objective: hardenConfiguration,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Elastic IP addresses are in use",
			Why:       "An address that nothing uses is paid for, stays in allow lists and is forgotten. <https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-12>",
			Want:      says("an instance, gateway or load balancer uses it", addressUsed()),
			Message:   "nothing uses this address",
			Close:     "associate it with an instance, a NAT gateway or a load balancer, or remove it",
		},
		{
			ID:        "aws-route-peering-limited",
			Aliases:   same("CKV2_AWS_44"),
			Controls:  controls("CIS AWS 3.0 5.5"),
			On:        on("aws_route_table", "aws_route"),
			Layer:     networkConfiguration,
			Objective: segmentNetworks,
			Severity:  medium,
			Since:     "0.1.0",
			Title:     "Routes to a peered VPC lead to its addresses only",
			Why:       "A default route into another VPC hands that network all traffic that has no other way. <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html>",
			When: byType(
				of(some("route", attr("vpc_peering_connection_id").Present()), "aws_route_table"),
				of(attr("vpc_peering_connection_id").Present(), "aws_route"),
			),
			Want:    noDefaultRoute("vpc_peering_connection_id"),
			Message: "this route sends traffic for any address to a peered VPC",
			Close:   "make the destination the address block of the peer, or of what is needed there",
		},
		{
			ID:        "aws-route-default-not-to-instance",
			Aliases:   same("CKV2_AWS_35"),
			On:        on("aws_route_table", "aws_route"),
			Layer:     networkConfiguration,
			Objective: resilience,
			Severity:  low,
			Since:     "0.1.0",
			Title:     "Default routes lead to a NAT gateway, not to an instance",
			Why:       "A NAT instance is a host to patch and a single point of failure; AWS runs NAT gateways. <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-comparison.html>",
			Want:      all(noDefaultRoute("network_interface_id"), noDefaultRoute("instance_id")), // the latter before version 5 of the provider
			Message:   "this default route leads to an instance",
			Close:     "route to an aws_nat_gateway",
		},
	}
}

// allowsIngress ignores deny rules and egress rules.
func allowsIngress() cond {
	return byType(of(all(attr("rule_action").OneOf("allow", "ALLOW"), not(attr("egress").True())), "aws_network_acl_rule"))
}

// aclClosed holds where no inbound rule allows any address to reach the ports.
// Rules are evaluated in order of their numbers, so an earlier deny rule for
// the same traffic cancels a rule.
// https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
func aclClosed(sentence string, ports portRange) cond {
	inline := acl{"action", "rule_no", ports}
	separate := acl{"rule_action", "rule_number", ports}
	reads := []string{"ingress.action", "ingress.rule_no", "ingress.protocol", "ingress.from_port", "ingress.to_port", "ingress.cidr_block", "ingress.ipv6_cidr_block"}
	return says(sentence, byType(
		of(analyzer.Func{Says: sentence, Reads: readsAll(reads...), Judge: inline.judgeInline}, "aws_network_acl"),
		of(analyzer.Func{
			Says:  sentence,
			Reads: readsAll("network_acl_id", "rule_action", "rule_number", "protocol", "from_port", "to_port", "cidr_block", "ipv6_cidr_block"),
			Judge: separate.judgeRule,
		}, "aws_network_acl_rule"),
	))
}

// readsAll are reads of attributes of the resource itself.
func readsAll(paths ...string) []analyzer.Read {
	reads := make([]analyzer.Read, len(paths))
	for i, p := range paths {
		reads[i] = analyzer.Read{Path: analyzer.ParsePath(p), Repeated: true}
	}
	return reads
}

// acl gives the attribute names of one notation for network ACL rules, and the
// ports to judge.
type acl struct {
	action, number string
	ports          portRange
}

// A denial is a rule that denies the ports, or may deny them.
type denial struct {
	rule   *analyzer.View
	denies analyzer.Verdict
}

// mostDenials bounds the rules with which each rule is compared. A network ACL
// has 40 rules per direction at most; with more, the effect of earlier rules is
// unknown.
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (2026-12)
const mostDenials = 100

func (a acl) judgeInline(v *analyzer.View) analyzer.Outcome {
	rules, open := v.Elements("ingress")
	outcomes := []analyzer.Outcome{v.Pass(v.Attr("ingress"))}
	if open {
		outcomes[0] = v.Unknown(v.Attr("ingress"))
	}
	var denials []denial
	for _, rule := range rules {
		denials = a.deny(denials, rule, analyzer.Pass)
	}
	for _, rule := range rules {
		outcomes = append(outcomes, a.judge(rule, func() analyzer.Verdict {
			denied := a.denied(rule, denials)
			if open {
				denied = max(denied, analyzer.Unknown) // by an unseen rule
			}
			return denied
		}))
	}
	return worst(outcomes...)
}

func (a acl) judgeRule(v *analyzer.View) analyzer.Outcome {
	return a.judge(v, func() analyzer.Verdict {
		denied := analyzer.Fail
		for _, to := range v.Targets("network_acl_id", "aws_network_acl") {
			denied = max(denied, a.denied(v, a.denialsOf(v.Of(to.Resource))))
		}
		return denied
	})
}

// denialsOf lists the denials among the separate rules of a network ACL.
func (a acl) denialsOf(v *analyzer.View) []denial {
	return v.Memo(a, func() any {
		var denials []denial
		for _, other := range v.Companions("aws_network_acl_rule", "network_acl_id") {
			o := v.Of(other.Resource)
			inbound := -o.Judge(attr("egress").True()).Verdict
			denials = a.deny(denials, o, possibly(other, inbound))
		}
		return denials
	}).([]denial)
}

// deny adds a rule where it denies the ports; inbound is whether it is an
// inbound rule of the network ACL.
func (a acl) deny(denials []denial, rule *analyzer.View, inbound analyzer.Verdict) []denial {
	if len(denials) > mostDenials {
		return denials
	}
	denies := rule.Judge(all(attr(a.action).OneOf("deny", "DENY"), aclRule.carries(a.ports))).Verdict
	if denies = min(denies, inbound); denies == analyzer.Fail {
		return denials
	}
	return append(denials, denial{rule, denies})
}

// judge is the outcome of one rule. Denied judges whether an earlier rule
// denies the same traffic; it is called only where needed.
func (a acl) judge(rule *analyzer.View, denied func() analyzer.Verdict) analyzer.Outcome {
	open := rule.Judge(none("", all(attr(a.action).OneOf("allow", "ALLOW"), aclRule.carries(a.ports), aclRule.anywhere())))
	if open.Verdict == analyzer.Pass {
		return open
	}
	switch denied := denied(); {
	case denied == analyzer.Fail:
		return open
	case denied == analyzer.Pass:
		return rule.Pass(rule.Here())
	case open.Verdict == analyzer.Fail:
		return rule.UnknownBecause(analyzer.Cause{Kind: analyzer.CauseOther, Name: "whether a rule before this one denies it"})
	}
	return open
}

// denied judges whether one of the denials precedes a rule and denies the ports
// to all of its addresses.
func (a acl) denied(rule *analyzer.View, denials []denial) analyzer.Verdict {
	if len(denials) > mostDenials {
		return analyzer.Unknown
	}
	denied := analyzer.Fail
	for _, d := range denials {
		denied = max(denied, min(d.denies, a.before(d.rule, rule), covers(d.rule, rule)))
	}
	return denied
}

func (a acl) before(o, rule *analyzer.View) analyzer.Verdict {
	x, y := o.Attr(a.number).Value, rule.Attr(a.number).Value
	if !x.IsKnown() || !y.IsKnown() || x.Type() != cty.Number || y.Type() != cty.Number || x.IsNull() || y.IsNull() {
		return analyzer.Unknown
	}
	return verdictOf(x.AsBigFloat().Cmp(y.AsBigFloat()) < 0)
}

// covers judges whether the first rule includes all addresses of the second.
// Each rule has one block.
func covers(o, rule *analyzer.View) analyzer.Verdict {
	covered := analyzer.Fail
	for _, path := range aclRule.sources {
		x, y := o.Attr(path).Value, rule.Attr(path).Value
		switch {
		case x.IsKnown() && x.IsNull() || y.IsKnown() && y.IsNull():
		case !x.IsKnown() || !y.IsKnown():
			covered = max(covered, analyzer.Unknown)
		default:
			covered = max(covered, verdictOf(contains(x, y)))
		}
	}
	return covered
}

func contains(x, y cty.Value) bool {
	if x.Type() != cty.String || y.Type() != cty.String {
		return false
	}
	outer, err := netip.ParsePrefix(x.AsString())
	inner, err2 := netip.ParsePrefix(y.AsString())
	return err == nil && err2 == nil && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func verdictOf(claim bool) analyzer.Verdict {
	if claim {
		return analyzer.Pass
	}
	return analyzer.Fail
}

// worst is the smallest of some outcomes; failures accumulate.
func worst(outcomes ...analyzer.Outcome) analyzer.Outcome {
	smallest := outcomes[0]
	var failures []analyzer.Witness
	for _, o := range outcomes {
		if o.Verdict < smallest.Verdict {
			smallest = o
		}
		if o.Verdict == analyzer.Fail {
			failures = append(failures, o.Witnesses...)
		}
	}
	if smallest.Verdict == analyzer.Fail {
		smallest.Witnesses = failures
	}
	return smallest
}

// limitedPolicy holds for a policy that does not allow everything. An endpoint
// without a policy gets one that does.
func limitedPolicy() cond {
	return policy.Cond("no statement allows everything", analyzer.Fail, (*policy.Document).NoFullAccess, "policy")
}

// addressUsed holds for an address that is in use.
func addressUsed() cond {
	return anyOf(
		attr("instance").Present(),
		attr("network_interface").Present(),
		related("aws_eip_association", "allocation_id", nil),
		related("aws_eip_association", "public_ip", nil),
		related("aws_nat_gateway", "allocation_id", nil),
		related("aws_nat_gateway", "secondary_allocation_ids", nil),
		related("aws_nat_gateway", "availability_zone_address.allocation_ids", nil),
		related("aws_lb", "subnet_mapping.allocation_id", nil),
		related("aws_alb", "subnet_mapping.allocation_id", nil),
		related("aws_transfer_server", "endpoint_details.address_allocation_ids", nil),
	)
}

var (
	inlineRoute   = ruleStyle{sources: []string{"cidr_block", "ipv6_cidr_block"}, lists: "destination_prefix_list_id"}
	separateRoute = ruleStyle{sources: []string{"destination_cidr_block", "destination_ipv6_cidr_block"}, lists: "destination_prefix_list_id"}
)

// noDefaultRoute holds where no default route leads to the kind of target.
func noDefaultRoute(target string) cond {
	return says("no route for any address leads to a "+target, byType(
		of(none("route", all(attr(target).Present(), inlineRoute.anywhere())), "aws_route_table"),
		of(none("", all(attr(target).Present(), separateRoute.anywhere())), "aws_route"),
	))
}

// vpcDefaults are EC2's values for unset attributes.
func vpcDefaults() []analyzer.Default {
	const (
		subnet   = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/subnet#map_public_ip_on_launch-1"
		gateway  = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_transit_gateway#auto_accept_shared_attachments-1"
		endpoint = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint"
		address  = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip"
		fullUse  = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
		access   = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
	)
	return []analyzer.Default{
		{Type: "aws_subnet", Path: "map_public_ip_on_launch", Value: isFalse, Source: subnet},
		{Type: "aws_ec2_transit_gateway", Path: "auto_accept_shared_attachments", Value: isString("disable"), Source: gateway},
		{Type: "aws_vpc_endpoint", Path: "vpc_endpoint_type", Value: isString("Gateway"), Source: endpoint},
		{Type: "aws_vpc_endpoint", Path: "policy", Value: isString(fullUse), Source: access},
		{Type: "aws_vpc_endpoint_policy", Path: "policy", Value: isString(fullUse), Source: access},
		{Type: "aws_eip", Path: "instance", Value: isNothing, Source: address},
		{Type: "aws_eip", Path: "network_interface", Value: isNothing, Source: address},
		{Type: "aws_eip_association", Path: "public_ip", Value: isNothing, Source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eip_association"},
	}
}
