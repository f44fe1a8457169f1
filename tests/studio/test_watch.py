"""Watch: a build that is running and a training, as they come."""

from __future__ import annotations

import fcntl
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from looking import settled, until
from PIL import Image

from anyedit.pipeline import shards
from anyedit.records import Rejected
from anyedit.studio.watching import held_lock


def test_a_running_build(folder: Path, served: Callable[..., str], page: Any) -> None:
    (folder / "summary.json").unlink()
    fault = dict(value=None, low=None, high=None)
    note = "ValueError at edits/x.py:3"
    lost = Rejected("w9-add", "edit", "add", "w9", "Add a cup", "error", note=note, **fault)
    shards.write_rows(folder / "rejected" / "z.parquet", [lost], Rejected)
    ledger = json.loads((folder / "ledger.json").read_text())
    reached = Counter[str]()
    for path in (folder / "ledger").glob("*-p1.json"):
        for name, of in json.loads(path.read_text()).items():
            reached[name] += of["left"].get("assess", 0)
    with open(folder / ".lock", "a") as lock:
        assert held_lock(folder / ".lock") is False
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert held_lock(folder / ".lock") is True
        page.goto(f"{served(folder)}/watch")
        settled(page)
        assert page.locator(".watched .badge").first.inner_text() == "running"
        told = page.locator(".tile b").first.inner_text()
        assert told == f"{sum(min(count, 2) for count in reached.values())} of 6"
        dropped = page.locator("table.drops tbody tr").all_inner_texts()
        count = ledger["color_alter"]["dropped"]["assess"]["change inside mask"]
        assert any(
            row.split() == [str(count), "color_alter", "assess", "change", "inside", "mask"]
            for row in dropped
        )
        assert note in page.locator(".faults").inner_text()
        assert page.locator(".strip a.card").count() == 8
        shown = page.locator(".tile b").nth(4).inner_text()
        extra = {
            "remove": {
                "entered": {"instruct": 3},
                "left": {"assess": 2},
                "dropped": {"edit": {"planted": 77}},
                "seconds": {},
            }
        }
        (folder / "ledger" / "r09-0000-x-p1.json").write_text(json.dumps(extra))
        until(page, "document.querySelector('table.drops').innerText.includes('planted')")  # without a reload
        assert int(page.locator(".tile b").nth(4).inner_text()) == int(shown) + 1
    until(page, "document.querySelector('.watched .badge').innerText === 'stopped'")
    (folder / "ledger" / "bad.json").write_text("{")
    until(page, "document.querySelector('[role=alert]')?.innerText.includes('bad.json')")


def test_a_training(tmp_path: Path, served: Callable[..., str], page: Any) -> None:
    run = tmp_path / "runs" / "first"
    (run / "samples").mkdir(parents=True)
    lines: list[dict[str, Any]] = [
        {"step": step, "what": "loss", "loss": 1 / step, "rate": 1e-4, "pairs_per_second": 9.5}
        for step in range(1, 1501)
    ]
    lines += [
        {"step": 1500, "what": "validation", "loss": 0.25, "by_kind": {"add": 0.3}},
        {
            "step": 1500,
            "what": "types",
            "loss": {"add": 0.31, "remove": 0.2},
            "load": {"style": 0.0, "rest": 1.0},
        },
        {"step": 1500, "what": "warning", "dead_experts": ["style"]},
    ]
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"step": 15')
    Image.new("RGB", (64, 32), "green").save(run / "samples" / "step-00001500.png")
    page.goto(f"{served(tmp_path / 'runs')}/watch")
    settled(page)
    assert page.locator(".tile b").first.inner_text() == "1,500"
    assert page.locator("svg.plot[aria-label^='validation loss: 0.25 at step 1500']").count() == 1
    assert (
        100 < page.locator("svg.plot[aria-label^='training loss'] circle").count() <= 500
    )  # means of neighbours
    assert "style" in page.locator(".watched .error").inner_text()
    page.click("summary:text('Loss by kind')")
    assert "0.31" in page.locator("details[open]").inner_text()
    until(page, "document.querySelector('img.grid').naturalWidth === 64")
    state = run / "checkpoints" / "step-00001500"
    state.mkdir(parents=True)
    (state / "state.json").write_text(json.dumps({"told": {"steps": 3000}}))
    until(page, "document.querySelector('.tile b').innerText === '1,500 of 3,000'")
    assert page.locator("details[open]").count() == 1  # what was opened stays open


@pytest.mark.parametrize("name", ["../../log.jsonl", "/etc/passwd", "step-*.png"])
def test_samples_are_named_not_pathed(tmp_path: Path, name: str) -> None:
    from starlette.testclient import TestClient

    from anyedit.studio.application import create_app
    from anyedit.studio.desk import Desk

    (tmp_path / "log.jsonl").write_text("")
    there = TestClient(create_app(Desk([tmp_path])), base_url="http://127.0.0.1")
    answer = there.get("/api/watch/sample", params={"set": tmp_path.name, "name": name})
    assert answer.status_code == 400 and "no samples" in answer.json()["error"]
