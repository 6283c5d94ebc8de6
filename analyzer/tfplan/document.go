package tfplan

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/policy"
	"github.com/demarc/demarc/analyzer/schema"
)

// isDocument reports whether an origin is the JSON of a policy document's data
// source. The text is unknown as long as one part is, but the plan shows the known
// parts.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func (o origin) isDocument() bool {
	return o.data && !o.many && (o.attr == "json" || o.attr == "minified_json") &&
		strings.HasPrefix(parseAddress(o.to).local, "data.aws_iam_policy_document.")
}

// documentsOf returns the structures of the policy documents in unknown attributes.
func (b *builder) documentsOf(refs []documentRef) []analyzer.Document {
	var found []analyzer.Document
	for _, ref := range refs {
		c := b.byAddress[ref.to]
		if c == nil {
			continue
		}
		structure, ok := b.documents.Load(ref.to)
		if !ok {
			structure, _ = b.documents.LoadOrStore(ref.to, c.document())
		}
		found = append(found, analyzer.Document{At: ref.at, Value: structure.(cty.Value)})
	}
	return found
}

// document returns the structure of a policy document's data source.
func (c *change) document() cty.Value {
	r := reading{data: true, name: c.address, block: schema.DataSource(withoutHost(c.provider), c.typ)}
	return policy.FromDataSource(r.read(triple{val: parse(c.after), unknown: parse(c.unknown)}))
}
