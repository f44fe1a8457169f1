"""Whatever an editor raises on an item is that item's failure; a machine without memory ends the run instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import small_suites as small
import torch
from PIL import Image

from anyedit.bench.editors import EditorSpec, OutOfMemory
from anyedit.bench.run import run_suite
from anyedit.models.tiny import write_tiny_base

BAD = "make change 2 in 139"  # the instruction that a pipeline cannot take
FAULTS = (AssertionError("sides of 16"), IndexError("no token"), KeyError("mask"), AttributeError("dtype"))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_base(tmp_path_factory.mktemp("tiny") / "editor"))


@pytest.fixture
def suite(tmp_path: Path) -> str:
    return str(small.magicbrush_folder(tmp_path / "suite"))


class Made:
    def __init__(self, images: list[Image.Image]) -> None:
        self.images = images


def raising(error: BaseException) -> Callable[..., Made]:
    """The call of InstructPix2Pix, but for the bad instruction, which raises."""

    def call(self: Any, prompt: str, image: Image.Image, num_inference_steps: int = 2) -> Made:
        if prompt == BAD:
            raise error
        return Made([image])

    return call


def raising_batch(error: BaseException) -> Callable[..., Made]:
    """The call of our pipeline, which takes lists."""

    def call(self: Any, prompt: list[str], image: list[Image.Image], **_: Any) -> Made:
        if BAD in prompt:
            raise error
        return Made(image)

    return call


def with_call(kind: str, error: BaseException, patch: pytest.MonkeyPatch) -> None:
    import diffusers

    from anyedit.models.pipeline import AnySDPipeline

    if kind == "diffusers:":
        patch.setattr(diffusers.StableDiffusionInstructPix2PixPipeline, "__call__", raising(error))
    else:
        patch.setattr(AnySDPipeline, "__call__", raising_batch(error))


@pytest.mark.parametrize("kind", ["diffusers:", ""])
@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_what_a_pipeline_raises_is_that_items_failure(
    kind: str, error: Exception, checkpoint: str, suite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_call(kind, error, monkeypatch)
    run = run_suite(suite, EditorSpec(f"{kind}{checkpoint}"), tmp_path / "run", batch=4)
    for item in run.suite.open().items:
        if item.instruction == BAD:
            assert run.output(item) is None and type(error).__name__ in str(run.failure(item))
        else:
            assert run.output(item) is not None and run.failure(item) is None


@pytest.mark.parametrize("kind", ["diffusers:", ""])
@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), MemoryError()], ids=["accelerator", "host"]
)
def test_memory_that_ran_out_ends_the_run_and_is_no_items_failure(
    kind: str, error: Exception, checkpoint: str, suite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_call(kind, error, monkeypatch)
    with pytest.raises(OutOfMemory, match="what is finished is kept"):
        run_suite(suite, EditorSpec(f"{kind}{checkpoint}"), tmp_path / "run", batch=1)
    assert list((tmp_path / "run" / "failures").iterdir()) == []
    assert (tmp_path / "run" / "outputs" / "139-1.png").exists()


def test_a_users_interrupt_ends_the_run(
    checkpoint: str, suite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_call("diffusers:", KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite, EditorSpec(f"diffusers:{checkpoint}"), tmp_path / "run")
    assert list((tmp_path / "run" / "failures").iterdir()) == []


def test_a_batch_too_big_for_memory_is_asked_one_at_a_time(
    checkpoint: str, suite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anyedit.models.pipeline import AnySDPipeline

    def call(self: Any, prompt: list[str], image: list[Image.Image], **_: Any) -> Made:
        if len(prompt) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return Made(image)

    monkeypatch.setattr(AnySDPipeline, "__call__", call)
    run = run_suite(suite, EditorSpec(checkpoint), tmp_path / "run", batch=6)
    assert all(run.output(item) is not None for item in run.suite.open().items)
