package judge

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

func TestByType(t *testing.T) {
	cond := analyzer.ByType(
		analyzer.TypeCase{Types: []string{"aws_instance"}, Cond: analyzer.Attr("monitoring").True()},
		analyzer.TypeCase{Types: []string{"aws_launch_template", "aws_launch_configuration"}, Cond: analyzer.Attr("enabled").True()},
	)
	tests := []struct {
		name string
		res  *analyzer.Resource
		want analyzer.Verdict
	}{
		{"the first case", made("aws_instance.i", values{"monitoring": cty.True}), analyzer.Pass},
		{"not the other's attribute", made("aws_instance.i", values{"enabled": cty.True}), analyzer.Fail},
		{"a case of several types", made("aws_launch_configuration.c", values{"enabled": unknownBool}), analyzer.Unknown},
		{"no case", made("aws_vpc.v", nil), analyzer.Pass},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := verdictOf(cond, setOf(test.res), Options{}); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	var reads []string
	for _, r := range analyzer.ReadsOf(cond) {
		reads = append(reads, r.Type+" "+r.Path.String())
	}
	want := []string{"aws_instance monitoring", "aws_launch_template enabled", "aws_launch_configuration enabled"}
	if diff := cmp.Diff(want, reads); diff != "" {
		t.Error(diff)
	}
}
