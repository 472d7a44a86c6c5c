// The grid of results. Texts go in as textContent and attributes, never as HTML.
const PRESSED = { m: ".like", g: ".mark.good", b: ".mark.bad" };
const THUMB = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 21h4V9H2zm20-11a2 2 0 0 0-2-2h-6.3l1-4.6v-.3a1.5 1.5 0 0 0-.5-1.1L13.200 1 6.600 7.600A2 2 0 0 0 6 9v10a2 2 0 0 0 2 2h9a2 2 0 0 0 1.800-1.200l3-7a2 2 0 0 0 .2-.8z"/></svg>';
const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "row", ArrowUp: "-row", Home: "first", End: "last" };

function bar(share) {
  const made = element("div", "bar");
  const fill = element("i");
  fill.style.width = Math.max(0, Math.min(1, share)) * 100 + "%";
  made.append(fill);
  return made;
}

function divider(text) {
  const made = element("li", "cut");
  made.append(element("span", "", text));
  return made;
}

function cards(data, tell) {
  const made = data.items.map((item) => card(item, tell, data.good));
  for (const cut of [...(data.cuts || [])].reverse()) made.splice(cut.at, 0, divider(cut.text));
  return made;
}

function mark(item, tell, good, is_on) {
  // A thumb: what is shown more of, and what less.
  const made = element("button", good ? "mark good" : "mark bad");
  made.type = "button";
  made.dataset.what = good ? "good" : "bad";
  made.title = good ? "Good result: find more of its kind (G)" : "Bad result: find less of its kind (B)";
  made.setAttribute("aria-label", (good ? "Good result: " : "Bad result: ") + item.alt);
  if (good) made.setAttribute("aria-pressed", String(is_on));
  made.innerHTML = THUMB;
  made.onclick = () => tell(good ? "good" : "bad", item.id);
  return made;
}

function parts(item) {
  // Each term's share of the score: to the right of zero what it adds, to the left what it takes.
  const made = element("div", "parts");
  made.title = item.parts.map((part) => part.text).join("\n");
  made.setAttribute("aria-hidden", "true");
  for (const part of item.parts) {
    const piece = element("i", part.share < 0 ? "against" : "");
    piece.style.left = 100 * part.start + "%";
    piece.style.width = 100 * Math.abs(part.share) + "%";
    piece.style.background = part.colour;
    made.append(piece);
  }
  const zero = element("b");
  zero.style.left = 100 * item.parts[0].zero + "%";
  made.append(zero);
  return made;
}

function term(entry) {
  const made = element("span", "term");
  const swatch = element("i");
  swatch.style.background = entry.colour;
  made.append(swatch, element("span", "", entry.text));
  return made;
}

function card(item, tell, good) {
  const li = element("li", item.dim ? "dim" : "");
  const open = element("button", "open");
  open.type = "button";
  open.dataset.id = item.id;
  open.title = item.about ? item.path + "\n" + item.about : item.path;
  open.onclick = () => { returnTo(open); tell("pick", item.id); };
  open.append(picture(item.url, item.alt));
  if (item.parts && item.parts.length) open.append(parts(item));
  else if (item.number) open.append(bar(item.fill));
  const line = element("div", "line");
  line.append(element("span", "what", item.what));
  if (item.number) {
    const number = element("span", "score", item.number);
    if (item.about) number.setAttribute("aria-label", item.about);
    line.append(number);
  }
  open.append(line);
  const like = element("button", "like", "More like this");
  like.type = "button";
  like.setAttribute("aria-label", item.like_label);
  like.dataset.what = "like";
  like.onclick = () => tell("like", item.id);
  li.append(open, like);
  if (good) {
    const is_good = good.includes(item.id);
    if (is_good) li.classList.add("liked");
    const marks = element("div", "marks");
    marks.append(mark(item, tell, true, is_good), mark(item, tell, false, false));
    li.append(marks);
  }
  return li;
}

function rove(list, wanted) {
  // One stop for the Tab key in the whole grid: the card that had the focus last.
  const all = [...list.querySelectorAll(".open")];
  const current = all.find((one) => one.dataset.id === wanted) || all[0];
  for (const one of all) one.tabIndex = one === current ? 0 : -1;
  for (const one of list.querySelectorAll(".like, .mark")) one.tabIndex = -1;
  if (current) list.dataset.current = current.dataset.id;
  return current;
}

let watch = null;

function returnTo(card) {
  // When what a card opened is closed, the focus goes back to the card.
  const list = card.closest("ul");
  let seen = false;
  watch?.disconnect();
  watch = new MutationObserver(() => {
    const open = document.querySelector('[role="dialog"]') !== null;
    if (open) seen = true;
    if (!seen || open) return;
    watch.disconnect();
    requestAnimationFrame(() => {
      const lost = [null, document.body].includes(document.activeElement);
      if (lost && list.isConnected) rove(list, card.dataset.id)?.focus();
    });
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

function move(event, list) {
  const all = [...list.querySelectorAll(".open")];
  const at = all.indexOf(event.target);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = PRESSED[event.key.toLowerCase()];
  if (button) {
    event.target.parentElement.querySelector(button)?.click();
    event.preventDefault();
  }
  const step = KEYS[event.key];
  if (step === undefined) return;
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  const targets = { row: at + columns, "-row": at - columns, first: 0, last: all.length - 1 };
  const next = all[typeof step === "number" ? at + step : targets[step]];
  if (next) { next.focus(); event.preventDefault(); }
}

function focusBox(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector('[data-testid="stMain"] input[type="search"], [data-testid="stMain"] input[type="text"]');
  if (box) { box.focus(); box.select(); event.preventDefault(); }
}

const grids = new Set();

function leadToGrids() {
  // The first stop of the page: outside of what Streamlit draws, which begins with the sidebar.
  const before = document.getElementById("skip-to-results");
  if (!grids.size) return before?.remove();
  if (before) return;
  const link = element("button", "", "Skip to results");
  link.type = "button";
  link.id = "skip-to-results";
  const colour = (name) => getComputedStyle([...grids][0]).getPropertyValue(name);
  Object.assign(link.style, {
    position: "fixed", top: "8px", left: "8px", zIndex: 1000000, padding: "8px 16px", font: "inherit",
    borderRadius: "8px", border: "2px solid currentColor", transform: "translateY(-200%)",
  });
  link.onfocus = () => {
    link.style.color = colour("--st-text-color");
    link.style.background = colour("--st-background-color");
    link.style.transform = "none";
  };
  link.onblur = () => { link.style.transform = "translateY(-200%)"; };
  link.onclick = () => {
    const top = (list) => list.getBoundingClientRect().top;
    const first = [...grids].reduce((one, other) => (top(other) < top(one) ? other : one));
    rove(first, first.dataset.current)?.focus();
  };
  document.body.prepend(link);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.dataset.size = data.size;
  parentElement.querySelector(".legend").replaceChildren(...(data.legend || []).map(term));
  list.setAttribute("aria-label", data.label);
  const shown = data.items.map((item) => [item.id, item.number, item.about, item.dim, item.parts]);
  const signature = JSON.stringify([data.cuts, data.good, shown]);
  if (list.dataset.signature !== signature) {
    list.dataset.signature = signature;
    const had = list.getRootNode().activeElement;
    const focused = list.contains(had);
    list.replaceChildren(...cards(data, setTriggerValue));
    const current = rove(list, list.dataset.current);
    if (focused) current?.focus({ preventScroll: true });
  }
  if (data.reveal && list.dataset.reveal !== data.reveal) {
    // What a click brought up may lie below the fold.
    list.dataset.reveal = data.reveal;
    list.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  list.onkeydown = (event) => move(event, list);
  const follow = (event) => { if (event.target.matches(".open")) rove(list, event.target.dataset.id); };
  list.addEventListener("focusin", follow);
  if (data.items.length) grids.add(list);
  leadToGrids();
  document.addEventListener("keydown", focusBox);
  return () => {
    document.removeEventListener("keydown", focusBox);
    list.removeEventListener("focusin", follow);
    grids.delete(list);
    setTimeout(leadToGrids, 0);
  };
}
