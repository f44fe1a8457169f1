"""A dataset in other people's layouts: the published AnyEdit record, InstructPix2Pix Parquet, WebDataset tars."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from anyedit.errors import RecipeError, StoreError, nearest
from anyedit.store.dataset import READ_ROWS, dataset_files, dataset_folder, iter_rows, split_of
from anyedit.store.preferences import write_preferences
from anyedit.store.schema import IMAGE

Layout = Literal["anyedit", "instructpix2pix", "webdataset", "preferences"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
PAIRS_PER_TAR = 1000
Row = dict[str, Any]


def export(dir: Path, layout: str, out: Path) -> int:
    """Write the dataset of a build in another layout into the new folder `out`; the number of pairs written.

    anyedit: `{split}/{type}/edit_result.json` with the published fields, pictures beside it. instructpix2pix: the
    columns original_image, edit_prompt, edited_image that diffusers' training script expects. webdataset:
    tar shards of `{key}.source.png`, `.edited.png`, `.mask.png`, `.visual.png`, `.json`. preferences: a chosen and
    a rejected edit of one instruction with their scores, of builds that made candidates (see store.preferences).
    Raises RecipeError for an unknown layout, StoreError for a missing dataset and an `out` that holds something.
    """
    writers: dict[str, Callable[[Path, Path], int]] = {
        "anyedit": _anyedit,
        "instructpix2pix": _instructpix2pix,
        "webdataset": _webdataset,
        "preferences": write_preferences,
    }
    if layout not in writers:
        raise RecipeError(f"no layout is named '{layout}'{nearest(layout, LAYOUTS)}")
    dataset_folder(dir)
    make_new_folder(out)
    try:
        return writers[layout](dir, out)
    except OSError as error:
        raise StoreError(
            f"cannot write to {out}: {error.strerror or error}; free some space, remove the folder "
            "and export again"
        ) from error


def make_new_folder(out: Path) -> None:
    """Make a folder that must be new or empty, so that nothing of the user's is overwritten."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        taken = next(out.iterdir(), None)
    except OSError as error:
        raise StoreError(
            f"cannot make the folder {out}: {error.strerror or error}; choose another --out"
        ) from error
    if taken is not None:
        raise StoreError(
            f"{out} is not empty (it holds {taken.name}); choose a new folder or remove it first"
        )


def _anyedit(dir: Path, out: Path) -> int:
    lists: dict[str, IO[str]] = {}  # a list for each split and type, written row by row
    total = 0
    try:
        for row in iter_rows(dir):
            name = row["edit_type"]
            folder = out / row["split"] / name
            file = lists.get(str(folder))
            if file is None:
                folder.mkdir(parents=True)
                file = lists[str(folder)] = (folder / "edit_result.json").open("w", encoding="utf-8")
            record = {
                "edit": row["instruction"],
                "edited object": row["edited_object"],
                "input": row["source_caption"],
                "output": row["edited_caption"],
                "edit_type": name,
                "visual_input": _save(row["visual_prompt"], folder, "visual_input", row["id"]),
                "image_file": _save(row["source"], folder, "input_img", row["id"]),
                "edited_file": _save(row["edited"], folder, "edited_img", row["id"]),
            }
            text = json.dumps(record, ensure_ascii=False, indent=1)
            file.write(("[\n" if file.tell() == 0 else ",\n") + text)
            total += 1
        for file in lists.values():
            file.write("\n]\n")
    finally:
        for file in lists.values():
            file.close()
    return total


def _save(cell: Row | None, folder: Path, kind: str, name: str) -> str | None:
    """Save a picture as `{kind}/{id}.png` (or .jpg); its path from the type's folder, None without a picture."""
    if cell is None:
        return None
    file = Path(kind) / f"{name.replace('/', '_')}{_suffix(cell['bytes'])}"
    (folder / kind).mkdir(exist_ok=True)
    (folder / file).write_bytes(cell["bytes"])
    return file.as_posix()


def _suffix(data: bytes) -> str:
    return ".jpg" if data[:2] == b"\xff\xd8" else ".webp" if data[8:12] == b"WEBP" else ".png"


def _instructpix2pix(dir: Path, out: Path) -> int:
    image, text = {"_type": "Image"}, {"dtype": "string", "_type": "Value"}
    features = {"original_image": image, "edit_prompt": text, "edited_image": image}
    schema = pa.schema(
        [("original_image", IMAGE), ("edit_prompt", pa.string()), ("edited_image", IMAGE)],
        metadata={"huggingface": json.dumps({"info": {"features": features}})},
    )
    (out / "data").mkdir()
    total = 0
    for file in dataset_files(dir):
        with pq.ParquetFile(file) as source, pq.ParquetWriter(out / "data" / file.name, schema) as target:
            for batch in source.iter_batches(READ_ROWS, columns=["source", "instruction", "edited"]):
                columns = [batch.column(name) for name in ("source", "instruction", "edited")]
                target.write_table(pa.Table.from_arrays(columns, schema=schema))
                total += batch.num_rows
    return total


def _webdataset(dir: Path, out: Path) -> int:
    splits = list(dict.fromkeys(split_of(file) for file in dataset_files(dir)))
    rows = iter_rows(dir)
    total = 0
    pending = next(rows, None)
    for split in splits:
        shard = 0
        while pending is not None and pending["split"] == split:
            with tarfile.open(out / f"{split}-{shard:05d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
                for _ in range(PAIRS_PER_TAR):
                    if pending is None or pending["split"] != split:
                        break
                    for name, data in _members(pending):
                        member = tarfile.TarInfo(
                            name
                        )  # no time, no owner: the same pairs give the same bytes
                        member.size = len(data)
                        tar.addfile(member, io.BytesIO(data))
                    total += 1
                    pending = next(rows, None)
            shard += 1
    return total


def _members(row: Row) -> Iterator[tuple[str, bytes]]:
    key = row["id"].replace(".", "_").replace("/", "_")  # the format splits names at the first dot
    pictures = {"source": "source", "edited": "edited", "mask": "mask", "visual": "visual_prompt"}
    for name, column in pictures.items():
        if row[column] is not None:
            yield f"{key}.{name}{_suffix(row[column]['bytes'])}", row[column]["bytes"]
    words = {
        name: value for name, value in row.items() if not isinstance(value, dict) and name != "influence"
    }
    words = {name: value for name, value in words.items() if name not in pictures.values()}
    yield f"{key}.json", json.dumps(words, ensure_ascii=False).encode()
