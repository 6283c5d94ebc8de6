package parity

import (
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

// The project's limits: fractions of the leaves that a configuration writes.
const (
	mostFalse = 0.001 // wrong or bold
	mostBlind = 0.01
)

// TestReal compares real configurations, which real.sh prepares and plans in
// the folder that PARITY_TREE names. With -update it writes the table of
// docs/parity.md. PARITY_ONLY picks configurations by a part of their name.
func TestReal(t *testing.T) {
	tree := os.Getenv("PARITY_TREE")
	if tree == "" {
		t.Skip("PARITY_TREE names no folder made by real.sh")
	}
	list, err := os.ReadFile(filepath.Join(tree, "configurations.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []measured
	for line := range strings.Lines(string(list)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if !strings.Contains(fields[0], os.Getenv("PARITY_ONLY")) {
			continue
		}
		table, err := compareReal(tree, fields[0], fields[1])
		if err != nil {
			t.Errorf("%s: %v", fields[0], err)
			continue
		}
		all = append(all, measured{fields[0], table})
		report(t, fields[0], table)
	}
	sum := total(all)
	n := float64(sum.Written.Total())
	if share := float64(sum.Written.Wrong+sum.Written.Bold) / n; share > mostFalse {
		t.Errorf("%.2f %% of %.0f leaves are wrong or bold", share*100, n)
	}
	if share := float64(sum.Written.Blind) / n; share > mostBlind {
		t.Errorf("%.2f %% of %.0f leaves are blind", share*100, n)
	}
	if *update && !t.Failed() {
		document(t, all)
	}
}

// A measured is a compared configuration.
type measured struct {
	name string
	*Table
}

func compareReal(tree, name, dir string) (*Table, error) {
	raw, err := os.Open(filepath.Join(tree, "plans", name+".json"))
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	plan, err := ReadPlan(raw)
	if err != nil {
		return nil, err
	}
	return load(tree, dir, plan, tfconfig.Options{})
}

// report logs a configuration and each leaf that disagrees; addresses must not.
func report(t *testing.T, name string, table *Table) {
	t.Helper()
	sameAddresses(t, table)
	t.Logf("%-36s %4d instances, written %+v, data %+v, unset %+v", name, table.Instances, table.Written, table.Data, table.Unset)
	for _, l := range table.Leaves {
		t.Logf("    %s", l)
		if l.Row == "written" && why(l) == "" {
			t.Errorf("%s: nobody knows why: %s", name, l)
		}
	}
}

func sameAddresses(t *testing.T, table *Table) {
	t.Helper()
	for _, a := range table.OnlyOurs {
		t.Errorf("%s: Terraform does not plan it", a)
	}
	for _, a := range table.OnlyTheirs {
		t.Errorf("%s: Terraform plans it", a)
	}
}

func total(all []measured) *Table {
	sum := &Table{}
	for _, m := range all {
		sum.Instances += m.Instances
		sum.Written.add(m.Written)
		sum.Data.add(m.Data)
		sum.Unset.add(m.Unset)
		sum.Leaves = append(sum.Leaves, m.Leaves...)
	}
	return sum
}

// document writes the table into docs/parity.md.
func document(t *testing.T, all []measured) {
	const file = "../../../docs/parity.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), "<!-- real -->\n")
	_, after, ok2 := strings.Cut(rest, "<!-- end -->")
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", file)
	}
	var b strings.Builder
	b.WriteString(before + "<!-- real -->\n")
	writeTable(&b, all)
	b.WriteString("<!-- end -->" + after)
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func writeTable(b *strings.Builder, all []measured) {
	sum := total(all)
	b.WriteString("| configuration | instances | equal | unknown | wrong | blind | bold |\n|---|---|---|---|---|---|---|\n")
	line := func(name string, instances int, r Row) {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d |\n", name, instances, r.Equal, r.Unknown, r.Wrong, r.Blind, r.Bold)
	}
	for _, m := range all {
		line(m.name, m.Instances, m.Written)
	}
	line("**all**", sum.Instances, sum.Written)
	fmt.Fprintf(b, "\nThe addresses are equal in all %d configurations. The table counts the leaves that a configuration writes; two other kinds\napart:\n\n", len(all))
	b.WriteString("| leaves | equal | unknown | wrong | blind | bold |\n|---|---|---|---|---|---|\n")
	for _, r := range []struct {
		name string
		Row
	}{{"of data sources that demarc works out itself", sum.Data}, {"that nobody writes: default tags", sum.Unset}} {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", r.name, r.Equal, r.Unknown, r.Wrong, r.Blind, r.Bold)
	}
	b.WriteString("\n")
	writeRest(b, all)
}

// reasons explain why demarc and Terraform differ on the remaining leaves, by the
// end of the path.
var reasons = []struct{ kind, path, why string }{
	{"bold", ".capacity_provider", "a document read back with jsondecode: its known parts are known although its text is not"},
	{"bold", "_wo_version", "behind a condition of which one side decides: Terraform knows it since 1.12"},
	{"blind", "valid_to", "made of plantimestamp(), the time of the plan"},
	{"wrong", "assume_role_policy", "the order of principals of one type in several blocks, which is that of hashes"},
}

// why returns why a leaf differs; empty: unexplained.
func why(l Leaf) string {
	for _, r := range reasons {
		if l.Kind == r.kind && strings.HasSuffix(l.Path, r.path) {
			return r.why
		}
	}
	if l.Kind == "bold" && l.Cause != "" {
		return "worked out, although Terraform puts `" + l.Cause + "` off until apply"
	}
	return l.Cause
}

// writeRest lists each leaf that disagrees, with its cause.
func writeRest(b *strings.Builder, all []measured) {
	b.WriteString("What remains:")
	none := true
	for _, m := range all {
		for _, l := range m.Leaves {
			if none && l.Row == "written" {
				b.WriteString("\n\n| | configuration | leaf | why |\n|---|---|---|---|\n")
				none = false
			}
			if l.Row == "written" {
				fmt.Fprintf(b, "| %s | %s | `%s.%s` | %s |\n", l.Kind, m.name, l.Address, l.Path, why(l))
			}
		}
	}
	if none {
		b.WriteString(" nothing.\n")
	}
}
