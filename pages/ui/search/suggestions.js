// Below the search box: recent searches while it is empty, and what fits while somebody types.
const KEPT = 12, SHOWN = 7, FEWEST_LETTERS = 2;
const SETTLED = 2_000;
const KINDS = { category: "category", tag: "only with this tag", saved: "saved query", recent: "recent search" };

const kept = (here) => `recent searches of ${here.data.of}`;

function recent(here) {
  try {
    const read = JSON.parse(localStorage.getItem(kept(here)) || "[]");
    return Array.isArray(read) ? read.filter((one) => typeof one === "string") : [];
  } catch { return []; }
}

function keep(here, all) {
  try {
    if (all.length) localStorage.setItem(kept(here), JSON.stringify(all.slice(0, KEPT)));
    else localStorage.removeItem(kept(here));
  } catch { /* this browser keeps nothing */ }
}

function note(here, text) {
  // What one types on takes the place of what was there before; what is half typed is no search.
  const query = text.trim();
  if (query.length < FEWEST_LETTERS || /(^|\s)[-+]$/.test(query)) return;
  const before = here.noted;
  const goesOn = (one) => one === before && (query.startsWith(one) || one.startsWith(query));
  keep(here, [query, ...recent(here).filter((one) => one !== query && !goesOn(one))]);
  here.noted = query;
}

function fragment(typed) {
  // The term that is being typed, and all before it.
  const at = Math.max(typed.lastIndexOf(" + "), typed.lastIndexOf(" - "));
  return at < 0 ? ["", typed] : [typed.slice(0, at + 3), typed.slice(at + 3)];
}

const fits = (text, part) => text.startsWith(part) || text.includes(" " + part);

function offered(here, typed) {
  const told = recent(here).map((text) => ({ kind: "recent", text, query: text }));
  if (!typed.trim()) return told.length ? [...told.slice(0, SHOWN), { kind: "clear", text: "Clear recent searches" }] : [];
  const [before, part] = fragment(typed.toLowerCase());
  const all = typed.trim().toLowerCase();
  const whole = (one) => ["recent", "saved"].includes(one.kind);
  const found = [...told, ...here.data.known].filter((one) => {
    const text = one.text.toLowerCase();
    if (text === all || one.query.toLowerCase() === all) return false;
    return whole(one) ? fits(text, all) : part.trim().length >= FEWEST_LETTERS && fits(text, part.trim());
  });
  const once = new Set();
  return found.filter((one) => !once.has(one.query || one.text) && once.add(one.query || one.text))
    .slice(0, SHOWN).map((one) => (whole(one) ? one : { ...one, before: typed.slice(0, before.length) }));
}

const boxOf = (here) => document.querySelector(`.st-key-${here.data.box} input`);

function set(box, text) {
  // As if it was typed, so that Streamlit takes notice.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.setSelectionRange(text.length, text.length);
}

function choose(here, item) {
  const box = boxOf(here);
  if (item.kind === "clear") {
    keep(here, []);
    return close(here);
  }
  const query = item.kind === "tag" ? item.before.replace(/ [-+] $/, "") || item.text : (item.before || "") + item.query;
  here.silent = true;
  set(box, query);
  here.silent = false;
  note(here, query);
  close(here);
  if (item.kind === "tag") here.tell("tag", item.text);
  if (!here.data.live) here.tell("chosen", query);
}

function close(here) {
  const box = boxOf(here);
  here.part.hidden = true;
  here.active = -1;
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
}

function mark(here, active) {
  here.active = active;
  const options = [...here.part.querySelectorAll("li")];
  options.forEach((one, at) => one.setAttribute("aria-selected", String(at === active)));
  options[active]?.scrollIntoView({ block: "nearest" });
  const box = boxOf(here);
  if (active < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", options[active].id);
}

function place(here) {
  const { left, bottom, width } = (boxOf(here).closest('[data-testid="stTextInputRootElement"]') || boxOf(here)).getBoundingClientRect();
  Object.assign(here.part.style, { left: left + "px", top: bottom + 4 + "px", width: width + "px" });
}

function open(here) {
  const box = boxOf(here);
  here.items = offered(here, box.value);
  if (!here.items.length) return close(here);
  here.part.querySelector("ul").replaceChildren(...here.items.map((item, at) => {
    const li = document.createElement("li");
    li.id = `suggested-${at}`;
    li.setAttribute("role", "option");
    const text = document.createElement("span");
    text.textContent = item.text;
    const kind = document.createElement("small");
    kind.textContent = box.value.trim() ? KINDS[item.kind] : "";
    li.className = item.kind;
    li.append(text, kind);
    li.onmousedown = (event) => event.preventDefault();  // the focus stays in the box
    li.onclick = () => choose(here, item);
    return li;
  }));
  here.part.querySelector("ul").setAttribute("aria-label", box.value.trim() ? "Suggestions" : "Recent searches");
  here.part.hidden = false;
  box.setAttribute("aria-expanded", "true");
  mark(here, -1);
  place(here);
}

function press(here, event) {
  const { part, items } = here;
  if (event.key === "Enter" && (part.hidden || here.active < 0)) {
    note(here, event.target.value);
    return close(here);
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (part.hidden) {
    if (event.key !== "ArrowDown") return;
    open(here);
    if (part.hidden) return;
    mark(here, 0);
  } else if (step) {
    const count = items.length + 1;  // one place more: the box itself
    mark(here, (here.active + 1 + step + count) % count - 1);
  } else if (event.key === "Enter") choose(here, items[here.active]);
  else if (event.key === "Escape") close(here);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function handlers(here) {
  const inBox = (act) => (event) => { if (here.part.isConnected && event.target === boxOf(here)) act(event); };
  return {
    focusin: inBox((event) => {
      const box = event.target;
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-controls", "suggested");
      box.setAttribute("autocomplete", "off");
      here.noted = null;
      if (!box.value) open(here);
    }),
    focusout: inBox((event) => { note(here, event.target.value); close(here); }),
    input: inBox(() => { if (!here.silent) open(here); }),
    keydown: inBox((event) => press(here, event)),
  };
}

function begun(parentElement) {
  const here = { part: parentElement.querySelector(".suggestions"), items: [], active: -1 };
  const all = Object.entries(handlers(here));
  const follow = () => { if (!here.part.hidden) place(here); };
  for (const [event, act] of all) document.addEventListener(event, act, true);
  window.addEventListener("resize", follow);
  document.addEventListener("scroll", follow, true);
  here.end = () => {
    for (const [event, act] of all) document.removeEventListener(event, act, true);
    window.removeEventListener("resize", follow);
    document.removeEventListener("scroll", follow, true);
    clearTimeout(here.settling);
  };
  return here;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const here = (parentElement.suggestions ||= begun(parentElement));
  here.tell = setTriggerValue;
  if (here.data?.of !== data.of) here.noted = null;
  here.data = data;
  clearTimeout(here.settling);
  // What a click or a link searched for is noted too, once it has stood in the box for a while.
  const settle = () => { if (boxOf(here)?.value === data.searched) note(here, data.searched); };
  if (data.searched) here.settling = setTimeout(settle, SETTLED);
  return here.end;
}
