package tfconfig

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// TestMissing: an attribute of an undeclared resource belongs to that resource, and
// is reported as missing; the result of a data source, or a whole resource, is
// unknown.
func TestMissing(t *testing.T) {
	set := loadText(t, "a.tf", `
resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-1a"
  kms_key_id        = aws_kms_key.k.arn
  snapshot_id       = data.aws_ebs_snapshot.s.id
  tags              = aws_vpc.v[*]
}
`)
	v := set.Roots[0].Lookup("aws_ebs_volume.v")
	if v == nil {
		t.Fatal("the volume is gone")
	}
	got := map[string][]string{}
	for _, ref := range v.Refs {
		got[analyzer.FormatPath(ref.At)] = append(got[analyzer.FormatPath(ref.At)], ref.To+"."+ref.Attr)
	}
	if diff := cmp.Diff(map[string][]string{"kms_key_id": {"aws_kms_key.k.arn"}}, got); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	var hidden []string
	for _, h := range v.Hidden {
		if h.At.HasPrefix(cty.GetAttrPath("kms_key_id")) {
			hidden = append(hidden, h.Cause.Name)
		}
	}
	if len(hidden) > 0 {
		t.Errorf("the key is hidden by %q", hidden)
	}
	var missing []string
	for _, u := range set.Coverage.Unresolved {
		missing = append(missing, u.Name)
	}
	if diff := cmp.Diff([]string{"aws_kms_key.k", "aws_vpc.v", "data.aws_ebs_snapshot.s"}, missing); diff != "" {
		t.Errorf("unresolved (-want +got):\n%s", diff)
	}
}
