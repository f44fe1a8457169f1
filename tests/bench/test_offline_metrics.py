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
from anyedit.bench.metrics.small import SMALL, mini_tower
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


def test_the_small_editors_tower_is_a_column_where_its_weights_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from transformers import CLIPImageProcessor

    import anyedit.models.shipped as shipped
    from anyedit.models.tiny import tiny_image_encoder

    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "none")
    assert "mini_im" not in {c.key for c in protocol_of("small").columns}
    home = tmp_path / "mini"
    tower = tiny_image_encoder().eval()
    tower.save_pretrained(home / "image_encoder")
    side = {"height": 32, "width": 32}
    prepare = CLIPImageProcessor(size=side, crop_size=side, do_center_crop=False)
    prepare.save_pretrained(home / "feature_extractor")
    monkeypatch.setattr(shipped, "SHIPPED", home)
    (column,) = (c for c in protocol_of("small").columns if c.key == "mini_im")
    assert column.label == "mini's picture tower cosine"
    (metric,) = mini_tower()
    items = open_suite(small.magicbrush_folder(tmp_path / "m")).items[:2]
    rows = metric.measure([Pair(item, item.source) for item in items], Features(), None)
    for item, row in zip(items, rows, strict=True):
        with torch.no_grad():
            a, b = (
                tower(prepare(images=image_of(p), return_tensors="pt").pixel_values).image_embeds[0]
                for p in (item.source, item.target)  # type: ignore[arg-type]
            )
        assert row["mini_im"] == pytest.approx(float(torch.cosine_similarity(a, b, dim=0)), abs=1e-5)
        assert row["mini_im"] < 0.9999
