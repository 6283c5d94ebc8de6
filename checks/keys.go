package checks

import "github.com/demarc/demarc/analyzer"

// ownKey holds where the attribute names a KMS key of the customer, and not a
// key that AWS manages for a service, whose policy nobody can change.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt
func ownKey(path string) cond {
	return analyzer.Func{
		Says: path + " names your own key",
		Reads: []analyzer.Read{
			{Path: analyzer.ParsePath(path), Want: analyzer.StringKind},
			{Type: "aws_kms_alias", Path: analyzer.ParsePath("name")},
			{Type: "data.aws_kms_alias", Path: analyzer.ParsePath("name")},
			{Type: "data.aws_kms_key", Path: analyzer.ParsePath("key_id")},
		},
		Judge: func(v *analyzer.View) analyzer.Outcome { return judgeKey(v, path) },
	}
}

func judgeKey(v *analyzer.View, path string) analyzer.Outcome {
	l := v.Attr(path)
	named := v.Judge(all(attr(path).Present(), not(attr(path).Matches(managedAliases()...))))
	if l.Value.IsKnown() && named.Verdict != analyzer.Pass {
		return named
	}
	for _, found := range [...]struct{ typ, name string }{
		{"aws_kms_key", ""}, {"aws_kms_external_key", ""}, {"aws_kms_replica_key", ""}, {"aws_kms_replica_external_key", ""},
		{"aws_kms_alias", "name"}, {"data.aws_kms_alias", "name"}, {"data.aws_kms_key", "key_id"},
	} {
		for _, link := range v.Targets(path, found.typ) {
			if !link.Possible {
				return keyOf(v, l, v.Of(link.Resource), found.name)
			}
		}
	}
	if l.Value.IsKnown() { // the ARN of a key does not show its owner
		return named
	}
	return v.Unknown(l)
}

// managedAliases lists the alias patterns of AWS managed keys.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
func managedAliases() []string {
	return []string{"alias/aws/*", "*:alias/aws/*", "aws/*"}
}

// keyOf judges the key that an attribute refers to; name is the data source
// attribute that shows the owner of the key.
func keyOf(v *analyzer.View, l analyzer.Leaf, key *analyzer.View, name string) analyzer.Outcome {
	if name == "" {
		return v.Pass(l)
	}
	switch key.Judge(attr(name).Matches(managedAliases()...)).Verdict {
	case analyzer.Pass:
		return v.Fail(l)
	case analyzer.Fail:
		return v.Pass(l)
	}
	return v.Unknown(key.Attr(name))
}
