// How cards lie beside one another: as squares, or whole in rows of equal height, which CSS lays out.
const LEAST_RATIO = 0.5, MOST_RATIO = 4;

function setRatio(li, ratio) {
  // What is narrower or longer than that is still shown whole, on more ground than it covers.
  const shown = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, ratio || 1));
  li.style.setProperty("--ratio", shown);
  li.classList.toggle("narrow", shown !== (ratio || 1));
}

function rest() {
  // Fills up what a row of whole pictures leaves, so that the last of them are no larger.
  const made = element("li", "rest");
  made.setAttribute("aria-hidden", "true");
  return made;
}

function inNextRow(all, at, step) {
  // The card of the next row, or the one before, that lies nearest to straight below or above.
  const middle = (box) => box.left + box.width / 2;
  const from = all[at].getBoundingClientRect();
  let nearest, top;
  for (let next = at + step; all[next]; next += step) {
    const box = all[next].getBoundingClientRect();
    if (Math.abs(box.top - from.top) < 2) continue;
    top ??= box.top;
    if (Math.abs(box.top - top) >= 2) break;
    const far = Math.abs(middle(box) - middle(from));
    if (!nearest || far < nearest.far) nearest = { card: all[next], far };
  }
  return nearest?.card;
}

function target(key, all, at) {
  switch (key) {
    case "ArrowRight": return all[at + 1];
    case "ArrowLeft": return all[at - 1];
    case "ArrowDown": return inNextRow(all, at, 1);
    case "ArrowUp": return inNextRow(all, at, -1);
    case "Home": return all[0];
    case "End": return all[all.length - 1];
  }
}
