(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = data.texts;
  const $ = (id) => document.getElementById(id);
  const step = 200;       // entries that are shown at a time
  const mostPrinted = 1000;

  // element makes an element of what is text, and only text.
  function element(name, options, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(options || {})) {
      if (key === "on") for (const [event, run] of Object.entries(value)) e.addEventListener(event, run);
      else e.setAttribute(key, value);
    }
    e.append(...children.filter((c) => c !== "" && c !== null && c !== undefined));
    return e;
  }
  const svgNS = "http://www.w3.org/2000/svg";
  function icon(state) {
    const s = document.createElementNS(svgNS, "svg"), use = document.createElementNS(svgNS, "use");
    s.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#i-" + state);
    s.append(use);
    return s;
  }
  const count = (n, noun) => n.toLocaleString("en") + " " + (n === 1 ? noun : noun.endsWith("y") ? noun.slice(0, -1) + "ies" : noun + "s");
  const link = (url, says) => url.startsWith("https://") ? element("a", { href: url, rel: "noopener noreferrer" }, says) : says;

  // soft is a text that may break where its parts end.
  const soft = (s) => s.split(/(?<=[./_:])(?=[^\d])/).flatMap((part, i) => i ? [document.createElement("wbr"), part] : [part]);

  // --- what the numbers of the data mean: see pageData

  const verdicts = ["gap", "unknown", "accepted", "met"];
  const severities = ["none", "low", "medium", "high", "critical"];
  const models = ["", "infrastructure", "container", "abstract"];
  const listed = (places) => data.places[places].map((t) => text[t]);

  const resources = data.resources.map((r, number) => ({
    address: text[r[0]], type: text[r[1]], at: text[r[2]], action: text[r[3]], service: data.services[r[4] - 1], model: models[r[5]],
    team: text[r[6]], environments: r[7], number, refs: r.slice(8), found: [0, 0, 0, 0],
  }));
  let finding = 0; // how many there are
  const entries = data.entries.map(([row, instances], number) => {
    const n = (i) => row[i] || 0, t = (i) => text[n(i)];
    const e = {
      number, first: finding, check: data.checks[n(0)], verdict: n(1), severity: n(2), service: data.services[n(3) - 1], message: t(4), at: t(5),
      cause: n(6), says: t(7), source: t(8), yours: t(9), remedy: t(10), value: t(11), inside: t(12), change: t(13),
      line: n(14), excerpt: t(15), indent: n(16), caret: n(17),
    };
    e.instances = instances.map((i) => {
      const resource = resources[(i[2] || 0) - 1];
      if (resource) resource.found[e.verdict]++;
      return { team: text[i[0] || 0], environments: i[1] || 0, resource, at: text[i[3] || 0], address: resource ? resource.address : text[i[4] || 0] };
    });
    finding += instances.length;
    return e;
  });
  const entryOf = (n) => { // the entry of a finding, by its number
    let low = 0, high = entries.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (entries[mid].first <= n) low = mid; else high = mid - 1;
    }
    return entries[low];
  };

  // --- filters

  const form = $("filters"), { names, remember, recall } = addressed(form, "findings", show);
  const environmentNumber = new Map();
  const inEnvironment = (places, name) => {
    if (!environmentNumber.has(name)) environmentNumber.set(name, new Set(data.places.map((p, i) => p.some((t) => text[t] === name) ? i : -1)));
    return environmentNumber.get(name).has(places);
  };
  const ownerIs = (team, owner) => !owner || (owner === "-" ? team === "" : team === owner);

  function picked() {
    const f = {};
    for (const name of names) f[name] = form.elements[name].value;
    f.text = f.text.trim().toLowerCase();
    f.level = severities.indexOf(f.severity || "low");
    f.layerNumber = data.layers.findIndex((l) => l.id === f.layer);
    return f;
  }
  function keepsEntry(e, f) {
    if (f.verdict === "" ? e.verdict === 3 : f.verdict !== "every" && verdicts[e.verdict] !== f.verdict) return false;
    if (e.severity < f.level) return false;
    if (f.layer && e.check.layer !== f.layerNumber) return false;
    return !f.service || (e.service !== undefined && e.service.id === f.service);
  }
  // haystack is all of an entry that text is looked for in, but its addresses.
  const haystack = (e) => e.hay || (e.hay = [e.check.id, e.check.title, e.message, e.at, e.remedy, e.value, e.yours, e.says, e.excerpt, e.check.serves].join("\n").toLowerCase());
  function keepsInstance(i, f, inEntry) {
    if (f.owner && !ownerIs(i.team, f.owner)) return false;
    if (f.environment && !inEnvironment(i.environments, f.environment)) return false;
    return inEntry || i.address.toLowerCase().includes(f.text) || i.at.toLowerCase().includes(f.text);
  }

  let shown = [], findings = 0, drawn = 0;
  let shownResources = [], drawnResources = 0;

  function filter() {
    const f = picked();
    shown = [];
    findings = 0;
    const touched = new Set();
    for (const e of entries) {
      if (!keepsEntry(e, f)) continue;
      const inEntry = f.text === "" || haystack(e).includes(f.text);
      const kept = e.instances.filter((i) => keepsInstance(i, f, inEntry));
      if (kept.length === 0) continue;
      shown.push({ e, kept });
      findings += kept.length;
      for (const i of kept) if (i.resource) touched.add(i.resource);
    }
    const byFinding = f.layer || f.severity || (f.verdict && f.verdict !== "every");
    shownResources = resources.filter((r) => {
      if (f.service && (!r.service || r.service.id !== f.service)) return false;
      return touched.has(r) || !byFinding && own(r, f) && r.address.toLowerCase().includes(f.text);
    });
  }
  const own = (r, f) => ownerIs(r.team, f.owner) && (!f.environment || inEnvironment(r.environments, f.environment));

  function show() {
    filter();
    drawn = 0;
    drawnResources = 0;
    list.replaceChildren();
    heading = "";
    draw(step);
    rows.replaceChildren();
    drawResources(step);
    $("count").textContent = count(findings, "finding") + (shown.length === findings ? "" : " in " + count(shown.length, "entry")) + "; " + finding.toLocaleString("en") + " in all";
    $("resource-count").textContent = count(shownResources.length, "resource") + " of " + resources.length.toLocaleString("en");
    $("clear").hidden = names.every((name) => form.elements[name].value === "");
    mark();
  }

  // mark shows what the filters pick outside of the list.
  function mark() {
    const layer = form.elements.layer.value, kept = new Set(shownResources.map((r) => r.number));
    for (const tr of document.querySelectorAll("tr[data-layer]")) tr.classList.toggle("picked", layer === tr.dataset.layer);
    for (const node of document.querySelectorAll(".node[data-node]")) node.classList.toggle("out", !kept.has(Number(node.dataset.node)));
  }

  // --- findings

  const list = $("list");
  let ol = null, heading = "";

  function headingOf(e) {
    if (e.verdict === 0) return severities[e.severity][0].toUpperCase() + severities[e.severity].slice(1) + " gaps";
    if (e.verdict === 1) return "Unknown: " + (data.causes[e.cause - 1] || "");
    return e.verdict === 2 ? "Accepted" : "Met";
  }
  function draw(most) {
    const end = Math.min(drawn + most, shown.length);
    for (; drawn < end; drawn++) {
      const says = headingOf(shown[drawn].e);
      if (says !== heading || ol === null || drawn === 0) {
        heading = says;
        ol = element("ol", { class: "entries lazy" });
        list.append(element("h3", {}, says), ol);
      }
      ol.append(row(shown[drawn]));
    }
    const left = shown.length - drawn;
    $("more").hidden = left === 0;
    $("more").textContent = "Show " + Math.min(step, left) + " more of " + left.toLocaleString("en");
    if (shown.length === 0) list.replaceChildren(element("p", { class: "left" }, finding ? "Nothing that these filters pick." : "No findings."));
  }
  function row({ e, kept }) {
    const open = e.verdict === 0 && data.failOn > 0 && e.severity >= data.failOn && drawn < 40;
    const where = element("span", { class: "where" }, element("code", {}, e.at), " ", element("code", {}, kept[0].address), kept.length > 1 ? " and " + (kept.length - 1).toLocaleString("en") + " more" : "", environmentsOf(kept), e.change ? " · " + e.change : "");
    const d = element("details", { class: "entry v-" + verdicts[e.verdict], "data-entry": e.number, on: { toggle: () => fill(d, e, kept) } },
      element("summary", {}, element("span", { class: "sev sev-" + severities[e.severity] }, severities[e.severity]),
        element("span", {}, element("span", { class: "what" }, titleOf(e)), " ", element("code", { class: "id" }, e.check.id)), where));
    if (open) {
      d.open = true;
      fill(d, e, kept);
    }
    return element("li", {}, d);
  }
  const titleOf = (e) => e.verdict === 0 || e.verdict === 2 ? e.message : e.check.title;
  function environmentsOf(kept) {
    const names = [...new Set(kept.flatMap((i) => listed(i.environments)))].sort();
    return names.length ? " · in " + names.join(", ") : "";
  }
  function fill(d, e, kept) {
    if (d.lastElementChild.className === "body") return;
    const body = element("div", { class: "body" });
    if (e.verdict === 1) body.append(element("p", {}, e.message));
    if (e.excerpt) {
      body.append(element("pre", { tabindex: "0", "aria-label": "Source at " + e.at }, element("span", { class: "no" }, String(e.line)), e.excerpt, "\n",
        element("span", { class: "no" }), element("span", { class: "caret", "aria-hidden": "true" }, " ".repeat(e.indent) + "^".repeat(e.caret))));
    }
    const dl = element("dl");
    const say = (term, ...says) => { if (says.some((s) => s !== "" && s)) dl.append(element("dt", {}, term), element("dd", {}, ...says)); };
    say("inside", e.inside);
    say("value", e.value);
    say(e.verdict === 2 ? "accepted" : "shown", e.says.replace(/^accepted /, ""), e.source ? " " : "", e.source ? link(e.source, "source") : "");
    say("yours", e.yours);
    say("owner", [...new Set(kept.map((i) => i.team).filter(Boolean))].join(", "));
    say("close", e.remedy);
    if (titleOf(e) !== e.check.title) say("wants", e.check.title);
    say("why", e.check.why, e.check.source ? " " : "", e.check.source ? link(e.check.source, "source") : "");
    say("layer", e.check.layer >= 0 ? data.layers[e.check.layer].name : "");
    say("serves", [e.check.objective, e.check.serves].filter(Boolean).join(": "));
    if (kept.length > 1) {
      const also = element("ul");
      for (const i of kept.slice(0, 50)) also.append(element("li", {}, element("code", {}, [i.address, i.at].filter(Boolean).join("  ")), environmentsOf([i])));
      if (kept.length > 50) also.append(element("li", {}, "and " + (kept.length - 50).toLocaleString("en") + " more"));
      say("of", also);
    }
    body.append(dl);
    d.append(body);
  }
  $("more").addEventListener("click", () => {
    const at = drawn;
    draw(step);
    list.querySelectorAll("summary")[at]?.focus();
  });

  // --- resources

  const rows = $("resource-rows");
  $("resource-table").classList.toggle("unowned", resources.every((r) => r.team === ""));
  function drawResources(most) {
    const end = Math.min(drawnResources + most, shownResources.length);
    for (; drawnResources < end; drawnResources++) {
      const r = shownResources[drawnResources], tr = element("tr");
      const number = (n) => element("td", n === 0 ? { class: "zero" } : {}, n.toLocaleString("en"));
      const refs = r.refs.slice(0, 6).map((t) => text[t]).join(", ") + (r.refs.length > 6 ? " and " + (r.refs.length - 6) + " more" : "");
      tr.append(element("td", {}, element("code", {}, ...soft(r.address)), r.action ? " " + r.action : ""),
        element("td", {}, r.service ? r.service.name : "not known", r.model ? element("small", {}, r.model) : ""),
        number(r.found[0] + r.found[2]), number(r.found[1]), number(r.found[3]), element("td", {}, r.team),
        element("td", {}, element("code", {}, ...soft(r.at))), element("td", {}, element("code", {}, ...soft(refs))));
      rows.append(tr);
    }
    const left = shownResources.length - drawnResources;
    $("more-resources").hidden = left === 0;
    $("more-resources").textContent = "Show " + Math.min(step, left) + " more of " + left.toLocaleString("en");
  }
  $("more-resources").addEventListener("click", () => drawResources(step));

  function pick(values) {
    for (const name of names) form.elements[name].value = values[name] || "";
    remember();
    show();
  }
  for (const b of document.querySelectorAll("[data-service]")) b.addEventListener("click", () => {
    pick({ service: b.dataset.service });
    $("findings").scrollIntoView();
    $("findings").focus({ preventScroll: true });
  });

  // --- the matrix

  for (const b of document.querySelectorAll(".expand")) b.addEventListener("click", () => {
    const open = b.getAttribute("aria-expanded") !== "true";
    b.setAttribute("aria-expanded", String(open));
    for (const tr of document.querySelectorAll(`tr[data-of="${b.dataset.row}"]`)) tr.hidden = !open;
    stand(b);
  });

  // The matrix is one stop of the Tab key, and arrow keys lead through it:
  // https://www.w3.org/WAI/ARIA/apg/patterns/grid/
  const grid = document.querySelector(".matrix");
  let stop = null; // where the Tab key leads to
  const target = (cell) => cell.querySelector("button") || cell;
  function stand(at) {
    if (stop) stop.tabIndex = -1;
    stop = at;
    stop.tabIndex = 0;
  }
  // beside is the cell that a key leads to from one.
  function beside(cell, key, ends) {
    const trs = [...grid.tBodies[0].rows].filter((tr) => !tr.hidden);
    const row = trs.indexOf(cell.parentElement), last = cell.parentElement.cells.length - 1, end = trs.length - 1;
    const to = {
      ArrowUp: [row - 1, cell.cellIndex], ArrowDown: [row + 1, cell.cellIndex], ArrowLeft: [row, cell.cellIndex - 1], ArrowRight: [row, cell.cellIndex + 1],
      Home: [ends ? 0 : row, 0], End: [ends ? end : row, last],
    }[key];
    return to && trs[Math.min(Math.max(to[0], 0), end)].cells[Math.min(Math.max(to[1], 0), last)];
  }
  if (grid) {
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-readonly", "true");
    grid.parentElement.removeAttribute("tabindex"); // what has focus in it scrolls it
    for (const cell of grid.tBodies[0].querySelectorAll("th, td")) target(cell).tabIndex = -1;
    stand(grid.querySelector(".cell"));
    grid.addEventListener("focusin", (event) => stand(event.target));
    grid.addEventListener("keydown", (event) => {
      if (event.altKey || event.metaKey || event.shiftKey) return;
      const to = beside(event.target.closest("th, td"), event.key, event.ctrlKey);
      if (!to) return;
      event.preventDefault();
      target(to).focus({ preventScroll: true });
      to.scrollIntoView({ block: "nearest", inline: "nearest" }); // focus alone leaves a part of it below the heads
    });
  }
  const dialog = $("detail");
  for (const b of document.querySelectorAll(".cell")) b.addEventListener("click", () => {
    $("detail-body").replaceChildren(...detail(Number(b.dataset.cell)));
    dialog.showModal();
    dialog.scrollTop = 0;
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  function detail(number) {
    const c = data.cells[number], layers = data.layers.length, column = data.columns[Math.floor(number / layers)], layer = data.layers[number % layers];
    $("detail-title").textContent = layer.name + " of " + column.title;
    const out = [element("p", { class: "lead" }, [column.model, count(column.resources, "resource"), c.owner + (c.published ? " (published as " + c.published + ")" : "")].filter(Boolean).join(" · "))];
    const dl = element("dl");
    const say = (term, ...says) => { if (says.some(Boolean)) dl.append(element("dt", {}, term), element("dd", {}, ...says)); };
    say("yours", c.yours);
    say("AWS's", c.theirs);
    say("duties", c.tally);
    say("sources", c.source ? link(c.source, "today") : "", c.source && c.paper ? " · " : "", c.paper ? link(c.paper, "as published") : "");
    out.push(dl);
    section(out, "Control objectives", (c.objectives || []).map((o) => element("li", { class: "s-" + o.state }, element("em", {}, icon(o.state), o.title || "no objective"), element("small", {}, o.tally), o.half ? element("small", {}, "not shown by a configuration: " + o.half) : "")));
    section(out, "Attested", (c.attested || []).map((a) => element("li", {}, a.name, element("small", {}, ["by " + a.by, a.date && "since " + a.date, a.expires && "until " + a.expires].filter(Boolean).join(", "), a.evidence && ": " + a.evidence))));
    section(out, "Open and unknown", few(c.open || []));
    section(out, "Evidence", few(c.evidence || []));
    return out;
  }
  function section(out, title, items) {
    if (items.length === 0) return;
    const total = items.total || items.length;
    out.push(element("h3", {}, title + " (" + total.toLocaleString("en") + ")"), element("ul", {}, ...items));
  }
  // few are the first findings of a cell, each a way to its place in the list.
  function few(numbers) {
    const most = 60;
    const items = numbers.slice(0, most).map((n) => {
      const e = entryOf(n), i = e.instances[n - e.first];
      const b = element("button", { type: "button", class: "link", on: { click: () => visit(e) } }, titleOf(e));
      const how = e.verdict === 3 ? "" : (e.verdict === 0 ? severities[e.severity] : verdicts[e.verdict]) + " · ";
      return element("li", {}, b, element("small", {}, how, [i.address, i.at || e.at].filter(Boolean).join(" · "), e.verdict === 3 && e.says ? " · " + e.says : ""));
    });
    if (numbers.length > most) items.push(element("li", {}, "and " + (numbers.length - most).toLocaleString("en") + " more"));
    items.total = numbers.length;
    return items;
  }
  // visit shows an entry in the list, whatever the filters were.
  function visit(e) {
    dialog.close();
    pick({ verdict: e.verdict === 3 ? "met" : "", text: e.check.id });
    const at = shown.findIndex((s) => s.e === e);
    if (at >= drawn) draw(at - drawn + step);
    const d = list.querySelector(`[data-entry="${e.number}"]`);
    if (!d) return;
    d.open = true;
    d.scrollIntoView({ block: "center" });
    d.querySelector("summary").focus({ preventScroll: true });
  }

  // --- the picture

  const map = document.querySelector(".map");
  if (map) {
    const light = (id) => {
      map.classList.toggle("focus", id !== null);
      for (const e of map.querySelectorAll("[data-from]")) e.classList.toggle("on", id !== null && (e.dataset.from === id || e.dataset.to === id));
    };
    for (const n of map.querySelectorAll("[data-node]")) {
      if (n.dataset.node === "") continue;
      n.addEventListener("pointerenter", () => light(n.dataset.node));
      n.addEventListener("pointerleave", () => light(null));
    }
  }

  // --- print: what the filters pick, opened, up to a bound

  addEventListener("beforeprint", () => {
    draw(Math.max(0, mostPrinted - drawn));
    const at = new Map(shown.slice(0, drawn).map((s) => [s.e.number, s]));
    for (const d of list.querySelectorAll("details:not([open])")) {
      const { e, kept } = at.get(Number(d.dataset.entry));
      fill(d, e, kept);
      d.open = true;
      d.dataset.printed = "";
    }
    drawResources(Math.max(0, mostPrinted - drawnResources));
    leave(list, drawn, shown.length, "entry");
    leave($("resource-table").parentElement, drawnResources, shownResources.length, "resource");
  });
  // leave says what paper leaves out.
  function leave(after, printed, all, noun) {
    if (all > printed) after.append(element("p", { class: "left printed" }, "Printed are the first " + printed.toLocaleString("en") + " of " + count(all, noun) + ": pick less with the filters to print the others."));
  }
  addEventListener("afterprint", () => {
    for (const d of list.querySelectorAll("[data-printed]")) { d.open = false; delete d.dataset.printed; }
    for (const p of document.querySelectorAll(".printed")) p.remove();
  });

  const linked = recall();
  show();
  if (linked) $("findings").scrollIntoView();
})();
