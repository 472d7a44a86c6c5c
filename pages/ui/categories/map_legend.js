// The buttons above the map, the legend below it, and a line that says what is seen.
function button(text, label, act) {
  const made = element("button", "", text);
  made.type = "button";
  made.title = label;
  if (text.length < 2) made.setAttribute("aria-label", label); // a sign says nothing when read out
  made.onclick = act;
  return made;
}

function choice(options, chosen, act) {
  const all = options.map(([value, text, label]) => {
    const one = button(text, label, () => { press(value); act(value); });
    one.value = value;
    return one;
  });
  const press = (value) => all.forEach((one) => one.setAttribute("aria-pressed", String(one.value === value)));
  press(chosen);
  return all;
}

function fillTools(map) {
  const modes = choice(
    [["lasso", "Lasso", "Draw round pictures to select them"], ["move", "Move", "Drag the map"]],
    map.mode, (mode) => { map.mode = mode; map.draw(); });
  const looks = choice(
    [["dots", "Dots", "Show pictures as dots"],
      ["pictures", "Pictures", map.data.asks ? "Show pictures where there is room for them" : "Show the pictures themselves"]],
    map.pictures ? "pictures" : "dots", (look) => { map.pictures = look === "pictures"; map.draw(); });
  const named = button("Names", "Show what groups of pictures have in common", () => {
    map.named = !map.named;
    named.setAttribute("aria-pressed", String(map.named));
    map.draw();
  });
  named.setAttribute("aria-pressed", String(map.named));
  named.hidden = !map.data.groups.length;
  map.tools.replaceChildren(...modes, button("Select view", "Select all that is in view (A)", () => map.selectView()),
    element("span", "gap"), ...looks, named, element("span", "gap"),
    button("+", "Zoom in", () => map.zoom(1.5)), button("−", "Zoom out", () => map.zoom(1 / 1.5)),
    button("Reset", "Show all, select nothing (Esc)", () => map.reset()));
}

function fillLegend(map) {
  const { legend } = map.data, palette = map.palette;
  map.lit = null;
  if (legend.by !== "category") return fillRamp(map, legend, palette);
  const list = element("ul");
  if (legend.names.length > 1) {
    list.append(...legend.names.map((name, value) => {
      const item = element("li"), spot = element("i");
      const one = button(`${name} ${legend.counts[value].toLocaleString("en")}`, `Highlight ${name}`, () => light(map, value, one));
      one.setAttribute("aria-pressed", "false");
      spot.style.background = palette.of(value);
      one.prepend(spot);
      item.append(one);
      return item;
    }));
  }
  map.legend.replaceChildren(list);
}

function light(map, value, pressed) {
  map.lit = map.lit === value ? null : value;
  map.legend.querySelectorAll("button").forEach((one) =>
    one.setAttribute("aria-pressed", String(one === pressed && map.lit !== null)));
  map.mark();
  map.draw();
}

function fillRamp(map, legend, palette) {
  const ramp = element("div", "ramp"), bar = element("div", "bar"), ticks = element("div", "ticks");
  bar.style.background = palette.gradient();
  ticks.append(...legend.ticks.map((tick) => element("span", "", tick)));
  ramp.append(element("b", "", legend.title), bar, ticks);
  const parts = legend.ticks.length ? [ramp] : [];
  if (legend.nothing) {
    const none = element("span", "none"), spot = element("i");
    spot.style.background = palette.grey;
    none.append(spot, legend.nothing);
    parts.push(none);
  }
  map.legend.replaceChildren(...parts);
}

function tellSeen(map) {
  const { data } = map, written = (count) => count.toLocaleString("en");
  let text = data.in_view < data.count && !data.cells
    ? `${written(data.in_view)} of ${written(data.count)} pictures in view.` : `${written(data.count)} pictures.`;
  if (data.cells) text += " The shade tells how many lie where; zoom in to see single ones.";
  else if (map.pictures && !map.asPictures && data.asks) text += " Zoom in further to see the pictures.";
  if (map.seen.textContent !== text) map.seen.textContent = text;
}
