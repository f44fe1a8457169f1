"""The paper's comparison in miniature: stage 1 only, experts by table, experts with learned router and task tokens.

    python benchmarks/mini_ablation.py NAME=SEED_5/scores.csv,SEED_6/scores.csv ... --out docs/pictures/mini-ablation.png

Reads what `benchmarks/mini_editor.py` wrote for each model and training seed on the same pairs and noise; prints the table
of the error inside the mask by group of types, relative to the source's: mean over seeds, smallest and largest seed,
and the standard error over pairs. Draws it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
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
    parser.add_argument("--out", type=Path, required=True, help="a PNG; the table is printed")
    told = parser.parse_args()
    runs = {
        name: [read_scores(Path(file)) for file in files.split(",")]
        for name, _, files in (run.partition("=") for run in told.runs)
    }
    asked = {tuple(s.id for s in scores if s.answer == "edit") for seeds in runs.values() for scores in seeds}
    if len(asked) != 1:
        raise SystemExit("the runs were not measured on the same pairs")
    groups = (*GROUPS, "all")
    means = {(name, group): relative(seeds, group) for name, seeds in runs.items() for group in groups}
    lines = ["| group | pairs | " + " | ".join(runs) + " |", "|---|---|" + "---|" * len(runs)]
    for group in groups:
        found = [means[name, group] for name in runs]
        lines.append(f"| {group} | {found[0].pairs} | {' | '.join(one.cell() for one in found)} |")
    table = "\n".join(lines) + "\n"
    print(table)
    draw(list(runs), means, told.out)


@dataclass(frozen=True)
class Relative:
    """by_seed: each seed's error relative to the source's. error: the standard error over pairs, seeds averaged."""

    pairs: int
    by_seed: tuple[float, ...]
    error: float

    @property
    def mean(self) -> float:
        """Over seeds."""
        return float(np.mean(self.by_seed))

    def cell(self) -> str:
        """ "0.866 ± 0.020 (0.865 to 0.867)", the last of several seeds only."""
        seeds = f" ({min(self.by_seed):.3f} to {max(self.by_seed):.3f})" if len(self.by_seed) > 1 else ""
        return f"{self.mean:.3f} ± {self.error:.3f}{seeds}"


def relative(seeds: list[list[Score]], group: str) -> Relative:
    """A group's errors of the edit inside the mask over the source's mean, which is of all pairs of the group so
    that single small changes do not weigh more. Pairs stand in one order in all runs: ids of several builds may meet."""

    def inside(scores: list[Score], answer: str) -> np.ndarray:
        return np.array(
            [s.inside for s in scores if s.answer == answer and group in ("all", GROUP_OF[s.edit_type])]
        )

    whole = inside(seeds[0], "source").mean()
    ratios = np.stack([inside(scores, "edit") for scores in seeds]) / whole
    pairs = ratios.shape[1]
    return Relative(
        pairs, tuple(ratios.mean(axis=1).tolist()), float(ratios.mean(axis=0).std(ddof=1) / np.sqrt(pairs))
    )


def draw(names: list[str], means: dict[tuple[str, str], Relative], out: Path) -> None:
    """Bars by group; the line at 1 is the source unchanged."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    groups = [*GROUPS, "all"]
    figure, axes = plt.subplots(figsize=(8, 3.6), dpi=110)
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        place = np.arange(len(groups)) + (number - (len(names) - 1) / 2) * width
        found = [means[name, group] for group in groups]
        value, error = [one.mean for one in found], [one.error for one in found]
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
