// Package made makes resources from hand-written values for the tests of
// packages that judge them.
package made

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
)

// Values are attributes by name.
type Values = map[string]cty.Value

// Unknown values of each type.
var (
	UnknownBool   = cty.UnknownVal(cty.Bool)
	UnknownString = cty.UnknownVal(cty.String)
)

// Resource makes a managed resource at an address, which a plan creates.
func Resource(address string, attrs Values, refs ...analyzer.Ref) *analyzer.Resource {
	object := cty.ObjectVal(attrs)
	if attrs == nil {
		object = cty.EmptyObjectVal
	}
	typ, _, _ := strings.Cut(address, ".")
	return &analyzer.Resource{
		Address: address, Definition: address, Type: typ, Action: analyzer.Create, Refs: refs,
		Build: func() cty.Value { return object },
	}
}

// Set makes a set of one root, in the current directory.
func Set(resources ...*analyzer.Resource) *analyzer.Set {
	return analyzer.NewSet([]*analyzer.Root{{Dir: ".", Resources: resources}}, analyzer.Coverage{}, nil)
}

// Planned makes the set of a plan with a resource and its prior state, nil for
// none.
func Planned(is, was *analyzer.Resource) *analyzer.Set {
	root := &analyzer.Root{Dir: ".", Plan: "plan.json", Resources: []*analyzer.Resource{is}, Prior: &analyzer.Root{Dir: "."}}
	if was != nil {
		root.Prior.Resources = []*analyzer.Resource{was}
	}
	return analyzer.NewSet([]*analyzer.Root{root}, analyzer.Coverage{}, nil)
}

// InEnvironments makes a root for each environment, with the resource t.x and
// its values there.
func InEnvironments(by map[string]Values) *analyzer.Set {
	var roots []*analyzer.Root
	for name, v := range by {
		roots = append(roots, &analyzer.Root{Dir: "app", Environment: name, Resources: []*analyzer.Resource{Resource("t.x", v)}})
	}
	return analyzer.NewSet(roots, analyzer.Coverage{}, nil)
}

// OneService is a catalogue with one service and one customer-owned layer. Its
// principal is of type t: a container service, or an infrastructure service
// where hosts is true.
func OneService(layer analyzer.Layer) analyzer.Catalogue {
	service := &analyzer.Service{ID: "s", Model: analyzer.Container, Principals: []string{"t"}, Cases: []analyzer.Case{
		{On: []string{"t"}, When: analyzer.Attr("hosts").True(), Model: analyzer.Infrastructure},
	}}
	return analyzer.Catalogue{
		Service: func(analyzer.Mode, string) *analyzer.Service { return service },
		Cell: func(_ analyzer.Model, l analyzer.Layer) analyzer.Cell {
			if l == layer {
				return analyzer.Cell{Today: analyzer.CustomerOwned}
			}
			return analyzer.Cell{Today: analyzer.ProviderOwned}
		},
	}
}
