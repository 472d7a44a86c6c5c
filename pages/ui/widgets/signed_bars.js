// Rows with a bar to either side of zero. Texts go in as textContent, never as HTML.
function cell(className, text) {
  const made = document.createElement("td");
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(item) {
  const made = document.createElement("tr");
  const bar = cell("bar");
  const fill = document.createElement("i");
  const length = 50 * Math.abs(item.share);
  fill.style.width = length + "%";
  fill.style.left = (item.share < 0 ? 50 - length : 50) + "%";
  fill.style.background = item.colour;
  const track = document.createElement("div");
  track.append(fill);
  bar.append(track);
  made.append(cell("name", item.name), bar, cell("value", item.text));
  if (item.note) made.append(cell("note", item.note));
  return made;
}

export default function ({ data, parentElement }) {
  parentElement.querySelector("table").setAttribute("aria-label", data.label);
  parentElement.querySelector("tbody").replaceChildren(...data.rows.map(row));
}
