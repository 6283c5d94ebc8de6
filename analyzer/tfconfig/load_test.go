package tfconfig

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"golang.org/x/tools/txtar"

	"github.com/demarc/demarc/analyzer"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestLoad loads each archive in testdata and compares the set, written out,
// with the file "want" at the end of the archive. A file "options" gives
// --var, paths and environment, a line each.
func TestLoad(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			ar := txtar.Parse(src)
			opt, files, want := archive(ar)
			opt.FS = files
			set, err := Load(context.Background(), opt)
			got := describe(set, err)
			if *update {
				writeWant(t, name, ar, got)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got; go test ./analyzer/tfconfig -run TestLoad -update rewrites it\n%s", diff)
			}
		})
	}
}

func archive(ar *txtar.Archive) (Options, fs.FS, string) {
	opt := Options{Paths: []string{"."}}
	files, want := fstest.MapFS{}, ""
	for _, f := range ar.Files {
		switch f.Name {
		case "want":
			want = string(f.Data)
		case "options":
			readOptions(&opt, string(f.Data))
		default:
			files[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	return opt, files, want
}

// loadArchive loads the archive of a file in testdata.
func loadArchive(t *testing.T, name string) (ar *txtar.Archive, set *analyzer.Set, want string) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ar = txtar.Parse(src)
	opt, files, want := archive(ar)
	opt.FS = files
	if set, err = Load(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	return ar, set, want
}

func readOptions(opt *Options, text string) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "path":
			opt.Paths = strings.Fields(value)
		case "changed":
			opt.Changed = strings.Fields(value)
		case "exclude":
			opt.Exclude = strings.Fields(value)
		case "var":
			name, v, _ := strings.Cut(value, "=")
			opt.Inputs = append(opt.Inputs, Input{Name: name, Value: v})
		case "var-file":
			opt.Inputs = append(opt.Inputs, Input{File: value})
		case "env":
			name, v, _ := strings.Cut(value, "=")
			if opt.Environ == nil {
				opt.Environ = map[string]string{}
			}
			opt.Environ[name] = v
		}
	}
}

func writeWant(t *testing.T, name string, ar *txtar.Archive, got string) {
	var kept []txtar.File
	for _, f := range ar.Files {
		if f.Name != "want" {
			kept = append(kept, f)
		}
	}
	ar.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// describe writes a set out: one line for each leaf.
func describe(set *analyzer.Set, err error) string {
	var b bytes.Buffer
	if err != nil {
		fmt.Fprintln(&b, "error:", err)
		return b.String()
	}
	for _, root := range set.Roots {
		kind := "root"
		if root.Library {
			kind = "library"
		}
		fmt.Fprintln(&b, kind, root.Dir)
		for _, r := range root.Resources {
			describeResource(&b, r)
		}
		for _, e := range root.Elsewhere {
			fmt.Fprintf(&b, "  elsewhere %s: %s\n", e.To, e.Because.Name)
		}
		for _, m := range root.Moves {
			fmt.Fprintf(&b, "  moved %s -> %s\n", m.From, m.To)
		}
		for _, name := range root.Forgotten {
			fmt.Fprintln(&b, "  forgotten", name)
		}
		for _, s := range root.Suppressions {
			fmt.Fprintf(&b, "  suppression %s %v %q lines %d-%d\n", s.Dialect, s.Checks, s.Reason, s.Scope.Start.Line, s.Scope.End.Line)
		}
	}
	for _, u := range set.Coverage.Unresolved {
		fmt.Fprintf(&b, "unresolved %s %s at %s:%d: %s\n", u.Kind, u.Name, u.Range.Filename, u.Range.Start.Line, u.Reason)
	}
	for _, d := range set.Diags {
		fmt.Fprintf(&b, "diagnostic %s:%d: %s\n", d.Subject.Filename, d.Subject.Start.Line, d.Summary)
	}
	fmt.Fprintf(&b, "files %d of %d, modules %d\n", set.Coverage.Files, set.Coverage.FilesFound, set.Coverage.Modules)
	return b.String()
}

func describeResource(b *bytes.Buffer, r *analyzer.Resource) {
	fmt.Fprintf(b, "  %s", r.Address)
	if r.Provider.Config != "" && r.Provider.Config != "provider.aws" {
		fmt.Fprintf(b, " (%s)", r.Provider.Config)
	}
	fmt.Fprintln(b)
	var lines []string
	_ = cty.Walk(r.Values(), func(p cty.Path, v cty.Value) (bool, error) {
		if len(p) == 0 || v.IsKnown() && !v.IsNull() && v.CanIterateElements() && v.LengthInt() > 0 {
			return true, nil
		}
		at := r.Source.Range(p)
		lines = append(lines, fmt.Sprintf("    %s %s  %s:%d", analyzer.FormatPath(p), leaf(r, p, v), at.Filename, at.Start.Line))
		return false, nil
	})
	for _, c := range r.Choices {
		lines = append(lines, fmt.Sprintf("    %s one of %s", analyzer.FormatPath(c.At), candidates(c)))
	}
	for _, d := range r.Documents {
		lines = append(lines, fmt.Sprintf("    %s document %#v", analyzer.FormatPath(d.At), d.Value))
	}
	for _, c := range r.Number {
		lines = append(lines, "    number hidden by "+string(c.Kind)+":"+c.Name)
	}
	for _, at := range r.Ignored {
		lines = append(lines, "    ignored: "+analyzer.FormatPath(at))
	}
	sort.Strings(lines)
	for _, l := range lines {
		fmt.Fprintln(b, l)
	}
}

func leaf(r *analyzer.Resource, p cty.Path, v cty.Value) string {
	var text string
	if v.IsKnown() {
		js, err := ctyjson.Marshal(v, v.Type())
		text = "= " + string(js)
		if err != nil {
			text = "= " + err.Error()
		}
	} else {
		text = "?"
	}
	at := analyzer.FormatPath(p)
	for _, h := range r.Hidden {
		if analyzer.FormatPath(h.At) == at {
			text += " " + string(h.Cause.Kind) + ":" + h.Cause.Name
		}
	}
	for _, ref := range r.Refs {
		if analyzer.FormatPath(ref.At) == at {
			text += " -> " + ref.To + "." + ref.Attr
			if !ref.Sole {
				text += "?"
			}
		}
	}
	for _, s := range r.Sensitive {
		if analyzer.FormatPath(s) == at {
			text += " sensitive"
		}
	}
	return text
}

// TestPlanned: a plan's values override every other value.
func TestPlanned(t *testing.T) {
	files := fstest.MapFS{
		"main.tf":          {Data: []byte("variable \"name\" {}\nvariable \"open\" {\n  type = bool\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n  fifo_queue = var.open\n}\n")},
		"terraform.tfvars": {Data: []byte("name = \"file\"\nopen = false\n")},
	}
	set, err := Load(context.Background(), Options{
		FS: files, Paths: []string{"."}, Inputs: []Input{{Name: "name", Value: "flag"}},
		Planned: map[string]cty.Value{"name": cty.StringVal("plan"), "open": cty.StringVal("true")},
	})
	if err != nil {
		t.Fatal(err)
	}
	values := set.Roots[0].Lookup("aws_sqs_queue.q").Values()
	if got := values.GetAttr("name"); !got.RawEquals(cty.StringVal("plan")) {
		t.Errorf("name is %#v", got)
	}
	if got := values.GetAttr("fifo_queue"); !got.RawEquals(cty.True) {
		t.Errorf("fifo_queue is %#v", got)
	}
}

// TestGivenIsNotShown: values of the command line and the environment may be
// secrets.
func TestGivenIsNotShown(t *testing.T) {
	files := fstest.MapFS{"main.tf": {Data: []byte("variable \"a\" {}\nvariable \"b\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = \"x-${var.a}\"\n  policy = var.b\n}\n")}}
	set, err := Load(context.Background(), Options{
		FS: files, Paths: []string{"."}, Inputs: []Input{{Name: "a", Value: "1"}}, Environ: map[string]string{"TF_VAR_b": "2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range set.Roots[0].Lookup("aws_sqs_queue.q").Sensitive {
		got = append(got, analyzer.FormatPath(p))
	}
	if diff := cmp.Diff([]string{"name", "policy"}, got); diff != "" {
		t.Error(diff)
	}
}
func candidates(c analyzer.Choice) string {
	var words []string
	for _, v := range c.Values {
		js, err := ctyjson.Marshal(v, v.Type())
		if err != nil {
			return err.Error()
		}
		words = append(words, string(js))
	}
	return strings.Join(words, ", ")
}

// TestRead: the values of a plan's data sources decide the values that depend on
// them, and the repository's directory decides path.cwd.
func TestRead(t *testing.T) {
	files := fstest.MapFS{"envs/prod/main.tf": {Data: []byte(`
data "aws_availability_zones" "a" {
  state = "available"
}
resource "aws_subnet" "s" {
  for_each          = toset(data.aws_availability_zones.a.names)
  availability_zone = each.key
  tags              = { Folder = basename(path.cwd), Text = file("${path.cwd}/x.txt"), Files = join(",", fileset("${path.cwd}/..", "*/*.txt")) }
}
variable "key" {}
data "aws_kms_key" "k" {
  key_id = var.key
}
`)}, "envs/prod/x.txt": {Data: []byte("x")}}
	set, err := Load(context.Background(), Options{
		FS: files, Dir: "/home/ada/shop", Paths: []string{"."},
		Read: map[string]cty.Value{"data.aws_availability_zones.a": cty.ObjectVal(map[string]cty.Value{
			"names": cty.TupleVal([]cty.Value{cty.StringVal("eu-west-1a"), cty.StringVal("eu-west-1b")}),
			"state": cty.StringVal("another"), "id": cty.NullVal(cty.String),
		}), "data.aws_kms_key.k": cty.ObjectVal(map[string]cty.Value{
			"key_id": cty.UnknownVal(cty.String), // deferred until apply
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `library envs/prod
  aws_subnet.s["eu-west-1a"]
    availability_zone = "eu-west-1a"  envs/prod/main.tf:7
    tags.Files = "prod/x.txt"  envs/prod/main.tf:8
    tags.Folder = "prod"  envs/prod/main.tf:8
    tags.Text = "x"  envs/prod/main.tf:8
    tags_all.Files = "prod/x.txt"  envs/prod/main.tf:5
    tags_all.Folder = "prod"  envs/prod/main.tf:5
    tags_all.Text = "x"  envs/prod/main.tf:5
  aws_subnet.s["eu-west-1b"]
    availability_zone = "eu-west-1b"  envs/prod/main.tf:7
    tags.Files = "prod/x.txt"  envs/prod/main.tf:8
    tags.Folder = "prod"  envs/prod/main.tf:8
    tags.Text = "x"  envs/prod/main.tf:8
    tags_all.Files = "prod/x.txt"  envs/prod/main.tf:5
    tags_all.Folder = "prod"  envs/prod/main.tf:5
    tags_all.Text = "x"  envs/prod/main.tf:5
  data.aws_availability_zones.a
    id = null  envs/prod/main.tf:2
    names[0] = "eu-west-1a"  envs/prod/main.tf:2
    names[1] = "eu-west-1b"  envs/prod/main.tf:2
    state = "available"  envs/prod/main.tf:3
  data.aws_kms_key.k
    key_id ? variable:var.key  envs/prod/main.tf:12
  provider.aws
files 1 of 1, modules 0
`
	if diff := cmp.Diff(want, describe(set, nil)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
