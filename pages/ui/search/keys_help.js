// All keys, in a dialog of the browser's own: it lies above Streamlit's, and gives the focus back.
function part(name, text, ...inside) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...inside);
  return made;
}

function listed([title, keys]) {
  const lines = keys.flatMap(([key, what]) => [
    part("dt", "", ...key.split(/ {2,}/).flatMap((one) => [part("kbd", one), " "])), part("dd", what),
  ]);
  return part("section", "", part("h3", title), part("dl", "", ...lines));
}

function press(dialog, event) {
  if (dialog.open) {
    // Escape closes this dialog alone, and no other key acts on what lies below it.
    if (event.key !== "Tab" && event.key !== "Enter" && event.key !== " ") event.stopImmediatePropagation();
    if (event.key === "Escape" || event.key === "?") { dialog.close(); event.preventDefault(); }
    return;
  }
  const inField = event.composedPath()[0]?.matches?.('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]');
  if (event.key !== "?" || inField || event.ctrlKey || event.metaKey || event.altKey) return;
  dialog.showModal();
  event.preventDefault();
}

export default function ({ data, parentElement }) {
  const dialog = parentElement.querySelector("dialog");
  const bar = parentElement.closest(`.st-key-${data.bar}`);
  if (bar && dialog.bar !== bar) {
    dialog.end?.();
    dialog.bar = bar;
    dialog.end = makeOneStop(bar, "Search tools");
  }
  if (!dialog.made) {
    dialog.made = true;
    parentElement.querySelector(".keys").replaceChildren(...data.keys.map(listed));
    parentElement.querySelector(".open").onclick = () => dialog.showModal();
    parentElement.querySelector(".close").onclick = () => dialog.close();
    dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
    dialog.press = (event) => press(dialog, event);
    window.addEventListener("keydown", dialog.press, true);
  }
  return () => {
    window.removeEventListener("keydown", dialog.press, true);
    dialog.end?.();
  };
}
