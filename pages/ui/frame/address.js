// Writes the address line, and tells where Back and Forward lead to.
const all = (window.__imageSearchAddress ||= { here: null, popped: null, run: null, opened: false, visits: 0, waits: null });
const LONGEST_WAIT = 10_000;

function visit(here, search) {
  all.waits = { visit: Date.now() * 100 + (all.visits++ % 100), search, since: Date.now() };
  here.tell("visited", { search, visit: all.waits.visit });
}

if (!all.listens) {
  all.listens = true;
  window.addEventListener("popstate", () => {
    const here = all.here;
    if (!here || here.path !== location.pathname) {
      all.popped = location.href;
      return;
    }
    // Streamlit has the page run as well, for what it was told before; this is there before that is.
    if (all.waits || location.search.slice(1) !== here.search) visit(here, location.search);
  });
}

function isAwaited(data) {
  // Another run is on its way, for where Back has led to; this one still shows what was there before.
  const waits = all.waits;
  if (waits && (data.visit >= waits.visit || Date.now() - waits.since > LONGEST_WAIT)) all.waits = null;
  return all.waits !== null;
}

function write(data) {
  const target = location.pathname + (data.search ? "?" + data.search : "");
  const said = new URLSearchParams(data.search);
  const opens = said.has("picture") || said.has("compare");
  if (data.step === "new") {
    all.opened = opens;
    history.pushState({}, "", target);
  } else if (data.step === "back" && all.opened) {
    all.opened = false;
    history.back();
  } else history.replaceState({}, "", target);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const here = { path: location.pathname, search: data.search, tell: setTriggerValue, part: parentElement };
  all.here = here;
  const end = () => { if (all.here?.part === parentElement) all.here = null; };
  // Streamlit draws components anew after Back as well, before the page has run: that says nothing.
  if (all.run === data.run) return end;
  all.run = data.run;
  if (isAwaited(data)) return end;
  const came = all.popped && new URL(all.popped);
  all.popped = null;
  if (came && came.pathname === location.pathname && came.search.slice(1) !== data.search) {
    // Back from another page: the page has run, and does not know where it has led to.
    visit(here, came.search);
  } else if (location.search.slice(1) !== data.search) write(data);
  return end;
}
