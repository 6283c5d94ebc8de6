//go:build client

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// The page of a framework in the real Chromium of this machine.

// TestClientAudit: the counts of the page equal JSON's, and every filter selects
// what it names.
func TestClientAudit(t *testing.T) {
	nothing := t.TempDir()
	write(t, nothing, "main.tf", `variable "a" { default = 1 }`)
	for name, dir := range map[string]string{"quickstart": "../../fixtures/quickstart", "shop": shop(t), "nothing": nothing} {
		t.Run(name, func(t *testing.T) {
			for _, framework := range []string{"pci-dss-4.0.1", "nist-800-53-r5", "gdpr"} {
				r := newAuditReports(t, dir, framework)
				tab := newTab(t)
				tab.open(r.page, 1280)
				r.counts(t, tab)
				r.controls(t, tab)
				r.filters(t, tab)
				tab.quiet(framework)
			}
		})
	}
}

// TestClientAuditKeyboard: one control, and all controls, open and close without a
// mouse.
func TestClientAuditKeyboard(t *testing.T) {
	tab := newTab(t)
	tab.open(newAuditReports(t, "../../fixtures/quickstart", "soc2").page, 1280)
	for i := 0; !eval[bool](tab, `document.activeElement.matches("[data-control] summary")`); i++ {
		if i == 60 {
			t.Fatal("sixty tabs lead to no control")
		}
		tab.press(kb.Tab)
	}
	const open, opened = `document.activeElement.parentElement.open`, `document.querySelectorAll("details.entry[open]").length`
	for _, key := range []string{kb.Enter, " "} {
		tab.press(key)
		if !eval[bool](tab, open) {
			t.Errorf("%q opens no control", key)
		}
		tab.press(key)
		if eval[bool](tab, open) {
			t.Errorf("%q closes no control", key)
		}
	}
	all := eval[int](tab, `document.querySelectorAll("details.entry").length`)
	eval[any](tab, `document.getElementById("open").focus()`)
	for _, want := range []int{all, 0} {
		tab.press(kb.Enter)
		if got := eval[int](tab, opened); got != want || all < 20 {
			t.Errorf("%d controls are open, want %d", got, want)
		}
	}
	tab.quiet("keyboard")
}

// TestClientAuditWidths: nothing is wider than the screen, closed or open.
func TestClientAuditWidths(t *testing.T) {
	page := newAuditReports(t, "../../fixtures/quickstart", "pci-dss-4.0.1").page
	tab := newTab(t)
	tab.fits(page, "")
	tab.fits(page, `document.getElementById("open").click()`)
	tab.quiet("widths")
}

// TestClientAuditPrint: print opens open, unknown and unevidenced controls, and
// omits what a filter hides.
func TestClientAuditPrint(t *testing.T) {
	tab := newTab(t)
	tab.open(newAuditReports(t, "../../fixtures/quickstart", "pci-dss-4.0.1").page, 1280)
	eval[any](tab, `addEventListener("beforeprint", () => {
	  window.printed = {};
	  for (const li of document.querySelectorAll("[data-control]:not([hidden])")) if (li.querySelector("details")?.open) window.printed[li.dataset.state] = (window.printed[li.dataset.state] ?? 0) + 1;
	})`)
	const states = `Object.fromEntries(["gap", "unknown", "unevidenced"].map((s) => [s, document.querySelectorAll("[data-state=" + s + "]").length]))`
	printed := func() map[string]int {
		pdf, err := chromedp.Run(tab.ctx, chromedp.PrintToPDF())
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Fatalf("nothing was printed: %v", err)
		}
		return eval[map[string]int](tab, `window.printed`)
	}
	want := eval[map[string]int](tab, states)
	if diff := cmp.Diff(want, printed()); diff != "" || want["gap"]*want["unknown"]*want["unevidenced"] == 0 {
		t.Errorf("open on paper (-want +got):\n%s", diff)
	}
	if n := eval[int](tab, `document.querySelectorAll("details.entry[open]").length`); n != 0 {
		t.Errorf("%d controls stay open after printing", n)
	}
	tab.pick(map[string]string{"state": "unknown"})
	if diff := cmp.Diff(map[string]int{"unknown": want["unknown"]}, printed()); diff != "" {
		t.Errorf("open on paper of what is unknown (-want +got):\n%s", diff)
	}
	tab.quiet("print")
}

// TestClientAuditWithoutScripts: everything except the filters is present, and
// opened in print.
func TestClientAuditWithoutScripts(t *testing.T) {
	tab := newTab(t)
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	r := newAuditReports(t, "../../fixtures/quickstart", "soc2")
	tab.open(r.page, 1280)
	const visible = `(() => {
	  const visible = (q) => [...document.querySelectorAll(q)].filter((e) => e.checkVisibility({contentVisibilityAuto: true})).length;
	  return {controls: visible("[data-control]"), filters: visible("#filters select"), buttons: visible("button"), gaps: visible(".entry.s-gap .body"), met: visible(".entry.s-met .body")};
	})()`
	want := map[string]int{"controls": len(r.Requirements), "filters": 0, "buttons": 0, "gaps": 0, "met": 0}
	if diff := cmp.Diff(want, eval[map[string]int](tab, visible)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	eval[any](tab, `document.querySelector(".entry.s-met summary").click()`)
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	want["gaps"], want["met"] = r.Count["gap"], 1
	if diff := cmp.Diff(want, eval[map[string]int](tab, visible)); diff != "" || want["gaps"] == 0 {
		t.Errorf("on paper (-want +got):\n%s", diff)
	}
}

// TestClientAuditHostile: names from a user's files are shown, and have no effect.
func TestClientAuditHostile(t *testing.T) {
	tab := newTab(t)
	tab.open(newAuditReports(t, hostile(t), "pci-dss-4.0.1").page, 1280)
	eval[any](tab, `document.getElementById("open").click()`)
	tab.harmless()
	tab.quiet("hostile")
}

// TestClientAuditLarge: a page with 10,000 resources remains usable.
func TestClientAuditLarge(t *testing.T) {
	dir := t.TempDir()
	large(t, dir, 10000)
	r := newAuditReports(t, dir, "pci-dss-4.0.1")
	info, err := os.Stat(r.page)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 2e6 {
		t.Errorf("the page has %d bytes", info.Size())
	}
	tab := newTab(t)
	start := time.Now()
	tab.open(r.page, 1280)
	t.Logf("%s of HTML loaded in %s", size(t, r.page), time.Since(start))
	r.controls(t, tab)
	evidence := 0
	for _, o := range r.Objectives {
		evidence = max(evidence, len(o.Evidence))
	}
	if listed := eval[int](tab, `Math.max(...[...document.querySelectorAll(".objective")].map((o) => o.querySelectorAll(".places li").length))`); listed > 100 || evidence < 1000 {
		t.Errorf("%d places are listed of one objective with %d pieces of evidence", listed, evidence)
	}
	tab.quiet("large")
}

// --- the reports of one directory

// auditReports are the page, and the JSON of the same report.
type auditReports struct {
	page         string
	Requirements []struct {
		ID, Title, Owner, State string
		Objectives              []string
	}
	Objectives []struct {
		ID, State, Missing string
		Findings           []string
		Evidence           []struct{ Check, Address string }
		Attestations       []struct{ Name string }
	}
	Count map[string]int
}

func newAuditReports(t *testing.T, dir, framework string) *auditReports {
	t.Helper()
	r := &auditReports{page: filepath.Join(t.TempDir(), "page.html")}
	decode(t, told(t, dir, "matrix", "--framework", framework, "--format", "json", "--output", "html="+r.page, "."), r)
	return r
}

// counts compares the totals, and the chapters' totals.
func (r *auditReports) counts(t *testing.T, tab *tab) {
	t.Helper()
	want := map[string]int{}
	for state, n := range r.Count {
		if state != "requirements" {
			want[state] = n
		}
	}
	got := eval[map[string]int](tab, `Object.fromEntries([...document.querySelectorAll("[data-total]")].map((e) => [e.dataset.total, Number(e.textContent)]))`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-JSON +page):\n%s", diff)
	}
	sums := eval[[]int](tab, `[...document.querySelectorAll("#by-chapter tbody tr")].map((tr) => [...tr.cells].slice(2).map((c) => Number(c.textContent))).reduce((a, b) => a.map((n, i) => n + b[i]))`)
	states := []string{"requirements", "met", "attested", "gap", "unknown", "unevidenced", "provider", "n/a", "not-assessed"}
	for i, state := range states {
		if len(sums) != len(states) || sums[i] != r.Count[state] {
			t.Errorf("the chapters have %v, JSON %v", sums, r.Count)
			break
		}
	}
}

// controls compares the owner of each control, its state, and the amounts of
// evidence for its objectives.
func (r *auditReports) controls(t *testing.T, tab *tab) {
	t.Helper()
	type control struct {
		ID, Title, Who, State               string
		Objectives, Open, Evidence, Missing int
		Attested                            []string
	}
	var want []control
	for _, q := range r.Requirements {
		c := control{ID: q.ID, Title: q.Title, Who: q.Owner, State: q.State, Objectives: len(q.Objectives), Attested: []string{}}
		for _, o := range r.Objectives {
			if !slices.Contains(q.Objectives, o.ID) {
				continue
			}
			c.Open += len(o.Findings)
			c.Evidence += len(o.Evidence)
			if o.Missing != "" {
				c.Missing++
			}
			for _, a := range o.Attestations {
				c.Attested = append(c.Attested, a.Name)
			}
		}
		slices.Sort(c.Attested)
		want = append(want, c)
	}
	got := eval[[]control](tab, `[...document.querySelectorAll("[data-control]")].map((li) => {
	  const sum = (name) => [...li.querySelectorAll("[data-" + name + "]")].reduce((n, e) => n + Number(e.dataset[name]), 0);
	  return {ID: li.querySelector(".no").textContent, Title: (li.querySelector(".what") ?? li.querySelector("span")).textContent, Who: li.dataset.who, State: li.dataset.state,
	    Objectives: li.querySelectorAll(".objective").length, Open: sum("open"), Evidence: sum("evidence"), Missing: [...li.querySelectorAll("dt")].filter((e) => e.textContent === "not shown").length,
	    Attested: [...li.querySelectorAll("[data-attested]")].map((e) => e.textContent.split(": ")[0]).sort()};
	})`)
	byID := func(a, b control) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(want, byID)
	slices.SortFunc(got, byID)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("controls (-JSON +page):\n%s", diff)
	}
}

// filters sets each filter to each of its values, and some in combination.
func (r *auditReports) filters(t *testing.T, tab *tab) {
	t.Helper()
	values := eval[map[string][]string](tab, `Object.fromEntries([...document.querySelectorAll("#filters select")].map((s) => [s.name, [...s.options].map((o) => o.value)]))`)
	cases := []map[string]string{{}, {"text": strings.ToUpper(r.Requirements[0].Title)}, {"text": "no such words"}}
	for _, o := range r.Objectives {
		if len(o.Evidence) > 0 && len(o.Evidence) < 3 { // it is listed
			cases = append(cases, map[string]string{"text": o.Evidence[0].Check}, map[string]string{"text": o.Evidence[0].Check, "who": "shared"})
			break
		}
	}
	for _, state := range values["state"][1:] {
		cases = append(cases, map[string]string{"state": state})
		for _, who := range values["who"][1:] {
			cases = append(cases, map[string]string{"state": state, "who": who})
		}
	}
	for _, who := range values["who"][1:] {
		cases = append(cases, map[string]string{"who": who})
	}
	if len(values["state"]) != 9 || len(values["who"]) != 4 {
		t.Errorf("the filters are %v", values)
	}
	for _, filter := range cases {
		tab.pick(filter)
		want := r.picked(filter)
		if got := tab.counted(); got != len(want) {
			t.Errorf("%v picks %d controls, JSON has %d", filter, got, len(want))
		}
		got := eval[[]string](tab, `[...document.querySelectorAll("[data-control]")].filter((e) => e.checkVisibility()).map((e) => e.dataset.control).sort()`)
		slices.Sort(want)
		if diff := cmp.Diff(want, got, sameEmpty); diff != "" {
			t.Errorf("%v (-JSON +page):\n%s", filter, diff)
		}
		bare := eval[[]string](tab, `[...document.querySelectorAll("[data-group]")].filter((g) => g.checkVisibility() && ![...g.querySelectorAll("[data-control]")].some((e) => e.checkVisibility())).map((g) => g.innerText)`)
		none := eval[bool](tab, `document.getElementById("none").checkVisibility()`)
		if len(bare) > 0 || none != (len(want) == 0) {
			t.Errorf("%v leaves headings of nothing: %q; it says that there is nothing: %t", filter, bare, none)
		}
	}
	r.remembered(t, tab)
}

// picked returns the controls that a filter should keep.
func (r *auditReports) picked(filter map[string]string) []string {
	var ids []string
	for _, q := range r.Requirements {
		if want := filter["state"]; want != "" && q.State != want {
			continue
		}
		if want := filter["who"]; want != "" && q.Owner != want {
			continue
		}
		texts := []string{q.ID, strings.ToLower(q.Title)}
		for _, o := range r.Objectives {
			if slices.Contains(q.Objectives, o.ID) {
				for _, e := range o.Evidence {
					texts = append(texts, e.Check)
				}
			}
		}
		if slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, strings.ToLower(filter["text"])) }) {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// remembered: the address holds the filters, and restores them.
func (r *auditReports) remembered(t *testing.T, tab *tab) {
	t.Helper()
	filter := map[string]string{"state": "unevidenced", "who": "customer"}
	tab.pick(filter)
	tab.do(chromedp.Reload())
	if got, want := tab.counted(), len(r.picked(filter)); got != want || want == 0 {
		t.Errorf("after a reload %d controls, want %d", got, want)
	}
	eval[any](tab, `document.getElementById("clear").click()`)
	tab.settled(map[string]string{})
	if got := tab.counted(); got != len(r.Requirements) {
		t.Errorf("without filters %d controls, want %d", got, len(r.Requirements))
	}
	live := eval[string](tab, `document.getElementById("count").getAttribute("aria-live")`)
	if live != "polite" {
		t.Errorf("the count is announced %q", live)
	}
}
