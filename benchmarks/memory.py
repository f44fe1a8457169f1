"""Memory of a build over its pairs: all processes together, measured from outside while it runs.

    python benchmarks/memory.py [--pairs 2000] [--workers 2] [--size 128] [--out DIR] [--every 10]

Prints a line every `every` seconds: seconds since the start, pairs accepted so far, processes, MiB resident (RSS,
in which what processes share counts several times) and MiB proportional (PSS, in which it counts once). Linux only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def family(root: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue  # it has just ended
            parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        found.append(one := todo.pop())
        todo += parents.get(one, [])
    return found


def mebibytes(process: int) -> tuple[float, float]:
    """(RSS, PSS) of a process; zeros when it has ended."""
    try:
        rows = (Path("/proc") / str(process) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    sizes = {row.split(":")[0]: int(row.split()[1]) for row in rows}
    return sizes.get("Rss", 0) / 1024, sizes.get("Pss", 0) / 1024


def accepted(out: Path) -> int:
    """Pairs in the finished shards."""
    total = 0
    for path in (out / "ledger").glob("*.json"):
        total += sum(of["left"].get("assess", 0) for of in json.loads(path.read_text()).values())
    return total


def main() -> None:
    """Start the build, watch it, say the peak."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--out", default=None)
    asked = parser.parse_args()
    out = Path(asked.out or tempfile.mkdtemp())
    started = time.monotonic()
    sizes = [f"source.{side}={asked.size}" for side in ("width", "height")]
    command = ["build", "recipes/world.yaml", "--out", str(out), "--limit", str(asked.pairs), "--quiet"]
    command += ["--workers", str(asked.workers), *(part for size in sizes for part in ("--set", size))]
    build = subprocess.Popen([sys.executable, "-c", "from anyedit.cli import main; main()", *command])
    peak = [0.0, 0.0]
    print(f"{'s':>7} {'pairs':>6} {'processes':>9} {'RSS MiB':>8} {'PSS MiB':>8}", flush=True)
    while build.poll() is None:
        members = family(build.pid)
        now = [sum(column) for column in zip(*map(mebibytes, members), strict=True)]
        peak = [max(pair) for pair in zip(peak, now, strict=True)]
        print(
            f"{time.monotonic() - started:7.0f} {accepted(out):6d} {len(members):9d} {now[0]:8.0f} {now[1]:8.0f}",
            flush=True,
        )
        time.sleep(asked.every)
    print(f"peak: RSS {peak[0]:.0f} MiB, PSS {peak[1]:.0f} MiB; exit code {build.returncode}")
    sys.exit(build.returncode)


if __name__ == "__main__":
    main()
