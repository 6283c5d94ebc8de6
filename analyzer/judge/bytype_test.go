package judge

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/internal/made"
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
		{"the first case", made.Resource("aws_instance.i", made.Values{"monitoring": cty.True}), analyzer.Pass},
		{"not the other's attribute", made.Resource("aws_instance.i", made.Values{"enabled": cty.True}), analyzer.Fail},
		{"a case of several types", made.Resource("aws_launch_configuration.c", made.Values{"enabled": made.UnknownBool}), analyzer.Unknown},
		{"no case", made.Resource("aws_vpc.v", nil), analyzer.Pass},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := verdictOf(cond, made.Set(test.res), Options{}); got != test.want {
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
