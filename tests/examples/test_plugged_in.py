"""Plugging in an editor: a Python function, a program, an endpoint; each by `anyedit bench run` on a small suite."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from anyedit.bench.editors import EditorSpec, Failure, Request, open_editor
from anyedit.bench.items import BenchError, Item, encoded
from anyedit.bench.runs import Run, read_run
from anyedit.cli import app

EDITORS = Path(__file__).parents[2] / "examples" / "editors"


def bench(small: Path, out: Path, editor: str, *more: str) -> tuple[Run, str]:
    """`anyedit bench run` as a reader types it; the run that it left and what it printed."""
    done = CliRunner().invoke(
        app,
        ["bench", "run", "--suite", str(small), "--editor", editor, "--out", str(out), "-p", "pixels", *more],
    )
    assert done.exit_code == 0, (done.output, done.exception)
    return read_run(out), done.output


def l1(out: Path) -> float:
    told = json.loads((out / "results.json").read_text())
    return float(told["protocols"]["pixels"]["all"]["l1"]["value"])


def test_a_function(small: Path, tmp_path: Path) -> None:
    place = f"python:{EDITORS / 'brighten.py'}:edit"
    _, told = bench(small, tmp_path / "run", place, "--set", "by=0.5", "--name", "darker")
    assert "darker" in told and re.search(r"n\s+2", told)
    bench(small, tmp_path / "as-is", "identity")
    assert l1(tmp_path / "run") == l1(
        tmp_path / "as-is"
    )  # no instruction here speaks of light: sources come back
    asked = request("make it brighter")
    (made,) = open_editor(EditorSpec(place, {"by": 0.5})).edit([asked])
    assert np.abs(np.asarray(made, int) - np.asarray(asked.source, int) // 2).max() <= 1


def test_a_program(small: Path, tmp_path: Path) -> None:
    program = f"cmd:{sys.executable} {EDITORS / 'program.py'} {{source}} {{instruction}} {{out}} {{seed}}"
    run, _ = bench(small, tmp_path / "run", program)
    bench(small, tmp_path / "as-is", "identity")
    assert l1(tmp_path / "run") != l1(tmp_path / "as-is")
    assert len(list((tmp_path / "run").rglob("*.png"))) == 2
    (failed,) = open_editor(EditorSpec(program)).edit([request(" ")])
    assert isinstance(failed, Failure) and "there is nothing to do" in failed.reason
    assert run.facts["command"].startswith(sys.executable)


@pytest.fixture
def endpoint() -> Iterator[str]:
    """The example's endpoint on a free port."""
    spec = importlib.util.spec_from_file_location("endpoint", EDITORS / "endpoint.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = ThreadingHTTPServer(("127.0.0.1", 0), module.Endpoint)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


def test_an_endpoint(small: Path, tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    bench(small, tmp_path / "run", "openai:sepia", "--set", f"base_url={endpoint}", "--set", "retries=0")
    made = [np.asarray(Image.open(path), int) for path in (tmp_path / "run").rglob("*.png")]
    assert len(made) == 2
    for picture in made:
        assert picture.shape == (64, 64, 3)
        assert (picture[..., 0] >= picture[..., 2]).mean() > 0.99 and np.ptp(
            picture
        ) > 40  # brown, and a picture


def request(instruction: str) -> Request:
    ramp = np.linspace(40, 200, 48).astype(np.uint8)[None].repeat(32, 0)
    picture = Image.fromarray(np.stack([ramp, ramp[:, ::-1], ramp // 2], -1))
    return Request(
        Item("one", instruction, encoded(picture), edit_type="tone_transfer"), picture, None, 2**40 + 3
    )


def test_what_a_function_is_told_and_may_give_back(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n"
        "def told(picture, instruction, seed, edit_type, id):\n"
        "    return np.full((8, 8, 3), [seed % 256, len(edit_type), len(id)], np.uint8)\n"
        "def nothing(picture, instruction): return 'done'\n"
        "def broken(picture, instruction): raise KeyError('weights')\n"
        "class Loaded:\n"
        "    def __init__(self, level): self.level = level\n"
        "    def __call__(self, picture, instruction): return picture.point(lambda v: self.level)\n"
        "number = 3\n"
    )
    asked = request("do it")

    def edit(name: str, **settings: object) -> object:
        return open_editor(EditorSpec(f"python:{tmp_path / 'mine.py'}:{name}", settings)).edit([asked])[0]

    picture = edit("told")
    assert isinstance(picture, Image.Image) and picture.getpixel((0, 0)) == (3, 13, 3)  # the seed in 31 bits
    loaded = edit("Loaded", level=9)
    assert isinstance(loaded, Image.Image) and loaded.getpixel((5, 5)) == (9, 9, 9)
    for name, reason in (("nothing", "returned str"), ("broken", "KeyError: 'weights'")):
        failed = edit(name)
        assert isinstance(failed, Failure) and reason in failed.reason
    for name, message in (
        ("tolled", "did you mean 'told'"),
        ("number", "is no function"),
        ("nothing", "takes no 'levl'"),
    ):
        with pytest.raises(BenchError, match=message):
            edit(name, **({"levl": 1} if name == "nothing" else {}))
    for place, message in (
        ("mine", "say module and name"),
        ("no_such_module:edit", "No module named"),
        ("x.py:f", "no file"),
    ):
        with pytest.raises(BenchError, match=message):
            open_editor(EditorSpec(f"python:{place}"))
