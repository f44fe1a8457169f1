"""Takes the pictures of docs/studio.md: python docs/studio/take.py ADDRESS SET RUN,RUN TRAINING.

ADDRESS: of a running studio on a build of the world, two bench runs on it and a training. Needs chromium and the
extra `test`. Writes palette PNGs beside this file.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZE = {"width": 1120, "height": 800}


def main(base: str, name: str, runs: str, training: str) -> None:
    """One picture of each view, and one of a narrow window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(120_000)

        def view(path: str, picture: str, **values: str) -> None:
            page.goto(f"{base}/{path}?{urlencode(values)}")
            page.wait_for_selector("main:not([aria-busy])")
            page.wait_for_load_state("networkidle")
            keep(page, picture)

        page.goto(f"{base}/browse?{urlencode({'set': name, 'type': 'visual_segment'})}")
        page.wait_for_selector("a.card")
        visual = page.locator("a.card").nth(1).get_attribute("data-id") or ""
        view("browse", "browse", set=name)
        view("item", "item", set=name, id=visual, mask="1")
        view("browse", "rejected", set=name, verdict="rejected", rule="change inside mask", sort="score")
        for reviewer in ("ann", "bob"):
            page.goto(f"{base}/review?{urlencode({'set': name, 'reviewer': reviewer})}")
            for key in "aarag" if reviewer == "ann" else "aaraa":
                page.wait_for_selector("main:not([aria-busy]) h2.instruction")
                page.keyboard.press(key)
                page.wait_for_selector("#told:has-text('saved')")
                page.wait_for_timeout(400)
        page.wait_for_selector("main:not([aria-busy]) h2.instruction")
        page.keyboard.press("3")
        page.wait_for_load_state("networkidle")
        keep(page, "review", full=True)
        page.goto(f"{base}/try?{urlencode({'set': name, 'id': visual, 'steps': '10'})}")
        page.wait_for_selector("main:not([aria-busy])")
        page.click("button[data-tool=mask]")
        box = page.locator(".draw canvas").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"])
        page.mouse.down()
        for share in (0.35, 0.45, 0.4, 0.5, 0.55):
            page.mouse.move(
                box["x"] + share * box["width"], box["y"] + (0.5 + share / 3) * box["height"], steps=3
            )
        page.mouse.up()
        for each in page.locator("input[name=editor]").all():
            each.check()
        page.click("button.main:text('Edit')")
        page.wait_for_selector("button.main:text('Edit'):enabled")
        page.wait_for_selector(".results .card:nth-child(2)")
        keep(page, "try")
        view("compare", "compare", runs=runs)
        view("compare", "vote", runs=runs, tab="vote", voter="ann")
        for key in "12212":
            page.wait_for_selector("main:not([aria-busy]) h2[data-vote]")
            page.keyboard.press(key)
            page.wait_for_timeout(700)
        view("compare", "ranking", runs=runs, tab="ranking")
        view("watch", "watch", set=name, kind="pairs")
        view("watch", "training", set=training, kind="training")
        page.set_viewport_size({"width": 400, "height": 800})
        view("review", "narrow", set=name, reviewer="ann")
        browser.close()


def keep(page: Page, name: str, full: bool = False) -> None:
    """A picture of the window, 960 px wide, in 256 colours."""
    shot = Image.open(io.BytesIO(page.screenshot(full_page=full))).convert("RGB")
    shot = (
        shot.resize((960, round(shot.height * 960 / shot.width)), Image.Resampling.LANCZOS)
        if shot.width > 960
        else shot
    )
    shot.quantize(256).save(HERE / f"{name}.png", optimize=True)
    print(name, f"{(HERE / f'{name}.png').stat().st_size >> 10} KB", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:5])
