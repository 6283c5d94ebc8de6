package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// A form is the configuration file that init writes: all of it comments, so
// that nothing is stated until a person states it. Lines of text begin with
// more than one #; with one less, every other line is what it offers.
type form struct {
	today    time.Time
	settings bool // it offers more than attestations, as there is no file yet
	duties   []analyzer.Duty
	chapters []chapter
}

// A chapter is a shared control, or a layer of the model.
type chapter struct {
	title  string
	about  string
	offers []offer
}

// An offer is an attestation to fill in.
type offer struct {
	objective responsibility.Objective
	resources []string // globs; empty: everything
}

// offer works out the chapters: what can be attested, concerns the duties, and
// is not attested yet.
func (f *form) offer(given []*analyzer.Attestation) {
	offered := map[analyzer.Objective]bool{}
	open := func(o responsibility.Objective, concerns bool, resources []string) []offer {
		if !o.Attestable() || !concerns || offered[o.ID] || attested(o, given) {
			return nil
		}
		offered[o.ID] = true
		return []offer{{o, resources}}
	}
	for _, c := range responsibility.SharedControls() {
		next := chapter{title: c.Title + ", a shared control", about: c.Theirs + ". Yours: " + c.Yours}
		for _, id := range c.Objectives {
			o, _ := responsibility.ObjectiveOf(id)
			concerns := len(f.duties) == 0 || slices.ContainsFunc(o.Layers, f.has)
			next.offers = append(next.offers, open(o, concerns, nil)...)
		}
		f.add(next)
	}
	for _, l := range analyzer.Layers() {
		resources := f.resources(l)
		next := chapter{title: responsibility.LayerTitle(l), about: "Yours on " + few(f.services(l), 6)}
		for _, o := range responsibility.Objectives() {
			if o.Layers[0] == l {
				next.offers = append(next.offers, open(o, f.has(l), resources)...)
			}
		}
		f.add(next)
	}
}

func (f *form) add(c chapter) {
	if len(c.offers) > 0 {
		f.chapters = append(f.chapters, c)
	}
}

// has reports whether anything found has duties of the layer.
func (f *form) has(l analyzer.Layer) bool {
	return slices.ContainsFunc(f.duties, func(d analyzer.Duty) bool { return d.Layer == l })
}

// attested reports whether somebody has spoken of an objective, or of all of
// the layer that is its home: for how much, and until when, is in the file.
func attested(o responsibility.Objective, given []*analyzer.Attestation) bool {
	return slices.ContainsFunc(given, func(a *analyzer.Attestation) bool {
		return slices.ContainsFunc(a.Subjects, func(s analyzer.Subject) bool {
			return s.Objective == o.ID || s.Objective == "" && s.Layer == o.Layers[0]
		})
	})
}

// services names those that have duties of a layer.
func (f *form) services(l analyzer.Layer) []string {
	var names []string
	for _, d := range f.duties {
		if d.Layer == l && !slices.Contains(names, d.Service.Name) {
			names = append(names, d.Service.Name)
		}
	}
	slices.Sort(names)
	return names
}

// resources are globs of the principals that have duties of a layer, where only
// some have and they are few; of their types where these are.
func (f *form) resources(l analyzer.Layer) []string {
	const most = 3
	var all, some, types []string
	for _, d := range f.duties {
		switch {
		case d.Principal == nil && d.Layer == l:
			return nil // a service as a whole has them, too
		case d.Principal == nil:
			continue
		case d.Layer == l:
			some = append(some, d.Principal.Definition)
			types = append(types, "*"+d.Principal.Type+".*")
		}
		all = append(all, d.Principal.Definition)
	}
	all, some, types = distinct(all), distinct(some), distinct(types)
	switch {
	case len(some) == len(all):
		return nil
	case len(some) <= most:
		return some
	case len(types) <= most:
		return types
	}
	return nil
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// few is the first words, and how many more there are.
func few(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// count is how many attestations the form offers.
func (f *form) count() int {
	n := 0
	for _, c := range f.chapters {
		n += len(c.offers)
	}
	return n
}

func (f *form) summary() string {
	switch f.count() {
	case 0:
		return "nothing here is to be attested"
	case 1:
		return "1 attestation to fill in"
	}
	return fmt.Sprintf("%d attestations to fill in", f.count())
}

// text is the file.
func (f *form) text() []byte {
	var b bytes.Buffer
	remark(&b, "##", "", "What no configuration can show, people state. Take the # from a block, say who states it "+
		"and where that can be seen, and its duties are attested until it expires. It never covers a gap.")
	remark(&b, "##", "", "demarc explain NAME says more of an objective. "+docs+"config.md")
	if f.count() == 0 {
		remark(&b, "##", "", "Here is nothing that is not attested already.")
	}
	if f.settings {
		f.writeSettings(&b)
	}
	for _, c := range f.chapters {
		b.WriteByte('\n')
		remark(&b, "###", "", c.title)
		remark(&b, "##", "", c.about)
		for _, o := range c.offers {
			b.WriteByte('\n')
			f.write(&b, o)
		}
	}
	return b.Bytes()
}

const docs = "https://github.com/demarc/demarc/blob/main/docs/"

// remark writes text that stays a comment, its further lines under its first.
func remark(b *bytes.Buffer, hash, label, text string) {
	const width = 80
	writeRemark := func(s string) { b.WriteString(strings.TrimRight(hash+" "+s, " ") + "\n") }
	for _, line := range wrapped(text, width-len(hash)-1-len(label)) {
		writeRemark(label + line)
		label = strings.Repeat(" ", len(label))
	}
}

func (f *form) writeSettings(b *bytes.Buffer) {
	b.WriteByte('\n')
	remark(b, "##", "", "The severity from which gaps make the exit code 1:")
	b.WriteString("# fail_on = \"medium\"\n")
	var services []string
	for _, d := range f.duties {
		services = append(services, d.Service.ID)
	}
	if services = distinct(services); len(services) == 0 {
		return
	}
	b.WriteByte('\n')
	remark(b, "##", "", "Who is to see to what; where no block fits, CODEOWNERS says so:")
	fmt.Fprintf(b, "# owner \"platform\" {\n#   services = %s\n# }\n", quoted(services[:min(2, len(services))]...))
}

func (f *form) write(b *bytes.Buffer, o offer) {
	remark(b, "##", "", o.objective.Title)
	remark(b, "##", "not shown  ", o.objective.Missing)
	remark(b, "##", "evidence   ", o.objective.Evidence)
	id := string(o.objective.ID)
	lines := [][2]string{{"objectives", quoted(id)}}
	if len(o.resources) > 0 {
		lines = append(lines, [2]string{"resources", quoted(o.resources...)})
	}
	lines = append(lines,
		[2]string{"by", `""`}, [2]string{"evidence", `""`},
		[2]string{"date", day(f.today)}, [2]string{"expires", day(f.today.AddDate(0, o.objective.Months(), 0))},
	)
	fmt.Fprintf(b, "# attest %q {\n", id)
	for _, line := range lines {
		fmt.Fprintf(b, "#   %-10s = %s\n", line[0], line[1])
	}
	b.WriteString("# }\n")
}

func day(t time.Time) string { return `"` + t.Format(time.DateOnly) + `"` }

// quoted writes a list of texts as HCL does.
func quoted(texts ...string) string {
	vals := make([]cty.Value, len(texts))
	for i, t := range texts {
		vals[i] = cty.StringVal(t)
	}
	return string(hclwrite.TokensForValue(cty.TupleVal(vals)).Bytes())
}
