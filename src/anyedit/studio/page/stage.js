// Source and edited picture on one stage: slider, flicker, difference, side by side; mask and influence on top.
import { h } from "./dom.js";

const MODES = [["slider", "Slider", "s"], ["flicker", "Flicker", "f"], ["difference", "Difference", "d"], ["two", "Side by side", "b"]];
const TINTS = { mask: [255, 70, 60], influence: [40, 140, 255] };

export class Stage {
  // urls: source, edited, and where there are any mask, influence. told: called with { mode, mask, influence } when changed.
  constructor(urls, start = {}, told = () => {}) {
    this.urls = urls;
    this.told = told;
    this.state = { mode: MODES.some(([mode]) => mode === start.mode) ? start.mode : "slider", mask: start.mask === "1", influence: start.influence === "1", gain: 4 };
    this.edited = true; // which one the flicker shows
    const picture = (name) => h("img", { class: name, src: urls[name], alt: `the ${name} picture`, draggable: false });
    this.source = picture("source");
    this.target = picture("edited");
    this.layer = h("canvas", { class: "layer", "aria-hidden": "true" });
    this.left = h("span", { class: "tag" }, "source");
    this.right = h("span", { class: "tag right" }, "edited");
    this.line = h("div", { class: "line" });
    this.split = h("input", { class: "split", type: "range", min: 0, max: 100, value: 50, "aria-label": "Share of the source that is shown", oninput: () => this.draw() });
    this.box = h("div", { class: "stage" }, this.source, this.target, this.layer, this.left, this.right, this.line);
    this.box.addEventListener("pointerdown", (event) => this.drag(event));
    this.box.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    this.gain = h("input", { type: "range", min: 1, max: 16, value: 4, "aria-label": "Gain of the difference", oninput: () => { this.state.gain = Number(this.gain.value); this.draw(); } });
    this.gainOf = h("label", {}, "gain", this.gain);
    this.buttons = MODES.map(([mode, words, key]) => h("button", { type: "button", "data-mode": mode, title: `key ${key}`, onclick: () => this.mode(mode) }, words));
    this.overlays = Object.keys(TINTS).filter((name) => urls[name]).map((name) => h("button", { type: "button", "data-layer": name, title: `key ${name[0]}`, onclick: () => this.toggle(name) }, name === "mask" ? "Mask" : "Influence"));
    this.missing = h("p", { class: "error", hidden: true });
    this.element = h("div", { class: "pair" }, h("div", { class: "bar middle" }, this.buttons, this.overlays, this.gainOf), this.missing, this.box, this.split);
    for (const image of [this.source, this.target]) {
      image.addEventListener("load", () => this.draw());
      image.addEventListener("error", () => { this.missing.hidden = false; this.missing.textContent = `${image.alt} is not there or cannot be read`; });
    }
    this.draw();
  }

  get keys() {
    const table = {};
    for (const [mode, words, key] of MODES) table[key] = [mode === "flicker" ? "flicker: source and edited by turns" : words.toLowerCase(), () => this.mode(mode)];
    for (const button of this.overlays) table[button.dataset.layer[0]] = [`${button.dataset.layer} overlay`, () => this.toggle(button.dataset.layer)];
    return table;
  }

  mode(mode) {
    if (mode === "flicker" && this.state.mode === "flicker") this.edited = !this.edited;
    this.state.mode = mode;
    this.changed();
  }

  toggle(name) {
    this.state[name] = !this.state[name];
    this.changed();
  }

  changed() {
    this.draw();
    this.told({ mode: this.state.mode === "slider" ? "" : this.state.mode, mask: this.state.mask ? "1" : "", influence: this.state.influence ? "1" : "" });
  }

  drag(event) {
    if (this.state.mode !== "slider") return;
    const box = this.box.getBoundingClientRect();
    this.split.value = Math.round((100 * (event.clientX - box.left)) / box.width);
    this.draw();
  }

  draw() {
    const { mode, mask, influence } = this.state;
    this.box.dataset.mode = mode;
    this.box.dataset.shown = mode === "flicker" ? (this.edited ? "edited" : "source") : mode;
    const share = Number(this.split.value);
    this.target.style.clipPath = mode === "slider" ? `inset(0 0 0 ${share}%)` : "none";
    this.source.style.visibility = mode === "flicker" && this.edited ? "hidden" : "visible";
    this.target.style.visibility = (mode === "flicker" && !this.edited) ? "hidden" : "visible";
    this.line.hidden = this.split.hidden = mode !== "slider";
    this.line.style.left = `${share}%`;
    this.left.hidden = mode === "difference" || (mode === "flicker" && this.edited) || (mode === "slider" && share < 12);
    this.right.hidden = mode === "difference" || (mode === "flicker" && !this.edited) || (mode === "slider" && share > 88);
    this.gainOf.hidden = mode !== "difference";
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.dataset.mode === mode);
    for (const button of this.overlays) button.setAttribute("aria-pressed", this.state[button.dataset.layer]);
    this.paint([mask && "mask", influence && "influence"].filter(Boolean));
  }

  async paint(layers) {
    const wanted = (this.painting = Symbol());
    const { naturalWidth: width, naturalHeight: height } = this.target;
    this.layer.hidden = !layers.length && this.state.mode !== "difference";
    if (this.layer.hidden || !width || !this.source.naturalWidth) return;
    const pixels = new ImageData(width, height);
    if (this.state.mode === "difference") difference(pixels.data, read(this.source, width, height), read(this.target, width, height), this.state.gain);
    for (const name of layers) {
      const gray = read(await loaded(this.urls[name]), width, height);
      tint(pixels.data, gray, TINTS[name]);
    }
    if (wanted !== this.painting) return;
    this.layer.width = width;
    this.layer.height = height;
    this.layer.getContext("2d").putImageData(pixels, 0, 0);
  }
}

function read(image, width, height) {
  const canvas = h("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

const known = new Map();
export function loaded(url) {
  if (!known.has(url)) {
    if (known.size > 60) known.clear();
    known.set(url, new Promise((done, fail) => {
      const image = h("img", { src: url });
      image.addEventListener("load", () => done(image));
      image.addEventListener("error", () => fail(new Error(`${url} cannot be read`)));
    }));
  }
  return known.get(url);
}

function difference(out, a, b, gain) {
  for (let i = 0; i < out.length; i += 4) {
    for (let k = 0; k < 3; k++) out[i + k] = Math.min(255, Math.abs(a[i + k] - b[i + k]) * gain);
    out[i + 3] = 255;
  }
}

function tint(out, gray, [r, g, b]) {
  for (let i = 0; i < out.length; i += 4) {
    const share = (gray[i] / 255) * 0.55;
    if (!share) continue;
    const under = out[i + 3] / 255;
    out[i] = r * share + out[i] * (1 - share);
    out[i + 1] = g * share + out[i + 1] * (1 - share);
    out[i + 2] = b * share + out[i + 2] * (1 - share);
    if (!under) { out[i] = r; out[i + 1] = g; out[i + 2] = b; }
    out[i + 3] = Math.round(255 * (share + under * (1 - share)));
  }
}
