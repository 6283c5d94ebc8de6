package parity

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer/tfconfig"
)

// The language fixtures, with Terraform's results for each.
const language = "../../../fixtures/language"

// TestLanguage compares every language fixture with Terraform's plan of it, which
// answers.json keeps. With -update it runs the Terraform on the PATH again.
func TestLanguage(t *testing.T) {
	entries, err := os.ReadDir(language)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			args := arguments(t, filepath.Join(language, e.Name()))
			answers := filepath.Join(language, e.Name(), "answers.json")
			if *update {
				record(t, e.Name(), answers, args)
			}
			plan := recorded(t, answers)
			table, err := load(language, e.Name(), plan, args.options())
			if err != nil {
				t.Fatal(err)
			}
			sameAddresses(t, table)
			for _, l := range table.Leaves {
				if at := e.Name() + " " + l.Address + "." + l.Path; l.Kind == "bold" && sharper[at] != "" {
					delete(sharper, at)
					continue
				}
				t.Error(l)
			}
			for at := range sharper {
				if strings.HasPrefix(at, e.Name()+" ") {
					t.Errorf("%s is no longer sharper than Terraform", at)
				}
			}
			if table.Written.Equal == 0 {
				t.Error("nothing is compared")
			}
			compared += table.Written.Total()
		})
	}
	t.Logf("%d leaves", compared)
}

// sharper are the leaves that tfconfig knows and Terraform does not, and why that is
// right.
var sharper = map[string]string{
	// Since 1.12 Terraform no longer waits for an operand that cannot decide.
	// https://github.com/hashicorp/terraform/blob/v1.12/CHANGELOG.md
	"unknowns terraform_data.conditions.input.and": "false whatever the other is",
	"unknowns terraform_data.conditions.input.or":  "true whatever the other is",
	// Both results of the conditional are the same.
	"unknowns terraform_data.conditions.input.same_branches": "the same whatever the condition is",
	// Every AWS resource has an ARN.
	"unknowns terraform_data.of_aws.input.arn_exists":  "an ARN is never null",
	"unknowns terraform_data.of_aws.input.arn_or_none": "an ARN is never null",
}

// given is the content of a fixture's file "arguments", one per line: an argument of
// Terraform, or a variable of its environment.
type given struct {
	dir            string
	flags, environ []string
}

func arguments(t *testing.T, dir string) given {
	g := given{dir: filepath.Base(dir)}
	text, err := os.ReadFile(filepath.Join(dir, "arguments"))
	if errors.Is(err, fs.ErrNotExist) {
		return g
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "-") {
			g.flags = append(g.flags, line)
		} else {
			g.environ = append(g.environ, line)
		}
	}
	return g
}

func (g given) options() tfconfig.Options {
	opt := tfconfig.Options{Environ: map[string]string{}}
	for _, f := range g.flags {
		if file, ok := strings.CutPrefix(f, "-var-file="); ok {
			opt.Inputs = append(opt.Inputs, tfconfig.Input{File: g.dir + "/" + file})
			continue
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(f, "-var="), "=")
		opt.Inputs = append(opt.Inputs, tfconfig.Input{Name: name, Value: value})
	}
	for _, e := range g.environ {
		name, value, _ := strings.Cut(e, "=")
		opt.Environ[name] = value
	}
	return opt
}

// record plans a fixture and keeps the instances of the plan.
func record(t *testing.T, name, answers string, args given) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "plan.json")
	cmd := exec.Command("../stubprovider/plan.sh", append([]string{filepath.Join(language, name), out}, args.flags...)...)
	cmd.Env = append(os.Environ(), append(args.environ, "ROOT="+language)...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := ReadPlan(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	plan.trim()
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(plan); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(answers, text.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// trim removes parts without content: nulls, and false marks of unknowns.
func (p *Plan) trim() {
	for _, answers := range []map[string]Answer{p.Managed, p.Read} {
		for address, a := range answers {
			a.Values = trimmed(a.Values)
			a.Unknown = trimmed(a.Unknown)
			answers[address] = a
		}
	}
}

// trimmed returns an object without the top-level parts that are null, false or
// empty; deeper ones may be written.
func trimmed(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for name, e := range object {
		if isBlank(e) || e == false || isBlankMark(e) {
			delete(object, name)
		}
	}
	return object
}

func isBlankMark(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case []any:
		for _, e := range v {
			if !isBlankMark(e) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, e := range v {
			if !isBlankMark(e) {
				return false
			}
		}
		return true
	}
	return false
}

func recorded(t *testing.T, answers string) *Plan {
	t.Helper()
	text, err := os.ReadFile(answers)
	if err != nil {
		t.Fatal(err)
	}
	plan := &Plan{}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestChecks compares the fixtures of the checks, in one plan, which
// fixtures/plan/make.sh makes.
func TestChecks(t *testing.T) {
	file, err := os.Open("../../../fixtures/plan/plan.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := ReadPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	table, err := load("../../../fixtures", "plan", plan, tfconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameAddresses(t, table)
	for _, l := range table.Leaves {
		t.Error(l)
	}
	t.Logf("%d instances, %+v", table.Instances, table.Written)
}
