package report

import (
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/judge"
)

// SARIF writes the report as SARIF 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html): a rule for
// each check that occurs and a result for each group of findings, so that a hundred
// instances of one definition are one alert. Files are URIs relative to the
// repository. Unknowns are results of kind "open" with ShowAll, and absent
// otherwise: a viewer would count them as alerts. It returns the error of the
// writer.
func SARIF(w io.Writer, rep *judge.Report, opt Options) error {
	s := &sarifWriter{Options: opt, src: newSources(opt.Read), rules: map[string]int{}}
	return writeJSON(w, s.log(rep))
}

// srcRoot is the base of every URI: the repository.
const srcRoot = "%SRCROOT%"

// mostPlaces is the maximum number of instances and related places in a result;
// viewers refuse results that are too large.
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
const mostPlaces = 100

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		Bases       map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind  string                   `json:"columnKind"`
		Results     []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string              `json:"id"`
		Short      sarifText           `json:"shortDescription"`
		Full       sarifText           `json:"fullDescription"`
		Help       sarifText           `json:"help"`
		HelpURI    string              `json:"helpUri,omitempty"`
		Default    sarifConfiguration  `json:"defaultConfiguration"`
		Properties sarifRuleProperties `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRuleProperties struct {
		Tags     []string           `json:"tags"`
		Severity string             `json:"security-severity"`
		Layer    string             `json:"layer,omitempty"`
		Aliases  []string           `json:"aliases,omitempty"`
		Controls []analyzer.Control `json:"controls,omitempty"`

		// Not tags: GitHub shows ten, and refuses a rule with more than twenty.
		// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/troubleshoot-sarif-uploads/results-exceed-limit
		Frameworks map[string][]string `json:"frameworks,omitempty"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifResult struct {
		RuleID       string                `json:"ruleId"`
		RuleIndex    int                   `json:"ruleIndex"`
		Kind         string                `json:"kind"`
		Level        string                `json:"level"`
		Message      sarifText             `json:"message"`
		Locations    []sarifLocation       `json:"locations"`
		Related      []sarifLocation       `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string     `json:"partialFingerprints"`
		Suppressions []sarifSuppression    `json:"suppressions,omitempty"`
		Baseline     string                `json:"baselineState,omitempty"`
		Properties   sarifResultProperties `json:"properties"`
	}
	sarifResultProperties struct {
		Severity     string   `json:"severity,omitempty"`
		Change       string   `json:"change,omitempty"`
		Model        string   `json:"model,omitempty"`
		Instances    int      `json:"instances"`
		Environments []string `json:"environments,omitempty"`
		Team         string   `json:"team,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI         string     `json:"uri,omitempty"`
		BaseID      string     `json:"uriBaseId,omitempty"`
		Description *sarifText `json:"description,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Status        string         `json:"status"`
		Justification string         `json:"justification,omitempty"`
		Location      *sarifLocation `json:"location,omitempty"`
	}
)

type sarifWriter struct {
	Options
	src   *sources
	rules map[string]int // check ids to their index in the list
}

func (w *sarifWriter) log(rep *judge.Report) sarifLog {
	shown := with(rep.Findings, func(f *judge.Finding) bool {
		return w.open(f) && (f.Verdict == analyzer.Fail || w.ShowAll && unknown(f))
	})
	groups := groupBy(shown, func(f *judge.Finding) string { return f.Group.String() + f.Verdict.String() })
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "demarc", Version: w.Version, InformationURI: "https://github.com/demarc/demarc", Rules: w.ruleList(groups)}},
		Invocations: []sarifInvocation{w.invocation(rep)},
		Bases:       map[string]sarifArtifact{srcRoot: {Description: &sarifText{Text: "the repository"}}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	for _, g := range groups {
		run.Results = append(run.Results, w.result(g))
	}
	compareAll(run.Results)
	return sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	}
}

// compareAll drops the baseline states unless every result has one, as the standard
// requires (section 3.27.24).
func compareAll(results []sarifResult) {
	for _, r := range results {
		if r.Baseline == "" {
			for i := range results {
				results[i].Baseline = ""
			}
			return
		}
	}
}

// ruleList returns the checks that occur, in order of occurrence.
func (w *sarifWriter) ruleList(groups []group) []sarifRule {
	rules := []sarifRule{}
	for _, g := range groups {
		c := g.first().Check
		if _, ok := w.rules[c.ID]; !ok {
			w.rules[c.ID] = len(rules)
			rules = append(rules, w.rule(g))
		}
	}
	return rules
}

func (w *sarifWriter) rule(g group) sarifRule {
	c := g.first().Check
	why, source := splitSource(c.Why)
	r := sarifRule{
		ID: c.ID, Short: sarifText{Text: sentence(c.Title, c.ID)}, Full: sarifText{Text: sentence(why, c.Title)},
		Help: help(c, why, source, c.Remedy()), HelpURI: source, Default: sarifConfiguration{level(c.Severity)},
		Properties: sarifRuleProperties{
			Tags: tags(c), Severity: score(c.Severity), Layer: string(c.Layer), Controls: c.Controls,
			Frameworks: w.frameworks(c),
		},
	}
	for _, a := range c.Aliases {
		r.Properties.Aliases = append(r.Properties.Aliases, a.ID)
	}
	return r
}

// sentence returns a text, or an alternative if it is empty: the schema requires a
// text.
func sentence(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// splitSource splits the link in <> off the end of a check's reason.
func splitSource(why string) (text, source string) {
	open := strings.LastIndex(why, "<")
	if open < 0 || !strings.HasSuffix(strings.TrimRight(why, ". "), ">") {
		return why, ""
	}
	source = strings.TrimRight(why[open+1:], ">. ")
	if u, err := url.Parse(source); err != nil || u.Scheme != "https" {
		return why, ""
	}
	return strings.TrimRight(why[:open], " ("), source
}

func help(c *analyzer.Check, why, source, remedy string) sarifText {
	text := []string{sentence(c.Title, c.ID) + "."}
	mark := []string{"**" + markdown(sentence(c.Title, c.ID)) + "**"}
	if why != "" {
		text, mark = append(text, why), append(mark, markdown(why))
	}
	if remedy != "" {
		text, mark = append(text, "To close: "+remedy), append(mark, "To close: "+markdown(remedy))
	}
	if c.Layer != "" {
		text = append(text, "Layer of the shared responsibility model: "+layerWords(c.Layer))
		mark = append(mark, "Layer of the shared responsibility model: "+layerWords(c.Layer))
	}
	mark = append(mark, "`demarc explain "+c.ID+"`")
	if source != "" {
		text, mark = append(text, "Source: "+source), append(mark, "Source: <"+source+">")
	}
	return sarifText{strings.Join(text, "\n"), strings.Join(mark, "\n\n")}
}

// markdown escapes the markup of Markdown and HTML. An underscore within a word is
// not markup: https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis
func markdown(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '_' && i > 0 && i+1 < len(s) && alphanumeric(s[i-1]) && alphanumeric(s[i+1]):
			b.WriteByte('_')
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]|~", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func tags(c *analyzer.Check) []string {
	list := []string{"security"}
	for _, t := range []string{string(c.Layer), string(c.Objective)} {
		if t != "" {
			list = append(list, t)
		}
	}
	return list
}

// level returns SARIF's word for a severity.
func level(s analyzer.Severity) string {
	switch {
	case s >= analyzer.High:
		return "error"
	case s == analyzer.Medium:
		return "warning"
	}
	return "note"
}

// score returns a number in the band that GitHub shows under the same word: critical
// above 9.0, high from 7.0, medium from 4.0.
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
func score(s analyzer.Severity) string {
	switch s {
	case analyzer.Critical:
		return "9.5"
	case analyzer.High:
		return "8.0"
	case analyzer.Medium:
		return "5.5"
	}
	return "3.0"
}

func (w *sarifWriter) result(g group) sarifResult {
	f := g.first()
	r := sarifResult{
		RuleID: f.Check.ID, RuleIndex: w.rules[f.Check.ID], Kind: "fail", Level: level(g.severity()),
		Message:      sarifText{Text: w.message(g)},
		Locations:    []sarifLocation{w.place(g)},
		Related:      w.related(g),
		Fingerprints: map[string]string{"demarc/v1": f.Group.String()},
		Suppressions: w.suppressions(g),
		Baseline:     baseline(g),
		Properties:   sarifResultProperties{Severity: g.severity().String(), Change: f.Change.String(), Model: string(f.Model), Instances: len(g), Environments: g.environments(), Team: f.Team},
	}
	if unknown(f) {
		r.Kind, r.Level, r.Properties.Severity = "open", "none", ""
	}
	return r
}

// message returns the finding, its subject, and how to close it.
func (w *sarifWriter) message(g group) string {
	f := g.first()
	says := f.Message
	if f.Resource.Address != "" {
		says += " (" + f.Resource.Address
		if len(g) > 1 {
			says += ", and " + count(len(g)-1, "more instance")
		}
		says += ")"
	}
	if close := w.remedy(f); close != "" {
		says += ": " + close
	}
	return unlinked(says)
}

// unlinked breaks text that a viewer would show as a link, and doubles braces that a
// viewer would replace with an argument: the names come from the user. (Sections
// 3.11.6 and 3.11.5 of the standard.)
func unlinked(s string) string {
	return placeholder.ReplaceAllStringFunc(strings.ReplaceAll(clean(s), "](", "] ("), func(what string) string {
		return strings.NewReplacer("{", "{{", "}", "}}").Replace(what)
	})
}

var placeholder = regexp.MustCompile(`\{+[0-9]+\}+`)

func (w *sarifWriter) place(g group) sarifLocation {
	loc := sarifLocation{Physical: w.physical(place(g.first()))}
	seen := map[string]bool{}
	for _, f := range g {
		name := f.Resource.Address
		if name == "" || seen[name] || len(seen) == mostPlaces {
			continue
		}
		seen[name] = true
		loc.Logical = append(loc.Logical, sarifLogical{name, "resource"})
	}
	return loc
}

func (w *sarifWriter) physical(r hcl.Range) *sarifPhysical {
	p := &sarifPhysical{Artifact: sarifArtifact{URI: fileURI(r.Filename), BaseID: srcRoot}}
	if r.Start.Line < 1 {
		return p
	}
	start, end := w.src.position(r.Filename, r.Start), w.src.position(r.Filename, r.End)
	region := &sarifRegion{start.line, max(start.column, 1), end.line, max(end.column, 1)}
	if region.EndLine < region.StartLine {
		region.EndLine, region.EndColumn = region.StartLine, region.StartColumn
	}
	p.Region = region
	return p
}

// fileURI returns a relative URI reference, percent-encoded.
func fileURI(name string) string {
	return (&url.URL{Path: strings.TrimLeft(name, "/")}).String()
}

// related returns the further places: notes, and instances in other places.
func (w *sarifWriter) related(g group) []sarifLocation {
	var all []sarifLocation
	add := func(r hcl.Range, says string) {
		if r.Filename == "" || len(all) == mostPlaces {
			return
		}
		id := len(all)
		all = append(all, sarifLocation{ID: &id, Physical: w.physical(r), Message: &sarifText{Text: unlinked(says)}})
	}
	seen := map[judge.Note]bool{}
	for _, f := range g {
		if at := place(f); at != place(g.first()) && !seen[judge.Note{Range: at}] {
			seen[judge.Note{Range: at}] = true
			add(at, "also "+f.Resource.Address)
		}
		for _, n := range f.Notes {
			if !seen[n] {
				seen[n] = true
				add(n.Range, n.Message)
			}
		}
	}
	return all
}

// suppressions are written if every instance is accepted; otherwise the result is
// not suppressed.
func (w *sarifWriter) suppressions(g group) []sarifSuppression {
	var all []sarifSuppression
	seen := map[*analyzer.Suppression]bool{}
	for _, f := range g {
		s := f.Suppressed
		if s == nil {
			return nil
		}
		if !seen[s] {
			seen[s] = true
			all = append(all, w.suppression(s))
		}
	}
	return all
}

func (w *sarifWriter) suppression(s *analyzer.Suppression) sarifSuppression {
	out := sarifSuppression{Kind: "inSource", Status: "accepted", Justification: clean(s.Reason)}
	if s.Dialect == analyzer.DialectConfig {
		out.Kind = "external"
	}
	if s.Owner != "" {
		out.Justification += " (" + clean(s.Owner) + ")"
	}
	if u := until(s); u != "" {
		out.Justification += " until " + u
	}
	out.Justification = strings.TrimSpace(out.Justification)
	if s.Range.Filename != "" {
		out.Location = &sarifLocation{Physical: w.physical(s.Range)}
	}
	return out
}

// baseline compares with the state before the plan. A regression is new: there was
// no result before.
func baseline(g group) string {
	state := ""
	for _, f := range g {
		switch f.Change {
		case judge.NotCompared:
			return ""
		case judge.Existing:
			if state == "" {
				state = "unchanged"
			}
		default:
			state = "new"
		}
	}
	return state
}

// invocation returns whether everything was read, and what was not.
func (w *sarifWriter) invocation(rep *judge.Report) sarifInvocation {
	inv := sarifInvocation{Successful: incomplete(rep.Coverage) == "", Notifications: []sarifNotification{}}
	for _, d := range rep.Diags {
		n := sarifNotification{Level: "error", Message: sarifText{Text: unlinked(diagnostic(d))}}
		if d.Severity == hcl.DiagWarning {
			n.Level = "warning"
		}
		inv.add(n, w, diagnosticRange(d))
	}
	for _, u := range rep.Coverage.Unresolved {
		n := sarifNotification{Level: "note", Message: sarifText{Text: unlinked(u.Name + ": " + u.Reason + inEnvironments(u.Environments))}}
		if u.Kind == "file" {
			n.Level = "error"
		}
		inv.add(n, w, u.Range)
	}
	return inv
}

func (inv *sarifInvocation) add(n sarifNotification, w *sarifWriter, r hcl.Range) {
	if r.Filename != "" {
		n.Locations = []sarifLocation{{Physical: w.physical(r)}}
	}
	inv.Notifications = append(inv.Notifications, n)
}
