// A map of pictures on a canvas. Names go in as textContent or are drawn, never as HTML.
const NEAR = 16; // pixels from a point that still count as on it
const ROOM = 13; // pixels that a picture should have to be shown as one from the start
const EDGE = 28; // pixels beside the outermost points
const MARGIN = 0.15; // of what is in view, which is fetched beside it
const PAUSE = 180; // milliseconds without a move before what is in view is fetched
const AREA_SCALE = 1000;
const MOST_THUMBNAILS = 1500;

function within(corners, x, y) {
  let inside = false;
  for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [corners[i], corners[i + 1], corners[j], corners[j + 1]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// In units of corners; what lies at the edge is within all of it.
function inMap(part) { return Math.min(Math.max(part, 1e-5), 1 - 1e-5) * AREA_SCALE; }

class PictureMap {
  constructor(root) {
    this.root = root;
    this.view = { scale: 1, x: 0, y: 0 };
    this.mode = "lasso";
    this.named = true;
    this.at = -1; // the point under the pointer or the keys
    this.area = []; // corners of what is drawn round
    this.thumbnails = new Map();
    this.canvas = element("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.tip = element("div", "tip");
    this.small = element("canvas");
    this.tipName = element("b");
    this.tipFile = element("span");
    this.tip.append(this.small, this.tipName, this.tipFile);
    this.legend = element("div", "legend");
    this.seen = element("p", "seen");
    this.seen.setAttribute("role", "status");
    this.tools = element("div", "tools");
    root.replaceChildren(this.tools, this.canvas, this.tip, this.seen, this.legend);
    listen(this);
    new ResizeObserver(() => this.resize()).observe(root);
  }

  show(data, tell) {
    this.tell = tell;
    const isOther = !this.data || this.data.stamp !== data.stamp || this.data.count !== data.count;
    const theme = this.dark() ? "dark" : "light";
    const legend = JSON.stringify([data.legend, theme]);
    this.data = data;
    this.at = -1;
    if (isOther) this.begin(data);
    if (legend !== this.legendShown) {
      this.legendShown = legend;
      this.palette = new Palette(data.legend, theme);
      fillLegend(this);
      if (data.legend.by !== this.by) {
        this.by = data.legend.by;
        // A picture shows little of the colour of its edge, which is what is looked for now.
        this.pictures = data.asks || (this.by === "category" && this.roomForPictures(data.count));
        fillTools(this);
      }
    }
    const said = JSON.stringify(data.area);
    if (said !== this.areaSaid) { this.areaSaid = said; this.area = data.area; }
    this.density = data.cells && this.shaded(data.cells);
    this.mark();
    this.resize();
  }

  begin(data) {
    this.view = { scale: 1, x: 0, y: 0 };
    this.areaSaid = null;
    this.sheet = new Image();
    if (data.sheet) { this.sheet.onload = () => this.draw(); this.sheet.src = data.sheet; }
    this.by = null;
    const groups = data.groups.slice(0, 12).map((group) => group.name).join(", ");
    this.canvas.setAttribute("aria-label",
      `Map of ${data.count} pictures.${groups ? ` Groups: ${groups}.` : ""} Arrow keys go from picture to picture,` +
      " with Shift they move the map; Enter opens a picture, plus and minus zoom, A selects what is in view, Escape resets.");
    this.legendShown = null;
  }

  roomForPictures(count) {
    const width = this.root.clientWidth || 800;
    return count <= 1600 && 0.62 * Math.sqrt((width * height(width)) / count) >= ROOM;
  }

  dark() {
    const probe = getComputedStyle(this.root).color.match(/[\d.]+/g) || [0, 0, 0];
    return Number(probe[0]) + Number(probe[1]) + Number(probe[2]) > 384;
  }

  resize() {
    const width = this.root.clientWidth;
    if (!width || !this.data) return;
    const tall = height(width), dense = window.devicePixelRatio || 1;
    this.canvas.style.height = tall + "px";
    this.canvas.width = width * dense;
    this.canvas.height = tall * dense;
    this.size = { width, height: tall, dense };
    this.draw();
  }

  // Outermost pictures are whole: the edge has room for half of one.
  edge() { return Math.max(EDGE, this.pictureSide(1) / 2 + 8); }

  place(x, y) { // of the map, from 0 to 1, in pixels
    const edge = this.edge(), { scale } = this.view, { width, height } = this.size;
    return [(edge + x * (width - 2 * edge)) * scale + this.view.x, (edge + y * (height - 2 * edge)) * scale + this.view.y];
  }

  unit(x, y) {
    const edge = this.edge(), { scale } = this.view, { width, height } = this.size;
    const part = (value, moved, whole) => Math.min(1, Math.max(0, ((value - moved) / scale - edge) / (whole - 2 * edge)));
    return [part(x, this.view.x, width), part(y, this.view.y, height)];
  }

  pictureSide(scale = this.view.scale) {
    const area = this.size.width * this.size.height;
    if (this.data.asks) return Math.min(96, Math.max(9, 0.5 * Math.sqrt(area / Math.max(1, this.data.in_view))));
    return Math.min(96, Math.max(0.62 * Math.sqrt(area / this.data.count), 9) * scale ** 0.8);
  }

  // Bright is what the legend lights up, lies in the area and is a result, as far as any is all of that.
  mark() {
    const { points, lit, steps, legend } = this.data;
    if (!points) return;
    const count = points.ids.length, results = new Set(legend.by === "match" ? [] : lit.ids);
    const tests = [
      this.lit !== null && ((i) => points.colours[i] === this.lit),
      this.area.length && ((i) => within(this.area, inMap(points.x[i] / steps), inMap(points.y[i] / steps))),
      results.size && ((i) => results.has(points.ids[i])),
    ].filter(Boolean);
    let bright = new Uint8Array(count).fill(1);
    for (const test of tests) {
      const both = bright.map((on, i) => (on && test(i) ? 1 : 0));
      if (both.includes(1)) bright = both;
    }
    this.bright = bright;
  }

  draw() {
    if (!this.size || !this.palette) return;
    const pen = this.canvas.getContext("2d"), { width, height: tall, dense } = this.size, { data } = this;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, tall);
    this.canvas.className = this.mode;
    const side = this.pictureSide(), { contents } = data.details || {};
    this.asPictures = Boolean(this.pictures && data.points && (contents ? side >= ROOM : this.sheet.complete && data.sheet));
    this.dot = data.asks ? Math.min(6, Math.max(1.4, 0.2 * Math.sqrt((width * tall) / Math.max(1, data.in_view))))
      : Math.min(9, 3.2 * Math.sqrt(this.view.scale));
    if (this.density) this.drawDensity(pen);
    if (data.points) this.drawPoints(pen, side);
    this.drawRings(pen, side);
    if (this.named) this.drawNames(pen);
    this.drawArea(pen);
    if (this.at >= 0) this.frame(pen, this.px[this.at], this.py[this.at], side);
    tellSeen(this);
  }

  shaded(cells) { // one pixel a cell, more opaque the more pictures lie there
    const made = document.createElement("canvas");
    made.width = cells.columns;
    made.height = cells.rows;
    const pen = made.getContext("2d"), image = pen.createImageData(cells.columns, cells.rows);
    const most = Math.log1p(cells.pictures.reduce((one, other) => Math.max(one, other), 1));
    cells.at.forEach((at, i) => {
      const share = Math.log1p(cells.pictures[i]) / most;
      image.data.set([...this.palette.channels(cells.colours[i]), 255 * (0.2 + 0.8 * share)], at * 4);
    });
    pen.putImageData(image, 0, 0);
    return made;
  }

  drawDensity(pen) {
    const [left, top, right, bottom] = this.data.view, [x, y] = this.place(left, top), [x2, y2] = this.place(right, bottom);
    pen.globalAlpha = this.data.lit.ids.length && this.data.legend.by !== "match" ? 0.45 : 1;
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this.density, x, y, x2 - x, y2 - y);
    pen.globalAlpha = 1;
  }

  drawPoints(pen, side) {
    const { points, steps } = this.data, { width, height: tall } = this.size, count = points.ids.length;
    const [x0, y0] = this.place(0, 0), [x1, y1] = this.place(1, 1);
    this.px = new Float32Array(count);
    this.py = new Float32Array(count);
    for (let pass = 0; pass < 2; pass++) { // what is bright lies on top
      for (let i = 0; i < count; i++) {
        if (this.bright[i] !== pass) continue;
        const x = (this.px[i] = x0 + (points.x[i] / steps) * (x1 - x0)), y = (this.py[i] = y0 + (points.y[i] / steps) * (y1 - y0));
        if (x < -side || y < -side || x > width + side || y > tall + side) continue;
        pen.globalAlpha = pass ? (this.asPictures ? 1 : 0.85) : 0.14;
        pen.fillStyle = this.palette.of(points.colours[i]);
        if (this.asPictures && this.stamp(pen, i, x - side / 2, y - side / 2, side)) continue;
        pen.beginPath();
        pen.arc(x, y, this.dot, 0, 2 * Math.PI);
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
  }

  drawRings(pen, side) {
    const { lit, steps } = this.data, r = this.asPictures ? side / 2 + 2 : this.dot + 3;
    pen.strokeStyle = this.palette.ring;
    pen.lineWidth = 2.5;
    lit.x.forEach((x, i) => {
      const [px, py] = this.place(x / steps, lit.y[i] / steps);
      pen.beginPath();
      if (this.asPictures) pen.rect(px - r, py - r, 2 * r, 2 * r);
      else pen.arc(px, py, r, 0, 2 * Math.PI);
      pen.stroke();
    });
  }

  drawNames(pen) { // the largest first; one that would cover another is not drawn
    const style = getComputedStyle(this.root), taken = [];
    pen.font = `600 ${this.size.width < 500 ? 12 : 14}px ${style.fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = style.getPropertyValue("--st-background-color") || "#fff";
    pen.fillStyle = style.color;
    for (const { name, x, y } of this.data.groups) {
      const half = pen.measureText(name).width / 2 + 4;
      let [px, py] = this.place(x / this.data.steps, y / this.data.steps);
      if (px < 0 || py < 0 || px > this.size.width || py > this.size.height) continue;
      px = Math.min(Math.max(px, half), this.size.width - half);
      py = Math.min(Math.max(py, 12), this.size.height - 12);
      if (taken.some((box) => Math.abs(box.x - px) < box.half + half && Math.abs(box.y - py) < 20)) continue;
      taken.push({ x: px, y: py, half });
      pen.strokeText(name, px, py);
      pen.fillText(name, px, py);
    }
  }

  drawArea(pen) {
    const path = this.path || [];
    for (let i = 0; !this.path && i < this.area.length; i += 2) path.push(this.place(this.area[i] / AREA_SCALE, this.area[i + 1] / AREA_SCALE));
    if (!path.length) return;
    pen.strokeStyle = this.accent();
    pen.fillStyle = this.accent();
    pen.lineWidth = 2;
    pen.setLineDash(this.path ? [] : [6, 4]);
    pen.beginPath();
    path.forEach(([x, y]) => pen.lineTo(x, y));
    if (!this.path) pen.closePath();
    pen.stroke();
    pen.setLineDash([]);
  }

  accent() { return getComputedStyle(this.root).getPropertyValue("--st-primary-color").trim() || "#0b5d66"; }

  frame(pen, x, y, side) {
    const r = this.asPictures ? side / 2 + 3 : this.dot + 4;
    pen.strokeStyle = this.accent();
    pen.lineWidth = 3;
    pen.strokeRect(x - r, y - r, 2 * r, 2 * r);
  }

  // Draw a thumbnail with an edge of its colour; false where it is not here yet.
  stamp(pen, i, x, y, side) {
    const { details, side: of, columns, sheet } = this.data;
    const border = this.by !== "category" ? Math.max(2, side / 8) : side > 16 ? 1.5 : 0.75;
    const image = sheet ? this.sheet : this.thumbnail(details.contents[i]);
    if (!image || !image.complete || !image.naturalWidth) return false;
    pen.fillRect(x - border, y - border, side + 2 * border, side + 2 * border);
    const place = sheet ? details.places[i] : 0;
    if (sheet) pen.drawImage(image, (place % columns) * of, Math.floor(place / columns) * of, of, of, x, y, side, side);
    else pen.drawImage(image, x, y, side, side);
    return true;
  }

  thumbnail(content) {
    if (!content) return null;
    let image = this.thumbnails.get(content);
    if (!image) {
      if (this.thumbnails.size > MOST_THUMBNAILS) this.thumbnails.clear();
      image = new Image();
      image.onload = () => { cancelAnimationFrame(this.soon); this.soon = requestAnimationFrame(() => this.draw()); };
      image.src = this.data.details.thumbnails + content;
      this.thumbnails.set(content, image);
    }
    return image;
  }

  nearest(x, y) {
    if (!this.data.points || !this.px) return -1;
    let best = -1, least = Math.max(NEAR, this.asPictures ? this.pictureSide() / 2 : 0) ** 2;
    for (let i = 0; i < this.px.length; i++) {
      const away = (this.px[i] - x) ** 2 + (this.py[i] - y) ** 2;
      if (away < least) { least = away; best = i; }
    }
    return best;
  }

  point(i) {
    const { details } = this.data || {};
    this.at = i;
    this.draw();
    this.tip.style.visibility = i < 0 || !details ? "hidden" : "visible";
    if (i < 0 || !details) return;
    this.tipName.textContent = details.names[details.categories[i]];
    this.tipFile.textContent = details.files[i];
    this.small.width = this.small.height = 128;
    this.stamp(this.small.getContext("2d"), i, 0, 0, 128);
    const x = this.px[i], y = this.py[i], top = this.canvas.offsetTop, box = this.tip.getBoundingClientRect();
    this.tip.style.left = Math.max(0, x + 24 + box.width > this.size.width ? x - 24 - box.width : x + 24) + "px";
    this.tip.style.top = top + Math.max(0, Math.min(this.size.height - box.height, y - box.height / 2)) + "px";
  }

  zoom(factor, x = this.size.width / 2, y = this.size.height / 2) { this.look(this.view, [x, y], [x, y], factor); }

  move(right, down) { this.look(this.view, [0, 0], [right, down], 1); }

  // See what was at one place of a view at another, so many times larger.
  look(view, from, to, factor) {
    const most = this.data.asks ? 4000 : 40, scale = Math.max(1, Math.min(most, view.scale * factor)), by = scale / view.scale;
    const { width, height: tall } = this.size;
    const held = (value, whole) => Math.min(0, Math.max(whole * (1 - scale), value)); // the map stays on the canvas
    this.view = { scale, x: held(to[0] - (from[0] - view.x) * by, width), y: held(to[1] - (from[1] - view.y) * by, tall) };
    this.draw();
    this.fetch();
  }

  visible() {
    const [left, top] = this.unit(0, 0), [right, bottom] = this.unit(this.size.width, this.size.height);
    return [left, top, right, bottom];
  }

  fetch() {
    if (!this.data.asks) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      const [left, top, right, bottom] = this.visible(), wide = (right - left) * MARGIN, tall = (bottom - top) * MARGIN;
      const part = [left - wide, top - tall, right + wide, bottom + tall].map((one) => Math.min(1, Math.max(0, one)));
      this.tell("view", part.map((one) => Number(one.toFixed(6))));
    }, PAUSE);
  }

  selectView() {
    const [left, top, right, bottom] = this.visible().map((one) => Math.round(one * AREA_SCALE));
    this.select([left, top, right, top, right, bottom, left, bottom]);
  }

  select(area) {
    this.area = area;
    this.mark();
    this.draw();
    this.tell("area", { drawn: Date.now(), corners: area });
  }

  reset() {
    this.point(-1);
    if (this.lit !== null) light(this, this.lit, null);
    if (this.area.length) this.select([]);
    this.look({ scale: 1, x: 0, y: 0 }, [0, 0], [0, 0], 1);
  }
}

function height(width) {
  const room = Math.max(340, window.innerHeight - 440);
  return Math.round(Math.min(Math.max(width * 0.72, 340), 760, room));
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  root.pictureMap ||= new PictureMap(root);
  root.pictureMap.show(data, (name, value) => (name === "pick" ? setTriggerValue : setStateValue)(name, value));
}
