// Compare: bench runs in tables and side by side, blind votes, a ranking.
import { address, badge, choice, figure, get, go, h, keys, post, say, shot, view } from "./dom.js";
import { nothing } from "./sets.js";
import { intervals } from "./plot.js";

const TABS = { pictures: "Side by side", tables: "Tables", vote: "Vote blind", ranking: "Ranking" };
const NAME = "anyedit voter";

export async function compare(about, values) {
  const names = about.places.filter((place) => place.kind === "bench").map((place) => place.name);
  view().append(h("h1", {}, "Compare"));
  if (!names.length) return nothing("No bench run in the given folders. Make one: anyedit bench run SUITE --editor EDITOR --out runs/a, and name the folder of the suite too.");
  const runs = values.runs ? values.runs.split("|") : names.slice(0, 2);
  const told = { ...values, runs: runs.join("|") };
  const tab = values.tab in TABS ? values.tab : "pictures";
  const boxes = names.map((name) => h("label", {}, h("input", { type: "checkbox", value: name, checked: runs.includes(name), onchange: () => {
    const chosen = boxes.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
    if (chosen.length) go("/compare", { ...told, runs: chosen.join("|"), page: "" });
  } }), name));
  view().append(h("fieldset", { class: "bar middle" }, h("legend", {}, "Runs"), boxes),
    h("div", { class: "bar middle", role: "tablist" }, Object.entries(TABS).map(([name, words]) => h("button", { type: "button", role: "tab", "aria-selected": name === tab, "aria-pressed": name === tab, onclick: () => go("/compare", { ...told, tab: name }) }, words))));
  const found = await get("/api/compare", { runs: told.runs, by: values.by });
  await { pictures, tables, vote, ranking }[tab](found, told);
}

const typeChoice = (found, told) => choice("Type", "type", [["", "all types"], ...found.types.map((name) => [name, name])], told.type, (type) => go("/compare", { ...told, type, page: "" }));

async function pictures(found, told) {
  const { items, page, pages, total } = await get("/api/compare/items", { runs: told.runs, type: told.type, page: told.page });
  const to = (number, words) => (number >= 1 && number <= pages ? h("a", { href: address("/compare", { ...told, page: number }) }, words) : h("span", { class: "quiet" }, words));
  const picture = (item, what, run) => address("/api/compare/picture", { runs: told.runs, item: item.id, what, run });
  const cell = (words, source, failure) => h("figure", {}, failure ? h("div", { class: "shot gone" }, failure) : shot(source, words), h("figcaption", {}, words));
  view().append(h("div", { class: "bar middle" }, typeChoice(found, told), h("strong", { class: "count" }, `${total} items of ${found.suite}`), pages > 1 ? [h("span", {}, `page ${page} of ${pages}`), to(page - 1, "previous"), to(page + 1, "next")] : ""),
    ...items.map((item) => h("section", { class: "panel item", "data-id": item.id }, h("h3", {}, item.instruction, " ", badge(item.edit_type, item.group)),
      h("div", { class: "cards" }, cell("source", picture(item, "source")), item.has_visual_prompt ? cell("visual prompt", picture(item, "visual_prompt")) : "", item.has_target ? cell("target", picture(item, "target")) : "",
        found.runs.map(({ name, editor }) => cell(`${editor} (${name})`, picture(item, "output", name), name in item.failures ? item.failures[name] || "no output yet" : ""))))));
  keys({ n: ["next page", () => page < pages && go("/compare", { ...told, page: page + 1 })], p: ["page before", () => page > 1 && go("/compare", { ...told, page: page - 1 })] });
}

async function tables(found, told) {
  view().append(choice("By", "by", [["all", "all items"], ["group", "group"], ["type", "type"]], told.by ?? "all", (by) => go("/compare", { ...told, by })));
  for (const text of found.unscored) view().append(h("p", { class: "note" }, text));
  for (const table of found.tables) {
    const best = table.columns.map(([, , better], k) => better === "none" ? null : table.lines.map((line) => line.cells[k].value).filter((v) => v !== null).reduce((a, b) => (a === null || (better === "higher" ? b > a : b < a) ? b : a), null));
    const cell = ({ value, low, high }, k) => h("td", { class: "n" }, value === null ? "-" : (told.by ?? "all") === "all" && value === best[k] && table.lines.length > 1 ? h("strong", {}, figure(value)) : figure(value), low === null || low === undefined ? "" : h("div", { class: "quiet small" }, `${figure(low, 3)} to ${figure(high, 3)}`));
    view().append(h("section", { class: "panel" }, h("h2", {}, table.title), h("div", { class: "scroll" }, h("table", { class: "results" },
      h("thead", {}, h("tr", {}, ["editor", "part", "n", ...table.columns.map(([, label, better]) => `${label}${{ higher: " ↑", lower: " ↓", none: "" }[better]}`)].map((words, k) => h("th", { class: k > 1 ? "n" : "" }, words)))),
      h("tbody", {}, table.lines.map((line) => h("tr", {}, h("td", {}, line.editor), h("td", {}, line.part), h("td", { class: "n" }, line.n ?? line.items ?? ""), line.cells.map(cell)))))), table.notes.map((note) => h("p", { class: "small quiet" }, note))));
  }
}

async function vote(found, told) {
  const voter = told.voter ?? localStorage.getItem(NAME) ?? "";
  if (!voter) {
    const name = h("input", { name: "voter", required: true, maxLength: 40 });
    return view().append(h("form", { class: "bar", onsubmit: (event) => { event.preventDefault(); if (name.value.trim()) go("/compare", { ...told, voter: name.value.trim() }); } }, h("label", { class: "up" }, "Your name, under which votes are kept", name), h("button", { class: "main" }, "Start")));
  }
  localStorage.setItem(NAME, voter);
  const next = await get("/api/vote", { runs: told.runs, voter, type: told.type });
  view().append(h("div", { class: "bar middle" }, h("span", {}, "Voter ", h("strong", {}, voter)), h("button", { type: "button", onclick: () => { localStorage.removeItem(NAME); go("/compare", { ...told, voter: "" }); } }, "Change"), typeChoice(found, told), h("span", { role: "status", class: "count" }, `${next.left} to go, ${next.cast} cast`)));
  if (!next.vote) return view().append(h("p", { class: "note" }, "All pictures of these runs are judged, in both positions. See the ranking."));
  const side = (name) => address("/api/vote/picture", { vote: next.vote, side: name });
  let busy = false;
  const cast = async (choice) => {
    if (busy) return;
    busy = true;
    const { editors } = await post("/api/vote", { vote: next.vote, choice });
    say(`saved. Left was ${editors.left}, right ${editors.right}`);
    go("/compare", { ...told, voter }, true);
  };
  const failedVote = (choice) => cast(choice).catch((error) => { busy = false; view().prepend(h("div", { class: "error", role: "alert" }, error.message)); });
  const buttons = [["left", "1", "Left is better"], ["right", "2", "Right is better"], ["tie", "3", "Alike"], ["bad", "4", "Both are bad"]];
  view().append(h("h2", { class: "instruction", "data-vote": next.vote }, next.instruction), h("p", {}, badge(next.edit_type, "")),
    h("div", { class: "vote" }, h("figure", { class: "wide" }, shot(side("source"), "source"), h("figcaption", {}, "source")), h("figure", {}, shot(side("left"), "left"), h("figcaption", {}, "left")), h("figure", {}, shot(side("right"), "right"), h("figcaption", {}, "right"))),
    h("div", { class: "keys" }, buttons.map(([choice, key, words]) => h("button", { type: "button", "data-choice": choice, onclick: () => failedVote(choice) }, h("kbd", {}, key), ` ${words}`))));
  keys({ ...Object.fromEntries(buttons.map(([choice, key, words]) => [key, [words, () => failedVote(choice)]])), ArrowLeft: ["left is better", () => failedVote("left")], ArrowRight: ["right is better", () => failedVote("right")] });
}

async function ranking(found, told) {
  const made = await get("/api/vote/ranking", { runs: told.runs });
  if (!made.parts.length) return view().append(h("p", { class: "note" }, "No votes between these runs yet."));
  view().append(h("p", { class: "steadiness" }, `${made.cast} votes; ${made.left_share === null ? "none decided" : `${Math.round(100 * made.left_share)}% of the decided ones for the left picture`}; ${made.twice ? `${made.same} of ${made.twice} questions answered alike in both positions` : "no question answered in both positions yet"}.`),
    h("p", { class: "quiet small" }, "Strength: log-odds against an editor of mean strength (Bradley and Terry 1952), with a 95% interval that holds the doubt about items and about few votes; a tie counts as half a win for each."));
  for (const { part, votes, ranking: rows } of made.parts) {
    const draw = intervals(rows.map((row) => ({ ...row, value: row.strength })));
    view().append(h("section", { class: "panel" }, h("h2", {}, `${part}, ${votes} ${votes === 1 ? "vote" : "votes"}`), h("div", { class: "scroll" }, h("table", { class: "ranking" }, h("thead", {}, h("tr", {}, ["editor", "strength", "95% interval", "", "wins", "votes"].map((words, k) => h("th", { class: [1, 4, 5].includes(k) ? "n" : "" }, words)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, h("td", {}, `${made.editors[row.name]} (${row.name})`), h("td", { class: "n" }, figure(row.strength, 3)), h("td", {}, `${figure(row.low, 3)} to ${figure(row.high, 3)}`), h("td", {}, draw({ ...row, value: row.strength })), h("td", { class: "n" }, figure(row.wins, 3)), h("td", { class: "n" }, row.votes))))))));
  }
}
