package funcs

import (
	"fmt"
	"math"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// The limits of a call. Configuration comes from strangers: over a limit the result
// is unknown, never an error, and the same in every run.
const (
	// maxText bounds a string that is given, read or made, in bytes.
	maxText = 16 << 20
	// maxElements bounds the collections that functions make from small input, and
	// the values that are walked whole.
	maxElements = 1 << 20
	// maxComparisons bounds functions that compare each element with each.
	maxComparisons = 4 << 20
	// maxExponent bounds a number in powers of two, some 4,900 digits: writing a
	// number takes memory and time in proportion to its digits.
	maxExponent = 1 << 14
	// maxDigits bounds the text that is parsed as one number.
	maxDigits = 1 << 14
	// maxWidth bounds the width and precision of a format verb.
	maxWidth = 1 << 16
	// maxPattern bounds a regular expression in bytes.
	maxPattern = 16 << 10
	// maxMatching bounds the instructions of a regular expression times the bytes of
	// the text.
	maxMatching = 1 << 26
	// maxDepth bounds the nesting of decoded documents and of templates.
	maxDepth = 500
	// maxDocument bounds a decoded document, in bytes: each byte costs some hundred
	// bytes of values.
	maxDocument = 1 << 20
	// maxTemplate bounds the source of a template, in bytes.
	maxTemplate = 1 << 20
	// maxAliased bounds the nodes that the aliases of a YAML document may make.
	maxAliased = 1 << 22
	// maxLoops bounds the steps of nested loops in a template.
	maxLoops = 1 << 22
	// maxBraces bounds the patterns that the braces of one pattern stand for.
	maxBraces = 1 << 10
	// maxGlob bounds the directory entries that one fileset examines.
	maxGlob = 1 << 17
	// maxKeyBits bounds an RSA key.
	maxKeyBits = 16 << 10
)

// MaxKey bounds a key of a map or an object, in bytes: keys are parts of paths.
const MaxKey = 4 << 10

// BudgetSpent is the reason for stopping evaluation.
const BudgetSpent = "the work that this root module may cause is used up"

// The reasons for giving up a call.
const (
	tooLong = "more than 16 MiB of text"
	tooMany = "more than 1048576 elements"
	tooWide = "a number with more than 4900 digits"
	tooDeep = "nested more than 500 deep"

	tooLongKey = "a key of more than 4096 bytes"
	tooCostly  = "too many comparisons"
)

// The cost of calls in units of the budget: see package budget.
const (
	callCost    = 12 // any call
	nodeCost    = 4  // an element visited, copied or converted
	bytesAUnit  = 8  // bytes of text read or written for one unit
	matchAUnit  = 8  // instructions of a regular expression for one unit
	compileCost = 20
)

// spend takes the cost of a result from the budget and returns why there can be
// none, or "".
func (e *env) spend(v cty.Value) string {
	if why := refuseValue(v); why != "" {
		return why
	}
	return e.charge(priceOf(v))
}

// priceOf returns the cost of a new value, without the values below it.
func priceOf(v cty.Value) int {
	if v.Type() == cty.String {
		return size(v) / bytesAUnit
	}
	return nodeCost * size(v)
}

func (e *env) charge(units int) string {
	if !e.Budget.Spend(units) {
		return BudgetSpent
	}
	return ""
}

// Price returns the cost of visiting a whole value.
func Price(v cty.Value) int { return measured(v).price(1) }

// size returns the bytes of a string or the elements of a collection; not deep,
// because values share what is below them.
func size(v cty.Value) int {
	v, _ = v.Unmark()
	t := v.Type()
	switch {
	case !v.IsKnown() || v.IsNull():
		return 0
	case t == cty.String:
		return len(v.AsString())
	case t.IsCollectionType() || t.IsTupleType() || t.IsObjectType():
		return v.LengthInt()
	}
	return 0
}

// Length returns the number of elements of a value; 0 for a value without elements.
func Length(v cty.Value) int {
	if v.Type() == cty.String {
		return 0
	}
	return size(v)
}

// refuseValue bounds the arguments and results of functions.
func refuseValue(v cty.Value) string {
	isText := v.Type() == cty.String
	switch n := size(v); {
	case isText && n > maxText:
		return tooLong
	case !isText && n > maxElements:
		return tooMany
	case isWide(v):
		return tooWide
	}
	return ""
}

// isWide reports whether writing a number would take too long.
func isWide(v cty.Value) bool {
	v, _ = v.Unmark()
	if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return false
	}
	exp := v.AsBigFloat().MantExp(nil)
	return exp > maxExponent || exp < -maxExponent
}

// text returns a known, non-null string argument.
func text(args []cty.Value, i int) (string, bool) {
	if i >= len(args) {
		return "", false
	}
	v, _ := args[i].Unmark()
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

// whole returns a known number argument as an int, if it fits.
func whole(args []cty.Value, i int) (int, bool) {
	if i >= len(args) {
		return 0, false
	}
	v, _ := args[i].Unmark()
	if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return 0, false
	}
	n, _ := v.AsBigFloat().Int64()
	return int(n), true
}

// Oversize returns why a value is too large to be walked whole, or "". Values share
// what is below them, so that a few lines, each with two copies of the previous one,
// make more nodes than can be visited, and go-cty visits them before a function is
// called. An evaluator asks this for each value that gets a name. The price is the
// cost of the visit.
func Oversize(v cty.Value) (price int, why string) {
	m := measured(v)
	return m.price(1), m.why
}

// weigh counts the nodes of values and the bytes of their strings, up to the limits.
func weigh(args []cty.Value) (weight int, why string) {
	m := measured(args...)
	if m.why != "" {
		return 0, m.why
	}
	return m.bytes + m.nodes, ""
}

// Values that count for more than one node.
const (
	numberNodes = 4   // a number, which has 512 bits and is slow to write
	sortedNodes = 16  // an element of a set, which is sorted for each walk
	usualKey    = 64  // bytes of a key included in its element
	hashedNodes = 128 // a value other than a string, number or bool, which is hashed for each comparison
)

// setNodes returns the additional nodes for the elements of a set.
func setNodes(t cty.Type, n int) int {
	if t.IsPrimitiveType() {
		return sortedNodes * n
	}
	return hashedNodes * n
}

// A measure is the size of values, counted up to the limits.
type measure struct {
	nodes, bytes int
	why          string // why counting stopped: a limit exceeded, or a number too wide
}

// price returns the cost of visiting the measured nodes and text.
func (m measure) price(values int) int { return nodeCost*(m.nodes-values) + m.bytes/bytesAUnit }

func measured(vals ...cty.Value) measure {
	var m measure
	for _, v := range vals {
		m.add(v)
	}
	return m
}

func (m *measure) add(v cty.Value) {
	m.nodes++
	v, _ = v.Unmark()
	t := v.Type()
	switch {
	case m.nodes > maxElements:
		m.why = tooMany
	case t == cty.String:
		if m.bytes += size(v); m.bytes > maxText {
			m.why = tooLong
		}
	case t == cty.Number:
		m.nodes += numberNodes - 1
		if isWide(v) {
			m.why = tooWide
		}
	case t.IsPrimitiveType() || !v.IsKnown() || v.IsNull() || !v.CanIterateElements():
	default:
		if t.IsSetType() {
			if m.nodes += setNodes(t.ElementType(), v.LengthInt()); m.nodes > maxElements {
				m.why = tooMany
				return
			}
		}
		for it := v.ElementIterator(); it.Next() && m.why == ""; {
			key, e := it.Element()
			if key.Type() == cty.String && !t.IsSetType() {
				n := size(key)
				if m.bytes += max(n-usualKey, 0); n > MaxKey {
					m.why = tooLongKey
				}
			}
			m.add(e)
		}
	}
}

// joinGuard bounds the separators of join, which are repeated for each element.
func joinGuard(args []cty.Value) string {
	weight, why := weigh(args)
	if why != "" {
		return why
	}
	sep, _ := text(args, 0)
	for _, a := range args[1:] {
		weight += len(sep) * size(a)
	}
	return overText(weight)
}

func indentGuard(args []cty.Value) string {
	spaces, _ := whole(args, 0)
	s, _ := text(args, 1)
	return overText(times(spaces, strings.Count(s, "\n")+1))
}

// splitGuard bounds the parts, each of which is a value.
func splitGuard(args []cty.Value) string {
	sep, _ := text(args, 0)
	str, _ := text(args, 1)
	if strings.Count(str, sep) > maxElements {
		return tooMany
	}
	return ""
}

func replacePrice(args []cty.Value) (int, string) {
	str, _ := text(args, 0)
	old, _ := text(args, 1)
	repl, _ := text(args, 2)
	if pattern, ok := slashed(old); ok {
		return matchPrice(pattern, str, len(str))
	}
	return 0, overText(times(strings.Count(str, old), len(repl)))
}

func overText(n int) string {
	if n > maxText {
		return tooLong
	}
	return ""
}

// times multiplies sizes without overflow.
func times(a, b int) int {
	if a <= 0 || b <= 0 {
		return 0
	}
	if a > math.MaxInt/b {
		return math.MaxInt
	}
	return a * b
}

// formatGuard bounds the width and precision of the verbs, and the length of the
// result.
func formatGuard(args []cty.Value) string {
	format, ok := text(args, 0)
	if !ok {
		return ""
	}
	weight, why := weigh(args)
	if why != "" {
		return why
	}
	widths := 0
	for rest := format; ; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			break
		}
		var width int
		width, rest = verbWidth(rest[i+1:])
		if width > maxWidth {
			return fmt.Sprintf("a format verb wider than %d", maxWidth)
		}
		widths += width
	}
	// A verb with an index may write one argument repeatedly.
	return overText(widths + times(weight, 1+strings.Count(format, "[")))
}

// formatListGuard is formatGuard for each element of the longest list.
func formatListGuard(args []cty.Value) string {
	if why := formatGuard(args); why != "" {
		return why
	}
	format, _ := text(args, 0)
	longest, scalars := 1, 0
	for _, a := range args[1:] {
		t := a.Type()
		if t.IsListType() || t.IsSetType() || t.IsTupleType() {
			longest = max(longest, size(a))
			continue
		}
		w, _ := weigh([]cty.Value{a})
		scalars += w
	}
	widths := 0
	for rest := format; ; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			break
		}
		var w int
		w, rest = verbWidth(rest[i+1:])
		widths += w
	}
	return overText(times(longest, len(format)+widths+times(scalars, 1+strings.Count(format, "["))))
}

// verbWidth adds up the numbers of one verb and returns what follows its digits.
func verbWidth(s string) (width int, rest string) {
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n = min(n*10+int(c-'0'), maxWidth+1)
			continue
		case strings.IndexByte("+-# .[]*", c) >= 0:
			width, n = min(width+n, maxWidth+1), 0
			continue
		}
		return min(width+n, maxWidth+1), s[i+1:]
	}
	return min(width+n, maxWidth+1), ""
}

// productPrice returns the cost of every combination of elements.
func productPrice(args []cty.Value) (int, string) {
	total := 1
	for _, a := range args {
		if v, _ := a.Unmark(); v.IsKnown() {
			total = times(total, size(v))
		}
	}
	if total = times(total, len(args)); total > maxElements {
		return 0, tooMany
	}
	return nodeCost * total, ""
}

// pairsPrice returns the cost of comparing each key with the whole search set.
func pairsPrice(args []cty.Value) (int, string) {
	pairs := times(size(args[1]), size(args[2]))
	if pairs > maxComparisons {
		return 0, tooCostly
	}
	return nodeCost * pairs, ""
}

// keyPrice returns the cost of decryption, which grows with the cube of the key
// length: some 5 ms for 4,096 bits, whose text has 3,200 bytes.
func keyPrice(args []cty.Value) (int, string) {
	key, _ := text(args, 1)
	k := len(key)/320 + 1
	return 50 * k * k * k, ""
}

func regexPrice(args []cty.Value) (int, string) {
	pattern, _ := text(args, 0)
	str, _ := text(args, 1)
	return matchPrice(pattern, str, 1)
}

func regexAllPrice(args []cty.Value) (int, string) {
	pattern, _ := text(args, 0)
	str, _ := text(args, 1)
	return matchPrice(pattern, str, len(str))
}

// matchPrice returns the cost of a regular expression: its instructions times the
// text times the searches, because a search may read the rest of the text before it
// matches one character.
func matchPrice(pattern, str string, searches int) (int, string) {
	switch {
	case len(pattern) > maxPattern:
		return 0, "a regular expression over 16 KiB"
	case searches > maxElements: // each match is a value
		return 0, tooMany
	}
	units := compileCost * len(pattern)
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return units, "" // the function reports the error
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return units, ""
	}
	if !unbounded(re) {
		searches = 1
	}
	steps := times(len(prog.Inst), times(len(str), max(1, searches/8)))
	if steps > maxMatching {
		return 0, "a costly regular expression"
	}
	return units + steps/matchAUnit, ""
}

// unbounded reports whether a match can be of any length, so that each search may
// run to the end of the text.
func unbounded(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus:
		return true
	case syntax.OpRepeat:
		if re.Max < 0 {
			return true
		}
	}
	return slices.ContainsFunc(re.Sub, unbounded)
}

func digitsGuard(args []cty.Value) string {
	if s, _ := text(args, 0); len(s) > maxDigits {
		return tooWide
	}
	return ""
}

func documentGuard(args []cty.Value) string {
	if s, _ := text(args, 0); len(s) > maxDocument {
		return "a document over 1 MiB"
	}
	return ""
}

// jsonGuard also bounds nesting: the decoder recurses without a limit.
func jsonGuard(args []cty.Value) string {
	s, _ := text(args, 0)
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return tooDeep
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	if why := longNumber(s); why != "" {
		return why
	}
	return documentGuard(args)
}

// yamlGuard bounds nesting, by indentation or by brackets, and the expansion of
// aliases of aliases: with a aliases in k layers the last has (a/k)^k times the
// nodes of the first, which is at most e^(a/e).
func yamlGuard(args []cty.Value) string {
	s, _ := text(args, 0)
	depth, anchors, aliases, breaks := 0, 0, 0, 0
	for i := range len(s) {
		switch s[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '&':
			anchors += named(s, i)
		case '*':
			aliases += named(s, i)
		case '\n', ',', ':':
			breaks++
		}
		if depth > maxDepth {
			return tooDeep
		}
	}
	if deepLine(s) {
		return tooDeep
	}
	if anchors > 0 && math.Exp(float64(aliases)/math.E)*float64(breaks+1) > maxAliased {
		return "too many aliases"
	}
	if why := longNumber(s); why != "" {
		return why
	}
	return documentGuard(args)
}

// named returns 1 if the character at i can begin an anchor or an alias: it starts a
// word and a name follows.
func named(s string, i int) int {
	if i > 0 && strings.IndexByte(" \t\r\n,[{", s[i-1]) < 0 {
		return 0
	}
	if i+1 == len(s) || strings.IndexByte(" \t\r\n\"',]}*&", s[i+1]) >= 0 {
		return 0
	}
	return 1
}

// deepLine reports whether block nesting could pass the limit: each level needs
// a deeper column, by spaces or by "- " and "? " on the same line.
func deepLine(s string) bool {
	for line := range strings.Lines(s) {
		column := len(line) - len(strings.TrimLeft(line, " -?:!&|>\t"))
		if column > 2*maxDepth {
			return true
		}
	}
	return false
}

// longNumber bounds runs of digits, each of which is parsed as one number.
func longNumber(s string) string {
	run := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			run = 0
			continue
		}
		if run++; run > maxDigits {
			return tooWide
		}
	}
	return ""
}

// refuseDeepNumbers refuses a decoded value with a number that is too long to write
// out.
func refuseDeepNumbers(v cty.Value) error {
	for _, e := range cty.DeepValues(v) {
		if isWide(e) {
			return noAnswer{cause: "gave up: " + tooWide}
		}
	}
	return nil
}
