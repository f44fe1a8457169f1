// Watch: a build or a training while it runs.
import { address, badge, choice, failed, figure, get, go, h, keys, view } from "./dom.js";
import { card } from "./browse.js";
import { nothing } from "./sets.js";
import { curve } from "./plot.js";

const EVERY = 3000;

export async function watch(about, values) {
  const places = await get("/api/watch");
  view().append(h("h1", {}, "Watch"));
  if (!places.length) return nothing("No build or training in the given folders. Start one into a folder below them; it appears here.");
  const key = (place) => `${place.kind}:${place.name}`;
  const chosen = places.find((place) => place.name === values.set && (!values.kind || place.kind === values.kind)) ?? (values.set ? null : places[0]);
  if (!chosen) throw new Error(`nothing to watch is named '${values.set}'; there are: ${places.map((place) => place.name).join(", ")}`);
  const shown = h("div", { class: "watched", "aria-live": "off" });
  view().append(h("div", { class: "bar middle" }, choice("Build or training", "place", places.map((place) => [key(place), `${place.name} (${place.kind === "pairs" ? "build" : "training"})`]), key(chosen), (told) => {
    const place = places.find((one) => key(one) === told);
    go("/watch", { set: place.name, kind: place.kind });
  }), h("span", { class: "quiet small" }, "looked at again every 3 seconds")), shown);
  keys({});
  const here = location.href;
  const look = async () => {
    if (location.href !== here || !shown.isConnected) return;
    try {
      const made = chosen.kind === "pairs" ? build(await get("/api/watch/build", { set: chosen.name }), chosen.name) : training(await get("/api/watch/training", { set: chosen.name }), chosen.name);
      const open = [...shown.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent.split(" (")[0]);
      view().querySelector(".error")?.remove();
      shown.replaceChildren(...made.flat().filter(Boolean));
      for (const one of shown.querySelectorAll("details")) if (open.includes(one.querySelector("summary").textContent.split(" (")[0])) one.open = true;
    } catch (error) {
      failed(error);
    }
    setTimeout(look, EVERY);
  };
  await look();
}

const tile = (value, words) => h("div", { class: "tile" }, h("b", {}, value), h("span", {}, words));
const ago = (seconds) => (seconds === null ? "-" : seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`);
const percent = (part, of) => (of ? `${Math.round((100 * part) / of)}%` : "-");

function build(told, set) {
  const rate = told.seconds ? told.reached / told.seconds : null;
  const tried = told.types.reduce((sum, type) => sum + type.tried, 0);
  const accepted = told.types.reduce((sum, type) => sum + type.accepted, 0);
  const running = told.state === "running";
  const most = told.types.flatMap((type) => type.dropped.map((drop) => ({ ...drop, type: type.name }))).sort((a, b) => b.count - a.count);
  return [
    h("p", { class: "row" }, badge(told.state, running ? "accepted" : ""), h("progress", { max: told.wanted || 1, value: told.reached, "aria-label": "pairs" })),
    h("div", { class: "tiles" }, tile(`${told.reached.toLocaleString("en")} of ${told.wanted ? told.wanted.toLocaleString("en") : "?"}`, "first-turn pairs"), tile(percent(accepted, tried), "of what was tried"),
      tile(rate ? `${(60 * rate).toFixed(1)}` : "-", "pairs a minute, over all"), running && rate ? tile(ago((told.wanted - told.reached) / rate), "left at that rate") : "", tile(String(told.shards), "shards done"), tile(ago(told.quiet_for), "since the last one")),
    told.fault ? h("p", { class: "error" }, told.fault) : "",
    told.unreadable.map((one) => h("p", { class: "error" }, `${one.file} cannot be read: ${one.error}`)),
    told.faults.length ? h("section", { class: "panel faults" }, h("h2", {}, "Errors, the last ones"), told.faults.map((one) => h("p", { class: "small" }, h("a", { href: address("/item", { set, id: one.id, candidate: one.candidate < 0 ? "" : one.candidate }) }, one.id), ` at ${one.step}: ${one.note}`))) : "",
    h("h2", {}, "Last pairs"), told.last.length ? h("div", { class: "strip" }, told.last.map((item) => card(item, told.stamp, set, {}))) : h("p", { class: "quiet" }, "none yet"),
    h("h2", {}, "By type"),
    h("div", { class: "scroll" }, h("table", { class: "types" }, h("thead", {}, h("tr", {}, ["type", "accepted", "asked for", "", "tried", ...told.steps.map((step) => `after ${step}`), "yield, first turns", "seconds"].map((words, k) => h("th", { class: k && k !== 3 ? "n" : "" }, words)))),
      h("tbody", {}, told.types.map((type) => h("tr", {}, h("td", {}, h("a", { href: address("/browse", { set, type: type.name }) }, type.name)), h("td", { class: "n" }, type.accepted), h("td", { class: "n" }, type.quota ?? ""),
        h("td", {}, type.quota ? h("meter", { min: 0, max: type.quota, value: type.accepted, "aria-label": `${type.accepted} of ${type.quota}` }) : ""), h("td", { class: "n" }, type.tried), told.steps.map((step) => h("td", { class: "n" }, type.left[step])), h("td", { class: "n" }, percent(type.accepted, type.tried)), h("td", { class: "n" }, type.seconds)))))),
    h("h2", {}, "Why rows were dropped"),
    most.length ? h("div", { class: "scroll" }, h("table", { class: "drops" }, h("thead", {}, h("tr", {}, ["rows", "type", "step", "rule"].map((words, k) => h("th", { class: k ? "" : "n" }, words)))),
      h("tbody", {}, most.slice(0, 40).map((drop) => h("tr", {}, h("td", { class: "n" }, drop.count), h("td", {}, drop.type), h("td", {}, drop.step), h("td", {}, h("a", { href: address("/browse", { set, type: drop.type, rule: drop.rule, verdict: "rejected" }) }, drop.rule))))))) : h("p", { class: "quiet" }, "no row was dropped"),
  ];
}

function training(told, set) {
  const table = (title, values) => Object.keys(values).length ? h("details", { class: "panel" }, h("summary", {}, `${title} (${Object.keys(values).length})`), h("table", {}, h("tbody", {}, Object.entries(values).sort((a, b) => b[1] - a[1]).map(([name, value]) => h("tr", {}, h("td", {}, name), h("td", { class: "n" }, figure(value))))))) : "";
  return [
    told.steps ? h("progress", { max: told.steps, value: told.step, "aria-label": "steps" }) : "",
    h("div", { class: "tiles" }, tile(told.steps ? `${told.step.toLocaleString("en")} of ${told.steps.toLocaleString("en")}` : told.step.toLocaleString("en"), told.steps ? "steps" : "steps; how many there will be is known from the first checkpoint on"), tile(told.pairs_per_second === null ? "-" : figure(told.pairs_per_second, 3), "pairs a second, median"), tile(ago(told.quiet_for), "since the last line"), tile(told.finished ? "yes" : "not yet", "an editor is written")),
    told.warnings.map((line) => h("p", { class: "error" }, `step ${line.step}: hardly a row reaches the experts ${(line.dead_experts ?? []).join(", ")}`)),
    h("div", { class: "curves" }, curve("training loss", [{ points: told.loss, noisy: true }]), curve("validation loss", [{ points: told.validation, noisy: false }]), curve("learning rate", [{ points: told.rate, noisy: false }])),
    table("Loss by kind of edit", told.by_kind), table("Validation loss by kind of edit", told.validation_by_kind), table("Load of the experts", told.load),
    told.samples.length ? h("section", {}, h("h2", {}, "Samples"), told.samples.map((name) => h("figure", {}, h("img", { src: address("/api/watch/sample", { set, name }), alt: `samples of ${name}`, class: "grid" }), h("figcaption", {}, name)))) : "",
  ];
}
