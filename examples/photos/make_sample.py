"""Write the sample photographs out of the wheels of scikit-image and scikit-learn: `python make_sample.py [FOLDER]`.

The pictures stay in their packages; here are only our own captions and annotations of them (see README.md).
"""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

PICTURES = {
    "skimage": (
        "data",
        (
            "astronaut.png",
            "chelsea.png",
            "coffee.png",
            "coins.png",
            "motorcycle_left.png",
            "page.png",
            "rocket.jpg",
        ),
    ),
    "sklearn": ("datasets/images", ("china.jpg", "flower.jpg")),
}


def write_sample(folder: Path) -> list[Path]:
    """Copy the pictures into a folder; raises SystemExit naming the package that is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for package, (inside, names) in PICTURES.items():
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            wheel = {"skimage": "scikit-image", "sklearn": "scikit-learn"}[package]
            raise SystemExit(f"the sample photographs come with {wheel}: pip install {wheel}")
        for name in names:
            written.append(folder / name)
            _put(Path(spec.origin).parent / inside / name, written[-1])
    return written


def _put(picture: Path, target: Path) -> None:
    """A copy; of the page, which is wider than 2 : 1, all but the last four columns."""
    if picture.name != "page.png":
        shutil.copyfile(picture, target)
        return
    from PIL import Image

    with Image.open(picture) as page:
        page.crop((0, 0, page.width - 4, page.height)).save(target)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures"
    print(f"{len(write_sample(target))} photographs in {target}")
