"""Review: by keys in a real browser; decisions that outlive a kill; agreement; the gate of the next build."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from conftest import RECIPE
from looking import settled, until
from small_dataset import row, write_rejected, write_shard
from starlette.testclient import TestClient

from anyedit.inspection import why
from anyedit.pipeline import shards
from anyedit.pipeline.build import build
from anyedit.pipeline.calibrate import labelled, read_labels
from anyedit.store.dataset import iter_rows
from anyedit.studio.application import create_app
from anyedit.studio.decisions import Decisions, agreements, cohens_kappa, export_decisions, together
from anyedit.studio.desk import Desk
from anyedit.studio.query import Filter, facets, page_of
from anyedit.studio.roots import StudioError


def shown(page: Any) -> str:
    settled(page)
    return str(page.locator("h2.instruction").get_attribute("data-id"))


def test_keyboard_only_and_a_blind_second_opinion(
    folder: Path, served: Callable[..., str], page: Any
) -> None:
    base = served(folder)
    page.goto(f"{base}/review?set=seen&verdict=accepted")
    settled(page)
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "reviewer":
        page.keyboard.press("Tab")
    page.keyboard.type("ann")
    page.keyboard.press("Enter")
    until(page, "!!document.querySelector('h2.instruction')")
    first = shown(page)
    assert "passed" not in page.locator("main").inner_text()  # what the gates said is not told
    page.keyboard.press("4")
    page.keyboard.press("r")
    until(page, f"document.querySelector('h2.instruction')?.dataset.id !== {json.dumps(first)}")
    second = shown(page)
    page.keyboard.press("k")
    until(page, f"document.querySelector('h2.instruction')?.dataset.id !== {json.dumps(second)}")
    third = shown(page)
    page.keyboard.press("a")
    until(page, f"document.querySelector('h2.instruction')?.dataset.id !== {json.dumps(third)}")
    settled(page)
    page.keyboard.press("Backspace")
    until(page, f"document.querySelector('h2.instruction')?.dataset.id === {json.dumps(third)}")
    assert page.locator("button[data-verdict=accept]").get_attribute("aria-pressed") == "true"
    kept = Decisions(folder).of("ann")
    assert {key: entry["verdict"] for key, entry in kept.items()} == {
        first: "reject",
        second: "skip",
        third: "accept",
    }
    assert kept[first]["reasons"] == ["artefacts"]

    page.goto(f"{base}/review?set=seen&reviewer=bob&queue=second")
    assert shown(page) == first  # only what another has decided, in order
    assert "ann" not in page.locator(".sides").inner_text()  # blind
    page.keyboard.press("a")
    until(page, f"document.querySelector('h2.instruction')?.dataset.id === {json.dumps(third)}")
    settled(page)
    page.keyboard.press("a")
    until(page, "document.querySelector('main').innerText.includes('Nothing is left')")
    assert page.locator("td.kappa").inner_text() == "0.00"  # one of two the same, as chance would have it
    page.goto(f"{base}/review?set=seen&reviewer=bob&queue=split")
    assert shown(page) == first
    assert "ann" in page.locator(".sides").inner_text()
    page.click("text=Write decisions as Parquet")
    until(page, "document.querySelector('main').innerText.includes('1 accepted and 0 rejected')")
    assert read_labels(folder / "studio" / "decisions.parquet") == {third: True}  # a tie decides nothing


def test_the_queue_is_what_a_person_can_judge(tmp_path: Path, served: Callable[..., str], page: Any) -> None:
    """Accepted pairs of the dataset at first; surplus and rejected ones on request, never a row without its edit."""
    folder = tmp_path / "b"
    rows = [row(n, "add") for n in range(3)]
    write_shard(folder / "01-sources" / "a.parquet", [])
    write_shard(folder / "05-pairs" / "a.parquet", rows)
    write_shard(folder / "dataset" / "data" / "train-00000-of-00001.parquet", rows[:2])
    write_rejected(folder / "rejected" / "a.parquet", ("add",))  # r0 was judged, p0 ended before its edit
    base = served(folder)
    there = httpx2.Client(base_url=base, headers={"x-anyedit": "1"})

    def waiting(**asked: str) -> list[str]:
        ids: list[str] = []
        while True:
            state = there.get("/api/review", params={"set": "b", "reviewer": "ann", "after": ids[-1] if ids else "", **asked}).json()  # fmt: skip
            if state["id"] is None or state["id"] in ids:
                return ids
            ids.append(state["id"])

    assert waiting() == ["add-0000", "add-0001"]
    assert waiting(verdict="surplus") == ["add-0002"]
    assert waiting(verdict="rejected") == ["r0"]
    decided = {"set": "b", "reviewer": "bob", "id": "r0", "verdict": "reject"}
    assert there.post("/api/review", json=decided).status_code == 200
    assert waiting(queue="second") == ["r0"]  # what another looked at is asked whatever its verdict
    page.goto(f"{base}/review?set=b&reviewer=ann")
    assert shown(page) == "add-0000"
    options = page.locator("select[name=verdict] option").all_text_contents()
    assert options == ["accepted only", "accepted (2)", "rejected (1)", "surplus (1)"]


def test_what_was_saved_outlives_kill_9(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("killed_reviewer.py")), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) == 60:
            os.kill(child.pid, signal.SIGKILL)
            break
    told = [60, *(int(line) for line in child.stdout if line.endswith("\n"))]
    child.wait()
    kept = Decisions(tmp_path).of("ann")
    assert len(kept) >= told[-1] + 1
    assert all(kept[f"pair-{n}"]["verdict"] == ("accept" if n % 3 else "reject") for n in range(told[-1] + 1))


def test_a_studio_that_is_killed_loses_no_decision_and_goes_on(folder: Path) -> None:
    """`anyedit studio` itself, killed while a reviewer decides: what was answered is kept, and the queue goes on."""
    command = [sys.executable, "-m", "anyedit.cli", "studio", str(folder), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    asked = {"set": "seen", "reviewer": "ann", "verdict": "accepted"}
    decided: dict[str, str] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as studio:
        try:
            assert studio.stdout is not None
            address = next(
                word for word in studio.stdout.readline().split() if word.startswith("http://127.")
            )
            with httpx2.Client(base_url=address, headers={"x-anyedit": "1"}, timeout=60) as reviewer:
                while len(decided) < 3:  # as the page does: ask for the next pair, decide it
                    state = reviewer.get("/api/review", params=asked).json()
                    if state["id"] is None:
                        assert (
                            state["reading"]["done"] < state["reading"]["of"]
                        )  # the set is read for the first time
                        continue
                    decided[state["id"]] = "accept" if decided else "reject"
                    told = {
                        "set": "seen",
                        "reviewer": "ann",
                        "id": state["id"],
                        "verdict": decided[state["id"]],
                    }
                    answer = reviewer.post("/api/review", json=told)
                    assert answer.status_code == 200, answer.text
        finally:
            studio.kill()
    kept = Decisions(folder).of("ann")
    assert {key: entry["verdict"] for key, entry in kept.items()} == decided
    there = TestClient(create_app(Desk([folder])), base_url="http://127.0.0.1")
    state = there.get("/api/review", params=asked).json()
    assert state["decided"] == 3 and state["id"] not in decided
    assert state["left"] == sum(1 for _ in iter_rows(folder)) - 3


def test_a_line_cut_off_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.decide("ann lee/..", "a", "accept")
    (path,) = (tmp_path / "studio" / "decisions").iterdir()  # a name is no path
    with path.open("ab") as file:
        file.write(b'{"id": "b", "verd')
    again = Decisions(tmp_path)
    assert list(again.of("ann lee/..")) == ["a"]
    again.decide("ann lee/..", "c", "flag")
    assert list(Decisions(tmp_path).of("ann lee/..")) == ["a", "c"]
    assert again.before("ann lee/..", "c") == "a"
    for verdict, reasons in (("maybe", ()), ("reject", ("ugly",))):
        with pytest.raises(StudioError):
            again.decide("ann", "a", verdict, reasons)
    for name in (
        " ",
        "x" * 41,
        "\N{CJK UNIFIED IDEOGRAPH-5F20}" * 40,
    ):  # the last is 360 letters as a file's name
        with pytest.raises(StudioError, match="name"):
            again.decide(name, "a", "accept")
        with pytest.raises(StudioError, match="name"):
            again.before(name, "a")
    again.decide("\N{CJK UNIFIED IDEOGRAPH-5F20}" * 20, "a", "accept")


def test_kappa_and_majority() -> None:
    # Cohen's own kind of table: 20 both yes, 15 both no, 5 and 10 apart: p_o = 0.7, p_e = 0.5, kappa = 0.4
    a = [True] * 25 + [False] * 25
    b = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert cohens_kappa(a, b) == pytest.approx(0.4)
    assert cohens_kappa([True, True], [True, True]) is None
    said = {
        "ann": {
            "p": {"verdict": "accept"},
            "q": {"verdict": "reject", "reasons": ["artefacts"]},
            "s": {"verdict": "skip"},
        },
        "bob": {"p": {"verdict": "accept"}, "q": {"verdict": "reject"}, "r": {"verdict": "flag"}},
        "cy": {"p": {"verdict": "reject"}, "q": {"verdict": "flag"}},
    }
    rows = {row["id"]: row for row in together(said)}
    assert {key: row["verdict"] for key, row in rows.items()} == {"p": "accept", "q": "reject"}
    assert (rows["q"]["rejects"], rows["q"]["flags"], rows["q"]["reasons"]) == (2, 1, ["artefacts"])
    assert {(one.a, one.b): (one.both, one.same) for one in agreements(said)} == {
        ("ann", "bob"): (2, 2),
        ("ann", "cy"): (1, 0),
        ("bob", "cy"): (1, 0),
    }


def test_decisions_are_a_gate_of_the_next_build(folder: Path, tmp_path: Path) -> None:
    rows = list(iter_rows(folder))
    first = next(row for row in rows if row["turn"] == 1 and any(row["id"] in r["made_from"] for r in rows))
    made = {row["id"] for row in rows if first["id"] in row["made_from"]}
    decisions = Decisions(folder)
    decisions.decide("ann", first["id"], "reject", ["artefacts"])
    other = next(row for row in rows if row["id"] != first["id"] and row["id"] not in made)
    decisions.decide("ann", other["id"], "accept")
    file = export_decisions(folder, tmp_path / "decisions.parquet")
    samples = labelled(folder, read_labels(file))  # calibrate takes it
    assert {value for sample in samples for value in sample.bad} >= {
        s["value"] for s in first["scores"] if s["value"]
    }

    summary = build(RECIPE, out=folder, workers=1, decisions=file)
    after = {row["id"] for row in iter_rows(folder)}
    assert first["id"] not in after and not made & after and other["id"] in after
    assert summary["reviewed"] == {"rejected": 1 + len(made)}  # what was made from it goes with it
    firsts = [row["edit_type"] for row in rows if row["turn"] == 1]
    again = [row["edit_type"] for row in iter_rows(folder) if row["turn"] == 1]
    assert again.count(first["edit_type"]) == firsts.count(first["edit_type"])  # another in its place
    assert summary["types"][first["edit_type"]]["dropped"]["review"] == {"a person": 1}
    assert "left out at review: rejected by ann: artefacts" in why(folder, first["id"])
    index = Desk([folder]).fresh_index("seen", None)
    found = page_of(index, Filter(rule="a person"), 1)["items"]
    assert {(x["id"], x["verdict"]) for x in found} == {(key, "rejected") for key in {first["id"], *made}}
    assert sum(count for _, count in facets(index)["verdict"]) == len(
        {
            x
            for path in shards.existing(folder, "05-pairs")
            for x in shards.read_table(path, ["id"])["id"].to_pylist()
        }
    ) + sum(
        shards.read_table(path, ["id"]).num_rows
        for path in shards.existing(folder, "rejected")
        if path.stem != "review"
    )
    build(RECIPE, out=folder, workers=1)  # and it stays so
    assert {row["id"] for row in iter_rows(folder)} == after
