"""Offline metrics carry their own models' names and order pictures as they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import small_suites as small
from PIL import Image

from anyedit.bench.features import Features
from anyedit.bench.items import encoded, image_of
from anyedit.bench.metrics import Pair
from anyedit.bench.metrics.small import SMALL
from anyedit.bench.protocols import protocol_of
from anyedit.bench.suites import open_suite

pytest.importorskip("h5py")
skimage = pytest.importorskip("skimage")


def test_no_column_is_called_clip_dino_or_lpips() -> None:
    labels = " ".join(f"{c.key} {c.label}".lower() for c in protocol_of("small").columns)
    assert "efficientnet" in labels and "vgg16" in labels and "conse" in labels
    assert not any(name in labels for name in ("clip", "dino", "lpips"))


def test_the_target_is_nearest_and_a_foreign_picture_farthest(tmp_path: Path) -> None:
    from dataclasses import replace

    from skimage import data

    item = open_suite(small.magicbrush_folder(tmp_path)).items[0]
    cat, coffee = (Image.fromarray(image).resize((128, 128)) for image in (data.chelsea(), data.coffee()))
    item = replace(item, target=encoded(cat), local_caption="a cat")
    faint = Image.fromarray(np.clip(np.asarray(cat).astype(int) + 12, 0, 255).astype(np.uint8))
    pairs = [Pair(item, encoded(image)) for image in (cat, faint, coffee)]
    rows = [{} for _ in pairs]  # type: ignore[var-annotated]
    features = Features()
    for metric in SMALL:
        for row, values in zip(rows, metric.measure(pairs, features, None), strict=True):
            row.update(values)
    assert rows[0]["efficientnet_im"] == pytest.approx(1, abs=1e-5) and rows[0]["vgg16_distance"] == 0
    assert rows[1]["efficientnet_im"] > rows[2]["efficientnet_im"] + 0.2
    assert rows[1]["vgg16_distance"] < rows[2]["vgg16_distance"]
    assert rows[0]["conse_out"] > rows[2]["conse_out"]
    assert image_of(pairs[0].output).size == (128, 128)
