// What is coloured by a category has a colour of its own, what is coloured by a number one of a ramp.
const RAMP_STEPS = 100;

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function onRamp(stops, part) {
  const at = Math.min(Math.max(part, 0), 1) * (stops.length - 1), low = Math.min(Math.floor(at), stops.length - 2);
  const [one, other] = [channels(stops[low]), channels(stops[low + 1])];
  return one.map((value, which) => Math.round(value + (other[which] - value) * (at - low)));
}

class Palette {
  constructor(legend, theme) {
    const kinds = legend.kinds[theme];
    this.grey = kinds[kinds.length - 1];
    this.ring = legend.ring[theme];
    this.stops = legend.ramp[theme] || [];
    const has = legend.names.length, other = legend.names[has - 1] === "other" && has === kinds.length;
    this.all = this.stops.length
      ? Array.from({ length: RAMP_STEPS + 1 }, (_, at) => onRamp(this.stops, at / RAMP_STEPS))
      : (other ? kinds : kinds.slice(0, -1)).map(channels);
    this.texts = this.all.map((rgb) => `rgb(${rgb})`);
  }

  of(value) { return value < 0 ? this.grey : this.texts[value] || this.grey; }

  channels(value) { return value < 0 ? channels(this.grey) : this.all[value] || channels(this.grey); }

  gradient() { return `linear-gradient(to right, ${this.stops.join(", ")})`; }
}
