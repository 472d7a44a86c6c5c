// What fingers, mouse and keys do on the map.
const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const CLICK = 5; // pixels that a pointer may move in a click
const MOST_CORNERS = 40;

function listen(map) {
  const { canvas } = map, held = new Map();
  const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  let begun = null, moved = false;
  const begin = (from) => { begun = { from, view: { ...map.view }, apart: apart() }; };
  const apart = () => {
    const [one, other] = [...held.values()];
    return other ? Math.hypot(one[0] - other[0], one[1] - other[1]) : 0;
  };
  const middle = () => {
    const all = [...held.values()];
    return [0, 1].map((axis) => all.reduce((sum, one) => sum + one[axis], 0) / all.length);
  };

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, at(event));
    moved = held.size > 1;
    begin(middle());
    map.path = map.mode === "lasso" && held.size === 1 ? [begun.from] : null;
  };
  canvas.onpointermove = (event) => {
    if (!held.has(event.pointerId)) {
      const near = map.nearest(...at(event));
      if (near !== map.at) map.point(near);
      return;
    }
    held.set(event.pointerId, at(event));
    const [x, y] = middle();
    if (Math.hypot(x - begun.from[0], y - begun.from[1]) > CLICK) moved = true;
    if (held.size > 1) { // two fingers zoom and move, whatever is chosen
      map.look(begun.view, begun.from, [x, y], apart() / Math.max(begun.apart, 1));
    } else if (map.mode === "move") {
      map.look(begun.view, begun.from, [x, y], 1);
    } else if (map.path) {
      map.path.push([x, y]);
      map.draw();
    }
  };
  const end = (event) => {
    const path = map.path, [x, y] = at(event);
    held.delete(event.pointerId);
    map.path = null;
    if (held.size) { begin(middle()); return; }
    if (event.type === "pointercancel") { map.draw(); return; }
    if (!moved) {
      const near = map.nearest(x, y);
      map.point(near);
      if (near >= 0) map.tell("pick", map.data.points.ids[near]);
    } else if (path) map.select(corners(map, path));
  };
  canvas.onpointerup = end;
  canvas.onpointercancel = end;
  canvas.onpointerleave = () => { if (!held.size) map.point(-1); };
  canvas.onblur = () => map.point(-1);
  canvas.addEventListener("wheel", (event) => {
    // The page scrolls as usual until the map was clicked or Ctrl is held.
    if (!event.ctrlKey && map.root.getRootNode().activeElement !== canvas) return;
    event.preventDefault();
    map.zoom(Math.exp(-event.deltaY / 400), ...at(event));
  }, { passive: false });
  canvas.onkeydown = (event) => press(map, event);
}

function corners(map, path) {
  const step = Math.max(1, path.length / MOST_CORNERS), found = [];
  for (let at = 0; at < path.length; at += step) {
    const [x, y] = map.unit(...path[Math.floor(at)]);
    found.push(Math.round(x * AREA_SCALE), Math.round(y * AREA_SCALE));
  }
  return found;
}

function press(map, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const points = map.data.points;
  if (DIRECTIONS[event.key]) {
    const [right, down] = DIRECTIONS[event.key];
    if (event.shiftKey || !points) map.move(-right * 80, -down * 80);
    else step(map, right, down);
  } else if (event.key === "Enter" && map.at >= 0) map.tell("pick", points.ids[map.at]);
  else if (event.key === "+" || event.key === "=") map.zoom(1.5);
  else if (event.key === "-") map.zoom(1 / 1.5);
  else if (event.key.toLowerCase() === "a") map.selectView();
  else if (event.key === "Escape") map.reset();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function step(map, right, down) {
  const { px, py } = map, from = map.at;
  let best = -1, least = Infinity;
  const [x, y] = from < 0 ? [map.size.width / 2, map.size.height / 2] : [px[from], py[from]];
  for (let i = 0; i < px.length; i++) {
    const along = (px[i] - x) * right + (py[i] - y) * down;
    const aside = Math.abs((px[i] - x) * down) + Math.abs((py[i] - y) * right);
    const far = from < 0 ? Math.hypot(px[i] - x, py[i] - y) : along + 2 * aside;
    if (i !== from && (from < 0 || along > 0) && far < least) { least = far; best = i; }
  }
  if (best < 0) return;
  const away = [px[best], py[best]];
  if (away[0] < 0 || away[1] < 0 || away[0] > map.size.width || away[1] > map.size.height) {
    map.move(map.size.width / 2 - away[0], map.size.height / 2 - away[1]);
  }
  map.point(best);
}
