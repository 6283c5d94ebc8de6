package main

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// provider answers Terraform's calls. Terraform never calls the methods left to the
// embedded interface, which is nil: the schema has nothing that needs them.
type provider struct {
	tfprotov6.ProviderServer
	name    string
	schemas *providerSchemas
	config  map[string]cty.Value // the provider block's values, once configured
}

func decode(v *tfprotov6.DynamicValue, t cty.Type) (cty.Value, error) {
	if len(v.MsgPack) > 0 {
		return msgpack.Unmarshal(v.MsgPack, t)
	}
	return ctyjson.Unmarshal(v.JSON, t)
}

func encode(v cty.Value, t cty.Type) (*tfprotov6.DynamicValue, error) {
	data, err := msgpack.Marshal(v, t)
	return &tfprotov6.DynamicValue{MsgPack: data}, err
}

// capabilities let Terraform request the schema once, not once for each provider
// configuration, each of which is a separate process.
var capabilities = &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true}

func (p *provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities}
	for name := range p.schemas.Resources {
		resp.Resources = append(resp.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range p.schemas.DataSources {
		resp.DataSources = append(resp.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	for name := range p.schemas.Ephemeral {
		resp.EphemeralResources = append(resp.EphemeralResources, tfprotov6.EphemeralResourceMetadata{TypeName: name})
	}
	return resp, nil
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities:       capabilities,
		Provider:                 p.schemas.Provider.wire(),
		ResourceSchemas:          wireAll(p.schemas.Resources),
		DataSourceSchemas:        wireAll(p.schemas.DataSources),
		EphemeralResourceSchemas: wireAll(p.schemas.Ephemeral),
	}
	if p.name == "aws" {
		resp.ProviderMeta = awsMeta.wire()
	}
	return resp, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// Terraform itself checks a configuration against the schema; the stub has no
// further checks.

func (p *provider) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (p *provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (p *provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p *provider) ConfigureProvider(_ context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	v, err := decode(req.Config, p.schemas.Provider.Block.ctyType())
	if err != nil {
		return nil, err
	}
	p.config = v.AsValueMap()
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (p *provider) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	b, t := p.schemas.Resources[req.TypeName].block()
	v, err := decode(req.ProposedNewState, t)
	if err != nil {
		return nil, err
	}
	if !v.IsNull() { // a null is a resource to destroy
		prior, err := decode(req.PriorState, t)
		if err != nil {
			return nil, err
		}
		v = planned(b, v, !prior.IsNull())
		if p.name == "aws" {
			v = p.planAWS(b, v)
		}
	}
	state, err := encode(v, t)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: state, UnsafeToUseLegacyTypeSystem: true}, err
}

func (p *provider) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	b, t := p.schemas.Resources[req.TypeName].block()
	v, err := decode(req.PlannedState, t)
	if err != nil {
		return nil, err
	}
	state, err := encode(known(req.TypeName, b, v), t)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state, UnsafeToUseLegacyTypeSystem: true}, err
}

func (p *provider) ReadDataSource(_ context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	b, t := p.schemas.DataSources[req.TypeName].block()
	v, err := decode(req.Config, t)
	if err != nil {
		return nil, err
	}
	result := read(req.TypeName, b, v)
	if p.name == "external" {
		result = external(result)
	}
	if p.name == "aws" {
		if result, err = p.readAWS(req.TypeName, v, result); err != nil {
			return &tfprotov6.ReadDataSourceResponse{State: req.Config, Diagnostics: []*tfprotov6.Diagnostic{{
				Severity: tfprotov6.DiagnosticSeverityError, Summary: err.Error(),
			}}}, nil
		}
	}
	state, err := encode(result, t)
	return &tfprotov6.ReadDataSourceResponse{State: state}, err
}

func (p *provider) ValidateEphemeralResourceConfig(context.Context, *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{}, nil
}

// OpenEphemeralResource answers like a data source; no plan holds the answer.
func (p *provider) OpenEphemeralResource(_ context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	b, t := p.schemas.Ephemeral[req.TypeName].block()
	v, err := decode(req.Config, t)
	if err != nil {
		return nil, err
	}
	result, err := encode(read(req.TypeName, b, v), t)
	return &tfprotov6.OpenEphemeralResourceResponse{Result: result}, err
}

func (p *provider) CloseEphemeralResource(context.Context, *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}

// ReadResource returns the state.
func (p *provider) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState}, nil
}

func (p *provider) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	_, t := p.schemas.Resources[req.TypeName].block()
	v, err := ctyjson.Unmarshal(req.RawState.JSON, t)
	if err != nil {
		return nil, err
	}
	state, err := encode(v, t)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: state}, err
}

// ImportResourceState knows only the ID of a resource.
func (p *provider) ImportResourceState(_ context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	b, t := p.schemas.Resources[req.TypeName].block()
	fields := empty(b)
	if _, ok := fields["id"]; !ok {
		return nil, errors.New("the stub imports only resources that have an id")
	}
	fields["id"] = cty.StringVal(req.ID)
	state, err := encode(cty.ObjectVal(fields), t)
	return &tfprotov6.ImportResourceStateResponse{ImportedResources: []*tfprotov6.ImportedResource{{TypeName: req.TypeName, State: state}}}, err
}
