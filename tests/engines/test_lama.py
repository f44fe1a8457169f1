"""LaMa's adapter on a network of its interface, written to ONNX by hand: image outside the hole, one colour inside."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime")

from anyedit.engines.toolbox import tools
from anyedit.errors import EngineDown
from anyedit.seeds import rng_of


def field(number: int, value: bytes | str | int) -> bytes:
    """One field of a protocol buffer: a varint, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def tensor_type(name: str, shape: tuple[int | str, ...]) -> bytes:
    sizes = b"".join(field(1, field(1, n) if isinstance(n, int) else field(2, n)) for n in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sizes)))  # float32


def constant(name: str, value: float) -> bytes:
    return field(1, 1) + field(2, 1) + field(8, name) + field(9, struct.pack("<f", value))


def node(kind: str, ins: tuple[str, ...], out: str) -> bytes:
    return b"".join(field(1, name) for name in ins) + field(2, out) + field(4, kind)


def write_network(path: Path, side: int | None, inputs: tuple[str, str] = ("image", "mask")) -> Path:
    """out = 255 (image (1 - mask) + 0.25 mask), at one size or at any."""
    shape: tuple[int | str, int | str] = (side, side) if side else ("h", "w")
    image, mask = inputs
    nodes = [
        node("Sub", ("one", mask), "kept"), node("Mul", (image, "kept"), "seen"), node("Mul", (mask, "grey"), "new"),
        node("Add", ("seen", "new"), "both"), node("Mul", ("both", "white"), "out"),
    ]  # fmt: skip
    graph = b"".join(field(1, one) for one in nodes) + field(2, "lama")
    graph += b"".join(field(5, constant(*c)) for c in (("one", 1), ("grey", 0.25), ("white", 255)))
    graph += field(11, tensor_type(image, (1, 3, *shape))) + field(11, tensor_type(mask, (1, 1, *shape)))
    graph += field(12, tensor_type("out", (1, 3, *shape)))
    path.write_bytes(field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13)))
    return path


@pytest.mark.parametrize("side", [32, None])
def test_only_the_hole_is_taken_from_the_network(tmp_path: Path, side: int | None) -> None:
    model = write_network(tmp_path / "lama.onnx", side)
    made = tools({"inpaint": {"engine": "lama", "model": str(model)}})
    picture = rng_of("lama").integers(100, 255, (90, 130, 3)).astype(np.uint8)
    hole = np.zeros((90, 130), bool)
    hole[60:80, 5:25] = True
    filled = made.inpaint.fill(picture, hole)
    assert np.array_equal(filled[~hole], picture[~hole])
    inside = filled[65:75, 10:20].astype(int)  # away from the border, where scaling mixes both
    assert np.abs(inside - 64).max() <= 3
    assert np.array_equal(made.inpaint.fill(picture, np.zeros_like(hole)), picture)
    assert made.version("inpaint").startswith("LaMa ") and len(made.version("inpaint").split()[1]) == 12


def test_a_file_that_is_no_lama_is_told(tmp_path: Path) -> None:
    picture, hole = np.zeros((32, 32, 3), np.uint8), np.ones((32, 32), bool)
    for model, said in (
        (tmp_path / "none.onnx", "there is none at"),
        (write_network(tmp_path / "other.onnx", 32, ("pixels", "mask")), "takes pixels, mask"),
    ):
        engine = tools({"inpaint": {"engine": "lama", "model": str(model)}}).inpaint
        with pytest.raises(EngineDown, match=said):
            _ = engine.fill(picture, hole) if "other" in model.name else engine.version
