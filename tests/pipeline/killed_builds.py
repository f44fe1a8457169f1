"""Run `anyedit build` again and again, each time ended by SIGKILL at another moment; a program of its own.

Arguments: RECIPE OUT SEED KILLS WORKERS, or RECIPE OUT for one build by one worker that is left alone. Each build is a fork of a process
that has measured the kinds of objects (that takes seconds) and has no threads yet.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

from anyedit import cli
from anyedit.language import plural
from anyedit.pipeline import build, task  # noqa: F401 (imported once, for all forks)
from anyedit.pipeline.shards import REJECTED, STEPS
from anyedit.world.builds import build_of
from anyedit.world.kinds import kinds


def started(recipe: str, out: str, workers: str) -> int:
    """A build in a process of its own; returns its id."""
    process = os.fork()
    if process:
        return process
    code = 70
    try:
        sys.argv = ["anyedit", "build", recipe, "--out", out, "--workers", workers, "--quiet"]
        cli.main()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def files(out: str) -> int:
    """How many finished files the steps have written."""
    folders = [Path(out) / name for name in (*STEPS, REJECTED, task.LEDGER)]
    return sum(len(list(folder.iterdir())) for folder in folders if folder.is_dir())


def killed(recipe: str, out: str, rng: random.Random, workers: str) -> bool:
    """End a build when it has written some more files, and a little later; False when it came to its end before."""
    until, later = files(out) + rng.randrange(8), rng.random() * 0.15
    process = started(recipe, out, workers)
    while files(out) < until:
        if os.waitpid(process, os.WNOHANG)[0]:
            return False
        time.sleep(0.003)
    time.sleep(later)
    os.kill(process, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def main() -> None:
    recipe, out = sys.argv[1:3]
    for name in kinds():
        build_of(name)
    plural("mug")
    times, workers = 0, sys.argv[5] if len(sys.argv) > 5 else "1"
    if len(sys.argv) > 3:
        rng, wanted = random.Random(int(sys.argv[3])), int(sys.argv[4])
        while times < wanted:
            times += killed(recipe, out, rng, workers)
    code = os.waitstatus_to_exitcode(os.waitpid(started(recipe, out, workers), 0)[1])
    print(times)
    sys.exit(code)


if __name__ == "__main__":
    main()
