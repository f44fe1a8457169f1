"""Small, plausible datasets for the tests of the store: pictures painted with Pillow, records of the real schema."""

from __future__ import annotations

import dataclasses
import io
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw, ImageFilter

from anyedit.pipeline.shards import write_rows
from anyedit.records import Rejected
from anyedit.store.schema import COLUMNS, image
from anyedit.types import EDIT_TYPES, GROUP_OF, TYPES_BY_GROUP

COLOURS = {"red": (205, 62, 54), "blue": (58, 104, 186), "green": (82, 148, 84), "yellow": (232, 190, 70)}
STEPS = ("instruct", "prefilter", "edit", "assess")


def png_of(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def paint(seed: int, ball: str | None, size: int = 64) -> tuple[Image.Image, Image.Image]:
    """A room with a box and perhaps a ball, and the ball's mask."""
    rng = random.Random(seed)
    wall, floor = ((rng.randint(170, 230), rng.randint(170, 225), rng.randint(165, 220)) for _ in range(2))
    picture = Image.linear_gradient("L").resize((size, size))
    picture = Image.composite(
        Image.new("RGB", (size, size), floor), Image.new("RGB", (size, size), wall), picture
    )
    draw = ImageDraw.Draw(picture)
    x, y = rng.randint(size // 8, size // 4), int(size * 0.62)
    draw.rectangle((x, y - size // 4, x + size // 4, y), fill=(150, 110, 76), outline=(110, 78, 50))
    bx, by, r = rng.randint(size // 2, size * 3 // 4), int(size * 0.66), size // 7
    mask = Image.new("L", (size, size))
    ImageDraw.Draw(mask).ellipse((bx - r, by - r, bx + r, by + r), fill=255)
    if ball:
        draw.ellipse(
            (bx - r, by + r // 2, bx + r * 2, by + r + r // 4), fill=tuple(int(c * 0.7) for c in floor)
        )
        draw.ellipse((bx - r, by - r, bx + r, by + r), fill=COLOURS[ball])
        draw.ellipse((bx - r // 2, by - r // 2, bx, by), fill=tuple(min(255, c + 60) for c in COLOURS[ball]))
    return picture, mask


def row(number: int, edit_type: str, split: str = "train", size: int = 64) -> dict[str, Any]:
    """One accepted pair: the ball changes colour."""
    before, after = random.Random(number).sample(sorted(COLOURS), 2)
    source, mask = paint(number, before, size)
    edited, _ = paint(number, after, size)
    influence = mask.filter(ImageFilter.MaxFilter(9))
    name = f"{edit_type}-{number:04d}"
    scores = [
        {"name": "mask_share", "value": 0.06, "low": 0.005, "high": 0.95, "passed": True, "note": ""},
        {"name": "colour_distance", "value": 8.4, "low": None, "high": 12.0, "passed": True, "note": "Lab"},
        {"name": "text_read", "value": None, "low": 1.0, "high": None, "passed": None, "note": ""},
    ]
    prompt = png_of(mask.convert("RGB")) if edit_type.startswith("visual") else None
    return {
        "id": name,
        "source": image(png_of(source), f"{name}-source.png"),
        "edited": image(png_of(edited), f"{name}-edited.png"),
        "instruction": f"Alter the color of the {before} ball to {after}"
        if number % 3
        else f"Can you make it {after}?",
        "edit_type": edit_type,
        "group": GROUP_OF.get(edit_type, "local"),
        "source_caption": f"A {before} ball beside a box",
        "edited_caption": f"A {after} ball beside a box",
        "edited_object": "ball",
        "params": json.dumps({"colour": after}),
        "mask": image(png_of(mask), f"{name}-mask.png"),
        "influence": image(png_of(influence), f"{name}-influence.png"),
        "visual_prompt": image(prompt, f"{name}-visual.png"),
        "turn": 1,
        "chain_id": name,
        "relation": "original",
        "made_from": [],
        "phrasings": [f"Paint the ball {after}"],
        "source_id": f"scene-{number:04d}",
        "origin": "world",
        "licence": "CC0-1.0",
        "natural": number % 3 > 0,
        "scores": scores,
        "provenance": json.dumps({"recipe": "abc", "seed": 0}),
        "split": split,
    }


def write_shard(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A 05-pairs shard: the dataset's columns and the split."""
    schema = pa.schema([*COLUMNS.items(), ("split", pa.string())])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


def write_rejected(path: Path, types: tuple[str, ...], size: int = 64) -> Path:
    """A rejected shard as the pipeline writes it."""
    rows = []
    for number, edit_type in enumerate(types):
        source, edited = (png_of(paint(number, ball, size)[0]) for ball in ("red", "green"))
        base = Rejected(
            f"r{number}",
            "assess",
            edit_type,
            f"scene-{number}",
            "Make the ball blue",
            "colour_distance",
            31.2,
            None,
            12.0,
            "Lab distance to blue",
            edited,
            source,
        )
        early = dataclasses.replace(
            base,
            id=f"p{number}",
            step="prefilter",
            rule="object_share",
            value=0.97,
            high=0.95,
            image=None,
            note="the object fills the picture",
        )
        rows += [dataclasses.asdict(base), dataclasses.asdict(early)]
    write_rows(path, rows, Rejected)
    return path


def summary(types: tuple[str, ...] = EDIT_TYPES, quota: int = 8) -> dict[str, Any]:
    """What the pipeline hands to the card and the report."""
    rng = random.Random(7)
    ledger: dict[str, Any] = {}
    accepted: dict[str, int] = {}
    for name in types:
        counts = [30, rng.randint(22, 29), rng.randint(14, 21), rng.randint(13, 14), rng.randint(5, 13)]
        accepted[name] = min(quota, counts[-1])
        ledger[name] = {
            "entered": dict(zip(STEPS, counts[:-1], strict=True)),
            "left": dict(zip(STEPS, counts[1:], strict=True)),
            "dropped": {
                "prefilter": {"object_share": counts[1] - counts[2]},
                "assess": {"colour_distance": max(0, counts[3] - counts[4] - 1), "mask_share": 1},
            },
            "seconds": {"mitsuba": round(rng.uniform(3, 9), 2), "oidn": round(rng.uniform(0.3, 0.9), 2)},
            "seconds_per_accepted": round(rng.uniform(0.5, 1.6), 2),
        }
    things, places = (
        ["mug", "dog", "chair", "car", "tree", "camel"],
        ["kitchen", "street", "desert", "snow", "studio"],
    )
    table = {t: {p: max(0, 9 - 3 * abs(i - j)) for j, p in enumerate(places)} for i, t in enumerate(things)}
    flat = {t: {p: n // 2 + rng.randint(1, 3) for p, n in line.items()} for t, line in table.items()}
    return {
        "name": "demo",
        "recipe": {"name": "demo", "seed": 0, "pairs": 200, "source": {"kind": "world", "width": 256}},
        "recipe_hash": "0123456789ab",
        "seed": 0,
        "total": sum(accepted.values()),
        "quotas": dict.fromkeys(types, quota),
        "accepted": accepted,
        "surplus": 11,
        "types": ledger,
        "splits": {"train": sum(accepted.values()) - 2, "validation": 1, "test": 1},
        "bias": {
            "before": {"mutual_information": 0.83, "coverage": 0.47},
            "after": {"mutual_information": 0.21, "coverage": 1.0},
            "tables": {"before": table, "after": flat},
        },
        "versions": {"anyedit": "0.1.0", "mitsuba": "3.9.0"},
    }


def groups_of_types() -> tuple[str, ...]:
    """One type of each group."""
    return tuple(names[0] for names in TYPES_BY_GROUP.values())
