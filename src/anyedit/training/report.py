"""report.html of a run: its curves, the loss per kind of edit, the experts' load, and the samples over time."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image

from anyedit.store.page import page, panel, tiles
from anyedit.store.plots import Bar, bars
from anyedit.training.journal import read_log
from anyedit.training.recipe import TrainingRecipe

SAMPLES = 4
"""Grids shown: the latest ones."""
Points = Sequence[tuple[float, float]]


def write_report(recipe: TrainingRecipe, out: Path) -> Path:
    """Writes `out/report.html` from `log.jsonl` and `samples/`; one file, nothing loaded from elsewhere."""
    lines = read_log(out)
    train = [(line["step"], line["loss"]) for line in lines if line["what"] == "loss"]
    valid = [
        (line["step"], line["loss"]) for line in lines if line["what"] == "validation" and "loss" in line
    ]
    rates = [(line["step"], line["rate"]) for line in lines if line["what"] == "loss"]
    types = [line for line in lines if line["what"] == "types"]
    head = f"<h1>{escape(recipe.name)}</h1><p>{escape(told_stage(recipe))}</p>"
    shown = [
        tiles(_figures(recipe, lines, train, valid)),
        "".join(f'<div class="panel why"><b>{escape(line)}</b></div>' for line in _warnings(lines)),
        '<h2 id="loss">Loss</h2><div class="panels">',
        panel("Training: each point a mean, the line a moving one", curve([("training", train, True)])),
        panel("Validation, averaged weights, fixed noise", curve([("validation", valid, False)])),
        panel("Learning rate", curve([("rate", rates, False)])),
        "</div>",
        _kinds(types, lines),
        _samples(out),
        f'<h2 id="recipe">Recipe</h2><div class="panel"><pre>{escape(recipe.model_dump_json(indent=1))}</pre></div>',
    ]
    links = [("loss", "Loss"), ("types", "Types"), ("samples", "Samples"), ("recipe", "Recipe")]
    file = out / "report.html"
    partial = file.with_suffix(".partial")
    partial.write_text(page(recipe.name, links, head, "".join(shown)), encoding="utf-8")
    partial.rename(file)
    return file


def told_stage(recipe: TrainingRecipe) -> str:
    """What is trained, in words."""
    return {
        1: "Stage 1: the UNet, on the types without a visual prompt",
        2: "Stage 2: experts, resampler, router and task embeddings, the UNet frozen",
    }.get(recipe.stage if isinstance(recipe.stage, int) else 0, "Joint stage: UNet and experts together")


def curve(series: Sequence[tuple[str, Points, bool]], width: int = 520, height: int = 210) -> str:
    """Lines over steps as SVG; a noisy series is drawn as dots with its moving mean."""
    points = [point for _, line, _ in series for point in line]
    if not points:
        return '<p class="quiet">nothing written down yet</p>'
    left, foot = 56.0, 24.0
    last = max(step for step, _ in points) or 1
    values = sorted(value for _, value in points)
    low, high = values[0], values[min(len(values) - 1, int(0.995 * len(values)))]
    low, high = (low, high) if high > low else (low - 0.5 * abs(low), high + 0.5 * abs(high) + 1e-9)

    def at(step: float, value: float) -> tuple[float, float]:
        share = (min(value, high) - low) / (high - low)
        return left + (width - left - 8) * step / last, 8 + (height - foot - 8) * (1 - share)

    parts = [f'<line x1="{left}" x2="{width}" y1="{height - foot}" y2="{height - foot}"/>']
    for share in (0.0, 0.5, 1.0):
        value = low + share * (high - low)
        _, y = at(0, value)
        parts.append(f'<text class="row" x="{left - 6}" y="{y + 4:.1f}">{value:.3g}</text>')
        step = share * last
        parts.append(f'<text x="{at(step, low)[0] - 10 * share:.1f}" y="{height - 6}">{step:.0f}</text>')
    for name, line, noisy in series:
        places = [at(*point) for point in line]
        if noisy:
            for (x, y), (step, value) in list(zip(places, line, strict=True))[:: max(1, len(line) // 400)]:
                title = f"<title>{escape(name)}, step {step:g}: {value:.4g}</title>"
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.4" opacity=".35">{title}</circle>')
            places = [at(*point) for point in moving_mean(line)]
        route = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{route}" fill="none" stroke="var(--accent)" stroke-width="2"/>')
        if not noisy:
            parts += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{escape(name)}, step {s:g}: {v:.4g}</title></circle>'
                for (x, y), (s, v) in zip(places, line, strict=True)
            ]
    return f'<svg class="plot" viewBox="0 0 {width} {height}" role="img">{"".join(parts)}</svg>'


def moving_mean(line: Points, share: float = 0.05) -> list[tuple[float, float]]:
    """Each point the mean of the last `share` of the line up to it (at least one point)."""
    span = max(1, round(share * len(line)))
    mean = []
    for number in range(len(line)):
        recent = [value for _, value in line[max(0, number + 1 - span) : number + 1]]
        mean.append((line[number][0], sum(recent) / len(recent)))
    return mean


def _figures(
    recipe: TrainingRecipe, lines: list[dict[str, Any]], train: Points, valid: Points
) -> list[tuple[str, str]]:
    speeds = [line["pairs_per_second"] for line in lines if line["what"] == "loss"]
    figures = [(f"{lines[-1]['step'] if lines else 0} of {recipe.steps}", "steps")]
    if train:
        figures.append((f"{moving_mean(train)[-1][1]:.4f}", "training loss, last 5% of the run"))
    if valid:
        best = min(valid, key=lambda point: point[1])
        figures += [
            (f"{valid[-1][1]:.4f}", "validation loss"),
            (f"{best[1]:.4f}", f"lowest, at step {best[0]:g}"),
        ]
    if speeds:
        figures.append((f"{sorted(speeds)[len(speeds) // 2]:.1f}", "pairs per second, median"))
    return figures


def _warnings(lines: list[dict[str, Any]]) -> list[str]:
    last = next((line for line in reversed(lines) if line["what"] == "warning"), None)
    types = next((line for line in reversed(lines) if line["what"] == "types"), None)
    if last is None or types is None or last["step"] < types["step"]:
        return []
    return [f"Step {last['step']}: hardly a row reaches the experts {', '.join(last['dead_experts'])}"]


def _kinds(types: list[dict[str, Any]], lines: list[dict[str, Any]]) -> str:
    if not types:
        return '<h2 id="types">Types</h2>'
    last = types[-1]
    step = f"step {last['step']}"
    shown = [
        panel(f"Training loss, {step}", bars([Bar(name, round(v, 4)) for name, v in last["loss"].items()]))
    ]
    valid = [line for line in lines if line["what"] == "validation" and "by_kind" in line]
    if valid:
        items = [Bar(name, round(value, 4)) for name, value in valid[-1]["by_kind"].items()]
        shown.append(panel(f"Validation loss, step {valid[-1]['step']}", bars(items)))
    if "load" in last:
        items = [Bar(name, round(value, 4)) for name, value in last["load"].items()]
        shown.append(panel(f"Load of the experts, {step}", bars(items)))
    return f'<h2 id="types">Types</h2><div class="panels">{"".join(shown)}</div>'


def _samples(out: Path) -> str:
    files = sorted((out / "samples").glob("step-*.png"))[-SAMPLES:]
    shown = []
    for file in reversed(files):
        step = int(file.stem.removeprefix("step-"))
        shown.append(
            f"<h3>step {step}</h3><div class='panel'><img style='max-width:100%' alt='' src='{_inline(file)}'></div>"
        )
    text = "The same pairs of the validation split each time: source, visual prompt if any, edit, truth."
    return f'<h2 id="samples">Samples</h2><p>{text}</p>{"".join(shown)}'


def _inline(file: Path) -> str:
    buffer = io.BytesIO()
    with Image.open(file) as picture:
        picture.convert("RGB").save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
