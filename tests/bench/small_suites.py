"""Small suites in exactly the layouts in which the published ones come; pictures painted here."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from anyedit.types import EDIT_TYPES

Paint = Callable[[Image.Image], Image.Image]


def picture(seed: int, size: tuple[int, int] = (48, 36)) -> Image.Image:
    """A smooth ground with three shapes, different for every seed."""
    rng = np.random.default_rng(seed)
    small = rng.integers(30, 226, (4, 5, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(3):
        x, y = (int(rng.integers(0, side * 3 // 4)) for side in size)
        draw.rectangle(
            (x, y, x + size[0] // 4, y + size[1] // 4), fill=tuple(int(v) for v in rng.integers(0, 256, 3))
        )
    return image


def png(image: Image.Image) -> bytes:
    """PNG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def parquet(path: Path, rows: list[dict[str, Any]], pictures: tuple[str, ...], groups: int = 2) -> Path:
    """A hub file: picture columns are structs of bytes and path; rows in groups of `groups`."""
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if name in pictures:
            cells = [None if v is None else {"bytes": png(v), "path": None} for v in values]
            columns[name] = pa.array(cells, kind)
        else:
            columns[name] = pa.array(values)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=groups)
    return path


SESSIONS = {"139": 3, "30": 1, "7": 2}


def _erased(image: Image.Image) -> Image.Image:
    erased = image.convert("RGBA")
    erased.paste((0, 0, 0, 0), (4, 4, 20, 18))
    return erased


def magicbrush_folder(folder: Path) -> Path:
    """The test zip, unpacked: lists, descriptions, images/<id>/<id>-output<n>.png."""
    turns: list[dict[str, str]] = []
    sessions: dict[str, list[dict[str, str]]] = {}
    captions: dict[str, dict[str, dict[str, str]]] = {"global": {}, "local": {}}
    for number, (session, count) in enumerate(SESSIONS.items()):
        home = folder / "images" / session
        home.mkdir(parents=True)
        names = [f"{session}-input.png", *(f"{session}-output{k}.png" for k in range(1, count + 1))]
        for k, name in enumerate(names):
            picture(100 * number + k).save(home / name)
            captions["global"].setdefault(session, {})[name] = f"a room of {session} with {k} changes"
            captions["local"].setdefault(session, {})[name] = f"thing {k} of {session}"
        for k in range(1, count + 1):
            _erased(picture(100 * number + k - 1)).save(home / f"{session}-mask{k}.png")
            told = {
                "input": names[k - 1],
                "mask": f"{session}-mask{k}.png",
                "output": names[k],
                "instruction": f"make change {k} in {session}",
            }
            turns.append(told)
            sessions.setdefault(session, []).append(told)
    (folder / "edit_turns.json").write_text(json.dumps(turns))
    (folder / "edit_sessions.json").write_text(json.dumps(sessions))
    for name, of in captions.items():
        (folder / f"{name}_descriptions.json").write_text(json.dumps(of))
    return folder


def magicbrush_hub(folder: Path) -> Path:
    """The hub set: Parquet of the dev split."""
    rows = [
        {
            "img_id": session,
            "turn_index": k,
            "source_img": picture(100 * number + k - 1),
            "mask_img": _erased(picture(100 * number + k - 1)),
            "instruction": f"make change {k} in {session}",
            "target_img": picture(100 * number + k),
        }
        for number, (session, count) in enumerate(SESSIONS.items())
        for k in range(1, count + 1)
    ]
    parquet(folder / "data" / "dev-00000-of-00001.parquet", rows, ("source_img", "mask_img", "target_img"))
    return folder


EMU = (  # instruction, input caption, output caption, source picture
    ("Put a hat on the dog", "a dog on grass", "a dog with a hat on grass", 1),
    ("Turn the car blue", "a red car in a street", "a blue car in a street", 2),
    ("Remove the lamp", "a desk with a lamp", "a desk with a lamp.", 3),  # source caption = target caption
    ("Add a kite in the sky", "a red car in a street", "a blue car in a street", 4),  # captions of item 1
    ("Make it winter", "a park in summer", "a park in winter", 5),
)


def emu_edit_hub(folder: Path, generations: bool = True) -> Path:
    """The hub set; with generations the two split names are swapped: the larger split is called validation."""
    for split, chosen in (("validation", EMU), ("test", EMU[:3])):
        rows = []
        for number, (instruction, before, after, seed) in enumerate(chosen):
            row = {
                "instruction": instruction,
                "image": picture(seed),
                "task": ("add", "color", "remove", "add", "global")[number],
                "split": split,
                "idx": number,
                "hash": f"hash{seed}",
                "input_caption": before,
                "output_caption": after,
            }
            if generations:
                row["edited_image"] = picture(seed + 50)
            rows.append(row)
        parquet(folder / "data" / f"{split}-00000-of-00001.parquet", rows, ("image", "edited_image"))
    return folder


def anyedit_rows(per_type: int = 2) -> list[dict[str, Any]]:
    """Records of AnyEdit-Test, some without captions as published."""
    rows = []
    for t, name in enumerate(EDIT_TYPES):
        for k in range(per_type):
            bare = name in ("style_change", "movement")
            rows.append(
                {
                    "edit": f"do {name} number {k}",
                    "edit_type": name,
                    "input": "" if bare else f"before {name} {k}",
                    "output": "" if bare else f"after {name} {k}",
                    "image_file": picture(1000 + 10 * t + k),
                    "edited_file": picture(2000 + 10 * t + k, (40, 40)),
                    "visual_input": picture(3000 + t) if name.startswith("visual") else None,
                }
            )
    return rows


def anyedit_test_folder(folder: Path, per_type: int = 2) -> Path:
    """The zip, unpacked: a folder a type with edit_result.json; paths in it are those of the publisher's disk."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(anyedit_rows(per_type)):
        name = row["edit_type"]
        told = {key: value for key, value in row.items() if not isinstance(value, Image.Image)}
        for key in ("image_file", "edited_file", "visual_input"):
            if row[key] is not None:
                place = folder / name / key / f"{number}.png"
                place.parent.mkdir(parents=True, exist_ok=True)
                row[key].save(place)
                told[key] = f"/mnt/disk/anyedit_test/{name}/{key}/{number}.png"
        lists.setdefault(name, []).append(told)
    for name, of in lists.items():
        (folder / name / "edit_result.json").write_text(json.dumps(of))
    return folder


def zipped(folder: Path, path: Path) -> Path:
    """A folder as the zip that is published."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, Path("anyedit-test") / file.relative_to(folder))
    return path


def anyedit_test_hub(folder: Path, per_type: int = 2) -> Path:
    """The hub set."""
    rows = [{**row, "edit_instruction": row["edit"]} for row in anyedit_rows(per_type)]
    for row in rows:
        del row["edit"]
    parquet(
        folder / "data" / "test-00000-of-00001.parquet", rows, ("image_file", "edited_file", "visual_input")
    )
    return folder


GEDIT = (
    ("color_alter", "k1", "make the car blue", "en"),
    ("subject-add", "k2", "add a cat", "en"),
    ("color_alter", "k1", "把车变蓝", "cn"),
)


def gedit_hub(folder: Path) -> Path:
    """The hub set of GEdit-Bench."""
    rows = [
        {
            "task_type": task,
            "key": key,
            "instruction": words,
            "instruction_language": language,
            "input_image": picture(7, (32, 32)),
            "input_image_raw": picture(7),
            "Intersection_exist": key == "k1",
        }
        for task, key, words, language in GEDIT
    ]
    parquet(folder / "data" / "train-00000-of-00001.parquet", rows, ("input_image", "input_image_raw"))
    return folder


def gedit_folder(folder: Path) -> Path:
    """How sources and outputs of GEdit-Bench are exchanged."""
    lines = []
    for task, key, words, language in GEDIT:
        home = folder / "fullset" / task / language
        home.mkdir(parents=True, exist_ok=True)
        picture(7).save(home / f"{key}_SRCIMG.png")
        lines.append(
            json.dumps(
                {"task_type": task, "key": key, "instruction": words, "instruction_language": language}
            )
        )
    (folder / "metadata.jsonl").write_text("\n".join(lines))
    return folder


IMGEDIT = {
    "1082": {"id": "animal/1.jpg", "prompt": "Smooth the shell.", "edit_type": "adjust"},
    "673": {"id": "style/2.jpg", "prompt": "As a woodblock print.", "edit_type": "style"},
}
IMGEDIT_PROMPTS = {"adjust": "Rate this: <edit_prompt>", "style": "Rate the style: <edit_prompt>"}


def imgedit_folder(folder: Path) -> Path:
    """The basic part of ImgEdit-Bench as its code repository's readme has it: list, original_images/, prompts."""
    for number, entry in enumerate(IMGEDIT.values()):
        place = folder / "original_images" / entry["id"]
        place.parent.mkdir(parents=True)
        picture(number).save(place)
    (folder / "basic_edit.json").write_text(json.dumps(IMGEDIT))
    (folder / "prompts.json").write_text(json.dumps(IMGEDIT_PROMPTS))
    return folder


def imgedit_unpacked(folder: Path) -> Path:
    """What Benchmark.tar of sysuyy/ImgEdit unpacks into, its other two parts as well."""
    home = folder / "Benchmark" / "singleturn"
    for number, entry in enumerate(IMGEDIT.values()):
        (home / entry["id"]).parent.mkdir(parents=True)
        picture(number).save(home / entry["id"])
    (home / "singleturn.json").write_text(json.dumps(IMGEDIT))
    (home / "judge_prompt.json").write_text(json.dumps(IMGEDIT_PROMPTS))
    (folder / "Benchmark" / "hard").mkdir()
    picture(9).save(folder / "Benchmark" / "hard" / "0.jpg")
    turns = folder / "Benchmark" / "multiturn" / "content_memory"
    turns.mkdir(parents=True)
    (turns / "annotation.json").write_text("[]")
    return folder


def imgedit_hub(folder: Path, prefix: str = "") -> Path:
    """A snapshot of sysuyy/ImgEdit of which only Benchmark.tar was fetched."""
    unpacked = imgedit_unpacked(folder.with_name(f"{folder.name}-unpacked"))
    folder.mkdir(parents=True)
    with tarfile.open(folder / "Benchmark.tar", "w") as archive:
        archive.add(unpacked / "Benchmark", f"{prefix}Benchmark")
    return folder
