"""Camera poses of captures: COLMAP models (text and binary), and NeRF-style transforms.json.

A pose here is where the camera stands, where it looks and which way is up in its picture, in the capture's own
coordinates. Sources of the formats: COLMAP's documentation ("Output format"), instant-ngp's transforms.json
(camera to world, OpenGL axes: x right, y up, looking along -z).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """One camera. position, looks, up: float (3,); looks and up of length 1."""

    picture: str
    position: Vector
    looks: Vector
    up: Vector


def from_colmap_text(text: str) -> list[Pose]:
    """Poses of COLMAP's images.txt: every second line is `ID QW QX QY QZ TX TY TZ CAMERA NAME`."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    poses = []
    for line in lines[::2]:
        parts = line.split(maxsplit=9)
        if not parts:
            continue
        numbers = [float(part) for part in parts[1:8]]
        poses.append(_colmap(parts[9].strip(), numbers[:4], numbers[4:]))
    return poses


def from_colmap_binary(data: bytes) -> list[Pose]:
    """Poses of COLMAP's images.bin (little-endian)."""
    (count,) = struct.unpack_from("<Q", data)
    at, poses = 8, []
    for _ in range(count):
        numbers = struct.unpack_from("<i7di", data, at)
        at += 64
        end = data.index(b"\0", at)
        name = data[at:end].decode(errors="replace")
        (points,) = struct.unpack_from("<Q", data, end + 1)
        at = end + 9 + 24 * points
        poses.append(_colmap(name, list(numbers[1:5]), list(numbers[5:8])))
    return poses


def from_transforms(text: str) -> list[Pose]:
    """Poses of a transforms.json."""
    poses = []
    for frame in json.loads(text)["frames"]:
        matrix = np.asarray(frame["transform_matrix"], np.float64)
        if matrix.shape not in ((4, 4), (3, 4)):
            raise ValueError(f"a transform_matrix of shape {matrix.shape}")
        name = str(frame["file_path"]).removeprefix("./")
        poses.append(Pose(name, matrix[:3, 3], _unit(-matrix[:3, 2]), _unit(matrix[:3, 1])))
    return poses


def _colmap(name: str, quaternion: list[float], shift: list[float]) -> Pose:
    """World to camera x = R X + t, with y down and z ahead: the camera stands at -R^T t."""
    w, x, y, z = np.asarray(quaternion) / np.linalg.norm(quaternion)
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    return Pose(name, -rotation.T @ np.asarray(shift), rotation[2], -rotation[1])


def centre_of(poses: list[Pose]) -> Vector:
    """The point nearest to all lines of sight, least squares: what the capture goes round."""
    left, right = np.zeros((3, 3)), np.zeros(3)
    for pose in poses:
        across = np.eye(3) - np.outer(pose.looks, pose.looks)
        left += across
        right += across @ pose.position
    return np.asarray(np.linalg.lstsq(left, right, rcond=None)[0], np.float64)


def up_of(poses: list[Pose]) -> Vector:
    """The upright axis: across the plane in which the cameras stand when they go round, on the side of their tops."""
    mean = _unit(np.mean([pose.up for pose in poses], axis=0))
    places = np.array([pose.position for pose in poses])
    _, spread, axes = np.linalg.svd(places - places.mean(0), full_matrices=False)
    if len(poses) < 4 or spread[1] < 0.05 * spread[0] or spread[2] > 0.5 * spread[1]:
        return mean  # no circle to speak of
    normal = axes[2] * np.sign(axes[2] @ mean)
    return np.asarray(normal if normal @ mean > 0.5 else mean, np.float64)


@dataclass(frozen=True)
class Turn:
    """How a second camera stands to a first, about the centre. angle: degrees to the first one's right.

    rise: degrees of elevation. nearer: the first one's distance over the second one's. aside: degrees by which
    the second one looks away from the centre.
    """

    angle: float
    rise: float
    nearer: float
    aside: float


def turn_between(one: Pose, other: Pose, centre: Vector, up: Vector) -> Turn:
    """The turn from one camera to another: counter-clockwise seen from above, which is to the right of who looks in."""
    here, there = one.position - centre, other.position - centre
    flat = [place - (place @ up) * up for place in (here, there)]
    angle = np.degrees(np.arctan2(up @ np.cross(flat[0], flat[1]), flat[0] @ flat[1]))
    rises = [
        np.degrees(np.arctan2(place @ up, np.linalg.norm(level)))
        for place, level in zip((here, there), flat, strict=True)
    ]
    distances = [float(np.linalg.norm(place)) for place in (here, there)]
    cosine = -(other.looks @ there) / max(distances[1], 1e-9)
    return Turn(
        float(angle),
        float(rises[1] - rises[0]),
        distances[0] / max(distances[1], 1e-9),
        float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))),
    )


def _unit(vector: npt.ArrayLike) -> Vector:
    array = np.asarray(vector, np.float64)
    return array / max(float(np.linalg.norm(array)), 1e-12)
