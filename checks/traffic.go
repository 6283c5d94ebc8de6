package checks

import (
	"net/netip"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// A ruleStyle gives the attribute names of one notation for firewall rules. The
// paths are relative to the rule.
type ruleStyle struct {
	protocol, from, to string
	sources            []string // CIDR blocks, a string or a list
	lists              string   // prefix lists; empty: not supported
}

var (
	inlineRule   = ruleStyle{"protocol", "from_port", "to_port", []string{"cidr_blocks", "ipv6_cidr_blocks"}, "prefix_list_ids"}
	separateRule = ruleStyle{"ip_protocol", "from_port", "to_port", []string{"cidr_ipv4", "cidr_ipv6"}, "prefix_list_id"}
	aclRule      = ruleStyle{"protocol", "from_port", "to_port", []string{"cidr_block", "ipv6_cidr_block"}, ""}
)

// A portRange is the ports from the first to the last.
type portRange struct{ first, last int }

// allTraffic covers every protocol.
func (s ruleStyle) allTraffic() cond { return attr(s.protocol).OneOf("-1", "all", "ALL") }

// carries covers every port of the range, by TCP or UDP. Ports are ignored
// where the protocol is -1. A rule without a protocol, which is incomplete, is
// judged by its ports.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func (s ruleStyle) carries(ports portRange) cond {
	return all(
		anyOf(attr(s.protocol).OneOf("tcp", "6", "udp", "17", "-1", "all", "TCP", "UDP", "ALL"), unset(s.protocol)),
		anyOf(s.allTraffic(), all(attr(s.from).AtMost(ports.first), attr(s.to).AtLeast(ports.last))),
	)
}

// touches covers at least one port of the ranges.
func (s ruleStyle) touches(ranges []portRange) cond {
	conds := []cond{s.allTraffic()}
	for _, p := range ranges {
		conds = append(conds, all(
			attr(s.protocol).OneOf("tcp", "6", "udp", "17", "TCP", "UDP"),
			attr(s.from).AtMost(p.last), attr(s.to).AtLeast(p.first)))
	}
	return anyOf(conds...)
}

// everyPort is the range of all ports; nothing listens on port 0.
var everyPort = portRange{1, 65535}

// anywhere holds where a source, or target, of the rule is the whole internet,
// or a part of it larger than any allocation.
func (s ruleStyle) anywhere() cond {
	f := analyzer.Func{Says: "it is open to any address"}
	for _, path := range s.paths() {
		f.Reads = append(f.Reads, analyzer.Read{Path: analyzer.Path{path}})
	}
	if s.lists != "" {
		f.Reads = append(f.Reads, prefixListReads()...)
	}
	f.Judge = s.judgeAnywhere
	return f
}

func (s ruleStyle) paths() []string {
	if s.lists == "" {
		return s.sources
	}
	return append(s.sources[:len(s.sources):len(s.sources)], s.lists)
}

func (s ruleStyle) judgeAnywhere(v *analyzer.View) analyzer.Outcome {
	out := v.Fail(v.Here())
	for _, path := range s.sources {
		out = best(out, cidrsAnywhere(v, path))
	}
	if s.lists != "" {
		out = best(out, listsAnywhere(v, s.lists))
	}
	return out
}

// best is the larger outcome, the first of equal ones.
func best(a, b analyzer.Outcome) analyzer.Outcome {
	if b.Verdict > a.Verdict {
		return b
	}
	return a
}

// cidrsAnywhere judges the CIDR blocks at a path, a string or a list: Pass
// means open to anywhere.
func cidrsAnywhere(v *analyzer.View, path string) analyzer.Outcome {
	l := v.Attr(path)
	if l.Value.Type() == cty.String {
		return cidrAnywhere(v, l)
	}
	elements, open := v.Elements(path)
	out := v.Fail(l)
	if open {
		out = v.Unknown(l)
	}
	for _, e := range elements {
		out = best(out, cidrAnywhere(e, e.Here()))
	}
	return out
}

func cidrAnywhere(v *analyzer.View, l analyzer.Leaf) analyzer.Outcome {
	switch {
	case !l.Value.IsKnown() && !ofNetwork(l):
		return v.Unknown(l)
	case l.Value.IsKnown() && !l.Value.IsNull() && l.Value.Type() == cty.String && wholeInternet(l.Value.AsString()):
		return v.Pass(l)
	}
	return v.Fail(l)
}

// wholeInternet reports whether a block is larger than any allocated block: an
// IPv4 block shorter than /8, or an IPv6 block shorter than /12 that overlaps
// the global unicast addresses. So 0.0.0.0/1 is as open as 0.0.0.0/0, as two of
// them cover it.
// https://www.iana.org/assignments/ipv4-address-space/ipv4-address-space.xhtml
// https://www.iana.org/assignments/ipv6-unicast-address-assignments/ipv6-unicast-address-assignments.xhtml
func wholeInternet(cidr string) bool {
	p, err := netip.ParsePrefix(strings.TrimSpace(cidr))
	if err != nil {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() < 8
	}
	return p.Bits() < 12 && p.Overlaps(netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20}), 3))
}

// ofNetwork reports whether an unknown value is only the block of a VPC or
// subnet, which is a /16 at most (IPv6: a /28 at most).
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
func ofNetwork(l analyzer.Leaf) bool {
	refs := refsAt(l)
	if len(refs) != 1 || !refs[0].Sole {
		return false
	}
	if refs[0].Attr != "cidr_block" && refs[0].Attr != "ipv6_cidr_block" {
		return false
	}
	for _, typ := range []string{"aws_vpc", "aws_default_vpc", "aws_subnet", "aws_default_subnet"} {
		if strings.Contains("."+refs[0].To, "."+typ+".") {
			return true
		}
	}
	return false
}

func refsAt(l analyzer.Leaf) []analyzer.Ref {
	var found []analyzer.Ref
	for _, ref := range l.Of.Refs {
		if ref.At.Equals(l.At) {
			found = append(found, ref)
		}
	}
	return found
}

// listsAnywhere judges the prefix lists that a rule names. AWS's lists contain
// only the addresses of its services.
// https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
func listsAnywhere(v *analyzer.View, path string) analyzer.Outcome {
	l := v.Attr(path)
	if v.Judge(attr(path).Present()).Verdict == analyzer.Fail {
		return v.Fail(l)
	}
	var lists []analyzer.Link
	for _, typ := range []string{"aws_ec2_managed_prefix_list", "data.aws_ec2_managed_prefix_list", "data.aws_prefix_list"} {
		lists = append(lists, v.Targets(path, typ)...)
	}
	verdict := analyzer.Fail
	if count(v, path) != valuesOf(lists) {
		verdict = analyzer.Unknown // a prefix list that is not managed here may contain any address
	}
	for _, link := range lists {
		verdict = max(verdict, possibly(link, listAnywhere(v.Of(link.Resource))))
	}
	switch verdict {
	case analyzer.Pass:
		return v.Pass(l)
	case analyzer.Fail:
		return v.Fail(l)
	}
	return v.Unknown(l)
}

// count is the number of values at a path; -1: unknown.
func count(v *analyzer.View, path string) int {
	if v.Attr(path).Value.Type() == cty.String {
		return 1
	}
	elements, open := v.Elements(path)
	if open {
		return -1
	}
	return len(elements)
}

// valuesOf is the number of distinct values of the links: in a plan, two data
// sources that read the same list have the same id.
func valuesOf(links []analyzer.Link) int {
	places := map[string]bool{}
	for _, l := range links {
		places[analyzer.FormatPath(l.Via)] = true
	}
	return len(places)
}

// possibly is the verdict of a companion that may belong to another resource.
func possibly(link analyzer.Link, verdict analyzer.Verdict) analyzer.Verdict {
	if link.Possible {
		return min(verdict, analyzer.Unknown)
	}
	return verdict
}

func listAnywhere(list *analyzer.View) analyzer.Verdict {
	switch list.Resource().TypeKey() {
	case "data.aws_prefix_list":
		return analyzer.Fail
	case "data.aws_ec2_managed_prefix_list":
		ofAWS := list.Judge(attr("name").Matches("com.amazonaws.*")).Verdict
		return min(analyzer.Unknown, -ofAWS)
	}
	entries, open := list.Elements("entry")
	verdict := analyzer.Fail
	if open {
		verdict = analyzer.Unknown
	}
	for _, e := range entries {
		verdict = max(verdict, cidrsAnywhere(e, "cidr").Verdict)
	}
	for _, link := range list.Companions("aws_ec2_managed_prefix_list_entry", "prefix_list_id") {
		verdict = max(verdict, possibly(link, cidrsAnywhere(list.Of(link.Resource), "cidr").Verdict))
	}
	return verdict
}

func prefixListReads() []analyzer.Read {
	return []analyzer.Read{
		{Type: "aws_ec2_managed_prefix_list", Path: analyzer.Path{"entry", "cidr"}, Repeated: true},
		{Type: "aws_ec2_managed_prefix_list_entry", Path: analyzer.Path{"prefix_list_id"}},
		{Type: "aws_ec2_managed_prefix_list_entry", Path: analyzer.Path{"cidr"}},
		{Type: "data.aws_ec2_managed_prefix_list", Path: analyzer.Path{"name"}},
	}
}

// The three styles of the rules of security groups, in one direction each.

// ingress are the types that carry rules for what comes in, and inbound is
// when they do.
func ingressTypes() []string {
	return on("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
}

func egressTypes() []string {
	return on("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule")
}

// direction leaves out the rules of the other direction.
func direction(way string) cond {
	return byType(of(attr("type").Equals(way), "aws_security_group_rule"))
}

// closed holds where no rule that meets the open condition reaches anywhere.
// Each rule that does is a separate failure.
func closed(way, sentence string, open func(ruleStyle) cond) cond {
	bad := func(s ruleStyle) cond { return all(open(s), s.anywhere()) }
	return says(sentence, byType(
		of(none(way, bad(inlineRule)), "aws_security_group"),
		of(none("", bad(inlineRule)), "aws_security_group_rule"),
		of(none("", bad(separateRule)), "aws_vpc_security_group_"+way+"_rule"),
	))
}
