"""Bench runs that are looked at side by side, and the suite that they were run on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anyedit.bench.items import Item, Picture, Suite
from anyedit.bench.runs import Run, read_run
from anyedit.studio.desk import Desk
from anyedit.studio.roots import Place, StudioError

FEWEST, MOST = 1, 8


@dataclass(frozen=True)
class Compared:
    """Runs by place, on one suite, sorted by name."""

    runs: tuple[tuple[Place, Run], ...]
    suite: Suite

    @property
    def names(self) -> list[str]:
        """The places' names."""
        return [place.name for place, _ in self.runs]

    def run(self, name: str) -> Run:
        """A run by its place's name. Raises StudioError."""
        for place, run in self.runs:
            if place.name == name:
                return run
        raise StudioError(f"'{name}' is not among the runs that are compared")

    def item(self, key: str) -> Item:
        """An item of the suite. Raises StudioError."""
        if key not in self.suite.by_id:
            raise StudioError(f"the suite {self.suite.name} has no item '{key}'")
        return self.suite.by_id[key]


def compared(desk: Desk, told: str) -> Compared:
    """The runs that an address names, joined by '|'. Raises StudioError when they cannot be laid side by side."""
    names = sorted({name for name in told.split("|") if name})
    if not FEWEST <= len(names) <= MOST:
        raise StudioError(f"choose {FEWEST} to {MOST} runs")
    runs = tuple((place, read_run(place.path)) for place in (desk.place(name, "bench") for name in names))
    prints = {run.fingerprint for _, run in runs}
    if len(prints) > 1:
        raise StudioError(f"{' and '.join(names)} were not run on one suite: they share no items")
    return Compared(runs, _suite(desk, runs[0][1]))


def _suite(desk: Desk, run: Run) -> Suite:
    spec = run.suite
    if spec.where != "world-test":
        where = Path(spec.where)
        if not where.exists():
            raise StudioError(f"the suite of these runs lay at {spec.where}, where there is nothing any more")
        if not desk.roots.holds(where):
            raise StudioError(
                f"the suite of these runs lies at {spec.where}, outside the folders that the studio was given; name it "
                f"too: anyedit studio {' '.join(map(str, desk.roots.folders))} {spec.where}"
            )
    if run.fingerprint not in desk.suites:
        suite = spec.open()
        if suite.fingerprint != run.fingerprint:
            raise StudioError(f"{spec.where} is not what it was when these runs were made; run them again")
        desk.suites[run.fingerprint] = suite
    return desk.suites[run.fingerprint]


def output_of(desk: Desk, run: Run, item: Item) -> Picture | None:
    """A run's picture of an item, when it has one inside the folders."""
    found = run.output(item)
    if found is not None:
        desk.roots.checked(found.path)
    return found
