package funcs

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func textRows() []row {
	str, strs := cty.String, cty.List(cty.String)
	return []row{
		{name: "chomp", ret: str, fn: stdlib.ChompFunc, passes: true},
		{name: "endswith", ret: cty.Bool, fn: textTest(strings.HasSuffix, "str", "suffix")},
		{name: "format", ret: str, fn: untypedNullUnknown(stdlib.FormatFunc, str), guard: formatGuard},
		{name: "formatlist", ret: strs, fn: untypedNullUnknown(stdlib.FormatListFunc, strs), guard: formatListGuard},
		{name: "indent", ret: str, fn: stdlib.IndentFunc, guard: indentGuard},
		{name: "join", ret: str, fn: stdlib.JoinFunc, guard: joinGuard},
		{name: "lower", ret: str, fn: stdlib.LowerFunc, passes: true},
		{name: "regex", fn: stdlib.RegexFunc, price: regexPrice},
		{name: "regexall", fn: stdlib.RegexAllFunc, price: regexAllPrice},
		{name: "replace", ret: str, with: replaceFunc, price: replacePrice},
		{name: "split", ret: strs, fn: stdlib.SplitFunc, guard: splitGuard},
		{name: "startswith", ret: cty.Bool, fn: startswithFunc(), compares: true},
		{name: "strcontains", ret: cty.Bool, fn: textTest(strings.Contains, "str", "substr")},
		{name: "strrev", ret: str, fn: stdlib.ReverseFunc},
		{name: "substr", ret: str, fn: stdlib.SubstrFunc},
		{name: "title", ret: str, fn: stdlib.TitleFunc},
		{name: "trim", ret: str, fn: stdlib.TrimFunc},
		{name: "trimprefix", ret: str, fn: stdlib.TrimPrefixFunc},
		{name: "trimspace", ret: str, fn: stdlib.TrimSpaceFunc, passes: true},
		{name: "trimsuffix", ret: str, fn: stdlib.TrimSuffixFunc},
		{name: "upper", ret: str, fn: stdlib.UpperFunc},
		{name: "urlencode", ret: str, fn: textFunc(cty.String, func(s ...string) (cty.Value, error) {
			return cty.StringVal(url.QueryEscape(s[0])), nil
		}, "str")},
	}
}

// textFunc makes a function of strings.
func textFunc(ret cty.Type, do func(...string) (cty.Value, error), names ...string) function.Function {
	params := make([]function.Parameter, len(names))
	for i, name := range names {
		params[i] = function.Parameter{Name: name, Type: cty.String}
	}
	return function.New(&function.Spec{
		Params:       params,
		Type:         function.StaticReturnType(ret),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			texts := make([]string, len(args))
			for i, a := range args {
				texts[i] = a.AsString()
			}
			return do(texts...)
		},
	})
}

// textTest makes a predicate of two strings.
func textTest(test func(s, part string) bool, names ...string) function.Function {
	return textFunc(cty.Bool, func(s ...string) (cty.Value, error) {
		return cty.BoolVal(test(s[0], s[1])), nil
	}, names...)
}

// untypedNullUnknown gives format and formatlist Terraform's result for a bare null,
// which Terraform treats as a value of unknown type.
func untypedNullUnknown(f function.Function, ret cty.Type) function.Function {
	return function.New(&function.Spec{
		Params:       f.Params(),
		VarParam:     f.VarParam(),
		Type:         function.StaticReturnType(ret),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, a := range args {
				if a.Type() == cty.DynamicPseudoType && a.IsNull() {
					return cty.UnknownVal(ret), nil
				}
			}
			return f.Call(args)
		},
	})
}

// slashed returns the regular expression of replace's /…/ form.
func slashed(s string) (pattern string, ok bool) {
	if len(s) < 2 || s[0] != '/' || s[len(s)-1] != '/' {
		return "", false
	}
	return s[1 : len(s)-1], true
}

// replaceFunc also replaces in the strings of a document whose text is unknown but
// whose structure the evaluator has: modules insert the bucket's name into policies
// this way.
func replaceFunc(e *env) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "str", Type: cty.String, AllowUnknown: true},
			{Name: "substr", Type: cty.String},
			{Name: "replace", Type: cty.String, AllowUnknown: true},
		},
		Type:         function.StaticReturnType(cty.String),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].IsKnown() && args[2].IsKnown() {
				return replaceText(args[0].AsString(), args[1].AsString(), args[2].AsString())
			}
			return e.replaceInDocument(args[0], args[1].AsString(), args[2]), nil
		},
	})
}

func replaceText(str, old, repl string) (cty.Value, error) {
	pattern, ok := slashed(old)
	if !ok {
		return cty.StringVal(strings.ReplaceAll(str, old, repl)), nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return cty.NilVal, function.NewArgError(1, err)
	}
	return replaceAll(re, str, repl)
}

func (e *env) replaceInDocument(str cty.Value, old string, repl cty.Value) cty.Value {
	if _, isPattern := slashed(old); isPattern || old == "" || str.IsKnown() || e.Decode == nil || e.JSON == nil {
		return cty.UnknownVal(cty.String)
	}
	doc, ok := e.Decode(str)
	if !ok {
		return cty.UnknownVal(cty.String)
	}
	replaced, err := cty.Transform(doc, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		plain, marks := v.Unmark()
		if plain.Type() != cty.String || !plain.IsKnown() || plain.IsNull() {
			return v, nil
		}
		return replaceLeaf(plain.AsString(), old, repl).WithMarks(marks), nil
	})
	if err != nil {
		return cty.UnknownVal(cty.String)
	}
	return e.JSON(replaced)
}

// replaceLeaf replaces in one string. It keeps the known beginning of an unknown
// result.
func replaceLeaf(s, old string, repl cty.Value) cty.Value {
	before, _, found := strings.Cut(s, old)
	switch {
	case !found:
		return cty.StringVal(s)
	case repl.IsKnown():
		return cty.StringVal(strings.ReplaceAll(s, old, repl.AsString()))
	case s == old:
		return repl
	case before == "":
		return cty.UnknownVal(cty.String).RefineNotNull()
	}
	return cty.UnknownVal(cty.String).Refine().NotNull().StringPrefix(before).NewValue()
}

// replaceAll is ReplaceAllString with a limit: a replacement can repeat the match.
func replaceAll(re *regexp.Regexp, str, repl string) (cty.Value, error) {
	var out []byte
	last := 0
	for _, m := range re.FindAllStringSubmatchIndex(str, -1) {
		out = append(out, str[last:m[0]]...)
		if len(out)+times(len(str), strings.Count(repl, "$"))+len(repl) > 4*maxText {
			return cty.NilVal, noAnswer{cause: gaveUp("replace", tooLong)}
		}
		out = re.ExpandString(out, repl, str, m)
		if len(out) > maxText {
			return cty.NilVal, noAnswer{cause: gaveUp("replace", tooLong)}
		}
		last = m[1]
	}
	return cty.StringVal(string(append(out, str[last:]...))), nil
}

// startswithFunc also has a result if only the beginning of a string is known.
func startswithFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "str", Type: cty.String, AllowUnknown: true},
			{Name: "prefix", Type: cty.String},
		},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			prefix := args[1].AsString()
			if args[0].IsKnown() {
				return cty.BoolVal(strings.HasPrefix(args[0].AsString(), prefix)), nil
			}
			known := args[0].Range().StringPrefix()
			switch {
			case strings.HasPrefix(known, prefix):
				return cty.True, nil
			case !strings.HasPrefix(prefix, known):
				return cty.False, nil
			}
			return cty.UnknownVal(cty.Bool), nil
		},
	})
}
