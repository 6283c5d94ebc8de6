package funcs

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// providerRows has the functions of the provider that is built into Terraform.
// https://developer.hashicorp.com/terraform/language/functions/terraform-encode_tfvars
func providerRows() []row {
	encode := func(do func(cty.Value) (cty.Value, error)) function.Function {
		value := anyParam("value")
		value.AllowNull, value.AllowMarked = false, false
		return function.New(&function.Spec{
			Params:       []function.Parameter{value},
			Type:         function.StaticReturnType(cty.String),
			RefineResult: refineNonNull,
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				if !args[0].IsWhollyKnown() {
					return cty.UnknownVal(cty.String), nil
				}
				return do(args[0])
			},
		})
	}
	return []row{
		{name: "provider::terraform::decode_tfvars", fn: function.New(&function.Spec{
			Params: []function.Parameter{{Name: "src", Type: cty.String}},
			Type:   dynamic,
			Impl:   decodeTfvars,
		}), guard: documentGuard},
		{name: "provider::terraform::encode_expr", ret: cty.String, fn: encode(encodeExpr), guard: deepGuard},
		{name: "provider::terraform::encode_tfvars", ret: cty.String, fn: encode(encodeTfvars), guard: deepGuard},
	}
}

func encodeExpr(v cty.Value) (cty.Value, error) {
	return cty.StringVal(string(hclwrite.TokensForValue(v).Bytes())), nil
}

func encodeTfvars(v cty.Value) (cty.Value, error) {
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return cty.NilVal, function.NewArgErrorf(0, "invalid value to encode: must be an object whose attribute names will become the encoded variable names")
	}
	f := hclwrite.NewEmptyFile()
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		name := k.AsString()
		if !hclsyntax.ValidIdentifier(name) {
			return cty.NilVal, function.NewArgErrorf(0, "invalid variable name %q: must be a valid identifier, per Terraform's rules for input variable declarations", name)
		}
		f.Body().SetAttributeValue(name, e)
	}
	return cty.StringVal(string(f.Bytes())), nil
}

func decodeTfvars(args []cty.Value, _ cty.Type) (cty.Value, error) {
	src := args[0].AsString()
	if why := templateCost("${" + src + "}"); why != "" {
		return cty.NilVal, noAnswer{cause: gaveUp("decode_tfvars", why)}
	}
	f, diags := hclsyntax.ParseConfig([]byte(src), "decode_tfvars", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, function.NewArgErrorf(0, "invalid tfvars content: %w", diagnostic(diags))
	}
	attrs, diags := f.Body.JustAttributes()
	if diags.HasErrors() {
		return cty.NilVal, function.NewArgErrorf(0, "invalid tfvars content: %w", diagnostic(diags))
	}
	vals := make(map[string]cty.Value, len(attrs))
	for name, attr := range attrs {
		v, diags := attr.Expr.Value(nil)
		if diags.HasErrors() {
			return cty.NilVal, function.NewArgErrorf(0, "invalid expression for variable %q: %w", name, diagnostic(diags))
		}
		vals[name] = v
	}
	v := cty.ObjectVal(vals)
	return v, refuseDeepNumbers(v)
}
