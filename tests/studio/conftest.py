"""One small real build, a studio that serves it, and a real headless Chromium that looks at it."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from anyedit.pipeline.build import build
from anyedit.studio.application import create_app
from anyedit.studio.desk import Desk
from anyedit.studio.serve import _listening

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))  # small_dataset, of another room

RECIPE = {
    "name": "seen",
    "seed": 5,
    "pairs": 6,
    "shard": 3,
    "types": {"color_alter": 1, "remove": 1, "visual_bbox": 1},
    "edits_per_source": 3,
    "chains": {"share": 1.0, "turns": 2},
    "inverse": 0,
    "composition": 0,
    "source": {"kind": "world", "width": 64, "height": 64, "samples": 1, "depth": 2},
    # a limit that some pairs miss, so that there is something to look at among the rejected
    "gates": {"color_alter.change inside mask": [0.5, None]},
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of three types in two turns, as it was made."""
    out = tmp_path_factory.mktemp("studio") / "seen"
    build(RECIPE, out=out, workers=1)
    return out


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of the build that a test may write into."""
    return Path(shutil.copytree(built, tmp_path / "seen"))


@contextlib.contextmanager
def serving(desk: Desk, token: str = "") -> Iterator[str]:
    """A studio on a free port of loopback."""
    listening = _listening("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(desk, token), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Serve these folders; returns the address."""
    with contextlib.ExitStack() as stack:

        def serve(*folders: Path, token: str = "", editors: tuple[str, ...] = ()) -> str:
            return stack.enter_context(serving(Desk(folders, editors=editors), token))

        yield serve


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by playwright's client."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that must see no script error and ask no other machine for anything."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    shown = context.new_page()
    faults: list[str] = []
    elsewhere: list[str] = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("console", lambda told: faults.append(told.text) if "Content Security" in told.text else None)
    shown.on(
        "request",
        lambda asked: (
            elsewhere.append(asked.url)
            if not asked.url.startswith(("http://127.0.0.1:", "blob:", "data:"))
            else None
        ),
    )
    yield shown
    context.close()
    assert faults == []
    assert elsewhere == []
