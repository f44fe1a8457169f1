// Curves and intervals as SVG.
import { figure, h, svg } from "./dom.js";

const WIDTH = 560;
const HEIGHT = 200;
const LEFT = 54;

// lines: [{ points: [[step, value], ...], noisy }] of one scale.
export function curve(title, lines) {
  const points = lines.flatMap((line) => line.points);
  if (!points.length) return h("figure", {}, h("figcaption", {}, `${title}: nothing written down yet`));
  const sorted = points.map(([, value]) => value).sort((a, b) => a - b);
  const last = Math.max(1, ...points.map(([step]) => step));
  let low = sorted[0];
  let high = sorted[Math.floor(0.995 * (sorted.length - 1))]; // one outlier must not flatten the curve
  if (high <= low) { low -= Math.abs(low) / 2 || 1; high += Math.abs(high) / 2 || 1; }
  const x = (step) => LEFT + ((WIDTH - LEFT - 8) * step) / last;
  const y = (value) => 8 + (HEIGHT - 34) * (1 - (Math.min(value, high) - low) / (high - low));
  const made = svg("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${figure(points.at(-1)[1])} at step ${points.at(-1)[0]}` });
  made.append(svg("line", { class: "axis", x1: LEFT, x2: WIDTH, y1: HEIGHT - 24, y2: HEIGHT - 24 }));
  for (const share of [0, 0.5, 1]) {
    const value = low + share * (high - low);
    made.append(svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, figure(value, 3)), svg("text", { x: x(share * last), y: HEIGHT - 8, "text-anchor": share === 1 ? "end" : share ? "middle" : "start" }, String(Math.round(share * last))));
  }
  for (const { points: line, noisy } of lines) {
    if (!line.length) continue;
    for (const [step, value] of line) made.append(svg("circle", { class: "dots", cx: x(step), cy: y(value), r: noisy ? 1.5 : 3 }));
    const drawn = noisy ? moving(line) : line;
    made.append(svg("polyline", { class: "curve", points: drawn.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ") }));
  }
  return h("figure", {}, made, h("figcaption", {}, `${title}: ${figure(moving(lines[0].points).at(-1)?.[1])} at step ${points.at(-1)[0]}`));
}

function moving(line) {
  const span = Math.max(1, Math.round(line.length * 0.05));
  return line.map(([step], k) => {
    const recent = line.slice(Math.max(0, k + 1 - span), k + 1);
    return [step, recent.reduce((sum, [, value]) => sum + value, 0) / recent.length];
  });
}

// rows: [{ name, value, low, high }]: a dot and its interval on one scale.
export function intervals(rows) {
  const least = Math.min(0, ...rows.map((row) => row.low));
  const most = Math.max(0, ...rows.map((row) => row.high));
  const x = (value) => 8 + ((304 - 16) * (value - least)) / (most - least || 1);
  return (row) => {
    const made = svg("svg", { class: "plot", viewBox: "0 0 304 20", role: "img", "aria-label": `${figure(row.value, 3)}, from ${figure(row.low, 3)} to ${figure(row.high, 3)}` });
    made.append(svg("line", { class: "axis", x1: x(0), x2: x(0), y1: 0, y2: 20 }), svg("line", { class: "whisker", x1: x(row.low), x2: x(row.high), y1: 10, y2: 10 }), svg("circle", { class: "mark", cx: x(row.value), cy: 10, r: 4.5 }));
    return made;
  };
}
