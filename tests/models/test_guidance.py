"""Guidance: the plan gives the equation, and holds no branch more than it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from anyedit.models.guidance import BRANCHES, GuidanceScales, paper, plan_branches, published

scale = st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
items = st.lists(
    st.tuples(st.builds(GuidanceScales, scale, scale, scale), st.booleans()), min_size=1, max_size=5
)


@given(items, st.sampled_from(["paper", "published"]))
def test_the_plan_gives_the_equation(batch: list[tuple[GuidanceScales, bool]], form: str) -> None:
    scales, has_expert = [s for s, _ in batch], [expert for _, expert in batch]
    plan = plan_branches(form, scales, has_expert)
    e = torch.randn(len(BRANCHES), len(batch), 4, 2, 2, generator=torch.Generator().manual_seed(0))
    for item, expert in enumerate(has_expert):
        if not expert:  # without an expert the visual branch is the text branch
            e[3, item] = e[2, item]
    guided = plan.combine(torch.stack([e[branch, item] for item, branch in plan.rows]))
    equation = {"paper": paper, "published": published}[form]
    for item, s in enumerate(scales):
        expected = equation(*e[:, item], s.image, s.text, s.visual)
        torch.testing.assert_close(guided[item], expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("form", "scales", "expert", "branches"),
    [
        ("published", (2.0, 1.5, 0.8), True, [0, 1, 3]),
        ("published", (1.0, 1.5, 0.8), True, [1, 3]),  # s_I = 1: e(0) cancels
        ("published", (1.0, 1.0, 0.8), True, [3]),
        ("published", (1.5, 1.5, 0.8), True, [0, 3]),  # s_I = s_T: e(I) cancels
        ("published", (2.0, 0.0, 0.8), True, [0, 1]),
        ("published", (0.0, 0.0, 0.8), True, [0]),
        ("published", (3.0, 3.0, 0.0), False, [0, 2]),  # the released scales of "general"
        ("published", (3.0, 2.0, 0.0), False, [0, 1, 2]),
        ("paper", (2.0, 1.5, 3.0), True, [0, 1, 2, 3]),
        ("paper", (2.0, 1.5, 1.5), True, [0, 1, 3]),  # s_V = s_T: the released equation
        ("paper", (2.0, 1.5, 0.0), True, [0, 1, 2]),
        ("paper", (1.0, 1.0, 1.0), True, [3]),
        ("paper", (1.0, 1.0, 2.0), True, [2, 3]),
        ("paper", (2.0, 1.5, 7.0), False, [0, 1, 2]),
        ("paper", (2.0, 0.0, 7.0), False, [0, 1]),
    ],
)
def test_only_needed_branches(
    form: str, scales: tuple[float, ...], expert: bool, branches: list[int]
) -> None:
    plan = plan_branches(form, [GuidanceScales(*scales)], [expert])
    assert [branch for _, branch in plan.rows] == branches


def test_items_do_not_touch_each_other() -> None:
    """A row that is not finite spoils its own item only."""
    plan = plan_branches(
        "published", [GuidanceScales(2.0, 1.5, 0.8), GuidanceScales(1.0, 1.0, 0.8)], [True, True]
    )
    rows = torch.ones(len(plan.rows), 4, 1, 1)
    rows[[item == 0 for item, _ in plan.rows]] = torch.nan
    guided = plan.combine(rows)
    assert guided[0].isnan().all() and torch.equal(guided[1], torch.ones(4, 1, 1))


def test_half_precision_is_summed_in_float32() -> None:
    plan = plan_branches("published", [GuidanceScales(30.0, 30.5, 0.8)], [True])
    rows = torch.tensor([60000.0, 60010.0, 60020.0]).reshape(3, 1, 1, 1).half()
    guided = plan.combine(rows)
    assert guided.dtype == torch.float16 and torch.isfinite(guided).all()


def test_the_table_in_the_docs_is_true() -> None:
    """docs/anysd.md, "How many items pass through the UNet"."""
    names = ["e(0)", "e(I)", "e(I,T)", "e(I,T,V)"]
    page = (Path(__file__).parents[2] / "docs" / "anysd.md").read_text()
    lines = [line for line in page.splitlines() if line.startswith(("| published |", "| paper |"))]
    assert len(lines) == 12
    for line in lines:
        form, image, text, visual, expert, branches, items = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        scales = GuidanceScales(float(image), float(text), float(visual))
        plan = plan_branches(form, [scales], [expert == "yes"])
        assert " ".join(names[branch] for _, branch in plan.rows) == branches, line
        assert len(plan.rows) == int(items), line
