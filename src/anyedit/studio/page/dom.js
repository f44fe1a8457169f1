// What all views share: elements, requests, addresses, keys, short messages.

export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("aria-")) made.setAttribute(name, String(value)); // "false" says something there
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const view = () => document.getElementById("view");

// Requests are those of one view: what is asked before the view changes is dropped.
let asking = new AbortController();
export function leave() {
  asking.abort();
  asking = new AbortController();
}

async function answered(answer) {
  if (answer.ok) return answer;
  let told = `${answer.status} ${answer.statusText}`;
  try {
    told = (await answer.json()).error ?? told;
  } catch { /* no JSON: the status is all there is */ }
  throw new Error(told);
}

export async function get(path, values = {}) {
  const answer = await answered(await fetch(address(path, values), { signal: asking.signal }));
  return answer.headers.get("content-type").startsWith("application/json") ? answer.json() : answer.text();
}

export async function post(path, body, values = {}) {
  const raw = body instanceof Blob;
  const headers = { "X-Anyedit": "1", "Content-Type": raw ? "application/octet-stream" : "application/json" };
  const answer = await answered(await fetch(address(path, values), { method: "POST", headers, body: raw ? body : JSON.stringify(body) }));
  return answer.headers.get("content-type").startsWith("application/json") ? answer.json() : answer.blob();
}

export function address(path, values) {
  const kept = Object.entries(values).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  return kept.length ? `${path}?${new URLSearchParams(kept)}` : path;
}

export const asked = () => Object.fromEntries(new URLSearchParams(location.search));

export function go(path, values = {}, replace = false) {
  history[replace ? "replaceState" : "pushState"](null, "", address(path, values));
  dispatchEvent(new Event("moved"));
}

export function failed(error) {
  if (error.name === "AbortError") return;
  const shown = h("div", { class: "error", role: "alert" }, error.message);
  const old = view().querySelector(".error");
  if (old) old.replaceWith(shown);
  else view().prepend(shown);
}

let fading = 0;
export function say(text) {
  const place = document.getElementById("told");
  place.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (place.textContent = ""), 4000);
}

// Keys of the view that is shown: { key: [what it does, function] }. A field that takes letters keeps them.
let bound = {};
export function keys(table) {
  bound = table;
  const list = document.querySelector("#keys dl");
  list.replaceChildren(...Object.entries(table).flatMap(([key, [what]]) => [h("dt", {}, h("kbd", {}, named(key))), h("dd", {}, what)]));
}
const named = (key) => ({ ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space" })[key] ?? key;

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys").open) return;
  const at = event.target;
  const writes = at.matches?.("textarea, select, input:not([type=range]):not([type=checkbox]):not([type=radio])");
  if (writes) {
    if (event.key === "Escape") at.blur();
    return;
  }
  if (at.matches?.("input[type=range]") && event.key.startsWith("Arrow")) return;
  if (event.key === "?") return document.getElementById("keys").showModal();
  const found = bound[event.key];
  if (!found) return;
  if (event.repeat && !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  found[1](event);
});

export const pictureOf = (set, stamp, number, column, size) =>
  address("/api/picture", { set, n: number, column, size, v: stamp });

export function shot(source, words) {
  const made = h("img", { class: "shot", src: source, alt: words, loading: "lazy", decoding: "async" });
  made.addEventListener("error", () => made.replaceWith(h("div", { class: "shot gone" }, `${words}: none, or it cannot be read`)));
  return made;
}

export const badge = (text, kind = text) => h("span", { class: `badge ${kind}` }, text);
export const option = (value, text, chosen) => h("option", { value, selected: String(value) === String(chosen ?? "") }, text);

export function choice(words, name, options, chosen, changed) {
  const made = h("select", { name, onchange: (event) => changed(event.target.value) }, options.map(([value, text]) => option(value, text, chosen)));
  return h("label", { class: "up" }, words, made);
}

export const figure = (value, digits = 4) => (value === null || value === undefined ? "not measured" : Number(value.toPrecision(digits)).toString());
