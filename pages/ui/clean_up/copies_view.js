// A group of copies, side by side; of two sets that are compared none is chosen. Texts go in as textContent and attributes, never as HTML.
function card(item, tell) {
  const li = element("li", item.keep ? "keep" : "");
  const choose = element(item.compared ? "div" : "button", "choose");
  choose.append(picture(item.url, item.name));
  if (!item.compared) {
    choose.type = "button";
    choose.setAttribute("aria-pressed", String(item.keep));
    choose.setAttribute("aria-label", "Keep " + item.path);
    choose.append(element("span", "offer", "Keep this one"));
    if (!item.keep) {
      choose.title = "Click to keep this one";
      choose.onclick = () => tell("keep", item.id);
    }
  }
  const text = element("div", "text");
  const label = element("span", "label", item.label);
  if (item.why) label.title = item.why;
  text.append(label, element("span", "", item.path), element("span", "faint", item.facts));
  if (item.stays) text.append(element("span", "faint", "Stays: " + item.stays));
  if (!item.elsewhere) {
    const open = element("button", "open", "Open");
    open.type = "button";
    open.setAttribute("aria-label", "Open " + item.path);
    open.onclick = () => tell("pick", item.id);
    text.append(open);
  }
  li.append(choose, text);
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
  if (focused) list.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}
