"""Adapters: our checkpoints, diffusers pipelines by capability, endpoints."""

from __future__ import annotations

import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))

import custom_pipeline
import small_suites as small
from PIL import Image

from anyedit.bench.editors import EditorSpec, Failure, Request, open_editor
from anyedit.bench.items import BenchError, Item, encoded
from anyedit.models.tiny import write_tiny_base

STEPS = {"num_inference_steps": 2}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_base(tmp_path_factory.mktemp("tiny") / "editor"))


def request(name: str, seed: int, size: tuple[int, int] = (48, 36)) -> Request:
    item = Item(name, f"do {name}", encoded(small.picture(seed, size)), edit_type="add")
    return Request(item, small.picture(seed, size), None, seed + 2**40)


def test_a_checkpoint_edits_each_item_by_its_own_seed_in_any_batch(checkpoint: str) -> None:
    editor = open_editor(EditorSpec(checkpoint, {**STEPS, "size": 32}))
    asked = [request("a", 1), request("b", 2, (36, 48)), request("c", 3)]
    together = editor.edit(asked)
    alone = [editor.edit([one])[0] for one in asked]
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Image.Image) and isinstance(other, Image.Image)
        assert one.size == other.size
        assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 1  # a batch may round otherwise
    assert together[0].size == (32, 24) and together[1].size == (24, 32)  # type: ignore[union-attr]
    again = Request(asked[0].item, asked[0].source, None, 5)
    assert np.abs(np.asarray(editor.edit([again])[0], int) - np.asarray(alone[0], int)).max() > 1
    assert editor.facts["weights"] != "hub" and editor.name == "editor"


def test_a_diffusers_pipeline_is_found_by_what_its_call_takes(checkpoint: str) -> None:
    editor = open_editor(EditorSpec(f"diffusers:{checkpoint}", {**STEPS, "image_guidance_scale": 1.2}))
    one, two = request("a", 1, (32, 32)), request("b", 2, (32, 32))
    made = editor.edit([one, two])
    assert all(isinstance(image, Image.Image) for image in made)
    assert np.array_equal(np.asarray(editor.edit([two])[0]), np.asarray(made[1]))
    assert editor.facts["class"] == "StableDiffusionInstructPix2PixPipeline"
    with pytest.raises(BenchError, match="no argument 'num_inference_step'; did you mean"):
        open_editor(EditorSpec(f"diffusers:{checkpoint}", {"num_inference_step": 2}))


def test_a_custom_pipelines_code_runs_only_where_the_user_trusts_it(checkpoint: str, tmp_path: Path) -> None:
    settings = {**STEPS, "custom_pipeline": custom_pipeline.write_code(tmp_path / "code")}
    with pytest.raises(BenchError, match="--set trust_remote_code=true"):
        open_editor(EditorSpec(f"diffusers:{checkpoint}", settings))
    editor = open_editor(EditorSpec(f"diffusers:{checkpoint}", {**settings, "trust_remote_code": True}))
    assert editor.facts["class"] == "Masked"
    (made,) = editor.edit([request("a", 1, (32, 32))])  # the pipeline fails without a mask
    assert isinstance(made, Image.Image), made


def test_a_pipelines_error_is_that_items_failure(checkpoint: str) -> None:
    editor = open_editor(EditorSpec(f"diffusers:{checkpoint}", {**STEPS, "guidance_scale": "seven"}))
    (made,) = editor.edit([request("a", 1, (32, 32))])
    assert isinstance(made, Failure) and "StableDiffusionInstructPix2PixPipeline" in made.reason


def test_editing_classes_of_the_installed_diffusers() -> None:
    from anyedit.bench.editors.pipelines import capability_of, editing_classes

    found = editing_classes()
    wanted = {
        "StableDiffusionInstructPix2PixPipeline",
        "StableDiffusionXLInstructPix2PixPipeline",
        "FluxKontextPipeline",
        "QwenImageEditPipeline",
        "QwenImageEditPlusPipeline",
        "Flux2Pipeline",
        "LongCatImageEditPipeline",
        "OmniGenPipeline",
    }
    assert wanted <= set(found)
    assert found["OmniGenPipeline"].picture == "input_images" and found["OmniGenPipeline"].placeholder
    assert not {"StableDiffusionPipeline", "StableDiffusionInpaintPipeline", "FluxFillPipeline"} & set(found)
    assert capability_of(type("Plain", (), {"__call__": lambda self, prompt: None})) is None


def test_an_endpoint_is_asked_for_every_item_and_its_refusals_are_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = base64.b64encode(encoded(Image.new("RGB", (1536, 1024), (10, 200, 30))).data()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, told = (
                (400, {"error": "refused"}) if b"do b" in body else (200, {"data": [{"b64_json": answer}]})
            )
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("BENCH_KEY", "secret-value")
    try:
        settings = {
            "base_url": f"http://127.0.0.1:{http.server_address[1]}/v1",
            "key": "BENCH_KEY",
            "retries": 0,
        }
        editor = open_editor(EditorSpec("openai:edit-1", settings))
        made = editor.edit([request("a", 1), request("b", 2)])
    finally:
        http.shutdown()
        http.server_close()
    assert (
        isinstance(made[0], Image.Image)
        and made[0].size == (48, 36)
        and made[0].getpixel((20, 20)) == (10, 200, 30)
    )
    assert isinstance(made[1], Failure) and "refused" in made[1].reason
    assert "secret-value" not in json.dumps(editor.facts)


def test_the_shipped_editor_gives_what_anyedit_edit_gives(
    checkpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import anyedit
    import anyedit.models.shipped as shipped
    from anyedit.bench.editors.checkpoint import SCALES
    from anyedit.models.editing import SHIPPED_SCALES

    monkeypatch.setattr(shipped, "SHIPPED", Path(checkpoint))
    editor = open_editor(EditorSpec("mini", {"num_inference_steps": 2}))
    assert editor.name == "mini" and editor.facts["num_inference_steps"] == 2 and "note" not in editor.facts
    assert tuple(editor.facts[key] for key in SCALES) == SHIPPED_SCALES
    asked = request("a", 1)
    (made,) = editor.edit([asked])
    expected = anyedit.edit(
        asked.source, asked.instruction, checkpoint, "add", steps=2, scales=SHIPPED_SCALES, seed=asked.seed
    )
    assert isinstance(made, Image.Image) and made.size == asked.source.size
    assert made.tobytes() == expected.image.tobytes()


def test_where_the_shipped_editor_lacks_an_untrained_one_stands_in_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import anyedit.models.shipped as shipped
    from anyedit.bench.report import tables
    from anyedit.bench.run import run_suite
    from anyedit.bench.runs import SuiteSpec
    from anyedit.bench.scoring import score

    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "nothing")
    suite = SuiteSpec(str(small.magicbrush_folder(tmp_path / "suite")), limit=2)
    run = run_suite(suite, "mini", tmp_path / "run")
    assert run.name == "untrained (no mini here)" and all(run.output(item) for item in suite.open().items)
    score(tmp_path / "run", ["pixels"])
    (table,) = tables([tmp_path / "run"])
    assert any("stands in for the small editor" in note for note in table.notes)
    assert open_editor(EditorSpec("untrained")).name == "untrained"
    with pytest.raises(BenchError, match="takes nothing after its name"):
        open_editor(EditorSpec("identity:x"))


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    from anyedit.errors import AnyEditError

    with pytest.raises(AnyEditError, match="no editor here"):
        open_editor(EditorSpec(str(tmp_path)))
