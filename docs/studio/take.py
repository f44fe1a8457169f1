"""Takes the pictures of docs/studio.md, from nothing: python docs/studio/take.py WORK [--only review,narrow].

In the folder WORK it makes what is not there yet (a small build of the world, two bench runs on it, a short training of a tiny
random editor), opens the studio on it and looks at every view in Chromium. Needs the extras studio, train, bench and test.
Writes WebP files beside this one.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SIZE = {"width": 1120, "height": 800}
WIDTH = 960  # pixels of a kept picture
PAIRS = 75
RUNS = "work/runs/identity|work/runs/mini"
TRAINING = {
    "name": "tiny", "stage": 1, "steps": 60, "batch": 4,
    "data": {"sources": ["demo"], "resolution": 64, "longest_aspect": 1},
    "optimizer": {"rate": 1e-3, "warmup": 5},
    "log": {"every": 1, "types_every": 10, "trackers": []},
    "checkpoints": {"every": 30, "keep": 1},
    "validation": {"every": 10, "pairs": 8, "pictures": 4, "steps": 4},
}  # fmt: skip


def anyedit(*arguments: object, where: Path) -> None:
    """A command, its output let through."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HF_HUB_OFFLINE": "1"}
    subprocess.run(
        [sys.executable, "-m", "anyedit.cli", *map(str, arguments)], cwd=where, env=environment, check=True
    )


def prepare(work: Path) -> None:
    """Build, bench runs, training: what is finished is kept."""
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "demo" / "summary.json").exists():
        anyedit("build", ROOT / "recipes" / "world.yaml", "--out", "demo", "--limit", PAIRS, where=work)
    editors = ("--editor", "identity", "--editor", "mini")
    anyedit("bench", "run", "--suite", "demo", *editors, "--out", "runs", "-p", "pixels", "-q", where=work)
    if not (work / "training" / "editor").exists():
        sys.path.insert(0, str(ROOT / "src"))
        from anyedit.models.tiny import tiny_unet, write_tiny_base

        base = write_tiny_base(work.parent / "base", tiny_unet(in_channels=4))
        (work / "training.yaml").write_text(json.dumps({**TRAINING, "base": str(base)}))
        anyedit("train", "training.yaml", "--out", "training", where=work)


def take(base: str, only: tuple[str, ...]) -> None:
    """One picture of each view, and one of a narrow window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(300_000)

        def view(path: str, **values: str) -> None:
            page.goto(f"{base}/{path}?{urlencode(values)}")
            page.wait_for_selector("main:not([aria-busy])")
            page.wait_for_load_state("networkidle")

        page.goto(
            f"{base}/browse?{urlencode({'set': 'work/demo', 'type': 'visual_segment', 'verdict': 'accepted'})}"
        )
        page.wait_for_selector("a.card")
        visual = page.locator("a.card").first.get_attribute("data-id") or ""

        def item() -> None:
            view("item", set="work/demo", id=visual, mask="1")

        def rejected() -> None:
            view("browse", set="work/demo", verdict="rejected")
            told = [text.partition("assess: ")[2] for text in page.locator("a.card").all_inner_texts()]
            rule = max(
                filter(None, told), key=told.count
            ).strip()  # the rule that put aside most of what was made
            view("browse", set="work/demo", verdict="rejected", rule=rule, sort="score")

        def ranking() -> None:
            vote(page, base)
            view("compare", runs=RUNS, tab="ranking")

        def narrow() -> None:
            page.set_viewport_size({"width": 400, "height": 800})
            view("review", set="work/demo", reviewer="cy")

        views: dict[str, Callable[[], None]] = {
            "browse": lambda: view("browse", set="work/demo", verdict="accepted"),
            "item": item,
            "rejected": rejected,
            "review": lambda: review(page, base),
            "try": lambda: try_editors(page, base, visual),
            "compare": lambda: view("compare", runs=RUNS),
            "vote": lambda: view("compare", runs=RUNS, tab="vote", voter="ann"),
            "ranking": ranking,
            "watch": lambda: view("watch", set="work/demo", kind="pairs"),
            "training": lambda: view("watch", set="work/training", kind="training"),
            "narrow": narrow,
        }
        for name, show in views.items():
            if not only or name in only:
                show()
                keep(page, name, full=name == "review")
        browser.close()


def review(page: Page, base: str) -> None:
    """Two people decide five pairs each, blind to one another; a reason is marked on the next."""
    for reviewer, keys in (("ann", "aarag"), ("bob", "arraa")):
        page.goto(f"{base}/review?{urlencode({'set': 'work/demo', 'reviewer': reviewer})}")
        for key in keys:
            page.wait_for_selector("main:not([aria-busy]) h2.instruction")
            before = page.locator("h2.instruction").get_attribute("data-id")
            page.keyboard.press(key)
            page.wait_for_selector(f"main:not([aria-busy]) h2.instruction:not([data-id='{before}'])")
    page.keyboard.press("3")
    page.wait_for_load_state("networkidle")


def try_editors(page: Page, base: str, visual: str) -> None:
    """The pair's object painted over, given to two editors."""
    found = page.request.get(f"{base}/api/item?{urlencode({'set': 'work/demo', 'id': visual})}").json()
    asked = {"set": "work/demo", "n": found["item"]["number"], "column": "mask"}
    mask = Image.open(io.BytesIO(page.request.get(f"{base}/api/picture?{urlencode(asked)}").body()))
    left, top, right, bottom = mask.convert("1").getbbox() or (0, 0, *mask.size)
    page.goto(f"{base}/try?{urlencode({'set': 'work/demo', 'id': visual})}")
    page.wait_for_selector("main:not([aria-busy])")
    page.click("button[data-tool=mask]")
    box = page.locator(".draw canvas").bounding_box()
    assert box is not None
    page.fill("input[name=label]", found["row"]["edited_object"])
    across, down = box["width"] / mask.width, box["height"] / mask.height
    page.mouse.move(box["x"] + (left + right) / 2 * across, box["y"] + top * down)
    page.mouse.down()
    page.mouse.move(box["x"] + (left + right) / 2 * across, box["y"] + bottom * down, steps=5)
    page.mouse.up()
    page.check("input[name=editor][value=identity]")
    page.click("button.main:text('Edit')")
    page.wait_for_selector("button.main:text('Edit'):enabled")
    page.wait_for_selector(".results .card:nth-child(2)")


def vote(page: Page, base: str) -> None:
    """Some votes."""
    page.goto(f"{base}/compare?{urlencode({'runs': RUNS, 'tab': 'vote', 'voter': 'ann'})}")
    for key in "122121122":
        page.wait_for_selector("main:not([aria-busy]) h2[data-vote]")
        asked = page.locator("h2[data-vote]").get_attribute("data-vote")
        page.keyboard.press(key)
        page.wait_for_selector(f"main:not([aria-busy]) h2[data-vote]:not([data-vote='{asked}']), main .note")


def keep(page: Page, name: str, full: bool = False) -> None:
    """A picture of the window down to the view's end, or of the whole page; 960 px wide, as WebP: a palette of 256
    colours would cut shaded walls into steps."""
    page.wait_for_selector("#told:empty", state="attached")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=full))).convert("RGB")
    end = page.locator("main").bounding_box()
    assert end is not None
    shot = shot.crop((0, 0, shot.width, min(shot.height, round(end["y"] + end["height"]))))
    if shot.width > WIDTH:
        shot = shot.resize((WIDTH, round(shot.height * WIDTH / shot.width)), Image.Resampling.LANCZOS)
    path = HERE / f"{name}.webp"
    shot.save(path, quality=88, method=6)
    print(name, f"{path.stat().st_size >> 10} KB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path, help="a folder to work in")
    parser.add_argument("--only", default="", help="names of the pictures to take, by commas")
    asked = parser.parse_args()
    work = asked.work.resolve() / "work"
    prepare(work)
    command = [sys.executable, "-m", "anyedit.cli", "studio", ".", "--port", "0", "--editor", "identity"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=work, env=environment, stdout=subprocess.PIPE, text=True) as studio:
        assert studio.stdout is not None
        address = next(word for word in studio.stdout.readline().split() if word.startswith("http"))
        try:
            take(address.rstrip("/"), tuple(name for name in asked.only.split(",") if name))
        finally:
            studio.terminate()


if __name__ == "__main__":
    main()
