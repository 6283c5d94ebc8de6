"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("filters"), fields = [...form.elements].filter((e) => e.name);
  const controls = [...document.querySelectorAll(".controls > li")].map((li) => ({
    li, details: li.firstElementChild, state: li.dataset.state, owner: li.dataset.owner, text: li.textContent.toLowerCase(),
  }));
  const chapters = [...document.querySelectorAll(".chapter")];

  function filter() {
    const text = form.elements.text.value.trim().toLowerCase(), state = form.elements.state.value, owner = form.elements.owner.value;
    let kept = 0;
    for (const c of controls) {
      const keep = (!state || c.state === state) && (!owner || c.owner === owner) && c.text.includes(text);
      c.li.hidden = !keep;
      if (keep) kept++;
    }
    for (const c of chapters) c.hidden = !c.querySelector(".controls > li:not([hidden])");
    $("count").textContent = kept === controls.length ? `${kept} controls assessed` : `${kept} of ${controls.length} controls`;
    $("clear").hidden = fields.every((e) => e.value === "");
  }

  // The filters stand in the address, so that a view can be sent.
  function keep() {
    const p = new URLSearchParams();
    for (const e of fields) if (e.value !== "") p.set(e.name, e.value);
    history.replaceState(null, "", p.size ? "#" + p : location.pathname + location.search);
  }
  function recall() {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return;
    const p = new URLSearchParams(hash);
    for (const e of fields) {
      const value = p.get(e.name) || "";
      if (e.type === "search" || [...e.options].some((o) => o.value === value)) e.value = value;
    }
  }
  form.addEventListener("input", () => { filter(); keep(); });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); keep(); form.elements.text.focus(); }));
  addEventListener("hashchange", () => { recall(); filter(); });

  const open = $("open");
  open.addEventListener("click", () => {
    const all = open.textContent === "Open all";
    for (const c of controls) if (!c.li.hidden) c.details.open = all;
    open.textContent = all ? "Close all" : "Open all";
  });

  // Print has the details of what an auditor asks about.
  addEventListener("beforeprint", () => {
    for (const c of controls) {
      if (c.li.hidden || c.details.open || !("asks" in c.details.dataset)) continue;
      c.details.open = true;
      c.details.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const d of document.querySelectorAll("[data-printed]")) {
      d.open = false;
      delete d.dataset.printed;
    }
  });

  recall();
  filter();
})();
