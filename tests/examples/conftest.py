"""A small dataset of painted pictures, as a build leaves it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))  # small_dataset, of another room


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pairs to train on, two to test on, of three types."""
    from small_dataset import row, write_shard

    from anyedit.store.dataset import write_dataset

    folder = tmp_path_factory.mktemp("examples")
    rows = [
        row(n, kind)
        for n, kind in enumerate(("add", "remove", "color_alter", "add", "remove", "color_alter"))
    ]
    rows += [row(6, "add", "test"), row(7, "remove", "test")]
    write_dataset(folder / "small", [write_shard(folder / "a.parquet", rows)], lambda _: True, "")
    return folder / "small"
