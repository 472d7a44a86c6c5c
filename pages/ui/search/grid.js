// The grid of results. Texts go in as textContent and attributes, never as HTML.
const PRESSED = { m: ".like", g: ".good", b: ".bad", x: ".select", a: ".fold" };
const ICONS = {
  good: "M2 21h4V9H2zM22 10a2 2 0 0 0-2-2h-6.300l1-4.600v-.300a1.500 1.500 0 0 0-.500-1.100L13.200 1 6.600 7.600A2 2 0 0 0 6 9v10a2 2 0 0 0 2 2h9a2 2 0 0 0 1.800-1.200l3-7a2 2 0 0 0 .200-.800z",
  like: "M10 3a7 7 0 1 0 4.300 12.500l5 5 1.400-1.400-5-5A7 7 0 0 0 10 3zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  select: "M9 16.200 4.800 12l-1.400 1.400L9 19 21 7l-1.400-1.400z",
};
const LONG_PRESS = 450;
const FIRST = 28;

function bar(share) {
  const made = element("div", "bar");
  const fill = element("i");
  fill.style.width = Math.max(0, Math.min(1, share)) * 100 + "%";
  made.append(fill);
  return made;
}

function divider(cut) {
  const made = element("li", cut.names ? "cut heading" : "cut");
  made.append(element("span", "", cut.text));
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

function action(name, icon, label, what, act) {
  const made = element("button", name);
  made.type = "button";
  made.tabIndex = -1;
  made.title = label;
  made.setAttribute("aria-label", label + ": " + what);
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[icon]);
  drawn.append(path);
  made.append(drawn);
  made.onclick = act;
  return made;
}

function fold(item, list) {
  // Those that are copies of this one, or nearly: the card stands for them until they are asked for.
  const made = element("button", "fold");
  const show = () => {
    const isOpen = list.unfolded.has(item.id);
    made.textContent = isOpen ? "Fold" : `+${item.alike.length} alike`;
    made.setAttribute("aria-expanded", String(isOpen));
  };
  made.type = "button";
  made.tabIndex = -1;
  made.title = "Near copies of this picture (A)";
  made.onclick = () => {
    if (!list.unfolded.delete(item.id)) list.unfolded.add(item.id);
    list.draw();
  };
  made.show = show;
  return made;
}

function card(item, list, isCopy) {
  const li = element("li", item.dim ? "dim" : "");
  setRatio(li, item.ratio);
  if (isCopy) li.classList.add("copy");
  const open = element("button", "open");
  open.type = "button";
  open.dataset.id = item.id;
  open.title = item.about ? item.path + "\n" + item.about : item.path;
  open.onclick = (event) => {
    if (list.chosen && (event.ctrlKey || event.metaKey || event.shiftKey || isChoosing(list))) {
      choose(list, item.id, event.shiftKey);
    } else {
      returnTo(open);
      hold();
      list.tell("pick", item.id);
    }
  };
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
  const actions = element("div", "actions");
  if (item.good !== undefined) {
    const good = action("good", "good", "Good result: find more of its kind (G)", item.alt, () => list.tell("good", item.id));
    good.setAttribute("aria-pressed", String(item.good));
    actions.append(good, action("bad", "good", "Bad result: find less of its kind (B)", item.alt, () => list.tell("bad", item.id)));
    if (item.good) li.classList.add("liked");
  }
  const like = action("like", "like", "More like this (M)", item.alt, () => list.tell("like", item.id));
  like.setAttribute("aria-label", item.like_label);
  actions.append(like);
  li.append(open, actions);
  if (item.alike) li.append(fold(item, list));
  if (list.chosen) {
    const select = action("select", "select", "Select (X)", item.alt, (event) => choose(list, item.id, event.shiftKey));
    select.setAttribute("role", "checkbox");
    li.append(select);
    pressLong(open, () => choose(list, item.id, false));
  }
  return li;
}

function pressLong(target, act) {
  // A finger that stays selects; a finger that moves scrolls.
  let waiting = null;
  const forget = () => clearTimeout(waiting);
  target.addEventListener("touchstart", () => {
    waiting = setTimeout(() => {
      act();
      target.addEventListener("click", (event) => { event.preventDefault(); event.stopImmediatePropagation(); }, { once: true, capture: true });
    }, LONG_PRESS);
  }, { passive: true });
  for (const event of ["touchend", "touchmove", "touchcancel"]) target.addEventListener(event, forget, { passive: true });
  target.addEventListener("contextmenu", (event) => { if (matchMedia("(hover: none)").matches) event.preventDefault(); });
}

function opens(list) {
  return [...list.querySelectorAll(".open")];
}

function isChoosing(list) {
  return list.all || list.chosen.size > 0;
}

function isChosen(list, open) {
  // Where all matches are, the weaker results beside them are not.
  return list.all ? !open.parentElement.classList.contains("dim") : list.chosen.has(Number(open.dataset.id));
}

function unlessAll(list) {
  // Who changes something about all of them goes on with those that are in sight.
  if (!list.all) return;
  for (const one of opens(list)) if (isChosen(list, one)) list.chosen.add(Number(one.dataset.id));
  list.all = false;
}

function chooseNone(list) {
  if (!list.chosen || !isChoosing(list)) return;
  list.all = false;
  list.chosen.clear();
  tellChosen(list);
}

function choose(list, id, toThere) {
  // With Shift from the one that was chosen last to this one.
  unlessAll(list);
  const ids = opens(list).map((one) => Number(one.dataset.id));
  const from = ids.indexOf(list.lastChosen), to = ids.indexOf(id);
  if (toThere && from >= 0) {
    for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) list.chosen.add(one);
  } else if (!list.chosen.delete(id)) list.chosen.add(id);
  list.lastChosen = id;
  tellChosen(list);
}

function tellChosen(list) {
  showChosen(list);
  clearTimeout(list.telling);
  list.telling = setTimeout(() => list.say("selected", list.all ? ["all", list.dataset.of] : [...list.chosen]), 120);
}

function showChosen(list) {
  if (!list.chosen) return;
  list.classList.toggle("choosing", isChoosing(list));
  for (const open of opens(list)) {
    const is = isChosen(list, open);
    open.parentElement.classList.toggle("chosen", is);
    open.parentElement.querySelector(".select").setAttribute("aria-checked", String(is));
  }
}

function rove(list, wanted) {
  // One stop for the Tab key in the whole grid: the card that had the focus last.
  const all = opens(list);
  const current = all.find((one) => one.dataset.id === wanted) || all[0];
  for (const one of all) one.tabIndex = one === current ? 0 : -1;
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
      if (lost && list.isConnected) rove(list, list.dataset.current || card.dataset.id)?.focus();
    });
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

function move(event, list) {
  const all = opens(list);
  const at = all.indexOf(event.target);
  if (at < 0) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const button = PRESSED[event.key.toLowerCase()];
  const pressed = button && event.target.parentElement.querySelector(button);
  if (pressed) { pressed.click(); event.preventDefault(); }
  if (event.key === " ") { togglePreview(list, event.target); event.preventDefault(); }
  const next = target(event.key, all, at);
  if (!next) return;
  if (event.shiftKey && list.chosen) {
    if (!isChoosing(list)) choose(list, Number(event.target.dataset.id), false);
    choose(list, Number(next.dataset.id), true);
  }
  next.focus();
  event.preventDefault();
}

function focusBox(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector('[data-testid="stMain"] input[type="search"], [data-testid="stMain"] input[type="text"]');
  if (box) { box.focus(); box.select(); event.preventDefault(); }
}

const grids = new Set();
const ELSEWHERE = 'input, textarea, select, [contenteditable="true"], [data-testid="stDataFrame"]';
const OVER_PAGE = '[role="dialog"], [role="listbox"], [data-testid="stPopoverBody"], dialog[open]';

function chooseByKey(event) {
  // Ctrl-A and Esc, wherever on the page the focus is but in a field; what is open over the page has its own keys.
  const takesAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
  if (!takesAll && event.key !== "Escape") return;
  const isElsewhere = event.composedPath().some((one) => one.matches?.(ELSEWHERE));
  const list = [...grids].find((one) => one.chosen);
  const isOpen = [...document.querySelectorAll(OVER_PAGE)].some((one) => one.getClientRects().length > 0);
  if (!list || isElsewhere || isOpen) return;
  if (!takesAll) return chooseNone(list);
  list.all = false;
  for (const one of opens(list)) list.chosen.add(Number(one.dataset.id));
  tellChosen(list);
  event.preventDefault();
}

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

function drawn(list, data) {
  // Cards that stay are not made anew: their pictures are there, and so is the focus.
  const known = list.cards || new Map();
  list.cards = new Map();
  list.items = new Map();
  const kept = (item, isCopy) => {
    const signature = JSON.stringify([item, isCopy]);
    const li = known.get(signature) || card(item, list, isCopy);
    list.cards.set(signature, li);
    list.items.set(item.id, item);
    return li;
  };
  const cuts = new Map((data.cuts || []).map((cut) => [cut.at, cut]));
  const made = [];
  data.items.forEach((item, at) => {
    if (cuts.has(at)) made.push(...(at ? [rest()] : []), divider(cuts.get(at)));
    made.push(kept(item, false));
    if (list.unfolded.has(item.id)) made.push(...(item.alike || []).map((one) => kept(one, true)));
  });
  return [...made, rest()];
}

function draw(list, data) {
  const focused = list.contains(list.getRootNode().activeElement);
  hidePreview(list);
  const before = list.cards;
  const made = drawn(list, data);
  const finish = () => {
    for (const one of list.querySelectorAll(".fold")) one.show();
    const current = rove(list, list.dataset.current);
    if (focused && current !== list.getRootNode().activeElement) current?.focus({ preventScroll: true });
    showChosen(list);
  };
  const isOther = ![...list.cards.keys()].some((one) => before?.has(one));
  const turn = list.turn = {};
  if (isOther && drawFirst(list, made)) {
    // The others are laid out when those that are in sight have been painted.
    requestAnimationFrame(() => setTimeout(() => {
      if (list.turn !== turn) return;
      list.append(...made.slice(FIRST));
      finish();
    }, 0));
  } else list.replaceChildren(...made);
  finish();
}

function drawFirst(list, made) {
  // Whether the first cards fill the window, so that the others lie below it.
  if (made.length <= FIRST || list.getBoundingClientRect().top < 0) return false;
  list.replaceChildren(...made.slice(0, FIRST));
  return made[FIRST - 1].getBoundingClientRect().top > innerHeight;
}

function goOn(parentElement, list, data) {
  // More is asked for before the end is in sight; the button is for those who do not scroll.
  const more = parentElement.querySelector(".more");
  const count = data.count ?? data.items.length;
  more.hidden = !data.more;
  more.onclick = () => list.tell("more", count);
  list.ending?.disconnect();
  if (!data.more) return;
  list.ending = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting) || list.asked === data.of + count) return;
    list.asked = data.of + count;
    list.tell("more", count);
  }, { rootMargin: "0px 0px 900px 0px" });
  list.ending.observe(more);
}

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const list = parentElement.querySelector("ul");
  list.tell = setTriggerValue;
  list.say = setStateValue;
  if (data.selectable && !list.chosen) list.chosen = new Set();
  list.unfolded ??= new Set();
  if (list.dataset.of !== (data.of || "")) {
    chooseNone(list);
    list.unfolded.clear();
  }
  list.dataset.of = data.of || "";
  if (data.cleared && list.dataset.cleared !== String(data.cleared)) chooseNone(list);
  list.dataset.cleared = String(data.cleared || "");
  const asksForAll = list.dataset.all !== undefined && list.dataset.all !== String(data.all || "");
  list.dataset.all = String(data.all || "");
  if (asksForAll && list.chosen) {
    list.all = true;
    list.chosen.clear();
    tellChosen(list);
  }
  if (typeof data.size === "number") list.style.setProperty("--card", data.size + "px");
  list.classList.toggle("rows", data.fit === "rows");
  list.dataset.size = data.size;
  parentElement.querySelector(".legend").replaceChildren(...(data.legend || []).map(term));
  list.setAttribute("aria-label", data.label);
  const signature = JSON.stringify([data.cuts, data.items]);
  if (list.dataset.signature !== signature) {
    list.dataset.signature = signature;
    list.draw = () => draw(list, data);
    list.draw();
  }
  showChosen(list);
  goOn(parentElement, list, data);
  if (data.reveal && list.dataset.reveal !== data.reveal) {
    // What a click brought up may lie below the fold.
    list.dataset.reveal = data.reveal;
    list.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  list.onkeydown = (event) => move(event, list);
  if (!list.follows) {
    list.follows = true;
    list.addEventListener("focusin", (event) => { if (event.target.matches(".open")) rove(list, event.target.dataset.id); });
    previewing(list);
  }
  if (data.items.length) grids.add(list);
  leadToGrids();
  document.addEventListener("keydown", focusBox);
  document.addEventListener("keydown", putAwayPreviews, true);
  document.addEventListener("keydown", chooseByKey, true);
  document.addEventListener("scroll", putAwayPreviews, true);
  return () => {
    document.removeEventListener("keydown", focusBox);
    document.removeEventListener("keydown", putAwayPreviews, true);
    document.removeEventListener("keydown", chooseByKey, true);
    document.removeEventListener("scroll", putAwayPreviews, true);
    hidePreview(list);
    list.ending?.disconnect();
    grids.delete(list);
    setTimeout(leadToGrids, 0);
  };
}
