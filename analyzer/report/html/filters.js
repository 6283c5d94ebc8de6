"use strict";

// addressed keeps the filters of a form in the address, so that a view can be
// sent, and shows what they pick when they change. Home is the address without
// any.
function addressed(form, home, show) {
  const names = [...form.elements].map((e) => e.name).filter(Boolean); // the filters that there are
  function remember() {
    const p = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) p.set(name, form.elements[name].value);
    history.replaceState(null, "", "#" + (p.toString() || home));
  }
  function recall() {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return false;
    const p = new URLSearchParams(hash);
    for (const name of names) {
      form.elements[name].value = p.get(name) || "";
      if (form.elements[name].selectedIndex === -1) form.elements[name].value = "";
    }
    return true;
  }
  let soon = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(soon);
    soon = setTimeout(() => { remember(); show(); }, event.target.name === "text" ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { remember(); show(); }));
  addEventListener("hashchange", () => { if (recall()) show(); });
  return { names, remember, recall };
}
