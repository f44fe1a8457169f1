"""A training that kills itself with SIGKILL: `killed_run.py RECIPE.json OUT WHERE`, run by test_loop.py.

WHERE: "step" (before the fifth step) or "checkpoint" (with the second checkpoint half written).
"""

from __future__ import annotations

import json
import os
import signal
import sys

import torch

from anyedit.training import checkpoint, loop


def die() -> None:
    """As `kill -9` does: nothing is flushed, nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(recipe: str, out: str, where: str) -> None:
    """Run until the kill."""
    torch.set_num_threads(1)
    if where == "step":
        rate = loop.learning_rate

        def deadly(step: int, *rest: object) -> float:
            if step == 4:
                die()
            return rate(step, *rest)  # type: ignore[arg-type]

        loop.learning_rate = deadly
    else:
        save, seen = checkpoint.save_file, []

        def cut(values: object, file: object) -> None:
            seen.append(file)
            if len(seen) == 5:  # three files a checkpoint
                die()
            save(values, file)

        checkpoint.save_file = cut
    with open(recipe) as file:
        loop.train(json.load(file), out, quiet=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
