// Browse: filters and a grid of pairs.
import { address, badge, choice, figure, get, go, h, keys, pictureOf, shot, view } from "./dom.js";
import { chosenSet, nothing, setChoice } from "./sets.js";

export const FILTERS = ["type", "group", "split", "verdict", "rule", "low", "high", "text", "sort"];
export const UNEDITED = "rejected before the edit was made";
export const filtersOf = (values) => Object.fromEntries(FILTERS.filter((name) => values[name]).map((name) => [name, values[name]]));

export async function browse(about, values) {
  const set = chosenSet(about, values.set);
  if (!set) return nothing("No pairs in the given folders. Build some: anyedit build recipes/world.yaml --out demo, then anyedit studio demo");
  const facets = await get("/api/facets", { set });
  view().append(h("h1", {}, "Browse"), filterBar(about, set, facets, values, "/browse"));
  if (facets.reading) readOn(facets.reading);
  for (const { file, error } of facets.unreadable) view().append(h("div", { class: "error", role: "alert" }, `${file} cannot be read: ${error}`));
  const found = await get("/api/pairs", { ...filtersOf(values), set, page: values.page });
  view().append(pager(found, values, set), grid(found, values, set), found.pages > 1 ? pager(found, values, set) : "");
  const turn = (step) => () => found.page + step >= 1 && found.page + step <= found.pages && go("/browse", { ...values, set, page: found.page + step });
  const step = (by) => () => moved(by);
  keys({
    "/": ["search", () => view().querySelector("[name=text]").focus()],
    ArrowRight: ["next pair", step(1)], ArrowLeft: ["pair before", step(-1)],
    ArrowDown: ["row below", step("down")], ArrowUp: ["row above", step("up")],
    Enter: ["open the pair", () => document.activeElement.click?.()],
    n: ["next page", turn(1)], p: ["page before", turn(-1)],
    x: ["clear all filters", () => go("/browse", { set })],
  });
}

// A large set is read for the first time: what is there is shown, and the view is made anew until all is.
export function readOn({ done, of }) {
  view().append(h("p", { class: "note", role: "status" }, `Reading the set: ${done} of ${of || "its"} files; what is read is shown.`));
  const here = location.href;
  setTimeout(() => location.href === here && dispatchEvent(new Event("moved")), 1500);
}

function moved(by) {
  const cards = [...view().querySelectorAll("a.card")];
  const at = cards.indexOf(document.activeElement);
  if (at < 0) return cards[0]?.focus();
  const columns = cards.filter((card) => card.offsetTop === cards[0].offsetTop).length;
  cards[at + (by === "down" ? columns : by === "up" ? -columns : by)]?.focus();
}

export function filterBar(about, set, facets, values, path, everyVerdict = "all verdicts") {
  const change = (name) => (value) => go(path, { ...values, set, [name]: value, page: "" });
  const counted = (rows, all) => [["", all], ...rows.map(([value, count]) => [value, `${value} (${count.toLocaleString("en")})`])];
  const types = facets.type.filter(([name]) => !values.group || groupOf(about, name) === values.group);
  const rule = facets.rule.find(([name]) => name === values.rule);
  const limit = (name, words) => h("label", { class: "up" }, words,
    h("input", { type: "number", step: "any", name, value: values[name] ?? "", onchange: (event) => change(name)(event.target.value) }));
  const search = h("input", { type: "search", name: "text", value: values.text ?? "", placeholder: "words", onchange: (event) => change("text")(event.target.value.trim()) });
  return h("div", { class: "bar", role: "search" },
    setChoice(about, set, (name) => go(path, { set: name })),
    h("label", { class: "up" }, "Instruction and captions", search),
    choice("Group", "group", counted(facets.group, "all groups"), values.group, (value) => go(path, { ...values, set, group: value, type: "", page: "" })),
    choice("Type", "type", counted(types, "all types"), values.type, change("type")),
    choice("Split", "split", counted(facets.split, "all splits"), values.split, change("split")),
    choice("Verdict", "verdict", counted(facets.verdict, everyVerdict), values.verdict, change("verdict")),
    choice("Rule", "rule", [["", "any rule"], ...facets.rule.map(([name, count]) => [name, `${name} (${count})`])], values.rule,
      (value) => go(path, { ...values, set, rule: value, low: "", high: "", sort: value ? values.sort : "", page: "" })),
    !values.rule ? "" : [limit("low", rule && rule[2] !== null ? `Score from ${figure(rule[2], 3)}` : "Score from"), limit("high", rule && rule[3] !== null ? `to ${figure(rule[3], 3)}` : "to"),
      choice("Sort", "sort", [["", "as built"], ["score", "score, low first"], ["-score", "score, high first"]], values.sort, change("sort"))],
    Object.keys(filtersOf(values)).length ? h("button", { type: "button", onclick: () => go(path, { set }) }, "Clear") : "");
}

const groupOf = (about, name) => about.types.find((type) => type.name === name.split("+")[0])?.group;

function pager(found, values, set) {
  const to = (page, words) => page >= 1 && page <= found.pages ? h("a", { href: address("/browse", { ...values, set, page }) }, words) : h("span", { class: "quiet" }, words);
  const split = found.verdicts.length > 1 ? found.verdicts.map(([verdict, count]) => `${verdict} ${count.toLocaleString("en")}`).join(", ") : "";
  return h("p", { class: "row" }, h("strong", { class: "count" }, `${found.total.toLocaleString("en")} ${found.total === 1 ? "item" : "items"}`), split ? h("span", { class: "verdicts" }, split) : "",
    found.pages > 1 ? [h("span", { class: "quiet" }, `page ${found.page} of ${found.pages}`), to(found.page - 1, "previous"), to(found.page + 1, "next")] : "");
}

function grid(found, values, set) {
  if (!found.items.length) return h("p", { class: "note" }, "Nothing fits these filters.");
  return h("div", { class: "cards" }, found.items.map((item) => card(item, found.stamp, set, filtersOf(values))));
}

export function card(item, stamp, set, filters, current = false) {
  const picture = (column) => shot(pictureOf(set, stamp, item.number, column, 192), column);
  return h("a", { class: "card", "data-id": item.id, "aria-current": current ? "true" : null, href: address("/item", { ...filters, set, id: item.id, candidate: item.candidate < 0 ? "" : item.candidate }) },
    item.has_edited ? h("div", { class: "two" }, picture("source"), picture("edited")) : h("div", { class: "shot gone wide" }, UNEDITED),
    h("p", {}, item.instruction || h("span", { class: "quiet" }, "no instruction")),
    h("div", { class: "row" }, badge(item.edit_type, item.family), item.verdict === "accepted" ? "" : badge(item.verdict), item.value === undefined ? "" : h("span", { class: "small" }, figure(item.value))),
    item.rule ? h("p", { class: "small no" }, `${item.step}: ${item.rule}`) : "");
}
