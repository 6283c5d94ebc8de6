package analyzertest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/defenseunicorns/go-oscal/src/pkg/validation"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// OSCAL checks a document against the official schema of its version, and against
// rules that a schema cannot express: each uuid is unique, and every reference to a
// uuid, a role or a local objective resolves.
func OSCAL(text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	schema, err := oscalSchema()
	if err != nil {
		return err
	}
	if err := schema.Validate(doc); err != nil {
		return err
	}
	var ids oscalIDs
	ids.collect("", doc)
	return ids.check()
}

// oscalSchema is the complete schema that the module includes.
var oscalSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	anything := map[string]any{"catalog": map[string]any{"metadata": map[string]any{"oscal-version": "1.1.3"}}}
	v, err := validation.NewValidator(anything)
	if err != nil {
		return nil, err
	}
	params, err := v.GetValidationParams()
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(params.SchemaPath, params.SchemaData); err != nil {
		return nil, err
	}
	return c.Compile(params.SchemaPath)
})

// oscalIDs are the ids that a document defines and refers to.
type oscalIDs struct {
	defined, wanted []string
}

func (ids *oscalIDs) collect(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			ids.collect(key, child)
		}
	case []any:
		for _, child := range v {
			ids.collect(name, child)
		}
	case string:
		ids.text(name, v)
	}
}

func (ids *oscalIDs) text(name, v string) {
	switch {
	case name == "uuid" || name == "id":
		ids.defined = append(ids.defined, v)
	case strings.HasSuffix(name, "-uuid") || strings.HasSuffix(name, "-uuids") || name == "role-id" || name == "target-id" || name == "objective-id":
		ids.wanted = append(ids.wanted, v)
	case (name == "href" || name == "source") && strings.HasPrefix(v, "#"):
		ids.wanted = append(ids.wanted, v[1:])
	}
}

func (ids *oscalIDs) check() error {
	slices.Sort(ids.defined)
	for i := 1; i < len(ids.defined); i++ {
		if ids.defined[i] == ids.defined[i-1] {
			return fmt.Errorf("%s is given twice", ids.defined[i])
		}
	}
	for _, want := range ids.wanted {
		if _, ok := slices.BinarySearch(ids.defined, want); !ok {
			return fmt.Errorf("nothing has the id %s", want)
		}
	}
	return nil
}
