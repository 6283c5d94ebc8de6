package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// ignored returns the paths of ignore_changes: the attributes that Terraform does
// not update once the resource exists. The empty path stands for "all".
// https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
func (r *resource) ignored() []cty.Path {
	var paths []cty.Path
	for _, b := range r.body.blocksOf("lifecycle") {
		a := b.body.attr("ignore_changes")
		if a == nil {
			continue
		}
		if word := hcl.ExprAsKeyword(a.expr); word == "all" || constant(a.expr) == "all" {
			return []cty.Path{{}}
		}
		exprs, diags := hcl.ExprList(a.expr)
		if diags.HasErrors() {
			continue
		}
		for _, expr := range exprs {
			if at := relativePath(expr); len(at) > 0 {
				paths = append(paths, at)
			}
		}
	}
	return paths
}

// relativePath reads a path within a resource, also a quoted one as in old code.
func relativePath(expr hcl.Expression) cty.Path {
	if name := constant(expr); name != "" {
		return cty.GetAttrPath(name)
	}
	traversal, diags := hcl.RelTraversalForExpr(expr)
	if diags.HasErrors() {
		return nil
	}
	var at cty.Path
	for _, s := range traversal {
		switch s := s.(type) {
		case hcl.TraverseAttr:
			at = at.GetAttr(s.Name)
		case hcl.TraverseIndex:
			if key, ok := knownString(s.Key); ok { // a key of a map: flat values have objects
				at = at.GetAttr(key)
			} else {
				at = at.Index(s.Key)
			}
		}
	}
	return at
}
