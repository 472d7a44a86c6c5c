// One picture, as large as the window; the pictures beside it are at hand before they are asked for.
const MOST_ZOOM = 12;
const STEP = 1.3;
const FAST = 120;
const TAB = '[role="tab"]';

function button(className, label, text, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.onclick = act;
  return made;
}

function built(root) {
  const view = root.querySelector(".viewer");
  if (view.parts) return view;
  const stage = element("div", "stage");
  const image = element("img");
  const heat = element("img", "heat");
  const lost = element("div", "lost");
  const said = element("div", "said");
  const place = element("div", "place");
  said.setAttribute("role", "status");
  said.hidden = true;
  image.draggable = heat.draggable = false;
  stage.append(image, heat, lost);
  const before = element("div", "turn before");
  const after = element("div", "turn after");
  const tools = element("div", "tools");
  view.append(stage, before, after, tools, place, said);
  view.parts = { stage, image, heat, lost, said, place, before, after, tools };
  view.zoom = { scale: 1, x: 0, y: 0 };
  return view;
}

function say(view, text) {
  const { said } = view.parts;
  said.textContent = text;
  said.hidden = false;
  clearTimeout(view.quiet);
  view.quiet = setTimeout(() => { said.hidden = true; }, 1800);
}

function laid(view) {
  // The zoom is about the stage: scale 1 shows the whole picture.
  const { stage, image, heat } = view.parts;
  const { width, height } = stage.getBoundingClientRect();
  const zoom = view.zoom;
  zoom.x = Math.min(0, Math.max(width * (1 - zoom.scale), zoom.x));
  zoom.y = Math.min(0, Math.max(height * (1 - zoom.scale), zoom.y));
  for (const one of [image, heat]) one.style.transform = `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`;
  view.classList.toggle("zoomed", zoom.scale > 1);
  sharpen(view, width, height);
}

function sharpen(view, width, height) {
  // All pixels are fetched only once somebody looks closer than those that are there.
  const item = view.item, { image } = view.parts;
  if (!item || !item.url || view.full === item.id || !image.naturalWidth || image.dataset.of !== String(item.id)) return;
  const fit = Math.min(width / item.width, height / item.height);
  const shown = item.width * fit * view.zoom.scale * devicePixelRatio;
  if (image.naturalWidth >= item.width || shown <= image.naturalWidth * 1.05) return;
  view.full = item.id;
  const whole = new Image();
  whole.onload = () => { if (view.item === item) image.src = whole.src; };
  whole.src = item.url + "?size=full";
}

function zoomTo(view, scale, x, y) {
  const box = view.parts.stage.getBoundingClientRect();
  const at = { x: (x ?? box.left + box.width / 2) - box.left, y: (y ?? box.top + box.height / 2) - box.top };
  const zoom = view.zoom, next = Math.min(MOST_ZOOM, Math.max(1, scale));
  zoom.x = at.x - (at.x - zoom.x) * (next / zoom.scale);
  zoom.y = at.y - (at.y - zoom.y) * (next / zoom.scale);
  zoom.scale = next;
  laid(view);
}

function inPixels(view) {
  const { stage } = view.parts, { width, height } = stage.getBoundingClientRect();
  return 1 / (Math.min(width / view.item.width, height / view.item.height) * devicePixelRatio);
}

function show(view, item) {
  const { image, heat, lost, place } = view.parts;
  const isOther = view.item?.id !== item.id;
  view.item = item;
  place.textContent = item.place;
  if (isOther) {
    view.zoom = { scale: 1, x: 0, y: 0 };
    view.full = null;
    image.src = item.thumb || "data:,";
    image.alt = item.alt;
    delete image.dataset.of;
    lost.textContent = "";
    heat.hidden = true;
  }
  if (item.url && image.dataset.of !== String(item.id)) sharp(view, item);
  laid(view);
}

function sharp(view, item) {
  // The picture itself, at once where it was fetched before; where somebody leafs fast, not each.
  const known = view.near?.get(item.id);
  if (known?.complete && known.naturalWidth) return settle(view, item, known);
  clearTimeout(view.fetching);
  const isFast = performance.now() - (view.turned || 0) < FAST;
  view.turned = performance.now();
  const fetch = () => {
    const one = known || fetched(item);
    const lost = () => { if (view.item === item && !item.thumb) view.parts.lost.textContent = "The picture cannot be shown."; };
    if (!known) (view.near ||= new Map()).set(item.id, one);
    one.decode().then(() => { if (view.item.id === item.id) settle(view, item, one); }, lost);
  };
  if (isFast) view.fetching = setTimeout(fetch, FAST);
  else fetch();
}

function fetched(item) {
  const made = new Image();
  made.src = item.url;
  return made;
}

function settle(view, item, one) {
  const { image } = view.parts;
  image.src = one.src;
  image.dataset.of = item.id;
  laid(view);
  // Those beside it only now, so that they do not take their turn before it.
  const at = view.items.findIndex((other) => other.id === item.id);
  const near = new Map([[item.id, one]]);
  for (const by of [1, -1, 2]) {
    const beside = view.items[at + by];
    if (!beside?.url) continue;
    const there = view.near?.get(beside.id) || fetched(beside);
    there.decode().catch(() => { /* it is told when it is shown */ });
    near.set(beside.id, there);
  }
  view.near = near;
}

function turn(view, by) {
  const at = view.items.findIndex((one) => one.id === view.item.id);
  const next = view.items[at + by];
  if (!next) return say(view, by > 0 ? "That was the last one." : "This is the first one.");
  show(view, next);
  turns(view);
  const address = new URL(location);
  if (address.searchParams.has("picture")) {
    address.searchParams.set("picture", next.id);
    history.replaceState(history.state, "", address);
  }
  clearTimeout(view.telling);
  view.telling = setTimeout(() => view.tell("go", next.id), 140);
}

function turns(view) {
  const at = view.items.findIndex((one) => one.id === view.item.id);
  const { before, after } = view.parts;
  before.hidden = after.hidden = view.items.length < 2;
  before.firstChild.disabled = at <= 0;
  after.firstChild.disabled = at < 0 || at === view.items.length - 1;
}

async function copyPicture(view) {
  try {
    const whole = new Image();
    whole.src = view.item.url;
    await whole.decode();
    const canvas = document.createElement("canvas");
    canvas.width = whole.naturalWidth;
    canvas.height = whole.naturalHeight;
    canvas.getContext("2d").drawImage(whole, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    say(view, "Picture copied");
  } catch { say(view, "This browser does not let pictures be copied."); }
}

async function copyPath(view) {
  try {
    await navigator.clipboard.writeText(view.item.path);
    say(view, "Path copied");
  } catch { say(view, "This browser does not let text be copied."); }
}

function toggleDetails(view) {
  const dialog = view.getRootNode().host.closest('[role="dialog"]');
  const closed = dialog?.classList.toggle("without-details");
  view.classList.toggle("alone", closed);
  try { localStorage.setItem("viewer without details", closed ? "1" : ""); } catch { /* it is not remembered */ }
  requestAnimationFrame(() => laid(view));
}

function toolbar(view, data) {
  const { tools, before, after } = view.parts;
  if (view.made === JSON.stringify(data.desktop)) return;
  view.made = JSON.stringify(data.desktop);
  before.replaceChildren(button("", "Previous (←)", "‹", () => turn(view, -1)));
  after.replaceChildren(button("", "Next (→)", "›", () => turn(view, 1)));
  tools.replaceChildren(
    button("", "Zoom out (−)", "−", () => zoomTo(view, view.zoom.scale / STEP)),
    button("", "Fit to the window (0)", "Fit", () => zoomTo(view, 1)),
    button("", "Actual pixels (1)", "1:1", () => zoomTo(view, inPixels(view))),
    button("", "Zoom in (+)", "+", () => zoomTo(view, view.zoom.scale * STEP)),
    button("text", "Copy the path (P)", "Copy path", () => copyPath(view)),
    button("text", "Copy the picture (C)", "Copy picture", () => copyPicture(view)),
    ...(data.desktop ? [
      button("text", "Open in the system’s viewer (O)", "Open", () => view.tell("open", view.item.id)),
      button("text", "Show in its folder (F)", "Show in folder", () => view.tell("reveal", view.item.id)),
    ] : []),
    button("", "Details (I)", "Details", () => toggleDetails(view)),
  );
}

function mark(view, as) {
  const id = view.item.id;
  if (as === "good") {
    const isGood = !view.good.delete(id);
    if (isGood) view.good.add(id);
    say(view, isGood ? "Marked as a good result" : "No longer marked");
  }
  view.tell(as, id);
}

function toTab(tab, by) {
  // Left and right go from picture to picture, on a tab as well.
  const all = [...tab.parentElement.querySelectorAll(TAB)];
  const next = all[(all.indexOf(tab) + by + all.length) % all.length];
  next.click();
  next.focus();
}

function keys(view, data) {
  return (event) => {
    const inField = event.composedPath().some((one) => one.matches?.('input, textarea, select, [role="slider"], [contenteditable="true"]'));
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !view.isConnected) return;
    const acts = {
      ...(event.target.matches?.(TAB) ? { ArrowDown: () => toTab(event.target, 1), ArrowUp: () => toTab(event.target, -1) } : {}),
      ...(view.good ? { g: () => mark(view, "good"), b: () => mark(view, "bad") } : {}),
      ArrowRight: () => turn(view, 1), ArrowLeft: () => turn(view, -1),
      "+": () => zoomTo(view, view.zoom.scale * STEP), "=": () => zoomTo(view, view.zoom.scale * STEP),
      "-": () => zoomTo(view, view.zoom.scale / STEP), 0: () => zoomTo(view, 1), 1: () => zoomTo(view, inPixels(view)),
      i: () => toggleDetails(view), p: () => copyPath(view), c: () => copyPicture(view),
      ...(data.desktop ? { o: () => view.tell("open", view.item.id), f: () => view.tell("reveal", view.item.id) } : {}),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  };
}

function gestures(view) {
  // The mouse wheel and two fingers zoom, one finger or the mouse pans, a swipe turns.
  const { stage } = view.parts;
  if (stage.moved) return;
  stage.moved = true;
  const down = new Map();
  let began = null, apart = 0;
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomTo(view, view.zoom.scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    zoomTo(view, view.zoom.scale > 1 ? 1 : Math.max(2, inPixels(view)), event.clientX, event.clientY);
  });
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    began = { x: event.clientX, y: event.clientY, zoom: { ...view.zoom } };
    apart = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, event);
    const [one, other] = [...down.values()];
    if (other) {
      const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      if (apart) zoomTo(view, view.zoom.scale * now / apart, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
      apart = now;
    } else if (view.zoom.scale > 1) {
      view.zoom.x = began.zoom.x + event.clientX - began.x;
      view.zoom.y = began.zoom.y + event.clientY - began.y;
      laid(view);
    }
  });
  const up = (event) => {
    const far = began ? event.clientX - began.x : 0;
    if (down.size === 1 && view.zoom.scale === 1 && event.pointerType === "touch" && Math.abs(far) > 60) turn(view, far < 0 ? 1 : -1);
    down.delete(event.pointerId);
    apart = 0;
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const view = built(parentElement);
  view.items = data.items;
  view.tell = setTriggerValue;
  view.good = data.good && new Set(data.good);
  toolbar(view, data);
  gestures(view);
  // The browser may be ahead of what is told here; it goes on from where it is.
  const told = data.items.find((one) => one.id === data.id) || data.items[0];
  const ahead = view.dataset.told === String(data.id) && data.items.find((one) => one.id === view.item?.id);
  view.dataset.told = data.id;
  show(view, ahead || told);
  turns(view);
  const { heat } = view.parts;
  heat.hidden = !(data.heat && view.item.id === data.id);
  if (!heat.hidden) { heat.src = data.heat; heat.alt = ""; }
  try {
    if (localStorage.getItem("viewer without details")) {
      view.getRootNode().host.closest('[role="dialog"]')?.classList.add("without-details");
      view.classList.add("alone");
    }
  } catch { /* nothing is remembered */ }
  // This runs again for every turn, and what it gives back only once the viewer goes.
  view.quit?.();
  const press = keys(view, data);
  const fit = new ResizeObserver(() => laid(view));
  fit.observe(view);
  document.addEventListener("keydown", press, true);
  view.quit = () => { document.removeEventListener("keydown", press, true); fit.disconnect(); };
  if (held.keys) passOn(view.getRootNode().host.closest('[role="dialog"]'));
  return () => view.quit();
}
