//go:build client

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// The HTML report in the real Chromium of this machine.

// TestClientHTML: the counts of the page equal JSON's, and every filter selects what
// it names.
func TestClientHTML(t *testing.T) {
	for _, c := range []struct{ name, dir string }{{"quickstart", "../../fixtures/quickstart"}, {"shop", shop(t)}} {
		t.Run(c.name, func(t *testing.T) {
			r := newReports(t, c.dir)
			tab := newTab(t)
			tab.open(r.page, 1280)
			r.coverage(t, tab)
			r.cells(t, tab)
			r.filters(t, tab)
			tab.quiet(r.page)
		})
	}
}

// TestClientHTMLKeyboard: a cell opens and closes without a mouse, and focus returns
// to it.
func TestClientHTMLKeyboard(t *testing.T) {
	tab := newTab(t)
	tab.open(newReports(t, "../../fixtures/quickstart").page, 1280)
	const focused = `document.activeElement.className`
	for i := 0; eval[string](tab, focused) != "cell"; i++ {
		if i == 100 {
			t.Fatal("a hundred tabs lead to no cell")
		}
		tab.press(kb.Tab)
	}
	label := eval[string](tab, `document.activeElement.getAttribute("aria-label")`)
	tab.press(kb.Enter)
	if title := eval[string](tab, `document.querySelector("dialog[open] h2").textContent`); !strings.HasPrefix(label, strings.Fields(title)[0]) {
		t.Errorf("%q opened %q", label, title)
	}
	tab.press(kb.Escape)
	if eval[bool](tab, `document.querySelector("dialog").open`) {
		t.Error("Escape closes no dialog")
	}
	if again := eval[string](tab, `document.activeElement.getAttribute("aria-label")`); again != label {
		t.Errorf("focus is at %q, want %q", again, label)
	}
	// A layer opens its control objectives, and a finding of a cell its entry.
	if !eval[bool](tab, `(() => { const b = document.querySelector(".expand"), tr = document.querySelector('tr[data-of="' + b.dataset.row + '"]'); b.focus(); return tr.hidden })()`) {
		t.Error("objectives are open before their layer is")
	}
	tab.press(kb.Enter)
	if eval[bool](tab, `document.querySelector('tr[data-of="' + document.activeElement.dataset.row + '"]').hidden`) {
		t.Error("Enter opens no control objectives")
	}
	eval[any](tab, `document.querySelector("td.s-gap .cell").click(); document.querySelector("dialog .link").focus()`)
	tab.press(kb.Enter)
	if open := eval[string](tab, `document.activeElement.closest("details[open]")?.dataset.entry ?? ""`); open == "" {
		t.Error("a finding of a cell leads to no entry")
	}
	tab.quiet("keyboard")
}

// TestClientHTMLGrid: the matrix is one stop of the Tab key. Arrow keys, Home and
// End move through it, skipping closed rows, and Space opens.
func TestClientHTMLGrid(t *testing.T) {
	tab := newTab(t)
	call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{ // scrolling has ended
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	tab.open(newReports(t, "../../fixtures/quickstart").page, 1280)
	type at struct{ Row, Column int } // Row among the open rows
	const here = `(() => {
	  const cell = document.activeElement.closest(".matrix tbody :is(th, td)");
	  return cell ? {Row: [...document.querySelectorAll(".matrix tbody tr:not([hidden])")].indexOf(cell.parentElement), Column: cell.cellIndex} : {Row: -1, Column: -1};
	})()`
	const stops = `[...document.querySelectorAll("#matrix .tall, #matrix .tall *")].filter((e) => e.tabIndex >= 0).length`
	if n := eval[int](tab, stops); n != 1 {
		t.Fatalf("the matrix has %d stops", n)
	}
	rows := eval[int](tab, `document.querySelectorAll(".matrix tbody tr:not([hidden])").length`)
	columns := eval[int](tab, `document.querySelectorAll(".matrix thead th").length`)
	eval[any](tab, `document.querySelector(".matrix .cell").focus()`)
	for i, step := range []struct {
		key       string
		modifiers []chromedp.Modifier
		want      at
	}{
		{kb.ArrowRight, nil, at{0, 2}}, {kb.ArrowDown, nil, at{1, 2}}, {kb.ArrowLeft, nil, at{1, 1}}, {kb.ArrowLeft, nil, at{1, 0}}, {kb.ArrowLeft, nil, at{1, 0}},
		{kb.ArrowUp, nil, at{0, 0}}, {kb.ArrowUp, nil, at{0, 0}}, {kb.End, nil, at{0, columns - 1}}, {kb.ArrowRight, nil, at{0, columns - 1}},
		{kb.End, ctrl, at{rows - 1, columns - 1}}, {kb.ArrowDown, nil, at{rows - 1, columns - 1}}, {kb.Home, nil, at{rows - 1, 0}}, {kb.Home, ctrl, at{0, 0}},
	} {
		tab.do(chromedp.KeyEvent(step.key, chromedp.KeyModifiers(step.modifiers...)))
		if diff := cmp.Diff(step.want, eval[at](tab, here)); diff != "" {
			t.Fatalf("step %d: %s", i, diff)
		}
		if n := eval[int](tab, stops); n != 1 {
			t.Errorf("step %d: the matrix has %d stops", i, n)
		}
	}
	// An opened layer has cells of its objectives below it.
	tab.press(" ")
	tab.press(kb.ArrowDown)
	if says := eval[bool](tab, `document.activeElement.matches("tr.objective th")`); !says {
		t.Error("the objectives of an open layer are passed by")
	}
	tab.press(kb.ArrowUp)
	tab.press(" ")
	tab.press(kb.ArrowDown)
	if diff := cmp.Diff(at{1, 0}, eval[at](tab, here)); diff != "" {
		t.Errorf("below a closed layer: %s", diff)
	}
	tab.press(kb.ArrowRight)
	tab.press(" ")
	if !eval[bool](tab, `document.querySelector("dialog").open`) {
		t.Error("Space opens no cell")
	}
	tab.press(kb.Escape)
	tab.press(kb.Tab)
	if diff := cmp.Diff(at{-1, -1}, eval[at](tab, here)); diff != "" {
		t.Errorf("Tab does not leave the matrix: %s", diff)
	}
	tab.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	if diff := cmp.Diff(at{1, 1}, eval[at](tab, here)); diff != "" {
		t.Errorf("Tab does not come back to where it left: %s", diff)
	}
	// The focused cell is not hidden by the sticky heads.
	eval[any](tab, `for (const b of document.querySelectorAll(".expand")) b.click(); document.querySelector(".matrix .cell").focus()`)
	for _, key := range []string{kb.End, kb.ArrowLeft, kb.ArrowUp} {
		for i := range 12 {
			tab.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(map[string][]chromedp.Modifier{kb.End: ctrl}[key]...)))
			if covered := eval[string](tab, `(() => {
			  const b = document.activeElement.getBoundingClientRect(), top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
			  return document.activeElement.contains(top) || top?.contains(document.activeElement) ? "" : top?.outerHTML ?? "outside";
			})()`); covered != "" {
				t.Fatalf("%q, %d: what has focus is not to be seen: %s", key, i, covered)
			}
		}
	}
	if role := eval[string](tab, `document.querySelector(".matrix").role`); role != "grid" {
		t.Errorf("the matrix is a %q", role)
	}
	tab.quiet("grid")
}

var ctrl = []chromedp.Modifier{chromedp.ModifierCtrl}

// TestClientHTMLWidths: nothing is wider than the screen except areas that scroll,
// on a phone and on a desktop, in light and dark; and every control has a name.
func TestClientHTMLWidths(t *testing.T) {
	tab := newTab(t)
	tab.fits(newReports(t, "../../fixtures/quickstart").page, "")
	tab.quiet("widths")
}

// fits opens a page on every screen and in every theme, runs the given action, and
// reports elements that do not fit or have no name.
func (b *tab) fits(page, do string) {
	b.t.Helper()
	for _, theme := range []string{"light", "dark"} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		for _, width := range []int64{390, 1280} {
			b.open(page, width)
			eval[any](b, do)
			if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > width {
				b.t.Errorf("%s: the page is %d wide on a screen of %d", theme, wide, width)
			}
			if says := eval[[]string](b, accessible); len(says) > 0 {
				b.t.Errorf("%s at %d:\n%s", theme, width, strings.Join(says, "\n"))
			}
		}
	}
}

// accessible lists what is inaccessible to a screen reader.
const accessible = `(() => {
  const wrong = [], seen = new Set();
  for (const e of document.querySelectorAll("[id]")) { if (seen.has(e.id)) wrong.push("id " + e.id + " twice"); seen.add(e.id); }
  for (const e of document.querySelectorAll("input, select, textarea")) if (!e.labels.length && !e.ariaLabel) wrong.push("no label: " + e.outerHTML);
  for (const e of document.querySelectorAll("button, a, summary")) if (!(e.textContent.trim() || e.ariaLabel)) wrong.push("no name: " + e.outerHTML);
  for (const e of document.querySelectorAll("svg")) if (!e.closest("[aria-hidden]") && !e.parentElement.closest("svg") && e.getAttribute("role") === "img" && !e.getAttribute("aria-label")) wrong.push("picture without words");
  for (const e of document.querySelectorAll("th")) if (!e.scope) wrong.push("th of nothing: " + e.textContent);
  for (const e of document.querySelectorAll("[role=region], article, section, dialog, form, nav")) if (!e.ariaLabel && !e.getAttribute("aria-labelledby")) { if (!e.closest("dialog") && !e.classList.contains("entry")) wrong.push("no name: <" + e.localName + ">"); }
  let level = 0;
  for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) { const n = Number(h.localName[1]); if (n > level + 1) wrong.push(h.localName + " below h" + level + ": " + h.textContent); level = n; }
  for (const landmark of ["header", "nav", "main", "footer"]) if (!document.querySelector(landmark)) wrong.push("no " + landmark);
  if (!document.documentElement.lang) wrong.push("no language");
  const skip = document.querySelector("a");
  if (!skip.classList.contains("skip") || !document.querySelector(skip.getAttribute("href"))) wrong.push("the first link does not skip");
  return wrong;
})()`

// TestClientHTMLPrint: printed parts are open, and close afterwards.
func TestClientHTMLPrint(t *testing.T) {
	tab := newTab(t)
	tab.open(newReports(t, "../../fixtures/quickstart").page, 1280)
	const closed = `document.querySelectorAll("#list details:not([open])").length`
	before := eval[int](tab, closed)
	eval[any](tab, `addEventListener("beforeprint", () => { window.left = `+closed+`; window.bodies = document.querySelectorAll("#list .body").length })`)
	pdf, err := chromedp.Run(tab.ctx, chromedp.PrintToPDF())
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Fatalf("nothing was printed: %v", err)
	}
	if eval[int](tab, `window.left`) != 0 || eval[int](tab, `window.bodies`) != eval[int](tab, `document.querySelectorAll("#list details").length`) {
		t.Error("entries are closed on paper")
	}
	if after := eval[int](tab, closed); before == 0 || after != before {
		t.Errorf("%d entries are closed after printing, %d were before", after, before)
	}
	tab.quiet("print")
}

// TestClientHTMLWithoutScripts: coverage, stacks, matrix with its objectives,
// picture and the first gaps are present, and a note names what is missing.
func TestClientHTMLWithoutScripts(t *testing.T) {
	tab := newTab(t)
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tab.open(newReports(t, "../../fixtures/quickstart").page, 1280)
	got := eval[map[string]any](tab, `(() => {
	  const visible = (q) => [...document.querySelectorAll(q)].filter((e) => e.checkVisibility()).length;
	  return {coverage: visible(".percent"), stacks: visible(".stack") > 5, cells: visible("td .cell") > 100, objectives: visible(".objective") > 10,
	    picture: visible(".map .node") > 10, entries: visible("#list .entry") > 10, noscript: visible("noscript p"), filters: visible("#filters select"), more: visible(".more button")};
	})()`)
	want := map[string]any{"coverage": 1., "stacks": true, "cells": true, "objectives": true, "picture": true, "entries": true, "noscript": 1., "filters": 0., "more": 0.}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestClientHTMLHostile: names from a user's files are shown, and have no effect.
func TestClientHTMLHostile(t *testing.T) {
	tab := newTab(t)
	tab.open(newReports(t, hostile(t)).page, 1280)
	tab.pick(map[string]string{"verdict": "every"})
	eval[any](tab, `for (const d of document.querySelectorAll("#list details")) d.open = true`)
	tab.harmless()
	tab.quiet("hostile")
}

const hostileName = `</script><script>alert(1)</script><img src=x onerror=alert(2)>` + "\u202e" + `<!--`

func hostile(t *testing.T) string {
	dir := t.TempDir()
	write(t, dir, "main.tf", `resource "aws_s3_bucket" "b" {
  for_each = toset(["`+hostileName+`"])
  bucket   = each.value
}
resource "aws_db_instance" "d" {
  storage_encrypted = "`+hostileName+`" == ""
}
`)
	return dir
}

// harmless: the hostile name is text, and reverses no text.
func (b *tab) harmless() {
	b.t.Helper()
	if n := eval[int](b, `document.querySelectorAll("img, iframe, script:not(:last-of-type):not(#data)").length`); n > 0 {
		b.t.Errorf("%d elements came from a name", n)
	}
	text := eval[string](b, `document.body.innerText`)
	if want := `aws_s3_bucket.b["` + strings.ReplaceAll(hostileName, "\u202e", `\u202e`) + `"]`; !strings.Contains(text, want) {
		b.t.Errorf("the page does not say %s", want)
	}
	if strings.Contains(text, "\u202e") {
		b.t.Error("a name turns the text round")
	}
}

// TestClientHTMLLarge: 10,000 resources load, and can be filtered.
func TestClientHTMLLarge(t *testing.T) {
	dir := t.TempDir()
	large(t, dir, 10000)
	r := newReports(t, dir)
	tab := newTab(t)
	start := time.Now()
	tab.open(r.page, 1280)
	t.Logf("%s of HTML loaded in %s", size(t, r.page), time.Since(start))
	want := map[string]int{"resources": 10000, "findings": r.count(nil)}
	got := map[string]int{
		"resources": leading(eval[string](tab, `document.getElementById("resource-count").textContent`)),
		"findings":  tab.counted(),
	}
	if diff := cmp.Diff(want, got); diff != "" || got["findings"] < 10000 {
		t.Errorf("(-JSON +page):\n%s", diff)
	}
	if rows := eval[int](tab, `document.querySelectorAll("#list li, #resource-rows tr").length`); rows > 1000 {
		t.Errorf("%d rows are drawn at once", rows)
	}
	for _, filter := range []map[string]string{
		{"verdict": "met"}, {"severity": "high"}, {"service": "sqs"}, {"layer": "server-side-encryption", "verdict": "every"}, {"text": "aws-sqs-encrypted"},
	} {
		start := time.Now()
		tab.pick(filter)
		t.Logf("%v took %s", filter, time.Since(start))
		if want, got := r.count(filter), tab.counted(); want != got || want == 0 {
			t.Errorf("%v picks %d findings, JSON has %d", filter, got, want)
		}
	}
	tab.pick(map[string]string{"verdict": "every"})
	eval[any](tab, `dispatchEvent(new Event("beforeprint"))`)
	says := eval[[]string](tab, `[...document.querySelectorAll(".printed")].map((p) => p.textContent)`)
	if len(says) != 2 || !strings.HasPrefix(says[0], "Printed are the first 1,000 of ") || !strings.HasPrefix(says[1], "Printed are the first 1,000 of 10,000 resources") {
		t.Errorf("of what paper leaves out, the page says %q", says)
	}
	tab.quiet("large")
}

// --- the reports of one directory

// reports are the page, and the JSON of the same report.
type reports struct {
	page     string // file
	findings []jsonFinding
	Summary  struct {
		Duties map[string]int `json:"duties"`
	}
	Coverage struct {
		Resources int `json:"resources"`
	}
	matrix jsonMatrixReport
}

type jsonFinding struct {
	Check        string          `json:"check"`
	Verdict      string          `json:"verdict"`
	Severity     string          `json:"severity"`
	Layer        string          `json:"layer"`
	Service      string          `json:"service"`
	Team         string          `json:"team"`
	Environments []string        `json:"environments"`
	Address      string          `json:"address"`
	Suppressed   json.RawMessage `json:"suppressed"`
}

type jsonMatrixReport struct {
	Columns []struct {
		Title string           `json:"title"`
		Cells []jsonMatrixCell `json:"cells"`
	} `json:"columns"`
	Layers []struct {
		Tally jsonMatrixTally `json:"tally"`
	} `json:"layers"`
	Controls     []stated `json:"shared_controls"`
	Organisation []stated `json:"organisation"`
}

// stated is an item with a title and a state.
type stated struct{ Title, State string }

type jsonMatrixCell struct {
	Layer      string            `json:"layer"`
	State      string            `json:"state"`
	Findings   []string          `json:"findings"`
	Evidence   []json.RawMessage `json:"evidence"`
	Objectives []json.RawMessage `json:"objectives"`
	Attested   []json.RawMessage `json:"attestations"`
}

type jsonMatrixTally struct {
	Duties, Met, Attested, Gap, Unknown, Unevidenced int
}

func newReports(t *testing.T, dir string) *reports {
	t.Helper()
	tmp := t.TempDir()
	r := &reports{page: filepath.Join(tmp, "page.html")}
	run := func(args ...string) []byte { return told(t, dir, args...) }
	var doc struct {
		*reports
		Findings []jsonFinding `json:"findings"`
	}
	doc.reports = r
	decode(t, run("scan", "--show", "all", "--format", "json", "--output", "html="+r.page, "."), &doc)
	decode(t, run("matrix", "--format", "json", "."), &r.matrix)
	r.findings = slices.DeleteFunc(doc.Findings, func(f jsonFinding) bool { return f.Verdict == "n/a" })
	return r
}

// told returns a command's output for a directory.
func told(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{
		dir: dir, environ: []string{"PATH=" + os.Getenv("PATH")}, today: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		rules: builtin, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
	}
	if code := p.run(args); code > exitGaps {
		t.Fatalf("demarc %s: exit code %d: %s", strings.Join(args, " "), code, &stderr)
	}
	return stdout.Bytes()
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// verdict returns the page's word for a verdict.
func (f *jsonFinding) verdict() string {
	switch {
	case f.Verdict == "pass":
		return "met"
	case f.Verdict == "unknown":
		return "unknown"
	case string(f.Suppressed) != "null":
		return "accepted"
	}
	return "gap"
}

// picks reports whether a filter of the page should keep a finding.
func (f *jsonFinding) picks(filter map[string]string) bool {
	levels := []string{"low", "medium", "high", "critical"}
	for name, want := range filter {
		kept := true
		switch name {
		case "verdict":
			kept = want == "every" || f.verdict() == want
		case "severity":
			kept = slices.Index(levels, f.Severity) >= slices.Index(levels, want)
		case "layer":
			kept = f.Layer == want
		case "service":
			kept = f.Service == want
		case "owner":
			kept = f.Team == want || f.Team == "" && want == "-"
		case "environment":
			kept = slices.Contains(f.Environments, want)
		case "text":
			kept = strings.Contains(f.Check, want) || strings.Contains(f.Address, want)
		}
		if !kept {
			return false
		}
	}
	return filter["verdict"] != "" || f.verdict() != "met"
}

func (r *reports) count(filter map[string]string) int { return len(r.checks(filter)) }

// checks returns the checks of the findings that a filter should keep.
func (r *reports) checks(filter map[string]string) []string {
	var ids []string
	for _, f := range r.findings {
		if f.picks(filter) {
			ids = append(ids, f.Check)
		}
	}
	return ids
}

// coverage compares totals and layers.
func (r *reports) coverage(t *testing.T, tab *tab) {
	t.Helper()
	totals := eval[map[string]int](tab, `Object.fromEntries([...document.querySelectorAll("[data-total]")].map((e) => [e.dataset.total, Number(e.textContent)]))`)
	if diff := cmp.Diff(r.Summary.Duties, totals); diff != "" {
		t.Errorf("duties (-JSON +page):\n%s", diff)
	}
	var want [][]int
	for _, l := range r.matrix.Layers {
		want = append(want, []int{l.Tally.Duties, l.Tally.Met, l.Tally.Attested, l.Tally.Gap, l.Tally.Unknown, l.Tally.Unevidenced})
	}
	got := eval[[][]int](tab, `[...document.querySelectorAll("#by-layer tbody tr")].map((tr) => [...tr.cells].slice(3).map((c) => Number(c.textContent)))`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("layers (-JSON +page):\n%s", diff)
	}
	duties := eval[[]stated](tab, `[...document.querySelectorAll(".duties tbody tr")].map((tr) => ({Title: tr.cells[0].textContent, State: tr.cells[2].className.slice(2)}))`)
	if diff := cmp.Diff(slices.Concat(r.matrix.Controls, r.matrix.Organisation), duties); diff != "" {
		t.Errorf("what no resource has (-JSON +page):\n%s", diff)
	}
	if n := leading(eval[string](tab, `document.getElementById("resource-count").textContent`)); n != r.Coverage.Resources {
		t.Errorf("%d resources, JSON has %d", n, r.Coverage.Resources)
	}
}

// cells opens every cell and compares its content.
func (r *reports) cells(t *testing.T, tab *tab) {
	t.Helper()
	type counts struct {
		Title, State                            string
		Open, Evidence, Objectives, Attestation int
	}
	var want []counts
	for i := range r.matrix.Columns[0].Cells {
		for _, c := range r.matrix.Columns {
			cell := c.Cells[i]
			want = append(want, counts{c.Title, cell.State, len(cell.Findings), len(cell.Evidence), len(cell.Objectives), len(cell.Attested)})
		}
	}
	got := eval[[]counts](tab, `[...document.querySelectorAll(".cell")].map((b) => {
	  b.click();
	  const n = (title) => Number([...document.querySelectorAll("dialog h3")].map((h) => h.textContent).find((s) => s.startsWith(title + " ("))?.match(/\((.*)\)/)[1] ?? 0);
	  const out = {Title: document.querySelector("dialog h2").textContent.split(" of ").pop(), State: b.closest("td").className.slice(2),
	    Open: n("Open and unknown"), Evidence: n("Evidence"), Objectives: n("Control objectives"), Attestation: n("Attested")};
	  document.querySelector("dialog").close();
	  return out;
	})`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-JSON +page):\n%s", diff)
	}
}

// filters sets each filter to each of its values, and some in combination.
func (r *reports) filters(t *testing.T, tab *tab) {
	t.Helper()
	values := eval[map[string][]string](tab, `Object.fromEntries([...document.querySelectorAll("#filters select")].map((s) => [s.name, [...s.options].map((o) => o.value)]))`)
	cases := []map[string]string{{}, {"text": r.findings[0].Check}, {"verdict": "every", "text": r.findings[len(r.findings)-1].Check}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			if v != "" {
				cases = append(cases, map[string]string{name: v}, map[string]string{"severity": "medium", "verdict": "gap", name: v}, map[string]string{"verdict": "every", name: v})
			}
		}
	}
	picked := map[string]bool{}
	for _, filter := range cases {
		if filter["verdict"] == "every" && len(filter) == 1 {
			picked["verdict"] = true
		}
		tab.pick(filter)
		want := r.checks(filter)
		if got := tab.counted(); got != len(want) {
			t.Errorf("%v picks %d findings, JSON has %d", filter, got, len(want))
		}
		slices.Sort(want)
		got := eval[[]string](tab, `(() => { const more = document.getElementById("more"); while (!more.hidden) more.click(); return [...new Set([...document.querySelectorAll("#list summary .id")].map((c) => c.textContent))].sort() })()`)
		if diff := cmp.Diff(slices.Compact(want), got, sameEmpty); diff != "" {
			t.Errorf("%v (-JSON +page):\n%s", filter, diff)
		}
		for name := range filter {
			picked[name] = picked[name] || len(want) > 0
		}
	}
	for name := range values {
		if !picked[name] {
			t.Errorf("no value of %s picks anything: the test shows nothing", name)
		}
	}
	r.remembered(t, tab)
}

// sameEmpty treats nil and empty lists as equal.
var sameEmpty = cmp.FilterValues(func(a, b []string) bool { return len(a)+len(b) == 0 }, cmp.Ignore())

// remembered: the address holds the filters, and restores them.
func (r *reports) remembered(t *testing.T, tab *tab) {
	t.Helper()
	filter := map[string]string{"severity": "high", "verdict": "gap"}
	tab.pick(filter)
	if hash := eval[string](tab, `location.hash`); !strings.Contains(hash, "severity=high") || !strings.Contains(hash, "verdict=gap") {
		t.Errorf("the address is %q", hash)
	}
	tab.do(chromedp.Reload())
	if got, want := tab.counted(), r.count(filter); got != want {
		t.Errorf("after a reload %d findings, want %d", got, want)
	}
	eval[any](tab, `document.getElementById("clear").click()`)
	tab.settled(map[string]string{})
	if got, want := tab.counted(), r.count(nil); got != want {
		t.Errorf("without filters %d findings, want %d", got, want)
	}
}

// --- a tab of the browser

type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
	requests []string
}

// newTab starts the browser of this machine with an empty profile.
func newTab(t *testing.T) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("this test needs chromium: %v", err)
	}
	limit, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(stop)
	flags := slices.Clone(chromedp.DefaultExecAllocatorOptions[:])
	flags = append(flags, chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, name := range []string{"disable-quic", "disable-component-update"} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	browser, stopBrowser := chromedp.NewExecAllocator(limit, flags...)
	t.Cleanup(stopBrowser)
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	return b
}

// note records unexpected events.
func (b *tab) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, "console."+string(ev.Type))
	case *log.EventEntryAdded:
		b.problems = append(b.problems, "log: "+ev.Entry.Text)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, ev.Request.URL)
	}
}

// quiet: there was no error, and no network request.
func (b *tab) quiet(what string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.problems) > 0 {
		b.t.Errorf("%s: %s", what, strings.Join(b.problems, "\n"))
	}
	loaded := 0
	for _, url := range b.requests {
		if strings.HasPrefix(url, "file:///") {
			loaded++
		} else if !strings.HasPrefix(url, "data:") {
			b.t.Errorf("%s asks for %s", what, url)
		}
	}
	if loaded == 0 {
		b.t.Errorf("%s: requests are not seen", what)
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) press(key string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key))
}

func (b *tab) open(file string, width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+file))
}

func call[P any](b *tab, command cdp.Command[P, cdp.Empty], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// pick sets the filters as a user does, the others to none, and waits.
func (b *tab) pick(filter map[string]string) {
	b.t.Helper()
	values, err := json.Marshal(filter)
	if err != nil {
		b.t.Fatal(err)
	}
	eval[any](b, `(() => {
	  const values = `+string(values)+`, form = document.getElementById("filters");
	  for (const e of form.elements) if (e.name) e.value = values[e.name] ?? "";
	  form.dispatchEvent(new Event("input"));
	})()`)
	b.settled(filter)
}

// settled waits until the address shows the selection, which changes before the list
// is drawn, and then for the list.
func (b *tab) settled(filter map[string]string) {
	b.t.Helper()
	values, _ := json.Marshal(filter)
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](`(() => {
	  const want = `+string(values)+`, is = new URLSearchParams(location.hash.slice(1).includes("=") ? location.hash.slice(1) : "");
	  return is.size === Object.keys(want).length && Object.entries(want).every(([k, v]) => is.get(k) === v);
	})()`))
	if err != nil {
		b.t.Fatalf("%v: the address is %q: %v", filter, eval[string](b, `location.hash`), err)
	}
}

// counted returns the number of findings that the page shows.
func (b *tab) counted() int {
	b.t.Helper()
	return leading(eval[string](b, `document.getElementById("count").textContent`))
}

// leading returns the number at the beginning of a text: "1,234 findings".
func leading(says string) int {
	n := 0
	fmt.Sscan(strings.ReplaceAll(strings.SplitN(says, " ", 2)[0], ",", ""), &n)
	return n
}

func size(t *testing.T, file string) string {
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.1f MB", float64(info.Size())/1e6)
}

// --- the configurations

// shop has environments, owners, attestations, an accepted gap, instances and
// unknowns.
func shop(t *testing.T) string {
	dir := t.TempDir()
	write(t, dir, ".demarc.hcl", `environment "prod" {
  roots     = ["app"]
  var_files = ["prod.tfvars"]
}
environment "dev" {
  roots     = ["app"]
  var_files = ["dev.tfvars"]
}
owner "data team" {
  services = ["rds"]
}
attest "people are trained" {
  layers   = ["client-side-encryption"]
  by       = "ada"
  evidence = "https://wiki.example.org/<training>"
  expires  = "2027-06-30"
}
`)
	write(t, dir, "app/prod.tfvars", "encrypt = true\nports = [22, 443]\n")
	write(t, dir, "app/dev.tfvars", "encrypt = false\nports = [443]\n")
	write(t, dir, "app/main.tf", `variable "encrypt" {}
variable "ports" {}
variable "key" { default = null }
variable "never" {}
resource "aws_db_instance" "orders" {
  for_each                = toset(["a", "b"])
  engine                  = "postgres"
  storage_encrypted       = var.encrypt
  backup_retention_period = var.never
}
resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_sqs_queue" "jobs" {
  # demarc:ignore aws-sqs-encrypted reason="nothing secret in it"
  sqs_managed_sse_enabled = false
}
`)
	write(t, dir, "other/main.tf", `resource "aws_sns_topic" "news" {}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
}
`)
	return dir
}

// large writes a configuration of the given number of resources, a tenth of them
// buckets with three others each.
func large(t *testing.T, dir string, resources int) {
	t.Helper()
	for file := range 10 {
		var b strings.Builder
		for i := range resources / 50 {
			largeUnit(&b, file*resources/50+i)
		}
		write(t, dir, fmt.Sprintf("part%d.tf", file), b.String())
	}
}

func largeUnit(w io.Writer, n int) {
	fmt.Fprintf(w, `resource "aws_s3_bucket" "b%[1]d" {
  bucket = "large-%[1]d"
}
resource "aws_s3_bucket_public_access_block" "b%[1]d" {
  bucket              = aws_s3_bucket.b%[1]d.id
  block_public_acls   = %[2]t
  block_public_policy = true
}
resource "aws_s3_bucket_versioning" "b%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_sqs_queue" "q%[1]d" {
  sqs_managed_sse_enabled = %[2]t
}
resource "aws_cloudwatch_log_group" "l%[1]d" {
  retention_in_days = 30
}
`, n, n%3 == 0)
}
