// Keys that are pressed while a picture opens wait for the viewer: the grid, which opens it, and the viewer share them.
const held = (window.__heldKeys ||= { keys: null, listens: false });
const AWAITED = 3_000;
const WRITES = 'input, textarea, select, [contenteditable="true"]';

function hold() {
  held.keys = [];
  clearTimeout(held.ends);
  held.ends = setTimeout(() => passOn(document.querySelector('[role="dialog"]')), AWAITED);
}

function passOn(dialog) {
  const keys = held.keys || [];
  held.keys = null;
  clearTimeout(held.ends);
  for (const key of keys) dialog?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true }));
}

if (!held.listens) {
  held.listens = true;
  window.addEventListener("keydown", (event) => {
    if (!held.keys || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key) || event.composedPath()[0]?.matches?.(WRITES)) return;
    if (!event.repeat) held.keys.push(event.key);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
}

