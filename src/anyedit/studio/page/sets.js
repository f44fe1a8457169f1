// Choosing one of the sets of pairs; says what to do when there is none.
import { choice, h, view } from "./dom.js";

export function chosenSet(about, wanted, kind = "pairs") {
  const names = about.places.filter((place) => place.kind === kind).map((place) => place.name);
  return wanted && names.includes(wanted) ? wanted : (wanted || names[0]) ?? null;
}

export function setChoice(about, chosen, changed, kind = "pairs", words = "Set") {
  const names = about.places.filter((place) => place.kind === kind).map((place) => place.name);
  return choice(words, "set", names.map((name) => [name, name]), chosen, changed);
}

export function nothing(text) {
  view().append(h("div", { class: "note" }, text));
}
