package funcs

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// providerRows has the functions of the provider that is built into Terraform,
// https://developer.hashicorp.com/terraform/language/functions/terraform-encode_tfvars,
// and those of other providers that depend on their arguments only. Their namespace
// is the name that a module gives the provider, here the usual name.
func providerRows() []row {
	return append(terraformRows(),
		// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_build
		row{name: "provider::aws::arn_build", ret: cty.String, fn: textFunc(cty.String, func(s ...string) (cty.Value, error) {
			return cty.StringVal("arn:" + strings.Join(s, ":")), nil
		}, "partition", "service", "region", "account_id", "resource")},
		// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_parse
		row{name: "provider::aws::arn_parse", ret: arnType, fn: textFunc(arnType, func(s ...string) (cty.Value, error) {
			parts, err := arnParts(s[0])
			if err != nil {
				return cty.NilVal, err
			}
			vals := make(map[string]cty.Value, len(parts))
			for i, name := range arnNames {
				vals[name] = cty.StringVal(parts[i])
			}
			return cty.ObjectVal(vals), nil
		}, "arn")},
		// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/trim_iam_role_path
		row{name: "provider::aws::trim_iam_role_path", ret: cty.String, fn: textFunc(cty.String, trimRolePath, "arn")},
		// https://registry.terraform.io/providers/hashicorp/time/latest/docs/functions/rfc3339_parse
		row{name: "provider::time::rfc3339_parse", ret: momentType, fn: textFunc(momentType, parseMoment, "timestamp")},
	)
}

// --- hashicorp/aws

var arnNames = []string{"partition", "service", "region", "account_id", "resource"}

var arnType = cty.Object(map[string]cty.Type{
	"partition": cty.String, "service": cty.String, "region": cty.String, "account_id": cty.String, "resource": cty.String,
})

// arnParts returns the five parts after "arn:", the last with all its colons.
func arnParts(s string) ([]string, error) {
	parts := strings.SplitN(s, ":", 6)
	if parts[0] != "arn" || len(parts) < 6 {
		return nil, function.NewArgErrorf(0, "not an ARN: arn:partition:service:region:account:resource")
	}
	return parts[1:], nil
}

func trimRolePath(s ...string) (cty.Value, error) {
	parts, err := arnParts(s[0])
	if err != nil {
		return cty.NilVal, err
	}
	path, ok := strings.CutPrefix(parts[4], "role/")
	if parts[1] != "iam" || parts[2] != "" || !ok {
		return cty.NilVal, function.NewArgErrorf(0, "not the ARN of an IAM role")
	}
	parts[4] = "role/" + path[strings.LastIndexByte(path, '/')+1:]
	return cty.StringVal("arn:" + strings.Join(parts, ":")), nil
}

// --- hashicorp/time

var momentType = cty.Object(map[string]cty.Type{
	"year": cty.Number, "year_day": cty.Number, "day": cty.Number, "month": cty.Number, "month_name": cty.String,
	"weekday": cty.Number, "weekday_name": cty.String, "hour": cty.Number, "minute": cty.Number, "second": cty.Number,
	"unix": cty.Number, "iso_year": cty.Number, "iso_week": cty.Number,
})

func parseMoment(s ...string) (cty.Value, error) {
	at, err := time.Parse(time.RFC3339, s[0])
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "not a valid RFC3339 timestamp")
	}
	number := func(n int) cty.Value { return cty.NumberIntVal(int64(n)) }
	year, week := at.ISOWeek()
	return cty.ObjectVal(map[string]cty.Value{
		"year": number(at.Year()), "year_day": number(at.YearDay()), "day": number(at.Day()),
		"month": number(int(at.Month())), "month_name": cty.StringVal(at.Month().String()),
		"weekday": number(int(at.Weekday())), "weekday_name": cty.StringVal(at.Weekday().String()),
		"hour": number(at.Hour()), "minute": number(at.Minute()), "second": number(at.Second()),
		"unix": cty.NumberIntVal(at.Unix()), "iso_year": number(year), "iso_week": number(week),
	}), nil
}

// --- terraform.io/builtin/terraform

func terraformRows() []row {
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
		{name: "provider::terraform::encode_expr", ret: cty.String, fn: encode(encodeExpr), deep: true},
		{name: "provider::terraform::encode_tfvars", ret: cty.String, fn: encode(encodeTfvars), deep: true},
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
