// Writes the address line, and tells where Back and Forward lead to: two components, one memory.
const all = (window.__imageSearchAddress ||= { visits: 0, waits: null, below: null });
const AGAIN = 1_500;

function visit(search) {
  clearTimeout(all.waits?.again);
  const waits = { visit: Date.now() * 100 + (all.visits++ % 100), search };
  // A run that is just ending may not have heard it.
  waits.again = setTimeout(() => { if (all.waits === waits) visit(search); }, AGAIN);
  all.waits = waits;
  all.tell?.("visited", { search, visit: waits.visit });
}

if (!all.listens) {
  all.listens = true;
  window.addEventListener("popstate", () => {
    if (all.path !== location.pathname || !all.tell) all.popped = location.href;
    else if (all.waits || location.search.slice(1) !== all.search) visit(location.search);
  });
}

function listen(parentElement, tell) {
  all.tell = tell;
  all.listener = parentElement;
  return () => { if (all.listener === parentElement) all.tell = all.listener = null; };
}

function write(data) {
  const target = location.pathname + (data.search ? "?" + data.search : "");
  const said = new URLSearchParams(data.search);
  const opens = said.has("picture") || said.has("compare");
  if (data.step === "new") {
    all.below = opens ? location.search.slice(1) : null;
    history.pushState({ own: true }, "", target);
  } else if (data.step === "back" && all.below === data.search) {
    // What was marked while it was open is not in the step below.
    all.below = null;
    history.back();
  } else history.replaceState({}, "", target);
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (data.listens) return listen(parentElement, setTriggerValue);
  // Streamlit draws components anew after Back as well, before the page has run: that says nothing.
  if (all.run === data.run) return;
  Object.assign(all, { run: data.run, path: location.pathname, search: data.search });
  if (all.waits && data.visit < all.waits.visit) return;  // the run for where Back has led to comes
  clearTimeout(all.waits?.again);
  all.waits = null;
  const came = all.popped && new URL(all.popped);
  all.popped = null;
  if (came && came.pathname === location.pathname && came.search.slice(1) !== data.search) {
    // Back from another page: the page has run, and does not know where it has led to.
    visit(came.search);
  } else if (location.search.slice(1) !== data.search) write(data);
}
