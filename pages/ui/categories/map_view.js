// A map of pictures on a canvas: zoom, move, lasso, hover. Names go in as textContent, never as HTML.
const NEAR = 16; // pixels from a point that still count as on it
const PICTURES_FROM = 13; // pixels a picture must have to be drawn instead of a dot
const KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function button(text, label, act) {
  const made = element("button", "", text);
  made.type = "button";
  made.title = label;
  if (text.length < 2) made.setAttribute("aria-label", label); // a sign says nothing when read out
  made.onclick = act;
  return made;
}

// Neighbouring numbers get hues far apart: the golden angle.
function colour(number, dark) {
  return `hsl(${(number * 137.508 + 215) % 360} ${60 + (number % 3) * 12}% ${(dark ? 62 : 44) + (number % 2) * 8}%)`;
}

function inside(polygon, x, y) {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

class PictureMap {
  constructor(root) {
    this.root = root;
    this.view = { scale: 1, x: 0, y: 0 };
    this.mode = "lasso";
    this.lit = null; // the category that is lit up
    this.at = -1; // the point under the pointer or the keys
    this.chosen = new Set();
    this.canvas = element("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.tip = element("div", "tip");
    this.small = element("canvas");
    this.tipName = element("b");
    this.tipFile = element("span");
    this.tip.append(this.small, this.tipName, this.tipFile);
    this.legend = element("ul", "legend");
    this.tools = element("div", "tools");
    root.replaceChildren(this.tools, this.canvas, this.tip, this.legend);
    this.listen();
    new ResizeObserver(() => this.resize()).observe(root);
  }

  show(data, tell) {
    this.tell = tell;
    const signature = data.ids.length + " " + data.sheet.length + " " + data.ids[0];
    if (this.signature === signature) return this.resize();
    this.signature = signature;
    this.data = data;
    this.view = { scale: 1, x: 0, y: 0 };
    this.chosen = new Set();
    this.pictures = data.ids.length <= 1600;
    this.sheet = new Image();
    this.sheet.onload = () => this.draw();
    this.sheet.src = data.sheet;
    this.canvas.setAttribute("aria-label",
      `Map of ${data.ids.length} pictures. Arrow keys go from picture to picture, Enter opens one, plus and minus zoom.`);
    this.fillTools();
    this.fillLegend();
    this.resize();
  }

  fillTools() {
    const press = (chosen, all) => all.forEach((one) => one.setAttribute("aria-pressed", String(one === chosen)));
    const lasso = button("Lasso", "Draw around pictures to choose them", () => { this.mode = "lasso"; press(lasso, modes); this.draw(); });
    const move = button("Move", "Drag the map", () => { this.mode = "move"; press(move, modes); this.draw(); });
    const modes = [lasso, move];
    press(this.mode === "move" ? move : lasso, modes);
    const dots = button("Dots", "Show pictures as dots", () => { this.pictures = false; press(dots, looks); this.draw(); });
    const pictures = button("Pictures", "Show the pictures themselves", () => { this.pictures = true; press(pictures, looks); this.draw(); });
    const looks = [dots, pictures];
    press(this.pictures ? pictures : dots, looks);
    this.tools.replaceChildren(...modes, element("span", "gap"), ...looks, element("span", "gap"),
      button("+", "Zoom in", () => this.zoom(1.5)), button("−", "Zoom out", () => this.zoom(1 / 1.5)),
      button("Reset", "Show all, choose nothing", () => this.reset()));
  }

  fillLegend() {
    const counts = new Map();
    this.data.categories.forEach((number) => counts.set(number, (counts.get(number) || 0) + 1));
    const numbers = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b).slice(0, this.data.legend);
    this.legend.replaceChildren(...numbers.map((number) => {
      const item = element("li");
      const one = button(this.data.names[number], `Light up ${this.data.names[number]}`, () => {
        this.lit = this.lit === number ? null : number;
        this.legend.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b === one && this.lit !== null)));
        this.draw();
      });
      one.setAttribute("aria-pressed", "false");
      const spot = element("i");
      spot.style.background = colour(number, this.dark());
      one.prepend(spot);
      item.append(one);
      return item;
    }));
  }

  dark() {
    const probe = getComputedStyle(this.root).color.match(/[\d.]+/g) || [0, 0, 0];
    return Number(probe[0]) + Number(probe[1]) + Number(probe[2]) > 384;
  }

  resize() {
    const width = this.root.clientWidth;
    if (!width || !this.data) return;
    const height = Math.round(Math.min(Math.max(width * 0.72, 340), 680));
    const dense = window.devicePixelRatio || 1;
    this.canvas.style.height = height + "px";
    this.canvas.width = width * dense;
    this.canvas.height = height * dense;
    this.size = { width, height, dense };
    this.draw();
  }

  place(i) {
    const { width, height } = this.size, edge = 28, { scale, x, y } = this.view;
    return [
      (edge + (this.data.x[i] / this.data.steps) * (width - 2 * edge)) * scale + x,
      (edge + (this.data.y[i] / this.data.steps) * (height - 2 * edge)) * scale + y,
    ];
  }

  pictureSide() {
    const fair = 0.62 * Math.sqrt((this.size.width * this.size.height) / this.data.ids.length);
    return Math.min(96, Math.max(fair, 9) * this.view.scale ** 0.8);
  }

  draw() {
    if (!this.size) return;
    const pen = this.canvas.getContext("2d"), { width, height, dense } = this.size, data = this.data;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.canvas.className = this.mode;
    const side = this.pictureSide(), dark = this.dark();
    const asPictures = this.sheet.complete && this.pictures && side >= PICTURES_FROM;
    const dot = Math.min(9, 3.2 * Math.sqrt(this.view.scale));
    for (let i = 0; i < data.ids.length; i++) {
      const [x, y] = this.place(i);
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      const faint = (this.lit !== null && data.categories[i] !== this.lit) || (this.chosen.size && !this.chosen.has(data.ids[i]));
      pen.globalAlpha = faint ? 0.12 : asPictures ? 1 : 0.85;
      pen.fillStyle = colour(data.categories[i], dark);
      if (asPictures) {
        pen.fillRect(x - side / 2 - 1.5, y - side / 2 - 1.5, side + 3, side + 3);
        this.stamp(pen, i, x - side / 2, y - side / 2, side);
      } else {
        pen.beginPath();
        pen.arc(x, y, dot, 0, 2 * Math.PI);
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = getComputedStyle(this.root).getPropertyValue("--st-primary-color") || "#3457d5";
    pen.lineWidth = 3;
    if (this.at >= 0) {
      const [x, y] = this.place(this.at), r = asPictures ? side / 2 + 3 : dot + 4;
      pen.strokeRect(x - r, y - r, 2 * r, 2 * r);
    }
    if (this.path) {
      pen.lineWidth = 2;
      pen.beginPath();
      this.path.forEach(([x, y]) => pen.lineTo(x, y));
      pen.stroke();
    }
  }

  stamp(pen, i, x, y, side) {
    const { side: of, columns, places } = this.data, place = places[i];
    pen.drawImage(this.sheet, (place % columns) * of, Math.floor(place / columns) * of, of, of, x, y, side, side);
  }

  nearest(x, y) {
    let best = -1, least = Math.max(NEAR, this.pictures ? this.pictureSide() / 2 : 0) ** 2;
    for (let i = 0; i < this.data.ids.length; i++) {
      const [px, py] = this.place(i), away = (px - x) ** 2 + (py - y) ** 2;
      if (away < least) { least = away; best = i; }
    }
    return best;
  }

  point(i) {
    this.at = i;
    this.draw();
    this.tip.style.visibility = i < 0 ? "hidden" : "visible";
    if (i < 0) return;
    this.tipName.textContent = this.data.names[this.data.categories[i]];
    this.tipFile.textContent = this.data.files[i];
    this.small.width = this.small.height = 128;
    if (this.sheet.complete) this.stamp(this.small.getContext("2d"), i, 0, 0, 128);
    const [x, y] = this.place(i), top = this.canvas.offsetTop;
    const box = this.tip.getBoundingClientRect();
    this.tip.style.left = (x + 24 + box.width > this.size.width ? x - 24 - box.width : x + 24) + "px";
    this.tip.style.top = top + Math.max(0, Math.min(this.size.height - box.height, y - box.height / 2)) + "px";
  }

  zoom(factor, x = this.size.width / 2, y = this.size.height / 2) {
    const scale = Math.max(1, Math.min(40, this.view.scale * factor)), by = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * by, y: y - (y - this.view.y) * by };
    this.hold();
  }

  hold() { // keep the map on the canvas
    const { width, height } = this.size, view = this.view;
    view.x = Math.min(0, Math.max(width * (1 - view.scale), view.x));
    view.y = Math.min(0, Math.max(height * (1 - view.scale), view.y));
    this.draw();
  }

  reset() {
    this.view = { scale: 1, x: 0, y: 0 };
    this.point(-1);
    if (this.chosen.size) this.choose([]);
    this.draw();
  }

  choose(ids) {
    this.chosen = new Set(ids);
    this.draw();
    this.tell("chosen", ids);
  }

  listen() {
    const at = (event) => { const box = this.canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    let begun = null, moved = false;
    this.canvas.onpointerdown = (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      begun = { from: at(event), view: { ...this.view } };
      moved = false;
      if (this.mode === "lasso") this.path = [begun.from];
    };
    this.canvas.onpointermove = (event) => {
      const [x, y] = at(event);
      if (!begun) { const near = this.nearest(x, y); if (near !== this.at) this.point(near); return; }
      if (Math.hypot(x - begun.from[0], y - begun.from[1]) > 5) moved = true;
      if (this.mode === "move") {
        this.view = { ...this.view, x: begun.view.x + x - begun.from[0], y: begun.view.y + y - begun.from[1] };
        this.hold();
      } else { this.path.push([x, y]); this.draw(); }
    };
    this.canvas.onpointerup = (event) => {
      const path = this.path, [x, y] = at(event);
      this.path = null;
      begun = null;
      if (!moved) {
        const near = this.nearest(x, y);
        this.point(near);
        if (near >= 0) this.tell("pick", this.data.ids[near]);
      } else if (this.mode === "lasso") {
        this.choose(this.data.ids.filter((_, i) => inside(path, ...this.place(i))));
      }
    };
    this.canvas.onpointerleave = () => { if (!begun) this.point(-1); };
    this.canvas.onblur = () => this.point(-1);
    this.canvas.addEventListener("wheel", (event) => {
      // The page scrolls as usual until the map was clicked or Ctrl is held.
      if (!event.ctrlKey && this.root.getRootNode().activeElement !== this.canvas) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), ...at(event));
    }, { passive: false });
    this.canvas.onkeydown = (event) => this.key(event);
  }

  key(event) {
    if (KEYS[event.key]) this.step(...KEYS[event.key]);
    else if (event.key === "Enter" && this.at >= 0) this.tell("pick", this.data.ids[this.at]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "Escape") this.reset();
    else return;
    event.preventDefault();
  }

  step(right, down) {
    if (this.at < 0) { this.point(0); return; }
    const [x, y] = this.place(this.at);
    let best = -1, least = Infinity;
    for (let i = 0; i < this.data.ids.length; i++) {
      const [px, py] = this.place(i), along = (px - x) * right + (py - y) * down;
      const aside = Math.abs((px - x) * down) + Math.abs((py - y) * right);
      if (i !== this.at && along > 0 && along + 2 * aside < least) { least = along + 2 * aside; best = i; }
    }
    if (best >= 0) this.point(best);
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  root.pictureMap ||= new PictureMap(root);
  root.pictureMap.show(data, (name, value) => (name === "pick" ? setTriggerValue : setStateValue)(name, value));
}
