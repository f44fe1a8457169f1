"""Near-duplicates between a training set and a suite: a perceptual hash of every picture, then features.

Hash: 64-bit DCT hash (pHash; Zauner 2010) of the picture and of its mirror image, candidates within `bits` bits.
A candidate is confirmed by the larger of two likenesses: the correlation of 32 px thumbnails, and, where
`anyedit[small]` is installed, the cosine of EfficientNet features (on tiny or heavily compressed pictures those
alone are weak); the result says which were used.
"""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from anyedit.bench.features import Features
from anyedit.bench.items import BytesPicture, Picture, Suite, digest_of, image_of
from anyedit.bench.suites import open_suite
from anyedit.errors import AnyEditError
from anyedit.store.dataset import iter_rows

BITS = 10  # of 64: below about 10, distinct photographs are rare
ALIKE = 0.90  # feature cosine or correlation from which a candidate is a near-duplicate
SHOWN = 160  # pixels of a shown picture's longer side
NAMED = 4  # names of one picture that are listed


@dataclass(frozen=True)
class Duplicate:
    """A training picture and a suite's picture that are nearly one. distance: bits; alike: cosine or correlation."""

    train: str  # row id and column
    item: str  # item id and which of its pictures
    distance: int
    alike: float
    mirrored: bool


@dataclass(frozen=True)
class Contamination:
    """All near-duplicates. items: distinct items of the suite that are touched. confirmed_by: what `alike` is."""

    train_pictures: int
    suite_pictures: int
    duplicates: tuple[Duplicate, ...]
    items: int
    confirmed_by: str


def contamination(
    train: str | Path, suite: str | Path | Suite, out: str | Path, *, bits: int = BITS, alike: float = ALIKE
) -> Contamination:
    """Compare a dataset in our schema (its train split) with a suite; `anyedit bench contamination`.

    Writes `contamination.json` and `contamination.html` (the pairs side by side) into `out`.
    """
    opened = suite if isinstance(suite, Suite) else open_suite(suite)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    features = Features(folder / "features.sqlite")
    try:
        found = _compared(Path(train), opened, features, bits, alike, folder)
    finally:
        features.cache.close()
    (folder / "contamination.json").write_text(json.dumps(asdict(found), indent=1))
    return found


def hashed(image: Image.Image) -> int:
    """The 64-bit DCT hash: signs of the 8x8 lowest frequencies of a 32x32 grey thumbnail, against their median."""
    grey = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS), np.float32)
    low = cv2.dct(grey)[:8, :8].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _pictures_of(train: Path) -> Iterator[tuple[str, Picture]]:
    for row in iter_rows(train, ("id", "source", "edited")):
        if row["split"] != "train":
            continue
        for column in ("source", "edited"):
            if row[column] is not None:
                yield f"{row['id']}:{column}", BytesPicture(row[column]["bytes"])


def _compared(
    train: Path, suite: Suite, features: Features, bits: int, alike: float, folder: Path
) -> Contamination:
    tested: list[tuple[str, Picture]] = []
    for item in suite.items:
        tested += [(f"{item.id}:source", item.source)] + (
            [(f"{item.id}:target", item.target)] if item.target else []
        )
    names = [name for name, _ in tested]
    pictures = dict(tested)
    codes = features.numbers(("phash", 1), [(picture,) for _, picture in tested], _codes)
    plain, turned = (np.array([_joined(code, k) for code in codes], np.uint64) for k in (0, 1))
    confirm, confirmed_by = _confirmer()
    found: list[Duplicate] = []
    kept: list[tuple[Duplicate, Picture, Picture]] = []
    count = 0
    for name, picture in _pictures_of(train):
        count += 1
        code = np.uint64(hashed(image_of(picture)))
        distances = np.bitwise_count(plain ^ code), np.bitwise_count(turned ^ code)
        near = np.minimum(*distances)
        for index in np.flatnonzero(near <= bits):
            mirrored = bool(distances[1][index] < distances[0][index])
            other = pictures[names[index]]
            value = confirm(image_of(picture), image_of(other), mirrored)
            if value >= alike:
                duplicate = Duplicate(name, names[index], int(near[index]), round(value, 4), mirrored)
                found.append(duplicate)
                kept.append((duplicate, picture, other))
    found.sort(key=lambda d: (d.distance, -d.alike, d.item, d.train))
    items = {duplicate.item.rpartition(":")[0] for duplicate in found}
    result = Contamination(count, len(tested), tuple(found), len(items), confirmed_by)
    (folder / "contamination.html").write_text(_page(result, kept, suite), encoding="utf-8")
    return result


def _codes(image: Image.Image) -> npt.NDArray[np.float64]:
    """Hash and hash of the mirror image, each as two 32-bit halves (doubles hold those exactly)."""
    mirror = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.array(
        [v for code in (hashed(image), hashed(mirror)) for v in (code >> 32, code & 0xFFFFFFFF)], np.float64
    )


def _joined(code: npt.NDArray[Any], which: int) -> int:
    return (int(code[2 * which]) << 32) | int(code[2 * which + 1])


def _confirmer() -> tuple[Any, str]:
    try:
        from anyedit.engines.small.efficientnet import EfficientNetFeatures

        engine = EfficientNetFeatures()
        engine.features([np.zeros((32, 32, 3), np.uint8)])  # says now whether its weights are here
    except (AnyEditError, ImportError):
        return _correlation, "correlation of 32 px thumbnails (anyedit[small] is not installed)"

    def by_features(one: Image.Image, other: Image.Image, mirrored: bool) -> float:
        a, b = engine.features([np.asarray(one), np.asarray(_turned(other, mirrored))])
        return max(float(a @ b), _correlation(one, other, mirrored))

    return by_features, f"the larger of thumbnail correlation and the cosine of {engine.version}"


def _turned(image: Image.Image, mirrored: bool) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else image


def _correlation(one: Image.Image, other: Image.Image, mirrored: bool) -> float:
    a, b = (np.asarray(i.resize((32, 32)), np.float64).ravel() for i in (one, _turned(other, mirrored)))
    a, b = a - a.mean(), b - b.mean()
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length > 0 else float(np.array_equal(a, b))


def _page(result: Contamination, kept: list[tuple[Duplicate, Picture, Picture]], suite: Suite) -> str:
    """The pairs of distinct pictures side by side, each with every name that it has on both sides."""
    groups: dict[tuple[str, str], list[tuple[Duplicate, Picture, Picture]]] = {}
    for entry in sorted(kept, key=lambda one: (one[0].distance, -one[0].alike)):
        groups.setdefault((digest_of(entry[1]), digest_of(entry[2])), []).append(entry)
    rows = "\n".join(_shown(of) for of in groups.values())
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>contamination</title>"
        "<style>body{font:14px sans-serif;margin:2em}td,th{padding:8px;vertical-align:top;text-align:left}"
        "img{max-width:160px;display:block}</style>"
        f"<h1>{html.escape(suite.name)}: {len(result.duplicates)} near-duplicates, {result.items} items touched</h1>"
        f"<p>{result.train_pictures} training pictures against {result.suite_pictures} of the suite; confirmed by "
        f"{html.escape(result.confirmed_by)}. {len(groups)} pairs of distinct pictures.</p>"
        f"<table><tr><th>training</th><th>suite</th><th></th></tr>{rows}</table></html>"
    )


def _shown(of: list[tuple[Duplicate, Picture, Picture]]) -> str:
    first, train, tested = of[0]

    def named(names: list[str]) -> str:
        distinct = list(dict.fromkeys(names))
        more = [f"and {len(distinct) - NAMED} more"] if len(distinct) > NAMED else []
        return "<br>".join(html.escape(name) for name in distinct[:NAMED] + more)

    return (
        f"<tr><td><img alt='' src='{_inline(train)}'>{named([d.train for d, _, _ in of])}</td>"
        f"<td><img alt='' src='{_inline(tested)}'>{named([d.item for d, _, _ in of])}</td>"
        f"<td>{first.distance} bits<br>{first.alike:.3f}{'<br>mirrored' if first.mirrored else ''}</td></tr>"
    )


def _inline(picture: Picture) -> str:
    image = image_of(picture)
    image.thumbnail((SHOWN, SHOWN))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
