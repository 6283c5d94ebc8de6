package analyzertest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/schema"
	"github.com/demarc/demarc/analyzer/tfplan"
)

// Rows checks that every row is complete and that ids are unique.
func Rows(t *testing.T, checks []*analyzer.Check) {
	seen := map[string]bool{}
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	for _, c := range checks {
		if seen[c.ID] {
			t.Errorf("%s: the id is used twice", c.ID)
		}
		seen[c.ID] = true
		for _, fault := range faults(c, id) {
			t.Errorf("%s: %s", c.ID, fault)
		}
	}
}

func faults(c *analyzer.Check, id *regexp.Regexp) []string {
	var found []string
	claim := func(ok bool, fault string) {
		if !ok {
			found = append(found, fault)
		}
	}
	claim(id.MatchString(c.ID), "the id is not words joined by dashes")
	claim(len(c.On) > 0, "it is on no type")
	claim(c.Layer != "", "no layer")
	claim(c.Objective != "", "no objective")
	claim(c.Severity >= analyzer.Low && c.Severity <= analyzer.Critical, "no severity")
	claim(c.Since != "", "no release that brought it")
	claim(c.Title != "" && !strings.HasSuffix(c.Title, "."), "the title is missing or ends in a full stop")
	claim(strings.Contains(c.Why, "<https://"), "the reason has no source in <>")
	claim(c.Want != nil, "nothing is wanted")
	claim(c.Message != "" && !strings.HasSuffix(c.Message, ".") && c.Message == lowerFirst(c.Message), "the message is missing, ends in a full stop or begins in upper case")
	if c.Want != nil {
		claim(c.Close != "" || c.Repair() != nil, "nothing says how to close it")
		claim(c.Repair() == nil || c.Fix.Kind != analyzer.NoFix, "it has a repair, but not what that does")
	}
	claim(c.Fix.Kind != analyzer.UnsafeFix || c.Fix.Effect != "" && strings.HasPrefix(c.Fix.Source, "https://"), "an unsafe fix without effect or source")
	for _, a := range c.Aliases {
		claim(a.ID != "" && a.Relation != "", "an alias without id or relation")
	}
	return found
}

func lowerFirst(s string) string {
	first, rest, _ := strings.Cut(s, " ")
	if strings.ToUpper(first) == first { // an abbreviation
		return s
	}
	return strings.ToLower(first[:1]) + first[1:] + strings.TrimSuffix(" "+rest, " ")
}

// Schema checks that everything that checks read exists in the provider's schema
// with a fitting type, that repeated blocks are read only by quantifiers, and that
// everything that the provider computes has a row in the defaults table.
func Schema(t *testing.T, checks []*analyzer.Check, defaults []*analyzer.Default) {
	rows := map[string]bool{}
	for _, d := range defaults {
		rows[d.Type+" "+d.Path] = true
	}
	for _, c := range checks {
		for _, typ := range c.On {
			if blockOf(typ) == nil && !former(typ) {
				t.Errorf("%s: no type %s", c.ID, typ)
			}
		}
		for _, r := range c.Reads() {
			if err := readable(r, rows); err != nil {
				t.Errorf("%s: %s", c.ID, err)
			}
		}
	}
	for _, d := range defaults {
		if err := readable(analyzer.Read{Type: d.Type, Path: analyzer.ParsePath(d.Path), Repeated: true}, rows); err != nil {
			t.Errorf("default: %s", err)
		}
		if !strings.HasPrefix(d.Source, "https://") {
			t.Errorf("default of %s %s has no source", d.Type, d.Path)
		}
	}
}

func blockOf(typ string) *schema.Block {
	if name, ok := strings.CutPrefix(typ, "data."); ok {
		return schema.DataSource(schema.ProviderOf(name), name)
	}
	if name, ok := strings.CutPrefix(typ, "provider."); ok {
		return schema.Provider("hashicorp/" + name)
	}
	return schema.Resource(schema.ProviderOf(typ), typ)
}

// former recognizes types and blocks that an earlier release of the provider had,
// and that configurations still use.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade
func former(name string) bool {
	switch name {
	case "aws_db_security_group", "aws_elasticache_security_group", "aws_redshift_security_group", "excluded_rule",
		"aws_redshift_cluster.logging": // still in version 5
		return true
	}
	return false
}

// readable follows a path through the schema.
func readable(r analyzer.Read, defaults map[string]bool) error {
	b := blockOf(r.Type)
	switch {
	case b == nil && former(r.Type):
		return nil
	case b == nil:
		return fmt.Errorf("no type %s", r.Type)
	}
	for i, name := range r.Path {
		last := i == len(r.Path)-1
		if a := b.Attribute(name); a != nil {
			return attributeReadable(r, a, i, defaults)
		}
		nested := b.Nested(name)
		switch {
		case nested == nil && (former(name) || former(r.Type+"."+name)):
			return nil
		case nested == nil:
			return fmt.Errorf("%s has no %s", r.Type, r.Path[:i+1])
		}
		if last && r.Want == analyzer.BlockKind {
			return nil
		}
		b = &nested.Block
	}
	return nil
}

func attributeReadable(r analyzer.Read, a *schema.Attribute, i int, defaults map[string]bool) error {
	if a.Optional && a.Computed && i == len(r.Path)-1 && r.Want != analyzer.BlockKind && r.Path[0] != "tags_all" &&
		!strings.HasPrefix(r.Type, "data.") && !identity(a.Name) && !defaults[r.Type+" "+r.Path.String()] {
		return fmt.Errorf("%s %s is computed where it is unset: it needs a row in the defaults table", r.Type, r.Path)
	}
	if i < len(r.Path)-1 {
		return nil // into a map or an object
	}
	fits := true
	switch r.Want {
	case analyzer.BoolKind:
		fits = a.Type == cty.Bool || a.Type == cty.String
	case analyzer.NumberKind:
		fits = a.Type == cty.Number || a.Type == cty.String
	case analyzer.StringKind:
		fits = a.Type == cty.String
	case analyzer.BlockKind:
		fits = a.Type.IsCollectionType() || a.Type.IsTupleType() || a.Nested != nil
	}
	if !fits {
		return fmt.Errorf("%s %s is a %s", r.Type, r.Path, a.Type.FriendlyName())
	}
	return nil
}

// identity: names that link resources are compared, not judged.
func identity(name string) bool {
	switch name {
	case "id", "arn", "name", "bucket", "identifier", "function_name", "cluster_identifier", "key_id", "region":
		return true
	}
	return strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_arn") || strings.HasSuffix(name, "_ids") || strings.HasSuffix(name, "_name")
}

// Hide replaces each known leaf of each resource of a set with an unknown, one at a
// time. The verdict of every check then stays or becomes unknown; pass and n/a may
// become each other, and neither becomes fail.
func Hide(t *testing.T, load func() *analyzer.Set, opt judge.Options, checks ...*analyzer.Check) {
	t.Helper()
	before := verdicts(Judge(load(), opt, checks...))
	set := load()
	for ri, root := range set.Roots {
		for i, r := range root.Resources {
			for _, at := range knownLeaves(r) {
				hidden := load()
				hide(hidden.Roots[ri], i, at)
				after := verdicts(Judge(analyzer.NewSet(hidden.Roots, hidden.Coverage, hidden.Diags), opt, checks...))
				compareHidden(t, r.Address+"."+analyzer.FormatPath(at), before, after)
			}
		}
	}
}

type judged struct{ check, root, address string }

// verdicts returns the worst verdict of each check on each resource.
func verdicts(rep *judge.Report) map[judged]analyzer.Verdict {
	found := map[judged]analyzer.Verdict{}
	for _, f := range rep.Findings {
		key := judged{f.Check.ID, f.Resource.Root.Dir, f.Resource.Address}
		if v, ok := found[key]; !ok || f.Verdict < v {
			found[key] = f.Verdict
		}
	}
	return found
}

func compareHidden(t *testing.T, hidden string, before, after map[judged]analyzer.Verdict) {
	t.Helper()
	for key, was := range before {
		is := after[key]
		settled := func(v analyzer.Verdict) bool { return v == analyzer.Pass || v == analyzer.NotApplicable }
		if is != was && is != analyzer.Unknown && !(settled(was) && settled(is)) {
			t.Errorf("%s on %s: %s becomes %s where %s is unknown", key.check, key.address, was, is, hidden)
		}
	}
}

func knownLeaves(r *analyzer.Resource) []cty.Path {
	var paths []cty.Path
	_ = cty.Walk(r.Values(), func(p cty.Path, v cty.Value) (bool, error) {
		if len(p) > 0 && v.IsKnown() && !v.IsNull() && v.Type().IsPrimitiveType() {
			paths = append(paths, p.Copy())
		}
		return true, nil
	})
	return paths
}

func hide(root *analyzer.Root, i int, at cty.Path) {
	r := root.Resources[i]
	object, _ := cty.Transform(r.Values(), func(p cty.Path, v cty.Value) (cty.Value, error) {
		if p.Equals(at) {
			return cty.UnknownVal(v.Type()), nil
		}
		return v, nil
	})
	v := analyzer.Values{Object: object, Documents: r.Documents}
	for _, ref := range r.Refs {
		if !ref.At.Equals(at) {
			v.Refs = append(v.Refs, ref)
		}
	}
	v.Hidden = append(v.Hidden, r.Hidden...)
	v.Hidden = append(v.Hidden, analyzer.Hidden{At: at, Cause: analyzer.Cause{Kind: analyzer.CauseVariable, Name: "var.hidden"}})
	root.Resources[i] = r.With(v)
}

// Repair applies the edits of every gap of a check in a fixture to a copy, and
// requires that each such gap is closed, that no edit remains, and that the text
// equals main.tf.golden if the fixture has one.
func Repair(t *testing.T, dir string, opt judge.Options, update bool, check *analyzer.Check) {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	edited := map[string][]analyzer.Edit{}
	repaired := map[string]bool{}
	for _, f := range Judge(Load(t, copied), opt, check).Findings {
		if f.Verdict == analyzer.Fail && len(f.Edits) > 0 {
			repaired[f.Resource.Address] = true
			for _, e := range f.Edits {
				edited[e.Range.Filename] = append(edited[e.Range.Filename], e)
			}
		}
	}
	for name, edits := range edited {
		rewriteFile(t, filepath.Join(copied, name), edits)
	}
	for _, f := range Judge(Load(t, copied), opt, check).Findings {
		if repaired[f.Resource.Address] && f.Verdict != analyzer.Pass {
			t.Errorf("%s: %s is %s after its repair: %s", dir, f.Resource.Address, f.Verdict, f.Message)
		}
	}
	if len(edited) > 0 {
		golden(t, filepath.Join(copied, "main.tf"), filepath.Join(dir, "main.tf.golden"), update)
	}
}

func golden(t *testing.T, name, want string, update bool) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if update {
		if err := os.WriteFile(want, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if known, err := os.ReadFile(want); err != nil || string(known) != string(got) {
		t.Errorf("%s is not what the repair makes of the fixture; go test ./checks -update rewrites it", want)
	}
}

// rewriteFile applies edits from the end to the beginning; equal edits, from several
// instances of one block, once.
func rewriteFile(t *testing.T, name string, edits []analyzer.Edit) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	done := map[analyzer.Edit]bool{}
	for len(edits) > 0 {
		last := 0
		for i, e := range edits {
			if e.Range.Start.Byte > edits[last].Range.Start.Byte {
				last = i
			}
		}
		e := edits[last]
		edits = append(edits[:last:last], edits[last+1:]...)
		if done[e] {
			continue
		}
		done[e] = true
		src = append(src[:e.Range.Start.Byte:e.Range.Start.Byte], append([]byte(e.Text), src[e.Range.End.Byte:]...)...)
	}
	if err := os.WriteFile(name, src, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Plan compares the verdicts on a source with those on the plan that Terraform made
// of it, and with those on both joined. All three describe the same configuration:
// none is fail if another is pass or n/a. A plan alone shows less than its source in
// some places and more in others; joined, they determine at least what the source
// determines, and have the same resources.
func Plan(t *testing.T, source, plan *analyzer.Set, opt judge.Options, checks ...*analyzer.Check) {
	t.Helper()
	both := tfplan.Join(plan, source)
	for _, u := range both.Coverage.Unresolved {
		if u.Kind == "mismatch" {
			t.Errorf("%s: %s", u.Name, u.Reason)
		}
	}
	if t.Failed() {
		return // different resources cannot be compared
	}
	written, bare, joined := judgedBy(source, opt, checks), judgedBy(plan, opt, checks), judgedBy(both, opt, checks)
	for _, key := range keysOf(written, bare, joined) {
		w, b, j := written.of(key), bare.of(key), joined.of(key)
		if !agree(w, b, j) {
			t.Errorf("%s on %s: %s in the source, %s in the plan, %s in both joined", key.check, key.address, w, b, j)
		}
	}
}

// agree reports whether the verdicts on a source, on its plan and on both joined are
// consistent.
func agree(source, plan, both analyzer.Verdict) bool {
	reversed := contradicts(source, plan) || contradicts(source, both) || contradicts(plan, both)
	blunted := source != analyzer.Unknown && both == analyzer.Unknown
	return !reversed && !blunted
}

// contradicts reports whether one of two verdicts is fail and the other is pass or
// n/a.
func contradicts(a, b analyzer.Verdict) bool {
	return a == analyzer.Fail && b >= analyzer.Pass || b == analyzer.Fail && a >= analyzer.Pass
}

// verdictsOf is the verdicts of one set, whatever its root's directory.
type verdictsOf map[judged]analyzer.Verdict

func judgedBy(set *analyzer.Set, opt judge.Options, checks []*analyzer.Check) verdictsOf {
	found := verdictsOf{}
	for key, v := range verdicts(Judge(set, opt, checks...)) {
		key.root = ""
		found[key] = v
	}
	return found
}

// of returns n/a if the set has no verdict of the check there.
func (v verdictsOf) of(key judged) analyzer.Verdict {
	if verdict, ok := v[key]; ok {
		return verdict
	}
	return analyzer.NotApplicable
}

func keysOf(sets ...verdictsOf) []judged {
	seen := map[judged]bool{}
	for _, set := range sets {
		for key := range set {
			seen[key] = true
		}
	}
	keys := make([]judged, 0, len(seen))
	for key := range seen {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].check+" "+keys[i].address < keys[j].check+" "+keys[j].address })
	return keys
}
