"""Captures of one thing from many sides with camera poses (MVImgNet, CO3D-like): the source of rotation_change.

A capture is a folder with `transforms.json`, or with a COLMAP model (`sparse/0/images.bin`, `images.txt`) and its
pictures in `images/`. A folder's `label.txt` names the thing, `caption.txt` (or the table of captions, by the
capture's name) describes it.
"""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from anyedit.errors import RecipeError
from anyedit.language import indefinite
from anyedit.pipeline.sources.captions import captions_in
from anyedit.pipeline.sources.catalogue import OtherView, Photograph, said
from anyedit.pipeline.sources.files import Files
from anyedit.pipeline.sources.poses import (
    Pose,
    centre_of,
    from_colmap_binary,
    from_colmap_text,
    from_transforms,
    turn_between,
    up_of,
)
from anyedit.recipe import PhotoSource

NEAREST, FARTHEST = 10.0, 75.0  # degrees: less is hardly seen, more shows another side altogether
RISE, NEARER, ASIDE = 8.0, 1.2, 12.0  # a turn by one angle, and little else
POSES = {"transforms.json": 1, "images.bin": 2, "images.txt": 3}  # which one counts where there are several


@dataclass(frozen=True)
class Capture:
    """A folder with its poses, by the pictures' names."""

    folder: str
    poses: dict[str, Pose]
    label: str
    caption: str


class Multiview:
    """Every picture of every capture that has a pose and at least one partner."""

    def __init__(self, spec: PhotoSource) -> None:
        self.files = Files(spec.path)
        every = self.files.names()
        self._captions = captions_in(spec.captions) if spec.captions else {}
        self._captures: dict[str, Capture] = {}
        self._others: dict[str, tuple[OtherView, ...]] = {}
        self._faults: list[str] = []
        there = frozenset(every)
        for path in self._pose_files(every):
            self._add(path, there)
        self.names: Sequence[str] = tuple(sorted(self._others))
        if not self.names:
            told = f"; {'; '.join(self._faults[:3])}" if self._faults else ""
            raise RecipeError(
                f"source.path: no capture with two views in {spec.path}; looked for transforms.json, images.bin and "
                f"images.txt beside the pictures{told}"
            )

    def photograph(self, index: int) -> Photograph:
        name = self.names[index]
        capture = self._captures[name]
        plain = f"A photograph of {indefinite(capture.label)}" if capture.label else ""
        return Photograph(
            name,
            self.picture(name),
            capture.caption or plain,
            subject=capture.label,
            others=self._others[name],
        )

    def picture(self, name: str) -> bytes:
        return self.files.read(name)

    @staticmethod
    def _pose_files(every: Sequence[str]) -> list[str]:
        best: dict[str, str] = {}
        for path in every:
            last = posixpath.basename(path)
            if last not in POSES:
                continue
            folder = _capture_folder(path)
            if folder not in best or POSES[last] < POSES[posixpath.basename(best[folder])]:
                best[folder] = path
        return [best[folder] for folder in sorted(best)]

    def _add(self, path: str, there: frozenset[str]) -> None:
        folder, last = _capture_folder(path), posixpath.basename(path)
        data = self.files.read(path)
        try:
            if last == "transforms.json":
                found = from_transforms(data.decode())
            elif last == "images.bin":
                found = from_colmap_binary(data)
            else:
                found = from_colmap_text(data.decode())
        except (ValueError, KeyError, TypeError, IndexError, struct.error) as error:
            self._faults.append(f"{path}: {error!r}")
            return
        poses = {}
        for pose in found:
            places = [posixpath.join(folder, part, pose.picture) for part in ("", "images")]
            name = next((place for place in places if place in there), None)
            if name is not None:
                poses[name] = pose
        if len(poses) < 2:
            self._faults.append(f"{path}: fewer than two of its pictures are there")
            return
        label = self._text(posixpath.join(folder, "label.txt"), there)
        caption = self._text(posixpath.join(folder, "caption.txt"), there)
        caption = (
            said(self._captions.get(folder) or self._captions.get(posixpath.basename(folder))) or caption
        )
        capture = Capture(folder, poses, label, caption)
        centre, up = centre_of(list(poses.values())), up_of(list(poses.values()))
        for name, pose in poses.items():
            others = []
            for other, its in poses.items():
                turn = turn_between(pose, its, centre, up)
                if (
                    NEAREST <= abs(turn.angle) <= FARTHEST
                    and abs(turn.rise) <= RISE
                    and 1 / NEARER <= turn.nearer <= NEARER
                    and turn.aside <= ASIDE
                ):
                    others.append(OtherView(other, round(turn.angle, 1)))
            if others:
                self._others[name] = tuple(sorted(others, key=lambda view: view.name))
                self._captures[name] = capture

    def _text(self, name: str, there: frozenset[str]) -> str:
        return said(self.files.read(name).decode(errors="replace")) if name in there else ""


def _capture_folder(path: str) -> str:
    """The capture of a pose file: its folder, or the one above `sparse/0`."""
    folder = posixpath.dirname(path)
    parts = folder.split("/")
    if "sparse" in parts:
        return "/".join(parts[: parts.index("sparse")])
    return folder
