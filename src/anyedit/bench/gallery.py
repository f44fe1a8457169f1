"""Source, target and every editor's output side by side, in one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from anyedit.bench.items import BenchError, Item, Picture, image_of
from anyedit.bench.results import read_rows
from anyedit.bench.runs import Run, read_run

SHOWN = 256  # pixels of a picture's longer side
STYLE = """body{font:14px/1.4 system-ui,sans-serif;margin:1.5em;background:#fff;color:#222}
table{border-collapse:collapse}th{position:sticky;top:0;background:#fff;text-align:left;padding:6px 10px}
td{padding:6px 10px;vertical-align:top;border-top:1px solid #ddd}img{max-width:min(256px,15vw);display:block}
.said{max-width:20em}.failed{color:#a33;max-width:16em}.small{color:#666;font-size:12px}
@media(prefers-color-scheme:dark){body,th{background:#16181b;color:#ddd}td{border-color:#333}.small{color:#999}}"""


def gallery(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    protocol: str | None = None,
    metric: str | None = None,
    per_type: int = 4,
) -> Path:
    """Write the page; the Python twin of `anyedit bench gallery`. per_type: items of each type (in suite order).

    protocol, metric: show this score under each output. Raises BenchError for runs on different suites.
    """
    runs = [read_run(folder) for folder in folders]
    if len({run.fingerprint for run in runs}) > 1:
        raise BenchError("a gallery needs runs on one suite; these were run on different ones")
    suite = runs[0].suite.open()
    scores = [_scores(run, protocol, metric) for run in runs]
    counts: dict[str, int] = {}
    rows: list[str] = []
    for item in suite.items:
        counts[item.edit_type] = counts.get(item.edit_type, 0) + 1
        if counts[item.edit_type] <= per_type:
            rows.append(_row(item, runs, scores))
    head = "".join(
        f"<th>{html.escape(name)}</th>"
        for name in ("instruction", "source", "target", *(r.name for r in runs))
    )
    told = f"{suite.name} {suite.split} {suite.setting}; licence of the suite: {suite.licence}"
    notes = "".join(f"<p class='small'>{html.escape(text)}</p>" for text in (told, *suite.warnings))
    page = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{html.escape(suite.name)}</title>"
        f"<style>{STYLE}</style><h1>{html.escape(suite.name)}</h1>{notes}<table><tr>{head}</tr>{''.join(rows)}</table></html>"
    )
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def _scores(run: Run, protocol: str | None, metric: str | None) -> dict[str, str]:
    if protocol is None or metric is None:
        return {}
    found: dict[str, str] = {}
    for row in read_rows(run.folder, protocol):
        value = row["values"].get(metric)
        found[row["item"]] = f"{metric} -" if value is None else f"{metric} {value:.4f}"
    return found


def _row(item: Item, runs: Sequence[Run], scores: Sequence[dict[str, str]]) -> str:
    kind = f"<div class='small'>{html.escape(item.edit_type)} · {html.escape(item.id)}</div>"
    cells = [f"<td class='said'>{html.escape(item.instruction)}{kind}{_picture(item.visual_prompt)}</td>"]
    cells.append(f"<td>{_picture(item.source)}</td><td>{_picture(item.target) or 'none'}</td>")
    for run, of in zip(runs, scores, strict=True):
        output = run.output(item)
        if output is None:
            cells.append(f"<td class='failed'>{html.escape(run.failure(item) or 'not run')}</td>")
        else:
            shown = f"<div class='small'>{html.escape(of[item.id])}</div>" if item.id in of else ""
            cells.append(f"<td>{_picture(output)}{shown}</td>")
    return f"<tr>{''.join(cells)}</tr>\n"


def _picture(picture: Picture | None) -> str:
    if picture is None:
        return ""
    image = image_of(picture)
    image.thumbnail((SHOWN, SHOWN), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=88)
    return f"<img loading='lazy' alt='' src='data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}'>"
