"""One edit of a picture of any size, from Python and from the command line."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from transformers import CLIPImageProcessor
from typer.testing import CliRunner

from anyedit.cli import main
from anyedit.cli.app import app
from anyedit.errors import AnyEditError, SourceError, StoreError
from anyedit.models import editing, load_editor
from anyedit.models.editing import edit, fit, open_picture
from anyedit.models.faults import CheckpointError, InputError
from anyedit.models.saving import picture_file
from anyedit.models.shipped import shipped_editor
from anyedit.models.tiny import tiny_safety_checker


def painted(width: int, height: int) -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3)).astype(np.uint8))


@pytest.mark.parametrize("size", [(200, 100), (31, 97), (64, 64)])
def test_an_edit_has_its_sources_size(base_dir: Path, size: tuple[int, int]) -> None:
    made = edit(painted(*size), "make it red", editor=base_dir, steps=1)
    assert made.image.size == size and made.size == 64
    assert max(made.worked_at) == 64 and made.edit_type == "unknown"


def test_the_same_seed_gives_the_same_picture(base_dir: Path) -> None:
    first, again, other = (
        np.asarray(edit(painted(64, 64), "make it red", editor=base_dir, steps=2, seed=seed).image)
        for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_fitting_keeps_the_shape_and_repeats_the_border() -> None:
    picture = Image.new("RGB", (100, 50), "red")
    picture.paste("blue", (0, 40, 100, 50))
    fitted, box = fit(picture, 64)
    assert fitted.size == (64, 64) and box == (0, 16, 64, 48)
    pixels = np.asarray(fitted)
    assert (pixels[:16] == pixels[16]).all() and (pixels[48:] == pixels[47]).all()
    assert tuple(pixels[0, 0]) == (255, 0, 0) and tuple(pixels[63, 63]) == (0, 0, 255)


def test_transparency_is_laid_on_white_and_rotation_is_undone(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 4), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert open_picture(tmp_path / "clear.png").getpixel((1, 1)) == (255, 255, 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 4), "red").save(tmp_path / "turned.jpg", exif=exif)
    assert open_picture(tmp_path / "turned.jpg").size == (4, 8)


def test_what_cannot_be_edited_is_named(tmp_path: Path, base_dir: Path) -> None:
    (tmp_path / "no.png").write_text("no picture")
    with pytest.raises(SourceError, match="no such file"):
        open_picture(tmp_path / "absent.png")
    with pytest.raises(SourceError, match=r"no\.png: cannot be read as a picture"):
        open_picture(tmp_path / "no.png")
    with pytest.raises(InputError, match="size 60 must be divisible by 8"):
        edit(painted(64, 64), "make it red", editor=base_dir, size=60)


def test_an_installation_without_the_small_editor_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anyedit.models.shipped.SHIPPED", tmp_path)
    with pytest.raises(CheckpointError, match="name a checkpoint with --editor"):
        shipped_editor()


def test_the_command_writes_the_edit(tmp_path: Path, base_dir: Path) -> None:
    painted(96, 48).save(tmp_path / "in.png")
    asked = ["edit", str(tmp_path / "in.png"), "make it red", "--out", str(tmp_path / "out.png")]
    done = CliRunner().invoke(app, [*asked, "--editor", str(base_dir), "--steps", "1", "--scales", "1.5,2"])
    assert done.exit_code == 0, done.output
    assert "worked at 64 x 32 px, scaled back to 96 x 48" in done.output
    with Image.open(tmp_path / "out.png") as written:
        assert written.size == (96, 48)


@pytest.mark.parametrize(("limit", "flagged"), [(-2.0, True), (2.0, False)])
def test_what_the_safety_checker_found_is_told(
    tmp_path: Path, base_dir: Path, limit: float, flagged: bool
) -> None:
    """By a checker that flags everything, or nothing; a flagged picture is black whatever detail is kept."""
    pipeline = load_editor(base_dir)
    checker = tiny_safety_checker()
    checker.concept_embeds_weights.fill_(limit)
    checker.special_care_embeds_weights.fill_(2.0)
    size = checker.config.vision_config.image_size
    extractor = CLIPImageProcessor(size={"shortest_edge": size}, crop_size={"height": size, "width": size})
    pipeline.register_modules(safety_checker=checker.eval(), feature_extractor=extractor)
    painted(96, 48).save(tmp_path / "in.png")
    made = edit(tmp_path / "in.png", "make it red", pipeline, steps=1)
    assert made.flagged is flagged
    assert np.asarray(made.image).any() != flagged
    pipeline.save_pretrained(tmp_path / "editor")
    asked = [
        "edit",
        str(tmp_path / "in.png"),
        "make it red",
        "--out",
        str(tmp_path / "out.png"),
        "--steps",
        "1",
    ]
    done = CliRunner().invoke(app, [*asked, "--editor", str(tmp_path / "editor")])
    assert ("out.png: the safety checker flagged this edit: its picture is black" in done.stderr) == flagged
    assert done.exit_code == int(flagged), done.output
    assert edit(tmp_path / "in.png", "make it red", base_dir, steps=1).flagged is None


@pytest.mark.parametrize(
    ("more", "error", "text"),
    [
        (["--scales", "1"], InputError, "expected picture,text"),
        (["--scales", "a,b"], InputError, "expected picture,text"),
        (["--type", "colour"], InputError, "is no edit type"),
        (["--out", "nowhere/out.png"], SourceError, "does not exist"),
        (
            ["--out", "out.xyz"],
            SourceError,
            "has to end as a picture's does that can be written, e.g. out.png",
        ),
        (["--editor", "nowhere"], CheckpointError, "no such folder"),
        (["--visual-prompt", "absent.png"], SourceError, "no such file"),
    ],
)
def test_the_command_refuses_what_cannot_work(
    tmp_path: Path, base_dir: Path, more: list[str], error: type[AnyEditError], text: str
) -> None:
    painted(64, 64).save(tmp_path / "in.png")
    asked = ["edit", str(tmp_path / "in.png"), "make it red", "--out", str(tmp_path / "out.png")]
    done = CliRunner().invoke(app, [*asked, "--editor", str(base_dir), "--steps", "1", *more])
    assert isinstance(done.exception, error) and text in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["in.png"]


def never(*_: object, **__: object) -> None:
    raise AssertionError("edited, though its picture cannot be written")


@pytest.mark.parametrize(
    ("out", "code", "text"),
    [
        ("/proc/x.png", 3, "/proc/x.png: cannot be written: "),
        ("{here}/folder.png", 3, "is a folder"),
        ("{here}/x.hdf", 2, "x.hdf: its name has to end as a picture's does that can be written, e.g. x.png"),
        ("{here}/x.psd", 2, "e.g. x.png"),  # opened by PIL, and not saved
        ("{here}/x.xbm", 2, "e.g. x.png"),  # saved in black and white only
        ("{here}/in.png/x.png", 2, "does not exist"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_before_the_edit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    out: str,
    code: int,
    text: str,
) -> None:
    """With the exit codes that the command documents: 3 the disk, 2 the request."""
    painted(64, 64).save(tmp_path / "in.png")
    (tmp_path / "folder.png").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(editing, "edit", never)
    asked = ["anyedit", "edit", str(tmp_path / "in.png"), "make it red", "--out", out.format(here=tmp_path)]
    monkeypatch.setattr(sys, "argv", asked)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert text in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_disk_that_fills_up_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.png").write_bytes(b"before")

    def full(_: object, file: Path) -> None:
        Path(file).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with (
        pytest.raises(StoreError, match=r"out\.png: cannot be written: No space left"),
        picture_file(tmp_path / "out.png") as write,
    ):
        monkeypatch.setattr(Image.Image, "save", full)
        write(painted(8, 8))
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]
    assert (tmp_path / "out.png").read_bytes() == b"before"


@pytest.mark.parametrize("name", ["a.jpg", "a.WEBP", "a.tiff", "a.bmp"])
def test_a_picture_is_written_as_its_name_ends(tmp_path: Path, name: str) -> None:
    with picture_file(tmp_path / name) as write:
        write(painted(40, 24))
    with Image.open(tmp_path / name) as written:
        assert written.size == (40, 24)
        assert written.format == Image.registered_extensions()[Path(name).suffix.lower()]


def test_a_published_checkpoint_goes_there_and_back(
    tmp_path: Path, published_dir: Path, base_dir: Path
) -> None:
    run = CliRunner().invoke
    there = run(
        app,
        ["convert", "anysd", str(published_dir), "--out", str(tmp_path / "ours"), "--base", str(base_dir)],
    )
    assert there.exit_code == 0, there.exception
    back = run(app, ["convert", "export", str(tmp_path / "ours"), "--out", str(tmp_path / "back")])
    assert back.exit_code == 0, back.exception
    torch = pytest.importorskip("torch")
    for name in ("visual_ref.bin", "global.bin"):
        one, other = (
            torch.load(folder / "experts" / name, weights_only=True)
            for folder in (published_dir, tmp_path / "back")
        )
        for part in one:
            for key in one[part]:
                assert torch.equal(one[part][key], other[part][key]), (name, key)


@pytest.mark.skipif(not (editing.shipped_editor.__globals__["SHIPPED"] / "model_index.json").is_file(),
                    reason="no small editor in this checkout")  # fmt: skip
def test_the_shipped_editor_works_offline(tmp_path: Path) -> None:
    painted(160, 120).save(tmp_path / "in.png")
    code = f"from anyedit.cli import main; import sys; sys.argv = {['anyedit', 'edit', str(tmp_path / 'in.png'), 'make the mug red', '--out', str(tmp_path / 'out.png'), '--steps', '2']!r}; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "color_alter" in done.stdout and "128 x 96" in done.stdout
    with Image.open(tmp_path / "out.png") as written:
        assert written.size == (160, 120)
    weights = sum(file.stat().st_size for file in shipped_editor().rglob("*") if file.is_file())
    assert weights <= 40_000_000
