"""One look at every photograph before the first round: which look alike, and what their captions say of what where.

Kept as `survey.json` in the build's folder, so that workers and later runs read it. Hashes are those of `imagehash`
(pHash: the lowest frequencies of the cosine transform of the 32 x 32 luminance against their median, 64 bits).
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from anyedit.errors import SourceError, StoreError
from anyedit.pipeline.sources import Catalogue, catalogue_of
from anyedit.pipeline.sources.pictures import MOST_PIXELS
from anyedit.recipe import PhotoSource

FILE = "survey.json"
BITS = 64


class Survey(BaseModel):
    """duplicates: name -> (the earlier picture that it looks like, differing bits). met: concept -> context -> captions."""

    model_config = ConfigDict(frozen=True)
    duplicates: dict[str, tuple[str, int]] = {}
    met: dict[str, dict[str, int]] = {}
    captions: int = 0


def is_needed(spec: PhotoSource) -> bool:
    """Whether the recipe asks for anything that a survey finds."""
    return spec.distinct is not None or spec.counterfactual > 0


def survey(spec: PhotoSource, out: Path, workers: int = 1) -> Survey:
    """The survey in the build's folder, made when it is not there."""
    path = out / FILE
    if not path.exists():
        found = surveyed(spec, workers)
        temporary = path.with_name(f".{FILE}.{os.getpid()}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(found.model_dump_json())
            os.replace(temporary, path)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> Survey:
    return Survey.model_validate_json(Path(path).read_text())


def surveyed(spec: PhotoSource, workers: int = 1) -> Survey:
    """Look at every photograph once. What cannot be read is left to step 1, which puts it aside with its reason."""
    from anyedit.pipeline.imagine import meetings, pools

    catalogue = catalogue_of(spec)
    with ThreadPoolExecutor(max(1, workers)) as threads:  # decoding lets other threads run
        looks = list(
            threads.map(partial(_look, catalogue, spec.distinct is not None), range(len(catalogue.names)))
        )
    captions = [caption for _, caption in looks]
    duplicates = {}
    if spec.distinct is not None:
        hashes = [bits for bits, _ in looks]
        duplicates = {
            catalogue.names[k]: (catalogue.names[first], apart)
            for k, (first, apart) in alike(hashes, spec.distinct).items()
        }
    met = meetings(captions, *pools(spec)) if spec.counterfactual else {}
    return Survey(duplicates=duplicates, met=met, captions=sum(bool(caption) for caption in captions))


def _look(catalogue: Catalogue, hashed: bool, index: int) -> tuple[int | None, str]:
    try:
        photograph = catalogue.photograph(index)
    except SourceError:
        return None, ""
    return (hash_of(photograph.data) if hashed else None), photograph.caption


def hash_of(data: bytes) -> int | None:
    """The perceptual hash of a picture file, 64 bits; None for what cannot be read."""
    import imagehash
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                image.draft("RGB", (128, 128))  # JPEG: decode an eighth
                upright = ImageOps.exif_transpose(image).convert("RGB")
        return int(str(imagehash.phash(upright)), 16)
    except Exception:  # damaged files raise nearly anything; step 1 says what is wrong with them
        return None


def alike(hashes: Sequence[int | None], most: int) -> dict[int, tuple[int, int]]:
    """Place -> (an earlier, kept place, bits apart) for every hash within `most` bits of a kept one.

    Hashes that differ in at most `most` bits agree in at least one of `most + 1` parts, so that only those that
    share a part are compared (pigeonhole; Norouzi et al. 2012).
    """
    parts = _parts(most + 1)
    seen: list[dict[int, list[int]]] = [{} for _ in parts]
    found: dict[int, tuple[int, int]] = {}
    for place, bits in enumerate(hashes):
        if bits is None:
            continue
        near = _near(
            bits, hashes, (seen[k].get((bits >> at) & ones, ()) for k, (at, ones) in enumerate(parts))
        )
        if near is not None and near[1] <= most:
            found[place] = near
            continue
        for k, (at, ones) in enumerate(parts):
            seen[k].setdefault((bits >> at) & ones, []).append(place)
    return found


def _near(bits: int, hashes: Sequence[int | None], groups: Iterable[Sequence[int]]) -> tuple[int, int] | None:
    places = {place for group in groups for place in group}
    return min(
        ((place, ((hashes[place] or 0) ^ bits).bit_count()) for place in places),
        key=lambda pair: (pair[1], pair[0]),
        default=None,
    )


def _parts(count: int) -> list[tuple[int, int]]:
    """(first bit, mask) of `count` parts that cover the hash."""
    edges = [BITS * k // count for k in range(count + 1)]
    return [(low, (1 << (high - low)) - 1) for low, high in pairwise(edges)]
