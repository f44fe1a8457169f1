from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from small_dataset import groups_of_types, png_of, row, summary, write_rejected, write_shard

from anyedit.errors import SourceError
from anyedit.store.contact import contact_sheet
from anyedit.store.dataset import write_dataset
from anyedit.store.plots import Bar, bars, changes, heatmap, histogram
from anyedit.store.report import write_report

TYPES = groups_of_types()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    rows = [row(n, name) for name in TYPES for n in range(4)]
    write_dataset(tmp_path, [write_shard(tmp_path / "a.parquet", rows)], lambda _: True, "")
    write_rejected(tmp_path / "rejected/a.parquet", TYPES[:2])
    return tmp_path


def test_the_page_is_whole_in_itself(built: Path) -> None:
    text = write_report(built, summary(TYPES)).read_text()
    assert not re.search(r"""(src|href)=["'](?!data:image/|#)""", text)
    assert "url(" not in text
    assert "<script" not in text
    assert "prefers-color-scheme:dark" in text
    bar = re.findall(r'href="#(\w+)"', text[text.index("<nav>") : text.index("</nav>")])
    assert bar == ["yields", "distributions", "bias", "gallery", "recipe"]  # few enough to stay on one line
    way = text[text.index('<div class="index">') :].partition("</div>")[0]
    assert re.findall(r'href="#([\w+]+)"', way) == list(TYPES)


def test_gallery_shows_as_many_of_each_type_as_asked(built: Path) -> None:
    text = write_report(built, summary(TYPES), per_type=2).read_text()
    for name in TYPES:
        shown = re.findall(rf'<article class="card" id="({name}-\d+)"', text)
        assert shown == [f"{name}-0000", f"{name}-0003"]  # spread over all of them
    assert text.count("<figcaption>visual prompt") == 2
    assert 'title="limit ≤ 12; Lab">colour_distance <b>8.4</b>' in text
    assert 'title="limit ≥ 1; does not apply here">text_read <b>n/a</b>' in text


def test_rejected_rows_say_why(built: Path) -> None:
    text = write_report(built, summary(TYPES)).read_text()
    assert "2 rejected: colour_distance 1, object_share 1" in text
    assert (
        '<b>colour_distance</b>: 31.2, limit ≤ 12 <span class="quiet">at assess. Lab distance to blue' in text
    )
    assert "ended before it was edited" in text


def test_yields_and_bias_are_told(built: Path) -> None:
    given = summary(TYPES)
    text = write_report(built, given).read_text()
    counts = given["types"]["add"]
    assert f"{counts['left']['assess']} <small>/ {counts['entered']['assess']}" in text
    assert "0.83 → 0.21" in text
    assert "concept x context, after" in text


def test_a_bare_summary_and_markup_in_words_do_no_harm(tmp_path: Path) -> None:
    rows = [
        {
            **row(0, "add"),
            "instruction": "<script>alert(1)</script>",
            "mask": None,
            "influence": None,
            "scores": [],
        }
    ]
    rows[0]["edited"] = {"bytes": b"broken", "path": None}
    write_dataset(tmp_path, [write_shard(tmp_path / "a.parquet", rows)], lambda _: True, "")
    text = write_report(tmp_path, {}).read_text()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "cannot be decoded" in text


def test_plots_scale_to_the_longest() -> None:
    drawn = bars([Bar("a", 5), Bar("b", 10, of=20)])
    assert "width:25.0%" in drawn
    assert "width:50.0%" in drawn
    assert "10 of 20" in drawn
    met = bars([Bar("material_change+action_change", 20, of=20), Bar("b", 10, of=20)])
    assert re.findall(r'<u style="left:([\d.]+)%">', met) == [
        "100.0",
        "100.0",
    ]  # a tick, seen beside or on the bar
    assert met.index("<b style") < met.index("<u style")  # over the bar, not behind it
    assert "material_<wbr>change+<wbr>action_<wbr>change" in met  # a long name goes on in the next line
    assert histogram({3: 1, 90: 2}, "words").count("<rect") <= 24
    assert heatmap(["dog"], ["snow", "sand"], [[4, 0]]).count('class="none"') == 1
    moved = changes([("dog in snow", 2.0, 0.0), ("cat in snow", 1.0, None)], "bits")
    assert re.findall(r'class="(\w+)" cx="([\d.]+)"', moved) == [
        ("before", "348.4"),
        ("after", "88.4"),
        ("before", "218.4"),
    ]
    assert histogram({}, "words") == heatmap([], [], []) == ""


def test_a_browser_shows_it(built: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on this machine")
    page = write_report(built, summary(TYPES))
    shot = built / "shot.png"
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={built / 'profile'}",
            "--window-size=1200,2400",
            f"--screenshot={shot}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    with Image.open(shot) as picture:
        assert picture.width == 1200
        colours = picture.convert("RGB").getcolors(1 << 22)
    assert colours is not None and len(colours) > 1000  # pictures are painted, not broken icons


def test_contact_sheet_has_a_place_for_each_pair(built: Path) -> None:
    path = contact_sheet(built, built / "docs/sheet.png", per_type=2, size=64, across=5)
    with Image.open(path) as sheet:
        assert sheet.size == (5 * (132 + 16) + 16, 2 * (64 + 60 + 16) + 16)
    with pytest.raises(SourceError, match=r"has to end in \.png or \.jpg"):
        contact_sheet(built, built / "sheet.txt")


def test_a_line_of_the_sheet_is_as_high_as_its_tallest_picture(tmp_path: Path) -> None:
    """Landscape pictures leave no empty band, and nothing is cut off them."""
    rows = [row(n, name) for n, name in enumerate(("add", "remove", "visual_bbox"))]
    colour = (200, 30, 40)
    for each, size in zip(rows, ((120, 60), (120, 80), (100, 100)), strict=True):
        for name in ("source", "edited"):
            each[name] = {"bytes": png_of(Image.new("RGB", size, colour)), "path": None}
    rows[2]["visual_prompt"] = None
    write_dataset(tmp_path, [write_shard(tmp_path / "a.parquet", rows)], lambda _: True, "")
    path = contact_sheet(tmp_path, tmp_path / "sheet.png", size=60, across=2)
    with Image.open(path) as sheet:
        # 120 x 60 and 120 x 80 become 60 x 30 and 60 x 40; 100 x 100 becomes 60 x 60 on a line of its own
        assert sheet.size == (2 * (2 * 60 + 4 + 16) + 16, (40 + 60 + 16) + (60 + 60 + 16) + 16)
        painted = sum(count for count, seen in sheet.getcolors(1 << 20) if seen == colour)
    assert painted == 2 * (60 * 30 + 60 * 40 + 60 * 60)
