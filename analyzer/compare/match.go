package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// movedRoots pairs roots that only one side has by their directories, if most
// addresses of the smaller root are also in the other root, and no other root
// has as many of them.
func movedRoots(old, new Side) []analyzer.Move {
	was, is := old.definitions(), new.definitions()
	for dir := range was {
		if is[dir] != nil {
			delete(was, dir)
			delete(is, dir)
		}
	}
	there, back := mostSimilar(was, is), mostSimilar(is, was)
	var moves []analyzer.Move
	for from, to := range there {
		if back[to] == from {
			moves = append(moves, analyzer.Move{From: from, To: to})
		}
	}
	slices.SortFunc(moves, func(a, b analyzer.Move) int { return strings.Compare(a.From, b.From) })
	return moves
}

// definitions lists the definitions of the managed resources of each root.
func (s Side) definitions() map[string]map[string]bool {
	roots := map[string]map[string]bool{}
	for _, j := range s.Report.Resources {
		if j.Mode != analyzer.Managed || !j.Exists() {
			continue
		}
		dir := s.Below(j.RootDir())
		if roots[dir] == nil {
			roots[dir] = map[string]bool{}
		}
		roots[dir][j.Definition] = true
	}
	return roots
}

// mostSimilar finds, for each root, the other root that has most in common with it;
// none where several have equally much.
func mostSimilar(roots, others map[string]map[string]bool) map[string]string {
	found := map[string]string{}
	for dir, of := range roots {
		most, tied := 0, false
		for other, in := range others {
			common := 0
			for d := range of {
				if in[d] {
					common++
				}
			}
			if 2*common <= min(len(of), len(in)) || common < most {
				continue
			}
			tied = common == most
			most, found[dir] = common, other
		}
		if tied {
			delete(found, dir)
		}
	}
	return found
}

// match finds the resources that are on both sides: first moved resources, then
// resources with the same address, then the implied moves of Terraform.
func (c *comparer) match() {
	for _, j := range c.new.order {
		if c.old.at[c.new.key(j)] == nil {
			c.claimFirst(j, c.former(j))
		}
	}
	for _, j := range c.new.order {
		c.claimFirst(j, []string{j.Address})
	}
	for _, j := range c.new.order {
		c.claimFirst(j, implied(j.Resource))
	}
}

// claimFirst takes the first address that the old side has and that is not yet
// claimed.
func (c *comparer) claimFirst(j *judge.Classified, addresses []string) {
	if c.partners[j] != nil {
		return
	}
	root := c.new.below(j.RootDir())
	for _, a := range addresses {
		if old := c.old.at[addressKey{root, a}]; old != nil && c.claimed[old] == nil {
			c.partners[j], c.claimed[old] = old, j
			return
		}
	}
}

// former lists the earlier addresses of a resource, the latest first.
func (c *comparer) former(j *judge.Classified) []string {
	if j.Previous != "" {
		return []string{j.Previous}
	}
	moves := c.movesOf(j.Root)
	if len(moves) == 0 {
		return nil
	}
	const most = 32 // a chain, or a circle, of moves
	all := []string{j.Address}
	for i := 0; i < len(all) && len(all) < most; i++ {
		for _, to := range enclosing(all[i]) {
			for _, from := range moves[to] {
				if was := from + all[i][len(to):]; !slices.Contains(all, was) {
					all = append(all, was)
				}
			}
		}
	}
	return all[1:]
}

// movesOf lists the moves of a root, by their destination.
func (c *comparer) movesOf(r *analyzer.Root) map[string][]string {
	if r == nil || len(r.Moves) == 0 {
		return nil
	}
	if c.moves[r] == nil {
		by := map[string][]string{}
		for _, m := range r.Moves {
			by[m.To] = append(by[m.To], m.From)
		}
		c.moves[r] = by
	}
	return c.moves[r]
}

// enclosing lists an address and the addresses that contain it: of all
// instances, and of its modules.
func enclosing(address string) []string {
	of := []string{address}
	for i := len(address) - 1; i > 0; i-- {
		if address[i] == '.' || address[i] == '[' {
			of = append(of, address[:i])
		}
	}
	return of
}

// implied lists the addresses that Terraform treats as the same when count is
// added or removed: the instance without an index, and the first one.
//
// https://developer.hashicorp.com/terraform/language/modules/develop/refactoring#enabling-count-or-for_each-for-a-resource
func implied(r *analyzer.Resource) []string {
	if single, ok := strings.CutSuffix(r.Address, "[0]"); ok {
		return []string{single}
	}
	if strings.HasSuffix(r.Address, "]") {
		return nil
	}
	return []string{r.Address + "[0]"}
}

// --- one in the place of another

// A replacement is a holder that is taken as the replacement of another.
type replacement struct {
	old, new *Holder
	why      string
}

// replacements pairs removed holders with added holders of another service, in
// the same module of the same root, where both hold customer data and there is
// a reason to assume that one does the other's work: references to the old one
// now lead to the new one or, as a host can do any work, one is a host and only
// they share a name. Among several candidates, it takes the one with the most
// customer layers, an instance before its volume; where several have as many,
// it takes none.
func (c *comparer) replacements(went, came []*Holder) []replacement {
	if len(went) == 0 || len(came) == 0 {
		return nil
	}
	links := map[*Holder][]similarity{}
	join := func(old, new *Holder, why string, good int) {
		links[old] = append(links[old], similarity{new, why, good + c.layersOf(new)})
		links[new] = append(links[new], similarity{old, why, good + c.layersOf(old)})
	}
	redirected := c.redirected(went, came)
	for at, why := range redirected {
		if c.comparable(at.old, at.new) {
			join(at.old, at.new, why, 2*analyzer.LayerCount)
		}
	}
	for at, why := range c.alike(went, came) {
		if redirected[at] == "" && c.comparable(at.old, at.new) && (c.host(at.old) || c.host(at.new)) {
			join(at.old, at.new, why, 0)
		}
	}
	var taken []replacement
	for _, old := range went {
		if there, ok := best(links[old]); ok {
			if back, ok := best(links[there.to]); ok && back.to == old {
				taken = append(taken, replacement{old, there.to, there.why})
			}
		}
	}
	return taken
}

// A similarity is a reason to take one holder as the replacement of another.
type similarity struct {
	to   *Holder
	why  string
	good int
}

// best is the strongest reason; none where two are equally strong.
func best(links []similarity) (similarity, bool) {
	if len(links) == 0 {
		return similarity{}, false
	}
	slices.SortFunc(links, func(a, b similarity) int { return cmp.Or(b.good-a.good, strings.Compare(a.to.key(), b.to.key())) })
	return links[0], len(links) == 1 || links[0].good > links[1].good
}

func (c *comparer) layersOf(h *Holder) int {
	n := 0
	for _, l := range analyzer.Layers() {
		if c.catalogue.CellFor(h.Service, h.Model, l).Today.Customers() {
			n++
		}
	}
	return n
}

// comparable reports whether one holder could replace the other.
func (c *comparer) comparable(old, new *Holder) bool {
	if old.Root != new.Root || analyzer.ModuleOf(old.Resources[0].Resource) != analyzer.ModuleOf(new.Resources[0].Resource) {
		return false
	}
	if old.Service == new.Service && old.Model == new.Model {
		return false // another holder of the same kind: its own duties are unchanged
	}
	holds := func(h *Holder) bool {
		return c.catalogue.CellFor(h.Service, h.Model, analyzer.CustomerData).Today.Customers()
	}
	return holds(old) && holds(new)
}

// host reports whether the customer owns its operating system and may run
// anything on it.
func (c *comparer) host(h *Holder) bool {
	return c.catalogue.CellFor(h.Service, h.Model, analyzer.OperatingSystem).Today.Customers()
}

// redirected finds resources on both sides that referred to a removed holder
// and now refer to an added one at the same path.
func (c *comparer) redirected(went, came []*Holder) map[pairing]string {
	old, new := byDefinition(went), byDefinition(came)
	found := map[pairing]string{}
	for _, j := range c.new.order {
		was := c.partners[j]
		if was == nil {
			continue
		}
		before := map[string][]*Holder{} // by path
		for _, ref := range was.Refs {
			if of := c.old.targets(was, ref, old); of != nil {
				at := analyzer.FormatPath(analyzer.Conceal(ref.At, was.Sensitive))
				before[at] = append(before[at], of...)
			}
		}
		if len(before) == 0 {
			continue
		}
		for _, ref := range j.Refs {
			at := analyzer.FormatPath(analyzer.Conceal(ref.At, j.Sensitive))
			for _, n := range c.new.targets(j, ref, new) {
				for _, o := range before[at] {
					if found[pairing{o, n}] == "" {
						found[pairing{o, n}] = fmt.Sprintf("%s of %s refers to it now", at, j.Address)
					}
				}
			}
		}
	}
	return found
}

func byDefinition(list []*Holder) map[addressKey][]*Holder {
	by := map[addressKey][]*Holder{}
	for _, h := range list {
		at := addressKey{h.Root, h.Definition}
		by[at] = append(by[at], h)
	}
	return by
}

// targets are the holders that a reference leads to.
func (x *sideIndex) targets(j *judge.Classified, ref analyzer.Ref, among map[addressKey][]*Holder) []*Holder {
	var found []*Holder
	for _, to := range j.Root.Resolve(ref) {
		found = append(found, among[addressKey{x.below(j.RootDir()), to.Resource.Definition}]...)
	}
	return found
}

// alike finds holders that share a word of their names.
func (c *comparer) alike(went, came []*Holder) map[pairing]string {
	words := c.words(went, came)
	named := map[string][]*Holder{}
	for _, h := range came {
		for w := range words[h] {
			named[w] = append(named[w], h)
		}
	}
	shared := map[pairing]string{}
	for _, h := range went {
		for w := range words[h] {
			for _, other := range named[w] {
				if at := (pairing{h, other}); shared[at] == "" || w < shared[at] {
					shared[at] = w
				}
			}
		}
	}
	for at, w := range shared {
		shared[at] = fmt.Sprintf("both are named %q", w)
	}
	return shared
}

// words lists the words that name each holder. A word shared by other holders
// of the root is ignored.
func (c *comparer) words(went, came []*Holder) map[*Holder]map[string]bool {
	of := map[*Holder]map[string]bool{}
	uses := map[string]int{} // by root and word: holders of one side
	for _, list := range [][]*Holder{went, came} {
		seen := map[string]int{}
		for _, h := range list {
			of[h] = h.words()
			for w := range of[h] {
				seen[analyzer.JoinKey(h.Root, w)]++
			}
		}
		for w, n := range seen {
			uses[w] = max(uses[w], n)
		}
	}
	for _, j := range c.new.order {
		if was := c.partners[j]; was != nil && isPrincipal(j) && isPrincipal(was) {
			for w := range tagged(j.Resource) {
				uses[analyzer.JoinKey(c.new.below(j.RootDir()), w)] += 2
			}
		}
	}
	for h, words := range of {
		for w := range words {
			if uses[analyzer.JoinKey(h.Root, w)] > 1 && !h.label(w) {
				delete(words, w)
			}
		}
	}
	return of
}

// words lists the words of the name in the configuration, of name attributes
// and of tags.
func (h *Holder) words() map[string]bool {
	words := map[string]bool{}
	for _, j := range h.Resources {
		for w := range tagged(j.Resource) {
			words[w] = true
		}
	}
	return words
}

// label reports whether a word is the whole name in the configuration.
func (h *Holder) label(word string) bool {
	return strings.EqualFold(h.Definition[strings.LastIndexByte(h.Definition, '.')+1:], word)
}

// tagged lists the words that name a resource.
func tagged(r *analyzer.Resource) map[string]bool {
	words := map[string]bool{}
	add := func(text string) {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			if w = stem(w); len(w) > 2 && !slices.Contains(common, w) {
				words[w] = true
			}
		}
	}
	add(r.Definition[strings.LastIndexByte(r.Definition, '.')+1:])
	for _, name := range append([]string{"engine", "function_name", "family", "db_name"}, analyzer.IdentityAttributes(r.Type)...) {
		if s, ok := analyzer.AsKnownString(r.Field(name)); ok && name != "id" && name != "arn" && !r.Secret(analyzer.TopPath(name)) {
			add(s)
		}
	}
	for _, name := range []string{"Name", "name"} {
		at := analyzer.AttrStep(analyzer.TopPath("tags"), name)
		if s, ok := analyzer.AsKnownString(analyzer.StepInto(r.Field("tags"), at[1])); ok && !r.Secret(at) {
			add(s)
		}
	}
	return words
}

// stem maps the names of an engine to one word: postgres and PostgreSQL.
func stem(word string) string {
	if word == "postgresql" {
		return "postgres"
	}
	return word
}

// common lists words that are too general to identify a holder.
var common = []string{
	"main", "this", "that", "default", "example", "test", "the", "new", "old", "primary", "prod", "production", "dev", "staging",
	"aws", "database", "instance", "server", "cluster", "service", "bucket", "table", "function", "queue", "app", "application", "data",
}
