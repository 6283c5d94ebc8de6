package tfconfig

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
	"github.com/demarc/demarc/internal/regular"
)

// read computes the values of a data source that needs neither an account nor the
// network. Every other data source is unknown and keeps its address.
func (inst *instance) read() {
	if inst.attrs == nil {
		inst.attrs = map[string]cty.Value{}
	}
	switch inst.res.typ {
	case "aws_iam_policy_document":
		inst.policyDocument()
	case "aws_partition":
		inst.partition()
	case "aws_region":
		inst.region()
	case "local_file":
		inst.localFile()
	}
	inst.answered()
}

// answered adds the values that a plan knows of a data source and that cannot be
// computed otherwise. A value that the plan does not know keeps its cause.
func (inst *instance) answered() {
	answer, ok := inst.sc.ev.loader.opt.Read[inst.addr]
	if !ok || !answer.Type().IsObjectType() || !answer.IsKnown() || answer.IsNull() {
		return
	}
	for name, v := range answer.AsValueMap() {
		written, ok := inst.attrs[name]
		if !ok || v.IsWhollyKnown() && (written.IsNull() || !written.IsWhollyKnown()) {
			if slices.Contains(inst.sc.ev.loader.opt.Secret[inst.addr], name) {
				v = v.Mark(funcs.Sensitive)
			}
			inst.attrs[name] = v
		}
	}
}

// policyDocument renders the document as the provider does. If leaves are unknown,
// the structure stands for the document.
func (inst *instance) policyDocument() {
	attrs := map[string]cty.Value{}
	for name, v := range inst.attrs {
		attrs[name] = v
	}
	for _, name := range []string{"source_policy_documents", "override_policy_documents", "source_json", "override_json"} {
		if v, ok := attrs[name]; ok {
			attrs[name] = inst.decoded(v)
		}
	}
	object := cty.ObjectVal(attrs)
	structure, secret := policy.FromDataSource(object), secretIn(object)
	if text, ok := policy.Render(structure); ok {
		inst.attrs["json"] = cty.StringVal(text).WithMarks(secret)
		if small, ok := policy.Minify(structure); ok {
			inst.attrs["minified_json"] = cty.StringVal(small).WithMarks(secret)
		}
		return
	}
	_, marks := object.UnmarkDeep()
	inst.attrs["json"] = inst.sc.ev.documented(structure.WithMarks(secret)).WithMarks(marks)
	inst.attrs["minified_json"] = inst.attrs["json"]
}

// decoded replaces the text of each document with its structure if the text is
// unknown.
func (inst *instance) decoded(v cty.Value) cty.Value {
	plain, marks := v.Unmark()
	if structure, ok := inst.sc.ev.structure(plain); ok {
		return structure
	}
	if !plain.IsKnown() || plain.IsNull() || !plain.CanIterateElements() {
		return v
	}
	var elems []cty.Value
	for it := plain.ElementIterator(); it.Next(); {
		_, e := it.Element()
		elems = append(elems, inst.decoded(e))
	}
	return cty.TupleVal(elems).WithMarks(marks)
}

// partition returns the AWS partition of the provider's region. It is unknown
// without a region.
func (inst *instance) partition() {
	region := inst.provider.region()
	if region == "" {
		return
	}
	p := partitions[0]
	for _, other := range partitions[1:] {
		if strings.HasPrefix(region, other.regions) {
			p = other
		}
	}
	labels := strings.Split(p.dnsSuffix, ".")
	slices.Reverse(labels)
	inst.attrs["partition"], inst.attrs["id"] = cty.StringVal(p.id), cty.StringVal(p.id)
	inst.attrs["dns_suffix"] = cty.StringVal(p.dnsSuffix)
	inst.attrs["reverse_dns_prefix"] = cty.StringVal(strings.Join(labels, "."))
}

// partitions are the AWS partitions by the prefix of their region names. The first
// partition has all other regions.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
// https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json
var partitions = []struct{ regions, id, dnsSuffix string }{
	{"", "aws", "amazonaws.com"},
	{"cn-", "aws-cn", "amazonaws.com.cn"},
	{"us-gov-", "aws-us-gov", "amazonaws.com"},
	{"us-iso-", "aws-iso", "c2s.ic.gov"},
	{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
	{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
	{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
	{"eusc-", "aws-eusc", "amazonaws.eu"},
}

func (inst *instance) region() {
	region, ok := knownString(inst.attrs["name"])
	if !ok {
		if region, ok = knownString(inst.attrs["region"]); !ok {
			region = inst.provider.region()
		}
	}
	if region == "" {
		return
	}
	for _, name := range []string{"name", "region", "id"} {
		inst.attrs[name] = cty.StringVal(region)
	}
}

// localFile reads a file inside the repository.
func (inst *instance) localFile() {
	name, ok := knownString(inst.attrs["filename"])
	if !ok || path.IsAbs(name) {
		return
	}
	file := path.Join(inst.sc.ev.rootDir, name)
	if !fs.ValidPath(file) {
		return
	}
	src, err := regular.Read(inst.sc.ev.fsys, file, regular.MostConfiguration)
	if err != nil {
		inst.attrs["content"] = cty.UnknownVal(cty.String).Mark(analyzer.Cause{Kind: analyzer.CauseData, Name: "the file of " + inst.addr})
		return
	}
	inst.attrs["content"] = cty.StringVal(string(src))
}
