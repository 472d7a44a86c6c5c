// The grid of results. Texts go in as textContent and attributes, never as HTML.
const KEYS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: "row", ArrowUp: "-row", Home: "first", End: "last" };

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function picture(item) {
  if (!item.url) return element("div", "lost", "no thumbnail");
  const image = element("img");
  image.loading = "lazy";
  image.decoding = "async";
  image.alt = item.alt;
  image.src = item.url;
  return image;
}

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
  const made = data.items.map((item) => card(item, tell));
  if (data.cut < made.length) made.splice(data.cut, 0, divider(data.cut_label));
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

function card(item, tell) {
  const li = element("li", item.dim ? "dim" : "");
  const open = element("button", "open");
  open.type = "button";
  open.title = item.path;
  open.onclick = () => tell("pick", item.id);
  open.append(picture(item));
  if (item.parts && item.parts.length) open.append(parts(item));
  else if (item.score) open.append(bar(item.fill));
  const line = element("div", "line");
  if (item.rank) line.append(element("span", "rank", item.rank));
  line.append(element("span", "what", item.what));
  if (item.score) line.append(element("span", "score", item.score));
  if (item.match) {
    const match = element("span", "match", item.match);
    match.title = "Match " + item.match + " of 100; 50 and more are matches";
    match.setAttribute("aria-label", "match " + item.match);
    line.append(match);
  }
  open.append(line);
  const like = element("button", "like", "More like this");
  like.type = "button";
  like.setAttribute("aria-label", item.like_label || "More like this: picture " + item.rank);
  like.onclick = () => tell("like", item.id);
  li.append(open, like);
  return li;
}

function move(event, list) {
  const step = KEYS[event.key];
  if (step === undefined) return;
  const cards = [...list.querySelectorAll(".open")];
  const at = cards.indexOf(event.target);
  if (at < 0) return;
  const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
  const targets = { row: at + columns, "-row": at - columns, first: 0, last: cards.length - 1 };
  const next = cards[typeof step === "number" ? at + step : targets[step]];
  if (next) { next.focus(); event.preventDefault(); }
}

function focusBox(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector('[data-testid="stMain"] input[type="search"], [data-testid="stMain"] input[type="text"]');
  if (box) { box.focus(); box.select(); event.preventDefault(); }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.dataset.size = data.size;
  parentElement.querySelector(".legend").replaceChildren(...(data.legend || []).map(term));
  list.setAttribute("aria-label", data.label);
  const shown = data.items.map((item) => [item.id, item.score, item.rank, item.match, item.parts]);
  const signature = JSON.stringify([data.cut, shown]);
  if (list.dataset.signature !== signature) {
    list.dataset.signature = signature;
    list.replaceChildren(...cards(data, setTriggerValue));
  }
  if (data.reveal && list.dataset.reveal !== data.reveal) {
    // What a click brought up may lie below the fold.
    list.dataset.reveal = data.reveal;
    list.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  list.onkeydown = (event) => move(event, list);
  document.addEventListener("keydown", focusBox);
  return () => document.removeEventListener("keydown", focusBox);
}
