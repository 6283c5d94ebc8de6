package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/tfconfig"
)

func readConfig(src string) (*config, error) {
	known := testRules()
	r := configReader{shown: "c.hcl", base: "envs", table: known.every(), facts: known.facts}
	return r.read([]byte(src), "envs/.demarc.hcl")
}

func TestConfig(t *testing.T) {
	got, err := readConfig(`
required_version = "~> 0.1"
fail_on          = "none"
exclude          = ["*/examples", "../modules/**"]

check "CKV_AWS_16" {
  severity = "critical"
}

check "aws-rds-backup-kept" {
  enabled = false
  reason  = <<-END
    AWS Backup keeps them.
  END
}

suppress "aws-rds-storage-encrypted" {
  resources = ["module.db[\"a\"].*"]
  reason    = "moves"
  owner     = "shop"
  until     = "2027-01-31"
}

fact "ebs-encrypted-by-default" {
  evidence = "https://wiki.example.org/ebs"
  roots    = ["prod"]
  regions  = ["eu-west-1"]

  environments = ["live"]
}

environment "live" {
  roots     = ["prod", "**"]
  var_files = ["../../shared.tfvars", "live.tfvars"]
  workspace = "blue"
}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := &config{
		file: "envs/.demarc.hcl", failOn: "none", exclude: []string{"envs/*/examples", "modules/**"},
		severities: map[string]analyzer.Severity{"aws-rds-storage-encrypted": analyzer.Critical},
		disabled:   map[string]bool{"aws-rds-backup-kept": true},
		suppressions: []*analyzer.Suppression{{
			Checks: []string{"aws-rds-storage-encrypted"}, Dialect: analyzer.DialectConfig, Address: []string{`module.db\["a"].*`},
			Reason: "moves", Owner: "shop", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
		}},
		facts: []analyzer.Fact{{
			ID: "ebs-encrypted-by-default", Evidence: "https://wiki.example.org/ebs",
			Roots: []string{"envs/prod"}, Regions: []string{"eu-west-1"}, Environments: []string{"live"}, Range: "envs/.demarc.hcl:24",
		}},
		environments: []tfconfig.Environment{{
			Name: "live", Roots: []string{"envs/prod", "envs/**"}, VarFiles: []string{"../../shared.tfvars", "live.tfvars"}, Workspace: "blue",
		}},
	}
	opts := cmp.Options{cmp.AllowUnexported(config{}), cmpopts.IgnoreTypes(hcl.Range{})}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestConfigMistakes(t *testing.T) {
	for name, test := range map[string]struct{ src, want string }{
		"setting":           {`exlude = []`, `c.hcl:1:1: no setting is named "exlude"; did you mean exclude?`},
		"block":             {`chekc "x" {}`, `c.hcl:1:1: no block is named "chekc"; did you mean check?`},
		"check":             {`check "rds-encrypted" {}`, `c.hcl:1:7: no check is named "rds-encrypted"; did you mean aws-rds-storage-encrypted?`},
		"check setting":     {"check \"CKV_AWS_16\" {\n  serverity = \"low\"\n}", `c.hcl:2:3: no setting is named "serverity"; did you mean severity?`},
		"severity":          {"check \"CKV_AWS_16\" {\n  severity = \"hihg\"\n}", `c.hcl:2:14: no severity is named "hihg"; did you mean high?`},
		"no severity":       {"check \"CKV_AWS_16\" {\n  severity = \"none\"\n}", `c.hcl:2:14: no severity is named "none"; there are low, medium, high, critical`},
		"narrower":          {`check "AWS-0001" {}`, `c.hcl:1:7: AWS-0001 requires less than aws-rds-storage-encrypted: use that name instead`},
		"off, no reason":    {"check \"CKV_AWS_16\" {\n  enabled = false\n}", `c.hcl:1:1: a check that is off needs a reason`},
		"twice":             {"check \"CKV_AWS_16\" {\n  severity = \"low\"\n}\ncheck \"aws-rds-storage-encrypted\" {\n}", `c.hcl:4:1: check aws-rds-storage-encrypted is set twice`},
		"no label":          {`check {}`, `c.hcl:1:1: check needs a check's name: check "..." {`},
		"suppress no label": {`suppress {}`, `c.hcl:1:1: suppress needs the name of a check: suppress "aws-..." {`},
		"suppress check":    {"suppress \"rds-encrypted\" {\n  resources = [\"*\"]\n  reason = \"x\"\n}", `c.hcl:1:10: no check is named "rds-encrypted"; did you mean aws-rds-storage-encrypted?`},
		"no reason":         {"suppress \"CKV_AWS_16\" {\n  resources = [\"*\"]\n}", `c.hcl:1:23: suppress needs reason`},
		"empty reason":      {"suppress \"CKV_AWS_16\" {\n  resources = [\"*\"]\n  reason = \" \"\n}", `c.hcl:3:12: reason is empty`},
		"no resources":      {"suppress \"CKV_AWS_16\" {\n  resources = []\n  reason = \"x\"\n}", `c.hcl:2:15: resources is empty`},
		"date":              {"suppress \"CKV_AWS_16\" {\n  resources = [\"*\"]\n  reason = \"x\"\n  until = \"31.1.2027\"\n}", `c.hcl:4:11: until needs a date like "2027-01-31"`},
		"dates":             {"attest \"x\" {\n  layers = [\"customer-data\"]\n  by = \"x\"\n  evidence = \"x\"\n  date = \"2027-02-01\"\n  expires = \"2027-01-31\"\n}", `c.hcl:5:10: date is after expires`},
		"inner block":       {"suppress \"CKV_AWS_16\" {\n  resources = [\"*\"]\n  reason = \"x\"\n  when {}\n}", `c.hcl:4:3: suppress has no blocks`},
		"fact":              {"fact \"ebs-encrypted\" {\n  evidence = \"x\"\n}", `c.hcl:1:6: no fact is named "ebs-encrypted"; did you mean ebs-encrypted-by-default?`},
		"fact evidence":     {`fact "ebs-encrypted-by-default" {}`, `c.hcl:1:33: fact needs evidence`},
		"environment":       {"environment \"e\" {\n  varfiles = []\n}", `c.hcl:2:3: no setting is named "varfiles"; did you mean var_files?`},
		"environments":      {"environment \"e\" {\n}\nenvironment \"e\" {\n}", `c.hcl:3:1: environment e is described twice`},
		"environment name":  {`environment {}`, `c.hcl:1:1: environment needs a name: environment "..." {`},
		"environment empty": {`environment " " {}`, `c.hcl:1:13: " " is not a name for an environment: it is empty, or has a comma`},
		"environment comma": {`environment "a,b" {}`, `c.hcl:1:13: "a,b" is not a name for an environment: it is empty, or has a comma`},
		"environment kind":  {"environment \"e\" {\n  roots = \"x\"\n}", `c.hcl:2:11: roots needs a list of strings`},
		"environment block": {"environment \"e\" {\n  vars {}\n}", `c.hcl:2:3: environment has no blocks`},
		"workspace":         {"environment \"e\" {\n  workspace = [\"x\"]\n}", `c.hcl:2:15: workspace needs a quoted string`},
		"roots outside":     {"environment \"e\" {\n  roots = [\"../../x\"]\n}", `c.hcl:2:11: "../../x" leads out of the repository`},
		"absolute file":     {"environment \"e\" {\n  var_files = [\"/x.tfvars\"]\n}", `c.hcl:2:15: "/x.tfvars" is not relative to a root`},
		"file of a drive":   {"environment \"e\" {\n  var_files = [\"C:/x.tfvars\"]\n}", `c.hcl:2:15: "C:/x.tfvars" is not relative to a root`},
		"file outside":      {"environment \"e\" {\n  roots = [\"*\"]\n  var_files = [\"../../../x.tfvars\"]\n}", `c.hcl:3:15: "../../../x.tfvars" leads out of the repository from envs/*`},
		"fact environment":  {"environment \"prod\" {\n}\nfact \"ebs-encrypted-by-default\" {\n  evidence = \"x\"\n  environments = [\"prdo\"]\n}", `c.hcl:5:18: no environment is named "prdo"; did you mean prod?`},
		"suppress kind":     {"suppress \"CKV_AWS_16\" {\n  resources = [\"*\"]\n  reason = \"x\"\n  environments = \"prod\"\n}", `c.hcl:4:18: environments needs a list of strings`},
		"kind":              {`fail_on = 3`, `c.hcl:1:11: fail_on needs a quoted string`},
		"list":              {`exclude = "x"`, `c.hcl:1:11: exclude needs a list of strings`},
		"list of":           {`exclude = [1]`, `c.hcl:1:11: exclude needs a list of strings`},
		"null":              {`exclude = [null]`, `c.hcl:1:11: exclude needs a list of strings`},
		"name":              {`fail_on = high`, `c.hcl:1:11: fail_on needs a quoted string`},
		"bool":              {"check \"CKV_AWS_16\" {\n  enabled = \"no\"\n}", `c.hcl:2:13: enabled needs true or false`},
		"glob":              {`exclude = ["["]`, `c.hcl:1:11: "[" is not a glob`},
		"many blocks":       {strings.Repeat("owner \"o\" {}\n", 1001), "c.hcl:1001:1: more than 1000 blocks of owner"},
		"many patterns":     {strings.Repeat("suppress \"CKV_AWS_16\" {\n  resources = [\"a*\"]\n  reason = \"r\"\n}\n", 1001), "c.hcl:4001:1: more than 1000 patterns with wildcards"},
		"many exclusions":   {"exclude = [" + strings.Repeat(`"a*",`, 1001) + "]", "c.hcl:1:1: more than 1000 patterns with wildcards"},
		"long text":         {"suppress \"CKV_AWS_16\" {\n  reason = <<EOT\n" + strings.Repeat("x\n", 100_000) + "EOT\n}", `c.hcl:1003:1: a text of more than 1000 lines or escapes`},
		"outside":           {`exclude = ["../../x"]`, `c.hcl:1:11: "../../x" leads out of the repository`},
		"version":           {"required_version = \">= 0.2\"\nnew_setting = 1", `c.hcl:1:20: this configuration needs demarc >= 0.2; this is 0.1.0`},
		"no version":        {`required_version = "new"`, `c.hcl:1:20: required_version "new" is not a version constraint, like ">= 0.1"`},
		"syntax":            {`check "x" {`, `c.hcl:1:11: unclosed configuration block`},
		"expression":        {`fail_on = file("x")`, `c.hcl:1:15: "(" is not allowed here: this file holds plain values only`},
		"template":          {`fail_on = "${x}"`, `c.hcl:1:12: "${" is not allowed here: this file holds plain values only`},
		"nested":            {"exclude = " + strings.Repeat("[", 100_000), `c.hcl:1:27: nested too deep`},
		"blocks":            {strings.Repeat("a {\n", 100_000), `c.hcl:17:3: nested too deep`},
		"negated":           {"exclude = " + strings.Repeat("!", 100_000), `c.hcl:1:11: "!" is not allowed here: this file holds plain values only`},
		"several":           {"a = 1\nb = 2", "c.hcl:1:1: no setting is named \"a\"\nc.hcl:2:1: no setting is named \"b\""},
		"not text":          {"\xff\xfe", "c.hcl:1:1: \"\\xff\" is not allowed here: this file holds plain values only"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readConfig(test.src)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if code := fail(io.Discard, err); code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
		})
	}
}
