package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
	"github.com/demarc/demarc/analyzer/schema"
)

func explained(t *testing.T, name string, all table) string {
	t.Helper()
	var out bytes.Buffer
	p := &page{w: &out, width: 80}
	if !p.explain(name, all) {
		t.Fatalf("%s is of nothing", name)
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	return out.String()
}

// TestEverythingIsExplained: every name that explain knows has a page that fits 80
// columns, except for links.
func TestEverythingIsExplained(t *testing.T) {
	all := builtin().every().sorted()
	names := explainable(all)
	for _, typ := range schema.DataSourceTypes(awsProvider) {
		names = append(names, "data."+typ)
	}
	for _, name := range names {
		for i, line := range strings.Split(explained(t, name, all), "\n") {
			if utf8.RuneCountInString(line) > 80 && !hasLongLink(line) {
				t.Errorf("%s:%d is wider than 80 columns:\n%s", name, i+1, line)
			}
			if strings.HasSuffix(line, " ") {
				t.Errorf("%s:%d ends in a space: %q", name, i+1, line)
			}
		}
	}
}

// hasLongLink reports whether a line is too wide because of a link, which is
// written whole.
func hasLongLink(line string) bool {
	return slices.ContainsFunc(strings.Fields(line), func(word string) bool {
		return strings.HasPrefix(strings.Trim(word, "<>().;,"), "https://")
	})
}

// TestExplainKeepsNamesApart: no name hides another that explain looks up later.
func TestExplainKeepsNamesApart(t *testing.T) {
	all := builtin().every()
	kinds := map[string][]string{"checks": all.names(), "types": schema.ResourceTypes(awsProvider), "objectives": objectives()}
	for _, s := range responsibility.Services() {
		kinds["services"] = append(kinds["services"], s.ID)
	}
	for _, l := range analyzer.Layers() {
		kinds["layers"] = append(kinds["layers"], string(l))
	}
	for _, c := range responsibility.SharedControls() {
		kinds["controls"] = append(kinds["controls"], c.ID)
	}
	of := map[string]string{}
	for kind, names := range kinds {
		for _, name := range names {
			if other := of[name]; other != "" && other != kind {
				t.Errorf("%s is among the %s and the %s", name, other, kind)
			}
			of[name] = kind
		}
	}
}

// TestBranches: the conditions for the model of a type or service, in order.
func TestBranches(t *testing.T) {
	type row struct {
		model analyzer.Model
		when  string
	}
	for name, want := range map[string][]row{
		"aws_instance":       {{analyzer.Infrastructure, ""}},
		"aws_eks_node_group": {{analyzer.Infrastructure, ""}}, // decided by its type alone
		"aws_ecs_cluster":    {{analyzer.Container, ""}},
		"aws_db_instance": {
			{analyzer.Infrastructure, `RDS Custom, where engine matches "custom-*"`},
			{analyzer.Container, "everywhere else"},
		},
		"aws_ecs_capacity_provider": {
			{analyzer.Infrastructure, "Auto Scaling group, where not (managed_instances_provider is set)"},
			{analyzer.Container, "everywhere else"},
		},
		"msk": {
			{analyzer.Abstract, "serverless (aws_msk_serverless_cluster)"},
			{analyzer.Container, "everywhere else"},
		},
	} {
		var got []row
		for _, b := range branchesOf(serviceNamed(name), name) {
			got = append(got, row{b.model, b.when})
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestColumns(t *testing.T) {
	rows := [][]string{
		{"low", "a-check", "What it demands, in a sentence that is long enough to be wrapped"},
		{"critical", "another-check", "Short"},
	}
	for width, want := range map[int]string{
		0: "" +
			"low       a-check        What it demands, in a sentence that is long enough to be wrapped\n" +
			"critical  another-check  Short\n",
		60: "" +
			"low       a-check        What it demands, in a sentence that\n" +
			"                         is long enough to be wrapped\n" +
			"critical  another-check  Short\n",
		50: "" +
			"low       a-check\n" +
			"          What it demands, in a sentence that is\n" +
			"          long enough to be wrapped\n" +
			"critical  another-check  Short\n",
	} {
		if diff := cmp.Diff(want, columns(rows, width)); diff != "" {
			t.Errorf("in %d columns (-want +got):\n%s", width, diff)
		}
	}
}
