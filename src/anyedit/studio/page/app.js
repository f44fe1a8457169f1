// The page's frame: which view an address means, and the links between views.
import { asked, failed, get, h, keys, leave, view } from "./dom.js";
import { browse } from "./browse.js";
import { compare } from "./compare.js";
import { item } from "./item.js";
import { review } from "./review.js";
import { tries } from "./try.js";
import { watch } from "./watch.js";

export const VIEWS = { browse: ["Browse", browse], item: [null, item], review: ["Review", review], try: ["Try", tries], compare: ["Compare", compare], watch: ["Watch", watch] };

let about = null;

let turn = 0;

async function show() {
  leave();
  const mine = ++turn;
  view().setAttribute("aria-busy", "true");
  const name = location.pathname.slice(1) || "browse";
  const [title, open] = VIEWS[name] ?? VIEWS.browse;
  document.title = `${title ?? name} - anyedit studio`;
  document.getElementById("nav").replaceChildren(
    ...Object.entries(VIEWS).filter(([, [words]]) => words).map(([path, [words]]) =>
      h("a", { href: `/${path}`, "aria-current": path === name || (name === "item" && path === "browse") ? "page" : null }, words)));
  keys({});
  try {
    about = await get("/api/about"); // builds and runs appear while the studio is open
    if (mine !== turn) return;
    view().replaceChildren();
    await open(about, asked());
  } catch (error) {
    if (mine === turn) failed(error);
  }
  if (mine === turn) view().removeAttribute("aria-busy");
}

// Links inside the studio change the view without loading the page again.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.target || link.download) return;
  const to = new URL(link.href);
  if (to.origin !== location.origin || !(to.pathname.slice(1) in VIEWS) || to.hash) return;
  event.preventDefault();
  history.pushState(null, "", to.pathname + to.search);
  scrollTo(0, 0);
  show();
});
addEventListener("popstate", show);
addEventListener("moved", show);
document.getElementById("help").addEventListener("click", () => document.getElementById("keys").showModal());
show();
