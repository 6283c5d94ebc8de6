package main

import (
	"fmt"
	"maps"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// The values that the AWS provider knows without a call to AWS, and the account that
// the stub pretends to use.

const (
	accountID     = "123456789012"
	defaultRegion = "us-east-1"
	keyID         = "12345678-1234-1234-1234-123456789012"
)

// awsMeta is the schema of a module's provider_meta block, which Terraform's schema
// format omits.
var awsMeta = &schema{Block: block{Attributes: map[string]*attribute{
	"user_agent": {Type: cty.List(cty.String), Optional: true},
}}}

// region returns the provider's region. It is unknown if the configuration's is.
func (p *provider) region() cty.Value {
	if r := p.config["region"]; r != cty.NilVal && !r.IsNull() {
		return r
	}
	return cty.StringVal(defaultRegion)
}

// defaultTags returns the map of the provider's default_tags block.
func (p *provider) defaultTags() cty.Value {
	if blocks := p.config["default_tags"]; blocks != cty.NilVal {
		if !blocks.IsKnown() {
			return cty.UnknownVal(cty.Map(cty.String))
		}
		if blocks.LengthInt() > 0 {
			if tags := blocks.AsValueSlice()[0].GetAttr("tags"); !tags.IsNull() {
				return tags
			}
		}
	}
	return cty.MapValEmpty(cty.String)
}

// planAWS computes what is known at plan time: a resource's region, and the union of
// its tags with the default tags.
func (p *provider) planAWS(b *block, v cty.Value) cty.Value {
	fields := v.AsValueMap()
	if a := b.Attributes["region"]; a != nil && a.Optional && a.Computed && !fields["region"].IsKnown() {
		fields["region"] = p.region()
	}
	if a := b.Attributes["tags_all"]; a != nil && a.Computed && b.Attributes["tags"] != nil {
		tags, defaults := fields["tags"], p.defaultTags()
		if tags.IsKnown() && defaults.IsKnown() {
			all := defaults.AsValueMap()
			if all == nil {
				all = map[string]cty.Value{}
			}
			if !tags.IsNull() {
				maps.Copy(all, tags.AsValueMap())
			}
			// Without any tags the provider leaves the value unknown.
			// https://github.com/hashicorp/terraform-provider-aws/blob/10ec30eb080d4629ef2e9e60b4d6d4ac19aa0f55/internal/verify/diff.go
			if len(all) > 0 {
				fields["tags_all"] = cty.MapVal(all)
			}
		}
	}
	return cty.ObjectVal(fields)
}

// readAWS replaces the made-up values of read for a data source with plausible
// values.
func (p *provider) readAWS(typeName string, config, v cty.Value) (cty.Value, error) {
	fields := v.AsValueMap()
	text := func(values ...string) { // name, value, name, value, ...
		for i := 0; i < len(values); i += 2 {
			fields[values[i]] = cty.StringVal(values[i+1])
		}
	}
	region := p.region()
	if r, ok := config.AsValueMap()["region"]; ok && !r.IsNull() {
		region = r
	}
	if !region.IsKnown() {
		region = cty.StringVal(defaultRegion)
	}
	name := region.AsString()
	if _, ok := fields["region"]; ok {
		fields["region"] = region
	}
	switch typeName {
	case "aws_caller_identity":
		text("account_id", accountID, "id", accountID, "user_id", "AIDASTUBSTUBSTUBSTUB", "arn", "arn:aws:iam::"+accountID+":user/stub")
	case "aws_partition":
		id, suffix, prefix := "aws", "amazonaws.com", "com.amazonaws"
		switch {
		case strings.HasPrefix(name, "cn-"):
			id, suffix, prefix = "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"
		case strings.HasPrefix(name, "us-gov-"):
			id = "aws-us-gov"
		}
		text("id", id, "partition", id, "dns_suffix", suffix, "reverse_dns_prefix", prefix)
	case "aws_region":
		text("id", name, "name", name, "description", name, "endpoint", "ec2."+name+".amazonaws.com")
	case "aws_availability_zones":
		zones := func(format string) []cty.Value {
			var out []cty.Value
			for i := range 3 {
				out = append(out, cty.StringVal(fmt.Sprintf(format, name, 'a'+i, i+1)))
			}
			return out
		}
		text("id", name)
		fields["names"] = cty.ListVal(zones("%[1]s%[2]c"))
		fields["zone_ids"] = cty.ListVal(zones("%[1]s-az%[3]d"))
		fields["group_names"] = cty.SetVal([]cty.Value{region})
	case "aws_default_tags":
		if tags := p.defaultTags(); tags.IsKnown() {
			fields["tags"] = tags
		}
	case "aws_iam_policy":
		if policy := str(config, "name"); policy != "" && str(config, "arn") == "" { // as if AWS managed every policy that is looked up by name
			text("arn", "arn:aws:iam::aws:policy/"+policy, "id", "arn:aws:iam::aws:policy/"+policy)
		}
	case "aws_kms_alias":
		text("arn", "arn:aws:kms:"+name+":"+accountID+":"+str(v, "name"), "target_key_id", keyID, "target_key_arn", "arn:aws:kms:"+name+":"+accountID+":key/"+keyID)
	case "aws_ssm_parameter":
		if strings.HasSuffix(str(v, "name"), "/recommended") { // of an optimized image
			text("value", `{"image_id":"ami-stub","image_name":"stub"}`, "insecure_value", `{"image_id":"ami-stub","image_name":"stub"}`)
		}
	case "aws_iam_session_context":
		fields["issuer_arn"] = fields["arn"]
	case "aws_iam_policy_document":
		pretty, minified, err := policyDocument(config)
		if err != nil {
			return v, err
		}
		text("json", pretty, "minified_json", minified, "id", "stub")
		if fields["version"].IsNull() {
			text("version", "2012-10-17")
		}
	}
	return cty.ObjectVal(fields), nil
}
