// A row of buttons as a toolbar: one stop for Tab, arrows within.
const KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" };

function stops(bar) {
  return [...bar.querySelectorAll("button, a[href]")].filter((one) => !one.disabled && one.getClientRects().length);
}

function rove(bar, wanted) {
  const all = stops(bar);
  const current = all.includes(wanted) ? wanted : all.includes(bar.current) ? bar.current : all[0];
  bar.current = current;
  for (const one of all) if (one.tabIndex !== (one === current ? 0 : -1)) one.tabIndex = one === current ? 0 : -1;
}

function move(bar, event) {
  const step = KEYS[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = stops(bar), at = all.indexOf(event.target.closest("button, a[href]"));
  if (at < 0) return;
  const to = { first: 0, last: all.length - 1 }[step] ?? (at + step + all.length) % all.length;
  all[to].focus();
  event.preventDefault();
}

function begun(bar, label) {
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  const focus = (event) => rove(bar, event.target.closest("button, a[href]"));
  const press = (event) => move(bar, event);
  const watch = new MutationObserver(() => rove(bar));
  bar.addEventListener("focusin", focus);
  bar.addEventListener("keydown", press);
  watch.observe(bar, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  rove(bar);
  return () => {
    bar.removeEventListener("focusin", focus);
    bar.removeEventListener("keydown", press);
    watch.disconnect();
  };
}

export default function ({ data, parentElement }) {
  const bar = document.querySelector(`.st-key-${CSS.escape(data.container)}`);
  if (bar && parentElement.bar !== bar) {
    parentElement.end?.();
    parentElement.bar = bar;
    parentElement.end = begun(bar, data.label);
  }
  return () => parentElement.end?.();
}
