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

// Secrets stay secret: a mark follows a value into everything derived from it, into
// the keys of instances and into the content of blocks. The functions here cover the
// places where the library, or the use of a value, would lose the mark.

// concealedKey stands for a key that must not be shown: the number distinguishes it
// from the other keys.
func concealedKey(i int) string {
	if i == 0 {
		return analyzer.Concealed
	}
	return strings.TrimSuffix(analyzer.Concealed, ")") + " " + strconv.Itoa(i+1) + ")"
}

// refusedEach returns the expansion by sensitive keys, which would appear in
// addresses. A map in which only values are sensitive has no such keys.
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

// secretContent returns the marks of a dynamic block's for_each that its iterator
// carries, and the marks that each generated block carries as a whole, as in
// Terraform: https://github.com/hashicorp/hcl/pull/679
func secretContent(marks cty.ValueMarks) (iterator, whole cty.ValueMarks) {
	iterator = funcs.Secret(marks)
	if funcs.Refused(iterator) {
		whole = iterator
	}
	return iterator, whole
}

// quotedSource returns the source of a call to follow a sentence; empty if it must
// not be shown.
func (sc *scope) quotedSource(call *block) string {
	if a := call.body.attr("source"); constant(a.expr) == "" && isSecret(sc.eval(a.expr, nil)) {
		return ""
	}
	return " " + sc.source(call)
}

// bySchema marks the value of an attribute that its provider declares sensitive.
func bySchema(a *schema.Attribute, v cty.Value) cty.Value {
	if a.Sensitive {
		return v.Mark(funcs.Sensitive)
	}
	return v
}

// mostSecretParts bounds the parts of a value that are marked individually.
const mostSecretParts = 32

// from replaces the marks of an attribute with this origin. The marks of a secret
// keep their positions; a value with too many secret parts is secret as a whole.
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

// privateName reports whether the name in a reference suggests a secret:
// var.db_password, local.settings.api_key, each.value.token.
func privateName(ref hcl.Traversal) bool {
	if len(ref) < 2 {
		return false
	}
	last, ok := ref[len(ref)-1].(hcl.TraverseAttr)
	return ok && secret.Name(last.Name)
}

// private marks a known text.
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

// secretIn returns the marks of a secret in the known parts of a value: an unknown
// part cannot be shown.
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
