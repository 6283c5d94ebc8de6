package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/demarc/demarc/analyzer/report"
)

// inJSON converts a file of the native syntax to JSON, all on one line.
func inJSON(t testing.TB, name string, src []byte) map[string]any {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return jsonOf(f.Body.(*hclsyntax.Body), src)
}

func jsonOf(b *hclsyntax.Body, src []byte) map[string]any {
	object := map[string]any{}
	for name, a := range b.Attributes {
		switch v, diags := a.Expr.Value(nil); {
		case hcl.ExprAsKeyword(a.Expr) != "" && diags.HasErrors(): // the type of a variable
			object[name] = hcl.ExprAsKeyword(a.Expr)
		case !diags.HasErrors() && v.Type().FriendlyName() == "string" && !v.IsNull():
			object[name] = strings.NewReplacer("${", "$${", "%{", "%%{").Replace(v.AsString())
		default:
			object[name] = "${" + string(a.Expr.Range().SliceBytes(src)) + "}"
		}
	}
	for _, nested := range b.Blocks {
		into := object
		for _, key := range append([]string{nested.Type}, nested.Labels...)[:len(nested.Labels)] {
			if _, ok := into[key].(map[string]any); !ok {
				into[key] = map[string]any{}
			}
			into = into[key].(map[string]any)
		}
		last := append([]string{nested.Type}, nested.Labels...)[len(nested.Labels)]
		list, _ := into[last].([]any)
		into[last] = append(list, jsonOf(nested.Body, src))
	}
	return object
}

// beside adds resources in which each string and key is a canary, in attributes that
// nothing marks as sensitive.
func beside(doc map[string]any, other bool) {
	resources, ok := doc["resource"].(map[string]any)
	if !ok {
		return
	}
	resources["aaa_first"] = map[string]any{"a": []any{map[string]any{
		"description": canary(1, other), "list": []any{canary(2, other)}, "map": map[string]any{canary(3, other): canary(4, other)},
	}}}
	resources["zzz_last"] = map[string]any{"z": []any{map[string]any{"description": canary(5, other)}}}
}

// TestNeighboursAreNotShown: if a whole configuration is one line of JSON, an
// excerpt shows only the finding's part.
func TestNeighboursAreNotShown(t *testing.T) {
	if testing.Short() {
		t.Skip("a law over everything, which takes long under the race detector")
	}
	excerpts, of := 0, sampled()
	for i, dir := range fixturesOfLaw(t) {
		if i%of.fixtures != 2%of.fixtures || !strings.HasPrefix(dir, "checks/") {
			continue
		}
		t.Run(dir, func(t *testing.T) {
			files := filesOf(t, dir)
			var outs [2][]written
			for n, other := range []bool{false, true} {
				changed := fstest.MapFS{}
				for _, name := range slices.Sorted(maps.Keys(files)) {
					if !strings.HasSuffix(name, ".tf") {
						changed[name] = files[name]
						continue
					}
					doc := inJSON(t, name, files[name].Data)
					beside(doc, other)
					var line bytes.Buffer
					e := json.NewEncoder(&line)
					e.SetEscapeHTML(false)
					if err := e.Encode(doc); err != nil {
						t.Fatal(err)
					}
					changed[name+".json"] = &fstest.MapFile{Data: line.Bytes()}
				}
				j := judgedIn(t, changed, nil)
				outs[n] = j.everyFormat(t, j, i, of.fixtures > 1)
			}
			for n, w := range outs[0] {
				if found := shownCanary(w.text); found != "" {
					t.Errorf("%s has %s:\n%s", w.format, found, around(w.text))
				} else if !bytes.Equal(w.text, outs[1][n].text) {
					t.Errorf("%s depends on a neighbour:\n%s", w.format, firstDifference(w.text, outs[1][n].text))
				}
				excerpts += bytes.Count(w.text, []byte(" │ "))
			}
		})
	}
	if excerpts == 0 {
		t.Error("no excerpt is shown at all")
	}
}

// TestSecretsOfCommands is the law for the output of commands other than reports:
// mistakes in files, unresolved references, and progress.
func TestSecretsOfCommands(t *testing.T) {
	var secret [2]string
	for n, other := range []bool{false, true} {
		dir := t.TempDir()
		c := func(i int) string { return canary(i, other) }
		write(t, dir, "main.tf", `
variable "sensitive" {
  sensitive = true
  default   = "`+c(1)+`"
}
variable "given" {}
variable "count" {
  type      = number
  sensitive = true
  default   = "`+c(2)+`"
}
variable "db_password" { default = "`+c(3)+`" }
locals {
  m    = { (var.sensitive) = { (var.given) = "x" } }
  gone = local.m[var.sensitive][var.given].`+"missing"+`
}
resource "aws_ssm_parameter" "p" {
  type  = "SecureString"
  name  = "p"
  value = "`+c(4)+`"
}
module "a" { source = "./${var.sensitive}" }
module "b" { source = var.given }
module "c" {
  source  = "terraform-aws-modules/vpc/aws"
  version = var.sensitive
}
resource "aws_db_instance" "keys" {
  for_each = toset([var.sensitive])
  name     = each.key
}
resource "aws_db_instance" "given" {
  for_each       = { (var.given) = { size = var.sensitive } }
  identifier     = each.key
  engine_version = each.value.size
  tags           = { (each.key) = var.db_password }
}
resource "aws_db_instance" "read" {
  identifier        = aws_db_instance.given[var.given].identifier
  username          = aws_ssm_parameter.p.value
  storage_encrypted = local.m[var.sensitive][var.given]
  count             = tonumber(var.sensitive)
}
resource "aws_sns_topic" "t" {
  name   = file("${path.module}/${var.sensitive}")
  policy = templatefile("${var.given}.json", { x = var.db_password })
}
data "local_file" "f" { filename = var.sensitive }
resource "aws_security_group" "s" {
  dynamic "ingress" {
    for_each = toset([var.sensitive, var.given])
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      description = ingress.value
      cidr_blocks = ["0.0.0.0/0", ingress.key]
    }
  }
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = var.given, Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_ecs_task_definition" "e" {
  family                = var.given
  container_definitions = jsonencode([{ name = var.db_password, image = aws_db_instance.read[0].arn, privileged = true, environment = [{ name = var.sensitive, value = "AKIA" }] }])
}
`)
		var said bytes.Buffer
		for _, args := range [][]string{
			{"scan", "--show", "all", "."}, {"scan", "--format", "json", "--show", "all", "."}, {"scan", "--format", "line", "."},
			{"matrix", "."}, {"matrix", "--format", "csv", "."}, {"init", "--stdout"}, {"explain", "aws_db_instance"},
			{"scan", "--var", "count=" + c(5), "."}, {"diff", ".", "."}, {"scan", "main.tf"},
		} {
			var stdout, stderr bytes.Buffer
			p := &process{
				dir: dir, environ: []string{"TF_VAR_given=" + c(6)}, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
				rules: builtin, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
			}
			code := p.run(args)
			for stream, text := range map[string][]byte{"output": stdout.Bytes(), "error": stderr.Bytes()} {
				if found := shownCanary(text); found != "" && !strings.Contains(strings.Join(args, " "), "count=") {
					t.Errorf("%v: standard %s has %s:\n%s", args[:len(args)-1], stream, found, around(text))
				}
			}
			if code == exitUsage && args[1] != "--var" {
				t.Errorf("%v: %s", args, &stderr)
			}
			if args[1] != "--var" {
				said.Write(stdout.Bytes())
				said.Write(stderr.Bytes())
			}
		}
		secret[n] = strings.ReplaceAll(said.String(), dir, "")
	}
	if secret[0] != secret[1] {
		t.Errorf("what is said depends on a secret:\n%s", firstDifference([]byte(secret[0]), []byte(secret[1])))
	}
	if !strings.Contains(secret[0], "(sensitive)") {
		t.Errorf("nothing is said to be sensitive:\n%s", secret[0])
	}
}

// TestSecretsOfDiff is the law for the names by which a replaced resource is
// recognized.
func TestSecretsOfDiff(t *testing.T) {
	var said [2]string
	for n, other := range []bool{false, true} {
		dir := t.TempDir()
		head := `variable "name" {
  sensitive = true
  default   = "` + canary(1, other) + `"
}
`
		for side, text := range map[string]string{
			"old": `resource "aws_instance" "a" {
  tags = { Name = var.name }
}
resource "aws_instance" "c" {
  tags = { Name = "billing" }
}`,
			"new": `resource "aws_db_instance" "b" {
  identifier = var.name
  engine     = "postgres"
}
resource "aws_db_instance" "d" {
  identifier = "billing"
  engine     = "postgres"
}`,
		} {
			if err := os.Mkdir(filepath.Join(dir, side), 0o777); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, side), "main.tf", head+text)
		}
		for _, format := range report.FormatNames(report.OfDiff) {
			var stdout, stderr bytes.Buffer
			p := &process{dir: dir, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), rules: builtin, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			if code := p.run([]string{"diff", "old", "new", "--format", format}); code == exitUsage {
				t.Fatal(&stderr)
			}
			if found := shownCanary(stdout.Bytes()); found != "" {
				t.Errorf("%s has %s:\n%s", format, found, around(stdout.Bytes()))
			}
			said[n] += stdout.String() + stderr.String()
		}
	}
	if said[0] != said[1] {
		t.Errorf("the comparison depends on a secret:\n%s", firstDifference([]byte(said[0]), []byte(said[1])))
	}
}

// write writes a file, and makes its directories.
func write(t testing.TB, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
