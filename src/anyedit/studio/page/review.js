// Review: one pair after another, decided by keys; blind to what gates and others said.
import { address, asked, badge, choice, get, go, h, keys, pictureOf, post, say, view } from "./dom.js";
import { filterBar, filtersOf, readOn } from "./browse.js";
import { chosenSet, nothing } from "./sets.js";
import { Stage } from "./stage.js";

const NAME = "anyedit reviewer";

export async function review(about, values) {
  const set = chosenSet(about, values.set);
  if (!set) return nothing("No pairs in the given folders: name a build, anyedit studio demo");
  const reviewer = values.reviewer ?? localStorage.getItem(NAME) ?? "";
  view().append(h("h1", {}, "Review"));
  if (!reviewer) return view().append(asksName(values, set));
  localStorage.setItem(NAME, reviewer);
  const base = { ...values, set, reviewer };
  const queue = values.queue ?? "new";
  const filters = filtersOf(values);
  const [facets, state] = await Promise.all([get("/api/facets", { set, of: "review" }), get("/api/review", { ...filters, set, reviewer, queue, id: values.id, after: values.after })]);
  const top = h("div", { class: "bar middle" },
    h("span", {}, "Reviewer ", h("strong", {}, reviewer)), h("button", { type: "button", onclick: () => { localStorage.removeItem(NAME); go("/review", { set }); } }, "Change"),
    choice("Queue", "queue", Object.entries(state.queues), queue, (value) => go("/review", { ...base, queue: value, id: "", after: "" })),
    h("span", { class: "count", role: "status" }, `${state.left.toLocaleString("en")} to go, ${state.decided.toLocaleString("en")} decided by you`));
  view().append(top, h("details", { open: Object.keys(filters).length > 0 }, h("summary", {}, "Only some pairs"), filterBar(about, set, facets, base, "/review", queue === "new" ? "accepted only" : "all verdicts")));
  const place = h("div", { class: "judging" });
  view().append(place, people(state, set));
  if (!state.id && state.reading) return readOn(state.reading);
  if (!state.id) {
    place.append(h("p", { class: "note" }, "Nothing is left in this queue. Choose another one, or other filters."));
    return keys({ Backspace: ["back to the pair before", () => back("")] });
  }
  await one(place, state, base, queue);

  async function back(from) {
    const { id } = await get("/api/review/before", { set, reviewer, id: from });
    if (id) go("/review", { ...base, id, after: "" });
    else say("this is the first pair that you decided");
  }

  async function one(place, state, base, queue) {
    const found = await get("/api/item", { set, id: state.id });
    const { item: shown, row } = found;
    const there = await get("/api/pictures", { set, n: shown.number });
    const urls = Object.fromEntries(there.map((column) => [column, pictureOf(set, state.stamp, shown.number, column)]));
    const stage = urls.source && urls.edited ? new Stage(urls, { mode: sessionStorage.mode ?? "two" }, ({ mode }) => (sessionStorage.mode = mode || "slider")) : null;
    const chosen = new Set(state.mine?.reasons ?? []);
    const note = h("input", { name: "note", value: state.mine?.note ?? "", placeholder: "a note (optional)", maxLength: 500 });
    const reasons = state.reasons.map((reason, k) => h("button", { type: "button", "aria-pressed": chosen.has(reason), onclick: () => toggle(k) }, h("kbd", {}, String(k + 1)), ` ${reason}`));
    const verdicts = [["accept", "a", "good"], ["reject", "r", "bad"], ["flag", "g", ""], ["skip", "k", ""]];
    let busy = false;
    const toggle = (k) => {
      const reason = state.reasons[k];
      if (!chosen.delete(reason)) chosen.add(reason);
      reasons[k].setAttribute("aria-pressed", chosen.has(reason));
    };
    const decide = async (verdict) => {
      if (busy) return;
      busy = true;
      try {
        await post("/api/review", { set, reviewer, id: shown.id, verdict, reasons: [...chosen], note: note.value });
        say(`saved: ${verdict}`);
        go("/review", { ...base, queue, id: "", after: shown.id });
      } catch (error) {
        busy = false;
        place.prepend(h("div", { class: "error", role: "alert" }, error.message));
      }
    };
    const buttons = verdicts.map(([verdict, key, kind]) => h("button", { type: "button", class: kind, "data-verdict": verdict, "aria-pressed": state.mine?.verdict === verdict, onclick: () => decide(verdict) }, h("kbd", {}, key), ` ${verdict}`));
    place.append(
      h("h2", { class: "instruction", "data-id": shown.id }, shown.instruction || shown.id),
      h("p", { class: "row" }, badge(shown.edit_type, shown.family), state.mine ? badge(`you said ${state.mine.verdict}`, state.mine.verdict) : ""),
      h("div", { class: "keys verdicts" }, buttons, h("button", { type: "button", onclick: () => back(shown.id) }, h("kbd", {}, "⌫"), " back")),
      h("div", { class: "keys", role: "group", "aria-label": "Reasons" }, reasons, note),
      h("div", { class: "sides" }, h("div", {}, stage ? stage.element : h("p", { class: "note" }, "This row has no edited picture.")),
        h("div", { class: "panel" }, urls.visual_prompt ? h("figure", {}, h("img", { class: "shot", src: urls.visual_prompt, alt: "the visual prompt" }), h("figcaption", {}, "visual prompt")) : "",
          h("dl", {}, h("dt", {}, "caption"), h("dd", {}, row.source_caption || "none"), h("dt", {}, "caption after"), h("dd", {}, row.edited_caption || "none")),
          state.others ? said(state.others) : h("p", { class: "quiet small" }, "What gates and other reviewers say is not shown before you decide."),
          h("p", {}, h("a", { href: address("/item", { set, id: shown.id }) }, "Its whole story")))));
    keys({
      ...(stage?.keys ?? {}),
      ...Object.fromEntries(verdicts.map(([verdict, key]) => [key, [verdict, () => decide(verdict)]])),
      ...Object.fromEntries(state.reasons.map((reason, k) => [String(k + 1), [`reason: ${reason}`, () => toggle(k)]])),
      n: ["write a note", () => note.focus()],
      Backspace: ["back to the pair before", () => back(shown.id)],
    });
  }
}

function asksName(values, set) {
  const name = h("input", { name: "reviewer", required: true, maxLength: 40, autocomplete: "name" });
  const start = (event) => {
    event.preventDefault();
    if (name.value.trim()) go("/review", { ...values, set, reviewer: name.value.trim() });
  };
  return h("form", { class: "bar", onsubmit: start }, h("label", { class: "up" }, "Your name, under which decisions are kept", name), h("button", { class: "main" }, "Start"));
}

function said(others) {
  return h("div", {}, h("h3", {}, "Others"), Object.entries(others).map(([name, entry]) =>
    h("p", { class: "row" }, name, badge(entry.verdict), (entry.reasons ?? []).join(", "), entry.note ?? "")));
}

function people(state, set) {
  const told = h("p", { class: "small", role: "status" });
  const write = async () => {
    try {
      const made = await post("/api/review/export", { set });
      told.textContent = `${made.accept} accepted and ${made.reject} rejected in ${made.file}. Next: anyedit build RECIPE --out DIR --decisions FILE, or anyedit calibrate DIR --labels FILE`;
    } catch (error) { told.textContent = error.message; }
  };
  const rows = state.agreement.map((one) => h("tr", {}, h("td", {}, `${one.a} and ${one.b}`), h("td", { class: "n" }, one.both), h("td", { class: "n" }, `${Math.round((100 * one.same) / one.both)}%`), h("td", { class: "n kappa" }, one.kappa === null ? "not defined" : one.kappa.toFixed(2))));
  return h("section", { class: "panel" }, h("h2", {}, "Reviewers"),
    h("p", {}, state.people.map((one) => `${one.name}: ${one.decided}`).join(" · ") || "nobody yet"),
    rows.length ? h("table", { class: "agreement" }, h("thead", {}, h("tr", {}, ["", "pairs of both", "same", "Cohen's kappa"].map((words, k) => h("th", { class: k ? "n" : "" }, words)))), h("tbody", {}, rows)) : h("p", { class: "quiet" }, "Agreement is shown when two have decided the same pairs."),
    h("div", { class: "bar middle" }, h("button", { type: "button", onclick: write }, "Write decisions as Parquet"), h("a", { href: address("/api/review/decisions.parquet", { set }), download: "decisions.parquet" }, "Download")), told);
}
