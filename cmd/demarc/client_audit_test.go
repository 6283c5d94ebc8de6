//go:build client

package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// The page of a framework in the real Chromium of this machine.

// auditReport is a framework's page, and what JSON says of the same.
type auditReport struct {
	page         string
	Requirements []struct{ ID, Title, Owner, State string }
	Count        map[string]int
}

func newAuditReport(t *testing.T, dir, framework string) *auditReport {
	t.Helper()
	r := &auditReport{page: filepath.Join(t.TempDir(), "page.html")}
	decode(t, told(t, dir, "matrix", "--framework", framework, "--format", "json", "--output", "html="+r.page, "."), r)
	return r
}

// picks counts the controls of a state and of who answers, empty for any.
func (r *auditReport) picks(state, owner string) int {
	n := 0
	for _, c := range r.Requirements {
		if c.State != "n/a" && c.State != "not-assessed" && (state == "" || c.State == state) && (owner == "" || c.Owner == owner) {
			n++
		}
	}
	return n
}

// TestClientAuditHTML: the page counts what JSON counts, and its filters pick
// what they say.
func TestClientAuditHTML(t *testing.T) {
	for _, framework := range frameworkIDs() {
		t.Run(framework, func(t *testing.T) {
			r := newAuditReport(t, "../../fixtures/quickstart", framework)
			tab := newTab(t)
			tab.open(r.page, 1280)
			want := map[string]int{}
			for state, n := range r.Count {
				if n > 0 && state != "requirements" {
					want[state] = n
				}
			}
			got := eval[map[string]int](tab, `Object.fromEntries([...document.querySelectorAll("[data-count]")].map((e) => [e.dataset.count, Number(e.textContent)]))`)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("counts (-JSON +page):\n%s", diff)
			}
			for _, state := range []string{"", "gap", "unknown", "unevidenced", "met", "provider"} {
				for _, owner := range []string{"", "customer", "shared", "provider"} {
					if state != "" && r.Count[state] == 0 {
						continue // which the list does not offer
					}
					if got, want := tab.pickControls(map[string]string{"state": state, "owner": owner}), r.picks(state, owner); got != want {
						t.Errorf("state %q, owner %q: %d controls, JSON has %d", state, owner, got, want)
					}
				}
			}
			if n := tab.pickControls(map[string]string{"text": "nothing says this"}); n != 0 {
				t.Errorf("%d controls have a text that nothing says", n)
			}
			tab.quiet(framework)
		})
	}
}

// pickControls sets the filters as a user does, and counts the controls that are
// seen, as the page says too.
func (b *tab) pickControls(filter map[string]string) int {
	b.t.Helper()
	values, err := json.Marshal(filter)
	if err != nil {
		b.t.Fatal(err)
	}
	seen := eval[int](b, `(() => {
	  const values = `+string(values)+`, form = document.getElementById("filters");
	  for (const e of form.elements) if (e.name) e.value = values[e.name] ?? "";
	  form.elements.text.dispatchEvent(new Event("input", {bubbles: true}));
	  return [...document.querySelectorAll(".controls > li")].filter((e) => e.checkVisibility()).length;
	})()`)
	if said := b.counted(); said != seen {
		b.t.Errorf("%v: the page says %d controls, and %d are seen", filter, said, seen)
	}
	return seen
}

// TestClientAuditHTMLUse: a control opens without a mouse; the address keeps the
// filters; what an auditor asks about is open on paper; and the page fits a phone
// and a desk in light and dark.
func TestClientAuditHTMLUse(t *testing.T) {
	r := newAuditReport(t, "../../fixtures/quickstart", "pci-dss-4.0.1")
	tab := newTab(t)
	for _, theme := range []string{"light", "dark"} {
		call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		for _, width := range []int64{390, 1280} {
			tab.open(r.page, width)
			eval[any](tab, `document.getElementById("open").click()`)
			if wide := eval[int64](tab, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s: the page is %d wide on a screen of %d", theme, wide, width)
			}
			if says := eval[[]string](tab, accessible); len(says) > 0 {
				t.Errorf("%s at %d:\n%s", theme, width, strings.Join(says, "\n"))
			}
		}
	}
	tab.do(chromedp.Navigate("about:blank")) // or the page is only scrolled
	tab.open(r.page+"#state=gap", 1280)
	if got, want := tab.counted(), r.picks("gap", ""); got != want || want == 0 {
		t.Errorf("the address picks %d controls, want %d", got, want)
	}
	eval[any](tab, `document.querySelector(".controls > li:not([hidden]) summary").focus()`)
	tab.press(kb.Enter)
	if !eval[bool](tab, `document.activeElement.parentElement.open`) {
		t.Error("Enter opens no control")
	}
	const closed = `[...document.querySelectorAll(".controls details[data-asks]")].filter((d) => !d.open && d.checkVisibility()).length`
	before := eval[int](tab, closed)
	eval[any](tab, `addEventListener("beforeprint", () => { window.left = `+closed+` })`)
	pdf, err := chromedp.Run(tab.ctx, chromedp.PrintToPDF())
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Fatalf("nothing was printed: %v", err)
	}
	if left := eval[int](tab, `window.left`); left != 0 || before == 0 {
		t.Errorf("%d controls are closed on paper, %d were before", left, before)
	}
	if after := eval[int](tab, closed); after != before {
		t.Errorf("%d controls are closed after printing, %d were before", after, before)
	}
	tab.quiet("use")
}
