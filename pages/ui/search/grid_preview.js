// A picture larger beside its card: after the mouse has moved there and rested, or by Space. It takes no clicks.
const RESTED = 500;
const MOST_OF_WINDOW = 0.55;
const EDGE = 16;
const LEAST_LARGER = 1.25;
const NOTICES = '.st-key-undo, [data-testid="stToast"]';

const mouse = { x: null, y: null, moved: false };
document.addEventListener("pointermove", ({ pointerType, screenX: x, screenY: y }) => {
  // A browser tells of a move as well where the page has moved below the pointer.
  if (pointerType !== "mouse") return;
  mouse.moved = mouse.x !== null && (x !== mouse.x || y !== mouse.y);
  Object.assign(mouse, { x, y });
}, true);

function isOff() {
  try { return localStorage.getItem("no preview on hover") === "1"; } catch { return false; }
}

function preview(list) {
  if (!list.preview) {
    list.preview = element("div", "preview");
    list.preview.append(element("img"));
    list.preview.hidden = true;
    list.preview.setAttribute("aria-hidden", "true"); // the card says what it is
    list.parentNode.append(list.preview);
  }
  return list.preview;
}

function place(card, item, room) {
  // On the side of the card where it is largest, and hardly larger than the picture itself.
  const wide = room.right - room.left - 2 * EDGE, high = innerHeight - 2 * EDGE;
  const [right, left, below, above] = [
    { width: room.right - card.right - EDGE * 1.5, height: high },
    { width: card.left - room.left - EDGE * 1.5, height: high },
    { width: wide, height: innerHeight - card.bottom - EDGE * 1.5 },
    { width: wide, height: card.top - EDGE * 1.5 },
  ].map((side) => Math.min(
    Math.min(side.width, innerWidth * MOST_OF_WINDOW) / item.width, side.height / item.height,
    Math.max(1, card.width * 2 / item.width),
  ));
  const scale = Math.max(right, left, below, above);
  const width = item.width * scale, height = item.height * scale;
  const within = (at, size, from, to) => Math.max(from + EDGE, Math.min(at, to - EDGE - size));
  const isBeside = scale === right || scale === left;
  const across = within(card.left + (card.width - width) / 2, width, room.left, room.right);
  const down = within(card.top + (card.height - height) / 2, height, 0, innerHeight);
  return {
    width, height,
    left: !isBeside ? across : scale === right ? card.right + EDGE / 2 : card.left - EDGE / 2 - width,
    top: isBeside ? down : scale === below ? card.bottom + EDGE / 2 : card.top - EDGE / 2 - height,
  };
}

function meetsNotice(at) {
  // Whether a notice stands where the picture would be.
  return [...document.querySelectorAll(NOTICES)].map((one) => one.getBoundingClientRect()).some((box) =>
    box.width && box.left < at.left + at.width + EDGE && box.right > at.left - EDGE
    && box.top < at.top + at.height + EDGE && box.bottom > at.top - EDGE);
}

function peek(list, open) {
  const item = open?.isConnected && list.items.get(Number(open.dataset.id));
  if (!item?.large) return;
  const card = open.getBoundingClientRect(), shown = preview(list);
  // What scrolls beside the sidebar is cut off by it.
  const main = list.getRootNode().host?.closest('[data-testid="stMain"]') || document.documentElement;
  const at = place(card, item, main.getBoundingClientRect());
  if (!list.peeks && at.width < LEAST_LARGER * card.width && at.height < LEAST_LARGER * card.height) return hidePreview(list);
  if (!list.peeks && meetsNotice(at)) return hidePreview(list);
  for (const [name, value] of Object.entries(at)) shown.style[name] = value + "px";
  shown.style.backgroundImage = `url("${item.url}")`; // until the large one is there
  shown.firstChild.src = item.large;
  shown.dataset.id = item.id;
  shown.hidden = false;
}

function hidePreview(list) {
  clearTimeout(list.resting);
  if (!list.preview || list.preview.hidden) return false;
  list.preview.hidden = true;
  list.preview.firstChild.src = "data:,"; // what is still coming is not waited for
  list.peeks = false;
  return true;
}

function togglePreview(list, open) {
  // By the keyboard it follows the focus, until it is put away.
  if (list.peeks) return void hidePreview(list);
  hidePreview(list);
  list.peeks = true;
  peek(list, open);
}

function previewing(list) {
  list.addEventListener("pointerover", (event) => {
    const open = event.target.closest(".open");
    if (event.pointerType !== "mouse" || list.peeks || open === list.pointed) return;
    hidePreview(list);
    list.pointed = open;
  });
  list.addEventListener("pointermove", (event) => {
    const open = event.target.closest(".open");
    if (event.pointerType !== "mouse" || !mouse.moved || list.peeks || isOff()) return;
    if (!open || list.preview?.hidden === false) return;
    clearTimeout(list.resting);
    list.resting = setTimeout(() => peek(list, open), RESTED);
  });
  const leave = () => { list.pointed = null; hidePreview(list); };
  list.addEventListener("pointerleave", leave);
  list.addEventListener("pointerdown", () => hidePreview(list));
  list.addEventListener("focusin", (event) => { if (list.peeks && event.target.matches(".open")) peek(list, event.target); });
  list.addEventListener("focusout", (event) => { if (list.peeks && !list.contains(event.relatedTarget)) leave(); });
}

function putAwayPreviews(event) {
  // Esc, and what moves the page below the pointer; the keys that move the focus take it along.
  for (const list of grids) {
    const isEscape = event.key === "Escape";
    if (event.type === "keydown" && !isEscape) continue;
    if (list.peeks && !isEscape) {
      peek(list, list.querySelector(`.open[data-id="${list.dataset.current}"]`));
    } else if (hidePreview(list) && isEscape) {
      event.stopImmediatePropagation();
      event.preventDefault();
    }
  }
}
