"""A run on a Ray cluster writes the files of a local one, and tells what its workers tell."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import small_suites as small
from test_running import NOISE, files

from anyedit.bench.executors import EXECUTORS
from anyedit.bench.items import BenchError
from anyedit.bench.run import run_suite
from anyedit.bench.runs import SuiteSpec

ray = pytest.importorskip("ray")


@pytest.mark.slow
def test_two_actors_write_the_files_of_a_local_run(tmp_path: Path) -> None:
    program = tmp_path / "noisy.py"
    program.write_text(NOISE)
    noisy = f"cmd:{sys.executable} {program} {{source}} {{out}} {{seed}} {{id}} {{instruction}}"
    suite = SuiteSpec(str(small.magicbrush_folder(tmp_path / "suite")), options={"setting": "multi-turn"})
    local = run_suite(suite, noisy, tmp_path / "local", batch=2)
    far = run_suite(suite, noisy, tmp_path / "ray", batch=2, workers=2, executor="ray")
    assert not ray.is_initialized()  # the cluster that was started for it has ended
    assert files(tmp_path / "ray") == files(tmp_path / "local") and len(files(tmp_path / "ray")) == 4
    # both turns of session 7: the first fails, the second lacks its source
    for name in ("7-1", "7-2"):
        item = suite.open().by_id[name]
        assert far.output(item) is None and far.failure(item) == local.failure(item)


def test_what_does_not_fit_is_refused_before_anything_starts(tmp_path: Path) -> None:
    suite = str(small.magicbrush_folder(tmp_path / "suite"))
    with pytest.raises(BenchError, match="did you mean 'ray'"):
        run_suite(suite, "identity", tmp_path / "a", executor="rai")
    with pytest.raises(BenchError, match="needs --executor ray"):
        run_suite(suite, "identity", tmp_path / "a", address="ray://head:10001")
    assert not (tmp_path / "a").exists() and set(EXECUTORS) == {"local", "ray"}
