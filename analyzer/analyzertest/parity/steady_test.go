package parity

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

// TestSteady loads each language fixture, and a root that consists mostly of
// unknowns, repeatedly: the result is the same to the byte, with every unknown, its
// cause and its order. The library walks maps and compares objects in random order.
func TestSteady(t *testing.T) {
	entries, err := os.ReadDir(language)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			opt := arguments(t, filepath.Join(language, e.Name())).options()
			opt.FS, opt.Paths = os.DirFS(language), []string{e.Name()}
			t.Run(e.Name(), func(t *testing.T) { steady(t, opt) })
		}
	}
	dense := fstest.MapFS{"main.tf": {Data: []byte(denseRoot)}}
	t.Run("dense", func(t *testing.T) { steady(t, tfconfig.Options{FS: dense, Paths: []string{"."}}) })
}

const denseRoot = `
resource "terraform_data" "later" { input = "x" }
locals {
  id   = terraform_data.later.id
  any  = jsondecode(terraform_data.later.id)
  objs = [{ a = 1, b = local.id, c = "z" }, { a = 2, b = "x", c = local.id }]
  map  = { x = local.id, y = "k", z = local.any }
  sets = [toset(["a", local.id]), toset([local.id])]
}
resource "terraform_data" "u" {
  input = {
    contains  = [for n in range(20) : contains(local.objs, { a = n, b = "y", c = "w" })]
    index     = [for o in [{ a = 2, b = "x", c = "y" }] : index(local.objs, o)]
    equal     = [for n in range(20) : local.objs[0] == { a = n, b = "y", c = "w" }]
    maps      = tomap({ a = local.id, b = "x", c = local.id }) == tomap({ a = "1", b = "y", c = "2" })
    set       = toset(local.objs)
    sets      = setunion(local.sets...)
    product   = setproduct(local.sets...)
    minus     = setsubtract(local.sets...)
    both      = setintersection(local.sets...)
    distinct  = distinct(concat(local.objs, local.objs))
    matching  = matchkeys(local.objs, local.objs[*].b, ["x"])
    walked    = [for o in toset(local.objs) : o.a]
    of_map    = [for k, v in local.map : "${k}${v}"]
    keyed     = { for o in local.objs : o.b => o... }
    zipped    = zipmap(values(local.map), keys(local.map))
    merged    = merge(local.map, local.any, { w = local.id })
    flat      = flatten([local.objs, local.any, tolist(toset(local.objs))])
    turned    = transpose({ a = [local.id], b = ["c", local.id] })
    document  = jsonencode(merge(local.map, { list = local.objs }))
    decoded   = jsondecode(jsonencode(local.objs))
    chosen    = local.id == "x" ? local.objs[0] : local.objs[1]
    coalesced = coalesce(local.any, local.id, "x")
    tried     = try(local.any.a, local.map.w, local.id)
  }
}
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = toset([local.id, "b", "a"])
    content {
      from_port   = 1
      to_port     = 1
      protocol    = "tcp"
      description = ingress.value
    }
  }
  tags = merge(local.map, { id = local.id })
}
`

func steady(t *testing.T, opt tfconfig.Options) {
	t.Helper()
	opt.Parser = &tfconfig.Parser{}
	first := dump(t, opt)
	for range 20 {
		if diff := cmp.Diff(first, dump(t, opt)); diff != "" {
			t.Fatalf("(-first +later)\n%s", diff)
		}
	}
}

// dump returns everything that a load gives, as lines.
func dump(t *testing.T, opt tfconfig.Options) []string {
	t.Helper()
	set, err := tfconfig.Load(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range set.Diags {
		lines = append(lines, d.Error())
	}
	lines = append(lines, strings.Split(fmt.Sprintf("%+v", set.Coverage), "} {")...)
	for _, root := range set.Roots {
		for _, r := range root.Resources {
			lines = append(lines, r.Address, fmt.Sprintf("%#v", r.Values()))
			for _, h := range r.Hidden {
				lines = append(lines, fmt.Sprint("hidden ", analyzer.FormatPath(h.At), h.Cause, h.Decides))
			}
			for _, ref := range r.Refs {
				lines = append(lines, fmt.Sprint("ref ", analyzer.FormatPath(ref.At), ref.To, ref.Attr, ref.Sole))
			}
		}
	}
	return lines
}
