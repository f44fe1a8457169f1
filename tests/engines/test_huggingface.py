"""Every Hugging Face adapter through its real from_pretrained, on small checkpoints; what it gives is checked.

Random weights say nothing of quality. What is checked is what a mistake in an adapter would break: shapes, boxes in
pixels, names, order and batches, seeds, what stays outside a mask, devices, and what happens without weights.
"""

# ruff: noqa: E402 (environment and availability of torch come first)

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
torch.set_num_threads(1)

import custom_pipeline
import tiny_checkpoints

from anyedit.engines.huggingface.clip import Aesthetics, Clip, ImageFeatures
from anyedit.engines.huggingface.depth import DepthEstimator, nearness
from anyedit.engines.huggingface.editing import DiffusionEditor
from anyedit.engines.huggingface.generation import TextToImage
from anyedit.engines.huggingface.grounding import ZeroShotDetector, named_of, within
from anyedit.engines.huggingface.network import Network, Residents, placed
from anyedit.engines.huggingface.painting import DiffusionFill, DiffusionPainter, ReferencePainting
from anyedit.engines.huggingface.segmentation import PromptedSegmenter, UniversalSegmenter, panoptic
from anyedit.engines.huggingface.text import CausalWriter
from anyedit.engines.huggingface.vision_language import VisionLanguage
from anyedit.engines.roles import Instructed, Painting, PairToJudge, Prompt, Referring, Scene, Written
from anyedit.engines.toolbox import HUGGINGFACE, tools
from anyedit.errors import EngineDown, EngineError, RecipeError

Checkpoint = Callable[[str], str]
RNG = np.random.default_rng(0)
WIDE = RNG.integers(0, 256, (48, 64, 3), dtype=np.uint8)
OTHER = RNG.integers(0, 256, (48, 64, 3), dtype=np.uint8)
SQUARE = RNG.integers(0, 256, (40, 40, 3), dtype=np.uint8)
MASK = np.zeros((48, 64), bool)
MASK[10:30, 20:50] = True


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """checkpoint(name): the folder of a small checkpoint, written when first asked for."""
    root = tmp_path_factory.mktemp("tiny")
    made: dict[str, str] = {}

    def get(name: str) -> str:
        if name not in made:
            made[name] = str(getattr(tiny_checkpoints, f"write_{name}")(root / name))
        return made[name]

    return get


# ------------------------------------------------------------------------------------------------------- understanding
@pytest.mark.parametrize("name", ["grounding_dino", "owlv2", "sam3"])
def test_things_are_found_by_name_in_pixels_each_picture_for_itself(
    checkpoint: Checkpoint, name: str
) -> None:
    engine = ZeroShotDetector(checkpoint(name), threshold=0.01, text_threshold=0.0, batch=2)
    asked = [["cat", "dog"], [], ["red mug"], ["cat"]]
    pictures = [WIDE, OTHER, SQUARE, WIDE]
    found = engine.find(pictures, asked)
    assert found[1] == [] and found[0] and found[2]
    for picture, names, things in zip(pictures, asked, found, strict=True):
        height, width = picture.shape[:2]
        for thing in things:
            assert thing.name in names
            x0, y0, x1, y1 = thing.box
            assert 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height
        assert [t.score for t in things] == sorted((t.score for t in things), reverse=True)
    assert any(max(thing.box) > 1.5 for thing in found[0])  # pixels, not shares
    alone = engine.find([SQUARE], [["red mug"]])[0]
    assert len(alone) == len(found[2])  # a batch changes nothing
    if name != "grounding_dino":  # random ones tie, and padding decides
        assert alone[0].box == pytest.approx(found[2][0].box, abs=0.5)


def test_a_detectors_phrase_is_led_back_to_the_asked_name() -> None:
    assert named_of("red mug", ["mug", "red mug", "dog"]) == "red mug"
    assert named_of("cat.", ["cat", "dog"]) == "cat"
    assert named_of("the", ["cat"]) is None
    assert within((-5, 2, 700, 20), WIDE) == (0, 2, 64, 20)
    assert within((70, 2, 80, 20), WIDE) is None


@pytest.mark.parametrize("name", ["sam2", "sam3_tracker"])
def test_a_box_becomes_a_mask_of_the_pictures_size(checkpoint: Checkpoint, name: str) -> None:
    engine = PromptedSegmenter(checkpoint(name))
    boxes = [(2.0, 2.0, 30.0, 30.0), (30.0, 10.0, 60.0, 44.0)]
    first, second = engine.segment(WIDE, boxes)
    for mask in (first, second):
        assert isinstance(mask, np.ndarray) and mask.shape == (48, 64) and mask.dtype == bool
    assert not np.array_equal(first, second)  # the box is heard
    again = engine.segment(WIDE, boxes[1:])[0]
    assert np.mean(np.asarray(again) != second) < 0.01
    assert engine.segment(WIDE, []) == []


def test_a_checkpoint_of_another_kind_is_refused(checkpoint: Checkpoint) -> None:
    with pytest.raises(EngineDown, match="'clip' is no SAM 2 or SAM 3 checkpoint"):
        PromptedSegmenter(checkpoint("clip")).segment(WIDE, [(0, 0, 9, 9)])


@pytest.mark.parametrize("name", ["mask2former", "oneformer"])
def test_pictures_are_divided_into_named_parts(checkpoint: Checkpoint, name: str) -> None:
    engine = UniversalSegmenter(checkpoint(name), threshold=0.0)
    parts = engine.divide([WIDE, SQUARE, OTHER])
    assert [part.labels.shape for part in parts] == [(48, 64), (40, 40), (48, 64)]
    for part in parts:
        assert part.labels.max() == len(part.names) and set(part.names) <= {"cat", "sky", "table"}


def test_panoptic_parts_of_known_queries() -> None:
    classes = torch.full((3, 4), -9.0)
    classes[0, 1], classes[1, 0], classes[2, 3] = 4.0, 9.0, 9.0  # sky, a surer cat, nothing
    masks = torch.full((3, 4, 4), -9.0)
    masks[0] = 9.0
    masks[1, :, :2] = 9.0
    masks[2] = 9.0
    found = panoptic(classes, masks, (4, 4), {0: "cat", 1: "sky", 2: "table"}, 0.5)
    assert found.names == ("cat",) and (found.labels[:, 0] == 1).all() and (found.labels[:, 3] == 0).all()
    masks[0, :, :2] = -9.0  # now the sky keeps its mask
    found = panoptic(classes, masks, (4, 4), {0: "cat", 1: "sky", 2: "table"}, 0.5)
    assert found.names == ("cat", "sky") and (found.labels[:, 3] == 2).all()


def test_depth_is_nearness_of_the_pictures_size(checkpoint: Checkpoint) -> None:
    maps = DepthEstimator(checkpoint("depth_anything")).depth([WIDE, SQUARE])
    assert [depth.shape for depth in maps] == [(48, 64), (40, 40)]
    assert all(depth.min() == 0 and depth.max() == pytest.approx(1) for depth in maps)
    ramp = np.arange(4, dtype=np.float32).reshape(2, 2)
    assert nearness(ramp, far=False)[1, 1] == 1 and nearness(ramp, far=True)[0, 0] == 1
    assert (nearness(np.ones((2, 2), np.float32), far=False) == 0).all()


# ------------------------------------------------------------------------------------------------------------ measuring
def test_clip_scores_are_cosines_as_the_library_computes_them(checkpoint: Checkpoint) -> None:
    from transformers import CLIPModel, CLIPProcessor

    engine = Clip(checkpoint("clip"), batch=2)
    texts = ["a cat", "a red mug on a table", "x" * 300]  # the last is cut
    scores = engine.image_text([WIDE, OTHER, SQUARE], texts)
    model, processor = CLIPModel.from_pretrained(engine.model), CLIPProcessor.from_pretrained(engine.model)
    inputs = processor(
        text=texts[:1], images=[WIDE], return_tensors="pt", padding="max_length", max_length=77
    )
    with torch.no_grad():
        output = model(**inputs)
    assert scores[0] == pytest.approx(float((output.text_embeds * output.image_embeds).sum()), abs=1e-5)
    assert scores.shape == (3,) and (np.abs(scores) <= 1).all()
    assert np.linalg.norm(engine.sentences(texts), axis=1) == pytest.approx(1, abs=1e-5)
    assert engine.features([]).shape[0] == 0


def test_features_of_clip_and_of_dino(checkpoint: Checkpoint) -> None:
    for name, width in (("clip", 12), ("dino", 16)):
        rows = ImageFeatures(checkpoint(name), batch=2).features([WIDE, SQUARE, WIDE])
        assert rows.shape == (3, width) and np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
        assert rows[0] == pytest.approx(rows[2], abs=1e-5) and rows[0] @ rows[1] < 1 - 1e-6


def test_the_aesthetic_head_is_a_chain_of_linear_layers(checkpoint: Checkpoint, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    one, two = torch.randn(5, 12), torch.randn(1, 5)
    weights = {
        "layers.0.weight": one,
        "layers.0.bias": torch.ones(5),
        "layers.2.weight": two,
        "layers.2.bias": torch.ones(1),
    }
    save_file(weights, tmp_path / "head.safetensors")
    torch.save(weights, tmp_path / "head.pth")
    for file in ("head.safetensors", "head.pth"):
        engine = Aesthetics(checkpoint("clip"), head=str(tmp_path / file))
        wanted = (torch.from_numpy(engine.features([WIDE])) @ one.T + 1) @ two.T + 1
        assert engine.aesthetic([WIDE])[0] == pytest.approx(float(wanted), abs=1e-4)
    with pytest.raises(EngineDown, match="there is no file 'none'"):
        Aesthetics(checkpoint("clip"), head="none").aesthetic([WIDE])
    with pytest.raises(
        EngineDown, match="HF_HUB_OFFLINE"
    ):  # a repository's: the Hub is asked, and is not there
        Aesthetics(checkpoint("clip"), head="owner/name:head.pth").aesthetic([WIDE])


# ------------------------------------------------------------------------------------------------------------- language
def test_a_language_model_answers_by_the_seed_alone(checkpoint: Checkpoint) -> None:
    engine = CausalWriter(checkpoint("language_model"), batch=3)
    prompts = [
        Prompt("one", seed=1, most=12),
        Prompt("a longer one", seed=2, most=8),
        Prompt("one", seed=3, most=12),
    ]
    together = engine.write(prompts)
    assert all(isinstance(answer, Written) and answer.tokens[1] > 0 for answer in together)
    alone = [engine.write([prompt])[0] for prompt in prompts]
    assert [a.text for a in together] == [a.text for a in alone]  # type: ignore[union-attr]
    assert together[0].text != together[2].text  # type: ignore[union-attr]
    assert engine.meter.total.requests == 6
    cold = [engine.write([Prompt("one", seed=seed, most=8, temperature=0)])[0] for seed in (1, 2)]
    assert cold[0].text == cold[1].text  # type: ignore[union-attr]


def test_sampling_follows_the_softmax() -> None:
    from anyedit.engines.huggingface.sampling import SeededSampling

    logits = torch.log(torch.tensor([[0.6, 0.3, 0.1]])).repeat(1200, 1)
    prompts = [Prompt("", seed=k, temperature=1.0) for k in range(1200)]
    drawn = SeededSampling(prompts, top_p=1.0)(None, logits.clone()).argmax(-1)
    shares = np.bincount(drawn.numpy(), minlength=3) / 1200
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.05)
    cut = SeededSampling(prompts, top_p=0.8)(None, logits.clone()).argmax(-1)
    assert set(cut.tolist()) == {0, 1}


def test_a_language_model_that_cannot_keep_a_form_is_given_up_with_the_reason(checkpoint: Checkpoint) -> None:
    schema = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    engine = CausalWriter(checkpoint("language_model"), tries=2)
    (answer,) = engine.write([Prompt("which?", schema=schema, most=6)])
    assert isinstance(answer, EngineError) and "2 tries" in str(answer) and "no JSON object" in str(answer)
    assert engine.meter.total.rejected_answers == 2


def test_a_vision_language_model_reads_the_picture(checkpoint: Checkpoint) -> None:
    engine = VisionLanguage(checkpoint("qwen_vl"), tries=1)
    one, two, same = engine.write(
        [Prompt("what?", pictures=(p,), most=6, temperature=0) for p in (WIDE, 255 - WIDE, WIDE)]
    )
    assert isinstance(one, Written) and isinstance(two, Written) and isinstance(same, Written)
    assert one.text == same.text and one.tokens[0] > 20
    assert len(engine.caption([WIDE, SQUARE])) == 2
    (judged,) = engine.judge([PairToJudge(WIDE, OTHER, "Make it red")])
    assert isinstance(judged, EngineError) and "no usable answer" in str(judged)
    assert isinstance(engine.write([Prompt("no picture", most=4)])[0], Written)


def test_blip2_captions_and_answers_but_does_not_judge(checkpoint: Checkpoint) -> None:
    engine = VisionLanguage(checkpoint("blip2"))
    assert all(isinstance(caption, str) for caption in engine.caption([WIDE, SQUARE]))
    assert isinstance(engine.answer([WIDE], ["is it red?"])[0], str)
    (judged,) = engine.judge([PairToJudge(WIDE, OTHER, "Make it red")])
    assert isinstance(judged, EngineError) and "no chat template" in str(judged)


# ------------------------------------------------------------------------------------------------------ making pictures
def test_pictures_are_made_of_the_asked_size_by_their_own_seeds(checkpoint: Checkpoint) -> None:
    engine = TextToImage(checkpoint("stable_diffusion"), steps=2, batch=4)
    scenes = [Scene("a cat", (60, 44), 1), Scene("a cat", (60, 44), 2), Scene("a cat", (32, 32), 1)]
    made = engine.generate(scenes)
    assert [picture.shape for picture in made] == [(44, 60, 3), (44, 60, 3), (32, 32, 3)]  # type: ignore[union-attr]
    (again,) = engine.generate(scenes[1:2])
    assert np.abs(again.astype(int) - made[1]).max() <= 1  # type: ignore[union-attr]  # the batch changes nothing
    assert np.abs(made[0].astype(int) - made[1]).mean() > 1  # type: ignore[union-attr]


@pytest.mark.parametrize("channels", [4, 9])
def test_a_region_is_painted_and_nothing_else(checkpoint: Checkpoint, tmp_path: Path, channels: int) -> None:
    folder = tiny_checkpoints.write_stable_diffusion(tmp_path, channels)
    engine = DiffusionPainter(str(folder), steps=2)
    made = engine.paint(
        [
            Painting(WIDE, MASK, "a cat"),
            Painting(OTHER, MASK, "a dog", 3),
            Painting(SQUARE, SQUARE[..., 0] > 99, "a"),
        ]
    )
    for picture, before, mask in zip(
        made, (WIDE, OTHER, SQUARE), (MASK, MASK, SQUARE[..., 0] > 99), strict=True
    ):
        assert isinstance(picture, np.ndarray) and picture.shape == before.shape
        assert np.array_equal(picture[~mask], before[~mask]) and not np.array_equal(
            picture[mask], before[mask]
        )


def test_a_hole_is_filled(checkpoint: Checkpoint) -> None:
    engine = DiffusionFill(checkpoint("stable_diffusion"), steps=2, caption="empty")
    made = engine.fill(WIDE, MASK)
    assert np.array_equal(made[~MASK], WIDE[~MASK]) and not np.array_equal(made, WIDE)
    assert engine.fill(WIDE, np.zeros_like(MASK)) is WIDE


@pytest.mark.parametrize("control", ["depth", "canny"])
def test_a_controlnet_is_heard(checkpoint: Checkpoint, control: str) -> None:
    def painted(scale: float) -> np.ndarray:
        engine = DiffusionPainter(
            checkpoint("stable_diffusion"), steps=2, controlnet=checkpoint("controlnet"), control=control,  # type: ignore[arg-type]
            control_scale=scale, depth_model=checkpoint("depth_anything"),
        )  # fmt: skip
        (made,) = engine.paint([Painting(WIDE, MASK, "a cat", 1)])
        assert isinstance(made, np.ndarray) and np.array_equal(made[~MASK], WIDE[~MASK])
        return made

    assert not np.array_equal(painted(0.0), painted(1.0))


def test_a_depth_controlnet_needs_a_depth_network(checkpoint: Checkpoint) -> None:
    with pytest.raises(EngineDown, match="depth_model"):
        DiffusionPainter("m", controlnet="c")


def test_the_reference_picture_is_heard(checkpoint: Checkpoint) -> None:
    engine = ReferencePainting(checkpoint("stable_diffusion"), steps=2, adapter=checkpoint("ip_adapter"))
    jobs = [
        Referring(WIDE, MASK, reference, "a cat", 1, scale)
        for reference, scale in ((SQUARE, 1.0), (255 - SQUARE, 1.0), (SQUARE, 0.0))
    ]
    one, two, none = engine.paint_like(jobs)
    for made in (one, two, none):
        assert isinstance(made, np.ndarray) and np.array_equal(made[~MASK], WIDE[~MASK])
    assert not np.array_equal(one, two) and not np.array_equal(one, none)  # type: ignore[arg-type]


def test_an_instruction_editor_in_a_batch(checkpoint: Checkpoint) -> None:
    engine = DiffusionEditor(
        checkpoint("instruct_pix2pix"), steps=2, batch=2, image_guidance=1.5, guidance=3.0
    )
    jobs = [
        Instructed(WIDE, "make it red", 1),
        Instructed(OTHER, "make it red", 1),
        Instructed(WIDE, "make it red", 1, MASK),
        Instructed(SQUARE, "x"),
    ]
    made = engine.follow(jobs)
    for picture, job in zip(made, jobs, strict=True):
        assert isinstance(picture, np.ndarray) and picture.shape == job.picture.shape
    assert np.array_equal(made[2][~MASK], WIDE[~MASK]) and engine.keeps_outside  # type: ignore[index]
    (alone,) = engine.follow(jobs[:1])
    assert np.abs(alone.astype(int) - made[0]).max() <= 1  # type: ignore[union-attr]
    assert not np.array_equal(made[0], made[1])  # type: ignore[arg-type]


def test_an_editor_of_another_make_is_known_by_its_arguments(checkpoint: Checkpoint) -> None:
    pictures = [np.kron(p, np.ones((2, 2, 1), np.uint8)) for p in (WIDE, OTHER)]
    options = {"text_encoder_out_layers": [1, 2, 3], "max_sequence_length": 64}
    engine = DiffusionEditor(checkpoint("flux2_klein"), steps=2, batch=4, options=options)
    made = engine.follow([Instructed(picture, "make it red", 1) for picture in pictures])
    assert [picture.shape for picture in made] == [(96, 128, 3)] * 2  # type: ignore[union-attr]
    (alone,) = engine.follow([Instructed(pictures[1], "make it red", 1)])
    assert np.array_equal(alone, made[1])  # a list of pictures is several references there: one job at a time


def test_a_custom_pipelines_code_runs_only_where_the_user_trusts_it(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    code = custom_pipeline.write_code(tmp_path / "code")
    settings = {"model": checkpoint("instruct_pix2pix"), "custom_pipeline": code, "steps": 2}
    with pytest.raises(RecipeError, match="trust_remote_code: true"):
        _ = tools({"follow": {"engine": "huggingface", **settings}}).follow
    made = tools({"follow": {"engine": "huggingface", "trust_remote_code": True, **settings}})
    inside, anywhere = made.follow.follow([Instructed(WIDE, "red", 1, MASK), Instructed(WIDE, "red", 1)])
    assert made.follow._understood >= {"mask_img"}  # type: ignore[attr-defined]
    assert isinstance(inside, np.ndarray) and np.array_equal(inside[~MASK], WIDE[~MASK])
    assert isinstance(anywhere, np.ndarray) and not np.array_equal(anywhere[~MASK], WIDE[~MASK])


def test_an_editor_works_in_the_area_that_the_recipe_says(checkpoint: Checkpoint) -> None:
    options = {"max_sequence_length": 32}
    engine = DiffusionEditor(checkpoint("flux_kontext"), steps=2, longest=64, options=options)
    one, two = engine.follow([Instructed(WIDE, "make it red", 1), Instructed(WIDE, "make it red", 2, MASK)])
    assert (
        isinstance(one, np.ndarray) and isinstance(two, np.ndarray) and one.shape == two.shape == WIDE.shape
    )
    assert np.array_equal(two[~MASK], WIDE[~MASK]) and not np.array_equal(two[MASK], one[MASK])


def test_a_model_that_cannot_play_the_role_says_so(checkpoint: Checkpoint) -> None:
    with pytest.raises(EngineDown, match="StableDiffusionPipeline takes no image"):
        DiffusionEditor(checkpoint("stable_diffusion")).follow([Instructed(WIDE, "x")])
    with pytest.raises(EngineDown, match="takes no colour"):
        TextToImage(checkpoint("stable_diffusion"), options={"colour": 1}).generate([Scene("x")])


# -------------------------------------------------------------------------------------------------- weights and devices
def test_weights_that_are_not_there_stop_the_build(tmp_path: Path) -> None:
    for engine in (ImageFeatures(str(tmp_path / "none")), Clip("nobody/nothing")):
        with pytest.raises(EngineDown, match="cannot be loaded"):
            engine.features([WIDE])
    with pytest.raises(EngineDown, match="no such package"):
        CausalWriter("package:no_such_package_here").write([Prompt("x")])
    with pytest.raises(RecipeError, match="needs 'model'"):
        _ = tools({"depth": "huggingface"}).depth


def test_half_precision_on_a_gpu_and_single_on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    assert placed("auto", "auto", cuda=False) == ("cpu", torch.float32)
    for able, dtype in ((True, torch.bfloat16), (False, torch.float16)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda able=able: able)
        assert placed("auto", "auto", cuda=True) == ("cuda", dtype)
    assert placed("cpu", "bfloat16", cuda=False) == ("cpu", torch.bfloat16)
    with pytest.raises(EngineDown, match="sees no CUDA GPU"):
        placed("cuda:1", "auto", cuda=False)


def test_half_precision_runs(checkpoint: Checkpoint) -> None:
    half = Clip(checkpoint("clip"), dtype="bfloat16").image_text([WIDE], ["a cat"])
    assert half == pytest.approx(Clip(checkpoint("clip")).image_text([WIDE], ["a cat"]), abs=0.05)


def test_idle_networks_leave_the_gpu_when_asked() -> None:
    class Module:
        where = "cpu"

        def to(self, device: str) -> None:
            self.where = device

    there = Residents()
    modules = [Module() for _ in range(3)]
    engines = [Network("a", offload=True), Network("b"), Network("c", offload=True)]
    for engine in engines:
        engine.__dict__["placement"] = ("cuda", None)
    there.bring(engines[0], modules[0], "cuda")
    there.bring(engines[1], modules[1], "cuda")
    assert [module.where for module in modules] == ["cpu", "cuda", "cpu"]
    there.bring(engines[2], modules[2], "cuda")
    assert [module.where for module in modules] == ["cpu", "cuda", "cuda"]
    there.bring(engines[0], modules[0], "cuda")  # back again
    assert [module.where for module in modules] == ["cuda", "cuda", "cpu"]


def test_a_batch_that_does_not_fit_is_halved_and_one_item_fails_alone() -> None:
    sizes: list[int] = []

    def do(jobs: list[int]) -> list[int]:
        sizes.append(len(jobs))
        if len(jobs) > 2 or 7 in jobs:
            raise torch.OutOfMemoryError("out of memory")
        return [job * 10 for job in jobs]

    done = Network("m", batch=8).in_batches(do, [1, 2, 3, 4, 7, 6])
    assert done[:4] == [10, 20, 30, 40] and done[5] == 60
    assert isinstance(done[4], EngineError) and "out of memory" in str(done[4])
    assert sizes[:2] == [6, 3]


def test_the_table_of_engines_names_classes_that_are_there() -> None:
    from anyedit.engines.toolbox import ENGINES, _class
    from anyedit.engines.tools import ROLES

    for role, place in HUGGINGFACE.items():
        assert ENGINES[role]["huggingface"] == place
        methods = {name for name in vars(ROLES[role][0]) if not name.startswith("_")}
        assert methods <= set(dir(_class(place))), role


def test_engines_travel_as_settings(checkpoint: Checkpoint) -> None:
    import pickle

    engine = Clip(checkpoint("clip"))
    engine.features([WIDE])
    data = pickle.dumps(engine)
    assert len(data) < 2000 and pickle.loads(data).features([WIDE]) == pytest.approx(engine.features([WIDE]))
