"""Browse in a real browser: filters, grid, one item's pictures, keys, story, chain; and what the index answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from looking import settled, until
from small_dataset import paint, png_of, row, write_rejected, write_shard
from starlette.testclient import TestClient

from anyedit.pipeline import shards
from anyedit.records import Rejected
from anyedit.store.dataset import iter_rows
from anyedit.store.schema import COLUMNS
from anyedit.studio.application import create_app
from anyedit.studio.desk import Desk
from anyedit.studio.query import Filter, facets, item_of, page_of
from anyedit.studio.roots import Roots, StudioError


def query_of(page: Any) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_grid_filters_search_and_item(
    folder: Path, served: Callable[..., str], page: Any, tmp_path: Path
) -> None:
    rows = list(iter_rows(folder))
    page.goto(served(folder))
    page.wait_for_selector("a.card")
    assert page.locator("select[name=verdict] option").count() >= 3  # all, accepted, rejected
    page.select_option("select[name=verdict]", "accepted")
    page.wait_for_selector(f"strong.count:text('{len(rows)} items')")
    page.select_option("select[name=type]", "remove")
    removed = [row for row in rows if row["edit_type"] == "remove"]
    page.wait_for_selector(f"strong.count:text('{len(removed)} item')")
    word = removed[0]["instruction"].split()[-1].strip("?.!")
    page.keyboard.press("/")  # keyboard: into the search field
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"text={re.escape(word)}"))
    settled(page)
    shown = page.locator("a.card").evaluate_all("cards => cards.map(card => card.dataset.id)")
    assert removed[0]["id"] in shown and set(shown) <= {row["id"] for row in removed}
    # the address holds the whole view: another window shows the same
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("a.card")
    assert other.locator("a.card").evaluate_all("cards => cards.map(card => card.dataset.id)") == shown
    other.close()
    # pictures are painted, not broken icons
    until(page, "document.querySelector('a.card img').naturalWidth > 0")
    page.keyboard.press("Escape")  # out of the field that the page has kept
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".stage")
    assert query_of(page)["id"] == shown[0]
    assert query_of(page)["type"] == "remove"  # the way through the filtered pairs is kept


def test_stage_keys_slider_and_overlays(folder: Path, served: Callable[..., str], page: Any) -> None:
    pair = next(row for row in iter_rows(folder) if row["edit_type"] == "visual_bbox")
    page.goto(f"{served(folder)}/item?set=seen&id={pair['id']}")
    stage = page.locator(".stage")
    stage.wait_for()
    until(page, "document.querySelector('.stage .edited').naturalWidth === 64")
    clip = "document.querySelector('.stage .edited').style.clipPath"
    page.locator("input.split").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(clip) == "inset(0px 0px 0px 60%)"
    box = stage.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 40)
    page.mouse.down()
    page.mouse.up()
    assert page.evaluate(clip) == "inset(0px 0px 0px 20%)"
    page.locator("h1").click()
    page.keyboard.press("f")
    assert stage.get_attribute("data-shown") == "edited"
    page.keyboard.press("f")
    assert stage.get_attribute("data-shown") == "source"
    assert page.evaluate("getComputedStyle(document.querySelector('.stage .edited')).visibility") == "hidden"
    page.keyboard.press("d")
    painted = (
        "(() => { const c = document.querySelector('canvas.layer'); if (!c.width || c.hidden) return 0;"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let i = 0; i < d.length; i += 4) if (d[i + 3] && d[i] + d[i + 1] + d[i + 2] > 30) n++; return n; })()"
    )
    until(page, f"{painted} > 0")
    page.keyboard.press("s")
    page.keyboard.press("m")
    until(page, f"{painted} > 0")
    assert query_of(page)["mask"] == "1"  # overlays are part of the address
    page.keyboard.press("m")
    until(page, f"{painted} === 0")
    page.keyboard.press("i")  # the influence, which is larger than the mask
    until(page, f"{painted} > 0")
    assert query_of(page)["influence"] == "1"
    assert page.locator(".prompt img").evaluate("image => image.naturalWidth") == 64
    page.keyboard.press("?")
    assert page.locator("#keys").get_attribute("open") is not None
    assert "flicker" in page.locator("#keys").inner_text()


def test_story_chain_and_rejected(folder: Path, served: Callable[..., str], page: Any) -> None:
    base = served(folder)
    later = next(row for row in iter_rows(folder) if row["turn"] == 2)
    page.goto(f"{base}/item?set=seen&id={later['id']}")
    chain = page.locator("section:has(h2:text('Chain')) a.card")
    chain.first.wait_for()
    ids = chain.evaluate_all("cards => cards.map(card => card.dataset.id)")
    assert ids[-1] == later["id"] and ids[0] == later["chain_id"]
    rules = page.locator("table.rules tbody tr")
    assert rules.count() == len(later["scores"])
    at = next(k for k, score in enumerate(later["scores"]) if score["low"] is not None)
    assert later["scores"][at]["name"] in rules.nth(at).inner_text()
    assert f"{later['scores'][at]['low']:g}" in rules.nth(at).inner_text()
    page.click("button:text('anyedit why')")
    until(page, "document.querySelector('pre.why').textContent.includes('accepted')")
    page.goto(f"{base}/browse?set=seen&verdict=rejected&rule=change+inside+mask")
    page.locator("a.card").first.click()
    page.wait_for_selector(".stage")
    assert "failed" in page.locator("table.rules").inner_text()
    assert "≥ 0.5" in page.locator("table.rules").inner_text()


def test_errors_can_be_read_and_windows_may_be_narrow(
    folder: Path, served: Callable[..., str], page: Any
) -> None:
    base = served(folder)
    page.set_viewport_size({"width": 380, "height": 740})
    key = next(iter_rows(folder))["id"]
    for address in ("browse?set=seen", f"item?set=seen&id={key}", "review?set=seen&reviewer=ann", f"try?set=seen&id={key}",
                    "compare", "watch"):  # fmt: skip
        page.goto(f"{base}/{address}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 380, address
    page.goto(f"{base}/item?set=seen&id=nothing")
    assert "seen has no item 'nothing'" in page.locator("[role=alert]").inner_text()
    page.goto(f"{base}/browse?set=seem")
    assert "did you mean 'seen'?" in page.locator("[role=alert]").inner_text()


def made(folder: Path, rows: list[dict[str, Any]]) -> Path:
    write_shard(folder / "01-sources" / "a.parquet", [])
    write_shard(folder / "05-pairs" / "a.parquet", rows)
    return folder


def test_index_reads_only_what_is_new_and_tells_surplus(tmp_path: Path) -> None:
    folder = made(tmp_path / "b", [row(n, "add") for n in range(3)])
    desk = Desk([folder])
    index = desk.fresh_index("b", None)
    assert facets(index)["verdict"] == [["accepted", 3]]
    numbers = {x["id"]: x["number"] for x in page_of(index, Filter(), 1)["items"]}
    write_shard(folder / "05-pairs" / "b.parquet", [row(n, "remove") for n in range(3, 5)])
    write_rejected(folder / "rejected" / "a.parquet", ("add",))
    index.refresh()
    assert index.of == 2  # the first shard is not read again
    told = facets(index)
    assert told["verdict"] == [["accepted", 5], ["rejected", 2]]
    assert {
        x["id"]: x["number"] for x in page_of(index, Filter(type="add", verdict="accepted"), 1)["items"]
    } == numbers
    data = folder / "dataset" / "data"
    write_shard(data / "train-00000-of-00001.parquet", [row(n, "add") for n in range(2)])
    index.refresh()
    assert facets(index)["verdict"] == [["accepted", 2], ["rejected", 2], ["surplus", 3]]
    (folder / "05-pairs" / "b.parquet").write_bytes(b"no parquet")
    index.refresh()
    assert [Path(name).name for name in index.unreadable] == ["b.parquet"]
    assert facets(index)["total"] == 5


def test_filters(tmp_path: Path) -> None:
    kinds = (("add", "train"), ("remove", "test"), ("visual_bbox", "train"))
    rows = [row(n, kind, split) for n, (kind, split) in enumerate(kinds)]
    rows[1]["edited_caption"] = "A violet ball beside a lighthouse"  # a word that stands in no instruction
    folder = made(tmp_path / "b", rows)
    write_rejected(folder / "rejected" / "a.parquet", ("add",))
    index = Desk([folder]).fresh_index("b", None)

    def ids(**wanted: str) -> list[str]:
        return [x["id"] for x in page_of(index, Filter.of(wanted), 1)["items"]]

    assert ids(group="visual") == ["visual_bbox-0002"]
    assert ids(split="test") == ids(text="LIGHTHOUSE") == ["remove-0001"] and ids(split="validation") == []
    assert ids(rule="colour_distance", low="10") == ["r0"]
    assert ids(rule="colour_distance", high="10", type="remove") == ["remove-0001"]
    assert ids(rule="colour_distance", sort="-score")[0] == "r0"
    assert ids(rule="object_share", verdict="rejected") == ["p0"]
    assert ids(text="BALL make") == ["r0", "p0"] or set(ids(text="BALL make")) >= {"r0", "p0"}
    assert ids(text="100%") == ids(text="_bbox-0003") == []  # % and _ are letters, not patterns
    with pytest.raises(StudioError, match="not a number"):
        Filter.of({"low": "much"})
    found = item_of(index, "remove-0001", None, Filter(verdict="accepted"))
    assert (found["previous"]["id"], found["next"]["id"]) == ("add-0000", "visual_bbox-0002")


def test_nothing_outside_the_folders(tmp_path: Path) -> None:
    outside = made(tmp_path / "secret", [row(9, "add")])
    folder = made(tmp_path / "given" / "b", [row(1, "add")])
    os.symlink(outside / "05-pairs" / "a.parquet", folder / "05-pairs" / "z.parquet")
    os.symlink(outside, tmp_path / "given" / "linked")
    desk = Desk([tmp_path / "given"])
    assert [place.name for place in desk.places()] == ["given/b"]
    assert [x["id"] for x in page_of(desk.fresh_index("given/b", None), Filter(), 1)["items"]] == ["add-0001"]
    with pytest.raises(StudioError, match="no such folder"):
        Roots.of([tmp_path / "nowhere"])


def test_a_large_set_is_never_loaded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexing reads no picture column; a page's thumbnails read one column of one row group."""
    folder = made(tmp_path / "b", [row(n, "add") for n in range(4)])
    asked: list[list[str]] = []
    read = pq.ParquetFile.read_row_group

    def seen(self: Any, group: int, columns: Any = None, **more: Any) -> Any:
        asked.append(list(columns))
        return read(self, group, columns=columns, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", seen)
    desk = Desk([folder])
    index = desk.fresh_index("b", None)
    assert not {"source", "edited", "mask", "provenance"} & {name for names in asked for name in names}
    asked.clear()
    items = page_of(index, Filter(), 1)["items"]
    cache = desk.cache_of(index.place)
    small = [desk.pictures.thumbnail(index.cell(x["number"]), "source", 96, cache) for x in items]
    assert asked == [["source"]] and len({*small}) == 4
    again = Desk([folder])
    monkeypatch.setattr(again.pictures, "cell", None)  # a kept thumbnail is not made again
    assert again.pictures.thumbnail(index.cell(items[0]["number"]), "source", 96, cache) == small[0]
    assert json.dumps(items)  # plain data


def test_candidates_that_lost_are_shown_beside_the_one_that_won(
    tmp_path: Path, served: Callable[..., str], page: Any
) -> None:
    """A build with candidates keeps the runner-up among the rejected rows, with its picture and scores."""
    folder = made(tmp_path / "b", [row(n, "add") for n in range(2)])
    source, worse = (png_of(paint(0, ball)[0]) for ball in (None, "green"))
    lost = Rejected(
        "add-0000", "assess", "add", "scene-0000", "Add a ball", "colour_distance", 11.5, None, 12.0, "", worse, source,
        instead=True,
    )  # fmt: skip
    shards.write_rows(folder / "rejected" / "c.parquet", [lost], Rejected)
    base = served(folder)
    page.goto(f"{base}/item?set=b&id=add-0000")
    other = page.locator("section:has(h2:text('Other candidates')) a.card")
    other.first.wait_for()
    assert other.count() == 1
    until(page, "document.querySelector('section a.card img').naturalWidth > 0")
    other.first.click()
    page.wait_for_selector(".stage")
    until(page, "location.search.includes('candidate=')")
    settled(page)
    assert "11.5" in page.locator("table.rules").inner_text()
    assert page.locator("section:has(h2:text('Other candidates')) a.card").count() == 1  # and the way back
    page.goto(f"{base}/browse?set=b&verdict=other+candidate")
    page.wait_for_selector("strong.count:text('1 item')")


def test_what_was_put_aside_is_not_counted_as_pairs_and_says_where_its_pictures_are(
    tmp_path: Path, served: Callable[..., str], page: Any
) -> None:
    """A row that ended before its edit has no picture to be missed; one whose picture is broken is told as that."""
    folder = made(tmp_path / "b", [{**row(0, "add"), "edited": {"bytes": b"broken", "path": None}}])
    write_rejected(folder / "rejected" / "a.parquet", ("add",))
    base = served(folder)
    page.goto(f"{base}/browse?set=b")
    settled(page)
    assert page.locator("strong.count").inner_text() == "3 items"
    assert page.locator(".verdicts").inner_text() == "accepted 1, rejected 2"
    told = "edited: none, or it cannot be read"
    page.wait_for_selector(f"a.card[data-id=add-0000] .gone:text('{told}')")
    assert page.locator("a.card[data-id=p0] .gone").all_inner_texts() == ["rejected before the edit was made"]
    assert page.locator("a.card[data-id=r0] img").count() == 2
    page.locator("a.card[data-id=p0]").click()
    page.wait_for_selector("figcaption:text('source; rejected before the edit was made')")
    page.goto(f"{base}/browse?set=b&verdict=accepted")
    settled(page)
    assert page.locator("strong.count").inner_text() == "1 item"
    assert page.locator(".verdicts").count() == 0


READER = """
import resource, sys
from pathlib import Path
from anyedit.studio.desk import Desk
from anyedit.studio.query import Filter, facets, page_of

desk = Desk([Path(sys.argv[1])])
at_rest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
index = desk.fresh_index("large", None)
assert facets(index)["verdict"] == [["accepted", 100_000]]
last = page_of(index, Filter(), 10**9)
assert last["total"] == 100_000 and last["items"][-1]["id"] == "pair-099999", last["items"][-1]
found = page_of(index, Filter.of({"text": "needle"}), 1)
assert [one["id"] for one in found["items"]] == ["pair-077777"]
small = desk.pictures.thumbnail(index.cell(last["items"][-1]["number"]), "source", 96, desk.cache_of(index.place))
assert len(small) > 100
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_rest) // 1024)
"""


@pytest.mark.slow
def test_a_hundred_thousand_pairs(tmp_path: Path) -> None:
    """100,000 rows in 20 files of 5 row groups: indexed, counted, searched, paged to the last, in little memory."""
    folder = tmp_path / "large"
    schema = pa.schema([*COLUMNS.items(), ("split", pa.string())])
    one = pa.Table.from_pylist([{**row(0, "add"), "scores": row(0, "add")["scores"][:1]}], schema=schema)
    write_shard(folder / "01-sources" / "a.parquet", [])
    (folder / "05-pairs").mkdir()
    many = one.take([0] * 5_000)
    for shard in range(20):
        ids = [f"pair-{shard * 5_000 + n:06d}" for n in range(5_000)]
        words = ["Find the needle" if key == "pair-077777" else "Add a ball" for key in ids]
        table = many
        for name, values in (("id", ids), ("chain_id", ids), ("instruction", words)):
            table = table.set_column(table.schema.get_field_index(name), name, pa.array(values))
        pq.write_table(table, folder / "05-pairs" / f"s{shard:02d}.parquet", row_group_size=1_000)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (
        int(done.stdout) < 200
    )  # MiB beside what the imports take; the pictures alone are several times that


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/api/facets", {"set": "../secret"}),
        ("/api/pairs", {"set": "given/../../secret"}),
        ("/api/item", {"set": "../secret", "id": "add-0009"}),
        ("/api/item", {"set": "b", "id": "../../secret/05-pairs/a.parquet"}),
        ("/api/picture", {"set": "/etc", "n": "0", "column": "source"}),
        ("/api/picture", {"set": "b", "n": "0", "column": "../../secret"}),
        ("/api/picture", {"set": "b", "n": "-1", "column": "source"}),
        ("/api/why", {"set": "../secret", "id": "add-0009"}),
        ("/api/review", {"set": "../secret", "reviewer": "ann"}),
        ("/api/review/decisions.parquet", {"set": "../secret"}),
        ("/api/compare", {"runs": "../secret"}),
        ("/api/compare/picture", {"runs": "/etc|/etc", "item": "passwd"}),
        ("/api/watch/build", {"set": "../secret"}),
        ("/api/watch/training", {"set": "../secret"}),
        ("/api/watch/sample", {"set": "b", "name": "../../secret"}),
    ],
)
def test_no_address_leads_out_of_the_folders(tmp_path: Path, path: str, values: dict[str, str]) -> None:
    made(tmp_path / "secret", [row(9, "add")])
    made(tmp_path / "b", [row(1, "add")])
    there = TestClient(create_app(Desk([tmp_path / "b"])), base_url="http://127.0.0.1")
    assert (
        there.get("/api/facets", params={"set": "b"}).status_code == 200
    )  # the test can fail: this one is served
    answer = there.get(path, params=values)
    assert answer.status_code in (400, 404), answer.text
    assert "add-0009" not in answer.text and "root:" not in answer.text
