"""The paper's comparison in miniature: stage 1 only, experts by table, experts with learned router and task tokens.

    python benchmarks/mini_ablation.py NAME=RUN/scores.csv ... --out docs/pictures/mini-ablation.png

Reads what `benchmarks/mini_editor.py` wrote for each model on the same pairs and noise; prints the table of the
error inside the mask by group of types, relative to the source's, with the standard error over pairs, and draws it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from anyedit.training.heldout import Score, read_scores
from anyedit.types import GROUP_OF, GROUPS


def main() -> None:
    """Read, print, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", metavar="NAME=CSV")
    parser.add_argument("--out", type=Path, required=True, help="a PNG; the table goes beside it as .md")
    told = parser.parse_args()
    runs = {name: read_scores(Path(file)) for name, _, file in (run.partition("=") for run in told.runs)}
    asked = {frozenset(s.id for s in scores if s.answer == "edit") for scores in runs.values()}
    if len(asked) != 1:
        raise SystemExit("the runs were not measured on the same pairs")
    means = {
        (name, group): relative(scores, group) for name, scores in runs.items() for group in (*GROUPS, "all")
    }
    lines = ["| group | " + " | ".join(runs) + " |", "|---|" + "---|" * len(runs)]
    for group in (*GROUPS, "all"):
        cells = [f"{means[name, group][0]:.3f} ± {means[name, group][1]:.3f}" for name in runs]
        lines.append(f"| {group} | " + " | ".join(cells) + " |")
    table = "\n".join(lines) + "\n"
    told.out.with_suffix(".md").write_text(table)
    print(table)
    draw(list(runs), means, told.out)


def relative(scores: list[Score], group: str) -> tuple[float, float]:
    """Mean over a group's pairs of the edit's error inside the mask over that of the source, which is of all
    pairs of the group so that single small changes do not weigh more; and its standard error."""
    own = [s for s in scores if group in ("all", GROUP_OF[s.edit_type])]
    edit = {s.id: s.inside for s in own if s.answer == "edit"}
    source = {s.id: s.inside for s in own if s.answer == "source"}
    whole = float(np.mean([source[name] for name in edit]))
    ratios = np.array([edit[name] for name in edit]) / whole
    return float(ratios.mean()), float(ratios.std(ddof=1) / np.sqrt(len(ratios)))


def draw(names: list[str], means: dict[tuple[str, str], tuple[float, float]], out: Path) -> None:
    """Bars by group; the line at 1 is the source unchanged."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    groups = [*GROUPS, "all"]
    figure, axes = plt.subplots(figsize=(8, 3.6), dpi=110)
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        place = np.arange(len(groups)) + (number - (len(names) - 1) / 2) * width
        value, error = zip(*(means[name, group] for group in groups), strict=True)
        axes.bar(place, value, width * 0.92, yerr=error, label=name, error_kw={"lw": 0.8})
    axes.axhline(1.0, color="black", lw=0.8, ls="--")
    axes.text(len(groups) - 0.55, 1.01, "source unchanged", ha="right", va="bottom", fontsize=8)
    axes.set_xticks(np.arange(len(groups)), groups)
    axes.set_ylabel("L1 to the target inside the mask,\nrelative to the source")
    axes.legend(frameon=False, fontsize=8, ncols=len(names), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(out)


if __name__ == "__main__":
    main()
