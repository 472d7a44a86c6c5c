// A group of copies, side by side. Texts go in as textContent and attributes, never as HTML.
function card(item, tell) {
  const li = element("li", item.keep ? "keep" : "");
  const open = element("button", "open");
  open.type = "button";
  open.title = "Open " + item.path;
  open.onclick = () => tell("pick", item.id);
  open.append(picture(item.url, item.name));
  const text = element("div", "text");
  const label = element("span", "label", item.label);
  if (item.why) label.title = item.why;
  text.append(label, element("span", "", item.path), element("span", "faint", item.facts));
  if (item.stays) text.append(element("span", "faint", "Stays: " + item.stays));
  if (!item.keep) {
    const swap = element("button", "swap", "Keep this one");
    swap.type = "button";
    swap.setAttribute("aria-label", "Keep this one: " + item.path);
    swap.onclick = () => tell("keep", item.id);
    text.append(swap);
  }
  li.append(open, text);
  return li;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.setAttribute("aria-label", data.label);
  const shown = data.items.map(({ url, ...item }) => item);
  const signature = JSON.stringify(shown);
  if (list.dataset.signature === signature) return;
  const root = list.getRootNode();
  const focused = root.activeElement?.getAttribute("aria-label");
  list.dataset.signature = signature;
  list.replaceChildren(...data.items.map((item) => card(item, setTriggerValue)));
  // Its button goes when a picture becomes the one to keep; its neighbour's stands for it.
  if (focused) list.querySelector(".keep .open")?.focus();
}
