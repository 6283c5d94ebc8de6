package tfconfig

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/schema"
	"github.com/demarc/demarc/analyzer/secret"
	"github.com/demarc/demarc/analyzer/tfconfig/funcs"
)

// What is secret stays so on its way: a mark follows the value into what is made
// of it, into the keys of instances and into the content of blocks. These are the
// places where the library, or what is done with a value, would lose it.

// concealedKey stands for a key that must not be shown: the number tells it from
// its neighbours.
func concealedKey(i int) string {
	if i == 0 {
		return analyzer.Concealed
	}
	return strings.TrimSuffix(analyzer.Concealed, ")") + " " + strconv.Itoa(i+1) + ")"
}

// refusedEach is the expansion by sensitive keys, which would stand in addresses.
// A map of which only values are sensitive has none.
// https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#limitations-on-values-used-in-for_each
func (sc *scope) refusedEach(a *attribute, marks cty.ValueMarks) *expansion {
	cause := analyzer.Cause{Kind: analyzer.CauseError, Name: "an invalid for_each: its keys are sensitive", Range: a.rng}
	if at := "for_each\x00" + a.rng.String(); !sc.ev.noted[at] { // once, however often the module is called
		sc.ev.noted[at] = true
		sc.ev.unresolved = append(sc.ev.unresolved, analyzer.Unresolved{
			Kind: "for_each", Name: "for_each", Range: a.rng, Reason: "its keys are sensitive, which Terraform refuses",
		})
	}
	return unknownEach(joinMarks(funcs.Secret(marks), cty.NewValueMarks(cause)), cty.DynamicVal)
}

// secretContent are the marks of a dynamic block's for_each that its iterator
// carries, and those that each of its blocks does as a whole, as Terraform has it:
// https://github.com/hashicorp/hcl/pull/679
func secretContent(marks cty.ValueMarks) (iterator, whole cty.ValueMarks) {
	iterator = funcs.Secret(marks)
	if funcs.Refused(iterator) {
		whole = iterator
	}
	return iterator, whole
}

// quotedSource is the source of a call behind a sentence; empty where it must
// not be shown.
func (sc *scope) quotedSource(call *block) string {
	if a := call.body.attr("source"); constant(a.expr) == "" && isSecret(sc.eval(a.expr, nil)) {
		return ""
	}
	return " " + sc.source(call)
}

// bySchema marks the value of an attribute that its provider calls sensitive.
func bySchema(a *schema.Attribute, v cty.Value) cty.Value {
	if a.Sensitive {
		return v.Mark(funcs.Sensitive)
	}
	return v
}

// mostSecretParts bounds the parts of a value that are marked one by one.
const mostSecretParts = 32

// from replaces the marks of an attribute by this origin. Those of a secret stay
// where they are; of many parts the whole is one.
func (inst *instance) from(attr string, v cty.Value) cty.Value {
	here := origin{to: inst.addr, attr: attr}
	if !v.ContainsMarked() {
		return v.Mark(here)
	}
	plain, paths := v.UnmarkDeepWithPaths()
	var parts []cty.PathValueMarks
	var all cty.ValueMarks
	for _, p := range paths {
		if kept := funcs.Secret(p.Marks); kept != nil {
			parts = append(parts, cty.PathValueMarks{Path: p.Path, Marks: kept})
			all = joinMarks(all, kept)
		}
	}
	if len(parts) > mostSecretParts {
		return plain.Mark(here).WithMarks(all)
	}
	return plain.MarkWithPaths(parts).Mark(here)
}

// privateName reports whether what a reference names is a secret's by its name:
// var.db_password, local.settings.api_key, each.value.token.
func privateName(ref hcl.Traversal) bool {
	if len(ref) < 2 {
		return false
	}
	last, ok := ref[len(ref)-1].(hcl.TraverseAttr)
	return ok && secret.Name(last.Name)
}

// private marks a text that is known.
func private(v cty.Value) cty.Value {
	if v.Type() == cty.String && v.IsKnown() {
		return v.Mark(funcs.Private)
	}
	return v
}

// isSecret reports whether a value must not be shown.
func isSecret(v cty.Value) bool {
	return v.IsMarked() && funcs.Secret(v.Marks()) != nil
}

// secretIn are the marks of a secret in what is known of a value: what is not
// known cannot be shown.
func secretIn(v cty.Value) cty.ValueMarks {
	v, marks := v.Unmark()
	if !v.IsKnown() {
		return nil
	}
	found := funcs.Secret(marks)
	if v.IsNull() || !v.CanIterateElements() {
		return found
	}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if more := secretIn(e); more != nil {
			found = joinMarks(found, more)
		}
	}
	return found
}
