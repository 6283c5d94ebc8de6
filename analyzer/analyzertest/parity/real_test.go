package parity

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer/tfconfig"
)

var update = flag.Bool("update", false, "ask Terraform anew, and rewrite docs/parity.md")

// load reads the root in a directory of the tree with the values that the plan
// read, and compares the two.
func load(tree, dir string, plan *Plan, opt tfconfig.Options) (*Table, error) {
	sources, err := plan.Sources()
	if err != nil {
		return nil, err
	}
	opt.FS, opt.Dir, opt.Paths, opt.Read = os.DirFS(tree), tree, []string{dir}, sources
	set, err := tfconfig.Load(context.Background(), opt)
	if err != nil {
		return nil, err
	}
	for _, d := range set.Diags {
		fmt.Fprintln(os.Stderr, d)
	}
	for _, root := range set.Roots {
		if root.Dir == dir {
			return Compare(root, plan), nil
		}
	}
	return nil, fmt.Errorf("%s is no root", dir)
}

// TestReal compares real configurations, which real.sh prepares and plans in
// the folder that PARITY_TREE names.
func TestReal(t *testing.T) {
	tree := os.Getenv("PARITY_TREE")
	if tree == "" {
		t.Skip("PARITY_TREE names no folder made by real.sh")
	}
	list, err := os.ReadFile(filepath.Join(tree, "configurations.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var sum Table
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		fields := strings.Split(line, "\t")
		if only := os.Getenv("PARITY_ONLY"); only != "" && !strings.Contains(fields[0], only) {
			continue
		}
		raw, err := os.Open(filepath.Join(tree, "plans", fields[0]+".json"))
		if err != nil {
			t.Error(err)
			continue
		}
		plan, err := ReadPlan(raw)
		raw.Close()
		if err != nil {
			t.Errorf("%s: %v", fields[0], err)
			continue
		}
		table, err := load(tree, fields[1], plan, tfconfig.Options{})
		if err != nil {
			t.Errorf("%s: %v", fields[0], err)
			continue
		}
		fmt.Fprintf(&out, "%-36s %4d +%d -%d  %+v data %+v unset %+v\n", fields[0], table.Instances, len(table.OnlyOurs), len(table.OnlyTheirs), table.Written, table.Data, table.Unset)
		for _, a := range table.OnlyOurs {
			fmt.Fprintln(&out, "    only ours", a)
		}
		for _, a := range table.OnlyTheirs {
			fmt.Fprintln(&out, "    only theirs", a)
		}
		for _, l := range table.Leaves {
			fmt.Fprintln(&out, "   ", l)
		}
		sum.Instances += table.Instances
		sum.Written.add(table.Written)
	}
	fmt.Fprintf(&out, "%d %+v\n", sum.Instances, sum.Written)
	if err := os.WriteFile(filepath.Join(tree, "parity.txt"), out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}
