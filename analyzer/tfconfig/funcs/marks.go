package funcs

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A valueMark is a mark that Terraform itself knows. All other marks are the
// evaluator's, and functions only pass them on.
type valueMark string

const (
	// Sensitive marks a value that must not be shown.
	Sensitive = valueMark("sensitive")
	// Ephemeral marks a value that Terraform does not keep.
	Ephemeral = valueMark("ephemeral")
	// Private marks a value that must not be shown although Terraform would show it:
	// a value from the environment or the command line, or a value with the name of
	// a secret. Where Terraform refuses sensitive values, it counts as any other
	// value.
	Private = valueMark("private")
)

// secrets are the marks of values that must not be shown.
var secrets = [...]valueMark{Sensitive, Ephemeral, Private}

// Secret returns the marks that forbid showing a value; nil: none.
func Secret(marks cty.ValueMarks) cty.ValueMarks {
	var kept cty.ValueMarks
	for _, secret := range secrets {
		if _, ok := marks[secret]; ok {
			if kept == nil {
				kept = cty.ValueMarks{}
			}
			kept[secret] = struct{}{}
		}
	}
	return kept
}

// Refused reports whether Terraform refuses to show a value with these marks.
func Refused(marks cty.ValueMarks) bool {
	_, sensitive := marks[Sensitive]
	_, ephemeral := marks[Ephemeral]
	return sensitive || ephemeral
}

// deepMarks collects the marks of values and of all they contain.
func deepMarks(vals []cty.Value) cty.ValueMarks {
	var all cty.ValueMarks
	for _, v := range vals {
		if v == cty.NilVal {
			continue
		}
		for _, e := range cty.DeepValues(v) {
			if !e.IsMarked() {
				continue
			}
			if all == nil {
				all = make(cty.ValueMarks)
			}
			for m := range e.Marks() {
				all[m] = struct{}{}
			}
		}
	}
	return all
}

func withMarksOf(v cty.Value, args []cty.Value) cty.Value {
	if marks := deepMarks(args); len(marks) > 0 {
		return v.WithMarks(marks)
	}
	return v
}

// anyParam takes every value as it is.
func anyParam(name string) function.Parameter {
	return function.Parameter{
		Name: name, Type: cty.DynamicPseudoType,
		AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
	}
}

// sameType returns the type of a function that returns its first argument, changed.
func sameType(args []cty.Value) (cty.Type, error) {
	return args[0].Type(), nil
}

func sensitiveFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anyParam("value")},
		Type:   sameType,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return args[0].Mark(Sensitive), nil
		},
	})
}

// nonsensitiveFunc drops only the outermost mark, as Terraform does, and keeps the
// marks of the value's origin.
func nonsensitiveFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anyParam("value")},
		Type:   sameType,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return without(args[0], Sensitive), nil
		},
	})
}

func without(v cty.Value, mark any) cty.Value {
	if !v.HasMark(mark) {
		return v
	}
	v, marks := v.Unmark()
	delete(marks, mark)
	return v.WithMarks(marks)
}

// issensitiveFunc is unknown for an unknown value, which may turn out to be
// sensitive.
func issensitiveFunc() function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{anyParam("value")},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: refineNonNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			switch v := args[0]; {
			case v.HasMark(Sensitive):
				return cty.True, nil
			case !v.IsKnown():
				marks := v.Marks()
				return cty.UnknownVal(cty.Bool).WithMarks(marks), nil
			}
			return cty.False, nil
		},
	})
}

func ephemeralasnullFunc() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{anyParam("value")},
		Type:   sameType,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.Transform(args[0], func(_ cty.Path, v cty.Value) (cty.Value, error) {
				if !v.HasMark(Ephemeral) {
					return v, nil
				}
				_, marks := v.Unmark()
				delete(marks, Ephemeral)
				return cty.NullVal(v.Type()).WithMarks(marks), nil
			})
		},
	})
}
