package tfplan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is the kind of a file, as far as its beginning shows.
type Kind int8

// The kinds that Detect distinguishes.
const (
	Other  Kind = iota // none of these: a Terraform file, or anything else
	Plan               // JSON of a plan: terraform show -json FILE
	State              // JSON of a state: a state file, or what terraform show -json prints without a plan
	Log                // what terraform plan -json prints: a message on each line
	Binary             // what terraform plan -out writes: a zip file
)

// PrefixSize is the number of bytes that Detect wants; it works with fewer.
const PrefixSize = 4096

// Detect determines the kind of a file from its first bytes. It takes any encoding
// that Load reads. The prefix may end anywhere.
func Detect(prefix []byte) Kind {
	if bytes.HasPrefix(prefix, []byte("PK\x03\x04")) {
		return Binary
	}
	text, err := io.ReadAll(newText(bytes.NewReader(prefix)))
	if err != nil && len(text) == 0 {
		return Other
	}
	return kindOf(topNames(text))
}

// topNames lists the names of the first JSON object at its top level, as far
// as the text goes.
func topNames(text []byte) []string {
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return nil
	}
	var names []string
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return names
		}
		names = append(names, name.String())
		if dec.SkipValue() != nil {
			return names
		}
	}
	return names
}

// kindOf determines the kind from the names at the top level. A plan and a printed
// state begin with the same two names; the other names distinguish them.
// https://developer.hashicorp.com/terraform/internals/json-format
func kindOf(names []string) Kind {
	kind := Other
	for _, name := range names {
		switch name {
		case "@level", "@message":
			return Log
		case "planned_values", "resource_changes", "resource_drift", "output_changes",
			"prior_state", "configuration", "relevant_attributes", "applyable", "errored":
			return Plan
		case "values", "lineage", "serial", "check_results":
			return State
		case "format_version":
			kind = Plan
		}
	}
	return kind
}

// what describes what is wrong with a file of the kind, and what to run instead.
func (k Kind) what() error {
	const make = "run terraform plan -out=tfplan, then terraform show -json tfplan > plan.json"
	switch k {
	case State:
		return errors.New("this is a state, not a plan: " + make)
	case Log:
		return errors.New("this is the log of terraform plan -json, not a plan: " + make)
	case Binary:
		return errors.New("this is a plan in Terraform's own binary form: run terraform show -json on it, and give demarc the output")
	}
	return errors.New("this is not a plan in JSON: " + make)
}

// unsupported describes what to do about a format that is not 1.x.
func unsupported(version string) error {
	if strings.HasPrefix(version, "0.") {
		return fmt.Errorf("the plan has format %.20q, of Terraform before 1.1: create it again with Terraform 1.1 or later", version)
	}
	return fmt.Errorf("the plan has format %.20q, and this demarc reads 1.x: a later demarc may read it", version)
}

// broken explains a syntax error to the user.
func broken(err error) error {
	var read *readError
	syntax := syntaxOf(err)
	switch {
	case errors.As(err, &read) && !errors.Is(err, io.ErrUnexpectedEOF):
		return read.error
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the plan ends too early: it was not written whole; run terraform show -json again")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("the plan has a name twice in one object, which Terraform never writes: run terraform show -json again%s", insideFile(syntax))
	case syntax != nil:
		return fmt.Errorf("the plan is not valid JSON at byte %d: run terraform show -json again%s", syntax.ByteOffset, insideFile(syntax))
	}
	return err
}

func syntaxOf(err error) *jsontext.SyntacticError {
	var syntax *jsontext.SyntacticError
	errors.As(err, &syntax)
	return syntax
}

// insideFile describes where in the file an error is. It omits names below the third
// level, which may be parts of secret values.
func insideFile(err *jsontext.SyntacticError) string {
	const most = 3
	if err == nil {
		return ""
	}
	names := slices.Collect(err.JSONPointer.Tokens())
	return fmt.Sprintf(" (%v within %q)", err.Err, "/"+strings.Join(names[:min(len(names), most)], "/"))
}
