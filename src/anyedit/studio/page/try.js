// Try: a picture, a sentence, perhaps a drawing, and what editors make of them.
import { address, asked, choice, failed, get, h, keys, option, pictureOf, post, say, view } from "./dom.js";
import { Board } from "./board.js";

const NUMBERS = [["steps", "Steps", "", 1], ["image_scale", "Picture scale", "", 0.1], ["text_scale", "Text scale", "", 0.1], ["visual_scale", "Visual scale", "", 0.1], ["seed", "Seed", 0, 1], ["size", "Size in px", "", 8]];

export async function tries(about, values) {
  const { editors, tools } = await get("/api/try/editors");
  view().append(h("h1", {}, "Try"));
  if (!editors.length) view().append(h("p", { class: "note" }, "No editor is here. Name one when you start the studio: anyedit studio --editor FOLDER (or any --editor that anyedit bench run takes)."));
  const board = new Board();
  let prompt = "";
  const file = (words, taken) => h("label", { class: "up" }, words, h("input", { type: "file", accept: "image/*", onchange: async (event) => { if (event.target.files[0]) await taken(event.target.files[0]).catch(failed); } }));
  const prompted = async (picture) => { prompt = shownPrompt.src = await dataUrl(picture); shownPrompt.hidden = false; shownPrompt.closest("details").open = true; };
  const instruction = h("input", { name: "instruction", value: values.instruction ?? "", placeholder: "Make the mug red", maxLength: 1000, size: 44 });
  const label = h("input", { name: "label", value: "", placeholder: "what it is, e.g. mug", maxLength: 60, oninput: () => (board.label = label.value) });
  const type = h("select", { name: "type", onchange: () => pick() }, option("", "read off the sentence", values.type), about.types.map((one) => option(one.name, one.name, values.type)));
  const numbers = Object.fromEntries(NUMBERS.map(([name, , value, step]) => [name, h("input", { type: "number", name, value: values[name] ?? value, step, min: 0, placeholder: "default" })]));
  const boxes = editors.map((name, k) => h("input", { type: "checkbox", name: "editor", value: name, checked: values.editors ? values.editors.split("|").includes(name) : k === 0 }));
  const shownPrompt = h("img", { class: "shot", alt: "the visual prompt", hidden: true });
  const toolButtons = [["box", "Box"], ["scribble", "Scribble"], ["mask", "Mask"]].map(([tool, words]) => h("button", { type: "button", "data-tool": tool, onclick: () => use(tool) }, words));
  const pick = () => use(tools[type.value] ?? "");
  const use = (tool) => {
    board.tool = tool;
    board.element.classList.toggle("drawing", tool !== "");
    for (const button of toolButtons) button.setAttribute("aria-pressed", button.dataset.tool === tool);
    if (tool && tools[type.value] !== tool) type.value = { box: "visual_bbox", scribble: "visual_scribble", mask: "visual_segment" }[tool];
  };
  const results = h("div", { class: "cards results" }, h("p", { class: "quiet" }, "Nothing is edited yet."));
  const run = h("button", { type: "button", class: "main", onclick: () => all() }, "Edit");
  view().append(h("div", { class: "sides" },
    h("div", {},
      h("div", { class: "bar" }, file("Picture", async (picture) => board.open(await dataUrl(picture))), h("label", { class: "up grow" }, "Instruction", instruction), h("label", { class: "up" }, "Type", type), run),
      h("div", { class: "bar middle" }, toolButtons, h("button", { type: "button", onclick: () => board.clear() }, "Clear drawing"), h("label", {}, "width", h("input", { type: "range", min: 2, max: 40, value: 8, "aria-label": "Width of strokes", oninput: (event) => (board.width = Number(event.target.value)) })), h("label", {}, "label", label)),
      board.element, h("p", { class: "quiet small" }, "To draw, choose Box, Scribble or Mask. A box with keys: focus the picture, Enter places one, arrows move it, Shift and arrows change its size."),
      h("details", {}, h("summary", {}, "Visual prompt from a picture, scales, seed"),
        h("div", { class: "bar" }, file("Visual prompt", prompted), h("button", { type: "button", onclick: () => { prompt = ""; shownPrompt.hidden = true; } }, "Remove it")), h("div", { class: "two" }, shownPrompt),
        h("div", { class: "bar" }, NUMBERS.map(([name, words]) => h("label", { class: "up" }, words, numbers[name])))),
      h("fieldset", { class: "panel" }, h("legend", {}, "Editors"), editors.map((name, k) => h("div", {}, h("label", {}, boxes[k], name))))),
    h("div", {}, h("h2", {}, "Edits"), results)));

  const request = () => ({
    source: board.picture(), instruction: instruction.value, type: type.value, label: label.value, prompt, boxes: board.boxes, strokes: board.strokes(),
    ...Object.fromEntries(NUMBERS.map(([name]) => [name, numbers[name].value])),
  });
  async function all() {
    if (!board.loaded) return failed(new Error("choose a picture first"));
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    if (!chosen.length) return failed(new Error("choose at least one editor"));
    view().querySelector(".error")?.remove();
    const sent = request();
    history.replaceState(null, "", address("/try", { ...asked(), instruction: sent.instruction, type: sent.type, editors: chosen.join("|"), ...Object.fromEntries(NUMBERS.map(([name, , standard]) => [name, numbers[name].value === String(standard) ? "" : numbers[name].value])) }));
    run.disabled = true;
    results.replaceChildren();
    for (const editor of chosen) await one(editor, sent);
    run.disabled = false;
  }
  async function one(editor, sent) {
    const waiting = h("div", { class: "card", role: "status" }, h("strong", {}, editor), h("p", { class: "quiet" }, "editing"));
    results.append(waiting);
    try {
      waiting.replaceWith(result(editor, sent, await post("/api/try", { ...sent, editor })));
    } catch (error) {
      waiting.replaceWith(h("div", { class: "card" }, h("strong", {}, editor), h("p", { class: "no", role: "alert" }, error.message)));
    }
  }
  function result(editor, sent, made) {
    const told = h("span", { class: "small", role: "status" });
    const keep = async () => {
      try {
        const saved = await post("/api/try/save", { ...sent, editor, edited: made.picture, edit_type: made.edit_type, prompt: made.visual_prompt ?? sent.prompt });
        told.replaceChildren(h("a", { href: address("/item", { set: saved.set, id: saved.id }) }, "kept as a pair"));
      } catch (error) { told.textContent = error.message; }
    };
    const weights = made.experts.filter(([, weight]) => weight !== 0).sort((a, b) => b[1] - a[1]);
    return h("div", { class: "card", "data-editor": editor }, h("strong", {}, editor), h("img", { class: "shot", src: made.picture, alt: `edited by ${editor}` }),
      made.visual_prompt ? h("details", {}, h("summary", {}, "visual prompt that it was given"), h("img", { class: "shot given", src: made.visual_prompt, alt: "the visual prompt" })) : "",
      made.flagged ? h("p", { class: "no", role: "alert" }, "The safety checker flagged this edit: its picture is black.") : "",
      h("p", { class: "small type" }, made.edit_type ? `type: ${made.edit_type}${made.probability === null ? " (given)" : ` (read off the sentence, ${Math.round(100 * made.probability)}% sure)`}` : "this editor tells no type"),
      made.experts.length ? h("div", { class: "small experts" }, "experts: ", weights.length ? weights.map(([name, weight]) => h("div", { class: "row" }, h("meter", { min: 0, max: 1, value: weight }), `${name} ${weight.toFixed(2)}`)) : "none for this type") : "",
      h("p", { class: "small quiet" }, `${made.seconds} s${made.worked_at ? `, worked at ${made.worked_at.join(" x ")} px` : ""}`),
      h("div", { class: "row" }, h("button", { type: "button", onclick: keep }, "Save as a pair"), h("button", { type: "button", onclick: () => board.open(made.picture) }, "Edit further"), told));
  }
  keys({ e: ["edit", () => all()], i: ["write the instruction", () => instruction.focus()], x: ["clear the drawing", () => board.clear()] });
  instruction.addEventListener("keydown", (event) => event.key === "Enter" && all());
  if (values.set && values.id) {
    const found = await get("/api/item", { set: values.set, id: values.id, candidate: values.candidate });
    if (!instruction.value) instruction.value = found.item.instruction;
    const urlOf = (column) => pictureOf(values.set, found.stamp, found.item.number, column);
    await board.open(urlOf("source"));
    if ((await get("/api/pictures", { set: values.set, n: found.item.number })).includes("visual_prompt")) {
      await prompted(await (await fetch(urlOf("visual_prompt"))).blob());
      if (!type.value) type.value = found.item.edit_type;
      say("the pair's source and visual prompt are opened");
    } else say("the pair's source is opened");
  }
  pick();
}

const dataUrl = (file) => new Promise((done, fail) => {
  if (file.size > 16 << 20) return fail(new Error(`${file.name ?? "the picture"} is larger than 16 MB`));
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = () => fail(new Error(`${file.name ?? "the picture"} cannot be read`));
  reader.readAsDataURL(file);
});
