package analyzer

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// A Link ties a resource to a companion.
type Link struct {
	Resource *Resource // the companion
	Possible bool      // it may belong to another resource: a condition or several candidates decide
	By       *Resource // whose attribute makes the link
	Via      cty.Path  // that attribute

	crowd bool   // it represents many possible companions: any one of them may meet the condition
	name  string // the known name by which it was found; empty for a reference
}

// Companions are the resources of a type whose attribute by names this one: by
// a reference, or by its known name, id or ARN. By may pass through repeated
// blocks and end in a list.
func (v *View) Companions(typ, by string) []Link {
	idx := v.world.linksOf(v.res.Root, typ, by)
	links := idx.byAddress[v.res.Address]
	names, hidden := v.res.identities()
	for _, name := range names {
		links = append(links[:len(links):len(links)], v.called(name, idx.byValue[name])...)
	}
	if hidden {
		links = append(links[:len(links):len(links)], v.res.likely(firstFew(idx.named))...)
	}
	return distinct(append(links[:len(links):len(links)], firstFew(idx.unknown)...))
}

// mostUnknown is the number of unidentified companions considered for each
// subject. Every subject has all of them, so an unbounded number would make the
// cost quadratic.
const mostUnknown = 16

func firstFew(links []Link) []Link {
	if len(links) <= mostUnknown {
		return links
	}
	links = append([]Link(nil), links[:mostUnknown]...)
	links[0].crowd = true
	return links
}

// mostPairs bounds the pairs of resources that share a name and the companions
// that use it.
const mostPairs = 1 << 18

// called lists the companions by a known name. Where so many resources share
// the name that there are too many pairs, each companion may belong to another
// resource.
func (v *View) called(name string, links []Link) []Link {
	if len(links) <= mostUnknown || len(links)*len(v.res.Root.namesOf(v.res.TypeKey())[name]) <= mostPairs {
		return links
	}
	return perhaps(links)
}

// perhaps returns the first few of many links, which represent all of them.
func perhaps(links []Link) []Link {
	links = firstFew(links)
	for i := range links {
		links[i].Possible = true
	}
	return links
}

// likely drops links by names that do not contain the known part of the
// resource's own name, such as the beginning of "app-${var.stage}": ids and
// ARNs contain it.
func (r *Resource) likely(links []Link) []Link {
	if len(r.stems) == 0 {
		return links
	}
	var kept []Link
	for _, l := range links {
		if l.crowd || slices.ContainsFunc(r.stems, func(stem string) bool { return strings.Contains(l.name, stem) }) {
			kept = append(kept, l)
		}
	}
	return kept
}

// distinct keeps the surest link to each companion, in order of address.
func distinct(links []Link) []Link {
	if len(links) < 2 {
		return links
	}
	var kept []Link
	at := map[*Resource]int{}
	for _, l := range links {
		i, seen := at[l.Resource]
		switch {
		case !seen:
			at[l.Resource] = len(kept)
			kept = append(kept, l)
		case kept[i].Possible && !l.Possible:
			l.crowd = kept[i].crowd
			kept[i] = l
		}
	}
	return kept
}

// Targets are the resources of a type that the attribute at the path names.
func (v *View) Targets(path, typ string) []Link {
	at := Extend(v.at, ParsePath(path))
	var links []Link
	for _, ref := range v.res.Refs {
		if !coversNames(at, ref.At) {
			continue
		}
		for _, to := range v.res.Root.Resolve(ref) {
			if r := to.Resource; TypeKey(r.Mode, r.Type) == typ && r.Exists() {
				links = append(links, Link{Resource: r, Possible: !to.sole, By: v.res, Via: ref.At})
			}
		}
	}
	leaves, _ := v.Strings(path)
	for _, l := range leaves {
		links = append(links, v.named(typ, l)...)
	}
	return distinct(links)
}

// named finds resources of a type by a known name.
func (v *View) named(typ string, l Leaf) []Link {
	name, ok := AsString(l.Value)
	if !ok {
		return nil
	}
	var links []Link
	known := v.res.Root.namesOf(typ)[name]
	for _, r := range known {
		links = append(links, Link{Resource: r, By: v.res, Via: l.At})
		if len(links) > mostUnknown && len(known)*len(v.res.Root.ofType(v.res.TypeKey())) > mostPairs {
			return perhaps(links)
		}
	}
	return links
}

// namesOf maps the known names of the resources of a type to them.
func (r *Root) namesOf(typ string) map[string][]*Resource {
	if names, ok := r.names.Load(typ); ok {
		return names.(map[string][]*Resource)
	}
	names := map[string][]*Resource{}
	for _, res := range r.ofType(typ) {
		if !res.Exists() {
			continue
		}
		known, _ := res.identities()
		for _, name := range known {
			names[name] = append(names[name], res)
		}
	}
	stored, _ := r.names.LoadOrStore(typ, names)
	return stored.(map[string][]*Resource)
}

// coversNames is covers with the indexes of blocks left out of the prefix.
func coversNames(prefix, path cty.Path) bool {
	i := 0
	for _, step := range path {
		if i == len(prefix) {
			return true
		}
		if sameStep(prefix[i], step) {
			i++
			continue
		}
		if _, ok := step.(cty.IndexStep); !ok {
			return false
		}
	}
	return i == len(prefix)
}

// linkIndex finds the resources of one type that name a given resource through
// one attribute. It is built once per root, type and attribute, so that the
// cost of companions is linear.
type linkIndex struct {
	byAddress map[string][]Link
	byValue   map[string][]Link
	named     []Link // all of byValue, possible: for a subject whose name is unknown
	unknown   []Link // values that may name anything
}

type linkKey struct {
	root    *Root
	typ, by string
}

func (w *World) linksOf(r *Root, typ, by string) *linkIndex {
	key := linkKey{r, typ, by}
	if idx, ok := w.links.Load(key); ok {
		return idx.(*linkIndex)
	}
	idx, _ := w.links.LoadOrStore(key, w.buildLinks(r, typ, by))
	return idx.(*linkIndex)
}

func (w *World) buildLinks(r *Root, typ, by string) *linkIndex {
	idx := &linkIndex{byAddress: map[string][]Link{}, byValue: map[string][]Link{}}
	at := Extend(nil, ParsePath(by))
	for _, res := range r.ofType(typ) {
		if res.Exists() {
			idx.add(w.View(res), at, by)
		}
	}
	return idx
}

func (idx *linkIndex) add(v *View, at cty.Path, by string) {
	referred := false
	for _, ref := range v.res.Refs {
		if !coversNames(at, ref.At) {
			continue
		}
		referred = true
		for _, to := range v.res.Root.Resolve(ref) {
			link := Link{Resource: v.res, Possible: !to.sole, By: v.res, Via: ref.At}
			idx.byAddress[to.Resource.Address] = append(idx.byAddress[to.Resource.Address], link)
		}
	}
	leaves, open := v.Strings(by)
	for _, l := range leaves {
		if name, ok := AsString(l.Value); ok && name != "" {
			idx.byValue[name] = append(idx.byValue[name], Link{Resource: v.res, By: v.res, Via: l.At})
			idx.named = append(idx.named, Link{Resource: v.res, Possible: true, By: v.res, Via: l.At, name: name})
		}
	}
	if open && !referred || v.res.hidesLink(at) {
		idx.unknown = append(idx.unknown, Link{Resource: v.res, Possible: true, By: v.res, Via: at})
	}
}

// hidesLink reports whether the value may be something other than a reference.
func (r *Resource) hidesLink(at cty.Path) bool {
	for _, h := range r.Hidden {
		if h.Cause.Kind != CauseApply && !h.Decides && coversNames(at, h.At) {
			return true
		}
	}
	return false
}

// A target is the resource and attribute that a reference leads to.
type target struct {
	Resource *Resource
	sole     bool
}

// Resolve follows a reference through attributes that only pass it on: a
// reference to the bucket attribute of a versioning resource leads to the
// bucket itself.
func (r *Root) Resolve(ref Ref) []target { return r.follow(ref, ref.Sole, nil, 8) }

func (r *Root) follow(ref Ref, sole bool, found []target, depth int) []target {
	to := r.lookup(ref.To)
	if to == nil {
		return append(found, r.instances(ref.To)...)
	}
	found = append(found, target{to, sole})
	if depth == 0 || ref.Attr == "" {
		return found
	}
	for _, next := range to.refs(cty.GetAttrPath(ref.Attr)) {
		found = r.follow(next, sole && next.Sole, found, depth-1)
	}
	return found
}

// instances are the candidates of a reference to one of several instances.
func (r *Root) instances(address string) []target {
	definition, ok := strings.CutSuffix(address, "[*]")
	if !ok {
		return nil
	}
	var found []target
	for _, res := range r.byDefinition[definition] {
		found = append(found, target{res, false})
	}
	return found
}

// identities lists the known names of a resource. Hidden reports that its name
// is written but unknown.
func (r *Resource) identities() (names []string, hidden bool) {
	r.named.Do(func() { r.names, r.nameless = r.findIdentities() })
	return r.names, r.nameless
}

func (r *Resource) findIdentities() (names []string, hidden bool) {
	for _, attr := range IdentityAttributes(r.Type) {
		val := r.Field(attr)
		if !val.IsKnown() {
			if len(r.hiddenAt(attr)) > 0 {
				hidden = true
				r.stems = append(r.stems, stemOf(val))
			}
			continue
		}
		if s, ok := identity(val); ok {
			names = append(names, s)
			names = append(names, otherNames(r.Type, attr, s)...)
		}
	}
	return names, hidden
}

// stemOf is the known prefix of an unknown name.
func stemOf(val cty.Value) string {
	if val.Type() != cty.String {
		return ""
	}
	return val.Range().StringPrefix()
}

// otherNames derives further names from a known one: the ARN of a bucket has no
// account, and Application Auto Scaling names a table by its kind and name.
//
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
func otherNames(typ, attr, name string) []string {
	switch {
	case typ == "aws_s3_bucket" && attr == "bucket":
		return []string{"arn:aws:s3:::" + name}
	case typ == "aws_dynamodb_table" && attr == "name":
		return []string{"table/" + name}
	}
	return nil
}

func identity(val cty.Value) (string, bool) {
	if val.IsNull() {
		return "", false
	}
	s, ok := AsString(val)
	return s, ok && s != ""
}

// IdentityAttributes lists the attributes by which other resources name a
// resource: the import ids of the provider's documentation.
func IdentityAttributes(typ string) []string {
	switch typ {
	case "aws_s3_bucket":
		return []string{"bucket", "id", "arn"}
	case "aws_lambda_function":
		return []string{"function_name", "arn", "id"}
	case "aws_db_instance":
		return []string{"identifier", "arn", "id"}
	case "aws_rds_cluster":
		return []string{"cluster_identifier", "arn", "id"}
	case "aws_kms_key":
		return []string{"key_id", "arn", "id"}
	case "aws_codecommit_repository":
		return []string{"repository_name", "arn", "id"}
	case "aws_sqs_queue":
		return []string{"url", "arn", "id", "name"}
	}
	return []string{"id", "arn", "name"}
}

// Principal is the principal resource to which another resource of its service
// contributes gaps and evidence: the resource itself, one that it refers to, or
// one whose name it contains; nil: the service.
func (v *View) Principal(s *Service) *Resource {
	r := v.res
	if Among(s.Principals, r) {
		return r
	}
	for _, ref := range r.Refs {
		for _, to := range r.Root.Resolve(ref) {
			if Among(s.Principals, to.Resource) && to.Resource.Exists() {
				return to.Resource
			}
		}
	}
	for _, typ := range s.Principals {
		if p := v.mentions(typ); p != nil {
			return p
		}
	}
	return nil
}

// mentions finds a resource of the type whose known name is the value of a
// top-level attribute.
func (v *View) mentions(typ string) *Resource {
	names := v.res.Root.namesOf(typ)
	if len(names) == 0 || !v.base.Type().IsObjectType() {
		return nil
	}
	for it := v.base.ElementIterator(); it.Next(); {
		_, val := it.Element()
		if !val.IsKnown() {
			continue
		}
		if name, ok := identity(val); ok && len(names[name]) == 1 {
			return names[name][0]
		}
	}
	return nil
}
