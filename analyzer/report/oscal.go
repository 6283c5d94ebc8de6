package report

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/uuid"
	"github.com/hashicorp/hcl/v2"

	"github.com/demarc/demarc/analyzer"
	"github.com/demarc/demarc/analyzer/audit"
	"github.com/demarc/demarc/analyzer/judge"
	"github.com/demarc/demarc/analyzer/matrix"
	"github.com/demarc/demarc/analyzer/responsibility"
)

// The matrix in OSCAL, NIST's language for controls and their assessment:
// <https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/>. This file has the code
// that its two documents share.

const (
	oscalVersion = "1.1.3"
	// oscalNS is the namespace of demarc's props. Props without a namespace are
	// OSCAL's own, which it lists for each place.
	oscalNS = "https://github.com/demarc/demarc/ns/oscal"
	// oscalSystem is the naming system of OSCAL's facets.
	oscalSystem = "http://csrc.nist.gov/ns/oscal"

	customerRole = "customer"
	providerRole = "provider"
)

// An oscalWriter makes the documents of one matrix.
type oscalWriter struct {
	Options
	matrix   *matrix.Matrix // by service
	rep      *judge.Report
	day      time.Time
	roots    []string // assessed roots, sorted
	controls []oscalControl
	used     map[string]int // names of the uuids in use
}

// newOSCAL uses the matrix by service, whatever its columns are: a component is a
// service. The controls are the controls of the frameworks.
func newOSCAL(m *matrix.Matrix, frameworks []responsibility.Framework, opt Options) (*oscalWriter, error) {
	if opt.Today.IsZero() {
		return nil, errors.New("oscal: the date of the assessment is not known")
	}
	if m.By != matrix.ByService {
		m = matrix.New(m.Report, responsibility.Catalogue(), matrix.ByService)
	}
	w := &oscalWriter{Options: opt, matrix: m, rep: m.Report, day: oscalDay(opt.Today), used: map[string]int{}}
	for i := range w.rep.Resources {
		w.roots = append(w.roots, rootDir(w.rep.Resources[i].Resource))
	}
	slices.Sort(w.roots)
	w.roots = slices.Compact(w.roots)
	for _, f := range frameworks {
		for _, r := range audit.Of(m, f).Requirements {
			if !r.Outside {
				w.controls = append(w.controls, oscalControl{f, r, controlID(f, r.ID)})
			}
		}
	}
	return w, nil
}

// oscalDay returns the beginning of a day: the same input gives the same document on
// the same day.
func oscalDay(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// oscalTime returns a time, if OSCAL's pattern allows it: the years 1900 to 2999. An
// attestation without end may have the year 9999.
func oscalTime(t time.Time) *time.Time {
	if t.Year() < 1900 || t.Year() > 2999 {
		return nil
	}
	return &t
}

// idSpace is the namespace of the uuids.
var idSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte(oscalNS))

// oscalID returns a uuid derived from its subject: version 5 of RFC 9562.
func oscalID(kind string, of ...string) string {
	return uuid.NewSHA1(idSpace, []byte(kind+"\x00"+strings.Join(of, "\x00"))).String()
}

// newID returns a unique uuid: a plan and its source may hold the same resource.
func (w *oscalWriter) newID(kind string, of ...string) string {
	name := kind + "\x00" + strings.Join(of, "\x00")
	n := w.used[name]
	w.used[name]++
	if n > 0 {
		of = append(of[:len(of):len(of)], strconv.Itoa(n))
	}
	return oscalID(kind, of...)
}

// An oscalControl is a requirement of a framework to which objectives map.
type oscalControl struct {
	framework responsibility.Framework
	audit.Requirement
	id string // as OSCAL has it
}

// controlID returns the OSCAL id of a requirement, which must be a token: the
// catalog's id, ac-2.1 for AC-2(1), or without a catalog the framework's own id
// prefixed with the framework: hipaa_164.308.a.1.
func controlID(f responsibility.Framework, id string) string {
	id = strings.NewReplacer("(", ".", ")", "").Replace(id)
	if f.Catalog != "" {
		return strings.ToLower(id)
	}
	return f.ID + "_" + id
}

// oscalFramework returns "PCI DSS 4.0.1".
func oscalFramework(f responsibility.Framework) string {
	return strings.TrimSpace(f.Name + " " + f.Version)
}

// source returns the catalog of control ids; without a catalog, a resource of the
// back matter explains them.
func (c oscalControl) source() string {
	if c.framework.Catalog != "" {
		return c.framework.Catalog
	}
	return "#" + oscalID("framework", c.framework.ID)
}

// catalogs returns resources for the frameworks without an OSCAL catalog.
func (w *oscalWriter) catalogs() []oscal.Resource {
	var all []oscal.Resource
	for _, group := range byFramework(w.controls) {
		if f := group[0].framework; f.Catalog == "" {
			all = append(all, oscal.Resource{
				UUID: oscalID("framework", f.ID), Title: oscalFramework(f),
				Description: "demarc knows no OSCAL catalog from its publisher. Control ids are the publisher's, written as tokens with " + f.ID + " as a prefix; titles are demarc's.",
				Rlinks:      &[]oscal.ResourceLink{{Href: f.Publisher}},
			})
		}
	}
	return all
}

// byFramework groups the controls by framework.
func byFramework(controls []oscalControl) [][]oscalControl {
	var groups [][]oscalControl
	for _, c := range controls {
		if n := len(groups); n > 0 && groups[n-1][0].framework.ID == c.framework.ID {
			groups[n-1] = append(groups[n-1], c)
		} else {
			groups = append(groups, []oscalControl{c})
		}
	}
	return groups
}

func (w *oscalWriter) metadata(title string) oscal.Metadata {
	var props oscalProps
	props.add("tool", "", "demarc")
	props.add("tool-version", "", w.Version)
	return oscal.Metadata{
		Title: title, Version: w.day.Format(time.DateOnly), LastModified: w.day, OscalVersion: oscalVersion, Props: props.list(),
		Roles: &[]oscal.Role{
			{ID: customerRole, Title: "Customer", Description: "The user of the services, responsible for security in the cloud."},
			{ID: providerRole, Title: "Provider", Description: "The operator of the services, responsible for security of the cloud."},
		},
		Parties: &[]oscal.Party{{UUID: awsParty(), Type: "organization", Name: "Amazon Web Services", ShortName: "AWS"}},
	}
}

func awsParty() string { return oscalID("party", "aws") }

// answering returns the roles with work for an owner.
func answering(o analyzer.Owner) *[]oscal.ResponsibleRole {
	var roles []oscal.ResponsibleRole
	if o.Customers() {
		roles = append(roles, oscal.ResponsibleRole{RoleId: customerRole})
	}
	if o == analyzer.ProviderOwned || o == analyzer.SharedOwned {
		roles = append(roles, oscal.ResponsibleRole{RoleId: providerRole, PartyUuids: &[]string{awsParty()}})
	}
	return orNil(roles)
}

// answerer returns an owner's word in a prop.
func answerer(o analyzer.Owner) string {
	if o == analyzer.NotStated {
		o = analyzer.CustomerOwned
	}
	return string(o)
}

func serviceComponent(s *analyzer.Service, m analyzer.Model) string {
	return oscalID("component", serviceID(s), string(m))
}

// columnID returns the id of a column's component.
func columnID(c *matrix.Column) string { return serviceComponent(c.Service, c.Model) }

func columnWords(c *matrix.Column) string {
	says := oscalMarkup(c.Title)
	if c.Model != analyzer.UnknownModel {
		says += ", " + modelWords(c.Model) + " under the AWS shared responsibility model"
	}
	return says + ": " + count(c.Resources, "resource") + "."
}

// columnProps returns the props of a column of the matrix: for each layer its owner,
// both halves in words, and its state.
func columnProps(c *matrix.Column) *[]oscal.Property {
	var props oscalProps
	props.add("service", "", serviceID(c.Service))
	props.add("service-model", "", string(c.Model))
	props.add("resources", "", strconv.Itoa(c.Resources))
	props.tally(c.Tally)
	for i := range c.Cells {
		cell := &c.Cells[i]
		props.say("responsibility", string(cell.Layer), answerer(cell.Cell.Today), oscalHalves(cell.Cell))
		if cell.Cell.Today.Customers() {
			props.add("state", string(cell.Layer), string(cell.State))
		}
	}
	return props.list()
}

// oscalHalves returns the parts of a layer in words.
func oscalHalves(c analyzer.Cell) string {
	var says []string
	if c.Yours != "" {
		says = append(says, "Customer: "+c.Yours+".")
	}
	if c.Theirs != "" {
		says = append(says, c.Theirs+".")
	}
	return strings.Join(says, " ")
}

// oscalProps are demarc's props.
type oscalProps []oscal.Property

// add adds a prop; an empty value adds none.
func (p *oscalProps) add(name, class, value string) { p.say(name, class, value, "") }

func (p *oscalProps) say(name, class, value, remarks string) {
	if value = oscalString(value); value != "" {
		*p = append(*p, oscal.Property{Name: name, Class: class, Ns: oscalNS, Value: value, Remarks: remarks})
	}
}

func (p *oscalProps) each(name string, values []string) {
	for _, v := range values {
		p.add(name, "", v)
	}
}

// tally adds counts, under the names that the JSON of the matrix has.
func (p *oscalProps) tally(t judge.Tally) {
	for _, part := range []struct {
		name string
		n    int
	}{
		{"duties", t.Duties}, {"met", t.Met}, {"attested", t.Attested}, {"gap", t.Gaps}, {"unknown", t.Unknown}, {"unevidenced", t.Unevidenced},
	} {
		p.add(part.name, "", strconv.Itoa(part.n))
	}
	if percent, ok := t.Coverage(); ok {
		p.add("coverage", "", strconv.Itoa(percent))
	}
}

func (p oscalProps) list() *[]oscal.Property { return orNil(p) }

// orNil returns a list that JSON omits if it is empty: OSCAL has no empty lists.
func orNil[S ~[]T, T any](list S) *[]T {
	if len(list) == 0 {
		return nil
	}
	all := []T(list)
	return &all
}

// oscalString returns an OSCAL string: one line without leading or trailing space;
// empty if nothing is left.
func oscalString(s string) string { return strings.TrimSpace(clean(s)) }

// oscalMarkup escapes a text for OSCAL's markup.
func oscalMarkup(s string) string { return markdown(oscalString(s)) }

// oscalCode returns a name as code in OSCAL's markup; empty for an empty name.
func oscalCode(s string) string {
	if s = oscalString(s); s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "`", "'") + "`"
}

// oscalHref returns a reference to a line of a file, relative to the repository;
// empty if there is no file. Line 0 refers to the whole file.
func oscalHref(r hcl.Range) string {
	if r.Filename == "" || r.Filename == "stdin" {
		return ""
	}
	u := url.URL{Path: r.Filename}
	if r.Start.Line > 0 {
		u.Fragment = "L" + strconv.Itoa(r.Start.Line)
	}
	return u.String()
}
