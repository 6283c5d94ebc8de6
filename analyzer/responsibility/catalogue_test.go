package responsibility

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
)

const provider = "hashicorp/aws"

// Every resource type and data source of the provider has a service.
func TestEveryTypeHasAService(t *testing.T) {
	resources, data := schema.ResourceTypes(provider), schema.DataSourceTypes(provider)
	if len(resources) < 1000 || len(data) < 500 {
		t.Fatalf("schema has %d resource types and %d data sources", len(resources), len(data))
	}
	for _, typ := range resources {
		if ServiceOf(analyzer.Managed, typ) == nil {
			t.Errorf("%s belongs to no service: add its words to the types of one", typ)
		}
	}
	for _, typ := range data {
		if ServiceOf(analyzer.Data, typ) == nil {
			t.Errorf("data.%s belongs to no service: add its words to the types of one", typ)
		}
	}
}

// retired types are removed from the provider but still occur in
// configurations.
func retired() []string {
	return words("macie_s3_bucket_association opsworks_stack opsworks_instance simpledb_domain worklink_fleet")
}

func TestServicesAreComplete(t *testing.T) {
	managed, data := countTypes()
	last := ""
	for _, s := range Services() {
		if s.ID <= last {
			t.Errorf("%s comes after %s: not sorted, or twice", s.ID, last)
		}
		last = s.ID
		if s.ID == "" || s.Name == "" || s.Model == analyzer.UnknownModel {
			t.Errorf("service %q: name %q, model %q", s.ID, s.Name, s.Model)
		}
		if !isLink(s.Source) {
			t.Errorf("%s: source %q is no link", s.ID, s.Source)
		}
		gone := slices.ContainsFunc(s.Principals, func(p string) bool { return slices.Contains(retired(), p) })
		if managed[s]+data[s] == 0 && !gone {
			t.Errorf("%s has no type", s.ID)
		}
		if managed[s] > 0 && len(s.Principals) == 0 {
			t.Errorf("%s has resource types and no principal", s.ID)
		}
		for _, p := range s.Principals {
			if schema.Resource(provider, p) == nil && !slices.Contains(retired(), p) {
				t.Errorf("%s: principal %s is no resource type", s.ID, p)
			}
			if ServiceOf(analyzer.Managed, p) != s {
				t.Errorf("%s: principal %s is of %v", s.ID, p, ServiceOf(analyzer.Managed, p))
			}
		}
	}
}

func countTypes() (managed, data map[*analyzer.Service]int) {
	managed, data = map[*analyzer.Service]int{}, map[*analyzer.Service]int{}
	for _, typ := range schema.ResourceTypes(provider) {
		managed[ServiceOf(analyzer.Managed, typ)]++
	}
	for _, typ := range schema.DataSourceTypes(provider) {
		data[ServiceOf(analyzer.Data, typ)]++
	}
	return managed, data
}

func isLink(s string) bool {
	return strings.HasPrefix(s, "https://") && !strings.ContainsAny(s, " <>\"")
}
