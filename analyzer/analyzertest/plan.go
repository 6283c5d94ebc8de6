package analyzertest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
)

// Calls writes a root module that calls every fixture in a directory except the
// excluded ones, and sets each input without a default to a value that no plan
// knows. A module is named for its fixture, and found at ../ and the directory's
// name.
func Calls(t testing.TB, dir string, leftOut map[string]string) string {
	t.Helper()
	var calls strings.Builder
	calls.WriteString(head)
	for _, name := range Fixtures(t, dir) {
		if leftOut[name] != "" {
			continue
		}
		source := "../" + filepath.Base(dir) + "/" + name
		fmt.Fprintf(&calls, "\nmodule %q {\n", name)
		calls.WriteString(arguments(source, inputs(t, filepath.Join(dir, name))))
		calls.WriteString("}\n")
	}
	return calls.String()
}

// A value decoded from an unknown text has any type, and the time is unknown before
// apply. A reference to a resource would reveal more: that it has an id.
const head = `# Every fixture as a module, written by make.sh: do not edit.

locals {
  unknown = jsondecode(timestamp())
}
`

func arguments(source string, inputs []string) string {
	width := len("source")
	for _, name := range inputs {
		width = max(width, len(name))
	}
	lines := fmt.Sprintf("  %-*s = %q\n", width, "source", source)
	for _, name := range inputs {
		lines += fmt.Sprintf("  %-*s = local.unknown\n", width, name)
	}
	return lines
}

// Fixtures lists the fixtures in a directory by name.
func Fixtures(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// inputs returns the variables of a module without a default.
func inputs(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	parser := hclparse.NewParser()
	for _, file := range files {
		f, diags := parser.ParseHCLFile(file)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		content, _, _ := f.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "variable", LabelNames: []string{"name"}}}})
		for _, b := range content.Blocks {
			if reserved(b.Labels[0]) {
				t.Errorf("%s: Terraform reserves the name of variable %q", file, b.Labels[0])
			}
			if attributes, _ := b.Body.JustAttributes(); attributes["default"] == nil {
				names = append(names, b.Labels[0])
			}
		}
	}
	slices.Sort(names)
	return names
}

// reserved names have a special meaning in a module call.
// https://developer.hashicorp.com/terraform/language/values/variables#declaring-an-input-variable
func reserved(name string) bool {
	switch name {
	case "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals":
		return true
	}
	return false
}

// LeftOut reads a list of fixtures that cannot be planned: one line for each, the
// name and the reason with a colon between them. # begins a comment.
func LeftOut(t testing.TB, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, _ := strings.Cut(line, ": ")
		if strings.TrimSpace(reason) == "" {
			t.Fatalf("%s: %q has no reason", file, line)
		}
		reasons[name] = reason
	}
	return reasons
}
