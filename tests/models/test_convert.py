"""Import and export of the published layout: equality, and errors that name the first key that differs."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file

from anyedit.models import AnySDPipeline, CheckpointError, export_anysd, import_anysd, load_editor
from anyedit.models.layout import EXPERT_FILES, TASK_ROWS, expert_keys, expert_shapes
from anyedit.models.router import PUBLISHED_EXPERTS, published_table
from anyedit.models.tiny import tiny_unet


def test_keys_and_shapes_of_sd15() -> None:
    """The layout of a full-size UNet is that of AnySD-LAYOUT section 2: order down, up, mid, odd numbers."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(in_channels=8, cross_attention_dim=768)
    shapes = expert_shapes(unet, 1280)
    hidden = [320] * 2 + [640] * 2 + [1280] * 2 + [1280] * 3 + [640] * 3 + [320] * 3 + [1280]
    adapter = {
        f"ip_adapter.{2 * n + 1}.to_{p}_ip.weight": (h, 768) for n, h in enumerate(hidden) for p in "kv"
    }
    assert {key: shape for key, shape in shapes.items() if key.startswith("ip_adapter")} == adapter
    names = list(unet.attn_processors)
    assert names[13].startswith("up_blocks.1.attentions.0.") and names[31].startswith(
        "mid_block.attentions.0."
    )
    assert shapes["image_proj.latents"] == (1, 16, 768)
    assert shapes["image_proj.proj_in.weight"] == (768, 1280)
    assert shapes["image_proj.layers.3.0.to_kv.weight"] == (1536, 768)
    assert shapes["image_proj.layers.3.1.1.weight"] == (3072, 768)
    count = {
        part: sum(math.prod(s) for k, s in shapes.items() if k.startswith(part)) for part in ("image", "ip")
    }
    assert round(count["ip"] / 1e6, 1) == 19.2 and round(count["image"] / 1e6, 1) == 29.9
    assert len(expert_keys(unet)) == len(shapes) == 7 + 4 * 11 + 32


def test_published_table_is_the_released_assignment() -> None:
    table = published_table()
    assert set(table) == set(TASK_ROWS) and set(table.values()) == set(PUBLISHED_EXPERTS) == set(EXPERT_FILES)
    assert [name for name, expert in table.items() if expert == "viewpoint"] == [
        "movement", "resize", "outpaint", "rotation_change",
    ]  # fmt: skip


def test_import_then_export_gives_the_same_files(pipe_dir: Path, published_dir: Path, tmp_path: Path) -> None:
    out = export_anysd(pipe_dir, tmp_path / "exported")
    for file in sorted(path.name for path in (published_dir / "experts").iterdir()):
        before = torch.load(published_dir / "experts" / file, weights_only=True)
        after = torch.load(out / "experts" / file, weights_only=True)
        if file == "task_embs.bin":
            assert torch.equal(before, after)
            continue
        assert list(before) == list(after) == ["image_proj", "ip_adapter"]
        for part in before:
            assert set(before[part]) == set(after[part])
            assert all(torch.equal(before[part][key], after[part][key]) for key in before[part])
    weights = "unet/diffusion_pytorch_model.safetensors"
    before, after = load_file(published_dir / weights), load_file(out / weights)
    assert before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)


def test_imported_folder_holds_safetensors_only(pipe_dir: Path) -> None:
    assert not list(pipe_dir.rglob("*.bin"))
    assert (pipe_dir / "experts" / "diffusion_pytorch_model.safetensors").is_file()


def break_expert(change: Callable[[dict], None]) -> Callable[[Path], None]:  # type: ignore[type-arg]
    def edit(folder: Path) -> None:
        file = folder / "experts" / "visual_mat.bin"
        stored = torch.load(file, weights_only=True)
        change(stored)
        torch.save(stored, file)

    return edit


def break_unet(folder: Path) -> None:
    unet = tiny_unet(in_channels=4)
    unet.save_pretrained(folder / "unet")


def drop_unet_key(folder: Path) -> None:
    from safetensors.torch import save_file

    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    stored = load_file(file)
    del stored["mid_block.resnets.0.conv1.weight"]
    save_file(stored, file)


BROKEN = {
    "missing": (
        break_expert(lambda s: s["image_proj"].pop("layers.2.0.to_q.weight")),
        ["visual_mat.bin", "'image_proj.layers.2.0.to_q.weight' is missing", "(128, 128)"],
    ),
    "shape": (
        break_expert(lambda s: s["ip_adapter"].update({"7.to_v_ip.weight": torch.zeros(8, 128)})),
        ["'ip_adapter.7.to_v_ip.weight' has shape (8, 128), expected (16, 128)"],
    ),
    "first of two": (
        break_expert(lambda s: (s["ip_adapter"].pop("3.to_k_ip.weight"), s["image_proj"].pop("latents"))),
        ["'image_proj.latents' is missing"],
    ),
    "too many": (
        break_expert(lambda s: s["ip_adapter"].update({"9.to_k_ip.weight": torch.zeros(1)})),
        ["'ip_adapter.9.to_k_ip.weight' is not in the layout"],
    ),
    "strange part": (
        break_expert(lambda s: s.update(optimizer={"a": 1})),
        ["'optimizer' is not in the layout"],
    ),
    "part missing": (break_expert(lambda s: s.pop("image_proj")), ["'image_proj.latents' is missing"]),
    "not a dict": (
        lambda f: torch.save(torch.zeros(2), f / "experts" / "global.bin"),
        ["global.bin", "holds a Tensor"],
    ),
    "cut file": (
        lambda f: (f / "experts" / "global.bin").write_bytes(b"PK\x03\x04 nothing"),
        ["global.bin", "cannot be read"],
    ),
    "no file": (lambda f: (f / "experts" / "visual_ske.bin").unlink(), ["visual_ske.bin: missing"]),
    "tasks": (
        lambda f: torch.save(torch.zeros(13, 1, 1, 128), f / "experts" / "task_embs.bin"),
        ["task_embs.bin", "(13, 1, 1, 128), expected (14, 1, 1, 128)"],
    ),
    "tasks dict": (
        lambda f: torch.save({"a": torch.zeros(1)}, f / "experts" / "task_embs.bin"),
        ["task_embs.bin", "one bare tensor"],
    ),
    "text-to-image unet": (break_unet, ["conv_in.weight", "8 input channels"]),
    "unet key": (drop_unet_key, ["unet", "'mid_block.resnets.0.conv1.weight' is missing"]),
    "no unet": (lambda f: shutil.rmtree(f / "unet"), ["unet/config.json: missing"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_layout_is_named(case: str, published_dir: Path, base_dir: Path, tmp_path: Path) -> None:
    change, expected = BROKEN[case]
    folder = shutil.copytree(published_dir, tmp_path / "broken")
    change(folder)
    with pytest.raises(CheckpointError) as error:
        import_anysd(folder, tmp_path / "out", base=base_dir)
    assert all(words in str(error.value) for words in expected), str(error.value)
    assert not (tmp_path / "out").exists()


class RunsCode:
    """What a malicious checkpoint is made of."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("ran",)


def test_a_file_that_would_run_code_is_refused(
    published_dir: Path, base_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(published_dir, tmp_path / "bad")
    torch.save({"image_proj": RunsCode()}, folder / "experts" / "global.bin")
    with pytest.raises(CheckpointError, match=r"global\.bin: cannot be read as a file of tensors"):
        import_anysd(folder, tmp_path / "out", base=base_dir)
    assert "ran" not in capsys.readouterr().out


def test_the_image_encoder_is_checked(published_dir: Path, base_dir: Path, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    folder = shutil.copytree(published_dir, tmp_path / "bad")
    file = folder / "image_encoder" / "model.safetensors"
    stored = load_file(file)
    gone = sorted(key for key in stored if "layers.1.mlp.fc1.weight" in key)[0]
    del stored[gone]
    save_file(stored, file, metadata={"format": "pt"})
    with pytest.raises(
        CheckpointError, match=r"image_encoder: missing keys, first: .*layers\.1\.mlp\.fc1\.weight"
    ):
        import_anysd(folder, tmp_path / "out", base=base_dir)


def test_nothing_is_overwritten(published_dir: Path, base_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(CheckpointError, match="exists already"):
        import_anysd(published_dir, tmp_path / "out", base=base_dir)


def test_what_the_layout_cannot_say_is_not_exported(base_dir: Path, pipe_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="has no experts"):
        export_anysd(base_dir, tmp_path / "a")
    pipeline = AnySDPipeline.from_pretrained(pipe_dir)
    pipeline.experts.register_to_config(expert_of_type={"add": "global"})
    pipeline.save_pretrained(tmp_path / "other")
    with pytest.raises(CheckpointError, match="not the published assignment"):
        export_anysd(tmp_path / "other", tmp_path / "b")


def test_load_editor_opens_all_three_layouts(
    pipe_dir: Path, published_dir: Path, base_dir: Path, tmp_path: Path
) -> None:
    ours, published, plain = (
        load_editor(pipe_dir),
        load_editor(published_dir, base=base_dir),
        load_editor(base_dir),
    )
    for name, value in ours.experts.state_dict().items():
        assert torch.equal(value, published.experts.state_dict()[name])
    assert plain.experts is None
    assert load_editor(base_dir, dtype=torch.bfloat16).unet.dtype == torch.bfloat16
    (tmp_path / "empty").mkdir()
    for path, words in ((tmp_path / "empty", "no editor here"), (tmp_path / "nowhere", "no such folder")):
        with pytest.raises(CheckpointError, match=words):
            load_editor(path)
