// One item: its pictures on the stage, its whole story, chain and candidates.
import { address, asked, badge, figure, get, go, h, keys, pictureOf, say, shot, view } from "./dom.js";
import { UNEDITED, card, filtersOf } from "./browse.js";
import { Stage } from "./stage.js";

export async function item(about, values) {
  const filters = filtersOf(values);
  const set = values.set;
  const found = await get("/api/item", { ...filters, set, id: values.id, candidate: values.candidate });
  const { item: shown, row, stamp } = found;
  const there = await get("/api/pictures", { set, n: shown.number });
  const urls = Object.fromEntries(there.map((column) => [column, pictureOf(set, stamp, shown.number, column)]));
  const kept = (changes) => history.replaceState(null, "", address("/item", { ...asked(), ...changes }));
  const stage = urls.source && urls.edited ? new Stage(urls, values, kept) : null;
  const to = (where) => where && (() => go("/item", { ...filters, set, id: where.id, candidate: where.candidate < 0 ? "" : where.candidate, mode: asked().mode, mask: asked().mask, influence: asked().influence }));
  const back = () => go("/browse", { ...filters, set });
  const step = (where, words) => h("button", { type: "button", disabled: !where, onclick: to(where) || null }, words);
  const copy = h("button", { type: "button", onclick: () => copied(), title: "key c" }, "Copy address");
  view().append(
    h("div", { class: "bar middle" }, h("button", { type: "button", onclick: back }, "All items"), step(found.previous, "← previous"), step(found.next, "next →"), copy, urls.source ? h("a", { href: address("/try", { set, id: shown.id, candidate: values.candidate }) }, "Try editors on it") : ""),
    h("h1", { class: "instruction" }, shown.instruction || shown.id),
    h("div", { class: "sides" }, h("div", {}, pictures(stage, urls, shown)), h("div", {}, story(found, row, set))),
    strip("Chain, turn by turn", found.chain, stamp, set, filters, shown), strip("Made from", found.made_from, stamp, set, filters),
    strip("Made from this", found.derived, stamp, set, filters), strip("Other candidates and verdicts of this item", found.candidates, stamp, set, filters));
  keys({
    ...(stage?.keys ?? {}),
    ArrowRight: ["next pair", () => to(found.next)?.()], ArrowLeft: ["pair before", () => to(found.previous)?.()],
    Escape: ["back to all pairs", back], c: ["copy the address", () => copied()],
  });
}

async function copied() {
  try {
    await navigator.clipboard.writeText(location.href);
    say("address copied");
  } catch {
    say(location.href); // a page that is not on https or loopback may not write to the clipboard
  }
}

function pictures(stage, urls, shown) {
  if (stage) return [stage.element, urls.visual_prompt ? h("figure", { class: "prompt" }, h("img", { class: "shot", src: urls.visual_prompt, alt: "the visual prompt" }), h("figcaption", {}, "visual prompt")) : ""];
  const why = shown.has_edited ? "the edited picture is not there, or cannot be read" : UNEDITED;
  return urls.source ? h("figure", {}, shot(urls.source, "source"), h("figcaption", {}, `source; ${why}`)) : h("p", { class: "note" }, `No pictures: ${why}.`);
}

export function scoreTable(scores) {
  const limit = (score) => [score.low === null ? "" : `≥ ${figure(score.low)}`, score.high === null ? "" : `≤ ${figure(score.high)}`].filter(Boolean).join(" and ") || "none";
  const outcome = { true: ["passed", "yes"], false: ["failed", "no"], null: ["not applicable", "quiet"] };
  return h("div", { class: "scroll" }, h("table", { class: "rules" },
    h("thead", {}, h("tr", {}, ["rule", "value", "limit", ""].map((words, k) => h("th", { class: k === 1 ? "n" : "" }, words)))),
    h("tbody", {}, scores.map((score) => {
      const [words, kind] = outcome[String(score.passed)];
      return h("tr", {}, h("td", {}, score.name), h("td", { class: "n" }, figure(score.value)), h("td", {}, limit(score)),
        h("td", { class: kind }, words, score.note ? h("div", { class: "quiet small" }, score.note) : ""));
    }))));
}

function story(found, row, set) {
  const shown = found.item;
  const made = typeof row.provenance === "object" && row.provenance ? row.provenance : {};
  const line = (name, value) => value === undefined || value === null || value === "" || value.length === 0 ? [] : [h("dt", {}, name), h("dd", {}, value)];
  const scores = row.scores?.length ? row.scores : row.rule ? [{ name: row.rule, value: row.value, low: row.low, high: row.high, passed: false, note: row.note }] : [];
  const told = h("pre", { class: "why" }, "");
  const asking = h("button", { type: "button", onclick: async () => {
    asking.disabled = true;
    told.textContent = "reading the build's steps";
    try { told.textContent = await get("/api/why", { set, id: shown.id }); } catch (error) { told.textContent = error.message; }
  } }, "anyedit why");
  return [
    h("div", { class: "panel" }, h("div", { class: "row" }, badge(shown.edit_type, shown.family), badge(shown.verdict), shown.split ? badge(shown.split, "") : ""),
      h("dl", {}, line("id", shown.id), line("source", [shown.source_id, row.origin, row.licence].filter(Boolean).join(", ")), line("caption", row.source_caption), line("caption after", row.edited_caption),
        line("object", row.edited_object), line("other wordings", (row.phrasings ?? []).join(" · ")), line("turn", shown.turn > 1 ? String(shown.turn) : ""), line("relation", shown.relation === "original" ? "" : shown.relation),
        line("ended", shown.step && `${shown.verdict} at ${shown.step} by ${shown.rule}`), line("written by", made.writer), line("engines", (made.engines ?? []).join(", ")),
        line("recipe", made.recipe_hash), line("drawn against the bias", row.natural === false ? "yes" : ""))),
    h("div", { class: "panel" }, h("h2", {}, "Rules"), scores.length ? scoreTable(scores) : h("p", { class: "quiet" }, "No rule measured this pair.")),
    h("div", { class: "panel" }, h("h2", {}, "Whole story"), found.is_build ? [asking, told] : "",
      row.params ? h("details", {}, h("summary", {}, "Parameters"), h("pre", {}, JSON.stringify(row.params, null, 1))) : "",
      row.provenance ? h("details", {}, h("summary", {}, "Provenance"), h("pre", {}, typeof row.provenance === "string" ? row.provenance : JSON.stringify(made, null, 1))) : ""),
  ];
}

function strip(title, items, stamp, set, filters, current = null) {
  if (!items.length) return "";
  return h("section", {}, h("h2", {}, title), h("div", { class: "strip" }, items.map((each) => card(each, stamp, set, filters, current?.number === each.number))));
}
