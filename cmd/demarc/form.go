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
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// A form is the configuration file that init writes: all of it is comments, so that
// nothing is attested until a person does so. Lines of text begin with more than one
// #; with one # less, every other line is an entry to use.
type form struct {
	today    time.Time
	settings bool // it offers more than attestations, because there is no file yet
	duties   []*judge.Duty
	chapters []chapter
}

// A chapter is a shared control, people and procedures, or a layer of the model.
type chapter struct {
	title  string
	about  string
	offers []offer
}

// An offer is an attestation to fill in.
type offer struct {
	objective responsibility.Objective
	resources []string // globs; empty: all resources
}

// offer determines the chapters: what can be attested, concerns the resources found
// or the organisation, and is not attested yet.
func (f *form) offer(given []*judge.Attestation) {
	offered := map[analyzer.Objective]bool{}
	open := func(of func(responsibility.Objective) bool) []offer {
		var offers []offer
		for _, o := range responsibility.Objectives() {
			if o.Attestable() && !offered[o.ID] && !attested(o, given) && of(o) {
				offered[o.ID] = true
				offers = append(offers, offer{objective: o})
			}
		}
		return offers
	}
	for _, c := range responsibility.SharedControls() {
		f.add(c.Title+", a shared control", c.Theirs+". Yours: "+c.Yours, open(func(o responsibility.Objective) bool {
			return slices.Contains(c.Objectives, o.ID) && f.concerns(o)
		}))
	}
	f.add("People and procedures", "The organisation's, and no resource's", open(responsibility.Objective.Organisation))
	for _, l := range analyzer.Layers() {
		offers := open(func(o responsibility.Objective) bool { return o.Layers[0] == l && f.has(l) })
		for i := range offers {
			offers[i].resources = f.resources(offers[i].objective)
		}
		f.add(responsibility.LayerTitle(l), "Yours on "+few(f.services(l), 6), offers)
	}
}

// concerns reports whether an objective of a shared control concerns any resource
// found, or the organisation. If nothing was found, it may.
func (f *form) concerns(o responsibility.Objective) bool {
	return o.Organisation() || len(f.duties) == 0 || slices.ContainsFunc(o.Layers, f.has)
}

func (f *form) add(title, about string, offers []offer) {
	if len(offers) > 0 {
		f.chapters = append(f.chapters, chapter{title, about, offers})
	}
}

// has reports whether any resource found has duties of the layer.
func (f *form) has(l analyzer.Layer) bool {
	return slices.ContainsFunc(f.duties, func(d *judge.Duty) bool { return d.Layer == l })
}

// attested reports whether an attestation names an objective, or all duties of its
// home layer: the file states its extent and its end.
func attested(o responsibility.Objective, given []*judge.Attestation) bool {
	return slices.ContainsFunc(given, func(a *judge.Attestation) bool {
		return slices.ContainsFunc(a.Subjects, func(s analyzer.Subject) bool {
			return s.Objective == o.ID || s.Objective == "" && s.Layer == o.Layers[0] && !o.Organisation()
		})
	})
}

// services returns the services with duties of a layer.
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

// resources returns globs of the principals that an objective concerns, if it
// concerns only some and they are few; globs of their types if the types are few.
func (f *form) resources(o responsibility.Objective) []string {
	const most = 3
	var all, some, types []string
	for _, d := range f.duties {
		switch {
		case d.Principal == nil && stands(o, d):
			return nil // a duty of the whole service, too
		case d.Principal == nil:
			continue
		case stands(o, d):
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

// stands reports whether a duty belongs to the objective's home layer, or a check of
// the objective has a result in it.
func stands(o responsibility.Objective, d *judge.Duty) bool {
	return d.Layer == o.Layers[0] ||
		slices.ContainsFunc(d.Objectives, func(s judge.ObjectiveState) bool { return s.Objective == o.ID })
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// few returns the first words, and the number of others.
func few(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// count returns the number of attestations that the form offers.
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
		return "nothing to attest"
	case 1:
		return "1 attestation to fill in"
	}
	return fmt.Sprintf("%d attestations to fill in", f.count())
}

// text returns the text of the file.
func (f *form) text() []byte {
	var b bytes.Buffer
	remark(&b, "##", "", "No configuration can show these duties, so people attest them. Uncomment a block, say who attests it "+
		"and where the evidence is, and its duties are attested until it expires. It never covers a gap.")
	remark(&b, "##", "", "demarc explain NAME explains an objective. "+docsLink+"config.md")
	if f.count() == 0 {
		remark(&b, "##", "", "Everything here is attested already.")
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

const docsLink = "https://github.com/demarc/demarc/blob/main/docs/"

// remark writes text that stays a comment, its further lines under the first.
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
	remark(b, "##", "", "Gaps at or above this severity set exit code 1:")
	b.WriteString("# fail_on = \"medium\"\n")
	var services []string
	for _, d := range f.duties {
		services = append(services, d.Service.ID)
	}
	if services = distinct(services); len(services) == 0 {
		return
	}
	b.WriteByte('\n')
	remark(b, "##", "", "Who is responsible for what; CODEOWNERS decides where no block matches:")
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
