// A row of buttons as a toolbar: one stop for Tab, arrows within.
const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" };

function stops(bar) {
  return [...bar.querySelectorAll("button, a[href]")].filter((one) => !one.disabled && one.getClientRects().length);
}

function setStop(bar, wanted) {
  const all = stops(bar);
  const current = all.includes(wanted) ? wanted : all.includes(bar.stop) ? bar.stop : all[0];
  bar.stop = current;
  for (const one of all) if (one.tabIndex !== (one === current ? 0 : -1)) one.tabIndex = one === current ? 0 : -1;
}

function step(bar, event) {
  const wanted = STEPS[event.key];
  if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = stops(bar), at = all.indexOf(event.target.closest("button, a[href]"));
  if (at < 0) return;
  const to = { first: 0, last: all.length - 1 }[wanted] ?? (at + wanted + all.length) % all.length;
  all[to].focus();
  event.preventDefault();
}

function makeOneStop(bar, label) {
  // Returns what undoes it, where the bar outlives the component.
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  const focus = (event) => setStop(bar, event.target.closest("button, a[href]"));
  const press = (event) => step(bar, event);
  const watch = new MutationObserver(() => setStop(bar));
  bar.addEventListener("focusin", focus);
  bar.addEventListener("keydown", press);
  watch.observe(bar, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  setStop(bar);
  return () => {
    bar.removeEventListener("focusin", focus);
    bar.removeEventListener("keydown", press);
    watch.disconnect();
  };
}
