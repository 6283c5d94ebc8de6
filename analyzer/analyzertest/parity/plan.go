package parity

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// A Plan is Terraform's plan of a configuration: its instances with their values, as
// terraform show -json writes them.
type Plan struct {
	Managed map[string]Answer // by address, without destroyed instances
	Read    map[string]Answer // the data sources, by address: those read during planning, and those deferred until apply
}

// An Answer is one instance as Terraform plans it.
type Answer struct {
	Provider string `json:"provider,omitempty"` // registry.terraform.io/hashicorp/aws
	Type     string `json:"type"`
	Values   any    `json:"values,omitempty"`  // as decoded JSON, without unknown parts
	Unknown  any    `json:"unknown,omitempty"` // in the shape of Values, true for a value that is known only after apply
}

// resource is an instance in the state.
type resource struct {
	Address, Mode, Type string
	Provider            string `json:"provider_name"`
	Values              any
}

type stateModule struct {
	Resources []resource
	Children  []stateModule `json:"child_modules"`
}

// ReadPlan reads the output of terraform show -json.
func ReadPlan(r io.Reader) (*Plan, error) {
	var raw struct {
		Changes []struct {
			Address, Mode, Type string
			Provider            string `json:"provider_name"`
			Deposed             string
			Change              struct {
				Actions []string
				After   any
				Unknown any `json:"after_unknown"`
			}
		} `json:"resource_changes"`
		Prior struct {
			Values struct {
				Root stateModule `json:"root_module"`
			}
		} `json:"prior_state"`
	}
	dec := json.NewDecoder(r)
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	p := &Plan{Managed: map[string]Answer{}, Read: map[string]Answer{}}
	for _, c := range raw.Changes {
		a := Answer{Provider: c.Provider, Type: c.Type, Values: c.Change.After, Unknown: c.Change.Unknown}
		switch action := strings.Join(c.Change.Actions, " "); {
		case c.Deposed != "" || action == "delete" || action == "forget":
		case c.Mode == "data":
			p.Read[c.Address] = a
		default:
			p.Managed[c.Address] = a
		}
	}
	p.addRead(raw.Prior.Values.Root)
	return p, nil
}

func (p *Plan) addRead(m stateModule) {
	for _, r := range m.Resources {
		if r.Mode == "data" {
			p.Read[r.Address] = Answer{Provider: r.Provider, Type: r.Type, Values: r.Values}
		}
	}
	for _, child := range m.Children {
		p.addRead(child)
	}
}

// Sources returns the values of the data sources that were read, as input for
// tfconfig.
func (p *Plan) Sources() (map[string]cty.Value, error) {
	sources := map[string]cty.Value{}
	for address, a := range p.Read {
		if a.Unknown != nil {
			continue
		}
		text, err := json.Marshal(a.Values)
		if err != nil {
			return nil, err
		}
		t, err := ctyjson.ImpliedType(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", address, err)
		}
		if sources[address], err = ctyjson.Unmarshal(text, t); err != nil {
			return nil, fmt.Errorf("%s: %w", address, err)
		}
	}
	return sources, nil
}
