// A picture that can be drawn on: boxes, scribbles, a mask. What is drawn is kept in the picture's own pixels.
import { failed, h } from "./dom.js";

const MOST = 2048; // pixels of the longer side that are sent; larger pictures are scaled down here

export class Board {
  constructor() {
    this.tool = ""; // nothing is drawn until one is chosen
    this.width = 8;
    this.label = "";
    this.loaded = false;
    this.canvas = h("canvas", { width: 512, height: 320, tabIndex: 0, role: "img", "aria-label": "The picture; drop a file here, draw on it" });
    this.element = h("div", { class: "draw" }, this.canvas);
    this.base = h("canvas");
    this.ink = h("canvas");
    this.boxes = [];
    this.canvas.addEventListener("pointerdown", (event) => this.start(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => (this.from = null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("dragover", (event) => event.preventDefault());
    this.canvas.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) this.open(URL.createObjectURL(event.dataTransfer.files[0])).catch(failed);
    });
  }

  async open(url) {
    const image = h("img", { src: url });
    try { await image.decode(); } catch { throw new Error("this file is no picture that the browser can read"); }
    const scale = Math.min(1, MOST / Math.max(image.naturalWidth, image.naturalHeight));
    for (const canvas of [this.canvas, this.base, this.ink]) {
      canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    }
    this.base.getContext("2d").drawImage(image, 0, 0, this.base.width, this.base.height);
    this.loaded = true;
    this.clear();
  }

  clear() {
    this.boxes = [];
    this.painted = false;
    this.ink.getContext("2d").clearRect(0, 0, this.ink.width, this.ink.height);
    this.draw();
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * this.canvas.width) / box.width, ((event.clientY - box.top) * this.canvas.height) / box.height];
  }

  start(event) {
    if (!this.loaded || !this.tool) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.from = this.at(event);
    if (this.tool === "box") this.boxes.push([this.label, [...this.from, ...this.from]]);
    this.move(event);
  }

  move(event) {
    if (!this.from) return;
    const to = this.at(event);
    if (this.tool === "box") this.boxes.at(-1)[1].splice(2, 2, ...to);
    else {
      const pen = this.ink.getContext("2d");
      pen.strokeStyle = "#fff";
      pen.lineCap = pen.lineJoin = "round";
      // a scribble's width is of the picture, not of the screen; a mask is painted with a broader brush
      pen.lineWidth = (this.width * (this.tool === "mask" ? 3 : 1) * Math.max(this.ink.width, this.ink.height)) / 512;
      pen.beginPath();
      pen.moveTo(...this.from);
      pen.lineTo(...to);
      pen.stroke();
      this.from = to;
      this.painted = true;
    }
    this.draw();
  }

  key(event) {
    if (!this.loaded || this.tool !== "box") return;
    const { width, height } = this.canvas;
    if (event.key === "Enter") this.boxes.push([this.label, [width * 0.3, height * 0.3, width * 0.7, height * 0.7]]);
    else if (event.key === "Delete") this.boxes.pop();
    else if (event.key.startsWith("Arrow") && this.boxes.length) {
      const step = { ArrowLeft: [-width / 50, 0], ArrowRight: [width / 50, 0], ArrowUp: [0, -height / 50], ArrowDown: [0, height / 50] }[event.key];
      const corners = this.boxes.at(-1)[1];
      for (const k of event.shiftKey ? [2, 3] : [0, 1, 2, 3]) corners[k] += step[k % 2];
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    pen.drawImage(this.base, 0, 0);
    pen.globalAlpha = 0.6;
    pen.drawImage(this.ink, 0, 0);
    pen.globalAlpha = 1;
    pen.lineWidth = Math.max(2, this.canvas.width / 200);
    pen.font = `${Math.max(10, this.canvas.width / 30)}px system-ui`;
    for (const [label, [x0, y0, x1, y1]] of this.boxes) {
      pen.strokeStyle = pen.fillStyle = "#ffd43b";
      pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
      if (label) pen.fillText(label, Math.min(x0, x1) + 4, Math.min(y0, y1) + this.canvas.width / 28);
    }
    this.canvas.dataset.boxes = this.boxes.length;
    this.canvas.dataset.painted = this.painted ? "1" : "";
  }

  picture() {
    return this.base.toDataURL("image/png");
  }

  // White on black, or "" when nothing was painted.
  strokes() {
    if (!this.painted) return "";
    const flat = h("canvas", { width: this.ink.width, height: this.ink.height });
    const pen = flat.getContext("2d");
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, flat.width, flat.height);
    pen.drawImage(this.ink, 0, 0);
    return flat.toDataURL("image/png");
  }
}
