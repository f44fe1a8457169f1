"""Compare: runs side by side, blind votes in both positions, strengths with intervals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from looking import settled, until
from starlette.testclient import TestClient

from anyedit.bench.editors import EditorSpec
from anyedit.bench.run import run_suite
from anyedit.bench.runs import SuiteSpec
from anyedit.bench.scoring import score
from anyedit.seeds import rng_of
from anyedit.studio.application import create_app
from anyedit.studio.desk import Desk
from anyedit.studio.ranking import Vote, rank, steadiness, strengths
from anyedit.studio.voting import schedule

OURS = {"x-anyedit": "1"}


@pytest.fixture
def runs(folder: Path) -> Path:
    """Two runs on the build, one of them scored, and their suite: all in one folder."""
    place = folder.parent
    suite = SuiteSpec(str(folder), "ours", {"split": "all"})
    for name, editor in (("a", "identity"), ("b", "oracle")):
        run_suite(suite, EditorSpec(editor), place / "runs" / name)
    score(place / "runs" / "a", ("pixels",))
    return place


def client(*folders: Path) -> TestClient:
    return TestClient(create_app(Desk(folders)), base_url="http://127.0.0.1")


def both(place: Path) -> str:
    return f"{place.name}/runs/a|{place.name}/runs/b"


def test_side_by_side_tables_and_votes_by_keys(runs: Path, served: Callable[..., str], page: Any) -> None:
    base = served(runs)
    page.goto(f"{base}/compare")
    settled(page)
    first = page.locator("section.item").first
    assert first.locator("figcaption").all_inner_texts()[-2:] == [
        f"identity ({runs.name}/runs/a)",
        f"oracle ({runs.name}/runs/b)",
    ]
    until(
        page,
        "[...document.querySelector('section.item').querySelectorAll('img')].every(i => i.naturalWidth === 64)",
    )
    page.click("button[role=tab]:text('Tables')")
    settled(page)
    assert (
        "anyedit bench score" in page.locator(".note").inner_text()
    )  # what to do for the one that is not scored
    measured = json.loads((runs / "runs" / "a" / "results.json").read_text())["protocols"]["pixels"]["all"]
    key = next(key for key, mean in measured.items() if mean["value"])
    assert f"{measured[key]['value']:.4g}".rstrip("0") in page.locator("table.results").inner_text()
    page.click("button[role=tab]:text('Vote')")
    settled(page)
    page.fill("input[name=voter]", "ann")
    page.keyboard.press("Enter")
    for key in ("1", "ArrowRight", "3"):
        until(page, "!!document.querySelector('h2[data-vote]')")
        settled(page)
        shown = page.locator("main").inner_text()
        assert "oracle" not in shown.split("Vote blind")[1] and "runs/b" not in shown.split("Vote blind")[1]
        asked = page.locator("h2[data-vote]").get_attribute("data-vote")
        page.keyboard.press(key)
        until(page, f"document.querySelector('h2[data-vote]')?.dataset.vote !== {json.dumps(asked)}")
    settled(page)
    path = runs / "studio" / "votes" / "ann.jsonl"
    assert [json.loads(line)["choice"] for line in path.read_text().splitlines()] == ["left", "right", "tie"]
    page.click("button[role=tab]:text('Ranking')")
    until(page, "document.querySelector('.steadiness')?.innerText.startsWith('3 votes; 50%')")


def vote_all(there: TestClient, told: str, voter: str, choose: Callable[[bytes, bytes, bytes], str]) -> int:
    count = 0
    while (asked := there.get("/api/vote", params={"runs": told, "voter": voter}).json())["vote"]:
        assert not {"left_run", "runs"} & set(asked)
        shown = [
            there.get("/api/vote/picture", params={"vote": asked["vote"], "side": side}).content
            for side in ("source", "left", "right")
        ]
        answer = there.post("/api/vote", json={"vote": asked["vote"], "choice": choose(*shown)}, headers=OURS)
        assert answer.status_code == 200
        count += 1
    return count


def test_votes_rank_what_was_shown_and_not_where(runs: Path) -> None:
    there, told = client(runs), both(runs)
    total = there.get("/api/compare/items", params={"runs": told}).json()["total"]
    # identity's output has the pixels of the source: this voter knows which one is not it
    cast = vote_all(
        there, told, "careful", lambda source, left, right: "right" if same(source, left) else "left"
    )
    assert cast == 2 * total
    made = there.get("/api/vote/ranking", params={"runs": told}).json()
    best, worst = made["parts"][0]["ranking"]
    assert made["editors"][best["name"]] == "oracle" and best["low"] > 0 > worst["high"]
    assert (made["left_share"], made["twice"], made["same"]) == (0.5, total, total)
    assert {part["part"] for part in made["parts"]} == {"all types", *TYPES(runs)}
    again = client(runs)  # votes are on disk
    assert vote_all(again, told, "careful", lambda *_: "bad") == 0
    assert vote_all(again, told, "hasty", lambda *_: "left") == 2 * total
    made = again.get("/api/vote/ranking", params={"runs": told}).json()
    assert made["left_share"] == 0.75 and made["same"] == total and made["twice"] == 2 * total
    assert sum(row["wins"] for row in made["parts"][0]["ranking"]) == 4 * total


def TYPES(runs: Path) -> set[str]:
    from anyedit.store.dataset import iter_rows

    return {row["edit_type"] for row in iter_rows(runs / "seen")}


def same(a: bytes, b: bytes) -> bool:
    from anyedit.records import pixels_of

    return bool((pixels_of(a) == pixels_of(b)).all())


def test_a_ballot_is_cast_once_and_a_suite_must_be_given(runs: Path, tmp_path: Path) -> None:
    there, told = client(runs), both(runs)
    asked = there.get("/api/vote", params={"runs": told, "voter": "ann"}).json()
    vote = {"vote": asked["vote"], "choice": "left"}
    assert (
        "not 'best'" in there.post("/api/vote", json={**vote, "choice": "best"}, headers=OURS).json()["error"]
    )
    assert there.post("/api/vote", json=vote, headers=OURS).status_code == 200
    assert "not open any more" in there.post("/api/vote", json=vote, headers=OURS).json()["error"]
    alone = tmp_path / "alone"
    shutil.copytree(runs / "runs", alone)
    refused = client(alone).get("/api/compare", params={"runs": "alone/a"})
    assert refused.status_code == 400 and "outside the folders" in refused.json()["error"]
    picture = client(alone).get("/api/compare/picture", params={"runs": "alone/a", "item": "x"})
    assert picture.status_code == 400


def test_every_question_comes_once_in_each_position() -> None:
    asked = schedule("ann", "suite", ["x", "y", "z"], ["a", "b", "c"])
    assert len(asked) == len(set(asked)) == 18
    first, second = asked[:9], asked[9:]
    assert {(item, right, left) for item, left, right in first} == set(second)
    assert 0 < sum(left < right for _, left, right in first) < 9  # neither has a side of its own
    assert asked != schedule("bob", "suite", ["x", "y", "z"], ["a", "b", "c"])


def test_strengths_are_those_that_made_the_votes() -> None:
    # Bradley and Terry by hand: 3 wins of 4 between two is ln 3 apart (but for the weak prior)
    apart = np.diff(strengths(np.array([[[0.0, 30.0], [10.0, 0.0]]]))[0])
    assert apart[0] == pytest.approx(-np.log(3), abs=0.02)
    true = {"a": 1.0, "b": 0.0, "c": -1.0}
    rng = rng_of("test", "votes")
    votes = []
    for k in range(1200):
        left, right = rng.permutation(list(true))[:2]
        wins = rng.random() < 1 / (1 + np.exp(true[right] - true[left]))
        votes.append(Vote("v", f"i{k % 300}", "add", str(left), str(right), "left" if wins else "right"))
    ranked = rank(votes, list(true))
    assert [one.name for one in ranked] == ["a", "b", "c"]
    for one in ranked:
        assert one.low < true[one.name] < one.high and one.high - one.low < 0.6
    always = [
        rank([Vote("v", f"i{k}", "", "a", "b", "left") for k in range(n)], ["a", "b"])[0] for n in (1, 5, 40)
    ]
    assert np.isfinite([one.high for one in always]).all()
    assert [one.low > 0 for one in always] == [False, False, True]  # five of five is not enough to be sure
    assert steadiness(votes[:1] * 0).left_share is None
