package console

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Print writes a value in the notation of the console. The function veiled returns
// the replacement for a value that Terraform does not show, or "".
func Print(v cty.Value, veiled func(cty.Value) string) string {
	p := printer{veiled: veiled}
	p.value(v, 0)
	return p.String()
}

type printer struct {
	strings.Builder
	veiled func(cty.Value) string
}

func (p *printer) value(v cty.Value, depth int) {
	if instead := p.veiled(v); instead != "" {
		p.WriteString(instead)
		return
	}
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case !v.IsKnown():
		p.WriteString("(known after apply)")
	case v.IsNull():
		p.null(ty)
	case ty == cty.String:
		p.text(v.AsString(), depth)
	case ty == cty.Number:
		p.WriteString(number(v.AsBigFloat()))
	case ty == cty.Bool:
		fmt.Fprint(p, v.True())
	case ty.IsObjectType(), ty.IsTupleType():
		p.elements(v, depth)
	case ty.IsMapType():
		p.wrapped("tomap", v, depth)
	case ty.IsListType():
		p.wrapped("tolist", v, depth)
	case ty.IsSetType():
		p.wrapped("toset", v, depth)
	}
}

func (p *printer) null(ty cty.Type) {
	switch {
	case ty == cty.String:
		p.WriteString("tostring(null)")
	case ty == cty.Number:
		p.WriteString("tonumber(null)")
	case ty == cty.Bool:
		p.WriteString("tobool(null)")
	case ty == cty.DynamicPseudoType:
		p.WriteString("null")
	case ty.IsListType():
		fmt.Fprintf(p, "tolist(null) /* of %s */", ty.ElementType().FriendlyName())
	case ty.IsMapType():
		fmt.Fprintf(p, "tomap(null) /* of %s */", ty.ElementType().FriendlyName())
	case ty.IsSetType():
		fmt.Fprintf(p, "toset(null) /* of %s */", ty.ElementType().FriendlyName())
	default:
		p.WriteString("null /* " + ty.FriendlyName() + " */")
	}
}

func (p *printer) text(s string, depth int) {
	if !strings.Contains(s, "\n") {
		fmt.Fprintf(p, "%q", s) // the console quotes as Go does
		return
	}
	pad := strings.Repeat(" ", depth)
	open := "<<EOT"
	if depth > 0 {
		open = "<<-EOT"
	}
	fmt.Fprintf(p, "%s\n%s%s\n%sEOT", open, pad, strings.ReplaceAll(s, "\n", "\n"+pad), pad)
}

func number(f *big.Float) string {
	return f.Text('f', -1)
}

func (p *printer) wrapped(name string, v cty.Value, depth int) {
	p.WriteString(name + "(")
	p.elements(v, depth)
	p.WriteString(")")
}

func (p *printer) elements(v cty.Value, depth int) {
	keyed := v.Type().IsObjectType() || v.Type().IsMapType()
	left, right := "[", "]"
	if keyed {
		left, right = "{", "}"
	}
	p.WriteString(left)
	pad := strings.Repeat(" ", depth+2)
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		p.WriteString("\n" + pad)
		if keyed {
			fmt.Fprintf(p, "%q = ", k.AsString())
		}
		p.value(e, depth+2)
		if !keyed {
			p.WriteString(",")
		}
	}
	if v.LengthInt() > 0 {
		p.WriteString("\n" + strings.Repeat(" ", depth))
	}
	p.WriteString(right)
}
