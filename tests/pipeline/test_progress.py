"""What a build says while it runs: bars for every step on a terminal, lines with the same figures elsewhere."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

import anyedit
from anyedit.pipeline.progress import Bars, Plain, Silent

STEPS = {"instruct": (40, 36), "prefilter": (36, 30), "edit": (30, 30), "assess": (30, 20)}


def test_a_terminal_shows_rate_yield_and_time_left_of_every_step() -> None:
    screen = io.StringIO()
    with Bars(Console(file=screen, force_terminal=True, width=140)) as bars:
        bars.started -= 10
        bars.update(20, 50, STEPS, 1)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    last = text.rpartition("pairs (round 2)")
    shown = (last[1] + last[2]).splitlines()
    assert re.search(r"20/50 +[12]\.\d\d/s +yield 50% +0:00:1\d left", shown[0])
    for line, (words, count, share) in zip(
        shown[1:], [("instructed", "36/90", "90%"), ("prefiltered", "30/75", "83%"), ("edited", "30/75", "100%"),
                    ("assessed", "20/50", "67%")], strict=False,
    ):  # fmt: skip
        assert re.search(rf"{words} .*{count} +\d\.\d\d/s +yield {share} +0:00:1\d left", line), line
    assert len(shown) >= 5


def test_a_log_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Plain(every=3600)
    lines.started -= 10
    with lines:
        lines.update(20, 50, STEPS, 0)
        lines.update(25, 50, STEPS, 0)  # too soon
        lines.update(50, 50, STEPS, 1)
    first, second = capsys.readouterr().out.splitlines()
    assert "20/50 pairs, yield 50%" in first and re.search(
        r"pairs/s, 15 s left, round 1; instructed 36", first
    )
    assert "50/50 pairs" in second and "left" not in second and second.endswith("edited 30, assessed 20")


def test_a_build_tells_what_went_through_its_steps(tmp_path: Path) -> None:
    class Kept(Silent):
        def __init__(self) -> None:
            self.told: list[tuple[int, int, dict[str, tuple[int, int]], int]] = []

        def update(
            self, accepted: int, wanted: int, steps: dict[str, tuple[int, int]], round_number: int
        ) -> None:  # type: ignore[override]
            self.told.append((accepted, wanted, dict(steps), round_number))

    kept = Kept()
    recipe = {
        "seed": 7,
        "pairs": 2,
        "types": ["remove"],
        "source": {"width": 48, "height": 48, "samples": 1, "depth": 2},
    }
    summary = anyedit.build(recipe, out=tmp_path / "b", workers=1, progress=kept)
    of = summary["types"]["remove"]
    accepted, wanted, steps, _ = kept.told[-1]
    assert (accepted, wanted) == (2, 2)
    assert steps == {step: (entered, of["left"].get(step, 0)) for step, entered in of["entered"].items()}
