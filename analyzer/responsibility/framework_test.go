package responsibility

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarc/demarc/analyzer"
)

func TestObjectivesAreDescribed(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	seen := map[analyzer.Objective]bool{}
	home := 0
	for _, o := range Objectives() {
		claim := func(ok bool, fault string) {
			if !ok {
				t.Errorf("%s: %s", o.ID, fault)
			}
		}
		claim(form.MatchString(string(o.ID)) || o.ID == resilience, "the id is not words joined by dashes")
		claim(!seen[o.ID], "the id is used twice")
		seen[o.ID] = true
		claim(o.Title != "" && !strings.HasSuffix(o.Title, "."), "the title is missing or ends in a full stop")
		claim(strings.HasSuffix(o.About, "."), "no sentence about it")
		claim(len(o.Layers) > 0 && lineOf(o.Layers[0]) != nil, "no layer")
		claim((o.Missing == "") == (o.Extent == Shown), "what is missing contradicts the extent")
		claim((o.Evidence == "") == (o.Extent == Shown), "the word on evidence contradicts the extent")
		at := slices.Index(analyzer.Layers(), o.Layers[0])
		claim(at >= home, "it is not in the order of the layers")
		home = max(home, at)
	}
}

// TestInherited: the provider's objectives are the objectives of its layers.
func TestInherited(t *testing.T) {
	var got []analyzer.Objective
	for _, o := range Objectives() {
		if o.Inherited() {
			got = append(got, o.ID)
		}
	}
	want := []analyzer.Objective{isolateCustomers, disposeDevices, guardSites, runSites}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFrameworks: every requirement has our title, and either objectives with
// the source of the mapping or Outside.
func TestFrameworks(t *testing.T) {
	forms := map[string]string{
		"gdpr":           `^\d{1,2}(\(\d\)(\([a-f]\))?)?$`,
		"hipaa":          `^164\.3\d\d\([a-e]\)(\(\d\)(\(i{1,3}v?\)|\(iv\))?(\([A-E]\))?)?$`,
		"iso-27001-2022": `^A\.[5-8]\.[1-9]\d?$`,
		"nist-800-53-r5": `^(AC|AT|AU|CA|CM|CP|IA|IR|MA|MP|PE|PL|PS|RA|SA|SC|SI|SR)-[1-9]\d?$`,
		"pci-dss-4.0.1":  `^([1-9]|1[0-2])(\.[1-9]\d?){2,4}$`,
		"soc2":           `^(CC[1-9]|A1|C1|PI1|P[1-8])\.[1-9]$`,
	}
	var ids []string
	for _, f := range Frameworks() {
		ids = append(ids, f.ID)
		if f.Name == "" || f.Version == "" || f.About == "" || !strings.HasPrefix(f.Publisher, "https://") {
			t.Errorf("%s is not described", f.ID)
		}
		form := regexp.MustCompile(forms[f.ID])
		seen := map[string]bool{}
		for _, r := range f.Requirements {
			if forms[f.ID] == "" || !form.MatchString(r.ID) || seen[r.ID] {
				t.Errorf("%s %s: the id is of another form, or there twice", f.ID, r.ID)
			}
			seen[r.ID] = true
			for _, fault := range faults(r) {
				t.Errorf("%s %s: %s", f.ID, r.ID, fault)
			}
		}
	}
	if !slices.IsSorted(ids) || len(ids) != len(forms) {
		t.Errorf("frameworks %q are not sorted, or not those that this test knows", ids)
	}
}

func faults(r Requirement) []string {
	var found []string
	claim := func(ok bool, fault string) {
		if !ok {
			found = append(found, fault)
		}
	}
	claim(r.Title != "" && len(r.Title) <= 80 && !strings.HasSuffix(r.Title, "."), "the title is missing, long, or ends in a full stop")
	claim(r.Outside == (len(r.Objectives) == 0), "it has objectives, or is outside, and not both or neither")
	claim(r.Outside == (len(r.Sources) == 0), "a mapping has a source")
	for _, s := range r.Sources {
		claim(strings.HasPrefix(s, "https://"), "a source is no link")
	}
	seen := map[analyzer.Objective]bool{}
	for _, id := range r.Objectives {
		_, known := ObjectiveOf(id)
		claim(known && !seen[id], "there is no objective "+string(id)+", or it is there twice")
		seen[id] = true
	}
	return found
}

// TestComplete: a list that claims to be complete has the framework's number of
// requirements, in its order.
func TestComplete(t *testing.T) {
	type part struct {
		id string
		n  int
	}
	for id, parts := range map[string][]part{
		"iso-27001-2022": {{"A.5.", 37}, {"A.6.", 8}, {"A.7.", 14}, {"A.8.", 34}},
		"soc2": {
			{"CC1.", 5}, {"CC2.", 3}, {"CC3.", 4}, {"CC4.", 2}, {"CC5.", 3}, {"CC6.", 8}, {"CC7.", 5}, {"CC8.", 1}, {"CC9.", 2},
			{"A1.", 3}, {"C1.", 2}, {"PI1.", 5},
			{"P1.", 1}, {"P2.", 1}, {"P3.", 2}, {"P4.", 3}, {"P5.", 2}, {"P6.", 7}, {"P7.", 1}, {"P8.", 1},
		},
	} {
		var want []string
		for _, p := range parts {
			for i := range p.n {
				want = append(want, fmt.Sprint(p.id, i+1))
			}
		}
		if diff := cmp.Diff(want, idsOf(id)); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}

func idsOf(framework string) []string {
	f, _ := FrameworkOf(framework)
	var ids []string
	for _, r := range f.Requirements {
		ids = append(ids, r.ID)
	}
	return ids
}

// TestPCI: every requirement of the standard, by chapter, in order and without
// gaps in the numbers.
func TestPCI(t *testing.T) {
	want := map[int]int{1: 19, 2: 11, 3: 29, 4: 6, 5: 13, 6: 19, 7: 12, 8: 29, 9: 27, 10: 27, 11: 21, 12: 37}
	got := map[int]int{}
	var last []int
	for _, id := range idsOf("pci-dss-4.0.1") {
		var numbers []int
		for _, s := range strings.Split(id, ".") {
			n, _ := strconv.Atoi(s)
			numbers = append(numbers, n)
		}
		if !follows(numbers, last) {
			t.Errorf("%s is not in its place", id)
		}
		last = numbers
		got[numbers[0]]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// follows reports whether no number lies between two numbers of requirements:
// 1.2.1, or 1.1.2.1, after 1.1.2.
func follows(numbers, last []int) bool {
	same := 0
	for same < min(len(numbers), len(last)) && numbers[same] == last[same] {
		same++
	}
	for i, n := range numbers[same:] {
		switch {
		case i > 0 && n != 1:
			return false
		case i == 0 && same < len(last) && n != last[same]+1:
			return false
		case i == 0 && same == len(last) && n != 1:
			return false
		}
	}
	return same < len(numbers)
}

func TestRequirementsOf(t *testing.T) {
	want := map[string][]string{
		"gdpr":           {"44"},
		"nist-800-53-r5": {"SA-9"},
	}
	if diff := cmp.Diff(want, RequirementsOf(keepInRegion)); diff != "" {
		t.Error(diff)
	}
	if got := RequirementsOf("none"); len(got) != 0 {
		t.Errorf("an objective that there is not speaks to %v", got)
	}
}

// TestExtent: a requirement's extent follows from the extent of its objectives.
func TestExtent(t *testing.T) {
	type answer struct {
		Extent    Extent
		Inherited bool
	}
	for id, want := range map[string]answer{
		"10.3.2": {Shown, false},     // records cannot be changed
		"6.3.3":  {PartShown, false}, // fixes
		"12.6.1": {NotShown, false},  // training
		"9.3.4":  {NotShown, true},   // visitors
		"12.7.1": {NotShown, false},  // outside
	} {
		f, ok := FrameworkOf("pci-dss-4.0.1")
		if !ok {
			t.Fatal("no framework pci-dss-4.0.1")
		}
		at := slices.IndexFunc(f.Requirements, func(r Requirement) bool { return r.ID == id })
		r := f.Requirements[at]
		if diff := cmp.Diff(want, answer{r.Extent(), r.Inherited()}); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}

// TestAttestable: an attestation speaks of what a configuration cannot show
// wholly, of a resource; alone, where no check does.
func TestAttestable(t *testing.T) {
	for o, want := range map[analyzer.Objective]struct{ attestable, standing bool }{
		classifyData:     {true, true},
		retainAndDispose: {true, false},
		keepInRegion:     {true, true}, // shown in part, and no check shows it
		preventDeletion:  {false, false},
		trainPeople:      {false, false}, // of the organisation
		guardSites:       {false, false}, // the provider's
	} {
		of, ok := ObjectiveOf(o)
		if !ok {
			t.Fatal(o)
		}
		home := of.Layers[0]
		if got := slices.Contains(attestable(home), o); got != want.attestable {
			t.Errorf("%s: attestable is %t", o, got)
		}
		if got := slices.Contains(standing(home), o); got != want.standing {
			t.Errorf("%s: standing is %t", o, got)
		}
	}
}

// TestChapters: every framework has chapters, each begins with a requirement,
// and they are in the order of the requirements.
func TestChapters(t *testing.T) {
	for _, f := range Frameworks() {
		var want, got []string
		for _, c := range f.Chapters() {
			got = append(got, c.First)
		}
		for _, id := range idsOf(f.ID) {
			if slices.Contains(got, id) {
				want = append(want, id)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) < 4 || got[0] != f.Requirements[0].ID {
			t.Errorf("%s: %s", f.ID, diff)
		}
	}
}

// TestChapterIDs: an id that begins with a chapter begins with its own chapter.
func TestChapterIDs(t *testing.T) {
	for _, f := range Frameworks() {
		if f.ID == "gdpr" { // chapters of articles, which have other numbers
			continue
		}
		chapter := ""
		for _, r := range f.Requirements {
			for _, c := range f.Chapters() {
				if c.First == r.ID {
					chapter, _, _ = strings.Cut(c.ID, " to ")
				}
			}
			digits := strings.TrimRight(chapter, "0123456789")
			if !strings.HasPrefix(r.ID, chapter) && !(chapter == "P1" && strings.HasPrefix(r.ID, digits)) ||
				len(r.ID) > len(chapter) && r.ID[len(chapter)] >= '0' && r.ID[len(chapter)] <= '9' {
				t.Errorf("%s: %s stands in chapter %s", f.ID, r.ID, chapter)
			}
		}
	}
}
