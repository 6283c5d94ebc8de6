package judge

import (
	"path"
	"sort"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
)

// An acceptor finds the suppressions that cover a finding. The result is the
// same as checking every suppression, but comments are indexed by check, file
// and line, and suppressions of the configuration file by check and address.
type acceptor struct {
	comments map[nameIn]*spans
	config   map[string]*addressed // by name
}

// A nameIn is a name of a check in a file.
type nameIn struct{ name, file string }

// A candidate is a suppression with its position in the order of suppressions.
// The first one that holds accepts a gap.
type candidate struct {
	*analyzer.Suppression
	order int
}

func newAcceptor(list []*analyzer.Suppression, today time.Time) *acceptor {
	a := &acceptor{comments: map[nameIn]*spans{}, config: map[string]*addressed{}}
	for i, s := range list {
		for _, name := range suppressedNames(s) {
			if s.Dialect == analyzer.DialectConfig {
				in := a.config[name]
				if in == nil {
					in = &addressed{exact: map[string][]candidate{}, today: today}
					a.config[name] = in
				}
				in.add(candidate{s, i})
				continue
			}
			at := nameIn{name, s.Scope.Filename}
			if a.comments[at] == nil {
				a.comments[at] = &spans{}
			}
			a.comments[at].add(candidate{s, i}, today)
		}
	}
	for _, s := range a.comments {
		s.sort()
	}
	return a
}

// suppressedNames lists the suppression's names for checks, in the form of
// namesOfCheck.
func suppressedNames(s *analyzer.Suppression) []string {
	var keys []string
	for _, id := range s.Checks {
		if id == "*" {
			keys = append(keys, "*")
			continue
		}
		if s.IsOwn() {
			keys = append(keys, "="+id)
		}
		keys = append(keys, "~"+fold(id))
	}
	return keys
}

// namesOfCheck lists the names that suppressions may use for a check: see
// suppressedNames.
func namesOfCheck(c *analyzer.Check) []string {
	keys := []string{"*", "=" + c.ID}
	for _, a := range c.Aliases {
		if a.Relation != analyzer.Narrower {
			keys = append(keys, "~"+fold(a.ID))
		}
	}
	return keys
}

// fold maps strings that strings.EqualFold treats as equal to one string.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// covering calls use with each suppression that covers the finding. Where
// several suppressions cover the same findings, it calls use with each of them
// once, and afterwards only with the first that accepts.
func (a *acceptor) covering(f *Finding, use func(candidate)) {
	if len(a.comments) == 0 && len(a.config) == 0 {
		return
	}
	places := f.places()
	for _, name := range namesOfCheck(f.Check) {
		for _, at := range places {
			if s := a.comments[nameIn{name, at.Filename}]; s != nil && at.Filename != "" {
				s.covering(at.Start.Line, at.End.Line, use)
			}
		}
		if in := a.config[name]; in != nil {
			in.covering(f.Resource, use)
		}
	}
}

// places lists the finding's ranges; a comment covers the finding if one of
// them lies within the comment's scope.
func (f *Finding) places() []hcl.Range {
	places := []hcl.Range{f.Range}
	if src := f.Resource.Source; src != nil {
		places = append(places, src.Body())
		for _, call := range src.Via() {
			places = append(places, call.Range)
		}
	}
	return places
}

// --- comments

// spans are the scopes of comments in one file, by line.
type spans struct {
	list []*span // by start
	most []int   // a tree over list: the last line of each half, as in a heap
	by   map[[2]int]*span
}

// A span is the lines of a scope with the comments for it.
type span struct {
	start, end int
	comments   []candidate
	first      int // the first comment that accepts; -1: none
	used       bool
}

func (s *spans) add(c candidate, today time.Time) {
	at := [2]int{c.Scope.Start.Line, c.Scope.End.Line}
	if s.by == nil {
		s.by = map[[2]int]*span{}
	}
	in := s.by[at]
	if in == nil {
		in = &span{start: at[0], end: at[1], first: -1}
		s.by[at] = in
		s.list = append(s.list, in)
	}
	in.comments = append(in.comments, c)
	if in.first < 0 && c.Accepts(today) {
		in.first = len(in.comments) - 1
	}
}

func (s *spans) sort() {
	s.by = nil
	sort.Slice(s.list, func(i, j int) bool { return s.list[i].start < s.list[j].start })
	leaves := 1
	for leaves < len(s.list) {
		leaves *= 2
	}
	s.most = make([]int, 2*leaves)
	for i, in := range s.list {
		s.most[leaves+i] = in.end
	}
	for i := leaves - 1; i > 0; i-- {
		s.most[i] = max(s.most[2*i], s.most[2*i+1])
	}
}

// covering visits the spans that contain the lines.
func (s *spans) covering(start, end int, use func(candidate)) {
	before := sort.Search(len(s.list), func(i int) bool { return s.list[i].start > start })
	var down func(node, low, high int)
	down = func(node, low, high int) {
		switch {
		case low >= before || s.most[node] < end:
		case high-low == 1:
			s.list[low].each(use)
		default:
			half := (low + high) / 2
			down(2*node, low, half)
			down(2*node+1, half, high)
		}
	}
	down(1, 0, len(s.most)/2)
}

func (in *span) each(use func(candidate)) {
	switch {
	case !in.used:
		in.used = true
		for _, c := range in.comments {
			use(c)
		}
	case in.first >= 0:
		use(in.comments[in.first])
	}
}

// --- the configuration file

// addressed are suppressions by the addresses of resources.
type addressed struct {
	exact    map[string][]candidate
	patterns []pattern
	today    time.Time

	// The candidates still to use for the resource of the previous finding.
	resource *analyzer.Resource
	found    []candidate
}

// A pattern is an address with wildcards.
type pattern struct {
	candidate
	beginning, glob string
}

func (in *addressed) add(c candidate) {
	for _, g := range c.Address {
		g = separated(g)
		if beginning, all := literalOf(g); all {
			in.exact[beginning] = append(in.exact[beginning], c)
		} else {
			in.patterns = append(in.patterns, pattern{c, beginning, g})
		}
	}
}

// separated replaces separators, so that * and ? do not stop at them: see glob.
func separated(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

// literalOf is the literal prefix of a pattern, and whether it is the whole
// pattern.
func literalOf(glob string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '*' || c == '?' || c == '[':
			return b.String(), false
		case c == '\\':
			if i++; i == len(glob) {
				return b.String(), false
			}
			b.WriteByte(glob[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

func (in *addressed) covering(r *analyzer.Resource, use func(candidate)) {
	if in.resource != r {
		in.resource, in.found = r, in.of(r)
	}
	first := in.found[:0]
	for _, c := range in.found {
		use(c)
		if c.Accepts(in.today) && (len(first) == 0 || c.order < first[0].order) {
			first = append(first[:0], c)
		}
	}
	in.found = first
}

// of lists the suppressions that apply to a resource.
func (in *addressed) of(r *analyzer.Resource) []candidate {
	var found []candidate
	address, definition := separated(r.Address), separated(r.Definition)
	found = append(found, in.exact[address]...)
	if definition != address {
		found = append(found, in.exact[definition]...)
	}
	for _, p := range in.patterns {
		if p.matches(address) || definition != address && p.matches(definition) {
			found = append(found, p.candidate)
		}
	}
	kept := found[:0]
	for _, c := range found {
		if r.Root.InEnvironment(c.Environments) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (p pattern) matches(s string) bool {
	if !strings.HasPrefix(s, p.beginning) {
		return false
	}
	ok, err := path.Match(p.glob, s)
	return err == nil && ok
}
