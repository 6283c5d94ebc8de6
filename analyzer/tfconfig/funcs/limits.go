package funcs

import (
	"fmt"
	"math"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// What a call may cost. Configuration is a stranger's: over a limit the result
// is unknown, never an error, and the same in every run.
const (
	// maxText bounds a string, given, read or made, in bytes.
	maxText = 16 << 20
	// maxElements bounds the collections that functions make from little, and
	// the values that are walked whole.
	maxElements = 1 << 20
	// maxComparisons bounds functions that compare each element with each.
	maxComparisons = 4 << 20
	// maxExponent bounds a number in powers of two, some 4,900 digits: writing a
	// number takes memory and time by its digits.
	maxExponent = 1 << 14
	// maxDigits bounds the text that is parsed as one number.
	maxDigits = 1 << 14
	// maxWidth bounds width and precision of a format verb.
	maxWidth = 1 << 16
	// maxPattern bounds a regular expression in bytes.
	maxPattern = 16 << 10
	// maxMatching bounds instructions of a regular expression times the bytes it
	// is run over.
	maxMatching = 1 << 26
	// maxDepth bounds the nesting of decoded documents and of templates.
	maxDepth = 500
	// maxDocument bounds a document that is decoded, in bytes: each byte costs
	// some hundred bytes of values.
	maxDocument = 1 << 20
	// maxTemplate bounds the source of a template, in bytes.
	maxTemplate = 1 << 20
	// maxAliased bounds the nodes that the aliases of a YAML document may make.
	maxAliased = 1 << 22
	// maxLoops bounds the steps of nested loops in a template.
	maxLoops = 1 << 22
	// maxBraces bounds the patterns that the braces of one pattern stand for.
	maxBraces = 1 << 10
	// maxGlob bounds the directory entries that one fileset looks at.
	maxGlob = 1 << 17
	// maxKeyBits bounds an RSA key.
	maxKeyBits = 16 << 10
)

const budgetSpent = "the budget of this root module is spent"

// Why a call is given up.
const (
	tooLong   = "more than 16 MiB of text"
	tooMany   = "more than 1048576 elements"
	tooWide   = "a number with more than 4900 digits"
	tooDeep   = "nested more than 500 deep"
	tooCostly = "too many comparisons"
)

// spend takes the size of a result from the budget and says why there can be
// none, or "".
func (e *env) spend(v cty.Value) string {
	if why := refuseValue(v); why != "" {
		return why
	}
	return e.charge(size(v))
}

func (e *env) charge(size int) string {
	if e.Budget == nil {
		return ""
	}
	*e.Budget -= int64(size) + 1
	if *e.Budget < 0 {
		return budgetSpent
	}
	return ""
}

// size is bytes of a string or elements of a collection; not deep, since values
// share what is below.
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

// refuseValue bounds what any function is given and what it returns.
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

// whole returns a known number argument as far as an int can hold it.
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

// deepGuard bounds functions that write or convert their arguments whole.
func deepGuard(args []cty.Value) string {
	_, why := weigh(args)
	return why
}

// Oversize says why a value is too large to be walked whole, or "". Values share
// what is below them, so that a few lines, each with two of the one before, make
// more nodes than anybody can visit, and go-cty visits them before a function is
// asked. An evaluator asks this for each value that gets a name.
func Oversize(v cty.Value) string {
	return deepGuard([]cty.Value{v})
}

// weigh counts the nodes of values and the bytes of their strings, no further
// than the limits.
func weigh(args []cty.Value) (weight int, why string) {
	nodes := 0
	for _, a := range args {
		for _, v := range cty.DeepValues(a) {
			nodes++
			if v.Type() == cty.String {
				weight += size(v)
			}
			switch {
			case nodes > maxElements:
				return 0, tooMany
			case weight > maxText:
				return 0, tooLong
			case isWide(v):
				return 0, tooWide
			}
		}
	}
	return weight + nodes, ""
}

// joinGuard bounds the separators of join, which its lists multiply.
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

func replaceGuard(args []cty.Value) string {
	str, _ := text(args, 0)
	old, _ := text(args, 1)
	repl, _ := text(args, 2)
	if pattern, ok := slashed(old); ok {
		return matchCost(pattern, str, len(str))
	}
	return overText(times(strings.Count(str, old), len(repl)))
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

// formatGuard bounds width and precision of the verbs, and what is written.
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
	// A verb with an index may write one argument again and again.
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

func setProductGuard(args []cty.Value) string {
	total := 1
	for _, a := range args {
		if v, _ := a.Unmark(); v.IsKnown() {
			total = times(total, size(v))
		}
	}
	if times(total, len(args)) > maxElements {
		return tooMany
	}
	return ""
}

// matchKeysGuard bounds the search of every key in the whole search set.
func matchKeysGuard(args []cty.Value) string {
	if times(size(args[1]), size(args[2])) > maxComparisons {
		return tooCostly
	}
	return ""
}

func regexGuard(args []cty.Value) string {
	pattern, _ := text(args, 0)
	str, _ := text(args, 1)
	return matchCost(pattern, str, 1)
}

func regexAllGuard(args []cty.Value) string {
	pattern, _ := text(args, 0)
	str, _ := text(args, 1)
	return matchCost(pattern, str, len(str))
}

// matchCost bounds instructions times text times searches: a search may look at
// all that is left before it settles for one character.
func matchCost(pattern, str string, searches int) string {
	switch {
	case len(pattern) > maxPattern:
		return "a regular expression over 16 KiB"
	case searches > maxElements: // each match is a value
		return tooMany
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "" // the function says so
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return ""
	}
	if !unbounded(re) {
		searches = 1
	}
	if times(len(prog.Inst), times(len(str), max(1, searches/8))) > maxMatching {
		return "a costly regular expression"
	}
	return ""
}

// unbounded reports whether a match can be of any length, so that each search
// may run to the end.
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

// jsonGuard also bounds nesting: the decoder is recursive without a limit.
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

// yamlGuard bounds nesting, by indentation or by brackets, and how far aliases
// of aliases can expand: with a aliases in k layers the last has (a/k)^k times
// the nodes of the first, which is at most e^(a/e).
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

// named is 1 if the character at i can begin an anchor or an alias: it starts a
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

// refuseDeepNumbers refuses a decoded value with a number that nobody could
// write out.
func refuseDeepNumbers(v cty.Value) error {
	for _, e := range cty.DeepValues(v) {
		if isWide(e) {
			return noAnswer{cause: "gave up: " + tooWide}
		}
	}
	return nil
}
