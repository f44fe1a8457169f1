"""The card of a result: `README.md` in a run's folder, for whoever is given the folder without the command."""

from __future__ import annotations

from pathlib import Path

from anyedit.bench.formats import written
from anyedit.bench.report import tables
from anyedit.bench.results import read_results
from anyedit.bench.runs import put

CARD = "README.md"
TERMS = {
    "CC-BY-NC": "The suite's licence forbids commercial use; pictures of it are in `outputs/` only as an editor changed them."
}


def write_card(folder: str | Path) -> Path:
    """Write what was run, on what, under which licence, and every table that was scored."""
    place = Path(folder)
    told = read_results(place)
    suite, editor = told["suite"], told["editor"]
    lines = [
        f"# {editor['name']} on {suite['name']}",
        "",
        f"- Editor: `{editor['spec']}`, seed {told['seed']}",
        f"- Suite: {' '.join(filter(None, (suite['name'], suite['split'], suite['setting'])))}, {suite['items']} items "
        f"(texts `{suite['fingerprint'][:16]}`, pictures `{suite['pictures'][:16]}`)",
        f"- Licence of the suite: {suite['licence']}",
    ]
    lines += [f"- {text}" for name, text in TERMS.items() if suite["licence"].startswith(name)]
    lines += [
        "- Versions: " + ", ".join(f"{name} {number}" for name, number in told["versions"]["score"].items()),
        "- Every setting, weight and count: `results.json`; every item: `scores/`",
        "",
        "",
    ]
    body = "\n".join(written(table, "markdown") for table in tables([place]))
    put(place / CARD, "\n".join(lines) + body)
    return place / CARD
