(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("filters"), { names, recall } = addressed(form, "controls", show);
  const controls = [...document.querySelectorAll("[data-control]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const count = (n, noun) => n + " " + noun + (n === 1 ? "" : "s");
  const texts = new Map();
  const textOf = (li) => texts.get(li) ?? texts.set(li, li.textContent.toLowerCase()).get(li);

  function show() {
    const text = form.elements.text.value.trim().toLowerCase(), state = form.elements.state.value, who = form.elements.who.value;
    let shown = 0;
    for (const li of controls) {
      li.hidden = !((!state || li.dataset.state === state) && (!who || li.dataset.who === who) && textOf(li).includes(text));
      if (!li.hidden) shown++;
    }
    for (const g of groups) g.hidden = !g.querySelector("[data-control]:not([hidden])");
    const picks = names.map((name) => form.elements[name]).filter((e) => e.value !== "").map((e) => e.selectedOptions ? e.selectedOptions[0].textContent : "“" + e.value + "”");
    $("none").hidden = shown > 0;
    $("clear").hidden = picks.length === 0;
    $("count").textContent = picks.length === 0 ? count(controls.length, "control") : shown + " of " + count(controls.length, "control") + ": " + picks.join(", ");
  }

  // --- details

  const shut = (selector) => document.querySelectorAll("li:not([hidden]) > details" + selector + ":not([open])");
  $("open").addEventListener("click", () => {
    const open = $("open").textContent === "Open all";
    for (const d of document.querySelectorAll("li:not([hidden]) > details")) d.open = open;
    $("open").textContent = open ? "Close all" : "Open all";
  });

  // Paper shows what is to do, opened, and what the reader has opened.
  addEventListener("beforeprint", () => {
    for (const d of shut(":is(.s-gap, .s-unknown, .s-unevidenced)")) {
      d.open = true;
      d.dataset.printed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const d of document.querySelectorAll("[data-printed]")) { d.open = false; delete d.dataset.printed; }
  });

  const linked = recall();
  show();
  if (linked) $("controls").scrollIntoView();
})();
