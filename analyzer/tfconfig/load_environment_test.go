package tfconfig

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// TestEnvironments: which roots are evaluated in which environments, with which
// values, and the notes on the others.
func TestEnvironments(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	fsys := fstest.MapFS{
		"app/main.tf": file(`
variable "v" {}
resource "t" "x" { v = "${var.v} ${terraform.workspace}" }
terraform {
  backend "s3" {}
}`),
		"app/dev.tfvars":   file(`v = "dev"`),
		"app/prod.tfvars":  file(`v = "prod"`),
		"app/later.tfvars": file(`v = "later"`),
		"bare/main.tf": file(`
variable "v" {}
resource "t" "x" { v = "${var.v} ${terraform.workspace}" }`),
		"bare/dev.tfvars": file(`v = "dev"`),
		"auto/main.tf": file(`
variable "v" {}
resource "t" "x" { v = "${var.v} ${terraform.workspace}" }`),
		"auto/x.auto.tfvars": file(`v = "auto"`),
		"lib/main.tf": file(`
variable "v" {}
resource "t" "x" { v = "${var.v} ${terraform.workspace}" }`),
		"vars/dev.tfvars": file(`v = "shared"`),
	}
	dev := Environment{Name: "dev", VarFiles: []string{"dev.tfvars"}}
	prod := Environment{Name: "prod", VarFiles: []string{"prod.tfvars"}, Workspace: "live"}
	lacks := func(env, dir, file string) string { return "environment " + env + " " + dir + ": no file " + file }
	tests := map[string]struct {
		opt  Options
		want []string
	}{
		"none": {
			Options{},
			[]string{"app v ?", "auto v auto default", "bare library v ?", "lib library v ?", "variable var.v app/main.tf: no value"},
		},
		"every root": {
			Options{Environments: []Environment{prod, dev}},
			[]string{
				"app in dev v dev default", "app in prod v prod live", "auto v auto default", "bare in dev v dev default", "lib library v ?",
				lacks("dev", "auto", "dev.tfvars"), lacks("prod", "auto", "prod.tfvars"), lacks("prod", "bare", "prod.tfvars"),
			},
		},
		"those that it names": {
			Options{Environments: []Environment{{Name: "dev", Roots: []string{"a*"}, Workspace: "w"}}},
			[]string{"app in dev v ?", "auto in dev v auto w", "bare library v ?", "lib library v ?", "variable var.v app/main.tf: no value [dev]"},
		},
		"a named library that lacks a file": {
			Options{Paths: []string{"lib"}, Environments: []Environment{{Name: "dev", Roots: []string{"lib"}, VarFiles: []string{"dev.tfvars"}}}},
			[]string{"lib library v ?", lacks("dev", "lib", "dev.tfvars")},
		},
		"a named root that looks like a library": {
			Options{Paths: []string{"lib"}, Environments: []Environment{{Name: "dev", Roots: []string{"lib"}, VarFiles: []string{"../vars/dev.tfvars"}}}},
			[]string{"lib in dev v shared default"},
		},
		"files that all share make no library a root": {
			Options{Paths: []string{"lib"}, Environments: []Environment{{Name: "dev", VarFiles: []string{"../vars/dev.tfvars"}}}},
			[]string{"lib library v ?"},
		},
		"a workspace alone makes no library a root": {
			Options{Paths: []string{"lib"}, Environments: []Environment{{Name: "dev", Roots: []string{"lib"}, Workspace: "w"}}},
			[]string{"lib library v ?"},
		},
		"names that nothing has": {
			Options{Environments: []Environment{{Name: "e", Roots: []string{"ap"}}, {Name: "f", Roots: []string{"envs/*/x"}}}},
			[]string{"app v ?", "auto v auto default", "bare library v ?", "lib library v ?",
				"environment e : it names no root module", "environment f : it names no root module", "variable var.v app/main.tf: no value"},
		},
		"names that nothing here has": {
			Options{Paths: []string{"auto"}, Environments: []Environment{{Name: "e", Roots: []string{"app"}}, {Name: "f", Roots: []string{"auto/*"}}}},
			[]string{"auto v auto default", "environment f : it names no root module"},
		},
		"only": {
			Options{Environments: []Environment{prod}, Only: true},
			[]string{"app in prod v prod live", lacks("prod", "auto", "prod.tfvars")},
		},
		"only, and there is none": {
			Options{Paths: []string{"auto"}, Environments: []Environment{prod}, Only: true},
			[]string{lacks("prod", "auto", "prod.tfvars")},
		},
		"the later file wins": {
			Options{Paths: []string{"app"}, Environments: []Environment{{Name: "e", VarFiles: []string{"dev.tfvars", "later.tfvars"}}, {Name: "f", VarFiles: []string{"later.tfvars", "dev.tfvars"}}}},
			[]string{"app in e v later default", "app in f v dev default"},
		},
		"the command line wins, in its order": {
			Options{Paths: []string{"app"}, Environments: []Environment{dev}, Inputs: []Input{{File: "vars/dev.tfvars"}, {Name: "v", Value: "given"}}},
			[]string{"app in dev v given default"},
		},
		"a file of the command line wins": {
			Options{Paths: []string{"app"}, Environments: []Environment{dev}, Inputs: []Input{{Name: "v", Value: "given"}, {File: "app/prod.tfvars"}, {File: "vars/dev.tfvars"}}},
			[]string{"app in dev v shared default"},
		},
		"TF_VAR_ gives way, TF_WORKSPACE where it is not said": {
			Options{Paths: []string{"app"}, Environments: []Environment{dev, prod}, Environ: map[string]string{"TF_VAR_v": "given", "TF_WORKSPACE": "w"}},
			[]string{"app in dev v dev w", "app in prod v prod live"},
		},
		"out of the repository": {
			Options{Paths: []string{"app"}, Environments: []Environment{{Name: "e", VarFiles: []string{"../../dev.tfvars"}}}},
			[]string{"app v ?", "environment e app: outside of the repository: ../../dev.tfvars", "variable var.v app/main.tf: no value"},
		},
		"a change of a file concerns its roots": {
			Options{Changed: []string{"vars/dev.tfvars"}, Environments: []Environment{{Name: "e", Roots: []string{"app"}, VarFiles: []string{"../vars/dev.tfvars"}}}},
			[]string{"app in e v shared default"},
		},
		"a change of another concerns none": {
			Options{Changed: []string{"vars/none.tfvars"}, Environments: []Environment{{Name: "e", Roots: []string{"app"}, VarFiles: []string{"../vars/dev.tfvars"}}}},
			nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.opt.FS = fsys
			if tt.opt.Paths == nil {
				tt.opt.Paths = []string{"."}
			}
			set, err := Load(context.Background(), tt.opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tell(set)); diff != "" {
				t.Errorf("roots and notes (-want +got)\n%s", diff)
			}
		})
	}
}

// tell returns a line for each root, with the value of its variable, and for each
// note.
func tell(set *analyzer.Set) []string {
	var lines []string
	for _, r := range set.Roots {
		line := r.Dir
		if r.Library {
			line += " library"
		}
		if r.Environment != "" {
			line += " in " + r.Environment
		}
		for _, res := range r.Resources {
			if res.Mode != analyzer.Managed {
				continue
			}
			if v := res.Values().GetAttr("v"); v.IsKnown() {
				line += " v " + v.AsString()
			} else {
				line += " v ?"
			}
		}
		lines = append(lines, line)
	}
	for _, u := range set.Coverage.Unresolved {
		line := fmt.Sprintf("%s %s: %s", u.Name, u.Range.Filename, u.Reason)
		if u.Kind != "environment" {
			line = u.Kind + " " + line
			if len(u.Environments) > 0 {
				line += fmt.Sprint(" ", u.Environments)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// TestTraceOfEnvironment: a value that differs between environments is traced to the
// file of each.
func TestTraceOfEnvironment(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf":     {Data: []byte("variable \"v\" {}\nlocals { l = var.v }\nresource \"t\" \"x\" { v = local.l }")},
		"dev.tfvars":  {Data: []byte("# dev\nv = 1")},
		"prod.tfvars": {Data: []byte("v = 2")},
	}
	set, err := Load(context.Background(), Options{FS: fsys, Paths: []string{"."}, Environments: []Environment{
		{Name: "dev", VarFiles: []string{"dev.tfvars"}}, {Name: "prod", VarFiles: []string{"prod.tfvars"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range set.Roots {
		src := r.Lookup("t.x").Source
		steps := src.Trace(cty.GetAttrPath("v"))
		last, setting := steps[len(steps)-1], src.Setting(cty.GetAttrPath("v"))
		got = append(got, fmt.Sprintf("%s: %s %s:%d, set %s at %s:%d", r.Environment, last.Name, last.Range.Filename, last.Range.Start.Line,
			setting.Name, setting.Range.Filename, setting.Range.Start.Line))
	}
	want := []string{"dev: dev.tfvars dev.tfvars:2, set v at dev.tfvars:2", "prod: prod.tfvars prod.tfvars:1, set v at prod.tfvars:1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("traces (-want +got)\n%s", diff)
	}
}
