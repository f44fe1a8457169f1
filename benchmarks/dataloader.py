"""Samples per second of our streaming loader, of `datasets` streaming and of webdataset, on the same pairs, in one run.

    python benchmarks/dataloader.py --data demo --resolution 256

Each hands out batches of uint8 source and edited pictures (B, H, W, 3) as torch tensors, with the instructions, shuffled
within about 1000 rows, with the same number of workers: ours decodes in threads, the others in the processes of a
`DataLoader`. `datasets` gets a plain transform (Pillow: cover, cut the middle) on the three columns that it needs, and
webdataset the same transform on the same pictures in tar shards. Every run of every loader reads the whole split once;
the pictures that arrive are compared (sums of their pixels where no resizing is needed), and a difference ends the
benchmark. Without --data, pictures are painted.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader

from anyedit.seeds import rng_of
from anyedit.store.export import export
from anyedit.training.loader import StreamLoader, Views
from anyedit.training.order import Order, Position
from anyedit.training.recipe import Data
from anyedit.training.table import KINDS, dataset_places, read_table

SHUFFLE = 1000
MEMBERS = ("source.png", "edited.png", "json")
Batches = Iterator[tuple[torch.Tensor, torch.Tensor, list[str]]]


def paint(folder: Path, count: int, size: int) -> Path:
    """A build folder of `count` painted pairs in files of a quarter each: smooth shapes with grain, as PNG."""
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))
    from small_dataset import row, write_shard

    from anyedit.store.dataset import write_dataset

    def picture(*key: str | int) -> bytes:
        rng = rng_of(*key)
        small = rng.random((6, 6, 3)).astype(np.float32)
        smooth = cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC) + rng.normal(
            0, 0.01, (size, size, 3)
        )
        out = io.BytesIO()
        Image.fromarray((smooth * 255).clip(0, 255).astype(np.uint8)).save(out, "PNG")
        return out.getvalue()

    plain = row(0, "add", size=32)
    rows = []
    for number in range(count):
        cells = {
            name: {"bytes": picture(number, name), "path": f"{name}.png"} for name in ("source", "edited")
        }
        rows.append({**plain, "id": f"pair-{number}", "instruction": f"Make it number {number}", **cells})
    write_dataset(folder, [write_shard(folder / "05-pairs" / "a.parquet", rows)], lambda _: True, "card")
    return folder


def prepare(data: str, folder: Path, files: int) -> tuple[list[str], list[str]]:
    """The train split as `files` Parquet files and as as many tar shards: one for each worker at least."""
    rows = pq.ParquetDataset(dataset_places(data, "train")).read()
    (folder / "split" / "data").mkdir(parents=True)
    part = -(-rows.num_rows // files)
    parquet, shards = [], []
    for number in range(files):
        place = folder / "split" / "data" / f"train-{number:05d}-of-{files:05d}.parquet"
        pq.write_table(rows.slice(number * part, part), place, row_group_size=64, compression="zstd")
        alone = folder / f"one-{number}" / "dataset" / "data"
        alone.mkdir(parents=True)
        (alone / "train-00000-of-00001.parquet").symlink_to(place)
        export(alone.parents[1], "webdataset", folder / f"tar-{number}")
        parquet.append(str(place))
        shards += [str(tar) for tar in sorted((folder / f"tar-{number}").rglob("*.tar"))]
    return parquet, shards


def ours(folder: Path, side: int, batch: int, workers: int) -> Callable[[int], Batches]:
    """anyedit's StreamLoader."""
    data = Data.model_validate({"sources": [{"path": str(folder)}], "resolution": side, "flip": 0.0})
    table = read_table(data, "train", set(KINDS))

    def run(epoch: int) -> Batches:
        order = Order(table.rate, table.global_group, 0, SHUFFLE)
        views = Views(table, 0, 0.0, False)
        loader = StreamLoader(
            table, order, views, ((side, side),), batch, workers, False, lambda row, why: print(row, why)
        )
        batches = loader(Position(epoch))
        for _ in range(len(table) // batch):
            raw, _ = next(batches)
            assert raw.pairs is not None
            source, edited = (
                torch.from_numpy(np.stack([getattr(pair, name) for pair in raw.pairs]))
                for name in ("source", "edited")
            )
            yield source, edited, [view.sentence for view in raw.views]
        batches.close()

    return run


class Transform:
    """What the other two do to a row: cover, cut the middle, array."""

    def __init__(self, side: int, names: tuple[str, str, str]) -> None:
        self.side, self.names = side, names

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Two arrays and the words."""
        source, edited, words = (row[name] for name in self.names)
        words = words["instruction"] if isinstance(words, dict) else words
        return {"source": self.array(source), "edited": self.array(edited), "instruction": words}

    def array(self, picture: Image.Image) -> torch.Tensor:
        """uint8 (H, W, 3)."""
        picture = picture.convert("RGB")
        if picture.size != (self.side, self.side):
            picture = ImageOps.fit(picture, (self.side, self.side), Image.Resampling.BICUBIC)
        return torch.from_numpy(np.array(picture))


def with_datasets(files: list[str], side: int, batch: int, workers: int) -> Callable[[int], Batches]:
    """`datasets` streaming and a plain transform."""
    import datasets

    datasets.disable_progress_bars()
    stream = datasets.load_dataset("parquet", data_files={"train": files}, split="train", streaming=True)
    stream = stream.select_columns(["source", "edited", "instruction"])
    for name in ("source", "edited"):
        stream = stream.cast_column(name, datasets.Image())

    def run(epoch: int) -> Batches:
        shuffled = stream.shuffle(seed=epoch, buffer_size=SHUFFLE).map(
            Transform(side, ("source", "edited", "instruction"))
        )
        for one in DataLoader(shuffled, batch, num_workers=workers, drop_last=True):
            yield one["source"], one["edited"], one["instruction"]

    return run


def with_webdataset(shards: list[str], side: int, batch: int, workers: int) -> Callable[[int], Batches]:
    """webdataset and the same transform."""
    import webdataset as wds

    def run(epoch: int) -> Batches:
        pictures = (
            wds.WebDataset(shards, shardshuffle=len(shards), seed=epoch)
            .map(_needed)  # masks and visual prompts are in the tars too; nobody asks for them here
            .shuffle(SHUFFLE)
            .decode("pil")
            .map(Transform(side, MEMBERS))
        )
        for one in DataLoader(pictures, batch, num_workers=workers, drop_last=True):
            yield one["source"], one["edited"], one["instruction"]

    return run


def _needed(sample: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sample.items() if name[:2] == "__" or name in MEMBERS}


def cpu_seconds() -> float:
    """Of this process and of its workers that have ended."""
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in told)


def timed(run: Callable[[int], Batches], epoch: int) -> tuple[float, float, set[int]]:
    """Of one pass, from the call to the last batch: samples per second, milliseconds of CPU per sample, and the sums
    of the pictures."""
    start, cpu, count, sums = time.perf_counter(), cpu_seconds(), 0, set()
    for source, edited, words in run(epoch):
        count += len(words)
        sums |= set((source.sum(dim=(1, 2, 3)) * 31 + edited.sum(dim=(1, 2, 3))).tolist())
    return count / (time.perf_counter() - start), 1000 * (cpu_seconds() - cpu) / count, sums


def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", help="build or dataset folder (default: painted pairs)")
    parser.add_argument("--count", type=int, default=1024, help="painted pairs")
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    told = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = told.data or str(paint(folder / "painted", told.count, told.resolution))
        files, shards = prepare(data, folder, 2 * told.workers)
        settings = (told.resolution, told.batch, told.workers)
        loaders = {
            "anyedit": ours(folder / "split", *settings),
            "datasets": with_datasets(files, *settings),
            "webdataset": with_webdataset(shards, *settings),
        }
        rates: dict[str, list[float]] = {name: [] for name in loaders}
        cpus: dict[str, list[float]] = {name: [] for name in loaders}
        seen: dict[str, set[int]] = {}
        for repeat in range(told.repeats):
            for name, run in loaders.items():
                rate, cpu, sums = timed(run, repeat)
                rates[name].append(rate)
                cpus[name].append(cpu)
                seen.setdefault(name, set()).update(sums)
        for name in loaders:  # drop_last leaves some out, others each time
            share = len(seen[name] & seen["datasets"]) / len(seen["datasets"])
            if share < 0.8 and told.data is None:
                raise SystemExit(f"{name} gave other pictures than datasets: {share:.0%} are the same")
        medians = {name: statistics.median(values) for name, values in rates.items()}
        best = max(medians["datasets"], medians["webdataset"])
        print(f"{told.resolution} px, batch {told.batch}, {told.workers} workers, median of {told.repeats}")
        print(f"{'':12s} samples/s   times   CPU ms a sample   samples/s of each pass")
        for name, value in medians.items():
            each = ", ".join(f"{v:.0f}" for v in rates[name])
            print(
                f"{name:12s} {value:9.1f} {value / best:7.2f} {statistics.median(cpus[name]):17.2f}   {each}"
            )


if __name__ == "__main__":
    main()
